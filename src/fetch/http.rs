//! The only file that names the HTTP library: one request, one answer, every bound enforced while the bytes come.
//!
//! Redirects are not followed here, only proxies that the settings name are used, cookies and referrers are never sent. Which addresses
//! may be reached is checked where the connection is made: literal addresses before it, names inside the resolver that it uses,
//! so that a name cannot point elsewhere between the check and the use. A proxy looks names up by itself: it is asked for none that
//! can be looked up here and leads to nothing public, and what it reaches beyond that is for whoever runs it to say.

use std::error::Error;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{NoProxy, Proxy};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use super::guard::{self, Guard};
use super::unpack::Unpacker;
use super::{Fetch, FetchError, Reply, Request, Want};
use crate::base::safe;
use crate::model::source::{Proxies, Settings};

/// The longest that connecting may take, name resolution and TLS included.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest that a server may take from the request to the first byte of its answer.
const FIRST_BYTE: Duration = Duration::from_secs(20);
/// The longest silence in the middle of a body.
const SILENCE: Duration = Duration::from_secs(15);
/// The most headers of an answer. Their bytes together are bounded by the HTTP library's own buffer, about 400 KB.
const MOST_HEADERS: usize = 512;

/// Looks up a host name.
pub type Lookup = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync>;

/// Fetches over HTTP/1.1 with or without TLS.
#[derive(Clone)]
pub struct Http {
    /// One client for each port that an `allow` entry names, and last one for all other ports.
    clients: Vec<(Option<u16>, reqwest::Client)>,
    guard: Arc<Guard>,
    lookup: Lookup,
    /// The hosts of the proxies; empty where none is used.
    proxies: Arc<Vec<String>>,
    max_body: u64,
    whole: Duration,
}

impl Http {
    /// Makes a fetcher that behaves as the settings say; the error says which setting is wrong.
    pub fn new(settings: &Settings) -> Result<Http, String> {
        Http::with_lookup(settings, Arc::new(|host| Box::pin(system_lookup(host))))
    }

    /// Like [`Http::new`], with another way to look up names than the system's.
    pub fn with_lookup(settings: &Settings, lookup: Lookup) -> Result<Http, String> {
        let guard = Arc::new(Guard::parse(&settings.allow).map_err(|why| format!("allow: {why}"))?);
        let hosts = |url: &Url| url.host_str().map(|host| host.trim_matches(['[', ']']).to_ascii_lowercase());
        let proxies = [&settings.proxies.http, &settings.proxies.https];
        let proxies = Arc::new(proxies.into_iter().flatten().filter_map(hosts).collect::<Vec<_>>());
        let ports = guard.ports().into_iter().map(Some).chain([None]);
        let clients = ports.map(|port| {
            let resolver = GuardedLookup { lookup: lookup.clone(), guard: guard.clone(), proxies: proxies.clone(), port };
            client(settings, resolver).map(|client| (port, client))
        });
        let clients = clients.collect::<Result<_, _>>()?;
        Ok(Http { clients, guard, lookup, proxies, max_body: settings.max_body, whole: settings.timeout })
    }

    fn client(&self, port: Option<u16>) -> &reqwest::Client {
        let found = self.clients.iter().find(|(only, _)| only.is_none() || *only == port);
        &found.unwrap_or(&self.clients[0]).1
    }

    /// Sends the request and waits for the headers of its answer.
    async fn head(&self, request: &Request, deadline: Instant) -> Result<reqwest::Result<reqwest::Response>, FetchError> {
        let client = self.client(request.url.port_or_known_default());
        let asked = match &request.post {
            None => client.get(request.url.clone()),
            Some(post) => client.post(request.url.clone()).body(post.body.clone()),
        };
        let sent = asked.headers(headers(request)).send();
        let begun = (Instant::now() + FIRST_BYTE).min(deadline);
        timeout_at(begun, sent)
            .await
            .map_err(|_| FetchError::TimedOut { stage: "waiting for an answer", limit: FIRST_BYTE.min(self.whole) })
    }

    async fn answer(&self, request: Request, deadline: Instant) -> Result<Reply, FetchError> {
        let limit = request.max_body.unwrap_or(self.max_body);
        let conditional = request.etag.is_some() || request.last_modified.is_some();
        let response = match self.head(&request, deadline).await? {
            // The server may have closed a connection kept from before just as it was used again; that tells nothing.
            // What was posted may have arrived all the same.
            Err(error) if is_unanswered(&error) && request.post.is_none() => self.head(&request, deadline).await?,
            response => response,
        };
        let response = response.map_err(|error| in_words(&error))?;

        let status = response.status().as_u16();
        let reply =
            Reply { url: request.url.clone(), moved: None, status, headers: kept_headers(response.headers()), body: Vec::new() };
        if reply.is_redirect() || (status == 304 && conditional) {
            return Ok(reply);
        }
        let is_wanted = (request.post.is_some() && (200..300).contains(&status)) || (request.problems && status >= 400);
        if !is_wanted {
            judge(&reply)?;
        }
        let encoding = reply.header("content-encoding");
        if !request.cut && response.content_length().is_some_and(|length| length > limit) {
            return Err(FetchError::TooLarge { limit });
        }
        let mut unpacker = Unpacker::new(encoding, limit)?;
        let body = match self.read(response, &mut unpacker, limit, deadline).await {
            Err(FetchError::TooLarge { .. }) if request.cut => unpacker.cut(),
            Err(error) => return Err(error),
            Ok(()) => unpacker.finish()?,
        };
        Ok(Reply { body, ..reply })
    }

