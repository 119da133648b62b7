//! `breachline watch list`: the watches, what waits, and what arrived last.

use serde::Serialize;

use super::Watches;
use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::json;
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::model::watch::{Channel, Watch};
use crate::store::StoreError;
use crate::store::kept::{Access, Delivery, Kept, Waits};
use crate::tui::words;
use crate::watch::line;

/// List the watches, what waits for each, and what arrived last
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// How many deliveries to show of each
    #[arg(long, default_value_t = 3, value_name = "N")]
    last: usize,
}

/// One watch for programs.
#[derive(Serialize)]
struct Line<'w> {
    name: &'w str,
    query: &'w str,
    channels: Vec<Channel>,
    grows: f64,
    waiting: Vec<Delivery>,
    delivered: Vec<Delivery>,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let watches = Watches::at(places, console.today())?;
    let kept = match Kept::open(&places.index()?, Access::Read) {
        Err(StoreError::Missing { .. }) => None,
        kept => Some(kept?),
    };
    for (watch, _) in &watches.all {
        let line = described(watch, kept.as_ref(), args.last)?;
        if args.json {
            console.out.write_all(&json::line(&line))?;
        } else {
            print(&line, console)?;
        }
    }
    for name in kept.map_or_else(|| Ok(Vec::new()), |kept| kept.watches_with_notices())? {
        if !watches.all.iter().any(|(watch, _)| watch.name == name) {
            console.note(format!("notices of \"{name}\" wait, which is no watch of sources.toml any more"));
        }
    }
    if watches.all.is_empty() {
        console.note("there is no watch; a block [[watch]] in sources.toml makes one");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Well)
}

fn described<'w>(watch: &'w Watch, kept: Option<&Kept>, last: usize) -> Result<Line<'w>, StoreError> {
    let mut line = Line {
        name: &watch.name,
        query: &watch.query,
        channels: watch.channels(),
        grows: watch.grows,
        waiting: Vec::new(),
        delivered: Vec::new(),
    };
    if let Some(kept) = kept {
        for channel in watch.channels() {
            line.waiting.extend(kept.undelivered(&watch.name, channel, Waits::Any)?);
        }
        line.delivered = kept.delivered(&watch.name, None, last)?;
    }
    Ok(line)
}

fn print(watch: &Line<'_>, console: &mut Console) -> Result<(), Failure> {
    let channels: Vec<&str> = watch.channels.iter().map(|channel| channel.word()).collect();
    let query = if watch.query.is_empty() { "everything" } else { watch.query };
    console.say(format!("{}  {} -> {}", console.paint(Style::Bold, watch.name), console.plain(query), channels.join(", ")))?;
    for channel in &watch.channels {
        let of_it: Vec<&Delivery> = watch.waiting.iter().filter(|delivery| delivery.channel == *channel).collect();
        let Some(first) = of_it.first() else { continue };
        let why = first.failure.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let tries =
            if first.tries > 0 { format!(" after {}", counted(u64::from(first.tries), "try", "tries")) } else { String::new() };
        let waits = counted(of_it.len() as u64, "notice waits", "notices wait");
        console.say(format!("  {} {}{tries}{}", console.paint(Style::Red, channel.word()), waits, console.plain(&why)))?;
    }
    let now = (console.now)();
    for delivery in &watch.delivered {
        let ago = delivery.delivered_at.map(|at| words::ago(at, now)).unwrap_or_default();
        let told = format!("{ago}, {}: {}", delivery.channel.word(), line(&delivery.notice));
        console.say(format!("  {}", console.paint(Style::Dim, &told)))?;
    }
    Ok(())
}
