//! Are two reports of the same event? A sum of reasons, each with a name and a weight, so that every decision can be read.
//!
//! The weights are tenths of a natural logarithm of odds, roughly: ten points make one event nearly three times as likely. They are
//! set by what is true of news (an article cannot tell of what has not happened yet) and checked against reports whose event is
//! known; nothing in them knows a victim or an attacker.

use std::collections::HashMap;
use std::rc::Rc;

use crate::merge::attackers::{self, Culprits};
use crate::merge::figures;
use crate::merge::names::{Face, Link};
use crate::merge::time::{self, When};
use crate::model::article::ArticleId;
use crate::model::incident::Filed;
use crate::model::report::{Figure, Kind, Victim};

/// The sum that two reports need to be taken for one event.
pub(super) const ENOUGH: i32 = 15;
/// A sum this low tells two reports apart whatever their neighbours say.
pub(super) const APART: i32 = -15;

/// A reason for or against two reports being of the same event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "word() says what each means")]
pub enum Why {
    VictimSame,
    VictimAlias,
    VictimDomain,
    VictimGroup,
    VictimShort,
    VictimAcronym,
    VictimSpelling,
    VictimParent,
    VictimCommon,
    VictimDiffers,
    VictimElsewhere,
    GroupAndBody,
    SameArticle,
    KindSame,
    KindAkin,
    KindDiffers,
    OccurredSame,
    OccurredWithin,
    OccurredNear,
    OccurredApart,
    OccurredFar,
    DisclosedSame,
    DisclosedWithin,
    DisclosedNear,
    DisclosedApart,
    DisclosedFar,
    DisclosedSoon,
    DisclosedLate,
    ToldBefore,
    ToldEarlier,
    PublishedNear,
    PublishedSoon,
    PublishedLater,
    PublishedYears,
    PublishedFar,
    PublishedLong,
    AttackerSame,
    AttackerNation,
    AttackerOther,
    AttackerContradicts,
    FigureExact,
    FigureSame,
    FigureClose,
    FigureOther,
    FigureContradicts,
}

impl Why {
    /// Returns the points for the same event; negative against it.
    pub const fn points(self) -> i32 {
        match self {
            Why::VictimSame => 15,
            Why::VictimAlias | Why::VictimDomain => 13,
            Why::VictimGroup => 10,
            Why::VictimShort => 9,
            Why::VictimAcronym => 7,
            Why::VictimSpelling => 6,
            Why::VictimParent => -12,
            Why::VictimCommon => 2,
            Why::VictimDiffers => -5,
            Why::VictimElsewhere => -30,
            Why::GroupAndBody => -10,
            Why::SameArticle => -1000,
            Why::KindSame => 5,
            Why::KindAkin => 1,
            Why::KindDiffers => -12,
            Why::OccurredSame => 20,
            Why::OccurredWithin => 10,
            Why::OccurredNear => 6,
            Why::OccurredApart => -15,
            Why::OccurredFar => -45,
            Why::DisclosedSame => 16,
            Why::DisclosedWithin => 8,
            Why::DisclosedNear => 4,
            Why::DisclosedApart => -8,
            Why::DisclosedFar => -30,
            Why::DisclosedSoon => 8,
            Why::DisclosedLate => -10,
            Why::ToldBefore => -60,
            Why::ToldEarlier => -4,
            Why::PublishedNear => 8,
            Why::PublishedSoon => 4,
            Why::PublishedLater => -2,
            Why::PublishedYears => -6,
            Why::PublishedFar => -10,
            Why::PublishedLong => -25,
            Why::AttackerSame => 12,
            Why::AttackerNation => 5,
            Why::AttackerOther => -5,
            Why::AttackerContradicts => -12,
            Why::FigureExact => 20,
            Why::FigureSame => 9,
            Why::FigureClose => 5,
            Why::FigureOther => -3,
            Why::FigureContradicts => -9,
        }
    }

