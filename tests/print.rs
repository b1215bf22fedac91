//! The report for paper, made of a made-up nation: what it says is what was computed, the planner's file survives, PDF and Word
//! say the same, and both are what they claim to be by tools that we did not write.

mod project;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use project::{Said, TestProject};
use regex::Regex;

/// A nation with few dossiers, computed once; each test that writes takes a body or a language of its own.
static NATION: LazyLock<TestProject> = LazyLock::new(|| {
    let place = TestProject::empty();
    let into = place.path("nation").display().to_string();
    let mut demo = place.command(&["demo", "--dossiers", "1000", "--into", &into]);
    let said = demo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program starts");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // Made-up data break rules, which a run says by its exit code.
    chiso(&place, &["gather"]);
    chiso(&place, &["load"]);
    chiso(&place, &["compute"]);
    place
});

/// Only one program at a time has the database open.
static DATABASE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    DATABASE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The rows of a query to the nation.
fn asked(sql: &str) -> Vec<String> {
    let nation = &*NATION;
    let _alone = alone();
    nation.rows_of("nation/build/chiso.duckdb", sql)
}

fn chiso(place: &TestProject, args: &[&str]) -> Said {
    let nation = place.path("nation").display().to_string();
    let all: Vec<&str> = ["--project", nation.as_str()].into_iter().chain(args.iter().copied()).collect();
    place.chiso(&all)
}

fn print(args: &[&str]) -> Said {
    let all: Vec<&str> = ["report", "--print"].into_iter().chain(args.iter().copied()).collect();
    let nation = &*NATION;
    let _alone = alone();
    chiso(nation, &all)
}

fn made(name: &str) -> PathBuf {
    NATION.path(&format!("nation/build/print/{name}"))
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn tool(name: &str, args: &[&str]) -> String {
    let output = Command::new(name).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{name} ({error}) is installed by scripts/poppler.sh"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What is written in a page, without its tags, style and pictures.
fn words(html: &str) -> String {
    let body = html.split("<body>").nth(1).expect("a body");
    let text = Regex::new("<[^>]*>").expect("valid").replace_all(body, " ");
    text.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">")
}

/// The cells of the first table with a row that begins with a name, and the rows of it.
fn rows_of(html: &str) -> Vec<Vec<String>> {
    let row = Regex::new("(?s)<tr[^>]*>(.*?)</tr>").expect("valid");
    let cell = Regex::new("(?s)<t[hd][^>]*>(.*?)</t[hd]>").expect("valid");
    let cells = |row: &str| cell.captures_iter(row).map(|found| found[1].to_owned()).collect();
    row.captures_iter(html).map(|found| cells(&found[1])).collect()
}

fn number(cell: &str) -> i64 {
    cell.replace('.', "").parse().unwrap_or_else(|_| panic!("{cell} is no number"))
}

/// The form of an annex: its lines with a number, then the sum.
fn form(html: &str, annex: usize) -> Vec<Vec<String>> {
    let annex = html.split("<section class=\"annex").nth(annex).expect("an annex");
    rows_of(annex).into_iter().filter(|row| row.len() == 13 && row[2] != "(3)").collect()
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let args = ["--org", "H01", "--docx"];
    print(&args).ends(0);
    let names = ["html", "docx"].map(|ending| format!("quarterly-2026-Q3-H01.vi.{ending}"));
    let read = || names.each_ref().map(|name| fs::read(made(name)).expect("written"));
    let first = read();
    print(&args).ends(0);
    assert!(first == read(), "the second run wrote other bytes");
}

#[test]
fn it_has_what_the_decree_asks_for() {
    print(&["--org", "H36"]).ends(0);
    let html = text(&made("quarterly-2026-Q3-H36.vi.html"));
    let words = words(&html);
    for asked in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "/BC-UBND",
        "BÁO CÁO",
        "Quý III/2026",
        "(Từ ngày 15/06/2026 đến ngày 14/09/2026)",
        "Nơi nhận:",
        "ỦY BAN NHÂN DÂN TỈNH",
        "TM. ỦY BAN NHÂN DÂN",
        "I. TÌNH HÌNH CHUNG",
        "1. Cung cấp dịch vụ công trực tuyến",
        "Phụ lục I",
        "nêu tại Phụ lục II; mục tiêu",
        "đặt cạnh Phụ lục I để đối chiếu; cơ quan chưa gửi nêu tại mục IV, không",
        "Kèm theo Báo cáo này: Phụ lục I. Tình hình giải quyết thủ tục hành chính; Phụ lục II. Tình hình thực hiện",
    ] {
        assert!(words.contains(asked), "no {asked}");
    }
    assert!(html.contains("margin: 20mm 15mm 20mm 30mm") && html.contains("\"Times New Roman\""));
    let english = text(&made("quarterly-2026-Q3-H36.en.html"));
    assert!(english.contains("<html lang=\"en\">") && english.contains("I. GENERAL SITUATION"));
    assert!(english.contains("People&#39;s Committee of Lam Dong"), "a name stays a name");
    assert!(words.contains("Chất lượng số liệu B: "), "marks are explained");
    // Made-up figures say so on every page.
    assert!(html.contains("@bottom-center { content: \"Dữ liệu mô phỏng."));
}

