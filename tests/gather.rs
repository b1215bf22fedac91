//! Gathering: one run at a time, and the account that programs read.

mod project;

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use project::TestProject;

fn run_json(project: &TestProject) -> serde_json::Value {
    serde_json::from_str(&project.read("build/run.json")).expect("an account is JSON")
}

/// The lock, as another run would hold it.
fn held(project: &TestProject) -> File {
    project.write("build/.lock", r#"{"process":4711,"command":"run","since":"2026-11-23 01:30:00"}"#);
    let file = File::options().write(true).open(project.path("build/.lock")).expect("a lock file");
    file.lock().expect("free");
    file
}

#[test]
fn a_second_run_leaves_and_says_who_works() {
    let project = TestProject::small();
    let lock = held(&project);
    for command in ["run", "gather", "load", "compute", "report", "export"] {
        let said = project.chiso(&[command]).ends(3);
        assert!(
            said.stderr.contains("`chiso run`, process 4711, since 2026-11-23 01:30:00 UTC"),
            "{}",
            said.stderr
        );
        assert!(said.stderr.contains("`--wait`"), "{}", said.stderr);
    }
    // Nothing was touched, and nobody took the account of the other run for theirs.
    assert!(!project.path("build/landing").exists() && !project.path("build/run.json").exists());
    // Reading disturbs nobody.
    project.chiso(&["check"]).ends(0);
    drop(lock);
    // The file stays, the lock does not.
    project.chiso(&["run"]).ends(0);
}

#[test]
fn a_run_that_waits_has_its_turn() {
    let project = TestProject::small();
    let lock = held(&project);
    let mut command = project.command(&["run", "--wait"]);
    let mut waiting = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
    std::thread::sleep(Duration::from_millis(400));
    assert!(waiting.try_wait().expect("a child").is_none() && !project.path("build/landing").exists());
    drop(lock);
    assert_eq!(waiting.wait().expect("ends").code(), Some(0));
    assert!(project.path("build/run.json").exists());
}

#[test]
fn a_run_leaves_an_account_for_programs() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    let told = run_json(&project);
    assert_eq!((&told["outcome"], &told["exit_code"]), (&"done".into(), &0.into()));
    assert_eq!(told["started_at"], "2026-11-23T08:15:00Z");
    assert_eq!(
        told["sources"],
        serde_json::json!({ "named": 2, "arrived": 2, "new_or_changed_files": 2, "failed": [] })
    );
    assert_eq!(told["rows"], serde_json::json!({ "files": 2, "read": 7, "loaded": 7, "rejected": 0 }));
    assert_eq!((&told["vintage"], &told["problems"]), (&1.into(), &serde_json::json!([])));

    project.edit("data/services.csv", "S2,A,2", "S2,A,two");
    project.remove("data/agencies.csv");
    project.chiso(&["run"]).ends(1);
    let told = run_json(&project);
    assert_eq!((&told["outcome"], &told["exit_code"]), (&"needs-attention".into(), &1.into()));
    assert_eq!(told["sources"]["failed"][0]["source"], "agencies");
    assert_eq!(told["rows"], serde_json::json!({ "files": 1, "read": 4, "loaded": 3, "rejected": 1 }));
    // The value of a cell may speak of a person: it is not handed on.
    assert!(!project.read("build/run.json").contains("two"));
}

#[test]
fn a_run_that_cannot_begin_leaves_an_account_too() {
    let project = TestProject::small();
    project.edit("sources.yml", "table: ref.agency", "table: ref.agencies");
    project.chiso(&["run"]).ends(1);
    let told = run_json(&project);
    assert_eq!(told["problems"][0]["message"], "table `ref.agencies` has no contract");
    assert!(told.get("sources").is_none() && told.get("vintage").is_none());
}

#[test]
fn what_landed_and_is_gone_before_it_was_loaded_is_loaded() {
    let project = TestProject::small();
    project.chiso(&["run"]).ends(0);
    project.write("data/services-2.csv", "service_code,agency_code,level\nS9,A,1\n");
    project.chiso(&["gather"]).ends(0);
    project.remove("data/services-2.csv");
    let gone = "warning: source `services` does not bring `data/services-2.csv` any more; ";
    let said = project.chiso(&["run"]).ends(0);
    assert!(
        said.stderr.contains(&format!("{gone}it had landed and was read all the same")),
        "{}",
        said.stderr
    );
    assert_eq!(project.rows("SELECT level FROM fact.service WHERE service_code = 'S9'"), ["1"]);
    // From then on it is one of those that are in use and gone.
    let said = project.chiso(&["run"]).ends(0);
    assert!(said.stdout.contains("0 files loaded"), "{}", said.stdout);
    assert!(said.stderr.contains(&format!("{gone}in use are still its 1 row")), "{}", said.stderr);
}

#[test]
fn what_nobody_sends_is_left_in_its_folder() {
    let project = TestProject::small();
    project.edit("sources.yml", "data/services*.csv", "inbox/**/*");
    project.write("inbox/a/services.csv", "service_code,agency_code,level\nS1,A,4\n");
    for name in [".DS_Store", "a/Thumbs.db", "a/desktop.ini", "a/~$services.xlsx", "a/._services.csv"] {
        project.write(&format!("inbox/{name}"), "x");
    }
    project.chiso(&["run"]).ends(0);
    assert_eq!(
        project.rows("SELECT path FROM meta.file WHERE table_name = 'fact.service'"),
        ["inbox/a/services.csv"]
    );
}

