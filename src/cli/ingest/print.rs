//! The summary of a run for a person, to be read in ten seconds: what is new that matters, then what went wrong, then the numbers.

use super::news::Changed;
use super::summary::{File, Given, Line, Mailbox, Named, NotDue, Summary, Unread};
use crate::cli::backfill::left_out;
use crate::cli::console::{Console, Style};
use crate::cli::failure::Failure;
use crate::cli::tell::{self, counted, grouped};
use crate::model::incident::Row;
use crate::watch::Sent;

/// How many incidents of each sort are shown.
const SHOWN: usize = 10;

/// Prints a summary. `all` shows every incident that it names.
pub(in crate::cli) fn print(summary: &Summary, all: bool, console: &mut Console) -> Result<(), Failure> {
    news(summary, if all { usize::MAX } else { SHOWN }, console)?;
    if summary.files.is_empty() && summary.given.is_empty() && summary.mailbox.is_none() {
        sources(summary, console)?;
        sitemaps(summary, console)?;
        pages(summary, console)?;
    }
    files(summary, console)?;
    given(summary, console)?;
    mailbox(summary, console)?;
    numbers(summary, console)
}

/// Prints what went wrong with sources and notices, and nothing where nothing did, on the error stream.
pub(in crate::cli) fn print_trouble(summary: &Summary, console: &mut Console) {
    for (word, _, text) in trouble(summary).into_iter().filter(|(word, ..)| !matches!(*word, "note" | "item-skipped")) {
        console.note(format!("{word} {text}"));
    }
    for File { file, reason, .. } in &summary.files {
        reason.iter().for_each(|reason| console.note(format!("not read on {file}: {reason}")));
    }
    for Given { given, outcome, reason, .. } in &summary.given {
        reason.iter().for_each(|reason| console.note(format!("{} {given}: {reason}", outcome.replace('-', " "))));
    }
    for Unread { file, reason } in summary.mailbox.iter().flat_map(|mailbox| &mailbox.unread) {
        console.note(format!("not read {file}: it {reason}"));
    }
    for line in untold(summary) {
        console.note(format!("not delivered {line}"));
    }
}

fn head(console: &Console, name: &str) -> String {
    console.paint(Style::Cyan, &format!("{name:<11}"))
}

fn count(number: usize) -> String {
    grouped(number as u64)
}

fn news(summary: &Summary, shown: usize, console: &mut Console) -> Result<(), Failure> {
    let Summary { news, run, .. } = summary;
    if news.new_count > 0 {
        let what = counted(news.new_count as u64, "incident", "incidents");
        let order = if news.new_count > 1 { ", the largest first" } else { "" };
        console.say(format!("{}{what}{order}", head(console, "new")))?;
        for row in news.new.iter().take(shown) {
            say(&told(row), row, console)?;
        }
        more(news.new_count, &news.new, shown, *run, console)?;
    }
    if news.changed_count + news.confirmed_count > 0 {
        let what = counted(news.changed_count as u64, "incident", "incidents");
        let more_articles = match news.confirmed_count {
            0 => String::new(),
            more => format!(", and {} told again without anything else", count(more)),
        };
        console.say(format!("{}{what}{more_articles}", head(console, "changed")))?;
        for Changed { incident, fields } in news.changed.iter().take(shown) {
            let change = |change: &super::news::Change| {
                format!("{} {} -> {}", change.field.word(), tell::value(&change.from), tell::value(&change.to))
            };
            let changes: Vec<String> = fields.iter().map(change).collect();
            say(&format!("{}: {}", incident.victim, changes.join("; ")), incident, console)?;
        }
        more(news.changed_count, &news.changed, shown, *run, console)?;
    }
    Ok(())
}

fn say(text: &str, row: &Row, console: &mut Console) -> Result<(), Failure> {
    let room = if console.out_is_terminal { console.width.saturating_sub(row.id.0.len() + 4).max(30) } else { 300 };
    let text = crate::base::safe::line(text, room);
    console.say(format!("  {}  {}", console.plain(&text), console.paint(Style::Cyan, &row.id.0)))
}

/// Says how many incidents are not shown, and where those are that the summary names.
fn more<T>(all: usize, named: &[T], shown: usize, run: i64, console: &mut Console) -> Result<(), Failure> {
    let more = all.saturating_sub(named.len().min(shown));
    if more == 0 {
        return Ok(());
    }
    let place = if named.len() > shown { format!(": `breachline runs show {run}`") } else { String::new() };
    console.say(console.paint(Style::Dim, &format!("  and {} more{place}", count(more))))
}

