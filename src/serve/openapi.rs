//! The OpenAPI 3.1 description of what is served: paths in `openapi.json`, the values as their schemas say.

use serde_json::{Value, json};

use crate::schema;

const PATHS: &str = include_str!("openapi.json");

/// Returns the description.
pub(super) fn description() -> Value {
    let parsed = serde_json::from_str(PATHS);
    debug_assert!(parsed.is_ok(), "openapi.json is JSON: a test reads it");
    let mut description: Value = parsed.unwrap_or_default();
    description["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    let mut schemas = schema::definitions();
    for name in ["article", "incident", "row"] {
        let mut layout = schema::schema(name).unwrap_or_default();
        if let Some(parts) = layout.as_object_mut() {
            parts.remove("$defs");
            parts.remove("$schema");
        }
        schemas.insert(name.to_owned(), layout);
    }
    for (name, layout) in description["components"]["schemas"].as_object().cloned().unwrap_or_default() {
        schemas.insert(name, layout);
    }
    description["components"]["schemas"] = Value::Object(schemas);
    redirected(description)
}

/// Lets what refers to a definition of a schema find it where OpenAPI keeps them.
fn redirected(value: Value) -> Value {
    match value {
        Value::Object(parts) => {
            let redirect = |(key, part): (String, Value)| {
                let to = part.as_str().filter(|_| key == "$ref").and_then(|to| to.strip_prefix("#/$defs/"));
                let part = to.map_or_else(|| redirected(part.clone()), |name| json!(format!("#/components/schemas/{name}")));
                (key, part)
            };
            Value::Object(parts.into_iter().map(redirect).collect())
        }
        Value::Array(parts) => Value::Array(parts.into_iter().map(redirected).collect()),
        other => other,
    }
}
