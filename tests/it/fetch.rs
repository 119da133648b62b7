//! The network: which addresses may be reached, whose turn it is, what robots.txt allows, how bodies are bounded, and the HTTP
//! fetcher against a server on loopback that misbehaves.

use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use breachline::fetch::guard::{Guard, why_not_public};
use breachline::fetch::http::Http;
use breachline::fetch::pace::{self, Pace, Trouble, Turn};
use breachline::fetch::robots::Rules;
use breachline::fetch::unpack::Unpacker;
use breachline::fetch::{Fetch, FetchError, Reply, Request, Want, redirect};
use breachline::model::source::{Proxies, Settings};
use flate2::Compression;
use jiff::Timestamp;
use url::Url;

use crate::server::{Answer, Server};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

mod guard {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        let public =
            ["1.1.1.1", "93.184.216.34", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808"];
        for ip in public {
            assert_eq!(why_not_public(ip.parse().unwrap()), None, "{ip}");
        }
        let others = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ];
        for ip in others {
            assert!(why_not_public(ip.parse().unwrap()).is_some(), "{ip}");
        }
    }

    #[test]
    fn exceptions_hold_for_what_they_name_and_nothing_else() {
        let guard = Guard::parse(&["127.0.1.0/24", "127.0.0.1:8700", "10.1.2.3", "fd00::/8", "[::1]:80"]).unwrap();
        let permits = |ip: &str, port| guard.permits(ip.parse::<IpAddr>().unwrap(), port).is_ok();
        for (ip, port) in
            [("127.0.1.8", 1), ("127.0.0.1", 8700), ("::ffff:127.0.0.1", 8700), ("10.1.2.3", 443), ("fd12::1", 80), ("::1", 80)]
        {
            assert!(permits(ip, port), "{ip} {port}");
        }
        for (ip, port) in
            [("127.0.2.1", 1), ("127.0.0.1", 8701), ("127.0.0.2", 8700), ("10.1.2.4", 443), ("fe80::1", 80), ("::1", 81)]
        {
            assert!(!permits(ip, port), "{ip} {port}");
        }
        assert_eq!(guard.ports(), [80, 8700]);
        for entry in ["localhost", "127.0.0.1/33", "300.1.1.1", "", "127.0.0.1:99999", "::/129"] {
            assert!(Guard::parse(&[entry]).unwrap_err().contains(&format!("{entry:?}")), "{entry}");
        }
    }

    /// The text of an address does not matter, only what it stands for.
    #[test]
    fn no_spelling_of_loopback_gets_past() {
        let spellings = [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://①②⑦.0.0.1/",
            "http://127.0.0.1./",
            "http://user:pw@127.0.0.1/",
        ];
        for spelling in spellings {
            let error = Guard::default().check(&url(spelling)).unwrap_err();
            assert!(error.is_refusal(), "{spelling}: {error}");
        }
        for other in ["file:///etc/passwd", "ftp://a.example/", "data:text/html,x", "gopher://127.0.0.1/"] {
            assert!(Guard::default().check(&url(other)).unwrap_err().is_refusal(), "{other}");
        }
        assert_eq!(Guard::default().check(&url("https://news.example/")), Ok(()));
    }
}

