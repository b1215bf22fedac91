//! Databases, stores, bundles and folders that others drop files into, with the real programs on loopback.

mod project;
mod stores;

use std::io::Write;
use std::time::{Duration, SystemTime};

use project::{NOW, Said, TestProject};
use stores::{Postgres, Store};

const SERVICES: &str = "service_code,agency_code,level,opened_on\nS1,A,4,\nS2,A,2,\nS3,B,3,\n";

const LIMITS: &str = "limits: { attempts: 2, first_wait_ms: 10, longest_wait_seconds: 1, silence_seconds: 5, time_seconds: 30, megabytes: 2 }";

/// The small project, whose services come from elsewhere.
fn project(entry: &str) -> TestProject {
    let project = TestProject::small();
    project.edit("sources.yml", "    path: data/services*.csv\n", &format!("{entry}\n"));
    project.remove("data/services.csv");
    project
}

/// What it says where it ends like this, with this in it.
#[track_caller]
fn says(said: Said, status: i32, parts: &[&str]) {
    let said = said.ends(status);
    for part in parts {
        assert!(
            said.stderr.contains(part) || said.stdout.contains(part),
            "no {part:?} in:\n{}{}",
            said.stdout,
            said.stderr
        );
    }
    assert!(!said.stderr.contains("geheim"), "{}", said.stderr);
}

#[test]
fn rows_of_a_database() {
    let postgres = Postgres::start();
    postgres.sql(
        "mis",
        "CREATE TABLE service (code text, agency text, level int, updated date, note text); GRANT ALL ON service TO chiso;
         INSERT INTO service VALUES ('S1', 'A', 4, '2026-01-01', E'a \"quoted\"\\nnote, Đà Nẵng'), ('S2', 'A', 2, '2026-02-01', NULL)",
    );
    let query =
        "SELECT code AS service_code, agency AS agency_code, level, updated AS opened_on FROM service";
    let entry = |host: &str, tls: &str, query: &str, more: &str| {
        format!(
            "    postgres:\n      host: {host}\n      port: {}\n      database: mis\n      user: MIS_USER\n      password: MIS_PASSWORD\n      {tls}\n      query: >-\n        {query}\n      {LIMITS}\n{more}",
            postgres.port
        )
    };
    let right = [("MIS_USER", "chiso"), ("MIS_PASSWORD", "geheim")];

    // Encrypted, with the certificate of the authority.
    let encrypted = project(&entry("localhost", "ca_file: ca.pem", query, ""));
    encrypted.write("ca.pem", postgres.authority());
    says(encrypted.gather(&right), 0, &["2 files in `build/landing`, 2 new or changed"]);
    says(encrypted.gather(&right), 0, &["0 new or changed"]);
    encrypted.chiso(&["load"]).ends(0);
    assert_eq!(
        encrypted.rows("SELECT service_code, level FROM fact.service ORDER BY 1"),
        ["S1 | 4", "S2 | 2"]
    );

    // A server that does not prove to be the one that was asked for.
    let other = Postgres::start();
    let doubtful = project(&entry("localhost", "ca_file: ca.pem", query, ""));
    doubtful.write("ca.pem", other.authority());
    says(doubtful.gather(&right), 1, &["source `services`", "does not prove to be itself"]);

    // Who is not let in, what is not there, what would write, and two statements in one.
    let plain = |query: &str| project(&entry("127.0.0.1", "tls: false", query, ""));
    let wrong = [("MIS_USER", "chiso"), ("MIS_PASSWORD", "falsch")];
    let shown = format!("postgresql://127.0.0.1:{}/mis", postgres.port);
    says(
        plain(query).gather(&wrong),
        1,
        &["source `services`", &shown, "lets nobody in", "`MIS_USER`, `MIS_PASSWORD`"],
    );
    says(plain(query).gather(&[]), 1, &["the environment has no variable `MIS_USER`"]);
    says(plain("SELECT x FROM service").gather(&right), 1, &["column \"x\" does not exist (42703)"]);
    says(
        plain("INSERT INTO service VALUES ('S9') RETURNING *").gather(&right),
        1,
        &["in a read-only transaction (25006)"],
    );
    says(plain("SELECT 1) TO STDOUT; DROP TABLE service; COPY (SELECT 1").gather(&right), 1, &["(42601)"]);
    assert_eq!(postgres.sql("mis", "SELECT count(*) FROM service").trim(), "2");

    // More than it may be; and a value that cannot be shown is not.
    says(
        plain("SELECT repeat('x', 1000) AS service_code FROM generate_series(1, 100000)").gather(&right),
        1,
        &["more than 2 MB came"],
    );
    let said = plain("SELECT note::int FROM service").gather(&right).ends(1);
    assert!(said.stderr.contains("(22P02)") && !said.stderr.contains("Đà Nẵng"), "{}", said.stderr);

    // Only what is newer; and a database that is switched off and on again.
    let newer = format!("{query} WHERE updated > $since");
    let since = project(&entry(
        "127.0.0.1",
        "tls: false",
        &newer,
        "      since: { column: opened_on, start: \"2000-01-01\" }\n",
    ));
    says(since.gather(&right), 0, &["2 new or changed"]);
    postgres.stop();
    says(
        since.gather(&right),
        1,
        &[
            "source `services`",
            &shown,
            "no connection",
            "(attempt 2)",
            "2 files in `build/landing`, 0 new or changed",
        ],
    );
    postgres.again();
    postgres.sql("mis", "INSERT INTO service VALUES ('S3', 'B', 3, '2026-03-01', NULL)");
    says(since.gather(&right), 0, &["3 files in `build/landing`, 1 new or changed"]);
    says(since.gather(&right), 0, &["3 files in `build/landing`, 0 new or changed"]);
    since.chiso(&["load"]).ends(0);
    assert_eq!(since.rows("SELECT service_code FROM fact.service ORDER BY 1"), ["S1", "S2", "S3"]);
}

