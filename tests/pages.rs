//! The site of the repository in a real Chromium: scripts run, names are found, nothing leaves the machine, phones do not scroll sideways.

mod project;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use project::TestProject;
use regex::Regex;

/// The site, made once for all tests.
static SITE: LazyLock<TestProject> = LazyLock::new(|| {
    let project = TestProject::copy_of(".");
    let output = project.command(&["run"]).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    project
});

fn site() -> PathBuf {
    SITE.path("build/site")
}

/// Every page, relative to the site.
fn pages() -> Vec<String> {
    let mut pages = vec![];
    let mut folders = vec![site()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                pages.push(path.strip_prefix(site()).expect("in the site").to_string_lossy().into_owned());
            }
        }
    }
    pages.sort();
    pages
}

fn chromium() -> &'static str {
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    names
        .into_iter()
        .find(|name| Path::new(name).exists())
        .expect("Chromium is installed by scripts/chromium.sh")
}

/// The page as it stands after its scripts have run, and what they complained about.
fn opened(path: &Path) -> (String, String) {
    let profile = tempfile::tempdir().expect("a folder for temporary files");
    let output = Command::new(chromium())
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--allow-file-access-from-files",
        ])
        .args(["--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", path.display()))
        .output()
        .expect("Chromium starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let console: Vec<&str> = told.lines().filter(|line| line.contains("CONSOLE")).collect();
    (String::from_utf8_lossy(&output.stdout).into_owned(), console.join("\n"))
}

