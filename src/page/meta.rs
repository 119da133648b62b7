//! Title, publication day, canonical address: what a page says about itself besides its text.

use std::borrow::Cow;
use std::collections::HashSet;

use url::Url;

use super::dates;
use super::jsonld::Described;
use super::tag::Tag;
use super::tree::{Id, Name, Tree};
use super::words::{self, Sense};
use crate::base::address;
use crate::base::day::Day;
use crate::base::entity;
use crate::base::fold::fold;
use crate::base::safe;
use crate::model::article::PublishedFrom;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// The `<meta>` names that give the day of publication, the most reliable first. None of them means a change.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "bt:pubdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_date",
    "originalpublicationdate",
    "article_date_original",
    "publication_date",
    "publication-date",
    "publish_date",
    "publish-date",
    "publishdate",
    "published_time",
    "published-date",
    "published",
    "pubdate",
    "ptime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.created",
    "dcterms.date",
    "dc.date",
    "displaydate",
    "article.published",
    "article.created",
    "analyticsattributes.articledate",
    "release_date",
    "date_published",
    "pub_date",
    "date",
];

/// What stands between a title and the name of the site.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", ": ", " / "];

/// The headings among which the title is looked for.
const MOST_HEADINGS: usize = 200;

/// The pieces of text after the title, and before it, in which a written day is looked for.
const TEXTS_AFTER: usize = 40;
const TEXTS_BEFORE: usize = 12;

/// The longest text, in bytes, that a written day near the title stands in.
const LONGEST_DATE_LINE: usize = 120;

/// The `<meta>` elements of a page.
pub(super) struct Metas<'h> {
    pairs: Vec<(String, &'h str)>,
}

impl<'h> Metas<'h> {
    /// Collects name, property or itemprop and content (or `value`, as some write) of each, names in lower case.
    pub(super) fn of(tree: &Tree<'h>) -> Metas<'h> {
        let pairs = tree.all(Tag::Meta).filter_map(|id| {
            let content = tree.raw(id, Name::Content).or_else(|| tree.raw(id, Name::Value))?;
            let name = [Name::Property, Name::Named, Name::Itemprop].into_iter().find_map(|name| tree.raw(id, name))?;
            Some((name.trim().to_ascii_lowercase(), content))
        });
        Metas { pairs: pairs.collect() }
    }

    /// Returns the decoded content of the first element of this name that has any.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'h, str>> {
        self.pairs.iter().find(|(key, value)| key == name && !value.trim().is_empty()).map(|(_, value)| entity::decode(value))
    }
}

/// Returns the title of the article: the heading of the page where it agrees with what the page says of itself, else that.
pub(super) fn title(tree: &Tree<'_>, metas: &Metas<'_>, described: &Described, hint: &str) -> String {
    let own = tree.all(Tag::Title).find(|id| tree.ancestors(*id, 4).all(|above| tree.tag(above) != Tag::Svg));
    let own = own.map(|id| line(&entity::decode(tree.raw_content(id)))).unwrap_or_default();
    let site = metas.get("og:site_name").map(|name| line(&name)).or_else(|| described.publisher.as_deref().map(line));
    let said = [
        described.headline.as_deref().map(|headline| line(&entity::decode(headline))),
        metas.get("og:title").map(|title| without_site(&line(&title), site.as_deref())),
        metas.get("twitter:title").map(|title| without_site(&line(&title), site.as_deref())),
        Some(line(hint)),
        metas.get("parsely-title").map(|title| line(&title)),
        metas.get("dc.title").map(|title| line(&title)),
    ];
    let said: Vec<String> = said.into_iter().flatten().filter(|title| !title.is_empty()).collect();
    let headings: Vec<(Id, String)> =
        tree.all(Tag::H1).take(20).map(|id| (id, line(&tree.text(id)))).filter(|(_, text)| !text.is_empty()).collect();
    let agreed =
        headings.iter().map(|(_, heading)| heading).find(|heading| said.iter().chain([&own]).any(|title| agree(heading, title)));
    if let Some(heading) = agreed {
        return heading.clone();
    }
    if let Some(title) = said.first() {
        return title.clone();
    }
    let own = without_site(&own, site.as_deref());
    match headings.as_slice() {
        [(id, only)] if own.is_empty() || (mostly_in(only, &own) && !is_link(tree, *id)) => only.clone(),
        _ if !own.is_empty() => own,
        _ => headings.into_iter().next().map(|(_, heading)| heading).unwrap_or_default(),
    }
}

