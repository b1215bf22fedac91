//! Templates: the built-in ones, those of a project in their place, and errors that name file and line.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, escape_formatter,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::chart;
use crate::diagnostic::{Diagnostic, Problems, Source};
use crate::model::text::Lang;
use crate::report::words::Words;

const PAGES: [(&str, &str); 20] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("root.html", include_str!("../../templates/root.html")),
    ("overview.html", include_str!("../../templates/overview.html")),
    ("indicator.html", include_str!("../../templates/indicator.html")),
    ("organisation.html", include_str!("../../templates/organisation.html")),
    ("indicators.html", include_str!("../../templates/indicators.html")),
    ("organisations.html", include_str!("../../templates/organisations.html")),
    ("data.html", include_str!("../../templates/data.html")),
    ("method.html", include_str!("../../templates/method.html")),
    ("index.html", include_str!("../../templates/index.html")),
    ("whatif.html", include_str!("../../templates/whatif.html")),
    ("target.html", include_str!("../../templates/target.html")),
    ("course.html", include_str!("../../templates/course.html")),
    ("list.html", include_str!("../../templates/list.html")),
    ("topic.html", include_str!("../../templates/topic.html")),
    ("sections.html", include_str!("../../templates/sections.html")),
    ("sheet.html", include_str!("../../templates/sheet.html")),
    ("print/document.html", include_str!("../../templates/print/document.html")),
    ("print/document.css", include_str!("../../templates/print/document.css")),
];

const STYLE: &str = include_str!("../../templates/assets/style.css");
const SCRIPT: &str = include_str!("../../templates/assets/script.js");
const WHAT_IF: &str = include_str!("../../templates/assets/whatif.js");
const REGULAR: &[u8] = include_bytes!("../../templates/assets/fonts/inter-regular.woff2");
const SEMIBOLD: &[u8] = include_bytes!("../../templates/assets/fonts/inter-semibold.woff2");
const FONT_LICENCE: &[u8] = include_bytes!("../../templates/assets/fonts/OFL.txt");

/// The templates of a site.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    own: BTreeMap<String, String>,
}

impl Templates {
    /// The built-in templates, with `own` in the place of those of the same name, such as `overview.html`,
    /// `assets/style.css` or `words/vi.yml`.
    pub fn new(own: &BTreeMap<String, String>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        for name in own.keys() {
            if !Self::names().contains(&name.as_str()) {
                let error = Diagnostic::error(format!("the pages use no template `{name}`"));
                problems.push(error.in_file(format!("templates/{name}")).suggest(name, Self::names()));
            }
        }
        problems.or(Templates { own: own.clone() })
    }

