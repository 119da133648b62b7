//! The help, over everything else.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use crate::tui::help;
use crate::tui::layout;
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{line_at, text_at, text_right};

pub(super) fn draw(state: &State, scroll: usize, theme: &Theme, buffer: &mut Buffer) {
    let area = Rect::new(0, 0, state.size.0, state.size.1.saturating_sub(1)).intersection(buffer.area);
    Clear.render(area, buffer);
    let lines = help::lines(&state.keys, state.look);
    let title = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
    text_at(buffer, title, "Help", Style::new().add_modifier(Modifier::BOLD));
    let (columns, room) = layout::help(state);
    let last = lines.len().min(scroll + columns * room);
    let shown = format!("lines {} to {last} of {}", scroll + 1, lines.len());
    text_right(buffer, title, &shown, theme.dim());
    let wide = (area.width - 2) / columns as u16;
    for (i, line) in lines.iter().skip(scroll).take(columns * room).enumerate() {
        let (column, row) = ((i / room) as u16, (i % room) as u16);
        let at = Rect { x: area.x + 1 + column * wide, y: area.y + 1 + row, width: wide - 1, height: 1 };
        line_at(buffer, at, line, theme);
    }
}
