//! What a message does: changes the state and returns what is to be done, as data. Knows no terminal, no thread and no clock.

mod article;
mod command;
mod complete;
mod detail;
mod edits;
mod facets;
mod lanes;
mod line;
mod list;
mod marks;
mod mouse;
mod news;
mod picture;
mod search;

use crate::library::Trouble;
use crate::model::incident::IncidentId;
use crate::tui::keys::{Action, Key, Place};
use crate::tui::layout;
use crate::tui::msg::{Effect, Msg};
use crate::tui::state::{Focus, Notice, State};

/// Whether a message changed anything that can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Changed,
    Same,
}

/// Takes one message in. `Effect::Draw` is among the effects whenever the screen may look different.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    let mut effects = Vec::new();
    let seen = take(state, msg, &mut effects);
    if seen == Seen::Changed {
        settle(state, &mut effects);
        effects.push(Effect::Draw);
    }
    effects
}

/// Returns what is to be done at the very start.
pub fn begin(state: &mut State) -> Vec<Effect> {
    let mut effects = vec![Effect::LastRun];
    let seek = if state.list.cursor.is_some() { search::Seek::Nearest } else { search::Seek::Nothing };
    search::ask(state, seek, &mut effects);
    news::ask(state, &mut effects);
    effects.push(Effect::Draw);
    effects
}

fn take(state: &mut State, msg: Msg, effects: &mut Vec<Effect>) -> Seen {
    match msg {
        Msg::Key(key) => press(state, key, effects),
        Msg::Paste(text) => match state.place() {
            Place::Search => search::paste(state, &text, effects),
            Place::Command => command::paste(state, &text),
            _ => Seen::Same,
        },
        Msg::Resize(width, height) => {
            state.size = (width, height);
            Seen::Changed
        }
        Msg::Found(n, answer) => list::found(state, n, answer, effects),
        Msg::Rows(n, offset, answer) => list::rows(state, n, offset, answer),
        Msg::Days(n, answer) => picture::days(state, n, answer),
        Msg::Facets(n, answer) => facets::counted(state, n, answer),
        Msg::Names(n, answer) => complete::named(state, n, answer, effects),
        Msg::Lanes(n, answer) => lanes::counted(state, n, answer),
        Msg::Incident(n, answer) => detail::loaded(state, n, *answer),
        Msg::Article(n, answer) => article::loaded(state, n, *answer),
        Msg::Run(answer) => run(state, answer),
        Msg::News(n, answer) => news::came(state, n, answer),
        Msg::Mouse(mouse, at) => mouse::took(state, mouse, at, effects),
        Msg::Edited(n, answer) => edits::edited(state, n, answer, effects),
        Msg::Done(answer) => {
            match answer {
                Ok(done) => notice(state, done, false),
                Err(trouble) => notice(state, sentence(&trouble), true),
            }
            Seen::Changed
        }
        Msg::EditWaits(n, why) => edits::waits(state, n, why),
        Msg::LinkOpened(url, fault) => {
            match fault {
                None => notice(state, format!("opened {url}"), false),
                Some(fault) => notice(state, format!("could not open {url}: {fault}"), true),
            }
            Seen::Changed
        }
        Msg::Changed => {
            ask_anew(state, effects);
            Seen::Same
        }
        Msg::Away(trouble) => {
            state.away = Some(sentence(&trouble));
            Seen::Changed
        }
        Msg::Back => {
            state.away = None;
            state.list.fault = None;
            let who = state.of.as_deref().unwrap_or("the index").to_owned();
            notice(state, format!("{who} answers again"), false);
            ask_anew(state, effects);
            Seen::Changed
        }
        Msg::Now(now) => {
            state.now = now;
            Seen::Changed
        }
        Msg::Resumed => {
            effects.push(Effect::Wipe);
            Seen::Changed
        }
        Msg::Stop => {
            effects.push(Effect::Quit);
            Seen::Same
        }
        Msg::Pause => {
            effects.push(Effect::Suspend);
            Seen::Same
        }
    }
}

/// Asks for everything that may have changed.
fn ask_anew(state: &mut State, effects: &mut Vec<Effect>) {
    effects.push(Effect::LastRun);
    state.detail.stale = true;
    search::ask(state, search::Seek::Nearest, effects);
    news::ask(state, effects);
}

fn run(state: &mut State, answer: Result<Option<crate::library::LastRun>, Trouble>) -> Seen {
    match answer {
        Ok(run) => state.run = run,
        Err(trouble) => notice(state, sentence(&trouble), true),
    }
    Seen::Changed
}

fn press(state: &mut State, key: Key, effects: &mut Vec<Effect>) -> Seen {
    let had_notice = state.notice.take().is_some();
    if let Some(wanted) = state.marks.wanted.take() {
        return marks::letter(state, wanted, key, effects);
    }
    let place = state.place();
    let seen = match (state.keys.action(place, key), place, key) {
        (Some(action), _, _) => act(state, place, action, effects),
        (None, Place::Search, Key::Char(c)) => search::typed(state, c, effects),
        (None, Place::Command, Key::Char(c)) => command::typed(state, c),
        _ => Seen::Same,
    };
    if had_notice { Seen::Changed } else { seen }
}

