//! `breachline learn`: the weights of the extractor, from documents whose incidents are known.

use std::io::{BufRead, BufReader};

use serde::Deserialize;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::input;
use crate::base::day::Day;
use crate::extract::Document;
use crate::extract::learn;
use crate::rules::Rules;

/// Learn the extractor's weights from annotated articles
///
/// For those who change the rules: reads JSON Lines, {"doc", "title", "published", "text", "incidents": [{"victim": {"name",
/// "aliases"}}]}, and prints the text of src/rules/weights.toml. The same documents always give the same weights.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Files of annotated articles
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,
}

/// One line of a file of annotated articles; other fields are for other readers.
#[derive(Deserialize)]
struct Annotated {
    #[serde(default)]
    title: String,
    published: Day,
    text: String,
    incidents: Vec<Incident>,
}

#[derive(Deserialize)]
struct Incident {
    victim: Victim,
}

#[derive(Deserialize)]
struct Victim {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let rules = Rules::builtin();
    let mut examples = Vec::new();
    let mut documents = 0;
    for file in &args.files {
        for (number, line) in BufReader::new(input::lines(Some(file))?).lines().enumerate() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let annotated: Annotated = serde_json::from_str(&line).map_err(|error| {
                Failure::usage(format!("line {} of {file} is no annotated article", number + 1)).because(&error)
            })?;
            let victims: Vec<Vec<String>> = annotated.incidents.into_iter().map(|it| names(it.victim)).collect();
            let document = Document { title: &annotated.title, text: &annotated.text, published: annotated.published };
            examples.extend(learn::examples(documents, &document, &victims, rules));
            documents += 1;
        }
    }
    console.out.write_all(learn::to_toml(&learn::learn(&examples)).as_bytes())?;
    Ok(Exit::Well)
}

fn names(victim: Victim) -> Vec<String> {
    std::iter::once(victim.name).chain(victim.aliases).collect()
}
