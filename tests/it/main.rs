//! The integration tests, one binary. Each module says what belongs in it.

/// Reading `sources.toml`, good and bad.
mod config;

/// What is kept and searched.
mod store;
