//! The layers of `ARCHITECTURE.md`, read off the source: who may import whom, what the pure parts never touch, nothing forgotten.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// What each part may use besides itself. `cli` may use everything. Sorted by layer, from the ground up.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &["base"]),
    ("rules", &["base", "model"]),
    ("feed", &["base", "model"]),
    ("page", &["base", "model"]),
    ("extract", &["base", "model", "rules"]),
    ("register", &["base", "model"]),
    ("merge", &["base", "model"]),
    ("export", &["base", "model"]),
    ("fetch", &["base", "model"]),
    ("store", &["base", "model", "rules"]),
    ("crawl", &["base", "model", "rules", "feed", "page", "extract", "register", "merge", "export", "fetch", "store"]),
    ("derive", &["base", "model", "rules", "feed", "page", "extract", "register", "merge", "export", "fetch", "store"]),
    ("backfill", &["base", "model", "rules", "extract", "fetch", "store", "crawl"]),
    ("watch", &["base", "model", "merge", "export", "fetch", "store"]),
    ("demo", &["base", "model"]),
    ("library", &["base", "model", "merge", "export", "fetch", "store"]),
    ("tui", &["base", "model", "store", "export", "library"]),
    ("schema", &[]),
    ("serve", &["base", "model", "export", "store", "library", "schema"]),
];

/// The parts that are text in, values out.
const PURE: &[&str] = &["base", "model", "rules", "feed", "page", "extract", "register", "merge", "export", "schema"];

/// What the pure parts never touch, and why.
const IMPURE: &[(&str, &str)] = &[
    (r"\bstd::(\{[^;]*\b)?fs\b", "files"),
    (r"\bstd::(\{[^;]*\b)?env\b", "the environment"),
    (r"\bstd::(\{[^;]*\b)?net\b", "the network"),
    (r"\bstd::(\{[^;]*\b)?process\b", "processes"),
    (r"::now\b", "the clock"),
    (r"\btokio\b", "a runtime"),
];

/// Where alone each of these crates may be named: files, or the beginnings of paths.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("reqwest", &["fetch/http"]),
    ("rusqlite", &["store/kept"]),
    ("tantivy", &["store/search"]),
    ("ratatui", &["tui/"]),
    ("axum", &["demo/", "serve"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/complete"]),
    ("feed_rs", &["feed/library"]),
    ("chrono", &["feed/library"]),
    ("quick_xml", &["feed/opml", "export/atom"]),
    ("csv", &["base/separated", "export/", "register/", "cli/import/"]),
    ("uuid", &["export/"]),
    ("mimalloc", &["main"]),
    ("mail_parser", &["page/mail"]),
    ("similar", &["base/diff"]),
    ("parquet", &["cli/import/rows"]),
];

struct Source {
    /// Its path below src, with slashes.
    path: String,
    /// All of it.
    text: String,
    /// What is compiled into the program: without comments and without the tests at its end.
    code: String,
}

impl Source {
    /// The part that it belongs to: the first folder, or the file itself.
    fn part(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or("");
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        let code: String =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        Source { path, text, code }
    };
    files_below(&src, ".rs").into_iter().map(read).collect()
}

/// Fails with all of them, if there are any.
fn refuse(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn each_part_uses_only_those_below_it() {
    // Both `crate::model::…` and the names in `crate::{model::…, base::…}`.
    let single = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let braces = Regex::new(r"\bcrate::\{([^;]*)\};").unwrap();
    let name = Regex::new(r"(?:^|[,{]\s*)([a-z_]+)(?:::|\s*[,}]|$)").unwrap();
    let mut wrong = Vec::new();
    for source in sources() {
        let part = source.part();
        if matches!(part, "cli" | "main" | "lib") {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == part) else {
            wrong.push(format!("src/{}: \"{part}\" stands in no layer of tests/it/tidy.rs", source.path));
            continue;
        };
        let mut used: Vec<&str> = single.captures_iter(&source.code).filter_map(|found| Some(found.get(1)?.as_str())).collect();
        for group in braces.captures_iter(&source.code).filter_map(|found| Some(found.get(1)?.as_str())) {
            used.extend(name.captures_iter(group).filter_map(|found| Some(found.get(1)?.as_str())));
        }
        let known = |other: &&str| LAYERS.iter().any(|(layer, _)| layer == other) || *other == "cli";
        used.retain(|other| known(other) && *other != part && !allowed.contains(other));
        used.sort_unstable();
        used.dedup();
        wrong.extend(used.iter().map(|other| format!("src/{}: {part} must not know {other}", source.path)));
    }
    refuse(wrong);
}

#[test]
fn the_pure_parts_touch_neither_files_nor_network_nor_clock() {
    let impure: Vec<(Regex, &str)> = IMPURE.iter().map(|(pattern, what)| (Regex::new(pattern).unwrap(), *what)).collect();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.part())) {
        for (pattern, what) in impure.iter().filter(|(pattern, _)| pattern.is_match(&source.code)) {
            wrong.push(format!("src/{}: pure code uses {what} ({pattern})", source.path));
        }
    }
    refuse(wrong);
}

