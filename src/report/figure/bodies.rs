//! What is drawn of the bodies of a level beside their ranking: where their values lie, their courses, who rose and who
//! fell, the mix of their totals.

use std::collections::BTreeMap;

use super::{ChartKind, Drawing, breaks, course_finding, part_name, point, stack_chart};
use crate::chart::distribution::{Body, DistributionChart};
use crate::chart::line::Point;
use crate::chart::multiples::{Multiples, Panel};
use crate::chart::slope::{SlopeChart, SlopeLine};
use crate::chart::stack::StackChart;
use crate::model::id::OrgId;
use crate::model::indicator::{Direction, Indicator, Unit};
use crate::model::period::Period;
use crate::model::results::Observation;
use crate::model::series::{kind, obstacle, obstacle_within};
use crate::report::book::Book;
use crate::report::headline::{change, why_missing};
use crate::report::time;
use crate::report::view::{Standing, measured};

/// Fewer values than this are read off the bars.
const FEWEST_SPREAD: usize = 12;
/// More small charts than this are a page of their own.
const MOST_PANELS: usize = 63;
/// Periods of small charts, the last ones.
const MOST_PERIODS: usize = 12;
/// More lines than this cannot be told apart.
const MOST_LINES: usize = 40;

/// Where the values of a level lie.
pub struct Spread {
    /// How many have a value.
    pub n: usize,
    /// The least and the greatest.
    pub ends: (f64, f64),
    /// Lower quartile, median, upper quartile: of the bodies, each counted once whatever its size.
    pub quartiles: [f64; 3],
}

/// Where the values of a level lie; none where they are few, or are places, which lie evenly.
pub fn spread(indicator: &Indicator, list: &[(&Observation, Standing)]) -> Option<Spread> {
    let mut values: Vec<f64> = list.iter().filter_map(|(one, _)| measured(one).ok()).collect();
    if values.len() < FEWEST_SPREAD || indicator.unit == Unit::Rank {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let ends = (values[0], values[values.len() - 1]);
    Some(Spread { n: values.len(), ends, quartiles: [0.25, 0.5, 0.75].map(|at| quantile(&values, at)) })
}

/// The value that a share of the sorted values lies at or below, between two of them in proportion (Hyndman and Fan 1996,
/// type 7: the one of R, NumPy and spreadsheets).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

/// All values of a level along one axis, with the body that is shown first marked where it is one of them.
pub fn distribution<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    list: &[(&Observation, Standing)],
) -> Option<Drawing<'a>> {
    let spread = spread(indicator, list)?;
    let bodies: Vec<Body> = list.iter().filter_map(|(one, _)| body(book, indicator, one)).collect();
    let write = |value: f64| book.words.value(indicator, value, &[]);
    let [low, middle, high] = spread.quartiles.map(write);
    let n = book.words.numbers.whole(spread.n as u64);
    let finding =
        book.words.fill("spread_finding", &[("n", &n), ("low", &low), ("middle", &middle), ("high", &high)]);
    let chart = DistributionChart {
        title: book.text(&indicator.title).to_owned(),
        finding,
        bodies,
        quartiles: Some(spread.quartiles),
        quartile_names: ["lower_quartile", "median", "upper_quartile"].map(|key| book.word(key)),
        reversed: indicator.direction == Direction::LowerIsBetter,
        ..DistributionChart::default()
    };
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| DistributionChart { width, ..chart.clone() }.render(id, &number);
    let direction = (indicator.direction == Direction::LowerIsBetter).then(|| book.word("axis_runs_left"));
    let notes: Vec<String> = direction.into_iter().chain(without_value(book, list)).collect();
    Some(
        Drawing::new(ChartKind::Distribution, words, draw)
            .noted((!notes.is_empty()).then(|| notes.join(" "))),
    )
}

fn body(book: &Book<'_>, indicator: &Indicator, one: &Observation) -> Option<Body> {
    let value = measured(one).ok()?;
    let title = format!("{}: {}", book.name(&one.org), book.value(indicator, &one.org, value));
    let mark = (indicator.headline.as_ref() == Some(&one.org)).then(|| title.clone());
    Some(Body { value, title, mark })
}

