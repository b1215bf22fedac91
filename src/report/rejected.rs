//! Why a row was kept out, in the language of whoever sent it.
//!
//! The database keeps the rule as it was broken, in English. Here its wording is taken apart again, so that what is stored
//! stays readable and the same whatever language it is told in.

use crate::report::words::Words;

/// The rules, each with the key of its words and the wording of `meta.reject`; those that begin alike, the longer first.
const RULES: [(&str, &str); 31] = [
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

/// The rule in words; one that is not known stands as it is stored.
pub fn rule(words: &Words, stored: &str) -> String {
    let known = RULES.iter().find_map(|(key, wording)| Some((*key, taken_apart(wording, stored)?)));
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

/// What stands in a gap: the little words between days, forms and systems are those of the language.
fn said(words: &Words, gap: &str, text: &str) -> String {
    match gap {
        "forms" | "systems" => text.replace(" or ", words.get("reject_or")),
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
}
