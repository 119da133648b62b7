//! The swim lanes as plain data: who was active when, a lane for each attacker or victim.

use ratatui::layout::Rect;

use crate::base::day::DayRange;
use crate::library::Lane;
use crate::tui::bars::Measure;
use crate::tui::spread::Spread;

/// Whose lanes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of attackers.
    Attackers,
    /// Those of victims.
    Victims,
}

impl Whose {
    /// Returns the field as the language of searches names it.
    pub fn field(self) -> &'static str {
        match self {
            Whose::Attackers => "attacker",
            Whose::Victims => "victim",
        }
    }
}

/// The swim lanes.
#[derive(Clone, Debug, Default)]
pub struct Lanes {
    /// Whose are shown; None where the list is.
    pub shown: Option<Whose>,
    /// The number of the question that is under way.
    pub pending: Option<u64>,
    /// The lanes, those that were active last first.
    pub lanes: Vec<Lane>,
    /// How many incidents each has in all.
    pub totals: Vec<u64>,
    /// The bars of each, laid out for `drawn_for`. Days are many: they are not gathered for each frame.
    pub spreads: Vec<Spread>,
    /// What the bars were laid out for; None where that is to be done anew.
    pub drawn_for: Option<(DayRange, Measure, Rect)>,
    /// Which one is selected.
    pub item: usize,
    /// The first one on the screen.
    pub scroll: usize,
}

impl Lanes {
    /// Takes lanes in, in the order in which they are shown: by their last day, the newest first.
    pub fn keep(&mut self, mut lanes: Vec<Lane>) {
        lanes.retain(|lane| !lane.days.is_empty());
        let last = |lane: &Lane| lane.days.last().map(|count| count.day);
        lanes.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| a.name.cmp(&b.name)));
        let total = |lane: &Lane| lane.days.iter().flat_map(|count| count.kinds).map(u64::from).sum();
        self.totals = lanes.iter().map(total).collect();
        self.lanes = lanes;
        self.drawn_for = None;
    }

    /// Lays the bars out over some days, each in a line as wide as `plot`.
    pub fn lay_out(&mut self, range: DayRange, measure: Measure, plot: Rect) {
        let wanted = Some((range, measure, plot));
        if self.drawn_for != wanted {
            let spread = |lane: &Lane| Spread::new(&lane.days, measure, range, Rect { height: 1, ..plot });
            self.spreads = self.lanes.iter().map(spread).collect();
            self.drawn_for = wanted;
        }
    }
}

/// The columns of the number at the end of a lane.
const COUNT: u16 = 7;

/// Returns where names stand and where lanes do.
pub fn columns(area: Rect) -> (Rect, Rect) {
    let wide = (area.width / 4).clamp(16, 40);
    let name = Rect { x: area.x + 2, width: wide, ..area };
    let x = name.right() + 1;
    (name, Rect { x, width: area.right().saturating_sub(x + COUNT), ..area })
}
