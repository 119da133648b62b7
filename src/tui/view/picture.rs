//! The picture of the years: how many incidents when. Every label has its year; empty spans stay empty.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::base::day::DayRange;
use crate::tui::bars::{self, Bar, Step};
use crate::tui::lines;
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{text_at, text_right};
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
    let Some(range) = picture.window.or_else(|| bars::extent(&picture.days)) else { return };
    let (from, to) = (range.earliest.to_string(), range.latest.to_string());
    let room = usize::from(area.width).saturating_sub(from.len() + to.len() + 4);
    let (_, bars) = bars::gather(&picture.days, picture.window, room.max(1));
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
    let left = 6;
    let room = usize::from(area.width).saturating_sub(left + 1);
    let (step, bars) = bars::gather(&picture.days, picture.window, room);
    let cell = cell(room, bars.len());
    let body = Rect { x: area.x + left as u16, width: room as u16, height: area.height - 1, ..area };
    let most = bars.iter().map(Bar::total).max().unwrap_or(0);
    let top = lines::fit_right(&words::short(most.into()), left - 1, "");
    text_at(buffer, Rect { height: 1, ..area }, &top, theme.dim());
    draw_bars(state, &bars, cell, theme, body, buffer);
    let axis = Rect { y: area.bottom() - 1, height: 1, x: body.x, width: body.width };
    let note = format!("each bar {}", step.words());
    let noted = text_right(buffer, axis, &note, theme.dim());
    labels(step, &bars, cell, theme, Rect { width: axis.width.saturating_sub(noted + 1), ..axis }, buffer);
}

/// Returns how many columns a bar takes, with the gap after it.
fn cell(room: usize, bars: usize) -> usize {
    room.checked_div(bars).map_or(1, |columns| columns.clamp(1, 9))
}

fn draw_bars(state: &State, bars: &[Bar], cell: usize, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let most = bars.iter().map(Bar::total).max().unwrap_or(0).max(1);
    let wide = if cell > 2 { cell - 1 } else { cell } as u16;
    let levels = usize::from(area.height) * 8;
    let here = state.list.cursor.as_ref().map(|cursor| cursor.days);
    for (i, bar) in bars.iter().enumerate() {
        let x = area.x + (i * cell) as u16;
        if x + wide > area.right() {
            return;
        }
        let level = match bar.total() {
            0 => 0,
            count => ((u64::from(count) * levels as u64).div_ceil(most.into()) as usize).max(1),
        };
        let style = if holds(bar, here) { Style::new().add_modifier(Modifier::BOLD) } else { theme.bar() };
        for row in 0..area.height {
            let y = area.bottom() - 1 - row;
            let filled = level.saturating_sub(usize::from(row) * 8).min(8);
            let glyph = glyph(filled, row == 0, holds(bar, here), theme.ascii);
            for column in 0..wide {
                buffer.set_string(x + column, y, glyph, if filled == 0 { theme.dim() } else { style });
            }
        }
    }
}

/// Tells whether the selected incident's days begin in a bar.
fn holds(bar: &Bar, here: Option<DayRange>) -> bool {
    here.is_some_and(|days| bar.days.contains(days.earliest))
}

fn glyph(filled: usize, lowest: bool, here: bool, ascii: bool) -> &'static str {
    match (filled, ascii) {
        (0, false) if lowest && here => "_",
        (0, _) => {
            if lowest {
                if ascii { "." } else { "·" }
            } else {
                " "
            }
        }
        (_, true) => {
            if here {
                "#"
            } else {
                "|"
            }
        }
        (filled, false) => [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][filled],
    }
}

/// Writes under the bars where years, months or days begin, as many as have room.
fn labels(step: Step, bars: &[Bar], cell: usize, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut free = 0;
    for (i, bar) in bars.iter().enumerate() {
        let Some(label) = label(step, bar.days, i == 0) else { continue };
        let x = i * cell;
        if x < free || x + label.len() > usize::from(area.width) {
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
