//! What a query finds, and in which order.

use std::ops::Bound;

use serde::de::DeserializeOwned;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery, PhraseQuery,
    RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError, Term};

use super::schema::{self, Fields, Text};
use super::shelf::{Shelf, guarded};
use super::words::{stems, words};
use super::{ArticleRow, Index};
use crate::base::day::Day;
use crate::base::fold::slug;
use crate::model::incident::{IncidentId, Row};
use crate::store::StoreError;
use crate::store::query::{self, Condition, Days, Mark, Node, Pattern, Query, Sort, Test};

/// A part of what a query finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<R> {
    /// How many it finds altogether.
    pub total: usize,
    /// The rows of the part that was asked for.
    pub rows: Vec<R>,
}

/// Where an incident stands in what a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its place, from 0; where the query does not find it, that of the first incident that is not newer.
    pub offset: usize,
    /// Whether it stands there itself.
    pub exact: bool,
}

impl Index {
    /// Returns where an incident that begins on some day stands in what a query finds, newest first.
    pub fn place(&self, query: &Query, id: &IncidentId, day: Day) -> Result<Place, StoreError> {
        let count = |from, to| self.find(&query.beginning(from, to), 0, 0).map(|found| found.total);
        let newer = count(Some(day.plus(1)), None)?;
        let same_day = Query { sort: None, ..query.beginning(Some(day), Some(day)) };
        let rows = self.find(&same_day, 0, usize::MAX)?.rows;
        match rows.iter().position(|row| row.id == *id) {
            Some(at) => Ok(Place { offset: newer + at, exact: true }),
            None => Ok(Place { offset: newer.min(count(None, None)?.saturating_sub(1)), exact: false }),
        }
    }

    /// Returns incidents that a query finds, from `offset` on.
    pub fn find(&self, query: &Query, offset: usize, limit: usize) -> Result<Found<Row>, StoreError> {
        find(&self.incidents, query, offset, limit)
    }

    /// Returns articles that a query finds, from `offset` on.
    pub fn find_articles(&self, query: &Query, offset: usize, limit: usize) -> Result<Found<ArticleRow>, StoreError> {
        find(&self.articles, query, offset, limit)
    }
}

const SEARCHING: &str = "searching";

fn find<R: DeserializeOwned>(shelf: &Shelf, query: &Query, offset: usize, limit: usize) -> Result<Found<R>, StoreError> {
    guarded(|| {
        let searcher = shelf.searcher();
        let wanted = translate(&shelf.fields, &searcher, query)?;
        let (total, addresses) = top(&searcher, &*wanted, query.sort.unwrap_or_default(), offset, limit)?;
        let rows = addresses.into_iter().map(|address| row(shelf, &searcher, address)).collect::<Result<_, _>>()?;
        Ok(Found { total, rows })
    })
    .map_err(|error| shelf.error(error, SEARCHING))
}

type Boxed = Box<dyn tantivy::query::Query>;

fn row<R: DeserializeOwned>(shelf: &Shelf, searcher: &Searcher, address: DocAddress) -> tantivy::Result<R> {
    let document: TantivyDocument = searcher.doc(address)?;
    let text = document.get_first(shelf.fields.row).and_then(|value| value.as_str()).unwrap_or("");
    serde_json::from_str(text).map_err(|error| TantivyError::InternalError(format!("a row cannot be read: {error}")))
}

/// Returns the number of all that is found and the addresses of the part, in order.
fn top(
    searcher: &Searcher,
    query: &dyn tantivy::query::Query,
    sort: Sort,
    offset: usize,
    limit: usize,
) -> tantivy::Result<(usize, Vec<DocAddress>)> {
    // The collector sets room aside for all that it is asked for, so a large part is counted first.
    let there = match limit {
        0..=COUNTED_WITH => searcher.num_docs() as usize,
        _ => searcher.search(query, &Count)?,
    };
    let limit = limit.min(there.saturating_sub(offset));
    if limit == 0 {
        return Ok((searcher.search(query, &Count)?, Vec::new()));
    }
    let day = || (SortByStaticFastValue::<i64>::for_field(schema::DAY), Order::Desc);
    let records = || (SortByStaticFastValue::<u64>::for_field(schema::RECORDS), Order::Desc);
    let id = || (SortByString::for_field(schema::ID), Order::Asc);
    let top = TopDocs::with_limit(limit).and_offset(offset);
    Ok(match sort {
        Sort::Date => addresses(searcher.search(query, &(Count, top.order_by((day(), records(), id()))))?),
        Sort::Records => addresses(searcher.search(query, &(Count, top.order_by((records(), day(), id()))))?),
        Sort::Relevance => addresses(searcher.search(query, &(Count, top.order_by((SortBySimilarityScore, day(), id()))))?),
    })
}

/// The largest part that is collected in one go with the count of all.
const COUNTED_WITH: usize = 10_000;

fn addresses<K>((total, found): (usize, Vec<(K, DocAddress)>)) -> (usize, Vec<DocAddress>) {
    (total, found.into_iter().map(|(_, address)| address).collect())
}

