//! The contract of a table: what a file must hold to become rows of it, read from `queries/tables/*.yml`.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use indexmap::IndexMap;
use regex::Regex;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::encoding::Encoding;
use super::relation::plain;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::id::TableName;
use crate::model::sum::hex;
use crate::model::text::{Lang, Text};
use crate::project::{Placed, Project, range_of, yaml};

/// What is done with columns that the contract does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum OtherColumns {
    /// Named in the account of the file.
    #[default]
    Note,
    /// Nothing.
    Ignore,
    /// The file is refused.
    Refuse,
}

/// How the file is laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Between cells; found among the usual ones if not given.
    pub delimiter: Option<char>,
    /// Row of the headings, from 1.
    pub header_row: u64,
    /// Which sheet of a workbook, by its name.
    pub sheet: Option<Regexp>,
    /// Tried in this order.
    pub encodings: Vec<Encoding>,
    /// Between units and tenths.
    pub decimal_mark: char,
    /// Between thousands.
    pub thousands_mark: Option<char>,
    /// The first row whose first cell fits ends the data.
    pub ends_at: Option<String>,
    /// What is done with columns that the contract does not name.
    pub other_columns: OtherColumns,
}

/// A regular expression that compares by its text.
#[derive(Debug, Clone)]
pub struct Regexp(pub Regex);

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Text, trimmed and composed (NFC) unless verbatim.
    Text {
        /// Kept as it came.
        verbatim: bool,
    },
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Yes and no, with the texts that mean them.
    Boolean {
        /// Texts that mean yes.
        yes: Vec<String>,
        /// Texts that mean no.
        no: Vec<String>,
    },
    /// Days, in one of these forms.
    Date(Vec<String>),
    /// Moments, in one of these forms; ISO if there are none.
    Timestamp(Vec<String>),
    /// Periods, such as `2026-Q3`.
    Period,
    /// Lists and objects, as JSON text.
    Json,
}

impl Kind {
    /// The type of the column in the database.
    pub fn sql_type(&self) -> &'static str {
        match self {
            Kind::Text { .. } | Kind::Period | Kind::Json => "VARCHAR",
            Kind::Integer => "BIGINT",
            Kind::Number => "DOUBLE",
            Kind::Boolean { .. } => "BOOLEAN",
            Kind::Date(_) => "DATE",
            Kind::Timestamp(_) => "TIMESTAMP",
        }
    }
}

/// What becomes of personal data: they stop at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Personal {
    /// Nothing of it is kept.
    Drop,
    /// Only a sum is kept that nobody without the key can make: equal persons have equal sums.
    Hash,
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether a row without it is a reject.
    pub required: bool,
    /// Headings that it may stand under.
    pub headings: Vec<String>,
    /// The only texts allowed, if there are any.
    pub codes: Vec<Code>,
    /// The least number allowed.
    pub min: Option<f64>,
    /// The greatest number allowed.
    pub max: Option<f64>,
    /// The regular expression that the whole text must hold.
    pub pattern: Option<String>,
    /// Texts that mean "nothing here".
    pub missing: Vec<String>,
    /// The text column that keeps which of them stood there.
    pub missing_as: Option<String>,
    /// The first and the last year that days and moments may be in.
    pub years: (i32, i32),
    /// Its name in words, which is a heading as well.
    pub label: Option<Text>,
    /// What whoever fills it in should know.
    pub note: Option<Text>,
    /// Whether it speaks of a person, and what is kept of it.
    pub personal: Option<Personal>,
}

impl Column {
    /// Whether the table has it.
    pub fn is_stored(&self) -> bool {
        self.personal != Some(Personal::Drop)
    }
}

/// A text that a column may hold, and what else is read as it.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// What is stored.
    pub code: String,
    /// What people call it.
    pub words: Option<Text>,
    /// Other texts that mean it.
    pub from: Vec<String>,
}

