//! `sources.toml` as a text that blocks are added to: all that stands there stays as it is, byte for byte.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::base::fold::slug;
use crate::base::safe;
use crate::cli::failure::Failure;
use crate::cli::places::{self, Places};
use crate::cli::whole::WholeFile;
use crate::model::config::{self, Config};

/// The longest name of a source, in characters.
const LONGEST_NAME: usize = 100;
/// The longest tag, in bytes.
const LONGEST_TAG: usize = 50;

/// A block to be added.
pub(super) struct Block<'a> {
    pub(super) name: &'a str,
    pub(super) url: &'a Url,
    pub(super) tags: &'a [String],
    pub(super) every: Option<Duration>,
    pub(super) enabled: bool,
}

/// The file, and the blocks that are to be added.
pub(in crate::cli) struct SourcesFile {
    path: PathBuf,
    text: String,
    /// What the file says.
    pub(in crate::cli) config: Config,
    added: String,
    names: HashSet<String>,
    urls: HashSet<Url>,
}

impl SourcesFile {
    /// Opens the file; mistakes in it are told before anything is added.
    pub(in crate::cli) fn open(places: &Places) -> Result<SourcesFile, Failure> {
        let path = places.config_file()?;
        let (config, text) = places.config_with_text()?;
        let names = config.sources.iter().map(|source| source.id.0.clone()).collect();
        let urls = config.sources.iter().map(|source| source.url.clone()).collect();
        Ok(SourcesFile { path, text, config, added: String::new(), names, urls })
    }

    /// Returns the name of the source that has this address.
    pub(super) fn name_of(&self, url: &Url) -> Option<&str> {
        self.config.sources.iter().find(|source| source.url == *url).map(|source| source.name.as_str())
    }

    /// Tells whether a source of this address is there or is to be added.
    pub(super) fn holds(&self, url: &Url) -> bool {
        self.urls.contains(url)
    }

    /// Tells whether a source of this name is there or is to be added; names that differ in case or accents count as one.
    pub(super) fn holds_name(&self, name: &str) -> bool {
        self.names.contains(&slug(name))
    }

    /// Returns a name that is free: the one that is wanted if it can be one, else made with the host and a number.
    pub(super) fn free_name(&self, wanted: &str, url: &Url) -> String {
        let host = url.host_str().unwrap_or("source");
        let wanted = shortened(wanted, LONGEST_NAME - 1);
        let wanted = if slug(&wanted).is_empty() { host.to_owned() } else { wanted };
        let with_host = format!("{} ({})", shortened(&wanted, 40), shortened(host, 50));
        let numbered = (2..).map(|n| format!("{} {n}", shortened(&with_host, LONGEST_NAME - 8)));
        let mut names = [wanted, with_host.clone()].into_iter().chain(numbered);
        names.find(|name| !self.holds_name(name)).unwrap_or(with_host)
    }

    /// Adds a block at the end; nothing is written before [`SourcesFile::save`].
    pub(super) fn add(&mut self, block: &Block<'_>) {
        let Block { name, url, tags, every, enabled } = *block;
        let mut tags: Vec<String> = tags.iter().filter_map(|tag| tag_of(tag)).collect();
        tags.sort();
        tags.dedup();
        let mut lines = vec!["[[source]]".to_owned(), format!("name = {}", quoted(name))];
        lines.push(format!("url = {}", quoted(url.as_str())));
        if !tags.is_empty() {
            lines.push(format!("tags = [{}]", tags.iter().map(|tag| quoted(tag)).collect::<Vec<_>>().join(", ")));
        }
        lines.extend(every.map(|every| format!("every = {}", quoted(&config::written(every)))));
        if !enabled {
            lines.push("enabled = false".to_owned());
        }
        self.append(&lines);
        self.names.insert(slug(name));
        self.urls.insert(url.clone());
    }

    /// Adds a watch at the end: its name, its search, and the line that says where its notices go. Nothing is written before
    /// [`SourcesFile::save`].
    pub(in crate::cli) fn add_watch(&mut self, name: &str, query: &str, channel: String) {
        let (name, query) = (format!("name = {}", quoted(name)), format!("query = {}", quoted(query)));
        self.append(&["[[watch]]".to_owned(), name, query, channel]);
    }

    /// Adds a blank line and a block.
    fn append(&mut self, block: &[String]) {
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        self.added.push_str(&(end.to_owned() + &block.join(end) + end));
    }

    /// Writes the file anew, in one step, if what it would say then is sound.
    pub(in crate::cli) fn save(self) -> Result<PathBuf, Failure> {
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { end };
        let text = format!("{}{gap}{}", self.text, self.added);
        places::parse(&self.path, &text).map_err(|failure| failure.hint("nothing was written"))?;
        let mut file = WholeFile::create(&self.path)?;
        let written = file.write_all(text.as_bytes());
        written.map_err(|error| Failure::new(format!("{} could not be written", self.path.display())).because(&error))?;
        file.finish()?;
        Ok(self.path)
    }
}

/// Returns a text as TOML writes it.
pub(in crate::cli) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Returns a text as a tag: lower case, its words joined; None if nothing is left.
fn tag_of(text: &str) -> Option<String> {
    let words = text.trim().to_lowercase();
    let tag = words.split_whitespace().collect::<Vec<_>>().join("-");
    let tag: String = tag.chars().filter(|c| !safe::is_unsafe(*c)).collect();
    (!tag.is_empty() && tag.len() <= LONGEST_TAG).then_some(tag)
}

fn shortened(text: &str, most: usize) -> String {
    safe::line(text, most).trim().to_owned()
}
