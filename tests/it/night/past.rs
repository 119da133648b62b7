//! Articles of past days from a site's sitemaps: only those, with manners, within bounds, gone on with where a run stopped, never twice.

use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::cli::{is_laid_out, run};
use crate::server::{Answer, Asked, Server};

fn story(victim: &str, day: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{victim} hacked</title><meta property='article:published_time' content='{day}'>\
         </head><body><article><p>{victim} said on Monday that hackers stole the personal data of 12,000 customers from its web shop. \
         The company has informed the police, and has asked a security firm to look into it.</p>\
         <p>Letters to those who are concerned are on their way, a spokesman of {victim} said.</p></article></body></html>"
    )
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn urls(named: &[(&str, &str)]) -> String {
    let url = |(place, more): &(&str, &str)| format!("<url><loc>{place}</loc>{more}</url>");
    format!(
        "<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{}</urlset>",
        named.iter().map(url).collect::<String>()
    )
}

fn index(named: &[(&str, &str)]) -> String {
    let part = |(place, more): &(&str, &str)| format!("<sitemap><loc>{place}</loc>{more}</sitemap>");
    format!("<sitemapindex>{}</sitemapindex>", named.iter().map(part).collect::<String>())
}

static FORBIDDEN: AtomicUsize = AtomicUsize::new(0);

fn site() -> Server {
    Server::start(|asked: &Asked| match asked.path.as_str() {
        "/robots.txt" => Answer::text("User-agent: *\nDisallow: /private/\n"),
        "/sitemap.xml" => Answer::text(&index(&[
            ("/deep.xml", ""),
            ("/sitemap-2010-01.xml", ""),
            ("/old.xml", "<lastmod>2010-03-01</lastmod>"),
            ("/gone.xml", ""),
        ])),
        "/deep.xml" => Answer::text(&index(&[("/posts.xml.gz", ""), ("/sitemap.xml", "")])),
        "/posts.xml.gz" => Answer::chunked(&[&packed(&urls(&[
            ("/2012/05/sandmill", "<lastmod>2020-01-01</lastmod>"),
            ("/2015/05/other-year", "<lastmod>2012-05-01</lastmod>"),
            ("/private/2012/06/secret", "<lastmod>2012-06-01</lastmod>"),
            ("/corran", "<n:news><n:publication_date>2013-12-31T10:00:00Z</n:publication_date></n:news>"),
            ("/ilmen", "<lastmod>2011-01-01</lastmod>"),
            ("/before", "<lastmod>2010-12-31</lastmod>"),
            ("/changed-later", "<lastmod>2020-01-01</lastmod>"),
            ("/undated", ""),
            ("https://elsewhere.example/2012/05/x", ""),
        ]))]),
        "/2012/05/sandmill" => Answer::text(&story("Sandmill Bakery", "2012-05-17")),
        "/corran" => Answer::text(&story("Corran Ferries", "2013-12-31")),
        "/ilmen" => Answer::text(&story("Ilmen Rail", "2011-01-01")),
        "/sitemap-2010-01.xml" | "/old.xml" | "/private/2012/06/secret" | "/undated" => {
            FORBIDDEN.fetch_add(1, Ordering::SeqCst);
            Answer::status(500)
        }
        _ => Answer::status(404),
    })
}

fn folder(server: &Server, pause: &str, allow: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("index")).unwrap();
    let allow = if allow { format!("\"{}\"", server.address) } else { String::new() };
    let text = format!(
        "[settings]\npause = \"{pause}\"\nallow = [{allow}]\n[[source]]\nname = \"The Mill Post\"\nurl = \"{}\"\ntags = [\"local\"]\n",
        server.url("/feed.xml")
    );
    fs::write(folder.path().join("sources.toml"), text).unwrap();
    folder
}

fn counts(source: &Value) -> Vec<u64> {
    ["read", "failed", "left", "passed_over", "within", "other_days", "changed_later", "undated", "elsewhere"]
        .map(|name| source["sitemaps"][name].as_u64().unwrap())
        .to_vec()
}

