//! A small news web inside the process, for trying breachline without a network.
//!
//! A dozen made-up news sites, each with its own kind of list and its own look, tell some fifty stories of 2011 to 2026: what is
//! well known of real events in our own words, and events at bodies that do not exist. The stories are data (`articles/`), and
//! everything but [`serve`] is pure: stories in, documents out. Nothing here knows how articles are read; the real crawl reads
//! these sites like any others.

mod lists;
mod markup;
mod pages;
mod serve;
mod sites;
mod story;
mod table;
mod world;

pub use serve::{Answered, Demo, serve};
pub use sites::{Listing, Look, SITES, Site};
pub use story::{Block, Story};
pub use table::STORIES;
pub use world::{Document, World};
