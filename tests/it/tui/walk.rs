//! Random keys, sizes and answers: never a panic, always a screen. Foreign text that would like to act on the terminal.

use std::path::Path;

use breachline::library::Library;
use breachline::library::local::Local;
use breachline::store::Reader;
use breachline::tui::keys::{BINDINGS, Key};
use breachline::tui::msg::{Mouse, Msg};
use breachline::tui::state::{CHUNK, CHUNKS_KEPT, Focus, Look};

use super::shelf::shelf;
use super::stage::{Stage, draw, text};

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

fn any_key(dice: &mut Dice) -> Key {
    match dice.roll(5) {
        0 => Key::Char(b"abcdeght:\" >n/"[dice.roll(14)].into()),
        1 => [Key::Enter, Key::Esc, Key::Tab, Key::Char('j'), Key::Char('G'), Key::Char('/')][dice.roll(6)],
        _ => {
            let binding = &BINDINGS[dice.roll(BINDINGS.len())];
            binding.keys[dice.roll(binding.keys.len())]
        }
    }
}

fn any_size(dice: &mut Dice) -> (u16, u16) {
    const SIZES: [(u16, u16); 9] =
        [(60, 15), (80, 24), (120, 40), (200, 50), (149, 20), (150, 19), (300, 100), (61, 37), (59, 90)];
    match dice.roll(3) {
        0 => (dice.roll(220) as u16, dice.roll(70) as u16),
        _ => SIZES[dice.roll(SIZES.len())],
    }
}

fn any_msg(dice: &mut Dice) -> Msg {
    const PASTED: [&str; 6] = [
        "kind:breach\n\u{1b}]52;c;x\u{7} 東京",
        "records:>1M",
        "after:2015 before:2025-06",
        "attacker:lock* OR victim:b*",
        " -kind:breach sort:records",
        "has:attacker (data OR \"of the\")",
    ];
    match dice.roll(24) {
        0 => {
            let (width, height) = any_size(dice);
            Msg::Resize(width, height)
        }
        1 => Msg::Changed,
        2 => Msg::Paste(PASTED[dice.roll(PASTED.len())].to_owned()),
        3 => {
            let mouse = [Mouse::Press, Mouse::Drag, Mouse::Release, Mouse::WheelUp, Mouse::WheelDown][dice.roll(5)];
            Msg::Mouse(mouse, (dice.roll(220) as u16, dice.roll(70) as u16))
        }
        _ => Msg::Key(any_key(dice)),
    }
}

/// Goes so many random steps, and checks after each that there is a screen and that the state is sound.
pub fn walk(library: impl Library, seed: u64, steps: usize) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 + seed);
    let mut stage = Stage::open_with(library, (80, 24), "", Look { colour: true, ascii: seed == 3 });
    for step in 0..steps {
        stage.take(any_msg(&mut dice));
        stage.done.clear();
        let screen = stage.screen();
        let (width, height) = stage.state.size;
        assert!(width == 0 || height == 0 || !screen.trim().is_empty(), "step {step} of walk {seed}");
        sound(&stage.state);
    }
}

fn steps() -> usize {
    std::env::var("BREACHLINE_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(1_000)
}

#[test]
fn a_random_walk_never_panics_and_always_draws() {
    // A long walk: BREACHLINE_STEPS=100000 cargo test --release random_walk
    for seed in 1..=3 {
        walk(shelf(), seed, steps());
    }
}

#[test]
fn a_random_walk_over_a_real_index_never_panics_and_always_draws() {
    // BREACHLINE_WALK_INDEX=DIR BREACHLINE_STEPS=100000 cargo test --release random_walk; the index is only read.
    let Some(dir) = std::env::var_os("BREACHLINE_WALK_INDEX") else { return };
    for seed in 1..=3 {
        let reader = Reader::open(Path::new(&dir)).unwrap_or_else(|error| panic!("{}: {error}", Path::new(&dir).display()));
        walk(Local::new(reader, || "2026-11-30T12:00:00Z".parse().unwrap(), Vec::new()), seed, steps());
    }
}

/// Checks what must hold of the state after every message.
fn sound(state: &breachline::tui::state::State) {
    let list = &state.list;
    assert!(list.total == 0 || list.at < list.total);
    assert!(list.top <= list.at);
    if let (Some(cursor), Some(row)) = (&list.cursor, list.row(list.at)) {
        assert_eq!(cursor.id, row.id);
    }
    assert!(state.detail.item <= state.detail.sheet.items.len());
    assert!(state.help.is_none() || !state.search.open && !state.command.open);
    assert!(list.chunks.len() <= CHUNKS_KEPT && list.chunks.values().all(|rows| rows.len() <= CHUNK));
    assert!(state.focus != Focus::Article || state.article.is_some());
    assert!(state.focus != Focus::Lanes || state.lanes.shown.is_some());
    assert!(state.facets.is_empty() || state.facets.item < state.facets.len());
    assert!(state.picture.window.is_none_or(|window| window.earliest <= window.latest));
}

/// Text that would clear the screen, set the title, fill the clipboard, turn the reading direction, or hide.
const HOSTILE: [&str; 8] = [
    "\x1b[2J\x1b[H\x1b]0;owned\x07Evil",
    "\x1b]52;c;ZXZpbA==\x07Corp",
    "\u{9b}31m\u{9d}0;x\u{9c}Inc",
    "gpj\u{202e}exe.\u{2066}txt\u{2069}",
    "a\u{200b}b\u{feff}c\u{e0041}d\u{2028}e",
    "line\r\nfeed\ttab\u{8}\u{7f}",
    "👩\u{200d}👩\u{200d}👧 e\u{301}\u{327}\u{302} 東京都ｼｽﾃﾑ",
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}a\u{334}\u{315}\u{31e}l\u{30e}g\u{307}o\u{310} بنك",
];

