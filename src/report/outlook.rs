//! What may come of an index, in words: as text for a terminal, and the sentences that pages share with it.

use chrono::Datelike;

use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::IndexTree;
use crate::model::outlook::{Band, BodyOutlook, Horizon, Outlook, PlaceBand, Way};
use crate::model::period::Period;
use crate::model::results::Results;
use crate::model::target::{Comparator, Target};
use crate::report::explain::columns;
use crate::report::time;
use crate::report::words::Words;

/// How likely a target for a place is met.
pub struct Answer<'a> {
    /// The target.
    pub target: &'a Target,
    /// The place that it asks for.
    pub place: u32,
    /// The last edition up to the due day that is still to come; none: all of them came before.
    pub edition: Option<i32>,
    /// The share of draws that meet it in that edition.
    pub chance: Option<f64>,
}

/// The targets for a place of one body in this index.
pub fn answers<'a>(
    tree: &IndexTree,
    targets: &'a [Target],
    outlook: &Outlook,
    org: &OrgId,
) -> Vec<Answer<'a>> {
    let named = tree.outlook.iter().flat_map(|plan| &plan.targets);
    let targets = named.filter_map(|id| targets.iter().find(|target| target.id == *id));
    let own = targets
        .filter(|target| target.comparator == Comparator::RankAtMost && target.org.as_ref() == Some(org));
    let answer = |target: &'a Target| {
        // Targets for a place are whole numbers from 1 on: `results` refuses others.
        let place = target.value as u32;
        let edition = outlook.edition_by(target.due_on.year());
        let at = edition.and_then(|edition| outlook.years.iter().position(|year| *year == edition));
        let chance = at.zip(outlook.body(org)).map(|(at, body)| body.forecasts[at].chance(place));
        Answer { target, place, edition, chance }
    };
    own.map(answer).collect()
}

/// A number of one body in an edition of which not all scores are at hand: nothing is drawn from it.
pub struct Later {
    /// Of when.
    pub period: Period,
    /// The number.
    pub value: f64,
}

/// What an indicator has of a body after the edition that is looked ahead from.
pub fn later(results: &Results, indicator: Option<&IndicatorId>, org: &OrgId, from: i32) -> Vec<Later> {
    let Some(indicator) = indicator else { return vec![] };
    let whole = results.observations.iter().filter(|one| one.indicator == *indicator && one.org == *org);
    let later = whole.filter(|one| one.breakdown.is_empty() && one.period.start().year() > from);
    later.filter_map(|one| Some(Later { period: one.period, value: one.measure.value()? })).collect()
}

/// What is known of a body, by its id and name, in editions after a year, of which not all scores are at hand; in a sentence.
pub fn known_later(
    words: &Words,
    tree: &IndexTree,
    results: &Results,
    (org, name): (&OrgId, &str),
    from: i32,
) -> Option<String> {
    let plan = tree.outlook.as_ref()?;
    let ranks = later(results, plan.rank_indicator.as_ref(), org, from);
    let scores = later(results, plan.score_indicator.as_ref(), org, from);
    let told = |text: String, one: &Later| format!("{text} ({})", time::short_period(words.lang, one.period));
    let rank =
        |one: &Later| told(words.fill("rank_value", &[("n", &words.numbers.fixed(one.value, 0))]), one);
    let score = |one: &Later| told(words.numbers.fixed(one.value, tree.decimals), one);
    let known: Vec<String> = ranks.iter().map(rank).chain(scores.iter().map(score)).collect();
    (!known.is_empty()).then(|| words.fill("outlook_later", &[("name", name), ("known", &known.join("; "))]))
}

/// Whose words and numbers, and of what.
pub struct OutlookText<'a> {
    /// The words.
    pub words: &'a Words,
    /// The index.
    pub tree: &'a IndexTree,
    /// What may come.
    pub outlook: &'a Outlook,
    /// Names of bodies.
    pub name: &'a dyn Fn(&OrgId) -> String,
    /// What else is known.
    pub results: &'a Results,
}

