//! The packing of a saved crawl: gzip members one after the other, or none.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;

use super::Place;

/// The first bytes of a gzip member.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks a file and knows which member the bytes are from. One `read` never gives bytes of two members.
pub(super) struct Members<R: Read + Seek> {
    layer: Layer<R>,
    /// Where the present member begins in the file.
    start: u64,
    /// Unpacked bytes that were given before the present member.
    before: u64,
    /// Unpacked bytes that were given.
    given: u64,
}

enum Layer<R: Read> {
    Plain(Counted<R>),
    Packed(Box<GzDecoder<Counted<R>>>),
    Ended,
}

impl<R: Read + Seek> Members<R> {
    /// Begins at a byte of the file where a member begins, or a record where nothing is packed.
    pub(super) fn open(mut file: R, start: u64) -> io::Result<Members<R>> {
        file.seek(SeekFrom::Start(start))?;
        let mut counted = Counted { file: BufReader::with_capacity(64 << 10, file), at: start };
        let packed = counted.fill_buf()?.starts_with(&MAGIC);
        let layer = if packed { Layer::Packed(Box::new(GzDecoder::new(counted))) } else { Layer::Plain(counted) };
        Ok(Members { layer, start, before: 0, given: 0 })
    }

    /// Returns the place after so many unpacked bytes, which lie in the present member.
    pub(super) fn place(&self, taken: u64) -> Place {
        match self.layer {
            Layer::Plain(_) => Place { member: self.start + taken, within: 0 },
            _ => Place { member: self.start, within: taken - self.before },
        }
    }

    /// Goes on with the next member, or ends where nothing or something else follows.
    fn next_member(&mut self) -> io::Result<()> {
        let Layer::Packed(decoder) = std::mem::replace(&mut self.layer, Layer::Ended) else { return Ok(()) };
        let mut counted = decoder.into_inner();
        let more = counted.fill_buf()?.starts_with(&MAGIC[..1]);
        self.start = counted.at;
        self.before = self.given;
        if more {
            self.layer = Layer::Packed(Box::new(GzDecoder::new(counted)));
        }
        Ok(())
    }
}

impl<R: Read + Seek> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match &mut self.layer {
                Layer::Plain(counted) => return counted.read(buffer),
                Layer::Packed(decoder) => decoder.read(buffer)?,
                Layer::Ended => return Ok(0),
            };
            self.given += read as u64;
            if read > 0 {
                return Ok(read);
            }
            self.next_member()?;
        }
    }
}

/// A buffered file that knows how many of its bytes were used.
struct Counted<R: Read> {
    file: BufReader<R>,
    at: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.file.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount as u64;
        self.file.consume(amount);
    }
}
