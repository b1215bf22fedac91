//! Answers that are taken apart: rows out of JSON, page after page, into one file of one row a line; pages of CSV into one file.
//!
//! While pages are read the rows behind them may move. What shows it: the number of all rows changes, or rows of one page
//! come again on the next. Then all is read once more; what is the same twice is what there is.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::value::RawValue;
use url::Url;

use super::http::{Client, Question};
use super::landing::see;
use super::visit::{Failure, Trouble, Visit};
use crate::model::origin::{Body, Http, PagingKind};
use crate::model::source::Format;

/// What was read.
#[derive(Debug, Default, Clone)]
pub(super) struct Read {
    pub rows: u64,
    /// The greatest value of the column that the next run asks from.
    pub newest: Option<String>,
}

/// A page is held in memory; all of them are not.
const PAGE_BYTES: u64 = 256_000_000;
/// More than this is a circle.
const PAGES: u64 = 1_000_000;
/// How often rows that move are read.
const READINGS: u32 = 3;

/// Reads all pages into `part`; `since` is the watermark to ask from.
pub(super) fn read_pages(
    visit: &Visit,
    client: &Client,
    http: &Http,
    since: Option<&str>,
    part: &Path,
) -> Result<Read, Failure> {
    let mut former: Option<String> = None;
    let mut readings = 0;
    loop {
        readings += 1;
        let mut reading = Reading::begin(visit, http, part)?;
        let moved = reading.read_all(client, since)?;
        let Some(moved) = moved else { return Ok(reading.read) };
        let sum = see(part).map(|seen| seen.sha256).ok();
        // Rows that come twice every time are twice there; a number of rows that is never reached is not.
        if moved.is_of_rows && sum.is_some() && sum == former {
            return Ok(reading.read);
        }
        if readings == READINGS {
            let cause = format!("{}, each of {READINGS} times", moved.what);
            let hint =
                "the pages changed while they were read, or the server does not count as it says".to_owned();
            return Err(Failure { cause, hint: Some(hint), attempts: readings, is_stopped: false });
        }
        (visit.tell)(format!("{}; all pages are read again", moved.what));
        former = sum;
    }
}

/// What shows that rows moved.
struct Moved {
    what: String,
    /// Rows came twice, rather than too few or too many of them.
    is_of_rows: bool,
}

/// One way through all pages.
struct Reading<'a> {
    visit: &'a Visit<'a>,
    http: &'a Http,
    file: BufWriter<File>,
    bytes: u64,
    read: Read,
    header: Option<Vec<u8>>,
    /// Sums of the rows of the page before.
    before: HashSet<u64>,
    total: Option<u64>,
}

/// A page, taken apart.
#[derive(Debug, Default)]
struct Page {
    /// Each in one line.
    rows: Vec<Vec<u8>>,
    header: Option<Vec<u8>>,
    newest: Option<String>,
    total: Option<u64>,
    next: Option<String>,
}

/// What the next page is asked with.
enum Step {
    Number(u64),
    Cursor(Option<String>),
    Link(Url),
}

