//! What a search finds as rows, each with the words that were found.

use serde::Serialize;

use super::super::console::{Console, Style};
use super::super::failure::Failure;
use super::super::table::{self, Cell, Column};
use super::super::tell::{self, grouped};
use super::{Form, HIT, more};
use crate::base::{json, separated};
use crate::model::incident::{Incident, Row};
use crate::model::report::{Attacker, Figure};
use crate::store::query::Query;
use crate::store::search::{Found, Of, Snippet, Snippets};
use crate::store::{ArticleRow, Page, Reader, ReportRow};

const fn column(head: &'static str, right: bool, gives: usize) -> Column {
    Column { head, right, gives }
}

const INCIDENTS: &[Column] = &[
    column("DAYS", false, 0),
    column("VICTIM", false, 3),
    column("KIND", false, 0),
    column("AFFECTED", true, 1),
    column("ATTACKER", false, 4),
    column("REPORTS", true, 0),
    column("ID", false, 0),
];

const ARTICLES: &[Column] = &[
    column("DAY", false, 0),
    column("SOURCE", false, 2),
    column("TITLE", false, 3),
    column("INCIDENTS", true, 0),
    column("ADDRESS", false, 4),
];

const REPORTS: &[Column] = &[
    column("DAY", false, 0),
    column("SOURCE", false, 2),
    column("VICTIM", false, 3),
    column("KIND", false, 0),
    column("AFFECTED", true, 1),
    column("ATTACKER", false, 4),
    column("TITLE", false, 5),
];

/// A row for programs, and where the query's words are.
#[derive(Serialize)]
struct Told<'r, R> {
    #[serde(flatten)]
    row: &'r R,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'r Snippet>,
}

/// What goes with a row beyond it: the words that were found, and who says so.
struct Beside {
    snippet: Option<Snippet>,
    sources: Vec<String>,
}

/// Prints the rows of a page; returns how many there are altogether.
pub(super) fn print(
    reader: &Reader,
    of: Of,
    query: &Query,
    page: Page,
    form: Form,
    console: &mut Console,
) -> Result<usize, Failure> {
    let snippets = Snippets::new(query);
    match of {
        Of::Incidents => {
            let beside = |row: &Row| of_incident(reader, &snippets, row);
            rows(&reader.find(query, page)?, INCIDENTS, incident_cells, beside, form, console)
        }
        Of::Articles => {
            let beside = |row: &ArticleRow| of_article(reader, &snippets, row);
            rows(&reader.find_articles(query, page)?, ARTICLES, article_cells, beside, form, console)
        }
        Of::Reports => {
            let beside = |row: &ReportRow| of_report(reader, &snippets, row);
            rows(&reader.find_reports(query, page)?, REPORTS, report_cells, beside, form, console)
        }
    }
}

fn rows<R: Serialize>(
    found: &Found<R>,
    columns: &[Column],
    cells: impl Fn(&R) -> Vec<Cell>,
    beside: impl Fn(&R) -> Result<Beside, Failure>,
    form: Form,
    console: &mut Console,
) -> Result<usize, Failure> {
    let mut with = Vec::new();
    for row in &found.rows {
        with.push(beside(row)?);
    }
    match form {
        Form::Json => {
            for (row, beside) in found.rows.iter().zip(&with) {
                console.out.write_all(&json::line(&Told { row, snippet: beside.snippet.as_ref() }))?;
            }
        }
        Form::Csv => {
            let heads: Vec<String> = columns.iter().map(|column| column.head.to_lowercase()).collect();
            console.out.write_all(&separated::line(&heads))?;
            for row in &found.rows {
                let cells: Vec<String> = cells(row).iter().map(|cell| cell.text().to_owned()).collect();
                console.out.write_all(&separated::line(&cells))?;
            }
        }
        Form::Table if !found.rows.is_empty() => {
            let rows: Vec<Vec<Cell>> = found.rows.iter().map(&cells).collect();
            let notes: Vec<String> = with.iter().map(|beside| note(beside, console)).collect();
            table::print_with(columns, &rows, &notes, console)?;
        }
        Form::Table => {}
    }
    more(found.total, found.rows.len(), console);
    Ok(found.total)
}

