//! Whether a name is a victim: the rules' votes, the words around its mentions and the article's shape, as features of the model
//! `victim`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::base::fold::fold;
use crate::rules::gazetteer::Sort;
use crate::rules::lexicon::{Classes, form};
use crate::rules::mention;

use super::claims::Realis;
use super::domains::is_domain;
use super::drafts::{self, Draft};
use super::entities::Entity;
use super::names::NameSort;
use super::reports::Reading;
use super::units::Line;
use super::weigh::{Features, bucket, log, odds};

/// The model that judges a candidate by itself.
pub const MODEL: &str = "victim";

/// The trees of descriptions without a title, as registers of breaches give them: they tell of one incident in a few set words.
pub const UNTITLED: &str = "victim-untitled";

/// The parts that a name may play where it stands, as features name them.
const PARTS: [&str; 9] = ["told", "says", "people-of", "person-at", "on", "via", "by", "from", "as"];

/// The forms of verbs that make a clause.
const FINITE: u8 = form::BASE | form::S | form::PAST;

/// What the article as a whole says, reckoned once for all its candidates.
pub struct Survey<'r, 't> {
    reading: &'r Reading<'r, 't>,
    /// The names that the rules speak of, by entity.
    claimed: HashSet<usize>,
    /// How much of the article is about each entity.
    weight: Vec<f32>,
    /// The weights of all bodies, the largest first.
    weights: Vec<f32>,
    /// The sum of the weights of all bodies.
    total: f32,
    /// The body that is named first.
    first_body: Option<usize>,
    /// The words of the title, folded.
    title: HashSet<String>,
    /// Whether the title tells of a deed.
    title_deed: bool,
    /// The most mentions that an entity has.
    most_mentions: usize,
    /// The most actual claims that an entity has.
    most_claims: usize,
    /// How many candidates there are.
    rivals: usize,
    /// Words of flaws and patches per hundred tokens.
    flaws: f32,
    /// Words of attacks per hundred tokens.
    attacks: f32,
    /// Hundreds of tokens.
    length: f32,
    /// The first sentence of the text.
    lead: usize,
    /// How often the article speaks of candidates.
    spots: usize,
    /// How many candidates the title names.
    titled: usize,
    /// Whether the title tells that something was averted.
    title_averts: bool,
    /// Whether the title tells of a flaw or patch.
    title_flaws: bool,
}

impl<'r, 't> Survey<'r, 't> {
    /// Looks over an article and its candidates.
    pub fn of(all: &[Draft], reading: &'r Reading<'r, 't>) -> Survey<'r, 't> {
        let entities = &reading.found.entities.all;
        let mut weight = vec![0.0; entities.len()];
        for (entity, spots) in reading.spots.iter().enumerate() {
            let definite = spots.iter().filter(|spot| spot.definite).count();
            weight[entity] = entities[entity].mentions.len() as f32 + 0.5 * definite as f32;
        }
        let bodies = || all.iter().map(|draft| draft.entity).filter(|&entity| entities[entity].sort == NameSort::Body);
        let mut weights: Vec<f32> = bodies().map(|entity| weight[entity]).collect();
        weights.sort_unstable_by(|a, b| b.total_cmp(a));
        let length = reading.found.text.tokens.len().max(50) as f32 / 100.0;
        Survey {
            reading,
            claimed: all.iter().filter(|draft| !draft.claims.is_empty()).map(|draft| draft.entity).collect(),
            total: weights.iter().sum(),
            weights,
            weight,
            first_body: bodies().min_by_key(|&entity| entities[entity].mentions.first().copied().unwrap_or(usize::MAX)),
            title: fold(reading.document.title).split(' ').map(str::to_owned).collect(),
            title_deed: title_tells_of_deed(reading),
            most_mentions: all.iter().map(|draft| entities[draft.entity].mentions.len()).max().unwrap_or(0),
            most_claims: all.iter().map(|draft| actual_claims(draft, reading)).max().unwrap_or(0),
            rivals: all.len(),
            flaws: (words_like(reading, &FLAW_WORDS) as f32 / length).min(3.0),
            attacks: (words_like(reading, &ATTACK_WORDS) as f32 / length).min(5.0),
            length,
            lead: reading.found.text.sentences.iter().position(|sentence| !sentence.in_title).unwrap_or(0),
            spots: all.iter().map(|draft| reading.spots[draft.entity].len()).sum(),
            titled: all.iter().filter(|draft| entities[draft.entity].in_title).count(),
            title_averts: title_has(reading, reading.rules.class.prevent),
            title_flaws: reading
                .found
                .text
                .tokens
                .iter()
                .take(title_tokens(reading))
                .any(|token| is_like(token.raw, &FLAW_WORDS)),
        }
    }

