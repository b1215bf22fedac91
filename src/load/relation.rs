//! A file as rows of texts: which SQL reads it, and which expression gives each column of the contract.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::contract::{Column, Contract, OtherColumns};
use super::encoding::{Reading, detect, is_packed, open, transcode};
use super::{lines, notice, sheet};
use crate::db::{self, Db, literal, quoted};
use crate::diagnostic::{Diagnostic, closest, one_line};
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

/// How the bytes of files are cut into rows.
#[derive(Debug, Clone, PartialEq)]
enum Scan {
    /// Separated texts with so many columns, `c0` and on.
    Texts { columns: usize, delimiter: char, packing: &'static str },
    /// One JSON object a line, as `j`.
    Lines { packing: &'static str },
    /// One JSON array.
    Array,
    /// Columns with their types.
    Parquet { columns: Vec<(String, String)> },
    /// Rows that a test makes.
    #[cfg(test)]
    Rows(String),
}

impl Scan {
    /// What stands after `FROM`. Of several files, the column `file_index` says which one a row is in, counted from 0.
    fn sql(&self, paths: &[PathBuf]) -> String {
        let list: Vec<String> = paths.iter().map(|path| literal(&path.to_string_lossy())).collect();
        let list = if let [path] = list.as_slice() { path.clone() } else { format!("[{}]", list.join(", ")) };
        let index = if paths.len() > 1 { ", file_index" } else { "" };
        // Cells may be long: a list of papers is one.
        let sizes = "max_line_size = 33554432, buffer_size = 33554432";
        match self {
            Scan::Texts { columns, delimiter, packing } => {
                let names: Vec<String> =
                    (0..*columns).map(|i| format!("{}: 'VARCHAR'", literal(&format!("c{i}")))).collect();
                format!(
                    "read_csv({list}, columns = {{{names}}}, delim = {delimiter}, quote = '\"', escape = '\"', header = true, \
                     compression = {packing}, auto_detect = false, strict_mode = true, store_rejects = true, rejects_limit = 0, \
                     {sizes})",
                    names = names.join(", "),
                    delimiter = literal(&delimiter.to_string()),
                )
            }
            // Each line is read as text first, so that one that is no JSON is one reject and not the end of the file.
            Scan::Lines { packing } => format!(
                "(SELECT CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN line::JSON END AS j, line{index} \
                 FROM read_csv({list}, columns = {{'line': 'VARCHAR'}}, header = false, delim = '\u{1}', quote = '', escape = '', \
                 compression = {packing}, auto_detect = false, store_rejects = true, rejects_limit = 0, {sizes}))"
            ),
            Scan::Array => format!(
                "(SELECT CASE WHEN json_type(json) = 'OBJECT' THEN json END AS j, json::VARCHAR AS line \
                 FROM read_json_objects({list}, format = 'array', maximum_object_size = 33554432))"
            ),
            Scan::Parquet { .. } => format!("read_parquet({list})"),
            #[cfg(test)]
            Scan::Rows(sql) => sql.clone(),
        }
    }
}

/// A file, or several of one kind, ready to be read by one `SELECT`.
#[derive(Debug)]
pub(super) struct Relation {
    scan: Scan,
    paths: Vec<PathBuf>,
    /// Whether it is read from a copy that the next file overwrites.
    is_copy: bool,
    /// For each column of the contract, in its order.
    pub cells: Vec<Cell>,
    /// Of a table of texts, the first thing that stands in a column which is not read. It is asked for although nothing comes of
    /// it: DuckDB fails for good on bytes that are not UTF-8 in a column whose number is larger than that of columns asked for.
    pub beside: Option<String>,
    /// The first cell of a row, for finding the end of the data.
    pub first_cell: Option<String>,
    /// A condition under which a row as a whole cannot be read, and the rule it breaks.
    pub unreadable: Option<(String, &'static str)>,
    /// Row of the file that the first row of data has.
    pub first_row: u64,
    /// Row of the file less line of the text that DuckDB reads, where it reads text at all.
    pub line_shift: Option<i64>,
    /// Rows of the file that are passed over because nothing stands in them.
    pub blank_rows: Vec<u64>,
    /// Whether formulas stand in it that have no value, after the mark of [`sheet::UNWORKED`].
    pub has_unworked: bool,
    /// Of a workbook, where the columns of the contract stand.
    pub sheet: Option<Columns>,
    /// What was noticed in each file.
    pub notes: Vec<Vec<String>>,
}

impl Relation {
    /// Rows that a test makes, below a row of headings.
    #[cfg(test)]
    pub(super) fn of_rows(sql: String, cells: Vec<Cell>) -> Relation {
        Relation {
            scan: Scan::Rows(sql),
            paths: vec![],
            is_copy: false,
            cells,
            beside: None,
            first_cell: None,
            unreadable: None,
            first_row: 2,
            line_shift: None,
            blank_rows: vec![],
            has_unworked: false,
            sheet: None,
            notes: vec![],
        }
    }

    /// What stands after `FROM`.
    pub(super) fn from(&self) -> String {
        self.scan.sql(&self.paths)
    }

    /// Which of its files a row is in, counted from 0: an expression over [`Relation::from`].
    pub(super) fn index(&self) -> &'static str {
        if self.paths.len() > 1 { "file_index" } else { "0" }
    }

    /// Which of its files lies there.
    pub(super) fn place_of(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|known| known.to_string_lossy() == path)
    }

    /// Whether others may be read with it.
    pub(super) fn may_grow(&self) -> bool {
        !self.is_copy && self.blank_rows.is_empty() && self.scan != Scan::Array
    }

    /// Whether the same statement would read both.
    pub(super) fn is_like(&self, other: &Relation) -> bool {
        self.may_grow()
            && other.may_grow()
            && (&self.scan, &self.cells, &self.unreadable) == (&other.scan, &other.cells, &other.unreadable)
            && self.beside == other.beside
            && (&self.first_cell, self.first_row) == (&other.first_cell, other.first_row)
    }

    /// Takes the files of another in that is like it.
    pub(super) fn take(&mut self, other: Relation) {
        self.paths.extend(other.paths);
        self.notes.extend(other.notes);
    }

    /// The files from number `at` on, as a relation of their own.
    pub(super) fn split_off(&mut self, at: usize) -> Relation {
        Relation {
            scan: self.scan.clone(),
            paths: self.paths.split_off(at),
            notes: self.notes.split_off(at),
            is_copy: false,
            cells: self.cells.clone(),
            beside: self.beside.clone(),
            first_cell: self.first_cell.clone(),
            unreadable: self.unreadable.clone(),
            first_row: self.first_row,
            line_shift: self.line_shift,
            blank_rows: vec![],
            has_unworked: self.has_unworked,
            sheet: self.sheet.clone(),
        }
    }
}

/// Where columns stand in a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub sheet: String,
    /// For each column of the contract, the letters of the one in the sheet, where there is one.
    pub letters: Vec<Option<String>>,
}

