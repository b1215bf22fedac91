//! The SQL that turns the texts of a file into typed rows, and what does not fit into rejects.
//!
//! One pass over the file: every row is stored with its values and, in the column `problem`,
//! nothing if it fits, or what is wrong with it. A row is either loaded or a reject, never both.

use std::fmt;

use sha2::{Digest, Sha256};

use super::contract::{Code, Column, Contract, Form, Kind, OtherColumns, Personal};
use super::hmac;
use super::lookup::lookup;
use super::moment;
use super::relation::{Cell, Relation, is_unworked};
use super::repeated;
use super::text::{self, Tidy, WHOLE};
use crate::db::{Db, DbError, literal, quoted};
use crate::model::sum::hex;
use crate::model::text::Lang;

/// Between the column, the value and the rule of a problem.
pub(super) const FIELD: &str = "\u{1f}";
/// Between the problems of one row.
const RECORD: &str = "\u{1e}";
/// A row without anything in it: neither loaded nor a reject, but it counts where rows are counted.
const BLANK: &str = "";

/// The rule of a row in which something stands, but under no heading that is read.
const BESIDE: &str = "nothing stands under a heading that is read";
/// The row that ends the data.
const END: &str = "\u{4}";

/// `stored.fact_dossier_1a2b3c4d` for `fact.dossier`: the table of the rows that came under these columns.
///
/// A contract with other columns has another table, so that the rows of earlier vintages stay as they were.
pub(super) fn stored_name(contract: &Contract) -> String {
    let (schema, name) = contract.table.parts();
    let sum = Sha256::digest(signature(contract));
    format!("stored.{schema}_{name}_{}", hex(&sum[..4]))
}

/// Makes the table that keeps the rows of all files.
pub(super) fn create(contract: &Contract) -> String {
    let columns: Vec<String> =
        contract.stored_columns().iter().map(|(name, kind)| format!("{} {kind}", quoted(name))).collect();
    format!(
        "CREATE TABLE {} ({}, file_id INTEGER NOT NULL, problem VARCHAR)",
        stored_name(contract),
        columns.join(", ")
    )
}

/// The condition of rows whose file is in use.
pub(super) const IN_USE: &str = "s.file_id IN (SELECT file_id FROM meta.current_file)";

/// The view of a contract: rows that fit, of files in use, their codes looked up.
pub(super) fn create_view(contract: &Contract) -> String {
    let rows = repeated::only_last(contract, &select(contract, IN_USE));
    format!("CREATE OR REPLACE VIEW {} AS {rows}", contract.table)
}

/// Rows that fit, of the files of a condition on `s.file_id`, their codes looked up.
pub(super) fn select(contract: &Contract, of_files: &str) -> String {
    let stored = contract.stored_columns();
    let mut columns: Vec<String> = stored.iter().map(|(name, _)| format!("s.{}", quoted(name))).collect();
    let mut joins = String::new();
    for column in &contract.organisations {
        let found = lookup(column);
        joins += &found.joins;
        columns.push(format!("{} AS {}", found.org_id, quoted(&column.name)));
        columns.extend(column.problem_column().map(|name| format!("{} AS {}", found.problem, quoted(&name))));
    }
    format!(
        "SELECT {}, s.file_id, s.rowid AS row_id FROM {} AS s{joins} WHERE s.problem IS NULL AND {of_files}",
        columns.join(", "),
        stored_name(contract)
    )
}

/// Names and types in one text, to see when a contract changed them.
pub(super) fn signature(contract: &Contract) -> String {
    let columns: Vec<String> =
        contract.stored_columns().iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    columns.join(", ")
}

/// Files that are read together, numbered one after the other. Shown as the SQL condition of their rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Files {
    pub first: u32,
    pub last: u32,
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (self.first, self.last) {
            (first, last) if first == last => write!(f, "file_id = {first}"),
            (first, last) => write!(f, "file_id BETWEEN {first} AND {last}"),
        }
    }
}

/// Makes the functions known that [`insert`] calls.
pub(super) fn teach(db: &Db) -> Result<(), DbError> {
    text::teach(db)?;
    moment::teach(db)
}

