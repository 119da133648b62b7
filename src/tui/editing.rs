//! What is being edited, as plain data: the incidents that were picked, and the edits that are not kept yet.

use std::collections::BTreeSet;

use crate::model::incident::IncidentId;

/// Picked incidents and edits under way.
#[derive(Clone, Debug, Default)]
pub struct Editing {
    /// The incidents that the next edit is for; where there are none, it is for the one under the cursor.
    pub picked: BTreeSet<IncidentId>,
    /// The row that was picked last.
    pub last_picked: Option<usize>,
    /// The edits that are not kept yet, the oldest first.
    pub pending: Vec<Pending>,
    /// Why they wait, where they do.
    pub waits: Option<String>,
    /// Whether a person who wanted to leave was told of them.
    pub told: bool,
}

/// An edit that is not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its number among the questions.
    pub n: u64,
    /// What was asked for, as it is typed in the command line.
    pub command: String,
    /// The incidents that it is for.
    pub incidents: Vec<IncidentId>,
    /// Whether it was typed, so that it can be mended where it is wrong.
    pub typed: bool,
}
