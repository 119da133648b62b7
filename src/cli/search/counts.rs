//! What a search finds, counted: bars in a terminal, values for programs.

use serde::Serialize;

use super::super::console::{Console, Style};
use super::super::failure::Failure;
use super::super::table::{self, Cell, Column};
use super::super::tell::grouped;
use super::{Form, more, so_many};
use crate::base::{json, separated};
use crate::store::Reader;
use crate::store::query::Query;
use crate::store::search::{By, Counted, Of};

/// The columns of the longest bar.
const BAR: usize = 30;

#[derive(Serialize)]
struct All {
    count: u64,
    records: u64,
}

#[derive(Serialize)]
struct One<'c> {
    by: &'static str,
    value: &'c str,
    count: u64,
    records: u64,
}

/// Prints how many there are and the sum of their figures; returns how many.
pub(super) fn all(reader: &Reader, of: Of, query: &Query, form: Form, console: &mut Console) -> Result<usize, Failure> {
    // Each has one first day, so the years add up to all.
    let years = reader.count_by(of, query, By::Year)?;
    let count: u64 = years.iter().map(|year| year.count).sum();
    let records = years.iter().fold(0u64, |sum, year| sum.saturating_add(year.records));
    match form {
        Form::Json => console.out.write_all(&json::line(&All { count, records }))?,
        Form::Csv => {
            console.out.write_all(&separated::line(&["count", "records"]))?;
            console.out.write_all(&separated::line(&[count.to_string(), records.to_string()]))?;
        }
        Form::Table if !console.out_is_terminal => console.say(format!("{count}\t{records}"))?,
        Form::Table => {
            let affected = if records > 0 { format!(", {} affected altogether", grouped(records)) } else { String::new() };
            console.say(format!("{}{affected}", so_many(of, count)))?;
        }
    }
    Ok(count as usize)
}

/// Prints them counted by something; returns how many values there are.
pub(super) fn by(
    reader: &Reader,
    of: Of,
    query: &Query,
    by: By,
    limit: usize,
    form: Form,
    console: &mut Console,
) -> Result<usize, Failure> {
    let all = reader.count_by(of, query, by)?;
    // Of months and years the last ones are wanted, of everything else the most frequent.
    let shown = match by {
        By::Month | By::Year => &all[all.len().saturating_sub(limit)..],
        _ => &all[..all.len().min(limit)],
    };
    match form {
        Form::Json => {
            for Counted { value, count, records } in shown {
                console.out.write_all(&json::line(&One { by: by.word(), value, count: *count, records: *records }))?;
            }
        }
        Form::Csv => {
            console.out.write_all(&separated::line(&[by.word(), "count", "records"]))?;
            for Counted { value, count, records } in shown {
                console.out.write_all(&separated::line(&[value.as_str(), &count.to_string(), &records.to_string()]))?;
            }
        }
        Form::Table => table(by, shown, console)?,
    }
    more(all.len(), shown.len(), console);
    Ok(all.len())
}

fn table(by: By, shown: &[Counted], console: &mut Console) -> Result<(), Failure> {
    let most = shown.iter().map(|counted| counted.count).max().unwrap_or(0);
    let head = match by {
        By::Kind => "KIND",
        By::Attacker => "ATTACKER",
        By::Victim => "VICTIM",
        By::Country => "COUNTRY",
        By::Source => "SOURCE",
        By::Tag => "TAG",
        By::Status => "STATUS",
        By::Month => "MONTH",
        By::Year => "YEAR",
    };
    let column = |head, right, gives| Column { head, right, gives };
    let terminal = console.out_is_terminal;
    let mut columns = vec![column(head, false, 2), column("COUNT", true, 0), column("AFFECTED", true, 0)];
    if terminal {
        columns.insert(2, column("", false, 3));
    }
    let rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|counted| {
            let number = |number: u64| if terminal { grouped(number) } else { number.to_string() };
            let affected = if counted.records > 0 || !terminal { number(counted.records) } else { String::new() };
            let mut cells =
                vec![Cell::new(&counted.value).styled(Style::Bold), Cell::new(number(counted.count)), Cell::new(affected)];
            if terminal {
                cells.insert(2, Cell::new(bar(counted.count, most, console.utf8)).styled(Style::Cyan));
            }
            cells
        })
        .collect();
    table::print(&columns, &rows, console)
}

/// Returns a bar for a count, of the longest's length at most; whatever counts has one.
fn bar(count: u64, most: u64, utf8: bool) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (count as f64 / most.max(1) as f64 * (BAR * 8) as f64).round() as usize;
    let eighths = if count > 0 { eighths.max(1) } else { eighths };
    if utf8 { format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8]) } else { "#".repeat(eighths.div_ceil(8)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_counts() {
        assert_eq!(bar(10, 10, true), "█".repeat(30));
        assert_eq!(bar(5, 10, false), "#".repeat(15));
        assert_eq!(
            (bar(1, 1_000_000, true).as_str(), bar(1, 1_000_000, false).as_str(), bar(0, 0, true).as_str()),
            ("▏", "#", "")
        );
    }
}
