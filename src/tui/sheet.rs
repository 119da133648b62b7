//! One incident as lines: every field with the sentences behind it and what others say, the reports, the history. Pure text, laid out for
//! a width.

mod behind;

use std::ops::Range;

use crate::base::day::Day;
use crate::base::span::Span;
use crate::library::Background;
use crate::model::article::ArticleId;
use crate::model::incident::{Filed, Incident, ReportId};
use crate::model::report::{Field, Figure};
use crate::tui::lines::{Line, Piece, Tone, flow};
use crate::tui::state::Look;
use crate::tui::words;

/// An incident laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The lines.
    pub lines: Vec<Line>,
    /// What can be selected, top to bottom.
    pub items: Vec<Item>,
}

/// Something that can be selected: a field or a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its lines.
    pub lines: Range<usize>,
    /// Which field it is; None for a report.
    pub field: Option<Field>,
    /// Which report it is; None for a field.
    pub report: Option<ReportId>,
    /// The article that says so, if one is known.
    pub article: Option<ArticleId>,
    /// The words that say so.
    pub span: Option<Span>,
    /// The address of that article.
    pub url: Option<String>,
}

/// The columns that the names of the fields take.
const LABEL: usize = 11;

/// Lays an incident out for `width` columns.
pub fn lay_out(incident: &Incident, background: &Background, width: usize, look: Look) -> Sheet {
    let mut page = Layout { incident, background, width: width.max(24), look, sheet: Sheet::default(), quoted: Vec::new() };
    page.title();
    page.kind();
    page.records();
    page.attackers();
    page.data();
    page.days();
    page.disputed();
    page.reports();
    page.history();
    page.sheet
}

struct Layout<'a> {
    incident: &'a Incident,
    background: &'a Background,
    width: usize,
    look: Look,
    sheet: Sheet,
    /// The words that are quoted already, and for which field.
    quoted: Vec<(String, Field)>,
}

/// Returns the word that stands before a field on the sheet.
fn label(field: Field) -> &'static str {
    match field {
        Field::Victim => "victim",
        Field::Kind => "what",
        Field::Attackers => "attacker",
        Field::Records => "affected",
        Field::Data => "data",
        Field::Occurred => "happened",
        Field::Disclosed => "known",
        Field::Disputed => "disputed",
    }
}

impl<'a> Layout<'a> {
    fn title(&mut self) {
        let incident = self.incident;
        let start = self.sheet.lines.len();
        let mut pieces = vec![Piece::new(&incident.victim.name, Tone::Strong)];
        if !incident.victim.named {
            pieces.push(Piece::new(" (no name is given)", Tone::Dim));
        }
        pieces.extend(self.standing(Field::Victim));
        self.text(&pieces, 0);
        if !incident.victim.aliases.is_empty() {
            self.text(&[Piece::new("also ", Tone::Dim), Piece::new(&incident.victim.aliases.join(", "), Tone::Plain)], 5);
        }
        let (days, by) = incident.dated();
        let line = format!("on the timeline at {}, {}", words::days(days), words::dated_by(by));
        self.text(&[Piece::new(&line, Tone::Dim)], 0);
        let marks = words::marks(&incident.edited);
        if !marks.is_empty() {
            self.text(&[Piece::new(&marks, Tone::Warn)], 0);
        }
        for note in &incident.edited.notes {
            let who = format!("  {} {}", note.author, Day::of(note.at));
            self.text(&[Piece::new("note ", Tone::Dim), Piece::new(&note.text, Tone::Plain), Piece::new(&who, Tone::Dim)], 5);
        }
        self.set_by(Field::Victim, 0);
        // The words for what happened mostly name the victim as well; they are quoted there.
        let mut named = self.evidence(Field::Victim);
        let happened = self.evidence(Field::Kind);
        named.retain(|(filed, named)| {
            let told = self.told(filed, named);
            happened.iter().all(|(filed, other)| self.told(filed, other) != told)
        });
        self.quote(Field::Victim, named);
        self.others(Field::Victim);
        self.item(start, Some(Field::Victim));
        self.blank();
    }

    fn kind(&mut self) {
        let incident = self.incident;
        let start = self.sheet.lines.len();
        let mut pieces = vec![
            Piece::new(incident.kind.word(), Tone::Kind(incident.kind)),
            Piece::new(&format!("  {}", words::kind_meaning(incident.kind)), Tone::Dim),
        ];
        if !incident.also_kinds.is_empty() {
            let others: Vec<&str> = incident.also_kinds.iter().map(|kind| kind.word()).collect();
            pieces.push(Piece::new(&format!("; or {}", others.join(", ")), Tone::Dim));
        }
        pieces.extend(self.standing(Field::Kind));
        self.field(label(Field::Kind), &pieces, Tone::Plain);
        self.quotes(Field::Kind);
        self.item(start, Some(Field::Kind));
    }

