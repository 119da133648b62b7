//! The fields of what is searched. Incidents and articles have the same ones, so that one query reads for both.

use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};

use super::words::{EXACT, STEMMED};

/// Raised whenever the fields, the analyzers or what is written into them change; an index made before is then made anew.
pub(super) const VERSION: u32 = 2;

/// A text that is searched by stems and by the words as they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    pub stemmed: Field,
    pub exact: Field,
}

/// Every field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// The id. Incidents: their own; articles: their number.
    pub id: Field,
    /// The row that lists show, as JSON.
    pub row: Field,
    /// Titles of articles.
    pub title: Text,
    /// Incidents: quotes; articles: their text.
    pub text: Text,
    /// Every name of the victim and of those held responsible, so that bare words find them.
    pub names: Text,
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
    /// The marks of analysts.
    pub mark: Field,
    /// The figure that stands; none where it counts bytes.
    pub records: Field,
    /// The days that place it, as days since 1970: first and last.
    pub day: Days,
    pub occurred: Days,
    pub disclosed: Days,
    pub published: Days,
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
pub(super) const ID: &str = "id";
pub(super) const KIND: &str = "kind";
pub(super) const VICTIM: &str = "victim_shown";
pub(super) const ATTACKER: &str = "attacker_shown";
pub(super) const SOURCE: &str = "source_name";

/// Makes the schema.
pub(super) fn make() -> (Schema, Fields) {
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
    let named = || words(EXACT, IndexRecordOption::WithFreqsAndPositions);
    let id = builder.add_text_field(ID, counted());
    let row = builder.add_text_field("row", STORED);
    let mut text = |name: &str| Text {
        stemmed: builder.add_text_field(&format!("{name}_stemmed"), words(STEMMED, IndexRecordOption::WithFreqs)),
        exact: builder.add_text_field(&format!("{name}_exact"), words(EXACT, IndexRecordOption::WithFreqsAndPositions)),
    };
    let (title, text, names) = (text("title"), text("text"), text("names"));
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
    let tag = builder.add_text_field("tag", counted());
    let mark = builder.add_text_field("mark", term());
    let records = builder.add_u64_field(RECORDS, FAST | INDEXED);
    let mut days = |name: &str| Days {
        first: builder.add_i64_field(&format!("{name}_first"), FAST),
        last: builder.add_i64_field(&format!("{name}_last"), FAST),
    };
    let (day, occurred, disclosed, published) = (days("day"), days("occurred"), days("disclosed"), days("published"));
    let fields = Fields {
        id,
        row,
        title,
        text,
        names,
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
        records,
        day,
        occurred,
        disclosed,
        published,
    };
    (builder.build(), fields)
}