#[test]
fn objects_of_a_store() {
    let store = Store::start();
    store.put("services/2026/a.csv", SERVICES.as_bytes());
    store.put("services/2026/Đà Nẵng + 1.csv", b"service_code,agency_code,level\nS8,C,1\n");
    store.put("services/read-me.txt", b"not asked for");
    let entry = format!(
        "    s3:\n      endpoint: {}\n      bucket: feeds\n      keys: services/**/*.csv\n      credentials: {{ key: S3_KEY, secret: S3_SECRET }}\n      {LIMITS}",
        store.endpoint()
    );
    let project = project(&entry);
    let right = [("S3_KEY", "S3RVER"), ("S3_SECRET", "S3RVER")];
    says(
        project.gather(&[("S3_KEY", "geheim"), ("S3_SECRET", "S3RVER")]),
        1,
        &["source `services`", &store.endpoint(), "HTTP 403", "`S3_KEY` and `S3_SECRET`"],
    );
    says(project.gather(&right), 0, &["3 files in `build/landing`, 2 new or changed"]);
    says(project.gather(&right), 0, &["3 files in `build/landing`, 0 new or changed"]);
    store.put("services/2026/a.csv", format!("{SERVICES}S4,C,1,\n").as_bytes());
    says(project.gather(&right), 0, &["3 files in `build/landing`, 1 new or changed"]);
    project.chiso(&["load"]).ends(0);
    let codes = project.rows("SELECT service_code FROM fact.service ORDER BY 1");
    assert_eq!(codes, ["S1", "S2", "S3", "S4", "S8"]);
    drop(store);
    says(project.gather(&right), 1, &["source `services`", "no connection", "3 files in `build/landing`"]);
}

/// A ZIP file with these files in it.
fn bundle(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("whole").into_inner()
}

