//! A round: what is asked in which order, what is kept, what is said. Canned replies, a store in a temporary folder, time handed in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use breachline::base::day::DayRange;
use breachline::crawl::{self, Bounds, Event, Outcome, RoundSummary, SourceOutcome};
use breachline::derive;
use breachline::fetch::{Fetch, FetchError, Reply, Request};
use breachline::model::config::Config;
use breachline::model::source::{SourceId, SourceKind};
use breachline::rules::Rules;
use breachline::store::kept::{Access, Handed, Kept};
use jiff::{Timestamp, ToSpan};
use url::Url;

/// What one address answers: status, headers, body.
#[derive(Clone, Default)]
struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    error: Option<FetchError>,
}

/// A web of canned replies that notes what it was asked. What it does not know is 404.
#[derive(Default)]
struct Web {
    pages: Mutex<BTreeMap<String, Canned>>,
    asked: Mutex<Vec<String>>,
}

impl Fetch for Web {
    async fn get(&self, request: Request) -> Result<Reply, FetchError> {
        let mut line = request.url.to_string();
        for validator in [&request.etag, &request.last_modified].into_iter().flatten() {
            line += &format!(" if {validator}");
        }
        self.asked.lock().unwrap().push(line);
        let canned = self.pages.lock().unwrap().get(request.url.as_str()).cloned();
        let Some(canned) = canned else { return Err(FetchError::Status { status: 404 }) };
        if let Some(error) = canned.error {
            return Err(error);
        }
        let mut headers: Vec<(String, String)> =
            canned.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let etag = headers.iter().find(|(name, _)| name == "etag").map(|(_, value)| value.clone());
        if etag.is_some() && etag == request.etag {
            headers.clear();
            return Ok(Reply { url: request.url, moved: None, status: 304, headers, body: Vec::new() });
        }
        Ok(Reply { url: request.url, moved: None, status: canned.status, headers, body: canned.body.into_bytes() })
    }
}

/// A web, a store and a clock.
struct World {
    web: Arc<Web>,
    kept: Kept,
    config: Config,
    now: Timestamp,
    deadline: Option<Duration>,
    lists_only: bool,
    early: bool,
    days: Option<DayRange>,
    events: Vec<String>,
    _folder: tempfile::TempDir,
}

impl World {
    /// Sources are named by their host; `(name, address)`.
    fn new(sources: &[(&str, &str)]) -> World {
        let folder = tempfile::tempdir().unwrap();
        let text: String =
            sources.iter().map(|(name, url)| format!("[[source]]\nname = {name:?}\nurl = {url:?}\nkind = \"feed\"\n")).collect();
        World {
            web: Arc::default(),
            kept: Kept::open(folder.path(), Access::Write).unwrap(),
            config: Config::parse(&format!("[settings]\npause = \"0s\"\n{text}")).unwrap(),
            now: "2026-11-23T03:00:00Z".parse().unwrap(),
            deadline: None,
            lists_only: false,
            early: false,
            days: None,
            events: Vec::new(),
            _folder: folder,
        }
    }

    fn put(&self, url: &str, canned: Canned) {
        self.web.pages.lock().unwrap().insert(url.to_owned(), canned);
    }

    fn page(&self, url: &str, body: &str) {
        self.put(url, Canned { status: 200, body: body.to_owned(), ..Canned::default() });
    }

    fn fails(&self, url: &str, error: FetchError) {
        self.put(url, Canned { error: Some(error), ..Canned::default() });
    }

    fn redirects(&self, url: &str, status: u16, to: &str) {
        self.put(url, Canned { status, headers: vec![("location", to.to_owned())], ..Canned::default() });
    }

    /// Puts a feed with an ETag there, and a page for each of its articles.
    fn feed(&self, url: &str, etag: &str, articles: &[&str]) {
        let items: String = articles.iter().map(|link| format!("<item><title>T</title><link>{link}</link></item>")).collect();
        let body = format!("<rss version='2.0'><channel>{items}</channel></rss>");
        self.put(url, Canned { status: 200, headers: vec![("etag", etag.to_owned())], body, ..Canned::default() });
        for link in articles {
            self.page(link, "<html>story</html>");
        }
    }

