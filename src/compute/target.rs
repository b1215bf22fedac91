//! Targets: how each stands on every body that it is read on, written to `out.target_progress` in one piece.
//!
//! Takes the targets, the organisations and the totals, reported and restated, of the indicators that answer them; `track`
//! judges. A body of a level for which nothing was observed gets no row.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::Problems;
use crate::model::cascade::{Cascade, answers};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::indicator::{Indicator, Shape};
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::progress::{Holder, Scale, Status, TargetProgress};
use crate::model::results::Observation;
use crate::model::target::Target;
use crate::results::{organisations, restated, targets, totals};
use crate::track::{assess, holders, on_one_map};

/// Judges every target anew; `until` is the last day of the period that was computed.
pub fn track_targets(
    db: &Db,
    indicators: &[&Indicator],
    until: NaiveDate,
    vintage: u32,
) -> Result<(), Problems> {
    let targets = targets(db)?;
    let organisations = if targets.is_empty() { vec![] } else { organisations(db)? };
    let is_asked = |indicator: &&&Indicator| targets.iter().any(|target| answers(indicator, target));
    let asked: Vec<Indicator> = indicators.iter().filter(is_asked).map(|one| (*one).clone()).collect();
    let numbers = if asked.is_empty() { Numbers::new() } else { numbers(db, &asked, &organisations)? };
    let field =
        Field { cascade: Cascade::new(&organisations), organisations: &organisations, numbers, until };
    let rows: Vec<TargetProgress> =
        targets.iter().flat_map(|target| field.of_target(target, &asked)).collect();
    write(db, &rows, vintage).map_err(Problems::from)
}

/// The totals of a body on one map, oldest first, and the periods that were restated.
type OneMap = (Vec<Observation>, Vec<Period>);

/// By indicator, then body.
type Numbers = BTreeMap<IndicatorId, BTreeMap<OrgId, OneMap>>;

fn numbers(db: &Db, indicators: &[Indicator], organisations: &[Organisation]) -> Result<Numbers, Problems> {
    let (reported, restated) = (totals(db, indicators, organisations)?, restated(db)?);
    let mut numbers = Numbers::new();
    for indicator in indicators {
        let reported = reported.iter().filter(|number| number.indicator == indicator.id);
        let total = |number: &&Observation| number.breakdown.is_empty();
        let restated =
            restated.iter().filter(|one| one.number.indicator == indicator.id && total(&&one.number));
        let mut bodies: BTreeMap<&OrgId, (Vec<&Observation>, Vec<_>)> = BTreeMap::new();
        for number in reported {
            bodies.entry(&number.org).or_default().0.push(number);
        }
        for one in restated {
            bodies.entry(&one.number.org).or_default().1.push(one);
        }
        let on_map = bodies
            .into_iter()
            .map(|(org, (reported, restated))| (org.clone(), on_one_map(indicator, &reported, &restated)));
        numbers.insert(indicator.id.clone(), on_map.collect());
    }
    Ok(numbers)
}

/// What all targets are judged in.
struct Field<'a> {
    cascade: Cascade<'a>,
    organisations: &'a [Organisation],
    numbers: Numbers,
    until: NaiveDate,
}