mod pace_tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn hosts_take_turns_and_each_gets_its_pause() {
        let mut pace = Pace::new(2, 1, seconds(1));
        for (host, request) in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1")] {
            pace.push(host, request, false).unwrap();
        }
        assert_eq!(pace.turn(seconds(0)), Turn::Start("a1"));
        assert_eq!(pace.turn(seconds(0)), Turn::Start("b1"));
        assert_eq!(pace.turn(seconds(0)), Turn::Busy, "two are under way");
        pace.ended("a", seconds(0));
        assert_eq!(pace.turn(seconds(0)), Turn::Start("c1"), "the host that has waited longest");
        pace.ended("b", seconds(0));
        assert_eq!(pace.turn(seconds(0)), Turn::At(seconds(1)), "a has its pause");
        assert_eq!(pace.turn(seconds(1)), Turn::Start("a2"));
        assert_eq!((pace.turn(seconds(9)), pace.queued(), pace.under_way()), (Turn::Empty, 0, 2));
    }

    #[test]
    fn a_host_is_asked_one_at_a_time_and_slower_if_it_wants() {
        let mut pace = Pace::new(9, 1, seconds(1));
        pace.push("a", 2, false).unwrap();
        pace.push("a", 1, true).unwrap();
        assert_eq!(pace.turn(seconds(0)), Turn::Start(1), "what was put first");
        assert_eq!(pace.turn(seconds(5)), Turn::Busy);
        pace.slow_down("a", seconds(86_400), seconds(5));
        pace.ended("a", seconds(0));
        assert_eq!(pace.turn(seconds(5)), Turn::At(seconds(5) + pace::LONGEST_CRAWL_DELAY), "capped");
        let mut pace = Pace::new(9, 1, seconds(3));
        pace.slow_down("a", seconds(1), seconds(0));
        pace.push("a", 1, false).unwrap();
        pace.push("a", 2, false).unwrap();
        assert_eq!(pace.turn(seconds(0)), Turn::Start(1));
        pace.ended("a", seconds(0));
        assert_eq!(pace.turn(seconds(1)), Turn::At(seconds(3)), "never faster than the settings");
    }

    #[test]
    fn a_host_that_refuses_is_left_alone() {
        let mut pace = Pace::new(9, 1, seconds(0));
        pace.push("a", 1, false).unwrap();
        pace.push("b", 2, false).unwrap();
        assert_eq!(pace.troubled("a", Trouble::Refused), [1]);
        assert_eq!(pace.push("a", 3, false), Err(3));
        assert_eq!(pace.turn(seconds(0)), Turn::Start(2), "others go on");

        let mut pace = Pace::new(9, 1, seconds(0));
        pace.push("a", 1, false).unwrap();
        for _ in 0..2 {
            assert!(pace.troubled("a", Trouble::Unreachable).is_empty());
        }
        pace.welcomed("a");
        for _ in 0..2 {
            assert!(pace.troubled("a", Trouble::Unreachable).is_empty(), "an answer between makes it well");
        }
        assert_eq!(pace.troubled("a", Trouble::Unreachable), [1]);
    }

    #[test]
    fn a_host_that_answers_slowly_has_its_time_and_no_more() {
        let mut pace = Pace::new(9, 1, seconds(0));
        pace.push("a", 1, false).unwrap();
        let most = pace::LONGEST_OF_HOST;
        assert!(pace.ended("a", most - seconds(1)).is_empty());
        pace.welcomed("a");
        assert_eq!(pace.ended("a", seconds(1)), [1]);
        assert_eq!(pace.push("a", 2, false), Err(2), "also not behind it");
        assert_eq!((pace.queued(), pace.turn(seconds(0))), (0, Turn::Empty));
    }

    #[test]
    fn retry_after_is_obeyed_within_bounds() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let cases = [
            (Some("120"), 120),
            (Some(" 0 "), 0),
            (Some("Mon, 23 Nov 2026 12:00:00 GMT"), 7200),
            (Some("99999999999999999999"), 604_800),
            (Some("Sat, 31 Dec 2999 23:59:59 GMT"), 604_800),
            (Some("-5"), 3600),
            (Some("Thu, 01 Jan 1970 00:00:00 GMT"), 3600),
            (Some("soon"), 3600),
            (Some(""), 3600),
            (None, 3600),
        ];
        for (header, expected) in cases {
            assert_eq!(pace::retry_after(header, now).as_secs(), expected, "{header:?}");
        }
    }

    #[test]
    fn sources_that_fail_are_asked_less_but_every_night() {
        let hours = |failures, seed| pace::back_off(failures, seed).as_secs_f64() / 3600.0;
        assert_eq!([0, 1, 2].map(|failures| hours(failures, 7)), [0.0; 3]);
        assert_eq!(
            [3, 4, 5, 6, 7, 8, 99, u32::MAX].map(|failures| hours(failures, 0)),
            [1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0]
        );
        assert!((0..1000).all(|seed| (16.0..=20.0).contains(&hours(20, seed * 7919))));
    }
}