/// `Chưa có số liệu: 3 đơn vị (không công bố 1, chưa báo cáo 2)`; nothing where all have a number.
fn without_value(book: &Book<'_>, list: &[(&Observation, Standing)]) -> Option<String> {
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for (one, _) in list.iter().filter(|(one, _)| measured(one).is_err()) {
        *reasons.entry(why_missing(book, one)).or_default() += 1;
    }
    let total: u64 = reasons.values().sum();
    let write = |(why, n): (String, u64)| format!("{why} {}", book.words.numbers.whole(n));
    let why = reasons.into_iter().map(write).collect::<Vec<_>>().join(", ");
    (total > 0).then(|| {
        let n = book.words.count("n_bodies", total);
        book.words.fill("bodies_without_value", &[("bodies", &n), ("why", &why)])
    })
}

/// The courses of the bodies of a level over periods of one length.
pub struct Courses<'a> {
    /// The periods, the oldest first.
    pub periods: Vec<Period>,
    /// The bodies in the order of the last period, each with its numbers in the order of the periods.
    pub bodies: Vec<(&'a OrgId, Vec<Option<&'a Observation>>)>,
}

/// The courses of a level: none for fewer than three periods that a good part of it has numbers of, for a level that is too
/// large, or for places.
pub fn courses<'a>(book: &Book<'a>, indicator: &Indicator, level: &str) -> Option<Courses<'a>> {
    let (last, ranked) = book.view.ranking(indicator, level)?;
    if ranked.len() > MOST_PANELS || indicator.unit == Unit::Rank {
        return None;
    }
    let all = book.view.rankings(indicator, level)?.iter();
    let known = |list: &[(&Observation, Standing)]| list.first().map_or(0, |(_, standing)| standing.of);
    let mut periods: Vec<Period> = all
        .filter(|(period, list)| **period <= last && kind(**period) == kind(last) && known(list) >= 3)
        .map(|(period, _)| *period)
        .collect();
    periods.drain(..periods.len().saturating_sub(MOST_PERIODS));
    if periods.len() < 3 {
        return None;
    }
    let numbers = |org: &'a OrgId| {
        periods.iter().map(|period| book.view.total(indicator, org, *period)).collect::<Vec<_>>()
    };
    let bodies: Vec<_> = ranked.iter().map(|(one, _)| (&one.org, numbers(&one.org))).collect();
    Some(Courses { periods, bodies })
}

/// One small chart a body, all on the same axes, the body that is shown first in grey behind each.
pub fn multiples<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    courses: &Courses<'_>,
    home: &str,
) -> Option<Drawing<'a>> {
    let (first, last) = (*courses.periods.first()?, *courses.periods.last()?);
    let all: Vec<&Observation> =
        courses.bodies.iter().flat_map(|(_, numbers)| numbers.iter().flatten().copied()).collect();
    let mut cuts = breaks(book, indicator, &all, &[]);
    cuts.sort_by(|a, b| a.x.total_cmp(&b.x).then_with(|| a.label.cmp(&b.label)));
    cuts.dedup();
    let panel = |(org, numbers): &(&OrgId, Vec<Option<&Observation>>)| {
        let known: Vec<&Observation> = numbers.iter().flatten().copied().collect();
        let at_last = numbers.last().copied().flatten();
        Panel {
            name: book.name(org),
            points: courses.periods.iter().zip(numbers).map(|(at, one)| point_of(book, *at, *one)).collect(),
            text: at_last.map_or_else(|| book.word("no_data"), |one| written(book, indicator, one)),
            title: course_finding(book, indicator, org, &known),
            href: book.organisation_href(home, org),
        }
    };
    let chart = Multiples {
        title: book.text(&indicator.title).to_owned(),
        finding: moved_finding(
            book,
            indicator,
            (first, last),
            (&ends(indicator, courses), courses.bodies.len()),
        ),
        panels: courses.bodies.iter().map(panel).collect(),
        reference: reference(book, indicator, courses),
        target: goal_of_all(book, indicator, courses),
        breaks: cuts,
        ends: (time::short_period(book.lang(), first), time::short_period(book.lang(), last)),
        from_zero: !matches!(indicator.unit, Unit::Index | Unit::Count | Unit::Points),
        ..Multiples::default()
    };
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| Multiples { width, ..chart.clone() }.render(id, &number);
    Some(Drawing::new(ChartKind::Multiples, words, draw))
}

