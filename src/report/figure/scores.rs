//! What is drawn of an index: its parts against the most that they can score, the places of peers, how sure places are.

use std::collections::BTreeMap;

use super::{ChartKind, Drawing};
use crate::chart::band::{BandChart, BandRow};
use crate::chart::groups::{GroupChart, GroupRow};
use crate::chart::slope::{SlopeChart, SlopeLine};
use crate::index::{Band, Case};
use crate::model::id::OrgId;
use crate::model::index::{Aggregate, Edition, IndexResults, IndexScore};
use crate::model::outlook::PeerGroup;
use crate::model::period::Period;
use crate::report::book::Book;
use crate::report::planning::Drawn;
use crate::report::time;

/// Editions whose places are drawn side by side, the last ones.
const MOST_EDITIONS: usize = 6;
/// Bodies before and after the one that is shown, where it has no peers.
const NEIGHBOURS: usize = 5;

/// One part right below the whole, of the body that is shown first.
pub struct PartScore {
    /// Which part.
    pub part: String,
    /// Its score; none where it is not known.
    pub value: Option<f64>,
    /// The most that it can be.
    pub most: f64,
    /// The middle of the other bodies of its level that were scored over the same time, where there are three.
    pub median: Option<f64>,
}

/// The parts of the whole in one period.
pub struct PartScores<'a> {
    /// Whose.
    pub org: &'a OrgId,
    /// Of when.
    pub period: Period,
    /// In the order of the rules.
    pub parts: Vec<PartScore>,
}

/// The parts of the body that is shown first: in its newest period, and in the newest one that others have as well.
///
/// None for an index of which the most that every part can score does not follow from its rules.
pub fn part_scores(index: &IndexResults) -> Vec<PartScores<'_>> {
    let mut periods: Vec<Period> = index.headline.iter().map(|score| score.period).collect();
    periods.sort_by_key(|period| std::cmp::Reverse((period.end(), *period)));
    periods.dedup();
    let all: Vec<PartScores<'_>> =
        periods.into_iter().filter_map(|period| scores_in(index, period)).collect();
    let has_others = |one: &PartScores<'_>| one.parts.iter().any(|part| part.median.is_some());
    let beside = all.iter().position(has_others);
    let kept = |at: usize| at == 0 || Some(at) == beside;
    all.into_iter().enumerate().filter(|(at, _)| kept(*at)).map(|(_, one)| one).collect()
}

fn scores_in(index: &IndexResults, period: Period) -> Option<PartScores<'_>> {
    let org = index.tree.headline.as_ref()?;
    let top = index.tree.id.as_str();
    let edition = index.tree.edition_on(period.end())?;
    if edition.rules.get(top)?.aggregate != Aggregate::Sum {
        return None;
    }
    let parts: Option<Vec<PartScore>> = shown_parts(index, edition, top, period)
        .into_iter()
        .map(|part| score_of(index, edition, part, period))
        .collect();
    let parts = parts.filter(|parts| parts.iter().filter(|part| part.value.is_some()).count() >= 2)?;
    Some(PartScores { org, period, parts })
}

/// The parts right below one; where one of them has no score of its own, its parts stand in its place if they have.
fn shown_parts<'a>(index: &IndexResults, edition: &'a Edition, above: &str, period: Period) -> Vec<&'a str> {
    let known = |part: &str| own(index, part, period).and_then(IndexScore::known).is_some();
    let mut shown = vec![];
    for (part, _) in edition.below(above) {
        let below = edition.below(part);
        if !known(part) && below.iter().any(|(part, _)| known(part)) {
            shown.extend(below.iter().map(|(part, _)| part.as_str()));
        } else {
            shown.push(part.as_str());
        }
    }
    shown
}

/// A part of the body that is shown first.
fn own<'a>(index: &'a IndexResults, part: &str, period: Period) -> Option<&'a IndexScore> {
    index.headline.iter().find(|score| score.period == period && score.part == part)
}

