//! The command line, in place of the keys; above it what may follow, or what is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use crate::tui::command;
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::view::search::after_columns;
use crate::tui::view::text_at;
use crate::tui::view::theme::Theme;

/// The most lines that are drawn above it.
const ABOVE: u16 = 3;

/// Draws the line; returns where the cursor stands. None while it is closed.
pub(super) fn draw(state: &State, theme: &Theme, footer: Rect, buffer: &mut Buffer) -> Option<Position> {
    let line = &state.command;
    if !line.open {
        return None;
    }
    Clear.render(footer, buffer);
    text_at(buffer, Rect { x: footer.x + 1, width: 1, ..footer }, ":", Style::new().add_modifier(Modifier::BOLD));
    let room = Rect { x: footer.x + 2, width: footer.width - 3, ..footer };
    let scroll = line.input.visual_scroll(room.width.into());
    text_at(buffer, room, after_columns(line.input.value(), scroll), Style::new());
    let (text, style) = match &line.fault {
        Some(fault) => (lines::shown(fault), theme.warn()),
        None => (lines::shown(&command::hint(line.input.value(), &state.search.saved)), theme.dim()),
    };
    above(&text, style, footer, buffer);
    let column = u16::try_from(line.input.visual_cursor().saturating_sub(scroll)).unwrap_or(u16::MAX);
    Some(Position::new(room.x + column.min(room.width.saturating_sub(1)), room.y))
}

/// Writes text over the last lines above the footer, as many as it takes and at most three.
pub(super) fn above(text: &str, style: Style, footer: Rect, buffer: &mut Buffer) {
    let rows = lines::wrap(text, usize::from(footer.width.saturating_sub(3)));
    let height = (rows.len() as u16).min(ABOVE).min(footer.y);
    let area = Rect { y: footer.y - height, height, ..footer };
    Clear.render(area, buffer);
    for (y, row) in (area.y..area.bottom()).zip(rows) {
        text_at(buffer, Rect { x: area.x + 2, y, width: area.width - 3, height: 1 }, &text[row], style);
    }
}
