//! The timeline: moving the cursor, and loading what comes into sight.

use crate::base::day::DayRange;
use crate::library::{Page, Trouble};
use crate::model::incident::Row;
use crate::tui::copied::Format;
use crate::tui::keys::Action;
use crate::tui::layout;
use crate::tui::msg::{Effect, FoundAt};
use crate::tui::state::{CHUNK, CHUNKS_KEPT, Cursor, Focus, List, State};
use crate::tui::update::{Seen, detail, edits, marks, news, notice, picture, search, sentence};
use crate::tui::words;

/// Takes the answer to a new question.
pub(super) fn found(state: &mut State, n: u64, answer: Result<FoundAt, Trouble>, effects: &mut Vec<Effect>) -> Seen {
    let Some(asked) = state.list.pending.take_if(|asked| asked.n == n) else { return Seen::Same };
    let answer = match answer {
        Ok(answer) => answer,
        Err(trouble) => {
            if matches!(trouble, Trouble::Store(_)) {
                state.list.fault = Some(sentence(&trouble));
            }
            state.search.fault = Some(trouble);
            return Seen::Changed;
        }
    };
    state.search.fault = None;
    let same = state.list.n > 0 && state.list.question == asked.question;
    if same && state.notice.is_none() && answer.total > state.list.total {
        let more = (answer.total - state.list.total) as u64;
        notice(state, format!("{} came in", words::counted(more, "incident", "incidents")), false);
    }
    let gap = state.list.at.saturating_sub(state.list.top);
    let at = answer.at.min(answer.total.saturating_sub(1));
    state.list = List {
        question: asked.question,
        n,
        total: answer.total,
        by_day: answer.by_day,
        at,
        top: at.saturating_sub(gap),
        why: answer.why,
        ..List::default()
    };
    keep(&mut state.list, answer.offset, answer.rows);
    if let Some(id) = asked.jump.filter(|id| state.list.row(at).is_none_or(|row| row.id != *id)) {
        notice(state, format!("{id} is not in what is found; this is the nearest day"), true);
    }
    search::counts(state, effects);
    Seen::Changed
}

