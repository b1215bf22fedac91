//! One language of a report while its pages are written: what exists, what leads where, what surrounds a page.

use std::collections::BTreeSet;

use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::IndexResults;
use crate::model::indicator::Indicator;
use crate::model::measure::{BREAK, MISSING_STATUSES, NORMAL};
use crate::model::organisation::Organisation;
use crate::model::period::Period;
use crate::model::results::{Observation, Results, Vintage};
use crate::model::text::{Lang, Text};
use crate::report::definition::{ReportDefinition, Topic};
use crate::report::page::{Choice, Frame, Link};
use crate::report::planning::Drawn;
use crate::report::view::View;
use crate::report::words::{Words, name_within};
use crate::report::{time, topic, uncertainty};

/// What has a page, the same in every language.
pub struct Contents<'a> {
    /// Indicators, in the order of the sections.
    pub indicators: Vec<&'a Indicator>,
    /// Organisations, in the order of the results.
    pub organisations: Vec<&'a Organisation>,
    /// Indices that were recomputed, in the order of the results.
    pub indices: Vec<&'a IndexResults>,
    /// Levels in the order of display; those that no table names come last.
    pub levels: Vec<&'a str>,
    /// How sure their ranks are, drawn once for all languages.
    pub drawn: Vec<Option<Drawn>>,
    indicator_ids: BTreeSet<&'a IndicatorId>,
    organisation_ids: BTreeSet<&'a OrgId>,
    observed: BTreeSet<&'a OrgId>,
}

impl<'a> Contents<'a> {
    /// What the report asks for and the results can fill.
    pub fn new(definition: &'a ReportDefinition, view: &View<'a>) -> Self {
        let indicators: Vec<_> =
            definition.indicators().into_iter().filter_map(|id| view.indicator(id)).collect();
        let observed = view.observed(&indicators);
        let organisations: Vec<_> = view
            .results
            .organisations
            .iter()
            .filter(|org| definition.organisation_pages.contains(&org.level))
            .filter(|org| observed.contains(&org.id))
            .collect();
        let indices: Vec<_> =
            view.results.indices.iter().filter(|index| is_shown(definition, index)).collect();
        Contents {
            levels: levels(view.results),
            drawn: indices.iter().map(|index| uncertainty::draw(index)).collect(),
            indices,
            indicator_ids: indicators.iter().map(|indicator| &indicator.id).collect(),
            organisation_ids: organisations.iter().map(|org| &org.id).collect(),
            indicators,
            organisations,
            observed,
        }
    }

    /// Whether anything that the report shows was observed for an organisation.
    pub fn is_observed(&self, org: &OrgId) -> bool {
        self.observed.contains(org)
    }
}

fn levels(results: &Results) -> Vec<&str> {
    let mut levels: Vec<&str> = results.levels.iter().map(|level| level.id.as_str()).collect();
    for org in &results.organisations {
        if !levels.contains(&org.level.as_str()) {
            levels.push(&org.level);
        }
    }
    levels
}

/// Whether a section of the report names an index.
fn is_shown(definition: &ReportDefinition, index: &IndexResults) -> bool {
    definition.sections.iter().any(|section| section.indices.contains(&index.tree.id))
}

/// Where a page is, and what it is called.
pub struct Here {
    /// Its place below the folder of the language.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The page of the menu that it belongs to.
    pub menu: &'static str,
}

/// Pages of the menu with the keys of their words.
const MENU: [(&str, &str); 8] = [
    ("index.html", "overview"),
    ("indicators.html", "indicators"),
    ("organisations.html", "organisations"),
    ("rankings.html", "rankings"),
    ("changes.html", "changes"),
    ("data.html", "data_quality"),
    ("reconciliation.html", "reconciliation"),
    ("method.html", "method"),
];

/// A report in one language.
pub struct Book<'a> {
    /// What it shows.
    pub definition: &'a ReportDefinition,
    /// What it shows it of.
    pub view: &'a View<'a>,
    /// Its words.
    pub words: &'a Words,
    /// What has a page.
    pub contents: &'a Contents<'a>,
}

impl<'a> Book<'a> {
    /// The language.
    pub fn lang(&self) -> Lang {
        self.words.lang
    }

