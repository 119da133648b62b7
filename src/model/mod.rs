//! Plain data, in the order in which it comes into being. Knows neither terminal, store nor network.

pub mod article;
pub mod config;
pub mod edit;
pub mod incident;
pub mod mention;
pub mod report;
pub mod source;
pub mod value;
pub mod watch;
pub mod words;
