//! A file as rows of texts: which SQL reads it, and which expression gives each column of the contract.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::contract::{Column, Contract, OtherColumns};
use super::encoding::{Reading, detect, open, transcode};
use super::sheet;
use crate::db::{Db, literal, quoted};
use crate::diagnostic::Diagnostic;
use crate::model::source::{Format, Landed};
use crate::project::unreadable;

/// The columns of a CSV whose separator is not told are tried with these.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// Where a column of the contract comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// An expression over the relation that gives text.
    Text(String),
    /// An expression that gives values of this database type.
    Typed(String, String),
    /// The file does not have it.
    Absent,
}

/// A file, ready to be read by one `SELECT`.
#[derive(Debug)]
pub(super) struct Relation {
    /// What stands after `FROM`.
    pub from: String,
    /// For each column of the contract, in its order.
    pub cells: Vec<Cell>,
    /// The first cell of a row, for finding the end of the data.
    pub first_cell: Option<String>,
    /// A condition under which a row as a whole cannot be read, and the rule it breaks.
    pub unreadable: Option<(String, &'static str)>,
    /// Row of the file that the first row of data has.
    pub first_row: u64,
    /// Row of the file less line of the text that DuckDB reads, where it reads text at all.
    pub line_shift: Option<i64>,
    /// What was noticed.
    pub notes: Vec<String>,
}

/// Prepares a landed file for reading; `workshop` is a folder for what must be rewritten first.
pub(super) fn relation(
    db: &Db,
    file: &Landed,
    format: Format,
    constants: &BTreeMap<String, String>,
    contract: &Contract,
    path: &Path,
    workshop: &Path,
) -> Result<Relation, Diagnostic> {
    let mut relation = match format {
        Format::Csv => separated(file, contract, constants, &as_utf8(file, contract, path, workshop)?)?,
        Format::Xlsx => workbook(file, contract, constants, path, workshop)?,
        Format::Ndjson => {
            lines_of_json(db, file, contract, constants, &as_utf8(file, contract, path, workshop)?)?
        }
        Format::Json => array_of_json(db, file, contract, constants, path)?,
        Format::Parquet => parquet(db, file, contract, constants, path)?,
    };
    for (cell, column) in relation.cells.iter_mut().zip(&contract.columns) {
        if let Some(constant) = constants.get(&column.name) {
            *cell = Cell::Text(literal(constant));
        }
    }
    Ok(relation)
}

/// The path of the file in UTF-8: itself, or a copy in the workshop.
fn as_utf8(file: &Landed, contract: &Contract, path: &Path, workshop: &Path) -> Result<PathBuf, Diagnostic> {
    let fails = |error: io::Error| unreadable(&file.path, &error);
    match detect(path, &contract.form.encodings).map_err(fails)? {
        Reading::AsItIs => Ok(path.to_owned()),
        Reading::From(encoding) => {
            let copy = workshop.join("utf-8.txt");
            let mut target = File::create(&copy).map_err(fails)?;
            if transcode(path, encoding, &mut target).map_err(fails)? {
                return Ok(copy);
            }
            Err(Diagnostic::error(format!("`{}` is not {} text throughout", file.path, encoding.name()))
                .in_file(&file.path))
        }
        Reading::Unreadable => {
            let names: Vec<&str> = contract.form.encodings.iter().map(|encoding| encoding.name()).collect();
            Err(Diagnostic::error(format!(
                "`{}` is in none of the expected encodings: {}",
                file.path,
                names.join(", ")
            ))
            .in_file(&file.path)
            .hint(format!("name its encoding in `queries/tables/{}.yml`", contract.table)))
        }
    }
}

fn separated(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    let fails = |error: io::Error| unreadable(&file.path, &error);
    let tried: Vec<char> = contract.form.delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut best: Option<(usize, char, Vec<String>)> = None;
    for delimiter in tried {
        let headings = headings(path, delimiter, contract.form.header_row).map_err(fails)?;
        let known = matches(contract, constants, &headings).iter().flatten().count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, delimiter, headings));
        }
    }
    let (_, delimiter, headings) = best.unwrap_or((0, ',', vec![]));
    table_of_texts(file, contract, constants, path, delimiter, &headings, contract.form.header_row)
}

/// The cells of row `row` of a CSV, without reading further.
fn headings(path: &Path, delimiter: char, row: u64) -> io::Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .from_reader(open(path)?);
    let mut record = csv::ByteRecord::new();
    for _ in 0..row {
        if !reader.read_byte_record(&mut record).map_err(io::Error::other)? {
            return Ok(vec![]);
        }
    }
    Ok(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
}

