//! `breachline ingest`: one round over the sources, and everything derived from what came.

mod dry;
mod metrics;
mod news;
mod only;
mod print;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;

use super::backfill;
use super::by_hand;
use super::console::Console;
use super::failure::{Exit, Failure};
use super::json;
use super::log;
use super::maildir;
use super::places::Places;
use super::progress::Progress;
use super::sitemap::Past;
use super::stop::{Stop, stopped};
use super::tell::counted;
use super::watch::Watches;
use crate::crawl::{self, Bounds, RoundSummary};
use crate::derive::{self, Derived};
use crate::fetch::http::Http;
use crate::model::config::{self, Config};
use crate::rules::Rules;
use crate::store::StoreError;
use crate::store::kept::{self, Access, Kept, RunId};
use crate::store::query;
use crate::store::search::Index;

pub(super) use print::print;
pub(super) use summary::{File, Given, Line, Mailbox, Pages, Summary, Unread};

/// Fetch what is new and find the incidents in it
///
/// Reads the feeds and list pages of sources.toml, keeps each new article once, extracts its incidents, merges reports of one event
/// and brings the search up to date. May be stopped or killed at any moment: the next run goes on where this one was.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline ingest                                         one round; `breachline schedule install` lets it run every night
  breachline ingest --dry-run                               what would be new, with nothing kept
  breachline ingest --all --only vendor                     the sources of a tag, whether they are due or not
  breachline ingest --url https://news.example/a            an article by hand
  breachline ingest --maildir ~/Maildir/.News               newsletters
  breachline ingest --sitemap https://news.example/sitemap.xml --from 2011 --to 2013    the past of a site")]
pub(super) struct Args {
    /// Print the summary as one JSON object
    #[arg(long)]
    json: bool,
    /// Only the sources of this name, or with this tag; may be said several times
    #[arg(long, value_name = "SOURCE|TAG")]
    only: Vec<String>,
    /// Pass over articles published before a day, such as 2026-03-01 or 7d; a later run without it has them
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Begin no more requests after this long, such as 30m; what came is read, what is left waits for the next run
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "12h")]
    deadline: Duration,
    /// Ask every source, also those that are not due yet by `every`, by what their server said, or because they seldom have anything new
    #[arg(long)]
    all: bool,
    /// Ask the sources and say what is new; fetch no article and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Read pages that other crawls saved instead: WARC files, packed or not. What was read of a file before is not read again
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["deadline", "all", "only", "since", "dry_run", "metrics"])]
    warc: Vec<PathBuf>,
    /// Ask for these articles instead, given by hand, with the manners of every run; robots.txt holds for them as well
    #[arg(long, value_name = "URL", num_args = 1.., conflicts_with_all = ["warc", "all", "only", "since", "dry_run", "metrics"])]
    url: Vec<String>,
    /// Take these saved pages instead, one article each
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["warc", "all", "only", "since", "dry_run", "metrics"])]
    html: Vec<PathBuf>,
    /// Where the saved page is from; without it, it has an address of its own that leads nowhere
    #[arg(long, value_name = "URL", requires = "html")]
    address: Option<String>,
    /// Ask for the articles of past days instead that this sitemap names, or the sitemaps that it leads to. They are fetched with the manners of
    /// every run; what is kept is not fetched again, and what is left when the run ends is for the next one with the same words
    #[arg(long, value_name = "URL", requires = "from", conflicts_with_all = ["warc", "url", "html", "all", "only", "since"])]
    sitemap: Option<String>,
    /// With --sitemap: the first day, month or year, such as 2011, 2011-06, 2011-06-17
    #[arg(long, value_name = "DAY", requires = "sitemap")]
    from: Option<String>,
    /// With --sitemap: the last day, month or year; today where nothing is said
    #[arg(long, value_name = "DAY", requires = "sitemap")]
    to: Option<String>,
    /// Take the messages of this Maildir instead, newsletters and alerts, one article each; nothing in it is changed
    #[arg(long, value_name = "DIR", conflicts_with_all = ["warc", "url", "html", "sitemap", "deadline", "all", "only", "since", "dry_run", "metrics"])]
    maildir: Option<PathBuf>,
    /// Print nothing but what went wrong
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
    /// Write figures of the run into a file for Prometheus' textfile collector
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    metrics: Option<PathBuf>,
}

/// How the summary is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// For a person.
    Text,
    /// As one JSON object.
    Json,
    /// Only what went wrong.
    Quiet,
}

