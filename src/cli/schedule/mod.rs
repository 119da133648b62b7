//! `breachline schedule`: the nightly job as a systemd user timer, or as a crontab line where there is no systemd.

mod crontab;
mod systemd;
mod task;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command as Program, Stdio};

use clap::{Subcommand, ValueEnum};

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use task::{Task, Time};

/// Let the system run ingest every night
///
/// With systemd a timer of the user's own: a night that was slept through is made up for, and the start is shifted by up to half an hour so
/// that not everybody asks at once. Without systemd a line in the crontab.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the timer or the crontab line, and turn it on
    Install {
        /// When, in the time of this machine
        #[arg(long, default_value = "03:00", value_name = "HH:MM", value_parser = Time::parse)]
        at: Time,
        #[command(flatten)]
        how: How,
        /// Print what would be written, and change nothing
        #[arg(long)]
        print: bool,
    },
    /// Tell whether it is scheduled, and when it runs next
    Status(How),
    /// Turn it off and remove what install wrote
    Remove(How),
}

#[derive(Clone, Copy, Debug, clap::Args)]
struct How {
    /// By what; what this machine has where nothing is said
    #[arg(long, value_enum)]
    by: Option<By>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    Systemd,
    Cron,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    match &args.command {
        Command::Install { at, how, print } => {
            let task = Task::of(places, *at)?;
            match (how.chosen()?, print) {
                (By::Systemd, true) => console.say(systemd::shown(&task)?.trim_end())?,
                (By::Cron, true) => console.say(crontab::line(&task)?)?,
                (By::Systemd, false) => systemd::install(&task, console)?,
                (By::Cron, false) => crontab::install(&task, console)?,
            }
            Ok(Exit::Well)
        }
        Command::Status(how) => match how.chosen()? {
            By::Systemd => systemd::status(console),
            By::Cron => crontab::status(console),
        },
        Command::Remove(how) => match how.chosen()? {
            By::Systemd => systemd::remove(console),
            By::Cron => crontab::remove(console),
        },
    }
}

impl How {
    /// What was asked for, else what is there. That systemd runs is told by the folder that its own documentation names for that
    /// (sd_booted(3)).
    fn chosen(self) -> Result<By, Failure> {
        if let Some(by) = self.by {
            return Ok(by);
        }
        if Path::new("/run/systemd/system").is_dir() {
            return Ok(By::Systemd);
        }
        if is_there("crontab") {
            return Ok(By::Cron);
        }
        Err(Failure::new("this machine has neither systemd nor crontab")
            .hint("`breachline schedule install --print --by cron` shows the line for whatever runs programs here"))
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs a program of the system and returns what it prints; the error says what it complains of.
fn ask(program: &str, args: &[&str], input: Option<&str>) -> Result<String, Failure> {
    let named = || format!("{program} {}", args.join(" "));
    let failed = |error: &std::io::Error| Failure::new(format!("{} cannot be run", named())).because(error);
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let spawned = Program::new(program).args(args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| failed(&error))?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        stdin.write_all(input.as_bytes()).map_err(|error| failed(&error))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = crate::base::safe::line(said.trim(), 300);
    Err(Failure::new(format!("{} failed{}{said}", named(), if said.is_empty() { "" } else { ": " })))
}
