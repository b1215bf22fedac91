//! Indices in time: the scores that the results hold, handed to the engine that takes changes apart and looks ahead.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::index::{Ahead, Panel, Side, attribute, outlook};
use crate::model::id::OrgId;
use crate::model::index::IndexResults;
use crate::model::outlook::{Attribution, Course, Outlook, OutlookPlan, bounds};
use crate::model::period::Period;

/// How many times the years to come are drawn: a chance is then right to one in a hundred.
const DRAWS: u32 = 4_000;
/// Where chance starts unless it is told otherwise.
pub const SEED: u64 = 1;

/// The course of every index that is followed.
pub fn courses(indices: &[IndexResults]) -> Vec<Course> {
    indices.iter().filter_map(|index| course(index, None, SEED)).collect()
}

/// The course of an index, to the last year of its plan or to another one; none if the index is not followed.
pub fn course(index: &IndexResults, to: Option<i32>, seed: u64) -> Option<Course> {
    let plan = index.tree.outlook.as_ref()?;
    Some(Course {
        index: index.tree.id.clone(),
        outlook: look_ahead(index, plan, to.unwrap_or(plan.to), seed),
        attributions: attributions(index),
    })
}

fn look_ahead(index: &IndexResults, plan: &OutlookPlan, to: i32, seed: u64) -> Option<Outlook> {
    let panel = panel(index)?;
    let last = *panel.years.last()?;
    let years = (1..).map(|n| last + n * i32::try_from(plan.every).unwrap_or(i32::MAX));
    let years = years.take_while(|year| *year <= to).collect();
    outlook(&panel, &Ahead { years, places: plan.places.clone(), draws: DRAWS, seed })
}

/// The scores of the whole by edition; periods of one year follow one another, others are not editions.
fn panel(index: &IndexResults) -> Option<Panel> {
    let of_whole = || index.top_scores().filter(|score| score.above.is_none());
    let mut editions: BTreeMap<i32, Period> = BTreeMap::new();
    let mut scores: BTreeMap<&OrgId, BTreeMap<i32, f64>> = BTreeMap::new();
    for score in of_whole() {
        let year = year(score.period)?;
        editions.insert(year, score.period);
        if let Some(known) = score.known() {
            scores.entry(&score.org).or_default().insert(year, known);
        }
    }
    let rules = |period: &Period| index.tree.edition_on(period.end());
    Some(Panel {
        years: editions.keys().copied().collect(),
        formulas: editions.values().map(|period| rules(period).map_or(0, |rules| rules.formula)).collect(),
        bodies: scores
            .into_iter()
            .map(|(org, scores)| {
                (org.clone(), editions.keys().map(|year| scores.get(year).copied()).collect())
            })
            .collect(),
        bounds: bounds(index.tree.unit)?,
        ranking: rules(editions.values().next_back()?)?.ranking,
    })
}

/// The year of a period that is one.
fn year(period: Period) -> Option<i32> {
    let (first, last) = (period.start(), period.end());
    let is_year =
        first.year() == last.year() && first.ordinal() == 1 && (last.month(), last.day()) == (12, 31);
    is_year.then_some(first.year())
}

/// The changes of the body that is shown first, from each edition that it was scored in to the next one.
fn attributions(index: &IndexResults) -> Vec<Attribution> {
    let Some(own) = &index.tree.headline else { return vec![] };
    let sides = sides(index);
    let scored: Vec<_> = sides.iter().filter(|side| side.bodies.contains_key(own)).collect();
    scored.windows(2).filter_map(|pair| attribute(&index.tree, pair[0], pair[1], own)).collect()
}

/// By period, what the parts right below the whole gave into it.
fn sides(index: &IndexResults) -> Vec<Side<'_>> {
    let mut sides: BTreeMap<Period, Side<'_>> = BTreeMap::new();
    for score in index.top_scores().filter(|score| score.above.is_some()) {
        let Some(edition) = index.tree.edition_on(score.period.end()) else { continue };
        let side = sides.entry(score.period).or_insert_with(|| Side {
            period: score.period,
            edition,
            bodies: BTreeMap::new(),
        });
        if let Some(value) = score.given.or(score.value) {
            side.bodies.entry(score.org.clone()).or_default().insert(score.part.clone(), value);
        }
    }
    sides.into_values().collect()
}
