//! Pages to articles: cases as data, hostile pages, and the real pages that lie beside the repository where they are there.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use breachline::base::safe::is_unsafe;
use breachline::model::article::{NotAnArticle, PublishedFrom};
use breachline::page::{self, Hint, ReadPage};
use url::Url;

/// Set to rewrite the `expected.txt` of each case; the change is then read in review.
const REWRITE: &str = "REWRITE_EXPECTED";

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/page")
}

/// Each case: `source.html` as it would be fetched; `meta.toml` with its `url`, `content_type` and hints, and what is expected of
/// the page besides its text; `expected.txt` with its paragraphs, or the one word that says why it is no article.
#[test]
fn pages_are_read_as_expected() {
    let mut cases: Vec<PathBuf> = fs::read_dir(data()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 20, "only {} cases were found", cases.len());
    let mut wrong = String::new();
    for case in cases {
        check(&case, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn check(case: &Path, wrong: &mut String) {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    let meta: toml::Table = fs::read_to_string(case.join("meta.toml")).unwrap().parse().unwrap();
    let field = |key: &str| meta.get(key).and_then(toml::Value::as_str);
    let url = field("url").map(|url| Url::parse(url).unwrap());
    let hint = Hint {
        title: field("hint_title").unwrap_or(""),
        published: field("hint_published").map(|day| day.parse().unwrap()),
        published_from: PublishedFrom::Feed,
        body_selector: field("body_selector"),
    };
    let bytes = fs::read(case.join("source.html")).unwrap();
    let read = page::read_bytes(&bytes, field("content_type"), url.as_ref(), &hint);
    let text = match &read {
        Ok(read) => format!("{}\n", read.text),
        Err(why) => format!("{}\n", word(why)),
    };
    let expected = case.join("expected.txt");
    if std::env::var_os(REWRITE).is_some() {
        fs::write(&expected, &text).unwrap();
    }
    if fs::read_to_string(&expected).unwrap_or_default() != text {
        let _ = writeln!(wrong, "{name}: the text is\n{text}");
    }
    if let Ok(read) = &read {
        for key in ["title", "published", "published_from", "language", "canonical"] {
            let found = value(read, key);
            if let Some(expected) = field(key).filter(|expected| *expected != found) {
                let _ = writeln!(wrong, "{name}: {key} is {found:?}, not {expected:?}");
            }
        }
        check_form(&name, read, wrong);
    }
}

fn word(why: &NotAnArticle) -> &'static str {
    match why {
        NotAnArticle::NotHtml { .. } => "not-html",
        NotAnArticle::NoText => "no-text",
        NotAnArticle::Paywall => "paywall",
        NotAnArticle::Wall => "wall",
        NotAnArticle::Missing => "missing",
        NotAnArticle::Video => "video",
        NotAnArticle::LiveBlog => "live-blog",
        NotAnArticle::List => "list",
        NotAnArticle::TooMuch { .. } => "too-much",
    }
}

fn value(read: &ReadPage, key: &str) -> String {
    match key {
        "title" => read.title.clone(),
        "published" => read.published.map_or("none".to_owned(), |day| day.to_string()),
        "published_from" => read.published_from.map_or("none", PublishedFrom::word).to_owned(),
        "language" => read.language.clone(),
        _ => read.canonical.as_ref().map_or("none".to_owned(), Url::to_string),
    }
}

/// Checks what holds for every text: paragraphs cover it, none is empty, nothing unsafe is in it.
fn check_form(name: &str, read: &ReadPage, wrong: &mut String) {
    let lines: Vec<&str> = read.paragraphs.iter().map(|span| span.slice(&read.text)).collect();
    if lines.join("\n") != read.text || lines.iter().any(|line| line.trim().is_empty()) {
        let _ = writeln!(wrong, "{name}: the paragraphs do not make up the text");
    }
    if read.text.chars().chain(read.title.chars()).any(|c| is_unsafe(c) || c == '\0') {
        let _ = writeln!(wrong, "{name}: an unsafe character is left");
    }
}

const STORY: &str = "<article><h1>Harrow Water loses billing records</h1><p>Harrow Water said on Friday that intruders had copied the \
    billing records of 212,000 customers from a server at its Leeds office.</p><p>The company noticed the copying on 14 June, two days \
    after it began, and took the server off the network within the hour.</p></article>";

/// Pages built to take time or memory: each is read, with the story found in it, in time that grows with its length only.
#[test]
fn hostile_nesting_neither_hangs_nor_ends_the_process() {
    let many = |part: &str, times: usize| part.repeat(times);
    let attributes: String = (0..200_000).map(|k| format!(" a{k}=1")).collect();
    let cases = [
        ("nested divs", format!("{}{STORY}{}", many("<div>", 50_000), many("</div>", 50_000))),
        ("nested lists", format!("{}{STORY}", many("<ul><li>", 40_000))),
        ("unclosed formatting", format!("{}{STORY}{}", many("<b><i><font color=red>", 16_000), many("<p>", 2000))),
        ("formatting left open in paragraphs", format!("{STORY}{}", many("<p><b a=1><i b=2>x", 20_000))),
        ("nested tables", format!("{}{STORY}", many("<table><tr>x", 5000))),
        ("nested classes that name labels", format!("{}{STORY}", many("<div class='date comments related'>", 30_000))),
        ("end tags of nothing", format!("{}{}{STORY}", many("<b>", 30_000), many("</div></i></x>", 30_000))),
        ("attributes", format!("<div{attributes}>{STORY}")),
        ("links", format!("<nav>{}</nav>{STORY}", many("<a href=/t>tag</a>", 100_000))),
        ("one long word", format!("{STORY}<p>{}", many("x", 1_500_000))),
        ("line breaks", format!("{STORY}<p>{}", many("x<br>", 300_000))),
        ("open tags", format!("{STORY}{}", many("<a", 200_000))),
        ("open quotes", format!("{STORY}{}", many("<a href='", 200_000))),
        ("open comments", format!("{STORY}{}", many("<!--", 200_000))),
        ("open scripts", format!("{STORY}{}", many("<script>", 200_000))),
    ];
    for (what, html) in cases {
        let with_selector = Hint { body_selector: Some("article"), ..Hint::default() };
        for hint in [Hint::default(), with_selector] {
            let begun = std::time::Instant::now();
            let read = page::read_html(&html, None, &hint);
            let text = read.as_ref().map_or("", |read| &read.text);
            assert!(text.contains("212,000 customers"), "{what}: read as {read:.300?}");
            assert!(begun.elapsed().as_secs() < 20, "{what}: took {:?}", begun.elapsed());
        }
    }
}

#[test]
fn a_page_with_too_many_elements_is_refused_by_name() {
    let html = "<i>".repeat(1_100_000);
    assert!(matches!(page::read_html(&html, None, &Hint::default()), Err(NotAnArticle::TooMuch { .. })));
}

/// Pieces of pages, sane and mad, of which any sequence must be read without a panic.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<div class='date'>",
    "</div>",
    "<a href=x>",
    "</a>",
    "<b>",
    "<table><tr><td>",
    "</td>",
    "</table>",
    "<li>",
    "<ul>",
    "</ul>",
    "<h1>",
    "</h2>",
    "<br>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<",
    ">",
    "&",
    "&amp",
    "&#x",
    "&#1114112;",
    "\"",
    "'",
    "=",
    "<p a=\"é",
    "<p a='ü'b>",
    "<script>",
    "</script",
    "<title>",
    "<svg/>",
    "<x-y>",
    "</x-y>",
    "<noscript>",
    "é",
    "日本",
    "\u{ad}",
    "\u{a0}",
    "\0",
    "\u{202e}",
    "Harrow Water lost it all, they said.",
    "<time datetime=2011-06-17>",
    "<script type=application/ld+json>{\"@type\":\"Article\"",
    "<link rel=canonical href=//x>",
    "<article>",
    "<aside>",
    "\n",
];

proptest::proptest! {
    #[test]
    fn any_soup_of_tags_is_read(places in proptest::collection::vec(0..PIECES.len(), 0..120)) {
        let html: String = places.iter().map(|place| PIECES[*place]).collect();
        let url = Url::parse("https://dales.example/a").unwrap();
        for hint in [Hint::default(), Hint { body_selector: Some("div"), ..Hint::default() }] {
            if let Ok(read) = page::read_html(&html, Some(&url), &hint) {
                let mut wrong = String::new();
                check_form("soup", &read, &mut wrong);
                assert!(wrong.is_empty(), "{wrong}{html}");
            }
        }
    }
}

/// What messages are made of.
const LINES: &[&str] = &[
    "From: \"A\" <a@b.example>\r\n",
    "Message-ID: <1@b.example>\n",
    "Date: Tue, 03 Mar 2026 10:20:30 +0100\r\n",
    "Date: Tue, 99 Foo 99999 99:99:99 +9999\r\n",
    "Subject: =?utf-8?q?S=C3=A4?= =?koi8-r?B?7s/X?= =?x\r\n",
    "Received: by x; Tue, 03 Mar 2026 10:20:30 +0100\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: Multipart/Digest;\r\n boundary=\"b message\"\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html; charset=utf-16\r\n",
    "Content-Type: text/plain; charset=\"nonsense; format*0*=x''%ff\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    "--b\r\n",
    "--b message\r\n",
    "--b--\n",
    "PGh0bWw+PHA+SGk=\r\n",
    "<html><p>Hackers stole it=20=\r\n",
    "Hackers stole it all.\0\u{202e}\r\n",
];

proptest::proptest! {
    #[test]
    fn any_message_is_read_or_refused(places in proptest::collection::vec(0..LINES.len(), 0..60), cut in 0..2000usize, noise: Vec<u8>) {
        let message: String = places.iter().map(|place| LINES[*place]).collect();
        let mut bytes = message.into_bytes();
        bytes.truncate(cut);
        bytes.extend(noise);
        let read = page::mail::read(&bytes);
        assert_ne!(read.as_ref().err(), Some(&"made this program fail"), "{}", String::from_utf8_lossy(&bytes));
        if let Ok(mail) = read {
            let shown = [mail.sender, mail.subject, mail.id.unwrap_or_default(), mail.domain.unwrap_or_default()];
            assert!(!shown.iter().any(|text| text.contains(['\n', '\u{202e}', '\0'])), "{shown:?}");
        }
    }
}

#[test]
fn a_text_longer_than_any_article_is_told() {
    let words = "The clinic said that its records had been copied. ".repeat(50_000);
    let page = format!("<html><title>T</title><article><p>{words}</p></article></html>");
    for (text, kind) in [(words, "text/plain"), (page, "text/html")] {
        let read = page::read_bytes(text.as_bytes(), Some(kind), None, &Hint::default());
        assert!(matches!(&read, Err(NotAnArticle::TooMuch { what }) if what == "its text is longer than 2 MB"), "{read:?}");
    }
}

/// Real saved pages that lie beside the repository where it is developed: none may be lost, and what is read must be an article.
#[test]
#[allow(clippy::print_stderr)]
fn real_pages_are_read_where_they_are_there() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages");
    let Ok(index) = fs::read_to_string(pages.join("index.tsv")) else {
        eprintln!("skipped: {} is not there", pages.display());
        return;
    };
    let mut wrong = String::new();
    let mut dated = 0;
    let rows: Vec<Vec<&str>> = index.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    for row in &rows {
        let (name, url) = (row[0], Url::parse(row[5]).unwrap());
        let bytes = fs::read(pages.join(name)).unwrap();
        match page::read_bytes(&bytes, Some("text/html"), Some(&url), &Hint::default()) {
            Ok(read) if read.text.len() < 700 || read.title.is_empty() || read.language == "und" => {
                let _ = writeln!(wrong, "{name}: {} bytes of text, title {:?}, {}", read.text.len(), read.title, read.language);
            }
            Ok(read) => {
                dated += usize::from(read.published.is_some());
                check_form(name, &read, &mut wrong);
            }
            Err(why) => {
                let _ = writeln!(wrong, "{name}: {why}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(dated * 100 >= rows.len() * 90, "only {dated} of {} have a day", rows.len());
}
