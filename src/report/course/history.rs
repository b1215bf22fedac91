//! Ranks and scores of all editions, with what may come.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::Story;
use crate::chart::line::Target;
use crate::model::id::IndicatorId;
use crate::model::outlook::Forecast;
use crate::model::period::Period;
use crate::report::figure::tidy_ticks;
use crate::report::outlook::later;
use crate::report::page::{Cell, CourseSection, Exhibit, Figure, Row, Table};
use crate::report::time;

impl Story<'_> {
    /// Ranks and scores of all editions, with what may come.
    pub(super) fn history(&self) -> CourseSection {
        let outlook = self.course.outlook.as_ref();
        let intro = match outlook {
            Some(outlook) => self.text(outlook, |text| {
                let about = text.about() + " " + &text.verdict();
                std::iter::once(about).chain(text.known_later(self.own)).collect()
            }),
            None => vec![self.word("course_too_few")],
        };
        CourseSection {
            id: "history".into(),
            title: self.word("course_history"),
            intro,
            exhibits: vec![self.ranks(), self.scores()],
            tables: vec![],
        }
    }

    fn ranks(&self) -> Exhibit {
        let value = |period: Period| self.places.get(&period).map(|place| f64::from(*place));
        let mut chart = self.empty_chart(self.word("index_rank"));
        chart.reversed = true;
        chart.from_zero = true;
        chart.series = vec![self.series(self.name(), true, &value)];
        if let Some((outlook, body)) = self.outlook_of_own() {
            let point = |one: &Forecast| {
                let place = one.place;
                ((f64::from(place.best), f64::from(place.worst)), f64::from(place.middle))
            };
            chart.fan = self.fan(body, &point, &mut chart.x_ticks);
            chart.series.extend(self.later_series(self.plan.rank_indicator.as_ref()));
            for answer in self.answers(outlook) {
                let due = Period::Day(answer.target.due_on).decimal_end();
                chart.targets.push(Target {
                    x: due,
                    y: answer.place.into(),
                    label: self.target_label(&answer),
                });
            }
        }
        tidy_ticks(&mut chart.x_ticks);
        chart.finding = self.ranks_finding();
        let whole = |value: f64| self.book.words.numbers.fixed(value, 0);
        let figure = self.draw("course-rank", chart, &whole);
        self.exhibit("course-rank-head", "index_rank", Some(figure), self.ranks_table())
    }

    fn ranks_finding(&self) -> String {
        let (Some(first), Some(last)) = (self.places.iter().next(), self.places.iter().next_back()) else {
            return self.word("no_data");
        };
        let year = |period: &Period| time::short_period(self.book.lang(), *period);
        let mut text = self.book.words.fill(
            "course_rank_finding",
            &[
                ("name", &self.name()),
                ("from", &year(first.0)),
                ("a", &first.1.to_string()),
                ("to", &year(last.0)),
                ("b", &last.1.to_string()),
            ],
        );
        if let Some(ahead) = self.outlook_of_own().and_then(|(_, body)| body.forecasts.last()) {
            let bounds = (ahead.place.best.to_string(), ahead.place.worst.to_string());
            let gaps = [("year", ahead.year.to_string()), ("best", bounds.0), ("worst", bounds.1)];
            let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
            text += " ";
            text += &self.book.words.fill("course_rank_ahead", &gaps);
        }
        text
    }

    /// What an indicator has for the year of a forecast.
    fn known_in(&self, indicator: Option<&IndicatorId>, year: i32) -> Option<f64> {
        let later = later(self.book.view.results, indicator, self.own, year - 1);
        later.into_iter().find(|one| one.period.end().year() == year).map(|one| one.value)
    }

    fn ranks_table(&self) -> Table {
        let mut rows: Vec<Row> = self
            .places
            .iter()
            .map(|(period, place)| {
                let among = self.fields.get(&(*period, self.top())).map_or(0, BTreeMap::len);
                self.row(
                    *period,
                    vec![
                        self.count(*place as usize),
                        self.count(among),
                        Cell::empty(),
                        Cell::empty(),
                        Cell::empty(),
                    ],
                )
            })
            .collect();
        if let Some((outlook, body)) = self.outlook_of_own() {
            rows.extend(body.forecasts.iter().map(|one| Row {
                cells: vec![
                    self.year_to_come(one.year),
                    self.count(one.place.middle as usize),
                    self.count(outlook.bodies.len()),
                    self.count(one.place.best as usize),
                    self.count(one.place.worst as usize),
                    self.known_in(self.plan.rank_indicator.as_ref(), one.year)
                        .map_or_else(Cell::empty, |rank| self.count(rank as usize)),
                ],
                strong: false,
            }));
        }
        let columns =
            ["outlook_year", "index_rank", "course_of", "course_best", "course_worst", "course_known"];
        let columns = columns.map(|key| self.word(key));
        let mut table = self.table("course-rank-table", self.word("index_rank"), &columns, rows);
        table.drop_empty_columns();
        table
    }

    fn scores(&self) -> Exhibit {
        let top = self.top();
        let mut chart = self.empty_chart(self.word("outlook_score"));
        chart.series = vec![self.series(self.name(), true, &|period| self.value(period, top, self.own))];
        chart.series.extend(self.plan.places.iter().map(|place| {
            self.series(self.place_name(*place), false, &|period| self.at_place(period, top, *place))
        }));
        if let Some((outlook, body)) = self.outlook_of_own() {
            let point = |one: &Forecast| ((one.score.low, one.score.high), one.score.middle);
            chart.fan = self.fan(body, &point, &mut chart.x_ticks);
            chart.series.extend(self.later_series(self.plan.score_indicator.as_ref()));
            // What the place of the last target will need, in the middle of the draws.
            for answer in self.answers(outlook) {
                let last = answer.edition.filter(|edition| outlook.years.last() == Some(edition));
                if let Some(band) = last.and_then(|year| outlook.at_place(answer.place, year)) {
                    let due = Period::Day(answer.target.due_on).decimal_end();
                    let label = self.target_label(&answer);
                    chart.targets.push(Target { x: due, y: band.middle, label });
                }
            }
        }
        tidy_ticks(&mut chart.x_ticks);
        chart.finding = self.scores_finding();
        let number = |value: f64| self.book.words.numbers.trimmed(value, self.index.tree.decimals);
        let note = (!chart.targets.is_empty()).then(|| self.word("course_diamonds"));
        let figure = Figure { note, ..self.draw("course-score", chart, &number) };
        self.exhibit("course-score-head", "outlook_score", Some(figure), self.scores_table())
    }

    fn scores_finding(&self) -> String {
        let last = self.periods().into_iter().next_back();
        let own = last.and_then(|last| Some((last, self.value(last, self.top(), self.own)?)));
        let Some((last, own)) = own else { return self.word("no_data") };
        let mut text =
            format!("{}: {} ({}).", self.name(), self.score(own), time::short_period(self.book.lang(), last));
        for place in &self.plan.places {
            let Some(needed) = self.at_place(last, self.top(), *place) else { continue };
            let gap = needed - own;
            let key = if gap > 0.0 { "course_gap" } else { "course_no_gap" };
            let gaps =
                [("rank", self.place_name(*place)), ("score", self.score(needed)), ("gap", self.score(gap))];
            let gaps: Vec<(&str, &str)> = gaps.iter().map(|(gap, value)| (*gap, value.as_str())).collect();
            text += " ";
            text += &self.book.words.fill(key, &gaps);
        }
        text
    }

    fn scores_table(&self) -> Table {
        let mut columns =
            vec![self.word("outlook_year"), self.name(), self.word("course_low"), self.word("course_high")];
        columns.push(self.word("course_known"));
        columns.extend(self.plan.places.iter().map(|place| self.place_name(*place)));
        let at = |value: Option<f64>| value.map_or_else(|| Cell::missing("–"), |value| self.number(value));
        let mut rows: Vec<Row> = self
            .periods()
            .into_iter()
            .map(|period| {
                let mut cells = vec![
                    at(self.value(period, self.top(), self.own)),
                    Cell::empty(),
                    Cell::empty(),
                    Cell::empty(),
                ];
                cells.extend(
                    self.plan.places.iter().map(|place| at(self.at_place(period, self.top(), *place))),
                );
                self.row(period, cells)
            })
            .collect();
        if let Some((outlook, body)) = self.outlook_of_own() {
            rows.extend(body.forecasts.iter().map(|one| {
                let mut cells = vec![
                    self.year_to_come(one.year),
                    self.number(one.score.middle),
                    self.number(one.score.low),
                    self.number(one.score.high),
                    self.known_in(self.plan.score_indicator.as_ref(), one.year)
                        .map_or_else(Cell::empty, |score| self.number(score)),
                ];
                cells.extend(
                    self.plan
                        .places
                        .iter()
                        .map(|place| at(outlook.at_place(*place, one.year).map(|band| band.middle))),
                );
                Row { cells, strong: false }
            }));
        }
        let mut table = self.table("course-score-table", self.word("outlook_score"), &columns, rows);
        table.drop_empty_columns();
        table
    }
}
