//! Watches against a real server, program and mailer: each incident is told once, until it has arrived, and again when it matters.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::cli::{folder_with_news, is_laid_out, run};
use crate::server::{Answer, Asked, Server};

/// A webhook: what it was sent, and whether it takes anything.
#[derive(Clone, Default)]
struct Hook {
    got: Arc<Mutex<Vec<(String, Value)>>>,
    works: Arc<AtomicBool>,
}

impl Hook {
    fn serve(&self) -> Server {
        let hook = self.clone();
        Server::start(move |asked: &Asked| {
            if !hook.works.load(Ordering::SeqCst) || asked.path != "/services/hush" {
                return Answer::status(500);
            }
            let key = asked.header("idempotency-key").unwrap().to_owned();
            hook.got.lock().unwrap().push((key, serde_json::from_slice(&asked.body).unwrap()));
            Answer::status(204)
        })
    }

    fn got(&self) -> Vec<(String, Value)> {
        self.got.lock().unwrap().clone()
    }
}

/// A program that keeps its arguments and what it is given.
fn script(folder: &Path, name: &str) -> String {
    let path = folder.join(name);
    let text = format!("#!/bin/sh\nPATH=/bin:/usr/bin\necho \"$@\" >> {0}.args\ncat >> {0}.in\n", path.display());
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

fn add(folder: &Path, text: &str) {
    let file = folder.join("sources.toml");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{before}\n{text}")).unwrap();
}

#[test]
fn what_is_new_is_told_once_and_waits_until_it_has_arrived() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let hook = Hook::default();
    let server = hook.serve();
    let url = server.url("/services/hush");
    let allow = url.authority();
    add(
        folder,
        &format!("[[watch]]\nname = \"Large\"\nquery = \"records:>=100M\"\nwebhook = \"{url}\"\nallow = [\"{allow}\"]\n"),
    );
    add(folder, &format!("[[watch]]\nname = \"Closed\"\nquery = \"\"\nwebhook = \"{url}\"\n"));

    let log = ["--log-file", "night.log", "--log", "trace"];
    let first = run(folder, &[&["ingest", "--json"][..], &log].concat(), "");
    assert_eq!(first.code, 3, "notices that do not arrive are told: {}", first.err);
    let notices = first.json().pop().unwrap()["notices"].clone();
    assert_eq!((&notices[0]["watch"], &notices[0]["delivered"]), (&json!("Large"), &json!(0)));
    assert!(notices[0]["failure"].as_str().unwrap().contains("500"), "{notices}");
    let why = notices[1]["failure"].as_str().unwrap();
    assert!(why.contains("loopback") && !why.contains("hush"), "what the watch itself does not allow is not reached: {why}");
    let waiting = notices[0]["waiting"].as_u64().unwrap() as usize;
    assert!(waiting >= 5, "{notices}");

    assert_eq!(run(folder, &["watch", "send"], "").code, 1, "it is not tried again at once");
    hook.works.store(true, Ordering::SeqCst);
    let sent = run(folder, &["watch", "send", "--all"], "");
    assert!(sent.out.contains(&format!("Large (webhook): {waiting} delivered\n")), "{}{}", sent.out, sent.err);
    let got = hook.got();
    assert_eq!(got.len(), waiting);
    let mut ids: Vec<&str> = got.iter().map(|(_, posted)| posted["incident"]["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), waiting, "each incident once");
    let large = |posted: &Value| posted["incident"]["records"]["value"].as_u64().unwrap() >= 100_000_000;
    assert!(got.iter().all(|(key, posted)| large(posted) && *key == format!("breachline-{}", posted["delivery"])), "{got:?}");
    assert!(got[0].1["text"].as_str().unwrap().starts_with("*new: "), "{}", got[0].1);

    assert_eq!(run(folder, &["ingest"], "").code, 0, "what waits is not tried again so soon");
    assert_eq!(hook.got().len(), waiting, "nothing is told twice");
    let id = ids[0].to_owned();
    let grown = ["edit", &id, "--author", "ann", "--set", "records=7,000,000,000 people"];
    assert_eq!(run(folder, &grown, "").code, 0);
    run(folder, &["ingest"], "");
    let told = hook.got().split_off(waiting);
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0].1["incident"]["id"], &told[0].1["why"]), (&json!(id), &json!(["count-grew"])));
    let more = ["edit", &id, "--author", "ann", "--set", "records=7,000,000,001 people"];
    assert_eq!(run(folder, &more, "").code, 0);
    run(folder, &["ingest"], "");
    assert_eq!(hook.got().len(), waiting + 1, "a little more is not worth telling");

    let listed = run(folder, &["watch", "list", "--json"], "");
    is_laid_out(folder, "watched", &listed.json());
    let large = &listed.json()[0];
    assert_eq!(
        (&large["name"], &large["waiting"], large["delivered"].as_array().unwrap().len()),
        (&json!("Large"), &json!([]), 3)
    );
    let said = [first.out, first.err, sent.out, listed.out, fs::read_to_string(folder.join("night.log")).unwrap()].concat();
    assert!(!said.contains("hush"), "the address of a webhook is a secret");
}

