//! `breachline ingest --maildir`: the newsletters and alerts of a Maildir, each message one article, and everything derived from them.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ring::digest::{SHA256, digest};
use url::Url;

use super::by_hand;
use super::console::Console;
use super::failure::{Exit, Failure};
use super::ingest::{self, Form, Mailbox, Pages, Summary, Unread};
use super::places::Places;
use super::stop::Stop;
use super::watch::Watches;
use crate::backfill;
use crate::backfill::candidate::Passing;
use crate::base::day::Day;
use crate::base::safe;
use crate::model::article::{FeedItem, Page};
use crate::model::config::Config;
use crate::model::source::{Source, SourceId};
use crate::page::mail::{self, Mail};
use crate::store::StoreError;
use crate::store::kept::{self, Access, Gave, Handed, Kept, Packed, RunId};
use crate::store::search::Index;

/// The most messages that are read in one run.
const MOST: usize = 100_000;
/// The most messages of which it is told why they could not be read.
const TOLD: usize = 20;

/// Reads the messages into the index and prints what became of them. Nothing in the Maildir is changed.
pub(super) fn run(folder: &Path, places: &Places, form: Form, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config_if_any()?;
    let (files, beyond) = files(folder)?;
    let dir = places.index()?;
    let beside = places.config_file().ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_default();
    let watches = Watches::of(&config, &beside, console.today())?;
    let stop = Stop::listen(|| {})?;
    stop.at_once();
    let mut kept = Kept::open(&dir, Access::Write)?;
    kept.check_if_due(kept::LARGE, (console.now)())?;
    let summary = ingest::as_a_run(&mut kept, console, |kept, run, console| {
        watches.begin(kept)?;
        let mailbox = Mailbox { folder: safe::line(&folder.display().to_string(), 300), beyond, ..Mailbox::default() };
        let mailbox = take(&files, mailbox, &config, kept, console)?;
        derive(mailbox, &watches, &dir, (kept, run), form, console)
    })?;
    ingest::told(&summary, form, console)
}

fn derive(
    mailbox: Mailbox,
    watches: &Watches,
    dir: &Path,
    (kept, run): (&mut Kept, RunId),
    form: Form,
    console: &mut Console,
) -> Result<Summary, Failure> {
    let mut index = Index::open(dir, kept)?;
    let derived = ingest::derive(kept, &mut index, form, console)?;
    watches.look(kept, &index, (console.now)())?;
    let notices = watches.deliver(kept, false, console.now)?;
    let pages = Pages { fetched: mailbox.new, ..Pages::default() };
    Ok(Summary { mailbox: Some(mailbox), pages, notices, ..Summary::of_derived(kept, run, &derived)? })
}

/// Returns the messages of a Maildir in the order of their names, which is about that of their arrival, and how many more there are.
fn files(folder: &Path) -> Result<(Vec<PathBuf>, usize), Failure> {
    let mut files = Vec::new();
    let mut found = false;
    for part in ["cur", "new"] {
        let part = folder.join(part);
        let unread = |error: io::Error| Failure::usage(format!("{} could not be read", part.display())).because(&error);
        match fs::read_dir(&part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unread(error)),
            Ok(entries) => {
                found = true;
                for entry in entries {
                    let entry = entry.map_err(unread)?;
                    if !entry.file_name().to_string_lossy().starts_with('.') {
                        files.push(entry.path());
                    }
                }
            }
        }
    }
    if !found {
        let what = format!("{} is no Maildir: it has neither cur/ nor new/", folder.display());
        return Err(Failure::usage(what).hint("a folder within a Maildir is one itself: ~/Maildir/.News"));
    }
    files.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
    let beyond = files.len().saturating_sub(MOST);
    files.truncate(MOST);
    Ok((files, beyond))
}

