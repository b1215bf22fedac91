//! An index in time: its ranks and scores over all editions with what may come, its parts beside those of peers, what each
//! change was made of, and what the outlook is worth.

use std::collections::BTreeMap;

use chrono::Datelike;

use crate::chart::bar::{BarChart, BarRow, Reference, ReferenceKind};
use crate::chart::line::{Break, Fan, FanPoint, LineChart, Point, Series, Target};
use crate::model::id::{IndicatorId, OrgId};
use crate::model::index::{IndexResults, IndexScore};
use crate::model::outlook::{
    Attribution, BodyOutlook, Contribution, Course, Forecast, Outlook, OutlookPlan, PeerGroup, Way,
};
use crate::model::period::Period;
use crate::report::book::{Book, Here};
use crate::report::figure::{both, tidy_ticks};
use crate::report::outlook::{Answer, Later, OutlookText, answers, later, way_word};
use crate::report::page::{Cell, Column, CoursePage, CourseSection, Exhibit, Figure, Link, Row, Table};
use crate::report::time;

/// `index/<id>-course.html`
pub fn page(book: &Book<'_>, index: &IndexResults, course: &Course) -> CoursePage {
    let tree = &index.tree;
    let path = format!("index/{}-course.html", tree.id);
    let title = book.words.fill("course_title", &[("index", book.text(&tree.title))]);
    let here = Here { path, title, menu: "indicators.html" };
    let sections = match (&tree.headline, &tree.outlook) {
        (Some(own), Some(plan)) => Story::new(book, index, course, own, plan).sections(),
        _ => vec![],
    };
    CoursePage {
        frame: book.frame(&here),
        index: Link { text: book.text(&tree.title).to_owned(), href: Some(format!("{}.html", tree.id)) },
        note: tree.note.as_ref().map(|note| book.text(note).to_owned()),
        sections,
    }
}

/// The scores of one part in one period, of every body.
type Field<'a> = BTreeMap<&'a OrgId, f64>;

struct Story<'a> {
    book: &'a Book<'a>,
    index: &'a IndexResults,
    course: &'a Course,
    own: &'a OrgId,
    plan: &'a OutlookPlan,
    /// By period and part.
    fields: BTreeMap<(Period, &'a str), Field<'a>>,
    /// The places of the whole of the body that is shown, by period.
    places: BTreeMap<Period, u32>,
}

