//! The values of one incident, field by field, from the sentences that speak of it.

pub mod attackers;
pub mod attribution;
pub mod data;
pub mod dates;
pub mod kind;
pub mod records;
mod speakers;
