//! What knows no word of the trade: spans of a text, days, names folded for comparing, safe text, addresses.

pub mod address;
pub mod day;
pub mod entity;
pub mod fold;
pub mod safe;
pub mod span;
pub mod token;
