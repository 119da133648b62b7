//! What knows no word of the trade: spans of a text, days, small numbers, names folded for comparing, safe text, harmless JSON and CSV,
//! addresses, hashes, what two texts share.

pub mod address;
pub mod day;
pub mod diff;
pub mod entity;
pub mod fold;
pub mod hash;
pub mod json;
pub mod likeness;
pub mod number;
pub mod safe;
pub mod separated;
pub mod span;
pub mod token;
