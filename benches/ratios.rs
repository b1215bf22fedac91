//! `cargo bench --profile dev --bench ratios`: the program against DuckDB alone on the same files, as ratios within one run.
//!
//! Product and baseline take turns, each a process of its own; the table gives medians.
//! `CHISO_BENCH_ROWS` (5,000,000) is the size of the large file, `CHISO_BENCH_DOSSIERS` (a fifth of it) that of the made-up
//! nation, `CHISO_BENCH_ROUNDS` (3) the number of turns; `CHISO_BENCH_ONLY` names one of canada, large, fifty, draws, nation.

mod baseline;
mod measure;

use std::fs;
use std::path::Path;

use measure::{median, print_head, print_row, program, this};

fn main() {
    // The baselines are this program again, so that they too start from nothing.
    if let Ok(name) = std::env::var("CHISO_BENCH_BASELINE") {
        return baseline::run(&name);
    }
    let rows = number("CHISO_BENCH_ROWS", 5_000_000);
    let rounds = number("CHISO_BENCH_ROUNDS", 3);
    let folder = tempfile::tempdir().expect("a temporary folder");
    print_head();
    let only = std::env::var("CHISO_BENCH_ONLY").ok();
    let is_asked = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let folder = folder.path();
    if is_asked("canada") {
        canada(&folder.join("canada"), rounds);
    }
    if is_asked("large") {
        large_file(&folder.join("large"), rows, rounds);
    }
    if is_asked("fifty") {
        one_of_fifty(&folder.join("fifty"), rows / 5, rounds);
    }
    if is_asked("draws") {
        draws(&folder.join("draws"), rounds);
    }
    if is_asked("nation") {
        nation(folder, number("CHISO_BENCH_DOSSIERS", rows / 5), rounds);
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The whole main job on the Canadian example, against the same tables, views and queries in DuckDB alone.
fn canada(project: &Path, rounds: u64) {
    copy("examples/canada", project);
    let (mut whole, mut again, mut plain) = (vec![], vec![], vec![]);
    for _ in 0..rounds {
        forget(project);
        whole.push(program(project, &["run"]));
        again.push(program(project, &["run"]));
        plain.push(this("canada", project));
    }
    let (whole, again, plain) = (median(whole), median(again), median(plain));
    print_row("canada: DuckDB alone, tables, views and queries", &plain, None, None);
    print_row("canada: chiso run, from nothing", &whole, None, Some(&plain));
    print_row("canada: chiso run, nothing changed", &again, None, Some(&whole));
}

/// 10,000 draws over the states of the newest edition: at most 2 seconds beyond what any answer about them takes.
fn draws(project: &Path, rounds: u64) {
    copy(".", project);
    program(project, &["run"]);
    let (mut few, mut many) = (vec![], vec![]);
    for _ in 0..rounds {
        few.push(program(project, &["egdi", "uncertainty", "--draws", "64"]));
        many.push(program(project, &["egdi", "uncertainty", "--draws", "10000"]));
    }
    let few = median(few);
    print_row("uncertainty: 64 draws over 193 states", &few, None, None);
    print_row("uncertainty: 10,000 draws over 193 states", &median(many), None, Some(&few));
}

/// One large file into the database, against `read_csv` into a table.
fn large_file(project: &Path, rows: u64, rounds: u64) {
    copy("benches/dossiers", project);
    baseline::write_dossiers(&project.join("data"), rows, 1);
    let (mut gather, mut load, mut both, mut guessed, mut typed) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rounds {
        forget(project);
        typed.push(this("typed", project));
        gather.push(program(project, &["gather"]));
        load.push(program(project, &["load"]));
        both.push(gather[gather.len() - 1].then(&load[load.len() - 1]));
        guessed.push(this("guessed", project));
    }
    let typed = median(typed);
    print_row("load: read_csv, types given", &typed, Some(rows), None);
    print_row("load: read_csv, types guessed", &median(guessed), Some(rows), Some(&typed));
    print_row("load: chiso gather", &median(gather), Some(rows), Some(&typed));
    print_row("load: chiso load", &median(load), Some(rows), Some(&typed));
    print_row("load: chiso gather and load", &median(both), Some(rows), Some(&typed));
}

/// One small file of fifty sent again, and nothing sent, against the full run.
fn one_of_fifty(project: &Path, rows: u64, rounds: u64) {
    copy("benches/dossiers", project);
    let data = project.join("data");
    baseline::write_dossiers(&data, rows, 50);
    let (mut full, mut one, mut none) = (vec![], vec![], vec![]);
    for _ in 0..rounds {
        forget(project);
        full.push(program(project, &["run"]));
        drop_last_line(&data.join("dossiers_25.csv"));
        one.push(program(project, &["run"]));
        none.push(program(project, &["run"]));
    }
    let full = median(full);
    print_row("fifty: full run", &full, Some(rows), None);
    print_row("fifty: one file changed", &median(one), None, Some(&full));
    print_row("fifty: nothing changed", &median(none), None, Some(&full));
}

/// The whole main job over a made-up nation, against the same tables, views and queries in DuckDB alone; then one sender
/// of its months sent again, and nothing.
fn nation(folder: &Path, dossiers: u64, rounds: u64) {
    let (origin, nation) = (folder.join("origin"), folder.join("nation"));
    copy(".", &origin);
    // DuckDB alone reads one form.
    fs::write(origin.join("data/vietnam/demo/formats.csv"), "sender,format\n").expect("the folder is ours");
    let into = nation.to_string_lossy().into_owned();
    let made = program(&origin, &["demo", "--dossiers", &dossiers.to_string(), "--into", &into]);
    print_row("nation: chiso demo", &made, Some(dossiers), None);
    let (mut plain, mut whole, mut one, mut none) = (vec![], vec![], vec![], vec![]);
    for _ in 0..rounds {
        forget(&nation);
        plain.push(this("nation", &nation));
        whole.push(program(&nation, &["run", "--period", baseline::QUARTER]));
        drop_last_line(&nation.join("inbox/dossiers/SYNTHETIC/dossiers_H44_2026-09.csv"));
        one.push(program(&nation, &["run", "--period", baseline::QUARTER]));
        none.push(program(&nation, &["run", "--period", baseline::QUARTER]));
    }
    let (plain, whole) = (median(plain), median(whole));
    print_row("nation: DuckDB alone, tables, views and queries", &plain, Some(dossiers), None);
    print_row("nation: chiso run, from nothing", &whole, Some(dossiers), Some(&plain));
    print_row("nation: chiso run, one file changed", &median(one), None, Some(&whole));
    print_row("nation: chiso run, nothing changed", &median(none), None, Some(&whole));
}

/// The correction that an agency sends: one row less.
fn drop_last_line(path: &Path) {
    let text = fs::read_to_string(path).expect("the file was just written");
    let end = text.trim_end().rfind('\n').expect("it has many lines");
    fs::write(path, &text[..=end]).expect("the folder is ours");
}

/// Removes what a run made.
fn forget(project: &Path) {
    let build = project.join("build");
    if build.exists() {
        fs::remove_dir_all(build).expect("the folder is ours");
    }
}

/// What makes a project: the root of the repository has more in it.
const PROJECT: [&str; 8] =
    ["sources.yml", "quality.yml", "disclosure.yml", "data", "queries", "indicators", "reports", "templates"];

/// Copies a project of the repository without its `build/`.
fn copy(from: &str, to: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(from);
    fs::create_dir_all(to).expect("the folder is ours");
    PROJECT.iter().for_each(|name| copy_all(&from.join(name), &to.join(name)));
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).expect("there is room");
    } else if from.is_dir() {
        fs::create_dir_all(to).expect("the folder is ours");
        for entry in fs::read_dir(from).expect("a folder of the repository") {
            let entry = entry.expect("a folder of the repository");
            copy_all(&entry.path(), &to.join(entry.file_name()));
        }
    }
}
