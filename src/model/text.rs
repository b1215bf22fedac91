//! Texts in the languages of a report.

use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order of preference.
    pub const ALL: [Lang; 2] = [Lang::Vi, Lang::En];

    /// The BCP 47 code, used in `lang` attributes and folder names.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Lang::ALL
            .into_iter()
            .find(|lang| lang.code() == text)
            .ok_or_else(|| format!("no language `{text}`: `vi` or `en`"))
    }
}

/// One text in one or both languages; never empty in all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    vi: Option<String>,
    en: Option<String>,
}

impl Text {
    /// A text given in both languages.
    pub fn both(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Text { vi: Some(vi.into()), en: Some(en.into()) }
    }

    /// The text in `lang`, or in the other language where this one was not written.
    pub fn get(&self, lang: Lang) -> &str {
        let (first, second) = match lang {
            Lang::Vi => (&self.vi, &self.en),
            Lang::En => (&self.en, &self.vi),
        };
        first.as_deref().or(second.as_deref()).unwrap_or_default()
    }

    /// Whether the text was written in `lang`.
    pub fn has(&self, lang: Lang) -> bool {
        match lang {
            Lang::Vi => self.vi.is_some(),
            Lang::En => self.en.is_some(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextFile {
    vi: Option<String>,
    en: Option<String>,
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let file = TextFile::deserialize(deserializer)?;
        let tidy = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        let text = Text { vi: tidy(file.vi), en: tidy(file.en) };
        if text.vi.is_none() && text.en.is_none() {
            return Err(serde::de::Error::custom("a text needs `vi`, `en` or both"));
        }
        Ok(text)
    }
}

/// A text that a spreadsheet would take for a formula, with an apostrophe before it.
pub fn harmless_cell(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// A name: one text for every language, or one for each, `{ vi: ..., en: ... }`.
pub fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    deserializer.deserialize_any(NameVisitor)
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or `{ vi: ..., en: ... }`")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Text, E> {
        match name.trim() {
            "" => Err(E::custom("a name is not empty")),
            name => Ok(Text::both(name, name)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        Text::deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Named(#[serde(deserialize_with = "name")] Text);

    #[test]
    fn a_name_is_one_text_or_one_for_each_language() {
        let named = |json: &str| serde_json::from_str::<Named>(json).map(|named| named.0);
        assert_eq!(named(r#""MIT ""#).expect("a name"), Text::both("MIT", "MIT"));
        assert_eq!(
            named(r#"{"vi": "Bộ", "en": "A ministry"}"#).expect("a name"),
            Text::both("Bộ", "A ministry")
        );
        for wrong in [r#""""#, "7", "{}", r#"{"fr": "Un"}"#] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn formulas_are_texts() {
        assert_eq!(harmless_cell("=1+1"), "'=1+1");
        assert_eq!(harmless_cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless_cell("Đắk Lắk"), "Đắk Lắk");
        assert_eq!(harmless_cell(""), "");
    }

    #[test]
    fn a_missing_language_falls_back_to_the_other() {
        let text: Text = serde_json::from_str(r#"{"en": " Rank "}"#).expect("valid");
        assert_eq!(text.get(Lang::Vi), "Rank");
        assert!(!text.has(Lang::Vi));
        assert!(serde_json::from_str::<Text>(r#"{"vi": "  "}"#).is_err());
        assert!(serde_json::from_str::<Text>(r#"{"fr": "Rang"}"#).is_err());
    }
}