/// A landed file where it lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Laid<'a> {
    pub path: &'a Path,
    /// A folder for what must be rewritten first.
    pub workshop: &'a Path,
    /// What was seen of it ahead, by [`glance`].
    pub is_plain: Option<bool>,
}

/// Whether the rows of a CSV file can be read as they are: if it was not seen when the file landed, it takes going through
/// all of it, which needs no database and can be done ahead. None of other formats, and of a file that cannot be read, which
/// will be told when it is its turn.
pub(super) fn glance(file: &Landed, path: &Path, format: Option<Format>) -> Option<bool> {
    match format {
        Some(Format::Csv) => {
            let seen = file.lines_are_plain.filter(|_| !is_packed(path));
            seen.or_else(|| lines::is_plain(path).ok())
        }
        _ => None,
    }
}

/// Prepares a landed file for reading.
pub(super) fn relation(
    db: &Db,
    file: &Landed,
    format: Format,
    constants: &BTreeMap<String, String>,
    contract: &Contract,
    laid: Laid,
) -> Result<Relation, Diagnostic> {
    let Laid { path, workshop, .. } = laid;
    let mut relation = match format {
        Format::Csv => {
            let text = as_utf8(file, contract, path, workshop)?;
            // A copy has other bytes.
            let is_plain = laid.is_plain.filter(|_| text == path);
            separated(file, contract, constants, Laid { path: &text, workshop, is_plain })?
        }
        Format::Xlsx => workbook(file, contract, constants, path, workshop)?,
        Format::Ndjson => {
            lines_of_json(db, file, contract, constants, &as_utf8(file, contract, path, workshop)?)?
        }
        Format::Json => {
            array_of_json(db, file, contract, constants, &as_utf8(file, contract, path, workshop)?)?
        }
        Format::Parquet => parquet(db, file, contract, constants, path)?,
    };
    for (cell, column) in relation.cells.iter_mut().zip(&contract.columns) {
        if let Some(constant) = constants.get(&column.name) {
            *cell = Cell::Text(literal(constant));
        }
    }
    relation.is_copy = relation.paths.iter().any(|path| path.starts_with(workshop));
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
    Laid { path, workshop, is_plain }: Laid,
) -> Result<Relation, Diagnostic> {
    let fails = |error: io::Error| unreadable(&file.path, &error);
    let header_row = contract.form.header_row;
    let tried: Vec<char> = contract.form.delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut best: Option<(usize, char, Vec<String>)> = None;
    for delimiter in tried {
        let headings = headings(path, delimiter, header_row).map_err(fails)?;
        let known = matches(contract, constants, &headings).iter().filter(|found| !found.is_empty()).count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, delimiter, headings));
        }
    }
    let (_, delimiter, headings) = best.unwrap_or((0, ',', vec![]));
    let cut = byte(delimiter);
    let survey = lines::survey(path, cut, header_row, is_plain).map_err(fails)?;
    // Titles may hold anything, and DuckDB wants all rows to end alike.
    let copy = workshop.join("rows.csv");
    let path = if header_row > 1 || survey.has_mixed_breaks {
        let mut target = File::create(&copy).map_err(fails)?;
        lines::copy_from(path, cut, header_row, &mut target).map_err(fails)?;
        &copy
    } else {
        path
    };
    let mut relation = table_of_texts(file, contract, constants, path, delimiter, &headings)?;
    // In a table of one column a blank line is a row without a value.
    relation.blank_rows = if headings.len() > 1 { survey.blank } else { vec![] };
    Ok(relation)
}