    /// A text in the language.
    pub fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang())
    }

    /// A word of the pages.
    pub fn word(&self, key: &'static str) -> String {
        self.words.get(key).to_owned()
    }

    /// A period in full.
    pub fn period(&self, period: Period) -> String {
        time::period(self.lang(), period)
    }

    /// A period in full, within a sentence.
    pub fn period_within(&self, period: Period) -> String {
        name_within(self.lang(), &self.period(period))
    }

    /// The name of an organisation, with that of the body above it: `Sở Nội vụ, Tỉnh Phú Thọ`. Below a root, such as a nation,
    /// a name is enough; further down many bodies have the same one.
    pub fn name(&self, org: &OrgId) -> String {
        let Some(org) = self.view.organisation(org) else { return org.to_string() };
        let name = self.text(&org.name);
        let above = org.parent.as_ref().and_then(|parent| self.view.organisation(parent));
        match above.filter(|above| above.parent.is_some()) {
            Some(above) => format!("{name}, {}", self.text(&above.name)),
            None => name.to_owned(),
        }
    }

    /// A value of an organisation as printed everywhere: never so that it contradicts one of its targets.
    pub fn value(&self, indicator: &Indicator, org: &OrgId, value: f64) -> String {
        self.words.value(indicator, value, &self.view.bounds(indicator, org))
    }

    /// A figure on an axis, or of a point: no zeros at its end.
    pub fn tick(&self, indicator: &Indicator, org: Option<&OrgId>, value: f64) -> String {
        let bounds = org.map(|org| self.view.bounds(indicator, org)).unwrap_or_default();
        self.words.tick(indicator, value, &bounds)
    }

    /// The name of a level.
    pub fn level(&self, level: &str) -> String {
        let known = self.view.results.levels.iter().find(|known| known.id == level);
        known.map_or_else(|| level.to_owned(), |known| self.text(&known.name).to_owned())
    }

    /// The page of an indicator, seen from a page whose way up is `home`.
    pub fn indicator_href(&self, home: &str, id: &IndicatorId) -> Option<String> {
        self.contents.indicator_ids.contains(id).then(|| format!("{home}indicator/{id}.html"))
    }

    /// The page of an organisation, seen from a page whose way up is `home`.
    pub fn organisation_href(&self, home: &str, id: &OrgId) -> Option<String> {
        self.contents.organisation_ids.contains(id).then(|| format!("{home}organisation/{id}.html"))
    }

    /// Where a total is taken apart, seen from a page whose way up is `home`: its row on the page of its body, else how its
    /// indicator is computed.
    pub fn number_href(&self, home: &str, indicator: &Indicator, org: &OrgId) -> Option<String> {
        let of_body = || {
            let page = self.organisation_href(home, org)?;
            let is_there = !self.view.totals(indicator, org).is_empty();
            is_there.then(|| format!("{page}#{}", number_anchor(indicator)))
        };
        let how = || self.indicator_href(home, &indicator.id).map(|page| format!("{page}#method"));
        of_body().or_else(how)
    }

    /// What the status of an observation means, and whether its series begins anew with it; empty for a normal one.
    pub fn status(&self, observation: &Observation) -> String {
        let status = match observation.status.as_str() {
            "" | NORMAL | BREAK => String::new(),
            "P" => self.word("provisional"),
            "E" => self.word("estimated"),
            code if MISSING_STATUSES.contains(&code) => self.word("missing"),
            other => other.to_owned(),
        };
        let after_break = observation.after_break.then(|| self.word("series_break"));
        let words = std::iter::once(status).chain(after_break).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("; ")
    }

    /// What surrounds a page.
    pub fn frame(&self, here: &Here) -> Frame {
        let home = home(&here.path);
        let trail = if here.path == "index.html" { vec![] } else { self.trail(here, &home) };
        Frame {
            lang: self.lang().to_string(),
            title: here.title.clone(),
            site: self.text(&self.definition.title).to_owned(),
            notice: self.definition.notice.as_ref().map_or("", |text| self.text(text)).to_owned(),
            publisher: self.definition.publisher.as_ref().map_or("", |text| self.text(text)).to_owned(),
            root: format!("{home}../"),
            languages: self.languages(here, &home),
            menu: MENU.map(|(path, key)| self.menu_entry(here, &home, path, key)).to_vec(),
            topics: self.topics(here, &home),
            trail,
            data: self.offers_data().then(|| format!("{home}data.html#downloads")),
            state: Link { text: self.word("state_of_data"), href: Some(format!("{home}data.html")) },
        }
    }

    fn topics(&self, here: &Here, home: &str) -> Vec<Choice> {
        let choice = |topic: &Topic| {
            let path = topic::path(topic);
            let (text, current) = (self.text(&topic.title).to_owned(), path == here.path);
            Choice { text, href: format!("{home}{path}"), lang: String::new(), current }
        };
        self.definition.topics.iter().map(choice).collect()
    }

    /// Whether files of the whole report are offered, on the page of the data.
    fn offers_data(&self) -> bool {
        self.definition.downloads.iter().any(|file| file.indicator.is_none())
    }

    fn menu_entry(&self, here: &Here, home: &str, path: &str, key: &'static str) -> Choice {
        let current = here.menu == path;
        Choice { text: self.word(key), href: format!("{home}{path}"), lang: String::new(), current }
    }

    fn trail(&self, here: &Here, home: &str) -> Vec<Link> {
        let mut trail = vec![Link { text: self.word("overview"), href: Some(format!("{home}index.html")) }];
        let above = MENU.iter().skip(1).find(|(path, _)| *path == here.menu && *path != here.path);
        if let Some((_, key)) = above {
            trail.push(Link { text: self.word(key), href: Some(format!("{home}{}", here.menu)) });
        }
        trail
    }

    fn languages(&self, here: &Here, home: &str) -> Vec<Choice> {
        let choice = |lang: &Lang| Choice {
            text: language_name(*lang).to_owned(),
            href: format!("{home}../{lang}/{}", here.path),
            lang: lang.to_string(),
            current: *lang == self.lang(),
        };
        self.definition.languages.iter().map(choice).collect()
    }
}

/// The state of the data in a line. It is of no page: one that says what it said before need not be made again.
pub fn state_line(words: &Words, vintage: &Vintage) -> String {
    let moment = time::moment(words.lang, &vintage.loaded_at);
    let number = words.numbers.whole(vintage.number.into());
    words.fill("state_line", &[("vintage", &number), ("moment", &moment)])
}

/// The row of an indicator on the page of a body. Ids that people write have no `_`.
pub fn number_anchor(indicator: &Indicator) -> String {
    format!("number_{}", indicator.id)
}

/// A language in its own words.
pub fn language_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Tiếng Việt",
        Lang::En => "English",
    }
}

/// The way from a page up to the folder of its language.
pub fn home(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
