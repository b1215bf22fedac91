//! What an index would be, what a place needs, and how sure it is: as text and as JSON.

use serde_json::{Value, json};

use crate::index::{
    Alone, Band as RankBand, Case, Doubt, Estimate, Falls, Goal, Joint, Lever, Moved, QUANTILES, Question,
    Stage, Standing, Step, Uncertainty, WhatIf,
};
use crate::model::id::OrgId;
use crate::model::index::{Class, IndexResults, IndexTree};
use crate::model::outlook::Band;
use crate::report::explain::columns;
use crate::report::words::Words;

/// More names than this are counted.
const NAMED: usize = 12;
/// Decimals of inputs and of what they add.
const INPUT_DECIMALS: u8 = 4;
const GAIN_DECIMALS: u8 = 6;

/// What `chiso egdi whatif`, `goal` and `uncertainty` say: whose words and numbers, of which body.
pub struct PlanText<'a> {
    /// The words.
    pub words: &'a Words,
    /// The body in its field.
    pub case: &'a Case<'a>,
    /// Names of bodies.
    pub name: &'a dyn Fn(&OrgId) -> String,
}

impl PlanText<'_> {
    /// Each case, then what each part can do now.
    pub fn what_ifs(&self, cases: &[WhatIf]) -> String {
        let mut text = self.title();
        for case in cases {
            text += &format!("\n{}", self.what_if(case));
        }
        text + &self.levers()
    }

    /// The same with unrounded numbers.
    pub fn what_ifs_json(&self, cases: &[WhatIf]) -> Value {
        let mut json = self.head_json();
        json["cases"] = cases.iter().map(|case| self.what_if_json(case)).collect();
        json["levers"] = self.case.levers().iter().map(lever_json).collect();
        json
    }

    /// Each rank with what it needs.
    pub fn goals(&self, goals: &[Aim]) -> String {
        let mut text = self.title();
        for aim in goals {
            text += &format!("\n{}", self.goal(aim));
        }
        text
    }

    /// The same with unrounded numbers.
    pub fn goals_json(&self, goals: &[Aim]) -> Value {
        let mut json = self.head_json();
        json["goals"] = goals.iter().map(|aim| self.goal_json(aim)).collect();
        json
    }

    /// The ranks of one body, or of all, and what that of the one rests on.
    pub fn drawn(&self, drawn: &Drawn, all: bool) -> String {
        let found = &drawn.found;
        let own = found.bands.iter().filter(|band| all || band.body == self.case.body);
        let mut head =
            vec![self.words.get("organisation").to_owned(), self.words.get("index_rank").to_owned()];
        head.extend(quantile_heads(self.words));
        let mut rows = vec![head];
        let mut bands: Vec<&RankBand> = own.collect();
        bands.sort_by_key(|band| (band.rank, band.body));
        rows.extend(bands.into_iter().map(|band| self.band(band)));
        let mut text = format!("{}\n{}\n", self.drawn_title(drawn), columns(&rows, &[1, 2, 3, 4, 5, 6]));
        text += &self.chances(found);
        text += &format!("\n{}\n{}", self.words.get("unc_doubts"), columns(&self.doubts(drawn), &[]));
        text += &self.shares(found);
        text + &left_out(self.words, found)
    }

    fn drawn_title(&self, drawn: &Drawn) -> String {
        let gaps = [
            ("draws", self.words.numbers.whole(drawn.question.draws.into())),
            ("seed", self.words.numbers.whole(drawn.question.seed.into())),
            ("period", self.case.field.period.to_string()),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
        format!("{}\n\n{}\n", self.case.tree.title.get(self.words.lang), self.words.fill("unc_title", &gaps))
    }

    fn band(&self, band: &RankBand) -> Vec<String> {
        let whole = |rank: u32| self.words.numbers.whole(rank.into());
        let mut row = vec![(self.name)(&self.case.field.bodies[band.body]), whole(band.rank)];
        row.extend(band.quantiles.map(whole));
        row
    }

    /// In how many draws the body has a round rank ahead, or a better one.
    fn chances(&self, found: &Uncertainty) -> String {
        let Some(band) = found.bands.iter().find(|band| band.body == self.case.body) else {
            return String::new();
        };
        let mut text = String::new();
        for (rank, share) in chances(band) {
            let gaps =
                [("rank", &*self.words.numbers.whole(rank.into())), ("share", &*percent(self.words, share))];
            text += &format!("{}\n", self.words.fill("unc_chance", &gaps));
        }
        text
    }

    fn doubts(&self, drawn: &Drawn) -> Vec<Vec<String>> {
        let row = |(doubt, choices): &(Doubt, usize)| {
            vec![
                self.words.get(doubt_word(*doubt)).to_owned(),
                doubt_choices(self.words, drawn, *doubt, *choices),
            ]
        };
        drawn.found.choices.iter().map(row).collect()
    }

    fn shares(&self, found: &Uncertainty) -> String {
        let Some(shares) = &found.shares else {
            return format!("\n{}\n", self.words.get("unc_no_shares"));
        };
        let mut rows = vec![self.heads(&["unc_doubt", "unc_first", "unc_total"])];
        rows.extend(shares.iter().map(|(doubt, share)| {
            vec![
                self.words.get(doubt_word(*doubt)).to_owned(),
                estimate(self.words, share.first),
                estimate(self.words, share.total),
            ]
        }));
        let mut text = format!("\n{}\n{}", self.words.get("unc_shares"), columns(&rows, &[1, 2]));
        let mut rows = vec![vec![self.words.get("unc_draws").to_owned()]];
        for (doubt, _) in shares {
            rows[0].push(self.words.get(doubt_word(*doubt)).to_owned());
        }
        let row = |stage: &Stage| {
            let both = |(first, total): &(f64, f64)| {
                format!("{} / {}", self.words.numbers.fixed(*first, 3), self.words.numbers.fixed(*total, 3))
            };
            let draws = self.words.numbers.whole(stage.draws as u64);
            std::iter::once(draws).chain(stage.shares.iter().map(both)).collect()
        };
        rows.extend(found.stages.iter().map(row));
        let right: Vec<usize> = (0..=shares.len()).collect();
        text += &format!("\n{}\n{}", converged(self.words, found), columns(&rows, &right));
        text
    }

    /// The same with unrounded numbers, for all bodies.
    pub fn drawn_json(&self, drawn: &Drawn) -> Value {
        let found = &drawn.found;
        let estimate = |one: Estimate| json!({ "value": one.value, "low": one.low, "high": one.high });
        let band = |band: &RankBand| {
            let quantiles =
                QUANTILES.iter().zip(band.quantiles).map(|(share, rank)| (share.to_string(), json!(rank)));
            json!({
                "organisation": self.case.field.bodies[band.body].as_str(),
                "rank": band.rank,
                "quantiles": quantiles.collect::<serde_json::Map<_, _>>(),
            })
        };
        let mut json = self.head_json();
        json["draws"] = json!(drawn.question.draws);
        json["seed"] = json!(drawn.question.seed);
        json["weight_spread"] = json!(drawn.question.weight_spread);
        json["choices"] =
            found.choices.iter().map(|(doubt, n)| (doubt_id(*doubt).to_owned(), json!(n))).collect();
        json["bands"] = found.bands.iter().map(band).collect();
        json["shares"] = json!(found.shares.as_ref().map(|shares| {
            let share = shares.iter().map(|(doubt, share)| {
                let both = json!({ "first": estimate(share.first), "total": estimate(share.total) });
                (doubt_id(*doubt).to_owned(), both)
            });
            share.collect::<serde_json::Map<_, _>>()
        }));
        let stage = |stage: &Stage| json!({ "draws": stage.draws, "shares": stage.shares });
        json["stages"] = found.stages.iter().map(stage).collect();
        json["last_change"] = json!(found.last_change);
        let gap = |(body, gap): &(usize, crate::model::index::Gap)| json!({ "organisation": self.case.field.bodies[*body].as_str(), "missing": gap.word() });
        json["left_out"] = found.left_out.iter().map(gap).collect();
        json["undefined"] = json!(found.undefined);
        json["unused_steps"] = json!(found.unused_steps);
        json
    }

    fn title(&self) -> String {
        let others = self.case.field.bodies.len() - 1;
        let place = self.words.fill(
            "plan_all_else_equal",
            &[
                ("org", &(self.name)(&self.case.field.bodies[self.case.body])),
                ("period", &self.case.field.period.to_string()),
                ("n", &self.words.numbers.whole(others as u64)),
            ],
        );
        format!("{}\n\n{place}\n", self.case.tree.title.get(self.words.lang))
    }

    fn what_if(&self, what_if: &WhatIf) -> String {
        let mut rows = vec![self.heads(&["part", "plan_now", "plan_then"])];
        rows.extend(what_if.set.iter().map(|part| self.moved(part)));
        let below = what_if.moved.iter().filter(|part| part.part != self.case.tree.id.as_str());
        rows.extend(below.map(|part| self.moved(part)));
        let (before, after) = (what_if.before, what_if.after);
        rows.push(self.standing_row(self.case.tree.id.as_str(), self.score(before), self.score(after)));
        rows.push(vec![self.words.get("index_rank").to_owned(), self.rank(before), self.rank(after)]);
        if !self.case.tree.classes.is_empty() {
            rows.push(vec![self.words.get("plan_class").to_owned(), self.class(before), self.class(after)]);
        }
        let mut text = columns(&rows, &[1, 2]);
        for part in &what_if.set {
            text += &part.counts_as.map_or_else(String::new, |cap| {
                let gaps = [("part", self.part(&part.part)), ("cap", &*self.input(&part.part, cap))];
                format!("{}\n", self.words.fill("plan_counts_as", &gaps))
            });
        }
        text += &self.bodies("plan_passed", &what_if.passed);
        text + &self.bodies("plan_passed_by", &what_if.passed_by)
    }

    fn standing_row(&self, part: &str, before: String, after: String) -> Vec<String> {
        vec![self.part(part).to_owned(), before, after]
    }

    fn moved(&self, moved: &Moved) -> Vec<String> {
        let value =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| self.input(&moved.part, value));
        self.standing_row(&moved.part, value(moved.before), value(moved.after))
    }

    fn bodies(&self, key: &str, bodies: &[usize]) -> String {
        if bodies.is_empty() {
            return String::new();
        }
        let names = bodies.iter().take(NAMED).map(|body| (self.name)(&self.case.field.bodies[*body]));
        let mut names: Vec<String> = names.collect();
        if bodies.len() > NAMED {
            let more = self.words.numbers.whole((bodies.len() - NAMED) as u64);
            names.push(self.words.fill("plan_and_more", &[("n", &more)]));
        }
        let n = self.words.numbers.whole(bodies.len() as u64);
        format!("{}\n", self.words.fill(key, &[("n", &n), ("names", &names.join(", "))]))
    }

    /// What each part is, what it can be, and what one more of it adds.
    fn levers(&self) -> String {
        let mut rows = vec![self.heads(&["part", "plan_now", "plan_least", "plan_most", "plan_gain"])];
        for lever in self.case.levers() {
            let number = |value: f64| match value.is_finite() {
                true => self.words.numbers.trimmed(value, INPUT_DECIMALS),
                false => "–".to_owned(),
            };
            let mut name = self.part(&lever.part).to_owned();
            if !lever.is_direct {
                name.insert_str(0, "  ");
            }
            rows.push(vec![
                name,
                lever.value.map_or_else(|| "–".to_owned(), number),
                number(lever.range.0),
                number(most(&lever)),
                lever
                    .gain
                    .map_or_else(|| "–".to_owned(), |gain| self.words.numbers.fixed(gain, GAIN_DECIMALS)),
            ]);
        }
        format!("\n{}\n{}", self.words.get("plan_levers"), columns(&rows, &[1, 2, 3, 4]))
    }

    fn goal(&self, aim: &Aim) -> String {
        let Aim { rank, by, goal } = aim;
        let expected = by.map_or_else(String::new, |(year, band)| self.expected(*rank, year, band));
        let short = goal.needed - goal.now.score.unwrap_or(goal.needed);
        let gaps = [
            ("rank", self.words.numbers.whole((*rank).into())),
            ("needed", self.decimal(rounded_up(goal.needed, self.decimals()))),
            ("now", self.score(goal.now)),
            (
                "own",
                goal.now.rank.map_or_else(|| "–".to_owned(), |rank| self.words.numbers.whole(rank.into())),
            ),
            ("short", self.decimal(rounded_up(short, self.decimals()))),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
        if goal.is_reached {
            return format!("{expected}{}\n", self.words.fill("goal_reached", &gaps));
        }
        let mut rows = vec![self.heads(&["goal_alone", "plan_now", "goal_needs"])];
        rows.extend(goal.alone.iter().map(|alone| self.alone(alone)));
        let mut text =
            format!("{expected}{}\n\n{}", self.words.fill("goal_needed", &gaps), columns(&rows, &[1]));
        text += &self.joint("goal_smallest", &goal.smallest);
        text + &goal.cheapest.as_ref().map_or_else(String::new, |joint| self.joint("goal_cheapest", joint))
    }

    /// What the outlook gives a rank.
    fn expected(&self, rank: u32, year: i32, band: Band) -> String {
        let gaps = [
            ("rank", self.words.numbers.whole(rank.into())),
            ("year", year.to_string()),
            ("middle", self.decimal(band.middle)),
            ("low", self.decimal(band.low)),
            ("high", self.decimal(band.high)),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
        format!("{}\n", self.words.fill("goal_expected", &gaps))
    }

    fn alone(&self, alone: &Alone) -> Vec<String> {
        let part = alone.lever.part.as_str();
        let outcome = match alone.outcome {
            Ok(value) => self.enough(part, value),
            Err(Falls::Short { best, score }) => self
                .words
                .fill("goal_short", &[("best", &self.input(part, best)), ("score", &self.decimal(score))]),
            Err(Falls::Unbounded { tried, score }) => self.words.fill(
                "goal_unbounded",
                &[("tried", &self.input(part, tried)), ("score", &self.decimal(score))],
            ),
            Err(Falls::NotKnown) => self.words.get("goal_not_known").to_owned(),
        };
        let mut name = self.part(part).to_owned();
        if !alone.lever.is_direct {
            name.insert_str(0, "  ");
        }
        vec![name, alone.lever.value.map_or_else(|| "–".to_owned(), |value| self.input(part, value)), outcome]
    }

    fn joint(&self, key: &str, joint: &Joint) -> String {
        let told = match joint {
            Joint::Change(steps) => {
                let row = |step: &Step| {
                    let change = self.decimal(rounded_up(step.after - step.before, self.decimals()));
                    vec![
                        self.part(&step.part).to_owned(),
                        self.input(&step.part, step.before),
                        self.enough(&step.part, step.after),
                        if step.after > step.before { format!("+{change}") } else { change },
                    ]
                };
                let mut rows = vec![self.heads(&["part", "plan_now", "plan_then", "plan_change"])];
                rows.extend(steps.iter().map(row));
                columns(&rows, &[1, 2, 3])
            }
            Joint::Short(score) => {
                format!("{}\n", self.words.fill("goal_all_short", &[("score", &self.decimal(*score))]))
            }
            Joint::NotSolvable => format!("{}\n", self.words.get("goal_not_solvable")),
        };
        format!("\n{}\n{told}", self.words.get(key))
    }

    fn score(&self, standing: Standing) -> String {
        standing.score.map_or_else(|_| "–".to_owned(), |score| self.decimal(score))
    }

    fn rank(&self, standing: Standing) -> String {
        let ranked = self.case.wholes().iter().flatten().count() as u64;
        let whole = |n: u64| self.words.numbers.whole(n);
        standing.rank.map_or_else(
            || "–".to_owned(),
            |rank| self.words.fill("made_of", &[("n", &whole(rank.into())), ("of", &whole(ranked))]),
        )
    }

    fn class(&self, standing: Standing) -> String {
        let class = class(self.case, standing);
        class.map_or_else(|| "–".to_owned(), |class| class.name.get(self.words.lang).to_owned())
    }

    /// A part of the index as the index is written, an input without zeros at its end.
    fn input(&self, part: &str, value: f64) -> String {
        let is_made = self.case.edition.above(part) == Some(self.case.tree.id.as_str());
        if is_made { self.decimal(value) } else { self.words.numbers.trimmed(value, INPUT_DECIMALS) }
    }

    /// A value that is needed, never rounded to one that is too low.
    fn enough(&self, part: &str, value: f64) -> String {
        let is_direct = self.case.edition.above(part) == Some(self.case.tree.id.as_str());
        match is_direct {
            true => self.decimal(rounded_up(value, self.decimals())),
            false => self.words.numbers.trimmed(rounded_up(value, INPUT_DECIMALS), INPUT_DECIMALS),
        }
    }

    fn decimal(&self, value: f64) -> String {
        self.words.numbers.fixed(value, self.decimals())
    }

    fn decimals(&self) -> u8 {
        decimals(self.case.tree)
    }

    fn part<'p>(&'p self, id: &'p str) -> &'p str {
        self.case.tree.part(id).map_or(id, |title| title.get(self.words.lang))
    }

    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.words.get(key).to_owned()).collect()
    }

    fn head_json(&self) -> Value {
        json!({
            "index": self.case.tree.id.as_str(),
            "edition": self.case.field.period.to_string(),
            "organisation": self.case.field.bodies[self.case.body].as_str(),
            "ranked": self.case.wholes().iter().flatten().count(),
        })
    }

    fn what_if_json(&self, what_if: &WhatIf) -> Value {
        let ids = |bodies: &[usize]| -> Vec<&str> {
            bodies.iter().map(|body| self.case.field.bodies[*body].as_str()).collect()
        };
        json!({
            "set": what_if.set.iter().map(moved_json).collect::<Vec<_>>(),
            "moved": what_if.moved.iter().map(moved_json).collect::<Vec<_>>(),
            "before": self.standing_json(what_if.before),
            "after": self.standing_json(what_if.after),
            "passed": ids(&what_if.passed),
            "passed_by": ids(&what_if.passed_by),
        })
    }

    fn standing_json(&self, standing: Standing) -> Value {
        json!({
            "score": standing.score.ok(),
            "missing": standing.score.err().map(crate::model::index::Gap::word),
            "rank": standing.rank,
            "class": class(self.case, standing).map(|class| class.name.get(self.words.lang)),
        })
    }

    fn goal_json(&self, aim: &Aim) -> Value {
        let goal = &aim.goal;
        json!({
            "rank": aim.rank,
            "by": aim.by.map(|(year, band)| json!({ "edition": year, "needed": band })),
            "now": self.standing_json(goal.now),
            "needed": goal.needed,
            "reached": goal.is_reached,
            "alone": goal.alone.iter().map(alone_json).collect::<Vec<_>>(),
            "smallest": joint_json(&goal.smallest),
            "cheapest": goal.cheapest.as_ref().map(joint_json),
        })
    }
}