/// Reads whole files into the stored table in one statement; `has_key` says that the parameters of `hmac` are given.
pub(super) fn insert(contract: &Contract, relation: &Relation, files: Files, has_key: bool) -> String {
    let (mut cells, mut texts, mut values, mut problems) = (vec![], vec![], vec![], vec![]);
    for (column, cell) in contract.columns.iter().zip(&relation.cells) {
        let read = Reading::of(column, cell, &contract.form, has_key);
        cells.extend(read.cells);
        texts.extend(read.texts);
        if column.is_stored() {
            values.push(format!("{} AS {}", read.value, quoted(&column.name)));
        }
        if let Some(name) = &column.missing_as {
            values.push(format!("{} AS {}", read.missing_text, quoted(name)));
        }
        problems.extend(match cell {
            Cell::Text(_) if relation.has_unworked && column.personal.is_none() => {
                Some(with_formulas(column, read.problem))
            }
            _ => read.problem,
        });
    }
    let columns: Vec<String> = contract.stored_columns().iter().map(|(name, _)| quoted(name)).collect();
    let empty: Vec<String> = contract
        .columns
        .iter()
        .zip(&relation.cells)
        .filter(|(_, cell)| {
            matches!(cell, Cell::Text(sql) if !sql.starts_with('\'')) || matches!(cell, Cell::Typed(..))
        })
        .map(|(column, cell)| match cell {
            Cell::Typed(_, kind) if is_kept(&column.kind, kind) => format!("{} IS NULL", text_cell(column)),
            _ => format!("{} IS NULL", filled_cell(column)),
        })
        .collect();
    cells.push(format!("{} AS \"#end\"", ends(contract, relation)));
    cells.push(format!("{} AS \"#unreadable\"", unreadable(contract, relation)));
    cells.push(format!("{} + {} AS \"#file\"", files.first, relation.index()));
    cells.extend(relation.beside.as_ref().map(|beside| format!("{beside} AS \"#beside\"")));
    let cells = format!("SELECT {} FROM {}", cells.join(", "), relation.from());
    format!(
        "INSERT INTO {stored} SELECT {columns}, \"#file\" AS file_id, \
         CASE WHEN \"#end\" THEN {end} WHEN \"#unreadable\" IS NOT NULL THEN \"#unreadable\" \
         WHEN {blank} THEN {blank_mark} {problem} END AS problem \
         FROM (SELECT *, {values} FROM {texts})",
        stored = stored_name(contract),
        columns = columns.join(", "),
        values = values.join(", "),
        end = literal(END),
        blank = if empty.is_empty() { "false".into() } else { empty.join(" AND ") },
        blank_mark = blank(contract, relation),
        problem = joined(&problems),
        texts = match texts.as_slice() {
            [] => format!("({cells})"),
            texts => format!("(SELECT *, {} FROM ({cells}))", texts.join(", ")),
        },
    )
}

/// The branch that names the problems. It is entered by rows that have one, so that the others pay only for the test.
fn joined(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let tests: Vec<&str> = problems.iter().map(|problem| problem.test.as_str()).collect();
    let texts: Vec<&str> = problems.iter().map(|problem| problem.text.as_str()).collect();
    format!("WHEN {} THEN concat_ws({}, {})", tests.join(" OR "), literal(RECORD), texts.join(", "))
}

fn ends(contract: &Contract, relation: &Relation) -> String {
    match (&contract.form.ends_at, &relation.first_cell) {
        (Some(pattern), Some(cell)) => {
            format!("coalesce(regexp_matches({cell}, {}), false)", literal(pattern))
        }
        _ => "false".into(),
    }
}

fn unreadable(contract: &Contract, relation: &Relation) -> String {
    match &relation.unreadable {
        Some((condition, rule)) => {
            let problem = format!(
                "{} || {} || {}",
                literal(FIELD),
                shown_line(contract, "coalesce(line, '')"),
                literal(&format!("{FIELD}{rule}"))
            );
            format!("CASE WHEN {condition} THEN {problem} END")
        }
        None => "NULL::VARCHAR".into(),
    }
}

/// The problem of a row in which nothing stands under a heading that is read: none, unless something stands beside them.
fn blank(contract: &Contract, relation: &Relation) -> String {
    let passed_over = literal(BLANK);
    if relation.beside.is_none() || contract.form.other_columns == OtherColumns::Ignore {
        return passed_over;
    }
    let beside = shown_line(contract, "\"#beside\"");
    let told = [literal(FIELD), beside, literal(&format!("{FIELD}{BESIDE}"))].join(" || ");
    format!("CASE WHEN coalesce(trim(\"#beside\"), '') = '' THEN {passed_over} ELSE {told} END")
}

/// What is shown of a line that could not be cut into cells: nothing where it may speak of a person.
fn shown_line(contract: &Contract, line: &str) -> String {
    if contract.is_personal() { "''".into() } else { format!("left({line}, 500)") }
}

/// The trimmed and composed text of a column, nothing where it is missing.
fn text_cell(column: &Column) -> String {
    quoted(&format!("{}#text", column.name))
}

/// Whether texts other than the empty one mean "nothing here".
fn has_words_for_missing(column: &Column) -> bool {
    column.missing.iter().any(|text| !text.is_empty())
}

/// What stands in a column, also where it means "missing": a row is blank only if nothing stands in it.
fn filled_cell(column: &Column) -> String {
    if has_words_for_missing(column) && column.personal.is_none() {
        quoted(&format!("{}#filled", column.name))
    } else {
        text_cell(column)
    }
}

