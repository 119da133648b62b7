//! A condition in one segment. It is not laid out where the ones before it have left few documents: these are looked up.

use std::sync::Arc;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SeekDangerResult, SegmentReader, Term};

use super::beginning::{Beginning, mark_postings};
use super::bounds::Test;
use super::laid::Laid;
use super::marks::Marks;
use super::matching::Matching;
use super::memory::{Filter, Memory};

/// A segment that is searched.
pub(super) struct Segment<'s> {
    pub reader: &'s SegmentReader,
    pub memory: &'s Memory,
    /// Tells whether one way takes less than the other. What is found is the same, whatever it says.
    pub is_less: fn(&u64, &u64) -> bool,
}

/// A condition in one segment, as far as it is known without reading any documents.
pub(super) enum Open<'l> {
    All,
    Nothing,
    Marks(Arc<Marks>),
    Terms(Vec<(Arc<InvertedIndexReader>, TermInfo)>),
    Filter(Arc<InvertedIndexReader>, TermInfo, Filter),
    Beginning(&'l Beginning),
    Matching(&'l Matching),
    Run(DocId, DocId),
    Within(Test, Filter),
    Any(Vec<Open<'l>>),
    Both(Vec<Open<'l>>, Vec<Open<'l>>),
    Other(&'l dyn Weight),
}

impl Segment<'_> {
    pub(super) fn open<'l>(&self, laid: &'l Laid) -> tantivy::Result<Open<'l>> {
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
            Laid::Matching(matching) => Open::Matching(matching),
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
const FEW: u64 = 8;

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
            Open::Matching(_) | Open::Other(_) => 4 * docs,
        }
    }

    /// Lays out all documents for which it holds.
    pub(super) fn marks(self, segment: &Segment<'_>) -> tantivy::Result<Arc<Marks>> {
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
            Open::Matching(matching) => Arc::new(matching.marks(segment.reader)?),
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
        let left = u64::from(marks.count());
        match self {
            Open::All => {}
            Open::Run(from, end) => Arc::make_mut(marks).keep_run(from, end),
            Open::Terms(terms) => {
                let found = among(&terms, marks, left, segment)?;
                Arc::make_mut(marks).keep(&found);
            }
            Open::Within(test, _) if (segment.is_less)(&(left * FEW), &u64::from(segment.docs())) => {
                Arc::make_mut(marks).keep_if(|doc| test.holds(doc));
            }
            Open::Any(any) => {
                let mut found = Marks::none(segment.docs());
                for open in any {
                    let mut some = Arc::clone(marks);
                    open.narrow(&mut some, segment)?;
                    found.add(&some);
                }
                *marks = Arc::new(found);
            }
            Open::Both(wanted, unwanted) => return narrow_both(wanted, unwanted, marks, segment),
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
    wanted.sort_by_cached_key(|open| open.cost(segment));
    let mut rest = wanted.into_iter();
    let mut marks = rest.next().unwrap_or(Open::All).marks(segment)?;
    narrow_both(rest.collect(), unwanted, &mut marks, segment)?;
    Ok(marks)
}

/// Leaves those of some documents for which all of the first hold, in this order, and none of the second.
fn narrow_both(
    wanted: Vec<Open<'_>>,
    unwanted: Vec<Open<'_>>,
    marks: &mut Arc<Marks>,
    segment: &Segment<'_>,
) -> tantivy::Result<()> {
    for open in wanted {
        open.narrow(marks, segment)?;
    }
    for open in unwanted {
        let other = open.marks(segment)?;
        Arc::make_mut(marks).drop_those(&other);
    }
    Ok(())
}

fn mark_term(index: &InvertedIndexReader, info: &TermInfo, marks: &mut Marks) -> tantivy::Result<()> {
    mark_postings(&mut postings(index, info)?, marks);
    Ok(())
}

fn postings(index: &InvertedIndexReader, info: &TermInfo) -> tantivy::Result<BlockSegmentPostings> {
    Ok(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?)
}

/// Returns those of some documents that have one of some terms, and perhaps others: they are looked up in long lists, short ones are read.
fn among(
    terms: &[(Arc<InvertedIndexReader>, TermInfo)],
    some: &Marks,
    left: u64,
    segment: &Segment<'_>,
) -> tantivy::Result<Marks> {
    let mut found = Marks::none(segment.docs());
    for (index, info) in terms {
        if !(segment.is_less)(&(left * SPARSE), &u64::from(info.doc_freq)) {
            mark_term(index, info, &mut found)?;
            continue;
        }
        let mut postings = postings(index, info)?;
        some.each(|doc| {
            let at = postings.seek(doc);
            if postings.doc(at) == doc {
                found.mark(doc);
            }
        });
    }
    Ok(found)
}

/// Asks tantivy for each document, or for all where there are many.
fn narrow_other(weight: &dyn Weight, marks: &mut Arc<Marks>, left: u64, segment: &Segment<'_>) -> tantivy::Result<()> {
    let Some(first) = marks.first() else { return Ok(()) };
    let (found, mut scorer) = weight.scorer_danger(segment.reader, first, 1.0)?;
    if !(segment.is_less)(&left, &scorer.cost()) {
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
    use tantivy::query::{EnableScoring, PhraseQuery, Query};
    use tantivy::schema::{FAST, Schema, TEXT};
    use tantivy::{Index, Searcher, doc};

    use super::*;
    use crate::store::search::bounds::Bounds;
    use crate::store::search::first_day::FirstDay;
    use crate::store::search::schema::{DAY, RECORDS};

    const DOCS: u32 = 3000;

    fn index() -> Searcher {
        let mut schema = Schema::builder();
        let (text, days) = (schema.add_text_field("text", TEXT), schema.add_i64_field(DAY, FAST));
        let records = schema.add_u64_field(RECORDS, FAST);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20 << 20).expect("a writer");
        for n in 0..DOCS {
            let words = [(2, "even"), (97, "rare"), (3, "in row"), (5, "row in")]
                .map(|(each, word)| if n.is_multiple_of(each) { word } else { "x" });
            let number = u64::from(n % 100);
            writer.add_document(doc!(text => words.join(" "), days => -i64::from(n / 7), records => number)).expect("a document");
        }
        writer.commit().expect("a commit");
        index.reader().expect("a reader").searcher()
    }

    /// Makes a condition by chance, and tells for which documents it holds.
    fn condition(searcher: &Searcher, dice: &mut impl FnMut(u32) -> u32, depth: u32) -> (Laid, Vec<bool>) {
        let text = searcher.schema().get_field("text").expect("a field");
        let term = |word: &str| Term::from_field_text(text, word);
        let of = |holds: &dyn Fn(u32) -> bool| (0..DOCS).map(holds).collect::<Vec<bool>>();
        let one = dice(60);
        match dice(if depth > 0 { 11 } else { 7 }) {
            0 => (Laid::All, of(&|_| true)),
            1 => (Laid::Terms(vec![term("rare"), term("even")]), of(&|n| n % 2 == 0 || n % 97 == 0)),
            2 => (Laid::Terms(vec![term(["rare", "nowhere"][one as usize % 2])]), of(&|n| one.is_multiple_of(2) && n % 97 == 0)),
            3 => (Laid::Filter(term("in")), of(&|n| n % 3 == 0 || n % 5 == 0)),
            4 => {
                let bounds = Bounds::Numbers { column: RECORDS.to_owned(), from: 40, to: one.into() };
                (Laid::Within(bounds), of(&|n| (40..=one).contains(&(n % 100))))
            }
            5 => {
                let days = FirstDay { from: Some(-i64::from(one)), to: Some(-20) };
                (Laid::FirstDay(days), of(&|n| (20..=one).contains(&(n / 7))))
            }
            6 => {
                let phrase = PhraseQuery::new(vec![term("in"), term("row")]);
                let weight = phrase.weight(EnableScoring::disabled_from_searcher(searcher)).expect("a phrase");
                (Laid::Other(Arc::from(weight)), of(&|n| n % 3 == 0))
            }
            joined => {
                let ((one, holds), (other, also)) = (condition(searcher, dice, depth - 1), condition(searcher, dice, depth - 1));
                let both =
                    |join: fn(bool, bool) -> bool| holds.iter().zip(&also).map(|(one, other)| join(*one, *other)).collect();
                match joined {
                    7 => (Laid::Any(vec![one, other]), both(|one, other| one || other)),
                    8 => (Laid::Both(vec![one], vec![other]), both(|one, other| one && !other)),
                    _ => (Laid::Both(vec![one, other], vec![]), both(|one, other| one && other)),
                }
            }
        }
    }

    #[test]
    fn what_is_looked_up_is_what_is_laid_out() {
        let (searcher, mut state) = (index(), 7_u64);
        let mut dice = |end: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % end
        };
        for n in 0..300 {
            let (laid, holds) = condition(&searcher, &mut dice, 3);
            let (reader, memory) = (searcher.segment_reader(0), Memory::default());
            for (way, is_less) in
                [("looked up", (|_, _| true) as fn(&u64, &u64) -> bool), ("laid out", |_, _| false), ("mixed", u64::lt)]
            {
                let segment = Segment { reader, memory: &memory, is_less };
                let marks = segment.open(&laid).and_then(|open| open.marks(&segment)).expect("marks");
                let differs = (0..DOCS).find(|doc| marks.has(*doc) != holds[*doc as usize]);
                assert_eq!((differs, marks.count() as usize), (None, holds.iter().filter(|holds| **holds).count()), "{n}, {way}");
            }
        }
    }
}
