//! Articles and incidents from a fixed seed: words by Zipf's law, lengths and figures over orders of magnitude, victims, attackers and
//! kinds of which few are frequent, days of which the late ones have more.

use std::path::Path;

use breachline::base::day::{Day, DayRange};
use breachline::base::span::Span;
use breachline::model::article::{Article, ArticleId, FeedItem, PublishedFrom, paragraphs};
use breachline::model::edit::Edited;
use breachline::model::incident::{Filed, Incident, IncidentId};
use breachline::model::mention::RuleId;
use breachline::model::report::{
    Attacker, Attribution, DataKind, Evidence, Field, Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim,
};
use breachline::model::source::SourceId;
use breachline::store::kept::{Access, Kept, Keyed, Outcome, ReadArticle, Saved, SourceState};
use url::Url;

use crate::dice::{Dice, word};
use crate::others;

/// Words of the language that is made; the first are as frequent as "the".
const WORDS: usize = 30_000;
/// Bodies that are hit, and groups that attack.
const VICTIMS: usize = 5_000;
pub const ATTACKERS: usize = 300;
/// Words of an article that tells of an incident, and of one that does not.
const LENGTH: usize = 250;
/// See [`LENGTH`].
const SHORT: usize = 60;
/// Articles saved together: that tell of incidents, and that do not.
const BATCH: usize = 1_000;
/// See [`BATCH`].
const BATCH_BESIDE: usize = 20_000;

pub fn today() -> Day {
    Day::new(2026, 3, 11).expect("a day")
}

/// A number below `end`, small ones far more often: about as word frequencies are.
fn zipf(dice: &mut Dice, end: usize) -> usize {
    ((end as f64).powf(dice.unit()) - 1.0) as usize
}

pub fn victim(n: usize) -> String {
    format!("{} {} Corporation", word(200 + n), word(n * 31 % 900))
}

pub fn attacker(n: usize) -> String {
    format!("{}sec", word(n))
}

/// A text of about so many words: most are of middling length, some very long.
fn text(dice: &mut Dice, length: usize) -> String {
    let mut text = String::new();
    let length = (length as f64 * 4f64.powf(dice.unit() + dice.unit() - 1.0)) as usize;
    for n in 0..length {
        text += &word(zipf(dice, WORDS));
        text.push(if n % 60 == 59 { '\n' } else { ' ' });
    }
    text
}

fn report(dice: &mut Dice, text: &str, published: Day) -> Report {
    let name = victim(zipf(dice, VICTIMS));
    let people = 10f64.powf(2.0 + 6.0 * dice.unit()) as u64;
    let records = if dice.below(3) == 0 {
        vec![]
    } else {
        vec![Figure { value: people, max: None, unit: Unit::People, qualifier: Qualifier::About, by: Speaker::Untold }]
    };
    let attackers = if dice.below(3) > 0 {
        vec![]
    } else {
        vec![Attacker { name: attacker(zipf(dice, ATTACKERS)), aliases: vec![], attribution: Attribution::Claimed }]
    };
    let quote = text.get(..160).unwrap_or(text).to_owned();
    let evidence =
        Evidence { field: Field::Kind, span: Span::new(0, quote.len()), quote, rule: RuleId("bench".into()), confidence: 0.9 };
    Report {
        victim: Victim { name, aliases: vec![], named: true },
        kind: Kind::ALL[zipf(dice, Kind::ALL.len())],
        also_kinds: vec![],
        attackers,
        records,
        data: vec![DataKind::ALL[zipf(dice, DataKind::ALL.len())]],
        occurred: (dice.below(2) == 0).then(|| DayRange::day(published.plus(-(dice.below(40) as i64)))),
        disclosed: None,
        disputed: false,
        salience: Salience::Main,
        confidence: 0.9,
        evidence: vec![evidence],
    }
}

