//! Dossiers and forms as agencies send them, on the project of the repository: what is kept of a person, what the rules make
//! of a dossier, and where a form does not add up or its dossiers say otherwise.

mod project;

use std::fs;
use std::path::{Path, PathBuf};

use chiso::db::Db;
use project::{Said, TestProject};
use rust_xlsxwriter::Workbook;

/// Texts of persons: none of them may be found in anything that is made of a file.
const SECRETS: [&str; 9] = [
    "TRAN THI SECRET",
    "001199012345",
    "001199067890",
    "secret@example.vn",
    "0912345678",
    "SECRET-FAX",
    "SECRET-ACCOUNT",
    "SECRET CONTENT",
    "SECRET HANDLER",
];

const HEADINGS: [&str; 15] = [
    "MaHoSo",
    "KenhThucHien",
    "NgayTiepNhan",
    "NgayHenTra",
    "TrangThaiHoSo",
    "DonViXuLy",
    "TaiLieuNop",
    "ChuHoSo",
    "SoGiayToChuHoSo",
    "DinhDanhCHS",
    "MaDoiTuong",
    "Email",
    "Fax",
    "SoDienThoai",
    "TrichYeuHoSo",
];

/// One dossier, cell by cell; `status` may be wrong, so that the row is a reject.
fn row(code: &str, received: &str, status: &str, paper: &str, identity: &str) -> [String; 15] {
    [
        code,
        "2",
        received,
        "20260120170000",
        status,
        "H44.01",
        r#"[{"MaThanhPhanHoSo":"KQ.1"}]"#,
        "TRAN THI SECRET",
        paper,
        identity,
        "SECRET-ACCOUNT",
        "secret@example.vn",
        "SECRET-FAX",
        "0912345678",
        "SECRET CONTENT",
    ]
    .map(str::to_owned)
}

/// The same applicant by paper and by identity, with either form of date, and a row that does not fit.
fn rows(name: &str) -> [[String; 15]; 3] {
    let identity = r#"{"LoaiDinhDanh":1,"SoDinhDanh":"001199012345"}"#;
    [
        row(&format!("{name}-260105-0001"), "20260105080000", "4", "", identity),
        row(&format!("{name}-260105-0002"), "2026-01-05 08:00:00", "4", "001199012345", ""),
        row(&format!("{name}-260105-0003"), "20260105080000", "SAI", "001199067890", identity),
    ]
}

fn csv(headings: &[&str], rows: &[[String; 15]]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |row: &[String; 15]| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n";
    headings.join(",") + "\n" + &rows.iter().map(line).collect::<String>()
}

