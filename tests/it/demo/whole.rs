//! The whole way over the demo's news web: real requests, a store on disk, articles and incidents, and a second round.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use breachline::crawl::{self, Bounds, Outcome, RoundSummary};
use breachline::demo::{self, Demo, SITES};
use breachline::derive;
use breachline::fetch::http::Http;
use breachline::rules::Rules;
use breachline::store::kept::{Access, Kept};
use breachline::store::search::Index;
use jiff::{Timestamp, ToSpan};

/// The first night, after the last story.
fn now() -> Timestamp {
    "2026-06-01T03:00:00Z".parse().unwrap()
}

/// Does the round of that night, from 0.
fn round(demo: &Demo, kept: &mut Kept, night: i64) -> RoundSummary {
    let now = || now().checked_add((24 * night).hours()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let fetch = Arc::new(Http::new(&demo.config.settings).unwrap());
        crawl::round(&demo.config, Bounds::default(), kept, fetch, &now, &mut |_| {}).await.unwrap()
    })
}

fn derive(dir: &Path, kept: &mut Kept) -> derive::Derived {
    let mut index = Index::open(dir, kept).unwrap();
    derive::catch_up(kept, &mut index, Rules::builtin(), &mut |_| {}).unwrap()
}

#[test]
fn the_demo_is_read_whole_and_a_second_time_only_asked_whether_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo::serve().unwrap();
    let stories = demo.world.stories.len();
    let mut kept = Kept::open(folder.path(), Access::Write).unwrap();

    let first = round(&demo, &mut kept, 0);
    for source in &first.sources {
        assert_eq!(source.outcome, Outcome::Ok, "{}: {:?}", source.name, source.reason);
    }
    assert_eq!((first.sources.len(), first.new, first.pages, first.pages_failed), (SITES.len(), stories, stories, 0));
    let mut asked: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for answered in demo.answered() {
        assert_eq!(answered.status, 200, "{} {}", answered.site, answered.path);
        *asked.entry((answered.site, answered.path)).or_default() += 1;
    }
    assert_eq!(asked.len(), stories + 2 * SITES.len(), "each story, each list and each robots.txt");
    assert!(asked.values().all(|times| *times == 1), "asked more than once: {asked:?}");

    let derived = derive(folder.path(), &mut kept);
    assert_eq!((derived.read.new, derived.read.not_articles, derived.read.faults.len()), (stories, 0, 0));
    let counts = kept.counts().unwrap();
    assert_eq!((counts.articles, counts.waiting), (stories as u64, 0));
    assert!(counts.incidents >= 20, "only {} incidents", counts.incidents);

    let before = demo.answered().len();
    let second = round(&demo, &mut kept, 1);
    assert_eq!((second.unchanged, second.new, second.pages), (SITES.len(), 0, 0));
    let answered = demo.answered().split_off(before);
    let asked = answered.iter().filter(|answered| answered.path != "/robots.txt");
    assert!(asked.clone().all(|answered| answered.status == 304), "{answered:?}");
    assert_eq!(asked.count(), SITES.len() + stories, "the lists, and each article once again after a day");
    assert_eq!(second.changed, 0);
    let derived = derive(folder.path(), &mut kept);
    assert_eq!((derived.read.new, derived.incidents), (0, Default::default()));
}
