//! The overview: the state of the data, the indicators by section, the table of all targets.

use crate::model::index::IndexResults;
use crate::model::indicator::Indicator;
use crate::model::intake::{FileState, Severity};
use crate::report::book::{Book, Here};
use crate::report::definition::Section;
use crate::report::page::{Card, Fact, Line, Link, OverviewPage, SectionModel, drawn};
use crate::report::{figure, headline, target, time};

/// `overview.html`
pub fn page(book: &Book<'_>) -> OverviewPage {
    let here = Here {
        path: "index.html".to_owned(),
        title: book.text(&book.definition.title).to_owned(),
        menu: "index.html",
    };
    OverviewPage {
        frame: book.frame(&here),
        subtitle: book.definition.subtitle.as_ref().map(|text| book.text(text).to_owned()),
        state: state(book, "data.html"),
        sections: book.definition.sections.iter().map(|part| section(book, part)).collect(),
    }
}

fn section(book: &Book<'_>, section: &Section) -> SectionModel {
    let indicators = section.indicators.iter().filter_map(|id| book.view.indicator(id));
    SectionModel {
        id: section.id.clone(),
        title: book.text(&section.title).to_owned(),
        intro: section.intro.as_ref().map(|text| book.text(text).to_owned()),
        cards: indicators.map(|indicator| card(book, indicator, &section.id, "")).collect(),
        indices: indices(book, section),
        targets: section.targets.then(|| target::model(book, "")),
    }
}

/// The pages of the indices that a section names.
fn indices(book: &Book<'_>, section: &Section) -> Vec<Link> {
    let shown = book.contents.indices.iter().filter(|index| section.indices.contains(&index.tree.id));
    let link = |index: &&IndexResults| Link {
        text: book.text(&index.tree.title).to_owned(),
        href: Some(format!("index/{}.html", index.tree.id)),
    };
    shown.map(link).collect()
}

/// An indicator with its last value, seen from a page whose way up is `home`.
pub fn card(book: &Book<'_>, indicator: &Indicator, section: &str, home: &str) -> Card {
    let org = book.view.headline(indicator);
    // An indicator may stand in two sections, and ids inside charts are unique in a page. Names written by people
    // have no `_`, so that ids of the pages' own cannot meet them.
    let id = format!("{section}_{}", indicator.id);
    Card {
        title: Link {
            text: book.text(&indicator.title).to_owned(),
            href: book.indicator_href(home, &indicator.id),
        },
        headline: org.and_then(|org| headline::of(book, indicator, org, home)),
        chart: org.and_then(|org| figure::spark(book, indicator, org, &id)).map(|svg| drawn(&svg)),
    }
}

/// What the numbers rest on: vintage, sources, files, rows, checks.
pub fn state(book: &Book<'_>, detail: &str) -> Vec<Fact> {
    let results = book.view.results;
    let files: Vec<_> = results.sources.iter().flat_map(|source| &source.files).collect();
    let current = || files.iter().filter(|file| file.state == FileState::Current);
    let refused = files.iter().filter(|file| file.state == FileState::Refused).count();
    let without =
        || results.sources.iter().filter(|source| source.problem.is_some() || source.files.is_empty());
    let is_lacking = without().any(|source| source.problem.is_some());
    let rejected: u64 = current().map(|file| file.rows_rejected).sum();
    let broken = |severity| results.checks.iter().filter(|c| c.severity == severity && c.broken > 0).count();
    let line = |key: &str, n: u64| Line { text: book.words.count(key, n), ..Line::default() };
    let alarm = |key: &'static str, anchor: &str, n: u64| {
        let (look, mark) = match (n, key) {
            (0, _) => ("met", "✓"),
            (_, "n_warnings") => ("warned", "!"),
            // Sources that may be empty, and are.
            (_, "n_without_data") if !is_lacking => ("none", "–"),
            _ => ("unmet", "!"),
        };
        let href = (n > 0).then(|| format!("{detail}#{anchor}"));
        Line { text: book.words.count(key, n), href, look, mark }
    };
    let mut checks = vec![
        line("n_checks", count(results.checks.len())),
        alarm("n_errors", "checks", count(broken(Severity::Error))),
        alarm("n_warnings", "checks", count(broken(Severity::Warning))),
    ];
    let idle = results.checks.iter().filter(|check| check.is_idle()).count();
    checks.extend((idle > 0).then(|| line("n_idle", count(idle))));
    vec![
        fact(book, "vintage", vec![vintage(book)]),
        fact(
            book,
            "sources",
            vec![
                line("n_sources", count(results.sources.len())),
                alarm("n_without_data", "files", count(without().count())),
            ],
        ),
        fact(
            book,
            "files",
            vec![line("n_files", count(current().count())), alarm("n_refused", "files", count(refused))],
        ),
        fact(
            book,
            "rows",
            vec![
                line("n_loaded", current().map(|file| file.rows_loaded).sum()),
                alarm("n_rejected", "rejects", rejected),
            ],
        ),
        fact(book, "checks", checks),
    ]
}

fn vintage(book: &Book<'_>) -> Line {
    let vintage = &book.view.results.vintage;
    let number = book.words.numbers.whole(vintage.number.into());
    let moment = time::moment(book.lang(), &vintage.loaded_at);
    let text = book.words.fill("vintage_value", &[("n", &number), ("moment", &moment)]);
    Line { text, ..Line::default() }
}

fn fact(book: &Book<'_>, key: &'static str, lines: Vec<Line>) -> Fact {
    Fact { name: book.word(key), lines }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