    fn round(&mut self) -> RoundSummary {
        self.web.asked.lock().unwrap().clear();
        let now = self.now;
        let events = &mut self.events;
        let mut progress = |event: Event<'_>| match event {
            Event::Begun { sources, waiting } => events.push(format!("begun {sources} {waiting}")),
            Event::Asked(source) => events.push(format!("asked {}", source.name)),
            Event::Listed(outcome) => events.push(format!("listed {} {}", outcome.name, outcome.outcome.word())),
            Event::Page { url, error, .. } => events.push(format!("page {url} {}", error.unwrap_or("kept"))),
            Event::Left { .. } => {}
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let bounds =
            Bounds { deadline: self.deadline, lists_only: self.lists_only, early: self.early, since: None, days: self.days };
        let clock = move || now;
        let round = crawl::round(&self.config, bounds, &mut self.kept, self.web.clone(), &clock, &mut progress);
        runtime.block_on(round).unwrap()
    }

    /// Asks for articles by hand, each for the source of its place.
    fn given(&mut self, urls: &[Url]) -> Vec<crawl::Asked> {
        self.web.asked.lock().unwrap().clear();
        let now = self.now;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        let bounds = Bounds { deadline: self.deadline, ..Bounds::default() };
        let clock = move || now;
        let mut nobody = |_: Event<'_>| {};
        let asked = crawl::articles(&self.config, urls, bounds, &mut self.kept, self.web.clone(), &clock, &mut nobody);
        runtime.block_on(asked).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        let mut asked = self.web.asked.lock().unwrap().clone();
        asked.retain(|line| !line.ends_with("/robots.txt"));
        asked
    }

    fn later(&mut self, hours: i64) {
        self.now = self.now.checked_add(hours.hours()).unwrap();
    }

    fn waiting(&self) -> Vec<String> {
        self.kept.waiting(None).unwrap().into_iter().map(|waiting| waiting.item.url.to_string()).collect()
    }
}

fn told(outcome: &SourceOutcome) -> (&'static str, usize, usize, &str) {
    (outcome.outcome.word(), outcome.items, outcome.new, outcome.reason.as_deref().unwrap_or(""))
}

const FEED: &str = "https://a.example/feed";

#[test]
fn a_second_round_fetches_nothing_again() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/2"]);
    let first = world.round();
    assert_eq!(told(&first.sources[0]), ("ok", 2, 2, ""));
    assert_eq!((first.pages, first.pages_failed, first.failed, first.left), (2, 0, 0, 0));
    assert_eq!(world.asked(), [FEED, "https://a.example/1", "https://a.example/2"]);
    assert_eq!(world.waiting(), Vec::<String>::new());

    let second = world.round();
    assert_eq!((told(&second.sources[0]), second.unchanged, second.new), (("ok", 2, 0, ""), 1, 0));
    assert_eq!(world.asked(), [format!("{FEED} if \"1\"")]);

    world.feed(FEED, "\"2\"", &["https://a.example/3?utm_source=x", "https://a.example/1#top", "https://a.example/2"]);
    world.page("https://a.example/3", "<html>new</html>");
    assert_eq!(told(&world.round().sources[0]), ("ok", 3, 1, ""));
    assert_eq!(world.asked(), [format!("{FEED} if \"1\""), "https://a.example/3".to_owned()]);
}

/// An index leads one level down, what cannot be had of it is told, and a second round adds nothing.
#[test]
fn a_sitemap_index_is_read_with_what_it_names() {
    let index = "https://a.example/sitemap.xml";
    let mut world = World::new(&[("A", index)]);
    world.config.sources[0].kind = SourceKind::Sitemap;
    let sitemaps = |names: &[&str]| {
        let named: String =
            names.iter().map(|name| format!("<sitemap><loc>https://a.example/{name}.xml</loc></sitemap>")).collect();
        format!("<sitemapindex>{named}</sitemapindex>")
    };
    let etag = vec![("etag", "\"1\"".to_owned())];
    world.put(index, Canned { status: 200, headers: etag, body: sitemaps(&["deep", "gone", "news"]), ..Canned::default() });
    world.page("https://a.example/news.xml", "<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url></urlset>");
    world.page("https://a.example/deep.xml", &sitemaps(&["news"]));
    world.fails("https://a.example/gone.xml", FetchError::Status { status: 404 });
    world.page("https://a.example/1", "<html>story</html>");
    world.page("https://a.example/2", "<html>story</html>");
    let first = world.round();
    let (outcome, items, new, reason) = told(&first.sources[0]);
    assert_eq!((outcome, items, new, first.pages), ("ok", 2, 2, 2), "{reason}");
    assert!(reason.contains("deep.xml it is an index within an index") && reason.contains("gone.xml"), "{reason}");
    assert_eq!(world.events.iter().filter(|event| event.starts_with("listed")).count(), 1, "{:?}", world.events);

    let second = world.round();
    assert_eq!((second.new, second.pages), (0, 0));
    assert_eq!(world.asked().len(), 4, "the index is asked without conditions: {:?}", world.asked());

    world.fails("https://a.example/news.xml", FetchError::Status { status: 404 });
    let none = world.round();
    assert_eq!((none.failed, none.sources[0].outcome), (1, Outcome::SourceFailed));
    assert!(none.sources[0].reason.as_deref().unwrap().starts_with("none of its sitemaps could be had"), "{none:?}");
}

