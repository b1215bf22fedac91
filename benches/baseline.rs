//! The same work in DuckDB alone, and the files that it is done on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use chiso::compute::periods;
use chiso::db::{Cell, Db};
use chiso::indicators::query_params;
use chiso::load::{Column, Contract, Kind, ReadOn, View, prepare, read_contracts, read_views, rests_on};
use chiso::model::period::Period;
use chiso::model::source::SourceEntry;
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
        "nation" => {
            drop(db);
            nation(&database, &folder);
        }
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
        for path in chiso::gather::files_of(&project, source).expect("the sources of this project") {
            let file = plain_file(contract, &path.to_string_lossy());
            let columns = plain_columns(db, contract, &source.constants, &file);
            let head = if made.contains(&contract.table.as_str()) {
                format!("INSERT INTO {}", contract.table)
            } else {
                format!("CREATE TABLE {} AS", contract.table)
            };
            made.push(contract.table.as_str());
            run_sql(db, &format!("{head} SELECT {columns} FROM {file}"));
        }
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

/// The quarter that a made-up nation is reported for.
pub(crate) const QUARTER: &str = "2026-Q3";

/// The main job over a made-up nation: typed tables, codes into organisations, the views and those that are kept, and
/// every query of the project with its periods; no rules, rejects, vintages, history, pages or exports.
fn nation(database: &Path, folder: &Path) {
    let project = Project::open(folder).expect("a project");
    let contracts = read_contracts(&project).expect("contracts without problems");
    let indicators = chiso::indicators::read_indicators(&project, None).expect("indicators without problems");
    let tables: Vec<_> = contracts.iter().map(|contract| contract.table.clone()).collect();
    let sources = chiso::gather::read_sources(&project, &tables, &Default::default());
    let sources = sources.expect("sources without problems");
    // The lists and the functions that views read.
    prepare(&Db::open(database).expect("a new database"), &[]).expect("nothing to be wrong with");
    let db = Connection::open(database).expect("the database just made");
    run_sql(&db, "CREATE SCHEMA plain");
    for contract in &contracts {
        let mut reads = vec![];
        for source in sources.iter().filter(|source| source.table == contract.table) {
            for path in chiso::gather::files_of(&project, source).expect("the sources of this project") {
                reads.push((path, source));
            }
        }
        plain_table(&db, contract, &reads);
    }
    let views = read_views(&project).expect("views without problems");
    let looks_up = |view: &&View| {
        rests_on(&view.source.text, &views, &contracts).iter().any(|table| table.as_str() == CODES)
    };
    // Rows that are kept before the codes are there would have no organisation.
    let (by_code, before): (Vec<&View>, Vec<&View>) = views.iter().partition(looks_up);
    before.into_iter().for_each(|view| make_view(&db, view));
    let codes = format!(
        "SELECT code_system, code, org_id, coalesce(valid_from, DATE '0001-01-01'), \
         coalesce(valid_to, DATE '9999-12-31') FROM {CODES}"
    );
    run_sql(&db, &format!("INSERT INTO meta.organisation_span {codes}"));
    by_code.into_iter().for_each(|view| make_view(&db, view));
    drop(db);
    let db = Db::open(database).expect("the database just made");
    let asked: Period = QUARTER.parse().expect("a quarter");
    for definition in &indicators {
        for period in periods(&definition.indicator, &asked) {
            let params = query_params(&definition.indicator, period.as_ref());
            let params: Vec<(&str, Cell)> =
                params.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
            db.query(&definition.indicator.sql, &params)
                .unwrap_or_else(|error| panic!("{}: {}", definition.query.path, error.message));
        }
    }
}

/// The derived table of codes, which all tables with organisations read.
const CODES: &str = "ref.organisation_code";

fn make_view(db: &Connection, view: &View) {
    let sql = view.source.text.trim_end().trim_end_matches(';');
    let kind = if view.is_kept() { "TABLE" } else { "VIEW" };
    run_sql(db, &format!("CREATE {kind} {} AS {sql}", view.table));
}

