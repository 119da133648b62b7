//! Reports and incidents in words for a person.

use unicode_width::UnicodeWidthStr;

use super::console::{Console, Style};
use super::failure::Failure;
use crate::base::day::DayRange;
pub(super) use crate::base::span::sentence_around;
use crate::model::words;
pub(super) use crate::model::words::{
    act, attackers, bytes, counted, fields, figure_in_words as figure, grouped, incident_fields, told_figure, value,
};

pub(super) fn days(days: Option<DayRange>) -> String {
    days.map(words::days).unwrap_or_default()
}

/// Returns how many sources something is from: `1 source`, `3 independent sources`.
pub(super) fn sources(count: usize) -> String {
    if count == 1 { "1 source".to_owned() } else { format!("{count} independent sources") }
}

/// Returns a length of time for a person: `0.8 s`, `42 s`, `3 min 5 s`, `2 h 10 min`.
pub(super) fn seconds(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..10 => format!("{seconds:.1} s"),
        10..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
    }
}

/// Prints a text beside its heading, wrapped to the terminal with its lines below each other.
pub(super) fn beside(head: &str, indent: usize, text: &str, style: Option<Style>, console: &mut Console) -> Result<(), Failure> {
    let room = if console.out_is_terminal { console.width.saturating_sub(indent).max(20) } else { usize::MAX };
    let mut head = console.paint(Style::Cyan, &format!("{head:<indent$}"));
    for line in lines(text, room) {
        let line = style.map_or_else(|| console.plain(&line), |style| console.paint(style, &line));
        console.say(format!("{head}{line}"))?;
        head = " ".repeat(indent);
    }
    Ok(())
}

/// Breaks a text at its spaces into lines of at most that many columns; a longer word has a line of its own.
fn lines(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().map(|line| (line.width(), line));
        match line {
            Some((0, line)) => line.push_str(word),
            Some((used, line)) if used + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
