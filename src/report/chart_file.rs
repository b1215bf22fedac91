//! The charts of one indicator or index as files: those of its pages, each with its title, its finding and its source around it.
//!
//! A file stands alone, so everything that belongs beside a number on a page stands in it: the notice of the report, the
//! warning of the indicator, what is missing, where the numbers come from and of which state of the data they are.

use crate::chart::standalone::Standalone;
use crate::chart::{Svg, Width};
use crate::diagnostic::Diagnostic;
use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::IndexResults;
use crate::model::indicator::Indicator;
use crate::model::measure::Measure;
use crate::model::period::Period;
use crate::model::quality::QualityResults;
use crate::model::reconciled::Reconciliation;
use crate::model::results::Results;
use crate::model::series::kind;
use crate::report::book::{Book, Contents, state_line};
use crate::report::definition::{ReportDefinition, Section};
use crate::report::figure::{self, ChartKind, Drawing, bodies, scores};
use crate::report::planning::newest;
use crate::report::target;
use crate::report::view::View;
use crate::report::words::Words;

/// How many periods a hint names.
const NAMED: usize = 5;

/// Whose charts are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// An indicator or an index.
    pub id: &'a str,
    /// The body that stands first, and whose level is drawn; by default the one of the definition, and all levels.
    pub org: Option<&'a OrgId>,
    /// The last period that is shown; by default the newest one.
    pub period: Option<Period>,
    /// Only this kind; by default all that the numbers carry.
    pub kind: Option<ChartKind>,
}

/// A chart that can stand alone.
pub struct ChartFile {
    /// Its name, without an ending.
    pub stem: String,
    /// The chart with everything around it.
    pub svg: Svg,
}

/// The charts that are asked for, in the order of the pages, or everything that is wrong with the question.
pub fn charts(
    asked: &Asked<'_>,
    results: &Results,
    report: &ReportDefinition,
    words: &Words,
) -> Result<Vec<ChartFile>, Vec<Diagnostic>> {
    let narrowed = narrowed(asked, results);
    if narrowed.indicators.is_empty() && narrowed.indices.is_empty() {
        return Err(vec![unknown(asked, results)]);
    }
    let wrong = wrong(asked, results);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let definition = definition(asked, report);
    let view = View::new(&narrowed);
    let contents = Contents::new(&definition, &view);
    let book = Book { definition: &definition, view: &view, words, contents: &contents };
    let job = Job { asked, book: &book };
    let found = job.found();
    let kinds: Vec<ChartKind> = found.iter().map(|one| one.drawing.kind).collect();
    let kept: Vec<Found<'_>> =
        found.into_iter().filter(|one| asked.kind.is_none_or(|kind| kind == one.drawing.kind)).collect();
    if kept.is_empty() {
        return Err(vec![no_chart(asked, &kinds)]);
    }
    Ok(job.files(kept))
}

/// What was asked for, and all that lies no later; other indicators only cost time.
fn narrowed(asked: &Asked<'_>, results: &Results) -> Results {
    let fits = |period: Period| {
        asked.period.is_none_or(|last| kind(period) == kind(last) && period.end() <= last.end())
    };
    let is_asked = |id: &IndicatorId| id.as_str() == asked.id;
    let mut indicators: Vec<Indicator> =
        results.indicators.iter().filter(|one| is_asked(&one.id)).cloned().collect();
    for indicator in &mut indicators {
        indicator.headline = asked.org.cloned().or(indicator.headline.take());
    }
    let indices = results.indices.iter().filter(|index| is_asked(&index.tree.id));
    Results {
        vintage: results.vintage.clone(),
        organisations: results.organisations.clone(),
        levels: results.levels.clone(),
        layouts: results.layouts.clone(),
        observations: results
            .observations
            .iter()
            .filter(|one| is_asked(&one.indicator) && fits(one.period))
            .cloned()
            .collect(),
        revisions: results
            .revisions
            .iter()
            .filter(|one| is_asked(&one.indicator) && fits(one.period))
            .cloned()
            .collect(),
        restated: vec![],
        indices: indices.map(|index| index_of(asked, index, &fits)).collect(),
        targets: results.targets.clone(),
        progress: results
            .progress
            .iter()
            .filter(|one| one.indicator.as_ref().is_some_and(is_asked))
            .cloned()
            .collect(),
        sources: results.sources.clone(),
        rejects: vec![],
        checks: vec![],
        quality: QualityResults::default(),
        changes: None,
        reconciliation: Reconciliation::default(),
        indicators,
    }
}

