//! The structure message, SDMX-ML 3.0: dataflow, lists of codes, concepts, data structure.

use super::components::{COMPONENTS, Component, Role, Takes, those};
use super::cube::{CONCEPTS, Code, Cube, DATAFLOW, STRUCTURE, urn};
use super::xml::{Element, document};
use crate::diagnostic::Diagnostic;
use crate::model::text::{Lang, Text};

const SCHEMAS: &str = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0";

/// The agency that keeps lists of SDMX itself.
const SDMX: &str = "SDMX";

pub(super) fn message(cube: &Cube) -> Result<Vec<u8>, Diagnostic> {
    let structures = Element::new("mes:Structures").holding([
        Element::new("str:Codelists").holding(codelists(cube)),
        Element::new("str:ConceptSchemes").holding([concepts(cube)]),
        Element::new("str:DataStructures").holding([data_structure(cube)]),
        // Last: some readers know only what came before.
        Element::new("str:Dataflows").holding([dataflow(cube)]),
    ]);
    let root = Element::new("mes:Structure")
        .with("xmlns:mes", format!("{SCHEMAS}/message"))
        .with("xmlns:str", format!("{SCHEMAS}/structure"))
        .with("xmlns:com", format!("{SCHEMAS}/common"))
        .holding([header(cube), structures]);
    document(&root)
}

/// The moment of the data, not of the run.
pub(super) fn prepared(cube: &Cube) -> String {
    format!("{}Z", cube.vintage.loaded_at.replace(' ', "T"))
}

/// The id of the message of a vintage.
pub(super) fn message_id(cube: &Cube) -> String {
    format!("{DATAFLOW}-{}", cube.vintage.number)
}

fn header(cube: &Cube) -> Element {
    Element::new("mes:Header").holding([
        Element::new("mes:ID").text(message_id(cube)),
        Element::new("mes:Test").text("false"),
        Element::new("mes:Prepared").text(prepared(cube)),
        Element::new("mes:Sender").with("id", &*cube.about.agency),
    ])
}

/// A text in both languages.
fn texts(element: &'static str, text: &Text) -> Vec<Element> {
    let told = Lang::ALL.into_iter().filter(|lang| text.has(*lang));
    told.map(|lang| Element::new(element).with("xml:lang", lang.code()).text(text.get(lang))).collect()
}

fn names(text: &Text) -> Vec<Element> {
    texts("com:Name", text)
}

/// One of our structures, with its name.
fn ours(cube: &Cube, element: &'static str, id: &str, name: &Text) -> Element {
    Element::new(element)
        .with("agencyID", &*cube.about.agency)
        .with("id", id)
        .with("version", cube.version())
        .holding(names(name))
}

fn dataflow(cube: &Cube) -> Element {
    ours(cube, "str:Dataflow", DATAFLOW, &cube.about.title)
        .holding([Element::new("str:Structure").text(cube.urn("datastructure.DataStructure", STRUCTURE))])
}

fn codelists(cube: &Cube) -> Vec<Element> {
    let mut lists = vec![];
    for component in &COMPONENTS {
        let Some(codes) = cube.codes(component) else { continue };
        let name = Text::both(component.name[0], component.name[1]);
        let list = match component.takes {
            // Of a list that SDMX keeps, this message holds the codes that may occur here.
            Takes::Standard(id, version, _) => Element::new("str:Codelist")
                .with("agencyID", SDMX)
                .with("id", id)
                .with("version", version)
                .with("isPartial", "true")
                .holding(names(&name)),
            _ => ours(cube, "str:Codelist", &list_id(component), &name),
        };
        lists.push(list.holding(codes.iter().map(code)));
    }
    lists
}

fn code(code: &Code) -> Element {
    let mut element = Element::new("str:Code").with("id", &*code.id);
    if code.id != code.own && !code.own.is_empty() {
        // What the code is called in all other formats.
        let own = Element::new("com:Annotation").with("id", "code").holding([
            Element::new("com:AnnotationTitle").text(&*code.own),
            Element::new("com:AnnotationType").text("code"),
        ]);
        element = element.holding([Element::new("com:Annotations").holding([own])]);
    }
    let descriptions =
        code.description.as_ref().map(|text| texts("com:Description", text)).unwrap_or_default();
    let parent = code.parent.as_ref().map(|parent| Element::new("str:Parent").text(&**parent));
    element.holding(names(&code.name)).holding(descriptions).holding(parent)
}

fn concepts(cube: &Cube) -> Element {
    let concept = |component: &Component| {
        let name = Text::both(component.name[0], component.name[1]);
        Element::new("str:Concept").with("id", component.id).holding(names(&name))
    };
    let name = Text::both("Khái niệm", "Concepts");
    ours(cube, "str:ConceptScheme", CONCEPTS, &name).holding(COMPONENTS.iter().map(concept))
}

fn data_structure(cube: &Cube) -> Element {
    let dimensions = those(|role| role == Role::Dimension).map(|(at, component)| {
        Element::new("str:Dimension")
            .with("id", component.id)
            .with("position", (at + 1).to_string())
            .holding(represented(cube, component))
    });
    let time = those(|role| role == Role::Time).map(|(_, component)| {
        Element::new("str:TimeDimension").with("id", component.id).holding(represented(cube, component))
    });
    let is_attribute = |role| matches!(role, Role::OfDataSet | Role::Of(_) | Role::OfObservation);
    let attributes = those(is_attribute).map(|(_, component)| attribute(cube, component));
    let measures = those(|role| role == Role::Measure).map(|(_, component)| {
        Element::new("str:Measure")
            .with("id", component.id)
            .with("usage", "optional")
            .holding(represented(cube, component))
    });
    ours(cube, "str:DataStructure", STRUCTURE, &cube.about.title).holding([Element::new(
        "str:DataStructureComponents",
    )
    .holding([
        Element::new("str:DimensionList").with("id", "DimensionDescriptor").holding(dimensions).holding(time),
        Element::new("str:AttributeList").with("id", "AttributeDescriptor").holding(attributes),
        Element::new("str:MeasureList").with("id", "MeasureDescriptor").holding(measures),
    ])])
}

fn attribute(cube: &Cube, component: &Component) -> Element {
    let relationship = match component.role {
        Role::OfDataSet => Element::new("str:Dataflow"),
        Role::Of(dimension) => Element::new("str:Dimension").text(dimension),
        _ => Element::new("str:Observation"),
    };
    let usage = if component.id == "OBS_STATUS" { "mandatory" } else { "optional" };
    Element::new("str:Attribute")
        .with("id", component.id)
        .with("usage", usage)
        .holding(represented(cube, component))
        .holding([Element::new("str:AttributeRelationship").holding([relationship])])
}

/// The concept of a component, and what it takes.
fn represented(cube: &Cube, component: &Component) -> [Element; 2] {
    let concept = format!("{}.{}", cube.urn("conceptscheme.Concept", CONCEPTS), component.id);
    let takes = match component.takes {
        Takes::Codes(_) => {
            Element::new("str:Enumeration").text(cube.urn("codelist.Codelist", &list_id(component)))
        }
        Takes::Standard(id, version, _) => {
            Element::new("str:Enumeration").text(urn("codelist.Codelist", SDMX, id, version))
        }
        Takes::Type(kind) => Element::new("str:TextFormat").with("textType", kind),
    };
    [
        Element::new("str:ConceptIdentity").text(concept),
        Element::new("str:LocalRepresentation").holding([takes]),
    ]
}

fn list_id(component: &Component) -> String {
    format!("CL_{}", component.id)
}
