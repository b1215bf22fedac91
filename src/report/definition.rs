//! A report as its file says it, checked against the catalogue of indicators.
//!
//! Takes `reports/<id>.yml`; gives a [`ReportDefinition`] or everything that is wrong with it at once.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::IndicatorId;
use crate::model::indicator::Indicator;
use crate::model::text::{Lang, Text};
use crate::project::{Placed, Project, range_of, yaml};

/// What a report shows, and in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportDefinition {
    /// Stem of its file.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it is, in a line.
    pub subtitle: Option<Text>,
    /// What a reader of any page must know first.
    pub notice: Option<Text>,
    /// Who answers for it.
    pub publisher: Option<Text>,
    /// Its languages; the first is the default.
    pub languages: Vec<Lang>,
    /// The parts of the overview, in order.
    pub sections: Vec<Section>,
    /// Pages that look at some of the indicators together, in the order of the menu.
    pub topics: Vec<Topic>,
    /// Levels of organisations that get a page each.
    pub organisation_pages: Vec<String>,
    /// Files offered beside the pages; not part of the file, filled by whoever writes exports.
    pub downloads: Vec<Download>,
}

impl ReportDefinition {
    /// The indicators of the report, each once, in the order of its sections.
    pub fn indicators(&self) -> Vec<&IndicatorId> {
        let mut seen = BTreeSet::new();
        self.sections.iter().flat_map(|section| &section.indicators).filter(|id| seen.insert(*id)).collect()
    }
}

/// A part of the overview.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its anchor in the page.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// A few words before the numbers.
    pub intro: Option<Text>,
    /// What it shows.
    pub indicators: Vec<IndicatorId>,
    /// Indices that are recomputed, a page each.
    pub indices: Vec<IndicatorId>,
    /// Whether the table of all targets stands here.
    pub targets: bool,
}

/// A page of its own for some of the indicators.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Its name in addresses.
    pub id: String,
    /// Its heading.
    pub title: Text,
    /// A few words before the numbers.
    pub intro: Option<Text>,
    /// What it shows, each once.
    pub indicators: Vec<IndicatorId>,
}

/// A file offered beside the pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Download {
    /// What it is.
    pub label: Text,
    /// Its address, relative to the root of the site.
    pub href: String,
    /// The indicator whose page offers it; none: the page on data quality.
    pub indicator: Option<IndicatorId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    id: Placed<String>,
    title: Placed<Text>,
    subtitle: Option<Placed<Text>>,
    notice: Option<Placed<Text>>,
    publisher: Option<Placed<Text>>,
    languages: Placed<Vec<Placed<String>>>,
    sections: Vec<SectionFile>,
    #[serde(default)]
    topics: Vec<TopicFile>,
    #[serde(default)]
    organisation_pages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    id: Placed<String>,
    title: Placed<Text>,
    intro: Option<Placed<Text>>,
    #[serde(default)]
    sections: Vec<Placed<String>>,
    #[serde(default)]
    indicators: Vec<Placed<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    id: Placed<String>,
    title: Placed<Text>,
    intro: Option<Placed<Text>>,
    #[serde(default)]
    indicators: Vec<Placed<String>>,
    #[serde(default)]
    indices: Vec<Placed<String>>,
    #[serde(default)]
    targets: bool,
}

/// Reads a report; the problems beside it are warnings.
pub fn read(
    project: &Project,
    path: &str,
    indicators: &[Indicator],
    indices: &[IndicatorId],
) -> Result<(ReportDefinition, Problems), Problems> {
    let source = project.read(path)?;
    check(&source, indicators, indices)
}

/// The same for a text that was already read.
pub fn check(
    source: &Source,
    indicators: &[Indicator],
    indices: &[IndicatorId],
) -> Result<(ReportDefinition, Problems), Problems> {
    let file: ReportFile = yaml(source)?;
    let mut reader = Reader { source, indicators, indices, languages: vec![], problems: Problems::default() };
    reader.stem(&file.id);
    reader.read_languages(&file.languages);
    let sections = reader.sections(file.sections);
    let definition = ReportDefinition {
        id: file.id.value.clone(),
        title: reader.text(file.title),
        subtitle: file.subtitle.map(|text| reader.text(text)),
        notice: file.notice.map(|text| reader.text(text)),
        publisher: file.publisher.map(|text| reader.text(text)),
        languages: reader.languages.clone(),
        topics: reader.topics(file.topics, &sections),
        sections,
        organisation_pages: file.organisation_pages,
        downloads: vec![],
    };
    let problems = reader.problems;
    if problems.has_errors() { Err(problems) } else { Ok((definition, problems)) }
}

