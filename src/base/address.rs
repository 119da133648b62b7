//! One article, one address: the canonical form by which an article is known however it was linked.

use url::Url;

/// Query parameters that only say where a reader came from. A name that ends in `*` stands for all that begin so. Sorted.
const TRACKING: &[&str] = &[
    "_ga",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "fbclid",
    "ftag",
    "gclid",
    "gclsrc",
    "ghclid",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "icid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "oly_anon_id",
    "oly_enc_id",
    "partner",
    "rss",
    "rss_id",
    "s_cid",
    "sh",
    "smid",
    "soc_src",
    "soc_trk",
    "spm",
    "sr_share",
    "taid",
    "trk",
    "twclid",
    "utm_*",
    "wt_mc",
    "yclid",
];

/// The longest address that is read, in bytes; longer ones are refused (RELIABILITY: 4 KB is what servers commonly take).
pub const LONGEST: usize = 4096;

/// Reads an address and returns its canonical form; the error is a short phrase that says what is wrong.
///
/// Only http and https with a host. Dropped: the fragment, user and password, tracking parameters, a trailing dot of the host,
/// an empty query. Kept: the scheme and the order of what remains, since some sites answer by it.
pub fn canonical(text: &str) -> Result<Url, &'static str> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err("is longer than 4096 bytes");
    }
    let url = Url::parse(text).map_err(|_| "is not an address")?;
    canonical_url(url)
}

/// Like [`canonical`], for a link read on a page or in a feed: relative ones are resolved against `base`.
pub fn resolve(base: &Url, link: &str) -> Result<Url, &'static str> {
    let link = link.trim();
    if link.len() > LONGEST {
        return Err("is longer than 4096 bytes");
    }
    canonical_url(base.join(link).map_err(|_| "is not an address")?)
}

/// The words before a host under which sites serve the same articles to other devices or readers.
const FRONTS: &[&str] = &["amp.", "edition.", "m.", "mobile.", "news.", "www."];

/// Returns the host of an address without the words before it that do not make it another site.
pub fn site(url: &Url) -> &str {
    let mut host = url.host_str().unwrap_or("");
    while let Some(bare) = FRONTS.iter().find_map(|front| host.strip_prefix(front)).filter(|bare| bare.contains('.')) {
        host = bare;
    }
    host
}

fn canonical_url(mut url: Url) -> Result<Url, &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http nor https");
    }
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else { return Err("has no host") };
    if let Some(bare) = host.strip_suffix('.').map(str::to_owned) {
        url.set_host(Some(&bare)).map_err(|_| "has no host")?;
    }
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    drop_tracking(&mut url);
    Ok(url)
}

fn drop_tracking(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    let kept = kept.join("&");
    url.set_query(if kept.is_empty() { None } else { Some(&kept) });
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    TRACKING.iter().any(|entry| match entry.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *entry,
    })
}
