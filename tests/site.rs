//! The folder of the site: what changed is written, what did not is left alone, nothing stale and nothing half stands in it.

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use project::TestProject;

/// A site with a page for each agency.
fn project() -> TestProject {
    let project = TestProject::small();
    project.edit(
        "reports/site.yml",
        "languages: [vi, en]",
        "languages: [vi, en]\norganisation_pages: [province]",
    );
    project
}

/// Every file of the site.
fn files(project: &TestProject) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let site = project.path("build/site");
    let mut folders = vec![site.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(&site).expect("in the site").display().to_string(), path);
            }
        }
    }
    files
}

/// What the site holds.
fn content(project: &TestProject) -> BTreeMap<String, Vec<u8>> {
    files(project).into_iter().map(|(name, path)| (name, fs::read(path).expect("readable"))).collect()
}

/// Which file each name stands for, and when it was written.
fn written(project: &TestProject) -> BTreeMap<String, (u64, i64, i64)> {
    let about =
        |path: &Path| fs::metadata(path).map(|m| (m.ino(), m.mtime(), m.mtime_nsec())).expect("there");
    files(project).into_iter().map(|(name, path)| (name, about(&path))).collect()
}

/// What a whole site of the project would be.
fn made_anew(project: &TestProject) -> BTreeMap<String, Vec<u8>> {
    let whole = content(project);
    fs::remove_dir_all(project.path("build/site")).expect("there is one");
    fs::remove_file(project.path("build/site.files.json")).expect("there is one");
    project.chiso(&["report"]).ends(0);
    let anew = content(project);
    assert_eq!(anew.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    anew
}

/// Runs after a change; gives the pages that were written for it, after seeing that none of the site is stale.
#[track_caller]
fn rewritten(project: &TestProject, command: &str) -> Vec<String> {
    let before = written(project);
    project.chiso(&[command]).ends(0);
    let after = written(project);
    let stands = content(project);
    assert!(stands == made_anew(project), "a page is not as it would be made anew");
    let pages = after.into_iter().filter(|(name, _)| name.ends_with(".html"));
    pages.filter(|(name, about)| before.get(name) != Some(about)).map(|(name, _)| name).collect()
}

#[test]
fn nothing_is_written_where_nothing_changed() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let before = written(&project);
    assert!(before.contains_key("vi/organisation/A.html"), "{:?}", before.keys());
    let said = project.chiso(&["run"]).ends(0);
    assert!(said.stdout.contains("(unchanged)"), "{}", said.stdout);
    assert_eq!(written(&project), before);
    // Asked for by name, the pages are worked out and found to be the same.
    project.chiso(&["report"]).ends(0);
    assert_eq!(written(&project), before);
}

#[test]
fn a_changed_template_is_seen_on_its_pages_alone() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    project.write("templates/method.html", "<p>{{ frame.title }}</p>");
    // Templates are definitions, so this is another vintage, which the overview, the page on the data and that of changes name.
    let expected = ["changes", "data", "index", "method"].map(|page| format!("{page}.html"));
    let expected = ["en", "vi"].map(|lang| expected.clone().map(|page| format!("{lang}/{page}"))).concat();
    assert_eq!(rewritten(&project, "report"), expected);
    assert_eq!(project.read("build/site/en/method.html"), "<p>Methods</p>");
    project.remove("templates/method.html");
    assert_eq!(rewritten(&project, "run"), expected);
}

#[test]
fn changed_words_are_seen_wherever_they_stand() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    project.write("templates/words/en.yml", "method: How it is done\n");
    let pages = rewritten(&project, "run");
    let (english, others): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.starts_with("en/"));
    assert_eq!(others, ["vi/changes.html", "vi/data.html", "vi/index.html"], "they name the vintage");
    assert_eq!(english.len(), files(&project).keys().filter(|name| name.starts_with("en/")).count());
    assert!(project.read("build/site/en/organisation/A.html").contains("How it is done"));
}

