//! Who sent what: the rows of every file by body and day, counted from the stored rows.

use super::contract::{Contract, Kind, OrganisationColumn, ReadOn};
use super::lookup::lookup;
use super::vintage::{is_marked, mark};
use super::{organisation, table};
use crate::db::{Cell, Db, DbError, literal, quoted};
use crate::diagnostic::Diagnostic;
use crate::model::quality::DeliveryRule;

/// Where the rules about deliveries are written.
const QUALITY: &str = "quality.yml";

/// Fills `meta.sent` for all files whose rows are there, also of those that were superseded: what came first tells when
/// something came. What was counted before by the same rules and codes is not counted again.
///
/// Rows that were kept out count for the body whose code they carry, where that could be read.
pub fn note_sent(db: &Db, contracts: &[Contract], rules: &[DeliveryRule]) -> Result<(), DbError> {
    let statements: Vec<String> = rules.iter().filter_map(|rule| counting(contracts, rule)).collect();
    let counted_by = format!("{} {}", statements.join(";"), organisation::digest(db)?);
    let newest = db.value("SELECT coalesce(max(file_id), 0) FROM meta.delivery", &[])?;
    db.transaction(|| -> Result<(), DbError> {
        let up_to = match is_marked(db, "sent by", &counted_by)? {
            true => db.value("SELECT fingerprint::INTEGER FROM meta.done WHERE work = 'sent up to'", &[])?,
            false => Cell::Integer(0),
        };
        // What was counted of files whose rows were dropped since stays: it says when they came.
        let params = [("up_to", up_to)];
        db.execute(
            "DELETE FROM meta.sent WHERE file_id > $up_to AND file_id IN (SELECT file_id FROM meta.delivery WHERE kept)",
            &params,
        )?;
        for statement in &statements {
            db.execute(statement, &params)?;
        }
        mark(db, "sent by", &counted_by)?;
        mark(db, "sent up to", &newest.shown())
    })
}

fn counting(contracts: &[Contract], rule: &DeliveryRule) -> Option<String> {
    let contract = contracts.iter().find(|contract| contract.table == rule.table)?;
    Some(count_sent(contract, sender(contract, &rule.sender)?, rule))
}

/// The column with the body that sends.
pub(super) fn sender<'a>(contract: &'a Contract, name: &str) -> Option<&'a OrganisationColumn> {
    contract.organisations.iter().find(|column| column.name == name)
}

/// Rows are counted by code and day first, and few are left whose codes are looked up.
fn count_sent(contract: &Contract, sender: &OrganisationColumn, rule: &DeliveryRule) -> String {
    let found = lookup(sender);
    let is_period =
        |name: &str| contract.columns.iter().any(|column| column.name == name && column.kind == Kind::Period);
    let mut columns = vec![sender.code.as_str()];
    let mut days = vec![];
    let read_on = match &sender.on {
        ReadOn::Fixed(_) => None,
        ReadOn::Day(name) | ReadOn::PeriodEnd(name) => Some(name.as_str()),
    };
    for name in read_on.into_iter().chain([rule.of.as_str()]) {
        match is_period(name) {
            true => columns.push(name),
            false => days.push(name),
        }
    }
    // What is twice in the list is one column.
    let mut cells: Vec<String> = columns.into_iter().map(quoted).collect();
    cells.extend(days.into_iter().map(|name| format!("CAST({0} AS DATE) AS {0}", quoted(name))));
    cells.sort();
    cells.dedup();
    let of = format!("s.{}", quoted(&rule.of));
    let (join, first, last) = match is_period(&rule.of) {
        true => (
            format!(" LEFT JOIN meta.period AS \"#of\" ON \"#of\".period = {of}"),
            "\"#of\".first_on".to_owned(),
            "\"#of\".last_on".to_owned(),
        ),
        false => (String::new(), of.clone(), of),
    };
    format!(
        "INSERT INTO meta.sent SELECT {rule}, s.file_id, {org}, {first}, {last}, sum(s.fits), sum(s.others) \
         FROM (SELECT file_id, {cells}, count(*) FILTER (problem IS NULL) AS fits, count(*) FILTER (problem <> '') AS others \
            FROM {stored} WHERE problem IS DISTINCT FROM '' \
            AND file_id > $up_to \
            AND file_id IN (SELECT file_id FROM meta.delivery WHERE kept AND outcome = 'current') GROUP BY ALL) AS s{joins}{join} \
         GROUP BY ALL",
        rule = literal(&rule.id),
        org = found.org_id,
        cells = cells.join(", "),
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
