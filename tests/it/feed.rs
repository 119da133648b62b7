//! Feeds and list pages: what is read of good, odd and broken ones.
//!
//! `tests/data/feed/SLUG.{xml,json,html}` beside `SLUG.expected`; the expected files are rewritten with `BREACHLINE_REWRITE=1`.

use std::fs;
use std::path::{Path, PathBuf};

use breachline::feed::{self, FeedRead};
use breachline::model::source::{Selectors, Source, SourceId, SourceKind};
use url::Url;

const BASE: &str = "https://base.example/feeds/news.xml";

fn source(kind: SourceKind) -> Source {
    Source {
        id: SourceId("test".to_owned()),
        name: "Test".to_owned(),
        url: Url::parse(BASE).unwrap(),
        kind,
        tags: Vec::new(),
        selectors: Selectors::default(),
        every: None,
        enabled: true,
    }
}

fn read(bytes: &[u8], content_type: Option<&str>) -> FeedRead {
    feed::parse(bytes, content_type, &Url::parse(BASE).unwrap(), &source(SourceKind::Feed))
}

#[test]
fn bytes_become_text_whatever_they_say_of_themselves() {
    let feed = |declaration: &str| {
        let declaration =
            if declaration.is_empty() { String::new() } else { format!("<?xml version=\"1.0\" encoding=\"{declaration}\"?>") };
        format!(
            "{declaration}<rss version=\"2.0\"><channel><item><title>Взлом банка в Пензе</title><link>http://a.example/</link></item></channel></rss>"
        )
    };
    let utf16 = |text: &str, mark: &[u8], swap: bool| -> Vec<u8> {
        let units = text.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() });
        mark.iter().copied().chain(units).collect()
    };
    let windows = |text: &str| encoding_rs::WINDOWS_1251.encode(text).0.into_owned();
    let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
        ("utf-8", feed("utf-8").into_bytes(), None),
        ("utf-8 with a mark", [b"\xef\xbb\xbf", feed("").as_bytes()].concat(), None),
        ("utf-8 that is said to be Latin-1", feed("").into_bytes(), Some("text/xml; charset=iso-8859-1")),
        ("utf-16le with a mark", utf16(&feed("utf-16"), b"\xff\xfe", false), None),
        ("utf-16be with a mark", utf16(&feed("utf-16"), b"\xfe\xff", true), None),
        ("utf-16le without a mark", utf16(&feed(""), b"", false), None),
        ("windows-1251 declared", windows(&feed("windows-1251")), None),
        ("windows-1251 in the header", windows(&feed("")), Some("text/xml; charset=\"windows-1251\"")),
        ("windows-1251 that says nothing", windows(&feed("")), None),
        ("windows-1251 that lies", windows(&feed("utf-8")), Some("text/xml; charset=utf-8")),
        ("utf-8 declared as nonsense", feed("x-klingon").into_bytes(), None),
    ];
    for (name, bytes, content_type) in cases {
        let read = read(&bytes, content_type);
        assert_eq!(read.items.first().map(|item| item.title.as_str()), Some("Взлом банка в Пензе"), "{name}: {:?}", read.faults);
    }
}

#[test]
fn a_few_bad_bytes_cost_no_item() {
    let bytes = b"<rss version='2.0'><channel><item><title>Zo\xc3\xab \xff, Andr\xc3\xa9, S\xc3\xb6ren, Fran\xc3\xa7ois and \xc3\x85sa robbed</title><link>http://a.example/</link></item></channel></rss>";
    let read = read(bytes, None);
    assert_eq!(read.items[0].title, "Zoë \u{fffd}, André, Sören, François and Åsa robbed");
    assert!(read.faults.iter().any(|fault| fault.place == "the encoding"), "{:?}", read.faults);
}

