//! A document as a Word file that can be edited and signed: real headings, tables whose heads come again on every page,
//! sections that lie on their side, margins and type of Decree 30/2020.

use docx_rs::{
    AlignmentType, BorderType, Docx, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, PageNumType,
    PageOrientationType, PageSize, Paragraph as WordParagraph, ParagraphBorder, ParagraphBorderPosition,
    ParagraphBorders, Pic, Run as WordRun, RunFonts, Section, SpecialIndentType, Style, StyleType,
    Table as WordTable, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, VMergeType,
    WidthType, XMLDocx,
};

use crate::diagnostic::Diagnostic;
use crate::report::print::document::{
    AnnexPages, Block, Cell, Document, HeadCell, Letterhead, Look, Paragraph, Picture, Row, Run, Signature,
    Table,
};

/// Twentieths of a point in a millimetre.
const MM: f64 = 56.692_9;
/// A4, upright.
const PAPER: (u32, u32) = (11_906, 16_838);
/// Within the margins, upright and lying: 165 and 252 millimetres.
const WIDE: usize = 9_354;
const LYING: usize = 14_286;
/// The left one of two columns.
const NARROW: usize = WIDE * 2 / 5;
/// Type in half points.
const TEXT: usize = 28;
const SMALLER: usize = 26;
const FORM: usize = 24;
const SMALL: usize = 20;
const NOTE: usize = 22;

/// Writes a document.
pub fn docx(document: &Document) -> Result<Vec<u8>, Diagnostic> {
    let mut writer = Writer { pictures: vec![] };
    let mut docx = styled(Docx::new());
    let mut parts = vec![Part { lies: false, children: writer.report(document) }];
    for annex in &document.annexes {
        parts.push(Part { lies: annex.landscape, children: writer.annex(annex) });
    }
    // The last section of a Word file is that of the file itself; the heads of the first are taken over by all others.
    let last = parts.pop().expect("the report itself");
    let has_annexes = !parts.is_empty();
    let mut head = Some(head(document));
    for part in parts {
        let (width, height) = paper(part.lies);
        let mut section = Section::new()
            .page_size(PageSize::new().size(width, height))
            .page_margin(margins())
            .page_num_type(from_one());
        if part.lies {
            section = section.page_orient(PageOrientationType::Landscape);
        }
        if let Some(head) = head.take() {
            section = section.header(head).title_pg();
        }
        for child in part.children {
            section = match child {
                Child::Paragraph(paragraph) => section.add_paragraph(*paragraph),
                Child::Table(table) => section.add_table(*table),
            };
        }
        docx = docx.add_section(section);
    }
    for child in last.children {
        docx = match child {
            Child::Paragraph(paragraph) => docx.add_paragraph(*paragraph),
            Child::Table(table) => docx.add_table(*table),
        };
    }
    let (width, height) = paper(last.lies);
    docx = docx.page_size(width, height).page_margin(margins());
    docx.document.section_property = docx.document.section_property.page_num_type(from_one());
    if last.lies {
        docx = docx.page_orient(PageOrientationType::Landscape);
    }
    if let Some(head) = head.filter(|_| !has_annexes) {
        docx = docx.header(head).title_pg();
    }
    let mut file = docx.build();
    complete(&mut file, document, &writer.pictures);
    let mut bytes = std::io::Cursor::new(vec![]);
    file.pack(&mut bytes)
        .map_err(|error| Diagnostic::error(format!("the Word document could not be written: {error}")))?;
    Ok(bytes.into_inner())
}

/// What stands in one section of the file.
struct Part {
    lies: bool,
    children: Vec<Child>,
}

enum Child {
    Paragraph(Box<WordParagraph>),
    Table(Box<WordTable>),
}

impl From<WordParagraph> for Child {
    fn from(paragraph: WordParagraph) -> Self {
        Child::Paragraph(Box::new(paragraph))
    }
}

impl From<WordTable> for Child {
    fn from(table: WordTable) -> Self {
        Child::Table(Box::new(table))
    }
}

/// Pages of the text are counted, and those of each annex of their own.
fn from_one() -> PageNumType {
    PageNumType::new().start(1)
}

