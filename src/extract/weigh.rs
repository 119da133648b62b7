//! Candidates weighed: what speaks for and against each, as features, and the chance that learned weights give it.
//!
//! Every decision that rules cannot make by themselves is made here: who is a victim, which figure, day or attacker is whose, what
//! kind of incident it was. Which decision it is says the model's name, which is that of its table in `weights.json`.

use std::collections::BTreeMap;

use crate::base::hash::fnv;
use crate::rules::trees::Grove;
use crate::rules::weights::{FeatureId, Model, Weights};

/// What has less of a chance by itself is not weighed again beside the others, to save time: most is such, and hardly any of it right.
pub const HOPELESS: f32 = 0.01;

/// What is known of a candidate. A feature that is added again counts half more each time, at most twice.
#[derive(Clone, Debug)]
pub struct Features<'w> {
    values: Vec<(FeatureId, f32)>,
    of: Source<'w>,
}

/// What gives features their numbers.
#[derive(Clone, Debug)]
enum Source<'w> {
    /// The weights: what no model knows counts nothing, and is left out.
    Known(&'w Weights),
    /// A list of all names that were added, where weights are learned.
    All(BTreeMap<String, FeatureId>),
}

impl<'w> Features<'w> {
    /// Makes an empty list. `named` says whether the names are wanted, too, as they are where weights are learned; nothing can be
    /// weighed then.
    pub fn new(weights: &'w Weights, named: bool) -> Features<'w> {
        let of = if named { Source::All(BTreeMap::new()) } else { Source::Known(weights) };
        Features { values: Vec::with_capacity(96), of }
    }

    /// Adds a feature by the parts of its name, with its value.
    pub fn add(&mut self, parts: &[&str], value: f32) {
        if value == 0.0 {
            return;
        }
        let number = match &mut self.of {
            Source::Known(weights) => weights.feature(parts),
            Source::All(names) => {
                let next = names.len() as FeatureId;
                Some(*names.entry(parts.join(":")).or_insert(next))
            }
        };
        self.values.extend(number.map(|number| (number, value)));
    }

    /// Adds a feature that holds or does not.
    pub fn flag(&mut self, parts: &[&str], holds: bool) {
        self.add(parts, f32::from(holds));
    }

    /// Puts the values in order, each feature once.
    fn settle(&mut self) {
        self.values.sort_unstable_by_key(|(number, value)| (u64::from(*number) << 32) | u64::from(!in_order(*value)));
        let mut most = 0.0;
        self.values.dedup_by(|again, first| {
            if again.0 != first.0 {
                most = 0.0;
                return false;
            }
            most = if most == 0.0 { 2.0 * first.1 } else { most };
            first.1 = (first.1 + 0.5 * again.1).min(most.max(first.1));
            true
        });
    }

    /// Returns the sum of the weights: the logarithm of the odds.
    pub fn sum(&mut self, model: &Model) -> f32 {
        self.settle();
        self.values.iter().filter_map(|(number, value)| Some(model.get(*number as usize)? * value)).sum()
    }

    /// Returns the chance that a model gives the candidate, 0 to 1; a half where nothing was learned.
    pub fn chance(&mut self, model: Option<&Model>) -> f32 {
        model.map_or(0.5, |model| of_odds(self.sum(model)))
    }

    /// Returns the chance that the trees of a model give the candidate, 0 to 1.
    pub fn grown(&mut self, grove: &Grove) -> f32 {
        self.settle();
        of_odds(grove.sum(&self.values))
    }

    /// Returns the names and values, for learning; nothing unless the names were wanted.
    pub fn into_named(mut self) -> Vec<(String, f32)> {
        self.settle();
        let Source::All(names) = self.of else { return Vec::new() };
        let by_number: BTreeMap<FeatureId, String> = names.into_iter().map(|(name, number)| (number, name)).collect();
        let mut named: Vec<(String, f32)> =
            self.values.into_iter().zip(by_number.into_values()).map(|((_, value), name)| (name, value)).collect();
        named.sort_by_cached_key(|(name, _)| mixed(name));
        named
    }
}

/// Returns a number by which names are in an order that has nothing to do with what they say. Trees draw among features in the order in
/// which they are listed, so that another order gives other trees, and scores that differ by chance.
fn mixed(name: &str) -> u64 {
    fnv(name.bytes())
}

/// Returns numbers that are in the order of these values ([`f32::total_cmp`]).
fn in_order(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

/// Returns the chance of which this is the logarithm of the odds.
pub fn of_odds(odds: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-odds))
}

/// Returns the natural logarithm of a number, the same on every machine.
pub fn log(number: f32) -> f32 {
    libm::logf(number)
}

/// Returns the logarithm of the odds of a chance, bounded.
pub fn odds(chance: f32) -> f32 {
    let chance = chance.clamp(0.003, 0.997);
    log(chance / (1.0 - chance))
}

/// Names the first of some bounds that a number does not exceed, for a feature.
pub fn bucket(number: usize, bounds: &[(usize, &'static str)]) -> &'static str {
    bounds.iter().find(|(bound, _)| number <= *bound).map_or("more", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::weights::Learned;

    /// Adds these values of features and returns what each counts.
    fn settled(added: &[(&str, f32)]) -> Vec<(String, f32)> {
        let weights = Weights::default();
        let mut features = Features::new(&weights, true);
        added.iter().for_each(|(name, value)| features.add(&[name], *value));
        let mut named = features.into_named();
        named.sort_by(|one, other| one.0.cmp(&other.0));
        named
    }

    #[test]
    fn what_is_added_again_counts_half_more_and_at_most_twice_the_largest() {
        let cases: [(&[(&str, f32)], f32); 6] = [
            (&[("a", 1.0)], 1.0),
            (&[("a", 1.0), ("b", 7.0), ("a", 1.0)], 1.5),
            (&[("a", 1.0), ("a", 1.0), ("a", 1.0), ("b", 7.0), ("a", 1.0)], 2.0),
            (&[("a", 0.5), ("b", 7.0), ("a", 0.25)], 0.625),
            (&[("a", 0.25), ("a", 0.5), ("b", 7.0)], 0.625),
            (&[("a", 1.0), ("a", 0.0)], 1.0),
        ];
        for (added, counts) in cases {
            let found = settled(added);
            assert_eq!(found[0], ("a".to_owned(), counts), "{added:?}");
            assert!(found.iter().skip(1).all(|other| *other == ("b".to_owned(), 7.0)), "{added:?}");
        }
    }

    #[test]
    fn a_list_begins_with_nothing_of_the_list_before() {
        let table = [("a".to_owned(), 2.0), ("b".to_owned(), 3.0)].into();
        let learned = Learned { weights: [("m".to_owned(), table)].into(), ..Learned::default() };
        let weights = Weights::of_learned(&learned).expect("weights");
        let model = weights.of("m").expect("the model");
        for (names, sum) in [(&["a", "b", "a"][..], 6.0), (&["b", "nowhere"], 3.0), (&["a"], 2.0), (&[], 0.0)] {
            let mut features = Features::new(&weights, false);
            names.iter().for_each(|name| features.add(&[name], 1.0));
            assert_eq!(features.sum(model), sum, "{names:?}");
            assert_eq!(features.sum(model), sum, "{names:?} asked again");
        }
    }
}
