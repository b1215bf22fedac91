//! Where the data of a source are, and how politely they are asked for.

use std::fmt;
use std::time::Duration;

/// Where the data of an entry of `sources.yml` are.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// Files at a glob, with environment variables already put in.
    Files(String),
    /// What a server answers.
    Http(Box<Http>),
    /// The objects of a bucket.
    S3(Box<S3>),
    /// The rows of a query.
    Postgres(Box<Postgres>),
}

/// An address as it is asked, and as it may be shown: with the names of variables instead of their values.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// With the values of variables.
    pub asked: String,
    /// As it stands in `sources.yml`, without what follows `?`.
    pub shown: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// A value from the environment that is never shown or stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// The variable that holds it; that may be told.
    pub variable: String,
    /// None where the environment has no such variable: the source then fails, and no other.
    value: Option<String>,
}

impl Secret {
    /// What the variable holds.
    pub fn new(variable: &str, value: Option<String>) -> Secret {
        Secret { variable: variable.to_owned(), value: value.filter(|value| !value.is_empty()) }
    }

    /// The value; an error that names the variable where it is not set.
    pub fn reveal(&self) -> Result<&str, String> {
        self.value.as_deref().ok_or_else(|| format!("the environment has no variable `{}`", self.variable))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.variable)
    }
}

/// How a server is told who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// `Authorization: Bearer ...`
    Bearer(Secret),
    /// `Authorization: Basic ...`
    Basic {
        /// The name.
        user: Secret,
        /// The password.
        password: Secret,
    },
    /// A header of the server's own.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Secret,
    },
}

/// How much of a server's time and of our disk a source may take.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// How often it is tried in one run.
    pub attempts: u32,
    /// The wait after the first failure; it doubles after each further one, with some chance in it.
    pub first_wait: Duration,
    /// The longest wait; a server that asks for more is left until the next run.
    pub longest_wait: Duration,
    /// How long nothing may come.
    pub silence: Duration,
    /// How long one attempt may take.
    pub time: Duration,
    /// How many bytes may come.
    pub bytes: u64,
    /// How many requests the host gets at once, from all sources together.
    pub connections: u32,
    /// How many requests the host gets in a second, from all sources together.
    pub per_second: Option<f64>,
}

/// What is sent with a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing: a GET.
    None,
    /// A POST as a form sends it.
    Form(Vec<(String, String)>),
    /// A POST with a JSON object.
    Json(serde_json::Map<String, serde_json::Value>),
}

/// What a server answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {
    /// Whom to ask.
    pub address: Address,
    /// What to send.
    pub body: Body,
    /// Headers that are no secret.
    pub headers: Vec<(String, String)>,
    /// Who asks.
    pub credentials: Option<Credentials>,
    /// How the rows are divided into pages.
    pub paging: Option<Paging>,
    /// JSON pointer to the array of rows; empty where the answer is the array.
    pub rows: Option<String>,
    /// JSON pointer to the number of all rows.
    pub total: Option<String>,
    /// Asks only for what is newer than what landed.
    pub since: Option<Since>,
    /// Other hosts that a redirect may lead to.
    pub redirects: Vec<String>,
    /// A file with the certificates that are trusted instead of the usual ones, relative to the project.
    pub ca_file: Option<String>,
    /// Its limits.
    pub limits: Limits,
}

/// How rows are divided into pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging {
    /// What is counted or handed on.
    pub kind: PagingKind,
    /// The parameter for it.
    pub parameter: String,
    /// Its first value, for pages and offsets.
    pub first: u64,
    /// The parameter for the number of rows of a page, and that number.
    pub size: Option<(String, u64)>,
    /// JSON pointer to what the next page is asked with.
    pub next: String,
}

/// What leads to the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagingKind {
    /// A number that grows by one.
    Page,
    /// A number that grows by the rows that came.
    Offset,
    /// A text that each page hands on.
    Cursor,
    /// An address that each page hands on.
    Link,
}

/// How only what is new is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// The parameter that takes the watermark; for a database the name in the query, `$since`.
    pub parameter: String,
    /// The column whose greatest value is the next watermark.
    pub column: String,
    /// The first watermark.
    pub start: String,
}

/// The objects of a bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct S3 {
    /// The address of the store.
    pub endpoint: Address,
    /// The bucket.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// A pattern for the keys, such as `reports/**/*.xlsx`.
    pub keys: String,
    /// The key and its secret; none for what is open to all.
    pub credentials: Option<(Secret, Secret)>,
    /// Certificates trusted instead of the usual ones.
    pub ca_file: Option<String>,
    /// Its limits.
    pub limits: Limits,
}

/// The rows of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Postgres {
    /// The host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database.
    pub database: String,
    /// Who asks.
    pub user: Secret,
    /// The password.
    pub password: Option<Secret>,
    /// Whether the connection is encrypted and the server proved to be itself.
    pub tls: bool,
    /// Certificates trusted instead of the usual ones.
    pub ca_file: Option<String>,
    /// What is asked.
    pub query: String,
    /// Asks only for what is newer than what landed.
    pub since: Option<Since>,
    /// Its limits.
    pub limits: Limits,
}

impl Postgres {
    /// The address without secrets.
    pub fn shown(&self) -> String {
        format!("postgresql://{}:{}/{}", self.host, self.port, self.database)
    }
}

impl Origin {
    /// The address without secrets, for those that are asked over a network.
    pub fn shown(&self) -> Option<String> {
        match self {
            Origin::Files(_) => None,
            Origin::Http(http) => Some(http.address.shown.clone()),
            Origin::S3(s3) => Some(format!("{}/{}/{}", s3.endpoint.shown, s3.bucket, s3.keys)),
            Origin::Postgres(postgres) => Some(postgres.shown()),
        }
    }
}
