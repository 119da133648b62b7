//! From a query to what is laid out for it. Where the order depends on how well something matches, see [`super::scored`].

use std::sync::Arc;

use tantivy::query::{EnableScoring, FuzzyTermQuery, PhrasePrefixQuery, PhraseQuery, RegexQuery, Weight};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use super::beginning::Beginning;
use super::bounds::Bounds;
use super::first_day::FirstDay;
use super::forms::forms;
use super::laid::{Laid, LaidOut};
use super::matching::Matching;
use super::schema::{self, Fields, Text};
use super::shelf::Shelf;
use super::words::{pair, stems, words};
use crate::base::day::Day;
use crate::base::fold::slug;
use crate::store::query::{self, Days, Mark, Node, Pattern, Query, Sort, Test};

pub(super) type Boxed = Box<dyn tantivy::query::Query>;

/// A query that tantivy runs.
pub(super) struct Wanted {
    pub query: Boxed,
    /// Whether it takes long enough for several threads to share it.
    pub is_slow: bool,
}

/// Makes the query that tantivy runs. What is hidden is left out where the query does not speak of it.
pub(super) fn translate(shelf: &Shelf, searcher: &Searcher, query: &Query) -> tantivy::Result<Wanted> {
    let translation = Translation { fields: &shelf.fields, searcher, shelf };
    let hidden = Laid::Filter(Term::from_field_text(shelf.fields.mark, Mark::Hidden.word()));
    let unwanted = if query.speaks_of_hidden() { Vec::new() } else { vec![hidden] };
    if query.sort == Some(Sort::Relevance) {
        return Ok(Wanted { query: translation.best_first(&query.root, unwanted)?, is_slow: true });
    }
    let wanted = translation.node(&query.root)?;
    let laid = if unwanted.is_empty() { wanted } else { Laid::Both(vec![wanted], unwanted) };
    // Segments are sorted by day: for another order each document is looked at.
    let in_order = matches!(query.sort, None | Some(Sort::Date));
    Ok(Wanted { is_slow: !in_order || laid.is_slow(), query: translation.laid_out(laid) })
}

/// Makes the query for documents that have one of some terms.
pub(super) fn among(shelf: &Shelf, terms: Vec<Term>) -> Boxed {
    Box::new(LaidOut { laid: Laid::Terms(terms), memory: Arc::clone(&shelf.memory) })
}

pub(super) struct Translation<'s> {
    pub fields: &'s Fields,
    searcher: &'s Searcher,
    shelf: &'s Shelf,
}

/// How many words the last one of a phrase may stand for, in each segment: more than begin alike in any news but with one letter.
/// Memory is set aside for all of them, about 2 KB each.
pub(super) const MOST_ENDINGS: u32 = 10_000;