fn hostile() -> super::shelf::Shelf {
    let mut library = shelf();
    for (i, incident) in library.incidents.iter_mut().enumerate() {
        let evil = HOSTILE[i % HOSTILE.len()];
        incident.victim.name = format!("{evil} {i}");
        incident.victim.aliases = vec![evil.to_owned()];
        incident.attackers = vec![super::shelf::attacker(evil, breachline::model::report::Attribution::Claimed)];
        for filed in &mut incident.reports {
            filed.title = evil.to_owned();
            filed.source = evil.to_owned();
            filed.url = format!("https://x.example/{evil}");
            for evidence in &mut filed.report.evidence {
                evidence.quote = evil.to_owned();
            }
        }
    }
    for (i, opened) in library.articles.iter_mut().enumerate() {
        let evil = HOSTILE[i % HOSTILE.len()];
        opened.source = evil.to_owned();
        opened.article.title = evil.to_owned();
        opened.article.text = format!("{evil}\n{} {evil}", evil.repeat(40));
    }
    library
}

#[test]
fn foreign_text_does_nothing_to_the_terminal() {
    for size in [(60, 15), (80, 24), (200, 50)] {
        for start in 0..HOSTILE.len() {
            let mut stage = Stage::open(hostile(), size, "");
            stage.press(&"j ".repeat(start));
            for keys in ["", "f", "q f Enter", "G", "Enter", "G", "q q"] {
                stage.press(keys);
                for cell in draw(&stage.state).content() {
                    let harmful = cell.symbol().chars().find(|c| breachline::base::safe::is_unsafe(*c) || c.is_control());
                    assert_eq!(harmful, None, "{:?} is drawn after {keys:?} at {size:?}", cell.symbol());
                }
            }
        }
    }
}

#[test]
fn notices_of_foreign_text_are_safe_too() {
    let mut stage = Stage::open(shelf(), (80, 24), "");
    for evil in HOSTILE {
        stage.take(Msg::LinkOpened(evil.to_owned(), Some(evil.to_owned())));
        for cell in draw(&stage.state).content() {
            assert!(!cell.symbol().chars().any(|c| breachline::base::safe::is_unsafe(c) || c.is_control()));
        }
    }
}

#[test]
fn wide_and_combining_names_leave_the_columns_in_line() {
    for size in [(60, 15), (80, 24), (120, 40), (200, 50)] {
        let stage = Stage::open(hostile(), size, "");
        let plain = Stage::open(shelf(), size, "");
        let column = |screen: &str, name: &str| {
            let line = screen.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name}:\n{screen}"));
            breachline::tui::lines::columns(&line[..line.find(name).unwrap()])
        };
        let (hostile, plain) = (text(&draw(&stage.state)), text(&draw(&plain.state)));
        for kind in ["ransomware", "breach ", "ddos"] {
            assert_eq!(column(&hostile, kind), column(&plain, kind), "{kind} at {size:?}:\n{hostile}");
        }
    }
}

#[test]
fn wrapping_keeps_every_word_and_every_width() {
    use breachline::tui::lines::{columns, wrap};
    let texts = [
        "",
        " ",
        "one",
        "one two  three",
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "東京都は二十三日、",
        "a-b-c-d/e/f",
        "x   ",
    ];
    for text in texts.into_iter().chain(HOSTILE) {
        for width in [2, 3, 5, 8, 40] {
            let lines = wrap(text, width);
            let kept: String = lines.iter().map(|range| &text[range.clone()]).collect();
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            assert_eq!(bare(&kept), bare(text), "{text:?} at {width}");
            for range in lines {
                assert!(columns(&text[range.clone()]) <= width, "{:?} is wider than {width}", &text[range]);
            }
        }
    }
}
