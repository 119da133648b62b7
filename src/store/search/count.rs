//! What a query finds, counted: by day and kind, and by the values of some fields, with the sum of the figures.
//!
//! tantivy's own aggregations are not used: they return the first of many values only approximately, and know no calendar months.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::collector::Collector;

use super::Index;
use super::by_day::{ByDay, ByPeriod, OfKinds};
use super::by_value::ByValue;
use super::find::Of;
use super::schema;
use super::shelf::guarded;
use super::translate::translate;
use super::values::Values;
use crate::base::day::Day;
use crate::model::report::Kind;
use crate::store::StoreError;
use crate::store::query::Query;

/// How many incidents begin on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Day,
    /// How many of each kind, in the order of [`Kind::ALL`].
    pub kinds: [u32; Kind::ALL.len()],
    /// The sum of the figures of each kind, of other things than bytes, in the same order.
    pub affected: [u64; Kind::ALL.len()],
}

/// The values of a field, with the number of incidents that have each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field's word in queries.
    pub field: &'static str,
    /// The values, the most frequent first, then in order; at most so many as were asked for.
    pub values: Vec<(String, u64)>,
    /// How many values there are in all.
    pub distinct: usize,
}

/// What can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// What happened.
    Kind,
    /// Who is held responsible; where there are several, each counts.
    Attacker,
    /// Who was hit.
    Victim,
    /// Where the victim is at home, where that is known.
    Country,
    /// Who reported it; each counts.
    Source,
    /// The tags of the sources and of analysts; each counts.
    Tag,
    /// How it stands; each status counts.
    Status,
    /// The month of its first day.
    Month,
    /// The year of its first day.
    Year,
}

impl By {
    /// All that can be counted by.
    pub const ALL: [By; 9] =
        [By::Kind, By::Attacker, By::Victim, By::Country, By::Source, By::Tag, By::Status, By::Month, By::Year];

    /// The fields whose values the timeline offers to narrow a search by.
    const FACETS: [By; 7] = [By::Kind, By::Attacker, By::Victim, By::Country, By::Source, By::Tag, By::Status];

    /// Returns its word; that of a field is the field's word in queries.
    pub fn word(self) -> &'static str {
        match self {
            By::Kind => "kind",
            By::Attacker => "attacker",
            By::Victim => "victim",
            By::Country => "country",
            By::Source => "source",
            By::Tag => "tag",
            By::Status => "status",
            By::Month => "month",
            By::Year => "year",
        }
    }

    /// The fast field that holds its values; None where they are made from the day.
    fn column(self) -> Option<&'static str> {
        match self {
            By::Kind => Some(schema::KIND),
            By::Attacker => Some(schema::ATTACKER),
            By::Victim => Some(schema::VICTIM),
            By::Country => Some(schema::COUNTRY),
            By::Source => Some(schema::SOURCE),
            By::Tag => Some(schema::TAG),
            By::Status => Some(schema::STATUS),
            By::Month | By::Year => None,
        }
    }
}

/// One value, and what it counts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The value: a name, or `2011-06`, or `2011`.
    pub value: String,
    /// How many have it.
    pub count: u64,
    /// The sum of their figures, of other things than bytes; those without one add nothing.
    pub records: u64,
}

impl Index {
    /// Returns how many incidents that a query finds begin on each day that has any, oldest first.
    pub fn days(&self, query: &Query) -> Result<Vec<DayCount>, StoreError> {
        let counts = self.collect(Of::Incidents, query, &ByDay(&self.incidents.memory))?;
        let of_day = |(day, tallies): (i64, OfKinds)| DayCount {
            day: Day::from_epoch(day),
            kinds: tallies.map(|tally| u32::try_from(tally.count).unwrap_or(u32::MAX)),
            affected: tallies.map(|tally| tally.records),
        };
        Ok(counts.into_iter().map(of_day).collect())
    }

