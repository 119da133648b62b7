//! The program as a whole: that each command is wired, what it says when something is wrong, the batch layouts, the exit codes.
//!
//! Few: whatever can be shown lower down is shown there. The environment is empty and the folder a new one each time.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use breachline::demo;
use breachline::model::source::{Selectors, SourceKind};
use breachline::store::kept::{Access, Kept};
use serde_json::{Value, json};

use crate::server::{Answer, Asked, Server};

/// What a run printed and how it ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Returns the lines of the output as JSON.
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect()
    }
}

pub fn program(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_breachline"));
    command.args(args).current_dir(folder).env_clear().env("HOME", folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn run(folder: &Path, args: &[&str], input: &str) -> Ran {
    let mut child = program(folder, args).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

#[test]
fn help_names_every_command_and_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(folder.path(), &["--help"], "");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let commands = ran.out.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in commands.lines() {
        let name = line.split_whitespace().next().unwrap();
        assert!(
            name == "help" || readme.contains(&format!("`breachline {name}")),
            "the README does not speak of `breachline {name}`"
        );
        let help = run(folder.path(), &["help", name], "");
        assert!(name == "help" || help.code == 0 && help.out.contains("Usage:"), "{name}");
    }
    for code in ["0  all well", "1  nothing", "2  the command line", "3  it ran", "4  it could not"] {
        assert!(ran.out.contains(code), "{code}");
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_and_says_so_on_stderr() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["ingets"][..],
        &["search", "--limit", "many", "x"],
        &["extract"],
        &["extract", "no-such-file"],
        &["--config", "none.toml", "sources"],
    ] {
        let ran = run(folder.path(), args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
        assert!(ran.err.starts_with("error: "), "{args:?}: {}", ran.err);
    }
}

#[test]
fn mistakes_in_sources_toml_are_told_with_file_line_and_hint() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(data("config/keys.toml"), folder.path().join("sources.toml")).unwrap();
    let ran = run(folder.path(), &["sources"], "");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    for said in [
        "error: sources.toml has 6 mistakes",
        "sources.toml:9:1: \"nmae\" is no key of [[source]]",
        "9 | nmae = \"Example\"",
        "hint: did you mean \"name\"?",
    ] {
        assert!(ran.err.contains(said), "{said}\n{}", ran.err);
    }
}

#[test]
fn sources_are_found_where_they_are_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, name: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("[[source]]\nname = \"{name}\"\nurl = \"https://example.org/feed\"\n")).unwrap();
    };
    let listed = |args: &[&str], variable: Option<&str>| {
        let mut command = program(folder.path(), args);
        variable.map(|value| command.env("BREACHLINE_CONFIG", value));
        let output = command.arg("sources").stdin(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().split('\t').next().unwrap_or("").to_owned()
    };
    assert_eq!(listed(&[], None), "", "there is none yet");
    write(".config/breachline/sources.toml", "Home");
    assert_eq!(listed(&[], None), "Home");
    write("sources.toml", "Here");
    assert_eq!(listed(&[], None), "Here");
    write("variable.toml", "Variable");
    assert_eq!(listed(&[], Some("variable.toml")), "Variable");
    write("argument.toml", "Argument");
    assert_eq!(listed(&["--config", "argument.toml"], Some("variable.toml")), "Argument");
}

#[test]
fn the_timeline_needs_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    for args in [&[][..], &["browse"]] {
        let ran = run(folder.path(), args, "");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("hint: ") && ran.err.contains("breachline search"), "{}", ran.err);
    }
}

#[test]
fn a_batch_answers_each_line_in_order_and_goes_on_after_a_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let good =
        |n: usize| json!({"doc": format!("d{n}"), "published": "2011-06-17", "title": "T", "text": "word ".repeat(n % 90)});
    let mut lines: Vec<String> = (0..500).map(|n| good(n).to_string()).collect();
    let bad = [
        (3, "nonsense", Value::Null),
        (50, "{\"doc\":\"cut\",\"text\":\"half", json!("cut")),
        (51, "{\"doc\":\"no text\",\"published\":\"2011-06-17\"}", json!("no text")),
        (52, "{\"doc\":\"no day\",\"text\":\"x\"}", json!("no day")),
        (53, "{\"doc\":\"odd day\",\"text\":\"x\",\"published\":\"Friday\"}", json!("odd day")),
        (54, "{\"doc\":7,\"text\":\"x\",\"published\":\"2011-06-17\"}", json!(7)),
        (55, "[1,2]", Value::Null),
        (56, "{\"doc\":\"surrogate \\ud800\",\"text\":\"x\",\"published\":\"2011-06-17\"}", Value::Null),
    ];
    for (at, line, _) in &bad {
        lines[*at] = (*line).to_owned();
    }
    lines.insert(499, "  ".to_owned());
    let ran = run(folder.path(), &["extract", "--batch"], &lines.join("\n"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let answers = ran.json();
    assert_eq!(answers.len(), 500);
    for (n, answer) in answers.iter().enumerate() {
        match bad.iter().find(|(at, _, _)| *at == n) {
            Some((_, line, doc)) => {
                assert_eq!(&answer["doc"], doc, "{line}");
                let error = answer["error"].as_str().unwrap();
                assert!(error.starts_with(&format!("line {}: ", n + 1)), "{error}");
            }
            None => {
                assert_eq!(answer["doc"], json!(format!("d{n}")));
                assert_eq!((&answer["published"], &answer["incidents"]), (&json!("2011-06-17"), &json!([])));
            }
        }
    }
}

#[test]
fn a_batch_whose_reader_goes_away_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path(), &["extract", "--batch"]).stdin(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let line = "{\"doc\":\"a\",\"published\":\"2011-06-17\",\"text\":\"x\"}\n";
    // Its end of our pipe closes too, once it has noticed; the input does not end by itself.
    while stdin.write_all(line.as_bytes()).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Acme loses a laptop</title>\
    <meta property=\"article:published_time\" content=\"2019-03-04T10:00:00Z\"></head><body><nav><a href=\"/\">Home</a></nav><article>\
    <h1>Acme loses a laptop</h1><p>The insurer Acme said on Monday that a laptop with the records of its customers was lost on a train \
    between two of its offices, and that the police have been told of it.</p><p>It was not encrypted, a spokeswoman told reporters, and \
    letters are on their way to everyone whose details were stored on it at the time.</p></article><footer>Imprint</footer></body></html>";

#[test]
fn pages_are_read_in_batches_too() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        json!({"doc": "page", "url": "https://acme.example/a", "html": PAGE}),
        json!({"doc": "empty", "html": ""}),
        json!({"doc": "no html", "text": "x"}),
    ];
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let read = run(folder.path(), &["read", "--batch"], &input).json();
    let page = &read[0];
    assert_eq!((&page["doc"], &page["title"], &page["language"]), (&json!("page"), &json!("Acme loses a laptop"), &json!("en")));
    assert_eq!((&page["published"], &page["published_from"]), (&json!("2019-03-04"), &json!("meta")));
    let text = page["text"].as_str().unwrap();
    assert!(text.starts_with("The insurer Acme said") && text.ends_with("at the time."), "{text}");
    assert!(read[1]["error"].is_string() && read[2]["error"].is_string());

    let answers = run(folder.path(), &["extract", "--batch"], &input).json();
    assert_eq!((&answers[0]["doc"], &answers[0]["published"]), (&json!("page"), &json!("2019-03-04")));
    assert!(answers[0]["incidents"].is_array() && answers[1]["error"].is_string());
    assert_eq!(answers[2]["error"], "line 3: it has no \"published\", and nothing in it says its day");
}

