//! Where `sources.toml` and the index are, in the documented order, and reading the former.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use url::Url;

use super::failure::Failure;
use crate::base::day::Day;
use crate::base::span::Span;
use crate::model::config::{Config, ConfigFault, SavedQuery};
use crate::model::source::Proxies;
use crate::store::query::Query;
use crate::tui::keymap::Keymap;
use crate::tui::palette::Palette;

/// The largest `sources.toml` that is read, in bytes; ten thousand sources fit.
const LARGEST: u64 = 8 << 20;

/// Where things are asked to be.
#[derive(Clone)]
pub(super) struct Places {
    config: Option<PathBuf>,
    index: Option<PathBuf>,
}

impl Places {
    /// Takes what the arguments or `BREACHLINE_*` variables say.
    pub(super) fn new(config: Option<PathBuf>, index: Option<PathBuf>) -> Places {
        let said = |path: PathBuf| Some(path).filter(|path| !path.as_os_str().is_empty());
        Places { config: config.and_then(said), index: index.and_then(said) }
    }

    /// Takes what the variables alone say, for where the arguments are not read yet.
    pub(super) fn of_environment() -> Places {
        let said = |name| std::env::var_os(name).map(PathBuf::from);
        Places::new(said("BREACHLINE_CONFIG"), said("BREACHLINE_INDEX"))
    }

    /// Returns the folder of the index, whether it is there yet or not.
    pub(super) fn index(&self) -> Result<PathBuf, Failure> {
        if let Some(folder) = &self.index {
            return Ok(folder.clone());
        }
        let here = PathBuf::from("index");
        if here.is_dir() {
            return Ok(here);
        }
        match etcetera::choose_base_strategy() {
            Ok(home) => Ok(home.data_dir().join("breachline")),
            Err(_) => Err(Failure::usage("there is no place for the index: the home folder is not known")
                .hint("say --index DIR, or set HOME or XDG_DATA_HOME")),
        }
    }

    /// Reads `sources.toml`.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        self.config_with_text().map(|(config, _)| config)
    }

    /// Reads `sources.toml`; its text is as it stands in the file.
    pub(super) fn config_with_text(&self) -> Result<(Config, String), Failure> {
        read(&self.config_file()?)
    }

    /// Tells whether there is a `sources.toml`, or one was asked for. Without one the defaults hold, and there is nothing to ingest.
    pub(super) fn has_config(&self) -> bool {
        self.config.is_some() || self.usual_config_files().iter().any(|file| file.is_file())
    }

    /// Reads `sources.toml` where there is one; the defaults otherwise.
    pub(super) fn config_if_any(&self) -> Result<Config, Failure> {
        if self.has_config() { self.config() } else { Ok(Config::default()) }
    }

    /// Returns the keys and the colours of the timeline, with those that `sources.toml` gives.
    pub(super) fn screen(&self) -> Result<(Keymap, Palette), Failure> {
        if !self.has_config() {
            return Ok(Default::default());
        }
        let file = self.config_file()?;
        let (config, text) = read(&file)?;
        let fault = |at: Option<Span>, what: &str, hint| ConfigFault::new(&text, at.unwrap_or(Span::new(0, 0)), what, Some(hint));
        let keys: Vec<(&str, Vec<String>)> =
            config.keys.iter().map(|setting| (setting.action.as_str(), setting.keys.clone())).collect();
        let colours: Vec<(&str, &str)> =
            config.theme.iter().map(|setting| (setting.role.as_str(), setting.colour.as_str())).collect();
        let mut faults = Vec::new();
        let keymap = Keymap::with(&keys).unwrap_or_else(|wrong| {
            let place = |at: usize| config.keys.get(at).map(|setting| setting.at);
            faults.extend(wrong.into_iter().map(|wrong| fault(place(wrong.at), &wrong.what, wrong.hint)));
            Keymap::default()
        });
        let palette = Palette::with(&colours).unwrap_or_else(|wrong| {
            let place = |at: usize| config.theme.get(at).map(|setting| setting.at);
            faults.extend(wrong.into_iter().map(|wrong| fault(place(wrong.at), &wrong.what, wrong.hint)));
            Palette::default()
        });
        if faults.is_empty() { Ok((keymap, palette)) } else { Err(told(&file, &text, &faults)) }
    }

    /// Returns the path of `sources.toml`.
    pub(super) fn config_file(&self) -> Result<PathBuf, Failure> {
        if let Some(file) = &self.config {
            return Ok(file.clone());
        }
        let files = self.usual_config_files();
        if let Some(file) = files.iter().find(|file| file.is_file()) {
            return Ok(file.clone());
        }
        let looked: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        Err(Failure::usage(format!("there is no sources.toml (looked for {})", looked.join(" and ")))
            .hint("say --config FILE, or write one: [[source]] with name = \"...\" and url = \"...\""))
    }

    fn usual_config_files(&self) -> Vec<PathBuf> {
        let mut files = vec![PathBuf::from("sources.toml")];
        if let Ok(home) = etcetera::choose_base_strategy() {
            files.push(home.config_dir().join("breachline/sources.toml"));
        }
        files
    }
}

