//! Who is held responsible, and how firmly.

use crate::model::mention::RuleId;
use crate::model::report::{Attacker, Attribution, Field, Report};
use crate::rules::gazetteer::Sort;
use crate::rules::mention;

use super::super::drafts::{self, Draft};
use super::super::reports::{Reading, quote_sentence};
use super::super::units::What;

/// Fills the attackers that the incident's sentences name.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) {
    let mut sentences: Vec<usize> = draft.claims.iter().map(|&number| reading.claims[number].sentence).collect();
    if is_main {
        sentences.extend(draft.sentences.iter().copied().filter(|&sentence| speaks_of_deed(sentence, reading)));
    }
    sentences.sort_unstable();
    sentences.dedup();
    for sentence in sentences {
        of_sentence(report, draft, sentence, reading);
    }
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
        if line.units[unit].kinds & mention::ATTACKER == 0 {
            continue;
        }
        let (name, aliases) = match piece.what {
            What::Entity(entity) if entity != draft.entity => {
                let entity = &reading.found.entities.all[entity];
                let known = entity
                    .known
                    .filter(|entry| entry.sort == Sort::Attacker)
                    .and_then(|entry| reading.rules.known.attackers.get(entry.number as usize));
                let mut aliases = entity.names[1..].to_vec();
                aliases.extend(known.into_iter().flat_map(|known| std::iter::once(&known.name).chain(&known.aliases)).cloned());
                (entity.names[0].clone(), aliases)
            }
            What::Crooks => (described(piece.tokens.clone(), reading), Vec::new()),
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

fn attribution(sentence: usize, unit: usize, reading: &Reading<'_, '_>) -> Attribution {
    let class = &reading.rules.class;
    let line = &reading.lines[sentence];
    let near = |at: usize, bits: u128| line.units.get(at).is_some_and(|unit| unit.kinds == 0 && unit.classes & bits != 0);
    let around = unit.saturating_sub(6)..(unit + 8).min(line.units.len());
    let word = |at: usize| reading.found.text.tokens[line.pieces[at].tokens.start].raw.to_lowercase();
    if (unit..(unit + 5).min(line.units.len())).any(|at| near(at, class.deny)) {
        return Attribution::Denied;
    }
    for at in around.clone() {
        if matches!(
            word(at).as_str(),
            "claimed"
                | "claims"
                | "claim"
                | "claiming"
                | "boasted"
                | "credit"
                | "responsibility"
                | "leak"
                | "listed"
                | "self-proclaimed"
                | "saying"
        ) && line.units[at].kinds == 0
        {
            return Attribution::Claimed;
        }
    }
    for at in around {
        if near(at, class.suspect)
            || near(at, class.hedge)
            || matches!(word(at).as_str(), "likely" | "arrested" | "suspect" | "believed" | "linked" | "attributed" | "accused")
        {
            return Attribution::Suspected;
        }
    }
    Attribution::Confirmed
}

/// Tells whether a draft has an attacker in a claim.
pub fn in_claims(draft: &Draft, reading: &Reading<'_, '_>) -> bool {
    draft.claims.iter().any(|&number| drafts::is_actual(&reading.claims[number]) && reading.claims[number].attacker.is_some())
}
