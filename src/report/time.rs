//! Days and periods as people read them, in both languages.

use chrono::{Datelike, NaiveDate};

use crate::model::period::{Calendar, Part, Period};
use crate::model::text::Lang;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];

/// `17/09/2026` or `17 September 2026`.
pub fn date(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Vi => day.format("%d/%m/%Y").to_string(),
        Lang::En => format!("{} {} {}", day.day(), month_name(day.month()), day.year()),
    }
}

/// A text with its days, written as `2026-09-17`, as people of the language read them.
pub fn days_within(lang: Lang, text: &str) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some(next) = rest.chars().next() {
        let is_apart = !told.ends_with(|c: char| c.is_alphanumeric() || "-@/_".contains(c));
        let day = rest.get(..DAY).filter(|_| is_apart).filter(|_| ends_word(&rest[DAY..]));
        let day = day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
        let taken = day.map_or(next.len_utf8(), |_| DAY);
        told += &day.map_or_else(|| next.to_string(), |day| date(lang, day));
        rest = &rest[taken..];
    }
    told
}

/// The length of `2026-09-17`.
const DAY: usize = 10;

/// Whether no part of a path or a longer name follows, nor the end of a file name.
fn ends_word(rest: &str) -> bool {
    !rest.strip_prefix('.').unwrap_or(rest).starts_with(|c: char| c.is_alphanumeric() || "-/_".contains(c))
}

/// A period in full, to stand on its own; one of the administrative calendar says its days.
pub fn period(lang: Lang, period: Period) -> String {
    match (period, lang) {
        (Period::Part { calendar: Calendar::Civil, year, part }, lang) => part_name(lang, year, part),
        (Period::Part { calendar: Calendar::Administrative, year, part }, lang) => {
            let (first, last) = (date(lang, period.start()), date(lang, period.end()));
            format!("{} ({first}\u{a0}– {last})", part_name(lang, year, part))
        }
        (Period::Day(day), lang) => date(lang, day),
        (Period::Span(first, last), _) if period.is_fiscal_year() => {
            format!("{}–{}", first.year(), last.year())
        }
        (Period::Span(first, last), Lang::Vi) => {
            format!("Từ {} đến {}", date(lang, first), date(lang, last))
        }
        (Period::Span(first, last), Lang::En) => english_span(first, last),
    }
}

fn part_name(lang: Lang, year: i32, part: Part) -> String {
    match (part, lang) {
        (Part::Year, Lang::Vi) => format!("Năm {year}"),
        (Part::Year, Lang::En) => year.to_string(),
        (Part::Half(1), Lang::Vi) => format!("6 tháng đầu năm {year}"),
        (Part::Half(_), Lang::Vi) => format!("6 tháng cuối năm {year}"),
        (Part::Half(1), Lang::En) => format!("First half of {year}"),
        (Part::Half(_), Lang::En) => format!("Second half of {year}"),
        (Part::NineMonths, Lang::Vi) => format!("9 tháng đầu năm {year}"),
        (Part::NineMonths, Lang::En) => format!("First nine months of {year}"),
        (Part::Quarter(quarter), Lang::Vi) => format!("Quý {}/{year}", roman(quarter)),
        (Part::Quarter(quarter), Lang::En) => format!("Q{quarter} {year}"),
        (Part::Month(month), Lang::Vi) => format!("Tháng {month}/{year}"),
        (Part::Month(month), Lang::En) => format!("{} {year}", month_name(month)),
        (Part::YearToDate(month), Lang::Vi) => format!("Lũy kế {month} tháng năm {year}"),
        (Part::YearToDate(month), Lang::En) => format!("{year} to the end of {}", month_name(month)),
    }
}

