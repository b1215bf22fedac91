//! `chiso disclosure`

use super::definitions::Definitions;
use super::past::open_computed;
use super::{Context, Outcome, Result};
use crate::db::{Cell, Db};
use crate::diagnostic::Diagnostic;
use crate::indicators::DISCLOSURE;
use crate::model::text::Lang;
use crate::report::withheld_text::{WithheldCounts, WithheldGroup, WithheldText};

/// Say what is withheld, for those inside: it tells small numbers from those withheld to protect them
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The language of words and numbers; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// By indicator: how many numbers are withheld and why, and how much of what was counted they hold, at all levels.
const COUNTS: &str = "WITH number AS ( \
        SELECT indicator, coalesce(denominator, numerator) AS size, NULL AS why, false AS is_known, true AS is_protected \
        FROM out.observation WHERE numerator IS NOT NULL \
        UNION ALL \
        SELECT indicator, coalesce(denominator, numerator), why, is_known, is_protected FROM out.withheld \
    ) \
    SELECT indicator, count(*), count(*) FILTER (WHERE why = 'small'), count(*) FILTER (WHERE why = 'complementary'), \
        count(*) FILTER (WHERE why = 'before'), count(*) FILTER (WHERE is_known), \
        count(*) FILTER (WHERE NOT is_protected), coalesce(sum(size) FILTER (WHERE why IS NOT NULL) / nullif(sum(size), 0), 0) \
    FROM number GROUP BY indicator HAVING count(why) > 0 ORDER BY indicator";

/// Bodies under which most is withheld.
const GROUPS: &str = "SELECT w.indicator, w.period, coalesce(CAST(g.parent_id AS VARCHAR), w.org_id) AS above, count(*) AS n \
    FROM out.withheld AS w LEFT JOIN ref.organisation AS g ON CAST(g.org_id AS VARCHAR) = w.org_id \
    GROUP BY ALL ORDER BY n DESC, w.indicator, w.period, above LIMIT 10";

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    if definitions.disclosure.is_none() {
        let problem = Diagnostic::error("the project withholds nothing by rule").in_file(DISCLOSURE);
        return Err(problem.hint("write `disclosure.yml`; `docs/disclosure.md` says how").into());
    }
    let db = open_computed(context, &definitions)?;
    let (counts, groups) = (counts(&db)?, groups(&db)?);
    let text = match args.json {
        true => format!(
            "{:#}",
            serde_json::json!({ "inside_only": true, "indicators": counts, "groups": groups })
        ),
        false => {
            let lang = args.lang.unwrap_or_else(|| definitions.reports[0].languages[0]);
            let words = super::report::templates(context)?.words(lang)?;
            WithheldText { words: &words, counts: &counts, groups: &groups }.text()
        }
    };
    context.printer.line(text.trim_end());
    let is_open = counts.iter().any(|one| one.unprotected > 0);
    Ok(if is_open { Outcome::NeedsAttention } else { Outcome::Done })
}

fn whole(cell: &Cell) -> u64 {
    cell.count().unwrap_or(0)
}

fn counts(db: &Db) -> Result<Vec<WithheldCounts>> {
    let read = |row: &Vec<Cell>| WithheldCounts {
        indicator: row[0].shown(),
        numbers: whole(&row[1]),
        small: whole(&row[2]),
        complementary: whole(&row[3]),
        before: whole(&row[4]),
        known: whole(&row[5]),
        unprotected: whole(&row[6]),
        lost: row[7].number().unwrap_or(0.0),
    };
    Ok(db.query(COUNTS, &[])?.rows.iter().map(read).collect())
}

fn groups(db: &Db) -> Result<Vec<WithheldGroup>> {
    let read = |row: &Vec<Cell>| WithheldGroup {
        indicator: row[0].shown(),
        period: row[1].shown(),
        above: row[2].shown(),
        numbers: whole(&row[3]),
    };
    Ok(db.query(GROUPS, &[])?.rows.iter().map(read).collect())
}