    /// Lists what speaks for and against a candidate; `context` is the logarithm of its odds by the words around it.
    pub fn features(&self, draft: &Draft, context: f32, named: bool) -> Features<'r> {
        let mut features = Features::new(&self.reading.rules.weights, named);
        features.add(&["always"], 1.0);
        features.add(&["context"], context);
        self.of_claims(&mut features, draft);
        self.of_entity(&mut features, draft);
        self.of_article(&mut features, draft);
        self.of_neighbours(&mut features, draft);
        self.of_weight(&mut features, draft);
        self.of_parts(&mut features, draft);
        self.of_opening(&mut features, draft);
        features
    }

    /// Adds what speaks for and against a candidate beside the others: its chance and theirs, and where the article speaks of it.
    pub fn beside(&self, features: &mut Features<'_>, number: usize, all: &[Draft], chances: &Chances) {
        let draft = &all[number];
        let mine = odds(draft.confidence);
        let above = chances.sorted.partition_point(|chance| *chance > draft.confidence);
        let others = chances.sorted.iter().sum::<f32>() - draft.confidence;
        let likely = chances.sorted.partition_point(|chance| *chance > 0.3) - usize::from(draft.confidence > 0.3);
        let best = chances.sorted.get(usize::from(above == 0)).copied().unwrap_or(0.0);
        features.add(&["beside:odds"], mine);
        features.add(&["beside:rank"], above as f32);
        features.add(&["beside:behind"], mine - odds(chances.sorted[0]));
        features.add(&["beside:sum-of-others"], others);
        features.add(&["beside:likely-others"], likely as f32);
        features.add(&["beside:best-other"], odds(best));
        let (shadow, sharing) = chances.shadow(draft.entity, self.reading);
        features.add(&["beside:shadow"], odds(shadow));
        features.add(&["beside:sharing"], sharing as f32);
        self.of_company(features, draft, chances);
        self.of_places(features, draft);
    }

    /// Looks at the candidates that are spoken of in the same sentences, and those that it is listed with.
    fn of_company(&self, features: &mut Features<'_>, draft: &Draft, chances: &Chances) {
        let (mut together, mut listed) = (0.0_f32, Vec::new());
        for spot in &self.reading.spots[draft.entity] {
            let line = &self.reading.lines[spot.sentence];
            let chance = |at: usize| {
                let entity = drafts::entity_at(line, spot.sentence, at, self.reading.antecedents)?;
                if entity == draft.entity { None } else { chances.by_entity.get(&entity).copied() }
            };
            together = (0..line.units.len()).filter_map(chance).fold(together, f32::max);
            listed.extend(line.list_of(spot.unit).iter().copied().filter_map(chance));
        }
        features.add(&["beside:together"], odds(together));
        if !listed.is_empty() {
            features.add(&["beside:listed"], 7.0 + odds(listed.iter().sum::<f32>() / listed.len() as f32));
            features.add(&["beside:listed-best"], 7.0 + odds(listed.iter().copied().fold(0.0, f32::max)));
        }
    }

    /// Looks at where in the article it is spoken of.
    fn of_places(&self, features: &mut Features<'_>, draft: &Draft) {
        let spots = &self.reading.spots[draft.entity];
        let sentences = self.reading.found.text.sentences.len();
        let mut told: Vec<usize> = spots.iter().map(|spot| spot.sentence).collect();
        told.dedup();
        let share = |number: usize| number as f32 / sentences.max(1) as f32;
        let first = told.first().map_or(99.0, |first| *first as f32 - self.lead as f32);
        features.add(&["places:first"], first);
        features.add(&["places:last"], share(told.last().copied().unwrap_or(0)));
        features.add(&["places:spots"], spots.len() as f32);
        features.add(&["places:share"], spots.len() as f32 / self.spots.max(1) as f32);
        features.add(&["places:sentences"], share(told.len()));
        features.add(&["places:of-sentences"], sentences as f32);
        features.add(&["places:claims"], actual_claims(draft, self.reading) as f32);
        features.add(&["places:titled"], self.titled as f32);
        let in_title = spots.iter().find(|spot| spot.sentence < self.lead);
        features.add(&["places:in-title"], in_title.map_or(99.0, |spot| spot.unit as f32));
    }

    fn entity(&self, draft: &Draft) -> &Entity {
        &self.reading.found.entities.all[draft.entity]
    }

    /// Looks at what the rules say of it.
    fn of_claims(&self, features: &mut Features<'_>, draft: &Draft) {
        let (mut unreal, mut negated, mut in_title, mut sentences) = (0, 0, false, Vec::new());
        for claim in draft.claims.iter().map(|&number| &self.reading.claims[number]) {
            match claim.realis {
                Realis::Actual => {
                    features.add(&["rule", &self.reading.rules.events[claim.rule].id.0], 1.0);
                    in_title |= self.reading.found.text.sentences[claim.sentence].in_title;
                    sentences.push(claim.sentence);
                }
                Realis::Hypothetical => unreal += 1,
                Realis::Negated => negated += 1,
            }
        }
        let actual = sentences.len();
        sentences.dedup();
        features.add(&["claims:actual"], (actual as f32).ln_1p());
        features.add(&["claims:sentences"], (sentences.len() as f32).ln_1p());
        features.add(&["claims:hypothetical"], (unreal as f32).ln_1p());
        features.add(&["claims:negated"], (negated as f32).ln_1p());
        features.flag(&["claims:none-actual"], actual == 0);
        features.flag(&["claims:title"], in_title);
        features.add(&["share"], if self.most_claims == 0 { 0.0 } else { actual as f32 / self.most_claims as f32 });
    }

    /// Looks at what it is, and how it is written.
    fn of_entity(&self, features: &mut Features<'_>, draft: &Draft) {
        let entity = self.entity(draft);
        features.add(&["sort", sort_word(entity.sort)], 1.0);
        features.flag(&["known"], entity.known.is_some());
        if let Some(role) = entity.known.and_then(|entry| entry.role) {
            let claimed = actual_claims(draft, self.reading) > 0;
            features.add(&["role", role_word(role), if claimed { "claimed" } else { "not-claimed" }], 1.0);
        }
        features.flag(&["title"], entity.in_title);
        features.add(&["mentions"], log(entity.mentions.len() as f32));
        let first = entity.mentions.first().map_or(99, |&name| self.reading.found.names[name].sentence);
        features.flag(&["first:early"], first <= 2);
        features.flag(&["first:late"], first > 8);
        let name = &entity.names[0];
        let class = &self.reading.rules.class;
        let classes = |word: &str| self.reading.rules.lexicon.look_up(&word.to_lowercase()).classes;
        features.flag(&["name:domain"], is_domain(name));
        features.add(&["name:words"], (name.split(' ').count() as f32 - 1.0).min(4.0));
        features.flag(&["name:headed"], name.split(' ').any(|word| classes(word) & (class.org_head | class.legal) != 0));
        features.flag(&["name:acronym"], name.chars().all(|c| !c.is_lowercase()) && name.len() <= 6);
        features.flag(&["name:common"], !name.contains(' ') && classes(name) & class.english != 0);
        features.flag(&["name:all-common"], name.split([' ', '-']).all(|word| classes(word) & class.english != 0));
        features.flag(&["name:deed"], name.split(' ').any(|word| classes(word) & (class.break_in | class.bad_thing) != 0));
        let last = name.rsplit(' ').next().unwrap_or(name).to_lowercase();
        features.add(&["name:last", &last], 1.0);
    }

    /// Looks at the article that it stands in.
    fn of_article(&self, features: &mut Features<'_>, draft: &Draft) {
        let mentions = self.entity(draft).mentions.len();
        let most = mentions == self.most_mentions && mentions > 1;
        features.add(&["rivals"], log(self.rivals as f32));
        features.add(&["article:story"], self.reading.story);
        features.add(&["article:flaws"], self.flaws);
        features.add(&["article:attacks"], self.attacks);
        features.add(&["article:length"], log(self.length));
        features.flag(&["article:untitled"], self.reading.document.title.is_empty());
        features.flag(&["title:deed"], self.title_deed);
        features.flag(&["title:deed+name"], self.title_deed && self.entity(draft).in_title);
        features.flag(&["mentions:most"], most);
        features.flag(&["mentions:most+title-deed"], most && self.title_deed);
    }

    /// Looks at how much of the article is about it: its share of the mentions, the words "the company" that mean it, the words that
    /// it shares with the title.
    fn of_weight(&self, features: &mut Features<'_>, draft: &Draft) {
        let mine = self.weight[draft.entity];
        let above = self.weights.partition_point(|weight| *weight > mine);
        features.add(&["weight:share"], mine / self.total.max(1.0));
        let definite = self.reading.spots[draft.entity].iter().filter(|spot| spot.definite).count();
        features.add(&["weight:definite"], (definite as f32).ln_1p());
        features.add(&["weight:rank", ["0", "1", "2", "3"][above.min(3)]], 1.0);
        features.flag(&["weight:first-body"], self.first_body == Some(draft.entity));
        let class = &self.reading.rules.class;
        let telling = |word: &&str| {
            word.len() > 3
                && self.reading.rules.lexicon.look_up(word).classes & (class.prep | class.conj) == 0
                && self.title.contains(*word)
        };
        let names = self.entity(draft).names.iter();
        let shared: usize = names.map(|name| fold(name).split(' ').filter(telling).count()).sum();
        features.flag(&["title:shared-word"], shared > 0);
        features.add(&["title:shared-words"], (shared as f32).ln_1p());
    }

    /// Looks at the words around each mention: how near the words of an attack stand, and what stands right before and behind.
    fn of_neighbours(&self, features: &mut Features<'_>, draft: &Draft) {
        let mut with_deed = 0;
        let mut nearest = usize::MAX;
        for spot in &self.reading.spots[draft.entity] {
            let line = &self.reading.lines[spot.sentence];
            let close = self.nearest_deed(line, spot.unit);
            with_deed += usize::from(close.is_some());
            nearest = nearest.min(close.unwrap_or(usize::MAX));
            let in_title = self.reading.found.text.sentences[spot.sentence].in_title;
            let setting = if in_title { "title" } else { close.map_or("calm", |_| "deed") };
            if !spot.definite {
                let before = spot.unit.checked_sub(1).map_or_else(|| "^".into(), |at| self.word(line, at));
                let after = if spot.unit + 1 < line.units.len() { self.word(line, spot.unit + 1) } else { "^".into() };
                features.add(&[setting, "before", &before], 1.0);
                features.add(&[setting, "after", &after], 1.0);
            }
            let group = line.list_of(spot.unit);
            if group.first().is_some_and(|&first| first < spot.unit && first > 0) {
                features.add(&[setting, "list", &self.word(line, group[0] - 1)], 1.0);
            }
            if group.iter().any(|&at| self.is_claimed_rival(draft, spot.sentence, at)) {
                features.add(&["beside-claimed"], 1.0);
            }
        }
        features.add(&["deed:sentences"], (with_deed as f32).ln_1p());
        let far = if nearest == usize::MAX { "none" } else { bucket(nearest, &[(1, "1"), (3, "3"), (6, "6"), (12, "12")]) };
        features.add(&["deed:nearest", far], 1.0);
    }

    /// Looks at the part that it plays where it is named: who speaks or is quoted, whose people explain, where something was posted.
    fn of_parts(&self, features: &mut Features<'_>, draft: &Draft) {
        let mut parts = [0_usize; PARTS.len()];
        let spots = &self.reading.spots[draft.entity];
        let all = spots.iter().filter(|spot| !spot.definite).count().max(1);
        for spot in spots.iter().filter(|spot| !spot.definite) {
            let line = &self.reading.lines[spot.sentence];
            if let Some(part) = self.part(line, spot.unit) {
                parts[part] += 1;
            }
            self.of_trigger(features, line, spot.unit);
        }
        for (part, count) in PARTS.iter().zip(parts) {
            features.add(&["part", part], count as f32 / all as f32);
        }
    }

    /// Returns the part that a mention plays, by its number in [`PARTS`].
    fn part(&self, line: &Line, unit: usize) -> Option<usize> {
        let class = &self.reading.rules.class;
        let is = |at: usize, wanted: Classes| line.units.get(at).is_some_and(|it| it.kinds == 0 && it.classes & wanted != 0);
        let word = |at: Option<usize>| at.map_or("", |at| self.raw(line, at));
        let before = unit.checked_sub(1);
        let person =
            |at: usize| is(at, class.person_title) || line.units.get(at).is_some_and(|it| it.kinds & mention::PERSON != 0);
        if word(before).eq_ignore_ascii_case("told")
            || word(before) == "to" && word(unit.checked_sub(2)).eq_ignore_ascii_case("according")
        {
            return Some(0);
        }
        if line.units.get(unit + 1).is_some_and(|it| it.forms & FINITE != 0) && is(unit + 1, class.say) {
            return Some(1);
        }
        let possessive = usize::from(matches!(word(Some(unit + 1)), "'s" | "’s"));
        if person(unit + 1 + possessive) || person(unit + 2 + possessive) && line.units[unit + 1 + possessive].describes {
            return Some(2);
        }
        let of = before.filter(|&at| matches!(self.raw(line, at), "at" | "with" | "from" | "of"));
        if of.is_some_and(|at| (at.saturating_sub(2)..at).any(person)) {
            return Some(3);
        }
        matches!(word(before), "on" | "via" | "through" | "using" | "by" | "from" | "with" | "as" | "like").then(|| {
            match word(before) {
                "on" => 4,
                "via" | "through" | "using" => 5,
                "by" => 6,
                "from" => 7,
                _ => 8,
            }
        })
    }

    /// Looks at the word for a deed that stands nearest to a mention: on which side, with what before the mention, and how far.
    fn of_trigger(&self, features: &mut Features<'_>, line: &Line, unit: usize) {
        let Some(at) = self.deeds(line).min_by_key(|at| at.abs_diff(unit)) else { return };
        let class = &self.reading.rules.class;
        let deed = &line.units[at];
        let sort = if deed.classes & class.break_in != 0 && deed.forms == 0 {
            "thing"
        } else if deed.classes & class.bad_thing != 0 {
            "malware"
        } else if deed.forms & form::PARTICIPLE != 0
            && (at.saturating_sub(3)..at).any(|at| line.units[at].classes & class.be != 0)
        {
            "passive"
        } else {
            "verb"
        };
        let side = if at < unit { "after" } else { "before" };
        let link = unit.checked_sub(1).filter(|&at| line.units[at].kinds == 0 && line.units[at].classes & class.prep != 0);
        let link = link.map_or("", |at| self.raw(line, at));
        let far = bucket(at.abs_diff(unit), &[(2, "2"), (4, "4"), (8, "8"), (16, "16")]);
        features.add(&["deed", side, sort, link], 1.0);
        features.add(&["deed", side, sort, far], 1.0);
        let between = at.min(unit) + 1..at.max(unit);
        let others = between.filter(|&at| line.units[at].is_name).count();
        features.add(&["deed", side, "names-between", ["0", "1", "2"][others.min(2)]], 1.0);
    }

    /// Looks at how the article opens: who is named first in its title and its first sentence, and whether it tells of a deed there.
    fn of_opening(&self, features: &mut Features<'_>, draft: &Draft) {
        let sentences = &self.reading.found.text.sentences;
        let mut lead = None;
        for spot in &self.reading.spots[draft.entity] {
            let line = &self.reading.lines[spot.sentence];
            let in_title = sentences[spot.sentence].in_title;
            if !in_title && *lead.get_or_insert(self.lead) != spot.sentence {
                continue;
            }
            let place = if in_title { "title" } else { "lead" };
            let first = (0..spot.unit).all(|at| !line.units[at].is_name);
            features.flag(&["opening", place, "first-name"], first);
            if let Some(at) = self.deeds(line).min_by_key(|at| at.abs_diff(spot.unit)) {
                features.add(&["opening", place, if at < spot.unit { "after-deed" } else { "before-deed" }], 1.0);
            } else {
                features.add(&["opening", place, "calm"], 1.0);
            }
        }
        features.flag(&["opening:averted"], self.title_averts);
        features.flag(&["opening:flaws"], self.title_flaws);
    }

    fn raw(&self, line: &Line, at: usize) -> &str {
        line.pieces.get(at).map_or("", |piece| self.reading.found.text.tokens[piece.tokens.start].raw)
    }

    /// Returns the units of a line that are words for a deed.
    fn deeds<'l>(&'l self, line: &'l Line) -> impl Iterator<Item = usize> + 'l {
        let class = &self.reading.rules.class;
        (0..line.units.len()).filter(move |&at| {
            let other = &line.units[at];
            other.kinds == 0
                && (other.classes & (class.strike | class.break_in | class.bad_thing) != 0
                    || other.classes & class.steal != 0 && other.forms & 12 != 0)
        })
    }

    fn nearest_deed(&self, line: &Line, unit: usize) -> Option<usize> {
        self.deeds(line).map(|at| at.abs_diff(unit)).min()
    }

    fn is_claimed_rival(&self, draft: &Draft, sentence: usize, unit: usize) -> bool {
        drafts::entity_at(&self.reading.lines[sentence], sentence, unit, self.reading.antecedents)
            .is_some_and(|entity| entity != draft.entity && self.claimed.contains(&entity))
    }

    /// Names what stands beside a mention: a word that the rules know, or a kind of mention.
    fn word(&self, line: &Line, at: usize) -> Cow<'r, str> {
        let unit = line.units[at];
        match unit.kinds {
            0 if unit.word == 0 => "other".into(),
            0 => self.reading.word(line, at).into(),
            kinds => format!("<{}>", kinds & !(mention::NAME | mention::OBSERVER)).into(),
        }
    }
}

