//! Single articles given by hand: kept, read, merged and searched like any, under sources that say so, and never twice.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::cli::{is_laid_out, run};
use crate::server::{Answer, Asked, Server};

fn story(victim: &str, people: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{victim} hacked</title><meta property='article:published_time' \
         content='2026-03-03'></head><body><article><p>{victim} said on Monday that hackers stole the personal data of {people} \
         customers from its web shop. The company has informed the police, and has asked a security firm to look into it.</p>\
         <p>Letters to those who are concerned are on their way, a spokesman of {victim} said.</p></article></body></html>"
    )
}

fn folder(server: &Server) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("index")).unwrap();
    let (allow, feed) = (server.url("/"), server.url("/feed.xml"));
    let text = format!(
        "[settings]\npause = \"0ms\"\nallow = [\"{}\"]\n[[source]]\nname = \"The Mill Post\"\nurl = \"{feed}\"\ntags = [\"local\"]\n",
        allow.authority()
    );
    fs::write(folder.path().join("sources.toml"), text).unwrap();
    folder
}

fn given(folder: &Path, args: &[&str]) -> (i32, Value) {
    let ran = run(folder, &[&["ingest", "--json"][..], args].concat(), "");
    let summary = ran.json().pop().unwrap_or_else(|| panic!("{}", ran.err));
    is_laid_out(folder, "summary", std::slice::from_ref(&summary));
    (ran.code, summary)
}

fn outcomes(summary: &Value) -> Vec<&str> {
    summary["given"].as_array().unwrap().iter().map(|given| given["outcome"].as_str().unwrap()).collect()
}

#[test]
fn an_address_is_asked_for_with_manners_kept_once_and_says_that_it_was_given() {
    static FORBIDDEN: AtomicUsize = AtomicUsize::new(0);
    let server = Server::start(|asked: &Asked| match asked.path.as_str() {
        "/robots.txt" => Answer::text("User-agent: *\nDisallow: /private/\n"),
        "/feed.xml" => Answer::text(
            "<rss version='2.0'><channel><title>Post</title><item><title>Sandmill Bakery hacked</title><link>/a</link></item>\
             </channel></rss>",
        ),
        "/a" => Answer::text(&story("Sandmill Bakery", "12,000")),
        "/private/b" => {
            FORBIDDEN.fetch_add(1, Ordering::SeqCst);
            Answer::text(&story("Sandmill Bakery", "13,000"))
        }
        "/pay" => Answer::text("<html><title>x</title><body></body></html>"),
        _ => Answer::status(404),
    });
    let folder = folder(&server);
    let folder = folder.path();
    let url = |path: &str| server.url(path).to_string();
    let (a, private, lost, pay) = (url("/a?utm_source=x#top"), url("/private/b"), url("/lost"), url("/pay"));
    let urls = ["--url", &a, &private, &lost, &pay, "http://127.0.0.1:1/inside"];
    let (code, first) = given(folder, &urls);
    assert_eq!((code, outcomes(&first)), (3, vec!["read", "not-had", "not-had", "no-article", "not-had"]), "{first}");
    let why = |place: usize| first["given"][place]["reason"].as_str().unwrap();
    assert_eq!((why(1), why(2)), ("not asked: its robots.txt forbids it", "the server answered 404 (not found)"));
    assert!(why(4).contains("loopback"), "{}", why(4));
    assert_eq!(first["given"][0]["url"], json!(url("/a")), "canonical, as if a list had named it");
    assert_eq!(first["news"]["new"][0]["victim"], "Sandmill Bakery");
    assert_eq!(FORBIDDEN.load(Ordering::SeqCst), 0);

    let asked = server.requests();
    let (code, again) = given(folder, &["--url", &a]);
    assert_eq!((code, outcomes(&again), server.requests()), (0, vec!["known"], asked), "known, and not asked for: {again}");
    let night = run(folder, &["ingest", "--json"], "").json().pop().unwrap();
    assert_eq!(night["pages"], json!({"fetched": 0, "changed": 0, "failed": 0, "left": 0}), "its source names it as well");
    let found = run(folder, &["search", "--json", "tag:by-hand", "tag:local"], "").json();
    assert_eq!(found.len(), 1);
    let shown = run(folder, &["show", found[0]["id"].as_str().unwrap()], "");
    assert!(shown.out.contains("The Mill Post, by hand: Sandmill Bakery hacked"), "{}", shown.out);
    let told = run(folder, &["runs", "show", "1"], "").out;
    assert!(told.contains(&format!("by hand    {private}: not had: not asked: its robots.txt forbids it\n")), "{told}");
}

#[test]
fn a_saved_page_takes_the_place_of_none_and_of_no_article() {
    let server = Server::start(|asked: &Asked| match asked.path.as_str() {
        "/feed.xml" => Answer::text(
            "<rss version='2.0'><channel><title>P</title><item><title>Paid</title><link>/a</link></item></channel></rss>",
        ),
        "/a" => Answer::text("<html><title>Paid</title><body></body></html>"),
        _ => Answer::status(404),
    });
    let folder = folder(&server);
    let folder = folder.path();
    let night = run(folder, &["ingest", "--json"], "").json().pop().unwrap();
    assert_eq!((&night["articles"]["none"], &night["news"]["new_count"]), (&json!(1), &json!(0)), "{night}");
    fs::write(folder.join("saved page.html"), story("Sandmill Bakery", "12,000")).unwrap();
    let url = server.url("/a").to_string();
    let of_site = ["--html", "saved page.html", "--address", &url];
    let (code, first) = given(folder, &of_site);
    assert_eq!((code, outcomes(&first)), (0, vec!["read"]), "{first}");
    assert_eq!(first["given"][0]["source"], "The Mill Post, by hand");
    assert_eq!(first["given"][0]["incidents"].as_array().unwrap().len(), 1);
    fs::write(folder.join("saved page.html"), story("Sandmill Bakery", "99,000")).unwrap();
    assert_eq!(outcomes(&given(folder, &of_site).1), ["known"], "what was read of an address stays");

    fs::write(folder.join("other.html"), story("Corran Ferries", "3,100")).unwrap();
    let alone = given(folder, &["--html", "other.html"]).1;
    assert_eq!((outcomes(&alone), &alone["given"][0]["source"]), (vec!["read"], &json!("by hand")));
    assert!(alone["given"][0]["url"].as_str().unwrap().starts_with("breachline:by-hand/"), "{alone}");
    fs::copy(folder.join("other.html"), folder.join("index/renamed.html")).unwrap();
    assert_eq!(
        outcomes(&given(folder, &["--html", "index/renamed.html"]).1),
        ["known"],
        "the same bytes, whatever they are called"
    );
    assert_eq!(run(folder, &["search", "--json", ""], "").json().len(), 2);

    fs::write(folder.join("paper.html"), "%PDF-1.7").unwrap();
    for (wrong, said) in [
        (&["--html", "paper.html"][..], "paper.html: it is a PDF document, not a page"),
        (&["--html", "none.html"], "none.html could not be read"),
        (&["--html", "other.html", "paper.html", "--address", &url], "--address is of one page"),
        (&["--url", "mill.example/a"], "the address mill.example/a is not an address"),
    ] {
        let refused = run(folder, &[&["ingest"][..], wrong].concat(), "");
        assert!(refused.code == 2 && refused.err.contains(said), "{said}\n{}", refused.err);
    }
}
