//! What the database says of files and their rows, in the language of whoever reads it: why a row was kept out, what was
//! noticed in a file, why it could not be read, why nothing came.
//!
//! The database keeps it in English. Here its wording is taken apart again, so that what is stored stays readable and the same
//! whatever language it is told in.

use crate::report::words::Words;

/// A key of words with the wording that is stored.
type Wording = (&'static str, &'static str);

/// The rules of `meta.reject`; of those that begin alike, the longer stands first.
const RULES: [Wording; 31] = [
    ("reject_required", "is required"),
    ("reject_json", "not a list or an object in JSON"),
    ("reject_json_object", "not a JSON object"),
    ("reject_integer", "not a whole number"),
    ("reject_thousands", "a mark that may stand between thousands: write 1000, not 1.000"),
    ("reject_formula", "a formula without a value: open the file in Excel, save it and send it again"),
    ("reject_number_mark", "not a number with `{mark}` before its decimals"),
    ("reject_number", "not a number"),
    ("reject_boolean", "neither {yes} nor {no}"),
    ("reject_moment_like", "not a date and time like {forms}"),
    ("reject_moment", "not a date and time"),
    ("reject_date_like", "not a date like {forms}"),
    ("reject_period_like", "not a period like {forms}"),
    ("reject_period", "not a period"),
    ("reject_text", "not a text"),
    ("reject_codes", "not one of {codes}"),
    ("reject_less", "less than {limit}"),
    ("reject_more", "more than {limit}"),
    ("reject_pattern", "does not match {pattern}"),
    ("reject_key", "an earlier row has the same key"),
    ("reject_few_cells", "fewer cells than headings"),
    ("reject_many_cells", "more cells than headings"),
    ("reject_quote", "a quote that does not end where the cell ends"),
    ("reject_encoding", "not UTF-8 text"),
    ("reject_beside", "nothing stands under a heading that is read"),
    ("reject_long", "longer than 32 MB"),
    ("reject_no_day", "no day on which the code could be read"),
    ("reject_code_then", "code of no organisation on {day}; in {systems} it is valid {days}"),
    ("reject_code_like", "code of no organisation in {systems}; like {names}"),
    ("reject_code", "code of no organisation in {systems}"),
    ("reject_code_day", "code of no organisation on its day"),
];

/// What is noted of files that were read.
const NOTES: [Wording; 10] = [
    ("note_other", "columns not in the contract: {names}"),
    ("note_absent", "columns not in the file: {names}"),
    ("note_unread", "sheets that were not read: {names}"),
    ("note_unknown", "unknown heading {heading}: did you mean {meant}?"),
    ("note_below", "below the row that ends the data: {rows} that would fit"),
    ("note_unheaded", "cells without a heading: {places}"),
    ("note_emptied", "no rows, in the place of {rows}"),
    ("note_rejects", "rejects in sheet {sheet}: {cells}"),
    ("note_unkeyed", "{column} is empty: there is no key for it in {variable}"),
    ("note_nobody", "{rows} without {org}, because the code in {code} is nobody's on its day: {codes}"),
];

/// Between the notes of a file.
const BETWEEN: &str = "; ";

/// Why files could not be read.
const REFUSALS: [Wording; 14] = [
    ("refusal_none", "`{file}` has none of the columns of {table}"),
    ("refusal_column", "`{file}` has no column {names}"),
    ("refusal_sheet", "`{file}` has no sheet like {sheet}"),
    ("refusal_workbook", "`{file}` is not a workbook that can be read: {cause}"),
    ("refusal_encodings", "`{file}` is in none of the expected encodings: {encodings}"),
    ("refusal_encoding", "`{file}` is not {encoding} text throughout"),
    ("refusal_other", "`{file}` has columns that the contract does not name: {names}"),
    ("refusal_twice", "`{file}` has the heading {heading} twice"),
    ("refusal_several", "`{file}` has several headings for the column {column}: {names}"),
    ("refusal_array", "`{file}` is not a whole JSON array"),
    ("refusal_object", "`{file}` has {name} twice in one object"),
    ("refusal_utf8", "`{file}` is not UTF-8 text"),
    ("refusal_format", "the name of `{file}` does not tell its format"),
    ("refusal_read", "`{file}` cannot be read: {cause}"),
];

