//! Who sent what: the rows of every file by body and day, counted from the stored rows.

use super::contract::{Contract, Kind, OrganisationColumn};
use super::lookup::lookup;
use super::table;
use crate::db::{Db, DbError, literal, quoted};
use crate::diagnostic::Diagnostic;
use crate::model::quality::DeliveryRule;

/// Where the rules about deliveries are written.
const QUALITY: &str = "quality.yml";

/// Fills `meta.sent` for all files whose rows are there, also of those that were superseded: what came first tells when
/// something came.
///
/// Rows that were kept out count for the body whose code they carry, where that could be read.
pub fn note_sent(db: &Db, contracts: &[Contract], rules: &[DeliveryRule]) -> Result<(), DbError> {
    db.run("DELETE FROM meta.sent")?;
    for rule in rules {
        let contract = contracts.iter().find(|contract| contract.table == rule.table);
        let Some((contract, sender)) = contract.and_then(|one| Some((one, sender(one, &rule.sender)?)))
        else {
            continue;
        };
        db.run(&count_sent(contract, sender, rule))?;
    }
    Ok(())
}

/// The column with the body that sends.
pub(super) fn sender<'a>(contract: &'a Contract, name: &str) -> Option<&'a OrganisationColumn> {
    contract.organisations.iter().find(|column| column.name == name)
}

fn count_sent(contract: &Contract, sender: &OrganisationColumn, rule: &DeliveryRule) -> String {
    let found = lookup(sender);
    let of = format!("s.{}", quoted(&rule.of));
    let is_period =
        contract.columns.iter().any(|column| column.name == rule.of && column.kind == Kind::Period);
    let (join, first, last) = match is_period {
        true => (
            format!(" LEFT JOIN meta.period AS \"#of\" ON \"#of\".period = {of}"),
            "\"#of\".first_on".to_owned(),
            "\"#of\".last_on".to_owned(),
        ),
        false => (String::new(), format!("CAST({of} AS DATE)"), format!("CAST({of} AS DATE)")),
    };
    format!(
        "INSERT INTO meta.sent SELECT {rule}, s.file_id, {org}, {first}, {last}, \
            count(*) FILTER (s.problem IS NULL), count(*) FILTER (s.problem <> '') \
         FROM {stored} AS s{joins}{join} WHERE s.problem IS DISTINCT FROM '' \
            AND s.file_id IN (SELECT file_id FROM meta.delivery WHERE kept AND outcome = 'current') \
         GROUP BY ALL",
        rule = literal(&rule.id),
        org = found.org_id,
        stored = table::stored_name(contract),
        joins = found.joins,
    )
}

/// Rules that speak of a table, a sender or a day that is not there; all of them.
pub fn check_deliveries(contracts: &[Contract], rules: &[DeliveryRule]) -> Vec<Diagnostic> {
    rules.iter().filter_map(|rule| wrong_rule(contracts, rule)).collect()
}

fn wrong_rule(contracts: &[Contract], rule: &DeliveryRule) -> Option<Diagnostic> {
    let said = |what: String| Diagnostic::error(format!("delivery `{}`: {what}", rule.id)).in_file(QUALITY);
    let Some(contract) = contracts.iter().find(|contract| contract.table == rule.table) else {
        let names = contracts.iter().map(|contract| contract.table.as_str());
        let problem = said(format!("table `{}` has no contract", rule.table));
        return Some(problem.suggest(rule.table.as_str(), names));
    };
    if sender(contract, &rule.sender).is_none() {
        let names = contract.organisations.iter().map(|column| column.name.as_str());
        let problem = said(format!("`{}` has no organisation `{}`", rule.table, rule.sender));
        let listed: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
        let hint = match listed.as_slice() {
            [] => "its contract turns no code into an organisation".to_owned(),
            names => format!("its contract has {}", names.join(", ")),
        };
        return Some(problem.suggest(&rule.sender, names).hint(hint));
    }
    let is_day = |kind: &Kind| matches!(kind, Kind::Date(_) | Kind::Timestamp(_) | Kind::Period);
    let days = || contract.columns.iter().filter(|column| is_day(&column.kind)).map(|one| one.name.as_str());
    if days().all(|name| name != rule.of) {
        let problem = said(format!("`{}` has no day, moment or period `{}`", rule.table, rule.of));
        return Some(problem.suggest(&rule.of, days()));
    }
    None
}
