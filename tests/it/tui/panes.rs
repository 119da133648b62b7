//! What the panes do with the room that they have: counts, pictures, incident and article on large and small screens.

use breachline::base::day::DayRange;
use breachline::library::Facet;
use breachline::tui::bars::Measure;
use breachline::tui::counts::{CountLine, Facets};
use breachline::tui::msg::Msg;
use breachline::tui::spread::Spread;
use breachline::tui::state::Focus;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::shelf::{day, shelf};
use super::stage::{Stage, draw};

fn facet(field: &str, listed: usize, distinct: usize) -> Facet {
    Facet { field: field.to_owned(), values: (0..listed).map(|i| (format!("{field} {i}"), 9)).collect(), distinct }
}

#[test]
fn every_field_has_its_share_of_the_counts_and_says_how_much_it_leaves_out() {
    let all = vec![facet("kind", 10, 10), facet("attacker", 50, 312), facet("country", 2, 2)];
    for height in 5..80 {
        let mut facets = Facets { facets: all.clone(), ..Facets::default() };
        facets.lay_out(height);
        for (i, facet) in all.iter().enumerate() {
            let values = facets.lines.iter().filter(|line| matches!(line, CountLine::Value(field, _) if *field == i)).count();
            let more = facets.lines.iter().find_map(|line| match line {
                CountLine::More(field, more) if *field == i => Some(*more),
                _ => None,
            });
            assert_eq!(values + more.unwrap_or(0), facet.distinct, "{height} lines");
            assert!(more != Some(1), "a line for one more has room for the one");
        }
        assert!(facets.lines.len() <= height.max(17), "{height} lines: {:?}", facets.lines);
    }
    let mut facets = Facets { facets: all, ..Facets::default() };
    facets.opened.insert("attacker".to_owned());
    facets.lay_out(20);
    assert!(facets.lines.contains(&CountLine::Value(1, 49)));
    assert!(facets.lines.contains(&CountLine::More(1, 262)));
}

#[test]
fn more_of_a_field_is_listed_when_asked_for_and_then_it_says_how_to_find_others() {
    let mut stage = Stage::open(shelf(), (80, 15), "");
    stage.press("f G");
    let listed = stage.state.facets.lines.len();
    assert!(stage.screen().contains(" more"), "{}", stage.screen());
    stage.press("Enter G");
    assert!(stage.state.facets.lines.len() > listed);
    assert_eq!(stage.state.search.input.value(), "");
    assert!(stage.line(" 7 more").contains(" 7 more"));
    stage.press("Enter");
    assert!(stage.screen().contains("attacker:NAME searches for another"), "{}", stage.screen());
}

#[test]
fn counts_stand_at_the_side_of_a_large_screen_and_stay_away_once_hidden() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    assert!(stage.line("kind").contains("kind"));
    assert!(!stage.state.facets.facets.is_empty());
    assert_eq!(stage.state.focus, Focus::List, "keys go to the list");
    stage.press("f");
    assert_eq!(stage.state.focus, Focus::Facets, "f goes there");
    stage.press("f");
    assert_eq!((stage.state.focus, stage.state.facets.shown), (Focus::List, Some(false)));
    let small = Stage::open(shelf(), (120, 40), "");
    assert!(small.state.facets.facets.is_empty(), "nothing is counted that is not shown");
}

#[test]
fn where_nothing_is_found_there_is_nothing_to_count() {
    let stage = Stage::open(shelf(), (200, 50), "zzz");
    assert!(stage.screen().contains("nothing to count"), "{}", stage.screen());
}

#[test]
fn counts_are_asked_for_once_a_screen_grows() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.take(Msg::Resize(200, 50));
    assert!(!stage.state.facets.facets.is_empty());
}

#[test]
fn a_month_without_incidents_is_the_only_gap_in_a_picture_without_gaps() {
    let range = DayRange::new(day("2010-11-24"), day("2026-01-21"));
    for width in 20..300 {
        let spread = Spread::new(&[], Measure::Incidents, range, Rect { x: 0, y: 0, width, height: 4 });
        let gaps: Vec<u16> =
            (0..spread.bars.len() - 1).map(|bar| spread.column(bar + 1) - spread.column(bar) - spread.filled(bar)).collect();
        assert!(gaps.iter().all(|gap| *gap == gaps[0] && *gap <= 1), "{width} columns: {gaps:?}");
    }
}

