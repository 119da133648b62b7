//! Being asked to end: Ctrl-C, or the SIGTERM of a system that shuts down.

use std::io::{self, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::Notify;

use super::failure::{Exit, Failure};

/// Listens, on a thread of its own, until it is dropped.
///
/// While requests are under way being asked is only noted, so that they can be ended. From [`Stop::at_once`] on, and at the second
/// time, the process ends where it is: every step after the fetching may be cut off at any moment.
pub(super) struct Stop {
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    asked: AtomicBool,
    at_once: AtomicBool,
    notify: Notify,
    over: Notify,
}

impl Stop {
    /// Begins to listen. `tidy` is run before the process is ended at once.
    pub(super) fn listen(tidy: impl FnOnce() + Send + 'static) -> Result<Stop, Failure> {
        let heard = Arc::new(Heard::default());
        let told = Arc::clone(&heard);
        let listening = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            if runtime.block_on(told.listen()) {
                tidy();
                let _ = writeln!(io::stderr(), "\n{STOPPED}; {GO_ON}");
                process::exit(Exit::Failed as i32);
            }
        });
        listening.map_err(|error| Failure::new("no thread can be started").because(&error))?;
        Ok(Stop { heard })
    }

    /// From now on the process ends at once when it is asked to.
    pub(super) fn at_once(&self) {
        self.heard.at_once.store(true, Ordering::Release);
    }

    /// Waits until it is asked.
    pub(super) async fn wait(&self) {
        if !self.heard.asked.load(Ordering::Acquire) {
            self.heard.notify.notified().await;
        }
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.heard.over.notify_one();
    }
}

impl Heard {
    /// Returns true when the process is to end now, false when nobody listens any more.
    async fn listen(&self) -> bool {
        loop {
            tokio::select! {
                () = asked_to_end() => {}
                () = self.over.notified() => return false,
            }
            if self.at_once.swap(true, Ordering::AcqRel) {
                return true;
            }
            self.asked.store(true, Ordering::Release);
            self.notify.notify_one();
        }
    }
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    drop(tokio::signal::ctrl_c().await);
}

const STOPPED: &str = "stopped before the end";
const GO_ON: &str = "what was fetched is kept; run it again to go on";

/// What is said when a run was asked to end before its work was done.
pub(super) fn stopped() -> Failure {
    Failure::new(STOPPED).hint(GO_ON)
}
