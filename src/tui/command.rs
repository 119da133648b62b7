//! The commands of the command line: one table from which they are read, completed and told in the help.

use crate::export;
use crate::library::{EditRequest, WatchRequest};
use crate::model::config::SavedQuery;
use crate::model::report::Kind;
use crate::model::watch::Channel;
use crate::store::query::Sort;
use crate::tui::copied::Format;

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// To edit what is picked or selected.
    Edit(EditRequest),
    /// To list in another order.
    Sort(Sort),
    /// To search for something else.
    Search(String),
    /// To search for what a saved query says; empty to be told which there are.
    Saved(String),
    /// To write what is picked, or else what is found, into a file; without a name it is given one.
    Export(export::Format, Option<String>),
    /// To be told of what comes in for the present search.
    Watch(WatchRequest),
    /// To copy the incident.
    Copy(Format),
    /// To see the help.
    Help,
    /// To leave.
    Quit,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The word that it begins with.
    pub word: &'static str,
    /// What follows; empty where nothing does.
    pub value: &'static str,
    /// What the help says.
    pub help: &'static str,
    read: fn(&str) -> Result<Command, String>,
}

const fn entry(word: &'static str, value: &'static str, help: &'static str, read: fn(&str) -> Result<Command, String>) -> Entry {
    Entry { word, value, help, read }
}

/// Every command, in the order of the help.
pub const COMMANDS: &[Entry] = &[
    entry("set", "FIELD=VALUE", "correct a field: set records=1.3M people, set kind=ransomware", |value| {
        edit(EditRequest::Set(value.to_owned()))
    }),
    entry("merge", "[ID ...]", "what is picked, or those incidents and this one, are one event", |value| {
        edit(EditRequest::Merge(words(value)))
    }),
    entry("split", "REPORT ...", "those reports are of another event: the numbers that the incident lists", |value| {
        edit(EditRequest::Split(words(value)))
    }),
    entry("star", "", "mark it; is:starred finds it", |_| edit(EditRequest::Star)),
    entry("unstar", "", "take the mark off", |_| edit(EditRequest::Unstar)),
    entry("hide", "", "leave it out; is:hidden finds it", |_| edit(EditRequest::Hide)),
    entry("unhide", "", "show it again", |_| edit(EditRequest::Unhide)),
    entry("note", "TEXT", "add a note; has:note finds it", |value| edit(EditRequest::Note(value.to_owned()))),
    entry("tag", "TAG", "add a tag; tag: finds it", |value| edit(EditRequest::Tag(value.to_owned()))),
    entry("untag", "TAG", "take a tag off", |value| edit(EditRequest::Untag(value.to_owned()))),
    entry("undo", "", "take back what was done last, to all incidents that it was done to", |_| edit(EditRequest::Undo)),
    entry("sort", "date|records|updated|relevance", "list in this order", sort),
    entry("search", "QUERY", "search for this", |value| Ok(Command::Search(value.to_owned()))),
    entry("saved", "[@NAME]", "search for a query that has a name in sources.toml", |value| {
        Ok(Command::Saved(value.trim_start_matches('@').to_owned()))
    }),
    entry("export", "FORMAT [FILE]", "write what is picked, or else what is found, into a new file", export),
    entry("watch", "NAME [CHANNEL=WHERE]", "be told of what comes in for this search: adds a [[watch]] to sources.toml", watch),
    entry("copy", "[text|markdown|json]", "copy the incident to the clipboard", copy),
    entry("help", "", "the help", |_| Ok(Command::Help)),
    entry("quit", "", "leave", |_| Ok(Command::Quit)),
];

fn edit(request: EditRequest) -> Result<Command, String> {
    Ok(Command::Edit(request))
}

fn words(text: &str) -> Vec<String> {
    text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn sort(value: &str) -> Result<Command, String> {
    let orders: Vec<&str> = Sort::ALL.iter().map(|sort| sort.word()).collect();
    let found = Sort::ALL.iter().find(|sort| sort.word() == value).copied();
    found.map(Command::Sort).ok_or_else(|| format!("there is no order \"{value}\"; one of {}", orders.join(", ")))
}

fn copy(value: &str) -> Result<Command, String> {
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
    let asked = if value.is_empty() { Format::Text.word() } else { value };
    let found = Format::ALL.iter().find(|format| format.word() == asked).copied();
    found.map(Command::Copy).ok_or_else(|| format!("there is no format \"{value}\"; one of {}", formats.join(", ")))
}

fn export(value: &str) -> Result<Command, String> {
    let (word, file) = parts(value);
    let formats: Vec<&str> = export::Format::ALL.iter().map(|format| format.word()).collect();
    let format = export::Format::from_word(word);
    let format = format.ok_or_else(|| format!("there is no format \"{word}\"; one of {}", formats.join(", ")))?;
    Ok(Command::Export(format, Some(file.to_owned()).filter(|file| !file.is_empty())))
}

/// Reads a name of one or more words, and where notices go, if that is said.
fn watch(value: &str) -> Result<Command, String> {
    let begins = |channel: Channel| value.find(&format!(" {}=", channel.word())).map(|at| (at, channel));
    let Some((at, channel)) = Channel::ALL.into_iter().filter_map(begins).min_by_key(|(at, _)| *at) else {
        return match value.split_whitespace().find(|word| word.contains('=')) {
            Some(word) => Err(format!("there is no channel \"{word}\"; one of {}", channels().join(", "))),
            None => Ok(Command::Watch(WatchRequest { name: value.to_owned(), channel: None })),
        };
    };
    let target = value[at + 2 + channel.word().len()..].trim();
    if target.is_empty() {
        return Err(format!("{} of what? write {}", channel.word(), channels().join(" or ")));
    }
    Ok(Command::Watch(WatchRequest { name: value[..at].trim().to_owned(), channel: Some((channel, target.to_owned())) }))
}

/// Returns the ways by which notices go out, as they are typed.
fn channels() -> Vec<String> {
    let written = |channel: Channel| match channel {
        Channel::Webhook => "webhook=ADDRESS",
        Channel::Command => "command=PROGRAM ARGUMENT ...",
        Channel::Atom => "atom=FILE",
        Channel::Mail => "mail=ADDRESS ...",
    };
    Channel::ALL.into_iter().map(|channel| written(channel).to_owned()).collect()
}

/// Reads a line. Its first word may be the beginning of one command only. The error is a sentence.
pub fn parse(line: &str) -> Result<Command, String> {
    let (word, value) = parts(line);
    let entry = find(word)?;
    match (entry.value.is_empty(), value.is_empty()) {
        (true, false) => Err(format!("nothing follows {}", entry.word)),
        (false, true) if !entry.value.starts_with('[') => {
            Err(format!("{} what? write {} {}", entry.word, entry.word, entry.value))
        }
        _ => (entry.read)(value),
    }
}

fn parts(line: &str) -> (&str, &str) {
    let line = line.trim();
    let (word, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, value.trim())
}

fn find(word: &str) -> Result<&'static Entry, String> {
    let fitting = fitting(word);
    match (COMMANDS.iter().find(|entry| entry.word == word), fitting.as_slice()) {
        (Some(entry), _) => Ok(entry),
        (None, [entry]) => Ok(entry),
        (None, []) => {
            let words: Vec<&str> = COMMANDS.iter().map(|entry| entry.word).collect();
            Err(format!("there is no command \"{word}\"; one of {}", words.join(", ")))
        }
        (None, several) => {
            let words: Vec<&str> = several.iter().map(|entry| entry.word).collect();
            Err(format!("\"{word}\" may be {}", words.join(" or ")))
        }
    }
}

