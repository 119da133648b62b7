//! `breachline demo`: all of it on a small news web of our own, in an index that goes when it ends, unless it is to be kept.

use std::path::PathBuf;

use super::console::{Console, Style};
use super::edit::Author;
use super::failure::{Exit, Failure};
use super::folder::Folder;
use super::ingest::{Form, Job};
use super::watch::Watches;
use super::{browse, ingest};
use crate::crawl::Bounds;
use crate::demo;

/// Try it on a small news web inside the program
///
/// A dozen made-up news sites with some fifty stories of 2011 to 2026 are served on this machine; the real ingest reads them over
/// HTTP into a temporary index, and the timeline opens on it. No network is needed and nothing stays behind but what --keep asks for.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline demo                                   the timeline on a news web of its own
  breachline demo --no-browse --keep try            keep its index, then: breachline --index try search kind:ransomware")]
pub(super) struct Args {
    /// End after the summary
    #[arg(long)]
    no_browse: bool,
    /// Keep the index in a new folder, for search, show and browse with --index DIR
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    #[command(flatten)]
    author: Author,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let web = demo::serve().map_err(|error| Failure::new("the demo's news web cannot be started").because(&error))?;
    let folder = Folder::choose(args.keep.as_deref())?;
    console.note(format!(
        "{} serve their stories on this machine; the real ingest reads them:",
        super::tell::counted(web.config.sources.len() as u64, "site", "sites")
    ));
    let watches = Watches::of(&web.config, &folder.path, console.today())?;
    let job = Job { config: &web.config, dir: &folder.path, bounds: Bounds::default(), form: Form::Text, watches: &watches };
    let exit = ingest::ingest(&job, folder.remover(), console)?;
    console.out.flush()?;
    if args.no_browse || !console.out_is_terminal || !console.in_is_terminal {
        return Ok(exit);
    }
    console.say(console.paint(Style::Dim, "press q to leave the timeline"))?;
    browse::browse(&folder.path, &args.author, console)?;
    web.stop();
    Ok(exit)
}
