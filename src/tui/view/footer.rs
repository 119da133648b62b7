//! The last line: where keys go, the ones to know there (from the table), and what there is to say.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::keymap::Bound;
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::view::command;
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
            let text = lines::shown(&notice.text);
            if lines::columns(&text) <= rest.width.into() {
                text_at(buffer, rest, &text, style);
            } else {
                command::above(&text, style, area, buffer);
                hints(state, theme, rest, buffer);
            }
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

/// Writes the keys of the place, the last two (help and the way out) in any case, of the others as many as have room.
fn hints(state: &State, theme: &Theme, rest: Rect, buffer: &mut Buffer) {
    let told = |bound: &&Bound| !bound.binding.footer.is_empty() && !bound.keys.is_empty();
    let all: Vec<&Bound> = state.keys.bound(state.place()).filter(told).collect();
    let (others, last) = all.split_at(all.len().saturating_sub(2));
    let mut room = usize::from(rest.width).saturating_sub(last.iter().map(|bound| width(bound)).sum());
    let mut x = rest.x;
    let fitting = others.iter().take_while(|bound| {
        let fits = width(bound) <= room;
        room = room.saturating_sub(width(bound));
        fits
    });
    for bound in fitting.copied().collect::<Vec<_>>().into_iter().chain(last.iter().copied()) {
        let at = Rect { x, width: rest.right().saturating_sub(x), ..rest };
        let key = text_at(buffer, at, &bound.keys[0].to_string(), Style::new().add_modifier(Modifier::BOLD));
        let after = Rect { x: x + key + 1, width: at.width.saturating_sub(key + 1), ..at };
        text_at(buffer, after, bound.binding.footer, theme.dim());
        x = x.saturating_add(width(bound) as u16);
    }
}

fn width(bound: &Bound) -> usize {
    bound.keys[0].to_string().len() + 1 + bound.binding.footer.len() + 2
}