impl Field<'_> {
    /// The body that the target names first, then every body of its level that anything was observed for.
    fn of_target(&self, target: &Target, indicators: &[Indicator]) -> Vec<TargetProgress> {
        let answering: Vec<&Indicator> =
            indicators.iter().filter(|indicator| answers(indicator, target)).collect();
        let observed = |org: &OrgId| answering.iter().any(|indicator| self.numbers(indicator, org).is_some());
        let mut rows = self.of_body(target, target.org.as_ref(), &answering);
        let named = rows.len();
        for org in self.organisations.iter().map(|org| &org.id) {
            let is_named = target.org.as_ref() == Some(org);
            if !is_named && observed(org) && self.cascade.is_read_on(target, org) {
                rows.extend(self.of_body(target, Some(org), &answering));
            }
        }
        let (of_named, of_bodies) = rows.split_at_mut(named);
        if let ([row], true) = (of_named, self.cascade.is_for_a_level(target)) {
            row.status = of_whole(row, of_bodies);
        }
        rows
    }

    fn numbers(&self, indicator: &Indicator, org: &OrgId) -> Option<&OneMap> {
        self.numbers.get(&indicator.id)?.get(org)
    }

    /// One row for each indicator that has numbers of the body; or one row without. The worst decides, of those that are final
    /// where there are any: a value of the due day says more than an older one of another indicator.
    fn of_body(&self, target: &Target, org: Option<&OrgId>, answering: &[&Indicator]) -> Vec<TargetProgress> {
        let row =
            |indicator: &&Indicator| Some(self.row(target, org?, indicator, self.numbers(indicator, org?)?));
        let mut rows: Vec<(TargetProgress, bool)> = answering.iter().filter_map(row).collect();
        if rows.is_empty() {
            rows.push((self.without_numbers(target, org, answering.first().copied()), false));
        }
        let worst = |only_final: bool| {
            let counted = rows.iter().enumerate().filter(|(_, (_, is_final))| *is_final || !only_final);
            counted.rev().max_by_key(|(_, (row, _))| row.status).map(|(at, _)| at)
        };
        let deciding = worst(true).or(worst(false));
        let decided = |(at, (row, _)): (usize, (TargetProgress, bool))| TargetProgress {
            decides: Some(at) == deciding,
            ..row
        };
        rows.into_iter().enumerate().map(decided).collect()
    }

    fn row(
        &self,
        target: &Target,
        org: &OrgId,
        indicator: &Indicator,
        numbers: &OneMap,
    ) -> (TargetProgress, bool) {
        let (numbers, restated) = numbers;
        let refs: Vec<&Observation> = numbers.iter().collect();
        let ended = self.cascade.ended(target, Some(org));
        let (mut row, is_final) = assess(target, indicator, &refs, ended, self.until);
        let since = row.pace.map(|pace| pace.start.period.min(pace.baseline.period));
        let in_series = |period: &&Period| since.is_some_and(|since| since <= **period);
        row.restated = u32::try_from(restated.iter().filter(in_series).count()).unwrap_or(u32::MAX);
        if ended.is_none() && row.status != Status::Achieved {
            row.holders = self.holders(target, org, indicator, &row);
        }
        (row, is_final)
    }

    /// Nothing was observed, or nothing asks for it.
    fn without_numbers(
        &self,
        target: &Target,
        org: Option<&OrgId>,
        indicator: Option<&Indicator>,
    ) -> TargetProgress {
        let ended = self.cascade.ended(target, org).is_some();
        TargetProgress {
            target: target.id.clone(),
            org: org.cloned(),
            indicator: indicator.map(|indicator| indicator.id.clone()),
            status: if ended { Status::NotApplicable } else { Status::NoData },
            decides: true,
            due_is_over: target.due_on <= self.until,
            deciding: None,
            scale: Scale::Linear,
            values: 0,
            points: 0,
            restated: 0,
            pace: None,
            extra: None,
            chance: None,
            methods: vec![],
            holders: vec![],
        }
    }

    /// The bodies that hold the gap of a whole: those of the level that the target is set for; of a body that it names,
    /// the smallest set of bodies of one or two levels whose counts make its own, exactly.
    fn holders(
        &self,
        target: &Target,
        org: &OrgId,
        indicator: &Indicator,
        row: &TargetProgress,
    ) -> Vec<Holder> {
        let Some(deciding) = row.deciding.filter(|_| indicator.shape == Shape::Ratio) else { return vec![] };
        let counts = |org: &OrgId| self.counts(indicator, org, deciding.period);
        let (Some(whole), true) = (counts(org), target.org.as_ref() == Some(org)) else { return vec![] };
        let mut levels: BTreeMap<&str, Vec<(OrgId, f64, f64)>> = BTreeMap::new();
        // The numbers of bodies that ended are in those of the bodies that took their place.
        let others = self.organisations.iter().filter(|body| body.id != *org && body.existed_on(self.until));
        for body in others {
            if let Some((numerator, denominator)) = counts(&body.id) {
                levels.entry(&body.level).or_default().push((body.id.clone(), numerator, denominator));
            }
        }
        let bodies = match self.cascade.is_for_a_level(target) && !self.is_own_level(target, org) {
            true => levels.remove(target.level.as_str()).unwrap_or_default(),
            false => smallest_that_adds_up(whole, &levels),
        };
        if bodies.len() < 2 {
            return vec![];
        }
        let lower_is_better = target.comparator.lower_is_better();
        holders(target.value, indicator.scale, lower_is_better, whole, &bodies)
    }

    fn is_own_level(&self, target: &Target, org: &OrgId) -> bool {
        self.cascade.organisation(org).is_some_and(|body| body.level == target.level)
    }

    /// Numerator and denominator of a body in a period.
    fn counts(&self, indicator: &Indicator, org: &OrgId, period: Period) -> Option<(f64, f64)> {
        let (numbers, _) = self.numbers(indicator, org)?;
        let number =
            numbers.iter().find(|number| number.period == period && number.measure.value().is_some())?;
        number.numerator.zip(number.denominator)
    }
}

/// How a whole stands of which there is no number, because nothing adds those of its bodies up: as the worst of them, and it meets a
/// target only where all of them do.
fn of_whole(row: &TargetProgress, bodies: &[TargetProgress]) -> Status {
    let deciding = || bodies.iter().filter(|body| body.decides && body.status != Status::NotApplicable);
    match deciding().map(|body| body.status).max() {
        Some(worst) if row.status == Status::NoData && row.deciding.is_none() => {
            let is_unsure = worst == Status::Achieved && deciding().any(|body| body.status == Status::NoData);
            if is_unsure { Status::NoData } else { worst }
        }
        _ => row.status,
    }
}

