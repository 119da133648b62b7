//! Learns the weights and trees by which candidates are judged, from documents whose incidents are known.
//!
//! A model has one or two stages. A logistic regression judges each candidate by itself, with a pull towards plain beliefs: a rule speaks for
//! its victim unless the examples say otherwise. Trees may then judge it again, beside the others whose chances are known by then, and see
//! what features say together. The chances that the trees learn from are those of weights that were learned without the document, as
//! they will be of a document that is new. The victims are learned first; whose a figure, day or attacker is, is then learned among the
//! victims that are found.

mod examples;
mod fit;
mod grow;
mod stages;
mod victims;

use std::collections::BTreeMap;

use crate::base::day::DayRange;
use crate::model::report::{DataKind, Figure};
use crate::rules::Rules;
use crate::rules::weights::Learned;

use super::Document;
use super::drafts::Draft;
use super::links::{Links, Offer};
use super::reports::{self, Reading};
use super::slots::{attackers, data, dates, records};
use examples::{Example, Names};
use fit::{choose, fit};
use grow::grow;
use victims::{likeness, matched, with_chances};

/// How strongly the weights of what is a victim's are pulled to their beliefs. Of 0.3 to 25 the best for each.
const PULLS_OF_SLOTS: [(&str, f64); 6] = [
    (attackers::MODEL, 8.0),
    (data::MODEL, 12.0),
    (data::UNTITLED, 4.0),
    (dates::DISCLOSED, 4.0),
    (dates::OCCURRED, 8.0),
    (records::MODEL, 4.0),
];

/// What of a victim's is judged again by trees, in articles. Days were found less well so (F1 held back by event: occurred .482 against
/// .487, disclosed .434 against .492).
const GROWN: [&str; 3] = [attackers::MODEL, data::MODEL, records::MODEL];

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

/// Documents to learn from, with what can be said of them before anything is learned.
#[derive(Debug)]
pub struct Lessons<'a> {
    rules: &'a Rules,
    documents: Vec<(Document<'a>, &'a Known)>,
    names: Names,
    /// What the words of each article say.
    stories: Vec<Example>,
    /// What the words around each name say.
    contexts: Vec<Example>,
}

impl<'a> Lessons<'a> {
    /// Reads the documents.
    pub fn of(documents: Vec<(Document<'a>, &'a Known)>, rules: &'a Rules) -> Lessons<'a> {
        let mut names = Names::default();
        let stories = victims::of_stories(&documents, &mut names, rules);
        let contexts = victims::of_contexts(&documents, &mut names, rules);
        Lessons { rules, documents, names, stories, contexts }
    }

    /// Learns the weights and trees of every model from the documents for which `taken` holds, given their numbers. What trees leave to
    /// chance is another with each `draw`.
    ///
    /// # Errors
    /// If the rules cannot be read, which their tests rule out.
    pub fn learn(&self, taken: impl Fn(usize) -> bool, draw: u64) -> Result<Learned, String> {
        let mut learned = Learned::default();
        let documents = victims::with_stories(self, &taken, &mut learned);
        let mut names = self.names.clone();
        let (beside, chances) = victims::learn(self, &documents, &mut learned, &mut names, draw)?;
        let mut by_model: BTreeMap<String, Vec<Example>> = BTreeMap::new();
        let beside = victims::all(&beside);
        for learning in &documents {
            let of = victims::rows(&beside, learning.number);
            if !of.is_empty() {
                learning.read(self.rules, |reading| {
                    of_slots(learning.number, learning.known, &chances[of], reading, (&mut by_model, &mut names));
                });
            }
        }
        of_a_victim(by_model, |number| self.is_titled(number), &mut names, draw, &mut learned);
        Ok(learned)
    }

    /// Returns the documents in the order of their numbers.
    pub fn documents(&self) -> impl Iterator<Item = &Document<'a>> {
        self.documents.iter().map(|(document, _)| document)
    }

    fn is_titled(&self, number: usize) -> bool {
        !self.documents[number].0.title.is_empty()
    }
}

/// Learns the weights and trees of the models of what is a victim's, from their examples.
fn of_a_victim(
    by_model: BTreeMap<String, Vec<Example>>,
    is_titled: impl Fn(usize) -> bool,
    names: &mut Names,
    draw: u64,
    learned: &mut Learned,
) {
    for (model, mut examples) in by_model {
        let pull = PULLS_OF_SLOTS.iter().find(|(name, _)| *name == model).map_or(victims::PULL, |(_, pull)| *pull);
        let is_choice = [dates::OCCURRED, dates::DISCLOSED].contains(&model.as_str());
        let linear = |some: &[&Example]| if is_choice { choose(some, pull, names) } else { fit(some, pull, names) };
        learned.weights.insert(model.clone(), linear(&victims::all(&examples)));
        if GROWN.contains(&model.as_str()) {
            let chances = stages::held_back(&victims::all(&examples), names, linear);
            stages::add_beside(&mut examples, &chances, names);
            examples.retain(|example| is_titled(example.document));
            learned.trees.insert(model, grow(&victims::all(&examples), names, draw));
        }
    }
}

/// Makes the examples of what is a victim's: of those that are victims, and of those that are taken for one.
fn of_slots(
    document: usize,
    known: &Known,
    chances: &[f32],
    reading: &Reading<'_, '_>,
    (examples, names): (&mut BTreeMap<String, Vec<Example>>, &mut Names),
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
            let list = (model == attackers::MODEL).then(|| links.lists[draft]);
            into.push(Example { document, victim: draft, list, thing, features: names.list(features), is_right, weight });
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

/// Writes what was learned in the layout of `weights.json`, without the weights that hardly count.
///
/// # Errors
/// If a weight is no number, which learning rules out.
pub fn to_json(mut learned: Learned) -> Result<String, String> {
    learned.weights.values_mut().for_each(|table| table.retain(|_, weight| weight.abs() >= 0.005));
    let mut text = serde_json::to_string_pretty(&learned).map_err(|fault| fault.to_string())?;
    text.push('\n');
    Ok(text)
}
