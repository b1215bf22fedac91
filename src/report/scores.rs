//! The charts of the page of an index, each with the table of its numbers.

use crate::index::{Band, Case};
use crate::model::id::OrgId;
use crate::model::index::IndexResults;
use crate::model::outlook::PeerGroup;
use crate::report::book::Book;
use crate::report::figure::scores::{
    PartScore, PartScores, PeerRanks, banded, bands, groups, part_scores, part_title, peer_ranks, ranks,
};
use crate::report::page::{Cell, Exhibit, Row, Table};
use crate::report::planning::{Drawn, newest};
use crate::report::time;

/// The parts against the most that they can score, the places of peers, how sure places are.
pub fn exhibits(book: &Book<'_>, index: &IndexResults, drawn: Option<&Drawn>) -> Vec<Exhibit> {
    let page = Page { book, index };
    let mut exhibits: Vec<Exhibit> =
        part_scores(index).iter().enumerate().map(|(at, found)| page.groups(at, found)).collect();
    let peers = index.tree.outlook.iter().flat_map(|plan| &plan.peers).enumerate();
    exhibits.extend(peers.filter_map(|(at, group)| page.ranks(at, group)));
    exhibits.extend(drawn.zip(newest(index)).and_then(|(drawn, case)| page.bands(&case, drawn)));
    exhibits
}

struct Page<'a> {
    book: &'a Book<'a>,
    index: &'a IndexResults,
}

impl Page<'_> {
    fn groups(&self, at: usize, found: &PartScores<'_>) -> Exhibit {
        let id = format!("groups-{at}");
        let figure = groups(self.book, self.index, found).figure(&id);
        let period = self.book.period_within(found.period);
        let gaps = [("org", &*self.book.name(found.org)), ("period", &*period)];
        let title = self.book.words.fill("groups_title", &gaps);
        let decimals = self.index.tree.decimals;
        let number = |value: f64| Cell::number(self.book.words.numbers.fixed(value, decimals), value);
        let most = |value: f64| Cell::number(self.book.words.numbers.trimmed(value, decimals), value);
        let row = |part: &PartScore| {
            let cells = vec![
                part.value.map_or_else(|| Cell::missing(self.book.word("no_data")), number),
                most(part.most),
                part.median.map_or_else(Cell::empty, number),
            ];
            self.row(Cell::text(part_title(self.book, self.index, &part.part)), cells, false)
        };
        let columns =
            ["part", "outlook_score", "most_points", "groups_mark"].map(|key| self.book.word(key)).to_vec();
        let mut table = self.table(&id, title.clone(), columns, found.parts.iter().map(row).collect());
        table.drop_empty_columns();
        Exhibit::new(format!("{id}-head"), title, Some(figure), table)
    }

    fn ranks(&self, at: usize, group: &PeerGroup) -> Option<Exhibit> {
        let found: PeerRanks<'_> = peer_ranks(self.index, group)?;
        let id = format!("ranks-{at}");
        let figure = ranks(self.book, self.index, (group, &found)).figure(&id);
        let title = self.book.words.fill("ranks_title", &[("group", self.book.text(&group.title))]);
        let place = |place: &Option<u64>| {
            let written = |n: u64| Cell::number(self.book.words.numbers.whole(n), n as f64);
            place.map_or_else(|| Cell::missing("–"), written)
        };
        let row = |(org, places): &(&OrgId, Vec<Option<u64>>)| {
            let is_own = self.index.tree.headline.as_ref() == Some(*org);
            self.row(self.body(org), places.iter().map(place).collect(), is_own)
        };
        let mut columns = vec![self.book.word("organisation")];
        columns.extend(found.periods.iter().map(|period| time::short_period(self.book.lang(), *period)));
        let table = self.table(&id, title.clone(), columns, found.bodies.iter().map(row).collect());
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn bands(&self, case: &Case<'_>, drawn: &Drawn) -> Option<Exhibit> {
        let shown = banded(self.index, case, drawn);
        let id = "bands";
        let figure = bands(self.book, self.index, case, &shown)?.figure(id);
        let gaps = [
            ("period", self.book.period_within(case.field.period)),
            ("draws", self.book.words.numbers.whole(drawn.question.draws.into())),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, text)| (*gap, text.as_str())).collect();
        let title = self.book.words.fill("bands_title", &gaps);
        let rank = |rank: u32| Cell::number(self.book.words.numbers.whole(rank.into()), rank.into());
        let row = |band: &&Band| {
            let [least, low, _, high, greatest] = band.quantiles;
            let cells = [band.rank, least, low, high, greatest].map(rank).to_vec();
            self.row(self.body(&case.field.bodies[band.body]), cells, band.body == case.body)
        };
        let quantiles = crate::report::planning::quantile_heads(self.book.words);
        let mut columns = vec![self.book.word("organisation"), self.book.word("index_rank")];
        columns.extend([0, 1, 3, 4].map(|at| quantiles[at].clone()));
        let table = self.table(id, title.clone(), columns, shown.iter().map(row).collect());
        Some(Exhibit::new(format!("{id}-head"), title, Some(figure), table))
    }

    fn body(&self, org: &OrgId) -> Cell {
        Cell::link(self.book.name(org), self.book.organisation_href("../", org))
    }

    fn row(&self, head: Cell, cells: Vec<Cell>, strong: bool) -> Row {
        Row { cells: std::iter::once(head.as_head()).chain(cells).collect(), strong }
    }

    fn table(&self, id: &str, caption: String, columns: Vec<String>, rows: Vec<Row>) -> Table {
        Table { sortable: rows.len() > 3, ..Table::of_numbers(format!("{id}-table"), caption, columns, rows) }
    }
}
