//! The counts: choosing values by which the timeline is narrowed. What is chosen is written into the search line.

use crate::tui::keys::Action;
use crate::tui::layout;
use crate::tui::library::{Facet, Trouble};
use crate::tui::msg::Effect;
use crate::tui::state::{Focus, State};
use crate::tui::update::{Seen, notice, search, sentence};

/// Takes the counts of a question.
pub(super) fn counted(state: &mut State, n: u64, answer: Result<Option<Vec<Facet>>, Trouble>) -> Seen {
    if state.facets.pending != Some(n) {
        return Seen::Same;
    }
    state.facets.pending = None;
    match answer {
        Ok(Some(facets)) => state.facets.facets = facets.into_iter().filter(|facet| !facet.values.is_empty()).collect(),
        Ok(None) => {
            state.facets.shown = false;
            notice(state, "there are no counts to filter by here".to_owned(), false);
        }
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

pub(super) fn toggle(state: &mut State, effects: &mut Vec<Effect>) {
    state.facets.shown = !state.facets.shown;
    if state.facets.shown {
        state.focus = Focus::Facets;
        search::counts(state, effects);
    }
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    let page = layout::areas(state).and_then(|areas| areas.facets).map_or(1, |area| usize::from(area.height));
    let last = state.facets.len().saturating_sub(1);
    let item = state.facets.item;
    let target = match action {
        Action::Down => item + 1,
        Action::Up => item.saturating_sub(1),
        Action::HalfDown | Action::PageDown => item + page / 2,
        Action::HalfUp | Action::PageUp => item.saturating_sub(page / 2),
        Action::Top => 0,
        Action::Bottom => last,
        Action::Back => {
            state.focus = Focus::List;
            return Seen::Changed;
        }
        Action::Open => return choose(state, effects),
        _ => return Seen::Same,
    };
    state.facets.item = target.min(last);
    Seen::Changed
}

/// Writes the selected value into the search line, or takes it out where it stands there.
fn choose(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let Some((field, value)) = state.facets.value(state.facets.item) else { return Seen::Same };
    let term = term(field, value);
    let text = with_or_without(state.search.input.value(), &term);
    search::replace(state, text, effects);
    Seen::Changed
}

/// Returns a value as the language of searches writes it.
pub fn term(field: &str, value: &str) -> String {
    if value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        format!("{field}:{value}")
    } else {
        format!("{field}:\"{}\"", value.replace('"', " "))
    }
}

/// Returns the search without the term where it holds it, else with it at the end.
pub fn with_or_without(search: &str, term: &str) -> String {
    let padded = format!(" {search} ");
    match padded.find(&format!(" {term} ")) {
        Some(at) => {
            let rest = format!("{} {}", &padded[..at], &padded[at + term.len() + 2..]);
            rest.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        None if search.trim().is_empty() => term.to_owned(),
        None => format!("{} {term}", search.trim()),
    }
}

/// Keeps the selection within the values and on the screen.
pub(super) fn settle(state: &mut State) {
    if !state.facets.shown && state.focus == Focus::Facets {
        state.focus = Focus::List;
    }
    let lines = layout::areas(state).and_then(|areas| areas.facets).map_or(0, |area| usize::from(area.height));
    let facets = &mut state.facets;
    facets.item = facets.item.min(facets.len().saturating_sub(1));
    let line = line_of(&facets.facets, facets.item);
    facets.scroll = facets.scroll.min(line.saturating_sub(1));
    if lines > 0 && line >= facets.scroll + lines {
        facets.scroll = line + 1 - lines;
    }
}

/// Returns the item that stands on a line; None for a heading or a blank line.
pub fn item_at(facets: &[Facet], line: usize) -> Option<usize> {
    let count: usize = facets.iter().map(|facet| facet.values.len()).sum();
    (0..count).find(|item| line_of(facets, *item) == line)
}

/// Returns the line on which an item stands: every field has a heading, and a blank line after it.
pub fn line_of(facets: &[Facet], item: usize) -> usize {
    let mut before = 0;
    let mut line = 0;
    for facet in facets {
        if item < before + facet.values.len() {
            return line + 1 + item - before;
        }
        before += facet.values.len();
        line += facet.values.len() + 2;
    }
    line
}
