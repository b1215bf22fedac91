//! The mark of a number: its letter, and in words what it follows from.

use crate::model::quality::Trust;
use crate::model::results::Observation;
use crate::report::book::Book;
use crate::report::page::{Line, QualityMark};

/// The mark of a number; none where nothing is known.
pub fn of(book: &Book<'_>, observation: &Observation) -> Option<QualityMark> {
    let trust = observation.trust.as_deref()?;
    let gaps = [("mark", trust.grade.word()), ("why", &reasons(book, trust))];
    Some(QualityMark { letter: trust.grade.word(), why: book.words.fill("quality_mark", &gaps) })
}

/// What it follows from: `2 trên 3 báo cáo đã có; 1 trên 13 dòng bị loại`.
fn reasons(book: &Book<'_>, trust: &Trust) -> String {
    let told: Vec<String> = trust.reasons.iter().map(|reason| told(book, trust, reason)).collect();
    told.join("; ")
}

fn told(book: &Book<'_>, trust: &Trust, reason: &str) -> String {
    let whole = |n: u64| book.words.numbers.whole(n);
    let (expected, arrived) = trust.deliveries.unwrap_or_default();
    let (read, rejected) = trust.rows;
    let of = |key: &str, n: u64, of: u64| book.words.fill(key, &[("n", &whole(n)), ("of", &whole(of))]);
    match reason {
        "complete" => of("grade_complete", arrived, expected),
        "incomplete" => of("grade_incomplete", arrived, expected),
        "rejected" => of("grade_rejected", rejected, read),
        "rules" => {
            let rules: Vec<String> = rules(book, &trust.checks).into_iter().map(|rule| rule.text).collect();
            book.words.fill("grade_rules", &[("rules", &rules.join(", "))])
        }
        "high" => book.word("grade_high"),
        "low" => book.word("grade_low"),
        "zero" => book.word("grade_zero"),
        "estimated" => book.word("grade_estimated"),
        "provisional" => book.word("grade_provisional"),
        "taken-over" => book.word("grade_taken_over"),
        other => other.to_owned(),
    }
}

/// Rules by their titles, one a line.
pub fn rules(book: &Book<'_>, checks: &[String]) -> Vec<Line> {
    let title = |id: &String| {
        let known = book.view.results.checks.iter().find(|check| check.id == *id);
        let text = known.map_or_else(|| id.clone(), |check| book.text(&check.title).to_owned());
        Line { text, look: "wide", mark: "•", ..Line::default() }
    };
    checks.iter().map(title).collect()
}
