//! Names of the same body, person or group in one article are one entity.

mod short_forms;

use std::collections::{HashMap, HashSet};

use crate::base::fold::fold;
use crate::base::token::Shape;
use crate::rules::Rules;
use crate::rules::gazetteer::{Entry, Sort};

use super::domains::{self, is_domain};
use super::names::{Name, NameSort};
use super::text::Text;

/// The most descriptions that are compared with each other.
const MOST_DESCRIBED: usize = 64;

/// So many names before and behind are looked at for the one that a bare word stands for.
const FARTHEST: usize = 200;

/// The number of an entity among those of its article.
pub type EntityId = usize;

/// What several names of one article stand for.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Every way in which the article writes it, the shortest full one first.
    pub names: Vec<String>,
    /// What sort of thing it is.
    pub sort: NameSort,
    /// Its names, by number, in order.
    pub mentions: Vec<usize>,
    /// Its entry in a table of names.
    pub known: Option<Entry>,
    /// Whether the title names it.
    pub in_title: bool,
}

/// The entities of an article, and which one each name stands for.
#[derive(Clone, Debug, Default)]
pub struct Entities {
    /// The entities.
    pub all: Vec<Entity>,
    /// The entity of each name, by the name's number.
    pub of_name: Vec<EntityId>,
}

/// One name as the clustering sees it.
struct Written {
    words: Vec<String>,
    core: Vec<String>,
    text: String,
    /// Whether it is a bare word for a body, as in "the University", which is whatever university was named before.
    bare: bool,
}

/// Groups the names of an article into entities.
pub fn group(text: &Text<'_>, names: &[Name], rules: &Rules) -> Entities {
    let written: Vec<Written> = names.iter().map(|name| write(text, name, rules)).collect();
    let mut sets = Sets { parent: (0..names.len()).collect() };
    join_equal(names, &written, &mut sets);
    join_bare(names, &written, &mut sets);
    short_forms::join_brackets(text, names, &written, &mut sets);
    short_forms::join_acronyms(names, &written, &mut sets);
    join_parts(names, &written, rules, &mut sets);
    join_described(names, &written, rules, &mut sets);
    collect(text, names, &written, &mut sets)
}

fn write(text: &Text<'_>, name: &Name, rules: &Rules) -> Written {
    let tokens = &text.tokens[name.tokens.clone()];
    let mut whole = String::new();
    for (at, token) in tokens.iter().enumerate() {
        let glued = at == 0 || tokens[at - 1].span.end == token.span.start;
        if !glued {
            whole.push(' ');
        }
        whole.push_str(token.raw);
    }
    let mut words: Vec<String> = fold(&whole).split(' ').map(str::to_owned).collect();
    if words.first().is_some_and(|word| word == "the") && words.len() > 1 {
        words.remove(0);
    }
    let class = &rules.class;
    let mut core: Vec<String> = words
        .iter()
        .filter(|word| {
            rules.lexicon.look_up(word).classes & class.legal == 0
                && !matches!(word.as_str(), "s" | "of" | "and" | "group" | "the")
        })
        .cloned()
        .collect();
    if core.is_empty() {
        core.clone_from(&words);
    }
    let heads = |word: &String| rules.lexicon.look_up(word).classes & (class.org_head | class.of_head) != 0;
    let bare = words.len() == 1
        && heads(&words[0])
        && name.known.is_none()
        && tokens.iter().all(|token| token.shape == Shape::Capital)
        && is_definite(text, name);
    Written { words, core, text: whole, bare }
}

/// Tells whether "the" stands before a name, or nothing does.
fn is_definite(text: &Text<'_>, name: &Name) -> bool {
    let start = text.sentences[name.sentence].tokens.start;
    name.tokens.start == start || text.small(name.tokens.start - 1) == "the"
}

/// Joins "the University" to the university that was named last before it, or else to the first one behind.
fn join_bare(names: &[Name], written: &[Written], sets: &mut Sets) {
    let mut unknown: HashMap<&str, usize> = HashMap::new();
    for number in (0..names.len()).filter(|&number| written[number].bare) {
        let word = &written[number].words[0];
        let is_it = |other: &usize| {
            names[*other].sort == NameSort::Body && written[*other].words.len() > 1 && written[*other].words.contains(word)
        };
        let before = (number.saturating_sub(FARTHEST)..number).rev();
        let behind = number + 1..names.len().min(number + FARTHEST);
        let meant = before.chain(behind).find(is_it);
        sets.join(meant.unwrap_or(*unknown.entry(word).or_insert(number)), number);
    }
}

