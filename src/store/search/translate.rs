//! From a query to the one that tantivy runs.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery, PhraseQuery,
    RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::beginning::Beginning;
use super::first_day::FirstDay;
use super::forward::Forward;
use super::narrowed::{Bounds, Narrowed};
use super::schema::{self, Fields, Text};
use super::words::{stems, words};
use crate::base::day::Day;
use crate::base::fold::slug;
use crate::store::query::{self, Condition, Days, Mark, Node, Pattern, Query, Sort, Test};

pub(super) type Boxed = Box<dyn tantivy::query::Query>;

/// Makes the query that tantivy runs. What is hidden is left out where the query does not speak of it.
pub(super) fn translate(fields: &Fields, searcher: &Searcher, query: &Query) -> tantivy::Result<Boxed> {
    let translation = Translation { fields, searcher, scored: query.sort == Some(Sort::Relevance) };
    let wanted = translation.literal_first(&query.root)?;
    let hidden = Term::from_field_text(fields.mark, Mark::Hidden.word());
    // Mostly nothing is hidden, and all documents are counted faster than all but some.
    if query.speaks_of_hidden() || searcher.doc_freq(&hidden)? == 0 {
        return Ok(wanted);
    }
    Ok(all_but(vec![wanted], vec![term(fields.mark, Mark::Hidden.word())]))
}

struct Translation<'s> {
    fields: &'s Fields,
    searcher: &'s Searcher,
    /// Whether the order depends on how well a document matches.
    scored: bool,
}

/// How many words the last one of a phrase may stand for, in each segment: more than begin alike in any news but with one letter.
/// Memory is set aside for all of them, about 2 KB each.
const MOST_ENDINGS: u32 = 10_000;

/// What is added to the score of what holds all bare words of the query in a row: more than words by themselves can reach.
const LITERAL: f32 = 1000.0;
/// How much more a word in a title says than one in the text.
const TITLE: f32 = 2.0;
/// How much more a word as typed says than another form of it.
const AS_TYPED: f32 = 1.5;

