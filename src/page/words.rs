//! What the classes, ids and roles of elements say about them: words, told apart at dashes, underscores and humps.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::tree::{Id, Name, Tree};

/// What a class says an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// The main text.
    Body,
    /// Readers' comments: never part of the article, however long.
    Comments,
    /// Never part of the article, unless the whole article stands in it.
    Furniture,
    /// Not part of the article where it is short: bylines, dates, tags.
    Label,
    /// Not shown to people who see.
    Unseen,
    /// The sentences between title and text.
    Lead,
}

/// Words that name the main text. Sorted.
const BODY: &[&str] = &[
    "article-body",
    "article-content",
    "article-copy",
    "article-main",
    "article-page",
    "article-text",
    "articlebody",
    "articlecontent",
    "articletext",
    "blog-content",
    "body-copy",
    "body-text",
    "bodycopy",
    "bodytext",
    "content-body",
    "entry-content",
    "main-content",
    "news-body",
    "news-content",
    "news-text",
    "page-content",
    "post-body",
    "post-content",
    "post-entry",
    "post-text",
    "postbody",
    "postcontent",
    "rich-text",
    "rte",
    "single-content",
    "story-body",
    "story-content",
    "story-text",
    "storybody",
    "storycontent",
    "storytext",
    "td-post-content",
];

/// Words that name readers' comments. Sorted.
const COMMENTS: &[&str] = &["comment", "commentlist", "comments", "disqus", "fb-comments", "livefyre", "respond", "usercomments"];

/// Words that name what stands around an article. Sorted.
const FURNITURE: &[&str] = &[
    "ad",
    "addthis",
    "addtoany",
    "ads",
    "adsense",
    "adslot",
    "advert",
    "advertisement",
    "advertising",
    "adverts",
    "adwrapper",
    "also-like",
    "also-read",
    "author-bio",
    "author-box",
    "author-info",
    "authorbio",
    "authorbox",
    "bio",
    "bookmark",
    "breadcrumb",
    "breadcrumbs",
    "caption",
    "captions",
    "carousel",
    "consent",
    "cookie",
    "cookies",
    "copyright",
    "credit",
    "credits",
    "cta",
    "dfp",
    "dont-miss",
    "download-app",
    "editors-picks",
    "feedback",
    "figcaption",
    "figure",
    "follow-us",
    "gallery",
    "google-ad",
    "image-caption",
    "imagecaption",
    "infobox",
    "inline-promo",
    "jp-relatedposts",
    "lightbox",
    "login",
    "mailinglist",
    "mc-embed",
    "media-credit",
    "modal",
    "more-articles",
    "more-from",
    "more-in",
    "more-like",
    "more-news",
    "more-on",
    "more-stories",
    "most-popular",
    "most-read",
    "most-viewed",
    "mostread",
    "nav",
    "navbar",
    "navigation",
    "newsletter",
    "newsletters",
    "next-article",
    "next-post",
    "noprint",
    "onward",
    "outbrain",
    "overlay",
    "pager",
    "pagination",
    "partner-links",
    "photo-credit",
    "player",
    "popular",
    "popup",
    "post-nav",
    "prev-next",
    "print-only",
    "printfriendly",
    "promo",
    "promobox",
    "promos",
    "promotion",
    "pullquote",
    "rating",
    "read-also",
    "read-more",
    "read-next",
    "readmore",
    "readnext",
    "rec",
    "recirc",
    "recirculation",
    "recommend",
    "recommendation",
    "recommendations",
    "recommended",
    "recs",
    "relate",
    "related",
    "relatedarticles",
    "relatedlinks",
    "relatedposts",
    "relatedstories",
    "see-also",
    "share",
    "sharebar",
    "sharedaddy",
    "shares",
    "sharetools",
    "sharing",
    "sidebar",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "skip",
    "social",
    "socialbar",
    "socialmedia",
    "socials",
    "sponsor",
    "sponsored",
    "sponsorship",
    "subscribe",
    "subscriber",
    "subscription",
    "taboola",
    "teads",
    "ticker",
    "toc",
    "toolbar",
    "tooltip",
    "trending",
    "tweet-this",
    "up-next",
    "video-playlist",
    "widget",
    "wp-caption",
    "you-may",
    "zergnet",
];

