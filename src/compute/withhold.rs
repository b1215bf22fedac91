//! Withholding: numbers of few people, and those that would give them away, before anything is shown of them.
//!
//! Takes what was computed, not yet shown (`out.next_observation`), and the rules; takes value and counts out of the numbers
//! that are withheld, and keeps these in `out.withheld`, for those inside. Whatever comes later, the map of a day, targets,
//! marks, history, pages and exports, reads numbers from which they are gone. `disclosure` decides; indicators without a
//! small count cost one query.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::disclosure::{State, Table, protect};
use crate::model::disclosure::{CountOf, DisclosureRules, SmallCounts, Why};
use crate::model::indicator::{Indicator, Restate};
use crate::model::period::Period;
use crate::model::series::{Kind, kind};

/// What the view `ref.organisation_sum` gives, where a project has it: groups, and the bodies whose counts make up theirs.
pub const ORGANISATION_SUM: &str =
    "SELECT CAST(org_id AS VARCHAR), CAST(part_org_id AS VARCHAR) FROM ref.organisation_sum ORDER BY ALL";

/// Takes out of `out.next_observation` what must not be shown; gives what is worth saying.
pub(super) fn withhold(
    db: &Db,
    indicators: &[&Indicator],
    rules: Option<&DisclosureRules>,
    vintage: u32,
) -> Result<Vec<Diagnostic>, Problems> {
    db.run("DELETE FROM out.withheld")?;
    let mut open = 0;
    let mut wholes = None;
    for rule in rules.iter().flat_map(|rules| &rules.rules) {
        for indicator in indicators.iter().filter(|indicator| rule.indicators.contains(&indicator.id)) {
            let numbers = numbers(db, indicator, rule, vintage)?;
            if !numbers.iter().any(|number| number.is_small || number.was_withheld) {
                continue;
            }
            if wholes.is_none() {
                wholes = Some(Wholes::read(db)?);
            }
            let wholes = wholes.as_ref().expect("read above");
            for group in groups(numbers) {
                let judged = Group::new(indicator, rule, wholes, group).judge();
                open += judged.iter().filter(|one| !one.is_protected).count();
                db.append("out", "withheld", judged.iter().map(|one| one.row(indicator, vintage)))?;
            }
        }
    }
    take_out(db)?;
    Ok((open > 0).then(|| unprotected(open)).into_iter().collect())
}

fn take_out(db: &Db) -> Result<(), DbError> {
    db.run(
        "UPDATE out.next_observation AS o \
         SET numerator = NULL, denominator = NULL, value = NULL, missing = 'withheld', status = 'Q', source = NULL \
         FROM out.withheld AS w \
         WHERE w.indicator = o.indicator AND w.org_id = o.org_id AND w.period = o.period AND w.breakdown = o.breakdown",
    )
}

fn unprotected(open: usize) -> Diagnostic {
    Diagnostic::warning(format!(
        "{} cannot be protected: too much is known that it follows from",
        count(open as u64, "withheld number")
    ))
    .hint("`chiso disclosure` names them; a number that was shown before cannot be taken back")
}

/// One number with its counts.
#[derive(Debug, Clone)]
struct Number {
    org: String,
    period: Period,
    breakdown: String,
    numerator: f64,
    denominator: Option<f64>,
    level: String,
    is_small: bool,
    was_shown: bool,
    was_withheld: bool,
}

impl Number {
    /// The counts of people that the rule speaks of.
    fn counts(&self, rule: &SmallCounts) -> Vec<f64> {
        rule.counts.iter().filter_map(|of| count_of(*of, self.numerator, self.denominator)).collect()
    }
}

fn count_of(of: CountOf, numerator: f64, denominator: Option<f64>) -> Option<f64> {
    match of {
        CountOf::Numerator => Some(numerator),
        CountOf::Denominator => denominator,
        CountOf::Difference => denominator.map(|denominator| denominator - numerator),
    }
}

fn numbers(db: &Db, indicator: &Indicator, rule: &SmallCounts, vintage: u32) -> Result<Vec<Number>, DbError> {
    let params = [("indicator", indicator.id.as_str().into()), ("vintage", vintage.into())];
    let found = db.query(include_str!("withhold.sql"), &params)?;
    let number = |row: &Vec<Cell>| {
        let mut number = Number {
            org: row[1].shown(),
            period: row[2].text()?.parse().ok()?,
            breakdown: row[3].shown(),
            numerator: row[4].number()?,
            denominator: row[5].number(),
            level: row[6].shown(),
            is_small: false,
            was_shown: row[7] == Cell::Boolean(true),
            was_withheld: row[8] == Cell::Boolean(true),
        };
        // A body without anybody to count speaks of nobody.
        let is_empty = number.denominator.unwrap_or(number.numerator) == 0.0;
        number.is_small = !is_empty
            && rule.covers(&number.level, &number.breakdown)
            && number.counts(rule).into_iter().any(|count| rule.is_small(count));
        Some(number)
    };
    Ok(found.rows.iter().filter_map(number).collect())
}

