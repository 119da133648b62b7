//! What is answered: from what was asked to a value, a file in one of the formats, or what is wrong (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Desk, packed};
use crate::base::json;
use crate::export::{self, About, Format, Live, Tlp};
use crate::library::{self, Library, Trouble, wire};
use crate::model::incident::{Incident, IncidentId};
use crate::store::query::Query;
use crate::store::{Page, StoreError};

/// The most incidents of one export, and how many without a word.
const EXPORT: (usize, usize) = (10_000, 1_000);
/// Incidents on the page.
const SHOWN: usize = 1_000;
/// Entries of a feed without a word.
const ENTRIES: usize = 100;
/// Values of a count without a word, and the most.
const VALUES: (usize, usize) = (1_000, 50);

/// An answer that is not yet one of HTTP.
pub(super) struct Answer {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
    headers: Vec<(HeaderName, String)>,
}

impl Answer {
    pub(super) fn json(value: &impl Serialize) -> Answer {
        Answer { status: 200, media_type: "application/json", body: json::line(value), headers: Vec::new() }
    }

    /// The asker has it already.
    pub(super) fn unchanged() -> Answer {
        Answer { status: 304, media_type: "", body: Vec::new(), headers: Vec::new() }
    }

    /// Adds the address of the next part of a list, where there is one.
    fn linked(self, next: Option<String>) -> Answer {
        match next {
            Some(next) => self.with(header::LINK, &format!("<{next}>; rel=\"next\"")),
            None => self,
        }
    }

