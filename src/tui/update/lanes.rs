//! The swim lanes: asking for them, moving over them, and narrowing the search to one.

use crate::library::{Lane, Trouble};
use crate::tui::keys::Action;
use crate::tui::lanes::{self, Lanes, Whose};
use crate::tui::layout;
use crate::tui::msg::Effect;
use crate::tui::spread;
use crate::tui::state::{Focus, State};
use crate::tui::update::{Seen, facets, notice, number, picture, search, sentence};

/// Takes the lanes of a question.
pub(super) fn counted(state: &mut State, n: u64, answer: Result<Option<Vec<Lane>>, Trouble>) -> Seen {
    if state.lanes.pending != Some(n) {
        return Seen::Same;
    }
    state.lanes.pending = None;
    match answer {
        Ok(Some(lanes)) => state.lanes.keep(lanes),
        Ok(None) => {
            close(state);
            notice(state, "there are no lanes to show here".to_owned(), false);
        }
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

/// Goes from the list to the lanes of attackers, to those of victims, and back.
pub(super) fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    let next = match state.lanes.shown {
        None => Whose::Attackers,
        Some(Whose::Attackers) => Whose::Victims,
        Some(Whose::Victims) => return close(state),
    };
    state.lanes = Lanes { shown: Some(next), ..Lanes::default() };
    state.article = None;
    state.focus = Focus::Lanes;
    ask(state, effects);
}

fn close(state: &mut State) {
    state.lanes = Lanes::default();
    if state.focus == Focus::Lanes {
        state.focus = Focus::List;
    }
}

/// Asks for the lanes that go with what the search line and the zoom say, where lanes are shown.
pub(super) fn ask(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(whose) = state.lanes.shown else { return };
    let n = number(state);
    state.lanes.pending = Some(n);
    effects.push(Effect::Lanes(n, state.question(), whose.field()));
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    let page = layout::lanes(state);
    let last = state.lanes.lanes.len().saturating_sub(1);
    let item = state.lanes.item;
    let target = match action {
        Action::Down => item + 1,
        Action::Up => item.saturating_sub(1),
        Action::HalfDown | Action::PageDown => item + (page / 2).max(1),
        Action::HalfUp | Action::PageUp => item.saturating_sub((page / 2).max(1)),
        Action::Top => 0,
        Action::Bottom => last,
        Action::Back => {
            close(state);
            return Seen::Changed;
        }
        Action::Open => return choose(state, effects),
        Action::ZoomIn => return picture::zoom_in(state, effects),
        Action::ZoomOut => return picture::zoom_out(state, effects),
        Action::Earlier => return picture::shift(state, -1, effects),
        Action::Later => return picture::shift(state, 1, effects),
        _ => return Seen::Same,
    };
    state.lanes.item = target.min(last);
    Seen::Changed
}

/// Shows the incidents of the selected lane in the list.
fn choose(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let (Some(whose), Some(lane)) = (state.lanes.shown, state.lanes.lanes.get(state.lanes.item)) else { return Seen::Same };
    let text = state.search.input.value();
    let term = facets::term(whose.field(), &lane.name);
    let text =
        if super::chosen(state, whose.field(), &lane.name) { text.to_owned() } else { facets::with_or_without(text, &term) };
    close(state);
    search::replace(state, text, effects);
    Seen::Changed
}

/// Lays the bars out, and keeps the selection within the lanes and on the screen.
pub(super) fn settle(state: &mut State) {
    if state.lanes.shown.is_some() && matches!(state.focus, Focus::List | Focus::Detail | Focus::Article) {
        state.focus = Focus::Lanes;
    }
    if let (Some(area), Some(range)) = (layout::areas(state).and_then(|areas| areas.lanes), spread::shown(state)) {
        state.lanes.lay_out(range, state.picture.measure, lanes::columns(area).1);
    }
    let lines = layout::lanes(state);
    let lanes = &mut state.lanes;
    lanes.item = lanes.item.min(lanes.lanes.len().saturating_sub(1));
    lanes.scroll = lanes.scroll.min(lanes.item).max((lanes.item + 1).saturating_sub(lines.max(1)));
}
