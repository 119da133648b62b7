//! Values as they are written on the screen, and counts gathered into bars.

use breachline::library::{Agreement, Background, DayCount};
use breachline::model::edit::{EditId, Edited, Note, SetField};
use breachline::model::report::{Field, Figure, Qualifier, Speaker, Unit};
use breachline::model::value::Value;
use breachline::tui::bars::{self, Measure, Step};
use breachline::tui::lines::Tone;
use breachline::tui::{sheet, words};

use super::shelf::{day, days, shelf};
use super::stage::LOOK;

#[test]
fn numbers_are_whole_or_short() {
    for (value, grouped, short) in [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_000, "1,000", "1k"),
        (12_345, "12,345", "12.3k"),
        (48_210, "48,210", "48.2k"),
        (999_999, "999,999", "999k"),
        (1_290_755, "1,290,755", "1.29M"),
        (77_000_000, "77,000,000", "77M"),
        (3_050_000_000, "3,050,000,000", "3.05B"),
        (u64::MAX, "18,446,744,073,709,551,615", "18446744T"),
    ] {
        assert_eq!((words::grouped(value).as_str(), words::short(value).as_str()), (grouped, short));
    }
}

#[test]
fn figures_fit_their_column_and_say_how_they_are_meant() {
    let figure = |value, max, unit, qualifier| Figure { value, max, unit, qualifier, by: Speaker::Untold };
    for (figure, width, column, text) in [
        (figure(1_290_755, None, Unit::People, Qualifier::Exact), 12, "1,290,755", "1,290,755 people"),
        (figure(1_290_755, None, Unit::People, Qualifier::AtLeast), 9, "≥1.29M", "at least 1,290,755 people"),
        (figure(1, None, Unit::Systems, Qualifier::Exact), 12, "1 system", "1 system"),
        (figure(40_000_000, None, Unit::Cards, Qualifier::About), 12, "~40M cards", "about 40,000,000 cards"),
        (figure(2_000_000, None, Unit::Records, Qualifier::AtMost), 9, "≤2M rec", "at most 2,000,000 records"),
        (figure(9_000_000_000, None, Unit::Bytes, Qualifier::Exact), 12, "9 GB", "9 GB"),
        (figure(500, None, Unit::Bytes, Qualifier::Exact), 12, "500 B", "500 B"),
        (figure(200_000, Some(300_000), Unit::People, Qualifier::Exact), 12, "200k–300k", "200,000 to 300,000 people"),
    ] {
        assert_eq!(words::figure(&figure, width, false), column);
        assert_eq!(words::figure_in_words(&figure), text);
        assert!(words::figure(&figure, width, true).is_ascii());
    }
}

#[test]
fn whose_word_a_figure_is_stands_beside_it() {
    let figure = |by| Figure { value: 3_000_000, max: None, unit: Unit::Records, qualifier: Qualifier::About, by };
    for (by, text, meaning) in [
        (Speaker::Official, "about 3,000,000 records (official)", "said by the victim or authorities"),
        (Speaker::Attacker, "about 3,000,000 records (claimed)", "claimed by the attackers"),
        (Speaker::Untold, "about 3,000,000 records", ""),
    ] {
        assert_eq!((words::told_figure(&figure(by)).as_str(), words::speaker_meaning(by)), (text, meaning));
        assert_eq!(words::value(&Value::Records(Some(figure(by)))), text);
    }
    let both = [figure(Speaker::Official), figure(Speaker::Attacker)];
    assert_eq!(words::figures(&both), "about 3,000,000 records (official); about 3,000,000 records (claimed)");
}

#[test]
fn days_that_are_not_certain_are_ranges() {
    for (range, long, brief, note) in [
        ("2011-06-17", "2011-06-17", "2011-06-17", "Friday"),
        ("2026-11-23", "2026-11-23", "2026-11-23", "Monday, today"),
        ("2026-11-22", "2026-11-22", "2026-11-22", "Sunday, yesterday"),
        ("2011-05", "2011-05", "2011-05", "some day in May"),
        ("2011-06-18..2011-06-19", "2011-06-18..19", "2011-06", "Saturday or Sunday"),
        ("2011-06-28..2011-07-02", "2011-06-28..07-02", "2011-06..", "one of 5 days"),
        ("2010-12-28..2011-01-03", "2010-12-28..2011-01-03", "2010-12..", "one of 7 days"),
    ] {
        let range = days(range);
        assert_eq!((words::days(range).as_str(), words::days_in_brief(range).as_str()), (long, brief));
        assert_eq!(words::days_note(range, day("2026-11-23")), note);
    }
}

