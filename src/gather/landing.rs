//! The landing folder: files as they came, under the sum of their bytes, and a manifest that only grows.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use regex::Regex;
use sha2::{Digest, Sha256};

use super::shown;
use crate::diagnostic::Diagnostic;
use crate::model::id::SourceId;
use crate::model::source::{Landed, SourceEntry};
use crate::project::{Project, make_folder, make_private_folder, unreadable, unwritable};

/// What one source brought.
pub(super) struct Landing {
    pub files: Vec<Landed>,
    pub changed: Vec<Landed>,
    pub problems: Vec<Diagnostic>,
}

fn manifest_path(project: &Project) -> PathBuf {
    project.landing().join("manifest.ndjson")
}

/// Every landing that was written down, oldest first; a half line at the end (a run that was killed) does not count.
pub fn read_manifest(project: &Project) -> Result<Vec<Landed>, Diagnostic> {
    let path = manifest_path(project);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(unreadable(&path.display().to_string(), &error)),
    };
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// The newest landing of every file, by source and path.
pub(super) struct Known(HashMap<(SourceId, String), Landed>);

impl Known {
    /// From every landing, oldest first.
    pub(super) fn of(landed: Vec<Landed>) -> Known {
        Known(landed.into_iter().map(|file| ((file.source.clone(), file.path.clone()), file)).collect())
    }

    fn newest(&self, source: &SourceId, path: &str) -> Option<&Landed> {
        self.0.get(&(source.clone(), path.to_owned()))
    }
}

/// Writes down what landed.
pub(super) fn remember(project: &Project, landed: &[Landed]) -> Result<(), Diagnostic> {
    if landed.is_empty() {
        return Ok(());
    }
    let path = manifest_path(project);
    let mut lines = String::new();
    // A line that a killed run left unfinished is closed first.
    if fs::read(&path).is_ok_and(|bytes| !bytes.is_empty() && bytes.last() != Some(&b'\n')) {
        lines.push('\n');
    }
    for file in landed {
        lines.push_str(&serde_json::to_string(file).expect("a struct of texts and numbers is JSON"));
        lines.push('\n');
    }
    let append = || {
        let mut file = File::options().create(true).append(true).open(&path)?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    };
    append().map_err(|error| unwritable(&path, &error))
}

/// Lands every file of a source that is not known yet.
pub(super) fn land(project: &Project, source: &SourceEntry, known: &Known, now: &str) -> Landing {
    let slots = Slots::of(source);
    let mut landing = Landing { files: vec![], changed: vec![], problems: vec![] };
    let paths = match files_of(project, source) {
        Ok(paths) => paths,
        Err(problem) => {
            landing.problems.push(problem);
            return landing;
        }
    };
    for path in paths {
        match land_file(project, source, &path, &slots, known, now) {
            Ok((file, is_new)) => {
                if is_new {
                    landing.changed.push(file.clone());
                }
                landing.files.push(file);
            }
            Err(problem) => landing.problems.push(problem),
        }
    }
    landing
}

/// The files that a source has now, by path; an error if there are none.
pub fn files_of(project: &Project, source: &SourceEntry) -> Result<Vec<PathBuf>, Diagnostic> {
    // Only what stands in `sources.yml` is a pattern, not the folder that the project lies in.
    let root = glob::Pattern::escape(&project.root().to_string_lossy());
    let pattern = Path::new(&root).join(&source.path);
    let found = glob::glob(&pattern.to_string_lossy()).map_err(|error| {
        Diagnostic::error(format!(
            "source `{}`: `{}` is not a path pattern: {}",
            source.id, source.path, error.msg
        ))
        .in_file("sources.yml")
    })?;
    let mut paths: Vec<PathBuf> = found.filter_map(Result::ok).filter(|path| path.is_file()).collect();
    paths.sort();
    if paths.is_empty() && !source.optional {
        return Err(Diagnostic::error(format!("source `{}`: no file at `{}`", source.id, source.path))
            .in_file("sources.yml")
            .hint("check the path, or ask the sender; the other sources are not affected"));
    }
    Ok(paths)
}

fn land_file(
    project: &Project,
    source: &SourceEntry,
    path: &Path,
    slots: &Slots,
    known: &Known,
    now: &str,
) -> Result<(Landed, bool), Diagnostic> {
    let name = shown(project, path);
    let slot = slots.slot(&name);
    let stamp = stamp(path).map_err(|error| unreadable(&name, &error))?;
    let before = known.newest(&source.id, &name);
    let is_same = |file: &&Landed| file.stamp == stamp && file.slot == slot;
    let is_kept = |file: &&Landed| project.landing().join(&file.stored).is_file();
    if let Some(before) = before.filter(is_same).filter(is_kept) {
        return Ok((before.clone(), false));
    }
    let (sha256, size, stored) = store(project, source, path).map_err(|error| unreadable(&name, &error))?;
    let landed = Landed {
        source: source.id.clone(),
        slot,
        path: name,
        stored,
        size,
        sha256,
        landed_at: now.to_owned(),
        stamp,
    };
    Ok((landed, true))
}

