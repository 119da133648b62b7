//! The `[[watch]]` blocks of `sources.toml`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::block::{Block, Reader};
use super::value;
use crate::base::fold::slug;
use crate::base::safe;
use crate::model::watch::{HookFormat, Secret, Watch};

const WATCH: &[&str] = &["allow", "atom", "command", "format", "grows", "mail", "name", "query", "webhook"];
/// The keys that say where notices go.
const CHANNELS: &[&str] = &["webhook", "command", "atom", "mail"];
/// The factor of `grows` where none is said.
const GROWS: f64 = 2.0;

pub(super) fn read_watches(reader: &mut Reader<'_>, key: Range<usize>, value: &Spanned<DeValue<'_>>) -> Vec<Watch> {
    let DeValue::Array(blocks) = value.get_ref() else {
        reader.fault(key, "each watch is a block of its own".to_owned(), Some("write [[watch]], in two brackets".to_owned()));
        return Vec::new();
    };
    let mut watches: Vec<Watch> = Vec::new();
    for entry in blocks.iter() {
        let DeValue::Table(table) = entry.get_ref() else {
            reader.fault(entry.span(), "each watch is a block of its own".to_owned(), Some("write [[watch]]".to_owned()));
            continue;
        };
        let Some(watch) = read_watch(reader, entry.span(), table) else { continue };
        if let Some(twin) = watches.iter().find(|other| slug(&other.name) == slug(&watch.name)) {
            let what = format!("the name \"{}\" is taken by another watch", twin.name);
            let hint = "names that differ only in case, accents or punctuation count as one".to_owned();
            reader.fault(table.get("name").map(Spanned::span).unwrap_or_default(), what, Some(hint));
        }
        watches.push(watch);
    }
    watches
}

fn read_watch(reader: &mut Reader<'_>, place: Range<usize>, table: &DeTable<'_>) -> Option<Watch> {
    let mut block = Block::new(reader, table, "[[watch]]", WATCH);
    let name = block.name("name").map(|(_, name)| name);
    let query = block.one_line("query", "a search, in one line");
    let webhook = webhook(&mut block);
    let format = format(&mut block);
    let allow = block.networks("allow");
    let command = block.list("command", "a list of a program and its arguments, each in quotes", argument);
    let atom = block.one_line("atom", "the path of a file");
    let mail = block.list("mail", "a list of mail addresses", recipient);
    let grows = block.factor("grows").unwrap_or(GROWS);
    block.need(place.clone(), &["name", "query"]);
    if CHANNELS.iter().all(|key| !table.contains_key(*key)) {
        let hint = "add webhook, command, atom or mail".to_owned();
        reader.fault(place, "this [[watch]] does not say where its notices go".to_owned(), Some(hint));
    }
    let command = Some(command).filter(|command| !command.is_empty());
    Some(Watch { name: name?, query: query?, webhook, format, allow, command, atom, mail, grows })
}

/// Reads where notices are posted to. What stands there may be a secret and is never told.
fn webhook(block: &mut Block<'_, '_, '_>) -> Option<Secret> {
    let (text, place) = block.text("webhook", "an address in quotes")?;
    let text = text.trim();
    let is_variable = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let wrong = match text.strip_prefix('$') {
        Some(name) if is_variable(name) => None,
        Some(_) => Some("names no variable of the environment"),
        None => value::address(text).err(),
    };
    match wrong {
        None => return Some(Secret::new(text)),
        Some(why) => {
            let hint = "write https://..., or $NAME for what a variable of the environment holds".to_owned();
            block.fault(place, format!("the address of the webhook {why}"), Some(hint));
        }
    }
    None
}

fn format(block: &mut Block<'_, '_, '_>) -> HookFormat {
    let read = |text: &str| match text {
        "json" => Some(HookFormat::Json),
        "text" => Some(HookFormat::Text),
        _ => None,
    };
    block.parsed("format", "\"json\" or \"text\"", read).unwrap_or_default()
}

fn argument(text: &str) -> Option<String> {
    (!text.contains('\0')).then(|| text.to_owned())
}

/// A recipient that sendmail cannot take for an option, and that fits into one line.
fn recipient(text: &str) -> Option<String> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')' | '|' | '\\');
    let sound = !text.is_empty()
        && text.len() <= 254
        && !text.starts_with('-')
        && text.chars().all(plain)
        && !text.chars().any(safe::is_unsafe);
    sound.then(|| text.to_owned())
}