#[test]
fn how_long_ago() {
    let now: jiff::Timestamp = "2026-11-23T05:20:00Z".parse().unwrap();
    for (then, expected) in [
        ("2026-11-23T05:19:30Z", "just now"),
        ("2026-11-23T05:21:00Z", "just now"),
        ("2026-11-23T05:01:00Z", "19 min ago"),
        ("2026-11-23T02:10:00Z", "3 h ago"),
        ("2026-11-20T02:10:00Z", "3 days ago"),
        ("2026-01-20T02:10:00Z", "on 2026-01-20"),
    ] {
        assert_eq!(words::ago(then.parse().unwrap(), now), expected);
    }
}

fn counts(text: &[(&str, u32)]) -> Vec<DayCount> {
    let count = |(when, count): &(&str, u32)| {
        let mut kinds = [0; 10];
        kinds[0] = *count;
        DayCount { day: day(when), kinds, affected: kinds.map(|count| u64::from(count) * 1_000) }
    };
    text.iter().map(count).collect()
}

#[test]
fn bars_take_the_shortest_step_that_fits_and_empty_ones_stay() {
    let days = counts(&[("2011-01-31", 2), ("2011-02-01", 1), ("2011-04-30", 4)]);
    let extent = bars::extent(&days).unwrap();
    for (most, step, expected) in
        [(100, Step::Day, 90), (89, Step::Week, 13), (12, Step::Month, 4), (3, Step::Quarter, 2), (1, Step::Year, 1)]
    {
        let (found, bars) = bars::gather(&days, Measure::Incidents, extent, most);
        assert_eq!((found, bars.len()), (step, expected), "{most}");
        assert_eq!(bars.iter().map(bars::Bar::total).sum::<u64>(), 7);
    }
    let (_, months) = bars::gather(&days, Measure::Incidents, extent, 12);
    assert_eq!(months.iter().map(bars::Bar::total).collect::<Vec<_>>(), [2, 1, 0, 4]);
    let (_, window) = bars::gather(&days, Measure::Incidents, super::shelf::days("2011-02"), 12);
    assert_eq!(window.iter().map(bars::Bar::total).sum::<u64>(), 1, "what lies outside is not counted");
    assert_eq!(bars::extent(&[]), None);
    let (_, affected) = bars::gather(&days, Measure::Affected, extent, 12);
    assert_eq!(affected.iter().map(bars::Bar::total).collect::<Vec<_>>(), [2_000, 1_000, 0, 4_000]);
}

#[test]
fn small_bars_are_seen_beside_large_ones() {
    let cases = [
        (Measure::Incidents, 0, 0),
        (Measure::Incidents, 1, 1),
        (Measure::Incidents, 500, 20),
        (Measure::Incidents, 1_000, 40),
        (Measure::Affected, 0, 0),
        (Measure::Affected, 9, 14),
        (Measure::Affected, 99, 27),
        (Measure::Affected, 1_000, 40),
    ];
    for (measure, total, level) in cases {
        assert_eq!(measure.level(total, 1_000, 40), level, "{total} {measure:?}");
    }
    assert_eq!(Measure::Incidents.level(1, 1_000_000, 8), 1, "one is seen beside a million");
    assert_eq!(Measure::Affected.level(u64::MAX, u64::MAX, 8), 8);
}

#[test]
fn words_that_carry_two_fields_are_quoted_once() {
    let mut incident = shelf().incidents.into_iter().find(|incident| incident.id.0.starts_with("sword")).unwrap();
    let both = "names, birth dates, e-mail addresses and encrypted passwords";
    for evidence in &mut incident.reports[0].report.evidence {
        evidence.quote = both.to_owned();
    }
    incident.reports.truncate(1);
    let lines = sheet::lay_out(&incident, &Background::default(), 100, LOOK).lines;
    let text: Vec<String> = lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
    assert_eq!(text.iter().filter(|line| line.contains(both)).count(), 1);
    assert!(text.iter().any(|line| line.trim() == "in the words quoted at \"what\""), "{text:#?}");
}