/// A point of a course; where nothing was observed, one without a value.
fn point_of(book: &Book<'_>, period: Period, one: Option<&Observation>) -> Point {
    let missing = || Point { x: period.decimal_end(), label: book.period(period), ..Point::default() };
    one.map_or_else(missing, |one| point(book, one))
}

fn written(book: &Book<'_>, indicator: &Indicator, one: &Observation) -> String {
    match measured(one) {
        Ok(value) => book.value(indicator, &one.org, value),
        Err(_) => why_missing(book, one),
    }
}

/// The first and the last number of each body over the periods, where the two may be compared.
fn ends<'a>(indicator: &Indicator, courses: &Courses<'a>) -> Vec<Move<'a>> {
    let of_one = |(org, numbers): &(&'a OrgId, Vec<Option<&'a Observation>>)| {
        let known: Vec<&Observation> = numbers.iter().flatten().copied().collect();
        let (first, last) = (numbers.first()?.as_ref()?, numbers.last()?.as_ref()?);
        let cut = obstacle_within(indicator, &known, first.period, last.period);
        let difference = measured(last).ok()? - measured(first).ok()?;
        cut.is_none().then_some((*org, difference))
    };
    courses.bodies.iter().filter_map(of_one).collect()
}

/// The course of the body that is shown first over the same periods, where it is none of the panels.
fn reference(book: &Book<'_>, indicator: &Indicator, courses: &Courses<'_>) -> Option<(String, Vec<Point>)> {
    let own = book.view.headline(indicator)?;
    if courses.bodies.iter().any(|(org, _)| *org == own) {
        return None;
    }
    let numbers = courses.periods.iter().filter_map(|period| book.view.total(indicator, own, *period));
    let points: Vec<Point> = numbers.map(|one| point(book, one)).collect();
    (points.iter().filter(|point| point.y.is_some()).count() > 1).then(|| (book.name(own), points))
}

/// The next target that is read on every one of the bodies.
fn goal_of_all(book: &Book<'_>, indicator: &Indicator, courses: &Courses<'_>) -> Option<(f64, String)> {
    let (org, last) = (courses.bodies.first()?.0, courses.periods.last()?);
    let ahead = |target: &&&crate::model::target::Target| target.due_on >= last.end();
    let is_for_all = |target: &&&crate::model::target::Target| {
        courses.bodies.iter().all(|(org, _)| book.view.targets_on(indicator, org).contains(*target))
    };
    let targets = book.view.targets_on(indicator, org);
    let next = targets.iter().filter(ahead).filter(is_for_all).min_by_key(|target| target.due_on)?;
    let due = time::date(book.lang(), next.due_on);
    Some((next.value, format!("{} ({due})", book.words.demand(next, Some(indicator.unit)))))
}

/// A body and how far its number moved.
type Move<'a> = (&'a OrgId, f64);

/// `Từ Quý I/2026 đến Quý II/2026: 20 đơn vị tăng, 12 giảm, 2 không đổi; tăng nhiều nhất: …`
fn moved_finding(
    book: &Book<'_>,
    indicator: &Indicator,
    (first, last): (Period, Period),
    (moves, of): (&[Move<'_>], usize),
) -> String {
    if moves.is_empty() {
        let ends = [("first", &*book.period(first)), ("last", &*book.period_within(last))];
        return book.words.fill("moved_not_comparable", &ends);
    }
    let n = |keep: &dyn Fn(f64) -> bool| {
        book.words.numbers.whole(moves.iter().filter(|(_, by)| keep(*by)).count() as u64)
    };
    let gaps = [
        ("first", book.period(first)),
        ("last", book.period_within(last)),
        ("rose", n(&|by| by > 0.0)),
        ("fell", n(&|by| by < 0.0)),
        ("same", n(&|by| by == 0.0)),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    let (most, least) = furthest(moves);
    let named = most.into_iter().chain(least).map(|(org, by)| {
        let change = change(book, indicator, *by);
        format!("{}: {change}", book.name(org))
    });
    let mut text = book.words.fill("moved_finding", &gaps);
    if let Some(others) = of.checked_sub(moves.len()).filter(|others| *others > 0) {
        let n = book.words.numbers.whole(others as u64);
        text += &book.words.fill("moved_others", &[("n", &n)]);
    }
    let named: Vec<String> = named.collect();
    if !named.is_empty() {
        text += &format!("; {}", book.words.fill("moved_most", &[("bodies", &named.join("; "))]));
    }
    text
}

/// Who rose most and who fell most; nobody where two did so alike.
fn furthest<'m, 'a>(moves: &'m [Move<'a>]) -> (Option<&'m Move<'a>>, Option<&'m Move<'a>>) {
    let alone = |best: Option<&'m Move<'a>>| {
        best.filter(|(_, by)| moves.iter().filter(|(_, other)| other == by).count() == 1)
    };
    let most = moves.iter().filter(|(_, by)| *by > 0.0).max_by(|a, b| a.1.total_cmp(&b.1));
    let least = moves.iter().filter(|(_, by)| *by < 0.0).min_by(|a, b| a.1.total_cmp(&b.1));
    (alone(most), alone(least))
}

/// The bodies of a level in its last period and in the one before that it may be compared with.
pub struct Pair<'a> {
    /// The two periods.
    pub periods: (Period, Period),
    /// The bodies in the order of the last period, with their numbers in both; the earlier one only where it may be compared.
    pub bodies: Vec<(&'a OrgId, [Option<&'a Observation>; 2])>,
}