    /// Returns the reason as a phrase.
    pub fn word(self) -> &'static str {
        match self {
            Why::VictimSame => "victim of the same name",
            Why::VictimAlias => "victim by another of its names",
            Why::VictimDomain => "victim by its host name",
            Why::VictimGroup => "same group of victims",
            Why::VictimShort => "victim by its shorter name",
            Why::VictimAcronym => "victim by its initials",
            Why::VictimSpelling => "victim misspelt",
            Why::VictimParent => "victims share only a further name",
            Why::VictimCommon => "victim by a name that many have",
            Why::VictimDiffers => "victims without a name in common",
            Why::VictimElsewhere => "victims in different places",
            Why::GroupAndBody => "one victim is a group, the other a body",
            Why::SameArticle => "one article tells of both",
            Why::KindSame => "same kind",
            Why::KindAkin => "kinds that go together",
            Why::KindDiffers => "different kinds",
            Why::OccurredSame => "occurred on the same days",
            Why::OccurredWithin => "occurred within the same time",
            Why::OccurredNear => "occurred within days",
            Why::OccurredApart => "occurred weeks apart",
            Why::OccurredFar => "occurred months or years apart",
            Why::DisclosedSame => "disclosed on the same days",
            Why::DisclosedWithin => "disclosed within the same time",
            Why::DisclosedNear => "disclosed within days",
            Why::DisclosedApart => "disclosed weeks apart",
            Why::DisclosedFar => "disclosed months or years apart",
            Why::DisclosedSoon => "disclosed soon after it occurred",
            Why::DisclosedLate => "disclosed years after it occurred",
            Why::ToldBefore => "told of before it happened",
            Why::ToldEarlier => "told of weeks before it was disclosed",
            Why::PublishedNear => "published within weeks",
            Why::PublishedSoon => "published within a year",
            Why::PublishedLater => "published some years later",
            Why::PublishedYears => "told in passing years apart, neither dated",
            Why::PublishedFar => "published long after",
            Why::PublishedLong => "published as news long after",
            Why::AttackerSame => "same attacker",
            Why::AttackerNation => "attackers of the same country",
            Why::AttackerOther => "another attacker suspected",
            Why::AttackerContradicts => "attackers contradict",
            Why::FigureExact => "same exact figure",
            Why::FigureSame => "same figure",
            Why::FigureClose => "close figures",
            Why::FigureOther => "figures differ",
            Why::FigureContradicts => "figures contradict",
        }
    }
}

/// The names of victims that were taken apart before, since most are named by many reports.
#[derive(Debug, Default)]
pub struct Faces(HashMap<Victim, Rc<Face>>);

impl Faces {
    fn of(&mut self, victim: &Victim) -> Rc<Face> {
        if let Some(face) = self.0.get(victim) {
            return Rc::clone(face);
        }
        let face = Rc::new(Face::new(victim));
        self.0.insert(victim.clone(), Rc::clone(&face));
        face
    }
}

/// What a comparison needs to know of a report, made once.
#[derive(Clone, Debug)]
pub struct Outline {
    article: ArticleId,
    /// Shared by the reports that call their victim the same.
    face: Rc<Face>,
    pub(super) when: When,
    pub(super) culprits: Culprits,
    kind: Kind,
    also_kinds: Vec<Kind>,
    pub(super) figures: Vec<Figure>,
}

impl Outline {
    /// Makes the outline of a report. Where it was found makes no difference to it, but for the article and its day.
    pub fn new(filed: &Filed, faces: &mut Faces) -> Outline {
        Outline::with(faces.of(&filed.report.victim), filed)
    }

    /// Takes reports apart, in their order.
    pub(super) fn of_all(reports: &[Filed]) -> Vec<Outline> {
        let mut faces = Faces::default();
        reports.iter().map(|filed| Outline::new(filed, &mut faces)).collect()
    }

    fn with(face: Rc<Face>, filed: &Filed) -> Outline {
        Outline {
            article: filed.id.article,
            face,
            when: When::new(filed),
            culprits: Culprits::new(&filed.report.attackers),
            kind: filed.report.kind,
            also_kinds: filed.report.also_kinds.clone(),
            figures: filed.report.records.clone(),
        }
    }

    /// Tells whether two reports are tied: they share a key and weigh enough for one event.
    ///
    /// Reports become one incident only where ties, directly or through others, lead from one to the other. So what a report may
    /// join, and whom it may part, is found by following ties from it; all else stays as it is.
    pub fn is_tied(&self, other: &Outline) -> bool {
        weighs_enough(self, other) && self.meets(other)
    }

