//! Long tables: the first rows stay on their page, all others get sheets of their own, so that every page opens at once.
//!
//! Takes a page as it was worked out; gives it cut, with the sheets that belong to it. Where a table is cut follows from
//! the number of its rows and of the cells of its page alone, so that a page has the same sheets in every language.

use crate::report::book::home;
use crate::report::page::{
    Choice, CoursePage, DataPage, DataSection, Exhibit, Frame, IndexPage, IndicatorPage, Link, ListPage,
    MethodPage, OrganisationPage, OverviewPage, Pager, SectionsPage, SheetPage, Table, TargetPage, TopicPage,
    WhatIfPage,
};
use crate::report::words::Words;

/// A table of more rows than the first is cut, and so many as the second stay on the page.
const LONG: (usize, usize) = (200, 100);
/// The same on a page whose tables have more cells together than [`MOST_CELLS`].
const LONG_AMONG_OTHERS: (usize, usize) = (50, 36);
/// So many cells may the tables of a page have before they are cut shorter.
const MOST_CELLS: usize = 1_500;
/// So many stand on each sheet.
const ROWS_OF_A_SHEET: usize = 250;

/// A page whose tables may be cut.
pub trait Tabled {
    /// What surrounds it.
    fn frame(&self) -> &Frame;

    /// Its tables.
    fn tables(&mut self) -> Vec<&mut Table>;
}

/// A page with a part of a long table, and its place below the folder of the language.
pub struct Sheet {
    /// Its place.
    pub path: String,
    /// What stands on it.
    pub page: SheetPage,
}

/// Cuts the long tables of the page at `path`; gives the sheets for what was cut off.
pub fn cut(words: &Words, path: &str, page: &mut impl Tabled) -> Vec<Sheet> {
    let frame = page.frame().clone();
    let tables = page.tables();
    let (most, kept) = if cells(&tables) > MOST_CELLS { LONG_AMONG_OTHERS } else { LONG };
    let long = tables.into_iter().filter(|table| table.rows.len() > most && !is_led_to(table));
    long.flat_map(|table| Cutter { words, path, frame: &frame, rows: table.rows.len(), kept }.cut(table))
        .collect()
}

/// Whether pages lead to rows of a table, which then stay where they are.
fn is_led_to(table: &Table) -> bool {
    table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.anchor.is_some())
}

/// How many cells tables have together when the long ones are cut.
fn cells(tables: &[&mut Table]) -> usize {
    let rows = |table: &Table| if table.rows.len() > LONG.0 { LONG.1 } else { table.rows.len() };
    tables.iter().map(|table| rows(table) * table.columns.len()).sum()
}

/// What the sheets of one table share.
struct Cutter<'a> {
    words: &'a Words,
    path: &'a str,
    frame: &'a Frame,
    rows: usize,
    /// How many of them stay on the page.
    kept: usize,
}

