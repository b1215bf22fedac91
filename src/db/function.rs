//! Functions of this program that statements call: what is asked of each text of a table, or made of each row, and would take
//! SQL many steps.
//!
//! The only place with `unsafe`: DuckDB hands over its own memory, as many values as it says.

use std::io::Write as _;
use std::marker::PhantomData;
use std::slice;
use std::sync::{Arc, Mutex, PoisonError};

use duckdb::core::{DataChunkHandle, Inserter, LogicalTypeHandle, LogicalTypeId};
use duckdb::ffi::{
    duckdb_data_chunk_get_vector, duckdb_string_t, duckdb_struct_vector_get_child, duckdb_vector,
    duckdb_vector_get_data, duckdb_vector_get_validity,
};
use duckdb::vscalar::{ScalarFunctionSignature, VScalar};
use duckdb::vtab::arrow::WritableVector;

use super::{Db, DbError};

/// Whether something is true of a text, given as its bytes in UTF-8. It is asked of whole columns: it must be quick, and not panic.
pub type Test = fn(&[u8]) -> bool;

/// The moment that a text says, in microseconds since 1970; none if it says none.
pub type Moment = fn(&[u8]) -> Option<i64>;

/// The whole number that a text says; none if it says none.
pub type Whole = fn(&[u8]) -> Option<i64>;

/// Writes the text that stands for a whole number, in one form or the other; `false` if there is none.
pub type Written = fn(i64, bool, &mut Vec<u8>) -> bool;

/// What lines are handed over to.
pub trait TakesLines: Send + 'static {
    /// Takes a line, which does not end with a newline, to the place of a number; or says why it cannot.
    fn take(&mut self, number: i64, line: &[u8]) -> Result<(), String>;
}

impl Db {
    /// From here on statements, also of connections beside this one, can ask `name(text)`. Of null it is not true.
    pub fn teach_test(&self, name: &str, test: Test) -> Result<(), DbError> {
        self.teach::<Tested>(name, &test)
    }

    /// From here on statements, also of connections beside this one, can ask `name(text)` for a timestamp.
    pub fn teach_moment(&self, name: &str, moment: Moment) -> Result<(), DbError> {
        self.teach::<Read<true>>(name, &moment)
    }

    /// The same for a whole number.
    pub fn teach_whole(&self, name: &str, whole: Whole) -> Result<(), DbError> {
        self.teach::<Read<false>>(name, &whole)
    }

    /// From here on statements, also of connections beside this one, can ask `name(whole number, form)` for a text. Of null there is
    /// none; a number without a text is an error.
    pub fn teach_written(&self, name: &str, written: Written) -> Result<(), DbError> {
        self.teach::<WrittenNumber>(name, &written)
    }

    /// From here on statements can hand over their rows with `name(whole number, row(value, …))`, which gives 1: each becomes a
    /// line of separated values (RFC 4180), of texts and whole numbers; null is an empty field, and a text without letters is in
    /// quotes. The values come as a row, for DuckDB asks no function for which one of the values is null. Nothing of what is
    /// handed over is kept, as it is by a query whose rows are read.
    pub fn teach_lines<T: TakesLines>(&self, name: &str, taker: &Arc<Mutex<T>>) -> Result<(), DbError> {
        self.teach::<HandedOver<T>>(name, taker)
    }

    fn teach<F: VScalar>(&self, name: &str, function: &F::State) -> Result<(), DbError>
    where
        F::State: Clone,
    {
        let mut taught = self.taught.lock().unwrap_or_else(PoisonError::into_inner);
        if !taught.contains(name) {
            self.connection.register_scalar_function_with_state::<F>(name, function)?;
            taught.insert(name.to_owned());
        }
        Ok(())
    }
}

struct Tested;

impl VScalar for Tested {
    type State = Test;

    fn invoke(
        test: &Test,
        input: &mut DataChunkHandle,
        output: &mut dyn WritableVector,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let mut answers = output.flat_vector();
        // SAFETY: the signature says that the answers are booleans, and there are as many as texts.
        let answers = unsafe { answers.as_mut_slice_with_len::<bool>(input.len()) };
        for (text, answer) in texts_of(input).zip(answers) {
            *answer = text.is_some_and(test);
        }
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        of_text(LogicalTypeId::Boolean)
    }
}

/// A moment or a whole number: in DuckDB both are 64 bits.
struct Read<const IS_MOMENT: bool>;

impl<const IS_MOMENT: bool> VScalar for Read<IS_MOMENT> {
    type State = fn(&[u8]) -> Option<i64>;

