//! The rows of a separated text as people see them in a spreadsheet: a line break between quotes ends no row, a blank line is a row.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use super::encoding::open;
use crate::model::lines::LineEnds;

/// Where the cutter stands.
#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    RowStart,
    CellStart,
    InCell,
    InQuotes,
    /// After a quote between quotes: the end of the cell, or the first half of a quote.
    AfterQuote,
}

/// What a byte does to the row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// It is in the row.
    Inside,
    /// It ends the row; whether there was nothing in it.
    Ends { is_blank: bool },
    /// It is the second half of the line break that ended the row before.
    Tail,
}

/// Cuts a text into rows, byte by byte.
struct Cutter {
    delimiter: u8,
    at: At,
    after_return: bool,
    /// Which line breaks end rows: `\n`, `\r\n`, `\r`.
    breaks: [bool; 3],
}

impl Cutter {
    fn new(delimiter: u8) -> Cutter {
        Cutter { delimiter, at: At::RowStart, after_return: false, breaks: [false; 3] }
    }

    fn step(&mut self, byte: u8) -> Step {
        if std::mem::take(&mut self.after_return) {
            self.breaks[if byte == b'\n' { 1 } else { 2 }] = true;
            if byte == b'\n' {
                return Step::Tail;
            }
        }
        if self.at != At::InQuotes && (byte == b'\n' || byte == b'\r') {
            let is_blank = self.at == At::RowStart;
            self.at = At::RowStart;
            self.after_return = byte == b'\r';
            self.breaks[0] |= byte == b'\n';
            return Step::Ends { is_blank };
        }
        self.at = match (self.at, byte) {
            (At::InQuotes, b'"') => At::AfterQuote,
            (At::InQuotes, _) | (At::RowStart | At::CellStart | At::AfterQuote, b'"') => At::InQuotes,
            (_, byte) if byte == self.delimiter => At::CellStart,
            _ => At::InCell,
        };
        Step::Inside
    }

    fn has_mixed_breaks(&self) -> bool {
        self.breaks.iter().filter(|seen| **seen).count() > 1
    }
}

fn each_part(path: &Path, mut take: impl FnMut(&[u8]) -> io::Result<bool>) -> io::Result<()> {
    let mut reader = open(path)?;
    let mut bytes = vec![0; 1 << 16];
    loop {
        let length = reader.read(&mut bytes)?;
        if length == 0 || !take(&bytes[..length])? {
            return Ok(());
        }
    }
}

