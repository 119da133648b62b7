//! `breachline man`: the manual, a page for each command.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use clap::Command;
use clap_mangen::Man;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::whole::WholeFile;

/// Show the manual page of a command
///
/// On a terminal `man` shows it; elsewhere the page is printed as `man` reads it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline man search                                the page of `breachline search`
  breachline man --all ~/.local/share/man/man1         every page, where `man breachline-search` finds it")]
pub(super) struct Args {
    /// The command; the page of breachline itself where none is said
    command: Vec<String>,
    /// Write the pages of all commands into a folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

pub(super) fn run(args: &Args, mut command: Command, console: &mut Console) -> Result<Exit, Failure> {
    command.build();
    if let Some(folder) = &args.all {
        return write_all(&command, folder);
    }
    let mut found = &command;
    let mut name = command.get_name().to_owned();
    for word in &args.command {
        found = found.find_subcommand(word).ok_or_else(|| {
            Failure::usage(format!("there is no command \"{}\"", args.command.join(" "))).hint("`breachline help` lists them")
        })?;
        name = format!("{name}-{}", found.get_name());
    }
    let page = page(found, &name)?;
    if console.out_is_terminal && shown_by_man(&page) {
        return Ok(Exit::Well);
    }
    console.out.write_all(&page)?;
    Ok(Exit::Well)
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    Man::new(command.clone()).title(name.to_uppercase()).render(&mut page)?;
    Ok(page)
}

/// Lets `man` show a page; false where there is none.
fn shown_by_man(page: &[u8]) -> bool {
    let Ok(mut man) = Process::new("man").args(["-l", "-"]).stdin(Stdio::piped()).spawn() else { return false };
    if let Some(mut input) = man.stdin.take() {
        let _ = input.write_all(page); // it may be left before its end
    }
    man.wait().is_ok_and(|status| status.success())
}

fn write_all(command: &Command, folder: &Path) -> Result<Exit, Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::new(format!("{} cannot be made", folder.display())).because(&error))?;
    write(command, command.get_name(), folder)?;
    Ok(Exit::Well)
}

fn write(command: &Command, name: &str, folder: &Path) -> Result<(), Failure> {
    let mut file = WholeFile::create(&folder.join(format!("{name}.1")))?;
    file.write_all(&page(command, name)?)?;
    file.finish()?;
    for part in command.get_subcommands().filter(|part| !part.is_hide_set() && part.get_name() != "help") {
        write(part, &format!("{name}-{}", part.get_name()), folder)?;
    }
    Ok(())
}
