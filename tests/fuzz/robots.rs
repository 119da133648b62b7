//! Any bytes as a robots.txt: what it allows is told, never a panic, and an empty path of rules allows all.
#![no_main]

use breachline::fetch::robots::Rules;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let (path, text) = bytes.split_at(bytes.len().min(40));
    let mut url = Url::parse("https://a.example/").expect("an address");
    url.set_path(&String::from_utf8_lossy(path));
    let rules = Rules::parse(text, "breachline/1 (+https://desk.example)");
    let _ = (rules.permits(&url), rules.delay());
    assert!(Rules::parse(b"", "breachline/1").permits(&url).is_ok());
});