/// Tells whether at least half of the words of a heading are in a title.
fn mostly_in(heading: &str, title: &str) -> bool {
    let words = fold(heading).split(' ').filter(|word| !word.is_empty()).count();
    words > 0 && words_shared(heading, title).len() * 2 >= words
}

/// Tells whether a heading holds a link: alone on its page, it is the name of the site that leads home.
fn is_link(tree: &Tree<'_>, heading: Id) -> bool {
    tree.range(heading).any(|id| tree.tag(id) == Tag::A && tree.raw(id, Name::Href).is_some())
}

fn line(text: &str) -> String {
    safe::line(text, LONGEST_TITLE)
}

/// Tells whether a heading and a title say the same: most words of the shorter are in the other, and at least half of the longer.
fn agree(heading: &str, title: &str) -> bool {
    let count = |text: &str| fold(text).split(' ').filter(|word| !word.is_empty()).count();
    let (one, other) = (count(heading), count(title));
    let shared = words_shared(heading, title).len();
    fold(heading) == fold(title) || (shared >= 3 && shared * 10 >= one.min(other) * 7 && shared * 2 >= one.max(other))
}

fn words_shared(one: &str, other: &str) -> HashSet<String> {
    let words =
        |text: &str| -> HashSet<String> { fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect() };
    words(one).intersection(&words(other)).cloned().collect()
}

/// Returns a title without the name of the site before or after it.
fn without_site(title: &str, site: Option<&str>) -> String {
    if let Some(site) = site.map(fold).filter(|site| !site.is_empty()) {
        for separator in SEPARATORS {
            if let Some((rest, name)) = title.rsplit_once(separator)
                && fold(name) == site
            {
                return rest.trim().to_owned();
            }
            if let Some((name, rest)) = title.split_once(separator)
                && fold(name) == site
            {
                return rest.trim().to_owned();
            }
        }
    }
    for separator in &SEPARATORS[..9] {
        if let Some((rest, name)) = title.rsplit_once(separator)
            && name.split_whitespace().count() <= 4
            && rest.split_whitespace().count() >= 4
        {
            return rest.trim().to_owned();
        }
    }
    title.to_owned()
}

/// Returns the day of publication and how it is known; None if neither the page nor its address says.
pub(super) fn published(
    tree: &Tree<'_>,
    metas: &Metas<'_>,
    described: &Described,
    url: Option<&Url>,
    title: &str,
) -> Option<(Day, PublishedFrom)> {
    let by = |day: Option<Day>, from: PublishedFrom| day.map(|day| (day, from));
    by(described.published.as_deref().and_then(dates::machine), PublishedFrom::JsonLd)
        .or_else(|| by(PUBLISHED.iter().find_map(|name| dates::machine(&metas.get(name)?)), PublishedFrom::Meta))
        .or_else(|| by(time_element(tree), PublishedFrom::Time))
        .or_else(|| by(url.and_then(|url| dates::in_address(url.path())), PublishedFrom::Url))
        .or_else(|| by(near_title(tree, title), PublishedFrom::Text))
}

/// Reads elements that say they are the time of publication, then the first `<time>` that says nothing else.
fn time_element(tree: &Tree<'_>) -> Option<Day> {
    let marked = (0..tree.nodes.len()).filter(|id| is_marked_published(tree, *id)).find_map(|id| day_of(tree, id));
    marked.or_else(|| tree.all(Tag::Time).filter(|id| !is_elsewhere(tree, *id)).find_map(|id| day_of(tree, id)))
}

fn is_marked_published(tree: &Tree<'_>, id: Id) -> bool {
    tree.attributes(id).iter().any(|attribute| match attribute.name {
        Name::Itemprop => attribute.value.split_whitespace().any(|word| word.eq_ignore_ascii_case("datePublished")),
        Name::Pubdate => true,
        Name::Class => {
            let known = ["published", "entry-date", "post-date", "publish-date", "pubdate"];
            matches!(tree.tag(id), Tag::Time | Tag::Inline)
                && attribute.value.split_whitespace().any(|word| known.contains(&word))
        }
        _ => false,
    })
}

fn day_of(tree: &Tree<'_>, id: Id) -> Option<Day> {
    let machine =
        [Name::Datetime, Name::Content, Name::Title].into_iter().find_map(|name| dates::machine(&tree.value(id, name)?));
    let written = || dates::written(&line(&tree.text(id)));
    match machine {
        // An earlier day that readers see is that of publication, the other one that of a change. A day apart, they are time zones.
        Some(machine) if tree.tag(id) == Tag::Time => {
            Some(written().filter(|written| machine.days_since(*written) > 1).unwrap_or(machine))
        }
        machine => machine.or_else(written),
    }
}

