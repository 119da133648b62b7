//! Watches: what somebody wants to be told of, where to, and what a notice says.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::day::Day;
use crate::model::incident::{Incident, Row};
use crate::model::report::{Attacker, Figure};

/// What somebody wants to be told of: a `[[watch]]` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    /// Its name; differs from the others'.
    pub name: String,
    /// Which incidents, in the language of searches.
    pub query: String,
    /// Where notices are posted to.
    pub webhook: Option<Secret>,
    /// What is posted.
    pub format: HookFormat,
    /// Addresses at which the webhook may be although they are not public.
    pub allow: Vec<String>,
    /// A program and its arguments; each notice is given to it on its standard input.
    pub command: Option<Vec<String>>,
    /// A file that is kept as an Atom feed of what was told last.
    pub atom: Option<String>,
    /// Who gets a mail.
    pub mail: Vec<String>,
    /// The factor by which the count of an incident has to grow to be told again; more than 1.
    pub grows: f64,
}

/// A text that no output, log or error may hold.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text to itself.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// Returns the text, for the one place that uses it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What is posted to a webhook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HookFormat {
    /// The notice as JSON, with a `text` that Slack and Mattermost show.
    #[default]
    Json,
    /// The `text` alone.
    Text,
}

/// A way by which notices go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Posted to an address.
    Webhook,
    /// Given to a program.
    Command,
    /// Written into a feed.
    Atom,
    /// Sent by mail.
    Mail,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Channel; 4] = [Channel::Webhook, Channel::Command, Channel::Atom, Channel::Mail];

    /// Returns the word that `sources.toml` and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Webhook => "webhook",
            Channel::Command => "command",
            Channel::Atom => "atom",
            Channel::Mail => "mail",
        }
    }

    /// Returns the channel of a word.
    pub fn from_word(word: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.word() == word)
    }
}

impl Watch {
    /// Returns the ways by which its notices go out.
    pub fn channels(&self) -> Vec<Channel> {
        let has = |channel: &Channel| match channel {
            Channel::Webhook => self.webhook.is_some(),
            Channel::Command => self.command.is_some(),
            Channel::Atom => self.atom.is_some(),
            Channel::Mail => !self.mail.is_empty(),
        };
        Channel::ALL.into_iter().filter(has).collect()
    }
}

/// Why an incident is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// This watch has not told it before.
    New,
    /// A figure became known, or the one that stands grew past the watch's factor.
    CountGrew,
    /// Somebody is held responsible who was not before.
    AttackerNamed,
    /// An attribution became confirmed, or it is disputed no longer.
    Confirmed,
}

impl Why {
    /// Returns it in words, for the beginning of a notice.
    pub fn words(self) -> &'static str {
        match self {
            Why::New => "new",
            Why::CountGrew => "count grew",
            Why::AttackerNamed => "attacker named",
            Why::Confirmed => "confirmed",
        }
    }
}

/// What was known of an incident when it was told: what a material change is measured by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The figure that stood.
    pub records: Option<Figure>,
    /// Who was held responsible.
    pub attackers: Vec<Attacker>,
    /// Whether it was disputed.
    pub disputed: bool,
}

impl Known {
    /// Returns what is known of an incident.
    pub fn of(incident: &Incident) -> Known {
        Known { records: incident.records.first().copied(), attackers: incident.attackers.clone(), disputed: incident.disputed }
    }
}

/// An article that a notice leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The name of its source.
    pub source: String,
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day of its publication.
    pub published: Day,
}

impl Link {
    /// The most articles that are named of one incident.
    pub const MOST: usize = 5;

    /// Returns the articles that tell of an incident, the latest first, each once, at most [`Link::MOST`].
    pub fn of(incident: &Incident) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for filed in incident.reports.iter().rev() {
            if links.len() < Link::MOST && !links.iter().any(|link| link.url == filed.url) {
                let (source, title, url) = (filed.source.clone(), filed.title.clone(), filed.url.clone());
                links.push(Link { source, title, url, published: filed.published });
            }
        }
        links
    }
}

/// What is told of one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The name of the watch.
    pub watch: String,
    /// Why; at least one reason.
    pub why: Vec<Why>,
    /// Whether it is only sent to see whether it arrives.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The incident, as lists show it.
    pub incident: Row,
    /// The articles that tell of it, as [`Link::of`] gives them.
    pub links: Vec<Link>,
}

impl Notice {
    /// Makes the notice of an incident.
    pub fn of(watch: &str, why: Vec<Why>, incident: &Incident) -> Notice {
        Notice { watch: watch.to_owned(), why, test: false, incident: incident.row(), links: Link::of(incident) }
    }
}