    /// Reads all of them; everything that is wrong at once. What a page does not have is only seen when it is made.
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        problems.keep(self.engine(None));
        for lang in Lang::ALL {
            problems.keep(self.words(lang));
        }
        problems.or(())
    }

    /// The names that a project may replace.
    pub fn names() -> Vec<&'static str> {
        let other =
            ["assets/style.css", "assets/script.js", "assets/whatif.js", "words/vi.yml", "words/en.yml"];
        PAGES.iter().map(|(name, _)| *name).chain(other).collect()
    }

    /// The words of a language.
    pub fn words(&self, lang: Lang) -> Result<Words, Problems> {
        Words::new(lang, self.own.get(&format!("words/{lang}.yml")).map(String::as_str))
    }

    /// Files that all pages share, with their paths.
    pub fn assets(&self) -> Vec<(&'static str, Vec<u8>)> {
        let style = format!("{}\n{}", self.text("assets/style.css", STYLE), chart::CSS);
        vec![
            ("assets/style.css", style.into_bytes()),
            ("assets/script.js", self.text("assets/script.js", SCRIPT).as_bytes().to_vec()),
            ("assets/whatif.js", self.text("assets/whatif.js", WHAT_IF).as_bytes().to_vec()),
            ("assets/fonts/inter-regular.woff2", REGULAR.to_vec()),
            ("assets/fonts/inter-semibold.woff2", SEMIBOLD.to_vec()),
            ("assets/fonts/OFL.txt", FONT_LICENCE.to_vec()),
        ]
    }

    fn text<'a>(&'a self, name: &str, built_in: &'a str) -> &'a str {
        self.own.get(name).map_or(built_in, String::as_str)
    }

    /// The sum of all templates and of the words of a language.
    pub fn sum(&self, words: &Words) -> Sha256 {
        let mut sum = Sha256::new();
        let texts = words.texts().iter().map(|(key, text)| (key.as_str(), text.as_str()));
        for (name, text) in PAGES.iter().map(|(name, text)| (*name, self.text(name, text))).chain(texts) {
            // With lengths, so that no text can pass for two.
            sum.update(format!("{} {name} {} {text}", name.len(), text.len()));
        }
        sum
    }

    /// The engine for the pages of one language; `words` may be absent for pages of no language.
    pub fn engine(&self, words: Option<&Words>) -> Result<Engine<'_>, Problems> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(escape);
        environment.set_syntax(syntax());
        environment.set_debug(true);
        if let Some(words) = words {
            environment.add_global("words", Value::from(Serde(words.texts())));
        }
        let mut problems = Problems::default();
        for (name, built_in) in PAGES {
            if let Err(error) = environment.add_template(name, self.text(name, built_in)) {
                problems.push(self.diagnostic(&error));
            }
        }
        problems.or(Engine { templates: self, environment })
    }

    /// What went wrong in a template, with its line.
    fn diagnostic(&self, error: &Error) -> Diagnostic {
        let name = error.name().unwrap_or("templates");
        let built_in = PAGES.iter().find(|(page, _)| *page == name).map_or("", |(_, text)| text);
        let text = self.text(name, built_in);
        let source = Source { path: format!("templates/{name}"), text: text.into() };
        let range = error.range().filter(|range| text.get(range.clone()).is_some());
        let range = range.unwrap_or_else(|| line_range(text, error.line().unwrap_or(1)));
        Diagnostic::error(message(error)).at(source.place(range, ""))
    }
}

/// Lines that hold nothing but a tag leave no blank line behind.
fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    syntax.build().expect("the usual marks of tags do not clash")
}

/// Templates that are ready to be filled.
pub struct Engine<'a> {
    templates: &'a Templates,
    environment: Environment<'a>,
}

impl Engine<'_> {
    /// A page.
    pub fn render<T: Serialize>(&self, template: &str, page: &T) -> Result<String, Problems> {
        self.environment
            .get_template(template)
            .and_then(|template| template.render(Serde(page)))
            .map_err(|error| self.templates.diagnostic(&error).into())
    }
}

/// Escapes what HTML could take for markup. The engine's own way also writes `/` as `&#x2f;`, which only makes
/// pages longer and links hard to read.
fn escape(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let Some(text) = value.as_str().filter(|_| !value.is_safe()) else {
        return escape_formatter(out, state, value);
    };
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest).map_err(Error::from)
}

fn message(error: &Error) -> String {
    let kind = match error.kind() {
        ErrorKind::SyntaxError => "the template cannot be read".to_owned(),
        ErrorKind::UndefinedError => "the template uses a name that the page does not have".to_owned(),
        ErrorKind::TemplateNotFound => "the template uses another one that is not there".to_owned(),
        kind => format!("the template failed: {kind}"),
    };
    match error.detail() {
        Some(detail) => format!("{kind}: {detail}"),
        None => kind,
    }
}

fn line_range(text: &str, line: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start.min(text.len())..].lines().next().map_or(0, str::len);
    start.min(text.len())..(start + length).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn own(name: &str, text: &str) -> Templates {
        Templates::new(&BTreeMap::from([(name.to_owned(), text.to_owned())])).expect("a known name")
    }

    fn problems(templates: &Templates) -> String {
        let error = fixture::site(&fixture::definition(), &fixture::results(), templates);
        error.expect_err("a broken template").0.iter().map(|d| d.render(false)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn errors_name_file_and_line() {
        let undefined = own("method.html", "<p>\n{{ frame.title }}\n{{ frame.colour }}\n</p>\n");
        insta::assert_snapshot!(problems(&undefined));
        let syntax = own("method.html", "<p>\n{% for a in %}\n</p>\n");
        insta::assert_snapshot!(problems(&syntax));
    }

    #[test]
    fn unknown_templates_are_named() {
        let own = BTreeMap::from([("overveiw.html".to_owned(), String::new())]);
        let problems = Templates::new(&own).expect_err("no such template");
        assert!(problems.0[0].hints[0].contains("overview.html"));
    }
}
