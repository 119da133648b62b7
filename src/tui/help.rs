//! The help: the keys from their table, and what the signs on the screen mean.

use std::ops::Range;

use crate::model::report::{Attribution, Field, Qualifier};
use crate::store::query;
use crate::tui::command;
use crate::tui::keymap::Keymap;
use crate::tui::keys::Place;
use crate::tui::lines::{Line, Piece, Tone, columns, wrap};
use crate::tui::reading;
use crate::tui::state::Look;
use crate::tui::words;

/// The columns that keys take.
const KEYS: usize = 24;

/// Returns the help as lines of at most so many columns.
pub fn lines(keys: &Keymap, look: Look, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for place in Place::ALL {
        heading(&mut lines, place.title());
        for bound in keys.bound(place).filter(|bound| !bound.keys.is_empty()) {
            let names: Vec<String> = bound.keys.iter().map(ToString::to_string).collect();
            entry(&mut lines, &names.join("  "), bound.binding.help);
        }
        lines.push(Line::new());
    }
    commands(&mut lines);
    signs(&mut lines, look);
    searching(&mut lines);
    lines.into_iter().flat_map(|line| wrapped(line, width)).collect()
}

fn commands(lines: &mut Vec<Line>) {
    heading(lines, "Commands");
    for command in command::COMMANDS {
        entry(lines, &format!(":{} {}", command.word, command.value), command.help);
    }
    lines.push(Line::new());
}

fn signs(lines: &mut Vec<Line>, look: Look) {
    heading(lines, "Signs");
    for attribution in [Attribution::Confirmed, Attribution::Claimed, Attribution::Suspected, Attribution::Denied] {
        let sign = words::attribution_sign(attribution, look.ascii);
        let text = format!("attacker {}: {}", attribution.word(), words::attribution_meaning(attribution));
        entry(lines, sign, &text);
    }
    for (qualifier, meaning) in
        [(Qualifier::AtLeast, "at least so many"), (Qualifier::AtMost, "at most so many"), (Qualifier::About, "about so many")]
    {
        entry(lines, words::sign(qualifier, look.ascii), meaning);
    }
    let marks = format!("+  {}  x  {}", words::star(look.ascii), words::new(look.ascii));
    entry(lines, &marks, "before a victim: picked; starred; hidden; new or changed since you last looked");
    entry(lines, "90 %, 2 sources", "after a value: how sure its surest report is, and how many independent sources say so");
    entry(lines, "bar", "how many were affected, a tenth of its full length for every power of ten");
    let before = words::sign(Qualifier::AtMost, look.ascii);
    entry(lines, before, "before a victim: on that day it became known or was first reported; when it happened is not known");
    entry(lines, "2011-05, 2011-06-18..19", "the day is not known better than this");
    let fields = [
        Field::Victim,
        Field::Kind,
        Field::Attackers,
        Field::Records,
        Field::Data,
        Field::Occurred,
        Field::Disclosed,
        Field::Disputed,
    ];
    for field in fields {
        let meaning = match field {
            Field::Victim => "in an article's margin: words that name the victim",
            Field::Kind => "what happened",
            Field::Attackers => "who did it",
            Field::Records => "how many were affected",
            Field::Data => "which data",
            Field::Occurred => "when it happened",
            Field::Disclosed => "when it became known",
            Field::Disputed => "that it is disputed",
        };
        entry(lines, &reading::letter(field).to_string(), meaning);
    }
    lines.push(Line::new());
}

/// The page of the language, as `breachline search --help` prints it.
fn searching(lines: &mut Vec<Line>) {
    heading(lines, "Searching");
    for (title, entries) in query::help() {
        heading(lines, &format!("  {title}"));
        for (what, meaning) in entries {
            entry(lines, what, meaning);
        }
    }
}

fn heading(lines: &mut Vec<Line>, text: &str) {
    lines.push(vec![Piece::new(text, Tone::Strong)]);
}

/// Breaks a line whose meaning is longer than there is room: the rest stands below, where meanings do.
fn wrapped(line: Line, width: usize) -> Vec<Line> {
    let [left, right] = line.as_slice() else { return vec![line] };
    let beside = width.saturating_sub(columns(&left.text));
    if columns(&right.text) <= beside {
        return vec![line];
    }
    let below = Piece::new(&" ".repeat(KEYS + 2), Tone::Plain);
    let mut parts = wrap(&right.text, beside.min(width.saturating_sub(KEYS + 2))).into_iter();
    let meaning = |part: Range<usize>| Piece::new(&right.text[part], Tone::Dim);
    let first: Line = [left.clone()].into_iter().chain(parts.next().map(meaning)).collect();
    [first].into_iter().chain(parts.map(|part| vec![below.clone(), meaning(part)])).collect()
}

fn entry(lines: &mut Vec<Line>, left: &str, right: &str) {
    let pad = KEYS.saturating_sub(columns(left)).max(2);
    lines.push(vec![Piece::new(&format!("  {left}{}", " ".repeat(pad)), Tone::Plain), Piece::new(right, Tone::Dim)]);
}