impl<'a> Story<'a> {
    fn new(
        book: &'a Book<'a>,
        index: &'a IndexResults,
        course: &'a Course,
        own: &'a OrgId,
        plan: &'a OutlookPlan,
    ) -> Self {
        let mut fields: BTreeMap<_, Field<'a>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for score in index.top_scores() {
            if let Some(known) = score.known() {
                fields.entry((score.period, score.part.as_str())).or_default().insert(&score.org, known);
            }
            let place = |score: &IndexScore| score.published_rank.or(score.rank);
            if score.above.is_none() && score.org == *own {
                places
                    .extend(place(score).and_then(|place| Some((score.period, u32::try_from(place).ok()?))));
            }
        }
        Story { book, index, course, own, plan, fields, places }
    }

    fn sections(&self) -> Vec<CourseSection> {
        let mut sections = vec![self.history()];
        sections.extend(self.plan.peers.iter().enumerate().map(|(at, group)| self.peers(at, group)));
        sections.push(self.changes());
        sections.extend(self.course.outlook.as_ref().map(|outlook| self.ahead(outlook)));
        sections
    }

    fn top(&self) -> &'a str {
        self.index.tree.id.as_str()
    }

    fn word(&self, key: &'static str) -> String {
        self.book.word(key)
    }

    fn name(&self) -> String {
        self.book.name(self.own)
    }

    fn periods(&self) -> Vec<Period> {
        let of_top = self.fields.keys().filter(|(_, part)| *part == self.top());
        let mut periods: Vec<Period> = of_top.map(|(period, _)| *period).collect();
        periods.sort_by_key(Period::end);
        periods
    }

    fn value(&self, period: Period, part: &str, org: &OrgId) -> Option<f64> {
        self.fields.get(&(period, part))?.get(org).copied()
    }

    /// The score of whoever has a place in a part.
    fn at_place(&self, period: Period, part: &str, place: u32) -> Option<f64> {
        let mut sorted: Vec<f64> = self.fields.get(&(period, part))?.values().copied().collect();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        sorted.get((place as usize).checked_sub(1)?).copied()
    }

    /// One more than those that are better.
    fn place_in(&self, period: Period, part: &str, value: f64) -> usize {
        self.fields
            .get(&(period, part))
            .map_or(0, |field| field.values().filter(|other| **other > value).count() + 1)
    }

    fn part_name(&self, part: &str) -> String {
        self.index.tree.part(part).map_or(part, |title| self.book.text(title)).to_owned()
    }

    fn outlook_of_own(&self) -> Option<(&'a Outlook, &'a BodyOutlook)> {
        let outlook = self.course.outlook.as_ref()?;
        Some((outlook, outlook.body(self.own)?))
    }

    fn answers(&self, outlook: &Outlook) -> Vec<Answer<'a>> {
        answers(&self.index.tree, &self.book.view.results.targets, outlook, self.own)
    }

    /// Ranks and scores of all editions, with what may come.
    fn history(&self) -> CourseSection {
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

    /// Every part of the whole in time and in the last edition, beside peers and the scores at places.
    fn peers(&self, at: usize, group: &PeerGroup) -> CourseSection {
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

    /// What each change of score and place was made of.
    fn changes(&self) -> CourseSection {
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

    /// What places will need, what targets have for a chance, and what all that is worth.
    fn ahead(&self, outlook: &Outlook) -> CourseSection {
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

    /// The words that the terminal has as well.
    fn text<T>(&self, outlook: &Outlook, say: impl FnOnce(&OutlookText<'_>) -> T) -> T {
        let name = |org: &OrgId| self.book.name(org);
        let results = self.book.view.results;
        say(&OutlookText { words: self.book.words, tree: &self.index.tree, outlook, name: &name, results })
    }

    fn target_label(&self, answer: &Answer<'_>) -> String {
        let basis =
            self.book.text(&answer.target.legal_basis).split('/').next().unwrap_or_default().to_owned();
        format!("{} · {basis}", self.place_name(answer.place))
    }

    fn place_name(&self, place: u32) -> String {
        self.book.words.fill("rank_value", &[("n", &place.to_string())])
    }

    /// A chart over all editions, with a break where the formula changes.
    fn empty_chart(&self, unit: String) -> LineChart {
        let periods = self.periods();
        let formula =
            |period: &Period| self.index.tree.edition_on(period.end()).map(|edition| edition.formula);
        let breaks =
            periods.windows(2).filter(|pair| formula(&pair[0]) != formula(&pair[1])).map(|pair| Break {
                x: f64::midpoint(pair[0].decimal_end(), pair[1].decimal_end()),
                label: self.book.words.fill(
                    "course_formula",
                    &[("n", &formula(&pair[1]).map_or_else(String::new, |formula| formula.to_string()))],
                ),
            });
        let tick = |period: &Period| (period.decimal_end(), time::short_period(self.book.lang(), *period));
        LineChart {
            title: format!("{} – {}", self.name(), unit),
            breaks: breaks.collect(),
            x_ticks: periods.iter().map(tick).collect(),
            unit: Some(unit),
            ..LineChart::default()
        }
    }

    fn series(&self, name: String, emphasised: bool, value: &dyn Fn(Period) -> Option<f64>) -> Series {
        let point = |period: Period| Point {
            x: period.decimal_end(),
            y: value(period),
            label: time::short_period(self.book.lang(), period),
        };
        Series { name, points: self.periods().into_iter().map(point).collect(), emphasised }
    }

    /// What is known of the body in later editions, of which not all scores are at hand; none where nothing is.
    fn later_series(&self, indicator: Option<&IndicatorId>) -> Option<Series> {
        let outlook = self.course.outlook.as_ref()?;
        let later = later(self.book.view.results, indicator, self.own, outlook.from);
        let point = |one: &Later| Point {
            x: one.period.decimal_end(),
            y: Some(one.value),
            label: time::short_period(self.book.lang(), one.period),
        };
        let points: Vec<Point> = later.iter().map(point).collect();
        (!points.is_empty()).then(|| Series { name: self.word("course_later"), points, emphasised: false })
    }

    /// The fan of a body; its years become ticks.
    fn fan(
        &self,
        body: &BodyOutlook,
        of: &dyn Fn(&Forecast) -> ((f64, f64), f64),
        ticks: &mut Vec<(f64, String)>,
    ) -> Option<Fan> {
        let mut points = vec![];
        for forecast in &body.forecasts {
            let (ends, middle) = of(forecast);
            let x = f64::from(forecast.year) + 1.0;
            ticks.push((x, forecast.year.to_string()));
            points.push(FanPoint { x, ends, middle, label: forecast.year.to_string() });
        }
        (!points.is_empty()).then(|| Fan { name: self.word("course_fan"), points })
    }

    fn draw(&self, id: &str, chart: LineChart, number: &dyn Fn(f64) -> String) -> Figure {
        let caption = chart.finding.clone();
        both(id, caption, |id, width| LineChart { width, ..chart.clone() }.render(id, number))
    }

    fn exhibit(&self, id: &str, key: &'static str, figure: Option<Figure>, table: Table) -> Exhibit {
        Exhibit::new(id.to_owned(), self.word(key), figure, table)
    }

    fn table(&self, id: &str, caption: String, columns: &[String], rows: Vec<Row>) -> Table {
        let is_number = |n: usize| rows.iter().any(|row| row.cells.get(n).is_some_and(|cell| cell.number));
        Table {
            id: id.to_owned(),
            caption,
            columns: columns
                .iter()
                .enumerate()
                .map(|(n, text)| Column { text: text.clone(), number: is_number(n) })
                .collect(),
            note: None,
            filter: false,
            sortable: rows.len() > 1,
            rows,
        }
    }

    fn row(&self, period: Period, cells: Vec<Cell>) -> Row {
        let head = Cell::text(time::short_period(self.book.lang(), period)).as_head().sorted_by(period.end());
        Row { cells: std::iter::once(head).chain(cells).collect(), strong: false }
    }

    fn year_to_come(&self, year: i32) -> Cell {
        Cell::text(year.to_string())
            .as_head()
            .sorted_by(format!("{year}-12-31"))
            .line(self.word("course_forecast"), "muted")
    }

    fn count(&self, n: usize) -> Cell {
        Cell::number(self.book.words.numbers.whole(n as u64), n as f64)
    }

    fn score(&self, value: f64) -> String {
        self.book.words.numbers.fixed(value, self.index.tree.decimals)
    }

    fn number(&self, value: f64) -> Cell {
        Cell::number(self.score(value), value)
    }

    /// A change with its sign.
    fn signed(&self, value: f64, decimals: u8) -> String {
        let sign = if value > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.book.words.numbers.fixed(value, decimals))
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
