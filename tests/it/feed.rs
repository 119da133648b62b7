//! Feeds and list pages: what is read of good, odd and broken ones.
//!
//! `tests/data/feed/SLUG.{xml,json,html}` beside `SLUG.expected`; the expected files are rewritten with `BREACHLINE_REWRITE=1`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use breachline::feed::{self, FeedRead, Reader};
use breachline::model::source::{Selectors, Source, SourceId, SourceKind};
use proptest::prelude::*;
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
    for part in &read.parts {
        out += &format!("\npart: {}", part.url);
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
        let kind = match document.file_name().unwrap().to_string_lossy() {
            name if name.ends_with(".html") => SourceKind::Page,
            name if name.starts_with("sitemap-") => SourceKind::Sitemap,
            _ => SourceKind::Feed,
        };
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

/// A document that is as its format wants it goes to the library, any other to our scanner, for a reason that can be told.
#[test]
fn each_document_goes_to_the_reader_that_reads_it_right() {
    let rss = |item: &str| format!("<rss version='2.0'><channel><title>T</title>{item}</channel></rss>");
    let atom = |entry: &str| format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{entry}</feed>");
    let item = "<item><title>One</title><link>http://a.example/1</link></item>";
    let with = |part: &str| rss(&format!("<item><title>One</title><link>http://a.example/1</link>{part}</item>"));
    let entry = |part: &str| atom(&format!("<entry><title>One</title><link href='http://a.example/1'/><id>1</id>{part}</entry>"));
    let json = |item: &str| format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{item}]}}");
    let declared = |declaration: &str| format!("{declaration}{}", rss(item));
    let fit = [
        rss(item),
        rss(""),
        atom(""),
        entry("<updated>2026-03-03T10:20:30Z</updated><summary type='html'>&lt;p>x&lt;/p></summary>"),
        entry("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div></content>"),
        declared("<?xml version='1.0' encoding='windows-1251'?>"),
        declared("<?xml version='1.0'?><!-- c --><!DOCTYPE rss><?xml-stylesheet href='x'?>"),
        with("<description>a &amp; b &eacute; &#8217;</description><pubDate>3 Mar 2026</pubDate><guid>1</guid>"),
        with("<description><![CDATA[<p>a & b</p>]]></description><x:y xmlns:x='urn:x'><item-like/>z</x:y>"),
        with("<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2026-03-03</dc:date>"),
        rss("<item><title>One</title><guid>http://a.example/1</guid></item>"),
        json("{\"id\":\"1\",\"url\":\"http://a.example/1\",\"title\":\"One\"}"),
    ];
    for document in &fit {
        assert_eq!(read(document.as_bytes(), None).reader, Reader::Library, "{document}");
    }
    let deep = format!("{}{}", "<x>".repeat(200), "</x>".repeat(200));
    let names = |count: usize| (0..count).map(|n| format!(" xmlns:n{n}='urn:{n}'")).collect::<String>();
    let base = format!("<x xml:base='http://a.example/{}'/>", "x".repeat(4000));
    let unfit = [
        (rss(item).replace("</item>", ""), "is not nested well"),
        (rss(item).replace("</rss>", ""), "is cut off"),
        (rss(item) + "<rss/>", "goes on after its end"),
        (rss(item) + "more", "has text outside of its root"),
        (format!("Warning: {}", rss(item)), "has text outside of its root"),
        (rss(item).replace(" version='2.0'", ""), "is an RSS of a version that the library does not know"),
        (rss(item).replace("2.0", "0.93"), "is an RSS of a version that the library does not know"),
        (
            rss(item).replace("<rss ", "<rss xmlns='http://backend.userland.com/rss2' "),
            "is of a namespace that the library does not know",
        ),
        (atom("").replace("www.w3.org/2005/Atom", "purl.org/atom/ns#"), "is of a namespace that the library does not know"),
        (declared("<!DOCTYPE rss [<!ENTITY a 'b'>]>"), "declares entities"),
        (declared("<?xml version='1.0'?><?xml version='1.0' encoding='utf-16'?>"), "says twice how it is encoded"),
        (
            format!(
                "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>{item}</rdf:RDF>"
            ),
            "is RSS 1.0, of whose items the library does not know the identity",
        ),
        (format!("<rss version='2.0'><channel/>{item}</rss>"), "has parts in a place where the library does not look for them"),
        (rss(&format!("<x>{item}</x>")), "has an item within another element"),
        (rss(&item.replace("item", "ITEM")), "has parts in a place where the library does not look for them"),
        (with("<title>Two</title>"), "has items with two parts of one kind"),
        (with("<description>a & b</description>"), "refers to what XML does not know"),
        (with("<description>one <b>two</b></description>"), "has markup where text belongs"),
        (with("<description type='html'>one</description>"), "has a text of a type that the library does not know"),
        (with("<issued>2026-03-03</issued>"), "has parts that the library does not know"),
        (with("<dc:date>2026-03-03</dc:date>"), "uses a namespace that it does not declare"),
        (
            with("<pubDate>3 Mar 2026</pubDate><d:date xmlns:d='http://purl.org/dc/elements/1.1/'>2026</d:date>"),
            "is dated in two ways",
        ),
        (with("<d:created xmlns:d='http://purl.org/dc/terms/'>2026</d:created>"), "has dates that the library does not know"),
        (
            with("<f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>http://b.example/</f:origLink>"),
            "has links of which only FeedBurner knows where they lead",
        ),
        (with("<m:description xmlns:m='http://search.yahoo.com/mrss/'>x</m:description>"), "has teasers of another vocabulary"),
        (with("<x a=b/>"), "has attributes without quotes"),
        (with("<x a/>"), "has attributes without a value"),
        (with("<x a='1' a='2'/>"), "has attributes that are not well-formed"),
        (with("<x xml:base='javascript:0'/>"), "has a base that is no address"),
        (with(&deep), "is nested too deep"),
        (with(&format!("<x{}/>", names(70))), "has too many attributes"),
        (with(&format!("<x{}><y{}/></x>", names(40), names(40))), "declares too many namespaces"),
        (with(&format!("{base}{}", "<x/>".repeat(20_000))), "has a base that is too long for its size"),
        (with(&"<m:group xmlns:m='http://search.yahoo.com/mrss/'/>".repeat(5)), "has too many groups of media"),
        (with(&format!("<rating>{}</rating>", "x".repeat(2000))), "has a rating that is too long"),
        (rss("<item><link/></item>"), "has an empty link"),
        (rss("<item><link href='http://a.example/1'/></item>"), "has links that are written as those of Atom"),
        (rss("<item><guid isPermaLink='false'>1</guid></item>"), "has items without a link whose identity is none"),
        (entry("<issued>2026-03-03</issued>"), "has parts that the library does not know"),
        (entry("<summary type='text/plain'>x</summary>"), "has a text of a type that the library does not know"),
        (entry("<summary>caf&eacute;</summary>"), "refers to what XML does not know"),
        (entry("<content type='xhtml'><![CDATA[<p>x</p>]]></content>"), "has XHTML that is not markup"),
        (entry("<content type='xhtml'><p title='a &lt; b'>x</p></content>"), "has XHTML with marks in its attributes"),
        (atom("<entry><link href=''/></entry>"), "has an empty link"),
        (json("{\"url\":\"http://a.example/1\",\"title\":7}"), "is given up by the library"),
        (json("{\"external_url\":\"http://b.example/1\"}"), "has items that talk about another page"),
        (json("{\"content_html\":\"a\",\"content_text\":\"b\"}"), "has items with two texts"),
        (json(&vec!["{}"; 2000].join(",")), "has too many parts"),
    ];
    for (document, why) in &unfit {
        assert_eq!(read(document.as_bytes(), None).reader, Reader::Own(why), "{}", &document[..document.len().min(400)]);
    }
}