    fn invoke(
        read: &Self::State,
        input: &mut DataChunkHandle,
        output: &mut dyn WritableVector,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let mut answers = output.flat_vector();
        // SAFETY: the signature says that the answers are timestamps or whole numbers.
        let values = unsafe { answers.as_mut_ptr::<i64>() };
        for (row, text) in texts_of(input).enumerate() {
            match text.and_then(read) {
                // SAFETY: there are as many answers as texts.
                Some(value) => unsafe { values.add(row).write(value) },
                None => answers.set_null(row),
            }
        }
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        of_text(if IS_MOMENT { LogicalTypeId::Timestamp } else { LogicalTypeId::Bigint })
    }
}

/// A whole number as a text.
struct WrittenNumber;

impl VScalar for WrittenNumber {
    type State = Written;

    fn invoke(
        written: &Written,
        input: &mut DataChunkHandle,
        output: &mut dyn WritableVector,
    ) -> Result<(), Box<dyn std::error::Error>> {
        // SAFETY: the signature says so; a boolean of DuckDB is a byte.
        let (numbers, forms): (Values<i64>, Values<u8>) =
            unsafe { (Values::of(vector(input, 0), input.len()), Values::of(vector(input, 1), input.len())) };
        let mut texts = output.flat_vector();
        let mut text = vec![];
        for row in 0..input.len() {
            let (Some(number), Some(form)) = (numbers.get(row), forms.get(row)) else {
                texts.set_null(row);
                continue;
            };
            text.clear();
            if !written(*number, *form != 0, &mut text) {
                return Err(format!("no text stands for {number}").into());
            }
            texts.insert(row, text.as_slice());
        }
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        let values = vec![LogicalTypeId::Bigint.into(), LogicalTypeId::Boolean.into()];
        vec![ScalarFunctionSignature::exact(values, LogicalTypeId::Varchar.into())]
    }
}

/// A row as a line of separated values, handed over.
struct HandedOver<T>(PhantomData<T>);

impl<T: TakesLines> VScalar for HandedOver<T> {
    type State = Arc<Mutex<T>>;

    fn invoke(
        taker: &Self::State,
        input: &mut DataChunkHandle,
        output: &mut dyn WritableVector,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let mut taker = taker.lock().map_err(|_| "an earlier row could not be taken")?;
        // SAFETY: the signature says that the first column is of whole numbers.
        let numbers: Values<i64> = unsafe { Values::of(vector(input, 0), input.len()) };
        let columns = columns_of(input)?;
        let mut taken = output.flat_vector();
        // SAFETY: the signature says that the answers are whole numbers, and there are as many as rows.
        let taken = unsafe { taken.as_mut_slice_with_len::<i64>(input.len()) };
        let mut line = vec![];
        for (row, taken) in taken.iter_mut().enumerate() {
            line.clear();
            write_line(&columns, &mut line, |column, line| column.write(row, line));
            taker.take(*numbers.get(row).ok_or("a line belongs nowhere")?, &line)?;
            *taken = 1;
        }
        Ok(())
    }

    fn signatures() -> Vec<ScalarFunctionSignature> {
        let values = vec![LogicalTypeId::Bigint.into(), LogicalTypeId::Any.into()];
        vec![ScalarFunctionSignature::exact(values, LogicalTypeId::Bigint.into())]
    }

    /// To hand a row over is more than its answer.
    fn volatile() -> bool {
        true
    }
}

/// Texts as a line of separated values.
pub fn line_of(texts: &[String]) -> Vec<u8> {
    let mut line = vec![];
    write_line(texts, &mut line, |text, line| write_text(Some(text.as_bytes()), line));
    line
}

fn write_line<V>(values: &[V], line: &mut Vec<u8>, write: impl Fn(&V, &mut Vec<u8>)) {
    for (n, value) in values.iter().enumerate() {
        if n > 0 {
            line.push(b',');
        }
        write(value, line);
    }
}