    /// Reads the body to its end or to its bound, whichever comes first.
    async fn read(
        &self,
        mut response: reqwest::Response,
        unpacker: &mut Unpacker,
        limit: u64,
        deadline: Instant,
    ) -> Result<(), FetchError> {
        let mut on_wire = 0;
        loop {
            let next = (Instant::now() + SILENCE).min(deadline);
            let chunk = timeout_at(next, response.chunk()).await.map_err(|_| {
                let limit = if next == deadline { self.whole } else { SILENCE };
                FetchError::TimedOut { stage: "the answer", limit }
            })?;
            let Some(chunk) = chunk.map_err(|error| in_words(&error))? else { return Ok(()) };
            unpacker.push(&chunk)?;
            on_wire += chunk.len() as u64;
            if on_wire > limit {
                return Err(FetchError::TooLarge { limit });
            }
        }
    }
}

impl Http {
    /// Refuses what a proxy must not be asked for: itself, and names that lead to nothing public. A name that cannot be looked up here may
    /// be one that only the proxy knows.
    async fn check_for_proxy(&self, url: &Url, deadline: Instant) -> Result<(), FetchError> {
        let Some(Host::Domain(host)) = url.host() else { return Ok(()) };
        if self.proxies.iter().any(|proxy| proxy == host) {
            return Err(FetchError::Refused(format!("{host} is the proxy")));
        }
        let late = FetchError::TimedOut { stage: "looking the name up", limit: self.whole };
        let Ok(found) = timeout_at(deadline, (self.lookup)(host.to_owned())).await.map_err(|_| late)? else { return Ok(()) };
        permitted(&self.guard, host, found, url.port_or_known_default().unwrap_or(0)).map(drop)
    }
}

impl Fetch for Http {
    async fn get(&self, request: Request) -> Result<Reply, FetchError> {
        self.guard.check(&request.url)?;
        let deadline = Instant::now() + self.whole;
        if !self.proxies.is_empty() {
            self.check_for_proxy(&request.url, deadline).await?;
        }
        self.answer(request, deadline).await
    }
}

/// Builds a client. The only place that does: without a TLS provider installed, building one panics.
fn client(settings: &Settings, resolver: GuardedLookup) -> Result<reqwest::Client, String> {
    // An error means that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = HeaderValue::from_str(&user_agent(settings))
        .map_err(|_| "user_agent and contact: only visible ASCII characters and spaces can be sent to a server".to_owned())?;
    through_proxies(reqwest::Client::builder(), &settings.proxies)?
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .http1_only()
        .http1_max_headers(MOST_HEADERS)
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(settings.per_host.max(1))
        .pool_idle_timeout(Duration::from_secs(20))
        .dns_resolver(resolver)
        .build()
        .map_err(|error| format!("no HTTP client can be made: {}", innermost(&error)))
}

/// Sets the proxies of the settings; without any, those of the environment are not used either.
fn through_proxies(builder: reqwest::ClientBuilder, proxies: &Proxies) -> Result<reqwest::ClientBuilder, String> {
    let except = NoProxy::from_string(&proxies.except.join(","));
    let mut builder = builder.no_proxy();
    for (url, proxy) in [(&proxies.http, Proxy::http as fn(Url) -> _), (&proxies.https, Proxy::https)] {
        let Some(url) = url else { continue };
        let proxy: Proxy = proxy(url.clone()).map_err(|error| format!("proxy: {}", innermost(&error)))?;
        builder = builder.proxy(proxy.no_proxy(except.clone()));
    }
    Ok(builder)
}

/// Returns the User-Agent header: the name, and how to reach whoever runs this.
pub fn user_agent(settings: &Settings) -> String {
    match &settings.contact {
        Some(contact) => format!("{} (+{contact})", settings.user_agent),
        None => settings.user_agent.clone(),
    }
}

