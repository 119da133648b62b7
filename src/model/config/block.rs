//! One block of `sources.toml`: its keys read one by one, each mistake noted with its place.

use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::ConfigFault;
use super::value;
use crate::base::fold::slug;
use crate::base::safe;
use crate::base::span::Span;
use crate::model::source::{Proxies, Selectors, SourceId, SourceKind};

/// Gathers the mistakes of one text.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// Whether the text is no TOML somewhere: then what seems missing may only be unread.
    torn: bool,
    faults: Vec<ConfigFault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, torn: bool) -> Reader<'a> {
        Reader { text, torn, faults: Vec::new() }
    }

    pub(super) fn fault(&mut self, place: Range<usize>, what: String, hint: Option<String>) {
        self.faults.push(ConfigFault::new(self.text, Span::new(place.start, place.end), &what, hint));
    }

    pub(super) fn unknown(&mut self, place: Range<usize>, key: &str, within: &str, known: &[&str]) {
        let hint = match value::nearest(key, known) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("{within} may have: {}", known.join(", ")),
        };
        self.fault(place, format!("\"{key}\" is no key of {within}"), Some(hint));
    }

    /// Returns the line, from 1, in which that byte stands.
    pub(super) fn line_of(&self, byte: usize) -> usize {
        self.text.as_bytes()[..byte.min(self.text.len())].iter().filter(|b| **b == b'\n').count() + 1
    }

    /// The error holds the mistakes by place.
    pub(super) fn finish(mut self) -> Result<(), Vec<ConfigFault>> {
        self.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        if self.faults.is_empty() { Ok(()) } else { Err(self.faults) }
    }
}

/// One block being read. A key that is absent reads as None without a fault.
pub(super) struct Block<'r, 'a, 't> {
    reader: &'r mut Reader<'a>,
    table: &'r DeTable<'t>,
    name: &'static str,
}

