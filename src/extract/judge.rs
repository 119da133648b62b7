//! Whether a name that the rules point at is a victim: the rules' votes and the article's shape, weighed by numbers learned from
//! annotated articles and kept in `weights.toml`.

use std::collections::BTreeMap;

use crate::base::fold::fold;
use crate::rules::Rules;
use crate::rules::gazetteer::Sort;
use crate::rules::mention;
use crate::rules::pattern::Unit;

use super::claims::{Claim, Realis};
use super::drafts::{self, Draft};
use super::names::{NameSort, is_domain};
use super::reports::Reading;
use super::text::Token;
use super::units::{Found, Line, What};

/// What is known of a candidate, by name; the names are those of `weights.toml`.
pub type Features = BTreeMap<String, f32>;

/// Weighs up a candidate: the chance that it is a victim, 0 to 1.
pub fn chance(features: &Features, weights: &BTreeMap<String, f32>) -> f32 {
    let sum: f32 = features.iter().filter_map(|(name, value)| weights.get(name).map(|weight| weight * value)).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Lists what speaks for and against a candidate.
pub fn features(draft: &Draft, all: &[Draft], reading: &Reading<'_, '_>) -> Features {
    let mut features = Features::new();
    let (found, claims, rules) = (reading.found, reading.claims, reading.rules);
    features.insert("always".to_owned(), 1.0);
    of_claims(&mut features, draft, found, claims, rules);
    of_entity(&mut features, draft, found, rules);
    of_article(&mut features, draft, all, found, claims, rules);
    of_neighbours(&mut features, draft, all, reading);
    features.retain(|_, value| *value != 0.0);
    features
}

/// Names what stands beside a mention: a word that the rules know, or a kind of mention.
fn context_word(unit: Unit, token: &Token<'_>) -> String {
    match unit.kinds {
        0 if unit.word == 0 => "other".to_owned(),
        0 => token.raw.to_lowercase().replace(['"', '“', '”', '\\'], "quote"),
        kinds => format!("<{}>", kinds & !(mention::NAME | mention::OBSERVER)),
    }
}

/// Returns the units that stand side by side with one in a list, itself among them, in order.
fn listed_with(line: &Line, unit: usize) -> Vec<usize> {
    let target = |at: usize| line.units[at].kinds & (mention::TARGET | mention::PERSON) != 0;
    let mut group = vec![unit];
    for direction in [-1_isize, 1] {
        let mut at = unit;
        loop {
            let mut next = at.checked_add_signed(direction);
            let mut joints = 0;
            while let Some(here) = next.filter(|&here| here < line.units.len() && line.joints[here] != 0 && joints < 2) {
                joints += 1;
                next = here.checked_add_signed(direction);
            }
            match next.filter(|&here| joints > 0 && here < line.units.len() && target(here)) {
                Some(found) => {
                    group.push(found);
                    at = found;
                }
                None => break,
            }
        }
    }
    group.sort_unstable();
    group
}

/// Looks at how much of the article is about the candidate: its share of the mentions, the words "the company" that mean it, the
/// words that it shares with the title.
fn of_weight(features: &mut Features, draft: &Draft, all: &[Draft], reading: &Reading<'_, '_>) {
    let weight = |entity: usize| {
        let definite = reading.antecedents.values().filter(|&&other| other == entity).count();
        reading.found.entities.all[entity].mentions.len() as f32 + 0.5 * definite as f32
    };
    let body = |other: &&Draft| reading.found.entities.all[other.entity].sort == NameSort::Body;
    let mine = weight(draft.entity);
    let total: f32 = all.iter().filter(body).map(|other| weight(other.entity)).sum();
    let above = all.iter().filter(body).filter(|other| weight(other.entity) > mine).count();
    features.insert("weight:share".to_owned(), mine / total.max(1.0));
    features.insert(
        "weight:definite".to_owned(),
        (reading.antecedents.values().filter(|&&other| other == draft.entity).count() as f32).ln_1p(),
    );
    features.insert(format!("weight:rank:{}", above.min(3)), 1.0);
    let first = all.iter().filter(body).filter_map(|other| reading.found.entities.all[other.entity].mentions.first()).min();
    let is_first = first.is_some() && reading.found.entities.all[draft.entity].mentions.first() == first;
    features.insert("weight:first-body".to_owned(), f32::from(is_first));
    let title: Vec<String> = fold(reading.document.title).split(' ').map(str::to_owned).collect();
    let class = &reading.rules.class;
    let shared = reading.found.entities.all[draft.entity]
        .names
        .iter()
        .flat_map(|name| fold(name).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| {
            word.len() > 3 && reading.rules.lexicon.look_up(word).classes & (class.prep | class.conj) == 0 && title.contains(word)
        })
        .count();
    features.insert("title:shared-word".to_owned(), f32::from(shared > 0));
    features.insert("title:shared-words".to_owned(), (shared as f32).ln_1p());
}

/// Looks at the words around each mention: how near the words of an attack stand, and what stands right before and behind.
fn of_neighbours(features: &mut Features, draft: &Draft, all: &[Draft], reading: &Reading<'_, '_>) {
    let class = &reading.rules.class;
    let mut with_deed = 0;
    let mut nearest = usize::MAX;
    for (number, line) in reading.lines.iter().enumerate() {
        for unit in 0..line.pieces.len() {
            if drafts::entity_at(line, number, unit, reading.antecedents) != Some(draft.entity) {
                continue;
            }
            let deed = |at: &usize| {
                let other = &line.units[*at];
                other.kinds == 0
                    && (other.classes & (class.strike | class.break_in | class.bad_thing) != 0
                        || other.classes & class.steal != 0 && other.forms & 12 != 0)
            };
            let close = (0..line.units.len()).filter(deed).map(|at| at.abs_diff(unit)).min();
            with_deed += usize::from(close.is_some());
            nearest = nearest.min(close.unwrap_or(usize::MAX));
            let setting = if reading.found.text.sentences[number].in_title {
                "title"
            } else if close.is_some() {
                "deed"
            } else {
                "calm"
            };
            let definite = line.pieces[unit].what == What::Definite;
            for (side, at) in [("before", unit.checked_sub(1)), ("after", Some(unit + 1))] {
                let word = at
                    .and_then(|at| line.pieces.get(at).map(|piece| (at, piece)))
                    .map(|(at, piece)| context_word(line.units[at], &reading.found.text.tokens[piece.tokens.start]));
                let word = word.unwrap_or_else(|| "^".to_owned());
                if !definite {
                    features
                        .entry(format!("{setting}:{side}:{word}"))
                        .and_modify(|value| *value = (*value + 0.5).min(2.0))
                        .or_insert(1.0);
                }
            }
            let group = listed_with(line, unit);
            let claimed_beside = group.iter().any(|&at| {
                drafts::entity_at(line, number, at, reading.antecedents).is_some_and(|entity| {
                    entity != draft.entity && all.iter().any(|other| other.entity == entity && !other.claims.is_empty())
                })
            });
            if let Some(first) = group.first().filter(|&&first| first < unit).and_then(|first| first.checked_sub(1)) {
                let word = context_word(line.units[first], &reading.found.text.tokens[line.pieces[first].tokens.start]);
                features.insert(format!("{setting}:list:{word}"), 1.0);
            }
            if claimed_beside {
                features.insert("beside-claimed".to_owned(), 1.0);
            }
        }
    }
    of_weight(features, draft, all, reading);
    features.insert("deed:sentences".to_owned(), (with_deed as f32).ln_1p());
    let bucket = match nearest {
        0..=1 => "1",
        2..=3 => "3",
        4..=6 => "6",
        7..=12 => "12",
        usize::MAX => "none",
        _ => "far",
    };
    features.insert(format!("deed:nearest:{bucket}"), 1.0);
    let title_deed = reading.lines.iter().zip(&reading.found.text.sentences).any(|(line, sentence)| {
        sentence.in_title && line.classes() & (class.strike | class.break_in | class.bad_thing | class.crook | class.steal) != 0
    });
    let in_title = reading.found.entities.all[draft.entity].in_title;
    features.insert("title:deed".to_owned(), f32::from(title_deed));
    features.insert("title:deed+name".to_owned(), f32::from(title_deed && in_title));
    let most = all.iter().map(|other| reading.found.entities.all[other.entity].mentions.len()).max().unwrap_or(0);
    let mine = reading.found.entities.all[draft.entity].mentions.len();
    features.insert("mentions:most".to_owned(), f32::from(mine == most && mine > 1));
    features.insert("mentions:most+title-deed".to_owned(), f32::from(mine == most && mine > 1 && title_deed));
}

fn of_claims(features: &mut Features, draft: &Draft, found: &Found<'_>, claims: &[Claim], rules: &Rules) {
    let (mut actual, mut unreal, mut negated, mut in_title, mut sentences) = (0, 0, 0, false, Vec::new());
    for claim in draft.claims.iter().map(|&number| &claims[number]) {
        match claim.realis {
            Realis::Actual => {
                actual += 1;
                let id = &rules.events[claim.rule].id;
                features.entry(format!("rule:{id}")).and_modify(|value| *value = (*value + 0.5).min(2.0)).or_insert(1.0);
                in_title |= found.text.sentences[claim.sentence].in_title;
                if !sentences.contains(&claim.sentence) {
                    sentences.push(claim.sentence);
                }
            }
            Realis::Hypothetical => unreal += 1,
            Realis::Negated => negated += 1,
        }
    }
    features.insert("claims:actual".to_owned(), (actual as f32).ln_1p());
    features.insert("claims:sentences".to_owned(), (sentences.len() as f32).ln_1p());
    features.insert("claims:hypothetical".to_owned(), (unreal as f32).ln_1p());
    features.insert("claims:negated".to_owned(), (negated as f32).ln_1p());
    features.insert("claims:none-actual".to_owned(), f32::from(actual == 0));
    features.insert("claims:title".to_owned(), f32::from(in_title));
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

fn of_entity(features: &mut Features, draft: &Draft, found: &Found<'_>, rules: &Rules) {
    let entity = &found.entities.all[draft.entity];
    let sort = match entity.sort {
        NameSort::Body => "body",
        NameSort::Person => "person",
        NameSort::Place => "place",
        NameSort::Nationality => "nationality",
        NameSort::Attacker => "attacker",
        NameSort::Malware => "malware",
        NameSort::Product => "product",
        NameSort::Observer(role) => role_word(role),
    };
    features.insert(format!("sort:{sort}"), 1.0);
    features.insert("known".to_owned(), f32::from(entity.known.is_some()));
    if let Some(role) = entity.known.and_then(|entry| entry.role) {
        let claimed = features.get("claims:none-actual").is_none_or(|none| *none == 0.0);
        features.insert(format!("role:{}{}", role_word(role), if claimed { "+claimed" } else { "" }), 1.0);
    }
    features.insert("title".to_owned(), f32::from(entity.in_title));
    features.insert("mentions".to_owned(), (entity.mentions.len() as f32).ln());
    let first = entity.mentions.first().map_or(99, |&name| found.names[name].sentence);
    features.insert("first:early".to_owned(), f32::from(first <= 2));
    features.insert("first:late".to_owned(), f32::from(first > 8));
    let name = &entity.names[0];
    features.insert("name:domain".to_owned(), f32::from(is_domain(name)));
    features.insert("name:words".to_owned(), ((name.split(' ').count()) as f32 - 1.0).min(4.0));
    let class = &rules.class;
    let headed =
        name.split(' ').any(|word| rules.lexicon.look_up(&word.to_lowercase()).classes & (class.org_head | class.legal) != 0);
    features.insert("name:headed".to_owned(), f32::from(headed));
    let acronym = name.chars().all(|c| !c.is_lowercase()) && name.len() <= 6;
    features.insert("name:acronym".to_owned(), f32::from(acronym));
    let common = !name.contains(' ') && rules.lexicon.look_up(&name.to_lowercase()).classes & class.english != 0;
    features.insert("name:common".to_owned(), f32::from(common));
}

fn of_article(features: &mut Features, draft: &Draft, all: &[Draft], found: &Found<'_>, claims: &[Claim], _rules: &Rules) {
    let mine = draft.claims.iter().filter(|&&number| claims[number].realis == Realis::Actual).count();
    let most = all
        .iter()
        .map(|other| other.claims.iter().filter(|&&number| claims[number].realis == Realis::Actual).count())
        .max()
        .unwrap_or(0);
    features.insert("share".to_owned(), if most == 0 { 0.0 } else { mine as f32 / most as f32 });
    features.insert("rivals".to_owned(), (all.len() as f32).ln());
    let weak =
        words_like(found, &["vulnerability", "vulnerabilities", "flaw", "flaws", "patch", "patches", "exploit", "bug", "cve"]);
    let size = found.text.tokens.len().max(50) as f32 / 100.0;
    features.insert("article:flaws".to_owned(), (weak as f32 / size).min(3.0));
    let strong = words_like(
        found,
        &["breach", "breached", "hacked", "stolen", "attack", "ransomware", "hackers", "leaked", "compromised"],
    );
    features.insert("article:attacks".to_owned(), (strong as f32 / size).min(5.0));
    features.insert("article:length".to_owned(), size.ln());
}

fn words_like(found: &Found<'_>, words: &[&str]) -> usize {
    found.text.tokens.iter().filter(|token| words.iter().any(|word| token.raw.eq_ignore_ascii_case(word))).count()
}
