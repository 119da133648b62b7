//! Parquet files as engines write them: a row is a record, its columns the fields, `incidents` as JSON.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use serde_json::{Map, Value};

use super::engine::Take;
use crate::cli::failure::Failure;

/// Gives the rows of a file as lines of JSON, one row group in memory at a time.
pub(super) fn each(file: &Path, take: &mut Take<'_>) -> Result<(), Failure> {
    let unread = |error: &dyn std::error::Error| Failure::usage(format!("{} could not be read", file.display())).because(error);
    let opened = File::open(file).map_err(|error| unread(&error))?;
    let reader = SerializedFileReader::new(opened).map_err(|error| unread(&error))?;
    for row in reader.get_row_iter(None).map_err(|error| unread(&error))? {
        match line(&row.map_err(|error| unread(&error))?) {
            Ok(line) => take(Ok(&line))?,
            Err(what) => take(Err(what))?,
        }
    }
    Ok(())
}

fn line(row: &Row) -> Result<Vec<u8>, String> {
    let mut record = Map::new();
    for (name, field) in row.get_column_iter() {
        let value = match field {
            Field::Null => Value::Null,
            Field::Str(text) if name == "incidents" => {
                serde_json::from_str(text).map_err(|error| format!("has incidents that are no JSON: {error}"))?
            }
            Field::Str(text) => Value::String(text.clone()),
            _ => return Err(format!("has a column {name} that is no text")),
        };
        record.insert(name.clone(), value);
    }
    serde_json::to_vec(&Value::Object(record)).map_err(|error| error.to_string())
}
