//! A library in memory with incidents of our own invention.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use breachline::base::day::{Day, DayRange};
use breachline::base::span::Span;
use breachline::library::{
    DayCount, EditRequest, ExportRequest, Facet, Found, Lane, LastRun, Library, Opened, Page, Question, Trouble, WatchRequest,
};
use breachline::model::article::{Article, ArticleId, PublishedFrom, paragraphs};
use breachline::model::edit::Edited;
use breachline::model::incident::{Filed, Incident, IncidentId, ReportId, Row};
use breachline::model::mention::RuleId;
use breachline::model::report::{
    Attacker, Attribution, DataKind, Evidence, Field, Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim,
};
use breachline::model::source::SourceId;

/// The library: what a test puts in, newest first.
pub struct Shelf {
    pub incidents: Vec<Incident>,
    pub articles: Vec<Opened>,
    pub run: Option<LastRun>,
    pub stamp: AtomicU64,
    /// Every edit that was asked for.
    pub edits: Mutex<Vec<(Vec<IncidentId>, EditRequest)>>,
    /// Every export and every watch that was asked for.
    pub exports: Mutex<Vec<ExportRequest>>,
    pub watches: Mutex<Vec<(String, WatchRequest)>>,
    /// What an edit is answered with, if not with "done".
    pub trouble: Option<Trouble>,
}

impl Shelf {
    pub fn new(incidents: Vec<Incident>, articles: Vec<Opened>) -> Shelf {
        let mut shelf = Shelf {
            incidents,
            articles,
            run: None,
            stamp: AtomicU64::new(1),
            edits: Mutex::default(),
            exports: Mutex::default(),
            watches: Mutex::default(),
            trouble: None,
        };
        shelf.sort();
        shelf
    }

    pub fn sort(&mut self) {
        self.incidents.sort_by_key(|incident| {
            let days = incident.dated().0;
            (std::cmp::Reverse((days.earliest, days.latest)), incident.id.clone())
        });
    }

    fn answer(&self, question: &Question) -> Result<Vec<Row>, Trouble> {
        let terms = terms(question.text.trim())?;
        let rows = self.incidents.iter().filter(|incident| terms.iter().all(|term| fits(incident, term))).map(Incident::row);
        let window = question.window;
        Ok(rows.filter(|row| window.is_none_or(|window| window.contains(row.days.earliest))).collect())
    }
}

type Term<'a> = (Option<&'a str>, String);

fn terms(text: &str) -> Result<Vec<Term<'_>>, Trouble> {
    let mut terms = Vec::new();
    let mut at = 0;
    for word in text.split(' ') {
        let start = at;
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        match word.split_once(':') {
            None => terms.push((None, word.to_lowercase())),
            Some((field @ ("victim" | "attacker" | "kind" | "source"), value)) => {
                terms.push((Some(field), value.trim_matches('"').to_lowercase()));
            }
            Some((field, _)) => {
                return Err(Trouble::Query {
                    span: Some(Span::new(start, start + field.len())),
                    what: format!("there is no field {field}"),
                    hint: Some("did you mean victim:?".to_owned()),
                });
            }
        }
    }
    Ok(terms)
}

fn fits(incident: &Incident, (field, value): &Term<'_>) -> bool {
    let victim = incident.victim.name.to_lowercase().contains(value);
    let attacker = incident.attackers.iter().any(|attacker| attacker.name.to_lowercase().contains(value));
    let kind = incident.kind.word() == value;
    let source = incident.reports.iter().any(|filed| filed.source.to_lowercase().contains(value));
    match field {
        Some("victim") => victim,
        Some("attacker") => attacker,
        Some("kind") => kind,
        Some(_) => source,
        None => victim || attacker || kind,
    }
}

impl Library for Shelf {
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble> {
        let rows = self.answer(question)?;
        let total = rows.len();
        let why = if total == 0 && !question.text.is_empty() {
            vec![format!("`{}` finds nothing by itself", question.text)]
        } else {
            Vec::new()
        };
        Ok(Found { total, rows: rows.into_iter().skip(page.offset).take(page.limit).collect(), by_day: true, why })
    }

    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, Trouble> {
        Ok(self.incidents.iter().find(|incident| incident.id == *id).cloned())
    }

