//! What can happen to the screen, and what it wants done: two closed enums of plain data.

use jiff::Timestamp;

use crate::base::day::DayRange;
use crate::library::{
    Background, DayCount, EditRequest, ExportRequest, Facet, Lane, LastRun, Opened, Page, Question, Trouble, WatchRequest,
};
use crate::model::article::ArticleId;
use crate::model::incident::{Incident, IncidentId, Row};
use crate::tui::keys::Key;
use crate::tui::state::Cursor;

/// What the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The left button was pressed.
    Press,
    /// The mouse was moved with it held.
    Drag,
    /// It was let go.
    Release,
    /// The wheel was turned up.
    WheelUp,
    /// The wheel was turned down.
    WheelDown,
}

/// Something that happened. Answers carry the number of what was asked; an answer to an older question is dropped.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this size now: columns, lines.
    Resize(u16, u16),
    /// The answer to [`Effect::Find`].
    Found(u64, Result<FoundAt, Trouble>),
    /// The answer to [`Effect::Rows`]: the rows from that offset on.
    Rows(u64, usize, Result<Vec<Row>, Trouble>),
    /// The answer to [`Effect::Days`].
    Days(u64, Result<Option<Vec<DayCount>>, Trouble>),
    /// The answer to [`Effect::Facets`].
    Facets(u64, Result<Option<Vec<Facet>>, Trouble>),
    /// The answer to [`Effect::Names`].
    Names(u64, Result<Option<Vec<Facet>>, Trouble>),
    /// The answer to [`Effect::Lanes`].
    Lanes(u64, Result<Option<Vec<Lane>>, Trouble>),
    /// The answer to [`Effect::Incident`].
    Incident(u64, Box<Result<Option<(Incident, Background)>, Trouble>>),
    /// The answer to [`Effect::Article`].
    Article(u64, Box<Result<Option<Opened>, Trouble>>),
    /// What is known of the last round of ingesting.
    Run(Result<Option<LastRun>, Trouble>),
    /// Whether a link could be opened: its address, and what went wrong.
    LinkOpened(String, Option<String>),
    /// The answer to [`Effect::News`].
    News(u64, Result<Vec<Cursor>, Trouble>),
    /// The mouse did something at this column and line.
    Mouse(Mouse, (u16, u16)),
    /// The answer to [`Effect::Edit`]: what was done, as a sentence.
    Edited(u64, Result<String, Trouble>),
    /// What became of [`Effect::Export`] or [`Effect::Watch`], as a sentence.
    Done(Result<String, Trouble>),
    /// An edit cannot be kept yet: its number and why. It is tried again until it can.
    EditWaits(u64, String),
    /// What is kept has changed.
    Changed,
    /// The library does not answer any more, and why.
    Away(Trouble),
    /// It answers again.
    Back,
    /// It is this late now. Comes once a minute.
    Now(Timestamp),
    /// The terminal is ours again after it was given away.
    Resumed,
    /// Somebody asks the program to stop (SIGTERM, SIGHUP).
    Stop,
    /// Somebody asks the program to step aside (SIGTSTP).
    Pause,
}

/// The first rows of an answer, or those around the incident that was sought.
#[derive(Clone, Debug)]
pub struct FoundAt {
    /// How many rows the whole answer has.
    pub total: usize,
    /// Whether they can be grouped by day.
    pub by_day: bool,
    /// The offset of the first of `rows`.
    pub offset: usize,
    /// Some rows of the answer.
    pub rows: Vec<Row>,
    /// Where the cursor is to be.
    pub at: usize,
    /// Where nothing was found, why.
    pub why: Vec<String>,
}

/// Where the cursor is to be in a new answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The incident to look for.
    pub id: IncidentId,
    /// Its days.
    pub days: DayRange,
    /// Whether to stay near these days where the incident is not in the answer; else the first row will do.
    pub near: bool,
}

/// Something to be done. The loop hands these to workers and to the terminal.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Draw the screen.
    Draw,
    /// Draw the screen after wiping it.
    Wipe,
    /// Answer a question; where an incident is sought, with the rows around it.
    Find(u64, Question, Option<Sought>),
    /// Load more rows of an answer.
    Rows(u64, Question, Page),
    /// Count incidents by day.
    Days(u64, Question),
    /// Count incidents by the values of their fields.
    Facets(u64, Question),
    /// Say which names there are, as counts, to complete one.
    Names(u64, Question),
    /// Count incidents by day for each value of a field.
    Lanes(u64, Question, &'static str),
    /// Load an incident.
    Incident(u64, IncidentId),
    /// Load an article.
    Article(u64, ArticleId),
    /// Say how the last round of ingesting went.
    LastRun,
    /// Say what is new or changed after the change of this number.
    News(u64, u64),
    /// Edit these incidents.
    Edit(u64, Vec<IncidentId>, EditRequest),
    /// Write incidents into a file.
    Export(ExportRequest),
    /// See to it that a person is told of what comes in for a search.
    Watch(String, WatchRequest),
    /// Open an address in the browser. It is http or https.
    OpenLink(String),
    /// Put text on the terminal's clipboard.
    Copy(String),
    /// Give the terminal back to the shell until it is returned.
    Suspend,
    /// End.
    Quit,
}
