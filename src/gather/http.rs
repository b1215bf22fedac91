//! One question to a server and its answer: who asks, whom a redirect may lead to, what each status means.

use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDateTime};
use ureq::http::{HeaderMap, Request, StatusCode};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::Url;

use super::visit::{Pass, Trouble, Visit};
use crate::model::origin::{Credentials, Limits};
use crate::project::Project;

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub url: Url,
    pub headers: Vec<(String, String)>,
    /// Content type and bytes of a POST.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// What it asks for, where the address does not say it.
    pub name: Option<String>,
}

impl Question {
    /// A GET.
    pub(super) fn of(url: Url) -> Question {
        Question { url, headers: vec![], body: None, name: None }
    }
}

/// What comes back; the turn at the host lasts until it is read.
pub(super) struct Answer<'a> {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Body,
    _pass: Pass<'a>,
}

/// Somebody who asks, with the limits of one source.
pub(super) struct Client<'a> {
    visit: &'a Visit<'a>,
    limits: &'a Limits,
    credentials: Option<&'a Credentials>,
    /// Hosts that a redirect may lead to.
    redirects: &'a [String],
    direct: Agent,
    /// Looks at the address that a name stands for, for hosts that others lead to.
    wary: Agent,
    wary_of_private: Agent,
}

/// More than this is a circle.
const REDIRECTS: u32 = 5;

