//! The swim lanes: a line for each attacker or victim, on it a bar wherever there were incidents, between the first and the last a thread.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::library::Lane;
use crate::tui::lanes::{Whose, columns};
use crate::tui::lines::{cut, fit};
use crate::tui::spread::Spread;
use crate::tui::state::{Focus, State};
use crate::tui::view::picture::Plot;
use crate::tui::view::theme::Theme;
use crate::tui::view::{over, text_at, text_right};
use crate::tui::words;

pub(super) fn draw(state: &State, whose: Whose, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let (name, plot) = columns(area);
    let head = Rect { height: 1, ..area };
    let title = match whose {
        Whose::Attackers => "attacker",
        Whose::Victims => "victim",
    };
    text_at(buffer, Rect { x: name.x, width: name.width, ..head }, title, theme.dim());
    text_right(buffer, Rect { width: area.width.saturating_sub(1), ..head }, "number", theme.dim());
    let nothing = match (state.lanes.pending, state.lanes.lanes.is_empty()) {
        (Some(_), true) => "counting",
        (None, true) => "nobody is named in what is found",
        _ => "",
    };
    text_at(buffer, Rect { y: area.y + 1, height: 1.min(area.height.saturating_sub(1)), ..name }, nothing, theme.dim());
    let plot_of = |spread: &Spread| Plot::new(spread.clone(), state.picture.measure, None, theme);
    let plots: Vec<Plot<'_>> = state.lanes.spreads.iter().map(plot_of).collect();
    let most = plots.iter().map(|plot| plot.most).max().unwrap_or(0);
    if let Some(first) = plots.first() {
        first.axis(Rect { height: 1, ..plot }, buffer);
    }
    let rows = (area.y + 1..area.bottom()).zip(state.lanes.lanes.iter().zip(plots).enumerate().skip(state.lanes.scroll));
    for (y, (at, (lane, mut drawn))) in rows {
        let line = Rect { y, height: 1, ..area };
        (drawn.most, drawn.spread.area) = (most, Rect { y, height: 1, ..plot });
        thread(&drawn, theme, buffer);
        drawn.bars_by_kind(buffer);
        label(lane, Rect { y, height: 1, ..name }, theme, buffer);
        let total = state.lanes.totals.get(at).copied().unwrap_or(0);
        text_right(buffer, Rect { width: area.width.saturating_sub(1), ..line }, &words::short(total), Style::new());
        if at == state.lanes.item {
            select(state, theme, line, Rect { y, height: 1, ..name }, buffer);
        }
    }
}

fn label(lane: &Lane, at: Rect, theme: &Theme, buffer: &mut Buffer) {
    let mark = if theme.ascii { "..." } else { "…" };
    text_at(buffer, at, &fit(&cut(&lane.name, at.width.into(), mark), at.width.into(), ""), Style::new());
}

/// Draws a thread from the first bar to the last.
fn thread(plot: &Plot<'_>, theme: &Theme, buffer: &mut Buffer) {
    let full = |bar: &crate::tui::bars::Bar| bar.total() > 0;
    let (Some(first), Some(last)) = (plot.spread.bars.iter().position(full), plot.spread.bars.iter().rposition(full)) else {
        return;
    };
    let glyph = if theme.ascii { "-" } else { "─" };
    for x in plot.spread.column(first)..=plot.spread.column(last) {
        buffer.set_string(plot.spread.area.x + x, plot.spread.area.y, glyph, theme.dim());
    }
}

fn select(state: &State, theme: &Theme, line: Rect, name: Rect, buffer: &mut Buffer) {
    let here = state.focus == Focus::Lanes;
    over(buffer, name, Style::new().add_modifier(if here { Modifier::REVERSED } else { Modifier::BOLD }));
    text_at(buffer, Rect { width: 1, ..line }, if theme.ascii { ">" } else { "▌" }, Style::new());
}
