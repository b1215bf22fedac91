//! Indices: what their queries give, scored by the engine, written to `out.index_score` in one
//! piece, with what they were scored from in `out.index_input`.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Cell, Db, DbError};
use crate::diagnostic::{Diagnostic, Problems};
use crate::index::{Score, score};
use crate::indicators::{IndexDefinition, index_rows};
use crate::model::id::IndicatorId;
use crate::model::index::{Amount, Edition, Given, IndexTree};
use crate::model::measure::Missing;
use crate::model::period::Period;
use crate::model::text::Lang;

/// How many rows that cannot be used are told.
const TOLD: usize = 5;

/// Scores every index anew; those that fail are reported and leave no score.
pub fn score_indices(db: &Db, definitions: &[IndexDefinition], vintage: u32) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let (mut scored, mut editions, mut parts) = (Scored::default(), vec![], vec![]);
    for definition in definitions {
        editions.extend(edition_rows(&definition.tree));
        parts.extend(part_rows(&definition.tree));
        if let Some(one) = problems.keep(score_one(db, definition, vintage)) {
            scored.scores.extend(one.scores);
            scored.inputs.extend(one.inputs);
        }
    }
    problems.keep(db.transaction(|| -> Result<(), DbError> {
        for table in ["out.index_score", "out.index_input", "meta.index_edition", "meta.index_part"] {
            db.run(&format!("DELETE FROM {table}"))?;
        }
        db.append("meta", "index_edition", editions)?;
        db.append("meta", "index_part", parts)?;
        db.append("out", "index_input", scored.inputs)?;
        db.append("out", "index_score", scored.scores)
    }));
    problems.or(())
}

/// A row of the query.
struct Row {
    org: String,
    period: String,
    among: String,
    part: String,
    amount: Option<Amount>,
    published: Option<f64>,
    published_rank: Option<i64>,
}

/// Rows of `out.index_score` and `out.index_input`.
#[derive(Default)]
struct Scored {
    scores: Vec<Vec<Cell>>,
    inputs: Vec<Vec<Cell>>,
}

/// The scores of one index, and what they come from.
fn score_one(db: &Db, definition: &IndexDefinition, vintage: u32) -> Result<Scored, Problems> {
    let table = index_rows(db, definition).map_err(|error| error.in_source(&definition.query))?;
    let mut wrong = vec![];
    let mut fields: BTreeMap<(String, String), Vec<Row>> = BTreeMap::new();
    for cells in &table.rows {
        match row(&definition.tree, cells) {
            Ok(row) => fields.entry((row.period.clone(), row.among.clone())).or_default().push(row),
            Err(reason) => wrong.push(reason),
        }
    }
    let mut scored = Scored::default();
    for ((period, among), rows) in &fields {
        match edition(&definition.tree, period) {
            Ok(edition) => {
                let field = Field::new(&definition.tree, edition, rows);
                scored.scores.extend(field.scores(among, rows, vintage));
                scored.inputs.extend(field.inputs(among, rows));
            }
            Err(reason) => wrong.push(reason),
        }
        wrong.extend(given_twice(rows));
    }
    if wrong.is_empty() { Ok(scored) } else { Err(wrong_rows(definition, &wrong).into()) }
}

fn row(tree: &IndexTree, cells: &[Cell]) -> Result<Row, String> {
    let text =
        |at: usize, name: &str| cells[at].text().map(str::to_owned).ok_or(format!("a row has no `{name}`"));
    let (org, period, part) = (text(0, "org_id")?, text(1, "period")?, text(2, "part")?);
    let place = format!("`{org}`, {period}, `{part}`");
    if tree.part(&part).is_none() {
        return Err(format!("{place}: the index has no such part"));
    }
    Ok(Row {
        amount: amount(&cells[3..8]).map_err(|reason| format!("{place}: {reason}"))?,
        published: cells[8].number(),
        published_rank: cells[9].integer(),
        among: cells[10].shown(),
        org,
        period,
        part,
    })
}

/// What a row says of its part; nothing where it only has a published score to compare with.
fn amount(cells: &[Cell]) -> Result<Option<Amount>, String> {
    let (value, numerator, denominator) = (cells[0].number(), cells[1].number(), cells[2].number());
    if [value, numerator, denominator].iter().flatten().any(|number| !number.is_finite()) {
        return Err("a number that is none".into());
    }
    let (state, missing) = (cells[3].text(), cells[4].text());
    let ways =
        [value.is_some(), numerator.is_some() || denominator.is_some(), state.is_some(), missing.is_some()];
    if ways.iter().filter(|way| **way).count() > 1 {
        return Err("more than one of a value, counts, a state and a reason why it is missing".into());
    }
    Ok(match (value, numerator, denominator, state, missing) {
        (Some(value), ..) => Some(Amount::Value(value)),
        (_, Some(numerator), Some(denominator), ..) => Some(Amount::Counts { numerator, denominator }),
        // One count without the other is a number that nobody sent.
        (_, Some(_), None, ..) | (_, None, Some(_), ..) => Some(Amount::Missing(Missing::NotReported)),
        (.., Some(state), _) => Some(Amount::State(state.to_owned())),
        (.., Some(missing)) => Some(Amount::Missing(missing.parse()?)),
        _ => None,
    })
}

/// The edition in force on the last day of a period.
fn edition<'a>(tree: &'a IndexTree, period: &str) -> Result<&'a Edition, String> {
    let parsed: Period = period.parse().map_err(|error| format!("`{period}`: {error}"))?;
    tree.edition_on(parsed.end()).ok_or_else(|| format!("{period} lies before the first edition"))
}