/// The last two periods of a level: none where nothing before may be compared, for many bodies, or for places.
pub fn pair<'a>(book: &Book<'a>, indicator: &Indicator, level: &str) -> Option<Pair<'a>> {
    let (last, ranked) = book.view.ranking(indicator, level)?;
    if ranked.len() > MOST_LINES || indicator.unit == Unit::Rank {
        return None;
    }
    let known = |list: &[(&Observation, Standing)]| list.first().map_or(0, |(_, standing)| standing.of);
    let earlier = book.view.rankings(indicator, level)?.iter().rev();
    let (first, _) = earlier
        .filter(|(period, _)| **period < last && obstacle(indicator, **period, last).is_none())
        .find(|(_, list)| known(list) >= 3)?;
    let both = |one: &&'a Observation| {
        let totals = book.view.totals(indicator, &one.org);
        let is_cut = obstacle_within(indicator, totals, *first, last).is_some();
        let before = book.view.total(indicator, &one.org, *first).filter(|_| !is_cut);
        (&one.org, [before, Some(*one)])
    };
    let bodies: Vec<_> = ranked.iter().map(|(one, _)| both(one)).collect();
    let joined = bodies.iter().filter(|(_, two)| two.iter().all(|one| value_of(*one).is_some())).count();
    (joined >= 3).then_some(Pair { periods: (*first, last), bodies })
}

/// The number of an observation that may not be there.
pub fn value_of(one: Option<&Observation>) -> Option<f64> {
    measured(one?).ok()
}

/// Who rose and who fell between two periods; those that moved furthest stand out.
pub fn slope<'a>(book: &'a Book<'a>, indicator: &'a Indicator, pair: &Pair<'_>) -> Drawing<'a> {
    let moves: Vec<Move<'_>> = pair
        .bodies
        .iter()
        .filter_map(|(org, [before, after])| Some((*org, value_of(*after)? - value_of(*before)?)))
        .collect();
    let (most, least) = furthest(&moves);
    let stands_out = |org: &OrgId| most.into_iter().chain(least).any(|(other, _)| *other == org);
    let line = |(org, two): &(&OrgId, [Option<&Observation>; 2])| SlopeLine {
        name: book.name(org),
        values: two.map(value_of).to_vec(),
        highlight: stands_out(org),
    };
    let (first, last) = pair.periods;
    let chart = SlopeChart {
        title: book.text(&indicator.title).to_owned(),
        finding: moved_finding(book, indicator, pair.periods, (&moves, pair.bodies.len())),
        times: vec![time::short_period(book.lang(), first), time::short_period(book.lang(), last)],
        lines: pair.bodies.iter().map(line).collect(),
        ..SlopeChart::default()
    };
    let number = move |value: f64| book.tick(indicator, None, value);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| SlopeChart { width, ..chart.clone() }.render(id, &number);
    Drawing::new(ChartKind::Slope, words, draw)
}

