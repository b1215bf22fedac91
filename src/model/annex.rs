//! The rows of a form behind a printed report.

use super::text::Text;

/// A row of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnexRow {
    /// The block that it stands in; none where the form has no blocks.
    pub part: Option<Text>,
    /// What it counts.
    pub name: Text,
    /// Its numbers; what nobody knows is missing, and so is every sum that it belongs to.
    pub numbers: Vec<Option<f64>>,
}