/// The expressions for one column.
///
/// Each is a level of the statement, so that nothing is worked out twice: a `CASE` or `nullif` around an
/// expression would work it out anew wherever it is named.
struct Reading {
    /// The text: tidied, and nothing instead of the empty one where that alone means "missing".
    cells: Vec<String>,
    /// The text without those that mean "missing", and which of them stood there.
    texts: Vec<String>,
    /// The typed value.
    value: String,
    /// Which text stood for "missing".
    missing_text: String,
    /// What can be wrong with it.
    problem: Option<Problem>,
}

/// What can be wrong with a column.
struct Problem {
    /// Whether something is.
    test: String,
    /// `column FIELD value FIELD rule` where something is wrong, else null.
    text: String,
}

impl Reading {
    fn of(column: &Column, cell: &Cell, form: &Form, has_key: bool) -> Reading {
        let text = text_cell(column);
        let raw = match cell {
            Cell::Absent => {
                return Reading {
                    cells: vec![],
                    texts: vec![],
                    value: format!("NULL::{}", column.kind.sql_type()),
                    missing_text: "NULL::VARCHAR".into(),
                    problem: None,
                };
            }
            Cell::Typed(sql, kind) if column.personal.is_none() && is_kept(&column.kind, kind) => {
                let value = kept(&column.kind, &text);
                let problem = problem(column, &text, form);
                return Reading {
                    cells: vec![format!("{sql} AS {text}")],
                    texts: vec![],
                    value,
                    missing_text: "NULL::VARCHAR".into(),
                    problem,
                };
            }
            Cell::Typed(sql, _) if column.kind == Kind::Json => format!("CAST(to_json({sql}) AS VARCHAR)"),
            Cell::Typed(sql, _) => format!("CAST({sql} AS VARCHAR)"),
            Cell::Text(sql) => sql.clone(),
        };
        if let Some(personal) = column.personal {
            return Reading::of_person(personal, &raw, &text, has_key);
        }
        let missing_text = quoted(&format!("{}#missing", column.name));
        let (cell, texts) = Reading::tidied(column, raw, &missing_text);
        Reading {
            cells: vec![cell],
            texts,
            value: typed(column, &text, form),
            missing_text,
            problem: problem(column, &text, form),
        }
    }

    /// The tidied text, and what is made of it on the next level.
    fn tidied(column: &Column, raw: String, missing_text: &str) -> (String, Vec<String>) {
        let text = text_cell(column);
        let composed = matches!(column.kind, Kind::Text { .. } | Kind::Boolean { .. });
        let is_verbatim = matches!(column.kind, Kind::Text { verbatim: true });
        // Nearly always nothing but the empty text means "missing", and it goes with the blanks.
        if column.missing == [""] && column.missing_as.is_none() && !is_verbatim {
            return (format!("{} AS {text}", Tidy { composed, filled: true }.of(&raw)), vec![]);
        }
        let cell = quoted(&format!("{}#cell", column.name));
        let tidied = if is_verbatim { raw } else { Tidy { composed, filled: false }.of(&raw) };
        let is_missing = is_one_of(&cell, &column.missing);
        let mut texts = vec![match column.missing.as_slice() {
            [] => format!("{cell} AS {text}"),
            _ => format!("CASE WHEN {is_missing} THEN NULL ELSE {cell} END AS {text}"),
        }];
        if has_words_for_missing(column) {
            texts.push(format!("nullif({cell}, '') AS {}", filled_cell(column)));
        }
        if column.missing_as.is_some() {
            texts.push(format!("CASE WHEN {is_missing} THEN {cell} END AS {missing_text}"));
        }
        (format!("{tidied} AS {cell}"), texts)
    }

    /// Personal data are looked at to see whether the row is blank, and for their sum; never judged, never shown.
    fn of_person(personal: Personal, raw: &str, text: &str, has_key: bool) -> Reading {
        let (cell, value) = match personal {
            Personal::Hash if has_key => (Tidy { composed: false, filled: true }.of(raw), hmac::sql(text)),
            Personal::Hash | Personal::Drop => (format!("nullif({raw}, '')"), "NULL::VARCHAR".into()),
        };
        Reading {
            cells: vec![format!("{cell} AS {text}")],
            texts: vec![],
            value,
            missing_text: "NULL::VARCHAR".into(),
            problem: None,
        }
    }
}

/// Whether values of this database type need no reading as text.
fn is_kept(kind: &Kind, sql_type: &str) -> bool {
    sql_type == kind.sql_type() || (matches!(kind, Kind::Date(_)) && sql_type == "TIMESTAMP")
}

/// A typed value as it is; what is no number, no day or has an hour where a day is expected is nothing.
fn kept(kind: &Kind, value: &str) -> String {
    match kind {
        Kind::Number | Kind::Timestamp(_) => format!("CASE WHEN isfinite({value}) THEN {value} END"),
        Kind::Date(_) => format!(
            "CASE WHEN isfinite({value}) AND {value} = CAST({value} AS DATE) THEN CAST({value} AS DATE) END"
        ),
        _ => value.to_owned(),
    }
}