/// The parts of one body as shares of their sum; none where one is missing or below zero, or all are zero.
///
/// A part without a row is nothing where the others add up to the total, and missing where they do not.
pub fn shares_of(book: &Book<'_>, indicator: &Indicator, total: &Observation) -> Option<Vec<f64>> {
    let parts = book.view.parts(indicator, &total.org, total.period);
    let known: Option<Vec<f64>> = parts.iter().map(|part| value_of(Some(part))).collect();
    let whole: f64 = known?.iter().sum();
    let adds_up = value_of(Some(total)).is_some_and(|total| (total - whole).abs() <= 1e-9 * total.abs());
    let value = |code: &str| match parts.iter().find(|part| part.breakdown == code) {
        Some(part) => value_of(Some(part)).filter(|value| *value >= 0.0),
        None => adds_up.then_some(0.0),
    };
    let values: Option<Vec<f64>> = indicator.breakdown.iter().map(|(code, _)| value(code)).collect();
    let values = values.filter(|_| whole > 0.0)?;
    Some(values.iter().map(|value| 100.0 * value / whole).collect())
}

/// The mix of the totals of a level as shares, in the order of the first part; none for what is no count, for many bodies, or
/// for fewer than three of which all parts are known.
pub fn shares<'a>(
    book: &'a Book<'a>,
    indicator: &'a Indicator,
    list: &[(&Observation, Standing)],
    home: &str,
) -> Option<Drawing<'a>> {
    if indicator.unit != Unit::Count || indicator.breakdown.len() < 2 || list.len() > MOST_LINES {
        return None;
    }
    let mut mixed: Vec<(Vec<f64>, &(&Observation, Standing))> =
        list.iter().filter_map(|one| Some((shares_of(book, indicator, one.0)?, one))).collect();
    mixed.sort_by(|a, b| b.0[0].total_cmp(&a.0[0]).then_with(|| a.1.0.org.cmp(&b.1.0.org)));
    let (most, least) = (mixed.first()?, mixed.last()?);
    if mixed.len() < 3 {
        return None;
    }
    let percent = |share: f64| book.words.numbers.percent(&book.words.numbers.trimmed(share, 1));
    let gaps = [
        ("part", part_name(book, indicator, &indicator.breakdown[0].0)),
        ("most", book.name(&most.1.0.org)),
        ("most_share", percent(most.0[0])),
        ("least", book.name(&least.1.0.org)),
        ("least_share", percent(least.0[0])),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    let finding = book.words.fill("shares_finding", &gaps);
    let order: Vec<(&Observation, Standing)> = mixed.iter().map(|(_, one)| **one).collect();
    let mut chart = StackChart {
        finding: finding.clone(),
        as_shares: true,
        ..stack_chart(book, indicator, &order, home)?
    };
    for (row, (shares, _)) in chart.rows.iter_mut().zip(&mixed) {
        row.values = shares.iter().copied().map(Some).collect();
    }
    let number = move |value: f64| book.words.numbers.percent(&book.words.numbers.trimmed(value, 1));
    let words = (chart.title.clone(), finding);
    let draw = move |id: &str, width| StackChart { width, ..chart.clone() }.render(id, &number);
    let left = list.len() - mixed.len();
    let note = (left > 0).then(|| book.words.count("n_without_shares", left as u64));
    Some(Drawing::new(ChartKind::Shares, words, draw).noted(note))
}

#[cfg(test)]
mod tests {
    use super::{furthest, quantile};
    use crate::report::fixture::org_id;

    #[test]
    fn quartiles_are_those_of_spreadsheets() {
        // QUARTILE.INC of 1, 2, 4, 7: 1.75, 3, 4.75.
        let quartiles = [0.25, 0.5, 0.75].map(|at| quantile(&[1.0, 2.0, 4.0, 7.0], at));
        assert_eq!(quartiles, [1.75, 3.0, 4.75]);
        assert_eq!([0.0, 0.5, 1.0].map(|at| quantile(&[5.0], at)), [5.0; 3]);
    }

    #[test]
    fn nobody_is_named_for_a_move_that_two_share() {
        let (a, b, c) = (org_id("A1"), org_id("B1"), org_id("C1"));
        let moves = [(&a, 3.0), (&b, 3.0), (&c, -1.0)];
        let (most, least) = furthest(&moves);
        assert_eq!((most, least.map(|(org, _)| *org)), (None, Some(&c)));
        assert_eq!(furthest(&[(&a, 0.0)]), (None, None));
    }
}