mod robots_tests {
    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Rules::parse(robots.as_bytes(), "breachline/0.1.0 (+https://desk.example/)")
            .permits(&url("https://a.example/").join(path).unwrap())
            .is_ok()
    }

    #[test]
    fn robots_txt_is_obeyed() {
        let cases = [
            ("", "/x", true),
            ("User-agent: *\nDisallow:", "/x", true),
            ("User-agent: *\nDisallow: /", "/x", false),
            ("\u{feff}User-agent: *\rDisallow: /\r", "/x", false),
            ("User-agent: *\nDisallow: /\n\nUser-agent: breachline\nDisallow:", "/x", true),
            ("User-agent: *\nDisallow:\n\nUser-agent: BreachLine\nDisallow: /", "/x", false),
            ("User-agent: breachline/2.0 (any)\nDisallow: /", "/x", false),
            ("User-agent: breach\nDisallow: /", "/x", true),
            ("User-agent: other\nDisallow: /", "/x", true),
            ("User-agent: *\nDisallow: /\nAllow: /a/", "/a/1", true),
            ("User-agent: *\nDisallow: /private/", "/private/1", false),
            ("User-agent: *\nDisallow: /*.xml$", "/feed.xml", false),
            ("User-agent: *\nDisallow: /*.xml$", "/feed.xml?x", true),
            ("<html><body>Disallow: /</body></html>", "/x", true),
        ];
        for (robots, path, expected) in cases {
            assert_eq!(allows(robots, path), expected, "{robots:?} {path}");
        }
    }

    #[test]
    fn a_robots_txt_that_is_not_there_allows_and_one_out_of_reach_forbids() {
        let allows = |error: FetchError| Rules::without(error).permits(&url("https://a.example/x")).is_ok();
        for error in [
            FetchError::Status { status: 404 },
            FetchError::Status { status: 403 },
            FetchError::Gone,
            FetchError::TooManyRedirects,
        ] {
            assert!(allows(error.clone()), "{error}");
        }
        let unreachable = FetchError::NoConnection("connection refused".to_owned());
        for error in [FetchError::Status { status: 500 }, FetchError::Status { status: 503 }, unreachable.clone()] {
            assert!(!allows(error.clone()), "{error}");
        }
        let told = Rules::without(unreachable.clone()).permits(&url("https://a.example/x"));
        assert_eq!(told, Err(unreachable), "the reason is the network's, not a refusal of ours");
    }

    /// The facts of Google's own tests that RFC 9309 shares; those that are Google's alone may be read otherwise. So may one that the RFC
    /// contradicts: by the table of its section 2.2.2, `/foo/bar/%62%61%7A` is `/foo/bar/baz`.
    #[test]
    #[allow(clippy::print_stdout)]
    fn the_facts_of_another_parsers_tests_hold() {
        #[derive(serde::Deserialize)]
        struct Fact {
            google_only: bool,
            robots_txt: String,
            agent: String,
            url: String,
            allowed: bool,
        }
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/robots/cases.jsonl");
        let Ok(text) = std::fs::read_to_string(&file) else {
            println!("skipped: {} is not there", file.display());
            return;
        };
        let (mut right, mut wrong, mut googles) = (0, Vec::new(), 0);
        for line in text.lines() {
            let fact: Fact = serde_json::from_str(line).unwrap();
            // An address that is none, or is not written as it is asked for, never reaches the rules.
            let Some(url) = Url::parse(&fact.url).ok().filter(|_| fact.url.is_ascii()) else { continue };
            let allowed = Rules::parse(fact.robots_txt.as_bytes(), &fact.agent).permits(&url).is_ok();
            let googles_own = fact.google_only || fact.robots_txt.contains("/%62%61%7A");
            match (allowed == fact.allowed, googles_own) {
                (true, _) => right += 1,
                (false, true) => googles += 1,
                (false, false) => wrong.push(format!("{} {}: {:?}", fact.agent, fact.url, fact.robots_txt)),
            }
        }
        assert!(
            wrong.is_empty() && right >= 130,
            "{right} right, {googles} of Google's own otherwise; wrong:\n{}",
            wrong.join("\n")
        );
    }

    #[test]
    fn the_pause_that_it_asks_for_is_read() {
        let delay = |value: &str| Rules::parse(format!("User-agent: *\nCrawl-delay: {value}").as_bytes(), "breachline/1").delay();
        assert_eq!(delay("2"), Some(Duration::from_secs(2)));
        for nonsense in ["NaN", "-1", "x"] {
            assert!(delay(nonsense).is_none_or(|delay| delay.is_zero()), "{nonsense}");
        }
    }
}

