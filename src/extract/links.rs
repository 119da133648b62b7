//! How a thing in a sentence (a count, a day, an attacker, a kind of data) relates to each victim, and what words stand around it, as
//! features for the models that say whose it is.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::rules::lexicon::Classes;
use crate::rules::mention;
use crate::rules::trees::Grove;
use crate::rules::weights::Model;

use super::clauses::Clause;
use super::drafts::{self, Draft};
use super::reports::Reading;
use super::units::Line;
use super::weigh::{Features, HOPELESS, bucket, odds};

/// A thing that may be a victim's: one candidate for one slot of one incident.
#[derive(Clone, Debug)]
pub struct Offer<'w> {
    /// The victim, by number.
    pub draft: usize,
    /// The thing, by its number among those of its kind.
    pub thing: usize,
    /// What speaks for and against it.
    pub features: Features<'w>,
}

/// Marks, for each victim, the offer that the rules give the most votes; votes of [`f32::MIN`] are none.
pub fn vote(offers: &mut [Offer<'_>], votes: &[f32], name: &str) {
    let mut best: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, offer) in offers.iter().enumerate().filter(|(at, _)| votes[*at] > f32::MIN) {
        let known = best.entry(offer.draft).or_insert(at);
        if votes[at] > votes[*known] {
            *known = at;
        }
    }
    best.into_values().for_each(|at| offers[at].features.add(&[name], 1.0));
}

