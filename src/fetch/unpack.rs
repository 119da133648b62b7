//! Decompression with a bound that is counted in decoded bytes while they come, so that a small bomb stays small.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::FetchError;

/// The most empty gzip members that are skipped in one body; each costs time and gives nothing.
const MOST_MEMBERS: usize = 10_000;

/// Unpacks one body piece by piece.
#[derive(Debug)]
pub struct Unpacker {
    layer: Layer,
    limit: u64,
    members: usize,
}

#[derive(Debug)]
enum Layer {
    Plain(Bounded),
    /// Said to be deflate: zlib or raw is told by the first byte.
    Deflate(Bounded),
    Gzip(GzDecoder<Bounded>),
    /// Between two gzip members: the bytes so far, and those that may begin the next one.
    Between(Bounded, Vec<u8>),
    /// After the last gzip member: what follows is ignored.
    Ended(Bounded),
    Zlib(ZlibDecoder<Bounded>),
    Raw(DeflateDecoder<Bounded>),
    /// Left behind while a layer is exchanged, and after an error.
    Broken,
}

impl Unpacker {
    /// Begins a body with the value of its `Content-Encoding`; only none, gzip and deflate are known.
    pub fn new(encoding: Option<&str>, limit: u64) -> Result<Unpacker, FetchError> {
        let out = Bounded { bytes: Vec::new(), limit, passed: false };
        let layer = match encoding.map(|name| name.trim().to_ascii_lowercase()).as_deref() {
            None | Some("" | "identity") => Layer::Plain(out),
            Some("gzip" | "x-gzip") => Layer::Gzip(GzDecoder::new(out)),
            Some("deflate") => Layer::Deflate(out),
            Some(other) => return Err(FetchError::Packing(crate::base::safe::line(other, 40))),
        };
        Ok(Unpacker { layer, limit, members: 0 })
    }

    /// Takes the next bytes of the body as sent.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        if bytes.is_empty() {
            return Ok(());
        }
        if let Layer::Deflate(_) = self.layer {
            self.choose_deflate(bytes[0]);
        }
        match &mut self.layer {
            Layer::Plain(out) => out.write_all(bytes),
            Layer::Zlib(decoder) => decoder.write_all(bytes),
            Layer::Raw(decoder) => decoder.write_all(bytes),
            Layer::Gzip(_) | Layer::Between(..) => return self.push_gzip(bytes),
            Layer::Ended(_) => Ok(()),
            Layer::Deflate(_) | Layer::Broken => Err(io::Error::other("broken")),
        }
        .map_err(|_| self.error())
    }

    /// Ends the body and returns what it holds; a body that was cut short is an error.
    pub fn finish(self) -> Result<Vec<u8>, FetchError> {
        let limit = self.limit;
        let out = match self.layer {
            Layer::Plain(out) | Layer::Deflate(out) | Layer::Ended(out) | Layer::Between(out, _) => Ok(out),
            Layer::Gzip(decoder) => decoder.finish(),
            Layer::Zlib(decoder) => decoder.finish(),
            Layer::Raw(decoder) => decoder.finish(),
            Layer::Broken => Err(io::Error::other("broken")),
        };
        match out {
            Ok(out) if out.passed => Err(FetchError::TooLarge { limit }),
            Ok(out) => Ok(out.bytes),
            Err(_) => Err(damaged()),
        }
    }

    /// Gives up the rest of the body and returns what has come so far.
    pub fn cut(mut self) -> Vec<u8> {
        self.out().map(|out| std::mem::take(&mut out.bytes)).unwrap_or_default()
    }

    fn out(&mut self) -> Option<&mut Bounded> {
        match &mut self.layer {
            Layer::Plain(out) | Layer::Deflate(out) | Layer::Ended(out) | Layer::Between(out, _) => Some(out),
            Layer::Gzip(decoder) => Some(decoder.get_mut()),
            Layer::Zlib(decoder) => Some(decoder.get_mut()),
            Layer::Raw(decoder) => Some(decoder.get_mut()),
            Layer::Broken => None,
        }
    }

    fn choose_deflate(&mut self, first: u8) {
        if let Layer::Deflate(out) = std::mem::replace(&mut self.layer, Layer::Broken) {
            let is_zlib = first & 0x0f == 8 && first >> 4 <= 7;
            self.layer = if is_zlib { Layer::Zlib(ZlibDecoder::new(out)) } else { Layer::Raw(DeflateDecoder::new(out)) };
        }
    }

    /// Feeds gzip members one after the other; whatever follows the last one is ignored, as browsers do.
    fn push_gzip(&mut self, mut bytes: &[u8]) -> Result<(), FetchError> {
        while !bytes.is_empty() {
            match &mut self.layer {
                Layer::Gzip(decoder) => match decoder.write(bytes) {
                    Ok(0) => self.end_member()?,
                    Ok(taken) => bytes = &bytes[taken..],
                    Err(_) => return Err(self.error()),
                },
                Layer::Between(_, begun) => {
                    begun.push(bytes[0]);
                    bytes = &bytes[1..];
                    self.begin_member()?;
                }
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    fn end_member(&mut self) -> Result<(), FetchError> {
        self.members += 1;
        if self.members > MOST_MEMBERS {
            return Err(FetchError::Broken(format!("the answer is packed in more than {MOST_MEMBERS} pieces")));
        }
        if let Layer::Gzip(decoder) = std::mem::replace(&mut self.layer, Layer::Broken) {
            let out = decoder.finish().map_err(|_| damaged())?;
            self.layer = Layer::Between(out, Vec::new());
        }
        Ok(())
    }

    /// Goes on with another member if the bytes so far are its magic number, and ignores the rest if they cannot be.
    fn begin_member(&mut self) -> Result<(), FetchError> {
        const MAGIC: [u8; 2] = [0x1f, 0x8b];
        let Layer::Between(_, begun) = &self.layer else { return Ok(()) };
        let is_magic = begun.as_slice() == MAGIC;
        if !is_magic && MAGIC.starts_with(begun) {
            return Ok(());
        }
        if let Layer::Between(out, _) = std::mem::replace(&mut self.layer, Layer::Broken) {
            self.layer = if is_magic {
                let mut decoder = GzDecoder::new(out);
                decoder.write_all(&MAGIC).map_err(|_| damaged())?;
                Layer::Gzip(decoder)
            } else {
                Layer::Ended(out)
            };
        }
        Ok(())
    }

    fn error(&mut self) -> FetchError {
        let limit = self.limit;
        if self.out().is_some_and(|out| out.passed) { FetchError::TooLarge { limit } } else { damaged() }
    }
}

fn damaged() -> FetchError {
    FetchError::Broken("the compressed answer is damaged or cut short".to_owned())
}

/// A sink that takes no more than its limit.
#[derive(Debug)]
struct Bounded {
    bytes: Vec<u8>,
    limit: u64,
    passed: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.limit.saturating_sub(self.bytes.len() as u64);
        if bytes.len() as u64 > room {
            self.passed = true;
            self.bytes.extend_from_slice(&bytes[..room as usize]);
            return Err(io::Error::other("the bound is passed"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
