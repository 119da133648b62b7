//! The opened incident: its sheet, scrolled, with a bar beside what is selected.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::lines;
use crate::tui::state::{Focus, State};
use crate::tui::view::theme::Theme;
use crate::tui::view::{line_at, text_at};

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let detail = &state.detail;
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    if detail.incident.is_none() {
        let (text, style) = match (&detail.fault, state.list.cursor.is_some()) {
            (Some(fault), _) => (lines::shown(fault), theme.warn()),
            (None, true) => ("reading".to_owned(), theme.dim()),
            (None, false) => (String::new(), theme.dim()),
        };
        text_at(buffer, Rect { height: 1.min(area.height), ..inner }, &text, style);
        return;
    }
    let selected = detail.sheet.items.get(detail.item).map(|item| item.lines.clone());
    for row in 0..area.height {
        let number = detail.scroll + usize::from(row);
        let Some(line) = detail.sheet.lines.get(number) else { break };
        let at = Rect { y: area.y + row, height: 1, ..inner };
        line_at(buffer, at, line, theme);
        if state.focus == Focus::Detail && selected.as_ref().is_some_and(|lines| lines.contains(&number)) {
            let bar = if theme.ascii { ">" } else { "▌" };
            text_at(buffer, Rect { x: area.x, width: 1, ..at }, bar, theme.heading());
        }
    }
    more(state, theme, area, buffer);
}

/// Says at the end of the last line that there is more below.
fn more(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let below = state.detail.sheet.lines.len().saturating_sub(state.detail.scroll + usize::from(area.height));
    if below > 0 && area.height > 0 {
        let at = Rect { x: area.x + area.width - 1, y: area.y + area.height - 1, width: 1, height: 1 };
        buffer.set_string(at.x, at.y, if theme.ascii { "v" } else { "↓" }, Style::new());
    }
    if state.detail.scroll > 0 && area.height > 0 {
        buffer.set_string(area.x + area.width - 1, area.y, if theme.ascii { "^" } else { "↑" }, Style::new());
    }
}
