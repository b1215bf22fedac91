//! A report for paper: results in, a document out, from which HTML and Word are written.
//!
//! Takes a checked [`PrintDefinition`], the results, the rows of its forms and the paragraphs of the planner. Sentences are made
//! by rule from numbers; what nobody knows stays blank, to be filled in by whoever signs. Opens no file and asks no clock.
//! Reading order: `definition`, `document` (what is written), `section` with `reading` (sentences), `tables`, `form`, `picture`,
//! `planner` (Markdown); then the writers.

pub mod definition;
pub mod document;
pub mod docx;
mod form;
mod picture;
pub mod planner;
mod reading;
mod section;
mod tables;

use std::cell::{Cell, OnceCell};

use chrono::NaiveDate;

use crate::diagnostic::Problems;
use crate::model::annex::AnnexRow;
use crate::model::id::OrgId;
use crate::model::period::{Calendar, Period};
use crate::model::results::Results;
use crate::model::text::{Lang, Text};
use crate::report::book::{Book, Contents, state_line};
use crate::report::definition::ReportDefinition;
use crate::report::print::definition::{Annex, AnnexBody, Issuer, PrintDefinition, Referred, references};
use crate::report::print::document::{
    AnnexPages, Block, Document, Letterhead, Look, Paragraph, Signature, in_style,
};
use crate::report::print::planner::Paragraphs;
use crate::report::template::Templates;
use crate::report::time;
use crate::report::view::View;
use crate::report::words::{first_lowered, name_within};

/// What a report is written for.
pub struct Asked<'a> {
    /// What it says and who issues it.
    pub definition: &'a PrintDefinition,
    /// The body that it speaks of.
    pub org: &'a OrgId,
    /// The period, in whichever calendar.
    pub period: Period,
    /// The language.
    pub lang: Lang,
    /// What the planner wrote.
    pub paragraphs: &'a Paragraphs,
    /// The rows of its forms, one list an annex that has one, in their order.
    pub forms: &'a [Vec<AnnexRow>],
}

/// A report while it is written.
pub(super) struct Paper<'p, 'a> {
    /// Results and words.
    book: &'p Book<'a>,
    definition: &'a PrintDefinition,
    org: &'a OrgId,
    /// In the calendar of the definition.
    period: Period,
    paragraphs: &'a Paragraphs,
    written: OnceCell<Vec<&'a Annex>>,
    n_tables: Cell<u32>,
    n_pictures: Cell<u32>,
}

/// Writes a report as a document.
pub fn document(asked: &Asked<'_>, results: &Results, templates: &Templates) -> Result<Document, Problems> {
    let words = templates.words(asked.lang)?;
    let view = View::new(results);
    let site = site(asked.definition);
    let contents = Contents::new(&site, &view);
    let book = Book { definition: &site, view: &view, words: &words, contents: &contents };
    let paper = Paper {
        book: &book,
        definition: asked.definition,
        org: asked.org,
        period: asked.period.in_calendar(asked.definition.calendar),
        paragraphs: asked.paragraphs,
        written: OnceCell::new(),
        n_tables: Cell::new(0),
        n_pictures: Cell::new(0),
    };
    Ok(paper.document(asked.forms))
}

/// A document as one HTML file.
pub fn html(document: &Document, templates: &Templates) -> Result<String, Problems> {
    templates.engine(None)?.render("print/document.html", document)
}

/// The words at the top of the planner's file.
pub fn about(
    results: &Results,
    templates: &Templates,
    (org, period, lang): (&OrgId, Period, Lang),
) -> Result<String, Problems> {
    let words = templates.words(lang)?;
    let name = results.organisations.iter().find(|known| known.id == *org);
    let name = name.map_or_else(|| org.to_string(), |known| known.name.get(lang).to_owned());
    let period = time::period(lang, period.in_calendar(Calendar::Civil));
    Ok(words.fill("print_planner_file", &[("body", &name), ("period", &period)]))
}

/// What the pages of a site would be called: nothing is led to from paper.
fn site(definition: &PrintDefinition) -> ReportDefinition {
    ReportDefinition {
        id: definition.id.clone(),
        title: definition.title.clone(),
        subtitle: None,
        notice: definition.notice.clone(),
        publisher: None,
        languages: definition.languages.clone(),
        topics: vec![],
        sections: vec![],
        organisation_pages: vec![],
        downloads: vec![],
    }
}

