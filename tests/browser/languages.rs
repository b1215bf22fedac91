//! Texts that the project has in both languages, and pages that show one in the wrong language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use serde_yaml::Value;

/// A shorter text may be the same in both languages, or part of a name.
const SHORTEST: usize = 14;

/// Texts of one language that no page of the other may show.
pub struct Foreign {
    pattern: Regex,
}

impl Foreign {
    /// The texts of `lang` in the definitions and words of a project, but for `names`, which are the same in both languages.
    pub fn texts_of(lang: &str, project: &Path, names: &[String]) -> Foreign {
        let pairs = pairs(project);
        let (own, others): (Vec<String>, Vec<String>) =
            pairs.into_iter().map(|(vi, en)| if lang == "vi" { (vi, en) } else { (en, vi) }).unzip();
        let others = others.join("\n") + &names.join("\n");
        // What stands in a text of the other language as well, such as the name of a publication, belongs to both.
        let texts: BTreeSet<&str> =
            own.iter().flat_map(|text| pieces(text)).filter(|text| !others.contains(text)).collect();
        assert!(texts.len() > 500, "{lang}: {} texts", texts.len());
        let pattern = texts.iter().map(|text| regex::escape(&escaped(text))).collect::<Vec<_>>().join("|");
        Foreign { pattern: Regex::new(&pattern).expect("literal texts") }
    }

    /// The first of them in a page.
    pub fn first_in<'a>(&self, html: &'a str) -> Option<&'a str> {
        self.pattern.find(html).map(|found| found.as_str())
    }
}

/// What of a text stands in pages as it is: what is between its `{gaps}`, if it is long enough to be told from a name.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split('{').enumerate();
    let outside = parts
        .map(|(n, part)| if n == 0 { part } else { part.split_once('}').map_or(part, |(_, after)| after) });
    let long = |part: &&str| part.chars().count() >= SHORTEST && part.split_whitespace().count() >= 3;
    outside.map(|part| part.trim_matches([' ', '.', ',', ';', ':', '(', ')'])).filter(long)
}

/// As templates write it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#x27;")
}

/// Every text that the project has in Vietnamese and in English.
fn pairs(project: &Path) -> Vec<(String, String)> {
    let mut pairs = vec![];
    for folder in ["indicators", "queries", "reports", "."] {
        for file in files(&project.join(folder), "yml", folder != ".") {
            collect(&read(&file), &mut pairs);
        }
    }
    pairs.extend(files(&project.join("queries/checks"), "sql", false).iter().filter_map(|file| rule(file)));
    let words = |lang| -> BTreeMap<String, String> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/words/{lang}.yml"));
        serde_yaml::from_value(read(&file)).expect("words")
    };
    let mut english = words("en");
    pairs.extend(words("vi").into_iter().filter_map(|(key, text)| Some((text, english.remove(&key)?))));
    pairs.retain(|(vi, en)| vi != en);
    pairs
}

fn read(file: &Path) -> Value {
    let text = fs::read_to_string(file).expect("readable");
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What a check says of itself, at its top.
fn rule(file: &Path) -> Option<(String, String)> {
    let text = fs::read_to_string(file).expect("readable");
    let said =
        |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).map(|said| said.trim().to_owned());
    Some((said("-- title_vi:")?, said("-- title:")?))
}

fn files(folder: &Path, ending: &str, below: bool) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        if path.is_dir() && below {
            found.extend(files(&path, ending, below));
        } else if path.extension().is_some_and(|its| its == ending) {
            found.push(path);
        }
    }
    found
}

/// Mappings with `vi` and `en`, wherever they are.
fn collect(value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Mapping(mapping) => {
            let text = |key: &str| mapping.get(key).and_then(Value::as_str);
            if let (Some(vi), Some(en)) = (text("vi"), text("en")) {
                pairs.push((vi.trim().to_owned(), en.trim().to_owned()));
            }
            mapping.iter().for_each(|(_, value)| collect(value, pairs));
        }
        Value::Sequence(values) => values.iter().for_each(|value| collect(value, pairs)),
        _ => {}
    }
}
