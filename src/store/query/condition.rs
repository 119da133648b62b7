//! The values of fields: each is read in the way of its field.

use super::parse::{Parsed, Parser, Value, error, nearest, no_such, one_or};
use super::value;
use super::{Condition, Days, Mark, Node, Pattern, Place, Status, Test};
use crate::base::day::DayRange;
use crate::base::fold::fold;
use crate::base::span::Span;
use crate::model::report::{DataKind, Kind};
use crate::rules::Countries;

impl<'t> Parser<'t> {
    /// Makes the condition of a field and its value.
    pub(super) fn condition(&self, name: &'static str, at: Span, value: Value) -> Parsed<Node> {
        let is = |test| Ok(Node::Is(Condition { at, test }));
        match name {
            "kind" => {
                self.listed(at, &value, "kind", Kind::ALL.map(Kind::word).to_vec(), |word| Kind::from_word(word).map(Test::Kind))
            }
            "data" => {
                let read = |word: &str| DataKind::from_word(&word.replace('-', "_")).map(Test::Data);
                self.listed(at, &value, "kind of data", DataKind::ALL.map(DataKind::word).to_vec(), read)
            }
            "status" => {
                let read = |word: &str| Status::ALL.into_iter().find(|status| status.word() == word).map(Test::Status);
                self.listed(at, &value, "status", Status::ALL.map(Status::word).to_vec(), read)
            }
            "is" => self.marked(at, &value, &Mark::MADE),
            "has" => self.marked(at, &value, &Mark::HELD),
            "records" => {
                let (from, to) = amounts(self.plain(&value)?, value.at)?;
                is(Test::Records(from, to))
            }
            "after" => is(Test::Days(Days::Start, Some(self.days(self.plain(&value)?, value.at)?.earliest), None)),
            "before" => is(Test::Days(Days::Start, None, Some(self.days(self.plain(&value)?, value.at)?.earliest.plus(-1)))),
            "on" => self.day_range(Days::Any, at, &value),
            "occurred" => self.day_range(Days::Occurred, at, &value),
            "disclosed" => self.day_range(Days::Disclosed, at, &value),
            "published" => self.day_range(Days::Published, at, &value),
            _ if is_empty(&value.pattern) => Err(error(value.at, format!("{name}: has no letter or digit to search for"), "")),
            "country" => {
                known_country(&value)?;
                self.any_of(at, value, Place::Country)
            }
            "tag" => self.any_of(at, value, Place::Tag),
            "victim" => is(Test::Words(Place::Victim, value.pattern)),
            "attacker" => is(Test::Words(Place::Attacker, value.pattern)),
            "source" => is(Test::Words(Place::Source, value.pattern)),
            "title" | "text" if matches!(value.pattern, Pattern::Regex(_)) => Err(error(
                value.at,
                "regular expressions are looked for in names alone",
                "victim:, attacker:, country:, source:, tag: or id:",
            )),
            "title" => is(Test::Words(Place::Title, value.pattern)),
            "id" => is(Test::Words(Place::Id, value.pattern)),
            _ => is(Test::Words(Place::Text, value.pattern)),
        }
    }

    /// Reads names with commas between them: any of these.
    fn any_of(&self, at: Span, value: Value, place: Place) -> Parsed<Node> {
        let is = |pattern| Node::Is(Condition { at, test: Test::Words(place, pattern) });
        let Pattern::Word(text) = &value.pattern else { return Ok(is(value.pattern)) };
        let names: Vec<Node> =
            text.split(',').filter(|name| !fold(name).is_empty()).map(|name| is(Pattern::Word(name.to_owned()))).collect();
        Ok(one_or(names, Node::Or))
    }

    fn marked(&self, at: Span, value: &Value, marks: &[Mark]) -> Parsed<Node> {
        let read = |word: &str| marks.iter().find(|mark| mark.word() == word).map(|mark| Test::Is(*mark));
        self.listed(at, value, "mark", marks.iter().map(|mark| mark.word()).collect(), read)
    }

    /// Reads the words of a closed list, with commas between them: any of these.
    fn listed(
        &self,
        at: Span,
        value: &Value,
        what: &str,
        words: Vec<&'static str>,
        read: impl Fn(&str) -> Option<Test>,
    ) -> Parsed<Node> {
        let text = self.plain(value)?;
        let mut nodes = Vec::new();
        for word in text.split(',') {
            let start = value.at.start + (word.as_ptr() as usize - text.as_ptr() as usize) + self.quote(value);
            let test = read(&word.trim().to_lowercase()).or_else(|| self.begun(word, value, &words, &read));
            let test = test.ok_or_else(|| no_such(Span::new(start, start + word.len()), what, word, words.iter().copied()))?;
            nodes.push(Node::Is(Condition { at, test }));
        }
        Ok(one_or(nodes, Node::Or))
    }

