//! The results seen from a report: by organisation, by indicator, in time, in rank.
//!
//! Everything here is counted on unrounded values and knows no language.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::cascade::{Cascade, answers};
use crate::model::id::{IndicatorId, OrgId, TargetId};
use crate::model::indicator::{Direction, Indicator, Shape, Unit};
use crate::model::measure::{Measure, Missing};
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::progress::{Status, TargetProgress};
use crate::model::restated::Restated;
use crate::model::results::{Observation, Results};
use crate::model::series::{kind, obstacle_within};
use crate::model::target::{Ended, Target};
use crate::report::number::Bound;

/// A place in a ranking, and among how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// From 1; equal values share a place.
    pub place: usize,
    /// Organisations of the level with a value in the period.
    pub of: usize,
}

/// Fewer organisations than this are not ranked.
pub const RANKED_FROM: usize = 3;

/// Observations by indicator and organisation.
type Observed<'a> = BTreeMap<&'a IndicatorId, BTreeMap<&'a OrgId, Vec<&'a Observation>>>;

/// Everyone of a level in each period, best first.
pub type Ranked<'a> = BTreeMap<Period, Vec<(&'a Observation, Standing)>>;

/// Results with the ways into them.
pub struct View<'a> {
    /// All of them.
    pub results: &'a Results,
    organisations: BTreeMap<&'a OrgId, &'a Organisation>,
    children: BTreeMap<&'a OrgId, Vec<&'a Organisation>>,
    levels: BTreeMap<&'a str, Vec<&'a Organisation>>,
    indicators: BTreeMap<&'a IndicatorId, &'a Indicator>,
    cascade: Cascade<'a>,
    /// By target, then by the id of the body; empty where no body stands for the level.
    progress: BTreeMap<&'a TargetId, BTreeMap<&'a str, Vec<&'a TargetProgress>>>,
    /// The same in the order of the results.
    by_target: BTreeMap<&'a TargetId, Vec<&'a TargetProgress>>,
    totals: Observed<'a>,
    parts: Observed<'a>,
    restated: BTreeMap<&'a IndicatorId, BTreeMap<&'a OrgId, Vec<&'a Restated>>>,
    rankings: BTreeMap<&'a IndicatorId, BTreeMap<&'a str, Ranked<'a>>>,
    /// The latest period in which a level is well covered.
    covered: BTreeMap<&'a IndicatorId, BTreeMap<&'a str, Period>>,
    standings: HashMap<(&'a IndicatorId, &'a OrgId, Period), Standing>,
    /// The targets that each indicator answers, in the order of the table.
    answered: BTreeMap<&'a IndicatorId, Vec<&'a Target>>,
    /// The bodies that each target for a whole level is read on.
    bound: BTreeMap<&'a TargetId, Vec<&'a Organisation>>,
}

impl<'a> View<'a> {
    /// Looks through the results once.
    pub fn new(results: &'a Results) -> Self {
        let organisations: BTreeMap<_, _> = results.organisations.iter().map(|org| (&org.id, org)).collect();
        let indicators: BTreeMap<_, _> =
            results.indicators.iter().map(|indicator| (&indicator.id, indicator)).collect();
        let mut view = View {
            results,
            organisations,
            children: BTreeMap::new(),
            levels: BTreeMap::new(),
            indicators,
            cascade: Cascade::new(&results.organisations),
            progress: BTreeMap::new(),
            by_target: BTreeMap::new(),
            totals: BTreeMap::new(),
            parts: BTreeMap::new(),
            restated: BTreeMap::new(),
            rankings: BTreeMap::new(),
            covered: BTreeMap::new(),
            standings: HashMap::new(),
            answered: answered(results),
            bound: BTreeMap::new(),
        };
        view.bound = results.targets.iter().map(|target| (&target.id, view.cascade.bodies(target))).collect();
        for org in &results.organisations {
            view.levels.entry(&org.level).or_default().push(org);
            if let Some(parent) = &org.parent {
                view.children.entry(parent).or_default().push(org);
            }
        }
        for row in &results.progress {
            view.by_target.entry(&row.target).or_default().push(row);
            let bodies = view.progress.entry(&row.target).or_default();
            bodies.entry(row.org.as_ref().map_or("", OrgId::as_str)).or_default().push(row);
        }
        view.sort_observations();
        view.sort_restated();
        view.rank();
        view.find_covered();
        view
    }

