//! Random queries, answered by the index and by a plain scan over the same incidents in SQLite: both find the same, in the same order, and count
//! the same. `BREACHLINE_QUERIES=10000` asks so many instead of a few hundred.

use std::collections::BTreeSet;

use breachline::base::day::{Day, DayRange};
use breachline::base::fold::fold;
use breachline::model::article::Article;
use breachline::model::incident::{Incident, ReportId, Row};
use breachline::model::report::{Attacker, Attribution, DataKind, Kind, Report, Unit};
use breachline::store::kept::{Access, Kept, Outcome, ReadArticle, Saved, SourceState};
use breachline::store::query::Query;
use breachline::store::search::{By, Index, Of};
use rusqlite::{Connection, params};
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

use super::made::{article, attacker, day, figure, found_by, item, merge_all, quote, report, source};

const WORDS: [&str; 24] = [
    "hospital",
    "hospitals",
    "bank",
    "banks",
    "banking",
    "breach",
    "breached",
    "leak",
    "leaks",
    "leaking",
    "server",
    "servers",
    "card",
    "cards",
    "carded",
    "moved",
    "moving",
    "office",
    "school",
    "schools",
    "schooled",
    "imaging",
    "imagine",
    "Cafés",
];
const GROUPS: [&str; 4] = ["Grey Otter", "Otter Crew", "Night Heron", "Heron"];
const LANDS: [(&str, &str); 3] = [("Norway", "NO"), ("Chile", "CL"), ("Kenya", "KE")];
const INCIDENTS: usize = 400;

/// A generator of numbers that are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.of(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn day(&mut self) -> Day {
        day("2010-01-01").plus(self.below(900) as i64)
    }
}

fn made_report(dice: &mut Dice, n: usize) -> Report {
    let land = if dice.below(3) == 0 { format!(" of {}", LANDS[dice.below(3)].0) } else { String::new() };
    let mut made = report(&format!("{} {n}{land}", dice.words(2)), Kind::ALL[dice.below(4)]);
    if dice.below(3) == 0 {
        made.victim.aliases = vec![dice.words(2)];
    }
    if dice.below(2) == 0 {
        made.records = vec![figure([5, 100, 5000, 100_000][dice.below(4)] + dice.below(3) as u64, Unit::People)];
    }
    let attribution = Attribution::ALL[dice.below(4)];
    if dice.below(2) == 0 {
        made.attackers = vec![Attacker { attribution, ..attacker(dice.of(&GROUPS), &[]) }];
    }
    if dice.below(2) == 0 {
        made.data = vec![DataKind::ALL[dice.below(3)]];
    }
    let begin = dice.day();
    made.occurred = (dice.below(3) == 0).then(|| DayRange::new(begin, begin.plus(dice.below(50) as i64)));
    made.disclosed = (dice.below(3) == 0).then(|| DayRange::day(dice.day()));
    made.disputed = dice.below(6) == 0;
    let length = 3 + dice.below(6);
    made.evidence = vec![quote(&dice.words(length))];
    made
}

/// A store, and its index of several segments.
fn store(dice: &mut Dice, dir: &std::path::Path) -> (Kept, Index) {
    let mut kept = Kept::open(dir, Access::Write).unwrap();
    kept.save_sources(&[source("wire", "The Wire", &["health", "uk"]), source("blog", "Blog", &[])]).unwrap();
    let mut read = Vec::new();
    for n in 0..INCIDENTS {
        let report = made_report(dice, n);
        let length = 2 + dice.below(4);
        let title = format!("{} {n}", dice.words(length));
        let published = dice.day().to_string();
        read.push((article(0, dice.of(&["wire", "blog"]), &published, &title, "text"), report));
    }
    for source in ["wire", "blog"] {
        let of_source = read.iter().filter(|(article, _)| article.source.0 == source);
        let items: Vec<_> = of_source.map(|(article, _)| item(article.url.as_str(), &article.title)).collect();
        kept.save_round(&breachline::model::source::SourceId(source.to_owned()), &SourceState::default(), &items).unwrap();
    }
    let waiting = kept.waiting(None).unwrap();
    for (article, _) in &mut read {
        article.id = waiting.iter().find(|waiting| waiting.item.url == article.url).unwrap().article;
    }
    let mut index = Index::open(dir, &kept).unwrap();
    let mut read_by = |digest: &str, read: &[(Article, Report)]| {
        let outcome = |(article, report): &(Article, Report)| {
            let found = found_by(report.clone(), vec![report.victim.name.clone()]);
            ReadArticle::new(article.id, Outcome::Extracted(article.clone(), vec![found]))
        };
        let read: Vec<ReadArticle> = read.iter().map(outcome).collect();
        kept.save_articles(digest, &read, &mut Saved::default()).unwrap();
        merge_all(&mut kept);
        index.catch_up(&kept).unwrap();
    };
    let (first, second) = read.split_at(INCIDENTS * 2 / 3);
    read_by("1", first);
    read_by("1", second);
    // What was said first is deleted from two segments.
    let again = read.iter().enumerate().step_by(7).map(|(n, (article, _))| (article.clone(), made_report(dice, n)));
    read_by("2", &again.collect::<Vec<_>>());
    let segments = tantivy::Index::open_in_dir(dir.join("search/incidents")).unwrap().searchable_segment_metas().unwrap();
    assert!(segments.iter().filter(|segment| segment.has_deletes()).count() > 1, "{segments:?}");
    (kept, index)
}

