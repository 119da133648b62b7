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
use crate::model::incident::Filed;
use crate::model::report::{Figure, Kind};

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
    pub fn points(self) -> i32 {
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

/// What a comparison needs to know of a report, made once.
pub(super) struct Facts<'a> {
    pub(super) filed: &'a Filed,
    /// Shared by the reports that call their victim the same.
    pub(super) face: Rc<Face>,
    when: When,
    culprits: Culprits,
}

impl<'a> Facts<'a> {
    /// Takes reports apart, in their order.
    pub(super) fn of_all(reports: &'a [Filed]) -> Vec<Facts<'a>> {
        let mut faces: HashMap<(&str, &[String], bool), Rc<Face>> = HashMap::new();
        let facts = reports.iter().map(|filed| {
            let victim = &filed.report.victim;
            let face = faces.entry((&victim.name, &victim.aliases, victim.named)).or_insert_with(|| Rc::new(Face::new(victim)));
            Facts::new(filed, Rc::clone(face))
        });
        facts.collect()
    }

    fn new(filed: &'a Filed, face: Rc<Face>) -> Facts<'a> {
        Facts { filed, face, when: When::new(filed), culprits: Culprits::new(&filed.report.attackers) }
    }

    fn kinds(&self) -> (Kind, &[Kind]) {
        (self.filed.report.kind, &self.filed.report.also_kinds)
    }

    fn figures(&self) -> &[Figure] {
        &self.filed.report.records
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
    let facts = |filed| Facts::new(filed, Rc::new(Face::new(&filed.report.victim)));
    let whys: Vec<Why> = reasons(&facts(one), &facts(other)).into_iter().flatten().collect();
    Verdict { points: whys.iter().map(|why| why.points()).sum(), whys }
}

/// Returns the points of two reports.
pub(super) fn weigh(one: &Facts, other: &Facts) -> i32 {
    reasons(one, other).into_iter().flatten().map(Why::points).sum()
}

fn reasons(one: &Facts, other: &Facts) -> [Option<Why>; 7] {
    if one.filed.id.article == other.filed.id.article {
        return [Some(Why::SameArticle), None, None, None, None, None, None];
    }
    [
        Some(victim(one.face.link(&other.face))),
        one.face.is_elsewhere(&other.face).then_some(Why::VictimElsewhere),
        (one.face.named != other.face.named).then_some(Why::GroupAndBody),
        Some(kind(one.kinds(), other.kinds())),
        time::compare(&one.when, &other.when),
        attackers::compare(&one.culprits, &other.culprits),
        figures::compare(one.figures(), other.figures()),
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
fn kind((one, one_also): (Kind, &[Kind]), (other, other_also): (Kind, &[Kind])) -> Why {
    let grows = |kind| matches!(kind, Kind::Breach | Kind::Intrusion | Kind::Ransomware);
    if one == other {
        Why::KindSame
    } else if one_also.contains(&other) || other_also.contains(&one) || grows(one) && grows(other) {
        Why::KindAkin
    } else {
        Why::KindDiffers
    }
}
