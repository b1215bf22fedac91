//! Which of several uncertain inputs a result depends on: variance shares after Sobol', with intervals.
//!
//! Takes the results of a model at two quasi-random samples and at their mixtures; knows nothing of the model.

/// How many times rows are drawn anew for an interval.
const RESAMPLES: usize = 500;
/// The interval holds 95 % of them.
const TAILS: [f64; 2] = [0.025, 0.975];

/// Results of a model, draw by draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Runs {
    /// At the points of the first sample.
    pub a: Vec<f64>,
    /// At those of the second.
    pub b: Vec<f64>,
    /// For each input: at the first sample with this input from the second.
    pub mixed: Vec<Vec<f64>>,
}

/// A number with the interval that holds it 19 times out of 20.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How much of the variance of the result rests on one input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// On it alone: what would go, on average, if it were known.
    pub first: Estimate,
    /// On it alone and together with others: what would stay if all others were known.
    pub total: Estimate,
}

/// First-order and total shares from the first draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// How many draws.
    pub draws: usize,
    /// First-order and total, input by input.
    pub shares: Vec<(f64, f64)>,
}

/// One point of two scrambled Sobol' samples of this many dimensions, each number from 0 up to 1.
///
/// The dimensions of one sequence are parted between them. Source: Owen 1998, Scrambling Sobol' and Niederreiter-Xing
/// points; Burley 2020, Practical Hash-based Owen Scrambling, JCGT 9 (4); Saltelli et al. 2010, section 3.
pub fn points(draw: u32, dimensions: u32, seed: u32) -> (Vec<f64>, Vec<f64>) {
    let point = |first: u32| {
        let dimensions = first..first + dimensions;
        dimensions.map(|dimension| f64::from(sobol_burley::sample(draw, dimension, seed))).collect()
    };
    (point(0), point(dimensions))
}

/// Draws and dimensions that [`points`] has at most.
pub const MOST_DRAWS: u32 = 1 << 16;

/// The shares of each input; none where the result does not vary.
///
/// With `V` the variance of the result and `AB_i` the first sample with input `i` of the second,
/// `S_i = mean(f(B) (f(AB_i) - f(A))) / V` and `T_i = mean((f(A) - f(AB_i))^2) / (2 V)`.
/// Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola 2010, Computer Physics Communications 181, 259-270,
/// table 2, (b) and (f); the latter is Jansen's 1999. The interval is the percentile one of a bootstrap over draws
/// (Archer, Saltelli and Sobol' 1997); as quasi-random draws are more even than random ones, it errs on the wide side.
pub fn shares(runs: &Runs, seed: u64) -> Option<Vec<Share>> {
    let rows = Rows::of(runs, runs.a.len());
    let values = rows.shares(0..rows.n)?;
    let mut random = SplitMix(seed);
    let mut resampled: Vec<Vec<(f64, f64)>> = vec![];
    for _ in 0..RESAMPLES {
        resampled.extend(rows.shares((0..rows.n).map(|_| random.below(rows.n))));
    }
    let share = |(input, (first, total)): (usize, &(f64, f64))| {
        let ends = |pick: fn(&(f64, f64)) -> f64, value: f64| {
            let mut all: Vec<f64> = resampled.iter().map(|shares| pick(&shares[input])).collect();
            all.sort_by(f64::total_cmp);
            let at = |tail: f64| all.get((tail * all.len() as f64) as usize).copied().unwrap_or(value);
            Estimate { value, low: at(TAILS[0]), high: at(TAILS[1]) }
        };
        Share { first: ends(|share| share.0, *first), total: ends(|share| share.1, *total) }
    };
    Some(values.iter().enumerate().map(share).collect())
}

/// The shares of the first eighth, quarter and half of the draws, and of all: how they settle.
pub fn stages(runs: &Runs) -> Vec<Stage> {
    let n = runs.a.len();
    let stage = |draws: usize| {
        let rows = Rows::of(runs, draws);
        rows.shares(0..draws).map(|shares| Stage { draws, shares })
    };
    [n / 8, n / 4, n / 2, n].into_iter().filter(|draws| *draws > 1).filter_map(stage).collect()
}

/// The greatest change of any share when the number of draws was doubled for the last time.
pub fn last_change(stages: &[Stage]) -> Option<f64> {
    let [.., before, last] = stages else { return None };
    let change = |(a, b): (&(f64, f64), &(f64, f64))| (a.0 - b.0).abs().max((a.1 - b.1).abs());
    before.shares.iter().zip(&last.shares).map(change).reduce(f64::max)
}

/// What each draw adds to variance and shares, draw after draw: the variance, then first-order and total by input.
struct Rows {
    n: usize,
    width: usize,
    terms: Vec<f64>,
}

impl Rows {
    fn of(runs: &Runs, n: usize) -> Self {
        let width = 1 + 2 * runs.mixed.len();
        // Around the mean the products do not drown in its square.
        let mean = (runs.a[..n].iter().sum::<f64>() + runs.b[..n].iter().sum::<f64>()) / (2 * n) as f64;
        let mut terms = Vec::with_capacity(n * width);
        for at in 0..n {
            let (a, b) = (runs.a[at] - mean, runs.b[at] - mean);
            terms.push(f64::midpoint(a * a, b * b));
            for mixed in &runs.mixed {
                let mixed = mixed[at] - mean;
                terms.push(b * (mixed - a));
                terms.push((a - mixed) * (a - mixed) / 2.0);
            }
        }
        Rows { n, width, terms }
    }

