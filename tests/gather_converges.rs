//! Fifty sources of all kinds, a third of them failing at random in each run: repeated runs come to the same database as one
//! run in which all went well.

mod project;
mod server;
mod stores;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use project::{Said, TestProject};
use server::{Asked, Reply, Server};
use stores::{Postgres, Store};

/// One number decides all failures.
const SEED: usize = 20_261_129;
const SOURCES: usize = 50;
/// Rows of each source.
const ROWS: usize = 30;
/// No run of luck is so bad.
const ROUNDS: usize = 20;

/// What kind of source number `n` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Bundle,
    Csv,
    Pages,
    Cursor,
    Store,
    Database,
}

const KINDS: [Kind; 10] = [
    Kind::File,
    Kind::Csv,
    Kind::Pages,
    Kind::Cursor,
    Kind::Store,
    Kind::Database,
    Kind::Bundle,
    Kind::Csv,
    Kind::Pages,
    Kind::File,
];

fn kind(n: usize) -> Kind {
    KINDS[n % KINDS.len()]
}

/// A number made of others, the same every time.
fn chance(parts: &[usize]) -> usize {
    let mut state = SEED as u64;
    for part in parts {
        state = (state ^ *part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state ^= state >> 29;
    }
    usize::try_from(state >> 8).unwrap_or(0)
}

/// Whether source `n` fails in this round; nothing fails in round 0, which is that of the perfect run.
fn fails(n: usize, round: usize) -> bool {
    round > 0 && chance(&[n, round]).is_multiple_of(3)
}

fn rows(n: usize) -> Vec<(String, char, usize)> {
    (0..ROWS)
        .map(|row| {
            (format!("S{n}-{row}"), ['A', 'B', 'C'][chance(&[n, row, 1]) % 3], 1 + chance(&[n, row, 2]) % 4)
        })
        .collect()
}

fn csv(n: usize) -> String {
    let lines: String =
        rows(n).iter().map(|(code, agency, level)| format!("{code},{agency},{level}\n")).collect();
    format!("service_code,agency_code,level\n{lines}")
}

fn json(n: usize, from: usize, size: usize) -> String {
    let rows = rows(n);
    let object = |(code, agency, level): &(String, char, usize)| {
        format!("{{\"service_code\":\"{code}\",\"agency_code\":\"{agency}\",\"level\":{level}}}")
    };
    let page: Vec<String> = rows.iter().skip(from).take(size).map(object).collect();
    let next = if from + size < rows.len() { format!("\"{}\"", from + size) } else { "null".to_owned() };
    format!("{{\"next\":{next},\"total\":{},\"items\":[{}]}}", rows.len(), page.join(","))
}

fn bundle(n: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    zip.start_file(format!("services-{n}.csv"), zip::write::SimpleFileOptions::default()).expect("a name");
    zip.write_all(csv(n).as_bytes()).expect("memory");
    zip.finish().expect("whole").into_inner()
}

/// A server that answers for all sources, and fails those whose turn it is, each in its own way.
fn server(round: Arc<AtomicUsize>) -> Server {
    Server::start(move |asked: &Asked| {
        let n: usize = asked.path.trim_start_matches("/source/").parse().expect("a number");
        let good = match kind(n) {
            Kind::Csv => csv(n),
            Kind::Pages => json(n, (asked.number("page").max(1) - 1) * 10, 10),
            _ => json(n, asked.number("after"), 10),
        };
        let round = round.load(Ordering::SeqCst);
        // Pages fail at the second one, when part of them has come.
        let is_later = asked.number("page") > 1 || asked.number("after") > 0;
        if !fails(n, round) || (kind(n) != Kind::Csv && !is_later) {
            return Reply::text(good).with("ETag", &format!("\"{n}\""));
        }
        match chance(&[n, round, 3]) % 6 {
            0 => Reply::status(500),
            1 => Reply::status(429).with("Retry-After", "3600"),
            2 => Reply::Broken(vec![("ETag".into(), format!("\"{n}\""))], good.into_bytes(), 100),
            3 => Reply::Nothing,
            4 => Reply::text("<html>busy</html>"),
            _ => Reply::Stall(Duration::from_secs(3)),
        }
    })
}

/// The project with fifty sources.
fn project(server: &Server, store: &Store, postgres: &Postgres) -> TestProject {
    let project = TestProject::small();
    let text = project.read("sources.yml");
    let mut sources = text.split("  - id: services").next().expect("a list").to_owned();
    let limits = "limits: { attempts: 1, silence_seconds: 1, time_seconds: 20 }";
    for n in 0..SOURCES {
        let url = server.url(&format!("/source/{n}"));
        let origin = match kind(n) {
            Kind::File => format!("    path: inbox/{n}.csv\n"),
            Kind::Bundle => format!("    path: inbox/{n}.zip\n    members: '*.csv'\n"),
            Kind::Csv => format!("    format: csv\n    http: {{ url: '{url}', {limits} }}\n"),
            Kind::Pages => format!(
                "    format: json\n    http: {{ url: '{url}', rows: /items, total: /total, paging: {{ by: page, parameter: page }}, {limits} }}\n"
            ),
            Kind::Cursor => format!(
                "    format: json\n    http: {{ url: '{url}', rows: /items, paging: {{ by: cursor, parameter: after, next: /next }}, {limits} }}\n"
            ),
            Kind::Store => format!(
                "    s3: {{ endpoint: '{}', bucket: feeds, keys: '{n}/*.csv', credentials: {{ key: KEY_{n}, secret: SECRET_{n} }}, {limits} }}\n",
                store.endpoint()
            ),
            Kind::Database => format!(
                "    postgres: {{ host: 127.0.0.1, port: {}, database: mis, user: USER_{n}, password: PASSWORD_{n}, tls: false, query: 'SELECT code AS service_code, agency AS agency_code, level FROM service WHERE source = {n} ORDER BY code', {limits} }}\n",
                postgres.port
            ),
        };
        sources += &format!(
            "  - id: source-{n}\n    title: {{ vi: Nguồn {n}, en: Source {n} }}\n    table: fact.service\n{origin}    publisher: A ministry\n    licence: MIT\n"
        );
    }
    project.write("sources.yml", sources);
    project.edit("indicators/online-share.yml", "sources: [services]", "sources: [source-0]");
    project
}

/// What lies on the disk and in the environment in this round.
fn run(project: &TestProject, round: usize) -> Said {
    let mut command = project.command(&["run"]);
    command.env("NO_PROXY", "127.0.0.1,localhost");
    for n in 0..SOURCES {
        let is_well = !fails(n, round);
        let secret = |right: &str| if is_well { right.to_owned() } else { "wrong".to_owned() };
        match kind(n) {
            Kind::File if is_well => project.write(&format!("inbox/{n}.csv"), csv(n)),
            Kind::File => drop(std::fs::remove_file(project.path(&format!("inbox/{n}.csv")))),
            Kind::Bundle => {
                let whole = bundle(n);
                let length = if is_well { whole.len() } else { whole.len() / 2 };
                project.write(&format!("inbox/{n}.zip"), &whole[..length]);
            }
            Kind::Store => {
                command.env(format!("KEY_{n}"), secret("S3RVER")).env(format!("SECRET_{n}"), "S3RVER");
            }
            Kind::Database => {
                command.env(format!("USER_{n}"), "chiso").env(format!("PASSWORD_{n}"), secret("geheim"));
            }
            Kind::Csv | Kind::Pages | Kind::Cursor => (),
        }
    }
    Said::of(command.output().expect("the program starts"))
}

/// Sources of which something landed.
fn landed(project: &TestProject) -> BTreeSet<String> {
    let manifest = project.read("build/landing/manifest.ndjson");
    let lines = manifest.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let landed = lines.filter(|line| line["stored"].is_string());
    landed
        .filter_map(|line| line["source"].as_str().map(str::to_owned))
        .filter(|id| id.starts_with("source-"))
        .collect()
}

/// What the database says, whatever way it came about.
fn content(project: &TestProject) -> Vec<String> {
    let mut content = project.rows("SELECT service_code, agency_code, level FROM fact.service ORDER BY ALL");
    content.extend(project.rows(
        "SELECT indicator, org_id, period, numerator, denominator, value, status FROM out.observation ORDER BY ALL",
    ));
    content.extend(project.rows(
        "SELECT source_id, slot, path, sha256, rows_read, rows_loaded, rows_rejected FROM meta.file WHERE state = 'current' ORDER BY ALL",
    ));
    content
}

#[test]
fn failing_sources_come_to_the_same_in_the_end() {
    let (store, postgres) = (Store::start(), Postgres::start());
    postgres.sql("mis", "CREATE TABLE service (source int, code text, agency text, level int); GRANT SELECT ON service TO chiso");
    for n in 0..SOURCES {
        match kind(n) {
            Kind::Store => store.put(&format!("{n}/services.csv"), csv(n).as_bytes()),
            Kind::Database => {
                let values: Vec<String> = rows(n)
                    .iter()
                    .map(|(code, agency, level)| format!("({n}, '{code}', '{agency}', {level})"))
                    .collect();
                postgres.sql("mis", &format!("INSERT INTO service VALUES {}", values.join(", ")));
            }
            _ => (),
        }
    }
    let perfect = project(&server(Arc::default()), &store, &postgres);
    run(&perfect, 0).ends(0);
    assert_eq!(landed(&perfect).len(), SOURCES);
    let expected = content(&perfect);
    assert!(expected.len() > SOURCES * ROWS, "{} lines", expected.len());

    let round = Arc::new(AtomicUsize::new(0));
    let shaky = project(&server(Arc::clone(&round)), &store, &postgres);
    let mut failed = vec![];
    for now in 1..=ROUNDS {
        round.store(now, Ordering::SeqCst);
        let n_failing = (0..SOURCES).filter(|n| fails(*n, now)).count();
        let said = run(&shaky, now).ends(1);
        let told: BTreeSet<&str> = said
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("error: source `source-")?.split('`').next())
            .collect();
        // A source whose file did not change is not asked for it again, and so does not fail.
        assert!(told.len() <= n_failing && !told.is_empty(), "round {now}: {told:?} of {n_failing}");
        failed.push(told.len());
        if landed(&shaky).len() == SOURCES {
            break;
        }
    }
    assert_eq!(landed(&shaky).len(), SOURCES, "after {ROUNDS} rounds");
    assert!(failed.len() > 1 && failed[0] > SOURCES / 5, "{failed:?} failed");
    assert_eq!(content(&shaky), expected, "{failed:?} failed");
}
