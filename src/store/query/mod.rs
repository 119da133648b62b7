//! The language of searches: one grammar for the command line, the timeline and saved queries. Pure: text and today's day in, a
//! query or a mistake with its place out. What a query finds is decided in `store::search`.
//!
//! ```text
//! query     = all of: [ "OR" ] conditions            words side by side must all hold; OR binds weaker
//! condition = ["-" | "NOT"] ( word | phrase | /regex/ | field | @saved | "(" query ")" )
//! word      = sega | sega*  | sega~ | sega~2         whole word, beginning of a word, misspelt by one or two letters
//! phrase    = "words in order" | "words near each other"~3
//! field     = victim: attacker: title: text: source: id:        + word, phrase, /regex/ or ( values )
//!           | country: tag:                                     + the same, also with commas
//!           | kind: data: status: is: has:                      + word or words with commas
//!           | records:  + 1290755 | >1M | <=10k | 10k..2M
//!           | after: before: on:                                + day
//!           | occurred: disclosed: published:                   + day | >day | day..day
//!           | sort:     + date | records | relevance | updated
//! day       = 2011 | 2011-06 | 2011-06-17 | today | yesterday | 30d | 2w | 6m | 1y | last-week | this-month | ...
//! ```

mod condition;
mod help;
mod parse;
mod saved;
mod value;

pub use help::{FIELDS, FieldHelp, Section, completions, help};

use crate::base::day::{Day, DayRange};
use crate::base::span::Span;
use crate::model::config::SavedQuery;
use crate::model::report::{Attribution, DataKind, Kind};

/// What is searched for, and in which order it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What has to hold.
    pub root: Node,
    /// The order that was asked for; None where none was: newest first.
    pub sort: Option<Sort>,
}

impl Query {
    /// Returns the query that finds everything.
    pub fn all() -> Query {
        Query { root: Node::All, sort: None }
    }

    /// Reads a query in which no `@name` stands. `today` is what "yesterday" and "30d" are reckoned from. An empty text finds everything.
    pub fn parse(text: &str, today: Day) -> Result<Query, QueryError> {
        Query::parse_with(text, today, &[])
    }

    /// Reads a query in which each `@name` stands for the saved query of that name, kept together as if it stood in parentheses.
    pub fn parse_with(text: &str, today: Day, saved: &[SavedQuery]) -> Result<Query, QueryError> {
        parse::parse(text, today, saved, false)
    }

    /// Reads a query that is still being typed: its last word stands for all that begin so, and an open quote or parenthesis ends
    /// where the text ends.
    pub fn parse_unfinished(text: &str, today: Day, saved: &[SavedQuery]) -> Result<Query, QueryError> {
        parse::parse(text, today, saved, true)
    }

    /// Returns the query narrowed to what begins between two days, both included; None is no bound.
    pub fn beginning(&self, from: Option<Day>, to: Option<Day>) -> Query {
        if from.is_none() && to.is_none() {
            return self.clone();
        }
        self.and(Node::Is(Condition { at: Span::new(0, 0), test: Test::Days(Days::Start, from, to) }))
    }

    /// Returns the query narrowed to what was reported on a day or after it.
    pub fn published_since(&self, day: Day) -> Query {
        self.and(Node::Is(Condition { at: Span::new(0, 0), test: Test::Days(Days::Published, Some(day), None) }))
    }

    fn and(&self, node: Node) -> Query {
        let root = match &self.root {
            Node::All => node,
            root => Node::And(vec![root.clone(), node]),
        };
        Query { root, sort: self.sort }
    }

    /// Tells whether hidden incidents are asked for, or asked to be left out, in so many words.
    pub fn speaks_of_hidden(&self) -> bool {
        self.conditions().iter().any(|condition| condition.test == Test::Is(Mark::Hidden))
    }

    /// Returns the query of one condition.
    pub fn of(condition: Condition) -> Query {
        Query { root: Node::Is(condition), sort: None }
    }

    /// Returns the parts that must all hold, each as a query of its own with its place; one where the query is no list of parts.
    pub fn parts(&self) -> Vec<(Span, Query)> {
        let nodes = match &self.root {
            Node::And(nodes) => nodes.as_slice(),
            root => std::slice::from_ref(root),
        };
        nodes.iter().map(|node| (node.place(), Query { root: node.clone(), sort: None })).collect()
    }

