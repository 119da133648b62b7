//! What a command is given to read: a file, an address, or the standard input.

use std::fs::File;
use std::io::{self, Read};

use url::Url;

use super::document::{self, Reading};
use super::failure::Failure;
use super::places::Places;
use crate::base::address;
use crate::base::day::Day;
use crate::fetch::http::Http;
use crate::fetch::{FetchError, Reply, Request, Want, redirect};
use crate::model::article::NotAnArticle;

/// The largest single document that is read, in bytes.
const LARGEST: u64 = 32 << 20;

/// Opens a file, or the standard input for None and "-", to be read line by line.
pub(super) fn lines(file: Option<&str>) -> Result<Box<dyn Read + Send>, Failure> {
    match file {
        None | Some("-") => Ok(Box::new(io::stdin())),
        Some(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Read + Send>).map_err(|error| unread(path, &error)),
    }
}

/// Reads one document: an address if it begins with http:// or https://, "-" for the standard input, else a file.
pub(super) fn document(what: &str, published: Option<Day>, places: &Places) -> Result<Reading, Failure> {
    if is_address(what) {
        let url = address::canonical(what).map_err(|why| Failure::usage(format!("the address {what} {why}")))?;
        let reply =
            fetch(&url, Want::Page, places)?.map_err(|error| Failure::new(format!("{url} could not be had")).because(&error))?;
        let content_type = reply.header("content-type").unwrap_or("text/html");
        return document::of_bytes(&reply.body, Some(content_type), Some(&reply.url), published)
            .map_err(|why| no_article(what, &why));
    }
    let bytes = bytes(what)?;
    document::of_bytes(&bytes, None, None, published).map_err(|why| no_article(what, &why))
}

/// Tells whether something is to be fetched.
pub(super) fn is_address(what: &str) -> bool {
    what.starts_with("http://") || what.starts_with("https://")
}

/// Reads a file, or the standard input for "-", within the bound of a single document.
pub(super) fn bytes(what: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    lines(Some(what))?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unread(what, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(
            Failure::new(format!("{what} is larger than {} MB", LARGEST >> 20)).hint("for many documents there is --batch")
        );
    }
    Ok(bytes)
}

fn no_article(what: &str, why: &NotAnArticle) -> Failure {
    Failure::new(format!("{what} is no article")).because(why)
}

/// Fetches one document as the settings say; somebody asked for it, so its robots.txt is not. The outer error is ours.
pub(super) fn fetch(url: &Url, want: Want, places: &Places) -> Result<Result<Reply, FetchError>, Failure> {
    let settings = places.config_if_any()?.settings;
    let http = Http::new(&settings).map_err(|why| Failure::usage(format!("[settings] {why}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("no connection can be made").because(&error))?;
    let reply = runtime.block_on(redirect::get(&http, Request::new(url.clone(), want)));
    // A server that never stops sending must not be waited for.
    runtime.shutdown_background();
    Ok(reply)
}

fn unread(path: &str, error: &io::Error) -> Failure {
    let failure = Failure::usage(format!("{path} could not be read")).because(error);
    if error.kind() == io::ErrorKind::NotFound && path.contains('.') && !path.contains('/') {
        return failure
            .hint(format!("an address begins with https://, a file that is elsewhere with its folder: https://{path}"));
    }
    failure
}