#[test]
fn one_page_is_read_from_a_file_or_the_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.html"), PAGE).unwrap();
    let from_file = run(folder.path(), &["read", "page.html"], "");
    assert_eq!((from_file.code, from_file.err.as_str()), (0, ""));
    assert!(
        from_file.out.starts_with("Acme loses a laptop\n2019-03-04 (from: meta), language: en\n\nThe insurer"),
        "{}",
        from_file.out
    );
    assert_eq!(run(folder.path(), &["read", "-"], PAGE).out, from_file.out);
    fs::write(folder.path().join("picture.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let picture = run(folder.path(), &["read", "picture.png"], "");
    assert_eq!(picture.code, 4);
    assert!(picture.err.starts_with("error: picture.png is no article\n  because: "), "{}", picture.err);
}

const FEED: &str = "<rss version='2.0'><channel><title>Ålesund \"Wire\" News</title><item><title>One</title>\
    <link>/1</link><pubDate>Tue, 03 Mar 2026 10:20:30 GMT</pubDate></item><item><title>Two</title></item></channel></rss>";

#[test]
fn a_file_is_previewed_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feed.xml"), FEED).unwrap();
    let base = ["--base", "https://a.example/feed"];
    let ran = run(folder.path(), &[&["sources", "preview", "feed.xml", "--json"][..], &base].concat(), "");
    let told = ran.json().pop().unwrap();
    assert_eq!((ran.code, &told["reader"], &told["items"], &told["skipped"]), (0, &json!("feed-rs"), &json!(1), &json!(1)));
    let entry = &told["entries"][0];
    assert_eq!((&entry["link"], &entry["published"]), (&json!("https://a.example/1"), &json!("2026-03-03T10:20:30Z")));
    assert_eq!((&told["faults"][0]["what"], &told["article"]), (&json!("has no link"), &Value::Null));
    let shown = run(folder.path(), &[&["sources", "preview", "-"][..], &base].concat(), &FEED.replace("</rss>", ""));
    for said in
        ["1 item, 1 skipped, read by our own reader, since it is cut off", "  2026-03-03  One\n", "fault: item 2 has no link"]
    {
        assert!(shown.out.contains(said), "{said}\n{}", shown.out);
    }
    assert_eq!(run(folder.path(), &["sources", "preview", "-"], PAGE).code, 3, "a page is no feed");
    assert_eq!(run(folder.path(), &["sources", "preview", "none.xml"], "").code, 2);
}

/// A folder whose `sources.toml` may read from a server on this machine, and what stands in it.
fn folder_beside(server: &Server) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "# mine\r\n[settings]\r\npause = \"0ms\"   # no haste\r\nallow = [\"{}\"]\r\n\r\n[[source]]\r\nname = 'Alesund Wire News'\r\nurl = \"{}\"",
        server.url("/").authority(),
        server.url("/known.xml")
    );
    fs::write(folder.path().join("sources.toml"), &text).unwrap();
    (folder, text)
}

fn site(asked: &Asked) -> Answer {
    match asked.path.as_str() {
        "/" | "/deep/page" => Answer::text(
            "<html><head><link rel=alternate type='application/rss+xml' title='Comments' href='/comments.xml'>\
             <link rel=alternate type='application/atom+xml' href='/broken.xml'>\
             <link rel=alternate type='application/rss+xml' href='/news.xml'></head></html>",
        ),
        "/silent" => Answer::text("<html><body>Nothing here says where the feed is</body></html>"),
        "/news.xml" | "/feed.xml" | "/known.xml" => Answer::text(FEED),
        "/1" => Answer::text(PAGE),
        _ => Answer::status(404),
    }
}