/// Of the past all is read that an index leads to, but not for ever: not what leads back, not deeper, not more of it.
#[test]
fn the_sitemaps_of_the_past_are_followed_within_bounds() {
    let index = "https://a.example/sitemap.xml";
    let mut world = World::new(&[("A", index)]);
    world.config.sources[0].kind = SourceKind::Sitemap;
    world.days = DayRange::year(2012);
    let sitemaps = |names: &mut dyn Iterator<Item = String>| {
        let named: String = names.map(|name| format!("<sitemap><loc>/{name}.xml</loc></sitemap>")).collect();
        format!("<sitemapindex>{named}</sitemapindex>")
    };
    let chain = |name: &str, next: &str| {
        world.page(&format!("https://a.example/{name}.xml"), &sitemaps(&mut [next, "sitemap"].map(str::to_owned).into_iter()));
    };
    chain("sitemap", "one");
    chain("one", "two");
    chain("two", "three");
    chain("three", "four");
    world.page("https://a.example/four.xml", "<urlset><url><loc>/2012/01/a</loc></url></urlset>");
    let deep = world.round();
    assert_eq!(world.asked().len(), 4, "{:?}", world.asked());
    assert!(deep.sources[0].reason.as_deref().unwrap().contains("deeper than is followed"), "{deep:?}");

    world.page(index, &sitemaps(&mut (0..5_010).map(|n| format!("part{n}"))));
    world.page("https://a.example/part5009.xml", "<urlset><url><loc>/2012/01/b</loc></url></urlset>");
    world.lists_only = true;
    let many = &world.round().sources[0];
    assert_eq!((world.asked().len(), many.sitemaps.failed, many.sitemaps.beyond), (5_000, 4_998, 11), "the index is one of them");
    assert_eq!(
        (many.new, many.sitemaps.within),
        (1, 1),
        "the last that are named are read first, where none says when it changed"
    );
}

#[test]
fn a_robots_txt_holds_for_a_day_unless_its_server_is_in_trouble() {
    let robots = |world: &World| world.web.asked.lock().unwrap().iter().filter(|line| line.ends_with("/robots.txt")).count();
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/private/1"]);
    world.page("https://a.example/robots.txt", "User-agent: *\nDisallow: /private/");
    assert_eq!((world.round().pages, robots(&world)), (0, 1));
    world.page("https://a.example/robots.txt", "");
    world.later(23);
    assert_eq!((world.round().pages, robots(&world)), (0, 0), "still forbidden");
    world.later(24);
    world.fails("https://a.example/robots.txt", FetchError::Status { status: 500 });
    assert_eq!((world.round().pages, robots(&world)), (0, 1));
    world.fails("https://a.example/robots.txt", FetchError::Status { status: 404 });
    world.later(1);
    world.round();
    assert_eq!(robots(&world), 1, "what could not be had is asked for again");
    world.later(1);
    world.round();
    assert_eq!(robots(&world), 0, "that there is none holds, too");
}

#[test]
fn an_answer_that_a_proxy_changed_is_read_as_any_other() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    for canned in world.web.pages.lock().unwrap().values_mut() {
        canned.status = 203;
    }
    let round = world.round();
    assert_eq!((told(&round.sources[0]), round.pages), (("ok", 1, 1, ""), 1));
}

