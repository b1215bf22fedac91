//! Queries tried against the tables: their names, their parameters, the columns that they promise.

use super::{Definition, IndexDefinition};
use crate::db::{Cell, Db, bare, code};
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::cascade::is_comparable;
use crate::model::indicator::{Direction, Indicator, Param};
use crate::model::period::{Period, PeriodKind};
use crate::model::target::Comparator;

/// Columns that any query may give.
const OPTIONAL: [&str; 5] = ["period", "breakdown", "status", "missing", "source"];

/// The values for the parameters of an indicator's query; `None` if it needs a period and none is given.
pub fn query_params(indicator: &Indicator, period: Option<&Period>) -> Vec<(String, Cell)> {
    let mut params: Vec<(String, Cell)> = indicator
        .params
        .iter()
        .map(|(name, param)| {
            let cell = match param {
                Param::Integer(value) => Cell::Integer(*value),
                Param::Number(value) => Cell::Number(*value),
                Param::Text(value) => Cell::Text(value.clone()),
                Param::Date(value) => Cell::Text(value.to_string()),
            };
            (name.clone(), cell)
        })
        .collect();
    if let Some(period) = period.filter(|_| indicator.period != PeriodKind::Any) {
        for (name, day) in [("period_start", period.start()), ("period_end", period.end())] {
            if is_used(&indicator.sql, name) {
                params.push((name.into(), Cell::Text(day.to_string())));
            }
        }
    }
    params
}

/// Whether the SQL, comments left aside, has the parameter.
fn is_used(sql: &str, name: &str) -> bool {
    code(sql).any(|line| line.contains(&format!("${name}")))
}

/// Runs every query against the tables as they are and looks at what comes back.
pub fn check_queries(db: &Db, definitions: &[Definition], period: &Period) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for definition in definitions {
        problems.keep(check_query(db, definition, period));
    }
    problems.or(())
}

fn check_query(db: &Db, definition: &Definition, period: &Period) -> Result<(), Problems> {
    let indicator = &definition.indicator;
    let in_query = |error: crate::db::DbError| error.in_source(&definition.query);
    db.expect_one_select(&indicator.sql).map_err(in_query)?;
    let given = query_params(indicator, Some(period));
    let used = db.parameters(&indicator.sql).map_err(in_query)?;
    let mut problems = Problems::default();
    for name in used.iter().filter(|name| !given.iter().any(|(given, _)| given == *name)) {
        problems.push(unknown_parameter(definition, name));
    }
    for (name, _) in given.iter().filter(|(name, _)| !used.contains(name)) {
        let problem = Diagnostic::error(format!("the query has no parameter `${name}`"));
        problems.push(problem.in_file(&definition.source.path).in_file(&definition.query.path));
    }
    problems.or(())?;
    let params: Vec<(&str, Cell)> = given.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
    let limited = format!("SELECT * FROM (\n{}\n) LIMIT 0", bare(&indicator.sql));
    let columns = match db.query(&limited, &params) {
        Ok(table) => table.columns,
        // Asked again without the frame, so that the place is right.
        Err(error) => {
            return Err(db
                .query(&indicator.sql, &params)
                .err()
                .unwrap_or(error)
                .in_source(&definition.query)
                .into());
        }
    };
    check_columns(definition, &columns)
}

fn unknown_parameter(definition: &Definition, name: &str) -> Diagnostic {
    let query = &definition.query;
    let at = query.text.find(&format!("${name}")).unwrap_or(0);
    let problem = Diagnostic::error(format!("nobody gives the parameter `${name}`"))
        .at(query.place(query.token_at(at), ""));
    match name {
        "period_start" | "period_end" => problem
            .hint("`period: any` queries give the period themselves; set `period: quarter` to be given one"),
        _ => problem.hint(format!("name it under `params` in `{}`", definition.source.path)),
    }
}

fn check_columns(definition: &Definition, columns: &[String]) -> Result<(), Problems> {
    let indicator = &definition.indicator;
    let mut promised = vec!["org_id"];
    promised.extend(indicator.shape.columns());
    if indicator.period == PeriodKind::Any {
        promised.push("period");
    }
    let has = |name: &str| columns.iter().any(|column| column == name);
    let absent: Vec<String> =
        promised.iter().filter(|name| !has(name)).map(|name| format!("`{name}`")).collect();
    let is_known = |column: &str| promised.contains(&column) || OPTIONAL.contains(&column);
    let strange: Vec<String> =
        columns.iter().filter(|column| !is_known(column)).map(|name| format!("`{name}`")).collect();
    if absent.is_empty() && strange.is_empty() {
        return Ok(());
    }
    let given: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    let promised: Vec<String> = promised.iter().map(|name| format!("`{name}`")).collect();
    let shape = match indicator.shape {
        crate::model::indicator::Shape::Ratio => "ratio",
        crate::model::indicator::Shape::Count => "count",
        crate::model::indicator::Shape::Value => "value",
    };
    Err(Diagnostic::error(format!("the query gives {}", given.join(", ")))
        .in_file(&definition.query.path)
        .hint(format!("a `{shape}` indicator needs {}", promised.join(", ")))
        .hint("it may also give `breakdown`, `status`, `missing`, `source`; nothing else")
        .into())
}

