//! What a query finds, laid out as sets of documents, for all orders but that by how well something matches.
//!
//! tantivy goes from document to document and asks each condition for its next one; that pays where the best few are wanted. Here all are
//! counted, and counting is quickest where each condition is a set of bits: over a million incidents, a kind since a year takes a tenth.
//! A condition is not laid out where the ones before it have left few documents: these are looked up.

use std::cmp::Reverse;
use std::fmt;
use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, Term};

use super::beginning::{Beginning, mark_postings};
use super::bounds::{Bounds, Test};
use super::first_day::FirstDay;
use super::marks::{Marked, Marks};
use super::memory::{Filter, Memory};

/// A condition.
#[derive(Clone)]
pub(super) enum Laid {
    All,
    /// One of these terms is there; none where there are no terms.
    Terms(Vec<Term>),
    /// A term that many searches ask for.
    Filter(Term),
    Beginning(Beginning),
    FirstDay(FirstDay),
    Within(Bounds),
    Any(Vec<Laid>),
    /// All of the first hold and none of the second. Where there is nothing to hold, everything does.
    Both(Vec<Laid>, Vec<Laid>),
    /// What tantivy has to find.
    Other(Arc<dyn Weight>),
}

impl Laid {
    /// Tells whether it looks at more than lists of documents.
    pub(super) fn is_slow(&self) -> bool {
        match self {
            Laid::Beginning(_) | Laid::Other(_) | Laid::Within(_) => true,
            Laid::Any(any) => any.iter().any(Laid::is_slow),
            Laid::Both(wanted, unwanted) => wanted.iter().chain(unwanted).any(Laid::is_slow),
            Laid::All | Laid::Terms(_) | Laid::Filter(_) | Laid::FirstDay(_) => false,
        }
    }
}

/// A condition as a query. Each document that it finds scores the same.
#[derive(Clone)]
pub(super) struct LaidOut {
    pub laid: Laid,
    pub memory: Arc<Memory>,
}

impl fmt::Debug for LaidOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LaidOut")
    }
}

impl Query for LaidOut {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl LaidOut {
    /// Lays out what is found and was not deleted.
    fn marks(&self, reader: &SegmentReader) -> tantivy::Result<Arc<Marks>> {
        let segment = Segment { reader, memory: &self.memory };
        let Some(alive) = reader.alive_bitset() else { return segment.open(&self.laid)?.marks(&segment) };
        let alive = self.memory.of(reader, &Filter::Alive(reader.delete_opstamp()), || {
            let mut marks = Marks::none(reader.max_doc());
            alive.iter_alive().for_each(|doc| marks.mark(doc));
            Ok(marks)
        })?;
        if matches!(self.laid, Laid::All) {
            return Ok(alive);
        }
        let mut found = segment.open(&self.laid)?.marks(&segment)?;
        Arc::make_mut(&mut found).keep(&alive);
        Ok(found)
    }
}

impl Weight for LaidOut {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(Marked::new(self.marks(reader)?, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.marks(reader)?.has(doc) {
            true => Ok(Explanation::new("LaidOut", 1.0)),
            false => Err(tantivy::TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }

    fn count(&self, reader: &SegmentReader) -> tantivy::Result<u32> {
        Ok(self.marks(reader)?.count())
    }
}

struct Segment<'s> {
    reader: &'s SegmentReader,
    memory: &'s Memory,
}

/// A condition in one segment, as far as it is known without reading any documents.
enum Open<'l> {
    All,
    Nothing,
    Marks(Arc<Marks>),
    Terms(Vec<(Arc<InvertedIndexReader>, TermInfo)>),
    Filter(Arc<InvertedIndexReader>, TermInfo, Filter),
    Beginning(&'l Beginning),
    Run(DocId, DocId),
    Within(Test, Filter),
    Any(Vec<Open<'l>>),
    Both(Vec<Open<'l>>, Vec<Open<'l>>),
    Other(&'l dyn Weight),
}

impl Segment<'_> {
    fn open<'l>(&self, laid: &'l Laid) -> tantivy::Result<Open<'l>> {
        let all = |laid: &'l [Laid]| laid.iter().map(|laid| self.open(laid)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match laid {
            Laid::All => Open::All,
            Laid::Terms(terms) => {
                let found = terms.iter().map(|term| self.look_up(term)).collect::<tantivy::Result<Vec<_>>>()?;
                let found: Vec<_> = found.into_iter().flatten().collect();
                if found.is_empty() { Open::Nothing } else { Open::Terms(found) }
            }
            Laid::Filter(term) => {
                let filter = Filter::Term(term.clone());
                match self.memory.recall(self.reader, &filter) {
                    Some(marks) => Open::Marks(marks),
                    None => self.look_up(term)?.map_or(Open::Nothing, |(index, info)| Open::Filter(index, info, filter)),
                }
            }
            Laid::Beginning(beginning) => Open::Beginning(beginning),
            Laid::FirstDay(days) => days.run(self.reader, self.memory)?.map_or(Open::Nothing, |(from, end)| Open::Run(from, end)),
            Laid::Within(bounds) => {
                let filter = Filter::Within(bounds.clone());
                match self.memory.recall(self.reader, &filter) {
                    Some(marks) => Open::Marks(marks),
                    None => Open::Within(bounds.open(self.reader, self.memory)?, filter),
                }
            }
            Laid::Any(laid) => Open::Any(all(laid)?),
            Laid::Both(wanted, unwanted) => {
                let mut opened = Vec::with_capacity(wanted.len());
                for laid in wanted {
                    match self.open(laid)? {
                        Open::Nothing => return Ok(Open::Nothing),
                        Open::All => {}
                        open => opened.push(open),
                    }
                }
                Open::Both(opened, all(unwanted)?)
            }
            Laid::Other(weight) => Open::Other(&**weight),
        })
    }