#[test]
fn a_round_over_the_lists_alone_leaves_the_articles() {
    let mut world = World::new(&[("A", FEED)]);
    world.lists_only = true;
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    let round = world.round();
    assert_eq!((told(&round.sources[0]), round.pages), (("ok", 1, 1, ""), 0));
    assert_eq!(world.asked(), [FEED]);
}

#[test]
fn items_are_kept_before_their_pages_and_a_cut_round_goes_on() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/2", "https://a.example/3"]);
    world.config.settings.pause = Duration::from_secs(60);
    world.deadline = Some(Duration::from_secs(130));
    let cut = world.round();
    assert_eq!((cut.new, cut.pages, cut.left), (3, 1, 2), "robots.txt, the feed and one page in two minutes");
    assert_eq!(world.waiting(), ["https://a.example/2", "https://a.example/3"]);

    world.deadline = None;
    let rest = world.round();
    assert_eq!((rest.new, rest.pages, rest.left), (0, 2, 0));
    let mut asked = world.asked();
    asked.sort();
    assert_eq!(asked, ["https://a.example/2".to_owned(), "https://a.example/3".to_owned(), format!("{FEED} if \"1\"")]);
}

#[test]
fn a_source_that_fails_stops_no_other_and_loses_nothing() {
    let bad = "https://b.example/feed";
    let mut world = World::new(&[("B", bad), ("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    world.feed(bad, "\"1\"", &["https://b.example/1"]);
    world.round();
    world.page(bad, "<html><body>Please log in</body></html>");
    let summary = world.round();
    assert_eq!(summary.sources[0].outcome, Outcome::SourceFailed);
    assert_eq!(
        summary.sources[0].reason.as_deref(),
        Some("it is an HTML page, not a feed (kind = \"page\" reads a page that lists articles)")
    );
    assert_eq!((summary.failed, summary.sources[1].outcome), (1, Outcome::Ok));
    let state = world.kept.source_state(&SourceId("b".to_owned())).unwrap();
    assert_eq!((state.failures, state.etag.as_deref()), (1, Some("\"1\"")), "what was kept stays, also the validators");

    world.feed(bad, "\"2\"", &["https://b.example/1", "https://b.example/2"]);
    assert_eq!(told(&world.round().sources[0]), ("ok", 2, 1, ""));
    assert_eq!(world.kept.source_state(&SourceId("b".to_owned())).unwrap().failures, 0);
}

#[test]
fn a_cut_feed_is_read_but_asked_for_again_in_full() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    let mut pages = world.web.pages.lock().unwrap();
    let feed = pages.get_mut(FEED).unwrap();
    feed.body = feed.body.replace("</channel></rss>", "<item><title>Ha");
    drop(pages);
    let summary = world.round();
    assert_eq!(told(&summary.sources[0]), ("item-skipped", 1, 1, "item 2 is cut off: the document ends within it"));
    world.round();
    assert_eq!(world.asked(), [FEED], "without the validators of a document that was not whole");
}

#[test]
fn what_a_server_says_about_later_is_obeyed() {
    let limited =
        |retry_after: Option<&str>| FetchError::RateLimited { status: 429, retry_after: retry_after.map(str::to_owned) };
    let mut world = World::new(&[("A", FEED), ("A2", "https://a.example/other"), ("B", "https://b.example/feed")]);
    world.fails(FEED, limited(Some("7200")));
    world.feed("https://a.example/other", "\"1\"", &[]);
    world.feed("https://b.example/feed", "\"1\"", &["https://b.example/1"]);
    let summary = world.round();
    let told_of = |summary: &RoundSummary| {
        summary.sources.iter().map(|source| (source.name.clone(), source.outcome.word())).collect::<Vec<_>>()
    };
    let expected = [("A", "source-failed"), ("A2", "source-failed"), ("B", "ok")];
    assert_eq!(told_of(&summary), expected.map(|(name, word)| (name.to_owned(), word)), "the host is left alone, others are not");
    assert!(summary.sources[1].reason.as_deref().unwrap().contains("the next run tries again"));
    assert_eq!(world.asked(), [FEED, "https://b.example/feed", "https://b.example/1"]);

    world.later(1);
    let summary = world.round();
    assert_eq!(summary.not_due.len(), 2);
    assert_eq!(summary.not_due[1].reason, "its host asked to be left alone until 2026-11-23 05:00 UTC");
    let not_due = "left alone until 2026-11-23 05:00 UTC: the server asks to be left alone (429), Retry-After: 7200";
    assert_eq!(summary.not_due[0].reason, not_due);
    world.later(2);
    assert_eq!(world.round().not_due, []);
}

#[test]
fn articles_given_by_hand_are_asked_for_with_the_manners_of_a_round() {
    let mut world = World::new(&[("A", FEED), ("B", "https://b.example/feed"), ("C", "https://c.example/feed")]);
    let urls =
        ["https://a.example/short", "https://b.example/private/1", "https://c.example/2"].map(|url| Url::parse(url).unwrap());
    world.redirects(urls[0].as_str(), 301, "https://a.example/1");
    world.page("https://a.example/1", "<html>story</html>");
    world.page("https://b.example/robots.txt", "User-agent: *\nDisallow: /private/\n");
    world.page(urls[1].as_str(), "<html>story</html>");
    world.fails(urls[2].as_str(), FetchError::RateLimited { status: 429, retry_after: Some("7200".to_owned()) });
    let said = |asked: Vec<crawl::Asked>| {
        let said = |asked| match asked {
            Ok(Handed { new, changed, known }) => format!("{new} {changed} {known}"),
            Err(why) => why,
        };
        asked.into_iter().map(said).collect::<Vec<String>>()
    };
    let limited = "the server asks to be left alone (429), Retry-After: 7200";
    assert_eq!(said(world.given(&urls)), ["1 0 0", "not asked: its robots.txt forbids it", limited]);
    let mut asked = world.asked();
    asked.sort();
    assert_eq!(asked, ["https://a.example/1", "https://a.example/short", "https://c.example/2"], "no list is asked for");
    assert_eq!(world.waiting(), Vec::<String>::new(), "what was not had is no work for the next round");
    assert!(world.kept.knows(&Url::parse("https://a.example/1").unwrap()).unwrap(), "by both addresses");

    let alone = "not asked: its host does not answer, or asked to be left alone";
    assert_eq!(said(world.given(&urls[2..])), [alone], "for as long as it said");
    world.later(3);
    world.page(urls[2].as_str(), "<html>story</html>");
    world.deadline = Some(Duration::ZERO);
    assert_eq!(said(world.given(&urls[2..])), ["its turn did not come before the deadline"]);
    world.deadline = None;
    assert_eq!(said(world.given(&urls[2..])), ["1 0 0"]);
}

#[test]
fn a_server_that_refuses_a_page_gets_no_more_requests() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/2", "https://a.example/3"]);
    world.fails("https://a.example/2", FetchError::RateLimited { status: 503, retry_after: None });
    let summary = world.round();
    assert_eq!((summary.pages, summary.pages_failed), (1, 1));
    let reason = summary.sources[0].reason.as_deref().unwrap();
    assert!(reason.ends_with("1 articles wait for the next run"), "{reason}");
    assert_eq!(world.asked().len(), 3);
    assert_eq!(world.waiting(), ["https://a.example/2", "https://a.example/3"]);
    world.page("https://a.example/2", "<html>story</html>");
    let alone = world.round();
    assert_eq!((alone.pages, alone.not_due.len(), world.asked().len()), (0, 1, 0), "the host is left alone for an hour");
    world.later(2);
    assert_eq!(world.round().pages, 2);
}