mod unpack_tests {
    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(encoding: Option<&str>, body: &[u8], limit: u64, step: usize) -> Result<Vec<u8>, FetchError> {
        let mut unpacker = Unpacker::new(encoding, limit)?;
        for piece in body.chunks(step) {
            unpacker.push(piece)?;
        }
        unpacker.finish()
    }

    #[test]
    fn every_packing_that_is_asked_for_is_undone() {
        let text = b"The port authority said on Friday that mail was read.".repeat(50);
        let zlib = {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&text).unwrap();
            encoder.finish().unwrap()
        };
        let raw = {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&text).unwrap();
            encoder.finish().unwrap()
        };
        let two = [gzip(&text[..100]), gzip(b""), gzip(&text[100..])].concat();
        let cases: [(Option<&str>, Vec<u8>); 9] = [
            (None, text.clone()),
            (Some("identity"), text.clone()),
            (Some("gzip"), gzip(&text)),
            (Some(" X-GZIP "), gzip(&text)),
            (Some("gzip"), two),
            (Some("gzip"), [gzip(&text), b"garbage".to_vec()].concat()),
            (Some("gzip"), [gzip(&text), b"\x1f".to_vec()].concat()),
            (Some("deflate"), zlib),
            (Some("deflate"), raw),
        ];
        for (encoding, body) in cases {
            for step in [1, 7, 100_000] {
                assert_eq!(unpack(encoding, &body, 1 << 20, step).as_deref(), Ok(text.as_slice()), "{encoding:?} by {step}");
            }
        }
        assert_eq!(unpack(Some("gzip"), b"", 10, 1).map_err(|_| ()), Err(()), "nothing is no gzip");
    }

    #[test]
    fn a_bomb_ends_at_the_bound() {
        let limit = 100_000;
        let bomb = gzip(&vec![0; 50_000_000]);
        assert!(bomb.len() < 60_000);
        assert_eq!(unpack(Some("gzip"), &bomb, limit, 1000), Err(FetchError::TooLarge { limit }));
        assert_eq!(unpack(None, &vec![0; 100_001], limit, 1000), Err(FetchError::TooLarge { limit }));
        assert_eq!(unpack(None, &vec![0; 100_000], limit, 1000).map(|bytes| bytes.len()), Ok(100_000));
        let members = gzip(b"").repeat(20_000);
        assert!(matches!(unpack(Some("gzip"), &members, limit, 1000), Err(FetchError::Broken(_))));
        let mut unpacker = Unpacker::new(Some("gzip"), limit).unwrap();
        assert!(unpacker.push(&bomb).is_err());
        assert_eq!(unpacker.cut().len(), 100_000, "what came within the bound is there for those who want it");
    }

    #[test]
    fn damage_is_no_text() {
        let whole = gzip(&b"a story that must not be taken for whole when it is not".repeat(20));
        let mut wrong_sum = whole.clone();
        let at = wrong_sum.len() - 6;
        wrong_sum[at] ^= 0xff;
        for (name, body) in [("cut", &whole[..whole.len() - 20]), ("wrong sum", &wrong_sum), ("no gzip", b"plain text")] {
            assert!(matches!(unpack(Some("gzip"), body, 1 << 20, 8), Err(FetchError::Broken(_))), "{name}");
        }
        assert_eq!(unpack(Some("br"), b"", 1, 1), Err(FetchError::Packing("br".to_owned())));
        assert_eq!(unpack(Some("gzip, gzip"), b"", 1, 1), Err(FetchError::Packing("gzip, gzip".to_owned())));
    }
}

mod http_tests {
    use super::*;

    /// A gzip body of no bytes.
    const EMPTY_GZIP: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    fn settings(server: &Server) -> Settings {
        Settings {
            allow: vec![server.address.to_string()],
            timeout: Duration::from_millis(400),
            max_body: 100_000,
            ..Settings::default()
        }
    }

