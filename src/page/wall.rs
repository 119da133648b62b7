//! Pages that are no article: what stands in an article's place, told by its words.

use std::sync::LazyLock;

use regex::RegexSet;

use super::decode;
use super::jsonld::Sorts;
use super::tag::Tag;
use super::tree::Tree;
use crate::model::article::NotAnArticle;

/// Letters below which a text is no article, whatever it says.
const LEAST: usize = 100;

/// Letters from which on a text is an article even if its title is that of a wall.
const ENOUGH: usize = 1200;

/// Letters below which a text that only subscribers may read whole is a teaser.
const TEASER: usize = 600;

const MISSING: &[&str] = &[
    r"\b(?:page|article|story|content|document|file|url|post) (?:was |is |could |can )?(?:not|no longer|n't)(?: be)? (?:found|available|exist|here)",
    r"\b(?:page|article|story) you (?:requested|are looking for|were looking for|tried to)",
    r"^(?:error )?(?:404|410)\b",
    r"\b(?:error|http) (?:404|410)\b",
    r"\bnot found$",
    r"^not found\b",
    r"^(?:oops|whoops|sorry|uh.oh)\b.{0,80}(?:not|n't|gone|missing|lost|error)",
    r"this (?:page|article|story) (?:does not|doesn't|no longer) exist",
    r"\bseite (?:wurde )?nicht gefunden\b",
    r"\bpage (?:introuvable|non trouvée)\b",
    r"\bpágina no (?:encontrada|existe)\b",
    r"\bpagina non trovata\b",
    r"\bpagina niet gevonden\b",
];

const WALL: &[&str] = &[
    r"^just a moment",
    r"^attention required",
    r"^access (?:denied|to this page|blocked|restricted)",
    r"^(?:403|401)\b",
    r"^forbidden$",
    r"^(?:are you|robot or|verify (?:that )?you are)\b.{0,20}\b(?:robot|human)",
    r"\bbefore (?:you continue|continuing|proceeding)\b",
    r"^(?:please )?(?:verify|verifying|confirm) (?:that )?you(?:'re| are)? (?:are )?(?:a |not a )?(?:human|robot)",
    r"^(?:security|browser|human|bot) (?:check|verification|challenge)",
    r"^checking (?:your|if the site)",
    r"^pardon our interruption",
    r"\bddos.guard\b",
    r"^(?:log|sign) ?in\b",
    r"^(?:login|anmelden|anmeldung|connexion|iniciar sesión)$",
    r"^(?:cookie|privacy|consent|datenschutz).{0,20}(?:settings|policy|preferences|notice|wall|einstellungen)",
    r"^we (?:value|care about) your privacy",
    r"^your privacy (?:choices|matters)",
    r"^one more step",
    r"^unusual (?:traffic|activity)",
    r"^captcha\b",
];

const WALL_TEXT: &[&str] = &[
    r"enable javascript and (?:cookies|disable)",
    r"complete the (?:captcha|security check)",
    r"checking (?:your browser|if the site connection is secure)",
    r"unusual (?:traffic|activity) from your",
    r"we (?:and our partners )?use cookies",
    r"please (?:enable|turn on) (?:javascript|cookies)",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"accept (?:all )?cookies",
];

const PAYWALL_TEXT: &[&str] = &[
    r"subscribe (?:now )?to (?:continue|keep|read|unlock|access|get full)",
    r"(?:to continue|continue) reading,? (?:this (?:article|story),? )?(?:please )?(?:subscribe|log|sign|register|become)",
    r"already (?:a subscriber|have an account|subscribed)",
    r"this (?:article|story|content) is (?:only )?(?:for|reserved for|exclusive to|available to) (?:our )?(?:\w+ )?(?:subscribers|members)",
    r"(?:subscribers|members)[ -]only (?:article|content|story)",
    r"(?:log|sign) in or (?:subscribe|register) to (?:continue|read)",
    r"you have (?:reached|used) (?:your|all)",
    r"unlock this article",
    r"weiterlesen mit|jetzt abonnieren|nur für abonnenten",
    r"réservé aux abonnés|article réservé",
];

/// Titles of pages that go on changing.
const LIVE: &[&str] =
    &[r"\blive ?blog\b", r"\blive (?:updates|coverage|ticker)\b", r"\bas it happened\b", r"[–—:|-] live$", r"\bliveticker\b"];

/// Paths of pages that list others.
const LISTING: &[&str] = &[
    r"^/?$",
    r"^/(?:[a-z]{2}/)?(?:archives?|authors?|categor(?:y|ies)|search|sections?|tags?|topics?)(?:/[^/]+){0,2}/?$",
    r"/page/\d+/?$",
];

/// From so many times on, a page whose title says so is a live blog.
const LIVE_TIMES: usize = 6;

/// From so many headings that are links on, a page at such a path, or that says so, lists others.
const LINKED_HEADINGS: usize = 5;

fn set(patterns: &[&str]) -> RegexSet {
    RegexSet::new(patterns).expect("the patterns of this file are right")
}

