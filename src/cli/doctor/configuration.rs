//! The doctor on `sources.toml`.

use std::path::Path;

use super::Finding;
use crate::cli::console::Console;
use crate::cli::places::Places;
use crate::cli::tell::counted;
use crate::cli::watch::Watches;
use crate::model::config::Config;

const WHAT: &str = "configuration";

/// Reads it; None where it cannot be read. Where there is none, and none was asked for, all but ingest works.
pub(super) fn check(places: &Places, console: &Console) -> (Option<Config>, Vec<Finding>) {
    let (config, file) = match places.config().and_then(|config| Ok((config, places.config_file()?))) {
        Ok(read) => read,
        Err(failure) if !places.has_config() => {
            let advice = failure.hint.unwrap_or_default();
            let text = format!("{}: ingest has nothing to read, all else works", failure.what);
            return (None, vec![Finding::warning(WHAT, text, advice)]);
        }
        Err(failure) => return (None, vec![Finding::broken(WHAT, failure.with_causes(), failure.hint)]),
    };
    let read = config.sources.iter().filter(|source| source.enabled).count() as u64;
    let watches = counted(config.watches.len() as u64, "watch", "watches");
    let mut found = Vec::new();
    let text = format!("{}: {}, {watches}", file.display(), counted(read, "source", "sources"));
    found.push(if read == 0 {
        Finding::warning(WHAT, text, "name something to read: a block [[source]], or `breachline sources add URL`")
    } else {
        Finding::ok(WHAT, text)
    });
    if config.settings.contact.is_none() {
        let advice = "set contact in [settings] to an address or page, so that the owners of the sites can reach you";
        found.push(Finding::warning(WHAT, "contact is not set", advice));
    }
    if let Err(failure) = Watches::of(&config, file.parent().unwrap_or(Path::new("")), console.today()) {
        found.push(Finding::broken(WHAT, failure.what, failure.hint));
    }
    let variables =
        config.watches.iter().filter_map(|watch| Some((watch, watch.webhook.as_ref()?.reveal().strip_prefix('$')?.to_owned())));
    for (watch, name) in variables.filter(|(_, name)| std::env::var_os(name).is_none()) {
        let text = format!("the webhook of \"{}\" is in the variable {name}, which is not set here", watch.name);
        found.push(Finding::warning(
            WHAT,
            text,
            "set it where ingest runs, such as with Environment= or EnvironmentFile= in its systemd unit",
        ));
    }
    (Some(config), found)
}
