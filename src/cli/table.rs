//! Columns: aligned and cut to the width of a terminal, or separated by tabs for programs.

use unicode_width::UnicodeWidthStr;

use super::console::{Console, Style};
use super::failure::Failure;
use crate::base::safe;

/// The narrowest that a column is cut to.
const NARROWEST: usize = 6;
/// Columns before a note.
const NOTE: usize = 12;
/// Between two columns.
const GAP: usize = 2;

/// One cell: text on one line, and how it is set off.
pub(super) struct Cell {
    text: String,
    style: Option<Style>,
}

impl Cell {
    /// Makes a cell of foreign text.
    pub(super) fn new(text: impl AsRef<str>) -> Cell {
        Cell { text: safe::line(text.as_ref(), 2000), style: None }
    }

    /// Returns its text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Sets it off.
    pub(super) fn styled(self, style: Style) -> Cell {
        Cell { style: Some(style), ..self }
    }
}

/// One column.
pub(super) struct Column {
    /// Its heading.
    pub(super) head: &'static str,
    /// Whether it stands at its right edge, as numbers do.
    pub(super) right: bool,
    /// The larger, the sooner it is cut where the terminal is too narrow; 0 is never cut.
    pub(super) gives: usize,
}

/// Prints rows of as many cells as there are columns.
pub(super) fn print(columns: &[Column], rows: &[Vec<Cell>], console: &mut Console) -> Result<(), Failure> {
    print_with(columns, rows, &[], console)
}

/// As [`print`], in a terminal with a line below each row that has a note. Notes are painted already.
pub(super) fn print_with(columns: &[Column], rows: &[Vec<Cell>], notes: &[String], console: &mut Console) -> Result<(), Failure> {
    if !console.out_is_terminal {
        for row in rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
            console.say(cells.join("\t"))?;
        }
        return Ok(());
    }
    let widths = widths(columns, rows, console.width);
    let heads: Vec<Cell> = columns.iter().map(|column| Cell::new(column.head).styled(Style::Dim)).collect();
    let notes = std::iter::once("").chain(notes.iter().map(String::as_str)).chain(std::iter::repeat(""));
    for (row, note) in std::iter::once(&heads).chain(rows).zip(notes) {
        let mut line = String::new();
        for ((cell, column), width) in row.iter().zip(columns).zip(&widths) {
            if !line.is_empty() {
                line.push_str(&" ".repeat(GAP));
            }
            line.push_str(&fitted(cell, column, *width, console));
        }
        console.say(line.trim_end())?;
        if !note.is_empty() {
            console.say(format!("{}{note}", " ".repeat(NOTE)))?;
        }
    }
    Ok(())
}

/// Widens each column to its widest cell, then takes from the most giving ones until the line fits.
fn widths(columns: &[Column], rows: &[Vec<Cell>], room: usize) -> Vec<usize> {
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.text.width()).max().unwrap_or(0);
    let mut widths: Vec<usize> = columns.iter().enumerate().map(|(at, column)| widest(at).max(column.head.width())).collect();
    let mut over = (widths.iter().sum::<usize>() + GAP * columns.len().saturating_sub(1)).saturating_sub(room);
    let mut order: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].gives > 0).collect();
    order.sort_by_key(|at| std::cmp::Reverse(columns[*at].gives));
    for at in order {
        let given = over.min(widths[at].saturating_sub(NARROWEST));
        widths[at] -= given;
        over -= given;
    }
    widths
}

fn fitted(cell: &Cell, column: &Column, width: usize, console: &Console) -> String {
    let text = cut(&cell.text, width);
    let blank = " ".repeat(width.saturating_sub(text.width()));
    let text = match cell.style {
        Some(style) => console.paint(style, &text),
        None => console.plain(&text),
    };
    if column.right { format!("{blank}{text}") } else { format!("{text}{blank}") }
}

/// Returns the text within that many columns; what is cut ends in `…`.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if out.width() + 1 > width {
            out.pop();
            break;
        }
    }
    out.push('…');
    out
}