impl Cutter<'_> {
    fn cut(&self, table: &mut Table) -> Vec<Sheet> {
        let mut rest = table.rows.split_off(self.kept);
        let mut sheets = vec![];
        while !rest.is_empty() {
            let after = rest.split_off(rest.len().min(ROWS_OF_A_SHEET));
            let rows = std::mem::replace(&mut rest, after);
            sheets.push(self.sheet(Table { rows, ..table.clone_without_rows() }, sheets.len() + 2));
        }
        table.pager = Some(self.pager(&table.id, 1));
        sheets
    }

    fn sheet(&self, mut table: Table, n: usize) -> Sheet {
        table.pager = Some(self.pager(&table.id, n));
        let title = self.words.fill("sheet_title", &[("table", &table.caption), ("n", &n.to_string())]);
        let path = self.place(&table.id, n);
        Sheet { page: SheetPage { frame: self.framed(&path, title, &table.id), verdict: None, table }, path }
    }

    /// The page itself is the first sheet. Ids that people write have no `_`, so no page of theirs has such a name.
    fn place(&self, id: &str, n: usize) -> String {
        if n == 1 {
            return self.path.to_owned();
        }
        format!("{}__{id}_{n}.html", self.path.trim_end_matches(".html"))
    }

    /// The frame of the page, moved to the place of a sheet, with the way back to the page.
    fn framed(&self, path: &str, title: String, id: &str) -> Frame {
        let mut frame = self.frame.clone();
        for language in &mut frame.languages {
            language.href = format!("{}../{}/{path}", home(path), language.lang);
        }
        for page in &mut frame.menu {
            page.current = false;
        }
        let back = format!("{}#{id}", file(self.path));
        frame.trail.push(Link { text: frame.title, href: Some(back) });
        Frame { title, ..frame }
    }

    fn pager(&self, id: &str, current: usize) -> Pager {
        let sheets = 1 + (self.rows - self.kept).div_ceil(ROWS_OF_A_SHEET);
        let (from, to) = match current {
            1 => (1, self.kept),
            n => (self.kept + (n - 2) * ROWS_OF_A_SHEET + 1, self.kept + (n - 1) * ROWS_OF_A_SHEET),
        };
        let whole = |n: usize| self.words.numbers.whole(u64::try_from(n).unwrap_or(u64::MAX));
        let gaps = [("from", whole(from)), ("to", whole(to.min(self.rows))), ("all", whole(self.rows))];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        let choice = |n: usize| Choice {
            text: whole(n),
            href: format!("{}#{id}", file(&self.place(id, n))),
            lang: String::new(),
            current: n == current,
        };
        Pager { said: self.words.fill("rows_shown", &gaps), pages: (1..=sheets).map(choice).collect() }
    }
}

/// The name of a file in its folder.
fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Pages whose tables are named in a line.
macro_rules! tabled {
    ($($page:ty: |$one:ident| $tables:expr;)*) => {
        $(impl Tabled for $page {
            fn frame(&self) -> &Frame {
                &self.frame
            }

            fn tables(&mut self) -> Vec<&mut Table> {
                let $one = self;
                $tables
            }
        })*
    };
}

tabled! {
    ListPage: |_page| vec![];
    SheetPage: |page| vec![&mut page.table];
    MethodPage: |_page| vec![];
    OverviewPage: |page| {
        page.sections.iter_mut().filter_map(|part| part.targets.as_mut()).map(|one| &mut one.table).collect()
    };
    TopicPage: |page| {
        let matrices = page.matrices.iter_mut().filter_map(|matrix| matrix.table.as_mut());
        matrices.chain(&mut page.targets).collect()
    };
    TargetPage: |page| {
        let readings = page.readings.iter_mut().flat_map(|one| [&mut one.methods, &mut one.holders]);
        readings.chain([&mut page.bodies]).flatten().collect()
    };
    IndexPage: |page| of_sections(&mut page.sections);
    SectionsPage: |page| of_sections(&mut page.sections);
    DataPage: |page| of_sections(&mut page.sections);
    WhatIfPage: |page| of_sections(&mut page.sections);
    CoursePage: |page| {
        let tables = page.sections.iter_mut().map(|part| (&mut part.exhibits, &mut part.tables));
        tables.flat_map(|(exhibits, tables)| of_exhibits(exhibits).chain(tables)).collect()
    };
    IndicatorPage: |page| {
        let others = [&mut page.targets, &mut page.revisions].into_iter().flatten();
        of_exhibits(&mut page.exhibits).chain(others).collect()
    };
    OrganisationPage: |page| {
        let restated = page.restated.iter_mut().flat_map(|one| [&mut one.table, &mut one.parts]);
        let first = std::iter::once(&mut page.values).chain(restated);
        first.chain(&mut page.parts).chain(&mut page.targets).collect()
    };
}

fn of_sections(sections: &mut [DataSection]) -> Vec<&mut Table> {
    sections.iter_mut().flat_map(|section| &mut section.tables).collect()
}

fn of_exhibits(exhibits: &mut [Exhibit]) -> impl Iterator<Item = &mut Table> {
    exhibits.iter_mut().map(|exhibit| &mut exhibit.table)
}
