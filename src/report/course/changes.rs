//! What each change of score and rank was made of.

use super::Story;
use crate::chart::bar::{BarChart, BarRow};
use crate::model::outlook::{Attribution, Contribution};
use crate::report::figure::both;
use crate::report::page::{Cell, CourseSection, Exhibit, Row};
use crate::report::time;

impl Story<'_> {
    /// What each change of score and place was made of.
    pub(super) fn changes(&self) -> CourseSection {
        let exhibits = match self.course.attributions.last() {
            Some(_) => {
                vec![self.change("course-change-score", false), self.change("course-change-rank", true)]
            }
            None => vec![],
        };
        let intro = if exhibits.is_empty() { "index_none" } else { "course_changes_intro" };
        CourseSection {
            id: "changes".into(),
            title: self.word("course_changes"),
            intro: vec![self.word(intro)],
            exhibits,
            tables: vec![],
        }
    }

    /// What moved a score or a place in one change, with its name; of a place, ranks gained.
    fn shares(&self, change: &Attribution, is_place: bool) -> Vec<(String, f64)> {
        let part = |one: Contribution| if is_place { -one.place } else { one.score };
        let parts = change.parts.iter().map(|(id, one)| (self.part_name(id), part(*one)));
        // Where scores do not depend on one another, others have nothing to contribute to them.
        let others = (is_place || self.others_move_scores())
            .then(|| (self.word("course_others"), part(change.others)));
        let rules = (self.word("course_rules"), part(change.rules));
        parts
            .chain(others)
            .chain([rules])
            .map(|(name, value)| (name, if value == 0.0 { 0.0 } else { value }))
            .collect()
    }

    /// Whether the score of a body depends on those of others at all.
    fn others_move_scores(&self) -> bool {
        self.course.attributions.iter().any(|change| change.others.score != 0.0)
    }

    fn change(&self, id: &str, is_place: bool) -> Exhibit {
        let key = if is_place { "course_change_rank" } else { "course_change_score" };
        let decimals = if is_place { 1 } else { self.index.tree.decimals };
        let changes = &self.course.attributions;
        let figure = changes.last().map(|change| {
            let title = format!("{} · {}", self.word(key), self.between(change));
            let rows = self.shares(change, is_place).into_iter().map(|(label, value)| BarRow {
                label,
                value: Some(value),
                text: self.signed(value, decimals),
                ..BarRow::default()
            });
            let chart = BarChart {
                title,
                finding: self.change_finding(change),
                rows: rows.collect(),
                ..BarChart::default()
            };
            let number = |value: f64| self.book.words.numbers.trimmed(value, decimals);
            let caption = chart.finding.clone();
            both(id, caption, |id, width| BarChart { width, ..chart.clone() }.render(id, &number))
        });
        let mut columns = vec![
            self.word("course_step"),
            self.word("course_before"),
            self.word("course_after"),
            self.word("course_total"),
        ];
        columns.extend(
            changes
                .last()
                .map(|change| self.shares(change, is_place))
                .into_iter()
                .flatten()
                .map(|(name, _)| name),
        );
        let rows = changes.iter().rev().map(|change| {
            let shares = self.shares(change, is_place);
            let mut step = Cell::text(self.between(change)).as_head().sorted_by(change.to.end());
            if change.is_broken {
                step = step.line(self.word("course_broken"), "muted");
            }
            let mut cells = vec![step];
            cells.extend(match is_place {
                true => [self.count(change.place.0 as usize), self.count(change.place.1 as usize)],
                false => [self.number(change.score.0), self.number(change.score.1)],
            });
            let total: f64 = match is_place {
                true => f64::from(change.place.0) - f64::from(change.place.1),
                false => change.score.1 - change.score.0,
            };
            let signed = |value: f64| Cell::number(self.signed(value, decimals), value);
            cells.push(signed(total));
            cells.extend(shares.into_iter().map(|(_, value)| signed(value)));
            Row { cells, strong: false }
        });
        let mut table = self.table(&format!("{id}-table"), self.word(key), &columns, rows.collect());
        table.note = Some(self.word("course_rounded"));
        Exhibit::new(format!("{id}-head"), self.word(key), figure, table)
    }

    fn change_finding(&self, change: &Attribution) -> String {
        let gaps = [
            ("step", self.between(change)),
            ("change", self.signed(change.score.1 - change.score.0, self.index.tree.decimals)),
            ("a", change.place.0.to_string()),
            ("b", change.place.1.to_string()),
        ];
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
        self.book.words.fill("course_change_finding", &gaps)
    }

    fn between(&self, change: &Attribution) -> String {
        let period = |period| time::short_period(self.book.lang(), period);
        format!("{} → {}", period(change.from), period(change.to))
    }
}