/// Whether a text is in a list. Not `IN`: DuckDB answers a longer list by a join, after which the rows
/// of a large file are no longer stored in its order, and a row's place is how people find it.
fn is_one_of(text: &str, texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    match texts.as_slice() {
        [one] => format!("{text} = {one}"),
        texts => format!("list_contains([{}]::VARCHAR[], {text})", texts.join(", ")),
    }
}

/// The value of a text in the type of its column; null where it cannot be read.
fn typed(column: &Column, text: &str, form: &Form) -> String {
    match &column.kind {
        // Whether a text is a period is found when all of the file is stored, once for each that occurs.
        Kind::Text { .. } if column.codes.iter().any(Code::has_words) => code_of(text, &column.codes),
        Kind::Text { .. } | Kind::Period => text.to_owned(),
        // Most lists are empty, and seeing that costs much less than reading them.
        Kind::Json => format!("CASE WHEN {text} = '[]' OR json_valid({text}) THEN {text} END"),
        // A cast rounds 1.5 to 2: a whole number must be equal to itself as a number.
        Kind::Integer => {
            let number = plain_number(text, form);
            format!(
                "coalesce({WHOLE}({text}), \
                 CASE WHEN TRY_CAST({number} AS BIGINT) = TRY_CAST({number} AS DOUBLE) AND NOT {marked} \
                 THEN TRY_CAST({number} AS BIGINT) END)",
                marked = may_be_thousands(text, form)
            )
        }
        Kind::Number => {
            let number = format!("TRY_CAST({} AS DOUBLE)", plain_number(text, form));
            format!("CASE WHEN isfinite({number}) THEN {number} END")
        }
        Kind::Boolean { yes, no } => {
            let (yes, no) = (is_one_of(text, yes), is_one_of(text, no));
            // What a workbook, JSON or Parquet has as a truth value means it, whatever words the contract asks for.
            format!(
                "CASE WHEN {yes} THEN true WHEN {no} THEN false \
                 ELSE CASE lower({text}) WHEN 'true' THEN true WHEN 'false' THEN false END END"
            )
        }
        Kind::Date(formats) => moment::day(text, formats),
        Kind::Timestamp(formats) => moment::moment(text, formats),
    }
}

/// The code that a text stands for; null where it stands for none.
fn code_of(text: &str, codes: &[Code]) -> String {
    let cases: Vec<String> = codes
        .iter()
        .map(|code| {
            let texts: Vec<String> = code.texts().into_iter().collect();
            format!("WHEN {} THEN {}", is_one_of(&format!("lower({text})"), &texts), literal(&code.code))
        })
        .collect();
    format!("CASE {} END", cases.join(" "))
}

/// A number in the marks that SQL reads; null where marks stand in wrong places, so that `1.5` is never 15.
fn plain_number(text: &str, form: &Form) -> String {
    match (form.thousands_mark, form.decimal_mark) {
        // DuckDB would take `1_000` for a thousand.
        (None, '.') => format!("CASE WHEN NOT contains({text}, '_') THEN {text} END"),
        (None, mark) => {
            let plain = format!("replace({text}, {}, '.')", literal(&mark.to_string()));
            format!("CASE WHEN NOT contains({text}, '.') AND NOT contains({text}, '_') THEN {plain} END")
        }
        (Some(thousands), decimal) => {
            let (t, d) = (regex::escape(&thousands.to_string()), regex::escape(&decimal.to_string()));
            let shape = format!(r"[+-]?(\d+|\d{{1,3}}({t}\d{{3}})+)({d}\d+)?");
            format!(
                "CASE WHEN regexp_full_match({text}, {}) THEN replace(replace({text}, {}, ''), {}, '.') END",
                literal(&shape),
                literal(&thousands.to_string()),
                literal(&decimal.to_string())
            )
        }
    }
}

/// Whether marks in a text stand as they would between thousands, and the contract does not say that they do: `1.000` is one to
/// some and a thousand to others.
fn may_be_thousands(text: &str, form: &Form) -> String {
    let marks = match form.thousands_mark {
        Some(_) => regex::escape(&form.decimal_mark.to_string()),
        None => "[.,]".into(),
    };
    format!("regexp_full_match({text}, {})", literal(&format!(r"[+-]?\d{{1,3}}({marks}\d{{3}})+")))
}

