//! The rows of a query, from a PostgreSQL database: one transaction that cannot write, streamed as CSV by COPY.
//!
//! The messages of the protocol are those of `postgres-protocol`; the connection is a plain socket on a thread of its own.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::BytesMut;
use fallible_iterator::FallibleIterator;
use postgres_protocol::IsNull;
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};
use postgres_protocol::escape::escape_literal;
use postgres_protocol::message::backend::{ErrorResponseBody, Message};
use postgres_protocol::message::frontend;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::landing::{Landing, State};
use super::origin::SINCE;
use super::pages::{Read as Rows, later};
use super::remote::{landed_rows, on_disk, watermark, with_former};
use super::visit::{Failure, Trouble, Visit};
use crate::model::origin::Postgres;
use crate::model::source::Landed;

/// Lands the rows of a query.
pub(super) fn land(visit: &Visit, postgres: &Postgres) -> Landing {
    with_former(visit, postgres.since.as_ref(), fetch(visit, postgres))
}

fn fetch(visit: &Visit, postgres: &Postgres) -> Result<Vec<(Landed, State)>, Failure> {
    let part = visit.berth.part_path("fetched").map_err(on_disk)?;
    let since = postgres.since.as_ref().map(|since| watermark(visit, since));
    let rows = visit.persist(&postgres.limits, || {
        copy_rows(visit, postgres, since.as_deref(), &part)?;
        rows_of(&part, postgres)
    })?;
    landed_rows(visit, since, &rows, &part).map_err(on_disk)
}

/// One attempt.
fn copy_rows(visit: &Visit, postgres: &Postgres, since: Option<&str>, part: &Path) -> Result<(), Trouble> {
    let _pass = visit.hosts.enter(&postgres.host, &postgres.limits, visit.stop)?;
    let mut wire = Wire::connect(visit, postgres)?;
    wire.start()?;
    let time = postgres.limits.time.as_millis();
    wire.run(&format!(
        "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {time}"
    ))?;
    let query = match since {
        Some(since) => postgres.query.replace(SINCE, &escape_literal(since)),
        None => postgres.query.clone(),
    };
    let mut file = BufWriter::new(File::create(part)?);
    wire.copy(&format!("COPY ({query}\n) TO STDOUT WITH (FORMAT csv, HEADER true)"), &mut file)?;
    file.flush()?;
    file.get_ref().sync_all()?;
    wire.end();
    Ok(())
}

/// How many rows came, and the greatest value of the column that the next run asks from.
fn rows_of(part: &Path, postgres: &Postgres) -> Result<Rows, Trouble> {
    let Some(since) = &postgres.since else { return Ok(Rows { rows: 1, newest: None }) };
    let unreadable = |error: csv::Error| Trouble::lasting(format!("what came cannot be read: {error}"));
    let mut reader = csv::Reader::from_path(part).map_err(unreadable)?;
    let headings = reader.headers().map_err(unreadable)?;
    let column = headings.iter().position(|heading| heading == since.column);
    let column = column.ok_or_else(|| {
        Trouble::lasting(format!("the query gives no `{}`, from which the next run would ask", since.column))
    })?;
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        rows.rows += 1;
        let value = record.get(column).filter(|value| !value.is_empty()).map(str::to_owned);
        rows.newest = later(rows.newest, value);
    }
    Ok(rows)
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A connection.
struct Wire<'a> {
    visit: &'a Visit<'a>,
    postgres: &'a Postgres,
    stream: Box<dyn Stream>,
    inbox: BytesMut,
    outbox: BytesMut,
    began: Instant,
}

