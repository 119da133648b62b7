//! The command line as plain data, and the history that it and the search line have.

use tui_input::Input;

/// The most lines that are remembered.
const REMEMBERED: usize = 100;

/// Earlier lines, the oldest first, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The lines.
    pub lines: Vec<String>,
    /// Which of them is shown; None while a new one is typed.
    pub recalled: Option<usize>,
}

impl History {
    /// Remembers a line as the newest one.
    pub fn remember(&mut self, text: &str) {
        let text = text.trim();
        self.recalled = None;
        if text.is_empty() {
            return;
        }
        self.lines.retain(|earlier| earlier != text);
        self.lines.push(text.to_owned());
        if self.lines.len() > REMEMBERED {
            self.lines.remove(0);
        }
    }

    /// Returns the line before the one that is shown, or the one after it, which is empty after the newest; None where there is none.
    pub fn recall(&mut self, older: bool) -> Option<String> {
        let last = self.lines.len();
        let now = self.recalled.unwrap_or(last);
        let next = if older { now.checked_sub(1)? } else { (now < last).then_some(now + 1)? };
        self.recalled = (next < last).then_some(next);
        Some(self.lines.get(next).cloned().unwrap_or_default())
    }
}

/// The command line.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    /// What is typed, and where the cursor stands.
    pub input: Input,
    /// Whether keys go to it.
    pub open: bool,
    /// What is wrong with it, as a sentence.
    pub fault: Option<String>,
    /// Earlier commands.
    pub history: History,
}