/// Marks, for each victim, the offer that stands nearest to where the victim is spoken of. `distance` is in tokens, by offer.
pub fn mark_nearest(offers: &mut [Offer<'_>], distances: &[usize]) {
    for (offer, distance) in offers.iter_mut().zip(distances) {
        let far = bucket(*distance, &[(3, "3"), (8, "8"), (16, "16"), (32, "32"), (64, "64"), (128, "128"), (256, "256")]);
        offer.features.add(&["tokens", far], 1.0);
    }
    let votes: Vec<f32> = distances.iter().map(|distance| -(*distance as f32)).collect();
    vote(offers, &votes, "nearest-thing");
}

/// What was offered to each victim by number: things with their chances, the best first.
pub type Weighed = Vec<Vec<(f32, usize)>>;

/// Weighs offers by a sum of weights and then, where there are any, by trees; `lists` is the list of each victim, where what is said of
/// one of a list tells of the others.
pub fn weigh(
    mut offers: Vec<Offer<'_>>,
    victims: usize,
    lists: Option<&[usize]>,
    model: Option<&Model>,
    grove: Option<&Grove>,
) -> Weighed {
    let chances = offers.iter_mut().map(|offer| offer.features.chance(model)).collect();
    again(offers, chances, victims, lists, grove)
}

/// Weighs offers of which each victim takes one or none: their chances are those of being the one that is chosen.
pub fn choose(offers: Vec<Offer<'_>>, victims: usize, model: Option<&Model>) -> Weighed {
    let mut weighed = weigh(offers, victims, None, model, None);
    for mine in &mut weighed {
        let odds = |chance: f32| chance / (1.0 - chance).max(f32::EPSILON);
        let all: f32 = 1.0 + mine.iter().map(|(chance, _)| odds(*chance)).sum::<f32>();
        mine.iter_mut().for_each(|(chance, _)| *chance = odds(*chance) / all);
    }
    weighed
}

/// Weighs offers again beside the others, whose chances are known by then.
fn again(offers: Vec<Offer<'_>>, chances: Vec<f32>, victims: usize, lists: Option<&[usize]>, grove: Option<&Grove>) -> Weighed {
    let of = |at: usize| {
        let Offer { draft, thing, .. } = offers[at];
        Place { document: 0, victim: draft, list: lists.map(|lists| lists[draft]), thing }
    };
    let beside = grove.map(|_| beside(&chances, of));
    let mut weighed = vec![Vec::new(); victims];
    for (at, Offer { draft, thing, mut features }) in offers.into_iter().enumerate() {
        let chance = match (grove, &beside) {
            (Some(grove), Some(beside)) if chances[at] >= HOPELESS => {
                beside[at].iter().for_each(|(name, value)| features.add(&[name], *value));
                features.grown(grove)
            }
            _ => chances[at],
        };
        weighed[draft].push((chance, thing));
    }
    for mine in &mut weighed {
        mine.sort_by(|a: &(f32, usize), b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    }
    weighed
}

/// Whom an offer is made to, and what is offered.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The document, by number.
    pub document: usize,
    /// The victim.
    pub victim: usize,
    /// The list that names the victim beside others, where that is to tell something.
    pub list: Option<usize>,
    /// The thing.
    pub thing: usize,
}

/// What is known of an offer beside the others, as features.
type Beside = Vec<(&'static str, f32)>;

/// Says how each offer stands beside the others to the same victim, of the same thing, and of that thing to those listed with the
/// victim.
pub fn beside(chances: &[f32], of: impl Fn(usize) -> Place) -> Vec<Beside> {
    let mut by_victim: BTreeMap<(usize, usize), Vec<f32>> = BTreeMap::new();
    let mut by_thing: BTreeMap<(usize, usize), Vec<f32>> = BTreeMap::new();
    let mut by_list: BTreeMap<(usize, usize, usize), Vec<f32>> = BTreeMap::new();
    for (at, chance) in chances.iter().enumerate() {
        let Place { document, victim, list, thing } = of(at);
        by_victim.entry((document, victim)).or_default().push(*chance);
        by_thing.entry((document, thing)).or_default().push(*chance);
        if let Some(list) = list {
            by_list.entry((document, list, thing)).or_default().push(*chance);
        }
    }
    let all = by_victim.values_mut().chain(by_thing.values_mut()).chain(by_list.values_mut());
    all.for_each(|all| all.sort_unstable_by(|a, b| b.total_cmp(a)));
    let rank = |all: &[f32], mine: f32| all.partition_point(|chance| *chance > mine);
    let mut wins: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (at, chance) in chances.iter().enumerate() {
        let Place { document, victim, list, thing } = of(at);
        if list.is_some() {
            *wins.entry((document, thing)).or_default() += usize::from(rank(&by_victim[&(document, victim)], *chance) == 0);
        }
    }
    let one = |at: usize| {
        let Place { document, victim, list, thing } = of(at);
        let mine = chances[at];
        let rank = |all: &[f32]| rank(all, mine);
        let best_other = |all: &[f32]| odds(all.get(usize::from(rank(all) == 0)).copied().unwrap_or(0.0));
        let (of_victim, of_thing) = (&by_victim[&(document, victim)], &by_thing[&(document, thing)]);
        let mut beside = vec![
            ("beside:odds", odds(mine)),
            ("beside:rank", rank(of_victim) as f32),
            ("beside:best-other", best_other(of_victim)),
            ("beside:offers", of_victim.len() as f32),
            ("beside:rank-of-thing", rank(of_thing) as f32),
            ("beside:best-of-thing", best_other(of_thing)),
            ("beside:offers-of-thing", of_thing.len() as f32),
        ];
        if let Some(list) = list {
            let other_wins = wins[&(document, thing)] - usize::from(rank(of_victim) == 0);
            beside.push(("beside:best-of-list", best_other(&by_list[&(document, list, thing)])));
            beside.push(("beside:wins-of-thing", other_wins as f32 / (of_thing.len().max(2) - 1) as f32));
        }
        beside
    };
    (0..chances.len()).map(one).collect()
}

/// How many sentences behind a victim's mention a thing may be its own. Further off only the article's main victim has claims.
const REACH: usize = 12;

/// How many units to either side count as the words around a thing.
const WINDOW: usize = 12;

/// The victims of an article, and where it speaks of each.
pub struct Links<'r, 't> {
    reading: &'r Reading<'r, 't>,
    drafts: &'r [Draft],
    /// The victim that the article is about, by number.
    pub main: Option<usize>,
    /// Who is spoken of in each sentence: victims by number, and the unit.
    by_sentence: BTreeMap<usize, Vec<(usize, usize)>>,
    /// The tokens at which each victim is spoken of, in order.
    tokens: Vec<Vec<usize>>,
    /// The sentences that are headings: a name in a paragraph of its own.
    headings: Vec<usize>,
    /// The list that names each victim beside others, by the least number of those in it; its own where there is none.
    pub lists: Vec<usize>,
}

impl<'r, 't> Links<'r, 't> {
    /// Looks up where the article speaks of its victims.
    pub fn of(drafts: &'r [Draft], reading: &'r Reading<'r, 't>) -> Links<'r, 't> {
        let mut by_sentence: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (number, draft) in drafts.iter().enumerate() {
            for spot in &reading.spots[draft.entity] {
                by_sentence.entry(spot.sentence).or_default().push((number, spot.unit));
            }
        }
        let token = |spot: &drafts::Spot| reading.lines[spot.sentence].pieces[spot.unit].tokens.start;
        let tokens = drafts.iter().map(|draft| reading.spots[draft.entity].iter().map(token).collect()).collect();
        Links {
            lists: lists(drafts.len(), &by_sentence, reading),
            reading,
            drafts,
            main: drafts::main_draft(drafts, reading.found),
            by_sentence,
            tokens,
            headings: headings(reading),
        }
    }

    /// Returns the sentences of the section that a sentence stands in: from its heading up to the next one.
    fn section(&self, sentence: usize) -> Range<usize> {
        let next = self.headings.partition_point(|heading| *heading <= sentence);
        let start = next.checked_sub(1).map_or(0, |at| self.headings[at]);
        start..self.headings.get(next).copied().unwrap_or(usize::MAX)
    }

    /// Returns how many tokens a token stands away from where the victim is spoken of.
    pub fn distance(&self, number: usize, token: usize) -> usize {
        let tokens = &self.tokens[number];
        let next = tokens.partition_point(|at| *at < token);
        let around = tokens[next.saturating_sub(1)..tokens.len().min(next + 1)].iter();
        around.map(|at| at.abs_diff(token)).min().unwrap_or(usize::MAX / 2)
    }

    /// Returns the victims whose a thing in this sentence may be: where it says what befell some of them, those that it names, else
    /// those named a while before in its section and, where no section has begun, the article's main one.
    pub fn near(&self, sentence: usize) -> Vec<usize> {
        let here = self.by_sentence.get(&sentence).map_or(&[][..], Vec::as_slice);
        let told = here.iter().any(|(number, _)| self.claims(&self.drafts[*number], sentence));
        let section = self.section(sentence);
        let from = if told { sentence } else { sentence.saturating_sub(REACH).max(section.start) };
        let to = if told { sentence } else { (sentence + 2).min(section.end - 1) };
        let near = self.by_sentence.range(from..=to).flat_map(|(_, spots)| spots.iter().map(|(number, _)| *number));
        let mut near: Vec<usize> = near.chain(self.main.filter(|_| !told && section.start == 0)).collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Says how a thing at a unit of a sentence relates to a victim.
    pub fn relate(&self, features: &mut Features<'_>, number: usize, sentence: usize, unit: usize) {
        let draft = &self.drafts[number];
        let role = match (self.drafts.len(), self.main == Some(number)) {
            (1, _) => "only",
            (_, true) => "main",
            _ => "other",
        };
        let paragraph = |at: usize| self.reading.found.text.sentences[at].paragraph;
        let in_title = |at: usize| self.reading.found.text.sentences[at].in_title;
        let spots = &self.reading.spots[draft.entity];
        let later = spots.partition_point(|spot| spot.sentence <= sentence);
        let before = spots[..later].iter().rev().find(|spot| in_title(spot.sentence) == in_title(sentence));
        let after = before.filter(|spot| spot.sentence == sentence).or(spots.get(later));
        let back = before.map_or(999, |spot| sentence - spot.sentence);
        let ahead = after.map_or(999, |spot| spot.sentence - sentence);
        let bounds = &[(0, "0"), (1, "1"), (2, "2"), (4, "4"), (8, "8"), (998, "far")];
        features.add(&["role", role], 1.0);
        features.add(&["back", role, bucket(back, bounds)], 1.0);
        features.add(&["ahead", bucket(ahead, bounds)], 1.0);
        let same =
            before.into_iter().chain(after).any(|spot| !in_title(sentence) && paragraph(spot.sentence) == paragraph(sentence));
        features.add(&["paragraph", role, if same { "same" } else { "other" }], 1.0);
        features.flag(&["in-title"], in_title(sentence));
        features.flag(&["claimed-here"], self.claims(draft, sentence));
        features.add(&["confidence"], draft.confidence);
        features.add(&["victims", bucket(self.drafts.len(), &[(1, "1"), (2, "2"), (4, "4")])], 1.0);
        self.against_others(features, number, sentence, unit, back);
        if let Some(offset) = self.offset(number, sentence, unit) {
            let side = if offset > 0 { "behind" } else { "before" };
            features.add(&["offset", side, bucket(offset.unsigned_abs(), &[(2, "2"), (5, "5"), (10, "10"), (20, "20")])], 1.0);
        }
    }

    /// Says whether another victim stands nearer.
    fn against_others(&self, features: &mut Features<'_>, number: usize, sentence: usize, unit: usize, back: usize) {
        let here = self.by_sentence.get(&sentence).map_or(&[][..], Vec::as_slice);
        let mine = here.iter().any(|(other, _)| *other == number);
        let mut others: Vec<usize> = here.iter().map(|(other, _)| *other).filter(|other| *other != number).collect();
        others.dedup();
        let many = ["0", "1", "2"][others.len().min(2)];
        features.add(&["here", if mine { "me" } else { "not-me" }, many], 1.0);
        if mine && !others.is_empty() {
            let distance =
                |of: &dyn Fn(usize) -> bool| here.iter().filter(|(other, _)| of(*other)).map(|(_, at)| at.abs_diff(unit)).min();
            let nearest = distance(&|other| other == number) < distance(&|other| other != number);
            features.add(&["nearest-here", if nearest { "me" } else { "other" }], 1.0);
        } else if !mine {
            let last =
                self.by_sentence.range(..=sentence).rev().find(|(_, spots)| spots.iter().any(|(other, _)| *other != number));
            let nearer = last.is_some_and(|(at, _)| sentence - at < back);
            features.add(&["nearest", if nearer { "other" } else { "me" }], 1.0);
        }
    }

    /// Tells whether plain rules give what a sentence holds to a victim: it goes on about it, and about no other or by a claim.
    pub fn gives(&self, number: usize, sentence: usize) -> bool {
        let draft = &self.drafts[number];
        let about = |draft: &Draft| draft.sentences.binary_search(&sentence).is_ok();
        let shared = || self.near(sentence).into_iter().any(|other| other != number && about(&self.drafts[other]));
        about(draft) && (self.claims(draft, sentence) || !shared())
    }

    /// Tells whether a rule speaks of the victim in a sentence.
    pub fn claims(&self, draft: &Draft, sentence: usize) -> bool {
        draft.claims.iter().any(|&claim| self.reading.claims[claim].sentence == sentence)
    }

    /// Tells whether a unit of a sentence speaks of a victim, by name or as "the company".
    pub fn is_of(&self, number: usize, sentence: usize, unit: usize) -> bool {
        self.by_sentence.get(&sentence).is_some_and(|here| here.contains(&(number, unit)))
    }

    /// Says who a unit of a sentence is to a victim: itself, an attacker, an observer, another body, a person, or a pronoun.
    pub fn role(&self, number: usize, sentence: usize, unit: Option<usize>) -> &'static str {
        let Some(unit) = unit else { return "none" };
        let kinds = self.reading.lines[sentence].units[unit].kinds;
        match () {
            () if self.is_of(number, sentence, unit) => "me",
            () if kinds & (mention::ATTACKER | mention::CROOK) != 0 => "attacker",
            () if kinds & mention::OBSERVER != 0 => "observer",
            () if kinds & mention::TARGET != 0 => "body",
            () if kinds & mention::PERSON != 0 => "person",
            () => "pronoun",
        }
    }

    /// Returns how many units behind the victim's nearest mention in the sentence a unit stands; None if it is not mentioned there.
    fn offset(&self, number: usize, sentence: usize, unit: usize) -> Option<isize> {
        let here = self.by_sentence.get(&sentence)?;
        let offsets = here.iter().filter(|(other, _)| *other == number).map(|(_, at)| unit as isize - *at as isize);
        offsets.min_by_key(|offset| offset.unsigned_abs())
    }
}

/// Finds the victims that are named side by side: the list of each, by the number of one of them.
fn lists(victims: usize, by_sentence: &BTreeMap<usize, Vec<(usize, usize)>>, reading: &Reading<'_, '_>) -> Vec<usize> {
    fn of(lists: &mut [usize], mut number: usize) -> usize {
        while lists[number] != number {
            lists[number] = lists[lists[number]];
            number = lists[number];
        }
        number
    }
    let mut lists: Vec<usize> = (0..victims).collect();
    for (sentence, spots) in by_sentence {
        for list in &reading.lines[*sentence].lists {
            let mut listed = spots.iter().filter(|(_, unit)| list.contains(unit)).map(|(number, _)| *number);
            let Some(first) = listed.next() else { continue };
            for other in listed {
                let (one, other) = (of(&mut lists, first), of(&mut lists, other));
                lists[one.max(other)] = one.min(other);
            }
        }
    }
    (0..victims).map(|number| of(&mut lists, number)).collect()
}

/// Finds the headings that are names.
fn headings(reading: &Reading<'_, '_>) -> Vec<usize> {
    let sentences = &reading.found.text.sentences;
    let alone = |at: usize| {
        let other = |at: usize| sentences.get(at).map(|sentence| (sentence.in_title, sentence.paragraph));
        let mine = other(at);
        (at == 0 || other(at - 1) != mine) && other(at + 1) != mine
    };
    let is_heading = |at: &usize| {
        let line = &reading.lines[*at];
        !sentences[*at].in_title && line.units.len() == 1 && line.units[0].kinds & mention::TARGET != 0 && alone(*at)
    };
    (0..sentences.len()).filter(is_heading).collect()
}

/// Says what stands around some units of a sentence: the words next to it, which of some classes those further off have, the verbs.
pub fn surround(features: &mut Features<'_>, sentence: usize, units: Range<usize>, telling: Classes, reading: &Reading<'_, '_>) {
    let line = &reading.lines[sentence];
    let left = (units.start.saturating_sub(WINDOW)..units.start).rev();
    let right = units.end..line.units.len().min(units.end + WINDOW);
    side(features, "left", sentence, left, telling, reading);
    side(features, "right", sentence, right, telling, reading);
}

/// Says which verb governs a thing, and where it stands.
pub fn govern(features: &mut Features<'_>, clause: Clause, sentence: usize, telling: Classes, reading: &Reading<'_, '_>) {
    let line = &reading.lines[sentence];
    let Some(verb) = clause.verb else {
        features.add(&["governor", "none"], 1.0);
        return;
    };
    features.add(&["governor", if clause.verb_follows { "right" } else { "left" }], 1.0);
    features.add(&["governor-is", word(line, verb, reading)], 1.0);
    for name in reading.rules.lexicon.names(line.units[verb].classes & telling) {
        features.add(&["governor", name], 1.0);
    }
    features.flag(&["governor", "attack-between"], clause.has_attack);
}

/// Says how far down in the text a sentence stands.
pub fn place(features: &mut Features<'_>, sentence: usize) {
    let position = bucket(sentence, &[(1, "1"), (2, "2"), (4, "4"), (8, "8"), (16, "16")]);
    features.add(&["sentence", position], 1.0);
}

/// Says what stands to one side, from the nearest unit to the furthest.
fn side(
    features: &mut Features<'_>,
    side: &str,
    sentence: usize,
    units: impl Iterator<Item = usize>,
    telling: Classes,
    reading: &Reading<'_, '_>,
) {
    let line = &reading.lines[sentence];
    let class = &reading.rules.class;
    let mut words = ["^", "^"];
    let (mut verb, mut clauses) = (false, 0_u8);
    for (distance, at) in units.enumerate() {
        let unit = &line.units[at];
        let weight = 1.0 / (1.0 + distance as f32 / 4.0);
        if distance < 2 {
            words[distance] = word(line, at, reading);
        }
        if unit.kinds != 0 {
            let kinds = unit.kinds & !(mention::NAME | mention::OBSERVER);
            for (_, name) in MENTIONS.iter().enumerate().filter(|(bit, _)| kinds & 1 << bit != 0) {
                features.add(&[side, name], weight);
            }
            continue;
        }
        clauses += u8::from(line.joints[at] == 2 || unit.ends_clause);
        let is_verb = !verb && unit.forms != 0 && unit.classes & class.have == 0;
        for name in reading.rules.lexicon.names(unit.classes & telling) {
            features.add(&[side, name], weight);
            if clauses == 0 {
                features.add(&[side, "clause", name], weight);
            }
            if is_verb {
                features.add(&[side, "verb", name], 1.0);
            }
        }
        if is_verb {
            features.add(&[side, "verb-is", word(line, at, reading)], 1.0);
            verb = true;
        }
    }
    features.add(&[side, "1", words[0]], 1.0);
    features.add(&[side, "2", words[1]], 1.0);
    features.add(&[side, "1+2", words[0], words[1]], 1.0);
}

/// Returns the classes of words that say something as features.
pub fn telling(reading: &Reading<'_, '_>) -> Classes {
    let class = &reading.rules.class;
    !(class.english | class.given | class.name_join | class.abbreviation | class.det | class.technical)
}

/// Returns the word of a unit in lower case, or the kind of mention that it is.
pub fn word<'r>(line: &Line, at: usize, reading: &Reading<'r, '_>) -> &'r str {
    let kinds = line.units[at].kinds & !(mention::NAME | mention::OBSERVER);
    match MENTIONS.iter().enumerate().find(|(bit, _)| kinds & 1 << bit != 0) {
        Some((_, name)) => name,
        None if line.units[at].kinds != 0 => "<name>",
        None => reading.word(line, at),
    }
}

/// How features name the kinds of mention, by bit.
const MENTIONS: [&str; 13] = [
    "<name>",
    "<target>",
    "<person>",
    "<place>",
    "<attacker>",
    "<crook>",
    "<figure>",
    "<count>",
    "<days>",
    "<data>",
    "<money>",
    "<observer>",
    "<malware>",
];
