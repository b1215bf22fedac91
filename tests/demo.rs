//! The made-up nation: the same seed gives the same bytes, what is wrong with it is found again to the row, and it says what it is.

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chiso::compute::{Check, read_checks, run_checks};
use chiso::db::Db;
use chiso::project::Project;
use project::TestProject;

/// This project, which has a demo.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Writes a demo into a folder beside an empty project.
fn demo(dossiers: &str, more: &[&str]) -> TestProject {
    let place = TestProject::empty();
    let into = place.path("nation").display().to_string();
    let mut args = vec!["demo", "--dossiers", dossiers, "--into", &into];
    args.extend(more);
    let said = place.command(&args).current_dir(repository()).output().expect("the program starts");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    place
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The rows of `demo-truth.csv` added up by sender and defect, those of none left out.
fn truth(nation: &Path) -> BTreeMap<(String, String), u64> {
    let mut sums = BTreeMap::new();
    for line in fs::read_to_string(nation.join("demo-truth.csv")).expect("written").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let rows: u64 = cells[3].parse().expect("a number");
        *sums.entry((cells[0].to_owned(), cells[2].to_owned())).or_default() += rows;
    }
    sums.retain(|_, rows| *rows > 0);
    sums
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let more = ["--until", "2025-07-31"];
    let (first, second) = (demo("20000", &more), demo("20000", &more));
    let other = demo("20000", &["--until", "2025-07-31", "--seed", "2"]);
    let names = |project: &TestProject| -> Vec<PathBuf> {
        let root = project.path("nation");
        files(&root).iter().map(|path| path.strip_prefix(&root).expect("below").to_owned()).collect()
    };
    assert_eq!(names(&first), names(&second));
    let mut differing = 0;
    for name in names(&first) {
        let bytes = |project: &TestProject| fs::read(project.path("nation").join(&name)).unwrap_or_default();
        assert_eq!(bytes(&first), bytes(&second), "{}", name.display());
        differing += usize::from(bytes(&first) != bytes(&other));
    }
    assert!(differing > 500, "{differing} files differ with another seed");
    // The map changes with its day: Ha Giang and the Ministry of Transport send until their last month.
    let sent = |name: &str| first.path("nation/inbox/dossiers/SYNTHETIC").join(name).is_file();
    assert!(sent("dossiers_H22_2025-06.csv") && !sent("dossiers_H22_2025-07.csv"));
    assert!(sent("dossiers_G04_2025-02.csv") && !sent("dossiers_G04_2025-03.csv"));
    assert!(sent("dossiers_H60_2025-07.csv"));
}

/// A made-up nation of three deliveries whose rows come in turn.
fn small_demo() -> TestProject {
    let project = TestProject::small();
    let demo = "title: { vi: Thử, en: Trial }\nnotice: { vi: Thử, en: Trial }\nuntil: 2026-09-30\ntables: [fact.procedure_level]\n";
    project.write("queries/demo/demo.yml", demo);
    let lists = "CREATE SCHEMA demo; \
        CREATE TABLE demo.delivery AS SELECT n AS delivery, getvariable('dossiers') // 3 AS n_rows FROM range(1, 4) AS r (n); \
        CREATE TABLE demo.file AS SELECT delivery, 'rows' AS query, printf('inbox/rows_%d.%s', delivery, format) AS path, format \
            FROM (SELECT delivery, CASE delivery WHEN 3 THEN 'ndjson' ELSE 'csv' END AS format FROM demo.delivery) \
            UNION ALL SELECT 2, 'rows', 'inbox/rows_2_twin.csv', 'csv' \
            UNION ALL SELECT delivery, 'none', printf('inbox/none_%d.csv', delivery), 'csv' FROM demo.delivery;\n";
    project.write("queries/demo/lists.sql", lists);
    let rows =
        "SELECT i % 3 + 1 AS delivery, i FROM range(CAST(getvariable('dossiers') AS BIGINT)) AS r (i)\n";
    project.write("queries/demo/dossiers.sql", rows);
    let columns = "SELECT delivery, i, NULL AS nothing, DATE '2026-01-31' AS \"day, month\", 'a, \"b\"' AS text, i = 0 AS first, \
        moment_text(1769879109 + i, i % 2 = 0) AS moment FROM demo.chunk\n";
    project.write("queries/demo/files/rows.sql", columns);
    project.write("queries/demo/files/none.sql", "SELECT delivery, i FROM demo.chunk WHERE i < 0\n");
    let truth =
        "SELECT 'H01' AS sender, '2026-01' AS month, 'none' AS defect, count(*) AS n_rows FROM demo.chunk\n";
    project.write("queries/demo/truth.sql", truth);
    project
}

