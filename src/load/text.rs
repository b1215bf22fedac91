//! Texts as they should have come: without blanks at their ends, in composed form; and whole numbers out of them.
//!
//! Both cost much more than to see that there is nothing to do, which is so of nearly all texts.

use crate::db::{Db, DbError, literal};

/// Blanks that people do not see: space, tab, line ends, no-break space, byte order mark.
const BLANKS: [char; 6] = [' ', '\t', '\r', '\n', '\u{a0}', '\u{feff}'];

/// What statements ask of a text before they tidy it.
const IS_UNTIDY: &str = "is_untidy";

/// What statements ask for the number of a text that is nothing but digits.
pub(super) const WHOLE: &str = "whole_in_digits";

/// Makes the functions known that the statements of this room call.
pub(super) fn teach(db: &Db) -> Result<(), DbError> {
    db.teach_test(IS_UNTIDY, is_untidy)?;
    db.teach_whole(WHOLE, whole)
}

/// How a text is tidied: blanks at its ends go in any case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tidy {
    /// It is put into composed form (NFC).
    pub composed: bool,
    /// If nothing is left, null stands in its place.
    pub filled: bool,
}

impl Tidy {
    /// What becomes of a text.
    pub(super) fn of(self, text: &str) -> String {
        let mut tidy = format!("trim({text}, {})", literal(&BLANKS.iter().collect::<String>()));
        if self.composed {
            tidy = format!("nfc_normalize({tidy})");
        }
        if self.filled {
            tidy = format!("nullif({tidy}, '')");
        }
        format!("CASE WHEN {IS_UNTIDY}({text}) THEN {tidy} ELSE {text} END")
    }
}

/// Whether a text in UTF-8 is empty, begins or ends with a blank, or may not be in composed form.
fn is_untidy(text: &[u8]) -> bool {
    text.is_empty() || has_blank_end(text) || (!text.is_ascii() && may_change_composed(text))
}

fn has_blank_end(text: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else { return false };
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    // The two blanks beyond ASCII, by the bytes that they begin and end with.
    let begins = || [&b"\xc2\xa0"[..], b"\xef\xbb\xbf"].iter().any(|blank| text.starts_with(blank));
    let ends = || [&b"\xc2\xa0"[..], b"\xef\xbb\xbf"].iter().any(|blank| text.ends_with(blank));
    is_blank(first) || is_blank(last) || (first >= 0xc2 && begins()) || (last >= 0x80 && ends())
}

/// The number of at most 18 digits, which mean the same under any marks of thousands and decimals, with a minus before them or
/// without.
fn whole(text: &[u8]) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0, |number, digit| 10 * number + i64::from(digit - b'0'));
    Some(if is_negative { -number } else { number })
}

/// Whether there is anything but letters that no composition changes: all before the first combining mark (U+0300), the
/// Vietnamese ones (U+1E00 to U+1EFF), dashes and quotes (U+2010 to U+2027).
fn may_change_composed(text: &[u8]) -> bool {
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        let is_stable = match byte {
            ..0xcc => true,
            0xe1 => matches!(rest.next(), Some(0xb8..=0xbb)),
            0xe2 => matches!((rest.next(), rest.next()), (Some(0x80), Some(0x90..=0xa7))),
            _ => false,
        };
        if !is_stable {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Cell;

    fn value(expression: &str, text: &str) -> Cell {
        let db = Db::in_memory().expect("memory is there");
        teach(&db).expect("a new name");
        let sql = format!("SELECT {expression} FROM (SELECT {} AS c)", literal(text));
        db.value(&sql, &[]).expect(&sql)
    }

    #[test]
    fn blanks_go_from_both_ends_only() {
        let check = |text: &str, expected: &str| {
            assert_eq!(value(&Tidy::default().of("c"), text), expected.into(), "{text:?}");
        };
        check("", "");
        check("7", "7");
        check(" 7 ", "7");
        check("\t7", "7");
        check("7\r\n", "7");
        check("\u{a0}7\u{a0}", "7");
        check("\u{feff}7", "7");
        check("7\u{feff} ", "7");
        check(" \u{a0} ", "");
        check("Hà Nội", "Hà Nội");
        check("Hà\u{a0}Nội ", "Hà\u{a0}Nội");
        check("Đà Nẵng", "Đà Nẵng");
        check("Đà Nẵng\u{a0}", "Đà Nẵng");
        check("\u{a1}7", "\u{a1}7");
        check("\u{2007}7", "\u{2007}7");
        check("!7~", "!7~");
    }

    #[test]
    fn digits_are_whole_numbers() {
        let check =
            |text: &str, expected: Option<i64>| assert_eq!(whole(text.as_bytes()), expected, "{text:?}");
        check("0", Some(0));
        check("007", Some(7));
        check("-12", Some(-12));
        check("999999999999999999", Some(999_999_999_999_999_999));
        for other in
            ["", "-", "--1", "+1", "1.0", "1,000", "1_000", "1 000", "1e3", "9999999999999999999", "٣"]
        {
            check(other, None);
        }
    }

    #[test]
    fn of_blanks_nothing_is_left() {
        let filled = Tidy { composed: true, filled: true }.of("c");
        for text in ["", " ", "\u{a0}\t"] {
            assert_eq!(value(&filled, text), Cell::Null, "{text:?}");
        }
        assert_eq!(value(&filled, " a "), "a".into());
    }

    #[test]
    fn letters_are_composed() {
        use unicode_normalization::UnicodeNormalization;
        let check = |text: &str| {
            let expected: String = text.nfc().collect();
            assert_eq!(
                value(&Tidy { composed: true, filled: false }.of("c"), text),
                expected.into(),
                "{text:?}"
            );
        };
        check("");
        check("Ha Noi");
        check("Hà Nội");
        check("Ha\u{300} No\u{323}\u{302}i");
        check("Hà N\u{1ed9}i – “thử”…");
        check("two\nlines, Ha\u{300}");
        check("\u{212b}ngstrom");
        check("a\u{327}\u{301}");
        check("\u{1100}\u{1161}");
        check("かか\u{3099}");
    }

    #[test]
    fn letters_taken_for_composed_are() {
        use unicode_normalization::{IsNormalized, is_nfc_quick};
        let mut tidy = 0;
        for letter in ('\0'..=char::MAX).filter(|letter| !is_untidy(letter.to_string().as_bytes())) {
            assert_eq!(is_nfc_quick(std::iter::once(letter)), IsNormalized::Yes, "{letter:?}");
            assert!(!BLANKS.contains(&letter), "{letter:?}");
            tidy += 1;
        }
        // Those before U+0300 but five blanks, U+1E00 to U+1EFF, U+2010 to U+2027.
        assert_eq!(tidy, 0x300 - 5 + 0x100 + 0x18);
    }
}
