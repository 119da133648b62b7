//! The folder of an index that is made for the occasion: a temporary one that is removed, or a new one that was asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use super::failure::Failure;

/// Where an index is that may be gone afterwards.
pub(super) struct Folder {
    /// Its path.
    pub(super) path: PathBuf,
    /// Whether it is removed when this is dropped.
    temporary: bool,
}

impl Folder {
    /// Makes the folder that was asked for, which must be new or empty, or a temporary one.
    pub(super) fn choose(keep: Option<&Path>) -> Result<Folder, Failure> {
        let Some(path) = keep else { return Folder::temporary() };
        fs::create_dir_all(path).map_err(|error| Failure::new(format!("{} cannot be made", path.display())).because(&error))?;
        let mut entries =
            fs::read_dir(path).map_err(|error| Failure::new(format!("{} cannot be read", path.display())).because(&error))?;
        if entries.next().is_some() {
            return Err(Failure::usage(format!("{} is not empty", path.display())).hint("name a new folder after --keep"));
        }
        Ok(Folder { path: path.to_owned(), temporary: false })
    }

    /// Makes a temporary one that only its owner may enter.
    pub(super) fn temporary() -> Result<Folder, Failure> {
        for n in 0..100 {
            let path = std::env::temp_dir().join(format!("breachline-temporary-{}-{n}", process::id()));
            match make(&path) {
                Ok(()) => return Ok(Folder { path, temporary: true }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::new(format!("{} cannot be made", path.display())).because(&error)),
            }
        }
        Err(Failure::new("no temporary folder can be made")
            .hint("remove breachline-temporary-* from the folder for temporary files"))
    }
}

/// Makes a folder that only its owner may enter.
fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl Folder {
    /// What removes it where it cannot be dropped.
    pub(super) fn remover(&self) -> impl FnOnce() + Send + 'static {
        let path = self.temporary.then(|| self.path.clone());
        move || drop(path.map(fs::remove_dir_all))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
