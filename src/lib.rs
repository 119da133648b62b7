//! breachline reads the security news every night and keeps the timeline of who was breached, when, how much went, and who did it.
//!
//! Three promises shape it. What was fetched is kept, and everything after it can be derived again. The core is text in, values
//! out. Every value on the screen can say which words and which rule it came from.
//!
//! The modules stand in the order of the data's journey; each may use only those above it, as `ARCHITECTURE.md` says.

pub mod backfill;
pub mod base;
pub mod cli;
pub mod crawl;
pub mod demo;
pub mod derive;
pub mod export;
pub mod extract;
pub mod feed;
pub mod fetch;
pub mod merge;
pub mod model;
pub mod page;
pub mod rules;
pub mod schema;
pub mod serve;
pub mod store;
pub mod tui;
