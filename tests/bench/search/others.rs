//! The same questions put to SQLite FTS5 over the same incidents, and to tantivy itself over the same index.

use std::ops::Bound;
use std::path::Path;

use breachline::base::day::Day;
use breachline::model::article::Article;
use breachline::model::report::Report;
use rusqlite::{Connection, params, params_from_iter};
use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Schema};
use tantivy::{Order, ReloadPolicy, Searcher, TantivyDocument, Term};

/// How a shape of query is put to the others.
pub enum Asked {
    /// Words that stand anywhere: a match of FTS5.
    Match(String),
    /// The same, with a kind, a least figure and a first day.
    Narrowed { matching: Option<String>, kind: Option<&'static str>, least: Option<u64>, since: Option<Day> },
    /// What they cannot be asked.
    Nothing,
}

/// SQLite: full text by FTS5 with stems and without accents, the rest in a table with indexes.
pub struct Tables(Connection);

const SCHEMA: &str = "
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (title, quotes, names, tokenize = 'porter unicode61 remove_diacritics 2');
    CREATE TABLE IF NOT EXISTS incidents (id INTEGER PRIMARY KEY, day INTEGER, records INTEGER, kind TEXT, line TEXT);
    CREATE INDEX IF NOT EXISTS by_day ON incidents (day DESC, records DESC);
    CREATE INDEX IF NOT EXISTS by_kind ON incidents (kind, day DESC);
    CREATE INDEX IF NOT EXISTS by_records ON incidents (records);
";

impl Tables {
    pub fn open(dir: &Path) -> Tables {
        let connection = Connection::open(dir.join("fts5.db")).expect("a database");
        connection.pragma_update(None, "journal_mode", "wal").expect("a journal");
        connection.pragma_update(None, "cache_size", -200_000).expect("a cache of 200 MB");
        connection.pragma_update(None, "mmap_size", 4i64 << 30).expect("mapped memory");
        connection.execute_batch(SCHEMA).expect("tables");
        Tables(connection)
    }

    pub fn begin(&mut self) {
        self.0.execute_batch("BEGIN").expect("a transaction");
    }

    pub fn commit(&mut self) {
        self.0.execute_batch("COMMIT").expect("a commit");
    }

    pub fn add(&mut self, n: usize, article: &Article, report: &Report) {
        let quotes: Vec<&str> = report.evidence.iter().map(|evidence| evidence.quote.as_str()).collect();
        let mut names = vec![report.victim.name.as_str()];
        names.extend(report.attackers.iter().map(|attacker| attacker.name.as_str()));
        let day = report.occurred.map_or(article.published, |days| days.earliest).since_epoch();
        let records = report.records.first().map(|figure| figure.value as i64);
        let line = serde_json::to_string(report).expect("a line");
        let mut words =
            self.0.prepare_cached("INSERT INTO words (rowid, title, quotes, names) VALUES (?1, ?2, ?3, ?4)").expect("words");
        words.execute(params![n as i64, article.title, quotes.join("\n"), names.join("\n")]).expect("words");
        let mut rows = self.0.prepare_cached("INSERT INTO incidents VALUES (?1, ?2, ?3, ?4, ?5)").expect("rows");
        rows.execute(params![n as i64, day, records, report.kind.word(), line]).expect("a row");
    }

    /// Returns how many there are, after reading the first 50 lines, newest first.
    pub fn ask(&self, asked: &Asked) -> usize {
        let (mut holds, mut values): (Vec<String>, Vec<rusqlite::types::Value>) = (Vec::new(), Vec::new());
        let (matching, kind, least, since) = match asked {
            Asked::Match(text) => (Some(text.clone()), None, None, None),
            Asked::Narrowed { matching, kind, least, since } => (matching.clone(), *kind, *least, *since),
            Asked::Nothing => return 0,
        };
        let from = if matching.is_some() { "words JOIN incidents ON incidents.id = words.rowid" } else { "incidents" };
        if let Some(text) = matching {
            holds.push("words MATCH ?".to_owned());
            values.push(text.into());
        }
        if let Some(kind) = kind {
            holds.push("kind = ?".to_owned());
            values.push(kind.to_owned().into());
        }
        if let Some(least) = least {
            holds.push("records >= ?".to_owned());
            values.push((least as i64).into());
        }
        if let Some(since) = since {
            holds.push("day >= ?".to_owned());
            values.push(since.since_epoch().into());
        }
        let holds = if holds.is_empty() { String::new() } else { format!("WHERE {}", holds.join(" AND ")) };
        let mut counting = self.0.prepare_cached(&format!("SELECT count(*) FROM {from} {holds}")).expect("a count");
        let total: i64 = counting.query_row(params_from_iter(values.iter()), |row| row.get(0)).expect("a count");
        let listing = format!("SELECT line FROM {from} {holds} ORDER BY day DESC, records DESC LIMIT 50");
        let mut listing = self.0.prepare_cached(&listing).expect("a list");
        let lines = listing.query_map(params_from_iter(values.iter()), |row| row.get::<_, String>(0)).expect("lines");
        assert!(lines.map(|line| line.expect("a line").len()).sum::<usize>() > 0 || total == 0);
        total as usize
    }