fn index_of(asked: &Asked<'_>, index: &IndexResults, fits: &dyn Fn(Period) -> bool) -> IndexResults {
    let mut tree = index.tree.clone();
    tree.headline = asked.org.cloned().or(tree.headline.take());
    let scores: Vec<_> = index.scores.iter().filter(|score| fits(score.period)).cloned().collect();
    let is_own = |org: &OrgId| tree.headline.as_ref() == Some(org);
    IndexResults {
        headline: scores.iter().filter(|score| is_own(&score.org)).cloned().collect(),
        fields: index.fields.iter().filter(|field| fits(field.period)).cloned().collect(),
        summaries: vec![],
        apart: vec![],
        scores,
        tree,
    }
}

/// The report with nothing but what is asked for: no page of an organisation, so that no chart leads anywhere.
fn definition(asked: &Asked<'_>, report: &ReportDefinition) -> ReportDefinition {
    let ids: Vec<IndicatorId> = asked.id.parse().into_iter().collect();
    let section = Section {
        id: "charts".to_owned(),
        title: report.title.clone(),
        intro: None,
        indicators: ids.clone(),
        indices: ids,
        targets: false,
    };
    ReportDefinition {
        sections: vec![section],
        organisation_pages: vec![],
        downloads: vec![],
        ..report.clone()
    }
}

fn unknown(asked: &Asked<'_>, results: &Results) -> Diagnostic {
    let indicators = results.indicators.iter().map(|one| one.id.as_str());
    let ids = indicators.chain(results.indices.iter().map(|index| index.tree.id.as_str()));
    Diagnostic::usage(format!("no indicator or index `{}`", asked.id)).suggest(asked.id, ids)
}

/// A body or a period without a number.
fn wrong(asked: &Asked<'_>, results: &Results) -> Vec<Diagnostic> {
    let observed = results.observations.iter().filter(|one| one.indicator.as_str() == asked.id);
    let observed = observed.filter(|one| matches!(one.measure, Measure::Value(_)));
    let index = results.indices.iter().filter(|index| index.tree.id.as_str() == asked.id);
    let scored = index.flat_map(|index| &index.scores).filter(|score| score.known().is_some());
    let all: Vec<(&OrgId, Period)> = observed
        .map(|one| (&one.org, one.period))
        .chain(scored.map(|score| (&score.org, score.period)))
        .collect();
    let mut problems = vec![];
    if let Some(org) = asked.org.filter(|org| !all.iter().any(|(known, _)| known == org)) {
        let problem = Diagnostic::usage(format!("there is no number of `{}` for `{org}`", asked.id));
        problems.push(problem.hint("it has none in any period that was computed"));
    }
    if let Some(period) = asked.period.filter(|period| !all.iter().any(|(_, known)| known == period)) {
        let problem = Diagnostic::usage(format!("there is no number of `{}` in {period}", asked.id));
        problems.push(problem.hint(latest_periods(&all)));
    }
    problems
}

fn latest_periods(all: &[(&OrgId, Period)]) -> String {
    let mut periods: Vec<Period> = all.iter().map(|(_, period)| *period).collect();
    periods.sort_by_key(|period| (std::cmp::Reverse(period.end()), *period));
    periods.dedup();
    let named: Vec<String> = periods.iter().take(NAMED).map(|period| format!("`{period}`")).collect();
    match named.is_empty() {
        true => "it has none in any period that was computed".to_owned(),
        false => format!("the latest periods that it has one for: {}", named.join(", ")),
    }
}

/// The numbers carry no chart, or none of the kind.
fn no_chart(asked: &Asked<'_>, kinds: &[ChartKind]) -> Diagnostic {
    let of_kind = asked.kind.map_or_else(String::new, |kind| format!(" of the kind `{}`", kind.word()));
    let problem = Diagnostic::usage(format!("the numbers of `{}` make no chart{of_kind}", asked.id));
    let made = ChartKind::ALL.iter().filter(|(kind, _)| kinds.contains(kind));
    let words: Vec<String> = made.map(|(_, word)| format!("`{word}`")).collect();
    match words.is_empty() {
        true => problem.hint("a chart needs two numbers of one body, or three bodies of one level"),
        false => problem.hint(format!("they make: {}", words.join(", "))),
    }
}

