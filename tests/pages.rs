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
static SITE: LazyLock<TestProject> = LazyLock::new(TestProject::after_run);

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
fn on_paper_a_long_table_has_its_heads_on_every_page() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let pdf = folder.path().join("overview.pdf");
    let output = Command::new(chromium())
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"])
        .args(["--allow-file-access-from-files", "--virtual-time-budget=3000"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", site().join("en/index.html").display()))
        .output()
        .expect("Chromium starts");
    assert!(output.status.success());
    let text = Command::new("pdftotext").arg(&pdf).arg("-").output().expect("pdftotext is installed").stdout;
    let text = String::from_utf8_lossy(&text).into_owned();
    // Under the title of a target stand its id and its level.
    let of_a_target = regex::Regex::new(r"\d+\.[A-Z0-9]+\.\S+ · ").expect("valid");
    let pages: Vec<&str> = text.split('\u{c}').filter(|page| of_a_target.is_match(page)).collect();
    assert!(pages.len() > 2, "the table of targets goes over several pages");
    for page in pages {
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains("Legal basis"), "no heads: {page}");
    }
}

#[test]
fn names_are_found_without_accents() {
    let script = r#"
        const box = document.querySelector(".filter input");
        box.value = "phu tho";
        box.dispatchEvent(new Event("input"));
        const shown = Array.from(document.querySelectorAll("li")).filter((li) => li.offsetParent !== null);
        return shown.map((li) => li.textContent.trim()).filter((name) => name.includes("Phú Thọ")).length > 0
            && !shown.some((li) => li.textContent.includes("Cà Mau"));"#;
    assert_eq!(asked("vi/organisations.html", script), "true");
}

#[test]
fn any_page_is_found_by_name_from_any_page() {
    let script = r#"
        const box = document.querySelector(".search input");
        const result = document.documentElement.dataset;
        box.value = "tinh phu tho";
        box.dispatchEvent(new Event("focus"));
        setTimeout(function () {
            const links = Array.from(document.querySelectorAll(".search li a"));
            const first = links[0];
            result.result = [first.textContent, first.getAttribute("href"), document.querySelector(".search ul").hidden].join(" ");
        }, 1000);
        return "waiting";"#;
    assert_eq!(
        asked("vi/indicator/on-time-rate.html", script),
        "Tỉnh Phú Thọ ../../vi/organisation/H44.html false"
    );
}

