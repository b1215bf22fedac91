//! Senders on the page of data quality: what each had to send and what came, period by period, and what is unlike.

use crate::model::id::OrgId;
use crate::model::quality::{DeliverySummary, Outlier, SenderSummary, Verdict};
use crate::report::book::Book;
use crate::report::page::{Cell, DataSection, Line, Row};
use crate::report::quality::{MOST_NAMES, section, table};
use crate::report::{figure, mark, time};

/// The sections; none where nothing is asked of anybody.
pub(super) fn sections(book: &Book<'_>) -> Vec<DataSection> {
    let quality = &book.view.results.quality;
    if quality.rules.is_empty() && quality.outliers.is_empty() && !book.view.results.are_judged() {
        return vec![];
    }
    let mut sections = vec![];
    if !quality.rules.is_empty() {
        sections.extend([senders(book), deliveries(book)]);
    }
    sections.extend([outliers(book), marks(book)]);
    sections
}

/// One row per sender, over all rules and the periods of the report.
fn senders(book: &Book<'_>) -> DataSection {
    let columns = [
        ("sender", false),
        ("completeness", true),
        ("timeliness", false),
        ("rows_loaded", true),
        ("rows_rejected", true),
        ("rules_broken", false),
        ("outliers", true),
    ];
    let rows = book.view.results.quality.senders.iter().map(|sender| sender_row(book, sender));
    let mut part =
        section(book, "senders", "senders_intro", table(book, "senders", &columns, rows.collect()));
    if let Some(day) = book.view.results.quality.judged_on {
        let day = time::date(book.lang(), day);
        part.intro = format!("{} {}", part.intro, book.words.fill("judged_on", &[("day", &day)]));
    }
    part
}

fn sender_row(book: &Book<'_>, sender: &SenderSummary) -> Row {
    let name = match &sender.org {
        Some(org) => Cell::link(book.name(org), book.organisation_href("", org)),
        None => Cell::text(book.word("sender_unknown")),
    };
    let arrived = sender.on_time + sender.late + sender.untimed;
    let whole = |n: u64| book.words.numbers.whole(n);
    let complete = match sender.expected {
        0 => Cell::missing("–"),
        of => {
            let text = book.words.fill("made_of", &[("n", &whole(arrived)), ("of", &whole(of))]);
            Cell { number: true, ..Cell::text(text).sorted_by(arrived as f64 / of as f64) }
        }
    };
    let rules = match sender.checks.as_slice() {
        [] => Cell::empty(),
        checks => Cell { lines: mark::rules(book, checks), ..Cell::default() },
    };
    Row {
        cells: vec![
            name.as_head(),
            complete,
            timeliness(book, sender),
            Cell::number(whole(sender.rows_loaded), sender.rows_loaded as f64),
            Cell::number(whole(sender.rows_rejected), sender.rows_rejected as f64),
            rules,
            Cell::number(whole(sender.outliers), sender.outliers as f64),
        ],
        strong: false,
    }
}

/// `đúng hạn 5; muộn 1 (nhiều nhất 29 ngày); chưa gửi 2`, the gravest first where there is one.
fn timeliness(book: &Book<'_>, sender: &SenderSummary) -> Cell {
    let whole = |n: u64| book.words.numbers.whole(n);
    let counted = |key: &'static str, n: u64| book.words.fill(key, &[("n", &whole(n))]);
    let line = |text: String, look: &'static str, mark: &'static str| Line { text, look, mark, href: None };
    let mut lines = vec![];
    if sender.not_reported > 0 {
        lines.push(line(counted("n_not_reported", sender.not_reported), "unmet", "✗"));
    }
    if sender.late > 0 {
        let days = whole(sender.most_days_late.unwrap_or(0));
        let text = book.words.fill("n_late", &[("n", &whole(sender.late)), ("days", &days)]);
        lines.push(line(text, "warned", "!"));
    }
    if sender.partial > 0 {
        lines.push(line(counted("n_partial", sender.partial), "warned", "!"));
    }
    if sender.on_time > 0 {
        lines.push(line(counted("n_on_time", sender.on_time), "met", "✓"));
    }
    if sender.untimed > 0 {
        lines.push(line(counted("n_untimed", sender.untimed), "none", "–"));
    }
    if sender.awaited > 0 {
        lines.push(line(counted("n_awaited", sender.awaited), "none", "…"));
    }
    Cell { lines, sort: Some(sender.not_reported.to_string()), ..Cell::default() }
}

/// One row per rule and period.
fn deliveries(book: &Book<'_>) -> DataSection {
    let columns = [
        ("delivery", false),
        ("period", false),
        ("due_day", false),
        ("expected", true),
        ("on_time", true),
        ("late", true),
        ("untimed", true),
        ("awaited", true),
        ("missing_names", false),
    ];
    let rows = book.view.results.quality.deliveries.iter().map(|delivery| delivery_row(book, delivery));
    let mut part =
        section(book, "deliveries", "deliveries_intro", table(book, "deliveries", &columns, rows.collect()));
    for line in not_asked(book, |_| true) {
        part.intro = format!("{} {line}", part.intro);
    }
    part
}

/// What a delivery is called.
pub(super) fn title(book: &Book<'_>, delivery: &DeliverySummary) -> String {
    let rules = &book.view.results.quality.rules;
    let known = rules.iter().find(|expected| expected.rule == delivery.rule);
    known.map_or_else(|| delivery.rule.clone(), |expected| book.text(&expected.title).to_owned())
}