/// The incidents as plain tables.
fn tables(incidents: &[Incident]) -> Connection {
    let tables = Connection::open_in_memory().unwrap();
    tables
        .execute_batch(
            "CREATE TABLE incidents (id TEXT PRIMARY KEY, kind TEXT, first INT, last INT, occurred_first INT, occurred_last INT,
               disclosed_first INT, disclosed_last INT, published_first INT, published_last INT, records INT);
             CREATE TABLE words (id TEXT, place TEXT, n INT, word TEXT, stem TEXT);
             CREATE INDEX words_of ON words (id, place);
             CREATE TABLE names (id TEXT, place TEXT, name TEXT);
             CREATE TABLE marks (id TEXT, sort TEXT, mark TEXT);",
        )
        .unwrap();
    for incident in incidents {
        let ends = |days: Option<DayRange>| (days.map(|d| d.earliest.since_epoch()), days.map(|d| d.latest.since_epoch()));
        let (placed, occurred, disclosed) = (ends(Some(incident.dated().0)), ends(incident.occurred), ends(incident.disclosed));
        let published = ends(Some(DayRange::new(incident.first_reported, incident.last_reported)));
        let records = incident.records.first().map(|figure| figure.value as i64);
        tables
            .execute(
                "INSERT INTO incidents VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    incident.id.0,
                    incident.kind.word(),
                    placed.0,
                    placed.1,
                    occurred.0,
                    occurred.1,
                    disclosed.0,
                    disclosed.1,
                    published.0,
                    published.1,
                    records
                ],
            )
            .unwrap();
        fill(&tables, incident);
    }
    tables
}

fn fill(tables: &Connection, incident: &Incident) {
    let id = &incident.id.0;
    let texts = |place: &str, texts: &[&str]| {
        // Between two texts of one place lies a step.
        let mut n = 0;
        for text in texts {
            for word in fold(text).split(' ') {
                tables.execute("INSERT INTO words VALUES (?1, ?2, ?3, ?4, ?5)", params![id, place, n, word, stem(word)]).unwrap();
                n += 1;
            }
            n += 1;
        }
    };
    let victim: Vec<&str> = std::iter::once(&incident.victim.name).chain(&incident.victim.aliases).map(String::as_str).collect();
    let attackers: Vec<&str> = incident.attackers.iter().map(|attacker| attacker.name.as_str()).collect();
    texts("victim", &victim);
    texts("attacker", &attackers);
    texts("names", &[victim.clone(), attackers.clone()].concat());
    let filed = &incident.reports[0];
    texts("title", &[&filed.title]);
    texts("text", &filed.report.evidence.iter().map(|evidence| evidence.quote.as_str()).collect::<Vec<_>>());
    texts("source", &[&filed.source]);
    for (place, names) in [("victim", &victim), ("attacker", &attackers)] {
        for name in names {
            tables.execute("INSERT INTO names VALUES (?1, ?2, ?3)", params![id, place, name]).unwrap();
        }
    }
    let mark = |sort: &str, mark: &str| {
        tables.execute("INSERT INTO marks VALUES (?1, ?2, ?3)", params![id, sort, mark]).unwrap();
    };
    let land = LANDS.iter().find(|(name, _)| incident.victim.name.ends_with(name));
    if let Some((name, code)) = land {
        texts("country", &[name, code]);
        mark("has", "country");
    }
    for (so, word) in [
        (!incident.records.is_empty(), "records"),
        (!incident.attackers.is_empty(), "attacker"),
        (!incident.data.is_empty(), "data"),
        (incident.occurred.is_some(), "occurred"),
        (incident.disclosed.is_some(), "disclosed"),
    ] {
        so.then(|| mark("has", word));
    }
    incident.data.iter().for_each(|data| mark("data", data.word()));
    let attributions: BTreeSet<&str> = incident.attackers.iter().map(|attacker| attacker.attribution.word()).collect();
    attributions.into_iter().for_each(|word| mark("status", word));
    incident.attackers.is_empty().then(|| mark("status", "unattributed"));
    incident.disputed.then(|| mark("status", "disputed"));
    if filed.source == "The Wire" {
        mark("tag", "health");
        mark("tag", "uk");
    }
}

