//! An index on disk as a library that is only read: for walks over what was really read.

use std::path::Path;

use breachline::base::day::{Day, DayRange};
use breachline::model::article::ArticleId;
use breachline::model::incident::{Incident, IncidentId};
use breachline::store::query::{Node, Query, Sort};
use breachline::store::search::{By, Of};
use breachline::store::{self, Reader, StoreError};
use breachline::tui::library::{DayCount, Facet, Found, Lane, LastRun, Library, Opened, Page, Place, Question, Trouble};

/// The index.
pub struct Real(Reader);

impl Real {
    pub fn open(dir: &Path) -> Real {
        Real(Reader::open(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())))
    }
}

fn trouble(error: StoreError) -> Trouble {
    Trouble::Store(error.to_string())
}

fn whole(question: &Question) -> Result<Query, Trouble> {
    let parse = if question.typing { Query::parse_unfinished } else { Query::parse_with };
    let today = Day::new(2026, 11, 30).unwrap();
    parse(&question.text, today, &[]).map_err(|error| Trouble::Query { span: Some(error.at), what: error.message, hint: None })
}

fn narrowed(question: &Question) -> Result<Query, Trouble> {
    let window = question.window;
    Ok(whole(question)?.beginning(window.map(|days| days.earliest), window.map(|days| days.latest)))
}

impl Real {
    fn count_days(&self, query: &Query) -> Result<Vec<DayCount>, Trouble> {
        let days = self.0.days(query).map_err(trouble)?;
        Ok(days.into_iter().map(|of| DayCount { day: of.day, kinds: of.kinds, affected: of.affected }).collect())
    }
}

impl Library for Real {
    fn find(&self, question: &Question, page: Page) -> Result<Found, Trouble> {
        let query = narrowed(question)?;
        let found = self.0.find(&query, store::Page { offset: page.offset, limit: page.limit }).map_err(trouble)?;
        Ok(Found { total: found.total, rows: found.rows, by_day: matches!(query.sort, None | Some(Sort::Date)) })
    }

    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, Trouble> {
        self.0.incident(id).map_err(trouble)
    }

    fn article(&self, id: ArticleId) -> Result<Option<Opened>, Trouble> {
        let Some(shown) = self.0.article(id).map_err(trouble)? else { return Ok(None) };
        let versions = self.0.versions(id).map_err(trouble)?;
        Ok(Some(Opened { article: shown.article, source: shown.source_name, versions }))
    }

    fn last_run(&self) -> Result<Option<LastRun>, Trouble> {
        Ok(None)
    }

    fn stamp(&self) -> Result<u64, Trouble> {
        Ok(self.0.stamp())
    }

    fn days(&self, question: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        self.count_days(&whole(question)?).map(Some)
    }

    fn facets(&self, question: &Question) -> Result<Option<Vec<Facet>>, Trouble> {
        let facets = self.0.facets(&narrowed(question)?, 50).map_err(trouble)?;
        let facet = |of: store::search::Facet| Facet { field: of.field.to_owned(), values: of.values, distinct: of.distinct };
        Ok(Some(facets.into_iter().map(facet).collect()))
    }

    fn lanes(&self, question: &Question, field: &str) -> Result<Option<Vec<Lane>>, Trouble> {
        let by = if field == "victim" { By::Victim } else { By::Attacker };
        let values = self.0.count_by(Of::Incidents, &narrowed(question)?, by).map_err(trouble)?;
        let lane = |name: String| {
            let text = format!("{field}:\"{}\"", name.replace('"', " "));
            let term = whole(&Question { text, ..Question::default() })?;
            let both = Query { root: Node::And(vec![whole(question)?.root, term.root]), sort: None };
            Ok(Lane { name, days: self.count_days(&both)? })
        };
        values.into_iter().take(40).map(|counted| lane(counted.value)).collect::<Result<Vec<Lane>, Trouble>>().map(Some)
    }

    fn place(&self, question: &Question, id: &IncidentId, days: DayRange) -> Result<Place, Trouble> {
        let query = narrowed(question)?;
        if !matches!(query.sort, None | Some(Sort::Date)) {
            return Ok(Place { offset: 0, exact: false });
        }
        let place = self.0.place(&query, id, days.earliest).map_err(trouble)?;
        Ok(Place { offset: place.offset, exact: place.exact })
    }
}
