//! The analyst's word on a set of reports: which are kept apart, which together, and what stands in the incidents that come of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::fold::fold;
use crate::merge::cluster::Pairs;
use crate::merge::keys;
use crate::model::article::ArticleId;
use crate::model::edit::{Act, Anchor, Edit, EditId, Edited, Note, SetField, standing};
use crate::model::incident::{Filed, Incident, ReportId};
use crate::model::report::{Attacker, Figure, Kind, Report, Victim};
use crate::model::value::Value;

/// All edits that touch some reports, with the reports that each is about.
pub(super) struct Word<'e> {
    edits: &'e [Edit],
    /// For each edit the places of the reports that its incident held, but for those that it split off.
    held: Vec<Vec<usize>>,
    apart: Pairs,
    together: Pairs,
}

impl<'e> Word<'e> {
    pub(super) fn new(edits: &'e [Edit], reports: &[Filed]) -> Word<'e> {
        let finder = Finder::new(edits, reports);
        let mut word = Word { edits, held: Vec::new(), apart: Pairs::new(), together: Pairs::new() };
        let holds: BTreeSet<EditId> = standing(edits).iter().map(|edit| edit.id).collect();
        for edit in edits {
            let (ours, others) = finder.find_both(edit);
            if holds.contains(&edit.id) {
                match edit.act {
                    Act::Merge { .. } => word.merge(&ours, &others),
                    Act::Split { .. } => word.split(&ours, &others),
                    _ => {}
                }
            }
            word.held.push(ours);
        }
        word
    }

    /// The pairs that are never one incident.
    pub(super) fn apart(&self) -> &Pairs {
        &self.apart
    }

    /// From here on the two sets are one event. What was said before of a pair of them holds no more.
    fn merge(&mut self, ours: &[usize], others: &[usize]) {
        self.apart.retain(|pair| !crosses(*pair, ours, others));
        self.chain(ours.iter().chain(others).copied());
    }

    /// From here on the two sets are two events.
    fn split(&mut self, ours: &[usize], others: &[usize]) {
        self.together.retain(|pair| !crosses(*pair, ours, others));
        self.apart.extend(ours.iter().flat_map(|a| others.iter().map(|b| ordered(*a, *b))));
        self.chain(ours.iter().copied());
        self.chain(others.iter().copied());
    }

    /// Holds some reports together, each by the one before it.
    fn chain(&mut self, reports: impl Iterator<Item = usize>) {
        let all: Vec<usize> = reports.collect::<BTreeSet<_>>().into_iter().collect();
        self.together.extend(all.windows(2).map(|pair| (pair[0], pair[1])));
    }

    /// Joins whole groups of which an analyst said that they are one, unless that would join what was split.
    pub(super) fn join(&self, groups: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let mut groups = groups;
        for &(a, b) in &self.together {
            let place = |report| groups.iter().position(|group| group.contains(&report));
            let (Some(one), Some(other)) = (place(a), place(b)) else { continue };
            if one != other && !groups[one].iter().any(|a| groups[other].iter().any(|b| self.apart.contains(&ordered(*a, *b)))) {
                let moved = groups.remove(one.max(other));
                groups[one.min(other)].extend(moved);
            }
        }
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }

    /// Sets in each incident what the edits of it say.
    ///
    /// An edit is of the incident that holds most of its reports; of several that which bears the name it was said of, then the
    /// first. Where none of its reports is there any more, it is of the incident of that name.
    pub(super) fn apply(&self, reports: &[ReportId], incidents: &mut [Incident]) {
        if self.edits.is_empty() {
            return;
        }
        let home: HashMap<ReportId, usize> =
            (0..).zip(&*incidents).flat_map(|(at, incident)| incident.reports.iter().map(move |filed| (filed.id, at))).collect();
        let mut of: BTreeMap<EditId, usize> = BTreeMap::new();
        for (edit, held) in self.edits.iter().zip(&self.held) {
            let place = match edit.act {
                Act::Undo(undone) => of.get(&undone).copied(),
                _ => place(edit, held.iter().filter_map(|at| home.get(&reports[*at]).copied()), incidents),
            };
            of.extend(place.map(|place| (edit.id, place)));
        }
        for (at, incident) in incidents.iter_mut().enumerate() {
            let edits: Vec<Edit> = self.edits.iter().filter(|edit| of.get(&edit.id) == Some(&at)).cloned().collect();
            apply(incident, &edits);
        }
    }
}

fn place(edit: &Edit, homes: impl Iterator<Item = usize>, incidents: &[Incident]) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for home in homes {
        *counts.entry(home).or_default() += 1;
    }
    let rank = |(at, count): &(usize, usize)| (*count, incidents[*at].id == edit.incident, std::cmp::Reverse(*at));
    let most = counts.into_iter().max_by_key(rank).map(|(at, _)| at);
    most.or_else(|| incidents.iter().position(|incident| incident.id == edit.incident))
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

fn crosses((a, b): (usize, usize), ours: &[usize], others: &[usize]) -> bool {
    ours.contains(&a) && others.contains(&b) || ours.contains(&b) && others.contains(&a)
}

/// Finds reports again by article and victim.
struct Finder<'r> {
    by_article: HashMap<ArticleId, Vec<usize>>,
    reports: &'r [Filed],
}

