//! The terminal: one file a command, the only place that prints.

mod account;
mod chart;
mod check;
mod chromium;
mod compute;
mod definitions;
mod demo;
mod dictionary;
mod disclosure;
mod egdi;
mod explain;
mod export;
mod forget;
mod gather;
mod load;
mod paper;
mod past;
mod print;
mod quality;
mod rejects;
mod report;
mod run;
mod site;
mod status;
mod targets;
mod template;
mod turn;
mod verify;
mod vintages;
mod watch;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::db::Db;
use crate::diagnostic::{Diagnostic, Problems};
use crate::project::Project;

/// Compute the indicators a government answers for, and show them
#[derive(Debug, Parser)]
#[command(name = "chiso", version, max_term_width = 100)]
pub struct Args {
    /// The project folder
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    project: PathBuf,
    /// Say nothing but what went wrong
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Say also how long each statement of the database took
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// How progress and problems are written to stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text, value_name = "FORMAT")]
    log_format: LogFormat,
    /// Wait while another run works in this project, instead of leaving with exit code 3
    #[arg(long, global = true)]
    wait: bool,
    #[command(subcommand)]
    command: Command,
}

/// How progress and problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Do everything: gather, load, compute, export and report
    Run(run::Args),
    /// Read every definition and report all problems at once
    Check(check::Args),
    /// Bring every source into the landing folder
    Gather(gather::Args),
    /// Load what landed into the database
    Load(load::Args),
    /// Compute the indicators from what is loaded
    Compute(compute::Args),
    /// Write the HTML site
    Report(report::Args),
    /// Write the data files
    Export(export::Args),
    /// Check that an export is as it was written
    Verify(verify::Args),
    /// List the states of the data: when, what came, what changed
    Vintages(vintages::Args),
    /// Name what earlier vintages alone need, and drop it when told to
    Forget(forget::Args),
    /// Write the data dictionary of the database, in Markdown
    Dictionary(dictionary::Args),
    /// Say of every sender what came, when, and what was wrong with it
    Quality(quality::Args),
    /// Write the rows that were kept out as workbooks for those who sent them
    Rejects(rejects::Args),
    /// Say what is withheld, for those inside
    Disclosure(disclosure::Args),
    /// Take one number apart
    Explain(explain::Args),
    /// Say how each target stands, and why
    Targets(targets::Args),
    /// Draw the charts of an indicator or an index into files, each with its title, its finding and its source
    Chart(chart::Args),
    /// Write a workbook that a sender can fill in, from the contract of a table
    Template(template::Args),
    /// Work with the UN E-Government Development Index
    Egdi(egdi::Args),
    /// Write a project with made-up dossiers, plainly marked as such
    Demo(demo::Args),
}

impl Command {
    /// The name of a command that writes the landing folder, the database, pages or exports: two of them never meet.
    fn that_writes(&self) -> Option<&'static str> {
        Some(match self {
            Command::Run(_) => "run",
            Command::Gather(args) if !args.status => "gather",
            Command::Load(_) => "load",
            Command::Compute(_) => "compute",
            Command::Report(_) => "report",
            Command::Export(_) => "export",
            Command::Forget(_) => "forget",
            _ => return None,
        })
    }

    /// The name of a command that reads the database, which is open to one program at a time.
    fn that_reads(&self) -> Option<&'static str> {
        Some(match self {
            Command::Gather(_) => "gather --status",
            Command::Vintages(_) => "vintages",
            Command::Quality(_) => "quality",
            Command::Rejects(_) => "rejects",
            Command::Disclosure(_) => "disclosure",
            Command::Explain(_) => "explain",
            Command::Targets(_) => "targets",
            Command::Chart(_) => "chart",
            Command::Egdi(_) => "egdi",
            _ => return None,
        })
    }

    /// The name of a command that takes its turn in a project.
    fn that_waits(&self, project: &Project) -> Option<&'static str> {
        self.that_writes().or_else(|| self.that_reads().filter(|_| project.database().exists()))
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Done,
    /// Data or definitions need attention.
    NeedsAttention,
    /// The arguments name something that is not there.
    WrongUsage,
    /// Another run works in this project; nothing was done.
    Busy,
    /// Somebody stopped it while it gathered; what had landed stays.
    Stopped,
}