/// Words that name short pieces about the article. Sorted.
const LABEL: &[&str] = &[
    "article-date",
    "article-header",
    "article-info",
    "article-meta",
    "articlemeta",
    "author",
    "authors",
    "by-line",
    "byline",
    "bylines",
    "category",
    "contributor",
    "contributors",
    "date",
    "dateline",
    "datetime",
    "editor",
    "entry-footer",
    "entry-meta",
    "eyebrow",
    "filed-under",
    "kicker",
    "labels",
    "last-updated",
    "meta",
    "metadata",
    "post-date",
    "post-footer",
    "post-info",
    "post-meta",
    "posted",
    "posted-on",
    "postmeta",
    "pubdate",
    "publish-date",
    "published",
    "reading-time",
    "source",
    "tag",
    "taglist",
    "tags",
    "time",
    "timestamp",
    "topics",
    "updated",
    "views",
];

/// Words that name what only screen readers or printers show. Sorted.
const UNSEEN: &[&str] = &["a11y", "offscreen", "screen-reader", "sr-only", "visually-hidden", "visuallyhidden"];

/// Words that name the lead of an article. Sorted.
const LEAD: &[&str] = &["chapo", "deck", "dek", "intro", "lead", "standfirst", "strapline", "subheadline", "subtitle"];

struct Lists {
    automaton: AhoCorasick,
    senses: Vec<Sense>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let lists = [
        (Sense::Body, BODY),
        (Sense::Comments, COMMENTS),
        (Sense::Furniture, FURNITURE),
        (Sense::Label, LABEL),
        (Sense::Unseen, UNSEEN),
        (Sense::Lead, LEAD),
    ];
    let entries: Vec<(Sense, String)> =
        lists.iter().flat_map(|(sense, words)| words.iter().map(|word| (*sense, format!("-{word}-")))).collect();
    let automaton = AhoCorasick::new(entries.iter().map(|(_, word)| word)).expect("the lists of words fit an automaton");
    Lists { automaton, senses: entries.into_iter().map(|(sense, _)| sense).collect() }
});

/// What all words of one element say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Senses(u8);

impl Senses {
    /// Tells whether a word of this sense is among them.
    pub(super) fn has(self, sense: Sense) -> bool {
        self.0 & (1 << sense as u8) != 0
    }
}

/// Reads what the class, id and component names of an element say (the id of a heading is its words); `buffer` is lent so that nothing is allocated.
pub(super) fn senses(tree: &Tree<'_>, id: Id, buffer: &mut String) -> Senses {
    buffer.clear();
    let by_id = !tree.tag(id).is_heading();
    for attribute in tree.attributes(id) {
        let read = matches!(attribute.name, Name::Class | Name::Component) || (attribute.name == Name::Id && by_id);
        if read && attribute.value.len() <= 400 {
            for name in attribute.value.split_ascii_whitespace().filter(|name| !tells_of_others(name)) {
                push_words(name, buffer);
                buffer.push(' ');
            }
        }
    }
    let mut senses = Senses::default();
    if buffer.is_empty() {
        return senses;
    }
    for found in LISTS.automaton.find_overlapping_iter(buffer.as_str()) {
        senses.0 |= 1 << LISTS.senses[found.pattern().as_usize()] as u8;
    }
    senses
}

/// Tells whether a class says what an element has or lacks, as `has-sidebar` does, and not what it is.
fn tells_of_others(name: &str) -> bool {
    ["has-", "no-", "with-", "without-"].iter().any(|start| name.starts_with(start))
}

/// Writes a class name as its words in lower case, a dash before, between and after them.
fn push_words(name: &str, out: &mut String) {
    let mut previous = '-';
    out.push('-');
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            if previous != '-' {
                out.push('-');
            }
            previous = '-';
            continue;
        }
        if c.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
        previous = c;
    }
    if previous != '-' {
        out.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::parse::parse;

    #[test]
    fn words_are_told_apart_at_dashes_and_humps() {
        let cases = [
            ("article__related-links", Some(Sense::Furniture)),
            ("relatedLinks", Some(Sense::Furniture)),
            ("shareholder adrenaline unrelated", None),
            ("c-ArticleBody", Some(Sense::Body)),
            ("post_comments", Some(Sense::Comments)),
            ("has-social-tools with-sidebar no-ads", None),
        ];
        for (class, expected) in cases {
            let html = format!("<div class=\"{class}\">");
            let tree = parse(&html);
            let found = senses(&tree, 1, &mut String::new());
            for sense in [Sense::Body, Sense::Comments, Sense::Furniture, Sense::Label, Sense::Unseen] {
                assert_eq!(found.has(sense), expected == Some(sense), "{class}: {sense:?}");
            }
        }
    }

    #[test]
    fn the_lists_are_sorted_and_have_nothing_twice() {
        for list in [BODY, COMMENTS, FURNITURE, LABEL, UNSEEN, LEAD] {
            assert!(list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
    }
}
