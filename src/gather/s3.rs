//! The objects of a bucket: any store that speaks the S3 protocol. Requests are signed by `rusty-s3` and sent as all others are.

use std::borrow::Cow;
use std::time::Duration;

use glob::{MatchOptions, Pattern};
use rusty_s3::actions::{ListObjectsV2, S3Action};
use rusty_s3::{Bucket, Credentials, UrlStyle};
use url::Url;

use super::bundle::Bundle;
use super::download::{Fetched, Marks, Part, download};
use super::files::Slots;
use super::http::{Client, Question};
use super::landing::{Arrival, Landing, State};
use super::remote::{Stamp, on_disk};
use super::visit::{Failure, Trouble, Visit};
use crate::diagnostic::Diagnostic;
use crate::model::origin::S3;
use crate::model::source::{Landed, Members};

/// An object as the store lists it.
struct Object {
    key: String,
    marks: Marks,
}

/// How long a signature holds.
const SIGNED_FOR: Duration = Duration::from_secs(900);
/// A list comes in pages of a thousand names.
const LIST_BYTES: u64 = 16_000_000;

/// What is asked of one bucket.
struct Store<'a> {
    visit: &'a Visit<'a>,
    s3: &'a S3,
    client: Client<'a>,
    bucket: Bucket,
    credentials: Option<Credentials>,
    slots: Slots,
}

/// Lands the objects whose keys are like the pattern; one that does not come leaves the others unharmed.
pub(super) fn land(visit: &Visit, s3: &S3) -> Landing {
    let listed = Store::open(visit, s3).and_then(|store| store.list().map(|objects| (store, objects)));
    let (store, objects) = match listed {
        Ok(listed) => listed,
        Err(failure) => {
            let mut landing = Landing::failed(visit.problem(&failure));
            landing.files = visit.berth.known_files().into_iter().cloned().collect();
            return landing;
        }
    };
    let mut landing = Landing::default();
    let source = visit.berth.source;
    if objects.is_empty() && !source.optional {
        let shown = source.origin.shown().unwrap_or_default();
        let problem = Diagnostic::error(format!("source `{}`: no object at {shown}", source.id));
        landing.problems.push(problem.in_file("sources.yml").hint("check `keys`, or ask the sender"));
    }
    for (n, object) in objects.iter().enumerate() {
        (visit.tell)(format!("object {} of {}", n + 1, objects.len()));
        match store.object(object) {
            Ok(files) => files.into_iter().for_each(|(file, state)| landing.take(file, state)),
            Err(failure) => {
                let failure = Failure { cause: format!("`{}`: {}", object.key, failure.cause), ..failure };
                landing.problems.push(visit.problem(&failure));
                landing.files.extend(store.formers(object).into_iter().cloned());
                if failure.is_stopped {
                    break;
                }
            }
        }
    }
    landing
}

