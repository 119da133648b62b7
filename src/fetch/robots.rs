//! What a site's robots.txt allows this program (RFC 9309). Pure, over robotxt.

use std::time::Duration;

use robotxt::{AccessResult, Agent, BYTE_LIMIT, Robots};
use url::Url;

use super::FetchError;

/// The most of a robots.txt that is fetched, in bytes. Only the first 500 KiB of it are read.
pub const LARGEST: u64 = BYTE_LIMIT as u64 + 1;

/// What one site allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    robots: Robots,
    /// Why nothing may be fetched, where that is not what a robots.txt says.
    unreachable: Option<FetchError>,
}

impl Rules {
    /// Reads a robots.txt for the program named in a User-Agent header.
    pub fn parse(text: &[u8], user_agent: &str) -> Rules {
        let text = with_bare_agents(&text[..text.len().min(BYTE_LIMIT + 1)]);
        let robots = Robots::from_access(AccessResult::Successful(&text), Agent::Exact(product(user_agent)));
        Rules { robots, unreachable: None }
    }

    /// Returns what follows from a robots.txt that could not be fetched.
    ///
    /// Where it [is absent](is_absent), everything is allowed. A server in trouble or out of reach: nothing is, for this run.
    pub fn without(error: FetchError) -> Rules {
        match is_absent(&error) {
            true => Rules { robots: Robots::allow_all(), unreachable: None },
            false => Rules { robots: Robots::disallow_all(), unreachable: Some(error) },
        }
    }

    /// Judges one address of the site.
    pub fn permits(&self, url: &Url) -> Result<(), FetchError> {
        match &self.unreachable {
            Some(FetchError::Status { status }) => {
                Err(FetchError::Refused(format!("its robots.txt could not be read (the server answered {status})")))
            }
            Some(error) => Err(error.clone()),
            None if self.robots.is_url_allowed(url) => Ok(()),
            None => Err(FetchError::Robots),
        }
    }

    /// Returns the pause between two requests that it asks for.
    pub fn delay(&self) -> Option<Duration> {
        self.robots.crawl_delay()
    }
}

/// Tells whether a robots.txt that could not be fetched counts as one that is not there (RFC 9309, 2.3.1).
pub fn is_absent(error: &FetchError) -> bool {
    match error {
        FetchError::Status { status } => (400..500).contains(status) || (300..400).contains(status),
        FetchError::Gone | FetchError::BotCheck { .. } | FetchError::TooManyRedirects => true,
        FetchError::BadRedirect(_) | FetchError::Refused(_) => true,
        FetchError::TooLarge { .. } | FetchError::Packing(_) => true,
        _ => false,
    }
}

/// Returns the address of the robots.txt that speaks for an address.
pub fn address(url: &Url) -> Url {
    let mut robots = url.clone();
    robots.set_path("/robots.txt");
    robots.set_query(None);
    robots.set_fragment(None);
    let _ = robots.set_username("");
    let _ = robots.set_password(None);
    robots
}

/// Returns the product token of a User-Agent: what stands before the first slash or space.
fn product(user_agent: &str) -> &str {
    user_agent.split(['/', ' ']).next().unwrap_or(user_agent)
}

/// Returns the text with each `User-agent` cut to its first word: `breachline/1.0 (any)` speaks of `breachline`, too.
fn with_bare_agents(text: &[u8]) -> Vec<u8> {
    const FIELD: &[u8] = b"user-agent";
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let start = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_start();
        let value = start.split_at_checked(FIELD.len()).filter(|(field, _)| field.eq_ignore_ascii_case(FIELD));
        let Some(value) = value.and_then(|(_, rest)| rest.trim_ascii_start().strip_prefix(b":")) else {
            out.extend_from_slice(line);
            continue;
        };
        let value = value.trim_ascii_start();
        let end = value.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_*.".contains(byte))).unwrap_or(value.len());
        out.extend_from_slice(b"User-agent: ");
        out.extend_from_slice(&value[..end]);
        out.push(b'\n');
    }
    out
}
