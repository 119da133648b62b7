//! `breachline edit`: the analyst's word about one incident, kept for good and above what reports say.

use std::path::Path;

use jiff::Timestamp;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{acts, find, tell};
use crate::base::safe;
use crate::derive;
use crate::library::EditRequest;
use crate::model::edit::{Act, Edit, last_together};
use crate::store::StoreError;
use crate::store::kept::{Access, Kept};
use crate::store::search::Index;

/// Correct, merge, split, hide, star, note or tag an incident
///
/// What is said here is kept for good, stands above what reports say, and outlives new reports, new rules and `breachline rebuild`.
/// Nothing is lost: `breachline show` tells who said what when, and where the reports say otherwise; every edit can be undone.
/// Several options may be given at once; each is an edit of its own.
#[derive(Debug, clap::Args)]
#[group(id = "acts", required = true, multiple = true)]
#[command(after_help = "\
Examples:
  breachline edit sega-2011-06 --set kind=breach --set records=\"at least 1.3M people\"
  breachline edit sega-2011-06 --merge sega-europe-2011-06
  breachline edit target-2013 --split 12 17 --note \"another shop of that name\"
  breachline edit sega-2011-06 --undo")]
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
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Author {
    /// Whose edits these are; the name is kept with each
    #[arg(long, value_name = "NAME", env = "USER", hide_env_values = true)]
    author: Option<String>,
}

impl Default for Author {
    /// Whoever the environment names, as where no option is given.
    fn default() -> Author {
        Author { author: std::env::var("USER").ok() }
    }
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

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let author = args.author.name()?;
    let dir = places.index()?;
    let mut kept = open(&dir)?;
    let incident = find::incident(&kept, &args.id)?;
    let edits = kept.edits_numbered(&incident.edited.edits)?;
    let mut acts = Vec::new();
    let mut nothing = None;
    for request in requests(args) {
        match acts::of(&request, &kept, &incident, console.today()) {
            Ok(more) => acts.extend(more),
            // What is so already keeps nothing else from being done.
            Err(failure) if failure.exit == Exit::Nothing => {
                if let Some(before) = nothing.replace(failure) {
                    console.tell_failure(&before);
                }
            }
            Err(failure) => return Err(failure),
        }
    }
    match nothing {
        Some(failure) if acts.is_empty() => return Err(failure),
        Some(failure) => console.tell_failure(&failure),
        None => {}
    }
    let made = acts.into_iter().map(|act| Edit::new(&incident, (console.now)(), &author, act)).collect();
    tell_of(&keep(&dir, &mut kept, made)?, &kept, &edits, console)
}

/// Returns what was asked for, in the order of the options.
fn requests(args: &Args) -> Vec<EditRequest> {
    if args.undo {
        return vec![EditRequest::Undo];
    }
    let mut requests: Vec<EditRequest> = args.set.iter().cloned().map(EditRequest::Set).collect();
    requests.extend((!args.merge.is_empty()).then(|| EditRequest::Merge(args.merge.clone())));
    requests.extend((!args.split.is_empty()).then(|| EditRequest::Split(args.split.clone())));
    let switches = [
        (args.hide, EditRequest::Hide),
        (args.unhide, EditRequest::Unhide),
        (args.star, EditRequest::Star),
        (args.unstar, EditRequest::Unstar),
    ];
    requests.extend(switches.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, request)| request));
    requests.extend(args.note.iter().cloned().map(EditRequest::Note));
    requests.extend(args.tag.iter().cloned().map(EditRequest::Tag));
    requests.extend(args.untag.iter().cloned().map(EditRequest::Untag));
    requests
}

/// Opens the store to write; makes none where there is none.
pub(super) fn open(dir: &Path) -> Result<Kept, Failure> {
    drop(Kept::open_to_read(dir)?);
    Ok(Kept::open(dir, Access::Write)?)
}

/// Keeps some edits and brings the incidents and the search up to date; returns them with their numbers.
pub(super) fn keep(dir: &Path, kept: &mut Kept, mut made: Vec<Edit>) -> Result<Vec<Edit>, StoreError> {
    kept.save_edits(&mut made)?;
    let mut index = Index::open(dir, kept)?;
    derive::settle(kept, &mut index)?;
    Ok(made)
}

/// Says what was done. `known` are those that may be undone.
pub(super) fn tell_of(made: &[Edit], kept: &Kept, known: &[Edit], console: &mut Console) -> Result<Exit, Failure> {
    for edit in made {
        let what = act_in_words(&edit.act, known);
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

/// Returns what was done, in words; of an undoing also what it took back, as far as that is among the known.
pub(super) fn act_in_words(act: &Act, known: &[Edit]) -> String {
    let Act::Undo(undone) = act else { return tell::act(act) };
    let what = known.iter().find(|edit| edit.id == *undone).map(|edit| format!(": {}", tell::act(&edit.act))).unwrap_or_default();
    format!("edit {} undone{what}", undone.0)
}

/// Returns the edits that take back what was done last: to all incidents that it was done to at once.
pub(super) fn undo_last(edits: &[Edit], at: Timestamp, author: &str) -> Vec<Edit> {
    let together = last_together(edits);
    let undo = |edit: &&Edit| Edit { at, author: author.to_owned(), act: Act::Undo(edit.id), ..(*edit).clone() };
    together.iter().map(undo).collect()
}
