//! Coming back: where one was, what is new since; and the mouse.

use breachline::model::incident::IncidentId;
use breachline::tui::layout;
use breachline::tui::memory::Memory;
use breachline::tui::msg::{Effect, Mouse, Msg};
use breachline::tui::spread::Spread;
use breachline::tui::state::{Cursor, Focus, State};
use breachline::tui::update;

use super::shelf::{Shelf, day, days, shelf};
use super::stage::{LOOK, Stage, draw};

/// Opens the screen as it was left.
fn again(memory: Memory, query: &str) -> Stage<Shelf> {
    let now = "2026-11-24T05:20:00Z".parse().unwrap();
    let mut stage = Stage { state: State::new((80, 24), LOOK, now, query), library: shelf(), done: Vec::new() };
    memory.recall(&mut stage.state);
    let effects = update::begin(&mut stage.state);
    stage.carry_out(effects);
    stage
}

#[test]
fn it_opens_where_it_was_left_unless_something_else_is_searched_for() {
    let mut stage = Stage::open(shelf(), (80, 24), "");
    stage.press("/ \"kind:breach\" Enter j j z : \"tag x\" Enter");
    let memory = Memory::of(&stage.state, Some(7));
    let text = serde_json::to_string(&memory).unwrap();
    let back = again(serde_json::from_str(&text).unwrap(), "");
    assert_eq!(back.selected(), stage.selected());
    assert_eq!(back.state.list.question, stage.state.list.question);
    assert_eq!(back.state.search.history.lines, ["kind:breach"]);
    assert_eq!(back.state.command.history.lines, ["tag x"]);
    let other = again(memory, "night");
    assert_eq!((other.state.list.total, other.state.picture.window), (3, None));
    assert_eq!(other.state.search.history.lines, ["kind:breach"], "earlier searches are there in any case");
    assert_eq!(serde_json::from_str::<Memory>("{\"query\": 5}").unwrap_or_default(), Memory::default());
}

#[test]
fn marks_lead_back_and_stay_for_the_next_time() {
    let (newest, oldest) = ("city-of-elmsworth-2026-11", "mailhouse-2011-03");
    let mut stage = Stage::open(shelf(), (80, 24), "");
    stage.press("m a G m b ' a");
    assert_eq!(stage.selected(), newest);
    stage.press("' '");
    assert_eq!(stage.selected(), oldest, "back to before the jump");
    stage.press("' '");
    assert_eq!(stage.selected(), newest, "and there again");
    stage.press("'");
    assert!(stage.screen().contains(&format!("a {newest}   b {oldest}")), "{}", stage.screen());
    stage.press("z");
    assert!(stage.screen().contains("there is no mark z"), "a letter is no key while it is asked for");
    assert_eq!(stage.state.picture.window, None);
    stage.press("' Esc j");
    assert_ne!(stage.selected(), newest, "Esc gives it up");
    stage.press("/ \"night\" Enter ' b");
    assert!(stage.screen().contains("mailhouse-2011-03 is not in what is found"));
    assert_eq!(stage.state.list.total, 3, "the search stays");
    stage.press("/ \"recrds:5\" Enter");
    let here = stage.selected().to_owned();
    stage.press("' a");
    assert_eq!(stage.selected(), here, "a wrong search has no answer to jump in");
    let back = again(Memory::of(&stage.state, None), "");
    assert_eq!(back.state.marks.set.keys().collect::<String>(), "ab");
}

#[test]
fn what_is_new_is_marked_counted_and_jumped_to() {
    let mut stage = again(Memory { seen: Some(7), ..Memory::default() }, "");
    let n = stage.state.news.pending;
    assert_eq!(n, None, "it was asked for and answered");
    assert!(!stage.line("breachline").contains("new"));
    let cursor = |id: &str, on: &str| Cursor { id: IncidentId(id.to_owned()), days: days(on) };
    let new = vec![cursor("mailhouse-2011-03", "2011-03-30"), cursor("tidepool-exchange-2026-11", "2026-11-18")];
    let effects = update::update(&mut stage.state, Msg::Changed);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::News(_, 7))), "what comes in meanwhile is new as well");
    let n = stage.state.news.pending.unwrap();
    stage.carry_out(effects.into_iter().filter(|effect| !matches!(effect, Effect::News(..))).collect());
    stage.take(Msg::News(n, Ok(new)));
    assert!(stage.line("breachline").contains("29 incidents, 2 new"));
    assert!(stage.line("Tidepool").starts_with(" •"));
    stage.press(")");
    assert_eq!(stage.selected(), "tidepool-exchange-2026-11", "the newest first");
    stage.press(")");
    assert_eq!(stage.selected(), "mailhouse-2011-03");
    stage.press(")");
    assert_eq!(stage.selected(), "tidepool-exchange-2026-11", "round again");
    stage.press("(");
    assert_eq!(stage.selected(), "mailhouse-2011-03");
    let mut nothing = Stage::open(shelf(), (80, 24), "");
    nothing.press(")");
    assert!(nothing.line(" Timeline ").contains("nothing is new"));
}

