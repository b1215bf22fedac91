//! Every error a person reads: what is wrong, where, and what to do about it.
//!
//! Stages build diagnostics where the knowledge is and gather all of them; only `cli` prints.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use serde_json::json;

/// Whether the work can be called done in spite of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Data or definitions need attention.
    Error,
    /// Worth a look.
    Warning,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A whole file or folder.
    File {
        /// Its path as the reader knows it.
        path: String,
    },
    /// A stretch of a text file.
    Span {
        /// The file.
        source: Source,
        /// Bytes of the text.
        range: Range<usize>,
        /// What is expected there.
        label: String,
    },
    /// A cell of a table.
    Cell {
        /// The file.
        path: String,
        /// Row in the file, from 1.
        row: u64,
        /// Where a spreadsheet shows it, such as `sheet Data, D2`; nothing for a text.
        cell: Option<String>,
        /// Name of the column.
        column: String,
        /// What stands there.
        value: String,
        /// What is wrong with it.
        label: String,
    },
}

/// A text file that was read, for showing its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path as the reader knows it.
    pub path: String,
    /// All of it.
    pub text: Arc<str>,
}

impl Source {
    /// The word, quoted text or rest of the line that begins at byte `start`.
    pub fn token_at(&self, start: usize) -> Range<usize> {
        let start = floor_boundary(&self.text, start);
        let rest = &self.text[start..];
        let ends = |c: char| c.is_whitespace() || ",;()[]{}".contains(c);
        let length = rest.find(ends).unwrap_or(rest.len());
        start..start + length.max(usize::from(!rest.is_empty()))
    }

    /// The place of a byte range.
    pub fn place(&self, range: Range<usize>, label: impl Into<String>) -> Place {
        Place::Span { source: self.clone(), range, label: label.into() }
    }

    /// Line and column, both from 1, of a byte.
    pub fn line_and_column(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..floor_boundary(&self.text, at)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the work can be called done in spite of it.
    pub severity: Severity,
    /// What is wrong, in lower case, without a full stop.
    pub message: String,
    /// Where.
    pub places: Vec<Place>,
    /// What to do.
    pub hints: Vec<String>,
    /// Whether what was asked for is wrong, not data or definitions.
    pub is_of_usage: bool,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            places: vec![],
            hints: vec![],
            is_of_usage: false,
        }
    }

    /// An error in what was asked for: the arguments name something that is not there.
    pub fn usage(message: impl Into<String>) -> Self {
        Diagnostic { is_of_usage: true, ..Diagnostic::error(message) }
    }

    /// A warning without a place yet.
    pub fn warning(message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(message) }
    }

    /// Adds a place.
    pub fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    /// Adds a whole file as the place.
    pub fn in_file(self, path: impl Into<String>) -> Self {
        self.at(Place::File { path: path.into() })
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds "did you mean" if one of the candidates is close to `word`.
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match closest(word, candidates) {
            Some(candidate) => self.hint(format!("did you mean `{candidate}`?")),
            None => self,
        }
    }

    /// The text for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level.primary_title(self.message.as_str()).elements(Vec::<Element<'_>>::new());
        for place in &self.places {
            group = add_place(group, place);
        }
        let mut report = vec![group];
        for hint in &self.hints {
            report.push(Group::with_title(Level::HELP.with_name("hint").secondary_title(hint.as_str())));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&report)
    }

    /// The same as one JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        json!({
            "level": match self.severity { Severity::Error => "error", Severity::Warning => "warning" },
            "message": self.message,
            "places": self.places.iter().map(place_json).collect::<Vec<_>>(),
            "hints": self.hints,
        })
    }
}

