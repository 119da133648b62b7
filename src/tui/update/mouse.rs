//! The mouse: the wheel scrolls what it is over, a press selects, and a press on what is selected opens it. Drawn over the picture of the
//! years, it zooms to what it was drawn over; the wheel zooms there.

use ratatui::layout::{Position, Rect};

use crate::tui::keys::{Action, Place};
use crate::tui::layout;
use crate::tui::msg::{Effect, Mouse};
use crate::tui::state::{Focus, State};
use crate::tui::update::{Seen, act, list, picture, search};

/// The lines that one notch of the wheel scrolls.
const NOTCH: usize = 3;

/// Takes what the mouse did at a column and a line.
pub(super) fn took(state: &mut State, mouse: Mouse, at: (u16, u16), effects: &mut Vec<Effect>) -> Seen {
    let Some(areas) = layout::areas(state) else { return Seen::Same };
    let position = Position::new(at.0, at.1);
    let over = |area: Option<Rect>| area.filter(|area| area.contains(position));
    if state.command.open {
        return Seen::Same;
    }
    if state.help.is_some() {
        return scroll(state, Place::Help, mouse, effects);
    }
    if mouse == Mouse::Release {
        return picture::released(state, at.0, effects);
    }
    if mouse == Mouse::Drag {
        return picture::drawn(state, at.0);
    }
    if over(areas.picture).is_some() {
        return match mouse {
            Mouse::WheelUp => picture::zoom_in_over(state, at.0, effects),
            Mouse::WheelDown => picture::zoom_out(state, effects),
            _ => picture::pressed(state, at.0),
        };
    }
    if mouse == Mouse::Press && areas.search.contains(position) && !state.search.open {
        search::open(state);
        return Seen::Changed;
    }
    if mouse == Mouse::Press && state.search.open {
        search::act(state, Action::Accept, effects);
    }
    if let Some(area) = over(areas.list) {
        state.focus = Focus::List;
        return pressed_or(state, Place::List, mouse, row_at(state, area, at.1), effects);
    }
    if let Some(area) = over(areas.facets) {
        state.focus = Focus::Facets;
        let line = usize::from(at.1 - area.y) + state.facets.scroll;
        return pressed_or(state, Place::Facets, mouse, state.facets.item_at(line), effects);
    }
    if let Some(area) = over(areas.lanes) {
        state.focus = Focus::Lanes;
        let item = usize::from(at.1 - area.y).checked_sub(1).map(|row| row + state.lanes.scroll);
        return pressed_or(state, Place::Lanes, mouse, item.filter(|item| *item < state.lanes.lanes.len()), effects);
    }
    if over(areas.article).is_some() {
        state.focus = Focus::Article;
        return pressed_or(state, Place::Article, mouse, None, effects);
    }
    if let Some(area) = over(areas.side).filter(|_| state.list.cursor.is_some()) {
        state.focus = Focus::Detail;
        let line = usize::from(at.1 - area.y) + state.detail.scroll;
        let item = state.detail.sheet.items.iter().position(|item| item.lines.contains(&line));
        return pressed_or(state, Place::Detail, mouse, item, effects);
    }
    Seen::Same
}

/// Selects what was pressed, or opens it where it was selected before; the wheel scrolls.
fn pressed_or(state: &mut State, place: Place, mouse: Mouse, item: Option<usize>, effects: &mut Vec<Effect>) -> Seen {
    if mouse != Mouse::Press {
        return scroll(state, place, mouse, effects);
    }
    let Some(item) = item else { return Seen::Changed };
    let selected = match place {
        Place::List => &mut state.list.at,
        Place::Facets => &mut state.facets.item,
        Place::Lanes => &mut state.lanes.item,
        Place::Detail => &mut state.detail.item,
        _ => return Seen::Changed,
    };
    if *selected == item {
        return act(state, place, Action::Open, effects);
    }
    match place {
        Place::List => list::go(state, item),
        _ => *selected = item,
    }
    Seen::Changed
}

fn scroll(state: &mut State, place: Place, mouse: Mouse, effects: &mut Vec<Effect>) -> Seen {
    let action = match mouse {
        Mouse::WheelUp => Action::Up,
        Mouse::WheelDown => Action::Down,
        Mouse::Press | Mouse::Drag | Mouse::Release => return Seen::Same,
    };
    for _ in 0..NOTCH {
        act(state, place, action, effects);
    }
    Seen::Changed
}

/// Returns the row of the list that is drawn on a line of the screen; None for a heading and below the last.
fn row_at(state: &State, area: Rect, line: u16) -> Option<usize> {
    let mut y = area.y;
    for offset in state.list.top..state.list.total {
        y += u16::from(state.list.headed(offset, state.list.top));
        if y >= line || y >= area.bottom() {
            return (y == line).then_some(offset);
        }
        y += 1;
    }
    None
}
