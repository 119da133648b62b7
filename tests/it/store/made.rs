//! Hand-made articles and incidents for the tests of the store.

use std::path::Path;

use breachline::base::day::{Day, DayRange};
use breachline::base::span::Span;
use breachline::merge;
use breachline::model::article::{Article, ArticleId, FeedItem, Page, PublishedFrom, paragraphs};
use breachline::model::edit::Edited;
use breachline::model::incident::{Filed, Incident, IncidentId, ReportId};
use breachline::model::mention::RuleId;
use breachline::model::report::{
    Attacker, Attribution, Evidence, Field, Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim,
};
use breachline::model::source::{Selectors, Source, SourceId, SourceKind};
use breachline::store::kept::{self, Access, Answers, Kept, Outcome, Packed, ReadArticle, Saved, SourceState, Tie};
use breachline::store::search::Index;
use url::Url;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn source(id: &str, name: &str, tags: &[&str]) -> Source {
    Source {
        id: SourceId(id.to_owned()),
        name: name.to_owned(),
        url: Url::parse(&format!("https://{id}.example/feed")).unwrap(),
        kind: SourceKind::Feed,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        selectors: Selectors::default(),
        every: None,
        enabled: true,
    }
}

pub fn item(url: &str, title: &str) -> FeedItem {
    FeedItem {
        url: Url::parse(url).unwrap(),
        id: None,
        title: title.to_owned(),
        published: None,
        updated: None,
        summary: String::new(),
        content: String::new(),
    }
}

pub fn page(url: &str, body: &str) -> Page {
    Page {
        asked: Url::parse(url).unwrap(),
        answered: Url::parse(url).unwrap(),
        arrived_at: "2026-03-11T04:00:00Z".parse().unwrap(),
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        bytes: body.as_bytes().to_vec(),
    }
}

pub fn article(id: i64, source: &str, published: &str, title: &str, text: &str) -> Article {
    Article {
        id: ArticleId(id),
        source: SourceId(source.to_owned()),
        url: Url::parse(&format!("https://{source}.example/{}", breachline::base::fold::slug(title))).unwrap(),
        title: title.to_owned(),
        published: day(published),
        published_from: PublishedFrom::Feed,
        language: "en".to_owned(),
        text: text.to_owned(),
        paragraphs: paragraphs(text),
    }
}

pub fn report(victim: &str, kind: Kind) -> Report {
    Report {
        victim: Victim { name: victim.to_owned(), aliases: Vec::new(), named: true },
        kind,
        also_kinds: Vec::new(),
        attackers: Vec::new(),
        records: Vec::new(),
        data: Vec::new(),
        occurred: None,
        disclosed: None,
        disputed: false,
        salience: Salience::Main,
        confidence: 0.9,
        evidence: Vec::new(),
    }
}

pub fn attacker(name: &str, aliases: &[&str]) -> Attacker {
    let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
    Attacker { name: name.to_owned(), aliases, attribution: Attribution::Claimed }
}

pub fn figure(value: u64, unit: Unit) -> Figure {
    Figure { value, max: None, unit, qualifier: Qualifier::Exact, by: Speaker::Untold }
}

pub fn quote(text: &str) -> Evidence {
    Evidence {
        field: Field::Kind,
        quote: text.to_owned(),
        span: Span::new(0, text.len()),
        rule: RuleId("event.test".into()),
        confidence: 0.9,
    }
}

/// Ties all that share a key.
pub struct Keyed;

impl Tie for Keyed {
    type Common = ();
    type Crowd = Vec<ReportId>;

    fn crowd(holders: Vec<(ReportId, Vec<u8>)>) -> Vec<ReportId> {
        holders.into_iter().map(|(id, _)| id).collect()
    }

    fn visit<E>(&self, crowd: &mut Vec<ReportId>, mut is_done: impl FnMut(&ReportId) -> Result<bool, E>) -> Result<(), E> {
        crowd.iter().try_for_each(|id| is_done(id).map(drop))
    }

    fn of(_: &Filed, (): &mut ()) -> Keyed {
        Keyed
    }

    fn is_tied(&self, _: &Keyed) -> bool {
        true
    }
}

/// Merges as simply as can be: one incident for each victim's name.
pub fn merged(reports: Vec<Filed>) -> Vec<Incident> {
    let mut incidents: Vec<Incident> = Vec::new();
    for filed in reports {
        let report = filed.report.clone();
        match incidents.iter_mut().find(|incident| incident.victim.name == report.victim.name) {
            Some(incident) => {
                incident.last_reported = incident.last_reported.max(filed.published);
                incident.first_reported = incident.first_reported.min(filed.published);
                incident.reports.push(filed);
            }
            None => incidents.push(Incident {
                id: IncidentId(breachline::base::fold::slug(&report.victim.name)),
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
                reports: vec![filed],
            }),
        }
    }
    incidents
}

/// Keeps an article with its reports under the victims' names, as a crawl and a reading would have; gives it its number.
pub fn keep(kept: &mut Kept, mut article: Article, reports: Vec<Report>) -> ArticleId {
    let url = article.url.to_string();
    kept.save_round(&article.source, &SourceState::default(), &[item(&url, &article.title)]).unwrap();
    let waiting = kept.waiting(None).unwrap();
    article.id = waiting.iter().find(|waiting| waiting.item.url == article.url).unwrap().article;
    kept.save_answers(&Answers { pages: vec![(article.id, Packed::new(page(&url, "<p>")))], ..Answers::default() }).unwrap();
    let id = article.id;
    save(kept, "1", id, outcome(article, reports));
    id
}

