//! Organisations and their levels, as `ref.organisation` and `ref.level` give them.

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
}
