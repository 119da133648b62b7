//! What kind of incident it was: the words of its sentences, weighed.

use crate::model::mention::RuleId;
use crate::model::report::{Field, Kind, Report};

use super::super::drafts::{self, Draft};
use super::super::reports::{Reading, quote_sentence, telling_sentence};

/// How much the words of a sentence count that goes on about an incident, against those of one that claims it.
const ELSEWHERE: f32 = 0.35;

/// How much the words of a sentence count that only names the victim.
const NAMED: f32 = 0.6;
/// How much the whole article counts for an incident named in passing, of which little is said.
const AROUND: f32 = 3.0;

/// How much speaks for each kind, in the order of [`Kind::ALL`].
pub type Scores = [f32; Kind::ALL.len()];

/// Sums up what the words of a whole article say of the kind.
pub fn of_article(reading: &Reading<'_, '_>) -> Scores {
    let mut score = [0.0; Kind::ALL.len()];
    (0..reading.lines.len()).for_each(|sentence| add(&mut score, sentence, 1.0, reading));
    score
}

/// Fills the kind, and the others that come near it.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, article: &Scores, reading: &Reading<'_, '_>) {
    let mut score: Scores = [0.0; Kind::ALL.len()];
    let mut best_sentence = None;
    let mut said = None;
    for &number in &draft.claims {
        let claim = &reading.claims[number];
        if drafts::is_actual(claim) {
            said = said.or(claim.gives.kind);
            let in_text = !reading.found.text.sentences[claim.sentence].in_title;
            best_sentence = best_sentence.or(in_text.then_some(claim.sentence));
        }
    }
    for &sentence in &draft.named_in {
        let claimed = draft.claims.iter().any(|&number| reading.claims[number].sentence == sentence);
        add(&mut score, sentence, if claimed || !is_main { 1.0 } else { NAMED }, reading);
    }
    if is_main {
        for &sentence in draft.sentences.iter().filter(|sentence| !draft.named_in.contains(sentence)) {
            add(&mut score, sentence, ELSEWHERE, reading);
        }
    } else {
        let share = AROUND / reading.lines.len().max(8) as f32;
        score.iter_mut().zip(article).for_each(|(score, all)| *score += share * all);
    }
    score[index(Kind::Intrusion)] += 0.3;
    if let Some(kind) = said {
        score[index(kind)] += 3.0;
    }
    let best = Kind::ALL
        .into_iter()
        .max_by(|a, b| score[index(*a)].total_cmp(&score[index(*b)]).then(b.cmp(a)))
        .unwrap_or(Kind::Intrusion);
    report.kind = best;
    if let Some(sentence) = best_sentence.or_else(|| telling_sentence(draft, reading)) {
        let rule = RuleId(format!("kind.{}", best.word()).into());
        report.evidence.extend(quote_sentence(Field::Kind, sentence, rule, draft.confidence, reading));
    }
}

fn index(kind: Kind) -> usize {
    Kind::ALL.iter().position(|known| *known == kind).unwrap_or(0)
}

fn add(score: &mut Scores, sentence: usize, weight: f32, reading: &Reading<'_, '_>) {
    let tokens = reading.found.text.of(&reading.found.text.sentences[sentence]);
    let mut at = 0;
    while at < tokens.len() {
        match reading.rules.kinds.longest(tokens[at..].iter().map(|token| token.word.id)) {
            Some((length, votes)) => {
                for (kind, vote) in votes {
                    score[index(*kind)] += vote * weight;
                }
                at += length;
            }
            None => at += 1,
        }
    }
}
