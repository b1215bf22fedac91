//! How a target stands, in words: its status with a mark, the reason for it in a sentence, the agreement of the methods.
//!
//! Sentences are made by rule from the numbers that were judged; a number is written so that its rounding never
//! contradicts the status.

use crate::model::indicator::Indicator;
use crate::model::progress::{
    Pace, Point, Scale, Status, TIMES_ON_PATH, TIMES_SLIGHT, TREND_FROM, TargetProgress,
};
use crate::model::target::{Comparator, Ended, Target};
use crate::report::book::Book;
use crate::report::page::Line;
use crate::report::time;
use crate::report::words::first_lowered;

/// Mark, word and colour of a status.
pub fn status(book: &Book<'_>, status: Status) -> Line {
    let (key, look, mark) = match status {
        Status::Achieved => ("met", "met", "✓"),
        Status::OnPath => ("on_path", "met", "→"),
        Status::SlightDelay => ("slight_delay", "warned", "◔"),
        Status::SeriousDelay => ("serious_delay", "unmet", "!"),
        Status::MovingAway => ("moving_away", "unmet", "↩"),
        Status::Missed => ("missed", "unmet", "✗"),
        Status::TooEarly => ("too_early", "none", "…"),
        Status::Awaited => ("value_awaited", "none", "?"),
        Status::BrokenSeries => ("broken_series", "none", "⁄"),
        Status::NotApplicable => ("target_not_applicable", "none", "■"),
        Status::NoData => ("no_data", "none", "–"),
    };
    Line { text: book.word(key), look, mark, href: None }
}

/// The same, and of what has ended since when: `Cấp này đã kết thúc ngày 30/06/2025`.
pub fn status_in_time(book: &Book<'_>, known: Status, ended: Option<Ended>) -> Line {
    let (key, day) = match ended {
        Some(Ended::Level(day)) => ("level_ended", day),
        Some(Ended::Body(day)) => ("body_ended", day),
        None => return status(book, known),
    };
    let text = book.words.fill(key, &[("day", &time::date(book.lang(), day))]);
    Line { text, ..status(book, Status::NotApplicable) }
}

/// What is said of a target beside a value: its one verdict where what is said decides, else what this value alone would give.
/// A value that is of no time up to the due day is none for it.
pub fn verdict(
    book: &Book<'_>,
    (known, ended): (Status, Option<Ended>),
    has_value: bool,
    decides: bool,
) -> Line {
    let alone = match (known, ended) {
        (Status::NoData, None) if has_value => {
            Line { text: book.word("no_data_by_due"), ..status(book, known) }
        }
        _ => status_in_time(book, known, ended),
    };
    if decides {
        return alone;
    }
    let text = book.words.fill("for_reference", &[("status", &first_lowered(&alone.text))]);
    Line { text, look: "none", mark: "–", href: None }
}

/// Why a target stands as it does, in a sentence or two; nothing where something has ended, which its status says.
pub fn reason(book: &Book<'_>, target: &Target, progress: &TargetProgress) -> String {
    let sentence = match progress.indicator.as_ref().and_then(|id| book.view.indicator(id)) {
        Some(indicator) => sentence(book, target, indicator, progress),
        None => without_values(book, progress),
    };
    match progress.status {
        Status::Awaited => format!("{sentence} {}", book.word("reason_day_over")),
        _ => sentence,
    }
}

fn without_values(book: &Book<'_>, progress: &TargetProgress) -> String {
    match (progress.status, &progress.indicator) {
        (Status::NotApplicable, _) => book.word("reason_not_applicable"),
        (_, None) => book.word("reason_no_indicator"),
        (Status::NoData, Some(_)) => book.word("reason_no_value"),
        (Status::Achieved, Some(_)) => book.word("reason_all_bodies"),
        (_, Some(_)) => book.word("reason_worst_body"),
    }
}

