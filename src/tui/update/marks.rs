//! Marks: setting them, jumping to them, and back to before the last jump.

use crate::tui::keys::{Action, Key};
use crate::tui::marks::Wanted;
use crate::tui::msg::Effect;
use crate::tui::state::{Cursor, Focus, State};
use crate::tui::update::search::Seek;
use crate::tui::update::{Seen, notice, search};

/// The key that stands for where the last jump began, in place of a letter.
const BACK: char = '\'';
/// The most marks that are named when one is asked for.
const NAMED: usize = 6;

/// Waits for the letter of a mark.
pub(super) fn ask(state: &mut State, action: Action) -> Seen {
    if action == Action::Mark && state.list.cursor.is_none() {
        notice(state, "there is no incident to mark".to_owned(), true);
        return Seen::Changed;
    }
    let (wanted, text) = match action {
        Action::Mark => (Wanted::Mark, "mark it with which letter?".to_owned()),
        _ => (Wanted::Jump, format!("jump to which mark? {}", named(state))),
    };
    state.marks.wanted = Some(wanted);
    notice(state, text, false);
    Seen::Changed
}

fn named(state: &State) -> String {
    let mut marks: Vec<String> = state.marks.set.iter().take(NAMED).map(|(letter, at)| format!("{letter} {}", at.id)).collect();
    marks.extend((state.marks.set.len() > NAMED).then(|| "...".to_owned()));
    marks.extend(state.marks.before.as_ref().map(|at| format!("{BACK} back to {}", at.id)));
    if marks.is_empty() { "m sets one".to_owned() } else { marks.join("   ") }
}

/// Takes the key after `m` or `'`. Any that is no letter or digit gives it up.
pub(super) fn letter(state: &mut State, wanted: Wanted, key: Key, effects: &mut Vec<Effect>) -> Seen {
    match (wanted, key) {
        (Wanted::Jump, Key::Char(BACK)) => match state.marks.before.clone() {
            Some(before) => jump(state, before, effects),
            None => notice(state, "there was no jump yet".to_owned(), false),
        },
        (Wanted::Mark, Key::Char(letter)) if letter.is_alphanumeric() => set(state, letter),
        (Wanted::Jump, Key::Char(letter)) if letter.is_alphanumeric() => match state.marks.set.get(&letter).cloned() {
            Some(mark) => jump(state, mark, effects),
            None => notice(state, format!("there is no mark {letter}"), true),
        },
        _ => {}
    }
    Seen::Changed
}

fn set(state: &mut State, letter: char) {
    let Some(cursor) = state.list.cursor.clone() else { return };
    notice(state, format!("{} is mark {letter}; '{letter} jumps to it", cursor.id), false);
    state.marks.set.insert(letter, cursor);
}

/// Remembers where the selection is, before it goes far away.
pub(super) fn leave(state: &mut State) {
    state.marks.before = state.list.cursor.clone().or(state.marks.before.take());
}

/// Selects an incident wherever it stands; where it is not in the answer, the nearest day, and that is said.
pub(super) fn jump(state: &mut State, to: Cursor, effects: &mut Vec<Effect>) {
    leave(state);
    let id = to.id.clone();
    state.focus = Focus::List;
    search::ask(state, Seek::To(to), effects);
    if let Some(asked) = &mut state.list.pending {
        asked.jump = Some(id);
    }
}