/// Numbers of periods that overlap, directly or by way of others; only where one is small or was withheld before.
fn groups(numbers: Vec<Number>) -> Vec<Vec<Number>> {
    let mut periods: Vec<Period> = numbers.iter().map(|number| number.period).collect();
    periods.sort_by_key(|period| (period.start(), period.end(), *period));
    periods.dedup();
    let mut group_of: BTreeMap<Period, usize> = BTreeMap::new();
    let (mut group, mut last) = (0, None);
    for period in periods {
        if last.is_some_and(|last: NaiveDate| period.start() > last) {
            group += 1;
        }
        last = last.max(Some(period.end()));
        group_of.insert(period, group);
    }
    let mut groups: BTreeMap<usize, Vec<Number>> = BTreeMap::new();
    for number in numbers {
        groups.entry(group_of[&number.period]).or_default().push(number);
    }
    let is_asked = |group: &Vec<Number>| group.iter().any(|number| number.is_small || number.was_withheld);
    groups.into_values().filter(is_asked).collect()
}

/// Which bodies the counts of a body are the sum of: those right below it, or of a group those that it is a group of.
struct Wholes {
    parts: BTreeMap<String, Vec<String>>,
}

impl Wholes {
    fn read(db: &Db) -> Result<Wholes, DbError> {
        let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if db.has_view("ref.organisation_sum")? {
            for row in &db.query(ORGANISATION_SUM, &[])?.rows {
                parts.entry(row[0].shown()).or_default().push(row[1].shown());
            }
        }
        let is_group: BTreeSet<String> = parts.keys().cloned().collect();
        let below = db.query(
            "SELECT CAST(parent_id AS VARCHAR), CAST(org_id AS VARCHAR) FROM ref.organisation \
             WHERE parent_id IS NOT NULL ORDER BY ALL",
            &[],
        )?;
        for row in &below.rows {
            let (whole, part) = (row[0].shown(), row[1].shown());
            // The counts of a group are those of its bodies once more.
            if !is_group.contains(&whole) && !is_group.contains(&part) {
                parts.entry(whole).or_default().push(part);
            }
        }
        Ok(Wholes { parts })
    }
}

/// A number that is withheld.
struct Judged {
    number: Number,
    why: Why,
    is_known: bool,
    is_protected: bool,
}

impl Judged {
    /// A row of `out.withheld`.
    fn row(&self, indicator: &Indicator, vintage: u32) -> Vec<Cell> {
        vec![
            indicator.id.as_str().into(),
            self.number.org.as_str().into(),
            self.number.period.to_string().into(),
            self.number.breakdown.as_str().into(),
            Cell::Number(self.number.numerator),
            self.number.denominator.map_or(Cell::Null, Cell::Number),
            self.why.word().into(),
            Cell::Boolean(self.is_known),
            Cell::Boolean(self.is_protected),
            vintage.into(),
        ]
    }
}

/// The counts of one unit in the table.
#[derive(Debug, Clone, Copy)]
struct Counts {
    numerator: usize,
    denominator: Option<usize>,
}

/// Numbers of one indicator that sums bind, as the table that `disclosure` works on.
struct Group<'a> {
    rule: &'a SmallCounts,
    numbers: Vec<Number>,
    table: Table,
    /// Of each unit of the table; the first are the numbers.
    counts: Vec<Counts>,
    place: BTreeMap<(String, Period, String), usize>,
}

