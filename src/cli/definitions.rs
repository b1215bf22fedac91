//! Everything that people wrote in a project, read and checked together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::Result;
use crate::compute::{Check, ORGANISATION_SUM, read_checks, try_check};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::export::EXPORTS;
use crate::gather::read_sources;
use crate::indicators::{
    DISCLOSURE, Definition, DisclosureDefinition, INDEX_QUERIES, INDICES, IndexDefinition,
    check_index_queries, check_queries, read_disclosure, read_indicators, read_indices,
};
use crate::load::{
    Contract, ORGANISATION_CODE, View, check_deliveries, check_kept, codes_rest_on_facts, make_views,
    prepare, published_views, read_contracts, read_views, rests_on,
};
use crate::model::id::{IndicatorId, TableName};
use crate::model::index::IndexTree;
use crate::model::indicator::Indicator;
use crate::model::period::Period;
use crate::model::quality::{CheckScope, DeliveryRule, QualityRules};
use crate::model::source::SourceEntry;
use crate::model::sum::hex;
use crate::project::Project;
use crate::quality::{QUALITY, read_quality};
use crate::report::Templates;
use crate::report::definition::{self, ReportDefinition};
use crate::report::print::definition::{ANNEX_QUERIES, Form, PRINTS, PrintDefinition, read_prints};
use crate::results::{FIXED_VIEWS, read_annex};

/// All definitions of a project.
pub(super) struct Definitions {
    pub contracts: Vec<Contract>,
    pub views: Vec<View>,
    pub sources: Vec<SourceEntry>,
    pub indicators: Vec<Definition>,
    pub indices: Vec<IndexDefinition>,
    pub checks: Vec<Check>,
    pub quality: Option<QualityRules>,
    pub disclosure: Option<DisclosureDefinition>,
    pub reports: Vec<ReportDefinition>,
    pub prints: Vec<PrintDefinition>,
    /// What is worth a look but stops nothing.
    pub remarks: Vec<Diagnostic>,
}

impl Definitions {
    /// Reads them; all problems at once.
    pub(super) fn read(project: &Project) -> Result<Definitions> {
        let mut problems = Problems::default();
        let contracts = problems.keep(read_contracts(project));
        let views = problems.keep(read_views(project)).unwrap_or_default();
        let checks = problems.keep(read_checks(project)).unwrap_or_default();
        let tables: Vec<TableName> = match &contracts {
            Some(contracts) => contracts.iter().map(|contract| contract.table.clone()).collect(),
            // A contract that cannot be read must not make every source look wrong.
            None => every_table(project),
        };
        let quality = problems.keep(read_quality(project)).flatten();
        let variables: HashMap<String, String> = std::env::vars().collect();
        let sources = problems.keep(read_sources(project, &tables, &variables));
        problems.0.extend(taken_names(&views));
        problems.keep(codes_rest_on_facts(&views, contracts.as_deref().unwrap_or_default()));
        problems.0.extend(two_homes(contracts.as_deref().unwrap_or_default(), &views));
        problems.0.extend(unknown_constants(
            contracts.as_deref().unwrap_or_default(),
            sources.as_deref().unwrap_or_default(),
        ));
        let indicators = problems.keep(read_indicators(project, sources.as_deref())).unwrap_or_default();
        let indices = problems.keep(read_indices(project, sources.as_deref())).unwrap_or_default();
        let known: Vec<Indicator> =
            indicators.iter().map(|definition| definition.indicator.clone()).collect();
        let trees: Vec<IndicatorId> = indices.iter().map(|definition| definition.tree.id.clone()).collect();
        let (mut reports, mut remarks) = (vec![], vec![]);
        let is_blocked = problems.has_errors();
        // An indicator that could not be read would be unknown here as well.
        let disclosure = match is_blocked {
            true => None,
            false => problems.keep(read_disclosure(project, &known)).flatten(),
        };
        for path in project.list("reports", ".yml")? {
            let report = definition::read(project, &path, &known, &trees);
            // Indicators that could not be read would be missing here as well.
            if is_blocked && report.is_err() {
                continue;
            }
            if let Some((report, warnings)) = problems.keep(report) {
                reports.push(report);
                remarks.extend(warnings.0);
            }
        }
        let prints = match is_blocked {
            true => vec![],
            false => {
                let read = problems.keep(read_prints(project, &known, &trees)).unwrap_or_default();
                remarks.extend(read.1);
                read.0
            }
        };
        if reports.is_empty() && !is_blocked {
            problems.push(
                Diagnostic::error("the project has no report")
                    .in_file("reports")
                    .hint("write `reports/site.yml`"),
            );
        }
        let contracts = contracts.unwrap_or_default();
        let sources = sources.unwrap_or_default();
        if !is_blocked {
            problems.0.extend(unknown_affected(&checks, &known));
            problems.0.extend(check_deliveries(&contracts, deliveries(quality.as_ref())));
        }
        let mut definitions = Definitions {
            contracts,
            views,
            sources,
            indicators,
            indices,
            checks,
            quality,
            disclosure,
            reports,
            prints,
            remarks,
        };
        definitions.note_facts_of_checks();
        problems.or(definitions).and_then(Definitions::with_all_readers_judged)
    }

