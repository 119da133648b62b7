//! The facts that a crawl keeps: sources and how their visits went, items, what came of each request.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params, params_from_iter};
use serde::{Deserialize, Serialize};
use url::Url;

use super::pack::{deflate, from_json, from_json_z, inflate, json, json_z, moment};
use super::pages::{Packed, save_page};
use super::trouble::Tried;
use super::versions::rechecked;
use super::{Kept, derived};
use crate::model::article::{ArticleId, FeedItem};
use crate::model::source::{Source, SourceId, SourceKind};
use crate::store::StoreError;

/// How a source's visits went until now. The default is that of a source never visited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The address in `sources.toml` that all this is about; a source that was given another one begins anew.
    pub url: Option<Url>,
    /// The ETag of the last answer, to be sent back.
    pub etag: Option<String>,
    /// The Last-Modified of the last answer, to be sent back.
    pub last_modified: Option<String>,
    /// When it was last visited, whatever came of it.
    pub checked_at: Option<Timestamp>,
    /// When its list last was another than before.
    pub changed_at: Option<Timestamp>,
    /// When a visit last went well.
    pub ok_at: Option<Timestamp>,
    /// Visits in a row that failed.
    pub failures: u32,
    /// The outcome of the last visit, in the words of the summary.
    pub last_outcome: Option<String>,
    /// Why, where it did not go well.
    pub last_reason: Option<String>,
    /// Where it said it has moved for good.
    pub moved_to: Option<Url>,
    /// Whether it said it is gone for good (410).
    pub gone: bool,
    /// How many items its list held at the last good visit.
    pub items_last: u32,
    /// Before this moment it is not visited again.
    pub not_before: Option<Timestamp>,
    /// Until when its last answer holds, by its caching headers.
    pub fresh_until: Option<Timestamp>,
    /// For how many seconds after a visit nothing new is to be expected, by the dates of its items.
    pub rhythm: Option<u64>,
    /// Good visits in a row that brought nothing new.
    pub idle: u32,
}

/// An item whose page is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The number of the article to be.
    pub article: ArticleId,
    /// The source that led to it.
    pub source: SourceId,
    /// The item as the source named it first.
    pub item: FeedItem,
    /// Tries that failed.
    pub tries: u32,
    /// Before this moment it is not tried again.
    pub not_before: Option<Timestamp>,
}

/// What came of the requests of one moment, to be kept together: a commit waits for the disk, however little or much it holds.
#[derive(Debug, Default)]
pub struct Answers {
    /// How visits went that brought no items.
    pub states: Vec<(SourceId, SourceState)>,
    /// Pages of items, which wait no longer. The address that answered is known from now on, too.
    pub pages: Vec<(ArticleId, Packed)>,
    /// Pages that could not be had.
    pub failures: Vec<PageFailure>,
    /// Articles that were asked for again and have not changed, or gave nothing: the points of the schedule that have passed, and when.
    pub rechecks: Vec<(ArticleId, u32, Timestamp)>,
    /// Each site whose robots.txt came, what it says, and when; nothing where there is none.
    pub robots: Vec<(String, Vec<u8>, Timestamp)>,
}

impl Answers {
    /// Tells whether there is nothing to be kept.
    pub fn is_empty(&self) -> bool {
        let Answers { states, pages, failures, rechecks, robots } = self;
        states.is_empty() && pages.is_empty() && failures.is_empty() && rechecks.is_empty() && robots.is_empty()
    }
}

/// The page of an item that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFailure {
    /// The number of the article to be.
    pub article: ArticleId,
    /// Why.
    pub reason: String,
    /// Whether it is given up; otherwise it goes on waiting.
    pub permanent: bool,
    /// Before this moment it is not tried again.
    pub not_before: Option<Timestamp>,
}

/// A day in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

impl Kept {
    /// Notes the sources as `sources.toml` has them, so that derived rows can name them. Sources that are not there any more stay known.
    ///
    /// Where a name or the tags changed, what is searched of that source is brought up to date.
    pub fn save_sources(&mut self, sources: &[Source]) -> Result<(), StoreError> {
        self.write("keeping the sources", |transaction| {
            for source in sources {
                save_source(transaction, source)?;
            }
            Ok(())
        })
    }

