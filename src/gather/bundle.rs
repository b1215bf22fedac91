//! Bundles: ZIP files with the files of agencies in them, as they are sent by mail.
//!
//! A bundle is refused as a whole where it holds too much, where a name in it leads elsewhere, or where it is not whole.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::download::Part;
use super::files::{Slots, is_litter};
use super::landing::{Arrival, Berth, State, sum_of_text};
use super::visit::Failure;
use crate::diagnostic::Diagnostic;
use crate::model::source::{Landed, Members};

/// A file may grow as much as it likes up to here.
const SMALL: u64 = 10_000_000;

/// A bundle and where its files go.
pub(super) struct Bundle<'a> {
    pub berth: Berth<'a>,
    pub slots: &'a Slots,
    /// How the bundle is named to readers.
    pub name: &'a str,
    /// By what it is known to be unchanged.
    pub stamp: &'a str,
    /// Which files in it are taken, and how much.
    pub members: &'a Members,
}

impl Bundle<'_> {
    /// Lands the files of the ZIP file at `path`, all or none.
    pub(super) fn land(&self, path: &Path) -> Result<Vec<(Landed, State)>, Diagnostic> {
        let opened = File::open(path).map_err(ZipError::from).and_then(ZipArchive::new);
        let mut archive = opened.map_err(|error| self.problem(&of_zip(&error)))?;
        if listed(path).is_some_and(|listed| listed > archive.len()) {
            return Err(self.problem("two files in it have the same name"));
        }
        let taken = self.members(&mut archive)?;
        if taken.is_empty() {
            return Err(self.problem(&format!("no file in it is named like `{}`", self.members.pattern)));
        }
        let mut parts = vec![];
        let mut left = self.members.most_bytes;
        for (index, member) in taken {
            match self.unpack(&mut archive, index, &member, &mut left) {
                Ok(part) => parts.push((member, part)),
                Err(refusal) => {
                    parts.iter().for_each(|(_, part): &(String, _)| drop(std::fs::remove_file(part)));
                    return Err(self.refused(&member, refusal));
                }
            }
        }
        let admit_part = |(member, part): (String, PathBuf)| {
            let path = format!("{}/{member}", self.name);
            let slot = self.slots.slot(&path);
            let arrival = Arrival { path, slot, stamp: self.stamp.to_owned() };
            self.berth.admit(arrival, &part).map_err(|error| self.problem(&error.to_string()))
        };
        parts.into_iter().map(admit_part).collect()
    }

    /// The same of a bundle that came over a network and is not kept.
    pub(super) fn land_fetched(&self, part: &Part) -> Result<Vec<(Landed, State)>, Failure> {
        let landed = self.land(&part.path);
        part.drop();
        landed.map_err(|problem| Failure {
            cause: problem.message,
            hint: problem.hints.into_iter().next(),
            attempts: 1,
            is_stopped: false,
        })
    }

    fn problem(&self, cause: &str) -> Diagnostic {
        self.unhelped(cause).hint(
            "ask the sender for it again; what came in it before stays in use, the other files are not affected",
        )
    }

    fn too_much(&self, cause: &str, setting: &str) -> Diagnostic {
        self.unhelped(cause).hint(format!(
            "look into it; if that is right, raise `{setting}` under `bundle` of the source; what came in it before stays in use"
        ))
    }

    fn unhelped(&self, cause: &str) -> Diagnostic {
        let source = &self.berth.source.id;
        Diagnostic::error(format!("source `{source}`: `{}` cannot be unpacked: {cause}", self.name))
            .in_file(self.name)
    }

    fn refused(&self, member: &str, refusal: Refusal) -> Diagnostic {
        match refusal {
            Refusal::Broken(cause) => self.problem(&format!("`{member}`: {cause}")),
            Refusal::TooMuch { bytes, setting } => {
                let cause = format!("`{member}`: it unpacks to more than {} MB", bytes / 1_000_000);
                self.too_much(&cause, setting)
            }
        }
    }

    /// Number and name of the files that are taken.
    fn members(&self, archive: &mut ZipArchive<File>) -> Result<Vec<(usize, String)>, Diagnostic> {
        let most = self.members.most_files;
        if archive.len() as u64 > most {
            return Err(
                self.too_much(&format!("it holds {} files, more than {most}", archive.len()), "files")
            );
        }
        let pattern = glob::Pattern::new(&self.members.pattern).map_err(|error| self.problem(error.msg))?;
        let mut taken: Vec<(usize, String)> = vec![];
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(|error| self.problem(&of_zip(&error)))?;
            let shown =
                member.name().unwrap_or_else(|_| String::from_utf8_lossy(member.name_raw())).into_owned();
            let Some(parts) = parts_of(&shown) else {
                return Err(self.problem(&format!("the name `{shown}` leads out of it")));
            };
            if member.is_dir() || !member.is_file() || parts.is_empty() {
                continue;
            }
            let last = parts[parts.len() - 1].to_owned();
            let name = parts.join("/");
            if !pattern.matches(&name) && !pattern.matches(&last) || last.starts_with('.') || is_litter(&last)
            {
                continue;
            }
            if taken.iter().any(|(_, other)| *other == name) {
                return Err(self.problem(&format!("two files in it are called `{name}`")));
            }
            taken.push((index, name));
        }
        Ok(taken)
    }

    /// Writes one file beside its place; the bytes that come are counted, not those that are promised.
    fn unpack(
        &self,
        archive: &mut ZipArchive<File>,
        index: usize,
        member: &str,
        left: &mut u64,
    ) -> Result<PathBuf, Refusal> {
        let mut packed = archive.by_index(index).map_err(|error| Refusal::Broken(of_zip(&error)))?;
        let grown = packed.compressed_size().saturating_mul(self.members.most_growth).max(SMALL);
        let bytes = grown.min(*left);
        let name = format!("{}-{index}-{member}", self.name);
        let part = self.berth.part_path(&sum_of_text(&name)[..16]).map_err(broken)?;
        let mut file = File::create(&part).map_err(broken)?;
        let length = io::copy(&mut packed.by_ref().take(bytes.saturating_add(1)), &mut file);
        let length = length.map_err(broken)?;
        if length > bytes {
            let _ = std::fs::remove_file(&part);
            let setting = if grown > *left { "megabytes" } else { "growth" };
            return Err(Refusal::TooMuch { bytes, setting });
        }
        file.flush().and_then(|()| file.sync_all()).map_err(broken)?;
        *left -= length;
        Ok(part)
    }
}

