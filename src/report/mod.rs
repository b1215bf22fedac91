//! A report: results in, a static site out.
//!
//! Takes a checked [`ReportDefinition`], the [`Results`] and [`Templates`]; hands all files of the site as bytes to a
//! [`Shelf`]. Opens no file of a project while rendering, asks no clock, reaches no network: the same input gives
//! the same bytes. Reading order: `definition`, `view` (results by organisation and in time), `words` with
//! `number` and `time`, `page` (what templates see), `press` (pages made on all cores), `sheet` (long tables
//! cut), then one file per kind of page.

pub mod account;
mod bodies;
mod book;
mod changes;
pub mod chart_file;
pub mod chase;
mod chase_page;
mod check;
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
#[cfg(test)]
mod nation;
mod number;
mod organisation;
pub mod outlook;
mod overview;
pub mod page;
pub mod planning;
mod press;
pub mod print;
mod progress;
mod quality;
mod ranking;
mod reconciliation;
mod restated;
mod revision;
mod scores;
mod search;
mod sender;
pub mod sender_text;
mod sheet;
mod target;
mod target_page;
pub mod target_text;
mod template;
pub mod time;
mod topic;
mod uncertainty;
mod view;
mod whatif;
pub mod withheld_text;
pub mod words;

use std::collections::BTreeMap;

use crate::diagnostic::Problems;
use crate::model::outlook::Course;
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::report::book::{Book, Contents};
use crate::report::definition::{ReportDefinition, Topic};
use crate::report::page::{Choice, RootPage};
use crate::report::press::{Leaves, Stock};

pub use crate::report::figure::ChartKind;
pub use crate::report::press::{MadeFrom, Shelf};
pub use crate::report::template::Templates;
pub use crate::report::view::View;

/// Makes all files of a site and puts them on the shelf, pages on all cores; gives how many pages there are.
/// `courses` are those of the indices that are followed in time.
pub fn render(
    definition: &ReportDefinition,
    view: &View<'_>,
    courses: &[Course],
    templates: &Templates,
    shelf: &dyn Shelf,
) -> Result<u64, Problems> {
    let contents = Contents::new(definition, view);
    let leaves = leaves(&definition.topics, &contents, view, courses);
    let mut files = vec![
        ("index.html".to_owned(), root(definition, templates)?),
        ("assets/state.js".to_owned(), state(definition, view.results, templates)?),
    ];
    files.extend(templates.assets().into_iter().map(|(path, bytes)| (path.to_owned(), bytes)));
    for lang in &definition.languages {
        let words = templates.words(*lang)?;
        let book = Book { definition, view, words: &words, contents: &contents };
        files.push((search::path(*lang), search::file(&book)));
        files.extend(
            chase_page::files(&book).into_iter().map(|(path, bytes)| (format!("{lang}/{path}"), bytes)),
        );
    }
    for (path, bytes) in files {
        let made_from = MadeFrom::bytes(&bytes);
        if !shelf.keeps(&path, made_from) {
            shelf.put(&path, made_from, &bytes)?;
        }
    }
    let stock = Stock { definition, view, contents: &contents, templates };
    let mut pages = 1;
    for lang in &definition.languages {
        pages += stock.print(*lang, &leaves, shelf)?;
    }
    Ok(pages)
}

/// The pages of each language, those that take longest first.
fn leaves<'a>(
    topics: &'a [Topic],
    contents: &'a Contents<'a>,
    view: &'a View<'a>,
    courses: &'a [Course],
) -> Leaves<'a> {
    let (results, mut leaves) = (view.results, Leaves::default());
    leaves.add("index.html", "overview.html", overview::page);
    leaves.add("indicators.html", "indicators.html", list::indicators);
    leaves.add("organisations.html", "organisations.html", list::organisations);
    leaves.add("rankings.html", "sections.html", ranking::page);
    leaves.add("reconciliation.html", "sections.html", reconciliation::page);
    leaves.add("changes.html", "sections.html", changes::page);
    leaves.add("data.html", "data.html", quality::page);
    if chase_page::is_there(results) {
        leaves.add(chase_page::PATH, "sections.html", chase_page::page);
    }
    leaves.add("method.html", "method.html", method::page);
    for topic in topics {
        leaves.add(topic::path(topic), "topic.html", move |book| topic::page(book, topic));
    }
    for indicator in &contents.indicators {
        let path = format!("indicator/{}.html", indicator.id);
        leaves.add(path, "indicator.html", move |book| indicator::page(book, indicator));
        if bodies::is_apart(view, indicator, &contents.levels) {
            leaves.add(bodies::path(indicator), "course.html", move |book| bodies::page(book, indicator));
        }
    }
    for (index, drawn) in contents.indices.iter().zip(&contents.drawn) {
        let path = format!("index/{}.html", index.tree.id);
        leaves.add(path, "index.html", move |book| index::page(book, index, drawn.as_ref()));
        if let Some(case) = whatif::case(index) {
            let path = whatif::path(&index.tree);
            leaves.add(path, "whatif.html", move |book| whatif::page(book, index, &case));
        }
        if let Some(course) = courses.iter().find(|course| course.index == index.tree.id) {
            let path = format!("index/{}-course.html", index.tree.id);
            leaves.add(path, "course.html", move |book| course::page(book, index, course));
        }
    }
    for check in results.checks.iter().filter(|check| !check.rows.is_empty()) {
        leaves.add(check::path(check), "sheet.html", move |book| check::page(book, check));
    }
    for target in &results.targets {
        leaves.add(target_page::path(target), "target.html", move |book| target_page::page(book, target));
    }
    for org in &contents.organisations {
        let path = format!("organisation/{}.html", org.id);
        leaves.add(path, "organisation.html", move |book| organisation::page(book, org));
    }
    leaves
}

/// The state of the data in every language, for the script of the pages.
fn state(
    definition: &ReportDefinition,
    results: &Results,
    templates: &Templates,
) -> Result<Vec<u8>, Problems> {
    let mut lines = BTreeMap::new();
    for lang in &definition.languages {
        lines.insert(lang.to_string(), book::state_line(&templates.words(*lang)?, &results.vintage));
    }
    let lines = serde_json::to_string(&lines).expect("texts only");
    Ok(format!("window.chisoState = {lines};\n").into_bytes())
}

/// The page at the root, which leads to the first language without script.
fn root(definition: &ReportDefinition, templates: &Templates) -> Result<Vec<u8>, Problems> {
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
    Ok(templates.engine(None)?.render("root.html", &page)?.into_bytes())
}

#[cfg(test)]
mod tests;
