//! `breachline demo`: all of it on a small news web of our own, in an index that goes when it ends, unless it is to be kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::{browse, ingest};
use crate::demo;

/// Try it on a small news web inside the program
///
/// A dozen made-up news sites with some fifty stories of 2011 to 2026 are served on this machine; the real ingest reads them over
/// HTTP into a temporary index, and the timeline opens on it. No network is needed and nothing stays behind but what --keep asks for.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// End after the summary
    #[arg(long)]
    no_browse: bool,
    /// Keep the index in a new folder, for search, show and browse with --index DIR
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let web = demo::serve().map_err(|error| Failure::new("the demo's news web cannot be started").because(&error))?;
    let folder = Folder::choose(args.keep.as_deref())?;
    console.note(format!(
        "{} serve their stories on this machine; the real ingest reads them:",
        super::tell::counted(web.config.sources.len() as u64, "site", "sites")
    ));
    let exit = ingest::ingest(&web.config, &folder.path, false, folder.remover(), console)?;
    console.out.flush()?;
    if args.no_browse || !console.out_is_terminal || !console.in_is_terminal {
        return Ok(exit);
    }
    console.say(console.paint(Style::Dim, "press q to leave the timeline"))?;
    browse::browse(&folder.path, "", console)?;
    web.stop();
    Ok(exit)
}

/// Where the index of the demo is.
pub(super) struct Folder {
    /// Its path.
    pub(super) path: PathBuf,
    /// Whether it is removed when this is dropped.
    temporary: bool,
}

impl Folder {
    /// Makes the folder that was asked for, which must be new or empty, or a temporary one.
    fn choose(keep: Option<&Path>) -> Result<Folder, Failure> {
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
            let path = std::env::temp_dir().join(format!("breachline-demo-{}-{n}", process::id()));
            match make(&path) {
                Ok(()) => return Ok(Folder { path, temporary: true }),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::new(format!("{} cannot be made", path.display())).because(&error)),
            }
        }
        Err(Failure::new("no temporary folder can be made").hint("remove breachline-demo-* from the folder for temporary files"))
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
    fn remover(&self) -> impl FnOnce() + Send + 'static {
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