    /// Tells whether the two share a key.
    pub(super) fn meets(&self, other: &Outline) -> bool {
        Rc::ptr_eq(&self.face, &other.face) && !self.keys().is_empty() || self.face.meets(&other.face)
    }

    /// The keys of the victim, sorted.
    pub(super) fn keys(&self) -> &[String] {
        &self.face.keys
    }

    pub(super) fn kinds(&self) -> (Kind, &[Kind]) {
        (self.kind, &self.also_kinds)
    }
}

/// The reasons for and against two reports being of the same event, and their sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The sum of the points.
    pub points: i32,
    /// The reasons, in the order of [`Why`].
    pub whys: Vec<Why>,
}

impl Verdict {
    /// Tells whether these reasons alone make two reports one event.
    pub fn is_same(&self) -> bool {
        self.points >= ENOUGH
    }
}

/// Weighs whether two reports are of the same event. It makes no difference which comes first.
pub fn compare(one: &Filed, other: &Filed) -> Verdict {
    let mut faces = Faces::default();
    let (one, other) = (Outline::new(one, &mut faces), Outline::new(other, &mut faces));
    let whys: Vec<Why> = reasons(&one, &other).into_iter().flatten().collect();
    Verdict { points: whys.iter().map(|why| why.points()).sum(), whys }
}

/// Returns the points of two reports.
pub(super) fn weigh(one: &Outline, other: &Outline) -> i32 {
    reasons(one, other).into_iter().flatten().map(Why::points).sum()
}

/// Tells whether two reports weigh enough for one event. Time and kind are asked first: of a victim that is in the news for years they tell
/// most pairs apart by themselves.
pub(super) fn weighs_enough(one: &Outline, other: &Outline) -> bool {
    let best = |possible: bool, why: Why| if possible { why.points() } else { 0 };
    let most = Why::VictimSame.points()
        + time::compare(&one.when, &other.when).map_or(0, Why::points)
        + kind(one.kinds(), other.kinds()).points()
        + best(!one.culprits.is_empty() && !other.culprits.is_empty(), Why::AttackerSame)
        + best(!one.figures.is_empty() && !other.figures.is_empty(), Why::FigureExact);
    most >= ENOUGH && weigh(one, other) >= ENOUGH
}

fn reasons(one: &Outline, other: &Outline) -> [Option<Why>; 7] {
    if one.article == other.article {
        return [Some(Why::SameArticle), None, None, None, None, None, None];
    }
    [
        Some(victim(one.face.link(&other.face))),
        one.face.is_elsewhere(&other.face).then_some(Why::VictimElsewhere),
        (one.face.named != other.face.named).then_some(Why::GroupAndBody),
        Some(kind(one.kinds(), other.kinds())),
        time::compare(&one.when, &other.when),
        attackers::compare(&one.culprits, &other.culprits),
        figures::compare(&one.figures, &other.figures),
    ]
}

fn victim(link: Option<Link>) -> Why {
    match link {
        Some(Link::Same) => Why::VictimSame,
        Some(Link::Alias) => Why::VictimAlias,
        Some(Link::Domain) => Why::VictimDomain,
        Some(Link::Group) => Why::VictimGroup,
        Some(Link::Short) => Why::VictimShort,
        Some(Link::Acronym) => Why::VictimAcronym,
        Some(Link::Spelling) => Why::VictimSpelling,
        Some(Link::Parent) => Why::VictimParent,
        Some(Link::Common) => Why::VictimCommon,
        None => Why::VictimDiffers,
    }
}

/// The same kind; or one that a fair reader of the other article might choose; or two that grow into each other as more becomes known.
pub(super) fn kind((one, one_also): (Kind, &[Kind]), (other, other_also): (Kind, &[Kind])) -> Why {
    let grows = |kind| matches!(kind, Kind::Breach | Kind::Intrusion | Kind::Ransomware);
    if one == other {
        Why::KindSame
    } else if one_also.contains(&other) || other_also.contains(&one) || grows(one) && grows(other) {
        Why::KindAkin
    } else {
        Why::KindDiffers
    }
}
