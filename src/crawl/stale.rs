//! Sources that fell silent: they work, they used to give something new, and they have not for unusually long.

use std::time::Duration;

use jiff::Timestamp;

/// The most moments at which a source gave something that are looked at.
pub const MOMENTS: usize = 21;
/// So often a source must have given something before its silence tells anything.
const LEAST: usize = 5;
/// No silence shorter than this is unusual: a holiday, a week without news.
const SHORTEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// A silence is unusual when it is longer than the longest one before by this factor.
const FACTOR: u32 = 2;

/// How long a source has been silent, and how long it was before at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// When it last gave something new.
    pub since: Timestamp,
    /// For how long.
    pub lasts: Duration,
    /// The longest silence among the [`MOMENTS`] before.
    pub longest: Duration,
}

/// Tells whether a source has been silent for unusually long. `gave_at` are the moments at which it gave something new, the newest
/// first; those of a clock that was set back since count for nothing.
pub fn silence(gave_at: &[Timestamp], now: Timestamp) -> Option<Silence> {
    if gave_at.len() < LEAST {
        return None;
    }
    let between = |later: Timestamp, earlier: Timestamp| Duration::try_from(later.duration_since(earlier)).ok();
    let since = *gave_at.first()?;
    let lasts = between(now, since)?;
    let longest = gave_at.windows(2).filter_map(|pair| between(pair[0], pair[1])).max()?;
    (lasts > SHORTEST.max(longest * FACTOR)).then_some(Silence { since, lasts, longest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: &[i64]) -> Vec<Timestamp> {
        days.iter().map(|day| Timestamp::from_second(day * 86_400).unwrap()).collect()
    }

    #[test]
    fn a_source_is_silent_for_unusually_long_by_its_own_measure() {
        let now = days(&[100])[0];
        let quiet = |gave: &[i64]| silence(&days(gave), now).map(|silence| silence.lasts.as_secs() / 86_400);
        assert_eq!(quiet(&[92, 91, 90, 89, 88]), Some(8), "daily, and then not for eight days");
        assert_eq!(quiet(&[93, 92, 91, 90, 89]), None, "a week is nothing");
        assert_eq!(quiet(&[80, 70, 60, 50, 40]), None, "twice as long as ever is not yet more");
        assert_eq!(quiet(&[79, 69, 59, 49, 39]), Some(21));
        assert_eq!(quiet(&[50, 49, 48, 47]), None, "it gave too seldom to tell");
        assert_eq!(quiet(&[120, 119, 118, 117, 116]), None, "the clock was set back");
    }
}
