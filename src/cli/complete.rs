//! What a shell is offered for the word that is being typed: `source <(COMPLETE=bash breachline)`. Completed by the program itself and not
//! by a script made once, since the names of saved queries are in `sources.toml`.

use std::ffi::{OsStr, OsString};

use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};

use super::failure::Failure;
use super::places::Places;
use crate::store::query;

/// Answers a shell that asks how a command line could go on, or how to ask; false where no shell does.
pub(super) fn answers_shell(command: fn() -> clap::Command, args: &[OsString]) -> Result<bool, Failure> {
    let here = std::env::current_dir().ok();
    CompleteEnv::with_factory(command)
        .try_complete(args.iter().cloned(), here.as_deref())
        .map_err(|error| Failure::usage(error.to_string().trim_start_matches("error: ").trim_end().to_owned()))
}

/// Completes the words of a query: fields, the values of those that have a fixed set, the names of saved queries.
pub(super) fn query() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        // Without a good sources.toml everything else is still offered.
        let saved = Places::of_environment().config_if_any().map(|config| config.queries).unwrap_or_default();
        let words = typed.to_str().map(|word| query::completions(word, &saved)).unwrap_or_default();
        words.into_iter().map(CompletionCandidate::new).collect()
    })
}

/// Completes a word that is one of a few names, each with what it stands for.
pub(super) fn of(names: fn() -> Vec<(String, String)>) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        names().into_iter().map(|(name, help)| CompletionCandidate::new(name).help(Some(help.into()))).collect()
    })
}
