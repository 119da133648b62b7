//! `--only`: the sources that a run is kept to.

use crate::base::fold::slug;
use crate::cli::failure::Failure;
use crate::model::config::{Config, nearest};

/// Leaves only the sources that are named so, or bear the tag. Where a word means none of those that are read, that is told.
pub(super) fn choose(config: &mut Config, words: &[String]) -> Result<(), Failure> {
    if words.is_empty() {
        return Ok(());
    }
    for word in words {
        if !config.sources.iter().any(|source| source.enabled && is_meant(source, word)) {
            return Err(unknown(config, word));
        }
    }
    config.sources.retain(|source| words.iter().any(|word| is_meant(source, word)));
    Ok(())
}

fn is_meant(source: &crate::model::source::Source, word: &str) -> bool {
    source.id.0 == slug(word) || source.tags.contains(&word.trim().to_lowercase())
}

fn unknown(config: &Config, word: &str) -> Failure {
    let off = config.sources.iter().find(|source| is_meant(source, word));
    if let Some(source) = off {
        return Failure::usage(format!("--only: \"{}\" is not read", source.name))
            .hint("it says enabled = false in sources.toml");
    }
    let names = config.sources.iter().map(|source| source.name.as_str());
    let known: Vec<&str> = names.chain(config.sources.iter().flat_map(|source| source.tags.iter().map(String::as_str))).collect();
    let hint = match nearest(word, &known) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => "`breachline sources` lists names and tags".to_owned(),
    };
    Failure::usage(format!("--only: no source is named \"{word}\" or has that tag")).hint(hint)
}