/// A rank with what it needs.
pub struct Aim {
    /// The rank.
    pub rank: u32,
    /// The edition to come whose outlook gives the score, and that score with its band.
    pub by: Option<(i32, Band)>,
    /// What it needs; of a band, its middle.
    pub goal: Goal,
}

/// The body that is shown first, in its newest period.
pub(super) fn newest(index: &IndexResults) -> Option<Case<'_>> {
    let org = index.tree.headline.as_ref()?;
    let fields = index.fields.iter().filter(|field| field.bodies.contains(org));
    let field = fields.max_by_key(|field| field.period.end())?;
    let edition = index.tree.edition_on(field.period.end())?;
    let body = field.bodies.iter().position(|body| body == org)?;
    Some(Case::new(&index.tree, edition, field, body))
}

/// What was asked and what came of it.
pub struct Drawn {
    /// The question.
    pub question: Question,
    /// The answer.
    pub found: Uncertainty,
}

/// `5 %`, `25 %`, ...
pub(super) fn quantile_heads(words: &Words) -> Vec<String> {
    QUANTILES.iter().map(|share| percent(words, *share)).collect()
}

/// Round ranks from the one that nearly every draw reaches to the one that nearly none does, with their share of draws.
pub(super) fn chances(band: &RankBand) -> Vec<(u32, f64)> {
    let all: u32 = band.counts.iter().sum();
    let chance = |rank: u32| {
        let reached: u32 = band.counts.iter().take(rank as usize).sum();
        (rank, f64::from(reached) / f64::from(all.max(1)))
    };
    let round = (1..).map(|n| n * 10).take_while(|rank| (*rank as usize) < band.counts.len());
    round.map(chance).filter(|(_, share)| (0.001..0.999).contains(share)).collect()
}