    fn article(&self, id: ArticleId) -> Result<Option<Opened>, Trouble> {
        Ok(self.articles.iter().find(|opened| opened.article.id == id).cloned())
    }

    fn last_run(&self) -> Result<Option<LastRun>, Trouble> {
        Ok(self.run.clone())
    }

    fn stamp(&self) -> Result<u64, Trouble> {
        Ok(self.stamp.load(Ordering::Relaxed))
    }

    fn days(&self, question: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        let mut days: Vec<DayCount> = Vec::new();
        for row in self.answer(&Question { window: None, ..question.clone() })?.iter().rev() {
            if days.last().is_none_or(|count| count.day != row.days.earliest) {
                days.push(DayCount { day: row.days.earliest, kinds: [0; 10], affected: [0; 10] });
            }
            let kind = Kind::ALL.iter().position(|kind| *kind == row.kind).unwrap_or(0);
            let last = days.last_mut().unwrap();
            last.kinds[kind] += 1;
            last.affected[kind] += row.records.map_or(0, |figure| figure.value);
        }
        Ok(Some(days))
    }

    fn lanes(&self, question: &Question, field: &str) -> Result<Option<Vec<Lane>>, Trouble> {
        let rows = self.answer(&Question { window: None, ..question.clone() })?;
        let names = |row: &Row| match field {
            "victim" => vec![row.victim.clone()],
            _ => row.attackers.iter().map(|attacker| attacker.name.clone()).collect(),
        };
        let mut lanes: Vec<Lane> = Vec::new();
        for row in rows.iter().rev() {
            for name in names(row) {
                if !lanes.iter().any(|lane| lane.name == name) {
                    lanes.push(Lane { name: name.clone(), days: Vec::new() });
                }
                let lane = lanes.iter_mut().find(|lane| lane.name == name).unwrap();
                let mut kinds = [0; 10];
                kinds[Kind::ALL.iter().position(|kind| *kind == row.kind).unwrap_or(0)] = 1;
                lane.days.push(DayCount { day: row.days.earliest, kinds, affected: [0; 10] });
            }
        }
        Ok(Some(lanes))
    }

    fn edit(&self, incidents: &[IncidentId], request: &EditRequest) -> Result<String, Trouble> {
        if let Some(trouble) = &self.trouble {
            return Err(trouble.clone());
        }
        self.edits.lock().unwrap().push((incidents.to_vec(), request.clone()));
        Ok(format!("done to {}", incidents.len()))
    }

    fn export(&self, request: &ExportRequest) -> Result<String, Trouble> {
        self.exports.lock().unwrap().push(request.clone());
        Ok("exported".to_owned())
    }

    fn watch(&self, query: &str, request: &WatchRequest) -> Result<String, Trouble> {
        self.watches.lock().unwrap().push((query.to_owned(), request.clone()));
        Ok("watched".to_owned())
    }

    fn facets(&self, question: &Question) -> Result<Option<Vec<Facet>>, Trouble> {
        let rows = self.answer(question)?;
        let kinds = count(rows.iter().map(|row| row.kind.word().to_owned()));
        let attackers = count(rows.iter().flat_map(|row| row.attackers.iter().map(|attacker| attacker.name.clone())));
        Ok(Some(vec![
            Facet { field: "kind".to_owned(), distinct: kinds.len(), values: kinds },
            Facet { field: "attacker".to_owned(), distinct: attackers.len() + 7, values: attackers },
        ]))
    }
}

