//! The first line: what this is, how much there is, how the last ingest went.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{text_at, text_right};
use crate::tui::words;

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut rest = Rect { x: area.x + 1, width: area.width - 2, ..area };
    let name = text_at(buffer, rest, "breachline", Style::new().add_modifier(Modifier::BOLD));
    rest = Rect { x: rest.x + name + 2, width: rest.width - name - 2, ..rest };
    let used = text_at(buffer, rest, &count(state), Style::new());
    rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
    let (text, bad) = last_run(state);
    if usize::from(rest.width) > text.chars().count() + 2 {
        text_right(buffer, rest, &text, if bad { theme.warn() } else { theme.dim() });
    }
}

fn count(state: &State) -> String {
    let list = &state.list;
    if list.n == 0 {
        return if list.fault.is_some() { String::new() } else { "reading…".to_owned() };
    }
    let count = words::counted(list.total as u64, "incident", "incidents");
    let searched = !list.question.text.is_empty();
    let zoomed = list.question.window.map(|window| format!(" {}", words::days(window))).unwrap_or_default();
    let dots = if state.look.ascii { "..." } else { "…" };
    let pending = if state.list.pending.is_some() && searched { dots } else { "" };
    let found = if searched { " found" } else { "" };
    format!("{count}{found}{zoomed}{pending}")
}

fn last_run(state: &State) -> (String, bool) {
    let Some(run) = &state.run else { return (String::new(), false) };
    let when = format!("last ingest {}", words::ago(run.at, state.now));
    match run.failed {
        0 => (when, false),
        1 => (format!("{when}, 1 of {} sources failed", run.sources), true),
        failed => (format!("{when}, {failed} of {} sources failed", run.sources), true),
    }
}
