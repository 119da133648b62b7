//! Lists of feeds as readers of feeds exchange them (OPML 1.0 and 2.0, <http://opml.org/spec2.opml>): read and written.

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer, escape};
use url::Url;

use super::{Collector, decode};
use crate::base::safe;
use crate::model::article::Fault;

/// The most feeds that are read of one list.
pub const MOST_FEEDS: usize = 10_000;
/// The largest list that is read, in bytes.
pub const LARGEST: usize = 8 << 20;
/// The deepest nesting of folders; deeper ones are read as if they stood there.
const DEEPEST: usize = 64;
/// The most attributes of one entry that are read.
const MOST_ATTRIBUTES: usize = 64;
/// The most tags that an entry has.
const MOST_TAGS: usize = 10;

/// One feed of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its name; empty where the list gives none.
    pub name: String,
    /// Its address as written.
    pub url: String,
    /// The folders it lies in and the categories it is given, as they are called there.
    pub tags: Vec<String>,
    /// Whether it is not read: `isComment`, by which OPML 2.0 says that an entry is there but not in use.
    pub off: bool,
    /// The least time between two visits as `sources.toml` writes it, an attribute of our own that others pass over; empty where none is set.
    pub every: String,
}

/// The name of our own attributes, as XML namespaces want it.
const NAMESPACE: (&str, &str) = ("xmlns:breachline", "urn:breachline:sources");
const EVERY: &str = "breachline:every";

/// What was read of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opml {
    /// Its feeds in the order of the list.
    pub feeds: Vec<Outline>,
    /// What was wrong.
    pub faults: Vec<Fault>,
}

/// Reads a list. The error, a phrase that follows its name, says that it is none; one that is broken further down is read up to there.
pub fn read(bytes: &[u8]) -> Result<Opml, String> {
    if bytes.len() > LARGEST {
        return Err(format!("is larger than {} MB", LARGEST >> 20));
    }
    let mut found = Collector::new(&Url::parse("https://opml.invalid/").map_err(|error| error.to_string())?);
    let text = decode::decode(bytes, None, &mut found);
    let mut list = List { opml: Opml { feeds: Vec::new(), faults: found.faults }, folders: Vec::new(), begun: false };
    // Reading text, the library takes no notice of the encoding that the declaration names.
    let mut reader = Reader::from_str(text.trim_start_matches(['\u{feff}', '\0']).trim_start());
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => {
                if !list.take(&event)? {
                    break;
                }
            }
            Err(_) if !list.begun => break,
            Err(error) => {
                list.fault(format!("is no XML from byte {} on: {error}", reader.error_position()));
                break;
            }
        }
    }
    if !list.begun {
        return Err("is no list of feeds (OPML)".to_owned());
    }
    Ok(list.opml)
}

struct List {
    opml: Opml,
    /// The names of the open outlines; empty for those that are feeds themselves.
    folders: Vec<String>,
    begun: bool,
}

impl List {
    fn fault(&mut self, what: String) {
        if self.opml.faults.len() < super::MOST_FAULTS {
            self.opml.faults.push(Fault { place: "the list".to_owned(), what: safe::line(&what, 300) });
        }
    }

    /// Takes in one event; false ends the reading.
    fn take(&mut self, event: &Event<'_>) -> Result<bool, String> {
        match event {
            Event::Start(tag) | Event::Empty(tag) if !self.begun => {
                let name = tag.name().as_ref().to_ascii_lowercase();
                self.begun = name == "opml";
                if !self.begun {
                    return Err(format!("is no list of feeds (OPML): its root is <{}>", safe::line(&name, 40)));
                }
            }
            Event::Start(tag) if tag.name().as_ref().eq_ignore_ascii_case("outline") => {
                let folder = self.outline(tag);
                if self.folders.len() < DEEPEST {
                    self.folders.push(folder);
                }
            }
            Event::Empty(tag) if tag.name().as_ref().eq_ignore_ascii_case("outline") => drop(self.outline(tag)),
            Event::End(tag) if tag.name().as_ref().eq_ignore_ascii_case("outline") => drop(self.folders.pop()),
            _ => {}
        }
        if self.opml.feeds.len() >= MOST_FEEDS {
            self.fault(format!("has more than {MOST_FEEDS} feeds; the rest was left out"));
            return Ok(false);
        }
        Ok(true)
    }

    /// Reads one entry; returns its name if it is a folder.
    fn outline(&mut self, tag: &BytesStart<'_>) -> String {
        let (mut outline, mut title, mut categories) = (Outline::default(), String::new(), String::new());
        for attribute in tag.attributes().with_checks(false).flatten().take(MOST_ATTRIBUTES) {
            // Entities that the list declares are not known, and stay as they are written.
            let value = escape::unescape(&attribute.value).unwrap_or(std::borrow::Cow::Borrowed(&*attribute.value));
            let value = safe::line(&value, 4096);
            match attribute.key.as_ref().to_ascii_lowercase().as_str() {
                "xmlurl" => outline.url = value,
                "text" => outline.name = value,
                "title" => title = value,
                "category" => categories = value,
                "iscomment" => outline.off = value.trim().eq_ignore_ascii_case("true"),
                EVERY => outline.every = value,
                _ => {}
            }
        }
        let name = if outline.name.trim().is_empty() { title } else { outline.name.clone() };
        if outline.url.trim().is_empty() {
            return name;
        }
        let categories = categories.split(',').flat_map(|path| path.split('/')).map(str::trim);
        let tags = self.folders.iter().map(String::as_str).chain(categories).filter(|tag| !tag.is_empty());
        for tag in tags {
            if outline.tags.len() < MOST_TAGS && !outline.tags.iter().any(|known| known == tag) {
                outline.tags.push(tag.to_owned());
            }
        }
        self.opml.feeds.push(Outline { name, ..outline });
        String::new()
    }
}