    /// Returns how many kinds the incidents of a word are of.
    pub fn kinds(&self, word: &str) -> usize {
        let sql =
            "SELECT kind, count(*) FROM words JOIN incidents ON incidents.id = words.rowid WHERE words MATCH ? GROUP BY kind";
        let mut counting = self.0.prepare_cached(sql).expect("counts");
        counting.query_map([word], |row| row.get::<_, i64>(1)).expect("counts").count()
    }
}

/// tantivy without the language, the rows and the order beyond the day.
pub struct Bare {
    searcher: Searcher,
    schema: Schema,
}

impl Bare {
    pub fn open(dir: &Path) -> Bare {
        let index = tantivy::Index::open_in_dir(dir.join("search/incidents")).expect("the index");
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().expect("a reader");
        Bare { searcher: reader.searcher(), schema: index.schema() }
    }

    fn term(&self, field: &str, word: &str) -> Term {
        Term::from_field_text(self.schema.get_field(field).expect("a field"), word)
    }

    fn is(&self, field: &str, word: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(self.term(field, word), IndexRecordOption::Basic))
    }

    fn anywhere(&self, word: &str) -> Box<dyn Query> {
        let stem = tantivy::tokenizer::Stemmer::new(tantivy::tokenizer::Language::English);
        let mut analyzer =
            tantivy::tokenizer::TextAnalyzer::builder(tantivy::tokenizer::SimpleTokenizer::default()).filter(stem).build();
        let mut stemmed = word.to_owned();
        analyzer.token_stream(word).process(&mut |token| stemmed.clone_from(&token.text));
        // A word that is its own stem stands among the words alone.
        let fields = ["title_stemmed", "text_stemmed", "names_stemmed", "title_exact", "text_exact", "names_exact"];
        Box::new(BooleanQuery::union(fields.iter().map(|field| self.is(field, &stemmed)).collect()))
    }

    /// Asks for the words between quotation marks in a row.
    fn in_a_row(&self, fields: &[&str], text: &str) -> Box<dyn Query> {
        let words: Vec<String> = text.trim_matches('"').split(' ').map(str::to_lowercase).collect();
        let row = |field: &&str| -> Box<dyn Query> {
            Box::new(PhraseQuery::new(words.iter().map(|word| self.term(field, word)).collect()))
        };
        Box::new(BooleanQuery::union(fields.iter().map(row).collect()))
    }

    fn query(&self, asked: &Asked) -> Option<Box<dyn Query>> {
        let (matching, kind, least, since) = match asked {
            Asked::Match(text) => (Some(text), None, None, None),
            Asked::Narrowed { matching, kind, least, since } => (matching.as_ref(), *kind, *least, *since),
            Asked::Nothing => return None,
        };
        let mut all: Vec<Box<dyn Query>> = Vec::new();
        match matching.map(String::as_str) {
            Some(text) if text.ends_with('*') => return None,
            Some(text) if text.ends_with('"') => match text.strip_prefix("names : ") {
                Some(name) => all.push(self.in_a_row(&["victim"], name)),
                None => all.push(self.in_a_row(&["title_exact", "text_exact", "names_exact"], text)),
            },
            Some(text) => all.extend(text.split(' ').map(|word| self.anywhere(word))),
            None => {}
        }
        all.extend(kind.map(|kind| self.is("kind", kind)));
        if let Some(least) = least {
            let field = self.schema.get_field("records").expect("records");
            all.push(Box::new(RangeQuery::new(Bound::Included(Term::from_field_u64(field, least)), Bound::Unbounded)));
        }
        if let Some(since) = since {
            let field = self.schema.get_field("day_first").expect("a day");
            let since = Term::from_field_i64(field, since.since_epoch());
            all.push(Box::new(RangeQuery::new(Bound::Included(since), Bound::Unbounded)));
        }
        Some(if all.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::intersection(all)) })
    }

    /// Returns how many there are, after loading the first 50 documents, newest first; None for what cannot be asked.
    pub fn ask(&self, asked: &Asked) -> Option<usize> {
        let query = self.query(asked)?;
        let newest = TopDocs::with_limit(50).order_by((SortByStaticFastValue::<i64>::for_field("day_first"), Order::Desc));
        let (total, found) = self.searcher.search(&*query, &(Count, newest)).expect("an answer");
        for (_, address) in found {
            self.searcher.doc::<TantivyDocument>(address).expect("a document");
        }
        Some(total)
    }
}