#[test]
fn the_feed_behind_a_page_is_found_named_and_added() {
    let server = Server::start(site);
    let (folder, before) = folder_beside(&server);
    let file = folder.path().join("sources.toml");
    let ran =
        run(folder.path(), &["sources", "add", server.url("/deep/page").as_str(), "--tag", "uk", "--tag", "Data Breach"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let news = server.url("/news.xml");
    let name = format!("Ålesund \"Wire\" News ({})", news.host_str().unwrap());
    assert_eq!(ran.out, format!("added {name}: {news} (1 item) to sources.toml\n"));
    let after = fs::read_to_string(&file).unwrap();
    let block = format!("\r\n\r\n[[source]]\r\nname = '{name}'\r\nurl = \"{news}\"\r\ntags = [\"data-breach\", \"uk\"]\r\n");
    assert_eq!(after, before + &block, "the name is taken, and what stood there stays byte for byte");

    let again = run(folder.path(), &["sources", "add", server.url("/").as_str()], "");
    assert_eq!(again.code, 2, "{}", again.err);
    assert!(
        again.err.contains(&format!("error: {news} is there already, as")),
        "the feed of comments is not tried: {}",
        again.err
    );
}

#[test]
fn what_is_there_already_or_has_no_feed_is_not_added() {
    let server = Server::start(site);
    let (folder, before) = folder_beside(&server);
    let add = |args: &[&str]| run(folder.path(), &[&["sources", "add"][..], args].concat(), "");
    let known = add(&[server.url("/known.xml").as_str()]);
    assert_eq!(known.code, 2);
    assert!(known.err.contains("is there already, as \"Alesund Wire News\""), "{}", known.err);
    let taken = add(&[server.url("/news.xml").as_str(), "--name", "ALESUND wire news"]);
    assert!(taken.code == 2 && taken.err.contains("is taken"), "{}", taken.err);
    assert_eq!(add(&["news.example"]).code, 2);
    assert_eq!(add(&["http://127.9.9.9:1/"]).code, 4, "not a public address");
    assert_eq!(fs::read_to_string(folder.path().join("sources.toml")).unwrap(), before);
    for page in ["/silent", "/gone"] {
        fs::write(folder.path().join("sources.toml"), &before).unwrap();
        let usual = add(&[server.url(page).as_str()]);
        assert!(usual.code == 0 && usual.out.contains("/feed.xml"), "{}{}", usual.out, usual.err);
    }
}

#[test]
fn sources_are_checked_side_by_side_and_nothing_is_kept() {
    let server = Server::start(site);
    let (folder, text) = folder_beside(&server);
    let file = folder.path().join("sources.toml");
    let check = |args: &[&str]| run(folder.path(), &[&["sources", "check", "--json"][..], args].concat(), "");
    let well = check(&[]);
    assert_eq!((well.code, &well.json()[0]["outcome"], &well.json()[0]["items"]), (0, &json!("item-skipped"), &json!(1)));
    fs::write(&file, format!("{text}\n[[source]]\nname = \"Gone\"\nurl = \"{}\"\ntags = [\"uk\"]\n", server.url("/gone")))
        .unwrap();
    let failed = check(&[]);
    assert_eq!((failed.code, failed.json().len(), &failed.json()[1]["outcome"]), (3, 2, &json!("source-failed")));
    assert!(failed.err.contains("1 of 2 work"), "{}", failed.err);
    assert_eq!(check(&["--tag", "UK"]).json().len(), 1);
    assert_eq!(check(&["--tag", "none"]).code, 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no index is made");
}

#[test]
fn an_address_is_previewed_with_its_first_article() {
    let server = Server::start(site);
    let (folder, _) = folder_beside(&server);
    let told = run(folder.path(), &["sources", "preview", server.url("/news.xml").as_str(), "--json"], "").json().pop().unwrap();
    assert_eq!((&told["items"], &told["article"]["url"]), (&json!(1), &json!(server.url("/1").as_str())));
    assert!(told["article"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{told}");
}

#[test]
fn sources_go_out_and_come_in_as_opml() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sources.toml");
    let text = "[[source]]\nname = \"A & B\"\nurl = \"https://a.example/?x=1&y=2\"\ntags = [\"uk\"]\nevery = \"6h\"\nenabled = false\n\n\
                [[source]]\nname = \"List\"\nurl = \"https://b.example/\"\nkind = \"page\"\n";
    fs::write(&file, text).unwrap();
    let list = run(folder.path(), &["sources", "export", "--opml"], "");
    assert_eq!((list.code, list.err.as_str()), (0, "left out: 1 source that is no feed\n"));
    let same = run(folder.path(), &["sources", "import", "-"], &list.out);
    assert_eq!((same.code, same.out.as_str()), (1, "0 sources added, 1 there already, 0 left out\n"));

    fs::write(&file, "# mine\n").unwrap();
    let more = list.out.replace("</body>", "<outline text='a & b' xmlUrl='https://c.example/'/></body>");
    assert_eq!(run(folder.path(), &["sources", "import", "-"], &list.out).code, 0);
    let expected = format!("# mine\n\n{}\n", text.split("\n\n").next().unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), expected);
    let twin = run(folder.path(), &["sources", "import", "-"], &more.replace("a & b", "a &amp; b"));
    assert_eq!(twin.out, "1 source added, 1 there already, 0 left out\n", "{}", twin.err);
    assert!(fs::read_to_string(&file).unwrap().contains("name = \"a & b (c.example)\""));
    assert_eq!(run(folder.path(), &["sources", "import", "-"], FEED).code, 2);
    assert_eq!(run(folder.path(), &["sources", "export"], "").code, 2, "the form must be said");
}

/// A folder with a `sources.toml` that names the sites of the demo's news web.
pub fn folder_with_news() -> (tempfile::TempDir, demo::Demo) {
    let folder = tempfile::tempdir().unwrap();
    let web = demo::serve().unwrap();
    let settings = &web.config.settings;
    let mut text = format!("[settings]\npause = \"{}ms\"\nallow = {:?}\n", settings.pause.as_millis(), settings.allow);
    for source in &web.config.sources {
        let kind = if source.kind == SourceKind::Page { "page" } else { "feed" };
        text += &format!("\n[[source]]\nname = {:?}\nurl = \"{}\"\nkind = \"{kind}\"\n", source.name, source.url);
        let Selectors { item, link, title, date, body } = &source.selectors;
        for (key, selector) in [("item", item), ("link", link), ("title", title), ("date", date), ("body", body)] {
            text += &selector.as_ref().map(|selector| format!("{key} = '{selector}'\n")).unwrap_or_default();
        }
    }
    fs::write(folder.path().join("sources.toml"), text).unwrap();
    fs::create_dir(folder.path().join("index")).unwrap();
    (folder, web)
}

/// Edits an incident of the news in all ways, and takes all of it back.
fn edits_are_kept(folder: &Path, id: &str) {
    let nobody = run(folder, &["edit", id, "--star"], "");
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("hint: say --author NAME, or set USER"), "{}", nobody.err);
    let nothing = run(folder, &["edit", id, "--author", "ann"], "");
    assert_eq!(nothing.code, 2, "{}", nothing.err);
    let untold = run(folder, &["edits"], "");
    assert_eq!((untold.code, untold.out.as_str()), (1, ""));

    let ann = |args: &[&str]| run(folder, &[&["edit", id, "--author", "ann"][..], args].concat(), "");
    let set =
        ann(&["--set", "records=at least 7,654,321 cards", "--set", "occurred=2011-06", "--note", "as told\u{1b}[31m by phone"]);
    assert_eq!((set.code, set.err.as_str()), (0, ""));
    assert_eq!(set.out.lines().next(), Some(format!("{id}  records set to at least 7,654,321 cards  (edit 1)").as_str()));
    let marked = ann(&["--star", "--tag", "Look Again"]);
    assert_eq!(marked.code, 0, "{}", marked.err);
    for query in ["is:starred", "tag:look-again", "has:note", "records:7654321"] {
        let found = run(folder, &["search", query, "--json"], "").json();
        assert_eq!(found.iter().map(|row| &row["id"]).collect::<Vec<_>>(), [id], "{query}");
    }
    assert_eq!(run(folder, &["rebuild"], "").code, 0);
    let shown = run(folder, &["show", id], "").out;
    for said in [
        "starred; tagged look-again\n",
        "note         as told[31m by phone - ann, ",
        "at least 7,654,321 cards (set by ann, ",
        "; the reports say ",
        "\nhistory\n",
        "ann: records ",
    ] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
    let json = run(folder, &["show", id, "--json"], "").json().pop().unwrap();
    assert_eq!((&json["edited"]["starred"], &json["sources"]["victim"]), (&json!(true), &json!(1)));
    assert!(json["history"].as_array().unwrap().len() > 5);
    let first = json["first_reported"].as_str().unwrap();
    let then = run(folder, &["show", id, "--at", first], "").out;
    assert!(then.contains(&format!("as it was known on {first}")) && !then.contains("7,654,321"), "{then}");
    let early = run(folder, &["show", id, "--at", "1990-01-01"], "");
    assert_eq!(early.code, 1);
    assert!(early.err.contains(&format!("hint: the first report was published on {first}")), "{}", early.err);
    assert!(run(folder, &["show", id, "--at", "today"], "").out.contains("7,654,321"));
    let never = run(folder, &["show", id, "--at", "someday"], "");
    assert_eq!((never.code, never.err.contains("\"someday\" is no day\nhint: write 2014-01-10")), (2, true), "{}", never.err);

    let lines = run(folder, &["edits", "export"], "").json();
    assert_eq!(lines[0]["incidents"][0]["event"], id);
    assert!(lines[0]["text"].as_str().unwrap().contains(lines[0]["incidents"][0]["evidence"][0].as_str().unwrap()));
    for wrong in
        [&["--split", "99999"][..], &["--set", "kind=hack"], &["--merge", id], &["--untag", "none"], &["--hide", "--unhide"]]
    {
        assert!(matches!(ann(wrong).code, 1 | 2), "{wrong:?}");
    }
    let so_already = [&["--star"][..], &["--tag", "look again"], &["--unhide"], &["--set", "occurred=2011-06"]];
    for so_already in so_already {
        let ran = ann(so_already);
        assert!(ran.code == 1 && ran.err.contains(id), "{so_already:?}: {}", ran.err);
    }
    assert_eq!(run(folder, &["edits", "--json"], "").json().len(), 5, "what is refused, or so already, leaves nothing behind");
    assert_eq!(run(folder, &["search", &format!("id:{id}")], "").code, 0);
    assert_eq!(ann(&["--hide"]).code, 0);
    assert_eq!(run(folder, &["search", &format!("id:{id}")], "").code, 1);
    let undone = run(folder, &["undo", "--author", "ann"], "");
    assert!(undone.out.contains("edit 6 undone: hidden"), "{}", undone.out);
    for _ in 0..5 {
        assert_eq!(ann(&["--undo"]).code, 0);
    }
    assert_eq!(ann(&["--undo"]).code, 1);
    assert_eq!(run(folder, &["search", "is:starred"], "").code, 1);
    assert_eq!(run(folder, &["edits"], "").out.lines().count(), 12);
}

/// Reads the timeline out in lines: lists, searches, shows and edits.
fn the_timeline_is_read_out(folder: &Path, id: &str) {
    let said = [
        "",
        "/victim:nobody",
        &format!("/id:{id}"),
        "9",
        ":star",
        "1",
        ":star",
        ":star",
        ":undo",
        ":export csv",
        ":export csv it.csv",
    ]
    .into_iter()
    .chain([":export stix it.csv", ":watch It", ":watch it mail=ann@x.example", "q", "never read"])
    .collect::<Vec<_>>()
    .join("\n");
    let sources = fs::read_to_string(folder.join("sources.toml")).unwrap();
    let ran = run(folder, &["browse", "--plain", "--author", "ann"], &said);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let order = [
        "Enter: the next incidents.",
        " incidents.\n1. ",
        "0 incidents found for victim:nobody.",
        &format!("1 incident found for id:{id}."),
        "\"9\" is no number of 1 to 1.",
        "Show the incident that you mean first",
        &format!("1, {id}\n"),
        "by day of publication",
        &format!("{id}: starred"),
        &format!("{id} is starred already"),
        "undone: starred",
        "1 incident in breachline-20",
        "1 incident in it.csv",
        "it.csv is there already",
        "watch \"It\" added to sources.toml: into the feed it.atom",
        "there is a watch \"It\" already",
    ];
    let mut rest = ran.out.as_str();
    for words in order {
        let at = rest.find(words).unwrap_or_else(|| panic!("{words:?} is not said, or too early:\n{}", ran.out));
        rest = &rest[at + words.len()..];
    }
    assert!(!ran.out.contains("never read") && !ran.out.contains('\u{1b}'));
    assert!(fs::read_to_string(folder.join("it.csv")).unwrap().lines().nth(1).unwrap().starts_with(id));
    let watched = run(folder, &["watch", "list"], "");
    assert!(watched.out.contains("It") && watched.out.contains(&format!("id:{id}")), "{}", watched.out);
    fs::write(folder.join("sources.toml"), sources).unwrap();
}

/// Meddles with an incident, and sees what a rebuild would mend, and that it was not mended yet.
fn a_rebuild_says_what_it_would_change(folder: &Path, id: &str) {
    let diff = || run(folder, &["rebuild", "--diff"], "");
    let nothing = diff();
    assert_eq!((nothing.code, nothing.out.as_str()), (0, ""));
    assert!(nothing.err.contains("0 incidents would be gone, 0 new, 0 changed; nothing was changed yet"), "{}", nothing.err);
    let kind = |ran: Ran| ran.json().pop().unwrap()["kind"].as_str().unwrap().to_owned();
    let was = kind(run(folder, &["show", id, "--json"], ""));
    let meddle =
        format!("UPDATE incidents SET settled = json_set(settled, '$.kind', 'sabotage'), whole = 0 WHERE incident = '{id}'");
    rusqlite::Connection::open(folder.join("index/kept.db")).unwrap().execute_batch(&meddle).unwrap();
    assert_eq!(diff().out, format!("changed  {id}  kind sabotage -> {was}\n"));
    assert_eq!(kind(run(folder, &["show", id, "--json"], "")), "sabotage");
    let copies = fs::read_dir(folder.join("index")).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count();
    assert_eq!(copies, 1, "only search/ is left");
    assert_eq!(run(folder, &["rebuild"], "").code, 0);
    assert_eq!(kind(run(folder, &["show", id, "--json"], "")), was);
}

#[test]
fn the_whole_way_from_news_to_answers() {
    let (folder, web) = folder_with_news();
    let folder = folder.path();
    for args in [&["search", "x"][..], &["show", "x"], &["rebuild"]] {
        let ran = run(folder, args, "");
        assert_eq!(ran.code, 4, "{args:?}");
        assert!(ran.err.contains("there is no index here yet\nhint: run `breachline ingest` first"), "{args:?}: {}", ran.err);
    }

    let first = run(folder, &["ingest"], "");
    assert_eq!(first.code, 0, "{}", first.err);
    let stories = web.answered().len();
    for said in ["sources    12 tried, 0 unchanged, 0 failed\n", " fetched\n", "articles   ", "incidents  ", "time       "] {
        assert!(first.out.contains(said), "{said}\n{}", first.out);
    }
    assert_eq!(first.err.lines().count(), 13, "one line for each source, and one before them: {}", first.err);

    let second = run(folder, &["ingest", "--all", "--json"], "");
    assert_eq!(second.code, 0, "{}", second.err);
    let summary = second.json().pop().unwrap();
    let source = &summary["sources"][0];
    for key in ["name", "url", "outcome", "reason", "items", "new"] {
        assert!(source.get(key).is_some(), "{key}: {source}");
    }
    assert_eq!((&summary["tried"], &summary["failed"], &summary["pages"]["fetched"]), (&json!(12), &json!(0), &json!(0)));
    assert_eq!((&summary["articles"]["new"], &summary["incidents"]["new"]), (&json!(0), &json!(0)));
    assert!(summary["seconds"].is_f64());
    assert!(web.answered().len() <= stories + 24, "lists and robots.txt only");

    let all = run(folder, &["search", "--json", "--limit", "1000"], "").json();
    assert!(all.len() > 10);
    let id = all[0]["id"].as_str().unwrap();
    let table = run(folder, &["search", &format!("id:{id}")], "");
    assert_eq!(table.code, 0);
    assert!(table.out.lines().all(|line| line.split('\t').count() == 7), "{}", table.out);
    let not_it = run(folder, &["search", &format!("-id:{id}"), "--json", "--limit", "1000"], "").json();
    assert_eq!(not_it.len(), all.len() - 1, "a dash negates, and options may stand behind the query");
    let nothing = run(folder, &["search", "zzyzzx"], "");
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
    let wrong = run(folder, &["search", "kind:ransomwere"], "");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("    kind:ransomwere\n         ^^^^^^^^^^\nhint: expected `ransomware`"), "{}", wrong.err);

    let shown = run(folder, &["show", id, "--json"], "").json().pop().unwrap();
    assert_eq!(shown["id"], id);
    assert!(shown["reports"][0]["report"]["evidence"].is_array());
    let told = run(folder, &["show", id], "");
    assert!(told.out.contains(shown["victim"]["name"].as_str().unwrap()) && told.out.contains("http://127."), "{}", told.out);
    for (id, said) in [
        ("ticketmaster-2024-05", "\nrecords      560,000,000 people (claimed) ("),
        ("equifax-2017-09", "\n  or         2,400,000 people (official) ("),
        ("marriott-2018-11", " people (official)]\n"),
    ] {
        let told = run(folder, &["show", id], "").out;
        assert!(told.contains(said), "{said}\n{told}");
    }
    let near = run(folder, &["show", &format!("{id}x")], "");
    assert_eq!(near.code, 1);
    assert!(near.err.contains(&format!("hint: did you mean {id}")), "{}", near.err);

    what_is_found_is_counted(folder, all.len());
    words_are_shown_and_blamed(folder);
    edits_are_kept(folder, id);
    the_timeline_is_read_out(folder, id);
    a_rebuild_says_what_it_would_change(folder, id);
    fs::remove_dir_all(folder.join("index/search")).unwrap();
    assert_eq!(run(folder, &["search", "--json", "--limit", "1000"], "").json(), all, "the search is made again");
    let rebuilt = run(folder, &["rebuild"], "");
    assert_eq!(rebuilt.code, 0, "{}", rebuilt.err);
    assert_eq!(run(folder, &["search", "--json", "--limit", "1000"], "").json(), all, "the same pages give the same incidents");

    let healthy = run(folder, &["sources", "--json"], "").json();
    assert!(healthy.len() == 12 && healthy.iter().all(|source| source["health"] == "ok"), "{healthy:?}");
}

/// Counts what a search finds, for people and programs.
fn what_is_found_is_counted(folder: &Path, all: usize) {
    let count = run(folder, &["search", "--count", "--json"], "").json().pop().unwrap();
    assert_eq!(count["count"], json!(all));
    for by in ["kind", "year", "month", "status"] {
        let counts = run(folder, &["search", "--by", by, "--json", "--limit", "1000"], "").json();
        assert!(counts.iter().all(|one| one["by"] == by && one["value"].is_string()), "{counts:?}");
        let sum = |key: &str| counts.iter().map(|one| one[key].as_u64().unwrap()).sum::<u64>();
        if by != "status" {
            assert_eq!((json!(sum("count")), json!(sum("records"))), (count["count"].clone(), count["records"].clone()), "{by}");
        }
    }
    let table = run(folder, &["search", "--by", "kind", "--csv"], "");
    assert!(table.out.starts_with("kind,count,records\r\n"), "{}", table.out);
    let rows = run(folder, &["search", "--csv", "--limit", "1000"], "");
    assert!(rows.out.starts_with("days,victim,kind,affected,attacker,reports,id\r\n"), "{}", rows.out);
    let reports = run(folder, &["search", "--reports", "--json", "--limit", "1000"], "").json();
    assert!(reports.len() >= all && reports.iter().all(|report| report["report"]["article"].is_i64()));
    for wrong in [&["--by", "colour"][..], &["--json", "--csv"], &["--count", "--by", "kind"], &["--articles", "--reports"]] {
        assert_eq!(run(folder, &[&["search"][..], wrong].concat(), "").code, 2, "{wrong:?}");
    }
}

/// Shows the words that were found, says which part found nothing, and reads the queries of `sources.toml`.
fn words_are_shown_and_blamed(folder: &Path) {
    let hit = run(folder, &["search", "equifax", "--json"], "").json().pop().unwrap();
    let (text, at) = (hit["snippet"]["text"].as_str().unwrap(), &hit["snippet"]["hits"][0]);
    let part = &text[at["start"].as_u64().unwrap() as usize..at["end"].as_u64().unwrap() as usize];
    assert_eq!(part.to_lowercase(), "equifax", "{hit}");
    let none = run(folder, &["search", "victim:equifax kind:ddos zzyzzx"], "");
    assert_eq!(none.code, 1);
    assert!(none.err.contains("`zzyzzx` finds nothing by itself"), "{}", none.err);
    let none = run(folder, &["search", "kind:breach victim:equifx source:nosuch"], "");
    let said = "                ^^^^^^^^^^^^^\n  no victim here is called `equifx`; near: Equifax\n";
    assert!(
        none.code == 1 && none.err.contains(said) && none.err.contains("\n  no source here is called `nosuch`\n"),
        "{}",
        none.err
    );
    let none = run(folder, &["search", "victim:equifax -victim:equifax"], "");
    assert!(none.code == 1 && none.err.contains("without `-victim:equifax` there "), "{}{}", none.out, none.err);

    let file = folder.join("sources.toml");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{before}\n[[query]]\nname = \"bureau\"\nquery = \"victim:equifax\"\n")).unwrap();
    let named = run(folder, &["search", "@bureau", "--json"], "");
    assert_eq!((named.code, named.out), (0, run(folder, &["search", "victim:equifax", "--json"], "").out));
    let complete = |word: &str| {
        let mut command = program(folder, &["--", "breachline", "search", word]);
        let output = command.env("COMPLETE", "fish").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(complete("@bu").contains("@bureau") && complete("kind:ran").contains("kind:ransomware"), "{}", complete("@bu"));
    fs::write(&file, format!("{before}\n[[query]]\nname = \"bad\"\nquery = \"kidn:ddos\"\n")).unwrap();
    let wrong = run(folder, &["search", "x"], "");
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("the query \"bad\" is wrong: there is no field `kidn:`"), "{}", wrong.err);
    fs::write(&file, before).unwrap();
}