/// Writes a list in OPML 2.0.
pub fn write(title: &str, feeds: &[Outline]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::Start(BytesStart::new("opml").with_attributes([("version", "2.0"), NAMESPACE])))?;
    writer.write_event(Event::Start(BytesStart::new("head")))?;
    writer.write_event(Event::Start(BytesStart::new("title")))?;
    writer.write_event(Event::Text(BytesText::new(title)))?;
    for name in ["title", "head"] {
        writer.write_event(Event::End(BytesEnd::new(name)))?;
    }
    writer.write_event(Event::Start(BytesStart::new("body")))?;
    for feed in feeds {
        let category = feed.tags.iter().map(|tag| format!("/{tag}")).collect::<Vec<_>>().join(",");
        let mut tag = BytesStart::new("outline");
        tag.extend_attributes([("type", "rss"), ("text", &feed.name), ("title", &feed.name), ("xmlUrl", &feed.url)]);
        if !category.is_empty() {
            tag.push_attribute(("category", category.as_str()));
        }
        if feed.off {
            tag.push_attribute(("isComment", "true"));
        }
        if !feed.every.is_empty() {
            tag.push_attribute((EVERY, feed.every.as_str()));
        }
        writer.write_event(Event::Empty(tag))?;
    }
    for name in ["body", "opml"] {
        writer.write_event(Event::End(BytesEnd::new(name)))?;
    }
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(name: &str, url: &str, tags: &[&str]) -> Outline {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Outline { name: name.to_owned(), url: url.to_owned(), tags, ..Outline::default() }
    }

    #[test]
    fn feeds_are_read_with_their_folders_and_categories() {
        let list = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
            <opml version="1.0"><head><title>Mine</title></head><body>
            <outline text="Security"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
              <outline text="Ransomware"><outline title="C" xmlURL="https://c.example/"/></outline></outline>
            <OUTLINE text="" title="D" xmlUrl='https://d.example/' category="/uk/news,/uk"></OUTLINE>
            <outline text="A note without an address"/></body></opml>"#;
        let expected = [
            outline("A & B", "https://a.example/feed?x=1&y=2", &["Security"]),
            outline("C", "https://c.example/", &["Security", "Ransomware"]),
            outline("D", "https://d.example/", &["uk", "news"]),
        ];
        let read = read(list.as_bytes()).unwrap();
        assert_eq!((read.feeds.as_slice(), read.faults.as_slice()), (&expected[..], &[][..]));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let feeds = [
            outline("A \"&\" <B>", "https://a.example/?x=1&y='2'", &["uk", "news"]),
            outline("Ünal", "https://b.example/", &[]),
            Outline { off: true, every: "6h".to_owned(), ..outline("C", "https://c.example/", &[]) },
        ];
        let bytes = write("breachline", &feeds).unwrap();
        assert!(bytes.starts_with(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\" "));
        assert_eq!(read(&bytes).unwrap().feeds, feeds);
    }

    #[test]
    fn hostile_lists_end_and_give_what_is_there() {
        let feed = "<outline text='A' xmlUrl='https://a.example/'/>";
        let opml = |inside: &str| format!("<opml><body>{feed}{inside}</body></opml>");
        let many = |piece: &str| piece.repeat(2_000_000 / piece.len());
        let bomb = format!("<!DOCTYPE opml [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;\">]>", "x".repeat(1000));
        let whole = [
            opml(&"<outline text='folder'>".repeat(50_000)),
            opml(&many("<outline a='b'>")),
            opml(&format!("<outline {}/>", (0..100_000).map(|n| format!("a{n}='b' ")).collect::<String>())),
            opml(&many("<outline text='")),
            opml(&many("</outline>")),
            opml(&many("<![CDATA[")),
            bomb.clone() + &opml("<outline text='&b;&b;' xmlUrl='https://b.example/&b;'/>"),
            opml("<outline text='\u{1b}]0;x\u{7}' xmlUrl='javascript:0'/>"),
            opml(feed).replace("</body></opml>", ""),
        ];
        for list in &whole {
            let read = read(list.as_bytes()).unwrap();
            assert_eq!(read.feeds[0], outline("A", "https://a.example/", &[]), "{}", &list[..60]);
            assert!(read.faults.len() <= 2 && read.feeds.iter().all(|feed| feed.name.len() < 5000));
            assert!(!read.feeds.iter().any(|feed| feed.name.contains(safe::is_unsafe)), "{:?}", read.feeds);
        }
        let full = read(opml(&feed.repeat(MOST_FEEDS + 1)).as_bytes()).unwrap();
        assert_eq!((full.feeds.len(), full.faults.len()), (MOST_FEEDS, 1));
        assert_eq!(read(b"<rss/>").unwrap_err(), "is no list of feeds (OPML): its root is <rss>");
        for none in ["", "text", "{}", "<!--", &many("<!DOCTYPE ")] {
            assert_eq!(read(none.as_bytes()).unwrap_err(), "is no list of feeds (OPML)", "{}", &none[..none.len().min(20)]);
        }
        assert_eq!(read(&vec![b' '; LARGEST + 1]).unwrap_err(), "is larger than 8 MB");
    }
}