#[test]
fn a_changed_definition_is_seen() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    project.edit("indicators/online-share.yml", "en: A share", "en: One part of another");
    rewritten(&project, "run");
    assert!(project.read("build/site/en/indicator/online-share.html").contains("One part of another"));
    project.edit("reports/site.yml", "en: Report", "en: Yearbook");
    rewritten(&project, "run");
    assert!(project.read("build/site/en/method.html").contains("Yearbook"));
}

#[test]
fn a_changed_number_is_seen() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    assert!(project.read("build/site/en/organisation/A.html").contains("50.0"));
    project.edit("data/services.csv", "S2,A,2", "S2,A,3");
    let pages = rewritten(&project, "run");
    assert!(pages.contains(&"en/organisation/A.html".to_owned()), "{pages:?}");
    assert!(project.read("build/site/en/organisation/A.html").contains("100.0"));
    assert!(project.read("build/site/vi/indicator/online-share.html").contains("100,0"));
}

#[test]
fn a_page_that_is_gone_or_was_touched_is_made_again() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let whole = content(&project);
    for command in ["run", "report"] {
        project.remove("build/site/en/organisation/A.html");
        project.edit("build/site/vi/organisation/A.html", "50,0", "99,9");
        project.write("build/site/assets/style.css", "");
        project.chiso(&[command]).ends(0);
        assert!(content(&project) == whole, "after {command}");
    }
}

#[test]
fn a_page_that_is_no_more_is_taken_away() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    project.edit("reports/site.yml", "\norganisation_pages: [province]", "");
    project.chiso(&["run"]).ends(0);
    let left = files(&project);
    assert!(!left.keys().any(|name| name.contains("organisation/")), "{:?}", left.keys());
}

#[test]
fn a_broken_template_leaves_the_former_site() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let whole = content(&project);
    // The last page of the list fails, when others have been made.
    project.write("templates/organisation.html", "{{ frame.colour }}");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("templates/organisation.html:1"), "{}", said.stderr);
    assert_eq!(
        said.stderr.matches("organisation.html").count(),
        1,
        "one problem is told once: {}",
        said.stderr
    );
    assert!(content(&project) == whole);
    project.remove("templates/organisation.html");
    assert_eq!(rewritten(&project, "run").len(), 6, "those that name the vintage");
}

#[test]
fn what_a_stopped_run_left_is_thrown_away_or_taken_up() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let whole = content(&project);
    // Stopped while pages were written.
    project.write("build/site.part/en/index.html", "<p>Half a p");
    project.write("build/site.part/en/strange.html", "<p>What never was");
    project.chiso(&["report"]).ends(0);
    assert!(content(&project) == whole);
    // Stopped after the former site was moved away.
    fs::rename(project.path("build/site"), project.path("build/site.old")).expect("there is one");
    let before = fs::metadata(project.path("build/site.old/en/organisation/A.html")).expect("there");
    project.chiso(&["run"]).ends(0);
    assert!(content(&project) == whole);
    let after = fs::metadata(project.path("build/site/en/organisation/A.html")).expect("there");
    assert_eq!(after.ino(), before.ino(), "the former pages are still good");
    // Stopped after the new one was put in its place.
    project.write("build/site.old/en/index.html", "<p>Of yesterday");
    project.chiso(&["report"]).ends(0);
    assert!(content(&project) == whole);
    for left in ["build/site.part", "build/site.old"] {
        assert!(!project.path(left).exists(), "{left}");
    }
}

/// How many pages say what a template added; all must, or none.
#[track_caller]
fn marked(site: &BTreeMap<String, Vec<u8>>, mark: &str) -> bool {
    let pages = site.iter().filter(|(name, _)| name.ends_with(".html") && *name != "index.html");
    let marked: Vec<bool> = pages.map(|(_, bytes)| String::from_utf8_lossy(bytes).contains(mark)).collect();
    assert!(marked.windows(2).all(|pair| pair[0] == pair[1]), "pages of two sites: {marked:?}");
    marked.first().copied().unwrap_or(false)
}