#[test]
fn a_name_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let project = TestProject::small();
    let name = std::ffi::OsStr::from_bytes(b"services-\xffn.csv");
    std::fs::write(project.path("data").join(name), "service_code,agency_code,level\nS9,A,1\n")
        .expect("a name");
    let said = project.chiso(&["run"]).ends(1);
    let text = "error: source `services`: the name of `data/services-\u{fffd}n.csv` is not UTF-8 text";
    assert!(said.stderr.contains(text), "{}", said.stderr);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["4"]);
    // Also where the pattern takes all folders below.
    project.edit("sources.yml", "data/services*.csv", "data/**/services*");
    assert!(project.chiso(&["gather"]).ends(1).stderr.contains(text));
}

#[test]
fn links_lead_nowhere_but_where_the_source_says() {
    use std::os::unix::fs::symlink;
    let project = TestProject::small();
    let elsewhere = TestProject::empty();
    elsewhere.write("folder/services-8.csv", "service_code,agency_code,level\nS8,A,1\n");
    symlink(elsewhere.path("folder/services-8.csv"), project.path("data/services-8.csv")).expect("a link");
    let said = project.chiso(&["run"]).ends(1);
    let text = "error: source `services`: `data/services-8.csv` is a link that leads out of the project";
    assert!(said.stderr.contains(text), "{}", said.stderr);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["4"]);

    // The same of a folder on the way; but not of the one that the source names.
    project.remove("data/services-8.csv");
    symlink(elsewhere.path("folder"), project.path("data/below")).expect("a link");
    project.edit("sources.yml", "data/services*.csv", "data/*/services*.csv");
    let said = project.chiso(&["gather"]).ends(1);
    assert!(said.stderr.contains("`data/below/services-8.csv` is a link"), "{}", said.stderr);
    project.edit("sources.yml", "data/*/services*.csv", "data/below/services*.csv");
    project.chiso(&["gather"]).ends(0);
}

#[test]
fn a_file_is_read_once_however_many_links_lead_to_it() {
    use std::os::unix::fs::symlink;
    let project = TestProject::small();
    project.edit("sources.yml", "data/services*.csv", "data/**/services*.csv");
    symlink(project.path("data/services.csv"), project.path("data/services-again.csv")).expect("a link");
    symlink(project.path("data"), project.path("data/loop")).expect("a link");
    let said = project.chiso(&["run"]).ends(0);
    let text = "is a link to `data/services.csv`, which is read once; so it is with ";
    assert_eq!(said.stderr.matches(text).count(), 1, "{}", said.stderr);
    assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["4"]);
    assert_eq!(
        project.rows("SELECT path FROM meta.file WHERE table_name = 'fact.service'"),
        ["data/services.csv"]
    );
}

#[test]
fn a_folder_that_may_not_be_looked_into_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let project = TestProject::small();
    project.edit("sources.yml", "data/services*.csv", "data/**/services*.csv");
    project.write("data/closed/services-9.csv", "service_code,agency_code,level\nS9,A,1\n");
    let mode = |mode| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(project.path("data/closed"), rights).expect("it is ours");
    };
    project.chiso(&["run"]).ends(0);
    mode(0o000);
    // Whoever may do everything is kept out of nothing.
    if std::fs::read_dir(project.path("data/closed")).is_err() {
        let said = project.chiso(&["run"]).ends(1);
        assert!(said.stderr.contains("`data/closed` cannot be looked into"), "{}", said.stderr);
        // What came out of it before stays in use.
        assert_eq!(project.rows("SELECT count(*) FROM fact.service"), ["5"]);
    }
    mode(0o755);
}

#[test]
fn a_file_that_two_sources_bring_is_told() {
    let project = TestProject::small();
    let twin = "  - id: more-services
    title: { vi: Thêm, en: More }
    table: fact.service
    path: data/*services*.csv
    publisher: A ministry
    licence: MIT
  - id: services";
    project.edit("sources.yml", "  - id: services", twin);
    let said = project.chiso(&["gather"]).ends(0);
    let text = "sources `more-services` and `services` both bring `data/services.csv` to `fact.service`";
    assert!(said.stderr.contains(&format!("warning: {text}")), "{}", said.stderr);
    let line = |id: &str| {
        let sources = project.read("sources.yml");
        let found = sources.lines().position(|line| line == format!("  - id: {id}"));
        format!("sources.yml:{}:9", found.expect("an entry") + 1)
    };
    for id in ["more-services", "services"] {
        assert!(said.stderr.contains(&line(id)), "no {} in:\n{}", line(id), said.stderr);
    }
    // One file may fill two tables.
    project.edit(
        "sources.yml",
        "    table: fact.service\n    path: data/*services",
        "    table: ref.agency\n    path: data/*services",
    );
    assert!(!project.chiso(&["gather"]).ends(0).stderr.contains("both bring"));
}