/// Every target that an indicator or the outlook of an index names must be a row of `ref.target`, and ask for the side that is
/// the good one of the indicator that answers it.
pub fn check_targets(
    db: &Db,
    definitions: &[Definition],
    indices: &[IndexDefinition],
) -> Result<(), Problems> {
    let mut problems = Problems::default();
    let targets = if db.has_view("ref.target")? {
        let sql = "SELECT CAST(target_id AS VARCHAR), CAST(comparator AS VARCHAR), CAST(unit AS VARCHAR) FROM ref.target";
        db.query(sql, &[])?.rows
    } else {
        vec![]
    };
    let known: Vec<String> = targets.iter().map(|row| row[0].shown()).collect();
    let of_indicators = definitions.iter().flat_map(|one| {
        one.indicator.targets.iter().zip(&one.target_places).map(|named| (named, &one.source))
    });
    let of_indices = indices.iter().flat_map(|one| {
        let targets = one.tree.outlook.iter().flat_map(|outlook| &outlook.targets);
        targets.zip(&one.target_places).map(|named| (named, &one.source))
    });
    for ((target, place), source) in of_indicators.chain(of_indices) {
        if !known.iter().any(|known| known == target.as_str()) {
            let place = source.place(place.clone(), "not in `ref.target`");
            let problem = Diagnostic::error(format!("no target `{target}`")).at(place);
            problems.push(problem.suggest(target.as_str(), known.iter().map(String::as_str)));
        }
    }
    for definition in definitions {
        let indicator = &definition.indicator;
        for (target, place) in indicator.targets.iter().zip(&definition.target_places) {
            let asks = targets.iter().find(|row| row[0].text() == Some(target.as_str()));
            if let Some(hint) = asks.and_then(|row| wrong_side(indicator, &row[1].shown(), &row[2].shown())) {
                let place = definition.source.place(place.clone(), "asks for the other side");
                let message =
                    format!("the target `{target}` asks for what is the worse of `{}`", indicator.id);
                problems.push(Diagnostic::error(message).at(place).hint(hint));
            }
        }
    }
    problems.or(())
}

/// Why a target in the unit of an indicator cannot be answered by it: one asks for much where the other is good when small.
fn wrong_side(indicator: &Indicator, comparator: &str, unit: &str) -> Option<String> {
    let is_small = comparator.parse::<Comparator>().ok()?.lower_is_better();
    let good = match indicator.direction {
        Direction::LowerIsBetter => "smaller",
        Direction::HigherIsBetter => "greater",
        Direction::None => return None,
    };
    let is_other = is_small != (indicator.direction == Direction::LowerIsBetter);
    (is_other && is_comparable(indicator, unit)).then(|| {
        format!(
            "`{comparator}` in `ref.target`, while {good} is better in the indicator: one of them is wrong"
        )
    })
}

/// Every peer that the outlook of an index names must be a body that is known, and every indicator one of the project.
pub fn check_outlooks(
    db: &Db,
    definitions: &[Definition],
    indices: &[IndexDefinition],
) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for one in indices {
        problems.keep(check_peers(db, one));
        for (id, place) in &one.indicators {
            let known = || definitions.iter().map(|definition| definition.indicator.id.as_str());
            if !known().any(|known| known == id.as_str()) {
                let place = one.source.place(place.clone(), "not in `indicators`");
                let problem = Diagnostic::error(format!("no indicator `{id}`")).at(place);
                problems.push(problem.suggest(id.as_str(), known()));
            }
        }
    }
    problems.or(())
}

fn check_peers(db: &Db, index: &IndexDefinition) -> Result<(), Problems> {
    let groups = index.tree.outlook.iter().flat_map(|outlook| &outlook.peers);
    let peers: Vec<_> = groups.flat_map(|group| &group.bodies).zip(&index.peer_places).collect();
    if peers.is_empty() {
        return Ok(());
    }
    let known =
        db.query("SELECT DISTINCT CAST(org_id AS VARCHAR) FROM ref.organisation ORDER BY ALL", &[])?;
    let known: Vec<String> = known.rows.iter().map(|row| row[0].shown()).collect();
    let mut problems = Problems::default();
    for (peer, place) in
        peers.into_iter().filter(|(peer, _)| !known.iter().any(|known| known == peer.as_str()))
    {
        let place = index.source.place(place.clone(), "not in `ref.organisation`");
        let problem = Diagnostic::error(format!("no organisation `{peer}`")).at(place);
        problems.push(problem.suggest(peer.as_str(), known.iter().map(String::as_str)));
    }
    problems.or(())
}