impl<'r, 'a, 't> Block<'r, 'a, 't> {
    /// Begins a block; keys that it cannot have are faults.
    pub(super) fn new(reader: &'r mut Reader<'a>, table: &'r DeTable<'t>, name: &'static str, known: &[&str]) -> Self {
        for key in table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                reader.unknown(key.span(), key.get_ref(), name, known);
            }
        }
        Block { reader, table, name }
    }

    /// Notes which of these keys the block does not have, neither as they are written nor misspelt.
    pub(super) fn need(&mut self, place: Range<usize>, keys: &[&str]) {
        if self.reader.torn {
            return;
        }
        let meant = |key: &str| self.table.keys().any(|other| value::nearest(other.get_ref(), keys) == Some(key));
        let missing: Vec<&str> = keys.iter().copied().filter(|key| !meant(key)).collect();
        for key in missing {
            let hint = value::example(key).map(|example| format!("add a line such as {key} = {example}"));
            self.reader.fault(place.clone(), format!("this {} has no {key}", self.name), hint);
        }
    }

    fn get(&self, key: &str) -> Option<&'r Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    fn wrong(&mut self, place: Range<usize>, key: &str, expected: &str) {
        let hint = value::example(key).map(|example| format!("write it like {key} = {example}"));
        self.reader.fault(place, format!("{key} must be {expected}"), hint);
    }

    /// Notes a mistake.
    pub(super) fn fault(&mut self, place: Range<usize>, what: String, hint: Option<String>) {
        self.reader.fault(place, what, hint);
    }

    /// Reads a text and its place.
    pub(super) fn text(&mut self, key: &str, expected: &str) -> Option<(&'r str, Range<usize>)> {
        let found = self.get(key)?;
        match found.get_ref() {
            DeValue::String(text) => Some((text.as_ref(), found.span())),
            _ => {
                self.wrong(found.span(), key, expected);
                None
            }
        }
    }

    /// Reads a text through `read`, whose error is what was expected.
    pub(super) fn parsed<T>(&mut self, key: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (text, place) = self.text(key, expected)?;
        let found = read(text);
        if found.is_none() {
            self.wrong(place, key, &format!("{expected}, not \"{text}\""));
        }
        found
    }

    /// Reads one line of text that is not empty and can be sent in a header.
    pub(super) fn line(&mut self, key: &str) -> Option<String> {
        let plain = |text: &str| {
            let trimmed = text.trim();
            let sound = !trimmed.is_empty() && trimmed.len() <= 300 && trimmed.chars().all(|c| (' '..='~').contains(&c));
            sound.then(|| trimmed.to_owned())
        };
        self.parsed(key, "one line of plain ASCII text", plain)
    }

    /// Reads one line of any text.
    pub(super) fn one_line(&mut self, key: &str, expected: &str) -> Option<String> {
        let plain = |text: &str| (!text.chars().any(|c| c == '\n' || safe::is_unsafe(c))).then(|| text.trim().to_owned());
        self.parsed(key, expected, plain)
    }

    /// Reads the name of a source and makes its lasting name.
    pub(super) fn name(&mut self, key: &str) -> Option<(SourceId, String)> {
        let named = |text: &str| {
            let name = text.trim();
            let id = slug(name);
            let sound = !id.is_empty() && name.chars().count() <= 100 && !name.chars().any(|c| safe::is_unsafe(c) || c == '\n');
            sound.then(|| (SourceId(id), name.to_owned()))
        };
        self.parsed(key, "a name with a letter or digit in it, one line of at most 100 characters", named)
    }

    /// Reads the name of a query: letters, digits and dashes, as `@name` can be typed.
    pub(super) fn query_name(&mut self, key: &str) -> Option<String> {
        let named = |text: &str| {
            let name = text.trim().trim_start_matches('@').to_lowercase();
            let sound =
                !name.is_empty() && name.len() <= 50 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            sound.then_some(name)
        };
        self.parsed(key, "a name of letters, digits and dashes", named)
    }

    /// Reads the text of a query, one line; and where it stands.
    pub(super) fn query(&mut self, key: &str) -> Option<(String, usize)> {
        let place = self.get(key)?.span();
        let sound = |text: &str| {
            let text = text.trim();
            (!text.is_empty() && !text.chars().any(|c| safe::is_unsafe(c) || c == '\n')).then(|| text.to_owned())
        };
        self.parsed(key, "a query on one line", sound).map(|text| (text, place.start))
    }

    /// Reads the address of a feed or list page.
    pub(super) fn address(&mut self, key: &str) -> Option<Url> {
        let (text, place) = self.text(key, "an address in quotes")?;
        match value::address(text) {
            Ok(url) => Some(url),
            Err(why) => {
                let shown = if text.contains('@') { String::new() } else { format!(" \"{text}\"") };
                self.reader.fault(place, format!("the address{shown} {why}"), value::address_hint(text));
                None
            }
        }
    }

    /// Reads the kind of a source; a feed where none is said.
    pub(super) fn kind(&mut self, key: &str) -> SourceKind {
        const KINDS: &[&str] = &["feed", "page", "sitemap"];
        let Some((text, place)) = self.text(key, "\"feed\", \"page\" or \"sitemap\"") else { return SourceKind::Feed };
        match text {
            "feed" => SourceKind::Feed,
            "page" => SourceKind::Page,
            "sitemap" => SourceKind::Sitemap,
            other => {
                let hint = match (value::nearest(other, KINDS), other.to_ascii_lowercase().as_str()) {
                    (Some(near), _) => format!("did you mean \"{near}\"?"),
                    (None, "rss" | "atom" | "rdf" | "json" | "jsonfeed") => "every sort of feed is \"feed\"".to_owned(),
                    (None, "html" | "web" | "list") => "an HTML page that lists articles is a \"page\"".to_owned(),
                    (None, _) => {
                        "\"feed\": RSS, Atom, RDF or JSON Feed; \"page\": an HTML list of articles; \"sitemap\"".to_owned()
                    }
                };
                self.reader.fault(place, format!("kind must be \"feed\", \"page\" or \"sitemap\", not \"{other}\""), Some(hint));
                SourceKind::Feed
            }
        }
    }

    /// Reads the words by which a source is chosen: lower case, sorted, each once.
    pub(super) fn tags(&mut self, key: &str) -> Vec<String> {
        let sound = |text: &str| {
            let tag = text.trim().to_lowercase();
            let sound = !tag.is_empty() && tag.len() <= 50 && !tag.chars().any(|c| c.is_whitespace() || safe::is_unsafe(c));
            sound.then_some(tag)
        };
        let mut tags = self.list(key, "a list of words without spaces", sound);
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    /// Reads the addresses and networks that may be reached although they are not public.
    pub(super) fn networks(&mut self, key: &str) -> Vec<String> {
        self.list(key, "a list of addresses or networks", |text| value::network(text).then(|| text.trim().to_owned()))
    }

    /// Reads ages, rising and each once.
    pub(super) fn ages(&mut self, key: &str) -> Option<Vec<Duration>> {
        self.get(key)?;
        let age = |text: &str| value::duration(text).filter(|age| !age.is_zero());
        let mut ages = self.list(key, "a list of lengths of time with their unit (m, h, d, w)", age);
        ages.sort_unstable();
        ages.dedup();
        Some(ages)
    }

    /// Reads by which proxies sites are reached.
    pub(super) fn proxies(&mut self, key: &str, except: &str) -> Proxies {
        let read = |text: &str| match text.trim() {
            "environment" => Some(None),
            text => Url::parse(text).ok().filter(|url| url.scheme() == "http" && url.has_host()).map(Some),
        };
        let found = self.parsed(key, "\"environment\" or an address that begins with http://", read);
        let word = |text: &str| {
            let word = text.trim();
            (!word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic() && b != b',')).then(|| word.to_owned())
        };
        let except = self.list(except, "a list of hosts, domains or networks", word);
        match found {
            None => Proxies { except, ..Proxies::default() },
            Some(None) => Proxies { from_environment: true, except, ..Proxies::default() },
            Some(Some(url)) => Proxies { from_environment: false, http: Some(url.clone()), https: Some(url), except },
        }
    }

    /// Reads a list of texts through `read`.
    pub(super) fn list<T>(&mut self, key: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let Some(found) = self.get(key) else { return Vec::new() };
        let DeValue::Array(entries) = found.get_ref() else {
            self.wrong(found.span(), key, expected);
            return Vec::new();
        };
        let mut values = Vec::new();
        for entry in entries.iter() {
            match entry.get_ref() {
                DeValue::String(text) => match read(text) {
                    Some(value) => values.push(value),
                    None => self.wrong(entry.span(), key, &format!("{expected}; \"{text}\" is none")),
                },
                _ => self.wrong(entry.span(), key, &format!("{expected}, each in quotes")),
            }
        }
        values
    }

    /// Reads a whole number within bounds.
    pub(super) fn count(&mut self, key: &str, least: usize, most: usize) -> Option<usize> {
        let found = self.get(key)?;
        let count = match found.get_ref() {
            DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let count = count.filter(|count| (least..=most).contains(count));
        if count.is_none() {
            self.wrong(found.span(), key, &format!("a whole number from {least} to {most}"));
        }
        count
    }

    /// Reads a number larger than 1, whole or not.
    pub(super) fn factor(&mut self, key: &str) -> Option<f64> {
        let found = self.get(key)?;
        let factor: Option<f64> = match found.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number as f64),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let factor = factor.filter(|factor| *factor > 1.0 && factor.is_finite());
        if factor.is_none() {
            self.wrong(found.span(), key, "a number larger than 1");
        }
        factor
    }

    /// Reads yes or no.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        let found = self.get(key)?;
        match found.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => {
                self.wrong(found.span(), key, "true or false, without quotes");
                None
            }
        }
    }

    /// Reads a length of time; `zero` tells whether none at all will do.
    pub(super) fn duration(&mut self, key: &str, zero: bool) -> Option<Duration> {
        let expected = "a length of time with its unit (ms, s, m, h, d, w)";
        self.parsed(key, expected, |text| value::duration(text).filter(|time| zero || !time.is_zero()))
    }

    /// Reads a length of time, or "forever" as Some(None).
    pub(super) fn duration_or_forever(&mut self, key: &str) -> Option<Option<Duration>> {
        let read = |text: &str| match text.trim() {
            "forever" => Some(None),
            text => value::duration(text).map(Some),
        };
        self.parsed(key, "a length of time with its unit (ms, s, m, h, d, w) or \"forever\"", read)
    }

    /// Reads a size in bytes.
    pub(super) fn bytes(&mut self, key: &str) -> Option<u64> {
        self.parsed(key, "a size with its unit (KB, MB, GB)", |text| value::bytes(text).filter(|bytes| *bytes > 0))
    }

    /// Reads the CSS selectors; those for list pages are of no use to a feed.
    pub(super) fn selectors(&mut self, kind: SourceKind) -> Selectors {
        let [item, link, title, date] = ["item", "link", "title", "date"].map(|key| {
            let selector = self.selector(key)?;
            if kind == SourceKind::Page {
                return Some(selector);
            }
            let place = self.get(key)?.span();
            let hint = "say kind = \"page\" if the address is an HTML list of articles".to_owned();
            self.reader.fault(place, format!("{key} is for list pages; this source is a feed"), Some(hint));
            None
        });
        Selectors { item, link, title, date, body: self.selector("body") }
    }

    fn selector(&mut self, key: &str) -> Option<String> {
        self.parsed(key, "a CSS selector", |text| scraper::Selector::parse(text).ok().map(|_| text.trim().to_owned()))
    }
}