impl<'a> Client<'a> {
    pub(super) fn new(
        visit: &'a Visit<'a>,
        limits: &'a Limits,
        credentials: Option<&'a Credentials>,
        redirects: &'a [String],
        ca_file: Option<&str>,
    ) -> Result<Client<'a>, Trouble> {
        let roots = match ca_file {
            Some(file) => trusted(visit.berth.project, file)?,
            None => RootCerts::WebPki,
        };
        let config = || {
            Agent::config_builder()
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .user_agent(concat!("chiso/", env!("CARGO_PKG_VERSION")))
                .tls_config(TlsConfig::builder().root_certs(roots.clone()).build())
                .timeout_resolve(Some(limits.silence))
                .timeout_connect(Some(limits.silence))
                .timeout_recv_response(Some(limits.silence))
                .timeout_per_read(Some(limits.silence))
                .timeout_per_write(Some(limits.silence))
                .timeout_global(Some(limits.time))
                .build()
        };
        let guarded = |may_be_private| {
            Agent::with_parts(config(), DefaultConnector::default(), Guard { may_be_private })
        };
        Ok(Client {
            visit,
            limits,
            credentials,
            redirects,
            direct: Agent::new_with_config(config()),
            wary: guarded(true),
            wary_of_private: guarded(false),
        })
    }

    /// Asks and follows redirects that are allowed; an answer that is none is trouble.
    pub(super) fn ask(&self, question: &Question) -> Result<Answer<'a>, Trouble> {
        let (mut asked, mut agent) = (question.clone(), &self.direct);
        for _ in 0..=REDIRECTS {
            let answer = self.send(agent, &asked, asked.url.origin() == question.url.origin())?;
            if !leads_on(answer.status) {
                return self.judge(answer);
            }
            let next = next_url(&asked.url, &answer.headers)?;
            if next.origin() != question.url.origin() {
                agent = self.agent_for(&question.url, &next)?;
            }
            if !matches!(answer.status.as_u16(), 307 | 308) {
                asked.body = None;
            }
            asked.url = next;
        }
        Err(Trouble::lasting("it redirects in a circle"))
    }

    /// Who asks another host than the one that stands in `sources.yml`.
    fn agent_for(&self, first: &Url, next: &Url) -> Result<&Agent, Trouble> {
        let host = next.host_str().unwrap_or_default();
        // Another scheme or port of a host is another program.
        let is_same_host = first.host_str() == Some(host);
        if first.scheme() == "https" && next.scheme() != "https" {
            return Err(Trouble::lasting(format!("it redirects to `{host}` without encryption")));
        }
        if is_same_host && next.scheme() == "https" && next.port().is_none() {
            return Ok(&self.direct);
        }
        if !self.redirects.iter().any(|allowed| allowed == host) {
            return Err(Trouble::lasting_but(
                format!("it redirects to another host, `{host}`"),
                "if that is right, name the host under `redirects`",
            ));
        }
        Ok(if is_private_host(first) { &self.wary } else { &self.wary_of_private })
    }

    fn send(
        &self,
        agent: &Agent,
        question: &Question,
        with_credentials: bool,
    ) -> Result<Answer<'a>, Trouble> {
        let host = question.url.host_str().unwrap_or_default();
        let pass = self.visit.hosts.enter(host, self.limits, self.visit.stop)?;
        let mut request = Request::builder().uri(question.url.as_str());
        for (name, value) in &question.headers {
            request = request.header(name, value);
        }
        if let Some(credentials) = self.credentials.filter(|_| with_credentials) {
            let (name, value) = header_of(credentials)?;
            request = request.header(name, value);
        }
        let unfit = |_| Trouble::lasting("the address or a header has characters that cannot be sent");
        let response = match &question.body {
            None => agent.run(request.method("GET").body(()).map_err(unfit)?),
            Some((kind, bytes)) => {
                let request = request.method("POST").header("content-type", *kind);
                agent.run(request.body(bytes.as_slice()).map_err(unfit)?)
            }
        };
        let (head, body) = response.map_err(|error| self.trouble(&error))?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body, _pass: pass })
    }

    /// Success and "not changed" are answers; all else is trouble that passes or lasts.
    fn judge(&self, answer: Answer<'a>) -> Result<Answer<'a>, Trouble> {
        let status = answer.status;
        let cause = format!("HTTP {status}");
        match status.as_u16() {
            200..=299 | 304 | 416 => Ok(answer),
            408 | 425 | 429 | 500 | 502..=504 | 506..=599 => {
                Err(Trouble::Passing { cause, wait: retry_after(&answer.headers, self.visit.berth.now) })
            }
            401 | 403 => Err(Trouble::lasting_but(
                cause,
                match self.credentials {
                    None => {
                        "it wants to know who asks: `credentials` name the variables that say so".to_owned()
                    }
                    Some(credentials) => format!("it does not take what {} holds", variables(credentials)),
                },
            )),
            _ => Err(Trouble::lasting(cause)),
        }
    }

    /// Reads a body to its end, a piece at a time; at most `most` bytes.
    pub(super) fn read(
        &self,
        body: Body,
        most: u64,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<u64, Trouble> {
        let promised = body.content_length();
        if promised.is_some_and(|length| length > most) {
            return Err(self.too_much());
        }
        let mut reader = body.into_reader();
        let mut buffer = vec![0; 1 << 16];
        let mut length = 0;
        loop {
            if self.visit.is_stopped() {
                return Err(Trouble::Stopped);
            }
            let n = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.broken(&error, length)),
            };
            length += n as u64;
            if length > most {
                return Err(self.too_much());
            }
            take(&buffer[..n])?;
        }
        match promised {
            Some(promised) if promised != length => {
                Err(Trouble::passing(format!("{length} of {promised} bytes came")))
            }
            _ => Ok(length),
        }
    }

    fn too_much(&self) -> Trouble {
        let most = self.limits.bytes / 1_000_000;
        Trouble::lasting_but(
            format!("more than {most} MB came"),
            "if that is right, raise `megabytes` under `limits`",
        )
    }

    fn broken(&self, error: &io::Error, length: u64) -> Trouble {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
        match inner.map(|inner| self.trouble(inner)) {
            Some(Trouble::Passing { cause, wait }) => {
                Trouble::Passing { cause: format!("{cause}, after {length} bytes"), wait }
            }
            Some(other) => other,
            None if error.kind() == io::ErrorKind::TimedOut => self.silent(),
            None => Trouble::passing(format!("the connection broke after {length} bytes: {error}")),
        }
    }

    fn silent(&self) -> Trouble {
        Trouble::passing(format!("nothing came for {} s", self.limits.silence.as_secs()))
    }

    /// In our own words: those of a library may hold the whole address.
    fn trouble(&self, error: &ureq::Error) -> Trouble {
        use ureq::{Error, Timeout};
        match error {
            Error::Timeout(Timeout::Global | Timeout::PerCall) => {
                Trouble::passing(format!("it took longer than {} s", self.limits.time.as_secs()))
            }
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
                Trouble::passing(format!("no connection within {} s", self.limits.silence.as_secs()))
            }
            Error::Timeout(_) => self.silent(),
            Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Trouble::lasting(error.to_string())
            }
            Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => self.silent(),
            Error::Io(error) if of_tls(error).is_some() => unproven(&error.to_string()),
            Error::Io(error) => Trouble::passing(format!("no connection: {error}")),
            Error::HostNotFound => Trouble::passing("the name of the host is not known"),
            Error::ConnectionFailed => Trouble::passing("no connection"),
            Error::Rustls(error) => unproven(&error.to_string()),
            Error::Protocol(_) => Trouble::passing("what came is not HTTP, or broke off"),
            Error::BadUri(_) | Error::Http(_) => Trouble::lasting("the address cannot be asked"),
            _ => Trouble::passing("the connection failed"),
        }
    }
}