#[test]
fn rows_of_a_delivery_go_to_its_file_in_whatever_turn_they_come() {
    let project = small_demo();
    project
        .chiso(&["demo", "--dossiers", "6", "--into", &project.path("nation").display().to_string()])
        .ends(0);
    let heading = "i,nothing,\"day, month\",text,first,moment\n";
    let first = "0,,2026-01-31,\"a, \"\"b\"\"\",true,20260131170509\n3,,2026-01-31,\"a, \"\"b\"\"\",false,2026-01-31 17:05:12\n";
    assert_eq!(project.read("nation/inbox/rows_1.csv"), format!("{heading}{first}"));
    let numbers =
        |text: String| -> Vec<String> { text.lines().map(|line| line.chars().take(5).collect()).collect() };
    assert_eq!(numbers(project.read("nation/inbox/rows_2.csv")), ["i,not", "1,,20", "4,,20"]);
    assert_eq!(project.read("nation/inbox/rows_2.csv"), project.read("nation/inbox/rows_2_twin.csv"));
    let third = project.read("nation/inbox/rows_3.ndjson");
    assert!(
        third.lines().count() == 2 && third.contains(r#""i":5,"nothing":null,"day, month":"2026-01-31""#),
        "{third}"
    );
    // Nobody sends a file without rows, and none is left half written.
    let files = files(&project.path("nation/inbox"));
    assert!(files.iter().all(|path| path.to_string_lossy().contains("rows_")), "{files:?}");
    assert_eq!(files.len(), 4, "{files:?}");
}

#[test]
fn what_fails_while_rows_are_written_is_told_in_its_query() {
    let project = small_demo();
    project.edit(
        "queries/demo/files/rows.sql",
        "moment_text(1769879109 + i,",
        "moment_text(CASE i WHEN 5001 THEN 9000000000000 ELSE i END,",
    );
    let said = project.chiso(&[
        "demo",
        "--dossiers",
        "6000",
        "--into",
        &project.path("nation").display().to_string(),
    ]);
    let text = said.ends(1).whole();
    // What was begun does not look whole.
    let left = files(&project.path("nation/inbox"));
    assert!(!left.iter().any(|path| path.to_string_lossy().ends_with(".csv")), "{left:?}");
    assert!(
        text.contains("no text stands for 9000000000000") && text.contains("queries/demo/files/rows.sql"),
        "{text}"
    );
}

#[test]
fn a_folder_that_holds_something_is_refused() {
    let place = TestProject::empty();
    place.write("nation/real.csv", "a\n");
    let into = place.path("nation").display().to_string();
    let said = place
        .command(&["demo", "--dossiers", "10", "--into", &into])
        .current_dir(repository())
        .output()
        .expect("the program starts");
    assert_eq!(said.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&said.stderr);
    assert!(stderr.contains("is not empty") && stderr.contains("never lie among real ones"), "{stderr}");
}

#[test]
fn each_dossier_has_a_code_of_its_own_also_after_the_ten_thousandth_of_a_month() {
    let place = demo("600000", &["--until", "2025-01-31"]);
    let files = place.path("nation/inbox/dossiers/SYNTHETIC/*.csv").display().to_string();
    let db = Db::in_memory().expect("memory");
    db.run(&format!(
        "CREATE TABLE sent AS SELECT MaHoSo AS code, filename FROM read_csv('{files}', all_varchar = true, filename = true)"
    ))
    .expect("files as the demo writes them");
    let number = |sql: &str| db.value(sql, &[]).expect("valid").number().expect("a number");
    assert!(number("SELECT max(n) FROM (SELECT count(*) AS n FROM sent GROUP BY filename)") > 10_000.0);
    assert_eq!(number("SELECT count(DISTINCT code) FROM sent"), number("SELECT count(*) FROM sent"));
}

/// All files of a nation as the tables that checks read; a sender is its code without the form.
fn read_nation(nation: &Path) -> Db {
    let db = Db::in_memory().expect("memory");
    let at = |rest: &str| nation.join("inbox").join(rest).display().to_string();
    let moment = |name: &str| {
        format!("coalesce(try_strptime({name}, '%Y%m%d%H%M%S'), try_strptime({name}, '%Y-%m-%d %H:%M:%S'))")
    };
    db.run(&format!(
        "{schema}
        CREATE TABLE sent AS
        SELECT * FROM read_csv('{csv}', all_varchar = true)
        UNION ALL BY NAME SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_json('{json}')
        UNION ALL BY NAME SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('{parquet}');
        CREATE TABLE fact.dossier AS
        SELECT MaHoSo AS dossier_code, MaTTHC AS procedure_code, SoGiayToChuHoSo AS applicant_hash,
            CAST(KenhThucHien AS INTEGER) AS channel, CAST(TrangThaiHoSo AS INTEGER) AS status,
            {submitted} AS submitted_at, {received} AS received_at, {due} AS due_at,
            {finished} AS finished_at, {returned} AS returned_at, {refused} AS refused_at,
            TaiLieuNop AS papers, DanhSachLePhi AS fees, DanhSachGiayToKetQua AS results,
            CAST(HoSoCoThanhPhanSoHoa AS INTEGER) AS has_digitised_part,
            CAST(TaiKhoanDuocXacThucVoiVNeID AS INTEGER) AS account_verified,
            CAST(DuocThanhToanTrucTuyen AS INTEGER) AS paid_online,
            DonViTiepNhan AS receiving_code, split_part(DonViTiepNhan, '.', -1) AS receiving_org_id, 1 AS file_id
        FROM sent;
        CREATE VIEW fact.dossier_defect AS {defects};
        CREATE TABLE fact.dossier_step AS
        SELECT MaHoSo AS dossier_code, CAST(TrangThai AS INTEGER) AS status, {handled} AS handled_at
        FROM read_csv('{steps}', all_varchar = true);",
        schema = include_str!("../src/schema.sql"),
        defects = include_str!("../queries/tables/fact.dossier_defect.sql"),
        csv = at("dossiers/SYNTHETIC/*.csv"),
        json = at("dossiers/SYNTHETIC/*.ndjson"),
        parquet = at("dossiers/SYNTHETIC/*.parquet"),
        steps = at("dossier-steps/SYNTHETIC/*.csv"),
        submitted = moment("NgayNopHoSo"),
        received = moment("NgayTiepNhan"),
        due = moment("NgayHenTra"),
        finished = moment("NgayKetThucXuLy"),
        returned = moment("NgayTra"),
        refused = moment("NgayTuChoi"),
        handled = moment("ThoiDiemXuLy"),
    ))
    .unwrap_or_else(|error| panic!("{error:?}"));
    db
}

#[test]
fn every_defect_is_found_again_to_the_row() {
    let place = demo("100000", &[]);
    let nation = place.path("nation");
    let db = read_nation(&nation);
    let number = |sql: &str| db.value(sql, &[]).expect("valid").number().expect("a number");
    assert_eq!(number("SELECT count(*) FROM sent"), 100_000.0);
    assert_eq!(number("SELECT count(*) FROM sent WHERE DuLieuMoPhong IS DISTINCT FROM 'SYNTHETIC'"), 0.0);
    assert_eq!(number("SELECT count(DISTINCT MaHoSo) FROM sent"), 100_000.0);

    let expected = truth(&nation);
    let all = read_checks(&Project::open(repository()).expect("a project")).expect("good checks");
    let is_of_defect = |check: &Check| {
        let defect = check.id.trim_start_matches("dossier-");
        expected.keys().any(|(_, known)| known == defect)
    };
    let checks: Vec<Check> = all.into_iter().filter(is_of_defect).collect();
    assert_eq!(checks.len(), 9, "one rule for each defect");
    run_checks(&db, &checks).expect("they run");
    let found = db
        .query("SELECT org_id, check_id, broken FROM meta.check_sender WHERE broken > 0", &[])
        .expect("valid");
    let found: BTreeMap<(String, String), u64> = found
        .rows
        .iter()
        .map(|row| {
            let defect = row[1].shown().trim_start_matches("dossier-").to_owned();
            ((row[0].shown(), defect), row[2].shown().parse().expect("a number"))
        })
        .collect();
    let mut wanted = expected.clone();
    wanted.retain(|(_, defect), _| defect != "dossiers");
    assert_eq!(found, wanted);
    // Each rule finds something, and none of those that look at all dossiers of a sender finds a sender without the defect.
    let over = db.query("SELECT DISTINCT check_id FROM meta.check_sender WHERE is_over", &[]).expect("valid");
    assert_eq!(over.rows.len(), 9);
}

#[test]
fn the_shares_are_near_the_published_ones() {
    let place = demo("100000", &["--seed", "7"]);
    let db = read_nation(&place.path("nation"));
    let share = |what: &str, of: &str| {
        let sql =
            format!("SELECT 100.0 * count(*) FILTER (WHERE {what}) / count(*) FROM fact.dossier WHERE {of}");
        db.value(&sql, &[]).expect("valid").number().expect("a number")
    };
    // National portal to 17 September 2026: 94.88 % online.
    let online = share("channel = 2", "received_at >= TIMESTAMP '2026-01-01'");
    assert!((online - 94.88).abs() < 1.5, "online {online:.2}");
    // July to October 2025, the provinces: 12.1 of 14.5 million.
    let online = share(
        "channel = 2",
        "received_at BETWEEN TIMESTAMP '2025-07-01' AND TIMESTAMP '2025-10-28' AND receiving_org_id LIKE 'H%'",
    );
    assert!((online - 83.4).abs() < 2.0, "online in autumn 2025 {online:.2}");
    let provinces = db
        .value(
            "SELECT count(DISTINCT receiving_org_id) FROM fact.dossier
             WHERE received_at >= TIMESTAMP '2025-07-01' AND receiving_org_id LIKE 'H%'",
            &[],
        )
        .expect("valid");
    assert_eq!(provinces.number(), Some(34.0));
}

#[test]
fn a_nation_is_a_project_that_runs_and_says_what_it_is_on_every_page() {
    // One month of the old map and few dossiers: what is tested is the way, not the size.
    let place = demo("400", &["--until", "2024-01-31"]);
    let nation = place.path("nation");
    let said = place.chiso(&["--project", "nation", "run"]);
    assert!(said.stdout.contains("files loaded"), "{}\n{}", said.stdout, said.stderr);
    assert!(!said.stderr.contains("of `fact.dossier` do not fit"), "{}", said.stderr);
    let rows = place
        .rows_of("nation/build/chiso.duckdb", "SELECT count(*), count(receiving_org_id) FROM fact.dossier");
    assert_ne!(rows, ["0 | 0"]);
    // Its senders are expected like real ones; of those whose files are there it is known what they sent.
    let said = place.chiso(&["--project", "nation", "quality", "--json"]).ends(1);
    let told: serde_json::Value = serde_json::from_str(&said.stdout).expect("JSON");
    let rows = |id: &str| {
        let mut senders = told["senders"].as_array().expect("senders").iter();
        let sender = senders.find(|sender| sender["org_id"] == id);
        sender.and_then(|sender| sender["rows_loaded"].as_u64()).unwrap_or(0)
    };
    assert!(rows("H26") > 0 && rows("H02") == 0, "{}", said.stdout);
    let pages: Vec<PathBuf> = files(&nation.join("build/site"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect();
    assert!(pages.len() > 100);
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page");
        let is_marked = text.contains("synthetic data") || text.contains("dữ liệu mô phỏng");
        assert!(is_marked, "{} does not say what it is", page.display());
        // The page that only leads to a language has its title alone.
        let is_root = page == nation.join("build/site/index.html");
        assert!(is_root || text.contains("class=\"notice\""), "{} has no notice", page.display());
    }
}