fn act(state: &mut State, place: Place, action: Action, effects: &mut Vec<Effect>) -> Seen {
    match action {
        Action::Quit | Action::Leave => {
            leave(state, effects);
        }
        Action::Suspend => {
            effects.push(Effect::Suspend);
            return Seen::Same;
        }
        Action::Redraw => effects.push(Effect::Wipe),
        Action::Help => state.help = Some(0),
        Action::Search => search::open(state),
        Action::Command => command::open(state, String::new()),
        Action::Facets => facets::toggle(state),
        Action::NextPane => pane(state, 1),
        Action::PreviousPane => pane(state, -1),
        Action::Picture => picture::toggle(state),
        Action::Measure => picture::turn(state),
        Action::Lanes => lanes::turn(state, effects),
        Action::Mark | Action::Jump => return marks::ask(state, action),
        _ => {
            return match place {
                Place::List => list::act(state, action, effects),
                Place::Detail => detail::act(state, action, effects),
                Place::Article => article::act(state, action, effects),
                Place::Facets => facets::act(state, action, effects),
                Place::Lanes => lanes::act(state, action, effects),
                Place::Search => search::act(state, action, effects),
                Place::Command => command::act(state, action, effects),
                Place::Help => help(state, action),
            };
        }
    }
    Seen::Changed
}

/// Leaves; while edits wait to be kept, only when asked for a second time.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    let waiting = state.editing.pending.len() as u64;
    if waiting == 0 || state.editing.told {
        effects.push(Effect::Quit);
        return;
    }
    state.editing.told = true;
    let edits = crate::tui::words::counted(waiting, "edit is", "edits are");
    notice(state, format!("{edits} not kept yet; once more leaves without"), true);
}

fn help(state: &mut State, action: Action) -> Seen {
    let Some(scroll) = state.help else { return Seen::Same };
    if action == Action::Back {
        state.help = None;
        return Seen::Changed;
    }
    let shown = layout::help(state);
    let page = shown.columns * shown.lines;
    let last = crate::tui::help::lines(&state.keys, state.look, shown.width).len().saturating_sub(page);
    state.help = Some(scrolled(scroll, action, page, last));
    Seen::Changed
}

/// Returns where a text of `last` + a page of lines is scrolled to by a movement.
fn scrolled(scroll: usize, action: Action, page: usize, last: usize) -> usize {
    let target = match action {
        Action::Down => scroll + 1,
        Action::Up => scroll.saturating_sub(1),
        Action::HalfDown => scroll + page / 2,
        Action::HalfUp => scroll.saturating_sub(page / 2),
        Action::PageDown => scroll + page.saturating_sub(1),
        Action::PageUp => scroll.saturating_sub(page.saturating_sub(1)),
        Action::Top => 0,
        Action::Bottom => last,
        _ => scroll,
    };
    target.min(last)
}

fn pane(state: &mut State, step: isize) {
    let mut panes = match (state.lanes.shown, &state.article) {
        (Some(_), _) => vec![Focus::Lanes],
        (None, Some(_)) if layout::side_text(state).is_some() => vec![Focus::List, Focus::Detail, Focus::Article],
        (None, Some(_)) => vec![Focus::List, Focus::Article],
        (None, None) => vec![Focus::List, Focus::Detail],
    };
    if layout::counts_shown(state) {
        panes.push(Focus::Facets);
    }
    let now = panes.iter().position(|pane| *pane == state.focus).unwrap_or(0) as isize;
    let next = (now + step).rem_euclid(panes.len() as isize) as usize;
    if panes[next] == Focus::Detail && state.list.cursor.is_none() {
        return;
    }
    state.focus = panes[next];
}

/// Brings into order what depends on several parts: what is on the screen must be loaded, laid out and within bounds.
fn settle(state: &mut State, effects: &mut Vec<Effect>) {
    lanes::settle(state);
    list::settle(state, effects);
    detail::settle(state, effects);
    article::settle(state);
    facets::settle(state, effects);
}

/// Returns a number for a new question.
fn number(state: &mut State) -> u64 {
    state.asked += 1;
    state.asked
}

fn notice(state: &mut State, text: String, bad: bool) {
    state.notice = Some(Notice { text, bad });
}

/// Returns what is wrong as a sentence.
pub fn sentence(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Query { what, hint: Some(hint), .. } | Trouble::Refused { what, hint: Some(hint) } => format!("{what}; {hint}"),
        Trouble::Query { what, .. } | Trouble::Refused { what, .. } | Trouble::Store(what) | Trouble::Busy(what) => what.clone(),
    }
}

/// Opens an address in the browser if it is one for a browser; says so if not.
fn follow(state: &mut State, url: Option<String>, effects: &mut Vec<Effect>) {
    let parsed = url.as_deref().map(url::Url::parse);
    match parsed {
        Some(Ok(url)) if matches!(url.scheme(), "http" | "https") => effects.push(Effect::OpenLink(url.to_string())),
        Some(_) => notice(state, "this address is neither http nor https; it is not opened".to_owned(), true),
        None => notice(state, "there is no address to open".to_owned(), true),
    }
}

/// Returns the incident that the screen is about.
fn selected(state: &State) -> Option<&IncidentId> {
    state.list.cursor.as_ref().map(|cursor| &cursor.id)
}

/// Tells whether the search holds a value of a field already.
pub fn chosen(state: &State, field: &str, value: &str) -> bool {
    format!(" {} ", state.search.input.value()).contains(&format!(" {} ", facets::term(field, value)))
}
