//! Adding a watch to `sources.toml`, for the timeline's `:watch`.

use crate::base::fold::slug;
use crate::base::safe;
use crate::cli::failure::Failure;
use crate::cli::places::Places;
use crate::cli::sources::file::{SourcesFile, quoted};
use crate::library::WatchRequest;
use crate::model::watch::Channel;

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// Adds a watch for a search; returns as a sentence where its notices will go.
pub(in crate::cli) fn add(places: &Places, query: &str, request: &WatchRequest) -> Result<String, Failure> {
    let mut file = SourcesFile::open(places)?;
    let name = safe::line(&request.name, LONGEST_NAME).trim().to_owned();
    if query.is_empty() {
        return Err(Failure::usage("a watch needs a search").hint("search for what you want to be told of, then :watch NAME"));
    }
    if slug(&name).is_empty() {
        return Err(Failure::usage("a watch needs a name with letters in it"));
    }
    if let Some(twin) = file.config.watches.iter().find(|watch| slug(&watch.name) == slug(&name)) {
        return Err(Failure::usage(format!("there is a watch \"{}\" already", twin.name)).hint("give this one another name"));
    }
    let feed = (Channel::Atom, format!("{}.atom", slug(&name)));
    let (channel, target) = request.channel.as_ref().unwrap_or(&feed);
    file.add_watch(&name, query, line(*channel, target));
    let path = file.save()?;
    let told = match channel {
        Channel::Atom => format!("into the feed {target}"),
        Channel::Mail => format!("by mail to {target}"),
        Channel::Webhook => "to the webhook".to_owned(),
        Channel::Command => format!("to the program {target}"),
    };
    Ok(format!("watch \"{name}\" added to {}: {told}", path.display()))
}

/// Returns the line of the block that says where notices go. A list is typed with spaces between.
fn line(channel: Channel, target: &str) -> String {
    let key = channel.word();
    match channel {
        Channel::Webhook | Channel::Atom => format!("{key} = {}", quoted(target)),
        Channel::Command | Channel::Mail => {
            let parts: Vec<String> = target.split([' ', ',']).filter(|part| !part.is_empty()).map(quoted).collect();
            format!("{key} = [{}]", parts.join(", "))
        }
    }
}
