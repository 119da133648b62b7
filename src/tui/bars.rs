//! Counts by day gathered into the bars of a picture. Empty spans stay visible: they are part of the story.

use serde::{Deserialize, Serialize};

use crate::base::day::{Day, DayRange};
use crate::library::DayCount;
use crate::model::report::Kind;

/// One bar: the incidents of a span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its days.
    pub days: DayRange,
    /// How much of each kind, by the order of `Kind::ALL`: incidents, or how many they affected.
    pub kinds: [u64; 10],
}

impl Bar {
    /// Returns how much of all kinds.
    pub fn total(&self) -> u64 {
        self.kinds.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Returns the kind that stands at a height of a bar that is `height` high in all; kinds stand on each other in their order.
    pub fn kind_at(&self, at: usize, height: usize) -> Option<Kind> {
        let target = at as u128 * u128::from(self.total()) / height.max(1) as u128;
        let mut below = 0;
        Kind::ALL.into_iter().zip(self.kinds).find_map(|(kind, count)| {
            below += u128::from(count);
            (target < below).then_some(kind)
        })
    }
}

/// What bars are as high as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// How many incidents.
    #[default]
    Incidents,
    /// How many people, records, cards and the like they affected. One incident may have ten thousand times as many as another, so that
    /// only a logarithmic scale shows both.
    Affected,
}

impl Measure {
    fn of(self, count: &DayCount) -> [u64; 10] {
        match self {
            Measure::Incidents => count.kinds.map(u64::from),
            Measure::Affected => count.affected,
        }
    }

    /// Returns how high a bar is where the highest has `most` and stands `levels` high; at least 1 where there is anything.
    pub fn level(self, total: u64, most: u64, levels: usize) -> usize {
        if total == 0 {
            return 0;
        }
        let share = match self {
            Measure::Incidents => total as f64 / most.max(1) as f64,
            Measure::Affected => (total as f64 + 1.0).log10() / (most as f64 + 1.0).log10(),
        };
        ((share * levels as f64).ceil() as usize).clamp(1, levels)
    }
}

/// How long a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// Three months.
    Quarter,
    /// A year.
    Year,
    /// Ten years.
    Decade,
}

impl Step {
    const ALL: [Step; 6] = [Step::Day, Step::Week, Step::Month, Step::Quarter, Step::Year, Step::Decade];

    /// Returns what one bar stands for, to be read after a number: `9 /month`.
    pub fn words(self) -> &'static str {
        match self {
            Step::Day => "/day",
            Step::Week => "/week",
            Step::Month => "/month",
            Step::Quarter => "/qtr",
            Step::Year => "/year",
            Step::Decade => "/10 yrs",
        }
    }

    /// Returns the span that holds a day.
    pub fn span(self, day: Day) -> DayRange {
        let (year, month) = (day.year(), day.month());
        let months = |first: i8, last: i8| Some(DayRange::new(Day::new(year, first, 1)?, DayRange::month(year, last)?.latest));
        let span = match self {
            Step::Day => None,
            Step::Week => Some(DayRange::new(day.monday(), day.monday().plus(6))),
            Step::Month => DayRange::month(year, month),
            Step::Quarter => months((month - 1) / 3 * 3 + 1, (month - 1) / 3 * 3 + 3),
            Step::Year => DayRange::year(year),
            Step::Decade => {
                let first = year.div_euclid(10) * 10;
                Day::new(first, 1, 1).zip(Day::new(first + 9, 12, 31)).map(|(a, b)| DayRange::new(a, b))
            }
        };
        span.unwrap_or(DayRange::day(day))
    }
}

/// Returns the days from the first to the last that has an incident; None where none has.
pub fn extent(days: &[DayCount]) -> Option<DayRange> {
    Some(DayRange::new(days.first()?.day, days.last()?.day))
}

/// Gathers counts, the oldest first, into at most `most` bars, in the shortest step that fits, over the days of `range`.
pub fn gather(days: &[DayCount], measure: Measure, range: DayRange, most: usize) -> (Step, Vec<Bar>) {
    let fits = |step: &Step| spans(*step, range, most + 1).len() <= most;
    let step = Step::ALL.into_iter().find(fits).unwrap_or(Step::Decade);
    let mut bars: Vec<Bar> = spans(step, range, most).into_iter().map(|days| Bar { days, kinds: [0; 10] }).collect();
    let mut rest = bars.as_mut_slice();
    let first = days.partition_point(|count| count.day < range.earliest);
    for count in days[first..].iter().take_while(|count| count.day <= range.latest) {
        while rest.first().is_some_and(|bar| bar.days.latest < count.day) {
            rest = &mut rest[1..];
        }
        let Some(bar) = rest.first_mut() else { break };
        for (sum, more) in bar.kinds.iter_mut().zip(measure.of(count)) {
            *sum = sum.saturating_add(more);
        }
    }
    (step, bars)
}

fn spans(step: Step, range: DayRange, most: usize) -> Vec<DayRange> {
    let mut spans = Vec::new();
    let mut day = range.earliest;
    while spans.len() < most {
        let span = step.span(day);
        spans.push(span);
        let next = span.latest.plus(1);
        if next > range.latest || next <= day {
            break;
        }
        day = next;
    }
    spans
}