#[test]
fn a_page_is_tried_again_but_not_for_ever() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(
        FEED,
        "\"1\"",
        &["https://a.example/gone", "https://a.example/slow", "https://a.example/pdf", "https://a.example/fine"],
    );
    world.fails("https://a.example/gone", FetchError::Status { status: 404 });
    world.fails("https://a.example/slow", FetchError::Status { status: 500 });
    world.page("https://a.example/pdf", "%PDF-1.7 ...");
    let summary = world.round();
    assert_eq!((summary.sources[0].outcome, summary.pages_failed), (Outcome::ItemSkipped, 3), "more failed than came");
    assert!(summary.sources[0].reason.as_deref().unwrap().contains("https://a.example/pdf: it is a PDF document, not a page"));
    assert_eq!(world.waiting(), ["https://a.example/slow"], "a PDF and a 404 are settled");
    let mut tries = 1;
    for _ in 0..100 {
        world.later(24);
        world.round();
        tries += world.asked().iter().filter(|line| *line == "https://a.example/slow").count();
    }
    assert_eq!((tries, world.waiting().len()), (5, 0));
}

#[test]
fn a_source_that_is_gone_or_has_moved_is_told() {
    let mut world = World::new(&[("A", FEED), ("B", "https://b.example/old")]);
    world.fails(FEED, FetchError::Gone);
    world.redirects("https://b.example/old", 301, "https://b.example/new");
    world.feed("https://b.example/new", "\"1\"", &["https://b.example/1"]);
    let summary = world.round();
    assert_eq!(
        told(&summary.sources[0]).3,
        "the server says that it is gone for good (410): it is not asked again before its url is another one"
    );
    assert_eq!(told(&summary.sources[1]), ("ok", 1, 1, "it has moved to https://b.example/new: change its url"));
    let summary = world.round();
    assert_eq!(world.asked(), ["https://b.example/new if \"1\""], "asked where it is now, and the other no more");
    assert_eq!(summary.not_due[0].reason, "its server said that it is gone for good (410): remove it, or give it another url");
    assert_eq!(
        told(&summary.sources[0]).3,
        "it has moved to https://b.example/new: change its url",
        "as long as it is not changed"
    );

    world.config.sources[0].url = Url::parse("https://a.example/new").unwrap();
    world.feed("https://a.example/new", "\"1\"", &["https://a.example/1"]);
    assert_eq!(told(&world.round().sources[0]), ("ok", 1, 1, ""), "another address is another beginning");
}