/// Of whom nothing is asked, a sentence for each set of bodies: that all is there must not be read as if theirs were. Told are
/// those that `is_told` holds for.
pub(super) fn not_asked(book: &Book<'_>, is_told: impl Fn(&OrgId) -> bool) -> Vec<String> {
    let mut sets: Vec<(Vec<String>, Vec<&str>)> = vec![];
    for expected in &book.view.results.quality.rules {
        let names = expected.excepted.iter().filter(|org| is_told(org)).map(|org| book.name(org)).collect();
        let title = book.text(&expected.title);
        match sets.iter_mut().find(|(known, _)| *known == names) {
            Some((_, titles)) => titles.push(title),
            None => sets.push((names, vec![title])),
        }
    }
    sets.retain(|(names, _)| !names.is_empty());
    let told = |(names, titles): (Vec<String>, Vec<&str>)| {
        let (names, titles) = (names.join("; "), titles.join("; "));
        book.words.fill("not_asked", &[("names", &names), ("deliveries", &titles)])
    };
    sets.into_iter().map(told).collect()
}

fn delivery_row(book: &Book<'_>, delivery: &DeliverySummary) -> Row {
    let number = |n: u64| Cell::number(book.words.numbers.whole(n), n as f64);
    let due = delivery
        .due_on
        .map_or_else(|| Cell::missing("–"), |day| Cell::text(time::date(book.lang(), day)).sorted_by(day));
    Row {
        cells: vec![
            Cell::text(title(book, delivery)).as_head(),
            Cell::text(book.period(delivery.period)).sorted_by(delivery.period.end()),
            due,
            number(delivery.expected),
            number(delivery.on_time),
            number(delivery.late),
            number(delivery.untimed),
            number(delivery.awaited),
            missing(book, delivery),
        ],
        strong: false,
    }
}

fn missing(book: &Book<'_>, delivery: &DeliverySummary) -> Cell {
    let count = delivery.missing.len();
    if count == 0 {
        let line = Line { text: book.word("nobody_missing"), look: "met", mark: "✓", href: None };
        return Cell { lines: vec![line], sort: Some("0".to_owned()), ..Cell::default() };
    }
    let mut names: Vec<String> = delivery.missing.iter().map(|org: &OrgId| book.name(org)).collect();
    names.sort_by(|a, b| book.words.compare(a, b));
    let text = book.words.count("n_bodies", u64::try_from(count).unwrap_or(u64::MAX));
    let line = Line { text, look: "unmet", mark: "✗", href: None };
    let cell = Cell { lines: vec![line], sort: Some(count.to_string()), ..Cell::default() };
    if count > MOST_NAMES { cell } else { cell.line(names.join("; "), "muted wide") }
}

fn outliers(book: &Book<'_>) -> DataSection {
    let columns = [
        ("indicator", false),
        ("organisation", false),
        ("period", false),
        ("value", true),
        ("unlike_how", false),
        ("usual_before", true),
        ("usual_peers", true),
    ];
    let known = book.view.results.quality.outliers.iter().filter_map(|outlier| outlier_row(book, outlier));
    section(book, "outliers", "outliers_intro", table(book, "outliers", &columns, known.collect()))
}

fn outlier_row(book: &Book<'_>, outlier: &Outlier) -> Option<Row> {
    let indicator = book.contents.indicators.iter().find(|one| one.id == outlier.indicator)?;
    let mut title =
        Cell::link(book.text(&indicator.title).to_owned(), book.indicator_href("", &indicator.id)).as_head();
    if !outlier.breakdown.is_empty() {
        title = title.line(figure::part_name(book, indicator, &outlier.breakdown), "muted");
    }
    let value = |value: f64| Cell::number(book.value(indicator, &outlier.org, value), value);
    let usual = |pair: Option<(f64, f64)>| match pair {
        Some((usual, score)) => {
            let score = book.words.numbers.trimmed(score, 1);
            value(usual).line(book.words.fill("score", &[("n", &score)]), "muted")
        }
        None => Cell::missing("–"),
    };
    let key = match outlier.verdict {
        Verdict::High => "grade_high",
        Verdict::Low => "grade_low",
        Verdict::Zero => "grade_zero",
    };
    Some(Row {
        cells: vec![
            title,
            Cell::link(book.name(&outlier.org), book.organisation_href("", &outlier.org)),
            Cell::text(book.period(outlier.period)).sorted_by(outlier.period.end()),
            value(outlier.value),
            Cell::text(book.word(key)),
            usual(outlier.history),
            usual(outlier.peers),
        ],
        strong: false,
    })
}

/// What the marks mean, and how many numbers have each.
fn marks(book: &Book<'_>) -> DataSection {
    let trusts = || book.view.results.observations.iter().filter_map(|number| number.trust.as_deref());
    let row = |(letter, key): (&'static str, &'static str)| {
        let count = trusts().filter(|trust| trust.grade.word() == letter).count();
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        Row {
            cells: vec![
                Cell::text(letter).as_head(),
                Cell::text(book.word(key)),
                Cell::number(book.words.numbers.whole(count), count as f64),
            ],
            strong: false,
        }
    };
    let rows = [("A", "grade_a"), ("B", "grade_b"), ("C", "grade_c")].map(row).to_vec();
    let columns = [("grade", false), ("grade_means", false), ("numbers", true)];
    section(book, "grades", "grades_intro", table(book, "grades", &columns, rows))
}