/// Of the bodies of one level, or of two together, the fewest whose counts make those of the whole.
fn smallest_that_adds_up(
    whole: (f64, f64),
    levels: &BTreeMap<&str, Vec<(OrgId, f64, f64)>>,
) -> Vec<(OrgId, f64, f64)> {
    let names: BTreeSet<&str> = levels.keys().copied().collect();
    let pairs =
        names.iter().flat_map(|one| names.iter().filter(move |two| one < *two).map(move |two| [*one, *two]));
    let sets = names.iter().map(|one| vec![*one]).chain(pairs.map(|pair| pair.to_vec()));
    let bodies = |set: Vec<&str>| set.iter().flat_map(|level| levels[level].clone()).collect::<Vec<_>>();
    let adds_up = |bodies: &Vec<(OrgId, f64, f64)>| {
        let numerator: f64 = bodies.iter().map(|body| body.1).sum();
        let denominator: f64 = bodies.iter().map(|body| body.2).sum();
        bodies.len() > 1 && (numerator, denominator) == whole
    };
    sets.map(bodies).filter(adds_up).min_by_key(Vec::len).unwrap_or_default()
}

fn write(db: &Db, rows: &[TargetProgress], vintage: u32) -> Result<(), DbError> {
    let numbered = || (0u32..).zip(rows);
    let methods = numbered().flat_map(|(row, progress)| {
        (0u32..).zip(&progress.methods).map(move |(position, value)| {
            vec![
                row.into(),
                position.into(),
                value.method.word().into(),
                Cell::Number(value.value),
                number(value.projected),
                value.verdict.word().into(),
                Cell::Boolean(value.method.is_counted()),
            ]
        })
    });
    let holders = numbered().flat_map(|(row, progress)| {
        (0u32..).zip(&progress.holders).map(move |(position, holder)| {
            let mut cells: Vec<Cell> =
                vec![row.into(), position.into(), holder.org.as_ref().map(ToString::to_string).into()];
            let Holder { numerator, denominator, gap, by_rate, by_size, units, .. } = *holder;
            cells.extend([numerator, denominator, gap, by_rate, by_size, units].map(Cell::Number));
            cells
        })
    });
    db.transaction(|| {
        db.run(
            "DELETE FROM out.target_progress; DELETE FROM out.target_method; DELETE FROM out.target_holder",
        )?;
        db.append("out", "target_progress", numbered().map(|(row, one)| progress_row(row, one, vintage)))?;
        db.append("out", "target_method", methods)?;
        db.append("out", "target_holder", holders)
    })
}

fn progress_row(row: u32, progress: &TargetProgress, vintage: u32) -> Vec<Cell> {
    let text = |text: Option<String>| Cell::from(text);
    let TargetProgress { pace, extra, chance, deciding, .. } = *progress;
    vec![
        row.into(),
        progress.target.as_str().into(),
        text(progress.org.as_ref().map(ToString::to_string)),
        text(progress.indicator.as_ref().map(ToString::to_string)),
        progress.status.word().into(),
        Cell::Boolean(progress.decides),
        Cell::Boolean(progress.due_is_over),
        text(deciding.map(|point| point.period.to_string())),
        number(deciding.map(|point| point.value)),
        progress.scale.word().into(),
        progress.values.into(),
        progress.points.into(),
        progress.restated.into(),
        text(pace.map(|pace| pace.baseline.period.to_string())),
        number(pace.map(|pace| pace.baseline.value)),
        text(pace.map(|pace| pace.start.period.to_string())),
        number(pace.map(|pace| pace.start.value)),
        number(pace.map(|pace| pace.path)),
        number(pace.and_then(|pace| pace.way_done)),
        number(pace.map(|pace| pace.seen)),
        number(pace.and_then(|pace| pace.needed)),
        number(pace.and_then(|pace| pace.times)),
        text(pace.and_then(|pace| pace.arrives_on).map(|day| day.to_string())),
        number(extra.map(|extra| extra.units)),
        number(extra.and_then(|extra| extra.per_period)),
        number(chance.map(|chance| chance.probability)),
        number(chance.map(|chance| chance.expected)),
        number(chance.map(|chance| chance.low)),
        number(chance.map(|chance| chance.high)),
        text(chance.map(|chance| chance.scale.word().to_owned())),
        vintage.into(),
    ]
}

fn number(value: Option<f64>) -> Cell {
    value.filter(|value| value.is_finite()).map_or(Cell::Null, Cell::Number)
}
