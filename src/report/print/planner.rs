//! Paragraphs that the planner writes: a Markdown file with a heading for each section of the report.
//!
//! Takes the text; gives blocks of the document, or everything in it that cannot be printed, each with its place. HTML is never
//! taken over. The file is made once with its headings, and read from then on.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::text::Lang;
use crate::report::print::definition::{PrintDefinition, Section};
use crate::report::print::document::{Block, Cell, Look, Paragraph, Row, Run, Table, head_rows};

/// What the planner wrote, by section.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Paragraphs(BTreeMap<String, Vec<Block>>);

impl Paragraphs {
    /// What stands in a section; nothing where nothing was written.
    pub fn of(&self, section: &str) -> &[Block] {
        self.0.get(section).map_or(&[], Vec::as_slice)
    }
}

/// Sections and their parts, in order.
fn sections(definition: &PrintDefinition) -> impl Iterator<Item = &Section> {
    definition.sections.iter().flat_map(|section| std::iter::once(section).chain(&section.parts))
}

/// The headings of sections that the planner is asked to write and did not.
pub fn unwritten<'d>(definition: &'d PrintDefinition, written: &Paragraphs, lang: Lang) -> Vec<&'d str> {
    let asked = sections(definition).filter(|section| section.asks_the_planner());
    asked
        .filter(|section| written.of(&section.id).is_empty())
        .map(|section| section.title.get(lang))
        .collect()
}

/// A file with the headings and nothing below them yet.
pub fn blank_file(definition: &PrintDefinition, lang: Lang, about: &str) -> String {
    let (asked, others): (Vec<&Section>, Vec<&Section>) =
        sections(definition).partition(|section| section.asks_the_planner());
    let title = |section: &&Section| section.title.get(lang).to_owned();
    let others: Vec<String> = others.iter().map(title).collect();
    let mut text = format!("<!--\n{about}\n");
    if !others.is_empty() {
        text += &format!("\n{}\n", others.join("\n"));
    }
    text += "-->\n";
    for section in asked {
        text += &format!("\n## {}\n", title(&section));
    }
    text
}

/// Reads what the planner wrote.
pub fn read(source: &Source, definition: &PrintDefinition, lang: Lang) -> Result<Paragraphs, Problems> {
    let mut reader = Reader {
        source,
        headings: sections(definition)
            .map(|section| (section.title.get(lang), section.id.as_str()))
            .collect(),
        written: BTreeMap::new(),
        section: None,
        open: None,
        lists: vec![],
        bold: 0,
        italic: 0,
        table: None,
        problems: Problems::default(),
    };
    for (event, range) in Parser::new_ext(&source.text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.take(event, range);
    }
    reader.problems.or(Paragraphs(reader.written))
}

struct Reader<'a> {
    source: &'a Source,
    /// Headings with the ids of their sections.
    headings: Vec<(&'a str, &'a str)>,
    written: BTreeMap<String, Vec<Block>>,
    /// The section that is being read; the empty one has a heading that is not known.
    section: Option<String>,
    /// What is being read.
    open: Option<Open>,
    /// The next number of each list that is open; none for one with dashes.
    lists: Vec<Option<u64>>,
    bold: usize,
    italic: usize,
    table: Option<Vec<Vec<String>>>,
    problems: Problems,
}

