//! An earlier vintage, computed again for a command that was asked `--as-of`.

use super::compute::compute_all;
use super::definitions::Definitions;
use super::{Context, Result};
use crate::compute::last_quarter;
use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::load::past;
use crate::model::id::SourceId;
use crate::model::period::Period;
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
        read_results(&self.db, self.definitions.indicators(), &self.definitions.sources, &self.absent)
    }
}

/// Computes `vintage` again, for the period that was computed last in it unless another is asked for.
pub(super) fn rebuild(context: &Context, vintage: u32, period: Option<Period>) -> Result<Rebuilt> {
    let past = past(&context.project, vintage)?;
    let context =
        Context { project: past.project.clone(), now: context.now, printer: context.printer.clone() };
    let definitions = Definitions::read(&context.project)?;
    past.prepare(&definitions.contracts, &definitions.views)?;
    let period = period.or(past.period).unwrap_or_else(|| last_quarter(context.now.date_naive()));
    let mut problems = Problems::default();
    compute_all(&context, &definitions, &past.db, &period, &mut problems)?;
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