#[test]
fn a_second_writer_says_who_writes_and_readers_go_on() {
    let (folder, _web) = folder_with_news();
    assert_eq!(run(folder.path(), &["ingest"], "").code, 0);
    let kept = Kept::open(&folder.path().join("index"), Access::Write).unwrap();
    let second = run(folder.path(), &["ingest"], "");
    assert_eq!(second.code, 4);
    assert!(second.err.contains(&format!("(process {})", std::process::id())) && second.err.contains("hint: "), "{}", second.err);
    assert_eq!(run(folder.path(), &["search"], "").code, 0);
    drop(kept);
}

#[test]
fn a_source_that_fails_is_named_and_the_others_go_on() {
    let (folder, _web) = folder_with_news();
    let file = folder.path().join("sources.toml");
    let text = fs::read_to_string(&file).unwrap();
    let (head, sources) = text.split_once("\n[[source]]").unwrap();
    let gone = "[[source]]\nname = \"Elsewhere\"\nurl = \"http://127.9.9.9:9/feed\"\n";
    fs::write(&file, format!("{head}\n{gone}\n[[source]]{sources}")).unwrap();
    let ran = run(folder.path(), &["ingest", "--json"], "");
    assert_eq!(ran.code, 3, "{}", ran.err);
    let summary = ran.json().pop().unwrap();
    assert_eq!((&summary["tried"], &summary["failed"]), (&json!(13), &json!(1)));
    assert_eq!((&summary["sources"][0]["name"], &summary["sources"][0]["outcome"]), (&json!("Elsewhere"), &json!("blocked")));
    assert!(summary["sources"][0]["reason"].as_str().unwrap().contains("loopback"));
    let failing = run(folder.path(), &["sources", "--failing"], "");
    assert!(failing.out.starts_with("Elsewhere\tblocked\t") && failing.out.lines().count() == 1, "{}", failing.out);
}

