//! Reads `disclosure.yml`: which indicators count people, and from where on their counts are shown.

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::disclosure::{CountOf, DisclosureRules, SafeReader, SmallCounts, TOTAL, Zero};
use crate::model::indicator::{Indicator, Shape};
use crate::model::text::Text;
use crate::project::{Placed, Project, range_of, yaml};

/// The file; a project without it withholds nothing but what its queries do.
pub const DISCLOSURE: &str = "disclosure.yml";

/// Thresholds above this would keep back what speaks of nobody.
const MOST: u32 = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosureFile {
    rules: Vec<RuleFile>,
    #[serde(default)]
    safe: Vec<SafeFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: Placed<String>,
    indicators: Vec<Placed<String>>,
    threshold: Placed<u32>,
    counts: Option<Vec<Placed<CountOf>>>,
    #[serde(default)]
    zero: Zero,
    #[serde(default)]
    levels: Vec<String>,
    #[serde(default)]
    breakdowns: Vec<Placed<String>>,
    basis: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SafeFile {
    id: Placed<String>,
    why: Text,
}

/// The rules with the file that they stand in, to say where something about them is wrong.
#[derive(Debug, Clone)]
pub struct DisclosureDefinition {
    /// The rules.
    pub rules: DisclosureRules,
    /// Their file.
    pub source: Source,
}

/// The rules of the project, checked against its indicators; none where it has no such file.
pub fn read_disclosure(
    project: &Project,
    indicators: &[Indicator],
) -> Result<Option<DisclosureDefinition>, Problems> {
    if !project.has(DISCLOSURE) {
        return Ok(None);
    }
    let source = project.read(DISCLOSURE)?;
    let file: DisclosureFile = yaml(&source)?;
    let mut problems = Problems::default();
    let mut rules: Vec<SmallCounts> = vec![];
    for entry in file.rules {
        if rules.iter().any(|other| other.id == entry.id.value) {
            problems.push(wrong(
                &source,
                &entry.id,
                format!("two rules are called `{}`", entry.id.value),
                "the name is taken",
            ));
        }
        for id in &entry.indicators {
            if let Some(other) =
                rules.iter().find(|rule| rule.indicators.iter().any(|i| i.as_str() == id.value))
            {
                let message = format!("`{}` is in the rule `{}` already", id.value, other.id);
                problems.push(wrong(&source, id, message, "an indicator has one rule"));
            }
        }
        rules.push(rule(&source, entry, indicators, &mut problems));
    }
    let safe = file.safe.into_iter().map(|entry| SafeReader { id: entry.id.value, why: entry.why });
    let rules = DisclosureRules { rules, safe: safe.collect() };
    problems.or(Some(DisclosureDefinition { rules, source }))
}

fn rule(source: &Source, entry: RuleFile, indicators: &[Indicator], problems: &mut Problems) -> SmallCounts {
    if !(2..=MOST).contains(&entry.threshold.value) {
        let message = format!("a threshold of {} withholds nothing of use", entry.threshold.value);
        problems.push(wrong(source, &entry.threshold, message, "a count from 2 to 10000"));
    }
    let known: Vec<&Indicator> =
        entry.indicators.iter().filter_map(|id| problems.keep(indicator(source, id, indicators))).collect();
    let has_denominator = known.iter().all(|indicator| indicator.shape == Shape::Ratio);
    for count in entry.counts.iter().flatten() {
        if count.value != CountOf::Numerator && !has_denominator {
            let message = "a count has a numerator only";
            problems.push(wrong(source, count, message, "only where all indicators of the rule are ratios"));
        }
    }
    for breakdown in &entry.breakdowns {
        let has =
            |indicator: &&Indicator| indicator.breakdown.iter().any(|(code, _)| *code == breakdown.value);
        if breakdown.value != TOTAL && !known.is_empty() && !known.iter().any(has) {
            let codes = known.iter().flat_map(|one| one.breakdown.iter().map(|(code, _)| code.as_str()));
            let problem = wrong(
                source,
                breakdown,
                format!("no indicator of the rule has the breakdown `{}`", breakdown.value),
                "a code of `breakdown`, or `total`",
            );
            problems.push(problem.suggest(&breakdown.value, codes.chain([TOTAL])));
        }
    }
    let all = || match has_denominator {
        true => vec![CountOf::Numerator, CountOf::Denominator, CountOf::Difference],
        false => vec![CountOf::Numerator],
    };
    SmallCounts {
        id: entry.id.value,
        indicators: known.iter().map(|indicator| indicator.id.clone()).collect(),
        threshold: entry.threshold.value,
        counts: entry.counts.map_or_else(all, |counts| counts.into_iter().map(|count| count.value).collect()),
        zero: entry.zero,
        levels: entry.levels,
        breakdowns: entry.breakdowns.into_iter().map(|breakdown| breakdown.value).collect(),
        basis: entry.basis,
    }
}

fn indicator<'a>(
    source: &Source,
    id: &Placed<String>,
    indicators: &'a [Indicator],
) -> Result<&'a Indicator, Diagnostic> {
    let ids = || indicators.iter().map(|indicator| indicator.id.as_str());
    let found = indicators.iter().find(|indicator| indicator.id.as_str() == id.value).ok_or_else(|| {
        wrong(source, id, format!("no indicator `{}`", id.value), "").suggest(&id.value, ids())
    })?;
    match found.shape {
        Shape::Value => {
            let message = format!("`{}` is a value without counts", id.value);
            Err(wrong(source, id, message, "a rule is for ratios and counts").hint(
                "whoever published it decided what to show; its query can give `withheld` in `missing`",
            ))
        }
        _ => Ok(found),
    }
}

fn wrong<T>(source: &Source, placed: &Placed<T>, message: impl Into<String>, label: &str) -> Diagnostic {
    Diagnostic::error(message).at(source.place(range_of(source, placed), label))
}

impl DisclosureDefinition {
    /// Says that something that reads the same files as a counted indicator is neither in a rule nor called safe.
    pub fn unjudged(&self, kind: &str, id: &str, path: &str, table: &str, counted: &str) -> Diagnostic {
        Diagnostic::error(format!(
            "the {kind} `{id}` reads `{table}` as `{counted}` does, whose small counts are withheld"
        ))
        .in_file(path)
        .in_file(self.source.path.as_str())
        .hint(
            "name it in a rule of `disclosure.yml`, or under `safe` with the reason why it gives nobody away",
        )
    }

    /// Says that something is called safe that is not there.
    pub fn unknown_safe<'a>(&self, id: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        let at = self.source.text.find(id).unwrap_or(0);
        let place = self.source.place(at..at + id.len(), "the id of an indicator, an index or a check");
        Diagnostic::error(format!("nothing is called `{id}`")).at(place).suggest(id, known)
    }
}
