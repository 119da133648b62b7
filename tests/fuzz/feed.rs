//! Any bytes as a feed, a list page, a sitemap, an OPML list: read or refused, never a panic, and no text that steers a terminal.
#![no_main]

use breachline::base::safe;
use breachline::feed::{self, opml};
use breachline::model::config::Config;
use breachline::model::source::Source;
use libfuzzer_sys::fuzz_target;
use url::Url;

fn source(kind: &str) -> Source {
    let text = format!("[[source]]\nname = \"A\"\nurl = \"https://a.example/feed\"\nkind = \"{kind}\"\n");
    Config::parse(&text).expect("a good file").sources.remove(0)
}

fuzz_target!(|bytes: &[u8]| {
    let (choice, bytes) = bytes.split_first().unwrap_or((&0, bytes));
    if choice % 4 == 3 {
        if let Ok(list) = opml::read(bytes) {
            assert!(!list.feeds.iter().any(|feed| feed.name.contains(safe::is_unsafe)));
        }
        return;
    }
    let source = source(["feed", "page", "sitemap"][usize::from(choice % 4)]);
    let base = Url::parse("https://a.example/feed").expect("an address");
    let read = feed::parse(bytes, None, &base, &source);
    for item in &read.items {
        assert!(matches!(item.url.scheme(), "http" | "https"), "{}", item.url);
        for text in [&item.title, &item.summary, &item.content] {
            assert!(!text.contains(safe::is_unsafe), "{text:?}");
        }
    }
});