fn headers(request: &Request) -> HeaderMap {
    let accept = match request.want {
        Want::Feed => {
            "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
        }
        Want::Page => "text/html, application/xhtml+xml, */*;q=0.5",
        Want::Robots => "text/plain, */*;q=0.5",
        Want::Json => "application/json",
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate"));
    if let Some(post) = &request.post {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(key) = HeaderValue::from_str(&post.key) {
            headers.insert("idempotency-key", key);
        }
    }
    if let Some(mut shown) = request.token.as_ref().and_then(|token| HeaderValue::from_str(&token.shown()).ok()) {
        shown.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, shown);
    }
    for (name, value) in [(header::IF_NONE_MATCH, &request.etag), (header::IF_MODIFIED_SINCE, &request.last_modified)] {
        if let Some(value) = value.as_deref().and_then(from_latin1) {
            headers.insert(name, value);
        }
    }
    headers
}

fn from_latin1(value: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}

fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let latin1 = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    headers
        .iter()
        .filter(|(name, _)| *name != header::SET_COOKIE)
        .map(|(name, value)| (name.as_str().to_owned(), latin1(value)))
        .collect()
}

/// Turns every status that gives nothing usable into an error.
fn judge(reply: &Reply) -> Result<(), FetchError> {
    let status = reply.status;
    let retry_after = || reply.header("retry-after").map(str::to_owned);
    match status {
        200 | 203 => Ok(()),
        410 => Err(FetchError::Gone),
        429 | 503 => Err(FetchError::RateLimited { status, retry_after: retry_after() }),
        _ if reply.header("cf-mitigated").is_some() => Err(FetchError::BotCheck { status }),
        206 => Err(FetchError::Broken("the server sent only a part (206), which was not asked for".to_owned())),
        _ => Err(FetchError::Status { status }),
    }
}

/// Tells whether the connection was closed after the request and before any answer.
fn is_unanswered(error: &reqwest::Error) -> bool {
    let why = innermost(error);
    error.is_request() && !error.is_connect() && (why == CLOSED || why.contains("reset by peer"))
}

/// What the HTTP library says of a connection that was closed before an answer.
const CLOSED: &str = "connection closed before message completed";

/// Says what went wrong in words for a person.
fn in_words(error: &reqwest::Error) -> FetchError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(refused) = current.downcast_ref::<FetchError>() {
            return refused.clone();
        }
        let inner = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(refused) = inner.and_then(|inner| inner.downcast_ref::<FetchError>()) {
            return refused.clone();
        }
        cause = current.source();
    }
    let why = safe::line(&innermost(error), 200);
    if error.is_timeout() {
        return FetchError::TimedOut { stage: "connecting", limit: CONNECT };
    }
    if error.is_connect() {
        return FetchError::NoConnection(why);
    }
    FetchError::Broken(match why.as_str() {
        CLOSED => "the connection was closed before an answer came".to_owned(),
        _ if error.is_body() || error.is_decode() => format!("the answer was cut short: {why}"),
        _ => format!("the answer breaks the rules of HTTP: {why}"),
    })
}

/// Returns the words of the innermost cause, which says what really happened.
fn innermost(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

async fn system_lookup(host: String) -> io::Result<Vec<IpAddr>> {
    Ok(tokio::net::lookup_host((host.as_str(), 0)).await?.map(|address| address.ip()).collect())
}

/// Looks up names and gives out only addresses that may be reached.
struct GuardedLookup {
    lookup: Lookup,
    guard: Arc<Guard>,
    /// The hosts of the proxies.
    proxies: Arc<Vec<String>>,
    /// The port of the client that uses this; None if it is none that an `allow` entry names.
    port: Option<u16>,
}

impl Resolve for GuardedLookup {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let (found, guard, port) = ((self.lookup)(host.clone()), self.guard.clone(), self.port.unwrap_or(0));
        // The proxy is where the settings say, public or not; no other request leads there (`check_for_proxy`).
        let is_proxy = self.proxies.contains(&host);
        Box::pin(async move {
            let found = found.await.map_err(|error| unknown_host(&host, &error))?;
            let found = if is_proxy { found } else { permitted(&guard, &host, found, port)? };
            Ok(Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

/// Returns those addresses of a name that may be reached; an error if there are none.
fn permitted(guard: &Guard, host: &str, found: Vec<IpAddr>, port: u16) -> Result<Vec<IpAddr>, FetchError> {
    let mut refused = None;
    let mut permitted = Vec::new();
    for ip in found {
        match guard.permits(ip, port) {
            Ok(()) => permitted.push(ip),
            Err(why) => refused = Some(guard::refused(host, ip, why)),
        }
    }
    match refused {
        _ if !permitted.is_empty() => Ok(permitted),
        Some(refused) => Err(refused),
        None => Err(unknown_host(host, &"it has no address")),
    }
}

fn unknown_host(host: &str, why: &dyn std::fmt::Display) -> FetchError {
    FetchError::NoConnection(format!(
        "the name {} cannot be resolved ({})",
        safe::line(host, 100),
        safe::line(&why.to_string(), 100)
    ))
}