impl<'a> Wire<'a> {
    fn connect(visit: &'a Visit, postgres: &'a Postgres) -> Result<Wire<'a>, Trouble> {
        let silence = postgres.limits.silence;
        let found = (postgres.host.as_str(), postgres.port).to_socket_addrs();
        let addresses = found.map_err(|_| Trouble::passing("the name of the host is not known"))?;
        let mut last = Trouble::passing("the name of the host stands for no address");
        for address in addresses {
            match TcpStream::connect_timeout(&address, silence) {
                Ok(stream) => {
                    let timed = stream.set_read_timeout(Some(silence));
                    timed.and_then(|()| stream.set_write_timeout(Some(silence))).map_err(broken)?;
                    let stream: Box<dyn Stream> = match postgres.tls {
                        true => Box::new(encrypted(visit, postgres, stream)?),
                        false => Box::new(stream),
                    };
                    let (inbox, outbox) = (BytesMut::new(), BytesMut::new());
                    return Ok(Wire { visit, postgres, stream, inbox, outbox, began: Instant::now() });
                }
                Err(error) => last = Trouble::passing(format!("no connection: {error}")),
            }
        }
        Err(last)
    }

    /// Says who asks, and proves it.
    fn start(&mut self) -> Result<(), Trouble> {
        let user = reveal(self.postgres.user.reveal())?.to_owned();
        let password = match &self.postgres.password {
            Some(password) => reveal(password.reveal())?.to_owned(),
            None => String::new(),
        };
        let parameters = [
            ("user", user.as_str()),
            ("database", &self.postgres.database),
            ("client_encoding", "UTF8"),
            ("application_name", "chiso"),
        ];
        frontend::startup_message(parameters, &mut self.outbox).map_err(broken)?;
        let mut scram: Option<ScramSha256> = None;
        loop {
            self.send()?;
            match self.receive()? {
                Message::AuthenticationOk => (),
                Message::AuthenticationCleartextPassword => {
                    self.say(|out| frontend::password_message(password.as_bytes(), out))?
                }
                Message::AuthenticationMd5Password(body) => {
                    let hash = md5_hash(user.as_bytes(), password.as_bytes(), body.salt());
                    self.say(|out| frontend::password_message(hash.as_bytes(), out))?;
                }
                Message::AuthenticationSasl(body) => {
                    let offered: Vec<&str> = body.mechanisms().collect().map_err(broken)?;
                    if !offered.contains(&SCRAM_SHA_256) {
                        return Err(Trouble::lasting("it asks for a proof that this program does not know"));
                    }
                    let proof = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
                    self.say(|out| frontend::sasl_initial_response(SCRAM_SHA_256, proof.message(), out))?;
                    scram = Some(proof);
                }
                Message::AuthenticationSaslContinue(body) => {
                    let proof = scram.as_mut().ok_or_else(unexpected)?;
                    proof.update(body.data()).map_err(|_| unexpected())?;
                    let message = proof.message().to_vec();
                    self.say(|out| frontend::sasl_response(&message, out))?;
                }
                Message::AuthenticationSaslFinal(body) => {
                    let proof = scram.as_mut().ok_or_else(unexpected)?;
                    proof
                        .finish(body.data())
                        .map_err(|_| Trouble::lasting("the server does not know the password"))?;
                }
                Message::ParameterStatus(_) | Message::BackendKeyData(_) | Message::NoticeResponse(_) => (),
                Message::ReadyForQuery(_) => return Ok(()),
                Message::ErrorResponse(body) => return Err(self.refusal(&body)),
                _ => return Err(unexpected()),
            }
        }
    }

    /// Statements of our own that give nothing.
    fn run(&mut self, statements: &str) -> Result<(), Trouble> {
        self.say(|out| frontend::query(statements, out))?;
        self.send()?;
        loop {
            match self.receive()? {
                Message::CommandComplete(_) | Message::NoticeResponse(_) | Message::ParameterStatus(_) => (),
                Message::ReadyForQuery(_) => return Ok(()),
                Message::ErrorResponse(body) => return Err(self.refusal(&body)),
                _ => return Err(unexpected()),
            }
        }
    }

    /// One statement that copies rows out: prepared, so that a text with several statements in it is refused.
    fn copy(&mut self, statement: &str, file: &mut impl Write) -> Result<(), Trouble> {
        self.say(|out| frontend::parse("", statement, [], out))?;
        let none = |_: (), _: &mut BytesMut| Ok(IsNull::Yes);
        self.say(|out| {
            frontend::bind("", "", [], [(); 0], none, [], out).map_err(|_| io::ErrorKind::InvalidInput.into())
        })?;
        self.say(|out| frontend::execute("", 0, out))?;
        frontend::sync(&mut self.outbox);
        self.send()?;
        let (mut bytes, mut is_whole) = (0, false);
        loop {
            match self.receive()? {
                Message::CopyData(body) => {
                    bytes += body.data().len() as u64;
                    if bytes > self.postgres.limits.bytes {
                        let most = self.postgres.limits.bytes / 1_000_000;
                        let hint = "if that is right, raise `megabytes` under `limits`";
                        return Err(Trouble::lasting_but(format!("more than {most} MB came"), hint));
                    }
                    file.write_all(body.data())?;
                }
                Message::CopyDone => is_whole = true,
                Message::ParseComplete
                | Message::BindComplete
                | Message::CopyOutResponse(_)
                | Message::CommandComplete(_)
                | Message::NoticeResponse(_)
                | Message::ParameterStatus(_) => (),
                Message::ReadyForQuery(_) if is_whole => return Ok(()),
                Message::ErrorResponse(body) => return Err(self.refusal(&body)),
                _ => return Err(unexpected()),
            }
        }
    }

    /// Nothing was written, so that there is nothing to undo.
    fn end(mut self) {
        frontend::terminate(&mut self.outbox);
        let _ = self.send();
    }

    fn say(&mut self, message: impl FnOnce(&mut BytesMut) -> io::Result<()>) -> Result<(), Trouble> {
        message(&mut self.outbox).map_err(broken)
    }

    fn send(&mut self) -> Result<(), Trouble> {
        let bytes = self.outbox.split();
        self.stream.write_all(&bytes).and_then(|()| self.stream.flush()).map_err(|error| self.trouble(error))
    }

    fn receive(&mut self) -> Result<Message, Trouble> {
        loop {
            if let Some(message) = Message::parse(&mut self.inbox).map_err(|_| unexpected())? {
                return Ok(message);
            }
            if self.visit.is_stopped() {
                return Err(Trouble::Stopped);
            }
            if self.began.elapsed() > self.postgres.limits.time {
                let time = self.postgres.limits.time.as_secs();
                return Err(Trouble::passing(format!("it took longer than {time} s")));
            }
            let mut buffer = [0; 1 << 14];
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(Trouble::passing("the connection broke")),
                Ok(n) => self.inbox.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(self.trouble(error)),
            }
        }
    }

    fn trouble(&self, error: io::Error) -> Trouble {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                Trouble::passing(format!("nothing came for {} s", self.postgres.limits.silence.as_secs()))
            }
            _ => broken(error),
        }
    }

    /// What the database says, where that cannot hold the value of a row.
    fn refusal(&self, body: &ErrorResponseBody) -> Trouble {
        let (mut code, mut message) = (String::new(), String::new());
        let mut fields = body.fields();
        while let Ok(Some(field)) = fields.next() {
            match field.type_() {
                b'C' => code = String::from_utf8_lossy(field.value_bytes()).into_owned(),
                b'M' => message = String::from_utf8_lossy(field.value_bytes()).into_owned(),
                _ => (),
            }
        }
        let password = self.postgres.password.as_ref().map(|password| format!(", `{}`", password.variable));
        match code.get(..2).unwrap_or_default() {
            "28" => Trouble::lasting_but(
                format!("the database lets nobody in by that name and password ({code})"),
                format!("they stand in `{}`{}", self.postgres.user.variable, password.unwrap_or_default()),
            ),
            "08" | "53" | "57" | "40" | "55" => {
                Trouble::passing(format!("the database says: {message} ({code})"))
            }
            "42" | "25" | "3D" | "0A" => Trouble::lasting(format!("the database says: {message} ({code})")),
            _ => Trouble::lasting(format!("the database refuses the query ({code})")),
        }
    }
}

