//! What watches have told, and the notices that are on their way or have arrived.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;

use super::Kept;
use super::pack::{from_json, json, moment};
use super::trouble::{Tried, Trouble};
use crate::base::fold::slug;
use crate::model::incident::{Incident, IncidentId};
use crate::model::watch::{Channel, Known, Notice};
use crate::store::StoreError;

/// What a watch told of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The name that the incident bore then.
    pub incident: IncidentId,
    /// What was known of it.
    pub known: Known,
}

/// A notice on its way by one channel, or one that has arrived.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Delivery {
    /// Its number; never given twice.
    #[serde(rename = "delivery")]
    pub id: i64,
    /// How it goes out.
    pub channel: Channel,
    /// What it says.
    pub notice: Notice,
    /// When it was put into the outbox.
    pub queued_at: Timestamp,
    /// Tries that failed.
    pub tries: u32,
    /// Before this moment it is not tried again.
    pub not_before: Option<Timestamp>,
    /// Why the last try failed.
    pub failure: Option<String>,
    /// When it arrived; None while it waits.
    pub delivered_at: Option<Timestamp>,
}

/// Which notices are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// All that have not arrived.
    Any,
    /// Those that may be tried now.
    Due(Timestamp),
}

const COLUMNS: &str = "delivery, channel, notice, queued_at, tries, not_before, failure, delivered_at";

