//! The keys: one table from which the loop, the footer and the help are made. The configuration may give others (`keymap`).

use std::fmt;

use serde::Serialize;

/// A key as pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the key of that name")]
pub enum Key {
    Char(char),
    Ctrl(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Backspace,
    Delete,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) => write!(f, "{c}"),
            Key::Ctrl(c) => write!(f, "Ctrl-{c}"),
            Key::Enter => f.write_str("Enter"),
            Key::Esc => f.write_str("Esc"),
            Key::Tab => f.write_str("Tab"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::Up => f.write_str("Up"),
            Key::Down => f.write_str("Down"),
            Key::Left => f.write_str("Left"),
            Key::Right => f.write_str("Right"),
            Key::Home => f.write_str("Home"),
            Key::End => f.write_str("End"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::Backspace => f.write_str("Backspace"),
            Key::Delete => f.write_str("Delete"),
        }
    }
}

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The timeline.
    List,
    /// The fields and reports of one incident.
    Detail,
    /// The text of an article.
    Article,
    /// The counts by which the timeline can be narrowed.
    Facets,
    /// The swim lanes.
    Lanes,
    /// The search line.
    Search,
    /// The command line.
    Command,
    /// The help.
    Help,
}

impl Place {
    /// Every place, in the order of the help.
    pub const ALL: [Place; 8] =
        [Place::List, Place::Detail, Place::Article, Place::Facets, Place::Lanes, Place::Search, Place::Command, Place::Help];

    /// Returns the word for it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Place::List => "timeline",
            Place::Detail => "incident",
            Place::Article => "article",
            Place::Facets => "counts",
            Place::Lanes => "lanes",
            Place::Search => "search",
            Place::Command => "command",
            Place::Help => "help",
        }
    }

    /// Returns its heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Place::List => "Timeline",
            Place::Detail => "Incident",
            Place::Article => "Article",
            Place::Facets => "Counts",
            Place::Lanes => "Who when",
            Place::Search => "Search line",
            Place::Command => "Command line",
            Place::Help => "Help",
        }
    }
}

/// What a key does. What that means exactly depends on the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Down,
    Up,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    Top,
    Bottom,
    Next,
    Previous,
    Open,
    Back,
    Quit,
    Leave,
    NextPane,
    PreviousPane,
    Search,
    Link,
    Copy,
    Help,
    Picture,
    Measure,
    Lanes,
    NextNew,
    PreviousNew,
    Mark,
    Jump,
    Changes,
    Facets,
    ZoomIn,
    ZoomOut,
    Earlier,
    Later,
    Pick,
    PickTo,
    Star,
    Hide,
    Tag,
    Note,
    Set,
    Merge,
    Split,
    Undo,
    Command,
    Redraw,
    Suspend,
    Accept,
    Abandon,
    Complete,
    Older,
    Newer,
    EraseBack,
    EraseForward,
    EraseWord,
    EraseLine,
    ToStart,
    ToEnd,
    CursorLeft,
    CursorRight,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it works.
    pub places: &'static [Place],
    /// The keys, the one to advertise first.
    pub keys: &'static [Key],
    /// What it does.
    pub action: Action,
    /// What the footer says, where it says anything.
    pub footer: &'static str,
    /// What the help says.
    pub help: &'static str,
}

use Action as A;
use Key::{Char, Ctrl};
use Place as P;

const PANES: &[Place] = &[P::List, P::Detail, P::Article, P::Facets, P::Lanes];
const MOVES: &[Place] = &[P::List, P::Detail, P::Article, P::Facets, P::Lanes, P::Help];
const ZOOMS: &[Place] = &[P::List, P::Lanes];
const READS: &[Place] = &[P::Detail, P::Article];
const EDITS: &[Place] = &[P::List, P::Detail];
const LINES: &[Place] = &[P::Search, P::Command];
const ALL: &[Place] = &Place::ALL;

const fn bind(
    places: &'static [Place],
    keys: &'static [Key],
    action: Action,
    footer: &'static str,
    help: &'static str,
) -> Binding {
    Binding { places, keys, action, footer, help }
}