impl<'a> Store<'a> {
    fn open(visit: &'a Visit, s3: &'a S3) -> Result<Store<'a>, Failure> {
        let open = || {
            let client = Client::new(visit, &s3.limits, None, &[], s3.ca_file.as_deref())?;
            let endpoint =
                Url::parse(&s3.endpoint.asked).map_err(|_| Trouble::lasting("this is not an address"))?;
            let bucket = Bucket::new(endpoint, UrlStyle::Path, s3.bucket.clone(), s3.region.clone());
            let bucket = bucket.map_err(|error| Trouble::lasting(format!("this is no bucket: {error}")))?;
            let told = |revealed: Result<&str, String>| {
                revealed
                    .map(str::to_owned)
                    .map_err(|cause| Trouble::lasting_but(cause, "set it where the program is started"))
            };
            let credentials = match &s3.credentials {
                Some((key, secret)) => Some(Credentials::new(told(key.reveal())?, told(secret.reveal())?)),
                None => None,
            };
            Ok(Store { visit, s3, client, bucket, credentials, slots: Slots::of(visit.berth.source) })
        };
        visit.persist(&s3.limits, open)
    }

    /// All objects that are like the pattern, by key.
    fn list(&self) -> Result<Vec<Object>, Failure> {
        let pattern = Pattern::new(&self.s3.keys).unwrap_or_default();
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
        let mut objects = vec![];
        let mut token: Option<String> = None;
        loop {
            let page = self.visit.persist(&self.s3.limits, || self.list_page(token.as_deref()))?;
            for listed in page.contents {
                if !listed.key.ends_with('/') && pattern.matches_with(&listed.key, options) {
                    let marks = Marks { etag: listed.etag, modified: listed.last_modified };
                    objects.push(Object { key: listed.key, marks });
                }
            }
            token = match page.next_continuation_token {
                Some(next) if token.as_ref() != Some(&next) => Some(next),
                _ => break,
            };
        }
        objects.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(objects)
    }

    fn list_page(&self, token: Option<&str>) -> Result<rusty_s3::actions::ListObjectsV2Response, Trouble> {
        let mut action = self.bucket.list_objects_v2(self.credentials.as_ref());
        let prefix = self.s3.keys.split(['*', '?', '[']).next().unwrap_or_default();
        if !prefix.is_empty() {
            action.with_prefix(Cow::Borrowed(prefix));
        }
        if let Some(token) = token {
            action.with_continuation_token(Cow::Borrowed(token));
        }
        let question = Question::of(action.sign(SIGNED_FOR));
        let answer = self.client.ask(&question).map_err(|trouble| self.with_hint(trouble))?;
        let mut bytes = vec![];
        self.client.read(answer.body, LIST_BYTES, |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        // Some stores write the name of the format the other way round.
        let text = String::from_utf8_lossy(&bytes)
            .replace("http://doc.s3.amazonaws.com/2006-03-01", "http://s3.amazonaws.com/doc/2006-03-01")
            .replace("/doc/2006-03-01\"", "/doc/2006-03-01/\"");
        ListObjectsV2::parse_response(&text)
            .map_err(|_| Trouble::lasting("what answers there is no store that speaks the S3 protocol"))
    }

    /// Who was not let in is told which variables said who it is.
    fn with_hint(&self, trouble: Trouble) -> Trouble {
        match (trouble, &self.s3.credentials) {
            (Trouble::Lasting { cause, hint: Some(_) }, Some((key, secret))) => Trouble::lasting_but(
                cause,
                format!("the store does not take what `{}` and `{}` hold", key.variable, secret.variable),
            ),
            (trouble, _) => trouble,
        }
    }

    fn path(&self, object: &Object) -> String {
        format!("{}/{}", self.visit.berth.source.id, object.key)
    }

    /// What landed of an object before, or of the files within it.
    fn formers(&self, object: &Object) -> Vec<&'a Landed> {
        self.visit.berth.formers(&self.path(object))
    }

    fn object(&self, object: &Object) -> Result<Vec<(Landed, State)>, Failure> {
        let stamp = Stamp { marks: object.marks.clone(), ..Stamp::default() };
        let formers = self.formers(object);
        let is_known = !formers.is_empty() && formers.iter().all(|file| Stamp::of(file) == stamp);
        if is_known && object.marks != Marks::default() {
            return Ok(formers.into_iter().map(|file| (file.clone(), State::Known)).collect());
        }
        let visit = self.visit;
        let part = Part { path: visit.berth.part_path("fetched").map_err(on_disk)? };
        visit.persist(&self.s3.limits, || self.fetch(object, &part))?;
        let landed = match &visit.berth.source.members {
            Some(members) => self.unpack(object, members, &part, &stamp.text())?,
            None => {
                let path = self.path(object);
                let slot = self.slots.slot(&path);
                let arrival = Arrival { path, slot, stamp: stamp.text() };
                vec![visit.berth.admit(arrival, &part.path).map_err(on_disk)?]
            }
        };
        part.done();
        Ok(landed)
    }

    fn fetch(&self, object: &Object, part: &Part) -> Result<(), Trouble> {
        if object.key.split('/').any(|name| name.is_empty() || name == "." || name == "..") {
            return Err(Trouble::lasting("an address cannot hold this key"));
        }
        let url = self.bucket.get_object(self.credentials.as_ref(), &object.key).sign(SIGNED_FOR);
        // The signature differs each time; what is asked for is known by its key and its mark.
        let name = format!("{}/{} {:?}", self.s3.bucket, object.key, object.marks);
        let question = Question { name: Some(name), ..Question::of(url) };
        match download(&self.client, &question, &Marks::default(), part, &self.s3.limits)? {
            Fetched::File(_) => Ok(()),
            Fetched::Unchanged => Err(Trouble::passing("it says that nothing changed, which was not asked")),
        }
    }

    fn unpack(
        &self,
        object: &Object,
        members: &Members,
        part: &Part,
        stamp: &str,
    ) -> Result<Vec<(Landed, State)>, Failure> {
        let name = self.path(object);
        let bundle = Bundle { berth: self.visit.berth, slots: &self.slots, name: &name, stamp, members };
        bundle.land_fetched(part)
    }
}