impl Translation<'_> {
    pub(super) fn laid_out(&self, laid: Laid) -> Boxed {
        Box::new(LaidOut { laid, memory: Arc::clone(&self.shelf.memory) })
    }

    pub(super) fn node(&self, node: &Node) -> tantivy::Result<Laid> {
        let all = |nodes: &[Node]| nodes.iter().map(|node| self.node(node)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match node {
            Node::All => Laid::All,
            Node::Is(condition) => self.condition(&condition.test)?,
            Node::Or(nodes) => Laid::Any(all(nodes)?),
            Node::Not(node) => Laid::Both(Vec::new(), vec![self.node(node)?]),
            Node::And(nodes) => self.all_of(nodes.iter())?,
        })
    }

    pub(super) fn all_of<'n>(&self, nodes: impl Iterator<Item = &'n Node>) -> tantivy::Result<Laid> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for node in nodes {
            match node {
                Node::Not(node) => unwanted.push(self.node(node)?),
                node => wanted.push(self.node(node)?),
            }
        }
        Ok(Laid::Both(wanted, unwanted))
    }

    fn condition(&self, test: &Test) -> tantivy::Result<Laid> {
        let fields = self.fields;
        let filter = |field: Field, word: &str| Laid::Filter(Term::from_field_text(field, word));
        Ok(match test {
            Test::Words(place, pattern) => self.words(*place, pattern)?,
            Test::Kind(kind) => filter(fields.kind, kind.word()),
            Test::Data(data) => filter(fields.data, data.word()),
            Test::Is(mark) => filter(fields.mark, mark.word()),
            Test::Status(status) => filter(fields.status, status.word()),
            Test::Records(from, to) => {
                let (from, to) = (from.unwrap_or(0), to.unwrap_or(u64::MAX));
                Laid::Within(Bounds::Numbers { column: self.column(fields.records), from, to })
            }
            Test::Days(Days::Start, from, to) => first_day(*from, *to),
            // Two ranges share a day when each begins before the other ends.
            Test::Days(which, from, to) => {
                let of = self.days(*which);
                let begins = if *which == Days::Any { first_day(None, *to) } else { self.within(of.first, None, *to) };
                Laid::Both(vec![begins, self.within(of.last, *from, None)], Vec::new())
            }
        })
    }

    fn column(&self, field: Field) -> String {
        self.searcher.schema().get_field_name(field).to_owned()
    }

    /// Looks for days of a column; without ends, for any day.
    fn within(&self, field: Field, from: Option<Day>, to: Option<Day>) -> Laid {
        let (from, to) = (from.map_or(i64::MIN, Day::since_epoch), to.map_or(i64::MAX, Day::since_epoch));
        Laid::Within(Bounds::Days { column: self.column(field), from, to })
    }

    fn days(&self, which: Days) -> schema::Days {
        match which {
            Days::Start | Days::Any => self.fields.day,
            Days::Occurred => self.fields.occurred,
            Days::Disclosed => self.fields.disclosed,
            Days::Published => self.fields.published,
        }
    }

    fn words(&self, place: query::Place, pattern: &Pattern) -> tantivy::Result<Laid> {
        let fields = self.fields;
        match place {
            query::Place::Anywhere => self.in_texts(&[fields.title, fields.text, fields.names], pattern),
            query::Place::Title => self.in_texts(&[fields.title], pattern),
            query::Place::Text => self.in_texts(&[fields.text], pattern),
            query::Place::Victim => {
                let named = self.in_names(fields.victim, fields.victim_name, pattern)?;
                Ok(self.where_pairs_are(pattern, named))
            }
            query::Place::Attacker => self.in_names(fields.attacker, fields.attacker_name, pattern),
            query::Place::Source => self.in_names(fields.source, fields.source_name, pattern),
            query::Place::Tag => self.in_terms(fields.tag, pattern, slug),
            query::Place::Country => self.in_names(fields.country, fields.country_name, pattern),
            query::Place::Id => self.in_ids(fields.id, pattern),
        }
    }

    /// A word stands for all its forms; everything else is looked for as it is typed.
    fn in_texts(&self, texts: &[Text], pattern: &Pattern) -> tantivy::Result<Laid> {
        if let Pattern::Word(word) = pattern
            && let [stem] = stems(word).as_slice()
        {
            let terms = texts.iter().map(|text| self.all_forms(*text, stem)).collect::<tantivy::Result<Vec<_>>>()?;
            return Ok(Laid::Terms(terms.concat()));
        }
        if let Pattern::Prefix(text) = pattern
            && let [word] = words(text).as_slice()
        {
            let fields = texts.iter().map(|text| text.exact).collect();
            return Ok(Laid::Beginning(Beginning { fields, prefix: word.clone() }));
        }
        let each = texts.iter().map(|text| self.exact(text.exact, pattern));
        Ok(self.where_pairs_are(pattern, Laid::Any(each.collect::<tantivy::Result<_>>()?)))
    }

    /// Returns the terms of a stem: where there are stems, it and a word that is its own stem, which stands among the words alone; elsewhere
    /// the words that have it.
    pub(super) fn all_forms(&self, text: Text, stem: &str) -> tantivy::Result<Vec<Term>> {
        let Some(stemmed) = text.stemmed else { return forms(self.searcher, text.exact, stem) };
        let itself = (stems(stem) == [stem]).then(|| Term::from_field_text(text.exact, stem));
        Ok(std::iter::once(Term::from_field_text(stemmed, stem)).chain(itself).collect())
    }

    /// Lets words in a row be looked for only where each pair of them is, or another pair with its number: that is quickly laid out.
    fn where_pairs_are(&self, pattern: &Pattern, row: Laid) -> Laid {
        let Some(field) = self.fields.pairs else { return row };
        let mut words = match pattern {
            Pattern::Word(text) | Pattern::Phrase { text, apart: 0 } | Pattern::Prefix(text) => words(text),
            Pattern::Phrase { .. } | Pattern::Fuzzy(..) | Pattern::Regex(_) => return row,
        };
        if matches!(pattern, Pattern::Prefix(_)) {
            words.pop();
        }
        let pairs = words.windows(2).map(|two| Laid::Terms(vec![Term::from_field_u64(field, pair(&two[0], &two[1]))]));
        Laid::Both(pairs.chain([row]).collect(), Vec::new())
    }

    /// Looks for words as they are.
    pub(super) fn exact(&self, field: Field, pattern: &Pattern) -> tantivy::Result<Laid> {
        match pattern {
            Pattern::Word(text) => self.in_a_row(terms(field, text), 0),
            Pattern::Phrase { text, apart } => self.in_a_row(terms(field, text), *apart),
            Pattern::Prefix(text) => match words(text).as_slice() {
                [] => Ok(nothing()),
                [word] => Ok(Laid::Beginning(Beginning { fields: vec![field], prefix: word.clone() })),
                _ => self.other(&phrase_prefix(terms(field, text))),
            },
            Pattern::Fuzzy(text, distance) => {
                let each = words(text).into_iter().map(|word| self.other(&fuzzy(field, &word, *distance)));
                let each = each.collect::<tantivy::Result<Vec<_>>>()?;
                Ok(if each.is_empty() { nothing() } else { Laid::Both(each, Vec::new()) })
            }
            Pattern::Regex(_) => Ok(nothing()),
        }
    }

    fn in_a_row(&self, terms: Vec<Term>, apart: u32) -> tantivy::Result<Laid> {
        if terms.len() < 2 {
            return Ok(Laid::Terms(terms));
        }
        let mut query = PhraseQuery::new(terms);
        query.set_slop(apart);
        self.other(&query)
    }

    fn other(&self, query: &dyn tantivy::query::Query) -> tantivy::Result<Laid> {
        let weight: Box<dyn Weight> = query.weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        Ok(Laid::Other(Arc::from(weight)))
    }

    fn in_names(&self, words: Field, whole: Field, pattern: &Pattern) -> tantivy::Result<Laid> {
        match pattern {
            Pattern::Regex(regex) => Ok(matching(whole, regex)),
            pattern => self.exact(words, pattern),
        }
    }

    /// Looks for IDs. A word finds those that hold it between their dashes: `sega` is in `sega-2011-06`.
    fn in_ids(&self, field: Field, pattern: &Pattern) -> tantivy::Result<Laid> {
        match pattern {
            Pattern::Word(text) | Pattern::Phrase { text, .. } => {
                Ok(matching(field, &format!("^(.*-)?{}(-.*)?$", regex::escape(text))))
            }
            _ => self.in_terms(field, pattern, str::to_lowercase),
        }
    }

    /// Looks for terms that are one word each, whatever is in them.
    fn in_terms(&self, field: Field, pattern: &Pattern, folded: impl Fn(&str) -> String) -> tantivy::Result<Laid> {
        match pattern {
            Pattern::Word(text) | Pattern::Phrase { text, .. } => {
                Ok(Laid::Terms(vec![Term::from_field_text(field, &folded(text))]))
            }
            Pattern::Prefix(text) => {
                self.other(&RegexQuery::from_pattern(&format!("{}.*", regex::escape(&folded(text))), field)?)
            }
            Pattern::Fuzzy(text, distance) => self.other(&fuzzy(field, &folded(text), *distance)),
            Pattern::Regex(regex) => Ok(matching(field, regex)),
        }
    }
}

/// Looks for terms in which a regular expression matches.
fn matching(field: Field, regex: &str) -> Laid {
    let regex = regex::RegexBuilder::new(regex).case_insensitive(true).build();
    regex.map_or_else(|_| nothing(), |regex| Laid::Matching(Matching { field, regex }))
}

fn nothing() -> Laid {
    Laid::Terms(Vec::new())
}

pub(super) fn terms(field: Field, text: &str) -> Vec<Term> {
    words(text).iter().map(|word| Term::from_field_text(field, word)).collect()
}

pub(super) fn phrase_prefix(terms: Vec<Term>) -> PhrasePrefixQuery {
    let mut query = PhrasePrefixQuery::new(terms);
    query.set_max_expansions(MOST_ENDINGS);
    query
}

pub(super) fn fuzzy(field: Field, word: &str, distance: u8) -> FuzzyTermQuery {
    FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true)
}

fn first_day(from: Option<Day>, to: Option<Day>) -> Laid {
    let days = |day: Option<Day>| day.map(Day::since_epoch);
    Laid::FirstDay(FirstDay { from: days(from), to: days(to) })
}
