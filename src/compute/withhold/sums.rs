//! What binds numbers to one another, as the table that `disclosure` works on: sums over bodies, breakdowns and periods, in each
//! vintage by itself, and counts that two indicators have in common.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::numbers::{Key, Member, Number, Numbers, Part, Twins};
use super::{Judged, ORGANISATION_SUM};
use crate::db::{Db, DbError};
use crate::disclosure::{State, Table, protect};
use crate::model::disclosure::{CountOf, Why};
use crate::model::indicator::Restate;
use crate::model::series::{Kind, kind};

/// Which bodies the counts of a body are the sum of: those right below it, or of a group those that it is a group of.
pub(super) struct Wholes {
    parts: BTreeMap<String, Vec<String>>,
}

impl Wholes {
    pub(super) fn read(db: &Db) -> Result<Wholes, DbError> {
        let mut parts: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if db.has_view("ref.organisation_sum")? {
            // A body that is said to be the sum of itself is no group: it would be bound to none of the bodies below it.
            for row in db.query(ORGANISATION_SUM, &[])?.rows.iter().filter(|row| row[0] != row[1]) {
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

/// The counts of one unit in the table.
#[derive(Debug, Clone, Copy)]
struct Counts {
    numerator: usize,
    denominator: Option<usize>,
}

/// What is left of a total besides its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    /// What no body of those that it is the sum of has.
    Bodies(Key),
    /// What no breakdown has.
    Breakdowns(Key),
    /// What happened on days that no part has, of a series.
    Days(usize, String, String, Vec<Span>),
}

/// The numbers of one vintage.
struct Edition {
    numbers: Vec<usize>,
    place: BTreeMap<Key, usize>,
}

impl Edition {
    fn new(numbers: Vec<usize>, all: &[Number]) -> Edition {
        let place = numbers.iter().map(|at| (all[*at].key(), *at)).collect();
        Edition { numbers, place }
    }
}

/// Numbers that sums bind, as the table that `disclosure` works on. A number that stood with the same counts in several
/// vintages is one unit of it: whoever reads all that was ever published knows that it did not change.
pub(super) struct Group<'a> {
    members: &'a [Member<'a>],
    /// Those just computed, then those that stood before with other counts.
    numbers: Vec<Number>,
    n_now: usize,
    table: Table,
    /// Of each unit of the table; the first are the numbers.
    counts: Vec<Counts>,
    rests: BTreeMap<(Rest, u64, Option<u64>), usize>,
    bound: BTreeSet<(usize, Vec<usize>)>,
}

impl<'a> Group<'a> {
    pub(super) fn new(
        members: &'a [Member<'a>],
        wholes: &Wholes,
        twins: &[Twins],
        numbers: Numbers,
    ) -> Group<'a> {
        let n_now = numbers.now.len();
        let (numbers, editions) = editions(numbers);
        let (table, counts) = (Table::default(), vec![]);
        let (rests, bound) = (BTreeMap::new(), BTreeSet::new());
        let mut group = Group { members, numbers, n_now, table, counts, rests, bound };
        for at in 0..group.numbers.len() {
            group.add_number(at);
        }
        for edition in editions {
            let edition = Edition::new(edition, &group.numbers);
            group.bind_bodies(&edition, wholes);
            group.bind_breakdowns(&edition);
            group.bind_periods(&edition);
            group.bind_twins(&edition, twins);
        }
        group
    }

    fn add_number(&mut self, at: usize) {
        let number = &self.numbers[at];
        // What was shown before is known, and so is that a body has nobody.
        let state = match number {
            Number { was_shown: true, .. } => State::Known,
            Number { is_small: true, .. } | Number { was_withheld: true, .. } => State::Withheld,
            _ if number.size() == 0.0 => State::Known,
            _ => State::Shown,
        };
        let asks = number.is_small && state == State::Withheld;
        let (member, numerator, denominator) = (number.member, number.numerator, number.denominator);
        // The square root weighs how many numbers are lost against how much they count.
        let weight = 1.0 + number.size().max(0.0).sqrt();
        self.add_unit(member, state, weight, (numerator, denominator), asks.then_some(1));
    }

    /// Adds a unit; small counts ask for a range as wide as the threshold, the others for `least`.
    fn add_unit(
        &mut self,
        member: usize,
        state: State,
        weight: f64,
        (numerator, denominator): Amount,
        least: Option<i64>,
    ) -> usize {
        let unit = self.table.unit(state, weight);
        let rule = self.members[member].rule;
        let width = |of: CountOf, value: f64| {
            let asks = least.is_some() && rule.counts.contains(&of) && rule.is_small(value);
            if asks { Some(i64::from(rule.threshold)) } else { least.filter(|least| *least > 0) }
        };
        let n = self.table.count(unit, numerator, width(CountOf::Numerator, numerator));
        let d = denominator.map(|value| self.table.count(unit, value, width(CountOf::Denominator, value)));
        if let (Some(d), Some(value)) = (d, denominator)
            && rule.counts.contains(&CountOf::Difference)
            && value >= numerator
        {
            let others = value - numerator;
            let others = self.table.count(unit, others, width(CountOf::Difference, others));
            self.table.sum(d, [n, others]);
        }
        self.counts.push(Counts { numerator: n, denominator: d });
        unit
    }

    fn amount(&self, unit: usize) -> Amount {
        let counts = self.counts[unit];
        let value = |count: usize| self.table.counts[count].value;
        (value(counts.numerator), counts.denominator.map(value))
    }

    /// What is left of a total without its parts; none where they are more than the total, so that they are no parts of it.
    fn rest(&self, total: usize, parts: &[usize]) -> Option<Amount> {
        let (mut numerator, mut denominator) = self.amount(total);
        for part in parts {
            let (n, d) = self.amount(*part);
            numerator -= n;
            denominator = denominator.zip(d).map(|(whole, part)| whole - part);
        }
        let is_rest = |value: f64| value > -0.5;
        let others = denominator.map(|denominator| denominator - numerator);
        let needs_others =
            self.members[self.numbers[total].member].rule.counts.contains(&CountOf::Difference);
        let fits = is_rest(numerator)
            && denominator.is_none_or(is_rest)
            && (!needs_others || others.is_none_or(is_rest));
        fits.then_some((numerator, denominator))
    }

    fn bind(&mut self, total: usize, mut parts: Vec<usize>) {
        parts.sort_unstable();
        if !self.bound.insert((total, parts.clone())) {
            return; // An earlier vintage has the same numbers.
        }
        let all: Vec<Counts> = parts.iter().map(|part| self.counts[*part]).collect();
        let total = self.counts[total];
        self.table.sum(total.numerator, all.iter().map(|counts| counts.numerator));
        let denominators: Option<Vec<usize>> = all.iter().map(|counts| counts.denominator).collect();
        if let (Some(total), Some(parts)) = (total.denominator, denominators) {
            self.table.sum(total, parts);
        }
    }

    /// What is never shown by itself, and follows where all around it is.
    fn hidden(&mut self, member: usize, rest: Rest, amount: Amount) -> usize {
        let key = (rest, amount.0.to_bits(), amount.1.map(f64::to_bits));
        if let Some(unit) = self.rests.get(&key) {
            return *unit;
        }
        let unit = self.add_unit(member, State::Hidden, 0.0, amount, Some(0));
        self.rests.insert(key, unit);
        unit
    }

    /// Binds a total to its parts and to what is left, if anything is.
    fn bind_with_rest(&mut self, total: usize, mut parts: Vec<usize>, rest: Rest) {
        let Some(amount) = self.rest(total, &parts) else { return };
        if !is_nothing(amount) {
            parts.push(self.hidden(self.numbers[total].member, rest, amount));
        }
        self.bind(total, parts);
    }

    /// A body and those that it is the sum of, in each period and breakdown.
    fn bind_bodies(&mut self, edition: &Edition, wholes: &Wholes) {
        for at in &edition.numbers {
            let key = self.numbers[*at].key();
            let Some(bodies) = wholes.parts.get(&key.1) else { continue };
            let part = |org: &String| edition.place.get(&(key.0, org.clone(), key.2, key.3.clone())).copied();
            let parts: Vec<usize> = bodies.iter().filter_map(part).collect();
            if !parts.is_empty() {
                self.bind_with_rest(*at, parts, Rest::Bodies(key));
            }
        }
    }

    /// A total and its breakdown, of each body and period.
    fn bind_breakdowns(&mut self, edition: &Edition) {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in &edition.numbers {
            let (member, org, period, breakdown) = self.numbers[*at].key();
            if let Some(total) = edition.place.get(&(member, org, period, String::new()))
                && !breakdown.is_empty()
            {
                parts.entry(*total).or_default().push(*at);
            }
        }
        for (total, parts) in parts {
            let rest = Rest::Breakdowns(self.numbers[total].key());
            self.bind_with_rest(total, parts, rest);
        }
    }

    /// Periods and those within them, of each body and breakdown.
    fn bind_periods(&mut self, edition: &Edition) {
        let mut series: BTreeMap<(usize, &str, &str), Vec<usize>> = BTreeMap::new();
        for at in &edition.numbers {
            let number = &self.numbers[*at];
            if self.members[number.member].indicator.restate == Restate::Sum {
                series.entry((number.member, &number.org, &number.breakdown)).or_default().push(*at);
            }
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
                let unit = of_days.get(&days).copied();
                let unit = unit.unwrap_or_else(|| {
                    let (member, org, _, breakdown) = self.numbers[total].key();
                    self.hidden(member, Rest::Days(member, org, breakdown, days.clone()), rest)
                });
                of_days.insert(days, unit);
                parts.push(unit);
            }
            // Numbers that were revised apart from one another are no sums.
            if self.rest(total, &parts).is_some_and(is_nothing) {
                self.bind(total, parts);
            }
        }
    }

    /// Counts that are the same under two names, of each body and period.
    fn bind_twins(&mut self, edition: &Edition, twins: &[Twins]) {
        for (one, other) in twins {
            for at in &edition.numbers {
                let number = &self.numbers[*at];
                if (number.member, &number.breakdown) != (one.member, &one.breakdown) {
                    continue;
                }
                let key = (other.member, number.org.clone(), number.period, other.breakdown.clone());
                if let Some(same) = edition.place.get(&key) {
                    self.bind_twin((*at, one), (*same, other));
                }
            }
        }
    }

    fn bind_twin(&mut self, (a, one): (usize, &Part), (b, other): (usize, &Part)) {
        let terms = |unit: usize, of: CountOf, sign: i64| {
            let Counts { numerator, denominator } = self.counts[unit];
            match of {
                CountOf::Numerator => vec![(numerator, sign)],
                CountOf::Denominator => denominator.map(|count| (count, sign)).into_iter().collect(),
                CountOf::Difference => denominator
                    .map(|count| [(count, sign), (numerator, -sign)])
                    .into_iter()
                    .flatten()
                    .collect(),
            }
        };
        let sum = [terms(a, one.of, 1), terms(b, other.of, -1)].concat();
        let left: f64 =
            sum.iter().map(|(count, factor)| *factor as f64 * self.table.counts[*count].value).sum();
        // An earlier vintage may have had them apart.
        if left.abs() < 0.5 && !self.table.sums.contains(&sum) {
            self.table.sums.push(sum);
        }
    }

    /// Withholds what must be; gives it, and how many numbers of earlier vintages follow from what is known.
    pub(super) fn judge(mut self) -> (Vec<Judged>, usize) {
        let protection = protect(&mut self.table);
        let open: BTreeSet<usize> =
            protection.unprotected.iter().map(|count| self.table.counts[*count].unit).collect();
        let n_former = open.range(self.n_now..self.numbers.len()).count();
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
        (numbers.into_iter().take(self.n_now).enumerate().filter_map(judged).collect(), n_former)
    }
}