    fn ask(server: &Server, path: &str) -> Result<Reply, FetchError> {
        ask_with(server, Request::new(server.url(path), Want::Page))
    }

    fn ask_with(server: &Server, request: Request) -> Result<Reply, FetchError> {
        let http = Http::new(&settings(server)).unwrap();
        server.block_on(redirect::get(&http, request))
    }

    #[test]
    fn an_answer_comes_with_its_headers_and_its_whole_body() {
        let server = Server::start(|request| {
            assert_eq!(request.header("user-agent"), Some("breachline/1 (+https://desk.example/)"));
            assert_eq!(request.header("accept-encoding"), Some("gzip, deflate"));
            assert_eq!(request.header("cookie"), None);
            Answer::text("hello").with("etag", "W/\"\u{e9}\"").with("set-cookie", "a=b")
        });
        let settings = Settings {
            user_agent: "breachline/1".to_owned(),
            contact: Some("https://desk.example/".to_owned()),
            ..settings(&server)
        };
        let http = Http::new(&settings).unwrap();
        let reply = server.block_on(http.get(Request::new(server.url("/x"), Want::Feed))).unwrap();
        assert_eq!((reply.status, reply.body.as_slice(), reply.header("etag")), (200, b"hello".as_slice(), Some("W/\"\u{e9}\"")));
        assert_eq!(reply.header("set-cookie"), None, "cookies are not even kept");
        assert_eq!(reply.url, server.url("/x"));
    }

    #[test]
    fn validators_go_back_byte_for_byte() {
        let server = Server::start(|request| match request.header("if-none-match") {
            Some("W/\"\u{e9} x\"") if request.header("if-modified-since") == Some("Tuesday") => Answer::status(304),
            _ => Answer::text("new").with("etag", "W/\"\u{e9} x\"").with("last-modified", "Tuesday"),
        });
        let first = ask(&server, "/").unwrap();
        let again = Request {
            etag: first.header("etag").map(str::to_owned),
            last_modified: first.header("last-modified").map(str::to_owned),
            ..Request::new(server.url("/"), Want::Feed)
        };
        assert_eq!(ask_with(&server, again).map(|reply| (reply.status, reply.body.len())), Ok((304, 0)));
    }