impl Code {
    /// A code without words of its own.
    pub fn plain(code: impl Into<String>) -> Code {
        Code { code: code.into(), words: None, from: vec![] }
    }

    /// The words in one language, or the code itself.
    pub fn shown(&self, lang: Lang) -> &str {
        self.words.as_ref().map_or(&self.code, |words| words.get(lang))
    }

    /// Whether texts other than the code stand for it.
    pub fn has_words(&self) -> bool {
        self.words.is_some() || !self.from.is_empty()
    }

    /// Every text that is read as this code, in small letters: people do not tell `Có` from `có`.
    pub fn texts(&self) -> BTreeSet<String> {
        let words = self.words.iter().flat_map(|words| Lang::ALL.map(|lang| words.get(lang)));
        let all =
            std::iter::once(self.code.as_str()).chain(words).chain(self.from.iter().map(String::as_str));
        all.map(|text| text.nfc().collect::<String>().to_lowercase()).collect()
    }
}

/// The day on which a code is read: a code may pass to another organisation.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadOn {
    /// A date, or the day of a moment, in this column.
    Day(String),
    /// The last day of the period in this column.
    PeriodEnd(String),
    /// The same day for every row.
    Fixed(NaiveDate),
}

/// What becomes of a row whose code is nobody's on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// It is a reject.
    #[default]
    Reject,
    /// It is kept without an organisation; another column says why.
    Flag,
}

/// A code in the file that becomes an organisation: a column of the table that no file has.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganisationColumn {
    /// Name of the column with the organisation's identity.
    pub name: String,
    /// The column with somebody's code.
    pub code: String,
    /// Whose codes they may be, in the order in which they are tried.
    pub systems: Vec<String>,
    /// The day that the code is read on.
    pub on: ReadOn,
    /// What becomes of a code that is nobody's.
    pub unknown: Unknown,
}

impl OrganisationColumn {
    /// The column that says why a flagged row has no organisation.
    pub fn problem_column(&self) -> Option<String> {
        (self.unknown == Unknown::Flag).then(|| format!("{}_problem", self.name))
    }
}

/// What becomes of a row whose key a later file gives again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Again {
    /// Both count.
    #[default]
    Stays,
    /// The later one takes its place.
    Replaces,
}

/// A contract, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// The table that it fills.
    pub table: TableName,
    /// What one row is.
    pub row: Text,
    /// What the table is called in forms.
    pub title: Option<Text>,
    /// What whoever fills in a form of it should know.
    pub note: Option<Text>,
    /// How the file is laid out.
    pub form: Form,
    /// Columns that no two rows of a file share.
    pub key: Vec<String>,
    /// What becomes of a row whose key a later file gives again.
    pub again: Again,
    /// Columns of the key that the rows of one answer share: of them those of one file alone count. Where nothing is named, each
    /// row is an answer of its own.
    pub together: Vec<String>,
    /// In the order of the table.
    pub columns: Vec<Column>,
    /// Codes that become organisations.
    pub organisations: Vec<OrganisationColumn>,
    /// Sum of the contract's text: rows loaded under another one are loaded again.
    pub fingerprint: String,
}

impl Contract {
    /// Name and type of every column that is stored for a row, in order.
    ///
    /// Organisations are not stored: the view of the table looks them up, so that they follow the list of codes.
    pub fn stored_columns(&self) -> Vec<(String, &'static str)> {
        let mut columns = vec![];
        for column in self.columns.iter().filter(|column| column.is_stored()) {
            columns.push((column.name.clone(), column.kind.sql_type()));
            if let Some(name) = &column.missing_as {
                columns.push((name.clone(), "VARCHAR"));
            }
        }
        columns
    }

    /// Whether its files speak of persons: then nothing of a row is shown but the values of columns that are kept.
    pub fn is_personal(&self) -> bool {
        self.columns.iter().any(|column| column.personal.is_some())
    }