/// What is wrong with a value: the first rule that it breaks.
fn problem(column: &Column, text: &str, form: &Form) -> Option<Problem> {
    let value = quoted(&column.name);
    let mut rules: Vec<(String, String)> = vec![];
    if column.required {
        rules.push((format!("{text} IS NULL"), "is required".into()));
    }
    if !matches!(column.kind, Kind::Text { .. } | Kind::Period) {
        let is_none = format!("({text} IS NOT NULL AND {value} IS NULL)");
        if column.kind == Kind::Integer {
            let marked = may_be_thousands(&format!("CAST({text} AS VARCHAR)"), form);
            rules.push((format!("({is_none} AND {marked})"), MARKED_RULE.into()));
        }
        rules.push((is_none, not_a(&column.kind, form)));
    }
    rules.extend(out_of_years(column, &value));
    if !column.codes.is_empty() {
        let shown: Vec<String> = column.codes.iter().take(12).map(shown_code).collect();
        let more = if column.codes.len() > 12 { ", ..." } else { "" };
        let wrong = if column.codes.iter().any(Code::has_words) {
            format!("({text} IS NOT NULL AND {value} IS NULL)")
        } else {
            let codes: Vec<String> = column.codes.iter().map(|code| code.code.clone()).collect();
            format!("NOT {}", is_one_of(&format!("CAST({text} AS VARCHAR)"), &codes))
        };
        rules.push((wrong, format!("not one of {}{more}", shown.join(", "))));
    }
    if let Some(min) = column.min {
        rules.push((format!("{value} < {min:?}"), format!("less than {min}")));
    }
    if let Some(max) = column.max {
        rules.push((format!("{value} > {max:?}"), format!("more than {max}")));
    }
    if let Some(pattern) = &column.pattern {
        let matches = format!("NOT regexp_matches(CAST({text} AS VARCHAR), {})", literal(pattern));
        rules.push((matches, format!("does not match {pattern}")));
    }
    if rules.is_empty() {
        return None;
    }
    let head = literal(&format!("{}{FIELD}", column.name));
    let shown = format!(
        "replace(replace(coalesce(CAST({text} AS VARCHAR), ''), {}, ''), {}, '')",
        literal(FIELD),
        literal(RECORD)
    );
    let cases: Vec<String> = rules
        .iter()
        .map(|(condition, rule)| {
            format!("WHEN {condition} THEN {head} || {shown} || {}", literal(&format!("{FIELD}{rule}")))
        })
        .collect();
    // What marks say is asked of texts that are no whole numbers, not of every row.
    let tests = rules.into_iter().filter(|(_, rule)| rule != MARKED_RULE);
    let tests: Vec<String> = tests.map(|(condition, _)| condition).collect();
    Some(Problem { test: tests.join(" OR "), text: format!("CASE {} END", cases.join(" ")) })
}

/// The same, where formulas may stand in the place of values: such a text is wrong whatever its column takes.
fn with_formulas(column: &Column, problem: Option<Problem>) -> Problem {
    let text = text_cell(column);
    let is_formula = is_unworked(&text);
    let shown = format!(
        "{} || substr({text}, 2) || {}",
        literal(&format!("{}{FIELD}", column.name)),
        literal(&format!("{FIELD}{UNWORKED_RULE}"))
    );
    let (test, other) = match problem {
        Some(problem) => (format!("{is_formula} OR {}", problem.test), problem.text),
        None => (is_formula.clone(), "NULL".into()),
    };
    Problem { test, text: format!("CASE WHEN {is_formula} THEN {shown} ELSE {other} END") }
}

/// The rule that a formula without a value breaks.
const UNWORKED_RULE: &str = "a formula without a value: open the file in Excel, save it and send it again";

/// The rule that a whole number breaks whose mark may stand before decimals or between thousands.
const MARKED_RULE: &str = "a mark that may stand between thousands: write 1000, not 1.000";

/// A code as people know it.
fn shown_code(code: &Code) -> String {
    match &code.words {
        Some(words) => format!("{} ({})", words.get(Lang::Vi), code.code),
        None => code.code.clone(),
    }
}

/// The rule that days and moments of other years break: `05/08/26` is one of the year 26.
fn out_of_years(column: &Column, value: &str) -> Option<(String, String)> {
    let (first, last) = column.years;
    let (forms, between, like) = match &column.kind {
        Kind::Date(formats) => {
            (shown_formats(formats), format!("DATE '{first:04}-01-01' AND DATE '{last:04}-12-31'"), "")
        }
        Kind::Timestamp(formats) => {
            let forms = match formats.as_slice() {
                [] => "yyyy-mm-dd hh:mi:ss".into(),
                formats => shown_formats(formats),
            };
            let last = format!("{last:04}-12-31 23:59:59.999999");
            (forms, format!("TIMESTAMP '{first:04}-01-01' AND TIMESTAMP '{last}'"), " and time")
        }
        _ => return None,
    };
    let rule = format!("not a date{like} like {forms} ({first:04}-{last:04})");
    Some((format!("{value} NOT BETWEEN {between}"), rule))
}

