//! The numbers of indicators that count people: those just computed, and what earlier vintages had in their place.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::{Cell, Db, DbError};
use crate::model::disclosure::{CountOf, DisclosureRules, SmallCounts};
use crate::model::indicator::Indicator;
use crate::model::period::Period;

/// An indicator and the rule that it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub indicator: &'a Indicator,
    pub rule: &'a SmallCounts,
}

/// The indicators that have a rule.
pub(super) fn members<'a>(indicators: &[&'a Indicator], rules: &'a DisclosureRules) -> Vec<Member<'a>> {
    let of_rule = |rule: &'a SmallCounts| {
        let named = indicators.iter().filter(|indicator| rule.indicators.contains(&indicator.id));
        named.map(move |indicator| Member { indicator, rule }).collect::<Vec<_>>()
    };
    rules.rules.iter().flat_map(of_rule).collect()
}

/// One number with its counts.
#[derive(Debug, Clone)]
pub(super) struct Number {
    /// The place of its indicator among the members.
    pub member: usize,
    pub org: String,
    pub period: Period,
    pub breakdown: String,
    pub numerator: f64,
    pub denominator: Option<f64>,
    pub is_small: bool,
    pub was_shown: bool,
    pub was_withheld: bool,
}

/// Which number it is.
pub(super) type Key = (usize, String, Period, String);

impl Number {
    pub(super) fn key(&self) -> Key {
        (self.member, self.org.clone(), self.period, self.breakdown.clone())
    }

    pub(super) fn size(&self) -> f64 {
        self.denominator.unwrap_or(0.0).max(self.numerator)
    }

    pub(super) fn has_counts_of(&self, other: &Number) -> bool {
        self.numerator == other.numerator && self.denominator == other.denominator
    }

    /// From a row of `now.sql` or `former.sql`.
    fn read(member: usize, rule: &SmallCounts, row: &[Cell]) -> Option<Number> {
        let (numerator, denominator) = (row[3].number()?, row[4].number());
        // A body without anybody to count speaks of nobody.
        let is_empty = denominator.unwrap_or(numerator) == 0.0;
        let counts = rule.counts.iter().filter_map(|of| count_of(*of, numerator, denominator));
        let breakdown = row[2].shown();
        Some(Number {
            member,
            org: row[0].shown(),
            period: row[1].text()?.parse().ok()?,
            numerator,
            denominator,
            is_small: !is_empty
                && rule.covers(&row[5].shown(), &breakdown)
                && counts.into_iter().any(|count| rule.is_small(count)),
            breakdown,
            was_shown: row[6] == Cell::Boolean(true),
            was_withheld: row[7] == Cell::Boolean(true),
        })
    }
}

fn count_of(of: CountOf, numerator: f64, denominator: Option<f64>) -> Option<f64> {
    match of {
        CountOf::Numerator => Some(numerator),
        CountOf::Denominator => denominator,
        CountOf::Difference => denominator.map(|denominator| denominator - numerator),
    }
}

/// What a number was from one vintage until another took it back.
#[derive(Debug, Clone)]
pub(super) struct Former {
    pub number: Number,
    pub since: u32,
    pub until: Option<u32>,
}

impl Former {
    pub(super) fn stood_in(&self, vintage: u32) -> bool {
        self.since <= vintage && self.until.is_none_or(|until| until > vintage)
    }
}

/// Numbers that may have something to do with one another.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub now: Vec<Number>,
    pub former: Vec<Former>,
}

impl Numbers {
    /// Those of one indicator.
    pub(super) fn read(db: &Db, at: usize, member: Member<'_>, vintage: u32) -> Result<Numbers, DbError> {
        let params = [("indicator", member.indicator.id.as_str().into()), ("vintage", vintage.into())];
        let read = |row: &Vec<Cell>| Number::read(at, member.rule, row);
        let now = db.query(include_str!("now.sql"), &params)?.rows.iter().filter_map(read).collect();
        let number = |cell: &Cell| cell.integer().and_then(|whole| u32::try_from(whole).ok());
        let former = |row: &Vec<Cell>| {
            Some(Former { number: read(row)?, since: number(&row[8])?, until: number(&row[9]) })
        };
        let found = db.query(include_str!("former.sql"), &params)?;
        Ok(Numbers { now, former: found.rows.iter().filter_map(former).collect() })
    }

