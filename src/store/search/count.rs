//! What a query finds, counted: by day and kind, and by the values of some fields.

use std::collections::{BTreeMap, HashMap};

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::Index;
use super::find::translate;
use super::schema;
use super::shelf::guarded;
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
}

/// The values of a field, with the number of incidents that have each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field's word in queries.
    pub field: &'static str,
    /// The values, the most frequent first, then in order.
    pub values: Vec<(String, u64)>,
}

/// The fields that can be counted: the word in queries, and the fast field.
const COUNTED: &[(&str, &str)] =
    &[("kind", schema::KIND), ("attacker", schema::ATTACKER), ("victim", schema::VICTIM), ("source", schema::SOURCE)];

impl Index {
    /// Returns how many incidents that a query finds begin on each day that has any, oldest first.
    pub fn days(&self, query: &Query) -> Result<Vec<DayCount>, StoreError> {
        let counts = self.collect(query, &ByDay)?;
        Ok(counts.into_iter().map(|(day, kinds)| DayCount { day: Day::from_epoch(day), kinds }).collect())
    }

    /// Returns the values of the fields that can be counted, over the incidents that a query finds, at most `most` of each.
    pub fn facets(&self, query: &Query, most: usize) -> Result<Vec<Facet>, StoreError> {
        let counts = self.collect(query, &ByValue)?;
        let facet = |((field, _), counts): (&(&'static str, &str), HashMap<String, u64>)| {
            let mut values: Vec<(String, u64)> = counts.into_iter().collect();
            values.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            values.truncate(most);
            Facet { field, values }
        };
        Ok(COUNTED.iter().zip(counts).map(facet).collect())
    }

    fn collect<C: Collector>(&self, query: &Query, collector: &C) -> Result<C::Fruit, StoreError> {
        guarded(|| {
            let searcher = self.incidents.searcher();
            let wanted = translate(&self.incidents.fields, &searcher, query)?;
            searcher.search(&*wanted, collector)
        })
        .map_err(|error| self.incidents.error(error, "counting"))
    }
}

type DayCounts = BTreeMap<i64, [u32; Kind::ALL.len()]>;

struct ByDay;

struct ByDayOfSegment {
    days: Column<i64>,
    kinds: Option<StrColumn>,
    /// The place in [`Kind::ALL`] of each kind of the segment.
    places: Vec<usize>,
    counts: HashMap<i64, [u32; Kind::ALL.len()]>,
}

impl Collector for ByDay {
    type Fruit = DayCounts;
    type Child = ByDayOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByDayOfSegment> {
        let kinds = segment.fast_fields().str(schema::KIND)?;
        let mut places = Vec::new();
        for word in terms(kinds.as_ref())? {
            places.push(Kind::ALL.iter().position(|kind| kind.word() == word).unwrap_or(Kind::ALL.len() - 1));
        }
        Ok(ByDayOfSegment { days: segment.fast_fields().i64(schema::DAY)?, kinds, places, counts: HashMap::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<HashMap<i64, [u32; Kind::ALL.len()]>>) -> tantivy::Result<DayCounts> {
        let mut all = DayCounts::new();
        for (day, kinds) in fruits.into_iter().flatten() {
            let sums = all.entry(day).or_default();
            sums.iter_mut().zip(kinds).for_each(|(sum, count)| *sum += count);
        }
        Ok(all)
    }
}

impl SegmentCollector for ByDayOfSegment {
    type Fruit = HashMap<i64, [u32; Kind::ALL.len()]>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(day) = self.days.first(doc) else { return };
        let kind = self.kinds.as_ref().and_then(|kinds| kinds.ords().first(doc)).and_then(|kind| self.places.get(kind as usize));
        self.counts.entry(day).or_default()[kind.copied().unwrap_or(Kind::ALL.len() - 1)] += 1;
    }

    fn harvest(self) -> Self::Fruit {
        self.counts
    }
}

struct ByValue;

struct ByValueOfSegment {
    /// For each counted field its values, and how often each was seen.
    fields: Vec<(Option<StrColumn>, Vec<u64>)>,
}

impl Collector for ByValue {
    type Fruit = Vec<HashMap<String, u64>>;
    type Child = ByValueOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ByValueOfSegment> {
        let mut fields = Vec::new();
        for (_, name) in COUNTED {
            let column = segment.fast_fields().str(name)?;
            let values = column.as_ref().map_or(0, |column| column.num_terms());
            fields.push((column, vec![0; values]));
        }
        Ok(ByValueOfSegment { fields })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Vec<HashMap<String, u64>>>>) -> tantivy::Result<Self::Fruit> {
        let mut all = vec![HashMap::new(); COUNTED.len()];
        for fruit in fruits {
            for (sums, counts) in all.iter_mut().zip(fruit?) {
                counts.into_iter().for_each(|(value, count)| *sums.entry(value).or_insert(0) += count);
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for ByValueOfSegment {
    type Fruit = tantivy::Result<Vec<HashMap<String, u64>>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        for (column, counts) in &mut self.fields {
            for value in column.iter().flat_map(|column| column.term_ords(doc)) {
                if let Some(count) = counts.get_mut(value as usize) {
                    *count += 1;
                }
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let of_field = |(column, counts): (Option<StrColumn>, Vec<u64>)| {
            let values = terms(column.as_ref())?;
            Ok(values.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect())
        };
        self.fields.into_iter().map(of_field).collect()
    }
}

/// Returns the values of a column in the order of their numbers.
fn terms(column: Option<&StrColumn>) -> tantivy::Result<Vec<String>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut values = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        values.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(values)
}