    fn sort_observations(&mut self) {
        for observation in &self.results.observations {
            let known = self.organisations.contains_key(&observation.org)
                && self.indicators.contains_key(&observation.indicator);
            let list = if observation.breakdown.is_empty() { &mut self.totals } else { &mut self.parts };
            if known {
                let orgs = list.entry(&observation.indicator).or_default();
                orgs.entry(&observation.org).or_default().push(observation);
            }
        }
        let all = self.totals.values_mut().chain(self.parts.values_mut());
        for list in all.flat_map(BTreeMap::values_mut) {
            list.sort_by(|a, b| a.period.cmp(&b.period).then_with(|| a.breakdown.cmp(&b.breakdown)));
        }
    }

    fn sort_restated(&mut self) {
        for restated in self.results.restated.iter().filter(|restated| restated.number.breakdown.is_empty()) {
            let orgs = self.restated.entry(&restated.number.indicator).or_default();
            orgs.entry(&restated.number.org).or_default().push(restated);
        }
        for list in self.restated.values_mut().flat_map(BTreeMap::values_mut) {
            list.sort_by_key(|restated| restated.number.period);
        }
    }

    /// Ranks the bodies of each level that were there on the last day of a period: one that ended before has no place, for its
    /// numbers are of a part of the period, or of what it left.
    fn rank(&mut self) {
        let mut groups: BTreeMap<_, BTreeMap<Period, Vec<&'a Observation>>> = BTreeMap::new();
        for observation in self.totals.values().flat_map(BTreeMap::values).flatten().copied() {
            let org = self.organisations.get(&observation.org);
            if let Some(org) = org.filter(|org| org.existed_on(observation.period.end())) {
                let periods = groups.entry((&observation.indicator, org.level.as_str())).or_default();
                periods.entry(observation.period).or_default().push(observation);
            }
        }
        for ((id, level), periods) in groups {
            let Some(indicator) = self.indicators.get(id) else { continue };
            let guest = self.guest(indicator, level, &periods);
            for (period, mut observations) in periods {
                observations.extend(guest.and_then(|org| self.total(indicator, org, period)));
                let ranked = ranked(indicator, observations);
                for (observation, standing) in &ranked {
                    let known = self.standings.entry((id, &observation.org, period)).or_insert(*standing);
                    // A guest stands among those that it is ranked with.
                    if standing.of > known.of {
                        *known = *standing;
                    }
                }
                self.rankings.entry(id).or_default().entry(level).or_default().insert(period, ranked);
            }
        }
    }

