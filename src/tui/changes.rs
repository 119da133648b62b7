//! What changed from one version of an article to the next, as lines. Pure text, laid out for a width.

use jiff::Timestamp;

use crate::base::diff::{self, Piece as Words};
use crate::store::kept::Version;
use crate::tui::lines::{Line, Piece, Tone, flow};
use crate::tui::reading::WIDEST;

/// What changed, laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The lines.
    pub lines: Vec<Line>,
    /// The lines on which a paragraph begins that differs.
    pub starts: Vec<usize>,
}

/// Lays out for `width` columns how each version differs from the one before, the latest change first: what is gone after a `-`, what is
/// new after a `+`, the words that differ within a paragraph in brackets.
pub fn lay_out(versions: &[Version], width: usize) -> Changes {
    let width = width.clamp(12, WIDEST);
    let mut changes = Changes::default();
    for pair in versions.windows(2).rev() {
        let [old, new] = pair else { continue };
        if !changes.lines.is_empty() {
            changes.lines.push(Line::new());
        }
        let heading = format!("from {} to {}", moment(old.arrived_at), moment(new.arrived_at));
        changes.lines.push(vec![Piece::new(&heading, Tone::Strong)]);
        for paragraph in diff::changes(&whole(old), &whole(new)) {
            changes.starts.push(changes.lines.len());
            side(&mut changes.lines, &paragraph, true, width);
            side(&mut changes.lines, &paragraph, false, width);
        }
    }
    changes
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn whole(version: &Version) -> String {
    format!("{}\n{}", version.article.title, version.article.text)
}

fn side(lines: &mut Vec<Line>, paragraph: &[Words<'_>], old: bool, width: usize) {
    let has_same = paragraph.iter().any(|words| matches!(words, Words::Same(_)));
    let mut pieces = Vec::new();
    for words in diff::side(paragraph, old) {
        let tone = match words {
            Words::Same(_) => Tone::Plain,
            Words::Gone(_) => Tone::Gone,
            Words::New(_) => Tone::Added,
        };
        let text = if has_same && tone != Tone::Plain { format!("[{}]", words.text()) } else { words.text().to_owned() };
        if !pieces.is_empty() {
            pieces.push(Piece::new(" ", Tone::Plain));
        }
        pieces.push(Piece::new(&text, tone));
    }
    let mut flowed = flow(&pieces, width, 2, 2);
    if let Some(first) = flowed.first_mut() {
        first.insert(0, Piece::new(if old { "- " } else { "+ " }, if old { Tone::Gone } else { Tone::Added }));
    }
    lines.extend(flowed);
}
