//! Which addresses may be reached. Pure: judges an IP address and a port, never the text of a name.
//!
//! Nothing that is not public is reached, so that no feed, link, redirect or name server can make this program talk to the machine
//! it runs on, to its local network or to a cloud's metadata service. `[settings] allow` makes exceptions. The check is made
//! where the connection is made (`http.rs`): for literal addresses before, for names inside the resolver that the connection uses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::FetchError;

/// The addresses that may be reached although they are not public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    allowed: Vec<Allowed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Allowed {
    network: u128,
    mask: u128,
    port: Option<u16>,
}

impl Guard {
    /// Reads entries such as `10.1.2.3`, `127.0.1.0/24`, `127.0.0.1:8700`, `fd00::/8`, `[::1]:8080`.
    ///
    /// The error names the first entry that is none of these.
    pub fn parse<S: AsRef<str>>(entries: &[S]) -> Result<Guard, String> {
        let read = |entry: &S| {
            Allowed::parse(entry.as_ref()).ok_or_else(|| {
                format!("\"{}\" is no address or network, such as 10.1.2.3, 127.0.1.0/24 or 127.0.0.1:8700", entry.as_ref())
            })
        };
        Ok(Guard { allowed: entries.iter().map(read).collect::<Result<_, _>>()? })
    }

    /// Tells whether a connection may be made; the error says what kind of address it is.
    pub fn permits(&self, ip: IpAddr, port: u16) -> Result<(), &'static str> {
        let Some(why) = why_not_public(ip) else { return Ok(()) };
        let bits = bits(ip);
        let is_allowed = |entry: &Allowed| bits & entry.mask == entry.network && entry.port.is_none_or(|only| only == port);
        if self.allowed.iter().any(is_allowed) { Ok(()) } else { Err(why) }
    }

    /// Judges an address as far as it can be before names are resolved: scheme, host, and a literal IP address.
    pub fn check(&self, url: &Url) -> Result<(), FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Refused(format!("{}: is neither http nor https", url.scheme())));
        }
        let port = url.port_or_known_default().unwrap_or(0);
        let ip: IpAddr = match url.host() {
            Some(Host::Ipv4(ip)) => ip.into(),
            Some(Host::Ipv6(ip)) => ip.into(),
            Some(Host::Domain(name)) if !name.is_empty() => return Ok(()),
            _ => return Err(FetchError::Refused("it has no host".to_owned())),
        };
        self.permits(ip, port).map_err(|why| refused(url.host_str().unwrap_or(""), ip, why))
    }

    /// Returns the ports that entries name, sorted: a name may lead to such an address on that port only.
    pub fn ports(&self) -> Vec<u16> {
        let mut ports: Vec<u16> = self.allowed.iter().filter_map(|entry| entry.port).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

/// Returns the error that says which host was refused and why.
pub fn refused(host: &str, ip: IpAddr, why: &str) -> FetchError {
    let shown = ip.to_string();
    let bare = host.trim_matches(['[', ']']);
    let named = if bare == shown { shown } else { format!("{bare} ({shown})") };
    FetchError::Refused(format!(
        "{named} is {why}; if it is meant, name it under allow: of [settings], or of the [[watch]] whose webhook it is"
    ))
}

impl Allowed {
    fn parse(entry: &str) -> Option<Allowed> {
        let entry = entry.trim();
        if let Ok(ip) = entry.parse::<IpAddr>() {
            return Some(Allowed::new(ip, None, None));
        }
        if let Ok(socket) = entry.parse::<std::net::SocketAddr>() {
            return Some(Allowed::new(socket.ip(), None, Some(socket.port())));
        }
        let (address, rest) = entry.split_once('/')?;
        let address = address.trim_matches(['[', ']']);
        let ip: IpAddr = address.parse().ok()?;
        let (prefix, port) = match rest.split_once(':') {
            Some((prefix, port)) => (prefix, Some(port.parse().ok()?)),
            None => (rest, None),
        };
        let prefix: u32 = prefix.trim_matches(']').parse().ok()?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        (prefix <= most).then(|| Allowed::new(ip, Some(prefix), port))
    }

    fn new(ip: IpAddr, prefix: Option<u32>, port: Option<u16>) -> Allowed {
        let fixed = match (ip, prefix) {
            (_, None) => 128,
            (IpAddr::V4(_), Some(prefix)) => 96 + prefix,
            (IpAddr::V6(_), Some(prefix)) => prefix,
        };
        let mask = u128::MAX.checked_shl(128 - fixed).unwrap_or(0);
        Allowed { network: bits(ip) & mask, mask, port }
    }
}

/// Returns the address as IPv6 bits, IPv4 ones mapped, so that both spellings of one address are the same.
fn bits(ip: IpAddr) -> u128 {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().to_bits(),
        IpAddr::V6(ip) => ip.to_bits(),
    }
}

/// Returns what kind of address it is if it is not one of the public internet, else None.
pub fn why_not_public(ip: IpAddr) -> Option<&'static str> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => v4(ip),
        IpAddr::V6(ip) => v6(ip),
    }
}

fn v4(ip: Ipv4Addr) -> Option<&'static str> {
    match ip.octets() {
        [0, ..] => Some("an address of this machine"),
        [127, ..] => Some("a loopback address"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("a private address"),
        [100, 64..=127, ..] => Some("a provider's internal address"),
        [169, 254, 169, 254] => Some("a cloud metadata address"),
        [169, 254, ..] => Some("a link-local address"),
        [192, 0, 0, _] | [192, 88, 99, _] => Some("an address reserved for protocols"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Some("an address reserved for documentation"),
        [198, 18..=19, ..] => Some("an address reserved for benchmarks"),
        [224..=239, ..] => Some("a multicast address"),
        [240..=255, ..] => Some("a reserved address"),
        _ => None,
    }
}

fn v6(ip: Ipv6Addr) -> Option<&'static str> {
    let low = || v4(Ipv4Addr::from_bits(ip.to_bits() as u32));
    match ip.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("an address of this machine"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("a loopback address"),
        [0, 0, 0, 0, 0, 0, ..] => Some("an IPv4 address in an obsolete form"),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => low(),
        [0x2002, high, low, ..] => v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        [0x2001, 0..=0x1ff, ..] => Some("an address reserved for protocols"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("an address reserved for documentation"),
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfebf, ..] => Some("a link-local address"),
        [0xfec0..=0xfeff, ..] => Some("a private address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}
