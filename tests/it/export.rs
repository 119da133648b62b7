//! Exports: each format as data, harmless whatever the news says, and what others' tools say of it where they are installed.
//!
//! `tests/data/export/incidents.jsonl` beside `incidents.FORMAT`, which `BREACHLINE_REWRITE=1` writes anew. The JSON Lines format must give
//! its input again.

pub mod pages;
mod validators;

use std::fs;
use std::path::PathBuf;

use breachline::export::{self, About, Format, Tlp};
use breachline::model::incident::Incident;
use jiff::Timestamp;

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/export").join(name)
}

fn incidents() -> Vec<Incident> {
    let text = fs::read_to_string(data("incidents.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn about(query: &str) -> About {
    About { query: query.to_owned(), at: Timestamp::UNIX_EPOCH, tlp: Tlp::Clear, live: None }
}

fn written(format: Format, incidents: &[Incident]) -> String {
    let mut out = Vec::new();
    export::write(format, about("kind:ransomware \"<b>\""), incidents, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn each_format_is_written_as_it_was_read_in_review() {
    let incidents = incidents();
    for format in Format::ALL {
        let path = data(&format!("incidents.{}", format.word()));
        let text = written(format, &incidents);
        if std::env::var_os("BREACHLINE_REWRITE").is_some() && format != Format::Jsonl {
            fs::write(&path, &text).unwrap();
        }
        // As values, since how a file escapes what is not ASCII is its own affair.
        if format == Format::Jsonl {
            let again: Vec<Incident> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(again, incidents);
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(text == expected, "{} differs: run with BREACHLINE_REWRITE=1 and read the diff", path.display());
    }
}

#[test]
fn no_format_lets_foreign_text_out() {
    let incidents = incidents();
    for format in Format::ALL {
        let text = written(format, &incidents);
        for wrong in ['\u{1b}', '\u{202e}', '\u{2028}'] {
            assert!(!text.contains(wrong), "{}: {wrong:?}", format.word());
        }
        if matches!(format, Format::Html | Format::Svg) {
            for wrong in ["<script>alert", "<img", "<svg onload", "<b>two", "href=\"javascript:"] {
                assert!(!text.contains(wrong), "{}: {wrong}", format.word());
            }
        }
        assert!(format == Format::Jsonl || !text.contains("for us alone"), "{}: a note", format.word());
    }
}

#[test]
fn nothing_found_is_a_whole_document_too() {
    for format in Format::ALL {
        let text = written(format, &[]);
        match format {
            Format::Stix | Format::Misp | Format::Veris => drop(serde_json::from_str::<serde_json::Value>(&text).unwrap()),
            Format::Atom => assert_eq!(feed_rs::parser::parse(text.as_bytes()).unwrap().entries.len(), 0),
            Format::Jsonl => assert_eq!(text, ""),
            _ => assert!(!text.is_empty()),
        }
    }
}

#[test]
fn identifiers_are_made_of_what_they_name() {
    let incidents = incidents();
    let ids = |incidents: &[Incident]| -> Vec<String> {
        let bundle: serde_json::Value = serde_json::from_str(&written(Format::Stix, incidents)).unwrap();
        let objects = bundle["objects"].as_array().unwrap();
        let mut ids: Vec<String> = objects.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(all, ids.len(), "no object is written twice");
        ids
    };
    let (one, all) = (ids(&incidents[1..2]), ids(&incidents));
    assert!(one.iter().all(|id| all.contains(id)), "an incident has the same objects alone and among others");
    // Another report: the same incident, changed later.
    let mut changed = incidents[1].clone();
    changed.reports.push(changed.reports[0].clone());
    let entry = |incident: &Incident| {
        feed_rs::parser::parse(written(Format::Atom, std::slice::from_ref(incident)).as_bytes()).unwrap().entries.remove(0)
    };
    let (before, after) = (entry(&incidents[1]), entry(&changed));
    assert_eq!(before.id, after.id);
    assert!(before.updated < after.updated);
}
