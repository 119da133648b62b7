//! The index for colleagues, over HTTP: searches, incidents, counts, exports and the page, to be read only.
//!
//! What may ask is decided before anything is looked up (`guard`); an answer that the asker has already costs no search (`ETag`).
//! Searches run on threads for blocking work, few at a time. There is no way to write. What the timeline on another machine asks
//! besides what everybody does is in `timeline`; [`crate::library::remote`] asks it.

mod answer;
mod asked;
mod guard;
mod openapi;
mod packed;
mod timeline;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Uri};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use axum::serve::ListenerExt;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::export::Format;
use crate::library::local::Local;
use crate::model::config::SavedQuery;
use crate::store::Reader;
use answer::Answer;
use asked::Asked;
pub use guard::Access;
use guard::Guard;

/// Searches that run at the same time; others wait for their turn.
const AT_ONCE: usize = 4;

/// What is served, and to whom.
pub struct Service {
    /// The index.
    pub reader: Reader,
    /// What `@name` stands for in a query.
    pub saved: Vec<SavedQuery>,
    /// The time, which "yesterday" is reckoned from.
    pub now: fn() -> Timestamp,
    /// Who may ask, and how often.
    pub access: Access,
}

struct Desk {
    library: Local,
    /// Tells the saved queries from others: with them the same address asks for something else.
    saved: u64,
    turns: Semaphore,
}

/// Answers on a listener until the process ends.
///
/// # Errors
/// When connections can no more be taken.
pub async fn serve(listener: TcpListener, service: Service) -> io::Result<()> {
    let guard = Arc::new(Guard::new(service.access.clone(), listener.local_addr()?));
    let saved = digest(&service.saved);
    let library = Local::new(service.reader, service.now, service.saved);
    let desk = Arc::new(Desk { library, saved, turns: Semaphore::new(AT_ONCE) });
    let router = router(desk).layer(middleware::from_fn(move |request: Request, next: Next| {
        let guard = Arc::clone(&guard);
        async move { guard.pass(request, next).await }
    }));
    // A long answer must not wait for the other side to say that it has the beginning.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await
}

/// Returns a number that is another for other queries. If a later compiler hashes otherwise, what an asker has is sent once more.
fn digest(saved: &[SavedQuery]) -> u64 {
    let mut hasher = DefaultHasher::new();
    saved.iter().for_each(|saved| (&saved.name, &saved.query).hash(&mut hasher));
    hasher.finish()
}

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/feed.atom", get(feed))
        .route("/api/v1/status", get(status))
        .route("/api/v1/incidents", get(incidents))
        .route("/api/v1/incidents/{id}", get(incident))
        .route("/api/v1/incidents/{id}/background", get(background))
        .route("/api/v1/articles", get(articles))
        .route("/api/v1/articles/{id}", get(article))
        .route("/api/v1/counts", get(counts))
        .route("/api/v1/days", get(days))
        .route("/api/v1/lanes", get(lanes))
        .route("/api/v1/facets", get(facets))
        .route("/api/v1/place", get(place))
        .route("/api/v1/news", get(news))
        .route("/api/v1/queries", get(queries))
        .route("/api/v1/export/{format}", get(export))
        .route("/api/v1/openapi.json", get(description))
        .fallback(nowhere)
        .with_state(desk)
}

type Served = State<Arc<Desk>>;

async fn page(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q"], |desk, asked| answer::export(desk, asked, Format::Html)).await
}

async fn feed(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "limit"], |desk, asked| answer::export(desk, asked, Format::Atom)).await
}

async fn status(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &[], answer::status).await
}

async fn incidents(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished", "from", "to", "limit", "offset"], answer::incidents).await
}

async fn incident(State(desk): Served, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &[], move |desk, _| answer::incident(desk, &id)).await
}

async fn articles(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "limit", "offset"], answer::articles).await
}

async fn counts(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished", "from", "to", "by", "limit"], answer::counts).await
}

async fn background(State(desk): Served, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &[], move |desk, _| timeline::background(desk, &id)).await
}

async fn article(State(desk): Served, Path(id): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &[], move |desk, _| timeline::article(desk, &id)).await
}

async fn days(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished"], timeline::days).await
}

async fn lanes(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished", "from", "to", "by"], timeline::lanes).await
}

async fn facets(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished", "from", "to"], timeline::facets).await
}

async fn place(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["q", "unfinished", "from", "to", "id", "day"], timeline::place).await
}

async fn news(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &["since", "limit"], timeline::news).await
}

async fn queries(State(desk): Served, uri: Uri, headers: HeaderMap) -> Response {
    desk.answer(uri, headers, &[], timeline::queries).await
}

async fn export(State(desk): Served, Path(format): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(format) = Format::from_word(&format) else {
        return answer::problem(404, "there is no such format", None).into_response(None);
    };
    desk.answer(uri, headers, &["q", "from", "to", "limit"], move |desk, asked| answer::export(desk, asked, format)).await
}

async fn description(uri: Uri) -> Response {
    match Asked::of(&uri, &[]) {
        Ok(_) => Answer::json(&openapi::description()).into_response(None),
        Err(problem) => problem.into_response(None),
    }
}

async fn nowhere() -> Response {
    answer::problem(404, "there is nothing here", Some("/api/v1/openapi.json describes what there is")).into_response(None)
}

impl Desk {
    /// Answers a request, unless the asker has the answer already. What is asked is read first, so that a mistake is always told.
    async fn answer(
        self: Arc<Desk>,
        uri: Uri,
        headers: HeaderMap,
        known: &'static [&'static str],
        look: impl FnOnce(&Desk, &Asked) -> Result<Answer, Answer> + Send + 'static,
    ) -> Response {
        let asked = match Asked::of(&uri, known) {
            Ok(asked) => asked,
            Err(problem) => return problem.into_response(None),
        };
        let Ok(_turn) = self.turns.acquire().await else { return answer::broken().into_response(None) };
        let desk = Arc::clone(&self);
        let looked = tokio::task::spawn_blocking(move || {
            let etag = desk.etag();
            if asked::has_already(&headers, &etag) {
                return Answer::unchanged().into_response(Some(&etag));
            }
            let answer = look(&desk, &asked).unwrap_or_else(|problem| problem);
            answer.packed_for(&headers).into_response(Some(&etag))
        });
        looked.await.unwrap_or_else(|_| answer::broken().into_response(None))
    }

    /// Returns what tells an answer from any other to the same address: the commit that is searched, the day, the
    /// saved queries, and the program.
    fn etag(&self) -> String {
        // An index that cannot be refreshed shows what it showed before; the search itself says what is wrong.
        let _ = self.library.reader().refresh();
        let day = self.library.today().since_epoch();
        format!("\"{}-{day}-{:x}-{}\"", self.library.reader().stamp(), self.saved, env!("CARGO_PKG_VERSION"))
    }
}
