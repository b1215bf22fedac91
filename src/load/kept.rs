//! Rows of derived tables that are kept, so that the many queries that read them do not work them out each time.
//!
//! `-- kept: yes` at the head of a derived table keeps its rows for a state of the data. They are worked out anew where a
//! file of a table below, the codes, or the text of a view below is another.
//!
//! `-- kept: by KEY of TABLE, ...` says more: the rows of a key follow from the rows of these tables with the same key. Where
//! only files of these tables came or went, the rows of the keys that are in them are worked out anew, and no others: the
//! tables are narrowed to these keys, and the query is the same. What such a file says must hold for any query: a sum over
//! all keys, or a rank among them, must not be kept by a key. Where the rows of a key come out as they were, nothing that
//! follows from it is worked out anew. The rows that others replace lie dead in the table until a third of it is: DuckDB is
//! told not to move rows ([`Db::leave_groups`]).

use std::collections::{BTreeMap, BTreeSet};

use super::contract::{Again, Contract};
use super::ground::{State, States, file_id};
use super::table;
use super::views::{View, make_view};
use super::vintage::mark;
use crate::db::{Cell, Db, DbError, quoted};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::TableName;

/// Whether rows are kept, and how they follow what is below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// They are worked out whenever they are read.
    No,
    /// They are kept, and all worked out anew when anything below is another.
    Whole,
    /// They are kept, and those of the keys that files brought are worked out anew.
    By {
        /// The column.
        key: String,
        /// Tables with that column whose rows decide on those of the same key.
        of: Vec<TableName>,
    },
}

/// What may stand after `kept:`.
const FORMS: &str = "`yes`, or `by COLUMN of TABLE, TABLE`";

impl Keeping {
    /// What the head of a derived table says; an error that points at it where it cannot be understood.
    pub(super) fn of(source: &Source) -> Result<Keeping, Diagnostic> {
        let head = source.text.lines().take_while(|line| line.starts_with("--"));
        let Some(said) = head.filter_map(|line| line.strip_prefix("-- kept:")).map(str::trim).next() else {
            return Ok(Keeping::No);
        };
        let by = |said: &str| {
            let (key, tables) = said.strip_prefix("by ")?.split_once(" of ")?;
            let of = tables.split(',').map(|name| name.trim().parse().ok()).collect::<Option<Vec<_>>>()?;
            let is_name = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            is_name.then(|| Keeping::By { key: key.to_owned(), of })
        };
        match said {
            "yes" => Ok(Keeping::Whole),
            said => by(said).ok_or_else(|| {
                let at = source.text.find(said).unwrap_or(0);
                Diagnostic::error(format!("`{said}` does not say how rows are kept"))
                    .at(source.place(at..at + said.len(), FORMS))
            }),
        }
    }
}

impl View {
    /// The table of the rows that are kept.
    fn kept_table(&self) -> String {
        let (schema, name) = self.table.parts();
        format!("stored.kept_{schema}_{name}")
    }

    /// The rows that are others since this load, as they were and as they are.
    fn moved_table(&self) -> String {
        let (schema, name) = self.table.parts();
        format!("moved_{schema}_{name}")
    }

    fn mark(&self) -> String {
        format!("kept {}", self.table)
    }
}

/// Whether the rows that are kept of a view are those of this state.
fn is_marked(states: &States<'_>, view: &View, state: &State) -> bool {
    states.marks.get(&view.mark()).is_some_and(|mark| *mark == state.fingerprint())
}

/// Lets queries read the rows that are kept where they are those of the data of now, and work them out where not.
///
/// A run that was killed may have left views that read rows of other data.
pub(super) fn read_where_kept(db: &Db, views: &[View]) -> Result<(), DbError> {
    if views.iter().any(View::is_kept) { let_read(db, &States::read(db, views)?) } else { Ok(()) }
}

