//! The command line: one file per command, one match, the exit codes.
