//! What others' tools say of our exports. `.ci/validators` installs them; a tool that is not there is told and passed over.

#![allow(clippy::print_stdout, reason = "what was passed over, and what the tools said")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use breachline::export::Format;

use super::{incidents, written};

/// Where `.ci/validators` puts Python's packages; else the machine's own Python is asked.
fn python() -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/validators/bin/python");
    if ours.exists() { ours } else { PathBuf::from("python3") }
}

/// Runs a script of `tests/validate` on an export; its last line is its verdict.
fn validate(script: &str, format: Format, modules: &[&str]) {
    for module in modules {
        let there = Command::new(python()).args(["-c", &format!("import {module}")]).output();
        if !there.is_ok_and(|output| output.status.success()) {
            println!("{}: not validated, Python's {module} is not installed (.ci/validators installs it)", format.word());
            return;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.json");
    let incidents = incidents();
    fs::write(&file, written(format, &incidents)).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate").join(script);
    let output = Command::new(python()).arg(script).arg(&file).arg(incidents.len().to_string()).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}", said);
    println!("{}", said.trim_end());
}

#[test]
fn stix_is_valid_for_the_libraries_of_oasis() {
    validate("stix.py", Format::Stix, &["stix2", "stix2validator"]);
}

#[test]
fn misp_events_are_valid_for_pymisp() {
    validate("misp.py", Format::Misp, &["pymisp"]);
}

#[test]
fn veris_is_valid_against_its_vocabulary() {
    validate("veris.py", Format::Veris, &["jsonschema"]);
}

#[test]
fn atom_is_a_feed_for_feedparser() {
    validate("atom.py", Format::Atom, &["feedparser"]);
}

#[test]
fn csv_is_read_back_by_python() {
    validate("csv_.py", Format::Csv, &["csv"]);
}