impl<'a> Reading<'a> {
    fn begin(visit: &'a Visit, http: &'a Http, part: &Path) -> Result<Reading<'a>, Failure> {
        let file = File::create(part).map_err(|error| Failure {
            cause: format!("cannot write what came: {error}"),
            hint: None,
            attempts: 1,
            is_stopped: false,
        })?;
        Ok(Reading {
            visit,
            http,
            file: BufWriter::new(file),
            bytes: 0,
            read: Read::default(),
            header: None,
            before: HashSet::new(),
            total: None,
        })
    }

    /// Gives what shows that rows moved meanwhile, if anything does.
    fn read_all(&mut self, client: &Client, since: Option<&str>) -> Result<Option<Moved>, Failure> {
        let mut step = match self.http.paging.as_ref().map(|paging| (paging.kind, paging.first)) {
            Some((PagingKind::Page | PagingKind::Offset, first)) => Step::Number(first),
            _ => Step::Cursor(None),
        };
        let mut moved = None;
        for number in 1..=PAGES {
            let page = self.visit.persist(&self.http.limits, || {
                let question = self.question(&step, since)?;
                self.page(client, &question, number)
            })?;
            let n_rows = page.rows.len() as u64;
            let next = self.next(&step, &page, number);
            let seen = self.add(page, number);
            let seen = self.visit.persist(&self.http.limits, once(seen))?;
            moved = moved.or(seen);
            (self.visit.tell)(format!("page {number}, {} rows", self.read.rows));
            let next = self.visit.persist(&self.http.limits, once(next))?;
            match next {
                Some(next) if n_rows > 0 => step = next,
                _ => break,
            }
        }
        let finished = self.finish();
        self.visit.persist(&self.http.limits, once(finished))?;
        Ok(moved.or_else(|| self.other_total()))
    }

    fn other_total(&self) -> Option<Moved> {
        let total = self.total.filter(|total| *total != self.read.rows)?;
        Some(Moved { what: format!("it counts {total} rows and gave {}", self.read.rows), is_of_rows: false })
    }

    fn finish(&mut self) -> Result<(), Trouble> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(())
    }

    /// The question for a page.
    fn question(&self, step: &Step, since: Option<&str>) -> Result<Question, Trouble> {
        let mut parameters: Vec<(String, String)> = vec![];
        if let Some((since, mark)) = self.http.since.as_ref().zip(since) {
            parameters.push((since.parameter.clone(), mark.to_owned()));
        }
        if let Some(paging) = &self.http.paging {
            parameters.extend(paging.size.iter().map(|(name, size)| (name.clone(), size.to_string())));
            match step {
                Step::Number(number) => parameters.push((paging.parameter.clone(), number.to_string())),
                Step::Cursor(Some(cursor)) => parameters.push((paging.parameter.clone(), cursor.clone())),
                Step::Cursor(None) => (),
                Step::Link(url) => {
                    return Ok(Question { url: url.clone(), ..question(self.http, &[])? });
                }
            }
        }
        question(self.http, &parameters)
    }

    fn page(&self, client: &Client, question: &Question, number: u64) -> Result<Page, Trouble> {
        let answer = client.ask(question)?;
        if answer.status.as_u16() != 200 {
            return Err(Trouble::lasting(format!("HTTP {}", answer.status)));
        }
        let mut bytes = vec![];
        client.read(answer.body, PAGE_BYTES.min(self.http.limits.bytes), |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        match self.visit.berth.source.format {
            Some(Format::Csv) => csv_page(&bytes, number),
            _ => self.json_page(&bytes, number),
        }
    }

    fn json_page(&self, bytes: &[u8], number: u64) -> Result<Page, Trouble> {
        let is_not = |what: &str| Trouble::passing(format!("page {number} is {what}"));
        let text = std::str::from_utf8(bytes).map_err(|_| is_not("not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}');
        let whole: &RawValue = serde_json::from_str(text).map_err(|_| is_not("not whole JSON"))?;
        let pointer = self.http.rows.as_deref().unwrap_or_default();
        let found = at(whole, pointer).filter(|found| number == 1 || found.get() != "null");
        let rows: Vec<&RawValue> = match found {
            None if number > 1 => vec![],
            None => {
                return Err(Trouble::lasting_but(
                    format!("nothing stands at `{pointer}` of the answer"),
                    ROWS_HINT,
                ));
            }
            Some(found) => serde_json::from_str(found.get()).map_err(|_| {
                Trouble::lasting_but(format!("`{pointer}` of the answer is no array of rows"), ROWS_HINT)
            })?,
        };
        let text_at = |pointer: &str| at(whole, pointer).and_then(text_of);
        let mut page = Page {
            total: self.http.total.as_deref().and_then(text_at).and_then(|total| total.parse().ok()),
            next: self.http.paging.as_ref().and_then(|paging| text_at(&paging.next)),
            ..Page::default()
        };
        if self.http.total.is_some() && page.total.is_none() && number == 1 {
            return Err(Trouble::lasting("the answer does not say how many rows there are"));
        }
        if let Some(since) = &self.http.since {
            page.newest = newest(&rows, &since.column)?;
        }
        page.rows = rows.into_iter().map(one_line).collect();
        Ok(page)
    }

    /// What the next page is asked with; none after the last.
    fn next(&self, step: &Step, page: &Page, number: u64) -> Result<Option<Step>, Trouble> {
        let Some(paging) = &self.http.paging else { return Ok(None) };
        let so_far = self.read.rows + page.rows.len() as u64;
        let is_all = page.total.is_some_and(|total| so_far >= total);
        Ok(match (paging.kind, step) {
            (PagingKind::Page, Step::Number(number)) if !is_all => Some(Step::Number(number + 1)),
            (PagingKind::Offset, Step::Number(offset)) if !is_all => {
                Some(Step::Number(offset + page.rows.len() as u64))
            }
            (PagingKind::Cursor, step) => {
                let next = page.next.clone().filter(|next| !next.is_empty());
                if let (Some(next), Step::Cursor(Some(this))) = (&next, step)
                    && next == this
                {
                    return Err(Trouble::lasting(format!("page {number} leads to itself")));
                }
                next.map(|next| Step::Cursor(Some(next)))
            }
            (PagingKind::Link, _) => match page.next.as_deref().filter(|next| !next.is_empty()) {
                Some(next) => Some(Step::Link(self.link(next)?)),
                None => None,
            },
            _ => None,
        })
    }

    /// The address of the next page, which must lie with the same server.
    fn link(&self, next: &str) -> Result<Url, Trouble> {
        let first = url_of(self.http)?;
        let url = first.join(next).map_err(|_| Trouble::lasting("the next page has no address"))?;
        if url.origin() == first.origin() {
            return Ok(url);
        }
        let host = url.host_str().unwrap_or_default();
        Err(Trouble::lasting(format!("the next page lies on another host, `{host}`")))
    }

    /// Writes the rows of a page; says where they show that rows moved.
    fn add(&mut self, page: Page, number: u64) -> Result<Option<Moved>, Trouble> {
        if let Some(header) = &page.header {
            match &self.header {
                None => {
                    self.write(header)?;
                    self.header = Some(header.clone());
                }
                Some(first) if first == header => (),
                Some(_) => {
                    return Err(Trouble::lasting(format!("page {number} has other headings than page 1")));
                }
            }
        }
        let sums: HashSet<u64> = page.rows.iter().map(|row| sum(row)).collect();
        if !sums.is_empty() && sums == self.before {
            return Err(Trouble::lasting_but(
                format!("page {number} is page {} again", number - 1),
                "does the server know the parameter that `paging` names?",
            ));
        }
        let again = page.rows.iter().filter(|row| self.before.contains(&sum(row))).count();
        for row in &page.rows {
            self.write(row)?;
        }
        self.read.rows += page.rows.len() as u64;
        self.before = sums;
        self.read.newest = later(self.read.newest.take(), page.newest);
        let changed = self.total.zip(page.total).filter(|(before, now)| before != now);
        self.total = page.total.or(self.total);
        Ok(match changed {
            Some((before, now)) => Some(Moved {
                what: format!("page {number} counts {now} rows in all where {before} were counted"),
                is_of_rows: false,
            }),
            None if again > 0 => Some(Moved {
                what: format!("page {number} brings rows of page {} again", number - 1),
                is_of_rows: true,
            }),
            None => None,
        })
    }

    fn write(&mut self, line: &[u8]) -> Result<(), Trouble> {
        self.bytes += line.len() as u64 + 1;
        if self.bytes > self.http.limits.bytes {
            let most = self.http.limits.bytes / 1_000_000;
            return Err(Trouble::lasting_but(
                format!("more than {most} MB came"),
                "if that is right, raise `megabytes` under `limits`",
            ));
        }
        self.file.write_all(line)?;
        self.file.write_all(b"\n")?;
        Ok(())
    }
}

const ROWS_HINT: &str = "`rows` is a JSON pointer to the array of rows, such as `/result/items`";

/// A result that trying again would not change.
fn once<T>(result: Result<T, Trouble>) -> impl FnMut() -> Result<T, Trouble> {
    let mut result = Some(result);
    move || result.take().unwrap_or(Err(Trouble::Stopped))
}

fn url_of(http: &Http) -> Result<Url, Trouble> {
    Url::parse(&http.address.asked).map_err(|_| Trouble::lasting("this is not an address"))
}

/// The question of a source, with parameters in the address, the form or the JSON object.
pub(super) fn question(http: &Http, parameters: &[(String, String)]) -> Result<Question, Trouble> {
    let mut url = url_of(http)?;
    let body = match &http.body {
        Body::None => {
            if !parameters.is_empty() {
                url.query_pairs_mut().extend_pairs(parameters);
            }
            None
        }
        Body::Form(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(fields).extend_pairs(parameters);
            Some(("application/x-www-form-urlencoded", form.finish().into_bytes()))
        }
        Body::Json(object) => {
            let mut object = object.clone();
            for (name, value) in parameters {
                let number = value.parse::<u64>().map(serde_json::Value::from);
                object.insert(name.clone(), number.unwrap_or_else(|_| value.clone().into()));
            }
            Some(("application/json", serde_json::to_vec(&object).unwrap_or_default()))
        }
    };
    Ok(Question { url, headers: http.headers.clone(), body, name: None })
}

/// The value that a JSON pointer leads to.
fn at<'a>(value: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(value) };
    let (name, rest) = rest.split_once('/').map_or((rest, ""), |(name, _)| (name, &rest[name.len()..]));
    let name = name.replace("~1", "/").replace("~0", "~");
    let inner = match value.get().trim_start().as_bytes().first()? {
        b'{' => serde_json::from_str::<HashMap<String, &RawValue>>(value.get()).ok()?.remove(&name)?,
        b'[' => {
            *serde_json::from_str::<Vec<&RawValue>>(value.get()).ok()?.get(name.parse::<usize>().ok()?)?
        }
        _ => return None,
    };
    at(inner, rest)
}

/// A text or a number as text; nothing else.
fn text_of(value: &RawValue) -> Option<String> {
    let text = value.get();
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok(),
        b'-' | b'0'..=b'9' => Some(text.to_owned()),
        _ => None,
    }
}

