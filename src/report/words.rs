//! The words of the pages in one language, and everything that is written by its rules.
//!
//! The texts are in `templates/words/<lang>.yml`; a project may replace any of them by a file of the same name.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;

use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::cascade::unit_of;
use crate::model::indicator::{Indicator, Unit};
use crate::model::measure::Missing;
use crate::model::target::{Comparator, Target};
use crate::model::text::Lang;
use crate::project::yaml;
use crate::report::number::{Bound, MOST_DECIMALS, Numbers};

/// The texts that come with the program.
fn built_in(lang: Lang) -> Source {
    let text = match lang {
        Lang::Vi => include_str!("../../templates/words/vi.yml"),
        Lang::En => include_str!("../../templates/words/en.yml"),
    };
    Source { path: format!("templates/words/{lang}.yml"), text: text.into() }
}

/// Words and numbers of one language.
pub struct Words {
    /// The language.
    pub lang: Lang,
    /// Its numbers.
    pub numbers: Numbers,
    texts: BTreeMap<String, String>,
    collator: CollatorBorrowed<'static>,
}

/// What binary arithmetic leaves of a whole number.
const BINARY_TRACE: f64 = 1e-9;

/// What a value is on one side of, or at.
fn limits(unit: Unit) -> &'static [Bound] {
    match unit {
        Unit::Percent => &[(Comparator::AtMost, 0.0), (Comparator::AtLeast, 100.0)],
        _ => &[(Comparator::AtMost, 0.0)],
    }
}

impl Words {
    /// The words of a language, with those of `replacement` in the place of the built-in ones.
    pub fn new(lang: Lang, replacement: Option<&str>) -> Result<Self, Problems> {
        let mut texts: BTreeMap<String, String> = yaml(&built_in(lang))?;
        if let Some(text) = replacement {
            let source = Source { path: format!("templates/words/{lang}.yml"), text: text.into() };
            let own: BTreeMap<String, String> = yaml(&source)?;
            let mut problems = Problems::default();
            for key in own.keys().filter(|key| !texts.contains_key(*key)) {
                let known = texts.keys().map(String::as_str);
                let error = Diagnostic::error(format!("no text `{key}` in the pages")).suggest(key, known);
                problems.push(error.at(source.place(place_of(&source.text, key), "")));
            }
            problems.or(())?;
            texts.extend(own);
        }
        let locale = match lang {
            Lang::Vi => locale!("vi"),
            Lang::En => locale!("en"),
        };
        let collator = Collator::try_new(locale.into(), CollatorOptions::default())
            .expect("the rules of both languages are compiled in");
        Ok(Words { lang, numbers: Numbers::new(lang), texts, collator })
    }

