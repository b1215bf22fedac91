//! The press: leaves in, pages out, on all cores.
//!
//! Takes the list of leaves of a site; hands each page to a [`Shelf`] as soon as it is made, so that no more pages than
//! cores are held. Knows nothing of what the pages say, nor of where they are kept.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::cores;
use crate::diagnostic::{Diagnostic, Problems};
use crate::model::sum::hex;
use crate::model::text::Lang;
use crate::report::book::{Book, Contents};
use crate::report::definition::ReportDefinition;
use crate::report::sheet::{Sheet, Tabled, cut};
use crate::report::template::{Engine, Templates};
use crate::report::view::View;

/// The sum of all that a page is made from: what its template sees, the templates and the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeFrom([u8; 32]);

impl MadeFrom {
    /// The sum of a file that is kept as it is.
    pub fn bytes(bytes: &[u8]) -> Self {
        MadeFrom(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for MadeFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// Where pages are kept; asked and filled from several threads at once.
pub trait Shelf: Sync {
    /// Whether the page that is made from the same already stands there; if so it stays, and is not made again.
    fn keeps(&self, path: &str, made_from: MadeFrom) -> bool;

    /// Takes a page.
    fn put(&self, path: &str, made_from: MadeFrom, bytes: &[u8]) -> Result<(), Diagnostic>;
}

/// How a page is made: its model worked out, and its template filled unless the shelf has the page.
type Make<'a> = Box<dyn Fn(&Press<'_>, &str) -> Result<(), Problems> + Sync + 'a>;

/// A page that is to be, in every language.
struct Leaf<'a> {
    /// Its place below the folder of a language.
    path: String,
    make: Make<'a>,
}

/// The pages of a site, in a fixed order.
#[derive(Default)]
pub struct Leaves<'a>(Vec<Leaf<'a>>);

impl<'a> Leaves<'a> {
    /// One more page: its place, its template and what fills it. Long tables go on in sheets of their own.
    pub fn add<T: Serialize + Tabled>(
        &mut self,
        path: impl Into<String>,
        template: &'static str,
        model: impl Fn(&Book<'_>) -> T + Sync + 'a,
    ) {
        let make = move |press: &Press<'_>, path: &str| {
            let mut page = model(&press.book);
            let sheets = cut(press.book.words, path, &mut page);
            press.print(path, template, &page)?;
            sheets.iter().try_for_each(|Sheet { path, page }| press.print(path, "sheet.html", page))
        };
        self.0.push(Leaf { path: path.into(), make: Box::new(make) });
    }
}

/// What all pages of a site are made of.
pub struct Stock<'a> {
    /// What the report shows.
    pub definition: &'a ReportDefinition,
    /// What it shows it of.
    pub view: &'a View<'a>,
    /// What has a page.
    pub contents: &'a Contents<'a>,
    /// How pages look.
    pub templates: &'a Templates,
}

impl Stock<'_> {
    /// Makes all leaves in one language; gives how many pages these are with their sheets. Of several problems those of the
    /// first page in the list are told, whichever thread met its own first.
    pub fn print(&self, lang: Lang, leaves: &Leaves<'_>, shelf: &dyn Shelf) -> Result<u64, Problems> {
        let list = WorkList { leaves, next: AtomicUsize::new(0), failed: AtomicBool::new(false) };
        let pages = AtomicU64::new(0);
        let workers = cores::hands(leaves.0.len());
        let failures = thread::scope(|scope| {
            let work = || self.work(lang, &list, &pages, shelf).err();
            // Formatters of numbers stay in their thread, so each has words of its own.
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| thread.join());
            ended
                .map(|ended| ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Vec<_>>()
        });
        match failures.into_iter().flatten().min_by_key(|(place, _)| *place) {
            Some((_, problems)) => Err(problems),
            None => Ok(pages.into_inner()),
        }
    }

    /// What one thread does; a problem comes with the place of its page in the list.
    fn work(
        &self,
        lang: Lang,
        list: &WorkList<'_>,
        pages: &AtomicU64,
        shelf: &dyn Shelf,
    ) -> Result<(), (usize, Problems)> {
        let words = self.templates.words(lang).map_err(|problems| (0, problems))?;
        let engine = self.templates.engine(Some(&words)).map_err(|problems| (0, problems))?;
        let book =
            Book { definition: self.definition, view: self.view, words: &words, contents: self.contents };
        let press = Press { lang, engine, book, ground: self.templates.sum(&words), shelf, pages };
        while let Some((place, leaf)) = list.take() {
            (leaf.make)(&press, &leaf.path).map_err(|problems| {
                list.failed.store(true, Ordering::Relaxed);
                (place, problems)
            })?;
        }
        Ok(())
    }
}

/// What is still to be made. Leaves are taken in order: once one fails, all before it have been taken.
struct WorkList<'a> {
    leaves: &'a Leaves<'a>,
    next: AtomicUsize,
    failed: AtomicBool,
}

impl<'a> WorkList<'a> {
    fn take(&self) -> Option<(usize, &'a Leaf<'a>)> {
        if self.failed.load(Ordering::Relaxed) {
            return None;
        }
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        self.leaves.0.get(place).map(|leaf| (place, leaf))
    }
}

/// One thread with the words and templates of one language.
struct Press<'a> {
    lang: Lang,
    engine: Engine<'a>,
    book: Book<'a>,
    /// The sum of templates and words, which all pages of the language rest on.
    ground: Sha256,
    shelf: &'a dyn Shelf,
    /// How many pages all threads have made or kept.
    pages: &'a AtomicU64,
}

impl Press<'_> {
    fn print<T: Serialize>(&self, path: &str, template: &str, model: &T) -> Result<(), Problems> {
        let path = format!("{}/{path}", self.lang);
        self.pages.fetch_add(1, Ordering::Relaxed);
        let made_from = self.sum(template, model);
        if self.shelf.keeps(&path, made_from) {
            return Ok(());
        }
        let html = self.engine.render(template, model)?;
        Ok(self.shelf.put(&path, made_from, html.as_bytes())?)
    }

    fn sum<T: Serialize>(&self, template: &str, model: &T) -> MadeFrom {
        let mut sum = Summed(self.ground.clone());
        sum.0.update(template);
        serde_json::to_writer(io::BufWriter::new(&mut sum), model)
            .expect("models are plain structs of texts");
        MadeFrom(sum.0.finalize().into())
    }
}

/// Writes into a sum.
struct Summed(Sha256);

impl io::Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
