//! Organisations and their levels, as `ref.organisation`, `ref.level` and `ref.organisation_tile` give them.

use chrono::NaiveDate;

use super::id::OrgId;
use super::text::Text;

/// A body over one span of validity.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    /// Its identity.
    pub id: OrgId,
    /// Its name, in both languages.
    pub name: Text,
    /// `country`, `ministry`, `province`, and so on; the project decides.
    pub level: String,
    /// The body above it.
    pub parent: Option<OrgId>,
    /// First day of validity; open where it is not known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity; open where it still exists.
    pub valid_to: Option<NaiveDate>,
}

/// The level of bodies that are put together from others, such as all provinces: they have no numbers of their own to send.
pub const GROUP: &str = "group";

impl Organisation {
    /// Whether it existed on a day; open ends are taken as lasting.
    pub fn existed_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| to >= day)
    }
}

/// A level of organisations, in the order of display.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The word in `ref.organisation`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whom a letter to a body of the level is to, with `{name}` for that of the body; none: the body itself.
    pub addressee: Option<Text>,
}

/// Where bodies lie on a map of tiles, for the days that the map is of.
#[derive(Debug, Clone, PartialEq)]
pub struct TileLayout {
    /// First day of the map; open where it is not known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the map; open where it still holds.
    pub valid_to: Option<NaiveDate>,
    /// Its tiles, from the top left, row by row.
    pub tiles: Vec<TilePlace>,
}

impl TileLayout {
    /// Whether it shows the bodies of a day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| to >= day)
    }
}

/// The place of one body on a map of tiles.
#[derive(Debug, Clone, PartialEq)]
pub struct TilePlace {
    /// Which body.
    pub org: OrgId,
    /// Its short name.
    pub name: Text,
    /// A few letters, where the short name has no room.
    pub letters: String,
    /// Column and row, from the top left.
    pub at: (u32, u32),
}
