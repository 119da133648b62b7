//! What the panes do with the room that they have: counts, pictures, incident and article on large and small screens.

use breachline::base::day::DayRange;
use breachline::tui::bars::Measure;
use breachline::tui::msg::Msg;
use breachline::tui::spread::Spread;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::shelf::{day, shelf};
use super::stage::{Stage, draw};

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
fn a_notice_that_is_longer_than_the_footer_is_shown_whole() {
    let mut stage = Stage::open(shelf(), (60, 15), "");
    let done = "the-starwood-guest-reservations-2018-11: records set to 500,000,000 people, as asked".to_owned();
    stage.take(Msg::Done(Ok(done)));
    let screen = stage.screen();
    assert!(screen.contains("as asked") && screen.contains("q quit"), "{screen}");
}
