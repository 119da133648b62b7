//! The network behind one trait: what was asked for, what came, or why not.
//!
//! [`http`] is the only file that names the HTTP library, and every byte that this program fetches goes through it. The rest is
//! pure and handed the time: which addresses may be reached ([`guard`]), when the next request may start ([`pace`]), what
//! robots.txt allows ([`robots`]), where a redirect leads ([`redirect`]), how a body is unpacked within its bound ([`unpack`]),
//! and what other crawls saved ([`warc`]).

pub mod guard;
pub mod http;
pub mod pace;
pub mod redirect;
pub mod robots;
pub mod unpack;
pub mod warc;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use url::Url;

/// What an answer is wanted for; it decides the `Accept` header and nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Want {
    /// A feed, or a page that lists articles.
    Feed,
    /// An article page.
    #[default]
    Page,
    /// A robots.txt.
    Robots,
    /// What an interface for programs says.
    Json,
}

/// One request for one address. Redirects are not followed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The address; http or https.
    pub url: Url,
    /// What the answer is wanted for.
    pub want: Want,
    /// The `ETag` of the answer kept from last time, byte for byte as [`Reply::header`] gave it.
    pub etag: Option<String>,
    /// The `Last-Modified` of the answer kept from last time, likewise.
    pub last_modified: Option<String>,
    /// The largest body in bytes after decompression; None for the bound of the settings.
    pub max_body: Option<u64>,
    /// Whether a larger body is cut there; otherwise it is an error.
    pub cut: bool,
    /// Whether an answer that says what is wrong (400 and above) is wanted as it is; otherwise it is an error, and its body is not read.
    pub problems: bool,
    /// What is sent, and then by POST; None asks by GET.
    pub post: Option<Post>,
    /// What shows that we may ask.
    pub token: Option<Token>,
}

/// A secret that a server wants to be shown (`Authorization: Bearer`). It is written into no output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token.
    pub fn new(secret: String) -> Token {
        Token(secret)
    }

    /// Returns the value of the header that shows it.
    fn shown(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// JSON that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The text.
    pub body: Vec<u8>,
    /// What tells it from every other one, so that whoever gets it twice can know (`Idempotency-Key`).
    pub key: String,
}

impl Request {
    /// Makes an unconditional request.
    pub fn new(url: Url, want: Want) -> Request {
        Request {
            url,
            want,
            etag: None,
            last_modified: None,
            max_body: None,
            cut: false,
            problems: false,
            post: None,
            token: None,
        }
    }
}

/// An answer that came whole: any status but those that [`FetchError`] names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The address that answered. After [`redirect::get`], the last one of the chain.
    pub url: Url,
    /// Where the address has moved for good: set if every hop so far was a 301 or 308.
    pub moved: Option<Url>,
    /// The HTTP status: 2xx, 304 after a conditional request, or a redirect that has not been followed.
    pub status: u16,
    /// The headers, names in lower case, each byte of a value one character (Latin-1), so that they can be sent back as they came.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed, not decoded. Empty for redirects and 304.
    pub body: Vec<u8>,
}

impl Reply {
    /// Returns the value of the first header of a lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Tells whether the answer points elsewhere and has not been followed.
    pub fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }
}

/// Why nothing usable came. The words follow an address: "https://a.example/feed: the server answered 404 (not found)".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Refused by our own rules before a byte was sent there.
    #[error("not asked: {0}")]
    Refused(String),
    /// Its robots.txt keeps this program away.
    #[error("not asked: its robots.txt forbids it")]
    Robots,
    /// Its host does not answer, asked to be left alone, or has had its time in this run, so it was not asked.
    #[error("not asked: its host does not answer, asked to be left alone or was too slow, and the next run tries again")]
    LeftAlone,
    /// 429 or 503: later, perhaps.
    #[error("the server asks to be left alone ({status}){}", After(.retry_after))]
    RateLimited {
        /// 429 or 503.
        status: u16,
        /// The `Retry-After` header as it came, if there was one.
        retry_after: Option<String>,
    },
    /// 410: it will not come back.
    #[error("the server says that it is gone for good (410)")]
    Gone,
    /// A page that only a browser with a person before it gets past.
    #[error("the server wants proof of a browser (bot check, {status})")]
    BotCheck {
        /// The HTTP status.
        status: u16,
    },
    /// Another status than success.
    #[error("the server answered {status}{}", Meaning(*.status))]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// The body is larger than allowed.
    #[error("the answer is larger than {} MB after decompression", .limit / 1_048_576)]
    TooLarge {
        /// The bound in bytes.
        limit: u64,
    },
    /// More redirects than are followed.
    #[error("more than {} redirects", redirect::MOST)]
    TooManyRedirects,
    /// A redirect that leads nowhere.
    #[error("a redirect leads nowhere: {0}")]
    BadRedirect(String),
    /// Compressed in a way that was not asked for.
    #[error("the answer is packed as {0:?}, which was not asked for")]
    Packing(String),
    /// It took too long.
    #[error("{stage} took longer than {} s", .limit.as_secs())]
    TimedOut {
        /// What took too long, e.g. "connecting".
        stage: &'static str,
        /// The bound.
        limit: Duration,
    },
    /// No connection: no such host, refused, unreachable, a bad certificate.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The connection broke or the answer breaks the rules of HTTP.
    #[error("{0}")]
    Broken(String),
}

impl FetchError {
    /// Tells whether this program refused, rather than the network or the server.
    pub fn is_refusal(&self) -> bool {
        matches!(self, FetchError::Refused(_) | FetchError::Robots)
    }

    /// Tells whether asking again on another day is of no use.
    pub fn is_permanent(&self) -> bool {
        match self {
            FetchError::Gone | FetchError::TooLarge { .. } | FetchError::Packing(_) => true,
            FetchError::Status { status } => matches!(status, 400 | 404 | 405 | 414 | 451),
            _ => false,
        }
    }
}

struct After<'a>(&'a Option<String>);

impl fmt::Display for After<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, ", Retry-After: {}", crate::base::safe::line(value, 40)),
            None => Ok(()),
        }
    }
}

struct Meaning(u16);

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            304 => " (not modified) though nothing was kept from before",
            400 => " (bad request)",
            401 => " (login needed)",
            403 => " (forbidden)",
            404 => " (not found)",
            406 => " (not acceptable)",
            451 => " (withheld for legal reasons)",
            500 => " (error in the server)",
            502 => " (bad gateway)",
            504 => " (gateway timeout)",
            _ => "",
        })
    }
}

/// What can fetch one address. The program has one that speaks HTTP; tests have one with canned replies.
pub trait Fetch: Send + Sync {
    /// Asks once. Redirects come back as replies; see [`redirect::get`] for following them.
    fn get(&self, request: Request) -> impl Future<Output = Result<Reply, FetchError>> + Send;
}
