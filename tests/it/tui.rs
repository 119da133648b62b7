//! The timeline: scripts of keys and messages, the effects they have, and the screens that are drawn.

mod shelf;
pub mod stage;

mod again;
mod complete;
mod edits;
mod hands;
mod panes;
mod screens;
pub mod walk;
mod words;
mod workers;