    /// All texts, for templates.
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// A text.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        debug_assert!(self.texts.contains_key(key), "no text `{key}`");
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A text with its `{gaps}` filled, each once, so that nothing that was put in is read again.
    pub fn fill(&self, key: &str, gaps: &[(&str, &str)]) -> String {
        let mut rest = self.get(key);
        let mut text = String::new();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            match after.split_once('}') {
                Some((name, tail)) => {
                    text.push_str(gaps.iter().find(|(gap, _)| *gap == name).map_or("", |(_, value)| value));
                    rest = tail;
                }
                None => rest = after,
            }
        }
        text + rest
    }

    /// `1.204 dòng`: a count with its noun, in the number that English needs.
    pub fn count(&self, key: &str, count: u64) -> String {
        let singular = format!("{key}_one");
        let key = if count == 1 && self.texts.contains_key(&singular) { &singular } else { key };
        self.fill(key, &[("n", &self.numbers.whole(count))])
    }

    /// The order of a dictionary of the language: Đ after D.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.collator.compare(a, b).then_with(|| a.cmp(b))
    }

    /// Why there is no number.
    pub fn missing(&self, missing: Missing) -> &str {
        match missing {
            Missing::NotReported => self.get("not_reported"),
            Missing::NothingToCount => self.get("nothing_to_count"),
            Missing::NotApplicable => self.get("not_applicable"),
            Missing::Withheld => self.get("withheld"),
            Missing::NotComparable => self.get("cannot_compare"),
        }
    }

    /// The fraction of a body that belongs to another one: `toàn bộ`, `25 %`.
    pub fn share(&self, share: f64) -> String {
        if share == 1.0 {
            return self.get("share_whole").to_owned();
        }
        self.numbers.percent(&self.numbers.trimmed(100.0 * share, 2))
    }

    /// A value of an indicator with its sign of percent, rounded so that it contradicts none of the targets, and so that few are
    /// not none and not all is not 100 %.
    pub fn value(&self, indicator: &Indicator, value: f64, bounds: &[Bound]) -> String {
        let limits = limits(indicator.unit).iter().filter(|(_, limit)| (value - limit).abs() > BINARY_TRACE);
        let bounds: Vec<Bound> = bounds.iter().chain(limits).copied().collect();
        self.signed(indicator, &self.numbers.beside(value, indicator.decimals, &bounds))
    }

    /// A figure on an axis: no zeros at its end.
    pub fn tick(&self, indicator: &Indicator, value: f64, bounds: &[Bound]) -> String {
        self.signed(indicator, &self.numbers.trimmed_beside(value, indicator.decimals.max(2), bounds))
    }

    /// The key of the words that join a numerator to its denominator.
    pub fn made_of(&self, unit: Unit) -> &'static str {
        if unit == Unit::Days { "divided_by" } else { "made_of" }
    }

    fn signed(&self, indicator: &Indicator, number: &str) -> String {
        match indicator.unit {
            Unit::Percent => self.numbers.percent(number),
            _ => number.to_owned(),
        }
    }

    /// The word of the unit where numbers do not carry it themselves; empty for plain counts and indices.
    pub fn unit(&self, unit: Unit) -> &str {
        match unit {
            Unit::Percent | Unit::Count | Unit::Index => "",
            Unit::Points => self.get("unit_points"),
            Unit::Rank => self.get("unit_rank"),
            Unit::Days => self.get("unit_days"),
        }
    }

    /// A written value with its unit: `hạng 71`, `56,56 điểm`, `24,36 %`.
    pub fn with_unit(&self, indicator: &Indicator, number: &str) -> String {
        match (indicator.unit, self.unit(indicator.unit)) {
            (Unit::Rank, _) => self.fill("rank_value", &[("n", number)]),
            (_, "") => number.to_owned(),
            (_, unit) => format!("{number}\u{a0}{unit}"),
        }
    }

    /// What a target asks for: `≥ 80 %`, `hạng 70 trở lên`.
    pub fn demand(&self, target: &Target, unit: Option<Unit>) -> String {
        let sign = match target.comparator {
            Comparator::AtLeast => "≥",
            Comparator::AtMost => "≤",
            Comparator::RankAtMost => {
                let rank = self.numbers.trimmed(target.value, MOST_DECIMALS);
                return self.fill("rank_demand", &[("n", &rank)]);
            }
        };
        format!("{sign}\u{a0}{}", self.goal(target, unit))
    }

    fn goal(&self, target: &Target, unit: Option<Unit>) -> String {
        let number = self.numbers.trimmed(target.value, MOST_DECIMALS);
        match unit.or_else(|| unit_of(&target.unit)) {
            Some(Unit::Percent) => self.numbers.percent(&number),
            Some(Unit::Rank) => self.fill("rank_value", &[("n", &number)]),
            Some(Unit::Points) => format!("{number}\u{a0}{}", self.get("unit_points")),
            Some(Unit::Days) => format!("{number}\u{a0}{}", self.get("unit_days")),
            Some(Unit::Count | Unit::Index) => number,
            None if target.unit.is_empty() => number,
            None => format!("{number}\u{a0}{}", target.unit),
        }
    }

    /// A distance in the unit of an indicator: `15 bậc`, `3,2 điểm phần trăm`.
    pub fn distance(&self, indicator: &Indicator, difference: f64) -> String {
        let number = self.numbers.distance(difference, indicator.decimals);
        let key = match indicator.unit {
            Unit::Percent => "percentage_points",
            Unit::Points => "points",
            Unit::Rank => "places",
            Unit::Days => "days",
            Unit::Count | Unit::Index => return number,
        };
        let singular = format!("{key}_one");
        let key = if number == "1" && self.texts.contains_key(&singular) { &singular } else { key };
        self.fill(key, &[("n", &number)])
    }
}

/// Where a key begins its line.
fn place_of(text: &str, key: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let quoted = usize::from(line.starts_with(['"', '\'']));
        let rest = line[quoted..].strip_prefix(key);
        if rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':')) {
            return start + quoted..start + quoted + key.len();
        }
        start += line.len();
    }
    0..0
}

