//! `breachline import`: incidents that others have written down, as sources of their own, merged like any report.

mod engine;
mod rows;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use url::Url;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::progress::Progress;
use crate::base::fold::slug;
use crate::base::safe;
use crate::derive;
use crate::model::article::{FeedItem, Page};
use crate::model::source::{Selectors, Source, SourceId, SourceKind};
use crate::register::{self, Layout};
use crate::rules::Rules;
use crate::store::kept::{Access, Handed, Kept};
use crate::store::search::Index;

/// Import incidents from a table or a public register
///
/// Each line or record is kept as it is, under a source of its own, and merged with what articles say of the same event; `show` tells which
/// value comes from where. Imported again, what has changed is read anew and nothing is doubled. What cannot be read is told, and the rest goes on.
#[derive(Debug, clap::Args)]
#[command(
    subcommand_negates_reqs = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  breachline import hibp breaches.json                     the breaches of Have I Been Pwned, as its interface gives them
  breachline import vcdb VCDB/data/json/validated          the incidents of the VERIS Community Database
  breachline import --format csv --map victim=Company --map occurred='Date of breach' --map records=Affected ours.csv
  breachline import --format jsonl --map victim=org.name --source 'Our desk' ours.jsonl
  breachline import --reports reports/                     what a cluster has read and extracted"
)]
pub(super) struct Args {
    #[command(subcommand)]
    register: Option<Register>,
    #[command(flatten)]
    table: Option<table::Args>,
    /// Articles that other machines have read and extracted: a folder of Parquet files or JSON Lines, or one such file, made of what
    /// `extract --warc` and `extract --batch --with-text` write
    #[arg(long, value_name = "DIR", conflicts_with = "table")]
    reports: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Register {
    /// The breaches of Have I Been Pwned (https://haveibeenpwned.com/api/v3/breaches)
    Hibp {
        /// The file: a JSON list of breaches
        file: PathBuf,
    },
    /// The VERIS Community Database (https://github.com/vz-risk/VCDB)
    Vcdb {
        /// The folder with a JSON file for each incident, or a file with a list of them
        folder: PathBuf,
    },
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = 512 << 20;
/// Documents that are kept together.
const TOGETHER: usize = 500;
/// Faults that are told one by one.
const TOLD: usize = 10;

/// What is to be kept, and what could not be read.
pub(super) struct Documents {
    source: Source,
    documents: Vec<(FeedItem, Page)>,
    /// Where it stands, and what is wrong.
    faults: Vec<(String, String)>,
}

impl Documents {
    fn new(name: &str, url: Url, tag: &str) -> Documents {
        let source = Source {
            id: SourceId(slug(name)),
            name: name.to_owned(),
            url,
            kind: SourceKind::Page,
            tags: vec![tag.to_owned()],
            selectors: Selectors::default(),
            every: None,
            enabled: false,
        };
        Documents { source, documents: Vec::new(), faults: Vec::new() }
    }

    /// Adds a record, if it can be read.
    fn add(&mut self, place: String, url: Result<Url, String>, layout: Layout, bytes: Vec<u8>, console: &Console) {
        let entry = register::entry(layout, &bytes).and_then(|entry| Ok((entry, url?)));
        match entry {
            Ok((entry, url)) => {
                let page = Page {
                    asked: url.clone(),
                    answered: url.clone(),
                    arrived_at: (console.now)(),
                    status: 200,
                    headers: vec![("content-type".to_owned(), layout.media_type().to_owned())],
                    bytes,
                };
                let item = FeedItem {
                    url,
                    id: None,
                    title: entry.title,
                    published: Some(entry.published.start()),
                    updated: None,
                    summary: String::new(),
                    content: String::new(),
                };
                self.documents.push((item, page));
            }
            Err(what) => self.faults.push((place, what)),
        }
    }
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    if let Some(reports) = &args.reports {
        return engine::run(reports, places, console);
    }
    let documents = match (&args.register, &args.table) {
        (Some(Register::Hibp { file }), _) => hibp(file, console)?,
        (Some(Register::Vcdb { folder }), _) => vcdb(folder, console)?,
        (None, Some(table)) => table::read(table, console)?,
        (None, None) => {
            return Err(Failure::usage("it is not said what to import").hint("`breachline help import` shows examples"));
        }
    };
    keep(documents, &places.index()?, console)
}

fn keep(documents: Documents, dir: &Path, console: &mut Console) -> Result<Exit, Failure> {
    let Documents { source, documents, faults } = documents;
    tell(&faults, faults.len(), console);
    if documents.is_empty() {
        return Err(Failure::nothing("nothing that could be imported was found"));
    }
    let mut kept = Kept::open(dir, Access::Write)?;
    let mut handed = Handed::default();
    for part in documents.chunks(TOGETHER) {
        handed += kept.save_documents(&source, part)?;
    }
    finish(kept, dir, handed, faults.len(), console)
}

/// Says of the first of so many faults where they are and what is wrong.
fn tell(faults: &[(String, String)], all: usize, console: &mut Console) {
    for (place, what) in faults.iter().take(TOLD) {
        console.note(format!("passed over: {place} {what}"));
    }
    if all > TOLD {
        console.note(format!("passed over: {} more", all - TOLD));
    }
}

/// Derives what follows from what was handed in, and says what that was.
fn finish(mut kept: Kept, dir: &Path, handed: Handed, faults: usize, console: &mut Console) -> Result<Exit, Failure> {
    let mut index = Index::open(dir, &kept)?;
    let mut progress = Progress::new(console, false);
    let derived = derive::catch_up(&mut kept, &mut index, Rules::builtin(), &mut |step| progress.derived(&step));
    progress.end();
    let derived = derived?;
    let head = |name: &str| console.paint(Style::Cyan, &format!("{name:<11}"));
    let Handed { new, changed, known } = handed;
    let lines = [
        format!("{}{new} new, {changed} changed, {known} known, {faults} passed over", head("records")),
        format!("{}{} new, {} changed", head("incidents"), derived.incidents.new, derived.incidents.changed),
    ];
    lines.into_iter().try_for_each(|line| console.say(line))?;
    Ok(if faults == 0 { Exit::Well } else { Exit::SomeFailed })
}

/// Reads a file that is not larger than is good for the memory.
fn bytes_of(file: &Path) -> Result<Vec<u8>, Failure> {
    let unread = |error: &dyn std::error::Error| Failure::usage(format!("{} could not be read", file.display())).because(error);
    let size = fs::metadata(file).map_err(|error| unread(&error))?.len();
    if size > LARGEST {
        return Err(Failure::usage(format!("{} is larger than {} MB", file.display(), LARGEST >> 20)));
    }
    fs::read(file).map_err(|error| unread(&error))
}

/// Reads a file that holds a JSON list; each item as its own text.
fn items_of(file: &Path) -> Result<Vec<Value>, Failure> {
    serde_json::from_slice(&bytes_of(file)?)
        .map_err(|error| Failure::usage(format!("{} holds no JSON list", file.display())).because(&error))
}

fn address(text: &str) -> Result<Url, Failure> {
    Url::parse(text).map_err(|error| Failure::new("a built-in address is wrong").because(&error))
}

fn hibp(file: &Path, console: &Console) -> Result<Documents, Failure> {
    let mut documents = Documents::new("Have I Been Pwned", address("https://haveibeenpwned.com/")?, "register");
    for (n, item) in items_of(file)?.into_iter().enumerate() {
        let bytes = item.to_string().into_bytes();
        let name = item["Name"].as_str().map_or_else(|| format!("breach {}", n + 1), |name| safe::line(name, 100));
        documents.add(name, register::hibp_url(&bytes), Layout::Hibp, bytes, console);
    }
    Ok(documents)
}

fn vcdb(folder: &Path, console: &Console) -> Result<Documents, Failure> {
    let mut documents = Documents::new("VERIS Community Database", address("https://github.com/vz-risk/VCDB")?, "register");
    let mut records: Vec<(String, Value)> = Vec::new();
    if folder.is_dir() {
        let unread = |error: &std::io::Error| Failure::usage(format!("{} could not be read", folder.display())).because(error);
        let mut files = Vec::new();
        for file in fs::read_dir(folder).map_err(|error| unread(&error))? {
            files.push(file.map_err(|error| unread(&error))?.path());
        }
        files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
        files.sort();
        for file in files {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            match serde_json::from_slice(&bytes_of(&file)?) {
                Ok(record) => records.push((name, record)),
                Err(error) => documents.faults.push((name, format!("is no JSON: {error}"))),
            }
        }
    } else {
        records = items_of(folder)?.into_iter().enumerate().map(|(n, record)| (format!("incident {}", n + 1), record)).collect();
    }
    for (place, record) in records {
        let id = record["incident_id"].as_str().unwrap_or_default();
        let url = (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
            .then(|| Url::parse(&format!("https://github.com/vz-risk/VCDB/blob/master/data/json/validated/{id}.json")).ok());
        let url = url.flatten().ok_or_else(|| "has no incident_id".to_owned());
        documents.add(place, url, Layout::Vcdb, record.to_string().into_bytes(), console);
    }
    Ok(documents)
}
