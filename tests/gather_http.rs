//! Servers that answer slowly, twice, half, or not at all: the other sources arrive, the message names source, address,
//! attempt and cause and no secret, and the next run completes what is missing.

mod project;
mod server;
mod stores;

use std::io::Write;
use std::time::{Duration, Instant};

use project::{Said, TestProject};
use rust_xlsxwriter::Workbook;
use server::{Asked, Reply, Server};
use stores::certificates;

const SERVICES: &str = "service_code,agency_code,level,opened_on\nS1,A,4,\nS2,A,2,\nS3,B,3,\nS4,C,1,\n";

/// The small project, whose services come from a server; `more` is added under `http`.
fn project(url: &str, format: &str, more: &str) -> TestProject {
    let project = TestProject::small();
    let limits = "      limits: { attempts: 3, first_wait_ms: 10, longest_wait_seconds: 2, silence_seconds: 1, time_seconds: 20, megabytes: 2 }\n";
    let more: String = more.lines().map(|line| format!("      {line}\n")).collect();
    let entry = format!("    format: {format}\n    http:\n      url: {url}\n{more}{limits}");
    project.edit("sources.yml", "    path: data/services*.csv\n", &entry);
    project.remove("data/services.csv");
    project
}

/// What landed of the services, as texts.
fn landed(project: &TestProject) -> Vec<String> {
    let manifest = project.read("build/landing/manifest.ndjson");
    let lines = manifest.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let stored = lines.filter(|line| line["source"] == "services").filter_map(|line| {
        line["stored"].as_str().map(|stored| project.read(&format!("build/landing/{stored}")))
    });
    stored.collect()
}

/// Attempts at the services in the manifest: outcome and causes.
fn attempts(project: &TestProject) -> Vec<(String, String)> {
    let manifest = project.read("build/landing/manifest.ndjson");
    let lines = manifest.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let ours = lines.filter(|line| line["source"] == "services" && line["attempted_at"].is_string());
    ours.map(|line| (line["outcome"].as_str().expect("a word").to_owned(), line["causes"].to_string()))
        .collect()
}

#[track_caller]
fn fails(said: Said, parts: &[&str]) {
    let said = said.ends(1);
    for part in parts {
        assert!(said.stderr.contains(part), "no {part:?} in:\n{}", said.stderr);
    }
    // The other source arrived.
    assert!(said.stdout.contains("in `build/landing`"), "{}", said.stdout);
}

#[test]
fn a_file_lands_once_and_is_asked_for_by_its_marks() {
    let server = Server::start(|asked: &Asked| {
        if asked.header("if-none-match") == "\"v1\"" {
            return Reply::status(304);
        }
        Reply::text(SERVICES).with("ETag", "\"v1\"")
    });
    let project = project(&server.url("/services.csv"), "csv", "");
    assert!(project.gather(&[]).ends(0).stdout.contains("2 files in `build/landing`, 2 new or changed"));
    assert!(project.gather(&[]).ends(0).stdout.contains("2 files in `build/landing`, 0 new or changed"));
    assert_eq!(landed(&project), [SERVICES]);
    let outcomes: Vec<String> = attempts(&project).into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["landed", "unchanged"]);
    assert_eq!(server.asked()[1].header("if-none-match"), "\"v1\"");
    // And it is loaded as any other file.
    project.chiso(&["load"]).ends(0);
    assert_eq!(project.rows("SELECT count(*), sum(level) FROM fact.service"), ["4 | 10"]);
}

#[test]
fn what_passes_is_tried_again() {
    let server = Server::start(|asked: &Asked| match asked.time {
        1 => Reply::status(503),
        2 => Reply::status(429).with("Retry-After", "1"),
        _ => Reply::text(SERVICES),
    });
    let project = project(&server.url("/services.csv"), "csv", "");
    let began = Instant::now();
    project.gather(&[]).ends(0);
    assert!(began.elapsed() >= Duration::from_secs(1), "the server asked for a second");
    assert_eq!(landed(&project), [SERVICES]);
}