fn join_equal(names: &[Name], written: &[Written], sets: &mut Sets) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for (number, name) in written.iter().enumerate() {
        if names[number].sort == NameSort::Described || name.bare {
            continue;
        }
        let key = match names[number].known {
            Some(entry) if matches!(entry.sort, Sort::Body | Sort::Attacker) => format!("#{:?}{}", entry.sort, entry.number),
            _ => name.core.concat(),
        };
        let at = *first.entry(key).or_insert(number);
        sets.join(at, number);
        let label = if is_domain(&name.text) { domains::label(&name.text) } else { name.core.concat() };
        let at = *first.entry(label).or_insert(number);
        sets.join(at, number);
        let undotted = is_domain(&name.text).then(|| name.words.concat());
        for label in other_labels(name).chain(undotted) {
            let at = *first.entry(label).or_insert(number);
            sets.join(at, number);
        }
    }
}

/// Returns the other labels under which a name is the same: "City of Oakland" and "Oakland", "Hotels Group" and "Hotel Group".
fn other_labels(name: &Written) -> impl Iterator<Item = String> {
    const HEADS: [&str; 7] = ["borough", "city", "commonwealth", "state", "town", "township", "village"];
    let of_place = name.words.len() > 2 && name.words[1] == "of" && HEADS.contains(&name.words[0].as_str());
    let place = of_place.then(|| name.words[2..].concat());
    let singular =
        |word: &String| if word.len() > 4 && !word.ends_with("ss") { word.trim_end_matches('s') } else { word }.to_owned();
    let plain = (name.core.len() > 1).then(|| name.core.iter().map(singular).collect::<String>());
    place.into_iter().chain(plain)
}

/// Joins "Sega" to "Sega Sammy Holdings": the words of one are among the other's, and begin or end it.
fn join_parts(names: &[Name], written: &[Written], rules: &Rules, sets: &mut Sets) {
    let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    for (number, name) in written.iter().enumerate() {
        let is_no_name = names[number].sort == NameSort::Described || name.bare;
        if is_no_name || seen.insert(&name.core, number).is_some() || name.core.len() < 2 {
            continue;
        }
        for word in [name.core.first(), name.core.last()].into_iter().flatten() {
            by_word.entry(word).or_default().push(number);
        }
    }
    for number in seen.into_values().collect::<std::collections::BTreeSet<_>>() {
        let short = &written[number];
        let Some(longer) = short.core.first().and_then(|word| by_word.get(word.as_str())) else { continue };
        let candidates =
            longer.iter().filter(|&&other| may_be_part(short, &written[other], names[number].sort, names[other].sort, rules));
        let candidates: Vec<usize> = candidates.copied().take(8).collect();
        if candidates.iter().all(|&other| !are_rivals(&written[other], &written[candidates[0]])) {
            candidates.iter().for_each(|&other| sets.join(other, number));
        }
    }
}

/// Tells whether two names that begin alike are those of two bodies: "Baltimore City Hall" and "Baltimore City Public Schools".
fn are_rivals(one: &Written, other: &Written) -> bool {
    const HEADS: [&str; 14] = [
        "airport",
        "bank",
        "church",
        "clinic",
        "college",
        "council",
        "county",
        "hall",
        "hospital",
        "library",
        "police",
        "school",
        "schools",
        "university",
    ];
    let head = |name: &Written| name.core.last().and_then(|word| HEADS.iter().position(|head| head == word));
    head(one).is_some() && head(other).is_some() && head(one) != head(other)
}

fn may_be_part(short: &Written, long: &Written, sort: NameSort, other: NameSort, rules: &Rules) -> bool {
    if short.core.len() >= long.core.len() || matches!(sort, NameSort::Nationality | NameSort::Place | NameSort::Malware) {
        return false;
    }
    if (sort == NameSort::Attacker) != (other == NameSort::Attacker)
        || matches!(other, NameSort::Observer(_)) != matches!(sort, NameSort::Observer(_))
    {
        return false;
    }
    let class = &rules.class;
    let known = |word: &String| rules.lexicon.look_up(word).classes;
    let person = other == NameSort::Person;
    let telling =
        short.core.iter().any(|word| word.len() > 2 && known(word) & (class.org_head | class.of_head | class.given) == 0);
    let begins = long.core.starts_with(&short.core);
    let ends = long.core.ends_with(&short.core);
    if person {
        return ends && short.core.len() == 1 || begins && short.core.len() > 1;
    }
    begins && (telling || short.core.len() > 2)
}