fn let_read(db: &Db, states: &States<'_>) -> Result<(), DbError> {
    let found = db.query(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() \
         WHERE database_name = current_database() AND contains(sql, 'stored.kept_')",
        &[],
    )?;
    let reading: BTreeSet<String> = found.rows.iter().map(|row| row[0].shown()).collect();
    for view in states.views.iter().filter(|view| view.is_kept()) {
        match (is_marked(states, view, &states.of(view)), reading.contains(view.table.as_str())) {
            (true, false) => read_kept(db, view)?,
            (false, true) => make_view(db, view)?,
            _ => {}
        }
    }
    Ok(())
}

/// Keeps the rows that the list of codes rests on, which is read next; what else is kept is worked out from here on,
/// until [`keep_rows`].
pub(super) fn keep_for_codes(db: &Db, contracts: &[Contract], views: &[View]) -> Result<(), Problems> {
    let states = States::read(db, views)?;
    let below_codes = states.below_codes.clone();
    let mut keeper = Keeper { db, contracts, states, moved: BTreeMap::new(), remade: BTreeSet::new() };
    keeper.keep(|view| below_codes.contains(&view.table))
}

/// Works out anew the rows that are kept, where what they follow from is another than when they were worked out.
pub(super) fn keep_rows(db: &Db, contracts: &[Contract], views: &[View]) -> Result<(), Problems> {
    let states = States::read(db, views)?;
    let_read(db, &states)?;
    let mut keeper = Keeper { db, contracts, states, moved: BTreeMap::new(), remade: BTreeSet::new() };
    keeper.keep(|_| true)
}

/// The files that came and went since rows were worked out.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Change {
    came: BTreeSet<u32>,
    went: BTreeSet<u32>,
}

impl Change {
    fn within(&self, files: &BTreeSet<u32>) -> Change {
        let only = |ids: &BTreeSet<u32>| ids.intersection(files).copied().collect();
        Change { came: only(&self.came), went: only(&self.went) }
    }

    fn is_none(&self) -> bool {
        self.came.is_empty() && self.went.is_empty()
    }

    fn files(&self) -> impl Iterator<Item = u32> {
        self.came.iter().chain(&self.went).copied()
    }
}

/// A table that is narrowed to the keys whose rows are worked out anew.
enum Narrowed<'a> {
    Filled(&'a Contract, Change),
    Kept(&'a View),
}

struct Keeper<'a> {
    db: &'a Db,
    contracts: &'a [Contract],
    states: States<'a>,
    /// Views of which some rows were worked out anew, with the files that were the cause.
    moved: BTreeMap<TableName, Change>,
    /// Views of which all rows were worked out anew.
    remade: BTreeSet<TableName>,
}

