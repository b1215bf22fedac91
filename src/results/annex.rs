//! The rows of a form behind a printed report, for one body and period.

use super::{names, text};
use crate::db::{Db, Table, bare};
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::annex::AnnexRow;
use crate::model::id::OrgId;
use crate::model::period::Period;

/// Columns of names that the query of a form gives beside its numbers.
const NAMES: [&str; 4] = ["part_vi", "part_en", "name_vi", "name_en"];

/// Asks the query of a form. It may use `$org_id`, `$period`, `$period_start` and `$period_end`; `columns` are its numbers.
pub fn read_annex(
    db: &Db,
    query: &Source,
    columns: &[&str],
    org: &OrgId,
    period: Period,
) -> Result<Vec<AnnexRow>, Problems> {
    let sql = bare(&query.text);
    let fails = |error: crate::db::DbError| Problems::from(error.in_source(query));
    db.expect_one_select(sql).map_err(fails)?;
    let known = [
        ("org_id", org.as_str().into()),
        ("period", period.to_string().into()),
        ("period_start", period.start().to_string().into()),
        ("period_end", period.end().to_string().into()),
    ];
    let used = db.parameters(sql).map_err(fails)?;
    if let Some(unknown) = used.iter().find(|name| known.iter().all(|(known, _)| known != name)) {
        let problem = Diagnostic::error(format!("the query uses `${unknown}`, which nothing fills"));
        let hint = "the query of a form may use `$org_id`, `$period`, `$period_start` and `$period_end`";
        return Err(problem.in_file(&query.path).hint(hint).into());
    }
    let params: Vec<_> = known.into_iter().filter(|(name, _)| used.iter().any(|used| used == name)).collect();
    let table = db.query(sql, &params).map_err(fails)?;
    let names = places(&table, query, &NAMES)?;
    let numbers = places(&table, query, columns)?;
    let mut problems = Problems::default();
    let mut rows = vec![];
    for row in &table.rows {
        let read = read_row(row, &names, &numbers);
        let read = read.map_err(|reason| Diagnostic::error(reason).in_file(&query.path));
        rows.extend(problems.keep(read));
    }
    problems.or(rows)
}

fn read_row(row: &[crate::db::Cell], at: &[usize], numbers: &[usize]) -> Result<AnnexRow, String> {
    let part = [at[0], at[1]].iter().any(|at| text(&row[*at]).is_some());
    Ok(AnnexRow {
        part: if part { Some(names(&row[at[0]], &row[at[1]], "part")?) } else { None },
        name: names(&row[at[2]], &row[at[3]], "a row of the form")?,
        numbers: numbers.iter().map(|at| row[*at].number().filter(|number| number.is_finite())).collect(),
    })
}

/// Where columns are in what a query gave; those that are not there are told together.
fn places(table: &Table, query: &Source, wanted: &[&str]) -> Result<Vec<usize>, Problems> {
    let mut problems = Problems::default();
    let mut places = vec![];
    for name in wanted {
        match table.columns.iter().position(|column| column == name) {
            Some(place) => places.push(place),
            None => {
                let given: Vec<String> = table.columns.iter().map(|column| format!("`{column}`")).collect();
                let problem = Diagnostic::error(format!("the query gives no column `{name}`"));
                let problem = problem.in_file(&query.path).hint(format!("it gives {}", given.join(", ")));
                problems.push(problem.suggest(name, table.columns.iter().map(String::as_str)));
            }
        }
    }
    problems.or(places)
}
