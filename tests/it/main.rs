//! The integration tests, one binary. Each module says what belongs in it.

/// Reading `sources.toml`, good and bad.
mod config;

/// What is kept and searched.
mod store;

/// The demo's news web: its stories are whole, its server answers as sites do, and the sources that ship are valid.
mod demo;