#[test]
fn each_outside_crate_stays_in_its_place() {
    let mut wrong = Vec::new();
    for (name, places) in ONLY_IN {
        let pattern = Regex::new(&format!(r"\b{name}::|\buse {name}\b|extern crate {name}\b")).unwrap();
        let strays = sources();
        let placed = |source: &&Source| places.iter().any(|place| source.path.starts_with(place));
        let strays = strays.iter().filter(|source| !placed(source) && pattern.is_match(&source.code));
        wrong.extend(strays.map(|source| format!("src/{}: {name} belongs in {} only", source.path, places.join(" and "))));
    }
    refuse(wrong);
}

#[test]
fn each_file_says_what_it_is_for() {
    let tests = files_below(&root().join("tests/it"), ".rs");
    let tests = tests.iter().map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()));
    let all = sources().into_iter().map(|source| (format!("src/{}", source.path), source.text)).chain(tests);
    refuse(
        all.filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| format!("{path}: does not begin with //!")).collect(),
    );
}

#[test]
fn no_file_is_forgotten() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests/it"] {
        let top = root().join(folder);
        for file in files_below(&top, ".rs") {
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            let parent = file.parent().unwrap();
            if parent == top && matches!(stem.as_str(), "lib" | "main") {
                continue;
            }
            let (name, owner) = if stem == "mod" {
                (parent.file_name().unwrap().to_string_lossy().into_owned(), parent.parent().unwrap())
            } else {
                (stem, parent)
            };
            let above = owner.parent().unwrap().join(format!("{}.rs", owner.file_name().unwrap().to_string_lossy()));
            let heads = [owner.join("mod.rs"), owner.join("lib.rs"), owner.join("main.rs"), above];
            let text: String = heads.iter().filter_map(|head| fs::read_to_string(head).ok()).collect();
            if !Regex::new(&format!(r"(?m)^\s*(pub(\([a-z: ]+\))? )?mod {name}\b")).unwrap().is_match(&text) {
                wrong.push(format!("{}: no `mod {name};` leads to it", file.display()));
            }
        }
    }
    refuse(wrong);
}

#[test]
fn nothing_is_shown_to_a_person_as_debug_output() {
    let debug = Regex::new(r"\{[a-z_0-9.]*:#?\?\}").unwrap();
    let shown = sources().into_iter().filter(|source| matches!(source.part(), "cli" | "tui" | "main"));
    let wrong = shown.flat_map(|source| {
        let lines =
            source.code.lines().filter(|line| debug.is_match(line)).map(|line| format!("src/{}: {}", source.path, line.trim()));
        lines.collect::<Vec<_>>()
    });
    refuse(wrong.collect());
}

#[test]
fn pictures_are_few_small_and_shown() {
    // A package has none of them.
    let Ok(folder) = fs::read_dir(root().join(".pictures")) else { return };
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() <= 5, "{} pictures", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        if fs::metadata(&file).unwrap().len() > 150_000 {
            wrong.push(format!("{name}: more than 150 KB"));
        }
        if !readme.contains(&format!("]({name})")) {
            wrong.push(format!("{name}: README.md does not show it"));
        }
    }
    refuse(wrong);
}

#[test]
fn the_picture_of_the_house_names_every_part() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut parts: Vec<String> = sources().iter().map(|source| source.part().to_owned()).filter(|part| part != "lib").collect();
    parts.dedup();
    let unsaid = parts.iter().filter(|part| !page.contains(&format!("`{part}`")));
    refuse(unsaid.map(|part| format!("ARCHITECTURE.md does not speak of `{part}`")).collect());
}
