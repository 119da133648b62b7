//! Long output a screen at a time, where a person reads it: `BREACHLINE_PAGER`, `PAGER`, or `less`.

use std::io::{BufWriter, Write, sink};
use std::mem;
use std::process::{Child, Command, Stdio};

use super::console::Console;

/// What is started where no variable says otherwise.
const USUAL: &str = "less";
/// What `less` is told where `LESS` is not set: to end at once where all fits on the screen, and to let colours through.
const LESS: &str = "FRX";

/// A pager that what is printed goes to, until [`Pager::close`].
pub(super) struct Pager {
    child: Child,
    before: Box<dyn Write>,
}

impl Pager {
    /// Starts the pager of the environment, if a person looks at the output. None where there is none, or where it is said to be none:
    /// an empty variable, or `cat`.
    pub(super) fn start(console: &mut Console) -> Option<Pager> {
        if !console.out_is_terminal || !console.in_is_terminal {
            return None;
        }
        let said = ["BREACHLINE_PAGER", "PAGER"].iter().find_map(std::env::var_os);
        let said = said.map_or_else(|| Some(USUAL.to_owned()), |pager| pager.into_string().ok())?;
        let mut words = said.split_whitespace();
        let name = words.next().filter(|name| *name != "cat")?;
        let mut command = Command::new(name);
        command.args(words).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            command.env("LESS", LESS);
        }
        let mut child = command.spawn().ok()?;
        let input = child.stdin.take()?;
        let before = mem::replace(&mut console.out, Box::new(BufWriter::new(input)));
        Some(Pager { child, before })
    }

    /// Ends the output and waits until the person has read it.
    pub(super) fn close(mut self, console: &mut Console) {
        let _ = console.out.flush(); // whoever has left the pager has read enough
        drop(mem::replace(&mut console.out, Box::new(sink())));
        let _ = self.child.wait();
        console.out = self.before;
    }
}
