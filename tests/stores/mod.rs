//! Real servers on loopback: a PostgreSQL cluster and a store that speaks the S3 protocol, each gone when it is dropped.
#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until somebody listens.
fn wait_for(port: u16) {
    let began = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody listens on {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A cluster with the user `chiso`, whose password is `geheim`, by SCRAM.
pub struct Postgres {
    folder: tempfile::TempDir,
    pub port: u16,
    programs: PathBuf,
}

impl Postgres {
    pub fn start() -> Postgres {
        let folder = tempfile::Builder::new().prefix("chiso-pg-").tempdir().expect("a folder");
        let postgres = Postgres { folder, port: free_port(), programs: programs() };
        postgres.prepare();
        postgres.go();
        postgres.sql("postgres", "CREATE ROLE chiso LOGIN PASSWORD 'geheim'");
        postgres.sql("postgres", "CREATE DATABASE mis OWNER chiso");
        postgres
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The certificate of the authority that vouches for `localhost`.
    pub fn authority(&self) -> String {
        std::fs::read_to_string(self.path("ca.pem")).expect("a certificate")
    }

    fn prepare(&self) {
        std::fs::write(self.path("password"), "meister\n").expect("writable");
        certificates(self.folder.path());
        if is_root() {
            run(Command::new("chown").args(["-R", "postgres:"]).arg(self.folder.path()));
        }
        let (data, password) = (self.path("data"), self.path("password"));
        run(self
            .program("initdb")
            .args(["-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256", "-N"])
            .arg("-D")
            .arg(&data)
            .arg("--pwfile")
            .arg(&password));
        for name in ["server.key", "server.pem"] {
            run(self.as_owner("cp").arg(self.path(name)).arg(&data));
        }
        run(self.as_owner("chmod").arg("600").arg(data.join("server.key")));
    }

    fn go(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=localhost -c fsync=off -c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key",
            self.port,
            self.folder.path().display()
        );
        let log = self.path("log");
        // The server must not keep the pipes of this program open.
        let status = self
            .program("pg_ctl")
            .arg("-D")
            .arg(self.path("data"))
            .arg("-l")
            .arg(log)
            .arg("-o")
            .arg(options)
            .args(["-w", "-s", "start"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.expect("starts").success(), "PostgreSQL does not start");
    }

    /// As a machine that is switched off does.
    pub fn stop(&self) {
        let mut stop = self.program("pg_ctl");
        let _ = stop.arg("-D").arg(self.path("data")).args(["-m", "immediate", "-s", "stop"]).status();
    }

    pub fn again(&self) {
        self.go();
    }

    pub fn sql(&self, database: &str, sql: &str) -> String {
        run(Command::new("psql")
            .env("PGPASSWORD", "meister")
            .args([
                "-h",
                "127.0.0.1",
                "-U",
                "postgres",
                "-v",
                "ON_ERROR_STOP=1",
                "-qAt",
                "-d",
                database,
                "-c",
                sql,
            ])
            .args(["-p", &self.port.to_string()]))
    }

    fn program(&self, name: &str) -> Command {
        self.as_owner(&self.programs.join(name).to_string_lossy())
    }

    /// PostgreSQL does not run as root.
    fn as_owner(&self, name: &str) -> Command {
        let mut command = match is_root() {
            true => Command::new("setpriv"),
            false => Command::new(name),
        };
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", name]);
        }
        command.current_dir(self.folder.path()).env_remove("PGPASSWORD");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).trim() == "0"
}

fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> =
        glob::glob("/usr/lib/postgresql/*/bin").expect("a pattern").filter_map(Result::ok).collect();
    found.sort();
    found.pop().unwrap_or_else(|| panic!("no PostgreSQL; scripts/postgres.sh installs it"))
}

/// An authority (`ca.pem`) and what it vouches for: `server.pem` and `server.key`, of `localhost`.
pub fn certificates(folder: &Path) {
    let openssl = |args: &[&str]| run(Command::new("openssl").args(args).current_dir(folder));
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    let mut authority = vec![
        "req",
        "-x509",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "3650",
        "-subj",
        "/CN=Authority",
    ];
    authority.extend(key);
    openssl(&authority);
    let mut request = vec!["req", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost"];
    request.extend(key);
    openssl(&request);
    std::fs::write(folder.join("san"), "subjectAltName=DNS:localhost\n").expect("writable");
    openssl(&[
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "3650",
        "-extfile",
        "san",
        "-out",
        "server.pem",
    ]);
}

/// A store with the bucket `feeds`; key and secret are `S3RVER`.
pub struct Store {
    _folder: tempfile::TempDir,
    child: Child,
    pub port: u16,
}

impl Store {
    pub fn start() -> Store {
        let cache = std::env::var("XDG_CACHE_HOME").map(PathBuf::from);
        let cache =
            cache.unwrap_or_else(|_| Path::new(&std::env::var("HOME").expect("a home")).join(".cache"));
        let program = cache.join("chiso/s3rver/node_modules/.bin/s3rver");
        assert!(program.is_file(), "no s3rver; scripts/s3.sh installs it");
        let folder = tempfile::Builder::new().prefix("chiso-s3-").tempdir().expect("a folder");
        let port = free_port();
        let child = Command::new(program)
            .args(["-a", "127.0.0.1", "-s", "-p", &port.to_string(), "--configure-bucket", "feeds", "-d"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("s3rver starts");
        wait_for(port);
        Store { _folder: folder, child, port }
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn put(&self, key: &str, bytes: &[u8]) {
        use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
        let endpoint = self.endpoint().parse().expect("an address");
        let bucket = Bucket::new(endpoint, UrlStyle::Path, "feeds", "us-east-1").expect("a bucket");
        let url =
            bucket.put_object(Some(&Credentials::new("S3RVER", "S3RVER")), key).sign(Duration::from_secs(60));
        let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
        agent.put(url.as_str()).send(bytes).expect("it is stored");
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
