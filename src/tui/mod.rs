//! The timeline in a terminal: state, messages, a pure update that returns effects as data, a pure view, and one loop.
//!
//! The loop waits for a message (a key, an answer of a worker, a signal), takes in all that are there, and draws once if
//! anything may look different. It never waits for the store: [`worker`] asks, and answers carry the number of their question.
//! Text from outside is made safe where it becomes a [`lines::Piece`] or passes [`lines::shown`].

pub mod bars;
pub mod changes;
pub mod command;
pub mod copied;
pub mod counts;
pub mod editing;
pub mod help;
pub mod keymap;
pub mod keys;
pub mod lanes;
pub mod layout;
pub mod lines;
pub mod marks;
pub mod memory;
pub mod msg;
pub mod palette;
pub mod prompt;
pub mod reading;
pub mod sheet;
pub mod spread;
pub mod state;
mod terminal;
pub mod update;
pub mod view;
pub mod words;
pub mod worker;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};

use crate::library::Library;
use crate::model::config::SavedQuery;
use crate::tui::keymap::Keymap;
use crate::tui::memory::Memory;
use crate::tui::msg::{Effect, Msg};
use crate::tui::palette::Palette;
use crate::tui::state::{Look, Notice, State};
use crate::tui::worker::Workers;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Opens an address in a browser, or says why it cannot. It is only ever given http and https.
pub type Opener = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// How the timeline begins and what it may use.
pub struct TuiOptions {
    /// The search to begin with; empty for what is remembered.
    pub query: String,
    /// Whose index it is, in a word or two; None for one on this machine.
    pub of: Option<String>,
    /// Something to say at the start.
    pub notice: Option<String>,
    /// How it was left the last time.
    pub memory: Memory,
    /// Which key does what.
    pub keys: Keymap,
    /// Which colour means what.
    pub palette: Palette,
    /// Tells the time.
    pub clock: Clock,
    /// Opens links.
    pub opener: Opener,
    /// Whether colours may be used: false where `NO_COLOR` is set.
    pub colour: bool,
    /// Whether only ASCII may be drawn: where the terminal's character set is not UTF-8.
    pub ascii: bool,
    /// The queries that `@name` may stand for in the search line.
    pub saved: Vec<SavedQuery>,
}

/// How the timeline was left.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// What to remember for the next time.
    pub memory: Memory,
    /// The edits that could not be kept before, each as it would be typed.
    pub lost: Vec<String>,
}

/// Why the timeline could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// There is no terminal on standard input and output.
    #[error("the timeline needs a terminal")]
    NoTerminal,
    /// The terminal could not be used.
    #[error("the terminal cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// Returns an opener that hands addresses to the desktop's browser.
pub fn browser() -> Opener {
    Arc::new(|url| open::that_detached(url).map_err(|error| error.to_string()))
}

/// Shows the timeline until it is left. The terminal is given back in every case.
pub fn browse<L: Library + 'static>(library: L, options: TuiOptions) -> Result<Left, TuiError> {
    if !terminal::is_there() {
        return Err(TuiError::NoTerminal);
    }
    let (to, messages) = mpsc::channel();
    let library = Arc::new(library);
    let workers = Workers::start(library.clone(), to.clone(), options.opener, options.clock.clone());
    let size = ratatui::crossterm::terminal::size()?;
    let look = Look { colour: options.colour, ascii: options.ascii };
    let mut state = State::new(size, look, (options.clock)(), &options.query);
    state.search.saved = options.saved;
    state.of = options.of;
    state.notice = options.notice.map(|text| Notice { text, bad: true });
    state.keys = Arc::new(options.keys);
    state.palette = Arc::new(options.palette);
    options.memory.recall(&mut state);
    let _guard = terminal::Guard::take()?;
    terminal::listen(to.clone())?;
    run(&mut state, &workers, &to, &messages)?;
    let memory = Memory::of(&state, library.last_stamp());
    Ok(Left { memory, lost: lost(&state) })
}

/// The one loop.
fn run(state: &mut State, workers: &Workers, to: &Sender<Msg>, messages: &Receiver<Msg>) -> io::Result<()> {
    let mut terminal = Terminal::new(CrosstermBackend::new(io::BufWriter::new(io::stdout())))?;
    let mut effects = update::begin(state);
    loop {
        let mut draw = false;
        for effect in effects.drain(..) {
            match effect {
                Effect::Quit => return Ok(()),
                Effect::Draw => draw = true,
                Effect::Wipe => wipe(&mut terminal)?,
                Effect::Copy(text) => terminal::copy(&text)?,
                Effect::Suspend => {
                    terminal::step_aside()?;
                    let (width, height) = ratatui::crossterm::terminal::size()?;
                    let _ = to.send(Msg::Resize(width, height)).and_then(|()| to.send(Msg::Resumed));
                }
                effect => workers.carry_out(effect),
            }
        }
        if draw {
            paint(state, &mut terminal)?;
        }
        let Ok(msg) = messages.recv() else { return Ok(()) };
        effects.extend(update::update(state, msg));
        for msg in messages.try_iter() {
            effects.extend(update::update(state, msg));
        }
    }
}

/// Returns the edits that are not kept, as they would be typed, with what they are for.
fn lost(state: &State) -> Vec<String> {
    let with_ids = |pending: &editing::Pending| {
        let ids: Vec<&str> = pending.incidents.iter().map(|id| id.0.as_str()).collect();
        format!("{}  ({})", pending.command, ids.join(" "))
    };
    state.editing.pending.iter().map(with_ids).collect()
}

type Screen = Terminal<CrosstermBackend<io::BufWriter<io::Stdout>>>;

/// Clears the screen, so that the next frame is drawn whole.
fn wipe(terminal: &mut Screen) -> io::Result<()> {
    // `clear` would ask the terminal where its cursor is, and the thread that reads keys would take the answer.
    terminal.resize(terminal.size()?.into())
}

/// Draws one frame, all at once where the terminal can do that.
fn paint(state: &State, terminal: &mut Screen) -> io::Result<()> {
    execute!(io::stdout(), BeginSynchronizedUpdate)?;
    terminal.draw(|frame| {
        if let Some(position) = view::draw(state, frame.buffer_mut()) {
            frame.set_cursor_position(position);
        }
    })?;
    execute!(io::stdout(), EndSynchronizedUpdate)
}
