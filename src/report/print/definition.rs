//! A printed report as its file says it, checked against the catalogue of indicators.
//!
//! Takes `reports/print/<id>.yml` and the queries of its annexes; gives a [`PrintDefinition`] or everything that is wrong
//! with it at once.

use std::collections::BTreeSet;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::Indicator;
use crate::model::period::Calendar;
use crate::model::text::{Lang, Text};
use crate::project::{Placed, Project, range_of, yaml};

/// The folder of printed reports.
pub const PRINTS: &str = "reports/print";
/// The folder of the queries of annexes.
pub const ANNEX_QUERIES: &str = "queries/annexes";

/// What a printed report says, who issues it, and how it is laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintDefinition {
    /// Stem of its file.
    pub id: String,
    /// What kind of document it is, such as `Báo cáo`.
    pub document: Text,
    /// What it is about.
    pub title: Text,
    /// The name of the state, on top of the first page.
    pub state: Option<Text>,
    /// Its motto, below it.
    pub motto: Option<Text>,
    /// What every page must say at its foot.
    pub notice: Option<Text>,
    /// Its languages; the first is that of the document that is signed.
    pub languages: Vec<Lang>,
    /// The calendar of its period.
    pub calendar: Calendar,
    /// The body it speaks of, where none is asked for.
    pub organisation: OrgId,
    /// Who issues it, where no body of its own is named in [`PrintDefinition::issuers`].
    pub issuer: Issuer,
    /// Who issues it for one body, by its id, or for all of a level.
    pub issuers: IndexMap<String, Issuer>,
    /// Documents that it rests on.
    pub legal_basis: Vec<Text>,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// What stands behind it, in order.
    pub annexes: Vec<Annex>,
}

impl PrintDefinition {
    /// The forms behind it, in their order.
    pub fn forms(&self) -> impl Iterator<Item = &Form> {
        self.annexes.iter().filter_map(|annex| match &annex.body {
            AnnexBody::Form(form) => Some(form),
            AnnexBody::Content(_) => None,
        })
    }
}

/// What stands in the heading and at the end of a document; what is not known is left blank to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Issuer {
    /// The body above the one that issues.
    pub above: Option<Text>,
    /// The body that issues, with `{name}` for the one that the report speaks of; none: that one itself.
    pub body: Option<Text>,
    /// The sign behind the number, such as `BC-UBND`.
    pub sign: Option<Text>,
    /// Where it is issued.
    pub place: Option<Text>,
    /// Who gets it.
    pub recipients: Vec<Text>,
    /// In whose name it is signed, such as `TM. ỦY BAN NHÂN DÂN`.
    pub authority: Option<Text>,
    /// The title of who signs.
    pub signer: Option<Text>,
    /// The name of who signs.
    pub name: Option<Text>,
}

/// A section, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name in the definition.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// What stands in it, in order.
    pub content: Vec<Content>,
    /// The parts below it; parts have none.
    pub parts: Vec<Section>,
}

impl Section {
    /// Whether the planner is asked to write here.
    pub fn asks_the_planner(&self) -> bool {
        self.content.contains(&Content::Planner)
    }
}

/// What stands in a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A text, with the annexes and sections that it refers to.
    Text(Text),
    /// A sentence for each indicator, and one for those without a number.
    Indicators(Vec<IndicatorId>),
    /// A table of the bodies of a level.
    Bodies {
        /// The level.
        level: String,
        /// What is told of each.
        indicators: Vec<IndicatorId>,
    },
    /// The course of an indicator, drawn.
    Course(IndicatorId),
    /// The bodies of a level by an indicator, drawn.
    Ranking {
        /// The level.
        level: String,
        /// By what.
        indicator: IndicatorId,
    },
    /// An index with its parts.
    Index(IndicatorId),
    /// How many targets stand in which way, by the year that they are due in.
    TargetSummary,
    /// The table of targets.
    Targets,
    /// What has not been sent, and by whom.
    Senders,
    /// Paragraphs of the planner.
    Planner,
}

/// A part behind the report.
#[derive(Debug, Clone, PartialEq)]
pub struct Annex {
    /// Its name in the definition, by which texts refer to it.
    pub id: Option<String>,
    /// Its heading.
    pub title: Text,
    /// What stands above its right corner, such as the number of a form.
    pub form: Option<Text>,
    /// Whether its pages lie on their side.
    pub landscape: bool,
    /// What is in it.
    pub body: AnnexBody,
}

