//! Marks as plain data: incidents that a person has given a letter to come back to, and where the last jump began.

use std::collections::BTreeMap;

use crate::tui::state::Cursor;

/// What the next key is the letter of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A mark to be set.
    Mark,
    /// A mark to jump to.
    Jump,
}

/// The marks.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The incidents by their letters.
    pub set: BTreeMap<char, Cursor>,
    /// Where the selection was before the last jump.
    pub before: Option<Cursor>,
    /// What the next key is for; None where it is a key like any other.
    pub wanted: Option<Wanted>,
}
