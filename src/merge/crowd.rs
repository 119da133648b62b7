//! Many reports that share a key, in packs of such as tell of the same time: of a victim that is often in the news most packs are passed
//! over at a glance, so that its reports need not all be compared with all others.

use crate::base::day::DayRange;
use crate::merge::gist::Gist;
use crate::merge::same::{ENOUGH, Outline, Why};
use crate::merge::time::{self, When};
use crate::model::report::Figure;

/// Days over which a report may tell and still go into a pack with others: one that speaks of years would widen that of all.
const SHORT: i64 = 100;

/// What a report says that tells whole packs apart from it.
#[derive(Clone, Debug)]
pub(super) struct Brief {
    /// All days that it tells, and that of its publication.
    days: DayRange,
    news: bool,
    accuses: bool,
    figures: Vec<u64>,
}

impl Brief {
    pub(super) fn new(when: &When, accuses: bool, figures: &[Figure]) -> Brief {
        Brief { days: when.all(), news: when.news, accuses, figures: figures.iter().map(|figure| figure.value).collect() }
    }

    fn of(outline: &Outline) -> Brief {
        Brief::new(&outline.when, !outline.culprits.is_empty(), &outline.figures)
    }
}

/// Reports that share a key, by whatever the caller knows them; those that it is done with leave.
#[derive(Debug)]
pub(super) struct Packs<T>(Vec<Pack<T>>);

#[derive(Debug)]
struct Pack<T> {
    held: Vec<T>,
    /// What all of them together say; None where of some nothing is known.
    most: Option<Brief>,
}

impl<T> Packs<T> {
    /// Puts reports into packs: as many packs as reports in each, so that looking at the packs costs no more than at one of them.
    pub(super) fn new(reports: Vec<(T, Option<Brief>)>) -> Packs<T> {
        let size = reports.len().isqrt().max(1);
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (report, brief) in reports {
            match brief {
                Some(brief) => known.push((report, brief)),
                None => unknown.push(report),
            }
        }
        let class = |brief: &Brief| (brief.news, brief.days.days() > SHORT);
        known.sort_by_key(|(_, brief)| (class(brief), brief.days));
        let mut packs = vec![Pack { held: unknown, most: None }];
        let mut in_last = None;
        for (report, brief) in known {
            if in_last != Some(class(&brief)) || packs.last().is_none_or(|pack| pack.held.len() >= size) {
                in_last = Some(class(&brief));
                packs.push(Pack { held: Vec::new(), most: Some(brief.clone()) });
            }
            if let Some(pack) = packs.last_mut() {
                pack.take(report, brief);
            }
        }
        Packs(packs)
    }

    /// Makes packs of reports that are at hand, known by their places.
    pub(super) fn of_places(outlines: &[Outline], places: impl IntoIterator<Item = usize>) -> Packs<usize> {
        Packs::new(places.into_iter().map(|at| (at, Some(Brief::of(&outlines[at])))).collect())
    }

    /// Hands on every report that may be tied to this one, and maybe others; those of which `is_done` says so leave.
    pub(super) fn visit<E>(&mut self, outline: &Outline, mut is_done: impl FnMut(&T) -> Result<bool, E>) -> Result<(), E> {
        let brief = Brief::of(outline);
        for pack in self.0.iter_mut().filter(|pack| pack.may_be_tied(&brief)) {
            let mut at = 0;
            while let Some(report) = pack.held.get(at) {
                if is_done(report)? {
                    pack.held.swap_remove(at);
                } else {
                    at += 1;
                }
            }
        }
        Ok(())
    }
}

impl<T> Pack<T> {
    fn take(&mut self, report: T, brief: Brief) {
        self.held.push(report);
        if let Some(most) = &mut self.most {
            most.days = most.days.hull(brief.days);
            most.accuses |= brief.accuses;
            most.figures.extend(brief.figures);
        }
    }

    /// Tells whether any of them may be tied to a report. Where it says no, [`Outline::may_be_tied`] would of each.
    fn may_be_tied(&self, one: &Brief) -> bool {
        let Some(most) = &self.most else { return true };
        let (gap, is_later_news) = match () {
            () if one.days.latest < most.days.earliest => (one.days.gap(most.days), most.news),
            () if most.days.latest < one.days.earliest => (one.days.gap(most.days), one.news),
            () => return true,
        };
        let Some(time) = time::long_after(gap).filter(|_| is_later_news) else { return true };
        let best = |possible: bool, why: Why| if possible { why.points() } else { 0 };
        let besides = Why::VictimSame.points()
            + Why::KindSame.points()
            + time.points()
            + best(one.accuses && most.accuses, Why::AttackerSame)
            + best(!one.figures.is_empty() && !most.figures.is_empty(), Why::FigureClose);
        let same_figure = Why::FigureExact.points() - Why::FigureClose.points();
        besides >= ENOUGH || besides + same_figure >= ENOUGH && one.figures.iter().any(|figure| most.figures.contains(figure))
    }
}

/// Reports that share a key, of which only the gists are known.
#[derive(Debug)]
pub struct Crowd<I>(Packs<(I, Option<Gist>)>);

impl<I> Crowd<I> {
    /// Takes reports with their gists as they are written.
    pub fn new(reports: impl IntoIterator<Item = (I, Vec<u8>)>) -> Crowd<I> {
        let read = |(report, bytes): (I, Vec<u8>)| {
            let gist = Gist::read(&bytes);
            let brief = gist.as_ref().map(Gist::brief);
            ((report, gist), brief)
        };
        Crowd(Packs::new(reports.into_iter().map(read).collect()))
    }

    /// Hands on every report that by its gist may be tied to this one; those of which `is_done` says so leave.
    pub fn visit<E>(&mut self, outline: &Outline, mut is_done: impl FnMut(&I) -> Result<bool, E>) -> Result<(), E> {
        self.0.visit(outline, |(report, gist)| {
            let may_be_tied = gist.as_ref().is_none_or(|gist| outline.may_be_tied(gist));
            if may_be_tied { is_done(report) } else { Ok(false) }
        })
    }
}
