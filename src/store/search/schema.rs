//! The fields of what is searched. Incidents, articles and reports have the same ones, so that one query reads for all.
//!
//! Incidents have two more: stems and pairs of words, by which they are found several times as fast. They are what is searched all the time, and
//! take a third of what articles do, of which the same fields would take a fifth of the text.

use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

use super::find::Of;
use super::words::{EXACT, STEMMED};
use crate::rules::Rules;

/// Raised whenever the fields, the analyzers or what is written into them change; an index made before is then made anew.
const VERSION: u32 = 7;

/// Returns what an index must bear to be trusted: the version, and which names of attackers and countries went into it.
pub(super) fn version() -> String {
    format!("{VERSION}-{}", Rules::names_digest())
}

/// A text that is searched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    /// The stems of words that are not their own stems. Incidents alone have it; elsewhere [`super::forms`] are looked for.
    pub stemmed: Option<Field>,
    /// The words as they are.
    pub exact: Field,
}

/// Every field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The id. Incidents: their own; articles and their reports: the article's number.
    pub id: Field,
    /// The row that lists show, packed ([`super::row`]).
    pub row: Field,
    /// Titles of articles.
    pub title: Text,
    /// Incidents and reports: quotes; articles: their text.
    pub text: Text,
    /// Every name of the victim and of those held responsible, so that bare words find them.
    pub names: Text,
    /// The pairs of words that stand in a row in these, names among them, by number ([`super::words::pairs`]). Incidents alone have it.
    pub pairs: Option<Field>,
    /// Every name of the victim, as words; each as one term; and the one that is shown, to be counted.
    pub victim: Field,
    pub victim_name: Field,
    pub victim_shown: Field,
    /// Every name of those held responsible, likewise.
    pub attacker: Field,
    pub attacker_name: Field,
    pub attacker_shown: Field,
    pub kind: Field,
    pub data: Field,
    /// The names of the sources, as words; and each as one term.
    pub source: Field,
    pub source_name: Field,
    /// Tags of the sources and of analysts.
    pub tag: Field,
    /// The marks of analysts, and what is known.
    pub mark: Field,
    /// How firmly somebody is held responsible; whether it is disputed.
    pub status: Field,
    /// The names and letters of the victim's country, as words; each as one term; and the name, to be counted.
    pub country: Field,
    pub country_name: Field,
    pub country_shown: Field,
    /// The figure that stands; none where it counts bytes.
    pub records: Field,
    /// The days that place it, as days since 1970: first and last.
    pub day: Days,
    pub occurred: Days,
    pub disclosed: Days,
    pub published: Days,
    /// The day of the last report or edit.
    pub updated: Field,
}

/// The two ends of some days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub first: Field,
    pub last: Field,
}

/// The names of the fast fields that order what is found.
pub(super) const DAY: &str = "day_first";
pub(super) const RECORDS: &str = "records";
pub(super) const KIND: &str = "kind";
pub(super) const VICTIM: &str = "victim_shown";
pub(super) const ATTACKER: &str = "attacker_shown";
pub(super) const SOURCE: &str = "source_name";
pub(super) const COUNTRY: &str = "country_shown";
pub(super) const STATUS: &str = "status";
pub(super) const TAG: &str = "tag";
pub(super) const UPDATED: &str = "updated";

/// Makes the schema of an index.
pub(super) fn make(of: Of) -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |analyzer: &str, option| {
        TextOptions::default().set_indexing_options(TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option))
    };
    let term = || {
        let indexing =
            TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let counted = || term().set_fast("raw");
    // Names are short, all about as long: their lengths are not kept.
    let named = || {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let indexing = TextFieldIndexing::default().set_tokenizer(EXACT).set_index_option(option).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing)
    };
    let forms =
        TextFieldIndexing::default().set_tokenizer(STEMMED).set_index_option(IndexRecordOption::Basic).set_fieldnorms(false);
    let forms = TextOptions::default().set_indexing_options(forms);
    let full = of == Of::Incidents;
    let id = builder.add_text_field("id", term());
    let row = builder.add_bytes_field("row", STORED);
    // How often another form of a word stands in a text says little, so it is not kept.
    let mut text = |name: &str| Text {
        stemmed: full.then(|| builder.add_text_field(&format!("{name}_stemmed"), forms.clone())),
        exact: builder.add_text_field(&format!("{name}_exact"), words(EXACT, IndexRecordOption::WithFreqsAndPositions)),
    };
    let (title, text, names) = (text("title"), text("text"), text("names"));
    let pairs = full.then(|| builder.add_u64_field("pairs", NumericOptions::default().set_indexed()));
    let victim = builder.add_text_field("victim", named());
    let victim_name = builder.add_text_field("victim_name", term());
    let victim_shown = builder.add_text_field(VICTIM, TextOptions::default().set_fast("raw"));
    let attacker = builder.add_text_field("attacker", named());
    let attacker_name = builder.add_text_field("attacker_name", term());
    let attacker_shown = builder.add_text_field(ATTACKER, TextOptions::default().set_fast("raw"));
    let kind = builder.add_text_field(KIND, counted());
    let data = builder.add_text_field("data", counted());
    let source = builder.add_text_field("source", named());
    let source_name = builder.add_text_field(SOURCE, counted());
    let tag = builder.add_text_field(TAG, counted());
    let mark = builder.add_text_field("mark", term());
    let status = builder.add_text_field(STATUS, counted());
    let country = builder.add_text_field("country", named());
    let country_name = builder.add_text_field("country_name", term());
    let country_shown = builder.add_text_field(COUNTRY, TextOptions::default().set_fast("raw"));
    let records = builder.add_u64_field(RECORDS, FAST);
    let mut days = |name: &str| Days {
        first: builder.add_i64_field(&format!("{name}_first"), FAST),
        last: builder.add_i64_field(&format!("{name}_last"), FAST),
    };
    let (day, occurred, disclosed, published) = (days("day"), days("occurred"), days("disclosed"), days("published"));
    let updated = builder.add_i64_field(UPDATED, FAST);
    let fields = Fields {
        id,
        row,
        title,
        text,
        names,
        pairs,
        victim,
        victim_name,
        victim_shown,
        attacker,
        attacker_name,
        attacker_shown,
        kind,
        data,
        source,
        source_name,
        tag,
        mark,
        status,
        country,
        country_name,
        country_shown,
        records,
        day,
        occurred,
        disclosed,
        published,
        updated,
    };
    (builder.build(), fields)
}