fn mm(millimetres: f64) -> i32 {
    (millimetres * MM).round() as i32
}

fn paper(lies: bool) -> (u32, u32) {
    if lies { (PAPER.1, PAPER.0) } else { PAPER }
}

fn margins() -> PageMargin {
    PageMargin {
        top: mm(20.0),
        bottom: mm(20.0),
        left: mm(30.0),
        right: mm(15.0),
        header: mm(10.0),
        footer: mm(10.0),
        gutter: 0,
    }
}

/// The styles that readers and screen readers go by.
fn styled(docx: Docx) -> Docx {
    let font = "Times New Roman";
    let fonts = RunFonts::new().ascii(font).hi_ansi(font).cs(font).east_asia(font);
    let heading = |id: &str, name: &str, level: usize| {
        Style::new(id, StyleType::Paragraph)
            .name(name)
            .based_on("Normal")
            .outline_lvl(level)
            .bold()
            .size(TEXT)
    };
    docx.default_fonts(fonts)
        .default_size(TEXT)
        .add_style(Style::new("Normal", StyleType::Paragraph).name("Normal").size(TEXT))
        .add_style(Style::new("Title", StyleType::Paragraph).name("Title").based_on("Normal").bold().size(30))
        .add_style(heading("Heading1", "heading 1", 0))
        .add_style(heading("Heading2", "heading 2", 1))
        .add_style(
            Style::new("Caption", StyleType::Paragraph)
                .name("caption")
                .based_on("Normal")
                .bold()
                .size(SMALLER),
        )
}

/// The number of the page in the middle, and what every page must say; the first page has neither.
fn head(document: &Document) -> Header {
    let number = WordParagraph::new().align(AlignmentType::Center).add_page_num(PageNum::new());
    let header = Header::new().add_paragraph(number);
    match document.notice.is_empty() {
        true => header,
        false => header.add_paragraph(
            WordParagraph::new()
                .align(AlignmentType::Center)
                .add_run(WordRun::new().add_text(&document.notice).italic().size(17)),
        ),
    }
}

fn spacing(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before * 20).after(after * 20).line_rule(LineSpacingType::Auto).line(276)
}

fn tight(before: u32, after: u32) -> LineSpacing {
    LineSpacing::new().before(before * 20).after(after * 20).line_rule(LineSpacingType::Auto).line(240)
}

fn line(text: &str, size: usize) -> WordRun {
    WordRun::new().add_text(text).size(size)
}

fn centred(run: WordRun) -> WordParagraph {
    WordParagraph::new().align(AlignmentType::Center).line_spacing(tight(0, 0)).add_run(run)
}

/// A paragraph with a line below its text, set in from both sides.
fn ruled(mut paragraph: WordParagraph, inset: i32) -> WordParagraph {
    let border =
        ParagraphBorder::new(ParagraphBorderPosition::Bottom).val(BorderType::Single).size(6).space(1);
    paragraph = paragraph.indent(Some(inset), None, Some(inset), None);
    paragraph.property = paragraph.property.set_borders(ParagraphBorders::with_empty().set(border));
    paragraph
}

struct Writer<'d> {
    /// Pictures in the order of the document.
    pictures: Vec<&'d Picture>,
}

impl<'d> Writer<'d> {
    fn report(&mut self, document: &'d Document) -> Vec<Child> {
        let mut children: Vec<Child> = vec![];
        if !document.notice.is_empty() {
            children.push(centred(line(&document.notice, NOTE).bold()).into());
        }
        let head = &document.letterhead;
        children.push(letterhead(head).into());
        let title = line(&head.document, 30).bold();
        children.push(centred(title).style("Title").line_spacing(tight(14, 0)).into());
        children.extend(head.subject.iter().map(|text| centred(line(text, TEXT).bold()).into()));
        children.push(centred(line(&head.days, TEXT).italic()).into());
        children.push(ruled(centred(WordRun::new()).line_spacing(tight(0, 10)), mm(62.0)).into());
        children.extend(self.blocks(&document.blocks, WIDE));
        // Nobody signs a page of its own.
        if let Some(Child::Paragraph(closing)) = children.last_mut() {
            **closing = closing.as_ref().clone().keep_next(true);
        }
        children.push(signature(&document.signature).into());
        children
    }

