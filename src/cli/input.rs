//! What a command is given to read: a file, an address, or the standard input.

use std::fs::File;
use std::io::{self, Read};

use super::failure::Failure;
use super::places::Places;
use crate::base::address;
use crate::base::day::Day;
use crate::cli::document::{self, Reading};

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
    let _ = places;
    if what.starts_with("http://") || what.starts_with("https://") {
        let url = address::canonical(what).map_err(|why| Failure::usage(format!("the address {what} {why}")))?;
        return Err(Failure::new(format!("{url} cannot be fetched yet")));
    }
    let mut bytes = Vec::new();
    lines(Some(what))?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| unread(what, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(
            Failure::new(format!("{what} is larger than {} MB", LARGEST >> 20)).hint("for many documents there is --batch")
        );
    }
    document::of_bytes(&bytes, None, None, published).map_err(|why| Failure::new(format!("{what} is no article")).because(&why))
}

fn unread(path: &str, error: &io::Error) -> Failure {
    let failure = Failure::usage(format!("{path} could not be read")).because(error);
    if error.kind() == io::ErrorKind::NotFound && path.contains('.') && !path.contains('/') {
        return failure
            .hint(format!("an address begins with https://, a file that is elsewhere with its folder: https://{path}"));
    }
    failure
}
