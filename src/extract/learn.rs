//! Learns the weights and trees by which candidates are judged, from documents whose incidents are known.
//!
//! A model has one or two stages. A logistic regression judges each candidate by itself, with a pull towards plain beliefs: a rule speaks for
//! its victim unless the examples say otherwise. Trees may then judge it again, beside the others whose chances are known by then, and see
//! what features say together. The chances that the trees learn from are those of weights that were learned without the document, as
//! they will be of a document that is new. The victims are learned first; whose a figure, day or attacker is, is then learned among the
//! victims that are found.

mod fit;
mod grow;
mod stages;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::day::DayRange;
use crate::base::fold::fold;
use crate::model::report::{DataKind, Figure};
use crate::rules::Rules;
use crate::rules::weights::Learned;

use super::drafts::Draft;
use super::links::{Links, Offer};
use super::names::NameSort;
use super::reports::{self, Reading};
use super::slots::{attackers, data, dates, records};
use super::weigh::Features;
use super::{Document, judge, with_reading};
use fit::{Example, choose, fit};
use grow::grow;

/// How strongly the weights of victims are pulled to their beliefs. Of 6, 8, 9 and 10 the best on articles held back
/// by event that costs the registers nothing.
const PULL: f64 = 8.0;
/// Likewise for what is a victim's. Of 0.3 to 25 the best for each.
const PULLS_OF_SLOTS: [(&str, f64); 6] = [
    (attackers::MODEL, 8.0),
    (data::MODEL, 12.0),
    (data::UNTITLED, 4.0),
    (dates::DISCLOSED, 4.0),
    (dates::OCCURRED, 8.0),
    (records::MODEL, 4.0),
];

/// What of a victim's is judged again by trees, in articles. Attackers and days were found less well so (F1 held back by event: attackers
/// .590 against .607, occurred .430 against .439).
const GROWN: [&str; 2] = [data::MODEL, records::MODEL];

/// How much a document of a register counts, which tells of one incident in a few set words, against an article.
const REGISTER: f64 = 0.6;
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

