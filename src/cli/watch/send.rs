//! `breachline watch send`: what waits in the outbox, now.

use super::Watches;
use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::json;
use crate::cli::places::Places;
use crate::store::kept::{Access, Kept};
use crate::watch::Sent;

/// Deliver what waits in the outbox and is due; ingest does it at its end
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    /// Also what failed a while ago and would be tried again later
    #[arg(long)]
    all: bool,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let watches = Watches::at(places, console.today())?;
    let dir = places.index()?;
    drop(Kept::open_to_read(&dir)?); // so that nothing is made where nothing is
    let mut kept = Kept::open(&dir, Access::Write)?;
    let sent = watches.deliver(&mut kept, args.all, console.now)?;
    for sent in &sent {
        if args.json {
            console.out.write_all(&json::line(sent))?;
        } else {
            console.say(told(sent, console))?;
        }
    }
    Ok(match sent.iter().any(|sent| sent.failure.is_some()) {
        true => Exit::SomeFailed,
        false if sent.iter().all(|sent| sent.delivered == 0) => {
            console.note("nothing is due");
            Exit::Nothing
        }
        false => Exit::Well,
    })
}

/// What became of the notices of a watch on one channel, in one line.
pub(in crate::cli) fn told(sent: &Sent, console: &Console) -> String {
    let Sent { watch, channel, delivered, waiting, failure } = sent;
    let waits = if *waiting > 0 { format!(", {waiting} waiting") } else { String::new() };
    let why = failure.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let style = if failure.is_some() { Style::Red } else { Style::Dim };
    let name = console.paint(style, &format!("{watch} ({})", channel.word()));
    format!("{name}: {delivered} delivered{waits}{}", console.plain(&why))
}
