//! Restating: numbers as they would be had the map of one day always been there.
//!
//! Takes `out.observation`, the organisations and the links between them; gives `out.restated`, only where it differs from
//! what was reported. Numerators and denominators add, so whole mergers are exact; no rate is ever averaged. A piece with a
//! known share is estimated, one without is broken. Nothing is taken back in time: a body that ended has no later numbers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::frame::measure;
use super::links::{LINKS, wrong_links};
use crate::db::{Cell, Db, Params};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::indicator::{Indicator, Restate};
use crate::model::measure::{Measure, Missing};
use crate::model::restated::Mark;

/// Writes `out.restated` anew for the map of a day; gives how many numbers there are in it.
///
/// Links that cannot be used leave it empty: a sum without one of its parts would look whole.
pub fn restate(db: &Db, indicators: &[&Indicator], map_on: NaiveDate) -> Result<u64, Problems> {
    let problem = match db.has_view(LINKS)? {
        true => wrong_links(db)?,
        false => None,
    };
    let is_usable = db.has_view(LINKS)? && problem.is_none();
    let count = db.transaction(|| -> Result<u64, Problems> {
        db.run("DELETE FROM out.restated; DELETE FROM out.restated_part")?;
        if is_usable { fill(db, indicators, map_on) } else { Ok(0) }
    })?;
    match problem {
        Some(problem) => Err(problem.into()),
        None => Ok(count),
    }
}

fn fill(db: &Db, indicators: &[&Indicator], map_on: NaiveDate) -> Result<u64, Problems> {
    let stocks = indicators.iter().filter(|indicator| indicator.restate == Restate::Stock);
    let stocks = stocks.map(|indicator| indicator.id.as_str()).collect::<Vec<_>>().join(",");
    let params: Params = &[("map_on", map_on.to_string().into()), ("stocks", stocks.into())];
    let parts = concat!("INSERT INTO out.restated_part\n", include_str!("restated_part.sql"));
    db.execute(parts, params)?;
    let known: BTreeMap<&str, &Indicator> =
        indicators.iter().map(|indicator| (indicator.id.as_str(), *indicator)).collect();
    let mut problems = Problems::default();
    let mut rows = vec![];
    for row in &db.query(include_str!("restated.sql"), &params[1..])?.rows {
        let indicator = row[0].text().and_then(|id| known.get(id));
        let Some(indicator) = indicator else { continue };
        rows.extend(problems.keep(restated(indicator, &Sum::of(row), row, map_on)));
    }
    let count = rows.len() as u64;
    db.append("out", "restated", rows)?;
    problems.or(count)
}

/// What is known of the parts of one number, as `restated.sql` gives it.
struct Sum {
    numerator: Option<f64>,
    denominator: Option<f64>,
    lowest_value: Option<f64>,
    expected: i64,
    of_unknown_share: i64,
    divided: i64,
    valued: i64,
    nothing_to_count: i64,
    not_applicable: i64,
    withheld: i64,
    not_comparable: i64,
    formulas: (Option<i64>, Option<i64>),
    statuses: String,
}

impl Sum {
    fn of(row: &[Cell]) -> Sum {
        let count = |at: usize| row[at].integer().unwrap_or(0);
        Sum {
            numerator: row[4].number(),
            denominator: row[5].number(),
            lowest_value: row[6].number(),
            expected: count(7),
            of_unknown_share: count(8),
            divided: count(9),
            valued: count(10),
            nothing_to_count: count(11),
            not_applicable: count(12),
            withheld: count(13),
            not_comparable: count(14),
            formulas: (row[15].integer(), row[16].integer()),
            statuses: row[17].shown(),
        }
    }

    /// Parts with a number, or with the word that there is none to add.
    fn known(&self) -> i64 {
        self.valued + self.nothing_to_count + self.not_applicable
    }

    /// Whether the parts can be put together; one whole body that only changed its id can, whatever its number is.
    fn is_addable(&self, restate: Restate) -> bool {
        let is_one_whole = self.expected == 1 && self.divided == 0;
        self.of_unknown_share == 0
            && self.not_comparable == 0
            && self.formulas.0 == self.formulas.1
            && (restate != Restate::None || is_one_whole)
    }

