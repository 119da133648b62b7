//! What changed from one text to another: paragraphs that are gone or new, and the words that changed in those that stayed.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// More paragraphs, or words of one paragraph, are not compared one by one: the time may grow with the square.
const MOST: usize = 4000;

/// A stretch of words of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// It stands in both.
    Same(&'t str),
    /// It stands in the old text alone.
    Gone(&'t str),
    /// It stands in the new text alone.
    New(&'t str),
}

/// Returns the paragraphs that differ, in order, each in pieces; a paragraph that is gone or new is one piece. What stayed is left out.
pub fn changes<'t>(old: &'t str, new: &'t str) -> Vec<Vec<Piece<'t>>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut changes = Vec::new();
    for op in ops(&old, &new) {
        let (gone, added) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let pairs = gone.len().min(added.len());
        changes.extend(gone.iter().zip(added).map(|(gone, added)| within(gone, added)));
        changes.extend(gone[pairs..].iter().map(|gone| vec![Piece::Gone(gone)]));
        changes.extend(added[pairs..].iter().map(|added| vec![Piece::New(added)]));
    }
    changes
}

/// Returns a paragraph in pieces; if hardly anything of it stayed, as one that is gone and one that is new.
fn within<'t>(old: &'t str, new: &'t str) -> Vec<Piece<'t>> {
    let (olds, news) = (words(old), words(new));
    let ops = ops(&olds, &news);
    let same: usize = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. })).map(|op| op.old_range().len()).sum();
    if same * 3 < olds.len().max(news.len()) {
        return vec![Piece::Gone(old), Piece::New(new)];
    }
    let mut pieces = Vec::new();
    for op in ops {
        let (gone, added) = (stretch(old, &olds[op.old_range()]), stretch(new, &news[op.new_range()]));
        if matches!(op, DiffOp::Equal { .. }) {
            pieces.push(Piece::Same(added));
            continue;
        }
        pieces.extend([Piece::Gone(gone), Piece::New(added)].into_iter().filter(|piece| !piece.text().is_empty()));
    }
    pieces
}

impl<'t> Piece<'t> {
    /// Returns its words.
    pub fn text(&self) -> &'t str {
        match self {
            Piece::Same(text) | Piece::Gone(text) | Piece::New(text) => text,
        }
    }
}

/// Returns a changed paragraph as it was, or as it is; empty where it did not stand there.
pub fn side<'t>(pieces: &[Piece<'t>], old: bool) -> Vec<Piece<'t>> {
    let stands = |piece: &&Piece<'_>| match piece {
        Piece::Same(_) => true,
        Piece::Gone(_) => old,
        Piece::New(_) => !old,
    };
    pieces.iter().filter(stands).copied().collect()
}

fn ops(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    if old.len().max(new.len()) > MOST {
        return vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }];
    }
    capture_diff_slices(Algorithm::Patience, old, new)
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// Returns what stands in a text from the first of some of its words to the last.
fn stretch<'t>(text: &'t str, words: &[&'t str]) -> &'t str {
    let at = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => &text[at(first)..at(last) + last.len()],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_by_paragraph_and_word() {
        let old = "The bank lost 40 million cards.\nIt told nobody.\nThe end.";
        let new = "The bank lost 70 million cards.\nThe end.\nCustomers were told on Monday.";
        let expected = vec![
            vec![Piece::Same("The bank lost"), Piece::Gone("40"), Piece::New("70"), Piece::Same("million cards.")],
            vec![Piece::Gone("It told nobody.")],
            vec![Piece::New("Customers were told on Monday.")],
        ];
        assert_eq!(changes(old, new), expected);
        assert_eq!(changes(old, old), Vec::<Vec<Piece<'_>>>::new());
        assert_eq!(
            changes("One thing.", "Quite another matter."),
            [[Piece::Gone("One thing."), Piece::New("Quite another matter.")]]
        );
    }
}