/// A CSV whose headings are known. `header_row` is where they stand in the file that people see.
fn table_of_texts(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
    delimiter: char,
    headings: &[String],
    header_row: u64,
) -> Result<Relation, Diagnostic> {
    let matches = matches(contract, constants, headings);
    let notes = judge_headings(file, contract, constants, headings, &matches)?;
    let names: Vec<String> =
        (0..headings.len()).map(|i| format!("{}: 'VARCHAR'", literal(&format!("c{i}")))).collect();
    let from = format!(
        "read_csv({path}, columns = {{{names}}}, delim = {delimiter}, quote = '\"', escape = '\"', header = true, \
         skip = {skip}, auto_detect = false, strict_mode = true, store_rejects = true, rejects_limit = 0, \
         max_line_size = 33554432, buffer_size = 33554432)",
        path = literal(&path.to_string_lossy()),
        names = names.join(", "),
        delimiter = literal(&delimiter.to_string()),
        skip = header_row - 1,
    );
    Ok(Relation {
        from,
        cells: matches
            .into_iter()
            .map(|position| position.map_or(Cell::Absent, |i| Cell::Text(format!("c{i}"))))
            .collect(),
        first_cell: Some("c0".into()),
        unreadable: None,
        first_row: header_row + 1,
        line_shift: Some(0),
        notes,
    })
}

fn workbook(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
    workshop: &Path,
) -> Result<Relation, Diagnostic> {
    let copy = workshop.join("sheet.csv");
    let sheet = sheet::write_as_csv(&file.path, path, &contract.form, &copy)?;
    let place = Landed { path: format!("{}, sheet `{}`", file.path, sheet.name), ..file.clone() };
    let mut relation = table_of_texts(&place, contract, constants, &copy, ',', &sheet.headings, 1)?;
    relation.first_row = contract.form.header_row + 1;
    relation.line_shift = i64::try_from(contract.form.header_row).ok().map(|row| row - 1);
    Ok(relation)
}

fn lines_of_json(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    // Each line is read as text first, so that one that is no JSON is one reject and not the end of the file.
    let lines = format!(
        "read_csv({}, columns = {{'line': 'VARCHAR'}}, header = false, delim = chr(1), quote = '', escape = '', \
         auto_detect = false, store_rejects = true, rejects_limit = 0, max_line_size = 33554432, buffer_size = 33554432)",
        literal(&path.to_string_lossy())
    );
    let lines = lines.replace("chr(1)", "'\u{1}'");
    let is_object = "json_valid(line) AND json_type(line) = 'OBJECT'";
    let from = format!("(SELECT CASE WHEN {is_object} THEN line::JSON END AS j, line FROM {lines})");
    let mut relation = objects(db, file, contract, constants, from)?;
    relation.unreadable = Some(("j IS NULL".into(), "not a JSON object"));
    relation.line_shift = Some(0);
    Ok(relation)
}

fn array_of_json(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    let from = format!(
        "(SELECT CASE WHEN json_type(json) = 'OBJECT' THEN json END AS j, json::VARCHAR AS line \
         FROM read_json_objects({}, format = 'array', maximum_object_size = 33554432))",
        literal(&path.to_string_lossy())
    );
    let mut relation = objects(db, file, contract, constants, from)?;
    relation.unreadable = Some(("j IS NULL".into(), "not a JSON object"));
    Ok(relation)
}

/// JSON objects: the headings are the names that the first of them use.
fn objects(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    from: String,
) -> Result<Relation, Diagnostic> {
    let names = format!(
        "SELECT DISTINCT unnest(json_keys(j)) AS name FROM (SELECT j FROM {from} WHERE j IS NOT NULL LIMIT 1000) ORDER BY 1"
    );
    let names = db.query(&names, &[]).map_err(|error| in_file(file, error))?;
    let headings: Vec<String> = names.rows.iter().map(|row| row[0].shown()).collect();
    let matches = matches(contract, constants, &headings);
    let notes = judge_headings(file, contract, constants, &headings, &matches)?;
    let path_of = |heading: &str| literal(&format!("$.\"{}\"", heading.replace('"', "\\\"")));
    let cells = matches.into_iter().map(|position| match position {
        Some(i) => Cell::Text(format!("json_extract_string(j, {})", path_of(&headings[i]))),
        None => Cell::Absent,
    });
    Ok(Relation {
        from,
        cells: cells.collect(),
        first_cell: None,
        unreadable: None,
        first_row: 1,
        line_shift: None,
        notes,
    })
}

