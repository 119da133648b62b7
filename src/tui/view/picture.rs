//! The picture of the years: how many incidents when. Every label has its year; empty spans stay empty.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::base::day::DayRange;
use crate::tui::bars::{self, Bar, Step};
use crate::tui::library::DayCount;
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
    let Some(range) = shown(state) else { return };
    let (from, to) = (range.earliest.to_string(), range.latest.to_string());
    let inner = Rect { x: area.x + 1, width: area.width - 2, ..area };
    text_at(buffer, inner, &from, theme.dim());
    let room = inner.width.saturating_sub((from.len() + to.len() + 2) as u16);
    let body = Rect { x: inner.x + from.len() as u16 + 1, width: room, ..area };
    let plot = Plot::new(&state.picture.days, range, here(state), theme, body);
    plot.draw(buffer);
    let end = body.x + plot.width() + 1;
    text_at(buffer, Rect { x: end, width: area.right().saturating_sub(end), ..area }, &to, theme.dim());
}

/// The columns for the scale, left of the bars.
const SCALE: u16 = 8;

/// Several lines: bars over an axis with labels.
fn large(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(range) = shown(state) else { return };
    let body = Rect { x: area.x + SCALE, width: area.width - SCALE - 1, height: area.height - 1, ..area };
    let plot = Plot::new(&state.picture.days, range, here(state), theme, body);
    let scale = Rect { height: 1, width: SCALE - 1, ..area };
    text_right(buffer, scale, &words::short(plot.most.into()), theme.dim());
    text_right(buffer, Rect { y: area.y + 1, ..scale }, plot.step.words(), theme.dim());
    plot.draw(buffer);
    plot.axis(Rect { y: area.bottom() - 1, height: 1, ..body }, buffer);
}

/// Returns the days that the picture shows.
pub(super) fn shown(state: &State) -> Option<DayRange> {
    state.picture.window.or(state.picture.extent)
}

/// Returns the days of the selected incident.
fn here(state: &State) -> Option<DayRange> {
    state.list.cursor.as_ref().map(|cursor| cursor.days)
}

/// The most columns that one bar takes, with the gap after it.
const WIDEST: usize = 9;

/// Bars spread over an area.
pub(super) struct Plot<'a> {
    step: Step,
    pub(super) bars: Vec<Bar>,
    /// The most incidents of any bar.
    pub(super) most: u32,
    /// The days of the selected incident.
    here: Option<DayRange>,
    theme: &'a Theme,
    pub(super) area: Rect,
}

impl Plot<'_> {
    pub(super) fn new<'a>(days: &[DayCount], range: DayRange, here: Option<DayRange>, theme: &'a Theme, area: Rect) -> Plot<'a> {
        let (step, bars) = bars::gather(days, range, usize::from(area.width).max(1));
        let most = bars.iter().map(Bar::total).max().unwrap_or(0);
        Plot { step, bars, most, here, theme, area }
    }

    /// Returns the columns that all bars take together.
    fn width(&self) -> u16 {
        (self.bars.len() * WIDEST).min(self.area.width.into()) as u16
    }

    /// Returns the column at which a bar begins.
    pub(super) fn column(&self, bar: usize) -> u16 {
        (bar * usize::from(self.width()) / self.bars.len().max(1)) as u16
    }

    /// Returns how many columns are filled of each bar: there is a gap between bars that have room for one.
    fn filled(&self) -> u16 {
        let columns = usize::from(self.width()) / self.bars.len().max(1);
        if columns > 1 { columns as u16 - 1 } else { 1 }
    }

    /// Tells whether the selected incident's days begin in a bar.
    fn holds(&self, bar: &Bar) -> bool {
        self.here.is_some_and(|days| bar.days.contains(days.earliest))
    }

    fn draw(&self, buffer: &mut Buffer) {
        let ground = if self.theme.ascii { "." } else { "·" };
        for x in 0..self.width() {
            buffer.set_string(self.area.x + x, self.area.bottom() - 1, ground, self.theme.dim());
        }
        for (i, bar) in self.bars.iter().enumerate().filter(|(_, bar)| bar.total() > 0) {
            self.bar(bar, self.area.x + self.column(i), self.area.height > 1, buffer);
        }
    }

    /// Draws the bars alone, each in the colour of its kinds.
    pub(super) fn bars_by_kind(&self, buffer: &mut Buffer) {
        for (i, bar) in self.bars.iter().enumerate().filter(|(_, bar)| bar.total() > 0) {
            self.bar(bar, self.area.x + self.column(i), true, buffer);
        }
    }

    fn bar(&self, bar: &Bar, x: u16, by_kind: bool, buffer: &mut Buffer) {
        let levels = u64::from(self.area.height) * 8;
        let level = (u64::from(bar.total()) * levels).div_ceil(self.most.max(1).into()) as usize;
        for row in 0..self.area.height {
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
            let glyph =
                if self.theme.ascii { "|" } else { ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"][eighths - 1] };
            for column in 0..self.filled() {
                buffer.set_string(x + column, self.area.bottom() - 1 - row, glyph, style);
            }
        }
    }

    /// Points at the bar of the selected incident, and writes where years, months or days begin, as many as have room.
    pub(super) fn axis(&self, area: Rect, buffer: &mut Buffer) {
        let pointed = self.bars.iter().position(|bar| self.holds(bar)).map(|bar| self.column(bar) + self.filled() / 2);
        if let Some(x) = pointed {
            let sign = if self.theme.ascii { "^" } else { "▲" };
            let at = Rect { x: area.x + x, width: 1, ..area }.intersection(area);
            text_at(buffer, at, sign, Style::new().add_modifier(Modifier::BOLD));
        }
        let mut free = 0;
        for (i, bar) in self.bars.iter().enumerate() {
            let Some(label) = label(self.step, bar.days, i == 0) else { continue };
            let (x, width) = (self.column(i), label.len() as u16);
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