    /// The body that is shown first, where those of a level are its equals elsewhere: it is a root, as a nation is, and they lie
    /// below another one, as other states do.
    fn guest(
        &self,
        indicator: &Indicator,
        level: &str,
        periods: &BTreeMap<Period, Vec<&Observation>>,
    ) -> Option<&'a OrgId> {
        let own = self.organisation(indicator.headline.as_ref()?)?;
        let is_elsewhere = |one: &&Observation| {
            let root = self.root(&one.org);
            root != Some(&one.org) && root != Some(&own.id)
        };
        let is_guest = own.parent.is_none() && own.level != level;
        (is_guest && periods.values().flatten().all(is_elsewhere)).then_some(&own.id)
    }

    /// The body at the top of the tree that an organisation is in.
    fn root(&self, org: &OrgId) -> Option<&'a OrgId> {
        let mut top = self.organisation(org)?;
        // A tree is never as deep as it has bodies; one that bites its own tail has no top.
        for _ in 0..self.organisations.len() {
            match top.parent.as_ref().and_then(|parent| self.organisation(parent)) {
                Some(above) => top = above,
                None => return Some(&top.id),
            }
        }
        None
    }

    /// Finds the latest period in which each level is well covered; see [`View::ranking`].
    fn find_covered(&mut self) {
        let is_there = |one: &Observation, period: Period| {
            let org = self.organisations.get(&one.org);
            measured(one).is_ok() && org.is_some_and(|org| org.existed_on(period.end()))
        };
        let mut covered: BTreeMap<&IndicatorId, BTreeMap<&str, Period>> = BTreeMap::new();
        for (id, levels) in &self.rankings {
            for (level, periods) in levels {
                let counts: Vec<(Period, usize)> = periods
                    .iter()
                    .map(|(period, list)| {
                        (*period, list.iter().filter(|(one, _)| is_there(one, *period)).count())
                    })
                    .collect();
                let fullest = counts.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
                let found = counts.iter().rev().find(|(_, n)| n * 2 >= fullest).or(counts.last());
                if let Some((period, _)) = found {
                    covered.entry(id).or_default().insert(level, *period);
                }
            }
        }
        self.covered = covered;
    }

    /// An organisation.
    pub fn organisation(&self, id: &OrgId) -> Option<&'a Organisation> {
        self.organisations.get(id).copied()
    }

    /// The organisations right below one.
    pub fn children(&self, id: &OrgId) -> &[&'a Organisation] {
        self.children.get(id).map_or(&[], Vec::as_slice)
    }

    /// The organisations of a level, in the order of the results.
    pub fn of_level(&self, level: &str) -> &[&'a Organisation] {
        self.levels.get(level).map_or(&[], Vec::as_slice)
    }

    /// An indicator.
    pub fn indicator(&self, id: &IndicatorId) -> Option<&'a Indicator> {
        self.indicators.get(id).copied()
    }

    /// The totals of an organisation, oldest first.
    pub fn totals(&self, indicator: &Indicator, org: &OrgId) -> &[&'a Observation] {
        of(&self.totals, indicator, org)
    }

    /// The total of an organisation in a period.
    pub fn total(&self, indicator: &Indicator, org: &OrgId, period: Period) -> Option<&'a Observation> {
        self.totals(indicator, org).iter().find(|total| total.period == period).copied()
    }

    /// Whether any number of an indicator is another one on the map of a day.
    pub fn is_restated(&self, indicator: &Indicator) -> bool {
        self.restated.contains_key(&indicator.id)
    }

    /// The restated totals of an organisation, oldest first.
    pub fn restated(&self, indicator: &Indicator, org: &OrgId) -> &[&'a Restated] {
        self.restated.get(&indicator.id).and_then(|orgs| orgs.get(org)).map_or(&[], Vec::as_slice)
    }

    /// The parts of an organisation in a period, in the order of the breakdown.
    pub fn parts(&self, indicator: &Indicator, org: &OrgId, period: Period) -> Vec<&'a Observation> {
        let order = |code: &str| {
            indicator.breakdown.iter().position(|(known, _)| known == code).unwrap_or(usize::MAX)
        };
        let all = of(&self.parts, indicator, org);
        let mut parts: Vec<_> = all.iter().copied().filter(|part| part.period == period).collect();
        parts.sort_by_key(|part| order(&part.breakdown));
        parts
    }

    /// Periods in which an organisation has parts, oldest first.
    pub fn periods_of_parts(&self, indicator: &Indicator, org: &OrgId) -> BTreeSet<Period> {
        let all = of(&self.parts, indicator, org);
        all.iter().map(|part| part.period).collect()
    }

    /// Whether numbers of an indicator were taken over from where they were printed.
    pub fn is_taken_over(&self, indicator: &Indicator) -> bool {
        let lists = [&self.totals, &self.parts].map(|list| list.get(&indicator.id));
        let numbers = lists.into_iter().flatten().flat_map(BTreeMap::values).flatten();
        indicator.shape == Shape::Value && numbers.into_iter().any(|number| number.source.is_some())
    }

    /// The organisations for which anything was observed.
    pub fn observed(&self, indicators: &[&Indicator]) -> BTreeSet<&'a OrgId> {
        let lists = [&self.totals, &self.parts];
        let of_indicator = |indicator: &&Indicator| lists.map(|list| list.get(&indicator.id));
        let reported = indicators.iter().flat_map(of_indicator).flatten().flat_map(BTreeMap::keys);
        let restated = indicators.iter().filter_map(|indicator| self.restated.get(&indicator.id));
        reported.chain(restated.flat_map(BTreeMap::keys)).copied().collect()
    }

    /// The organisation whose value is shown first: the one named, else the first in order that has a total.
    pub fn headline(&self, indicator: &Indicator) -> Option<&'a OrgId> {
        let named = indicator.headline.as_ref().and_then(|org| self.organisation(org)).map(|org| &org.id);
        named.or_else(|| {
            let orgs = self.results.organisations.iter().map(|org| &org.id);
            orgs.into_iter().find(|org| !self.totals(indicator, org).is_empty())
        })
    }

    /// The place of an observation among those of its level and period.
    pub fn standing(&self, observation: &Observation) -> Option<Standing> {
        let key = (&observation.indicator, &observation.org, observation.period);
        self.standings.get(&key).copied().filter(|standing| standing.of >= RANKED_FROM)
    }

    /// The latest period in which a level is well covered, with everyone in it, best first.
    ///
    /// Well covered is at least half of the fullest period, so that one early report does not stand for all; counted are
    /// bodies that were there on the last day, for in the period of a merger both the old and the new ones have numbers.
    pub fn ranking(
        &self,
        indicator: &Indicator,
        level: &str,
    ) -> Option<(Period, &[(&'a Observation, Standing)])> {
        let period = self.covered.get(&indicator.id)?.get(level)?;
        let list = self.rankings(indicator, level)?.get(period)?;
        Some((*period, list.as_slice()))
    }

    /// Everyone of a level in each period that anything was observed in.
    pub fn rankings(&self, indicator: &Indicator, level: &str) -> Option<&Ranked<'a>> {
        self.rankings.get(&indicator.id)?.get(level)
    }

    /// The targets of an indicator that are read on an organisation, in the order of the table.
    pub fn targets_on(&self, indicator: &Indicator, org: &OrgId) -> Vec<&'a Target> {
        let answered = self.answered.get(&indicator.id).map_or(&[][..], Vec::as_slice);
        answered.iter().copied().filter(|target| self.cascade.is_read_on(target, org)).collect()
    }

    /// All targets that are read on an organisation, in the order of the table.
    pub fn targets_of(&self, org: &OrgId) -> Vec<&'a Target> {
        self.results.targets.iter().filter(|target| self.cascade.is_read_on(target, org)).collect()
    }

    /// The bodies that a target for a whole level is read on when it is due; none for a target of one body.
    pub fn bodies(&self, target: &Target) -> &[&'a Organisation] {
        self.bound.get(&target.id).map_or(&[], Vec::as_slice)
    }

    /// How a target stands on a body, by each indicator that has numbers of it; nothing where nothing was observed.
    pub fn progress(&self, target: &Target, org: Option<&OrgId>) -> &[&'a TargetProgress] {
        let bodies = self.progress.get(&target.id);
        bodies.and_then(|bodies| bodies.get(org.map_or("", OrgId::as_str))).map_or(&[], Vec::as_slice)
    }

    /// How a target stands on a body that is there when it is due.
    pub fn status(&self, target: &Target, body: &Organisation) -> Status {
        let decides = self.progress(target, Some(&body.id)).iter().find(|row| row.decides);
        decides.map_or(Status::NoData, |row| row.status)
    }

    /// Every row of a target, in the order of the results.
    pub fn rows_of(&self, target: &Target) -> &[&'a TargetProgress] {
        self.by_target.get(&target.id).map_or(&[], Vec::as_slice)
    }

    /// What ended before a target was due: the whole level, the group that stands for it, or the one body.
    pub fn ended(&self, target: &Target, org: Option<&OrgId>) -> Option<Ended> {
        self.cascade.ended(target, org)
    }

    /// The bounds that values of an organisation must not contradict when printed.
    pub fn bounds(&self, indicator: &Indicator, org: &OrgId) -> Vec<Bound> {
        self.targets_on(indicator, org).iter().map(|target| (target.comparator, target.value)).collect()
    }

    /// The indicators that answer a target, in its unit.
    pub fn answers(&self, target: &Target) -> Vec<&'a Indicator> {
        self.results.indicators.iter().filter(|indicator| answers(indicator, target)).collect()
    }
}