#[test]
fn a_table_can_be_taken_as_a_file() {
    let script = r#"
        const taken = [];
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { taken.push(blob); return make.call(URL, blob); };
        const table = Array.from(document.querySelectorAll("table[data-sort]")).find((t) => t.tBodies[0].rows.length === 34);
        const button = table.closest(".scroll").nextElementSibling;
        button.click();
        taken[0].text().then((text) => {
            const lines = text.split("\r\n");
            document.documentElement.dataset.result = [lines.length, lines[1], button.getAttribute("aria-label").includes("CSV")].join(" | ");
        });
        return "waiting";"#;
    // Place, name and number of the first of 34, without marks and without what is said beside the number.
    assert_eq!(
        asked("vi/indicator/index766-score.html", script).replace("&quot;", "\""),
        "36 | 1,\"Tỉnh Đồng Tháp\",68.32 | true"
    );
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
fn a_table_in_sheets_is_filtered_and_sorted_within_each_and_names_bodies_elsewhere() {
    let script = r#"
        const table = document.querySelector("table[data-part][data-filter]");
        const box = table.closest("section").querySelector(".filter input");
        const rows = Array.from(table.tBodies[0].rows);
        const heading = table.tHead.rows[0].cells[0].querySelector("button");
        heading.click();
        box.dispatchEvent(new Event("focus"));
        setTimeout(() => {
            box.value = "phu tho";
            box.dispatchEvent(new Event("input"));
            const named = Array.from(table.closest("section").querySelectorAll(".elsewhere a"));
            document.documentElement.dataset.result = [
                rows.filter((row) => !row.hidden).length, heading.title.split(":")[0],
                named.some((link) => link.textContent === "Tỉnh Phú Thọ" && link.href.endsWith("/organisation/H44.html")),
            ].join(" | ");
        }, 1000);
        return "waiting";"#;
    // The scores of Viet Nam, more than stand on one page: none of Phú Thọ, which has a page of its own.
    assert_eq!(asked("vi/index/egdi.html", script), "0 | Sắp xếp các dòng của trang này theo | true");
}

/// Settings of the what-if page: each part over its range, then several at once.
fn settings() -> Vec<Vec<(&'static str, f64)>> {
    let spans = [
        ("osi", 0.0, 1.0),
        ("tii", 0.0, 1.0),
        ("hci", 0.0, 1.0),
        ("internet-users", 0.0, 100.0),
        ("fixed-broadband", 0.0, 60.0),
        ("mobile-broadband", 0.0, 200.0),
        ("mobile", 0.0, 200.0),
        ("literacy", 0.0, 100.0),
        ("enrolment", 20.0, 120.0),
        ("expected-schooling", 0.0, 24.0),
        ("mean-schooling", 0.0, 15.0),
    ];
    let at = |(part, least, most): (&'static str, f64, f64), step: usize, of: usize| {
        (part, least + (most - least) * step as f64 / of as f64)
    };
    let mut settings: Vec<Vec<_>> =
        spans.iter().flat_map(|span| (0..=7).map(|step| vec![at(*span, step, 7)])).collect();
    for step in 0..=12 {
        // Inputs of one part and the other parts; no part together with what it is made of.
        settings.push(vec![at(spans[0], step, 12), at(spans[1], 12 - step, 12), at(spans[2], step, 24)]);
        settings.push(vec![
            at(spans[3], step, 12),
            at(spans[4], 12 - step, 12),
            at(spans[6], step, 12),
            at(spans[2], 9, 12),
        ]);
        settings.push(vec![
            at(spans[7], 12 - step, 12),
            at(spans[8], step, 12),
            at(spans[10], step, 12),
            at(spans[5], 5, 12),
        ]);
    }
    settings
}

#[test]
fn the_what_if_page_gives_the_numbers_of_the_program() {
    let settings = settings();
    assert!(settings.len() >= 100, "{}", settings.len());
    let script = r#"
        const form = document.getElementById("whatif");
        const set = (part, value) => {
            const input = document.getElementById("set-" + part);
            input.value = value;
            input.dispatchEvent(new Event("input"));
        };
        const value = (id) => document.getElementById(id).dataset.v;
        return JSON.stringify(SETTINGS.map((setting) => {
            form.querySelector("button").click();
            for (const [part, value] of setting) set(part, value);
            return [value("then-score"), value("then-rank"), document.getElementById("then-class").textContent,
                form.dataset.passed, form.dataset.passedBy];
        }));"#;
    let script = script.replace("SETTINGS", &serde_json::to_string(&settings).expect("numbers"));
    let shown = asked("vi/what-if/egdi.html", &script).replace("&quot;", "\"");
    let shown: Vec<[String; 5]> = serde_json::from_str(&shown).expect("five texts a setting");
    let written: Vec<String> = settings
        .iter()
        .map(|setting| {
            setting.iter().map(|(part, value)| format!("{part}={value}")).collect::<Vec<_>>().join(",")
        })
        .collect();
    let mut args = vec!["egdi", "whatif", "--json", "--lang", "vi"];
    args.extend(written.iter().flat_map(|setting| ["--set", setting]));
    let said = SITE.chiso(&args).ends(0);
    let found: serde_json::Value = serde_json::from_str(&said.stdout).expect("one JSON object");
    let cases = found["cases"].as_array().expect("cases");
    assert_eq!((cases.len(), shown.len()), (settings.len(), settings.len()));
    for ((case, shown), setting) in cases.iter().zip(&shown).zip(&written) {
        let score: f64 = shown[0].parse().expect("a score");
        assert!(
            (score - case["after"]["score"].as_f64().expect("a score")).abs() < 1e-12,
            "{setting}: {shown:?}"
        );
        assert_eq!(shown[1], case["after"]["rank"].to_string(), "{setting}");
        assert_eq!(Some(shown[2].as_str()), case["after"]["class"].as_str(), "{setting}");
        let count = |key: &str| case[key].as_array().expect("ids").len().to_string();
        assert_eq!((&shown[3], &shown[4]), (&count("passed"), &count("passed_by")), "{setting}");
    }
}

#[test]
fn the_what_if_page_can_be_used_from_the_keyboard_and_says_what_is_wrong() {
    let script = r#"
        const form = document.getElementById("whatif");
        const number = document.getElementById("set-osi"), tii = document.getElementById("set-tii");
        const users = document.getElementById("set-internet-users");
        const typed = (input, value) => { input.value = value; input.dispatchEvent(new Event("input")); };
        const rank = () => document.getElementById("then-rank").dataset.v;
        const answers = [];
        /* Everything that is set is an input with a name, in the order of the page, and none is taken out of it. */
        const inputs = Array.from(form.querySelectorAll("input, button"));
        answers.push(inputs.every((input) => input.tabIndex === 0
            && (input.type === "reset" || input.getAttribute("aria-label") || input.labels.length === 1)));
        number.focus();
        number.stepUp();
        number.dispatchEvent(new Event("input"));
        answers.push(number.value);
        answers.push(document.querySelector(".result").getAttribute("aria-live"));
        typed(number, "1.5");
        answers.push(number.getAttribute("aria-invalid") + " " + number.closest(".knob").querySelector("[role=alert]").textContent);
        typed(number, "0.9");
        answers.push(number.getAttribute("aria-invalid") + " " + rank());
        /* An input moves the part that it goes into, until that is set itself. */
        typed(users, "100");
        answers.push(Number(tii.value) > 0.75);
        typed(tii, "0.5");
        answers.push(users.value);
        form.querySelector("button").click();
        answers.push(rank() + " " + number.value + " " + tii.value);
        return answers.join(" | ");"#;
    assert_eq!(
        asked("en/what-if/egdi.html", script),
        "true | 0.65 | polite | true From 0 to 1 only | false 57 | true | 70.3 | 86 0.6484 0.6973"
    );
}

#[test]
fn without_a_script_the_what_if_page_has_the_same_numbers_in_tables() {
    let page = fs::read_to_string(site().join("en/what-if/egdi.html")).expect("a page");
    let form = page.split("<form").nth(1).expect("a form").split('>').next().expect("a tag");
    assert!(form.contains("hidden"), "{form}");
    let table = |id: &str| {
        page.split(&format!("id=\"{id}\""))
            .nth(1)
            .expect("a table")
            .split("</table>")
            .next()
            .expect("its end")
    };
    // OSI half of the way to 1: 0.8242, and 0.6787 + (0.8242 - 0.6484) / 3.
    let steps = table("whatif_steps_table");
    for text in ["0.82420", "0.73727", "Very high", "Internet users (%)", "85.15"] {
        assert!(steps.contains(text), "{text}");
    }
    // Rank 50 needs 0.7834: 0.9626 of OSI alone, and the other two are not enough.
    let goals = table("whatif_goals_table");
    for text in ["0.78340", "0.96260", "0.75314", "not enough", "0.77957 at most"] {
        assert!(goals.contains(text), "{text}");
    }
    assert!(
        !site().join("en/what-if/index766.html").exists(),
        "a body without a score has nothing to change"
    );
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
        "vi/what-if/egdi.html",
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

/// The figure of a page, and how often a text stands in it.
fn in_figure(page: &str, id: &str, text: &str) -> usize {
    let page_text = fs::read_to_string(site().join(page)).expect("a page");
    let figure = page_text.split(&format!("<figure id=\"{id}\"")).nth(1);
    let figure = figure.unwrap_or_else(|| panic!("{page} has no {id}")).split("</figure>").next();
    figure.expect("its end").matches(text).count()
}

#[test]
fn provinces_lie_on_their_map_and_indices_have_their_charts() {
    for lang in ["vi", "en"] {
        let score = format!("{lang}/indicator/index766-score.html");
        // 34 provinces on a screen and on a phone, each with its value in words.
        assert_eq!(in_figure(&score, "map-3-0", "class=\"tile\""), 68);
        assert!(in_figure(&score, "spread-3", "class=\"quartiles\"") > 0);
        // Six groups of Phú Thọ in the third quarter, for online provision has no score of its own.
        let index = format!("{lang}/index/index766.html");
        assert_eq!(in_figure(&index, "groups-0", "class=\"row\""), 12);
        assert_eq!(in_figure(&index, "groups-0", "class=\"mark\""), 0);
        // From January to 17 September five groups with the median of the other provinces.
        assert_eq!(in_figure(&index, "groups-1", "class=\"mark\""), 10);
        let egdi = format!("{lang}/index/egdi.html");
        assert_eq!(in_figure(&egdi, "ranks-0", "class=\"series\""), 22);
        assert_eq!(in_figure(&egdi, "bands", "class=\"row\""), 22);
    }
    assert!(in_figure("vi/indicator/index766-score.html", "map-3-0", "Tỉnh Khánh Hòa: 52,48") > 0);
    assert!(in_figure("vi/index/index766.html", "groups-0", "8,41\u{a0}/\u{a0}12") > 0);
}