fn reveal(revealed: Result<&str, String>) -> Result<&str, Trouble> {
    revealed.map_err(|cause| Trouble::lasting_but(cause, "set it where the program is started"))
}

fn broken(error: io::Error) -> Trouble {
    Trouble::passing(format!("the connection broke: {error}"))
}

fn unexpected() -> Trouble {
    Trouble::lasting("what answers there is no PostgreSQL")
}

/// The connection, encrypted, with a server that proved to be the one that was asked for.
fn encrypted(
    visit: &Visit,
    postgres: &Postgres,
    mut stream: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, Trouble> {
    let mut request = BytesMut::new();
    frontend::ssl_request(&mut request);
    let mut answer = [0];
    stream.write_all(&request).and_then(|()| stream.read_exact(&mut answer)).map_err(broken)?;
    if answer != *b"S" {
        return Err(Trouble::lasting_but(
            "the server does not encrypt",
            "write `tls: false` only where nobody else is on the way",
        ));
    }
    let file = postgres.ca_file.as_deref().unwrap_or_default();
    let bytes = std::fs::read(visit.berth.project.path(file));
    let bytes = bytes.map_err(|error| Trouble::lasting(format!("cannot read `{file}`: {error}")))?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok));
    if roots.is_empty() {
        return Err(Trouble::lasting(format!("`{file}` holds no certificate in PEM")));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Trouble::lasting("no encryption can be had"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(postgres.host.clone());
    let name = name.map_err(|_| Trouble::lasting("the host has no name that a certificate could hold"))?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(|error| proof(&error))?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream).map_err(|error| {
            match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(error) => proof(error),
                None => broken(error),
            }
        })?;
    }
    Ok(StreamOwned::new(connection, stream))
}

fn proof(error: &rustls::Error) -> Trouble {
    Trouble::lasting(format!("the server does not prove to be itself: {error}"))
}