#[test]
fn robots_txt_is_asked_once_per_site_and_obeyed() {
    let mut world = World::new(&[
        ("A", FEED),
        ("B", "https://b.example/feed"),
        ("C", "https://c.example/feed"),
        ("D", "https://d.example/feed"),
    ]);
    world.page("https://a.example/robots.txt", "User-agent: *\nDisallow: /private/");
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/private/2", "https://b.example/3"]);
    world.page("https://b.example/robots.txt", "User-agent: breachline\nDisallow: /");
    world.fails("https://c.example/robots.txt", FetchError::Status { status: 500 });
    world.redirects("https://d.example/robots.txt", 302, "https://d.example/rules.txt");
    world.page("https://d.example/rules.txt", "User-agent: *\nDisallow: /feed");
    let summary = world.round();
    let words: Vec<_> = summary.sources.iter().map(|source| source.outcome.word()).collect();
    assert_eq!(words, ["item-skipped", "blocked", "blocked", "blocked"]);
    assert!(summary.sources[0].reason.as_deref().unwrap().contains("/private/2: not asked: its robots.txt forbids it"));
    assert!(summary.sources[2].reason.as_deref().unwrap().contains("robots.txt could not be read (the server answered 500)"));
    let mut asked = world.web.asked.lock().unwrap().clone();
    asked.sort();
    let expected = [
        "https://a.example/1",
        FEED,
        "https://a.example/robots.txt",
        "https://b.example/robots.txt",
        "https://c.example/robots.txt",
        "https://d.example/robots.txt",
        "https://d.example/rules.txt",
    ];
    assert_eq!(asked, expected);
}

#[test]
fn redirects_are_followed_by_each_hosts_own_rules() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/4"]);
    world.redirects("https://a.example/1", 302, "https://b.example/1");
    world.redirects("https://a.example/2", 302, "https://b.example/2");
    world.page("https://b.example/robots.txt", "User-agent: *\nDisallow: /2");
    world.page("https://b.example/1", "<html>story</html>");
    world.page("https://b.example/2", "<html>story</html>");
    world.redirects("https://a.example/3", 302, "https://a.example/3");
    world.redirects("https://a.example/4", 302, "file:///etc/passwd");
    let summary = world.round();
    assert_eq!((summary.pages, summary.pages_failed), (1, 3));
    let reason = summary.sources[0].reason.as_deref().unwrap();
    for part in
        ["/2: not asked: its robots.txt forbids it", "/3: more than 5 redirects", "/4: not asked: a redirect leads to file:"]
    {
        assert!(reason.contains(part), "{part}: {reason}");
    }
    assert_eq!(world.asked().iter().filter(|line| *line == "https://a.example/3").count(), 6);
    let kept = world.kept.knows(&Url::parse("https://b.example/1").unwrap()).unwrap();
    assert!(kept, "the address that answered is known, too");
}