/// Makes the query that tantivy runs. What is hidden is left out where the query does not speak of it.
pub(super) fn translate(fields: &Fields, searcher: &Searcher, query: &Query) -> tantivy::Result<Boxed> {
    let wanted = Translation { fields, searcher, scored: query.sort == Some(Sort::Relevance) }.node(&query.root)?;
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

/// How much more a word in a title says than one in the text.
const TITLE: f32 = 2.0;
/// How much more a word as typed says than another form of it.
const AS_TYPED: f32 = 1.5;

impl Translation<'_> {
    fn node(&self, node: &Node) -> tantivy::Result<Boxed> {
        Ok(match node {
            Node::All => Box::new(AllQuery),
            Node::Is(condition) => self.condition(condition)?,
            Node::Or(nodes) => any(nodes.iter().map(|node| self.node(node)).collect::<Result<_, _>>()?),
            Node::Not(node) => all_but(vec![], vec![self.node(node)?]),
            Node::And(nodes) => {
                let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
                for node in nodes {
                    match node {
                        Node::Not(node) => unwanted.push(self.node(node)?),
                        node => wanted.push(self.node(node)?),
                    }
                }
                all_but(wanted, unwanted)
            }
        })
    }

    fn condition(&self, condition: &Condition) -> tantivy::Result<Boxed> {
        let fields = self.fields;
        Ok(match &condition.test {
            Test::Words(place, pattern) => self.words(*place, pattern)?,
            Test::Kind(kind) => term(fields.kind, kind.word()),
            Test::Data(data) => term(fields.data, data.word()),
            Test::Is(mark) => term(fields.mark, mark.word()),
            Test::Records(from, to) => {
                let bound = |value: &Option<u64>| included(value.map(|value| Term::from_field_u64(fields.records, value)));
                unscored(RangeQuery::new(bound(from), bound(to)))
            }
            Test::Days(Days::Start, from, to) => range(fields.day.first, *from, *to),
            Test::Days(which, from, to) => {
                let days = match which {
                    Days::Start | Days::Any => fields.day,
                    Days::Occurred => fields.occurred,
                    Days::Disclosed => fields.disclosed,
                    Days::Published => fields.published,
                };
                // Two ranges share a day when each begins before the other ends.
                all_but(vec![range(days.first, None, *to), range(days.last, *from, None)], vec![])
            }
        })
    }

    fn words(&self, place: query::Place, pattern: &Pattern) -> tantivy::Result<Boxed> {
        let fields = self.fields;
        Ok(match place {
            query::Place::Anywhere => {
                let title = self.in_text(fields.title, pattern);
                let title = if self.scored { Box::new(BoostQuery::new(title, TITLE)) } else { title };
                any(vec![title, self.in_text(fields.text, pattern), self.in_text(fields.names, pattern)])
            }
            query::Place::Title => self.in_text(fields.title, pattern),
            query::Place::Text => self.in_text(fields.text, pattern),
            query::Place::Victim => self.in_names(fields.victim, fields.victim_name, pattern)?,
            query::Place::Attacker => self.in_names(fields.attacker, fields.attacker_name, pattern)?,
            query::Place::Source => self.in_names(fields.source, fields.source_name, pattern)?,
            query::Place::Tag => self.in_terms(fields.tag, pattern, slug)?,
            query::Place::Id => self.in_ids(fields.id, pattern)?,
        })
    }

    /// A word stands for all its forms; everything else is looked for as it is typed.
    fn in_text(&self, text: Text, pattern: &Pattern) -> Boxed {
        match pattern {
            Pattern::Word(word) => match (words(word).as_slice(), stems(word).as_slice()) {
                ([as_typed], [stem]) if self.scored => any(vec![
                    scored_term(text.stemmed, stem),
                    Box::new(BoostQuery::new(scored_term(text.exact, as_typed), AS_TYPED)),
                ]),
                (_, [stem]) => term(text.stemmed, stem),
                _ => exact(text.exact, pattern, self.scored),
            },
            pattern => exact(text.exact, pattern, self.scored),
        }
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

/// Looks for words as they are.
fn exact(field: Field, pattern: &Pattern, scored: bool) -> Boxed {
    let terms = |text: &str| -> Vec<Term> { words(text).iter().map(|word| Term::from_field_text(field, word)).collect() };
    match pattern {
        Pattern::Word(text) => in_a_row(terms(text), 0, scored),
        Pattern::Phrase { text, apart } => in_a_row(terms(text), *apart, scored),
        Pattern::Prefix(text) => {
            let mut terms = terms(text);
            match terms.len() {
                0 => Box::new(EmptyQuery),
                1 => {
                    // A word is letters and digits alone, so nothing in it means anything to the pattern.
                    let word = terms.swap_remove(0);
                    let pattern = format!("{}.*", word.value().as_str().unwrap_or(""));
                    RegexQuery::from_pattern(&pattern, field)
                        .map_or_else(|_| Box::new(EmptyQuery) as Boxed, |query| Box::new(query))
                }
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
    clauses.extend(unwanted.into_iter().map(|query| (Occur::MustNot, query)));
    Box::new(BooleanQuery::new(clauses))
}
