//! Random keys, mouse and sizes, faster than answers come: the program must live and show something whenever it is left alone.

use std::path::Path;
use std::time::{Duration, Instant};

use super::terminal::Terminal;

/// Letters and signs; none that leaves or opens a browser.
const LETTERS: &[u8] = b"jkgGnNm'abcdefhiIlprstuvwxyzZ[]+-*MSVL120/:? \">.@~()";
/// What a terminal sends for other keys, between spaces: Enter, Esc, Tab, Backspace, Ctrl with a letter, arrows, pages, ends, and a wide letter.
/// None steps aside.
const OTHERS: &str = "\r \r \r \x1b \x1b \x1b \t \x7f \x15 \x17 \x04 \x0e \x0c \x1b[A \x1b[B \x1b[C \x1b[D \x1b[5~ \x1b[6~ \x1b[H \x1b[F \x1b[Z \x1b[3~ 東";
/// What is typed in one go now and then.
const TYPED: [&str; 6] =
    ["/\x15kind:breach\r", "/\x15records:>1M sort:records\r", "/\x15b", "/ after:2015\r", ":sort date\r", "/\x15\r"];
const SIZES: [(u16, u16); 9] = [(60, 15), (80, 24), (120, 40), (200, 50), (149, 20), (150, 19), (300, 100), (61, 37), (20, 6)];
/// The most keys that are pressed before it is left alone for a moment.
const BURST: usize = 100;
/// How long it may take to draw.
const PATIENCE: Duration = Duration::from_secs(60);

/// A small generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("fewer than the sides")
    }

    fn key(&mut self) -> Vec<u8> {
        if self.roll(3) > 0 {
            return vec![LETTERS[self.roll(LETTERS.len())]];
        }
        let others: Vec<&str> = OTHERS.split(' ').collect();
        others[self.roll(others.len())].as_bytes().to_vec()
    }

    fn mouse(&mut self) -> Vec<u8> {
        let (button, end) = [(0, 'M'), (32, 'M'), (0, 'm'), (64, 'M'), (65, 'M')][self.roll(5)];
        format!("\x1b[<{button};{};{}{end}", 1 + self.roll(130), 1 + self.roll(45)).into_bytes()
    }
}

/// Goes so many steps; returns how long that took. What is edited on the way stays edited.
pub fn walk(index: &Path, seed: u64, steps: usize) -> Duration {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 + seed);
    let mut terminal = Terminal::start(index);
    let began = Instant::now();
    terminal.until_started(began, PATIENCE);
    let (mut step, mut even) = (0, false);
    while step < steps {
        for _ in 0..1 + dice.roll(BURST) {
            match dice.roll(30) {
                0 => terminal.resize(SIZES[dice.roll(SIZES.len())]),
                1 => terminal.press(TYPED[dice.roll(TYPED.len())].as_bytes()),
                2 => terminal.press(&dice.mouse()),
                _ => terminal.press(&dice.key()),
            }
            step += 1;
        }
        // A size that it has not is drawn whatever it is doing, after all keys before it.
        even = !even;
        terminal.settle();
        terminal.resize(if even { (81, 25) } else { (119, 39) });
        assert!(terminal.frame(PATIENCE).is_some(), "it draws nothing at step {step} of walk {seed}");
        terminal.settle();
        terminal.until_shown(PATIENCE);
    }
    let took = began.elapsed();
    terminal.kill();
    took
}
