//! The store: what is kept survives, one writes, layouts move on, search follows by itself, and queries mean what they say.
//! Cases of the query language are data in `tests/data/query`.

mod alike;
mod derived;
mod edits;
mod facts;
mod find;
mod follow;
mod gists;
pub mod made;
mod place;
mod query;
mod runs;
mod scan;
mod ties;
