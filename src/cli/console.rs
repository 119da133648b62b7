//! Where a command prints, what that place can show, and the clock.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

use jiff::Timestamp;

use super::failure::Failure;
use crate::base::day::Day;
use crate::base::safe;

/// What a command may know of the world around it.
pub struct Console {
    /// For data.
    pub out: Box<dyn Write>,
    /// For everything else.
    pub err: Box<dyn Write>,
    /// Whether a person looks at `out`.
    pub out_is_terminal: bool,
    /// Whether a person looks at `err`.
    pub err_is_terminal: bool,
    /// Whether a person types at the standard input.
    pub in_is_terminal: bool,
    /// Whether the terminal's character set is UTF-8.
    pub utf8: bool,
    /// Whether `out` is printed in colour.
    pub colour: bool,
    /// Whether `err` is printed in colour.
    pub colour_err: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// The time.
    pub now: fn() -> Timestamp,
}

/// How words are set off where colours are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Red => "1;31",
            Style::Green => "32",
            Style::Yellow => "33",
            Style::Cyan => "36",
        }
    }
}

impl Console {
    /// The process's own streams. Colour only on terminals, and not where NO_COLOR is set or TERM is dumb.
    pub fn of_process(now: fn() -> Timestamp) -> Console {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let (out_is_terminal, err_is_terminal) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Console {
            out: Box::new(BufWriter::with_capacity(64 << 10, io::stdout())),
            err: Box::new(io::stderr()),
            out_is_terminal,
            err_is_terminal,
            in_is_terminal: io::stdin().is_terminal(),
            utf8: speaks_utf8(),
            colour: out_is_terminal && !plain,
            colour_err: err_is_terminal && !plain,
            width: width.filter(|width| *width > 0).unwrap_or(100),
            now,
        }
    }

    /// Today in UTC.
    pub(super) fn today(&self) -> Day {
        Day::of((self.now)())
    }

    /// Prints one line of data. Foreign text in it has gone through [`Console::plain`] or [`Console::paint`].
    pub(super) fn say(&mut self, line: impl Display) -> Result<(), Failure> {
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// Prints a line that is no data. Nobody reading it is no failure.
    pub(super) fn note(&mut self, line: impl Display) {
        let _ = self.out.flush();
        let _ = writeln!(self.err, "{}", safe::clean(&line.to_string()));
    }

    /// Returns foreign text made safe.
    pub(super) fn plain(&self, text: &str) -> String {
        safe::clean(text).into_owned()
    }

    /// Returns foreign text made safe, set off where `out` shows colours.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        painted(self.colour, style, text)
    }

    /// Prints why a command ended early.
    pub(super) fn tell_failure(&mut self, failure: &Failure) {
        let _ = self.out.flush();
        if failure.what.is_empty() {
            return;
        }
        let mut lines = vec![format!("{} {}", painted(self.colour_err, Style::Red, "error:"), safe::clean(&failure.what))];
        lines.extend(failure.causes.iter().map(|cause| format!("  because: {}", safe::clean(cause))));
        if let Some(hint) = &failure.hint {
            lines.push(format!("{} {}", painted(self.colour_err, Style::Cyan, "hint:"), safe::clean(hint)));
        }
        let _ = writeln!(self.err, "{}", lines.join("\n"));
    }
}

/// Tells by the usual variables whether the terminal shows UTF-8; where none is set, it is taken to.
fn speaks_utf8() -> bool {
    let said = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    said.is_none_or(|value| {
        let value = value.to_string_lossy().to_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

fn painted(coloured: bool, style: Style, text: &str) -> String {
    let text = safe::clean(text);
    if coloured && !text.is_empty() { format!("\u{1b}[{}m{text}\u{1b}[0m", style.code()) } else { text.into_owned() }
}
