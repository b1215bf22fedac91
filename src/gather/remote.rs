//! What a server answers, landed: one file that is replaced by the next, or one more file for each watermark.

use std::path::Path;

use super::bundle::Bundle;
use super::download::{Fetched, Marks, Part, download, expect_whole, sum};
use super::files::Slots;
use super::http::Client;
use super::landing::{Arrival, Landing, State, harmless};
use super::pages::{Read, later, question, read_pages};
use super::visit::{Failure, Trouble, Visit};
use crate::model::origin::{Http, Since};
use crate::model::source::{Format, Landed, Members};

/// The marks of what landed, as they stand in the manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Stamp {
    #[serde(flatten)]
    pub marks: Marks,
    /// Sum of the question: marks of one thing say nothing about another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// What the next run asks from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<String>,
}

impl Stamp {
    pub(super) fn of(file: &Landed) -> Stamp {
        serde_json::from_str(&file.stamp).unwrap_or_default()
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("texts are JSON")
    }
}

/// Lands what a server answers.
pub(super) fn land(visit: &Visit, http: &Http) -> Landing {
    let client =
        Client::new(visit, &http.limits, http.credentials.as_ref(), &http.redirects, http.ca_file.as_deref());
    let landed = match client {
        Ok(client) => fetch(visit, http, &client),
        Err(trouble) => visit.persist(&http.limits, once(trouble)),
    };
    with_former(visit, http.since.as_ref(), landed)
}

/// Trouble that was there before anything was tried.
fn once<T>(trouble: Trouble) -> impl FnMut() -> Result<T, Trouble> {
    let mut trouble = Some(trouble);
    move || Err(trouble.take().unwrap_or(Trouble::Stopped))
}

/// What is there of a source: what came before and what came now; nothing is lost because a server does not answer.
pub(super) fn with_former(
    visit: &Visit,
    since: Option<&Since>,
    landed: Result<Vec<(Landed, State)>, Failure>,
) -> Landing {
    let mut landing = Landing::default();
    match landed {
        Ok(files) => files.into_iter().for_each(|(file, state)| landing.take(file, state)),
        Err(failure) => landing.problems.push(visit.problem(&failure)),
    }
    let is_in_use = |file: &&Landed| is_delta(file) == since.is_some();
    let came: Vec<String> = landing.files.iter().map(|file| file.path.clone()).collect();
    let is_replaced = since.is_none() && !came.is_empty();
    for file in visit.berth.known_files().into_iter().filter(is_in_use) {
        if !is_replaced && !came.contains(&file.path) {
            landing.files.push(file.clone());
        }
    }
    landing.files.sort_by(|a, b| a.path.cmp(&b.path));
    landing
}

/// Files that hold only what was new when they came.
fn is_delta(file: &Landed) -> bool {
    Stamp::of(file).watermark.is_some()
}

/// Our own disk fails, which asking again would not change.
pub(super) fn on_disk(error: std::io::Error) -> Failure {
    let cause = format!("cannot write what came: {error}");
    Failure { cause, hint: None, attempts: 1, is_stopped: false }
}

fn fetch(visit: &Visit, http: &Http, client: &Client) -> Result<Vec<(Landed, State)>, Failure> {
    let part = Part { path: visit.berth.part_path("fetched").map_err(on_disk)? };
    if http.rows.is_some() || http.paging.is_some() || http.since.is_some() {
        return taken_apart(visit, http, client, &part.path).and_then(|landed| landed.map_err(on_disk));
    }
    let source = visit.berth.source;
    let asked = question(http, &[]).map(|question| sum(&question)).unwrap_or_default();
    let former = former_marks(visit, &asked);
    let fetched = visit.persist(&http.limits, || {
        let fetched = download(client, &question(http, &[])?, &former, &part, &http.limits)?;
        if let Fetched::File(_) = &fetched {
            let format = source.format.filter(|_| source.members.is_none());
            expect_whole(&part.path, format).inspect_err(|_| part.drop())?;
        }
        Ok(fetched)
    })?;
    match fetched {
        Fetched::Unchanged => Ok(known(visit)),
        Fetched::File(marks) => {
            let stamp = Stamp { marks, question: Some(asked), watermark: None }.text();
            let landed = match &source.members {
                Some(members) => unpacked(visit, members, &part, &stamp)?,
                None => vec![admitted(visit, "data", stamp, &part.path).map_err(on_disk)?],
            };
            part.done();
            Ok(landed)
        }
    }
}

/// What landed before and is still kept.
fn known(visit: &Visit) -> Vec<(Landed, State)> {
    let files = visit.berth.known_files().into_iter();
    files.filter(|file| !is_delta(file)).map(|file| (file.clone(), State::Known)).collect()
}

/// By what the server may know that nothing changed: the marks that all former files carry, if they are kept.
fn former_marks(visit: &Visit, asked: &str) -> Marks {
    let mut stamps = known(visit).into_iter().map(|(file, _)| Stamp::of(&file));
    let first = stamps.next().unwrap_or_default();
    let is_of_this = first.question.as_deref() == Some(asked) && stamps.all(|other| other == first);
    if is_of_this { first.marks } else { Marks::default() }
}

type Written = Result<Vec<(Landed, State)>, std::io::Error>;

fn taken_apart(visit: &Visit, http: &Http, client: &Client, part: &Path) -> Result<Written, Failure> {
    let since = http.since.as_ref().map(|since| watermark(visit, since));
    let read = read_pages(visit, client, http, since.as_deref(), part)?;
    Ok(landed_rows(visit, since, &read, part))
}

/// What the next question asks from: the greatest watermark that landed, or the first one.
pub(super) fn watermark(visit: &Visit, since: &Since) -> String {
    let files = visit.berth.known_files().into_iter();
    let newest = files.filter_map(|file| Stamp::of(file).watermark).fold(None, |a, b| later(a, Some(b)));
    newest.unwrap_or_else(|| since.start.clone())
}

/// Lands rows; those since a watermark beside what came before.
pub(super) fn landed_rows(visit: &Visit, since: Option<String>, read: &Read, part: &Path) -> Written {
    let Some(since) = since else {
        return Ok(vec![admitted(visit, "data", Stamp::default().text(), part)?]);
    };
    if read.rows == 0 {
        std::fs::remove_file(part)?;
        return Ok(vec![]);
    }
    let watermark = later(Some(since.clone()), read.newest.clone());
    let stamp = Stamp { watermark, ..Stamp::default() };
    Ok(vec![admitted(visit, &format!("since-{}", harmless(&since)), stamp.text(), part)?])
}

fn admitted(visit: &Visit, stem: &str, stamp: String, part: &Path) -> std::io::Result<(Landed, State)> {
    let source = visit.berth.source;
    let ending = match source.format {
        Some(Format::Xlsx) => "xlsx",
        Some(Format::Json) => "json",
        Some(Format::Ndjson) => "ndjson",
        Some(Format::Parquet) => "parquet",
        Some(Format::Csv) | None => "csv",
    };
    let path = format!("{}/{stem}.{ending}", source.id);
    visit.berth.admit(Arrival { slot: path.clone(), path, stamp }, part)
}

fn unpacked(
    visit: &Visit,
    members: &Members,
    part: &Part,
    stamp: &str,
) -> Result<Vec<(Landed, State)>, Failure> {
    let berth = visit.berth;
    let (slots, name) = (Slots::of(berth.source), berth.source.id.to_string());
    Bundle { berth, slots: &slots, name: &name, stamp, members }.land_fetched(part)
}