/// Why a file in a bundle is not taken.
enum Refusal {
    /// It is not whole, or our disk fails.
    Broken(String),
    /// It is more than this, by which setting.
    TooMuch { bytes: u64, setting: &'static str },
}

fn broken(error: io::Error) -> Refusal {
    let of_zip_within = error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>()).map(of_zip);
    Refusal::Broken(of_zip_within.unwrap_or_else(|| error.to_string()))
}

/// The end of a ZIP file without the remark that may follow it, and how long that may be.
const END: usize = 22;
const LONGEST_REMARK: usize = 65_535;

/// How many files a ZIP file lists at its end; none where that does not stand there. The library keeps one of those that have
/// the same name.
fn listed(path: &Path) -> Option<usize> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub((END + LONGEST_REMARK) as u64))).ok()?;
    let mut tail = vec![];
    file.read_to_end(&mut tail).ok()?;
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    let count = u16::from_le_bytes([count[0], count[1]]);
    // This number is that of a longer list, which stands elsewhere.
    (count != u16::MAX).then_some(usize::from(count))
}

/// The folders and the name of a file in a bundle, from any system; none where they lead out of it.
fn parts_of(name: &str) -> Option<Vec<&str>> {
    let leads_out = |part: &&str| *part == ".." || part.contains([':', '\0']);
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    (!name.starts_with(['/', '\\']) && !parts.iter().any(leads_out)).then_some(parts)
}

/// In our words, where the reader is a person.
fn of_zip(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => "it needs a password".to_owned(),
        ZipError::InvalidArchive(_) => "it is no ZIP file, or breaks off".to_owned(),
        ZipError::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_none() {
        assert_eq!(parts_of("thang 9/./a.xlsx"), Some(vec!["thang 9", "a.xlsx"]));
        assert_eq!(parts_of("thang 9\\a.xlsx"), Some(vec!["thang 9", "a.xlsx"]));
        for name in ["../a", "a/../../b", "/etc/passwd", "\\a", "C:\\a", "a\0b"] {
            assert_eq!(parts_of(name), None, "{name:?}");
        }
    }
}