/// What is wrong with a certificate comes to light while bytes are exchanged, and so as an error of that.
fn of_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

fn unproven(cause: &str) -> Trouble {
    Trouble::lasting_but(
        format!("the server does not prove to be itself: {cause}"),
        "if its certificate comes from an authority of your own, name that under `ca_file`",
    )
}

fn leads_on(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn next_url(from: &Url, headers: &HeaderMap) -> Result<Url, Trouble> {
    let location = headers.get("location").and_then(|value| value.to_str().ok());
    let next = location.and_then(|location| from.join(location).ok());
    next.filter(|url| ["http", "https"].contains(&url.scheme()) && url.host_str().is_some())
        .ok_or_else(|| Trouble::lasting("it redirects to nowhere"))
}

/// The certificates of a file, which are then the only ones trusted.
fn trusted(project: &Project, file: &str) -> Result<RootCerts, Trouble> {
    let read = std::fs::read(project.path(file));
    let bytes = read.map_err(|error| Trouble::lasting(format!("cannot read `{file}`: {error}")))?;
    let certificates: Vec<_> = parse_pem(&bytes)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err(Trouble::lasting(format!("`{file}` holds no certificate in PEM")));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

/// Name and value of the header that says who asks.
fn header_of(credentials: &Credentials) -> Result<(&str, String), Trouble> {
    let told = |revealed: Result<&str, String>| {
        revealed
            .map(str::to_owned)
            .map_err(|cause| Trouble::lasting_but(cause, "set it where the program is started"))
    };
    Ok(match credentials {
        Credentials::Bearer(token) => ("authorization", format!("Bearer {}", told(token.reveal())?)),
        Credentials::Basic { user, password } => {
            let both = format!("{}:{}", told(user.reveal())?, told(password.reveal())?);
            ("authorization", format!("Basic {}", BASE64_STANDARD.encode(both)))
        }
        Credentials::Header { name, value } => (name.as_str(), told(value.reveal())?),
    })
}

fn variables(credentials: &Credentials) -> String {
    match credentials {
        Credentials::Bearer(token) => format!("`{}`", token.variable),
        Credentials::Basic { user, password } => format!("`{}`, `{}`", user.variable, password.variable),
        Credentials::Header { value, .. } => format!("`{}`", value.variable),
    }
}

/// How long the server wants to be left alone: in seconds, or until a moment by its own clock.
fn retry_after(headers: &HeaderMap, now: &str) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = DateTime::parse_from_rfc2822(text).ok()?;
    let clock = headers.get("date").and_then(|date| DateTime::parse_from_rfc2822(date.to_str().ok()?).ok());
    let clock = clock
        .map(|clock| clock.to_utc())
        .or_else(|| NaiveDateTime::parse_from_str(now, "%Y-%m-%d %H:%M:%S").ok().map(|now| now.and_utc()))?;
    Some((moment.to_utc() - clock).to_std().unwrap_or_default())
}

/// Refuses addresses that somebody else must not lead us to; it looks at what a name stands for just before connecting.
#[derive(Debug)]
struct Guard {
    may_be_private: bool,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        for address in &*found {
            let ip = address.ip().to_canonical();
            if is_own(ip) || (is_private(ip) && !self.may_be_private) {
                let cause = format!(
                    "it redirects to `{}`, which is the address {ip} of an inner network",
                    uri.host().unwrap_or_default()
                );
                return Err(ureq::Error::Io(io::Error::new(io::ErrorKind::PermissionDenied, cause)));
            }
        }
        Ok(found)
    }
}

/// This machine, or what answers only on the next wire, such as the data about a machine in a cloud.
fn is_own(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_link_local() || ip.is_broadcast(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified() || ip.is_unicast_link_local(),
    }
}

/// An inner network; one that is asked in it may lead to another in it.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || (ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

fn is_private_host(url: &Url) -> bool {
    let port = url.port_or_known_default().unwrap_or(443);
    let found = (url.host_str().unwrap_or_default().trim_matches(['[', ']']), port).to_socket_addrs();
    found.is_ok_and(|mut found| found.all(|address: SocketAddr| is_private(address.ip().to_canonical())))
}

/// The text of a header.
pub(super) fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
