//! The index of a colleague for `breachline browse --remote`: where it is, who may ask, and where exports go.

use std::path::Path;

use jiff::Timestamp;
use url::{Host, Url};

use super::export;
use super::failure::Failure;
use super::library::exported_to;
use super::token;
use crate::base::day::Day;
use crate::fetch::Token;
use crate::library::remote::{Keeper, Remote};
use crate::library::{ExportRequest, Trouble};
use crate::model::source::Settings;
use crate::tui::update::sentence;

/// Writes exports on this machine.
struct Files {
    now: fn() -> Timestamp,
}

impl Keeper for Files {
    fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn keep(&self, request: &ExportRequest, bytes: &[u8]) -> Result<String, Trouble> {
        let path = exported_to(request, Day::of(self.now()));
        export::new_file(bytes, &path)?;
        Ok(path.display().to_string())
    }
}

/// Reads the address of a service, as it is typed: `desk:8787` is one as well.
pub(super) fn address(typed: &str) -> Result<Url, String> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("http://{typed}") };
    let url = Url::parse(whole.trim()).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it is neither http nor https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a secret in it could be read by everybody here: say --token-file FILE".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it ends with the path, as `breachline serve` prints it".to_owned());
    }
    match url.host() {
        Some(Host::Domain("")) | None => Err("it names no host".to_owned()),
        Some(_) => Ok(url),
    }
}

/// Asks a service what it can be asked.
pub(super) fn connect(
    url: &Url,
    token_file: Option<&Path>,
    settings: &Settings,
    now: fn() -> Timestamp,
) -> Result<Remote, Failure> {
    let token = token_file.map(|file| token::read(file, token::ASKED_FOR)).transpose()?;
    Remote::connect(url, token.map(Token::new), settings, Files { now }).map_err(|trouble| told(&trouble))
}

/// Says why the service cannot be browsed.
pub(super) fn told(trouble: &Trouble) -> Failure {
    match trouble {
        Trouble::Refused { what, hint } => Failure { hint: hint.clone(), ..Failure::new(what.clone()) },
        trouble => Failure::new(sentence(trouble)).hint("is `breachline serve` running there, and is that its address?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_can_be_asked() {
        for (typed, meant) in [
            ("http://127.0.0.1:8787/", "http://127.0.0.1:8787/"),
            ("desk:8787", "http://desk:8787/"),
            ("https://desk.example/breachline/", "https://desk.example/breachline/"),
            ("[::1]:8787", "http://[::1]:8787/"),
        ] {
            assert_eq!(address(typed).unwrap().as_str(), meant, "{typed}");
        }
        for typed in ["ftp://desk/", "", "http://", "http://ada:secret@desk/", "http://desk/?q=x", "http://de sk/", "file:///etc"]
        {
            assert!(address(typed).is_err(), "{typed}");
        }
    }
}
