//! `indicators/index/*.yml` with the query of the same stem in `queries/index`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::{IndicatorId, OrgId, SourceId, TargetId};
use crate::model::index::{
    Aggregate, Class, Edition, Impute, IndexTree, Instead, Normalise, Points, Ranking, Rescale, Rule, Ties,
};
use crate::model::indicator::{Direction, Unit};
use crate::model::outlook::{OutlookPlan, PeerGroup, bounds};
use crate::model::source::SourceEntry;
use crate::model::text::Text;
use crate::project::{Placed, Project, range_of, yaml};

/// The folder of index trees.
pub const INDICES: &str = "indicators/index";
/// The folder of their queries.
pub const INDEX_QUERIES: &str = "queries/index";

/// Scores are compared to so many decimals unless an edition says otherwise: enough to tell any two apart that were not
/// meant to be equal, too few for the noise of a sum.
const RANKING_DECIMALS: u8 = 9;

/// An index with the files that it was written in.
#[derive(Debug, Clone)]
pub struct IndexDefinition {
    /// The index.
    pub tree: IndexTree,
    /// Its YAML.
    pub source: Source,
    /// Its query.
    pub query: Source,
    /// Where its outlook names targets.
    pub target_places: Vec<std::ops::Range<usize>>,
    /// Where its outlook names peers, group after group.
    pub peer_places: Vec<std::ops::Range<usize>>,
    /// The indicators that its outlook names, with their places.
    pub indicators: Vec<(IndicatorId, std::ops::Range<usize>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreeFile {
    id: Placed<IndicatorId>,
    title: Text,
    unit: Placed<Unit>,
    #[serde(default)]
    decimals: u8,
    headline: Option<OrgId>,
    sources: Vec<Placed<SourceId>>,
    legal_basis: Option<String>,
    method: Text,
    note: Option<Text>,
    #[serde(default)]
    classes: Vec<Placed<ClassFile>>,
    parts: IndexMap<String, Text>,
    outlook: Option<OutlookFile>,
    editions: Vec<EditionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassFile {
    name: Text,
    from: Option<f64>,
    above: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutlookFile {
    every: Placed<u32>,
    to: Placed<i32>,
    #[serde(default)]
    places: Vec<Placed<u32>>,
    #[serde(default)]
    targets: Vec<Placed<TargetId>>,
    #[serde(default)]
    peers: Vec<PeersFile>,
    #[serde(default)]
    indicators: OutlookIndicators,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutlookIndicators {
    rank: Option<Placed<IndicatorId>>,
    score: Option<Placed<IndicatorId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeersFile {
    title: Text,
    bodies: Vec<Placed<OrgId>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditionFile {
    from: Placed<String>,
    formula: Option<Placed<u32>>,
    tolerance: Option<Placed<f64>>,
    ranking: Option<RankingFile>,
    note: Option<Text>,
    #[serde(default)]
    rules: IndexMap<String, Placed<RuleFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RankingFile {
    decimals: Option<u8>,
    #[serde(default)]
    ties: Ties,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default)]
    parts: IndexMap<String, Placed<f64>>,
    #[serde(default)]
    normalise: Normalise,
    #[serde(default)]
    impute: Impute,
    #[serde(default)]
    aggregate: Aggregate,
    #[serde(default)]
    rescale: Rescale,
    points: Option<f64>,
    full_at: Option<f64>,
    nothing_to_count: Option<Instead>,
    not_applicable: Option<Instead>,
    #[serde(default)]
    states: BTreeMap<String, f64>,
    cap: Option<f64>,
    direction: Option<Direction>,
    goalposts: Option<[f64; 2]>,
    range: Option<[f64; 2]>,
    reference: Option<f64>,
    decimals: Option<u8>,
    formula_not_known: Option<Text>,
}

/// Reads every index of the project; all problems at once.
///
/// Without `sources`, because they could not be read themselves, their names are not checked.
pub fn read_indices(
    project: &Project,
    sources: Option<&[SourceEntry]>,
) -> Result<Vec<IndexDefinition>, Problems> {
    let mut problems = Problems::default();
    let mut definitions = vec![];
    for path in project.list(INDICES, ".yml")? {
        definitions.extend(problems.keep(read_index(project, &path, sources)));
    }
    for path in project.list(INDEX_QUERIES, ".sql")? {
        let tree = path.replacen(INDEX_QUERIES, INDICES, 1).replace(".sql", ".yml");
        if !project.has(&tree) {
            let problem = Diagnostic::error(format!("no index uses the query `{path}`")).in_file(&path);
            problems.push(problem.hint(format!("write `{tree}`, or move the query away")));
        }
    }
    problems.or(definitions)
}

fn read_index(
    project: &Project,
    path: &str,
    sources: Option<&[SourceEntry]>,
) -> Result<IndexDefinition, Problems> {
    let source = project.read(path)?;
    let file: TreeFile = yaml(&source)?;
    let stem = path.trim_start_matches("indicators/index/").trim_end_matches(".yml");
    let mut reader = Reader { source: &source, parts: &file.parts, problems: Problems::default() };
    if file.id.value.as_str() != stem {
        reader.wrong(
            &file.id,
            "the id of an index is the stem of its file",
            format!("the file is called `{stem}.yml`"),
        );
    }
    reader.sources(&file.sources, sources);
    reader.top_part(&file.id);
    let classes = reader.classes(&file.classes);
    let editions = reader.editions(&file.editions, file.id.value.as_str());
    reader.unused_parts(&file.id, &editions);
    let named = file.outlook.as_ref().map_or(&[][..], |outlook| &outlook.targets);
    let target_places = named.iter().map(|target| range_of(&source, target)).collect();
    let peers = file.outlook.iter().flat_map(|outlook| &outlook.peers).flat_map(|group| &group.bodies);
    let peer_places = peers.map(|body| range_of(&source, body)).collect();
    let named = file.outlook.iter().map(|outlook| &outlook.indicators);
    let named = named.flat_map(|indicators| indicators.rank.iter().chain(&indicators.score));
    let indicators = named.map(|id| (id.value.clone(), range_of(&source, id))).collect();
    let outlook = file.outlook.map(|outlook| reader.outlook(outlook, &file.unit));
    let mut problems = reader.problems;
    let query = problems.keep(project.read(&format!("{INDEX_QUERIES}/{stem}.sql")));
    let Some(query) = query else { return Err(problems) };
    let tree = IndexTree {
        id: file.id.value,
        title: file.title,
        unit: file.unit.value,
        decimals: file.decimals,
        headline: file.headline,
        legal_basis: file.legal_basis,
        method: file.method,
        note: file.note,
        classes,
        parts: file.parts.into_iter().collect(),
        editions,
        outlook,
        sql: query.text.to_string(),
    };
    problems.or(IndexDefinition { tree, source, query, target_places, peer_places, indicators })
}

/// Turns what was written into rules, and gathers what is wrong with it.
struct Reader<'a> {
    source: &'a Source,
    parts: &'a IndexMap<String, Text>,
    problems: Problems,
}

impl Reader<'_> {
    fn wrong<T>(&mut self, placed: &Placed<T>, message: impl Into<String>, label: impl Into<String>) {
        self.wrong_at(range_of(self.source, placed), message, label, &[]);
    }

    fn wrong_at(
        &mut self,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        hints: &[&str],
    ) {
        let problem = Diagnostic::error(message.into()).at(self.source.place(range, label.into()));
        self.problems.push(hints.iter().fold(problem, |problem, hint| problem.hint(*hint)));
    }

    fn sources(&mut self, named: &[Placed<SourceId>], known: Option<&[SourceEntry]>) {
        let Some(known) = known else { return };
        for id in named.iter().filter(|id| !known.iter().any(|source| source.id == id.value)) {
            let place = self.source.place(range_of(self.source, id), "not in `sources.yml`");
            let problem = Diagnostic::error(format!("no source `{}`", id.value)).at(place);
            let names = known.iter().map(|source| source.id.as_str());
            self.problems.push(problem.suggest(id.value.as_str(), names));
        }
    }

    fn top_part(&mut self, id: &Placed<IndicatorId>) {
        if !self.parts.contains_key(id.value.as_str()) {
            let problem = format!("the index has no part `{}`", id.value);
            self.wrong(id, problem, "its top part has the id of the index");
        }
    }

    /// Classes of scores, the best first; each begins at a score of its own.
    fn classes(&mut self, files: &[Placed<ClassFile>]) -> Vec<Class> {
        let mut classes: Vec<Class> = vec![];
        for file in files {
            let (from, open) = match (file.value.from, file.value.above) {
                (Some(from), None) => (from, false),
                (None, Some(above)) => (above, true),
                _ => {
                    let label =
                        "such as `from: 0.5`, or `above: 0.75` where 0.75 itself is of the class below";
                    self.wrong(file, "a class begins at one score", label);
                    continue;
                }
            };
            if let Some(before) = classes.last().filter(|before| !is_less(from, before.from)) {
                let label = format!("the one before begins at {}", before.from);
                self.wrong(file, "classes fall from the best to the least", label);
                continue;
            }
            classes.push(Class { name: file.value.name.clone(), from, open });
        }
        classes
    }

    /// The editions, each with the rules of those before it unless it has others.
    fn editions(&mut self, files: &[EditionFile], top: &str) -> Vec<Edition> {
        let mut editions: Vec<Edition> = vec![];
        for file in files {
            let Some(begins_on) = begins_on(&file.from.value) else {
                let problem = format!("`{}` is neither a year nor a day", file.from.value);
                self.wrong(&file.from, problem, "such as `2003` or `2026-06-01`");
                continue;
            };
            if let Some(before) = editions.last().filter(|before| before.begins_on >= begins_on) {
                let label = format!("the one before begins on {}", before.begins_on);
                self.wrong(&file.from, "editions rise from one to the next", label);
                continue;
            }
            let mut edition = match editions.last() {
                Some(before) => before.clone(),
                None => Edition {
                    name: String::new(),
                    begins_on,
                    formula: 1,
                    tolerance: None,
                    ranking: Ranking { decimals: RANKING_DECIMALS, ties: Ties::default() },
                    note: None,
                    rules: BTreeMap::new(),
                },
            };
            let known = self.problems.0.len();
            self.change(&mut edition, file, begins_on, editions.is_empty());
            // A rule that could not be read would be missing from the tree.
            if self.problems.0.len() == known {
                self.shape(&edition, file, top);
            }
            editions.push(edition);
        }
        if files.is_empty() {
            let place = self.source.place(0..0, "");
            let problem = Diagnostic::error("an index needs an edition").at(place);
            self.problems.push(problem.hint("write `editions:` with a first entry, such as `- from: 2003`"));
        }
        editions
    }

    /// What an edition has that the one before it had not.
    fn change(&mut self, edition: &mut Edition, file: &EditionFile, begins_on: NaiveDate, is_first: bool) {
        let before = edition.formula;
        edition.name.clone_from(&file.from.value);
        edition.begins_on = begins_on;
        edition.note.clone_from(&file.note);
        if let Some(formula) = &file.formula {
            if formula.value < before || (formula.value == before && !is_first) {
                self.wrong(
                    formula,
                    "versions of the formula rise from edition to edition",
                    format!("the version before it is {before}"),
                );
            }
            edition.formula = formula.value;
        }
        if let Some(tolerance) = &file.tolerance {
            if !(tolerance.value >= 0.0 && tolerance.value.is_finite()) {
                self.wrong(tolerance, "a tolerance is a distance", "0 or more");
            }
            edition.tolerance = Some(tolerance.value);
        }
        if let Some(ranking) = &file.ranking {
            let decimals = ranking.decimals.unwrap_or(RANKING_DECIMALS);
            edition.ranking = Ranking { decimals: decimals.min(12), ties: ranking.ties };
        }
        for (part, rule) in &file.rules {
            if !self.parts.contains_key(part) {
                self.unknown_part(part, rule);
                continue;
            }
            if let Some(rule) = self.rule(part, rule) {
                edition.rules.insert(part.clone(), rule);
            }
        }
    }

    fn unknown_part<T>(&mut self, part: &str, placed: &Placed<T>) {
        let range = key_of(self.source, part, range_of(self.source, placed).start);
        let problem = Diagnostic::error(format!("no part `{part}`"))
            .at(self.source.place(range, "not named under `parts`"));
        self.problems.push(problem.suggest(part, self.parts.keys().map(String::as_str)));
    }

    /// The rule of one part; none where it cannot be one.
    fn rule(&mut self, part: &str, placed: &Placed<RuleFile>) -> Option<Rule> {
        let known = self.problems.0.len();
        let file = &placed.value;
        for (below, weight) in &file.parts {
            if !self.parts.contains_key(below) {
                self.unknown_part(below, weight);
            } else if !(weight.value >= 0.0 && weight.value.is_finite()) {
                self.wrong(weight, format!("the weight of `{below}` is not one"), "0 or more");
            }
        }
        let at = key_of(self.source, part, range_of(self.source, placed).start);
        if !file.parts.is_empty() && file.parts.values().map(|weight| weight.value).sum::<f64>() == 0.0 {
            self.wrong_at(at.clone(), format!("the weights of `{part}` add up to nothing"), "", &[]);
        }
        let is_leaf = file.parts.is_empty();
        if !is_leaf && (file.points.is_some() || file.formula_not_known.is_some()) {
            let message = format!(
                "`{part}` is made of parts: points and a formula that is not known are for those without"
            );
            self.wrong_at(at.clone(), message, "", &[]);
        }
        if is_leaf
            && (file.normalise != Normalise::None
                || file.impute != Impute::None
                || file.rescale != Rescale::None)
        {
            let message = format!("`{part}` has no parts to normalise, impute or rescale");
            self.wrong_at(at.clone(), message, "", &["write this in the rule of the part above it"]);
        }
        for (name, pair) in [("goalposts", file.goalposts), ("ends of the range", file.range)] {
            if let Some([low, high]) = pair.filter(|[low, high]| !is_less(*low, *high)) {
                self.wrong_at(at.clone(), format!("the {name} {low} and {high} do not rise"), "", &[]);
            }
        }
        let needs_points = file.full_at.is_some()
            || file.nothing_to_count.is_some()
            || file.not_applicable.is_some()
            || !file.states.is_empty();
        if file.points.is_none() && needs_points {
            self.wrong_at(at.clone(), format!("`{part}` has no `points` to give"), "", &[]);
        }
        if file.points.is_some_and(|most| most <= 0.0) || file.full_at.is_some_and(|share| share <= 0.0) {
            self.wrong_at(at, format!("`points` and `full_at` of `{part}` are more than 0"), "", &[]);
        }
        (self.problems.0.len() == known).then(|| made(file))
    }

    /// The parts of an edition are a tree: each below one other, none below itself, and what a rule needs is there.
    fn shape(&mut self, edition: &Edition, file: &EditionFile, top: &str) {
        let at = range_of(self.source, &file.from);
        let mut above: BTreeMap<&str, &str> = BTreeMap::new();
        for (part, rule) in &edition.rules {
            for (below, _) in &rule.parts {
                if let Some(other) = above.insert(below, part) {
                    let message = format!("`{below}` is part of both `{other}` and `{part}`");
                    self.wrong_at(at.clone(), message, "in this edition", &[]);
                }
                let goalposts = edition.rules.get(below).and_then(|rule| rule.goalposts);
                if rule.normalise == Normalise::Goalposts && goalposts.is_none() {
                    let message = format!("`{below}` has no goalposts, but `{part}` normalises by them");
                    self.wrong_at(at.clone(), message, "in this edition", &["give it `goalposts: [0, 100]`"]);
                }
            }
        }
        for part in edition.rules.keys() {
            let mut seen = BTreeSet::from([part.as_str()]);
            let mut way = vec![part.as_str()];
            while let Some(next) = way.last().and_then(|last| above.get(last)) {
                way.push(next);
                if !seen.insert(next) {
                    break;
                }
            }
            // Each circle is told once, at its first part in the order of names.
            let is_circle = way.len() > 1 && way.first() == way.last();
            if is_circle && way.iter().min() == Some(&part.as_str()) {
                let way: Vec<String> = way.iter().map(|part| format!("`{part}`")).collect();
                let message = format!("parts in a circle: {}", way.join(" is part of "));
                self.wrong_at(at.clone(), message, "in this edition", &[]);
            }
        }
        if edition.below(top).is_empty() {
            let message = format!("nothing says what `{top}` is made of");
            self.wrong_at(at, message, "in this edition", &["name it under `rules` with its `parts`"]);
        }
    }

    /// How editions follow one another.
    fn outlook(&mut self, file: OutlookFile, unit: &Placed<Unit>) -> OutlookPlan {
        if file.every.value == 0 {
            self.wrong(&file.every, "editions follow one another", "1 year or more");
        }
        for place in file.places.iter().filter(|place| place.value == 0) {
            self.wrong(place, "a place counts from 1", "the best one");
        }
        if bounds(unit.value).is_none() {
            let label = "`index`, `points` or `percent`";
            self.wrong(unit, "only an index between two ends can be looked ahead of", label);
        }
        let mut places: Vec<u32> = file.places.iter().map(|place| place.value).collect();
        places.sort_unstable();
        places.dedup();
        let peers = file.peers.into_iter().map(|group| PeerGroup {
            title: group.title,
            bodies: group.bodies.into_iter().map(|body| body.value).collect(),
        });
        OutlookPlan {
            every: file.every.value.max(1),
            to: file.to.value,
            places,
            targets: file.targets.into_iter().map(|target| target.value).collect(),
            peers: peers.collect(),
            rank_indicator: file.indicators.rank.map(|id| id.value),
            score_indicator: file.indicators.score.map(|id| id.value),
        }
    }

    /// A part that no edition uses is a slip of the pen.
    fn unused_parts(&mut self, id: &Placed<IndicatorId>, editions: &[Edition]) {
        if self.problems.has_errors() {
            return;
        }
        let used: BTreeSet<&str> = editions
            .iter()
            .flat_map(|edition| edition.rules.values())
            .flat_map(|rule| rule.parts.iter().map(|(part, _)| part.as_str()))
            .chain([id.value.as_str()])
            .collect();
        for part in self.parts.keys().filter(|part| !used.contains(part.as_str())) {
            let range = key_of(self.source, part, self.source.text.find("\neditions:").unwrap_or(0));
            self.wrong_at(range, format!("no edition uses the part `{part}`"), "", &[]);
        }
    }
}

fn made(file: &RuleFile) -> Rule {
    let points = file.points.map(|most| Points {
        most,
        full_at: file.full_at.unwrap_or(1.0),
        nothing_to_count: file.nothing_to_count.unwrap_or_default(),
        not_applicable: file.not_applicable.unwrap_or_default(),
        states: file.states.clone(),
    });
    Rule {
        parts: file.parts.iter().map(|(part, weight)| (part.clone(), weight.value)).collect(),
        normalise: file.normalise,
        impute: file.impute,
        aggregate: file.aggregate,
        rescale: file.rescale,
        points,
        cap: file.cap,
        lower_is_better: file.direction == Some(Direction::LowerIsBetter),
        goalposts: file.goalposts.map(|[low, high]| (low, high)),
        range: file.range.map(|[low, high]| (low, high)),
        reference: file.reference,
        decimals: file.decimals.map(|decimals| decimals.min(12)),
        unknown: file.formula_not_known.clone(),
    }
}

/// Neither is less where one of them is not a number.
fn is_less(one: f64, other: f64) -> bool {
    one < other
}

/// The first day of what is written as a year or a day.
fn begins_on(text: &str) -> Option<NaiveDate> {
    match text.parse::<i32>() {
        Ok(year) if text.len() == 4 => NaiveDate::from_ymd_opt(year, 1, 1),
        _ => text.parse().ok(),
    }
}

/// The last place before `end` where `key` is written as a key.
fn key_of(source: &Source, key: &str, end: usize) -> std::ops::Range<usize> {
    let before = source.text.get(..end).unwrap_or_default();
    match before.rfind(&format!("{key}:")) {
        Some(at) => at..at + key.len(),
        None => source.token_at(end),
    }
}