fn stem(word: &str) -> String {
    let mut analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(Language::English)).build();
    let mut stem = word.to_owned();
    analyzer.token_stream(word).process(&mut |token| stem.clone_from(&token.text));
    stem
}

/// A condition in both languages: of searches, and of SQLite over a row `i`.
struct Both {
    text: String,
    sql: String,
}

fn marked(sort: &str, mark: &str) -> String {
    format!("EXISTS (SELECT 1 FROM marks m WHERE m.id = i.id AND m.sort = '{sort}' AND m.mark = '{mark}')")
}

fn worded(places: &str, holds: &str) -> String {
    format!("EXISTS (SELECT 1 FROM words w WHERE w.id = i.id AND w.place IN ({places}) AND {holds})")
}

/// Makes a condition on words: in all their forms where text is searched, as they are in names.
fn words(dice: &mut Dice, tables: &Connection) -> Both {
    let (field, places, forms) = [
        ("", "'title','text','names'", true),
        ("title:", "'title'", true),
        ("text:", "'text'", true),
        ("victim:", "'victim'", false),
        ("attacker:", "'attacker'", false),
        ("source:", "'source'", false),
    ][dice.below(6)];
    let word = match field {
        "attacker:" => dice.of(&["otter", "Heron", "crew", "night"]),
        "source:" => dice.of(&["wire", "Blog", "the"]),
        _ => dice.of(&WORDS),
    };
    let folded = fold(word);
    match dice.below(6) {
        0 => {
            Both { text: format!("{field}{}*", &word[..3]), sql: worded(places, &format!("w.word GLOB '{}*'", fold(&word[..3]))) }
        }
        1 => {
            let (distance, sign) = [(1, "~"), (2, "~2")][dice.below(2)];
            let near = known_words(tables).into_iter().filter(|known| strsim::osa_distance(known, &folded) <= distance);
            let near: Vec<String> = near.map(|known| format!("'{known}'")).collect();
            Both { text: format!("{field}{word}{sign}"), sql: worded(places, &format!("w.word IN ({})", near.join(","))) }
        }
        2 => {
            // Two steps out of place are also a change of order. A word is near itself, so it is not asked for twice.
            let other = dice.of(&WORDS.iter().copied().filter(|other| *other != word).collect::<Vec<_>>());
            let (apart, sign) = [(0, ""), (2, "~2")][dice.below(2)];
            let sql = format!(
                "EXISTS (SELECT 1 FROM words w JOIN words v ON v.id = w.id AND v.place = w.place WHERE w.id = i.id AND w.place IN ({places})
                 AND w.word = '{folded}' AND v.word = '{}' AND abs(v.n - w.n - 1) <= {apart})",
                fold(other)
            );
            Both { text: format!("{field}\"{word} {other}\"{sign}"), sql }
        }
        _ if forms => Both { text: format!("{field}{word}"), sql: worded(places, &format!("w.stem = '{}'", stem(&folded))) },
        _ => Both { text: format!("{field}{word}"), sql: worded(places, &format!("w.word = '{folded}'")) },
    }
}