    fn annex(&mut self, annex: &'d AnnexPages) -> Vec<Child> {
        let mut children: Vec<Child> = vec![];
        if !annex.form.is_empty() {
            let form = line(&annex.form, NOTE).italic();
            children.push(WordParagraph::new().align(AlignmentType::Right).add_run(form).into());
        }
        let heading = line(&annex.label, TEXT).bold().add_break(docx_rs::BreakType::TextWrapping);
        children.push(centred(heading.add_text(&annex.title)).style("Heading1").into());
        children.push(centred(line(&annex.behind, SMALLER).italic()).line_spacing(tight(0, 8)).into());
        children.extend(self.blocks(&annex.blocks, if annex.landscape { LYING } else { WIDE }));
        children
    }

    fn blocks(&mut self, blocks: &'d [Block], width: usize) -> Vec<Child> {
        blocks.iter().flat_map(|block| self.block(block, width)).collect()
    }

    fn block(&mut self, block: &'d Block, width: usize) -> Vec<Child> {
        match block {
            Block::Heading(heading) => {
                let style = if heading.level == 1 { "Heading1" } else { "Heading2" };
                let run = line(&heading.text, TEXT).bold();
                let paragraph = WordParagraph::new().style(style).keep_next(true).add_run(run);
                vec![first_line(paragraph).line_spacing(spacing(8, 4)).into()]
            }
            Block::Paragraph(paragraph) => vec![text(paragraph).into()],
            Block::Table(one) => table(one, width),
            Block::Picture(picture) => self.picture(picture, width),
        }
    }

    fn picture(&mut self, picture: &'d Picture, width: usize) -> Vec<Child> {
        self.pictures.push(picture);
        // 635 units of a drawing in a twentieth of a point.
        let wide = u32::try_from(width).unwrap_or(u32::MAX).saturating_mul(635);
        let high = f64::from(wide) * f64::from(picture.size.1) / f64::from(picture.size.0.max(1));
        let pic = Pic::new_with_dimensions(picture.png.clone(), picture.size.0, picture.size.1)
            .id(format!("rIdImage{}", self.pictures.len()))
            .size(wide, high.round() as u32);
        let caption = line(&picture.caption, SMALLER).bold();
        let note = line(&picture.description, NOTE).italic();
        vec![
            centred(WordRun::new().add_image(pic)).keep_next(true).line_spacing(tight(6, 0)).into(),
            centred(caption).style("Caption").keep_next(true).into(),
            centred(note).line_spacing(tight(0, 6)).into(),
        ]
    }
}

fn letterhead(head: &Letterhead) -> WordTable {
    let mut issuer = TableCell::new().width(NARROW, WidthType::Dxa);
    if !head.above.is_empty() {
        issuer = issuer.add_paragraph(centred(line(&head.above, FORM)));
    }
    let (body, rule) = ruled_text(line(&head.body, FORM).bold(), mm(22.0));
    issuer = issuer
        .add_paragraph(body)
        .add_paragraph(rule)
        .add_paragraph(centred(line(&head.number, SMALLER)).line_spacing(tight(8, 0)));
    let mut state = TableCell::new().width(WIDE - NARROW, WidthType::Dxa);
    if !head.state.is_empty() {
        state = state.add_paragraph(centred(line(&head.state, FORM).bold()));
    }
    if !head.motto.is_empty() {
        let (motto, rule) = ruled_text(line(&head.motto, SMALLER).bold(), mm(18.0));
        state = state.add_paragraph(motto).add_paragraph(rule);
    }
    state =
        state.add_paragraph(centred(line(&head.place_and_day, SMALLER).italic()).line_spacing(tight(8, 0)));
    two_columns(issuer, state)
}

/// A line of text, and a line that is drawn below it.
fn ruled_text(run: WordRun, inset: i32) -> (WordParagraph, WordParagraph) {
    let rule = ruled(centred(WordRun::new().size(4)), inset);
    (centred(run), rule.line_spacing(LineSpacing::new().line_rule(LineSpacingType::Exact).line(40)))
}