impl Translation<'_> {
    /// Puts what holds all bare words of a query in a row, as they are, before everything else.
    fn literal_first(&self, root: &Node) -> tantivy::Result<Boxed> {
        let wanted = self.node(root)?;
        let Node::And(nodes) = root else { return Ok(wanted) };
        let bare: Vec<&str> = nodes.iter().filter_map(bare_word).collect();
        if !self.scored || bare.len() < 2 {
            return Ok(wanted);
        }
        let phrase = Pattern::Phrase { text: bare.join(" "), apart: 0 };
        let literal = [self.fields.title, self.fields.text, self.fields.names].map(|text| self.in_text(text, &phrase));
        let literal: Boxed = Box::new(ConstScoreQuery::new(any(literal.into_iter().flatten().collect()), LITERAL));
        Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, wanted), (Occur::Should, literal)])))
    }

    fn node(&self, node: &Node) -> tantivy::Result<Boxed> {
        Ok(match node {
            Node::All => Box::new(AllQuery),
            Node::Is(condition) => self.condition(condition)?,
            Node::Or(nodes) => any(nodes.iter().map(|node| self.node(node)).collect::<Result<_, _>>()?),
            Node::Not(node) => all_but(vec![], vec![self.node(node)?]),
            Node::And(nodes) => self.all_of(nodes)?,
        })
    }

    fn all_of(&self, nodes: &[Node]) -> tantivy::Result<Boxed> {
        let (mut rest, mut ranges, mut unwanted, mut bounds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for node in nodes {
            match node {
                Node::Not(node) => unwanted.push(self.node(node)?),
                node => match self.bounds(node) {
                    within if within.is_empty() => rest.push(self.node(node)?),
                    within => {
                        bounds.extend(within);
                        ranges.push(self.node(node)?);
                    }
                },
            }
        }
        if bounds.is_empty() || rest.is_empty() {
            rest.append(&mut ranges);
            return Ok(all_but(rest, unwanted));
        }
        let copies = |queries: &[Boxed]| queries.iter().map(|query| query.box_clone()).collect::<Vec<_>>();
        ranges.extend(copies(&rest));
        let all = all_but(ranges, copies(&unwanted));
        Ok(Box::new(Narrowed { rest: all_but(rest, unwanted), bounds, all }))
    }

    /// Returns the bounds that a condition sets to columns; none where it is no range. First days are found without looking.
    fn bounds(&self, node: &Node) -> Vec<Bounds> {
        let name = |field: Field| self.searcher.schema().get_field_name(field).to_owned();
        let days = |field: Field, from: Option<Day>, to: Option<Day>| Bounds::Days {
            column: name(field),
            from: from.map_or(i64::MIN, Day::since_epoch),
            to: to.map_or(i64::MAX, Day::since_epoch),
        };
        let Node::Is(Condition { test, .. }) = node else { return Vec::new() };
        match test {
            Test::Records(from, to) => {
                vec![Bounds::Numbers { column: name(self.fields.records), from: from.unwrap_or(0), to: to.unwrap_or(u64::MAX) }]
            }
            Test::Days(which, from, to) if *which != Days::Start => {
                let of = self.days(*which);
                vec![days(of.first, None, *to), days(of.last, *from, None)]
            }
            _ => Vec::new(),
        }
    }

    fn days(&self, which: Days) -> schema::Days {
        match which {
            Days::Start | Days::Any => self.fields.day,
            Days::Occurred => self.fields.occurred,
            Days::Disclosed => self.fields.disclosed,
            Days::Published => self.fields.published,
        }
    }

    fn condition(&self, condition: &Condition) -> tantivy::Result<Boxed> {
        let fields = self.fields;
        Ok(match &condition.test {
            Test::Words(place, pattern) => self.words(*place, pattern)?,
            Test::Kind(kind) => term(fields.kind, kind.word()),
            Test::Data(data) => term(fields.data, data.word()),
            Test::Is(mark) => term(fields.mark, mark.word()),
            Test::Status(status) => term(fields.status, status.word()),
            Test::Records(from, to) => {
                let bound = |value: &Option<u64>| included(value.map(|value| Term::from_field_u64(fields.records, value)));
                unscored(RangeQuery::new(bound(from), bound(to)))
            }
            Test::Days(Days::Start, from, to) => first_day(*from, *to),
            Test::Days(which, from, to) => {
                let days = self.days(*which);
                // Two ranges share a day when each begins before the other ends.
                let begins = if *which == Days::Any { first_day(None, *to) } else { range(days.first, None, *to) };
                all_but(vec![begins, range(days.last, *from, None)], vec![])
            }
        })
    }

    fn words(&self, place: query::Place, pattern: &Pattern) -> tantivy::Result<Boxed> {
        let fields = self.fields;
        Ok(match place {
            query::Place::Anywhere => {
                if let Pattern::Prefix(text) = pattern
                    && !self.scored
                    && words(text).len() == 1
                {
                    return Ok(beginning(vec![fields.title.exact, fields.text.exact, fields.names.exact], text));
                }
                // One union of all: each union within another goes through its documents once more.
                let mut forms = self.in_text(fields.title, pattern);
                if self.scored {
                    forms = forms.into_iter().map(|form| Box::new(BoostQuery::new(form, TITLE)) as Boxed).collect();
                }
                forms.extend(self.in_text(fields.text, pattern));
                forms.extend(self.in_text(fields.names, pattern));
                any(forms)
            }
            query::Place::Title => any(self.in_text(fields.title, pattern)),
            query::Place::Text => any(self.in_text(fields.text, pattern)),
            query::Place::Victim => self.in_names(fields.victim, fields.victim_name, pattern)?,
            query::Place::Attacker => self.in_names(fields.attacker, fields.attacker_name, pattern)?,
            query::Place::Source => self.in_names(fields.source, fields.source_name, pattern)?,
            query::Place::Tag => self.in_terms(fields.tag, pattern, slug)?,
            query::Place::Country => self.in_names(fields.country, fields.country_name, pattern)?,
            query::Place::Id => self.in_ids(fields.id, pattern)?,
        })
    }

    /// A word stands for all its forms; everything else is looked for as it is typed. Any of what is returned holds.
    fn in_text(&self, text: Text, pattern: &Pattern) -> Vec<Boxed> {
        let Pattern::Word(word) = pattern else { return vec![exact(text.exact, pattern, self.scored)] };
        match (words(word).as_slice(), stems(word).as_slice()) {
            ([as_typed], [stem]) => self.in_all_forms(text, as_typed, stem),
            _ => vec![exact(text.exact, pattern, self.scored)],
        }
    }

    /// Looks for a stem, and for the word that is its own stem, which stands among the words alone.
    fn in_all_forms(&self, text: Text, as_typed: &str, stem: &str) -> Vec<Boxed> {
        let one = |field, word| if self.scored { scored_term(field, word) } else { term(field, word) };
        let mut forms = vec![one(text.stemmed, stem)];
        if stems(stem) == [stem] {
            forms.push(one(text.exact, stem));
        }
        if self.scored {
            forms.push(Box::new(BoostQuery::new(one(text.exact, as_typed), AS_TYPED)));
        }
        forms
    }

    fn in_names(&self, words: Field, whole: Field, pattern: &Pattern) -> tantivy::Result<Boxed> {
        match pattern {
            Pattern::Regex(regex) => self.matching(whole, regex),
            pattern => Ok(exact(words, pattern, self.scored)),
        }
    }

    /// Looks for IDs. A word finds those that hold it between their dashes: `sega` is in `sega-2011-06`.
    fn in_ids(&self, field: Field, pattern: &Pattern) -> tantivy::Result<Boxed> {
        match pattern {
            Pattern::Word(text) | Pattern::Phrase { text, .. } => {
                self.matching(field, &format!("^(.*-)?{}(-.*)?$", regex::escape(text)))
            }
            _ => self.in_terms(field, pattern, str::to_lowercase),
        }
    }

    /// Looks for terms that are one word each, whatever is in them.
    fn in_terms(&self, field: Field, pattern: &Pattern, folded: impl Fn(&str) -> String) -> tantivy::Result<Boxed> {
        Ok(match pattern {
            Pattern::Word(text) | Pattern::Phrase { text, .. } => term(field, &folded(text)),
            Pattern::Prefix(text) => Box::new(RegexQuery::from_pattern(&format!("{}.*", regex::escape(&folded(text))), field)?),
            Pattern::Fuzzy(text, distance) => fuzzy(field, &folded(text), *distance),
            Pattern::Regex(regex) => self.matching(field, regex)?,
        })
    }

    /// Looks for terms in which a regular expression matches. Reads all terms of the field, each once.
    fn matching(&self, field: Field, regex: &str) -> tantivy::Result<Boxed> {
        let Ok(regex) = regex::RegexBuilder::new(regex).case_insensitive(true).build() else { return Ok(Box::new(EmptyQuery)) };
        let mut terms = Vec::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().stream()?;
            while stream.advance() {
                if let Ok(text) = std::str::from_utf8(stream.key())
                    && regex.is_match(text)
                {
                    terms.push(Term::from_field_text(field, text));
                }
            }
        }
        Ok(Box::new(TermSetQuery::new(terms)))
    }
}

