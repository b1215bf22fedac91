//! What ranks will need, what chances targets have, and what the outlook is worth.

use super::Story;
use crate::model::outlook::{Outlook, Way};
use crate::report::outlook::way_word;
use crate::report::page::{Cell, CourseSection, Row, Table};
use crate::report::time;

impl Story<'_> {
    /// What places will need, what targets have for a chance, and what all that is worth.
    pub(super) fn ahead(&self, outlook: &Outlook) -> CourseSection {
        let intro = vec![
            self.text(outlook, |text| text.about()),
            self.word("course_method"),
            self.text(outlook, |text| text.verdict()),
        ];
        let tables =
            vec![self.chances(outlook), self.thresholds(outlook), self.errors(outlook), self.within(outlook)];
        CourseSection {
            id: "outlook".into(),
            title: self.word("course_ahead"),
            intro,
            exhibits: vec![],
            tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        }
    }

    fn chances(&self, outlook: &Outlook) -> Table {
        let rows = self.answers(outlook).into_iter().map(|answer| Row {
            cells: vec![
                Cell::text(self.book.words.demand(answer.target, None)).as_head(),
                Cell::text(time::date(self.book.lang(), answer.target.due_on))
                    .sorted_by(answer.target.due_on),
                Cell::text(self.book.text(&answer.target.legal_basis)),
                Cell { number: true, ..Cell::text(self.text(outlook, |text| text.chance(&answer))) }
                    .sorted_by(answer.chance.unwrap_or_default()),
            ],
            strong: false,
        });
        let columns = ["target", "due", "legal_basis", "course_chance"].map(|key| self.word(key));
        self.table("outlook-chances", self.word("outlook_chances"), &columns, rows.collect())
    }

    fn thresholds(&self, outlook: &Outlook) -> Table {
        let mut columns = vec![self.word("outlook_year")];
        for place in &self.plan.places {
            columns.push(self.place_name(*place));
            columns.push(self.word("outlook_band"));
        }
        let rows = outlook.years.iter().map(|year| {
            let mut cells = vec![self.year_to_come(*year)];
            for place in &self.plan.places {
                match outlook.at_place(*place, *year) {
                    Some(band) => {
                        cells.push(self.number(band.middle));
                        let ends = self.text(outlook, |text| text.band(band));
                        cells.push(Cell { number: true, ..Cell::text(ends) }.sorted_by(band.low));
                    }
                    None => cells.extend([Cell::missing("–"), Cell::empty()]),
                }
            }
            Row { cells, strong: false }
        });
        self.table("outlook-thresholds", self.word("outlook_thresholds"), &columns, rows.collect())
    }

    fn errors(&self, outlook: &Outlook) -> Table {
        let mut columns =
            vec![self.word("outlook_ahead"), self.word("outlook_origins"), self.word("course_measure")];
        columns.extend(Way::ALL.map(|way| self.word(way_word(way))));
        let mut rows = vec![];
        for (key, is_place) in [("outlook_off_score", false), ("outlook_off_rank", true)] {
            rows.extend(outlook.horizons.iter().map(|horizon| {
                let mut cells =
                    vec![self.count(horizon.ahead), self.count(horizon.origins), Cell::text(self.word(key))];
                cells.extend(Way::ALL.map(|way| match horizon.error(way) {
                    Some(error) if is_place => {
                        Cell::number(self.book.words.numbers.fixed(error.place, 2), error.place)
                    }
                    Some(error) => self.number(error.score),
                    None => Cell::missing("–"),
                }));
                Row { cells, strong: false }
            }));
        }
        self.table("outlook-errors", self.word("outlook_worth"), &columns, rows)
    }

    fn within(&self, outlook: &Outlook) -> Table {
        let keys =
            ["outlook_ahead", "outlook_scores_within", "outlook_ranks_within", "outlook_thresholds_within"];
        let rows = outlook.horizons.iter().map(|horizon| {
            let share = |share: Option<f64>| match share {
                Some(share) => Cell::number(self.text(outlook, |text| text.share(share)), share),
                None => Cell::missing("–"),
            };
            let (n, of) = horizon.thresholds_within;
            let n = self.book.words.fill("made_of", &[("n", &n.to_string()), ("of", &of.to_string())]);
            Row {
                cells: vec![
                    self.count(horizon.ahead),
                    share(horizon.scores_within),
                    share(horizon.places_within),
                    Cell { number: true, ..Cell::text(n) },
                ],
                strong: false,
            }
        });
        self.table(
            "outlook-within",
            self.word("outlook_within"),
            &keys.map(|key| self.word(key)),
            rows.collect(),
        )
    }
}