    #[test]
    fn every_failure_has_its_name() {
        let server = Server::start(|request| match request.path.as_str() {
            "/410" => Answer::status(410),
            "/404" => Answer::status(404),
            "/304" => Answer::status(304),
            "/206" => Answer::status(206),
            "/429" => Answer::status(429).with("retry-after", "120"),
            "/503" => Answer::status(503).with("retry-after", "5"),
            "/503-bare" => Answer::status(503),
            "/wall" => Answer::status(403).with("cf-mitigated", "challenge"),
            "/brotli" => Answer::text("x").with("content-encoding", "br"),
            "/large" => Answer::text(&"x".repeat(100_001)),
            // Nothing but what follows a packed body, which is not even looked at.
            "/trailing" => Answer::chunked(&[EMPTY_GZIP, &[b'x'; 100_001]]).with("content-encoding", "gzip"),
            "/declared" => Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n"),
            "/cut" => Answer::raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\nhalf"),
            "/no-http" => Answer::raw("<html>hello</html>\r\n\r\n"),
            "/nothing" => Answer::raw(""),
            "/header" => Answer::raw(&format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1_000_000))),
            "/loop" => Answer::redirect(302, "/loop"),
            "/nowhere" => Answer::status(302),
            "/file" => Answer::redirect(302, "file:///etc/passwd"),
            _ => Answer::text("?"),
        });
        let cases = [
            ("/410", "the server says that it is gone for good (410)"),
            ("/404", "the server answered 404 (not found)"),
            ("/304", "the server answered 304 (not modified) though nothing was kept from before"),
            ("/206", "the server sent only a part (206), which was not asked for"),
            ("/429", "the server asks to be left alone (429), Retry-After: 120"),
            ("/503", "the server asks to be left alone (503), Retry-After: 5"),
            ("/503-bare", "the server asks to be left alone (503)"),
            ("/wall", "the server wants proof of a browser (bot check, 403)"),
            ("/brotli", "the answer is packed as \"br\", which was not asked for"),
            ("/large", "the answer is larger than 0 MB after decompression"),
            ("/trailing", "the answer is larger than 0 MB after decompression"),
            ("/declared", "the answer is larger than 0 MB after decompression"),
            ("/loop", "more than 5 redirects"),
            ("/nowhere", "a redirect leads nowhere: the server answered 302 without saying where to"),
            ("/file", "not asked: a redirect leads to file:, and only http and https are followed"),
            ("/nothing", "the connection was closed before an answer came"),
        ];
        for (path, expected) in cases {
            assert_eq!(ask(&server, path).unwrap_err().to_string(), expected, "{path}");
        }
        for (path, beginning) in [
            ("/cut", "the answer was cut short"),
            ("/no-http", "the answer breaks the rules"),
            ("/header", "the answer breaks the rules"),
        ] {
            let error = ask(&server, path).unwrap_err();
            assert!(matches!(&error, FetchError::Broken(why) if why.starts_with(beginning)), "{path}: {error}");
        }
        server.stop();
        assert!(matches!(ask(&server, "/"), Err(FetchError::NoConnection(_))), "nobody listens");
    }

    #[test]
    fn a_robots_txt_is_cut_where_others_are_refused() {
        let server = Server::start(|_| Answer::text(&"x".repeat(5000)));
        let request = |cut| Request { max_body: Some(1000), cut, ..Request::new(server.url("/robots.txt"), Want::Robots) };
        assert_eq!(ask_with(&server, request(true)).map(|reply| reply.body.len()), Ok(1000));
        assert_eq!(ask_with(&server, request(false)), Err(FetchError::TooLarge { limit: 1000 }));
    }

    #[test]
    fn slow_servers_meet_the_deadline() {
        let server = Server::start(|request| match request.path.as_str() {
            "/silent" => Answer::silent(),
            "/head" => Answer::then_silent("HTTP/1.1 200 OK\r\n"),
            "/body" => Answer::then_silent("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"),
            _ => Answer::drip("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"),
        });
        for path in ["/silent", "/head", "/body", "/drip"] {
            assert!(matches!(ask(&server, path), Err(FetchError::TimedOut { .. })), "{path}");
        }
    }

    #[test]
    fn no_redirect_leads_from_https_back_to_http() {
        let target = |from: &str, to: &str| {
            let headers = vec![("location".to_owned(), to.to_owned())];
            let reply = Reply { url: Url::parse(from).unwrap(), moved: None, status: 301, headers, body: Vec::new() };
            redirect::target(&reply).map(String::from).map_err(|error| error.to_string())
        };
        let (secure, plain) = ("https://a.example/feed", "http://a.example/feed");
        assert_eq!(target(secure, "http://www.a.example/feed").as_deref(), Ok("https://www.a.example/feed"));
        assert!(target(secure, "http://a.example:8080/").unwrap_err().contains("back to http"));
        assert_eq!(target(plain, "http://b.example/").as_deref(), Ok("http://b.example/"));
        assert_eq!(target(plain, secure).as_deref(), Ok(secure));
    }

    #[test]
    fn redirects_are_followed_and_for_good_is_remembered() {
        let server = Server::start(|request| match request.path.as_str() {
            "/a" => Answer::redirect(301, "/b?keep=1"),
            "/b?keep=1" => Answer::redirect(308, "/c"),
            "/c" => Answer::text("there"),
            "/t" => Answer::redirect(301, "/u"),
            "/u" => Answer::redirect(302, "/c"),
            _ => Answer::status(404),
        });
        let reply = ask(&server, "/a").unwrap();
        assert_eq!((reply.url, reply.moved), (server.url("/c"), Some(server.url("/c"))));
        let reply = ask(&server, "/t").unwrap();
        assert_eq!((reply.url, reply.moved), (server.url("/c"), Some(server.url("/u"))), "only as far as it is for good");
    }

    /// A proxy is where the settings say, is asked for what is public, and only where nothing says otherwise; for nothing that is not public.
    #[test]
    fn a_proxy_is_asked_for_public_names_alone() {
        let proxy = Server::start(|request| Answer::text(&format!("proxied {}", request.path)));
        let server = Server::start(|_| Answer::text("direct"));
        let names: breachline::fetch::http::Lookup = Arc::new(move |host| {
            Box::pin(async move {
                match host.as_str() {
                    "public.test" => Ok(vec!["93.184.215.14".parse().unwrap()]),
                    "unknown.test" => Err(std::io::Error::other("no such name")),
                    _ => Ok(vec!["127.0.0.1".parse().unwrap()]),
                }
            })
        });
        let proxies = |host: &str| Proxies {
            http: Some(Url::parse(&format!("http://{host}:{}/", proxy.address.port())).unwrap()),
            except: vec!["direct.test".to_owned()],
            ..Proxies::default()
        };
        for host in ["127.0.0.1", "proxy.test"] {
            let settings = Settings { proxies: proxies(host), ..settings(&server) };
            let http = Http::with_lookup(&settings, names.clone()).unwrap();
            let ask = |url: &str| {
                let reply = server.block_on(http.get(Request::new(Url::parse(url).unwrap(), Want::Page)));
                reply.map(|reply| String::from_utf8(reply.body).unwrap())
            };
            assert_eq!(ask("http://public.test/1").unwrap(), "proxied http://public.test/1");
            assert_eq!(ask("http://unknown.test/2").unwrap(), "proxied http://unknown.test/2", "only the proxy knows the name");
            let direct = format!("http://direct.test:{}/", server.address.port());
            assert_eq!(ask(&direct).unwrap(), "direct", "NO_PROXY");
            let asked = proxy.requests();
            let itself = format!("http://proxy.test:{}/", proxy.address.port());
            for refused in ["http://inside.test/", "http://10.0.0.1/", "http://direct.test/", &itself] {
                assert!(ask(refused).unwrap_err().is_refusal(), "{refused} through {host}");
            }
            assert_eq!(proxy.requests(), asked);
        }
    }

    /// What must never be reached counts its visitors; there are none.
    #[test]
    fn nothing_private_is_reached_by_address_redirect_or_name() {
        let canary = Server::start(|_| Answer::text("secret"));
        let target = canary.url("/").to_string();
        let other = canary.address.port();
        let server = Server::start(move |request| match request.path.as_str() {
            "/address" => Answer::redirect(302, &target),
            "/short" => Answer::redirect(302, &format!("http://127.1:{other}/")),
            "/mapped" => Answer::redirect(302, &format!("http://[::ffff:7f00:1]:{other}/")),
            "/name" => Answer::redirect(302, &format!("http://localhost:{other}/")),
            "/rebind" => Answer::redirect(302, &format!("http://rebind.test:{other}/")),
            "/metadata" => Answer::redirect(302, "http://169.254.169.254/latest/meta-data/"),
            _ => Answer::redirect(302, "//10.0.0.1/"),
        });
        let names: breachline::fetch::http::Lookup =
            Arc::new(|_| Box::pin(async { Ok(vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()]) }));
        let http = Http::with_lookup(&settings(&server), names).unwrap();
        for path in ["/address", "/short", "/mapped", "/name", "/rebind", "/metadata", "/private"] {
            let error = server.block_on(redirect::get(&http, Request::new(server.url(path), Want::Page))).unwrap_err();
            assert!(error.is_refusal(), "{path}: {error}");
            assert!(error.to_string().contains("name it under allow"), "{path}: {error}");
        }
        assert_eq!(canary.requests(), 0);

        let named = Url::parse(&format!("http://allowed.test:{}/elsewhere", server.address.port())).unwrap();
        let reply = server.block_on(http.get(Request::new(named, Want::Page)));
        assert_eq!(reply.map(|reply| reply.status), Ok(302), "a name may lead to what is allowed, on its port");
        let direct = Http::new(&Settings::default()).unwrap();
        assert!(
            server.block_on(direct.get(Request::new(server.url("/"), Want::Page))).unwrap_err().is_refusal(),
            "nothing is allowed by itself"
        );
    }
}
