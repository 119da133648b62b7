//! The nightly job as a process: what it says and keeps of itself, the watches, the care of the data, and what no fault may break.

/// Single articles given by hand.
mod by_hand;
/// Looking after what is kept: backup, restore, prune, vacuum, the doctor.
mod care;
/// What may go wrong around the program, and what must hold after it.
mod faults;
/// The job killed at random moments.
mod kill;
/// Newsletters and alerts of a Maildir.
mod mail;
/// The past of a site, from its sitemaps.
mod past;
/// What a run says: the summary, the kept runs, the flags, logs and metrics.
mod said;
/// The timer and the crontab line.
mod schedule;
/// Watches: who is told of what, once, until it has arrived; the digest.
mod watches;