/// What ails a workbook.
const AILMENTS: [Wording; 9] = [
    ("ailment_empty", "nothing is in it"),
    ("ailment_password", "it is protected by a password"),
    ("ailment_old", "it is an old Excel workbook (.xls) under another name"),
    ("ailment_cut_or_password", "it is cut, damaged or protected by a password"),
    ("ailment_cut", "it is cut: its end is missing"),
    ("ailment_zip", "it is damaged, or a ZIP file of another kind"),
    ("ailment_other", "it does not begin like one"),
    ("ailment_cells", "its cells are not where a workbook can have them"),
    ("ailment_sheet", "its sheet {sheet} is damaged ({cause})"),
];

/// Why nothing came.
const ABSENCES: [Wording; 3] = [
    ("absence_file", "source {source}: no file at {place}"),
    ("absence_object", "source {source}: no object at {place}"),
    ("absence_stopped", "source {source}: stopped before it had come"),
];

/// The rule that a row breaks.
pub fn rule(words: &Words, stored: &str) -> String {
    told(words, &RULES, stored)
}

/// What was noted of a file, or why it could not be read.
pub fn file(words: &Words, stored: &str) -> String {
    let told = refusal(words, stored);
    if told == stored { notes(words, stored) } else { told }
}

fn notes(words: &Words, stored: &str) -> String {
    let notes = stored.split(BETWEEN).map(|note| told(words, &NOTES, note));
    notes.collect::<Vec<_>>().join(BETWEEN)
}

/// Why a file could not be read.
pub fn refusal(words: &Words, stored: &str) -> String {
    told(words, &REFUSALS, stored)
}

/// Why a source brought nothing.
pub fn absence(words: &Words, stored: &str) -> String {
    told(words, &ABSENCES, stored)
}

/// What is stored in words; what has none of the wordings stands as it is.
fn told(words: &Words, wordings: &[Wording], stored: &str) -> String {
    let known = wordings.iter().find_map(|(key, wording)| Some((*key, taken_apart(wording, stored)?)));
    let Some((key, gaps)) = known else { return stored.to_owned() };
    let told: Vec<(&str, String)> =
        gaps.into_iter().map(|(gap, text)| (gap, said(words, gap, text))).collect();
    let gaps: Vec<(&str, &str)> = told.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    words.fill(key, &gaps)
}

/// What stands in the gaps of a wording; none where the text is another one.
fn taken_apart<'a>(wording: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (head, mut wording) = wording.split_once('{').unwrap_or((wording, ""));
    let mut text = text.strip_prefix(head)?;
    let mut gaps = vec![];
    while let Some((gap, rest)) = wording.split_once('}') {
        let (between, after) = rest.split_once('{').unwrap_or((rest, ""));
        let at = if between.is_empty() { text.len() } else { text.find(between)? };
        gaps.push((gap, &text[..at]));
        text = &text[at + between.len()..];
        wording = after;
    }
    text.is_empty().then_some(gaps)
}

/// What stands in a gap: the little words within it are those of the language.
fn said(words: &Words, gap: &str, text: &str) -> String {
    match gap {
        "forms" | "systems" => text.replace(" or ", words.get("reject_or")),
        "rows" => counted(words, text),
        "names" => and_more(words, text),
        "places" => text.replace("column ", words.get("note_column")),
        "cells" => text.replace(" in column ", words.get("note_in_column")),
        "cause" => told(words, &AILMENTS, text),
        "days" => {
            let spans = text.split(", ").map(|span| {
                let (key, rest) = match (span.strip_prefix("until "), span.strip_prefix("from ")) {
                    (Some(last), _) => return words.fill("reject_until", &[("last", last)]),
                    (_, Some(rest)) => ("reject_from", rest),
                    _ => return span.to_owned(),
                };
                match rest.split_once(" to ") {
                    Some((first, last)) => words.fill("reject_between", &[("first", first), ("last", last)]),
                    None => words.fill(key, &[("first", rest)]),
                }
            });
            spans.collect::<Vec<_>>().join(", ")
        }
        _ => text.to_owned(),
    }
}

