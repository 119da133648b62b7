//! Single values of `sources.toml`: lengths of time, sizes, addresses, networks, and the nearest right word for a wrong one.

use core::net::IpAddr;
use std::time::Duration;

use url::Url;

use crate::base::address;

/// Reads a length of time: a whole number and its unit, `ms`, `s`, `m`, `h`, `d` or `w`, such as "90d".
///
/// None for anything else, and for more than a thousand years.
pub fn duration(text: &str) -> Option<Duration> {
    const MOST_SECONDS: u64 = 1000 * 366 * 24 * 60 * 60;
    let (number, unit) = number_and_unit(text)?;
    let time = match unit.as_str() {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" | "min" => Duration::from_secs(number.checked_mul(60)?),
        "h" => Duration::from_secs(number.checked_mul(60 * 60)?),
        "d" => Duration::from_secs(number.checked_mul(24 * 60 * 60)?),
        "w" => Duration::from_secs(number.checked_mul(7 * 24 * 60 * 60)?),
        _ => return None,
    };
    (time.as_secs() <= MOST_SECONDS).then_some(time)
}

/// Writes a length of time as [`duration`] reads it, in the largest unit that it is a whole number of.
pub fn written(time: Duration) -> String {
    let units =
        [(7 * 24 * 60 * 60 * 1000, "w"), (24 * 60 * 60 * 1000, "d"), (60 * 60 * 1000, "h"), (60 * 1000, "m"), (1000, "s")];
    let milliseconds = time.as_millis();
    let whole = units.into_iter().find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{milliseconds}ms"), |(unit, name)| format!("{}{name}", milliseconds / unit))
}

/// Reads a size in bytes: a whole number and its unit, `B`, `KB`, `MB` or `GB` in any case, each 1024 of the one before.
pub fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(text)?;
    let factor: u64 = match unit.as_str() {
        "b" => 1,
        "kb" | "kib" => 1 << 10,
        "mb" | "mib" => 1 << 20,
        "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(factor)
}

fn number_and_unit(text: &str) -> Option<(u64, String)> {
    let text = text.trim();
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let number = text.get(..unit)?.parse().ok()?;
    Some((number, text.get(unit..)?.trim().to_ascii_lowercase()))
}

/// Reads the address of a source. Unlike an article's it keeps every parameter, since some feeds are chosen by them.
pub fn address(text: &str) -> Result<Url, &'static str> {
    let canonical = address::canonical(text)?;
    let mut url = Url::parse(text.trim()).map_err(|_| "is not an address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password");
    }
    if let Some(host) = canonical.host_str() {
        url.set_host(Some(host)).map_err(|_| "has no host")?;
    }
    url.set_fragment(None);
    Ok(url)
}

pub(super) fn address_hint(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains('@') {
        return Some("leave the user name and the password out: what is read is kept".to_owned());
    }
    if text.contains("://") || text.is_empty() {
        return Some("an address begins with https:// or http://".to_owned());
    }
    let guess = format!("https://{text}");
    address::canonical(&guess).ok().map(|_| format!("did you mean \"{guess}\"?"))
}

/// Tells whether a text is an IP address or a network, with or without a port: `10.1.2.3`, `127.0.1.0/24`, `[::1]:8700`.
pub(super) fn network(text: &str) -> bool {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('[') {
        let Some((inner, after)) = rest.split_once(']') else { return false };
        return block(inner) && (after.is_empty() || after.strip_prefix(':').is_some_and(port));
    }
    match text.split_once(':') {
        Some((before, after)) if !after.contains(':') => block(before) && port(after),
        _ => block(text),
    }
}