#[test]
fn a_server_that_wants_to_be_left_alone_is() {
    let server = Server::start(|_: &Asked| {
        Reply::status(429)
            .with("Date", "Mon, 23 Nov 2026 08:15:00 GMT")
            .with("Retry-After", "Mon, 23 Nov 2026 09:15:00 GMT")
    });
    let project = project(&server.url("/services.csv?key=${KEY:-none}"), "csv", "");
    let said = project.gather(&[("KEY", "geheim")]);
    assert!(!said.stderr.contains("geheim"), "{}", said.stderr);
    fails(said, &["source `services`", "/services.csv: HTTP 429", "come back in 3600 s"]);
    assert_eq!(server.asked().len(), 1);
    assert_eq!(server.asked()[0].query["key"], "geheim");
    assert!(!project.read("build/landing/manifest.ndjson").contains("geheim"));
}

#[test]
fn each_failure_is_told_and_the_next_run_completes_it() {
    type Answer = fn() -> Reply;
    let cases: [(&str, Answer, &str); 6] = [
        ("errors", || Reply::status(500), "HTTP 500"),
        ("stalls", || Reply::Stall(Duration::from_secs(5)), "nothing came for 1 s"),
        ("closes", || Reply::Nothing, "connection"),
        ("zeros", || Reply::Endless, "more than 2 MB came"),
        ("page", || Reply::text("<!DOCTYPE html><html>busy</html>"), "a web page came instead of data"),
        ("gone", || Reply::status(404), "HTTP 404"),
    ];
    for (name, reply, cause) in cases {
        let is_well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let now = std::sync::Arc::clone(&is_well);
        let server = Server::start(move |_: &Asked| match now.load(std::sync::atomic::Ordering::SeqCst) {
            true => Reply::text(SERVICES),
            false => reply(),
        });
        let project = project(&server.url("/services.csv"), "csv", "");
        let shown = server.url("/services.csv");
        let began = Instant::now();
        fails(project.gather(&[]), &["source `services`", &shown, cause]);
        assert!(began.elapsed() < Duration::from_secs(15), "{name}");
        let tries = if ["zeros", "gone"].contains(&name) { 1 } else { 3 };
        assert_eq!(server.asked().len(), tries, "{name}");
        assert_eq!(attempts(&project)[0].0, "failed");
        is_well.store(true, std::sync::atomic::Ordering::SeqCst);
        project.gather(&[]).ends(0);
        assert_eq!(landed(&project), [SERVICES], "{name}");
    }
}

#[test]
fn a_download_that_breaks_off_goes_on_where_it_ended() {
    let whole: String = (0..20_000).map(|n| format!("S{n},A,1\n")).collect();
    let whole = format!("service_code,agency_code,level\n{whole}");
    let body = whole.clone();
    let server = Server::start(move |asked: &Asked| {
        let marks = vec![("ETag".to_owned(), "\"v1\"".to_owned())];
        let range = asked.header("range").strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
        let start = range
            .and_then(|start| start.parse::<usize>().ok())
            .filter(|_| asked.header("if-range") == "\"v1\"");
        match (asked.time, start) {
            (1, _) => Reply::Broken(marks, body.clone().into_bytes(), 50_000),
            (_, Some(start)) => Reply::Whole(206, marks, body.as_bytes()[start..].to_vec())
                .with("Content-Range", &format!("bytes {start}-{}/{}", body.len() - 1, body.len())),
            _ => Reply::status(400),
        }
    });
    let project = project(&server.url("/services.csv"), "csv", "");
    project.gather(&[]).ends(0);
    assert!(landed(&project) == [whole]);
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].header("range"), "bytes=50000-");
}

#[test]
fn a_half_file_of_another_version_is_begun_anew() {
    let server = Server::start(|asked: &Asked| match asked.time {
        1 => Reply::Broken(vec![("ETag".into(), "\"v1\"".into())], vec![b'x'; 9000], 5000),
        // The server has another version now, and so sends all of it.
        _ => Reply::text(SERVICES).with("ETag", "\"v2\""),
    });
    let project = project(&server.url("/services.csv"), "csv", "");
    project.gather(&[]).ends(0);
    assert_eq!(landed(&project), [SERVICES]);
}

fn row(n: usize) -> String {
    format!("{{\"service_code\": \"S{n}\",\n \"agency_code\": \"A\", \"level\": {}}}", 1 + n % 4)
}

/// A page of rows from `from` of `total`.
fn page_of(from: usize, size: usize, total: usize) -> String {
    let rows: Vec<String> = (from..total.min(from + size)).map(row).collect();
    format!("{{\"result\": {{\"items\": [{}], \"total\": {total}}}}}", rows.join(","))
}

