//! What is to run every night: this program, with the configuration and the index that it would use now, by their full paths.

use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::places::Places;

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl Time {
    /// Reads `HH:MM`.
    pub(super) fn parse(text: &str) -> Result<Time, String> {
        let read = || {
            let (hour, minute) = text.split_once(':')?;
            let part =
                |part: &str| (part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?;
            Some(Time { hour: part(hour)?, minute: part(minute)? }).filter(|time| time.hour < 24 && time.minute < 60)
        };
        read().ok_or_else(|| "a time of day is written HH:MM, such as 03:00".to_owned())
    }
}

/// The nightly job.
pub(super) struct Task {
    /// When.
    pub at: Time,
    /// The program and its arguments.
    pub command: Vec<String>,
}

impl Task {
    /// Makes it for the configuration and the index of today.
    pub(super) fn of(places: &Places, at: Time) -> Result<Task, Failure> {
        let program =
            std::env::current_exe().map_err(|error| Failure::new("the place of this program is not known").because(&error))?;
        let config = absolute(&places.config_file()?)?;
        let index = absolute(&places.index()?)?;
        let words = [program, PathBuf::from("--config"), config, PathBuf::from("--index"), index, PathBuf::from("ingest")];
        let command = words.iter().map(|word| in_one_line(word)).collect::<Result<_, _>>()?;
        Ok(Task { at, command })
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path)
        .map_err(|error| Failure::new(format!("{}: its full path is not known", path.display())).because(&error))
}

/// A path as it can stand in a unit file or a crontab.
fn in_one_line(path: &Path) -> Result<String, Failure> {
    let text = path.to_str().filter(|text| !text.chars().any(char::is_control));
    text.map(str::to_owned).ok_or_else(|| {
        Failure::usage(format!("{} cannot stand in a unit file or crontab", path.display()))
            .hint("move it to a path of plain characters")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        assert_eq!(Time::parse("03:00"), Ok(Time { hour: 3, minute: 0 }));
        assert_eq!(Time::parse("23:59"), Ok(Time { hour: 23, minute: 59 }));
        for wrong in ["", "3", "24:00", "03:60", "03:000", "-1:00", "+3:00", "3 am"] {
            assert!(Time::parse(wrong).is_err(), "{wrong}");
        }
    }
}
