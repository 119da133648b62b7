//! `breachline sources import`: the feeds of an OPML list become sources.

use super::file::{Block, SourcesFile};
use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::input;
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::feed::opml;
use crate::model::config;

/// Add the feeds of an OPML list to sources.toml
///
/// Folders and categories become tags, and an entry that is marked as not in use is not enabled. Feeds that are there already are left out. Nothing is fetched: `breachline sources check`
/// tells afterwards which of them work.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// An OPML file, or - for the standard input
    #[arg(value_name = "FILE|-")]
    file: String,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let mut file = SourcesFile::open(places)?;
    let list = opml::read(&input::bytes(&args.file)?).map_err(|why| Failure::usage(format!("{} {why}", args.file)))?;
    let (mut added, mut known) = (0, 0);
    let mut skipped = Vec::new();
    for outline in &list.feeds {
        match config::address(&outline.url) {
            Ok(url) if file.holds(&url) => known += 1,
            Ok(url) => {
                let name = file.free_name(&outline.name, &url);
                let every = config::duration(&outline.every).filter(|every| !every.is_zero());
                file.add(&Block { name: &name, url: &url, tags: &outline.tags, every, enabled: !outline.off });
                added += 1;
            }
            Err(why) => skipped.push(format!("{} {why}", outline.url)),
        }
    }
    if added > 0 {
        file.save()?;
    }
    for fault in &list.faults {
        let told = console.plain(&format!("{} {}", fault.place, fault.what));
        console.say(format!("{} {told}", console.paint(Style::Yellow, "fault:")))?;
    }
    for why in &skipped {
        console.say(format!("{} {}", console.paint(Style::Yellow, "left out:"), console.plain(why)))?;
    }
    console.say(format!("{} added, {known} there already, {} left out", counted(added, "source", "sources"), skipped.len()))?;
    Ok(if added == 0 { Exit::Nothing } else { Exit::Well })
}
