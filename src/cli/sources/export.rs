//! `breachline sources export`: the feeds of `sources.toml` for other readers.

use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::feed::opml::{self, Outline};
use crate::model::config;
use crate::model::source::SourceKind;

/// Print the feeds of sources.toml as an OPML list
///
/// Sources that are no feeds are left out: other readers could not read them. Those that are not enabled are marked as not in use.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// In OPML 2.0, the form that readers of feeds exchange
    #[arg(long, required = true)]
    opml: bool,
    /// Only sources with this tag
    #[arg(long)]
    tag: Option<String>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    debug_assert!(args.opml, "no other form is known");
    let config = places.config()?;
    let chosen =
        config.sources.iter().filter(|source| args.tag.as_ref().is_none_or(|tag| source.tags.contains(&tag.to_lowercase())));
    let (feeds, others): (Vec<_>, Vec<_>) = chosen.partition(|source| source.kind == SourceKind::Feed);
    let outline = |source: &&crate::model::source::Source| Outline {
        name: source.name.clone(),
        url: source.url.to_string(),
        tags: source.tags.clone(),
        off: !source.enabled,
        every: source.every.map(config::written).unwrap_or_default(),
    };
    let outlines: Vec<Outline> = feeds.iter().map(outline).collect();
    console.out.write_all(&opml::write("breachline", &outlines)?)?;
    if !others.is_empty() {
        console
            .note(format!("left out: {}", counted(others.len() as u64, "source that is no feed", "sources that are no feeds")));
    }
    Ok(if feeds.is_empty() { Exit::Nothing } else { Exit::Well })
}