/// What makes the library panic costs nothing: our scanner reads the document.
#[test]
fn a_library_that_fails_is_no_failure() {
    let media = "<m:text xmlns:m='http://search.yahoo.com/mrss/' start='99999999999999999999:00:00'>x</m:text>";
    let rss = format!(
        "<rss version='2.0'><channel><item><title>One</title><link>http://a.example/1</link>{media}</item></channel></rss>"
    );
    let read = read(rss.as_bytes(), None);
    assert_eq!((read.reader, read.items.len()), (Reader::Own("is given up by the library"), 1));
}

/// An identity that the feed does not give is none, also where the library would make one up.
#[test]
fn no_identity_is_made_up() {
    let rss = b"<rss version='2.0'><channel><item><title>One</title><link>http://a.example/1</link><pubDate>soon</pubDate></item></channel></rss>";
    let read = read(rss, None);
    assert_eq!((read.reader, read.items[0].id.as_deref()), (Reader::Library, None));
    assert_eq!(read.faults[0].what, "has a date that cannot be read: soon");
}

/// Shapes that make careless readers quadratic, deep or large. Each is a megabyte or two; all together take a second or so.
#[test]
fn hostile_shapes_cost_no_more_than_others() {
    let many = |piece: &str| piece.repeat(1_000_000 / piece.len());
    let rss = |inside: &str| {
        format!(
            "<rss version='2.0'><channel><item><title>Kept</title><link>http://a.example/</link></item>{inside}</channel></rss>"
        )
    };
    let shapes = [
        many("<a "),
        many("<a b=\""),
        many("<a b='"),
        many("<?a>"),
        many("<!DOCTYPE a>"),
        many("<![CDATA["),
        many("<!--"),
        many("<!x"),
        many("</"),
        many("&"),
        many("&#"),
        many("&lt;"),
        many("<item>"),
        many("<item><title>"),
        many("<div>"),
        many("<x:y xmlns:x='z'>"),
        format!("<item {}>", many("a='b' ")),
        format!("<item><title>{}", many("<b>")),
        format!("<{}>", many("x")),
        format!("<item><link>http://a.example/2</link><description>{}", many("&lt;script&gt;")),
        format!("<item><link>http://a.example/3</link><description>{}", many("&lt;a b=\"")),
        format!("<item><pubDate>{}</pubDate></item>", many("(")),
        format!("<item><pubDate>{}</pubDate></item>", many("1:")),
    ];
    for shape in &shapes {
        let read = read(rss(shape).as_bytes(), None);
        assert_eq!(read.items[0].title, "Kept", "{}", &shape[..shape.len().min(40)]);
        assert!(read.faults.len() <= 21);
        let page = feed::parse(shape.as_bytes(), None, &Url::parse(BASE).unwrap(), &source(SourceKind::Page));
        assert!(page.items.len() <= feed::MOST_ITEMS);
        let sitemap = format!("<urlset><url><loc>http://a.example/</loc></url>{}</urlset>", shape.replace("item", "url"));
        let sitemap = feed::parse(sitemap.as_bytes(), None, &Url::parse(BASE).unwrap(), &source(SourceKind::Sitemap));
        assert_eq!(sitemap.items.first().map(|item| item.url.as_str()), Some("http://a.example/"));
    }
    assert!(read(format!("{{\"version\": {}", "[".repeat(1_000_000)).as_bytes(), None).error.is_some());
}

