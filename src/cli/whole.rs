//! A file that is there whole or not at all: it is written beside its place and takes it at the end, in one step.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// A file being written. What stood in its place before stays until [`WholeFile::finish`]; dropped before, it leaves nothing behind.
pub(super) struct WholeFile {
    /// As it was asked for.
    named: PathBuf,
    /// What takes its place: where the name is a link, what that points to.
    place: PathBuf,
    beside: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> Result<WholeFile, Failure> {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if place.is_dir() {
            return Err(Failure::usage(format!("{} is a folder", path.display())).hint("name a file in it"));
        }
        let mut beside = place.clone().into_os_string();
        beside.push(format!(".{}.new", std::process::id()));
        let beside = PathBuf::from(beside);
        let file = File::create(&beside).map_err(|error| unwritten(path, &error))?;
        if let Ok(before) = fs::metadata(&place) {
            let kept = fs::set_permissions(&beside, before.permissions());
            kept.map_err(|error| unwritten(path, &error))?;
        }
        Ok(WholeFile { named: path.to_owned(), place, beside, file: Some(BufWriter::new(file)) })
    }

    /// Puts the file in its place, once all of it is on the disk.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let done = self.file.take().map_or(Ok(()), |file| {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            fs::rename(&self.beside, &self.place)
        });
        done.map_err(|error| {
            let _ = fs::remove_file(&self.beside);
            unwritten(&self.named, &error)
        })
    }

    /// Returns what removes it where it cannot be dropped.
    pub(super) fn remover(&self) -> impl FnOnce() + Send + 'static {
        let beside = self.beside.clone();
        move || drop(fs::remove_file(beside))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} could not be written", path.display())).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_its_place_whole_or_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "before").unwrap();
        let mut given_up = WholeFile::create(&path).unwrap();
        given_up.write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        let mut file = WholeFile::create(&path).unwrap();
        file.write_all(b"after").unwrap();
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        assert!(WholeFile::create(folder.path()).is_err());
    }
}