/// The delimiter as it stands in the file; a contract allows one character, DuckDB and CSV one byte.
fn byte(delimiter: char) -> u8 {
    u8::try_from(delimiter).unwrap_or(b',')
}

/// The cells of row `row` of a CSV, without reading further.
fn headings(path: &Path, delimiter: char, row: u64) -> io::Result<Vec<String>> {
    let row = lines::row(path, byte(delimiter), row)?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(byte(delimiter)).from_reader(row.as_slice());
    let mut record = csv::ByteRecord::new();
    reader.read_byte_record(&mut record).map_err(io::Error::other)?;
    Ok(record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
}

/// A CSV whose headings are known and stand in its first row.
fn table_of_texts(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
    delimiter: char,
    headings: &[String],
) -> Result<Relation, Diagnostic> {
    let header_row = contract.form.header_row;
    let matches = matches(contract, constants, headings);
    let notes = judge_headings(file, contract, constants, headings, &matches)?;
    Ok(Relation {
        scan: Scan::Texts { columns: headings.len(), delimiter, packing: packing(path) },
        paths: vec![path.to_owned()],
        is_copy: false,
        cells: matches
            .iter()
            .map(|found| together(found.iter().map(|found| found.text(&format!("c{}", found.position)))))
            .collect(),
        beside: beside(headings.len(), &matches),
        first_cell: Some("c0".into()),
        unreadable: None,
        first_row: header_row + 1,
        line_shift: Some(i64::try_from(header_row).unwrap_or(i64::MAX) - 1),
        blank_rows: vec![],
        has_unworked: false,
        sheet: None,
        notes: vec![notes],
    })
}

/// What stands in the columns that nothing is read from.
fn beside(columns: usize, matches: &[Vec<Found>]) -> Option<String> {
    let read: BTreeSet<usize> = matches.iter().flatten().map(|found| found.position).collect();
    let unread =
        (0..columns).filter(|position| !read.contains(position)).map(|position| format!("c{position}"));
    let unread: Vec<String> = unread.collect();
    (!unread.is_empty()).then(|| format!("coalesce({})", unread.join(", ")))
}

/// How DuckDB is told whether a file is packed: it knows only endings in small letters.
fn packing(path: &Path) -> &'static str {
    if is_packed(path) { "'gzip'" } else { "'none'" }
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
    let place = Landed { path: format!("{} (sheet {})", file.path, one_line(&sheet.name)), ..file.clone() };
    let mut relation = table_of_texts(&place, contract, constants, &copy, ',', &sheet.headings)?;
    let letters = |found: &Vec<Found>| Some(sheet.letters[found.first()?.position].clone());
    let letters = matches(contract, constants, &sheet.headings).iter().map(letters).collect();
    relation.sheet = Some(Columns { sheet: sheet.name.clone(), letters });
    relation.has_unworked = sheet.has_unworked;
    if sheet.has_unworked {
        leave_formulas_out(&mut relation.cells, contract);
    }
    if !sheet.unread.is_empty() {
        relation.notes[0].push(notice::unread_sheets(&sheet.unread));
    }
    if !sheet.unheaded.is_empty() && contract.form.other_columns != OtherColumns::Ignore {
        relation.notes[0].push(notice::without_heading(&sheet.unheaded));
    }
    Ok(relation)
}