/// The page with a script of the test at its end; what the script leaves in `result` comes back.
fn asked(page: &str, script: &str) -> String {
    let original = site().join(page);
    let text = fs::read_to_string(&original).expect("a page");
    let script = format!(
        "<script>window.addEventListener('load', () => {{ \
         document.documentElement.dataset.result = (function () {{ {script} }})(); }});</script>"
    );
    let asked = original.with_file_name(format!("asked-{:x}.htm", text.len() * 31 + script.len()));
    fs::write(&asked, text.replace("</body>", &format!("{script}</body>"))).expect("writable");
    let (dom, console) = opened(&asked);
    assert_eq!(console, "", "{page}");
    let result = Regex::new(r#"data-result="([^"]*)""#).expect("valid");
    result.captures(&dom).unwrap_or_else(|| panic!("{page}: no result"))[1].replace("&amp;", "&")
}

#[test]
fn pages_open_without_a_complaint() {
    for page in [
        "vi/index.html",
        "en/index.html",
        "vi/data.html",
        "en/method.html",
        "vi/indicator/index766-score.html",
    ] {
        let (dom, console) = opened(&site().join(page));
        assert_eq!(console, "", "{page}");
        let lang = &page[..2];
        assert!(dom.contains(&format!("<html lang=\"{lang}\"")), "{page}");
        assert!(dom.contains("<svg") || !page.contains("indicator"), "{page}");
    }
}

#[test]
fn names_are_found_without_accents() {
    let script = r#"
        const box = document.querySelector("input[type=search]");
        box.value = "phu tho";
        box.dispatchEvent(new Event("input"));
        const shown = Array.from(document.querySelectorAll("li")).filter((li) => li.offsetParent !== null);
        return shown.map((li) => li.textContent.trim()).filter((name) => name.includes("Phú Thọ")).length > 0
            && !shown.some((li) => li.textContent.includes("Cà Mau"));"#;
    assert_eq!(asked("vi/organisations.html", script), "true");
}

#[test]
fn tables_are_sorted_by_their_headings() {
    let script = r#"
        const table = Array.from(document.querySelectorAll("table[data-sort]")).find((t) => t.tBodies[0].rows.length === 34);
        const button = table.tHead.rows[0].cells[1].querySelector("button");
        button.click();
        const up = table.tBodies[0].rows[0].cells[1].textContent.trim();
        button.click();
        const down = table.tBodies[0].rows[0].cells[1].textContent.trim();
        return up + " | " + down;"#;
    // Vietnamese order of the 34 names of today: "Thành phố Bắc Ninh" is the first, "Tỉnh Vĩnh Long" the last.
    assert_eq!(asked("vi/indicator/index766-score.html", script), "Thành phố Bắc Ninh | Tỉnh Vĩnh Long");
}

#[test]
fn a_fan_is_named_seen_and_said_in_a_table() {
    let script = r##"
        const figure = document.getElementById("course-rank");
        const chart = figure.querySelector("svg");
        const fan = chart.querySelector(".fan");
        const area = fan.querySelector("polygon");
        const [box, frame] = [area.getBoundingClientRect(), chart.getBoundingClientRect()];
        const inside = box.width > 50 && box.left >= frame.left && box.right <= frame.right
            && box.top >= frame.top && box.bottom <= frame.bottom;
        const titles = Array.from(chart.querySelectorAll(".point title")).map((title) => title.textContent);
        const ahead = titles.find((title) => title.startsWith("2030: "));
        const row = Array.from(document.querySelectorAll("#course-rank-table tr")).find((r) => r.textContent.startsWith("2030"));
        const cells = Array.from(row.cells).map((cell) => cell.textContent.trim());
        const said = `2030: ${cells[1]} (${cells[3]}–${cells[4]})`;
        return [inside, fan.getAttribute("aria-label").startsWith("Forecast"), ahead === said, getComputedStyle(area).fillOpacity < 0.5].join(" ");"##;
    assert_eq!(asked("en/index/egdi-course.html", script), "true true true true");
}

#[test]
fn phones_do_not_scroll_sideways() {
    for page in [
        "vi/index.html",
        "en/indicator/index766-score.html",
        "vi/organisation/H44.html",
        "vi/data.html",
        "vi/index/egdi-course.html",
    ] {
        let frame = site().join(format!("frame-{}.htm", page.replace('/', "-")));
        let text = format!(
            r#"<iframe id="phone" src="{page}" width="390" height="800" style="border:0"></iframe><script>
            window.addEventListener("load", () => {{
                const page = document.getElementById("phone").contentDocument.documentElement;
                document.documentElement.dataset.result = page.scrollWidth - page.clientWidth;
            }});</script>"#
        );
        fs::write(&frame, text).expect("writable");
        let (dom, _) = opened(&frame);
        assert!(dom.contains("data-result=\"0\""), "{page}: {}", &dom[..dom.len().min(200)]);
    }
}

#[test]
fn every_link_leads_somewhere_and_nothing_is_fetched_from_elsewhere() {
    let link = Regex::new(r#"(href|src)="([^"]+)""#).expect("valid");
    let fetched = Regex::new(r#"<(script|img|link|iframe|source)[^>]*(src|href)="https?:"#).expect("valid");
    let mut missing = BTreeSet::new();
    for page in pages() {
        let text = fs::read_to_string(site().join(&page)).expect("readable");
        assert!(!fetched.is_match(&text), "{page} fetches something");
        let folder = Path::new(&page).parent().expect("in a folder").to_owned();
        for found in link.captures_iter(&text) {
            let target = found[2].split('#').next().unwrap_or_default().replace("%40", "@");
            let is_elsewhere = target.is_empty() || target.starts_with("http") || target == "data:,";
            if !is_elsewhere && !site().join(&folder).join(&target).exists() {
                missing.insert(format!("{page} -> {target}"));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
    let css = fs::read_to_string(site().join("assets/style.css")).expect("readable");
    assert!(!css.contains("http:") && !css.contains("https:") && !css.contains("@import"));
}

#[test]
fn pages_are_light_and_complete() {
    let all = pages();
    assert!(all.len() > 500, "{}", all.len());
    for page in &all {
        let text = fs::read_to_string(site().join(page)).expect("readable");
        assert!(text.len() <= 500_000, "{page} has {} bytes", text.len());
        for word in ["NaN", "undefined", "{{", "None<", "inf<"] {
            assert!(!text.contains(word), "{page} says {word}");
        }
    }
    let count = |lang: &str| all.iter().filter(|page| page.starts_with(lang)).count();
    assert_eq!(count("vi/"), count("en/"));
}

#[test]
fn the_published_figures_stand_on_their_pages() {
    let holds = |page: &str, texts: &[&str]| {
        let page_text = fs::read_to_string(site().join(page)).expect("a page").replace('\u{a0}', " ");
        for text in texts {
            assert!(page_text.contains(text), "{page} does not hold {text}");
        }
    };
    // Phú Thọ, third quarter of 2026, as the national portal shows it.
    holds("vi/organisation/H44.html", &["403.016", "464.494", "17,35", "86,76 %", "334.358", "71,98 %"]);
    holds("en/organisation/H44.html", &["403,016", "464,494", "17.35", "86.76%", "71.98%"]);
    holds(
        "vi/indicator/index766-score.html",
        &["68,32", "52,48", "56,56", "Tỉnh Đồng Tháp", "Thành phố Hà Nội"],
    );
    holds("vi/indicator/online-dossier-share.html", &["11.122.091", "11.722.823", "94,88 %"]);
    holds("en/indicator/full-process-service-rate.html", &["390", "1,601", "24.36%"]);
    holds("en/indicator/egdi-rank.html", &["71", "QĐ 749/QĐ-TTg", "QĐ 942/QĐ-TTg"]);
    // All targets, also those without data.
    let targets = fs::read_to_string(SITE.path("data/vietnam/targets.csv")).expect("readable");
    let ids: Vec<&str> = targets.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids.len(), 52);
    holds("vi/index.html", &ids);
    holds("en/index.html", &ids);
    holds("vi/index.html", &["Chưa có số liệu"]);
}