    /// Whatever reads the files of an indicator whose small counts are withheld must have been thought of: it withholds
    /// them as well, or says why it gives nobody away.
    fn with_all_readers_judged(self) -> Result<Definitions> {
        let Some(disclosure) = &self.disclosure else { return Ok(self) };
        let counted: BTreeSet<&IndicatorId> =
            disclosure.rules.rules.iter().flat_map(|rule| &rule.indicators).collect();
        let mut of_people: BTreeMap<TableName, &IndicatorId> = BTreeMap::new();
        for definition in self.indicators.iter().filter(|one| counted.contains(&one.indicator.id)) {
            for table in self.files_under(&definition.query.text) {
                of_people.entry(table).or_insert(&definition.indicator.id);
            }
        }
        let readers: Vec<(&str, &str, &Source)> = (self.indicators.iter())
            .filter(|one| !counted.contains(&one.indicator.id))
            .map(|one| ("indicator", one.indicator.id.as_str(), &one.query))
            .chain(self.indices.iter().map(|one| ("index", one.tree.id.as_str(), &one.query)))
            .chain(self.checks.iter().map(|one| ("check", one.id.as_str(), &one.source)))
            .chain(self.forms().map(|form| ("form", form.id.as_str(), &form.query)))
            .collect();
        let mut problems = Problems::default();
        for (kind, id, query) in &readers {
            let is_safe = disclosure.rules.safe.iter().any(|safe| safe.id == *id);
            let tables = self.files_under(&query.text);
            let shared = tables.iter().find_map(|table| Some((table, of_people.get(table)?)));
            if let (false, Some((table, counted))) = (is_safe, shared) {
                problems.push(disclosure.unjudged(kind, id, &query.path, table.as_str(), counted.as_str()));
            }
        }
        for safe in &disclosure.rules.safe {
            if readers.iter().all(|(_, id, _)| *id != safe.id) {
                problems.push(disclosure.unknown_safe(&safe.id, readers.iter().map(|(_, id, _)| *id)));
            }
        }
        problems.or(self)
    }

    /// The tables of facts, filled from files, that a query rests on; lists of codes speak of nobody.
    fn files_under(&self, query: &str) -> Vec<TableName> {
        let tables = rests_on(query, &self.views, &self.contracts);
        let is_filled = |table: &TableName| self.contracts.iter().any(|contract| contract.table == *table);
        tables.into_iter().filter(|table| table.as_str().starts_with("fact.") && is_filled(table)).collect()
    }

    /// Tells each check which tables it rests on, so that it knows when there is nothing to check.
    fn note_facts_of_checks(&mut self) {
        let facts = |check: &Check| self.files_under(&check.source.text).into_iter().collect();
        let all: Vec<BTreeSet<TableName>> = self.checks.iter().map(facts).collect();
        for (check, facts) in self.checks.iter_mut().zip(all) {
            check.facts = facts;
        }
    }

