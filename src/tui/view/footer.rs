//! The last line: where keys go, the ones to know there (from the table), and what there is to say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::keys;
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{text_at, text_right};
use crate::tui::words;

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let place = format!(" {} ", state.place().title());
    let used = text_at(buffer, area, &place, Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD));
    let mut rest = Rect { x: area.x + used + 1, width: area.width - used - 2, ..area };
    let position = position(state);
    let taken = text_right(buffer, rest, &position, theme.dim());
    rest.width = rest.width.saturating_sub(taken + 1);
    match &state.notice {
        Some(notice) => {
            let style = if notice.bad { theme.warn() } else { Style::new().add_modifier(Modifier::BOLD) };
            let mark = if theme.ascii { "..." } else { "…" };
            text_at(buffer, rest, &lines::cut(&notice.text, rest.width.into(), mark), style);
        }
        None => hints(state, theme, rest, buffer),
    }
}

fn position(state: &State) -> String {
    if state.list.total == 0 {
        return String::new();
    }
    format!("{}/{}", words::grouped(state.list.at as u64 + 1), words::grouped(state.list.total as u64))
}

fn hints(state: &State, theme: &Theme, mut rest: Rect, buffer: &mut Buffer) {
    for binding in keys::bindings(state.place()).filter(|binding| !binding.footer.is_empty()) {
        let key = binding.keys[0].to_string();
        let needed = key.len() + 1 + binding.footer.len();
        if usize::from(rest.width) < needed {
            return;
        }
        let bold = Style::new().add_modifier(Modifier::BOLD);
        text_at(buffer, rest, &key, bold);
        let after = Rect { x: rest.x + key.len() as u16 + 1, width: rest.width - key.len() as u16 - 1, ..rest };
        text_at(buffer, after, binding.footer, theme.dim());
        let step = (needed + 2).min(rest.width.into()) as u16;
        rest = Rect { x: rest.x + step, width: rest.width - step, ..rest };
    }
}