/// What an annex shows.
#[derive(Debug, Clone, PartialEq)]
pub enum AnnexBody {
    /// The same as in a section.
    Content(Vec<Content>),
    /// The rows of a query, with their sums.
    Form(Form),
}

/// A form that is filled in from a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The name of its query.
    pub id: String,
    /// Its query.
    pub query: Source,
    /// The calendar of its period.
    pub calendar: Calendar,
    /// The heading of the column of names.
    pub name: Text,
    /// The columns of numbers, in order.
    pub columns: Vec<FormColumn>,
    /// What must add up.
    pub identities: Vec<Identity>,
    /// What is said below it, with the annexes and sections that it refers to.
    pub note: Option<Text>,
}

impl Form {
    /// The columns of numbers that its query gives.
    pub fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.column.as_str()).collect()
    }
}

/// A column of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct FormColumn {
    /// The column of the query.
    pub column: String,
    /// Its heading.
    pub title: Text,
    /// Headings above it, from the top.
    pub under: Vec<Text>,
}

/// Columns that make another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Place of the whole among the columns.
    pub whole: usize,
    /// Places of its parts.
    pub parts: Vec<usize>,
    /// Why it may not hold.
    pub why: Option<Text>,
}

/// A place in a text that refers to a part of the report: `{annex:targets}`, `{section:missing}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'t> {
    /// All of it.
    pub text: &'t str,
    /// What kind of part.
    pub to: Referred,
    /// The name of the part.
    pub id: &'t str,
}

/// What a text can refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referred {
    /// An annex.
    Annex,
    /// A section, or a part of one.
    Section,
}

/// What a text refers to, in its order.
pub fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = vec![];
    for (start, _) in text.match_indices('{') {
        let Some(end) = text[start..].find('}').map(|length| start + length) else { break };
        let reference = |to, id| Reference { text: &text[start..=end], to, id };
        match text[start + 1..end].split_once(':') {
            Some(("annex", id)) => found.push(reference(Referred::Annex, id)),
            Some(("section", id)) => found.push(reference(Referred::Section, id)),
            _ => {}
        }
    }
    found
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrintFile {
    id: Placed<String>,
    document: Placed<Text>,
    title: Placed<Text>,
    state: Option<Placed<Text>>,
    motto: Option<Placed<Text>>,
    notice: Option<Placed<Text>>,
    languages: Placed<Vec<Placed<String>>>,
    #[serde(default)]
    calendar: Calendar,
    organisation: Placed<String>,
    #[serde(default)]
    issuer: Issuer,
    #[serde(default)]
    issuers: IndexMap<String, Issuer>,
    #[serde(default)]
    legal_basis: Vec<Placed<Text>>,
    sections: Vec<SectionFile>,
    #[serde(default)]
    annexes: Vec<AnnexFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    id: Placed<String>,
    title: Placed<Text>,
    #[serde(default)]
    content: Vec<ContentFile>,
    #[serde(default)]
    parts: Vec<PartFile>,
}

