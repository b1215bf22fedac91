//! The long table of indices: one part of one body in one period a row, as scored and as published.

use std::collections::HashMap;

use polars::prelude::{DataFrame, PolarsError};

use super::tidy::Rows;
use crate::model::id::OrgId;
use crate::model::index::{IndexResults, IndexScore, IndexTree};
use crate::model::organisation::Organisation;
use crate::model::results::Results;
use crate::model::text::{Lang, Text};

/// All scores as a frame.
pub(super) fn frame<'a>(results: &'a Results) -> Result<DataFrame, PolarsError> {
    let organisations: HashMap<&OrgId, &Organisation> =
        results.organisations.iter().map(|organisation| (&organisation.id, organisation)).collect();
    let of_org = |(_, score): &Row<'_>| organisations.get(&score.org).copied();
    let of_index = |index: &'a IndexResults| index.scores.iter().map(|score| (&index.tree, score));
    let rows: Vec<Row<'a>> = results.indices.iter().flat_map(of_index).collect();
    let table = Rows(&rows);
    let in_lang = |text: &Text, lang| Some(text.get(lang).to_owned());
    let part = |(tree, score): &Row<'_>, lang| in_lang(tree.part(&score.part)?, lang);
    let place = |place: Option<u64>| place.and_then(|place| u32::try_from(place).ok());
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let columns = vec![
        table.texts("index", |(tree, _)| Some(tree.id.to_string())),
        table.texts("index_vi", |(tree, _)| in_lang(&tree.title, Lang::Vi)),
        table.texts("index_en", |(tree, _)| in_lang(&tree.title, Lang::En)),
        table.texts("org_id", |(_, score)| Some(score.org.to_string())),
        table.texts("org_vi", |row| in_lang(&of_org(row)?.name, Lang::Vi)),
        table.texts("org_en", |row| in_lang(&of_org(row)?.name, Lang::En)),
        table.texts("level", |row| Some(of_org(row)?.level.clone())),
        table.texts("period", |(_, score)| Some(score.period.to_string())),
        table.texts("first_day", |(_, score)| Some(score.period.start().to_string())),
        table.texts("last_day", |(_, score)| Some(score.period.end().to_string())),
        table.texts("edition", |(_, score)| Some(score.edition.clone())),
        table.whole("formula", |(tree, score)| Some(tree.edition_on(score.period.end())?.formula)),
        table.texts("among", |(_, score)| filled(&score.among)),
        table.texts("part", |(_, score)| Some(score.part.clone())),
        table.texts("part_vi", |row| part(row, Lang::Vi)),
        table.texts("part_en", |row| part(row, Lang::En)),
        table.texts("above", |(_, score)| score.above.clone()),
        table.numbers("value", |(_, score)| score.value),
        table.texts("missing", |(_, score)| score.missing.clone()),
        table.numbers("weight", |(_, score)| score.weight),
        table.whole("rank", |(_, score)| place(score.rank)),
        table.whole("ranked_among", |(_, score)| place(Some(score.ranked_among))),
        table.numbers("given", |(_, score)| score.given),
        table.numbers("published", |(_, score)| score.published),
        table.whole("published_rank", |(_, score)| place(score.published_rank)),
        table.truths("imputed", |(_, score)| score.imputed),
        table.whole("vintage", |_| Some(results.vintage.number)),
    ];
    DataFrame::new(rows.len(), columns)
}

type Row<'a> = (&'a IndexTree, &'a IndexScore);
