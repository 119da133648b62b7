//! Any bytes as a page: an article or none, never a panic, no text that steers a terminal, paragraphs within the text.
#![no_main]

use breachline::base::safe;
use breachline::page::{self, Hint};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let (choice, bytes) = bytes.split_first().unwrap_or((&0, bytes));
    let content_type = [None, Some("text/html"), Some("text/plain"), Some("text/html; charset=utf-16")][usize::from(choice % 4)];
    let hint = Hint { body_selector: (choice & 4 != 0).then_some("div.a > p"), ..Hint::default() };
    let url = Url::parse("https://a.example/2026/01/02/a").expect("an address");
    let Ok(read) = page::read_bytes(bytes, content_type, Some(&url), &hint) else { return };
    assert!(!read.title.contains(safe::is_unsafe) && !read.text.contains(safe::is_unsafe));
    for paragraph in &read.paragraphs {
        assert!(!paragraph.slice(&read.text).trim().is_empty());
    }
});
