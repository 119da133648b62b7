//! The integration tests, one binary. Each module says what belongs in it.

/// Pages that other crawls saved, into the store.
mod backfill;
/// The program as a whole: wiring, messages, batch layouts, exit codes. Few: show it lower down where that is possible.
mod cli;
/// Reading `sources.toml`, good and bad.
mod config;

/// The nightly job as a process: what it says and keeps of itself, the watches, the care of the data, and what no fault may break.
mod night;

/// From kept pages to incidents that are found.
mod derive;

/// What is kept and searched.
mod store;

/// The timeline: keys and messages in, effects, states and screens out.
mod tui;

/// The demo's news web: its stories are whole, its server answers as sites do, and the sources that ship are valid.
mod demo;
/// The layers of `ARCHITECTURE.md`, read off the source.
mod tidy;

/// A round of the crawl with canned replies: what is asked, kept and said.
mod crawl;
/// What is written for other tools: each format as data, hostile text, others' validators and a real browser.
mod export;
/// Extraction: days, counts and whole articles, as data; any text without a panic.
mod extract;
/// Feeds and list pages, good, odd and broken: what is read of them and which faults are told.
mod feed;
/// The network below the crawl: guard, pace, robots.txt, bounds; HTTP against a server that misbehaves.
mod fetch;
/// The tables of names: sorted, no name twice, weak names read where they are meant and nowhere else.
mod known;
/// Merging: which reports are one event in any order, which values stand, which ids incidents bear.
mod merge;
/// Pages to articles: one folder of `tests/data/page` for each case, furniture, character sets, dates, walls, hostile nesting.
mod page;
/// The index of a colleague: the same answers as from here, and none that harm where the other side is hostile, old or gone.
mod remote;
/// The rules: each reads its own examples and nothing where it must not.
mod rules;
/// The service for colleagues: what it answers over HTTP and to whom, its description, its page in a browser.
mod serve;
/// The server that `fetch` talks to.
mod server;
