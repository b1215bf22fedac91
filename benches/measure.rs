//! Runs processes and says what they cost.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a process cost.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// From start to end.
    seconds: f64,
    /// On all processors; steadier than `seconds` where others work on the same machine.
    cpu: f64,
    /// The most memory it held, in MiB.
    peak: u64,
}

impl Measured {
    /// This and then `next`.
    pub(crate) fn then(&self, next: &Measured) -> Measured {
        Measured {
            seconds: self.seconds + next.seconds,
            cpu: self.cpu + next.cpu,
            peak: self.peak.max(next.peak),
        }
    }
}

/// Runs `chiso` in a project. Rows that do not fit are no failure, anything worse is.
pub(crate) fn program(project: &Path, args: &[&str]) -> Measured {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chiso"));
    command.arg("--quiet").arg("--project").arg(project).args(args);
    let measured = measured(command);
    if args.first() == Some(&"run") {
        expect_report(project);
    }
    measured
}

/// A run that broke off, on a full disk for one, ends as one that found something wrong in the data, but no report stands.
fn expect_report(project: &Path) {
    let told = fs::read_to_string(project.join("build/run.json")).expect("every run gives its account");
    let account: serde_json::Value = serde_json::from_str(&told).expect("the account is JSON");
    let reports = account["reports"].as_array().expect("the reports that stand");
    assert!(!reports.is_empty(), "the run broke off: {}", account["problems"]);
}

/// Runs a baseline, which is this program again. The files are in memory, if they fit, as they were before a run landed them.
pub(crate) fn this(baseline: &str, project: &Path) -> Measured {
    ["data", "inbox"].iter().for_each(|folder| read_through(&project.join(folder)));
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.env("CHISO_BENCH_BASELINE", baseline).env("CHISO_BENCH_PROJECT", project);
    measured(command)
}

fn read_through(path: &Path) {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a folder of the project");
        entries.for_each(|entry| read_through(&entry.expect("a folder of the project").path()));
    } else if path.is_file() {
        let mut file = fs::File::open(path).expect("a file of the project");
        io::copy(&mut file, &mut io::sink()).expect("a readable file");
    }
}

fn measured(mut command: Command) -> Measured {
    let errors = tempfile::tempfile().expect("a temporary file");
    command.stdout(Stdio::null()).stderr(errors.try_clone().expect("an open file"));
    let start = Instant::now();
    let mut child = command.spawn().expect("a program of this build");
    let (mut cpu, mut peak) = (0.0, 0);
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            break status;
        }
        if let Some((seconds, size)) = state(child.id()) {
            (cpu, peak) = (seconds, size);
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = start.elapsed().as_secs_f64();
    assert!(matches!(status.code(), Some(0 | 1)), "{command:?}: {status}\n{}", read(errors));
    Measured { seconds, cpu, peak }
}

fn read(mut file: fs::File) -> String {
    use std::io::{Read, Seek};
    let mut text = String::new();
    let _ = file.rewind().and_then(|()| file.read_to_string(&mut text));
    text
}

/// Processor seconds and peak memory of a process so far, where the system tells (Linux).
fn state(process: u32) -> Option<(f64, u64)> {
    let times = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let times: Vec<&str> = times.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = times.get(11)?.parse::<f64>().ok()? + times.get(12)?.parse::<f64>().ok()?;
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    // Ticks are hundredths of a second on every Linux that matters.
    Some((ticks / 100.0, peak.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024))
}

/// The median of each number.
pub(crate) fn median(rounds: Vec<Measured>) -> Measured {
    let middle = |mut numbers: Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers[numbers.len() / 2]
    };
    Measured {
        seconds: middle(rounds.iter().map(|round| round.seconds).collect()),
        cpu: middle(rounds.iter().map(|round| round.cpu).collect()),
        peak: rounds.iter().map(|round| round.peak).max().unwrap_or(0),
    }
}

pub(crate) fn print_head() {
    println!(
        "{:<50} {:>9} {:>9} {:>9} {:>11} {:>7} {:>9}",
        "", "seconds", "cpu", "peak MiB", "rows/s", "ratio", "cpu ratio"
    );
}

/// One line of the table; the ratios are to `base`.
pub(crate) fn print_row(name: &str, measured: &Measured, rows: Option<u64>, base: Option<&Measured>) {
    let speed = rows.map_or(String::new(), |rows| format!("{:.0}", rows as f64 / measured.seconds));
    let ratio = |of: fn(&Measured) -> f64| {
        base.map_or(String::new(), |base| format!("{:.2}", of(measured) / of(base)))
    };
    println!(
        "{name:<50} {:>9.2} {:>9.2} {:>9} {speed:>11} {:>7} {:>9}",
        measured.seconds,
        measured.cpu,
        measured.peak,
        ratio(|measured| measured.seconds),
        ratio(|measured| measured.cpu),
    );
}