impl<'a> Keeper<'a> {
    fn keep(&mut self, is_wanted: impl Fn(&View) -> bool) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut stale = vec![];
        for view in self.states.views.iter().filter(|view| view.is_kept()) {
            let state = self.states.of(view);
            if !is_marked(&self.states, view, &state) {
                make_view(self.db, view)?;
                stale.push((view, state));
            }
        }
        for (view, state) in stale.into_iter().filter(|(view, _)| is_wanted(view)) {
            let db = self.db;
            let kept = db.transaction(|| self.keep_one(view, &state));
            problems.keep(kept.map_err(|error| error.diagnostic().in_file(&view.source.path)));
        }
        for name in std::mem::take(&mut self.moved).into_keys() {
            if let Some(view) = self.states.views.iter().find(|view| view.table == name) {
                self.db.run(&format!("DROP TABLE IF EXISTS {}", view.moved_table()))?;
            }
        }
        problems.or(())
    }

    fn keep_one(&mut self, view: &'a View, state: &State) -> Result<(), DbError> {
        match self.narrowed(view, state)? {
            Some((key, tables, change)) => {
                self.pack(view)?;
                self.renew(view, key, &tables)?;
                self.moved.insert(view.table.clone(), change);
            }
            None => {
                let sql = format!("CREATE OR REPLACE TABLE {} AS FROM {}", view.kept_table(), view.table);
                self.db.run(&sql)?;
                self.remade.insert(view.table.clone());
            }
        }
        self.note_files(view, state)?;
        mark(self.db, &view.mark(), &state.fingerprint())?;
        read_kept(self.db, view)
    }

    /// The tables to be narrowed, by which key; none where all rows must be worked out.
    #[expect(clippy::type_complexity, reason = "taken apart at its only call")]
    fn narrowed(
        &self,
        view: &'a View,
        state: &State,
    ) -> Result<Option<(&'a str, Vec<Narrowed<'a>>, Change)>, DbError> {
        let Keeping::By { key, of } = &view.keeping else { return Ok(None) };
        let Some(former) = self.former(view, state)? else { return Ok(None) };
        let change = Change {
            came: state.files.difference(&former).copied().collect(),
            went: former.difference(&state.files).copied().collect(),
        };
        if self.is_much(&change, state)? {
            return Ok(None);
        }
        let tables_of = self.tables_of(&change)?;
        let mut explained = BTreeSet::new();
        let mut tables = vec![];
        for name in of {
            if let Some(contract) = self.contracts.iter().find(|contract| contract.table == *name) {
                let of_table: BTreeSet<u32> = change
                    .files()
                    .filter(|id| tables_of.get(id) == Some(&table::stored_name(contract)))
                    .collect();
                explained.extend(&of_table);
                tables.push(Narrowed::Filled(contract, change.within(&of_table)));
            } else {
                let below = self.states.views.iter().find(|view| view.table == *name && view.is_kept());
                let Some(below) = below.filter(|_| !self.remade.contains(name)) else { return Ok(None) };
                if let Some(cause) = self.moved.get(name) {
                    // It must have moved by the very files that are new here.
                    if change.within(&cause.files().collect()) != *cause {
                        return Ok(None);
                    }
                    explained.extend(cause.files());
                }
                tables.push(Narrowed::Kept(below));
            }
        }
        let is_explained = change.files().all(|id| explained.contains(&id));
        Ok(is_explained.then_some((key.as_str(), tables, change)))
    }

    /// The files that the kept rows follow from; none where views or codes were others, or nothing is kept.
    fn former(&self, view: &View, state: &State) -> Result<Option<BTreeSet<u32>>, DbError> {
        if !self.db.has_relation(&view.kept_table())? {
            return Ok(None);
        }
        let files = self.db.query(
            "SELECT file_id FROM meta.kept_file WHERE view_name = $view",
            &[("view", view.table.as_str().into())],
        )?;
        let files: BTreeSet<u32> = files.rows.iter().filter_map(|row| file_id(&row[0])).collect();
        let former = State { frame: state.frame.clone(), files };
        Ok(is_marked(&self.states, view, &former).then_some(former.files))
    }

    /// Whether so many rows came or went that it is quicker to work all out.
    fn is_much(&self, change: &Change, state: &State) -> Result<bool, DbError> {
        let rows = |files: Vec<u32>| -> Result<i64, DbError> {
            let sql = format!(
                "SELECT coalesce(sum(rows_read), 0)::BIGINT FROM meta.delivery WHERE file_id IN ({})",
                listed(files)
            );
            Ok(self.db.value(&sql, &[])?.integer().unwrap_or(0))
        };
        Ok(4 * rows(change.files().collect())? > rows(state.files.iter().copied().collect())?)
    }

    /// In which table the rows of files are, where they still are.
    fn tables_of(&self, change: &Change) -> Result<BTreeMap<u32, String>, DbError> {
        let sql = format!(
            "SELECT file_id, stored_table FROM meta.delivery WHERE kept AND file_id IN ({})",
            listed(change.files())
        );
        let found = self.db.query(&sql, &[])?;
        Ok(found.rows.iter().filter_map(|row| Some((file_id(&row[0])?, row[1].shown()))).collect())
    }

    /// Rows that were worked out anew left those before them behind: once these are a third of the table, they are left out.
    fn pack(&self, view: &View) -> Result<(), DbError> {
        let kept = view.kept_table();
        let alive = self.db.value(&format!("SELECT count(*) FROM {kept}"), &[])?.count().unwrap_or(0);
        if 2 * self.db.rows_held(&kept)? > 3 * alive {
            self.db.run(&format!("CREATE OR REPLACE TABLE {kept} AS FROM {kept}"))?;
        }
        Ok(())
    }

    /// Works out the rows of the keys that moved. Those that came out as they were stay where they are and move nothing above.
    fn renew(&self, view: &View, key: &str, tables: &[Narrowed]) -> Result<(), DbError> {
        let (db, kept, moved, key) = (self.db, view.kept_table(), view.moved_table(), quoted(key));
        let keys = MovedKeys::among(db, &self.rows_that_moved(tables), &key)?;
        if keys.are_none() {
            return db.run(&format!("CREATE OR REPLACE TEMP TABLE {moved} AS FROM {kept} LIMIT 0"));
        }
        for table in tables {
            let (name, rows) = match table {
                Narrowed::Filled(contract, _) => {
                    (&contract.table, table::select(contract, &self.files_with_moved(contract, &keys)?))
                }
                Narrowed::Kept(below) => (&below.table, format!("FROM {}", below.kept_table())),
            };
            db.run(&format!("CREATE OR REPLACE VIEW {name} AS {}", keys.rows(&format!("({rows})"))))?;
        }
        db.run(&format!(
            "CREATE OR REPLACE TEMP TABLE renewed AS FROM {view};
             CREATE OR REPLACE TEMP TABLE {moved} AS SELECT * EXCLUDE (times_more) FROM (
                 SELECT *, 1 AS times_more FROM renewed UNION ALL SELECT *, -1 FROM ({former})
             ) GROUP BY ALL HAVING sum(times_more) <> 0",
            view = view.table,
            former = keys.rows(&kept),
        ))?;
        let keys = MovedKeys::among(db, &[moved], &key)?;
        db.run(&format!(
            "DELETE FROM {kept} AS t WHERE {is_moved}; INSERT INTO {kept} {renewed}; DROP TABLE renewed; DROP TABLE moved_key",
            is_moved = keys.condition(),
            renewed = keys.rows("renewed"),
        ))?;
        for table in tables {
            match table {
                Narrowed::Filled(contract, _) => db.run(&table::create_view(contract))?,
                Narrowed::Kept(below) => read_kept(db, below)?,
            }
        }
        Ok(())
    }

    /// What came and went in tables below, each as what may stand after `FROM`.
    fn rows_that_moved(&self, tables: &[Narrowed]) -> Vec<String> {
        let moved = |table: &Narrowed| match table {
            Narrowed::Filled(_, change) if change.is_none() => None,
            Narrowed::Filled(contract, change) => {
                let of_files = format!("s.file_id IN ({})", listed(change.files()));
                Some(format!("({})", table::select(contract, &of_files)))
            }
            Narrowed::Kept(below) => self.moved.contains_key(&below.table).then(|| below.moved_table()),
        };
        tables.iter().filter_map(moved).collect()
    }

    /// The condition of rows in use, of the files that hold any of the moved keys, which are a few of all: DuckDB reads the
    /// parts of the table that have these files. A key that is looked up may be in any file.
    fn files_with_moved(&self, contract: &Contract, keys: &MovedKeys) -> Result<String, DbError> {
        let is_stored = |(name, _): &(String, _)| quoted(name) == keys.key;
        if keys.key != quoted("file_id") && !contract.stored_columns().iter().any(is_stored) {
            return Ok(table::IN_USE.to_owned());
        }
        let rows = keys.rows(&table::stored_name(contract));
        let files = self.db.query(&format!("SELECT DISTINCT file_id FROM ({rows}) ORDER BY file_id"), &[])?;
        let ids: Vec<String> = files.rows.iter().map(|row| row[0].shown()).collect();
        Ok(match ids.as_slice() {
            [] => "false".to_owned(),
            ids => format!("{} AND s.file_id IN ({})", table::IN_USE, ids.join(", ")),
        })
    }

    fn note_files(&self, view: &View, state: &State) -> Result<(), DbError> {
        let name: Cell = view.table.as_str().into();
        self.db.execute("DELETE FROM meta.kept_file WHERE view_name = $view", &[("view", name.clone())])?;
        self.db.append("meta", "kept_file", state.files.iter().map(|id| vec![name.clone(), (*id).into()]))
    }
}