/// The row as the server wrote it, every digit of it, without line breaks, which in JSON stand only between values.
fn one_line(row: &RawValue) -> Vec<u8> {
    row.get().bytes().map(|byte| if byte == b'\n' || byte == b'\r' { b' ' } else { byte }).collect()
}

/// The greatest value of a column of rows; each row must have it.
fn newest(rows: &[&RawValue], column: &str) -> Result<Option<String>, Trouble> {
    let mut newest = None;
    for row in rows {
        let fields: HashMap<String, &RawValue> = serde_json::from_str(row.get()).unwrap_or_default();
        let value = fields.get(column).and_then(|value| text_of(value));
        let value = value.ok_or_else(|| {
            let cause = format!("a row has no `{column}`, from which the next run would ask");
            Trouble::lasting(cause)
        })?;
        newest = later(newest, Some(value));
    }
    Ok(newest)
}

/// The greater of two watermarks: as numbers where both are, else as texts, as which moments sort.
pub(super) fn later(a: Option<String>, b: Option<String>) -> Option<String> {
    let (Some(a), Some(b)) = (&a, &b) else { return a.or(b) };
    let is_greater = match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => b > a,
        _ => b > a,
    };
    Some(if is_greater { b.clone() } else { a.clone() })
}

fn sum(row: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}

