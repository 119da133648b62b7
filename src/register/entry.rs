//! What a record says, whichever register it is from, and how that is told.

use serde::{Deserialize, Serialize};

use crate::base::day::{Day, DayRange};
use crate::base::safe;
use crate::base::span::Span;
use crate::model::mention::RuleId;
use crate::model::report::{Attacker, DataKind, Evidence, Field, Figure, Kind, Report, Salience, Victim};
use crate::model::words;

/// The longest description that is kept, in characters.
const LONGEST: usize = 20_000;

/// One incident as a register or a table has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// The day from which on it was there to be read.
    pub published: Day,
    /// What is said of it in sentences; empty where nothing is.
    #[serde(default)]
    pub text: String,
    /// Who was hit.
    pub victim: Victim,
    /// What happened.
    pub kind: Kind,
    /// Who is held responsible.
    #[serde(default)]
    pub attackers: Vec<Attacker>,
    /// How much was affected.
    #[serde(default)]
    pub records: Vec<Figure>,
    /// Which kinds of data, sorted.
    #[serde(default)]
    pub data: Vec<DataKind>,
    /// When it happened.
    #[serde(default)]
    pub occurred: Option<DayRange>,
    /// When it became known.
    #[serde(default)]
    pub disclosed: Option<DayRange>,
    /// Whether it is doubted.
    #[serde(default)]
    pub disputed: bool,
    /// The register and its layout, as the rule that read every value: `register.hibp`.
    pub rule: String,
}

impl Entry {
    /// Returns the text of the entry, and its report with the words of that text.
    pub(super) fn told(&self) -> (String, Report) {
        let mut report = self.report();
        let description: Vec<String> =
            self.text.lines().map(|line| safe::line(line, LONGEST)).filter(|line| !line.is_empty()).collect();
        let mut text = description.join("\n");
        for (field, value) in words::fields(&report) {
            if !text.is_empty() {
                text.push('\n');
            }
            let start = text.len();
            text.push_str(&format!("{}: {}", field.word(), safe::line(&value, LONGEST)));
            report.evidence.push(self.evidence(field, Span::new(start, text.len()), &text));
        }
        (text, report)
    }

    fn evidence(&self, field: Field, span: Span, text: &str) -> Evidence {
        let confidence = self.confidence();
        Evidence { field, quote: span.slice(text).to_owned(), span, rule: RuleId(self.rule.clone().into()), confidence }
    }

    /// Somebody has looked at it and written it down; what is doubted is doubted by the register itself.
    fn confidence(&self) -> f32 {
        if self.disputed { 0.6 } else { 0.95 }
    }

    fn report(&self) -> Report {
        Report {
            victim: self.victim.clone(),
            kind: self.kind,
            also_kinds: Vec::new(),
            attackers: self.attackers.clone(),
            records: self.records.clone(),
            data: self.data.clone(),
            occurred: self.occurred,
            disclosed: self.disclosed,
            disputed: self.disputed,
            salience: Salience::Main,
            confidence: self.confidence(),
            evidence: Vec::new(),
        }
    }
}
