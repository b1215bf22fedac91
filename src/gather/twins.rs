//! Files that two sources bring to one table: their rows would come in twice, without a word.
//!
//! Takes what landed; says of each pair of sources which files they share.

use std::collections::BTreeMap;

use super::sources::places;
use crate::diagnostic::{Diagnostic, count};
use crate::model::id::SourceId;
use crate::model::origin::Origin;
use crate::model::source::{Landed, SourceEntry};
use crate::project::Project;

/// A warning for each pair of sources that share files. Two sources may read one workbook into two tables.
pub(super) fn twins(project: &Project, sources: &[SourceEntry], files: &[Landed]) -> Vec<Diagnostic> {
    let of_files = |source: &&SourceEntry| matches!(source.origin, Origin::Files(_));
    let by_id: BTreeMap<&SourceId, &SourceEntry> =
        sources.iter().filter(of_files).map(|source| (&source.id, source)).collect();
    let mut first: BTreeMap<(&str, &str), &SourceEntry> = BTreeMap::new();
    let mut shared: BTreeMap<(&SourceId, &SourceId), Vec<&str>> = BTreeMap::new();
    for file in files {
        let Some(source) = by_id.get(&file.source) else { continue };
        let known = first.entry((source.table.as_str(), &file.path)).or_insert(source);
        if known.id != source.id {
            shared.entry((&known.id, &source.id)).or_default().push(&file.path);
        }
    }
    shared
        .into_iter()
        .map(|((one, other), paths)| {
            let table = &by_id[one].table;
            let more = match paths.len() as u64 - 1 {
                0 => String::new(),
                n => format!(" and {} more", count(n, "file")),
            };
            let text = format!("sources `{one}` and `{other}` both bring `{}`{more} to `{table}`", paths[0]);
            let problem = Diagnostic::warning(text)
                .hint("the rows come in twice; narrow one of the two paths so that each file has one source");
            let places = places(project, &[one, other]).unwrap_or_default();
            places.into_iter().fold(problem, Diagnostic::at)
        })
        .collect()
}
