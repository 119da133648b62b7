//! The counts at the side; what the search holds already is marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::library::Facet;
use crate::model::report::Kind;
use crate::tui::counts::CountLine;
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
    let facets = &state.facets;
    let selected_line = facets.line_of(facets.item);
    let rows = facets.lines.iter().enumerate().skip(facets.scroll).take(area.height.into());
    for (y, (number, line)) in (area.y..).zip(rows) {
        let at = Rect { y, height: 1, ..inner };
        match *line {
            CountLine::Field(field) => {
                text_at(buffer, at, &lines::shown(&facets.facets[field].field), theme.heading());
            }
            CountLine::Value(field, value) => count(state, &facets.facets[field], value, theme, at, buffer),
            CountLine::More(_, many) => {
                text_at(buffer, at, &format!("  {} more", words::grouped(many as u64)), theme.dim());
            }
            CountLine::Blank => {}
        }
        if number == selected_line && state.focus == Focus::Facets {
            over(buffer, at, selected(true));
        }
    }
    if facets.facets.is_empty() {
        let text = if facets.pending.is_some() { "counting" } else { "nothing to count" };
        text_at(buffer, Rect { height: 1.min(area.height), ..inner }, text, theme.dim());
    }
}

/// Draws a value and how many have it; one that the search holds is marked.
fn count(state: &State, facet: &Facet, value: usize, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    let Some((value, count)) = facet.values.get(value) else { return };
    let taken = text_right(buffer, at, &words::short(*count), theme.dim());
    let on = chosen(state, &facet.field, value);
    let mark = match (on, theme.ascii) {
        (true, false) => "● ",
        (true, true) => "* ",
        (false, _) => "  ",
    };
    let room = usize::from(at.width.saturating_sub(taken + 3));
    let name = lines::cut(value, room, if theme.ascii { "..." } else { "…" });
    // Kinds have the colours that they have in the picture above.
    let kind = Kind::ALL.into_iter().find(|kind| facet.field == "kind" && kind.word() == value);
    let style = kind.map_or(Style::new(), |kind| theme.kind(kind));
    let style = if on { style.add_modifier(Modifier::BOLD) } else { style };
    text_at(buffer, at, &format!("{mark}{name}"), style);
}
