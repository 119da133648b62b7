//! Which value stands where reports differ. Each rule is a function of its own; whatever does not stand is still in the reports.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::day::{Day, DayRange};
use crate::base::fold::fold;
use crate::merge::{attackers, figures};
use crate::model::edit::Edited;
use crate::model::incident::{Filed, Incident, IncidentId};
use crate::model::report::{Attacker, Attribution, DataKind, Figure, Kind, Qualifier, Speaker, Unit, Victim};

/// Makes one incident of reports of one event; None if there are none. The id is still to be given.
pub(super) fn settle(mut reports: Vec<Filed>) -> Option<Incident> {
    reports.sort_by_key(|filed| (filed.published, filed.id));
    let first_reported = reports.iter().map(|filed| filed.published).min()?;
    let last_reported = reports.iter().map(|filed| filed.published).max()?;
    let (kind, also_kinds) = kinds(&reports);
    let occurred = occurred(&reports);
    Some(Incident {
        id: IncidentId(String::new()),
        victim: victim(&reports),
        kind,
        also_kinds,
        attackers: attackers(&reports),
        records: records(&reports),
        data: data(&reports),
        occurred,
        disclosed: disclosed(&reports, occurred),
        disputed: reports.iter().any(|filed| filed.report.disputed),
        first_reported,
        last_reported,
        confidence: reports.iter().map(|filed| filed.report.confidence).fold(0.0, f32::max),
        edited: Edited::default(),
        reports,
    })
}

/// The name that most reports use, as name or (half as much) as alias; among equals a body's before a description, a full name
/// before initials, the shortest, the first in the alphabet. All other names are aliases, sorted.
fn victim(reports: &[Filed]) -> Victim {
    let named = reports.iter().any(|filed| filed.report.victim.named);
    let mut uses: BTreeMap<String, (usize, bool, BTreeSet<&str>)> = BTreeMap::new();
    for Victim { name, aliases, named: is_named } in reports.iter().map(|filed| &filed.report.victim) {
        let counted = uses.entry(fold(name)).or_default();
        counted.0 += 2;
        counted.1 |= *is_named;
        counted.2.insert(name);
        // "Acme Inc" and "Acme Inc." are one alias, and the name is none.
        let mut seen = BTreeSet::from([fold(name)]);
        for alias in aliases {
            let counted = uses.entry(fold(alias)).or_default();
            counted.0 += usize::from(seen.insert(fold(alias)));
            counted.2.insert(alias);
        }
    }
    // Descriptions stand for the name only where there is nothing better.
    let stands = |name: &&Filed| name.report.victim.named == named;
    let candidates: BTreeSet<&str> = reports.iter().filter(stands).map(|filed| filed.report.victim.name.as_str()).collect();
    let rank = |name: &&str| {
        let (count, is_named) = uses.get(&fold(name)).map_or((0, false), |(count, is_named, _)| (*count, *is_named));
        (Reverse(count), !is_named, is_initials(name), name.chars().count())
    };
    // The first in the alphabet is the first of several equals, since the set is sorted.
    let name = candidates.into_iter().min_by_key(rank).unwrap_or_default();
    let chosen = fold(name);
    let aliases = uses.iter().filter(|(folded, _)| **folded != chosen).filter_map(|(_, (_, _, written))| written.first());
    let mut aliases: Vec<String> = aliases.map(|alias| (*alias).to_owned()).collect();
    aliases.sort_unstable();
    Victim { name: name.to_owned(), aliases, named }
}

fn is_initials(name: &str) -> bool {
    name.chars().filter(|c| c.is_alphabetic()).count() <= 5 && !name.chars().any(char::is_lowercase)
}

/// How much a kind says: "intrusion" and "other" stand only where nobody says more.
fn is_vague(kind: Kind) -> bool {
    matches!(kind, Kind::Intrusion | Kind::Other)
}