#[test]
fn a_run_killed_at_any_moment_leaves_one_whole_site() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let names: Vec<String> = files(&project).into_keys().collect();
    // A run that makes pages alone, as those that are killed.
    let template = include_str!("../templates/base.html").replace("</html>", "</html>\n<!-- second -->");
    project.write("templates/base.html", &template);
    let start = Instant::now();
    project.chiso(&["run"]).ends(0);
    let whole = start.elapsed();
    project.remove("templates/base.html");
    project.chiso(&["run"]).ends(0);
    let mut killed = 0;
    for moment in 1..=12 {
        // From one to the other and back.
        let to_second = moment % 2 == 1;
        match to_second {
            true => project.write("templates/base.html", &template),
            false => project.remove("templates/base.html"),
        }
        let child = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("starts");
        std::thread::sleep(whole * moment / 13);
        let _ = child.kill();
        killed += usize::from(child.wait().expect("ends").code().is_none());
        let stands = content(&project);
        let is_moved_away = stands.is_empty() && project.path("build/site.part/en/index.html").exists();
        assert!(is_moved_away || stands.keys().eq(&names), "moment {moment}: {:?}", stands.keys());
        marked(&stands, "<!-- second -->");
        project.chiso(&["run"]).ends(0);
        assert_eq!(marked(&content(&project), "<!-- second -->"), to_second, "moment {moment}");
    }
    assert!(killed > 3, "only {killed} runs were killed before their end");
}

/// The files of the exports.
fn exports(project: &TestProject) -> BTreeMap<String, Vec<u8>> {
    project::contents_below(&project.path("build/export"))
}

#[test]
fn no_data_of_a_new_state_stand_beside_pages_of_an_old_one() {
    let project = project();
    project.chiso(&["run"]).ends(0);
    let (pages, data) = (content(&project), exports(&project));
    project.write("data/services.csv", project.read("data/services.csv").replace(",4,", ",3,"));
    project.write("templates/organisation.html", "{{ frame.colour }}");
    project.chiso(&["run"]).ends(1);
    assert!(content(&project) == pages && exports(&project) == data, "something is new");
    project.remove("templates/organisation.html");
    project.chiso(&["run"]).ends(0);
    assert!(content(&project) != pages && exports(&project) != data, "the number did not change");
}

#[test]
fn what_is_wrong_in_templates_words_and_names_is_said_at_once_and_before_anything_is_done() {
    let project = project();
    project.write("templates/overview.html", "<p>\n{% if x %}\n");
    project.write("templates/words/vi.yml", "overview: Trang chính\noverveiw: Trang chính\n");
    for command in ["check", "run"] {
        let said = project.chiso(&[command]).ends(1);
        assert!(said.stderr.contains("templates/overview.html:"), "{}", said.stderr);
        assert!(said.stderr.contains("templates/words/vi.yml:2:1"), "{}", said.stderr);
        assert!(said.stderr.contains("did you mean `overview`?"), "{}", said.stderr);
    }
    assert!(!project.path("build/chiso.duckdb").exists(), "it ran");
}

#[test]
fn names_that_only_the_data_know_are_looked_up() {
    let project = project();
    project.edit("reports/site.yml", "[province]", "[provinc]");
    project.edit("indicators/online-share.yml", "sources:", "headline: ZZ\nsources:");
    let said = project.chiso(&["run"]).ends(1);
    assert!(said.stderr.contains("no organisation is of level `provinc`"), "{}", said.stderr);
    assert!(said.stderr.contains("did you mean `province`?"), "{}", said.stderr);
    assert!(said.stderr.contains("reports/site.yml:"), "{}", said.stderr);
    assert!(said.stderr.contains("no organisation is `ZZ`"), "{}", said.stderr);
    assert!(said.stderr.contains("indicators/online-share.yml:"), "{}", said.stderr);
    let levels = "SELECT 'province' AS level, 'Tỉnh' AS name_vi, 'Provinces' AS name_en, 1 AS position\n";
    project.write("queries/tables/ref.level.sql", format!("-- Levels: one row each.\n{levels}"));
    let said = project.chiso(&["check"]).ends(1);
    assert!(said.stderr.contains("did you mean `province`?"), "{}", said.stderr);
}