/// Learns the weights and trees of every model.
///
/// # Errors
/// If the rules cannot be read, which their tests rule out.
pub fn learn(documents: &[(Document<'_>, &Known)], rules: &Rules) -> Result<Learned, String> {
    let mut learned = Learned::default();
    let alone = of_victims(documents, rules);
    learned.weights.insert(judge::MODEL.to_owned(), fit(&alone, PULL));
    let chances = stages::held_back(&alone, |some| fit(some, PULL));
    let beside = of_victims_beside(documents, &alone, &chances, rules);
    let is_titled = |document: usize| !documents[document].0.title.is_empty();
    let mut chances = vec![0.0; beside.len()];
    for (model, titled) in [(judge::MODEL, true), (judge::UNTITLED, false)] {
        let rows: Vec<usize> = (0..beside.len()).filter(|&row| is_titled(beside[row].document) == titled).collect();
        let examples: Vec<Example> = rows.iter().map(|&row| beside[row].clone()).collect();
        learned.trees.insert(model.to_owned(), grow(&examples));
        rows.into_iter().zip(stages::grown_held_back(&examples)?).for_each(|(row, chance)| chances[row] = chance);
    }
    let mut by_model: BTreeMap<String, Vec<Example>> = BTreeMap::new();
    for (number, (document, known)) in documents.iter().enumerate() {
        let start = beside.partition_point(|example| example.document < number);
        let end = beside.partition_point(|example| example.document <= number);
        if start < end {
            with_reading(document, rules, |reading| {
                of_slots(number, known, &chances[start..end], reading, &mut by_model);
            });
        }
    }
    for (model, mut examples) in by_model {
        let pull = PULLS_OF_SLOTS.iter().find(|(name, _)| *name == model).map_or(PULL, |(_, pull)| *pull);
        let is_choice = [dates::OCCURRED, dates::DISCLOSED].contains(&model.as_str());
        let linear = |some: &[Example]| if is_choice { choose(some, pull) } else { fit(some, pull) };
        learned.weights.insert(model.clone(), linear(&examples));
        if GROWN.contains(&model.as_str()) {
            let chances = stages::held_back(&examples, linear);
            stages::add_beside(&mut examples, &chances);
            examples.retain(|example| is_titled(example.document));
            learned.trees.insert(model, grow(&examples));
        }
    }
    Ok(learned)
}

/// Makes the examples of victims, each by itself.
fn of_victims(documents: &[(Document<'_>, &Known)], rules: &Rules) -> Vec<Example> {
    let mut examples = Vec::new();
    for (number, (document, known)) in documents.iter().enumerate() {
        examples.extend(with_reading(document, rules, |reading| victims_of(number, known, reading)));
    }
    examples
}

fn victims_of(document: usize, known: &Known, reading: &Reading<'_, '_>) -> Vec<Example> {
    let candidates = reports::candidates(reading, true);
    let drafts: Vec<&Draft> = candidates.iter().map(|(draft, _)| draft).collect();
    let hit: BTreeSet<usize> = matched(&drafts, known, reading).into_iter().map(|(at, _)| at).collect();
    let weight = if known.fields.is_some() { REGISTER } else { 1.0 };
    let example = |(at, features): (usize, Features<'_>)| Example {
        document,
        victim: at,
        thing: at,
        features: features.into_named(),
        is_right: hit.contains(&at),
        weight,
    };
    candidates.into_iter().map(|(_, features)| features).enumerate().map(example).collect()
}

/// Makes the examples of victims beside the others, from those by themselves and their chances. Left out are the articles of which
/// only some victims are known.
fn of_victims_beside(documents: &[(Document<'_>, &Known)], alone: &[Example], chances: &[f32], rules: &Rules) -> Vec<Example> {
    let mut examples = Vec::with_capacity(alone.len());
    let whole = |(_, (document, known)): &(usize, &(Document<'_>, &Known))| known.fields.is_none() || document.title.is_empty();
    for (number, (document, _)) in documents.iter().enumerate().filter(whole) {
        let start = alone.partition_point(|example| example.document < number);
        let end = alone.partition_point(|example| example.document <= number);
        with_reading(document, rules, |reading| {
            let all = with_chances(&chances[start..end], reading);
            for (example, features) in alone[start..end].iter().zip(reports::beside(&all, reading, true)) {
                let mut example = Example { weight: 1.0, ..example.clone() };
                example.features.extend(features.into_named());
                examples.push(example);
            }
        });
    }
    examples
}

/// Returns the candidates of a document with chances that are known.
fn with_chances(chances: &[f32], reading: &Reading<'_, '_>) -> Vec<Draft> {
    let mut all = super::drafts::gather(reading.found, reading.lines, reading.claims, reading.antecedents);
    all.iter_mut().zip(chances).for_each(|(draft, chance)| draft.confidence = *chance);
    all
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
fn of_slots(
    document: usize,
    known: &Known,
    chances: &[f32],
    reading: &Reading<'_, '_>,
    examples: &mut BTreeMap<String, Vec<Example>>,
) {
    let all = with_chances(chances, reading);
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
            into.push(Example { document, victim: draft, thing, features: features.into_named(), is_right, weight });
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

/// Writes what was learned in the layout of `weights.toml`.
pub fn to_toml(learned: &Learned) -> String {
    let mut text = String::from(
        "# What was learned of each model: how much each feature of a candidate counts, and trees. Made by `breachline learn`; do not edit.\n",
    );
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    for (model, table) in &learned.weights {
        text.push_str(&format!("\n[weights.{}]\n", quoted(model)));
        for (name, weight) in table.iter().filter(|(_, weight)| weight.abs() >= 0.005) {
            text.push_str(&format!("{} = {weight}\n", quoted(name)));
        }
    }
    for (model, planted) in &learned.trees {
        text.push_str(&format!("\n[trees.{}]\n", quoted(model)));
        for (name, list) in [("features", &planted.features), ("trees", &planted.trees)] {
            text.push_str(&format!("{name} = [\n"));
            list.iter().for_each(|item| text.push_str(&format!("    {},\n", quoted(item))));
            text.push_str("]\n");
        }
    }
    text
}