/// A formula is no person: in columns that are never judged it would be taken for one.
fn leave_formulas_out(cells: &mut [Cell], contract: &Contract) {
    for (cell, column) in cells.iter_mut().zip(&contract.columns) {
        if let (Cell::Text(text), true) = (&cell, column.personal.is_some()) {
            *cell = Cell::Text(format!("CASE WHEN NOT {} THEN {text} END", is_unworked(text)));
        }
    }
}

/// Whether a text is a formula that nobody worked out.
pub(super) fn is_unworked(text: &str) -> String {
    format!("starts_with({text}, {})", literal(&sheet::UNWORKED.to_string()))
}

fn lines_of_json(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    if is_packed(path) {
        // A packed file that was cut short would look like a shorter one to DuckDB.
        last_byte(path).map_err(|error| unreadable(&file.path, &error))?;
    }
    let mut relation = objects(db, file, contract, constants, Scan::Lines { packing: packing(path) }, path)?;
    relation.unreadable = Some(("j IS NULL AND trim(line) <> ''".into(), "not a JSON object"));
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
    let ends = last_byte(path).map_err(|error| unreadable(&file.path, &error))?;
    if ends != Some(b']') {
        return Err(Diagnostic::error(format!("`{}` is not a whole JSON array", file.path))
            .in_file(&file.path)
            .hint("it begins with `[` and ends with `]`; for one object a line set `format: ndjson`"));
    }
    let mut relation = objects(db, file, contract, constants, Scan::Array, path)?;
    relation.unreadable = Some(("j IS NULL".into(), "not a JSON object"));
    Ok(relation)
}

/// The last byte of a text that is not blank.
fn last_byte(path: &Path) -> io::Result<Option<u8>> {
    let mut reader = open(path)?;
    let (mut bytes, mut last) = (vec![0; 1 << 16], None);
    loop {
        let length = reader.read(&mut bytes)?;
        if length == 0 {
            return Ok(last);
        }
        last = bytes[..length].iter().rev().find(|byte| !byte.is_ascii_whitespace()).copied().or(last);
    }
}

