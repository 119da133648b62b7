//! From the outbox to where it is wanted: each notice until it has arrived, with longer and longer pauses.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::channels::{self, Means};
use super::message;
use crate::fetch::Fetch;
use crate::model::incident::Incident;
use crate::model::watch::{Channel, Notice, Watch};
use crate::store::StoreError;
use crate::store::kept::{Delivery, Kept, Waits};

/// The pause after the first failure; each further one doubles it.
const PAUSE: Duration = Duration::from_secs(15 * 60);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// The pause between two posts to one webhook: chats take about one a second.
const BETWEEN: Duration = Duration::from_secs(1);
/// Incidents that an Atom file holds.
const ENTRIES: usize = 100;

/// What became of the notices of a watch on one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The name of the watch.
    pub watch: String,
    /// The channel.
    pub channel: Channel,
    /// Notices that arrived now.
    pub delivered: usize,
    /// Notices that wait on.
    pub waiting: usize,
    /// Why some do.
    pub failure: Option<String>,
}

/// Delivers those notices of a watch that are asked for. After the first failure of a channel its other notices wait as well.
///
/// Only the store can make it fail. `clock` gives the time of day.
pub async fn deliver<F: Fetch>(
    kept: &mut Kept,
    watch: &Watch,
    means: &Means<F>,
    waits: Waits,
    clock: &(dyn Fn() -> Timestamp + Sync),
) -> Result<Vec<Sent>, StoreError> {
    let mut sent = Vec::new();
    for channel in watch.channels() {
        let due = kept.undelivered(&watch.name, channel, waits)?;
        let mut told = Sent { watch: watch.name.clone(), channel, delivered: 0, waiting: 0, failure: None };
        let size = if matches!(channel, Channel::Mail | Channel::Atom) { due.len().max(1) } else { 1 };
        for (n, some) in due.chunks(size).enumerate() {
            if n > 0 && channel == Channel::Webhook {
                tokio::time::sleep(BETWEEN).await;
            }
            let ids: Vec<i64> = some.iter().map(|delivery| delivery.id).collect();
            match attempt(kept, watch, means, channel, some, clock()).await? {
                Ok(()) => {
                    kept.mark_delivered(&ids, clock())?;
                    told.delivered += ids.len();
                    tracing::info!(watch = watch.name, channel = channel.word(), count = ids.len(), "notices delivered");
                }
                Err(why) => {
                    tracing::warn!(watch = watch.name, channel = channel.word(), reason = why, "notices not delivered");
                    let all: Vec<i64> = due.iter().skip(n * size).map(|delivery| delivery.id).collect();
                    let tries = some.iter().map(|delivery| delivery.tries).max().unwrap_or(0);
                    kept.mark_undelivered(&all, &why, again(clock(), tries))?;
                    told.failure = Some(why);
                    break;
                }
            }
        }
        told.waiting = kept.undelivered(&watch.name, channel, Waits::Any)?.len();
        if told.delivered + told.waiting > 0 {
            sent.push(told);
        }
    }
    Ok(sent)
}

/// When a notice that failed so often before is tried again.
fn again(now: Timestamp, tries: u32) -> Timestamp {
    let pause = PAUSE.saturating_mul(1 << tries.min(10)).min(LONGEST);
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

/// Tries every channel of a watch once with a made-up notice; nothing of it is kept. The Atom file is only looked at.
pub async fn try_out<F: Fetch>(watch: &Watch, means: &Means<F>, notice: &Notice) -> Vec<(Channel, Result<(), String>)> {
    let mut tried = Vec::new();
    for channel in watch.channels() {
        let result = match channel {
            Channel::Atom => may_be_replaced(&path(watch, means)),
            Channel::Mail => channels::mail(means, &watch.name, &watch.mail, &[notice]).await,
            channel => one(watch, means, channel, notice, 0).await,
        };
        tried.push((channel, result));
    }
    tried
}

async fn attempt<F: Fetch>(
    kept: &Kept,
    watch: &Watch,
    means: &Means<F>,
    channel: Channel,
    some: &[Delivery],
    now: Timestamp,
) -> Result<Result<(), String>, StoreError> {
    Ok(match (channel, some) {
        (Channel::Mail, some) => {
            let notices: Vec<&Notice> = some.iter().map(|delivery| &delivery.notice).collect();
            channels::mail(means, &watch.name, &watch.mail, &notices).await
        }
        (Channel::Atom, some) => {
            let incidents = latest(kept, watch, some)?;
            let feed = channels::atom(&watch.query, now, &incidents);
            feed.and_then(|feed| (means.replace)(&path(watch, means), &feed))
        }
        (channel, [delivery, ..]) => one(watch, means, channel, &delivery.notice, delivery.id).await,
        (_, []) => Ok(()),
    })
}

async fn one<F: Fetch>(watch: &Watch, means: &Means<F>, channel: Channel, notice: &Notice, delivery: i64) -> Result<(), String> {
    let value = message::posted(notice, delivery, watch.format);
    match (channel, &watch.command) {
        (Channel::Webhook, _) => channels::webhook(means, &value, &format!("breachline-{delivery}")).await,
        (Channel::Command, Some(command)) => channels::command(command, &value).await,
        _ => Ok(()),
    }
}

/// The incidents that an Atom file shows: those that are told now and those told last, as they are today, each once.
fn latest(kept: &Kept, watch: &Watch, now: &[Delivery]) -> Result<Vec<Incident>, StoreError> {
    let before = kept.delivered(&watch.name, Some(Channel::Atom), ENTRIES)?;
    let mut incidents: Vec<Incident> = Vec::new();
    for delivery in now.iter().rev().chain(&before) {
        let id = &delivery.notice.incident.id;
        if incidents.len() < ENTRIES && !incidents.iter().any(|incident| incident.id == *id) {
            incidents.extend(kept.incident(id)?.filter(|incident| !incident.edited.hidden));
        }
    }
    Ok(incidents)
}

fn path<F>(watch: &Watch, means: &Means<F>) -> PathBuf {
    means.folder.join(watch.atom.as_deref().unwrap_or_default())
}

fn may_be_replaced(path: &Path) -> Result<(), String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let probe = folder.join(format!(".breachline-{}.tmp", std::process::id()));
    let written = fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe));
    written.map_err(|error| format!("{}: {error}", folder.display()))
}
