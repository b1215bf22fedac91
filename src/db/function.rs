//! Functions of this program that statements call: what is asked of each text of a table, and would take SQL many steps.
//!
//! The only place with `unsafe`: DuckDB hands over its own memory, as many values as it says.

use std::slice;

use duckdb::core::{DataChunkHandle, LogicalTypeHandle, LogicalTypeId};
use duckdb::ffi::{
    duckdb_data_chunk_get_vector, duckdb_string_t, duckdb_vector_get_data, duckdb_vector_get_validity,
};
use duckdb::vscalar::{ScalarFunctionSignature, VScalar};
use duckdb::vtab::arrow::WritableVector;

use super::{Db, DbError, literal};

/// Whether something is true of a text, given as its bytes in UTF-8. It is asked of whole columns: it must be quick, and not panic.
pub type Test = fn(&[u8]) -> bool;

/// The moment that a text says, in microseconds since 1970; none if it says none.
pub type Moment = fn(&[u8]) -> Option<i64>;

/// The whole number that a text says; none if it says none.
pub type Whole = fn(&[u8]) -> Option<i64>;

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

    fn teach<F: VScalar>(&self, name: &str, function: &F::State) -> Result<(), DbError>
    where
        F::State: Clone,
    {
        let known = format!("SELECT 1 FROM duckdb_functions() WHERE function_name = {}", literal(name));
        if self.query(&known, &[])?.rows.is_empty() {
            self.connection.register_scalar_function_with_state::<F>(name, function)?;
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

fn of_text(answer: LogicalTypeId) -> Vec<ScalarFunctionSignature> {
    vec![ScalarFunctionSignature::exact(vec![LogicalTypeId::Varchar.into()], LogicalTypeHandle::from(answer))]
}

/// The texts of the first column; nothing for null. To ask DuckDB for each of them would take longer than most of what is done
/// with it.
fn texts_of(input: &DataChunkHandle) -> impl Iterator<Item = Option<&[u8]>> {
    let count = input.len();
    // SAFETY: the signatures say that the column is of texts; it has so many, and a bit for each unless none is null. Both stay
    // as they are while `input` is borrowed.
    let (texts, there) = unsafe {
        let column = duckdb_data_chunk_get_vector(input.get_ptr(), 0);
        let texts = slice::from_raw_parts(duckdb_vector_get_data(column).cast::<duckdb_string_t>(), count);
        let there = duckdb_vector_get_validity(column);
        (texts, (!there.is_null()).then(|| slice::from_raw_parts(there, count.div_ceil(64))))
    };
    let is_there = move |row: usize| there.is_none_or(|bits| bits[row / 64] >> (row % 64) & 1 == 1);
    texts.iter().enumerate().map(move |(row, text)| is_there(row).then(|| bytes_of(text)))
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
}
