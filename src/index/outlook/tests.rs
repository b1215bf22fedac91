//! The outlook against the published tables, an independent computation, cases worked by hand, and what must hold for any panel.

use proptest::prelude::*;

use super::*;
use crate::model::index::Ties;
use crate::model::outlook::PlaceBand;

/// A panel of one formula; one year from each edition to the next.
fn made(levels: &[(&str, Vec<f64>)]) -> Panel {
    let editions = levels[0].1.len();
    let score = |level: &f64| Some(1.0 / (1.0 + (-level).exp()));
    Panel {
        years: (2001..).take(editions).collect(),
        formulas: vec![1; editions],
        bodies: levels
            .iter()
            .map(|(org, row)| (org.parse().expect("an id"), row.iter().map(score).collect()))
            .collect(),
        bounds: (0.0, 1.0),
        ranking: Ranking { decimals: 9, ties: Ties::Competition },
    }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// The published scores of the repository's data, as a panel.
fn panel() -> Panel {
    let mut editions = std::collections::BTreeSet::new();
    let mut scores = std::collections::BTreeMap::new();
    for line in include_str!("../../../data/egdi/egdi_2003_2022.csv").lines().skip(1) {
        // Names of states may hold commas and quotes: cells are counted from the ends.
        let cells: Vec<&str> = line.split(',').collect();
        let from_end = |n: usize| cells[cells.len() - n];
        let year: i32 = cells[0].parse().expect("a year");
        editions.insert(year);
        if from_end(2) == "1" {
            scores.insert((cells[1], year), from_end(7).parse::<f64>().expect("a score"));
        }
    }
    let orgs: std::collections::BTreeSet<&str> = scores.keys().map(|(org, _)| *org).collect();
    let row = |org: &&str| editions.iter().map(|year| scores.get(&(*org, *year)).copied()).collect();
    let formula = |year: &i32| [2008, 2012, 2020, 2022].iter().filter(|from| year >= from).count() as u32;
    Panel {
        years: editions.iter().copied().collect(),
        formulas: editions.iter().map(formula).collect(),
        bodies: orgs.iter().map(|org| (org.parse().expect("an id"), row(org))).collect(),
        bounds: (0.0, 1.0),
        ranking: Ranking { decimals: 9, ties: Ties::Competition },
    }
}

fn ahead(years: &[i32], draws: u32) -> Ahead {
    Ahead { years: years.to_vec(), places: vec![30, 50, 70], draws, seed: 1 }
}

fn published(draws: u32) -> Outlook {
    outlook(&panel(), &ahead(&[2024, 2026, 2028, 2030], draws)).expect("enough editions")
}

/// `tests/oracle/outlook.py` works out the fit and the errors of four ways from the published tables.
#[test]
fn an_independent_computation_agrees() {
    let found = published(10);
    let way = |name: &str| Way::ALL.into_iter().find(|way| serde_json::json!(way) == name).expect("a way");
    for line in include_str!("../../../tests/oracle/outlook.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let ahead: usize = cells[1].parse().expect("a number");
        let error = || found.horizons[ahead - 1].error(way(cells[2])).expect("an error");
        let number = match cells[0] {
            "common" => found.common,
            "carried" => found.carried,
            "score" => error().score,
            _ => error().place,
        };
        assert!(close(number, cells[3].parse().expect("a number")), "{line}: {number}");
    }
}

#[test]
fn places_of_states_are_best_foreseen_by_leaving_them() {
    let found = published(10);
    for horizon in &found.horizons {
        let off = |way| horizon.error(way).expect("an error");
        assert_eq!(horizon.shown, Way::Persistence, "{}", horizon.ahead);
        // Who goes on at his own pace is further off than who stays; the common change brings scores nearer.
        assert!(off(Way::Drift).place > 1.2 * off(Way::Persistence).place);
        assert!(off(Way::MeanChange).score < 0.92 * off(Way::Persistence).score);
    }
    assert!(found.bodies.iter().all(|body| body.forecasts.iter().all(|one| one.place.middle == body.place)));
}

/// Bands that should hold four in five held so many of what came, 1142 scores one edition ahead down to 566 four ahead.
#[test]
fn bands_hold_what_they_should() {
    for horizon in &published(10).horizons {
        for within in [horizon.scores_within, horizon.places_within] {
            let within = within.expect("forecasts were compared");
            assert!((0.72..0.92).contains(&within), "{} ahead: {within}", horizon.ahead);
        }
    }
}

/// A goes up by one a year and overtakes B, which stays: own paces carry on whole, nothing is left to chance.
#[test]
fn worked_by_hand() {
    let rising: Vec<f64> = (0..7).map(|n| f64::from(n) - 5.0).collect();
    let found = outlook(&made(&[("A", rising), ("B", vec![-0.5; 7])]), &ahead(&[2008, 2009], 50)).unwrap();
    assert!(close(found.common, 0.5) && close(found.carried, 1.0), "{found:?}");
    assert_eq!(
        (found.horizons[0].origins, found.horizons[0].forecasts, found.horizons[0].shown),
        (2, 4, Way::CommonAndOwn)
    );
    // From the fifth edition places are one off for both, from the sixth for none.
    assert!(close(found.horizons[0].error(Way::Persistence).unwrap().place, 0.5));
    assert!(close(found.horizons[0].error(Way::CommonAndOwn).unwrap().place, 0.0));
    let a = found.body(&"A".parse().unwrap()).unwrap();
    assert!(close(a.pace, 0.5) && a.place == 1);
    // 1 / (1 + exp(-2)) and 1 / (1 + exp(-3))
    for (forecast, score) in a.forecasts.iter().zip([0.880797077977882, 0.952574126822433]) {
        let Band { low, middle, high } = forecast.score;
        assert!(close(low, score) && close(middle, score) && close(high, score), "{forecast:?}");
        assert_eq!((forecast.place, forecast.chance(1)), (PlaceBand { best: 1, middle: 1, worst: 1 }, 1.0));
    }
    let second = score_at_rank(&found, 2, 2009).expect("two bodies");
    assert!(close(second.middle, 0.377540668798145), "{second:?}");
    let nobody = [(0, 2009), (3, 2009), (1, 2007)];
    assert!(nobody.iter().all(|(rank, year)| score_at_rank(&found, *rank, *year).is_none()));
}

/// What is learned across a change of the formula is no pace of a body.
#[test]
fn no_pace_crosses_a_break() {
    let rising: Vec<f64> = (0..7).map(|n| f64::from(n) - 5.0).collect();
    let mut panel = made(&[("A", rising), ("B", vec![-0.5; 7])]);
    panel.formulas = vec![1, 2, 3, 4, 5, 6, 7];
    let found = outlook(&panel, &ahead(&[2008], 50)).unwrap();
    assert_eq!(found.carried, 0.0);
    assert!(found.bodies.iter().all(|body| body.pace == 0.0));
    // The movement itself is not forgotten: it is what may come to anybody.
    assert!(found.bodies[0].forecasts[0].score.low < found.bodies[0].forecasts[0].score.high);
}

#[test]
fn too_little_is_known_for_an_outlook() {
    let known = |editions: usize| made(&[("A", vec![0.1; editions]), ("B", vec![0.2; editions])]);
    assert_eq!(outlook(&known(4), &ahead(&[2030], 10)), None);
    assert!(outlook(&known(5), &ahead(&[2030], 10)).is_some());
    assert_eq!(outlook(&known(5), &ahead(&[], 10)), None);
    assert_eq!(outlook(&known(5), &ahead(&[2005], 10)), None);
    assert_eq!(outlook(&made(&[("A", vec![0.1; 9])]), &ahead(&[2030], 10)), None);
}

#[test]
fn a_score_at_a_place_falls_with_the_place() {
    let found = published(40);
    for bands in &found.at_place {
        assert!(bands.windows(2).all(|pair| pair[0].low >= pair[1].low && pair[0].middle >= pair[1].middle));
        assert!(bands.iter().all(|band| band.low <= band.middle && band.middle <= band.high));
    }
}

#[test]
fn chances_rise_with_the_place_and_add_up() {
    let found = published(40);
    for body in &found.bodies {
        for forecast in &body.forecasts {
            assert!(forecast.reached.windows(2).all(|pair| pair[0] <= pair[1]));
            assert_eq!(forecast.chance(u32::MAX), 1.0);
            assert!(
                forecast.chance(forecast.place.worst) >= 0.9 && forecast.chance(forecast.place.best) >= 0.1
            );
        }
    }
    // In every draw there is one first place, or more where scores are equal.
    let first: f64 = found.bodies.iter().map(|body| body.forecasts[0].chance(1)).sum();
    assert!(first >= 1.0 - 1e-9, "{first}");
}

fn small(levels: &[f64]) -> Panel {
    let rows: Vec<(String, Vec<f64>)> =
        levels.chunks_exact(6).enumerate().map(|(at, row)| (format!("S{at}"), row.to_vec())).collect();
    made(&rows.iter().map(|(org, row)| (org.as_str(), row.clone())).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The order in which bodies come, and the seed taken again, change nothing.
    #[test]
    fn the_same_panel_and_seed_give_the_same(levels in proptest::collection::vec(-3.0..3.0f64, 30)) {
        let panel = small(&levels);
        let mut turned = panel.clone();
        turned.bodies.reverse();
        let (one, other) = (outlook(&panel, &ahead(&[2008], 20)), outlook(&turned, &ahead(&[2008], 20)));
        prop_assert_eq!(one, other);
    }

    /// What an edition gives to all bodies alike moves no place, neither in looking ahead nor in looking back.
    #[test]
    fn a_common_change_moves_no_place(
        levels in proptest::collection::vec(-2.0..2.0f64, 30), edition in 0usize..6, more in -1.0..1.0f64
    ) {
        let moved: Vec<f64> =
            levels.iter().enumerate().map(|(at, level)| level + if at % 6 == edition { more } else { 0.0 }).collect();
        let places = |levels: &[f64]| {
            let found = outlook(&small(levels), &ahead(&[2008], 20)).expect("enough editions");
            let errors = |way: Way| found.horizons[0].error(way).map(|error| error.place);
            let errors: Vec<_> = [Way::Persistence, Way::CommonAndOwn].into_iter().map(errors).collect();
            let bodies = found.bodies.iter();
            (bodies.map(|body| (body.place, body.forecasts[0].reached.clone())).collect::<Vec<_>>(), errors)
        };
        prop_assert_eq!(places(&levels), places(&moved));
    }
}
