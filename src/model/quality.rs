//! What is expected of senders, and how far the numbers that rest on what they sent can be trusted.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;

use super::id::{IndicatorId, OrgId, TableName};
use super::intake::Severity;
use super::period::{Calendar, Period, PeriodKind};
use super::text::Text;

/// What a project asks of its senders, and how it judges what they sent.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityRules {
    /// Minutes by which the clock of the senders is ahead of UTC: a file arrives on their day.
    pub utc_offset: i32,
    /// What is to be sent, by whom, until when.
    pub deliveries: Vec<DeliveryRule>,
    /// When a number is unlike others.
    pub outliers: OutlierRule,
    /// From where on something lowers the mark of a number.
    pub marks: MarkRule,
}

/// What is to be sent for each period.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryRule {
    /// Its name.
    pub id: String,
    /// Its name in words.
    pub title: Text,
    /// The table that it fills.
    pub table: TableName,
    /// The column with the body that sends, one of the `organisations` of the contract.
    pub sender: String,
    /// The day, moment or period that a row is of.
    pub of: String,
    /// The kind of period that is reported.
    pub each: PeriodKind,
    /// Its calendar.
    pub calendar: Calendar,
    /// Bodies of these levels must send, for periods on whose last day they existed.
    pub levels: Vec<String>,
    /// But not these.
    pub except: Vec<OrgId>,
    /// How long after the last day; without it nobody is late.
    pub due: Option<Due>,
    /// Periods that begin before this day are not asked for.
    pub since: Option<NaiveDate>,
    /// What says so.
    pub basis: Option<Text>,
}

/// How long after the last day of a period something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// So many days.
    Days(u32),
    /// So many days of `ref.working_day` that are worked.
    WorkingDays(u32),
}

/// When a number is unlike others.
///
/// The limit and the constant 1.4826 for the median of absolute deviations are those of Iglewicz and Hoaglin, How to
/// Detect and Handle Outliers (1993).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutlierRule {
    /// Robust standard deviations from which a number is unlike.
    pub limit: f64,
    /// How many numbers before one are looked at.
    pub history: u32,
    /// Fewer of them than this say nothing.
    pub points: u32,
    /// Fewer bodies of one level than this say nothing.
    pub peers: u32,
    /// A zero is remarkable where at least so many were to be expected.
    pub zero_from: f64,
}

impl Default for OutlierRule {
    fn default() -> Self {
        OutlierRule { limit: 3.5, history: 12, points: 6, peers: 8, zero_from: 5.0 }
    }
}

/// From where on something lowers the mark of a number: shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MarkRule {
    /// Below this share of what was expected the mark is C.
    pub complete_c: f64,
    /// Above this share of rejected rows the mark is B.
    pub rejected_b: f64,
    /// Above this one it is C.
    pub rejected_c: f64,
}

impl Default for MarkRule {
    fn default() -> Self {
        MarkRule { complete_c: 0.8, rejected_b: 0.005, rejected_c: 0.05 }
    }
}

/// A rule about rows that counts by sender, or marks the bodies and periods of its rows, as far as marks need it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckScope {
    /// Its id.
    pub id: String,
    /// How grave it is to break it.
    pub severity: Severity,
    /// The share from which a sender breaks it; none where its rows do.
    pub threshold: Option<f64>,
    /// The indicators whose numbers it makes wrong.
    pub indicators: Vec<IndicatorId>,
}

/// How far a number can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// All who had to send did, and nothing speaks against it.
    A,
    /// Something belongs said beside it.
    B,
    /// So much is missing or wrong that it may be another number.
    C,
}

impl Grade {
    /// Its letter.
    pub fn word(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Grade {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = [Grade::A, Grade::B, Grade::C].into_iter().find(|grade| grade.word() == text);
        found.ok_or_else(|| format!("no mark `{text}`"))
    }
}

/// How a number lies among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Higher than can be expected.
    High,
    /// Lower.
    Low,
    /// Nothing, where there always was something.
    Zero,
}

impl FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "high" => Ok(Verdict::High),
            "low" => Ok(Verdict::Low),
            "zero" => Ok(Verdict::Zero),
            other => Err(format!("no verdict `{other}`")),
        }
    }
}