/// The bytes of row `number`, counted from 1, without reading further; nothing if there are fewer rows.
pub(super) fn row(path: &Path, delimiter: u8, number: u64) -> io::Result<Vec<u8>> {
    let mut cutter = Cutter::new(delimiter);
    let (mut at, mut row) = (1, vec![]);
    each_part(path, |bytes| {
        for byte in bytes {
            match cutter.step(*byte) {
                Step::Ends { .. } => at += 1,
                Step::Inside if at == number => row.push(*byte),
                _ => {}
            }
            if at > number {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(row)
}

/// What must be known of a text before it is read as a table.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Survey {
    /// Blank rows below the headings that are followed by others.
    pub blank: Vec<u64>,
    /// Rows do not all end in the same way.
    pub has_mixed_breaks: bool,
}

/// Goes through the whole text; a packed file that is cut short is an error. `is_plain` is what [`is_plain`] found of this
/// very file, if it was asked before.
pub(super) fn survey(
    path: &Path,
    delimiter: u8,
    header_row: u64,
    is_plain: Option<bool>,
) -> io::Result<Survey> {
    // Cutting rows byte by byte is slow, and nearly every file shows at a glance that there is nothing to find.
    match is_plain.map_or_else(|| self::is_plain(path), Ok)? {
        true => Ok(Survey::default()),
        false => survey_rows(path, delimiter, header_row),
    }
}

/// Whether [`LineEnds::are_plain`] of the whole text.
pub(super) fn is_plain(path: &Path) -> io::Result<bool> {
    let mut line_ends = LineEnds::default();
    each_part(path, |bytes| {
        line_ends.take(bytes);
        // A packed file is read to its end, to see that it has one.
        Ok(true)
    })?;
    Ok(line_ends.are_plain())
}

fn survey_rows(path: &Path, delimiter: u8, header_row: u64) -> io::Result<Survey> {
    let mut cutter = Cutter::new(delimiter);
    let mut survey = Survey::default();
    let (mut at, mut last_filled) = (1, 0);
    each_part(path, |bytes| {
        for byte in bytes {
            if let Step::Ends { is_blank } = cutter.step(*byte) {
                match is_blank {
                    true if at > header_row => survey.blank.push(at),
                    _ => last_filled = at,
                }
                at += 1;
            }
        }
        Ok(true)
    })?;
    if cutter.at != At::RowStart {
        last_filled = at;
    }
    survey.blank.retain(|row| *row < last_filled);
    survey.has_mixed_breaks = cutter.has_mixed_breaks();
    Ok(survey)
}

/// Writes the rows from `first` on, each ended by `\n`.
pub(super) fn copy_from(path: &Path, delimiter: u8, first: u64, target: &mut dyn Write) -> io::Result<()> {
    let mut cutter = Cutter::new(delimiter);
    let mut writer = BufWriter::new(target);
    let mut at = 1;
    each_part(path, |bytes| {
        for byte in bytes {
            match cutter.step(*byte) {
                Step::Inside if at >= first => writer.write_all(&[*byte])?,
                Step::Ends { .. } => {
                    if at >= first {
                        writer.write_all(b"\n")?;
                    }
                    at += 1;
                }
                _ => {}
            }
        }
        Ok(true)
    })?;
    writer.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_at_a_glance_is_what_cutting_finds() {
        use proptest::prelude::*;
        proptest!(|(text in "[ab,\"\r\n]{0,24}")| {
            let file = file(&text);
            if is_plain(file.path()).expect("readable") {
                prop_assert_eq!(survey_rows(file.path(), b',', 1).expect("readable"), Survey::default());
            }
        });
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
        std::fs::write(file.path(), text).expect("writable");
        file
    }

    #[test]
    fn rows_are_counted_as_in_a_spreadsheet() {
        let check = |text: &str, number: u64, expected: &str| {
            let row = row(file(text).path(), b',', number).expect("readable");
            assert_eq!(String::from_utf8_lossy(&row), expected, "row {number} of {text:?}");
        };
        check("a,b\n1,2\n", 1, "a,b");
        check("a,b\n1,2", 2, "1,2");
        check("a,b\n", 2, "");
        check("", 1, "");
        check("Title\r\n\r\na,b\r\n", 3, "a,b");
        check("Title\r\ra,b\r", 3, "a,b");
        check("\"two\nlines\",b\nc,d\n", 2, "c,d");
        check("\"a \"\"quote\"\"\n\",b\nc,d\n", 2, "c,d");
        // A quote inside a cell opens nothing.
        check("5\" disk, \"x\nc,d\n", 2, "c,d");
    }

    #[test]
    fn blank_rows_count_where_rows_follow() {
        let check = |text: &str, blank: &[u64], has_mixed_breaks: bool| {
            let found = survey(file(text).path(), b',', 1, None).expect("readable");
            assert_eq!(found, Survey { blank: blank.to_vec(), has_mixed_breaks }, "{text:?}");
        };
        check("a\n1\n2\n", &[], false);
        check("a\n\n1\n\n\n2\n\n\n", &[2, 4, 5], false);
        check("a\r\n\r\n1", &[2], false);
        check("a\r\n1\n", &[], true);
        check("a\r\n\"x\ny\"\r\n", &[], false);
        check("a\n\"x\r\ny\"\n\n2", &[3], false);
    }

    #[test]
    fn a_copy_begins_at_its_row_and_ends_rows_alike() {
        let mut copy = vec![];
        let text = "Title\r\n\r\na,\"b\r\nc\"\n1,2\r3,4";
        copy_from(file(text).path(), b',', 3, &mut copy).expect("readable");
        assert_eq!(String::from_utf8_lossy(&copy), "a,\"b\r\nc\"\n1,2\n3,4");
    }
}