fn signature(signature: &Signature) -> WordTable {
    let left = |run: WordRun| WordParagraph::new().line_spacing(tight(0, 0)).add_run(run);
    let mut recipients = TableCell::new()
        .width(NARROW, WidthType::Dxa)
        .add_paragraph(left(line(&signature.recipients_head, FORM).bold().italic()));
    for recipient in &signature.recipients {
        recipients = recipients.add_paragraph(left(line(&format!("- {recipient}"), NOTE)));
    }
    let mut signer = TableCell::new().width(WIDE - NARROW, WidthType::Dxa);
    for title in &signature.titles {
        signer = signer.add_paragraph(centred(line(title, TEXT).bold()));
    }
    signer = signer
        .add_paragraph(centred(line(&signature.room, FORM).italic()).line_spacing(tight(2, 60)))
        .add_paragraph(centred(line(&signature.name, TEXT).bold()));
    two_columns(recipients, signer)
}

fn two_columns(left: TableCell, right: TableCell) -> WordTable {
    WordTable::without_borders(vec![TableRow::new(vec![left, right]).cant_split()])
        .set_grid(vec![NARROW, WIDE - NARROW])
        .layout(TableLayoutType::Fixed)
        .width(WIDE, WidthType::Dxa)
}

fn first_line(paragraph: WordParagraph) -> WordParagraph {
    paragraph.indent(None, Some(SpecialIndentType::FirstLine(mm(10.0))), None, None)
}

fn runs(runs: &[Run], size: usize) -> impl Iterator<Item = WordRun> + '_ {
    runs.iter().map(move |run| {
        let mut word = line(&run.text, size);
        if run.bold {
            word = word.bold();
        }
        if run.italic {
            word = word.italic();
        }
        word
    })
}

fn text(paragraph: &Paragraph) -> WordParagraph {
    let mut word = WordParagraph::new().align(AlignmentType::Both);
    let (size, around) = match paragraph.look {
        Look::Note => (NOTE, tight(2, 6)),
        _ => (TEXT, spacing(0, 6)),
    };
    word = word.line_spacing(around);
    word = match paragraph.look {
        Look::Note => word,
        _ => {
            let depth = mm(8.0 * f64::from(paragraph.depth));
            word.indent(Some(depth), Some(SpecialIndentType::FirstLine(mm(10.0))), None, None)
        }
    };
    if !paragraph.mark.is_empty() {
        word = word.add_run(line(&format!("{} ", paragraph.mark), size));
    }
    for run in runs(&paragraph.runs, size) {
        word = word.add_run(match paragraph.look {
            Look::Note => run.italic(),
            Look::Lead => run.bold().italic(),
            _ => run,
        });
    }
    if paragraph.look == Look::Lead { word.keep_next(true) } else { word }
}

fn table(table: &Table, width: usize) -> Vec<Child> {
    let size = if table.small { SMALL } else { FORM };
    let widths: Vec<usize> = table.widths.iter().map(|share| width * *share as usize / 100).collect();
    let mut rows = head_rows(&table.head, &widths, size);
    rows.extend(table.rows.iter().map(|one| row(one, &widths, size)));
    let word = WordTable::new(rows)
        .set_grid(widths)
        .layout(TableLayoutType::Fixed)
        .width(width, WidthType::Dxa)
        .margins(TableCellMargins::new().margin(30, 60, 30, 60));
    let mut children: Vec<Child> = vec![];
    if !table.caption.is_empty() {
        let caption = WordParagraph::new().style("Caption").align(AlignmentType::Center).keep_next(true);
        children.push(caption.line_spacing(tight(6, 3)).add_run(line(&table.caption, SMALLER).bold()).into());
    }
    children.push(word.into());
    // Two tables that touch would become one.
    children.push(WordParagraph::new().line_spacing(tight(0, 4)).add_run(WordRun::new().size(8)).into());
    children
}

