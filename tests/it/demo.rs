//! The news web of the demo: its lists, its pages and its stories are as they are meant to be.

mod whole;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use breachline::base::day::Day;
use breachline::demo::{self, Listing, Look, SITES, STORIES, Story, World};
use breachline::feed;
use breachline::model::article::PublishedFrom;
use breachline::model::source::{Config, SourceKind};
use breachline::page::{self, Hint, ReadPage};

fn world() -> World {
    World::new(SITES.iter().map(|site| format!("http://{}.example", site.key)).collect()).unwrap()
}

/// Asks one question and reads the answer to its end: status, headers, body.
fn ask(url: &url::Url, headers: &str) -> (u16, String, Vec<u8>) {
    let place = (url.host_str().unwrap(), url.port().unwrap());
    let query = url.query().map_or(String::new(), |query| format!("?{query}"));
    let mut stream = TcpStream::connect(place).unwrap();
    write!(stream, "GET {}{query} HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n{headers}\r\n", url.path()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, answer[end + 4..].to_vec())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[test]
fn every_story_file_is_in_the_table_and_the_table_is_sorted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/articles");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().trim_end_matches(".txt").to_owned())
        .collect();
    let table: BTreeSet<String> = STORIES.iter().map(|(slug, _)| (*slug).to_owned()).collect();
    assert_eq!(files, table);
    assert!(STORIES.is_sorted_by(|one, next| one.0 < next.0), "the table of stories is not sorted");
    assert!(SITES.is_sorted_by(|one, next| one.key < next.key), "the table of sites is not sorted");
    assert!(SITES.iter().all(|site| site.tags.is_sorted()));
}

#[test]
fn stories_are_whole_and_have_addresses_of_their_own() {
    let world = world();
    let mut addresses = BTreeSet::new();
    for story in &world.stories {
        let words: usize = story.blocks.iter().map(|block| block.text().split_whitespace().count()).sum();
        assert!((120..=450).contains(&words), "{} has {words} words", story.slug);
        assert!(addresses.insert(world.address(story)), "{} shares its address", story.slug);
        assert!(story.blocks.iter().all(|block| !block.text().starts_with(['#', '-'])), "{} has a stray mark", story.slug);
    }
    for site in SITES {
        assert!(world.of(site).count() >= 2, "{} has fewer than two stories", site.name);
    }
    let years: BTreeSet<i16> = world.stories.iter().map(|story| story.day.year()).collect();
    assert_eq!((years.first(), years.last()), (Some(&2011), Some(&2026)));
}

#[test]
fn pages_carry_their_own_story_and_name_others_beside_it() {
    let world = world();
    for story in &world.stories {
        let page = world.page(story);
        let html: String = match String::from_utf8(page.bytes) {
            Ok(html) => html,
            Err(bytes) => bytes.into_bytes().into_iter().map(char::from).collect(),
        };
        let plain = html.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        for block in &story.blocks {
            let start = block.text().chars().skip(1).take(40).collect::<String>();
            assert!(plain.contains(&start), "{} lacks {:?}", story.slug, block.text());
        }
        let others = world.stories.iter().filter(|other| other.slug != story.slug && plain.contains(other.title)).count();
        assert!(others >= if story.site.key == "notices" { 1 } else { 4 }, "{} names {others} others", story.slug);
    }
}