    /// Reads the beginning of a word of a closed list while it is being typed: the first that begins so.
    fn begun(&self, word: &str, value: &Value, words: &[&'static str], read: impl Fn(&str) -> Option<Test>) -> Option<Test> {
        let typing = self.unfinished && value.at.end == self.text.len() && !word.is_empty();
        words.iter().find(|known| typing && known.starts_with(&word.to_lowercase())).and_then(|known| read(known))
    }

    /// Returns 1 if the value was written in quotes, else 0.
    fn quote(&self, value: &Value) -> usize {
        usize::from(matches!(value.pattern, Pattern::Phrase { .. }))
    }

    /// Returns the value as typed; a pattern is none of these.
    fn plain<'v>(&self, value: &'v Value) -> Parsed<&'v str>
    where
        't: 'v,
    {
        match &value.pattern {
            Pattern::Word(text) | Pattern::Phrase { text, apart: 0 } => Ok(text),
            Pattern::Prefix(text) if self.unfinished && value.at.len() == text.len() => Ok(text),
            _ => Err(error(value.at, "this field takes plain values", "no `*`, `~` or `/`")),
        }
    }

    fn days(&self, text: &str, at: Span) -> Parsed<DayRange> {
        value::days(text, self.today)
            .ok_or_else(|| error(at, format!("`{text}` is no day"), "2011, 2011-06, 2011-06-17, yesterday, 30d, last-week"))
    }

    fn day_range(&self, which: Days, at: Span, value: &Value) -> Parsed<Node> {
        let text = self.plain(value)?;
        let one = |text: &str| self.days(text, value.at);
        let (from, to) = if let Some((from, to)) = text.split_once("..") {
            let from = if from.is_empty() { None } else { Some(one(from)?.earliest) };
            let to = if to.is_empty() { None } else { Some(one(to)?.latest) };
            (from, to)
        } else if let Some(day) = text.strip_prefix(">=") {
            (Some(one(day)?.earliest), None)
        } else if let Some(day) = text.strip_prefix("<=") {
            (None, Some(one(day)?.latest))
        } else if let Some(day) = text.strip_prefix('>') {
            (Some(one(day)?.latest.plus(1)), None)
        } else if let Some(day) = text.strip_prefix('<') {
            (None, Some(one(day)?.earliest.plus(-1)))
        } else {
            let days = one(text)?;
            (Some(days.earliest), Some(days.latest))
        };
        ordered(from, to, value.at)?;
        Ok(Node::Is(Condition { at, test: Test::Days(which, from, to) }))
    }
}

/// Checks that every country between the commas of a value is one, as far as it is written out.
fn known_country(value: &Value) -> Parsed<()> {
    let (text, quote) = match &value.pattern {
        Pattern::Word(text) | Pattern::Prefix(text) => (text, 0),
        Pattern::Phrase { text, apart: 0 } => (text, 1),
        _ => return Ok(()),
    };
    // No more than its letters, so that whatever the index finds by words is known here.
    let letters = |name: &str| fold(name).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let names = Countries::builtin().all().flat_map(|country| [&country.name, &country.code].into_iter().chain(&country.aliases));
    let known: Vec<String> = names.map(|name| letters(name)).collect();
    for name in text.split(',') {
        let wanted = letters(name);
        if known.iter().any(|known| known.contains(&wanted)) {
            continue;
        }
        let start = value.at.start + (name.as_ptr() as usize - text.as_ptr() as usize) + quote;
        let folded: Vec<String> = Countries::builtin().all().map(|country| fold(&country.name)).collect();
        let near = nearest(&fold(name), folded.iter().map(String::as_str));
        let expected = near.map_or("its English name, or two letters, as in germany,uk".to_owned(), |near| format!("`{near}`"));
        return Err(error(Span::new(start, start + name.len()), format!("no country is known as `{name}`"), expected));
    }
    Ok(())
}

fn amounts(text: &str, at: Span) -> Parsed<(Option<u64>, Option<u64>)> {
    let one = |text: &str| {
        value::number(text.trim())
            .ok_or_else(|| error(at, format!("`{text}` is no number of records"), "1290755, >1M, <=10k, 10k..2M"))
    };
    let none = || error(at, "no number is that small or that large", "");
    let (from, to) = if let Some((from, to)) = text.split_once("..") {
        let from = if from.is_empty() { None } else { Some(one(from)?) };
        let to = if to.is_empty() { None } else { Some(one(to)?) };
        (from, to)
    } else if let Some(number) = text.strip_prefix(">=") {
        (Some(one(number)?), None)
    } else if let Some(number) = text.strip_prefix("<=") {
        (None, Some(one(number)?))
    } else if let Some(number) = text.strip_prefix('>') {
        (Some(one(number)?.checked_add(1).ok_or_else(none)?), None)
    } else if let Some(number) = text.strip_prefix('<') {
        (None, Some(one(number)?.checked_sub(1).ok_or_else(none)?))
    } else {
        let number = one(text)?;
        (Some(number), Some(number))
    };
    ordered(from, to, at)?;
    Ok((from, to))
}

fn ordered<T: PartialOrd>(from: Option<T>, to: Option<T>, at: Span) -> Parsed<()> {
    match (&from, &to) {
        (Some(from), Some(to)) if from > to => Err(error(at, "this range ends before it begins", "the lower end first")),
        (None, None) => Err(error(at, "this range has no ends", "one end at least")),
        _ => Ok(()),
    }
}

/// Tells whether a pattern holds no letter or digit.
pub(super) fn is_empty(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Word(text) | Pattern::Phrase { text, .. } | Pattern::Prefix(text) | Pattern::Fuzzy(text, _) => {
            fold(text).is_empty()
        }
        Pattern::Regex(_) => false,
    }
}
