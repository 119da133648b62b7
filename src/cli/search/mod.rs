//! `breachline search`: incidents, articles or reports as a table, as JSON Lines or as CSV; or counted.

mod counts;
mod list;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::tell::{counted, grouped};
use crate::base::span::Span;
use crate::library::nothing::{self, Reason};
use crate::store::query::{self, Query, QueryError};
use crate::store::search::{By, Of};
use crate::store::{Page, Reader};

/// Search the incidents
///
/// Words and "phrases" are looked for in names, titles and the sentences that incidents were read from; with --articles in the articles
/// themselves, with --reports in what each article says by itself. What finds nothing says which part of it is to blame. Exits with 1
/// where nothing is found.
#[derive(Debug, clap::Args)]
#[command(after_help = "`breachline search --help` shows the language of searches on one page.", after_long_help = page())]
pub(super) struct Args {
    /// What to look for; everything where nothing is said
    #[arg(add = super::complete::query())]
    query: Vec<String>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// Print comma-separated values with a heading
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Search the articles instead of the incidents
    #[arg(long)]
    articles: bool,
    /// Search what each article says of each event, before anything is merged
    #[arg(long, conflicts_with = "articles")]
    reports: bool,
    /// Say only how many there are, and how much they affected altogether
    #[arg(long, conflicts_with = "by")]
    count: bool,
    /// Count them by something instead of listing them; what has several values counts for each
    #[arg(long, value_name = "WHAT", value_parser = by())]
    by: Option<String>,
    /// The most to list
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

/// How rows and counts are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Table,
    Json,
    Csv,
}

fn by() -> clap::builder::PossibleValuesParser {
    By::ALL.map(By::word).into()
}

/// The language of searches on one page.
fn page() -> String {
    const COLUMN: usize = 38;
    let mut page = String::from("The language of searches. Everything said must hold; OR, - and parentheses change that.\n");
    for (title, entries) in query::help() {
        page.push_str(&format!("\n{title}:\n"));
        for (what, meaning) in entries {
            page.push_str(&format!("  {what:<COLUMN$}  {meaning}\n"));
        }
    }
    page
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let text = args.query.join(" ");
    let saved = places.config_if_any()?.queries;
    let query = Query::parse_with(&text, console.today(), &saved).map_err(|error| wrong_query(&text, &error))?;
    let reader = Reader::open(&places.index()?)?;
    let of = match (args.articles, args.reports) {
        (true, _) => Of::Articles,
        (_, true) => Of::Reports,
        _ => Of::Incidents,
    };
    let form = match (args.json, args.csv) {
        (true, _) => Form::Json,
        (_, true) => Form::Csv,
        _ => Form::Table,
    };
    let by = args.by.as_deref().and_then(|word| By::ALL.into_iter().find(|by| by.word() == word));
    let found = match by {
        Some(by) => counts::by(&reader, of, &query, by, args.limit, form, console)?,
        None if args.count => counts::all(&reader, of, &query, form, console)?,
        None => list::print(&reader, of, &query, Page { offset: 0, limit: args.limit }, form, console)?,
    };
    if found > 0 {
        return Ok(Exit::Well);
    }
    console.note("nothing was found");
    for Reason { at, said } in nothing::why(&reader, of, &query, &text)? {
        at.into_iter().flat_map(|at| shown(&text, at)).for_each(|line| console.note(line));
        console.note(format!("  {said}"));
    }
    Ok(Exit::Nothing)
}

/// Tells on a terminal that there are more than were listed.
fn more(total: usize, shown: usize, console: &mut Console) {
    if total > shown && console.err_is_terminal {
        console.note(format!("and {} more; --limit {total} lists them all", grouped((total - shown) as u64)));
    }
}

/// Returns how many of what is searched, in words.
fn so_many(of: Of, count: u64) -> String {
    match of {
        Of::Incidents => counted(count, "incident", "incidents"),
        Of::Articles => counted(count, "article", "articles"),
        Of::Reports => counted(count, "report", "reports"),
    }
}

/// Says what is wrong with a query, with a mark below the place.
pub(super) fn wrong_query(text: &str, error: &QueryError) -> Failure {
    let failure = Failure::usage(format!("{}\n{}", error.message, shown(text, error.at).join("\n")));
    if error.expected.is_empty() { failure } else { failure.hint(format!("expected {}", error.expected)) }
}

/// Returns the query, and a caret under a part of it, as lines.
fn shown(text: &str, at: Span) -> Vec<String> {
    query::shown(text, at).lines().map(|line| format!("    {line}")).collect()
}

/// The style of what is found by its words.
const HIT: Style = Style::Yellow;
