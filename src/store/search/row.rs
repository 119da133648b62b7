//! How rows of lists are kept in the index: their values in a fixed order, without names, since a page of fifty is unpacked and read for every
//! search. Other values, or another order, need another version of the schema.

use serde::{Deserialize, Serialize};

use super::ArticleRow;
use crate::base::day::{Day, DayRange};
use crate::model::article::ArticleId;
use crate::model::incident::{DatedBy, IncidentId, ReportId, Row};
use crate::model::report::{Attacker, Attribution, Figure, Kind, Qualifier, Speaker, Unit};

/// A row that can be kept.
pub(super) trait Packed: Sized {
    fn pack(&self) -> serde_json::Result<String>;
    fn unpack(text: &str) -> serde_json::Result<Self>;
}

#[derive(Serialize, Deserialize)]
struct PackedRow(
    IncidentId,
    (i64, i64),
    DatedBy,
    String,
    Kind,
    Option<(u64, Option<u64>, Unit, Qualifier, Speaker)>,
    Vec<(String, Vec<String>, Attribution)>,
    u32,
    u32,
    /// Whether it is disputed, starred, hidden.
    (u8, u8, u8),
);

impl Packed for Row {
    fn pack(&self) -> serde_json::Result<String> {
        let Row { id, days, dated_by, victim, kind, records, attackers, reports, sources, disputed, starred, hidden } =
            self.clone();
        let figure = |Figure { value, max, unit, qualifier, by }| (value, max, unit, qualifier, by);
        let attacker = |Attacker { name, aliases, attribution }| (name, aliases, attribution);
        serde_json::to_string(&PackedRow(
            id,
            (days.earliest.since_epoch(), days.latest.since_epoch()),
            dated_by,
            victim,
            kind,
            records.map(figure),
            attackers.into_iter().map(attacker).collect(),
            reports,
            sources,
            (u8::from(disputed), u8::from(starred), u8::from(hidden)),
        ))
    }

    fn unpack(text: &str) -> serde_json::Result<Row> {
        let PackedRow(id, (earliest, latest), dated_by, victim, kind, records, attackers, reports, sources, marks) =
            serde_json::from_str(text)?;
        let figure = |(value, max, unit, qualifier, by)| Figure { value, max, unit, qualifier, by };
        let attacker = |(name, aliases, attribution)| Attacker { name, aliases, attribution };
        Ok(Row {
            id,
            days: DayRange::new(Day::from_epoch(earliest), Day::from_epoch(latest)),
            dated_by,
            victim,
            kind,
            records: records.map(figure),
            attackers: attackers.into_iter().map(attacker).collect(),
            reports,
            sources,
            disputed: marks.0 != 0,
            starred: marks.1 != 0,
            hidden: marks.2 != 0,
        })
    }
}

impl Packed for ArticleRow {
    fn pack(&self) -> serde_json::Result<String> {
        let ArticleRow { id, published, title, source, url, language, reports } = self;
        serde_json::to_string(&(id, published.since_epoch(), title, source, url, language, reports))
    }

    fn unpack(text: &str) -> serde_json::Result<ArticleRow> {
        let (id, published, title, source, url, language, reports) = serde_json::from_str(text)?;
        Ok(ArticleRow { id, published: Day::from_epoch(published), title, source, url, language, reports })
    }
}

impl Packed for ReportId {
    fn pack(&self) -> serde_json::Result<String> {
        serde_json::to_string(&(self.article, self.n))
    }

    fn unpack(text: &str) -> serde_json::Result<ReportId> {
        let (article, n): (ArticleId, u32) = serde_json::from_str(text)?;
        Ok(ReportId { article, n })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same<R: Packed + PartialEq + std::fmt::Debug>(row: &R) {
        let packed = row.pack().expect("a packed row");
        assert_eq!(R::unpack(&packed).expect("a row"), *row, "{packed}");
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
        same(&ArticleRow {
            id: ArticleId(7),
            published: Day::new(1969, 12, 31).expect("a day"),
            title: "a title".into(),
            source: "a source".into(),
            url: "https://news.example/7".into(),
            language: "en".into(),
            reports: 2,
        });
    }
}
