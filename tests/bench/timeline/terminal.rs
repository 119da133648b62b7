//! The program in a pseudo-terminal: what is pressed, and what is on the screen when.

use std::ffi::OsStr;
use std::fs;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Columns and lines.
const SIZE: (NonZero<u16>, NonZero<u16>) = (NonZero::new(120).expect("columns"), NonZero::new(40).expect("lines"));
/// What ends a frame: the end of a synchronized update.
const FRAME: &[u8] = b"\x1b[?2026l";
/// Where nothing is drawn for so long, nothing will be.
const QUIET: Duration = Duration::from_millis(60);

/// The program in its terminal.
pub struct Terminal {
    child: Child,
    keys: File,
    drawn: Receiver<(Instant, Vec<u8>)>,
    written: Arc<AtomicUsize>,
    screen: vt100::Parser,
    /// What was drawn after the last whole frame.
    rest: Vec<u8>,
}

/// How long it took from the start.
pub struct Started {
    /// To the first frame with incidents on it.
    pub picture: Duration,
    /// To the one that has the bars of the years as well.
    pub bars: Duration,
}

/// Kilobytes in words.
pub struct Memory {
    /// What only this process has.
    pub own: String,
    /// The most that it ever had, with mapped files.
    pub most: String,
    /// All, with mapped files.
    pub all: String,
}

/// What stands on the screen.
pub struct Screen(String);

impl Screen {
    fn line(&self, at: usize) -> &str {
        self.0.lines().nth(at).unwrap_or("")
    }

    fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Whether incidents are listed.
    pub fn has_incidents(&self) -> bool {
        self.line(0).contains(" incident") && self.0.contains('▌')
    }

    /// Whether the picture of the years has bars.
    pub fn has_bars(&self) -> bool {
        self.0.contains(['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'])
    }

    /// Whether the search line says this and what it finds is on the screen, or what is wrong with it.
    pub fn has_searched(&self, text: &str) -> bool {
        let typed = self.0.lines().find_map(|line| line.strip_prefix(" / ")).unwrap_or("").trim_end();
        let head = self.line(0);
        let wrong = self.0.lines().any(|line| line.trim_start().starts_with('↑'));
        let answered = !head.contains('…') && head.contains("found") != text.is_empty();
        let says = if text.is_empty() { typed.is_empty() || typed.starts_with("search:") } else { typed == text.trim_end() };
        says && (answered || wrong)
    }
}

/// A service of an index on this machine, until it is dropped.
pub struct Service {
    child: Child,
    /// Its address.
    pub url: String,
}