#[test]
fn no_more_items_are_read_than_the_bound() {
    let items: String = (0..feed::MOST_ITEMS + 5).map(|n| format!("<item><link>http://a.example/{n}</link></item>")).collect();
    let read = read(format!("<rss><channel>{items}</channel></rss>").as_bytes(), None);
    assert_eq!(read.items.len(), feed::MOST_ITEMS);
    assert!(read.faults.iter().any(|fault| fault.what.contains("the rest was left out")), "{:?}", read.faults);
}

#[test]
fn a_sitemap_is_read_compressed_and_within_its_bounds() {
    let parse = |bytes: &[u8]| feed::parse(bytes, None, &Url::parse(BASE).unwrap(), &source(SourceKind::Sitemap));
    let packed = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let one = "<urlset><url><loc>/1</loc></url></urlset>";
    let read = parse(&packed(one));
    assert_eq!((read.items[0].url.as_str(), read.complete), ("https://base.example/1", true));
    let whole = packed(one);
    assert!(!parse(&whole[..whole.len() / 2]).complete);
    let bomb = packed(&format!("<urlset><url><loc>/1</loc></url>{}", " ".repeat(60 << 20)));
    let read = parse(&bomb);
    assert_eq!((read.items.len(), read.complete), (1, false), "no more than the bound is unpacked");

    let many: String = (0..feed::MOST_ITEMS + 5).map(|n| format!("<url><loc>http://a.example/{n}</loc></url>")).collect();
    let read = parse(format!("<urlset>{many}</urlset>").as_bytes());
    assert_eq!((read.items.len(), read.faults.len()), (feed::MOST_ITEMS, 1), "{:?}", read.faults);
    let many: String =
        (0..50).map(|n| format!("<sitemap><loc>/{n}</loc><lastmod>2026-01-{:02}</lastmod></sitemap>", n % 28 + 1)).collect();
    let read = parse(format!("<sitemapindex>{many}</sitemapindex>").as_bytes());
    assert_eq!((read.parts.len(), read.parts[0].url.path()), (feed::sitemap::MOST_PARTS, "/27"));
    for (none, why) in
        [("<rss/>", "it is no sitemap: its root is <rss>"), ("{}", "it is no sitemap"), ("<urlset/>", "the sitemap is empty")]
    {
        assert_eq!(parse(none.as_bytes()).error.as_deref(), Some(why));
    }
}