/// Tells whether a time is that of a change, of a comment, of a quotation or of another article.
fn is_elsewhere(tree: &Tree<'_>, id: Id) -> bool {
    let mut words = String::new();
    let changed = |value: &str| ["modified", "updated", "update"].iter().any(|word| value.to_ascii_lowercase().contains(word));
    let own = tree
        .attributes(id)
        .iter()
        .any(|attribute| matches!(attribute.name, Name::Itemprop | Name::Class) && changed(attribute.value));
    own || tree.ancestors(id, 12).any(|above| {
        let senses = words::senses(tree, above, &mut words);
        matches!(tree.tag(above), Tag::Aside | Tag::Blockquote | Tag::Footer | Tag::Nav | Tag::Li)
            || senses.has(Sense::Comments)
            || (senses.has(Sense::Furniture) && !matches!(tree.tag(above), Tag::Article | Tag::Main | Tag::Body | Tag::Html))
    })
}

/// Returns the heading of the page that is its title.
pub(super) fn title_heading(tree: &Tree<'_>, title: &str) -> Option<Id> {
    place_of_words(tree, title, Tag::is_heading)
}

/// Returns the first element of a kind, among the first few hundred, that holds these words and no others.
fn place_of_words(tree: &Tree<'_>, words: &str, kind: impl Fn(Tag) -> bool) -> Option<Id> {
    let wanted = fold(words);
    let elements = tree.nodes.iter().enumerate().filter(|(_, node)| kind(node.tag)).take(MOST_HEADINGS);
    elements.map(|(id, _)| id).find(|id| fold(&line(&tree.text(*id))) == wanted)
}

/// Finds a day written in a short text after the title, or before it. Old pages have no headings: there the title's own words count.
fn near_title(tree: &Tree<'_>, title: &str) -> Option<Day> {
    let heading = title_heading(tree, title)
        .or_else(|| tree.all(Tag::H1).next())
        .or_else(|| place_of_words(tree, title, Tag::is_formatting))?;
    let range = tree.range(heading);
    let texts = |id: &Id| tree.tag(*id) == Tag::Text && !tree.nodes[*id].text.trim().is_empty();
    let after = (range.start..tree.nodes.len()).filter(texts).take(TEXTS_AFTER).find_map(|id| written_in(tree, id));
    after.or_else(|| (0..range.start).rev().filter(texts).take(TEXTS_BEFORE).find_map(|id| written_in(tree, id)))
}

fn written_in(tree: &Tree<'_>, id: Id) -> Option<Day> {
    let node = &tree.nodes[id];
    let is_elsewhere = |above| tree.tag(above) == Tag::Blockquote || tree.tag(above).is_unread();
    if node.text.len() > LONGEST_DATE_LINE || tree.ancestors(id, 6).any(is_elsewhere) {
        return None;
    }
    let text = line(&entity::decode(node.text));
    let lower = text.to_lowercase();
    let other = ["updated", "modified", "copyright", "©", "last ", "aktualisiert"].iter().any(|word| lower.contains(word));
    if other { None } else { dates::written(&text) }
}

/// Returns the address that the page says is its own, if it may be believed: the same site, and not its front page.
pub(super) fn canonical(tree: &Tree<'_>, metas: &Metas<'_>, url: Option<&Url>) -> Option<Url> {
    let linked = tree.all(Tag::Link).find(|id| {
        tree.raw(*id, Name::Rel).is_some_and(|rel| rel.split_whitespace().any(|word| word.eq_ignore_ascii_case("canonical")))
    });
    let linked = linked.and_then(|id| tree.value(id, Name::Href));
    let said = linked.into_iter().chain(metas.get("og:url"));
    said.filter_map(|said| match url {
        Some(url) => {
            address::resolve(url, &said).ok().filter(|own| same_site(own, url) && (own.path() != "/" || url.path() == "/"))
        }
        None => address::canonical(&said).ok(),
    })
    .next()
}

fn same_site(one: &Url, other: &Url) -> bool {
    address::site(one) == address::site(other) && one.port_or_known_default() == other.port_or_known_default()
        || (address::site(one) == address::site(other) && one.port().is_none() && other.port().is_none())
}
