//! Learns the weights by which candidates are judged, from documents whose incidents are known.
//!
//! Each model is a logistic regression with a pull towards plain beliefs: a rule speaks for its victim unless the examples say
//! otherwise. The victims are learned first; whose a figure, day or attacker is, is then learned among the victims that these weights
//! find. Of the days that a victim is offered one is chosen, or none, and so they are learned beside each other.

mod fit;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::day::DayRange;
use crate::base::fold::fold;
use crate::model::report::{DataKind, Figure};
use crate::rules::Rules;
use crate::rules::weights::{Table, Weights};

use super::drafts::Draft;
use super::links::{Links, Offer};
use super::names::NameSort;
use super::reports::{self, Reading};
use super::slots::{attackers, data, dates, records};
use super::weigh::Features;
use super::{Document, judge, with_reading};
use fit::{Example, choose, fit};

/// How strongly the weights of victims are pulled to their beliefs. Of 6, 8, 9 and 10 the best on articles held back
/// by event that costs the registers nothing.
const PULL: f64 = 8.0;
/// Likewise, where victims are judged again beside the others.
const PULL_AGAIN: f64 = 3.0;
/// Likewise for what is a victim's. Of 0.3 to 25 the best for each.
const PULLS_OF_SLOTS: [(&str, f64); 6] = [
    (attackers::MODEL, 8.0),
    (data::MODEL, 12.0),
    (data::UNTITLED, 4.0),
    (dates::DISCLOSED, 4.0),
    (dates::OCCURRED, 8.0),
    (records::MODEL, 4.0),
];

/// The parts into which the documents are divided, so that each can be judged with what was learned from the others.
const PARTS: usize = 5;

/// How much a document of a register counts, which tells of one incident in a few set words, against an article.
const REGISTER: f64 = 0.35;
/// How much a candidate counts that was offered to what is no victim.
const ASTRAY: f64 = 0.5;

/// What a document is known to report.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its incidents.
    pub incidents: Vec<KnownIncident>,
    /// The fields that are known, where not all of them are: of a register's description.
    pub fields: Option<Vec<String>>,
}

impl Known {
    fn has(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.iter().any(|known| known == field))
    }
}

/// What is known of one incident.
#[derive(Clone, Debug, Default)]
pub struct KnownIncident {
    /// The names of the victim.
    pub victim: Vec<String>,
    /// The names of each attacker.
    pub attackers: Vec<Vec<String>>,
    /// The figures.
    pub records: Vec<Figure>,
    /// The kinds of data.
    pub data: Vec<DataKind>,
    /// When it happened.
    pub occurred: Option<DayRange>,
    /// When it became known.
    pub disclosed: Option<DayRange>,
}

