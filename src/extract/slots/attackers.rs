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
use super::super::text::Token;
use super::super::units::{Line, What};
use super::super::weigh::{Features, bucket, log};
use super::attribution;

/// The model that says who is held responsible for an incident.
pub const MODEL: &str = "attackers";

/// The least chance at which somebody is an incident's attacker.
pub const LEAST: f32 = 0.3;

/// How likely a further attacker must be, against the likeliest: an incident has one far more often than several.
const BESIDE: f32 = 0.75;

/// The most mentions of a suspect that are looked at for one victim: the first ones say most.
const MOST_SPOTS: usize = 6;

/// The mentions that are looked at for a victim that stands near none of them: of a campaign it is often said once who ran it.
const AFAR: usize = 2;

/// Up to so many pairs of suspect and victim each suspect is offered to all victims; in longer texts to those near it.
const MOST_PAIRS: usize = 600;

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
                    let may_act = match sort {
                        NameSort::Body | NameSort::Person => has_cue(line, unit, reading),
                        NameSort::Place => is_state_blamed(line, unit, reading),
                        _ => false,
                    };
                    if is_attacker || sort == NameSort::Attacker || may_act {
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

/// Tells whether the words around a name may make an attacker of it: "by X", "a group called X", "X claimed"; of a person also "X pleaded
/// guilty" anywhere in the sentence.
fn has_cue(line: &Line, unit: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let raw = |at: usize| reading.found.text.tokens[line.pieces[at].tokens.start].raw;
    let near = unit.saturating_sub(3)..(unit + 4).min(line.units.len());
    let crooks = class.strong_crook | class.crook | class.own_word | class.insider | class.suspicion;
    near.clone().any(|at| at != unit && line.units[at].kinds & (mention::CROOK | mention::ATTACKER) != 0)
        || near.clone().any(|at| line.units[at].kinds == 0 && line.units[at].classes & crooks != 0)
        || (near.start..unit).any(|at| raw(at) == "by")
        || line.units[unit].kinds & mention::PERSON != 0
            && line.units.iter().any(|unit| unit.kinds == 0 && unit.classes & class.accused != 0)
}

/// Tells whether a place stands for a state that may have attacked: "blamed on North Korea", "by Russia", "Iran hacked".
fn is_state_blamed(line: &Line, unit: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let raw = |at: usize| reading.found.text.tokens[line.pieces[at].tokens.start].raw;
    let is = |at: usize, bits: u128| line.units[at].kinds == 0 && line.units[at].classes & bits != 0;
    let before = unit.saturating_sub(4)..unit;
    let behind = unit + 1..(unit + 4).min(line.units.len());
    let deeds = class.suspicion | class.suspect | class.strike | class.deny | class.steal;
    before.clone().any(|at| is(at, class.suspicion | class.suspect))
        || unit > 0 && matches!(raw(unit - 1), "by" | "By")
        || behind.into_iter().any(|at| is(at, deeds))
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
    let both = Together::of(suspects, drafts);
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
        own.add(&["suspects"], log(suspects.len() as f32));
        own.flag(&["only-suspect"], suspects.len() == 1);
        own.flag(&["spoken-of-most"], most == suspect.spots.len());
        own.flag(&["first-named"], first_named == Some(thing));
        own.flag(&["described-beside-name"], suspect.entity.is_none() && first_named.is_some());
        describe(&mut own, suspect, &victims, reading);
        let reached: BTreeSet<usize> = near.keys().copied().collect();
        if suspects.len() * drafts.len() <= MOST_PAIRS {
            for draft in 0..drafts.len() {
                near.entry(draft).or_insert_with(|| suspect.spots.iter().take(AFAR).copied().collect());
            }
        }
        for (draft, spots) in near.into_iter().filter(|(draft, _)| Some(drafts[*draft].entity) != suspect.entity) {
            let mut features = own.clone();
            features.flag(&["afar"], !reached.contains(&draft));
            let together = spots.iter().any(|spot| by_rule(*spot, &drafts[draft], links.main == Some(draft), reading));
            let alone = |spot: &(usize, usize)| {
                as_attacker(&spot) && speak.get(&spot.0) == Some(&1) && links.claims(&drafts[draft], spot.0)
            };
            features.flag(&["vote:alone-in-claim"], spots.iter().any(alone));
            features.flag(&["vote:together"], together && !(suspect.entity.is_none() && first_named.is_some()));
            both.relate(&mut features, draft, thing, links.main == Some(draft));
            let token = |&(sentence, unit): &(usize, usize)| reading.lines[sentence].pieces[unit].tokens.start;
            distances.push(spots.iter().map(|spot| links.distance(draft, token(spot))).min().unwrap_or(0));
            for (sentence, unit) in spots {
                links.relate(&mut features, draft, sentence, unit);
                links::surround(&mut features, sentence, unit..unit + 1, links::telling(reading), reading);
                links::place(&mut features, sentence);
            }
            offers.push(Offer { draft, thing, features });
        }
    }
    links::mark_nearest(&mut offers, &distances);
    offers
}

/// How many mentions of each suspect stand in sentences that name each victim: by victim and suspect, and the most of each victim's.
struct Together {
    counts: BTreeMap<(usize, usize), usize>,
    most: Vec<usize>,
}