pub fn outcome(article: Article, reports: Vec<Report>) -> Outcome {
    let reports = reports.into_iter().map(|report| found_by(report.clone(), vec![report.victim.name]));
    Outcome::Extracted(article, reports.collect())
}

/// A report that is found by keys, and has no gist.
pub fn found_by(report: Report, keys: Vec<String>) -> kept::Keyed {
    kept::Keyed { report, keys, gist: Vec::new() }
}

/// A report as it is saved after it was extracted.
pub fn as_derived(report: Report, published: Day) -> kept::Keyed {
    kept::Keyed { keys: merge::keys(&report.victim), gist: merge::gist(&report, published), report }
}

pub fn save(kept: &mut Kept, digest: &str, id: ArticleId, outcome: Outcome) -> Saved {
    let mut saved = Saved::default();
    kept.save_articles(digest, &[ReadArticle::new(id, outcome)], &mut saved).unwrap();
    saved
}

pub fn merge_all(kept: &mut Kept) {
    while let Some(scope) = kept.unmerged::<Keyed>(2).unwrap() {
        let incidents = merged(scope.reports.clone());
        kept.save_incidents(&scope, incidents).unwrap();
    }
}

/// A store of seven incidents in eight articles of three sources.
pub fn sample(dir: &Path) -> Kept {
    let mut kept = Kept::open(dir, Access::Write).unwrap();
    let sources = [
        source("krebs", "Krebs on Security", &["us"]),
        source("wire", "The Wire", &["health", "uk"]),
        source("blog", "Blog", &[]),
    ];
    kept.save_sources(&sources).unwrap();
    for (article, reports) in sample_articles() {
        keep(&mut kept, article, reports);
    }
    merge_all(&mut kept);
    kept
}

pub fn indexed(dir: &Path) -> Kept {
    let kept = sample(dir);
    Index::open(dir, &kept).unwrap().catch_up(&kept).unwrap();
    kept
}

fn sample_articles() -> Vec<(Article, Vec<Report>)> {
    use breachline::model::report::DataKind;
    let mut sega = report("Sega", Kind::Breach);
    sega.victim.aliases = vec!["SEGA Pass".to_owned()];
    sega.records = vec![figure(1_290_755, Unit::People)];
    sega.data = vec![DataKind::Names, DataKind::Passwords];
    sega.occurred = DayRange::month(2011, 6);
    sega.attackers = vec![Attacker { attribution: Attribution::Denied, ..attacker("LulzSec", &["Lulz Security"]) }];
    sega.evidence = vec![quote("Sega's systems were breached and 1,290,755 customers' records stolen")];
    let mut imf = report("International Monetary Fund", Kind::Intrusion);
    imf.victim.aliases = vec!["IMF".to_owned()];
    imf.occurred = Some(DayRange::new(day("2011-05-20"), day("2011-06-08")));
    imf.attackers = vec![attacker("a government-backed group", &[])];
    let mut hospital = report("St. Mary's Hospital", Kind::Ransomware);
    hospital.records = vec![figure(2_000_000_000_000, Unit::Bytes), figure(80_000, Unit::People)];
    hospital.disclosed = Some(DayRange::day(day("2023-04-02")));
    hospital.attackers = vec![attacker("Lapsus$", &[])];
    hospital.evidence = vec![quote("the imaging archive of the hospital was encrypted")];
    let mut bank = report("Société Générale", Kind::Phishing);
    bank.records = vec![figure(12, Unit::Cards)];
    let moveit = report("Progress Software", Kind::Breach);
    let mut tax = report("Tax Office", Kind::Exposure);
    tax.records = vec![figure(80_000, Unit::Records)];
    let same_day = report("Another Tax Office", Kind::Exposure);
    vec![
        (
            article(0, "krebs", "2011-06-19", "Sega hacked, 1.29 million hit", "Sega said on Friday that it was attacked."),
            vec![sega.clone()],
        ),
        (
            article(0, "wire", "2011-06-20", "IMF and Sega breached", "The fund and the games maker were attacked."),
            vec![imf, sega],
        ),
        (
            article(0, "wire", "2023-04-02", "Hospital held to ransom", "Doctors went back to paper. The scans are gone."),
            vec![hospital],
        ),
        (article(0, "blog", "2024-01-05", "Bank phished", "A French bank lost cards."), vec![bank]),
        (
            article(
                0,
                "blog",
                "2023-06-05",
                "MOVEit hole used",
                "CVE-2023-34362 was used; write to help@progress.example, or see files.progress.example.",
            ),
            vec![moveit],
        ),
        (article(0, "wire", "2025-02-01", "Two tax offices leak", "Two tax offices left files open."), vec![tax, same_day]),
        (article(0, "krebs", "2026-01-01", "Forecast for the year", "Nobody was attacked yet."), vec![]),
        (
            Article {
                language: "de".to_owned(),
                ..article(0, "blog", "2025-03-01", "Größere Lücke", "Ein Krankenhaus wurde angegriffen.")
            },
            vec![],
        ),
    ]
}