impl Outcome {
    /// 0: done; 1: data or definitions need attention; 2: wrong usage, which the argument parser gives as well;
    /// 3: another run works in this project; 130: stopped, as shells say it.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::NeedsAttention => 1,
            Outcome::WrongUsage => 2,
            Outcome::Busy => 3,
            Outcome::Stopped => 130,
        }
    }

    /// The same in a word, for programs.
    fn word(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::NeedsAttention => "needs-attention",
            Outcome::WrongUsage => "wrong-usage",
            Outcome::Busy => "busy",
            Outcome::Stopped => "stopped",
        }
    }
}

/// What a command knows of its surroundings.
struct Context {
    project: Project,
    /// The time of the run, UTC; the one clock that is asked.
    now: chrono::DateTime<chrono::Utc>,
    printer: print::Printer,
}

/// The variable that says how much memory DuckDB may take, such as `4GB`; without it, four fifths of what there is.
const MEMORY: &str = "CHISO_MEMORY";

impl Context {
    /// The database of the project.
    fn database(&self) -> Result<Db> {
        let memory = std::env::var(MEMORY).ok();
        let opened = Db::open_within(&self.project.database(), memory.as_deref());
        let is_unreadable = |problem: &Diagnostic| memory.is_some() && problem.message.contains("memory");
        Ok(opened.map_err(|problem| match is_unreadable(&problem) {
            true => problem.hint(format!("`{MEMORY}` is an amount of memory, such as `4GB`")),
            false => problem,
        })?)
    }

    fn now_text(&self) -> String {
        self.now.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// Runs a command and prints its problems.
pub fn run(args: &Args) -> Outcome {
    let printer = print::Printer::new(args.quiet, args.log_format);
    watch::start_log(args.quiet, args.verbose, args.log_format);
    if let Command::Verify(args) = &args.command {
        // Whoever has taken an export away has no project.
        return ended(&printer, verify::run(&printer, args));
    }
    let done = Project::open(&args.project).map_err(Problems::from).and_then(|project| {
        let context = Context { project, now: now(), printer: printer.clone() };
        let _turn =
            match args.command.that_waits(&context.project).map(|name| turn::take(&context, name, args.wait))
            {
                None => None,
                Some(taken) => match taken? {
                    Ok(turn) => Some(turn),
                    Err(busy) => {
                        printer.problems(&[busy]);
                        return Ok(Outcome::Busy);
                    }
                },
            };
        match &args.command {
            Command::Run(args) => run::run(&context, args),
            Command::Check(args) => check::run(&context, args),
            Command::Gather(args) => gather::run(&context, args),
            Command::Load(args) => load::run(&context, args),
            Command::Compute(args) => compute::run(&context, args),
            Command::Report(args) => report::run(&context, args),
            Command::Export(args) => export::run(&context, args),
            Command::Verify(args) => verify::run(&context.printer, args),
            Command::Vintages(args) => vintages::run(&context, args),
            Command::Forget(args) => forget::run(&context, args),
            Command::Dictionary(args) => dictionary::run(&context, args),
            Command::Quality(args) => quality::run(&context, args),
            Command::Rejects(args) => rejects::run(&context, args),
            Command::Disclosure(args) => disclosure::run(&context, args),
            Command::Explain(args) => explain::run(&context, args),
            Command::Targets(args) => targets::run(&context, args),
            Command::Chart(args) => chart::run(&context, args),
            Command::Template(args) => template::run(&context, args),
            Command::Egdi(args) => egdi::run(&context, args),
            Command::Demo(args) => demo::run(&context, args),
        }
    });
    ended(&printer, done)
}

fn ended(printer: &print::Printer, done: Result<Outcome>) -> Outcome {
    match done {
        Ok(outcome) => outcome,
        Err(problems) => {
            printer.problems(&problems.0);
            let is_of_usage = problems.0.iter().any(|problem| problem.is_of_usage);
            if is_of_usage { Outcome::WrongUsage } else { Outcome::NeedsAttention }
        }
    }
}

/// The clock, or the moment that `SOURCE_DATE_EPOCH` fixes for reproducible runs.
fn now() -> chrono::DateTime<chrono::Utc> {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    fixed.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0)).unwrap_or_else(chrono::Utc::now)
}

/// A problem of the run itself, such as a database that fails.
type Result<T> = std::result::Result<T, Problems>;

/// Whether any of the problems keeps the work from being called done.
fn outcome(problems: &[Diagnostic]) -> Outcome {
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error;
    if problems.iter().any(is_error) { Outcome::NeedsAttention } else { Outcome::Done }
}
