//! Periods as SDMX writes them.
//!
//! A part of a civil year that SDMX has a name for keeps it. Everything else is a time range: its first day and how
//! long it lasts. SDMX could name a quarter of the administrative year only by a year that begins on 15 December, and
//! would then give it the number of the year before; the range says the days themselves.

use crate::model::period::{Calendar, Part, Period};

/// `TIME_PERIOD`.
pub(super) fn time_period(period: &Period) -> String {
    match *period {
        Period::Part { calendar: Calendar::Civil, year, part } => match part {
            Part::Year => format!("{year}"),
            Part::Half(half) => format!("{year}-S{half}"),
            Part::Quarter(quarter) => format!("{year}-Q{quarter}"),
            Part::Month(month) => format!("{year}-{month:02}"),
            Part::NineMonths | Part::YearToDate(_) => range(period, part),
        },
        Period::Part { calendar: Calendar::Administrative, part, .. } => range(period, part),
        Period::Day(day) => day.to_string(),
        Period::Span(..) => days(period),
    }
}

/// A range of whole months. A year to date is written by its days: `2026-9M` and `2026-YTD-09` are two periods.
fn range(period: &Period, part: Part) -> String {
    match part {
        Part::YearToDate(_) => days(period),
        part => format!("{}/P{}M", period.start(), part.months().count()),
    }
}

fn days(period: &Period) -> String {
    format!("{}/P{}D", period.start(), (period.end() - period.start()).num_days() + 1)
}

/// `FREQ`, a code of CL_FREQ; what is neither a year nor a half, quarter, month or day of one is `_O`, other.
pub(super) fn frequency(period: &Period) -> &'static str {
    match *period {
        Period::Part { part, .. } => match part {
            Part::Year => "A",
            Part::Half(_) => "S",
            Part::Quarter(_) => "Q",
            Part::Month(_) => "M",
            Part::NineMonths | Part::YearToDate(_) => "_O",
        },
        Period::Day(_) => "D",
        Period::Span(..) => "_O",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_written_by_name_or_by_their_days() {
        let cases = [
            ("2026", "A", "2026"),
            ("2026-H2", "S", "2026-S2"),
            ("2026-Q3", "Q", "2026-Q3"),
            ("2026-09", "M", "2026-09"),
            ("2026-9M", "_O", "2026-01-01/P9M"),
            ("2026-YTD-09", "_O", "2026-01-01/P273D"),
            ("2026-09-17", "D", "2026-09-17"),
            ("2026-01-01/2026-09-17", "_O", "2026-01-01/P260D"),
            ("2026-adm", "A", "2025-12-15/P12M"),
            ("2026-Q1-adm", "Q", "2025-12-15/P3M"),
            ("2026-H1-adm", "S", "2025-12-15/P6M"),
            ("2026-03-adm", "M", "2026-02-15/P1M"),
            ("2026-9M-adm", "_O", "2025-12-15/P9M"),
            // 15 December to 14 August: 17 + 212 + 14 days.
            ("2026-YTD-08-adm", "_O", "2025-12-15/P243D"),
        ];
        for (text, expected_frequency, expected) in cases {
            let period: Period = text.parse().expect(text);
            assert_eq!(
                (frequency(&period), time_period(&period).as_str()),
                (expected_frequency, expected),
                "{text}"
            );
        }
    }
}
