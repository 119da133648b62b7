//! The program: everything it does is in the library.

use std::process::ExitCode;

use breachline::cli::{self, Console};
use jiff::Timestamp;
use mimalloc::MiMalloc;

/// Reading an article makes many small strings and lists, and an eighth of that time was the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let mut console = Console::of_process(Timestamp::now);
    ExitCode::from(cli::run(std::env::args_os(), &mut console) as u8)
}
