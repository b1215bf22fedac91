//! Links between organisations, `ref.organisation_link`: those that cannot be used are named, so that no sum is silently wrong.

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, count};

/// The optional view of predecessors and successors.
pub const LINKS: &str = "ref.organisation_link";

/// How many wrong links a message lists.
const LISTED: usize = 5;

/// What is wrong with the links; nothing where all of them can be used, or where there are none.
pub(super) fn wrong_links(db: &Db) -> Result<Option<Diagnostic>, DbError> {
    let wrong = db.query(include_str!("links.sql"), &[])?.rows;
    if wrong.is_empty() {
        return Ok(None);
    }
    let many = count(wrong.len() as u64, "link");
    let problem = Diagnostic::error(format!("{many} of `{LINKS}` cannot be used: no number is restated"));
    let problem = wrong.iter().take(LISTED).map(|row| described(row)).fold(problem, Diagnostic::hint);
    Ok(Some(match wrong.len().checked_sub(LISTED) {
        None | Some(0) => problem,
        Some(more) => problem.hint(format!("and {more} more")),
    }))
}

/// `H62@2025-06-30` to `H44` on 2025-07-01: what is wrong.
fn described(row: &[Cell]) -> String {
    let id =
        |cell: &Cell| if *cell == Cell::Null { "nothing".to_owned() } else { format!("`{}`", cell.shown()) };
    let to = if row[1] == Cell::Null { String::new() } else { format!(" to {}", id(&row[1])) };
    let on = if row[2] == Cell::Null { String::new() } else { format!(" on {}", row[2].shown()) };
    format!("{}{to}{on}: {}", id(&row[0]), row[3].shown())
}
