//! The timer of systemd: two unit files of the user's own.

use std::fs;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use super::ask;
use super::task::{Task, Time};
use crate::cli::console::Console;
use crate::cli::failure::{Exit, Failure};

const SERVICE: &str = "breachline.service";
const TIMER: &str = "breachline.timer";

/// Returns both files as they would be written, each below its path.
pub(super) fn shown(task: &Task) -> Result<String, Failure> {
    let folder = folder()?;
    let shown = |name: &str, text: &str| format!("# {}\n{text}\n", folder.join(name).display());
    Ok(shown(SERVICE, &service(task)) + &shown(TIMER, &timer(task.at)))
}

fn service(task: &Task) -> String {
    let command: Vec<String> = task.command.iter().map(|word| quoted(word)).collect();
    format!(
        "[Unit]\n\
         Description=breachline reads the security news\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         ExecStart={}\n\
         # 3: it ran, but some sources or notices failed; the summary is in the journal\n\
         SuccessExitStatus=3\n\
         Nice=10\n\
         IOSchedulingClass=idle\n\
         # Longer than the deadline of ingest, after which what came is read\n\
         TimeoutStartSec=14h\n\
         TimeoutStopSec=10s\n\
         NoNewPrivileges=yes\n\
         # What must not stand in sources.toml, such as the address of a webhook\n\
         EnvironmentFile=-%E/breachline/environment\n",
        command.join(" ")
    )
}

fn timer(at: Time) -> String {
    format!(
        "[Unit]\n\
         Description=breachline every night\n\
         \n\
         [Timer]\n\
         OnCalendar=*-*-* {:02}:{:02}:00\n\
         # So that not everybody asks at once\n\
         RandomizedDelaySec=30m\n\
         # A night that was slept through is made up for\n\
         Persistent=true\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n",
        at.hour, at.minute
    )
}

/// A word of a command line in a unit file (systemd.service(5), systemd.syntax(7)): in quotes, and nothing in it is expanded.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | ',' | '=' | ':' | '@');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$"))
}

fn folder() -> Result<PathBuf, Failure> {
    let home = etcetera::choose_base_strategy()
        .map_err(|_| Failure::usage("the home folder is not known").hint("set HOME or XDG_CONFIG_HOME"))?;
    Ok(home.config_dir().join("systemd/user"))
}

pub(super) fn install(task: &Task, console: &mut Console) -> Result<(), Failure> {
    let folder = folder()?;
    let failed = |error: &std::io::Error| Failure::new(format!("{} cannot be written", folder.display())).because(error);
    fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    for (name, text) in [(SERVICE, service(task)), (TIMER, timer(task.at))] {
        fs::write(folder.join(name), text).map_err(|error| failed(&error))?;
        console.say(format!("written: {}", console.plain(&folder.join(name).display().to_string())))?;
    }
    ask("systemctl", &["--user", "daemon-reload"], None).map_err(not_on)?;
    ask("systemctl", &["--user", "enable", "--now", TIMER], None).map_err(not_on)?;
    console.say(format!("turned on: {TIMER}"))?;
    console.note("it runs while you are logged in; `loginctl enable-linger` lets it run always");
    Ok(())
}

fn not_on(failure: Failure) -> Failure {
    failure.hint(format!(
        "the files are written; turn it on with `systemctl --user daemon-reload` and `systemctl --user enable --now {TIMER}`"
    ))
}

pub(super) fn status(console: &mut Console) -> Result<Exit, Failure> {
    let folder = folder()?;
    if !folder.join(TIMER).exists() {
        console.note(format!("not scheduled: {} is not there", folder.join(TIMER).display()));
        return Ok(Exit::Nothing);
    }
    let about = "--property=ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec";
    let told = ask("systemctl", &["--user", "show", TIMER, about], None)?;
    let value = |key: &str| told.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or("").to_owned();
    let (state, enabled) = (value("ActiveState"), value("UnitFileState"));
    console.say(format!("timer      {}, {}", console.plain(&state), console.plain(&enabled)))?;
    for (head, key) in [("next", "NextElapseUSecRealtime"), ("last", "LastTriggerUSec")] {
        let when = value(key);
        let when = if when.is_empty() || when == "n/a" { "never".to_owned() } else { when };
        console.say(format!("{head:<11}{}", console.plain(&when)))?;
    }
    Ok(if state == "active" { Exit::Well } else { Exit::SomeFailed })
}

pub(super) fn remove(console: &mut Console) -> Result<Exit, Failure> {
    let folder = folder()?;
    let there: Vec<PathBuf> = [TIMER, SERVICE].map(|name| folder.join(name)).into_iter().filter(|path| path.exists()).collect();
    if there.is_empty() {
        console.note("there is nothing to remove");
        return Ok(Exit::Nothing);
    }
    let off = ask("systemctl", &["--user", "disable", "--now", TIMER], None);
    for path in there {
        fs::remove_file(&path).map_err(|error| Failure::new(format!("{} cannot be removed", path.display())).because(&error))?;
        console.say(format!("removed: {}", console.plain(&path.display().to_string())))?;
    }
    off?;
    ask("systemctl", &["--user", "daemon-reload"], None)?;
    Ok(Exit::Well)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_word_is_expanded() {
        assert_eq!(quoted("/usr/bin/breachline"), "/usr/bin/breachline");
        assert_eq!(quoted("/home/a b/100%\"$HOME\"\\"), "\"/home/a b/100%%\\\"$$HOME\\\"\\\\\"");
    }
}