/// What is wrong with what views say of their keys: tables that are not there or have no rows of their own, keys without a
/// column.
pub fn check_kept(db: &Db, contracts: &[Contract], views: &[View]) -> Vec<Diagnostic> {
    let mut problems = vec![];
    for view in views {
        let Keeping::By { key, of } = &view.keeping else { continue };
        let at = |name: &str| {
            let at = view.source.text.find(name).unwrap_or(0);
            view.source.place(at..at + name.len(), "")
        };
        let has_key =
            |table: &TableName| db.query(&format!("SELECT {} FROM {table} LIMIT 0", quoted(key)), &[]);
        for table in of {
            let is_kept = || views.iter().any(|below| below.table == *table && below.is_kept());
            if !contracts.iter().any(|contract| contract.table == *table) && !is_kept() {
                let problem =
                    Diagnostic::error(format!("`{table}` is neither a table with a contract nor kept"));
                problems.push(problem.at(at(table.as_str())));
            } else if contracts
                .iter()
                .any(|contract| contract.table == *table && contract.again == Again::Replaces)
            {
                // Which of two rows counts is known of all files together, not of those that brought a key.
                let problem =
                    Diagnostic::error(format!("rows of `{table}` replace others, so none are kept by a key"));
                problems.push(problem.at(at(table.as_str())).hint("`-- kept: yes` works all of them out"));
            } else if has_key(table).is_err() {
                problems.push(Diagnostic::error(format!("`{table}` has no column `{key}`")).at(at(key)));
            }
        }
        if has_key(&view.table).is_err() {
            let problem =
                Diagnostic::error(format!("`{}` gives no column `{key}`, by which it is kept", view.table));
            problems.push(problem.at(at(key)));
        }
    }
    problems
}

