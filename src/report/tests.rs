//! The whole site of the fixture: what stands in it, where its links lead, what it must never hold.

use std::collections::{BTreeMap, BTreeSet};

use super::fixture::{self, HOSTILE, Page};
use super::*;
use crate::model::intake::SourceStatus;
use crate::model::measure::{Measure, Missing};
use crate::model::organisation::TileLayout;
use crate::report::book::Book;
use crate::report::page::Frame;

fn site() -> Vec<Page> {
    print(&fixture::definition(), &fixture::results())
}

fn print(definition: &ReportDefinition, results: &Results) -> Vec<Page> {
    match fixture::site(definition, results, &Templates::default()) {
        Ok(pages) => pages,
        Err(problems) => {
            panic!("{}", problems.0.iter().map(|p| p.render(false)).collect::<Vec<_>>().join("\n"))
        }
    }
}

fn html(pages: &[Page], path: &str) -> String {
    let page = pages.iter().find(|page| page.path == path).unwrap_or_else(|| panic!("no page {path}"));
    String::from_utf8(page.bytes.clone()).expect("pages are UTF-8")
}

/// What stands in `<main>`, without the drawings, which have tests of their own.
fn main_of(pages: &[Page], path: &str) -> String {
    let text = html(pages, path);
    let start = text.find("<main").expect("a main part");
    let end = text.find("</main>").expect("an end of it");
    let mut kept = String::new();
    let mut rest = &text[start..end];
    while let Some(at) = rest.find("<svg") {
        kept.push_str(&rest[..at]);
        kept.push_str("<svg/>");
        rest = rest[at..].split_once("</svg>").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn parsed(text: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn pages_of_each_kind() {
    let site = site();
    for (name, path) in [
        ("overview", "vi/index.html"),
        ("indicator", "en/indicator/on-time.html"),
        ("indicator_with_parts", "vi/indicator/score.html"),
        ("organisation", "vi/organisation/P1.html"),
        ("organisations", "en/organisations.html"),
        ("data", "vi/data.html"),
        ("method", "en/method.html"),
        ("changes", "vi/changes.html"),
        ("reconciliation", "vi/reconciliation.html"),
        ("rankings", "en/rankings.html"),
        ("topic", "vi/topic/speed.html"),
        ("root", "index.html"),
    ] {
        insta::assert_snapshot!(name, main_of(&site, path));
    }
}

#[test]
fn every_link_leads_to_a_page_and_every_anchor_exists() {
    let site = site();
    let mut anchors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for page in &site {
        anchors.insert(page.path.clone(), BTreeSet::new());
    }
    let texts: Vec<_> = site.iter().filter(|page| page.path.ends_with(".html")).collect();
    for page in &texts {
        let text = html(&site, &page.path);
        let document = parsed(&text);
        let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        let unique: BTreeSet<_> = ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(ids.len(), unique.len(), "an id stands twice in {}", page.path);
        anchors.insert(page.path.clone(), unique);
    }
    for page in &texts {
        let text = html(&site, &page.path);
        for node in parsed(&text).descendants() {
            for attribute in node.attributes().filter(|a| matches!(a.name(), "href" | "src")) {
                check_link(&page.path, attribute.value(), &anchors);
            }
        }
    }
}

fn check_link(from: &str, href: &str, anchors: &BTreeMap<String, BTreeSet<String>>) {
    if href.starts_with("data:,") || href.starts_with("https://example.org/") || href.contains("export/") {
        return;
    }
    assert!(!href.contains(':'), "{from} leads to {href}");
    let (path, anchor) = href.split_once('#').unwrap_or((href, ""));
    let mut place: Vec<&str> = from.split('/').collect();
    if !path.is_empty() {
        place.pop();
    }
    for part in path.split('/').filter(|part| !part.is_empty()) {
        match part {
            ".." => assert!(place.pop().is_some(), "{from} leads out of the site: {href}"),
            part => place.push(part),
        }
    }
    let target = place.join("/");
    let ids = anchors.get(&target).unwrap_or_else(|| panic!("{from} leads nowhere: {href}"));
    assert!(anchor.is_empty() || ids.contains(anchor), "{from}: no anchor {href}");
}

#[test]
fn nothing_from_files_becomes_markup() {
    for page in site().iter().filter(|page| page.path.ends_with(".html")) {
        let text = String::from_utf8(page.bytes.clone()).expect("pages are UTF-8");
        assert!(!text.contains("<script>"), "{}", page.path);
        assert!(!text.contains("&amp;lt;"), "{} is escaped twice", page.path);
        for script in parsed(&text).descendants().filter(|node| node.has_tag_name("script")) {
            let file =
                script.attribute("src").and_then(|src| src.rsplit_once("assets/")).map(|(_, file)| file);
            assert!(file.is_some_and(|file| ["state.js", "script.js"].contains(&file)), "{}", page.path);
            assert_eq!(script.text(), None, "{}", page.path);
        }
    }
    let data = html(&site(), "en/data.html");
    assert!(parsed(&data).descendants().any(|node| node.text() == Some(HOSTILE)));
}

#[test]
fn what_is_not_a_number_is_never_printed() {
    for page in site().iter().filter(|page| page.path.ends_with(".html")) {
        let text = String::from_utf8(page.bytes.clone()).expect("pages are UTF-8");
        for word in [">NaN", "\"NaN", ">inf", "undefined", ">none<"] {
            assert!(!text.contains(word), "{word} in {}", page.path);
        }
    }
}

#[test]
fn printed_values_do_not_contradict_their_targets() {
    let page = main_of(&site(), "vi/indicator/on-time.html");
    assert!(page.contains("79,96\u{a0}%"), "{page}");
    assert!(!page.contains("80,0\u{a0}%"), "{page}");
}

#[test]
fn only_observed_organisations_have_a_page() {
    let paths: Vec<_> = site().into_iter().map(|page| page.path).collect();
    assert!(paths.contains(&"vi/organisation/P1.html".to_owned()));
    assert!(!paths.contains(&"vi/organisation/P5.html".to_owned()));
    assert!(!paths.contains(&"vi/organisation/U1.html".to_owned()), "its level gets no pages");
}

#[test]
fn organisations_without_a_page_are_counted() {
    for path in ["en/organisations.html", "en/organisation/VN.html"] {
        let page = main_of(&site(), path);
        assert!(page.contains("Without data: 1. Ended, without data: 1."), "{path}: {page}");
    }
    let page = main_of(&site(), "en/organisations.html");
    assert!(page.contains("With data, on the pages of the indicators: 1."), "{page}");
}

#[test]
fn a_target_in_another_unit_is_not_compared() {
    let page = main_of(&site(), "en/index.html");
    let row = page.lines().find(|line| line.contains("942.SAME.25")).expect("a row");
    assert!(row.contains("No data"), "{row}");
}

#[test]
fn an_empty_project_still_has_a_site() {
    let mut results = fixture::results();
    results.observations.clear();
    results.organisations.clear();
    results.levels.clear();
    results.targets.clear();
    results.sources.clear();
    results.rejects.clear();
    results.checks.clear();
    let page = main_of(&print(&fixture::definition(), &results), "en/indicator/on-time.html");
    assert!(page.contains("No data"));
    results.indicators.clear();
    let mut definition = fixture::definition();
    definition.sections.clear();
    assert!(!print(&definition, &results).is_empty());
}

#[test]
fn missing_values_alone_are_words() {
    let mut results = fixture::results();
    for observation in &mut results.observations {
        observation.measure = Measure::Missing(Missing::Withheld);
        observation.numerator = Some(f64::NAN);
    }
    let site = print(&fixture::definition(), &results);
    assert!(main_of(&site, "en/index.html").contains("withheld"));
    assert!(main_of(&site, "vi/organisation/VN.html").contains("không công bố"));
}

#[test]
fn one_language_is_enough() {
    let definition = ReportDefinition { languages: vec![Lang::En], ..fixture::definition() };
    let pages = print(&definition, &fixture::results());
    assert!(pages.iter().all(|page| !page.path.starts_with("vi/")));
    assert!(html(&pages, "index.html").contains("url=en/index.html"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(site(), site());
}

#[test]
fn pages_ask_no_other_host() {
    for page in site() {
        let text = String::from_utf8_lossy(&page.bytes).into_owned();
        if page.path.ends_with(".css") || page.path.ends_with(".js") {
            assert!(!text.contains("http"), "{}", page.path);
        }
    }
}

#[test]
fn templates_can_be_replaced() {
    let own = BTreeMap::from([("method.html".to_owned(), "<p>{{ frame.title }}</p>".to_owned())]);
    let templates = Templates::new(&own).expect("a known name");
    let pages = fixture::site(&fixture::definition(), &fixture::results(), &templates).expect("a site");
    assert_eq!(html(&pages, "en/method.html"), "<p>Methods</p>");
}

#[test]
fn the_frame_is_the_same_everywhere() {
    let results = fixture::results();
    let definition = fixture::definition();
    let view = View::new(&results);
    let contents = Contents::new(&definition, &view);
    let words = Templates::default().words(Lang::En).expect("built-in words");
    let book = Book { definition: &definition, view: &view, words: &words, contents: &contents };
    let path = "organisation/P1.html".to_owned();
    let here = book::Here { path, title: "P1".to_owned(), menu: "organisations.html" };
    let frame: Frame = book.frame(&here);
    assert_eq!(frame.root, "../../");
    assert_eq!(frame.languages[0].href, "../../vi/organisation/P1.html");
    assert_eq!(frame.trail.len(), 2);
}

/// The page of an indicator with a level of fourteen bodies.
fn page_of_level(lang: &str) -> String {
    let mut definition = fixture::definition();
    definition.sections.truncate(1);
    definition.sections[0].indicators = vec![fixture::indicator_id("dossiers")];
    html(&print(&definition, &fixture::level()), &format!("{lang}/indicator/dossiers.html"))
}

/// The text of an element by its id, with everything inside.
fn element<'a>(document: &'a roxmltree::Document<'a>, id: &str) -> roxmltree::Node<'a, 'a> {
    document.descendants().find(|node| node.attribute("id") == Some(id)).unwrap_or_else(|| panic!("no {id}"))
}

fn words_of(node: roxmltree::Node<'_, '_>) -> Vec<String> {
    let texts = node.descendants().filter(|one| one.has_tag_name("text")).filter_map(|one| one.text());
    texts.map(str::to_owned).collect()
}

#[test]
fn a_level_is_drawn_as_bars_map_spread_slopes_courses_and_shares() {
    for lang in ["vi", "en"] {
        let text = page_of_level(lang);
        let document = parsed(&text);
        for id in ["ranking-3", "map-3-0", "spread-3", "moves-3", "courses-3", "stack-3", "shares-3"] {
            let figure = element(&document, id);
            let drawings = figure.descendants().filter(|node| node.has_tag_name("desc"));
            let found: Vec<&str> = drawings.filter_map(|node| node.text()).collect();
            assert!(found.len() == 2 && found.iter().all(|finding| !finding.is_empty()), "{id}: {found:?}");
        }
        for id in ["spread-3-table", "moves-3-table", "courses-3-table", "shares-3-table"] {
            assert!(element(&document, id).descendants().any(|node| node.has_tag_name("td")), "{id}");
        }
    }
}

#[test]
fn what_is_missing_or_withheld_is_drawn_as_such_and_never_as_zero() {
    let text = page_of_level("en");
    let document = parsed(&text);
    let map = element(&document, "map-3-0");
    let tile = |start: &str| {
        let titles = map.descendants().filter(|node| node.has_tag_name("title"));
        titles.filter_map(|node| node.text()).find(|title| title.starts_with(start)).map(str::to_owned)
    };
    assert_eq!(tile("Province 0:").as_deref(), Some("Province 0: withheld"));
    assert_eq!(tile("Province 1:").as_deref(), Some("Province 1: No data"));
    assert_eq!(tile("Province 13:").as_deref(), Some("Province 13: 150"));
    assert!(words_of(map).contains(&"No number".to_owned()));
    // Twelve of thirteen rows have a number: 10 (n + 1) + 3 + 20 - n of n from 2 to 13 lie from 51 to 150, 133 of n = 12.
    let spread = element(&document, "spread-3-table");
    let cells: Vec<&str> =
        spread.descendants().filter(|node| node.has_tag_name("td")).filter_map(|node| node.text()).collect();
    assert_eq!(cells, ["12", "51", "76", "101", "125", "150"]);
    assert!(text.contains("Without a number: 1 body (withheld 1)."), "{text}");
    // The one that misses a part has no shares, and the one that is withheld no course up to the end.
    let shares = element(&document, "shares-3-table");
    let row = |table: roxmltree::Node<'_, '_>, name: &str| -> Vec<String> {
        let rows = table.descendants().filter(|node| node.has_tag_name("tr"));
        let texts = |row: roxmltree::Node<'_, '_>| -> Vec<String> {
            let cells = row.children().filter(|node| node.is_element());
            let text = |cell: roxmltree::Node<'_, '_>| -> String {
                cell.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect()
            };
            cells.map(text).collect()
        };
        rows.map(texts).find(|cells| cells[0].contains(name)).unwrap_or_else(|| panic!("no {name}"))
    };
    assert_eq!(row(shares, "Province 2")[1..], ["–", "–", "51"]);
    assert_eq!(row(shares, "Province 13")[1..], ["95.3%", "4.7%", "150"]);
    // Of this one no row says how many were late, and those that were early are all.
    assert_eq!(row(shares, "Province 12")[1..], ["100.0%", "0.0%", "133"]);
    let moves = element(&document, "moves-3-table");
    assert_eq!(row(moves, "Province 0")[1..], ["32", "withheld", "–"]);
    assert_eq!(row(moves, "Province 13")[1..], ["149", "150", "+1"]);
    assert!(text.contains("12 rose, 0 fell, 0 unchanged"), "{text}");
}

#[test]
fn a_map_shows_the_bodies_of_its_days() {
    let mut results = fixture::level();
    let now = results.layouts[0].tiles.clone();
    let day = |text: &str| text.parse().expect("a day");
    // Until the end of March the last two bodies lay on the map alone with ten others.
    results.layouts = vec![
        TileLayout { valid_from: None, valid_to: Some(day("2026-03-31")), tiles: now[2..].to_vec() },
        TileLayout { valid_from: Some(day("2026-04-01")), valid_to: None, tiles: now },
    ];
    let mut definition = fixture::definition();
    definition.sections.truncate(1);
    definition.sections[0].indicators = vec![fixture::indicator_id("dossiers")];
    let text = html(&print(&definition, &results), "en/indicator/dossiers.html");
    let document = parsed(&text);
    let tiles = |id: &str| {
        let figure = element(&document, id);
        figure.descendants().filter(|node| node.attribute("class") == Some("tile")).count() / 2
    };
    assert_eq!((tiles("map-3-0"), tiles("map-3-then-0")), (14, 12));
    let table = element(&document, "map-3-then-0-table");
    assert!(
        table.descendants().any(|node| node.text() == Some("Provinces: Q1 2026")) || text.contains("Q1 2026")
    );
}

#[test]
fn courses_across_a_break_are_not_compared() {
    let mut results = fixture::level();
    results.indicators[0].breaks = vec![crate::model::indicator::Break {
        at: "2026-04-01".parse().expect("a day"),
        why: crate::model::text::Text::both("Đổi cách tính", "The method changed"),
        formula: Some(2),
    }];
    let mut definition = fixture::definition();
    definition.sections.truncate(1);
    definition.sections[0].indicators = vec![fixture::indicator_id("dossiers")];
    let text = html(&print(&definition, &results), "en/indicator/dossiers.html");
    let document = parsed(&text);
    let courses = element(&document, "courses-3");
    let caption = courses.descendants().find(|node| node.has_tag_name("figcaption")).expect("a caption");
    let said = caption.text().unwrap_or_default();
    assert!(said.contains("keep the first period from being compared"), "{said}");
    assert!(words_of(courses).contains(&"The method changed".to_owned()));
    // The last two quarters lie on one side of the break.
    assert!(text.contains("Q2 2026 → Q3 2026: 12 rose"), "{text}");
}

#[test]
fn sources_without_a_file_are_counted_though_they_may_be_empty() {
    let mut results = fixture::results();
    let may_be_empty = SourceStatus {
        id: "quiet".parse().expect("a valid id"),
        problem: None,
        ..results.sources[1].clone()
    };
    results.sources.push(may_be_empty);
    let state = main_of(&print(&fixture::definition(), &results), "en/index.html");
    assert!(state.contains("2 sources sent nothing"), "{state}");
    // Where nothing is owed, nobody is alarmed.
    results.sources.remove(1);
    let state = main_of(&print(&fixture::definition(), &results), "en/index.html");
    assert!(state.contains("class=\"none\"") && state.contains("1 source sent nothing"), "{state}");
}

#[test]
fn what_breaks_a_rule_is_counted_as_what_it_is() {
    let site = site();
    let data = main_of(&site, "en/data.html");
    for told in ["Broken by", "2 senders", "1 row<", "Nothing to check", "1 rule with nothing to check"] {
        assert!(data.contains(told), "{told}: {data}");
    }
    assert!(html(&site, "en/check/in-time.html").contains("2 senders break this rule."));
}

#[test]
fn a_value_is_taken_over_only_where_it_was_printed() {
    let site = site();
    let taken_over = html(&site, "en/indicator/egdi-rank.html");
    assert!(taken_over.contains("published value, without numerator and denominator"));
    assert!(html(&site, "en/indicator/score.html").contains("computed value"));
}

#[test]
fn bodies_far_down_are_named_with_the_one_above_them() {
    let site = site();
    assert!(html(&site, "vi/check/in-time.html").contains("Sở Nội vụ, Tỉnh Phú Thọ"));
    assert!(html(&site, "vi/check/in-time.html").contains(">Tỉnh Phú Thọ<"), "a nation goes without saying");
}

#[test]
fn groups_of_others_owe_no_number() {
    let told = |results: &Results| main_of(&print(&fixture::definition(), results), "en/data.html");
    let mut results = fixture::results();
    assert!(told(&results).contains("Gia Lai"), "a province that sent nothing is named");
    for org in results.organisations.iter_mut().filter(|org| org.level == "province") {
        org.level = "group".to_owned();
    }
    assert!(!told(&results).contains("Gia Lai"));
}

#[test]
fn where_all_are_equal_nobody_is_first() {
    let mut results = fixture::results();
    for one in results.observations.iter_mut().filter(|one| one.indicator == fixture::indicator_id("score")) {
        if one.org != fixture::org_id("VN") && one.breakdown.is_empty() && one.measure.value().is_some() {
            one.measure = Measure::Value(25.0);
        }
    }
    let site = print(&fixture::definition(), &results);
    let rankings = main_of(&site, "en/rankings.html");
    assert!(rankings.contains("All 4 are equal") && !rankings.contains("at the same place"), "{rankings}");
    assert!(html(&site, "en/indicator/score.html").contains("4 with a value, all of them equal: 25"));
}

#[test]
fn periods_begin_small_within_a_sentence() {
    let page = html(&site(), "vi/indicator/on-time.html");
    assert!(page.contains("Kỳ trước (tháng 8/2026)"), "{page}");
    assert!(!page.contains("(Tháng") && !page.contains(", Tháng"), "{page}");
}

#[test]
fn targets_for_a_terminal_say_their_level_and_the_value_that_was_judged() {
    let results = fixture::results();
    let words = Templates::default().words(Lang::Vi).expect("built in");
    let definition = fixture::definition();
    let text =
        target_text::TargetsText::new(&results, &definition, &words, target_text::Selection::default());
    let text = text.text().expect("there are targets");
    assert!(text.contains("Giá trị để đánh giá") && text.contains("(quốc gia)"), "{text}");
}
