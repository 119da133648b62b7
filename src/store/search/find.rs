//! What a query finds, and in which order.

use tantivy::collector::Count;
use tantivy::query::BooleanQuery;
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument, TantivyError, Term};

use super::ranked::Ranked;
use super::row::Packed;
use super::shelf::{Shelf, guarded};
use super::translate::{Wanted, among, translate};
use super::{ArticleHit, Index};
use crate::base::day::Day;
use crate::base::span::Span;
use crate::model::incident::{IncidentId, ReportId, Row};
use crate::store::StoreError;
use crate::store::query::{Query, Sort};

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

/// A part of a query that finds nothing as a whole, and how that part is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blame {
    /// The part's place in the text of the query.
    pub at: Span,
    /// How many the part finds by itself.
    pub alone: usize,
    /// How many the query would find without it.
    pub without: usize,
}

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Incidents.
    Incidents,
    /// Articles.
    Articles,
    /// What each article says of each event.
    Reports,
}

impl Index {
    /// Returns where an incident that begins on some day stands in what a query finds, newest first.
    pub fn place(&self, query: &Query, id: &IncidentId, day: Day) -> Result<Place, StoreError> {
        let count = |from, to| self.count(Of::Incidents, &query.beginning(from, to));
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
    pub fn find_articles(&self, query: &Query, offset: usize, limit: usize) -> Result<Found<ArticleHit>, StoreError> {
        find(&self.articles, query, offset, limit)
    }

    /// Returns which reports a query finds, from `offset` on: what each article says by itself, nothing settled.
    pub fn find_reports(&self, query: &Query, offset: usize, limit: usize) -> Result<Found<ReportId>, StoreError> {
        find(&self.reports, query, offset, limit)
    }

    /// Returns how many a query finds.
    pub fn count(&self, of: Of, query: &Query) -> Result<usize, StoreError> {
        let shelf = self.shelf(of);
        guarded(|| {
            let searcher = shelf.searcher();
            shelf.search(&searcher, &translate(shelf, &searcher, query)?, &Count)
        })
        .map_err(|error| shelf.error(error, SEARCHING))
    }

    /// Returns those of some incidents that a query finds, in the order of the query.
    pub fn find_among(&self, query: &Query, ids: &[IncidentId]) -> Result<Vec<Row>, StoreError> {
        let shelf = &self.incidents;
        let terms: Vec<Term> = ids.iter().map(|id| Term::from_field_text(shelf.fields.id, &id.0)).collect();
        guarded(|| {
            let searcher = shelf.searcher();
            let all = translate(shelf, &searcher, query)?;
            let both = BooleanQuery::intersection(vec![all.query, among(shelf, terms.clone())]);
            let wanted = Wanted { query: Box::new(both), is_slow: all.is_slow };
            rows(shelf, &searcher, &wanted, query.sort.unwrap_or_default(), 0, ids.len()).map(|found| found.rows)
        })
        .map_err(|error| shelf.error(error, SEARCHING))
    }

    /// Says of each part of a query that finds nothing how it is to blame; nothing where the query has but one part.
    pub fn blame(&self, of: Of, query: &Query) -> Result<Vec<Blame>, StoreError> {
        let parts = query.parts();
        if parts.len() < 2 {
            return Ok(Vec::new());
        }
        let blame = |(n, (at, part)): (usize, (Span, Query))| {
            Ok(Blame { at, alone: self.count(of, &part)?, without: self.count(of, &query.without(n))? })
        };
        parts.into_iter().enumerate().map(blame).collect()
    }

    pub(super) fn shelf(&self, of: Of) -> &Shelf {
        match of {
            Of::Incidents => &self.incidents,
            Of::Articles => &self.articles,
            Of::Reports => &self.reports,
        }
    }
}

pub(super) const SEARCHING: &str = "searching";

fn find<R: Packed>(shelf: &Shelf, query: &Query, offset: usize, limit: usize) -> Result<Found<R>, StoreError> {
    guarded(|| {
        let searcher = shelf.searcher();
        let wanted = translate(shelf, &searcher, query)?;
        rows(shelf, &searcher, &wanted, query.sort.unwrap_or_default(), offset, limit)
    })
    .map_err(|error| shelf.error(error, SEARCHING))
}

fn rows<R: Packed>(
    shelf: &Shelf,
    searcher: &Searcher,
    wanted: &Wanted,
    sort: Sort,
    offset: usize,
    limit: usize,
) -> tantivy::Result<Found<R>> {
    // A large part is counted first, so that no more is asked for than there is.
    let there = match limit {
        0..=COUNTED_WITH => searcher.num_docs() as usize,
        _ => shelf.search(searcher, wanted, &Count)?,
    };
    let limit = limit.min(there.saturating_sub(offset));
    if limit == 0 {
        return Ok(Found { total: shelf.search(searcher, wanted, &Count)?, rows: Vec::new() });
    }
    let (total, found) = shelf.search(searcher, wanted, &Ranked { sort, most: offset + limit, memory: &shelf.memory })?;
    Ok(Found { total, rows: found.rows(offset, |address| row(shelf, searcher, address))? })
}

/// The largest part that is collected in one go with the count of all.
const COUNTED_WITH: usize = 10_000;

fn row<R: Packed>(shelf: &Shelf, searcher: &Searcher, address: DocAddress) -> tantivy::Result<R> {
    let document: TantivyDocument = searcher.doc(address)?;
    let bytes = document.get_first(shelf.fields.row).and_then(|value| value.as_bytes()).unwrap_or_default();
    R::unpack(bytes).map_err(|error| TantivyError::InternalError(format!("a row cannot be read: {error}")))
}
