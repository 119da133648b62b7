//! What the timeline on another machine asks besides what everybody does: days, lanes, counts, places, what is behind an incident.

use super::Desk;
use super::answer::{Answer, problem, shown};
use super::asked::Asked;
use crate::base::day::DayRange;
use crate::library::local::NEWS;
use crate::library::{Library, wire};
use crate::model::article::ArticleId;
use crate::model::incident::{Incident, IncidentId};
use crate::store::search::By;

/// The highest number of a change that is asked after.
const LATEST: usize = i64::MAX as usize;

pub(super) fn background(desk: &Desk, id: &str) -> Result<Answer, Answer> {
    let incident = shown(desk, id)?;
    let background = desk.library.background(&incident)?.into();
    Ok(Answer::json(&wire::Behind { incident, background }))
}

pub(super) fn article(desk: &Desk, id: &str) -> Result<Answer, Answer> {
    let none = || problem(404, "there is no such article", None);
    let id = id.parse().map(ArticleId).map_err(|_| none())?;
    let opened = desk.library.article(id)?.ok_or_else(none)?;
    Ok(Answer::json(&wire::Read::from(opened)))
}

pub(super) fn days(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let days = desk.library.days(&asked.question()?)?.unwrap_or_default();
    Ok(Answer::json(&wire::Days::from(days.as_slice())))
}

pub(super) fn lanes(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let by = [By::Attacker, By::Victim].map(By::word);
    let Some(by) = by.into_iter().find(|by| *by == asked.text("by")) else {
        return Err(problem(400, "by says whose lanes", Some("attacker or victim")));
    };
    let lanes = desk.library.lanes(&asked.question()?, by)?.unwrap_or_default();
    Ok(Answer::json(&wire::Lanes::of(by, &lanes)))
}

pub(super) fn facets(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let facets = desk.library.facets(&asked.question()?)?.unwrap_or_default();
    Ok(Answer::json(&wire::Facets::from(facets)))
}

pub(super) fn place(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let question = asked.question()?;
    let Some(day) = asked.day("day")? else {
        return Err(problem(400, "day says where to look", Some("the first day of the incident, as 2011-06-17")));
    };
    let place = desk.library.place(&question, &IncidentId(asked.text("id").to_owned()), DayRange::day(day))?;
    Ok(Answer::json(&place))
}

pub(super) fn news(desk: &Desk, asked: &Asked) -> Result<Answer, Answer> {
    let since = asked.number("since", 0, 0, LATEST)? as u64;
    let most = asked.number("limit", NEWS, 1, NEWS)?;
    let reader = desk.library.reader();
    let stamp = reader.stamp();
    let changed = reader.changed_since(since, most)?;
    Ok(Answer::json(&wire::News { stamp, incidents: changed.iter().map(Incident::row).collect() }))
}

pub(super) fn queries(desk: &Desk, _: &Asked) -> Result<Answer, Answer> {
    let named = desk.library.saved().iter().map(|saved| wire::Named { name: saved.name.clone(), query: saved.query.clone() });
    Ok(Answer::json(&wire::SavedQueries { queries: named.collect() }))
}
