//! The picture of the years, and the zoom: the days that it shows are the days that the timeline shows.

use crate::base::day::{Day, DayRange};
use crate::library::{DayCount, Trouble};
use crate::tui::bars::{self, Measure};
use crate::tui::layout;
use crate::tui::msg::Effect;
use crate::tui::spread::Spread;
use crate::tui::state::State;
use crate::tui::update::{Seen, marks, notice, search, sentence};

/// The fewest days that can be zoomed to.
const FEWEST: i64 = 7;

/// Takes the counts of a question.
pub(super) fn days(state: &mut State, n: u64, answer: Result<Option<Vec<DayCount>>, Trouble>) -> Seen {
    if state.picture.pending != Some(n) {
        return Seen::Same;
    }
    state.picture.pending = None;
    match answer {
        Ok(days) => keep(state, days.unwrap_or_default()),
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

fn keep(state: &mut State, days: Vec<DayCount>) {
    let known = state.picture.extent.filter(|_| !state.list.question.text.is_empty());
    let found = bars::extent(&days);
    let days_of = |a: DayRange, b: DayRange| DayRange::new(a.earliest.min(b.earliest), a.latest.max(b.latest));
    state.picture.extent = known.zip(found).map(|(a, b)| days_of(a, b)).or(known).or(found);
    state.picture.days = days;
}

pub(super) fn toggle(state: &mut State) {
    let shown = layout::areas(state).is_some_and(|areas| areas.picture.is_some());
    state.picture.shown = Some(!shown);
}

/// Makes the bars as high as incidents are many, or as many people and records as they affected.
pub(super) fn turn(state: &mut State) {
    let (measure, text) = match state.picture.measure {
        Measure::Incidents => (Measure::Affected, "bars show how many were affected, on a logarithmic scale"),
        Measure::Affected => (Measure::Incidents, "bars show how many incidents there were"),
    };
    state.picture.measure = measure;
    notice(state, text.to_owned(), false);
}

/// Remembers the days at a column of the screen, where a stretch begins.
pub(super) fn pressed(state: &mut State, x: u16) -> Seen {
    state.picture.brush = days_at(state, x).map(|days| (days, days));
    Seen::Same
}

/// Draws the stretch on to a column.
pub(super) fn drawn(state: &mut State, x: u16) -> Seen {
    let (Some((from, before)), Some(to)) = (state.picture.brush, days_at(state, x)) else { return Seen::Same };
    state.picture.brush = Some((from, to));
    if to == before { Seen::Same } else { Seen::Changed }
}

/// Zooms to the stretch that ends at a column; where it is no more than one bar, selects the incident that is nearest to its days.
pub(super) fn released(state: &mut State, x: u16, effects: &mut Vec<Effect>) -> Seen {
    drawn(state, x);
    let stretch = state.picture.brushed();
    let Some((_, to)) = state.picture.brush.take() else { return Seen::Same };
    if stretch.is_some() {
        set(state, stretch, effects);
        return Seen::Changed;
    }
    marks::leave(state);
    // The newest of its days stands first in the list.
    search::ask(state, search::Seek::Day(to.latest), effects);
    Seen::Changed
}

fn days_at(state: &State, x: u16) -> Option<DayRange> {
    Spread::of_picture(state)?.days_at(x)
}

/// Shows a third of the days, around the selected incident.
pub(super) fn zoom_in(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let selected = state.list.cursor.as_ref().map(|cursor| cursor.days.earliest);
    zoom_in_at(state, selected, effects)
}

/// Shows a third of the days, around those at a column of the screen.
pub(super) fn zoom_in_over(state: &mut State, x: u16, effects: &mut Vec<Effect>) -> Seen {
    let over = days_at(state, x).map(|days| days.earliest.plus(days.days() / 2));
    zoom_in_at(state, over, effects)
}

fn zoom_in_at(state: &mut State, centre: Option<Day>, effects: &mut Vec<Effect>) -> Seen {
    let Some(now) = state.picture.window.or(state.picture.extent) else { return Seen::Same };
    if now.days() <= FEWEST {
        notice(state, "this is as near as it goes".to_owned(), false);
        return Seen::Changed;
    }
    let days = (now.days() / 3).max(FEWEST);
    set(state, Some(around(centre.unwrap_or(now.latest), days, now)), effects)
}

/// Returns so many days around a day, moved to lie within `bounds`.
fn around(centre: Day, days: i64, bounds: DayRange) -> DayRange {
    let latest_start = bounds.latest.plus(1 - days);
    let start = centre.plus(-days / 2).min(latest_start).max(bounds.earliest);
    DayRange::new(start, start.plus(days - 1))
}

pub(super) fn zoom_out(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let (Some(window), Some(all)) = (state.picture.window, state.picture.extent) else { return Seen::Same };
    let days = window.days() * 3;
    if days >= all.days() * 9 / 10 {
        return set(state, None, effects);
    }
    let centre = window.earliest.plus(window.days() / 2);
    set(state, Some(around(centre, days, all)), effects)
}

/// Moves the days shown by half their number.
pub(super) fn shift(state: &mut State, direction: i64, effects: &mut Vec<Effect>) -> Seen {
    let (Some(window), Some(all)) = (state.picture.window, state.picture.extent) else {
        notice(state, "zoom in first (z)".to_owned(), false);
        return Seen::Changed;
    };
    let centre = window.earliest.plus(window.days() / 2 + direction * (window.days() / 2).max(1));
    set(state, Some(around(centre, window.days(), all)), effects)
}

/// Zooms to some days; None for all.
pub(super) fn set(state: &mut State, window: Option<DayRange>, effects: &mut Vec<Effect>) -> Seen {
    if state.picture.window == window {
        return Seen::Same;
    }
    state.picture.window = window;
    search::ask(state, search::Seek::Nearest, effects);
    Seen::Changed
}
