//! `chiso rejects`

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::definitions::Definitions;
use super::explain::find_organisation;
use super::{Context, Outcome, Result};
use crate::db::Db;
use crate::diagnostic::{Diagnostic, count};
use crate::export::{RejectBook, RejectLine, RejectSheet, reject_workbook};
use crate::load::{Archive, ROWS_GIVEN, make_ready, open_existing, rejected_files};
use crate::model::id::OrgId;
use crate::model::rejected::{Fault, RejectedFile, RejectedRow};
use crate::model::results::Results;
use crate::model::text::Lang;
use crate::project::write_whole;
use crate::report::account::{refusal, rule};
use crate::report::words::Words;
use crate::results::read_results;

/// Write the rows that were kept out as workbooks for those who sent them: as sent, wrong cells marked, reasons in notes
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["org", "into"]))]
pub(super) struct Args {
    /// One sender: its id, a code of it, or its name
    #[arg(long, value_name = "ORG")]
    org: Option<String>,
    /// Where to; by default `build/rejects/ORG.xlsx`
    #[arg(long, value_name = "FILE.xlsx", requires = "org")]
    to: Option<PathBuf>,
    /// All senders, one workbook each, into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "org")]
    into: Option<PathBuf>,
    /// The language of the reasons; by default the first one of the report
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Outcome> {
    let definitions = Definitions::read(&context.project)?;
    let db = open_existing(&context.project)?;
    make_ready(&db, &definitions.contracts, &definitions.views)?;
    let results = read_results(&db, vec![], vec![], &[], &[])?;
    let today = context.now.date_naive();
    let asked = args.org.as_deref().map(|org| find_organisation(&db, &results, org, today)).transpose()?;
    let lang = args.lang.unwrap_or_else(|| definitions.reports[0].languages[0]);
    let words = super::report::templates(context)?.words(lang)?;
    let (shelves, problems) = sorted(context, &definitions, &db, &results)?;
    let author = Author { words: &words, results: &results };
    match (&asked, &args.into) {
        (Some(org), _) => author.write_one(context, org, &shelves, args.to.as_deref())?,
        (None, Some(folder)) => author.write_all(context, &shelves, folder)?,
        (None, None) => {}
    }
    context.printer.problems(&problems);
    Ok(super::outcome(&problems))
}

/// Files with rejects by their sender; those of nobody under none.
type Shelves = BTreeMap<Option<OrgId>, Vec<RejectedFile>>;

/// Sorts what was kept out by sender: a row goes to the body whose code it has, or to that of its file; what is of a body
/// below a sender goes to the sender.
fn sorted(
    context: &Context,
    definitions: &Definitions,
    db: &Db,
    results: &Results,
) -> Result<(Shelves, Vec<Diagnostic>)> {
    let archive = Archive {
        project: &context.project,
        contracts: &definitions.contracts,
        sources: &definitions.sources,
        deliveries: definitions.deliveries(),
    };
    let (files, problems) = rejected_files(db, &archive)?;
    let senders: BTreeSet<&OrgId> = results
        .quality
        .senders
        .iter()
        .filter(|sender| sender.expected > 0)
        .filter_map(|one| one.org.as_ref())
        .collect();
    let mut shelves = Shelves::new();
    for file in files {
        let of_file = file.sender.as_ref().map(|org| above(results, &senders, org));
        let mut parts: BTreeMap<Option<OrgId>, Vec<RejectedRow>> = BTreeMap::new();
        if file.refusal.is_some() {
            parts.insert(of_file.clone(), vec![]);
        }
        for row in file.rows.iter().cloned() {
            let of_row = row.sender.as_ref().map(|org| above(results, &senders, org));
            parts.entry(of_row.or_else(|| of_file.clone())).or_default().push(row);
        }
        for (org, rows) in parts {
            shelves.entry(org).or_default().push(RejectedFile { rows, ..file.clone() });
        }
    }
    Ok((shelves, problems))
}

/// The nearest sender above a body; a body without one is a sender by itself.
fn above(results: &Results, senders: &BTreeSet<&OrgId>, org: &OrgId) -> OrgId {
    let parent = |id: &OrgId| {
        let known = results.organisations.iter().find(|known| known.id == *id);
        known.and_then(|known| known.parent.clone())
    };
    let mut chain = std::iter::successors(Some(org.clone()), parent).take(20);
    chain.find(|id| senders.contains(id)).unwrap_or_else(|| org.clone())
}

/// Whoever puts rejects into words.
struct Author<'a> {
    words: &'a Words,
    results: &'a Results,
}

