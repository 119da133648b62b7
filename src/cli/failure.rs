//! What a command says when it cannot go on: what, why, and what to do; and the exit codes.

use std::error::Error;
use std::io;

use crate::base::safe;
use crate::store::StoreError;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All well.
    Well = 0,
    /// Nothing was found.
    Nothing = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// It ran, but some sources failed.
    SomeFailed = 3,
    /// It could not do its work.
    Failed = 4,
}

/// Why a command ended early, for a person to read.
#[derive(Debug)]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// What is wrong, a phrase without a full stop; empty where nothing is to be said.
    pub what: String,
    /// What led to it, the nearest first.
    pub causes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Failure {
    /// The command could not do its work.
    pub fn new(what: impl Into<String>) -> Failure {
        Failure { exit: Exit::Failed, what: what.into(), causes: Vec::new(), hint: None }
    }

    /// The command line or the configuration is wrong.
    pub fn usage(what: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, ..Failure::new(what) }
    }

    /// Nothing was found.
    pub fn nothing(what: impl Into<String>) -> Failure {
        Failure { exit: Exit::Nothing, ..Failure::new(what) }
    }

    /// A mistake of the program itself, with the place in its code.
    pub fn of_ours(place: Option<String>) -> Failure {
        let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
        Failure::new(format!("breachline stopped because of a mistake of its own{place}"))
            .hint("nothing that was kept is lost; run it again with RUST_BACKTRACE=1 for a report worth sending")
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    /// Returns what is wrong and what led to it, in as many lines as that has.
    pub(super) fn with_causes(&self) -> String {
        std::iter::once(&self.what).chain(&self.causes).map(String::as_str).collect::<Vec<_>>().join(": ")
    }

    /// Returns what is wrong and what led to it as one clean line.
    pub(super) fn in_one_line(&self) -> String {
        safe::line(&self.with_causes(), 500)
    }

    /// Adds what led to it, with its own causes.
    pub fn because(mut self, error: &dyn Error) -> Failure {
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            if self.causes.last() != Some(&text) {
                self.causes.push(text);
            }
            next = error.source();
        }
        self
    }
}

impl From<io::Error> for Failure {
    /// A reader that has gone away is a normal end.
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure { exit: Exit::Well, ..Failure::new("") };
        }
        Failure::new("the output could not be written").because(&error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure { hint: error.hint(), ..Failure::new(error.to_string()) }
    }
}
