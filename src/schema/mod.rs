//! The layouts of what is printed for programs, as JSON Schemas (draft 2020-12).
//!
//! Each layout is a file; what several of them speak of stands once in `defs.json` and is put into each that needs it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const DEFINITIONS: &str = include_str!("defs.json");

/// Every layout: its name and its schema without the definitions.
const LAYOUTS: [(&str, &str); 22] = [
    ("annotated", include_str!("annotated.json")),
    ("article", include_str!("article.json")),
    ("checked", include_str!("checked.json")),
    ("count", include_str!("count.json")),
    ("digest", include_str!("digest.json")),
    ("edit", include_str!("edit.json")),
    ("extracted", include_str!("extracted.json")),
    ("extraction", include_str!("extraction.json")),
    ("finding", include_str!("finding.json")),
    ("found", include_str!("found.json")),
    ("group", include_str!("group.json")),
    ("incident", include_str!("incident.json")),
    ("link", include_str!("link.json")),
    ("plan", include_str!("plan.json")),
    ("preview", include_str!("preview.json")),
    ("reading", include_str!("reading.json")),
    ("row", include_str!("row.json")),
    ("run", include_str!("run.json")),
    ("source", include_str!("source.json")),
    ("summary", include_str!("summary.json")),
    ("version", include_str!("version.json")),
    ("watched", include_str!("watched.json")),
];

/// Returns the name and the title of every layout, by name.
pub fn layouts() -> Vec<(&'static str, String)> {
    let title = |text: &str| parsed(text)["title"].as_str().unwrap_or_default().to_owned();
    LAYOUTS.iter().map(|(name, text)| (*name, title(text))).collect()
}

/// Returns the schema of a layout with all that it needs; None if there is no layout of that name.
pub fn schema(name: &str) -> Option<Value> {
    let (_, text) = LAYOUTS.iter().find(|(layout, _)| *layout == name)?;
    let mut schema = parsed(text);
    let all = definitions();
    let mut used = BTreeSet::new();
    collect(&schema, &all, &mut used);
    let used: Map<String, Value> = all.into_iter().filter(|(name, _)| used.contains(name)).collect();
    if !used.is_empty() {
        schema["$defs"] = Value::Object(used);
    }
    Some(schema)
}

/// Returns what the layouts have in common, by name.
pub fn definitions() -> Map<String, Value> {
    match parsed(DEFINITIONS) {
        Value::Object(definitions) => definitions,
        _ => Map::new(),
    }
}

fn parsed(text: &str) -> Value {
    let parsed = serde_json::from_str(text);
    debug_assert!(parsed.is_ok(), "the schemas are JSON: a test reads each");
    parsed.unwrap_or_default()
}

/// Collects the names of the definitions that a schema refers to, and those refer to.
fn collect(schema: &Value, all: &Map<String, Value>, used: &mut BTreeSet<String>) {
    match schema {
        Value::Object(parts) => {
            let name = parts.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix("#/$defs/"));
            if let Some(name) = name.filter(|name| used.insert((*name).to_owned())) {
                all.get(name).into_iter().for_each(|definition| collect(definition, all, used));
            }
            parts.values().for_each(|part| collect(part, all, used));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, all, used)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_whole() {
        for (name, title) in layouts() {
            assert!(!title.is_empty(), "{name}");
            let schema = schema(name).unwrap();
            let defined = schema["$defs"].as_object().cloned().unwrap_or_default();
            let mut used = BTreeSet::new();
            collect(&schema, &definitions(), &mut used);
            assert!(used.iter().all(|name| defined.contains_key(name)), "{name}");
        }
        let names: Vec<&str> = LAYOUTS.iter().map(|(name, _)| *name).collect();
        assert!(names.is_sorted());
        assert!(schema("no such layout").is_none());
    }
}
