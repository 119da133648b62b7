//! HTML pages that list articles, read with the selectors of the source, or by headlines where it gives none.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::scan::{Attributes, Scanner, Token};
use super::{Collector, Draft};
use crate::base::{address, safe};
use crate::model::source::Selectors;

/// The most elements that may be open at once. The HTML parser's time grows with the square of it; browsers stop there, too.
const DEEPEST: usize = 512;
/// The longest tag that is read, in bytes; the HTML parser's time grows with the square of its attributes.
const LONGEST_TAG: usize = 64 * 1024;
/// The most feeds of one sort that a page names.
const MOST_FEEDS: usize = 10;
/// How many words make a link a headline where no heading does.
const HEADLINE_WORDS: usize = 5;
/// How far up from a headline its entry is looked for, in elements.
const ENTRY_DEPTH: usize = 6;

/// Reads the articles that a page lists.
pub(super) fn read(html: &str, selectors: &Selectors, found: &mut Collector) -> Result<(), String> {
    bounds(html)?;
    let page = Html::parse_document(html);
    let chosen = Chosen::of(selectors)?;
    if let Some(title) = first(&page.root_element(), "title") {
        found.title(&text(&title));
    }
    let base = first(&page.root_element(), "base[href]").and_then(|element| found.base.join(element.attr("href")?).ok());
    let drafts: Vec<Draft> = match &chosen.item {
        Some(item) => page.select(item).map(|entry| chosen.draft(&entry, None)).collect(),
        None => headlines(&page).iter().map(|link| chosen.draft(&entry_of(link), Some(*link))).collect(),
    };
    for draft in drafts {
        if found.is_full() {
            break;
        }
        found.item(Draft { base: base.clone(), ..draft });
    }
    match (found.met, &selectors.item) {
        (0, Some(item)) => Err(format!("the page holds nothing that the selector item = {:?} finds", safe::line(item, 80))),
        (0, None) => {
            Err("the page holds no headlines; selectors (item, link, title, date) can show where its articles are".to_owned())
        }
        _ => Ok(()),
    }
}

/// Says why an HTML page is no feed, and names the feed that it belongs to.
pub(super) fn why_no_feed(html: &str, base: &Url) -> String {
    match feeds(html, base).first() {
        Some(feed) => format!("it is an HTML page; its feed is {}", safe::line(feed.as_str(), 200)),
        None => "it is an HTML page, not a feed (kind = \"page\" reads a page that lists articles)".to_owned(),
    }
}

/// Returns the feeds that the head of an HTML page names, in its order; those of comments last.
pub(super) fn feeds(html: &str, base: &Url) -> Vec<Url> {
    let (mut found, mut of_comments) = (Vec::new(), Vec::new());
    let mut scanner = Scanner::new(html);
    while let Some(token) = scanner.next() {
        let Token::Start { name, attributes: raw, .. } = token else { continue };
        if name.eq_ignore_ascii_case("body") {
            break;
        }
        if !name.eq_ignore_ascii_case("link") {
            continue;
        }
        let attributes = Attributes::read(raw);
        let kind = attributes.get("type").unwrap_or("").to_ascii_lowercase();
        let is_feed = ["rss", "atom", "feed+json"].iter().any(|name| kind.contains(name));
        let is_alternate = attributes.get("rel").is_some_and(|rel| rel.to_ascii_lowercase().contains("alternate"));
        let href = attributes.get("href").and_then(|href| address::resolve(base, href).ok());
        let Some(feed) = href.filter(|_| is_feed && is_alternate) else { continue };
        let title = attributes.get("title").unwrap_or("").to_ascii_lowercase();
        let list = if title.contains("comment") || feed.path().contains("comment") { &mut of_comments } else { &mut found };
        if list.len() < MOST_FEEDS && !list.contains(&feed) {
            list.push(feed);
        }
    }
    found.extend(of_comments);
    found
}

/// Refuses what would keep the HTML parser busy for minutes.
fn bounds(html: &str) -> Result<(), String> {
    const NEVER_OPEN: &[&str] = &[
        "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
        "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
    ];
    let mut scanner = Scanner::new(html);
    let mut depth = 0_usize;
    while let Some(token) = scanner.next() {
        match token {
            Token::Start { name, attributes, empty } => {
                if attributes.len() > LONGEST_TAG {
                    return Err("the page holds a tag that is longer than 64 KB".to_owned());
                }
                let name = name.to_ascii_lowercase();
                depth += usize::from(!empty && NEVER_OPEN.binary_search(&name.as_str()).is_err());
            }
            Token::End { name } if NEVER_OPEN.binary_search(&name.to_ascii_lowercase().as_str()).is_err() => {
                depth = depth.saturating_sub(1)
            }
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("the page is nested deeper than {DEEPEST} elements"));
        }
    }
    Ok(())
}

/// The selectors of a source, parsed.
struct Chosen {
    item: Option<Selector>,
    link: Option<Selector>,
    title: Option<Selector>,
    date: Option<Selector>,
}

