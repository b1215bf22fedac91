//! Rows that are kept: after any change of the files they are those that a load of nothing but these files would keep.

mod project;

use std::fs;
use std::path::{Path, PathBuf};

use project::TestProject;

const DOSSIERS: &str = "inbox/dossiers/SYNTHETIC";

/// A made-up nation of the repository, small and short.
fn nation() -> (TestProject, PathBuf) {
    let place = TestProject::empty();
    let root = place.path("nation");
    let into = root.display().to_string();
    let args = ["demo", "--dossiers", "6000", "--until", "2025-09-30", "--into", &into];
    let said = place
        .command(&args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program starts");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    (place, root)
}

/// Gathers and loads; what the statements of the load were.
fn loaded(place: &TestProject, root: &Path) -> String {
    let at = ["--project", &root.display().to_string()].map(str::to_owned);
    let run = |args: &[&str]| {
        let output = place.command(args).args(&at).output().expect("the program starts");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_ne!(output.status.code(), Some(2), "{told}");
        told
    };
    run(&["gather"]);
    run(&["load", "--verbose"])
}

/// Every row of every table of kept rows, in order.
fn kept(place: &TestProject, database: &Path) -> Vec<(String, Vec<String>)> {
    let database = database.display().to_string();
    let names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'stored' AND starts_with(table_name, 'kept_') ORDER BY 1";
    let names = place.rows_of(&database, names);
    let rows = |name: &String| {
        // The numbers of files are others in a database that has seen less.
        let of = format!("table_name = '{name}' AND column_name <> 'file_id' ORDER BY ordinal_position");
        let columns =
            format!("SELECT '\"' || column_name || '\"' FROM information_schema.columns WHERE {of}");
        let columns = place.rows_of(&database, &columns).join(", ");
        place.rows_of(&database, &format!("SELECT {columns} FROM stored.{name} ORDER BY ALL"))
    };
    names.iter().map(|name| (name.clone(), rows(name))).collect()
}

/// The CSV files of dossiers.
fn dossiers(root: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(root.join(DOSSIERS)).expect("a folder");
    let paths = files.map(|entry| entry.expect("readable").path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "csv")).collect()
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).expect("a text").lines().map(str::to_owned).collect()
}

fn write(path: &Path, lines: &[String]) {
    fs::write(path, lines.join("\n") + "\n").expect("writable");
}

/// How often a statement of the load begins so.
fn times(told: &str, statement: &str) -> usize {
    told.lines().filter(|line| line.contains(statement)).count()
}

#[test]
fn they_follow_the_files_as_if_there_had_been_no_others() {
    let (place, root) = nation();
    loaded(&place, &root);
    let mut dossiers = dossiers(&root);
    dossiers.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).map_or(0, |about| about.len())));

    // One file sent again with fewer rows, one with some of these rows of another body beside its own, one that is new.
    let (fewer, more, new) =
        (&dossiers[0], &dossiers[1], &root.join(DOSSIERS).join("dossiers_H99_2025-09.csv"));
    let (of_fewer, of_more) = (lines(fewer), lines(more));
    assert!(of_fewer.len() > 8 && of_more.len() > 8 && of_fewer[0] == of_more[0]);
    write(fewer, &of_fewer[..of_fewer.len() - 3]);
    write(more, &[&of_more[..], &of_fewer[of_fewer.len() - 2..]].concat());
    write(new, &[&of_fewer[..1], &of_more[1..3]].concat());
    let told = loaded(&place, &root);
    // Only the rows of their dossiers and bodies were worked out.
    for kept in ["dossier_case", "dossier_count", "procedure_count", "report_form_part", "dossier_defect"] {
        assert_eq!(times(&told, &format!("CREATE OR REPLACE TABLE stored.kept_fact_{kept} ")), 0, "{told}");
        assert_eq!(times(&told, &format!("TEMP TABLE renewed AS FROM fact.{kept};")), 1, "{told}");
    }
    assert_eq!(times(&told, "CREATE OR REPLACE TABLE stored.kept_fact_satisfaction_over "), 0);

    let fresh = place.path("fresh");
    let copied = std::process::Command::new("cp").args(["-a", "--"]).arg(&root).arg(&fresh).status();
    assert!(copied.expect("cp starts").success());
    fs::remove_dir_all(fresh.join("build")).expect("what was built");
    loaded(&place, &fresh);
    let of = |root: &Path| kept(&place, &root.join("build/chiso.duckdb"));
    let (followed, alone) = (of(&root), of(&fresh));
    assert!(followed.len() > 10, "{} tables", followed.len());
    for ((name, followed), (of, alone)) in followed.iter().zip(&alone) {
        assert_eq!(name, of);
        assert!(followed == alone, "{name} differs: {} and {} rows", followed.len(), alone.len());
    }
    assert_eq!(followed.len(), alone.len());

    // Nothing new: nothing is worked out.
    let told = loaded(&place, &root);
    assert_eq!(
        times(&told, "stored.kept_fact_dossier_case AS") + times(&told, "TEMP TABLE renewed"),
        0,
        "{told}"
    );
}

