//! `breachline search`: incidents or articles as a table, or as JSON Lines.

use serde::Serialize;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::json;
use super::places::Places;
use super::table::{self, Cell, Column};
use super::tell::{self, grouped};
use crate::model::incident::Row;
use crate::store::query::{Query, QueryError};
use crate::store::search::{ArticleRow, Found};
use crate::store::{Page, Reader};

/// Search the incidents
///
/// Words and "phrases" are looked for in names, titles and the sentences that incidents were read from; narrow it down with victim:
/// attacker: kind: source: tag: data: records:>1M after:2011-05 before: and put in order with sort:date, sort:records or sort:relevance.
/// The README has all of the language. Exits with 1 where nothing is found.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to look for; everything where nothing is said
    query: Vec<String>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// Search the articles instead of the incidents
    #[arg(long)]
    articles: bool,
    /// The most to list
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
}

const COLUMNS: &[Column] = &[
    Column { head: "DAYS", right: false, gives: 0 },
    Column { head: "VICTIM", right: false, gives: 3 },
    Column { head: "KIND", right: false, gives: 0 },
    Column { head: "AFFECTED", right: true, gives: 1 },
    Column { head: "ATTACKER", right: false, gives: 4 },
    Column { head: "REPORTS", right: true, gives: 0 },
    Column { head: "ID", right: false, gives: 0 },
];

const ARTICLE_COLUMNS: &[Column] = &[
    Column { head: "DAY", right: false, gives: 0 },
    Column { head: "SOURCE", right: false, gives: 2 },
    Column { head: "TITLE", right: false, gives: 3 },
    Column { head: "INCIDENTS", right: true, gives: 0 },
    Column { head: "ADDRESS", right: false, gives: 4 },
];

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let text = args.query.join(" ");
    let query = Query::parse(&text, console.today()).map_err(|error| wrong_query(&text, &error))?;
    let reader = Reader::open(&places.index()?)?;
    let page = Page { offset: 0, limit: args.limit };
    if args.articles {
        return print(&reader.find_articles(&query, page)?, ARTICLE_COLUMNS, article_cells, args.json, console);
    }
    print(&reader.find(&query, page)?, COLUMNS, cells, args.json, console)
}

fn print<R: Serialize>(
    found: &Found<R>,
    columns: &[Column],
    cells: impl Fn(&R) -> Vec<Cell>,
    json: bool,
    console: &mut Console,
) -> Result<Exit, Failure> {
    if json {
        for row in &found.rows {
            console.out.write_all(&json::line(row))?;
        }
    } else if found.total > 0 {
        let rows: Vec<Vec<Cell>> = found.rows.iter().map(cells).collect();
        table::print(columns, &rows, console)?;
    }
    if found.total == 0 {
        console.note("nothing was found");
        return Ok(Exit::Nothing);
    }
    let more = found.total.saturating_sub(found.rows.len()) as u64;
    if more > 0 && console.err_is_terminal {
        console.note(format!("and {} more; --limit {} lists them all", grouped(more), found.total));
    }
    Ok(Exit::Well)
}

fn cells(row: &Row) -> Vec<Cell> {
    let attackers: Vec<&str> = row.attackers.iter().map(|attacker| attacker.name.as_str()).collect();
    let figure = row.records.as_ref().map(tell::figure).unwrap_or_default();
    vec![
        Cell::new(tell::days(Some(row.days))).styled(Style::Dim),
        Cell::new(&row.victim).styled(Style::Bold),
        Cell::new(row.kind.word()),
        Cell::new(figure),
        Cell::new(attackers.join(", ")),
        Cell::new(grouped(u64::from(row.reports))),
        Cell::new(&row.id.0).styled(Style::Cyan),
    ]
}

fn article_cells(row: &ArticleRow) -> Vec<Cell> {
    vec![
        Cell::new(row.published.to_string()).styled(Style::Dim),
        Cell::new(&row.source),
        Cell::new(&row.title).styled(Style::Bold),
        Cell::new(grouped(u64::from(row.reports))),
        Cell::new(&row.url).styled(Style::Cyan),
    ]
}

/// Says what is wrong with a query, with a mark below the place.
pub(super) fn wrong_query(text: &str, error: &QueryError) -> Failure {
    let shown: Vec<String> = error.shown(text).lines().map(|line| format!("    {line}")).collect();
    let failure = Failure::usage(format!("{}\n{}", error.message, shown.join("\n")));
    if error.expected.is_empty() { failure } else { failure.hint(format!("expected {}", error.expected)) }
}
