//! Who is held responsible, and how firmly: every name or description that might be an attacker's is offered to the victims near it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::base::fold::fold;
use crate::model::mention::RuleId;
use crate::model::report::{Attacker, Field, Report, Salience};
use crate::rules::gazetteer::Sort;
use crate::rules::mention;

use super::super::drafts::Draft;
use super::super::entities::EntityId;
use super::super::judge::sort_word;
use super::super::links::{self, Links, Offer};
use super::super::names::NameSort;
use super::super::reports::{Reading, quote_sentence};
use super::super::units::{Line, What};
use super::super::weigh::{Features, bucket};
use super::attribution;

/// The model that says who is held responsible for an incident.
pub const MODEL: &str = "attackers";

/// The least chance at which somebody is an incident's attacker.
pub const LEAST: f32 = 0.3;

/// How likely a further attacker must be, against the likeliest: an incident has one far more often than several.
const BESIDE: f32 = 0.75;

/// The most mentions of a suspect that are looked at for one victim: the first ones say most.
const MOST_SPOTS: usize = 6;

/// Somebody who may be held responsible.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// The name, if it has one; a description has none.
    entity: Option<EntityId>,
    /// The words of a description.
    described: Option<(usize, Range<usize>)>,
    /// Where it is spoken of: sentences and units, in order.
    spots: Vec<(usize, usize)>,
}

/// Finds who may be held responsible, in the order in which the text comes to them.
pub fn find(reading: &Reading<'_, '_>) -> Vec<Suspect> {
    let mut by_entity: BTreeMap<EntityId, Vec<(usize, usize)>> = BTreeMap::new();
    let mut by_words: BTreeMap<String, Suspect> = BTreeMap::new();
    for (sentence, line) in reading.lines.iter().enumerate() {
        for (unit, piece) in line.pieces.iter().enumerate() {
            let is_attacker = line.units[unit].kinds & mention::ATTACKER != 0;
            match piece.what {
                What::Entity(entity) => {
                    let sort = reading.found.entities.all[entity].sort;
                    if is_attacker || sort == NameSort::Attacker || may_act(sort) && has_cue(line, unit, reading) {
                        by_entity.entry(entity).or_default().push((sentence, unit));
                    }
                }
                What::Crooks => match reading.attacker_antecedents.get(&(sentence, unit)) {
                    Some(&entity) => by_entity.entry(entity).or_default().push((sentence, unit)),
                    None if is_attacker => {
                        let words = fold(&described(sentence, piece.tokens.clone(), reading));
                        let new =
                            || Suspect { entity: None, described: Some((sentence, piece.tokens.clone())), spots: Vec::new() };
                        by_words.entry(words).or_insert_with(new).spots.push((sentence, unit));
                    }
                    None => {}
                },
                _ => {}
            }
        }
    }
    let named = by_entity.into_iter().map(|(entity, spots)| Suspect { entity: Some(entity), described: None, spots });
    let mut suspects: Vec<Suspect> = named.chain(by_words.into_values()).collect();
    suspects.sort_by_key(|suspect| suspect.spots[0]);
    suspects
}

/// Tells whether a name of this sort may be an attacker's: no mere place or nationality, and nobody who reports or polices.
fn may_act(sort: NameSort) -> bool {
    matches!(sort, NameSort::Body | NameSort::Person)
}

/// Tells whether the words around a name may make an attacker of it: "by X", "a group called X", "X claimed".
fn has_cue(line: &Line, unit: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let raw = |at: usize| reading.found.text.tokens[line.pieces[at].tokens.start].raw;
    let near = unit.saturating_sub(3)..(unit + 4).min(line.units.len());
    let crooks = class.strong_crook | class.crook | class.own_word | class.insider | class.suspicion;
    near.clone().any(|at| at != unit && line.units[at].kinds & (mention::CROOK | mention::ATTACKER) != 0)
        || near.clone().any(|at| line.units[at].kinds == 0 && line.units[at].classes & crooks != 0)
        || (near.start..unit).any(|at| raw(at) == "by")
}