#[test]
fn the_demo_needs_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = program(folder.path(), &["demo", "--no-browse"]);
    let output = demo.env("TMPDIR", folder.path()).stdin(Stdio::null()).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("sources    12 tried, 0 unchanged, 0 failed"), "{out}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
}

#[test]
fn an_article_is_extracted_explained_and_linked() {
    let folder = tempfile::tempdir().unwrap();
    let story = "Acme Bank hacked\n\nHackers broke into the network of Acme Bank on Friday and stole the names and passwords of 1,290,755 customers.\n";
    fs::write(folder.path().join("story.txt"), story).unwrap();
    let args = |command: &'static str| [command, "story.txt", "--published", "2011-06-20"];
    let told = run(folder.path(), &args("extract"), "");
    assert!(
        told.code == 0 && told.out.contains("Acme Bank") && told.out.contains("1,290,755 people"),
        "{}{}",
        told.out,
        told.err
    );
    let tree = run(folder.path(), &args("explain"), "");
    assert!(tree.code == 0 && tree.out.contains("records = 1,290,755 people") && tree.out.contains(" <- \""), "{}", tree.out);

    let line = json!({"doc": "a", "url": "https://a.example/1", "published": "2011-06-20", "title": "", "text": story});
    let other = json!({"doc": "b", "url": "https://b.example/2", "published": "2011-06-21", "title": "", "text": story});
    let extracted = run(folder.path(), &["extract", "--batch"], &format!("{line}\n{other}\n"));
    let incident = &extracted.json()[0]["incidents"][0];
    let text = story;
    for evidence in incident["evidence"].as_array().unwrap() {
        let offset = |key: &str| evidence[key].as_u64().unwrap() as usize;
        assert_eq!(&text[offset("start")..offset("end")], evidence["quote"], "offsets are bytes of the text as it was given");
    }
    let refused = run(folder.path(), &["extract", "--batch"], "{\"doc\": \"z\"}\n").out;
    let linked = run(folder.path(), &["merge", "--batch"], &format!("{}not json\n{refused}", extracted.out)).json();
    assert_eq!((&linked[0]["doc"], &linked[0]["n"], &linked[1]["doc"]), (&json!("a"), &json!(0), &json!("b")));
    assert_eq!(linked[0]["incident"], linked[1]["incident"]);
    assert!(linked[0]["why"].is_string() && linked[2]["error"].is_string());
    let passed_on: Value = serde_json::from_str(&refused).unwrap();
    assert_eq!((&linked[3], &passed_on["doc"]), (&passed_on, &json!("z")), "what extracting found wrong is not hidden");
}