/// The targets that each indicator answers.
fn answered(results: &Results) -> BTreeMap<&IndicatorId, Vec<&Target>> {
    let of = |indicator: &Indicator| results.targets.iter().filter(|one| answers(indicator, one)).collect();
    results.indicators.iter().map(|indicator| (&indicator.id, of(indicator))).collect()
}

/// The observations of one organisation.
fn of<'v, 'a>(list: &'v Observed<'a>, indicator: &Indicator, org: &OrgId) -> &'v [&'a Observation] {
    list.get(&indicator.id).and_then(|orgs| orgs.get(org)).map_or(&[], Vec::as_slice)
}

/// The number, or why there is none; what is not a number was not reported.
pub fn measured(observation: &Observation) -> Result<f64, Missing> {
    match observation.measure {
        Measure::Value(value) if value.is_finite() => Ok(value),
        Measure::Value(_) => Err(Missing::NotReported),
        Measure::Missing(missing) => Err(missing),
    }
}

/// The last of the observations that has a number.
pub fn last_valued<'a>(totals: &[&'a Observation]) -> Option<(&'a Observation, f64)> {
    totals.iter().rev().find_map(|observation| Some((*observation, measured(observation).ok()?)))
}

/// The observation before another one over the same length of time, where it has a number.
///
/// Whether the two may be compared is another question: see [`obstacle_within`].
pub fn previous<'a>(totals: &[&'a Observation], latest: &Observation) -> Option<(&'a Observation, f64)> {
    let same = |o: &&&Observation| o.period < latest.period && kind(o.period) == kind(latest.period);
    totals.iter().rev().filter(same).find_map(|o| Some((*o, measured(o).ok()?)))
}