/// JSON objects: the headings are the names that any of them uses.
fn objects(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    scan: Scan,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    let paths = vec![path.to_owned()];
    // Most objects of a file have the same names, which are told apart once for all of them.
    let names = format!(
        "WITH kind AS (SELECT row_number() OVER () AS kind, names FROM \
            (SELECT DISTINCT json_keys(j) AS names FROM {} WHERE j IS NOT NULL)) \
         SELECT name, max(times) > 1 FROM \
            (SELECT kind, name, count(*) AS times FROM (SELECT kind, unnest(names) AS name FROM kind) GROUP BY ALL) \
         GROUP BY name ORDER BY name",
        scan.sql(&paths)
    );
    let names = db.query(&names, &[]).map_err(|error| in_file(file, error))?;
    let headings: Vec<String> = names.rows.iter().map(|row| row[0].shown()).collect();
    let matches = matches(contract, constants, &headings);
    let is_twice = |found: &&Found| names.rows[found.position][1] == db::Cell::Boolean(true);
    if let Some(found) = matches.iter().flatten().find(is_twice) {
        let name = one_line(&headings[found.position]);
        return Err(Diagnostic::error(format!("`{}` has `{name}` twice in one object", file.path))
            .in_file(&file.path)
            .hint("take one of them out: nothing tells which is meant"));
    }
    let notes = judge_headings(file, contract, constants, &headings, &matches)?;
    let path_of = |heading: &str| literal(&format!("$.\"{}\"", heading.replace('"', "\\\"")));
    let mark = contract.form.decimal_mark;
    let cells = matches.iter().map(|found| {
        let texts = found.iter().map(|found| {
            let path = path_of(&headings[found.position]);
            // What is inside an object is read from its text, so that an object may also come as a text.
            if found.inside.is_some() {
                return found.text(&format!("json_extract_string(j, {path})"));
            }
            json_text(&path, mark)
        });
        together(texts)
    });
    Ok(Relation {
        scan,
        paths,
        is_copy: false,
        cells: cells.collect(),
        beside: None,
        first_cell: None,
        unreadable: None,
        first_row: 1,
        line_shift: None,
        blank_rows: vec![],
        has_unworked: false,
        sheet: None,
        notes: vec![notes],
    })
}

/// A value of a JSON object as text; its numbers with the mark that the contract expects of texts.
fn json_text(path: &str, decimal_mark: char) -> String {
    let text = format!("json_extract_string(j, {path})");
    if decimal_mark == '.' {
        return text;
    }
    let mark = literal(&decimal_mark.to_string());
    format!("CASE WHEN json_type(j, {path}) = 'DOUBLE' THEN replace({text}, '.', {mark}) ELSE {text} END")
}

fn parquet(
    db: &Db,
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    path: &Path,
) -> Result<Relation, Diagnostic> {
    let paths = vec![path.to_owned()];
    let from = Scan::Parquet { columns: vec![] }.sql(&paths);
    let described =
        db.query(&format!("DESCRIBE SELECT * FROM {from}"), &[]).map_err(|error| in_file(file, error))?;
    let headings: Vec<String> = described.rows.iter().map(|row| row[0].shown()).collect();
    let types: Vec<String> = described.rows.iter().map(|row| row[1].shown()).collect();
    let matches = matches(contract, constants, &headings);
    let notes = judge_headings(file, contract, constants, &headings, &matches)?;
    let cell = |found: &Vec<Found>| match found.as_slice() {
        [Found { position, inside: None }] if types[*position] != "VARCHAR" => {
            Cell::Typed(quoted(&headings[*position]), types[*position].clone())
        }
        found => together(found.iter().map(|found| {
            let cell = quoted(&headings[found.position]);
            match types[found.position].as_str() {
                "VARCHAR" => found.text(&cell),
                _ => found.text(&format!("CAST(to_json({cell}) AS VARCHAR)")),
            }
        })),
    };
    let cells = matches.iter().map(cell).collect();
    Ok(Relation {
        scan: Scan::Parquet { columns: headings.into_iter().zip(types).collect() },
        paths,
        is_copy: false,
        cells,
        beside: None,
        first_cell: None,
        unreadable: None,
        first_row: 1,
        line_shift: None,
        blank_rows: vec![],
        has_unworked: false,
        sheet: None,
        notes: vec![notes],
    })
}

/// DuckDB's own complaint about a file as a whole, without the path under which the file is stored.
pub(super) fn in_file(file: &Landed, error: crate::db::DbError) -> Diagnostic {
    let reason = without_path(&error.message, &file.stored);
    Diagnostic::error(format!("`{}` cannot be read: {reason}", file.path)).in_file(&file.path)
}

/// A message without the quoted path that ends in `stored`.
fn without_path(message: &str, stored: &str) -> String {
    let Some(at) = message.find(stored) else { return message.to_owned() };
    let start = message[..at].rfind(['\'', '"']).unwrap_or(at);
    let before = message[..start].trim_end().trim_end_matches(" in file");
    format!("{before}{}", message[at + stored.len()..].trim_start_matches(['\'', '"']))
}