/// The chances of all candidates of an article.
pub struct Chances {
    by_entity: HashMap<usize, f32>,
    /// From the highest.
    sorted: Vec<f32>,
    /// The candidates that have a word in one of their names, and their chances.
    by_word: HashMap<String, Vec<(usize, f32)>>,
}

impl Chances {
    /// Looks up the chances that candidates have by themselves.
    pub fn of(all: &[Draft], reading: &Reading<'_, '_>) -> Chances {
        let mut sorted: Vec<f32> = all.iter().map(|draft| draft.confidence).collect();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut by_word: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
        for draft in all {
            for word in words(draft.entity, reading) {
                by_word.entry(word).or_default().push((draft.entity, draft.confidence));
            }
        }
        Chances { by_entity: all.iter().map(|draft| (draft.entity, draft.confidence)).collect(), sorted, by_word }
    }

    /// Returns the chance of the likeliest of the others whose names share a word with an entity's, 0 if none does, and how many do.
    fn shadow(&self, entity: usize, reading: &Reading<'_, '_>) -> (f32, usize) {
        let sharing = words(entity, reading).into_iter().filter_map(|word| self.by_word.get(&word)).flatten();
        let mut others: Vec<(usize, f32)> = sharing.filter(|(other, _)| *other != entity).copied().collect();
        others.sort_unstable_by_key(|(other, _)| *other);
        others.dedup_by_key(|(other, _)| *other);
        (others.iter().map(|(_, chance)| *chance).fold(0.0, f32::max), others.len())
    }
}