/// Rows of headings; a height of nothing marks them as such until the file is completed.
fn head_rows(head: &[Vec<HeadCell>], widths: &[usize], size: usize) -> Vec<TableRow> {
    let mut rows = vec![];
    for (level, _) in head.iter().enumerate() {
        let mut cells = vec![];
        let mut at = 0;
        while at < widths.len() {
            // A heading of this row, or one from above that reaches down to it.
            let found = (0..=level).rev().find_map(|from| {
                let cell = head[from].iter().find(|cell| cell.at == at && from + cell.rows > level)?;
                Some((cell, from))
            });
            let Some((cell, from)) = found else {
                cells.push(
                    TableCell::new().width(widths[at], WidthType::Dxa).add_paragraph(centred(line("", size))),
                );
                at += 1;
                continue;
            };
            let wide: usize = widths[at..(at + cell.columns).min(widths.len())].iter().sum();
            let mut word = TableCell::new().width(wide, WidthType::Dxa).vertical_align(VAlignType::Center);
            if cell.columns > 1 {
                word = word.grid_span(cell.columns);
            }
            if cell.rows > 1 {
                word = word.vertical_merge(if from == level {
                    VMergeType::Restart
                } else {
                    VMergeType::Continue
                });
            }
            let words = if from == level { cell.text.as_str() } else { "" };
            cells.push(word.add_paragraph(centred(line(words, size).bold())));
            at += cell.columns.max(1);
        }
        rows.push(TableRow::new(cells).cant_split().row_height(0.0));
    }
    rows
}

fn row(row: &Row, widths: &[usize], size: usize) -> TableRow {
    let mut at = 0;
    let mut cells = vec![];
    for cell in &row.cells {
        let columns = cell.columns.max(1);
        let wide: usize = widths.iter().skip(at).take(columns).sum();
        at += columns;
        let mut word = TableCell::new().width(wide, WidthType::Dxa).vertical_align(VAlignType::Center);
        if columns > 1 {
            word = word.grid_span(columns);
        }
        cells.push(word.add_paragraph(cell_text(cell, row.strong, size)));
    }
    TableRow::new(cells).cant_split()
}

fn cell_text(cell: &Cell, strong: bool, size: usize) -> WordParagraph {
    let run = line(&cell.text, size);
    let align = match (cell.number, cell.centred) {
        (true, _) => AlignmentType::Right,
        (false, true) => AlignmentType::Center,
        (false, false) => AlignmentType::Left,
    };
    let paragraph = WordParagraph::new().align(align).line_spacing(tight(0, 0));
    paragraph.add_run(if strong { run.bold() } else { run })
}

/// What the library cannot say: the language, that heads of tables come again on every page, what pictures show, and the title.
fn complete(file: &mut XMLDocx, document: &Document, pictures: &[&Picture]) {
    let lang = match document.lang.as_str() {
        "vi" => "vi-VN",
        _ => "en-GB",
    };
    let language = format!("<w:lang w:val=\"{lang}\" w:eastAsia=\"{lang}\" /></w:rPr></w:rPrDefault>");
    replace(&mut file.styles, "</w:rPr></w:rPrDefault>", |_| language.clone());
    let height = "<w:trHeight w:val=\"0\" w:hRule=\"atLeast\" />";
    replace(&mut file.document, height, |_| "<w:tblHeader />".to_owned());
    replace(&mut file.document, "<wp:docPr id=\"1\" name=\"Figure\" />", |at| {
        let picture = pictures.get(at);
        let words = picture.map_or_else(String::new, |one| format!("{}. {}", one.caption, one.description));
        format!("<wp:docPr id=\"{0}\" name=\"Figure {0}\" descr=\"{1}\" />", at + 1, escaped(&words))
    });
    let title = format!("<dc:title>{}</dc:title><dc:language>{lang}</dc:language>", escaped(&document.name));
    replace(&mut file.doc_props.core, "</cp:coreProperties>", |_| format!("{title}</cp:coreProperties>"));
    replace(&mut file.doc_props.core, ">unknown<", |_| "><".to_owned());
}

/// Replaces a piece of XML wherever it stands, by what is made for its place among its like.
fn replace(part: &mut Vec<u8>, from: &str, to: impl Fn(usize) -> String) {
    let text = String::from_utf8_lossy(part).into_owned();
    let mut written = String::with_capacity(text.len());
    for (at, piece) in text.split(from).enumerate() {
        if let Some(before) = at.checked_sub(1) {
            written += &to(before);
        }
        written += piece;
    }
    *part = written.into_bytes();
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
