//! An article as lines, with the words of evidence marked by field. Pure text, laid out for a width.

use std::ops::Range;

use crate::base::span::Span;
use crate::model::article::{Article, paragraphs};
use crate::model::incident::Incident;
use crate::model::report::Field;
use crate::tui::lines::{Line, Piece, Tone, hits, wrap};

/// The widest that text is set: longer lines are hard to read.
pub const WIDEST: usize = 100;
/// The columns of the margin in which the letters of the fields stand.
pub const MARGIN: usize = 4;

/// Words of evidence in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where they stand.
    pub span: Span,
    /// What was read from them.
    pub field: Field,
    /// The line on which they begin.
    pub line: usize,
}

/// An article's text laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The lines as byte ranges of the text; an empty range is a blank line.
    pub lines: Vec<Range<usize>>,
    /// The evidence, in the order of the text.
    pub marks: Vec<Mark>,
    /// How many pieces of evidence could not be found in the text.
    pub lost: usize,
}

/// Lays an article out for `width` columns, with the evidence that the incident's reports in it are built on.
pub fn lay_out(article: &Article, incident: Option<&Incident>, width: usize) -> Text {
    let mut text = Text::default();
    let width = width.saturating_sub(MARGIN).clamp(8, WIDEST);
    for paragraph in paragraphs(&article.text) {
        if !text.lines.is_empty() {
            text.lines.push(paragraph.start..paragraph.start);
        }
        for line in wrap(paragraph.slice(&article.text), width) {
            text.lines.push(paragraph.start + line.start..paragraph.start + line.end);
        }
    }
    if let Some(incident) = incident {
        mark(&mut text, article, incident);
    }
    text
}

fn mark(text: &mut Text, article: &Article, incident: &Incident) {
    for filed in incident.reports.iter().filter(|filed| filed.id.article == article.id) {
        for evidence in &filed.report.evidence {
            match find(&article.text, evidence.span, &evidence.quote) {
                Some(span) => text.marks.push(Mark { span, field: evidence.field, line: line_of(&text.lines, span.start) }),
                None => text.lost += 1,
            }
        }
    }
    text.marks.sort_by_key(|mark| (mark.span.start, mark.span.end, mark.field));
    text.marks.dedup();
}

/// Returns where a quote stands: at its span, or anywhere else if the text has changed since.
fn find(text: &str, span: Span, quote: &str) -> Option<Span> {
    if quote.is_empty() {
        return None;
    }
    if span.slice(text) == quote {
        return Some(span);
    }
    text.find(quote).map(|start| Span::new(start, start + quote.len()))
}

fn line_of(lines: &[Range<usize>], offset: usize) -> usize {
    lines.partition_point(|line| line.end <= offset).min(lines.len().saturating_sub(1))
}

/// Returns the letter that stands in the margin for a field.
pub fn letter(field: Field) -> char {
    match field {
        Field::Victim => 'V',
        Field::Kind => 'K',
        Field::Attackers => 'A',
        Field::Records => 'R',
        Field::Data => 'D',
        Field::Occurred => 'O',
        Field::Disclosed => 'P',
        Field::Disputed => 'X',
    }
}

/// Returns one line with its evidence and the words of the search marked, the margin first. Where marks overlap, the shorter shows.
pub fn line(article: &Article, text: &Text, number: usize, here: Option<usize>, needles: &[String]) -> Line {
    let Some(range) = text.lines.get(number) else { return Line::new() };
    let over: Vec<(usize, &Mark)> =
        text.marks.iter().enumerate().filter(|(_, mark)| mark.span.start < range.end && range.start < mark.span.end).collect();
    let mut pieces = vec![margin(&over)];
    let mut cuts: Vec<usize> = vec![range.start, range.end];
    for (_, mark) in &over {
        cuts.extend([mark.span.start.max(range.start), mark.span.end.min(range.end)]);
    }
    let words = article.text.get(range.clone()).unwrap_or("");
    let hits: Vec<Range<usize>> =
        hits(words, needles).into_iter().map(|hit| range.start + hit.start..range.start + hit.end).collect();
    cuts.extend(hits.iter().flat_map(|hit| [hit.start, hit.end]));
    cuts.sort_unstable();
    cuts.dedup();
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let covering = over.iter().filter(|(_, mark)| mark.span.start <= from && to <= mark.span.end);
        let found = hits.iter().any(|hit| hit.start <= from && to <= hit.end);
        let bare = if found { Tone::Hit } else { Tone::Plain };
        let tone = covering.min_by_key(|(_, mark)| mark.span.len()).map_or(bare, |(n, mark)| {
            let jumped = here.is_some_and(|here| text.marks.get(here).is_some_and(|at| at.span.contains(mark.span)));
            if jumped || here == Some(*n) { Tone::Here(mark.field) } else { Tone::Field(mark.field) }
        });
        pieces.push(Piece::new(article.text.get(from..to).unwrap_or(""), tone));
    }
    pieces
}

fn margin(over: &[(usize, &Mark)]) -> Piece {
    let mut fields: Vec<Field> = over.iter().map(|(_, mark)| mark.field).collect();
    fields.sort_unstable();
    fields.dedup();
    let letters: String = fields.iter().take(MARGIN - 1).map(|field| letter(*field)).collect();
    Piece { text: format!("{letters:<MARGIN$}"), tone: Tone::Dim }
}