static MISSING_SET: LazyLock<RegexSet> = LazyLock::new(|| set(MISSING));
static WALL_SET: LazyLock<RegexSet> = LazyLock::new(|| set(WALL));
static WALL_TEXT_SET: LazyLock<RegexSet> = LazyLock::new(|| set(WALL_TEXT));
static LIVE_SET: LazyLock<RegexSet> = LazyLock::new(|| set(LIVE));
static LISTING_SET: LazyLock<RegexSet> = LazyLock::new(|| set(LISTING));
static PAYWALL_SET: LazyLock<RegexSet> = LazyLock::new(|| set(PAYWALL_TEXT));

/// What is known of a page when it is judged.
pub(super) struct Judged<'a> {
    /// The title that was read.
    pub(super) title: &'a str,
    /// The main text that was read.
    pub(super) text: &'a str,
    /// Whether the page says that all may read it.
    pub(super) free: Option<bool>,
    /// What sorts of things the page says that it is.
    pub(super) sorts: Sorts,
    /// Its Open Graph type, such as "article"; empty where it gives none.
    pub(super) og_type: &'a str,
    /// The path of its address; empty where that is not known.
    pub(super) path: &'a str,
    /// Its elements.
    pub(super) tree: &'a Tree<'a>,
    /// Returns all the words of the page, asked for only where the text is short.
    pub(super) all_words: &'a dyn Fn() -> String,
}

/// Returns why a page is no article; None if it is one.
pub(super) fn judge(page: &Judged<'_>) -> Option<NotAnArticle> {
    let letters = page.text.chars().filter(|c| !c.is_whitespace()).count();
    if let Some(why) = other_sort(page, letters) {
        return Some(why);
    }
    if letters >= ENOUGH {
        return None;
    }
    let title = page.title.to_lowercase();
    let all = (page.all_words)().to_lowercase();
    if MISSING_SET.is_match(&title) || (letters < LEAST && MISSING_SET.is_match(&all)) {
        return Some(NotAnArticle::Missing);
    }
    if WALL_SET.is_match(&title) || (letters < TEASER && WALL_TEXT_SET.is_match(&page.text.to_lowercase())) {
        return Some(NotAnArticle::Wall);
    }
    if letters < TEASER && (page.free == Some(false) || PAYWALL_SET.is_match(&all)) {
        return Some(NotAnArticle::Paywall);
    }
    if letters < LEAST {
        return Some(if WALL_TEXT_SET.is_match(&all) { NotAnArticle::Wall } else { NotAnArticle::NoText });
    }
    None
}

/// Returns what a page is that holds text but is no article: a live blog, a list, a video.
fn other_sort(page: &Judged<'_>, letters: usize) -> Option<NotAnArticle> {
    let Sorts { article, live, video, list } = page.sorts;
    let says_live = || LIVE_SET.is_match(&page.title.to_lowercase()) && page.tree.all(Tag::Time).nth(LIVE_TIMES - 1).is_some();
    if live || says_live() {
        return Some(NotAnArticle::LiveBlog);
    }
    if article || page.og_type == "article" {
        return None;
    }
    let listed_at = || !page.path.is_empty() && LISTING_SET.is_match(&page.path.to_lowercase());
    if (list || listed_at()) && linked_headings(page.tree) >= LINKED_HEADINGS {
        return Some(NotAnArticle::List);
    }
    ((video || page.og_type.starts_with("video")) && letters < ENOUGH).then_some(NotAnArticle::Video)
}

/// Returns how many of the first headings hold a link or stand in one.
fn linked_headings(tree: &Tree<'_>) -> usize {
    const LOOKED_AT: usize = 200;
    let headings = (0..tree.nodes.len()).filter(|id| tree.tag(*id).is_heading()).take(LOOKED_AT);
    let is_link = |id: usize| tree.tag(id) == Tag::A;
    headings.filter(|id| tree.range(*id).any(is_link) || tree.ancestors(*id, 3).any(is_link)).count()
}

/// Returns what a body is that is neither HTML nor text, by its header and by its first bytes.
pub(super) fn not_html(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let said = content_type.unwrap_or("").split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let known: [(&[u8], &str); 11] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"RIFF", "audio or video"),
        (b"ID3", "audio/mpeg"),
        (b"\x00\x00\x00", "video/mp4"),
        (b"OggS", "audio/ogg"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, kind)) = known.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some((*kind).to_owned());
    }
    let foreign = ["image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/json"];
    let looks_like_html = || {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).trim_start().to_ascii_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    };
    if foreign.iter().any(|kind| said.starts_with(kind)) && !looks_like_html() {
        return Some(said);
    }
    let utf16 = decode::is_utf16(bytes);
    let start = &bytes[..bytes.len().min(1024)];
    let nuls = start.iter().filter(|byte| **byte == 0).count();
    (!utf16 && nuls * 10 > start.len()).then(|| if said.is_empty() { "application/octet-stream".to_owned() } else { said })
}
