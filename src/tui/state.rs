//! All that the screen knows, as plain data. Only `update` changes it, only `view` reads it to draw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use tui_input::Input;

use crate::base::day::{Day, DayRange};
use crate::base::span::Span;
pub use crate::library::Cursor;
use crate::library::{Background, DayCount, LastRun, Opened, Question, Trouble};
use crate::model::article::ArticleId;
use crate::model::config::SavedQuery;
use crate::model::incident::{Incident, IncidentId, Row};
use crate::tui::bars::Measure;
use crate::tui::changes::Changes;
use crate::tui::counts::Facets;
use crate::tui::editing::Editing;
use crate::tui::keymap::Keymap;
use crate::tui::keys::Place;
use crate::tui::lanes::Lanes;
use crate::tui::marks::Marks;
use crate::tui::memory::News;
use crate::tui::palette::Palette;
use crate::tui::prompt::{CommandLine, History};
use crate::tui::reading::Text;
use crate::tui::sheet::Sheet;

/// How many rows are loaded at a time.
pub const CHUNK: usize = 128;
/// How many chunks are kept: the memory that a timeline of any length takes.
pub const CHUNKS_KEPT: usize = 16;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether it may use colours.
    pub colour: bool,
    /// Whether it shows ASCII only.
    pub ascii: bool,
}

/// The screen.
#[derive(Clone, Debug)]
pub struct State {
    /// Columns and lines of the terminal.
    pub size: (u16, u16),
    /// What the terminal can show.
    pub look: Look,
    /// Which colour means what.
    pub palette: Arc<Palette>,
    /// Which key does what.
    pub keys: Arc<Keymap>,
    /// Whose index it is; None for one on this machine.
    pub of: Option<String>,
    /// Why the library does not answer at present; None while it does.
    pub away: Option<String>,
    /// The time, to the minute.
    pub now: Timestamp,
    /// Where keys go, unless the search line, the command line or the help is open.
    pub focus: Focus,
    /// How far the help is scrolled; None while it is closed.
    pub help: Option<usize>,
    /// The search line.
    pub search: Search,
    /// The command line.
    pub command: CommandLine,
    /// What is being edited.
    pub editing: Editing,
    /// The timeline.
    pub list: List,
    /// The opened incident.
    pub detail: Detail,
    /// The opened article.
    pub article: Option<Reading>,
    /// The picture of the years.
    pub picture: Picture,
    /// The counts by which the timeline can be narrowed.
    pub facets: Facets,
    /// The swim lanes.
    pub lanes: Lanes,
    /// What is new since the screen was last left.
    pub news: News,
    /// The incidents that were given a letter.
    pub marks: Marks,
    /// The last round of ingesting, once known.
    pub run: Option<LastRun>,
    /// Something to say once, in the footer.
    pub notice: Option<Notice>,
    /// The number of the last question asked of any worker.
    pub asked: u64,
}

/// Which pane keys go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The timeline.
    List,
    /// The opened incident.
    Detail,
    /// The opened article.
    Article,
    /// The counts.
    Facets,
    /// The swim lanes.
    Lanes,
}

/// The search line.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is typed, and where the cursor stands.
    pub input: Input,
    /// Whether keys go to it.
    pub open: bool,
    /// What stood there when it was opened.
    pub before: String,
    /// What is wrong with it.
    pub fault: Option<Trouble>,
    /// The number of the question for the names that its last word may become.
    pub completing: Option<u64>,
    /// Earlier searches.
    pub history: History,
    /// The queries that `@name` may stand for.
    pub saved: Vec<SavedQuery>,
}

/// A question under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its number.
    pub n: u64,
    /// What was asked.
    pub question: Question,
    /// The incident that a person wants to see, so that it is said where the answer does not hold it.
    pub jump: Option<IncidentId>,
}

/// The timeline: the answer to one question, of which only the rows near the cursor are held.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What was asked.
    pub question: Question,
    /// The number of that question; 0 before the first answer.
    pub n: u64,
    /// The question that is under way.
    pub pending: Option<Asked>,
    /// How many rows the answer has.
    pub total: usize,
    /// Whether the rows are grouped by day.
    pub by_day: bool,
    /// The rows that are held, by the number of their chunk.
    pub chunks: BTreeMap<usize, Vec<Row>>,
    /// The chunks that are being loaded.
    pub loading: BTreeSet<usize>,
    /// The incident that is selected; None while its row is being loaded.
    pub cursor: Option<Cursor>,
    /// Where the cursor stands in this answer.
    pub at: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Why there is no answer.
    pub fault: Option<String>,
    /// Why the answer has no rows, where that can be said.
    pub why: Vec<String>,
}

impl Picture {
    /// Returns the days that the mouse is drawn over; None where it is on one bar still.
    pub fn brushed(&self) -> Option<DayRange> {
        let (from, to) = self.brush.filter(|(from, to)| from != to)?;
        Some(DayRange::new(from.earliest.min(to.earliest), from.latest.max(to.latest)))
    }
}

impl List {
    /// Returns a row of the answer, if it is held.
    pub fn row(&self, offset: usize) -> Option<&Row> {
        self.chunks.get(&(offset / CHUNK))?.get(offset % CHUNK)
    }