impl Chosen {
    fn of(selectors: &Selectors) -> Result<Chosen, String> {
        let parse = |name: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => {
                Selector::parse(text).map(Some).map_err(|_| format!("{name} = {:?} is no CSS selector", safe::line(text, 80)))
            }
        };
        Ok(Chosen {
            item: parse("item", &selectors.item)?,
            link: parse("link", &selectors.link)?,
            title: parse("title", &selectors.title)?,
            date: parse("date", &selectors.date)?,
        })
    }

    /// Reads one entry of the list; `headline` is its link where that is known.
    fn draft(&self, entry: &ElementRef<'_>, headline: Option<ElementRef<'_>>) -> Draft {
        let itself = (entry.value().name() == "a").then_some(*entry);
        let link = match &self.link {
            Some(link) => entry.select(link).next(),
            None => headline
                .or(itself)
                .or_else(|| first(entry, "h1 a[href], h2 a[href], h3 a[href], h4 a[href]"))
                .or_else(|| first(entry, "a[href]")),
        };
        let title = match &self.title {
            Some(title) => entry.select(title).next(),
            None => {
                link.as_ref().and_then(|link| first(link, "h1, h2, h3, h4")).or(link).or_else(|| first(entry, "h1, h2, h3, h4"))
            }
        };
        let date = match &self.date {
            Some(date) => entry.select(date).next(),
            None => first(entry, "time").or_else(|| first(entry, "[class*=date], [class*=time], [itemprop=datePublished]")),
        };
        let href = link.and_then(|link| {
            link.attr("href").map(str::to_owned).or_else(|| first(&link, "a[href]")?.attr("href").map(str::to_owned))
        });
        let written = date.map(|date| {
            let value = ["datetime", "content", "title"]
                .into_iter()
                .find_map(|name| date.attr(name))
                .filter(|value| !value.trim().is_empty());
            value.map_or_else(|| text(&date), str::to_owned)
        });
        Draft {
            link: href,
            title: title.map(|title| text(&title)).unwrap_or_default(),
            // What looks like a date without having been named one must be one, or it is nothing.
            published: written.filter(|date| self.date.is_some() || super::dates::read(date).is_some()),
            summary: first(entry, "p").map(|paragraph| text(&paragraph)).unwrap_or_default(),
            ..Draft::default()
        }
    }
}

/// Returns the links that are headlines: those in or around a heading, else those of several words; none of navigation and side bars.
fn headlines(page: &Html) -> Vec<ElementRef<'_>> {
    let root = page.root_element();
    let links: Vec<ElementRef<'_>> =
        all(&root, "a[href]").into_iter().filter(|link| !is_furniture(link) && !text(link).is_empty()).collect();
    let in_heading = |link: &ElementRef<'_>| {
        let heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4");
        let around = link.ancestors().filter_map(ElementRef::wrap).take(3).any(|element| heading(element.value().name()));
        around || first(link, "h1, h2, h3, h4").is_some()
    };
    let chosen: Vec<ElementRef<'_>> = links.iter().copied().filter(in_heading).collect();
    if !chosen.is_empty() {
        return chosen;
    }
    links.into_iter().filter(|link| text(link).split_whitespace().count() >= HEADLINE_WORDS).collect()
}

fn is_furniture(link: &ElementRef<'_>) -> bool {
    link.ancestors().filter_map(ElementRef::wrap).any(|element| {
        let element = element.value();
        let is_named = |words: &[&str]| {
            let names = element.attr("class").into_iter().chain(element.id()).chain(element.attr("role"));
            names
                .flat_map(|names| names.split([' ', '-', '_']))
                .any(|name| words.iter().any(|word| name.eq_ignore_ascii_case(word)))
        };
        match element.name() {
            "nav" | "aside" | "footer" | "form" => true,
            "body" | "html" | "main" | "article" => false,
            _ => is_named(&["nav", "navigation", "menu", "sidebar", "footer", "breadcrumb", "breadcrumbs", "pagination"]),
        }
    })
}

/// Returns the entry that a headline belongs to: the largest element around it that holds no other headline's heading.
fn entry_of<'p>(headline: &ElementRef<'p>) -> ElementRef<'p> {
    let mut entry = *headline;
    for ancestor in headline.ancestors().filter_map(ElementRef::wrap).take(ENTRY_DEPTH) {
        let name = ancestor.value().name();
        let others = all(&ancestor, "h1 a[href], h2 a[href], h3 a[href], h4 a[href], a[href] h2, a[href] h3").len();
        if matches!(name, "body" | "main" | "html" | "ul" | "ol" | "table" | "tbody") || others > 1 {
            break;
        }
        entry = ancestor;
        if matches!(name, "article" | "li" | "tr") {
            break;
        }
    }
    entry
}

fn first<'p>(element: &ElementRef<'p>, selector: &str) -> Option<ElementRef<'p>> {
    let selector = Selector::parse(selector).ok()?;
    element.select(&selector).next()
}

fn all<'p>(element: &ElementRef<'p>, selector: &str) -> Vec<ElementRef<'p>> {
    Selector::parse(selector).map(|selector| element.select(&selector).collect()).unwrap_or_default()
}

fn text(element: &ElementRef<'_>) -> String {
    safe::line(&element.text().collect::<Vec<_>>().join(" "), super::LONGEST_SUMMARY)
}
