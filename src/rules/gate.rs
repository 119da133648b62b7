//! The words by which the gate knows a text that may speak of an incident.

use serde::Deserialize;

const GATE: &str = include_str!("gate.toml");

/// Beginnings of words, in lower case, and what they must and must not let through.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GateWords {
    /// Words that speak of an incident by themselves, where something at stake is near.
    pub certain: Vec<String>,
    /// Words of harm; it takes two.
    pub harm: Vec<String>,
    /// What is at stake.
    pub stake: Vec<String>,
    /// Texts that pass.
    pub yes: Vec<String>,
    /// Texts that do not.
    pub no: Vec<String>,
}

impl GateWords {
    /// Reads `gate.toml`; the error says what is wrong with it.
    pub fn read() -> Result<GateWords, String> {
        toml::from_str(GATE).map_err(|fault| format!("gate.toml: {fault}"))
    }
}