    fn look_up(&self, term: &Term) -> tantivy::Result<Option<(Arc<InvertedIndexReader>, TermInfo)>> {
        let index = self.reader.inverted_index(term.field())?;
        Ok(index.get_term_info(term)?.map(|info| (index, info)))
    }

    fn docs(&self) -> u32 {
        self.reader.max_doc()
    }
}

/// Where fewer than one in so many documents of a list are asked for, they are looked up in it.
const SPARSE: u64 = 16;
/// Where fewer than one in so many of all documents are left, their values are looked up one by one.
const FEW: u32 = 8;

impl Open<'_> {
    /// About how long it takes to lay it out, in documents that are read.
    fn cost(&self, segment: &Segment<'_>) -> u64 {
        let docs = u64::from(segment.docs());
        match self {
            Open::Nothing => 0,
            Open::Run(from, end) => u64::from(end - from) / 64,
            Open::All | Open::Marks(_) => docs / 64,
            Open::Terms(terms) => terms.iter().map(|(_, info)| u64::from(info.doc_freq)).sum(),
            Open::Filter(_, info, _) => u64::from(info.doc_freq),
            Open::Beginning(_) => docs,
            Open::Any(any) => any.iter().map(|open| open.cost(segment)).sum(),
            Open::Both(wanted, _) => wanted.iter().map(|open| open.cost(segment)).min().unwrap_or(docs),
            Open::Within(..) => 2 * docs,
            Open::Other(_) => 4 * docs,
        }
    }

    /// Lays out all documents for which it holds.
    fn marks(self, segment: &Segment<'_>) -> tantivy::Result<Arc<Marks>> {
        let docs = segment.docs();
        Ok(match self {
            Open::All => Arc::new(Marks::run(docs, 0, docs)),
            Open::Nothing => Arc::new(Marks::none(docs)),
            Open::Marks(marks) => marks,
            Open::Terms(terms) => {
                let mut marks = Marks::none(docs);
                terms.iter().try_for_each(|(index, info)| mark_term(index, info, &mut marks))?;
                Arc::new(marks)
            }
            Open::Filter(index, info, filter) => segment.memory.of(segment.reader, &filter, || {
                let mut marks = Marks::none(docs);
                mark_term(&index, &info, &mut marks)?;
                Ok(marks)
            })?,
            Open::Beginning(beginning) => Arc::new(beginning.marks(segment.reader)?),
            Open::Run(from, end) => Arc::new(Marks::run(docs, from, end)),
            Open::Within(test, filter) => segment.memory.of(segment.reader, &filter, || Ok(test.marks(docs)))?,
            Open::Any(any) => {
                let mut marks = Arc::new(Marks::none(docs));
                for open in any {
                    Arc::make_mut(&mut marks).add(&*open.marks(segment)?);
                }
                marks
            }
            Open::Both(wanted, unwanted) => both(wanted, unwanted, segment)?,
            Open::Other(weight) => {
                let mut marks = Marks::none(docs);
                weight.for_each_no_score(segment.reader, &mut |docs| marks.mark_all(docs))?;
                Arc::new(marks)
            }
        })
    }

    /// Leaves those of some documents for which it holds.
    fn narrow(self, marks: &mut Arc<Marks>, segment: &Segment<'_>) -> tantivy::Result<()> {
        let left = marks.count();
        match self {
            Open::All => {}
            Open::Run(from, end) => Arc::make_mut(marks).keep_run(from, end),
            Open::Terms(terms) if terms.iter().any(|(_, info)| u64::from(left) * SPARSE < u64::from(info.doc_freq)) => {
                *marks = Arc::new(among(&terms, marks, segment)?);
            }
            Open::Within(test, _) if left < segment.docs() / FEW => Arc::make_mut(marks).keep_if(|doc| test.holds(doc)),
            Open::Other(weight) => return narrow_other(weight, marks, left, segment),
            open => {
                let other = open.marks(segment)?;
                Arc::make_mut(marks).keep(&other);
            }
        }
        Ok(())
    }
}

