//! `breachline schema`: the layouts of what is printed for programs, as JSON Schemas.

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use crate::schema;

/// Print the JSON Schema of what is printed for programs
///
/// Without a name, lists the names.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline schema                            the names
  breachline schema incident > incident.json   what `show --json` and `export --format jsonl` write")]
pub(super) struct Args {
    /// The layout: one of the names
    #[arg(add = super::complete::of(names))]
    name: Option<String>,
}

fn names() -> Vec<(String, String)> {
    schema::layouts().into_iter().map(|(name, title)| (name.to_owned(), title.to_owned())).collect()
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let Some(name) = &args.name else {
        for (name, title) in schema::layouts() {
            console.say(format!("{}  {title}", console.paint(Style::Bold, &format!("{name:<10}"))))?;
        }
        return Ok(Exit::Well);
    };
    let Some(found) = schema::schema(name) else {
        let names: Vec<&str> = schema::layouts().into_iter().map(|(name, _)| name).collect();
        let near = names.iter().find(|known| strsim::damerau_levenshtein(known, name) <= 2);
        let failure = Failure::usage(format!("there is no layout \"{name}\""));
        return Err(
            failure.hint(near.map_or_else(|| format!("there are {}", names.join(", ")), |near| format!("did you mean {near}?")))
        );
    };
    console.out.write_all(&json::line(&found))?;
    Ok(Exit::Well)
}