#[test]
fn the_news_web_answers_and_says_304_to_who_knows() {
    let demo = demo::serve().unwrap();
    assert_eq!(demo.config.sources.len(), SITES.len());
    for source in &demo.config.sources {
        let (status, head, body) = ask(&source.url, "");
        assert_eq!(status, 200, "{}", source.name);
        assert!(body.len() > 400, "{}", source.name);
        let etag = header(&head, "etag").unwrap();
        let (status, head, body) = ask(&source.url, &format!("If-None-Match: {etag}\r\n"));
        assert_eq!((status, body.len()), (304, 0), "{}", source.name);
        let moment = header(&head, "last-modified").unwrap();
        assert_eq!(ask(&source.url, &format!("If-Modified-Since: {moment}\r\n")).0, 304, "{}", source.name);
        assert_eq!(ask(&source.url, "If-None-Match: \"other\"\r\n").0, 200, "{}", source.name);
        let (_, _, robots) = ask(&source.url.join("/robots.txt").unwrap(), "");
        assert!(robots.starts_with(b"User-agent: *"), "{}", source.name);
        assert_eq!(ask(&source.url.join("/nothing/here").unwrap(), "").0, 404);
    }
    for story in &demo.world.stories {
        let address: url::Url = demo.world.address(story).parse().unwrap();
        assert_eq!(ask(&address, "").0, 200, "{}", story.slug);
    }
    let tracked = format!("{}?utm_source=rss", demo.world.address(&demo.world.stories[0]));
    assert_eq!(ask(&tracked.parse().unwrap(), "").0, 200);
    let told = demo.answered();
    assert_eq!(told.len(), SITES.len() * 6 + demo.world.stories.len() + 1);
    assert_eq!(told.iter().filter(|answered| answered.status == 304).count(), SITES.len() * 2);
    demo.stop();
}

#[test]
fn two_news_webs_run_side_by_side_and_end_when_dropped() {
    let first = demo::serve().unwrap();
    let second = demo::serve().unwrap();
    let url = first.config.sources[0].url.clone();
    assert_ne!(url, second.config.sources[0].url);
    drop(first);
    assert!(TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).is_err());
    assert_eq!(ask(&second.config.sources[0].url, "").0, 200);
}

#[test]
fn the_sites_of_the_demo_are_what_a_configuration_may_hold() {
    let demo = demo::serve().unwrap();
    let text: String = (demo.config.sources.iter())
        .map(|source| {
            let kind = if source.kind == SourceKind::Page { "page" } else { "feed" };
            let tags: Vec<String> = source.tags.iter().map(|tag| format!("\"{tag}\"")).collect();
            let part = |key: &str, value: &Option<String>| {
                value.as_ref().map_or(String::new(), |value| format!("{key} = \"{value}\"\n"))
            };
            let chosen = &source.selectors;
            format!(
                "[[source]]\nname = \"{}\"\nurl = \"{}\"\nkind = \"{kind}\"\ntags = [{}]\n{}{}{}{}{}",
                source.name,
                source.url,
                tags.join(", "),
                part("item", &chosen.item),
                part("link", &chosen.link),
                part("title", &chosen.title),
                part("date", &chosen.date),
                part("body", &chosen.body)
            )
        })
        .collect();
    let read = Config::parse(&text).unwrap();
    assert_eq!(read.sources, demo.config.sources);
}

#[test]
fn the_sources_that_ship_are_read_without_a_fault() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sources.toml")).unwrap();
    let config = Config::parse(&text).unwrap();
    assert!(config.sources.len() > 70);
    assert!(config.sources.iter().filter(|source| source.enabled).count() > 50);
    let settings = text.lines().skip_while(|line| *line != "# [settings]").take_while(|line| !line.is_empty());
    let settings: String = settings.map(|line| line.trim_start_matches("# ").to_owned() + "\n").collect();
    let read = Config::parse(&(settings + "[[source]]\nname = \"A\"\nurl = \"https://a.example/\"\n")).unwrap();
    let contact = read.settings.contact.clone();
    assert!(contact.is_some());
    assert_eq!(read.settings, breachline::model::source::Settings { contact, ..Default::default() });
}

