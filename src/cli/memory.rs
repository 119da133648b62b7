//! What the timeline remembers of an index, in a file of the index folder that may be deleted at any time.

use std::fs;
use std::path::Path;

use super::console::Console;
use super::json;
use crate::tui::memory::Memory;

/// The name of the file.
const FILE: &str = "view.json";

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Returns what is remembered; nothing where the file is missing or cannot be read.
pub(super) fn load(dir: &Path) -> Memory {
    let path = dir.join(FILE);
    let fits = fs::metadata(&path).is_ok_and(|data| data.len() <= LARGEST);
    let text = if fits { fs::read(&path).unwrap_or_default() } else { Vec::new() };
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Remembers it. Where the folder may not be written, that is said.
pub(super) fn save(dir: &Path, memory: &Memory, console: &mut Console) {
    let (path, new) = (dir.join(FILE), dir.join(format!("{FILE}.new")));
    let saved = fs::write(&new, json::line(memory)).and_then(|()| fs::rename(&new, &path));
    if let Err(error) = saved {
        console.note(format!("{}: where you were is not remembered ({error})", path.display()));
    }
}
