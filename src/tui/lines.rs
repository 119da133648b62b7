//! Lines of text as data: pieces with a tone, wrapped and cut by terminal columns. Knows no terminal.
//!
//! Everything foreign passes through [`Piece::new`] or [`shown`], which drop what could act on a terminal.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::base::safe;
use crate::model::report::{Field, Kind};

/// What a piece of text is, from which the view chooses how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Running text.
    #[default]
    Plain,
    /// What the eye should find first.
    Strong,
    /// What it may pass over.
    Dim,
    /// Words quoted from an article.
    Quote,
    /// An address.
    Link,
    /// Something wrong.
    Warn,
    /// Words that the search found.
    Hit,
    /// Words that an article has no more.
    Gone,
    /// Words that were added to an article.
    Added,
    /// A kind of incident.
    Kind(Kind),
    /// Words from which a field was read.
    Field(Field),
    /// The same, where it is the one that was jumped to.
    Here(Field),
}

/// A run of text in one tone, safe to draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text, without line breaks.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

impl Piece {
    /// Makes a piece of foreign text: what is unsafe is dropped, line breaks and tabs become spaces.
    pub fn new(text: &str, tone: Tone) -> Piece {
        Piece { text: shown(text), tone }
    }
}

/// One line of the screen.
pub type Line = Vec<Piece>;

/// Returns foreign text as it may be drawn on one line: nothing unsafe, line breaks and tabs as spaces.
pub fn shown(text: &str) -> String {
    safe::clean(text).replace(['\n', '\t', '\r'], " ")
}

/// Returns the columns that a text takes on a terminal.
pub fn columns(text: &str) -> usize {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.len();
    }
    text.graphemes(true).map(grapheme_columns).sum()
}

fn grapheme_columns(grapheme: &str) -> usize {
    if grapheme.chars().any(char::is_control) || grapheme.chars().all(safe::is_unsafe) { 0 } else { grapheme.width() }
}

/// Returns the text cut to at most `width` columns; what is cut ends in `mark`.
pub fn cut(text: &str, width: usize, mark: &str) -> String {
    let text = shown(text);
    if columns(&text) <= width {
        return text;
    }
    let room = width.saturating_sub(columns(mark));
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme_columns(grapheme);
        if used + wide > room {
            break;
        }
        out.push_str(grapheme);
        used += wide;
    }
    if columns(mark) <= width {
        out.push_str(mark);
    }
    out
}

/// Returns the text cut or padded with spaces to exactly `width` columns.
pub fn fit(text: &str, width: usize, mark: &str) -> String {
    let mut out = cut(text, width, mark);
    let used = columns(&out);
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    out
}

/// Returns the text cut to `width` columns, with spaces before it where it is shorter.
pub fn fit_right(text: &str, width: usize, mark: &str) -> String {
    let out = cut(text, width, mark);
    let used = columns(&out);
    format!("{}{out}", " ".repeat(width.saturating_sub(used)))
}

/// Returns the words of a search that may stand in a text, in lower case.
pub fn needles(search: &str) -> Vec<String> {
    let words = search.split([' ', '"', ':', '(', ')', '*', '~', ',']).map(str::to_lowercase);
    words.filter(|word| word.chars().count() > 1).collect()
}

/// Returns where a text holds one of the needles, which are in lower case; the case of the text does not matter.
pub fn hits(text: &str, needles: &[String]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.char_indices() {
        let longest = needles.iter().filter_map(|needle| matched(&text[start..], needle)).max();
        found.extend(longest.map(|length| start..start + length));
    }
    found
}

/// Returns the length of the start of a text that is the needle, if it begins so.
fn matched(text: &str, needle: &str) -> Option<usize> {
    let mut rest = needle.chars().peekable();
    for (at, c) in text.char_indices() {
        if rest.peek().is_none() {
            return Some(at);
        }
        for lower in c.to_lowercase() {
            rest.next_if_eq(&lower)?;
        }
    }
    rest.peek().is_none().then_some(text.len())
}

/// Returns the byte ranges of the lines into which a text falls when no line may be wider than `width` columns.
///
/// Lines break at spaces, after dashes, between wide characters (which need no spaces), and within a word only if it is longer
/// than a line. Spaces at the end of a line belong to none. A text without a visible character gives no line.
pub fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(2);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut used = 0;
    let mut break_at: Option<(usize, usize)> = None;
    for (at, grapheme) in text.grapheme_indices(true) {
        let space = grapheme.chars().all(char::is_whitespace);
        let wide = if space { 1 } else { grapheme_columns(grapheme) };
        if space {
            if used == 0 {
                start = at + grapheme.len();
                continue;
            }
            break_at = Some((at + grapheme.len(), used + wide));
            used += wide;
            continue;
        }
        if used + wide > width {
            let (next, before) = match break_at.take() {
                Some(point) if point.0 > start => point,
                _ => (at, used),
            };
            push_line(text, start..next, &mut lines);
            start = next;
            used = used.saturating_sub(before);
        }
        used += wide;
        let end = at + grapheme.len();
        if wide == 2 || grapheme == "-" || grapheme == "–" || grapheme == "/" {
            break_at = Some((end, used));
        }
    }
    push_line(text, start..text.len(), &mut lines);
    lines
}

fn push_line(text: &str, range: Range<usize>, lines: &mut Vec<Range<usize>>) {
    let line = &text[range.clone()];
    let trimmed = line.trim_end();
    if !trimmed.is_empty() {
        lines.push(range.start..range.start + trimmed.len());
    }
}

/// Returns pieces wrapped into lines, the first after `first` columns of something else, the others after `hang` spaces.
pub fn flow(pieces: &[Piece], width: usize, first: usize, hang: usize) -> Vec<Line> {
    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let room = width.saturating_sub(hang.max(first)).max(8);
    let mut lines = Vec::new();
    for (i, range) in wrap(&text, room).into_iter().enumerate() {
        let mut line = Line::new();
        if i > 0 && hang > 0 {
            line.push(Piece { text: " ".repeat(hang), tone: Tone::Plain });
        }
        let mut start = 0;
        for piece in pieces {
            let end = start + piece.text.len();
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                line.push(Piece { text: text[from..to].to_owned(), tone: piece.tone });
            }
            start = end;
        }
        lines.push(line);
    }
    lines
}
