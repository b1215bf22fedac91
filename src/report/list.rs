//! The lists of indicators and organisations, whole without script, filtered by it.

use std::collections::BTreeMap;

use crate::model::id::IndicatorId;
use crate::model::organisation::Organisation;
use crate::model::text::Lang;
use crate::report::book::{Book, Here};
use crate::report::page::{Group, Link, ListPage};
use crate::report::time;

/// A level with more bodies than this is listed on the pages of the bodies above it.
const MOST_LISTED: usize = 400;

/// `indicators.html`
pub fn indicators(book: &Book<'_>) -> ListPage {
    let here = here(book, "indicators.html", "indicators");
    let sections = book.definition.sections.iter().filter(|section| !section.indicators.is_empty());
    let groups = sections.map(|section| {
        let known = section.indicators.iter().filter_map(|id| book.view.indicator(id));
        let links: Vec<_> = known
            .map(|indicator| Link {
                text: book.text(&indicator.title).to_owned(),
                href: book.indicator_href("", &indicator.id),
            })
            .collect();
        group(book, book.text(&section.title).to_owned(), links, &[])
    });
    ListPage {
        frame: book.frame(&here),
        intro: book.word("indicators_intro"),
        groups: groups.flatten().collect(),
    }
}

/// `organisations.html`
pub fn organisations(book: &Book<'_>) -> ListPage {
    let here = here(book, "organisations.html", "organisations");
    let all: Vec<_> = book.view.results.organisations.iter().collect();
    ListPage {
        frame: book.frame(&here),
        intro: book.word("organisations_intro"),
        groups: by_level(book, &all, ""),
    }
}

/// Organisations under the headings of their levels; where there are many under several bodies, by body.
///
/// Those with a page are links, the others are counted: a country has thousands of communes without data. Of a level with
/// very many the bodies above are listed, each with how many it has: their own pages name them.
pub fn by_level(book: &Book<'_>, organisations: &[&Organisation], home: &str) -> Vec<Group> {
    let mut groups = vec![];
    for level in book.contents.levels.iter().copied() {
        let of_level = organisations.iter().filter(|org| org.level == level).copied();
        let (shown, mut others): (Vec<_>, Vec<_>) =
            of_level.partition(|org| book.organisation_href(home, &org.id).is_some());
        let mut bodies: BTreeMap<_, Vec<&Organisation>> = BTreeMap::new();
        for org in &shown {
            bodies.entry(&org.parent).or_default().push(org);
        }
        if bodies.len() <= 1 || shown.len() <= 40 {
            groups.extend(group(book, book.level(level), links(book, &shown, home), &others));
            continue;
        }
        let (many, mut above) = (shown.len(), vec![]);
        for (parent, shown) in bodies {
            let name = parent.as_ref().map_or_else(String::new, |parent| book.name(parent));
            let page = parent.as_ref().and_then(|parent| book.organisation_href(home, parent));
            if let Some(page) = page.filter(|_| many > MOST_LISTED) {
                let text =
                    book.words.fill("listed_below", &[("name", &name), ("n", &whole(book, shown.len()))]);
                above.push(Link { text, href: Some(format!("{page}#children")) });
                continue;
            }
            let title = format!("{} – {name}", book.level(level));
            let (below, elsewhere): (Vec<_>, Vec<_>) = others.iter().partition(|org| org.parent == *parent);
            others = elsewhere;
            groups.extend(group(book, title, links(book, &shown, home), &below));
        }
        let listed = if above.is_empty() { 0 } else { many };
        above.sort_by(|a, b| book.words.compare(&a.text, &b.text));
        let last = group(book, book.level(level), above, &others);
        groups.extend(last.map(|last| Group { count: whole(book, listed), ..last }));
    }
    groups
}

fn whole(book: &Book<'_>, n: usize) -> String {
    book.words.numbers.whole(u64::try_from(n).unwrap_or(u64::MAX))
}

/// Links in the order of a dictionary.
fn links(book: &Book<'_>, organisations: &[&Organisation], home: &str) -> Vec<Link> {
    let mut links: Vec<_> = organisations
        .iter()
        .map(|org| Link { text: dated_name(book, org), href: book.organisation_href(home, &org.id) })
        .collect();
    links.sort_by(|a, b| book.words.compare(&a.text, &b.text).then_with(|| a.href.cmp(&b.href)));
    links
}

/// The name, with the last day of a body that is no more, unless the name itself says it.
fn dated_name(book: &Book<'_>, org: &Organisation) -> String {
    let name = book.text(&org.name);
    match org.valid_to {
        Some(day) if !name.contains(&day.to_string()) && !name.contains(&time::date(Lang::Vi, day)) => {
            let day = time::date(book.lang(), day);
            book.words.fill("until_name", &[("name", name), ("day", &day)])
        }
        _ => name.to_owned(),
    }
}

/// A group, unless nobody is in it.
fn group(book: &Book<'_>, title: String, links: Vec<Link>, others: &[&Organisation]) -> Option<Group> {
    let others = without_page(book, others);
    let count = whole(book, links.len());
    (!links.is_empty() || others.is_some()).then_some(Group { title, count, links, others })
}

/// How many have no page, and why; those that ended apart, since nobody expects any data of them.
fn without_page(book: &Book<'_>, organisations: &[&Organisation]) -> Option<String> {
    let (mut with_data, mut without_data, mut ended) = (0, 0, 0);
    for org in organisations {
        *match (book.contents.is_observed(&org.id), org.valid_to) {
            (true, _) => &mut with_data,
            (false, None) => &mut without_data,
            (false, Some(_)) => &mut ended,
        } += 1;
    }
    let counts = [
        ("bodies_without_page", with_data),
        ("bodies_without_data", without_data),
        ("ended_without_data", ended),
    ];
    let said: Vec<_> =
        counts.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| book.words.count(key, n)).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn here(book: &Book<'_>, path: &'static str, key: &'static str) -> Here {
    Here { path: path.to_owned(), title: book.word(key), menu: path }
}

/// The files offered on the page of an indicator, or on the page on data quality.
pub fn downloads(book: &Book<'_>, indicator: Option<&IndicatorId>, home: &str) -> Vec<Link> {
    let offered = book.definition.downloads.iter().filter(|file| file.indicator.as_ref() == indicator);
    offered
        .map(|file| Link {
            text: book.text(&file.label).to_owned(),
            href: Some(format!("{home}../{}", file.href)),
        })
        .collect()
}

/// An address that may be a link: nothing but the web, so that no file can plant a script.
pub fn web(url: &str) -> Option<String> {
    (url.starts_with("https://") || url.starts_with("http://")).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::web;

    #[test]
    fn only_the_web_is_linked() {
        assert!(web("https://dichvucong.gov.vn/").is_some());
        assert!(web("javascript:alert(1)").is_none());
        assert!(web("data:text/html,x").is_none());
        assert!(web("dichvucong.gov.vn").is_none());
    }
}