/// The values of a column that can stand in a line.
enum Column<'a> {
    Text(Values<'a, duckdb_string_t>),
    I32(Values<'a, i32>),
    I64(Values<'a, i64>),
    U64(Values<'a, u64>),
}

/// The columns of the row that the second column is.
fn columns_of(input: &DataChunkHandle) -> Result<Vec<Column<'_>>, String> {
    if input.flat_vector(1).logical_type().id() != LogicalTypeId::Struct {
        return Err("the values of a line are expected as a row".into());
    }
    let row = input.struct_vector(1);
    let column = |n: usize| {
        let id = row.child(n, input.len()).logical_type().id();
        // SAFETY: it is a row, with so many columns; each arm names how DuckDB stores what the column is of.
        Ok(unsafe {
            let column = duckdb_struct_vector_get_child(vector(input, 1), n as u64);
            match id {
                LogicalTypeId::Varchar => Column::Text(Values::of(column, input.len())),
                LogicalTypeId::Integer => Column::I32(Values::of(column, input.len())),
                LogicalTypeId::Bigint => Column::I64(Values::of(column, input.len())),
                LogicalTypeId::UBigint => Column::U64(Values::of(column, input.len())),
                other => return Err(format!("value {} of a line is {other:?}; cast it to VARCHAR", n + 1)),
            }
        })
    };
    (0..row.num_children()).map(column).collect()
}

impl Column<'_> {
    fn write(&self, row: usize, line: &mut Vec<u8>) {
        match self {
            Column::Text(texts) => write_text(texts.get(row).map(bytes_of), line),
            Column::I32(numbers) => write_number(numbers.get(row), line),
            Column::I64(numbers) => write_number(numbers.get(row), line),
            Column::U64(numbers) => write_number(numbers.get(row), line),
        }
    }
}

fn write_number<T: Copy + Into<i128>>(number: Option<&T>, line: &mut Vec<u8>) {
    match number.map(|number| (*number).into()) {
        None => {}
        // Most numbers of a row are these.
        Some(digit @ 0..10) => line.push(b'0' + digit as u8),
        // A `Vec` takes all that is written into it.
        Some(number) => drop(write!(line, "{number}")),
    }
}

fn write_text(text: Option<&[u8]>, line: &mut Vec<u8>) {
    let Some(text) = text else { return };
    if !asks_for_quotes(text) {
        line.extend_from_slice(text);
        return;
    }
    line.push(b'"');
    let start = line.len();
    line.resize(start + 2 * text.len() + 1, b'"');
    let mut end = start;
    for byte in text {
        // What follows a quote is one already; what follows another byte is written over. So there is nothing to guess wrong.
        line[end] = *byte;
        line[end + 1] = b'"';
        end += 1 + usize::from(*byte == b'"');
    }
    line.truncate(end + 1);
}

fn asks_for_quotes(text: &[u8]) -> bool {
    let asks = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let any = |bytes: &[u8; 16]| bytes.iter().fold(false, |found, byte| found | asks(byte));
    match text.last_chunk() {
        // Sixteen are looked at together, the last of them twice rather than one by one.
        Some(last) => any(last) || text.as_chunks().0.iter().any(any),
        None => text.is_empty() || text.iter().any(asks),
    }
}

fn of_text(answer: LogicalTypeId) -> Vec<ScalarFunctionSignature> {
    vec![ScalarFunctionSignature::exact(vec![LogicalTypeId::Varchar.into()], LogicalTypeHandle::from(answer))]
}

/// The texts of the first column; nothing for null.
fn texts_of(input: &DataChunkHandle) -> impl Iterator<Item = Option<&[u8]>> {
    // SAFETY: the signatures say that the column is of texts.
    let texts: Values<duckdb_string_t> = unsafe { Values::of(vector(input, 0), input.len()) };
    (0..input.len()).map(move |row| texts.get(row).map(bytes_of))
}

/// A column as DuckDB has it, which stays as it is while `input` is borrowed.
fn vector(input: &DataChunkHandle, n: usize) -> duckdb_vector {
    assert!(n < input.num_columns(), "DuckDB hands over what the signature says");
    // SAFETY: there is such a column.
    unsafe { duckdb_data_chunk_get_vector(input.get_ptr(), n as u64) }
}

/// The values of a column. To ask DuckDB for each of them would take longer than most of what is done with it.
struct Values<'a, T> {
    values: &'a [T],
    /// A bit for each row, unless none is null.
    there: Option<&'a [u64]>,
}

impl<'a, T> Values<'a, T> {
    /// The column must be one whose values DuckDB stores as `T`, of `count` rows, and must outlive them.
    unsafe fn of(column: duckdb_vector, count: usize) -> Self {
        // SAFETY: the column has so many values, and a bit for each unless none is null.
        unsafe {
            let values = slice::from_raw_parts(duckdb_vector_get_data(column).cast::<T>(), count);
            let there = duckdb_vector_get_validity(column);
            Values {
                values,
                there: (!there.is_null()).then(|| slice::from_raw_parts(there, count.div_ceil(64))),
            }
        }
    }

