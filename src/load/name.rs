//! Names in the place of codes: when two spellings are the same name, and what a name that is nobody's is like.
//!
//! Spellings that differ in nothing but writing (composed letters, Đ from other alphabets, where the tone mark stands,
//! case, blanks and points, "TP.", "UBND") are one name. Anything else is decided by a person and kept in a file; until
//! then a row is kept out, with proposals, never guessed.

use super::contract::OrganisationColumn;
use super::vintage::{is_marked, mark};
use crate::db::{Db, DbError, literal};

/// How like a name must be to be proposed.
const LIKE: f64 = 0.86;
/// How many names of a file are compared with all others; a column that holds no names at all has more.
const MOST_COMPARED: usize = 1000;

/// Whether the codes of a system are names: `name`, or its name begins with `name-`.
fn is_of_names(system: &str) -> bool {
    system == "name" || system.starts_with("name-")
}

/// The systems of a column whose codes are names, and the others, as lists for `IN`.
pub(super) fn split(column: &OrganisationColumn) -> (String, Option<String>) {
    let listed = |systems: Vec<&String>| {
        systems.into_iter().map(|system| literal(system)).collect::<Vec<_>>().join(", ")
    };
    let (names, codes): (Vec<&String>, Vec<&String>) =
        column.systems.iter().partition(|system| is_of_names(system));
    let codes = if codes.is_empty() { "NULL".to_owned() } else { listed(codes) };
    (codes, (!names.is_empty()).then(|| listed(names)))
}

/// What is compared of the text `code` in a system: the text itself, or the name that it writes.
pub(super) fn compared(system: &str, code: &str) -> String {
    if is_of_names(system) { key(code) } else { code.to_owned() }
}

/// The same where the system stands in the column `system`.
pub(super) fn compared_by(system: &str, code: &str) -> String {
    format!(
        "CASE WHEN {system} = 'name' OR starts_with({system}, 'name-') THEN {} ELSE {code} END",
        key(code)
    )
}

/// Tone marks on the first of two vowels, as older spelling has them, and on the second.
const TONES: [(&str, &str); 15] = [
    ("òa", "oà"),
    ("óa", "oá"),
    ("ỏa", "oả"),
    ("õa", "oã"),
    ("ọa", "oạ"),
    ("òe", "oè"),
    ("óe", "oé"),
    ("ỏe", "oẻ"),
    ("õe", "oẽ"),
    ("ọe", "oẹ"),
    ("ùy", "uỳ"),
    ("úy", "uý"),
    ("ủy", "uỷ"),
    ("ũy", "uỹ"),
    ("ụy", "uỵ"),
];

/// Short forms that stand for one word each, whatever comes after them; none of them makes two bodies one.
const SHORT: [(&str, &str); 6] = [
    (r"\btp\s*[.\s]\s*", "thành phố "),
    (r"\btx\s*[.\s]\s*", "thị xã "),
    (r"\btt\s*[.]\s*", "thị trấn "),
    (r"^(uỷ ban nhân dân|ubnd)\s+", ""),
    (r"[\s\x{00a0}.,;:()'\x22–—-]+", " "),
    (r"^ | $", ""),
];

/// The same for derived tables, such as lists that name procedures: `meta.name_key(written)`.
pub(super) fn make_macro(db: &Db) -> Result<(), DbError> {
    let key = key("written");
    if !is_marked(db, MACRO, &key)? {
        db.run(&format!("CREATE OR REPLACE MACRO meta.{MACRO}(written) AS {key}"))?;
        mark(db, MACRO, &key)?;
    }
    Ok(())
}

/// Its name, and the mark of its text.
const MACRO: &str = "name_key";

/// The SQL by which spellings of one name are one text.
pub(super) fn key(text: &str) -> String {
    // Ð and Ɖ look like Đ and are typed for it.
    let mut sql = format!("translate(lower(nfc_normalize({text})), 'ðɖ', 'đđ')");
    for (first, second) in TONES {
        sql = format!("replace({sql}, {}, {})", literal(first), literal(second));
    }
    for (pattern, word) in SHORT {
        sql = format!("regexp_replace({sql}, {}, {}, 'g')", literal(pattern), literal(word));
    }
    sql
}

/// A common table `nearest(code, names)`: for texts of `asked` that are no known name, the names that they are most like.
pub(super) fn nearest(names: &str) -> String {
    format!(
        "name AS (SELECT DISTINCT code AS key, org_id FROM meta.organisation_span WHERE code_system IN ({names})), \
         spelt AS (SELECT DISTINCT code, {key} AS key FROM asked), \
         stray AS (SELECT code, key FROM spelt WHERE key NOT IN (SELECT key FROM name) ORDER BY code LIMIT {MOST_COMPARED}), \
         compared AS (SELECT stray.code, name.key, name.org_id, \
                jaro_winkler_similarity(strip_accents(stray.key), strip_accents(name.key)) AS likeness \
            FROM stray CROSS JOIN name), \
         placed AS (SELECT *, row_number() OVER (PARTITION BY code ORDER BY likeness DESC, key, org_id) AS place \
            FROM compared WHERE likeness >= {LIKE}), \
         nearest AS (SELECT code, string_agg('`' || key || '` (' || org_id || ')', ', ' ORDER BY place) AS names \
            FROM placed WHERE place <= 3 GROUP BY code), ",
        key = key("code"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Vec<String> {
        let db = Db::in_memory().expect("a database");
        let sql = format!("SELECT {}", key("$text"));
        texts.iter().map(|text| db.value(&sql, &[("text", (*text).into())]).expect("SQL").shown()).collect()
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        let same = [
            "Thành phố Hòa Bình",
            "THÀNH PHỐ HOÀ BÌNH",
            "TP. Hòa Bình",
            "Tp.Hoà Bình",
            "TP Hòa  Bình ",
            "UBND thành phố Hòa Bình",
            "Ủy ban nhân dân TP. Hoà Bình",
            "Thành phố Hòa\u{a0}Bình",
            // Letters and marks apart.
            "Tha\u{300}nh pho\u{302}\u{301} Ho\u{300}a Bi\u{300}nh",
        ];
        assert!(keys(&same).iter().all(|key| key == "thành phố hoà bình"), "{:?}", keys(&same));
        assert_eq!(keys(&["Ðà Nẵng", "Ɖà Nẵng", "Đà-Nẵng"]), ["đà nẵng"; 3]);
    }

    #[test]
    fn other_bodies_stay_others() {
        let others =
            ["Tỉnh Thanh Hóa", "Thành phố Thanh Hóa", "Thanh Hóa", "Tỉnh Hà Nam", "Tỉnh Hạ Nam", "TP"];
        let keys: std::collections::BTreeSet<String> = keys(&others).into_iter().collect();
        assert_eq!(keys.len(), others.len(), "{keys:?}");
    }
}
