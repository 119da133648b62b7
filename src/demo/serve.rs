//! The server: every site of the demo's news web on its own loopback host and port.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use tokio::sync::oneshot;
use url::Url;

use crate::base::address;
use crate::demo::sites::{Listing, SITES, Site};
use crate::demo::world::{Document, World};
use crate::model::source::{Config, Selectors, Settings, Source, SourceId, SourceKind};

/// The running news web. It ends when this is dropped.
pub struct Demo {
    /// How to read it: its sites, without pause, and its addresses allowed although they are not public.
    pub config: Config,
    /// Its stories, as they should be read.
    pub world: World,
    log: Log,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The key of the site.
    pub site: &'static str,
    /// The path with its query, as asked.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
}

type Log = Arc<Mutex<Vec<Answered>>>;

/// Starts the news web on loopback, each site on a port that the system chooses, and returns once all of them listen.
///
/// Where the machine allows it, sites have hosts of their own (127.0.0.2, 127.0.0.3, ...), so that the crawl sees several; else
/// they share 127.0.0.1. It runs on a thread of its own and may be started from anywhere, several times over.
///
/// # Errors
/// When no loopback port can be bound, or when a built-in story cannot be read.
pub fn serve() -> io::Result<Demo> {
    let listeners = SITES.iter().enumerate().map(|(n, _)| bind(n)).collect::<io::Result<Vec<_>>>()?;
    let places = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Vec<SocketAddr>>>()?;
    let world = World::new(places.iter().map(|place| format!("http://{place}")).collect()).map_err(io::Error::other)?;
    let log = Log::default();
    let hosts = SITES.iter().zip(listeners).map(|(site, listener)| (listener, Host::new(&world, site, log.clone()))).collect();
    let sources = SITES.iter().map(|site| source(&world, site)).collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new().name("news web".to_owned()).spawn(move || runtime.block_on(run(hosts, stopped)))?;
    let config = Config { settings: settings(&places), sources, ..Config::default() };
    Ok(Demo { config, world, log, stop: Some(stop), thread: Some(thread) })
}

impl Demo {
    /// Returns every request answered so far, in order.
    pub fn answered(&self) -> Vec<Answered> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the news web and waits until its thread has gone.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.end();
    }
}

fn bind(n: usize) -> io::Result<TcpListener> {
    let own = Ipv4Addr::new(127, 0, 0, u8::try_from(n + 2).unwrap_or(1));
    let listener = TcpListener::bind((own, 0)).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn settings(places: &[SocketAddr]) -> Settings {
    Settings {
        pause: std::time::Duration::ZERO,
        allow: places.iter().map(SocketAddr::to_string).collect(),
        ..Settings::default()
    }
}

fn source(world: &World, site: &Site) -> Result<Source, url::ParseError> {
    let (kind, selectors) = match site.listing {
        Listing::Page => (SourceKind::Page, Selectors::default()),
        Listing::PageTable => {
            (SourceKind::Page, select("table.notices tbody tr", "td.org a", Some("td.filed"), Some("#notice-text")))
        }
        Listing::PageUndated => (SourceKind::Page, select("div.teaser", "a.headline", None, None)),
        _ => (SourceKind::Feed, Selectors::default()),
    };
    Ok(Source {
        id: SourceId(site.name.to_lowercase().replace(' ', "-")),
        name: site.name.to_owned(),
        url: Url::parse(&format!("{}{}", world.base(site), site.list_path))?,
        kind,
        tags: site.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        selectors,
        every: None,
        enabled: true,
    })
}

fn select(item: &str, link: &str, date: Option<&str>, body: Option<&str>) -> Selectors {
    Selectors {
        item: Some(item.to_owned()),
        link: Some(link.to_owned()),
        title: Some(link.to_owned()),
        date: date.map(str::to_owned),
        body: body.map(str::to_owned),
    }
}

/// What one site answers, by path.
struct Host {
    site: &'static str,
    documents: HashMap<String, (String, Document)>,
    log: Log,
}

impl Host {
    fn new(world: &World, site: &Site, log: Log) -> Host {
        let key = SITES.iter().find(|other| other.key == site.key).map_or("", |site| site.key);
        let documents =
            world.documents(site).into_iter().map(|document| (document.path.clone(), (etag(&document.bytes), document)));
        Host { site: key, documents: documents.collect(), log }
    }

    fn answer(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        let Some((etag, document)) = self.documents.get(&place(uri)) else { return plain(StatusCode::NOT_FOUND) };
        let same = unchanged(headers, etag, document.last_modified.as_deref());
        let mut answer = Response::builder()
            .status(if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK })
            .header(header::CONTENT_TYPE, document.content_type)
            .header(header::ETAG, etag);
        if let Some(moment) = &document.last_modified {
            answer = answer.header(header::LAST_MODIFIED, moment);
        }
        let body = if same { Body::empty() } else { Body::from(document.bytes.clone()) };
        answer.body(body).unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

async fn run(hosts: Vec<(TcpListener, Host)>, stopped: oneshot::Receiver<()>) {
    let mut tasks = tokio::task::JoinSet::new();
    for (listener, host) in hosts {
        let router = Router::new().fallback(handle).with_state(Arc::new(host));
        if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
            tasks.spawn(async move { axum::serve(listener, router).await });
        }
    }
    let _ = stopped.await;
    tasks.shutdown().await;
}

async fn handle(State(host): State<Arc<Host>>, method: Method, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let answer = host.answer(&method, &uri, &headers);
    let path = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let answered = Answered { site: host.site, path, status: answer.status().as_u16() };
    host.log.lock().unwrap_or_else(PoisonError::into_inner).push(answered);
    answer
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut answer = Response::new(Body::from(format!("{status}\n")));
    *answer.status_mut() = status;
    answer
}

/// Returns the path and query under which a document is kept: sites do not care where a reader came from.
fn place(uri: &Uri) -> String {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    match address::canonical(&format!("http://site.example{asked}")) {
        Ok(url) => url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())),
        Err(_) => asked.to_owned(),
    }
}

fn unchanged(headers: &HeaderMap, etag: &str, last_modified: Option<&str>) -> bool {
    let sent = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match sent(header::IF_NONE_MATCH) {
        Some(known) => known.split(',').any(|one| matches!(one.trim(), "*") || one.trim().trim_start_matches("W/") == etag),
        None => last_modified.is_some() && sent(header::IF_MODIFIED_SINCE) == last_modified,
    }
}

fn etag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