fn port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn block(text: &str) -> bool {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    prefix.is_none_or(|bits| !bits.starts_with('+') && bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// Returns a right value for a key, as it stands in the file.
pub(super) fn example(key: &str) -> Option<&'static str> {
    Some(match key {
        "allow" => "[\"127.0.1.0/24\", \"10.1.2.3:8080\"]",
        "at_once" => "16",
        "atom" => "\"hospitals.xml\"",
        "body" => "\"div.article-body\"",
        "command" => "[\"/usr/local/bin/notify\", \"--quiet\"]",
        "contact" => "\"https://example.org/about-our-reader\"",
        "date" => "\"time\"",
        "enabled" => "true",
        "every" => "\"6h\"",
        "format" => "\"json\"",
        "grows" => "2",
        "item" => "\"li.story\"",
        "keep_pages" => "\"90d\"",
        "link" => "\"h2 a\"",
        "mail" => "[\"desk@example.org\"]",
        "max_body" => "\"15MB\"",
        "name" => "\"Example News\"",
        "no_proxy" => "[\"intranet.example\", \"10.0.0.0/8\"]",
        "pause" => "\"1s\"",
        "per_host" => "1",
        "proxy" => "\"http://proxy.example:3128\"",
        "query" => "\"kind:ransomware victim:hospital\"",
        "recheck" => "[\"1d\", \"3d\"]",
        "sendmail" => "\"/usr/sbin/sendmail\"",
        "tags" => "[\"news\", \"us\"]",
        "timeout" => "\"30s\"",
        "title" => "\"h2\"",
        "url" => "\"https://example.org/feed.xml\"",
        "user_agent" => "\"breachline/1.0\"",
        "webhook" => "\"https://chat.example/hooks/...\"",
        _ => return None,
    })
}

/// Other words that people use for our keys. Sorted.
const SYNONYMS: &[(&str, &str)] = &[
    ("active", "enabled"),
    ("address", "url"),
    ("agent", "user_agent"),
    ("concurrency", "at_once"),
    ("content", "body"),
    ("delay", "pause"),
    ("email", "contact"),
    ("href", "url"),
    ("interval", "every"),
    ("labels", "tags"),
    ("parallel", "at_once"),
    ("retention", "keep_pages"),
    ("type", "kind"),
    ("uri", "url"),
];

/// Returns the known word that a wrong one was probably meant to be.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let word = word.to_lowercase().replace('-', "_");
    let distance = |key: &str| strsim::damerau_levenshtein(&word, key);
    let within = |key: &str| distance(key) <= (key.chars().count() / 3).max(1);
    let near = known.iter().copied().min_by_key(|key| distance(key)).filter(|key| within(key));
    near.or_else(|| {
        let (_, meant) = SYNONYMS.iter().filter(|(other, _)| within(other)).min_by_key(|(other, _)| distance(other))?;
        known.iter().copied().find(|key| key == meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_and_sizes() {
        assert_eq!(duration("1s"), Some(Duration::from_secs(1)));
        assert_eq!(duration(" 90 d "), Some(Duration::from_secs(7_776_000)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        for text in ["90s", "90m", "6h", "10d", "2w", "1500ms", "0ms"] {
            assert_eq!(written(duration(text).unwrap()), text);
        }
        assert_eq!(bytes("15MB"), Some(15 << 20));
        assert_eq!(bytes("2 kib"), Some(2048));
        for wrong in ["", "10", "s", "-1s", "1.5h", "1y", "99999999999w", "99999999999999999999s", "１s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
        for wrong in ["", "15", "MB", "15 megs", "99999999999999GB"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn networks() {
        for right in
            ["10.1.2.3", "127.0.1.0/24", "127.0.0.1:8700", "10.0.0.0/8:80", "::1", "fe80::/10", "[::1]:8700", "[fe80::/10]:80"]
        {
            assert!(network(right), "{right}");
        }
        for wrong in [
            "",
            "localhost",
            "127.1",
            "0x7f.0.0.1",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "127.0.0.1:",
            "127.0.0.1:0",
            "[::1",
            "*",
        ] {
            assert!(!network(wrong), "{wrong}");
        }
    }
}
