//! Do two reports speak of the same time? By when it occurred, when it was disclosed, and when the articles were published.

use crate::base::day::{Day, DayRange};
use crate::merge::same::Why;
use crate::model::incident::Filed;
use crate::model::report::{Report, Salience};

/// A range up to this long says when; a longer one ("in 2016") only roughly.
const MONTH: i64 = 31;
/// Days by which dates may be off: time zones, "on Friday" read a week late.
const SLACK: i64 = 3;
/// Days after which something told in passing, with nothing to say when it was, is hardly of an event that was told of before.
const REMEMBERED: i64 = 3 * 365;
/// Days after the first news in which a new count or a filing may be taken for the disclosure.
const UPDATES: i64 = 60;
/// Days after which news is hardly, and then no more, of what was told before and is not told with a day of its own.
const FAR: i64 = 200;
const LONG: i64 = 500;

/// What a report says of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct When {
    pub(super) occurred: Option<DayRange>,
    pub(super) disclosed: Option<DayRange>,
    pub(super) published: Day,
    /// Whether the article is about it: then it is news on the day of publication.
    pub(super) news: bool,
}

impl When {
    pub(super) fn new(filed: &Filed) -> When {
        When {
            occurred: filed.report.occurred,
            disclosed: filed.report.disclosed,
            published: filed.published,
            news: When::is_news(&filed.report),
        }
    }

    /// Tells whether a report is news on the day on which its article is published.
    pub(super) fn is_news(report: &Report) -> bool {
        report.salience == Salience::Main
    }

    /// The days from the first to the last of all that it tells.
    pub(super) fn all(&self) -> DayRange {
        let told = self.occurred.into_iter().chain(self.disclosed);
        told.fold(DayRange::day(self.published), DayRange::hull)
    }

    /// The last day by which it is known to have happened or been told, where the text gives one.
    fn known(&self) -> Option<DayRange> {
        self.disclosed.or(self.occurred)
    }

    /// The days by which `other` had told of it before it occurred according to this one; negative if it had not.
    fn occurred_after(&self, other: &When) -> i64 {
        let heard = other.disclosed.map_or(other.published, |days| days.latest.min(other.published));
        self.occurred.map_or(-1, |days| days.earliest.days_since(heard))
    }

    /// The days by which `other` had told of it before it was disclosed according to this one; negative if it had not.
    fn disclosed_after(&self, other: &When) -> i64 {
        self.disclosed.map_or(-1, |days| days.earliest.days_since(other.published))
    }
}

/// Returns the one reason that time gives.
pub(super) fn compare(one: &When, other: &When) -> Option<Why> {
    if one.occurred_after(other).max(other.occurred_after(one)) > SLACK {
        return Some(Why::ToldBefore);
    }
    if let (Some(a), Some(b)) = (one.occurred, other.occurred) {
        return Some(occurred(a, b));
    }
    // A new count is easily taken for the disclosure, and so is today's news for that of an event named in passing.
    let long_before = |a: &When, b: &When| a.news && a.disclosed_after(b) > UPDATES;
    if long_before(one, other) || long_before(other, one) {
        return Some(Why::ToldBefore);
    }
    if one.disclosed_after(other).max(other.disclosed_after(one)) > SLACK {
        return Some(Why::ToldEarlier);
    }
    if let (Some(a), Some(b)) = (one.disclosed, other.disclosed) {
        return Some(disclosed(a, b));
    }
    match (one.known(), other.known()) {
        (Some(a), Some(b)) => lag(a.gap(b)),
        (Some(_), None) => undated(one, other),
        (None, Some(_)) => undated(other, one),
        (None, None) => published(one, other),
    }
}

fn occurred(a: DayRange, b: DayRange) -> Why {
    match a.gap(b) {
        0 if a.shared(b) > 0 && a.days().max(b.days()) <= MONTH => Why::OccurredSame,
        0 if a.shared(b) > 0 => Why::OccurredWithin,
        0..=10 if a.days().max(b.days()) <= MONTH => Why::OccurredNear,
        0..=60 => Why::OccurredApart,
        _ => Why::OccurredFar,
    }
}

fn disclosed(a: DayRange, b: DayRange) -> Why {
    match a.gap(b) {
        0 if a.shared(b) > 0 && a.days().max(b.days()) <= MONTH => Why::DisclosedSame,
        0 if a.shared(b) > 0 => Why::DisclosedWithin,
        0..=14 if a.days().max(b.days()) <= MONTH => Why::DisclosedNear,
        0..=90 => Why::DisclosedApart,
        _ => Why::DisclosedFar,
    }
}

/// One says when it occurred, the other when it was disclosed.
fn lag(days: i64) -> Option<Why> {
    match days {
        0..=60 => Some(Why::DisclosedSoon),
        61..=900 => None,
        _ => Some(Why::DisclosedLate),
    }
}

/// Returns the reason that speaks least against one event where all days of one report ([`When::all`]) lie more than so many days after all of
/// the other, and the later one is news; None where [`compare`] may give any. What it says that occurred, or was disclosed, was told before.
pub(super) fn long_after(days: i64) -> Option<Why> {
    let far = if days > LONG { Why::PublishedLong } else { Why::PublishedFar };
    (days > FAR).then_some(far)
}

/// One says when it was, the other only when it was published: news of it comes soon, a mention whenever it is remembered.
fn undated(dated: &When, other: &When) -> Option<Why> {
    let became_known =
        if dated.news && other.news { dated.disclosed.unwrap_or(DayRange::day(dated.published)) } else { dated.known()? };
    match (other.news, became_known.gap(DayRange::day(other.published))) {
        (true, 0..=45) => Some(Why::PublishedNear),
        (true, 46..=FAR) => None,
        (true, ..=LONG) => Some(Why::PublishedFar),
        (true, _) => Some(Why::PublishedLong),
        (false, 0..=400) => Some(Why::PublishedSoon),
        (false, 401..=REMEMBERED) => Some(Why::PublishedLater),
        (false, _) => Some(Why::PublishedFar),
    }
}

/// Neither says when it was.
fn published(one: &When, other: &When) -> Option<Why> {
    let (first, last) = if one.published <= other.published { (one, other) } else { (other, one) };
    let days = last.published.days_since(first.published);
    match (last.news, days) {
        // What is news on the later day was not told long before, even in passing.
        (true, 0..=45) => Some(Why::PublishedNear),
        (true, 46..=FAR) => Some(Why::PublishedFar),
        (true, _) => Some(Why::PublishedLong),
        (false, 0..=60) => Some(Why::PublishedNear),
        (false, 61..=400) => Some(Why::PublishedSoon),
        (false, 401..=REMEMBERED) => Some(Why::PublishedYears),
        (false, _) => Some(Why::PublishedFar),
    }
}
