//! Draws the state. Changes nothing, asks nothing, remembers nothing.

mod article;
mod command;
mod detail;
mod facets;
mod footer;
mod header;
mod help;
mod lanes;
mod list;
mod picture;
mod search;
pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::tui::layout::{self, Areas, Arrangement};
use crate::tui::lines::{self, Line};
use crate::tui::state::{Focus, State};
use crate::tui::view::theme::Theme;

/// Draws the whole screen; returns where the terminal's cursor is to stand, if anywhere.
pub fn draw(state: &State, buffer: &mut Buffer) -> Option<Position> {
    if (buffer.area.width, buffer.area.height) != state.size {
        return None; // The terminal has just changed; the message that says so is on its way.
    }
    let theme = Theme::new(state.look, &state.palette);
    let Some(areas) = layout::areas(state) else {
        too_small(state, buffer);
        return None;
    };
    header::draw(state, &theme, areas.header, buffer);
    if let Some(area) = areas.picture {
        picture::draw(state, &theme, area, buffer);
    }
    let cursor = search::draw(state, &theme, &areas, buffer);
    if let Some(area) = areas.facets {
        facets::draw(state, &theme, area, buffer);
    }
    if let Some((area, whose)) = areas.lanes.zip(state.lanes.shown) {
        lanes::draw(state, whose, &theme, area, buffer);
    }
    list::draw(state, &theme, &areas, buffer);
    rule(state, &theme, &areas, buffer);
    if let Some(area) = areas.side {
        detail::draw(state, &theme, area, buffer);
    }
    if let Some((area, reading)) = areas.article.zip(state.article.as_ref()) {
        article::draw(state, reading, &theme, area, buffer);
    }
    search::fault(state, &theme, &areas, buffer);
    footer::draw(state, &theme, areas.footer, buffer);
    let cursor = command::draw(state, &theme, areas.footer, buffer).or(cursor);
    if let Some(scroll) = state.help {
        help::draw(state, scroll, &theme, buffer);
        return None;
    }
    cursor
}

fn too_small(state: &State, buffer: &mut Buffer) {
    let (width, height) = layout::SMALLEST;
    let text = format!("too small: {}x{}, needs {width}x{height}", state.size.0, state.size.1);
    let area = buffer.area;
    if area.height > 0 {
        text_at(buffer, Rect { height: 1, ..area }, &text, Style::new());
    }
}

/// Draws the line between the list and the incident; it is bright on the side where keys go.
fn rule(state: &State, theme: &Theme, areas: &Areas, buffer: &mut Buffer) {
    let Some(area) = areas.rule else { return };
    let glyph = match (layout::arrangement(state.size), state.look.ascii) {
        (Arrangement::Beside, false) => "│",
        (Arrangement::Beside, true) => "|",
        (_, false) => "─",
        (_, true) => "-",
    };
    let style = if matches!(state.focus, Focus::Detail | Focus::Article) { Style::new() } else { theme.dim() };
    for position in area.positions() {
        buffer.set_string(position.x, position.y, glyph, style);
    }
    for position in areas.article_rule.into_iter().flat_map(Rect::positions) {
        buffer.set_string(position.x, position.y, if state.look.ascii { "-" } else { "─" }, theme.dim());
    }
}

/// Writes text that is safe already, cut at the end of the area's first line; returns the columns it took.
fn text_at(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    if area.height == 0 || area.width == 0 {
        return 0;
    }
    let text = lines::cut(text, area.width.into(), "");
    let (x, _) = buffer.set_stringn(area.x, area.y, &text, area.width.into(), style);
    x - area.x
}

/// Writes text at the right end of the area's first line; returns the columns it took.
fn text_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let width = u16::try_from(lines::columns(text)).unwrap_or(u16::MAX).min(area.width);
    let at = Rect { x: area.x + area.width - width, width, ..area };
    text_at(buffer, at, text, style)
}

/// Writes a line of pieces, each in the style of its tone.
fn line_at(buffer: &mut Buffer, area: Rect, line: &Line, theme: &Theme) {
    let mut rest = area;
    for piece in line {
        let used = text_at(buffer, rest, &piece.text, theme.style(piece.tone));
        rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
    }
}

/// Lays a style over a whole area.
fn over(buffer: &mut Buffer, area: Rect, style: Style) {
    buffer.set_style(area, style);
}

/// Returns the style of what is selected: reversed where keys go to it, else underlined.
fn selected(here: bool) -> Style {
    Style::new().add_modifier(if here { Modifier::REVERSED } else { Modifier::BOLD })
}