#[test]
fn the_form_is_the_sum_of_the_dossiers_and_adds_up() {
    print(&["--org", "VN", "--lang", "vi"]).ends(0);
    let html = text(&made("quarterly-2026-Q3-VN.vi.html"));
    let lines = form(&html, 1);
    let columns = "received, received_online, received_in_person, carried_over, resolved, resolved_early, \
                   resolved_on_time, resolved_late, in_process, in_process_in_time, in_process_overdue";
    let sums: Vec<String> = columns.split(", ").map(|name| format!("sum({})", name.trim())).collect();
    let sql = format!(
        "SELECT {} FROM fact.report_form_computed WHERE period = '2026-Q3-adm' AND org_id IS NOT NULL",
        sums.join(", ")
    );
    let expected = asked(&sql).remove(0).replace(" | ", ",");
    let total = lines.last().expect("a sum");
    let told: Vec<String> = total[2..].iter().map(|cell| number(cell).to_string()).collect();
    assert_eq!(told.join(","), expected);
    let mut below = vec![0; 11];
    for line in lines.iter().filter(|line| line[0].parse::<u32>().is_ok()) {
        let cells: Vec<i64> = line[2..].iter().map(|cell| number(cell)).collect();
        assert_eq!(cells[0], cells[1] + cells[2] + cells[3], "{line:?}");
        below.iter_mut().zip(&cells).for_each(|(sum, cell)| *sum += cell);
    }
    assert_eq!(below, total[2..].iter().map(|cell| number(cell)).collect::<Vec<_>>());
    // The forms of those right below are added up beside it, and no other ones.
    let sql = format!(
        "SELECT {} FROM fact.report_form WHERE period = '2026-Q3-adm' AND org_id IN \
         (SELECT org_id FROM ref.organisation WHERE parent_id = 'VN')",
        sums.join(", ")
    );
    let sent = form(&html, 4);
    let told: Vec<String> =
        sent.last().expect("a sum")[2..].iter().map(|cell| number(cell).to_string()).collect();
    assert_eq!(told.join(","), asked(&sql).remove(0).replace(" | ", ","));
}

#[test]
fn a_number_is_told_as_it_was_computed_and_a_missing_one_never_as_nothing() {
    print(&["--org", "VN", "--lang", "en"]).ends(0);
    let words = words(&text(&made("quarterly-2026-Q3-VN.en.html")));
    let sql = "SELECT CAST(numerator AS BIGINT), CAST(denominator AS BIGINT), round(value, 2) FROM out.observation \
               WHERE indicator = 'dossiers-on-time' AND org_id = 'VN' AND period = '2026-Q3' AND breakdown = ''";
    let row = asked(sql).remove(0);
    let cells: Vec<&str> = row.split(" | ").collect();
    let value: f64 = cells[2].parse().expect("a number");
    let told = format!("{value:.2}% ({} of {})", cells[0], cells[1]);
    assert!(words.contains(&told), "no {told}");
    // Of the provinces one alone has published how many results were electronic.
    print(&["--org", "H36", "--lang", "en"]).ends(0);
    let words = self::words(&text(&made("quarterly-2026-Q3-H36.en.html")));
    assert!(words.contains("Not reported: Dossiers whose result was given electronically"), "{words}");
    assert!(!words.contains("Accounts on the national portal"), "a province is not asked for it");
}