impl Kept {
    /// Notes that there is a watch. Only what articles after this moment tell is news to it; where it is known already, nothing changes.
    pub fn begin_watch(&mut self, watch: &str) -> Result<(), StoreError> {
        self.write("noting a watch", |transaction| {
            transaction.execute(
                "INSERT OR IGNORE INTO watches VALUES (?1, (SELECT coalesce(max(article), 0) FROM items),
                 (SELECT coalesce(max(seq), 0) FROM changes))",
                [watch],
            )?;
            Ok(())
        })
    }

    /// Returns the number of the last change that a watch has looked at; None if it is not known.
    pub fn watched_until(&self, watch: &str) -> Result<Option<i64>, StoreError> {
        self.read("reading what a watch has looked at", |connection| {
            let mut statement = connection.prepare_cached("SELECT seq FROM watches WHERE watch = ?1")?;
            Ok(statement.query_row([watch], |row| row.get(0)).optional()?)
        })
    }

    /// Tells whether any article that came in after a watch began tells of an incident.
    pub fn is_news_to(&self, watch: &str, incident: &Incident) -> Result<bool, StoreError> {
        self.read("reading when a watch began", |connection| {
            let mut statement = connection.prepare_cached("SELECT article FROM watches WHERE watch = ?1")?;
            let since: Option<i64> = statement.query_row([watch], |row| row.get(0)).optional()?;
            Ok(since.is_some_and(|since| incident.reports.iter().any(|filed| filed.id.article.0 > since)))
        })
    }

    /// Returns what a watch told of an incident, under whatever name it bore then; None if it told nothing of it.
    pub fn told(&self, watch: &str, incident: &Incident) -> Result<Option<Told>, StoreError> {
        self.read("reading what a watch has told", |connection| {
            let read =
                |row: &Row<'_>| -> rusqlite::Result<(String, String, String)> { Ok((row.get(0)?, row.get(1)?, row.get(2)?)) };
            let mut by_name =
                connection.prepare_cached("SELECT incident, state, victim FROM told WHERE watch = ?1 AND incident = ?2")?;
            let mut found = by_name.query_row([watch, &incident.id.0], read).optional()?;
            let mut by_article = connection.prepare_cached(
                "SELECT incident, state, victim FROM told JOIN told_articles USING (watch, incident)
                 WHERE watch = ?1 AND article = ?2 ORDER BY incident",
            )?;
            let names: Vec<String> =
                std::iter::once(&incident.victim.name).chain(&incident.victim.aliases).map(|name| slug(name)).collect();
            for filed in &incident.reports {
                if found.is_some() {
                    break;
                }
                let same = by_article.query_map(params![watch, filed.id.article.0], read)?.collect::<Result<Vec<_>, _>>()?;
                found = same.into_iter().find(|(_, _, victim)| names.contains(victim));
            }
            found.map(|(id, state, _)| Ok(Told { incident: IncidentId(id), known: from_json(&state)? })).transpose()
        })
    }

    /// Puts what a watch has to tell into the outbox, once for each channel, and notes up to which change it has looked.
    pub fn queue(
        &mut self,
        watch: &str,
        until: i64,
        notices: &[(Notice, Incident)],
        channels: &[Channel],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("putting notices into the outbox", |transaction| {
            for (notice, incident) in notices {
                for channel in channels {
                    let values = params![watch, channel.word(), incident.id.0, json(notice)?, at.as_microsecond()];
                    transaction
                        .prepare_cached(
                            "INSERT INTO outbox (watch, channel, incident, notice, queued_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                        )?
                        .execute(values)?;
                }
                save_told(transaction, watch, incident, at)?;
            }
            transaction.execute("UPDATE watches SET seq = ?2 WHERE watch = ?1", params![watch, until])?;
            Ok(())
        })
    }

    /// Returns the notices of a watch that wait for a channel, the oldest first.
    pub fn undelivered(&self, watch: &str, channel: Channel, waits: Waits) -> Result<Vec<Delivery>, StoreError> {
        self.read("reading the outbox", |connection| {
            let due_by = match waits {
                Waits::Any => i64::MAX,
                Waits::Due(now) => now.as_microsecond(),
            };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox WHERE watch = ?1 AND channel = ?2 AND delivered_at IS NULL
                 AND (not_before IS NULL OR not_before <= ?3) ORDER BY delivery"
            ))?;
            let mut rows = statement.query(params![watch, channel.word(), due_by])?;
            let mut waiting = Vec::new();
            while let Some(row) = rows.next()? {
                waiting.push(read_delivery(row)?);
            }
            Ok(waiting)
        })
    }

    /// Returns the notices of a watch that arrived last, the latest first; of one channel or of all.
    pub fn delivered(&self, watch: &str, channel: Option<Channel>, most: usize) -> Result<Vec<Delivery>, StoreError> {
        self.read("reading what was delivered", |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM outbox WHERE watch = ?1 AND delivered_at IS NOT NULL AND (?2 IS NULL OR channel = ?2)
                 ORDER BY delivered_at DESC, delivery DESC LIMIT ?3"
            ))?;
            let mut rows = statement.query(params![watch, channel.map(Channel::word), most as i64])?;
            let mut arrived = Vec::new();
            while let Some(row) = rows.next()? {
                arrived.push(read_delivery(row)?);
            }
            Ok(arrived)
        })
    }

    /// Returns how many notices wait, over all watches.
    pub fn undelivered_count(&self) -> Result<u64, StoreError> {
        self.read("counting the outbox", |connection| {
            let count = "SELECT count(*) FROM outbox WHERE delivered_at IS NULL";
            Ok(connection.query_row(count, [], |row| row.get::<_, i64>(0))? as u64)
        })
    }

    /// Returns the names of all watches that have notices waiting.
    pub fn watches_with_notices(&self) -> Result<Vec<String>, StoreError> {
        self.read("listing the watches of the outbox", |connection| {
            let mut statement =
                connection.prepare_cached("SELECT DISTINCT watch FROM outbox WHERE delivered_at IS NULL ORDER BY watch")?;
            Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that notices have arrived.
    pub fn mark_delivered(&mut self, deliveries: &[i64], at: Timestamp) -> Result<(), StoreError> {
        self.write("noting a delivery", |transaction| {
            for delivery in deliveries {
                transaction
                    .prepare_cached("UPDATE outbox SET delivered_at = ?2, failure = NULL, not_before = NULL WHERE delivery = ?1")?
                    .execute(params![delivery, at.as_microsecond()])?;
            }
            Ok(())
        })
    }

    /// Notes that notices could not be delivered; they wait on.
    pub fn mark_undelivered(&mut self, deliveries: &[i64], why: &str, not_before: Timestamp) -> Result<(), StoreError> {
        self.write("noting a failed delivery", |transaction| {
            for delivery in deliveries {
                transaction
                    .prepare_cached("UPDATE outbox SET tries = tries + 1, failure = ?2, not_before = ?3 WHERE delivery = ?1")?
                    .execute(params![delivery, why, not_before.as_microsecond()])?;
            }
            Ok(())
        })
    }

    /// Forgets notices that arrived before a moment; that they were told stays known. Returns how many there were.
    pub fn prune_outbox(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.write("dropping old notices", |transaction| {
            let dropped = transaction.execute("DELETE FROM outbox WHERE delivered_at < ?1", [before.as_microsecond()])?;
            Ok(dropped as u64)
        })
    }
}

fn save_told(transaction: &Transaction<'_>, watch: &str, incident: &Incident, at: Timestamp) -> Tried<()> {
    transaction.prepare_cached("INSERT OR REPLACE INTO told VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        watch,
        incident.id.0,
        slug(&incident.victim.name),
        json(&Known::of(incident))?,
        at.as_microsecond()
    ])?;
    for filed in &incident.reports {
        transaction.prepare_cached("INSERT OR IGNORE INTO told_articles VALUES (?1, ?2, ?3)")?.execute(params![
            watch,
            filed.id.article.0,
            incident.id.0
        ])?;
    }
    Ok(())
}

fn read_delivery(row: &Row<'_>) -> Tried<Delivery> {
    let channel: String = row.get(1)?;
    Ok(Delivery {
        id: row.get(0)?,
        channel: Channel::from_word(&channel).ok_or_else(|| Trouble::Row(format!("{channel} is no channel")))?,
        notice: from_json(&row.get::<_, String>(2)?)?,
        queued_at: moment(row.get(3)?)?,
        tries: row.get(4)?,
        not_before: row.get::<_, Option<i64>>(5)?.map(moment).transpose()?,
        failure: row.get(6)?,
        delivered_at: row.get::<_, Option<i64>>(7)?.map(moment).transpose()?,
    })
}
