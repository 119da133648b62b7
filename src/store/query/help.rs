//! The language on one page: the fields, what else can be written, and what can be completed. `breachline search --help`, the timeline's help
//! and shell completion all tell this.

use super::{Mark, Sort, Status};
use crate::model::config::SavedQuery;
use crate::model::report::{DataKind, Kind};

/// A field of the language: its word, and what its value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldHelp {
    /// The word before the colon.
    pub word: &'static str,
    /// What stands after the colon, in a few words.
    pub value: &'static str,
    /// An example with its field.
    pub example: &'static str,
    /// What the field asks.
    pub asks: &'static str,
}

const fn field(word: &'static str, value: &'static str, example: &'static str, asks: &'static str) -> FieldHelp {
    FieldHelp { word, value, example, asks }
}

/// The fields of the language, in the order in which help lists them.
pub const FIELDS: &[FieldHelp] = &[
    field("victim", "a name", "victim:sega", "who was hit, by any of its names"),
    field("attacker", "a name", "attacker:\"lulz security\"", "who is held responsible, by any name it is known by"),
    field("kind", "a kind of incident", "kind:ransomware,breach", "what happened"),
    field("data", "a kind of data", "data:passwords", "what was taken"),
    field("records", "a number or a range", "records:>1M", "how much was affected: >1M, <=10k, 10k..2M, 1290755"),
    field("country", "a country", "country:germany,uk", "where the victim is at home, by name or two letters"),
    field("status", "a status", "status:confirmed", "how firmly an attacker is held responsible; whether it is disputed"),
    field("after", "a day", "after:2011-05", "its first day, from then on"),
    field("before", "a day", "before:yesterday", "its first day, before then"),
    field("on", "a day", "on:2011-06-17", "any of its days"),
    field("occurred", "a day or a range of days", "occurred:2011-05..2011-07", "when it happened"),
    field("disclosed", "a day or a range of days", "disclosed:last-week", "when it became known"),
    field("published", "a day or a range of days", "published:>=30d", "when it was reported"),
    field("source", "a name", "source:krebs", "who reported it"),
    field("tag", "a tag", "tag:health,uk", "a tag of its sources or of an analyst"),
    field("title", "words", "title:\"data breach\"", "in the titles of articles"),
    field("text", "words", "text:imaging", "in the sentences it was read from; in an article's text"),
    field("id", "an id", "id:sega-2011-06", "its name in the index, or a part of that between dashes"),
    field("is", "starred or hidden", "is:starred", "what an analyst marked; what is hidden is found by is:hidden alone"),
    field("has", "what is there", "has:records,attacker", "what is known of it; has:note"),
    field(
        "sort",
        "date, records, relevance or updated",
        "sort:records",
        "newest (as it is without), largest, best match or last changed first",
    ),
];

/// A heading of the page, with what can be written and what it means.
pub type Section = (&'static str, Vec<(&'static str, &'static str)>);

const WORDS: &[(&str, &str)] = &[
    ("sony network", "both words, anywhere, in any of their forms"),
    ("\"customer data\"", "these words side by side"),
    ("\"card stolen\"~3", "these words near each other: at most 3 steps out of place, a change of order is 2"),
    ("sega OR sony", "either; OR binds weaker than standing side by side"),
    ("-games   NOT games", "without"),
    ("(sega OR sony) -games", "parentheses keep together; after a field too: victim:(sega OR sony)"),
    ("sega*", "the beginning of a word"),
    ("sega~   sega~2", "misspelt by one letter; by two"),
    ("/^seg[ao]/", "a regular expression, looked for in names"),
    ("CVE-2023-34362", "such numbers, addresses, domains and hashes as they are"),
    ("@hospitals", "the query of that name in sources.toml"),
];

const DAYS: &[(&str, &str)] = &[
    ("2011  2011-06  2011-06-17", "a year, month or day"),
    ("2011-05..2011-07  >2014  <=2014-06", "from, to, after, until (occurred: disclosed: published:)"),
    ("today  yesterday  30d  2w  6m  1y", "today; yesterday; so long ago until today"),
    ("this-week  last-week  last-month  last-year", "a week from Monday, a month, a year"),
];

/// Returns the language on one page.
pub fn help() -> Vec<Section> {
    let fields = FIELDS.iter().map(|field| (field.example, field.asks)).collect();
    vec![("Words", WORDS.to_vec()), ("Fields", fields), ("Days", DAYS.to_vec())]
}

/// Returns how the word that is being typed could go on: fields up to their colon, the values of those that have a fixed set, the
/// names of saved queries. What the word has before them (`-`, `(`) stays. Whole words end in no space.
pub fn completions(word: &str, saved: &[SavedQuery]) -> Vec<String> {
    let begins = word.find(|c| !matches!(c, '-' | '(')).unwrap_or(word.len());
    let (before, word) = word.split_at(begins);
    let whole: Vec<String> = match word.split_once(':') {
        Some((field, typed)) => {
            // After a comma the next value begins.
            let listed = typed.rfind(',').map_or(0, |comma| comma + 1);
            let (done, typed) = typed.split_at(listed);
            let values = values(field).into_iter().filter(|value| value.starts_with(typed));
            values.map(|value| format!("{field}:{done}{value}")).collect()
        }
        None => {
            let names = saved.iter().map(|query| format!("@{}", query.name));
            let fields = FIELDS.iter().map(|field| format!("{}:", field.word));
            fields.chain(names).filter(|candidate| candidate.starts_with(word)).collect()
        }
    };
    whole.into_iter().map(|candidate| format!("{before}{candidate}")).collect()
}

/// Returns the values of a field that has a fixed set of them.
fn values(field: &str) -> Vec<&'static str> {
    match field {
        "kind" => Kind::ALL.map(Kind::word).to_vec(),
        "data" => DataKind::ALL.map(DataKind::word).to_vec(),
        "status" => Status::ALL.map(Status::word).to_vec(),
        "is" => Mark::MADE.map(Mark::word).to_vec(),
        "has" => Mark::HELD.map(Mark::word).to_vec(),
        "sort" => Sort::ALL.map(Sort::word).to_vec(),
        "after" | "before" | "on" | "occurred" | "disclosed" | "published" => {
            vec![
                "today",
                "yesterday",
                "this-week",
                "last-week",
                "this-month",
                "last-month",
                "this-year",
                "last-year",
                "30d",
                "1y",
            ]
        }
        _ => Vec::new(),
    }
}
