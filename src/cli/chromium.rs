//! Prints a page to PDF with the Chromium of the machine: tagged, with an outline, and without a trace of when it was made.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Result;
use crate::diagnostic::Diagnostic;
use crate::project::{make_folder, unreadable, unwritable, write_whole};

/// Names that Chromium goes by.
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

/// The variable that names another one.
const CHOSEN: &str = "CHISO_CHROMIUM";

/// Longer than this no page takes.
const PATIENCE: Duration = Duration::from_secs(180);

/// Prints the page `html` to `pdf`; `moment`, such as `2026-11-23 08:15:00`, takes the place of the time of printing.
pub(super) fn print_to_pdf(html: &Path, pdf: &Path, moment: &str) -> Result<()> {
    let chromium = find()?;
    let workshop = pdf.with_extension("pdf.part");
    let printed = workshop.join("printed.pdf");
    make_folder(&workshop)?;
    let done = run(&chromium, html, &printed, &workshop).and_then(|()| {
        fs::read(&printed).map_err(|error| unreadable(&printed.display().to_string(), &error))
    });
    let removed = fs::remove_dir_all(&workshop).map_err(|error| unwritable(&workshop, &error));
    let mut bytes = done?;
    removed?;
    without_clock(&mut bytes, moment);
    number_anew(&mut bytes);
    Ok(write_whole(pdf, &bytes)?)
}

fn find() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os(CHOSEN) {
        let path = PathBuf::from(chosen);
        return match path.is_file() {
            true => Ok(path),
            false => {
                Err(Diagnostic::error(format!("{CHOSEN} names `{}`, which is no file", path.display()))
                    .into())
            }
        };
    }
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let found = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        Diagnostic::error("there is no Chromium on this machine to make the PDF with")
            .hint("install it (Debian: `apt install chromium`), or name one in `CHISO_CHROMIUM`")
            .hint("the HTML document is written all the same: any browser prints it to PDF")
            .into()
    })
}

fn run(chromium: &Path, html: &Path, pdf: &Path, workshop: &Path) -> std::result::Result<(), Diagnostic> {
    let name = chromium.display();
    let fails = |what: String| Diagnostic::error(format!("`{name}` could not print the report: {what}"));
    let html = fs::canonicalize(html).map_err(|error| unreadable(&html.display().to_string(), &error))?;
    let log = workshop.join("log");
    let file = fs::File::create(&log).map_err(|error| unwritable(&log, &error))?;
    let mut command = Command::new(chromium);
    command
        .args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--no-pdf-header-footer",
        ])
        .args(["--export-tagged-pdf", "--generate-pdf-document-outline"])
        .arg(format!("--user-data-dir={}", workshop.join("profile").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", in_address(&html)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file);
    if fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
        // Its sandbox does not work for the superuser; the page is ours and has no script.
        command.arg("--no-sandbox");
    }
    let mut child = command.spawn().map_err(|error| fails(error.to_string()))?;
    let began = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| fails(error.to_string()))? {
            Some(status) => break status,
            None if began.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(fails(format!("it did not end within {} seconds", PATIENCE.as_secs())));
            }
            None => sleep(Duration::from_millis(50)),
        }
    };
    if status.success() && pdf.is_file() {
        return Ok(());
    }
    let told = fs::read_to_string(&log).unwrap_or_default();
    let last = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    Err(fails(format!("{status}")).hint(last))
}

/// A path as it stands in an address.
fn in_address(path: &Path) -> String {
    let mut address = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => address.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => address.push(char::from(*byte)),
            byte => address += &format!("%{byte:02X}"),
        }
    }
    address
}

/// Puts the moment of the data where the time of printing stands, so that the same report gives the same bytes.
/// Lengths stay, for the file counts its bytes.
fn without_clock(pdf: &mut [u8], moment: &str) {
    let digits: String =
        moment.chars().filter(char::is_ascii_digit).chain("00000000000000".chars()).take(14).collect();
    for key in [b"/CreationDate (D:".as_slice(), b"/ModDate (D:"] {
        let mut from = 0;
        while let Some(at) = pdf[from..].windows(key.len()).position(|window| window == key) {
            let start = from + at + key.len();
            if let Some(place) = pdf.get_mut(start..start + digits.len()).filter(|place| place.is_ascii()) {
                place.copy_from_slice(digits.as_bytes());
            }
            from = start;
        }
    }
}

/// What elements of the tags are called, `(node00000137)`, follows from what the browser did before; where it was hurried, all
/// numbers are others by one. They are counted from 1 on in their order, which the list of names keeps.
fn number_anew(pdf: &mut [u8]) {
    const HEAD: &[u8] = b"(node";
    const DIGITS: usize = 8;
    let number = |at: usize, pdf: &[u8]| {
        let digits = pdf.get(at..at + DIGITS).filter(|_| pdf.get(at + DIGITS) == Some(&b')'))?;
        std::str::from_utf8(digits).ok()?.parse::<u32>().ok()
    };
    let ends = pdf.windows(HEAD.len()).enumerate().filter(|(_, window)| *window == HEAD);
    let found: Vec<(usize, u32)> =
        ends.map(|(at, _)| at + HEAD.len()).filter_map(|at| Some((at, number(at, pdf)?))).collect();
    let numbers: BTreeSet<u32> = found.iter().map(|(_, number)| *number).collect();
    let anew: BTreeMap<u32, usize> = numbers.into_iter().zip(1..).collect();
    for (at, number) in found {
        pdf[at..at + DIGITS].copy_from_slice(format!("{:0DIGITS$}", anew[&number]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_numbered_from_one_on() {
        let printed = |first: u32| {
            let id = |n: u32| format!("(node{:08})", first + n);
            let text = format!(
                "/ID {} /Headers [{} {}] (nodes) (node12) /Limits [{} {}]",
                id(3),
                id(3),
                id(9),
                id(0),
                id(9)
            );
            let mut pdf = text.into_bytes();
            number_anew(&mut pdf);
            String::from_utf8(pdf).expect("text")
        };
        let expected = "/ID (node00000002) /Headers [(node00000002) (node00000003)] (nodes) (node12) \
                        /Limits [(node00000001) (node00000003)]";
        assert_eq!(printed(137), expected);
        assert_eq!(printed(138), expected);
    }

    #[test]
    fn the_time_of_printing_gives_way_to_that_of_the_data() {
        let mut pdf =
            b"<</CreationDate (D:20261129031500+00'00')\n/ModDate (D:20261129031500+00'00')>>".to_vec();
        let length = pdf.len();
        without_clock(&mut pdf, "2026-11-23 08:15:00");
        let text = String::from_utf8(pdf).expect("text");
        assert_eq!(text, "<</CreationDate (D:20261123081500+00'00')\n/ModDate (D:20261123081500+00'00')>>");
        assert_eq!(text.len(), length);
    }

    #[test]
    fn a_path_is_no_address() {
        assert_eq!(in_address(Path::new("/tmp/báo cáo #1.html")), "/tmp/b%C3%A1o%20c%C3%A1o%20%231.html");
    }
}