fn known_words(tables: &Connection) -> Vec<String> {
    let mut statement = tables.prepare_cached("SELECT DISTINCT word FROM words").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn pattern(dice: &mut Dice, tables: &Connection) -> Both {
    let (field, place) = [("victim:", "victim"), ("attacker:", "attacker")][dice.below(2)];
    let text = dice.of(&["^hospital", "s [0-9]+", "[ae]r", "heron$", "(bank|card)s", "OTTER", "caf.s"]);
    let regex = regex::RegexBuilder::new(text).case_insensitive(true).build().unwrap();
    let mut statement = tables.prepare_cached("SELECT DISTINCT name FROM names WHERE place = ?1").unwrap();
    let names = statement.query_map([place], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap);
    let names: Vec<String> = names.filter(|name| regex.is_match(name)).map(|name| format!("'{name}'")).collect();
    let names = names.join(",");
    let sql = format!("EXISTS (SELECT 1 FROM names n WHERE n.id = i.id AND n.place = '{place}' AND n.name IN ({names}))");
    Both { text: format!("{field}/{text}/"), sql }
}

fn days(dice: &mut Dice) -> Both {
    let (from, span) = (dice.day(), dice.below(200) as i64);
    let (one, to) = (from.since_epoch(), from.plus(span).since_epoch());
    let shared = |field: &str| format!("coalesce({field}_first <= {to} AND {field}_last >= {one}, 0)");
    match dice.below(6) {
        0 => Both { text: format!("after:{from}"), sql: format!("first >= {one}") },
        1 => Both { text: format!("before:{from}"), sql: format!("first < {one}") },
        2 => Both { text: format!("on:{from}"), sql: format!("first <= {one} AND last >= {one}") },
        3 => Both { text: format!("occurred:{from}..{}", from.plus(span)), sql: shared("occurred") },
        4 => Both { text: format!("disclosed:{from}..{}", from.plus(span)), sql: shared("disclosed") },
        _ => Both { text: format!("published:>={from}"), sql: format!("published_last >= {one}") },
    }
}

fn closed(dice: &mut Dice) -> Both {
    match dice.below(7) {
        0 => {
            let (one, other) = (Kind::ALL[dice.below(5)].word(), Kind::ALL[dice.below(5)].word());
            Both { text: format!("kind:{one},{other}"), sql: format!("kind IN ('{one}', '{other}')") }
        }
        1 => {
            let least = [6, 101, 5000][dice.below(3)];
            let (text, sql) = [
                (format!("records:>{least}"), format!("coalesce(records > {least}, 0)")),
                (format!("records:{least}..100k"), format!("coalesce(records BETWEEN {least} AND 100000, 0)")),
                (format!("records:<={least}"), format!("coalesce(records <= {least}, 0)")),
            ][dice.below(3)]
            .clone();
            Both { text, sql }
        }
        2 => {
            let status = dice.of(&["claimed", "confirmed", "suspected", "denied", "unattributed", "disputed"]);
            Both { text: format!("status:{status}"), sql: marked("status", status) }
        }
        3 => {
            let held = dice.of(&["records", "attacker", "data", "country", "occurred", "disclosed"]);
            Both { text: format!("has:{held}"), sql: marked("has", held) }
        }
        4 => {
            let data = DataKind::ALL[dice.below(4)].word();
            Both { text: format!("data:{data}"), sql: marked("data", data) }
        }
        5 => {
            let land = dice.of(&["norway", "CL", "Kenya", "no", "peru"]);
            Both { text: format!("country:{land}"), sql: worded("'country'", &format!("w.word = '{}'", fold(land))) }
        }
        _ => {
            let tag = dice.of(&["health", "uk", "us"]);
            Both { text: format!("tag:{tag}"), sql: marked("tag", tag) }
        }
    }
}

fn condition(dice: &mut Dice, tables: &Connection, depth: usize) -> Both {
    match dice.below(if depth > 0 { 10 } else { 7 }) {
        0..=2 => words(dice, tables),
        3 => pattern(dice, tables),
        4 => days(dice),
        5 | 6 => closed(dice),
        7 => {
            let inner = condition(dice, tables, depth - 1);
            Both { text: format!("-({})", inner.text), sql: format!("NOT ({})", inner.sql) }
        }
        joined => {
            let (one, other) = (condition(dice, tables, depth - 1), condition(dice, tables, depth - 1));
            let (word, sql) = if joined == 8 { (" ", "AND") } else { (" OR ", "OR") };
            Both { text: format!("({}{word}{})", one.text, other.text), sql: format!("(({}) {sql} ({}))", one.sql, other.sql) }
        }
    }
}

fn scanned(tables: &Connection, holds: &str, order: &str) -> Vec<String> {
    let mut scan = tables.prepare(&format!("SELECT id FROM incidents i WHERE {holds} ORDER BY {order}")).unwrap();
    scan.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn scanned_counts(tables: &Connection, holds: &str, by: &str) -> Vec<(String, i64, i64)> {
    let sql = format!("SELECT {by}, count(*), coalesce(sum(records), 0) FROM incidents i WHERE {holds} GROUP BY 1 ORDER BY 1");
    let mut scan = tables.prepare(&sql).unwrap();
    scan.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
}

fn counts(index: &Index, query: &Query, by: By) -> Vec<(String, i64, i64)> {
    let counted = index.count_by(Of::Incidents, query, by).unwrap().into_iter();
    let mut counts: Vec<_> = counted.map(|one| (one.value, one.count as i64, one.records as i64)).collect();
    counts.sort();
    counts
}

#[test]
fn random_queries_find_and_count_what_a_plain_scan_does() {
    let asked = std::env::var("BREACHLINE_QUERIES").ok().and_then(|count| count.parse().ok()).unwrap_or(400);
    let mut dice = Dice(11);
    let dir = tempfile::tempdir().unwrap();
    let (kept, index) = store(&mut dice, dir.path());
    let all = index.find(&Query::all(), 0, usize::MAX).unwrap().rows;
    let incidents: Vec<Incident> = all.iter().map(|row| kept.incident(&row.id).unwrap().unwrap()).collect();
    assert_eq!(incidents.len(), INCIDENTS);
    let tables = tables(&incidents);
    let (mut empty, mut whole) = (0, 0);
    for n in 0..asked {
        let Both { text, sql } = condition(&mut dice, &tables, 2);
        let (sort, order) = [
            ("", "first DESC, records DESC NULLS LAST, id"),
            (" sort:records", "records DESC NULLS LAST, first DESC, id"),
            (" sort:updated", "published_last DESC, first DESC, records DESC NULLS LAST, id"),
        ][dice.below(3)];
        let query = Query::parse(&format!("{text}{sort}"), day("2012-01-01")).unwrap_or_else(|error| panic!("{text}: {error}"));
        let expected = scanned(&tables, &sql, order);
        let ids = |offset, limit| -> (usize, Vec<String>) {
            let found = index.find(&query, offset, limit).unwrap();
            (found.total, found.rows.into_iter().map(|row| row.id.0).collect())
        };
        let (total, whole_answer) = ids(0, usize::MAX);
        let differs = whole_answer.iter().zip(&expected).position(|(one, other)| one != other);
        assert_eq!(
            (total, differs.map(|at| (&whole_answer[at..(at + 3).min(total)], &expected[at..]))),
            (expected.len(), None),
            "query {n}: {text}{sort}\n{sql}"
        );
        let (offset, limit) = (dice.below(expected.len() + 2), 1 + dice.below(20));
        let part: Vec<String> = expected.iter().skip(offset).take(limit).cloned().collect();
        assert_eq!(ids(offset, limit), (expected.len(), part), "query {n}, {limit} from {offset}: {text}{sort}");
        assert_eq!(index.count(Of::Incidents, &query).unwrap(), expected.len(), "{text}");
        assert_eq!(counts(&index, &query, By::Kind), scanned_counts(&tables, &sql, "kind"), "{text}");
        let year = "strftime('%Y', first * 86400, 'unixepoch')";
        assert_eq!(counts(&index, &query, By::Year), scanned_counts(&tables, &sql, year), "{text}");
        let month = "strftime('%Y-%m', first * 86400, 'unixepoch')";
        assert_eq!(counts(&index, &query, By::Month), scanned_counts(&tables, &sql, month), "{text}");
        empty += usize::from(expected.is_empty());
        whole += usize::from(expected.len() == INCIDENTS);
    }
    assert!(empty + whole < asked * 3 / 4, "the queries tell little: {empty} find nothing and {whole} everything, of {asked}");
}

/// Incidents have stems and pairs of words in their index, reports only the words.
#[test]
fn an_incident_and_its_only_report_are_found_by_the_same_words() {
    let mut dice = Dice(12);
    let dir = tempfile::tempdir().unwrap();
    let (kept, index) = store(&mut dice, dir.path());
    let reports = |row: Row| kept.incident(&row.id).unwrap().unwrap().reports.into_iter().map(|filed| filed.id);
    let (mut found, mut phrases) = (0, 0);
    for n in 0..600 {
        let length = 1 + n % 3;
        let words = dice.words(length);
        let place = dice.of(&["", "title:", "text:"]);
        let text = if length == 1 { format!("{place}{words}") } else { format!("{place}\"{words}\"") };
        let query = Query::parse(&text, day("2012-01-01")).unwrap_or_else(|error| panic!("{text}: {error}"));
        let of_incidents: BTreeSet<ReportId> =
            index.find(&query, 0, usize::MAX).unwrap().rows.into_iter().flat_map(reports).collect();
        let of_reports: BTreeSet<ReportId> = index.find_reports(&query, 0, usize::MAX).unwrap().rows.into_iter().collect();
        let differs: Vec<&ReportId> = of_incidents.symmetric_difference(&of_reports).collect();
        assert!(differs.is_empty(), "{text}: {} differ, first {:?}", differs.len(), differs[0]);
        found += usize::from(!of_reports.is_empty());
        phrases += usize::from(length > 1 && !of_reports.is_empty());
    }
    assert!(found > 300 && phrases > 100, "the queries tell little: {found} find something, {phrases} of them by words in a row");
}
