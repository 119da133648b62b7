//! What is learned from: candidates of documents, with what speaks for and against each.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::extract::weigh::Features;

/// The number of a feature's name, among those that were met while learning.
pub(super) type NameId = u32;

/// Numbers for the names of features: each is kept once, however many candidates have it.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<String, NameId, FixedState>,
    all: Vec<String>,
}

impl Names {
    /// Returns the number of a name.
    pub fn number(&mut self, name: &str) -> NameId {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.all.len() as NameId;
        self.numbers.insert(name.to_owned(), number);
        self.all.push(name.to_owned());
        number
    }

    /// Returns the name of a number.
    pub fn name(&self, number: NameId) -> &str {
        &self.all[number as usize]
    }

    /// Returns the features of a candidate by the numbers of their names.
    pub fn list(&mut self, features: Features<'_>) -> Vec<(NameId, f32)> {
        features.into_named().into_iter().map(|(name, value)| (self.number(&name), value)).collect()
    }
}

/// A candidate of a document, and whether it is what it might be.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// The document, by number.
    pub document: usize,
    /// The victim to whom it is offered, by number, where one is chosen among what is offered.
    pub victim: usize,
    /// The list that names the victim beside others, by number, where that is to tell something.
    pub list: Option<usize>,
    /// What is offered, by number.
    pub thing: usize,
    /// What speaks for and against it.
    pub features: Vec<(NameId, f32)>,
    /// Whether it is right.
    pub is_right: bool,
    /// How much it counts.
    pub weight: f64,
}

/// One feature over all examples.
pub(super) struct Column {
    /// Its name.
    pub name: NameId,
    /// The rows of the examples that have it, with its value.
    pub values: Vec<(u32, f32)>,
}

/// Returns the features that are met in so many documents or more, in the order of their names. The examples are in the order of
/// their documents.
pub(super) fn columns(examples: &[&Example], least_documents: usize, names: &Names) -> Vec<Column> {
    #[derive(Clone, Default)]
    struct Met {
        documents: usize,
        last: Option<usize>,
        values: Vec<(u32, f32)>,
    }
    let mut all = vec![Met::default(); names.all.len()];
    for (row, example) in examples.iter().enumerate() {
        for (name, value) in &example.features {
            let met = &mut all[*name as usize];
            met.documents += usize::from(met.last != Some(example.document));
            met.last = Some(example.document);
            met.values.push((row as u32, *value));
        }
    }
    let named = (0..).zip(all).filter(|(_, met)| met.documents >= least_documents);
    let mut columns: Vec<Column> = named.map(|(name, met)| Column { name, values: met.values }).collect();
    columns.sort_by_key(|column| names.name(column.name));
    columns
}
