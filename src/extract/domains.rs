//! Host names as names: "web.com".

use crate::base::fold::fold;

/// Tells whether a token is a host name: a dot inside, a known shape of ending, no digits only.
pub fn is_domain(raw: &str) -> bool {
    if raw.len() < SHORTEST_DOMAIN || !raw.as_bytes().contains(&b'.') {
        return false;
    }
    let Some((label, ending)) = raw.rsplit_once('.') else { return false };
    (2..=6).contains(&ending.len())
        && !raw.contains('@')
        && label.len() >= 2
        && label.chars().any(char::is_alphabetic)
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'))
        && !label.ends_with('.')
        && !matches!(label.as_bytes(), [_, b'.', ..])
        && ENDINGS.binary_search(&ending.to_ascii_lowercase().as_str()).is_ok()
}

/// Returns the word that a host name is known by: "localiza" of "www.localiza.com".
pub fn label(domain: &str) -> String {
    let lower = domain.to_lowercase();
    let parts: Vec<&str> = lower.trim_start_matches("www.").split('.').collect();
    let second_level = parts.len() > 2 && matches!(parts[parts.len() - 2], "co" | "com" | "org" | "gov" | "ac" | "edu" | "net");
    let at = parts.len().saturating_sub(if second_level { 3 } else { 2 });
    fold(parts[at]).replace(' ', "")
}

/// The length of "t.co" and one letter more: a single letter before a dot is an initial.
const SHORTEST_DOMAIN: usize = 5;

/// Top-level domains that are met in the news and are no file endings. Sorted.
const ENDINGS: &[&str] = &[
    "ae", "ai", "app", "ar", "at", "au", "be", "bg", "biz", "br", "ca", "cc", "ch", "cl", "cn", "co", "com", "cz", "de", "dk",
    "edu", "es", "eu", "fi", "fm", "fr", "gov", "gr", "hk", "hu", "id", "ie", "il", "in", "info", "int", "io", "ir", "is", "it",
    "jp", "ke", "kr", "kz", "la", "ly", "me", "mil", "mobi", "mx", "my", "net", "ng", "nl", "no", "nz", "online", "onion", "org",
    "pe", "ph", "pk", "pl", "pt", "ro", "ru", "sa", "se", "sg", "shop", "si", "site", "sk", "su", "th", "to", "tr", "travel",
    "tv", "tw", "ua", "uk", "us", "vn", "ws", "xyz", "za",
];
