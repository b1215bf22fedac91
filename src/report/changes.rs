//! What is not as it was in the vintage before: told by rule in sentences, then in tables.

use std::collections::BTreeMap;

use crate::model::changes::{
    Changes, DefinitionChange, NumberChange, SourceChange, TargetChange, TargetState, Way,
};
use crate::model::id::{SourceId, TargetId};
use crate::model::results::{RevisedNumber, Revision, Vintage};
use crate::model::target::Target;
use crate::report::book::{Book, Here};
use crate::report::page::{Cell, DataSection, Line, Row, SectionsPage, Table};
use crate::report::quality::{MOST_NAMES, section, table};
use crate::report::{list, progress, revision, target, time};

/// More changed targets than this are not told one by one in sentences; the table has all of them.
const MOST_TOLD: usize = 6;

/// And more numbers than this.
const MOST_NUMBERS: usize = 3;

/// `changes.html`
pub fn page(book: &Book<'_>) -> SectionsPage {
    let here = Here { path: "changes.html".to_owned(), title: book.word("changes"), menu: "changes.html" };
    let changes = book.view.results.changes.as_ref();
    let nothing = || vec![book.word("changes_none_before")];
    SectionsPage {
        frame: book.frame(&here),
        intro: changes.map_or_else(nothing, |changes| Told { book, changes }.narrative()),
        sections: changes.map_or_else(Vec::new, |changes| Told { book, changes }.sections()),
        downloads: list::downloads(book, None, ""),
    }
}

/// Changes in one language.
struct Told<'a> {
    book: &'a Book<'a>,
    changes: &'a Changes,
}

impl<'a> Told<'a> {
    /// What changed in sentences, from the widest to the narrowest.
    fn narrative(&self) -> Vec<String> {
        let mut told = vec![self.since(), self.of_files(), self.of_numbers()];
        told.extend(self.changes.largest.iter().take(MOST_NUMBERS).filter_map(|one| self.of_number(one)));
        told.extend([self.of_targets(), self.of_definitions()]);
        told.retain(|text| !text.is_empty());
        told
    }

    fn since(&self) -> String {
        let now = &self.book.view.results.vintage;
        let [(n, moment), (before, moment_before)] = [now, &self.changes.before].map(|one| self.vintage(one));
        let gaps =
            [("n", n.as_str()), ("moment", &moment), ("before", &before), ("moment_before", &moment_before)];
        self.book.words.fill("changes_since", &gaps)
    }

    fn vintage(&self, vintage: &Vintage) -> (String, String) {
        (self.whole(vintage.number.into()), time::moment(self.book.lang(), &vintage.loaded_at))
    }

    fn of_files(&self) -> String {
        let sources = &self.changes.sources;
        let sum = |of: fn(&SourceChange) -> u64| self.whole(sources.iter().map(of).sum());
        let mut told = vec![match sources.iter().any(|one| one.files > 0) {
            true => {
                let bringing = sources.iter().filter(|one| one.files > 0).count();
                let gaps = [
                    ("files", sum(|one| one.files)),
                    ("sources", self.book.words.count("n_sources", number(bringing))),
                    ("loaded", sum(|one| one.rows_loaded)),
                    ("rejected", sum(|one| one.rows_rejected)),
                ];
                self.fill("changes_files", &gaps)
            }
            false => self.book.word("changes_no_files"),
        }];
        let first: Vec<&SourceId> =
            sources.iter().filter(|one| one.is_first).map(|one| &one.source).collect();
        let silent: Vec<&SourceId> = self.changes.silent.iter().collect();
        let refused: u64 = sources.iter().map(|one| one.refused).sum();
        told.extend(self.named("changes_first", &first));
        told.extend(self.named("changes_silent", &silent));
        if refused > 0 {
            told.push(self.book.words.count("changes_refused", refused));
        }
        told.join(" ")
    }

    /// A sentence with the names of sources; none where there are none.
    fn named(&self, key: &'static str, sources: &[&SourceId]) -> Option<String> {
        let names = match sources.len() > MOST_NAMES {
            true => self.book.words.count("n_sources", number(sources.len())),
            false => sources.iter().map(|id| self.source(id)).collect::<Vec<_>>().join("; "),
        };
        (!sources.is_empty()).then(|| self.fill(key, &[("names", names)]))
    }

    fn source(&self, id: &SourceId) -> String {
        let known = self.book.view.results.sources.iter().find(|source| source.id == *id);
        known.map_or_else(|| id.to_string(), |source| self.book.text(&source.title).to_owned())
    }

    fn of_numbers(&self) -> String {
        let numbers = &self.changes.numbers;
        if numbers.is_empty() {
            return self.book.word("changes_no_numbers");
        }
        let sum = |of: fn(&NumberChange) -> u64| self.whole(numbers.iter().map(of).sum());
        let gaps = [
            ("added", sum(|one| one.added)),
            ("revised", sum(|one| one.revised)),
            ("withdrawn", sum(|one| one.withdrawn)),
            ("indicators", self.whole(number(numbers.len()))),
        ];
        self.fill("changes_numbers", &gaps)
    }