fn not_a(kind: &Kind, form: &Form) -> String {
    match kind {
        Kind::Text { .. } => "not a text".into(),
        Kind::Period => "not a period".into(),
        Kind::Json => "not a list or an object in JSON".into(),
        Kind::Integer => "not a whole number".into(),
        Kind::Number if form.decimal_mark == '.' && form.thousands_mark.is_none() => "not a number".into(),
        Kind::Number => format!("not a number with `{}` before its decimals", form.decimal_mark),
        Kind::Boolean { yes, no } => format!("neither {} nor {}", yes.join(", "), no.join(", ")),
        Kind::Date(formats) => format!("not a date like {}", shown_formats(formats)),
        Kind::Timestamp(formats) if formats.is_empty() => "not a date and time".into(),
        Kind::Timestamp(formats) => format!("not a date and time like {}", shown_formats(formats)),
    }
}

/// `%d/%m/%Y` as `dd/mm/yyyy`.
fn shown_formats(formats: &[String]) -> String {
    let shown: Vec<String> = formats
        .iter()
        .map(|format| {
            [
                ("%Y", "yyyy"),
                ("%m", "mm"),
                ("%d", "dd"),
                ("%H", "hh"),
                ("%M", "mi"),
                ("%S", "ss"),
                ("%y", "yy"),
            ]
            .iter()
            .fold(format.clone(), |format, (from, to)| format.replace(from, to))
        })
        .collect();
    shown.join(" or ")
}

/// How a row that ends the data is found, the rows that fit from there on are counted, and how all of them are dropped,
/// whether they could be cut into cells or not.
pub(super) struct End {
    pub find: String,
    pub count_below: String,
    pub cut: String,
}

/// None where the contract knows no such row.
pub(super) fn end(contract: &Contract, file_id: u32) -> Option<End> {
    let pattern = contract.form.ends_at.as_ref()?;
    let stored = stored_name(contract);
    let first = format!("(SELECT min(rowid) FROM {stored} WHERE file_id = {file_id})");
    let is_end = format!("regexp_matches(ltrim(line, '\"'), {})", literal(pattern));
    let below = format!("file_id = {file_id} AND rowid >= {first} + (SELECT place FROM ending)");
    Some(End {
        find: format!(
            "CREATE OR REPLACE TEMP TABLE ending AS SELECT min(place) AS place FROM (\
                 SELECT rowid - {first} AS place FROM {stored} WHERE file_id = {file_id} AND problem = {end} \
                 UNION ALL SELECT before FROM torn WHERE {is_end})",
            end = literal(END)
        ),
        count_below: format!("SELECT count(*) FROM {stored} WHERE {below} AND problem IS NULL"),
        cut: format!(
            "DELETE FROM torn WHERE before > (SELECT place FROM ending) \
                 OR row_no >= (SELECT min(row_no) FROM torn WHERE {is_end}); \
             DELETE FROM {stored} WHERE {below}"
        ),
    })
}

/// Marks every row whose key an earlier row of the file has; rows that do not fit do not count.
pub(super) fn mark_duplicates(contract: &Contract, files: Files) -> Option<String> {
    if contract.key.is_empty() {
        return None;
    }
    let stored = stored_name(contract);
    let key: Vec<String> = contract.key.iter().map(|name| quoted(name)).collect();
    let shown: Vec<String> =
        key.iter().map(|name| format!("coalesce(CAST({name} AS VARCHAR), '')")).collect();
    Some(format!(
        "UPDATE {stored} SET problem = {column} || concat_ws(' | ', {shown}) || {rule} WHERE rowid IN (\
         SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY file_id, {key} ORDER BY rowid) AS place \
         FROM {stored} WHERE {files} AND problem IS NULL) WHERE place > 1)",
        column = literal(&format!("{}{FIELD}", contract.key.join(", "))),
        shown = shown.join(", "),
        rule = literal(&format!("{FIELD}an earlier row has the same key")),
        key = key.join(", "),
    ))
}

/// Whether two rows of the file that fit may share a key; cheaper than marking them.
///
/// Equal keys have equal sums. Sums that are equal by accident only make us look for duplicates that are not there.
pub(super) fn may_have_duplicates(contract: &Contract, files: Files) -> String {
    let key: Vec<String> = contract.key.iter().map(|name| quoted(name)).collect();
    format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE {files} AND problem IS NULL GROUP BY file_id, hash({}) HAVING count(*) > 1)",
        stored_name(contract),
        key.join(", "),
    )
}

/// Rows of the file that are not stored, as a temporary table `torn(row_no, line, rule, before)`:
/// those that could not be cut into cells, with the rule, and blank ones, without.
///
/// `before` says how many stored rows come before it, which turns the position of a stored row into its row in the file.
pub(super) fn torn_rows(relation: &Relation) -> String {
    let errors = match relation.line_shift {
        Some(shift) => format!(
            "SELECT line + {shift} AS row_no, min(trim(csv_line, E' \\r\\n')) AS line, min({}) AS rule \
             FROM reject_errors GROUP BY ALL",
            torn_rule()
        ),
        None => "SELECT 0::BIGINT AS row_no, '' AS line, '' AS rule WHERE false".into(),
    };
    format!(
        "CREATE OR REPLACE TEMP TABLE torn AS WITH gap AS (\
             {errors} UNION ALL SELECT unnest({blank:?}::BIGINT[]), '', NULL) \
         SELECT row_no, line, rule, row_no - {first_row} - (row_number() OVER (ORDER BY row_no) - 1) AS before FROM gap",
        blank = relation.blank_rows,
        first_row = relation.first_row,
    )
}

