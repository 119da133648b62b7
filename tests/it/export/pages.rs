//! The HTML page in a real browser: it opens without a word in the console or a request, filters, and is led by keys.

#![allow(clippy::print_stdout, reason = "what was passed over, and what the tools said")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use breachline::export::Format;

use super::{incidents, written};

/// The browser, by the names it has on various systems, or by the variable.
fn chromium() -> Option<PathBuf> {
    let said = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut found = folders.iter().flat_map(|folder| names.map(|name| folder.join(name)));
    said.or_else(|| found.find(|path| path.exists()))
}

/// Runs a script of `tests/validate` in the browser; what is not installed is told and passed over.
pub(crate) fn browse(script: &str, arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = root.join("target/validators/node_modules/playwright-core/index.mjs");
    let node = Command::new("node").arg("--version").output().is_ok();
    let Some(chromium) = chromium().filter(|_| node && library.exists()) else {
        println!(
            "{script}: not run: it needs node, Chromium and playwright-core (npm install --prefix target/validators playwright-core)"
        );
        return;
    };
    let output = Command::new("node")
        .arg(root.join("tests/validate").join(script))
        .args(arguments)
        .env("PLAYWRIGHT", &library)
        .env("CHROMIUM", chromium)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    println!("{}", said.trim_end());
}

#[test]
fn the_page_works_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("timeline.html");
    fs::write(&file, written(Format::Html, &incidents())).unwrap();
    browse("page.mjs", &[&file.display().to_string()]);
}
