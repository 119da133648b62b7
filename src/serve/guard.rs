//! Who may ask, how often, and the headers of every answer.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::answer::{Answer, problem};

/// Who may ask, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What everybody must show: as a bearer token, or as the password of HTTP's own login, which browsers ask for. None: nobody must.
    pub token: Option<String>,
    /// Names under which the service may be asked besides its address and `localhost`. Where no token is wanted, other names are
    /// refused: a page elsewhere could give itself a name that leads here (DNS rebinding).
    pub hosts: Vec<String>,
    /// Requests of one address in a minute.
    pub rate: u32,
}

/// Addresses whose requests are counted; more are not remembered but begin anew.
const REMEMBERED: usize = 10_000;

pub(super) struct Guard {
    access: Access,
    here: SocketAddr,
    asked: Mutex<HashMap<IpAddr, Bucket>>,
}

/// How many requests an address has left, and when that was reckoned.
#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Guard {
    pub(super) fn new(access: Access, here: SocketAddr) -> Guard {
        Guard { access, here, asked: Mutex::default() }
    }

    /// Lets a request through, or says why not.
    pub(super) async fn pass(&self, request: Request, next: Next) -> Response {
        let from = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|from| from.0.ip());
        let refusal = self.refusal(from, request.headers(), Instant::now());
        let mut answer = match refusal {
            Some(refusal) => refusal.into_response(None),
            None => next.run(request).await,
        };
        harden(answer.headers_mut());
        answer
    }

    fn refusal(&self, from: Option<IpAddr>, headers: &HeaderMap, now: Instant) -> Option<Answer> {
        if let Some(wait) = from.and_then(|from| self.wait(from, now)) {
            return Some(problem(429, "too many requests", None).with(header::RETRY_AFTER, &wait.to_string()));
        }
        match &self.access.token {
            Some(token) if !shown(headers).is_some_and(|shown| is_same(&shown, token)) => {
                let ask = "Basic realm=\"breachline\", charset=\"UTF-8\"";
                Some(
                    problem(401, "a token is needed", Some("send it as Authorization: Bearer, or as the password of the login"))
                        .with(header::WWW_AUTHENTICATE, ask),
                )
            }
            None if !self.is_called_so(headers) => {
                Some(problem(421, "this service is not known under that name", Some("start it with --host NAME to have it so")))
            }
            _ => None,
        }
    }

    /// Returns the seconds after which an address may ask again; None if it may now.
    fn wait(&self, from: IpAddr, now: Instant) -> Option<u64> {
        let most = f64::from(self.access.rate.max(1));
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= REMEMBERED && !asked.contains_key(&from) {
            asked.clear();
        }
        let bucket = asked.entry(from).or_insert(Bucket { left: most, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        *bucket = Bucket { left: (bucket.left + passed * most / 60.0).min(most), at: now };
        if bucket.left < 1.0 {
            return Some(((1.0 - bucket.left) * 60.0 / most).ceil().max(1.0) as u64);
        }
        bucket.left -= 1.0;
        None
    }

    fn is_called_so(&self, headers: &HeaderMap) -> bool {
        let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return true };
        let name = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(host, |(name, _)| name);
        let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        name == "localhost"
            || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback() || ip == self.here.ip())
            || self.access.hosts.iter().any(|known| known.eq_ignore_ascii_case(&name))
    }
}

/// Returns the token that a request shows.
fn shown(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    let login = scheme.eq_ignore_ascii_case("basic").then(|| BASE64_STANDARD.decode(rest.trim()).ok())??;
    Some(String::from_utf8(login).ok()?.split_once(':')?.1.to_owned())
}

/// Compares two tokens in a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Sets what keeps a browser from doing with an answer what nobody meant it to.
fn harden(headers: &mut HeaderMap) {
    const ALWAYS: [(HeaderName, &str); 6] = [
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn guard(token: Option<&str>, rate: u32) -> Guard {
        let access = Access { token: token.map(str::to_owned), hosts: vec!["desk.example".to_owned()], rate };
        Guard::new(access, "127.0.0.1:8787".parse().unwrap())
    }

    fn status(guard: &Guard, name: HeaderName, value: &str) -> u16 {
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())]);
        guard.refusal(None, &headers, Instant::now()).map_or(200, |answer| answer.into_response(None).status().as_u16())
    }

    #[test]
    fn without_a_token_only_its_own_names_lead_here() {
        let guard = guard(None, 60);
        for name in ["localhost", "LOCALHOST:8787", "127.0.0.1:8787", "[::1]:8787", "desk.example"] {
            assert_eq!(status(&guard, header::HOST, name), 200, "{name}");
        }
        for name in ["evil.example", "evil.example:8787", "10.0.0.1", "localhost.evil.example", ""] {
            assert_eq!(status(&guard, header::HOST, name), 421, "{name}");
        }
    }

    #[test]
    fn a_token_is_shown_as_bearer_or_as_a_password() {
        let guard = guard(Some("0123456789abcdef"), 60);
        for shown in ["Bearer 0123456789abcdef", "bearer 0123456789abcdef", "Basic YWRhOjAxMjM0NTY3ODlhYmNkZWY="] {
            assert_eq!(status(&guard, header::AUTHORIZATION, shown), 200, "{shown}");
        }
        for shown in ["Bearer 0123456789abcdeX", "Bearer", "Basic 0123456789abcdef", "Digest 0123456789abcdef", "Bearer 0123"] {
            assert_eq!(status(&guard, header::AUTHORIZATION, shown), 401, "{shown}");
        }
        assert_eq!(status(&guard, header::HOST, "localhost"), 401);
    }

    #[test]
    fn an_address_that_asks_too_often_waits() {
        let guard = guard(None, 2);
        let (one, other) = ("127.0.0.1".parse().unwrap(), "127.0.0.2".parse().unwrap());
        let now = Instant::now();
        assert_eq!((guard.wait(one, now), guard.wait(one, now)), (None, None));
        assert_eq!(guard.wait(one, now), Some(30));
        assert_eq!(guard.wait(other, now), None);
        assert_eq!(guard.wait(one, now + Duration::from_secs(31)), None);
        assert!(guard.wait(one, now + Duration::from_secs(31)).is_some());
    }
}
