//! The words around the places where a name stands, on which side and how far, as features of the model `context`: whether it was hit.

use crate::base::fold::fold;
use crate::rules::mention;

use super::drafts::{self, Draft};
use super::reports::Reading;
use super::units::Line;
use super::weigh::{Features, odds};

/// The name of the model.
pub const MODEL: &str = "context";

/// The places of a name that are looked at: the first of the text.
const PLACES: usize = 5;
/// Units up to which a word is near, and up to which it is looked at.
const NEAR: usize = 3;
const FAR: usize = 10;

/// Returns the logarithm of the odds that each candidate was hit, by the words around it; 0 where nothing was learned.
pub fn read(all: &[Draft], reading: &Reading<'_, '_>) -> Vec<f32> {
    let Some(model) = reading.rules.weights.of(MODEL) else { return vec![0.0; all.len()] };
    all.iter().map(|draft| odds(features(draft, reading, false).chance(Some(model)))).collect()
}

/// Lists the words around the places of a candidate.
pub fn features<'r>(draft: &Draft, reading: &Reading<'r, '_>, named: bool) -> Features<'r> {
    let mut features = Features::new(&reading.rules.weights, named);
    features.add(&["always"], 1.0);
    for word in fold(&reading.found.entities.all[draft.entity].names[0]).split(' ') {
        features.add(&["name", word], 1.0);
    }
    for spot in reading.spots[draft.entity].iter().filter(|spot| !spot.definite).take(PLACES) {
        let line = &reading.lines[spot.sentence];
        let in_title = reading.found.text.sentences[spot.sentence].in_title;
        for at in spot.unit.saturating_sub(FAR)..(spot.unit + FAR + 1).min(line.units.len()) {
            let distance = at.abs_diff(spot.unit);
            if distance == 0 {
                continue;
            }
            let side = match (at < spot.unit, distance <= NEAR, in_title) {
                (true, _, true) => "title-before",
                (false, _, true) => "title-after",
                (true, true, false) => "before",
                (false, true, false) => "after",
                (true, false, false) => "far-before",
                (false, false, false) => "far-after",
            };
            add(&mut features, side, line, at, spot.sentence, draft, reading);
        }
    }
    features
}

fn add(
    features: &mut Features<'_>,
    side: &str,
    line: &Line,
    at: usize,
    sentence: usize,
    draft: &Draft,
    reading: &Reading<'_, '_>,
) {
    let unit = line.units[at];
    if unit.kinds == 0 {
        features.add(&[side, reading.word(line, at)], 1.0);
    } else if drafts::entity_at(line, sentence, at, reading.antecedents) == Some(draft.entity) {
        features.add(&[side, "<itself>"], 1.0);
    } else {
        let kinds = unit.kinds & !(mention::NAME | mention::OBSERVER);
        features.add(&[side, &format!("<{kinds}>")], 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;
    use crate::extract::{Document, with_reading};
    use crate::rules::Rules;

    #[test]
    fn words_count_by_side_and_distance() {
        let published = Day::new(2025, 3, 12).expect("a day");
        let text = "Late in March thieves quietly broke into Alder Bank and emptied its vaults, the mayor said.";
        let named = with_reading(&Document { title: "", text, published }, Rules::builtin(), |reading| {
            let all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
            let bank = all.iter().find(|draft| reading.found.entities.all[draft.entity].names[0] == "Alder Bank");
            features(bank.expect("the bank"), reading, true).into_named()
        });
        let has = |name: &str| named.iter().any(|(known, _)| known == name);
        assert!(
            ["name:alder", "before:into", "before:broke", "after:emptied", "far-after:vaults"].into_iter().all(has),
            "{named:?}"
        );
        assert!(!["after:into", "far-before:into", "title-before:into", "after:vaults"].into_iter().any(has), "{named:?}");
    }
}
