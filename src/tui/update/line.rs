//! What the search line and the command line have in common: the keys that change a line, and completing.

use tui_input::{Input, InputRequest};

use crate::base::safe;
use crate::tui::keys::Action;
use crate::tui::lines;

/// The longest line, in characters.
const LONGEST: usize = 1000;

/// What a key did to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Did {
    /// Nothing.
    Nothing,
    /// The cursor moved.
    Moved,
    /// It reads differently.
    Changed,
}

/// Types a character.
pub(super) fn typed(input: &mut Input, c: char) -> Did {
    if safe::is_unsafe(c) || input.value().chars().count() >= LONGEST {
        return Did::Nothing;
    }
    handle(input, InputRequest::InsertChar(c))
}

/// Types all that was pasted and has room.
pub(super) fn paste(input: &mut Input, text: &str) {
    let room = LONGEST.saturating_sub(input.value().chars().count());
    for c in lines::shown(text).chars().take(room) {
        input.handle(InputRequest::InsertChar(c));
    }
}

/// Moves and erases; does nothing for what is no key of a line.
pub(super) fn act(input: &mut Input, action: Action) -> Did {
    let request = match action {
        Action::EraseBack => InputRequest::DeletePrevChar,
        Action::EraseForward => InputRequest::DeleteNextChar,
        Action::EraseWord => InputRequest::DeletePrevWord,
        Action::EraseLine => InputRequest::DeleteLine,
        Action::ToStart => InputRequest::GoToStart,
        Action::ToEnd => InputRequest::GoToEnd,
        Action::CursorLeft => InputRequest::GoToPrevChar,
        Action::CursorRight => InputRequest::GoToNextChar,
        _ => return Did::Nothing,
    };
    handle(input, request)
}

fn handle(input: &mut Input, request: InputRequest) -> Did {
    match input.handle(request) {
        None => Did::Nothing,
        Some(changed) if changed.value => Did::Changed,
        Some(_) => Did::Moved,
    }
}

/// Completes what stands before the cursor from byte `start` on, as far as all candidates agree.
pub(super) fn complete(input: &mut Input, start: usize, candidates: &[impl AsRef<str>]) -> Did {
    let end = before_cursor(input).len();
    let Some(common) = candidates.iter().map(AsRef::as_ref).reduce(common_start) else { return Did::Nothing };
    let rest: Vec<char> = common.get(end.saturating_sub(start)..).unwrap_or_default().chars().collect();
    if rest.is_empty() {
        return Did::Nothing;
    }
    for c in rest {
        input.handle(InputRequest::InsertChar(c));
    }
    Did::Changed
}

/// Puts other text in place of what stands before the cursor from byte `start` on.
pub(super) fn replace(input: &mut Input, start: usize, text: &str) -> Did {
    let old = before_cursor(input)[start..].to_owned();
    if old == text {
        return Did::Nothing;
    }
    for _ in old.chars() {
        input.handle(InputRequest::DeletePrevChar);
    }
    paste(input, text);
    Did::Changed
}

/// Returns what stands before the cursor.
pub(super) fn before_cursor(input: &Input) -> &str {
    let value = input.value();
    let end: usize = value.chars().take(input.cursor()).map(char::len_utf8).sum();
    &value[..end]
}

fn common_start<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    &one[..same.unwrap_or(one.len().min(other.len()))]
}