/// Keys whose rows are worked out anew: the table `moved_key`.
struct MovedKeys {
    /// The column, as statements write it.
    key: String,
    /// How many there are in the table.
    listed: u64,
    /// Whether rows without a key are among them. They are not in the table, for DuckDB looks keys up many times faster where it
    /// need not think of null.
    with_none: bool,
}

impl MovedKeys {
    /// The keys of all rows of these.
    fn among(db: &Db, rows: &[String], key: &str) -> Result<MovedKeys, DbError> {
        let keys: Vec<String> = rows.iter().map(|rows| format!("SELECT {key} AS key FROM {rows}")).collect();
        let keys =
            if keys.is_empty() { "SELECT NULL AS key LIMIT 0".to_owned() } else { keys.join(" UNION ALL ") };
        db.run(&format!("CREATE OR REPLACE TEMP TABLE moved_key AS SELECT DISTINCT key FROM ({keys})"))?;
        let with_none = db.execute("DELETE FROM moved_key WHERE key IS NULL", &[])? > 0;
        let listed = db.value("SELECT count(*) FROM moved_key", &[])?.count().unwrap_or(0);
        Ok(MovedKeys { key: key.to_owned(), listed, with_none })
    }

    fn are_none(&self) -> bool {
        self.listed == 0 && !self.with_none
    }

    /// Those of the rows that have such a key, as a query; `rows` is what may stand after `FROM`.
    fn rows(&self, rows: &str) -> String {
        let of = |condition: &str| format!("SELECT t.* FROM {rows} AS t WHERE {condition}");
        let with_key = of(&self.is_listed());
        if self.with_none { format!("{with_key} UNION ALL {}", of(&self.has_none())) } else { with_key }
    }

    /// The condition that a row `t` has such a key.
    fn condition(&self) -> String {
        if self.with_none { format!("{} OR {}", self.is_listed(), self.has_none()) } else { self.is_listed() }
    }

    fn is_listed(&self) -> String {
        format!("t.{} IN (SELECT key FROM moved_key)", self.key)
    }

    fn has_none(&self) -> String {
        format!("t.{} IS NULL", self.key)
    }
}

/// Numbers as a query of one column.
fn listed(ids: impl IntoIterator<Item = u32>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("SELECT unnest([{}]::INTEGER[])", ids.join(", "))
}

fn read_kept(db: &Db, view: &View) -> Result<(), DbError> {
    db.run(&format!("CREATE OR REPLACE VIEW {} AS FROM {}", view.table, view.kept_table()))
}
