//! Maps of tiles, as `ref.organisation_tile` gives them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{day, names, needed, parsed, rows};
use crate::db::{Cell, Db};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::id::OrgId;
use crate::model::organisation::{TileLayout, TilePlace};

/// What the view `ref.organisation_tile` gives, where a project has it.
pub const ORGANISATION_TILE: &str = "SELECT CAST(org_id AS VARCHAR), CAST(name_vi AS VARCHAR), CAST(name_en AS VARCHAR), \
     CAST(letters AS VARCHAR), CAST(column_no AS INTEGER), CAST(row_no AS INTEGER), CAST(valid_from AS DATE), \
     CAST(valid_to AS DATE) FROM ref.organisation_tile \
     ORDER BY valid_from NULLS FIRST, valid_to NULLS LAST, row_no, column_no, org_id";

/// The first and the last day of a map.
type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// The maps of the project, the oldest first; none where it has no tiles.
pub fn layouts(db: &Db) -> Result<Vec<TileLayout>, Problems> {
    if !db.has_view("ref.organisation_tile")? {
        return Ok(vec![]);
    }
    let mut maps: BTreeMap<Days, Vec<TilePlace>> = BTreeMap::new();
    for (days, tile) in rows(db, ORGANISATION_TILE, "ref.organisation_tile", tile)? {
        maps.entry(days).or_default().push(tile);
    }
    let mut problems = Problems::default();
    let mut layouts = vec![];
    for ((valid_from, valid_to), tiles) in maps {
        problems.keep(check(&tiles));
        layouts.push(TileLayout { valid_from, valid_to, tiles });
    }
    problems.or(layouts)
}

fn tile(row: &[Cell]) -> Result<(Days, TilePlace), String> {
    let org: OrgId = parsed(&row[0], "org_id")?;
    let number = |at: usize, name: &str| {
        let found = row[at].integer().and_then(|number| u32::try_from(number).ok());
        found.ok_or(format!("the tile of `{org}` has no `{name}` from 0 on"))
    };
    let tile = TilePlace {
        name: names(&row[1], &row[2], org.as_str())?,
        letters: needed(&row[3], "letters")?,
        at: (number(4, "column_no")?, number(5, "row_no")?),
        org,
    };
    Ok(((day(&row[6]), day(&row[7])), tile))
}

/// A body has one tile on a map, and a place has one body.
fn check(tiles: &[TilePlace]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (n, tile) in tiles.iter().enumerate() {
        for other in &tiles[..n] {
            if tile.org == other.org {
                let problem = format!("`ref.organisation_tile` has `{}` twice on one map", tile.org);
                problems.push(wrong(problem, "give its tiles different days, or one of them up"));
            } else if tile.at == other.at {
                let (column, row) = tile.at;
                let problem = format!(
                    "`ref.organisation_tile` puts `{}` and `{}` on one place, column {column} and row {row}",
                    other.org, tile.org
                );
                problems.push(wrong(problem, "move one of the two to a free place near it"));
            }
        }
    }
    problems.or(())
}

fn wrong(problem: String, hint: &str) -> Diagnostic {
    Diagnostic::error(problem).in_file("queries/tables/ref.organisation_tile.sql").hint(hint)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::model::organisation::TilePlace;
    use crate::model::text::Text;

    fn tile(org: &str, at: (u32, u32)) -> TilePlace {
        let name = Text::both(org, org);
        TilePlace { org: org.parse().expect("a valid id"), name, letters: org.to_owned(), at }
    }

    #[test]
    fn two_bodies_on_one_place_and_two_places_of_one_body_are_told_at_once() {
        assert!(check(&[tile("AA", (0, 0)), tile("BB", (1, 0))]).is_ok());
        let wrong = check(&[tile("AA", (0, 0)), tile("BB", (0, 0)), tile("AA", (1, 0))]);
        let told: Vec<String> =
            wrong.expect_err("two mistakes").0.iter().map(|one| one.message.clone()).collect();
        assert_eq!(
            told,
            [
                "`ref.organisation_tile` puts `AA` and `BB` on one place, column 0 and row 0",
                "`ref.organisation_tile` has `AA` twice on one map"
            ]
        );
    }
}
