//! `sources.toml`: what a good one says, and what each mistake is answered with.
//!
//! `tests/data/config/SLUG.toml` beside `SLUG.expected`; the expected files are rewritten with `BREACHLINE_REWRITE=1`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use breachline::model::config::Config;
use breachline::model::source::{Settings, SourceKind};
use breachline::model::watch::Channel;

fn data() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/config")
}

#[test]
fn a_good_file_is_read_whole() {
    let config = Config::parse(&fs::read_to_string(data().join("good.toml")).unwrap()).unwrap();
    let settings = &config.settings;
    assert_eq!(settings.user_agent, "breachline-test/1");
    assert_eq!(settings.contact.as_deref(), Some("mailto:desk@example.org"));
    assert_eq!((settings.at_once, settings.per_host, settings.max_body), (8, 2, 2 << 20));
    assert_eq!((settings.pause, settings.timeout), (Duration::from_millis(250), Duration::from_secs(60)));
    assert_eq!(settings.allow, ["127.0.1.0/24", "127.0.0.1:8700"]);
    assert_eq!(settings.keep_pages, None);
    let proxies = &settings.proxies;
    assert_eq!(proxies.https.as_ref().map(|proxy| proxy.as_str()), Some("http://proxy.example.org:3128/"));
    assert_eq!((proxies.from_environment, &proxies.http, &proxies.except[0]), (false, &proxies.https, &"10.0.0.0/8".to_owned()));
    let [bank, agency] = config.sources.as_slice() else { panic!("two sources") };
    assert_eq!(bank.id.0, "societe-generale-news");
    assert_eq!(bank.url.as_str(), "https://news.example.org/feed?type=main&rss=1");
    assert_eq!(bank.kind, SourceKind::Feed);
    assert_eq!(bank.tags, ["fr", "news"]);
    assert_eq!(bank.every, Some(Duration::from_secs(6 * 3600)));
    assert_eq!(bank.selectors.body.as_deref(), Some("div.article > div.text"));
    assert!(bank.enabled);
    assert_eq!(agency.kind, SourceKind::Page);
    assert_eq!(agency.selectors.link.as_deref(), Some("h2 a"));
    assert!(!agency.enabled);
    let [watch] = config.watches.as_slice() else { panic!("a watch") };
    assert_eq!((watch.name.as_str(), watch.query.as_str(), watch.grows), ("Banks", "victim:bank", 1.5));
    assert_eq!(watch.webhook.as_ref().map(|hook| hook.reveal()), Some("$CHAT_HOOK"));
    assert_eq!((watch.command.as_deref(), watch.mail.len()), (Some(&["notify".to_owned(), "-q".to_owned()][..]), 1));
    assert_eq!(watch.channels(), [Channel::Webhook, Channel::Command, Channel::Atom, Channel::Mail]);
    assert!(!format!("{watch:?}").contains("CHAT_HOOK"));
    let [hospitals, big] = config.queries.as_slice() else { panic!("two queries") };
    assert_eq!((hospitals.name.as_str(), hospitals.line), ("hospitals", 43));
    assert_eq!(big.query, "@hospitals records:>1M sort:records");
}

#[test]
fn nothing_said_means_the_defaults() {
    let config = Config::parse("").unwrap();
    assert_eq!(config.settings, Settings::default());
    assert!(config.sources.is_empty());
    let written = "[settings]\nat_once = 16\nper_host = 1\npause = \"1s\"\ntimeout = \"30s\"\nmax_body = \"15MB\"\nallow = []\nkeep_pages = \"90d\"\nrecheck = [\"1d\", \"3d\"]";
    assert_eq!(Config::parse(written).unwrap().settings, Settings::default(), "what the README says the defaults are");
}

#[test]
fn what_the_readme_shows_is_read() {
    let blocks: Vec<&str> =
        include_str!("../../README.md").split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 1);
    for block in blocks {
        let block = block.replace("\n# ", "\n"); // what stands there to be taken in counts, too
        if let Err(faults) = Config::parse(&block) {
            panic!("{}: {block}", faults[0].what);
        }
    }
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_to_write() {
    for slug in ["keys", "queries", "shapes", "single", "syntax", "twins", "values", "watch"] {
        let text = fs::read_to_string(data().join(format!("{slug}.toml"))).unwrap();
        let faults = Config::parse(&text).expect_err(slug);
        let told: String = faults
            .iter()
            .map(|fault| {
                let hint = fault.hint.as_deref().unwrap_or("-");
                format!(
                    "{}:{} [{}] {}\n    {hint}\n",
                    fault.line,
                    fault.column,
                    fault.span.slice(&text).escape_default(),
                    fault.what
                )
            })
            .collect();
        let path = data().join(format!("{slug}.expected"));
        if std::env::var_os("BREACHLINE_REWRITE").is_some() {
            fs::write(&path, &told).unwrap();
        }
        assert_eq!(told, fs::read_to_string(&path).unwrap_or_default(), "{slug}");
    }
}

#[test]
fn no_text_makes_it_panic() {
    let good = fs::read_to_string(data().join("good.toml")).unwrap();
    let values = fs::read_to_string(data().join("values.toml")).unwrap();
    for text in [good, values] {
        for (at, _) in text.char_indices() {
            let _ = Config::parse(&text[..at]);
            let _ = Config::parse(&text[at..]);
        }
    }
    let _ = Config::parse(&"[".repeat(100_000));
    let _ = Config::parse(&format!("x = {}", "[".repeat(100_000)));
}
