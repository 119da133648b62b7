//! Which articles tell the text of an earlier one: the same article under another address, or a copy of it on another site.
//!
//! An article is compared with those of smaller numbers alone, so that a rebuild finds the same whatever was read first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::pack::from_json_z;
use super::trouble::Tried;
use super::unread::mark_unread;
use crate::base::address;
use crate::base::fold::fold;
use crate::base::likeness::Runs;
use crate::model::article::{Article, ArticleId};

/// The part of the shorter text from which on it is a copy. Two reporters' own texts on one event, quotes and all, share a tenth or two.
const COPY: f64 = 0.6;
/// The part from which on a text on one site is one article: if the site gives both one canonical address, and if they have one title. Sites
/// write many stories from one template, in which little but the victim differs.
const SAME_CANONICAL: f64 = 0.8;
const SAME_TITLE: f64 = 0.95;
/// Numbers of their sketches that two texts must share to be compared.
const IN_COMMON: usize = 2;
/// The most texts that one is compared with, those first that share most.
const MOST_COMPARED: usize = 8;

/// What an article has in common with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    /// It is the same article under another address.
    Address(ArticleId),
    /// It tells the same text elsewhere.
    Copy(ArticleId),
}

impl Alike {
    fn parts(self) -> (ArticleId, &'static str) {
        match self {
            Alike::Address(first) => (first, "address"),
            Alike::Copy(first) => (first, "copy"),
        }
    }
}

/// Finds out what an article that was read has in common with earlier ones, and notes it; tells whether that was otherwise before.
///
/// Later articles that were found to be like this one are marked to be looked at again, since its text may be another now.
pub(super) fn settle(
    transaction: &Transaction<'_>,
    id: ArticleId,
    article: Option<(&Article, &Runs)>,
    changed: bool,
) -> Tried<(Option<Alike>, bool)> {
    let before = load(transaction, id)?;
    if changed {
        forget(transaction, id)?;
        let mut later = transaction.prepare_cached("SELECT article FROM alike WHERE first = ?1")?;
        let later: Vec<i64> = later.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
        later.into_iter().try_for_each(|later| mark_unread(transaction, ArticleId(later)))?;
    }
    let Some((article, runs)) = article else { return Ok((None, before.is_some())) };
    let found = earlier(transaction, id, article, runs)?;
    save_sketch(transaction, id, runs)?;
    if found != before {
        transaction.prepare_cached("DELETE FROM alike WHERE article = ?1")?.execute([id.0])?;
        if let Some((first, how)) = found.map(Alike::parts) {
            transaction.prepare_cached("INSERT INTO alike VALUES (?1, ?2, ?3)")?.execute(params![id.0, first.0, how])?;
        }
    }
    Ok((found, found != before))
}

fn forget(transaction: &Transaction<'_>, id: ArticleId) -> Tried<()> {
    transaction.prepare_cached("DELETE FROM sketches WHERE article = ?1")?.execute([id.0])?;
    transaction.prepare_cached("DELETE FROM alike WHERE article = ?1")?.execute([id.0])?;
    Ok(())
}

/// Saves the sketch of a text; that of an article read again is mostly there.
fn save_sketch(transaction: &Transaction<'_>, id: ArticleId, runs: &Runs) -> Tried<()> {
    let sketch: BTreeSet<i64> = runs.sketch().iter().map(|run| run.cast_signed()).collect();
    let mut saved = transaction.prepare_cached("SELECT hash FROM sketches WHERE article = ?1")?;
    let saved: BTreeSet<i64> = saved.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if sketch != saved {
        transaction.prepare_cached("DELETE FROM sketches WHERE article = ?1")?.execute([id.0])?;
        let mut insert = transaction.prepare_cached("INSERT INTO sketches VALUES (?1, ?2)")?;
        sketch.iter().try_for_each(|run| insert.execute(params![run, id.0]).map(drop))?;
    }
    Ok(())
}

fn load(connection: &Connection, id: ArticleId) -> Tried<Option<Alike>> {
    let mut statement = connection.prepare_cached("SELECT first, how FROM alike WHERE article = ?1")?;
    let found = statement.query_row([id.0], |row| Ok((ArticleId(row.get(0)?), row.get::<_, String>(1)?))).optional()?;
    Ok(found.map(|(first, how)| if how == "address" { Alike::Address(first) } else { Alike::Copy(first) }))
}

/// Compares an article with the earlier ones that its sketch finds.
fn earlier(transaction: &Transaction<'_>, id: ArticleId, article: &Article, runs: &Runs) -> Tried<Option<Alike>> {
    for candidate in candidates(transaction, id, runs)? {
        let mut statement =
            transaction.prepare_cached("SELECT read_z FROM articles WHERE article = ?1 AND read_z IS NOT NULL")?;
        let Some(other) = statement.query_row([candidate.0], |row| row.get::<_, Vec<u8>>(0)).optional()? else { continue };
        let other: Article = from_json_z(&other)?;
        let shared = runs.shared(&Runs::of(&other.text));
        if shared < COPY {
            continue;
        }
        // What the earlier one is itself a copy of was first.
        let first = match load(transaction, candidate)? {
            Some(Alike::Address(first) | Alike::Copy(first)) => first,
            None => candidate,
        };
        let same = address::site(&other.url) == address::site(&article.url)
            && (shared >= SAME_CANONICAL && other.url == article.url
                || shared >= SAME_TITLE && fold(&other.title) == fold(&article.title));
        return Ok(Some(if same { Alike::Address(first) } else { Alike::Copy(first) }));
    }
    Ok(None)
}

fn candidates(transaction: &Transaction<'_>, id: ArticleId, runs: &Runs) -> Tried<Vec<ArticleId>> {
    let mut of_run = transaction.prepare_cached("SELECT article FROM sketches WHERE hash = ?1 AND article < ?2 LIMIT 100")?;
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for run in runs.sketch() {
        for article in of_run.query_map(params![run.cast_signed(), id.0], |row| row.get::<_, i64>(0))? {
            *counts.entry(article?).or_default() += 1;
        }
    }
    let mut found: Vec<(i64, usize)> = counts.into_iter().filter(|(_, count)| *count >= IN_COMMON).collect();
    found.sort_by_key(|(article, count)| (Reverse(*count), *article));
    Ok(found.into_iter().take(MOST_COMPARED).map(|(article, _)| ArticleId(article)).collect())
}

/// Returns the article that this one is under another address; itself if it is none.
pub(super) fn primary(connection: &Connection, id: ArticleId) -> Tried<ArticleId> {
    Ok(match load(connection, id)? {
        Some(Alike::Address(first)) => first,
        _ => id,
    })
}

/// Returns the addresses under which an article was found, but for the one that it gives as its own.
pub(super) fn other_addresses(connection: &Connection, id: ArticleId) -> Tried<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "WITH known AS (SELECT url FROM addresses WHERE article = ?1 UNION ALL
           SELECT addresses.url FROM alike JOIN addresses USING (article) WHERE first = ?1 AND how = 'address')
         SELECT url FROM known WHERE url IS NOT (SELECT url FROM articles WHERE article = ?1) ORDER BY url",
    )?;
    Ok(statement.query_map([id.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
