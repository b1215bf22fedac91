//! The folder of a site: written beside the former one, and put in its place when it is complete.
//!
//! A page that stands as it would be made again is linked from the former folder, so it is neither made nor written.
//! Beside the folder lies an account of it: what each file was made from, its length and when it was written. A file
//! of another length or time is not the one of the account, and is made anew.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::Context;
use crate::diagnostic::Diagnostic;
use crate::project::{make_folder, unreadable, unwritable, write_whole};
use crate::report::{MadeFrom, Shelf};

/// What is known of a site that was written.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Account {
    /// The program that wrote it; another one may make other pages of the same.
    program: String,
    files: BTreeMap<String, Entry>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    made_from: String,
    length: u64,
    /// Seconds and nanoseconds.
    written: (i64, i64),
}

impl Entry {
    fn of(path: &Path, made_from: String) -> io::Result<Entry> {
        let about = fs::symlink_metadata(path)?;
        Ok(Entry { made_from, length: about.len(), written: (about.mtime(), about.mtime_nsec()) })
    }

    /// Whether a file is still the one that was written.
    fn is_of(&self, path: &Path) -> bool {
        Entry::of(path, self.made_from.clone()).is_ok_and(|found| found == *self)
    }
}

/// Where a site stands, and what belongs to it.
struct Places {
    site: PathBuf,
    account: PathBuf,
    /// The site while it is written.
    part: PathBuf,
    /// The former site while the new one takes its place.
    old: PathBuf,
}

impl Places {
    fn new(context: &Context, report: &str) -> Places {
        let place = |ending: &str| context.project.path(context.project.output(&format!("{report}{ending}")));
        Places { site: place(""), account: place(".files.json"), part: place(".part"), old: place(".old") }
    }

    /// What is known of the site; nothing where another program wrote it, or none.
    fn account(&self, program: &str) -> Account {
        let known = fs::read(&self.account).ok().and_then(|text| serde_json::from_slice(&text).ok());
        known.filter(|known: &Account| known.program == program).unwrap_or_default()
    }
}

/// Whether a site stands whole and untouched, as this program wrote it.
pub(super) fn stands(context: &Context, report: &str, program: &str) -> bool {
    let places = Places::new(context, report);
    let files = places.account(program).files;
    !files.is_empty() && files.iter().all(|(path, entry)| entry.is_of(&places.site.join(path)))
}

/// A site that is being written.
pub(super) struct Site {
    places: Places,
    program: String,
    former: BTreeMap<String, Entry>,
    written: Mutex<BTreeMap<String, Entry>>,
}

impl Site {
    /// Begins a site; what an earlier run left half done is thrown away.
    pub(super) fn begin(context: &Context, report: &str, program: &str) -> Result<Site, Diagnostic> {
        let places = Places::new(context, report);
        remove_folder(&places.part)?;
        if places.site.exists() {
            remove_folder(&places.old)?;
        } else if places.old.exists() {
            // A run was stopped between taking the former site away and putting the new one there.
            rename(&places.old, &places.site)?;
        }
        make_folder(&places.part)?;
        let former = places.account(program).files;
        Ok(Site { places, program: program.to_owned(), former, written: Mutex::default() })
    }

    /// Takes a file that stands elsewhere in the project, and whose bytes have this sum.
    pub(super) fn copy(&self, from: &Path, path: &str, sum: &str) -> Result<(), Diagnostic> {
        if self.keeps_from(path, sum) {
            return Ok(());
        }
        let to = self.places.part.join(path);
        make_folder(to.parent().unwrap_or(&self.places.part))?;
        fs::copy(from, &to).map_err(|error| unreadable(&from.display().to_string(), &error))?;
        self.note(path, sum.to_owned())
    }

    /// Puts the site in the place of the former one, so that nobody reads half of it.
    pub(super) fn finish(self) -> Result<(), Diagnostic> {
        let Places { site, account, part, old } = &self.places;
        if site.exists() {
            rename(site, old)?;
        }
        rename(part, site)?;
        let files = self.written.into_inner().expect("no thread failed");
        let text = serde_json::to_vec(&Account { program: self.program, files });
        write_whole(account, &text.expect("texts and numbers only"))?;
        remove_folder(old)
    }

    /// Keeps a file of the former site where it was made from the same, and is still the one that was written.
    fn keeps_from(&self, path: &str, made_from: &str) -> bool {
        let Some(entry) = self.former.get(path).filter(|entry| entry.made_from == made_from) else {
            return false;
        };
        let kept = entry.is_of(&self.places.site.join(path)) && self.link(path).is_ok();
        if kept {
            self.remember(path, entry.clone());
        }
        kept
    }

    /// Links a file of the former site.
    fn link(&self, path: &str) -> io::Result<()> {
        let to = self.places.part.join(path);
        fs::create_dir_all(to.parent().unwrap_or(&self.places.part))?;
        fs::hard_link(self.places.site.join(path), to)
    }

    fn note(&self, path: &str, made_from: String) -> Result<(), Diagnostic> {
        let written = self.places.part.join(path);
        let entry = Entry::of(&written, made_from).map_err(|error| unwritable(&written, &error))?;
        self.remember(path, entry);
        Ok(())
    }

    fn remember(&self, path: &str, entry: Entry) {
        self.written.lock().expect("no thread failed").insert(path.to_owned(), entry);
    }
}

impl Shelf for Site {
    fn keeps(&self, path: &str, made_from: MadeFrom) -> bool {
        self.keeps_from(path, &made_from.to_string())
    }

    fn put(&self, path: &str, made_from: MadeFrom, bytes: &[u8]) -> Result<(), Diagnostic> {
        let stands = fs::read(self.places.site.join(path)).is_ok_and(|former| former == bytes);
        if !(stands && self.link(path).is_ok()) {
            let to = self.places.part.join(path);
            make_folder(to.parent().unwrap_or(&self.places.part))?;
            fs::write(&to, bytes).map_err(|error| unwritable(&to, &error))?;
        }
        self.note(path, made_from.to_string())
    }
}

fn remove_folder(path: &Path) -> Result<(), Diagnostic> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(path, &error)),
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Diagnostic> {
    fs::rename(from, to).map_err(|error| unwritable(to, &error))
}