/// Offers each suspect to the victims near its mentions.
pub fn offers<'r>(
    suspects: &[Suspect],
    links: &Links<'_, '_>,
    reading: &Reading<'r, '_>,
    drafts: &[Draft],
    named: bool,
) -> Vec<Offer<'r>> {
    let victims: BTreeSet<EntityId> = drafts.iter().map(|draft| draft.entity).collect();
    let most = suspects.iter().map(|suspect| suspect.spots.len()).max().unwrap_or(0);
    let is_named = |entity: EntityId| reading.found.entities.all[entity].sort == NameSort::Attacker;
    let first_named = suspects.iter().position(|suspect| suspect.entity.is_some_and(is_named));
    let mut speak: BTreeMap<usize, usize> = BTreeMap::new();
    let as_attacker = |spot: &&(usize, usize)| reading.lines[spot.0].units[spot.1].kinds & mention::ATTACKER != 0;
    for suspect in suspects {
        let sentences: BTreeSet<usize> = suspect.spots.iter().filter(as_attacker).map(|(sentence, _)| *sentence).collect();
        sentences.into_iter().for_each(|sentence| *speak.entry(sentence).or_default() += 1);
    }
    let (mut offers, mut distances) = (Vec::new(), Vec::new());
    for (thing, suspect) in suspects.iter().enumerate() {
        let mut near: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for &(sentence, unit) in &suspect.spots {
            for draft in links.near(sentence) {
                let spots = near.entry(draft).or_default();
                if spots.len() < MOST_SPOTS {
                    spots.push((sentence, unit));
                }
            }
        }
        let mut own = Features::new(&reading.rules.weights, named);
        own.add(&["suspects"], (suspects.len() as f32).ln());
        own.flag(&["only-suspect"], suspects.len() == 1);
        own.flag(&["spoken-of-most"], most == suspect.spots.len());
        own.flag(&["first-named"], first_named == Some(thing));
        own.flag(&["described-beside-name"], suspect.entity.is_none() && first_named.is_some());
        describe(&mut own, suspect, &victims, reading);
        for (draft, spots) in near.into_iter().filter(|(draft, _)| Some(drafts[*draft].entity) != suspect.entity) {
            let mut features = own.clone();
            let together = spots.iter().any(|spot| by_rule(*spot, &drafts[draft], links.main == Some(draft), reading));
            let alone = |spot: &(usize, usize)| {
                as_attacker(&spot) && speak.get(&spot.0) == Some(&1) && links.claims(&drafts[draft], spot.0)
            };
            features.flag(&["vote:alone-in-claim"], spots.iter().any(alone));
            features.flag(&["vote:together"], together && !(suspect.entity.is_none() && first_named.is_some()));
            let token = |&(sentence, unit): &(usize, usize)| reading.lines[sentence].pieces[unit].tokens.start;
            distances.push(spots.iter().map(|spot| links.distance(draft, token(spot))).min().unwrap_or(0));
            for (sentence, unit) in spots {
                links.relate(&mut features, draft, sentence, unit);
                links::surround(&mut features, sentence, unit..unit + 1, reading);
                links::place(&mut features, sentence);
            }
            offers.push(Offer { draft, thing, features });
        }
    }
    links::mark_nearest(&mut offers, &distances);
    offers
}

/// Tells whether plain rules hold who is spoken of at a place responsible for what befell a victim.
fn by_rule((sentence, unit): (usize, usize), draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let as_attacker = line.units[unit].kinds & mention::ATTACKER != 0 || line.pieces[unit].what == What::Crooks;
    let deeds = class.attack | class.hack | class.steal | class.claim | class.suspect | class.deny;
    let main = || is_main && draft.sentences.binary_search(&sentence).is_ok() && line.classes() & deeds != 0;
    as_attacker && (draft.named_in.binary_search(&sentence).is_ok() || main())
}