#[test]
fn the_index_of_the_demo_is_kept_in_a_new_folder_and_in_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let mut demo = program(folder.path(), &["demo", "--no-browse", "--keep", "try"]);
        demo.env("TMPDIR", folder.path()).stdin(Stdio::null()).output().unwrap()
    };
    assert_eq!(demo().status.code(), Some(0));
    let found = program(folder.path(), &["search", "--index", "try", "victim:equifax"]).output().unwrap();
    assert_eq!(found.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&found.stdout).contains("Equifax"));
    let again = demo();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("try is not empty"));
}

const SEGA: &str = "{\"doc\":\"a\",\"url\":\"https://news.example/sega\",\"published\":\"2011-06-20\",\"title\":\"\",\
     \"text\":\"Sega said hackers stole data of 1,290,755 customers.\"}";

/// Fails where a value is not of a layout that `breachline schema` prints.
pub fn is_laid_out(folder: &Path, layout: &str, values: &[Value]) {
    let schema = run(folder, &["schema", layout], "");
    assert_eq!(schema.code, 0, "{}", schema.err);
    let schema = jsonschema::draft202012::new(&serde_json::from_str(&schema.out).unwrap()).unwrap();
    assert!(!values.is_empty(), "{layout}: nothing was printed");
    for value in values {
        let faults: Vec<String> = schema.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{layout}: {faults:?}");
    }
}

#[test]
fn what_is_printed_for_programs_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let ran = |args: &[&str], input: &str| {
        let ran = run(folder.path(), args, input);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran
    };
    ran(&["demo", "--no-browse", "--keep", "index"], "");
    ran(&["edit", "ticketmaster-2024-05", "--star", "--note", "look again", "--set", "records=1M people", "--author", "ada"], "");
    ran(&["edit", "sega", "--merge", "kaseya-2021-07", "--author", "ada"], "");
    assert_eq!(ran(&["show", "--json", "kaseya"], "").json()[0]["id"], "sega-2011-06", "a beginning of the name leads on");
    ran(&["undo", "--author", "ada"], "");
    let feed = "<rss version=\"2.0\"><channel><title>A</title><item><title>B</title><link>https://news.example/b</link></item></channel></rss>";
    let article = ran(&["search", "--json", "--articles", "--limit", "1"], "").json()[0]["url"].as_str().unwrap().to_owned();
    let cases: [(&str, &[&str], &str); 19] = [
        ("count", &["search", "--json", "--count", "data"], ""),
        ("count", &["search", "--json", "--articles", "--count", "data"], ""),
        ("found", &["search", "--json", "--reports", "data"], ""),
        ("group", &["search", "--json", "--by", "kind", "data"], ""),
        ("preview", &["sources", "preview", "--json", "-"], feed),
        ("article", &["search", "--json", "--articles"], ""),
        ("row", &["search", "--json", "--limit", "100"], ""),
        ("incident", &["show", "--json", "ticketmaster"], ""),
        ("incident", &["export", "-f", "jsonl"], ""),
        ("edit", &["edits", "--json"], ""),
        ("annotated", &["edits", "export"], ""),
        (
            "extraction",
            &["extract", "--batch"],
            "{\"doc\":\"a\",\"published\":\"2011-06-20\",\"title\":\"\",\"text\":\"Sega said hackers stole data of 1,290,755 customers.\"}\nno\n",
        ),
        ("extracted", &["extract", "--batch", "--with-text"], &format!("{SEGA}\nno\n")),
        (
            "reading",
            &["read", "--batch"],
            "{\"doc\":\"a\",\"url\":\"https://news.example/a\",\"html\":\"<p>Words of an article.</p>\"}\nno\n",
        ),
        ("link", &["merge", "--batch"], "no\n"),
        ("source", &["--config", "sources.toml", "sources", "--json"], ""),
        ("row", &["search", "--json", "is:starred"], ""),
        ("row", &["search", "--json", "data"], ""),
        ("digest", &["digest", "--since", "2011-06-01", "--json"], ""),
    ];
    fs::write(
        folder.path().join("sources.toml"),
        "[[source]]\nname = \"A\"\nurl = \"http://127.0.0.1:9/feed\"\ntags = [\"uk\"]\n",
    )
    .unwrap();
    for (layout, args, input) in cases {
        is_laid_out(folder.path(), layout, &ran(args, input).json());
    }
    // Nothing changed, and nothing answers: what is printed is laid out as ever.
    for (layout, args) in [
        ("version", &["versions", "--json", &article][..]),
        ("checked", &["--config", "sources.toml", "sources", "check", "--json"]),
    ] {
        is_laid_out(folder.path(), layout, &run(folder.path(), args, "").json());
    }
    let unknown = run(folder.path(), &["schema", "incidnet"], "");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean incident?"), "{}", unknown.err);
}