/// A chart and what its name and its title say besides.
struct Found<'a> {
    drawing: Drawing<'a>,
    /// The word of its level, where it is one of a level.
    level: Option<&'a str>,
    /// Of when, where it is of one period.
    period: Option<Period>,
}

struct Job<'a> {
    asked: &'a Asked<'a>,
    book: &'a Book<'a>,
}

impl<'a> Job<'a> {
    fn found(&self) -> Vec<Found<'a>> {
        let book = self.book;
        let mut found = vec![];
        for indicator in &book.view.results.indicators {
            found.extend(self.of_body(indicator));
            for level in &book.contents.levels {
                found.extend(self.of_level(indicator, level));
            }
            found.extend(figure::revised(book, indicator).map(alone));
        }
        for (index, drawn) in book.contents.indices.iter().copied().zip(&book.contents.drawn) {
            for scores in scores::part_scores(index) {
                let (drawing, period) = (scores::groups(book, index, &scores), Some(scores.period));
                found.push(Found { drawing, level: None, period });
            }
            let groups = index.tree.outlook.iter().flat_map(|plan| &plan.peers);
            let ranks = groups.filter_map(|group| {
                let ranks = scores::peer_ranks(index, group)?;
                Some(scores::ranks(book, index, (group, &ranks)))
            });
            found.extend(ranks.map(alone));
            found.extend(drawn.as_ref().zip(newest(index)).and_then(|(drawn, case)| {
                let shown = scores::banded(index, &case, drawn);
                let period = Some(case.field.period);
                Some(Found { drawing: scores::bands(book, index, &case, &shown)?, level: None, period })
            }));
        }
        found
    }

    fn of_body(&self, indicator: &'a Indicator) -> Vec<Found<'a>> {
        let book = self.book;
        let Some(org) = book.view.headline(indicator) else { return vec![] };
        let totals = book.view.totals(indicator, org);
        let line = figure::course(book, indicator, org, totals);
        let bullet = target::bullet_of(book, indicator, org);
        let parts = figure::course_of_parts(book, indicator, org);
        [bullet, line, parts].into_iter().flatten().map(alone).collect()
    }

    /// Of the level of the body that was asked for, if it is ranked there, else of every level.
    fn of_level(&self, indicator: &'a Indicator, level: &'a str) -> Vec<Found<'a>> {
        let book = self.book;
        let Some((period, ranked)) = book.view.ranking(indicator, level) else { return vec![] };
        if self.asked.period.is_some_and(|asked| asked != period) || self.is_elsewhere(indicator, level) {
            return vec![];
        }
        let maps = figure::maps(book, indicator, level, "").into_iter();
        let maps = maps.filter(|(of, _)| self.asked.period.is_none_or(|asked| asked == *of));
        let courses = bodies::courses(book, indicator, level);
        let pair = bodies::pair(book, indicator, level);
        let adds_up = crate::report::view::parts_add_up(book.view, indicator);
        let of_parts = |drawing: Option<Drawing<'a>>| drawing.filter(|_| adds_up);
        let first = [figure::ranking(book, indicator, ranked, "")];
        let rest = [
            bodies::distribution(book, indicator, ranked),
            pair.map(|pair| bodies::slope(book, indicator, &pair)),
            courses.and_then(|courses| bodies::multiples(book, indicator, &courses, "")),
            of_parts(figure::stack(book, indicator, ranked, "")),
            of_parts(bodies::shares(book, indicator, ranked, "")),
        ];
        let now = |drawing: Drawing<'a>| (period, drawing);
        let all = first.into_iter().flatten().map(now).chain(maps).chain(rest.into_iter().flatten().map(now));
        all.map(|(of, drawing)| Found { drawing, level: Some(level), period: Some(of) }).collect()
    }

    /// Whether the body that was asked for is ranked in another level.
    fn is_elsewhere(&self, indicator: &Indicator, level: &str) -> bool {
        let own = self.asked.org.and_then(|org| self.book.view.organisation(org));
        own.is_some_and(|own| {
            own.level != level
                && self.book.view.ranking(indicator, &own.level).is_some_and(|(_, list)| list.len() >= 3)
        })
    }

    fn files(&self, found: Vec<Found<'_>>) -> Vec<ChartFile> {
        let mut files: Vec<ChartFile> = vec![];
        for one in found {
            let stem = self.stem(&one);
            let same = files.iter().filter(|file| is_numbered(&file.stem, &stem)).count();
            let stem = if same == 0 { stem } else { format!("{stem}-{}", same + 1) };
            files.push(ChartFile { svg: self.svg(&one), stem });
        }
        let lang = self.book.lang();
        files.iter_mut().for_each(|file| file.stem = format!("{}.{lang}", file.stem));
        files
    }

    fn stem(&self, one: &Found<'_>) -> String {
        let asked = [self.asked.org.map(ToString::to_string), self.asked.period.map(|one| one.to_string())];
        let level = one.level.map(str::to_owned);
        let parts = [Some(self.asked.id.to_owned()), Some(one.drawing.kind.word().to_owned()), level];
        parts.into_iter().chain(asked).flatten().map(|part| in_a_name(&part)).collect::<Vec<_>>().join("-")
    }

    fn svg(&self, one: &Found<'_>) -> Svg {
        let Found { drawing, level, period } = one;
        let book = self.book;
        let of = match (level, period) {
            (Some(level), Some(period)) => {
                let gaps = [("level", &*book.level(level)), ("period", &*book.period_within(*period))];
                Some(book.words.fill("by_level", &gaps))
            }
            (None, Some(period)) => Some(book.period(*period)),
            _ => None,
        };
        let title = [Some(drawing.title.clone()), of].into_iter().flatten().collect::<Vec<_>>().join(" – ");
        let notice = book.definition.notice.as_ref().map(|notice| book.text(notice).to_owned());
        let finding = notice.into_iter().chain([drawing.finding.clone()]).collect::<Vec<_>>().join(" ");
        let source = drawing.note.clone().into_iter().chain(self.warning()).chain([self.source()]);
        let source = source.collect::<Vec<_>>().join(" ");
        Standalone { title, finding, source }.around(&drawing.svg("chart", Width::PAGE), "file")
    }

    /// The warning that belongs beside every number.
    fn warning(&self) -> Option<String> {
        let results = self.book.view.results;
        let indicators = results.indicators.iter().filter_map(|one| one.note.as_ref());
        let indices = results.indices.iter().filter_map(|index| index.tree.note.as_ref());
        indicators.chain(indices).next().map(|note| self.book.text(note).to_owned())
    }

    /// `Nguồn: …; … · Bảng chỉ tiêu … · Phiên bản dữ liệu 3`
    fn source(&self) -> String {
        let results = self.book.view.results;
        let is_used = |id| results.indicators.iter().any(|indicator| indicator.sources.contains(id));
        let brought = results.sources.iter().filter(|one| is_used(&one.id) && !one.files.is_empty());
        let sources: Vec<&str> = brought.map(|one| self.book.text(&one.title)).collect();
        let sources = sources.join("; ");
        let named =
            (!sources.is_empty()).then(|| self.book.words.fill("chart_source", &[("sources", &sources)]));
        let site = self.book.text(&self.book.definition.title).to_owned();
        let state = state_line(self.book.words, &results.vintage);
        named.into_iter().chain([site, state]).collect::<Vec<_>>().join(" · ")
    }
}

