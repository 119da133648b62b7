//! The search line: typing, completing, earlier searches, and asking.

use tui_input::InputRequest;

use crate::base::day::{Day, DayRange};
use crate::model::incident::IncidentId;
use crate::tui::keys::Action;
use crate::tui::msg::{Effect, Sought};
use crate::tui::state::{Asked, Cursor, Focus, State};
use crate::tui::update::line::{self, Did};
use crate::tui::update::{Seen, complete, facets, lanes, marks, number};

/// Where the cursor is to be in the new answer.
pub(super) enum Seek {
    /// On the first row.
    Nothing,
    /// On the incident where it is now if the answer holds it, else on the first row.
    Same,
    /// On the incident where it is now, else near its day.
    Nearest,
    /// On another incident, else near its day. Until the answer is there, the cursor stays: there is none to a wrong search.
    To(Cursor),
    /// On the first row that is not newer than a day.
    Day(Day),
}

/// Asks what the search line and the zoom say now.
pub(super) fn ask(state: &mut State, seek: Seek, effects: &mut Vec<Effect>) {
    let n = number(state);
    let question = state.question();
    state.list.pending = Some(Asked { n, question: question.clone(), jump: None });
    let near = matches!(seek, Seek::Nearest | Seek::To(_) | Seek::Day(_));
    let sought = match seek {
        Seek::Nothing => None,
        Seek::Same | Seek::Nearest => state.list.cursor.clone(),
        Seek::To(cursor) => Some(cursor),
        Seek::Day(day) => Some(Cursor { id: IncidentId(String::new()), days: DayRange::day(day) }),
    };
    effects.push(Effect::Find(n, question, sought.map(|Cursor { id, days }| Sought { id, days, near })));
}

/// Asks for the counts that go with the answer just taken.
pub(super) fn counts(state: &mut State, effects: &mut Vec<Effect>) {
    let question = state.question();
    let n = number(state);
    state.picture.pending = Some(n);
    effects.push(Effect::Days(n, question));
    lanes::ask(state, effects);
    facets::outdate(state);
}

pub(super) fn open(state: &mut State) {
    marks::leave(state);
    state.search.open = true;
    state.search.before = state.search.input.value().to_owned();
    state.search.history.recalled = None;
    state.search.input.handle(InputRequest::GoToEnd);
    if state.focus != Focus::Facets {
        state.focus = Focus::List;
    }
}

pub(super) fn typed(state: &mut State, c: char, effects: &mut Vec<Effect>) -> Seen {
    let did = line::typed(&mut state.search.input, c);
    after(state, did, effects)
}

pub(super) fn paste(state: &mut State, text: &str, effects: &mut Vec<Effect>) -> Seen {
    line::paste(&mut state.search.input, text);
    after(state, Did::Changed, effects)
}

/// Asks where the line reads differently now.
pub(super) fn after(state: &mut State, did: Did, effects: &mut Vec<Effect>) -> Seen {
    if did == Did::Changed {
        state.search.completing = None;
        ask(state, Seek::Same, effects);
    }
    if did == Did::Nothing { Seen::Same } else { Seen::Changed }
}

/// Puts another search in the line and asks for it.
pub(super) fn replace(state: &mut State, text: String, effects: &mut Vec<Effect>) {
    remember(state);
    state.search.input = text.into();
    state.search.fault = None;
    ask(state, Seek::Same, effects);
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
        Action::Complete => return complete::word(state, effects),
        Action::Older | Action::Newer => {
            let Some(text) = state.search.history.recall(action == Action::Older) else { return Seen::Same };
            state.search.input = text.into();
            ask(state, Seek::Same, effects);
        }
        action => {
            let did = line::act(&mut state.search.input, action);
            return after(state, did, effects);
        }
    }
    Seen::Changed
}

fn remember(state: &mut State) {
    state.search.history.remember(state.search.input.value());
}