    pub(super) fn add(&mut self, other: Numbers) {
        self.now.extend(other.now);
        self.former.extend(other.former);
    }

    /// Whether anything of them must be kept back: it is small, or it was withheld before.
    pub(super) fn ask(&self) -> bool {
        self.now.iter().any(|number| number.is_small || number.was_withheld)
            || self.former.iter().any(|former| former.number.was_withheld)
    }

    fn all(&self) -> impl Iterator<Item = &Number> {
        self.now.iter().chain(self.former.iter().map(|former| &former.number))
    }

    /// Those of periods that overlap, directly or by way of others; only where something must be kept back.
    pub(super) fn by_time(self) -> Vec<Numbers> {
        let periods: BTreeSet<Period> = self.all().map(|number| number.period).collect();
        let group_of = overlapping(periods);
        let mut groups: BTreeMap<usize, Numbers> = BTreeMap::new();
        for number in self.now {
            groups.entry(group_of[&number.period]).or_default().now.push(number);
        }
        for former in self.former {
            groups.entry(group_of[&former.number.period]).or_default().former.push(former);
        }
        groups.into_values().filter(Numbers::ask).collect()
    }

    /// The vintages that began with other numbers than the one before.
    pub(super) fn vintages(&self) -> BTreeSet<u32> {
        self.former.iter().flat_map(|former| former.until.into_iter().chain([former.since])).collect()
    }

    /// Whether an earlier number still stands: nobody computed its period again.
    pub(super) fn stand_still(&self) -> BTreeSet<usize> {
        let computed: BTreeSet<(usize, Period)> =
            self.now.iter().map(|number| (number.member, number.period)).collect();
        let is_still = |former: &Former| {
            former.until.is_none() && !computed.contains(&(former.number.member, former.number.period))
        };
        (0..self.former.len()).filter(|at| is_still(&self.former[*at])).collect()
    }
}

/// The group of each period: periods of one group overlap, directly or by way of others.
fn overlapping(periods: BTreeSet<Period>) -> BTreeMap<Period, usize> {
    let mut periods: Vec<Period> = periods.into_iter().collect();
    periods.sort_by_key(|period| (period.start(), period.end(), *period));
    let mut group_of = BTreeMap::new();
    let (mut group, mut last) = (0, None);
    for period in periods {
        if last.is_some_and(|last: NaiveDate| period.start() > last) {
            group += 1;
        }
        last = last.max(Some(period.end()));
        group_of.insert(period, group);
    }
    group_of
}

/// A count of an indicator and breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub member: usize,
    pub breakdown: String,
    pub of: CountOf,
}

/// Counts that are the same under two names.
pub(super) type Twins = (Part, Part);

/// The counts that two of the indicators have in common, as the numbers just computed show it.
pub(super) fn twins(db: &Db, members: &[Member<'_>]) -> Result<Vec<Twins>, DbError> {
    let names: Vec<&str> = members.iter().map(|member| member.indicator.id.as_str()).collect();
    let params = [("indicators", serde_json::json!(names).to_string().into())];
    let part = |row: &[Cell]| {
        let of = match row[2].shown().as_str() {
            "numerator" => CountOf::Numerator,
            "denominator" => CountOf::Denominator,
            _ => CountOf::Difference,
        };
        let member = names.iter().position(|name| *name == row[0].shown())?;
        Some(Part { member, breakdown: row[1].shown(), of })
    };
    let found = db.query(include_str!("twins.sql"), &params)?;
    Ok(found.rows.iter().filter_map(|row| Some((part(&row[..3])?, part(&row[3..])?))).collect())
}

/// The members in groups of those that have counts in common.
pub(super) fn related(members: usize, twins: &[Twins]) -> Vec<Vec<usize>> {
    let mut group_of: Vec<usize> = (0..members).collect();
    for (one, other) in twins {
        let (keep, leave) = (group_of[one.member], group_of[other.member]);
        group_of.iter_mut().filter(|group| **group == leave).for_each(|group| *group = keep);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (member, group) in group_of.into_iter().enumerate() {
        groups.entry(group).or_default().push(member);
    }
    groups.into_values().collect()
}