/// What a run is to do.
pub(super) struct Job<'a> {
    /// What is read.
    pub config: &'a Config,
    /// The folder of the index.
    pub dir: &'a Path,
    /// The bounds of the round.
    pub bounds: Bounds,
    /// How its summary is printed.
    pub form: Form,
    /// Who is told of what.
    pub watches: &'a Watches,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    if !args.warc.is_empty() {
        return backfill::run(&args.warc, places, form(args), console);
    }
    if let Some(folder) = &args.maildir {
        return maildir::run(folder, places, form(args), console);
    }
    if !args.url.is_empty() || !args.html.is_empty() {
        let (urls, files, address) = (&args.url, &args.html, args.address.as_deref());
        if address.is_some() && files.len() > 1 {
            return Err(Failure::usage("--address is of one page, and --html names several").hint("take them one by one"));
        }
        let given = by_hand::Articles { urls, files, address, deadline: args.deadline };
        return by_hand::run(&given, places, form(args), console);
    }
    let (config, bounds) = match &args.sitemap {
        Some(url) => {
            let config = places.config_if_any()?;
            let past = Past::of(url, args.from.as_deref(), args.to.as_deref(), &config, console.today())?;
            past.round(config, Bounds { deadline: Some(args.deadline), ..Bounds::default() })
        }
        None => nightly(args, places, console)?,
    };
    let dir = places.index()?;
    let folder = places.config_file().ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_default();
    let watches = Watches::of(&config, &folder, console.today())?;
    let job = Job { config: &config, dir: &dir, bounds, form: form(args), watches: &watches };
    if args.dry_run {
        return dry::run(&job, console);
    }
    let began = (console.now)();
    let ran = ingest(&job, || {}, console);
    if let Some(file) = &args.metrics {
        metrics::write(file, &dir, began, ran.as_ref().map_or_else(|failure| failure.exit, |exit| *exit), console)?;
    }
    ran
}

/// Returns what a run of every night reads, and its bounds.
fn nightly(args: &Args, places: &Places, console: &Console) -> Result<(Config, Bounds), Failure> {
    let mut config = places.config()?;
    if config.sources.iter().all(|source| !source.enabled) {
        let file = places.config_file()?;
        return Err(Failure::usage(format!("{} names no source to read", file.display()))
            .hint("add a block [[source]] with name = \"...\" and url = \"...\""));
    }
    only::choose(&mut config, &args.only)?;
    let since = args.since.as_deref().map(|day| since(day, console)).transpose()?;
    Ok((config, Bounds { deadline: Some(args.deadline), early: args.all, since, ..Bounds::default() }))
}

fn form(args: &Args) -> Form {
    match (args.json, args.quiet) {
        (true, _) => Form::Json,
        (_, true) => Form::Quiet,
        _ => Form::Text,
    }
}

fn time(text: &str) -> Result<Duration, String> {
    config::duration(text).ok_or_else(|| "a length of time has a unit: 90s, 30m, 2h".to_owned())
}

/// Reads a day in the words of searches.
fn since(day: &str, console: &Console) -> Result<Timestamp, Failure> {
    let days = query::days(day, console.today()).ok_or_else(|| {
        Failure::usage(format!("--since: \"{day}\" is no day")).hint("write 2026-03-01, yesterday, 7d, 2w or the like")
    })?;
    Ok(days.earliest.start())
}

/// Runs the whole way over a configuration into an index and prints the summary. `tidy` is run before the process is ended early.
pub(super) fn ingest(job: &Job<'_>, tidy: impl FnOnce() + Send + 'static, console: &mut Console) -> Result<Exit, Failure> {
    let stop = Stop::listen(tidy)?;
    let mut kept = Kept::open(job.dir, Access::Write)?;
    kept.check_if_due(kept::LARGE, (console.now)())?;
    let summary = as_a_run(&mut kept, console, |kept, run, console| night(job, kept, run, &stop, console))?;
    told(&summary, job.form, console)
}