    fn shares(&self, draws: impl Iterator<Item = usize>) -> Option<Vec<(f64, f64)>> {
        let mut sums = vec![0.0; self.width];
        for draw in draws {
            let row = &self.terms[draw * self.width..(draw + 1) * self.width];
            sums.iter_mut().zip(row).for_each(|(sum, term)| *sum += term);
        }
        let variance = sums[0];
        (variance > 0.0)
            .then(|| sums[1..].chunks(2).map(|pair| (pair[0] / variance, pair[1] / variance)).collect())
    }
}

/// A small generator whose numbers are the same everywhere.
///
/// Source: Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, OOPSLA.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number below `n`: the upper half of a product, whose bias is `n` out of 2^64.
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(dimensions: u32, draws: u32, seed: u32, model: impl Fn(&[f64]) -> f64) -> Runs {
        let mut runs = Runs { mixed: vec![vec![]; dimensions as usize], ..Runs::default() };
        for draw in 0..draws {
            let (a, b) = points(draw, dimensions, seed);
            runs.a.push(model(&a));
            runs.b.push(model(&b));
            for (input, mixed) in runs.mixed.iter_mut().enumerate() {
                let mut point = a.clone();
                point[input] = b[input];
                mixed.push(model(&point));
            }
        }
        runs
    }

    #[track_caller]
    fn check(runs: &Runs, first: &[f64], total: &[f64], tolerance: f64) {
        let found = shares(runs, 7).expect("a result that varies");
        for (input, share) in found.iter().enumerate() {
            let differs = |a: f64, b: f64| (a - b).abs() > tolerance;
            assert!(!differs(share.first.value, first[input]), "first of {input}: {share:?}");
            assert!(!differs(share.total.value, total[input]), "total of {input}: {share:?}");
            for (estimate, truth) in [(share.first, first[input]), (share.total, total[input])] {
                assert!(
                    estimate.low - 0.002 <= truth && truth <= estimate.high + 0.002,
                    "{estimate:?} misses {truth}"
                );
                assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{estimate:?}");
            }
        }
    }

    /// `sin x + 7 sin^2 y + 0.1 z^4 sin x` over -pi to pi. Analytic shares: Ishigami and Homma 1990; Saltelli 2008, p. 196.
    #[test]
    fn the_function_of_ishigami() {
        let model = |x: &[f64]| {
            let x: Vec<f64> = x.iter().map(|u| std::f64::consts::PI * (2.0 * u - 1.0)).collect();
            x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
        };
        check(&runs(3, 8192, 1, model), &[0.3139, 0.4424, 0.0], &[0.5576, 0.4424, 0.2437], 0.01);
    }

    /// Sobol's g-function: `V_i = 1 / (3 (1 + a_i)^2)`, `V = prod (1 + V_i) - 1`, `S_i = V_i / V` and
    /// `T_i = V_i prod_{j != i} (1 + V_j) / V`. Source: Saltelli and Sobol' 1995.
    #[test]
    fn the_g_function() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];
        let model =
            |x: &[f64]| x.iter().zip(a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product();
        let own: Vec<f64> = a.iter().map(|a: &f64| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
        let all: f64 = own.iter().map(|own| 1.0 + own).product();
        let first: Vec<f64> = own.iter().map(|own| own / (all - 1.0)).collect();
        let total: Vec<f64> = own.iter().map(|own| own * all / (1.0 + own) / (all - 1.0)).collect();
        check(&runs(6, 8192, 1, model), &first, &total, 0.01);
    }

    #[test]
    fn more_draws_come_nearer_and_the_stages_say_how_near() {
        let model = |x: &[f64]| x[0] + 2.0 * x[1];
        let runs = runs(2, 4096, 3, model);
        let stages = stages(&runs);
        assert_eq!(stages.iter().map(|stage| stage.draws).collect::<Vec<_>>(), [512, 1024, 2048, 4096]);
        let far = |stage: &Stage| (stage.shares[0].0 - 0.2).abs().max((stage.shares[1].0 - 0.8).abs());
        assert!(far(&stages[3]) < 0.002 && far(&stages[3]) <= far(&stages[0]), "{stages:?}");
        assert!(last_change(&stages).is_some_and(|change| change < 0.005));
    }

    #[test]
    fn a_result_that_does_not_vary_has_no_shares() {
        assert_eq!(shares(&runs(2, 64, 1, |_| 3.0), 1), None);
        assert!(stages(&runs(2, 64, 1, |_| 3.0)).is_empty());
    }

    #[test]
    fn the_same_seed_gives_the_same_and_another_one_another() {
        let of = |seed| points(17, 4, seed);
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        // First numbers for the seed 1234567, as published with the generator.
        let mut random = SplitMix(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    /// Points are even: each of 16 slices of each dimension holds its sixteenth.
    #[test]
    fn points_are_even() {
        let mut held = [[0; 16]; 4];
        for draw in 0..1024 {
            let (a, b) = points(draw, 2, 5);
            for (dimension, value) in a.iter().chain(&b).enumerate() {
                held[dimension][(value * 16.0) as usize] += 1;
            }
        }
        assert_eq!(held, [[64; 16]; 4]);
    }
}
