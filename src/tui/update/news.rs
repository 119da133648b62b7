//! What is new since the screen was last left: asking for it, and jumping from one to the next.

use crate::library::Trouble;
use crate::tui::msg::Effect;
use crate::tui::state::{Cursor, State};
use crate::tui::update::{Seen, marks, notice, number, sentence};

/// Asks for what is new, where it is known since when.
pub(super) fn ask(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(since) = state.news.since else { return };
    let n = number(state);
    state.news.pending = Some(n);
    effects.push(Effect::News(n, since));
}

/// Takes what is new.
pub(super) fn came(state: &mut State, n: u64, answer: Result<Vec<Cursor>, Trouble>) -> Seen {
    if state.news.pending != Some(n) {
        return Seen::Same;
    }
    state.news.pending = None;
    match answer {
        Ok(mut incidents) => {
            incidents.retain(|cursor| !state.news.own.contains(&cursor.id));
            incidents.sort_by(|a, b| (b.days, &a.id).cmp(&(a.days, &b.id)));
            state.news.ids = incidents.iter().map(|cursor| cursor.id.clone()).collect();
            state.news.incidents = incidents;
        }
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

/// Puts the cursor on the next incident that is new, or on the one before; from the last to the first.
pub(super) fn jump(state: &mut State, next: bool, effects: &mut Vec<Effect>) -> Seen {
    let count = state.news.incidents.len();
    if count == 0 {
        notice(state, "nothing is new since you last looked".to_owned(), false);
        return Seen::Changed;
    }
    let at = match (state.news.at, next) {
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    state.news.at = Some(at);
    if let Some(new) = state.news.incidents.get(at).cloned() {
        marks::jump(state, new, effects);
    }
    notice(state, format!("new since you last looked: {} of {count}", at + 1), false);
    Seen::Changed
}
