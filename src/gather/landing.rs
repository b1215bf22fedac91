//! The landing folder: files as they came, under the sum of their bytes, and a manifest that only grows.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::model::id::SourceId;
use crate::model::lines::LineEnds;
use crate::model::source::{Attempt, Landed, SourceEntry};
use crate::model::sum::hex;
use crate::project::{Project, make_folder, make_private_folder, unreadable, unwritable};

/// What one source brought.
#[derive(Debug, Default)]
pub(super) struct Landing {
    /// What is there of it now.
    pub files: Vec<Landed>,
    /// What is to be written down.
    pub changed: Vec<Landed>,
    /// How many of these have other bytes than before.
    pub n_changed: usize,
    pub problems: Vec<Diagnostic>,
    /// What is odd, though everything came.
    pub remarks: Vec<Diagnostic>,
    /// How it went, for the manifest.
    pub attempt: Option<Attempt>,
}

impl Landing {
    pub(super) fn failed(problem: Diagnostic) -> Landing {
        Landing { problems: vec![problem], ..Landing::default() }
    }

    /// This and then what another path of the same source brought.
    pub(super) fn join(&mut self, other: Landing) {
        self.files.extend(other.files);
        self.changed.extend(other.changed);
        self.n_changed += other.n_changed;
        self.problems.extend(other.problems);
        self.remarks.extend(other.remarks);
    }

    /// Waits until what is new is on the disk: what is written down of a file must outlive a power cut as surely as the file.
    pub(super) fn sync(&self, project: &Project) -> Result<(), Diagnostic> {
        self.changed.iter().try_for_each(|file| {
            let path = project.landing().join(&file.stored);
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.map_err(|error| unwritable(&path, &error))
        })
    }

    /// Takes a file that is there, and whether it has other bytes than before.
    pub(super) fn take(&mut self, file: Landed, state: State) {
        if state != State::Known {
            self.changed.push(file.clone());
        }
        self.n_changed += usize::from(state == State::New);
        self.files.push(file);
    }
}

/// What is new about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Its bytes.
    New,
    /// Only its marks: the same bytes came again.
    Marks,
    /// Nothing.
    Known,
}

fn manifest_path(project: &Project) -> PathBuf {
    project.landing().join("manifest.ndjson")
}

/// Every landing that was written down, oldest first; a half line at the end (a run that was killed) does not count.
pub fn read_manifest(project: &Project) -> Result<Vec<Landed>, Diagnostic> {
    let text = read_lines(project)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

fn read_lines(project: &Project) -> Result<String, Diagnostic> {
    let path = manifest_path(project);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(unreadable(&path.display().to_string(), &error)),
    }
}

/// The newest landing of every file, by source and path.
pub(super) struct Known(HashMap<(SourceId, String), Landed>);

impl Known {
    /// From every landing, oldest first.
    pub(super) fn of(landed: Vec<Landed>) -> Known {
        Known(landed.into_iter().map(|file| ((file.source.clone(), file.path.clone()), file)).collect())
    }

    pub(super) fn newest(&self, source: &SourceId, path: &str) -> Option<&Landed> {
        self.0.get(&(source.clone(), path.to_owned()))
    }

    /// Those of a source that are still kept, by path.
    pub(super) fn of_source(&self, project: &Project, source: &SourceId) -> Vec<&Landed> {
        let mut files: Vec<&Landed> = self
            .0
            .values()
            .filter(|file| file.source == *source && project.landing().join(&file.stored).is_file())
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }
}

/// How asking went, every time that it was written down, oldest first.
pub fn read_attempts(project: &Project) -> Result<Vec<Attempt>, Diagnostic> {
    let text = read_lines(project)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// Writes down what landed and how it went.
pub(super) fn remember(project: &Project, landing: &Landing) -> Result<(), Diagnostic> {
    let json = "a struct of texts and numbers is JSON";
    let landed = landing.changed.iter().map(|file| serde_json::to_string(file).expect(json));
    let attempt = landing.attempt.iter().map(|attempt| serde_json::to_string(attempt).expect(json));
    let lines: Vec<String> = landed.chain(attempt).collect();
    if lines.is_empty() {
        return Ok(());
    }
    make_private_folder(&project.landing())?;
    let path = manifest_path(project);
    let append = || {
        let mut file = File::options().create(true).append(true).read(true).open(&path)?;
        // A line that a killed run left unfinished is closed first.
        let start = if ends_within_a_line(&mut file)? { "\n" } else { "" };
        file.write_all(format!("{start}{}\n", lines.join("\n")).as_bytes())?;
        file.sync_all()
    };
    append().map_err(|error| unwritable(&path, &error))
}

fn ends_within_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// A file that is to land.
pub(super) struct Arrival {
    /// How it is named to readers, with `/`.
    pub path: String,
    /// What it replaces.
    pub slot: String,
    /// By what it will be known to be unchanged.
    pub stamp: String,
}

/// Where the files of one source land.
#[derive(Clone, Copy)]
pub(super) struct Berth<'a> {
    pub project: &'a Project,
    pub source: &'a SourceEntry,
    pub known: &'a Known,
    /// The time of the run, `2026-11-23 08:15:00`, UTC.
    pub now: &'a str,
}

