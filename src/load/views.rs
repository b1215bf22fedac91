//! Derived tables: `queries/tables/*.sql`, one `SELECT` each, made as views in the order they need each other.
//!
//! Of some of them the rows are kept (`kept.rs`): what they are does not depend on it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::contract::{Contract, TABLES, table_of};
use super::ground;
use super::kept::{self, Keeping};
use super::published::{self, make_published};
use super::table;
use super::vintage::{is_marked, mark};
use crate::db::{Db, DbError, bare, code};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::TableName;
use crate::project::Project;

/// A derived table.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Its name.
    pub table: TableName,
    /// Its file.
    pub source: Source,
    /// Whether its rows are kept, and how they follow what is below.
    pub keeping: Keeping,
    /// The tables that it reads, derived or with a contract.
    reads: BTreeSet<TableName>,
}

impl View {
    fn new(table: TableName, source: Source) -> Result<Self, Diagnostic> {
        let keeping = Keeping::of(&source)?;
        let reads = tables_in(&source.text);
        Ok(View { table, source, keeping, reads })
    }

    /// Whether its rows are kept.
    pub fn is_kept(&self) -> bool {
        self.keeping != Keeping::No
    }
}

/// Reads the derived tables, in an order in which each comes after those it needs.
pub fn read_views(project: &Project) -> Result<Vec<View>, Problems> {
    let mut problems = Problems::default();
    let mut views = vec![];
    for path in project.list(TABLES, ".sql")? {
        let view = table_of(&path).and_then(|table| View::new(table, project.read(&path)?));
        views.extend(problems.keep(view));
    }
    let ordered = problems.keep(in_order(views)).unwrap_or_default();
    problems.or(ordered)
}

/// What a SQL text rests on: the tables with a contract and the views that it reads, itself or through views, and the
/// list of codes where one of these tables looks organisations up in it.
pub fn rests_on(sql: &str, views: &[View], contracts: &[Contract]) -> BTreeSet<TableName> {
    let mut found: BTreeSet<TableName> = BTreeSet::new();
    let mut open: Vec<Cow<'_, BTreeSet<TableName>>> = vec![Cow::Owned(tables_in(sql))];
    while let Some(read) = open.pop() {
        let tables = contracts.iter().filter(|contract| read.contains(&contract.table));
        let looks_up = tables.fold(false, |looks_up, contract| {
            found.insert(contract.table.clone());
            looks_up || !contract.organisations.is_empty()
        });
        let is_read = |view: &&View| {
            read.contains(&view.table) || (looks_up && view.table.as_str() == "ref.organisation_code")
        };
        for view in views.iter().filter(is_read) {
            if found.insert(view.table.clone()) {
                open.push(Cow::Borrowed(&view.reads));
            }
        }
    }
    found
}

/// The list of codes must not rest on tables whose rows are judged by it.
pub fn codes_rest_on_facts(views: &[View], contracts: &[Contract]) -> Result<(), Diagnostic> {
    let Some(codes) = views.iter().find(|view| view.table.as_str() == "ref.organisation_code") else {
        return Ok(());
    };
    let below = rests_on(&codes.source.text, views, contracts);
    let judged = contracts.iter().filter(|contract| !contract.organisations.is_empty());
    let names: Vec<String> = judged
        .filter(|contract| below.contains(&contract.table))
        .map(|contract| format!("`{}`", contract.table))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Diagnostic::error(format!(
        "`ref.organisation_code` rests on {}, whose own codes are looked up in it",
        names.join(", ")
    ))
    .in_file(&codes.source.path)
    .hint("take the codes from a table without `organisations` in its contract"))
}

fn in_order(mut views: Vec<View>) -> Result<Vec<View>, Diagnostic> {
    let mut ordered: Vec<View> = vec![];
    while !views.is_empty() {
        let waits = |view: &View| {
            views.iter().any(|other| other.table != view.table && view.reads.contains(&other.table))
        };
        let Some(next) = views.iter().position(|view| !waits(view)) else {
            let views = circle(views);
            let names: Vec<String> = views.iter().map(|view| format!("`{}`", view.table)).collect();
            return Err(Diagnostic::error(format!(
                "derived tables need each other in a circle: {}",
                names.join(", ")
            ))
            .in_file(&views[0].source.path));
        };
        ordered.push(views.remove(next));
    }
    Ok(ordered)
}

/// Of views that wait for each other, those that others wait for.
fn circle(mut views: Vec<View>) -> Vec<View> {
    let is_leaf = |views: &[View], view: &View| {
        !views.iter().any(|other| other.table != view.table && other.reads.contains(&view.table))
    };
    while let Some(leaf) = views.iter().position(|view| is_leaf(&views, view)) {
        views.remove(leaf);
    }
    views
}

