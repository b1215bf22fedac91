//! Every kind of page in a real Chromium, in both languages: nothing complains, nothing leaves the machine, screen readers,
//! keyboards, phones, enlarged windows, paper and browsers without scripts get all of it.
//!
//! Pages are opened by `tests/browser/run.mjs`; this program chooses them and tells what was found. Pictures of them are left
//! in `target/tmp/pictures`.

#[path = "browser/languages.rs"]
mod languages;
mod project;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use languages::Foreign;
use project::TestProject;
use regex::Regex;
use serde::Deserialize;

/// The site of a made-up nation: all kinds of pages that the repository has, filled, with what agencies send wrong or late.
/// The pages of its communes are left out: they are built as those of its provinces, and five times as many.
static NATION: LazyLock<TestProject> = LazyLock::new(|| {
    let place = TestProject::copy_of(".");
    place.edit("reports/site.yml", ", province-unit, commune]", "]");
    place.chiso(&["demo", "--dossiers", "5000", "--into", "nation"]).ends(0);
    // Without the exports; what is wrong on purpose is told by the exit code.
    for command in ["gather", "load", "compute", "report"] {
        place.chiso(&["--project", "nation", command]);
    }
    place
});

fn site() -> PathBuf {
    NATION.path("nation/build/site")
}

/// A page to open: where it is, and its name in the messages.
struct Chosen {
    file: PathBuf,
    name: String,
    /// Whether it is there in another language, where it is opened for all that does not hang on its texts.
    is_translation: bool,
}

/// A page of a site, without its language.
struct Built {
    path: String,
    pieces: BTreeSet<String>,
    is_heavy: bool,
}

/// Bytes above which a page is only opened for what no lighter page has.
const HEAVY: usize = 120_000;

/// One thing that is wrong with one page.
#[derive(Deserialize)]
struct Finding {
    page: String,
    check: String,
    detail: String,
}

/// What was found on all chosen pages.
static FINDINGS: LazyLock<Vec<Finding>> = LazyLock::new(|| {
    let chosen = chosen();
    opened(&chosen, Some(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures")))
});

/// Every page of one language, relative to its folder.
fn pages(folder: &Path) -> Vec<String> {
    let mut pages = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(below).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                pages.push(path.strip_prefix(folder).expect("in it").to_string_lossy().into_owned());
            }
        }
    }
    pages.sort();
    pages
}

/// `indicator/*`, `index/*-course`, `data`, `data__*` (where its tables go on): pages of one kind have one template.
fn kind(page: &str) -> String {
    let stem = page.trim_end_matches(".html");
    if let Some((first, _)) = stem.split_once("__") {
        let folder = first.split_once('/').map_or(first, |(folder, _)| folder);
        return format!("{folder}__*");
    }
    match stem.split_once('/') {
        Some((folder, name)) if name.ends_with("-course") => format!("{folder}/*-course"),
        Some((folder, _)) => format!("{folder}/*"),
        None => stem.to_owned(),
    }
}

/// What a page is built of: its elements, their classes and roles. Pages with the same pieces need not all be opened.
fn pieces(html: &str) -> BTreeSet<String> {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<([a-z0-9]+)([^<>]*)>").expect("valid"));
    static LOOK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#" (class|role|open|lang|data-sort|data-filter)="([^"]*)""#).expect("valid")
    });
    let mut pieces = BTreeSet::new();
    for tag in TAG.captures_iter(html) {
        let looks = LOOK.captures_iter(&tag[2]).map(|look| format!("{}={}", &look[1], &look[2]));
        pieces.extend(looks.map(|look| format!("{} {look}", &tag[1])).chain([tag[1].to_owned()]));
    }
    pieces
}

/// One page of each kind, that with most pieces, and more until every piece of any page is on one of them; in both languages.
fn chosen() -> Vec<Chosen> {
    let mut built = vec![];
    for path in pages(&site().join("vi")) {
        let html = fs::read_to_string(site().join("vi").join(&path)).expect("a page");
        built.push(Built { path, pieces: pieces(&html), is_heavy: html.len() > HEAVY });
    }
    let in_language = |page: &Built, lang: &str| {
        let name = format!("{lang}/{}", page.path);
        Chosen { file: site().join(&name), name, is_translation: lang != "vi" }
    };
    covering(&built).into_iter().flat_map(|page| ["vi", "en"].map(|lang| in_language(page, lang))).collect()
}

/// The fewest pages that a simple search finds: first of each kind the one with most pieces, then whatever adds most. Heavy
/// pages come last, for axe needs minutes for some.
fn covering(built: &[Built]) -> Vec<&Built> {
    let mut richest: BTreeMap<String, &Built> = BTreeMap::new();
    for page in built {
        let best = richest.entry(kind(&page.path)).or_insert(page);
        if (!page.is_heavy, page.pieces.len()) > (!best.is_heavy, best.pieces.len()) {
            *best = page;
        }
    }
    let mut taken: Vec<&Built> = richest.into_values().collect();
    let mut seen: BTreeSet<&String> = taken.iter().flat_map(|page| &page.pieces).collect();
    loop {
        let adds = |page: &Built| page.pieces.iter().filter(|piece| !seen.contains(piece)).count();
        let new = built.iter().filter(|page| adds(page) > 0);
        let Some(best) = new.max_by_key(|page| (!page.is_heavy, adds(page))) else { break };
        seen.extend(&best.pieces);
        taken.push(best);
    }
    taken
}

