//! The table of targets: one target on one body by one indicator a row, with its status and all that it was judged by.

use std::collections::HashMap;

use polars::prelude::{DataFrame, PolarsError};

use super::tidy::Rows;
use crate::model::id::{OrgId, TargetId};
use crate::model::organisation::Organisation;
use crate::model::progress::{Method, Pace, TargetProgress};
use crate::model::results::Results;
use crate::model::target::Target;
use crate::model::text::{Lang, Text};

type Row<'a> = (&'a TargetProgress, &'a Target);

/// All rows as a frame.
pub(super) fn frame<'a>(results: &'a Results) -> Result<DataFrame, PolarsError> {
    let organisations: HashMap<&OrgId, &Organisation> =
        results.organisations.iter().map(|organisation| (&organisation.id, organisation)).collect();
    let targets: HashMap<&TargetId, &'a Target> =
        results.targets.iter().map(|target| (&target.id, target)).collect();
    let with_target = |row: &'a TargetProgress| Some((row, *targets.get(&row.target)?));
    let rows: Vec<Row<'a>> = results.progress.iter().filter_map(with_target).collect();
    let table = Rows(&rows);
    let in_lang = |text: &Text, lang| Some(text.get(lang).to_owned());
    let org = |(row, _): &Row<'_>| organisations.get(row.org.as_ref()?).copied();
    let columns = vec![
        table.texts("target", |(row, _)| Some(row.target.to_string())),
        table.texts("target_vi", |(_, target)| in_lang(&target.title, Lang::Vi)),
        table.texts("target_en", |(_, target)| in_lang(&target.title, Lang::En)),
        table.texts("level", |(_, target)| Some(target.level.clone())),
        table.texts("comparator", |(_, target)| Some(target.comparator.to_string())),
        table.numbers("demanded", |(_, target)| Some(target.value)),
        table.texts("unit", |(_, target)| Some(target.unit.clone())),
        table.texts("due_on", |(_, target)| Some(target.due_on.to_string())),
        table.texts("legal_basis_vi", |(_, target)| in_lang(&target.legal_basis, Lang::Vi)),
        table.texts("legal_basis_en", |(_, target)| in_lang(&target.legal_basis, Lang::En)),
        table.texts("org_id", |(row, _)| row.org.as_ref().map(ToString::to_string)),
        table.texts("org_vi", |row| in_lang(&org(row)?.name, Lang::Vi)),
        table.texts("org_en", |row| in_lang(&org(row)?.name, Lang::En)),
        table.texts("indicator", |(row, _)| row.indicator.as_ref().map(ToString::to_string)),
        table.texts("status", |(row, _)| Some(row.status.to_string())),
        table.truths("decides", |(row, _)| row.decides),
        table.truths("due_is_over", |(row, _)| row.due_is_over),
        table.texts("period", |(row, _)| row.deciding.map(|point| point.period.to_string())),
        table.numbers("value", |(row, _)| row.deciding.map(|point| point.value)),
        table.numbers("gap", |(row, target)| row.deciding.map(|point| target.value - point.value)),
        table.texts("scale", |(row, _)| Some(row.scale.to_string())),
        table.whole("values_known", |(row, _)| Some(row.values)),
        table.whole("points", |(row, _)| Some(row.points)),
        table.whole("restated_points", |(row, _)| Some(row.restated)),
        table.texts("baseline_period", |row| pace(row, |pace| Some(pace.baseline.period.to_string()))),
        table.numbers("baseline", |row| pace(row, |pace| Some(pace.baseline.value))),
        table.texts("start_period", |row| pace(row, |pace| Some(pace.start.period.to_string()))),
        table.numbers("start_value", |row| pace(row, |pace| Some(pace.start.value))),
        table.numbers("path", |row| pace(row, |pace| Some(pace.path))),
        table.numbers("way_done", |row| pace(row, |pace| pace.way_done)),
        table.numbers("pace_seen", |row| pace(row, |pace| Some(pace.seen))),
        table.numbers("pace_needed", |row| pace(row, |pace| pace.needed)),
        table.numbers("pace_times", |row| pace(row, |pace| pace.times)),
        table.texts("arrives_on", |row| pace(row, |pace| pace.arrives_on.map(|day| day.to_string()))),
        table.numbers("extra_units", |(row, _)| row.extra.map(|extra| extra.units)),
        table.numbers("extra_per_period", |(row, _)| row.extra.and_then(|extra| extra.per_period)),
        table.numbers("probability", |(row, _)| row.chance.map(|chance| chance.probability)),
        table.numbers("expected", |(row, _)| row.chance.map(|chance| chance.expected)),
        table.numbers("low", |(row, _)| row.chance.map(|chance| chance.low)),
        table.numbers("high", |(row, _)| row.chance.map(|chance| chance.high)),
        table.whole("methods_agree", |(row, _)| {
            row.agreement().and_then(|(agree, _)| u32::try_from(agree).ok())
        }),
        table.whole("methods_counted", |(row, _)| row.agreement().and_then(|(_, of)| u32::try_from(of).ok())),
    ];
    let methods = Method::ALL.map(|(method, word)| {
        table.numbers(&word.replace('-', "_"), |(row, _)| {
            row.methods.iter().find(|value| value.method == method).map(|value| value.value)
        })
    });
    let vintage = table.whole("vintage", |_| Some(results.vintage.number));
    DataFrame::new(rows.len(), columns.into_iter().chain(methods).chain([vintage]).collect())
}

fn pace<T>((row, _): &Row<'_>, cell: impl Fn(&Pace) -> Option<T>) -> Option<T> {
    row.pace.as_ref().and_then(cell)
}
