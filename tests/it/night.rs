//! The nightly job as a process: what it says and keeps of itself, the watches, the care of the data, and what no fault may break.

/// What a run says: the summary, the kept runs, the flags, logs and metrics.
mod said;