/// A heading without what people do not see: case, blanks around and inside, a byte order mark; and without the
/// star that marks it as required in forms.
pub(super) fn plain(heading: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let composed: String = heading.trim_start_matches('\u{feff}').nfc().collect();
    let seen = composed.trim_end_matches(|c: char| c == '*' || c.is_whitespace());
    seen.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where a column stands: under a heading, or under a name inside the object there (`DinhDanhCHS.SoDinhDanh`).
#[derive(Debug, Clone, PartialEq)]
struct Found {
    position: usize,
    inside: Option<String>,
}

impl Found {
    /// The text of the column, given that of the cell under the heading.
    fn text(&self, cell: &str) -> String {
        match &self.inside {
            None => cell.to_owned(),
            Some(name) => format!(
                "CASE WHEN json_valid({cell}) THEN json_extract_string({cell}, {}) END",
                literal(&format!("$.\"{name}\""))
            ),
        }
    }
}

/// One cell of the texts of a column: the first that is not empty.
fn together(texts: impl Iterator<Item = String>) -> Cell {
    let texts: Vec<String> = texts.collect();
    match texts.as_slice() {
        [] => Cell::Absent,
        [text] => Cell::Text(text.clone()),
        texts => {
            let filled: Vec<String> = texts.iter().map(|text| format!("nullif({text}, '')")).collect();
            Cell::Text(format!("coalesce({})", filled.join(", ")))
        }
    }
}

/// For each column of the contract, where it stands; constants need no heading.
///
/// A column has one heading, the first of those allowed; a personal one has all of them, so that none is overlooked.
fn matches(
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    headings: &[String],
) -> Vec<Vec<Found>> {
    let plain_headings: Vec<String> = headings.iter().map(|heading| plain(heading)).collect();
    let position = |wanted: &str| {
        let wanted = plain(wanted);
        plain_headings.iter().position(|heading| *heading == wanted)
    };
    let find = |wanted: &String| match position(wanted) {
        Some(position) => Some(Found { position, inside: None }),
        None => {
            let (object, name) = wanted.split_once('.').filter(|(_, name)| is_plain_name(name))?;
            position(object).map(|position| Found { position, inside: Some(name.to_owned()) })
        }
    };
    let found = |column: &Column| -> Vec<Found> {
        let count = if column.personal.is_some() { column.headings.len() } else { 1 };
        match constants.contains_key(&column.name) {
            true => vec![],
            false => column.headings.iter().filter_map(find).take(count).collect(),
        }
    };
    contract.columns.iter().map(found).collect()
}

/// Whether a text can be the name of a member of an object; `of apps` in the heading `No. of apps` is none.
fn is_plain_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Refuses a file without a required heading; notes what is there but not wanted, or wanted but not there.
fn judge_headings(
    file: &Landed,
    contract: &Contract,
    constants: &BTreeMap<String, String>,
    headings: &[String],
    matches: &[Vec<Found>],
) -> Result<Vec<String>, Diagnostic> {
    let absent = |required: bool| -> Vec<&Column> {
        let columns = contract.columns.iter().zip(matches).filter(|(column, _)| column.is_stored());
        columns
            .filter(|(column, found)| {
                found.is_empty() && column.required == required && !constants.contains_key(&column.name)
            })
            .map(|(column, _)| column)
            .collect()
    };
    expect_single(file, contract, headings, matches)?;
    let unknown: Vec<String> = (0..headings.len())
        .filter(|i| !matches.iter().flatten().any(|found| found.position == *i))
        .map(|i| headings[i].trim())
        .filter(|heading| !heading.is_empty())
        .map(one_line)
        .collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let (required, optional) = (absent(true), absent(false));
    if !required.is_empty() || matches.iter().all(Vec::is_empty) {
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
    let blank: Vec<String> = between_headings(headings).map(|place| format!("column {place}")).collect();
    if !blank.is_empty() && contract.form.other_columns != OtherColumns::Ignore {
        notes.push(notice::without_heading(&blank));
    }
    if !unknown.is_empty() && contract.form.other_columns == OtherColumns::Note {
        notes.push(format!("columns not in the contract: {}", list(&unknown)));
        notes.extend(unknown.iter().filter_map(|heading| misspelt(heading, &optional)));
    }
    if !optional.is_empty() {
        let names: Vec<&str> = optional.iter().map(|column| column.name.as_str()).collect();
        notes.push(format!("columns not in the file: {}", list(&names)));
    }
    Ok(notes)
}

/// The numbers of columns without a heading between others that have one; commas at the end of rows make none.
fn between_headings(headings: &[String]) -> impl Iterator<Item = usize> {
    let is_blank = |heading: &&String| heading.trim().is_empty();
    let last = headings.iter().rposition(|heading| !is_blank(&heading)).unwrap_or(0);
    let first = headings.iter().position(|heading| !is_blank(&heading)).unwrap_or(0);
    (first..last).filter(move |place| is_blank(&&headings[*place])).map(|place| place + 1)
}

/// Refuses a file in which two headings stand for one column.
fn expect_single(
    file: &Landed,
    contract: &Contract,
    headings: &[String],
    matches: &[Vec<Found>],
) -> Result<(), Diagnostic> {
    let refusal = |what: String, hint: &str| {
        Err(Diagnostic::error(format!("`{}` has {what}", file.path)).in_file(&file.path).hint(hint))
    };
    for found in matches.iter().flatten() {
        let is_same = |heading: &&String| plain(heading) == plain(&headings[found.position]);
        if headings.iter().filter(is_same).count() > 1 {
            let heading = one_line(headings[found.position].trim());
            return refusal(
                format!("the heading `{heading}` twice"),
                "rename one of them: nothing tells which is meant",
            );
        }
    }
    let is_read = |(column, found): &(&Column, &Vec<Found>)| column.personal.is_none() && !found.is_empty();
    for (column, _) in contract.columns.iter().zip(matches).filter(is_read) {
        let known: BTreeSet<String> = column.headings.iter().map(|heading| plain(heading)).collect();
        let several: Vec<String> = headings
            .iter()
            .filter(|heading| known.contains(&plain(heading)))
            .map(|heading| one_line(heading.trim()))
            .collect();
        if several.len() > 1 {
            let several: Vec<&str> = several.iter().map(String::as_str).collect();
            return refusal(
                format!("several headings for the column `{}`: {}", column.name, list(&several)),
                "take all but one of them out: nothing tells which is meant",
            );
        }
    }
    Ok(())
}

/// What is to be said of a heading that is like that of a column which is not there.
fn misspelt(heading: &str, absent: &[&Column]) -> Option<String> {
    let plain_heading = plain(heading);
    let meant = absent.iter().flat_map(|column| &column.headings);
    let meant: BTreeMap<String, &str> = meant.map(|meant| (plain(meant), meant.as_str())).collect();
    let like = closest(&plain_heading, meant.keys().map(String::as_str))?;
    Some(notice::unknown_heading(heading, meant[like]))
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
    let found: Vec<String> = headings.iter().map(|heading| one_line(heading.trim())).collect();
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    let row = contract.form.header_row;
    // Without a row of headings, the first persons of the file would stand here.
    let shown = match contract.is_personal() {
        true => format!(
            "row {row} should hold the headings; what stands there is not shown, for the file speaks of persons"
        ),
        false if found.is_empty() => format!("row {row} has the headings (nothing)"),
        false => format!("row {row} has the headings {}", list(&found)),
    };
    let mut diagnostic = Diagnostic::error(what).in_file(&file.path).hint(shown);
    for name in names.iter().filter(|_| !contract.is_personal()) {
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn what_was_seen_while_a_file_landed_is_not_said_of_a_packed_text() {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let glance = |name: &str, bytes: &[u8], lines_are_plain| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).expect("writable");
            let landed = Landed {
                source: "dossiers".parse().expect("an id"),
                slot: name.to_owned(),
                path: name.to_owned(),
                stored: name.to_owned(),
                size: bytes.len() as u64,
                sha256: String::new(),
                landed_at: String::new(),
                stamp: String::new(),
                lines_are_plain,
            };
            glance(&landed, &path, Some(Format::Csv))
        };
        let mut packed = GzEncoder::new(vec![], Compression::default());
        packed.write_all(b"a,b\n\n1,2\n").expect("memory");
        let packed = packed.finish().expect("memory");
        assert_eq!(glance("a.csv.gz", &packed, Some(true)), Some(false));
        assert_eq!(glance("a.csv", b"a,b\n\n1,2\n", None), Some(false), "what landed before");
        assert_eq!(glance("a.csv", b"a,b\n1,2\n", Some(false)), Some(false), "not read again");
    }
}
