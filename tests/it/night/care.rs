//! Looking after what is kept: a backup is whole and comes back, what has passed its time goes, the doctor sees and mends.

use std::fs;
use std::path::Path;

use breachline::store::kept::{Access, Kept};
use serde_json::Value;

use crate::cli::{folder_with_news, run};

/// Everything that a search finds, as it is printed.
fn all(folder: &Path) -> String {
    let found = run(folder, &["search", "--json", "--limit", "1000"], "");
    assert_eq!(found.code, 0, "{}", found.err);
    found.out
}

fn health(folder: &Path, args: &[&str]) -> (i32, Vec<(String, String)>) {
    let ran = run(folder, &[&["doctor", "--offline", "--json"][..], args].concat(), "");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (ran.code, ran.json().iter().map(|finding| (text(&finding["what"]), text(&finding["health"]))).collect())
}

fn found(findings: &[(String, String)], what: &str, health: &str) -> bool {
    findings.iter().any(|finding| finding.0 == what && finding.1 == health)
}

#[test]
fn a_backup_is_made_beside_a_writer_and_brings_everything_back() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let id = all(folder)
        .lines()
        .next()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
        .unwrap();
    assert_eq!(run(folder, &["edit", &id, "--author", "ann", "--star"], "").code, 0);
    let before = all(folder);
    let writer = Kept::open(&folder.join("index"), Access::Write).unwrap();
    assert_eq!(run(folder, &["backup", "copy.db"], "").code, 0, "also while another process holds the lock");
    drop(writer);
    assert_eq!(run(folder, &["backup", "copy.db"], "").code, 2, "it is there already");
    assert_eq!(run(folder, &["backup", "copy.db", "--replace"], "").code, 0);

    assert_eq!(run(folder, &["edit", &id, "--author", "ann", "--hide"], "").code, 0);
    assert_ne!(all(folder), before);
    let back = run(folder, &["restore", "copy.db"], "");
    assert_eq!(back.code, 0, "{}", back.err);
    assert_eq!(all(folder), before);
    let aside = |folder: &Path| {
        fs::read_dir(folder.join("index"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("kept.before-"))
            .count()
    };
    assert_eq!(aside(folder), 1, "what was there is laid aside");

    fs::write(folder.join("index/kept.db"), "nothing of a database").unwrap();
    assert_eq!(run(folder, &["restore", "copy.db"], "").code, 0, "whatever is there");
    assert_eq!(all(folder), before);
    fs::write(folder.join("wrong.db"), "nothing of a database").unwrap();
    for wrong in ["wrong.db", "none.db"] {
        let refused = run(folder, &["restore", wrong], "");
        assert_eq!(refused.code, 4);
        assert!(refused.err.contains("hint: nothing was changed"), "{}", refused.err);
    }
    assert_eq!(all(folder), before);
}

#[test]
fn what_has_passed_its_time_goes_and_incidents_stay() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let before = all(folder);
    let would = run(folder, &["prune", "--pages", "0ms", "--dry-run"], "");
    assert!(would.out.starts_with("52 pages: ") && would.out.contains("would go"), "{}{}", would.out, would.err);
    assert!(run(folder, &["prune"], "").out.starts_with("0 pages: "), "keep_pages has not passed");
    assert!(run(folder, &["prune", "--pages", "0ms"], "").out.starts_with("52 pages: "));
    assert_eq!(run(folder, &["vacuum"], "").code, 0);
    assert_eq!(run(folder, &["rebuild"], "").code, 0);
    assert_eq!(all(folder), before, "what was read of the pages is enough");
}

#[test]
fn the_doctor_sees_what_is_wrong_and_mends_what_can_be_mended() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let (code, findings) = health(folder, &[]);
    assert!(code == 3 && found(&findings, "store", "warning"), "there is nothing yet: {findings:?}");
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let before = all(folder);
    let (code, findings) = health(folder, &[]);
    assert!(code == 3 && found(&findings, "configuration", "warning"), "contact is not set: {findings:?}");
    assert!(
        found(&findings, "store", "ok") && found(&findings, "search", "ok") && found(&findings, "disk", "ok"),
        "{findings:?}"
    );
    let online = run(folder, &["doctor"], "");
    assert!(online.out.contains("\nok       sources: all of 12 sources answer\n"), "{}", online.out);

    let meta = folder.join("index/search/incidents/meta.json");
    fs::write(&meta, "{").unwrap();
    fs::create_dir(folder.join("index/rebuild-4194305")).unwrap();
    lose_rows_of_an_index(&folder.join("index/kept.db"));
    let (code, findings) = health(folder, &[]);
    assert!(code == 4 && found(&findings, "store", "broken") && found(&findings, "search", "warning"), "{findings:?}");

    let (code, findings) = health(folder, &["--repair"]);
    for what in ["folder", "store", "search"] {
        assert!(found(&findings, what, "repaired"), "{what}: {findings:?}");
    }
    assert!(code == 3 && found(&findings, "store", "ok") && found(&findings, "search", "ok"), "{findings:?}");
    assert_eq!(all(folder), before);
    assert!(!folder.join("index/rebuild-4194305").exists());
}

#[test]
fn without_sources_the_doctor_says_that_only_ingest_has_nothing_to_do() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    fs::remove_file(folder.join("sources.toml")).unwrap();
    let (code, findings) = health(folder, &[]);
    assert!(code == 3 && found(&findings, "configuration", "warning"), "{findings:?}");
    let asked_for = run(folder, &["doctor", "--offline", "--config", "sources.toml"], "");
    assert_eq!(asked_for.code, 4, "one that was named has to be there");
    assert!(
        asked_for.out.starts_with("broken   configuration: sources.toml could not be read: No such file"),
        "{}",
        asked_for.out
    );
}

/// Leaves an index of the database without its rows, as damage may: it is made anew under another definition, and then has its own again.
fn lose_rows_of_an_index(database: &Path) {
    let define = |condition: &str| {
        let sql = format!("CREATE INDEX belongs_by_incident ON belongs (incident){condition}");
        let change = format!(
            "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = '{}' WHERE name = 'belongs_by_incident';",
            sql.replace('\'', "''")
        );
        rusqlite::Connection::open(database).unwrap().execute_batch(&change).unwrap();
    };
    define(" WHERE incident = ''");
    rusqlite::Connection::open(database).unwrap().execute_batch("REINDEX belongs_by_incident").unwrap();
    define("");
}
