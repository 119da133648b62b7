//! Completing the last word of the search: fields, their fixed values, and names, which are taken from the counts.

use crate::library::{Facet, Question, Trouble};
use crate::store::query;
use crate::tui::lines;
use crate::tui::msg::Effect;
use crate::tui::state::State;
use crate::tui::update::line::{self, Did};
use crate::tui::update::{Seen, facets, notice, number, search, sentence};

/// The fields whose values are names.
const NAMED: [&str; 5] = ["attacker", "country", "source", "tag", "victim"];

/// Completes the word before the cursor where only one completion is possible, else as far as all agree, and tells which there are.
/// Names are asked for first.
pub(super) fn word(state: &mut State, effects: &mut Vec<Effect>) -> Seen {
    let (_, word) = last_word(state);
    let Some((_, field, typed)) = name(&word) else {
        let candidates = query::completions(&word, &state.search.saved);
        return put(state, &candidates, effects);
    };
    // As an unfinished word it finds those that begin so; quotation marks would end it.
    let begun = typed.split_whitespace().next();
    let text = begun.map(|begun| format!("{field}:{begun}")).unwrap_or_default();
    let n = number(state);
    state.search.completing = Some(n);
    effects.push(Effect::Names(n, Question { text, typing: true, window: None }));
    Seen::Same
}

/// Completes a name with the counts that were asked for to this end.
pub(super) fn named(state: &mut State, n: u64, answer: Result<Option<Vec<Facet>>, Trouble>, effects: &mut Vec<Effect>) -> Seen {
    if state.search.completing.take_if(|asked| *asked == n).is_none() {
        return Seen::Same;
    }
    let (_, word) = last_word(state);
    let Some((lead, field, typed)) = name(&word).filter(|_| state.search.open) else { return Seen::Same };
    match answer {
        Ok(facets) => put(state, &names(&facets.unwrap_or_default(), lead, field, typed), effects),
        Err(trouble) => {
            notice(state, sentence(&trouble), true);
            Seen::Changed
        }
    }
}

fn put(state: &mut State, candidates: &[String], effects: &mut Vec<Effect>) -> Seen {
    let (start, word) = last_word(state);
    let input = &mut state.search.input;
    let did = match candidates {
        // A word that is complete is followed by a space, a field by its value.
        [only] if only.ends_with(':') => line::replace(input, start, only),
        [only] => line::replace(input, start, &format!("{only} ")),
        several if several.iter().all(|candidate| candidate.starts_with(&word)) => line::complete(input, start, several),
        _ => Did::Nothing,
    };
    let seen = search::after(state, did, effects);
    match candidates {
        [] => notice(state, format!("nothing begins with {}", lines::shown(&word)), false),
        [_] => return seen,
        several => notice(state, several.iter().map(|it| value(it)).collect::<Vec<_>>().join("  "), false),
    }
    Seen::Changed
}

/// Returns the word before the cursor and where it begins.
fn last_word(state: &State) -> (usize, String) {
    let before = line::before_cursor(&state.search.input);
    let start = start_of_word(before);
    (start, before[start..].to_owned())
}

/// Returns where the last word begins: after a space that stands in no quotation marks.
fn start_of_word(before: &str) -> usize {
    let mut quoted = false;
    let mut start = 0;
    for (at, c) in before.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            start = at + c.len_utf8();
        }
    }
    start
}

/// Returns what stands before a field whose values are names, the field, and what is typed of the name.
fn name(word: &str) -> Option<(&str, &str, &str)> {
    let lead = word.find(|c| !matches!(c, '-' | '(')).unwrap_or(word.len());
    let (lead, rest) = word.split_at(lead);
    let (field, typed) = rest.split_once(':')?;
    NAMED.contains(&field).then(|| (lead, field, typed.trim_start_matches('"')))
}

/// Returns the names among the counts that begin so, as the language of searches writes them.
fn names(facets: &[Facet], lead: &str, field: &str, typed: &str) -> Vec<String> {
    let typed = typed.to_lowercase();
    let values = facets.iter().filter(|facet| facet.field == field).flat_map(|facet| &facet.values);
    let fitting = values.filter(|(value, _)| value.to_lowercase().starts_with(&typed));
    fitting.map(|(value, _)| format!("{lead}{}", facets::term(field, value))).collect()
}

/// Returns what is told of a possibility: of a field with its value, the value.
fn value(candidate: &str) -> String {
    let value = candidate.split_once(':').map(|(_, value)| value).filter(|value| !value.is_empty());
    lines::shown(value.unwrap_or(candidate)).replace('"', "")
}
