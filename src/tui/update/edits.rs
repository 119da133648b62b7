//! Editing: picking incidents, asking for edits, and taking in what became of them. The edits themselves are made by a worker.

use crate::base::day::DayRange;
use crate::library::{EditRequest, Trouble};
use crate::model::incident::{Incident, IncidentId, Row};
use crate::model::report::Field;
use crate::tui::editing::Pending;
use crate::tui::keys::Action;
use crate::tui::msg::Effect;
use crate::tui::state::{Focus, State};
use crate::tui::update::search::Seek;
use crate::tui::update::{Seen, command, detail, list, notice, number, search, selected, sentence};
use crate::tui::words;

/// Does what the editing keys ask for: at once where nothing has to be typed, else by opening the command line.
pub(super) fn act(state: &mut State, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Pick => pick(state),
        Action::PickTo => pick_to(state),
        Action::Star => {
            let request = if all(state, |row| row.starred) { EditRequest::Unstar } else { EditRequest::Star };
            ask(state, request, effects);
        }
        Action::Hide => {
            let request = if all(state, |row| row.hidden) { EditRequest::Unhide } else { EditRequest::Hide };
            ask(state, request, effects);
        }
        Action::Undo => ask(state, EditRequest::Undo, effects),
        Action::Tag => command::open(state, "tag ".to_owned()),
        Action::Note => command::open(state, "note ".to_owned()),
        Action::Set => command::open(state, set_line(state)),
        Action::Merge => command::open(state, merge_line(state)),
        Action::Split => command::open(state, split_line(state)),
        _ => return Seen::Same,
    }
    Seen::Changed
}

/// Picks the selected incident or leaves it out again, and goes on to the next.
fn pick(state: &mut State) {
    let Some(id) = selected(state).cloned() else { return };
    if !state.editing.picked.remove(&id) {
        state.editing.picked.insert(id);
    }
    state.editing.last_picked = Some(state.list.at);
    list::go(state, state.list.at + 1);
}

/// Picks all from the one that was picked last to the selected one.
fn pick_to(state: &mut State) {
    let at = state.list.at;
    let from = state.editing.last_picked.unwrap_or(at).min(state.list.total.saturating_sub(1));
    let rows: Option<Vec<IncidentId>> =
        (from.min(at)..=from.max(at)).map(|offset| state.list.row(offset).map(|row| row.id.clone())).collect();
    match rows {
        Some(ids) => {
            state.editing.picked.extend(ids);
            state.editing.last_picked = Some(at);
        }
        None => notice(state, "too far from the one picked last: not all between are loaded".to_owned(), true),
    }
}

/// Returns the incidents that the next edit is for.
fn targets(state: &State) -> Vec<IncidentId> {
    match state.editing.picked.is_empty() {
        true => selected(state).cloned().into_iter().collect(),
        false => state.editing.picked.iter().cloned().collect(),
    }
}

/// Tells whether something holds of every incident that the next edit is for, as far as their rows are known.
fn all(state: &State, holds: impl Fn(&Row) -> bool) -> bool {
    targets(state).iter().all(|id| state.list.row_of(id).is_some_and(&holds))
}

/// Returns the line that sets the field that is selected in the opened incident to what it is now.
fn set_line(state: &State) -> String {
    let value = opened(state).and_then(|incident| value_of(incident, detail::item(state)?.field?));
    value.map_or_else(|| "set ".to_owned(), |value| format!("set {value}"))
}

fn value_of(incident: &Incident, field: Field) -> Option<String> {
    let days = |days: DayRange| days.to_string();
    Some(match field {
        Field::Victim => format!("victim={}", incident.victim.name),
        Field::Kind => format!("kind={}", incident.kind.word()),
        Field::Attackers => format!("attacker={}", words::attackers(&incident.attackers)),
        Field::Records => format!("records={}", incident.records.first().map(words::figure_in_words).unwrap_or_default()),
        Field::Occurred => format!("occurred={}", incident.occurred.map(days).unwrap_or_default()),
        Field::Disclosed => format!("disclosed={}", incident.disclosed.map(days).unwrap_or_default()),
        Field::Data | Field::Disputed => return None,
    })
}

fn opened(state: &State) -> Option<&Incident> {
    detail::loaded_selected(state).filter(|_| state.focus == Focus::Detail)
}

/// Returns the incident that others are merged with: the selected one; where several are picked and it is not, the first of these. Picking
/// leads on to the next row, which has nothing to do with them.
fn merged_with(state: &State) -> Option<&IncidentId> {
    let picked = &state.editing.picked;
    let among = selected(state).filter(|id| picked.len() < 2 || picked.contains(id));
    among.or_else(|| picked.first().filter(|_| picked.len() > 1))
}