#[test]
fn programs_mails_and_feeds_are_told_as_well() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    let (take, mailer) = (script(folder, "take"), script(folder, "mailer"));
    let config = fs::read_to_string(folder.join("sources.toml")).unwrap();
    fs::write(folder.join("sources.toml"), config.replacen("[settings]\n", &format!("[settings]\nsendmail = \"{mailer}\"\n"), 1))
        .unwrap();
    add(
        folder,
        &format!(
            "[[watch]]\nname = \"Größte\"\nquery = \"records:>=500M\"\ncommand = [\"{take}\", \"one\", \"$HOME\"]\n\
             mail = [\"a@example.org\", \"b@example.org\"]\natom = \"large.xml\"\n"
        ),
    );
    let tried = run(folder, &["watch", "test", "Größte"], "");
    assert_eq!((tried.code, tried.out.as_str()), (0, "command: arrived\natom: arrived\nmail: arrived\n"), "{}", tried.err);
    assert!(fs::read_to_string(folder.join("take.in")).unwrap().contains("\"test\":true"));
    for left in ["take.in", "take.args", "mailer.in", "mailer.args"] {
        fs::remove_file(folder.join(left)).unwrap();
    }

    let ran = run(folder, &["ingest"], "");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\nnotices    "), "{}", ran.out);
    let given = fs::read_to_string(folder.join("take.in")).unwrap();
    let given: Vec<Value> = given.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(given.len() >= 3 && given.iter().all(|notice| notice["why"] == json!(["new"])), "{given:?}");
    let args = fs::read_to_string(folder.join("take.args")).unwrap();
    assert!(args.lines().all(|line| line == "one $HOME"), "no shell, and nothing of the incident on the command line: {args}");
    let mail = fs::read_to_string(folder.join("mailer.in")).unwrap();
    assert_eq!(fs::read_to_string(folder.join("mailer.args")).unwrap(), "-i -- a@example.org b@example.org\n", "one mail");
    assert!(mail.starts_with("To: a@example.org, b@example.org\nSubject: =?utf-8?q?=5BGr=C3=B6"), "{mail}");
    assert!(
        mail.lines().any(|line| line.starts_with("new: Yahoo - breach, ") && line.contains("1,000,000,000 people")),
        "{mail}"
    );
    let feed = fs::read_to_string(folder.join("large.xml")).unwrap();
    assert!(feed.starts_with("<?xml") && feed.matches("<entry>").count() == given.len(), "{feed}");

    fs::write(&take, "#!/bin/sh\necho 'no \u{1b}[31mpaper' >&2\nexit 7\n").unwrap();
    let failing = run(folder, &["watch", "test", "Größte"], "");
    assert_eq!(failing.code, 3);
    assert!(failing.out.contains("exit status: 7: no [31mpaper\n"), "{}", failing.out);
}

#[test]
fn a_wrong_watch_is_told_before_anything_is_done() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    add(folder, "[[watch]]\nname = \"Wrong\"\nquery = \"kind:ransomwere\"\nmail = [\"a@example.org\"]\n");
    let query = run(folder, &["ingest"], "");
    assert_eq!(query.code, 2);
    assert!(
        query.err.contains("the query of the watch \"Wrong\"") && query.err.contains("expected `ransomware`"),
        "{}",
        query.err
    );
    assert!(!folder.join("index/kept.db").exists());
    add(folder, "[[watch]]\nname = \"wrong\"\nquery = \"\"\nwebhook = \"hooks.example/hush\"\ngrows = 1\n");
    let file = run(folder, &["ingest"], "");
    assert_eq!(file.code, 2);
    for said in ["the name \"Wrong\" is taken", "the address of the webhook", "grows must be a number larger than 1"] {
        assert!(file.err.contains(said), "{said}\n{}", file.err);
    }
    assert!(!file.err.contains("hush"), "{}", file.err);
}

#[test]
fn a_digest_tells_the_days_in_every_form() {
    let (folder, _web) = folder_with_news();
    let folder = folder.path();
    assert_eq!(run(folder, &["ingest"], "").code, 0);
    let since = ["digest", "--since", "2024-05-01", "kind:breach"];
    let form = |form: &str| run(folder, &[&since[..], &[form]].concat(), "");
    let digest = form("--json").json().pop().unwrap();
    assert!(digest["new"].as_u64().unwrap() > 2 && digest["groups"].as_array().unwrap().len() == 1, "{digest}");
    let first = &digest["groups"][0]["incidents"][0];
    assert_eq!((&first["victim"], &first["new"]), (&json!("Ticketmaster"), &json!(true)), "the largest first");
    assert!(first["links"][0]["url"].as_str().unwrap().starts_with("http://127."), "{first}");
    for (of, said) in
        [("--markdown", "\n- **Ticketmaster**: 560,000,000 people"), ("--html", "<li><b>Ticketmaster</b>: 560,000,000 people")]
    {
        let ran = form(of);
        assert!(ran.code == 0 && ran.out.contains(said), "{of}\n{}", ran.out);
    }
    let plain = run(folder, &since, "");
    assert!(plain.out.contains("\nBREACH (") && plain.out.contains("  Ticketmaster: 560,000,000 people"), "{}", plain.out);
    let earlier = run(folder, &["digest", "--since", "2017-10-01", "--json", "victim:equifax"], "").json().pop().unwrap();
    let incidents = earlier["groups"].as_array().unwrap().iter().flat_map(|group| group["incidents"].as_array().unwrap());
    let changed = incidents.filter(|incident| incident["new"] == false && !incident["changes"].as_array().unwrap().is_empty());
    assert_eq!(
        (changed.count() as u64, earlier["changed"].as_u64().unwrap() > 0),
        (earlier["changed"].as_u64().unwrap(), true),
        "{earlier}"
    );
    assert_eq!(run(folder, &["digest"], "").code, 1, "the stories of the demo are no news any more");
    assert_eq!(run(folder, &["digest", "--html", "--json"], "").code, 2);
}
