//! The timer and the crontab line: written with full paths, found again, removed; read by systemd itself where it is at hand.

#![allow(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::cli::{program, run};

/// A folder with a space in its name, as a careless quoting would fall over.
fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("my $HOME 100%");
    fs::create_dir_all(folder.join("index")).unwrap();
    fs::write(folder.join("sources.toml"), "[[source]]\nname = \"A\"\nurl = \"https://a.example/\"\n").unwrap();
    (outer, folder)
}

#[test]
fn the_timer_is_one_that_systemd_reads() {
    let (_outer, folder) = folder();
    let shown = run(&folder, &["schedule", "install", "--by", "systemd", "--at", "04:30", "--print"], "");
    assert_eq!(shown.code, 0, "{}", shown.err);
    for said in [
        "\nOnCalendar=*-*-* 04:30:00\n",
        "\nPersistent=true\n",
        "\nRandomizedDelaySec=30m\n",
        "\nTimeoutStartSec=14h\n",
        "my $$HOME 100%%/sources.toml\"",
    ] {
        assert!(shown.out.contains(said), "{said}\n{}", shown.out);
    }
    assert!(!folder.join(".config").exists(), "--print writes nothing");
    let Ok(version) = Command::new("systemd-analyze").arg("--version").output() else {
        println!("skipped: there is no systemd-analyze to read the timer");
        return;
    };
    assert!(version.status.success());
    let mut files = Vec::new();
    for (name, part) in ["breachline.service", "breachline.timer"].iter().zip(shown.out.split("\n# /").collect::<Vec<_>>()) {
        let text = part.split_once('\n').unwrap().1;
        fs::write(folder.join(name), text).unwrap();
        files.push(folder.join(name));
    }
    let verified =
        Command::new("systemd-analyze").args(["verify", "--user"]).args(&files).env("XDG_RUNTIME_DIR", &folder).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("breachline")).collect();
    assert!(ours.is_empty(), "{said}");
    let calendar = Command::new("systemd-analyze").args(["calendar", "*-*-* 04:30:00"]).output().unwrap();
    assert!(calendar.status.success());
}

/// A `crontab` that keeps its table in a file.
fn with_crontab(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let table = folder.join("table");
    let text = format!(
        "#!/bin/sh\nPATH=/bin:/usr/bin\nif [ \"$1\" = -l ]; then cat '{0}' 2>/dev/null; else cat > '{0}.new' && mv '{0}.new' '{0}'; fi\n",
        table.display()
    );
    fs::write(bin.join("crontab"), text).unwrap();
    fs::set_permissions(bin.join("crontab"), fs::Permissions::from_mode(0o755)).unwrap();
    let output = program(folder, args).env("PATH", &bin).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_crontab_line_comes_and_goes_and_the_others_stay() {
    let (_outer, folder) = folder();
    let table = folder.join("table");
    fs::write(&table, "MAILTO=me\n1 1 * * * other\n").unwrap();
    let cron = |args: &[&str]| with_crontab(&folder, &[&["schedule"], args, &["--by", "cron"]].concat());
    assert_eq!(cron(&["status"]).0, Some(1));
    assert_eq!(cron(&["install"]).0, Some(0));
    assert_eq!(cron(&["install", "--at", "5:07"]).0, Some(0), "once more changes the time");
    let (code, line) = cron(&["status"]);
    assert_eq!(code, Some(0));
    assert!(line.starts_with("7 5 * * *  ") && line.contains("'--config'") || line.contains(" --config '"), "{line}");
    let text = fs::read_to_string(&table).unwrap();
    assert!(text.starts_with("MAILTO=me\n1 1 * * * other\n# breachline") && text.lines().count() == 4, "{text}");
    assert_eq!(cron(&["remove"]).0, Some(0));
    assert_eq!(fs::read_to_string(&table).unwrap(), "MAILTO=me\n1 1 * * * other\n");
    assert_eq!(cron(&["remove"]).0, Some(1));
}