fn score_of(index: &IndexResults, edition: &Edition, part: &str, period: Period) -> Option<PartScore> {
    let own = own(index, part, period);
    let is_like = |score: &&IndexScore| {
        let same = score.period == period && score.part == part;
        same && own.is_some_and(|own| own.among == score.among && own.org != score.org)
    };
    let others = index.scores.iter().filter(is_like).filter_map(IndexScore::known);
    let value = own.and_then(IndexScore::known);
    Some(PartScore {
        part: part.to_owned(),
        value,
        most: most(edition, part)?,
        median: median(others.collect()),
    })
}

/// The most that a part can score, where the rules say: its points, the end of its range, or the sum of its parts.
fn most(edition: &Edition, part: &str) -> Option<f64> {
    let rule = edition.rules.get(part)?;
    let points = rule.points.as_ref().map(|points| points.most);
    let sum = || -> Option<f64> {
        let is_sum = rule.aggregate == Aggregate::Sum && !rule.parts.is_empty();
        let below = rule.parts.iter().map(|(below, weight)| Some(weight * most(edition, below)?));
        is_sum.then(|| below.sum::<Option<f64>>()).flatten()
    };
    points.or(rule.range.map(|range| range.1)).or_else(sum)
}

/// The middle of some values, or the mean of the two in the middle; none for fewer than three.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0..3 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}

/// The name of a part in the language of the page.
pub fn part_title(book: &Book<'_>, index: &IndexResults, part: &str) -> String {
    index.tree.part(part).map_or(part, |title| book.text(title)).to_owned()
}

/// The parts, each against the most that it can be.
pub fn groups<'a>(book: &'a Book<'a>, index: &'a IndexResults, found: &PartScores<'_>) -> Drawing<'a> {
    let write = move |value: f64| book.words.numbers.fixed(value, index.tree.decimals);
    let trimmed = move |value: f64| book.words.numbers.trimmed(value, index.tree.decimals);
    let of = |value: &str, most: f64| {
        book.words.fill("score_of_most", &[("value", value), ("most", &trimmed(most))])
    };
    let row = |part: &PartScore| GroupRow {
        label: part_title(book, index, &part.part),
        value: part.value,
        most: part.most,
        text: part.value.map_or_else(|| book.word("no_data"), |value| of(&write(value), part.most)),
        mark: part.median.map(|median| (median, write(median))),
        href: None,
    };
    let gap = |part: &&PartScore| part.value.map(|value| part.most - value);
    let widest = found
        .parts
        .iter()
        .filter(|part| gap(part).is_some())
        .max_by(|a, b| gap(a).unwrap_or_default().total_cmp(&gap(b).unwrap_or_default()));
    let finding = widest.map_or_else(String::new, |part| {
        let gaps = [
            ("org", book.name(found.org)),
            ("period", book.period_within(found.period)),
            ("part", part_title(book, index, &part.part)),
            ("score", of(&write(part.value.unwrap_or_default()), part.most)),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        book.words.fill("groups_finding", &gaps)
    });
    let chart = GroupChart {
        title: format!("{} – {}", book.text(&index.tree.title), book.name(found.org)),
        finding,
        rows: found.parts.iter().map(row).collect(),
        mark: book.word("groups_mark"),
        ..GroupChart::default()
    };
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| GroupChart { width, ..chart.clone() }.render(id, &trimmed);
    Drawing::new(ChartKind::Groups, words, draw)
}

/// The places of peers over some editions.
pub struct PeerRanks<'a> {
    /// The editions, the oldest first.
    pub periods: Vec<Period>,
    /// The peers, the best of the last edition first, with their places in the order of the editions.
    pub bodies: Vec<(&'a OrgId, Vec<Option<u64>>)>,
}

/// The places of a group over the last editions; none where fewer than two have places in two editions.
pub fn peer_ranks<'a>(index: &'a IndexResults, group: &'a PeerGroup) -> Option<PeerRanks<'a>> {
    let mut places: BTreeMap<(&OrgId, Period), u64> = BTreeMap::new();
    for score in index.top_scores().filter(|score| score.above.is_none()) {
        if let Some(place) = score.published_rank.or(score.rank) {
            places.insert((&score.org, score.period), place);
        }
    }
    let mut periods: Vec<Period> = places.keys().map(|(_, period)| *period).collect();
    periods.sort_by_key(|period| (period.end(), *period));
    periods.dedup();
    periods.drain(..periods.len().saturating_sub(MOST_EDITIONS));
    let of_body = |org: &'a OrgId| {
        (org, periods.iter().map(|period| places.get(&(org, *period)).copied()).collect::<Vec<_>>())
    };
    let mut bodies: Vec<(&OrgId, Vec<Option<u64>>)> = group.bodies.iter().map(of_body).collect();
    bodies.retain(|(_, places)| places.iter().any(Option::is_some));
    bodies.sort_by_key(|(org, places)| (places.last().copied().flatten().unwrap_or(u64::MAX), *org));
    let drawn = bodies.iter().filter(|(_, places)| places.iter().flatten().count() >= 2).count();
    (drawn >= 2 && periods.len() >= 2).then_some(PeerRanks { periods, bodies })
}