impl Service {
    /// Starts it on a free port.
    pub fn start(index: &Path) -> Service {
        let mut child = Command::new(env!("CARGO_BIN_EXE_breachline"))
            .args(["serve", "--listen", "127.0.0.1:0", "--rate", "1000000", "--index"])
            .arg(index)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service");
        let mut url = String::new();
        let said = child.stdout.take().expect("what it says");
        BufReader::new(said).read_line(&mut url).expect("its address");
        Service { child, url: url.trim().to_owned() }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Terminal {
    /// Starts the program on an index, and in its folder, so that what is written on the way is written there.
    pub fn start(index: &Path) -> Terminal {
        let index = fs::canonicalize(index).expect("an index");
        Terminal::start_with(&[OsStr::new("--index"), index.as_os_str()], &index)
    }

    /// Starts the program on the index of a service. What is remembered of it is remembered nowhere.
    pub fn start_remote(url: &str) -> Terminal {
        Terminal::start_with(&[OsStr::new("--remote"), OsStr::new(url)], Path::new("/"))
    }

    fn start_with(args: &[&OsStr], folder: &Path) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a pseudo-terminal");
        let size = Winsize { ws_col: SIZE.0.get(), ws_row: SIZE.1.get(), ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).expect("a size");
        let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("a path");
        let end = || -> Stdio { File::options().read(true).write(true).open(&name).expect("the other end").into() };
        // setsid makes the terminal that of the program, so that it does not ask the one in which the bench runs.
        let child = Command::new("setsid")
            .args(["--ctty", env!("CARGO_BIN_EXE_breachline"), "browse", "--author", "bench"])
            .args(args)
            .current_dir(folder)
            .env_clear()
            .envs([("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("HOME", "/nonexistent"), ("PATH", "/usr/bin:/bin")])
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("the program");
        let keys = File::from(master);
        let mut reader = keys.try_clone().expect("a handle");
        let (to, drawn) = mpsc::channel();
        let written = Arc::new(AtomicUsize::new(0));
        let counted = written.clone();
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count) = reader.read(&mut buffer) {
                counted.fetch_add(count, Ordering::Relaxed);
                if count == 0 || to.send((Instant::now(), buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        Terminal { child, keys, drawn, written, screen: vt100::Parser::new(SIZE.1, SIZE.0, 0), rest: Vec::new() }
    }

    /// Presses keys, as the bytes that a terminal sends for them.
    pub fn press(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).expect("a key");
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, (columns, lines): (u16, u16)) {
        let size = Winsize { ws_col: columns, ws_row: lines, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.keys, size).expect("a size");
        if let (Some(columns), Some(lines)) = (NonZero::new(columns), NonZero::new(lines)) {
            self.screen.screen_mut().set_size(lines, columns);
        }
    }

    /// Waits for the end of the next frame; None where there is none for so long.
    pub fn frame(&mut self, patience: Duration) -> Option<Instant> {
        let end = Instant::now() + patience;
        loop {
            if let Some(at) = self.rest.windows(FRAME.len()).position(|bytes| bytes == FRAME) {
                let frame: Vec<u8> = self.rest.drain(..at + FRAME.len()).collect();
                self.screen.process(&frame);
                return Some(Instant::now());
            }
            match self.drawn.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok((_, bytes)) => self.rest.extend(bytes),
                Err(RecvTimeoutError::Timeout) => return None,
                Err(RecvTimeoutError::Disconnected) => panic!("it ended:\n{}", self.screen.screen().contents()),
            }
        }
    }

    /// Waits for the frame on which something holds; returns when it was whole.
    pub fn until(&mut self, patience: Duration, holds: impl Fn(&Screen) -> bool) -> Instant {
        let end = Instant::now() + patience;
        while let Some(at) = self.frame(end.saturating_duration_since(Instant::now())) {
            if holds(&self.shown()) {
                return at;
            }
        }
        panic!("what is waited for does not come:\n{}", self.screen.screen().contents());
    }

    /// Takes in all that is still being drawn.
    pub fn settle(&mut self) {
        while self.frame(QUIET).is_some() {}
    }

    /// Waits until edits are kept and nothing has been drawn for a while: two seconds, since it looks for changes as often.
    pub fn rest(&mut self, patience: Duration) {
        let end = Instant::now() + patience;
        while Instant::now() < end && self.frame(Duration::from_millis(2500)).is_some() {}
    }

    /// Waits until it has drawn what there is, and tells how long that took.
    pub fn until_started(&mut self, began: Instant, patience: Duration) -> Started {
        let picture = self.until(patience, Screen::has_incidents).duration_since(began);
        let bars = if self.shown().has_bars() { Instant::now() } else { self.until(patience, Screen::has_bars) };
        self.settle();
        Started { picture, bars: bars.duration_since(began) }
    }

    /// Returns the first line: how many incidents there are.
    pub fn count(&self) -> String {
        self.shown().line(0).trim().to_owned()
    }

    fn shown(&self) -> Screen {
        Screen(self.screen.screen().contents())
    }

    /// Waits until something stands on the screen, where nothing does.
    pub fn until_shown(&mut self, patience: Duration) {
        if self.shown().is_blank() {
            self.until(patience, |screen| !screen.is_blank());
        }
    }

    /// Returns the bytes that were drawn so far.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    /// Returns the time that all its threads have computed.
    pub fn cpu(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or("");
        // utime and stime are the 14th and 15th fields, in hundredths of a second; the name is the second.
        let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Returns the memory that it has.
    pub fn memory(&self) -> Memory {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or("");
            let kilobytes: u64 = line.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(0);
            format!("{} MB", kilobytes / 1024)
        };
        Memory { own: of("RssAnon:"), most: of("VmHWM:"), all: of("VmRSS:") }
    }

    /// Ends it, wherever it is.
    pub fn kill(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("its end");
    }

    /// Waits for its end.
    pub fn end(mut self) {
        let ended = self.child.wait().expect("its end");
        assert!(ended.success(), "it ended with {ended}");
    }
}
