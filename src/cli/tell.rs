//! Reports and incidents in words for a person.

use unicode_width::UnicodeWidthStr;

use super::console::{Console, Style};
use super::failure::Failure;
use crate::base::day::DayRange;
use crate::base::span::Span;
use crate::model::edit::Act;
use crate::model::words;
pub(super) use crate::model::words::{
    attackers, bytes, counted, fields, figure_in_words as figure, grouped, incident_fields, told_figure, value,
};

pub(super) fn days(days: Option<DayRange>) -> String {
    days.map(words::days).unwrap_or_default()
}

/// Returns what an analyst did, in words.
pub(super) fn act(act: &Act) -> String {
    match act {
        Act::Set(to) => format!("{} set to {}", to.field().word(), value(to)),
        Act::Merge { with, .. } => format!("merged with {with}"),
        Act::Split { reports } => {
            let articles: Vec<String> = reports.iter().map(|anchor| anchor.id.article.0.to_string()).collect();
            let what = if articles.len() == 1 { "report" } else { "reports" };
            format!("{what} {} split off", articles.join(", "))
        }
        Act::Hide => "hidden".to_owned(),
        Act::Unhide => "shown again".to_owned(),
        Act::Star => "starred".to_owned(),
        Act::Unstar => "star taken off".to_owned(),
        Act::Note(text) => format!("note: {text}"),
        Act::Tag(tag) => format!("tagged {tag}"),
        Act::Untag(tag) => format!("tag {tag} taken off"),
        Act::Undo(edit) => format!("edit {} undone", edit.0),
    }
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

/// Returns the sentence of a text around a span, within its line; empty if the span is not one of this text.
pub(super) fn sentence_around(text: &str, span: Span) -> &str {
    let (Some(before), Some(after)) = (text.get(..span.start), text.get(span.end..)) else { return "" };
    let ends = [". ", "! ", "? ", ".\u{201d} ", ".\" ", "\n"];
    let start = ends.iter().filter_map(|end| before.rfind(end).map(|at| at + end.len())).max().unwrap_or(0);
    let stop = ends.iter().filter_map(|end| after.find(end).map(|at| at + end.trim_end().len())).min().unwrap_or(after.len());
    text.get(start..span.end + stop).unwrap_or("").trim()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_shown_in_its_sentence() {
        let text = "First one. Sega said 1,290,755 customers were hit! Then more.\nNext line";
        let around = |quote: &str| {
            let at = text.find(quote).unwrap();
            sentence_around(text, Span::new(at, at + quote.len()))
        };
        assert_eq!(around("1,290,755 customers"), "Sega said 1,290,755 customers were hit!");
        assert_eq!(around("First"), "First one.");
        assert_eq!(around("more"), "Then more.");
        assert_eq!(around("Next line"), "Next line");
        assert_eq!(sentence_around(text, Span::new(5, 4000)), "");
    }
}