/// The kind that most reports give, vague ones left out where any says more. Ransomware stands over breach where both are given
/// and it is not a lone voice (one in four). The others, and what reports name beside, are `also_kinds`.
fn kinds(reports: &[Filed]) -> (Kind, Vec<Kind>) {
    let mut votes: BTreeMap<Kind, usize> = BTreeMap::new();
    for filed in reports {
        *votes.entry(filed.report.kind).or_default() += 1;
    }
    let telling = votes.keys().any(|kind| !is_vague(*kind));
    let rank = |(kind, count): &(&Kind, &usize)| (**count, **kind == Kind::Ransomware, Reverse(**kind));
    let most = votes.iter().filter(|(kind, _)| !telling || !is_vague(**kind)).max_by_key(rank).map(|(kind, _)| *kind);
    let count = |kind| votes.get(&kind).copied().unwrap_or(0);
    let kind = match most {
        Some(Kind::Breach) if count(Kind::Ransomware) * 4 >= count(Kind::Ransomware) + count(Kind::Breach) => Kind::Ransomware,
        Some(kind) => kind,
        None => Kind::Other,
    };
    let beside = reports.iter().flat_map(|filed| filed.report.also_kinds.iter().copied());
    let also: BTreeSet<Kind> = votes.keys().copied().chain(beside).filter(|other| *other != kind).collect();
    (kind, also.into_iter().collect())
}

/// How firm an attribution is, the firmest first.
fn firmness(attribution: Attribution) -> u8 {
    match attribution {
        Attribution::Confirmed => 0,
        Attribution::Claimed => 1,
        Attribution::Suspected => 2,
        Attribution::Denied => 3,
    }
}

/// Everybody whom any report holds responsible, once, by the name that most reports use and with the firmest attribution; so a
/// denial stands only where nobody asserts otherwise. The firmest first, then those that most reports name.
fn attackers(reports: &[Filed]) -> Vec<Attacker> {
    let told: Vec<&Attacker> = reports.iter().flat_map(|filed| &filed.report.attackers).collect();
    let mut groups: Vec<(BTreeSet<String>, Vec<&Attacker>)> = Vec::new();
    for attacker in told {
        let names: BTreeSet<String> = std::iter::once(&attacker.name)
            .chain(&attacker.aliases)
            .map(|name| attackers::identity(name).unwrap_or_else(|| fold(name)))
            .collect();
        let (same, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(known, _)| !known.is_disjoint(&names));
        let joined = same.into_iter().fold((names, vec![attacker]), |(mut names, mut all), (known, others)| {
            names.extend(known);
            all.splice(0..0, others);
            (names, all)
        });
        groups = apart;
        groups.push(joined);
    }
    let mut settled: Vec<(usize, Attacker)> = groups.iter().map(|(_, all)| (all.len(), one_attacker(all))).collect();
    settled.sort_by(|(a_count, a), (b_count, b)| {
        (firmness(a.attribution), Reverse(a_count), &a.name).cmp(&(firmness(b.attribution), Reverse(b_count), &b.name))
    });
    settled.into_iter().map(|(_, attacker)| attacker).collect()
}

fn one_attacker(all: &[&Attacker]) -> Attacker {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for attacker in all {
        *uses.entry(&attacker.name).or_default() += 1;
    }
    let name =
        uses.iter().min_by_key(|(name, count)| (Reverse(**count), name.chars().count(), **name)).map_or("", |(name, _)| name);
    let written = all.iter().flat_map(|attacker| std::iter::once(&attacker.name).chain(&attacker.aliases));
    let mut aliases: BTreeMap<String, &String> = BTreeMap::new();
    for alias in written.filter(|alias| fold(alias) != fold(name)) {
        let known = aliases.entry(fold(alias)).or_insert(alias);
        *known = (*known).min(alias);
    }
    let attribution = all.iter().map(|attacker| attacker.attribution).min_by_key(|attribution| firmness(*attribution));
    Attacker {
        name: name.to_owned(),
        aliases: aliases.into_values().cloned().collect(),
        attribution: attribution.unwrap_or(Attribution::Suspected),
    }
}

/// A figure with what ranks it.
#[derive(Clone, Copy)]
struct Told {
    figure: Figure,
    published: Day,
    leads: bool,
}