/// How far a number can be trusted: its mark, with what it follows from.
#[derive(Debug, Clone, PartialEq)]
pub struct Trust {
    /// The mark.
    pub grade: Grade,
    /// Why: words such as `incomplete`, in the order in which they are told.
    pub reasons: Vec<String>,
    /// Deliveries that were expected behind it, and how many of them are there.
    pub deliveries: Option<(u64, u64)>,
    /// Rows that were read behind it, and how many of them were kept out.
    pub rows: (u64, u64),
    /// Rules over their threshold.
    pub checks: Vec<String>,
}

/// How what one sender had to send stands, over all rules and the periods of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct SenderSummary {
    /// The sender; none: rows whose sender is not known.
    pub org: Option<OrgId>,
    /// Deliveries that were expected.
    pub expected: u64,
    /// Of these: there by their due day.
    pub on_time: u64,
    /// There, but after it.
    pub late: u64,
    /// There; nobody kept the time then.
    pub untimed: u64,
    /// Not there, though due.
    pub not_reported: u64,
    /// Not there and not due yet.
    pub awaited: u64,
    /// Of those that are there: some of the rows were kept out.
    pub partial: u64,
    /// The most days that one came late.
    pub most_days_late: Option<u64>,
    /// Rows of its files in use that fit.
    pub rows_loaded: u64,
    /// Rows that were kept out.
    pub rows_rejected: u64,
    /// Rules that its rows break over their threshold.
    pub checks: Vec<String>,
    /// Numbers of the last period that are unlike others.
    pub outliers: u64,
}

/// What one body owes for one period: it is due and not there, or there in part.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    /// Who.
    pub org: OrgId,
    /// Its name.
    pub name: Text,
    /// Whom a letter about it is to, with `{name}` for its name; none: the body itself.
    pub addressee: Option<Text>,
    /// What was to be sent.
    pub delivery: Text,
    /// For which period.
    pub period: Period,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Rows that came, and of these rows that were kept out; none where nothing came.
    pub came: Option<(u64, u64)>,
    /// What says that it is to be sent.
    pub basis: Option<Text>,
}

/// Something that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its rule.
    pub rule: String,
    /// What it is called.
    pub title: Text,
    /// The bodies of its levels that it is not asked of.
    pub excepted: Vec<OrgId>,
}

/// How what was to be sent for one period stands, over all senders.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliverySummary {
    /// The rule.
    pub rule: String,
    /// The period.
    pub period: Period,
    /// The day until which it was to be sent.
    pub due_on: Option<NaiveDate>,
    /// Who was expected.
    pub expected: u64,
    /// There by the due day.
    pub on_time: u64,
    /// There, but after it.
    pub late: u64,
    /// There; nobody kept the time then.
    pub untimed: u64,
    /// Not there and not due yet.
    pub awaited: u64,
    /// Those that are due and not there.
    pub missing: Vec<OrgId>,
}

/// A number that is unlike others.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlier {
    /// Which indicator.
    pub indicator: IndicatorId,
    /// Whose number.
    pub org: OrgId,
    /// Of when.
    pub period: Period,
    /// Code of the part it speaks of; empty for the total.
    pub breakdown: String,
    /// The number.
    pub value: f64,
    /// How it lies.
    pub verdict: Verdict,
    /// What the numbers before it lead one to expect, and how many robust standard deviations it lies off.
    pub history: Option<(f64, f64)>,
    /// The same from the other bodies of its level.
    pub peers: Option<(f64, f64)>,
}

/// What is known of senders and of the numbers that rest on them; empty where the project asks nothing of anybody.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QualityResults {
    /// The day on which it was judged who is late.
    pub judged_on: Option<NaiveDate>,
    /// What is to be sent, in its order.
    pub rules: Vec<Expected>,
    /// By organisation.
    pub senders: Vec<SenderSummary>,
    /// By rule, the newest period first.
    pub deliveries: Vec<DeliverySummary>,
    /// By organisation, rule and period.
    pub owed: Vec<Owed>,
    /// The newest first; at most [`QualityResults::OUTLIERS_SHOWN`].
    pub outliers: Vec<Outlier>,
}

impl QualityResults {
    /// How many outliers a report lists; all of them are in `published.outlier`.
    pub const OUTLIERS_SHOWN: u64 = 200;
}