/// Makes the tables of contracts and all views, unless the database has these very ones: to plan some hundred views takes
/// longer than all else that a run does in which nothing changed.
pub fn make_ready(db: &Db, contracts: &[Contract], views: &[View]) -> Result<(), Problems> {
    super::make_schema(db)?;
    let texts = texts(contracts, views);
    if is_marked(db, WORK, &texts)? && have_tables(db, contracts)? {
        return Ok(kept::read_where_kept(db, views)?);
    }
    // A run that is killed on its way leaves no mark over views that are half old and half new.
    mark(db, WORK, "")?;
    super::prepare(db, contracts)?;
    make_views(db, views)?;
    mark(db, WORK, &texts)?;
    Ok(())
}

/// Whether the table below the view of each contract is there.
fn have_tables(db: &Db, contracts: &[Contract]) -> Result<bool, DbError> {
    let found = db.query(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() \
         WHERE database_name = current_database() AND schema_name = 'stored'",
        &[],
    )?;
    let tables: BTreeSet<String> = found.rows.iter().map(|row| row[0].shown()).collect();
    Ok(contracts.iter().all(|contract| tables.contains(&table::stored_name(contract))))
}

/// The mark of the views.
const WORK: &str = "views";

/// A sum over all texts that views are made from.
fn texts(contracts: &[Contract], views: &[View]) -> String {
    let tables = contracts.iter().map(table::create_view);
    let views = views.iter().map(|view| format!("{} {:?} {}", view.table, view.keeping, view.source.text));
    ground::sum(tables.chain(views).chain([published::TEXT.to_owned()]))
}

/// Makes the views, and those in `published` over them; all that fail are reported, those that need them too.
pub fn make_views(db: &Db, views: &[View]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for view in views {
        problems.keep(make_view(db, view).map_err(|error| error.in_source(&view.source)));
    }
    if !problems.has_errors() {
        problems.keep(make_published(db));
    }
    problems.keep(kept::read_where_kept(db, views));
    problems.or(())
}

/// Makes the view that works its rows out.
pub(super) fn make_view(db: &Db, view: &View) -> Result<(), DbError> {
    db.expect_one_select(&view.source.text)?;
    let head = format!("CREATE OR REPLACE VIEW {} AS ", view.table);
    db.run(&format!("{head}{}", bare(&view.source.text))).map_err(|error| error.after(head.len()))
}

/// A view with all that it reads, itself or through views: their names, those of tables with a contract too.
pub(super) fn below<'a>(view: &'a View, views: &'a [View]) -> (Vec<&'a View>, BTreeSet<TableName>) {
    let (mut found, mut names) = (vec![view], BTreeSet::new());
    let mut at = 0;
    while at < found.len() {
        let read = &found[at].reads;
        let new = views.iter().filter(|view| read.contains(&view.table) && !names.contains(&view.table));
        found.extend(new);
        names.extend(read.iter().cloned());
        at += 1;
    }
    (found, names)
}

/// The tables that the SQL, comments left aside, names.
fn tables_in(sql: &str) -> BTreeSet<TableName> {
    let words =
        code(sql).flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')));
    let name = |word: &str| {
        let mut parts = word.split('.');
        format!("{}.{}", parts.next()?, parts.next()?).parse().ok()
    };
    words.filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, reads: &[&str]) -> View {
        let text = format!("SELECT 1 FROM {}", reads.join(", "));
        let source = Source { path: format!("{name}.sql"), text: text.into() };
        View::new(name.parse().expect("valid"), source).expect("a plain view")
    }

    #[test]
    fn a_view_comes_after_those_it_needs() {
        let views = vec![view("ref.a", &["ref.c"]), view("ref.b", &["ref.a"]), view("ref.c", &[])];
        let names: Vec<String> =
            in_order(views).expect("no circle").iter().map(|view| view.table.to_string()).collect();
        assert_eq!(names, ["ref.c", "ref.a", "ref.b"]);
    }

    #[test]
    fn a_circle_names_its_own() {
        let views = vec![view("ref.a", &["ref.b"]), view("ref.b", &["ref.a"]), view("ref.c", &["ref.a"])];
        let error = in_order(views).expect_err("a circle");
        assert_eq!(error.message, "derived tables need each other in a circle: `ref.a`, `ref.b`");
    }

    #[test]
    fn names_of_tables_are_found_in_code() {
        let found: Vec<String> =
            tables_in("-- of ref.area\nSELECT ref.agency.code, 1.5 FROM fact.a_b AS s -- ref.c")
                .iter()
                .map(ToString::to_string)
                .collect();
        assert_eq!(found, ["fact.a_b", "ref.agency"]);
    }

    #[test]
    fn only_whole_names_in_code_count() {
        let check = |sql: &str, expected: bool| {
            assert_eq!(tables_in(sql).contains(&"ref.agency".parse().expect("valid")), expected, "{sql}");
        };
        check("SELECT * FROM ref.agency", true);
        check("SELECT * FROM ref.agency_code", false);
        check("SELECT * FROM xref.agency", false);
        check("-- from ref.agency\nSELECT 1", false);
        check("SELECT ref.agency.code FROM ref.agency", true);
    }
}