/// An incident in one line: `Ticketmaster: breach, 560,000,000 people, ShinyHunters (claimed)`.
fn told(row: &Row) -> String {
    let parts = [
        row.kind.word().to_owned(),
        row.records.as_ref().map(tell::figure).unwrap_or_default(),
        tell::attackers(&row.attackers),
        if row.sources > 1 { tell::counted(u64::from(row.sources), "source", "sources") } else { String::new() },
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", row.victim, parts.join(", "))
}

fn sources(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    let waiting = if summary.not_due.is_empty() { String::new() } else { format!(", {} not due", count(summary.not_due.len())) };
    let silent = if summary.stale.is_empty() { String::new() } else { format!(", {} stale", count(summary.stale.len())) };
    let later =
        if summary.left.is_empty() { String::new() } else { format!(", {} left for the next run", count(summary.left.len())) };
    console.say(format!(
        "{}{} tried, {} unchanged, {} failed{silent}{waiting}{later}",
        head(console, "sources"),
        count(summary.tried),
        count(summary.unchanged),
        count(summary.failed)
    ))?;
    for (word, style, text) in trouble(summary) {
        console.say(format!("  {} {}", console.paint(style, word), console.plain(&text)))?;
    }
    for name in &summary.left {
        console.say(format!("  {} {}", console.paint(Style::Dim, "left"), console.plain(name)))?;
    }
    Ok(())
}

/// What a person should know of the sources, the worst first: what failed or is gone, what is left alone or empty,
/// stale, moved, and what else is to be said.
fn trouble(summary: &Summary) -> Vec<(&str, Style, String)> {
    let mut told: Vec<(u8, &str, Style, String)> = Vec::new();
    for line in &summary.sources {
        let reason = line.reason.as_deref().unwrap_or("no reason is known");
        let text = format!("{}: {reason}", line.name);
        match (line.outcome.as_str(), line.gave.as_str()) {
            ("source-failed", "gone") => told.push((0, "gone", Style::Red, text)),
            ("source-failed" | "blocked", _) => told.push((0, line.outcome.as_str(), Style::Red, text)),
            (_, "empty") => {
                told.push((1, "empty", Style::Yellow, format!("{}: its list holds no article{}", line.name, besides(line))))
            }
            ("item-skipped", _) => told.push((4, "item-skipped", Style::Yellow, text)),
            _ if line.moved_to.is_some() => told.push((3, "moved", Style::Yellow, text)),
            _ if line.reason.is_some() => told.push((5, "note", Style::Dim, text)),
            _ => {}
        }
    }
    for NotDue { name, why, reason } in &summary.not_due {
        match why.as_str() {
            "gone" => told.push((0, "gone", Style::Red, format!("{name}: {reason}"))),
            "left-alone" => told.push((1, "not asked", Style::Yellow, format!("{name}: {reason}"))),
            _ => {}
        }
    }
    for stale in &summary.stale {
        let text = format!(
            "{}: nothing new since {}, {} days; before, never longer than {}",
            stale.name,
            stale.last_gave,
            stale.silent_days,
            tell::counted(stale.usual_days, "day", "days")
        );
        told.push((2, "stale", Style::Yellow, text));
    }
    told.sort_by_key(|(rank, ..)| *rank);
    told.into_iter().map(|(_, word, style, text)| (word, style, text)).collect()
}

fn besides(line: &Line) -> String {
    line.reason.as_ref().map(|reason| format!("; {reason}")).unwrap_or_default()
}

/// What could not be delivered, and why.
fn untold(summary: &Summary) -> Vec<String> {
    let failed = summary.notices.iter().filter_map(|sent| Some((sent, sent.failure.as_ref()?)));
    failed.map(|(sent, why)| format!("{} ({}): {why}", sent.watch, sent.channel.word())).collect()
}

fn sitemaps(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    for line in &summary.sources {
        if let Some(named) = &line.sitemaps {
            console.say(format!("{}{}, {} new", head(console, "sitemaps"), self::named(named), count(line.new)))?;
            if let Some(left) = not_taken(named) {
                console.say(format!("  {}", console.paint(Style::Dim, &left)))?;
            }
        }
    }
    Ok(())
}

/// Says how many sitemaps were read, and how many articles they name of the days that were asked for.
pub(super) fn named(named: &Named) -> String {
    let Named { days, counts } = named;
    format!("{} read, {} of {days}", count(counts.read), counted(counts.within as u64, "article", "articles"))
}

/// Says what sitemaps name beside them and why it was left out, if there is any.
pub(super) fn not_taken(named: &Named) -> Option<String> {
    let parts: Vec<String> = named.counts.left_out().map(|(number, what)| format!("{} {what}", count(number))).collect();
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

fn files(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    for File { file, reason, tally } in &summary.files {
        let name = console.plain(file);
        let answers = counted(tally.answers, "answer", "answers");
        console.say(format!("{}{name}: {answers}, {} new", head(console, "archive"), counted(tally.new, "page", "pages")))?;
        if let Some(left) = left_out(tally) {
            console.say(format!("  {}", console.paint(Style::Dim, &left)))?;
        }
        if let Some(reason) = reason {
            console.say(format!("  {} {}", console.paint(Style::Red, "not read on:"), console.plain(reason)))?;
        }
    }
    Ok(())
}

fn given(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    for Given { given, outcome, reason, incidents, .. } in &summary.given {
        let found = match incidents.len() {
            0 if reason.is_some() => String::new(),
            0 => ", no incident".to_owned(),
            _ => format!(", {}", incidents.join(", ")),
        };
        let word = outcome.replace('-', " ");
        let style = if reason.is_some() { Style::Red } else { Style::Dim };
        let why = reason.as_ref().map(|why| format!(": {}", console.plain(why))).unwrap_or_default();
        let name = console.plain(given);
        console.say(format!("{}{name}: {}{found}{why}", head(console, "by hand"), console.paint(style, &word)))?;
    }
    Ok(())
}

fn mailbox(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    let Some(Mailbox { folder, messages, new, known, no_article, unread_count, unread, beyond }) = &summary.mailbox else {
        return Ok(());
    };
    let all = counted(*messages as u64, "message", "messages");
    let folder = console.plain(folder);
    console.say(format!("{}{folder}: {all}, {} new, {} known already", head(console, "mailbox"), count(*new), count(*known)))?;
    let left = [(*no_article, "without an article"), (*beyond, "more than one run reads")];
    let left: Vec<String> =
        left.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{} {what}", count(*number))).collect();
    if !left.is_empty() {
        console.say(format!("  {}", console.paint(Style::Dim, &format!("left out: {}", left.join(", ")))))?;
    }
    for Unread { file, reason } in unread {
        let told = console.plain(&format!("{file}: it {reason}"));
        console.say(format!("  {} {told}", console.paint(Style::Yellow, "not read")))?;
    }
    let more = unread_count.saturating_sub(unread.len());
    if more > 0 {
        console.say(console.paint(Style::Dim, &format!("  and {} more", count(more))))?;
    }
    Ok(())
}

fn pages(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    let pages = &summary.pages;
    let missed = if pages.failed > 0 { format!(", {} not had", count(pages.failed)) } else { String::new() };
    let left = if pages.left > 0 { format!(", {} left for the next run", count(pages.left)) } else { String::new() };
    let newer = if pages.changed > 0 { format!(", {} changed since", count(pages.changed)) } else { String::new() };
    console.say(format!("{}{} fetched{newer}{missed}{left}", head(console, "pages"), count(pages.fetched)))
}

fn numbers(summary: &Summary, console: &mut Console) -> Result<(), Failure> {
    let Summary { articles, incidents, .. } = summary;
    let none =
        if articles.none > 0 { format!(", {} were none", counted(articles.none as u64, "page", "pages")) } else { String::new() };
    let again = if articles.changed > 0 { format!(", {} read again", count(articles.changed)) } else { String::new() };
    console.say(format!("{}{} new{again}{none}", head(console, "articles"), count(articles.new)))?;
    for fault in &articles.faults {
        let reason = console.plain(&fault.reason);
        console.say(format!("  {} article {}: {reason}", console.paint(Style::Yellow, "not read"), fault.article))?;
    }
    let gone = if incidents.removed > 0 { format!(", {} merged into others", count(incidents.removed)) } else { String::new() };
    console.say(format!(
        "{}{} new, {} changed{gone}",
        head(console, "incidents"),
        count(incidents.new),
        count(incidents.changed)
    ))?;
    if !summary.notices.is_empty() {
        let sum = |count: fn(&Sent) -> usize| summary.notices.iter().map(count).sum::<usize>();
        let waiting = match sum(|sent| sent.waiting) {
            0 => String::new(),
            waiting => format!(", {} waiting", count(waiting)),
        };
        console.say(format!("{}{} delivered{waiting}", head(console, "notices"), count(sum(|sent| sent.delivered))))?;
        for line in untold(summary) {
            console.say(format!("  {} {}", console.paint(Style::Red, "not delivered"), console.plain(&line)))?;
        }
    }
    if summary.search_made_anew {
        let text = "made anew, since it was missing, damaged or of another version";
        console.say(format!("{}{text}", head(console, "search")))?;
    }
    console.say(format!("{}{}", head(console, "time"), tell::seconds(summary.seconds)))
}