impl<'a> Group<'a> {
    fn new(
        indicator: &'a Indicator,
        rule: &'a SmallCounts,
        wholes: &Wholes,
        numbers: Vec<Number>,
    ) -> Group<'a> {
        let place = numbers
            .iter()
            .enumerate()
            .map(|(at, number)| ((number.org.clone(), number.period, number.breakdown.clone()), at))
            .collect();
        let mut group = Group { rule, numbers, table: Table::default(), counts: vec![], place };
        for at in 0..group.numbers.len() {
            group.add_number(at);
        }
        group.bind_bodies(wholes);
        group.bind_breakdowns();
        if indicator.restate == Restate::Sum {
            group.bind_periods();
        }
        group
    }

    fn add_number(&mut self, at: usize) {
        let number = &self.numbers[at];
        let size = number.denominator.unwrap_or(0.0).max(number.numerator);
        // What was shown before is known, and so is that a body has nobody.
        let state = match number {
            Number { was_shown: true, .. } => State::Known,
            Number { is_small: true, .. } | Number { was_withheld: true, .. } => State::Withheld,
            _ if size == 0.0 => State::Known,
            _ => State::Shown,
        };
        let asks = number.is_small && state == State::Withheld;
        let (numerator, denominator) = (number.numerator, number.denominator);
        // The square root weighs how many numbers are lost against how much they count.
        self.add_unit(state, 1.0 + size.max(0.0).sqrt(), numerator, denominator, asks.then_some(1));
    }

    /// Adds a unit; small counts ask for a range as wide as the threshold, the others for `least`.
    fn add_unit(
        &mut self,
        state: State,
        weight: f64,
        numerator: f64,
        denominator: Option<f64>,
        least: Option<i64>,
    ) -> usize {
        let unit = self.table.unit(state, weight);
        let rule = self.rule;
        let width = |of: CountOf, value: f64| {
            let asks = least.is_some() && rule.counts.contains(&of) && rule.is_small(value);
            if asks { Some(i64::from(rule.threshold)) } else { least.filter(|least| *least > 0) }
        };
        let n = self.table.count(unit, numerator, width(CountOf::Numerator, numerator));
        let d = denominator.map(|value| self.table.count(unit, value, width(CountOf::Denominator, value)));
        if let (Some(d), Some(value)) = (d, denominator)
            && self.rule.counts.contains(&CountOf::Difference)
            && value >= numerator
        {
            let others = value - numerator;
            let others = self.table.count(unit, others, width(CountOf::Difference, others));
            self.table.sum(d, [n, others]);
        }
        self.counts.push(Counts { numerator: n, denominator: d });
        unit
    }

    fn amount(&self, unit: usize) -> (f64, Option<f64>) {
        let counts = self.counts[unit];
        let value = |count: usize| self.table.counts[count].value;
        (value(counts.numerator), counts.denominator.map(value))
    }

    /// What is left of a total without its parts; none where they are more than the total, so that they are no parts of it.
    fn rest(&self, total: usize, parts: &[usize]) -> Option<(f64, Option<f64>)> {
        let (mut numerator, mut denominator) = self.amount(total);
        for part in parts {
            let (n, d) = self.amount(*part);
            numerator -= n;
            denominator = denominator.zip(d).map(|(whole, part)| whole - part);
        }
        let is_rest = |value: f64| value > -0.5;
        let others = denominator.map(|denominator| denominator - numerator);
        let needs_others = self.rule.counts.contains(&CountOf::Difference);
        let fits = is_rest(numerator)
            && denominator.is_none_or(is_rest)
            && (!needs_others || others.is_none_or(is_rest));
        fits.then_some((numerator, denominator))
    }

    fn bind(&mut self, total: usize, parts: &[usize]) {
        let all: Vec<Counts> = parts.iter().map(|part| self.counts[*part]).collect();
        let total = self.counts[total];
        self.table.sum(total.numerator, all.iter().map(|counts| counts.numerator));
        let denominators: Option<Vec<usize>> = all.iter().map(|counts| counts.denominator).collect();
        if let (Some(total), Some(parts)) = (total.denominator, denominators) {
            self.table.sum(total, parts);
        }
    }

    /// What is never shown by itself, and follows where all around it is.
    fn hidden(&mut self, (numerator, denominator): (f64, Option<f64>)) -> usize {
        self.add_unit(State::Hidden, 0.0, numerator, denominator, Some(0))
    }

    /// Binds a total to its parts and to what is left, if anything is.
    fn bind_with_rest(&mut self, total: usize, mut parts: Vec<usize>) {
        let Some(rest) = self.rest(total, &parts) else { return };
        if rest.0.abs() > 0.5 || rest.1.is_some_and(|denominator| denominator.abs() > 0.5) {
            parts.push(self.hidden(rest));
        }
        self.bind(total, &parts);
    }

    /// A body and those that it is the sum of, in each period and breakdown.
    fn bind_bodies(&mut self, wholes: &Wholes) {
        for at in 0..self.numbers.len() {
            let number = &self.numbers[at];
            let Some(bodies) = wholes.parts.get(&number.org) else { continue };
            let part = |org: &String| {
                self.place.get(&(org.clone(), number.period, number.breakdown.clone())).copied()
            };
            let parts: Vec<usize> = bodies.iter().filter_map(part).collect();
            if !parts.is_empty() {
                self.bind_with_rest(at, parts);
            }
        }
    }

    /// A total and its breakdown, of each body and period.
    fn bind_breakdowns(&mut self) {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, number) in self.numbers.iter().enumerate().filter(|(_, number)| !number.breakdown.is_empty())
        {
            if let Some(total) = self.place.get(&(number.org.clone(), number.period, String::new())) {
                parts.entry(*total).or_default().push(at);
            }
        }
        for (total, parts) in parts {
            self.bind_with_rest(total, parts);
        }
    }

    /// Periods and those within them, of each body and breakdown.
    fn bind_periods(&mut self) {
        let mut series: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, number) in self.numbers.iter().enumerate() {
            series.entry((&number.org, &number.breakdown)).or_default().push(at);
        }
        let series: Vec<Vec<usize>> = series.into_values().filter(|numbers| numbers.len() > 1).collect();
        for numbers in series {
            self.bind_series(&numbers);
        }
    }

    /// The days of a total that no part has are a number of their own, shown or not: of two that leave the same days it is
    /// the same.
    fn bind_series(&mut self, numbers: &[usize]) {
        let span = |at: usize| (self.numbers[at].period.start(), self.numbers[at].period.end());
        let mut of_days: BTreeMap<Vec<Span>, usize> = BTreeMap::new();
        for at in numbers {
            of_days.entry(vec![span(*at)]).or_insert(*at);
        }
        let mut wanted: Vec<(usize, Vec<usize>, Vec<Span>)> = vec![];
        for total in numbers {
            for parts in tilings(*total, numbers, &self.numbers) {
                let spans: Vec<Span> = parts.iter().map(|part| span(*part)).collect();
                wanted.push((*total, parts, uncovered(span(*total), &spans)));
            }
        }
        for (total, mut parts, days) in wanted {
            let Some(rest) = self.rest(total, &parts) else { continue };
            if !days.is_empty() {
                let unit = match of_days.get(&days) {
                    Some(unit) => *unit,
                    None => {
                        let unit = self.hidden(rest);
                        of_days.insert(days, unit);
                        unit
                    }
                };
                parts.push(unit);
            }
            // Numbers that were revised apart from one another are no sums.
            let adds_up = |(numerator, denominator): (f64, Option<f64>)| {
                numerator.abs() < 0.5 && denominator.is_none_or(|denominator| denominator.abs() < 0.5)
            };
            if self.rest(total, &parts).is_some_and(adds_up) {
                self.bind(total, &parts);
            }
        }
    }

    /// Withholds what must be; gives it.
    fn judge(mut self) -> Vec<Judged> {
        let protection = protect(&mut self.table);
        let open: BTreeSet<usize> =
            protection.unprotected.iter().map(|count| self.table.counts[*count].unit).collect();
        let (table, numbers) = (self.table, self.numbers);
        let judged = |(at, number): (usize, Number)| {
            let is_withheld =
                number.is_small || number.was_withheld || table.units[at].state == State::Withheld;
            is_withheld.then(|| Judged {
                why: match (number.is_small, number.was_withheld) {
                    (true, _) => Why::Small,
                    (_, true) => Why::Before,
                    _ => Why::Complementary,
                },
                is_known: number.was_shown,
                is_protected: !open.contains(&at),
                number,
            })
        };
        numbers.into_iter().enumerate().filter_map(judged).collect()
    }
}

