//! One writer at a time: a lock on `kept.lock` that the system takes back when its holder ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::store::StoreError;

/// The held lock. The file stays when it is dropped; only the lock goes.
#[derive(Debug)]
pub(super) struct WriterLock {
    file: File,
}

impl Drop for WriterLock {
    /// Gives the lock back in so many words. Closing the file is not enough: a child process that is just being started holds it open,
    /// and with it the lock, until it runs its own program.
    fn drop(&mut self) {
        // Where this fails, the system takes the lock back when the process ends.
        let _ = self.file.unlock();
    }
}

impl WriterLock {
    /// Takes the lock and writes this process's number into the file, or fails with the number that stands in it.
    pub(super) fn take(path: &Path) -> Result<WriterLock, StoreError> {
        const DOING: &str = "taking the writer's lock";
        let failed = |error: &std::io::Error| StoreError::of_io(path, DOING, error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(|error| failed(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::LockHeld { path: path.to_owned(), pid: holder(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
        let write = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            writeln!(file, "{}", std::process::id())
        };
        write(&mut file).map_err(|error| failed(&error))?;
        Ok(WriterLock { file })
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