/// A part of a body that two rows speak of.
fn given_twice(rows: &[Row]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let twice = rows.iter().find(|row| !seen.insert((&row.org, &row.part)))?;
    Some(format!("two rows for `{}`, {}, `{}`", twice.org, twice.period, twice.part))
}

/// The bodies that are compared with one another in one period.
struct Field<'a> {
    tree: &'a IndexTree,
    edition: &'a Edition,
    bodies: Vec<&'a str>,
    given: Vec<Given>,
}

impl<'a> Field<'a> {
    fn new(tree: &'a IndexTree, edition: &'a Edition, rows: &'a [Row]) -> Self {
        let bodies: BTreeSet<&str> = rows.iter().map(|row| row.org.as_str()).collect();
        let bodies: Vec<&str> = bodies.into_iter().collect();
        let place: BTreeMap<&str, usize> = bodies.iter().enumerate().map(|(at, org)| (*org, at)).collect();
        let given = rows.iter().filter_map(|row| {
            let amount = row.amount.clone().or_else(|| only_said(edition, row))?;
            Some(Given { body: place[row.org.as_str()], part: row.part.clone(), amount })
        });
        Field { tree, edition, given: given.collect(), bodies }
    }

    fn scores(&self, among: &str, rows: &[Row], vintage: u32) -> Vec<Vec<Cell>> {
        let published: BTreeMap<(&str, &str), &Row> =
            rows.iter().map(|row| ((row.org.as_str(), row.part.as_str()), row)).collect();
        let written = |score: Score| {
            let org = self.bodies[score.body];
            let row = published.get(&(org, score.part.as_str()));
            vec![
                id(&self.tree.id),
                rows[0].period.as_str().into(),
                self.edition.name.as_str().into(),
                among.into(),
                org.into(),
                score.part.as_str().into(),
                score.above.clone().into(),
                number(score.given),
                number(score.value.ok()),
                score.value.err().map(|gap| Cell::from(gap.word())).unwrap_or(Cell::Null),
                number(score.weight),
                score.rank.into(),
                number(row.and_then(|row| row.published)),
                row.and_then(|row| row.published_rank).map_or(Cell::Null, Cell::Integer),
                Cell::Boolean(score.imputed),
                vintage.into(),
            ]
        };
        score(self.tree, self.edition, self.bodies.len(), &self.given).into_iter().map(written).collect()
    }

    fn inputs(&self, among: &str, rows: &[Row]) -> Vec<Vec<Cell>> {
        let written = |given: &Given| {
            let mut row: Vec<Cell> = vec![
                id(&self.tree.id),
                rows[0].period.as_str().into(),
                among.into(),
                self.bodies[given.body].into(),
                given.part.as_str().into(),
            ];
            row.extend(match &given.amount {
                Amount::Value(value) => {
                    [Cell::Number(*value), Cell::Null, Cell::Null, Cell::Null, Cell::Null]
                }
                Amount::Counts { numerator, denominator } => {
                    let (n, d) = (Cell::Number(*numerator), Cell::Number(*denominator));
                    [Cell::Null, n, d, Cell::Null, Cell::Null]
                }
                Amount::State(state) => {
                    [Cell::Null, Cell::Null, Cell::Null, state.as_str().into(), Cell::Null]
                }
                Amount::Missing(missing) => {
                    [Cell::Null, Cell::Null, Cell::Null, Cell::Null, missing.word().into()]
                }
            });
            row
        };
        self.given.iter().map(written).collect()
    }
}

/// A leaf of which only a published score is known was spoken of, although there is nothing to score it from.
fn only_said(edition: &Edition, row: &Row) -> Option<Amount> {
    edition.below(&row.part).is_empty().then_some(Amount::Missing(Missing::NotReported))
}

fn number(value: Option<f64>) -> Cell {
    value.map_or(Cell::Null, Cell::Number)
}

fn wrong_rows(definition: &IndexDefinition, wrong: &[String]) -> Diagnostic {
    let problem = Diagnostic::error(format!(
        "the query of the index `{}` gives rows that cannot be used",
        definition.tree.id
    ))
    .in_file(&definition.query.path);
    let problem = wrong.iter().take(TOLD).fold(problem, |problem, reason| problem.hint(reason.as_str()));
    match wrong.len().saturating_sub(TOLD) {
        0 => problem,
        more => problem.hint(format!("and {more} more")),
    }
}

fn edition_rows(tree: &IndexTree) -> Vec<Vec<Cell>> {
    let note = |edition: &Edition, lang| edition.note.as_ref().map(|note| note.get(lang).to_owned()).into();
    let row = |edition: &Edition| {
        vec![
            id(&tree.id),
            edition.name.as_str().into(),
            edition.begins_on.to_string().into(),
            edition.formula.into(),
            number(edition.tolerance),
            note(edition, Lang::Vi),
            note(edition, Lang::En),
        ]
    };
    tree.editions.iter().map(row).collect()
}

fn part_rows(tree: &IndexTree) -> Vec<Vec<Cell>> {
    let row = |(at, (part, title)): (usize, &(String, crate::model::text::Text))| {
        vec![
            id(&tree.id),
            part.as_str().into(),
            title.get(Lang::Vi).into(),
            title.get(Lang::En).into(),
            Cell::Integer(i64::try_from(at).unwrap_or(i64::MAX)),
        ]
    };
    tree.parts.iter().enumerate().map(row).collect()
}

fn id(id: &IndicatorId) -> Cell {
    id.as_str().into()
}
