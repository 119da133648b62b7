//! The language of searches: one grammar for the command line, the timeline and saved queries. Pure: text and today's day in, a
//! query or a mistake with its place out. What a query finds is decided in `store::search`.
//!
//! ```text
//! query     = all of: [ "OR" ] conditions            words side by side must all hold; OR binds weaker
//! condition = ["-" | "NOT"] ( word | phrase | /regex/ | field | "(" query ")" )
//! word      = sega | sega*  | sega~ | sega~2         whole word, beginning of a word, misspelt by one or two letters
//! phrase    = "words in order" | "words near each other"~3
//! field     = victim: attacker: title: text: source: tag: id:   + word, phrase, /regex/ or ( values )
//!           | kind: data: is: has:                              + word or words with commas
//!           | records:  + 1290755 | >1M | <=10k | 10k..2M
//!           | after: before: on:                                + day
//!           | occurred: disclosed: published:                   + day | >day | day..day
//!           | sort:     + date | records | relevance
//! day       = 2011 | 2011-06 | 2011-06-17 | today | yesterday | 30d | 2w | 6m | 1y | last-week | this-month | ...
//! ```

mod parse;
mod value;

use crate::base::day::{Day, DayRange};
use crate::base::span::Span;
use crate::model::report::{DataKind, Kind};

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

    /// Reads a query. `today` is what "yesterday" and "30d" are reckoned from. An empty text finds everything.
    pub fn parse(text: &str, today: Day) -> Result<Query, QueryError> {
        parse::parse(text, today, false)
    }

    /// Reads a query that is still being typed: its last word stands for all that begin so, and an open quote or parenthesis ends
    /// where the text ends.
    pub fn parse_unfinished(text: &str, today: Day) -> Result<Query, QueryError> {
        parse::parse(text, today, true)
    }

    /// Returns the query narrowed to what begins between two days, both included; None is no bound.
    pub fn beginning(&self, from: Option<Day>, to: Option<Day>) -> Query {
        if from.is_none() && to.is_none() {
            return self.clone();
        }
        self.and(Node::Is(Condition { at: Span::new(0, 0), test: Test::Days(Days::Start, from, to) }))
    }

    /// Returns the query narrowed to incidents that bear one of some ids. Others whose ids hold the same words may be found as well.
    pub fn among(&self, ids: &[&str]) -> Query {
        let one = |id: &&str| {
            let pattern = Pattern::Phrase { text: (*id).to_owned(), apart: 0 };
            Node::Is(Condition { at: Span::new(0, 0), test: Test::Words(Place::Id, pattern) })
        };
        let among = match ids {
            [only] => one(only),
            several => Node::Or(several.iter().map(one).collect()),
        };
        self.and(among)
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
    /// An analyst marked it so.
    Is(Mark),
    /// One of its days lies between these, both included; None is no bound.
    Days(Days, Option<Day>, Option<Day>),
}

/// A mark that an analyst's word leaves on an incident. No article bears one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It is starred.
    Starred,
    /// It is hidden. Searches that do not ask for it leave what is hidden out.
    Hidden,
    /// It has a note.
    Note,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Mark; 3] = [Mark::Starred, Mark::Hidden, Mark::Note];

    /// Returns the word that queries use.
    pub fn word(self) -> &'static str {
        match self {
            Mark::Starred => "starred",
            Mark::Hidden => "hidden",
            Mark::Note => "note",
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
    /// The id.
    Id,
}

/// Which words are meant. The texts are as typed; they are folded and split in the way that the searched text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A word in any of its forms. What is no single word (`CVE-2023-34362`) is a phrase.
    Word(String),
    /// Words in this order, in these forms, with at most `apart` other words between them.
    Phrase {
        /// The words.
        text: String,
        /// How many steps out of place they may be altogether; 0 is one right after the other.
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
    /// Best match first.
    Relevance,
}

impl Sort {
    /// Every order.
    pub const ALL: [Sort; 3] = [Sort::Date, Sort::Records, Sort::Relevance];

    /// Returns the word that queries use.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Date => "date",
            Sort::Records => "records",
            Sort::Relevance => "relevance",
        }
    }
}

/// A field of the language: its word, and what its value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldHelp {
    /// The word before the colon.
    pub word: &'static str,
    /// What stands after the colon, in a few words.
    pub value: &'static str,
    /// An example with its field.
    pub example: &'static str,
}

/// The fields of the language, in the order in which help lists them.
pub const FIELDS: &[FieldHelp] = &[
    FieldHelp { word: "victim", value: "a name", example: "victim:sega" },
    FieldHelp { word: "attacker", value: "a name", example: "attacker:\"lulz security\"" },
    FieldHelp { word: "kind", value: "a kind of incident", example: "kind:ransomware,breach" },
    FieldHelp { word: "data", value: "a kind of data", example: "data:passwords" },
    FieldHelp { word: "records", value: "a number or a range", example: "records:>1M" },
    FieldHelp { word: "after", value: "a day", example: "after:2011-05" },
    FieldHelp { word: "before", value: "a day", example: "before:yesterday" },
    FieldHelp { word: "on", value: "a day", example: "on:2011-06-17" },
    FieldHelp { word: "occurred", value: "a day or a range of days", example: "occurred:2011-05..2011-07" },
    FieldHelp { word: "disclosed", value: "a day or a range of days", example: "disclosed:last-week" },
    FieldHelp { word: "published", value: "a day or a range of days", example: "published:>=30d" },
    FieldHelp { word: "source", value: "a name", example: "source:krebs" },
    FieldHelp { word: "tag", value: "a tag", example: "tag:health" },
    FieldHelp { word: "is", value: "starred or hidden", example: "is:starred" },
    FieldHelp { word: "has", value: "note", example: "has:note" },
    FieldHelp { word: "title", value: "words", example: "title:\"data breach\"" },
    FieldHelp { word: "text", value: "words", example: "text:imaging" },
    FieldHelp { word: "id", value: "an id", example: "id:sega-2011-06" },
    FieldHelp { word: "sort", value: "date, records or relevance", example: "sort:records" },
];

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
        let text = text.replace(['\n', '\r', '\t'], " ");
        let wide = |part: &str| unicode_width::UnicodeWidthStr::width(part);
        let before = wide(text.get(..self.at.start).unwrap_or(&text));
        let under = wide(self.at.slice(&text)).max(1);
        format!("{text}\n{}{}", " ".repeat(before), "^".repeat(under))
    }
}

/// Returns the number of a word of the language, such as `1,290,755`, `10k` or `1.3M`.
pub fn number(word: &str) -> Option<u64> {
    value::number(word)
}

/// Returns the days of a word of the language, such as `2011-06`, `yesterday` or `30d` (the thirty days up to today).
pub fn days(word: &str, today: Day) -> Option<DayRange> {
    value::days(word, today)
}