impl OutlookText<'_> {
    /// One body: its scores and places to come, what places will need, its targets, and what all that is worth.
    pub fn body(&self, org: &OrgId, targets: &[Answer<'_>]) -> String {
        let mut text = self.head();
        if let Some(body) = self.outlook.body(org) {
            text += &format!("\n{}\n{}", (self.name)(org), self.forecasts(body));
        }
        text += &self.known_later(org).map_or_else(String::new, |known| format!("{known}\n"));
        text += &self.thresholds();
        text += &self.targets(targets);
        text + &self.worth()
    }

    /// All bodies, the best first, in the last year.
    pub fn all(&self) -> String {
        let mut bodies: Vec<&BodyOutlook> = self.outlook.bodies.iter().collect();
        bodies.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.org.cmp(&b.org)));
        let last = self.outlook.years.last().map_or_else(String::new, i32::to_string);
        let of = |key: &str| format!("{} {last}", self.words.get(key));
        let from = self.outlook.from.to_string();
        let mut rows = vec![vec![
            self.words.get("organisation").to_owned(),
            format!("{} {from}", self.words.get("outlook_score")),
            of("outlook_score"),
            self.words.get("outlook_band").to_owned(),
            format!("{} {from}", self.words.get("index_rank")),
            of("index_rank"),
            self.words.get("outlook_band").to_owned(),
        ]];
        rows.extend(bodies.into_iter().filter_map(|body| {
            let forecast = body.forecasts.last()?;
            Some(vec![
                (self.name)(&body.org),
                self.score(body.score),
                self.score(forecast.score.middle),
                self.band(forecast.score),
                self.whole(body.place),
                self.whole(forecast.place.middle),
                self.places(forecast.place),
            ])
        }));
        format!("{}\n{}{}", self.head(), columns(&rows, &[1, 2, 3, 4, 5, 6]), self.worth())
    }

    fn head(&self) -> String {
        format!("{}\n{}\n", self.tree.title.get(self.words.lang), self.about())
    }

    /// From where it starts, and what bands are.
    pub fn about(&self) -> String {
        let numbers = &self.words.numbers;
        self.words.fill(
            "outlook_about",
            &[
                ("from", &self.outlook.from.to_string()),
                ("n", &numbers.whole(self.outlook.bodies.len() as u64)),
                ("draws", &numbers.whole(self.outlook.draws.into())),
                ("seed", &self.outlook.seed.to_string()),
            ],
        )
    }

    fn forecasts(&self, body: &BodyOutlook) -> String {
        let heads = ["outlook_year", "outlook_score", "outlook_band", "index_rank", "outlook_band"];
        let mut rows = vec![heads.map(|key| self.words.get(key).to_owned()).to_vec()];
        rows.push(vec![
            self.outlook.from.to_string(),
            self.score(body.score),
            String::new(),
            self.whole(body.place),
        ]);
        rows.extend(body.forecasts.iter().map(|forecast| {
            vec![
                forecast.year.to_string(),
                self.score(forecast.score.middle),
                self.band(forecast.score),
                self.whole(forecast.place.middle),
                self.places(forecast.place),
            ]
        }));
        columns(&rows, &[1, 2, 3, 4])
    }

    /// What is known of a body in later editions, of which not all scores are at hand.
    pub fn known_later(&self, org: &OrgId) -> Option<String> {
        known_later(self.words, self.tree, self.results, (org, &(self.name)(org)), self.outlook.from)
    }

    fn thresholds(&self) -> String {
        let places = self.tree.outlook.as_ref().map_or(&[][..], |plan| &plan.places);
        let mut head = vec![self.words.get("outlook_year").to_owned()];
        for place in places {
            head.push(self.words.fill("rank_value", &[("n", &self.whole(*place))]));
            head.push(self.words.get("outlook_band").to_owned());
        }
        let mut rows = vec![head];
        for (year, bands) in self.outlook.years.iter().zip(&self.outlook.at_place) {
            let mut row = vec![year.to_string()];
            for place in places {
                let band = bands.get((*place as usize).wrapping_sub(1));
                row.push(band.map_or_else(|| "–".to_owned(), |band| self.score(band.middle)));
                row.push(band.map_or_else(String::new, |band| self.band(*band)));
            }
            rows.push(row);
        }
        let right: Vec<usize> = (1..=2 * places.len()).collect();
        format!("\n{}:\n{}", self.words.get("outlook_thresholds"), columns(&rows, &right))
    }

    fn targets(&self, answers: &[Answer<'_>]) -> String {
        if answers.is_empty() {
            return String::new();
        }
        let row = |answer: &Answer<'_>| {
            vec![
                self.words.demand(answer.target, None),
                answer.target.due_on.year().to_string(),
                answer.target.legal_basis.get(self.words.lang).to_owned(),
                self.chance(answer),
            ]
        };
        let rows: Vec<_> = answers.iter().map(row).collect();
        format!("\n{}:\n{}", self.words.get("outlook_chances"), columns(&rows, &[]))
    }

    /// `15 % (kỳ 2024)`; where the rank of the edition is known already there is nothing left to chance.
    pub fn chance(&self, answer: &Answer<'_>) -> String {
        if let Some(known) = self.known_in(answer) {
            let rank = self.words.fill("rank_value", &[("n", &self.words.numbers.fixed(known.value, 0))]);
            let year = known.period.start().year().to_string();
            return self.words.fill("outlook_known", &[("rank", &rank), ("year", &year)]);
        }
        match answer.edition.zip(answer.chance) {
            Some((edition, chance)) => self
                .words
                .fill("outlook_chance", &[("chance", &self.share(chance)), ("year", &edition.to_string())]),
            None => self.words.get("outlook_no_edition").to_owned(),
        }
    }

    /// The rank in the edition that decides on a target, where it was published before all scores were.
    fn known_in(&self, answer: &Answer<'_>) -> Option<Later> {
        let (plan, org) = (self.tree.outlook.as_ref()?, answer.target.org.as_ref()?);
        let known = later(self.results, plan.rank_indicator.as_ref(), org, self.outlook.from);
        known.into_iter().find(|one| Some(one.period.start().year()) == answer.edition)
    }

    /// A share in whole percent; neither none nor all unless it is.
    pub fn share(&self, share: f64) -> String {
        let numbers = &self.words.numbers;
        let percent = |n: f64| numbers.percent(&numbers.fixed(n, 0));
        match 100.0 * share {
            n if n > 0.0 && n < 1.0 => format!("< {}", percent(1.0)),
            n if n < 100.0 && n > 99.0 => format!("> {}", percent(99.0)),
            n => percent(n),
        }
    }

    /// How far such forecasts were off, and what follows from that.
    fn worth(&self) -> String {
        let mut head =
            vec![self.words.get("outlook_ahead").to_owned(), self.words.get("outlook_origins").to_owned()];
        head.extend(Way::ALL.map(|way| self.words.get(way_word(way)).to_owned()));
        let mut text = format!("\n{}\n", self.words.get("outlook_worth"));
        for (key, is_place) in [("outlook_off_score", false), ("outlook_off_rank", true)] {
            let mut rows = vec![head.clone()];
            rows.extend(self.outlook.horizons.iter().map(|horizon| self.errors(horizon, is_place)));
            text += &format!("{}:\n{}", self.words.get(key), columns(&rows, &[0, 1, 2, 3, 4, 5]));
        }
        let heads =
            ["outlook_ahead", "outlook_scores_within", "outlook_ranks_within", "outlook_thresholds_within"];
        let mut rows = vec![heads.map(|key| self.words.get(key).to_owned()).to_vec()];
        rows.extend(self.outlook.horizons.iter().map(|horizon| {
            let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| self.share(share));
            let (n, of) = horizon.thresholds_within;
            let n = self.words.fill("made_of", &[("n", &n.to_string()), ("of", &of.to_string())]);
            vec![horizon.ahead.to_string(), share(horizon.scores_within), share(horizon.places_within), n]
        }));
        text += &format!("{}:\n{}", self.words.get("outlook_within"), columns(&rows, &[0, 1, 2, 3]));
        text + &format!("\n{}\n", self.verdict())
    }

    fn errors(&self, horizon: &Horizon, is_place: bool) -> Vec<String> {
        let mut row = vec![horizon.ahead.to_string(), horizon.origins.to_string()];
        row.extend(Way::ALL.map(|way| match horizon.error(way) {
            Some(error) if is_place => self.words.numbers.fixed(error.place, 2),
            Some(error) => self.score(error.score),
            None => "–".to_owned(),
        }));
        row
    }

    /// Whether anything beats leaving every body where it is.
    pub fn verdict(&self) -> String {
        let persists = |horizon: &&Horizon| horizon.shown == Way::Persistence;
        let persisting: Vec<String> =
            self.outlook.horizons.iter().filter(persists).map(|horizon| horizon.year.to_string()).collect();
        let key = match persisting.len() {
            0 => "outlook_beats",
            n if n == self.outlook.horizons.len() => "outlook_persists",
            _ => "outlook_persists_in",
        };
        self.words.fill(key, &[("years", &persisting.join(", "))])
    }

    /// A score as printed.
    pub fn score(&self, score: f64) -> String {
        self.words.numbers.fixed(score, self.tree.decimals)
    }

    /// The two ends of a band of scores.
    pub fn band(&self, band: Band) -> String {
        format!("{}–{}", self.score(band.low), self.score(band.high))
    }

    /// The two ends of a band of places.
    pub fn places(&self, band: PlaceBand) -> String {
        format!("{}–{}", self.whole(band.best), self.whole(band.worst))
    }

    fn whole(&self, number: u32) -> String {
        self.words.numbers.whole(number.into())
    }
}

/// The word of a way.
pub fn way_word(way: Way) -> &'static str {
    match way {
        Way::Persistence => "outlook_persistence",
        Way::MeanChange => "outlook_mean_change",
        Way::Drift => "outlook_drift",
        Way::CommonAndOwn => "outlook_common_and_own",
    }
}