    /// Returns how a source's visits went until now.
    pub fn source_state(&self, source: &SourceId) -> Result<SourceState, StoreError> {
        self.read("reading how a source went", |connection| {
            let state: Option<String> = connection
                .prepare_cached("SELECT state FROM source_states WHERE source = ?1")?
                .query_row([&source.0], |row| row.get(0))
                .optional()?;
            state.as_deref().map_or_else(|| Ok(SourceState::default()), from_json)
        })
    }

    /// Keeps what came of the requests of one moment. All of it or, where an article is not known, nothing.
    pub fn save_answers(&mut self, answers: &Answers) -> Result<(), StoreError> {
        self.write("keeping what came", |transaction| {
            for (source, state) in &answers.states {
                save_state(transaction, source, state)?;
            }
            for (article, page) in &answers.pages {
                save_page(transaction, *article, page)?;
            }
            for failure in &answers.failures {
                save_failure(transaction, failure)?;
            }
            for (article, done, now) in &answers.rechecks {
                rechecked(transaction, *article, *done, *now)?;
            }
            for (site, text, now) in &answers.robots {
                save_robots(transaction, site, text, *now)?;
            }
            Ok(())
        })
    }

    /// Returns the robots.txt that a site gave within the last day (RFC 9309, 2.4).
    pub fn robots(&self, site: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("looking a robots.txt up", |connection| {
            let mut statement = connection
                .prepare_cached("SELECT text_z FROM robots WHERE site = ?1 AND arrived_at > ?2 AND arrived_at <= ?3")?;
            let mut rows = statement.query(params![site, now.as_microsecond() - DAY, now.as_microsecond()])?;
            rows.next()?.map(|row| inflate(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)).transpose()
        })
    }

    /// Keeps how a visit went together with the items it brought, and returns how many of them are new.
    ///
    /// Items whose address is known already, from this or any other source, are ignored.
    pub fn save_round(&mut self, source: &SourceId, state: &SourceState, items: &[FeedItem]) -> Result<usize, StoreError> {
        self.write("keeping new items", |transaction| {
            save_state(transaction, source, state)?;
            let mut new = 0;
            for item in items {
                new += usize::from(save_item(transaction, source, state.checked_at, item)?.is_some());
            }
            Ok(new)
        })
    }

    /// Returns the hosts that are to be left alone at that moment, and until when. Those whose time has passed are forgotten with the next.
    pub fn put_off(&self, now: Timestamp) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        self.read("listing the hosts to be left alone", |connection| {
            let mut statement = connection.prepare_cached("SELECT host, until FROM put_off WHERE until > ?1")?;
            let mut rows = statement.query([now.as_microsecond()])?;
            let mut hosts = BTreeMap::new();
            while let Some(row) = rows.next()? {
                hosts.insert(row.get(0)?, moment(row.get(1)?)?);
            }
            Ok(hosts)
        })
    }

    /// Keeps that a host answered with that status, 429 or 503, and is to be left alone until then.
    pub fn put_off_host(&mut self, host: &str, until: Timestamp, status: u16) -> Result<(), StoreError> {
        self.write("keeping that a host is to be left alone", |transaction| {
            let values = params![host, until.as_microsecond(), status];
            transaction.prepare_cached("INSERT OR REPLACE INTO put_off VALUES (?1, ?2, ?3)")?.execute(values)?;
            Ok(())
        })
    }

    /// Tells whether an article is known under this address.
    pub fn knows(&self, url: &Url) -> Result<bool, StoreError> {
        self.read("looking an address up", |connection| Ok(article_at(connection, url)?.is_some()))
    }

    /// Returns the items whose page is still to be fetched, of one source or of all, oldest first.
    pub fn waiting(&self, source: Option<&SourceId>) -> Result<Vec<Waiting>, StoreError> {
        self.read("listing the pages to fetch", |connection| {
            // Few of those that are known wait: the others are not looked at.
            let of = if source.is_some() { "AND source = ?1" } else { "" };
            let mut statement = connection.prepare_cached(&format!(
                "SELECT article, source, item_z, tries, not_before FROM items INDEXED BY items_waiting
                 WHERE page = 'waiting' {of} ORDER BY article"
            ))?;
            let mut rows = statement.query(params_from_iter(source.map(|source| &source.0)))?;
            let mut waiting = Vec::new();
            while let Some(row) = rows.next()? {
                waiting.push(read_waiting(row)?);
            }
            Ok(waiting)
        })
    }
}