fn count(words: impl Iterator<Item = String>) -> Vec<(String, u64)> {
    let mut counts: Vec<(String, u64)> = Vec::new();
    for word in words {
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

/// Reads `2011-06-17`, `2011-06`, `2011-06-17..2011-06-19`.
pub fn days(text: &str) -> DayRange {
    match text.split_once("..") {
        Some((a, b)) => DayRange::new(day(a), day(b)),
        None if text.len() == 7 => DayRange::month(text[..4].parse().unwrap(), text[5..].parse().unwrap()).unwrap(),
        None => DayRange::day(day(text)),
    }
}

pub fn people(value: u64, qualifier: Qualifier) -> Figure {
    Figure { value, max: None, unit: Unit::People, qualifier, by: Speaker::Untold }
}

pub fn attacker(name: &str, attribution: Attribution) -> Attacker {
    Attacker { name: name.to_owned(), aliases: Vec::new(), attribution }
}

/// What one article says, before it is filed.
pub struct Told<'a> {
    pub article: i64,
    pub source: &'a str,
    pub published: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub figures: Vec<Figure>,
    pub evidence: &'a [(Field, &'a str)],
}

/// Makes an incident and the articles behind it.
pub fn incident(id: &str, victim: &str, kind: Kind, occurred: &str, told: &[Told<'_>]) -> (Incident, Vec<Opened>) {
    let occurred = (!occurred.is_empty()).then(|| days(occurred));
    let victim = Victim { name: victim.to_owned(), aliases: Vec::new(), named: true };
    let mut reports = Vec::new();
    let mut articles = Vec::new();
    for told in told {
        let url = format!("https://news.example/{}/{id}", told.article);
        articles.push(opened(told, &url));
        let report = Report {
            victim: victim.clone(),
            kind,
            also_kinds: Vec::new(),
            attackers: Vec::new(),
            records: told.figures.clone(),
            data: Vec::new(),
            occurred,
            disclosed: None,
            disputed: false,
            salience: Salience::Main,
            confidence: 0.9,
            evidence: told.evidence.iter().map(|(field, quote)| evidence(told.text, *field, quote)).collect(),
        };
        reports.push(Filed {
            id: ReportId { article: ArticleId(told.article), n: 0 },
            source: told.source.to_owned(),
            url,
            title: told.title.to_owned(),
            published: day(told.published),
            copy_of: None,
            also_at: Vec::new(),
            report,
        });
    }
    let mut records: Vec<Figure> = Vec::new();
    for figure in reports.iter().flat_map(|filed| filed.report.records.iter()) {
        if !records.contains(figure) {
            records.push(*figure);
        }
    }
    let published: Vec<Day> = reports.iter().map(|filed| filed.published).collect();
    let incident = Incident {
        id: IncidentId(id.to_owned()),
        victim,
        kind,
        also_kinds: Vec::new(),
        attackers: Vec::new(),
        records,
        data: Vec::new(),
        occurred,
        disclosed: None,
        disputed: false,
        first_reported: published.iter().copied().min().unwrap_or(day("2011-01-01")),
        last_reported: published.iter().copied().max().unwrap_or(day("2011-01-01")),
        confidence: 0.9,
        edited: Edited::default(),
        reports,
    };
    (incident, articles)
}

fn opened(told: &Told<'_>, url: &str) -> Opened {
    let article = Article {
        id: ArticleId(told.article),
        source: SourceId(told.source.to_lowercase()),
        url: url.parse().unwrap(),
        title: told.title.to_owned(),
        published: day(told.published),
        published_from: PublishedFrom::Feed,
        language: "en".to_owned(),
        text: told.text.to_owned(),
        paragraphs: paragraphs(told.text),
    };
    Opened { article, source: told.source.to_owned(), versions: Vec::new() }
}

fn evidence(text: &str, field: Field, quote: &str) -> Evidence {
    let start = text.find(quote).unwrap_or_else(|| panic!("the text does not say {quote:?}"));
    let span = Span::new(start, start + quote.len());
    Evidence { field, quote: quote.to_owned(), span, rule: RuleId("test.rule".into()), confidence: 0.9 }
}

const GAMES: &str = "Sword & Shield Games said on Sunday that names, birth dates, e-mail addresses and encrypted passwords of \
1,290,755 customers had been taken from its network.\n\
The company, which first spoke of about 1.3 million players, shut its Shield Pass service down on Thursday 16 June. \"We are \
deeply sorry,\" a spokeswoman said. No payment data was stored there.\n\
The Laughing Gulls, who have claimed a string of attacks on makers of games this spring, denied that they had anything to do \
with it and offered to help find whoever had: \"We want to help you destroy the hackers who attacked you. We love the old \
consoles.\"\n\
Attacks on makers of games have become frequent. In April a rival lost the data of 77 million accounts and was off line for \
almost a month. Police in three countries are looking into that one; nobody has been charged.\n\
The company asked its customers to change their passwords wherever they had used the same one.";

const GAMES_FIRST: &str = "About 1.3 million customers of Sword & Shield Games have had their data stolen, the company said.\n\
It took the Shield Pass service off line.";

const HOSPITAL: &str = "Harrow Vale Hospital has turned ambulances away since Tuesday, when ransomware encrypted its patient files.\n\
The Night Ledger gang put the hospital on its leak site and said that it had taken 1.2 TB of records of 410,000 patients. \
The hospital says that it cannot confirm the figure.\n\
Treatment goes on with pen and paper.";

fn rich() -> Vec<(Incident, Vec<Opened>)> {
    let (mut games, games_articles) = incident(
        "sword-shield-games-2011-06",
        "Sword & Shield Games",
        Kind::Breach,
        "2011-06-16..2011-06-17",
        &[
            Told {
                article: 1,
                source: "The Daily Packet",
                published: "2011-06-19",
                title: "Games maker says 1.3 million users hit by cyber attack",
                text: GAMES,
                figures: vec![
                    Figure { by: Speaker::Official, ..people(1_290_755, Qualifier::Exact) },
                    people(1_300_000, Qualifier::About),
                ],
                evidence: &[
                    (Field::Victim, "Sword & Shield Games"),
                    (Field::Kind, "had been taken from its network"),
                    (Field::Records, "1,290,755 customers"),
                    (Field::Records, "about 1.3 million players"),
                    (Field::Data, "names, birth dates, e-mail addresses and encrypted passwords"),
                    (Field::Occurred, "on Thursday 16 June"),
                    (Field::Disclosed, "on Sunday"),
                    (
                        Field::Attackers,
                        "The Laughing Gulls, who have claimed a string of attacks on makers of games this spring, denied",
                    ),
                ],
            },
            Told {
                article: 2,
                source: "Harbour Wire",
                published: "2011-06-18",
                title: "Shield Pass off line after theft",
                text: GAMES_FIRST,
                figures: vec![people(1_300_000, Qualifier::About)],
                evidence: &[(Field::Records, "About 1.3 million customers"), (Field::Kind, "have had their data stolen")],
            },
        ],
    );
    games.victim.aliases = vec!["Shield Pass".to_owned(), "S&S".to_owned()];
    games.attackers = vec![Attacker {
        name: "The Laughing Gulls".to_owned(),
        aliases: vec!["LaughGull".to_owned()],
        attribution: Attribution::Denied,
    }];
    games.data = vec![DataKind::Names, DataKind::Emails, DataKind::BirthDates, DataKind::Passwords];
    games.disclosed = Some(days("2011-06-19"));
    let (mut hospital, hospital_articles) = incident(
        "harrow-vale-hospital-2026-11",
        "Harrow Vale Hospital",
        Kind::Ransomware,
        "2026-11-21",
        &[Told {
            article: 3,
            source: "Ward Report",
            published: "2026-11-22",
            title: "Hospital turns ambulances away after ransomware attack",
            text: HOSPITAL,
            figures: vec![
                Figure { by: Speaker::Attacker, ..people(410_000, Qualifier::AtMost) },
                Figure {
                    value: 1_200_000_000_000,
                    max: None,
                    unit: Unit::Bytes,
                    qualifier: Qualifier::Exact,
                    by: Speaker::Attacker,
                },
            ],
            evidence: &[
                (Field::Victim, "Harrow Vale Hospital"),
                (Field::Kind, "ransomware encrypted its patient files"),
                (Field::Attackers, "The Night Ledger gang put the hospital on its leak site"),
                (Field::Records, "410,000 patients"),
                (Field::Disputed, "The hospital says that it cannot confirm the figure"),
            ],
        }],
    );
    hospital.attackers = vec![attacker("Night Ledger", Attribution::Claimed), attacker("Copper Fox", Attribution::Suspected)];
    hospital.data = vec![DataKind::Health];
    hospital.disputed = true;
    vec![(games, games_articles), (hospital, hospital_articles)]
}

/// Incidents told in one line each: id, victim, kind, days, people, qualifier, attacker, attribution, sources.
type Plain = (&'static str, Kind, &'static str, u64, Qualifier, &'static str, Attribution, u32);

#[rustfmt::skip]
const PLAIN: &[Plain] = &[
    ("Northgate Credit Union", Kind::Breach, "2026-11-23", 48_210, Qualifier::Exact, "", Attribution::Claimed, 1),
    ("City of Elmsworth", Kind::Ransomware, "2026-11-23", 0, Qualifier::Exact, "Night Ledger", Attribution::Claimed, 2),
    ("Pelican Air", Kind::Ddos, "2026-11-23", 0, Qualifier::Exact, "a pro-harbour collective", Attribution::Claimed, 3),
    ("Brightwater Utilities", Kind::Intrusion, "2026-11-22", 0, Qualifier::Exact, "Copper Fox", Attribution::Suspected, 4),
    ("Lumen & Sons", Kind::Exposure, "2026-11-22", 2_400_000, Qualifier::AtLeast, "", Attribution::Claimed, 1),
    ("Fernway Schools", Kind::Breach, "2026-11-21", 62_000, Qualifier::About, "a former employee", Attribution::Confirmed, 2),
    ("Tidepool Exchange", Kind::Theft, "2026-11-18", 0, Qualifier::Exact, "Copper Fox", Attribution::Confirmed, 11),
    ("Ministry of Roads", Kind::Defacement, "2026-11-18", 0, Qualifier::Exact, "Ink Parade", Attribution::Claimed, 1),
    ("Aurora Telecom", Kind::Breach, "2026-10", 31_500_000, Qualifier::AtLeast, "", Attribution::Claimed, 14),
    ("Quill Publishing", Kind::Phishing, "2026-10-12", 350, Qualifier::Exact, "", Attribution::Claimed, 1),
    ("Grand Meridian Hotels", Kind::Breach, "2025-09-03", 5_200_000, Qualifier::AtMost, "Night Ledger", Attribution::Claimed, 6),
    ("Osprey Logistics", Kind::Sabotage, "2024-02-14..2024-02-16", 0, Qualifier::Exact, "a state-backed group", Attribution::Suspected, 5),
    ("Cobalt Mutual", Kind::Breach, "2023-07-01", 812_300, Qualifier::Exact, "", Attribution::Claimed, 2),
    ("Lakeside Dental", Kind::Ransomware, "2022-05-30", 19_000, Qualifier::About, "Old Harvest", Attribution::Claimed, 1),
    ("東雲フーズ株式会社", Kind::Ransomware, "2021-12-09", 83_000, Qualifier::Exact, "", Attribution::Claimed, 1),
    ("بنك الواحة", Kind::Theft, "2021-03-02", 0, Qualifier::Exact, "", Attribution::Claimed, 1),
    ("Kingsbridge University", Kind::Breach, "2020-06-18..2020-07-02", 140_000, Qualifier::About, "Old Harvest", Attribution::Confirmed, 3),
    ("Starling Fitness", Kind::Exposure, "2018-04-22", 150_000_000, Qualifier::Exact, "", Attribution::Claimed, 9),
    ("Vantage Bureau", Kind::Breach, "2017-05-13..2017-07-30", 147_900_000, Qualifier::Exact, "four officers", Attribution::Confirmed, 21),
    ("Portal One", Kind::Breach, "2013-08", 3_000_000_000, Qualifier::Exact, "", Attribution::Claimed, 30),
    ("Crescent Retail", Kind::Breach, "2013-11-27..2013-12-15", 40_000_000, Qualifier::Exact, "", Attribution::Claimed, 12),
    ("Fund for World Trade", Kind::Intrusion, "2011-06-11", 0, Qualifier::Exact, "a government-backed group", Attribution::Suspected, 2),
    ("Console Network", Kind::Breach, "2011-04-17..2011-04-19", 77_000_000, Qualifier::Exact, "", Attribution::Claimed, 18),
    ("First Harbour Bank", Kind::Breach, "2011-05", 210_000, Qualifier::About, "", Attribution::Claimed, 4),
    ("a military contractor", Kind::Intrusion, "2011-05-21", 0, Qualifier::Exact, "", Attribution::Claimed, 1),
    ("Mailhouse", Kind::Breach, "2011-03-30", 60_000_000, Qualifier::AtLeast, "", Attribution::Claimed, 7),
    ("Senate web site", Kind::Defacement, "2011-06-13", 0, Qualifier::Exact, "The Laughing Gulls", Attribution::Claimed, 3),
];

const SOURCES: [&str; 4] = ["The Daily Packet", "Harbour Wire", "Ward Report", "Border Gateway"];

fn plain(n: usize, row: &Plain) -> (Incident, Vec<Opened>) {
    let (victim, kind, when, count, qualifier, by, attribution, reports) = *row;
    let text = format!("{victim} was hit. What happened is a {}.\nMore is not known.", kind.word());
    let last = when.rsplit("..").next().unwrap_or(when);
    let published = if last.len() == 7 { format!("{last}-28") } else { last.to_owned() };
    let title = format!("{victim}: {}", kind.word());
    let told: Vec<Told<'_>> = (0..reports as usize)
        .map(|i| Told {
            article: (100 * (n + 1) + i) as i64,
            source: SOURCES[(n + i) % 4],
            published: &published,
            title: &title,
            text: &text,
            figures: if count > 0 { vec![people(count, qualifier)] } else { Vec::new() },
            evidence: &[],
        })
        .collect();
    let slug = breachline::base::fold::slug(victim);
    let (mut incident, mut articles) = incident(&format!("{slug}-{}", &when[..7]), victim, kind, when, &told);
    for (filed, opened) in incident.reports.iter_mut().zip(&mut articles) {
        let quote = format!("{victim} was hit");
        filed.report.evidence = vec![evidence(&opened.article.text, Field::Victim, &quote)];
    }
    if !by.is_empty() {
        incident.attackers = vec![attacker(by, attribution)];
    }
    (incident, articles)
}

/// Some thirty incidents of 2011 to 2026.
pub fn shelf() -> Shelf {
    let mut incidents = Vec::new();
    let mut articles = Vec::new();
    let all = rich().into_iter().chain(PLAIN.iter().enumerate().map(|(n, row)| plain(n, row)));
    for (incident, opened) in all {
        incidents.push(incident);
        articles.extend(opened);
    }
    let mut shelf = Shelf::new(incidents, articles);
    shelf.run =
        Some(LastRun { at: "2026-11-23T02:10:00Z".parse().unwrap(), ended: true, sources: 82, failed: failed(), failure: None });
    shelf
}

/// The sources that failed in the last run.
fn failed() -> Vec<String> {
    ["Border Gateway", "Tin Kettle"].map(str::to_owned).to_vec()
}

/// `count` incidents, eight a day, back from the end of 2026: for what must not depend on how many there are.
pub fn many(count: usize) -> Shelf {
    let newest = day("2026-11-23");
    let (template, articles) = plain(0, &PLAIN[0]);
    let incidents = (0..count).map(|n| {
        let mut incident = template.clone();
        incident.id = IncidentId(format!("victim-{n:07}"));
        incident.victim.name = format!("Victim {n}");
        incident.occurred = Some(DayRange::day(newest.plus(-(n as i64 / 8))));
        incident
    });
    Shelf::new(incidents.collect(), articles)
}