fn object(row: &[String; 15]) -> serde_json::Value {
    // Lists and objects come as themselves.
    let value = |text: &String| match text.starts_with(['[', '{']) {
        true => serde_json::from_str(text).expect("JSON"),
        false => serde_json::Value::from(text.as_str()),
    };
    HEADINGS
        .iter()
        .zip(row)
        .map(|(heading, cell)| ((*heading).to_owned(), value(cell)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn workbook(rows: &[[String; 15]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(0, column, heading).expect("a cell");
        for (line, row) in (1..).zip(rows) {
            sheet.write_string(line, column, &row[usize::from(column)]).expect("a cell");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// The objects as Parquet, in which the identity is a struct and the papers are a list.
fn parquet(project: &TestProject, rows: &[[String; 15]], path: &str) {
    let lines: Vec<String> = rows.iter().map(|row| object(row).to_string()).collect();
    project.write("rows.ndjson", lines[..1].join("\n"));
    let db = Db::in_memory().expect("opens");
    db.run(&format!(
        "COPY (SELECT * FROM read_json('{}', convert_strings_to_integers = false)) TO '{}' (FORMAT parquet)",
        project.path("rows.ndjson").display(),
        project.path(path).display()
    ))
    .expect("writable");
    project.remove("rows.ndjson");
}

fn national() -> TestProject {
    TestProject::copy_of(".")
}

fn take_in(project: &TestProject, key: Option<&str>) -> Said {
    project.chiso(&["-q", "gather"]);
    let mut command = project.command(&["load"]);
    command.env_remove("CHISO_APPLICANT_KEY");
    if let Some(key) = key {
        command.env("CHISO_APPLICANT_KEY", key);
    }
    let output = command.output().expect("the program starts");
    Said {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Everything under `build`, but for the originals in the landing folder.
fn made(project: &TestProject) -> Vec<PathBuf> {
    let landing = project.path("build/landing");
    files(&project.path("build")).into_iter().filter(|path| !path.starts_with(&landing)).collect()
}

#[track_caller]
fn has_no_secret(what: &str, bytes: &[u8], secrets: &[&str]) {
    for secret in secrets {
        assert!(memchr::memmem::find(bytes, secret.as_bytes()).is_none(), "{secret:?} is in {what}");
    }
}

#[test]
fn personal_data_stop_at_the_door() {
    let project = national();
    let (csv_rows, json_rows) = (rows("CSV"), rows("JSON"));
    // A quote that never closes, and a line that is no JSON: shown nowhere, for they may speak of persons.
    let torn = "\"CSV-260105-0009\",2,x\"TRAN THI SECRET\",,001199012345\n";
    project.write("inbox/dossiers/a.csv", csv(&HEADINGS, &csv_rows) + torn);
    let array = serde_json::Value::Array(json_rows.iter().map(object).collect());
    project.write("inbox/dossiers/b.json", array.to_string());
    let lines: Vec<String> = rows("LINE").iter().map(|row| object(row).to_string()).collect();
    project.write("inbox/dossiers/c.ndjson", lines.join("\n") + "\n{\"ChuHoSo\": \"TRAN THI SECRET\"\n");
    project.write("inbox/dossiers/d.xlsx", workbook(&rows("BOOK")));
    parquet(&project, &rows("PACK"), "inbox/dossiers/e.parquet");
    // Without its headings, the first row is refused with the file and not shown.
    project.write("inbox/dossiers/f.csv", csv(&HEADINGS, &csv_rows).split_once('\n').expect("rows").1);
    project.write(
        "inbox/dossier-steps/steps.csv",
        "MaHoSo,NguoiXuLy,ChucDanh,ThoiDiemXuLy,NoiDungXuLy,TrangThai\nX,SECRET HANDLER,Chuyên viên,20260105080000,SECRET CONTENT,4\n",
    );

    let said = take_in(&project, Some("a key that nobody knows"));
    assert!(said.stderr.contains("f.csv"), "{}", said.stderr);
    has_no_secret("what is said", (said.stdout + &said.stderr).as_bytes(), &SECRETS);
    assert_eq!(
        project.rows(
            "SELECT path, rows_read, rows_loaded FROM meta.file WHERE source_id LIKE 'dossier%' AND state = 'current' \
             AND path LIKE 'inbox%' ORDER BY path"
        ),
        [
            "inbox/dossier-steps/steps.csv | 1 | 1",
            "inbox/dossiers/a.csv | 4 | 2",
            "inbox/dossiers/b.json | 3 | 2",
            "inbox/dossiers/c.ndjson | 4 | 2",
            "inbox/dossiers/d.xlsx | 3 | 2",
            "inbox/dossiers/e.parquet | 1 | 1",
        ]
    );
    // One applicant in all formats, by identity or by paper, and nothing else of them.
    let hashes = project.rows("SELECT DISTINCT applicant_hash FROM fact.dossier");
    let expected = chiso_hmac("a key that nobody knows", "001199012345");
    assert_eq!(hashes, [expected]);
    assert_eq!(
        project.rows("SELECT DISTINCT received_at, applicant_id_kind, papers FROM fact.dossier ORDER BY ALL"),
        [
            r#"2026-01-05 08:00:00 | 1 | [{"MaThanhPhanHoSo":"KQ.1"}]"#,
            r#"2026-01-05 08:00:00 | ~ | [{"MaThanhPhanHoSo":"KQ.1"}]"#
        ]
    );

    let said = project.chiso(&["run", "--period", "2026-Q1-adm"]);
    has_no_secret("what is said", (said.stdout + &said.stderr).as_bytes(), &SECRETS);
    let mut secrets = SECRETS.to_vec();
    secrets.push("a key that nobody knows");
    let made = made(&project);
    assert!(made.len() > 100, "{} files", made.len());
    for path in made {
        has_no_secret(&path.display().to_string(), &fs::read(&path).expect("readable"), &secrets);
    }
    // The database may pack its texts; what it can be asked for holds none either.
    let db = project.db();
    let tables = "SELECT schema_name || '.' || table_name, string_agg('coalesce(CAST(' || '\"' || column_name || '\"' || ' AS VARCHAR), '''')', ' || ''|'' || ') \
                  FROM duckdb_columns() JOIN duckdb_tables() USING (schema_name, table_name) \
                  WHERE schema_name IN ('stored', 'meta', 'out') GROUP BY ALL ORDER BY ALL";
    for table in db.query(tables, &[]).expect("tables").rows {
        let (name, cells) = (table[0].shown(), table[1].shown());
        for secret in &secrets {
            let sql = format!("SELECT count(*) FROM {name} WHERE contains({cells}, '{secret}')");
            assert_eq!(project::shown_rows(&db, &sql), ["0"], "{secret:?} is in {name}");
        }
    }
    let mode = fs::metadata(project.path("build/landing")).expect("a folder").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o700);
}

/// HMAC-SHA-256, worked out here once more.
fn chiso_hmac(key: &str, text: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    outer.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn without_a_key_there_is_no_sum_and_the_account_says_so() {
    let project = national();
    project.write("inbox/dossiers/a.csv", csv(&HEADINGS, &rows("CSV")));
    let hashed = "SELECT count(applicant_hash) FROM fact.dossier";
    let messages = "SELECT message FROM meta.file WHERE path = 'inbox/dossiers/a.csv' AND state = 'current'";
    take_in(&project, None);
    assert_eq!(project.rows(hashed), ["0"]);
    let said = "`applicant_hash` is empty: there is no key for it in `CHISO_APPLICANT_KEY`";
    assert!(project.rows(messages)[0].contains(said));
    // With a key the file is read again, with another once more; without one what is there stays.
    take_in(&project, Some("one"));
    let first = project.rows("SELECT applicant_hash FROM fact.dossier");
    assert_eq!(project.rows(hashed), ["2"]);
    assert!(!project.rows(messages)[0].contains(said));
    take_in(&project, None);
    assert_eq!(project.rows("SELECT applicant_hash FROM fact.dossier"), first);
    take_in(&project, Some("two"));
    assert_ne!(project.rows("SELECT applicant_hash FROM fact.dossier"), first);
    assert_eq!(project.rows("SELECT count(*) FROM meta.delivery WHERE path = 'inbox/dossiers/a.csv'"), ["3"]);
}

#[test]
fn the_last_state_of_a_dossier_counts() {
    let project = national();
    let states = |name: &str, rows: &str| {
        project.write(
            &format!("inbox/dossiers/{name}.csv"),
            format!("MaHoSo,NgayTiepNhan,TrangThaiHoSo,NgayKetThucXuLy,DonViXuLy\n{rows}"),
        );
    };
    let now = || project.rows("SELECT dossier_code, status FROM fact.dossier_now ORDER BY ALL");
    states("2026-01", "A,20260105080000,2,,H44.01\nB,20260105080000,2,,H44.01\nA,20260105080000,4,,H44.01\n");
    take_in(&project, None);
    assert_eq!(now(), ["A | 4", "B | 2"]);
    states("2026-02", "A,20260105080000,9,20260210080000,H44.01\n");
    take_in(&project, None);
    assert_eq!(now(), ["A | 9", "B | 2"]);
    assert_eq!(project.rows("SELECT count(*) FROM fact.dossier"), ["4"]);
    // The first file sent again comes last; its rows take the place of those it had.
    states("2026-01", "B,20260105080000,5,,H44.01\nC,20260105080000,2,,H44.01\n");
    take_in(&project, None);
    assert_eq!(now(), ["A | 9", "B | 5", "C | 2"]);
    assert_eq!(project.rows("SELECT count(*) FROM fact.dossier_case"), ["3"]);
    // An earlier vintage knows its own last states.
    let vintages =
        project.rows("SELECT vintage FROM meta.delivery WHERE path = 'inbox/dossiers/2026-02.csv'");
    let again = project.chiso(&["run", "--as-of", &vintages[0], "--period", "2026-Q1"]);
    assert!(again.status <= 1, "{}", again.stderr);
}

/// Every rule of the end, the clock and the agency, one dossier each.
#[test]
fn dossiers_are_judged_by_the_rules() {
    let project = national();
    project.write(
        "inbox/dossiers/rules.csv",
        r#"MaHoSo,MaTTHC,TrangThaiHoSo,DonViXuLy,DonViTiepNhan,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTra,NgayTuChoi,DanhSachHoSoBoSung,DanhSachGiayToKetQua
end-finished,,10,H44.01,,20260105080000,20260120170000,20260119080000,20260121080000,,,
end-returned,,10,H44.01,,20260105080000,20260120170000,,20260121080000,,[],
end-refused,,3,H44.01,,20260105080000,20260120170000,,,20260107080000,[],
end-withdrawn,,7,H44.01,,20260105080000,20260120170000,,,,[],
end-unknown,,9,H44.01,,20260105080000,20260120170000,,,,[],
open,,4,H44.01,,2026-01-05 08:00:00,2026-01-20 00:00:00,,,,[],
waited,,9,H44.01,,20260105080000,20260123170000,20260123100000,,,"[{""NgayBoSung"":""20260110080000"",""NgayTiepNhanBoSung"":""2026-01-13 08:00:00"",""NgayHenTraTruoc"":""20260120170000"",""NgayHenTraMoi"":""20260123170000""}]",
waiting,,5,H44.01,,20260105080000,20260120170000,,,,"[{""NgayBoSung"":""20260110080000""}]",
no-moments,,5,H44.01,,20260105080000,20260120170000,,,,"[{""NgayHenTraMoi"":""20260125170000""}]",
wait-too-late,,5,H44.01,,20260105080000,20260120170000,,,,"[{""NgayBoSung"":""20260210080000"",""NgayTiepNhanBoSung"":""20260301080000""}]",
twice,,9,H44.01,,20260105080000,20260120170000,20260110080000,,,"[{""NgayBoSung"":""20260110080000""},{""NgayBoSung"":""20260112080000""}]",
legal-working,1.000001,9,H44.01,,20260105080000,,20260110080000,,,[],
legal-calendar,1.000002,9,H44.01,,20260105080000,,20260110080000,,,[],
no-due,1.000003,9,H44.01,,20260105080000,,20260110080000,,,[],
old-form,,4,000.00.12.H44,,20260105080000,,,,,[],
old-whole,,4,000.00.00.H44,,20260105080000,,,,,[],
other-unit,,4,H49.77,,20260105080000,,,,,[],
before-merger,,4,H44.77,,20250105080000,,,,,[],
received-only,,4,,H44.03,20260105080000,,,,,[],
G09.20-20260609-0092637,,4,,,20260609080000,,,,,[],
nobody,,4,X99.1,,20260105080000,,,,,[],
wait-day,,9,H44.01,,20260105080000,2026-01-20 00:00:00,20260121100000,,,"[{""NgayBoSung"":""20260110080000"",""NgayTiepNhanBoSung"":""20260111130000""}]",
wait-legal,1.000002,9,H44.01,,20260105080000,,20260111100000,,,"[{""NgayBoSung"":""20260107100000"",""NgayTiepNhanBoSung"":""20260108150000""}]",
wait-forms,,9,H44.01,,20260105080000,20260120170000,,,,"[{""NgayBoSung"":""2026-01-10"",""NgayTiepNhanBoSung"":""12/01/2026""}]",
wait-object,,9,H44.01,,20260105080000,20260120170000,,,,"{""NgayBoSung"":""2026-01-10 08:00:00.123"",""NgayTiepNhanBoSung"":""2026-01-12T08:00:00""}",
wait-moved,,9,H44.01,,20260105080000,20260125170000,,,,"[{""NgayBoSung"":""20260110080000"",""NgayTiepNhanBoSung"":""20260115080000"",""NgayHenTraMoi"":""20260125170000""}]",
wait-status,,5,H44.01,,20260105080000,20260120170000,,,,,
new-only,,1,H44.01,,20260105080000,20260120170000,,,,,
never-received,,10,H44.01,,,20260120170000,20260119080000,,,,
legal-newer,1.000004,9,H44.01,,20260105080000,,20260110080000,,,[],
legal-at-once,1.000005,9,H44.01,,20260104080000,,20260110080000,,,[],
result,,9,H44.01,,20260105080000,,20260106080000,,,[],"[{""GiayToId"":""1"",""DuongDanTepTinKetQua"": ""https://a/b.pdf""}]"
empty-result,,9,H44.01,,20260105080000,,20260106080000,,,[],"[{""GiayToId"":""1"",""DuongDanTepTinKetQua"":""""}]"
"#,
    );
    project.write(
        "inbox/dossier-steps/steps.csv",
        "MaHoSo,ThoiDiemXuLy,TrangThai\nend-withdrawn,20260108080000,4\nend-withdrawn,20260109080000,7\nopen,20260109080000,8\nwait-status,20260112080000,5\n",
    );
    project.write(
        "inbox/procedure-times/times.csv",
        "procedure_code,days,day_kind,legal_basis,valid_from,valid_to\n1.000001,5,working,A law,,\n1.000002,5,calendar,A law,,\n1.000003,5,working,A law,2027-01-01,\n1.000004,5,calendar,A law,2020-01-01,\n1.000004,3,calendar,A newer law,2026-01-01,\n1.000005,0,working,A law,,\n",
    );
    take_in(&project, None);
    let asked = |columns: &str, like: &str| {
        project.rows(&format!(
            "SELECT dossier_code, {columns} FROM fact.dossier_case WHERE regexp_full_match(dossier_code, '{like}') ORDER BY 1"
        ))
    };
    assert_eq!(
        asked("processed_at, handed_at, is_open", "end-.*|open"),
        [
            "end-finished | 2026-01-19 08:00:00 | 2026-01-21 08:00:00 | false",
            "end-refused | 2026-01-07 08:00:00 | 2026-01-07 08:00:00 | false",
            "end-returned | 2026-01-21 08:00:00 | 2026-01-21 08:00:00 | false",
            "end-unknown | ~ | ~ | false",
            "end-withdrawn | 2026-01-09 08:00:00 | 2026-01-09 08:00:00 | false",
            "open | ~ | ~ | true",
        ]
    );
    // Five working days after Monday 5 January end on Saturday the 10th, which was worked in exchange for the 2nd.
    assert_eq!(
        asked("due_at, stopped_at, requests", "open|wait.*|no-.*|twice|legal-.*"),
        [
            "legal-at-once | 2026-01-05 23:59:59 | ~ | 0",
            "legal-calendar | 2026-01-10 23:59:59 | ~ | 0",
            "legal-newer | 2026-01-08 23:59:59 | ~ | 0",
            "legal-working | 2026-01-10 23:59:59 | ~ | 0",
            "no-due | ~ | ~ | 0",
            "no-moments | 2026-01-25 17:00:00 | ~ | 1",
            "open | 2026-01-20 23:59:59 | ~ | 0",
            "twice | 2026-01-20 17:00:00 | ~ | 2",
            // A day is meant to its last second before 29 hours of waiting are added, whoever names it.
            "wait-day | 2026-01-22 04:59:59 | ~ | 1",
            "wait-forms | 2026-01-20 17:00:00 | 2026-01-10 00:00:00 | 1",
            "wait-legal | 2026-01-12 04:59:59 | ~ | 1",
            "wait-moved | 2026-01-25 17:00:00 | ~ | 1",
            "wait-object | 2026-01-22 16:59:59 | ~ | 1",
            "wait-status | 2026-01-20 17:00:00 | ~ | 0",
            "wait-too-late | 2026-01-20 17:00:00 | ~ | 1",
            "waited | 2026-01-23 17:00:00 | ~ | 1",
            "waiting | 2026-01-20 17:00:00 | 2026-01-10 08:00:00 | 1",
        ]
    );
    assert_eq!(asked("late_at", "twice|waited"), ["twice | 2026-01-12 08:00:00", "waited | ~"]);
    assert_eq!(
        asked("org_id", "old-.*|other-unit|before-merger|received-only|G09.*|nobody"),
        [
            "G09.20-20260609-0092637 | G09",
            "before-merger | H44@2025-06-30",
            "nobody | ~",
            "old-form | H44",
            "old-whole | H44",
            "other-unit | H49",
            "received-only | H44.03",
        ]
    );
    assert_eq!(asked("has_result_link", ".*result"), ["empty-result | false", "result | true"]);
    // What was only registered, and what was never received, is no case; the latter is told.
    assert_eq!(asked("status", "new-only|never-received"), [""; 0]);
    assert_eq!(broken(&project, "dossier-received-on-a-day"), ["~ | 1 | 32", "H44.03 | 0 | 1"]);
    assert_eq!(asked("has_unread_request", "wait-.*").iter().filter(|row| row.ends_with("true")).count(), 1);
    assert_eq!(broken(&project, "dossier-requests-readable"), ["H44.01 | 1 | 10"]);
}

/// A code that does not say whose it is may have been given by two bodies; one that does is the same dossier wherever it lies.
#[test]
fn a_code_without_an_agency_is_of_the_body_that_received_it() {
    let project = national();
    let heading = "MaHoSo,TrangThaiHoSo,DonViXuLy,DonViTiepNhan,NgayTiepNhan,NgayKetThucXuLy";
    project.write(
        "inbox/dossiers/a.csv",
        format!(
            "{heading}\n260801-0001,9,H44.01,H44.01,20260105080000,20260119080000\n\
             260801-0001,4,H44.03,H44.03,20260105080000,\n\
             000.00.01.H44-260801-0001,4,H44.01,H44.01,20260105080000,\n\
             H44.01-20260801-0000001,4,H44.01,H44.01,20260105080000,\n"
        ),
    );
    project.write(
        "inbox/dossiers/b.csv",
        format!(
            "{heading}\n260801-0001,9,H44.03,H44.03,20260105080000,20260201080000\n\
             000.00.01.H44-260801-0001,9,H44.01,H44.03,20260105080000,20260201080000\n\
             H44.01-20260801-0000001,9,H44.01,H44.03,20260105080000,20260201080000\n"
        ),
    );
    take_in(&project, None);
    assert_eq!(
        project.rows(
            "SELECT dossier_code, org_id, CAST(processed_at AS DATE) FROM fact.dossier_case ORDER BY ALL"
        ),
        [
            "000.00.01.H44-260801-0001 | H44.01 | 2026-02-01",
            "260801-0001 | H44.01 | 2026-01-19",
            "260801-0001 | H44.03 | 2026-02-01",
            "H44.01-20260801-0000001 | H44.01 | 2026-02-01",
        ]
    );
}

/// The dossier seen again is no second code, and the same applicant on it no second dossier; an end before the receipt is of
/// the day of receipt in the sums as in form II.06.
#[test]
fn a_dossier_seen_again_is_one_dossier() {
    let project = national();
    let heading =
        "MaHoSo,MaTTHC,TrangThaiHoSo,DonViXuLy,DonViTiepNhan,NgayTiepNhan,NgayKetThucXuLy,SoGiayToChuHoSo";
    let again = "H44.01-20260801-0000001,1.000001,4,H44.01,H44.01,20260105080000,,001";
    let other = "H44.01-20260801-0000002,1.000001,4,H44.01,H44.01,20260105080000,,001";
    let early = "H44.01-20260801-0000003,1.000001,9,H44.01,H44.01,20260801080000,20260605080000,002";
    project.write("inbox/dossiers/a.csv", format!("{heading}\n{again}\n{early}\n"));
    (0..60)
        .for_each(|n| project.write(&format!("inbox/dossiers/day-{n}.csv"), format!("{heading}\n{again}\n")));
    take_in(&project, Some("a key of this test"));
    assert_eq!(broken(&project, "dossier-code-made-again"), ["H44.01 | 0 | 62"]);
    assert_eq!(broken(&project, "dossier-made-up-identity"), ["H44.01 | 0 | 62"]);
    assert_eq!(broken(&project, "dossier-ended-after-receipt"), ["H44.01 | 1 | 62"]);
    project.write("inbox/dossiers/b.csv", format!("{heading}\n{other}\n"));
    take_in(&project, Some("a key of this test"));
    assert_eq!(broken(&project, "dossier-code-made-again"), ["H44.01 | 1 | 63"]);
    let of_sums = "SELECT ended_from, sum(dossiers) FROM fact.dossier_count WHERE finish = 'processed' GROUP BY 1 ORDER BY 1";
    assert_eq!(project.rows(of_sums), ["2026-08-01 | 1", "9999-12-31 | 2"]);
    let of_form = "SELECT period, sum(received), sum(resolved), sum(in_process) FROM fact.report_form_computed \
                   WHERE period = '2026-Q3-adm' GROUP BY 1";
    assert_eq!(project.rows(of_form), ["2026-Q3-adm | 3 | 1 | 2"]);
    // An older state that comes last counts, and is told.
    assert_eq!(broken(&project, "dossier-not-open-again"), ["H44.01 | 0 | 63"]);
    let older = "H44.01-20260801-0000003,1.000001,4,H44.01,H44.01,20260801080000,,002";
    project.write("inbox/dossiers/day-1.csv", format!("{heading}\n{again}\n{older}\n"));
    take_in(&project, Some("a key of this test"));
    assert_eq!(broken(&project, "dossier-not-open-again"), ["H44.01 | 1 | 64"]);
}

const FORM: &str =
    "Mã đơn vị báo cáo,Kỳ báo cáo,Cấp giải quyết,(2),(3),(4),(5),(6),(7),(8),(9),(10),(11),(12),(13)\n";

fn broken(project: &TestProject, check: &str) -> Vec<String> {
    let sql = project.read(&format!("queries/checks/{check}.sql"));
    project.rows(&sql)
}

/// A real page: Huế printed 257,141 resolved, and three parts that add up to 247,529.
#[test]
fn a_form_that_does_not_add_up_is_reported() {
    let project = national();
    project.write(
        "inbox/report-forms/hue.csv",
        format!("{FORM}H57,2024-Q4-adm,province,Mức độ 1 và 2,,,,,257141,124907,102770,19852,,,\n"),
    );
    project.write(
        "inbox/report-forms/right.csv",
        format!("{FORM}H44,2026-Q1-adm,province,Đất đai,10,4,3,3,7,1,2,4,3,2,1\n"),
    );
    project.write(
        "inbox/report-forms/wrong.csv",
        format!("{FORM}H44,2026-Q2-adm,province,Đất đai,10,4,3,3,7,1,2,4,3,2,2\n"),
    );
    take_in(&project, None);
    let code =
        project.rows("SELECT code FROM ref.agency WHERE name_vi LIKE '%Huế%' OR name_vi LIKE '%Thừa Thiên%'");
    assert_eq!(code, ["H57"]);
    assert_eq!(
        broken(&project, "report-form-adds-up"),
        [
            "H44 | 2026-Q2-adm | province | Đất đai | column 11 = 12 + 13: 3 against 4, difference -1 | cột 11 = 12 + 13: 3 so với 4, chênh lệch -1",
            "H57 | 2024-Q4-adm | province | Mức độ 1 và 2 | column 7 = 8 + 9 + 10: 257141 against 247529, difference 9612 | cột 7 = 8 + 9 + 10: 257141 so với 247529, chênh lệch 9612",
        ]
    );
}

#[test]
fn a_form_and_its_dossiers_are_reconciled() {
    let project = national();
    project.write(
        "inbox/dossiers/a.csv",
        "MaHoSo,MaLinhVuc,TenLinhVuc,KenhThucHien,TrangThaiHoSo,DonViXuLy,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy
early,L1,Đất đai,2,9,H44.01,20251215080000,20260120170000,20260119080000
on-time,L1,Đất đai,1,9,H44.03,20260105080000,20260120080000,20260120170000
late,L1,Đất đai,3,9,H44.03,20260105080000,20260120170000,20260121080000
in-time,L1,Đất đai,2,4,H44.01,20260105080000,20260314080000,
late-next,L1,Đất đai,2,9,H44.01,20260314080000,20260313080000,20260315080000
before,L1,Đất đai,2,9,H44.01,20251214080000,20260105080000,20260104080000
",
    );
    // Column 4 says one less, column 11 one more, than the dossiers of all units of the province.
    project.write(
        "inbox/report-forms/h44.csv",
        format!("{FORM}H44,2026-Q1-adm,province,Đất đai,6,2,2,1,4,2,1,1,3,1,1\n"),
    );
    take_in(&project, None);
    let columns = "received, received_online, received_in_person, carried_over, resolved, resolved_early, resolved_on_time, \
                   resolved_late, in_process, in_process_in_time, in_process_overdue";
    let computed = |period: &str| {
        project.rows(&format!(
            "SELECT org_id, level, {columns} FROM fact.report_form_computed WHERE period = '{period}' ORDER BY org_id"
        ))
    };
    assert_eq!(computed("2025-Q4-adm"), ["H44.01 | province | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 1 | 0"]);
    assert_eq!(
        computed("2026-Q1-adm"),
        [
            "H44.01 | province | 4 | 3 | 0 | 1 | 2 | 2 | 0 | 0 | 2 | 1 | 1",
            "H44.03 | province | 2 | 0 | 2 | 0 | 2 | 0 | 1 | 1 | 0 | 0 | 0",
        ]
    );
    assert_eq!(computed("2026-Q2-adm"), ["H44.01 | province | 2 | 0 | 0 | 2 | 1 | 0 | 0 | 1 | 1 | 0 | 1"]);
    assert_eq!(
        project.rows("SELECT * FROM fact.reconciliation ORDER BY column_number"),
        ["H44 | 2026-Q1-adm | 4 | 2 | 3 | -1", "H44 | 2026-Q1-adm | 11 | 3 | 2 | 1"]
    );
    assert_eq!(
        project.rows(
            "SELECT org_id, period, what_en, CAST(first_value AS INTEGER), CAST(second_value AS INTEGER) FROM fact.reconciled \
             WHERE first_table = 'fact.report_form' AND first_value <> second_value ORDER BY what_en"
        ),
        [
            "H44 | 2026-Q1-adm | Column (11): total | 3 | 2",
            "H44 | 2026-Q1-adm | Column (4): in the period, online | 2 | 3",
        ]
    );
    assert_eq!(broken(&project, "forms-and-dossiers-agree").len(), 2);
    // The dossiers add up and carry over; the form does not add up: 6 is not 2 + 2 + 1, nor 4 + 3, and 3 is not 1 + 1.
    assert_eq!(broken(&project, "report-form-carries-over"), Vec::<String>::new());
    assert_eq!(broken(&project, "dossiers-fill-the-form"), Vec::<String>::new());
    assert_eq!(broken(&project, "report-form-adds-up").len(), 3);
}

#[test]
fn what_the_form_has_no_column_for_is_listed() {
    let project = national();
    project.write(
        "inbox/dossiers/a.csv",
        "MaHoSo,MaLinhVuc,TrangThaiHoSo,DonViXuLy,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy
fits,L1,9,H44.01,20260105080000,20260120170000,20260119080000
no-due,L1,9,H44.01,20260105080000,,20260119080000
no-due-open,L1,4,H44.01,20260105080000,,
no-day,L1,8,H44.01,20260105080000,20260120170000,
nobody,L1,4,X99.1,20260105080000,20260120170000,
",
    );
    take_in(&project, None);
    assert_eq!(
        broken(&project, "dossiers-fill-the-form"),
        [
            "H44.01 | 2026-Q1-adm | column 11 = 12 + 13: 1 against 0, difference 1 | cột 11 = 12 + 13: 1 so với 0, chênh lệch 1",
            "H44.01 | 2026-Q1-adm | column 3 = 7 + 11: 4 against 3, difference 1 | cột 3 = 7 + 11: 4 so với 3, chênh lệch 1",
            "H44.01 | 2026-Q1-adm | column 7 = 8 + 9 + 10: 2 against 1, difference 1 | cột 7 = 8 + 9 + 10: 2 so với 1, chênh lệch 1",
        ]
    );
    let listed = "H44.01 | 8 | 1 | over, but on no known day: 1 | đã kết thúc nhưng không rõ ngày: 1";
    assert_eq!(broken(&project, "dossiers-end-on-a-day"), [listed]);
    let listed = "X99.1 | 1 | dossiers that count for no agency and in no sum: 1 | số hồ sơ không tính cho cơ quan nào và không vào tổng nào: 1";
    assert_eq!(broken(&project, "dossiers-have-an-agency"), [listed]);
}

#[test]
fn what_is_carried_over_is_what_was_in_process() {
    let project = national();
    let form = |name: &str, rows: &str| {
        project.write(&format!("inbox/report-forms/{name}.csv"), format!("{FORM}{rows}"))
    };
    form(
        "q1",
        "H44,2026-Q1-adm,province,A,9,9,0,0,4,4,0,0,5,5,0\nH44,2026-Q1-adm,province,B,2,2,0,0,1,1,0,0,1,1,0\nH44,2026-Q1-adm,province,C,2,2,0,0,2,2,0,0,0,0,0\nH44,2026-Q1-adm,province,E,2,2,0,0,1,1,0,0,1,1,0\n",
    );
    form(
        "q2",
        "H44,2026-Q2-adm,province,A,4,0,0,4,4,4,0,0,0,0,0\nH44,2026-Q2-adm,province,D,1,0,0,1,1,1,0,0,0,0,0\nH44,2026-Q2-adm,province,E,1,0,0,1,1,1,0,0,0,0,0\n",
    );
    take_in(&project, None);
    assert_eq!(
        broken(&project, "report-form-carries-over"),
        [
            "form | H44 | 2026-Q2-adm | province | A | column 6: 4, column 11 of the quarter before: 5 | cột 6: 4, cột 11 của quý trước: 5",
            "form | H44 | 2026-Q2-adm | province | B | column 6: nothing, column 11 of the quarter before: 1 | cột 6: trống, cột 11 của quý trước: 1",
            "form | H44 | 2026-Q2-adm | province | D | column 6: 1, column 11 of the quarter before: nothing | cột 6: 1, cột 11 của quý trước: trống",
        ]
    );
}

#[test]
fn a_source_may_have_no_file_where_it_says_so() {
    let project = TestProject::small();
    let text = project.read("sources.yml").replace("data/services*.csv", "inbox/**/*");
    project.write("sources.yml", &text);
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("source `services`: no file at"), "{}", said.stderr);
    project.write("sources.yml", text.replace("inbox/**/*", "inbox/**/*\n    optional: true"));
    let said = project.chiso(&["run"]).ends(0);
    assert_eq!(said.stderr.matches("no file").count(), 0, "{}", said.stderr);
}

#[test]
fn a_contract_that_would_show_a_person_is_refused() {
    let check = |column: &str, expected: &str| {
        let project = TestProject::small();
        project.edit("queries/tables/ref.agency.yml", "columns:\n", &format!("columns:\n  who: {column}\n"));
        let said = project.chiso(&["check"]).ends(1);
        assert!(said.stderr.contains(expected), "{}", said.stderr);
    };
    check("{ type: text, personal: drop, required: true }", "personal data have no rules but `from`");
    check("{ type: text, personal: hash, codes: [A] }", "personal data have no rules but `from`");
    check("{ type: integer, personal: hash }", "personal data have no rules but `from`");
    check("{ type: text, personal: keep }", "unknown personal `keep`");
    let project = TestProject::small();
    project.edit(
        "queries/tables/ref.agency.yml",
        "name: { type: text, required: true }",
        "name: { type: text, personal: hash }",
    );
    project.edit("queries/tables/ref.agency.yml", "key: [code]", "key: [name]");
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("`name` cannot be in the key: rejects show keys"), "{}", said.stderr);
}
