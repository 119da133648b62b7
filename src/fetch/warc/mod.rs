//! Saved crawls: the records of a WARC file (ISO 28500, versions 1.0 and 1.1), one after the other, whatever the file's size.
//!
//! Files are read as archives write them, each record a gzip member of its own, and likewise as one stream or not packed at all. What
//! a record says of its length is never trusted with memory: bodies are capped, the rest is skipped. A file whose end is missing gives
//! what is there, and [`Broken`] says where it ends. `members` knows the packing, `saved` the HTTP answer within a record.

mod members;
mod saved;

use std::io::{self, BufRead, BufReader, Read, Seek};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use members::Members;
pub use saved::{Unusable, answer};

/// The longest head of a record, in bytes. Real ones have a few hundred.
const LONGEST_HEAD: u64 = 64 << 10;

/// A place in a file between two records, at which reading can go on another day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where the gzip member begins, in bytes of the file; where the record begins in a file that is not packed.
    pub member: u64,
    /// So many unpacked bytes of that member come before it; 0 where each record is a member of its own.
    pub within: u64,
}

/// One record, of whatever type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `WARC-Type`: "response", "request", "warcinfo", ...
    pub kind: String,
    /// `WARC-Record-ID`, unique in the world.
    pub id: String,
    /// `WARC-Target-URI` as it stands there; empty if there is none.
    pub target: String,
    /// `WARC-Date`: when it was fetched.
    pub date: Option<Timestamp>,
    /// `Content-Type` of the record, such as `application/http; msgtype=response`.
    pub content_type: String,
    /// What it holds, as far as the bound allows.
    pub body: Vec<u8>,
    /// Whether there was more than the bound allows.
    pub cut: bool,
}

/// Why a file cannot be read any further.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The file ends within a record.
    #[error("the file ends in the middle of a record: it was cut off")]
    CutOff,
    /// What should be a record is none.
    #[error("no WARC record begins where one should")]
    NoRecord,
    /// A record does not say how long it is.
    #[error("a record does not say how long it is")]
    NoLength,
    /// The head of a record does not end.
    #[error("the head of a record is longer than {} KB", LONGEST_HEAD >> 10)]
    LongHead,
    /// The packing is damaged, or the file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[source] io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Broken {
        if error.kind() == io::ErrorKind::UnexpectedEof { Broken::CutOff } else { Broken::Unreadable(error) }
    }
}

/// Reads the records of one file.
pub struct Archive<R: Read + Seek> {
    unpacked: BufReader<Members<R>>,
    /// Unpacked bytes that were taken since the beginning of the reading.
    taken: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Begins at a place that [`Archive::place`] gave before; the default is the beginning of the file.
    pub fn open(file: R, place: Place) -> Result<Archive<R>, Broken> {
        let members = Members::open(file, place.member)?;
        let mut archive = Archive { unpacked: BufReader::with_capacity(64 << 10, members), taken: 0 };
        archive.skip(place.within)?;
        Ok(archive)
    }

    /// Returns the place of the next record, to begin there another time.
    pub fn place(&mut self) -> Result<Place, Broken> {
        self.unpacked.fill_buf()?; // so that the member is the one that the next byte is from
        Ok(self.unpacked.get_ref().place(self.taken))
    }

    /// Returns the next record, or None at the end of the file. At most `most` bytes of its body are kept.
    pub fn next_record(&mut self, most: u64) -> Result<Option<Record>, Broken> {
        if !self.find_record()? {
            return Ok(None);
        }
        let (mut record, length) = self.head()?;
        let kept = length.min(most);
        let read = (&mut self.unpacked).take(kept).read_to_end(&mut record.body)? as u64;
        self.taken += read;
        if read < kept {
            return Err(Broken::CutOff);
        }
        record.cut = length > most;
        self.skip(length - kept)?;
        Ok(Some(record))
    }

    /// Goes past the empty lines between records; tells whether something follows.
    fn find_record(&mut self) -> Result<bool, Broken> {
        loop {
            let buffer = self.unpacked.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let blank = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let found = blank < buffer.len();
            self.unpacked.consume(blank);
            self.taken += blank as u64;
            if found {
                return Ok(true);
            }
        }
    }

    /// Reads the head of a record, and how long its body is.
    fn head(&mut self) -> Result<(Record, u64), Broken> {
        if !self.line(LONGEST_HEAD)?.starts_with("WARC/") {
            return Err(Broken::NoRecord);
        }
        let mut record = Record::default();
        let mut length = None;
        let mut room = LONGEST_HEAD;
        loop {
            let line = self.line(room)?;
            room -= line.len() as u64;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => record.kind = value.to_ascii_lowercase(),
                "warc-record-id" => record.id = value.to_owned(),
                // Some writers put the address in angle brackets, as version 1.0 was understood by them.
                "warc-target-uri" => record.target = value.trim_start_matches('<').trim_end_matches('>').to_owned(),
                "warc-date" => record.date = value.parse().ok(),
                "content-type" => record.content_type = value.to_ascii_lowercase(),
                "content-length" => length = value.parse().ok(),
                _ => {}
            }
        }
        Ok((record, length.ok_or(Broken::NoLength)?))
    }

    /// Reads one line of a head, with its end.
    fn line(&mut self, room: u64) -> Result<String, Broken> {
        let mut line = Vec::new();
        let read = (&mut self.unpacked).take(room).read_until(b'\n', &mut line)? as u64;
        self.taken += read;
        match line.last() {
            Some(b'\n') => Ok(String::from_utf8_lossy(&line).into_owned()),
            _ if read >= room => Err(Broken::LongHead),
            _ => Err(Broken::CutOff),
        }
    }

    fn skip(&mut self, length: u64) -> Result<(), Broken> {
        let skipped = io::copy(&mut (&mut self.unpacked).take(length), &mut io::sink())?;
        self.taken += skipped;
        if skipped < length { Err(Broken::CutOff) } else { Ok(()) }
    }
}