/// A heading or a paragraph that is not ended yet.
struct Open {
    paragraph: Paragraph,
    /// Whether it is the heading of a section.
    is_section: bool,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Code(text) => self.text(&text, range),
            Event::SoftBreak | Event::HardBreak => self.text(" ", range),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range),
            _ => self.refuse("this", range),
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                let is_section = *level <= HeadingLevel::H2;
                let paragraph = Paragraph { runs: vec![], ..Paragraph::new(Look::Lead, "") };
                self.open = Some(Open { paragraph, is_section });
            }
            Tag::Paragraph if self.open.is_none() => self.go_on(),
            Tag::Paragraph | Tag::HtmlBlock | Tag::Link { .. } => {}
            Tag::List(first) => {
                // What stands before a list within an item is a line of its own.
                self.finish(range);
                self.lists.push(*first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "-".to_owned(),
                };
                self.begin(Look::Item, mark);
            }
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Table(_) => self.table = Some(vec![]),
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(vec![]);
                }
            }
            Tag::TableCell => {
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(String::new());
                }
            }
            Tag::BlockQuote(_) => self.refuse("a quotation", range),
            Tag::CodeBlock(_) => self.refuse("a block of code", range),
            Tag::Image { .. } => self.refuse("a picture", range),
            _ => self.refuse("this", range),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::Item => self.finish(range),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Table => {
                if let Some(rows) = self.table.take().filter(|rows| !rows.is_empty()) {
                    self.put(table(rows), range);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, look: Look, mark: String) {
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX).min(3);
        let paragraph = Paragraph { look, depth, mark, runs: vec![] };
        self.open = Some(Open { paragraph, is_section: false });
    }

    /// Begins a paragraph; within an item one more of it, without a mark.
    fn go_on(&mut self) {
        let look = if self.lists.is_empty() { Look::Body } else { Look::Item };
        self.begin(look, String::new());
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(cell) = self.table.as_mut().and_then(|rows| rows.last_mut()?.last_mut()) {
            cell.push_str(text);
            return;
        }
        if self.open.is_none() {
            self.go_on();
        }
        let (bold, italic) = (self.bold > 0, self.italic > 0);
        let Some(open) = &mut self.open else { return self.refuse("this", range) };
        match open.paragraph.runs.last_mut().filter(|last| (last.bold, last.italic) == (bold, italic)) {
            Some(last) => last.text.push_str(text),
            None => open.paragraph.runs.push(Run { text: text.to_owned(), bold, italic }),
        }
    }

    /// Ends what is being read.
    fn finish(&mut self, range: Range<usize>) {
        let Some(open) = self.open.take().filter(|open| !open.paragraph.runs.is_empty()) else { return };
        match open.is_section {
            true => self.head(&open.paragraph, range),
            false => self.put(Block::Paragraph(open.paragraph), range),
        }
    }

    fn head(&mut self, heading: &Paragraph, range: Range<usize>) {
        let text: String = heading.runs.iter().map(|run| run.text.as_str()).collect();
        let known =
            self.headings.iter().find(|(title, _)| title.to_lowercase() == text.trim().to_lowercase());
        if let Some((_, id)) = known {
            self.section = Some((*id).to_owned());
            return;
        }
        self.section = Some(String::new());
        let titles: Vec<&str> = self.headings.iter().map(|(title, _)| *title).collect();
        let error = Diagnostic::error(format!("the report has no section `{}`", text.trim()));
        let error = error.at(self.source.place(trimmed(self.source, range), ""));
        let guessed = error.clone().suggest(text.trim(), titles.iter().copied());
        self.problems.push(match guessed.hints.is_empty() {
            false => guessed,
            true => error
                .hint(format!("its sections are {}", quoted(&titles)))
                .hint("a smaller heading within a section begins with `###`"),
        });
    }

    fn put(&mut self, block: Block, range: Range<usize>) {
        match &self.section {
            Some(section) if section.is_empty() => {}
            Some(section) => self.written.entry(section.clone()).or_default().push(block),
            None => {
                let titles: Vec<&str> = self.headings.iter().map(|(title, _)| *title).collect();
                let error = Diagnostic::error("this text stands below no heading");
                let error = error.at(self.source.place(trimmed(self.source, range), ""));
                self.problems.push(
                    error.hint(format!(
                        "write a line above it, such as `## {}`",
                        titles.first().unwrap_or(&"")
                    )),
                );
                // Told once.
                self.section = Some(String::new());
            }
        }
    }

    /// Comments are for those who write; anything else of HTML is not printed.
    fn html(&mut self, html: &str, range: Range<usize>) {
        let before = &self.source.text[..range.start];
        let is_within = before.rfind("<!--").is_some_and(|at| !before[at..].contains("-->"));
        if !is_within && !html.trim_start().starts_with("<!--") && !html.trim().is_empty() {
            self.refuse("HTML", range);
        }
    }

    fn refuse(&mut self, what: &str, range: Range<usize>) {
        let error = Diagnostic::error(format!("{what} cannot stand in the report"));
        let error = error.at(self.source.place(trimmed(self.source, range), ""));
        self.problems.push(
            error.hint("write paragraphs, lists, tables, smaller headings with `###`, **bold** and *italic*"),
        );
    }
}

/// The first line of a stretch of text.
fn trimmed(source: &Source, range: Range<usize>) -> Range<usize> {
    let text = &source.text[range.clone()];
    let line = text.lines().next().unwrap_or_default().trim_end();
    range.start..range.start + line.len()
}

fn quoted(titles: &[&str]) -> String {
    titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")
}

/// A table; its first row is its head.
fn table(mut rows: Vec<Vec<String>>) -> Block {
    let head = rows.remove(0);
    let columns = head.len().max(1);
    let each = 100 / u32::try_from(columns).unwrap_or(100);
    let ways: Vec<Vec<String>> = head.into_iter().map(|text| vec![text]).collect();
    let line = |row: Vec<String>| Row { cells: row.into_iter().map(Cell::text).collect(), strong: false };
    Block::Table(Table {
        caption: String::new(),
        widths: vec![each; columns],
        small: columns > 5,
        head: head_rows(&ways),
        rows: rows.into_iter().map(line).collect(),
    })
}