/// Joins descriptions of which one holds all words of the other: "a Michigan bank" and "a large Michigan bank".
fn join_described(names: &[Name], written: &[Written], rules: &Rules, sets: &mut Sets) {
    let class = &rules.class;
    let telling = |word: &&String| rules.lexicon.look_up(word).classes & (class.det | class.prep) == 0;
    let all = (0..names.len()).filter(|&number| names[number].sort == NameSort::Described);
    let mut before: Vec<(usize, HashSet<&String>)> = Vec::new();
    for number in all.take(MOST_DESCRIBED) {
        let words: HashSet<&String> = written[number].words.iter().filter(telling).collect();
        let same = before.iter().find(|(_, other)| other.is_subset(&words) || words.is_subset(other));
        if let Some((other, _)) = same {
            sets.join(*other, number);
        }
        before.push((number, words));
    }
}

fn collect(text: &Text<'_>, names: &[Name], written: &[Written], sets: &mut Sets) -> Entities {
    let mut entities = Entities::default();
    let mut number_of: HashMap<usize, EntityId> = HashMap::new();
    for (number, name) in names.iter().enumerate() {
        let root = sets.root(number);
        let id = *number_of.entry(root).or_insert_with(|| {
            entities.all.push(Entity { names: Vec::new(), sort: name.sort, mentions: Vec::new(), known: None, in_title: false });
            entities.all.len() - 1
        });
        entities.of_name.push(id);
        entities.all[id].mentions.push(number);
    }
    for entity in &mut entities.all {
        describe(entity, text, names, written);
    }
    entities
}

fn describe(entity: &mut Entity, text: &Text<'_>, names: &[Name], written: &[Written]) {
    let mut sorts: Vec<NameSort> = entity.mentions.iter().map(|&number| names[number].sort).collect();
    sorts.sort_unstable();
    entity.sort = most_common(&sorts);
    entity.in_title = entity.mentions.iter().any(|&number| text.sentences[names[number].sentence].in_title);
    let attacks = sorts.contains(&NameSort::Attacker);
    if attacks {
        entity.sort = NameSort::Attacker;
    } else if entity.sort == NameSort::Place && sorts.contains(&NameSort::Body) {
        entity.sort = NameSort::Body;
    }
    let wanted = if attacks { Sort::Attacker } else { Sort::Body };
    entity.known = entity.mentions.iter().find_map(|&number| names[number].known.filter(|entry| entry.sort == wanted));
    let mut ways: Vec<(&str, usize, [bool; 2])> = Vec::new();
    for &number in &entity.mentions {
        let way = written[number].text.as_str();
        let behind = [written[number].bare, text.sentences[names[number].sentence].title_case];
        match ways.iter_mut().find(|known| known.0 == way) {
            Some(known) => known.1 += 1,
            None => ways.push((way, 1, behind)),
        }
    }
    ways.sort_by_key(|(way, count, [bare, heading])| (*bare, rank(way, *count), *heading));
    entity.names = ways.into_iter().map(|(way, ..)| way.to_owned()).collect();
}

/// Orders the ways in which a name is written: a name of letters before a host name, a full one before an acronym, the commoner first;
/// else as the text comes to them.
fn rank(way: &str, count: usize) -> (bool, bool, std::cmp::Reverse<usize>) {
    let acronym = way.len() <= 5 && is_upper(way);
    (is_domain(way), acronym, std::cmp::Reverse(count))
}

fn is_upper(way: &str) -> bool {
    let mut shape = Shape::Mark;
    crate::base::token::tokens(way, |_, _, found| shape = found);
    shape == Shape::Upper
}

fn most_common(sorts: &[NameSort]) -> NameSort {
    let mut best = (0, NameSort::Body);
    let mut at = 0;
    while at < sorts.len() {
        let run = sorts[at..].iter().take_while(|sort| **sort == sorts[at]).count();
        if run > best.0 {
            best = (run, sorts[at]);
        }
        at += run;
    }
    best.1
}

/// Disjoint sets, each known by its smallest member.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn root(&mut self, member: usize) -> usize {
        let mut at = member;
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (a, b) = (self.root(one), self.root(other));
        self.parent[a.max(b)] = a.min(b);
    }
}