    fn of_number(&self, revision: &Revision) -> Option<String> {
        let indicator = self.book.view.indicator(&revision.indicator)?;
        let value = |side: &RevisedNumber| {
            let value = self.book.value(indicator, &revision.org, side.measure.value()?);
            Some(self.book.words.with_unit(indicator, &value))
        };
        let gaps = [
            ("indicator", self.book.text(&indicator.title).to_owned()),
            ("org", self.book.name(&revision.org)),
            ("period", self.book.period_within(revision.period)),
            ("before", value(&revision.before)?),
            ("after", value(revision.after.as_ref()?)?),
        ];
        Some(self.fill("changes_number", &gaps))
    }

    /// The targets read on the body that each names, without those of single bodies.
    fn own(&self) -> Vec<(&'a Target, &'a TargetChange)> {
        let targets = &self.book.view.results.targets;
        let known = self.changes.targets.iter().filter_map(|change| {
            let target = targets.iter().find(|target| target.id == change.target)?;
            (target.org == change.org).then_some((target, change))
        });
        known.collect()
    }

    fn of_targets(&self) -> String {
        if self.book.view.results.targets.is_empty() {
            return String::new();
        }
        if !self.changes.targets_known {
            return self.book.word("changes_targets_unknown");
        }
        let own = self.own();
        if own.is_empty() {
            return self.book.word("changes_no_targets");
        }
        let count = |way| self.whole(number(own.iter().filter(|(_, one)| one.way() == way).count()));
        let gaps =
            [("better", count(Way::Better)), ("worse", count(Way::Worse)), ("other", count(Way::Other))];
        let mut told = vec![self.fill("changes_targets", &gaps)];
        told.extend(own.iter().take(MOST_TOLD).map(|(target, change)| self.of_target(target, change)));
        told.join(" ")
    }

    fn of_target(&self, target: &Target, change: &TargetChange) -> String {
        let status = |state: &Option<TargetState>| match state {
            Some(state) => progress::status(self.book, state.status).text,
            None => self.book.word("changes_not_read"),
        };
        let title = self.book.text(&target.title).to_owned();
        let gaps = [
            ("target", title),
            ("id", target.id.to_string()),
            ("before", status(&change.before)),
            ("after", status(&change.after)),
        ];
        self.fill("changes_target", &gaps)
    }

    fn of_definitions(&self) -> String {
        match number(self.changes.definitions.len()) {
            0 => String::new(),
            n => self.book.words.count("changes_definitions", n),
        }
    }

    fn sections(&self) -> Vec<DataSection> {
        let all = [
            self.targets(),
            self.bodies(),
            self.largest(),
            self.numbers(),
            self.sources(),
            self.definitions(),
        ];
        all.into_iter().filter(|part| !part.tables.is_empty()).collect()
    }

    fn targets(&self) -> DataSection {
        let row = |(target, change): &(&Target, &TargetChange)| {
            let head = Cell::link(self.book.text(&target.title).to_owned(), Some(target::href("", target)));
            let mut cells = vec![head.as_head().line(target.id.to_string(), "muted")];
            cells.extend([&change.before, &change.after].map(|state| self.state(change, state)));
            Row { cells, strong: false }
        };
        let columns = [("target", false), ("revised_before", false), ("revised_since", false)];
        let rows = self.own().iter().map(row).collect();
        section(
            self.book,
            "changed_targets",
            "changed_targets_intro",
            self.table("changed_targets", &columns, rows),
        )
    }

    /// The status with the value that decided.
    fn state(&self, change: &TargetChange, state: &Option<TargetState>) -> Cell {
        let Some(state) = state else { return Cell::missing("–") };
        let line = progress::status(self.book, state.status);
        let cell = Cell { lines: vec![line], ..Cell::default() };
        let value = || {
            let indicator = self.book.view.indicator(state.indicator.as_ref()?)?;
            let (point, org) = (state.point?, change.org.as_ref()?);
            let value = self.book.words.with_unit(indicator, &self.book.value(indicator, org, point.value));
            Some(Line {
                text: format!("{value}, {}", self.book.period_within(point.period)),
                href: self.book.number_href("", indicator, org),
                look: "muted",
                mark: "",
            })
        };
        Cell { lines: cell.lines.into_iter().chain(value()).collect(), ..Cell::default() }
    }

    /// How many bodies stand otherwise, by target.
    fn bodies(&self) -> DataSection {
        let mut by_target: BTreeMap<&TargetId, [u64; 3]> = BTreeMap::new();
        let targets = &self.book.view.results.targets;
        let named = |id: &TargetId| targets.iter().find(|target| target.id == *id);
        let own = |change: &TargetChange| named(&change.target).is_some_and(|one| one.org == change.org);
        for change in self.changes.targets.iter().filter(|change| !own(change)) {
            by_target.entry(&change.target).or_default()[change.way() as usize] += 1;
        }
        let row = |(id, counts): (&TargetId, [u64; 3])| {
            let target = named(id)?;
            let head = Cell::link(self.book.text(&target.title).to_owned(), Some(target::href("", target)));
            let mut cells = vec![head.as_head().line(id.to_string(), "muted")];
            cells.extend(counts.map(|n| self.count(n)));
            Some(Row { cells, strong: false })
        };
        let columns = [("target", false), ("way_better", true), ("way_worse", true), ("way_other", true)];
        let rows = by_target.into_iter().filter_map(row).collect();
        section(
            self.book,
            "changed_bodies",
            "changed_bodies_intro",
            self.table("changed_bodies", &columns, rows),
        )
    }

