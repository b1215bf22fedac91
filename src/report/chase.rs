//! Who owes what: the chase list as rows for a table, and a ready letter for each body that owes something.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::id::OrgId;
use crate::model::quality::Owed;
use crate::model::text::{Text, harmless_cell};
use crate::report::time;
use crate::report::words::{Words, name_within};

/// The name of the chase list.
pub const LIST: &str = "chase.csv";
/// Programs take a text for UTF-8 only with this mark before it.
const MARK: &str = "\u{feff}";

/// The name of the letter to a body: nothing but what a file name may hold.
pub fn letter_name(org: &OrgId) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    format!("{}.txt", org.as_str().chars().map(harmless).collect::<String>())
}

/// Writes about what is owed, in one language.
pub struct Chaser<'a> {
    /// The words.
    pub words: &'a Words,
    /// The day.
    pub today: NaiveDate,
    /// The last days of bodies that are no more.
    pub ended: BTreeMap<OrgId, NaiveDate>,
}

impl Chaser<'_> {
    /// The chase list, and a letter for each body that owes something, with their names.
    pub fn files(&self, owed: &[Owed]) -> Vec<(String, Vec<u8>)> {
        let mut by_body: BTreeMap<&OrgId, Vec<&Owed>> = BTreeMap::new();
        for one in owed {
            by_body.entry(&one.org).or_default().push(one);
        }
        let letter = |(org, owed): (&OrgId, Vec<&Owed>)| {
            (letter_name(org), format!("{MARK}{}", self.letter(&owed)).into_bytes())
        };
        std::iter::once((LIST.to_owned(), self.list(owed))).chain(by_body.into_iter().map(letter)).collect()
    }

    fn list(&self, owed: &[Owed]) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(MARK.as_bytes().to_vec());
        let rows = owed.iter().map(|one| self.row(one, &letter_name(&one.org)));
        for row in std::iter::once(self.headings()).chain(rows) {
            let cells = row.iter().map(|cell| harmless_cell(cell));
            writer.write_record(cells).expect("rows of one length, in memory");
        }
        writer.into_inner().expect("memory")
    }

    /// The headings of the chase list.
    fn headings(&self) -> Vec<String> {
        let keys = [
            "chase_code",
            "sender",
            "delivery",
            "period",
            "status",
            "due_day",
            "chase_days",
            "chase_read",
            "chase_kept_out",
            "chase_basis",
            "chase_letter",
        ];
        keys.map(|key| self.words.get(key).to_owned()).to_vec()
    }

    /// A row of the chase list, with the name of the letter. Days are written as 2026-11-23, so that tables sort them.
    fn row(&self, owed: &Owed, letter: &str) -> Vec<String> {
        let (read, kept_out) = owed.came.map_or((String::new(), String::new()), |(read, kept_out)| {
            (read.to_string(), kept_out.to_string())
        });
        vec![
            owed.org.to_string(),
            self.text(&owed.name),
            self.text(&owed.delivery),
            owed.period.to_string(),
            self.words.get(self.status(owed)).to_owned(),
            owed.due_on.map(|day| day.to_string()).unwrap_or_default(),
            owed.due_on.map(|due| self.days(due).to_string()).unwrap_or_default(),
            read,
            kept_out,
            owed.basis.as_ref().map(|basis| self.text(basis)).unwrap_or_default(),
            letter.to_owned(),
        ]
    }

    fn text(&self, text: &Text) -> String {
        text.get(self.words.lang).to_owned()
    }

    /// Days since something was due.
    fn days(&self, due: NaiveDate) -> u64 {
        u64::try_from((self.today - due).num_days()).unwrap_or(0)
    }

    fn status(&self, owed: &Owed) -> &'static str {
        if owed.came.is_some() { "chase_partial" } else { "chase_missing" }
    }

    /// The letter to a body; all of `owed` is its own, and there is some.
    fn letter(&self, owed: &[&Owed]) -> String {
        let Some(first) = owed.first() else { return String::new() };
        let today = time::date(self.words.lang, self.today);
        let mut text = format!("{}\n\n", self.words.fill("chase_to", &[("name", &self.addressee(first))]));
        if let Some(day) = self.ended.get(&first.org).filter(|day| **day < self.today) {
            let day = time::date(self.words.lang, *day);
            text += &format!("{}\n\n", self.words.fill("chase_ended", &[("day", &day)]));
        }
        text += &format!("{}\n\n", self.words.fill("chase_opening", &[("day", &today)]));
        for owed in owed {
            text += &format!("- {}\n", self.item(owed));
        }
        text += &format!("\n{}\n", self.words.get("chase_asking"));
        if owed.iter().any(|owed| owed.came.is_some()) {
            let command = format!("chiso rejects --org {}", first.org);
            text += &format!("{}\n", self.words.fill("chase_rejects", &[("command", &command)]));
        }
        text + &format!("\n{}\n", self.words.get("chase_closing"))
    }

    /// Whom the letter is to.
    fn addressee(&self, owed: &Owed) -> String {
        let name = self.text(&owed.name);
        match &owed.addressee {
            Some(addressee) => self.text(addressee).replace("{name}", &name_within(self.words.lang, &name)),
            None => name,
        }
    }

    fn item(&self, owed: &Owed) -> String {
        let whole = |n: u64| self.words.numbers.whole(n);
        let period = name_within(self.words.lang, &time::period(self.words.lang, owed.period));
        let what = self.text(&owed.delivery);
        let mut text = match owed.came {
            None => self.words.fill("chase_item_missing", &[("what", &what), ("period", &period)]),
            Some((read, kept_out)) => self.words.fill(
                "chase_item_partial",
                &[("what", &what), ("period", &period), ("n", &whole(kept_out)), ("of", &whole(read))],
            ),
        };
        if let (Some(due), None) = (owed.due_on, owed.came) {
            let (day, days) = (time::date(self.words.lang, due), whole(self.days(due)));
            text += &format!(" {}", self.words.fill("chase_due", &[("day", &day), ("n", &days)]));
        }
        if let Some(basis) = &owed.basis {
            text += &format!(" {}", self.words.fill("chase_by", &[("basis", &self.text(basis))]));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;
    use crate::report::Templates;
    use crate::report::fixture::org_id;

    #[test]
    fn a_letter_to_a_body_that_is_no_more_says_so() {
        let words = Templates::default().words(Lang::En).expect("built in");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let owed = |id: &str| Owed {
            org: org_id(id),
            name: Text::both("Bộ Giao thông vận tải", "Ministry of Transport"),
            delivery: Text::both("Biểu", "A form"),
            period: "2026-Q3".parse().expect("a period"),
            addressee: None,
            due_on: None,
            came: None,
            basis: None,
        };
        let ended = BTreeMap::from([(org_id("G04"), day("2025-02-28")), (org_id("G05"), day("2027-01-01"))]);
        let chaser = Chaser { words: &words, today: day("2026-11-23"), ended };
        let letters = chaser.files(&[owed("G04"), owed("G05"), owed("G06")]);
        let says = |name: &str| {
            let letter = letters.iter().find(|(file, _)| file == name).expect("a letter");
            String::from_utf8_lossy(&letter.1).contains("This body ended on 28 February 2025")
        };
        assert_eq!(["G04.txt", "G05.txt", "G06.txt"].map(says), [true, false, false]);
    }

    #[test]
    fn a_letter_is_to_whoever_answers_for_bodies_of_the_level() {
        let owed = Owed {
            org: org_id("H44"),
            name: Text::both("Tỉnh Phú Thọ", "Phú Thọ"),
            addressee: Some(Text::both("Ủy ban nhân dân {name}", "People's Committee of {name}")),
            delivery: Text::both("Biểu", "A form"),
            period: "2026-Q3".parse().expect("a period"),
            due_on: None,
            came: None,
            basis: None,
        };
        let begins = |lang, expected: &str| {
            let words = Templates::default().words(lang).expect("built in");
            let today = "2026-11-23".parse().expect("a day");
            let letter = Chaser { words: &words, today, ended: BTreeMap::new() }.letter(&[&owed]);
            assert_eq!(letter.lines().next(), Some(expected));
        };
        begins(Lang::Vi, "Kính gửi: Ủy ban nhân dân tỉnh Phú Thọ");
        begins(Lang::En, "To: People's Committee of Phú Thọ");
    }
}
