//! A document for paper: headings, paragraphs, tables and pictures in their order. HTML and Word are both written from it, so
//! that they say the same.

use serde::Serialize;

/// A whole document in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// BCP 47 code.
    pub lang: String,
    /// What it is called where files are listed.
    pub name: String,
    /// What every page says at its foot; empty: nothing.
    pub notice: String,
    /// The same as a text of a style sheet.
    pub notice_in_style: String,
    /// What stands on top of the first page.
    pub letterhead: Letterhead,
    /// The text.
    pub blocks: Vec<Block>,
    /// Who gets it and who signs.
    pub signature: Signature,
    /// What stands behind it.
    pub annexes: Vec<AnnexPages>,
}

/// What stands on top of the first page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Letterhead {
    /// The body above; empty: none.
    pub above: String,
    /// The body that issues.
    pub body: String,
    /// The name of the state; empty: none.
    pub state: String,
    /// Its motto; empty: none.
    pub motto: String,
    /// The number, with room for it.
    pub number: String,
    /// The place and the day, with room for it.
    pub place_and_day: String,
    /// What kind of document it is.
    pub document: String,
    /// What it is about, in lines.
    pub subject: Vec<String>,
    /// The days that it speaks of.
    pub days: String,
}

/// Who gets it and who signs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signature {
    /// The heading of the list.
    pub recipients_head: String,
    /// Who gets it.
    pub recipients: Vec<String>,
    /// In whose name, and with which title; a line each.
    pub titles: Vec<String>,
    /// Where to sign.
    pub room: String,
    /// The name; empty: to be filled in.
    pub name: String,
}

/// An annex, from a page of its own on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnnexPages {
    /// `Phụ lục I`
    pub label: String,
    /// Its heading.
    pub title: String,
    /// The number of its form; empty: none.
    pub form: String,
    /// What it stands behind.
    pub behind: String,
    /// Whether its pages lie on their side.
    pub landscape: bool,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// One thing after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table.
    Table(Table),
    /// A picture.
    Picture(Picture),
}

/// A heading with its number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Heading {
    /// 1 for sections, 2 for their parts.
    pub level: u8,
    /// The number and the words.
    pub text: String,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// Text.
    Body,
    /// One of several, with its mark.
    Item,
    /// Small, below a table or a picture.
    Note,
    /// A small heading within text.
    Lead,
    /// Room for what is to be written by hand.
    Blank,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Paragraph {
    /// How it is set.
    pub look: Look,
    /// How far it is set in.
    pub depth: u8,
    /// Its mark, such as `-` or `1.`; empty: none.
    pub mark: String,
    /// Its text.
    pub runs: Vec<Run>,
}

/// A stretch of text in one type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The text.
    pub text: String,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is italic.
    pub italic: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it shows; empty: its heading says so.
    pub caption: String,
    /// Shares of the width, which add up to 100.
    pub widths: Vec<u32>,
    /// Whether it is set in small type.
    pub small: bool,
    /// Rows of headings.
    pub head: Vec<Vec<HeadCell>>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// A heading of columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadCell {
    /// The words.
    pub text: String,
    /// How many columns it spans.
    pub columns: usize,
    /// How many rows it spans.
    pub rows: usize,
    /// The first column that it spans.
    pub at: usize,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Whether it is a sum or the head of a block.
    pub strong: bool,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// What is written.
    pub text: String,
    /// Whether it holds a number, set flush right.
    pub number: bool,
    /// Whether it names its row.
    pub head: bool,
    /// Whether it stands in the middle.
    pub centred: bool,
    /// How many columns it spans.
    pub columns: usize,
}

/// A picture with its words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// What it shows.
    pub caption: String,
    /// The same for those who do not see it.
    pub description: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The picture as PNG.
    #[serde(serialize_with = "in_line")]
    pub png: Vec<u8>,
}