/// All numbers, each once, and which of them stood together: now, and in each earlier vintage that changed any of them.
fn editions(numbers: Numbers) -> (Vec<Number>, Vec<Vec<usize>>) {
    let (still, vintages) = (numbers.stand_still(), numbers.vintages());
    let Numbers { now, former } = numbers;
    let mut all = now;
    let mut of_key: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, number) in all.iter().enumerate() {
        of_key.entry(number.key()).or_default().push(at);
    }
    let first = all.len();
    let mut place: Vec<usize> = vec![];
    for one in &former {
        let known = of_key.entry(one.number.key()).or_default();
        let same = known.iter().copied().find(|at| all[*at].has_counts_of(&one.number));
        place.push(same.unwrap_or_else(|| {
            known.push(all.len());
            all.push(one.number.clone());
            all.len() - 1
        }));
        let number = &mut all[place[place.len() - 1]];
        number.was_shown |= one.number.was_shown;
        number.was_withheld |= one.number.was_withheld;
    }
    let now = (0..first).chain(still.iter().map(|at| place[*at])).collect();
    let then = |vintage: &u32| {
        let stood = (0..former.len()).filter(|at| former[*at].stood_in(*vintage));
        stood.map(|at| place[at]).collect()
    };
    let editions = std::iter::once(now).chain(vintages.iter().map(then)).collect();
    (all, editions)
}

/// A numerator and, where there is one, a denominator.
type Amount = (f64, Option<f64>);

fn is_nothing((numerator, denominator): Amount) -> bool {
    numerator.abs() <= 0.5 && denominator.is_none_or(|denominator| denominator.abs() <= 0.5)
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
