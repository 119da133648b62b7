//! The language of searches: what queries mean, where mistakes are, and that nothing can be typed that breaks it.

use breachline::base::day::Day;
use breachline::model::config::SavedQuery;
use breachline::store::query::{Condition, Days, Node, Pattern, Place, Query, QueryError, Test, completions};
use proptest::prelude::*;

fn today() -> Day {
    Day::new(2026, 3, 11).unwrap()
}

#[test]
fn queries_mean_what_they_say() {
    let cases = include_str!("../../data/query/good.txt").lines().filter(|line| line.contains("=>") && !line.starts_with('#'));
    let mut wrong = String::new();
    for case in cases {
        let (text, expected) = case.split_once("=>").unwrap();
        let read = match Query::parse(text.trim(), today()) {
            Ok(query) => shown(&query),
            Err(error) => error.to_string(),
        };
        if read != expected.trim() {
            wrong += &format!("{}\n  wanted {}\n  got    {read}\n", text.trim(), expected.trim());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn mistakes_are_shown_in_their_place() {
    let cases = include_str!("../../data/query/bad.txt").split("\n\n").skip(1);
    for case in cases {
        let text = case.lines().next().unwrap();
        let error = Query::parse(text, today()).expect_err(text);
        let shown = format!("{}\n{}\n{}", error.shown(text), error, error.expected);
        assert_eq!(shown.trim_end(), case.trim_end(), "{text}");
    }
}

#[test]
fn what_is_being_typed_is_read_leniently() {
    let cases = [
        ("lulz", "any lulz*"),
        ("sega lulz", "and(any 'sega', any lulz*)"),
        ("lulz ", "any 'lulz'"),
        ("attacker:lulz", "attacker lulz*"),
        ("\"sega pa", "any \"sega pa\""),
        ("(sega OR son", "or(any 'sega', any son*)"),
        ("sega OR", "any 'sega'"),
        ("(", "all"),
        ("kind:ran", "kind ransomware"),
        ("after:2011-05", "start 2011-05-01.."),
        ("records:>1M", "records 1000001.."),
    ];
    for (text, expected) in cases {
        assert_eq!(
            shown(&Query::parse_unfinished(text, today(), &[]).unwrap_or_else(|error| panic!("{text}: {error}"))),
            expected,
            "{text}"
        );
    }
    assert!(Query::parse_unfinished("kind:", today(), &[]).is_err());
}

#[test]
fn long_and_deep_queries_are_refused_not_suffered() {
    let deep = "(".repeat(2000) + "a" + &")".repeat(2000);
    assert!(Query::parse(&deep, today()).unwrap_err().to_string().contains("nested"));
    let negated = "-".repeat(4000) + "a";
    assert_eq!(shown(&Query::parse(&negated, today()).unwrap()), "any 'a'");
    let long = "ä".repeat(3000);
    let error = Query::parse(&long, today()).unwrap_err();
    assert_eq!((error.at.start, error.at.end), (4096, 6000));
    assert!(Query::parse("victim:/((((a{99}){99}){99}){99})/", today()).is_err(), "a pattern that would grow without bound");
}

#[test]
fn conditions_remember_where_they_were_written() {
    let text = "sega -kind:ddos records:>1M";
    let query = Query::parse(text, today()).unwrap();
    let places: Vec<&str> = query.conditions().iter().map(|condition| condition.at.slice(text)).collect();
    assert_eq!(places, ["sega", "kind:ddos", "records:>1M"]);
}

fn saved(queries: &[(&str, &str)]) -> Vec<SavedQuery> {
    let saved = |(n, (name, query)): (usize, &(&str, &str))| SavedQuery {
        name: (*name).to_owned(),
        query: (*query).to_owned(),
        line: n + 1,
    };
    queries.iter().enumerate().map(saved).collect()
}

#[test]
fn saved_queries_stand_in_parentheses() {
    let saved = saved(&[
        ("banks", "victim:(bank OR \"credit union\")"),
        ("big", "records:>1M sort:records"),
        ("big-banks", "@banks @big"),
        ("self", "sega @other"),
        ("other", "@self"),
        ("wrong", "sega kind:spam"),
        ("d0", "a b"),
        ("d1", "@d0 @d0"),
        ("d2", "@d1 @d1"),
        ("d3", "@d2 @d2"),
        ("d4", "@d3 @d3"),
        ("d5", "@d4 @d4"),
        ("d6", "@d5 @d5"),
    ]);
    let banks = "or(victim 'bank', victim \"credit union\")";
    let cases = [
        ("@banks".to_owned(), banks.to_owned()),
        ("sony @Banks".to_owned(), format!("and(any 'sony', {banks})")),
        ("-@banks sony".to_owned(), format!("and(not({banks}), any 'sony')")),
        ("@big-banks".to_owned(), format!("and({banks}, records 1000001..) by records")),
        ("@big sort:date".to_owned(), "records 1000001.. by date".to_owned()),
        ("-@big".to_owned(), "not(records 1000001..)".to_owned()),
        ("(@big OR sega)".to_owned(), "or(records 1000001.., any 'sega')".to_owned()),
        ("@lulzsec@social.example".to_owned(), "any '@lulzsec@social.example'".to_owned()),
        ("\"@banks\"".to_owned(), "any \"@banks\"".to_owned()),
    ];
    for (text, expected) in cases {
        assert_eq!(shown(&Query::parse_with(&text, today(), &saved).unwrap_or_else(|error| panic!("{text}: {error}"))), expected);
    }
    assert_eq!(shown(&Query::parse_unfinished("sony @ba", today(), &saved).unwrap()), format!("and(any 'sony', {banks})"));
    let query = Query::parse_with("sony @banks", today(), &saved).unwrap();
    assert!(query.conditions()[1..].iter().all(|condition| (condition.at.start, condition.at.end) == (5, 11)));
    for (text, message, expected) in [
        ("x @bank", "there is no saved query `@bank`", "`@banks`, or quotes around it to search for the words"),
        (
            "x @self",
            "the saved query `@self` is wrong: the saved query `@other` is wrong: the saved query `@self` uses itself",
            "sources.toml",
        ),
        ("x @wrong", "the saved query `@wrong` is wrong: there is no kind `spam`", "at `spam` in line 6 of sources.toml"),
        ("@d6", "the query stands for more than 100 saved queries", "@"),
    ] {
        let error = Query::parse_with(text, today(), &saved).expect_err(text);
        assert!(
            error.message.contains(message) && error.expected.contains(expected),
            "{text}: {} / {}",
            error.message,
            error.expected
        );
        assert_eq!(error.at.slice(text), text.split(' ').next_back().unwrap());
    }
}

#[test]
fn words_can_be_completed() {
    let saved = saved(&[("banks", "bank"), ("big", "records:>1M")]);
    for (word, expected) in [
        ("vic", "victim:"),
        ("-vic", "-victim:"),
        ("kind:d", "kind:ddos kind:defacement"),
        ("kind:breach,dd", "kind:breach,ddos"),
        ("status:c", "status:claimed status:confirmed"),
        ("has:a", "has:attacker"),
        ("sort:r", "sort:records sort:relevance"),
        ("(@b", "(@banks (@big"),
        ("@big", "@big"),
        ("victim:x", ""),
        ("zzz", ""),
    ] {
        assert_eq!(completions(word, &saved).join(" "), expected, "{word}");
    }
    assert!(completions("", &saved).len() > 20);
}

fn checked(text: &str, read: Result<Query, QueryError>) -> Result<(), TestCaseError> {
    let spans = match &read {
        Ok(query) => query.conditions().iter().map(|condition| condition.at).collect(),
        Err(error) => {
            prop_assert!(!error.message.is_empty());
            error.shown(text);
            vec![error.at]
        }
    };
    for at in spans {
        prop_assert!(at.start <= at.end && text.get(at.start..at.end).is_some(), "{at:?} is no place in {text:?}");
    }
    Ok(())
}

/// As many as `PROPTEST_CASES` says, for a long run.
fn cases() -> u32 {
    ProptestConfig::default().cases.max(2000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_query_or_a_mistake_with_a_place(text in any::<String>()) {
        checked(&text, Query::parse(&text, today()))?;
        checked(&text, Query::parse_unfinished(&text, today(), &[]))?;
    }

    #[test]
    fn any_mix_of_the_language_is_a_query_or_a_mistake_with_a_place(
        parts in prop::collection::vec(prop::sample::select(vec![
            "sega", " ", " ", "\"", "(", ")", "-", "OR", "AND", "NOT", "victim:", "kind:", "ddos", "records:", ">", "=", "<", "1M", "..",
            "after:", "occurred:", "@a", "@", "status:", "country:", "has:", "2011-05", "30d", "sort:", "date", "~", "2", "*", "/", "ä", "漏", ",", ":", "|", "\u{202e}", "1e9y",
        ]), 0..24),
    ) {
        let text = parts.concat();
        // It also stands for itself.
        let saved = saved(&[("a", text.as_str())]);
        checked(&text, Query::parse_with(&text, today(), &saved))?;
        checked(&text, Query::parse_unfinished(&text, today(), &saved))?;
    }
}

fn shown(query: &Query) -> String {
    let sort = query.sort.map(|sort| format!(" by {}", sort.word())).unwrap_or_default();
    format!("{}{sort}", shown_node(&query.root))
}

fn shown_node(node: &Node) -> String {
    let all = |nodes: &[Node]| nodes.iter().map(shown_node).collect::<Vec<_>>().join(", ");
    match node {
        Node::All => "all".to_owned(),
        Node::And(nodes) => format!("and({})", all(nodes)),
        Node::Or(nodes) => format!("or({})", all(nodes)),
        Node::Not(node) => format!("not({})", shown_node(node)),
        Node::Is(condition) => shown_condition(condition),
    }
}

fn shown_condition(condition: &Condition) -> String {
    fn end<T: ToString>(end: &Option<T>) -> String {
        end.as_ref().map(T::to_string).unwrap_or_default()
    }
    match &condition.test {
        Test::Words(place, pattern) => format!("{} {}", shown_place(*place), shown_pattern(pattern)),
        Test::Kind(kind) => format!("kind {}", kind.word()),
        Test::Data(data) => format!("data {}", data.word()),
        Test::Is(mark) => format!("is {}", mark.word()),
        Test::Status(status) => format!("status {}", status.word()),
        Test::Records(from, to) => format!("records {}..{}", end(from), end(to)),
        Test::Days(which, from, to) => {
            let which = match which {
                Days::Start => "start",
                Days::Any => "any-day",
                Days::Occurred => "occurred",
                Days::Disclosed => "disclosed",
                Days::Published => "published",
            };
            format!("{which} {}..{}", end(from), end(to))
        }
    }
}

fn shown_place(place: Place) -> &'static str {
    match place {
        Place::Anywhere => "any",
        Place::Title => "title",
        Place::Text => "text",
        Place::Victim => "victim",
        Place::Attacker => "attacker",
        Place::Source => "source",
        Place::Tag => "tag",
        Place::Country => "country",
        Place::Id => "id",
    }
}

fn shown_pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Word(text) => format!("'{text}'"),
        Pattern::Phrase { text, apart: 0 } => format!("\"{text}\""),
        Pattern::Phrase { text, apart } => format!("\"{text}\"~{apart}"),
        Pattern::Prefix(text) => format!("{text}*"),
        Pattern::Fuzzy(text, distance) => format!("{text}~{distance}"),
        Pattern::Regex(text) => format!("/{text}/"),
    }
}