/// A period for the axis of a chart; one of the administrative calendar carries a mark.
pub fn short_period(lang: Lang, period: Period) -> String {
    match (period, lang) {
        (Period::Part { calendar: Calendar::Civil, year, part }, lang) => short_part(lang, year, part),
        (Period::Part { calendar: Calendar::Administrative, year, part }, lang) => {
            let mark = match lang {
                Lang::Vi => "HC",
                Lang::En => "adm.",
            };
            format!("{} {mark}", short_part(lang, year, part))
        }
        (Period::Span(first, last), _) if period.is_fiscal_year() => {
            format!("{}–{:02}", first.year(), last.year() % 100)
        }
        (Period::Day(day) | Period::Span(_, day), Lang::Vi) => day.format("%d/%m/%Y").to_string(),
        (Period::Day(day) | Period::Span(_, day), Lang::En) => {
            format!("{} {} {}", day.day(), &month_name(day.month())[..3], day.year())
        }
    }
}

fn short_part(lang: Lang, year: i32, part: Part) -> String {
    match (part, lang) {
        (Part::Year, _) => year.to_string(),
        (Part::Half(1), Lang::Vi) => format!("6Tđầu/{year}"),
        (Part::Half(_), Lang::Vi) => format!("6Tcuối/{year}"),
        (Part::Half(half), Lang::En) => format!("H{half} {year}"),
        (Part::NineMonths, Lang::Vi) => format!("9T/{year}"),
        (Part::NineMonths, Lang::En) => format!("9M {year}"),
        (Part::Quarter(quarter), Lang::Vi) => format!("{}/{year}", roman(quarter)),
        (Part::Quarter(quarter), Lang::En) => format!("Q{quarter} {year}"),
        (Part::Month(month), Lang::Vi) => format!("{month}/{year}"),
        (Part::Month(month), Lang::En) => format!("{} {year}", &month_name(month)[..3]),
        (Part::YearToDate(month), Lang::Vi) => format!("LK {month}T/{year}"),
        (Part::YearToDate(month), Lang::En) => format!("to {} {year}", &month_name(month)[..3]),
    }
}

/// `2026-11-23 08:15:00` as a day and a time of day; as it is where it has another form.
pub fn moment(lang: Lang, text: &str) -> String {
    let parsed = text.split_once(' ').and_then(|(day, time)| {
        let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
        Some((day, time.get(..5)?))
    });
    match parsed {
        Some((day, time)) => format!("{} {time} UTC", date(lang, day)),
        None => text.to_owned(),
    }
}

fn english_span(first: NaiveDate, last: NaiveDate) -> String {
    let to = date(Lang::En, last);
    if first.year() != last.year() {
        return format!("{} to {to}", date(Lang::En, first));
    }
    format!("{} {} to {to}", first.day(), month_name(first.month()))
}

fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1))).unwrap_or(&"?")
}