/// Says who a suspect is.
fn describe(features: &mut Features<'_>, suspect: &Suspect, victims: &BTreeSet<EntityId>, reading: &Reading<'_, '_>) {
    features.add(&["always"], 1.0);
    features.add(&["spots", bucket(suspect.spots.len(), &[(1, "1"), (2, "2"), (5, "5")])], 1.0);
    let Some(entity) = suspect.entity else {
        features.add(&["sort", "described"], 1.0);
        if let Some((sentence, tokens)) = &suspect.described {
            for word in fold(&described(*sentence, tokens.clone(), reading)).split(' ') {
                features.add(&["described", word], 1.0);
            }
        }
        return;
    };
    let it = &reading.found.entities.all[entity];
    let sort = if matches!(it.sort, NameSort::Observer(_)) { "observer" } else { sort_word(it.sort) };
    features.add(&["sort", sort], 1.0);
    features.flag(&["known"], it.known.is_some_and(|entry| entry.sort == Sort::Attacker));
    features.flag(&["known-weak"], it.known.is_some_and(|entry| entry.sort == Sort::Attacker && entry.weak));
    features.flag(&["in-title"], it.in_title);
    features.flag(&["title-and-sort", sort], it.in_title);
    features.flag(&["victim"], victims.contains(&entity));
    let class = &reading.rules.class;
    let common = |name: &String| reading.rules.lexicon.look_up(&name.to_lowercase()).classes & class.english != 0;
    features.flag(&["common", sort], common(&it.names[0]));
    features.flag(&["several-words", sort], it.names[0].contains(' '));
    let as_attacker =
        suspect.spots.iter().filter(|(sentence, unit)| reading.lines[*sentence].units[*unit].kinds & mention::ATTACKER != 0);
    features.add(&["as-attacker", sort], as_attacker.count() as f32 / suspect.spots.len() as f32);
}

/// Fills the attackers of an incident from the suspects that were offered to it, the likeliest first.
pub fn fill(report: &mut Report, draft: &Draft, offered: &[(f32, usize)], suspects: &[Suspect], reading: &Reading<'_, '_>) {
    let best = offered.first().map_or(0.0, |(chance, _)| *chance);
    for &(chance, thing) in offered.iter().take_while(|(chance, _)| *chance >= LEAST.max(BESIDE * best)) {
        let suspect = &suspects[thing];
        let (name, aliases) = names(suspect, reading);
        if report.attackers.iter().any(|known| known.name == name) {
            continue;
        }
        let attribution = attribution::of(&suspect.spots, draft, report.salience == Salience::Main, reading);
        report.attackers.push(Attacker { name, aliases, attribution });
        let in_text = |sentence: &usize| !reading.found.text.sentences[*sentence].in_title;
        let near = suspect.spots.iter().map(|(sentence, _)| *sentence).filter(in_text);
        let said = near.clone().find(|sentence| draft.named_in.contains(sentence)).or_else(|| near.min());
        let rule = RuleId("attacker.held-responsible".into());
        report.evidence.extend(
            said.and_then(|sentence| quote_sentence(Field::Attackers, sentence, rule, draft.confidence * chance, reading)),
        );
    }
}

/// Returns the name and the other names of a suspect.
pub fn names(suspect: &Suspect, reading: &Reading<'_, '_>) -> (String, Vec<String>) {
    match (suspect.entity, &suspect.described) {
        (Some(entity), _) => of_entity(entity, reading),
        (None, Some((sentence, tokens))) => (described(*sentence, tokens.clone(), reading), Vec::new()),
        (None, None) => (String::new(), Vec::new()),
    }
}

fn of_entity(entity: usize, reading: &Reading<'_, '_>) -> (String, Vec<String>) {
    let entity = &reading.found.entities.all[entity];
    let known = entity.known.filter(|entry| entry.sort == Sort::Attacker);
    let known = known.and_then(|entry| reading.rules.known.attackers.get(entry.number as usize));
    let mut aliases = entity.names[1..].to_vec();
    for name in known.into_iter().flat_map(|known| std::iter::once(&known.name).chain(&known.aliases)) {
        if *name != entity.names[0] && !aliases.contains(name) {
            aliases.push(name.clone());
        }
    }
    (entity.names[0].clone(), aliases)
}

fn described(sentence: usize, tokens: Range<usize>, reading: &Reading<'_, '_>) -> String {
    let all = &reading.found.text.tokens;
    let det = reading.rules.class.det;
    let start = tokens.start + usize::from(all[tokens.start].word.classes & det != 0 && tokens.len() > 1);
    let span = all[start].span.join(all[tokens.end - 1].span);
    let in_title = reading.found.text.sentences[sentence].in_title;
    span.slice(if in_title { reading.document.title } else { reading.document.text }).to_owned()
}
