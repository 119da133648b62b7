//! The keys as they are once the configuration has had its say: which key does what at which place.

use std::str::FromStr;

use crate::tui::keys::{Action, BINDINGS, Binding, Key, Place};

/// A line of the table of keys at one place, with the keys that it has now.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What it does.
    pub binding: &'static Binding,
    /// Where.
    pub place: Place,
    /// The keys, the one to advertise first; none where it was taken away.
    pub keys: Vec<Key>,
}

/// All keys.
#[derive(Clone, Debug)]
pub struct Keymap {
    bound: Vec<Bound>,
}

/// Why some keys cannot be given to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFault {
    /// Which of the changes is wrong.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

impl Default for Keymap {
    fn default() -> Keymap {
        let at = |binding: &'static Binding| move |place: &Place| Bound { binding, place: *place, keys: binding.keys.to_vec() };
        Keymap { bound: BINDINGS.iter().flat_map(|binding| binding.places.iter().map(at(binding))).collect() }
    }
}

impl Keymap {
    /// Gives actions other keys: `star` wherever it can be done, or `incident.star` at one place. The error holds every mistake.
    pub fn with(changes: &[(&str, Vec<String>)]) -> Result<Keymap, Vec<KeyFault>> {
        let mut map = Keymap::default();
        let mut faults = Vec::new();
        for (at, (name, keys)) in changes.iter().enumerate() {
            if let Err((what, hint)) = map.change(name, keys) {
                faults.push(KeyFault { at, what, hint });
            }
        }
        faults.extend(map.clash().map(|(keys, what)| KeyFault {
            at: changes.iter().position(|(_, given)| given.contains(&keys)).unwrap_or(0),
            what,
            hint: "give the other one another key as well, or [] for none".to_owned(),
        }));
        if faults.is_empty() { Ok(map) } else { Err(faults) }
    }

    fn change(&mut self, name: &str, keys: &[String]) -> Result<(), (String, String)> {
        let (place, action) = match name.split_once('.') {
            Some((place, action)) => (Some(place), action),
            None => (None, name),
        };
        let fits = |bound: &&mut Bound| {
            self::name(bound.binding.action) == action && place.is_none_or(|place| bound.place.word() == place)
        };
        let keys: Vec<Key> = keys
            .iter()
            .map(|key| key.parse().map_err(|()| (format!("\"{key}\" is no key"), KEYS.to_owned())))
            .collect::<Result<_, _>>()?;
        let mut any = false;
        for bound in self.bound.iter_mut().filter(fits) {
            bound.keys.clone_from(&keys);
            any = true;
        }
        if any { Ok(()) } else { Err((format!("\"{name}\" is nothing that a key does"), near(action))) }
    }

    /// Returns the first key that means two things at one place.
    fn clash(&self) -> Option<(String, String)> {
        Place::ALL.into_iter().find_map(|place| {
            let all: Vec<(&Bound, Key)> =
                self.bound(place).flat_map(|bound| bound.keys.iter().map(move |key| (bound, *key))).collect();
            all.iter().enumerate().find_map(|(at, (one, key))| {
                let (other, _) = all[..at].iter().find(|(_, other)| other == key)?;
                let (one, other) = (name(one.binding.action), name(other.binding.action));
                Some((key.to_string(), format!("{key} would mean both {other} and {one} at {}", place.word())))
            })
        })
    }

    /// Returns what a key does at a place.
    pub fn action(&self, place: Place, key: Key) -> Option<Action> {
        self.bound(place).find(|bound| bound.keys.contains(&key)).map(|bound| bound.binding.action)
    }

    /// Returns the first key that does something at a place; None where none does.
    pub fn key(&self, place: Place, action: Action) -> Option<Key> {
        self.bound(place).find(|bound| bound.binding.action == action).and_then(|bound| bound.keys.first().copied())
    }

    /// Returns the lines of the table that hold at a place.
    pub fn bound(&self, place: Place) -> impl Iterator<Item = &Bound> {
        self.bound.iter().filter(move |bound| bound.place == place)
    }
}

const KEYS: &str =
    "write a character, Ctrl-x, or one of Space Enter Esc Tab Shift-Tab Up Down Left Right Home End PgUp PgDn Backspace Delete";

/// Returns the name of an action in the configuration: `NextPane` is `next-pane`.
pub fn name(action: Action) -> String {
    serde_json::to_value(action).ok().and_then(|name| Some(name.as_str()?.to_owned())).unwrap_or_default()
}

/// Returns the action that was meant, if one is like it, else all of them.
fn near(asked: &str) -> String {
    let mut names: Vec<String> = BINDINGS.iter().map(|binding| name(binding.action)).collect();
    names.sort_unstable();
    names.dedup();
    match names.iter().find(|name| strsim::damerau_levenshtein(name, asked) <= 2) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("one of {}", names.join(" ")),
    }
}

impl FromStr for Key {
    type Err = ();

    /// Reads a key as the help writes it.
    fn from_str(text: &str) -> Result<Key, ()> {
        let named = [
            Key::Char(' '),
            Key::Enter,
            Key::Esc,
            Key::Tab,
            Key::BackTab,
            Key::Up,
            Key::Down,
            Key::Left,
            Key::Right,
            Key::Home,
            Key::End,
            Key::PageUp,
            Key::PageDown,
            Key::Backspace,
            Key::Delete,
        ];
        if let Some(key) = named.into_iter().find(|key| key.to_string().eq_ignore_ascii_case(text)) {
            return Ok(key);
        }
        let (control, rest) = match text.strip_prefix("Ctrl-").or_else(|| text.strip_prefix("ctrl-")) {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if control && c.is_ascii_alphanumeric() => Ok(Key::Ctrl(c.to_ascii_lowercase())),
            (Some(c), None) if !control && !c.is_whitespace() && !c.is_control() => Ok(Key::Char(c)),
            _ => Err(()),
        }
    }
}