impl<'a> Paper<'_, 'a> {
    /// The last day that the report looks at, in either calendar.
    fn last_day(&self) -> NaiveDate {
        self.period.in_calendar(Calendar::Civil).end().max(self.period.end())
    }

    /// The first day of it.
    fn first_day(&self) -> NaiveDate {
        self.period.start().min(self.period.in_calendar(Calendar::Civil).start())
    }

    /// Whether the body has none above it.
    fn is_top(&self) -> bool {
        self.book.view.organisation(self.org).is_some_and(|org| org.parent.is_none())
    }

    /// Whether a body is this one or below it.
    fn is_below(&self, org: &OrgId) -> bool {
        let mut at = self.book.view.organisation(org);
        // As many steps as there are bodies: whoever stands above himself is not followed for ever.
        for _ in 0..self.book.view.results.organisations.len() {
            let Some(body) = at else { return false };
            if body.id == *self.org {
                return true;
            }
            at = body.parent.as_ref().and_then(|parent| self.book.view.organisation(parent));
        }
        false
    }

    /// `Bảng 3. ...`
    fn caption(&self, key: &str, title: &str) -> String {
        let counter = if key == "print_table" { &self.n_tables } else { &self.n_pictures };
        counter.set(counter.get() + 1);
        self.book.words.fill(key, &[("n", &counter.get().to_string()), ("title", title)])
    }

    fn text(&self, text: Option<&Text>) -> String {
        text.map_or_else(String::new, |text| self.book.text(text).to_owned())
    }

    /// The annexes that are written. One about bodies below is empty for a body that has none: it is left out, and those after it
    /// move up.
    fn written(&self) -> &[&'a Annex] {
        self.written.get_or_init(|| {
            let counters = (self.n_tables.get(), self.n_pictures.get());
            let has_something = |annex: &&Annex| match &annex.body {
                AnnexBody::Content(content) => section::has_any(self, content),
                AnnexBody::Form(_) => true,
            };
            let written = self.definition.annexes.iter().filter(has_something).collect();
            self.n_tables.set(counters.0);
            self.n_pictures.set(counters.1);
            written
        })
    }

    /// `Phụ lục II`; one alone has no number.
    fn annex_label(&self, at: usize) -> String {
        match self.written().len() {
            1 => self.book.word("print_annex_alone"),
            _ => self.book.words.fill("print_annex", &[("n", &roman(at + 1))]),
        }
    }

    /// A text with what it refers to; none where that is an annex that is left out.
    fn referring(&self, text: &Text) -> Option<String> {
        let mut told = self.book.text(text).to_owned();
        for reference in references(self.book.text(text)) {
            let name = match reference.to {
                Referred::Annex => {
                    let is_it = |annex: &&Annex| annex.id.as_deref() == Some(reference.id);
                    self.written().iter().position(is_it).map(|at| self.annex_label(at))
                }
                Referred::Section => section::label(self, reference.id),
            };
            told = told.replace(reference.text, &name?);
        }
        Some(told)
    }

    /// `Kèm theo Báo cáo này: Phụ lục I. ...; Phụ lục II. ...`: a document refers to its annexes.
    fn enclosed(&self) -> Option<Block> {
        let name = |(at, annex): (usize, &&Annex)| {
            format!("{}. {}", self.annex_label(at), self.book.text(&annex.title))
        };
        let names: Vec<String> = self.written().iter().enumerate().map(name).collect();
        (!names.is_empty())
            .then(|| Block::body(self.fill_about("print_enclosed", &[("annexes", &names.join("; "))])))
    }

    fn issuer(&self) -> &'a Issuer {
        let issuers = &self.definition.issuers;
        let level = self.book.view.organisation(self.org).map_or("", |org| org.level.as_str());
        issuers.get(self.org.as_str()).or(issuers.get(level)).unwrap_or(&self.definition.issuer)
    }

    /// Who issues the report; `{name}` in its name is that of the body.
    fn body(&self) -> String {
        let name = self.book.name(self.org);
        match &self.issuer().body {
            Some(body) => self.book.text(body).replace("{name}", &name_within(self.book.lang(), &name)),
            None => name,
        }
    }

    /// The period without its days, as the calendar on the wall names it: `Quý III/2026`.
    fn period_name(&self) -> String {
        self.book.period(self.period.in_calendar(Calendar::Civil))
    }

    fn document(&self, forms: &[Vec<AnnexRow>]) -> Document {
        let mut blocks = vec![self.opening()];
        blocks.extend(self.other_calendar());
        blocks.extend(self.grades());
        blocks.extend(section::all(self));
        blocks.push(Block::note(self.book.word("print_rounding")));
        blocks.push(Block::note(state_line(self.book.words, &self.book.view.results.vintage)));
        blocks.extend(self.enclosed());
        blocks.push(self.closing());
        let subject = self.text(Some(&self.definition.title));
        Document {
            lang: self.book.lang().to_string(),
            name: format!(
                "{}: {subject}, {}",
                self.text(Some(&self.definition.document)),
                self.period_name()
            ),
            notice_in_style: in_style(&self.text(self.definition.notice.as_ref())),
            notice: self.text(self.definition.notice.as_ref()),
            letterhead: self.letterhead(subject),
            blocks,
            signature: self.signature(),
            annexes: self.annexes(forms),
        }
    }

    fn letterhead(&self, subject: String) -> Letterhead {
        let words = self.book.words;
        let issuer = self.issuer();
        let (first, last) = (
            time::date(self.book.lang(), self.period.start()),
            time::date(self.book.lang(), self.period.end()),
        );
        let place = issuer
            .place
            .as_ref()
            .map_or_else(|| self.book.word("print_room"), |place| self.text(Some(place)));
        let year = chrono::Datelike::year(&self.last_day()).to_string();
        Letterhead {
            above: self.text(issuer.above.as_ref()).to_uppercase(),
            body: self.body().to_uppercase(),
            state: self.text(self.definition.state.as_ref()),
            motto: self.text(self.definition.motto.as_ref()),
            number: words.fill("print_number", &[("sign", &self.sign())]),
            place_and_day: words.fill("print_place_and_day", &[("place", &place), ("year", &year)]),
            document: self.text(Some(&self.definition.document)).to_uppercase(),
            subject: vec![subject, self.period_name()],
            days: words.fill("print_days", &[("first", &first), ("last", &last)]),
        }
    }

    fn sign(&self) -> String {
        self.issuer().sign.as_ref().map_or_else(|| self.book.word("print_sign"), |sign| self.text(Some(sign)))
    }

    /// `Thực hiện Nghị định ..., ... báo cáo kết quả ... Quý III/2026 như sau:`
    fn opening(&self) -> Block {
        let laws: Vec<String> =
            self.definition.legal_basis.iter().map(|law| self.book.text(law).to_owned()).collect();
        let key = if laws.is_empty() { "print_opening" } else { "print_opening_by_law" };
        Block::body(self.fill_about(key, &[("laws", &laws.join("; "))]))
    }

    /// The days of numbers that are of the civil calendar, where the report is not.
    fn other_calendar(&self) -> Option<Block> {
        let civil = self.period.in_calendar(Calendar::Civil);
        let day = |day| time::date(self.book.lang(), day);
        let gaps = [("first", day(civil.start())), ("last", day(civil.end()))];
        let gaps = gaps.each_ref().map(|(gap, text)| (*gap, text.as_str()));
        (civil != self.period).then(|| Block::note(self.book.words.fill("print_other_calendar", &gaps)))
    }

    /// What marks of numbers mean, where numbers are marked.
    fn grades(&self) -> Option<Block> {
        let words = self.book.words;
        let grades = [("b", words.get("grade_b")), ("c", words.get("grade_c"))];
        self.book.view.results.are_judged().then(|| Block::note(words.fill("print_grades", &grades)))
    }

    fn closing(&self) -> Block {
        Block::body(self.fill_about("print_closing", &[]))
    }

    /// Fills a text about the whole report in.
    fn fill_about(&self, key: &str, more: &[(&str, &str)]) -> String {
        let title = first_lowered(self.book.text(&self.definition.title));
        let (body, period) = (self.body(), name_within(self.book.lang(), &self.period_name()));
        let document = first_lowered(self.book.text(&self.definition.document));
        let mut gaps =
            vec![("title", title.as_str()), ("body", &body), ("period", &period), ("document", &document)];
        gaps.push(("name", self.book.text(&self.definition.document)));
        gaps.extend_from_slice(more);
        self.book.words.fill(key, &gaps)
    }

    fn signature(&self) -> Signature {
        let issuer = self.issuer();
        let recipients: Vec<String> =
            issuer.recipients.iter().map(|recipient| self.book.text(recipient).to_owned()).collect();
        let titles =
            [&issuer.authority, &issuer.signer].map(|title| self.text(title.as_ref()).to_uppercase());
        let mut titles: Vec<String> = titles.into_iter().filter(|title| !title.is_empty()).collect();
        if titles.is_empty() {
            titles.push(self.book.word("print_signer"));
        }
        Signature {
            recipients_head: self.book.word("print_recipients"),
            recipients: if recipients.is_empty() { vec![self.book.word("print_room")] } else { recipients },
            titles,
            room: self.book.word("print_signature_room"),
            name: self.text(issuer.name.as_ref()),
        }
    }

    fn annexes(&self, forms: &[Vec<AnnexRow>]) -> Vec<AnnexPages> {
        let mut forms = forms.iter();
        let mut pages = |(at, annex): (usize, &&Annex)| AnnexPages {
            label: self.annex_label(at),
            title: self.text(Some(&annex.title)).to_uppercase(),
            form: self.text(annex.form.as_ref()),
            behind: self.fill_about("print_behind", &[("sign", &self.sign())]),
            landscape: annex.landscape,
            blocks: match &annex.body {
                AnnexBody::Content(content) => section::contents(self, content),
                AnnexBody::Form(form) => form::blocks(self, form, forms.next().map_or(&[], Vec::as_slice)),
            },
        };
        self.written().iter().enumerate().map(&mut pages).collect()
    }
}

/// Room for what is to be written by hand.
fn blank(text: impl Into<String>) -> Block {
    Block::Paragraph(Paragraph::new(Look::Blank, text))
}

/// A number in Roman figures.
fn roman(mut number: usize) -> String {
    let mut text = String::new();
    for (value, figure) in [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
        while number >= value {
            text += figure;
            number -= value;
        }
    }
    text
}