#[test]
fn pages_by_number_become_one_file() {
    let server = Server::start(|asked: &Asked| Reply::text(page_of((asked.number("page") - 1) * 10, 10, 25)));
    let more = "paging: { by: page, parameter: page, size_parameter: size, size: 10 }\nrows: /result/items\ntotal: /result/total";
    let project = project(&server.url("/list"), "json", more);
    project.gather(&[]).ends(0);
    let files = landed(&project);
    assert_eq!(files[0].lines().count(), 25);
    assert!(files[0].lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    assert_eq!(server.asked().len(), 3, "the number of rows says which page is the last");
    assert_eq!(server.asked()[1].number("size"), 10);
    project.chiso(&["load"]).ends(0);
    assert_eq!(project.rows("SELECT count(*), count(DISTINCT service_code) FROM fact.service"), ["25 | 25"]);
}

#[test]
fn pages_by_offset_in_a_form_and_by_cursor_and_link() {
    let server = Server::start(|asked: &Asked| match asked.path.as_str() {
        "/form" => {
            let form: std::collections::HashMap<String, String> =
                url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
            assert_eq!((asked.method.as_str(), form["report"].as_str()), ("POST", "II.06"));
            Reply::text(page_of(form["from"].parse().expect("a number"), 10, 25))
        }
        "/cursor" => {
            let from = asked.number("after");
            let next = if from + 10 < 25 { format!("\"{}\"", from + 10) } else { "null".to_owned() };
            Reply::text(
                page_of(from, 10, 25).replace("{\"result\"", &format!("{{\"next\": {next}, \"result\"")),
            )
        }
        _ => {
            let from = asked.number("from");
            let next =
                if from + 10 < 25 { format!("\"/link?from={}\"", from + 10) } else { "null".to_owned() };
            Reply::text(
                page_of(from, 10, 25).replace("{\"result\"", &format!("{{\"next\": {next}, \"result\"")),
            )
        }
    });
    for (path, more) in [
        ("/form", "form: { report: II.06 }\npaging: { by: offset, parameter: from }"),
        ("/cursor", "paging: { by: cursor, parameter: after, next: /next }"),
        ("/link", "paging: { by: link, next: /next }"),
    ] {
        let project = project(&server.url(path), "json", &format!("{more}\nrows: /result/items"));
        project.gather(&[]).ends(0);
        assert_eq!(landed(&project)[0].lines().count(), 25, "{path}");
    }
}

#[test]
fn rows_that_move_while_pages_are_read_are_read_again() {
    // While the second page is asked for the first time, a row comes in before all others.
    let server = Server::start(|asked: &Asked| {
        let page = asked.number("page");
        let shift = usize::from(asked.time == 2);
        Reply::text(page_of(((page - 1) * 10).saturating_sub(shift), 10, 25))
    });
    let more = "paging: { by: page, parameter: page }\nrows: /result/items";
    let project = project(&server.url("/list"), "json", more);
    project.gather(&[]).ends(0);
    let file = landed(&project).remove(0);
    let codes: std::collections::BTreeSet<&str> = file.lines().collect();
    assert_eq!((file.lines().count(), codes.len()), (25, 25));
}

#[test]
fn rows_that_are_missing_every_time_are_told() {
    // It counts 25 rows and gives 20.
    let server = Server::start(|asked: &Asked| {
        let page = asked.number("page");
        Reply::text(if page > 2 { page_of(25, 10, 25) } else { page_of((page - 1) * 10, 10, 25) })
    });
    let more = "paging: { by: page, parameter: page }\nrows: /result/items\ntotal: /result/total";
    let project = project(&server.url("/list"), "json", more);
    fails(project.gather(&[]), &["it counts 25 rows and gave 20", "each of 3 times"]);
    assert_eq!(landed(&project).len(), 0);
}

#[test]
fn a_server_that_knows_no_pages_is_told() {
    let server = Server::start(|_: &Asked| Reply::text(page_of(0, 10, 10)));
    let more = "paging: { by: page, parameter: trang }\nrows: /result/items";
    let project = project(&server.url("/list"), "json", more);
    fails(project.gather(&[]), &["page 2 is page 1 again", "does the server know the parameter"]);
}

#[test]
fn only_what_is_newer_is_asked_for() {
    let server = Server::start(|asked: &Asked| {
        let since = asked.query["since"].clone();
        let days = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"];
        let known = if asked.time == 1 { 2 } else { 4 };
        let rows: Vec<String> = days[..known]
            .iter()
            .enumerate()
            .filter(|(_, day)| ***day > *since)
            .map(|(n, day)| format!("{{\"service_code\": \"S{n}\", \"agency_code\": \"A\", \"level\": 1, \"opened_on\": \"{day}\"}}"))
            .collect();
        Reply::text(format!("[{}]", rows.join(",")))
    });
    let more = "since: { parameter: since, column: opened_on, start: \"2025-12-31\" }";
    let project = project(&server.url("/new"), "json", more);
    project.gather(&[]).ends(0);
    project.gather(&[]).ends(0);
    // Nothing is new the third time.
    assert!(project.gather(&[]).ends(0).stdout.contains("3 files in `build/landing`, 0 new or changed"));
    let asked: Vec<String> = server.asked().iter().map(|asked| asked.query["since"].clone()).collect();
    assert_eq!(asked, ["2025-12-31", "2026-02-01", "2026-04-01"]);
    let lines: Vec<usize> = landed(&project).iter().map(|file| file.lines().count()).collect();
    assert_eq!(lines, [2, 2]);
    project.chiso(&["load"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["4"]);
}

#[test]
fn credentials_come_from_the_environment_and_stay_there() {
    let server = Server::start(|asked: &Asked| match asked.header("authorization") {
        "Bearer geheim" => Reply::text(SERVICES),
        _ => Reply::status(401),
    });
    let project = project(&server.url("/services.csv"), "csv", "credentials: { bearer: PORTAL_TOKEN }");
    fails(project.gather(&[]), &["source `services`", "the environment has no variable `PORTAL_TOKEN`"]);
    fails(project.gather(&[("PORTAL_TOKEN", "falsch")]), &["HTTP 401", "what `PORTAL_TOKEN` holds"]);
    let said = project.gather(&[("PORTAL_TOKEN", "geheim")]).ends(0);
    assert_eq!(landed(&project), [SERVICES]);
    for text in [said.stdout, said.stderr, project.read("build/landing/manifest.ndjson")] {
        assert!(!text.contains("geheim") && !text.contains("falsch"), "{text}");
    }
    // A value in the place of a name is refused, and not shown.
    project.edit("sources.yml", "bearer: PORTAL_TOKEN", "bearer: \"geheim-wie-nie\"");
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("a credential is not the name of a variable"), "{}", said.stderr);
    assert!(!said.stderr.contains("geheim"), "{}", said.stderr);
}

#[test]
fn redirects_lead_only_where_they_may() {
    let inner = Server::start(|asked: &Asked| {
        assert_eq!(asked.header("authorization"), "", "no credentials for others");
        Reply::text(SERVICES)
    });
    let port = inner.address.port();
    let server = Server::start(move |asked: &Asked| match asked.path.as_str() {
        "/here.csv" => Reply::status(302).with("Location", "/there.csv"),
        "/there.csv" => Reply::text(SERVICES),
        "/circle.csv" => Reply::status(302).with("Location", "/circle.csv"),
        "/machine.csv" => Reply::status(302).with("Location", "http://169.254.169.254/latest/meta-data"),
        _ => Reply::status(302).with("Location", &format!("http://localhost:{port}/services.csv")),
    });
    let token = [("TOKEN", "t")];
    let with = |path: &str, more: &str| {
        project(&server.url(path), "csv", &format!("credentials: {{ bearer: TOKEN }}\n{more}"))
    };
    let here = with("/here.csv", "");
    here.gather(&token).ends(0);
    assert_eq!(landed(&here), [SERVICES]);
    fails(with("/circle.csv", "").gather(&token), &["redirects in a circle"]);
    fails(with("/away.csv", "").gather(&token), &["redirects to another host, `localhost`", "`redirects`"]);
    // Allowed by name, but the name stands for this very machine.
    let said = with("/away.csv", "redirects: [localhost]").gather(&token);
    fails(said, &["`localhost`, which is the address 127.0.0.1 of an inner network"]);
    let said = with("/machine.csv", "redirects: [169.254.169.254]").gather(&token);
    fails(said, &["the address 169.254.169.254 of an inner network"]);
    assert_eq!(inner.asked().len(), 0);
}

#[test]
fn a_host_is_not_asked_more_often_than_it_may_be() {
    let server = Server::start(|asked: &Asked| Reply::text(page_of((asked.number("page") - 1) * 5, 5, 25)));
    let more = "paging: { by: page, parameter: page }\nrows: /result/items\ntotal: /result/total";
    let project = project(&server.url("/list"), "json", more);
    project.edit(
        "sources.yml",
        "sources:\n",
        "hosts:\n  127.0.0.1: { connections: 1, requests_per_second: 10 }\nsources:\n",
    );
    let began = Instant::now();
    project.gather(&[]).ends(0);
    assert!(
        began.elapsed() >= Duration::from_millis(400),
        "five requests, ten a second: {:?}",
        began.elapsed()
    );
}

#[test]
fn who_stops_it_keeps_what_has_landed() {
    let server = Server::start(|_: &Asked| Reply::Stall(Duration::from_secs(60)));
    let project = project(&server.url("/services.csv"), "csv", "");
    project.edit("sources.yml", "silence_seconds: 1", "silence_seconds: 50");
    let child = project.command(&["run"]).stderr(std::process::Stdio::piped()).spawn().expect("starts");
    let began = Instant::now();
    while !project.path("build/landing/manifest.ndjson").exists() && began.elapsed() < Duration::from_secs(20)
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    let kill =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    let said = child.wait_with_output().expect("ends");
    assert!(began.elapsed() < Duration::from_secs(15), "it did not wait for the server");
    let stderr = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("stopped while it gathered"), "{stderr}");
    assert!(project.read("build/landing/manifest.ndjson").contains("\"agencies\""));
    let told: serde_json::Value = serde_json::from_str(&project.read("build/run.json")).expect("JSON");
    assert_eq!((&told["outcome"], &told["exit_code"]), (&"stopped".into(), &130.into()));
}