#[test]
fn what_is_withheld_is_not_told() {
    let sql = "SELECT org_id FROM out.observation WHERE indicator = 'petitions-rated-satisfied' \
               AND period = '2026-Q3' AND breakdown = '' AND missing = 'withheld' ORDER BY org_id";
    let withheld = asked(sql);
    let org = withheld.first().expect("a nation has bodies with few petitions");
    print(&["--org", org, "--lang", "vi"]).ends(0);
    let words = words(&text(&made(&format!("quarterly-2026-Q3-{org}.vi.html"))));
    let sentence = words.split("Không nêu vì số liệu liên quan đến quá ít người: ").nth(1);
    let named = sentence.and_then(|rest| rest.split('\n').next()).unwrap_or_default();
    assert!(named.contains("Phản ánh, kiến nghị được người gửi đánh giá hài lòng"), "{words}");
    assert!(!words.contains("Phản ánh, kiến nghị được người gửi đánh giá hài lòng:"));
}

#[test]
fn the_planner_writes_into_a_file_that_survives() {
    let said = print(&["--org", "H15", "--lang", "vi"]).ends(0);
    assert!(
        said.stdout.contains("to be written in `reports/notes/quarterly-2026-Q3-H15.vi.md`"),
        "{}",
        said.stdout
    );
    let notes = NATION.path("nation/reports/notes/quarterly-2026-Q3-H15.vi.md");
    let blank = text(&notes);
    assert!(blank.contains("\n## Khó khăn, vướng mắc và nguyên nhân\n"), "{blank}");
    let own = blank.replace(
        "## Khó khăn, vướng mắc và nguyên nhân\n",
        "## Khó khăn, vướng mắc và nguyên nhân\n\nThiếu **cán bộ** & máy < 5 năm.\n\n- Một\n  1. Hai\n\n\
         | Đơn vị | Số máy |\n|---|---|\n| Xã A | 3 |\n\n### Nguyên nhân\n\nKinh phí.\n",
    );
    fs::write(&notes, &own).expect("writable");
    let said = print(&["--org", "H15", "--lang", "vi"]).ends(0);
    assert_eq!(text(&notes), own, "the file was written over");
    assert!(!said.stdout.contains("Khó khăn"), "{}", said.stdout);
    let html = text(&made("quarterly-2026-Q3-H15.vi.html"));
    assert!(html.contains("Thiếu <b>cán bộ</b> &amp; máy &lt; 5 năm."), "{html}");
    assert!(html.contains("<span class=\"mark\">1.</span> Hai") && html.contains(">Xã A</td>"));
    assert!(html.contains("<p class=\"lead\">Nguyên nhân</p>"));
}

#[test]
fn what_cannot_be_printed_is_named_with_its_place() {
    let path = "nation/reports/notes/quarterly-2026-Q3-H20.vi.md";
    NATION.write(
        path,
        "<!-- mine -->\nlost\n\n## Kho khăn, vướng mắc và nguyên nhân\n\ntext\n\n## Tình hình chung\n\n\
         <script>alert(1)</script>\n\n![a](b.png)\n\n> quoted\n",
    );
    insta::assert_snapshot!(print(&["--org", "H20", "--lang", "vi"]).whole());
    assert!(!made("quarterly-2026-Q3-H20.vi.html").exists());
}

#[test]
fn wrong_definitions_are_named_at_once() {
    let project = TestProject::small();
    project.write("reports/print/paper.yml", PAPER);
    insta::assert_snapshot!(project.chiso(&["check"]).whole());
    project
        .write("reports/print/paper.yml", PAPER.split("  - title: { vi: B, en: B }").next().expect("a text"));
    project.edit("reports/print/paper.yml", "online-shar]", "online-share]");
    project.edit("reports/print/paper.yml", "parts: [b]", "parts: [a]");
    project.edit("reports/print/paper.yml", "{annex:fom}, {section:two}", "{annex:form}, {section:one}");
    project.write("queries/annexes/form.sql", "-- A form.\nSELECT 'x' AS name_vi, 1 AS b, $oops AS c\n");
    insta::assert_snapshot!("wrong_query", project.chiso(&["check"]).whole());
    project.write("queries/annexes/form.sql", "-- A form.\nSELECT 'x' AS name_vi, 1 AS b\n");
    insta::assert_snapshot!("wrong_columns", project.chiso(&["check"]).whole());
}