/// Those for which all of the first hold and none of the second: the quickest first, so that there is less to look at for the others.
fn both(mut wanted: Vec<Open<'_>>, unwanted: Vec<Open<'_>>, segment: &Segment<'_>) -> tantivy::Result<Arc<Marks>> {
    wanted.sort_by_cached_key(|open| Reverse(open.cost(segment)));
    let mut marks = wanted.pop().unwrap_or(Open::All).marks(segment)?;
    while let Some(open) = wanted.pop() {
        open.narrow(&mut marks, segment)?;
    }
    for open in unwanted {
        let other = open.marks(segment)?;
        Arc::make_mut(&mut marks).drop_those(&other);
    }
    Ok(marks)
}

fn mark_term(index: &InvertedIndexReader, info: &TermInfo, marks: &mut Marks) -> tantivy::Result<()> {
    mark_postings(&mut postings(index, info)?, marks);
    Ok(())
}

fn postings(index: &InvertedIndexReader, info: &TermInfo) -> tantivy::Result<BlockSegmentPostings> {
    Ok(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?)
}

/// Returns those of a few documents that have one of some terms.
fn among(terms: &[(Arc<InvertedIndexReader>, TermInfo)], few: &Marks, segment: &Segment<'_>) -> tantivy::Result<Marks> {
    let mut found = Marks::none(segment.docs());
    for (index, info) in terms {
        let mut postings = postings(index, info)?;
        few.each(|doc| {
            let at = postings.seek(doc);
            if postings.doc(at) == doc {
                found.mark(doc);
            }
        });
    }
    Ok(found)
}

/// Asks tantivy for each document, or for all where there are many.
fn narrow_other(weight: &dyn Weight, marks: &mut Arc<Marks>, left: u32, segment: &Segment<'_>) -> tantivy::Result<()> {
    let Some(first) = marks.first() else { return Ok(()) };
    let (found, mut scorer) = weight.scorer_danger(segment.reader, first, 1.0)?;
    if scorer.cost() < u64::from(left) {
        let other = Open::Other(weight).marks(segment)?;
        Arc::make_mut(marks).keep(&other);
        return Ok(());
    }
    let mut found = Some(found);
    let mut bound = first;
    Arc::make_mut(marks).keep_if(|doc| {
        if doc < bound {
            return false;
        }
        match found.take().unwrap_or_else(|| scorer.seek_danger(doc)) {
            SeekDangerResult::Found => true,
            SeekDangerResult::SeekLowerBound(next) => {
                bound = next;
                false
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use tantivy::query::PhraseQuery;
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{Index, doc};

    use super::*;

    #[test]
    fn few_documents_are_looked_up_as_many_are_laid_out() {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20 << 20).expect("a writer");
        for n in 0..3000 {
            let words = [(2, "even"), (97, "rare"), (3, "in row"), (5, "row in")]
                .map(|(each, word)| if n % each == 0 { word } else { "x" });
            writer.add_document(doc!(text => words.join(" "))).expect("a document");
        }
        writer.commit().expect("a commit");
        let searcher = index.reader().expect("a reader").searcher();
        let term = |word: &str| Term::from_field_text(text, word);
        let one = |word| Laid::Terms(vec![term(word)]);
        let phrase = PhraseQuery::new(vec![term("in"), term("row")]).weight(EnableScoring::disabled_from_searcher(&searcher));
        let phrase = Laid::Other(Arc::from(phrase.expect("a phrase")));
        let found = |laid: Laid| {
            let marks = LaidOut { laid, memory: Arc::default() }.marks(searcher.segment_reader(0)).expect("marks");
            (0..3000).filter(|doc| marks.has(*doc)).collect::<Vec<_>>()
        };
        let expected = |holds: fn(u32) -> bool| (0..3000).filter(|n| holds(*n)).collect::<Vec<_>>();
        assert_eq!(found(Laid::Both(vec![one("even"), one("rare")], vec![])), expected(|n| n % 194 == 0));
        assert_eq!(found(Laid::Both(vec![one("rare")], vec![one("even")])), expected(|n| n % 194 == 97));
        assert_eq!(found(phrase.clone()), expected(|n| n.is_multiple_of(3)));
        assert_eq!(found(Laid::Both(vec![phrase.clone(), one("rare")], vec![])), expected(|n| n % 291 == 0));
        assert_eq!(found(Laid::Both(vec![phrase, one("even")], vec![])), expected(|n| n % 6 == 0));
        assert_eq!(found(Laid::Both(vec![one("nowhere"), one("even")], vec![])), Vec::<u32>::new());
    }
}
