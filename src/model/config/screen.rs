//! The blocks of `sources.toml` that are about the timeline: `[keys]` and `[theme]`.

use toml::Spanned;
use toml::de::DeValue;

use super::block::Reader;
use super::{ColourSetting, KeySetting};
use crate::base::span::Span;

pub(super) fn read_keys(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Vec<KeySetting> {
    let DeValue::Table(table) = value.get_ref() else {
        reader.fault(value.span(), "keys is one block".to_owned(), Some("write [keys]".to_owned()));
        return Vec::new();
    };
    let mut settings = Vec::new();
    for (action, value) in table {
        let list: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(entries) => entries.iter().collect(),
            _ => vec![value],
        };
        let mut keys = Vec::new();
        for entry in list {
            match entry.get_ref() {
                DeValue::String(text) => keys.push(text.as_ref().to_owned()),
                _ => {
                    let hint = Some("write it like star = \"*\" or quit = [\"q\", \"Ctrl-x\"]".to_owned());
                    reader.fault(entry.span(), "a key is a text in quotes".to_owned(), hint);
                }
            }
        }
        let at = Span::new(action.span().start, value.span().end);
        settings.push(KeySetting { action: action.get_ref().as_ref().to_owned(), keys, at });
    }
    settings
}

pub(super) fn read_theme(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Vec<ColourSetting> {
    let DeValue::Table(table) = value.get_ref() else {
        reader.fault(value.span(), "theme is one block".to_owned(), Some("write [theme]".to_owned()));
        return Vec::new();
    };
    let mut settings = Vec::new();
    for (role, value) in table {
        let DeValue::String(colour) = value.get_ref() else {
            let hint = Some("write it like heading = \"blue\" or bar = \"#5f87af\"".to_owned());
            reader.fault(value.span(), "a colour is a text in quotes".to_owned(), hint);
            continue;
        };
        let at = Span::new(role.span().start, value.span().end);
        settings.push(ColourSetting { role: role.get_ref().as_ref().to_owned(), colour: colour.as_ref().to_owned(), at });
    }
    settings
}
