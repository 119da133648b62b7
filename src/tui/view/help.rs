//! The help, over everything else.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use crate::tui::help;
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{line_at, text_at, text_right};

pub(super) fn draw(state: &State, scroll: usize, theme: &Theme, buffer: &mut Buffer) {
    let area = Rect::new(0, 0, state.size.0, state.size.1.saturating_sub(1)).intersection(buffer.area);
    Clear.render(area, buffer);
    let lines = help::lines(&state.keys, state.look);
    let title = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
    text_at(buffer, title, "Help", Style::new().add_modifier(Modifier::BOLD));
    let room = usize::from(area.height - 1);
    let last = lines.len().min(scroll + room);
    let shown = format!("lines {} to {last} of {}", scroll + 1, lines.len());
    text_right(buffer, title, &shown, theme.dim());
    for (i, line) in lines.iter().skip(scroll).take(room).enumerate() {
        let at = Rect { x: area.x + 1, y: area.y + 1 + i as u16, width: area.width - 2, height: 1 };
        line_at(buffer, at, line, theme);
    }
}
