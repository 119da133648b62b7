//! `breachline doctor`: whether all is well, and what to do where it is not.

mod around;
mod configuration;
mod index;
mod nightly;
mod repair;

use serde::Serialize;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;

/// Check configuration, index, disk, clock and sources, and say what to do
///
/// Exits with 0 where all is well, with 3 where something should be looked after, with 4 where it cannot work as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Put right what can be put right without losing anything: the search, indexes of the database, what killed runs left behind
    #[arg(long)]
    repair: bool,
    /// Ask no source
    #[arg(long)]
    offline: bool,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
}

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    /// It was not, and is now.
    Repaired,
    /// It works, and should be looked after.
    Warning,
    /// It cannot work.
    Broken,
}

/// What was found in one place.
#[derive(Debug, Serialize)]
struct Finding {
    what: &'static str,
    health: Health,
    text: String,
    /// What to do; None where nothing is to be done.
    advice: Option<String>,
}

impl Finding {
    fn ok(what: &'static str, text: impl Into<String>) -> Finding {
        Finding { what, health: Health::Ok, text: text.into(), advice: None }
    }

    fn repaired(what: &'static str, text: impl Into<String>) -> Finding {
        Finding { health: Health::Repaired, ..Finding::ok(what, text) }
    }

    fn warning(what: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding { health: Health::Warning, advice: Some(advice.into()), ..Finding::ok(what, text) }
    }

    fn broken(what: &'static str, text: impl Into<String>, advice: Option<String>) -> Finding {
        Finding { health: Health::Broken, advice, ..Finding::ok(what, text) }
    }
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let mut worst = Health::Ok;
    let mut tell = |findings: Vec<Finding>, console: &mut Console| -> Result<(), Failure> {
        for finding in findings {
            worst = worst.max(finding.health);
            say(&finding, args.json, console)?;
        }
        console.out.flush()?;
        Ok(())
    };
    let (config, found) = configuration::check(places, console);
    tell(found, console)?;
    let dir = places.index()?;
    if args.repair {
        tell(repair::repair(&dir), console)?;
    }
    tell(index::check(&dir), console)?;
    tell(around::disk(&dir), console)?;
    tell(nightly::check(&dir, config.as_ref(), console), console)?;
    tell(around::clock(&dir, (console.now)()), console)?;
    if let Some(config) = config.filter(|_| !args.offline) {
        tell(around::sources(config, console), console)?;
    }
    Ok(match worst {
        Health::Ok | Health::Repaired => Exit::Well,
        Health::Warning => Exit::SomeFailed,
        Health::Broken => Exit::Failed,
    })
}

fn say(finding: &Finding, as_json: bool, console: &mut Console) -> Result<(), Failure> {
    if as_json {
        return Ok(console.out.write_all(&json::line(finding))?);
    }
    let (word, style) = match finding.health {
        Health::Ok => ("ok", Style::Dim),
        Health::Repaired => ("repaired", Style::Cyan),
        Health::Warning => ("look", Style::Yellow),
        Health::Broken => ("broken", Style::Red),
    };
    let word = console.paint(style, &format!("{word:<9}"));
    console.say(format!("{word}{}: {}", finding.what, console.plain(&finding.text)))?;
    match &finding.advice {
        Some(advice) => console.say(format!("         {}", console.plain(advice))),
        None => Ok(()),
    }
}
