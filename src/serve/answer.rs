//! What is answered: from what was asked to a value, a file in one of the formats, or what is wrong (RFC 9457).

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::Desk;
use super::asked::Asked;
use crate::base::day::Day;
use crate::base::json;
use crate::export::{self, About, Format, Live, Tlp};
use crate::model::incident::IncidentId;
use crate::store::query::{Query, QueryError};
use crate::store::search::Found;
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

    pub(super) fn with(mut self, name: HeaderName, value: &str) -> Answer {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Makes the response. What is wrong has no `etag`: it may be right the next time.
    pub(super) fn into_response(self, etag: Option<&str>) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let etag = etag.filter(|_| self.status < 400).map(|etag| (header::ETAG, etag.to_owned()));
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

fn query(desk: &Desk, asked: &Asked) -> Result<Query, Answer> {
    let wrong = |error: QueryError| {
        let mut told = json!({ "title": error.message, "status": 400, "at": { "start": error.at.start, "end": error.at.end } });
        if !error.expected.is_empty() {
            told["hint"] = json!(format!("expected {}", error.expected));
        }
        Answer { status: 400, media_type: "application/problem+json", ..Answer::json(&told) }
    };
    Query::parse_with(asked.text("q"), Day::of((desk.service.now)()), &desk.service.saved).map_err(wrong)
}

pub(super) fn status(desk: &Desk, _: &Asked) -> Result<Answer, Answer> {
    let reader = &desk.service.reader;
    let run = reader.last_run()?;
    Ok(Answer::json(&json!({
        "stamp": reader.stamp(),
        "counts": reader.counts()?,
        "last_run": run.map(|run| json!({ "began_at": run.began_at, "ended_at": run.ended_at })),
        "version": env!("CARGO_PKG_VERSION"),
    })))
}

pub(super) fn incidents(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let (query, (offset, limit)) = (query(desk, asked)?, asked.part()?);
    let found = desk.service.reader.find(&query, Page { offset, limit })?;
    Ok(part("incidents", &found, asked, offset))
}

pub(super) fn articles(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let (query, (offset, limit)) = (query(desk, asked)?, asked.part()?);
    let found = desk.service.reader.find_articles(&query, Page { offset, limit })?;
    Ok(part("articles", &found, asked, offset))
}

/// A part of a list, with the address of the next.
fn part<R: Serialize>(name: &str, found: &Found<R>, asked: &Asked, offset: usize) -> Answer {
    let end = offset.saturating_add(found.rows.len());
    let next = (!found.rows.is_empty() && end < found.total).then(|| asked.at(end));
    let mut told = json!({ "total": found.total, "offset": offset, "next": next });
    told[name] = json!(found.rows);
    let answer = Answer::json(&told);
    match next {
        Some(next) => answer.with(header::LINK, &format!("<{next}>; rel=\"next\"")),
        None => answer,
    }
}

pub(super) fn incident(desk: &Desk, id: &str) -> Result<Answer, Answer> {
    let found = desk.service.reader.incident(&IncidentId(id.to_owned()))?;
    // What an analyst hid is left out of everything here, as it is of lists.
    let found = found.filter(|incident| !incident.edited.hidden);
    found.map_or_else(|| Err(problem(404, "there is no such incident", None)), |incident| Ok(Answer::json(&incident)))
}

pub(super) fn counts(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let query = query(desk, asked)?;
    let most = asked.number("limit", VALUES.1, 1, VALUES.0)?;
    let reader = &desk.service.reader;
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
    let reader = &desk.service.reader;
    let found = reader.find(&query, Page { offset: 0, limit })?;
    let live = Live { here: asked.address.clone(), stamp: reader.stamp(), total: found.total };
    let live = Some(live).filter(|_| is_page || format == Format::Atom);
    let about = About { query: asked.text("q").to_owned(), at: (desk.service.now)(), tlp: Tlp::default(), live: live.clone() };
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
