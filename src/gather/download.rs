//! One answer as one file: not fetched where it did not change, gone on with where it broke off, whole or not at all.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ureq::http::HeaderMap;

use super::http::{Answer, Client, Question, header};
use super::landing::sum_of_text;
use super::visit::Trouble;
use crate::model::origin::Limits;
use crate::model::source::Format;

/// By what a server knows that something did not change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Marks {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
}

impl Marks {
    pub(super) fn of(headers: &HeaderMap) -> Marks {
        Marks { etag: header(headers, "etag"), modified: header(headers, "last-modified") }
    }

    /// What a half file may be gone on with: a mark that vouches for every byte.
    fn strong(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| !etag.starts_with("W/")).or(self.modified.as_deref())
    }

    fn is_none(&self) -> bool {
        self.etag.is_none() && self.modified.is_none()
    }
}

/// A file that is being fetched, with a note beside it of what it is a part of.
pub(super) struct Part {
    pub path: PathBuf,
}

/// What the note says.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    /// Sum of the question, so that a part of one thing is never gone on with as another.
    question: String,
    marks: Marks,
}

/// What came of asking.
pub(super) enum Fetched {
    /// The file is whole.
    File(Marks),
    /// It is as it was.
    Unchanged,
}

impl Part {
    fn note_path(&self) -> PathBuf {
        self.path.with_extension("note")
    }

    /// The marks of what is there of this, and how much.
    fn begun(&self, question: &Question) -> Option<(Marks, u64)> {
        let note: Note = serde_json::from_slice(&fs::read(self.note_path()).ok()?).ok()?;
        let length = fs::metadata(&self.path).ok()?.len();
        let is_of_this = note.question == sum(question) && note.marks.strong().is_some() && length > 0;
        is_of_this.then_some((note.marks, length))
    }

    fn begin(&self, question: &Question, marks: &Marks) -> Result<File, Trouble> {
        let note = Note { question: sum(question), marks: marks.clone() };
        let file = File::create(&self.path)?;
        fs::write(self.note_path(), serde_json::to_vec(&note).unwrap_or_default())?;
        Ok(file)
    }

    /// Nothing of it is of use any more.
    pub(super) fn drop(&self) {
        let _ = fs::remove_file(&self.path);
        let _ = fs::remove_file(self.note_path());
    }

    /// Nothing of it is of use but the file itself, which has gone to its place.
    pub(super) fn done(&self) {
        let _ = fs::remove_file(self.note_path());
    }
}

/// By what a question is known.
pub(super) fn sum(question: &Question) -> String {
    let body = question.body.as_ref().map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let name = question.name.as_deref().unwrap_or(question.url.as_str());
    sum_of_text(&format!("{name} {body}"))
}

/// One attempt. `former` are the marks of what landed before; a half file stays for the next attempt, or the next run.
pub(super) fn download(
    client: &Client,
    question: &Question,
    former: &Marks,
    part: &Part,
    limits: &Limits,
) -> Result<Fetched, Trouble> {
    let begun = part.begun(question);
    let mut asked = question.clone();
    let mut add = |name: &str, value: &str| asked.headers.push((name.to_owned(), value.to_owned()));
    match &begun {
        Some((marks, length)) => {
            add("range", &format!("bytes={length}-"));
            add("if-range", marks.strong().unwrap_or_default());
        }
        None => {
            if let Some(etag) = &former.etag {
                add("if-none-match", etag);
            }
            if let Some(modified) = &former.modified {
                add("if-modified-since", modified);
            }
        }
    }
    let answer = client.ask(&asked)?;
    match answer.status.as_u16() {
        304 if !former.is_none() => Ok(Fetched::Unchanged),
        206 => match begun.filter(|(_, length)| goes_on_at(&answer.headers, *length)) {
            Some((marks, length)) => go_on(client, answer, marks, length, part, limits),
            None => Err(restart(part, "it sent another part than was asked for")),
        },
        416 => Err(restart(part, "it does not have the part that was asked for")),
        200 => fill(client, question, answer, part, limits),
        _ => Err(Trouble::lasting(format!("HTTP {}", answer.status))),
    }
}

fn restart(part: &Part, cause: &str) -> Trouble {
    part.drop();
    Trouble::passing(cause)
}

/// Whether the answer begins where the half file ends.
fn goes_on_at(headers: &HeaderMap, length: u64) -> bool {
    header(headers, "content-range").is_some_and(|range| range.starts_with(&format!("bytes {length}-")))
}

fn go_on(
    client: &Client,
    answer: Answer,
    marks: Marks,
    length: u64,
    part: &Part,
    limits: &Limits,
) -> Result<Fetched, Trouble> {
    let whole = header(&answer.headers, "content-range")
        .and_then(|range| range.rsplit_once('/').and_then(|(_, whole)| whole.parse::<u64>().ok()));
    let mut file = File::options().append(true).open(&part.path)?;
    let came =
        client.read(answer.body, limits.bytes.saturating_sub(length), |bytes| file.write_all(bytes))?;
    file.sync_all()?;
    match whole {
        Some(whole) if whole != length + came => {
            Err(Trouble::passing(format!("{} of {whole} bytes came", length + came)))
        }
        _ => Ok(Fetched::File(marks)),
    }
}

fn fill(
    client: &Client,
    question: &Question,
    answer: Answer,
    part: &Part,
    limits: &Limits,
) -> Result<Fetched, Trouble> {
    if let Some(encoding) = header(&answer.headers, "content-encoding").filter(|given| given != "identity") {
        return Err(Trouble::lasting(format!(
            "it sends bytes packed as `{encoding}`, which was not asked for"
        )));
    }
    let marks = Marks::of(&answer.headers);
    let mut file = part.begin(question, &marks)?;
    let read = client.read(answer.body, limits.bytes, |bytes| file.write_all(bytes));
    if !matches!(read, Ok(_) | Err(Trouble::Passing { .. } | Trouble::Stopped)) {
        part.drop();
    }
    read?;
    file.sync_all()?;
    Ok(Fetched::File(marks))
}

/// Refuses what is plainly not what was asked for: the page of a gateway, or a text that breaks off.
pub(super) fn expect_whole(path: &Path, format: Option<Format>) -> Result<(), Trouble> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut first = [0; 512];
    let n = file.read(&mut first)?;
    file.seek(SeekFrom::Start(length.saturating_sub(512)))?;
    let mut last = vec![];
    file.read_to_end(&mut last)?;
    let (first, last) = (first[..n].trim_ascii_start(), last.trim_ascii_end());
    let is_page = first.get(..9).is_some_and(|bytes| bytes.eq_ignore_ascii_case(b"<!doctype"))
        || first.get(..5).is_some_and(|bytes| bytes.eq_ignore_ascii_case(b"<html"));
    match format {
        None => Ok(()),
        Some(_) if is_page => Err(Trouble::passing("a web page came instead of data")),
        Some(Format::Json) if !last.ends_with(b"]") && !last.ends_with(b"}") => {
            Err(Trouble::passing("the JSON breaks off"))
        }
        Some(Format::Parquet) if !last.ends_with(b"PAR1") => {
            Err(Trouble::passing("the Parquet file breaks off"))
        }
        Some(Format::Xlsx)
            if first.starts_with(b"PK") && !last.windows(4).any(|four| four == b"PK\x05\x06") =>
        {
            Err(Trouble::passing("the workbook breaks off"))
        }
        Some(_) => Ok(()),
    }
}