/// Size, times and inode: if none of them moved, the bytes did not either.
fn stamp(path: &Path) -> io::Result<String> {
    let about = fs::metadata(path)?;
    Ok(format!(
        "{}-{}.{:09}-{}.{:09}-{}",
        about.size(),
        about.mtime(),
        about.mtime_nsec(),
        about.ctime(),
        about.ctime_nsec(),
        about.ino()
    ))
}

/// What files replace: the captures of `supersedes` in their names, else their paths.
struct Slots(Option<Regex>);

impl Slots {
    fn of(source: &SourceEntry) -> Slots {
        Slots(source.supersedes.as_deref().and_then(|pattern| Regex::new(pattern).ok()))
    }

    fn slot(&self, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        let captures = self.0.as_ref().and_then(|pattern| pattern.captures(name)).map(|captures| {
            let parts: Vec<&str> =
                captures.iter().skip(1).map(|part| part.map_or("", |part| part.as_str())).collect();
            parts.join("|")
        });
        captures.unwrap_or_else(|| path.to_owned())
    }
}

/// Copies a file into the landing folder while its sum is taken; the same bytes are stored once.
fn store(project: &Project, source: &SourceEntry, path: &Path) -> io::Result<(String, u64, String)> {
    let folder = project.landing().join(source.id.as_str());
    make_private_folder(&project.landing()).map_err(|problem| io::Error::other(problem.message))?;
    make_folder(&folder).map_err(|problem| io::Error::other(problem.message))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let part = folder.join(format!("{name}.part"));
    let (sha256, size) = copy_and_sum(path, &part)?;
    let stored = format!("{}/{}/{}", source.id, &sha256[..16], harmless(&name));
    let target = project.landing().join(&stored);
    make_folder(target.parent().unwrap_or(&folder)).map_err(|problem| io::Error::other(problem.message))?;
    fs::rename(&part, &target)?;
    Ok((sha256, size, stored))
}

/// A file name without characters that would make it a pattern to whoever opens it.
fn harmless(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect()
}

fn copy_and_sum(from: &Path, to: &Path) -> io::Result<(String, u64)> {
    let (mut reader, mut writer) = (File::open(from)?, File::create(to)?);
    let mut sum = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut size = 0;
    loop {
        let length = reader.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        sum.update(&buffer[..length]);
        writer.write_all(&buffer[..length])?;
        size += length as u64;
    }
    writer.sync_all()?;
    let hex = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((hex, size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::text::Text;

    fn source(supersedes: Option<&str>) -> SourceEntry {
        SourceEntry {
            id: "dossiers".parse().expect("valid"),
            title: Text::both("Hồ sơ", "Dossiers"),
            table: "fact.dossier".parse().expect("valid"),
            path: "in/*".into(),
            publisher: String::new(),
            licence: String::new(),
            url: None,
            format: None,
            constants: std::collections::BTreeMap::new(),
            supersedes: supersedes.map(str::to_owned),
            optional: false,
        }
    }

    #[test]
    fn a_slot_is_what_later_deliveries_share() {
        let pattern = Some(r"dossiers_(H\d+)_(\d{4}-Q\d)(_late)?");
        let check = |supersedes, path: &str, expected: &str| {
            assert_eq!(Slots::of(&source(supersedes)).slot(path), expected, "{path}");
        };
        check(None, "in/a.csv", "in/a.csv");
        check(pattern, "in/dossiers_H44_2026-Q1.csv", "H44|2026-Q1|");
        check(pattern, "late/dossiers_H44_2026-Q1_v2.csv", "H44|2026-Q1|");
        check(pattern, "in/dossiers_H44_2026-Q1_late.csv", "H44|2026-Q1|_late");
        // A file of another name keeps its own place.
        check(pattern, "in/others.csv", "in/others.csv");
        // Only the name of the file is looked at, not its folder.
        check(pattern, "dossiers_H1_2026-Q1/b.csv", "dossiers_H1_2026-Q1/b.csv");
    }

    #[test]
    fn stored_names_are_no_patterns() {
        assert_eq!(harmless("Biểu số 06 [1]*.csv"), "Biểu_số_06__1__.csv");
        assert_eq!(harmless("../a\n.csv"), ".._a_.csv");
    }
}
