//! `breachline browse --plain`: the timeline in lines, one question and one answer at a time, for screen readers and dumb terminals.

use std::io::BufRead;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::tell;
use crate::library::{ExportRequest, Library, Page, Question, Trouble};
use crate::model::config::SavedQuery;
use crate::model::incident::{IncidentId, Row};
use crate::tui::command::{self, COMMANDS, Command};
use crate::tui::copied::{self, Format};
use crate::tui::update::sentence;
use crate::tui::words;

/// The rows that are read out at a time.
const ROWS: usize = 10;

const HELP: &str = "Enter: the next incidents. b: those before. A number: all about that incident. /WORDS: search. :COMMAND: edit the \
                    incident that was shown last. ?: this help. q: quit.";

/// What is read out, and where it stands.
struct Talk<'a> {
    library: &'a dyn Library,
    saved: &'a [SavedQuery],
    query: String,
    /// The first row that is read out.
    offset: usize,
    rows: Vec<Row>,
    total: usize,
    /// The incident that was shown last.
    shown: Option<IncidentId>,
}

/// Reads lines until there are no more or one says to quit.
pub(super) fn talk(
    library: &dyn Library,
    query: &str,
    saved: &[SavedQuery],
    input: impl BufRead,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let mut talk = Talk { library, saved, query: query.to_owned(), offset: 0, rows: Vec::new(), total: 0, shown: None };
    console.say(HELP)?;
    talk.list(console)?;
    console.out.flush()?;
    for line in input.lines() {
        let line = line.map_err(|error| Failure::new("the input could not be read").because(&error))?;
        if !talk.answer(line.trim(), console)? {
            break;
        }
        console.out.flush()?;
    }
    Ok(Exit::Well)
}

impl Talk<'_> {
    /// Answers one line; tells whether to go on.
    fn answer(&mut self, line: &str, console: &mut Console) -> Result<bool, Failure> {
        match line {
            "q" | "quit" => return Ok(false),
            "?" => console.say(HELP)?,
            "" | "n" if self.offset + self.rows.len() >= self.total => console.say("That was the last one.")?,
            "" | "n" => self.go(self.offset + self.rows.len(), console)?,
            "b" if self.offset == 0 => console.say("These are the first ones.")?,
            "b" => self.go(self.offset.saturating_sub(ROWS), console)?,
            line if line.starts_with('/') => {
                self.query = line[1..].trim().to_owned();
                self.go(0, console)?;
            }
            line if line.starts_with(':') => return self.command(&line[1..], console),
            line => match line.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) {
                Some(at) if at < self.total => self.show(at, console)?,
                _ => console.say(format!("\"{}\" is no number of 1 to {}. {HELP}", console.plain(line), self.total))?,
            },
        }
        Ok(true)
    }

    fn go(&mut self, offset: usize, console: &mut Console) -> Result<(), Failure> {
        self.offset = offset;
        self.list(console)
    }

    fn question(&self) -> Question {
        Question { text: self.query.clone(), ..Question::default() }
    }

    fn list(&mut self, console: &mut Console) -> Result<(), Failure> {
        match self.library.find(&self.question(), Page { offset: self.offset, limit: ROWS }) {
            Ok(found) => (self.rows, self.total) = (found.rows, found.total),
            Err(trouble) => {
                (self.rows, self.total) = (Vec::new(), 0);
                return console.say(console.plain(&sentence(&trouble)));
            }
        }
        let count = tell::counted(self.total as u64, "incident", "incidents");
        let found = if self.query.is_empty() { count } else { format!("{count} found for {}", self.query) };
        console.say(format!("{}.", console.plain(&found)))?;
        for (at, row) in self.rows.iter().enumerate() {
            console.say(format!("{}. {}", self.offset + at + 1, console.plain(&one(row))))?;
        }
        Ok(())
    }

    fn show(&mut self, at: usize, console: &mut Console) -> Result<(), Failure> {
        let row = match self.library.find(&self.question(), Page { offset: at, limit: 1 }) {
            Ok(found) => found.rows.into_iter().next(),
            Err(trouble) => return console.say(console.plain(&sentence(&trouble))),
        };
        let Some(row) = row else { return console.say("It is no longer there.") };
        match self.library.incident(&row.id) {
            Ok(Some(incident)) => {
                console.say(format!("{}, {}", at + 1, row.id))?;
                console.say(console.plain(copied::written(&incident, Format::Text).trim_end()))?;
                self.shown = Some(row.id);
                Ok(())
            }
            Ok(None) => console.say("It is no longer there."),
            Err(trouble) => console.say(console.plain(&sentence(&trouble))),
        }
    }

    fn command(&mut self, line: &str, console: &mut Console) -> Result<bool, Failure> {
        match command::parse(line) {
            Ok(Command::Quit) => return Ok(false),
            Ok(Command::Help) => {
                for entry in COMMANDS {
                    console.say(format!(":{} {}  {}", entry.word, entry.value, entry.help))?;
                }
            }
            Ok(Command::Search(query)) => {
                self.query = query;
                self.go(0, console)?;
            }
            Ok(Command::Sort(order)) => {
                let others = self.query.split_whitespace().filter(|word| !word.starts_with("sort:"));
                self.query = others.chain([format!("sort:{}", order.word()).as_str()]).collect::<Vec<_>>().join(" ");
                self.go(0, console)?;
            }
            Ok(Command::Saved(name)) => match self.saved.iter().any(|saved| saved.name == name) {
                true => {
                    self.query = format!("@{name}");
                    self.go(0, console)?;
                }
                false => console.say(format!("Saved queries: {}.", console.plain(&command::names(self.saved))))?,
            },
            Ok(Command::Export(format, file)) => {
                let request = ExportRequest { question: self.question(), picked: Vec::new(), format, file };
                self.tell(self.library.export(&request), console)?;
            }
            Ok(Command::Watch(request)) => self.tell(self.library.watch(&self.query, &request), console)?,
            Ok(Command::Edit(request)) => {
                let Some(id) = self.shown.clone() else {
                    console.say("Show the incident that you mean first: say its number.")?;
                    return Ok(true);
                };
                self.tell(self.library.edit(&[id], &request), console)?;
            }
            Ok(Command::Copy(format)) => {
                let shown = self.shown.as_ref().map(|id| self.library.incident(id)).transpose().ok().flatten().flatten();
                let text = shown.map_or("Show the incident that you mean first: say its number.".to_owned(), |it| {
                    copied::written(&it, format)
                });
                console.say(console.plain(text.trim_end()))?;
            }
            Err(fault) => console.say(console.plain(&fault))?,
        }
        Ok(true)
    }

    fn tell(&self, done: Result<String, Trouble>, console: &mut Console) -> Result<(), Failure> {
        let done = done.unwrap_or_else(|trouble| sentence(&trouble));
        console.say(console.plain(&done))
    }
}

/// Returns a row as a sentence without columns.
fn one(row: &Row) -> String {
    let mut parts = vec![words::days(row.days), row.victim.clone(), row.kind.word().to_owned()];
    parts.extend(row.records.as_ref().map(tell::figure));
    if !row.attackers.is_empty() {
        parts.push(format!("by {}", words::attackers(&row.attackers)));
    }
    parts.push(tell::counted(row.reports.into(), "report", "reports"));
    parts.extend(row.disputed.then(|| "disputed".to_owned()));
    parts.extend(row.starred.then(|| "starred".to_owned()));
    parts.join(", ")
}
