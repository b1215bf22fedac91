//! Files of this machine: those at a path, also in folders that others drop files into, also within bundles.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveDateTime;
use regex::Regex;

use super::bundle::Bundle;
use super::landing::{Arrival, Berth, Landing, State, copy, sum_of_text};
use super::shown;
use crate::cores;
use crate::diagnostic::{Diagnostic, count, one_line};
use crate::model::origin::Origin;
use crate::model::source::{Landed, Members, SourceEntry};
use crate::project::{Project, unreadable};

/// Lands every file of a source that is not known yet, several at once.
pub(super) fn land(berth: Berth, pattern: &str) -> Landing {
    let slots = Slots::of(berth.source);
    let Found { paths, closed, problems, remarks } = match files_at(berth.project, berth.source, pattern) {
        Ok(found) => found,
        Err(problem) => return Landing::failed(problem),
    };
    // What came out of a folder before stays in use while nobody can look into it.
    let files = closed.iter().flat_map(|folder| formers(berth, folder)).cloned().collect();
    let mut landing = Landing { files, problems, remarks, ..Landing::default() };
    let copiers = vec![(); cores::hands_that_wait(paths.len())];
    let synced = cores::in_order(
        &paths,
        copiers,
        |(), path| land_path(berth, path, &slots),
        |of_path| {
            // The disk writes while others are copied: whoever copies does not wait for it.
            of_path.sync(berth.project)?;
            landing.join(of_path);
            Ok(())
        },
    );
    match synced {
        Ok(()) => landing,
        Err(problem) => Landing::failed(problem),
    }
}

/// What comes of one path: a file, or the files of a bundle.
fn land_path(berth: Berth, path: &Path, slots: &Slots) -> Landing {
    if still_comes(berth, path) {
        return Landing { files: formers(berth, path).into_iter().cloned().collect(), ..Landing::default() };
    }
    let mut landing = Landing::default();
    let landed = match &berth.source.members {
        None => land_file(berth, path, slots).map(|(file, state)| landing.take(file, state)),
        Some(members) => land_bundle(berth, path, members, slots, &mut landing),
    };
    landing.problems.extend(landed.err());
    landing
}

/// The files that a source has now, by path; an error if there are none. A source that is not of files has none.
pub fn files_of(project: &Project, source: &SourceEntry) -> Result<Vec<PathBuf>, Diagnostic> {
    match &source.origin {
        Origin::Files(pattern) => Ok(files_at(project, source, pattern)?.paths),
        _ => Ok(vec![]),
    }
}

/// The files at a pattern, by path, and what stands there but is not taken.
struct Found {
    paths: Vec<PathBuf>,
    /// Folders that may not be looked into.
    closed: Vec<PathBuf>,
    problems: Vec<Diagnostic>,
    remarks: Vec<Diagnostic>,
}

fn files_at(project: &Project, source: &SourceEntry, pattern: &str) -> Result<Found, Diagnostic> {
    // Only what stands in `sources.yml` is a pattern, not the folder that the project lies in.
    let root = glob::Pattern::escape(&project.root().to_string_lossy());
    let whole = Path::new(&root).join(pattern);
    let found = glob::glob(&whole.to_string_lossy()).map_err(|error| {
        Diagnostic::error(format!("source `{}`: `{pattern}` is not a path pattern: {}", source.id, error.msg))
            .in_file("sources.yml")
    })?;
    let is_wanted = |path: &PathBuf| {
        let waits = source.settle.is_some() && is_on_its_way(path);
        path.is_file() && !waits && !is_litter(&path.file_name().unwrap_or_default().to_string_lossy())
    };
    let mut bounds = Bounds::of(project, pattern);
    let (found, shut_out): (Vec<_>, Vec<_>) = found.partition(Result::is_ok);
    let shut_out: Vec<glob::GlobError> = shut_out.into_iter().filter_map(Result::err).collect();
    let mut wanted: Vec<PathBuf> = found.into_iter().filter_map(Result::ok).filter(is_wanted).collect();
    wanted.sort();
    let (mut placed, mut strays) = (vec![], vec![]);
    for path in wanted {
        match bounds.place(&path) {
            Some(place) => placed.push((place, path)),
            None => strays.push(path),
        }
    }
    let mut problems: Vec<Diagnostic> = strays.iter().map(|path| stray(project, source, path)).collect();
    problems.extend(shut_out.iter().map(|error| shut(project, source, error)));
    let (paths, twins) = without_links(placed);
    let remarks = again(project, source, &twins).into_iter().collect();
    problems.extend(unnamed(&whole).iter().map(|path| unnamed_file(project, source, path)));
    if paths.is_empty() && problems.is_empty() && !source.optional {
        return Err(Diagnostic::error(format!("source `{}`: no file at `{pattern}`", source.id))
            .in_file("sources.yml")
            .hint("check the path, or ask the sender; the other sources are not affected"));
    }
    let closed = shut_out.iter().map(|error| error.path().to_owned()).collect();
    Ok(Found { paths, closed, problems, remarks })
}

/// Whether a part of a path stands for names, not for one.
fn is_pattern(part: &str) -> bool {
    part.contains(['*', '?', '['])
}