/// Keeps the messages that are new, and counts what became of each.
fn take(
    files: &[PathBuf],
    mut mailbox: Mailbox,
    config: &Config,
    kept: &mut Kept,
    console: &Console,
) -> Result<Mailbox, StoreError> {
    let passing = Passing::new(config);
    // What is kept in this run is not read yet, so the store cannot say that it gives an article.
    let mut now_known = HashSet::new();
    for file in files {
        mailbox.messages += 1;
        let read = bytes(file).and_then(|bytes| {
            let mail = mail::read(&bytes)?;
            let url = address(&mail, &bytes).ok_or("has no identity")?;
            Ok((mail, url))
        });
        match read {
            Ok((_, url)) if now_known.contains(&url) => mailbox.known += 1,
            Ok((mail, url)) => match keep(&mail, &url, &source(&mail, &url, config, &passing), kept, console)? {
                Taken::Kept(handed) => {
                    mailbox.new += handed.new + handed.changed;
                    mailbox.known += handed.known;
                    now_known.insert(url);
                }
                Taken::NoArticle => mailbox.no_article += 1,
                Taken::Undated => unread(&mut mailbox, file, "does not say when it was sent, or says that it will be"),
            },
            Err(why) => unread(&mut mailbox, file, why),
        }
    }
    Ok(mailbox)
}

fn unread(mailbox: &mut Mailbox, file: &Path, why: &str) {
    mailbox.unread_count += 1;
    if mailbox.unread.len() < TOLD {
        mailbox.unread.push(Unread { file: name(file), reason: why.to_owned() });
    }
}

/// What became of a message.
enum Taken {
    Kept(Handed),
    NoArticle,
    Undated,
}

fn keep(mail: &Mail, url: &Url, source: &Source, kept: &mut Kept, console: &Console) -> Result<Taken, StoreError> {
    let now = (console.now)();
    if matches!(kept.gave(url)?, Some(Gave::Article(_))) {
        return Ok(Taken::Kept(Handed { known: 1, ..Handed::default() }));
    }
    let Some(date) = mail.date.filter(|date| Day::of(*date) <= Day::of(now).plus(1)) else {
        return Ok(Taken::Undated);
    };
    let Ok(body) = &mail.body else { return Ok(Taken::NoArticle) };
    let item = FeedItem { id: mail.id.clone(), title: mail.subject.clone(), published: Some(date), ..FeedItem::of(url.clone()) };
    let page = Page {
        asked: url.clone(),
        answered: url.clone(),
        arrived_at: now,
        status: 200,
        headers: vec![("content-type".to_owned(), body.content_type.to_owned())],
        bytes: body.text.clone().into_bytes(),
    };
    let handed = kept.save_given(source, &item, &Packed::new(page))?;
    Ok(Taken::Kept(handed))
}

/// Returns the address under which a message is known: that of its `Message-ID`, wherever it lies; else of its bytes.
fn address(mail: &Mail, bytes: &[u8]) -> Option<Url> {
    let what = mail.id.as_ref().map_or(bytes, |id| id.as_bytes());
    let number: String = digest(&SHA256, what).as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Url::parse(&format!("breachline:mail/{number}")).ok()
}

/// Returns the source of a message: that of `sources.toml` for its domain, else whoever sent it, with "by mail" behind.
fn source(mail: &Mail, url: &Url, config: &Config, passing: &Passing) -> Source {
    let domain = mail.domain.as_deref().and_then(|domain| Url::parse(&format!("http://{domain}/")).ok());
    let site = domain.as_ref().and_then(|domain| by_hand::known(config, passing, domain)).unwrap_or_else(|| {
        let host = domain.as_ref().and_then(Url::host_str).unwrap_or_default();
        let name = if mail.sender.is_empty() { host } else { &mail.sender };
        backfill::source(&SourceId(name.to_owned()), domain.as_ref().unwrap_or(url))
    });
    by_hand::that_came(site, "by mail")
}

/// Reads a message's file, as long as it is one and within the bound.
fn bytes(file: &Path) -> Result<Vec<u8>, &'static str> {
    const NO_FILE: &str = "is no plain file";
    // What a link leads to is no message of this Maildir, and a pipe would never end.
    if !fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file()) {
        return Err(NO_FILE);
    }
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(mail::LARGEST_MESSAGE as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|_| "could not be read").map(|_| bytes)
}

/// Returns the name of a message as its Maildir has it: `new/1700000000.M1.host`.
fn name(file: &Path) -> String {
    let part = |path: Option<&Path>| path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    safe::line(&format!("{}/{}", part(file.parent()), part(Some(file))), 300)
}