fn fitting(word: &str) -> Vec<&'static Entry> {
    COMMANDS.iter().filter(|entry| entry.word.starts_with(word)).collect()
}

/// Returns what may follow what is typed: the commands that begin so, or what the command wants.
pub fn hint(line: &str, saved: &[SavedQuery]) -> String {
    let line = line.trim_start();
    if let Some((word, value)) = line.split_once(char::is_whitespace) {
        return find(word).map_or_else(|fault| fault, |entry| hint_of(entry, value.trim_start(), saved));
    }
    match fitting(line).as_slice() {
        [] => find(line).err().unwrap_or_default(),
        [entry] => hint_of(entry, "", saved),
        several => several.iter().map(|entry| entry.word).collect::<Vec<_>>().join("  "),
    }
}

fn hint_of(entry: &Entry, value: &str, saved: &[SavedQuery]) -> String {
    let told = |more: String| format!("{} {}  {}: {more}", entry.word, entry.value, entry.help);
    match entry.word {
        "export" => return told(export::Format::ALL.map(export::Format::word).join("  ")),
        "watch" => return told(format!("{}; without one it goes to NAME.atom beside sources.toml", channels().join(", "))),
        "saved" if !saved.is_empty() => return told(names(saved)),
        _ => {}
    }
    let kinds = || Kind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join("  ");
    match FIELDS.iter().find(|(field, _)| entry.word == "set" && value.starts_with(field)) {
        Some(("kind=", _)) => kinds(),
        Some((field, follows)) => format!("{field}{follows}"),
        None => format!("{} {}  {}", entry.word, entry.value, entry.help),
    }
}

/// The fields that can be set, as they are typed, with what may follow.
const FIELDS: [(&str, &str); 6] = [
    ("attacker=", "NAME (claimed|confirmed|suspected|denied); ...  nothing for nobody"),
    ("disclosed=", "2011-06-17, 2011-06 or 2011-06-17..2011-06-19  nothing where it is not known"),
    ("kind=", "KIND"),
    ("occurred=", "2011-06-17, 2011-06 or 2011-06-17..2011-06-19  nothing where it is not known"),
    ("records=", "1,290,755, ~1.3M people, at least 40M cards, 200k..300k records or 9 GB  nothing for none"),
    ("victim=", "NAME"),
];

/// Returns the names of saved queries as they are typed.
pub fn names(saved: &[SavedQuery]) -> String {
    saved.iter().map(|saved| format!("@{}", saved.name)).collect::<Vec<_>>().join("  ")
}

/// Returns what the last word of a line can be completed to: commands, fields, kinds, orders, formats, names of saved queries.
pub fn completions(line: &str, saved: &[SavedQuery]) -> Vec<String> {
    let line = line.trim_start();
    let Some((word, value)) = line.split_once(char::is_whitespace) else {
        return fitting(line)
            .iter()
            .map(|entry| format!("{}{}", entry.word, if entry.value.is_empty() { "" } else { " " }))
            .collect();
    };
    let value = value.trim_start();
    let kinds = || Kind::ALL.iter().map(|kind| format!("kind={}", kind.word()));
    let all: Vec<String> = match find(word).map(|entry| entry.word) {
        Ok("set") if value.starts_with("kind=") => kinds().collect(),
        Ok("set") => FIELDS.iter().map(|(field, _)| (*field).to_owned()).collect(),
        Ok("copy") => Format::ALL.iter().map(|format| format.word().to_owned()).collect(),
        Ok("export") => export::Format::ALL.iter().map(|format| format!("{} ", format.word())).collect(),
        Ok("saved") => saved.iter().map(|saved| format!("@{}", saved.name)).collect(),
        Ok("sort") => Sort::ALL.iter().map(|sort| sort.word().to_owned()).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|candidate| candidate.starts_with(value)).collect()
}
