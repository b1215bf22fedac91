//! Days and moments out of texts: in the forms of the contract, and in the ISO forms beside them, which workbooks give.
//!
//! Of all that is done to a text, `try_strptime` takes longest by far. Texts in the forms that most systems write are cast
//! instead, where no other form could have been meant, and only if the cast writes the same text again: what a cast takes
//! beyond the forms (`infinity`, a time zone, a month of one digit) is judged by the forms as before.

use super::contract::Kind;
use crate::db::literal;

const ISO_DAY: &str = "%Y-%m-%d";
const ISO_MOMENT: &str = "%Y-%m-%d %H:%M:%S";
/// 14 digits: the form of the national synchronisation.
const COMPACT: &str = "%Y%m%d%H%M%S";

/// No text has two of these forms.
const APART: [&str; 3] = [ISO_DAY, ISO_MOMENT, COMPACT];

/// A day by the text of a column; null where the text has none of the forms.
pub(super) fn day(text: &str, formats: &[String]) -> String {
    let forms = forms(formats, &[ISO_DAY]);
    format!("CAST({} AS DATE)", cased(text, "", &forms, &[ISO_DAY]))
}

/// A moment by the text of a column, and by its [`number`] where there is one; null where the text has none of the forms.
pub(super) fn moment(text: &str, formats: &[String], number: &str) -> String {
    match formats {
        [] => dated(text, &format!("TRY_CAST({text} AS TIMESTAMP)")),
        formats => cased(text, number, &moments(formats), &[ISO_MOMENT, COMPACT]),
    }
}

/// The text as a number, if it has as many digits as [`COMPACT`], where that form is cast. It belongs on a level below that of
/// [`moment`], which names it several times.
pub(super) fn number(text: &str, kind: &Kind) -> Option<String> {
    let Kind::Timestamp(formats) = kind else { return None };
    let is_cast = first_apart(&moments(formats)).any(|form| form == COMPACT);
    is_cast.then(|| format!("TRY_CAST(CASE WHEN strlen({text}) = 14 THEN {text} END AS BIGINT)"))
}

fn moments(formats: &[String]) -> Vec<&str> {
    forms(formats, &[ISO_MOMENT, ISO_DAY])
}

/// The forms of a contract and the ISO forms, in the order in which they are tried, each once.
fn forms<'a>(formats: &'a [String], iso: &[&'a str]) -> Vec<&'a str> {
    let mut forms: Vec<&str> = vec![];
    for form in formats.iter().map(String::as_str).chain(iso.iter().copied()) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

/// The forms before any that could take a text of another form.
fn first_apart<'a>(forms: &[&'a str]) -> impl Iterator<Item = &'a str> {
    forms.iter().copied().take_while(|form| APART.contains(form))
}

/// The value: by a cast for texts of those forms in `cast` that are told apart, else by the first form that fits.
fn cased(text: &str, number: &str, forms: &[&str], cast: &[&str]) -> String {
    let shown: Vec<String> = forms.iter().map(|form| literal(form)).collect();
    let tried = dated(text, &format!("try_strptime({text}, [{}])", shown.join(", ")));
    let written_again = |length: usize, kind: &str| {
        let value = format!("TRY_CAST({text} AS {kind})");
        format!("WHEN strlen({text}) = {length} AND CAST({value} AS VARCHAR) = {text} THEN {value}")
    };
    let cases: Vec<String> = first_apart(forms)
        .filter(|form| cast.contains(form))
        .map(|form| match form {
            ISO_DAY => written_again(10, "DATE"),
            ISO_MOMENT => written_again(19, "TIMESTAMP"),
            // `make_timestamp` takes the hour 24 and the second 60.
            _ => format!(
                "WHEN {number} > 0 AND {number} % 1000000 < 240000 AND {number} % 100 < 60 AND CAST({number} AS VARCHAR) = {text} \
                 THEN coalesce({}, {tried})",
                of_digits(number)
            ),
        })
        .collect();
    if cases.is_empty() { tried } else { format!("CASE {} ELSE {tried} END", cases.join(" ")) }
}

/// The moment of a number of 14 digits; null where there is none.
fn of_digits(number: &str) -> String {
    let two = |tail: u64| format!("{number} // {tail} % 100");
    format!(
        "TRY(make_timestamp({number} // 10000000000, {}, {}, {}, {}, CAST({number} % 100 AS DOUBLE)))",
        two(100_000_000),
        two(1_000_000),
        two(10_000),
        two(100),
    )
}

