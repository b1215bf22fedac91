//! The parts of an index over time and in the last edition, beside peers and the scores at ranks.

use super::Story;
use crate::chart::bar::{BarChart, BarRow, Reference, ReferenceKind};
use crate::model::id::OrgId;
use crate::model::outlook::PeerGroup;
use crate::model::period::Period;
use crate::report::figure::{both, tidy_ticks};
use crate::report::page::{Cell, CourseSection, Exhibit, Row};
use crate::report::time;

impl Story<'_> {
    /// Every part of the whole in time and in the last edition, beside peers and the scores at places.
    pub(super) fn peers(&self, at: usize, group: &PeerGroup) -> CourseSection {
        let title = self.book.words.fill("course_peers", &[("group", self.book.text(&group.title))]);
        let last = self.periods().into_iter().next_back();
        let below = last.and_then(|last| self.index.tree.edition_on(last.end()));
        let parts: Vec<&str> = below
            .map(|edition| edition.below(self.top()).iter().map(|(part, _)| part.as_str()).collect())
            .unwrap_or_default();
        let peers: Vec<&OrgId> = group.bodies.iter().filter(|body| *body != self.own).collect();
        let mut exhibits = vec![];
        for part in parts {
            let id = format!("peers{at}-{part}");
            exhibits.push(self.part_in_time(&id, part, &peers, self.book.text(&group.title)));
            exhibits.extend(last.map(|last| self.part_beside(&id, part, last, &peers)));
        }
        CourseSection {
            id: format!("peers{at}"),
            title,
            intro: vec![self.word("course_peers_intro")],
            exhibits,
            tables: vec![],
        }
    }

    fn part_in_time(&self, id: &str, part: &str, peers: &[&OrgId], group: &str) -> Exhibit {
        let middle = |period: Period| {
            let values = peers.iter().filter_map(|peer| self.value(period, part, peer));
            median(values.collect())
        };
        let median_name = self.book.words.fill("course_median", &[("group", group)]);
        let mut chart = self.empty_chart(self.part_name(part));
        let own = |period: Period| self.value(period, part, self.own);
        chart.series =
            vec![self.series(self.name(), true, &own), self.series(median_name.clone(), false, &middle)];
        chart.series.extend(self.plan.places.iter().map(|place| {
            self.series(self.place_name(*place), false, &|period| self.at_place(period, part, *place))
        }));
        tidy_ticks(&mut chart.x_ticks);
        chart.from_zero = true;
        let last = self.periods().into_iter().filter_map(|period| Some((period, own(period)?))).next_back();
        if let Some((period, value)) = last {
            let place = self.place_in(period, part, value).to_string();
            let gaps = [
                ("part", self.part_name(part)),
                ("year", time::short_period(self.book.lang(), period)),
                ("name", self.name()),
                ("value", self.score(value)),
                ("rank", place),
                ("group", median_name.clone()),
                ("median", middle(period).map_or_else(|| "–".to_owned(), |value| self.score(value))),
            ];
            let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
            chart.finding = self.book.words.fill("course_part_finding", &gaps);
        }
        let number = |value: f64| self.book.words.numbers.trimmed(value, self.index.tree.decimals);
        let figure = self.draw(&format!("{id}-time"), chart, &number);
        let mut columns = vec![self.word("outlook_year"), self.name(), median_name];
        columns.extend(self.plan.places.iter().map(|place| self.place_name(*place)));
        let at = |value: Option<f64>| value.map_or_else(|| Cell::missing("–"), |value| self.number(value));
        let rows = self.periods().into_iter().map(|period| {
            let mut cells = vec![at(own(period)), at(middle(period))];
            cells.extend(self.plan.places.iter().map(|place| at(self.at_place(period, part, *place))));
            self.row(period, cells)
        });
        let table = self.table(&format!("{id}-time-table"), self.part_name(part), &columns, rows.collect());
        Exhibit::new(format!("{id}-time-head"), self.part_name(part), Some(figure), table)
    }

    /// The peers in the last edition, the best first.
    fn part_beside(&self, id: &str, part: &str, last: Period, peers: &[&OrgId]) -> Exhibit {
        let mut values: Vec<(&OrgId, Option<f64>)> =
            peers.iter().copied().chain([self.own]).map(|org| (org, self.value(last, part, org))).collect();
        values.sort_by(|a, b| {
            b.1.unwrap_or(f64::MIN).total_cmp(&a.1.unwrap_or(f64::MIN)).then_with(|| a.0.cmp(b.0))
        });
        let written =
            |value: Option<f64>| value.map_or_else(|| self.word("no_data"), |value| self.score(value));
        let title = format!("{} · {}", self.part_name(part), time::short_period(self.book.lang(), last));
        let chart = BarChart {
            title: title.clone(),
            finding: self.word("course_beside_finding"),
            rows: values
                .iter()
                .map(|(org, value)| BarRow {
                    label: self.book.name(org),
                    value: *value,
                    text: written(*value),
                    highlight: *org == self.own,
                    href: self.book.organisation_href("../", org),
                })
                .collect(),
            references: self
                .plan
                .places
                .iter()
                .filter_map(|place| {
                    let value = self.at_place(last, part, *place)?;
                    Some(Reference { value, label: self.place_name(*place), kind: ReferenceKind::Comparison })
                })
                .collect(),
            ..BarChart::default()
        };
        let number = |value: f64| self.book.words.numbers.trimmed(value, 2);
        let caption = format!("{title}. {}", chart.finding);
        let figure = both(&format!("{id}-last"), caption, |id, width| {
            BarChart { width, ..chart.clone() }.render(id, &number)
        });
        let rows = values.iter().map(|(org, value)| Row {
            cells: vec![
                Cell::link(self.book.name(org), self.book.organisation_href("../", org)).as_head(),
                value.map_or_else(|| Cell::missing(self.word("no_data")), |value| self.number(value)),
                value
                    .map_or_else(|| Cell::missing("–"), |value| self.count(self.place_in(last, part, value))),
            ],
            strong: *org == self.own,
        });
        let columns = ["organisation", "outlook_score", "index_rank"].map(|key| self.word(key));
        let table = self.table(&format!("{id}-last-table"), title.clone(), &columns, rows.collect());
        Exhibit::new(format!("{id}-last-head"), title, Some(figure), table)
    }
}

/// The middle of some values, or the mean of the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => Some(values[middle]),
        _ => Some(f64::midpoint(values[middle - 1], values[middle])),
    }
}
