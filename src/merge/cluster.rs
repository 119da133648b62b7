//! From pairs to incidents: reports that hang together by ties are compared, and the closest groups are joined until none is close enough.
//!
//! Groups are joined by the average of their pairs, so that one careless match does not pull two events together. Everything is
//! done in one order that depends only on what the reports say.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::convert::Infallible;

use crate::merge::crowd::Packs;
use crate::merge::same::{APART, ENOUGH, Outline, weigh, weighs_enough};

/// Up to this many reports of one block, all pairs are compared; the time grows with the square.
const ALL_PAIRS: usize = 256;
/// In a larger block, a report is compared with this many of the latest groups, and with [`SOME`] reports of each.
const LATEST: usize = 64;
const SOME: usize = 4;
/// The points of two reports that were said to be of different events.
const NEVER: i32 = -1000;

/// Pairs of places, the smaller one first.
pub(super) type Pairs = BTreeSet<(usize, usize)>;

/// Returns the groups of reports of one event: places in `outlines`, each group and the groups in rising order.
///
/// `outlines` must be in their lasting order; the result depends on nothing else. No group holds both of a pair of `apart`, in which the
/// smaller place comes first.
pub(super) fn groups(outlines: &[Outline], apart: &Pairs) -> Vec<Vec<usize>> {
    let mut all = Vec::new();
    for block in blocks(outlines) {
        let found =
            if block.len() <= ALL_PAIRS { closest_first(outlines, &block, apart) } else { one_by_one(outlines, &block, apart) };
        all.extend(found);
    }
    for group in &mut all {
        group.sort_unstable();
    }
    all.sort_unstable();
    all
}

/// Returns the sets of reports that hang together by their ties, each set and the sets in rising order.
///
/// Two groups are joined only where a pair of them is tied, so no group reaches beyond a block. Whoever is in a block is compared no more,
/// so that of a victim of which thousands tell each report is compared with few of those that hang together with it.
fn blocks(outlines: &[Outline]) -> Vec<Vec<usize>> {
    let mut left = packs(outlines);
    let mut is_in_block = vec![false; outlines.len()];
    let mut blocks = Vec::new();
    for first in 0..outlines.len() {
        if std::mem::replace(&mut is_in_block[first], true) {
            continue;
        }
        let mut block = vec![first];
        let mut next = 0;
        while let Some(&one) = block.get(next) {
            next += 1;
            let mut is_done = |&other: &usize| {
                if !is_in_block[other] && weighs_enough(&outlines[one], &outlines[other]) {
                    is_in_block[other] = true;
                    block.push(other);
                }
                Ok::<bool, Infallible>(is_in_block[other])
            };
            for key in outlines[one].keys() {
                let Some(packs) = left.get_mut(key.as_str()) else { continue };
                let Ok(()) = packs.visit(&outlines[one], &mut is_done);
            }
        }
        block.sort_unstable();
        blocks.push(block);
    }
    blocks
}

/// Returns the reports of each key; of keys that lead to the same reports only one is there.
fn packs(outlines: &[Outline]) -> HashMap<&str, Packs<usize>> {
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, outline) in outlines.iter().enumerate() {
        outline.keys().iter().for_each(|key| holders.entry(key).or_default().push(at));
    }
    let mut known = HashSet::new();
    holders.retain(|_, held| known.insert(held.clone()));
    holders.into_iter().map(|(key, held)| (key, Packs::<usize>::of_places(outlines, held))).collect()
}

/// How close two groups are: over all pairs of a report of one and a report of the other.
#[derive(Clone, Copy)]
struct Closeness {
    sum: i64,
    pairs: i64,
    /// The most points of a pair that shares a key.
    best: i32,
    worst: i32,
}

impl Closeness {
    const NONE: Closeness = Closeness { sum: 0, pairs: 0, best: i32::MIN, worst: i32::MAX };

