//! The SQL by which the view of a table looks the organisations of its codes up.

use super::contract::{OrganisationColumn, ReadOn};
use super::name::compared;
use crate::db::{literal, quoted};

/// How the view of a table finds an organisation.
pub(super) struct Lookup {
    /// What stands after the stored table, called `s`.
    pub joins: String,
    /// The organisation, null where the code is nobody's.
    pub org_id: String,
    /// Why there is none, null where there is one or no code.
    pub problem: String,
}

/// Joins to the spans of each system, and what they give together.
pub(super) fn lookup(column: &OrganisationColumn) -> Lookup {
    let code = format!("s.{}", quoted(&column.code));
    let (mut joins, day) = day_of(column);
    let mut found = vec![];
    for (number, system) in (1..).zip(&column.systems) {
        let span = quoted(&format!("{}#{number}", column.name));
        joins += &format!(
            " LEFT JOIN meta.organisation_span AS {span} ON {span}.code_system = {system} AND {span}.code = {compared} \
             AND {day} BETWEEN {span}.first_on AND {span}.last_on",
            system = literal(system),
            compared = compared(system, &code),
        );
        found.push(format!("{span}.org_id"));
    }
    let org_id = if found.len() == 1 { found.remove(0) } else { format!("coalesce({})", found.join(", ")) };
    let problem = format!(
        "CASE WHEN {code} IS NULL OR {org_id} IS NOT NULL THEN NULL WHEN {day} IS NULL THEN {no_day} ELSE {nobody} END",
        no_day = literal(NO_DAY),
        nobody = literal(NOBODY),
    );
    Lookup { joins, org_id, problem }
}

/// Why a code could not be read.
pub(super) const NO_DAY: &str = "no day on which the code could be read";
const NOBODY: &str = "code of no organisation on its day";

/// The day that a row's code is read on, with the join that it needs.
pub(super) fn day_of(column: &OrganisationColumn) -> (String, String) {
    match &column.on {
        ReadOn::Fixed(day) => (String::new(), format!("DATE '{day}'")),
        ReadOn::Day(name) => (String::new(), format!("CAST(s.{} AS DATE)", quoted(name))),
        ReadOn::PeriodEnd(name) => {
            let period = quoted(&format!("{}#period", column.name));
            let join = format!(" LEFT JOIN meta.period AS {period} ON {period}.period = s.{}", quoted(name));
            (join, format!("{period}.last_on"))
        }
    }
}