#[test]
fn what_an_analyst_said_stands_on_the_sheet_with_name_and_day() {
    let mut incident = shelf().incidents.into_iter().find(|incident| incident.id.0.starts_with("sword")).unwrap();
    let at = "2026-03-11T10:00:00Z".parse().unwrap();
    let author = "ann".to_owned();
    let set = |value: Value, reports: Value| SetField { at, author: author.clone(), value, reports };
    incident.edited = Edited {
        starred: true,
        tags: vec!["games".to_owned()],
        notes: vec![Note { at, author: author.clone(), text: "ask them".to_owned() }],
        fields: vec![
            set(Value::Victim("Sword".to_owned()), Value::Victim("Swrd".to_owned())),
            set(Value::Disclosed(None), Value::Disclosed(None)),
        ],
        edits: vec![EditId(1)],
        ..Edited::default()
    };
    let lines = sheet::lay_out(&incident, &Background::default(), 100, LOOK).lines;
    let text: Vec<String> = lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
    for wanted in [
        "starred; tagged games",
        "note ask them  ann 2026-03-11",
        "set by ann, 2026-03-11; the reports say Swrd",
        "set by ann, 2026-03-11",
    ] {
        assert!(text.iter().any(|line| line.trim() == wanted), "{wanted}\n{text:#?}");
    }
    assert_eq!(text[0], incident.victim.name, "how sure the reports are says nothing of what was set");
}

#[test]
fn every_item_of_a_sheet_has_lines_in_order() {
    for incident in shelf().incidents {
        for width in [24, 40, 77, 110] {
            let sheet = sheet::lay_out(&incident, &Background::default(), width, LOOK);
            let mut from = 0;
            for item in &sheet.items {
                assert!(item.lines.start >= from && !item.lines.is_empty() && item.lines.end <= sheet.lines.len());
                from = item.lines.end;
            }
            assert_eq!(sheet.items.iter().filter(|item| item.field.is_none()).count(), incident.reports.len());
        }
    }
}

#[test]
fn words_of_a_search_are_found_whatever_their_case() {
    use breachline::tui::lines::{hits, needles};
    for (search, text, expected) in [
        ("sega", "SEGA and Sega's", vec!["SEGA", "Sega"]),
        ("victim:\"lulz security\" -x", "Lulz Security said", vec!["Lulz", "Security"]),
        ("école", "L'ÉCOLE et l’école", vec!["ÉCOLE", "école"]),
        ("seg* sega", "sega", vec!["sega"]),
        ("a", "a cat", vec![]),
        ("", "sega", vec![]),
        ("東京", "東京都", vec!["東京"]),
    ] {
        let found: Vec<&str> = hits(text, &needles(search)).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{search} in {text}");
    }
}

#[test]
fn the_sheet_quotes_sentences_and_tells_who_agrees_and_how_it_became_known() {
    let incident = shelf().incidents.into_iter().find(|incident| incident.id.0.starts_with("sword")).unwrap();
    let filed = &incident.reports[0];
    let found = filed.report.evidence.iter().find(|evidence| evidence.quote == "on Sunday").unwrap();
    let sentence = "The makers of games said on Sunday that much was gone.";
    let background = Background {
        fields: vec![Agreement { field: Field::Kind, sources: 2, others: vec![("exposure".to_owned(), 1)] }],
        sentences: vec![(filed.id, found.span, sentence.to_owned())],
        history: vec![(day("2011-06-18"), "Harbour Wire: records about 1.3M people".to_owned())],
    };
    let lines = sheet::lay_out(&incident, &background, 100, LOOK).lines;
    let text: Vec<String> = lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect()).collect();
    for words in ["90 %, 2 sources", "or exposure  1 source", sentence, "2011-06-18  Harbour Wire: records about 1.3M people"] {
        assert!(text.iter().any(|line| line.contains(words)), "{words}: {text:#?}");
    }
    assert!(!text.iter().any(|line| line.contains("“on Sunday”")), "the sentence stands in place of the words");
    assert!(lines.iter().flatten().any(|piece| piece.text == "on Sunday" && piece.tone == Tone::Hit));
}