#[test]
fn a_site_s_past_is_fetched_within_its_days_and_never_twice() {
    let server = site();
    let folder = folder(&server, "0ms", true);
    let folder = folder.path();
    let sitemap = server.url("/sitemap.xml").to_string();
    let past = ["ingest", "--sitemap", &sitemap, "--from", "2011", "--to", "2013"];

    let dry = run(folder, &[&past[..], &["--dry-run", "--json"]].concat(), "");
    let plan = dry.json().pop().unwrap();
    is_laid_out(folder, "plan", std::slice::from_ref(&plan));
    assert_eq!((dry.code, &plan["new"]), (0, &json!(4)), "{plan}");
    let told = run(folder, &[&past[..], &["--dry-run"]].concat(), "").out;
    assert!(told.contains("  sitemaps: 3 read, 4 articles of 2011-01-01..2013-12-31\n"), "{told}");

    let first = run(folder, &[&past[..], &["--json"]].concat(), "");
    let summary = first.json().pop().unwrap();
    is_laid_out(folder, "summary", std::slice::from_ref(&summary));
    let source = &summary["sources"][0];
    assert_eq!(counts(source), [3, 1, 0, 2, 4, 2, 1, 1, 1], "{summary}");
    assert_eq!((&source["name"], &source["new"], &source["pages"]), (&json!("The Mill Post, backfill"), &json!(4), &json!(3)));
    let reason = source["reason"].as_str().unwrap();
    assert!(reason.contains("/gone.xml") && reason.contains("robots.txt forbids"), "{reason}");
    assert_eq!(FORBIDDEN.load(Ordering::SeqCst), 0, "neither other days nor what robots.txt forbids");
    assert_eq!(run(folder, &["search", "--json", "tag:backfill", "tag:local"], "").json().len(), 3);
    let told = run(folder, &["runs", "show", "1"], "").out;
    assert!(told.contains("sitemaps   3 read, 4 articles of 2011-01-01..2013-12-31, 4 new\n"), "{told}");
    assert!(told.contains("left out: 2 of other days, 1 that changed later and do not say when"), "{told}");

    let before = server.requests();
    let again = run(folder, &[&past[..], &["--json"]].concat(), "").json().pop().unwrap();
    assert_eq!((&again["sources"][0]["new"], &again["pages"]["fetched"]), (&json!(0), &json!(0)), "{again}");
    assert_eq!(server.requests() - before, 4, "the sitemaps alone");
}

#[test]
fn what_the_deadline_left_is_for_the_next_run_of_the_same_days() {
    let server = site();
    let folder = folder(&server, "300ms", true);
    let folder = folder.path();
    let sitemap = server.url("/posts.xml.gz").to_string();
    let past = |more: &[&str]| {
        let ran = run(folder, &[&["ingest", "--json", "--sitemap", &sitemap][..], more].concat(), "");
        ran.json().pop().unwrap_or_else(|| panic!("{}", ran.err))
    };
    let cut = past(&["--from", "2011", "--to", "2013", "--deadline", "700ms"]);
    let (fetched, left) = (cut["pages"]["fetched"].as_u64().unwrap(), cut["pages"]["left"].as_u64().unwrap());
    assert!(left > 0 && fetched + left == 3, "{cut}");
    let other = past(&["--from", "2016", "--to", "2016"]);
    assert_eq!(other["pages"]["fetched"], json!(0), "what is left of other days stays: {other}");
    assert_eq!(other["sources"][0]["gave"], "nothing-new", "a year without news is no empty list");
    let night = run(folder, &["ingest", "--json"], "").json().pop().unwrap();
    assert_eq!(night["pages"]["fetched"], json!(0), "and no night takes it up: {night}");
    let rest = past(&["--from", "2011", "--to", "2013"]);
    assert_eq!((rest["pages"]["fetched"].as_u64(), &rest["pages"]["left"]), (Some(left), &json!(0)), "{rest}");
}

#[test]
fn addresses_that_are_not_public_and_days_that_are_none_are_refused() {
    let server = site();
    let folder = folder(&server, "0ms", false);
    let folder = folder.path();
    let sitemap = server.url("/sitemap.xml").to_string();
    let refused = run(folder, &["ingest", "--sitemap", &sitemap, "--from", "2011"], "");
    assert_eq!((refused.code, server.requests()), (3, 0), "{}", refused.out);
    assert!(refused.out.contains("loopback"), "{}", refused.out);
    for (wrong, said) in [
        (&["--sitemap", &sitemap][..], "--from"),
        (&["--sitemap", &sitemap, "--from", "long ago"], "--from: \"long ago\" is no day"),
        (&["--sitemap", &sitemap, "--from", "2013", "--to", "2011"], "--from 2013-01-01 lies after --to 2011-12-31"),
        (&["--sitemap", "mill.example", "--from", "2011"], "the address mill.example"),
        (&["--from", "2011"], "--sitemap"),
    ] {
        let refused = run(folder, &[&["ingest"][..], wrong].concat(), "");
        assert!(refused.code == 2 && refused.err.contains(said), "{said}\n{}", refused.err);
    }
}