    /// The columns of which a sum is kept.
    pub fn hashed(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.personal == Some(Personal::Hash))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractFile {
    row: RowText,
    title: Option<Text>,
    note: Option<Text>,
    missing: Option<Vec<String>>,
    #[serde(default)]
    key: Vec<Placed<String>>,
    again: Option<Placed<Again>>,
    #[serde(default)]
    together: Vec<Placed<String>>,
    #[serde(default)]
    file: FormFile,
    columns: IndexMap<String, Placed<ColumnFile>>,
    #[serde(default)]
    organisations: IndexMap<String, Placed<OrganisationFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganisationFile {
    code: Placed<String>,
    system: OneOrMore,
    on: Placed<String>,
    #[serde(default)]
    unknown: Unknown,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct FormFile {
    delimiter: Option<Placed<String>>,
    header_row: Option<Placed<u64>>,
    sheet: Option<Placed<String>>,
    encoding: Option<Vec<Encoding>>,
    decimal_mark: Option<Placed<String>>,
    thousands_mark: Option<Placed<String>>,
    ends_at: Option<Placed<String>>,
    #[serde(default)]
    other_columns: OtherColumns,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum TypeWord {
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Timestamp,
    Period,
    Json,
}

/// One text or a list of them.
struct OneOrMore(Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = OneOrMore;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore, A::Error> {
                let mut texts = vec![];
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(OneOrMore(texts))
            }
        }

        deserializer.deserialize_any(Texts)
    }
}

/// A text, or one in both languages.
struct RowText(Text);

impl<'de> Deserialize<'de> for RowText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrBoth;

        impl<'de> Visitor<'de> for OneOrBoth {
            type Value = RowText;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text, or `vi` and `en`")
            }

            fn visit_str<E>(self, text: &str) -> Result<RowText, E> {
                Ok(RowText(Text::both(text, text)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RowText, A::Error> {
                Text::deserialize(MapAccessDeserializer::new(map)).map(RowText)
            }
        }

        deserializer.deserialize_any(OneOrBoth)
    }
}

/// A list of codes, or codes with their words.
#[derive(Default)]
struct Codes(Vec<Code>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeFile {
    vi: Option<String>,
    en: Option<String>,
    #[serde(default)]
    from: Vec<String>,
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrWords;

        impl<'de> Visitor<'de> for ListOrWords {
            type Value = Codes;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a list of codes, or codes with `vi`, `en` and `from`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Codes, A::Error> {
                let mut codes = vec![];
                while let Some(code) = list.next_element::<String>()? {
                    codes.push(Code::plain(code));
                }
                Ok(Codes(codes))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Codes, A::Error> {
                let mut codes = vec![];
                while let Some((code, file)) = map.next_entry::<String, CodeFile>()? {
                    let words = match (file.vi, file.en) {
                        (None, None) => None,
                        (Some(one), None) | (None, Some(one)) => Some(Text::both(one.clone(), one)),
                        (Some(vi), Some(en)) => Some(Text::both(vi, en)),
                    };
                    codes.push(Code { code, words, from: file.from });
                }
                Ok(Codes(codes))
            }
        }

        deserializer.deserialize_any(ListOrWords)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    r#type: TypeWord,
    #[serde(default)]
    required: bool,
    from: Option<OneOrMore>,
    #[serde(default)]
    codes: Codes,
    label: Option<Text>,
    note: Option<Text>,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<Placed<String>>,
    missing: Option<Vec<String>>,
    missing_as: Option<String>,
    years: Option<(i32, i32)>,
    #[serde(default)]
    formats: Vec<String>,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
    #[serde(default)]
    verbatim: bool,
    personal: Option<Personal>,
}

/// The years that days and moments are in where the contract does not say otherwise.
pub(super) const YEARS: (i32, i32) = (1900, 2100);

/// The folder of contracts and derived tables.
pub const TABLES: &str = "queries/tables";

/// Reads every contract of the project; all problems at once.
pub fn read_contracts(project: &Project) -> Result<Vec<Contract>, Problems> {
    let mut problems = Problems::default();
    let mut contracts = vec![];
    for path in project.list(TABLES, ".yml")? {
        contracts.extend(problems.keep(read_contract(project, &path)));
    }
    problems.or(contracts)
}

/// The table that a file of the folder is about, from its stem.
pub(super) fn table_of(path: &str) -> Result<TableName, Diagnostic> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.parse().map_err(|error: crate::model::id::IdError| {
        Diagnostic::error(error.to_string())
            .in_file(path)
            .hint("the name of the file is the name of the table")
    })
}

fn read_contract(project: &Project, path: &str) -> Result<Contract, Problems> {
    let table = table_of(path)?;
    let source = project.read(path)?;
    let file: ContractFile = yaml(&source)?;
    let mut problems = Problems::default();
    let missing = file.missing.unwrap_or_else(|| vec![String::new()]);
    let form = problems.keep(form(&source, &file.file));
    let mut columns = vec![];
    for (name, column) in &file.columns {
        columns.extend(problems.keep(self::column(&source, name, column, &missing)));
    }
    for key in &file.key {
        let column = file.columns.get(&key.value);
        if column.is_some_and(|column| column.value.personal.is_some()) {
            let place = source.place(range_of(&source, key), "speaks of a person");
            problems.push(
                Diagnostic::error(format!("`{}` cannot be in the key: rejects show keys", key.value))
                    .at(place),
            );
        }
        if column.is_none() {
            let place = source.place(range_of(&source, key), "not a column of this contract");
            let names = file.columns.keys().map(String::as_str);
            problems.push(
                Diagnostic::error(format!("no column `{}`", key.value)).at(place).suggest(&key.value, names),
            );
        }
    }
    if let Some(again) = file.again.as_ref().filter(|_| file.key.is_empty()) {
        let place = source.place(range_of(&source, again), "by which `key`?");
        problems.push(Diagnostic::error("`again` speaks of rows with the same key").at(place));
    }
    for name in &file.together {
        let is_key = file.key.iter().any(|key| key.value == name.value);
        let replaces = file.again.as_ref().is_some_and(|again| again.value == Again::Replaces);
        if !is_key || !replaces {
            let place = source.place(range_of(&source, name), "which columns of the `key`?");
            let problem =
                Diagnostic::error("`together` speaks of columns of a key that is given again").at(place);
            problems.push(problem.hint("it stands beside `again: replaces`"));
        }
    }
    let mut organisations = vec![];
    for (name, organisation) in &file.organisations {
        organisations.extend(problems.keep(self::organisation(&source, name, organisation, &columns)));
    }
    problems.keep(unique_names(&source, &columns, &organisations));
    problems.0.extend(shared_headings(&source, &columns));
    let fingerprint = hex(&Sha256::digest(source.text.as_bytes()));
    let key = file.key.into_iter().map(|key| key.value).collect();
    match form {
        Some(form) => {
            let (row, title, note) = (file.row.0, file.title, file.note);
            let again = file.again.map(|again| again.value).unwrap_or_default();
            let together = file.together.into_iter().map(|name| name.value).collect();
            problems.or(Contract {
                table,
                row,
                title,
                note,
                form,
                key,
                again,
                together,
                columns,
                organisations,
                fingerprint,
            })
        }
        None => Err(problems),
    }
}

fn unique_names(
    source: &Source,
    columns: &[Column],
    organisations: &[OrganisationColumn],
) -> Result<(), Diagnostic> {
    let mut seen = BTreeSet::new();
    let of_files = columns.iter().flat_map(|column| std::iter::once(&column.name).chain(&column.missing_as));
    let of_codes = organisations.iter().flat_map(|org| [Some(org.name.clone()), org.problem_column()]);
    let names = of_files.cloned().chain(of_codes.flatten());
    for name in names.chain(["file_id", "row_id", "problem"].map(str::to_owned)) {
        if !seen.insert(name.clone()) {
            return Err(Diagnostic::error(format!("two columns are called `{name}`")).in_file(&source.path));
        }
    }
    Ok(())
}

/// Under a heading that two columns take, nothing tells which is meant.
fn shared_headings(source: &Source, columns: &[Column]) -> Vec<Diagnostic> {
    let mut owners: IndexMap<String, &str> = IndexMap::new();
    let mut problems = vec![];
    for column in columns {
        let headings: BTreeSet<String> = column.headings.iter().map(|heading| plain(heading)).collect();
        for heading in headings {
            if let Some(owner) = owners.insert(heading.clone(), &column.name) {
                problems.push(
                    Diagnostic::error(format!(
                        "`{owner}` and `{}` would both stand under the heading `{heading}`",
                        column.name
                    ))
                    .in_file(&source.path),
                );
            }
        }
    }
    problems
}

fn form(source: &Source, file: &FormFile) -> Result<Form, Problems> {
    let mut problems = Problems::default();
    let mut one_letter = |text: &Option<Placed<String>>| {
        let text = text.as_ref()?;
        let mut letters = text.value.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Some(letter),
            _ => {
                let place = source.place(range_of(source, text), "");
                problems.push(Diagnostic::error("exactly one character is expected").at(place));
                None
            }
        }
    };
    let delimiter = one_letter(&file.delimiter);
    let decimal_mark = one_letter(&file.decimal_mark).unwrap_or('.');
    let thousands_mark = one_letter(&file.thousands_mark);
    if thousands_mark == Some(decimal_mark) {
        problems
            .push(Diagnostic::error("decimal mark and thousands mark are the same").in_file(&source.path));
    }
    let sheet = file.sheet.as_ref().and_then(|pattern| problems.keep(regexp(source, pattern)));
    let ends_at = file.ends_at.as_ref().and_then(|pattern| problems.keep(regexp(source, pattern)));
    let header_row = file.header_row.as_ref().map_or(1, |row| row.value);
    if header_row == 0 {
        problems.push(Diagnostic::error("rows are counted from 1").in_file(&source.path));
    }
    problems.or(Form {
        delimiter,
        header_row,
        sheet,
        encodings: file.encoding.clone().unwrap_or_else(|| vec![Encoding::Utf8]),
        decimal_mark,
        thousands_mark,
        ends_at: ends_at.map(|pattern| pattern.0.as_str().to_owned()),
        other_columns: file.other_columns,
    })
}

fn regexp(source: &Source, pattern: &Placed<String>) -> Result<Regexp, Diagnostic> {
    Regex::new(&pattern.value).map(Regexp).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Diagnostic::error("this is not a regular expression")
            .at(source.place(range_of(source, pattern), reason))
    })
}

