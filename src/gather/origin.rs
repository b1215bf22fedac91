//! Reads `http`, `s3` and `postgres` of an entry of `sources.yml`.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Deserialize;
use url::Url;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::origin::{
    Address, Body, Credentials, Http, Limits, Origin, Paging, PagingKind, Postgres, S3, Secret, Since,
};
use crate::project::{Placed, range_of};

/// How many requests a host gets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HostFile {
    connections: Option<u32>,
    requests_per_second: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsFile {
    attempts: Option<u32>,
    first_wait_ms: Option<u64>,
    longest_wait_seconds: Option<u64>,
    silence_seconds: Option<u64>,
    time_seconds: Option<u64>,
    megabytes: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HttpFile {
    url: Placed<String>,
    form: Option<IndexMap<String, Placed<String>>>,
    json: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(default)]
    headers: IndexMap<String, Placed<String>>,
    credentials: Option<Placed<CredentialsFile>>,
    paging: Option<Placed<PagingFile>>,
    rows: Option<Placed<String>>,
    total: Option<Placed<String>>,
    since: Option<SinceFile>,
    #[serde(default)]
    redirects: Vec<String>,
    ca_file: Option<String>,
    #[serde(default)]
    limits: LimitsFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsFile {
    bearer: Option<Placed<String>>,
    basic: Option<BasicFile>,
    header: Option<HeaderFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BasicFile {
    user: Placed<String>,
    password: Placed<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderFile {
    name: String,
    value: Placed<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PagingFile {
    by: PagingKindFile,
    parameter: Option<String>,
    first: Option<u64>,
    size_parameter: Option<String>,
    size: Option<u64>,
    next: Option<Placed<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PagingKindFile {
    Page,
    Offset,
    Cursor,
    Link,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SinceFile {
    parameter: Option<String>,
    column: String,
    start: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct S3File {
    endpoint: Placed<String>,
    bucket: Placed<String>,
    region: Option<String>,
    keys: Placed<String>,
    credentials: Option<KeyFile>,
    ca_file: Option<String>,
    #[serde(default)]
    limits: LimitsFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: Placed<String>,
    secret: Placed<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PostgresFile {
    host: Placed<String>,
    port: Option<u16>,
    database: String,
    user: Placed<String>,
    password: Option<Placed<String>>,
    tls: Option<bool>,
    ca_file: Option<String>,
    query: Placed<String>,
    since: Option<SinceFile>,
    #[serde(default)]
    limits: LimitsFile,
}

/// What the entries of one `sources.yml` are read with.
pub(super) struct Reading<'a> {
    pub file: &'a Source,
    pub variables: &'a HashMap<String, String>,
    pub hosts: &'a BTreeMap<String, HostFile>,
}

impl Reading<'_> {
    pub(super) fn http(&self, http: HttpFile, problems: &mut Problems) -> Option<Origin> {
        let address = problems.keep(self.address(&http.url));
        let host = address.as_ref().map(|(host, _)| host.clone()).unwrap_or_default();
        let body = self.body(&http, problems);
        let headers = self.expand_all(&http.headers, problems);
        let credentials = http.credentials.as_ref().and_then(|given| problems.keep(self.credentials(given)));
        let paging = http.paging.as_ref().and_then(|given| problems.keep(self.paging(given)));
        for pointer in [&http.rows, &http.total].into_iter().flatten() {
            problems.keep(self.pointer(pointer));
        }
        let (_, address) = address?;
        Some(Origin::Http(Box::new(Http {
            address,
            body,
            headers,
            credentials,
            paging,
            rows: http.rows.map(|pointer| pointer.value),
            total: http.total.map(|pointer| pointer.value),
            since: http.since.map(since),
            redirects: http.redirects,
            ca_file: http.ca_file,
            limits: self.limits(&http.limits, &host),
        })))
    }

    pub(super) fn s3(&self, s3: S3File, problems: &mut Problems) -> Option<Origin> {
        let endpoint = problems.keep(self.address(&s3.endpoint));
        if let Err(error) = glob::Pattern::new(&s3.keys.value) {
            let place = self.place(range_of(self.file, &s3.keys), error.msg);
            problems.push(Diagnostic::error("`keys` is not a pattern").at(place));
        }
        let secrets = s3
            .credentials
            .map(|given| (problems.keep(self.secret(&given.key)), problems.keep(self.secret(&given.secret))));
        let bucket = problems.keep(self.expand(&s3.bucket)).unwrap_or_default();
        let (host, endpoint) = endpoint?;
        Some(Origin::S3(Box::new(S3 {
            endpoint,
            bucket,
            region: s3.region.unwrap_or_else(|| "us-east-1".to_owned()),
            keys: s3.keys.value,
            credentials: secrets.and_then(|(key, secret)| key.zip(secret)),
            ca_file: s3.ca_file,
            limits: self.limits(&s3.limits, &host),
        })))
    }

    pub(super) fn postgres(&self, given: PostgresFile, problems: &mut Problems) -> Option<Origin> {
        let host = problems.keep(self.expand(&given.host)).unwrap_or_default();
        let user = problems.keep(self.secret(&given.user));
        let password = given.password.as_ref().and_then(|name| problems.keep(self.secret(name)));
        let tls = given.tls.unwrap_or(true);
        if tls && given.ca_file.is_none() {
            let place = self.place(range_of(self.file, &given.host), "nothing proves that it is this host");
            let hint = "name the certificate of the database's authority under `ca_file`, or write `tls: false` where \
                nobody else is on the way";
            problems.push(Diagnostic::error("an encrypted connection needs `ca_file`").at(place).hint(hint));
        }
        let query = given.query.value.trim().trim_end_matches(';').to_owned();
        if given.since.is_some() != query.contains(SINCE) {
            let place = self.place(range_of(self.file, &given.query), "");
            let hint =
                "`since` puts the watermark in the place of `$since` in the query; one needs the other";
            problems.push(Diagnostic::error("`since` and `$since` do not go together").at(place).hint(hint));
        }
        Some(Origin::Postgres(Box::new(Postgres {
            limits: self.limits(&given.limits, &host),
            host,
            port: given.port.unwrap_or(5432),
            database: given.database,
            user: user?,
            password,
            tls,
            ca_file: given.ca_file,
            query,
            since: given.since.map(since),
        })))
    }

    fn place(&self, range: Range<usize>, label: impl Into<String>) -> crate::diagnostic::Place {
        self.file.place(range, label)
    }

    /// The host and the address.
    fn address(&self, given: &Placed<String>) -> Result<(String, Address), Diagnostic> {
        let asked = self.expand(given)?;
        let fails = |what: &str, label: String| {
            Diagnostic::error(what).at(self.place(range_of(self.file, given), label))
        };
        let url = Url::parse(&asked).map_err(|error| fails("this is not an address", error.to_string()))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        if !["http", "https"].contains(&url.scheme()) || host.is_empty() {
            return Err(fails(
                "this is not an address",
                "expected `https://` or `http://` and a host".into(),
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(fails("an address holds no credentials", String::new())
                .hint("name the variables that hold them under `credentials`"));
        }
        let shown = given.value.split(['?', '#']).next().unwrap_or_default().to_owned();
        Ok((host, Address { asked, shown }))
    }

    fn body(&self, http: &HttpFile, problems: &mut Problems) -> Body {
        match (&http.form, &http.json) {
            (None, None) => Body::None,
            (Some(form), None) => Body::Form(self.expand_all(form, problems)),
            (None, Some(json)) => Body::Json(json.clone()),
            (Some(_), Some(_)) => {
                let place = self.place(range_of(self.file, &http.url), "");
                problems.push(Diagnostic::error("a request has `form` or `json`, not both").at(place));
                Body::None
            }
        }
    }

    fn credentials(&self, given: &Placed<CredentialsFile>) -> Result<Credentials, Problems> {
        let credentials = &given.value;
        Ok(match (&credentials.bearer, &credentials.basic, &credentials.header) {
            (Some(bearer), None, None) => Credentials::Bearer(self.secret(bearer)?),
            (None, Some(basic), None) => Credentials::Basic {
                user: self.secret(&basic.user)?,
                password: self.secret(&basic.password)?,
            },
            (None, None, Some(header)) => {
                Credentials::Header { name: header.name.clone(), value: self.secret(&header.value)? }
            }
            _ => {
                let place = self.place(range_of(self.file, given), "one of `bearer`, `basic`, `header`");
                return Err(Diagnostic::error("credentials are of one kind").at(place).into());
            }
        })
    }

    /// The name of a variable; a value that was written there by mistake is not shown.
    fn secret(&self, name: &Placed<String>) -> Result<Secret, Diagnostic> {
        let is_name = |text: &str| {
            !text.is_empty()
                && !text.starts_with(|c: char| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        if is_name(&name.value) {
            return Ok(Secret::new(&name.value, self.variables.get(&name.value).cloned()));
        }
        let (line, _) = self.file.line_and_column(range_of(self.file, name).start);
        Err(Diagnostic::error(format!("{}:{line}: a credential is not the name of a variable", self.file.path))
            .in_file(&self.file.path)
            .hint("write the name of the environment variable that holds it, such as `PORTAL_TOKEN`; never the value"))
    }

    fn paging(&self, given: &Placed<PagingFile>) -> Result<Paging, Problems> {
        let paging = &given.value;
        let kind = match paging.by {
            PagingKindFile::Page => PagingKind::Page,
            PagingKindFile::Offset => PagingKind::Offset,
            PagingKindFile::Cursor => PagingKind::Cursor,
            PagingKindFile::Link => PagingKind::Link,
        };
        let hands_on = matches!(kind, PagingKind::Cursor | PagingKind::Link);
        let fails = |what: &str| {
            Problems::from(Diagnostic::error(what).at(self.place(range_of(self.file, given), "")))
        };
        if paging.parameter.is_none() && kind != PagingKind::Link {
            return Err(fails("`paging` needs the `parameter` that says which page is asked for"));
        }
        if hands_on && paging.next.is_none() {
            return Err(fails("`paging` by cursor or link needs `next`, a JSON pointer to what leads on"));
        }
        if let Some(next) = &paging.next {
            self.pointer(next)?;
        }
        if paging.size_parameter.is_some() != paging.size.is_some() {
            return Err(fails("`size_parameter` and `size` go together"));
        }
        let first = paging.first.unwrap_or(u64::from(kind == PagingKind::Page));
        Ok(Paging {
            kind,
            parameter: paging.parameter.clone().unwrap_or_default(),
            first,
            size: paging.size_parameter.clone().zip(paging.size),
            next: paging.next.as_ref().map(|next| next.value.clone()).unwrap_or_default(),
        })
    }

    fn pointer(&self, given: &Placed<String>) -> Result<(), Diagnostic> {
        if given.value.is_empty() || given.value.starts_with('/') {
            return Ok(());
        }
        let place = self.place(range_of(self.file, given), "begins with `/`");
        Err(Diagnostic::error("this is not a JSON pointer")
            .at(place)
            .hint("`/result/items` is `items` in `result`"))
    }

    fn limits(&self, given: &LimitsFile, host: &str) -> Limits {
        let of_host = self.hosts.get(host).cloned().unwrap_or_default();
        Limits {
            attempts: given.attempts.unwrap_or(4).max(1),
            first_wait: Duration::from_millis(given.first_wait_ms.unwrap_or(1000)),
            longest_wait: Duration::from_secs(given.longest_wait_seconds.unwrap_or(60)),
            silence: Duration::from_secs(given.silence_seconds.unwrap_or(60).max(1)),
            time: Duration::from_secs(given.time_seconds.unwrap_or(1800).max(1)),
            bytes: given.megabytes.unwrap_or(1024).saturating_mul(1_000_000),
            connections: of_host.connections.unwrap_or(4).max(1),
            per_second: of_host.requests_per_second.filter(|rate| *rate > 0.0),
        }
    }

    fn expand_all(
        &self,
        given: &IndexMap<String, Placed<String>>,
        problems: &mut Problems,
    ) -> Vec<(String, String)> {
        let expanded = given
            .iter()
            .filter_map(|(name, value)| problems.keep(self.expand(value)).map(|value| (name.clone(), value)));
        expanded.collect()
    }

    /// Puts environment variables in: `${NAME}` must be set, `${NAME:-default}` need not.
    pub(super) fn expand(&self, text: &Placed<String>) -> Result<String, Diagnostic> {
        let mut expanded = String::new();
        let mut rest = text.value.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            expanded.push_str(before);
            let Some((inside, after)) = after.split_once('}') else {
                let place = self.place(range_of(self.file, text), "`${` without `}`");
                return Err(Diagnostic::error("a variable in the path does not end").at(place));
            };
            let (name, default) = match inside.split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (inside, None),
            };
            let value = self.variables.get(name).filter(|value| !value.is_empty());
            match value.map(String::as_str).or(default) {
                Some(value) => expanded.push_str(value),
                None => {
                    let place = self.place(range_of(self.file, text), format!("`{name}` is not set"));
                    return Err(Diagnostic::error(format!("the environment has no variable `{name}`"))
                        .at(place)
                        .hint(format!("set it, or write `${{{name}:-default}}`")));
                }
            }
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

/// What stands for the watermark in a query.
pub(super) const SINCE: &str = "$since";

fn since(given: SinceFile) -> Since {
    Since {
        parameter: given.parameter.unwrap_or_else(|| "since".into()),
        column: given.column,
        start: given.start,
    }
}
