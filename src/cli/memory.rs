//! What the timeline remembers of an index, in a file that may be deleted at any time: in the index folder, for the index of a colleague
//! in a folder of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use url::Url;

use super::console::Console;
use super::json;
use crate::base::fold;
use crate::tui::memory::Memory;

/// The name of the file.
const FILE: &str = "view.json";

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// Returns the file for an index on this machine.
pub(super) fn of_index(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

/// Returns the file for the index of a colleague; None where the home folder is not known.
pub(super) fn of_remote(url: &Url) -> Option<PathBuf> {
    let home = etcetera::choose_base_strategy().ok()?;
    let folder = home.state_dir().unwrap_or_else(|| home.data_dir()).join("breachline");
    Some(folder.join(format!("{}.{FILE}", fold::slug(url.as_str()))))
}

/// Returns what is remembered; nothing where the file is missing or cannot be read.
pub(super) fn load(path: &Path) -> Memory {
    let fits = fs::metadata(path).is_ok_and(|data| data.len() <= LARGEST);
    let text = if fits { fs::read(path).unwrap_or_default() } else { Vec::new() };
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Remembers it. Where the folder may not be written, that is said.
pub(super) fn save(path: &Path, memory: &Memory, console: &mut Console) {
    let mut new = path.to_owned().into_os_string();
    new.push(".new");
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let saved = folder.and_then(|()| fs::write(&new, json::line(memory))).and_then(|()| fs::rename(&new, path));
    if let Err(error) = saved {
        console.note(format!("{}: where you were is not remembered ({error})", path.display()));
    }
}