impl<'a> Berth<'a> {
    /// What landed before and is still kept, by path.
    pub(super) fn known_files(&self) -> Vec<&'a Landed> {
        self.known.of_source(self.project, &self.source.id)
    }

    /// The same of one file, or of the files within it.
    pub(super) fn formers(&self, path: &str) -> Vec<&'a Landed> {
        let within = format!("{path}/");
        let files = self.known_files().into_iter();
        files.filter(|file| file.path == path || file.path.starts_with(&within)).collect()
    }

    /// Where what is on its way is kept: in the folder of the source, so that it can be renamed into its place.
    pub(super) fn part_path(&self, name: &str) -> io::Result<PathBuf> {
        let landing = self.project.landing();
        let folder = landing.join(self.source.id.as_str());
        make_private_folder(&landing).map_err(|problem| io::Error::other(problem.message))?;
        make_folder(&folder).map_err(|problem| io::Error::other(problem.message))?;
        Ok(folder.join(format!("{}.part", harmless(name))))
    }

    /// Moves a whole file to its place under the sum of its bytes; the same bytes are stored once.
    pub(super) fn admit(&self, arrival: Arrival, part: &Path) -> io::Result<(Landed, State)> {
        self.admit_seen(arrival, part, see(part)?)
    }

    /// The same of a file of which [`copy`] told what it saw.
    pub(super) fn admit_seen(
        &self,
        arrival: Arrival,
        part: &Path,
        seen: Seen,
    ) -> io::Result<(Landed, State)> {
        let Seen { sha256, size, lines_are_plain } = seen;
        let source = &self.source.id;
        let name = arrival.path.rsplit('/').next().unwrap_or(&arrival.path);
        let stored = format!("{source}/{}/{}", &sha256[..16], harmless(name));
        let target = self.project.landing().join(&stored);
        let before = self.known.newest(source, &arrival.path);
        let is_same = before.is_some_and(|before| before.sha256 == sha256 && before.slot == arrival.slot);
        make_folder(target.parent().unwrap_or(part)).map_err(|problem| io::Error::other(problem.message))?;
        fs::rename(part, &target)?;
        let landed = Landed {
            source: source.clone(),
            slot: arrival.slot,
            path: arrival.path,
            stored,
            size,
            sha256,
            landed_at: self.now.to_owned(),
            stamp: arrival.stamp,
            lines_are_plain: Some(lines_are_plain),
        };
        let state = match before {
            Some(before) if is_same && before.stamp == landed.stamp => State::Known,
            _ if is_same => State::Marks,
            _ => State::New,
        };
        Ok((landed, state))
    }
}

/// A file name without characters that would make it a pattern to whoever opens it.
pub(super) fn harmless(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect()
}

/// What shows when one goes through the bytes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// Hexadecimal.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    pub lines_are_plain: bool,
}

/// Copies a file; gives what was seen on the way. It is not on the disk for certain until [`Landing::sync`].
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<Seen> {
    let (mut reader, mut writer) = (File::open(from)?, File::create(to)?);
    let copied = each_part(&mut reader, |bytes| writer.write_all(bytes))?;
    // Only the copy is read from here on: the system may take back what it holds of the file itself, so that it need not
    // find new memory for the next one. That took half of the time. A hint, so it does not matter whether it is followed.
    #[cfg(target_os = "linux")]
    rustix::fs::fadvise(&reader, 0, None, rustix::fs::Advice::DontNeed).ok();
    Ok(copied)
}

/// Looks at a file.
pub(super) fn see(path: &Path) -> io::Result<Seen> {
    each_part(&mut File::open(path)?, |_| Ok(()))
}

/// Goes through a file once.
fn each_part(reader: &mut File, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<Seen> {
    let (mut sum, mut line_ends) = (Sha256::new(), LineEnds::default());
    // Small enough to stay next to the core while it is summed and written.
    let mut buffer = vec![0; 1 << 17];
    let mut size = 0;
    loop {
        let length = reader.read(&mut buffer)?;
        if length == 0 {
            let (sha256, lines_are_plain) = (hex(&sum.finalize()), line_ends.are_plain());
            return Ok(Seen { sha256, size, lines_are_plain });
        }
        sum.update(&buffer[..length]);
        line_ends.take(&buffer[..length]);
        take(&buffer[..length])?;
        size += length as u64;
    }
}

/// The same of a text.
pub(super) fn sum_of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_the_sum_of_its_file() {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        // As many bytes as are taken at one time, one less, and some more.
        for (length, expected) in [
            (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ((1 << 17) - 1, "5a5e7339fea5196875100ea05040a390843bdc23df1e3506ac96b8f25d640f59"),
            (1 << 17, "15601535eca4a38b7e31ad6494861121cb9f84ccf55d4beb6a707d4f7a87813d"),
            (300_000, "29927e273accc68286005017f7fa6e4f27bddb4db3083ff8b8d4c3667905b7fa"),
        ] {
            std::fs::write(&from, vec![b'x'; length]).expect("writable");
            let copied = copy(&from, &to).expect("readable");
            let expected = Seen { sha256: expected.to_owned(), size: length as u64, lines_are_plain: true };
            assert_eq!(copied, expected);
            assert_eq!(see(&to).expect("readable"), expected);
        }
    }

    #[test]
    fn stored_names_are_no_patterns() {
        assert_eq!(harmless("Biểu số 06 [1]*.csv"), "Biểu_số_06__1__.csv");
        assert_eq!(harmless("../a\n.csv"), ".._a_.csv");
    }
}
