//! The views in `published`: what statisticians may rely on, made and described from one text.

use crate::db::{Db, DbError, literal, quoted};
use crate::diagnostic::{Diagnostic, Problems};

/// Their one text.
pub(super) const TEXT: &str = include_str!("../published.sql");

/// A view with its description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedView {
    /// Its name, such as `published.observation`.
    pub name: &'static str,
    /// What one row is.
    pub about: &'static str,
    /// The view of the project that it reads; without it there is none.
    pub needs: Option<&'static str>,
    /// Its columns in order, each with what it holds.
    pub columns: Vec<(&'static str, &'static str)>,
    sql: &'static str,
}

/// All of them, in the order of the data dictionary.
pub fn published_views() -> Vec<PublishedView> {
    TEXT.split("-- view: ").skip(1).map(parse).collect()
}

/// Reads one view: lines of `-- key: text`, then its `SELECT`.
fn parse(text: &'static str) -> PublishedView {
    let (name, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut view = PublishedView { name: name.trim(), about: "", needs: None, columns: vec![], sql: rest };
    for line in rest.lines() {
        let Some((key, value)) = line.strip_prefix("-- ").and_then(|line| line.split_once(": ")) else {
            break;
        };
        match key {
            "about" => view.about = value,
            "needs" => view.needs = Some(value),
            column => view.columns.push((column, value)),
        }
    }
    view
}

/// Makes the views, with their descriptions as comments in the database; all that fail are reported.
pub(super) fn make_published(db: &Db) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for view in published_views() {
        problems.keep(make(db, &view).map_err(|error| {
            let problem = Diagnostic::error(format!("`{}` cannot be made: {}", view.name, error.message));
            match view.needs {
                Some(needs) => problem
                    .in_file(format!("{}/{needs}.sql", super::TABLES))
                    .hint("`docs/formats.md` has the columns that it must give"),
                None => problem,
            }
        }));
    }
    problems.or(())
}

fn make(db: &Db, view: &PublishedView) -> Result<(), DbError> {
    if let Some(needs) = view.needs
        && !db.has_relation(needs)?
    {
        return Ok(());
    }
    db.run(&format!("CREATE OR REPLACE VIEW {} AS\n{}", view.name, view.sql))?;
    let mut comments = format!("COMMENT ON VIEW {} IS {};", view.name, literal(view.about));
    for (column, about) in &view.columns {
        comments += &format!("COMMENT ON COLUMN {}.{} IS {};", view.name, quoted(column), literal(about));
    }
    db.run(&comments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_says_what_it_is() {
        let views = published_views();
        assert!(views.len() >= 12, "{}", views.len());
        for view in views {
            assert!(view.name.starts_with("published."), "{}", view.name);
            assert!(!view.about.is_empty() && !view.columns.is_empty(), "{}", view.name);
        }
    }
}
