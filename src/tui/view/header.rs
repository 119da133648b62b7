//! The first line: what this is, how much there is, how the last ingest went.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::lines::{columns, cut, shown};
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{text_at, text_right};
use crate::tui::words;

/// The most sources that are named.
const NAMED: usize = 4;

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut rest = Rect { x: area.x + 1, width: area.width - 2, ..area };
    let name = text_at(buffer, rest, "breachline", Style::new().add_modifier(Modifier::BOLD));
    rest = Rect { x: rest.x + name, width: rest.width - name, ..rest };
    if let Some(of) = &state.of {
        let of = cut(&format!(" of {of}"), usize::from(rest.width / 3), "...");
        let used = text_at(buffer, rest, &of, theme.dim());
        rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
    }
    rest = Rect { x: rest.x + 2, width: rest.width - 2, ..rest };
    let used = text_at(buffer, rest, &count(state), Style::new());
    rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
    let room = usize::from(rest.width).saturating_sub(2);
    let fits = |(when, failed): &(String, String)| columns(when) + columns(failed) <= room;
    let ways = state.away.as_deref().map_or_else(|| last_run(state), away);
    let Some((when, failed)) = ways.into_iter().find(fits) else { return };
    let used = text_right(buffer, rest, &failed, theme.bad());
    text_right(buffer, Rect { width: rest.width - used, ..rest }, &when, theme.dim());
}

fn count(state: &State) -> String {
    let list = &state.list;
    if list.n == 0 {
        return if list.fault.is_some() { String::new() } else { "reading".to_owned() };
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

/// Returns that nobody answers, the longest way of saying it first.
fn away(why: &str) -> Vec<(String, String)> {
    ["no answer; asked again and again: ", "no answer: "]
        .map(|begins| (String::new(), format!("{begins}{}", shown(why))))
        .into_iter()
        .chain([(String::new(), "no answer".to_owned())])
        .collect()
}

/// Returns when the last ingest was and what failed in it, the longest way of saying it first.
fn last_run(state: &State) -> Vec<(String, String)> {
    let Some(run) = &state.run else { return Vec::new() };
    let ago = words::ago(run.at, state.now);
    let (last, brief) = (format!("last ingest {ago}"), format!("ingest {ago}"));
    if let Some(why) = &run.failure {
        return vec![(last, format!(" failed: {}", shown(why))), (brief, " failed".to_owned())];
    }
    if !run.ended {
        return vec![(format!("ingest began {ago}"), String::new()), (brief, String::new())];
    }
    let failed = run.failed.len();
    if failed == 0 {
        return vec![(last, String::new()), (brief, String::new())];
    }
    let count = format!(", {failed} of {} sources failed", run.sources);
    // As many names as have room.
    let mut ways: Vec<(String, String)> = (1..=failed.min(NAMED))
        .rev()
        .map(|named| {
            let more = if named < failed { " ..." } else { "" };
            (last.clone(), format!("{count}: {}{more}", shown(&run.failed[..named].join(", "))))
        })
        .collect();
    ways.extend([(last, count), (brief, format!(", {failed} failed"))]);
    ways
}