/// The line below a row in a terminal: the words that were found, set off, and who says so.
fn note(beside: &Beside, console: &Console) -> String {
    let Some(Snippet { text, hits }) = &beside.snippet else { return String::new() };
    let mut line = String::new();
    let mut at = 0;
    for hit in hits {
        line += &console.paint(Style::Dim, text.get(at..hit.start).unwrap_or(""));
        line += &console.paint(HIT, hit.slice(text));
        at = hit.end;
    }
    line += &console.paint(Style::Dim, text.get(at..).unwrap_or(""));
    let sources = beside.sources.join(", ");
    if sources.is_empty() { line } else { line + &console.paint(Style::Dim, &format!(" - {sources}")) }
}

fn of_incident(reader: &Reader, snippets: &Snippets, row: &Row) -> Result<Beside, Failure> {
    if snippets.is_empty() {
        return Ok(Beside { snippet: None, sources: Vec::new() });
    }
    let Some(incident) = reader.incident(&row.id)? else { return Ok(Beside { snippet: None, sources: Vec::new() }) };
    let mut sources: Vec<String> = incident.reports.iter().map(|filed| filed.source.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    Ok(Beside { snippet: snippets.best(texts(&incident)), sources })
}

/// What an incident is found by: the quotes, then the titles, then what analysts noted.
fn texts(incident: &Incident) -> impl Iterator<Item = &str> {
    let quotes = incident.reports.iter().flat_map(|filed| &filed.report.evidence).map(|evidence| evidence.quote.as_str());
    let titles = incident.reports.iter().map(|filed| filed.title.as_str());
    quotes.chain(titles).chain(incident.edited.notes.iter().map(|note| note.text.as_str()))
}

fn of_article(reader: &Reader, snippets: &Snippets, row: &ArticleRow) -> Result<Beside, Failure> {
    let article = if snippets.is_empty() { None } else { reader.article(row.id)? };
    // Paragraph by paragraph, so that the piece is of one.
    let paragraphs = article.iter().flat_map(|shown| shown.article.text.lines().chain([shown.article.title.as_str()]));
    Ok(Beside { snippet: snippets.best(paragraphs), sources: Vec::new() })
}

fn of_report(reader: &Reader, snippets: &Snippets, row: &ReportRow) -> Result<Beside, Failure> {
    let reports = if snippets.is_empty() { Vec::new() } else { reader.reports(row.report.article)? };
    let report = reports.get(row.report.n as usize);
    let quotes = report.iter().flat_map(|report| &report.evidence).map(|evidence| evidence.quote.as_str());
    Ok(Beside { snippet: snippets.best(quotes.chain([row.title.as_str()])), sources: Vec::new() })
}

fn incident_cells(row: &Row) -> Vec<Cell> {
    vec![
        Cell::new(tell::days(Some(row.days))).styled(Style::Dim),
        Cell::new(&row.victim).styled(Style::Bold),
        Cell::new(row.kind.word()),
        Cell::new(figure(row.records.as_ref())),
        Cell::new(names(&row.attackers)),
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

fn report_cells(row: &ReportRow) -> Vec<Cell> {
    vec![
        Cell::new(row.published.to_string()).styled(Style::Dim),
        Cell::new(&row.source),
        Cell::new(&row.victim).styled(Style::Bold),
        Cell::new(row.kind.word()),
        Cell::new(figure(row.records.as_ref())),
        Cell::new(names(&row.attackers)),
        Cell::new(&row.title).styled(Style::Dim),
    ]
}

fn figure(figure: Option<&Figure>) -> String {
    figure.map(tell::figure).unwrap_or_default()
}

fn names(attackers: &[Attacker]) -> String {
    attackers.iter().map(|attacker| attacker.name.as_str()).collect::<Vec<_>>().join(", ")
}
