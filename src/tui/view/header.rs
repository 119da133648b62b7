//! The first line: what this is, how much there is, how the last ingest went.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::lines::columns;
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
    let [long, short] = last_run(state);
    let room = usize::from(rest.width).saturating_sub(2);
    let fits = |(when, failed): &(String, String)| columns(when) + columns(failed) <= room;
    let Some((when, failed)) = [long, short].into_iter().find(fits) else { return };
    let used = text_right(buffer, rest, &failed, theme.bad());
    text_right(buffer, Rect { width: rest.width - used, ..rest }, &when, theme.dim());
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
    let marks =
        [(state.news.ids.len(), "new"), (state.editing.picked.len(), "picked"), (state.editing.pending.len(), "not kept yet")];
    let marks: String = marks.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {n} {what}")).collect();
    format!("{count}{found}{zoomed}{pending}{marks}")
}

/// Returns when the last ingest was and what failed in it, at length and in brief.
fn last_run(state: &State) -> [(String, String); 2] {
    let Some(run) = &state.run else { return Default::default() };
    let ago = words::ago(run.at, state.now);
    if !run.ended {
        return [(format!("ingest began {ago}"), String::new()), (format!("ingest {ago}"), String::new())];
    }
    let failed = |text: String| if run.failed == 0 { String::new() } else { text };
    [
        (format!("last ingest {ago}"), failed(format!(", {} of {} sources failed", run.failed, run.sources))),
        (format!("ingest {ago}"), failed(format!(", {} failed", run.failed))),
    ]
}
