//! The names of attackers: which are names of the same.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::known::{self, KnownAttacker};
use crate::base::fold::fold;

/// The attackers that are known, by each of their folded names.
#[derive(Debug)]
pub struct Aliases {
    attackers: Vec<KnownAttacker>,
    by_name: HashMap<String, usize>,
}

impl Aliases {
    /// Returns the names that are compiled in.
    ///
    /// # Panics
    /// If the table cannot be read, which the tests of the rules rule out.
    pub fn builtin() -> &'static Aliases {
        static ALIASES: LazyLock<Aliases> = LazyLock::new(|| match known::known_attackers() {
            Ok(attackers) => Aliases::new(attackers),
            Err(fault) => panic!("the attackers that are compiled in cannot be read: {fault}"),
        });
        &ALIASES
    }

    fn new(attackers: Vec<KnownAttacker>) -> Aliases {
        let mut by_name = HashMap::new();
        for (number, attacker) in attackers.iter().enumerate() {
            for name in names(attacker) {
                by_name.entry(fold(name)).or_insert(number);
            }
        }
        Aliases { attackers, by_name }
    }

    /// Returns every name of the attacker that bears this one; none if it is not known.
    pub fn of(&self, name: &str) -> impl Iterator<Item = &str> {
        let attacker = self.by_name.get(&fold(name)).and_then(|number| self.attackers.get(*number));
        attacker.into_iter().flat_map(names)
    }
}

fn names(attacker: &KnownAttacker) -> impl Iterator<Item = &str> {
    std::iter::once(&attacker.name).chain(&attacker.aliases).chain(&attacker.weak_aliases).map(String::as_str)
}