impl Told {
    fn is_claim(&self) -> bool {
        self.figure.by == Speaker::Attacker
    }

    /// The day by which a later figure stands before an earlier one.
    fn holds_from(&self) -> Day {
        self.published.plus(if self.figure.by == Speaker::Official { FIRM } else { 0 })
    }
}

/// For how many days an official figure stands before later ones of which no report says whose word they are. Those are mostly official
/// ones told again, some are rumour; and rumour runs in the first days. A later count must not wait for long, since counts grow.
const FIRM: i64 = 7;

/// The figures, each different one once, the one that stands first.
///
/// Only what a report puts first may stand, or its first official figure where it puts a claim of the attackers first; no figure
/// that is under a tenth or over ten times of what most reports put first: that counts a part, or something else; and none that
/// merely says less than an earlier one ([`says_less`]). Then any other before what the attackers claim, exact before rounded, later
/// before earlier ([`FIRM`] days later if it is official), official before untold, people before records before cards and so on, larger
/// before smaller.
///
/// A number is the word of whoever gives it in any report: official if one says so, else claimed if one says so.
fn records(reports: &[Filed]) -> Vec<Figure> {
    let told = told(reports);
    let usual = usual(&told);
    let earlier = most_by_then(&told, usual);
    let rank = |told: &Told| {
        let leads = may_stand(told, usual) && !says_less(told, &earlier);
        let figure = told.figure;
        let word = figure.by != Speaker::Official;
        let order = (!leads, told.is_claim(), is_rounded(&figure), Reverse(told.holds_from()), word, figure.unit);
        (order, Reverse((figure.value, figure.max)), figure.qualifier)
    };
    let mut ranked = told;
    ranked.sort_by_key(rank);
    let mut seen = BTreeSet::new();
    ranked
        .into_iter()
        .map(|told| told.figure)
        .filter(|figure| seen.insert((figure.value, figure.max, figure.unit, figure.qualifier)))
        .collect()
}

/// Returns every figure of every report, as the word of whoever gives that number in any of them.
fn told(reports: &[Filed]) -> Vec<Told> {
    let number = |figure: &Figure| (figure.value, figure.max, figure.unit);
    let mut speakers: BTreeMap<_, Speaker> = BTreeMap::new();
    for figure in reports.iter().flat_map(|filed| &filed.report.records) {
        let by = speakers.entry(number(figure)).or_default();
        *by = by.or(figure.by);
    }
    let spoken = |figure: &Figure| Figure { by: speakers.get(&number(figure)).copied().unwrap_or_default(), ..*figure };
    let mut told = Vec::new();
    for Filed { report, published, .. } in reports {
        let figures: Vec<Figure> = report.records.iter().map(spoken).collect();
        let claimed = figures.first().is_some_and(|first| first.by == Speaker::Attacker);
        let official = || figures.iter().position(|figure| figure.by == Speaker::Official);
        let lead = if claimed { official().unwrap_or(0) } else { 0 };
        let all = figures.iter().enumerate();
        told.extend(all.map(|(at, figure)| Told { figure: *figure, published: *published, leads: at == lead }));
    }
    told
}

/// Returns the first figure that most reports come near to, of those that the attackers do not claim if there are any. Of several one that
/// counts persons, then the largest, since what was found later is often told alone ("another 2.5 million"), then the latest.
fn usual(told: &[Told]) -> Option<Figure> {
    let only_claims = told.iter().filter(|told| told.leads).all(Told::is_claim);
    let firsts = || told.iter().filter(|told| told.leads && (only_claims || !told.is_claim()));
    let mut counts: BTreeMap<(Unit, u64), (Figure, usize)> = BTreeMap::new();
    firsts().for_each(|told| counts.entry((told.figure.unit, told.figure.value)).or_insert((told.figure, 0)).1 += 1);
    let near =
        |figure: &Figure| counts.values().filter(|(other, _)| figures::is_near(figure, other)).map(|(_, count)| count).sum();
    let support: BTreeMap<(Unit, u64), usize> = counts.iter().map(|(which, (figure, _))| (*which, near(figure))).collect();
    firsts()
        .max_by_key(|told| {
            let Figure { unit, value, .. } = told.figure;
            (support.get(&(unit, value)), unit.counts_persons(), value, told.published, Reverse(unit))
        })
        .map(|told| told.figure)
}

