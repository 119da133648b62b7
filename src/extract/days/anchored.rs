//! Days reckoned from days that were named just before: "the day after", "three days earlier", "that same month".

use crate::base::day::{Day, DayRange};
use crate::base::token::Shape;

use super::words::{TimeUnit, unit, weekday};
use super::{Days, Read, Reader, Style, month_plus, week_of};

/// How many sentences back the days may stand.
const REACH: usize = 3;

impl Reader<'_, '_> {
    /// Reads days that are told by those found before.
    pub(super) fn anchored(&self, at: usize, found: &[Days]) -> Option<Read> {
        let (unit, offset, end) = self.same(at).or_else(|| self.neighbour(at)).or_else(|| self.counted(at))?;
        let range = match self.written_anchor(at, end, offset) {
            Anchor::Days(range, end) => return Some((moved(range, unit, offset)?, end, Style::Relative)),
            Anchor::Clause => {
                // "On Wednesday, the day after the theft": the theft was the day before that.
                let last = found.last().filter(|last| last.sentence == self.number && last.tokens.end + 1 == at)?;
                let fits = fits(last.range, unit) && self.is(at - 1, &[",", "-", "–", "—", "("]);
                return fits.then(|| moved(last.range, unit, -offset)).flatten().map(|range| (range, end, Style::Relative));
            }
            Anchor::Before => self.anchor(unit, found).or_else(|| {
                let week = unit == TimeUnit::Week && offset < 0 && self.is(at, &["the"]);
                week.then(|| DayRange::day(self.published))
            })?,
        };
        if let Some(day) = self.next_weekday(at, range) {
            return Some((DayRange::day(day), at + 3, Style::Relative));
        }
        let range = moved(range, unit, offset)?;
        (range.earliest <= self.published.plus(31)).then_some((range, end, Style::Relative))
    }

    /// Reads "the same day", "that month", "later that week".
    fn same(&self, at: usize) -> Option<(TimeUnit, i64, usize)> {
        let led = self.skip(at, &["later", "earlier"]);
        let next = self.skip(led + 1, &["same", "very"]);
        let pointed = self.is(led, &["that"]) || next > led + 1 && self.is(led, &["the", "that", "this"]);
        let unit = unit(self.lower(next)).filter(|unit| pointed && *unit != TimeUnit::Hour)?;
        let plural = self.lower(next).ends_with('s');
        (!plural).then_some((unit, 0, next + 1))
    }

    /// Reads "the next day", "the following week", "the previous month", "the day before", "the following Friday".
    fn neighbour(&self, at: usize) -> Option<(TimeUnit, i64, usize)> {
        if !self.is(at, &["the"]) {
            return None;
        }
        let word = self.lower(at + 1);
        let ahead = match word {
            "next" | "following" => 1,
            "previous" | "preceding" | "prior" => -1,
            _ => {
                let unit = unit(word).filter(|unit| *unit != TimeUnit::Hour && !word.ends_with('s'))?;
                return Some((unit, self.direction(at + 2)?, at + 3));
            }
        };
        let name = self.lower(at + 2);
        if word == "following" && weekday(name).is_some() {
            return Some((TimeUnit::Day, 1, at + 3));
        }
        let unit = match name {
            "morning" | "night" | "evening" => TimeUnit::Day,
            name => unit(name).filter(|unit| *unit != TimeUnit::Hour && !name.ends_with('s'))?,
        };
        let to_come = word == "next" && unit != TimeUnit::Day || self.is(at.wrapping_sub(1), &["over", "within"]) && ahead > 0;
        (!to_come).then_some((unit, ahead, at + 3))
    }

    /// Reads "a day later", "three days earlier", "two weeks after".
    fn counted(&self, at: usize) -> Option<(TimeUnit, i64, usize)> {
        let (count, next) = self.count(at)?;
        let unit = unit(self.lower(next)).filter(|unit| *unit != TimeUnit::Hour)?;
        let direction = self.direction(next + 1)?;
        let bound = self.is(at.wrapping_sub(1), &["than", "within", "until", "every", "least", "most", "to"]);
        (!bound).then_some((unit, count * direction, next + 2))
    }