#[test]
fn an_export_takes_the_place_of_its_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["demo", "--no-browse", "--keep", "index"], "").code, 0);
    let export = |args: &[&str]| run(folder.path(), &[&["export"], args].concat(), "");
    for (file, begins) in
        [("a.csv", "id,"), ("b.html", "<!doctype html>"), ("c.svg", "<svg"), ("d.md", "# Incidents"), ("e.atom", "<?xml")]
    {
        let ran = export(&["-o", file, "kind:ransomware", "-hospital"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{file}");
        assert!(fs::read_to_string(folder.path().join(file)).unwrap().starts_with(begins), "{file}");
    }
    let (all, some) = (export(&["-f", "jsonl"]), export(&["-f", "jsonl", "--limit", "3", "-kind:ransomware"]));
    assert!(all.json().len() > 20);
    assert_eq!(some.json().len(), 3);
    for (args, said) in
        [(&["-o", "x.json"][..], "may have several formats"), (&[], "--format"), (&["-f", "csv", "kind:x"], "kind")]
    {
        let ran = export(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let nothing = export(&["-f", "stix", "victim:nobody"]);
    assert_eq!((nothing.code, nothing.err.as_str()), (1, "nothing was found\n"));
    serde_json::from_str::<Value>(&nothing.out).unwrap();
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 6, "nothing is left beside the files: {names:?}");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["man", "--all", "man1"], "").code, 0);
    let page = |name: &str| fs::read_to_string(folder.path().join("man1").join(name)).unwrap();
    assert!(page("breachline.1").contains("breachline"));
    assert!(page("breachline-export.1").contains("breachline\\-export"));
    assert!(page("breachline-sources-add.1").contains(".SH"));
    assert_eq!(run(folder.path(), &["man", "export"], "").out, page("breachline-export.1"));
    assert_eq!(run(folder.path(), &["man", "nonsense"], "").code, 2);
    // What the help says stands there as well: variables, and examples line by line.
    assert!(page("breachline-serve.1").contains("BREACHLINE_TOKEN_FILE"));
    assert!(page("breachline-export.1").contains("\n.SH EXAMPLES\n.nf\nbreachline export \\-o timeline.html  "));
    assert!(page("breachline-search.1").contains("\n.SH FIELDS\n.nf\nvictim:sega  "));
    assert!(page("breachline.1").contains("\n.SH EXIT STATUS\n.nf\n0  all well\n"));
    for name in ["breachline.1", "breachline-export.1", "breachline-sources-add.1"] {
        let title = format!(".TH {} 1 \"\" \"breachline ", name.trim_end_matches(".1").to_uppercase());
        assert!(page(name).contains(&title) && !page(name).contains("EXTRA"), "{name}");
    }
}