fn read(file: &Path) -> Result<(Config, String), Failure> {
    let unread = |error: &dyn std::error::Error| {
        Failure::usage(format!("{} could not be read", file.display()))
            .because(error)
            .hint("say --config FILE to read another one")
    };
    let size = fs::metadata(file).map_err(|error| unread(&error))?.len();
    if size > LARGEST {
        return Err(Failure::usage(format!("{} is larger than {} MB", file.display(), LARGEST >> 20)));
    }
    let bytes = fs::read(file).map_err(|error| unread(&error))?;
    let text = String::from_utf8(bytes).map_err(|error| unread(&error.utf8_error()))?;
    let mut config = parse(file, &text)?;
    fill_in_proxies(&mut config.settings.proxies)?;
    Ok((config, text))
}

/// Fills in the proxies that the environment names, where the settings ask for them. A name in lower case counts before one in upper case.
fn fill_in_proxies(proxies: &mut Proxies) -> Result<(), Failure> {
    if !proxies.from_environment {
        return Ok(());
    }
    let said = |name: &str| {
        let names = [name.to_lowercase(), name.to_owned()];
        names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    };
    let proxy = |name: &str| {
        let Some(text) = said(name).or_else(|| said("ALL_PROXY")) else { return Ok(None) };
        let whole = if text.contains("://") { text.trim().to_owned() } else { format!("http://{}", text.trim()) };
        let url = Url::parse(&whole).ok().filter(|url| url.scheme() == "http" && url.has_host());
        url.map(Some).ok_or_else(|| {
            Failure::usage(format!("{name} names no proxy that is spoken to by http"))
                .hint("write it like http://proxy.example:3128, or take proxy = \"environment\" out of [settings]")
        })
    };
    proxies.http = proxy("HTTP_PROXY")?;
    proxies.https = proxy("HTTPS_PROXY")?;
    let except = said("NO_PROXY").unwrap_or_default();
    proxies.except.extend(except.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned));
    Ok(())
}

/// Reads the text of a `sources.toml`.
pub(super) fn parse(file: &Path, text: &str) -> Result<Config, Failure> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let config = Config::parse(text).map_err(|faults| told(file, text, &faults))?;
    config.queries.iter().try_for_each(|saved| readable(file, saved, &config.queries))?;
    Ok(config)
}

/// Tells whether a saved query is one, whatever day it is.
fn readable(file: &Path, saved: &SavedQuery, all: &[SavedQuery]) -> Result<(), Failure> {
    let any_day = Day::from_epoch(20_000);
    Query::parse_with(&saved.query, any_day, all).map(drop).map_err(|fault| {
        let failure = super::search::wrong_query(&saved.query, &fault);
        let place = format!("{}:{}: the query \"{}\" is wrong: ", file.display(), saved.line, saved.name);
        Failure { what: place + &failure.what, ..failure }
    })
}

/// Tells all mistakes of the file, each with its place, its line and what to write.
fn told(file: &Path, text: &str, faults: &[ConfigFault]) -> Failure {
    const MOST: usize = 20;
    let count = if faults.len() == 1 { "a mistake".to_owned() } else { format!("{} mistakes", faults.len()) };
    let mut what = format!("{} has {count}", file.display());
    for fault in faults.iter().take(MOST) {
        what.push_str(&format!("\n  {}:{}:{}: {}", file.display(), fault.line, fault.column, fault.what));
        what.push_str(&snippet(text, fault));
        if let Some(hint) = &fault.hint {
            what.push_str(&format!("\n      hint: {hint}"));
        }
    }
    if faults.len() > MOST {
        what.push_str(&format!("\n  and {} more", faults.len() - MOST));
    }
    Failure::usage(what)
        .hint("every key is described in the README, those of sources and settings at the top of the shipped sources.toml")
}

/// The line of a mistake with a mark below the wrong words. Left out where the line holds what must not be shown.
fn snippet(text: &str, fault: &ConfigFault) -> String {
    const WIDEST: usize = 100;
    let line = text.lines().nth(fault.line - 1).unwrap_or("");
    if line.trim().is_empty()
        || line.contains('@')
        || line.contains("webhook")
        || line.contains('\t')
        || line.chars().count() > WIDEST
    {
        return String::new();
    }
    let length = fault.span.slice(text).lines().next().unwrap_or("").chars().count().max(1);
    let number = fault.line.to_string();
    let gap = " ".repeat(number.len());
    let mark = format!("{}{}", " ".repeat(fault.column - 1), "^".repeat(length));
    format!("\n      {number} | {line}\n      {gap} | {mark}")
}
