//! The token that a service wants to be shown, read from a file: on a command line everybody could read it.

use std::fs;
use std::path::Path;

use super::failure::Failure;

/// What to do without a token, for whoever serves.
pub(super) const MADE: &str = "make one: head -c 24 /dev/urandom | base64 > FILE";
/// What to do without one, for whoever asks.
pub(super) const ASKED_FOR: &str = "ask whoever serves the index for it";

/// Reads a token: one line, long enough not to be guessed. `hint` says where to get one.
pub(super) fn read(file: &Path, hint: &str) -> Result<String, Failure> {
    const SHORTEST: usize = 16;
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{} could not be read", file.display())).because(&error))?;
    let token = text.trim();
    if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            Failure::usage(format!("{} holds no token of {SHORTEST} characters or more on one line", file.display())).hint(hint)
        );
    }
    Ok(token.to_owned())
}
