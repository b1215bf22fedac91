//! Days and moments out of texts: in the forms of the contract, and in the ISO forms beside them, which workbooks give.
//!
//! Of all that is done to a text, `try_strptime` takes longest by far. Texts in the forms that most systems write are read by
//! functions of ours instead, where no other form could have been meant; whatever they do not read is judged by the forms.

use chrono::NaiveDate;

use crate::db::{Db, DbError, Moment, literal};

const ISO_DAY: &str = "%Y-%m-%d";
const ISO_MOMENT: &str = "%Y-%m-%d %H:%M:%S";
/// 14 digits: the form of the national synchronisation.
const COMPACT: &str = "%Y%m%d%H%M%S";

/// Forms of which no text has two, each with the function that reads it.
const APART: [(&str, &str, Moment); 3] = [
    (ISO_DAY, "day_in_iso_form", |text| of_marks(text, b"dddd-dd-dd")),
    (ISO_MOMENT, "moment_in_iso_form", |text| of_marks(text, b"dddd-dd-dd dd:dd:dd")),
    (COMPACT, "moment_in_digits", |text| of_marks(text, b"dddddddddddddd")),
];

/// Makes the functions known that the statements of this room call.
pub(super) fn teach(db: &Db) -> Result<(), DbError> {
    APART.iter().try_for_each(|(_, name, read)| db.teach_moment(name, *read))
}

/// The microseconds since 1970 of a text with digits where the pattern has `d`, and the marks of the pattern: year, month, day,
/// and hour, minute, second if there are any. A year below 1000 is left to those who know what was meant.
fn of_marks(text: &[u8], pattern: &[u8]) -> Option<i64> {
    if text.len() != pattern.len() || text[0] == b'0' {
        return None;
    }
    let mut digits = [0_u32; 14];
    let mut count = 0;
    for (byte, mark) in text.iter().zip(pattern) {
        if *mark != b'd' {
            if byte != mark {
                return None;
            }
            continue;
        }
        digits[count] = u32::from(byte.wrapping_sub(b'0'));
        if digits[count] > 9 {
            return None;
        }
        count += 1;
    }
    let two = |at: usize| 10 * digits[at] + digits[at + 1];
    let day = NaiveDate::from_ymd_opt((100 * two(0) + two(2)) as i32, two(4), two(6))?;
    Some(day.and_hms_opt(two(8), two(10), two(12))?.and_utc().timestamp_micros())
}

/// A day by the text of a column; null where the text has none of the forms.
pub(super) fn day(text: &str, formats: &[String]) -> String {
    format!("CAST({} AS DATE)", read(text, &forms(formats, &[ISO_DAY])))
}

/// A moment by the text of a column; null where the text has none of the forms.
pub(super) fn moment(text: &str, formats: &[String]) -> String {
    match formats {
        [] => dated(text, &format!("TRY_CAST({text} AS TIMESTAMP)")),
        formats => read(text, &moments(formats)),
    }
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

/// The functions of the forms before any that could take a text of another form.
fn functions(forms: &[&str]) -> Vec<&'static str> {
    let function = |form: &&str| APART.iter().find(|(known, ..)| known == form).map(|(_, name, _)| *name);
    forms.iter().map_while(function).collect()
}

/// The value: by a function for texts of forms that are told apart, else by the first form that fits.
fn read(text: &str, forms: &[&str]) -> String {
    let shown: Vec<String> = forms.iter().map(|form| literal(form)).collect();
    let tried = dated(text, &format!("try_strptime({text}, [{}])", shown.join(", ")));
    let called: String = functions(forms).iter().map(|name| format!("{name}({text}), ")).collect();
    format!("coalesce({called}{tried})")
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
        teach(&db).expect("new names");
        db.run(&format!("CREATE TABLE texts AS {TEXTS}")).expect("texts");
        let check = |value: &str, sql_type: &str, forms: &[&str]| {
            let shown: Vec<String> = forms.iter().map(|form| literal(form)).collect();
            let tried = dated("c", &format!("try_strptime(c, [{}])", shown.join(", ")));
            let sql = format!(
                "SELECT count(*), min(c) FILTER (value IS DISTINCT FROM expected) \
                 FROM (SELECT c, {value} AS value, CAST({tried} AS {sql_type}) AS expected FROM texts)"
            );
            let found = db.query(&sql, &[]).expect(&sql).rows.remove(0);
            assert_eq!(found, [Cell::Integer(7041), Cell::Null], "{forms:?}");
        };
        for list in LISTS {
            let formats = owned(list);
            check(&day("c", &formats), "DATE", &forms(&formats, &[ISO_DAY]));
            check(&moment("c", &formats), "TIMESTAMP", &moments(&formats));
        }
    }

    #[test]
    fn only_forms_that_are_told_apart_have_functions() {
        let of = |formats: &[&str]| functions(&moments(&owned(formats))).join(" ");
        assert_eq!(of(&[COMPACT, ISO_MOMENT]), "moment_in_digits moment_in_iso_form day_in_iso_form");
        assert_eq!(of(&[ISO_MOMENT]), "moment_in_iso_form day_in_iso_form");
        // Day and month the other way round come first: what follows could be one of them.
        assert_eq!(of(&["%Y%d%m%H%M%S", COMPACT]), "");
        assert_eq!(of(&[COMPACT, "%Y-%d-%m"]), "moment_in_digits");
    }

    #[test]
    fn functions_read_their_form_alone() {
        let read = |name: &str, text: &str| {
            let (_, _, read) = APART.iter().find(|(_, known, _)| *known == name).expect("a function");
            read(text.as_bytes()).map(|moment| moment / 1_000_000)
        };
        assert_eq!(read("day_in_iso_form", "1970-01-02"), Some(86_400));
        assert_eq!(read("moment_in_iso_form", "1969-12-31 23:59:59"), Some(-1));
        assert_eq!(read("moment_in_digits", "20240229235959"), Some(1_709_251_199));
        for text in [
            "20230229000000",
            "2024022900000",
            "202402290000000",
            "20240229240000",
            "20240229000060",
            "2024022900000x",
        ] {
            assert_eq!(read("moment_in_digits", text), None, "{text}");
        }
        assert_eq!(read("day_in_iso_form", "0999-01-01"), None);
        assert_eq!(read("day_in_iso_form", "1999/01/01"), None);
        assert_eq!(read("moment_in_iso_form", "1970-01-02T00:00:00"), None);
        assert_eq!(read("moment_in_iso_form", ""), None);
    }
}
