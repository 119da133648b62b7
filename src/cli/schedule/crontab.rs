//! The crontab line, below a comment that tells it from everybody else's.

use super::ask;
use super::task::Task;
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};

/// The line above ours.
const MARK: &str = "# breachline: the nightly job (written by `breachline schedule install`)";

/// Returns the line (crontab(5)): a percent sign would end the command, so it is escaped; the rest is quoted for the shell.
pub(super) fn line(task: &Task) -> Result<String, Failure> {
    let command: Vec<String> = task.command.iter().map(|word| quoted(word)).collect();
    Ok(format!("{} {} * * *  {} --quiet", task.at.minute, task.at.hour, command.join(" ").replace('%', "\\%")))
}

/// A word for the shell (POSIX, 2.2.2).
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | ',' | '=' | ':' | '@');
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// What stands in the crontab; nothing where there is none.
fn table() -> String {
    ask("crontab", &["-l"], None).unwrap_or_default()
}

/// The crontab without our line.
fn without_ours(table: &str) -> String {
    let mut lines = table.lines();
    let mut rest = String::new();
    while let Some(line) = lines.next() {
        if line == MARK {
            lines.next();
        } else {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    rest
}

fn ours(table: &str) -> Option<&str> {
    let mut lines = table.lines();
    lines.find(|line| *line == MARK)?;
    lines.next()
}

pub(super) fn install(task: &Task, console: &mut Console) -> Result<(), Failure> {
    let line = line(task)?;
    let table = format!("{}{MARK}\n{line}\n", without_ours(&table()));
    ask("crontab", &["-"], Some(&table))?;
    console.say(format!("written into the crontab: {}", console.plain(&line)))
}

pub(super) fn status(console: &mut Console) -> Result<Exit, Failure> {
    let table = table();
    match ours(&table) {
        Some(line) => {
            console.say(console.plain(line))?;
            Ok(Exit::Well)
        }
        None => {
            console.note("not scheduled: there is no line of breachline in the crontab");
            Ok(Exit::Nothing)
        }
    }
}

pub(super) fn remove(console: &mut Console) -> Result<Exit, Failure> {
    let table = table();
    if ours(&table).is_none() {
        console.note("there is nothing to remove");
        return Ok(Exit::Nothing);
    }
    ask("crontab", &["-"], Some(&without_ours(&table)))?;
    console.say("removed from the crontab")?;
    Ok(Exit::Well)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::schedule::task::Time;

    #[test]
    fn a_line_is_quoted_for_the_shell_and_for_cron() {
        let command = ["/usr/bin/breachline", "--index", "/a b/100%'s", "ingest"].map(str::to_owned).to_vec();
        let task = Task { at: Time { hour: 3, minute: 5 }, command };
        assert_eq!(line(&task).unwrap(), "5 3 * * *  /usr/bin/breachline --index '/a b/100\\%'\\''s' ingest --quiet");
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        let table = format!("MAILTO=me\n{MARK}\n0 3 * * * old\n# other\n1 1 * * * other\n");
        assert_eq!(without_ours(&table), "MAILTO=me\n# other\n1 1 * * * other\n");
        assert_eq!(ours(&table), Some("0 3 * * * old"));
        assert_eq!(ours("0 3 * * * breachline"), None);
    }
}