struct Reader<'a> {
    source: &'a Source,
    indicators: &'a [Indicator],
    indices: &'a [IndicatorId],
    languages: Vec<Lang>,
    problems: Problems,
}

impl Reader<'_> {
    fn report<T>(&mut self, diagnostic: Diagnostic, placed: &Placed<T>, label: &str) {
        let range = range_of(self.source, placed);
        self.problems.push(diagnostic.at(self.source.place(range, label)));
    }

    fn stem(&mut self, id: &Placed<String>) {
        let stem = Path::new(&self.source.path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if stem.as_deref() != Some(id.value.as_str()) {
            let error = Diagnostic::error(format!("report `{}` is in a file of another name", id.value));
            let label = format!("expected `{}`", stem.unwrap_or_default());
            self.report(error, id, &label);
        }
    }

    fn read_languages(&mut self, languages: &Placed<Vec<Placed<String>>>) {
        for word in &languages.value {
            match word.value.parse::<Lang>() {
                Ok(lang) if self.languages.contains(&lang) => {
                    self.report(Diagnostic::error(format!("language `{lang}` is named twice")), word, "");
                }
                Ok(lang) => self.languages.push(lang),
                Err(_) => {
                    let known = Lang::ALL.map(Lang::code);
                    let error = Diagnostic::error(format!("unknown language `{}`", word.value));
                    self.report(error.suggest(&word.value, known), word, "expected `vi` or `en`");
                }
            }
        }
        if languages.value.is_empty() {
            let error = Diagnostic::error("a report needs a language").hint("write `languages: [vi, en]`");
            self.report(error, languages, "");
        }
    }

    /// Warns of languages in which the text was not written; the pages then show the other one.
    fn text(&mut self, text: Placed<Text>) -> Text {
        for lang in self.languages.clone() {
            if !text.value.has(lang) {
                let shown = text.value.get(lang);
                let warning = Diagnostic::warning(format!("no `{lang}` text for \u{201c}{shown}\u{201d}"));
                self.report(warning.hint(format!("add `{lang}:`")), &text, "");
            }
        }
        text.value
    }

    fn sections(&mut self, files: Vec<SectionFile>) -> Vec<Section> {
        let mut seen = BTreeSet::new();
        let mut sections = vec![];
        for file in files {
            self.own_name(&file.id, "section", &mut seen);
            sections.push(Section {
                id: file.id.value,
                title: self.text(file.title),
                intro: file.intro.map(|text| self.text(text)),
                indicators: file.indicators.iter().filter_map(|id| self.indicator(id)).collect(),
                indices: file.indices.iter().filter_map(|id| self.index(id)).collect(),
                targets: file.targets,
            });
        }
        sections
    }

    fn topics(&mut self, files: Vec<TopicFile>, sections: &[Section]) -> Vec<Topic> {
        let mut seen = BTreeSet::new();
        let mut topics = vec![];
        for file in files {
            self.own_name(&file.id, "topic", &mut seen);
            let mut indicators = vec![];
            for word in &file.sections {
                indicators.extend(self.section_of(word, sections));
            }
            for word in &file.indicators {
                indicators.extend(self.shown(word, sections));
            }
            if file.sections.is_empty() && file.indicators.is_empty() {
                let error = Diagnostic::error(format!("topic `{}` shows nothing", file.id.value));
                self.report(error.hint("name `sections:` or `indicators:` of the report"), &file.id, "");
            }
            let mut once = BTreeSet::new();
            indicators.retain(|id| once.insert(id.clone()));
            topics.push(Topic {
                id: file.id.value,
                title: self.text(file.title),
                intro: file.intro.map(|text| self.text(text)),
                indicators,
            });
        }
        topics
    }

    /// The indicators of a section that a topic names.
    fn section_of(&mut self, word: &Placed<String>, sections: &[Section]) -> Vec<IndicatorId> {
        match sections.iter().find(|section| section.id == word.value) {
            Some(section) => section.indicators.clone(),
            None => {
                let names = sections.iter().map(|section| section.id.as_str());
                let error = Diagnostic::error(format!("no section `{}`", word.value));
                self.report(error.suggest(&word.value, names), word, "");
                vec![]
            }
        }
    }

    /// An indicator that a topic names: it must have a page, which those of the sections have.
    fn shown(&mut self, word: &Placed<String>, sections: &[Section]) -> Option<IndicatorId> {
        let id = self.indicator(word)?;
        let known = sections.iter().any(|section| section.indicators.contains(&id));
        if !known {
            let error = Diagnostic::error(format!("indicator `{id}` has no page in this report"));
            self.report(error.hint("name it in one of the `sections:` as well"), word, "");
        }
        known.then_some(id)
    }

    /// The id of a section is an anchor and that of a topic a page, so it must be a name and its own.
    fn own_name(&mut self, id: &Placed<String>, kind: &str, seen: &mut BTreeSet<String>) {
        if let Err(error) = id.value.parse::<IndicatorId>() {
            self.report(Diagnostic::error(error.to_string()), id, "");
        }
        if !seen.insert(id.value.clone()) {
            self.report(Diagnostic::error(format!("{kind} `{}` is there twice", id.value)), id, "");
        }
    }

    fn index(&mut self, word: &Placed<String>) -> Option<IndicatorId> {
        let known = self.indices.iter().find(|id| id.as_str() == word.value).cloned();
        if known.is_none() {
            let names = self.indices.iter().map(IndicatorId::as_str);
            let error = Diagnostic::error(format!("no index `{}`", word.value)).suggest(&word.value, names);
            self.report(error, word, "");
        }
        known
    }

    fn indicator(&mut self, word: &Placed<String>) -> Option<IndicatorId> {
        let known = self.indicators.iter().find(|indicator| indicator.id.as_str() == word.value);
        if known.is_none() {
            let names = self.indicators.iter().map(|indicator| indicator.id.as_str());
            let error =
                Diagnostic::error(format!("no indicator `{}`", word.value)).suggest(&word.value, names);
            self.report(error, word, "");
        }
        known.map(|indicator| indicator.id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn read_text(text: &str) -> Result<(ReportDefinition, Problems), Problems> {
        let source = Source { path: "reports/site.yml".into(), text: text.into() };
        check(&source, &fixture::results().indicators, &[])
    }

    fn shown(problems: &Problems) -> String {
        problems.0.iter().map(|problem| problem.render(false)).collect::<Vec<_>>().join("\n\n")
    }

    const GOOD: &str = "id: site
title: { vi: Báo cáo, en: Report }
languages: [vi, en]
sections:
  - id: dossiers
    title: { vi: Hồ sơ, en: Dossiers }
    indicators: [on-time, egdi-rank]
  - { id: targets, title: { vi: Mục tiêu, en: Targets }, targets: true }
organisation_pages: [country, province]
";

    #[test]
    fn a_report_is_read() {
        let (definition, warnings) = read_text(GOOD).expect("a good report");
        assert_eq!(definition.languages, [Lang::Vi, Lang::En]);
        assert_eq!(definition.sections.len(), 2);
        assert!(definition.sections[1].targets);
        assert_eq!(definition.indicators().len(), 2);
        assert!(warnings.0.is_empty());
    }

    #[test]
    fn wrong_words_are_marked_all_at_once() {
        let text = GOOD
            .replace("id: site", "id: sight")
            .replace("[vi, en]", "[vi, fr]")
            .replace("on-time,", "on-tme,")
            .replace("id: targets", "id: dossiers");
        insta::assert_snapshot!(shown(&read_text(&text).expect_err("four mistakes")));
    }

    #[test]
    fn a_topic_takes_sections_and_indicators_once_each() {
        let topic = "topics:
  - { id: speed, title: { vi: Nhanh, en: Speed }, sections: [dossiers], indicators: [on-time] }
";
        let (definition, warnings) = read_text(&format!("{GOOD}{topic}")).expect("a good report");
        assert_eq!(definition.topics[0].indicators, definition.sections[0].indicators);
        assert!(warnings.0.is_empty());
    }

    #[test]
    fn topics_that_lead_nowhere_are_marked_all_at_once() {
        let topics = "topics:
  - { id: speed, title: { vi: Nhanh, en: Speed }, sections: [dosiers] }
  - { id: speed, title: { vi: Nhanh, en: Speed }, indicators: [score] }
  - { id: nothing, title: { vi: Trống, en: Nothing } }
";
        insta::assert_snapshot!(shown(&read_text(&format!("{GOOD}{topics}")).expect_err("four mistakes")));
    }

    #[test]
    fn a_missing_text_is_a_warning() {
        let (_, warnings) = read_text(&GOOD.replace("vi: Hồ sơ, ", "")).expect("a warning only");
        insta::assert_snapshot!(shown(&warnings));
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(read_text(&format!("{GOOD}colour: red\n")).is_err());
        assert!(read_text("").is_err());
    }
}