    /// Every file of definitions that results depend on, templates of the project among them.
    pub(super) fn files(project: &Project) -> Result<Vec<Source>> {
        let folders = [
            ("indicators", ".yml"),
            ("queries", ".sql"),
            (INDICES, ".yml"),
            (INDEX_QUERIES, ".sql"),
            (crate::load::TABLES, ".yml"),
            (crate::load::TABLES, ".sql"),
            (crate::compute::CHECKS, ".sql"),
            (crate::compute::CHECKS, ".yml"),
            ("reports", ".yml"),
            (PRINTS, ".yml"),
            (ANNEX_QUERIES, ".sql"),
        ];
        let mut paths = vec!["sources.yml".to_owned()];
        let alone = [QUALITY, DISCLOSURE, EXPORTS].into_iter().filter(|path| project.has(path));
        paths.extend(alone.map(str::to_owned));
        for (folder, ending) in folders {
            paths.extend(project.list(folder, ending)?);
        }
        let templates = Templates::names().into_iter().map(|name| format!("templates/{name}"));
        paths.extend(templates.filter(|path| project.has(path)));
        let mut problems = Problems::default();
        let files = paths.iter().filter_map(|path| problems.keep(project.read(path))).collect();
        problems.or(files)
    }

    /// Tries every view, query and check on empty tables.
    pub(super) fn try_on_empty_tables(&self, project: &Project, period: &Period) -> Result<()> {
        let db = Db::in_memory()?;
        db.lock_down()?;
        prepare(&db, &self.contracts)?;
        let mut problems = Problems::default();
        if problems.keep(make_views(&db, &self.views)).is_none() {
            // Queries over views that do not stand would only repeat their problems.
            return problems.or(());
        }
        problems.0.extend(check_kept(&db, &self.contracts, &self.views));
        let codes = ("ref.organisation_code", ORGANISATION_CODE, self.needs_codes());
        let sums = ("ref.organisation_sum", ORGANISATION_SUM, false);
        for (view, sql, is_needed) in FIXED_VIEWS.into_iter().chain([codes, sums]) {
            if db.has_view(view)? {
                problems.keep(db.query(sql, &[]).map_err(|error| self.in_view(view, &error)));
            } else if is_needed {
                problems.push(
                    Diagnostic::error(format!("the project has no `{view}`")).hint(format!(
                        "write `queries/tables/{view}.sql`; `docs/formats.md` has its columns"
                    )),
                );
            }
        }
        problems.keep(check_queries(&db, &self.indicators, period));
        problems.keep(check_index_queries(&db, &self.indices));
        let unknown = problems.keep(self.unknown_names(project, &db));
        problems.0.extend(unknown.unwrap_or_default());
        for check in &self.checks {
            problems.keep(try_check(&db, check).map_err(|error| error.in_source(&check.source)));
        }
        for print in &self.prints {
            for form in print.forms() {
                problems.keep(read_annex(&db, &form.query, &form.names(), &print.organisation, *period));
            }
        }
        problems.or(())
    }

    /// Names that only the tables know: levels that get pages, bodies whose values are shown first. Where no body is known at
    /// all, because its file did not come or tables are empty, nobody is called unknown.
    pub(super) fn unknown_names(&self, project: &Project, db: &Db) -> Result<Vec<Diagnostic>> {
        let mut levels = known(db, "ref.level", "level")?;
        levels.extend(known(db, "ref.organisation", "level")?);
        let bodies = known(db, "ref.organisation", "org_id")?;
        let mut unknown = vec![];
        for report in self.reports.iter().filter(|_| !levels.is_empty()) {
            let source = project.read(&format!("reports/{}.yml", report.id))?;
            for level in report.organisation_pages.iter().filter(|level| !levels.contains(*level)) {
                let problem = Diagnostic::error(format!("no organisation is of level `{level}`"))
                    .suggest(level, levels.iter().map(String::as_str));
                unknown.push(problem.at(source.place(after(&source.text, "organisation_pages:", level), "")));
            }
        }
        for definition in self.indicators.iter().filter(|_| !bodies.is_empty()) {
            let first = definition.indicator.headline.as_ref().map(|org| org.as_str());
            if let Some(org) = first.filter(|org| !bodies.contains(*org)) {
                let source = &definition.source;
                let problem = Diagnostic::error(format!("no organisation is `{org}`"))
                    .suggest(org, bodies.iter().map(String::as_str));
                unknown.push(problem.at(source.place(after(&source.text, "headline:", org), "")));
            }
        }
        Ok(unknown)
    }

