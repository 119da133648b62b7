//! The search line: typing, completing, earlier searches, and asking.

use tui_input::InputRequest;

use crate::base::safe;
use crate::model::report::{DataKind, Kind};
use crate::store::query;
use crate::tui::keys::Action;
use crate::tui::lines;
use crate::tui::msg::{Effect, Sought};
use crate::tui::state::{Asked, Cursor, Focus, State};
use crate::tui::update::{Seen, number};

/// The longest search, in characters.
const LONGEST: usize = 1000;
/// The most searches that are remembered.
const REMEMBERED: usize = 100;

/// Where the cursor is to be in the new answer.
pub(super) enum Seek {
    /// On the first row.
    Nothing,
    /// On the incident where it is now if the answer holds it, else on the first row.
    Same,
    /// On the incident where it is now, else near its day.
    Nearest,
}

/// Asks what the search line and the zoom say now.
pub(super) fn ask(state: &mut State, seek: Seek, effects: &mut Vec<Effect>) {
    let n = number(state);
    let question = state.question();
    state.list.pending = Some(Asked { n, question: question.clone() });
    let near = matches!(seek, Seek::Nearest);
    let sought = match seek {
        Seek::Nothing => None,
        Seek::Same | Seek::Nearest => state.list.cursor.clone(),
    };
    effects.push(Effect::Find(n, question, sought.map(|Cursor { id, days }| Sought { id, days, near })));
}

/// Asks for the counts that go with the answer just taken.
pub(super) fn counts(state: &mut State, effects: &mut Vec<Effect>) {
    let question = state.question();
    let n = number(state);
    state.picture.pending = Some(n);
    effects.push(Effect::Days(n, question.clone()));
    if state.facets.shown {
        let n = number(state);
        state.facets.pending = Some(n);
        effects.push(Effect::Facets(n, question));
    }
}

pub(super) fn open(state: &mut State) {
    state.search.open = true;
    state.search.before = state.search.input.value().to_owned();
    state.search.recalled = None;
    state.search.input.handle(InputRequest::GoToEnd);
    if state.focus != Focus::Facets {
        state.focus = Focus::List;
    }
}

pub(super) fn typed(state: &mut State, c: char, effects: &mut Vec<Effect>) -> Seen {
    if safe::is_unsafe(c) || state.search.input.value().chars().count() >= LONGEST {
        return Seen::Same;
    }
    edit(state, InputRequest::InsertChar(c), effects)
}

pub(super) fn paste(state: &mut State, text: &str, effects: &mut Vec<Effect>) -> Seen {
    if !state.search.open {
        return Seen::Same;
    }
    let room = LONGEST.saturating_sub(state.search.input.value().chars().count());
    for c in lines::shown(text).chars().take(room) {
        state.search.input.handle(InputRequest::InsertChar(c));
    }
    ask(state, Seek::Same, effects);
    Seen::Changed
}

/// Puts another search in the line and asks for it.
pub(super) fn replace(state: &mut State, text: String, effects: &mut Vec<Effect>) {
    remember(state);
    state.search.input = text.into();
    state.search.fault = None;
    ask(state, Seek::Same, effects);
}

fn edit(state: &mut State, request: InputRequest, effects: &mut Vec<Effect>) -> Seen {
    let Some(changed) = state.search.input.handle(request) else { return Seen::Same };
    if changed.value {
        ask(state, Seek::Same, effects);
    }
    Seen::Changed
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Accept => {
            remember(state);
            state.search.open = false;
            ask(state, Seek::Same, effects);
        }
        Action::Abandon => {
            state.search.open = false;
            if state.search.input.value() != state.search.before {
                state.search.input = state.search.before.clone().into();
                state.search.fault = None;
                ask(state, Seek::Same, effects);
            }
        }
        Action::Complete => return complete(state, effects),
        Action::OlderSearch => return recall(state, true, effects),
        Action::NewerSearch => return recall(state, false, effects),
        Action::EraseBack => return edit(state, InputRequest::DeletePrevChar, effects),
        Action::EraseForward => return edit(state, InputRequest::DeleteNextChar, effects),
        Action::EraseWord => return edit(state, InputRequest::DeletePrevWord, effects),
        Action::EraseLine => return edit(state, InputRequest::DeleteLine, effects),
        Action::ToStart => return edit(state, InputRequest::GoToStart, effects),
        Action::ToEnd => return edit(state, InputRequest::GoToEnd, effects),
        Action::CursorLeft => return edit(state, InputRequest::GoToPrevChar, effects),
        Action::CursorRight => return edit(state, InputRequest::GoToNextChar, effects),
        _ => return Seen::Same,
    }
    Seen::Changed
}

fn remember(state: &mut State) {
    let text = state.search.input.value().trim().to_owned();
    if text.is_empty() {
        return;
    }
    let history = &mut state.search.history;
    history.retain(|earlier| *earlier != text);
    history.push(text);
    if history.len() > REMEMBERED {
        history.remove(0);
    }
}

fn recall(state: &mut State, older: bool, effects: &mut Vec<Effect>) -> Seen {
    let last = state.search.history.len();
    let now = state.search.recalled.unwrap_or(last);
    let next = if older { now.checked_sub(1) } else { (now < last).then_some(now + 1) };
    let Some(next) = next else { return Seen::Same };
    let text = state.search.history.get(next).cloned().unwrap_or_default();
    state.search.recalled = (next < last).then_some(next);
    state.search.input = text.into();
    ask(state, Seek::Same, effects);
    Seen::Changed
}

/// Completes the word before the cursor where only one completion is possible, else as far as all agree.
fn complete(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let value = state.search.input.value();
    let end: usize = value.chars().take(state.search.input.cursor()).map(char::len_utf8).sum();
    let start = value[..end].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let word = &value[start..end];
    if word.is_empty() {
        return Seen::Same;
    }
    let fitting: Vec<String> = completions().filter(|candidate| candidate.starts_with(word)).collect();
    let fitting: Vec<&String> = match fitting.iter().any(|candidate| candidate.ends_with(':')) {
        true => fitting.iter().filter(|candidate| candidate.ends_with(':') && candidate.as_str() != word).collect(),
        false => fitting.iter().collect(),
    };
    let Some(common) = fitting.iter().map(|candidate| candidate.as_str()).reduce(common_start) else { return Seen::Same };
    let rest = common[word.len().min(common.len())..].to_owned();
    if rest.is_empty() {
        return Seen::Same;
    }
    for c in rest.chars() {
        state.search.input.handle(InputRequest::InsertChar(c));
    }
    ask(state, Seek::Same, effects);
    Seen::Changed
}

/// Returns all that can be completed: fields up to their colon, and the values of those that have a fixed set.
fn completions() -> impl Iterator<Item = String> {
    let fields = query::FIELDS.iter().map(|field| format!("{}:", field.word));
    let kinds = Kind::ALL.iter().map(|kind| format!("kind:{} ", kind.word()));
    let data = DataKind::ALL.iter().map(|data| format!("data:{} ", data.word()));
    let orders = query::Sort::ALL.iter().map(|sort| format!("sort:{} ", sort.word()));
    let marks = ["is:starred ", "is:hidden ", "has:note "].map(str::to_owned);
    fields.chain(kinds).chain(data).chain(marks).chain(orders)
}

fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    &one[..same]
}