fn bare_word(node: &Node) -> Option<&str> {
    match node {
        Node::Is(Condition { test: Test::Words(query::Place::Anywhere, Pattern::Word(word)), .. }) => Some(word),
        _ => None,
    }
}

/// Looks for words as they are.
fn exact(field: Field, pattern: &Pattern, scored: bool) -> Boxed {
    let terms = |text: &str| -> Vec<Term> { words(text).iter().map(|word| Term::from_field_text(field, word)).collect() };
    match pattern {
        Pattern::Word(text) => in_a_row(terms(text), 0, scored),
        Pattern::Phrase { text, apart } => in_a_row(terms(text), *apart, scored),
        Pattern::Prefix(text) => {
            let terms = terms(text);
            match terms.len() {
                0 => Box::new(EmptyQuery),
                1 => beginning(vec![field], text),
                _ => {
                    let mut query = PhrasePrefixQuery::new(terms);
                    query.set_max_expansions(MOST_ENDINGS);
                    Box::new(query)
                }
            }
        }
        Pattern::Fuzzy(text, distance) => {
            let each = words(text).iter().map(|word| fuzzy(field, word, *distance)).collect::<Vec<_>>();
            if each.is_empty() { Box::new(EmptyQuery) } else { all_but(each, vec![]) }
        }
        Pattern::Regex(_) => Box::new(EmptyQuery),
    }
}

/// Looks for words that begin so; the text is one word.
fn beginning(fields: Vec<Field>, text: &str) -> Boxed {
    Box::new(Beginning { fields, prefix: words(text).concat() })
}

fn in_a_row(mut terms: Vec<Term>, apart: u32, scored: bool) -> Boxed {
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => {
            let option = if scored { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
            Box::new(TermQuery::new(terms.swap_remove(0), option))
        }
        _ => {
            let mut query = PhraseQuery::new(terms);
            query.set_slop(apart);
            Box::new(query)
        }
    }
}

fn fuzzy(field: Field, word: &str, distance: u8) -> Boxed {
    Box::new(FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true))
}

fn term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn scored_term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn first_day(from: Option<Day>, to: Option<Day>) -> Boxed {
    let days = |day: Option<Day>| day.map(Day::since_epoch);
    unscored(FirstDay { from: days(from), to: days(to) })
}

fn range(field: Field, from: Option<Day>, to: Option<Day>) -> Boxed {
    let bound = |day: Option<Day>| included(day.map(|day| Term::from_field_i64(field, day.since_epoch())));
    match (from, to) {
        // A range without ends still asks that there be a day.
        (None, None) => range(field, Some(Day::from_epoch(-4_000_000)), None),
        _ => unscored(RangeQuery::new(bound(from), bound(to))),
    }
}

fn included(term: Option<Term>) -> Bound<Term> {
    term.map_or(Bound::Unbounded, Bound::Included)
}

/// Makes a condition that tells whether, but not how well.
fn unscored(query: impl tantivy::query::Query) -> Boxed {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn any(queries: Vec<Boxed>) -> Boxed {
    Box::new(BooleanQuery::union(queries))
}

/// All of the first hold and none of the second. Where there is nothing to hold, everything does.
fn all_but(wanted: Vec<Boxed>, unwanted: Vec<Boxed>) -> Boxed {
    let mut clauses: Vec<(Occur, Boxed)> = wanted.into_iter().map(|query| (Occur::Must, query)).collect();
    if clauses.is_empty() {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    clauses.extend(unwanted.into_iter().map(|query| (Occur::MustNot, Box::new(Forward(query)) as Boxed)));
    Box::new(BooleanQuery::new(clauses))
}
