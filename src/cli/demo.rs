//! `breachline demo`: all of it on a small news web of our own, in an index that goes when it ends.

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
/// HTTP into a temporary index, and the timeline opens on it. No network is needed and nothing stays behind.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// End after the summary
    #[arg(long)]
    no_browse: bool,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let web = demo::serve().map_err(|error| Failure::new("the demo's news web cannot be started").because(&error))?;
    let folder = Folder::new()?;
    console.note(format!(
        "{} serve their stories on this machine; the real ingest reads them:",
        super::tell::counted(web.config.sources.len() as u64, "site", "sites")
    ));
    let exit = ingest::ingest(&web.config, &folder.0, false, console)?;
    console.out.flush()?;
    if args.no_browse || !console.out_is_terminal || !console.in_is_terminal {
        return Ok(exit);
    }
    console.say(console.paint(Style::Dim, "press q to leave the timeline"))?;
    browse::browse(&folder.0, "", console)?;
    web.stop();
    Ok(exit)
}

/// A temporary folder, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Folder, Failure> {
        for n in 0..100 {
            let path = std::env::temp_dir().join(format!("breachline-demo-{}-{n}", process::id()));
            match make(&path) {
                Ok(()) => return Ok(Folder(path)),
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

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
