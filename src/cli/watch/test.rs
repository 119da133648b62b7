//! `breachline watch test`: whether notices would arrive.

use super::{Watches, runtime};
use crate::base::day::DayRange;
use crate::cli::console::{Console, Style};
use crate::cli::failure::{Exit, Failure};
use crate::cli::places::Places;
use crate::model::incident::{DatedBy, IncidentId, Row};
use crate::model::report::{Figure, Kind, Qualifier, Speaker, Unit};
use crate::model::watch::{Link, Notice, Why};
use crate::watch;

/// Send a made-up notice by every channel of a watch, and say whether it arrived
///
/// It says that it is a test. Nothing is kept of it; of an Atom file it is only seen whether it could be written.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Args {
    /// The name of the watch
    name: String,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let watches = Watches::at(places, console.today())?;
    let watch = watches.named(&args.name)?;
    let notice = made_up(&watch.name, console);
    let tried = runtime()?.block_on(watch::try_out(watch, &watches.means(watch)?, &notice));
    let mut failed = false;
    for (channel, result) in tried {
        failed |= result.is_err();
        match result {
            Ok(()) => console.say(format!("{}: arrived", channel.word()))?,
            Err(why) => {
                let why = console.plain(&why);
                console.say(format!("{}: {why}", console.paint(Style::Red, channel.word())))?;
            }
        }
    }
    Ok(if failed { Exit::SomeFailed } else { Exit::Well })
}

/// A notice of a breach that never was, at a body that does not exist.
fn made_up(watch: &str, console: &Console) -> Notice {
    let today = console.today();
    Notice {
        watch: watch.to_owned(),
        why: vec![Why::New],
        test: true,
        incident: Row {
            id: IncidentId("example-body-test".to_owned()),
            days: DayRange::day(today),
            dated_by: DatedBy::Published,
            victim: "Example Body".to_owned(),
            kind: Kind::Breach,
            records: Some(Figure {
                value: 1234,
                max: None,
                unit: Unit::People,
                qualifier: Qualifier::About,
                by: Speaker::Untold,
            }),
            attackers: Vec::new(),
            reports: 1,
            sources: 1,
            disputed: false,
            starred: false,
            hidden: false,
        },
        links: vec![Link {
            source: "breachline".to_owned(),
            title: "A test of this watch".to_owned(),
            url: "https://example.org/".to_owned(),
            published: today,
        }],
    }
}