#[test]
fn files_in_bundles() {
    let project = project("    path: inbox/*.zip\n    members: '*.csv'\n    supersedes: 'services-(\\w)'");
    let one = b"service_code,agency_code,level\nS1,A,4\n";
    project.write(
        "inbox/mail.zip",
        bundle(&[
            ("thang 9/services-a.csv", SERVICES.as_bytes()),
            ("services-b.csv", one),
            ("letter.docx", b"Dear"),
        ]),
    );
    says(project.gather(&[]), 0, &["3 files in `build/landing`, 3 new or changed"]);
    says(project.gather(&[]), 0, &["3 files in `build/landing`, 0 new or changed"]);
    // `S1` stands in both files, each of which keeps its own key.
    project.chiso(&["load"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["4"]);
    let manifest = project.read("build/landing/manifest.ndjson");
    assert!(manifest.contains("\"path\":\"inbox/mail.zip/thang 9/services-a.csv\",\"stored\""), "{manifest}");

    // What is taken out of a bundle is said by the source: another pattern is asked of the same bundle.
    project.edit("sources.yml", "'*.csv'", "'*b.csv'");
    says(project.gather(&[]), 0, &["2 files in `build/landing`"]);
    project.edit("sources.yml", "'*b.csv'", "'*.csv'");
    says(project.gather(&[]), 0, &["3 files in `build/landing`"]);

    // Each of these is refused as a whole, and what came before stays.
    let zeros = vec![0; 30_000_000];
    let whole = bundle(&[("services-a.csv", SERVICES.as_bytes())]);
    // The names of the second file, in its head and in the list at the end, are those of the first.
    let mut twins = bundle(&[("services-a.csv", one), ("services-c.csv", one)]);
    let name = b"services-c.csv";
    for at in 0..twins.len() - name.len() {
        if twins[at..].starts_with(name) {
            twins[at..at + name.len()].copy_from_slice(b"services-a.csv");
        }
    }
    let cases: [(&str, Vec<u8>, &str); 6] = [
        ("twins", twins, "two files in it have the same name"),
        ("out", bundle(&[("../../services-a.csv", one)]), "leads out of it"),
        ("bomb", bundle(&[("services-a.csv", &zeros)]), "raise `growth` under `bundle`"),
        ("half", whole[..whole.len() / 2].to_vec(), "no ZIP file, or breaks off"),
        ("else", bundle(&[("letter.docx", b"Dear")]), "no file in it is named like `*.csv`"),
        ("text", b"hello".to_vec(), "no ZIP file, or breaks off"),
    ];
    for (name, bytes, cause) in cases {
        project.write("inbox/mail.zip", bytes);
        says(
            project.gather(&[]),
            1,
            &["`inbox/mail.zip` cannot be unpacked", cause, "3 files in `build/landing`, 0 new or changed"],
        );
        assert!(!project.root().join("services-a.csv").exists(), "{name}");
    }
    let parts =
        glob::glob(&project.path("build/landing/services/*.part").to_string_lossy()).expect("a pattern");
    assert_eq!(parts.count(), 0);

    // The source says how much a bundle may hold; what grows that much may be right.
    project.write("inbox/mail.zip", bundle(&[("services-a.csv", &zeros)]));
    project.edit("sources.yml", "    members:", "    bundle: { growth: 2000, megabytes: 20 }\n    members:");
    says(project.gather(&[]), 1, &["unpacks to more than 20 MB", "raise `megabytes` under `bundle`"]);
    project.edit("sources.yml", "megabytes: 20", "megabytes: 40");
    says(project.gather(&[]), 0, &["2 files in `build/landing`, 1 new or changed"]);
    project.edit("sources.yml", "    members: '*.csv'\n", "");
    says(project.chiso(&["check"]), 1, &["`bundle` says how much may be in a bundle, and there is none"]);
}

#[test]
fn a_folder_that_others_drop_files_into() {
    let project = project("    path: inbox/*\n    settle_seconds: 60\n    format: csv\n    optional: true");
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.parse().expect("seconds"));
    let drop_file = |name: &str, text: &str, age: u64| {
        project.write(&format!("inbox/{name}"), text);
        let file =
            std::fs::File::options().write(true).open(project.path(&format!("inbox/{name}"))).expect("there");
        file.set_modified(now - Duration::from_secs(age)).expect("its time");
    };
    drop_file("a.csv", SERVICES, 5);
    drop_file("b.csv.filepart", "service_co", 500);
    drop_file(".hidden", "x", 500);
    says(project.gather(&[]), 0, &["1 file in `build/landing`, 1 new or changed"]);
    drop_file("a.csv", SERVICES, 61);
    says(project.gather(&[]), 0, &["2 files in `build/landing`, 1 new or changed"]);
    // It is being written anew: what was there stays until it is whole.
    drop_file("a.csv", "service_co", 1);
    says(project.gather(&[]), 0, &["2 files in `build/landing`, 0 new or changed"]);
}
