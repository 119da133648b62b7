//! The threads that answer: one finds, one counts, one loads, one edits, one writes files, one watches for changes. The newest question
//! goes first; those that it makes pointless are never begun. Edits and files are made in the order in which they were asked for, and none is dropped.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::library::{Background, Library, Page, Place, Question, Trouble};
use crate::model::incident::{Incident, IncidentId};
use crate::tui::msg::{Effect, FoundAt, Msg, Sought};
use crate::tui::state::CHUNK;
use crate::tui::{Clock, Opener};

/// How often the watcher looks whether anything has changed.
const WATCH: Duration = Duration::from_secs(2);

/// How often an edit is tried again that has to wait for another process.
const RETRY: Duration = Duration::from_secs(1);

/// The workers. They end when this is dropped and what they are doing is done.
pub struct Workers {
    finder: Sender<Effect>,
    counter: Sender<Effect>,
    loader: Sender<Effect>,
    editor: Sender<Effect>,
    clerk: Sender<Effect>,
    _watcher: Sender<()>,
    opener: Opener,
    answers: Sender<Msg>,
}

impl Workers {
    /// Starts the threads; their answers go to `answers`.
    pub fn start<L: Library + 'static>(library: Arc<L>, answers: Sender<Msg>, opener: Opener, clock: Clock) -> Workers {
        let (finder, jobs) = mpsc::channel();
        spawn_worker(library.clone(), jobs, answers.clone());
        // Counts go through all that is found: the rows of the next letter need not wait for them.
        let (counter, jobs) = mpsc::channel();
        spawn_worker(library.clone(), jobs, answers.clone());
        let (loader, jobs) = mpsc::channel();
        spawn_worker(library.clone(), jobs, answers.clone());
        let in_turn = || {
            let (hand, jobs) = mpsc::channel();
            let (shelf, told) = (library.clone(), answers.clone());
            thread::spawn(move || one_by_one(&*shelf, &jobs, &told));
            hand
        };
        let (editor, clerk) = (in_turn(), in_turn());
        let (watcher, end) = mpsc::channel();
        let told = answers.clone();
        thread::spawn(move || watch(&*library, &clock, &told, &end));
        Workers { finder, counter, loader, editor, clerk, _watcher: watcher, opener, answers }
    }

    /// Hands a job to the worker whose it is. Effects that are for the terminal are not for workers and are ignored.
    pub fn carry_out(&self, effect: Effect) {
        let _ = match effect {
            Effect::Find(..) | Effect::Rows(..) => self.finder.send(effect),
            Effect::Days(..) | Effect::Facets(..) | Effect::Names(..) | Effect::Lanes(..) => self.counter.send(effect),
            Effect::Incident(..) | Effect::Article(..) | Effect::News(..) | Effect::LastRun => self.loader.send(effect),
            Effect::Edit(..) => self.editor.send(effect),
            Effect::Export(..) | Effect::Watch(..) => self.clerk.send(effect),
            Effect::OpenLink(url) => {
                let (opener, answers) = (self.opener.clone(), self.answers.clone());
                thread::spawn(move || answers.send(Msg::LinkOpened(url.clone(), opener(&url).err())));
                return;
            }
            _ => return,
        };
    }
}

fn spawn_worker<L: Library + 'static>(library: Arc<L>, jobs: Receiver<Effect>, answers: Sender<Msg>) {
    thread::spawn(move || {
        let mut queue = VecDeque::new();
        loop {
            if queue.is_empty() {
                let Ok(job) = jobs.recv() else { return };
                queue.push_back(job);
            }
            queue.extend(jobs.try_iter());
            in_order(&mut queue);
            let answer = queue.pop_front().and_then(|job| answer(&*library, job));
            if answer.is_some_and(|answer| answers.send(answer).is_err()) {
                return;
            }
        }
    });
}

/// Does jobs one after the other. An edit that has to wait for another process is tried until it can be made.
fn one_by_one<L: Library + ?Sized>(library: &L, jobs: &Receiver<Effect>, answers: &Sender<Msg>) {
    for job in jobs {
        let mut told = false;
        while let Some(answer) = answer(library, job.clone()) {
            let waits = matches!(answer, Msg::EditWaits(..));
            if !(waits && told) && answers.send(answer).is_err() {
                return;
            }
            if !waits {
                break;
            }
            told = true;
            thread::sleep(RETRY);
        }
    }
}

/// Drops jobs that a newer one of their sort makes pointless, and puts first what the eye waits for.
pub fn in_order(queue: &mut VecDeque<Effect>) {
    let sort = |job: &Effect| match job {
        Effect::Find(..) => 0,
        Effect::Rows(..) => 1,
        Effect::Incident(..) => 2,
        Effect::Article(..) => 3,
        Effect::Names(..) => 4,
        Effect::Days(..) => 5,
        Effect::Facets(..) => 6,
        Effect::Lanes(..) => 7,
        Effect::News(..) => 8,
        _ => 9,
    };
    let mut kept: Vec<Effect> = Vec::new();
    for job in queue.drain(..).rev() {
        let pointless = match job {
            Effect::Rows(..) => kept.contains(&job),
            _ => kept.iter().any(|newer| sort(newer) == sort(&job)),
        };
        if !pointless {
            kept.push(job);
        }
    }
    kept.reverse();
    kept.sort_by_key(sort);
    queue.extend(kept);
}