/// The observations that may be compared with the last one that has a number.
pub fn comparable<'a>(indicator: &Indicator, totals: &[&'a Observation]) -> Vec<&'a Observation> {
    let Some((latest, _)) = last_valued(totals) else { return vec![] };
    let same = |o: &&&Observation| obstacle_within(indicator, totals, o.period, latest.period).is_none();
    totals.iter().filter(same).copied().collect()
}

/// Whether the parts of an indicator are pieces of its total, so that they may be stacked.
///
/// True where for more than half of the organisations and periods with both the sum is the total within 0.01.
pub fn parts_add_up(view: &View<'_>, indicator: &Indicator) -> bool {
    if !matches!(indicator.unit, Unit::Points | Unit::Count) || indicator.shape == Shape::Ratio {
        return false;
    }
    let (mut equal, mut all) = (0, 0);
    for (org, totals) in view.totals.get(&indicator.id).into_iter().flatten() {
        let parts = of(&view.parts, indicator, org);
        for total in totals {
            let Ok(total_value) = measured(total) else { continue };
            let values: Vec<_> =
                parts.iter().filter(|part| part.period == total.period).map(|part| measured(part)).collect();
            if values.is_empty() || values.iter().any(Result::is_err) {
                continue;
            }
            let sum: f64 = values.into_iter().flatten().sum();
            all += 1;
            equal += usize::from((sum - total_value).abs() <= 0.01 + 1e-9);
        }
    }
    equal * 2 > all
}