/// DuckDB takes `infinity` and `epoch` for dates; a date has digits.
fn dated(text: &str, value: &str) -> String {
    format!("CASE WHEN regexp_matches({text}, '[0-9]') THEN {value} END")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Cell, Db};

    /// Texts that are days and moments, nearly, and not at all.
    const TEXTS: &str = "\
        SELECT unnest(['20250501082332', '20250230082332', '20240229000000', '20251301000000', '20250501240000', \
            '20250501236000', '20250501235960', '00010501082332', '-2025050108233', '+2025050108233', '2025050108233', \
            '202505010823320', '2025e1000000000', '2_0250501082332', '20250501 08233', '2025-05-01 08:23:32', \
            '2025-5-1 08:23:32', '2025-02-30 08:23:32', '2025-05-01 08:23:60', '2025-05-01T08:23:32', \
            '2025-05-01 08:23:32.5', '2025-05-01 08:23:32Z', '2025-05-01 08:23+07', '2025-05-01', '2025-5-1', \
            '2025-02-30', '2025/05/01', '01/05/2025', '31/12/2025 08:23:32', '2025-05-01 24:00:00', '0001-01-01', \
            '9999-12-31 23:59:59', '10000-01-01', 'infinity', '-infinity', 'epoch', 'now', '', 'x', '12', NULL]) AS c \
        UNION ALL SELECT lpad((hash(i) % 100000000000000)::VARCHAR, 14, '2') FROM range(3000) r(i) \
        UNION ALL SELECT unnest([strftime(t, '%Y%m%d%H%M%S'), strftime(t, '%Y-%m-%d %H:%M:%S'), strftime(t, '%Y-%m-%d'), \
            strftime(t, '%d/%m/%Y')]) \
            FROM (SELECT TIMESTAMP '1999-01-01' + to_seconds((hash(i) % 2000000000)::BIGINT) AS t FROM range(1000) r(i))";

    const LISTS: [&[&str]; 7] = [
        &[COMPACT, ISO_MOMENT],
        &[ISO_MOMENT],
        &[COMPACT],
        &["%d/%m/%Y"],
        &["%Y-%d-%m"],
        &["%Y%d%m%H%M%S", COMPACT],
        &[COMPACT, "%Y%d%m%H%M%S"],
    ];

    fn owned(formats: &[&str]) -> Vec<String> {
        formats.iter().map(|&form| form.to_owned()).collect()
    }

    #[test]
    fn casts_say_what_the_forms_say() {
        let db = Db::in_memory().expect("memory is there");
        db.run(&format!("CREATE TABLE texts AS {TEXTS}")).expect("texts");
        let check = |value: &str, sql_type: &str, forms: &[&str], number: Option<String>| {
            let shown: Vec<String> = forms.iter().map(|form| literal(form)).collect();
            let tried = dated("c", &format!("try_strptime(c, [{}])", shown.join(", ")));
            let sql = format!(
                "SELECT count(*), min(c) FILTER (value IS DISTINCT FROM expected) \
                 FROM (SELECT c, {value} AS value, CAST({tried} AS {sql_type}) AS expected \
                    FROM (SELECT c, {} AS n FROM texts))",
                number.unwrap_or("NULL::BIGINT".into()),
            );
            let found = db.query(&sql, &[]).expect(&sql).rows.remove(0);
            assert_eq!(found, [Cell::Integer(7041), Cell::Null], "{forms:?}");
        };
        for list in LISTS {
            let formats = owned(list);
            check(&day("c", &formats), "DATE", &forms(&formats, &[ISO_DAY]), None);
            let number = number("c", &Kind::Timestamp(formats.clone()));
            check(&moment("c", &formats, "n"), "TIMESTAMP", &moments(&formats), number);
        }
    }

    #[test]
    fn only_forms_that_are_told_apart_are_cast() {
        let has_number = |formats: &[&str]| number("c", &Kind::Timestamp(owned(formats))).is_some();
        assert!(has_number(&[COMPACT, ISO_MOMENT]));
        assert!(has_number(&[ISO_MOMENT, COMPACT]));
        assert!(!has_number(&[ISO_MOMENT]));
        // Day and month the other way round come first: a cast would take them for month and day.
        assert!(!has_number(&["%Y%d%m%H%M%S", COMPACT]));
        assert!(!day("c", &owned(&["%Y-%d-%m"])).contains("THEN TRY_CAST"));
        assert!(day("c", &owned(&[ISO_DAY])).contains("THEN TRY_CAST"));
    }
}
