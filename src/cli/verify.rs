//! `chiso verify`

use std::path::{Path, PathBuf};

use super::export::files_of;
use super::print::Printer;
use super::{Outcome, Result};
use crate::diagnostic::{Diagnostic, Problems, count};
use crate::export::{MANIFEST, Manifest, SIGNATURE, check_signature, differences};
use crate::project::unreadable;

/// Check that the files of an export are those of its manifest, and with `--key` who signed it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder with the export and its manifest
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// A file with the public key (PEM) of whoever signed the manifest
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub(super) fn run(printer: &Printer, args: &Args) -> Result<Outcome> {
    let bytes = read(&args.folder.join(MANIFEST))?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| {
        Diagnostic::error(format!("this is not a manifest of an export: {error}"))
            .in_file(args.folder.join(MANIFEST).display().to_string())
    })?;
    let mut problems = Problems(differences(&manifest, &files_of(&args.folder)?));
    if let Some(key) = &args.key {
        problems.keep(signed(&args.folder, &bytes, key));
    }
    let state = &manifest.state;
    problems.or(())?;
    let by = if args.key.is_some() { ", and it is signed by this key" } else { "" };
    printer.line(&format!(
        "{} as written by {} from vintage {} of {} UTC{by}",
        count(manifest.files.len() as u64, "file"),
        state.program,
        state.vintage,
        state.loaded_at
    ));
    Ok(Outcome::Done)
}

fn signed(folder: &Path, manifest: &[u8], key: &Path) -> Result<()> {
    let signature = folder.join(SIGNATURE);
    if !signature.exists() {
        let problem = Diagnostic::error("the manifest is not signed").in_file(SIGNATURE);
        return Err(problem.hint("ask whoever gave you the files for the signature").into());
    }
    let key = read(key)?;
    check_signature(manifest, &read(&signature)?, &String::from_utf8_lossy(&key))
}

fn read(path: &Path) -> std::result::Result<Vec<u8>, Diagnostic> {
    std::fs::read(path).map_err(|error| unreadable(&path.display().to_string(), &error))
}
