//! `breachline export`: incidents for other tools, in their formats.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;

use super::console::Console;
use super::failure::{Exit, Failure};
use super::places::Places;
use super::stop::Stop;
use super::tell::counted;
use super::whole::WholeFile;
use crate::export::{self, About, Exporter, Format, Tlp};
use crate::model::incident::IncidentId;
use crate::store::query::Query;
use crate::store::{Page, Reader};

/// Write incidents for other tools
///
/// What a search finds, or everything, as JSON Lines, CSV, a STIX 2.1 bundle, MISP events, VERIS, an Atom feed, Markdown, one HTML page
/// that needs nothing beside it, or a picture. The same incidents give the same bytes. Notes of analysts are in JSON Lines alone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Write only what this search finds, as `breachline search` understands it
    #[arg(add = super::complete::query())]
    query: Vec<String>,
    /// The format; without it the ending of the file says
    #[arg(long, short, value_name = "FORMAT")]
    format: Option<Format>,
    /// The file; it is there whole or not at all. Without it, or with -, the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The most incidents, the first in the order of the search
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// With whom it may be shared (Traffic Light Protocol); it is written into the file and nothing else
    #[arg(long, value_name = "TLP", default_value = "clear")]
    tlp: Tlp,
}

const EXAMPLES: &str = "\
Examples:
  breachline export -o timeline.html                        all of it as a page to look at or to send
  breachline export -o 2024.csv occurred:2024               one year for a spreadsheet
  breachline export --format stix attacker:lockbit | jq .   a STIX 2.1 bundle
  breachline export --format misp --tlp green tag:uk        MISP events, for its REST interface
  breachline export -o incidents.atom --limit 100           a feed that others subscribe to, from a web server's folder";

impl clap::ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Format::Jsonl => "one JSON object a line, with everything that is known",
            Format::Csv => "a line for each incident; what looks like a formula is made text",
            Format::Stix => "a STIX 2.1 bundle",
            Format::Misp => "MISP events with incident, victim and news-media objects",
            Format::Veris => "VERIS 1.4 incidents in a JSON array",
            Format::Atom => "an Atom feed, the last changed first",
            Format::Markdown => "text with quotes and links",
            Format::Html => "one page: timeline, histogram, filter, evidence",
            Format::Svg => "a picture: incidents by month, and each on the lane of its kind",
        };
        Some(PossibleValue::new(self.word()).help(help))
    }
}

impl clap::ValueEnum for Tlp {
    fn value_variants<'a>() -> &'a [Tlp] {
        &Tlp::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let file = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let format = format(args.format, file)?;
    let text = args.query.join(" ");
    let saved = places.config_if_any()?.queries;
    let query = Query::parse_with(&text, console.today(), &saved).map_err(|error| super::search::wrong_query(&text, &error))?;
    let reader = Reader::open(&places.index()?)?;
    let ids = found(&reader, &query, args.limit)?;
    let about = About { query: text, at: (console.now)(), tlp: args.tlp, live: None };
    let mut exporter = export::exporter(format, about);
    let found = match file {
        Some(path) => {
            let file = WholeFile::create(path)?;
            let stop = Stop::listen(file.remover())?;
            stop.at_once();
            fill(file, path, |file| write(&reader, ids, &mut *exporter, file))?
        }
        None => write(&reader, ids, &mut *exporter, &mut console.out)??,
    };
    if let Some(path) = file.filter(|_| console.err_is_terminal) {
        console.note(format!("{} in {}", counted(found, "incident", "incidents"), path.display()));
    }
    if found == 0 {
        console.note("nothing was found");
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Well)
}

fn format(asked: Option<Format>, file: Option<&Path>) -> Result<Format, Failure> {
    let words: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
    let ending = file.and_then(Path::extension).map(|ending| ending.to_string_lossy().into_owned());
    asked.or_else(|| ending.as_deref().and_then(Format::from_ending)).ok_or_else(|| {
        let what = match ending {
            Some(ending) => format!("a file that ends in .{ending} may have several formats"),
            None => "it is not said in which format to write".to_owned(),
        };
        Failure::usage(what).hint(format!("say --format, with one of {}", words.join(", ")))
    })
}

/// Writes a new file in one format, for the timeline; returns how many incidents are in it. One that is there already is left alone.
pub(super) fn into_new_file(
    reader: &Reader,
    ids: Vec<IncidentId>,
    format: Format,
    about: About,
    path: &Path,
) -> Result<u64, Failure> {
    is_new(path)?;
    let mut exporter = export::exporter(format, about);
    fill(WholeFile::create(path)?, path, |file| write(reader, ids, &mut *exporter, file))
}

/// Writes a new file that holds just this, likewise.
pub(super) fn new_file(bytes: &[u8], path: &Path) -> Result<(), Failure> {
    is_new(path)?;
    fill(WholeFile::create(path)?, path, |file| Ok(file.write_all(bytes).map(|()| 0))).map(drop)
}

fn is_new(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::usage(format!("{} is there already", path.display())).hint("name another file"));
    }
    Ok(())
}

/// Puts a file in its place once it is written.
fn fill(
    mut file: WholeFile,
    path: &Path,
    write: impl FnOnce(&mut WholeFile) -> Result<io::Result<u64>, Failure>,
) -> Result<u64, Failure> {
    let unwritten = |error: &io::Error| Failure::new(format!("{} could not be written", path.display())).because(error);
    let count = write(&mut file)?.map_err(|error| unwritten(&error))?;
    file.finish()?;
    Ok(count)
}

/// Returns what a query finds, in its order.
pub(super) fn found(reader: &Reader, query: &Query, limit: Option<usize>) -> Result<Vec<IncidentId>, Failure> {
    let rows = reader.find(query, Page { offset: 0, limit: limit.unwrap_or(usize::MAX) })?.rows;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Writes incidents one at a time; returns how many there were. The inner error is that of the writer.
fn write(
    reader: &Reader,
    ids: Vec<IncidentId>,
    exporter: &mut dyn Exporter,
    out: &mut dyn Write,
) -> Result<io::Result<u64>, Failure> {
    if let Err(error) = exporter.begin(out) {
        return Ok(Err(error));
    }
    let mut count = 0;
    for id in ids {
        // It may be gone since the search, while another process writes.
        let Some(incident) = reader.incident(&id)? else { continue };
        if let Err(error) = exporter.incident(&incident, out) {
            return Ok(Err(error));
        }
        count += 1;
    }
    Ok(exporter.end(out).map(|()| count))
}