    /// How far the number can be trusted, and what it is.
    ///
    /// A part that is withheld makes the sum withheld, for it could be had by difference; one that has nothing to count, or to
    /// which the question does not apply, adds nothing.
    fn judge(&self, indicator: &Indicator) -> (Mark, Measure) {
        if !self.is_addable(indicator.restate) {
            return (Mark::Broken, Measure::Missing(Missing::NotComparable));
        }
        if self.known() + self.withheld < self.expected {
            return (Mark::Incomplete, Measure::Missing(Missing::NotReported));
        }
        let mark = if self.divided > 0 { Mark::Estimated } else { Mark::Exact };
        let measure = match (self.withheld, self.valued, self.nothing_to_count) {
            (1.., ..) => Measure::Missing(Missing::Withheld),
            (_, 0, 0) => Measure::Missing(Missing::NotApplicable),
            (_, 0, _) => Measure::Missing(Missing::NothingToCount),
            _ => measure(indicator, self.numerator, self.denominator, self.lowest_value),
        };
        (mark, measure)
    }

    /// SDMX `OBS_STATUS`: that of the part one should trust least.
    fn status(&self, mark: Mark, measure: Measure) -> String {
        match (mark, measure) {
            (_, Measure::Missing(reason)) => reason.status().to_owned(),
            (Mark::Estimated, _) => "E".to_owned(),
            _ => {
                let statuses: BTreeSet<&str> = self.statuses.split(' ').collect();
                let least = ["B", "E", "P"].into_iter().find(|status| statuses.contains(status));
                least.or(statuses.into_iter().next()).unwrap_or("A").to_owned()
            }
        }
    }
}

