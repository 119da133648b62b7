//! What stands behind a field: how sure it is, the sentences it was read from, who set it, what others say.

use super::{LABEL, Layout, label};
use crate::model::incident::Filed;
use crate::model::report::{Evidence, Field};
use crate::tui::lines::{Piece, Tone};
use crate::tui::words;

/// The most reports quoted for one field; the others stand in the list of reports.
const QUOTES: usize = 3;

impl<'a> Layout<'a> {
    /// Returns how sure the surest report is of a field, and how many independent sources say what stands there.
    pub(super) fn standing(&self, field: Field) -> Option<Piece> {
        if self.incident.edited.fields.iter().any(|set| set.value.field() == field) {
            return None; // What stands there is no report's.
        }
        let (_, surest) = self.evidence(field).into_iter().next()?;
        let percent = format!("{:.0} %", f64::from(surest.confidence.clamp(0.0, 1.0)) * 100.0);
        let sources = self.background.agreement(field).map(|agreement| agreement.sources).filter(|sources| *sources > 0);
        let sources = sources.map(|sources| format!(", {}", words::counted(sources as u64, "source", "sources")));
        Some(Piece::new(&format!("  {percent}{}", sources.unwrap_or_default()), Tone::Dim))
    }

    /// Says what other sources say of a field. Figures are listed with their sources already.
    pub(super) fn others(&mut self, field: Field) {
        let others = self.background.agreement(field).filter(|_| field != Field::Records).map_or(&[][..], |of| &of.others);
        for (value, sources) in others {
            let count = format!("  {}", words::counted(*sources as u64, "source", "sources"));
            self.text_at(&[Piece::new("or ", Tone::Dim), Piece::new(value, Tone::Plain), Piece::new(&count, Tone::Dim)], LABEL);
        }
    }

    /// Returns the sentence that holds words of evidence; the words alone where the sentence is not known.
    pub(super) fn told(&self, filed: &Filed, evidence: &'a Evidence) -> &'a str {
        self.background.sentence(filed.id, evidence.span).unwrap_or(&evidence.quote).trim()
    }

    /// Returns the words behind a field with their reports, the surest first.
    pub(super) fn evidence(&self, field: Field) -> Vec<(&'a Filed, &'a Evidence)> {
        let of = |filed| move |evidence| (filed, evidence);
        let all = self.incident.reports.iter().flat_map(|filed| filed.report.evidence.iter().map(of(filed)));
        let mut found: Vec<(&'a Filed, &'a Evidence)> = all.filter(|(_, evidence)| evidence.field == field).collect();
        found.sort_by(|a, b| b.1.confidence.total_cmp(&a.1.confidence));
        found
    }

    /// Says whether a field was set, then quotes the words behind it, each wording once; where another field has quoted them already, says
    /// where.
    pub(super) fn quotes(&mut self, field: Field) {
        self.set_by(field, LABEL);
        let found = self.evidence(field);
        self.quote(field, found);
        self.others(field);
    }

    /// Says that an analyst set a field, and what the reports say instead.
    pub(super) fn set_by(&mut self, field: Field, indent: usize) {
        if let Some(set) = self.incident.edited.fields.iter().find(|set| set.value.field() == field) {
            self.text_at(&[Piece::new(&words::set_by(set), Tone::Warn)], indent);
        }
    }

    pub(super) fn quote(&mut self, field: Field, found: Vec<(&'a Filed, &'a Evidence)>) {
        let mut shown = 0;
        let mut above = None;
        for (filed, evidence) in found {
            let (words, told) = (evidence.quote.trim(), self.told(filed, evidence));
            match self.quoted.iter().find(|(seen, _)| seen == told) {
                Some((_, other)) => above = above.or(Some(*other)),
                None if words.is_empty() || shown == QUOTES => {}
                None => {
                    shown += 1;
                    self.quoted.push((told.to_owned(), field));
                    let mut pieces = quoted(told, words, self.look.ascii);
                    pieces.push(Piece::new(&format!("  {} {}", filed.source, filed.published), Tone::Dim));
                    self.text_at(&pieces, LABEL);
                }
            }
        }
        if let (0, Some(other)) = (shown, above.filter(|other| *other != field)) {
            self.text_at(&[Piece::new(&format!("in the words quoted at \"{}\"", label(other)), Tone::Dim)], LABEL);
        }
    }
}

/// Returns a sentence in quotation marks, the words of evidence in it set off where they are not all of it.
fn quoted(sentence: &str, words: &str, ascii: bool) -> Vec<Piece> {
    let (open, close) = if ascii { ("\"", "\"") } else { ("“", "”") };
    match sentence.find(words) {
        Some(at) if words.len() < sentence.len() => vec![
            Piece::new(&format!("{open}{}", &sentence[..at]), Tone::Quote),
            Piece::new(words, Tone::Hit),
            Piece::new(&format!("{}{close}", &sentence[at + words.len()..]), Tone::Quote),
        ],
        _ => vec![Piece::new(&format!("{open}{sentence}{close}"), Tone::Quote)],
    }
}