/// A share of draws: never `0 %` or `100 %` where it is neither.
pub(super) fn percent(words: &Words, share: f64) -> String {
    words.numbers.percent(&words.numbers.trimmed(100.0 * share, 1))
}

/// `0.42 (0.40 to 0.44)`
pub(super) fn estimate(words: &Words, estimate: Estimate) -> String {
    let written = |value: f64| words.numbers.fixed(value, 3);
    let gaps = [
        ("value", written(estimate.value)),
        ("low", written(estimate.low)),
        ("high", written(estimate.high)),
    ];
    let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
    words.fill("unc_interval", &gaps)
}

/// How far the shares still moved.
pub(super) fn converged(words: &Words, found: &Uncertainty) -> String {
    let change = found.last_change.map_or_else(|| "–".to_owned(), |change| words.numbers.fixed(change, 4));
    words.fill("unc_converged", &[("change", &change)])
}

/// Bodies and numbers that the draws could not use; nothing where they used all.
pub(super) fn left_out(words: &Words, found: &Uncertainty) -> String {
    let counts = [
        ("unc_left_out", found.left_out.len() as u64),
        ("unc_undefined", found.undefined),
        ("unc_unused_steps", found.unused_steps as u64),
    ];
    let told = counts
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| format!("{}\n", words.fill(key, &[("n", &words.numbers.whole(*n))])));
    told.collect()
}