fn parquet(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    let from = format!("read_parquet({})", literal(&path.to_string_lossy()));
    let described =
        db.query(&format!("DESCRIBE SELECT * FROM {from}"), &[]).map_err(|error| in_file(file, error))?;
    let headings: Vec<String> = described.rows.iter().map(|row| row[0].shown()).collect();
    let types: Vec<String> = described.rows.iter().map(|row| row[1].shown()).collect();
    let matches = matches(contract, constants, &headings);
    let notes = judge_headings(file, contract, constants, &headings, &matches)?;
    let cells = matches.into_iter().map(|position| match position {
        None => Cell::Absent,
        Some(i) if types[i] == "VARCHAR" => Cell::Text(quoted(&headings[i])),
        Some(i) => Cell::Typed(quoted(&headings[i]), types[i].clone()),
    });
    Ok(Relation {
        from,
        cells: cells.collect(),
        first_cell: None,
        unreadable: None,
        first_row: 1,
        line_shift: None,
        notes,
    })
}

/// DuckDB's own complaint about a file as a whole.
fn in_file(file: &Landed, error: crate::db::DbError) -> Diagnostic {
    Diagnostic::error(format!("`{}` cannot be read: {}", file.path, error.message)).in_file(&file.path)
}

/// A heading without what people do not see: case, blanks around and inside, a byte order mark.
fn plain(heading: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let composed: String = heading.trim_start_matches('\u{feff}').nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// For each column of the contract, the position of its heading; constants need none.
fn matches(
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    headings: &[String],
) -> Vec<Option<usize>> {
    let plain_headings: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    let find = |column: &Column| {
        let wanted: Vec<String> = column.headings.iter().map(|heading| plain(heading)).collect();
        wanted.iter().find_map(|wanted| plain_headings.iter().position(|heading| heading == wanted))
    };
    let position = |column| if constants.contains_key(&column_name(column)) { None } else { find(column) };
    contract.columns.iter().map(position).collect()
}

fn column_name(column: &Column) -> String {
    column.name.clone()
}

/// Refuses a file without a required heading; notes what is there but not wanted, or wanted but not there.
fn judge_headings(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    headings: &[String],
    matches: &[Option<usize>],
) -> Result<Vec<String>, Diagnostic> {
    let absent = |required: bool| -> Vec<&Column> {
        let columns = contract.columns.iter().zip(matches);
        columns
            .filter(|(column, position)| {
                position.is_none() && column.required == required && !constants.contains_key(&column.name)
            })
            .map(|(column, _)| column)
            .collect()
    };
    let unknown: Vec<&str> = (0..headings.len())
        .filter(|i| !matches.contains(&Some(*i)))
        .map(|i| headings[i].trim())
        .filter(|heading| !heading.is_empty())
        .collect();
    let (required, optional) = (absent(true), absent(false));
    if !required.is_empty() || matches.iter().all(Option::is_none) {
        return Err(wrong_headings(file, contract, &required, headings, &unknown));
    }
    if contract.form.other_columns == OtherColumns::Refuse && !unknown.is_empty() {
        return Err(Diagnostic::error(format!(
            "`{}` has columns that the contract does not name: {}",
            file.path,
            list(&unknown)
        ))
        .in_file(&file.path)
        .hint(format!("name them in `queries/tables/{}.yml`, or set `other_columns`", contract.table)));
    }
    let mut notes = vec![];
    if !unknown.is_empty() && contract.form.other_columns == OtherColumns::Note {
        notes.push(format!("columns not in the contract: {}", list(&unknown)));
    }
    if !optional.is_empty() {
        let names: Vec<&str> = optional.iter().map(|column| column.name.as_str()).collect();
        notes.push(format!("columns not in the file: {}", list(&names)));
    }
    Ok(notes)
}

fn wrong_headings(
    file: &Landed,
    contract: &Contract,
    absent: &[&Column],
    headings: &[String],
    unknown: &[&str],
) -> Diagnostic {
    let names: Vec<&str> = absent.iter().map(|column| column.headings[0].as_str()).collect();
    let what = match names.as_slice() {
        [] => format!("`{}` has none of the columns of `{}`", file.path, contract.table),
        names => format!("`{}` has no column {}", file.path, list(names)),
    };
    let found: Vec<&str> = headings.iter().map(|heading| heading.trim()).collect();
    let row = contract.form.header_row;
    let mut diagnostic = Diagnostic::error(what).in_file(&file.path).hint(format!(
        "row {row} has the headings {}",
        if found.is_empty() { "(nothing)".into() } else { list(&found) }
    ));
    for name in &names {
        diagnostic = diagnostic.suggest(name, unknown.iter().copied());
    }
    diagnostic.hint(format!(
        "correct the file, or add its heading under `from` in `queries/tables/{}.yml`",
        contract.table
    ))
}

/// At most twelve names in backticks.
fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(12) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
