//! Bars spread over an area of the screen: which column is whose. Pure, since both `view` (to draw) and `update` (for the mouse) ask.

use ratatui::layout::Rect;

use crate::base::day::DayRange;
use crate::library::DayCount;
use crate::tui::bars::{self, Bar, Measure, Step};
use crate::tui::layout;
use crate::tui::state::State;

/// The most columns that one bar takes, with the gap after it.
const WIDEST: usize = 9;

/// The columns for the scale, left of the bars.
pub const SCALE: u16 = 8;

/// Bars and where they stand.
#[derive(Clone, Debug)]
pub struct Spread {
    /// How long a bar is.
    pub step: Step,
    /// The bars, the oldest first.
    pub bars: Vec<Bar>,
    /// Where they stand.
    pub area: Rect,
}

impl Spread {
    /// Gathers counts over the days of a range into bars that have room in an area.
    pub fn new(days: &[DayCount], measure: Measure, range: DayRange, area: Rect) -> Spread {
        let (step, bars) = bars::gather(days, measure, range, usize::from(area.width).max(1));
        Spread { step, bars, area }
    }

    /// Returns the bars of the picture of the years; None where it is not on the screen.
    pub fn of_picture(state: &State) -> Option<Spread> {
        let (area, range) = (layout::areas(state)?.picture?, shown(state)?);
        let body = if area.height == 1 {
            let (from, to) = (range.earliest.to_string().len() as u16, range.latest.to_string().len() as u16);
            Rect { x: area.x + from + 2, width: area.width.saturating_sub(from + to + 4), ..area }
        } else {
            Rect { x: area.x + SCALE, width: area.width - SCALE - 1, height: area.height - 1, ..area }
        };
        Some(Spread::new(&state.picture.days, state.picture.measure, range, body))
    }

    /// Returns the columns that all bars take together.
    pub fn width(&self) -> u16 {
        (self.bars.len() * WIDEST).min(self.area.width.into()) as u16
    }

    /// Returns the column at which a bar begins, from that at which the area does.
    pub fn column(&self, bar: usize) -> u16 {
        (bar * usize::from(self.width()) / self.bars.len().max(1)) as u16
    }

    /// Returns how many columns are filled of a bar. Between all bars there is a gap of one column, or between none: a gap here and there
    /// would look like a span without incidents.
    pub fn filled(&self, bar: usize) -> u16 {
        let gap = u16::from(usize::from(self.width()) >= 2 * self.bars.len());
        (self.column(bar + 1) - self.column(bar)).saturating_sub(gap).max(1)
    }

    /// Returns the days of the bar that stands at a column of the screen, the nearest one beside them.
    pub fn days_at(&self, x: u16) -> Option<DayRange> {
        let column = x.saturating_sub(self.area.x);
        let after = (0..self.bars.len()).find(|bar| self.column(*bar) > column).unwrap_or(self.bars.len());
        self.bars.get(after.saturating_sub(1)).map(|bar| bar.days)
    }
}

/// Returns the days that the picture shows.
pub fn shown(state: &State) -> Option<DayRange> {
    state.picture.window.or(state.picture.extent)
}