    /// The forms behind printed reports.
    fn forms(&self) -> impl Iterator<Item = &Form> {
        self.prints.iter().flat_map(PrintDefinition::forms)
    }

    /// Whether a contract turns codes into organisations.
    fn needs_codes(&self) -> bool {
        self.contracts.iter().any(|contract| !contract.organisations.is_empty())
    }

    fn in_view(&self, name: &str, error: &crate::db::DbError) -> Diagnostic {
        let message = format!("`{name}` does not have its fixed shape: {}", error.message);
        Diagnostic::error(message).in_file(self.path_of(name))
    }

    /// The file that a table is written in: its query, or its contract.
    pub(super) fn path_of(&self, table: &str) -> String {
        let view = self.views.iter().find(|view| view.table.as_str() == table);
        view.map_or_else(|| format!("{}/{table}.yml", crate::load::TABLES), |view| view.source.path.clone())
    }

    /// A sum over all that decides what is computed from the same data.
    pub(super) fn fingerprint(&self) -> String {
        let mut sum = Sha256::new();
        let mut add = |path: &str, text: &str| {
            sum.update(path);
            sum.update([0]);
            sum.update(text);
            sum.update([0]);
        };
        for view in &self.views {
            add(&view.source.path, &view.source.text);
        }
        for check in &self.checks {
            add(&check.source.path, &check.source.text);
        }
        if let Some(headings) = self.checks.first().and_then(|check| check.headings.source.as_ref()) {
            add(&headings.path, &headings.text);
        }
        for definition in &self.indicators {
            add(&definition.source.path, &definition.source.text);
            add(&definition.query.path, &definition.query.text);
        }
        for definition in &self.indices {
            add(&definition.source.path, &definition.source.text);
            add(&definition.query.path, &definition.query.text);
        }
        for contract in &self.contracts {
            add(contract.table.as_str(), &contract.fingerprint);
        }
        if let Some(disclosure) = &self.disclosure {
            add(&disclosure.source.path, &disclosure.source.text);
        }
        hex(&sum.finalize())
    }

    /// What was asked of senders.
    pub(super) fn deliveries(&self) -> &[DeliveryRule] {
        deliveries(self.quality.as_ref())
    }

    /// The rules that mark numbers, and the indicators whose numbers they make wrong.
    pub(super) fn check_scopes(&self) -> Vec<CheckScope> {
        let scope = |check: &Check| {
            if check.threshold.is_none() && !check.marks {
                return None;
            }
            let below = || rests_on(&check.source.text, &self.views, &self.contracts);
            let indicators = check.affects.clone().unwrap_or_else(|| self.resting_on(&below()));
            Some(CheckScope {
                id: check.id.clone(),
                severity: check.severity,
                threshold: check.threshold,
                indicators,
            })
        };
        self.checks.iter().filter_map(scope).collect()
    }

    /// The indicators that rest on files of one of the tables.
    fn resting_on(&self, tables: &BTreeSet<TableName>) -> Vec<IndicatorId> {
        let is_filled = |table: &TableName| {
            tables.contains(table) && self.contracts.iter().any(|contract| contract.table == *table)
        };
        let rests = |definition: &&Definition| {
            rests_on(&definition.query.text, &self.views, &self.contracts).iter().any(is_filled)
        };
        self.indicators.iter().filter(rests).map(|definition| definition.indicator.id.clone()).collect()
    }

