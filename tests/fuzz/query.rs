//! Any text is a query or a mistake with a place in it: never a panic, and in bounded time.
#![no_main]

use breachline::base::day::Day;
use breachline::model::config::SavedQuery;
use breachline::store::query::{Query, completions};
use breachline::store::search::Snippets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let today = Day::from_epoch(20_000);
    // The text also stands for itself, so that saved queries are read, and those that use themselves.
    let saved = [SavedQuery { name: "a".to_owned(), query: text.to_owned(), line: 1 }];
    for read in [Query::parse(text, today), Query::parse_with(text, today, &saved), Query::parse_unfinished(text, today, &saved)] {
        match read {
            Ok(query) => {
                for condition in query.conditions() {
                    assert!(text.get(condition.at.start..condition.at.end).is_some());
                }
                for part in 0..query.parts().len() {
                    query.without(part);
                }
                let _ = Snippets::new(&query).best(std::iter::once(text));
            }
            Err(error) => {
                assert!(text.get(error.at.start..error.at.end).is_some() && !error.message.is_empty());
                error.shown(text);
            }
        }
    }
    completions(text, &saved);
});