    fn get(&self, row: usize) -> Option<&'a T> {
        let is_there = self.there.is_none_or(|bits| bits[row / 64] >> (row % 64) & 1 == 1);
        is_there.then(|| &self.values[row])
    }
}

/// The bytes of a text: up to twelve lie within its handle.
fn bytes_of(text: &duckdb_string_t) -> &[u8] {
    // SAFETY: this is how `duckdb.h` lays a text out; both forms begin with the length.
    unsafe {
        let length = text.value.inlined.length as usize;
        let start = match length {
            ..=12 => text.value.inlined.inlined.as_ptr(),
            _ => text.value.pointer.ptr.cast_const(),
        };
        slice::from_raw_parts(start.cast(), length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Cell;

    #[test]
    fn statements_ask_of_each_text() {
        let db = Db::in_memory().expect("memory is there");
        db.teach_test("is_long", |text| text.len() > 12).expect("a new name");
        // Short texts lie within their handles, long ones elsewhere; null is no text; more rows than DuckDB hands over at once.
        let sql = "SELECT count(*), count(*) FILTER (is_long(c)), count(*) FILTER (is_long(c) <> (strlen(c) > 12)), \
                count(*) FILTER (c IS NULL AND is_long(c)) \
            FROM (SELECT CASE WHEN i % 3 > 0 THEN repeat('x', i % 20) END AS c FROM range(60000) AS r (i))";
        let found = db.query(sql, &[]).expect(sql).rows.remove(0);
        assert_eq!(found, [60000, 14000, 0, 0].map(Cell::Integer));
        let value = |sql: &str| db.value(sql, &[]).expect(sql);
        assert_eq!(value("SELECT is_long('thirteen long')"), Cell::Boolean(true));
        // Taught again, as by a second load in one program.
        db.teach_test("is_long", |text| text.len() > 12).expect("a known name");
        let beside = db.beside(1).expect("another connection").remove(0);
        assert_eq!(beside.value("SELECT is_long('short')", &[]).expect("known"), Cell::Boolean(false));
    }

    #[test]
    fn statements_ask_for_the_number_of_each_text() {
        let db = Db::in_memory().expect("memory is there");
        db.teach_whole("length_if_even", |text| Some(text.len() as i64).filter(|n| n % 2 == 0))
            .expect("a new name");
        let sql = "SELECT sum(length_if_even(c)), count(length_if_even(c)) \
            FROM (SELECT CASE WHEN i % 3 > 0 THEN repeat('x', i % 20) END AS c FROM range(60000) AS r (i))";
        let found = db.query(sql, &[]).expect(sql).rows.remove(0);
        assert_eq!(found, [180000, 20000].map(Cell::Integer));
    }

    #[test]
    fn statements_ask_for_the_moment_of_each_text() {
        let db = Db::in_memory().expect("memory is there");
        let seconds =
            |text: &[u8]| std::str::from_utf8(text).ok()?.parse::<i64>().ok().map(|n| n * 1_000_000);
        db.teach_moment("moment_of_seconds", seconds).expect("a new name");
        let sql = "SELECT count(*) FILTER (moment_of_seconds(c) IS DISTINCT FROM make_timestamp(TRY_CAST(c AS BIGINT) * 1000000)), \
                count(moment_of_seconds(c)) \
            FROM (SELECT CASE i % 3 WHEN 0 THEN CAST(i AS VARCHAR) WHEN 1 THEN 'none' END AS c FROM range(60000) AS r (i))";
        let found = db.query(sql, &[]).expect(sql).rows.remove(0);
        assert_eq!(found, [0, 20000].map(Cell::Integer));
    }

    #[test]
    fn statements_ask_for_the_text_of_each_number() {
        let db = Db::in_memory().expect("memory is there");
        let written = |number: i64, is_long: bool, text: &mut Vec<u8>| {
            text.extend_from_slice(number.to_string().as_bytes());
            if is_long {
                text.extend_from_slice(b", written out at length");
            }
            number >= 0
        };
        db.teach_written("text_of", written).expect("a new name");
        let sql = "SELECT count(*) FILTER (t IS DISTINCT FROM CAST(i AS VARCHAR) || CASE WHEN j THEN ', written out at length' ELSE '' END), \
                count(t) \
            FROM (SELECT i, j, text_of(i, j) AS t FROM (SELECT CASE WHEN r % 3 > 0 THEN r END AS i, r % 2 = 0 AS j FROM range(60000) AS r (r)))";
        let found = db.query(sql, &[]).expect(sql).rows.remove(0);
        assert_eq!(found, [0, 40000].map(Cell::Integer));
        let error = db.query("SELECT text_of(-7, true)", &[]).expect_err("no text");
        assert!(error.message.contains("no text stands for -7"), "{error:?}");
    }

    #[derive(Default)]
    struct Taken(Vec<(i64, String)>);

    impl TakesLines for Taken {
        fn take(&mut self, number: i64, line: &[u8]) -> Result<(), String> {
            self.0.push((number, String::from_utf8_lossy(line).into_owned()));
            if line.starts_with(b"full") { Err("no room".into()) } else { Ok(()) }
        }
    }

    /// A database that hands lines over, and to whom.
    fn taker() -> (Db, Arc<Mutex<Taken>>) {
        let (db, taken) = (Db::in_memory().expect("memory is there"), Arc::default());
        db.teach_lines("hand_over", &taken).expect("a new name");
        (db, taken)
    }

    #[test]
    fn statements_hand_over_lines_of_separated_values() {
        let (db, taken) = taker();
        let sql = "SELECT sum(hand_over(CAST(n AS BIGINT), row(a, b, CAST(n AS BIGINT), CAST(9223372036854775808 + n AS UBIGINT), 'same', NULL::VARCHAR, NULL::INTEGER))) \
            FROM (VALUES (1, 'plain', -12), (2, 'a, b', 7), (3, 'said \"so\"', NULL), (4, NULL, 10), (5, '', 0), (6, E'two\\nlines', 123), (7, 'Đắk Lắk là tỉnh', 1)) AS row (n, a, b)";
        assert_eq!(db.value(sql, &[]).expect(sql), Cell::Integer(7));
        let lines = std::mem::take(&mut taken.lock().expect("no thread failed").0);
        let expected = [
            (1, "plain,-12,1,9223372036854775809,same,,"),
            (2, "\"a, b\",7,2,9223372036854775810,same,,"),
            (3, "\"said \"\"so\"\"\",,3,9223372036854775811,same,,"),
            (4, ",10,4,9223372036854775812,same,,"),
            (5, "\"\",0,5,9223372036854775813,same,,"),
            (6, "\"two\nlines\",123,6,9223372036854775814,same,,"),
            (7, "Đắk Lắk là tỉnh,1,7,9223372036854775815,same,,"),
        ];
        assert_eq!(lines, expected.map(|(number, line)| (number, line.to_owned())));
        assert_eq!(line_of(&["a".into(), "b c".into(), "d,e".into()]), b"a,b c,\"d,e\"");
    }

    proptest::proptest! {
        #[test]
        fn lines_are_read_back_as_they_were(texts in proptest::collection::vec("[ab,;\"\\n\\r đ]{0,40}", 1..6)) {
            let line = line_of(&texts);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_slice());
            let rows: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            proptest::prop_assert_eq!(rows, [texts]);
        }
    }

    #[test]
    fn every_row_is_handed_over_once() {
        let (db, taken) = taker();
        let sql = "SELECT sum(hand_over(i, row(CASE WHEN i % 3 > 0 THEN repeat('x', CAST(i % 20 AS INTEGER)) END))) FROM range(60000) AS r (i)";
        assert_eq!(db.value(sql, &[]).expect(sql), Cell::Integer(60000));
        let mut numbers: Vec<i64> =
            taken.lock().expect("no thread failed").0.iter().map(|(number, _)| *number).collect();
        numbers.sort();
        assert!(numbers.into_iter().eq(0..60000));
    }

    #[test]
    fn what_cannot_be_handed_over_is_an_error() {
        for (sql, expected) in [
            ("SELECT hand_over(1::BIGINT, row('full'))", "no room"),
            (
                "SELECT hand_over(1::BIGINT, row('a', DATE '2026-01-31'))",
                "value 2 of a line is Date; cast it to VARCHAR",
            ),
            ("SELECT hand_over(1::BIGINT, 'a')", "the values of a line are expected as a row"),
            (
                "SELECT hand_over(CASE WHEN i > 1 THEN i END, row('a')) FROM range(3) AS r (i)",
                "a line belongs nowhere",
            ),
        ] {
            let (db, _) = taker();
            let error = db.query(sql, &[]).expect_err(sql);
            assert!(error.message.contains(expected), "{sql}: {error:?}");
        }
    }
}