/// A name or a period to stand within a sentence: in Vietnamese it begins with a common noun, in English it is a name.
pub fn name_within(lang: Lang, name: &str) -> String {
    match lang {
        Lang::Vi => first_lowered(name),
        Lang::En => name.to_owned(),
    }
}

/// A text to stand within a sentence. Words that are written in capitals stay so, and `Q3` does.
pub fn first_lowered(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second.is_whitespace() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lang: Lang) -> Words {
        Words::new(lang, None).expect("built-in words")
    }

    #[test]
    fn both_languages_have_the_same_words_and_gaps() {
        let (vi, en) = (words(Lang::Vi), words(Lang::En));
        let gaps = |text: &str| {
            let mut gaps: Vec<_> =
                text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|t| t.0.to_owned()).collect();
            gaps.sort();
            gaps
        };
        for (key, text) in en.texts() {
            let other = vi.texts().get(key).unwrap_or_else(|| panic!("no `{key}` in Vietnamese"));
            assert_eq!(gaps(text), gaps(other), "{key}");
        }
        assert_eq!(vi.texts().len(), en.texts().len());
    }

    #[test]
    fn what_was_put_in_is_not_read_again() {
        let words = words(Lang::En);
        assert_eq!(words.fill("rank_value", &[("n", "{n}")]), "rank\u{a0}{n}");
    }

    #[test]
    fn few_are_not_none_and_not_all_is_not_all() {
        use crate::model::indicator::Shape;
        use crate::model::text::Text;

        let words = words(Lang::En);
        let share = crate::report::fixture::indicator(
            "share",
            Text::both("Tỷ lệ", "Share"),
            Unit::Percent,
            Shape::Ratio,
        );
        let share = Indicator { decimals: 2, ..share };
        let cases = [
            (0.0, "0.00%"),
            (100.0 * 2.0 / 617_612.0, "0.0003%"),
            (0.006, "0.01%"),
            (100.0 * 617_610.0 / 617_612.0, "99.9997%"),
            (100.0, "100.00%"),
            (99.999_999_999_999, "100.00%"),
            (1e-14, "0.00%"),
            (100.004, "100.00%"),
        ];
        for (value, written) in cases {
            assert_eq!(words.value(&share, value, &[]), written, "{value}");
        }
    }

    #[test]
    fn names_are_sorted_as_in_a_dictionary() {
        let words = words(Lang::Vi);
        let mut names =
            ["Đồng Nai", "Hà Nội", "Đà Nẵng", "Cà Mau", "Điện Biên", "An Giang", "Dak", "Êa", "Ea"];
        names.sort_by(|a, b| words.compare(a, b));
        assert_eq!(
            names,
            ["An Giang", "Cà Mau", "Dak", "Đà Nẵng", "Điện Biên", "Đồng Nai", "Ea", "Êa", "Hà Nội"]
        );
    }

    #[test]
    fn a_project_may_replace_words_but_not_invent_them() {
        let words = Words::new(Lang::En, Some("overview: Front page")).expect("a known word");
        assert_eq!(words.get("overview"), "Front page");
        let unknown = Words::new(Lang::En, Some("data: Data\noverveiw: Front page\nsuorces: From")).err();
        let told: Vec<String> =
            unknown.expect("unknown words").0.iter().map(|one| one.render(false)).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[1].contains("templates/words/en.yml:2:1") && told[1].contains("`overview`"), "{told:?}");
        assert!(Words::new(Lang::En, Some("- a list")).is_err());
    }

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(words(Lang::En).count("n_rows", 1), "1 row");
        assert_eq!(words(Lang::En).count("n_rows", 1204), "1,204 rows");
        assert_eq!(words(Lang::Vi).count("n_rows", 1204), "1.204 dòng");
    }

    #[test]
    fn words_within_a_sentence_begin_small_unless_they_are_names() {
        let check = |text: &str, expected: &str| assert_eq!(first_lowered(text), expected);
        check("Quý III/2026", "quý III/2026");
        check("Đạt", "đạt");
        check("Q3 2026", "Q3 2026");
        check("TTHC", "TTHC");
        check("A year", "a year");
        check("", "");
        assert_eq!(name_within(Lang::Vi, "Tỉnh Phú Thọ"), "tỉnh Phú Thọ");
        assert_eq!(name_within(Lang::En, "Phu Tho province"), "Phu Tho province");
    }
}
