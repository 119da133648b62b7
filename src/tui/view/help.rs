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
    let shown = layout::help(state);
    let lines = help::lines(&state.keys, state.look, shown.width);
    let title = Rect { x: area.x + 1, width: area.width - 2, height: 1, ..area };
    text_at(buffer, title, "Help", Style::new().add_modifier(Modifier::BOLD));
    let page = shown.columns * shown.lines;
    let last = lines.len().min(scroll + page);
    text_right(buffer, title, &format!("lines {} to {last} of {}", scroll + 1, lines.len()), theme.dim());
    for (i, line) in lines.iter().skip(scroll).take(page).enumerate() {
        let (column, row) = ((i / shown.lines) as u16, (i % shown.lines) as u16);
        let width = shown.width as u16;
        let at = Rect { x: area.x + 1 + column * (width + 1), y: area.y + 1 + row, width, height: 1 };
        line_at(buffer, at, line, theme);
    }
}