/// Every key that does something, at each place the most useful first. The footer has them in this order, as many as have room,
/// but the last two that it names at a place always: help, and the way out.
pub const BINDINGS: &[Binding] = &[
    bind(MOVES, &[Char('j'), Key::Down], A::Down, "", "down"),
    bind(MOVES, &[Char('k'), Key::Up], A::Up, "", "up"),
    bind(&[P::List], &[Key::Enter, Char('l'), Key::Right], A::Open, "open", "open the incident"),
    bind(&[P::Detail], &[Key::Enter, Char('l'), Key::Right], A::Open, "read", "read the article that says so"),
    bind(&[P::Facets], &[Key::Enter, Char('l'), Key::Right], A::Open, "only these", "show only these, or all again"),
    bind(&[P::Lanes], &[Key::Enter, Char('l'), Key::Right], A::Open, "list these", "list the incidents of this one"),
    bind(&[P::Article], &[Char('n')], A::Next, "next evidence", "next words of evidence"),
    bind(&[P::Article], &[Char('N')], A::Previous, "", "words of evidence before"),
    bind(&[P::Article], &[Char('d')], A::Changes, "changes", "what changed since it was first read, or the text again"),
    bind(PANES, &[Char('/')], A::Search, "search", "search as you type"),
    bind(&[P::List], &[Char('n')], A::Next, "next day", "next day (earlier)"),
    bind(&[P::List], &[Char('N')], A::Previous, "", "day before it (later)"),
    bind(&[P::List], &[Char(')')], A::NextNew, "", "next incident that is new since you last looked"),
    bind(&[P::List], &[Char('(')], A::PreviousNew, "", "the new one before it"),
    bind(EDITS, &[Char('m')], A::Mark, "", "mark the incident with a letter, which is the next key"),
    bind(EDITS, &[Char('\'')], A::Jump, "", "jump to the mark of that letter; twice: back to before the last jump"),
    bind(&[P::Detail], &[Char('n')], A::Next, "next", "next incident of the timeline"),
    bind(&[P::Detail], &[Char('N')], A::Previous, "", "incident before it"),
    bind(&[P::List], &[Char('o')], A::Link, "link", "open the first report in the browser"),
    bind(READS, &[Char('o')], A::Link, "link", "open the article in the browser"),
    bind(ZOOMS, &[Char('z')], A::ZoomIn, "zoom in", "zoom in on the days around the selection"),
    bind(ZOOMS, &[Char('Z')], A::ZoomOut, "out", "zoom out"),
    bind(ZOOMS, &[Char('[')], A::Earlier, "", "the same span of days, earlier"),
    bind(ZOOMS, &[Char(']')], A::Later, "", "the same span of days, later"),
    bind(&[P::List], &[Char('v')], A::Pick, "pick", "pick it for the next edit, or leave it out again"),
    bind(&[P::List], &[Char('V')], A::PickTo, "", "pick all from the one picked last to this one"),
    bind(EDITS, &[Char('s')], A::Star, "star", "star what is picked or selected, or take the star off"),
    bind(EDITS, &[Char('x')], A::Hide, "hide", "hide it, or show it again"),
    bind(EDITS, &[Char('e')], A::Set, "edit", "correct a field"),
    bind(EDITS, &[Char('t')], A::Tag, "tag", "add a tag"),
    bind(EDITS, &[Char('a')], A::Note, "note", "add a note"),
    bind(&[P::List], &[Char('M')], A::Merge, "", "merge what is picked; where one is, with the selected one"),
    bind(&[P::Detail], &[Char('M')], A::Merge, "", "merge another incident with this one"),
    bind(EDITS, &[Char('S')], A::Split, "", "split reports off: those of another event"),
    bind(&[P::List], &[Char('u')], A::Undo, "undo", "take back what was done last"),
    bind(&[P::Detail], &[Char('u')], A::Undo, "undo", "take back the last edit of this incident"),
    bind(PANES, &[Char(':')], A::Command, "", "a command: set, merge, export, watch, sort ..."),
    bind(PANES, &[Char('f')], A::Facets, "counts", "the counts to filter by: show them, go there, hide them"),
    bind(PANES, &[Char('w')], A::Lanes, "who when", "swim lanes: attackers over time, victims over time, the list again"),
    bind(PANES, &[Key::Tab], A::NextPane, "pane", "next pane"),
    bind(PANES, &[Key::BackTab], A::PreviousPane, "", "pane before"),
    bind(&[P::List, P::Facets, P::Lanes], &[Char('i')], A::Picture, "picture", "show or hide the picture of the years"),
    bind(
        &[P::List, P::Facets, P::Lanes],
        &[Char('I')],
        A::Measure,
        "",
        "bars as high as incidents are many, or as people are affected",
    ),
    bind(&[P::List, P::Detail], &[Char('y')], A::Copy, "copy", "copy the incident as text to the clipboard"),
    bind(&[P::Article], &[Char('y')], A::Copy, "copy link", "copy the article's address to the clipboard"),
    bind(MOVES, &[Ctrl('d')], A::HalfDown, "", "half a page down"),
    bind(MOVES, &[Ctrl('u')], A::HalfUp, "", "half a page up"),
    bind(MOVES, &[Char(' '), Key::PageDown, Ctrl('f')], A::PageDown, "", "a page down"),
    bind(MOVES, &[Char('b'), Key::PageUp, Ctrl('b')], A::PageUp, "", "a page up"),
    bind(MOVES, &[Char('g'), Key::Home], A::Top, "", "to the top"),
    bind(MOVES, &[Char('G'), Key::End], A::Bottom, "", "to the bottom"),
    bind(PANES, &[Ctrl('l')], A::Redraw, "", "draw the screen anew"),
    bind(PANES, &[Ctrl('z')], A::Suspend, "", "back to the shell; fg returns"),
    bind(&[P::List], &[Key::Esc], A::Back, "", "pick nothing; then clear the search, then the zoom"),
    bind(PANES, &[Char('?')], A::Help, "help", "this help"),
    bind(READS, &[Key::Esc, Char('q'), Char('h'), Key::Left], A::Back, "back", "back"),
    bind(&[P::Facets, P::Lanes], &[Key::Esc, Char('q'), Char('h'), Key::Left], A::Back, "back", "back to the timeline"),
    bind(&[P::Help], &[Key::Esc, Char('q'), Char('?'), Key::Enter], A::Back, "close", "close the help"),
    bind(&[P::List], &[Char('q')], A::Quit, "quit", "quit"),
    bind(MOVES, &[Char('Q')], A::Leave, "", "quit at once"),
    bind(&[P::Search], &[Key::Tab], A::Complete, "complete", "complete the word: vic -> victim:"),
    bind(&[P::Command], &[Key::Tab], A::Complete, "complete", "complete the word: mer -> merge"),
    bind(LINES, &[Key::Up, Ctrl('p')], A::Older, "earlier", "the line before"),
    bind(LINES, &[Key::Down, Ctrl('n')], A::Newer, "", "the line after it"),
    bind(LINES, &[Key::Backspace, Ctrl('h')], A::EraseBack, "", "erase a character"),
    bind(LINES, &[Key::Delete], A::EraseForward, "", "erase the character after"),
    bind(LINES, &[Ctrl('w')], A::EraseWord, "", "erase a word"),
    bind(LINES, &[Ctrl('u')], A::EraseLine, "", "erase all"),
    bind(LINES, &[Key::Left], A::CursorLeft, "", "left"),
    bind(LINES, &[Key::Right], A::CursorRight, "", "right"),
    bind(LINES, &[Key::Home, Ctrl('a')], A::ToStart, "", "to the start"),
    bind(LINES, &[Key::End, Ctrl('e')], A::ToEnd, "", "to the end"),
    bind(&[P::Search], &[Key::Enter], A::Accept, "keep", "keep the search and go to the timeline"),
    bind(&[P::Search], &[Key::Esc], A::Abandon, "as before", "give up what was typed"),
    bind(&[P::Command], &[Key::Enter], A::Accept, "do it", "do it"),
    bind(&[P::Command], &[Key::Esc], A::Abandon, "give up", "give up what was typed"),
    bind(ALL, &[Ctrl('c')], A::Leave, "", "quit at once"),
];