/// Does something as a run, which is kept with its summary, or with the reason why it has none.
pub(super) fn as_a_run(
    kept: &mut Kept,
    console: &mut Console,
    work: impl FnOnce(&mut Kept, RunId, &mut Console) -> Result<Summary, Failure>,
) -> Result<Summary, Failure> {
    let began = Instant::now();
    let run = kept.begin_run((console.now)())?;
    tracing::info!(run = run.0, index = %kept.path().display(), "run begins");
    let ran = work(kept, run, console).and_then(|mut summary| {
        summary.seconds = (began.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        kept.end_run(run, (console.now)(), &json!(summary))?;
        Ok(summary)
    });
    match &ran {
        Ok(summary) => log::summed_up(summary),
        Err(failure) => {
            tracing::error!(run = run.0, "{}", failure.in_one_line());
            // Where even this cannot be written, the run shows as cut off.
            let _ = kept.fail_run(run, (console.now)(), &failure.in_one_line());
        }
    }
    ran
}

/// Prints a summary and returns how the run went.
pub(super) fn told(summary: &Summary, form: Form, console: &mut Console) -> Result<Exit, Failure> {
    match form {
        Form::Json => console.out.write_all(&json::line(summary))?,
        Form::Text => print(summary, false, console)?,
        Form::Quiet => print::print_trouble(summary, console),
    }
    let untold = summary.notices.iter().any(|sent| sent.failure.is_some());
    Ok(if summary.failed > 0 || untold { Exit::SomeFailed } else { Exit::Well })
}

fn night(job: &Job<'_>, kept: &mut Kept, run: RunId, stop: &Stop, console: &mut Console) -> Result<Summary, Failure> {
    job.watches.begin(kept)?;
    let crawled = crawl(job, kept, stop, console).map_err(|failure| with_what_is_left(failure, kept))?;
    stop.at_once();
    let mut index = Index::open(job.dir, kept)?;
    let had = kept.last_seq()?;
    let derived = derive(kept, &mut index, job.form, console)?;
    prune(kept, job.config.settings.keep_pages, console)?;
    job.watches.look(kept, &index, (console.now)())?;
    let sent = job.watches.deliver(kept, false, console.now)?;
    let summary = Summary::of(job, kept, run, &crawled, &derived, (console.now)())?;
    Ok(Summary { notices: sent, search_made_anew: derived.search.rebuilt && had > 0, ..summary })
}

/// Adds how many articles are still to be fetched, where that is known.
fn with_what_is_left(failure: Failure, kept: &Kept) -> Failure {
    match kept.counts() {
        Ok(counts) if counts.waiting > 0 => {
            let left = counted(counts.waiting, "article is", "articles are");
            Failure { what: format!("{}; {left} left for the next run", failure.what), ..failure }
        }
        _ => failure,
    }
}

/// Does a round over the sources of a job.
fn crawl(job: &Job<'_>, kept: &mut Kept, stop: &Stop, console: &mut Console) -> Result<RoundSummary, Failure> {
    let clock = console.now;
    let mut progress = Progress::new(console, job.form == Form::Quiet);
    let round = on_the_network(job.config, stop, async |fetch| {
        let mut tell = |event: crawl::Event<'_>| {
            log::crawled(&event);
            progress.crawled(&event);
        };
        crawl::round(job.config, job.bounds, kept, Arc::new(fetch), &clock, &mut tell).await
    });
    progress.end();
    round
}

/// Does something that asks the network, until it is done or this process is asked to end.
pub(super) fn on_the_network<T>(
    config: &Config,
    stop: &Stop,
    work: impl AsyncFnOnce(Http) -> Result<T, StoreError>,
) -> Result<T, Failure> {
    // Articles that are asked for again are read where they come, so the threads get what reading a page may need.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(derive::STACK).build();
    let runtime = runtime.map_err(|error| Failure::new("no threads can be started").because(&error))?;
    let done = runtime.block_on(async {
        let fetch = Http::new(&config.settings).map_err(|why| Failure::usage(format!("[settings] {why}")))?;
        tokio::select! {
            done = work(fetch) => Ok(done?),
            () = stop.wait() => Err(stopped()),
        }
    });
    runtime.shutdown_timeout(Duration::from_millis(500));
    done
}

/// Reads what is kept and not read yet, and brings the search up to date.
pub(super) fn derive(kept: &mut Kept, index: &mut Index, form: Form, console: &mut Console) -> Result<Derived, Failure> {
    let mut progress = Progress::new(console, form == Form::Quiet);
    let derived = derive::catch_up(kept, index, Rules::builtin(), &mut |step| progress.derived(&step));
    progress.end();
    Ok(derived?)
}

/// Drops what has passed its time.
fn prune(kept: &mut Kept, keep_pages: Option<Duration>, console: &Console) -> Result<(), Failure> {
    let now = (console.now)();
    super::prune::rest(kept, now)?;
    let Some(time) = keep_pages else { return Ok(()) };
    let before = now.checked_sub(time).map_err(|error| Failure::new("keep_pages reaches too far back").because(&error))?;
    let pruned = kept.prune_pages(before)?;
    if pruned.pages > 0 {
        tracing::info!(pages = pruned.pages, bytes = pruned.bytes, "old pages dropped");
    }
    Ok(())
}