impl<'r> Finder<'r> {
    fn new(edits: &[Edit], reports: &'r [Filed]) -> Finder<'r> {
        let wanted: BTreeSet<ArticleId> = edits.iter().flat_map(Edit::articles).collect();
        let mut by_article: HashMap<ArticleId, Vec<usize>> = HashMap::new();
        for (at, filed) in reports.iter().enumerate().filter(|(_, filed)| wanted.contains(&filed.id.article)) {
            by_article.entry(filed.id.article).or_default().push(at);
        }
        Finder { by_article, reports }
    }

    /// Returns the reports that the incident of an edit held, and those that it joins to them or takes out of them.
    fn find_both(&self, edit: &Edit) -> (Vec<usize>, Vec<usize>) {
        let ours = self.find(&edit.reports);
        match &edit.act {
            Act::Merge { reports, .. } => (ours, self.find(reports)),
            Act::Split { reports } => {
                let others = self.find(reports);
                (ours.into_iter().filter(|at| !others.contains(at)).collect(), others)
            }
            _ => (ours, Vec::new()),
        }
    }

    fn find(&self, anchors: &[Anchor]) -> Vec<usize> {
        let found: BTreeSet<usize> = anchors.iter().filter_map(|anchor| self.find_one(anchor)).collect();
        found.into_iter().collect()
    }

    /// The report of the same article whose victim has the same name, else one that shares a key; of several that in the same place.
    fn find_one(&self, anchor: &Anchor) -> Option<usize> {
        let there = self.by_article.get(&anchor.id.article)?;
        let of = |at: &usize| &self.reports[*at];
        let same_name = |at: &&usize| fold(&of(at).report.victim.name) == fold(&anchor.victim.name);
        let rank = |at: &&usize| (of(at).id.n != anchor.id.n, of(at).id.n);
        if let Some(at) = there.iter().filter(same_name).min_by_key(rank) {
            return Some(*at);
        }
        let wanted = keys(&anchor.victim);
        let shares = |at: &&usize| keys(&of(at).report.victim).iter().any(|key| wanted.contains(key));
        there.iter().filter(shares).min_by_key(rank).copied()
    }
}

/// Sets in an incident, as its reports settle it, what edits of it say. `edits` are in the order of their numbers, with all that were
/// undone.
pub(super) fn apply(incident: &mut Incident, edits: &[Edit]) {
    let mut edited = Edited { edits: edits.iter().map(|edit| edit.id).collect(), ..Edited::default() };
    let mut fields: BTreeMap<_, (&Edit, &Value)> = BTreeMap::new();
    for edit in standing(edits) {
        match &edit.act {
            Act::Set(value) => {
                fields.insert(value.field(), (edit, value));
            }
            Act::Hide => edited.hidden = true,
            Act::Unhide => edited.hidden = false,
            Act::Star => edited.starred = true,
            Act::Unstar => edited.starred = false,
            Act::Note(text) => {
                edited.notes.push(Note { at: edit.at, author: edit.author.clone(), text: text.clone() });
            }
            Act::Tag(tag) => edited.tags.push(tag.clone()),
            Act::Untag(tag) => edited.tags.retain(|other| other != tag),
            Act::Merge { .. } | Act::Split { .. } | Act::Undo(_) => {}
        }
    }
    edited.tags.sort_unstable();
    edited.tags.dedup();
    for (field, (edit, value)) in fields {
        let reports = Value::of_incident(incident, field);
        set(incident, value);
        edited.fields.push(SetField { at: edit.at, author: edit.author.clone(), value: value.clone(), reports });
    }
    incident.edited = edited;
}

/// Puts a value in the first place. Names and figures that reports give stay behind it, so that they are still found.
fn set(incident: &mut Incident, value: &Value) {
    match value {
        Value::Victim(name) => incident.victim = renamed(&incident.victim, name),
        Value::Kind(kind) => {
            let others: BTreeSet<Kind> = incident.also_kinds.iter().copied().chain([incident.kind]).collect();
            incident.kind = *kind;
            incident.also_kinds = others.into_iter().filter(|other| other != kind).collect();
        }
        Value::Attackers(attackers) => {
            let known = |attacker: &Attacker| incident.attackers.iter().find(|other| fold(&other.name) == fold(&attacker.name));
            let with_aliases = |attacker: &Attacker| Attacker {
                aliases: known(attacker).map_or_else(Vec::new, |known| known.aliases.clone()),
                ..attacker.clone()
            };
            incident.attackers = attackers.iter().map(with_aliases).collect();
        }
        Value::Records(None) => incident.records.clear(),
        Value::Records(Some(figure)) => {
            incident.records.retain(|other| !other.is_same(figure));
            incident.records.insert(0, *figure);
        }
        Value::Data(data) => incident.data.clone_from(data),
        Value::Occurred(days) => incident.occurred = *days,
        Value::Disclosed(days) => incident.disclosed = *days,
        Value::Disputed(disputed) => incident.disputed = *disputed,
    }
}

fn renamed(victim: &Victim, name: &str) -> Victim {
    let all = std::iter::once(&victim.name).chain(&victim.aliases);
    let mut aliases: Vec<String> = all.filter(|alias| fold(alias) != fold(name)).cloned().collect();
    aliases.sort_unstable();
    Victim { name: name.to_owned(), aliases, named: true }
}

/// Returns a report as it should have been read, by what an analyst says of its incident.
///
/// Who was hit and what happened is set in every report. A figure, a day or an attacker is set only where the report gives the value that
/// the analyst overruled: another report may rightly say something else. Where he says that there is none, no report can be right.
pub fn corrected(report: &Report, edited: &Edited) -> Report {
    let mut report = report.clone();
    for SetField { value, reports, .. } in &edited.fields {
        match (value, reports) {
            (Value::Victim(name), _) => report.victim = renamed(&report.victim, name),
            (Value::Kind(kind), _) => {
                report.kind = *kind;
                report.also_kinds.retain(|other| other != kind);
            }
            (Value::Records(None), _) => report.records.clear(),
            (Value::Occurred(None), _) => report.occurred = None,
            (Value::Disclosed(None), _) => report.disclosed = None,
            (Value::Attackers(attackers), _) if attackers.is_empty() => report.attackers.clear(),
            (Value::Records(figure), Value::Records(Some(overruled)))
                if report.records.iter().any(|other| other.is_same(overruled)) =>
            {
                let stays = |other: &Figure| !other.is_same(overruled) && !figure.is_some_and(|figure| figure.is_same(other));
                report.records.retain(stays);
                report.records.splice(0..0, *figure);
            }
            (value, reports) if Value::of_report(&report, value.field()) != *reports => {}
            (Value::Records(figure), _) => report.records = Vec::from_iter(*figure),
            (Value::Attackers(attackers), _) => report.attackers.clone_from(attackers),
            (Value::Occurred(days), _) => report.occurred = *days,
            (Value::Disclosed(days), _) => report.disclosed = *days,
            (Value::Data(data), _) => report.data.clone_from(data),
            (Value::Disputed(disputed), _) => report.disputed = *disputed,
        }
    }
    report
}