/// Where the files of a source may lie when all links are followed: in the project, or in the folder that `sources.yml` names.
struct Bounds {
    folders: Vec<PathBuf>,
    /// Where folders lie that were looked at.
    seen: HashMap<PathBuf, Option<PathBuf>>,
}

impl Bounds {
    fn of(project: &Project, pattern: &str) -> Bounds {
        let named = pattern.split('/').take_while(|part| !is_pattern(part));
        let named = project.root().join(named.collect::<Vec<_>>().join("/"));
        let folders = [project.root().to_owned(), named];
        Bounds {
            folders: folders.iter().filter_map(|path| path.canonicalize().ok()).collect(),
            seen: HashMap::new(),
        }
    }

    /// Where a file lies when all links are followed; none if that is elsewhere.
    fn place(&mut self, path: &Path) -> Option<PathBuf> {
        let folder = match path.parent() {
            Some(folder) if !path.is_symlink() => {
                let seen = self.seen.entry(folder.to_owned());
                seen.or_insert_with(|| folder.canonicalize().ok()).clone()
            }
            _ => None,
        };
        let name = path.file_name().unwrap_or_default();
        let place = folder.map(|folder| folder.join(name)).or_else(|| path.canonicalize().ok())?;
        self.folders.iter().any(|folder| place.starts_with(folder)).then_some(place)
    }
}

/// Of places and the paths to them, each file once, on the shortest way to it and no link if possible; then the other paths, each
/// with that one.
fn without_links(placed: Vec<(PathBuf, PathBuf)>) -> (Vec<PathBuf>, Vec<[PathBuf; 2]>) {
    let mut names: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    for (place, path) in &placed {
        let known = names.entry(place.clone()).or_insert_with(|| path.clone());
        let way = |path: &Path| (path.is_symlink(), path.components().count());
        if known != path && way(path) < way(known) {
            known.clone_from(path);
        }
    }
    let (mut paths, mut twins) = (vec![], vec![]);
    for (place, path) in placed {
        match names.get(&place) {
            Some(name) if *name != path => twins.push([path, name.clone()]),
            _ => paths.push(path),
        }
    }
    (paths, twins)
}

/// A folder that may not be looked into: what lies in it is not known.
fn shut(project: &Project, source: &SourceEntry, error: &glob::GlobError) -> Diagnostic {
    let name = shown(project, error.path());
    Diagnostic::error(format!("source `{}`: `{name}` cannot be looked into: {}", source.id, error.error()))
        .in_file(&name)
        .hint("let the user that runs this program read the folder; what came from it before stays in use")
}

/// A word about paths that lead to files which are read on another one.
fn again(project: &Project, source: &SourceEntry, twins: &[[PathBuf; 2]]) -> Option<Diagnostic> {
    let [link, name] = twins.first()?;
    let (link, name) = (shown(project, link), shown(project, name));
    let more = match twins.len() as u64 - 1 {
        0 => String::new(),
        n => format!("; so it is with {} more", count(n, "path")),
    };
    let told = format!("source `{}`: `{link}` is a link to `{name}`, which is read once{more}", source.id);
    Some(Diagnostic::warning(told).in_file(&link).hint("take the link away"))
}

fn stray(project: &Project, source: &SourceEntry, path: &Path) -> Diagnostic {
    let name = shown(project, path);
    Diagnostic::error(format!("source `{}`: `{name}` is a link that leads out of the project", source.id))
        .in_file(&name)
        .hint("put the file itself there, or name the folder that it lies in under `path` in `sources.yml`")
}

/// Files whose names are not UTF-8, in the folders of a pattern: a pattern passes them over.
fn unnamed(whole: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(last)) = (whole.parent(), whole.file_name().and_then(|last| last.to_str()))
    else {
        return vec![];
    };
    let Ok(pattern) = glob::Pattern::new(last) else { return vec![] };
    // `**` stands for the folders below, and for none of them.
    let above = if folder.ends_with("**") { folder.parent() } else { None };
    let folders = above.into_iter().chain([folder]);
    let folders = folders.filter_map(|folder| glob::glob(&folder.to_string_lossy()).ok()).flatten();
    let folders: BTreeSet<PathBuf> = folders.filter_map(Result::ok).collect();
    let is_unnamed = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_str().is_none() && pattern.matches(&name.to_string_lossy())
    };
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let mut found: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_unnamed).collect();
    found.sort();
    found
}

fn unnamed_file(project: &Project, source: &SourceEntry, path: &Path) -> Diagnostic {
    let name = one_line(&shown(project, path));
    Diagnostic::error(format!("source `{}`: the name of `{name}` is not UTF-8 text", source.id))
        .in_file(&name)
        .hint("give the file another name: it was left where it is, and not read")
}

/// Names of files that systems and programs leave in folders, which nobody sends.
pub(super) fn is_litter(name: &str) -> bool {
    let name = name.to_lowercase();
    [".ds_store", "thumbs.db", "desktop.ini"].contains(&name.as_str())
        || name.starts_with("~$")
        || name.starts_with("._")
}