const PAPER: &str = "id: paper
document: { vi: Báo cáo, en: Report }
title: { vi: Dịch vụ, en: Services }
languages: [vi]
organisation: A
sections:
  - id: one
    title: { vi: Một }
    content:
      - indicators: [online-shar]
      - planner: all
annexes:
  - id: form
    title: { vi: A, en: A }
    query:
      id: form
      name: { vi: Tên, en: Name }
      columns: [{ column: a, title: { vi: A, en: A } }]
      identities: [{ whole: a, parts: [b] }]
      note: { vi: 'Xem {annex:fom}, {section:two}.', en: 'See {section:one}.' }
  - title: { vi: B, en: B }
    query: { id: nothing, name: { vi: N, en: N }, columns: [] }
";

#[test]
fn texts_refer_to_annexes_where_they_are() {
    let project = TestProject::small();
    project.write("reports/print/paper.yml", REFERRING);
    let parent = "CASE WHEN code <> 'A' THEN 'A' END AS parent_id";
    project.edit("queries/tables/ref.organisation.sql", "NULL AS parent_id", parent);
    project.chiso(&["run"]).ends(0);
    let printed = |org: &str| {
        project.chiso(&["report", "--print", "--org", org, "--lang", "en"]).ends(0);
        words(&project.read(&format!("build/print/paper-2026-Q3-{org}.en.html")))
    };
    let above = printed("A");
    assert!(above.contains("Bodies are in Annex I."), "{above}");
    assert!(above.contains("More is in Annex II and in section I.1."), "{above}");
    assert!(above.contains("Enclosed with this Report: Annex I. Bodies; Annex II. More."), "{above}");
    // It has no bodies below it: the annex about them is left out with what refers to it, and the other one is alone.
    let below = printed("B");
    assert!(!below.contains("Bodies"), "{below}");
    assert!(below.contains("More is in Annex and in section I.1."), "{below}");
    assert!(below.contains("Enclosed with this Report: Annex. More."), "{below}");
}

const REFERRING: &str = "id: paper
document: { vi: Báo cáo, en: Report }
title: { vi: Dịch vụ, en: Services }
languages: [en, vi]
organisation: A
sections:
  - id: one
    title: { vi: Một, en: One }
    content:
      - text: { vi: 'Các đơn vị nêu tại {annex:bodies}.', en: 'Bodies are in {annex:bodies}.' }
      - text: { vi: 'Xem {annex:more}, {section:part}.', en: 'More is in {annex:more} and in {section:part}.' }
    parts:
      - { id: part, title: { vi: Phần, en: Part } }
annexes:
  - id: bodies
    title: { vi: Đơn vị, en: Bodies }
    content: [{ bodies: { level: province, indicators: [online-share] } }]
  - id: more
    title: { vi: Thêm, en: More }
    content: [{ text: { vi: Văn bản, en: Text } }]
";

#[test]
fn a_form_gives_nobody_away() {
    let project = TestProject::copy_of(".");
    let people = "    JOIN held\n";
    let joined = format!("    CROSS JOIN (SELECT count(*) AS n FROM fact.petition) AS counted\n{people}");
    project.edit("queries/annexes/form-ii06.sql", people, &joined);
    let said = project.chiso(&["check"]).ends(1);
    let told = "the form `form-ii06` reads `fact.petition` as `petitions-rated-satisfied` does";
    assert!(said.stderr.contains(told), "{}", said.stderr);
}

#[test]
fn another_body_is_told_what_to_do() {
    let said = print(&["--org", "Nowhere at all"]).ends(2);
    assert!(said.stderr.contains("no organisation has the id"), "{}", said.stderr);
    let said = TestProject::small().chiso(&["report", "--print"]);
    assert!(said.stderr.contains("run `chiso run` first"), "{}", said.stderr);
}

