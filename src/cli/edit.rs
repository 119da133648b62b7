//! `breachline edit`: the analyst's word about one incident, kept for good and above what reports say.

use std::path::Path;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{find, set, tell};
use crate::base::fold::slug;
use crate::base::safe;
use crate::derive;
use crate::model::edit::{Act, Edit, EditId, standing};
use crate::model::incident::Incident;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// Correct, merge, split, hide, star, note or tag an incident
///
/// What is said here is kept for good, stands above what reports say, and outlives new reports, new rules and `breachline rebuild`.
/// Nothing is lost: `breachline show` tells who said what when, and where the reports say otherwise; every edit can be undone.
/// Several options may be given at once; each is an edit of its own.
#[derive(Debug, clap::Args)]
#[group(id = "acts", required = true, multiple = true)]
pub(super) struct Args {
    /// The ID of the incident; its beginning is enough where no other begins so
    id: String,
    /// Set a field: victim, kind, attacker, records, occurred or disclosed; an empty value says that there is none
    ///
    /// victim="Sega Europe", kind=ransomware, attacker="LulzSec (claimed); Anonymous (suspected)", records="at least 1.3M people",
    /// records="200k..300k cards", records="9 GB", occurred=2011-06, disclosed=2011-06-17..2011-06-19
    #[arg(long, value_name = "FIELD=VALUE", group = "acts")]
    set: Vec<String>,
    /// Say that another incident is the same event; it stays so
    #[arg(long, value_name = "ID", group = "acts")]
    merge: Vec<String>,
    /// Say that these reports are of another event, which becomes an incident of its own; they are never merged again by themselves
    ///
    /// A report is the number that `breachline show` lists, or the address of its article.
    #[arg(long, value_name = "REPORT", num_args = 1.., group = "acts")]
    split: Vec<String>,
    /// Leave it out of lists and counts: a false find, or none that matters; `is:hidden` finds it
    #[arg(long, group = "acts", conflicts_with = "unhide")]
    hide: bool,
    /// Show it again
    #[arg(long, group = "acts")]
    unhide: bool,
    /// Mark it; `is:starred` finds it
    #[arg(long, group = "acts", conflicts_with = "unstar")]
    star: bool,
    /// Take the mark off
    #[arg(long, group = "acts")]
    unstar: bool,
    /// Add a note; `has:note` finds it, and so do its words
    #[arg(long, value_name = "TEXT", group = "acts")]
    note: Vec<String>,
    /// Add a tag; `tag:` finds it
    #[arg(long, value_name = "TAG", group = "acts")]
    tag: Vec<String>,
    /// Take a tag off
    #[arg(long, value_name = "TAG", group = "acts")]
    untag: Vec<String>,
    /// Undo the last edit of this incident that still holds
    #[arg(long, group = "acts", conflicts_with_all = ["set", "merge", "split", "hide", "unhide", "star", "unstar", "note", "tag", "untag"])]
    undo: bool,
    #[command(flatten)]
    author: Author,
}

/// Who edits.
#[derive(Debug, clap::Args)]
pub(super) struct Author {
    /// Who says so
    #[arg(long, value_name = "NAME", env = "USER", hide_env_values = true)]
    author: Option<String>,
}

impl Author {
    pub(super) fn name(&self) -> Result<String, Failure> {
        const LONGEST: usize = 100;
        let name = safe::line(self.author.as_deref().unwrap_or_default(), LONGEST);
        if name.is_empty() {
            return Err(Failure::usage("it is not known who says so").hint("say --author NAME, or set USER"));
        }
        Ok(name)
    }
}

/// The longest note and the longest tag, in characters.
const LONGEST_NOTE: usize = 10_000;
const LONGEST_TAG: usize = 60;

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let author = args.author.name()?;
    let dir = places.index()?;
    let mut kept = open(&dir)?;
    let incident = find::incident(&kept, &args.id)?;
    let edits = kept.edits_numbered(&incident.edited.edits)?;
    let acts = if args.undo { vec![last(&edits, &incident)?] } else { acts(args, &kept, &incident, console)? };
    let made = acts.into_iter().map(|act| Edit::new(&incident, (console.now)(), &author, act)).collect();
    save(&dir, &mut kept, made, &edits, console)
}

/// Opens the store to write; makes none where there is none.
pub(super) fn open(dir: &Path) -> Result<Kept, Failure> {
    drop(Kept::open_to_read(dir)?);
    Ok(Kept::open(dir, Access::Write)?)
}

