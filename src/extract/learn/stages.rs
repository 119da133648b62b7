//! From the first stage of a model to the second: the chances of candidates by what was learned without their documents.

use crate::rules::trees::Plants;
use crate::rules::weights::{Learned, Table, Weights};

use super::super::links;
use super::super::weigh::of_odds;
use super::examples::{Example, Names};
use super::grow::grow;

/// The parts into which the documents are divided, so that each can be judged with what was learned from the others.
const PARTS: usize = 5;

/// Returns the chance of each candidate by weights that were learned without its document.
pub(super) fn held_back(examples: &[&Example], names: &Names, learn: impl Fn(&[&Example]) -> Table) -> Vec<f32> {
    by_part(examples, |others, mine| {
        let table = learn(others);
        let sum = |example: &Example| {
            example.features.iter().filter_map(|(name, value)| Some(table.get(names.name(*name))? * value)).sum::<f32>()
        };
        Ok(mine.iter().map(|example| of_odds(sum(example))).collect())
    })
    .unwrap_or_default()
}

/// Returns the chance of each candidate by trees that were grown without its document.
pub(super) fn grown_held_back(examples: &[&Example], names: &Names, draw: u64) -> Result<Vec<f32>, String> {
    by_part(examples, |others, mine| {
        let trees = Plants::from([(String::new(), grow(others, names, draw))]);
        let weights = Weights::of_learned(&Learned { trees, ..Learned::default() })?;
        let grove = weights.grove("").ok_or("nothing was grown")?;
        let numbered = |example: &Example| -> Vec<_> {
            example.features.iter().filter_map(|(name, value)| Some((weights.feature(&[names.name(*name)])?, *value))).collect()
        };
        Ok(mine.iter().map(|example| of_odds(grove.sum(&numbered(example)))).collect())
    })
}

fn by_part(
    examples: &[&Example],
    judge: impl Fn(&[&Example], &[&Example]) -> Result<Vec<f32>, String>,
) -> Result<Vec<f32>, String> {
    let mut chances = vec![0.0; examples.len()];
    for part in 0..PARTS {
        let is_mine = |example: &Example| example.document % PARTS == part;
        let others: Vec<&Example> = examples.iter().copied().filter(|example| !is_mine(example)).collect();
        let rows: Vec<usize> = (0..examples.len()).filter(|&row| is_mine(examples[row])).collect();
        let mine: Vec<&Example> = rows.iter().map(|&row| examples[row]).collect();
        rows.into_iter().zip(judge(&others, &mine)?).for_each(|(row, chance)| chances[row] = chance);
    }
    Ok(chances)
}

/// Adds to each example how it stands beside the others of its document by the chances of the first stage.
pub(super) fn add_beside(examples: &mut [Example], chances: &[f32], names: &mut Names) {
    let of = |at: usize| {
        let Example { document, victim, list, thing, .. } = examples[at];
        links::Place { document, victim, list, thing }
    };
    let beside = links::beside(chances, of);
    for (example, beside) in examples.iter_mut().zip(beside) {
        let told = beside.into_iter().filter(|(_, value)| *value != 0.0);
        example.features.extend(told.map(|(name, value)| (names.number(name), value)));
    }
}
