//! Who is held responsible, and how firmly.

use crate::model::mention::RuleId;
use crate::model::report::{Attacker, Attribution, Field, Report};
use crate::rules::gazetteer::Sort;
use crate::rules::mention;

use super::super::drafts::Draft;
use super::super::names::NameSort;
use super::super::reports::{Reading, quote_sentence};
use super::super::units::What;

/// Fills the attackers that the incident's sentences name.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) {
    let mut sentences = draft.named_in.clone();
    if is_main {
        sentences.extend(draft.sentences.iter().copied().filter(|&sentence| speaks_of_deed(sentence, reading)));
    }
    sentences.sort_unstable();
    sentences.dedup();
    for &sentence in &sentences {
        of_sentence(report, draft, sentence, reading);
    }
    if report.attackers.is_empty() && !is_main {
        of_section(report, draft, &sentences, reading);
    }
}

/// Takes the attacker that the article is about, for a victim that it names in passing where it speaks of that attacker.
fn of_section(report: &mut Report, draft: &Draft, sentences: &[usize], reading: &Reading<'_, '_>) {
    const NEAR: usize = 3;
    const OFTEN: usize = 3;
    let Some(&first) = sentences.iter().find(|&&sentence| !reading.found.text.sentences[sentence].in_title) else { return };
    let subject = (0..reading.found.entities.all.len())
        .filter(|&entity| reading.found.entities.all[entity].sort == NameSort::Attacker && entity != draft.entity)
        .filter(|&entity| {
            let it = &reading.found.entities.all[entity];
            it.mentions.len() >= OFTEN || it.in_title
        })
        .filter(|&entity| {
            let mut said = reading.found.entities.all[entity].mentions.iter().map(|&name| reading.found.names[name].sentence);
            said.any(|sentence| sentence <= first && first - sentence <= NEAR)
        })
        .max_by_key(|&entity| (reading.found.entities.all[entity].mentions.len(), std::cmp::Reverse(entity)));
    let Some(entity) = subject else { return };
    let (name, aliases) = of_entity(entity, reading);
    let suspicion =
        reading.lines[first].units.iter().any(|unit| unit.kinds == 0 && unit.classes & reading.rules.class.suspicion != 0);
    let attribution = if suspicion { Attribution::Suspected } else { Attribution::Confirmed };
    report.attackers.push(Attacker { name, aliases, attribution });
    let rule = RuleId("attacker.of-section".into());
    report.evidence.extend(quote_sentence(Field::Attackers, first, rule, draft.confidence, reading));
}

/// Tells whether a sentence speaks of an attack at all, and so may say whose.
fn speaks_of_deed(sentence: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let deeds = class.attack | class.hack | class.steal | class.claim | class.suspect | class.deny;
    reading.lines[sentence].classes() & deeds != 0
}

fn of_sentence(report: &mut Report, draft: &Draft, sentence: usize, reading: &Reading<'_, '_>) {
    let line = &reading.lines[sentence];
    for (unit, piece) in line.pieces.iter().enumerate() {
        let named = match piece.what {
            What::Entity(entity) if line.units[unit].kinds & mention::ATTACKER != 0 => Some(entity),
            What::Crooks => reading.attacker_antecedents.get(&(sentence, unit)).copied(),
            _ => None,
        };
        let (name, aliases) = match (named, piece.what) {
            (Some(entity), _) if entity != draft.entity => of_entity(entity, reading),
            (None, What::Crooks) if line.units[unit].kinds & mention::ATTACKER != 0 => {
                (described(piece.tokens.clone(), reading), Vec::new())
            }
            _ => continue,
        };
        let attribution = attribution(sentence, unit, reading);
        match report.attackers.iter_mut().find(|known| known.name == name) {
            Some(known) => known.attribution = firmer(known.attribution, attribution),
            None => {
                report.attackers.push(Attacker { name, aliases, attribution });
                let rule = RuleId("attacker.same-sentence".into());
                report.evidence.extend(quote_sentence(Field::Attackers, sentence, rule, draft.confidence, reading));
            }
        }
    }
    drop_vague(report);
}

/// Returns the name and the other names of an attacker.
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

/// Drops descriptions where a name is known.
fn drop_vague(report: &mut Report) {
    let named =
        |attacker: &Attacker| attacker.name.chars().next().is_some_and(char::is_uppercase) && !attacker.name.ends_with("hackers");
    if report.attackers.iter().any(named) {
        report.attackers.retain(named);
    } else {
        report.attackers.truncate(1);
    }
}

fn described(tokens: std::ops::Range<usize>, reading: &Reading<'_, '_>) -> String {
    let all = &reading.found.text.tokens;
    let det = reading.rules.class.det;
    let start = tokens.start + usize::from(all[tokens.start].word.classes & det != 0 && tokens.len() > 1);
    let span = all[start].span.join(all[tokens.end - 1].span);
    if reading.found.text.sentences.iter().any(|sentence| sentence.in_title && sentence.tokens.contains(&start)) {
        span.slice(reading.document.title).to_owned()
    } else {
        span.slice(reading.document.text).to_owned()
    }
}

fn firmer(one: Attribution, other: Attribution) -> Attribution {
    use Attribution::{Claimed, Confirmed, Denied, Suspected};
    match (one, other) {
        (Denied, _) | (_, Denied) => Denied,
        (Claimed, _) | (_, Claimed) => Claimed,
        (Confirmed, _) | (_, Confirmed) => Confirmed,
        (Suspected, Suspected) => Suspected,
    }
}

/// Says how firmly a sentence holds an attacker responsible: a denial beside the attacker, a word of a claim, a word of suspicion.
fn attribution(sentence: usize, unit: usize, reading: &Reading<'_, '_>) -> Attribution {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let is = |at: usize, bits: u128| line.units[at].kinds == 0 && line.units[at].classes & bits != 0;
    if (unit..(unit + 5).min(line.units.len())).any(|at| is(at, class.deny)) {
        return Attribution::Denied;
    }
    let around = unit.saturating_sub(12)..(unit + 12).min(line.units.len());
    let speaks = unit + 1 < line.units.len() && is(unit + 1, class.own_say);
    if speaks || around.clone().any(|at| is(at, class.own_word)) {
        Attribution::Claimed
    } else if around.clone().any(|at| is(at, class.suspicion)) {
        Attribution::Suspected
    } else {
        Attribution::Confirmed
    }
}