/// Whether DuckDB can read texts by a form: each `%` stands before a letter that it knows, with a `-` between them where a
/// number need not be filled up.
fn is_format(format: &str) -> bool {
    let (mut letters, mut has_any) = (format.chars(), false);
    while let Some(letter) = letters.next() {
        if letter != '%' {
            continue;
        }
        has_any |= match letters.next() {
            Some('%') => false,
            Some('-') if letters.next().is_some_and(|letter| "dmyHIMSj".contains(letter)) => true,
            Some(letter) if "aAwdbBmyYHIpMSgfnzZjUWcxX".contains(letter) => true,
            _ => return false,
        };
    }
    has_any
}

fn column(
    source: &Source,
    name: &str,
    file: &Placed<ColumnFile>,
    missing: &[String],
) -> Result<Column, Problems> {
    let mut problems = Problems::default();
    let mut wrong = |message: String| {
        let place = source.place(range_of(source, file), "");
        problems.push(Diagnostic::error(message).at(place));
    };
    let fields = &file.value;
    if !is_column_name(name) {
        wrong(format!("`{name}` is not a column name: small letters, digits and `_`"));
    }
    let is_number = matches!(fields.r#type, TypeWord::Integer | TypeWord::Number);
    if (fields.min.is_some() || fields.max.is_some()) && !is_number {
        wrong(format!("column `{name}`: `min` and `max` are for numbers"));
    }
    if let (Some(min), Some(max)) = (fields.min, fields.max)
        && min > max
    {
        wrong(format!("column `{name}`: no number is at least {min} and at most {max}"));
    }
    for format in fields.formats.iter().filter(|format| !is_format(format)) {
        wrong(format!("column `{name}`: `{format}` is no form of days or moments, such as `%d/%m/%Y`"));
    }
    let is_of_days = matches!(fields.r#type, TypeWord::Date | TypeWord::Timestamp);
    match fields.years {
        Some(_) if !is_of_days => wrong(format!("column `{name}`: `years` are for dates and moments")),
        Some((first, last)) if !(1..=last).contains(&first) || last > 9999 => {
            wrong(format!("column `{name}`: `years` are the first and the last, from 1 to 9999"));
        }
        _ => {}
    }
    if fields.r#type == TypeWord::Boolean && (fields.yes.is_empty() || fields.no.is_empty()) {
        wrong(format!("column `{name}`: a boolean needs `yes` and `no`"));
    }
    let codes = &fields.codes.0;
    if fields.r#type != TypeWord::Text && codes.iter().any(Code::has_words) {
        wrong(format!("column `{name}`: codes with words are for texts"));
    }
    let mut taken = BTreeSet::new();
    for text in codes.iter().filter(|_| codes.iter().any(Code::has_words)).flat_map(Code::texts) {
        if !taken.insert(text.clone()) {
            wrong(format!("column `{name}`: two codes are written `{text}`"));
        }
    }
    let pattern = fields.pattern.as_ref().and_then(|pattern| problems.keep(regexp(source, pattern)));
    let kind = match fields.r#type {
        TypeWord::Text => Kind::Text { verbatim: fields.verbatim },
        TypeWord::Integer => Kind::Integer,
        TypeWord::Number => Kind::Number,
        TypeWord::Boolean => Kind::Boolean { yes: fields.yes.clone(), no: fields.no.clone() },
        TypeWord::Date if fields.formats.is_empty() => Kind::Date(vec!["%Y-%m-%d".into()]),
        TypeWord::Date => Kind::Date(fields.formats.clone()),
        TypeWord::Timestamp => Kind::Timestamp(fields.formats.clone()),
        TypeWord::Period => Kind::Period,
        TypeWord::Json => Kind::Json,
    };
    if fields.personal.is_some() && has_rules(fields) {
        problems.push(
            Diagnostic::error(format!("column `{name}`: personal data have no rules but `from`"))
                .at(source.place(range_of(source, file), ""))
                .hint("a value that breaks a rule would be shown; write `type: text`, `from` and `personal`"),
        );
    }
    problems.or(Column {
        name: name.to_owned(),
        kind,
        required: fields.required,
        headings: headings(name, fields),
        codes: fields.codes.0.clone(),
        min: fields.min,
        max: fields.max,
        pattern: pattern.map(|pattern| pattern.0.as_str().to_owned()),
        missing: fields.missing.clone().unwrap_or_else(|| missing.to_vec()),
        missing_as: fields.missing_as.clone(),
        years: fields.years.unwrap_or(YEARS),
        label: fields.label.clone(),
        note: fields.note.clone(),
        personal: fields.personal,
    })
}