#[test]
fn what_is_wrong_in_an_entry_is_told_at_once() {
    let project =
        project("ftp://example.org/x", "csv", "paging: { by: cursor, parameter: after }\nrows: result");
    let said = project.chiso(&["check"]).ends(1);
    for part in ["this is not an address", "needs `next`", "this is not a JSON pointer"] {
        assert!(said.stderr.contains(part), "no {part:?} in:\n{}", said.stderr);
    }
    project.edit("sources.yml", "ftp://example.org/x", "https://me:pass@example.org/x");
    assert!(project.chiso(&["check"]).ends(1).stderr.contains("an address holds no credentials"));
}

#[test]
fn a_server_proves_to_be_itself() {
    let ours = tempfile::tempdir().expect("a folder");
    let others = tempfile::tempdir().expect("a folder");
    certificates(ours.path());
    certificates(others.path());
    let server = Server::encrypted(ours.path(), |_: &Asked| Reply::text(SERVICES));
    let url = server.url("/services.csv");
    let with = |url: &str, authority: &tempfile::TempDir| {
        let project = project(url, "csv", "ca_file: ca.pem");
        let text = std::fs::read_to_string(authority.path().join("ca.pem")).expect("a certificate");
        project.write("ca.pem", text);
        project
    };
    let right = with(&url, &ours);
    right.gather(&[]).ends(0);
    assert_eq!(landed(&right), [SERVICES]);
    // Nobody vouches for it; somebody else does not; it is another one. None of that is better a moment later.
    let unproven = "the server does not prove to be itself";
    let stranger = project(&url, "csv", "");
    let by_number = with(&url.replace("localhost", "127.0.0.1"), &ours);
    for project in [&stranger, &with(&url, &others), &by_number] {
        let said = project.gather(&[]);
        assert!(!said.stderr.contains("(attempt"), "{}", said.stderr);
        fails(said, &["source `services`", unproven, "name that under `ca_file`"]);
        assert!(landed(project).is_empty());
    }
    assert_eq!(server.asked().len(), 1, "nothing is asked of a stranger");
    // An authority that is not there, or is none.
    right.write("ca.pem", "hello");
    fails(right.gather(&[]), &["`ca.pem` holds no certificate in PEM"]);
    right.remove("ca.pem");
    fails(right.gather(&[]), &["cannot read `ca.pem`"]);
}