/// Adds articles to the store, each with one incident, from one number to another, and the same to the tables of [`others`]; returns
/// the size of the articles' text.
pub fn make(dir: &Path, from: usize, to: usize) -> u64 {
    let mut kept = Kept::open(dir, Access::Write).expect("the store");
    let mut tables = others::Tables::open(dir);
    let mut dice = Dice(7 + from as u64);
    let (mut bytes, mut saved, mut next) = (0, Saved::default(), from);
    while next < to {
        let end = (next + BATCH).min(to);
        save_items(&mut kept, next, end);
        let mut read = Vec::new();
        tables.begin();
        for n in next..end {
            let published = published(&mut dice);
            let text = text(&mut dice, LENGTH);
            bytes += text.len() as u64;
            let report = report(&mut dice, &text, published);
            let article = article(n, published, text);
            tables.add(n, &article, &report);
            let reports = vec![Keyed { report, keys: vec![format!("incident {n}")], gist: Vec::new() }];
            read.push(ReadArticle::new(article.id, Outcome::Extracted(article, reports)));
        }
        kept.save_articles("bench", &read, &mut saved).expect("articles");
        tables.commit();
        next = end;
    }
    while let Some(scope) = kept.unmerged::<breachline::merge::Outline>(BATCH).expect("reports") {
        let incidents = scope.reports.iter().map(incident).collect();
        kept.save_incidents(&scope, incidents).expect("incidents");
    }
    bytes
}

/// Adds articles to the store that report nothing, from one number to another; returns the size of their text.
pub fn make_beside(dir: &Path, from: usize, to: usize) -> u64 {
    let mut kept = Kept::open(dir, Access::Write).expect("the store");
    let mut dice = Dice(7 + from as u64);
    let (mut bytes, mut saved) = (0, Saved::default());
    for next in (from..to).step_by(BATCH_BESIDE) {
        let end = (next + BATCH_BESIDE).min(to);
        save_items(&mut kept, next, end);
        let mut read = Vec::with_capacity(BATCH_BESIDE);
        for n in next..end {
            let article = article(n, published(&mut dice), text(&mut dice, SHORT));
            bytes += article.text.len() as u64;
            read.push(ReadArticle::new(article.id, Outcome::Extracted(article, Vec::new())));
        }
        kept.save_articles("bench", &read, &mut saved).expect("articles");
    }
    bytes
}

fn save_items(kept: &mut Kept, from: usize, to: usize) {
    let items: Vec<FeedItem> = (from..to).map(item).collect();
    kept.save_round(&SourceId(format!("source-{}", from % 7)), &SourceState::default(), &items).expect("items");
}

/// A day, twice as likely one of the last year as one of the first.
fn published(dice: &mut Dice) -> Day {
    Day::new(2011, 1, 1).expect("a day").plus((dice.unit().powf(0.8) * 5_500.0) as i64)
}

fn item(n: usize) -> FeedItem {
    let url = Url::parse(&format!("https://news.example/{n}")).expect("an address");
    FeedItem { url, id: None, title: word(n), published: None, updated: None, summary: String::new(), content: String::new() }
}

fn article(n: usize, published: Day, text: String) -> Article {
    Article {
        id: ArticleId(n as i64 + 1),
        source: SourceId("source".to_owned()),
        url: item(n).url,
        title: text.split(' ').take(9).collect::<Vec<_>>().join(" "),
        published,
        published_from: PublishedFrom::Feed,
        language: "en".to_owned(),
        paragraphs: paragraphs(&text),
        text,
    }
}

fn incident(filed: &Filed) -> Incident {
    let report = filed.report.clone();
    Incident {
        id: IncidentId(format!("incident-{}", filed.id.article.0)),
        victim: report.victim,
        kind: report.kind,
        also_kinds: report.also_kinds,
        attackers: report.attackers,
        records: report.records,
        data: report.data,
        occurred: report.occurred,
        disclosed: report.disclosed,
        disputed: report.disputed,
        first_reported: filed.published,
        last_reported: filed.published,
        confidence: report.confidence,
        edited: Edited::default(),
        reports: vec![filed.clone()],
    }
}