fn sentence(book: &Book<'_>, target: &Target, indicator: &Indicator, progress: &TargetProgress) -> String {
    let Some(deciding) = progress.deciding else { return without_values(book, progress) };
    let told = Told { book, indicator, progress };
    let (value, period) = (told.point(deciding), time::short_period(book.lang(), deciding.period));
    let demand = book.words.demand(target, Some(indicator.unit));
    let gap = book.words.distance(indicator, target.value - deciding.value);
    let least = TREND_FROM.to_string();
    let (points, all) = (told.whole(progress.points), told.whole(progress.values));
    let gaps = [("value", value.as_str()), ("period", &period), ("demand", &demand), ("gap", &gap)];
    match (progress.status, progress.pace) {
        (Status::NoData | Status::NotApplicable, _) => without_values(book, progress),
        (Status::Achieved, _) => book.words.fill("reason_achieved", &gaps),
        (Status::Missed, _) => book.words.fill("reason_missed", &gaps),
        (Status::Awaited, _) => book.words.fill("reason_awaited", &gaps),
        (Status::BrokenSeries, _) => {
            book.words.fill("reason_broken", &[("all", &all), ("n", &points), ("least", &least)])
        }
        (_, Some(pace)) if progress.status != Status::TooEarly => told.of_pace(&pace, &gaps[..2]),
        _ if progress.scale == Scale::YesNo => book.word("reason_yes_no"),
        _ => {
            let key = if progress.points == 1 { "reason_too_early_one" } else { "reason_too_early" };
            book.words.fill(key, &[("n", &points), ("least", &least)])
        }
    }
}

/// How many of the methods agree: `4 trên 6 phương pháp đồng ý`.
pub fn agreement(book: &Book<'_>, progress: &TargetProgress) -> Option<String> {
    let (n, of) = progress.agreement()?;
    Some(book.words.fill("agreement", &[("n", &n.to_string()), ("of", &of.to_string())]))
}

/// What is told of a row, with what it is told by.
pub struct Told<'t, 'a> {
    /// The report.
    pub book: &'t Book<'a>,
    /// The indicator that answers it.
    pub indicator: &'t Indicator,
    /// The row.
    pub progress: &'t TargetProgress,
}

impl Told<'_, '_> {
    /// A value as it is printed, with its unit.
    pub fn point(&self, point: Point) -> String {
        let number = match &self.progress.org {
            Some(org) => self.book.value(self.indicator, org, point.value),
            None => self.book.words.value(self.indicator, point.value, &[]),
        };
        self.book.words.with_unit(self.indicator, &number)
    }

    /// Another value in the unit of the indicator, such as one on the path; it contradicts neither the value that decides nor
    /// a target.
    pub fn value(&self, value: f64) -> String {
        let targets = self.progress.org.as_ref().map(|org| self.book.view.bounds(self.indicator, org));
        let mut beside = targets.unwrap_or_default();
        beside.extend(self.progress.deciding.map(|point| (Comparator::AtLeast, point.value)));
        let number = self.book.words.value(self.indicator, value, &beside);
        self.book.words.with_unit(self.indicator, &number)
    }

    /// A pace a year, without its sign: in the unit of the indicator, or as growth.
    pub fn pace(&self, pace: f64) -> String {
        match self.progress.scale {
            Scale::Log => {
                let percent = 100.0 * pace.exp_m1().abs();
                let growth = self.book.words.numbers.percent(&self.book.words.numbers.distance(percent, 1));
                self.book.words.fill("growth_a_year", &[("n", &growth)])
            }
            _ => {
                // One more decimal than the value: a pace is a fraction of it.
                let finer = Indicator {
                    decimals: self.indicator.decimals.saturating_add(1).min(6),
                    ..self.indicator.clone()
                };
                self.book.words.distance(&finer, pace)
            }
        }
    }

    /// How many times the pace is needed, on the right side of the cut-offs.
    pub fn times(&self, times: f64) -> String {
        let cuts = [
            (Comparator::AtMost, TIMES_ON_PATH),
            (Comparator::AtMost, TIMES_SLIGHT),
            (Comparator::AtMost, 1.0),
        ];
        self.book.words.numbers.beside(times, 2, &cuts)
    }

    fn of_pace(&self, pace: &Pace, value: &[(&str, &str)]) -> String {
        let start = time::short_period(self.book.lang(), pace.start.period);
        let (seen, path) = (self.pace(pace.seen), self.value(pace.path));
        let needed = pace.needed.map(|needed| self.pace(needed)).unwrap_or_default();
        let times = pace.times.map(|times| self.times(times)).unwrap_or_default();
        let mut gaps = vec![
            ("start", start.as_str()),
            ("seen", &seen),
            ("path", &path),
            ("needed", &needed),
            ("times", &times),
        ];
        gaps.extend_from_slice(value);
        let key = match (self.progress.status, pace.times) {
            (Status::MovingAway, _) => "reason_away",
            (_, None) => "reason_still",
            (Status::OnPath, Some(times)) if times <= 1.0 => "reason_enough",
            _ => "reason_times",
        };
        self.book.words.fill(key, &gaps)
    }

    /// A count.
    pub fn whole(&self, count: u32) -> String {
        self.book.words.numbers.whole(count.into())
    }
}
