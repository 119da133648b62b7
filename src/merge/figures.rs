//! Do the figures of two reports agree? One exact figure in both is nearly a proof; round ones say little, and counts grow.

use crate::merge::same::Why;
use crate::model::report::{Figure, Qualifier, Unit};

/// The fewest digits, trailing noughts left out, by which a figure is known again: 1,290,755 but not 1,300,000.
const TELLING: u32 = 4;

/// Returns the reason that the figures give; None where one has none, or they count different things.
pub(super) fn compare(one: &[Figure], other: &[Figure]) -> Option<Why> {
    let best = one.iter().flat_map(|a| other.iter().filter_map(move |b| agree(a, b))).max_by_key(|why| why.points());
    best.or_else(|| match (one.first(), other.first()) {
        (Some(a), Some(b)) if counts_like(a.unit, b.unit) => Some(differ(a, b)),
        _ => None,
    })
}

fn agree(a: &Figure, b: &Figure) -> Option<Why> {
    if !counts_like(a.unit, b.unit) {
        return None;
    }
    if a.value == b.value {
        return Some(if digits(a.value) >= TELLING { Why::FigureExact } else { Why::FigureSame });
    }
    let (low, high) = (a.value.min(b.value), a.value.max(b.value));
    (high - low <= high / 10 || a.max == Some(b.value) || b.max == Some(a.value)).then_some(Why::FigureClose)
}

/// Two exact figures of which one is twice the other contradict; all others may have grown or been rounded.
fn differ(a: &Figure, b: &Figure) -> Why {
    let exact = |figure: &Figure| figure.qualifier == Qualifier::Exact;
    let (low, high) = (a.value.min(b.value), a.value.max(b.value));
    if exact(a) && exact(b) && high / 2 >= low { Why::FigureContradicts } else { Why::FigureOther }
}

/// Whether two units may count the same: a paper's "records" are another's "people".
fn counts_like(a: Unit, b: Unit) -> bool {
    let loose = |unit| matches!(unit, Unit::People | Unit::Records);
    a == b || loose(a) && loose(b)
}

/// Returns how many digits a number has without the noughts at its end.
pub(super) fn digits(mut value: u64) -> u32 {
    while value != 0 && value.is_multiple_of(10) {
        value /= 10;
    }
    value.checked_ilog10().map_or(0, |log| log + 1)
}

/// Tells whether two figures are within a tenth of each other and count alike.
pub(super) fn is_near(a: &Figure, b: &Figure) -> bool {
    let (low, high) = (a.value.min(b.value), a.value.max(b.value));
    counts_like(a.unit, b.unit) && high - low <= high / 10
}
