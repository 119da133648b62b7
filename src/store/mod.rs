//! What is kept (SQLite) and what is searched (tantivy), and the language of searches.
//!
//! `kept.db` is the record: facts that were fetched, and rows derived from them. `search/` is made from it and may be deleted at
//! any time. One process writes, held apart by `kept.lock`; any number read beside it and never wait for it.

mod error;
pub mod kept;
pub mod query;
mod reader;
pub mod search;

pub use error::StoreError;
pub use reader::{ArticleRow, Page, Reader, ReportRow};
