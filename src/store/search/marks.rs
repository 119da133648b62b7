//! A set of documents of one segment, a bit for each.
//!
//! A million documents are 125 KB: what two sets have in common is found by going through that once, and how many they are likewise.

use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use std::sync::Arc;

/// Documents of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    words: Vec<u64>,
}

/// Where the bit of a document is: the word and the bit in it.
fn place(doc: DocId) -> (usize, u64) {
    ((doc / u64::BITS) as usize, 1 << (doc % u64::BITS))
}

impl Marks {
    /// None of so many documents.
    pub(super) fn none(docs: u32) -> Marks {
        Marks { words: vec![0; docs.div_ceil(u64::BITS) as usize] }
    }

    /// Of so many documents those from one on and before another.
    pub(super) fn run(docs: u32, from: DocId, end: DocId) -> Marks {
        let mut marks = Marks::none(docs);
        marks.words[..end.div_ceil(u64::BITS) as usize].fill(u64::MAX);
        marks.keep_run(from, end);
        marks
    }

    pub(super) fn mark(&mut self, doc: DocId) {
        let (at, bit) = place(doc);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bit;
        }
    }

    /// Marks documents that are in order: what falls into one word is written once.
    pub(super) fn mark_all(&mut self, docs: &[DocId]) {
        let (mut at, mut bits) = (0, 0);
        for doc in docs {
            let (next, bit) = place(*doc);
            if next != at {
                self.add_bits(at, bits);
                (at, bits) = (next, 0);
            }
            bits |= bit;
        }
        self.add_bits(at, bits);
    }

    fn add_bits(&mut self, at: usize, bits: u64) {
        if let Some(word) = self.words.get_mut(at) {
            *word |= bits;
        }
    }

    pub(super) fn has(&self, doc: DocId) -> bool {
        let (at, bit) = place(doc);
        self.words.get(at).is_some_and(|word| word & bit != 0)
    }

    /// Leaves those that are in the other as well.
    pub(super) fn keep(&mut self, other: &Marks) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Leaves those from one document on and before another.
    pub(super) fn keep_run(&mut self, from: DocId, end: DocId) {
        let (from, end) = (from.min(end), end);
        let ((first, _), (last, _)) = (place(from), place(end));
        let length = self.words.len();
        self.words[..first.min(length)].fill(0);
        if let Some(word) = self.words.get_mut(first) {
            *word &= u64::MAX << (from % u64::BITS);
        }
        if let Some(word) = self.words.get_mut(last) {
            *word &= !(u64::MAX << (end % u64::BITS));
        }
        self.words[(last + 1).min(length)..].fill(0);
    }

    /// Leaves those for which something holds.
    pub(super) fn keep_if(&mut self, mut holds: impl FnMut(DocId) -> bool) {
        for (at, word) in self.words.iter_mut().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                if !holds(at as DocId * u64::BITS + rest.trailing_zeros()) {
                    *word &= !(rest & rest.wrapping_neg());
                }
                rest &= rest - 1;
            }
        }
    }

    /// Hands over each, in order.
    pub(super) fn each(&self, mut take: impl FnMut(DocId)) {
        for (at, word) in self.words.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                take(at as DocId * u64::BITS + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    pub(super) fn first(&self) -> Option<DocId> {
        let at = self.words.iter().position(|word| *word != 0)?;
        Some(at as DocId * u64::BITS + self.words[at].trailing_zeros())
    }

    /// Adds those of the other.
    pub(super) fn add(&mut self, other: &Marks) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// Takes out those of the other.
    pub(super) fn drop_those(&mut self, other: &Marks) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    pub(super) fn count(&self) -> u32 {
        ones(&self.words)
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }
}

fn ones(words: &[u64]) -> u32 {
    words.iter().map(|word| word.count_ones()).sum()
}

/// Goes through the documents of a set in order; all score the same.
pub(super) struct Marked {
    marks: Arc<Marks>,
    /// Where it stands in the set, and the bits there that come after `doc`.
    at: usize,
    rest: u64,
    doc: DocId,
    score: Score,
}

impl Marked {
    pub(super) fn new(marks: Arc<Marks>, score: Score) -> Marked {
        let rest = marks.words.first().copied().unwrap_or(0);
        let mut marked = Marked { marks, at: 0, rest, doc: 0, score };
        marked.advance();
        marked
    }

    fn left(&self) -> u32 {
        if self.doc == TERMINATED {
            return 0;
        }
        1 + self.rest.count_ones() + self.marks.words.get(self.at + 1..).map_or(0, ones)
    }
}

impl DocSet for Marked {
    #[inline]
    fn advance(&mut self) -> DocId {
        while self.rest == 0 {
            self.at += 1;
            match self.marks.words.get(self.at) {
                Some(word) => self.rest = *word,
                None => {
                    self.doc = TERMINATED;
                    return TERMINATED;
                }
            }
        }
        self.doc = self.at as DocId * u64::BITS + self.rest.trailing_zeros();
        self.rest &= self.rest - 1;
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        self.at = (target / u64::BITS) as usize;
        self.rest = self.marks.words.get(self.at).map_or(0, |word| word & (u64::MAX << (target % u64::BITS)));
        self.advance()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.left()
    }

    fn count_including_deleted(&mut self) -> u32 {
        let left = self.left();
        (self.at, self.rest, self.doc) = (self.marks.words.len(), 0, TERMINATED);
        left
    }
}

impl Scorer for Marked {
    fn score(&mut self) -> Score {
        self.score
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: u32 = 300;

    fn marks(docs: &[DocId]) -> Marks {
        let mut marks = Marks::none(ALL);
        marks.mark_all(docs);
        marks
    }

    fn listed(marks: &Marks) -> Vec<DocId> {
        let listed: Vec<DocId> = (0..ALL + 64).filter(|doc| marks.has(*doc)).collect();
        let mut each = Vec::new();
        marks.each(|doc| each.push(doc));
        assert_eq!((each.as_slice(), marks.first()), (listed.as_slice(), listed.first().copied()));
        listed
    }

    #[test]
    fn sets_are_joined_narrowed_and_counted() {
        let (odd, large): (Vec<_>, Vec<_>) = ((1..ALL).step_by(2).collect(), (100..ALL).collect());
        let both = |change: fn(&mut Marks, &Marks)| {
            let mut all = marks(&odd);
            change(&mut all, &marks(&large));
            listed(&all)
        };
        let expected = |holds: fn(DocId) -> bool| (0..ALL).filter(|doc| holds(*doc)).collect::<Vec<_>>();
        assert_eq!(both(Marks::keep), expected(|doc| doc % 2 == 1 && doc >= 100));
        assert_eq!(both(Marks::add), expected(|doc| doc % 2 == 1 || doc >= 100));
        assert_eq!(both(Marks::drop_those), expected(|doc| doc % 2 == 1 && doc < 100));
        let mut every_third = marks(&odd);
        every_third.keep_if(|doc| doc % 3 == 0);
        assert_eq!(listed(&every_third), expected(|doc| doc % 6 == 3));
        assert_eq!(every_third.count(), 50);
        for (from, end) in [(0, 0), (0, 1), (0, 64), (63, 65), (64, 128), (5, ALL), (ALL, ALL), (128, 64), (0, ALL)] {
            let run: Vec<DocId> = (from..end).collect();
            assert_eq!(listed(&Marks::run(ALL, from, end)), run, "from {from} to {end}");
            let mut kept = marks(&odd);
            kept.keep_run(from, end);
            assert_eq!(listed(&kept), run.into_iter().filter(|doc| doc % 2 == 1).collect::<Vec<_>>(), "from {from} to {end}");
        }
        assert_eq!(Marks::run(0, 0, 0).count(), 0);
    }

    #[test]
    fn marks_are_gone_through_in_order_sought_and_counted() {
        let docs = [0, 1, 63, 64, 130, 255];
        let marked = || Marked::new(Arc::new(marks(&docs)), 1.0);
        let mut all = marked();
        let mut seen = vec![all.doc()];
        while all.advance() != TERMINATED {
            seen.push(all.doc());
        }
        assert_eq!(seen, docs);
        assert_eq!((all.advance(), all.count_including_deleted()), (TERMINATED, 0));
        for from in 0..=docs.len() {
            for target in 0..ALL {
                let mut marked = marked();
                (0..from).for_each(|_| {
                    marked.advance();
                });
                let expected = docs.iter().copied().find(|doc| *doc >= target.max(docs.get(from).copied().unwrap_or(TERMINATED)));
                assert_eq!(marked.seek(target), expected.unwrap_or(TERMINATED), "{target} from {from}");
                let left = docs.iter().filter(|doc| Some(**doc) >= expected).count();
                assert_eq!(marked.count_including_deleted() as usize, if expected.is_some() { left } else { 0 });
            }
        }
        assert_eq!((marked().size_hint(), Marked::new(Arc::new(Marks::none(0)), 1.0).doc()), (6, TERMINATED));
    }
}
