//! Who owes what: the chase list as rows for a table, and a ready letter for each body that owes something.

use chrono::NaiveDate;

use crate::model::id::OrgId;
use crate::model::period::Period;
use crate::report::time;
use crate::report::words::Words;

/// What one body owes for one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Who.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// What was to be sent.
    pub delivery: String,
    /// For which period.
    pub period: Period,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Days since then.
    pub days: u64,
    /// Rows that came, and of these rows that were kept out; none where nothing came.
    pub came: Option<(u64, u64)>,
    /// What says that it is to be sent.
    pub basis: String,
}

/// Writes about what is owed, in one language.
pub struct Chaser<'a> {
    /// The words.
    pub words: &'a Words,
    /// The day.
    pub today: NaiveDate,
}

impl Chaser<'_> {
    /// The headings of the chase list.
    pub fn headings(&self) -> Vec<String> {
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
    pub fn row(&self, owed: &Owed, letter: &str) -> Vec<String> {
        let (read, kept_out) = owed.came.map_or((String::new(), String::new()), |(read, kept_out)| {
            (read.to_string(), kept_out.to_string())
        });
        vec![
            owed.org.to_string(),
            owed.name.clone(),
            owed.delivery.clone(),
            owed.period.to_string(),
            self.words.get(self.status(owed)).to_owned(),
            owed.due_on.map(|day| day.to_string()).unwrap_or_default(),
            owed.due_on.map(|_| owed.days.to_string()).unwrap_or_default(),
            read,
            kept_out,
            owed.basis.clone(),
            letter.to_owned(),
        ]
    }

    fn status(&self, owed: &Owed) -> &'static str {
        if owed.came.is_some() { "chase_partial" } else { "chase_missing" }
    }

    /// The letter to a body; all of `owed` is its own, and there is some.
    pub fn letter(&self, owed: &[&Owed]) -> String {
        let Some(first) = owed.first() else { return String::new() };
        let today = time::date(self.words.lang, self.today);
        let mut text = format!("{}\n\n", self.words.fill("chase_to", &[("name", &first.name)]));
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

    fn item(&self, owed: &Owed) -> String {
        let whole = |n: u64| self.words.numbers.whole(n);
        let period = time::period(self.words.lang, owed.period);
        let mut text = match owed.came {
            None => self.words.fill("chase_item_missing", &[("what", &owed.delivery), ("period", &period)]),
            Some((read, kept_out)) => self.words.fill(
                "chase_item_partial",
                &[
                    ("what", &owed.delivery),
                    ("period", &period),
                    ("n", &whole(kept_out)),
                    ("of", &whole(read)),
                ],
            ),
        };
        if let (Some(due), None) = (owed.due_on, owed.came) {
            let due = time::date(self.words.lang, due);
            text += &format!(" {}", self.words.fill("chase_due", &[("day", &due), ("n", &whole(owed.days))]));
        }
        if !owed.basis.is_empty() {
            text += &format!(" {}", self.words.fill("chase_by", &[("basis", &owed.basis)]));
        }
        text
    }
}
