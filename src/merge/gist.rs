//! What of a report is kept beside each key of its victim: enough to tell of most reports of a name that is often in the news that they are
//! of another event, without loading them.

use serde::{Deserialize, Serialize};

use crate::base::day::{Day, DayRange};
use crate::merge::attackers::Culprits;
use crate::merge::crowd::Brief;
use crate::merge::figures;
use crate::merge::same::{ENOUGH, Outline, Why, kind};
use crate::merge::time::{self, When};
use crate::model::report::{Figure, Kind, Qualifier, Report, Speaker, Unit};

/// Raised whenever a gist is written otherwise, or an enumeration in it gets another order. Those of others are not read.
const VERSION: u8 = 1;

/// A report with more figures than this has no gist.
const MOST_FIGURES: usize = 8;

/// A few facts of a report, by which [`Outline::may_be_tied`] tells whether looking at all of it may be worthwhile.
#[derive(Clone, Debug, PartialEq)]
pub struct Gist {
    when: When,
    kind: Kind,
    also_kinds: Vec<Kind>,
    figures: Vec<Figure>,
    /// Whether it holds anybody responsible.
    accuses: bool,
}

/// A gist as it is written: days as numbers, in as few bytes as can be.
#[derive(Deserialize, Serialize)]
struct Packed {
    version: u8,
    published: i64,
    occurred: Option<(i64, i64)>,
    disclosed: Option<(i64, i64)>,
    news: bool,
    kind: Kind,
    also_kinds: Vec<Kind>,
    figures: Vec<(u64, Option<u64>, Unit, Qualifier)>,
    accuses: bool,
}

/// Writes the gist of a report of an article of that day; empty where it has none.
pub fn gist(report: &Report, published: Day) -> Vec<u8> {
    if report.records.len() > MOST_FIGURES {
        return Vec::new();
    }
    let numbers = |days: DayRange| (days.earliest.since_epoch(), days.latest.since_epoch());
    let packed = Packed {
        version: VERSION,
        published: published.since_epoch(),
        occurred: report.occurred.map(numbers),
        disclosed: report.disclosed.map(numbers),
        news: When::is_news(report),
        kind: report.kind,
        also_kinds: report.also_kinds.clone(),
        figures: report.records.iter().map(|figure| (figure.value, figure.max, figure.unit, figure.qualifier)).collect(),
        accuses: !Culprits::new(&report.attackers).is_empty(),
    };
    postcard::to_allocvec(&packed).unwrap_or_default()
}

impl Gist {
    /// Reads a gist; None where there is none, or one of another version.
    pub fn read(bytes: &[u8]) -> Option<Gist> {
        if bytes.first() != Some(&VERSION) {
            return None;
        }
        let packed: Packed = postcard::from_bytes(bytes).ok()?;
        let days = |(earliest, latest)| DayRange::new(Day::from_epoch(earliest), Day::from_epoch(latest));
        let figure = |(value, max, unit, qualifier)| Figure { value, max, unit, qualifier, by: Speaker::Untold };
        Some(Gist {
            when: When {
                occurred: packed.occurred.map(days),
                disclosed: packed.disclosed.map(days),
                published: Day::from_epoch(packed.published),
                news: packed.news,
            },
            kind: packed.kind,
            also_kinds: packed.also_kinds,
            figures: packed.figures.into_iter().map(figure).collect(),
            accuses: packed.accuses,
        })
    }

    /// Returns what tells it from whole packs of reports.
    pub(super) fn brief(&self) -> Brief {
        Brief::new(&self.when, self.accuses, &self.figures)
    }
}

impl Outline {
    /// Tells whether the report may be tied to one of which this is the gist. Where it says no, [`Outline::is_tied`] does.
    ///
    /// What a gist does not hold is taken to speak for one event as much as it can: the names of victim and attackers.
    pub fn may_be_tied(&self, other: &Gist) -> bool {
        let points = |why: Option<Why>| why.map_or(0, Why::points);
        let both_accuse = other.accuses && !self.culprits.is_empty();
        let most = Why::VictimSame.points()
            + kind(self.kinds(), (other.kind, &other.also_kinds)).points()
            + points(time::compare(&self.when, &other.when))
            + points(both_accuse.then_some(Why::AttackerSame))
            + points(figures::compare(&self.figures, &other.figures));
        most >= ENOUGH
    }
}