    /// Returns the query without one of its [`Query::parts`].
    pub fn without(&self, part: usize) -> Query {
        let Node::And(nodes) = &self.root else { return Query { root: Node::All, sort: self.sort } };
        let rest: Vec<Node> = nodes.iter().enumerate().filter(|(at, _)| *at != part).map(|(_, node)| node.clone()).collect();
        Query { root: if rest.len() == 1 { rest[0].clone() } else { Node::And(rest) }, sort: self.sort }
    }

    /// Returns the conditions, in the order in which they were written.
    pub fn conditions(&self) -> Vec<&Condition> {
        let mut conditions = Vec::new();
        self.root.each(&mut |condition| conditions.push(condition));
        conditions
    }
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Holds for everything.
    All,
    /// All of these hold; at least two.
    And(Vec<Node>),
    /// One of these holds; at least two.
    Or(Vec<Node>),
    /// This does not hold.
    Not(Box<Node>),
    /// A condition.
    Is(Condition),
}

impl Node {
    fn each<'n>(&'n self, visit: &mut impl FnMut(&'n Condition)) {
        match self {
            Node::All => {}
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|node| node.each(visit)),
            Node::Not(node) => node.each(visit),
            Node::Is(condition) => visit(condition),
        }
    }

    /// Returns it with all its conditions at one place.
    fn placed(self, at: Span) -> Node {
        match self {
            Node::All => Node::All,
            Node::And(nodes) => Node::And(nodes.into_iter().map(|node| node.placed(at)).collect()),
            Node::Or(nodes) => Node::Or(nodes.into_iter().map(|node| node.placed(at)).collect()),
            Node::Not(node) => Node::Not(Box::new(node.placed(at))),
            Node::Is(condition) => Node::Is(Condition { at, ..condition }),
        }
    }

    /// Returns the place from its first to its last condition; what negates it or keeps it together is not in it.
    fn place(&self) -> Span {
        let mut place: Option<Span> = None;
        self.each(&mut |condition| {
            let at = condition.at;
            place = Some(place.map_or(at, |all| Span::new(all.start.min(at.start), all.end.max(at.end))));
        });
        place.unwrap_or(Span::new(0, 0))
    }
}

/// A condition, and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its place in the text of the query.
    pub at: Span,
    /// What it asks.
    pub test: Test,
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Some words stand there.
    Words(Place, Pattern),
    /// It is of this kind.
    Kind(Kind),
    /// This kind of data was taken or exposed.
    Data(DataKind),
    /// The figure that stands lies between these, both included; None is no bound.
    Records(Option<u64>, Option<u64>),
    /// It is so, or has this.
    Is(Mark),
    /// It stands so.
    Status(Status),
    /// One of its days lies between these, both included; None is no bound.
    Days(Days, Option<Day>, Option<Day>),
}

/// What can be said of an incident in one word: what an analyst marked, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is starred.
    Starred,
    /// It is hidden. Searches that do not ask for it leave what is hidden out.
    Hidden,
    /// It has a note.
    Note,
    /// A figure stands, of other things than bytes.
    Records,
    /// Somebody is held responsible.
    Attacker,
    /// It is known which kinds of data were taken.
    Data,
    /// The victim's country is known.
    Country,
    /// It is known when it happened.
    Occurred,
    /// It is known when it became known.
    Disclosed,
}

impl Mark {
    /// What an incident is: the values of `is:`. No article is any of these.
    pub const MADE: [Mark; 2] = [Mark::Starred, Mark::Hidden];
    /// What an incident has: the values of `has:`.
    pub const HELD: [Mark; 7] =
        [Mark::Note, Mark::Records, Mark::Attacker, Mark::Data, Mark::Country, Mark::Occurred, Mark::Disclosed];

    /// Returns the word that queries use.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Starred => "starred",
            Mark::Hidden => "hidden",
            Mark::Note => "note",
            Mark::Records => "records",
            Mark::Attacker => "attacker",
            Mark::Data => "data",
            Mark::Country => "country",
            Mark::Occurred => "occurred",
            Mark::Disclosed => "disclosed",
        }
    }
}

