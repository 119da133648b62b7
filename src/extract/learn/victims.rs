//! Learns who was hit: first what all words of an article say, and those around a name; then each candidate by itself, then beside the
//! others.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::fold::fold;
use crate::extract::drafts::{self, Draft};
use crate::extract::names::NameSort;
use crate::extract::reports::{self, Reading};
use crate::extract::text::Text;
use crate::extract::weigh::{Features, odds};
use crate::extract::{Document, context, judge, story, with_reading};
use crate::rules::Rules;
use crate::rules::weights::Learned;

use super::examples::{Example, Names};
use super::fit::fit;
use super::grow::grow;
use super::{Known, Lessons, REGISTER, stages};

/// How strongly the weights of victims are pulled to their beliefs. Of 6, 8, 9 and 10 the best on articles held back
/// by event that costs the registers nothing.
pub(super) const PULL: f64 = 8.0;
/// Likewise for what tells that an article is about incidents.
const PULL_OF_STORIES: f64 = 10.0;
/// Likewise for the words around a name.
const PULL_OF_CONTEXTS: f64 = 10.0;

/// A document to learn from.
pub(super) struct Learning<'a> {
    pub number: usize,
    document: Document<'a>,
    pub known: &'a Known,
    /// The odds that it tells of an incident, by weights that were learned without it.
    story: f32,
}

impl Learning<'_> {
    /// Hands on what the passes find in the document.
    pub fn read<T>(&self, rules: &Rules, then: impl FnOnce(&Reading<'_, '_>) -> T) -> T {
        with_reading(&self.document, rules, |reading| then(&Reading { story: self.story, ..*reading }))
    }
}

/// Learns what the words of an article say of it, and returns the documents with the odds that each tells of an incident.
pub(super) fn with_stories<'a>(
    lessons: &Lessons<'a>,
    taken: &impl Fn(usize) -> bool,
    learned: &mut Learned,
) -> Vec<Learning<'a>> {
    let words = some(&lessons.stories, taken);
    learned.weights.insert(story::MODEL.to_owned(), fit(&words, PULL_OF_STORIES, &lessons.names));
    let chances = stages::held_back(&words, &lessons.names, |some| fit(some, PULL_OF_STORIES, &lessons.names));
    let learning = |(example, chance): (&&Example, f32)| {
        let (document, known) = lessons.documents[example.document];
        let story = if document.title.is_empty() { 0.0 } else { odds(chance) };
        Learning { number: example.document, document, known, story }
    };
    words.iter().zip(chances).map(learning).collect()
}

/// Learns who was hit, and returns the candidates with their chances by what was learned without their documents.
pub(super) fn learn(
    lessons: &Lessons<'_>,
    documents: &[Learning<'_>],
    learned: &mut Learned,
    names: &mut Names,
    draw: u64,
) -> Result<(Vec<Example>, Vec<f32>), String> {
    let rules = lessons.rules;
    let taken: BTreeSet<usize> = documents.iter().map(|learning| learning.number).collect();
    let around = some(&lessons.contexts, &|number| taken.contains(&number));
    learned.weights.insert(context::MODEL.to_owned(), fit(&around, PULL_OF_CONTEXTS, names));
    let contexts = stages::held_back(&around, names, |some| fit(some, PULL_OF_CONTEXTS, names));
    let contexts: Vec<f32> = contexts.into_iter().map(odds).collect();
    let alone = of_victims(documents, (&around, &contexts), names, rules);
    let alone = all(&alone);
    learned.weights.insert(judge::MODEL.to_owned(), fit(&alone, PULL, names));
    let chances = stages::held_back(&alone, names, |some| fit(some, PULL, names));
    let beside = of_victims_beside(documents, (&alone, &chances), names, rules);
    let mut chances = vec![0.0; beside.len()];
    for (model, titled) in [(judge::MODEL, true), (judge::UNTITLED, false)] {
        let rows: Vec<usize> = (0..beside.len()).filter(|&row| lessons.is_titled(beside[row].document) == titled).collect();
        let examples: Vec<&Example> = rows.iter().map(|&row| &beside[row]).collect();
        learned.trees.insert(model.to_owned(), grow(&examples, names, draw));
        rows.into_iter().zip(stages::grown_held_back(&examples, names, draw)?).for_each(|(row, chance)| chances[row] = chance);
    }
    Ok((beside, chances))
}

/// Returns the examples of the documents that are taken, by their numbers.
fn some<'e>(examples: &'e [Example], taken: &impl Fn(usize) -> bool) -> Vec<&'e Example> {
    examples.iter().filter(|example| taken(example.document)).collect()
}

/// Returns the rows of a document's examples.
pub(super) fn rows(examples: &[&Example], document: usize) -> Range<usize> {
    let start = examples.partition_point(|example| example.document < document);
    start..examples.partition_point(|example| example.document <= document)
}

/// Returns all examples, to learn from.
pub(super) fn all(examples: &[Example]) -> Vec<&Example> {
    examples.iter().collect()
}