fn add_place<'a>(group: Group<'a>, place: &'a Place) -> Group<'a> {
    match place {
        Place::File { path } => group.element(Origin::path(path.as_str())),
        Place::Span { source, range, label } => {
            let annotation = AnnotationKind::Primary.span(range.clone());
            let annotation = if label.is_empty() { annotation } else { annotation.label(label.as_str()) };
            group.element(Snippet::source(&*source.text).path(source.path.as_str()).annotation(annotation))
        }
        // A line and a place in it are for texts.
        Place::Cell { path, cell: Some(cell), column, value, label, .. } => {
            let message = format!("`{}`, column `{column}`: {label}", one_line(value));
            let origin = Origin::path(format!("{path}, {cell}"));
            group.element(origin).element(Level::NOTE.no_name().message(message))
        }
        Place::Cell { path, row, cell: None, column, value, label } => {
            let value = one_line(value);
            let range = 0..value.len();
            let label = match column.as_str() {
                "" => label.clone(),
                column => format!("column `{column}`: {label}"),
            };
            let annotation = AnnotationKind::Primary.span(range).label(label);
            let row = usize::try_from(*row).unwrap_or(usize::MAX);
            group.element(Snippet::source(value).line_start(row).path(path.as_str()).annotation(annotation))
        }
    }
}

/// What stood in a cell, short enough to show: at most 80 characters, line breaks and what else moves a terminal as a mark.
pub fn one_line(value: &str) -> String {
    let shown: String = value.chars().take(80).map(|c| if c.is_control() { '\u{240a}' } else { c }).collect();
    if shown.is_empty() { "(empty)".to_owned() } else { shown }
}

fn place_json(place: &Place) -> serde_json::Value {
    match place {
        Place::File { path } => json!({ "path": path }),
        Place::Span { source, range, label } => {
            let (line, column) = source.line_and_column(range.start);
            json!({ "path": source.path, "line": line, "column": column, "label": label })
        }
        Place::Cell { path, row, cell, column, value, label } => {
            let mut place =
                json!({ "path": path, "row": row, "column": column, "value": value, "label": label });
            if let Some(cell) = cell {
                place["cell"] = json!(cell);
            }
            place
        }
    }
}

/// The candidate most like `word`, if it is like it at all.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Several things that are wrong; never empty when it is an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Diagnostic>);

impl Problems {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Takes over the problems of a failed step and gives its value if it did not fail.
    pub fn keep<T>(&mut self, result: Result<T, impl Into<Problems>>) -> Option<T> {
        result.map_err(|problems| self.0.extend(problems.into().0)).ok()
    }

    /// The same, each in a whole file.
    pub fn in_file(self, path: &str) -> Problems {
        Problems(self.0.into_iter().map(|diagnostic| diagnostic.in_file(path)).collect())
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// `value`, unless there were errors.
    pub fn or<T>(self, value: T) -> Result<T, Problems> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl From<Diagnostic> for Problems {
    fn from(diagnostic: Diagnostic) -> Self {
        Problems(vec![diagnostic])
    }
}

/// `1 row`, `2 rows`, `1,204 rows`.
pub fn count(number: u64, noun: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placed_error_shows_its_line() {
        let source = Source { path: "indicators/a.yml".into(), text: "id: a\nunit: percnt\n".into() };
        let range = source.token_at(12);
        let error = Diagnostic::error("unknown unit `percnt`")
            .at(source.place(range, "expected `percent` or `count`"))
            .suggest("percnt", ["percent", "count"]);
        insta::assert_snapshot!(error.render(false));
    }

    #[test]
    fn a_cell_is_named() {
        let error = Diagnostic::error("1 of 3 rows of `service` does not fit").at(Place::Cell {
            path: "register.csv".into(),
            row: 3,
            cell: None,
            column: "level".into(),
            value: "three".into(),
            label: "not a whole number".into(),
        });
        insta::assert_snapshot!(error.render(false));
    }

    #[test]
    fn positions_are_never_outside_the_text() {
        let source = Source { path: "a".into(), text: "Đà Nẵng".into() };
        for at in 0..40 {
            let range = source.token_at(at);
            assert!(source.text.get(range).is_some());
            source.line_and_column(at);
        }
    }

    #[test]
    fn counts_read_well() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(1206, "row"), "1,206 rows");
        assert_eq!(count(0, "file"), "0 files");
    }
}
