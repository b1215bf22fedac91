//! Senders as text for a terminal: what each had to send, what came, what was wrong with it.

use chrono::NaiveDate;

use crate::model::id::OrgId;
use crate::model::period::Period;
use crate::model::quality::{QualityResults, SenderSummary};
use crate::report::explain::columns;
use crate::report::time;
use crate::report::words::Words;

/// What a text about senders is written from.
pub struct SenderText<'a> {
    /// The words.
    pub words: &'a Words,
    /// Senders and numbers.
    pub quality: &'a QualityResults,
    /// Names of bodies.
    pub name: &'a dyn Fn(&OrgId) -> String,
    /// Titles of rules.
    pub rule: &'a dyn Fn(&str) -> String,
}

/// What one sender had to send for one period, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderDelivery {
    /// What was to be sent.
    pub title: String,
    /// The period.
    pub period: Period,
    /// The day until which it was to be sent.
    pub due_on: Option<NaiveDate>,
    /// The day on which it was first delivered.
    pub delivered_on: Option<NaiveDate>,
    /// on-time, late, untimed, not-reported, awaited.
    pub status: String,
    /// How late it was.
    pub days_late: Option<u64>,
}

impl SenderText<'_> {
    /// One line a sender.
    pub fn all(&self, senders: &[&SenderSummary]) -> String {
        let heads = [
            "sender",
            "completeness",
            "timeliness",
            "rows_loaded",
            "rows_rejected",
            "rules_broken",
            "outliers",
        ];
        let mut rows = vec![heads.map(|key| self.words.get(key).to_owned()).to_vec()];
        rows.extend(senders.iter().map(|sender| self.row(sender)));
        self.head() + &columns(&rows, &[1, 3, 4, 5, 6])
    }

    /// One sender, period by period.
    pub fn one(&self, sender: &SenderSummary, deliveries: &[SenderDelivery]) -> String {
        let heads = ["delivery", "period", "due_day", "delivered_day", "status"];
        let mut rows = vec![heads.map(|key| self.words.get(key).to_owned()).to_vec()];
        rows.extend(deliveries.iter().map(|delivery| self.delivery(delivery)));
        let mut text = self.all(&[sender]);
        if rows.len() > 1 {
            text += &format!("\n{}", columns(&rows, &[]));
        }
        if !sender.checks.is_empty() {
            text += &format!("\n{}:\n", self.words.get("rules_broken"));
            let rules = sender.checks.iter().map(|check| format!("  {} ({check})\n", (self.rule)(check)));
            text += &rules.collect::<String>();
        }
        text
    }

    fn head(&self) -> String {
        let day = self.quality.judged_on.map(|day| time::date(self.words.lang, day)).unwrap_or_default();
        format!("{}\n\n", self.words.fill("judged_on", &[("day", &day)]))
    }

    fn row(&self, sender: &SenderSummary) -> Vec<String> {
        let whole = |n: u64| self.words.numbers.whole(n);
        let name = match &sender.org {
            Some(org) => format!("{} ({org})", (self.name)(org)),
            None => self.words.get("sender_unknown").to_owned(),
        };
        let arrived = sender.on_time + sender.late + sender.untimed;
        let complete = match sender.expected {
            0 => "–".to_owned(),
            of => self.words.fill("made_of", &[("n", &whole(arrived)), ("of", &whole(of))]),
        };
        vec![
            name,
            complete,
            self.timeliness(sender),
            whole(sender.rows_loaded),
            whole(sender.rows_rejected),
            whole(sender.checks.len() as u64),
            whole(sender.outliers),
        ]
    }

    /// `chưa báo cáo 2, muộn 1 (nhiều nhất 29 ngày)`: what is grave first, what is not there left out.
    fn timeliness(&self, sender: &SenderSummary) -> String {
        let whole = |n: u64| self.words.numbers.whole(n);
        let days = whole(sender.most_days_late.unwrap_or(0));
        let told = [
            ("n_not_reported", sender.not_reported),
            ("n_late", sender.late),
            ("n_on_time", sender.on_time),
            ("n_untimed", sender.untimed),
            ("n_awaited", sender.awaited),
        ];
        let told = told.into_iter().filter(|(_, n)| *n > 0);
        told.map(|(key, n)| self.words.fill(key, &[("n", &whole(n)), ("days", &days)]))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn delivery(&self, delivery: &SenderDelivery) -> Vec<String> {
        let date = |day: Option<NaiveDate>| {
            day.map_or_else(|| "–".to_owned(), |day| time::date(self.words.lang, day))
        };
        let key = match delivery.status.as_str() {
            "on-time" => "on_time",
            "late" => "late",
            "untimed" => "untimed",
            "awaited" => "awaited",
            _ => "not_delivered",
        };
        let mut status = self.words.get(key).to_owned();
        if let Some(days) = delivery.days_late {
            status += &format!(", {}", self.words.fill("n_days", &[("n", &self.words.numbers.whole(days))]));
        }
        vec![
            delivery.title.clone(),
            time::period(self.words.lang, delivery.period),
            date(delivery.due_on),
            date(delivery.delivered_on),
            status,
        ]
    }
}