#[test]
fn the_pdf_is_tagged_and_lies_on_its_side_where_tables_are_wide() {
    print(&["--org", "H44", "--lang", "vi", "--pdf"]).ends(0);
    let path = made("quarterly-2026-Q3-H44.vi.pdf");
    let pdf = path.display().to_string();
    let about = tool("pdfinfo", &[&pdf]);
    let is = |line: &str| assert!(Regex::new(line).expect("valid").is_match(&about), "{about}");
    is("Title: +Báo cáo: Kết quả kiểm soát");
    is("Tagged: +yes");
    is("CreationDate: +Mon Nov 23 08:15:00 2026");
    let pages: u32 = Regex::new(r"Pages: +(\d+)").expect("valid").captures(&about).expect("pages")[1]
        .parse()
        .expect("a number");
    assert!((6..40).contains(&pages), "{pages} pages");
    let sizes = tool("pdfinfo", &["-f", "1", "-l", &pages.to_string(), &pdf]);
    let sizes: Vec<&str> =
        sizes.lines().filter(|line| line.contains("size:") && line.contains("Page ")).collect();
    assert!(sizes[0].contains("594.96 x 841.92"), "{sizes:?}");
    assert!(sizes.iter().any(|size| size.contains("841.92 x 594.96")), "{sizes:?}");
    let told = tool("pdftotext", &["-layout", &pdf, "-"]);
    let pages: Vec<&str> = told.split('\u{c}').collect();
    assert!(pages[0].contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), "{}", pages[0]);
    assert!(pages[0].contains("PHÚ THỌ"), "{}", pages[0]);
    assert_eq!(
        pages[1].trim().lines().next().map(str::trim),
        Some("2"),
        "the number in the head of the second page"
    );
    assert_ne!(pages[0].trim().lines().next().map(str::trim), Some("1"));
    let annexes: Vec<&str> =
        pages.iter().copied().filter(|page| page.contains("(Kèm theo Báo cáo số")).collect();
    assert!(annexes.len() > 1, "{told}");
    for page in annexes {
        assert_eq!(
            page.trim().lines().next().map(str::trim),
            Some("1"),
            "pages of an annex are counted of their own"
        );
    }
    let first = fs::read(&path).expect("written");
    print(&["--org", "H44", "--lang", "vi", "--pdf"]).ends(0);
    assert!(first == fs::read(&path).expect("written"), "the second PDF has other bytes");
}

#[test]
fn without_chromium_the_page_is_there_and_the_hint_says_what_to_do() {
    let nation = NATION.path("nation").display().to_string();
    let mut command =
        NATION.command(&["--project", &nation, "report", "--print", "--org", "H05", "--lang", "vi", "--pdf"]);
    let _alone = alone();
    let output = command.env("PATH", "").env_remove("CHISO_CHROMIUM").output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("there is no Chromium on this machine") && told.contains("CHISO_CHROMIUM"),
        "{told}"
    );
    assert!(made("quarterly-2026-Q3-H05.vi.html").exists());
}

