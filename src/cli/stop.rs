//! Being asked to end: Ctrl-C, or the SIGTERM of a system that shuts down.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::sync::Notify;

use super::failure::{Exit, Failure};

/// Whether this process was asked to end. The first time it is asked, work ends at the next safe place; the second time at once.
#[derive(Clone, Default)]
pub(super) struct Stop {
    asked: Arc<AtomicBool>,
    notify: Arc<Notify>,
}

impl Stop {
    /// Begins to listen, on a thread of its own, as long as the process lives.
    pub(super) fn listen() -> Result<Stop, Failure> {
        let stop = Stop::default();
        let told = stop.clone();
        let listening = thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                asked_to_end().await;
                told.asked.store(true, Ordering::Release);
                told.notify.notify_one();
                asked_to_end().await;
                process::exit(Exit::Failed as i32);
            });
        });
        listening.map_err(|error| Failure::new("no thread can be started").because(&error))?;
        Ok(stop)
    }

    /// Tells whether it was asked.
    pub(super) fn asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    /// Waits until it is asked.
    pub(super) async fn wait(&self) {
        if !self.asked() {
            self.notify.notified().await;
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

/// What is said when a run was asked to end before its work was done.
pub(super) fn stopped() -> Failure {
    Failure::new("stopped before the end").hint("what was fetched is kept; run it again to go on")
}