/// Returns the words of three letters and more in the names of an entity, folded, each once.
fn words(entity: usize, reading: &Reading<'_, '_>) -> Vec<String> {
    let names = &reading.found.entities.all[entity].names;
    let mut words: Vec<String> = names
        .iter()
        .flat_map(|name| fold(name).split(' ').filter(|word| word.len() > 2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn title_tells_of_deed(reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    title_has(reading, class.strike | class.break_in | class.bad_thing | class.crook | class.steal)
}

/// Tells whether a word of some classes is in the title.
fn title_has(reading: &Reading<'_, '_>, classes: Classes) -> bool {
    let mut titles = reading.lines.iter().zip(&reading.found.text.sentences).filter(|(_, sentence)| sentence.in_title);
    titles.any(|(line, _)| line.classes() & classes != 0)
}

fn title_tokens(reading: &Reading<'_, '_>) -> usize {
    reading.found.text.sentences.iter().rfind(|sentence| sentence.in_title).map_or(0, |sentence| sentence.tokens.end)
}

fn actual_claims(draft: &Draft, reading: &Reading<'_, '_>) -> usize {
    draft.claims.iter().filter(|number| drafts::is_actual(&reading.claims[**number])).count()
}

/// Names a sort for a feature.
pub(super) fn sort_word(sort: NameSort) -> &'static str {
    match sort {
        NameSort::Body => "body",
        NameSort::Person => "person",
        NameSort::Place => "place",
        NameSort::Nationality => "nationality",
        NameSort::Attacker => "attacker",
        NameSort::Malware => "malware",
        NameSort::Product => "product",
        NameSort::Described => "described",
        NameSort::Observer(role) => role_word(role),
    }
}

fn role_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Outlet => "outlet",
        Sort::Researcher => "researcher",
        Sort::Police => "police",
        Sort::Regulator => "regulator",
        _ => "platform",
    }
}

const FLAW_WORDS: [&str; 9] = ["vulnerability", "vulnerabilities", "flaw", "flaws", "patch", "patches", "exploit", "bug", "cve"];
const ATTACK_WORDS: [&str; 9] =
    ["breach", "breached", "hacked", "stolen", "attack", "ransomware", "hackers", "leaked", "compromised"];

fn words_like(reading: &Reading<'_, '_>, words: &[&str]) -> usize {
    let begin = words.iter().fold(0, |begin, word| begin | initial(word));
    let tokens = reading.found.text.tokens.iter();
    tokens.filter(|token| initial(token.raw) & begin != 0 && is_like(token.raw, words)).count()
}

fn is_like(raw: &str, words: &[&str]) -> bool {
    words.iter().any(|word| raw.eq_ignore_ascii_case(word))
}

/// Returns the bit of the letter that a word begins with; 0 for what is none.
fn initial(word: &str) -> u32 {
    let first = word.bytes().next().filter(u8::is_ascii_alphabetic);
    first.map_or(0, |first| 1 << (first.to_ascii_lowercase() - b'a'))
}
