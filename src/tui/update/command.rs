//! The command line: typing, completing, earlier commands, and doing what is asked.

use crate::library::ExportRequest;
use crate::tui::command::{self, Command};
use crate::tui::keys::Action;
use crate::tui::msg::Effect;
use crate::tui::state::State;
use crate::tui::update::line::{self, Did};
use crate::tui::update::{Seen, detail, edits, facets, leave, notice, search};

/// Opens the line with some words in it.
pub(super) fn open(state: &mut State, text: String) {
    state.command.input = text.into();
    state.command.open = true;
    state.command.fault = None;
    state.command.history.recalled = None;
}

pub(super) fn typed(state: &mut State, c: char) -> Seen {
    let did = line::typed(&mut state.command.input, c);
    seen(state, did)
}

pub(super) fn paste(state: &mut State, text: &str) -> Seen {
    line::paste(&mut state.command.input, text);
    seen(state, Did::Changed)
}

fn seen(state: &mut State, did: Did) -> Seen {
    if did == Did::Changed {
        state.command.fault = None;
    }
    if did == Did::Nothing { Seen::Same } else { Seen::Changed }
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Accept => accept(state, effects),
        Action::Abandon => {
            state.command.open = false;
            Seen::Changed
        }
        Action::Complete => {
            let before = line::before_cursor(&state.command.input);
            let start = before.find(char::is_whitespace).map_or(0, |space| before.len() - before[space..].trim_start().len());
            let candidates = command::completions(before, &state.search.saved);
            let did = line::complete(&mut state.command.input, start, &candidates);
            seen(state, did)
        }
        Action::Older | Action::Newer => {
            let Some(text) = state.command.history.recall(action == Action::Older) else { return Seen::Same };
            state.command.input = text.into();
            seen(state, Did::Changed)
        }
        action => {
            let did = line::act(&mut state.command.input, action);
            seen(state, did)
        }
    }
}

fn accept(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let text = state.command.input.value().trim().to_owned();
    if text.is_empty() {
        state.command.open = false;
        return Seen::Changed;
    }
    match command::parse(&text) {
        Err(fault) => state.command.fault = Some(fault),
        Ok(command) => {
            state.command.history.remember(&text);
            state.command.open = false;
            run(state, command, text, effects);
        }
    }
    Seen::Changed
}

fn run(state: &mut State, command: Command, text: String, effects: &mut Vec<Effect>) {
    match command {
        Command::Edit(request) => edits::ask_typed(state, request, text, effects),
        Command::Sort(order) => {
            let others = state.search.input.value().split_whitespace().filter(|word| !word.starts_with("sort:"));
            let rest = others.collect::<Vec<_>>().join(" ");
            search::replace(state, facets::with_or_without(&rest, &format!("sort:{}", order.word())), effects);
        }
        Command::Search(query) => search::replace(state, query, effects),
        Command::Saved(name) => saved(state, &name, text, effects),
        Command::Export(format, file) => {
            let picked = state.editing.picked.iter().cloned().collect();
            effects.push(Effect::Export(ExportRequest { question: state.question(), picked, format, file }));
            notice(state, format!("writing {}", format.word()), false);
        }
        Command::Watch(request) => effects.push(Effect::Watch(state.search.input.value().trim().to_owned(), request)),
        Command::Copy(format) => {
            detail::copy(state, format, effects);
        }
        Command::Help => state.help = Some(0),
        Command::Quit => leave(state, effects),
    }
}

/// Searches for what a saved query says; where there is none of that name, tells which there are.
fn saved(state: &mut State, name: &str, typed: String, effects: &mut Vec<Effect>) {
    let names = command::names(&state.search.saved);
    if state.search.saved.iter().any(|saved| saved.name == name) {
        search::replace(state, format!("@{name}"), effects);
    } else if names.is_empty() {
        notice(state, "sources.toml gives no query a name; a block [[query]] with name and query does".to_owned(), true);
    } else if name.is_empty() {
        notice(state, format!("saved are {names}"), false);
    } else {
        open(state, typed);
        state.command.fault = Some(format!("there is no saved query \"{name}\"; there are {names}"));
    }
}
