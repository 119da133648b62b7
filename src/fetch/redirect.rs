//! Where a redirect leads, and following them for a single address. The crawl follows them hop by hop itself, since each hop
//! has its own host, pause and robots.txt.

use url::Url;

use super::{Fetch, FetchError, Reply, Request};
use crate::base::address::LONGEST;

/// The most redirects that are followed for one address.
pub const MOST: usize = 5;

/// Returns where a redirect leads, without user name, password and fragment. Only http and https, and never from https back to http:
/// sites that send on to the other spelling of their name that way answer over https all the same.
pub fn target(reply: &Reply) -> Result<Url, FetchError> {
    let Some(location) = reply.header("location") else {
        return Err(FetchError::BadRedirect(format!("the server answered {} without saying where to", reply.status)));
    };
    let location = from_latin1(location);
    let location = location.trim();
    if location.len() > LONGEST {
        return Err(FetchError::BadRedirect(format!("its address is longer than {LONGEST} bytes")));
    }
    let mut url = reply.url.join(location).map_err(|_| FetchError::BadRedirect("it is not an address".to_owned()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(FetchError::Refused(format!("a redirect leads to {}:, and only http and https are followed", url.scheme())));
    }
    if reply.url.scheme() == "https" && url.scheme() == "http" && (url.port().is_some() || url.set_scheme("https").is_err()) {
        return Err(FetchError::BadRedirect("it leads from https back to http".to_owned()));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(FetchError::BadRedirect("it names no host".to_owned()));
    }
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    Ok(url)
}

/// Tells whether the redirect is one that says "for good".
pub fn is_permanent(reply: &Reply) -> bool {
    matches!(reply.status, 301 | 308)
}

/// Asks for one address and follows redirects, at most [`MOST`]. Every hop goes through the same checks of addresses.
pub async fn get(fetch: &impl Fetch, request: Request) -> Result<Reply, FetchError> {
    let mut next = request;
    let mut moved = None;
    let mut for_good = true;
    for _ in 0..=MOST {
        let reply = fetch.get(next.clone()).await?;
        if !reply.is_redirect() {
            return Ok(Reply { moved, ..reply });
        }
        let url = target(&reply)?;
        for_good &= is_permanent(&reply);
        if for_good {
            moved = Some(url.clone());
        }
        next.url = url;
    }
    Err(FetchError::TooManyRedirects)
}

/// Reads a header value, each byte of it one character, as UTF-8 where it is that.
fn from_latin1(value: &str) -> String {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| value.to_owned())
}
