//! Which kinds of data were taken or exposed.

use crate::model::mention::RuleId;
use crate::model::report::{DataKind, Field, Report};

use super::super::drafts::Draft;
use super::super::reports::{Reading, quote};

/// Fills the kinds of data that the incident's sentences name as taken.
pub fn fill(report: &mut Report, draft: &Draft, is_main: bool, reading: &Reading<'_, '_>) {
    let mut kinds: Vec<DataKind> = Vec::new();
    for &sentence in &draft.sentences {
        let claimed = draft.claims.iter().any(|&number| reading.claims[number].sentence == sentence);
        if !is_main && !claimed && !about_data(sentence, reading) {
            continue;
        }
        of_sentence(&mut kinds, report, draft, sentence, claimed, reading);
    }
    kinds.sort_unstable();
    report.data = kinds;
}

/// Tells whether a sentence says that data was taken, or what the data was.
fn about_data(sentence: usize, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    reading.lines[sentence].classes() & class.steal != 0
        || reading.found.text.of(&reading.found.text.sentences[sentence]).iter().any(|token| {
            matches!(
                token.raw,
                "included"
                    | "includes"
                    | "including"
                    | "include"
                    | "contained"
                    | "containing"
                    | "contains"
                    | "consisted"
                    | "such"
                    | "comprising"
                    | "consists"
            )
        })
}

fn of_sentence(
    kinds: &mut Vec<DataKind>,
    report: &mut Report,
    draft: &Draft,
    sentence: usize,
    claimed: bool,
    reading: &Reading<'_, '_>,
) {
    if !claimed && !about_data(sentence, reading) {
        return;
    }
    let tokens = reading.found.text.sentences[sentence].tokens.clone();
    let all = &reading.found.text.tokens;
    let mut at = tokens.start;
    while at < tokens.end {
        let Some((length, kind, alone)) = reading.rules.data.longest(all[at..tokens.end].iter().map(|token| token.word.id))
        else {
            at += 1;
            continue;
        };
        if let Some(kind) = kind.filter(|kind| !kinds.contains(kind))
            && (alone || in_list(at, at + length, &tokens, reading) && beside_data(at, at + length, &tokens, reading))
            && !negated(at, &tokens, reading)
        {
            kinds.push(kind);
            let rule = RuleId("data.named".into());
            report.evidence.extend(quote(Field::Data, sentence, at..at + length, rule, draft.confidence, reading));
        }
        at += length;
    }
}

/// Tells whether a word stands in an enumeration.
fn in_list(start: usize, end: usize, sentence: &std::ops::Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let all = &reading.found.text.tokens;
    let joint = |at: usize| sentence.contains(&at) && matches!(all[at].raw, "," | "and" | ";" | "or");
    joint(end) || start > sentence.start && joint(start - 1)
}

/// Tells whether another word for data stands next in the enumeration, or one that opens an enumeration of data stands before.
fn beside_data(start: usize, end: usize, sentence: &std::ops::Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let all = &reading.found.text.tokens;
    let is_data = |at: usize| {
        reading
            .rules
            .data
            .longest(all[at..sentence.end].iter().map(|token| token.word.id))
            .is_some_and(|(_, kind, _)| kind.is_some())
    };
    let opens = |at: usize| {
        matches!(all[at].raw, "including" | "included" | "include" | "includes" | "contained" | "containing" | "contains" | ":")
    };
    (end + 1..(end + 5).min(sentence.end)).any(is_data)
        || (start.saturating_sub(5).max(sentence.start)..start).any(|at| is_data(at) || opens(at))
}

/// Tells whether the clause says that this was not taken: "no financial data", "passwords were not accessed".
fn negated(at: usize, sentence: &std::ops::Range<usize>, reading: &Reading<'_, '_>) -> bool {
    let class = &reading.rules.class;
    let all = &reading.found.text.tokens;
    let ends = |at: usize| matches!(all[at].raw, ";" | "." | "but" | "However" | "however" | "although" | "while");
    for back in (sentence.start..at).rev() {
        if ends(back) {
            break;
        }
        if all[back].word.classes & class.not != 0 && all.get(back + 1).is_none_or(|token| token.raw != "only") {
            return true;
        }
    }
    let mut verbs = 0;
    for token in &all[at..sentence.end] {
        if matches!(token.raw, ";" | "." | "but") || verbs > 1 {
            break;
        }
        if token.word.classes & class.not != 0 && token.word.classes & class.be == 0 {
            return !token.raw.eq_ignore_ascii_case("without");
        }
        verbs += usize::from(token.word.classes & class.steal != 0 && token.word.forms != 0);
    }
    false
}