/// The word of a doubt.
pub(super) fn doubt_word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Weights => "unc_weights",
        Doubt::Normalisation => "unc_normalisation",
        Doubt::Aggregation => "unc_aggregation",
        Doubt::StandIns => "unc_stand_ins",
        Doubt::Others => "unc_others",
    }
}

/// What was drawn of a doubt, or that nothing was.
pub(super) fn doubt_choices(words: &Words, drawn: &Drawn, doubt: Doubt, choices: usize) -> String {
    let n = words.numbers.whole(choices as u64);
    if choices <= 1 {
        return words.get("unc_not_varied").to_owned();
    }
    let spread = percent(words, drawn.question.weight_spread);
    let key = match doubt {
        Doubt::Weights => "unc_weights_drawn",
        Doubt::Normalisation => "unc_normalisation_drawn",
        Doubt::Aggregation => "unc_aggregation_drawn",
        Doubt::StandIns => "unc_stand_ins_drawn",
        Doubt::Others => "unc_others_drawn",
    };
    words.fill(key, &[("n", &n), ("spread", &spread)])
}

/// The name of a doubt in JSON.
fn doubt_id(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Weights => "weights",
        Doubt::Normalisation => "normalisation",
        Doubt::Aggregation => "aggregation",
        Doubt::StandIns => "stand-ins",
        Doubt::Others => "others",
    }
}

