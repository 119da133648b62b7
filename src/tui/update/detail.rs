//! The opened incident: loading it, moving over its fields and reports, opening what is behind them.

use crate::base::span::Span;
use crate::library::{Background, Trouble};
use crate::model::article::ArticleId;
use crate::model::incident::{Incident, IncidentId};
use crate::tui::copied::{self, Format};
use crate::tui::keys::Action;
use crate::tui::layout;
use crate::tui::msg::Effect;
use crate::tui::sheet::{self, Item, Sheet};
use crate::tui::state::{Detail, Focus, Reading, State};
use crate::tui::update::{Seen, article, edits, follow, list, notice, number, selected, sentence};

/// Takes an incident that was loaded.
pub(super) fn loaded(state: &mut State, n: u64, answer: Result<Option<(Incident, Background)>, Trouble>) -> Seen {
    let Some((_, id)) = state.detail.pending.take_if(|(asked, _)| *asked == n) else { return Seen::Same };
    let detail = &mut state.detail;
    let same = detail.incident.as_ref().is_some_and(|incident| incident.id == id);
    detail.stale = false;
    detail.width = 0;
    match answer {
        Ok(Some((incident, background))) => {
            (detail.fault, detail.missing) = (None, None);
            (detail.incident, detail.background) = (Some(incident), background);
        }
        Ok(None) => lose(detail, format!("the incident {id} is no longer there"), id),
        Err(trouble) => lose(detail, sentence(&trouble), id),
    }
    if !same {
        (detail.item, detail.scroll) = (0, 0);
    }
    Seen::Changed
}

fn lose(detail: &mut Detail, fault: String, id: IncidentId) {
    *detail = Detail { fault: Some(fault), missing: Some(id), ..Detail::default() };
}

/// Asks for the selected incident where it is shown, and lays it out for the width that it has.
pub(super) fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    if selected(state).is_none() && state.list.total == 0 && state.list.pending.is_none() {
        state.detail = Detail::default();
        if state.focus == Focus::Detail {
            state.focus = Focus::List;
        }
    }
    want(state, effects);
    let Some((width, lines)) = layout::side_text(state) else { return };
    let detail = &mut state.detail;
    if let Some(incident) = &detail.incident
        && detail.width != width
    {
        detail.sheet = sheet::lay_out(incident, &detail.background, width, state.look);
        detail.width = width;
    }
    detail.item = detail.item.min(detail.sheet.items.len().saturating_sub(1));
    show(&mut detail.scroll, &detail.sheet, detail.item, lines);
}

/// Asks for the selected incident unless it is there or on its way. A copy or a link wants it even where it is not shown.
fn want(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(id) = selected(state).cloned() else { return };
    let held = state.detail.incident.as_ref().is_some_and(|incident| incident.id == id) && !state.detail.stale;
    let coming = state.detail.pending.as_ref().is_some_and(|(_, asked)| *asked == id) && !state.detail.stale;
    let missing = state.detail.missing.as_ref() == Some(&id) && !state.detail.stale;
    if held || coming || missing {
        return;
    }
    let n = number(state);
    state.detail.stale = false;
    state.detail.pending = Some((n, id.clone()));
    effects.push(Effect::Incident(n, id));
}

/// Scrolls so that an item is seen, as much of it as has room, from its first line.
fn show(scroll: &mut usize, sheet: &Sheet, item: usize, lines: usize) {
    *scroll = (*scroll).min(sheet.lines.len().saturating_sub(lines));
    let Some(item) = sheet.items.get(item) else { return };
    if item.lines.end > *scroll + lines {
        *scroll = item.lines.end - lines;
    }
    *scroll = (*scroll).min(item.lines.start);
}

pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    let lines = layout::side_text(state).map_or(1, |(_, lines)| lines);
    let last = state.detail.sheet.items.len().saturating_sub(1);
    let item = state.detail.item;
    let target = match action {
        Action::Down => item + 1,
        Action::Up => item.saturating_sub(1),
        Action::HalfDown => by_lines(&state.detail, (lines / 2) as isize),
        Action::HalfUp => by_lines(&state.detail, -((lines / 2) as isize)),
        Action::PageDown => by_lines(&state.detail, lines as isize),
        Action::PageUp => by_lines(&state.detail, -(lines as isize)),
        Action::Top => 0,
        Action::Bottom => last,
        _ => return other(state, action, effects),
    };
    state.detail.item = target.min(last);
    article::go_along(state);
    Seen::Changed
}

/// Returns the item that stands so many lines below the selected one.
fn by_lines(detail: &Detail, lines: isize) -> usize {
    let items = &detail.sheet.items;
    let Some(from) = items.get(detail.item) else { return 0 };
    let target = from.lines.start.saturating_add_signed(lines);
    let reached = items.partition_point(|item| item.lines.start <= target).saturating_sub(1);
    match lines > 0 {
        true => reached.max(detail.item + 1),
        false => reached.min(detail.item.saturating_sub(1)),
    }
}

fn other(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Open => return open(state, effects),
        Action::Link => return link(state, effects),
        Action::Copy => return copy(state, Format::Text, effects),
        Action::Back => state.focus = Focus::List,
        Action::Next => list::go(state, state.list.at.saturating_add(1)),
        Action::Previous => list::go(state, state.list.at.saturating_sub(1)),
        action => return edits::act(state, action, effects),
    }
    Seen::Changed
}

/// Returns what is selected on the sheet.
pub(super) fn item(state: &State) -> Option<&Item> {
    state.detail.sheet.items.get(state.detail.item)
}

fn open(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let (Some(incident), Some(item)) = (&state.detail.incident, item(state)) else { return Seen::Same };
    let incident_id = incident.id.clone();
    let (article, span) = match (item.article, incident.reports.first()) {
        (Some(article), _) => (article, item.span),
        (None, Some(first)) => (first.id.article, None),
        (None, None) => {
            notice(state, "no report is behind this".to_owned(), true);
            return Seen::Changed;
        }
    };
    read(state, article, incident_id, span, effects);
    Seen::Changed
}

fn read(state: &mut State, id: ArticleId, incident: IncidentId, seek: Option<Span>, effects: &mut Vec<Effect>) {
    let n = number(state);
    let from = state.focus;
    state.article = Some(Reading { pending: Some(n), seek, ..article::blank(id, incident, from) });
    state.focus = Focus::Article;
    effects.push(Effect::Article(n, id));
}

/// Opens the link of what is selected: that of a field's evidence or of a report, else of the first report.
pub(super) fn link(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let Some(incident) = loaded_selected(state) else {
        notice(state, "the incident is still being loaded".to_owned(), true);
        return Seen::Changed;
    };
    let first = incident.reports.first().map(|filed| filed.url.clone());
    let chosen = item(state).filter(|_| state.focus == Focus::Detail).and_then(|item| item.url.clone());
    follow(state, chosen.or(first), effects);
    Seen::Changed
}

/// Puts the selected incident on the clipboard.
pub(super) fn copy(state: &mut State, format: Format, effects: &mut Vec<Effect>) -> Seen {
    let Some(incident) = loaded_selected(state) else {
        notice(state, "the incident is still being loaded".to_owned(), true);
        return Seen::Changed;
    };
    let (name, text) = (incident.id.to_string(), copied::written(incident, format));
    effects.push(Effect::Copy(text));
    notice(state, format!("copied {name}"), false);
    Seen::Changed
}

/// Returns the selected incident once it is loaded.
pub(super) fn loaded_selected(state: &State) -> Option<&Incident> {
    let id = selected(state)?;
    state.detail.incident.as_ref().filter(|incident| incident.id == *id)
}