/// Observations of one period, best first, with their places; those without a number come last.
pub fn ranked<'a>(indicator: &Indicator, mut list: Vec<&'a Observation>) -> Vec<(&'a Observation, Standing)> {
    let value = |observation: &Observation| measured(observation).ok();
    list.sort_by(|a, b| match (value(a), value(b)) {
        (Some(a_value), Some(b_value)) => {
            let order = a_value.total_cmp(&b_value);
            let better = indicator.direction == Direction::LowerIsBetter;
            (if better { order } else { order.reverse() }).then_with(|| a.org.cmp(&b.org))
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.org.cmp(&b.org),
    });
    let of = list.iter().filter(|observation| value(observation).is_some()).count();
    let mut ranked: Vec<(&Observation, Standing)> = vec![];
    for (index, observation) in list.into_iter().enumerate() {
        let same = ranked.last().filter(|(last, _)| value(last) == value(observation));
        let place = same.map_or(index + 1, |(_, standing)| standing.place);
        ranked.push((observation, Standing { place, of }));
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn equal_values_share_a_place_and_missing_ones_have_none() {
        let results = fixture::results();
        let view = View::new(&results);
        let indicator = view.indicator(&fixture::indicator_id("score")).expect("in the fixture");
        let (period, list) = view.ranking(indicator, "province").expect("ranked");
        assert_eq!(period.to_string(), "2026-01-01/2026-09-17");
        let places: Vec<_> = list.iter().map(|(o, s)| (o.org.as_str(), s.place, s.of)).collect();
        assert_eq!(places, [("P1", 1, 4), ("P2", 2, 4), ("P3", 2, 4), ("P4", 4, 4)]);
    }

    #[test]
    fn only_equal_lengths_of_time_are_compared() {
        let results = fixture::results();
        let view = View::new(&results);
        let indicator = view.indicator(&fixture::indicator_id("on-time")).expect("in the fixture");
        let org = fixture::org_id("VN");
        let totals = view.totals(indicator, &org);
        let (latest, _) = last_valued(totals).expect("a value");
        assert_eq!(latest.period.to_string(), "2026-09");
        let (before, _) = previous(totals, latest).expect("a value before");
        assert_eq!(before.period.to_string(), "2026-08");
        assert_eq!(obstacle_within(indicator, totals, before.period, latest.period), None);
        let (april, may) = ("2026-04".parse().expect("valid"), "2026-05".parse().expect("valid"));
        assert!(obstacle_within(indicator, totals, april, may).is_some());
        let since: Vec<_> = comparable(indicator, totals).iter().map(|o| o.period.to_string()).collect();
        assert_eq!(since, ["2026-05", "2026-08", "2026-09"]);
    }

    #[test]
    fn parts_are_stacked_only_where_they_add_up() {
        let results = fixture::results();
        let view = View::new(&results);
        let stacked = |id: &str| parts_add_up(&view, view.indicator(&fixture::indicator_id(id)).expect(id));
        assert!(stacked("score"));
        assert!(!stacked("on-time"));
        assert!(!stacked("egdi-rank"));
    }

    #[test]
    fn the_period_of_a_merger_does_not_stand_for_those_after_it() {
        let mut results = fixture::results();
        let day = |text: &str| text.parse().ok();
        // Four old bodies until June, two new ones since: the third quarter has numbers of all six.
        for (n, org) in results.organisations.iter_mut().filter(|org| org.level == "province").enumerate() {
            if n < 4 {
                org.valid_to = day("2025-06-30");
            } else {
                (org.valid_from, org.valid_to) = (day("2025-07-01"), None);
            }
        }
        let provinces: Vec<_> = results
            .organisations
            .iter()
            .filter(|org| org.level == "province")
            .map(|org| org.id.clone())
            .collect();
        assert_eq!(provinces.len(), 6);
        results.observations.clear();
        let mut add = |org: &str, period: &str| {
            let value = crate::model::measure::Measure::Value(1.0);
            results.observations.push(fixture::observation("score", org, period, "", value));
        };
        provinces.iter().for_each(|org| add(org.as_str(), "2025-Q3"));
        provinces[4..].iter().for_each(|org| add(org.as_str(), "2025-Q4"));
        let view = View::new(&results);
        let indicator = view.indicator(&fixture::indicator_id("score")).expect("in the fixture");
        let (period, list) = view.ranking(indicator, "province").expect("ranked");
        assert_eq!((period.to_string().as_str(), list.len()), ("2025-Q4", 2));
    }

    #[test]
    fn a_nation_has_its_place_among_its_equals_elsewhere() {
        let mut results = fixture::results();
        let world = Organisation {
            id: fixture::org_id("WORLD"),
            level: "group".to_owned(),
            parent: None,
            ..results.organisations[0].clone()
        };
        let state = |id: &str| Organisation {
            id: fixture::org_id(id),
            level: "state".to_owned(),
            parent: Some(world.id.clone()),
            ..world.clone()
        };
        results.organisations.extend(["KN", "MN", "QA"].map(state));
        results.organisations.push(world.clone());
        results.indicators.iter_mut().for_each(|one| one.headline = Some(fixture::org_id("VN")));
        let mut add = |org: &str, value: f64| {
            let value = Measure::Value(value);
            results.observations.push(fixture::observation("score", org, "2022", "", value));
        };
        let scores = [("QA", 0.9), ("VN", 0.7), ("KN", 0.6), ("MN", 0.5), ("WORLD", 0.6), ("P1", 0.8)];
        scores.into_iter().for_each(|(org, value)| add(org, value));
        let view = View::new(&results);
        let indicator = view.indicator(&fixture::indicator_id("score")).expect("in the fixture");
        let (_, list) = view.ranking(indicator, "state").expect("ranked");
        let places: Vec<_> = list.iter().map(|(o, s)| (o.org.as_str(), s.place, s.of)).collect();
        assert_eq!(places, [("QA", 1, 4), ("VN", 2, 4), ("KN", 3, 4), ("MN", 4, 4)]);
        let own = view
            .totals(indicator, &fixture::org_id("VN"))
            .iter()
            .find(|one| one.period.start().to_string() == "2022-01-01");
        assert_eq!(view.standing(own.expect("a number")), Some(Standing { place: 2, of: 4 }));
        // Neither those below it nor what is put together from others are its equals.
        for (level, n) in [("group", 1), ("province", 4)] {
            let (_, list) = view.ranking(indicator, level).expect("ranked");
            assert_eq!(list.len(), n, "{level}");
        }
    }
}
