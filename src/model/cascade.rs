//! Which bodies a target is read on: the one that it names, the group that stands for its level, each body of the level.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::id::OrgId;
use super::indicator::{Indicator, Unit};
use super::organisation::Organisation;
use super::target::{Ended, Target};

/// The organisations with the days on which their levels ended.
pub struct Cascade<'a> {
    all: &'a [Organisation],
    by_id: BTreeMap<&'a OrgId, &'a Organisation>,
    /// The last day of every level that has no body any more.
    level_ends: BTreeMap<&'a str, NaiveDate>,
}

impl<'a> Cascade<'a> {
    /// Looks through the organisations once.
    pub fn new(organisations: &'a [Organisation]) -> Self {
        Cascade {
            all: organisations,
            by_id: organisations.iter().map(|org| (&org.id, org)).collect(),
            level_ends: level_ends(organisations),
        }
    }

    /// An organisation.
    pub fn organisation(&self, id: &OrgId) -> Option<&'a Organisation> {
        self.by_id.get(id).copied()
    }

    /// Whether a target is read on an organisation: because it names it, or because it is set for its whole level.
    pub fn is_read_on(&self, target: &Target, org: &OrgId) -> bool {
        let concerns = || self.organisation(org).is_some_and(|body| target.concerns(body));
        target.org.as_ref() == Some(org) || (self.is_for_a_level(target) && concerns())
    }

    /// Whether a target is set for every body of its level: it is, unless it names one of them.
    pub fn is_for_a_level(&self, target: &Target) -> bool {
        let named = target.org.as_ref().map(|org| self.organisation(org));
        named.is_none_or(|org| org.is_some_and(|org| org.level != target.level))
    }

    /// The bodies that a target for a whole level is read on when it is due; none for a target of one body.
    pub fn bodies(&self, target: &Target) -> Vec<&'a Organisation> {
        if !self.is_for_a_level(target) {
            return vec![];
        }
        let is_bound =
            |org: &&Organisation| target.concerns(org) && self.ended(target, Some(&org.id)).is_none();
        self.all.iter().filter(is_bound).collect()
    }

    /// What ended before a target was due: the whole level, the group that stands for it, or the one body.
    pub fn ended(&self, target: &Target, org: Option<&OrgId>) -> Option<Ended> {
        let in_time = |day: &NaiveDate| *day < target.due_on;
        let level = self.level_ends.get(target.level.as_str()).copied().filter(in_time);
        let body = org.and_then(|org| self.organisation(org));
        let body_ends = body.and_then(|body| body.valid_to).filter(in_time);
        match (level, body_ends) {
            (Some(day), _) => Some(Ended::Level(day)),
            (None, Some(day)) if body.is_some_and(|body| body.level == target.level) => {
                Some(Ended::Body(day))
            }
            (None, Some(day)) => Some(Ended::Level(day)),
            (None, None) => None,
        }
    }
}

/// The last day of every level whose bodies have all ended.
fn level_ends(organisations: &[Organisation]) -> BTreeMap<&str, NaiveDate> {
    let mut ends: BTreeMap<&str, Option<NaiveDate>> = BTreeMap::new();
    for org in organisations {
        let end = ends.entry(&org.level).or_insert(org.valid_to);
        *end = end.zip(org.valid_to).map(|(one, other)| one.max(other));
    }
    ends.into_iter().filter_map(|(level, end)| Some((level, end?))).collect()
}

/// Whether an indicator answers a target: it names it, in its unit; an unknown unit is taken for granted.
pub fn answers(indicator: &Indicator, target: &Target) -> bool {
    indicator.targets.contains(&target.id) && is_comparable(indicator, &target.unit)
}

/// Whether the unit of a target is that of the indicator; an unknown unit is taken for granted.
pub fn is_comparable(indicator: &Indicator, unit: &str) -> bool {
    unit_of(unit).is_none_or(|unit| unit == indicator.unit)
}

/// The unit that a target names, where it is one that indicators have.
pub fn unit_of(word: &str) -> Option<Unit> {
    match word {
        "%" | "percent" => Some(Unit::Percent),
        "count" | "services" => Some(Unit::Count),
        "points" => Some(Unit::Points),
        "index" => Some(Unit::Index),
        "rank" => Some(Unit::Rank),
        "days" => Some(Unit::Days),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Text;

    #[test]
    fn a_level_ends_with_the_last_of_its_bodies() {
        let body = |id: &str, until: Option<&str>| Organisation {
            id: id.parse().expect("valid"),
            name: Text::both(id, id),
            level: "province".into(),
            parent: None,
            valid_from: None,
            valid_to: until.map(|day| day.parse().expect("a day")),
        };
        let ends = |bodies: &[Organisation]| level_ends(bodies).get("province").copied();
        assert_eq!(ends(&[body("A", Some("2025-06-30")), body("B", None)]), None, "one is still there");
        let both = [body("A", Some("2025-06-30")), body("B", Some("2025-06-20"))];
        assert_eq!(ends(&both), "2025-06-30".parse().ok());
    }
}
