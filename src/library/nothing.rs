//! Why a search found nothing, in sentences: names that nobody bears, and the parts of it that are to blame.

use crate::base::span::Span;
use crate::model::words::grouped;
use crate::store::query::Query;
use crate::store::search::{Of, Unknown};
use crate::store::{Reader, StoreError};

/// One reason, with the part of the search that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The place of the part in the text, where it has to be shown; None where the sentence names it.
    pub at: Option<Span>,
    /// A sentence.
    pub said: String,
}

/// Returns why a query found nothing; `text` is what it was read from. Nothing where there is no more to say.
///
/// # Errors
/// If the index cannot be read.
pub fn why(reader: &Reader, of: Of, query: &Query, text: &str) -> Result<Vec<Reason>, StoreError> {
    let unknown = reader.unknown(of, query)?;
    // A name that nobody bears is said once.
    let told: Vec<Span> = unknown.iter().map(|unknown| unknown.at).collect();
    let mut reasons: Vec<Reason> = unknown.into_iter().map(of_name).collect();
    reasons.extend(of_parts(reader, of, query, (text, &told))?.into_iter().map(|said| Reason { at: None, said }));
    Ok(reasons)
}

fn of_name(Unknown { at, what, name, near }: Unknown) -> Reason {
    let near = if near.is_empty() { String::new() } else { format!("; near: {}", near.join(", ")) };
    Reason { at: Some(at), said: format!("no {what} here is called `{name}`{near}") }
}

/// Says of each part of a query that found nothing what it removed.
fn of_parts(reader: &Reader, of: Of, query: &Query, (text, told): (&str, &[Span])) -> Result<Vec<String>, StoreError> {
    let mut said = Vec::new();
    for blame in reader.blame(of, query)?.into_iter().filter(|blame| !told.contains(&blame.at)) {
        // A part of a saved query has no place of its own in the text.
        let Some(before) = text.get(..blame.at.start) else { continue };
        let negated = before.ends_with('-');
        let Some(part) = text.get(blame.at.start - usize::from(negated)..blame.at.end) else { continue };
        if blame.alone == 0 {
            said.push(format!("`{part}` finds nothing by itself"));
        } else if blame.without > 0 {
            let are = if blame.without == 1 { "is" } else { "are" };
            said.push(format!("without `{part}` there {are} {}", grouped(blame.without as u64)));
        }
    }
    if said.is_empty() && told.is_empty() && query.parts().len() > 1 {
        said.push("no single part is to blame: leave out more than one".to_owned());
    }
    Ok(said)
}