/// A table of all files of its sources, those with the same headings in one statement, and the view that finds organisations.
fn plain_table(db: &Connection, contract: &Contract, reads: &[(PathBuf, &SourceEntry)]) {
    let (schema, name) = contract.table.as_str().split_once('.').expect("a schema and a name");
    let stored = format!("plain.{schema}_{name}");
    let mut files: Vec<(String, &SourceEntry, Vec<String>)> = vec![];
    for (path, source) in reads {
        let lines = BufReader::new(fs::File::open(path).expect("a file of the project")).lines();
        let head = lines.map_while(Result::ok).nth(contract.form.header_row as usize - 1).unwrap_or_default();
        let path = text(&path.to_string_lossy());
        match files.last_mut() {
            Some((known, last, paths)) if *known == head && last.id == source.id => paths.push(path),
            _ => files.push((head, source, vec![path])),
        }
    }
    let columns: Vec<String> =
        contract.stored_columns().iter().map(|(name, kind)| format!("\"{name}\" {kind}")).collect();
    run_sql(db, &format!("CREATE TABLE {stored} ({})", columns.join(", ")));
    for (head, source, paths) in &files {
        let names = head.trim_start_matches('\u{feff}').split(',').map(|name| name.trim().trim_matches('"'));
        let names: Vec<String> = names.map(|name| format!("{}: 'VARCHAR'", text(name))).collect();
        let file = format!(
            "read_csv([{}], columns = {{{}}}, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"')",
            paths.join(", "),
            names.join(", ")
        );
        let columns = plain_columns(db, contract, &source.constants, &file);
        run_sql(db, &format!("INSERT INTO {stored} BY NAME SELECT {columns} FROM {file}"));
    }
    let (mut joins, mut found) = (String::new(), String::new());
    for column in &contract.organisations {
        let day = match &column.on {
            ReadOn::Fixed(day) => format!("DATE '{day}'"),
            ReadOn::Day(name) => format!("CAST(s.\"{name}\" AS DATE)"),
            ReadOn::PeriodEnd(_) => "DATE '2026-09-30'".to_owned(),
        };
        let systems: Vec<String> = column.systems.iter().map(|system| text(system)).collect();
        joins += &format!(
            " LEFT JOIN meta.organisation_span AS \"{0}\" ON \"{0}\".code_system IN ({1}) AND \"{0}\".code = s.\"{2}\" \
             AND {day} BETWEEN \"{0}\".first_on AND \"{0}\".last_on",
            column.name,
            systems.join(", "),
            column.code
        );
        found += &format!(", \"{0}\".org_id AS \"{0}\"", column.name);
        if let Some(problem) = column.problem_column() {
            found += &format!(", NULL::VARCHAR AS \"{problem}\"");
        }
    }
    run_sql(
        db,
        &format!(
            "CREATE VIEW {} AS SELECT s.*{found}, 1 AS file_id, s.rowid AS row_id FROM {stored} AS s{joins}",
            contract.table
        ),
    );
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
    for column in contract.columns.iter().filter(|column| column.is_stored()) {
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
        Kind::Date(formats) | Kind::Timestamp(formats) if !formats.is_empty() => {
            let formats: Vec<String> = formats.iter().map(|format| text(format)).collect();
            format!("CAST(try_strptime({cell}, [{}]) AS {})", formats.join(", "), column.kind.sql_type())
        }
        kind => format!("TRY_CAST({cell} AS {})", kind.sql_type()),
    }
}

/// Writes dossiers in the fields of the national synchronisation, always the same, into `files` files. One file has those of
/// all agencies; of several, each comes from an agency.
pub(crate) fn write_dossiers(folder: &Path, rows: u64, files: u64) {
    fs::create_dir_all(folder).expect("the folder is ours");
    let db = Connection::open_in_memory().expect("memory is there");
    for file in 0..files {
        let (first, end) = (rows * file / files, rows * (file + 1) / files);
        let path = folder.join(format!("dossiers_{file:02}.csv")).to_string_lossy().into_owned();
        let agency = if files == 1 { "h % 63 + 1".to_owned() } else { (file % 63 + 1).to_string() };
        run_sql(&db, &format!("COPY ({}) TO {} (HEADER)", dossier_rows(first, end, &agency), text(&path)));
    }
}

fn dossier_rows(first: u64, end: u64, agency: &str) -> String {
    format!(
        "WITH number AS (SELECT i, hash(i, 20260917) AS h, hash(i, 766) AS g FROM range({first}, {end}) r(i)), \
         dossier AS (SELECT *, TIMESTAMP '2025-01-01 07:30:00' + to_seconds((h % 54000000)::BIGINT) AS received \
             FROM number) \
         SELECT printf('H%02d.%02d-%s-%07d', ({agency})::INT, (g % 20)::INT, strftime(received, '%y%m%d'), i) AS ma_ho_so, \
             printf('%d.%06d', (1 + h % 3)::INT, (g % 2500)::INT) AS ma_tthc, \
             printf('H%02d', ({agency})::INT) AS ma_co_quan, \
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