/// Returns those that are picked to be merged with it.
fn merged(state: &State) -> Vec<String> {
    let others = state.editing.picked.iter().filter(|id| Some(*id) != merged_with(state));
    others.map(|id| id.0.clone()).collect()
}

/// Returns the line that merges what is picked.
fn merge_line(state: &State) -> String {
    merged(state).iter().fold("merge ".to_owned(), |line, id| format!("{line}{id} "))
}

/// Returns the line that splits off the report that is selected in the opened incident.
fn split_line(state: &State) -> String {
    let report = opened(state).and_then(|incident| {
        let id = detail::item(state)?.report?;
        incident.reports.iter().find(|filed| filed.id == id).map(|filed| incident.report_name(filed))
    });
    format!("split {}", report.unwrap_or_default())
}

/// Asks for an edit that a key stands for.
fn ask(state: &mut State, request: EditRequest, effects: &mut Vec<Effect>) {
    send(state, request, None, effects);
}

/// Asks for an edit that was typed in the command line.
pub(super) fn ask_typed(state: &mut State, mut request: EditRequest, text: String, effects: &mut Vec<Effect>) {
    if let EditRequest::Merge(ids) = &mut request
        && ids.is_empty()
    {
        *ids = merged(state);
        if ids.is_empty() {
            command::open(state, text);
            state.command.fault = Some("merge what? pick incidents with v, or write merge ID ...".to_owned());
            return;
        }
    }
    send(state, request, Some(text), effects);
}

fn send(state: &mut State, request: EditRequest, typed: Option<String>, effects: &mut Vec<Effect>) {
    let incidents = match request {
        EditRequest::Undo if state.focus == Focus::Detail => selected(state).cloned().into_iter().collect(),
        EditRequest::Undo => Vec::new(),
        EditRequest::Merge(_) => merged_with(state).cloned().into_iter().collect(),
        // What is picked has nothing to do with the reports of the selected one.
        EditRequest::Split(_) => selected(state).cloned().into_iter().collect(),
        _ => targets(state),
    };
    if incidents.is_empty() && request != EditRequest::Undo {
        notice(state, "there is no incident to edit".to_owned(), true);
        return;
    }
    let n = number(state);
    let pending = Pending {
        n,
        typed: typed.is_some(),
        command: typed.unwrap_or_else(|| word(&request).to_owned()),
        incidents: incidents.clone(),
    };
    state.editing.pending.push(pending);
    effects.push(Effect::Edit(n, incidents, request));
}

fn word(request: &EditRequest) -> &'static str {
    match request {
        EditRequest::Set(_) => "set",
        EditRequest::Merge(_) => "merge",
        EditRequest::Split(_) => "split",
        EditRequest::Hide => "hide",
        EditRequest::Unhide => "unhide",
        EditRequest::Star => "star",
        EditRequest::Unstar => "unstar",
        EditRequest::Note(_) => "note",
        EditRequest::Tag(_) => "tag",
        EditRequest::Untag(_) => "untag",
        EditRequest::Undo => "undo",
    }
}

/// Takes what became of an edit. One that was typed and is wrong is put back in the command line.
pub(super) fn edited(state: &mut State, n: u64, answer: Result<String, Trouble>, effects: &mut Vec<Effect>) -> Seen {
    let Some(at) = state.editing.pending.iter().position(|pending| pending.n == n) else { return Seen::Same };
    let pending = state.editing.pending.remove(at);
    state.editing.waits = None;
    state.editing.told = false;
    match answer {
        Ok(done) => {
            notice(state, done, false);
            if pending.command.starts_with("merge") {
                state.editing.picked.clear();
            }
            state.news.own.extend(pending.incidents);
            state.detail.stale = true;
            search::ask(state, Seek::Nearest, effects);
        }
        Err(trouble) if pending.typed && !state.command.open && !state.search.open => {
            command::open(state, pending.command);
            state.command.fault = Some(sentence(&trouble));
        }
        Err(trouble) => notice(state, format!("{}: {}", pending.command, sentence(&trouble)), true),
    }
    Seen::Changed
}

/// Says that an edit waits for another process.
pub(super) fn waits(state: &mut State, n: u64, why: String) -> Seen {
    let Some(pending) = state.editing.pending.iter().find(|pending| pending.n == n) else { return Seen::Same };
    notice(state, format!("{} waits: {why}", pending.command), true);
    state.editing.waits = Some(why);
    Seen::Changed
}
