//! `breachline extract --warc`: what the pages of saved crawls say, a line each. Nothing is kept, so that many machines can do it side by side.

use std::path::PathBuf;

use super::RULES;
use crate::backfill;
use crate::backfill::candidate::Passing;
use crate::base::json;
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};
use crate::cli::ingest::File;
use crate::cli::places::Places;
use crate::cli::{self, jsonl, tell};
use crate::derive;
use crate::model::article::{ArticleId, FeedItem, Page};
use crate::model::config::Config;
use crate::register::Extracted;
use crate::rules::Rules;
use crate::store::kept::{self, KeptPage};

/// What becomes of a page that passed.
enum Made {
    /// The line of an article.
    Article(Vec<u8>),
    /// It is no article.
    None,
    /// The line that says how reading it failed.
    Fault(Vec<u8>),
}

pub(super) fn run(files: &[PathBuf], places: &Places, console: &mut Console) -> Result<Exit, Failure> {
    let config = places.config_if_any()?;
    let passing = Passing::new(&config);
    let (mut none, mut faults) = (0_usize, 0_usize);
    let make = |page| made(page, &passing, &config);
    let outcomes = backfill::stream(files, &passing, &make, &mut |made| match made {
        Made::Article(line) => console.out.write_all(&line),
        Made::None => {
            none += 1;
            Ok(())
        }
        Made::Fault(line) => {
            faults += 1;
            console.out.write_all(&line)
        }
    })?;
    if none + faults > 0 {
        console.note(format!("pages: {none} are no articles, {faults} could not be read"));
    }
    let broken = outcomes.iter().any(|outcome| outcome.broken.is_some());
    outcomes.into_iter().for_each(|outcome| note(cli::backfill::file(outcome), console));
    Ok(if broken || faults > 0 { Exit::SomeFailed } else { Exit::Well })
}

fn made(page: Page, passing: &Passing, config: &Config) -> Made {
    let source = passing.source(&page.asked);
    let body = config.sources.iter().find(|known| known.id == source).and_then(|known| known.selectors.body.clone());
    let (url, arrived_at) = (page.asked.clone(), page.arrived_at);
    let item = FeedItem::of(url.clone());
    let unread = KeptPage { article: ArticleId(0), source, body, item, page: Some(page), text: None };
    let (article, incidents) = match derive::read(&unread, Rules::builtin(), &RULES) {
        kept::Outcome::Extracted(article, reports) => (article, reports.into_iter().map(|keyed| keyed.report).collect()),
        kept::Outcome::Kept(article) => (article, Vec::new()),
        kept::Outcome::None(_) => return Made::None,
        kept::Outcome::Fault(why) => return Made::Fault(jsonl::refusal(url.as_str(), &why)),
    };
    Made::Article(json::line(&Extracted {
        doc: url.as_str().to_owned(),
        url: Some(url),
        title: article.title,
        published: article.published,
        published_from: article.published_from,
        language: article.language,
        arrived_at: Some(arrived_at),
        rules: RULES.clone(),
        text: article.text,
        incidents,
    }))
}

fn note(file: File, console: &mut Console) {
    let File { file, reason, tally } = file;
    let name = console.plain(&file);
    let answers = tell::counted(tally.answers, "answer", "answers");
    console.note(format!("{name}: {answers}, {} passed", tell::counted(tally.new, "page", "pages")));
    if let Some(left) = cli::backfill::left_out(&tally) {
        console.note(format!("  {left}"));
    }
    if let Some(reason) = reason {
        console.note(format!("  not read on: {reason}"));
    }
}