    /// The indices themselves.
    pub(super) fn trees(&self) -> Vec<IndexTree> {
        self.indices.iter().map(|definition| definition.tree.clone()).collect()
    }

    /// The indicators themselves.
    pub(super) fn indicators(&self) -> Vec<Indicator> {
        self.indicators.iter().map(|definition| definition.indicator.clone()).collect()
    }
}

fn deliveries(quality: Option<&QualityRules>) -> &[DeliveryRule] {
    quality.map_or(&[], |rules| &rules.deliveries)
}

/// A rule about rows affects indicators that there are.
fn unknown_affected(checks: &[Check], indicators: &[Indicator]) -> Vec<Diagnostic> {
    let mut problems = vec![];
    for check in checks {
        let named = check.affects.iter().flatten();
        for id in named.filter(|id| indicators.iter().all(|indicator| indicator.id != **id)) {
            let problem = Diagnostic::error(format!("`-- affects:` names `{id}`, which is no indicator"))
                .in_file(&check.source.path);
            problems
                .push(problem.suggest(id.as_str(), indicators.iter().map(|indicator| indicator.id.as_str())));
        }
    }
    problems
}

/// A table is either filled from files or derived.
fn two_homes(contracts: &[Contract], views: &[View]) -> Vec<Diagnostic> {
    let is_both = |view: &&View| contracts.iter().any(|contract| contract.table == view.table);
    let problem = |view: &View| {
        Diagnostic::error(format!("`{}` has both a contract and a query", view.table))
            .in_file(format!("{}/{}.yml", crate::load::TABLES, view.table))
            .in_file(&view.source.path)
            .hint("rename one of them: a table is either filled from files or derived")
    };
    views.iter().filter(is_both).map(problem).collect()
}

/// The names of the views that every project has are taken.
fn taken_names(views: &[View]) -> Vec<Diagnostic> {
    let taken = published_views();
    let is_taken = |view: &&View| taken.iter().any(|other| other.name == view.table.as_str());
    let problem = |view: &View| {
        Diagnostic::error(format!("every project has a view `{}` already", view.table))
            .in_file(&view.source.path)
            .hint("give yours another name; `docs/data-dictionary.md` lists those that are taken")
    };
    views.iter().filter(is_taken).map(problem).collect()
}

/// A constant fills a column of the contract.
fn unknown_constants(contracts: &[Contract], sources: &[SourceEntry]) -> Vec<Diagnostic> {
    let mut problems = vec![];
    for source in sources {
        let Some(contract) = contracts.iter().find(|contract| contract.table == source.table) else {
            continue;
        };
        let names = || contract.columns.iter().map(|column| column.name.as_str());
        for constant in source.constants.keys().filter(|constant| names().all(|name| name != *constant)) {
            let problem = format!("source `{}`: `{}` has no column `{constant}`", source.id, source.table);
            problems.push(Diagnostic::error(problem).in_file("sources.yml").suggest(constant, names()));
        }
    }
    problems
}

/// The texts in a column of a view that a project may have.
fn known(db: &Db, view: &str, column: &str) -> Result<BTreeSet<String>> {
    if !db.has_view(view)? {
        return Ok(BTreeSet::new());
    }
    let found = db.query(&format!("SELECT DISTINCT CAST({column} AS VARCHAR) FROM {view}"), &[])?;
    Ok(found.rows.iter().filter_map(|row| row[0].text().map(str::to_owned)).collect())
}

/// Where a word stands after a key.
fn after(text: &str, key: &str, word: &str) -> std::ops::Range<usize> {
    let from = text.find(key).map_or(0, |at| at + key.len());
    let at = text[from..].find(word).map_or(0, |at| from + at);
    at..at + word.len()
}

/// The tables that have a contract, readable or not.
fn every_table(project: &Project) -> Vec<TableName> {
    let paths = project.list(crate::load::TABLES, ".yml").unwrap_or_default();
    let stem = |path: &String| path.rsplit('/').next()?.strip_suffix(".yml")?.parse().ok();
    paths.iter().filter_map(stem).collect()
}