fn chromium() -> &'static str {
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = names.into_iter().find(|name| Path::new(name).exists());
    found.expect("Chromium is installed by scripts/chromium.sh")
}

/// Opens pages and gives what is wrong with them; with pictures if a folder for them is named.
fn opened(chosen: &[Chosen], pictures: Option<&Path>) -> Vec<Finding> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(
        scripts.join("node_modules/playwright-core").exists(),
        "npm packages are installed by scripts/browser.sh"
    );
    if let Some(pictures) = pictures {
        let _ = fs::remove_dir_all(pictures);
    }
    let pages: Vec<_> = chosen
        .iter()
        .map(|page| {
            let picture = page.name.replace('/', "-").replace(".html", "");
            serde_json::json!({ "file": page.file, "name": page.name, "picture": picture, "isTranslation": page.is_translation })
        })
        .collect();
    let plan = serde_json::json!({ "chromium": chromium(), "pictures": pictures, "pages": pages });
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let file = folder.path().join("plan.json");
    fs::write(&file, plan.to_string()).expect("writable");
    let output = Command::new("node").arg(scripts.join("run.mjs")).arg(&file).output().expect("node starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    eprintln!("{told}");
    serde_json::from_slice(&output.stdout).expect("a list of findings")
}

/// No chosen page has anything of this kind wrong with it.
#[track_caller]
fn nothing_is_found(checks: &[&str]) {
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in FINDINGS.iter().filter(|finding| checks.contains(&finding.check.as_str())) {
        told.entry(&finding.detail).or_default().insert(&finding.page);
    }
    let lines: Vec<_> = told.iter().map(|(detail, pages)| format!("{detail}\n    on {pages:?}")).collect();
    assert!(lines.is_empty(), "\n{}", lines.join("\n"));
}

#[test]
fn pages_open_without_a_complaint_and_ask_no_other_host() {
    nothing_is_found(&["visit", "console", "request"]);
}

#[test]
fn no_rule_of_wcag_2_2_a_and_aa_is_broken() {
    nothing_is_found(&["axe"]);
}

#[test]
fn colours_can_be_told_apart_in_the_dark() {
    nothing_is_found(&["dark"]);
}

#[test]
#[ignore = "a pixel hangs on the fonts of the machine: `make browser`"]
fn pages_fit_phones_desks_and_enlarged_windows() {
    nothing_is_found(&["width"]);
}

#[test]
fn a_keyboard_reaches_everything_in_order() {
    nothing_is_found(&["keyboard"]);
}

#[test]
fn all_is_readable_without_scripts() {
    nothing_is_found(&["plain"]);
}

#[test]
#[ignore = "a pixel hangs on the fonts of the machine: `make browser`"]
fn paper_shows_all_and_nothing_to_click() {
    nothing_is_found(&["paper"]);
}

#[test]
fn no_page_shows_a_text_of_the_other_language() {
    let mut wrong = BTreeMap::new();
    // A page of a body gives its Vietnamese name in any language.
    let names = NATION.rows_of("nation/build/chiso.duckdb", "SELECT DISTINCT name_vi FROM ref.organisation");
    for (lang, other) in [("vi", "en"), ("en", "vi")] {
        let foreign = Foreign::texts_of(other, &NATION.path("nation"), &names);
        let its_own = fs::read_to_string(site().join(other).join("method.html")).expect("a page");
        assert!(foreign.first_in(&its_own).is_some(), "the texts are looked for as they are written");
        for page in pages(&site().join(lang)) {
            let html = fs::read_to_string(site().join(lang).join(&page)).expect("a page");
            if let Some(text) = foreign.first_in(&html) {
                wrong.entry(text.to_owned()).or_insert(format!("{lang}/{page}"));
            }
        }
    }
    assert_eq!(wrong, BTreeMap::new());
}

/// The checks themselves: a page with a fault for each.
#[test]
fn faults_are_found() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/faulty.html");
    let found = opened(&[Chosen { file, name: "faulty.html".to_owned(), is_translation: false }], None);
    for (check, words) in [
        ("console", "a complaint"),
        ("console", "a mistake"),
        ("request", "https://example.org/elsewhere.png"),
        ("axe", "color-contrast, 1 times: .pale "),
        ("axe", "image-alt"),
        ("dark", ".lamp "),
        ("width", "360 px (phone): 140 px too wide: p.wide"),
        ("keyboard", "\"late\" is taken out of the order"),
        ("keyboard", "no mark of the focus on a \"without a mark\""),
        ("keyboard", "a \"under the lid\" is covered"),
        ("plain", "written by a script"),
        ("plain", "not a menu"),
        ("paper", "nav is of no use"),
        ("paper", "p.box is cut by 82 px"),
    ] {
        let is_told = found.iter().any(|finding| finding.check == check && finding.detail.contains(words));
        assert!(is_told, "{check}: {words}");
    }
}
