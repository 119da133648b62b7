//! The opened article: scrolling, and jumping from evidence to evidence.

use crate::library::{Opened, Trouble};
use crate::model::article::ArticleId;
use crate::model::incident::IncidentId;
use crate::tui::changes;
use crate::tui::keys::Action;
use crate::tui::layout;
use crate::tui::msg::Effect;
use crate::tui::reading::{self, Text};
use crate::tui::state::{Focus, Reading, State};
use crate::tui::update::{Seen, detail, follow, notice, scrolled, sentence};

/// The lines of context shown above words that were jumped to.
const CONTEXT: usize = 3;

/// Returns an article of which nothing is known yet.
pub(super) fn blank(id: ArticleId, incident: IncidentId, from: Focus) -> Reading {
    Reading {
        pending: None,
        id,
        incident,
        opened: None,
        text: Text::default(),
        changes: None,
        width: 0,
        mark: None,
        seek: None,
        scroll: 0,
        from,
        fault: None,
    }
}

/// Takes an article that was loaded.
pub(super) fn loaded(state: &mut State, n: u64, answer: Result<Option<Opened>, Trouble>) -> Seen {
    let Some(reading) = state.article.as_mut().filter(|reading| reading.pending == Some(n)) else { return Seen::Same };
    reading.pending = None;
    match answer {
        Ok(Some(opened)) => reading.opened = Some(opened),
        Ok(None) => reading.fault = Some("this article is no longer kept".to_owned()),
        Err(trouble) => reading.fault = Some(sentence(&trouble)),
    }
    Seen::Changed
}

/// Closes the article where another incident is selected now; lays it out for the width that it has.
pub(super) fn settle(state: &mut State) {
    let selected = state.list.cursor.as_ref().map(|cursor| &cursor.id);
    let moved = selected.is_some_and(|id| state.article.as_ref().is_some_and(|reading| reading.incident != *id));
    if moved || (state.article.is_none() && state.focus == Focus::Article) {
        close(state);
    }
    if state.article.is_some() && state.focus == Focus::Detail && layout::side_text(state).is_none() {
        state.focus = Focus::Article; // The screen has become too small for both.
    }
    let Some((width, lines)) = layout::article_text(state) else { return };
    let incident = state.detail.incident.as_ref();
    let Some(reading) = &mut state.article else { return };
    let Some(opened) = &reading.opened else { return };
    if reading.width != width {
        let first = reading.width == 0;
        let at = reading.text.lines.get(reading.scroll).map(|line| line.start);
        let incident = incident.filter(|incident| incident.id == reading.incident);
        reading.text = reading::lay_out(&opened.article, incident, width);
        if let Some(shown) = &mut reading.changes {
            *shown = changes::lay_out(&opened.versions, width);
        }
        reading.width = width;
        match at.filter(|_| reading.changes.is_none()) {
            Some(at) => reading.scroll = reading.text.lines.partition_point(|line| line.end <= at),
            None if first => seek(reading),
            None => {}
        }
    }
    reading.scroll = reading.scroll.min(length(reading).saturating_sub(lines));
}

/// Returns how many lines there are to scroll over.
fn length(reading: &Reading) -> usize {
    reading.changes.as_ref().map_or(reading.text.lines.len(), |changes| changes.lines.len())
}

/// Shows what changed, or the text again.
fn turn(state: &mut State) -> Seen {
    let Some(reading) = &mut state.article else { return Seen::Same };
    let Some(opened) = &reading.opened else { return Seen::Same };
    if reading.changes.take().is_some() {
        seek(reading);
    } else if opened.versions.len() < 2 {
        notice(state, "nothing has changed since it was first read".to_owned(), false);
    } else {
        reading.changes = Some(changes::lay_out(&opened.versions, reading.width));
        reading.scroll = 0;
    }
    Seen::Changed
}

/// Goes to the words asked for, else to the first evidence.
fn seek(reading: &mut Reading) {
    let asked = reading.seek.and_then(|span| reading.text.marks.iter().position(|mark| mark.span == span));
    if let Some(mark) = asked.or((!reading.text.marks.is_empty()).then_some(0)) {
        jump(reading, mark);
    }
}

/// Goes to the words behind the selected field, where they are in the article that is shown below the incident.
pub(super) fn go_along(state: &mut State) {
    let behind = detail::item(state).and_then(|item| item.article.zip(item.span));
    if let (Some((id, span)), Some(reading)) = (behind, &mut state.article)
        && reading.id == id
        && reading.changes.is_none()
    {
        reading.seek = Some(span);
        seek(reading);
    }
}

fn jump(reading: &mut Reading, mark: usize) {
    reading.mark = Some(mark);
    if let Some(mark) = reading.text.marks.get(mark) {
        reading.scroll = mark.line.saturating_sub(CONTEXT);
    }
}

fn close(state: &mut State) {
    let from = state.article.take().map_or(Focus::Detail, |reading| reading.from);
    if state.focus == Focus::Article {
        state.focus = from;
    }
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    let lines = layout::article_text(state).map_or(0, |(_, lines)| lines);
    let Some(reading) = &mut state.article else { return Seen::Same };
    match action {
        Action::Back if reading.changes.is_some() => return turn(state),
        Action::Back => close(state),
        Action::Changes => return turn(state),
        Action::Next => step(state, 1),
        Action::Previous => step(state, -1),
        Action::Link => {
            let url = reading.opened.as_ref().map(|opened| opened.article.url.to_string());
            follow(state, url, effects);
        }
        Action::Copy => {
            let Some(opened) = &reading.opened else { return Seen::Same };
            let url = opened.article.url.to_string();
            effects.push(Effect::Copy(url.clone()));
            notice(state, format!("copied {url}"), false);
        }
        _ => {
            let last = length(reading).saturating_sub(lines);
            let before = reading.scroll;
            reading.scroll = scrolled(before, action, lines, last);
            if reading.scroll == before {
                return Seen::Same;
            }
        }
    }
    Seen::Changed
}

fn step(state: &mut State, by: isize) {
    let Some(reading) = &mut state.article else { return };
    if let Some(changes) = &reading.changes {
        let here = reading.scroll;
        let next = changes.starts.iter().find(|start| **start > here);
        let before = changes.starts.iter().rfind(|start| **start < here);
        reading.scroll = if by > 0 { next } else { before }.copied().unwrap_or(here);
        return;
    }
    let count = reading.text.marks.len();
    if count == 0 {
        notice(state, "no words of evidence are marked in this article".to_owned(), false);
        return;
    }
    let next = match reading.mark {
        Some(mark) => (mark as isize + by).rem_euclid(count as isize) as usize,
        None if by > 0 => 0,
        None => count - 1,
    };
    jump(reading, next);
}