/// A picture as it stands within a page.
fn in_line<S: serde::Serializer>(png: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(png);
    serializer.serialize_str(&format!("data:image/png;base64,{text}"))
}

/// A text as it may stand in quotes in a style sheet within a page.
pub fn in_style(text: &str) -> String {
    let mut written = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '\\' | '<' | '>' | '&' => written += &format!("\\{:x} ", u32::from(letter)),
            letter if letter.is_control() => written.push(' '),
            letter => written.push(letter),
        }
    }
    written
}

impl Paragraph {
    /// Plain text.
    pub fn new(look: Look, text: impl Into<String>) -> Self {
        let run = Run { text: text.into(), ..Run::default() };
        Paragraph { look, depth: 0, mark: String::new(), runs: vec![run] }
    }
}

impl Block {
    /// Text.
    pub fn body(text: impl Into<String>) -> Self {
        Block::Paragraph(Paragraph::new(Look::Body, text))
    }

    /// One of several, with a dash.
    pub fn item(text: impl Into<String>) -> Self {
        Block::Paragraph(Paragraph { mark: "-".to_owned(), ..Paragraph::new(Look::Item, text) })
    }

    /// Small text.
    pub fn note(text: impl Into<String>) -> Self {
        Block::Paragraph(Paragraph::new(Look::Note, text))
    }
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Cell { text: text.into(), columns: 1, ..Cell::default() }
    }

    /// The name of its row.
    pub fn head(text: impl Into<String>) -> Self {
        Cell { head: true, ..Cell::text(text) }
    }

    /// A number, or the word for why there is none.
    pub fn number(text: impl Into<String>) -> Self {
        Cell { number: true, ..Cell::text(text) }
    }

    /// In the middle.
    pub fn centred(text: impl Into<String>) -> Self {
        Cell { centred: true, ..Cell::text(text) }
    }
}

/// Rows of headings from the way to each column, the highest first: equal ones beside each other are put together.
pub fn head_rows(ways: &[Vec<String>]) -> Vec<Vec<HeadCell>> {
    let depth = ways.iter().map(Vec::len).max().unwrap_or(0);
    (0..depth).map(|level| head_row(ways, level, depth)).collect()
}

fn head_row(ways: &[Vec<String>], level: usize, depth: usize) -> Vec<HeadCell> {
    let mut row: Vec<HeadCell> = vec![];
    for (at, way) in ways.iter().enumerate() {
        let Some(text) = way.get(level) else { continue };
        let is_last = level + 1 == way.len();
        let beside = row.last_mut().filter(|last| {
            let before = &ways[last.at];
            !is_last
                && last.at + last.columns == at
                && before.len() > level + 1
                && before[..=level] == way[..=level]
        });
        match beside {
            Some(last) => last.columns += 1,
            None => {
                let rows = if is_last { depth - level } else { 1 };
                row.push(HeadCell { text: text.clone(), columns: 1, rows, at });
            }
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_span_what_is_below_them() {
        let way = |words: &str| words.split('/').map(str::to_owned).collect::<Vec<_>>();
        let ways =
            ["Lĩnh vực", "Tiếp nhận/Tổng số", "Tiếp nhận/Trong kỳ/Trực tuyến", "Tiếp nhận/Trong kỳ/Khác"];
        let rows = head_rows(&ways.map(way));
        let shown: Vec<Vec<_>> = rows
            .iter()
            .map(|row| {
                row.iter().map(|cell| (cell.text.as_str(), cell.columns, cell.rows, cell.at)).collect()
            })
            .collect();
        assert_eq!(
            shown,
            [
                vec![("Lĩnh vực", 1, 3, 0), ("Tiếp nhận", 3, 1, 1)],
                vec![("Tổng số", 1, 2, 1), ("Trong kỳ", 2, 1, 2)],
                vec![("Trực tuyến", 1, 1, 2), ("Khác", 1, 1, 3)],
            ]
        );
    }
}