/// `1,204 rows` with the noun of the language.
fn counted(words: &Words, rows: &str) -> String {
    let number = rows.strip_suffix(" rows").or(rows.strip_suffix(" row"));
    let number = number.and_then(|number| number.replace(',', "").parse().ok());
    number.map_or_else(|| rows.to_owned(), |number| words.count("n_rows", number))
}

/// Names, of which a long list says only how many more there are.
fn and_more(words: &Words, names: &str) -> String {
    let more = names.strip_suffix(" more").and_then(|names| names.rsplit_once(" and "));
    match more {
        Some((names, n)) if n.parse::<u64>().is_ok() => {
            words.fill("note_more", &[("names", names), ("n", n)])
        }
        _ => names.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;

    const STORED: [&str; 12] = [
        "is required",
        "not a number with `,` before its decimals",
        "neither Y nor N",
        "not a date like dd/mm/yyyy or yyyy-mm-dd",
        "not a date and time",
        "not one of Mức độ 4 (full), partial, ...",
        "less than 0",
        r"does not match ^\d{5}$",
        "an earlier row has the same key",
        "code of no organisation in `agency` or `agency-2016`",
        "code of no organisation on 2026-01-05; in `agency` it is valid until 2025-06-30, from 2025-07-01 to 2025-12-31, from 2027-01-01",
        "not a period like 2026, 2026-H1, 2026-Q3, 2026-Q3-adm, 2026-09 or 2026-01-01/2026-09-17",
    ];

    #[test]
    fn english_is_what_is_stored() {
        let words = Words::new(Lang::En, None).expect("built in");
        for stored in STORED.into_iter().chain(RULES.map(|(_, wording)| wording)) {
            let plain = stored.replace(['{', '}'], "");
            assert_eq!(rule(&words, &plain), plain);
        }
    }

    #[test]
    fn vietnamese_says_the_same() {
        let words = Words::new(Lang::Vi, None).expect("built in");
        let check = |stored: &str, expected: &str| assert_eq!(rule(&words, stored), expected);
        check(STORED[0], "bắt buộc phải có");
        check(STORED[1], "không phải số có dấu thập phân `,`");
        check(STORED[3], "không phải ngày dạng dd/mm/yyyy hoặc yyyy-mm-dd");
        check(STORED[5], "không thuộc danh mục Mức độ 4 (full), partial, ...");
        check(STORED[7], r"không đúng mẫu ^\d{5}$");
        check(
            STORED[10],
            "ngày 2026-01-05 không có cơ quan nào mang mã này; trong `agency` mã có hiệu lực đến hết 2025-06-30, \
             từ 2025-07-01 đến 2025-12-31, từ 2027-01-01",
        );
        for stored in STORED {
            assert_ne!(rule(&words, stored), stored);
        }
        // What another program wrote is shown as it is.
        check("something new", "something new");
    }

    const NOTED: [&str; 10] = [
        "columns not in the contract: `Ghi chú`, `x`, `a` and 3 more",
        "columns not in the file: `applicant_id_kind`",
        "sheets that were not read: `Sheet2`",
        "unknown heading `Thực hiện trực tuyến`: did you mean `Trực tuyến`?",
        "below the row that ends the data: 1 row that would fit",
        "cells without a heading: column 3, column 5",
        "no rows, in the place of 1,204 rows",
        "rejects in sheet `Dữ liệu`: `remote` in column D, `period` in column AB",
        "`applicant_hash` is empty: there is no key for it in `CHISO_APPLICANT_KEY`",
        "66 rows without `settling_org_id`, because the code in `settling_code` is nobody's on its day: `G98` (45), `G99` (21), ...",
    ];

    const REFUSED: [&str; 7] = [
        "`inbox/a.csv` has no column `Mã hồ sơ`, `Ngày nhận`",
        "`inbox/a.csv` has none of the columns of `fact.dossier`",
        "`inbox/a.xlsx` is not a workbook that can be read: it is protected by a password",
        "`inbox/a.xlsx` is not a workbook that can be read: its sheet `Dữ liệu` is damaged (Xml error)",
        "`inbox/a.csv` is in none of the expected encodings: UTF-8, windows-1258",
        "`inbox/a.json` is not a whole JSON array",
        "`inbox/a.parquet` cannot be read: Invalid Input Error: too small",
    ];

    #[test]
    fn files_are_spoken_of_in_english_as_it_is_stored() {
        let words = Words::new(Lang::En, None).expect("built in");
        let all = NOTED.join(BETWEEN);
        assert_eq!(notes(&words, &all), all);
        REFUSED.into_iter().for_each(|stored| assert_eq!(refusal(&words, stored), stored));
        for (_, wording) in NOTES.into_iter().chain(REFUSALS).chain(AILMENTS).chain(ABSENCES) {
            let plain = wording.replace(['{', '}'], "");
            let tables = [&NOTES[..], &REFUSALS, &AILMENTS, &ABSENCES];
            assert!(tables.iter().any(|table| told(&words, table, &plain) == plain), "{plain}");
        }
    }

    #[test]
    fn files_are_spoken_of_in_vietnamese() {
        let words = Words::new(Lang::Vi, None).expect("built in");
        let check = |stored: &str, expected: &str| assert_eq!(notes(&words, stored), expected);
        check(NOTED[0], "cột không có trong quy ước dữ liệu: `Ghi chú`, `x`, `a` và 3 cột khác");
        check(NOTED[3], "tiêu đề lạ `Thực hiện trực tuyến`: có phải là `Trực tuyến`?");
        check(NOTED[4], "dưới dòng kết thúc dữ liệu còn 1 dòng hợp lệ");
        check(NOTED[5], "ô có nội dung nhưng không có tiêu đề: cột 3, cột 5");
        check(NOTED[6], "tệp không có dòng nào, thay cho 1.204 dòng trước đó");
        check(NOTED[7], "ô bị loại trong trang tính `Dữ liệu`: `remote` ở cột D, `period` ở cột AB");
        check(
            NOTED[9],
            "66 dòng không có `settling_org_id`, vì vào ngày đó không cơ quan nào mang mã ghi ở `settling_code`: \
             `G98` (45), `G99` (21), ...",
        );
        check(
            &[NOTED[1], "something new", NOTED[8]].join(BETWEEN),
            "cột không có trong tệp: `applicant_id_kind`; something new; \
             `applicant_hash` để trống: chưa có khóa trong `CHISO_APPLICANT_KEY`",
        );
        let check = |stored: &str, expected: &str| assert_eq!(refusal(&words, stored), expected);
        check(REFUSED[0], "`inbox/a.csv` thiếu cột `Mã hồ sơ`, `Ngày nhận`");
        check(REFUSED[2], "`inbox/a.xlsx` không phải bảng tính đọc được: tệp đặt mật khẩu");
        check(
            REFUSED[3],
            "`inbox/a.xlsx` không phải bảng tính đọc được: trang tính `Dữ liệu` bị hỏng (Xml error)",
        );
        check(REFUSED[6], "không đọc được `inbox/a.parquet`: Invalid Input Error: too small");
        for stored in REFUSED {
            assert_ne!(refusal(&words, stored), stored);
        }
        let absent = absence(&words, "source `forms`: no file at `inbox/forms/*.xlsx`");
        assert_eq!(absent, "nguồn `forms`: không có tệp nào ở `inbox/forms/*.xlsx`");
    }
}