#[test]
fn a_workbook_over_http() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in
        (0..).zip([["service_code", "agency_code", "level"], ["S1", "A", "4"], ["S2", "B", "2"]])
    {
        sheet.write_row(row, 0, cells).expect("a row");
    }
    let whole = workbook.save_to_buffer().expect("a workbook");
    let half = whole[..whole.len() / 2].to_vec();
    // Without a length, half of it looks like all of it.
    let server = Server::start(move |asked: &Asked| match asked.time {
        1..=3 => Reply::Whole(200, vec![], half.clone()),
        _ => Reply::Whole(200, vec![], whole.clone()),
    });
    let project = project(&server.url("/export"), "xlsx", "form: { report: services }");
    fails(project.gather(&[]), &["the workbook breaks off (attempt 3)"]);
    project.gather(&[]).ends(0);
    project.chiso(&["load"]).ends(0);
    let rows = project.rows("SELECT service_code, agency_code, level FROM fact.service ORDER BY 1");
    assert_eq!(rows, ["S1 | A | 4", "S2 | B | 2"]);
}

#[test]
fn pages_of_csv_become_one_file() {
    // Each page has its own headings, and a break within quotes.
    let page = |asked: &Asked, heading: &str| {
        let from = (asked.number("page") - 1) * 10;
        let rows: String = (from..25.min(from + 10)).map(|n| format!("\"S\n{n}\";A;1\r\n")).collect();
        Reply::text(format!("\u{feff}service_code;agency_code;{heading}\r\n{rows}"))
    };
    let server = Server::start(move |asked: &Asked| {
        let is_other = asked.path == "/other" && asked.number("page") == 2;
        page(asked, if is_other { "opened_on" } else { "level" })
    });
    let paging = "paging: { by: page, parameter: page }";
    let whole = project(&server.url("/list"), "csv", paging);
    whole.gather(&[]).ends(0);
    whole.chiso(&["load"]).ends(0);
    let counted = "SELECT count(*), count(DISTINCT service_code), sum(level) FROM fact.service";
    assert_eq!(whole.rows(counted), ["25 | 25 | 25"]);
    assert_eq!(landed(&whole)[0].matches("service_code").count(), 1);
    let asked: Vec<usize> = server.asked().iter().map(|asked| asked.number("page")).collect();
    assert_eq!(asked, [1, 2, 3, 4], "a page without rows is the end");
    let other = project(&server.url("/other"), "csv", paging);
    fails(other.gather(&[]), &["page 2 has other headings than page 1"]);
    assert!(landed(&other).is_empty());
}