/// Why a row could not be cut into cells, in our words.
fn torn_rule() -> String {
    let words = [
        ("MISSING COLUMNS", "fewer cells than headings"),
        ("TOO MANY COLUMNS", "more cells than headings"),
        ("UNQUOTED VALUE", "a quote that does not end where the cell ends"),
        ("INVALID ENCODING", "not UTF-8 text"),
        ("LINE SIZE OVER MAXIMUM", "longer than 32 MB"),
    ];
    let cases: Vec<String> =
        words.iter().map(|(name, rule)| format!("WHEN {} THEN {}", literal(name), literal(rule))).collect();
    format!(
        "CASE CAST(error_type AS VARCHAR) {} ELSE lower(CAST(error_type AS VARCHAR)) END",
        cases.join(" ")
    )
}

/// Writes the rejects of files down, with the rows of the files that people see; a file with torn rows is alone.
pub(super) fn note_rejects(contract: &Contract, relation: &Relation, files: Files) -> String {
    let stored = stored_name(contract);
    format!(
        "INSERT INTO meta.reject \
         WITH step AS (SELECT before, max(number) AS number FROM \
             (SELECT before, row_number() OVER (ORDER BY row_no) AS number FROM torn) GROUP BY before), \
         head AS (SELECT file_id, min(rowid) AS first FROM {stored} WHERE {files} GROUP BY file_id), \
         misfit AS (SELECT file_id, s.rowid - first AS place, unnest(string_split(problem, {record})) AS problem \
             FROM {stored} AS s JOIN head USING (file_id) WHERE {files} AND problem <> {blank}), \
         reject AS (SELECT file_id, {first_row} + place + coalesce(number, 0) AS row_no, string_split(problem, {field}) AS part \
             FROM misfit ASOF LEFT JOIN step ON place >= before) \
         SELECT file_id, row_no, part[1], left(part[2], 500), part[3] FROM reject \
         UNION ALL SELECT {first}, row_no, '', {line}, rule FROM torn WHERE rule IS NOT NULL \
         ORDER BY ALL",
        record = literal(RECORD),
        field = literal(FIELD),
        blank = literal(BLANK),
        first_row = relation.first_row,
        first = files.first,
        line = shown_line(contract, "line"),
    )
}

