//! How rows of lists are kept in the index: their values in a fixed order, in as few bytes as they need, since a page of fifty is unpacked and
//! read for every search. Other values, or another order, also of the words that an enumeration knows, need another version of the schema.

use std::cmp::Ordering;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ArticleHit;
use crate::base::day::{Day, DayRange};
use crate::model::article::ArticleId;
use crate::model::incident::{DatedBy, IncidentId, ReportId, Row};
use crate::model::report::{Attacker, Attribution, Figure, Kind, Qualifier, Speaker, Unit};

/// A row that can be kept.
pub(super) trait Packed: Sized {
    /// What is kept of it.
    type Kept: Serialize + DeserializeOwned;

    fn kept(&self) -> Self::Kept;
    fn of(kept: Self::Kept) -> Self;

    /// Orders two rows by their ids.
    fn by_id(&self, other: &Self) -> Ordering;

    fn pack(&self) -> postcard::Result<Vec<u8>> {
        postcard::to_allocvec(&self.kept())
    }

    fn unpack(bytes: &[u8]) -> postcard::Result<Self> {
        postcard::from_bytes(bytes).map(Self::of)
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptRow {
    id: IncidentId,
    days: KeptDays,
    dated_by: DatedBy,
    victim: String,
    kind: Kind,
    records: Option<(u64, Option<u64>, Unit, Qualifier, Speaker)>,
    attackers: Vec<(String, Vec<String>, Attribution)>,
    reports: u32,
    sources: u32,
    disputed: bool,
    starred: bool,
    hidden: bool,
}

/// Some days: the first, as days since 1970, and how many days later the last is.
type KeptDays = (i64, i64);

impl Packed for Row {
    type Kept = KeptRow;

    fn kept(&self) -> KeptRow {
        let Row { id, days, dated_by, victim, kind, records, attackers, reports, sources, disputed, starred, hidden } =
            self.clone();
        let first = days.earliest.since_epoch();
        let figure = |Figure { value, max, unit, qualifier, by }| (value, max, unit, qualifier, by);
        let attacker = |Attacker { name, aliases, attribution }| (name, aliases, attribution);
        let days = (first, days.latest.since_epoch() - first);
        let (records, attackers) = (records.map(figure), attackers.into_iter().map(attacker).collect());
        KeptRow { id, days, dated_by, victim, kind, records, attackers, reports, sources, disputed, starred, hidden }
    }

    fn of(kept: KeptRow) -> Row {
        let KeptRow { id, days, dated_by, victim, kind, records, attackers, reports, sources, disputed, starred, hidden } = kept;
        let (first, later) = days;
        let figure = |(value, max, unit, qualifier, by)| Figure { value, max, unit, qualifier, by };
        let attacker = |(name, aliases, attribution)| Attacker { name, aliases, attribution };
        let days = DayRange::new(Day::from_epoch(first), Day::from_epoch(first.saturating_add(later)));
        let (records, attackers) = (records.map(figure), attackers.into_iter().map(attacker).collect());
        Row { id, days, dated_by, victim, kind, records, attackers, reports, sources, disputed, starred, hidden }
    }

    fn by_id(&self, other: &Row) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl Packed for ArticleHit {
    type Kept = (i64, i64, String, String, u32);

    fn kept(&self) -> Self::Kept {
        let ArticleHit { id, published, source, language, reports } = self.clone();
        (id.0, published.since_epoch(), source, language, reports)
    }

    fn of((id, published, source, language, reports): Self::Kept) -> ArticleHit {
        ArticleHit { id: ArticleId(id), published: Day::from_epoch(published), source, language, reports }
    }

    fn by_id(&self, other: &ArticleHit) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl Packed for ReportId {
    type Kept = (i64, u32);

    fn kept(&self) -> Self::Kept {
        (self.article.0, self.n)
    }

    fn of((article, n): Self::Kept) -> ReportId {
        ReportId { article: ArticleId(article), n }
    }

    fn by_id(&self, other: &ReportId) -> Ordering {
        self.cmp(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<R: Packed + PartialEq + std::fmt::Debug>(row: &R) {
        let packed = row.pack().expect("a packed row");
        assert_eq!(R::unpack(&packed).expect("a row"), *row, "{packed:?}");
    }

    /// The words of an enumeration, in the order of the numbers that are kept.
    fn words<E: Serialize + DeserializeOwned>() -> String {
        let known = (0..).map_while(|n| postcard::from_bytes::<E>(&[n]).ok());
        let words = known.map(|word| serde_json::to_value(word).expect("a word").as_str().unwrap_or_default().to_owned());
        words.collect::<Vec<_>>().join(" ")
    }

    /// Where one differs, the version of the schema is to be raised: rows that were kept before would say something else.
    #[test]
    fn enumerations_are_kept_by_the_same_numbers() {
        for (words, wanted) in [
            (words::<Kind>(), "breach exposure ransomware ddos defacement phishing theft intrusion sabotage other"),
            (words::<DatedBy>(), "occurred disclosed published"),
            (words::<Unit>(), "people records cards files bytes systems"),
            (words::<Qualifier>(), "exact about at_least at_most"),
            (words::<Speaker>(), "official attacker untold"),
            (words::<Attribution>(), "claimed confirmed suspected denied"),
        ] {
            assert_eq!(words, wanted);
        }
    }

    #[test]
    fn rows_are_unpacked_as_they_were() {
        let day = |day| Day::new(2011, 6, day).expect("a day");
        let figure = Figure { value: 1, max: Some(2), unit: Unit::Cards, qualifier: Qualifier::About, by: Speaker::Official };
        let attacker = Attacker { name: "\"A\"".into(), aliases: vec!["B".into()], attribution: Attribution::Denied };
        let row = Row {
            id: IncidentId("sega-2011-06".into()),
            days: DayRange::new(day(3), day(17)),
            dated_by: DatedBy::Disclosed,
            victim: "Séga\n".into(),
            kind: Kind::Ransomware,
            records: Some(figure),
            attackers: vec![attacker],
            reports: 3,
            sources: 2,
            disputed: true,
            starred: false,
            hidden: true,
        };
        same(&row);
        same(&Row { records: None, attackers: vec![], disputed: false, starred: true, hidden: false, ..row });
        same(&ReportId { article: ArticleId(7), n: 1 });
        let published = Day::new(1969, 12, 31).expect("a day");
        let (source, language) = ("a source".into(), "en".into());
        same(&ArticleHit { id: ArticleId(7), published, source, language, reports: 2 });
    }
}
