//! `breachline man`: the manual, a page for each command.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use clap::builder::Resettable;
use clap::{Command, CommandFactory};
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
    #[arg(add = super::complete::of(commands))]
    command: Vec<String>,
    /// Write the pages of all commands into a folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

/// The names of all commands, with what each does.
fn commands() -> Vec<(String, String)> {
    let command = super::Cli::command();
    let shown = command.get_subcommands().filter(|part| !part.is_hide_set());
    shown.map(|part| (part.get_name().to_owned(), part.get_about().map(ToString::to_string).unwrap_or_default())).collect()
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
    let notes = command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string).unwrap_or_default();
    // Written here, since the library would fill its lines and tables would run together.
    let command = command.clone().after_help(Resettable::Reset).after_long_help(Resettable::Reset);
    let mut body = Vec::new();
    Man::new(command).render(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    let (preamble, body) = body.split_once(".TH ").unwrap_or(("", &body));
    let (_, body) = body.split_once('\n').unwrap_or(("", body));
    // No day: the same program gives the same pages.
    let title = format!(".TH {} 1 \"\" \"breachline {}\" \"\"\n", name.to_uppercase(), env!("CARGO_PKG_VERSION"));
    Ok([preamble, &title, body, &sections(&notes)].concat().into_bytes())
}

/// Returns what stands below the options of `--help` as sections: one for each line that ends in a colon, its lines as they stand.
fn sections(notes: &str) -> String {
    let mut out = String::new();
    let mut open = false;
    for line in notes.lines() {
        let heading = line.strip_suffix(':').filter(|_| !line.starts_with(' '));
        if let Some(heading) = heading {
            out += &format!(".SH {}\n.nf\n", as_text(&heading.to_uppercase()));
            open = true;
        } else if line.is_empty() {
            out += if open { ".fi\n" } else { "" };
            open = false;
        } else if open {
            out += &format!("{}\n", as_text(line.strip_prefix("  ").unwrap_or(line)));
        } else {
            out += if out.is_empty() { ".SH NOTES\n" } else { ".PP\n" };
            out += &format!("{}\n", as_text(line));
        }
    }
    out + if open { ".fi\n" } else { "" }
}

/// Returns a line that roff prints as it is.
fn as_text(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\*(Aq");
    if line.starts_with('.') { format!("\\&{line}") } else { line }
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