    fn add(self, other: Closeness) -> Closeness {
        Closeness {
            sum: self.sum + other.sum,
            pairs: self.pairs + other.pairs,
            best: self.best.max(other.best),
            worst: self.worst.min(other.worst),
        }
    }

    const NEVER: Closeness = Closeness { sum: NEVER as i64, pairs: 1, best: NEVER, worst: NEVER };

    fn of(one: &Outline, other: &Outline) -> Closeness {
        let points = weigh(one, other);
        let best = if points >= ENOUGH && !one.meets(other) { i32::MIN } else { points };
        Closeness { sum: points.into(), pairs: 1, best, worst: points }
    }

    /// The average in thousandths of a point where the two may be joined.
    fn joins(self) -> Option<i64> {
        let average = self.sum * 1000 / self.pairs.max(1);
        (self.best >= ENOUGH && self.worst > APART && average >= i64::from(ENOUGH) * 1000).then_some(average)
    }
}

/// Two groups that may be joined, and how close they were when each had so many reports. The closest is the greatest; of several equals
/// the one that comes first.
type Candidate = (i64, Reverse<usize>, Reverse<usize>, usize);

/// Joins the two closest groups again and again.
fn closest_first(outlines: &[Outline], block: &[usize], apart: &Pairs) -> Vec<Vec<usize>> {
    let count = block.len();
    let mut groups: Vec<Vec<usize>> = block.iter().map(|&at| vec![at]).collect();
    let mut closeness = vec![Closeness::NONE; count * count];
    let mut waiting: BinaryHeap<Candidate> = BinaryHeap::new();
    for a in 0..count {
        for b in a + 1..count {
            let is_apart = apart.contains(&(block[a].min(block[b]), block[a].max(block[b])));
            let close = if is_apart { Closeness::NEVER } else { Closeness::of(&outlines[block[a]], &outlines[block[b]]) };
            closeness[a * count + b] = close;
            closeness[b * count + a] = close;
            waiting.extend(close.joins().map(|average| (average, Reverse(a), Reverse(b), 2)));
        }
    }
    while let Some((_, Reverse(a), Reverse(b), size)) = waiting.pop() {
        let is_stale = groups[a].is_empty() || groups[b].is_empty() || groups[a].len() + groups[b].len() != size;
        if is_stale {
            continue;
        }
        let moved = std::mem::take(&mut groups[b]);
        groups[a].extend(moved);
        for other in (0..count).filter(|&other| other != a && !groups[other].is_empty()) {
            let joined = closeness[a * count + other].add(closeness[b * count + other]);
            closeness[a * count + other] = joined;
            closeness[other * count + a] = joined;
            let size = groups[a].len() + groups[other].len();
            waiting.extend(joined.joins().map(|average| (average, Reverse(a.min(other)), Reverse(a.max(other)), size)));
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// Takes the reports of a large block in order; each joins the closest of the latest groups, or begins one.
fn one_by_one(outlines: &[Outline], block: &[usize], apart: &Pairs) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut latest: Vec<usize> = Vec::new();
    for &at in block {
        let mut best: Option<(i64, usize)> = None;
        let is_apart = |group: usize| groups[group].iter().any(|&other| apart.contains(&(other.min(at), other.max(at))));
        for &group in latest.iter().filter(|&&group| apart.is_empty() || !is_apart(group)) {
            let members = groups[group].iter().rev().take(SOME);
            let close = members.fold(Closeness::NONE, |sum, &member| sum.add(Closeness::of(&outlines[member], &outlines[at])));
            if let Some(average) = close.joins()
                && best.is_none_or(|(most, _)| average > most)
            {
                best = Some((average, group));
            }
        }
        let group = best.map_or(groups.len(), |(_, group)| group);
        match best {
            Some(_) => groups[group].push(at),
            None => groups.push(vec![at]),
        }
        latest.retain(|&other| other != group);
        latest.insert(0, group);
        latest.truncate(LATEST);
    }
    groups
}