#[test]
fn the_word_document_opens_in_libreoffice_and_says_what_the_page_says() {
    print(&["--org", "VN", "--lang", "vi", "--docx"]).ends(0);
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let convert = |to: &str| {
        let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
        let mut command = Command::new("soffice");
        command.args([profile.as_str(), "--headless", "--convert-to", to, "--outdir"]);
        command.arg(folder.path()).arg(made("quarterly-2026-Q3-VN.vi.docx"));
        let output = command.output().expect("LibreOffice is there: `scripts/libreoffice.sh`");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    convert("txt:Text (encoded):UTF8");
    let told = text(&folder.path().join("quarterly-2026-Q3-VN.vi.txt"));
    let page = words(&text(&made("quarterly-2026-Q3-VN.vi.html")));
    let figures = |text: &str| -> BTreeSet<String> {
        let figure = Regex::new(r"\d[\d.,/]*\d|\d").expect("valid");
        figure.find_iter(text).map(|found| found.as_str().to_owned()).collect()
    };
    let (of_word, of_page) = (figures(&told), figures(&page));
    assert!(of_page.len() > 200, "{} figures", of_page.len());
    assert_eq!(of_page.difference(&of_word).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(told.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") && told.contains("Phụ lục III"));
    convert("pdf");
    let pdf = folder.path().join("quarterly-2026-Q3-VN.vi.pdf").display().to_string();
    let sizes = tool("pdfinfo", &["-f", "1", "-l", "99", &pdf]);
    let page = Regex::new(r"Page +\d+ size: +(\S+ x \S+) pts").expect("valid");
    let mut sizes: Vec<&str> =
        page.captures_iter(&sizes).map(|found| found.get(1).expect("a size").as_str()).collect();
    sizes.dedup();
    // The report, the form and the targets, the bodies, the forms that were sent.
    let (upright, lying) = ("595.304 x 841.89", "841.89 x 595.304");
    assert_eq!(sizes, [upright, lying, upright, lying]);
}

#[test]
fn the_word_document_has_real_headings_and_heads_of_tables() {
    print(&["--org", "H19", "--lang", "vi", "--docx"]).ends(0);
    let file = fs::File::open(made("quarterly-2026-Q3-H19.vi.docx")).expect("written");
    let mut archive = zip::ZipArchive::new(file).expect("an archive");
    let mut part = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(name).expect(name), &mut text).expect("text");
        roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        text
    };
    let document = part("word/document.xml");
    for piece in [
        "<w:pStyle w:val=\"Heading1\" />",
        "<w:pStyle w:val=\"Heading2\" />",
        "<w:tblHeader />",
        "w:orient=\"landscape\"",
    ] {
        assert!(document.contains(piece), "no {piece}");
    }
    let styles = part("word/styles.xml");
    assert!(styles.contains("<w:lang w:val=\"vi-VN\"") && styles.contains("Times New Roman"), "{styles}");
    assert!(part("docProps/core.xml").contains("<dc:title>Báo cáo: "));
}

/// A project with a report for paper of one section.
fn of_one_section() -> TestProject {
    let project = TestProject::small();
    let paper = PAPER.split("annexes:").next().expect("a text").replace("online-shar]", "online-share]");
    project.write("reports/print/paper.yml", paper.replace("{ vi: Một }", "{ vi: Một, en: One }"));
    project
}

#[test]
fn a_period_that_is_not_the_last_one_computed_is_printed_as_if_it_were() {
    let project = of_one_section();
    project.chiso(&["run", "--period", "2026-Q3"]).ends(0);
    project.chiso(&["report", "--print", "--period", "2025-Q4"]).ends(0);
    let (path, kept) = ("build/print/paper-2025-Q4-A.vi.html", "SELECT period FROM meta.vintage");
    let printed = project.read(path);
    assert!(words(&printed).contains("IV/2025"), "{}", words(&printed));
    assert_eq!(project.rows(kept), ["2026-Q3"], "what was computed stays");
    project.chiso(&["run", "--period", "2025-Q4"]).ends(0);
    project.remove(path);
    project.chiso(&["report", "--print"]).ends(0);
    assert_eq!(project.read(path), printed);
}

#[test]
fn an_earlier_vintage_is_printed_as_it_was() {
    let project = of_one_section();
    project.chiso(&["run"]).ends(0);
    project.chiso(&["report", "--print"]).ends(0);
    let first = project.read("build/print/paper-2026-Q3-A.vi.html");
    assert!(
        words(&first).contains("Dịch vụ trực tuyến: 50,0\u{a0}% (1 trên 2) (năm 2025)."),
        "{}",
        words(&first)
    );
    project.edit("data/services.csv", "S2,A,2", "S2,A,4");
    project.chiso(&["run"]).ends(0);
    project.chiso(&["report", "--print"]).ends(0);
    let second = project.read("build/print/paper-2026-Q3-A.vi.html");
    assert!(
        words(&second).contains("Dịch vụ trực tuyến: 100,0\u{a0}% (2 trên 2) (năm 2025)."),
        "{}",
        words(&second)
    );
    project.chiso(&["report", "--print", "--as-of", "1"]).ends(0);
    assert_eq!(project.read("build/as-of/1/print/paper-2026-Q3-A.vi.html"), first);
}