#[test]
fn shells_are_offered_the_names_that_a_command_knows() {
    let folder = tempfile::tempdir().unwrap();
    let offered = |words: &[&str]| {
        let mut command = program(folder.path(), &["--", "breachline"]);
        let output = command.args(words).env("COMPLETE", "fish").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(offered(&["schema", "inc"]).starts_with("incident\t"));
    assert!(offered(&["man", "ser"]).starts_with("serve\t") && !offered(&["man", "le"]).contains("learn"));
    assert!(offered(&["export", "--format", "st"]).starts_with("stix\t"));
    for command in ["search", "browse", "export", "digest"] {
        assert!(offered(&[command, "kind:ran"]).contains("kind:ransomware"), "{command}");
    }
}

#[test]
fn what_others_have_written_down_is_imported_and_merged() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let ran = |args: &[&str]| run(folder.path(), args, "");
    write(
        "table.csv",
        "Company,When,Affected,records_by,kind,data,attackers\r\n\
         Larkhaven Clinic,2014-06,about 1.2M records,Official,exposure,names; health,\r\n\
         Sandover Freight,2019-02-03,,,ransomware,,LockBit (claimed)\r\n\
         ,2019,,,,,\r\nPort Ellery,someday,,,,,\r\nPort Ellery,2019,5 cards,the mayor,,,\r\n",
    );
    let import = [
        "import",
        "--index",
        "index",
        "--format",
        "csv",
        "--map",
        "victim=Company",
        "--map",
        "occurred=When",
        "--map",
        "records=Affected",
        "--source",
        "Our desk",
        "table.csv",
    ];
    let table = ran(&import);
    assert_eq!(table.code, 3, "{}{}", table.out, table.err);
    assert!(table.out.contains("2 new, 0 changed, 0 known, 3 passed over"), "{}", table.out);
    for fault in ["line 4 names no victim", "line 5 has no occurred", "line 6 has no records_by: \"the mayor\""] {
        assert!(table.err.contains(fault), "{fault}: {}", table.err);
    }
    write(
        "vcdb.json",
        "[{\"incident_id\":\"0AB1\",\"victim\":{\"victim_id\":\"Larkhaven Clinic\"},\"action\":{\"error\":{}},\
          \"attribute\":{\"confidentiality\":{\"data_disclosure\":\"Yes\",\"data_total\":1200000,\"data\":[{\"variety\":\"Medical\"}]}},\
          \"timeline\":{\"incident\":{\"year\":2014,\"month\":6}},\"plus\":{\"created\":\"2014-07-01T00:00:00Z\"}}]",
    );
    assert_eq!(ran(&["import", "--index", "index", "vcdb", "vcdb.json"]).code, 0);
    let show = ran(&["show", "--index", "index", "--json", "larkhaven"]);
    let incident = &show.json()[0];
    let sources: Vec<&str> =
        incident["reports"].as_array().unwrap().iter().map(|filed| filed["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["Our desk", "VERIS Community Database"], "{}", show.err);
    assert_eq!((incident["records"][0]["value"].as_u64(), incident["kind"].as_str()), (Some(1_200_000), Some("exposure")));
    assert_eq!(incident["reports"][0]["report"]["records"][0]["by"], "official");
    write(
        "hibp.json",
        "[{\"Name\":\"Corran\",\"Title\":\"Corran Point\",\"Domain\":\"corran.example\",\"BreachDate\":\"2015-03-01\",\
          \"AddedDate\":\"2015-04-02T10:11:12Z\",\"PwnCount\":9870,\"DataClasses\":[\"Passwords\"]}]",
    );
    assert!(ran(&["import", "--index", "index", "hibp", "hibp.json"]).out.contains("1 new"));
    let again = ran(&["import", "--index", "index", "hibp", "hibp.json"]);
    assert!(again.out.contains("0 new, 0 changed, 1 known"), "{}", again.out);
    let changed = fs::read_to_string(folder.path().join("hibp.json")).unwrap().replace("9870", "9999");
    write("hibp.json", &changed);
    assert!(ran(&["import", "--index", "index", "hibp", "hibp.json"]).out.contains("0 new, 1 changed"));
    assert!(ran(&["show", "--index", "index", "corran"]).out.contains("9,999 people"));
    assert_eq!(ran(&["rebuild", "--index", "index"]).code, 0);
    assert!(ran(&["show", "--index", "index", "corran"]).out.contains("9,999 people"), "a rebuild reads records again");
    assert_eq!(ran(&["import"]).code, 2);
}

/// Writes records as a Parquet file, as engines do: all columns are text, `incidents` is JSON.
fn as_parquet(file: &Path, records: &[Value]) {
    use parquet::data_type::{ByteArray, ByteArrayType};
    let names = ["doc", "url", "title", "published", "published_from", "language", "arrived_at", "rules", "text", "incidents"];
    let columns: String = names.iter().map(|name| format!("optional binary {name} (UTF8);")).collect();
    let schema = parquet::schema::parser::parse_message_type(&format!("message reports {{ {columns} }}")).unwrap();
    let out = fs::File::create(file).unwrap();
    let mut writer = parquet::file::writer::SerializedFileWriter::new(out, schema.into(), Default::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for name in names {
        let texts: Vec<Option<String>> = records
            .iter()
            .map(|record| match &record[name] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            })
            .collect();
        let values: Vec<ByteArray> = texts.iter().flatten().map(|text| text.as_str().into()).collect();
        let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn what_other_machines_have_extracted_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let ran = |args: &[&str], input: &str| run(folder.path(), args, input);
    let told = |args: &[&str]| {
        let told = ran(args, "");
        format!("{} {}{}", told.code, told.out, told.err)
    };
    let sega = ran(&["extract", "--batch", "--with-text"], SEGA).json().remove(0);
    let with = |changes: &[(&str, Value)]| {
        let mut record = sega.clone();
        for (key, value) in changes {
            record[*key] = value.clone();
        }
        record
    };
    // By other rules, which found nothing: read again by ours.
    let old =
        with(&[("url", "https://paper.example/sega".into()), ("rules", "older".into()), ("incidents", Value::Array(Vec::new()))]);
    fs::create_dir(folder.path().join("reports")).unwrap();
    as_parquet(&folder.path().join("reports/part-1.parquet"), &[sega.clone(), old]);
    let bad = [
        (with(&[("url", Value::Null)]), "has no address"),
        (with(&[("url", "https://news.example/sega#top".into())]), "is not canonical; https://news.example/sega is"),
        (with(&[("text", "Nothing of the kind.".into())]), "quotes words that do not stand in its text"),
        (with(&[("title", "\u{1b}[31mred".into())]), "has unsafe characters"),
    ];
    let lines: String = bad.iter().map(|(record, _)| format!("{record}\n")).collect();
    fs::write(folder.path().join("reports/part-2.jsonl"), lines + "no\n").unwrap();
    fs::write(folder.path().join("reports/_SUCCESS"), "").unwrap();

    let first = told(&["import", "--index", "index", "--reports", "reports"]);
    assert!(first.starts_with("3 ") && first.contains("2 new, 0 changed, 0 known, 5 passed over"), "{first}");
    for (n, (_, what)) in bad.iter().enumerate() {
        let place = format!("part-2.jsonl, record {}, ", n + 1);
        assert!(first.lines().any(|line| line.contains(&place) && line.contains(what)), "{what}: {first}");
    }
    assert!(first.contains("record 5, is no extracted article"), "{first}");
    let found = ran(&["search", "--index", "index", "--json", "victim:sega"], "").json();
    assert_eq!((found.len(), &found[0]["reports"]), (1, &2.into()), "{found:?}");

    let again = told(&["import", "--index", "index", "--reports", "reports"]);
    assert!(again.contains("0 new, 0 changed, 2 known, 5 passed over"), "{again}");
    as_parquet(
        &folder.path().join("later.parquet"),
        &[with(&[("arrived_at", "2020-01-01T00:00:00Z".into()), ("title", "Later".into())])],
    );
    let later = told(&["import", "--index", "index", "--reports", "later.parquet"]);
    assert!(later.contains("0 new, 0 changed, 1 known"), "what is known stays, whenever another copy was fetched: {later}");
    as_parquet(&folder.path().join("anew.parquet"), &[with(&[("title", "Anew".into())])]);
    let anew = told(&["import", "--index", "index", "--reports", "anew.parquet"]);
    assert!(anew.contains("0 new, 1 changed"), "the same page read anew takes its place: {anew}");
    assert!(told(&["import", "--index", "index", "--reports", "missing"]).starts_with("2 "));
}

#[test]
fn rules_are_listed_and_their_examples_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let checked = run(folder, &["rules", "check"], "");
    assert_eq!(checked.code, 0, "{}", checked.out);
    assert!(checked.out.contains("each is read as it should be"), "{}", checked.out);
    let listed = run(folder, &["rules", "list", "event.struck.passive"], "");
    assert!(listed.out.starts_with("event.struck.passive\n") && listed.out.contains("[Northgate Clinic]"), "{}", listed.out);
    assert_eq!(run(folder, &["rules", "list", "nosuch"], "").code, 1);

    let rule = |yes: &str| {
        format!(
            "[[rule]]\nid = \"a\"\nwhen = \"v:<target> was robbed\"\ngives = {{ victim = \"v\" }}\nyes = [\"{yes}\"]\nno = [\"x\"]\n"
        )
    };
    let check = |text: &str| run(folder, &["rules", "check", "--file", "-"], text);
    assert_eq!(check(&rule("[Harrow Bank] was robbed.")).code, 0);
    let misread = check(&rule("[Harrow Bank] was raided."));
    assert_eq!(misread.code, 4);
    assert!(misread.out.contains("a: finds nothing instead of \"Harrow Bank\""), "{}", misread.out);
    for (text, why) in [(rule("Harrow Bank was robbed."), "no victim is marked"), ("[[rule]]".to_owned(), "missing field")] {
        let unread = check(&text);
        assert!(unread.code == 4 && unread.err.contains(why), "{}", unread.err);
    }
}