#[test]
fn every_source_has_its_time() {
    let mut world = World::new(&[("A", FEED)]);
    world.config.sources[0].every = Some(Duration::from_secs(24 * 3600));
    world.feed(FEED, "\"1\"", &[]);
    assert_eq!(world.round().sources.len(), 1);
    world.later(20);
    assert_eq!(world.round().not_due[0].reason, "asked at 2026-11-23 03:00 UTC, next after 2026-11-24 02:00 UTC");
    world.later(3);
    assert_eq!(world.round().sources.len(), 1, "a nightly run that begins a little early does not skip a night");
    world.later(-48);
    assert_eq!(world.round().sources.len(), 1, "nor does a clock that was set back");
    world.config.sources[0].enabled = false;
    assert_eq!((world.round().sources.len(), world.round().not_due.len()), (0, 0));
}

#[test]
fn caching_headers_are_obeyed_within_a_day() {
    // (headers of the answer, hours for which it is not asked again)
    let cases: [(&[(&'static str, &str)], i64); 8] = [
        (&[("cache-control", "public, max-age=7200")], 2),
        (&[("cache-control", "max-age=7200"), ("age", "3600")], 1),
        (&[("cache-control", "max-age=99999999")], 20),
        (&[("cache-control", "no-cache, max-age=7200")], 0),
        (&[("cache-control", "max-age=0"), ("expires", "Mon, 23 Nov 2026 09:00:00 GMT")], 0),
        (&[("expires", "Mon, 23 Nov 2026 06:00:00 GMT"), ("date", "Mon, 23 Nov 2026 03:00:00 GMT")], 3),
        (&[("expires", "0")], 0),
        (&[("cache-control", "max-age=soon")], 0),
    ];
    for (headers, hours) in cases {
        let mut world = World::new(&[("A", FEED)]);
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        world.put(FEED, Canned { status: 200, headers, body: "<rss><channel/></rss>".to_owned(), ..Canned::default() });
        world.round();
        if hours > 0 {
            world.later(hours - 1);
            let not_due = world.round().not_due;
            assert!(not_due[0].reason.starts_with("its server says that what it sent holds until 2026-11-2"), "{not_due:?}");
            world.later(1);
        }
        assert_eq!(world.round().sources.len(), 1, "{hours}");
    }
}

#[test]
fn a_feed_that_is_seldom_new_is_asked_less_but_every_night() {
    let asked_after = |days_between: i64| {
        let mut world = World::new(&[("A", FEED)]);
        let date = |n: i64| world.now.checked_sub((24 * n * days_between).hours()).unwrap();
        let items: String =
            (1..9).map(|n| format!("<item><link>https://a.example/{n}</link><pubDate>{}</pubDate></item>", date(n))).collect();
        world.page(FEED, &format!("<rss><channel>{items}</channel></rss>"));
        for _ in 0..4 {
            assert_eq!(world.round().sources.len(), 1, "not before three visits without anything new");
        }
        let mut hours = 0;
        while world.round().sources.is_empty() {
            world.later(1);
            hours += 1;
        }
        world.early = true;
        assert_eq!(world.round().sources.len(), 1);
        hours
    };
    assert_eq!([0, 1, 2, 7, 90].map(asked_after), [0, 3, 6, 20, 20]);
}

#[test]
fn a_deadline_says_what_is_left() {
    let mut world = World::new(&[("A", FEED), ("A2", "https://a.example/other"), ("B", "https://b.example/feed")]);
    world.config.settings.pause = Duration::from_secs(60);
    world.deadline = Some(Duration::from_secs(70));
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    world.feed("https://a.example/other", "\"1\"", &[]);
    world.feed("https://b.example/feed", "\"1\"", &["https://b.example/1"]);
    let cut = world.round();
    assert_eq!((cut.sources.len(), cut.sources_left, cut.left), (2, vec!["A2".to_owned()], 2));
    world.deadline = None;
    let rest = world.round();
    assert_eq!((rest.sources.len(), rest.sources_left.len(), rest.pages, rest.left), (3, 0, 2, 0));
}

/// Pages of one article, the second as it was corrected.
const STORY: [&str; 2] = ["40 million cards", "70 million cards"];

fn story(figure: &str) -> String {
    let sentence = "The retailer said on Thursday that its tills had been read by strangers for three weeks before Christmas. ";
    format!(
        "<html><title>Tills read</title><article><p>{}</p><p>In all, {figure} were taken.</p></article></html>",
        sentence.repeat(5)
    )
}

#[test]
fn an_article_is_asked_for_again_in_its_first_days_and_what_it_was_is_kept() {
    let link = "https://a.example/1";
    let mut world = World::new(&[("A", FEED)]);
    world.early = true;
    world.feed(FEED, "\"1\"", &[link]);
    world.put(
        link,
        Canned { status: 200, headers: vec![("etag", "\"p1\"".to_owned())], body: story(STORY[0]), ..Canned::default() },
    );
    world.round();
    let derive = |world: &mut World| derive::reread(&mut world.kept, Rules::builtin(), &mut |_| {}).unwrap();
    derive(&mut world);
    let asked = |world: &mut World, hours: i64| {
        world.later(hours);
        let changed = world.round().changed;
        (changed, world.asked().into_iter().filter(|line| line.starts_with(link)).collect::<Vec<_>>())
    };
    assert_eq!(asked(&mut world, 20), (0, vec![]), "not yet");
    assert_eq!(asked(&mut world, 5), (0, vec![format!("{link} if \"p1\"")]), "a day old: it has not changed");
    assert_eq!(asked(&mut world, 24), (0, vec![]), "once for each age");
    let article = world.kept.article_at(&Url::parse(link).unwrap()).unwrap().unwrap();
    assert_eq!(world.kept.versions(article).unwrap().len(), 1);

    world.put(
        link,
        Canned { status: 200, headers: vec![("etag", "\"p2\"".to_owned())], body: story(STORY[1]), ..Canned::default() },
    );
    assert_eq!(asked(&mut world, 24).0, 1, "three days old: it has");
    derive(&mut world);
    let versions = world.kept.versions(article).unwrap();
    assert_eq!(versions.len(), 2);
    for (version, figure) in versions.iter().zip(STORY) {
        assert!(version.article.text.ends_with(&format!("In all, {figure} were taken.")), "{}", version.article.text);
    }
    assert!(versions[0].arrived_at < versions[1].arrived_at);
    assert_eq!(asked(&mut world, 24 * 30), (0, vec![]), "old news is left alone");
}

#[test]
fn what_takes_an_articles_place_later_is_no_version_of_it() {
    let link = "https://a.example/1";
    for later in [
        "<html><title>Not found</title><p>The page was not found</p></html>",
        "%PDF-1.7",
        &story(STORY[0]).replace("<p>", "<p class='x'>"),
    ] {
        let mut world = World::new(&[("A", FEED)]);
        world.feed(FEED, "\"1\"", &[link]);
        world.page(link, &story(STORY[0]));
        world.round();
        derive::reread(&mut world.kept, Rules::builtin(), &mut |_| {}).unwrap();
        world.page(link, later);
        world.later(25);
        assert_eq!(world.round().changed, 0, "{later}");
        assert!(world.asked().contains(&link.to_owned()));
        let article = world.kept.article_at(&Url::parse(link).unwrap()).unwrap().unwrap();
        assert_eq!(world.kept.versions(article).unwrap().len(), 1, "{later}");
    }
}

#[test]
fn dates_that_cannot_be_are_not_kept() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1", "https://a.example/2"]);
    let mut pages = world.web.pages.lock().unwrap();
    let feed = pages.get_mut(FEED).unwrap();
    feed.body = feed.body.replacen("</item>", "<pubDate>2031-01-01</pubDate></item>", 1);
    feed.body = feed.body.replacen("</item></channel>", "<pubDate>2026-11-23T23:00:00Z</pubDate></item></channel>", 1);
    drop(pages);
    world.page("https://a.example/robots.txt", "User-agent: *\nDisallow: /1\nDisallow: /2");
    world.round();
    let dates: Vec<_> = world
        .kept
        .waiting(None)
        .unwrap()
        .into_iter()
        .map(|waiting| waiting.item.published.map(|date| date.to_string()))
        .collect();
    assert_eq!(dates, [None, Some("2026-11-23T23:00:00Z".to_owned())], "years ahead is a mistake, hours ahead is a time zone");
}

#[test]
fn who_looks_on_hears_everything_in_order() {
    let mut world = World::new(&[("A", FEED)]);
    world.feed(FEED, "\"1\"", &["https://a.example/1"]);
    world.round();
    assert_eq!(world.events, ["begun 1 0", "asked A", "listed A ok", "page https://a.example/1 kept"]);
}