/// How an incident stands: how firmly somebody is held responsible, and whether it is disputed that it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Somebody is held responsible so firmly.
    Attributed(Attribution),
    /// Nobody is held responsible.
    Unattributed,
    /// The victim or others dispute that it happened.
    Disputed,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 6] = [
        Status::Attributed(Attribution::Claimed),
        Status::Attributed(Attribution::Confirmed),
        Status::Attributed(Attribution::Suspected),
        Status::Attributed(Attribution::Denied),
        Status::Unattributed,
        Status::Disputed,
    ];

    /// Returns the word that queries use.
    pub fn word(self) -> &'static str {
        match self {
            Status::Attributed(attribution) => attribution.word(),
            Status::Unattributed => "unattributed",
            Status::Disputed => "disputed",
        }
    }
}

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere.
    Anywhere,
    /// The titles of the articles.
    Title,
    /// The text that was read: an article's text, an incident's quotes.
    Text,
    /// The names of the victim.
    Victim,
    /// The names of those held responsible.
    Attacker,
    /// The names of the sources.
    Source,
    /// The tags of the sources, and those that analysts gave.
    Tag,
    /// The names and the two letters of the victim's country.
    Country,
    /// The id.
    Id,
}

/// Which words are meant. The texts are as typed; they are folded and split in the way that the searched text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A word in any of its forms. What is no single word (`CVE-2023-34362`) is a phrase.
    Word(String),
    /// Words as they are, in a row or near each other.
    Phrase {
        /// The words.
        text: String,
        /// How many steps out of place they may be altogether; 0 is one right after the other, a change of order is 2.
        apart: u32,
    },
    /// All words that begin so.
    Prefix(String),
    /// All words that differ by at most so many letters, 1 or 2.
    Fuzzy(String, u8),
    /// All names that hold what the regular expression describes; it is known to be a good one.
    Regex(String),
}

/// Which days are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Days {
    /// The first of the days that place an incident on the timeline; an article's day of publication.
    Start,
    /// The days that place an incident on the timeline, any of them.
    Any,
    /// The days on which it happened.
    Occurred,
    /// The days on which it became known.
    Disclosed,
    /// The days from the first to the last report.
    Published,
}

/// The order of what is found. Ties go by day, newest first, then by figure, largest first, then by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest first.
    #[default]
    Date,
    /// Largest figure first; those without one last.
    Records,
    /// Best match first; what holds all words of the query in a row before anything else.
    Relevance,
    /// Last reported, or last edited, first.
    Updated,
}

impl Sort {
    /// Every order.
    pub const ALL: [Sort; 4] = [Sort::Date, Sort::Records, Sort::Relevance, Sort::Updated];

    /// Returns the word that queries use.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Date => "date",
            Sort::Records => "records",
            Sort::Relevance => "relevance",
            Sort::Updated => "updated",
        }
    }
}

/// A mistake in a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Where it is: a span of the text, empty where something is missing.
    pub at: Span,
    /// What is wrong.
    pub message: String,
    /// What would be right, or what was probably meant; empty where nothing can be said.
    pub expected: String,
}

impl QueryError {
    /// Returns two lines: the query, and a caret under the mistake.
    pub fn shown(&self, text: &str) -> String {
        shown(text, self.at)
    }
}

/// Returns two lines: a query, and a caret under a part of it.
pub fn shown(text: &str, at: Span) -> String {
    let text = text.replace(['\n', '\r', '\t'], " ");
    let wide = |part: &str| unicode_width::UnicodeWidthStr::width(part);
    let before = wide(text.get(..at.start).unwrap_or(&text));
    let under = wide(at.slice(&text)).max(1);
    format!("{text}\n{}{}", " ".repeat(before), "^".repeat(under))
}

/// Returns the number of a word of the language, such as `1,290,755`, `10k` or `1.3M`.
pub fn number(word: &str) -> Option<u64> {
    value::number(word)
}

/// Returns the days of a word of the language, such as `2011-06`, `yesterday` or `30d` (the thirty days up to today).
pub fn days(word: &str, today: Day) -> Option<DayRange> {
    value::days(word, today)
}
