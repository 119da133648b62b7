//! What is remembered of an index from one look at it to the next, and what is new since.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::day::DayRange;
use crate::model::incident::IncidentId;
use crate::tui::bars::Measure;
use crate::tui::state::{Cursor, State};

/// What the screen was about when it was left. Whatever cannot be read of it is as if it had never been looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The search.
    pub query: String,
    /// What the bars of the picture were as high as.
    pub measure: Measure,
    /// Whether the counts were shown; None where the size of the screen decided.
    pub counts: Option<bool>,
    /// The days that it was zoomed to.
    pub window: Option<DayRange>,
    /// The selected incident.
    pub cursor: Option<Cursor>,
    /// Earlier searches, the oldest first.
    pub searches: Vec<String>,
    /// Earlier commands, likewise.
    pub commands: Vec<String>,
    /// The marks, by their letters.
    pub marks: BTreeMap<char, Cursor>,
    /// The number of the last change that had come in.
    pub seen: Option<u64>,
}

impl Memory {
    /// Returns what is to be remembered of a screen; `seen` is the number of the last change that it showed.
    pub fn of(state: &State, seen: Option<u64>) -> Memory {
        Memory {
            query: state.search.input.value().trim().to_owned(),
            measure: state.picture.measure,
            counts: state.facets.shown,
            window: state.picture.window,
            cursor: state.list.cursor.clone(),
            searches: state.search.history.lines.clone(),
            commands: state.command.history.lines.clone(),
            marks: state.marks.set.clone(),
            seen,
        }
    }

    /// Puts a screen back to where it was left; where something else is searched for, only its history.
    pub fn recall(self, state: &mut State) {
        state.search.history.lines = self.searches;
        state.command.history.lines = self.commands;
        state.picture.measure = self.measure;
        state.facets.shown = self.counts;
        state.marks.set = self.marks;
        state.news.since = self.seen;
        if state.search.input.value().is_empty() {
            state.search.input = self.query.into();
            state.picture.window = self.window;
            state.list.cursor = self.cursor;
        }
    }
}

/// What is new or says something else since the screen was last left.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// The number of the last change that was seen then; None where nothing is known of it.
    pub since: Option<u64>,
    /// The number of the question that is under way.
    pub pending: Option<u64>,
    /// The incidents, the newest first.
    pub incidents: Vec<Cursor>,
    /// Their ids.
    pub ids: BTreeSet<IncidentId>,
    /// What was edited here since, which is not news to whoever did it.
    pub own: BTreeSet<IncidentId>,
    /// Which one was jumped to last.
    pub at: Option<usize>,
}