/// The class of a score as it is compared.
pub(super) fn class<'a>(case: &Case<'a>, standing: Standing) -> Option<&'a Class> {
    standing.score.ok().and_then(|score| case.class(score))
}

/// One more than the index is printed with: two scores that lie apart by rounding only must not look alike.
pub(super) fn decimals(tree: &IndexTree) -> u8 {
    tree.decimals + 1
}

/// The next value of so many decimals that is enough; what a sum differs by at its last digits asks for no more.
pub(super) fn rounded_up(value: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(decimals.into());
    (value * scale - 1e-6).ceil() / scale
}

/// The greatest value of a lever that counts.
fn most(lever: &Lever) -> f64 {
    lever.cap.map_or(lever.range.1, |cap| cap.min(lever.range.1))
}

fn moved_json(moved: &Moved) -> Value {
    json!({ "part": moved.part, "before": moved.before, "after": moved.after, "counts_as": moved.counts_as })
}

fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn lever_json(lever: &Lever) -> Value {
    json!({
        "part": lever.part,
        "value": lever.value,
        "least": finite(lever.range.0),
        "most": finite(lever.range.1),
        "cap": lever.cap,
        "gain": lever.gain,
    })
}

fn alone_json(alone: &Alone) -> Value {
    let (needs, best, score, why) = match alone.outcome {
        Ok(value) => (Some(value), None, None, None),
        Err(Falls::Short { best, score }) => (None, Some(best), Some(score), Some("short")),
        Err(Falls::Unbounded { tried, score }) => (None, Some(tried), Some(score), Some("unbounded")),
        Err(Falls::NotKnown) => (None, None, None, Some("not-known")),
    };
    json!({
        "part": alone.lever.part, "value": alone.lever.value, "needs": needs,
        "best": best, "score_at_best": score, "cannot": why,
    })
}

fn joint_json(joint: &Joint) -> Value {
    match joint {
        Joint::Change(steps) => {
            let step = |step: &Step| json!({ "part": step.part, "before": step.before, "after": step.after });
            json!({ "steps": steps.iter().map(step).collect::<Vec<_>>() })
        }
        Joint::Short(score) => json!({ "steps": null, "cannot": "short", "score_at_best": score }),
        Joint::NotSolvable => json!({ "steps": null, "cannot": "not-solvable" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_is_never_rounded_to_too_little() {
        let check = |value, expected| assert_eq!(rounded_up(value, 4), expected, "{value}");
        check(0.78341, 0.7835);
        check(0.7834, 0.7834);
        check(0.783_400_000_000_01, 0.7834);
        check(0.783_400_01, 0.7835);
        check(21.0, 21.0);
    }
}
