//! Screens drawn into memory and compared with `tests/data/screen/SLUG.txt`.
//!
//! `BREACHLINE_REWRITE=1 cargo test screens` writes them anew; read them before you commit them.

use std::path::PathBuf;

use super::shelf::{Shelf, shelf};
use super::stage::Stage;
use breachline::library::{LastRun, Trouble};
use breachline::tui::msg::Msg;
use breachline::tui::state::Look;

const SIZES: [(u16, u16); 4] = [(60, 15), (80, 24), (120, 40), (200, 50)];

/// Screens and the keys that lead to them.
const SCREENS: [(&str, &str); 10] = [
    ("timeline", ""),
    ("moved", "j j j j"),
    ("detail", "/ \"sword\" Enter Enter"),
    ("reports", "/ \"sword\" Enter Enter G"),
    ("article", "/ \"sword\" Enter Enter j j Enter"),
    ("searching", "/ \"night\""),
    ("fault", "/ \"night recrds:5\""),
    ("editing", "v j v k : \"set recrds\" Ctrl-w \"records=\""),
    ("lanes", "w j"),
    ("help", "?"),
];

fn check(slug: &str, screen: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/screen").join(format!("{slug}.txt"));
    if std::env::var_os("BREACHLINE_REWRITE").is_some() {
        std::fs::write(&path, screen).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == screen, "{slug} looks different:\n{screen}\nexpected:\n{expected}");
}

#[test]
fn every_screen_at_every_size() {
    for (width, height) in SIZES {
        for (slug, keys) in SCREENS {
            let mut stage = Stage::open(shelf(), (width, height), "");
            stage.press(keys);
            check(&format!("{slug}-{width}x{height}"), &stage.screen());
        }
    }
}

#[test]
fn counts_stand_at_the_side_when_asked_for() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    stage.press("f j");
    check("counts-200x50", &stage.screen());
}

#[test]
fn zoomed_to_a_few_months() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.press("z z z");
    check("zoomed-120x40", &stage.screen());
}

#[test]
fn a_terminal_without_unicode_gets_ascii_only() {
    let look = Look { colour: false, ascii: true };
    let ascii = |shelf: &mut Shelf| {
        shelf.incidents.retain(|incident| incident.victim.name.is_ascii());
    };
    let mut library = shelf();
    ascii(&mut library);
    let mut stage = Stage::open_with(library, (120, 40), "", look);
    check("ascii-120x40", &stage.screen());
    for keys in ["Enter", "Enter", "?", "Esc q q f", "w"] {
        stage.press(keys);
        let screen = stage.screen();
        assert!(screen.is_ascii(), "not ASCII after {keys}:\n{screen}");
    }
}

#[test]
fn without_colours_no_cell_has_one() {
    let mut stage = Stage::open_with(shelf(), (200, 50), "", Look { colour: false, ascii: false });
    for keys in ["", "/ \"sword\" Enter Enter", "j j Enter", "?"] {
        stage.press(keys);
        let buffer = super::stage::draw(&stage.state);
        let coloured = buffer.content().iter().find(|cell| {
            let reset = ratatui::style::Color::Reset;
            cell.fg != reset || cell.bg != reset
        });
        assert!(coloured.is_none(), "a coloured cell after {keys:?}: {coloured:?}");
    }
}

#[test]
fn a_theme_gives_other_colours_and_tells_what_it_does_not_know() {
    use breachline::model::report::Kind;
    use breachline::tui::palette::{Palette, Role};
    use ratatui::style::Color;
    let colours = |palette: Palette| {
        let mut stage = Stage::open(shelf(), (200, 50), "");
        stage.state.palette = palette.into();
        let buffer = super::stage::draw(&stage.state);
        buffer.content().iter().map(|cell| cell.fg).fold(Vec::new(), |mut all, colour| {
            if !all.contains(&colour) {
                all.push(colour);
            }
            all
        })
    };
    assert!(colours(Palette::default()).contains(&Color::Yellow));
    let light = colours(Palette::with(&[("base", "light")]).unwrap());
    assert!(light.contains(&Color::Blue) && !light.contains(&Color::Yellow) && !light.contains(&Color::Cyan));
    let own = Palette::with(&[("base", "plain"), ("breach", "#d08000"), ("heading", "lightblue")]).unwrap();
    assert_eq!(own.colour(Role::Kind(Kind::Breach)), Color::Rgb(0xd0, 0x80, 0));
    let shown = colours(own);
    assert!(shown.contains(&Color::LightBlue) && shown.contains(&Color::Rgb(0xd0, 0x80, 0)) && !shown.contains(&Color::Magenta));
    let faults = Palette::with(&[("base", "dusk"), ("headng", "red"), ("bar", "reddish")]).unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| fault.what.as_str()).collect();
    assert_eq!(told, ["there is no theme \"dusk\"", "\"headng\" has no colour", "\"reddish\" is no colour"]);
}

#[test]
fn colours_never_touch_the_background() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    for keys in ["", "/ \"sword\" Enter Enter", "j j Enter", "?"] {
        stage.press(keys);
        let buffer = super::stage::draw(&stage.state);
        assert!(buffer.content().iter().all(|cell| cell.bg == ratatui::style::Color::Reset));
    }
}

#[test]
fn no_heading_stands_alone_on_the_last_line() {
    for height in 15..50 {
        let stage = Stage::open(shelf(), (80, height), "");
        let areas = breachline::tui::layout::areas(&stage.state).unwrap();
        let last = areas.list.unwrap().bottom() - 1;
        let screen = stage.screen();
        let line = screen.lines().nth(last.into()).unwrap();
        assert!(!line.starts_with(" 2"), "{height} lines high:\n{screen}");
    }
}

#[test]
fn an_empty_index_says_what_to_do() {
    let stage = Stage::open(Shelf::new(Vec::new(), Vec::new()), (80, 24), "");
    check("empty-80x24", &stage.screen());
}

#[test]
fn a_search_without_hits_says_so() {
    let mut stage = Stage::open(shelf(), (80, 24), "");
    stage.press("/ \"zzz\"");
    check("nothing-80x24", &stage.screen());
}

#[test]
fn below_the_smallest_size_it_says_so_and_still_quits() {
    let mut stage = Stage::open(shelf(), (59, 15), "");
    assert_eq!(stage.screen().trim_end(), "too small: 59x15, needs 60x15");
    stage.take(Msg::Resize(60, 14));
    assert_eq!(stage.screen().trim_end(), "too small: 60x14, needs 60x15");
    for size in [(1, 1), (0, 0), (3, 200), (300, 1)] {
        stage.take(Msg::Resize(size.0, size.1));
        stage.screen();
    }
    stage.press("q");
    assert!(stage.done.contains(&breachline::tui::msg::Effect::Quit));
}

#[test]
fn the_header_tells_how_the_last_ingest_went() {
    let mut stage = Stage::open(shelf(), (80, 24), "");
    assert!(stage.line("breachline").ends_with("last ingest 3 h ago, 2 of 82 sources failed"));
    let at = "2026-11-23T05:12:00Z".parse().unwrap();
    stage.take(Msg::Run(Ok(Some(LastRun { at, ended: true, sources: 82, failed: Vec::new(), failure: None }))));
    assert!(stage.line("breachline").ends_with("last ingest 8 min ago"));
    stage.take(Msg::Run(Err(Trouble::Store("the index cannot be read".to_owned()))));
    assert!(stage.line("Timeline").contains("the index cannot be read"));
}
