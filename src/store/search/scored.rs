//! A query where the order depends on how well something matches: words are asked of tantivy, which weighs them; all else only tells whether.

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::beginning::Beginning;
use super::laid::Laid;
use super::schema::Text;
use super::translate::{Boxed, Translation, fuzzy, phrase_prefix, terms};
use super::words::{stems, words};
use crate::store::query::{self, Condition, Node, Pattern, Test};

/// What is added to the score of what holds all bare words of the query in a row: more than words by themselves can reach.
const LITERAL: f32 = 1000.0;
/// How much more a word in a title says than one in the text.
const TITLE: f32 = 2.0;
/// How much more a word as typed says than another form of it.
const AS_TYPED: f32 = 1.5;

impl Translation<'_> {
    /// Puts what holds all bare words of a query in a row, as they are, before everything else.
    pub(super) fn best_first(&self, root: &Node, unwanted: Vec<Laid>) -> tantivy::Result<Boxed> {
        let mut clauses = vec![(Occur::Must, self.scored(root)?)];
        if let Some(literal) = self.literal(root) {
            clauses.push((Occur::Should, literal));
        }
        clauses.extend(unwanted.into_iter().map(|laid| (Occur::MustNot, self.laid_out(laid))));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn literal(&self, root: &Node) -> Option<Boxed> {
        let Node::And(nodes) = root else { return None };
        let bare: Vec<&str> = nodes.iter().filter_map(bare_word).collect();
        let phrase = Pattern::Phrase { text: bare.join(" "), apart: 0 };
        let literal =
            || [self.fields.title, self.fields.text, self.fields.names].map(|text| self.scored_exact(text.exact, &phrase));
        (bare.len() > 1).then(|| Box::new(ConstScoreQuery::new(any(literal().into()), LITERAL)) as Boxed)
    }

    fn scored(&self, node: &Node) -> tantivy::Result<Boxed> {
        Ok(match node {
            Node::Is(Condition { test: Test::Words(place, pattern), .. }) => match self.scored_words(*place, pattern)? {
                Some(query) => query,
                None => self.unscored(self.node(node)?),
            },
            Node::Or(nodes) => any(nodes.iter().map(|node| self.scored(node)).collect::<tantivy::Result<_>>()?),
            Node::And(nodes) => {
                let (weighed, plain): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(|node| weighs(node));
                let mut all = weighed.into_iter().map(|node| self.scored(node)).collect::<tantivy::Result<Vec<_>>>()?;
                if !plain.is_empty() {
                    all.push(self.unscored(self.all_of(plain.into_iter())?));
                }
                Box::new(BooleanQuery::intersection(all))
            }
            node => self.unscored(self.node(node)?),
        })
    }

    /// Makes a condition that tells whether, but not how well.
    fn unscored(&self, laid: Laid) -> Boxed {
        Box::new(ConstScoreQuery::new(self.laid_out(laid), 0.0))
    }

    /// Returns None for words of which it makes no difference how often they are there.
    fn scored_words(&self, place: query::Place, pattern: &Pattern) -> tantivy::Result<Option<Boxed>> {
        let fields = self.fields;
        let names = match (place, pattern) {
            (query::Place::Anywhere, _) => {
                let boosted = |form| Box::new(BoostQuery::new(form, TITLE)) as Boxed;
                let mut forms: Vec<Boxed> = self.in_scored_text(fields.title, pattern)?.into_iter().map(boosted).collect();
                forms.extend(self.in_scored_text(fields.text, pattern)?);
                forms.extend(self.in_scored_text(fields.names, pattern)?);
                return Ok(Some(any(forms)));
            }
            (query::Place::Title, _) => return Ok(Some(any(self.in_scored_text(fields.title, pattern)?))),
            (query::Place::Text, _) => return Ok(Some(any(self.in_scored_text(fields.text, pattern)?))),
            (query::Place::Tag | query::Place::Id, _) | (_, Pattern::Regex(_)) => return Ok(None),
            (query::Place::Victim, _) => fields.victim,
            (query::Place::Attacker, _) => fields.attacker,
            (query::Place::Source, _) => fields.source,
            (query::Place::Country, _) => fields.country,
        };
        Ok(Some(self.scored_exact(names, pattern)))
    }

    /// A word stands for all its forms, the one that was typed before the others. Any of what is returned holds.
    fn in_scored_text(&self, text: Text, pattern: &Pattern) -> tantivy::Result<Vec<Boxed>> {
        if let Pattern::Word(word) = pattern
            && let ([as_typed], [stem]) = (words(word).as_slice(), stems(word).as_slice())
        {
            let typed = Term::from_field_text(text.exact, as_typed);
            // A word that is its own stem is weighed once for both.
            let (itself, others): (Vec<Term>, Vec<Term>) =
                self.all_forms(text, stem)?.into_iter().partition(|term| *term == typed);
            let boost = AS_TYPED + itself.len() as f32;
            let mut forms: Vec<Boxed> = others.into_iter().map(one).collect();
            forms.push(Box::new(BoostQuery::new(one(typed), boost)));
            return Ok(forms);
        }
        Ok(vec![self.scored_exact(text.exact, pattern)])
    }

    fn scored_exact(&self, field: Field, pattern: &Pattern) -> Boxed {
        match pattern {
            Pattern::Word(text) => in_a_row(terms(field, text), 0),
            Pattern::Phrase { text, apart } => in_a_row(terms(field, text), *apart),
            Pattern::Prefix(text) => match words(text).as_slice() {
                [] => Box::new(EmptyQuery),
                [word] => self.laid_out(Laid::Beginning(Beginning { fields: vec![field], prefix: word.clone() })),
                _ => Box::new(phrase_prefix(terms(field, text))),
            },
            Pattern::Fuzzy(text, distance) => {
                let each: Vec<Boxed> = words(text).iter().map(|word| Box::new(fuzzy(field, word, *distance)) as Boxed).collect();
                if each.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::intersection(each)) }
            }
            Pattern::Regex(_) => Box::new(EmptyQuery),
        }
    }
}

/// Tells whether a condition speaks of words that are to be there.
fn weighs(node: &Node) -> bool {
    match node {
        Node::Is(condition) => matches!(condition.test, Test::Words(..)),
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().any(weighs),
        Node::Not(_) | Node::All => false,
    }
}

fn bare_word(node: &Node) -> Option<&str> {
    match node {
        Node::Is(Condition { test: Test::Words(query::Place::Anywhere, Pattern::Word(word)), .. }) => Some(word),
        _ => None,
    }
}

fn in_a_row(mut terms: Vec<Term>, apart: u32) -> Boxed {
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => one(terms.swap_remove(0)),
        _ => {
            let mut query = PhraseQuery::new(terms);
            query.set_slop(apart);
            Box::new(query)
        }
    }
}

fn one(term: Term) -> Boxed {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn any(queries: Vec<Boxed>) -> Boxed {
    Box::new(BooleanQuery::union(queries))
}