    fn direction(&self, at: usize) -> Option<i64> {
        let late = self.is(at, &["after", "later", "afterwards", "afterward"]);
        let early = self.is(at, &["before", "earlier", "prior", "previously", "beforehand"]);
        if late { Some(1) } else { early.then_some(-1) }
    }

    /// Reads what stands behind "the day after": a date, a clause, or nothing that says from when.
    fn written_anchor(&self, at: usize, end: usize, offset: i64) -> Anchor {
        let behind = self.is(end - 1, &["before", "after", "prior"]);
        if !behind || offset == 0 {
            let compared = self.is(end, &["than"]);
            return if compared { Anchor::Clause } else { Anchor::Before };
        }
        let dated = self.skip(end, &["to"]);
        let written = self.date(dated).or_else(|| self.feast(dated)).or_else(|| self.relative(dated));
        if let Some((range, after, _)) = written.or_else(|| self.weekday(dated)) {
            return Anchor::Days(range, after);
        }
        let open = dated > end || !self.ends_phrase(end) || self.is(end, &["that", "which"]);
        let mark = self.token(end).is_none_or(|token| token.shape == Shape::Mark);
        let last = self.is(end, &["last"]) && at > self.sentence.tokens.start;
        // "The week before the bank was hacked" is the whole sentence: had it a main clause, a comma would open that.
        let whole = at == self.sentence.tokens.start && (end..self.sentence.tokens.end).all(|at| !self.is(at, &[","]));
        if open && !mark && !last && !whole { Anchor::Clause } else { Anchor::Before }
    }

    /// Finds the days that the phrase starts from: the last ones named nearby that are no longer than its unit.
    fn anchor(&self, unit: TimeUnit, found: &[Days]) -> Option<DayRange> {
        let near = found.iter().rev().take_while(|days| days.sentence + REACH >= self.number);
        near.map(|days| days.range).take(8).find(|range| fits(*range, unit))
    }

    /// Reads "the following Friday": the first one after the days named before.
    fn next_weekday(&self, at: usize, range: DayRange) -> Option<Day> {
        let wanted = weekday(self.lower(at + 2)).filter(|_| self.is(at + 1, &["following"]))?;
        let ahead = i64::from(wanted.to_monday_zero_offset()) - i64::from(range.latest.weekday().to_monday_zero_offset());
        Some(range.latest.plus((ahead - 1).rem_euclid(7) + 1))
    }
}

/// From when "the day after" is reckoned.
enum Anchor {
    /// From days that stand behind it, up to a token.
    Days(DayRange, usize),
    /// From an event that a clause behind it tells.
    Clause,
    /// From days named before.
    Before,
}

/// Tells whether days are exact enough to reckon in a unit from them.
fn fits(range: DayRange, unit: TimeUnit) -> bool {
    let longest = match unit {
        TimeUnit::Hour | TimeUnit::Day => 2,
        TimeUnit::Week => 7,
        TimeUnit::Month => 31,
        TimeUnit::Year => 366,
    };
    range.days() <= longest
}

/// Returns the day, week, month or year that lies some of them away from others.
fn moved(range: DayRange, unit: TimeUnit, offset: i64) -> Option<DayRange> {
    let from = if offset > 0 { range.latest } else { range.earliest };
    Some(match unit {
        TimeUnit::Hour => return None,
        TimeUnit::Day => DayRange::day(from.plus(offset)),
        TimeUnit::Week => week_of(from.plus(offset.checked_mul(7)?)),
        TimeUnit::Month => month_plus(from, offset)?,
        TimeUnit::Year => DayRange::year(from.year().checked_add(i16::try_from(offset).ok()?)?)?,
    })
}