/// Those named under `from`, or the column's own name; its label is a heading as well.
fn headings(name: &str, file: &ColumnFile) -> Vec<String> {
    let mut headings = file.from.as_ref().map_or_else(|| vec![name.to_owned()], |from| from.0.clone());
    headings.extend(file.label.iter().flat_map(|label| Lang::ALL.map(|lang| label.get(lang).to_owned())));
    headings
}

/// Whether values of the column would be judged, or shown in another column.
fn has_rules(fields: &ColumnFile) -> bool {
    fields.r#type != TypeWord::Text
        || fields.required
        || fields.verbatim
        || !fields.codes.0.is_empty()
        || fields.pattern.is_some()
        || fields.missing_as.is_some()
}

fn organisation(
    source: &Source,
    name: &str,
    file: &Placed<OrganisationFile>,
    columns: &[Column],
) -> Result<OrganisationColumn, Problems> {
    let mut problems = Problems::default();
    let fields = &file.value;
    if !is_column_name(name) {
        let place = source.place(range_of(source, file), "");
        let message = format!("`{name}` is not a column name: small letters, digits and `_`");
        problems.push(Diagnostic::error(message).at(place));
    }
    if fields.system.0.is_empty() {
        let place = source.place(range_of(source, file), "");
        problems.push(Diagnostic::error(format!("`{name}`: no system of codes is named")).at(place));
    }
    problems.keep(code_column(source, &fields.code, columns));
    match (problems.keep(read_on(source, &fields.on, columns)), problems.has_errors()) {
        (Some(on), false) => Ok(OrganisationColumn {
            name: name.to_owned(),
            code: fields.code.value.clone(),
            systems: fields.system.0.clone(),
            on,
            unknown: fields.unknown,
        }),
        _ => Err(problems),
    }
}

