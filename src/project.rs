//! Where the folders of a project are. Every file is opened here, so that errors carry its name.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Problems, Source};

/// A project folder.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
    /// Where pages and exports are written, relative to the root.
    output: String,
    /// Texts that stand in for the files of definitions: those of an earlier vintage.
    former: Option<Arc<BTreeMap<String, String>>>,
}

impl Project {
    /// The project in `root`; an error if that is not a folder with a `sources.yml`.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        if root.join("sources.yml").is_file() {
            return Ok(Project { root: root.to_owned(), output: "build".into(), former: None });
        }
        Err(Diagnostic::error("this is not a project folder: it has no `sources.yml`")
            .in_file(root.display().to_string())
            .hint("go to a project folder, or name one with `--project`"))
    }

    /// The project as it was defined in an earlier vintage; what is made of it goes to a folder of its own.
    pub fn as_of(&self, vintage: u32, definitions: BTreeMap<String, String>) -> Project {
        Project {
            root: self.root.clone(),
            output: format!("build/as-of/{vintage}"),
            former: Some(Arc::new(definitions)),
        }
    }

    /// Where pages and exports are written, relative to the project.
    pub fn output(&self, relative: &str) -> String {
        format!("{}/{relative}", self.output)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place of `relative` in the project.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Where the database is.
    pub fn database(&self) -> PathBuf {
        self.path("build/chiso.duckdb")
    }

    /// Where files land as they came.
    pub fn landing(&self) -> PathBuf {
        self.path("build/landing")
    }

    /// A text file of the project; `relative` is written with `/`.
    pub fn read(&self, relative: &str) -> Result<Source, Diagnostic> {
        let text = match &self.former {
            Some(former) => former.get(relative).cloned().ok_or(io::ErrorKind::NotFound.into()),
            None => fs::read_to_string(self.path(relative)),
        };
        match text {
            Ok(text) => Ok(Source { path: relative.to_owned(), text: text.into() }),
            Err(error) => Err(unreadable(relative, &error)),
        }
    }

    /// Whether the project has this file of definitions.
    pub fn has(&self, relative: &str) -> bool {
        match &self.former {
            Some(former) => former.contains_key(relative),
            None => self.path(relative).is_file(),
        }
    }

    /// The files of a folder with this ending, as `folder/name`, sorted; none if there is no such folder.
    pub fn list(&self, folder: &str, ending: &str) -> Result<Vec<String>, Diagnostic> {
        if let Some(former) = &self.former {
            let is_here = |path: &&String| {
                path.strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/'))
                    .is_some_and(|name| !name.contains('/') && name.ends_with(ending))
            };
            return Ok(former.keys().filter(is_here).cloned().collect());
        }
        let entries = match fs::read_dir(self.path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            Err(error) => return Err(unreadable(folder, &error)),
        };
        let mut names = vec![];
        for entry in entries {
            let name = entry.map_err(|error| unreadable(folder, &error))?.file_name();
            let name = name.to_string_lossy();
            if name.ends_with(ending) && !name.starts_with('.') {
                names.push(format!("{folder}/{name}"));
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Writes a whole file or none: under another name first, then renamed.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let beside = beside(path);
    make_folder(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .map_err(|error| unwritable(path, &error))
}

/// The name of a file until it is complete: its own, for files that differ in their ending alone are written at once.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// A file that is written piece by piece and gets its name when it is complete.
pub struct WholeFile {
    path: PathBuf,
    beside: PathBuf,
    /// Nothing while it rests.
    open: Option<BufWriter<fs::File>>,
}

impl WholeFile {
    /// Begins a file in a folder that is there; what an earlier run left half done is thrown away.
    pub fn begin(path: PathBuf) -> Result<WholeFile, Diagnostic> {
        let beside = beside(&path);
        let file = fs::File::create(&beside).map_err(|error| unwritable(&path, &error))?;
        Ok(WholeFile { path, beside, open: Some(in_pieces(file)) })
    }

    /// Writes the next piece.
    pub fn add(&mut self, piece: &[u8]) -> Result<(), Diagnostic> {
        self.write(piece).map_err(|error| unwritable(&self.path, &error))
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        if let Some(open) = &mut self.open {
            return open.write_all(piece);
        }
        let file = fs::File::options().append(true).open(&self.beside)?;
        self.open.insert(in_pieces(file)).write_all(piece)
    }

    /// Until the next piece comes others are open: the system has few open files for each program.
    pub fn rest(&mut self) -> Result<(), Diagnostic> {
        let written = self.open.take().map_or(Ok(()), |mut open| open.flush());
        written.map_err(|error| unwritable(&self.path, &error))
    }

    /// The file is complete.
    pub fn finish(mut self) -> Result<(), Diagnostic> {
        self.rest()?;
        fs::rename(&self.beside, &self.path).map_err(|error| unwritable(&self.path, &error))
    }
}

impl Drop for WholeFile {
    /// What did not become complete is of no use to anybody.
    fn drop(&mut self) {
        // Once it has its name there is nothing beside it.
        let _ = fs::remove_file(&self.beside);
    }
}

fn in_pieces(file: fs::File) -> BufWriter<fs::File> {
    BufWriter::with_capacity(1 << 17, file)
}

/// Copies a file, whole or not at all, with the folders above it.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), Diagnostic> {
    let bytes = fs::read(from).map_err(|error| unreadable(&from.display().to_string(), &error))?;
    write_whole(to, &bytes)
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<(), Diagnostic> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

/// The same for a folder that only its owner may look into: what agencies send may speak of persons.
pub fn make_private_folder(path: &Path) -> Result<(), Diagnostic> {
    make_folder(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(|error| unwritable(path, &error))
}

/// The error of a file that could not be read.
pub fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::error(format!("there is no file `{path}`")),
        io::ErrorKind::InvalidData => Diagnostic::error(format!("`{path}` is not UTF-8 text")),
        _ => Diagnostic::error(format!("cannot read `{path}`: {error}")),
    }
    .in_file(path)
}

/// The error of a file or folder that could not be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("cannot write `{}`: {error}", path.display()))
        .in_file(path.display().to_string())
}

/// A value and the bytes of the file it was written in.
pub type Placed<T> = serde_saphyr::Spanned<T>;

/// The stretch of `source` where a placed value was written.
pub fn range_of<T>(source: &Source, placed: &Placed<T>) -> Range<usize> {
    let span = placed.referenced.span();
    match (span.byte_offset(), span.byte_len()) {
        (Some(offset), Some(length)) if length > 0 => {
            let start = usize::try_from(offset).unwrap_or(0).min(source.text.len());
            let end = (start + usize::try_from(length).unwrap_or(0)).min(source.text.len());
            if source.text.get(start..end).is_some() { start..end } else { source.token_at(start) }
        }
        (Some(offset), _) => source.token_at(usize::try_from(offset).unwrap_or(0)),
        _ => 0..0,
    }
}

/// Reads a YAML text into a type; the error carries line, column and the line itself.
pub fn yaml<T: DeserializeOwned>(source: &Source) -> Result<T, Problems> {
    serde_saphyr::from_str(&source.text).map_err(|error| {
        let error = error.without_snippet();
        let at = error.location().and_then(|location| location.span().byte_offset());
        let range = at.map_or(0..0, |at| source.token_at(usize::try_from(at).unwrap_or(0)));
        yaml_problem(source, range, &yaml_message(error)).into()
    })
}

/// The first line of the parser's message, without its own words for the place.
fn yaml_message(error: &serde_saphyr::Error) -> String {
    let text = error.to_string();
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("this is not valid YAML");
    let line = line.trim().trim_start_matches("error: ");
    let line = line.rsplit_once(" at line ").map_or(line, |(before, _)| before);
    line.trim_end_matches(['.', ':']).to_owned()
}

/// The parser's message in our words: a word that is not known here is set against those that are.
fn yaml_problem(source: &Source, range: Range<usize>, message: &str) -> Diagnostic {
    let unknown = message.strip_prefix("unknown ").and_then(|rest| rest.split_once(", expected "));
    let Some((what, expected)) = unknown else {
        let message = match message {
            "externally tagged enum expected scalar or mapping" => "a single word is expected here",
            message => message,
        };
        return Diagnostic::error(message).at(source.place(range, ""));
    };
    let known: Vec<&str> = expected
        .trim_start_matches("one of ")
        .split(", ")
        .flat_map(|words| words.split(" or "))
        .map(|word| word.trim_matches('`'))
        .collect();
    let word = what.split('`').nth(1).unwrap_or_default();
    let what = match what.starts_with("variant") {
        true => format!("unknown {} `{word}`", key_before(source, range.start)),
        false => format!("unknown {what}"),
    };
    let listed: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let label = format!("expected {}", listed.join(", "));
    Diagnostic::error(what).at(source.place(range, label)).suggest(word, known)
}

/// The key whose value begins at byte `at`, such as `unit` of `unit: percent`.
fn key_before(source: &Source, at: usize) -> String {
    let before = source.text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let key = line.trim_end().strip_suffix(':').unwrap_or_default();
    let start = key.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    if key[start..].is_empty() { "word".to_owned() } else { key[start..].to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_differ_in_their_ending_alone_are_written_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        let paths: Vec<PathBuf> = (0..40).map(|n| path(&format!("observations.{n}"))).collect();
        let written = crate::cores::on_all_cores(&paths, |path| {
            write_whole(path, path.to_string_lossy().repeat(2000).as_bytes())
        });
        assert!(written.iter().all(Result::is_ok), "{written:?}");
        for path in paths {
            assert_eq!(fs::read_to_string(&path).expect("it is there"), path.to_string_lossy().repeat(2000));
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 40, "nothing is left beside them");
    }
}