impl SectionFile {
    /// Its name and those of its parts.
    fn ids(&self) -> impl Iterator<Item = String> {
        [&self.id].into_iter().chain(self.parts.iter().map(|part| &part.id)).map(|id| id.value.clone())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartFile {
    id: Placed<String>,
    title: Placed<Text>,
    #[serde(default)]
    content: Vec<ContentFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ContentFile {
    Text(Placed<Text>),
    Indicators(Vec<Placed<String>>),
    Bodies(BodiesFile),
    Course(Placed<String>),
    Ranking(RankingFile),
    Index(Placed<String>),
    TargetSummary(All),
    Targets(All),
    Senders(All),
    Planner(All),
}

/// The one word for what has no choice.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum All {
    All,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodiesFile {
    level: String,
    indicators: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RankingFile {
    level: String,
    indicator: Placed<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnnexFile {
    id: Option<Placed<String>>,
    title: Placed<Text>,
    form: Option<Placed<Text>>,
    #[serde(default)]
    landscape: bool,
    #[serde(default)]
    content: Vec<ContentFile>,
    query: Option<QueryFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QueryFile {
    id: Placed<String>,
    #[serde(default)]
    calendar: Calendar,
    name: Placed<Text>,
    columns: Vec<ColumnFile>,
    #[serde(default)]
    identities: Vec<IdentityFile>,
    note: Option<Placed<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    column: Placed<String>,
    title: Placed<Text>,
    #[serde(default)]
    under: Vec<Placed<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentityFile {
    whole: Placed<String>,
    parts: Vec<Placed<String>>,
    why: Option<Placed<Text>>,
}

/// The printed reports of a project; the problems beside them are warnings.
pub fn read_prints(
    project: &Project,
    indicators: &[Indicator],
    indices: &[IndicatorId],
) -> Result<(Vec<PrintDefinition>, Vec<Diagnostic>), Problems> {
    let (mut problems, mut prints, mut warnings) = (Problems::default(), vec![], vec![]);
    for path in project.list(PRINTS, ".yml")? {
        let read = project.read(&path).map_err(Problems::from).and_then(|source| {
            let query = |id: &str| project.read(&format!("{ANNEX_QUERIES}/{id}.sql"));
            check(&source, indicators, indices, &query)
        });
        if let Some((print, remarks)) = problems.keep(read) {
            prints.push(print);
            warnings.extend(remarks.0);
        }
    }
    problems.or((prints, warnings))
}

/// A printed report from a text that was already read; `query` opens the query of an annex.
pub fn check(
    source: &Source,
    indicators: &[Indicator],
    indices: &[IndicatorId],
    query: &dyn Fn(&str) -> Result<Source, Diagnostic>,
) -> Result<(PrintDefinition, Problems), Problems> {
    let file: PrintFile = yaml(source)?;
    let mut reader = Reader {
        source,
        indicators,
        indices,
        query,
        languages: vec![],
        annexes: file.annexes.iter().filter_map(|annex| Some(annex.id.as_ref()?.value.clone())).collect(),
        sections: file.sections.iter().flat_map(SectionFile::ids).collect(),
        problems: Problems::default(),
    };
    reader.stem(&file.id);
    reader.read_languages(&file.languages);
    let organisation = reader.organisation(&file.organisation);
    let definition = PrintDefinition {
        id: file.id.value.clone(),
        document: reader.text(file.document),
        title: reader.text(file.title),
        state: file.state.map(|text| reader.text(text)),
        motto: file.motto.map(|text| reader.text(text)),
        notice: file.notice.map(|text| reader.text(text)),
        languages: reader.languages.clone(),
        calendar: file.calendar,
        issuer: file.issuer,
        issuers: file.issuers,
        legal_basis: file.legal_basis.into_iter().map(|text| reader.text(text)).collect(),
        sections: reader.sections(file.sections),
        annexes: file.annexes.into_iter().filter_map(|annex| reader.annex(annex)).collect(),
        organisation: match organisation {
            Some(organisation) => organisation,
            None => return Err(reader.problems),
        },
    };
    let problems = reader.problems;
    if problems.has_errors() { Err(problems) } else { Ok((definition, problems)) }
}

struct Reader<'a> {
    source: &'a Source,
    indicators: &'a [Indicator],
    indices: &'a [IndicatorId],
    query: &'a dyn Fn(&str) -> Result<Source, Diagnostic>,
    languages: Vec<Lang>,
    /// The names of all annexes and sections, to which texts may refer.
    annexes: Vec<String>,
    sections: Vec<String>,
    problems: Problems,
}

impl Reader<'_> {
    fn report<T>(&mut self, problem: Diagnostic, placed: &Placed<T>, label: &str) {
        self.problems.push(problem.at(self.source.place(range_of(self.source, placed), label)));
    }

    fn stem(&mut self, id: &Placed<String>) {
        let stem = Path::new(&self.source.path).file_stem().unwrap_or_default().to_string_lossy();
        if id.value != stem {
            let error = Diagnostic::error(format!("id `{}` is not the name of the file", id.value));
            self.report(error, id, &format!("expected `{stem}`"));
        }
    }

    fn read_languages(&mut self, languages: &Placed<Vec<Placed<String>>>) {
        for word in &languages.value {
            match word.value.parse::<Lang>() {
                Ok(lang) if self.languages.contains(&lang) => {
                    self.report(Diagnostic::error(format!("language `{lang}` is named twice")), word, "");
                }
                Ok(lang) => self.languages.push(lang),
                Err(_) => {
                    let error = Diagnostic::error(format!("unknown language `{}`", word.value));
                    self.report(
                        error.suggest(&word.value, Lang::ALL.map(Lang::code)),
                        word,
                        "expected `vi` or `en`",
                    );
                }
            }
        }
        if languages.value.is_empty() {
            let error = Diagnostic::error("a report needs a language").hint("write `languages: [vi]`");
            self.report(error, languages, "");
        }
    }

    fn organisation(&mut self, id: &Placed<String>) -> Option<OrgId> {
        match id.value.parse() {
            Ok(org) => Some(org),
            Err(error) => {
                self.report(Diagnostic::error(error.to_string()), id, "");
                None
            }
        }
    }

    /// Warns of languages in which the text was not written; the document then shows the other one.
    fn text(&mut self, text: Placed<Text>) -> Text {
        for lang in self.languages.clone() {
            if !text.value.has(lang) {
                let shown = text.value.get(lang);
                let warning = Diagnostic::warning(format!("no `{lang}` text for \u{201c}{shown}\u{201d}"));
                self.report(warning.hint(format!("add `{lang}:`")), &text, "");
            }
        }
        text.value
    }

    fn sections(&mut self, files: Vec<SectionFile>) -> Vec<Section> {
        let mut seen = Seen::default();
        let mut sections = vec![];
        for file in files {
            let mut section = self.section(&mut seen, (file.id, file.title, file.content));
            for part in file.parts {
                section.parts.push(self.section(&mut seen, (part.id, part.title, part.content)));
            }
            sections.push(section);
        }
        sections
    }

    fn section(
        &mut self,
        seen: &mut Seen,
        (id, title, content): (Placed<String>, Placed<Text>, Vec<ContentFile>),
    ) -> Section {
        if let Err(error) = id.value.parse::<IndicatorId>() {
            self.report(Diagnostic::error(error.to_string()), &id, "");
        }
        if !seen.ids.insert(id.value.clone()) {
            self.report(Diagnostic::error(format!("section `{}` is there twice", id.value)), &id, "");
        }
        // The planner finds a section by its heading.
        let mut twice = |lang: &Lang| !seen.titles.insert((*lang, title.value.get(*lang).to_owned()));
        if self.languages.iter().filter(|lang| twice(lang)).count() > 0 {
            let error = Diagnostic::error(format!("two sections are headed `{}`", title.value.get(Lang::Vi)));
            self.report(
                error.hint("give each its own heading: paragraphs of the planner are found by it"),
                &title,
                "",
            );
        }
        Section { id: id.value, title: self.text(title), content: self.contents(content), parts: vec![] }
    }

    fn contents(&mut self, files: Vec<ContentFile>) -> Vec<Content> {
        files.into_iter().filter_map(|file| self.content(file)).collect()
    }

    fn content(&mut self, file: ContentFile) -> Option<Content> {
        Some(match file {
            ContentFile::Text(text) => Content::Text(self.referring(text)),
            ContentFile::Indicators(ids) => Content::Indicators(self.indicators(&ids)),
            ContentFile::Bodies(bodies) => {
                Content::Bodies { level: bodies.level, indicators: self.indicators(&bodies.indicators) }
            }
            ContentFile::Course(id) => Content::Course(self.indicator(&id)?),
            ContentFile::Ranking(ranking) => {
                Content::Ranking { level: ranking.level, indicator: self.indicator(&ranking.indicator)? }
            }
            ContentFile::Index(id) => Content::Index(self.index(&id)?),
            ContentFile::TargetSummary(All::All) => Content::TargetSummary,
            ContentFile::Targets(All::All) => Content::Targets,
            ContentFile::Senders(All::All) => Content::Senders,
            ContentFile::Planner(All::All) => Content::Planner,
        })
    }

    fn indicators(&mut self, ids: &[Placed<String>]) -> Vec<IndicatorId> {
        ids.iter().filter_map(|id| self.indicator(id)).collect()
    }

    fn indicator(&mut self, word: &Placed<String>) -> Option<IndicatorId> {
        let known = self.indicators.iter().find(|indicator| indicator.id.as_str() == word.value);
        if known.is_none() {
            let names = self.indicators.iter().map(|indicator| indicator.id.as_str());
            let error =
                Diagnostic::error(format!("no indicator `{}`", word.value)).suggest(&word.value, names);
            self.report(error, word, "");
        }
        known.map(|indicator| indicator.id.clone())
    }

    fn index(&mut self, word: &Placed<String>) -> Option<IndicatorId> {
        let known = self.indices.iter().find(|id| id.as_str() == word.value).cloned();
        if known.is_none() {
            let names = self.indices.iter().map(IndicatorId::as_str);
            let error = Diagnostic::error(format!("no index `{}`", word.value)).suggest(&word.value, names);
            self.report(error, word, "");
        }
        known
    }

    fn annex(&mut self, file: AnnexFile) -> Option<Annex> {
        let id = file.id.map(|id| self.annex_id(id));
        let content = self.contents(file.content);
        let body = match file.query {
            Some(_) if !content.is_empty() => {
                let error =
                    Diagnostic::error("an annex has either `content` or a `query`").hint("write two annexes");
                self.report(error, &file.title, "");
                return None;
            }
            Some(query) => AnnexBody::Form(self.form(query)?),
            None => AnnexBody::Content(content),
        };
        let form = file.form.map(|text| self.text(text));
        Some(Annex { id, title: self.text(file.title), form, landscape: file.landscape, body })
    }

    fn annex_id(&mut self, id: Placed<String>) -> String {
        if let Err(error) = id.value.parse::<IndicatorId>() {
            self.report(Diagnostic::error(error.to_string()), &id, "");
        }
        if self.annexes.iter().filter(|known| **known == id.value).count() > 1 {
            self.report(Diagnostic::error(format!("annex `{}` is there twice", id.value)), &id, "");
        }
        id.value
    }

    fn form(&mut self, file: QueryFile) -> Option<Form> {
        let names: Vec<String> = file.columns.iter().map(|column| column.column.value.clone()).collect();
        let identities =
            file.identities.into_iter().filter_map(|identity| self.identity(identity, &names)).collect();
        let mut columns = vec![];
        for column in file.columns {
            if names.iter().filter(|name| **name == column.column.value).count() > 1 {
                let error = Diagnostic::error(format!("column `{}` is there twice", column.column.value));
                self.report(error, &column.column, "");
            }
            let under = column.under.into_iter().map(|text| self.text(text)).collect();
            columns.push(FormColumn { column: column.column.value, title: self.text(column.title), under });
        }
        let query = match file.id.value.parse::<IndicatorId>().map(|_| (self.query)(&file.id.value)) {
            Ok(Ok(query)) => Some(query),
            Ok(Err(_)) => {
                let path = format!("{ANNEX_QUERIES}/{}.sql", file.id.value);
                let error = Diagnostic::error(format!("there is no query `{}`", file.id.value));
                self.report(error.hint(format!("write `{path}`")), &file.id, "");
                None
            }
            Err(error) => {
                self.report(Diagnostic::error(error.to_string()), &file.id, "");
                None
            }
        };
        let note = file.note.map(|text| self.referring(text));
        Some(Form {
            id: file.id.value,
            query: query?,
            calendar: file.calendar,
            name: self.text(file.name),
            columns,
            identities,
            note,
        })
    }

    /// A text whose annexes and sections must be there.
    fn referring(&mut self, text: Placed<Text>) -> Text {
        for lang in Lang::ALL.into_iter().filter(|lang| text.value.has(*lang)) {
            for reference in references(text.value.get(lang)) {
                let (what, known) = match reference.to {
                    Referred::Annex => ("annex", &self.annexes),
                    Referred::Section => ("section", &self.sections),
                };
                if !known.iter().any(|id| id == reference.id) {
                    let error = Diagnostic::error(format!("there is no {what} `{}`", reference.id));
                    let error = error.suggest(reference.id, known.iter().map(String::as_str));
                    self.report(error, &text, "");
                }
            }
        }
        self.text(text)
    }

    fn identity(&mut self, file: IdentityFile, names: &[String]) -> Option<Identity> {
        let mut at = |word: &Placed<String>| {
            let found = names.iter().position(|name| *name == word.value);
            if found.is_none() {
                let error = Diagnostic::error(format!("no column `{}` in this form", word.value));
                self.report(error.suggest(&word.value, names.iter().map(String::as_str)), word, "");
            }
            found
        };
        let (whole, parts) = (at(&file.whole), file.parts.iter().map(&mut at).collect::<Vec<_>>());
        let parts: Option<Vec<usize>> = parts.into_iter().collect();
        let why = file.why.map(|text| self.text(text));
        Some(Identity { whole: whole?, parts: parts?, why })
    }
}

/// Names and headings of sections so far.
#[derive(Default)]
struct Seen {
    ids: BTreeSet<String>,
    titles: BTreeSet<(Lang, String)>,
}
