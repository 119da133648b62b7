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

/// What the words of an article say of the kind, sentence by sentence.
pub struct Votes {
    /// The kind, by its place among [`Kind::ALL`], and how much speaks for it.
    votes: Vec<(usize, f32)>,
    /// Where the votes of each sentence end.
    ends: Vec<usize>,
    /// The sum of all.
    all: Scores,
}

impl Votes {
    /// Looks up the words of an article.
    pub fn of(reading: &Reading<'_, '_>) -> Votes {
        let mut votes = Votes { votes: Vec::new(), ends: Vec::new(), all: [0.0; Kind::ALL.len()] };
        for sentence in &reading.found.text.sentences {
            let tokens = reading.found.text.of(sentence);
            let mut at = 0;
            while at < tokens.len() {
                let found = reading.rules.kinds.longest(tokens[at..].iter().map(|token| token.word.id));
                let (length, said) = found.unwrap_or((1, &[]));
                votes.votes.extend(said.iter().map(|(kind, vote)| (index(*kind), *vote)));
                at += length;
            }
            votes.ends.push(votes.votes.len());
        }
        votes.votes.iter().for_each(|(kind, vote)| votes.all[*kind] += vote);
        votes
    }

    /// Adds what a sentence says.
    fn add(&self, score: &mut Scores, sentence: usize, weight: f32) {
        let start = sentence.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.votes[start..self.ends[sentence]].iter().for_each(|(kind, vote)| score[*kind] += vote * weight);
    }
}

/// Fills the kind, and the others that come near it.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, votes: &Votes, reading: &Reading<'_, '_>) {
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
        votes.add(&mut score, sentence, if claimed || !is_main { 1.0 } else { NAMED });
    }
    if is_main {
        for &sentence in draft.sentences.iter().filter(|sentence| !draft.named_in.contains(sentence)) {
            votes.add(&mut score, sentence, ELSEWHERE);
        }
    } else {
        let share = AROUND / reading.lines.len().max(8) as f32;
        score.iter_mut().zip(votes.all).for_each(|(score, all)| *score += share * all);
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