fn roman(quarter: u32) -> &'static str {
    usize::try_from(quarter).ok().and_then(|quarter| ROMAN.get(quarter.wrapping_sub(1))).unwrap_or(&"?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_well_in_both_languages() {
        let check = |text: &str, vi: &str, en: &str| {
            let parsed: Period = text.parse().expect(text);
            assert_eq!((period(Lang::Vi, parsed), period(Lang::En, parsed)), (vi.into(), en.into()));
        };
        check("2026", "Năm 2026", "2026");
        check("2026-H1", "6 tháng đầu năm 2026", "First half of 2026");
        check("2026-H2", "6 tháng cuối năm 2026", "Second half of 2026");
        check("2026-9M", "9 tháng đầu năm 2026", "First nine months of 2026");
        check("2026-Q3", "Quý III/2026", "Q3 2026");
        check("2026-09", "Tháng 9/2026", "September 2026");
        check("2026-YTD-08", "Lũy kế 8 tháng năm 2026", "2026 to the end of August");
        check("2026-YTD-12", "Lũy kế 12 tháng năm 2026", "2026 to the end of December");
        check("2026-09-17", "17/09/2026", "17 September 2026");
        check("2026-01-01/2026-09-17", "Từ 01/01/2026 đến 17/09/2026", "1 January to 17 September 2026");
        check("2025-12-15/2026-03-14", "Từ 15/12/2025 đến 14/03/2026", "15 December 2025 to 14 March 2026");
        check("2023-04-01/2024-03-31", "2023–2024", "2023–2024");
    }

    #[test]
    fn administrative_periods_say_their_days() {
        let check = |text: &str, vi: &str, en: &str| {
            let parsed: Period = text.parse().expect(text);
            assert_eq!((period(Lang::Vi, parsed), period(Lang::En, parsed)), (vi.into(), en.into()));
        };
        check(
            "2026-Q1-adm",
            "Quý I/2026 (15/12/2025\u{a0}– 14/03/2026)",
            "Q1 2026 (15 December 2025\u{a0}– 14 March 2026)",
        );
        check(
            "2026-adm",
            "Năm 2026 (15/12/2025\u{a0}– 14/12/2026)",
            "2026 (15 December 2025\u{a0}– 14 December 2026)",
        );
        check(
            "2026-H2-adm",
            "6 tháng cuối năm 2026 (15/06/2026\u{a0}– 14/12/2026)",
            "Second half of 2026 (15 June 2026\u{a0}– 14 December 2026)",
        );
        check(
            "2026-9M-adm",
            "9 tháng đầu năm 2026 (15/12/2025\u{a0}– 14/09/2026)",
            "First nine months of 2026 (15 December 2025\u{a0}– 14 September 2026)",
        );
        check(
            "2026-03-adm",
            "Tháng 3/2026 (15/02/2026\u{a0}– 14/03/2026)",
            "March 2026 (15 February 2026\u{a0}– 14 March 2026)",
        );
        check(
            "2026-YTD-08-adm",
            "Lũy kế 8 tháng năm 2026 (15/12/2025\u{a0}– 14/08/2026)",
            "2026 to the end of August (15 December 2025\u{a0}– 14 August 2026)",
        );
    }

    #[test]
    fn short_periods_fit_an_axis() {
        let check = |text: &str, vi: &str, en: &str| {
            let parsed: Period = text.parse().expect(text);
            assert_eq!(
                (short_period(Lang::Vi, parsed), short_period(Lang::En, parsed)),
                (vi.into(), en.into())
            );
        };
        check("2026-Q3", "III/2026", "Q3 2026");
        check("2026-Q3-adm", "III/2026 HC", "Q3 2026 adm.");
        check("2026-H1", "6Tđầu/2026", "H1 2026");
        check("2026-9M", "9T/2026", "9M 2026");
        check("2026-YTD-08", "LK 8T/2026", "to Aug 2026");
        check("2026-09", "9/2026", "Sep 2026");
        check("2023-04-01/2024-03-31", "2023–24", "2023–24");
        check("2026-01-01/2026-09-17", "17/09/2026", "17 Sep 2026");
    }

    #[test]
    fn days_within_a_text_are_told_in_its_language() {
        let check = |text: &str, vi: &str| assert_eq!(days_within(Lang::Vi, text), vi);
        check("dichvucong.gov.vn 2026-09-26", "dichvucong.gov.vn 26/09/2026");
        check("Nguồn: cổng, 2026-09-26; 2026-10-01.", "Nguồn: cổng, 26/09/2026; 01/10/2026.");
        check("inbox/2026-09-26.csv, a-2026-09-26", "inbox/2026-09-26.csv, a-2026-09-26");
        check("so lieu 2026-09-26.xlsx. 2026-09-26.", "so lieu 2026-09-26.xlsx. 26/09/2026.");
        check("2026-13-26, 2026-09-26T08:00, 12026-09-26", "2026-13-26, 2026-09-26T08:00, 12026-09-26");
        check("2026-09-2ệ", "2026-09-2ệ");
        check("", "");
        assert_eq!(days_within(Lang::En, "2022-08-01"), "1 August 2022");
    }

    #[test]
    fn moments_name_their_clock() {
        assert_eq!(moment(Lang::Vi, "2026-11-23 08:15:00"), "23/11/2026 08:15 UTC");
        assert_eq!(moment(Lang::En, "2026-11-23 08:15:00"), "23 November 2026 08:15 UTC");
        assert_eq!(moment(Lang::En, "soon"), "soon");
    }
}
