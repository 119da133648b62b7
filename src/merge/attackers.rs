//! Are those held responsible the same? By their names, and by the country that they are said to come from.

use crate::base::fold::fold;
use crate::merge::same::Why;
use crate::merge::words::{self, ATTACKER_WORDS, SMALL, has};
use crate::model::report::{Attacker, Attribution};

/// One held responsible, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Culprit {
    /// Its names, folded, without words such as "gang", run together; none for a mere description. Sorted.
    names: Vec<String>,
    /// The countries that its names tell, sorted.
    nations: Vec<&'static str>,
    /// Whether it is more than suspected.
    firm: bool,
}

/// All that a report holds responsible; those who only deny are left out.
#[derive(Clone, Debug)]
pub(super) struct Culprits(Vec<Culprit>);

impl Culprits {
    pub(super) fn new(attackers: &[Attacker]) -> Culprits {
        Culprits(attackers.iter().filter(|attacker| attacker.attribution != Attribution::Denied).map(Culprit::new).collect())
    }

    /// Tells whether nobody is held responsible.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Culprit {
    fn new(attacker: &Attacker) -> Culprit {
        let (mut names, mut nations) = (Vec::new(), Vec::new());
        for text in std::iter::once(&attacker.name).chain(&attacker.aliases) {
            names.extend(identity(text));
            nations.extend(nations_in(text));
        }
        names.sort_unstable();
        names.dedup();
        nations.sort_unstable();
        nations.dedup();
        Culprit { names, nations, firm: attacker.attribution != Attribution::Suspected }
    }
}

/// Returns the name by which an attacker is known however it is written: "SamSam hacking group" is "samsam", "Fancy Bears" is "fancybear".
///
/// None for a description ("a former employee", "Chinese hackers", "state-sponsored attackers").
pub(super) fn identity(text: &str) -> Option<String> {
    let proper = text.split_whitespace().any(|word| {
        let bare = word.trim_end_matches("'s").trim_end_matches("’s");
        words::place(&fold(bare)).is_none() && word.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
    });
    if !proper || matches!(fold(text).split(' ').next(), Some("a" | "an" | "some" | "groups" | "hackers")) {
        return None;
    }
    let folded = fold(text);
    let kept: String = folded.split(' ').filter(|word| !has(ATTACKER_WORDS, word) && !has(SMALL, word)).collect();
    let kept = if kept.is_empty() { folded.replace(' ', "") } else { kept };
    let single = kept.strip_suffix('s').filter(|single| single.chars().count() >= 5 && !single.ends_with(['s', 'u', 'i']));
    Some(single.unwrap_or(&kept).to_owned())
}

fn nations_in(text: &str) -> Vec<&'static str> {
    let folded = fold(&text.replace("'s", "").replace("’s", ""));
    let words: Vec<&str> = folded.split(' ').collect();
    let mut nations = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let pair = words.get(at..at + 2).and_then(|pair| words::place(&pair.join(" ")));
        if let Some(place) = pair {
            nations.push(place);
            at += 2;
            continue;
        }
        nations.extend(words::place(words[at]));
        at += 1;
    }
    nations
}

/// Returns the reason that the attackers give; None where one side names nobody.
pub(super) fn compare(Culprits(one): &Culprits, Culprits(other): &Culprits) -> Option<Why> {
    let pairs = || one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    if pairs().any(|(a, b)| a.names.iter().any(|name| b.names.contains(name))) {
        return Some(Why::AttackerSame);
    }
    if pairs().any(|(a, b)| a.nations.iter().any(|nation| b.nations.contains(nation))) {
        return Some(Why::AttackerNation);
    }
    let told = |culprit: &&Culprit| !culprit.names.is_empty() || !culprit.nations.is_empty();
    if !one.iter().any(|culprit| told(&culprit)) || !other.iter().any(|culprit| told(&culprit)) {
        return None;
    }
    let firm = |side: &[Culprit]| side.iter().any(|culprit| culprit.firm && !culprit.names.is_empty());
    Some(if firm(one) && firm(other) { Why::AttackerContradicts } else { Why::AttackerOther })
}
