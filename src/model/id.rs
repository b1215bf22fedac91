//! Names that are types: a checked text each, so that a source is never taken for an indicator.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

/// Why a text is not a valid name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdError(String);

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for IdError {}

fn kebab_case(text: &str) -> Result<(), IdError> {
    let fits = !text.is_empty()
        && text.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if fits {
        Ok(())
    } else {
        Err(IdError(format!("`{text}` is not a name: small letters and digits in words joined by `-`")))
    }
}

/// `schema.name`, both in snake_case: these go into SQL as they are.
fn table_name(text: &str) -> Result<(), IdError> {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match text.split_once('.') {
        Some((schema @ ("ref" | "fact" | "published"), name)) if word(schema) && word(name) => Ok(()),
        _ => Err(IdError(format!(
            "`{text}` is not a table name: `ref.name` or `fact.name`, small letters, digits and `_`"
        ))),
    }
}

/// Codes of organisations and targets come from elsewhere; they must only be usable as a file name.
fn code(text: &str) -> Result<(), IdError> {
    let fits = !text.is_empty()
        && !text.starts_with('.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_@".contains(c));
    if fits {
        Ok(())
    } else {
        Err(IdError(format!(
            "`{text}` is not an id: letters, digits and `.` `-` `_` `@`, not starting with `.`"
        )))
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                $check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// An indicator: kebab-case, the stem of its YAML and its query.
    IndicatorId,
    kebab_case
);
id!(
    /// A source of `sources.yml`: kebab-case.
    SourceId,
    kebab_case
);
id!(
    /// A table or view of the project: `ref.name` or `fact.name`.
    TableName,
    table_name
);
id!(
    /// An organisation over one span of validity; not a code, which may change its meaning.
    OrgId,
    code
);
id!(
    /// A row of the target table.
    TargetId,
    code
);

impl TableName {
    /// `("fact", "dossier")` of `fact.dossier`.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once('.').expect("checked when it was made")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<IndicatorId>().is_ok(), fits, "{text}");
        check("egdi-rank", true);
        check("index766-score", true);
        check("", false);
        check("Egdi", false);
        check("a--b", false);
        check("a-", false);
        check("../a", false);
    }

    #[test]
    fn table_names_cannot_carry_sql() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<TableName>().is_ok(), fits, "{text}");
        check("fact.dossier", true);
        check("ref.commune_2025", true);
        check("meta.file", false);
        check("dossier", false);
        check("fact.a; drop table b", false);
        check("fact.1a", false);
    }

    #[test]
    fn organisations_are_file_names() {
        let check = |text: &str, fits: bool| assert_eq!(text.parse::<OrgId>().is_ok(), fits, "{text}");
        check("H44.100", true);
        check("H44@2025-06-30", true);
        check("..", false);
        check("a/b", false);
        check("", false);
    }
}
