//! `breachline versions`: how articles changed after they were first read.

use serde::Serialize;
use url::Url;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::places::Places;
use super::{find, input, json, tell};
use crate::base::address;
use crate::base::diff::{self, Piece, changes};
use crate::model::article::ArticleId;
use crate::store::kept::{Kept, Version};

/// Show how an article, or those of an incident, changed after they were first read
///
/// Articles are asked for again in their first days, at the ages of `recheck` in [settings]; one that reads otherwise then is kept beside what
/// it was. Shown is what is gone (-) and what is new (+), by paragraph, the words that changed within one in brackets.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address of an article, or the ID of an incident
    #[arg(value_name = "ADDRESS|ID")]
    what: String,
    /// Print JSON Lines, one for each version, with its whole text
    #[arg(long)]
    json: bool,
}

/// A version as it is printed for programs.
#[derive(Serialize)]
struct Line<'v> {
    url: &'v Url,
    version: usize,
    arrived_at: jiff::Timestamp,
    title: &'v str,
    text: &'v str,
}

pub(super) fn run(args: &Args, places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let kept = Kept::open_to_read(&places.index()?)?;
    let mut changed = 0;
    for article in articles(&kept, &args.what)? {
        let versions = kept.versions(article)?;
        changed += usize::from(versions.len() > 1);
        if args.json {
            write_lines(&versions, console)?;
        } else if versions.len() > 1 {
            print(&versions, console)?;
        }
    }
    if changed == 0 && !args.json {
        console.note("nothing has changed since it was first read");
    }
    Ok(if changed == 0 { Exit::Nothing } else { Exit::Well })
}

fn articles(kept: &Kept, what: &str) -> Result<Vec<ArticleId>, Failure> {
    if !input::is_address(what) {
        let mut articles: Vec<ArticleId> = find::incident(kept, what)?.reports.iter().map(|filed| filed.id.article).collect();
        articles.sort_unstable();
        articles.dedup();
        return Ok(articles);
    }
    let url = address::canonical(what).map_err(|why| Failure::usage(format!("the address {what} {why}")))?;
    let found = kept.article_at(&url)?;
    found.map(|article| vec![article]).ok_or_else(|| {
        Failure::nothing(format!("no article is known under {url}")).hint("`breachline search --articles WORDS` lists articles")
    })
}

fn write_lines(versions: &[Version], console: &mut Console) -> Result<(), Failure> {
    for (at, Version { arrived_at, article }) in versions.iter().enumerate() {
        let line =
            Line { url: &article.url, version: at + 1, arrived_at: *arrived_at, title: &article.title, text: &article.text };
        console.out.write_all(&json::line(&line))?;
    }
    Ok(())
}

fn print(versions: &[Version], console: &mut Console) -> Result<(), Failure> {
    let Some(last) = versions.last() else { return Ok(()) };
    let count = tell::counted(versions.len() as u64, "version", "versions");
    console.say(format!("{}  {count}", console.paint(Style::Bold, &console.plain(last.article.url.as_str()))))?;
    for pair in versions.windows(2) {
        let [old, new] = pair else { continue };
        let moment = |version: &Version| version.arrived_at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        console.say(console.paint(Style::Cyan, &format!("{} -> {}", moment(old), moment(new))))?;
        let whole = |version: &Version| format!("{}\n{}", version.article.title, version.article.text);
        for change in changes(&whole(old), &whole(new)) {
            print_change(&change, console)?;
        }
    }
    Ok(())
}

/// Prints one paragraph that differs: alone if it is gone or new, both ways if words of it changed.
fn print_change(pieces: &[Piece<'_>], console: &mut Console) -> Result<(), Failure> {
    let sides = [("- ", Style::Red, side(pieces, true)), ("+ ", Style::Green, side(pieces, false))];
    for (mark, style, text) in sides {
        if !text.is_empty() {
            console.say(console.paint(style, &format!("{mark}{}", console.plain(&text))))?;
        }
    }
    Ok(())
}

/// Returns a paragraph as it was, or as it is; words that stand in one alone are in brackets, where others stand in both.
fn side(pieces: &[Piece<'_>], old: bool) -> String {
    let has_same = pieces.iter().any(|piece| matches!(piece, Piece::Same(_)));
    let written = |piece: Piece<'_>| match piece {
        Piece::Gone(text) | Piece::New(text) if has_same => format!("[{text}]"),
        piece => piece.text().to_owned(),
    };
    diff::side(pieces, old).into_iter().map(written).collect::<Vec<_>>().join(" ")
}