fn alone(drawing: Drawing<'_>) -> Found<'_> {
    Found { drawing, level: None, period: None }
}

/// Whether a name is this one, or this one with a number.
fn is_numbered(name: &str, stem: &str) -> bool {
    let rest = name.strip_prefix(stem).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

/// What may stand in the name of a file: what is written by people never names a folder.
fn in_a_name(text: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || "-_@.".contains(c) { c } else { '_' };
    text.chars().map(safe).collect::<String>().trim_start_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Lang;
    use crate::report::fixture;
    use crate::report::template::Templates;

    fn words() -> Words {
        Templates::default().words(Lang::En).expect("built-in words")
    }

    fn asked(id: &str) -> Asked<'_> {
        Asked { id, org: None, period: None, kind: None }
    }

    fn stems(asked: &Asked<'_>, results: &Results) -> Vec<String> {
        let files = charts(asked, results, &fixture::definition(), &words());
        files.unwrap_or_else(|wrong| panic!("{wrong:?}")).into_iter().map(|file| file.stem).collect()
    }

    fn told(asked: &Asked<'_>, results: &Results) -> Vec<(String, Vec<String>)> {
        let files = charts(asked, results, &fixture::definition(), &words());
        let wrong = files.err().unwrap_or_else(|| panic!("{asked:?} gives charts"));
        wrong.into_iter().map(|one| (one.message, one.hints)).collect()
    }

    #[test]
    fn every_chart_of_a_level_is_a_file() {
        let results = fixture::level();
        let all = stems(&asked("dossiers"), &results);
        let kinds = ["bar", "map", "distribution", "slope", "multiples", "stack", "shares"];
        let of_level = kinds.map(|kind| format!("dossiers-{kind}-area.en"));
        assert!(of_level.iter().all(|stem| all.contains(stem)), "{all:?}");
        let org = fixture::org_id("Q05");
        let of_body = Asked { org: Some(&org), kind: Some(ChartKind::Line), ..asked("dossiers") };
        assert_eq!(stems(&of_body, &results), ["dossiers-line-Q05.en"]);
        let period = "2026-Q2".parse().ok();
        let earlier = Asked { period, kind: Some(ChartKind::Map), ..asked("dossiers") };
        assert_eq!(stems(&earlier, &results), ["dossiers-map-area-2026-Q2.en"]);
    }

    #[test]
    fn a_file_says_of_what_and_when_it_is_where_from_and_what_to_beware_of() {
        let mut results = fixture::level();
        results.indicators[0].note = Some(crate::model::text::Text::both("Số tạm thời.", "Provisional."));
        let mut definition = fixture::definition();
        definition.notice = Some(crate::model::text::Text::both("Số giả định.", "Made-up numbers."));
        let bar = Asked { kind: Some(ChartKind::Bar), ..asked("dossiers") };
        let files = charts(&bar, &results, &definition, &words()).expect("a chart");
        let svg = files[0].svg.as_str();
        let document = roxmltree::Document::parse(svg).expect("well-formed");
        let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
        let whole = texts.join(" ");
        for text in [
            "Dossiers – area: Q3 2026",
            "Made-up numbers.",
            "Provisional.",
            "National portal",
            "Data version 3",
        ] {
            assert!(whole.contains(text), "{text} in {whole}");
        }
        assert!(!svg.contains("href"), "a file leads nowhere");
    }

    #[test]
    fn everything_that_is_wrong_with_a_question_is_said_at_once() {
        let results = fixture::level();
        let (org, period) = (fixture::org_id("P1"), "2024-Q1".parse().ok());
        let both = told(&Asked { org: Some(&org), period, ..asked("dossiers") }, &results);
        let messages: Vec<&str> = both.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(
            messages,
            ["there is no number of `dossiers` for `P1`", "there is no number of `dossiers` in 2024-Q1"]
        );
        assert_eq!(
            both[1].1,
            ["the latest periods that it has one for: `2026-Q3`, `2026-Q2`, `2026-Q1`, `2025-Q4`"]
        );
        let typo = told(&asked("dossier"), &results);
        assert_eq!(typo[0].0, "no indicator or index `dossier`");
        assert_eq!(typo[0].1, ["did you mean `dossiers`?"]);
        let kind = told(&Asked { kind: Some(ChartKind::Bands), ..asked("dossiers") }, &results);
        assert_eq!(kind[0].0, "the numbers of `dossiers` make no chart of the kind `bands`");
        assert!(kind[0].1[0].starts_with("they make: `bar`, `map`"), "{kind:?}");
    }

    #[test]
    fn what_people_wrote_names_no_folder() {
        assert_eq!(in_a_name("../a/b"), "_a_b");
        assert_eq!(in_a_name("H22@2025-06-30"), "H22@2025-06-30");
        assert!(
            is_numbered("a-map", "a-map")
                && is_numbered("a-map-2", "a-map")
                && !is_numbered("a-mapx", "a-map")
        );
    }
}
