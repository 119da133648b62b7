//! Plays the screen without a terminal: keys in, effects answered at once or held back, screens as text.

use breachline::library::Library;
use breachline::tui::keys::Key;
use breachline::tui::msg::{Effect, Msg};
use breachline::tui::state::{Look, State};
use breachline::tui::{update, view, worker};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub const LOOK: Look = Look { colour: true, ascii: false };

/// A screen with its library.
pub struct Stage<L: Library> {
    pub state: State,
    pub library: L,
    /// What was to be done since this was last emptied, without what workers were asked for.
    pub done: Vec<Effect>,
}

impl<L: Library> Stage<L> {
    /// Opens the screen and answers what it asks at the start.
    pub fn open(library: L, size: (u16, u16), query: &str) -> Stage<L> {
        Stage::open_with(library, size, query, LOOK)
    }

    pub fn open_with(library: L, size: (u16, u16), query: &str, look: Look) -> Stage<L> {
        let now = "2026-11-23T05:20:00Z".parse().unwrap();
        let mut stage = Stage { state: State::new(size, look, now, query), library, done: Vec::new() };
        let effects = update::begin(&mut stage.state);
        stage.carry_out(effects);
        stage
    }

    /// Takes a message in, and every answer that follows from it.
    pub fn take(&mut self, msg: Msg) {
        let effects = update::update(&mut self.state, msg);
        self.carry_out(effects);
    }

    /// Presses keys, written as in the help with a space between: `j j Enter Ctrl-d`. A word in quotes is typed.
    pub fn press(&mut self, keys: &str) {
        for key in read_keys(keys) {
            self.take(Msg::Key(key));
        }
    }

    pub fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut queue = std::collections::VecDeque::from(effects);
        let mut answered = 0;
        while let Some(effect) = queue.pop_front() {
            match worker::answer(&self.library, effect.clone()) {
                Some(msg) => {
                    answered += 1;
                    assert!(answered < 200, "one message leads to endless questions");
                    queue.extend(update::update(&mut self.state, msg));
                }
                None => self.done.push(effect),
            }
        }
    }

    /// Returns the screen as text.
    pub fn screen(&self) -> String {
        let buffer = draw(&self.state);
        text(&buffer)
    }

    /// Returns the id of the selected incident.
    pub fn selected(&self) -> &str {
        self.state.list.cursor.as_ref().map_or("", |cursor| &cursor.id.0)
    }

    /// Returns the first line of the screen that holds some words.
    pub fn line(&self, words: &str) -> String {
        let screen = self.screen();
        screen.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no line says {words:?}:\n{screen}")).to_owned()
    }
}

pub fn draw(state: &State) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, state.size.0, state.size.1));
    view::draw(state, &mut buffer);
    buffer
}

/// Returns a drawn screen as lines of text without the spaces at their ends.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if skip == 0 {
                line.push_str(symbol);
                skip = if symbol.len() == 1 { 0 } else { breachline::tui::lines::columns(symbol).saturating_sub(1) };
            } else {
                skip -= 1;
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

pub fn read_keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    for (i, part) in text.split('"').enumerate() {
        match i % 2 {
            0 => keys.extend(part.split_whitespace().map(key)),
            _ => keys.extend(part.chars().map(Key::Char)),
        }
    }
    keys
}

fn key(name: &str) -> Key {
    name.parse().unwrap_or_else(|()| panic!("{name} is no key"))
}
