//! The opened article: its head, which letter means which field, and the text with its evidence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::library::Opened;
use crate::model::article::PublishedFrom;
use crate::tui::keymap::Keymap;
use crate::tui::keys::{Action, Place};
use crate::tui::layout::ARTICLE_HEAD;
use crate::tui::lines::{self, Line, Piece, Tone};
use crate::tui::reading::{self, Text};
use crate::tui::state::{Reading, State};
use crate::tui::view::theme::Theme;
use crate::tui::view::{line_at, text_at};
use crate::tui::words;

pub(super) fn draw(state: &State, reading: &Reading, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let Some(opened) = &reading.opened else {
        let (text, style) = match &reading.fault {
            Some(fault) => (lines::shown(fault), theme.warn()),
            None => ("reading".to_owned(), theme.dim()),
        };
        text_at(buffer, Rect { height: 1.min(area.height), ..inner }, &text, style);
        return;
    };
    for (i, line) in head(opened, reading, &state.keys, inner.width.into(), theme.ascii).iter().enumerate() {
        let at = Rect { y: area.y + i as u16, height: 1, ..inner };
        if i < usize::from(area.height) {
            line_at(buffer, at, line, theme);
        }
    }
    let room = usize::from(area.height).saturating_sub(ARTICLE_HEAD);
    let needles = lines::needles(&state.list.question.text);
    for row in 0..room {
        if let Some(changes) = &reading.changes {
            let at = Rect { y: area.y + (ARTICLE_HEAD + row) as u16, height: 1, ..inner };
            let Some(line) = changes.lines.get(reading.scroll + row) else { break };
            line_at(buffer, at, line, theme);
            continue;
        }
        let line = reading::line(&opened.article, &reading.text, reading.scroll + row, reading.mark, &needles);
        let at = Rect { y: area.y + (ARTICLE_HEAD + row) as u16, height: 1, ..inner };
        line_at(buffer, at, &line, theme);
    }
}

fn head(opened: &Opened, reading: &Reading, keys: &Keymap, width: usize, ascii: bool) -> [Line; ARTICLE_HEAD] {
    let article = &opened.article;
    let mark = if ascii { "..." } else { "…" };
    let title = if article.title.is_empty() { "(no title)" } else { &article.title };
    let how = match article.published_from {
        PublishedFrom::Arrival => " (the day it was fetched; it gives none)",
        PublishedFrom::Url => " (by its address)",
        PublishedFrom::Text => " (by its text)",
        _ => "",
    };
    let source = format!("{}  {}{how}  ", opened.source, article.published);
    let room = width.saturating_sub(lines::columns(&source));
    let address = lines::cut(article.url.as_str(), room, mark);
    [
        vec![Piece::new(&lines::cut(title, width, mark), Tone::Strong)],
        vec![Piece::new(&source, Tone::Dim), Piece::new(&address, Tone::Link)],
        if reading.changes.is_some() { Line::new() } else { legend(&reading.text) },
        below(opened, reading, keys),
    ]
}

/// Names the fields whose evidence is in the text, each in its own look with its letter.
fn legend(text: &Text) -> Line {
    let mut fields: Vec<_> = text.marks.iter().map(|mark| mark.field).collect();
    fields.sort_unstable();
    fields.dedup();
    let mut line = Line::new();
    for field in fields {
        line.push(Piece::new(&format!("{} ", reading::letter(field)), Tone::Dim));
        line.push(Piece::new(field.word(), Tone::Field(field)));
        line.push(Piece::new("  ", Tone::Plain));
    }
    if text.marks.is_empty() {
        line.push(Piece::new("no words of evidence are marked here", Tone::Dim));
    }
    line
}

/// Says that it changed after it was first read, and that some evidence could not be marked.
fn below(opened: &Opened, reading: &Reading, keys: &Keymap) -> Line {
    let mut line = Line::new();
    if reading.text.lost > 0 && reading.changes.is_none() {
        line.push(Piece::new("some evidence is from another version of the text and is not marked  ", Tone::Warn));
    }
    if opened.versions.len() > 1 {
        let count = words::counted(opened.versions.len() as u64, "version", "versions");
        let key = keys.key(Place::Article, Action::Changes).map(|key| key.to_string()).unwrap_or_default();
        let what = if reading.changes.is_some() { "shows the text" } else { "shows what changed" };
        line.push(Piece::new(&count, Tone::Strong));
        line.push(Piece::new(&format!(" since it was first read; {key} {what}"), Tone::Dim));
    }
    line
}