    fn records(&mut self) {
        let start = self.sheet.lines.len();
        let figures = &self.incident.records;
        if figures.is_empty() {
            self.field(label(Field::Records), &[Piece::new("no figure is given", Tone::Dim)], Tone::Plain);
        }
        for (i, figure) in figures.iter().enumerate() {
            let tone = if i == 0 { Tone::Strong } else { Tone::Plain };
            let mut pieces = vec![Piece::new(&words::figure_in_words(figure), tone)];
            let whose = words::speaker_meaning(figure.by);
            pieces.extend((!whose.is_empty()).then(|| Piece::new(&format!(", {whose}"), Tone::Plain)));
            if let Some(who) = self.who_says(figure) {
                pieces.push(Piece::new(&format!("  {who}"), Tone::Dim));
            }
            pieces.extend(self.standing(Field::Records).filter(|_| i == 0));
            self.field(if i == 0 { label(Field::Records) } else { "" }, &pieces, Tone::Plain);
        }
        self.quotes(Field::Records);
        self.item(start, Some(Field::Records));
    }

    /// Returns the sources that give a figure and the day on which the first of them gave it.
    fn who_says(&self, figure: &Figure) -> Option<String> {
        let says = |filed: &&Filed| filed.report.records.iter().any(|other| same_figure(other, figure));
        let mut reports: Vec<&Filed> = self.incident.reports.iter().filter(says).collect();
        reports.sort_by_key(|filed| filed.published);
        let first = reports.first()?;
        let mut sources: Vec<&str> = reports.iter().map(|filed| filed.source.as_str()).collect();
        sources.dedup();
        let others = sources.iter().filter(|source| **source != first.source).count();
        Some(match others {
            0 => format!("{} {}", first.source, first.published),
            1 => format!("{} {} and 1 other", first.source, first.published),
            _ => format!("{} {} and {others} others", first.source, first.published),
        })
    }

    fn attackers(&mut self) {
        let start = self.sheet.lines.len();
        if self.incident.attackers.is_empty() {
            self.field(label(Field::Attackers), &[Piece::new("nobody is named", Tone::Dim)], Tone::Plain);
        }
        for (i, attacker) in self.incident.attackers.iter().enumerate() {
            let sign = words::attribution_sign(attacker.attribution, self.look.ascii);
            let mut pieces = vec![Piece::new(&format!("{sign} {}", attacker.name), Tone::Strong)];
            if !attacker.aliases.is_empty() {
                pieces.push(Piece::new(&format!(" ({})", attacker.aliases.join(", ")), Tone::Plain));
            }
            pieces.push(Piece::new(&format!("  {}", attacker.attribution.word()), Tone::Plain));
            pieces.push(Piece::new(&format!(": {}", words::attribution_meaning(attacker.attribution)), Tone::Dim));
            pieces.extend(self.standing(Field::Attackers).filter(|_| i == 0));
            self.field(if i == 0 { label(Field::Attackers) } else { "" }, &pieces, Tone::Plain);
        }
        self.quotes(Field::Attackers);
        self.item(start, Some(Field::Attackers));
    }

    fn data(&mut self) {
        let start = self.sheet.lines.len();
        let names: Vec<String> = self.incident.data.iter().map(|kind| kind.word().replace('_', " ")).collect();
        let piece = match names.is_empty() {
            true => Piece::new("none is named", Tone::Dim),
            false => Piece::new(&names.join(", "), Tone::Plain),
        };
        let pieces: Vec<Piece> = [piece].into_iter().chain(self.standing(Field::Data)).collect();
        self.field(label(Field::Data), &pieces, Tone::Plain);
        self.quotes(Field::Data);
        self.item(start, Some(Field::Data));
    }

    fn days(&mut self) {
        for (field, range) in [(Field::Occurred, self.incident.occurred), (Field::Disclosed, self.incident.disclosed)] {
            let start = self.sheet.lines.len();
            let piece = match range {
                Some(range) => Piece::new(&words::days(range), Tone::Plain),
                None => Piece::new("no day is given", Tone::Dim),
            };
            let pieces: Vec<Piece> = [piece].into_iter().chain(self.standing(field)).collect();
            self.field(label(field), &pieces, Tone::Plain);
            self.quotes(field);
            self.item(start, Some(field));
        }
    }

    fn disputed(&mut self) {
        if self.incident.disputed {
            let start = self.sheet.lines.len();
            self.field(
                label(Field::Disputed),
                &[Piece::new("yes", Tone::Warn), Piece::new(": somebody disputes that it happened", Tone::Dim)],
                Tone::Plain,
            );
            self.quotes(Field::Disputed);
            self.item(start, Some(Field::Disputed));
        }
        let percent = format!("{:.0} %", f64::from(self.incident.confidence.clamp(0.0, 1.0)) * 100.0);
        self.field(
            "sure",
            &[Piece::new(&percent, Tone::Plain), Piece::new("  that this is in its surest report", Tone::Dim)],
            Tone::Plain,
        );
    }