    /// Returns it in a smaller form, where it is long and the asker can read that.
    pub(super) fn packed_for(self, asker: &HeaderMap) -> Answer {
        match packed::packed(&self.body, asker) {
            Some(body) => Answer { body, ..self }.with(header::CONTENT_ENCODING, "gzip"),
            None => self,
        }
        .with(header::VARY, "accept-encoding")
    }

    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Makes the response. What is wrong has no `etag`: it may be right the next time.
    pub(super) fn into_response(self, etag: Option<&str>) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // What is packed says the same in other bytes.
        let weak = if self.headers.iter().any(|(name, _)| *name == header::CONTENT_ENCODING) { "W/" } else { "" };
        let etag = etag.filter(|_| self.status < 400).map(|etag| (header::ETAG, format!("{weak}{etag}")));
        let media_type = (!self.media_type.is_empty()).then(|| (header::CONTENT_TYPE, self.media_type.to_owned()));
        for (name, value) in self.headers.into_iter().chain(etag).chain(media_type) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// Says what is wrong.
pub(super) fn problem(status: u16, title: &str, hint: Option<&str>) -> Answer {
    let mut told = json!({ "title": title, "status": status });
    if let Some(hint) = hint {
        told["hint"] = json!(hint);
    }
    Answer { status, media_type: "application/problem+json", ..Answer::json(&told) }
}

/// Says that the fault is ours.
pub(super) fn broken() -> Answer {
    problem(500, "a mistake of breachline's own stopped the answer", None)
}

impl From<StoreError> for Answer {
    fn from(error: StoreError) -> Answer {
        problem(503, &error.to_string(), error.hint().as_deref())
    }
}

impl From<Trouble> for Answer {
    fn from(trouble: Trouble) -> Answer {
        match trouble {
            Trouble::Query { span, what, hint } => {
                let mut told = json!({ "title": what, "status": 400 });
                if let Some(at) = span {
                    told["at"] = json!({ "start": at.start, "end": at.end });
                }
                if let Some(hint) = hint {
                    told["hint"] = json!(format!("expected {hint}"));
                }
                Answer { status: 400, media_type: "application/problem+json", ..Answer::json(&told) }
            }
            Trouble::Refused { what, hint } => problem(400, &what, hint.as_deref()),
            Trouble::Store(what) | Trouble::Busy(what) => problem(503, &what, None),
        }
    }
}

fn query(desk: &Desk, asked: &Asked) -> Result<Query, Answer> {
    desk.library.query(&asked.question()?).map_err(|error| Trouble::from(error).into())
}

pub(super) fn status(desk: &Desk, _: &Asked) -> Result<Answer, Answer> {
    let reader = desk.library.reader();
    let run = reader.last_run()?.map(|run| wire::Run {
        sources: run.tried(),
        failed: run.failed(),
        began_at: run.began_at,
        ended_at: run.ended_at,
        failure: run.failure,
    });
    Ok(Answer::json(&json!({
        "stamp": reader.stamp(),
        "counts": reader.counts()?,
        "last_run": run,
        "version": env!("CARGO_PKG_VERSION"),
    })))
}

pub(super) fn incidents(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let (question, (offset, limit)) = (asked.question()?, asked.part()?);
    let found = desk.library.find(&question, library::Page { offset, limit })?;
    let next = asked.next(offset, found.rows.len(), found.total);
    let told = wire::Incidents {
        total: found.total,
        offset,
        next: next.clone(),
        by_day: found.by_day,
        incidents: found.rows,
        why: found.why,
    };
    Ok(Answer::json(&told).linked(next))
}

pub(super) fn articles(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let (query, (offset, limit)) = (query(desk, asked)?, asked.part()?);
    let found = desk.library.reader().find_articles(&query, Page { offset, limit })?;
    let next = asked.next(offset, found.rows.len(), found.total);
    let told = json!({ "total": found.total, "offset": offset, "next": next, "articles": found.rows });
    Ok(Answer::json(&told).linked(next))
}

pub(super) fn incident(desk: &Desk, id: &str) -> Result<Answer, Answer> {
    Ok(Answer::json(&shown(desk, id)?))
}

/// Returns an incident. What an analyst hid is left out of everything here, as it is of lists.
pub(super) fn shown(desk: &Desk, id: &str) -> Result<Incident, Answer> {
    let found = desk.library.incident(&IncidentId(id.to_owned()))?;
    let found = found.filter(|incident| !incident.edited.hidden);
    found.ok_or_else(|| problem(404, "there is no such incident", None))
}

pub(super) fn counts(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let query = query(desk, asked)?;
    let most = asked.number("limit", VALUES.1, 1, VALUES.0)?;
    let reader = desk.library.reader();
    let by = asked.text("by");
    if by == "day" {
        let days = reader.days(&query)?;
        let days: Vec<Value> =
            days.iter().map(|count| json!({ "value": count.day, "count": count.kinds.iter().sum::<u32>() })).collect();
        return Ok(Answer::json(&json!({ "by": by, "counts": days })));
    }
    let facets = reader.facets(&query, most)?;
    let names: Vec<&str> = facets.iter().map(|facet| facet.field).collect();
    let Some(facet) = facets.iter().find(|facet| facet.field == by) else {
        return Err(problem(400, "by says what to count", Some(&format!("one of day, {}", names.join(", ")))));
    };
    let counts: Vec<Value> = facet.values.iter().map(|(value, count)| json!({ "value": value, "count": count })).collect();
    Ok(Answer::json(&json!({ "by": by, "counts": counts })))
}

/// Writes what is asked for in a format; the page, which is asked for at `/`, with a way to ask for more.
pub(super) fn export(desk: &Desk, asked: &Asked, format: Format) -> Result<Answer, Answer> {
    let query = query(desk, asked)?;
    let is_page = asked.address.split('?').next() == Some("/");
    let usual = match format {
        Format::Html if is_page => SHOWN,
        Format::Atom => ENTRIES,
        _ => EXPORT.1,
    };
    let limit = asked.number("limit", usual, 1, EXPORT.0)?;
    let reader = desk.library.reader();
    let found = reader.find(&query, Page { offset: 0, limit })?;
    let live = Live { here: asked.address.clone(), stamp: reader.stamp(), total: found.total };
    let live = Some(live).filter(|_| is_page || format == Format::Atom);
    let about = About { query: asked.text("q").to_owned(), at: desk.library.now(), tlp: Tlp::default(), live: live.clone() };
    let mut exporter = export::exporter(format, about);
    let mut body = Vec::new();
    let unwritten = |_| broken();
    exporter.begin(&mut body).map_err(unwritten)?;
    for row in &found.rows {
        if let Some(incident) = reader.incident(&row.id)? {
            exporter.incident(&incident, &mut body).map_err(unwritten)?;
        }
    }
    exporter.end(&mut body).map_err(unwritten)?;
    let answer = Answer { status: 200, media_type: format.media_type(), body, headers: Vec::new() };
    let more = found.total > found.rows.len();
    let answer = if more { answer.with(HeaderName::from_static("x-total-count"), &found.total.to_string()) } else { answer };
    Ok(match format {
        Format::Html => {
            answer.with(header::CONTENT_SECURITY_POLICY, &format!("{}; frame-ancestors 'none'", export::csp(is_page)))
        }
        Format::Svg => {
            answer.with(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        }
        _ => answer,
    })
}