/// Does one job. A panic within becomes an answer that says so, and the worker lives on.
pub fn answer<L: Library + ?Sized>(library: &L, job: Effect) -> Option<Msg> {
    Some(match job {
        Effect::Find(n, question, sought) => Msg::Found(n, safely(|| find(library, &question, sought.as_ref()))),
        Effect::Rows(n, question, page) => Msg::Rows(n, page.offset, safely(|| Ok(library.find(&question, page)?.rows))),
        Effect::Days(n, question) => Msg::Days(n, safely(|| library.days(&question))),
        Effect::Facets(n, question) => Msg::Facets(n, safely(|| library.facets(&question))),
        Effect::Names(n, question) => Msg::Names(n, safely(|| library.facets(&question))),
        Effect::Lanes(n, question, field) => Msg::Lanes(n, safely(|| library.lanes(&question, field))),
        Effect::Incident(n, id) => Msg::Incident(n, Box::new(safely(|| incident(library, &id)))),
        Effect::Article(n, id) => Msg::Article(n, Box::new(safely(|| library.article(id)))),
        Effect::Edit(n, incidents, request) => match safely(|| library.edit(&incidents, &request)) {
            Err(Trouble::Busy(why)) => Msg::EditWaits(n, why),
            done => Msg::Edited(n, done),
        },
        Effect::Export(request) => Msg::Done(safely(|| library.export(&request))),
        Effect::Watch(query, request) => Msg::Done(safely(|| library.watch(&query, &request))),
        Effect::News(n, since) => Msg::News(n, safely(|| library.news(since))),
        Effect::LastRun => Msg::Run(safely(|| library.last_run())),
        _ => return None,
    })
}

fn safely<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let what = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let what = what.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        Err(Trouble::Store(format!("reading the store failed, which is a fault of the program: {what}")))
    })
}

fn incident<L: Library + ?Sized>(library: &L, id: &IncidentId) -> Result<Option<(Incident, Background)>, Trouble> {
    let Some(incident) = library.incident(id)? else { return Ok(None) };
    let background = library.background(&incident)?;
    Ok(Some((incident, background)))
}

fn find<L: Library + ?Sized>(library: &L, question: &Question, sought: Option<&Sought>) -> Result<FoundAt, Trouble> {
    let first = library.find(question, Page { offset: 0, limit: CHUNK })?;
    let top = |at: usize| FoundAt {
        total: first.total,
        by_day: first.by_day,
        offset: 0,
        rows: first.rows.clone(),
        at,
        why: first.why.clone(),
    };
    let Some(sought) = sought else { return Ok(top(0)) };
    if let Some(at) = first.rows.iter().position(|row| row.id == sought.id) {
        return Ok(top(at));
    }
    if first.total <= first.rows.len() && !sought.near {
        return Ok(top(0));
    }
    let place = library.place(question, &sought.id, sought.days)?;
    let Place { offset: at, .. } = match place {
        place if place.exact || sought.near => place,
        _ => return Ok(top(0)),
    };
    let from = at.saturating_sub(CHUNK / 2) / CHUNK * CHUNK;
    let to = (at + CHUNK / 2) / CHUNK * CHUNK + CHUNK;
    let found = library.find(question, Page { offset: from, limit: to - from })?;
    Ok(FoundAt { total: found.total, by_day: found.by_day, offset: from, rows: found.rows, at, why: found.why })
}

/// Tells when what is kept changes, when nobody answers any more or again, and when another minute has begun, until `end` is closed.
fn watch<L: Library + ?Sized>(library: &L, clock: &Clock, answers: &Sender<Msg>, end: &Receiver<()>) {
    let mut heard = Heard { stamp: safely(|| library.stamp()).ok(), away: false };
    let mut minute = minute_of(clock());
    while end.recv_timeout(WATCH) == Err(RecvTimeoutError::Timeout) {
        let msg = heard.next(safely(|| library.stamp()));
        if msg.is_some_and(|msg| answers.send(msg).is_err()) {
            return;
        }
        let moment = clock();
        if minute_of(moment) != minute {
            minute = minute_of(moment);
            if answers.send(Msg::Now(moment)).is_err() {
                return;
            }
        }
    }
}

/// What was last heard of a library.
#[derive(Debug, Default)]
pub struct Heard {
    /// Its stamp.
    pub stamp: Option<u64>,
    /// Whether it did not answer.
    pub away: bool,
}

impl Heard {
    /// Takes in what it says now; returns what that means, where it means something new.
    pub fn next(&mut self, stamp: Result<u64, Trouble>) -> Option<Msg> {
        match stamp {
            Ok(now) => {
                let (was_away, before) = (std::mem::take(&mut self.away), self.stamp.replace(now));
                if was_away { Some(Msg::Back) } else { (before != Some(now)).then_some(Msg::Changed) }
            }
            Err(trouble) => (!std::mem::replace(&mut self.away, true)).then_some(Msg::Away(trouble)),
        }
    }
}

fn minute_of(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(60)
}
