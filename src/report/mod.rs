//! A report: results in, a static site out.
//!
//! Takes a checked [`ReportDefinition`], the [`Results`] and [`Templates`]; gives all files of the site as
//! bytes. Opens no file of a project while rendering, asks no clock, reaches no network: the same input gives
//! the same bytes. Reading order: `definition`, `view` (results by organisation and in time), `words` with
//! `number` and `time`, `page` (what templates see), then one file per kind of page.

mod book;
mod course;
pub mod definition;
pub mod explain;
mod figure;
#[cfg(test)]
mod fixture;
mod headline;
pub mod index;
mod indicator;
mod list;
mod mark;
mod method;
mod number;
mod organisation;
pub mod outlook;
mod overview;
pub mod page;
pub mod planning;
mod progress;
mod quality;
pub mod rejected;
mod restated;
mod revision;
mod sender;
pub mod sender_text;
mod target;
mod target_page;
pub mod target_text;
mod template;
mod time;
mod uncertainty;
mod view;
mod whatif;
pub mod withheld_text;
pub mod words;

use serde::Serialize;

use crate::diagnostic::Problems;
use crate::model::outlook::Course;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::report::book::{Book, Contents};
use crate::report::definition::ReportDefinition;
use crate::report::page::{Choice, RootPage};
use crate::report::template::Engine;
use crate::report::view::View;

pub use crate::report::template::Templates;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its place in the site, with `/`.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// All files of the site, in a fixed order; `courses` are those of the indices that are followed in time.
pub fn render(
    definition: &ReportDefinition,
    results: &Results,
    courses: &[Course],
    templates: &Templates,
) -> Result<Vec<Page>, Problems> {
    let view = View::new(results);
    let contents = Contents::new(definition, &view);
    let mut pages = vec![root(definition, templates)?];
    for lang in &definition.languages {
        let words = templates.words(*lang)?;
        let engine = templates.engine(Some(&words))?;
        let book = Book { definition, view: &view, words: &words, contents: &contents };
        Press { lang: *lang, engine: &engine, pages: &mut pages }.print(&book, courses)?;
    }
    let assets = templates.assets();
    pages.extend(assets.into_iter().map(|(path, bytes)| Page { path: path.to_owned(), bytes }));
    Ok(pages)
}

/// Fills templates and collects the pages of one language.
struct Press<'a> {
    lang: Lang,
    engine: &'a Engine<'a>,
    pages: &'a mut Vec<Page>,
}

impl Press<'_> {
    fn print(&mut self, book: &Book<'_>, courses: &[Course]) -> Result<(), Problems> {
        self.add("index.html", "overview.html", &overview::page(book))?;
        self.add("indicators.html", "indicators.html", &list::indicators(book))?;
        self.add("organisations.html", "organisations.html", &list::organisations(book))?;
        self.add("data.html", "data.html", &quality::page(book))?;
        self.add("method.html", "method.html", &method::page(book))?;
        for indicator in &book.contents.indicators {
            let path = format!("indicator/{}.html", indicator.id);
            self.add(&path, "indicator.html", &indicator::page(book, indicator))?;
        }
        for (index, drawn) in book.contents.indices.iter().zip(&book.contents.drawn) {
            let path = format!("index/{}.html", index.tree.id);
            self.add(&path, "index.html", &index::page(book, index, drawn.as_ref()))?;
            if let Some(case) = whatif::case(index) {
                self.add(&whatif::path(&index.tree), "whatif.html", &whatif::page(book, index, &case))?;
            }
            if let Some(course) = courses.iter().find(|course| course.index == index.tree.id) {
                let path = format!("index/{}-course.html", index.tree.id);
                self.add(&path, "course.html", &course::page(book, index, course))?;
            }
        }
        for target in &book.view.results.targets {
            self.add(&target_page::path(target), "target.html", &target_page::page(book, target))?;
        }
        for org in &book.contents.organisations {
            let path = format!("organisation/{}.html", org.id);
            self.add(&path, "organisation.html", &organisation::page(book, org))?;
        }
        Ok(())
    }

    fn add<T: Serialize>(&mut self, path: &str, template: &str, page: &T) -> Result<(), Problems> {
        let html = self.engine.render(template, page)?;
        self.pages.push(Page { path: format!("{}/{path}", self.lang), bytes: html.into_bytes() });
        Ok(())
    }
}

/// The page at the root, which leads to the first language without script.
fn root(definition: &ReportDefinition, templates: &Templates) -> Result<Page, Problems> {
    let first = definition.languages.first().copied().unwrap_or(Lang::Vi);
    let mut languages = vec![];
    for lang in &definition.languages {
        languages.push(Choice {
            text: book::language_name(*lang).to_owned(),
            href: format!("{lang}/index.html"),
            lang: lang.to_string(),
            current: *lang == first,
        });
    }
    let page = RootPage {
        lang: first.to_string(),
        title: definition.title.get(first).to_owned(),
        href: format!("{first}/index.html"),
        languages,
    };
    let html = templates.engine(None)?.render("root.html", &page)?;
    Ok(Page { path: "index.html".to_owned(), bytes: html.into_bytes() })
}

#[cfg(test)]
mod tests;