impl Author<'_> {
    fn write_one(&self, context: &Context, org: &OrgId, shelves: &Shelves, to: Option<&Path>) -> Result<()> {
        let Some(files) = shelves.get(&Some(org.clone())) else {
            context.printer.line(&format!("nothing of {} was kept out", self.name(Some(org))));
            return Ok(());
        };
        let (path, shown) = match to {
            Some(path) => (path.to_owned(), path.display().to_string()),
            None => {
                let shown = context.project.output(&format!("rejects/{org}.xlsx"));
                (context.project.path(&shown), shown)
            }
        };
        self.write(context, Some(org), files, (&path, &shown))
    }

    fn write_all(&self, context: &Context, shelves: &Shelves, folder: &Path) -> Result<()> {
        for (org, files) in shelves {
            let name = org.as_ref().map_or("unknown-sender", OrgId::as_str);
            let path = folder.join(format!("{name}.xlsx"));
            self.write(context, org.as_ref(), files, (&path, &path.display().to_string()))?;
        }
        if shelves.is_empty() {
            context.printer.line("nothing was kept out");
        }
        Ok(())
    }

    fn write(
        &self,
        context: &Context,
        org: Option<&OrgId>,
        files: &[RejectedFile],
        (path, shown): (&Path, &str),
    ) -> Result<()> {
        write_whole(path, &reject_workbook(&self.book(org, files))?)?;
        let rows: usize = files.iter().map(|file| file.rows.len()).sum();
        context.printer.line(&format!(
            "{shown}: {} of {}, {}",
            count(rows as u64, "row"),
            count(files.len() as u64, "file"),
            self.name(org)
        ));
        Ok(())
    }

    fn name(&self, org: Option<&OrgId>) -> String {
        let Some(org) = org else { return self.words.get("sender_unknown").to_owned() };
        let known = self.results.organisations.iter().find(|known| known.id == *org);
        known.map_or_else(|| org.to_string(), |known| known.name.get(self.words.lang).to_owned())
    }

    fn book(&self, org: Option<&OrgId>, files: &[RejectedFile]) -> RejectBook {
        let word = |key: &str| self.words.get(key).to_owned();
        RejectBook {
            guide: word("book_guide"),
            title: self.words.fill("book_title", &[("sender", &self.name(org))]),
            paragraphs: ["book_what", "book_do", "book_again"].map(word).to_vec(),
            list_headings: ["book_sheet", "book_file", "book_rows_rejected"].map(word),
            row_headings: ["book_row", "book_why"].map(word),
            sheets: files.iter().map(|file| self.sheet(file)).collect(),
        }
    }

    fn sheet(&self, file: &RejectedFile) -> RejectSheet {
        let account = match &file.refusal {
            Some(why) => self.words.fill("book_refused", &[("why", &refusal(self.words, why))]),
            None => {
                let whole = self.words.numbers.whole(file.rows.len() as u64);
                let listed = self.words.fill("book_listed", &[("n", &whole)]);
                // Where there are more than are given, the number says so and nothing more.
                if file.rows.len() < ROWS_GIVEN { whole } else { listed }
            }
        };
        let rows = file.rows.iter().map(|row| self.line(file, row)).collect();
        RejectSheet { path: file.path.clone(), account, headings: file.headings.clone(), rows }
    }

    fn line(&self, file: &RejectedFile, row: &RejectedRow) -> RejectLine {
        let why: Vec<String> = row.faults.iter().map(|fault| self.why(file, fault)).collect();
        let mut notes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for fault in &row.faults {
            for column in &fault.columns {
                notes.entry(*column).or_default().push(self.note(fault));
            }
        }
        RejectLine {
            number: row.number,
            why: why.join("; "),
            cells: row.cells.clone(),
            notes: notes.into_iter().map(|(column, notes)| (column, notes.join("\n"))).collect(),
        }
    }

    /// `NgayTiepNhan: không phải ngày dạng dd/mm/yyyy`
    fn why(&self, file: &RejectedFile, fault: &Fault) -> String {
        let names: Vec<&str> =
            fault.columns.iter().filter_map(|at| file.headings.get(*at)).map(String::as_str).collect();
        let what = match names.as_slice() {
            [] => self.words.get("book_whole_row").to_owned(),
            names => names.join(", "),
        };
        format!("{what}: {}", rule(self.words, &fault.rule))
    }

    fn note(&self, fault: &Fault) -> String {
        let why = rule(self.words, &fault.rule);
        match fault.value.as_str() {
            "" => why,
            value => format!("{why}\n{}", self.words.fill("book_value", &[("value", value)])),
        }
    }
}