/// Learns the weights of every model.
///
/// # Errors
/// If the rules cannot be read, which their tests rule out.
pub fn learn(documents: &[(Document<'_>, &Known)], rules: &Rules) -> Result<BTreeMap<String, Table>, String> {
    let mut examples = Vec::new();
    for (number, (document, known)) in documents.iter().enumerate() {
        examples.extend(with_reading(document, rules, |reading| of_victims(number, known, reading)));
    }
    let mut tables = BTreeMap::from([(judge::MODEL.to_owned(), fit(&examples, PULL))]);
    let chances = chances_held_back(&examples);
    tables.insert(judge::AGAIN.to_owned(), fit(&among_others(documents, &examples, &chances, rules), PULL_AGAIN));
    tables.insert(judge::DESCRIBED.to_owned(), fit(&of_described(documents, &examples, &chances, rules), PULL_AGAIN));
    tables.insert(judge::CALIBRATED.to_owned(), fit(&of_chances(documents, &examples, &chances, rules), PULL_AGAIN));
    let rules = Rules::with_weights(Weights::from_tables(&tables))?;
    let mut by_model: BTreeMap<String, Vec<Example>> = BTreeMap::new();
    for (number, (document, known)) in documents.iter().enumerate() {
        with_reading(document, &rules, |reading| of_slots(number, known, reading, &mut by_model));
    }
    tables.extend(by_model.into_iter().map(|(model, examples)| {
        let pull = PULLS_OF_SLOTS.iter().find(|(name, _)| *name == model).map_or(PULL, |(_, pull)| *pull);
        let is_choice = [dates::OCCURRED, dates::DISCLOSED].contains(&model.as_str());
        let table = if is_choice { choose(&examples, pull) } else { fit(&examples, pull) };
        (model, table)
    }));
    Ok(tables)
}

fn of_victims(document: usize, known: &Known, reading: &Reading<'_, '_>) -> Vec<Example> {
    let candidates = reports::candidates(reading, true);
    let drafts: Vec<&Draft> = candidates.iter().map(|(draft, _)| draft).collect();
    let hit: BTreeSet<usize> = matched(&drafts, known, reading).into_iter().map(|(at, _)| at).collect();
    let weights: Vec<f64> = drafts.iter().map(|draft| weight(draft, known, reading)).collect();
    let example = |(at, features): (usize, Features<'_>)| Example {
        document,
        victim: at,
        features: features.into_named(),
        is_right: hit.contains(&at),
        weight: weights[at],
    };
    candidates.into_iter().map(|(_, features)| features).enumerate().map(example).collect()
}

/// Returns how much a candidate counts; a description has a model of its own.
fn weight(draft: &Draft, known: &Known, reading: &Reading<'_, '_>) -> f64 {
    let is_described = reading.found.entities.all[draft.entity].sort == NameSort::Described;
    match known.fields {
        _ if is_described => 0.0,
        None => 1.0,
        Some(_) => REGISTER,
    }
}

/// Returns the chance of each candidate by weights that were learned without its document, as it will be for a document that is new.
fn chances_held_back(alone: &[Example]) -> Vec<f32> {
    let mut chances = vec![0.0; alone.len()];
    for part in 0..PARTS {
        let others: Vec<Example> = alone.iter().filter(|example| example.document % PARTS != part).cloned().collect();
        let table = fit(&others, PULL);
        for (chance, example) in chances.iter_mut().zip(alone).filter(|(_, example)| example.document % PARTS == part) {
            let sum: f32 = example.features.iter().filter_map(|(name, value)| Some(table.get(name)? * value)).sum();
            *chance = 1.0 / (1.0 + (-sum).exp());
        }
    }
    chances
}

/// Makes the examples of candidates beside others, of descriptions without a title.
fn among_others(documents: &[(Document<'_>, &Known)], alone: &[Example], chances: &[f32], rules: &Rules) -> Vec<Example> {
    let mut examples = Vec::with_capacity(alone.len());
    for (number, (document, _)) in documents.iter().enumerate().filter(|(_, (document, _))| document.title.is_empty()) {
        let start = alone.partition_point(|example| example.document < number);
        let end = alone.partition_point(|example| example.document <= number);
        with_reading(document, rules, |reading| {
            let mut all = super::drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
            all.iter_mut().zip(&chances[start..end]).for_each(|(draft, chance)| draft.confidence = *chance);
            let features = reports::among_others(&all, reading, true).into_iter();
            let example =
                |(features, example): (Features<'_>, &Example)| Example { features: features.into_named(), ..example.clone() };
            examples.extend(features.zip(&alone[start..end]).map(example));
        });
    }
    examples
}

/// Makes the examples of descriptions, of articles of which everything is known.
fn of_described(documents: &[(Document<'_>, &Known)], alone: &[Example], chances: &[f32], rules: &Rules) -> Vec<Example> {
    let mut examples = Vec::new();
    for (number, (document, known)) in documents.iter().enumerate().filter(|(_, (_, known))| known.fields.is_none()) {
        let start = alone.partition_point(|example| example.document < number);
        let end = alone.partition_point(|example| example.document <= number);
        with_reading(document, rules, |reading| {
            let mut all = super::drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
            all.iter_mut().zip(&chances[start..end]).for_each(|(draft, chance)| draft.confidence = *chance);
            let drafts: Vec<&Draft> = all.iter().collect();
            let hit: BTreeSet<usize> = matched(&drafts, known, reading).into_iter().map(|(at, _)| at).collect();
            for (at, features) in reports::described(&all, reading, true) {
                examples.push(Example {
                    document: number,
                    victim: at,
                    features: features.into_named(),
                    is_right: hit.contains(&at),
                    weight: 1.0,
                });
            }
        });
    }
    examples
}

/// Makes the examples of the chances of candidates, of articles of which everything is known.
fn of_chances(documents: &[(Document<'_>, &Known)], alone: &[Example], chances: &[f32], rules: &Rules) -> Vec<Example> {
    let whole = |example: &Example| {
        let (document, known) = &documents[example.document];
        !document.title.is_empty() && known.fields.is_none()
    };
    let all = alone.iter().zip(chances).filter(|(example, _)| whole(example));
    all.map(|(example, chance)| Example {
        features: judge::of_chance(*chance, &rules.weights, true).into_named(),
        ..example.clone()
    })
    .collect()
}

/// Pairs each known incident with the candidate whose name is likest its victim's: numbers of candidates and of incidents.
fn matched(drafts: &[&Draft], known: &Known, reading: &Reading<'_, '_>) -> Vec<(usize, usize)> {
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

/// Makes the examples of what is a victim's: of those that are victims, and of those that are taken for one.
fn of_slots(document: usize, known: &Known, reading: &Reading<'_, '_>, examples: &mut BTreeMap<String, Vec<Example>>) {
    let all = reports::judged(reading);
    let pairs = matched(&all.iter().collect::<Vec<_>>(), known, reading);
    let is_victim = |at: usize| pairs.iter().any(|(hit, _)| *hit == at);
    let chosen: Vec<usize> = (0..all.len()).filter(|&at| is_victim(at) || reports::is_likely(&all[at], reading)).collect();
    let mut drafts: Vec<Draft> = chosen.iter().map(|&at| all[at].clone()).collect();
    super::drafts::share_out(&mut drafts, reading.found, reading.lines, reading.antecedents);
    let incidents = |draft: usize| {
        let mine = pairs.iter().filter(|(hit, _)| *hit == chosen[draft]);
        mine.map(|(_, number)| &known.incidents[*number]).collect::<Vec<_>>()
    };
    let links = Links::of(&drafts, reading);
    let suspects = attackers::find(reading);
    let phrases = data::find(reading);
    let mut take = |field: &str, model: &str, offers: Vec<Offer<'_>>, is_right: &dyn Fn(&KnownIncident, usize) -> bool| {
        if !known.has(field) {
            return;
        }
        let base = if known.fields.is_some() { REGISTER } else { 1.0 };
        let into = examples.entry(model.to_owned()).or_default();
        for Offer { draft, thing, features } in offers {
            let of = incidents(draft);
            let weight = if of.is_empty() { base * ASTRAY } else { base };
            let is_right = of.iter().any(|incident| is_right(incident, thing));
            into.push(Example { document, victim: draft, features: features.into_named(), is_right, weight });
        }
    };
    take("records", records::MODEL, records::offers(&links, reading, true), &|incident, thing| {
        incident.records.iter().any(|known| records::is_right(&reading.found.counts[thing].figure, known))
    });
    let days = dates::offers(&links, &drafts, reading, true);
    let range = |thing: usize| &reading.found.days[thing].range;
    take("occurred", dates::OCCURRED, days.occurred, &|incident, thing| {
        incident.occurred.is_some_and(|known| dates::is_right(range(thing), &known))
    });
    take("disclosed", dates::DISCLOSED, days.disclosed, &|incident, thing| {
        incident.disclosed.is_some_and(|known| dates::is_right(range(thing), &known))
    });
    take("data", data::model(reading), data::offers(&phrases, &links, &drafts, reading, true), &|incident, thing| {
        incident.data.contains(&phrases[thing].kind)
    });
    let held = attackers::offers(&suspects, &links, reading, &drafts, true);
    take("attackers", attackers::MODEL, held, &|incident, thing| is_attacker(incident, &suspects[thing], reading));
}

/// Tells whether an incident holds a suspect responsible.
fn is_attacker(incident: &KnownIncident, suspect: &attackers::Suspect, reading: &Reading<'_, '_>) -> bool {
    let (name, mut names) = attackers::names(suspect, reading);
    names.push(name);
    incident.attackers.iter().any(|known| likeness(&names, known) > 0)
}

/// Compares two lists of names: 1000 where one name is the same in both, less where one holds the other's words, 0 where none does.
fn likeness(ours: &[String], theirs: &[String]) -> usize {
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

/// Writes weights in the layout of `weights.toml`.
pub fn to_toml(tables: &BTreeMap<String, Table>) -> String {
    let mut text = String::from(
        "# How much each feature speaks for a candidate, a table for each model. Made by `breachline learn`; do not edit.\n",
    );
    for (model, table) in tables {
        text.push_str(&format!("\n[\"{model}\"]\n"));
        for (name, weight) in table.iter().filter(|(_, weight)| weight.abs() >= 0.005) {
            text.push_str(&format!("{} = {weight}\n", toml::Value::String(name.clone())));
        }
    }
    text
}
