//! A request on its way: what is asked, and what is read of the answer where it came, so that the deciding thread never waits for that.

use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use super::Round;
use super::again::{self, Changed};
use super::sitemaps::{self, Sitemaps};
use super::visit::{self, Visit, What};
use crate::base::day::DayRange;
use crate::feed::{self, FeedRead};
use crate::fetch::{Fetch, FetchError, Reply, Request, Want, robots};
use crate::model::source::Source;
use crate::store::StoreError;
use crate::store::kept::{KeptPage, Packed, Recheck};

/// What came back from a spawned request.
pub(super) enum Answer {
    /// An answer that is not read yet, or none.
    Came(Result<Reply, FetchError>),
    /// A list, and the answer that it was read from, without its body.
    List(Reply, FeedRead, Sitemaps),
    /// The page of an article, or what came instead of one.
    Page(Result<Packed, String>),
    /// An article that was asked for again, if it has changed.
    Compared(Option<Changed>),
}

/// Reads what came where it came.
enum Reader {
    List(Box<Source>),
    /// A sitemap of which only what was published on some days is wanted.
    Sitemap(Box<Source>, DayRange),
    Page(Url),
    Again(Box<KeptPage>, Box<Recheck>),
}

impl Reader {
    fn read(self, mut reply: Reply, now: Timestamp) -> Answer {
        match self {
            Reader::List(source) => {
                let body = std::mem::take(&mut reply.body);
                let read = feed::parse(&body, reply.header("content-type"), &reply.url, &source);
                Answer::List(reply, read, Sitemaps::default())
            }
            Reader::Sitemap(source, days) => {
                let body = std::mem::take(&mut reply.body);
                let (read, sitemaps) = sitemaps::read(&reply, &body, &source, days);
                Answer::List(reply, read, sitemaps)
            }
            Reader::Page(asked) => Answer::Page(visit::page(&asked, reply, now).map(Packed::new)),
            Reader::Again(kept, of) => Answer::Compared(again::compare(&kept, &of, reply, now)),
        }
    }

    /// Returns what a panic while reading comes to.
    fn in_place_of_a_panic(&self, reply: &Reply) -> Answer {
        const WHY: &str = "reading it made this program fail";
        match self {
            Reader::List(_) | Reader::Sitemap(..) => {
                Answer::List(without_body(reply), FeedRead::failed(WHY), Sitemaps::default())
            }
            Reader::Page(_) => Answer::Page(Err(WHY.to_owned())),
            Reader::Again(..) => Answer::Compared(None),
        }
    }
}

fn without_body(reply: &Reply) -> Reply {
    Reply { url: reply.url.clone(), moved: None, status: reply.status, headers: reply.headers.clone(), body: Vec::new() }
}

/// Asks, and reads what came. `now` is the time of day as it is asked.
async fn ask<F: Fetch>(fetch: &F, request: Request, reader: Option<Reader>, now: Timestamp) -> Answer {
    let began = Instant::now();
    let reply = match fetch.get(request).await {
        Ok(reply) => reply,
        Err(error) => return Answer::Came(Err(error)),
    };
    let Some(reader) = reader.filter(|_| reply.status == 200 || reply.status == 203) else { return Answer::Came(Ok(reply)) };
    let now = visit::later(now, began.elapsed());
    let otherwise = reader.in_place_of_a_panic(&reply);
    tokio::task::spawn_blocking(move || reader.read(reply, now)).await.unwrap_or(otherwise)
}

impl<F: Fetch + 'static> Round<'_, F> {
    pub(super) fn start(&mut self, visit: Visit) -> Result<(), StoreError> {
        let (fetch, request, now) = (self.fetch.clone(), self.request(&visit), (self.clock)());
        let reader = match &visit.what {
            What::List(index) | What::Part { index, .. } => {
                let source = Box::new(self.config.sources[*index].clone());
                Some(match self.bounds.days {
                    Some(days) => Reader::Sitemap(source, days),
                    None => Reader::List(source),
                })
            }
            What::Page { .. } | What::Given(_) => Some(Reader::Page(visit.first.clone())),
            What::Again { of, .. } => self.kept.kept_page(of.article)?.map(|kept| Reader::Again(Box::new(kept), of.clone())),
            What::Robots(_) => None,
        };
        let handle = self.under_way.spawn(async move { ask(&*fetch, request, reader, now).await });
        self.visits.insert(handle.id(), (visit, Instant::now()));
        Ok(())
    }

    fn request(&self, visit: &Visit) -> Request {
        let request = Request::new(visit.url.clone(), Want::Page);
        let max_body = self.bounds.days.map(|_| sitemaps::LARGEST_BODY);
        match visit.what {
            What::List(index) => Request {
                want: Want::Feed,
                max_body,
                etag: self.states[index].etag.clone(),
                last_modified: self.states[index].last_modified.clone(),
                ..request
            },
            What::Again { ref of, .. } => Request { etag: of.etag.clone(), last_modified: of.last_modified.clone(), ..request },
            What::Part { .. } => Request { want: Want::Feed, max_body, ..request },
            What::Page { .. } | What::Given(_) => request,
            What::Robots(_) => Request { want: Want::Robots, max_body: Some(robots::LARGEST), cut: true, ..request },
        }
    }
}