    /// Tells whether a day heading stands above a row when the row before it is on the screen as well.
    pub fn begins_day(&self, offset: usize) -> bool {
        let Some(row) = self.row(offset) else { return false };
        offset == 0 || self.row(offset - 1).is_none_or(|before| before.days != row.days)
    }

    /// Returns the row of an incident, if it is held.
    pub fn row_of(&self, id: &IncidentId) -> Option<&Row> {
        self.chunks.values().flatten().find(|row| row.id == *id)
    }

    /// Tells whether the rows `from..=to` fit into so many lines, with their headings.
    pub fn fit(&self, from: usize, to: usize, lines: usize) -> bool {
        // There may be millions of rows: no more are looked at than may fit.
        to - from < lines && (from..=to).map(|offset| 1 + usize::from(self.headed(offset, from))).sum::<usize>() <= lines
    }

    /// Tells whether a row has a heading above it on a screen that begins at row `top`.
    pub fn headed(&self, offset: usize, top: usize) -> bool {
        self.by_day && (self.begins_day(offset) || (offset == top && self.row(offset).is_some()))
    }

    /// Returns the rows that `lines` lines of screen hold from row `top` on.
    pub fn visible(&self, top: usize, lines: usize) -> usize {
        let mut used = 0;
        let mut rows = 0;
        while top + rows < self.total {
            used += 1 + usize::from(self.headed(top + rows, top));
            if used > lines {
                break;
            }
            rows += 1;
        }
        rows
    }
}

/// The opened incident.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// The incident, once loaded. While another one is loaded, the one before stays.
    pub incident: Option<Incident>,
    /// What is known around it.
    pub background: Background,
    /// The number of the question that is under way, and the incident asked for.
    pub pending: Option<(u64, IncidentId)>,
    /// The incident as lines, laid out for `width` columns.
    pub sheet: Sheet,
    /// The columns it was laid out for.
    pub width: usize,
    /// Which of the sheet's items is selected.
    pub item: usize,
    /// The first line on the screen.
    pub scroll: usize,
    /// Whether it may have changed since it was loaded.
    pub stale: bool,
    /// The incident that could not be loaded; it is not asked for again until something changes.
    pub missing: Option<IncidentId>,
    /// Why there is none.
    pub fault: Option<String>,
}

/// The opened article.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The number of the question that is under way; None once it is loaded.
    pub pending: Option<u64>,
    /// Which article.
    pub id: ArticleId,
    /// The incident for whose sake it is read.
    pub incident: IncidentId,
    /// The article, once loaded.
    pub opened: Option<Opened>,
    /// Its text as lines.
    pub text: Text,
    /// What changed in it since it was first read; None while the text is shown.
    pub changes: Option<Changes>,
    /// The columns it was laid out for.
    pub width: usize,
    /// The words of evidence that were jumped to last.
    pub mark: Option<usize>,
    /// The words to show first: a field of the incident.
    pub seek: Option<Span>,
    /// The first line on the screen.
    pub scroll: usize,
    /// Where keys went before.
    pub from: Focus,
    /// Why there is none.
    pub fault: Option<String>,
}

/// The picture of the years.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// What its bars are as high as.
    pub measure: Measure,
    /// Whether it is shown; None where the size of the screen decides.
    pub shown: Option<bool>,
    /// The number of the question that is under way.
    pub pending: Option<u64>,
    /// Incidents by day, oldest first: those of the present search.
    pub days: Vec<DayCount>,
    /// From the first to the last day that any search has found so far, so that the axis stays while one searches.
    pub extent: Option<DayRange>,
    /// The days at which the mouse was pressed and those to which it was drawn, until it is let go.
    pub brush: Option<(DayRange, DayRange)>,
    /// The days that it is zoomed to; None for all. It is the time filter of the timeline.
    pub window: Option<DayRange>,
}

/// Something to say once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub text: String,
    /// Whether it is bad news.
    pub bad: bool,
}

impl State {
    /// Makes the screen as it is before anything is known.
    pub fn new(size: (u16, u16), look: Look, now: Timestamp, query: &str) -> State {
        State {
            size,
            look,
            palette: Arc::default(),
            keys: Arc::default(),
            of: None,
            away: None,
            now,
            focus: Focus::List,
            help: None,
            search: Search { input: Input::new(query.to_owned()), ..Search::default() },
            command: CommandLine::default(),
            editing: Editing::default(),
            list: List::default(),
            detail: Detail::default(),
            article: None,
            picture: Picture::default(),
            facets: Facets::default(),
            lanes: Lanes::default(),
            news: News::default(),
            marks: Marks::default(),
            run: None,
            notice: None,
            asked: 0,
        }
    }

    /// Returns the day that it is.
    pub fn today(&self) -> Day {
        Day::of(self.now)
    }

    /// Returns where keys go.
    pub fn place(&self) -> Place {
        if self.help.is_some() {
            return Place::Help;
        }
        if self.command.open {
            return Place::Command;
        }
        if self.search.open {
            return Place::Search;
        }
        match self.focus {
            Focus::List => Place::List,
            Focus::Detail => Place::Detail,
            Focus::Article => Place::Article,
            Focus::Facets => Place::Facets,
            Focus::Lanes => Place::Lanes,
        }
    }

    /// Returns what the timeline is to show.
    pub fn question(&self) -> Question {
        let text = self.search.input.value().trim_start().to_owned();
        Question { text, typing: self.search.open, window: self.picture.window }
    }
}