/// Headings and rows of a page of CSV; line breaks within quotes belong to their row.
fn csv_page(bytes: &[u8], number: u64) -> Result<Page, Trouble> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter =
        *b",;\t|".iter().max_by_key(|d| first_line.iter().filter(|byte| byte == d).count()).unwrap_or(&b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
    let mut ends: Vec<usize> = vec![0];
    let mut record = csv::ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => ends.push(usize::try_from(reader.position().byte()).unwrap_or(bytes.len())),
            Ok(false) => break,
            Err(_) => return Err(Trouble::passing(format!("page {number} is not whole CSV"))),
        }
    }
    let lines = ends.windows(2).map(|pair| bytes[pair[0]..pair[1]].trim_ascii_end().to_vec());
    let mut lines: Vec<Vec<u8>> = lines.filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return match number {
            1 => Err(Trouble::passing("page 1 is empty")),
            _ => Ok(Page::default()),
        };
    }
    let header = Some(lines.remove(0));
    Ok(Page { rows: lines, header, ..Page::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("JSON")
    }

    #[test]
    fn a_pointer_leads_to_what_was_written() {
        let value = raw(r#"{"a":{"b":[1.10,{"c/d":"x"}]},"n":12345678901234567890123}"#);
        let shown = |pointer: &str| at(&value, pointer).map(|found| found.get().to_owned());
        assert_eq!(shown("/a/b/0").as_deref(), Some("1.10"));
        assert_eq!(shown("/a/b/1/c~1d").as_deref(), Some("\"x\""));
        // No digit is lost.
        assert_eq!(shown("/n").as_deref(), Some("12345678901234567890123"));
        assert_eq!((shown("/a/x"), shown("/a/b/7"), shown("/n/x")), (None, None, None));
        assert_eq!(shown("").map(|whole| whole.len()), Some(value.get().len()));
    }

    #[test]
    fn a_row_is_one_line() {
        assert_eq!(
            one_line(&raw("{\n \"a\": \"x\\ny\",\r\n \"b\": 1}")),
            b"{  \"a\": \"x\\ny\",   \"b\": 1}"
        );
    }

    #[test]
    fn watermarks_are_compared_as_what_they_are() {
        let later = |a: &str, b: &str| later(Some(a.into()), Some(b.into())).expect("one of them");
        assert_eq!(later("9", "10"), "10");
        assert_eq!(later("2026-09-30T10:00:00", "2026-10-01T00:00:00"), "2026-10-01T00:00:00");
        assert_eq!(later("2026-10-01", "2026-09-30"), "2026-10-01");
    }

    #[test]
    fn a_page_of_csv_has_headings_and_rows() {
        let page = csv_page("\u{feff}a;b\n1;\"x\ny\"\n2;z".as_bytes(), 1).expect("CSV");
        assert_eq!(page.header.as_deref(), Some(b"a;b".as_slice()));
        assert_eq!(page.rows, [b"1;\"x\ny\"".to_vec(), b"2;z".to_vec()]);
        assert!(csv_page(b"", 2).expect("an end").rows.is_empty());
    }
}
