//! An hour of keys, as an analyst pressed them in the morning after a busy night, pressed again without the pauses for reading.

use std::time::{Duration, Instant};

use crate::terminal::Terminal;

/// The keys, as the help writes them; what is in quotes is typed. A line is what was done in one go.
const KEYS: &str = include_str!("keys.txt");
/// Where a key has drawn nothing for so long, it draws nothing.
const NOTHING: Duration = Duration::from_millis(250);

/// Presses all keys; returns how long each took to the frame that follows it, with the key and the line that it is on.
pub fn hour(terminal: &mut Terminal) -> Vec<(Duration, String)> {
    let mut took = Vec::new();
    for (at, line) in KEYS.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
        for (name, key) in read(line) {
            let began = Instant::now();
            terminal.press(&key);
            let frame = terminal.frame(NOTHING).map(|end| end.duration_since(began));
            took.extend(frame.map(|took| (took, format!("{name} of line {}", at + 1))));
            terminal.settle();
        }
    }
    took
}

/// Returns the keys of a line, each with its bytes.
fn read(line: &str) -> Vec<(String, Vec<u8>)> {
    let mut keys = Vec::new();
    for (i, part) in line.split('"').enumerate() {
        match i % 2 {
            0 => keys.extend(part.split_whitespace().map(|key| (key.to_owned(), bytes(key)))),
            _ => keys.extend(part.chars().map(|letter| (letter.to_string(), letter.to_string().into_bytes()))),
        }
    }
    keys
}

fn bytes(key: &str) -> Vec<u8> {
    match key {
        "Enter" => b"\r".to_vec(),
        "Esc" => b"\x1b".to_vec(),
        "Tab" => b"\t".to_vec(),
        "Space" => b" ".to_vec(),
        "Up" => b"\x1b[A".to_vec(),
        "Down" => b"\x1b[B".to_vec(),
        "PgDn" => b"\x1b[6~".to_vec(),
        "PgUp" => b"\x1b[5~".to_vec(),
        key => match key.strip_prefix("Ctrl-") {
            Some(letter) => letter.bytes().map(|letter| letter & 0x1f).collect(),
            None => key.as_bytes().to_vec(),
        },
    }
}
