//! `breachline watch`: who is told what, whether it arrives, and sending what waits.

pub(super) mod add;
mod list;
mod send;
mod test;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;
use url::Url;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::search::wrong_query;
use super::whole::WholeFile;
use crate::base::day::Day;
use crate::fetch::http::Http;
use crate::model::config::Config;
use crate::model::source::Settings;
use crate::model::watch::Watch;
use crate::store::kept::{Kept, Waits};
use crate::store::query::Query;
use crate::store::search::Index;
use crate::watch::{self, Means, Sent};

/// Look after the watches: what is told to whom
///
/// A [[watch]] in sources.toml names a search and where its finds go: a webhook, a program, an Atom file or mail. Each run of ingest puts
/// what is new into an outbox, once for each incident, and again only where its count grew, an attacker was named or it was confirmed;
/// what cannot be delivered waits there and is tried again.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Args),
    Send(send::Args),
    Test(test::Args),
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match &args.command {
        Command::List(args) => list::run(args, places, console),
        Command::Send(args) => send::run(args, places, console),
        Command::Test(args) => test::run(args, places, console),
    }
}

/// The watches of a `sources.toml`, with what they need.
pub(super) struct Watches {
    settings: Settings,
    /// The folder from which relative paths are reckoned: that of `sources.toml`.
    folder: PathBuf,
    all: Vec<(Watch, Query)>,
}

impl Watches {
    /// Reads the queries; a mistake in one of them is told before anything is done.
    pub(super) fn of(config: &Config, folder: &Path, today: Day) -> Result<Watches, Failure> {
        let read = |watch: &Watch| match Query::parse_with(&watch.query, today, &config.queries) {
            Ok(query) => Ok((watch.clone(), query)),
            Err(error) => {
                let wrong = wrong_query(&watch.query, &error);
                Err(Failure { what: format!("the query of the watch \"{}\": {}", watch.name, wrong.what), ..wrong })
            }
        };
        let all = config.watches.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Watches { settings: config.settings.clone(), folder: folder.to_owned(), all })
    }

    /// Reads those of the places.
    fn at(places: &Places, today: Day) -> Result<Watches, Failure> {
        let file = places.config_file()?;
        Watches::of(&places.config()?, file.parent().unwrap_or(Path::new("")), today)
    }

    fn named(&self, name: &str) -> Result<&Watch, Failure> {
        let same = |watch: &&Watch| crate::base::fold::slug(&watch.name) == crate::base::fold::slug(name);
        let names = || self.all.iter().map(|(watch, _)| format!("\"{}\"", watch.name)).collect::<Vec<_>>().join(", ");
        self.all.iter().map(|(watch, _)| watch).find(same).ok_or_else(|| {
            let failure = Failure::usage(format!("there is no watch \"{name}\""));
            if self.all.is_empty() {
                failure.hint("add a block [[watch]] with a name, a query and a webhook, command, atom or mail to sources.toml")
            } else {
                failure.hint(format!("there are {}", names()))
            }
        })
    }

    /// Notes which watches there are, before anything new comes in.
    pub(super) fn begin(&self, kept: &mut Kept) -> Result<(), Failure> {
        self.all.iter().try_for_each(|(watch, _)| Ok(kept.begin_watch(&watch.name)?))
    }

    /// Puts into the outbox what there is to tell.
    pub(super) fn look(&self, kept: &mut Kept, index: &Index, now: Timestamp) -> Result<(), Failure> {
        for (watch, query) in &self.all {
            let told = watch::look(kept, index, watch, query, now)?;
            tracing::info!(watch = watch.name, told, "watch has looked");
        }
        Ok(())
    }

    /// Delivers what is due, or `all` that waits.
    pub(super) fn deliver(&self, kept: &mut Kept, all: bool, now: fn() -> Timestamp) -> Result<Vec<Sent>, Failure> {
        let mut sent = Vec::new();
        if self.all.is_empty() {
            return Ok(sent);
        }
        let runtime = runtime()?;
        for (watch, _) in &self.all {
            let waits = if all { Waits::Any } else { Waits::Due(now()) };
            sent.extend(runtime.block_on(watch::deliver(kept, watch, &self.means(watch)?, waits, &now))?);
        }
        Ok(sent)
    }

    /// What the channels of a watch need. Only the addresses that the watch itself allows may be reached, not those of the sources.
    fn means(&self, watch: &Watch) -> Result<Means<Http>, Failure> {
        let settings = Settings { allow: watch.allow.clone(), ..self.settings.clone() };
        let fetch = Http::new(&settings).map_err(|why| Failure::usage(format!("the watch \"{}\": {why}", watch.name)))?;
        let webhook = watch.webhook.as_ref().map_or_else(|| Err("no webhook is named".to_owned()), |hook| address(hook.reveal()));
        Ok(Means { fetch, webhook, sendmail: PathBuf::from(&self.settings.sendmail), folder: self.folder.clone(), replace })
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::new("no runtime can be started").because(&error))
}

fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let write = || {
        let mut file = WholeFile::create(path)?;
        file.write_all(bytes)?;
        file.finish()
    };
    write().map_err(|failure: Failure| failure.in_one_line())
}

/// Returns the address that `webhook` means: itself, or what the variable holds. The error does not hold it.
fn address(webhook: &str) -> Result<Url, String> {
    let text = match webhook.strip_prefix('$') {
        None => webhook.to_owned(),
        Some(name) => std::env::var(name).map_err(|_| format!("the variable {name} is not set"))?,
    };
    Url::parse(text.trim()).map_err(|_| "the variable holds no address".to_owned())
}
