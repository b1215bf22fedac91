//! What is said of an export as a whole: who answers for it, under which licence, where it is found.
//!
//! Takes `exports.yml` of a project, which may be missing; gives an [`About`] or all that is wrong with it.

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::text::Text;
use crate::project::{Placed, range_of, yaml};

/// The file of a project that says it.
pub const EXPORTS: &str = "exports.yml";

/// Who answers for an export, and where it is found.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// The maintenance agency of SDMX structures.
    pub agency: String,
    /// Its name.
    pub title: Text,
    /// What it holds.
    pub description: Text,
    /// Who publishes it.
    pub publisher: Text,
    /// The address of its licence; without one, the licences of its sources hold.
    pub licence: Option<String>,
    /// The address of the folder that it will be found in.
    pub url: Option<String>,
    /// The mail address of those who answer questions.
    pub contact: Option<String>,
}

impl Default for About {
    fn default() -> Self {
        About {
            agency: "CHISO".into(),
            title: Text::both("Chỉ số", "Indicators"),
            description: Text::both(
                "Các chỉ tiêu cùng tử số, mẫu số, trạng thái và phiên bản công thức",
                "Indicators with their numerators, denominators, status and versions of formulas",
            ),
            publisher: Text::both("Không nêu", "Not named"),
            licence: None,
            url: None,
            contact: None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AboutFile {
    agency: Placed<String>,
    title: Text,
    description: Text,
    publisher: Text,
    licence: Option<Placed<String>>,
    url: Option<Placed<String>>,
    contact: Option<String>,
}

/// Reads the file; all problems at once.
pub fn read_about(source: &Source) -> Result<About, Problems> {
    let file: AboutFile = yaml(source)?;
    let mut problems = Problems::default();
    let is_agency = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    if !is_agency(&file.agency.value) {
        problems.0.push(Diagnostic::error(format!("`{}` is not an agency of SDMX", file.agency.value)).at(
            source.place(range_of(source, &file.agency), "letters, digits, `-` and `_`, a letter first"),
        ));
    }
    for address in [&file.licence, &file.url].into_iter().flatten() {
        if !address.value.starts_with("https://") && !address.value.starts_with("http://") {
            let place = source.place(range_of(source, address), "begins with `https://`");
            problems.0.push(Diagnostic::error(format!("`{}` is not an address", address.value)).at(place));
        }
    }
    problems.or(About {
        agency: file.agency.value,
        title: file.title,
        description: file.description,
        publisher: file.publisher,
        licence: file.licence.map(|licence| licence.value),
        url: file.url.map(|url| url.value),
        contact: file.contact,
    })
}