    /// Returns the values of the fields that can narrow a search, over the incidents that a query finds, at most `most` of each.
    pub fn facets(&self, query: &Query, most: usize) -> Result<Vec<Facet>, StoreError> {
        let columns: Vec<&'static str> = By::FACETS.iter().filter_map(|by| by.column()).collect();
        let counts = self.count_values(Of::Incidents, query, &columns, false)?;
        let facet = |(by, (values, counts)): (By, Valued)| {
            let distinct = counts.len();
            let shown = counts.into_iter().take(most);
            let values = shown.map(|(number, tally)| (values.name(number as usize).to_owned(), tally.count)).collect();
            Facet { field: by.word(), values, distinct }
        };
        Ok(By::FACETS.into_iter().zip(counts).map(facet).collect())
    }

    /// Returns what a query finds counted by something: the most frequent first, months and years in their order.
    pub fn count_by(&self, of: Of, query: &Query, by: By) -> Result<Vec<Counted>, StoreError> {
        if let Some(column) = by.column() {
            let counts = self.count_values(of, query, &[column], true)?;
            let counted = |(number, tally): (u32, Tally), values: &Values| tally.counted(values.name(number as usize).to_owned());
            let named = |(values, counts): Valued| counts.into_iter().map(|one| counted(one, &values)).collect();
            return Ok(counts.into_iter().next().map(named).unwrap_or_default());
        }
        let begin = if by == By::Year { Day::first_of_year } else { Day::first_of_month };
        let mut periods: BTreeMap<Day, Tally> = BTreeMap::new();
        for (day, tally) in self.collect(of, query, &ByPeriod { begin, memory: &self.shelf(of).memory })? {
            periods.entry(day).or_default().add(tally);
        }
        let name = |day: Day| match by {
            By::Year => format!("{:04}", day.year()),
            _ => format!("{:04}-{:02}", day.year(), day.month()),
        };
        Ok(periods.into_iter().map(|(day, tally)| tally.counted(name(day))).collect())
    }

    /// Counts by the values of columns: for each column the most frequent first; as many of each, by name.
    fn count_values(&self, of: Of, query: &Query, columns: &[&'static str], sums: bool) -> Result<Vec<Valued>, StoreError> {
        let shelf = self.shelf(of);
        let counted = guarded(|| {
            let searcher = shelf.searcher();
            let values = columns.iter().map(|column| shelf.memory.values(searcher.segment_readers(), column));
            let values = values.collect::<tantivy::Result<Vec<_>>>()?;
            let columns = columns.iter().copied().zip(values.clone()).collect();
            let wanted = translate(shelf, &searcher, query)?.query;
            let counts = shelf.search_by_all(&searcher, &*wanted, &ByValue { columns, sums, memory: &shelf.memory })?;
            Ok(values.into_iter().zip(counts).collect::<Vec<Valued>>())
        });
        let mut counted = counted.map_err(|error| shelf.error(error, COUNTING))?;
        for (_, counts) in &mut counted {
            counts.sort_unstable_by_key(|(number, tally)| (Reverse(tally.count), *number));
        }
        Ok(counted)
    }

    fn collect<C: Collector>(&self, of: Of, query: &Query, collector: &C) -> Result<C::Fruit, StoreError> {
        let shelf = self.shelf(of);
        guarded(|| {
            let searcher = shelf.searcher();
            let wanted = translate(shelf, &searcher, query)?.query;
            shelf.search_by_all(&searcher, &*wanted, collector)
        })
        .map_err(|error| shelf.error(error, COUNTING))
    }
}

const COUNTING: &str = "counting";

/// The values of a column, and what those that were seen count for, by their numbers.
type Valued = (Arc<Values>, Vec<(u32, Tally)>);

/// How many, and the sum of their figures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub count: u64,
    pub records: u64,
}

impl Tally {
    #[inline]
    pub(super) fn add(&mut self, other: Tally) {
        self.count += other.count;
        self.records = self.records.saturating_add(other.records);
    }

    fn counted(self, value: String) -> Counted {
        Counted { value, count: self.count, records: self.records }
    }
}