/// First and last day.
type Span = (NaiveDate, NaiveDate);

/// The sets of numbers within the days of another that do not overlap: all those of one length of time; of spans that grow
/// from one day on, the longest.
fn tilings(total: usize, numbers: &[usize], all: &[Number]) -> Vec<Vec<usize>> {
    let (first, last) = (all[total].period.start(), all[total].period.end());
    let is_within = |at: &usize| {
        let period = all[*at].period;
        period.start() >= first && period.end() <= last && (period.start(), period.end()) != (first, last)
    };
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in numbers.iter().copied().filter(is_within) {
        let of = kinds.entry(format!("{:?}", kind(all[at].period))).or_default();
        match kind(all[at].period) {
            Kind::From(_)
                if of.first().is_some_and(|other| all[*other].period.end() > all[at].period.end()) => {}
            Kind::From(_) => *of = vec![at],
            _ => of.push(at),
        }
    }
    kinds.into_values().collect()
}

/// The days of a span that parts of it, which do not overlap, leave over.
fn uncovered(whole: Span, parts: &[Span]) -> Vec<Span> {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    let mut left = vec![];
    let mut next = Some(whole.0);
    for (first, last) in parts {
        if let Some(from) = next.filter(|from| *from < first) {
            left.extend(first.pred_opt().map(|until| (from, until)));
        }
        next = last.succ_opt();
    }
    left.extend(next.filter(|from| *from <= whole.1).map(|from| (from, whole.1)));
    left
}
