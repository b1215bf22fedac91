//! Sections with their numbers, and what stands in them.

use crate::report::print::definition::{Content, Section};
use crate::report::print::document::{Block, Heading};
use crate::report::print::{Paper, blank, picture, reading, roman, tables};

/// All sections: `I. ...`, with their parts: `1. ...`.
pub fn all(paper: &Paper<'_, '_>) -> Vec<Block> {
    let mut blocks = vec![];
    for (at, section) in paper.definition.sections.iter().enumerate() {
        let title = paper.book.text(&section.title);
        blocks.push(heading(1, format!("{}. {}", roman(at + 1), title.to_uppercase())));
        blocks.extend(in_section(paper, section));
        for (at, part) in section.parts.iter().enumerate() {
            blocks.push(heading(2, format!("{}. {}", at + 1, paper.book.text(&part.title))));
            blocks.extend(in_section(paper, part));
        }
    }
    blocks
}

fn heading(level: u8, text: String) -> Block {
    Block::Heading(Heading { level, text })
}

/// What the definition puts there; paragraphs of the planner come where it says so, else last.
fn in_section(paper: &Paper<'_, '_>, section: &Section) -> Vec<Block> {
    let own = paper.paragraphs.of(&section.id);
    let mut blocks = vec![];
    for content in &section.content {
        match content {
            Content::Planner if own.is_empty() => blocks.push(blank(paper.book.word("print_blank"))),
            Content::Planner => blocks.extend_from_slice(own),
            content => blocks.extend(one(paper, content)),
        }
    }
    if !section.asks_the_planner() {
        blocks.extend_from_slice(own);
    }
    if blocks.is_empty() && section.parts.is_empty() {
        blocks.push(Block::item(paper.book.word("print_nothing_asked")));
    }
    blocks
}

/// How texts refer to a section, `mục IV`, or to a part of one.
pub fn label(paper: &Paper<'_, '_>, id: &str) -> Option<String> {
    let words = paper.book.words;
    paper.definition.sections.iter().enumerate().find_map(|(at, section)| {
        let number = roman(at + 1);
        if section.id == id {
            return Some(words.fill("print_section", &[("n", &number)]));
        }
        let part = section.parts.iter().position(|part| part.id == id)?;
        Some(words.fill("print_part", &[("n", &(part + 1).to_string()), ("section", &number)]))
    })
}

/// Whether anything would stand in an annex.
pub fn has_any(paper: &Paper<'_, '_>, contents: &[Content]) -> bool {
    contents.iter().any(|content| matches!(content, Content::Text(_)) || !one(paper, content).is_empty())
}

/// What stands in an annex.
pub fn contents(paper: &Paper<'_, '_>, contents: &[Content]) -> Vec<Block> {
    contents.iter().flat_map(|content| one(paper, content)).collect()
}

fn one(paper: &Paper<'_, '_>, content: &Content) -> Vec<Block> {
    match content {
        Content::Text(text) => paper.referring(text).map(Block::body).into_iter().collect(),
        Content::Indicators(ids) => reading::sentences(paper, ids),
        Content::Bodies { level, indicators } => tables::bodies(paper, level, indicators),
        Content::Course(id) => picture::course(paper, id),
        Content::Ranking { level, indicator } => picture::ranking(paper, level, indicator),
        Content::Index(id) => tables::index(paper, id),
        Content::TargetSummary => tables::target_summary(paper),
        Content::Targets => tables::targets(paper),
        Content::Senders => tables::senders(paper),
        Content::Planner => vec![blank(paper.book.word("print_blank"))],
    }
}