/// Keeps some edits, brings the incidents and the search up to date, and says what was done. `known` are those that may be undone.
pub(super) fn save(
    dir: &Path,
    kept: &mut Kept,
    mut made: Vec<Edit>,
    known: &[Edit],
    console: &mut Console,
) -> Result<Exit, Failure> {
    kept.save_edits(&mut made)?;
    let mut index = Index::open(dir, kept)?;
    derive::settle(kept, &mut index)?;
    for edit in &made {
        let what = match &edit.act {
            Act::Undo(undone) => undone_in_words(*undone, known),
            act => tell::act(act),
        };
        let number = console.paint(Style::Dim, &format!("(edit {})", edit.id.0));
        console.say(format!("{}  {}  {number}", console.paint(Style::Cyan, &edit.incident.0), console.plain(&what)))?;
        if let Act::Split { reports } = &edit.act {
            for id in reports.iter().filter_map(|anchor| kept.article(anchor.id.article).transpose()) {
                let found = id?.reports.into_iter().filter(|(id, _)| reports.iter().any(|anchor| anchor.id == *id));
                for (_, home) in found {
                    let home = home.map(|home| home.0).unwrap_or_default();
                    console.say(format!("{}  {}", console.paint(Style::Cyan, &home), "split off"))?;
                }
            }
        }
    }
    Ok(Exit::Well)
}

fn undone_in_words(undone: EditId, known: &[Edit]) -> String {
    let what = known.iter().find(|edit| edit.id == undone).map(|edit| format!(": {}", tell::act(&edit.act))).unwrap_or_default();
    format!("edit {} undone{what}", undone.0)
}

/// Returns the act that undoes the last edit that holds.
fn last(edits: &[Edit], incident: &Incident) -> Result<Act, Failure> {
    let last = standing(edits).last().map(|edit| Act::Undo(edit.id));
    last.ok_or_else(|| Failure::nothing(format!("nothing that was said of {} can be undone", incident.id)))
}

/// Returns what was asked for, in the order of the options. Nothing is kept if any of it is wrong.
fn acts(args: &Args, kept: &Kept, incident: &Incident, console: &Console) -> Result<Vec<Act>, Failure> {
    let mut acts = Vec::new();
    for text in &args.set {
        acts.push(Act::Set(set::parse(text, console.today())?));
    }
    for other in &args.merge {
        let other = find::incident(kept, other)?;
        if other.id == incident.id {
            return Err(Failure::usage(format!("{} cannot be merged with itself", incident.id)));
        }
        acts.push(Act::merge(&other));
    }
    if !args.split.is_empty() {
        acts.push(split(incident, &args.split)?);
    }
    let switches = [(args.hide, Act::Hide), (args.unhide, Act::Unhide), (args.star, Act::Star), (args.unstar, Act::Unstar)];
    acts.extend(switches.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, act)| act));
    for text in &args.note {
        acts.push(Act::Note(note(text)?));
    }
    for text in &args.tag {
        acts.push(Act::Tag(tag(text)?));
    }
    for text in &args.untag {
        let tag = tag(text)?;
        if !incident.edited.tags.contains(&tag) {
            return Err(Failure::nothing(format!("{} has no tag \"{tag}\" that could be taken off", incident.id)));
        }
        acts.push(Act::Untag(tag));
    }
    Ok(acts)
}

fn split(incident: &Incident, names: &[String]) -> Result<Act, Failure> {
    let mut reports = Vec::new();
    for name in names {
        reports.extend(find::reports(incident, name)?);
    }
    if incident.reports.iter().all(|filed| reports.contains(&filed.id)) {
        return Err(Failure::usage(format!("{} would be left without a report", incident.id))
            .hint("split off some of its reports, or --hide it"));
    }
    Ok(Act::split(incident, &reports))
}

fn note(text: &str) -> Result<String, Failure> {
    let text = safe::clean(text.trim()).into_owned();
    match text.chars().count() {
        0 => Err(Failure::usage("the note says nothing")),
        1..=LONGEST_NOTE => Ok(text),
        _ => Err(Failure::usage(format!("the note is longer than {LONGEST_NOTE} characters"))),
    }
}

fn tag(text: &str) -> Result<String, Failure> {
    let tag = slug(text);
    match tag.chars().count() {
        0 => Err(Failure::usage(format!("\"{text}\" is no tag")).hint("letters and digits, with dashes between them")),
        1..=LONGEST_TAG => Ok(tag),
        _ => Err(Failure::usage(format!("the tag is longer than {LONGEST_TAG} characters"))),
    }
}
