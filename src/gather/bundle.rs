//! Bundles: ZIP files with the files of agencies in them, as they are sent by mail.
//!
//! A bundle is refused as a whole where it holds too much, where a name in it leads elsewhere, or where it is not whole.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::files::Slots;
use super::landing::{Arrival, Known, State, admit, part_path};
use crate::diagnostic::Diagnostic;
use crate::model::source::{Landed, SourceEntry};
use crate::project::Project;

/// More files than this are no delivery.
const MOST_FILES: usize = 10_000;
/// The bytes of all files that are taken.
const MOST_BYTES: u64 = 4_000_000_000;
/// A file that grows more than this when it is unpacked is made to fill disks; small ones may.
const MOST_GROWTH: u64 = 200;
const SMALL: u64 = 10_000_000;

/// A bundle and where its files go.
pub(super) struct Bundle<'a> {
    pub project: &'a Project,
    pub source: &'a SourceEntry,
    pub known: &'a Known,
    pub slots: &'a Slots,
    pub now: &'a str,
    /// How the bundle is named to readers.
    pub name: &'a str,
    /// By what it is known to be unchanged.
    pub stamp: &'a str,
    /// Which files in it are taken.
    pub pattern: &'a str,
}

impl Bundle<'_> {
    /// Lands the files of the ZIP file at `path`, all or none.
    pub(super) fn land(&self, path: &Path) -> Result<Vec<(Landed, State)>, Diagnostic> {
        let opened = File::open(path).map_err(ZipError::from).and_then(ZipArchive::new);
        let mut archive = opened.map_err(|error| self.problem(&of_zip(&error)))?;
        let taken = self.members(&mut archive)?;
        if taken.is_empty() {
            return Err(self.problem(&format!("no file in it is named like `{}`", self.pattern)));
        }
        let mut parts = vec![];
        let mut left = MOST_BYTES;
        for (index, member) in taken {
            match self.unpack(&mut archive, index, &member, &mut left) {
                Ok(part) => parts.push((member, part)),
                Err(cause) => {
                    parts.iter().for_each(|(_, part): &(String, _)| drop(std::fs::remove_file(part)));
                    return Err(self.problem(&format!("`{member}`: {cause}")));
                }
            }
        }
        let admit_part = |(member, part): (String, PathBuf)| {
            let path = format!("{}/{member}", self.name);
            let slot = self.slots.slot(&path);
            let (source, stamp, now) = (self.source, self.stamp.to_owned(), self.now);
            let arrival = Arrival { source, path, slot, stamp, now };
            admit(self.project, self.known, arrival, &part).map_err(|error| self.problem(&error.to_string()))
        };
        parts.into_iter().map(admit_part).collect()
    }

    fn problem(&self, cause: &str) -> Diagnostic {
        Diagnostic::error(format!("source `{}`: `{}` cannot be unpacked: {cause}", self.source.id, self.name))
            .in_file(self.name)
            .hint("ask the sender for it again; what came in it before stays in use, the other files are not affected")
    }

    /// Number and name of the files that are taken.
    fn members(&self, archive: &mut ZipArchive<File>) -> Result<Vec<(usize, String)>, Diagnostic> {
        if archive.len() > MOST_FILES {
            return Err(self.problem(&format!("it holds {} files, more than {MOST_FILES}", archive.len())));
        }
        let pattern = glob::Pattern::new(self.pattern).map_err(|error| self.problem(error.msg))?;
        let mut taken: Vec<(usize, String)> = vec![];
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(|error| self.problem(&of_zip(&error)))?;
            let shown = member
                .name()
                .map_or_else(|_| String::from_utf8_lossy(member.name_raw()), |name| name)
                .into_owned();
            let Some(parts) = parts_of(&shown) else {
                return Err(self.problem(&format!("the name `{shown}` leads out of it")));
            };
            if member.is_dir() || !member.is_file() || parts.is_empty() {
                continue;
            }
            let last = parts[parts.len() - 1].to_owned();
            let name = parts.join("/");
            if !pattern.matches(&name) && !pattern.matches(&last)
                || last.starts_with("~$")
                || last.starts_with('.')
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
    ) -> Result<PathBuf, String> {
        let mut packed = archive.by_index(index).map_err(|error| of_zip(&error))?;
        let most = packed.compressed_size().saturating_mul(MOST_GROWTH).max(SMALL).min(*left);
        let text = |error: io::Error| match error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>())
        {
            Some(error) => of_zip(error),
            None => error.to_string(),
        };
        let name = format!("{}-{index}-{member}", self.name);
        let part = part_path(self.project, &self.source.id, &super::landing::sum_of_text(&name)[..16])
            .map_err(text)?;
        let mut file = File::create(&part).map_err(text)?;
        let length = io::copy(&mut packed.by_ref().take(most + 1), &mut file).map_err(text)?;
        if length > most {
            let _ = std::fs::remove_file(&part);
            return Err(format!("it unpacks to more than {} MB", most / 1_000_000));
        }
        file.flush().and_then(|()| file.sync_all()).map_err(text)?;
        *left -= length;
        Ok(part)
    }
}

/// The folders and the name of a file in a bundle, from any system; none where they lead out of it.
fn parts_of(name: &str) -> Option<Vec<&str>> {
    let leads_out = |part: &&str| *part == ".." || part.contains([':', '\0']);
    let parts: Vec<&str> = name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    (!name.starts_with(['/', '\\']) && !parts.iter().any(|part| leads_out(&part))).then_some(parts)
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