#[test]
fn a_press_selects_a_second_one_opens_and_the_wheel_scrolls() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    let areas = layout::areas(&stage.state).unwrap();
    let list = areas.list.unwrap();
    let line = |stage: &Stage<Shelf>, words: &str| stage.screen().lines().position(|line| line.contains(words)).unwrap() as u16;
    let at = line(&stage, "Pelican Air");
    stage.take(Msg::Mouse(Mouse::Press, (list.x + 5, at)));
    assert!(stage.selected().starts_with("pelican-air"));
    stage.take(Msg::Mouse(Mouse::Press, (list.x + 5, at - 3)));
    assert!(stage.selected().starts_with("pelican-air"), "a heading is nothing to select");
    stage.take(Msg::Mouse(Mouse::Press, (list.x + 5, at)));
    assert_eq!(stage.state.focus, Focus::Detail);
    stage.take(Msg::Mouse(Mouse::WheelDown, (list.x + 5, at)));
    assert_eq!((stage.state.focus, stage.state.list.at), (Focus::List, 5));
    stage.take(Msg::Mouse(Mouse::Press, (areas.search.x + 9, areas.search.y)));
    assert!(stage.state.search.open);
    for x in (0..200).step_by(13) {
        for y in 0..50 {
            for mouse in [Mouse::Press, Mouse::Drag, Mouse::Release, Mouse::WheelUp, Mouse::WheelDown] {
                stage.take(Msg::Mouse(mouse, (x, y)));
                assert!(!stage.screen().trim().is_empty());
            }
        }
    }
}

#[test]
fn the_mouse_drawn_over_the_picture_zooms_and_a_press_there_leads_to_its_days() {
    for size in [(80, 24), (120, 40)] {
        let mut stage = Stage::open(shelf(), size, "");
        let area = layout::areas(&stage.state).unwrap().picture.unwrap();
        let spread = Spread::of_picture(&stage.state).unwrap();
        let x = |of: &str| {
            let bar = spread.bars.iter().position(|bar| bar.days.contains(day(of))).unwrap();
            spread.area.x + spread.column(bar)
        };
        let (first, last) = (x("2017-07-30"), x("2021-12-09"));
        stage.take(Msg::Mouse(Mouse::Press, (first, area.y)));
        stage.take(Msg::Mouse(Mouse::Release, (first, area.y)));
        assert_eq!((stage.selected(), stage.state.picture.window), ("vantage-bureau-2017-05", None));
        stage.take(Msg::Mouse(Mouse::Press, (last, area.y)));
        let reversed = |stage: &Stage<Shelf>| {
            let drawn = draw(&stage.state);
            let within = |x: &u16| drawn[(*x, area.y)].modifier.contains(ratatui::style::Modifier::REVERSED);
            (0..size.0).filter(within).count()
        };
        assert_eq!(reversed(&stage), 0);
        stage.take(Msg::Mouse(Mouse::Drag, (first, area.bottom() + 3)));
        assert!(reversed(&stage) > usize::from(last - first), "what is drawn over shows, wherever the mouse is by then");
        stage.take(Msg::Mouse(Mouse::Release, (first, area.y)));
        assert_eq!(reversed(&stage), 0);
        let window = stage.state.picture.window.unwrap();
        assert_eq!((window.earliest.year(), window.latest.year()), (2017, 2021), "at {size:?}");
        assert_eq!(stage.state.list.total, 5, "at {size:?}");
    }
}

#[test]
fn the_wheel_over_the_picture_zooms_to_what_it_is_over_and_out_again() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    let area = layout::areas(&stage.state).unwrap().picture.unwrap();
    let spread = Spread::of_picture(&stage.state).unwrap();
    let bar = spread.bars.iter().position(|bar| bar.days.contains(day("2017-07-30"))).unwrap();
    let over = (spread.area.x + spread.column(bar), area.y);
    stage.take(Msg::Mouse(Mouse::WheelUp, over));
    let window = stage.state.picture.window.unwrap();
    assert!(window.contains(day("2017-07-30")) && window.days() < 6 * 366, "{window}");
    stage.take(Msg::Mouse(Mouse::WheelDown, over));
    assert_eq!(stage.state.picture.window, None);
}