pub(super) fn save_source(transaction: &Transaction<'_>, source: &Source) -> Tried<()> {
    let known: Option<(String, String)> = transaction
        .prepare_cached("SELECT name, tags FROM sources WHERE source = ?1")?
        .query_row([&source.id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let tags = json(&source.tags)?;
    let kind = match source.kind {
        SourceKind::Feed => "feed",
        SourceKind::Page => "page",
        SourceKind::Sitemap => "sitemap",
    };
    transaction.prepare_cached("INSERT OR REPLACE INTO sources VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute(params![
        source.id.0,
        source.name,
        source.url.as_str(),
        kind,
        tags,
        source.selectors.body
    ])?;
    match known {
        Some((name, its_tags)) if name != source.name || its_tags != tags => {
            derived::mark_source_changed(transaction, &source.id)
        }
        _ => Ok(()),
    }
}

fn save_state(transaction: &Transaction<'_>, source: &SourceId, state: &SourceState) -> Tried<()> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO source_states VALUES (?1, ?2)")?
        .execute(params![source.0, json(state)?])?;
    Ok(())
}

fn save_failure(transaction: &Transaction<'_>, failure: &PageFailure) -> Tried<()> {
    let page = if failure.permanent { "failed" } else { "waiting" };
    transaction
        .prepare_cached(
            "UPDATE items SET tries = tries + 1, failure = ?2, page = ?3, not_before = ?4 WHERE article = ?1 AND page <> 'kept'",
        )?
        .execute(params![failure.article.0, failure.reason, page, failure.not_before.map(Timestamp::as_microsecond)])?;
    Ok(())
}

/// Keeps a robots.txt, and forgets those that are older than a day.
fn save_robots(transaction: &Transaction<'_>, site: &str, text: &[u8], now: Timestamp) -> Tried<()> {
    let now = now.as_microsecond();
    transaction.prepare_cached("DELETE FROM robots WHERE arrived_at < ?1")?.execute([now - DAY])?;
    transaction.prepare_cached("INSERT OR REPLACE INTO robots VALUES (?1, ?2, ?3)")?.execute(params![
        site,
        now,
        deflate(text)
    ])?;
    Ok(())
}

/// Keeps an item unless its address is known, and returns its number if it is new.
pub(super) fn save_item(
    transaction: &Transaction<'_>,
    source: &SourceId,
    seen_at: Option<Timestamp>,
    item: &FeedItem,
) -> Tried<Option<ArticleId>> {
    if article_at(transaction, &item.url)?.is_some() {
        return Ok(None);
    }
    transaction.prepare_cached("INSERT INTO items (source, item_z, seen_at) VALUES (?1, ?2, ?3)")?.execute(params![
        source.0,
        json_z(item)?,
        seen_at.map(Timestamp::as_microsecond)
    ])?;
    let article = ArticleId(transaction.last_insert_rowid());
    transaction.prepare_cached("INSERT INTO addresses VALUES (?1, ?2)")?.execute(params![item.url.as_str(), article.0])?;
    Ok(Some(article))
}

pub(super) fn article_at(connection: &Connection, url: &Url) -> Tried<Option<ArticleId>> {
    let mut statement = connection.prepare_cached("SELECT article FROM addresses WHERE url = ?1")?;
    Ok(statement.query_row([url.as_str()], |row| row.get(0).map(ArticleId)).optional()?)
}

fn read_waiting(row: &Row<'_>) -> Tried<Waiting> {
    Ok(Waiting {
        article: ArticleId(row.get(0)?),
        source: SourceId(row.get(1)?),
        item: from_json_z(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?)?,
        tries: row.get(3)?,
        not_before: row.get::<_, Option<i64>>(4)?.map(moment).transpose()?,
    })
}