/// Codes are texts: as numbers they would lose their leading zeros.
fn code_column(source: &Source, name: &Placed<String>, columns: &[Column]) -> Result<(), Diagnostic> {
    let place = || source.place(range_of(source, name), "");
    match columns.iter().find(|column| column.name == name.value) {
        Some(column) if column.personal.is_some() => {
            Err(Diagnostic::error(format!("`{}` speaks of a person, not of an organisation", name.value))
                .at(place()))
        }
        Some(column) if matches!(column.kind, Kind::Text { .. }) => Ok(()),
        Some(_) => Err(Diagnostic::error(format!("`{}` is not a text column", name.value))
            .at(place())
            .hint("codes are texts: as numbers they lose their leading zeros")),
        None => Err(no_column(&name.value, columns).at(place())),
    }
}

fn read_on(source: &Source, on: &Placed<String>, columns: &[Column]) -> Result<ReadOn, Diagnostic> {
    let name = on.value.clone();
    if let Ok(day) = NaiveDate::parse_from_str(&name, "%Y-%m-%d") {
        return Ok(ReadOn::Fixed(day));
    }
    let place = || source.place(range_of(source, on), "");
    match columns.iter().find(|column| column.name == name).map(|column| &column.kind) {
        Some(Kind::Date(_) | Kind::Timestamp(_)) => Ok(ReadOn::Day(name)),
        Some(Kind::Period) => Ok(ReadOn::PeriodEnd(name)),
        Some(_) => Err(Diagnostic::error(format!("`{name}` holds no days")).at(place()).hint(
            "name a column of type `date`, `timestamp` or `period`, or write a day such as 2025-07-01",
        )),
        None => Err(no_column(&name, columns).at(place())),
    }
}

fn no_column(name: &str, columns: &[Column]) -> Diagnostic {
    let names = columns.iter().map(|column| column.name.as_str());
    Diagnostic::error(format!("no column `{name}`")).suggest(name, names)
}

fn is_column_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_days_are_those_that_can_be_read() {
        for format in ["%d/%m/%Y", "%Y%m%d%H%M%S", "%-d/%-m/%Y", "%Y-%m-%dT%H:%M:%S.%f", "100%% %Y"] {
            assert!(is_format(format), "{format}");
        }
        for format in ["", "%Q", "%", "%-Q", "%%", "dd/mm/yyyy", "%Y-%"] {
            assert!(!is_format(format), "{format}");
        }
    }
}