#[test]
fn a_query_that_is_written_otherwise_works_its_rows_out_anew() {
    let (place, root) = nation();
    loaded(&place, &root);
    let view = root.join("queries/tables/fact.dossier_count.sql");
    let text = fs::read_to_string(&view).expect("a text");
    fs::write(&view, text.replace("status IN (3, 7, 8) AS is_closed", "status IN (3, 7) AS is_closed"))
        .expect("writable");
    let told = loaded(&place, &root);
    assert_eq!(times(&told, "CREATE OR REPLACE TABLE stored.kept_fact_dossier_count "), 1, "{told}");
    assert_eq!(times(&told, "stored.kept_fact_dossier_case AS"), 0, "what is below stays: {told}");
}

#[test]
fn what_is_sent_again_as_it_was_moves_nothing_above() {
    let (place, root) = nation();
    loaded(&place, &root);
    let database = root.join("build/chiso.duckdb").display().to_string();
    let held = "SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'kept_fact_dossier_case'";
    let (rows, before) = (place.rows_of(&database, held), kept(&place, Path::new(&database)));

    let mut files = dossiers(&root);
    files.sort_by_key(|path| fs::metadata(path).map_or(0, |about| about.len()));
    let file = files.pop().expect("files of dossiers");
    let mut lines = lines(&file);
    assert!(lines.len() > 8);
    lines[1..].rotate_left(1);
    write(&file, &lines);
    let told = loaded(&place, &root);
    assert_eq!(times(&told, "TEMP TABLE renewed AS FROM fact.dossier_case;"), 1, "{told}");
    for above in ["dossier_count", "procedure_count", "report_form_part"] {
        assert_eq!(times(&told, &format!("AS FROM fact.{above}")), 0, "{told}");
    }
    assert_eq!(place.rows_of(&database, held), rows, "no row lies dead");
    assert!(kept(&place, Path::new(&database)) == before);
}

#[test]
fn rows_that_were_left_behind_are_left_out_in_time() {
    let (place, root) = nation();
    loaded(&place, &root);
    let database = root.join("build/chiso.duckdb").display().to_string();
    let first = |sql: &str| -> u64 { place.rows_of(&database, sql)[0].parse().expect("a number") };
    let held = "SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'kept_fact_dossier_case'";
    let alive = first("SELECT count(*) FROM stored.kept_fact_dossier_case");
    assert_eq!(first(held), alive);

    // A tenth of the rows after the other is sent again, of another field: more at once would work out all of them.
    let mut files = dossiers(&root);
    files.sort();
    let (mut packed, mut most) = (0, 0);
    while packed == 0 && !files.is_empty() {
        let mut rows = 0;
        while let Some(file) = files.pop_if(|file| rows + lines(file).len() as u64 <= alive / 10) {
            let mut lines = lines(&file);
            rows += lines.len() as u64;
            lines[1..].iter_mut().for_each(|line| *line = line.replacen(",MP-", ",MQ-", 1));
            write(&file, &lines);
        }
        packed =
            times(&loaded(&place, &root), "kept_fact_dossier_case AS FROM stored.kept_fact_dossier_case");
        most = most.max(first(held));
    }
    assert!(packed == 1 && 2 * most > 3 * alive, "{most} rows held of {alive}");
    assert!(first(held) <= alive + alive / 10);
}

#[test]
fn nothing_is_kept_by_a_key_of_a_table_whose_rows_replace_others() {
    let project = TestProject::small();
    let head = "-- Services that were opened.\n";
    project.edit(
        "queries/tables/fact.open_service.sql",
        head,
        &format!("{head}-- kept: by service_code of fact.service\n"),
    );
    project.chiso(&["check"]).ends(0);
    project.edit(
        "queries/tables/fact.service.yml",
        "key: [service_code]",
        "key: [service_code]\nagain: replaces",
    );
    let said = project.chiso(&["check"]).ends(1);
    let told = "rows of `fact.service` replace others, so none are kept by a key\n --> queries/tables/fact.open_service.sql:2:29";
    assert!(said.stderr.contains(told), "{}", said.stderr);
}