fn may_stand(told: &Told, usual: Option<Figure>) -> bool {
    told.leads && usual.is_some_and(|usual| is_comparable(&usual, &told.figure))
}

/// The most that was counted up to each day, of each unit, and of what attackers claim (true) apart. Bounds ("more than") are no counts.
type MostByThen = BTreeMap<(Unit, bool), BTreeMap<Day, u64>>;

fn most_by_then(told: &[Told], usual: Option<Figure>) -> MostByThen {
    let mut most = MostByThen::new();
    for told in told.iter().filter(|told| may_stand(told, usual) && told.figure.qualifier != Qualifier::AtLeast) {
        let of_day = most.entry((told.figure.unit, told.is_claim())).or_default().entry(told.published).or_default();
        *of_day = (*of_day).max(told.figure.value);
    }
    for of_unit in most.values_mut() {
        of_unit.values_mut().fold(0, |so_far, value| {
            *value = so_far.max(*value);
            *value
        });
    }
    most
}

/// Tells whether a figure is a bound that an earlier count has passed: "more than 60 million" after "as many as 70 million" tells nothing new.
fn says_less(told: &Told, earlier: &MostByThen) -> bool {
    let of_unit = earlier.get(&(told.figure.unit, told.is_claim()));
    let most = of_unit.and_then(|of_unit| of_unit.range(..=told.published).next_back());
    told.figure.qualifier == Qualifier::AtLeast && most.is_some_and(|(_, most)| *most > told.figure.value)
}

fn is_comparable(usual: &Figure, figure: &Figure) -> bool {
    if usual.unit.counts_persons() != figure.unit.counts_persons() {
        return figure.unit.counts_persons();
    }
    figure.value >= usual.value / 10 && figure.value / 10 <= usual.value
}

/// Tells whether a figure is rounded: it says "about", "at least" or "at most", or it has no telling digits. "40 million" without a word is
/// no more exact than "as many as 70 million".
fn is_rounded(figure: &Figure) -> bool {
    figure.qualifier != Qualifier::Exact || figures::digits(figure.value) <= 2
}

fn data(reports: &[Filed]) -> Vec<DataKind> {
    let all: BTreeSet<DataKind> = reports.iter().flat_map(|filed| filed.report.data.iter().copied()).collect();
    all.into_iter().collect()
}

/// The days that most reports agree with; the narrowest of several, articles about it before mentions, then the earliest.
fn occurred(reports: &[Filed]) -> Option<DayRange> {
    let told = || reports.iter().filter_map(|filed| filed.report.occurred.map(|days| (days, filed.report.salience)));
    // Thousands of reports give few different days.
    let mut counts: BTreeMap<DayRange, usize> = BTreeMap::new();
    told().for_each(|(days, _)| *counts.entry(days).or_default() += 1);
    let agree = |days: &DayRange| counts.iter().filter(|(other, _)| days.shared(**other) > 0).map(|(_, count)| count).sum();
    let supports: BTreeMap<DayRange, usize> = counts.keys().map(|days| (*days, agree(days))).collect();
    let support = |days: DayRange| supports.get(&days).copied().unwrap_or_default();
    told().min_by_key(|(days, salience)| (Reverse(support(*days)), days.days(), *salience, *days)).map(|(days, _)| days)
}

/// The earliest days: those that end first, the narrowest of several. Days that end before it occurred are left out where there are others.
fn disclosed(reports: &[Filed], occurred: Option<DayRange>) -> Option<DayRange> {
    let told = reports.iter().filter_map(|filed| filed.report.disclosed);
    let early = |days: &DayRange| occurred.is_some_and(|occurred| days.latest < occurred.earliest);
    told.min_by_key(|days| (early(days), days.latest, days.days()))
}