    fn reports(&mut self) {
        self.blank();
        let reports = &self.incident.reports;
        let sources = self.incident.row().sources;
        let count = words::counted(reports.len() as u64, "report", "reports");
        let from = words::counted(sources.into(), "source", "sources");
        self.text(&[Piece::new(&count, Tone::Strong), Piece::new(&format!(" from {from}, by day of publication"), Tone::Dim)], 0);
        for filed in reports {
            let start = self.sheet.lines.len();
            let head = format!("{}  ", filed.published);
            let number = format!("  report {}", self.incident.report_name(filed));
            let mut pieces =
                vec![Piece::new(&head, Tone::Dim), Piece::new(&filed.source, Tone::Strong), Piece::new(&number, Tone::Dim)];
            if !filed.title.is_empty() {
                pieces.push(Piece::new(&format!("  {}", filed.title), Tone::Plain));
            }
            self.text(&pieces, head.len());
            self.text_at(&[Piece::new(&self.gist(filed), Tone::Dim)], head.len());
            self.text_at(&[Piece::new(&filed.url, Tone::Link)], head.len());
            let end = self.sheet.lines.len();
            let span = filed.report.evidence.iter().map(|evidence| evidence.span).min();
            let (article, url) = (Some(filed.id.article), Some(filed.url.clone()));
            self.sheet.items.push(Item { lines: start..end, field: None, report: Some(filed.id), article, span, url });
        }
    }

    /// Lists which report or analyst changed what.
    fn history(&mut self) {
        let history = &self.background.history;
        if history.is_empty() {
            return;
        }
        self.blank();
        self.text(&[Piece::new("history", Tone::Strong), Piece::new(", by day of publication or edit", Tone::Dim)], 0);
        for (day, what) in history {
            let head = format!("{day}  ");
            self.text(&[Piece::new(&head, Tone::Dim), Piece::new(what, Tone::Plain)], head.len());
        }
    }

    /// Returns in a few words what one report says, for comparing it with the others.
    fn gist(&self, filed: &Filed) -> String {
        let report = &filed.report;
        let mut parts = vec![report.kind.word().to_owned()];
        if let Some(figure) = report.records.first() {
            parts.push(words::told_figure(figure));
        }
        for attacker in report.attackers.iter().take(2) {
            parts.push(format!("{} {}", attacker.name, attacker.attribution.word()));
        }
        if let Some(days) = report.occurred {
            parts.push(format!("happened {}", words::days(days)));
        }
        if report.disputed {
            parts.push("disputed".to_owned());
        }
        parts.join(" · ").replace('·', if self.look.ascii { "-" } else { "·" })
    }

    fn item(&mut self, start: usize, field: Option<Field>) {
        let best = self.incident.reports.iter().flat_map(|filed| {
            let evidence = filed.report.evidence.iter().filter(move |evidence| Some(evidence.field) == field);
            evidence.map(move |evidence| (filed, evidence))
        });
        let best = best.reduce(|a, b| if b.1.confidence > a.1.confidence { b } else { a });
        let lines = start..self.sheet.lines.len();
        self.sheet.items.push(Item {
            lines,
            field,
            report: None,
            article: best.map(|(filed, _)| filed.id.article),
            span: best.map(|(_, evidence)| evidence.span),
            url: best.map(|(filed, _)| filed.url.clone()),
        });
    }

    fn field(&mut self, label: &str, pieces: &[Piece], tone: Tone) {
        let mut lines = flow(pieces, self.width, LABEL, LABEL);
        if let Some(first) = lines.first_mut() {
            first.insert(0, Piece { text: format!("{label:LABEL$}"), tone: if tone == Tone::Plain { Tone::Dim } else { tone } });
        }
        self.sheet.lines.extend(lines);
    }

    fn text(&mut self, pieces: &[Piece], hang: usize) {
        self.sheet.lines.extend(flow(pieces, self.width, 0, hang));
    }

    fn text_at(&mut self, pieces: &[Piece], indent: usize) {
        let mut lines = flow(pieces, self.width, indent, indent);
        if let Some(first) = lines.first_mut() {
            first.insert(0, Piece { text: " ".repeat(indent), tone: Tone::Plain });
        }
        self.sheet.lines.extend(lines);
    }

    fn blank(&mut self) {
        self.sheet.lines.push(Line::new());
    }
}

fn same_figure(one: &Figure, other: &Figure) -> bool {
    (one.value, one.max, one.unit) == (other.value, other.max, other.unit)
}
