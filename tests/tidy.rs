//! What a program can check of the house: names that must agree, and walls between the rooms.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The projects of the repository.
const PROJECTS: [&str; 3] = [".", "examples/canada", "tests/boston"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Stems of the files of a folder with this ending; none if there is no such folder.
fn stems(folder: &Path, ending: &str) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let names = entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code of a source file: without its tests and its comments.
fn code(path: &Path) -> String {
    let text = read(path);
    let text = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The room of a source file: the folder below `src`, or its stem.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(root().join("src")).expect("in src");
    let first = below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let all =
        files(&root().join("src")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    all.map(|path| (room(&path), path.clone(), code(&path))).collect()
}

#[test]
fn an_id_is_the_stem_of_its_file() {
    for project in PROJECTS {
        for folder in ["indicators", "indicators/index", "reports", "reports/print"] {
            let folder = root().join(project).join(folder);
            for stem in stems(&folder, ".yml") {
                let text = read(&folder.join(format!("{stem}.yml")));
                assert!(text.starts_with(&format!("id: {stem}\n")), "{}/{stem}.yml", folder.display());
            }
        }
    }
}

#[test]
fn each_query_has_an_indicator_and_cases() {
    for project in PROJECTS {
        let project = root().join(project);
        let queries = stems(&project.join("queries"), ".sql");
        assert!(!queries.is_empty());
        assert_eq!(queries, stems(&project.join("indicators"), ".yml"), "{}", project.display());
        assert_eq!(queries, stems(&project.join("tests/indicators"), ".yml"), "{}", project.display());
        let trees = stems(&project.join("indicators/index"), ".yml");
        assert_eq!(stems(&project.join("queries/index"), ".sql"), trees, "{}", project.display());
    }
}

/// Which rooms a room may import from; `model`, `db`, `diagnostic`, `project`, `progress` and `cores` are open to all, but for
/// `index`, `track` and `disclosure`, which are pure and know `model` alone.
fn neighbours(room: &str) -> &'static [&'static str] {
    match room {
        "gather" | "load" | "indicators" | "chart" | "export" | "results" | "demo" | "quality" => &[],
        "compute" => &["indicators", "index", "track", "disclosure", "results"],
        "index" | "track" | "disclosure" => &[],
        // The pages of an index say what would be, and ask its engine.
        "report" => &["chart", "index"],
        _ => &["everything"],
    }
}

#[test]
fn rooms_import_one_way_only() {
    let open = ["model", "db", "diagnostic", "project", "progress", "cores"];
    let low = ["model", "db", "diagnostic", "project", "progress", "cores"];
    for (room, path, code) in sources() {
        let allowed = neighbours(&room);
        let open: &[&str] =
            if ["index", "track", "disclosure"].contains(&room.as_str()) { &["model"] } else { &open };
        if allowed == ["everything"] && !low.contains(&room.as_str()) {
            continue; // `cli`, `main` and `lib` know everybody.
        }
        for (_, after) in code.match_indices("crate::").map(|(at, found)| code[at..].split_at(found.len())) {
            let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_fine = name == room || open.contains(&name.as_str()) || allowed.contains(&name.as_str());
            assert!(is_fine, "{}: `{room}` imports from `{name}`", path.display());
        }
    }
}

#[test]
fn each_engine_has_one_room() {
    for (room, path, code) in sources() {
        let is_called_by_duckdb = path.ends_with("src/db/function.rs");
        let path = path.display();
        assert!(room == "db" || !code.contains("duckdb::"), "{path}: only `db` knows DuckDB");
        assert!(
            is_called_by_duckdb || !code.contains("unsafe"),
            "{path}: only the functions that DuckDB calls need `unsafe`"
        );
        let prints = ["println!", "eprintln!", "print!(", "stdout()", "stderr()"];
        assert!(
            room == "cli" || !prints.iter().any(|print| code.contains(print)),
            "{path}: only `cli` prints"
        );
        let opens = ["std::fs", "fs::File", "File::open", "tokio::fs"].iter().any(|open| code.contains(open));
        assert!(
            !opens || ["project", "gather", "load", "cli"].contains(&room.as_str()),
            "{path}: `{room}` opens no files"
        );
        let asks =
            ["SystemTime::now", "Utc::now", "Local::now", "env::var"].iter().any(|ask| code.contains(ask));
        assert!(!asks || room == "cli", "{path}: only `cli` asks the clock and the environment");
    }
}

#[test]
fn each_module_says_what_it_is_for() {
    for (_, path, _) in sources() {
        assert!(read(&path).starts_with("//! "), "{} does not open with `//!`", path.display());
    }
}

#[test]
fn every_folder_of_data_says_where_it_comes_from() {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("data"))
        .expect("there is data")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.extend(PROJECTS[1..].iter().map(|project| root().join(project).join("data")));
    for folder in folders {
        assert!(folder.join("README.md").is_file(), "{} has no README.md", folder.display());
    }
}

/// The ids in a line of an indicator: `targets: [942.CUT.25]`.
fn answered(definition: &str) -> Vec<String> {
    let line = definition.lines().find_map(|line| line.strip_prefix("targets: ["));
    let ids = line.and_then(|line| line.strip_suffix(']')).unwrap_or_default();
    ids.split(',').map(|id| id.trim().to_owned()).filter(|id| !id.is_empty()).collect()
}

#[test]
fn the_page_of_indicators_names_every_indicator_and_target() {
    let page = read(&root().join("docs/indicators.md"));
    let targets = read(&root().join("data/vietnam/targets.csv"));
    let targets: Vec<&str> = targets.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let mut answers: Vec<(String, String)> = vec![];
    for id in stems(&root().join("indicators"), ".yml") {
        let definition = read(&root().join("indicators").join(format!("{id}.yml")));
        let title = definition.lines().find_map(|line| line.strip_prefix("  en: ")).expect("a title");
        let row = format!("| `{id}` | {} |", title.trim_matches('"'));
        assert_eq!(page.matches(&row).count(), 1, "docs/indicators.md has not once: {row}");
        answers.extend(answered(&definition).into_iter().map(|target| (target, id.clone())));
    }
    let known = |id: &str| root().join("indicators").join(format!("{id}.yml")).is_file();
    for row in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let id = row.split('`').next().unwrap_or_default();
        assert!(known(id), "docs/indicators.md names `{id}`, which is no indicator");
    }
    for target in targets {
        let ids: Vec<String> =
            answers.iter().filter(|(id, _)| id == target).map(|(_, by)| format!("`{by}`")).collect();
        assert!(!ids.is_empty(), "no indicator answers the target {target}");
        let start = format!("| {target} |");
        let row = page.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("docs/indicators.md has no target {target}"));
        let end = format!("| {} |", ids.join(", "));
        assert!(row.ends_with(&end), "docs/indicators.md: {row} should end {end}");
    }
}