/// Takes more rows of the answer that is on the screen.
pub(super) fn rows(state: &mut State, n: u64, offset: usize, answer: Result<Vec<Row>, Trouble>) -> Seen {
    if n != state.list.n {
        return Seen::Same;
    }
    state.list.loading.remove(&(offset / CHUNK));
    match answer {
        Ok(rows) => keep(&mut state.list, offset, rows),
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

/// Keeps rows that were loaded, and drops those farthest from the screen when there are too many.
fn keep(list: &mut List, offset: usize, rows: Vec<Row>) {
    for (i, chunk) in rows.chunks(CHUNK).enumerate() {
        list.chunks.insert(offset / CHUNK + i, chunk.to_vec());
    }
    let here = list.top / CHUNK;
    while list.chunks.len() > CHUNKS_KEPT {
        let farthest = list.chunks.keys().copied().max_by_key(|chunk| chunk.abs_diff(here));
        let Some(farthest) = farthest else { break };
        list.chunks.remove(&farthest);
    }
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    let lines = layout::list_lines(state);
    let page = state.list.visible(state.list.top, lines).max(1);
    let at = state.list.at;
    let target = match action {
        Action::Down => at.saturating_add(1),
        Action::Up => at.saturating_sub(1),
        Action::HalfDown => at.saturating_add((page / 2).max(1)),
        Action::HalfUp => at.saturating_sub((page / 2).max(1)),
        Action::PageDown => at.saturating_add(page),
        Action::PageUp => at.saturating_sub(page),
        Action::Top => 0,
        Action::Bottom => usize::MAX,
        Action::Next => next_day(&state.list),
        Action::Previous => previous_day(&state.list),
        _ => return other(state, action, effects),
    };
    if matches!(action, Action::Top | Action::Bottom) {
        marks::leave(state);
    }
    go(state, target);
    Seen::Changed
}

fn other(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Open if state.list.cursor.is_some() => state.focus = Focus::Detail,
        Action::Link => return detail::link(state, effects),
        Action::Copy => return detail::copy(state, Format::Text, effects),
        Action::Back => return clear(state, effects),
        Action::ZoomIn => return picture::zoom_in(state, effects),
        Action::ZoomOut => return picture::zoom_out(state, effects),
        Action::Earlier => return picture::shift(state, -1, effects),
        Action::Later => return picture::shift(state, 1, effects),
        Action::NextNew => return news::jump(state, true, effects),
        Action::PreviousNew => return news::jump(state, false, effects),
        action => return edits::act(state, action, effects),
    }
    Seen::Changed
}

/// Picks nothing, clears the search, or the zoom where nothing is searched: the first of these that does something.
fn clear(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    if !state.editing.picked.is_empty() {
        state.editing.picked.clear();
    } else if !state.search.input.value().is_empty() {
        search::replace(state, String::new(), effects);
    } else if state.picture.window.is_some() {
        return picture::set(state, None, effects);
    } else {
        return Seen::Same;
    }
    Seen::Changed
}

/// Puts the cursor on a row.
pub(super) fn go(state: &mut State, target: usize) {
    let list = &mut state.list;
    let target = target.min(list.total.saturating_sub(1));
    if target == list.at {
        return;
    }
    list.at = target;
    list.cursor = None;
}

fn next_day(list: &List) -> usize {
    let Some(days) = days_at(list, list.at) else { return list.at.saturating_add(1) };
    (list.at + 1..list.total).find(|offset| days_at(list, *offset) != Some(days)).unwrap_or(list.total.saturating_sub(1))
}

/// Returns the first row of this day, or of the day before it in the list where the cursor is on the first row already.
fn previous_day(list: &List) -> usize {
    if list.at == 0 {
        return 0;
    }
    let days = days_at(list, list.at - 1);
    let mut offset = list.at - 1;
    while offset > 0 && days.is_some() && days_at(list, offset - 1) == days {
        offset -= 1;
    }
    offset
}

fn days_at(list: &List, offset: usize) -> Option<DayRange> {
    list.row(offset).map(|row| row.days)
}

/// Keeps the cursor on the screen, names the incident that it is on, and asks for rows that come into sight.
pub(super) fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    let lines = layout::list_lines(state);
    let list = &mut state.list;
    list.at = list.at.min(list.total.saturating_sub(1));
    scroll(list, lines);
    if list.cursor.is_none() {
        list.cursor = list.row(list.at).map(|row| Cursor { id: row.id.clone(), days: row.days });
    }
    want(list, lines, effects);
}

fn scroll(list: &mut List, lines: usize) {
    if lines == 0 || list.total == 0 {
        // The screen is to be as it was once there is room again, but not all rows from there to a far cursor are to be loaded.
        list.top = list.top.min(list.at).max(list.at.saturating_sub(CHUNK));
        return;
    }
    if list.at < list.top {
        list.top = list.at;
    }
    list.top = list.top.max((list.at + 1).saturating_sub(lines));
    while list.top < list.at && !list.fit(list.top, list.at, lines) {
        list.top += 1;
    }
    // Nothing is left empty below the last row while there are rows above.
    while list.top > 0 && list.row(list.top - 1).is_some() && list.fit(list.top - 1, list.total - 1, lines) {
        list.top -= 1;
    }
}

fn want(list: &mut List, lines: usize, effects: &mut Vec<Effect>) {
    if list.total == 0 || list.n == 0 {
        return;
    }
    let margin = lines.max(8);
    let first = list.top.min(list.at).saturating_sub(margin) / CHUNK;
    let last = (list.top + lines + margin).max(list.at).min(list.total - 1) / CHUNK;
    for chunk in first..=last {
        if !list.chunks.contains_key(&chunk) && list.loading.insert(chunk) {
            let page = Page { offset: chunk * CHUNK, limit: CHUNK };
            effects.push(Effect::Rows(list.n, list.question.clone(), page));
        }
    }
}