#[test]
fn bars_are_as_bright_at_their_foot_as_at_their_head() {
    for (size, keys) in [((80, 24), ""), ((200, 50), ""), ((120, 40), "w")] {
        let mut stage = Stage::open(shelf(), size, "");
        stage.press(keys);
        let buffer = draw(&stage.state);
        let bars = buffer.content().iter().filter(|cell| "▁▂▃▄▅▆▇█".contains(cell.symbol()));
        assert!(bars.clone().count() > 0);
        assert!(bars.clone().all(|cell| !cell.modifier.contains(Modifier::DIM)), "{size:?}");
    }
}

#[test]
fn a_high_screen_shows_the_article_below_its_incident_and_goes_along() {
    let mut stage = Stage::open(shelf(), (300, 100), "");
    stage.press("/ \"sword\" Enter Enter j j Enter");
    assert_eq!(stage.state.focus, Focus::Article);
    let screen = stage.screen();
    assert!(screen.contains("happened") && screen.contains("K kind"), "both are there:\n{screen}");
    stage.press("Shift-Tab");
    assert_eq!(stage.state.focus, Focus::Detail);
    let marked = |stage: &Stage<super::shelf::Shelf>| stage.state.article.as_ref().unwrap().mark;
    let before = marked(&stage);
    stage.press("g");
    assert_ne!(marked(&stage), before, "the evidence of the selected field is shown");
    stage.take(Msg::Resize(200, 50));
    assert_eq!(stage.state.focus, Focus::Article, "there is room for one of the two only");
    stage.press("Esc");
    assert!(stage.state.article.is_none());
}

#[test]
fn what_is_wrong_with_a_search_does_not_mix_with_what_stands_below() {
    for (size, times, lines) in [((60, 15), 5, 2), ((80, 24), 1, 1), ((200, 50), 1, 1)] {
        let field = "recrds".repeat(times);
        let whole = format!("↑ there is no field {field}; did you mean victim:?");
        let mut stage = Stage::open(shelf(), size, "");
        stage.press("f f / \"night\"");
        // Pasted, so that what was found before is still below.
        stage.take(Msg::Paste(format!(" {field}:5")));
        let screen = stage.screen();
        let told = screen.lines().skip_while(|line| !line.contains('↑')).take(lines);
        let told: Vec<&str> = told.flat_map(|line| line.split('│').next().unwrap_or(line).split_whitespace()).collect();
        assert_eq!(told.join(" "), whole, "{size:?}");
    }
}

#[test]
fn a_narrow_list_tells_independent_sources_rather_than_reports() {
    let stage = Stage::open(shelf(), (80, 24), "");
    assert!(stage.line("victim ").ends_with(" src"));
    let wide = Stage::open(shelf(), (120, 40), "");
    assert!(wide.line("victim ").ends_with("reports  sources"));
}

#[test]
fn nothing_of_the_help_is_cut_off() {
    use breachline::tui::{help, keymap::Keymap, layout, lines};
    for size in [(60, 15), (80, 24), (120, 40), (200, 50), (300, 100)] {
        let mut stage = Stage::open(shelf(), size, "");
        stage.press("?");
        let width = layout::help(&stage.state).width;
        for line in help::lines(&Keymap::default(), stage.state.look, width) {
            let wide: usize = line.iter().map(|piece| lines::columns(&piece.text)).sum();
            assert!(wide <= width, "{size:?}: {line:?}");
        }
    }
}

#[test]
fn a_notice_that_is_longer_than_the_footer_is_shown_whole() {
    let mut stage = Stage::open(shelf(), (60, 15), "");
    let done = "the-starwood-guest-reservations-2018-11: records set to 500,000,000 people, as asked".to_owned();
    stage.take(Msg::Done(Ok(done)));
    let screen = stage.screen();
    assert!(screen.contains("as asked") && screen.contains("q quit"), "{screen}");
}