/// A ZIP file with these files in it.
fn bundle(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a name");
        zip.write_all(text.as_bytes()).expect("memory");
    }
    zip.finish().expect("whole").into_inner()
}

#[test]
fn a_bundle_over_http() {
    let first = bundle(&[("a.csv", SERVICES), ("b.csv", "service_code,agency_code,level\nS9,A,1\n")]);
    let half = first[..first.len() / 2].to_vec();
    let server = Server::start(move |asked: &Asked| match asked.time {
        1 => Reply::Whole(200, vec![("ETag".into(), "\"v1\"".into())], first.clone()),
        2 if asked.header("if-none-match") == "\"v1\"" => Reply::status(304),
        3 => Reply::Whole(200, vec![("ETag".into(), "\"v2\"".into())], half.clone()),
        _ => Reply::Whole(200, vec![("ETag".into(), "\"v1\"".into())], first.clone()),
    });
    let project = project(&server.url("/month.zip"), "csv", "");
    project.edit("sources.yml", "    http:\n", "    members: '*.csv'\n    http:\n");
    let counts = |said: Said, text: &str| assert!(said.stdout.contains(text), "{}", said.stdout);
    counts(project.gather(&[]).ends(0), "3 files in `build/landing`, 3 new or changed");
    counts(project.gather(&[]).ends(0), "3 files in `build/landing`, 0 new or changed");
    // Half of a bundle takes nothing away.
    let said = project.gather(&[]);
    assert!(said.stdout.contains("3 files in `build/landing`, 0 new or changed"), "{}", said.stdout);
    fails(said, &["source `services`", "cannot be unpacked", "it is no ZIP file, or breaks off"]);
    project.chiso(&["load"]).ends(0);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["5"]);
    // More than the source allows.
    project.edit("sources.yml", "    http:\n", "    bundle: { files: 1 }\n    http:\n");
    fails(project.gather(&[]), &["it holds 2 files, more than 1", "raise `files` under `bundle`"]);
    project.edit("sources.yml", "bundle: { files: 1 }", "bundle: { files: 2 }");
    project.gather(&[]).ends(0);
}