/// The places of a group over the last editions, the body that is shown first standing out.
pub fn ranks<'a>(
    book: &'a Book<'a>,
    index: &'a IndexResults,
    (group, found): (&PeerGroup, &PeerRanks<'_>),
) -> Drawing<'a> {
    let own = index.tree.headline.as_ref();
    let line = |(org, places): &(&OrgId, Vec<Option<u64>>)| SlopeLine {
        name: book.name(org),
        values: places.iter().map(|place| place.map(|place| place as f64)).collect(),
        highlight: own == Some(*org),
    };
    let group_name = book.text(&group.title);
    let chart = SlopeChart {
        title: format!("{} – {group_name}", book.text(&index.tree.title)),
        finding: ranks_finding(book, own, group_name, found),
        times: found.periods.iter().map(|period| time::short_period(book.lang(), *period)).collect(),
        lines: found.bodies.iter().map(line).collect(),
        reversed: true,
        ..SlopeChart::default()
    };
    let whole = move |value: f64| book.words.numbers.fixed(value, 0);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| SlopeChart { width, ..chart.clone() }.render(id, &whole);
    Drawing::new(ChartKind::Ranks, words, draw)
}

/// `Việt Nam: hạng 99 (2014) → 86 (2022), thứ 6 trong 11 của ASEAN`
fn ranks_finding(book: &Book<'_>, own: Option<&OrgId>, group: &str, found: &PeerRanks<'_>) -> String {
    let ranked: Vec<&(&OrgId, Vec<Option<u64>>)> =
        found.bodies.iter().filter(|(_, places)| places.last().is_some_and(Option::is_some)).collect();
    let of = book.words.numbers.whole(ranked.len() as u64);
    let at = ranked.iter().position(|(org, _)| Some(*org) == own);
    let told = at.and_then(|at| {
        let known: Vec<(Period, u64)> = found
            .periods
            .iter()
            .zip(&ranked[at].1)
            .filter_map(|(period, place)| Some((*period, (*place)?)))
            .collect();
        let ((first, from), (last, to)) = (known.first()?, known.last()?);
        let year = |period: &Period| time::short_period(book.lang(), *period);
        let gaps = [
            ("org", book.name(ranked[at].0)),
            ("from", from.to_string()),
            ("first", year(first)),
            ("to", to.to_string()),
            ("last", year(last)),
            ("place", book.words.numbers.whole(at as u64 + 1)),
            ("of", of.clone()),
            ("group", group.to_owned()),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        Some(book.words.fill("ranks_finding", &gaps))
    });
    told.unwrap_or_else(|| book.words.fill("ranks_of_group", &[("of", &of), ("group", group)]))
}

/// The bodies whose bands are drawn: the peers of the first group with the body that is shown, else its neighbours; the best
/// first.
pub fn banded<'d>(index: &IndexResults, case: &Case<'_>, drawn: &'d Drawn) -> Vec<&'d Band> {
    let mut bands: Vec<&Band> = drawn.found.bands.iter().collect();
    bands.sort_by_key(|band| (band.rank, band.body));
    let peers = index.tree.outlook.as_ref().and_then(|plan| plan.peers.first());
    let Some(own) = bands.iter().position(|band| band.body == case.body) else { return vec![] };
    match peers {
        Some(group) => {
            let is_peer =
                |band: &&Band| band.body == case.body || group.bodies.contains(&case.field.bodies[band.body]);
            bands.retain(is_peer);
            bands
        }
        None => {
            let last = (own + NEIGHBOURS + 1).min(bands.len());
            bands[own.saturating_sub(NEIGHBOURS)..last].to_vec()
        }
    }
}

/// How sure the places of some bodies are.
pub fn bands<'a>(
    book: &'a Book<'a>,
    index: &'a IndexResults,
    case: &Case<'_>,
    shown: &[&Band],
) -> Option<Drawing<'a>> {
    let row = |band: &&Band| {
        let [least, low, _, high, greatest] = band.quantiles.map(f64::from);
        let org = &case.field.bodies[band.body];
        BandRow {
            label: book.name(org),
            outer: (least, greatest),
            inner: (low, high),
            value: Some(band.rank.into()),
            text: format!("{}–{}", band.quantiles[0], band.quantiles[4]),
            highlight: band.body == case.body,
            href: book.organisation_href("../", org),
        }
    };
    let own = shown.iter().find(|band| band.body == case.body)?;
    let gaps = [
        ("org", book.name(&case.field.bodies[case.body])),
        ("rank", own.rank.to_string()),
        ("from", own.quantiles[0].to_string()),
        ("to", own.quantiles[4].to_string()),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
    let chart = BandChart {
        title: format!("{} – {}", book.text(&index.tree.title), book.word("unc_section")),
        finding: book.words.fill("bands_finding", &gaps),
        rows: shown.iter().map(row).collect(),
        names: ["band_outer", "band_inner", "band_rank"].map(|key| book.word(key)),
        ranks: true,
        ..BandChart::default()
    };
    let whole = move |value: f64| book.words.numbers.fixed(value, 0);
    let words = (chart.title.clone(), chart.finding.clone());
    let draw = move |id: &str, width| BandChart { width, ..chart.clone() }.render(id, &whole);
    Some(Drawing::new(ChartKind::Bands, words, draw))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{median, most};
    use crate::model::index::{Aggregate, Edition, Instead, Points, Ranking, Rule, Ties};

    fn edition(rules: Vec<(&str, Rule)>) -> Edition {
        Edition {
            name: "2026".into(),
            begins_on: "2026-01-01".parse().expect("a day"),
            formula: 1,
            tolerance: None,
            ranking: Ranking { decimals: 2, ties: Ties::Competition },
            note: None,
            rules: rules.into_iter().map(|(part, rule)| (part.to_owned(), rule)).collect(),
        }
    }

    #[test]
    fn the_most_of_a_part_is_its_points_the_end_of_its_range_or_the_sum_of_its_parts() {
        let points = Points {
            most: 6.0,
            full_at: 1.0,
            nothing_to_count: Instead::Missing,
            not_applicable: Instead::Missing,
            states: BTreeMap::new(),
        };
        let below = |parts: &[(&str, f64)], aggregate| Rule {
            parts: parts.iter().map(|(part, weight)| ((*part).to_owned(), *weight)).collect(),
            aggregate,
            ..Rule::default()
        };
        let rules = edition(vec![
            ("paid", Rule { points: Some(points), ..Rule::default() }),
            ("online", Rule { range: Some((0.0, 12.0)), ..Rule::default() }),
            ("unbounded", Rule::default()),
            ("both", below(&[("paid", 2.0), ("online", 1.0)], Aggregate::Sum)),
            ("mean", below(&[("paid", 1.0), ("online", 1.0)], Aggregate::Arithmetic)),
            ("open", below(&[("paid", 1.0), ("unbounded", 1.0)], Aggregate::Sum)),
        ]);
        assert_eq!(most(&rules, "both"), Some(24.0));
        assert_eq!(["paid", "online"].map(|part| most(&rules, part)), [Some(6.0), Some(12.0)]);
        assert_eq!(["unbounded", "mean", "open", "nowhere"].map(|part| most(&rules, part)), [None; 4]);
    }

    #[test]
    fn a_median_of_two_says_nothing() {
        assert_eq!(median(vec![1.0, 2.0]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
