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
        Rules {
            robots: Robots::from_access(AccessResult::Successful(text), Agent::Prefix(product(user_agent))),
            unreachable: None,
        }
    }

    /// Returns what follows from a robots.txt that could not be fetched.
    ///
    /// A 4xx status, too many redirects, or a redirect to where this program does not go: everything is allowed. A server in trouble
    /// or out of reach: nothing is, for this run.
    pub fn without(error: FetchError) -> Rules {
        let absent = match &error {
            FetchError::Status { status } => (400..500).contains(status) || (300..400).contains(status),
            FetchError::Gone | FetchError::BotCheck { .. } | FetchError::TooManyRedirects => true,
            FetchError::BadRedirect(_) | FetchError::Refused(_) => true,
            FetchError::TooLarge { .. } | FetchError::Packing(_) => true,
            _ => false,
        };
        match absent {
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
