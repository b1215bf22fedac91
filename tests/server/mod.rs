//! An HTTP server on loopback that behaves as a test wants it to: it stalls, breaks off, answers late or wrongly.
#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Without the query.
    pub path: String,
    pub query: HashMap<String, String>,
    /// Names in lower case.
    pub headers: HashMap<String, String>,
    pub body: String,
    /// How often this path was asked, this time counted.
    pub time: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn number(&self, name: &str) -> usize {
        self.query.get(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers and the whole body.
    Whole(u16, Vec<(String, String)>, Vec<u8>),
    /// Promises the whole body, sends so many bytes of it and closes.
    Broken(Vec<(String, String)>, Vec<u8>, usize),
    /// Sends headers, then nothing for so long.
    Stall(Duration),
    /// Sends zeros without an end.
    Endless,
    /// Closes at once.
    Nothing,
}

impl Reply {
    pub fn text(body: impl Into<String>) -> Reply {
        Reply::Whole(200, vec![], body.into().into_bytes())
    }

    pub fn status(status: u16) -> Reply {
        Reply::Whole(status, vec![], b"no".to_vec())
    }

    pub fn with(self, name: &str, value: &str) -> Reply {
        match self {
            Reply::Whole(status, mut headers, body) => {
                headers.push((name.into(), value.into()));
                Reply::Whole(status, headers, body)
            }
            other => other,
        }
    }
}

/// It runs until the test program ends.
pub struct Server {
    pub address: SocketAddr,
    is_encrypted: bool,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        Server::listen(None, answer)
    }

    /// Over TLS, as `localhost`; the certificate and its key are `server.pem` and `server.key` of the folder.
    pub fn encrypted(folder: &Path, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let chain = CertificateDer::pem_file_iter(folder.join("server.pem")).expect("certificates");
        let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
        let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
            .expect("a key that fits");
        Server::listen(Some(Arc::new(config)), answer)
    }

    fn listen(
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(vec![]));
        let is_encrypted = tls.is_some();
        let (answer, heard) = (Arc::new(answer), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, heard, tls) = (Arc::clone(&answer), Arc::clone(&heard), tls.clone());
                std::thread::spawn(move || match tls.map(ServerConnection::new) {
                    None => serve(stream, answer.as_ref(), &heard),
                    Some(connection) => {
                        serve(StreamOwned::new(connection.ok()?, stream), answer.as_ref(), &heard)
                    }
                });
            }
        });
        Server { address, is_encrypted, asked }
    }

    pub fn url(&self, path: &str) -> String {
        match self.is_encrypted {
            true => format!("https://localhost:{}{path}", self.address.port()),
            false => format!("http://{}{path}", self.address),
        }
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }

    pub fn forget(&self) {
        self.asked.lock().expect("no panic").clear();
    }
}

fn serve(
    stream: impl Read + Write,
    answer: &dyn Fn(&Asked) -> Reply,
    heard: &Mutex<Vec<Asked>>,
) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut asked = read(&mut reader)?;
        {
            let mut heard = heard.lock().expect("no panic");
            asked.time = 1 + heard.iter().filter(|other| other.path == asked.path).count();
            heard.push(asked.clone());
        }
        send(reader.get_mut(), answer(&asked))?;
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let body = String::from_utf8_lossy(&body).into_owned();
    Some(Asked { method, path: path.to_owned(), query: pairs, headers, body, time: 0 })
}

/// None closes the connection.
fn send(writer: &mut impl Write, reply: Reply) -> Option<()> {
    let mut head = |status: u16, headers: &[(String, String)], length: Option<usize>| {
        let mut text = format!("HTTP/1.1 {status} Answer\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(length) = length {
            text.push_str(&format!("Content-Length: {length}\r\n"));
        }
        writer.write_all((text + "\r\n").as_bytes()).ok()
    };
    match reply {
        Reply::Whole(304, headers, _) => head(304, &headers, None),
        Reply::Whole(status, headers, body) => {
            head(status, &headers, Some(body.len()))?;
            writer.write_all(&body).ok()
        }
        Reply::Broken(headers, body, sent) => {
            head(200, &headers, Some(body.len()))?;
            writer.write_all(&body[..sent.min(body.len())]).ok()?;
            None
        }
        Reply::Stall(time) => {
            head(200, &[], Some(10))?;
            std::thread::sleep(time);
            None
        }
        Reply::Endless => {
            head(200, &[], Some(1_000_000_000))?;
            let zeros = vec![0; 1 << 16];
            while writer.write_all(&zeros).is_ok() {}
            None
        }
        Reply::Nothing => None,
    }
}