/// A row of `out.restated`.
fn restated(
    indicator: &Indicator,
    sum: &Sum,
    row: &[Cell],
    map_on: NaiveDate,
) -> Result<Vec<Cell>, Diagnostic> {
    let (mark, measure) = sum.judge(indicator);
    let (value, missing) = match measure {
        Measure::Value(value) => (Some(value), None),
        Measure::Missing(reason) => (None, Some(reason.word())),
    };
    if value.is_some_and(|value| !value.is_finite()) {
        let [org, period] = [&row[1], &row[2]].map(Cell::shown);
        return Err(Diagnostic::error(format!(
            "the restated value of `{}` for `{org}` in {period} is not finite",
            indicator.id
        )));
    }
    // Sums of some of the parts would be taken for the whole.
    let is_sum = value.is_some() || missing == Some(Missing::NothingToCount.word());
    let number = |part: Option<f64>| part.filter(|_| is_sum).map_or(Cell::Null, Cell::Number);
    let (first, last) = sum.formulas;
    Ok(vec![
        indicator.id.as_str().into(),
        map_on.to_string().into(),
        row[1].clone(),
        row[2].clone(),
        Cell::Boolean(indicator.restate == Restate::Stock),
        row[3].clone(),
        number(sum.numerator),
        number(sum.denominator),
        value.map_or(Cell::Null, Cell::Number),
        missing.map(str::to_owned).into(),
        mark.word().into(),
        Cell::Integer(sum.known()),
        Cell::Integer(sum.expected),
        sum.status(mark, measure).into(),
        first.filter(|_| first == last).map_or(Cell::Null, Cell::Integer),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::indicator::{Direction, Shape, Unit};
    use crate::model::period::{Calendar, PeriodKind};
    use crate::model::text::Text;

    fn rate(restate: Restate) -> Indicator {
        Indicator {
            id: "rate".parse().expect("valid"),
            title: Text::both("Tỷ lệ", "Rate"),
            unit: Unit::Percent,
            direction: Direction::None,
            shape: Shape::Ratio,
            decimals: 0,
            scale: 100.0,
            period: PeriodKind::Any,
            calendar: Calendar::Civil,
            formula: 1,
            restate,
            breaks: vec![],
            params: BTreeMap::new(),
            headline: None,
            breakdown: vec![],
            targets: vec![],
            sources: vec![],
            legal_basis: None,
            method: Text::both("Tỷ lệ", "Rate"),
            note: None,
            sql: String::new(),
        }
    }

    /// Two whole bodies with 30 of 40 together.
    fn two() -> Sum {
        Sum {
            numerator: Some(30.0),
            denominator: Some(40.0),
            lowest_value: Some(50.0),
            expected: 2,
            of_unknown_share: 0,
            divided: 0,
            valued: 2,
            nothing_to_count: 0,
            not_applicable: 0,
            withheld: 0,
            not_comparable: 0,
            formulas: (Some(1), Some(1)),
            statuses: "A".to_owned(),
        }
    }

    #[track_caller]
    fn check(sum: &Sum, expected: (Mark, Measure, &str)) {
        let (mark, measure) = sum.judge(&rate(Restate::Sum));
        assert_eq!((mark, measure, sum.status(mark, measure).as_str()), expected);
    }

    #[test]
    fn parts_add_up_or_say_why_not() {
        let missing = Measure::Missing;
        check(&two(), (Mark::Exact, Measure::Value(75.0), "A"));
        check(&Sum { divided: 1, ..two() }, (Mark::Estimated, Measure::Value(75.0), "E"));
        check(&Sum { of_unknown_share: 1, ..two() }, (Mark::Broken, missing(Missing::NotComparable), "O"));
        let two_formulas = Sum { formulas: (Some(1), Some(2)), ..two() };
        check(&two_formulas, (Mark::Broken, missing(Missing::NotComparable), "O"));
        check(
            &Sum { not_comparable: 1, valued: 1, ..two() },
            (Mark::Broken, missing(Missing::NotComparable), "O"),
        );
        check(&Sum { valued: 1, ..two() }, (Mark::Incomplete, missing(Missing::NotReported), "L"));
        check(&Sum { valued: 1, withheld: 1, ..two() }, (Mark::Exact, missing(Missing::Withheld), "Q"));
        // What is withheld must not show through where another part is silent.
        let both = Sum { valued: 1, withheld: 1, expected: 3, ..two() };
        check(&both, (Mark::Incomplete, missing(Missing::NotReported), "L"));
    }

    #[test]
    fn nothing_to_count_adds_nothing() {
        check(&Sum { valued: 1, nothing_to_count: 1, ..two() }, (Mark::Exact, Measure::Value(75.0), "A"));
        check(&Sum { valued: 1, not_applicable: 1, ..two() }, (Mark::Exact, Measure::Value(75.0), "A"));
        let none = Sum { valued: 0, numerator: None, denominator: None, ..two() };
        let nothing = Sum { nothing_to_count: 1, not_applicable: 1, ..none };
        check(&nothing, (Mark::Exact, Measure::Missing(Missing::NothingToCount), "M"));
        let not_applicable = Sum { nothing_to_count: 0, not_applicable: 2, ..nothing };
        check(&not_applicable, (Mark::Exact, Measure::Missing(Missing::NotApplicable), "M"));
    }

    #[test]
    fn the_least_trusted_part_gives_the_status() {
        check(&Sum { statuses: "A P".to_owned(), ..two() }, (Mark::Exact, Measure::Value(75.0), "P"));
        check(&Sum { statuses: "E P".to_owned(), ..two() }, (Mark::Exact, Measure::Value(75.0), "E"));
        check(&Sum { statuses: "A B".to_owned(), ..two() }, (Mark::Exact, Measure::Value(75.0), "B"));
    }

    #[test]
    fn what_is_not_added_still_goes_with_a_name() {
        let one = Sum { expected: 1, valued: 1, ..two() };
        assert_eq!(one.judge(&rate(Restate::None)), (Mark::Exact, Measure::Value(75.0)));
        assert_eq!(two().judge(&rate(Restate::None)).0, Mark::Broken);
        assert_eq!(Sum { divided: 1, ..one }.judge(&rate(Restate::None)).0, Mark::Broken);
    }
}
