//! Newsletters and alerts of a Maildir: each message one article, by its Message-ID, whatever it is packed in; nothing there is changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::{is_laid_out, run};

fn head(id: &str, from: &str, subject: &str, date: &str) -> String {
    format!("Message-ID: <{id}>\r\nFrom: {from}\r\nSubject: {subject}\r\nDate: {date}\r\nMIME-Version: 1.0\r\n")
}

fn html(victim: &str) -> String {
    format!(
        "<html><head><meta charset=iso-8859-1></head><body><p>{victim} said on Monday that hackers stole the personal data of 12,000 \
         customers from its web shop. The company has informed the police, and has asked a security firm to look into it.</p>\
         <p>Letters to those who are concerned are on their way, a spokesman of {victim} said.</p></body></html>"
    )
}

const TUESDAY: &str = "Tue, 03 Mar 2026 10:20:30 +0100";

fn multipart() -> String {
    let quoted = html("Sandmill B=C3=A4ckerei").replace("charset=iso", "charset=3Diso").replace("; ", ";=\r\n ");
    head("1@mill.example", "\"The Mill Post\" <news@mill.example>", "=?utf-8?q?Sandmill_B=C3=A4ckerei_hacked?=", TUESDAY)
        + "Content-Type: multipart/alternative; boundary=\"=_message\"\r\n\r\nthis is a message in parts\r\n--=_message\r\n\
           Content-Type: text/plain; charset=utf-8\r\n\r\nRead this in a browser.\r\n--=_message\r\n\
           Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + &quoted
        + "\r\n--=_message--\r\n"
}

fn base64_of_latin_1() -> Vec<u8> {
    let text: Vec<u8> = html("Corran F\u{e4}hren").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let lines: Vec<String> = base64(&text).as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let head = head("2@alerts.example", "Alert Desk <desk@alerts.example>", "Corran", TUESDAY);
    let kind = "Content-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    (head + kind + &lines.join("\r\n")).into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let four = |three: &[u8]| {
        let number = (0..3).fold(0u32, |number, at| number << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        let letter =
            |at: usize| if at > three.len() { '=' } else { char::from(LETTERS[(number >> (18 - 6 * at) & 63) as usize]) };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(four).collect()
}

/// Cyrillic in KOI8-R in a header, the text broken at some width, unpacked.
fn plain() -> String {
    head("3@lists.example", "=?koi8-r?B?7s/Xz9PUyQ==?= <list@lists.example>", "Ilmen Rail hacked", TUESDAY)
        + "\r\nIlmen Rail said on Monday that hackers had stolen the personal\r\ndata of 3,100 customers from its web shop.\r\n\r\n\
           The company has informed the police.\r\n"
}

fn maildir(folder: &Path) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.join("Mail").join(part)).unwrap();
    }
    let put = |name: &str, bytes: &[u8]| fs::write(folder.join("Mail").join(name), bytes).unwrap();
    put("cur/1.a:2,S", multipart().as_bytes());
    put("new/2.a", &base64_of_latin_1());
    put("new/3.a", plain().as_bytes());
    put("new/4.again", multipart().as_bytes());
    put("tmp/5.a", plain().replace("3@", "5@").as_bytes());
    put("new/6.empty", b"");
    put("new/7.noise", &[0, 159, 146, 150].repeat(300));
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(200_000);
    put("new/8.deep", (head("8@x.example", "x@x.example", "deep", TUESDAY) + &nested).as_bytes());
    let inner = base64(nested.as_bytes());
    let packed = format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{inner}");
    put("new/8.packed", (head("8p@x.example", "x@x.example", "deep", TUESDAY) + &packed).as_bytes());
    let digest =
        format!("Content-Type: Multipart/Digest; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n{inner}");
    put("new/8.digest", (head("8d@x.example", "x@x.example", "deep", TUESDAY) + &digest).as_bytes());
    put("new/9.undated", plain().replace("3@", "9@").replace(TUESDAY, "some day").as_bytes());
    put("new/a.future", plain().replace("3@", "a@").replace("2026", "2096").as_bytes());
    put("new/b.picture", (head("b@x.example", "x@x.example", "p", TUESDAY) + "Content-Type: image/png\r\n\r\nxyz").as_bytes());
    put(
        "new/c.cut",
        multipart().replace("1@mill", "c@mill").replace("\r\n--=_message--\r\n", "").replace("Sandmill", "Millsand").as_bytes(),
    );
    put("new/.hidden", b"x");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.join("Mail/new/3.a"), folder.join("Mail/new/d.link")).unwrap();
}

fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for part in ["cur", "new", "tmp"] {
        for entry in fs::read_dir(folder.join("Mail").join(part)).unwrap() {
            let path = entry.unwrap().path();
            all.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    all
}

fn read(folder: &Path) -> (i32, Value) {
    let ran = run(folder, &["ingest", "--maildir", "Mail", "--json"], "");
    let summary = ran.json().pop().unwrap_or_else(|| panic!("{}", ran.err));
    is_laid_out(folder, "summary", std::slice::from_ref(&summary));
    (ran.code, summary)
}

#[test]
fn messages_are_read_once_however_they_are_packed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("index")).unwrap();
    fs::write(
        folder.join("sources.toml"),
        "[[source]]\nname = \"Mill\"\nurl = \"https://www.mill.example/feed\"\ntags = [\"local\"]\n",
    )
    .unwrap();
    maildir(folder);
    let before = all(folder);
    let (code, first) = read(folder);
    assert_eq!(code, 0, "{first}");
    let mailbox = &first["mailbox"];
    let count = |name: &str| mailbox[name].as_u64().unwrap();
    let counts = ["messages", "new", "known", "no_article", "unread_count", "beyond"].map(count);
    assert_eq!(counts, [14, 4, 1, 3, 6, 0], "{mailbox}");
    let unread: Vec<String> =
        mailbox["unread"].as_array().unwrap().iter().map(|one| format!("{} {}", one["file"], one["reason"])).collect();
    for (at, why) in [
        ("new/6.empty", "is no mail message"),
        ("new/7.noise", "is no mail message"),
        ("new/8.deep", "has more than 500 parts"),
        ("new/9.undated", "does not say when it was sent"),
        ("new/a.future", "or says that it will be"),
        ("new/d.link", "is no plain file"),
    ] {
        assert!(unread.iter().any(|one| one.contains(at) && one.contains(why)), "{at} {why}\n{unread:#?}");
    }
    assert_eq!(all(folder), before, "nothing there is changed");

    let found = run(folder, &["search", "--json", "tag:by-mail"], "").json();
    let mut victims: Vec<&str> = found.iter().map(|found| found["victim"].as_str().unwrap()).collect();
    victims.sort_unstable();
    assert_eq!(victims, ["Corran Fähren", "Ilmen Rail", "Millsand Bäckerei", "Sandmill Bäckerei"]);
    let articles = run(folder, &["search", "--articles", "--json", "tag:by-mail"], "").json();
    let told: Vec<String> =
        articles.iter().map(|article| format!("{} {} {}", article["source"], article["title"], article["published"])).collect();
    assert!(told.iter().any(|one| one == "\"Mill, by mail\" \"Sandmill Bäckerei hacked\" \"2026-03-03\""), "{told:#?}");
    assert!(told.iter().any(|one| one.starts_with("\"Новости, by mail\" \"Ilmen Rail hacked\"")), "{told:#?}");

    let (code, again) = read(folder);
    assert_eq!((code, &again["mailbox"]["new"], &again["mailbox"]["known"]), (0, &json!(0), &json!(5)), "{again}");
    let told = run(folder, &["runs", "show", "1"], "").out;
    assert!(told.contains("mailbox    Mail: 14 messages, 4 new, 1 known already\n  left out: 3 without an article\n"), "{told}");
    assert!(told.contains("  not read new/8.deep: it has more than 500 parts\n"), "{told}");

    let refused = run(folder, &["ingest", "--maildir", "index"], "");
    assert!(refused.code == 2 && refused.err.contains("index is no Maildir: it has neither cur/ nor new/"), "{}", refused.err);
}
