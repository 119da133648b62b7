//! The picture of the years: how many incidents when. Every label has its year; empty spans stay empty.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::base::day::DayRange;
use crate::tui::bars::{Bar, Measure, Step};
use crate::tui::spread::{SCALE, Spread, shown};
use crate::tui::state::State;
use crate::tui::view::theme::Theme;
use crate::tui::view::{over, text_at, text_right};
use crate::tui::words;

/// A cell of a bar that is filled by one eighth to eight.
const BLOCKS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII: [&str; 8] = [":", ":", ":", "|", "|", "|", "#", "#"];

pub(super) fn draw(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if area.height == 1 {
        small(state, theme, area, buffer);
    } else {
        large(state, theme, area, buffer);
    }
}

/// One line: the first days, a bar for each span, the last days.
fn small(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let (Some(range), Some(spread)) = (shown(state), Spread::of_picture(state)) else { return };
    let inner = Rect { x: area.x + 1, width: area.width - 2, ..area };
    text_at(buffer, inner, &range.earliest.to_string(), theme.dim());
    let plot = Plot::new(spread, state.picture.measure, here(state), theme);
    plot.draw(buffer);
    plot.brush(state.picture.brushed(), buffer);
    let end = plot.spread.area.x + plot.spread.width() + 1;
    let rest = Rect { x: end, width: area.right().saturating_sub(end), ..area };
    text_at(buffer, rest, &range.latest.to_string(), theme.dim());
}

/// Several lines: bars over an axis with labels, beside them what the highest stands for.
fn large(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(spread) = Spread::of_picture(state) else { return };
    let plot = Plot::new(spread, state.picture.measure, here(state), theme);
    let words = match state.picture.measure {
        Measure::Incidents => ["", ""],
        Measure::Affected => ["people", "(log)"],
    };
    let most = words::short(plot.most);
    for (line, text) in [most.as_str(), plot.spread.step.words(), words[0], words[1]].into_iter().enumerate() {
        let at = Rect { y: area.y + line as u16, height: 1, width: SCALE - 1, ..area };
        if at.y < area.bottom() {
            text_right(buffer, at, text, theme.dim());
        }
    }
    plot.draw(buffer);
    let axis = Rect { y: area.bottom() - 1, height: 1, ..plot.spread.area };
    let brushed = state.picture.brushed();
    match (brushed, plot.brush(brushed, buffer)) {
        (Some(days), Some(from)) => {
            let text = days.to_string();
            let x = from.min(axis.right().saturating_sub(text.len() as u16)).max(axis.x);
            text_at(buffer, Rect { x, width: axis.right() - x, ..axis }, &text, Style::new().add_modifier(Modifier::BOLD));
        }
        _ => plot.axis(axis, buffer),
    }
}

/// Returns the days of the selected incident.
fn here(state: &State) -> Option<DayRange> {
    state.list.cursor.as_ref().map(|cursor| cursor.days)
}

/// Bars as they are drawn.
pub(super) struct Plot<'a> {
    pub(super) spread: Spread,
    measure: Measure,
    /// The most of any bar.
    pub(super) most: u64,
    /// The days of the selected incident.
    here: Option<DayRange>,
    theme: &'a Theme,
}

impl Plot<'_> {
    pub(super) fn new(spread: Spread, measure: Measure, here: Option<DayRange>, theme: &Theme) -> Plot<'_> {
        let most = spread.bars.iter().map(Bar::total).max().unwrap_or(0);
        Plot { spread, measure, most, here, theme }
    }

    /// Tells whether the selected incident's days begin in a bar.
    fn holds(&self, bar: &Bar) -> bool {
        self.here.is_some_and(|days| bar.days.contains(days.earliest))
    }

    fn draw(&self, buffer: &mut Buffer) {
        let ground = if self.theme.ascii { "." } else { "·" };
        for x in 0..self.spread.width() {
            buffer.set_string(self.spread.area.x + x, self.spread.area.bottom() - 1, ground, self.theme.dim());
        }
        for (i, bar) in self.spread.bars.iter().enumerate().filter(|(_, bar)| bar.total() > 0) {
            self.bar(i, bar, self.spread.area.height > 1, buffer);
        }
    }

    /// Draws the bars alone, each in the colour of its kinds.
    pub(super) fn bars_by_kind(&self, buffer: &mut Buffer) {
        for (i, bar) in self.spread.bars.iter().enumerate().filter(|(_, bar)| bar.total() > 0) {
            self.bar(i, bar, true, buffer);
        }
    }

    /// Shows which bars the mouse is drawn over; returns the column where they begin.
    fn brush(&self, days: Option<DayRange>, buffer: &mut Buffer) -> Option<u16> {
        let days = days?;
        let within = |bar: &Bar| days.earliest <= bar.days.earliest && bar.days.latest <= days.latest;
        let (first, last) = (self.spread.bars.iter().position(within)?, self.spread.bars.iter().rposition(within)?);
        let area = self.spread.area;
        let (from, to) = (area.x + self.spread.column(first), area.x + self.spread.column(last) + self.spread.filled(last));
        over(
            buffer,
            Rect { x: from, width: to - from, ..area }.intersection(area),
            Style::new().add_modifier(Modifier::REVERSED),
        );
        Some(from)
    }

    fn bar(&self, number: usize, bar: &Bar, by_kind: bool, buffer: &mut Buffer) {
        let x = self.spread.area.x + self.spread.column(number);
        let level = self.measure.level(bar.total(), self.most, usize::from(self.spread.area.height) * 8);
        for row in 0..self.spread.area.height {
            let below = usize::from(row) * 8;
            let eighths = level.saturating_sub(below).min(8);
            if eighths == 0 {
                return;
            }
            let style = match by_kind {
                false if self.holds(bar) => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
                false => self.theme.bar(),
                true => bar.kind_at(below + eighths / 2, level).map_or(Style::new(), |kind| self.theme.kind(kind)),
            };
            let glyphs = if self.theme.ascii { ASCII } else { BLOCKS };
            let glyph = glyphs[eighths - 1];
            // The ground below is dim; the bar is not.
            let style = Style::reset().patch(style);
            for column in 0..self.spread.filled(number) {
                buffer.set_string(x + column, self.spread.area.bottom() - 1 - row, glyph, style);
            }
        }
    }

    /// Points at the bar of the selected incident, and writes where years, months or days begin, as many as have room.
    pub(super) fn axis(&self, area: Rect, buffer: &mut Buffer) {
        let pointed = self
            .spread
            .bars
            .iter()
            .position(|bar| self.holds(bar))
            .map(|bar| self.spread.column(bar) + self.spread.filled(bar) / 2);
        if let Some(x) = pointed {
            let sign = if self.theme.ascii { "^" } else { "▲" };
            let at = Rect { x: area.x + x, width: 1, ..area }.intersection(area);
            text_at(buffer, at, sign, Style::new().add_modifier(Modifier::BOLD));
        }
        let mut free = 0;
        for (i, bar) in self.spread.bars.iter().enumerate() {
            let Some(label) = label(self.spread.step, bar.days, i == 0) else { continue };
            let (x, width) = (self.spread.column(i), label.len() as u16);
            let taken = pointed.is_some_and(|pointed| (x..=x + width).contains(&pointed));
            if x < free || x + width > area.width || taken {
                continue;
            }
            text_at(buffer, Rect { x: area.x + x, width, ..area }, &label, self.theme.dim());
            free = x + width + 1;
        }
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
