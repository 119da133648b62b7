//! Lines in, lines out: in order, on all cores, in memory that does not grow with the input.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, RecvError, SyncSender, TryRecvError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

/// The longest line that is read, in bytes; longer ones are passed over and answered as [`Line::TooLong`].
const LONGEST: usize = 32 << 20;
/// Bytes of lines that may be under way at once; one line may always be.
const UNDER_WAY: usize = 64 << 20;
/// Stack of a worker: pages may nest deeply.
const STACK: usize = 16 << 20;

/// One line of the input.
pub(super) enum Line {
    /// Its bytes, without the line feed.
    Whole(Vec<u8>),
    /// The first bytes of a line that is longer than can be read.
    TooLong(Vec<u8>),
}

impl Line {
    /// Returns what was read of it.
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Line::Whole(bytes) | Line::TooLong(bytes) => bytes,
        }
    }
}

/// What a worker does: a line and its number, from 1, become the bytes of one line of the output.
pub(super) type Work = dyn Fn(&Line, u64) -> Vec<u8> + Send + Sync;

struct Job {
    line: Line,
    number: u64,
    answer: SyncSender<Vec<u8>>,
}

/// Answers each line that is not blank, in order, until the input ends or nobody reads the output any more.
///
/// `sorry` answers in place of `work` where that panics. The error is of reading, or of writing if that failed.
pub(super) fn run(
    input: impl Read + Send + 'static,
    output: &mut dyn Write,
    work: Arc<Work>,
    sorry: Arc<Work>,
) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let window = workers * 16;
    let budget = Arc::new(Budget::default());
    let (jobs, taken) = sync_channel::<Job>(window);
    let (promises, promised) = sync_channel::<(Receiver<Vec<u8>>, usize)>(window);
    let taken = Arc::new(Mutex::new(taken));
    for _ in 0..workers {
        let (taken, work, sorry) = (Arc::clone(&taken), Arc::clone(&work), Arc::clone(&sorry));
        thread::Builder::new().stack_size(STACK).spawn(move || serve(&taken, &*work, &*sorry))?;
    }
    let reader = {
        let budget = Arc::clone(&budget);
        thread::Builder::new().spawn(move || hand_out(input, &jobs, &promises, &budget))?
    };
    write_in_order(&promised, &budget, output)?;
    reader.join().unwrap_or_else(|_| Err(io::Error::other("reading stopped")))
}

/// Reads the lines and hands each to the workers, and to the writer the promise of its answer.
fn hand_out(
    input: impl Read,
    jobs: &SyncSender<Job>,
    promises: &SyncSender<(Receiver<Vec<u8>>, usize)>,
    budget: &Budget,
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(256 << 10, input);
    let mut number = 0;
    while let Some(line) = next_line(&mut input)? {
        number += 1;
        if line.bytes().iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let size = line.bytes().len();
        budget.take(size);
        let (answer, answered) = sync_channel(1);
        if promises.send((answered, size)).is_err() || jobs.send(Job { line, number, answer }).is_err() {
            break;
        }
    }
    Ok(())
}

/// Reads the next line, within the bound; None at the end.
pub(super) fn next_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        return Ok(Some(Line::Whole(bytes)));
    }
    if bytes.len() <= LONGEST {
        return Ok(Some(Line::Whole(bytes)));
    }
    input.skip_until(b'\n')?;
    bytes.truncate(4096);
    bytes.shrink_to_fit();
    Ok(Some(Line::TooLong(bytes)))
}

fn serve(taken: &Mutex<Receiver<Job>>, work: &Work, sorry: &Work) {
    loop {
        let job = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { line, number, answer }) = job else { return };
        let done = panic::catch_unwind(AssertUnwindSafe(|| work(&line, number)));
        let _ = answer.send(done.unwrap_or_else(|_| sorry(&line, number)));
    }
}

/// Writes the answers in the order of their lines; flushes whenever it has to wait, so that a reader sees what is done.
fn write_in_order(promised: &Receiver<(Receiver<Vec<u8>>, usize)>, budget: &Budget, output: &mut dyn Write) -> io::Result<()> {
    while let Ok((answered, size)) = next(promised, output)? {
        if let Ok(bytes) = next(&answered, output)? {
            output.write_all(&bytes)?;
        }
        budget.give(size);
    }
    output.flush()
}

fn next<T>(from: &Receiver<T>, output: &mut dyn Write) -> io::Result<Result<T, RecvError>> {
    match from.try_recv() {
        Ok(value) => Ok(Ok(value)),
        Err(TryRecvError::Disconnected) => Ok(Err(RecvError)),
        Err(TryRecvError::Empty) => {
            output.flush()?;
            Ok(from.recv())
        }
    }
}

/// Bytes under way.
#[derive(Default)]
struct Budget {
    used: Mutex<usize>,
    given: Condvar,
}

impl Budget {
    /// Waits until there is room for that many bytes, or nothing else is under way.
    fn take(&self, bytes: usize) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |used: &mut usize| *used > 0 && *used + bytes > UNDER_WAY;
        *self.given.wait_while(used, full).unwrap_or_else(PoisonError::into_inner) += bytes;
    }

    fn give(&self, bytes: usize) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) -= bytes;
        self.given.notify_one();
    }
}