/// Every date that is right, and texts that are none or could be two.
#[test]
fn dates_are_read_or_left_alone() {
    let cases = [
        ("Tue, 03 Mar 2026 10:20:30 GMT", "2026-03-03T10:20:30Z"),
        ("Tue, 03 Mar 2026 10:20:30 +0530", "2026-03-03T04:50:30Z"),
        ("Tue, 3 March 2026 10:20 EST", "2026-03-03T15:20:00Z"),
        ("03 Mar 26 10:20 GMT", "2026-03-03T10:20:00Z"),
        ("Fri, 03 Mar 2026 10:20:30 GMT", "2026-03-03T10:20:30Z"),
        ("Thu Aug 30 2012 17:26:16 +0200", "2012-08-30T15:26:16Z"),
        ("Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z"),
        ("2026-03-03T10:20:30Z", "2026-03-03T10:20:30Z"),
        ("2026-03-03t10:20:30.123456789+02:00", "2026-03-03T08:20:30Z"),
        ("20260303T102030Z", "2026-03-03T10:20:30Z"),
        ("2026-03-03 10:20:30", "2026-03-03T10:20:30Z"),
        ("2026-03-03", "2026-03-03T00:00:00Z"),
        ("Sept 6, 2010", "2010-09-06T00:00:00Z"),
        ("6th of September 2010", "2010-09-06T00:00:00Z"),
        ("September 6, 2010 at 3:04 pm", "2010-09-06T15:04:00Z"),
        ("Di, 03 Mär 2026 10:20:30 +0100", "2026-03-03T09:20:30Z"),
        ("03 мар 2026 10:20:30 +0300", "2026-03-03T07:20:30Z"),
        ("2004-05-25 오후 11:23:17", "2004-05-25T14:23:17Z"),
        ("31.12.2003", "2003-12-31T00:00:00Z"),
        ("12/31/2003", "2003-12-31T00:00:00Z"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
        ("Tue, 03 Mar 2026 10:20:30 +0000 (UTC)", "2026-03-03T10:20:30Z"),
        ("1772533230", "2026-03-03T10:20:30Z"),
    ];
    for (text, expected) in cases {
        assert_eq!(feed::read_date(text).map(|moment| moment.to_string()).as_deref(), Some(expected), "{text}");
    }
    let none = [
        "",
        "yesterday",
        "03/04/2026 10:20 AM",
        "Mon, 30 Feb 2026 10:00:00 GMT",
        "2026-03-03T25:61:61Z",
        "2026-13-01",
        "0000-00-00T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "2026-03-03T10:20:30+99:99",
        "9223372036854775807",
        "Sun, 16 Dec 2012 1:2:3:4 GMT",
        "Sun, 16 zzz 2012 11:47:32 GMT",
        "Sun, Dec x 2012 11:47:32 GMT",
        "Sun, 16 Dec 2012 11:47:32 +zz:00",
        "2013-01-27-01",
        "2013-01-28T11:30:00-06:00Textra",
        "<b>2026</b>",
        "March 2026",
        "12345",
    ];
    for text in none {
        assert_eq!(feed::read_date(text), None, "{text}");
    }
    assert!(feed::read_date(&format!("Tue, 03 Mar 2026 10:20:30 +0000 {}", "(".repeat(100_000))).is_some());
}

/// Writes what was read as a person reviews it.
fn shown(read: &FeedRead) -> String {
    let mut out = String::new();
    if let Some(error) = &read.error {
        out += &format!("error: {error}\n");
    }
    if let Some(title) = &read.title {
        out += &format!("feed: {title}\n");
    }
    out += &format!("complete: {}, skipped: {}\n", read.complete, read.skipped);
    for item in &read.items {
        out += &format!("\n{}\n  title: {}\n", item.url, item.title);
        let date = |moment: Option<jiff::Timestamp>| moment.map_or("-".to_owned(), |moment| moment.to_string());
        out += &format!("  id: {}\n", item.id.as_deref().unwrap_or("-"));
        out += &format!("  published: {}, updated: {}\n", date(item.published), date(item.updated));
        for (name, text) in [("summary", &item.summary), ("content", &item.content)] {
            if !text.is_empty() {
                out += &format!("  {name}: {}\n", text.replace('\n', " ¶ "));
            }
        }
    }
    for fault in &read.faults {
        out += &format!("\n! {} {}", fault.place, fault.what);
    }
    out.trim_end().to_owned() + "\n"
}

#[test]
fn each_document_is_read_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/feed");
    let mut documents: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.retain(|path| path.extension().is_none_or(|extension| extension != "expected"));
    documents.sort();
    assert!(documents.len() > 15, "{} documents", documents.len());
    let mut wrong = Vec::new();
    for document in documents {
        let kind =
            if document.extension().is_some_and(|extension| extension == "html") { SourceKind::Page } else { SourceKind::Feed };
        let bytes = fs::read(&document).unwrap();
        let got = shown(&feed::parse(&bytes, None, &Url::parse(BASE).unwrap(), &source(kind)));
        let expected = document.with_extension("expected");
        if std::env::var_os("BREACHLINE_REWRITE").is_some() {
            fs::write(&expected, &got).unwrap();
        }
        let want = fs::read_to_string(&expected).unwrap_or_default();
        if got != want {
            wrong.push(format!("{}\n--- expected\n{want}\n--- got\n{got}", document.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