/// Names under which programs write what is not whole yet.
fn is_on_its_way(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let endings = [".part", ".partial", ".tmp", ".filepart", ".crdownload", ".swp"];
    name.starts_with('.') || name.starts_with("~$") || endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file of a watched folder was touched so lately that it may not be whole.
fn still_comes(berth: Berth, path: &Path) -> bool {
    let Some(settle) = berth.source.settle else { return false };
    let now = NaiveDateTime::parse_from_str(berth.now, "%Y-%m-%d %H:%M:%S");
    let now = now.map(|now| now.and_utc().timestamp());
    let touched = fs::metadata(path).map(|about| about.mtime());
    match (now, touched) {
        // A clock that goes ahead must not keep a file out until that time has come.
        (Ok(now), Ok(touched)) => {
            u64::try_from(now - touched).is_ok_and(|age| age < settle.max(Duration::from_secs(1)).as_secs())
        }
        _ => false,
    }
}

/// What landed of a file before, or of the files within it.
fn formers<'a>(berth: Berth<'a>, path: &Path) -> Vec<&'a Landed> {
    berth.formers(&shown(berth.project, path))
}

fn land_file(berth: Berth, path: &Path, slots: &Slots) -> Result<(Landed, State), Diagnostic> {
    let name = shown(berth.project, path);
    let fails = |error: io::Error| unreadable(&name, &error);
    let stamp = stamp(path).map_err(fails)?;
    let slot = slots.slot(&name);
    let before = berth.known.newest(&berth.source.id, &name);
    let is_same = |file: &&Landed| file.stamp == stamp && file.slot == slot;
    let is_kept = |file: &&Landed| berth.project.landing().join(&file.stored).is_file();
    if let Some(before) = before.filter(is_same).filter(is_kept) {
        return Ok((before.clone(), State::Known));
    }
    // In several folders may be files of one name, and they come at once.
    let part = berth.part_path(&sum_of_text(&name)[..16]).map_err(fails)?;
    let seen = copy(path, &part).map_err(fails)?;
    berth.admit_seen(Arrival { path: name.clone(), slot, stamp }, &part, seen).map_err(fails)
}

/// Lands the files within a bundle; known by the stamp of the bundle, which each of them carries.
fn land_bundle(
    berth: Berth,
    path: &Path,
    members: &Members,
    slots: &Slots,
    landing: &mut Landing,
) -> Result<(), Diagnostic> {
    let name = shown(berth.project, path);
    let of_bundle = stamp(path).map_err(|error| unreadable(&name, &error))?;
    // Which files of it are taken, and what each replaces, is said by the source.
    let chosen = format!("{members:?} {:?}", berth.source.supersedes);
    let stamp = format!("{of_bundle}-{}", &sum_of_text(&chosen)[..8]);
    // What came of the same bundle when others of its files were chosen tells that these are not all that is chosen now.
    let before: Vec<&Landed> =
        formers(berth, path).into_iter().filter(|file| file.stamp.starts_with(&of_bundle)).collect();
    let stands = |file: &&Landed| file.stamp == stamp && berth.project.landing().join(&file.stored).is_file();
    if !before.is_empty() && before.iter().all(stands) {
        landing.files.extend(before.into_iter().cloned());
        return Ok(());
    }
    match (Bundle { berth, slots, name: &name, stamp: &stamp, members }).land(path) {
        Ok(files) => {
            files.into_iter().for_each(|(file, state)| landing.take(file, state));
            Ok(())
        }
        Err(problem) => {
            // What came in it before stays in use.
            landing.files.extend(formers(berth, path).into_iter().cloned());
            Err(problem)
        }
    }
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
pub(super) struct Slots(Option<Regex>);

impl Slots {
    pub(super) fn of(source: &SourceEntry) -> Slots {
        Slots(source.supersedes.as_deref().and_then(|pattern| Regex::new(pattern).ok()))
    }

    pub(super) fn slot(&self, path: &str) -> String {
        let name = path.rsplit('/').next().unwrap_or(path);
        let captures = self.0.as_ref().and_then(|pattern| pattern.captures(name)).map(|captures| {
            let parts: Vec<&str> =
                captures.iter().skip(1).map(|part| part.map_or("", |part| part.as_str())).collect();
            parts.join("|")
        });
        captures.unwrap_or_else(|| path.to_owned())
    }
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
            origin: Origin::Files("in/*".into()),
            members: None,
            settle: None,
            publisher: Text::both("P", "P"),
            licence: Text::both("MIT", "MIT"),
            url: None,
            format: None,
            constants: std::collections::BTreeMap::new(),
            supersedes: supersedes.map(str::to_owned),
            optional: false,
        }
    }

    #[test]
    fn litter_is_told_by_its_name() {
        for name in [".DS_Store", "Thumbs.db", "desktop.ini", "~$h44.xlsx", "._h44.csv"] {
            assert!(is_litter(name), "{name}");
        }
        for name in ["h44.csv", ".h44.csv", "thumbs.db.csv", "$h44.xlsx"] {
            assert!(!is_litter(name), "{name}");
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
}
