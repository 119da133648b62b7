//! The counts: choosing values by which the timeline is narrowed. What is chosen is written into the search line.

use crate::library::{Facet, Trouble};
use crate::tui::counts::CountLine;
use crate::tui::keys::Action;
use crate::tui::layout;
use crate::tui::msg::Effect;
use crate::tui::state::{Focus, State};
use crate::tui::update::{Seen, notice, number, search, sentence};

/// Takes the counts of a question.
pub(super) fn counted(state: &mut State, n: u64, answer: Result<Option<Vec<Facet>>, Trouble>) -> Seen {
    if state.facets.pending != Some(n) {
        return Seen::Same;
    }
    (state.facets.pending, state.facets.height) = (None, 0);
    match answer {
        Ok(Some(facets)) => state.facets.facets = facets.into_iter().filter(|facet| !facet.values.is_empty()).collect(),
        Ok(None) => {
            state.facets.shown = Some(false);
            notice(state, "there are no counts to filter by here".to_owned(), false);
        }
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

/// Remembers that what is found has changed: the counts are asked for again once they are shown.
pub(super) fn outdate(state: &mut State) {
    (state.facets.due, state.facets.pending) = (true, None);
}

/// Shows the counts and goes there; hides them where keys go to them already.
pub(super) fn toggle(state: &mut State) {
    let leave = state.focus == Focus::Facets;
    state.facets.shown = Some(!leave);
    state.focus = if leave { Focus::List } else { Focus::Facets };
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

/// Writes the selected value into the search line, or takes it out where it stands there; lists the values that are not listed.
fn choose(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    if let Some((field, value)) = state.facets.value() {
        let text = with_or_without(state.search.input.value(), &term(field, value));
        search::replace(state, text, effects);
        return Seen::Changed;
    }
    let Some(CountLine::More(field, _)) = state.facets.selected() else { return Seen::Same };
    let Some(facet) = state.facets.facets.get(field) else { return Seen::Same };
    let (field, listed) = (facet.field.clone(), facet.values.len());
    if !state.facets.opened.insert(field.clone()) {
        notice(state, format!("the {listed} most frequent are listed; {field}:NAME searches for another"), false);
    }
    state.facets.height = 0;
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

/// Asks for the counts where they are shown and out of date; keeps the selection within them and on the screen.
pub(super) fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    if !layout::counts_shown(state) {
        if state.focus == Focus::Facets {
            state.focus = Focus::List;
        }
        return;
    }
    if std::mem::take(&mut state.facets.due) {
        let n = number(state);
        state.facets.pending = Some(n);
        effects.push(Effect::Facets(n, state.question()));
    }
    let Some(area) = layout::areas(state).and_then(|areas| areas.facets) else { return };
    let lines = usize::from(area.height);
    let facets = &mut state.facets;
    if facets.height != lines {
        facets.lay_out(lines);
    }
    facets.item = facets.item.min(facets.len().saturating_sub(1));
    let line = facets.line_of(facets.item);
    // The name of the field above its first value is seen as well.
    facets.scroll = facets.scroll.min(line.saturating_sub(1)).min(facets.lines.len().saturating_sub(lines));
    if lines > 0 && line >= facets.scroll + lines {
        facets.scroll = line + 1 - lines;
    }
}
