//! The counts at the side; what the search holds already is marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::lines;
use crate::tui::state::{Focus, State};
use crate::tui::update::chosen;
use crate::tui::view::theme::Theme;
use crate::tui::view::{over, selected, text_at, text_right};
use crate::tui::words;

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(3), ..area };
    let rule = if theme.ascii { "|" } else { "│" };
    for y in area.top()..area.bottom() {
        buffer.set_string(area.right() - 1, y, rule, theme.dim());
    }
    let mut line = 0;
    let mut item = 0;
    let place = |line: usize| -> Option<Rect> {
        let row = line.checked_sub(state.facets.scroll).filter(|row| *row < usize::from(area.height))?;
        Some(Rect { y: area.y + row as u16, height: 1, ..inner })
    };
    for facet in &state.facets.facets {
        if let Some(at) = place(line) {
            text_at(buffer, at, &lines::shown(&facet.field), theme.heading());
        }
        line += 1;
        for (value, count) in &facet.values {
            if let Some(at) = place(line) {
                let count = words::short(*count);
                let taken = text_right(buffer, at, &count, theme.dim());
                let on = chosen(state, &facet.field, value);
                let mark = match (on, theme.ascii) {
                    (true, false) => "● ",
                    (true, true) => "* ",
                    (false, _) => "  ",
                };
                let name =
                    lines::cut(value, usize::from(at.width.saturating_sub(taken + 3)), if theme.ascii { "..." } else { "…" });
                text_at(buffer, at, &format!("{mark}{name}"), Style::new());
                if item == state.facets.item && state.focus == Focus::Facets {
                    over(buffer, at, selected(true));
                }
            }
            line += 1;
            item += 1;
        }
        line += 1;
    }
    if state.facets.facets.is_empty() {
        text_at(buffer, Rect { height: 1.min(area.height), ..inner }, "counting…", theme.dim());
    }
}