impl Together {
    fn of(suspects: &[Suspect], drafts: &[Draft]) -> Together {
        let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, draft) in drafts.iter().enumerate() {
            draft.named_in.iter().for_each(|sentence| named.entry(*sentence).or_default().push(number));
        }
        let mut together = Together { counts: BTreeMap::new(), most: vec![0; drafts.len()] };
        for (thing, suspect) in suspects.iter().enumerate() {
            for &draft in suspect.spots.iter().filter_map(|(sentence, _)| named.get(sentence)).flatten() {
                let count = together.counts.entry((draft, thing)).or_insert(0);
                *count += 1;
                together.most[draft] = together.most[draft].max(*count);
            }
        }
        together
    }

    /// Says whether a sentence speaks of both a suspect and a victim, and whether another suspect stands beside the victim as often.
    fn relate(&self, features: &mut Features<'_>, draft: usize, thing: usize, is_main: bool) {
        let against = match (self.counts.get(&(draft, thing)), self.most[draft]) {
            (None, 0) => "none",
            (None, _) => "other",
            (Some(mine), most) if *mine == most => "most",
            _ => "some",
        };
        features.add(&["together", if is_main { "main" } else { "mention" }, against], 1.0);
    }
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
    let known = it.known.filter(|entry| entry.sort == Sort::Attacker);
    let known = known.and_then(|entry| reading.rules.known.attackers.get(entry.number as usize));
    features.add(&["group", known.map_or("unknown", |known| &known.kind)], 1.0);
    let as_people = suspect.spots.iter().filter(|spot| is_people(**spot, reading)).count();
    let as_strain = suspect.spots.iter().filter(|spot| is_strain(**spot, reading)).count();
    let may_be_strain = known.is_some_and(|known| !known.strain.is_empty());
    let treated = match (as_people, as_strain) {
        (0, 0) => "neither",
        (0, _) => "strain",
        (_, 0) => "people",
        _ => "both",
    };
    features.add(&["treated-as", treated, if may_be_strain { "may-be-strain" } else { "no-strain" }], 1.0);
    let class = &reading.rules.class;
    let common = |name: &String| reading.rules.lexicon.look_up(&name.to_lowercase()).classes & class.english != 0;
    features.flag(&["common", sort], common(&it.names[0]));
    features.flag(&["several-words", sort], it.names[0].contains(' '));
    let as_attacker =
        suspect.spots.iter().filter(|(sentence, unit)| reading.lines[*sentence].units[*unit].kinds & mention::ATTACKER != 0);
    features.add(&["as-attacker", sort], as_attacker.count() as f32 / suspect.spots.len() as f32);
}

/// Tells whether a mention treats a name as people: "the X gang", "X claimed", "X operators".
fn is_people((sentence, unit): (usize, usize), reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let next = line.units.get(unit + 1).filter(|next| next.kinds == 0);
    line.units[unit].kinds & mention::CROOK != 0
        || next.is_some_and(|next| next.classes & (class.own_say | class.own_word | class.claim | class.crook | class.deny) != 0)
}

/// Tells whether a mention treats a name as malware: "X ransomware", "infected with X", "a variant of X".
fn is_strain((sentence, unit): (usize, usize), reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let is = |at: usize, bits: u128| line.units.get(at).is_some_and(|unit| unit.kinds == 0 && unit.classes & bits != 0);
    let malware = is(unit + 1, class.bad_thing) && !is(unit + 2, class.crook | class.crook_weak | class.own_word | class.own_say);
    let words = ["variant", "strain", "version", "called", "dubbed", "deployed", "used", "using", "with", "infected"];
    let before = (unit.saturating_sub(3)..unit).any(|at| words.contains(&reading.word(line, at)));
    line.units[unit].kinds & mention::CROOK == 0 && (malware || before || is(unit + 1, class.strike))
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
    let opens = |token: &Token<'_>| token.word.classes & reading.rules.class.det != 0 || token.raw.eq_ignore_ascii_case("same");
    let opening = all[tokens.clone()].iter().take_while(|token| opens(token)).count();
    let start = tokens.start + opening.min(tokens.len() - 1);
    let span = all[start].span.join(all[tokens.end - 1].span);
    let in_title = reading.found.text.sentences[sentence].in_title;
    span.slice(if in_title { reading.document.title } else { reading.document.text }).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::day::Day;
    use crate::extract::{Document, with_reading};
    use crate::rules::Rules;

    fn suspects(text: &str) -> Vec<String> {
        let published = Day::new(2025, 3, 12).expect("a day");
        with_reading(&Document { title: "", text, published }, Rules::builtin(), |reading| {
            find(reading).iter().map(|suspect| names(suspect, reading).0).collect()
        })
    }

    #[test]
    fn who_is_charged_may_be_the_attacker_and_who_speaks_is_not() {
        let charged = "Peter Farrow, a clerk of Alderton, was charged with theft from Harrow Bank.";
        assert_eq!(suspects(charged), ["Peter Farrow"]);
        assert!(suspects("Peter Farrow, the mayor of Alderton, spoke of the theft from Harrow Bank.").is_empty());
    }
}