/// Each page is read as the crawl reads it, but without its list's day: title, day and how it is known, language, each paragraph.
#[test]
fn pages_read_back_to_their_stories() {
    let world = world();
    let mut wrong = String::new();
    for story in &world.stories {
        let page = world.page(story);
        let url = world.address(story).parse().unwrap();
        let body_selector = (story.site.key == "notices").then_some("#notice-text");
        let hint = Hint { title: story.title, body_selector, ..Hint::default() };
        match page::read_bytes(&page.bytes, Some(page.content_type), Some(&url), &hint) {
            Ok(read) => compare(story, &read, &mut wrong),
            Err(why) => writeln!(wrong, "{}: {why}", story.slug).unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn compare(story: &Story, read: &ReadPage, wrong: &mut String) {
    let expected: Vec<&str> = story.blocks.iter().map(|block| block.text()).collect();
    let found: Vec<&str> = read.text.lines().map(|line| line.trim_start_matches("- ")).filter(|line| !line.is_empty()).collect();
    for line in found.iter().filter(|line| !expected.contains(line)) {
        writeln!(wrong, "{}: read besides: {line}", story.slug).unwrap();
    }
    for line in expected.iter().filter(|line| !found.contains(line)) {
        writeln!(wrong, "{}: not read: {line}", story.slug).unwrap();
    }
    let known = match story.site.look {
        Look::Wire | Look::Modern => PublishedFrom::JsonLd,
        Look::Trade | Look::TradeGerman | Look::Official => PublishedFrom::Meta,
        Look::Blog => PublishedFrom::Time,
        Look::Undated => PublishedFrom::Url,
        // The regional paper has a <time> too, in a byline of the class `credit`, which elsewhere is that of a picture.
        Look::Table | Look::Regional => PublishedFrom::Text,
    };
    let told = (read.title.as_str(), read.published, read.published_from, read.language.as_str());
    let expected = (story.title, Some(story.day), Some(known), story.site.language);
    if told != expected {
        writeln!(wrong, "{}: {told:?} instead of {expected:?}", story.slug).unwrap();
    }
}

/// Each list gives every story of its site once, the newest first, with its title and, where the list shows one, its day.
#[test]
fn lists_of_every_kind_are_read_whole() {
    let demo = demo::serve().unwrap();
    for (site, source) in SITES.iter().zip(&demo.config.sources) {
        let documents = demo.world.documents(site);
        let list = documents.iter().find(|document| document.path == site.list_path).unwrap();
        let read = feed::parse(&list.bytes, Some(list.content_type), &source.url, source);
        assert_eq!((read.error, read.complete, read.skipped), (None, true, 0), "{}", site.name);
        // The register writes 06/03/2025, which could be a day in March or in June; the page tells.
        let unclear = site.listing == Listing::PageTable;
        let faults: Vec<&str> = read.faults.iter().map(|fault| fault.what.as_str()).collect();
        assert!(faults.iter().all(|what| unclear && what.starts_with("has a date")), "{}: {faults:?}", site.name);
        let dated = !unclear && !matches!(site.listing, Listing::Rss091 | Listing::PageUndated);
        let expected: Vec<(String, &str, Option<Day>)> =
            (demo.world.of(site)).map(|story| (demo.world.address(story), story.title, dated.then_some(story.day))).collect();
        let found: Vec<(String, &str, Option<Day>)> =
            (read.items.iter()).map(|item| (item.url.to_string(), item.title.as_str(), item.published.map(Day::of))).collect();
        assert_eq!(found, expected, "{}", site.name);
    }
}

#[test]
fn the_sources_that_ship_stand_in_order() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sources.toml")).unwrap();
    let value = |line: &str, key: &str| line.strip_prefix(key).and_then(|rest| rest.strip_prefix(" = ")).map(str::to_lowercase);
    for group in text.split("# ----").skip(1) {
        let names: Vec<String> = group.lines().filter_map(|line| value(line, "name")).map(|name| name.replace('"', "")).collect();
        assert!(!names.is_empty() && names.is_sorted(), "{names:?}");
        for tags in group.lines().filter_map(|line| value(line, "tags")) {
            assert!(tags.split(", ").map(|tag| tag.trim_matches(['[', ']', '"'])).is_sorted(), "{tags}");
        }
        let off = group.matches("enabled = false").count();
        assert_eq!(off, if group.starts_with(" Not read") { names.len() } else { 0 }, "{:?}", group.lines().next());
    }
}