/// How many rows of each file are stored, and how many of them fit.
pub(super) fn count_rows(contract: &Contract, files: Files) -> String {
    format!(
        "SELECT file_id, count(*) FILTER (WHERE problem IS DISTINCT FROM {blank}), count(*) FILTER (WHERE problem IS NULL) \
         FROM {} WHERE {files} GROUP BY file_id",
        stored_name(contract),
        blank = literal(BLANK),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db;
    use crate::load::contract::YEARS;
    use crate::model::text::Text;

    fn contract() -> Contract {
        let column = |name: &str, kind: Kind| Column {
            name: name.into(),
            kind,
            required: false,
            headings: vec![name.into()],
            codes: vec![],
            min: None,
            max: None,
            pattern: None,
            missing: vec![String::new(), "-".into()],
            missing_as: None,
            years: YEARS,
            label: None,
            note: None,
            personal: None,
        };
        let form = Form {
            delimiter: None,
            header_row: 1,
            sheet: None,
            encodings: vec![],
            decimal_mark: '.',
            thousands_mark: None,
            ends_at: None,
            other_columns: super::super::contract::OtherColumns::Ignore,
        };
        let columns = vec![
            Column {
                required: true,
                pattern: Some("^[a-z]+$".into()),
                ..column("name", Kind::Text { verbatim: false })
            },
            Column {
                min: Some(0.0),
                missing_as: Some("count_missing".into()),
                ..column("count", Kind::Integer)
            },
            Column { codes: vec![Code::plain("1"), Code::plain("2")], ..column("level", Kind::Integer) },
            column("on", Kind::Date(vec!["%Y-%m-%d".into()])),
        ];
        let table = "fact.thing".parse().expect("valid");
        Contract {
            table,
            row: Text::both("Một vật", "A thing"),
            title: None,
            note: None,
            form,
            key: vec!["name".into()],
            again: super::super::contract::Again::Stays,
            together: vec![],
            columns,
            organisations: vec![],
            fingerprint: "x".into(),
        }
    }

    /// What the row of texts becomes: its values and its problem, `|` between values, rules only.
    fn read(cells: [&str; 4]) -> (String, Vec<String>) {
        let db = Db::in_memory().expect("memory is there");
        let texts: Vec<String> =
            cells.iter().enumerate().map(|(i, text)| format!("{} AS c{i}", literal(text))).collect();
        let relation = Relation::of_rows(
            format!("(SELECT {})", texts.join(", ")),
            (0..4).map(|i| Cell::Text(format!("c{i}"))).collect(),
        );
        let contract = contract();
        teach(&db).expect("new names");
        db.run("CREATE SCHEMA stored").expect("a new database");
        db.run(&create(&contract)).expect("a table");
        let sql = insert(&contract, &relation, Files { first: 1, last: 1 }, false);
        db.run(&sql).expect(&sql);
        let row = db
            .query(&format!("SELECT * FROM {}", stored_name(&contract)), &[])
            .expect("a row")
            .rows
            .remove(0);
        let values: Vec<String> = row[..5].iter().map(db::Cell::shown).collect();
        let rules = match &row[6] {
            db::Cell::Null => vec![],
            problem if problem.shown().is_empty() => vec!["blank".into()],
            problem => problem.shown().split(RECORD).map(|part| part.replace(FIELD, "|")).collect(),
        };
        (values.join("|"), rules)
    }

    #[test]
    fn a_row_has_values_or_problems() {
        let check = |cells: [&str; 4], values: &str, problems: &[&str]| {
            assert_eq!(read(cells), (values.to_owned(), problems.iter().map(|&p| p.to_owned()).collect()));
        };
        check(["a", " 7 ", "1", "2026-01-31"], "a|7||1|2026-01-31", &[]);
        check(["a", "-", "-", ""], "a||-||", &[]);
        check(["a", "\u{a0}7\u{a0}", "2", ""], "a|7||2|", &[]);
        check(["a", "1.5", "1", ""], "a|||1|", &["count|1.5|not a whole number"]);
        check(["a", "1.0", "1", ""], "a|1||1|", &[]);
        check(["a", "-1", "1", ""], "a|-1||1|", &["count|-1|less than 0"]);
        check(["a", "7", "3", ""], "a|7||3|", &["level|3|not one of 1, 2"]);
        check(["a", "7", "1", "31.1.2026"], "a|7||1|", &["on|31.1.2026|not a date like yyyy-mm-dd"]);
        check(["", "x", "1", ""], "|||1|", &["name||is required", "count|x|not a whole number"]);
        check(["A1", "7", "", ""], "A1|7|||", &["name|A1|does not match ^[a-z]+$"]);
        check(["", " ", "\u{a0}", ""], "||||", &["blank"]);
        check(["", "-", "", ""], "||-||", &["name||is required"]);
    }

    #[test]
    fn torn_rows_know_how_many_rows_come_before() {
        let mut relation = Relation::of_rows(String::new(), vec![]);
        relation.line_shift = Some(0);
        let db = Db::in_memory().expect("memory is there");
        db.run(
            "CREATE TABLE reject_errors AS SELECT * FROM (VALUES (3, 'a', 'MISSING COLUMNS'), (3, 'a', 'CAST'), \
             (7, 'b', 'MISSING COLUMNS'), (8, 'c', 'MISSING COLUMNS')) error(line, csv_line, error_type)",
        )
        .expect("a table");
        db.run(&torn_rows(&relation)).expect("as many as there are");
        let torn = db.query("SELECT row_no, before FROM torn ORDER BY ALL", &[]).expect("rows").rows;
        let expected = [[3, 1], [7, 4], [8, 4]].map(|row| row.map(db::Cell::Integer).to_vec());
        assert_eq!(torn, expected);
    }

    #[test]
    fn long_lists_do_not_disturb_the_order_of_rows() {
        let many: Vec<String> = (0..300).map(|i| i.to_string()).collect();
        let mut contract = contract();
        for column in &mut contract.columns {
            column.codes = many.iter().map(Code::plain).collect();
            column.missing = many.clone();
            column.missing_as = Some(format!("{}_missing", column.name));
        }
        contract.columns[1].min = None;
        contract.columns[1].kind = Kind::Boolean { yes: many.clone(), no: many };
        let db = Db::in_memory().expect("memory is there");
        teach(&db).expect("new names");
        db.run("CREATE SCHEMA stored").expect("a new database");
        db.run(&create(&contract)).expect("a table");
        let relation = Relation::of_rows(
            "(SELECT 'a' AS c0, 'a' AS c1, 'a' AS c2, 'a' AS c3 FROM range(10))".into(),
            (0..4).map(|i| Cell::Text(format!("c{i}"))).collect(),
        );
        let plan = db
            .query(
                &format!("EXPLAIN {}", insert(&contract, &relation, Files { first: 1, last: 1 }, false)),
                &[],
            )
            .expect("a plan");
        let plan = plan.rows[0][1].shown();
        assert!(plan.contains("PROJECTION") && !plan.contains("JOIN"), "{plan}");
    }
}