/// Makes an example of each article: whether it tells of incidents. Those of which not all is known count nothing.
pub(super) fn of_stories(documents: &[(Document<'_>, &Known)], names: &mut Names, rules: &Rules) -> Vec<Example> {
    let mut example = |(number, (document, known)): (usize, &(Document<'_>, &Known))| Example {
        document: number,
        victim: 0,
        list: None,
        thing: 0,
        features: if document.title.is_empty() {
            Vec::new()
        } else {
            names.list(story::features(&Text::read(document.title, document.text, rules), rules, true))
        },
        is_right: !known.incidents.is_empty(),
        weight: if known.fields.is_some() { 0.0 } else { 1.0 },
    };
    documents.iter().enumerate().map(&mut example).collect()
}

/// Makes an example of each candidate, of the words around it.
pub(super) fn of_contexts(documents: &[(Document<'_>, &Known)], names: &mut Names, rules: &Rules) -> Vec<Example> {
    let mut examples = Vec::new();
    for (number, (document, known)) in documents.iter().enumerate() {
        examples.extend(with_reading(document, rules, |reading| {
            let all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
            let features = all.iter().map(|draft| context::features(draft, reading, true)).collect();
            to_examples(number, known, reading, &all.iter().collect::<Vec<_>>(), features, names)
        }));
    }
    examples
}

/// Makes the examples of victims, each by itself.
fn of_victims(
    documents: &[Learning<'_>],
    (around, contexts): (&[&Example], &[f32]),
    names: &mut Names,
    rules: &Rules,
) -> Vec<Example> {
    let mut examples = Vec::new();
    for learning in documents {
        let of = rows(around, learning.number);
        examples.extend(learning.read(rules, |reading| {
            let (drafts, features): (Vec<Draft>, Vec<Features<'_>>) =
                reports::candidates(reading, &contexts[of], true).into_iter().unzip();
            to_examples(learning.number, learning.known, reading, &drafts.iter().collect::<Vec<_>>(), features, names)
        }));
    }
    examples
}

fn to_examples(
    document: usize,
    known: &Known,
    reading: &Reading<'_, '_>,
    drafts: &[&Draft],
    features: Vec<Features<'_>>,
    names: &mut Names,
) -> Vec<Example> {
    let hit: BTreeSet<usize> = matched(drafts, known, reading).into_iter().map(|(at, _)| at).collect();
    let weight = if known.fields.is_some() { REGISTER } else { 1.0 };
    let mut example = |(at, features): (usize, Features<'_>)| Example {
        document,
        victim: at,
        list: None,
        thing: at,
        features: names.list(features),
        is_right: hit.contains(&at),
        weight,
    };
    features.into_iter().enumerate().map(&mut example).collect()
}

/// Makes the examples of victims beside the others, from those by themselves and their chances. Left out are the articles of which
/// only some victims are known.
fn of_victims_beside(
    documents: &[Learning<'_>],
    (alone, chances): (&[&Example], &[f32]),
    names: &mut Names,
    rules: &Rules,
) -> Vec<Example> {
    let mut examples = Vec::with_capacity(alone.len());
    let whole = |learning: &&Learning<'_>| learning.known.fields.is_none() || learning.document.title.is_empty();
    for learning in documents.iter().filter(whole) {
        let of = rows(alone, learning.number);
        learning.read(rules, |reading| {
            let all = with_chances(&chances[of.clone()], reading);
            for (example, features) in alone[of].iter().zip(reports::beside(&all, reading, true)) {
                let mut example = Example { weight: 1.0, ..(*example).clone() };
                example.features.extend(names.list(features));
                examples.push(example);
            }
        });
    }
    examples
}

/// Returns the candidates of a document with chances that are known.
pub(super) fn with_chances(chances: &[f32], reading: &Reading<'_, '_>) -> Vec<Draft> {
    let mut all = drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
    all.iter_mut().zip(chances).for_each(|(draft, chance)| draft.confidence = *chance);
    all
}

/// Pairs each known incident with the candidate whose name is likest its victim's: numbers of candidates and of incidents.
pub(super) fn matched(drafts: &[&Draft], known: &Known, reading: &Reading<'_, '_>) -> Vec<(usize, usize)> {
    let likeness = |entity: usize, known: &[String]| {
        let entity = &reading.found.entities.all[entity];
        let named = likeness(&entity.names, known);
        if named == 0 && entity.sort == NameSort::Described { shared_words(&entity.names, known) } else { named }
    };
    let mut pairs = Vec::new();
    for (number, incident) in known.incidents.iter().enumerate() {
        let likest = drafts.iter().enumerate().map(|(at, draft)| (likeness(draft.entity, &incident.victim), at));
        let best = likest.filter(|(likeness, _)| *likeness > 0).max_by_key(|(likeness, at)| (*likeness, std::cmp::Reverse(*at)));
        pairs.extend(best.map(|(_, at)| (at, number)));
    }
    pairs
}

/// Compares two lists of names: 1000 where one name is the same in both, less where one holds the other's words, 0 where none does.
pub(super) fn likeness(ours: &[String], theirs: &[String]) -> usize {
    let pairs = ours.iter().flat_map(|one| theirs.iter().map(move |other| (fold(one), fold(other))));
    pairs
        .map(|(one, other)| {
            let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (one.split(' ').collect(), other.split(' ').collect());
            let (small, large) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
            let telling = small.iter().any(|word| word.len() > 2);
            if one.replace(' ', "") == other.replace(' ', "") {
                1000
            } else if telling && small.is_subset(large) {
                100 + 800 * small.len() / large.len()
            } else {
                0
            }
        })
        .max()
        .unwrap_or(0)
}

/// Compares two lists of descriptions: up to 99 where the same half of the words or more is in both, else 0.
fn shared_words(ours: &[String], theirs: &[String]) -> usize {
    let words = |text: &String| {
        let folded = fold(text);
        folded.split(' ').filter(|word| word.len() > 2 && *word != "the").map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let share = |one: &String| {
        let one = words(one);
        theirs.iter().map(words).map(|other| 198 * one.intersection(&other).count() / (one.len() + other.len()).max(1)).max()
    };
    ours.iter().filter_map(share).max().filter(|share| *share >= 99).map_or(0, |share| share / 2)
}
