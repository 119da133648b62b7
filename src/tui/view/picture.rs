//! The picture of the years: how many incidents when. Every label has its year; empty spans stay empty.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::base::day::DayRange;
use crate::tui::bars::{self, Bar, Step};
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::view::text_at;
use crate::tui::view::theme::Theme;
use crate::tui::words;

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if area.height == 1 {
        small(state, theme, area, buffer);
    } else {
        large(state, theme, area, buffer);
    }
}

/// One line: the first days, a bar for each span, the last days.
fn small(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let picture = &state.picture;
    let Some(range) = picture.window.or(picture.extent) else { return };
    let (from, to) = (range.earliest.to_string(), range.latest.to_string());
    let room = usize::from(area.width).saturating_sub(from.len() + to.len() + 4);
    let (_, bars) = bars::gather(&picture.days, range, room.max(1));
    let cell = cell(room, bars.len());
    let inner = Rect { x: area.x + 1, width: area.width - 2, ..area };
    text_at(buffer, inner, &from, theme.dim());
    let start = inner.x + from.len() as u16 + 1;
    draw_bars(state, &bars, cell, theme, Rect { x: start, width: room as u16, ..area }, buffer);
    let end = start + (bars.len() * cell) as u16 + 1;
    text_at(buffer, Rect { x: end, width: area.right().saturating_sub(end), ..area }, &to, theme.dim());
}

/// Several lines: bars over an axis with labels.
fn large(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let picture = &state.picture;
    let Some(range) = picture.window.or(picture.extent) else { return };
    let left = 8;
    let room = usize::from(area.width).saturating_sub(left + 1);
    let (step, bars) = bars::gather(&picture.days, range, room);
    let cell = cell(room, bars.len());
    let body = Rect { x: area.x + left as u16, width: room as u16, height: area.height - 1, ..area };
    let most = bars.iter().map(Bar::total).max().unwrap_or(0);
    let top = lines::fit_right(&words::short(most.into()), left - 1, "");
    text_at(buffer, Rect { height: 1, ..area }, &top, theme.dim());
    let per = lines::fit_right(step.words(), left - 1, "");
    text_at(buffer, Rect { y: area.y + 1, height: 1, ..area }, &per, theme.dim());
    draw_bars(state, &bars, cell, theme, body, buffer);
    let axis = Rect { y: area.bottom() - 1, height: 1, x: body.x, width: body.width };
    let pointed = pointer(state, &bars, cell, theme, axis, buffer);
    labels(step, &bars, cell, pointed, theme, axis, buffer);
}

/// Returns how many columns a bar takes, with the gap after it.
fn cell(room: usize, bars: usize) -> usize {
    room.checked_div(bars).map_or(1, |columns| columns.clamp(1, 9))
}

fn draw_bars(state: &State, bars: &[Bar], cell: usize, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let most = bars.iter().map(Bar::total).max().unwrap_or(0).max(1);
    let wide = wide(cell) as u16;
    let levels = u64::from(area.height) * 8;
    let here = state.list.cursor.as_ref().map(|cursor| cursor.days);
    for (i, bar) in bars.iter().enumerate() {
        let x = area.x + (i * cell) as u16;
        if x + wide > area.right() {
            return;
        }
        let level = (u64::from(bar.total()) * levels).div_ceil(most.into()) as usize;
        for row in 0..area.height {
            let below = usize::from(row) * 8;
            let filled = level.saturating_sub(below).min(8);
            let style = match area.height {
                1 if holds(bar, here) => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
                1 => theme.bar(),
                _ => bar.kind_at(below + filled / 2, level).map_or(Style::new(), |kind| theme.kind(kind)),
            };
            let style = if filled == 0 && !holds(bar, here) { theme.dim() } else { style };
            let glyph = glyph(filled, row == 0, theme.ascii);
            for column in 0..wide {
                buffer.set_string(x + column, area.bottom() - 1 - row, glyph, style);
            }
        }
    }
}

/// Returns how many columns of a bar are filled: there is a gap between bars that are wide enough.
fn wide(cell: usize) -> usize {
    if cell > 2 { cell - 1 } else { cell }
}

/// Tells whether the selected incident's days begin in a bar.
fn holds(bar: &Bar, here: Option<DayRange>) -> bool {
    here.is_some_and(|days| bar.days.contains(days.earliest))
}

fn glyph(filled: usize, lowest: bool, ascii: bool) -> &'static str {
    match (filled, lowest, ascii) {
        (0, false, _) => " ",
        (0, true, false) => "·",
        (0, true, true) => ".",
        (_, _, true) => "|",
        (filled, _, false) => ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][(filled - 1).min(7)],
    }
}

/// Points from the axis at the bar of the selected incident; returns the columns that are taken by that.
fn pointer(state: &State, bars: &[Bar], cell: usize, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<usize> {
    let here = state.list.cursor.as_ref().map(|cursor| cursor.days);
    let bar = bars.iter().position(|bar| holds(bar, here))?;
    let x = bar * cell + wide(cell) / 2;
    let at = Rect { x: area.x + x as u16, width: 1, ..area }.intersection(area);
    text_at(buffer, at, if theme.ascii { "^" } else { "▲" }, Style::new().add_modifier(Modifier::BOLD));
    Some(x)
}

/// Writes under the bars where years, months or days begin, as many as have room.
fn labels(step: Step, bars: &[Bar], cell: usize, pointed: Option<usize>, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut free = 0;
    for (i, bar) in bars.iter().enumerate() {
        let Some(label) = label(step, bar.days, i == 0) else { continue };
        let x = i * cell;
        let taken = pointed.is_some_and(|pointed| (x..=x + label.len()).contains(&pointed));
        if x < free || x + label.len() > usize::from(area.width) || taken {
            continue;
        }
        text_at(buffer, Rect { x: area.x + x as u16, width: label.len() as u16, ..area }, &label, theme.dim());
        free = x + label.len() + 1;
    }
}

/// Returns the label of a bar, if it is one to have a label: the first, and those that begin something larger.
fn label(step: Step, days: DayRange, first: bool) -> Option<String> {
    let start = days.earliest;
    let month = format!("{:04}-{:02}", start.year(), start.month());
    let year = format!("{:04}", start.year());
    let begins_month = start.day_of_month() == 1;
    let begins_year = start.month() == 1;
    match step {
        Step::Day if first || start.weekday() == crate::base::day::Weekday::Monday => Some(start.to_string()),
        Step::Week if first || days.latest.day_of_month() < 8 => {
            Some(format!("{:04}-{:02}", days.latest.year(), days.latest.month()))
        }
        Step::Month | Step::Quarter if begins_year && begins_month => Some(year),
        Step::Month | Step::Quarter if first => Some(month),
        Step::Year => Some(year),
        Step::Decade => Some(format!("{year}s")),
        _ => None,
    }
}
