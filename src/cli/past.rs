//! What was computed, for commands that tell of it: as it is, or an earlier vintage computed again for `--as-of`.

use super::compute::{Asked, compute_all, judge_all, judging_day};
use super::definitions::Definitions;
use super::{Context, Outcome, Result};
use crate::compute::last_quarter;
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::load::{is_computed, make_ready, newest_vintage, past};
use crate::model::id::SourceId;
use crate::model::results::Results;
use crate::results::read_results;

/// A vintage that stands again, in memory; what is written from it goes to `build/as-of/N`.
pub(super) struct Rebuilt {
    pub context: Context,
    pub definitions: Definitions,
    pub db: Db,
    pub absent: Vec<(SourceId, String)>,
    /// What is worth saying: indicators that failed then as well, another version of the program.
    pub problems: Vec<Diagnostic>,
}

impl Rebuilt {
    pub(super) fn results(&self) -> Result<Results> {
        read_results(
            &self.db,
            self.definitions.indicators(),
            self.definitions.trees(),
            &self.definitions.sources,
            &self.absent,
        )
    }
}

/// Tells of what was computed, as it is or as it was in a vintage.
pub(super) fn tell_of(
    context: &Context,
    as_of: Option<u32>,
    tell: impl FnOnce(&Context, &Definitions, &Db, &Results) -> Result<Outcome>,
) -> Result<Outcome> {
    if let Some(vintage) = as_of {
        let past = rebuild(context, vintage, &Asked::default())?;
        context.printer.problems(&past.problems);
        return tell(&past.context, &past.definitions, &past.db, &past.results()?);
    }
    let definitions = Definitions::read(&context.project)?;
    let db = open_computed(context, &definitions)?;
    let results =
        read_results(&db, definitions.indicators(), definitions.trees(), &definitions.sources, &[])?;
    tell(context, &definitions, &db, &results)
}

/// The database with what was computed last, to be asked and not changed.
pub(super) fn open_computed(context: &Context, definitions: &Definitions) -> Result<Db> {
    if !context.project.database().exists() {
        let problem = Diagnostic::error("nothing has been computed yet").in_file("build/chiso.duckdb");
        return Err(problem.hint("run `chiso run` first").into());
    }
    let db = context.database()?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    if !is_computed(&db)? {
        let vintage = newest_vintage(&db)?;
        let problem = Diagnostic::error(format!(
            "vintage {vintage} is not computed yet: the numbers are of an earlier one, the files are not"
        ));
        return Err(problem.in_file("build/chiso.duckdb").hint("run `chiso compute`").into());
    }
    db.lock_down()?;
    Ok(db)
}

/// Computes `vintage` again, for the period and the map that were computed last in it unless others are asked for.
pub(super) fn rebuild(context: &Context, vintage: u32, asked: &Asked) -> Result<Rebuilt> {
    let past = past(&context.project, vintage)?;
    let context =
        Context { project: past.project.clone(), now: context.now, printer: context.printer.clone() };
    let definitions = Definitions::read(&context.project)?;
    past.prepare(&definitions.contracts, &definitions.views)?;
    let period = asked.period.or(past.period).unwrap_or_else(|| last_quarter(context.now.date_naive()));
    // Another period comes with a map of its own.
    let map_of_then = past.map_on.filter(|_| asked.period.is_none());
    let map_on = asked.map.or(map_of_then).unwrap_or_else(|| period.end());
    let mut problems = Problems::default();
    compute_all(&context, &definitions, &past.db, (&period, map_on), &mut problems)?;
    let judged_on = past.judged_on.unwrap_or_else(|| judging_day(&context, &definitions));
    let remarks = problems.keep(judge_all(&definitions, &past.db, &period, judged_on));
    problems.0.extend(remarks.unwrap_or_default());
    if past.program != env!("CARGO_PKG_VERSION") {
        problems.push(
            Diagnostic::warning(format!(
                "vintage {vintage} was made by chiso {}, this is chiso {}",
                past.program,
                env!("CARGO_PKG_VERSION")
            ))
            .hint("the data and definitions are those of then; pages and exports may be laid out otherwise"),
        );
    }
    Ok(Rebuilt { context, definitions, db: past.db, absent: past.absent, problems: problems.0 })
}
