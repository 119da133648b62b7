//! breachline reads the security news every night and keeps the timeline of who was breached, when, how much went, and who did it.
//!
//! Three promises shape it. What was fetched is kept, and everything after it can be derived again. The core is text in, values
//! out. Every value on the screen can say which words and which rule it came from.
//!
//! The extractor can be used by itself: it is pure, and holds its rules in it.
//!
//! ```
//! use breachline::extract::{Document, extract};
//! use breachline::rules::Rules;
//!
//! let text = "Sega said on Friday that hackers stole the data of 1,290,755 customers.";
//! let published = "2011-06-20".parse().expect("a day");
//! let found = extract(&Document { title: "", text, published }, Rules::builtin());
//!
//! let report = &found.reports[0];
//! assert_eq!((report.victim.name.as_str(), report.records[0].value), ("Sega", 1_290_755));
//! let words = report.evidence.iter().find(|evidence| evidence.quote.contains("1,290,755")).expect("the words it is from");
//! assert_eq!(words.span.slice(text), words.quote);
//! ```
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
pub mod library;
pub mod merge;
pub mod model;
pub mod page;
pub mod register;
pub mod rules;
pub mod schema;
pub mod serve;
pub mod store;
pub mod tui;
pub mod watch;