/// What a person chose is used, and what is wrong with it is said.
#[test]
fn selectors_of_a_source_read_its_list() {
    let html = b"<html><body><div class=row><a class=more href=/x>more</a><b>First</b><i>3 March 2026</i></div>
        <div class=row><a class=more href=/y>more</a><b>Second</b><i>soon</i></div></body></html>";
    let some = |text: &str| Some(text.to_owned());
    let selectors = Selectors { item: some("div.row"), link: some("a.more"), title: some("b"), date: some("i"), body: None };
    let with = |selectors: Selectors| {
        let source = Source { selectors, ..source(SourceKind::Page) };
        feed::parse(html, None, &Url::parse(BASE).unwrap(), &source)
    };
    let read = with(selectors.clone());
    let told: Vec<_> = read.items.iter().map(|item| (item.url.path(), item.title.as_str(), item.published.is_some())).collect();
    assert_eq!(told, [("/x", "First", true), ("/y", "Second", false)]);
    assert_eq!(read.faults.len(), 1, "the date that cannot be read: {:?}", read.faults);
    let error = |item: &str| with(Selectors { item: some(item), ..selectors.clone() }).error.unwrap();
    assert_eq!(error("div.line"), "the page holds nothing that the selector item = \"div.line\" finds");
    assert_eq!(error("div:::"), "item = \"div:::\" is no CSS selector");
}

proptest! {
    /// Whatever comes, reading it ends, and what is read is safe to show.
    #[test]
    fn any_bytes_are_read_without_harm(
        pieces in prop::collection::vec(prop_oneof![
            Just("<rss><channel>".to_owned()), Just("<feed xmlns='http://www.w3.org/2005/Atom'>".to_owned()), Just("<item>".to_owned()),
            Just("</item>".to_owned()), Just("<entry>".to_owned()), Just("</entry>".to_owned()), Just("<title type='html'>".to_owned()),
            Just("</title>".to_owned()), Just("<link>http://a.example/1</link>".to_owned()), Just("<link href='/2'/>".to_owned()),
            Just("<![CDATA[".to_owned()), Just("]]>".to_owned()), Just("&#27;[2J&amp;#x9b;".to_owned()), Just("<pubDate>".to_owned()),
            Just("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[".to_owned()), Just("{\"url\":\"/3\"},".to_owned()), ".{0,20}",
        ], 0..30),
        tail in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let bytes = [pieces.concat().as_bytes(), &tail].concat();
        for kind in [SourceKind::Feed, SourceKind::Page] {
            let read = feed::parse(&bytes, None, &Url::parse(BASE).unwrap(), &source(kind));
            prop_assert!(read.error.as_deref().is_none_or(|error| !error.contains("made this program fail")));
            for item in &read.items {
                for text in [&item.title, &item.summary, &item.content] {
                    prop_assert!(!text.chars().any(breachline::base::safe::is_unsafe), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn any_text_is_a_date_or_none(text in ".{0,60}|[0-9:/ ,.+-]{0,40}|[A-Za-z0-9 ,:+-]{0,40}") {
        if let Some(date) = feed::read_date(&text) {
            let year = breachline::base::day::Day::of(date).year();
            prop_assert!((1990..=2100).contains(&year), "{text}: {date}");
        }
    }
}