    /// The numbers that a reader asks for first: those of the bodies at the top, what changed most before the rest.
    fn largest(&self) -> DataSection {
        let row = |revision: &Revision| {
            let indicator = self.book.view.indicator(&revision.indicator)?;
            let page = self.book.indicator_href("", &indicator.id);
            let mut since = revision::number(self.book, indicator, revision, revision.after.as_ref()?);
            if let Some(line) = since.lines.first_mut() {
                line.href = self.book.number_href("", indicator, &revision.org);
            }
            let cells = vec![
                Cell::link(self.book.text(&indicator.title).to_owned(), page).as_head(),
                Cell::link(self.book.name(&revision.org), self.book.organisation_href("", &revision.org)),
                Cell::text(self.book.period(revision.period)).sorted_by(revision.period.end()),
                revision::number(self.book, indicator, revision, &revision.before),
                since,
                revision::difference(self.book, indicator, revision),
            ];
            Some(Row { cells, strong: false })
        };
        let columns = [
            ("indicator", false),
            ("organisation", false),
            ("period", false),
            ("revised_before", true),
            ("revised_since", true),
            ("revised_by", true),
        ];
        let rows = self.changes.largest.iter().filter_map(row).collect();
        let is_full = self.changes.largest.len() >= Changes::LARGEST_SHOWN;
        let mut table = self.table("changed_most", &columns, rows);
        table.note = is_full
            .then(|| self.fill("changed_most_cut", &[("n", self.whole(number(Changes::LARGEST_SHOWN)))]));
        section(self.book, "changed_most", "changed_most_intro", table)
    }

    fn numbers(&self) -> DataSection {
        let row = |change: &NumberChange| {
            let indicator = self.book.view.indicator(&change.indicator);
            let title = indicator.map_or_else(
                || change.indicator.to_string(),
                |indicator| self.book.text(&indicator.title).to_owned(),
            );
            let page = self.book.indicator_href("", &change.indicator);
            let is_told =
                self.book.view.results.revisions.iter().any(|one| one.indicator == change.indicator);
            let page = page.map(|page| if is_told { format!("{page}#revisions") } else { page });
            let mut cells = vec![Cell::link(title, page).as_head()];
            cells.extend([change.added, change.revised, change.withdrawn].map(|n| self.count(n)));
            Row { cells, strong: false }
        };
        let columns = [
            ("indicator", false),
            ("numbers_added", true),
            ("numbers_revised", true),
            ("numbers_withdrawn", true),
        ];
        let rows = self.changes.numbers.iter().map(row).collect();
        section(
            self.book,
            "changed_numbers",
            "changed_numbers_intro",
            self.table("changed_numbers", &columns, rows),
        )
    }

    fn sources(&self) -> DataSection {
        let row = |change: &SourceChange| {
            let mut head = Cell::text(self.source(&change.source)).as_head();
            if change.is_first {
                head = head.line(self.book.word("source_is_new"), "muted");
            }
            let counts =
                [change.files, change.superseded, change.refused, change.rows_loaded, change.rows_rejected];
            let cells = std::iter::once(head).chain(counts.map(|n| self.count(n))).collect();
            Row { cells, strong: false }
        };
        let columns = [
            ("source", false),
            ("files_new", true),
            ("files_superseded", true),
            ("files_refused", true),
            ("rows_loaded", true),
            ("rows_rejected", true),
        ];
        let rows = self.changes.sources.iter().map(row).collect();
        section(
            self.book,
            "changed_sources",
            "changed_sources_intro",
            self.table("changed_sources", &columns, rows),
        )
    }

    fn definitions(&self) -> DataSection {
        let row = |(path, change): &(String, DefinitionChange)| {
            let key = match change {
                DefinitionChange::Added => "definition_added",
                DefinitionChange::Changed => "definition_changed",
                DefinitionChange::Removed => "definition_removed",
            };
            Row {
                cells: vec![Cell::text(path.clone()).as_head(), Cell::text(self.book.word(key))],
                strong: false,
            }
        };
        let rows = self.changes.definitions.iter().map(row).collect();
        let table = self.table("changed_definitions", &[("file", false), ("change", false)], rows);
        section(self.book, "changed_definitions", "changed_definitions_intro", table)
    }

    fn table(&self, key: &'static str, columns: &[(&'static str, bool)], rows: Vec<Row>) -> Table {
        table(self.book, key, columns, rows)
    }

    fn count(&self, n: u64) -> Cell {
        Cell::number(self.whole(n), n as f64)
    }

    fn whole(&self, n: u64) -> String {
        self.book.words.numbers.whole(n)
    }

    fn fill(&self, key: &str, gaps: &[(&str, String)]) -> String {
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        self.book.words.fill(key, &gaps)
    }
}

fn number(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
