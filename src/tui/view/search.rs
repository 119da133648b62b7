//! The search line, with what is wrong with it right below the words that are wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Clear, Widget};

use crate::base::span::Span;
use crate::library::Trouble;
use crate::tui::layout::Areas;
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::update::sentence;
use crate::tui::view::text_at;
use crate::tui::view::theme::Theme;

/// What stands in an empty search line.
const HINTS: [&str; 2] = [
    "search: words \"phrases\" victim: attacker: kind: records:>1M after:2011-05",
    "search: words \"phrases\" victim: attacker: kind:",
];

/// The columns before the text.
const BEFORE: u16 = 3;

/// Draws the line; returns where the cursor stands while one types.
pub(super) fn draw(state: &State, theme: &Theme, areas: &Areas, buffer: &mut Buffer) -> Option<Position> {
    let area = areas.search;
    let search = &state.search;
    let bold = Style::new().add_modifier(Modifier::BOLD);
    text_at(buffer, Rect { x: area.x + 1, width: 1, ..area }, "/", if search.open { bold } else { theme.dim() });
    let room = text_room(areas);
    let value = search.input.value();
    if value.is_empty() {
        let fits = |hint: &&str| hint.len() < room.width.into();
        text_at(buffer, room, HINTS.into_iter().find(fits).unwrap_or(""), theme.dim());
    }
    let scroll = search.input.visual_scroll(room.width.into());
    let shown = after_columns(value, scroll);
    text_at(buffer, room, shown, Style::new());
    let column = u16::try_from(search.input.visual_cursor().saturating_sub(scroll)).unwrap_or(u16::MAX);
    search.open.then(|| Position::new(room.x + column.min(room.width.saturating_sub(1)), room.y))
}

/// Draws what is wrong, under the words that are wrong.
pub(super) fn fault(state: &State, theme: &Theme, areas: &Areas, buffer: &mut Buffer) {
    let (Some(fault), Some(line)) = (&state.search.fault, areas.fault) else { return };
    let room = text_room(areas);
    let value = state.search.input.value();
    let shown = after_columns(value, state.search.input.visual_scroll(room.width.into()));
    draw_fault(value, value.len() - shown.len(), fault, theme, areas, line, buffer);
}

/// Returns the columns of the lines between panes: what is wrong is told over whole panes, and does not mix with half of one.
fn borders(areas: &Areas) -> impl Iterator<Item = u16> {
    let counts = areas.facets.map(|area| area.right() - 1);
    let rule = areas.rule.filter(|area| area.width == 1).map(|area| area.x);
    [counts, rule].into_iter().flatten()
}

fn text_room(areas: &Areas) -> Rect {
    Rect { x: areas.search.x + BEFORE, width: areas.search.width - BEFORE - 1, ..areas.search }
}

/// Returns the rest of a text after its first `skip` columns.
pub(super) fn after_columns(text: &str, skip: usize) -> &str {
    if skip == 0 {
        return text;
    }
    let cut = text.char_indices().map(|(at, _)| at).find(|at| lines::columns(&text[..*at]) >= skip);
    &text[cut.unwrap_or(text.len())..]
}

fn draw_fault(text: &str, hidden: usize, fault: &Trouble, theme: &Theme, areas: &Areas, line: Rect, buffer: &mut Buffer) {
    let room = text_room(areas);
    let span = match fault {
        Trouble::Query { span: Some(span), .. } if text.get(span.start..span.end).is_some() => *span,
        _ => Span::new(hidden, hidden),
    };
    let (start, end) = (span.start.max(hidden), span.end.max(hidden));
    let before = lines::columns(&text[hidden..start]).min(room.width.saturating_sub(1).into());
    let wide = lines::columns(&text[start..end]).clamp(1, usize::from(room.width) - before);
    let at = Rect { x: room.x + before as u16, width: wide as u16, ..room };
    buffer.set_style(at, theme.warn().add_modifier(Modifier::UNDERLINED));
    let message = format!("{} {}", if theme.ascii { "^" } else { "↑" }, lines::shown(&sentence(fault)));
    let columns = lines::columns(&message);
    let space = usize::from(line.width) - 1;
    let x = usize::from(at.x).min(space.saturating_sub(columns)).max(1);
    let area = Rect { x: line.x + x as u16, width: line.width - x as u16, height: 1, ..line };
    let rows = lines::wrap(&message, space - x);
    // No more panes than it needs: what stands in those beside it stays.
    let widest = rows.iter().map(|range| lines::columns(&message[range.clone()])).max().unwrap_or(0);
    let width = borders(areas).find(|border| usize::from(*border) > x + widest).unwrap_or(line.width);
    Clear.render(Rect { width, height: line.height.min(rows.len() as u16), ..line }, buffer);
    for (row, range) in rows.into_iter().enumerate().take(line.height.into()) {
        text_at(buffer, Rect { y: area.y + row as u16, ..area }, &message[range], theme.warn());
    }
}
