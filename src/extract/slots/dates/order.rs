//! How the days that one victim is offered stand to each other: which is the first, which is the only one, which lies within which.

use std::collections::BTreeMap;

use super::meaning::Of;
use crate::base::day::DayRange;
use crate::extract::days::Days;
use crate::extract::links::Offer;

/// With how many of the days told just before and after it each is compared.
const NEAR: usize = 8;

/// The days of one kind that a victim is offered.
#[derive(Clone, Copy, Default)]
struct Kind {
    count: usize,
    /// The first and the last of them.
    bounds: Option<DayRange>,
}

impl Kind {
    fn add(&mut self, range: DayRange) {
        self.count += 1;
        self.bounds = Some(match self.bounds {
            None => range,
            Some(known) => DayRange::new(known.earliest.min(range.earliest), known.latest.max(range.latest)),
        });
    }

    /// Says where days stand among those of the kind.
    fn order(&self, range: DayRange) -> &'static str {
        match self.bounds {
            None => "only",
            Some(_) if self.count == 1 => "only",
            Some(bounds) if bounds == range => "same",
            Some(bounds) if bounds.earliest == range.earliest => "first",
            Some(bounds) if bounds.latest == range.latest => "last",
            Some(_) => "between",
        }
    }
}

/// Marks each offer with how its days stand to the other days that its victim is offered. `kinds` says what words make of each offer.
pub(super) fn mark(offers: &mut [Offer<'_>], kinds: &[Of], days: &[Days]) {
    let mut by_draft: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    offers.iter().enumerate().for_each(|(at, offer)| by_draft.entry(offer.draft).or_default().push(at));
    for mine in by_draft.values() {
        let (mut all, mut by_kind) = (Kind::default(), BTreeMap::<Of, Kind>::new());
        for &at in mine {
            let range = days[offers[at].thing].range;
            all.add(range);
            by_kind.entry(kinds[at]).or_default().add(range);
        }
        for (place, &at) in mine.iter().enumerate() {
            let range = days[offers[at].thing].range;
            let near = mine[place.saturating_sub(NEAR)..mine.len().min(place + 1 + NEAR)].iter().copied();
            let nested: Vec<(bool, Of)> =
                near.filter_map(|other| Some((nested(range, days[offers[other].thing].range)?, kinds[other]))).collect();
            let features = &mut offers[at].features;
            features.add(&["order", all.order(range)], 1.0);
            features.add(&["order", kinds[at].word(), by_kind[&kinds[at]].order(range)], 1.0);
            for (within, kind) in nested {
                features.add(&[if within { "within" } else { "holds" }, kinds[at].word(), kind.word()], 1.0);
            }
        }
    }
}

/// Tells whether days lie within others (true) or hold them (false); None if neither, or if they are the same.
fn nested(range: DayRange, other: DayRange) -> Option<bool> {
    let shared = range.shared(other);
    let (mine, theirs) = (range.days(), other.days());
    (shared == mine.min(theirs) && mine != theirs).then_some(mine < theirs)
}
