//! Knowledge as data, compiled in: who attacks, who is hit, what happens, how figures and days are said.

use std::sync::LazyLock;

/// Everything that the extractor knows beyond its passes.
#[derive(Debug, Default)]
pub struct Rules {}

impl Rules {
    /// Returns the rules that are compiled in.
    pub fn builtin() -> &'static Rules {
        static RULES: LazyLock<Rules> = LazyLock::new(Rules::default);
        &RULES
    }

    /// Returns a word that changes whenever the rules or the passes that use them do; it stamps what was derived.
    pub fn digest(&self) -> String {
        String::new()
    }
}
