//! The swim lanes as plain data: who was active when, a lane for each attacker or victim.

use crate::tui::library::Lane;

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
    /// Which one is selected.
    pub item: usize,
    /// The first one on the screen.
    pub scroll: usize,
}

/// Puts lanes into the order in which they are shown: by their last day, the newest first.
pub fn in_order(mut lanes: Vec<Lane>) -> Vec<Lane> {
    lanes.retain(|lane| !lane.days.is_empty());
    let last = |lane: &Lane| lane.days.last().map(|count| count.day);
    lanes.sort_by(|a, b| last(b).cmp(&last(a)).then_with(|| a.name.cmp(&b.name)));
    lanes
}
