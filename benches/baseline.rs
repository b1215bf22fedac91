//! The same work in DuckDB alone, and the files that it is done on.

use std::fs;
use std::path::{Path, PathBuf};

use chiso::load::{Column, Contract, Kind, read_contracts, read_views};
use chiso::project::Project;
use duckdb::Connection;

/// Runs the baseline `name` in the project that `CHISO_BENCH_PROJECT` names.
pub(crate) fn run(name: &str) {
    let folder = PathBuf::from(std::env::var("CHISO_BENCH_PROJECT").expect("set by the benchmark"));
    let database = folder.join("baseline.duckdb");
    if database.exists() {
        fs::remove_file(&database).expect("the folder is ours");
    }
    let db = Connection::open(&database).expect("a new database");
    match name {
        "canada" => canada(&db, &folder),
        "typed" => typed(&db, &folder),
        "guessed" => run_sql(
            &db,
            &format!("CREATE TABLE dossier AS SELECT * FROM read_csv({})", text(&dossiers(&folder))),
        ),
        other => panic!("no baseline `{other}`"),
    }
}

fn run_sql(db: &Connection, sql: &str) {
    db.execute_batch(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

fn dossiers(folder: &Path) -> String {
    folder.join("data/*.csv").to_string_lossy().into_owned()
}

/// The columns of the contract with their types, and nothing of its rules.
fn typed(db: &Connection, folder: &Path) {
    let project = Project::open(folder).expect("a project");
    let contracts = read_contracts(&project).expect("contracts without problems");
    let dossier = contracts.iter().find(|contract| contract.table.as_str() == "fact.dossier");
    let types: Vec<String> = dossier
        .expect("the contract of this benchmark")
        .columns
        .iter()
        .map(|column| format!("{}: '{}'", text(&column.name), column.kind.sql_type()))
        .collect();
    run_sql(
        db,
        &format!(
            "CREATE TABLE dossier AS SELECT * FROM read_csv({}, columns = {{{}}}, header = true, \
             auto_detect = false, timestampformat = '%Y%m%d%H%M%S')",
            text(&dossiers(folder)),
            types.join(", ")
        ),
    );
}

/// Tables by `read_csv` and casts, then the views, queries and checks of the project.
fn canada(db: &Connection, folder: &Path) {
    let project = Project::open(folder).expect("a project");
    let contracts = read_contracts(&project).expect("contracts without problems");
    run_sql(db, "CREATE SCHEMA ref; CREATE SCHEMA fact; CREATE SCHEMA meta");
    let tables: Vec<_> = contracts.iter().map(|contract| contract.table.clone()).collect();
    let sources = chiso::gather::read_sources(&project, &tables, &Default::default());
    let mut made: Vec<&str> = vec![];
    let sources = sources.expect("sources without problems");
    for source in &sources {
        let contract = contracts.iter().find(|contract| contract.table == source.table);
        let contract = contract.expect("every source has a contract");
        let path = folder.join(&source.path).to_string_lossy().into_owned();
        let file = plain_file(contract, &path);
        let columns = plain_columns(db, contract, &source.constants, &file);
        let head = if made.contains(&contract.table.as_str()) {
            format!("INSERT INTO {}", contract.table)
        } else {
            format!("CREATE TABLE {} AS", contract.table)
        };
        made.push(contract.table.as_str());
        run_sql(db, &format!("{head} SELECT {columns} FROM {file}"));
    }
    for view in read_views(&project).expect("views without problems") {
        let sql = view.source.text.trim_end().trim_end_matches(';');
        run_sql(db, &format!("CREATE VIEW {} AS {sql}", view.table));
    }
    for folder in ["queries", "queries/checks"] {
        for path in project.list(folder, ".sql").expect("a folder of the project") {
            let sql = project.read(&path).expect("a file of the project").text;
            let mut statement = db.prepare(&sql).unwrap_or_else(|error| panic!("{path}: {error}"));
            let rows = statement.query([]).and_then(|mut rows| {
                let mut count = 0;
                while rows.next()?.is_some() {
                    count += 1;
                }
                Ok(count)
            });
            rows.unwrap_or_else(|error| panic!("{path}: {error}"));
        }
    }
}

/// The file as texts. The lines after the data of some files are left in: they are a handful.
fn plain_file(contract: &Contract, path: &str) -> String {
    let delimiter = contract.form.delimiter.map_or(String::new(), |d| format!(", delim = '{d}'"));
    let padding = contract.form.ends_at.is_some();
    format!(
        "read_csv({}, all_varchar = true, header = true, skip = {}, quote = '\"', escape = '\"', \
         strict_mode = false, null_padding = {padding}, ignore_errors = {padding}{delimiter})",
        text(path),
        contract.form.header_row - 1
    )
}

/// Each column of the contract from the heading that the file has for it, with a cast.
fn plain_columns(
    db: &Connection,
    contract: &Contract,
    constants: &std::collections::BTreeMap<String, String>,
    file: &str,
) -> String {
    let describe = format!("DESCRIBE SELECT * FROM {file}");
    let mut statement = db.prepare(&describe).unwrap_or_else(|error| panic!("{file}: {error}"));
    let headings = statement.query_map([], |row| row.get::<_, String>(0)).expect("a readable file");
    let headings: Vec<String> = headings.map(|heading| heading.expect("a name is text")).collect();
    let mut columns = vec![];
    for column in &contract.columns {
        let wanted = |heading: &&String| {
            column.headings.iter().any(|wanted| wanted.to_lowercase() == heading.trim().to_lowercase())
        };
        let cell = match (constants.get(&column.name), headings.iter().find(wanted)) {
            (Some(constant), _) => text(constant),
            (None, Some(heading)) => format!("\"{}\"", heading.replace('"', "\"\"")),
            (None, None) => "NULL::VARCHAR".into(),
        };
        columns.push(format!("{} AS \"{}\"", plain_value(column, &cell), column.name));
        if let Some(name) = &column.missing_as {
            let missing: Vec<String> = column.missing.iter().map(|missing| text(missing)).collect();
            columns
                .push(format!("CASE WHEN {cell} IN ({}) THEN {cell} END AS \"{name}\"", missing.join(", ")));
        }
    }
    columns.join(", ")
}

fn plain_value(column: &Column, cell: &str) -> String {
    match &column.kind {
        Kind::Text { .. } => column
            .missing
            .iter()
            .fold(cell.to_owned(), |cell, missing| format!("nullif({cell}, {})", text(missing))),
        Kind::Boolean { yes, .. } => format!("{cell} = {}", text(&yes[0])),
        kind => format!("TRY_CAST({cell} AS {})", kind.sql_type()),
    }
}

/// Writes dossiers in the fields of the national synchronisation, always the same, into `files` files.
pub(crate) fn write_dossiers(folder: &Path, rows: u64, files: u64) {
    fs::create_dir_all(folder).expect("the folder is ours");
    let db = Connection::open_in_memory().expect("memory is there");
    for file in 0..files {
        let (first, end) = (rows * file / files, rows * (file + 1) / files);
        let path = folder.join(format!("dossiers_{file:02}.csv")).to_string_lossy().into_owned();
        run_sql(&db, &format!("COPY ({}) TO {} (HEADER)", dossier_rows(first, end), text(&path)));
    }
}

fn dossier_rows(first: u64, end: u64) -> String {
    format!(
        "WITH number AS (SELECT i, hash(i, 20260917) AS h, hash(i, 766) AS g FROM range({first}, {end}) r(i)), \
         dossier AS (SELECT *, TIMESTAMP '2025-01-01 07:30:00' + to_seconds((h % 54000000)::BIGINT) AS received \
             FROM number) \
         SELECT printf('H%02d.%02d-%s-%07d', (h % 63 + 1)::INT, (g % 20)::INT, strftime(received, '%y%m%d'), i) AS ma_ho_so, \
             printf('%d.%06d', (1 + h % 3)::INT, (g % 2500)::INT) AS ma_tthc, \
             printf('H%02d', (h % 63 + 1)::INT) AS ma_co_quan, \
             ['Sở Tư pháp', 'Sở Xây dựng', 'Sở Nông nghiệp và Môi trường', 'Văn phòng đăng ký đất đai', \
              'Uỷ ban nhân dân phường Bến Thành', 'Trung tâm phục vụ hành chính công'][1 + (g % 6)::INT] AS don_vi_xu_ly, \
             CASE WHEN g % 50 > 0 THEN 1 + g % 3 END AS kenh_thuc_hien, \
             1 + h % 4 AS loai_doi_tuong, \
             strftime(received - to_seconds((g % 86400)::BIGINT), '%Y%m%d%H%M%S') AS ngay_nop_ho_so, \
             strftime(received, '%Y%m%d%H%M%S') AS ngay_tiep_nhan, \
             strftime(received + to_days((1 + g % 30)::INT), '%Y%m%d%H%M%S') AS ngay_hen_tra, \
             CASE WHEN h % 10 < 8 THEN strftime(received + to_seconds((g % 3456000)::BIGINT), '%Y%m%d%H%M%S') END \
                 AS ngay_ket_thuc_xu_ly, \
             CASE WHEN h % 10 < 7 THEN strftime(received + to_seconds((g % 3456000)::BIGINT + 3600), '%Y%m%d%H%M%S') END \
                 AS ngay_tra, \
             CASE WHEN h % 10 < 7 THEN 10 WHEN h % 10 < 8 THEN 9 ELSE 4 END AS trang_thai, \
             g // 7 % 2 AS thanh_phan_so_hoa, \
             g // 11 % 3 AS thanh_toan_truc_tuyen, \
             g % 12 * 5000 AS le_phi \
         FROM dossier ORDER BY i"
    )
}
