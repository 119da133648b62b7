//! Which blocks of the main text are furniture all the same, by what they say: "Read more", "Share this", bylines, credits.

use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};

use super::blocks::{Block, Blocks, Kind};

/// Blocks longer than this are never dropped for what they say, in letters.
const LONGEST: u32 = 220;

/// The longest line, in letters, that ends an article.
const LONGEST_END: u32 = 120;

/// What the automaton of the patterns may grow to, in bytes.
const DFA_SIZE: usize = 16 << 20;

/// Patterns over a whole block in lower case: the block is furniture wherever it stands.
const ANYWHERE: &[&str] = &[
    r"^(?:advertise?ments?|ad|sponsored(?: content)?|promoted(?: content)?|paid content|publicidad|anzeige|publicité|werbung)[.:]?$",
    r"^(?:advertisement )?(?:story|article) continues (?:below|after)",
    r"^(?:read|see) more (?:from|about|on|of) .{1,60}$",
    r"^[(\[]?(?:image|photo|picture|graphic|video)s? (?:taken )?(?:from|by|via|courtesy).{0,100}$",
    r"^continue reading(?: the main story)?\b.{0,60}$",
    r"^(?:read|see|view|watch|listen|hear|learn|find out) (?:more|next|now|also|full (?:article|story))\b.{0,12}$",
    r"^(?:read|see|watch|listen to|also read|more|related|read also|read more|see also|also see|watch|video|photos?|gallery|in pictures|explore|don.t miss|recommended|further reading|recommended reading|learn more|and|plus|mehr zum thema|lesen sie auch|siehe auch|à lire aussi|lire aussi|leer también|ver también|leggi anche|lees ook)\s?(?:more|also|next|now)?\s?(?:on this|about this|here|stories|articles|coverage|content|news|links?|topics?)?\s?[:：>|»–-].{0,180}$",
    r"^(?:related|more|latest|top|most read|most popular|popular|trending|recommended|similar|editor.s picks?|you (?:may|might) (?:also )?(?:like|be interested in)|recommended for you|what to read next|more (?:from|on|in|about) .{1,60}|related (?:stories|articles|content|posts|topics|news|links|coverage|reading)|(?:top|latest|recent|more) (?:stories|news|articles|posts|videos|headlines))[:.]?$",
    r"^(?:please )?(?:share|tweet|pin|email|e-mail|print|save|like|follow|bookmark|copy link|comments?|reply|report|flag|subscribe|sign ?up|sign ?in|log ?in|register|donate|download|close|menu|search|home|next|previous|back|skip|play|pause|loading|teilen|drucken|partager|compartir)(?: (?:this|it|us|now|me|article|story|page|post|here|on|via|by|to|in|facebook|twitter|x|whatsapp|linkedin|reddit|email|link|the|with|your|friends?|free|today|for|our|newsletters?|comments?|top|all))*[.:!…]*$",
    r"^share (?:this|on|via|with|article|your)\b.{0,80}$",
    r"^(?:\d+ )?(?:comments?|shares?|likes?|views?|replies|min(?:ute)?s? read|min(?:ute)?s?)(?: so far)?$",
    r"^(?:click|tap|swipe) (?:here|through|on|to)\b.{0,120}$",
    r"^(?:view|show|see|hide|load|expand|open) (?:all|more|the|full|comments?|image|gallery|photos?|slideshow|caption|transcript)\b.{0,40}$",
    r"^(?:sign|signing) ?up (?:for|to|now|here|today)\b",
    r"^(?:subscribe|register|log in|sign in) (?:to|for|now|here|today|with|and)\b",
    r"^(?:get|want|receive) .{0,60}(?:newsletters?|in your inbox|to your inbox|alerts|daily (?:email|briefing))",
    r"^(?:follow|like|find|join) (?:us|me|him|her|them|@\w+|the \w+|\w+ \w+|\w+) on (?:twitter|facebook|instagram|google|linkedin|youtube|telegram|whatsapp|x|threads|mastodon|bluesky)\b",
    r"^follow @?\w+(?: @?\w+)? (?:on|at)\b.{0,80}$",
    r"^download (?:the|our) .{0,60}\bapp\b",
    r"^(?:photo|photograph|image|picture|video|illustration|graphic|credit|source|foto|bild|quelle)s?(?: credits?| courtesy(?: of)?| by| source| caption)?\s?[:：/|].{0,140}$",
    r"^(?:photo|photograph|image|illustration|picture|video|graphic)s? (?:by|credits?|courtesy|from|via)\b.{0,100}$",
    r"^.{0,100}\b(?:getty images|shutterstock|istock|afp|reuters|ap photo|epa|pa wire|bloomberg)(?:[/,|].{0,40})?\)?$",
    r"^\(?(?:ap|afp|reuters|getty|epa|image|photo)(?: photo| images?)?[/:].{0,80}\)?$",
    r"^image (?:caption|source|copyright)\b",
    r"^(?:media playback is|this video (?:can not|cannot)|your browser does not|please enable javascript|javascript (?:is|must)|to use comments)\b",
    r"^(?:©|\(c\)|copyright)\b.{0,200}$",
    r"^.{0,120}\ball rights reserved\b.{0,60}$",
    r"^this (?:material|content|site) may not be (?:published|reproduced)\b",
    r"^(?:tags?|topics?|filed under|filed to|categor(?:y|ies)|labels?|keywords|posted in|in this (?:story|article)|schlagwörter|themen|mots-clés|etiquetas)\s?:.{0,200}$",
    r"^(?:print|email|comment|share|facebook|twitter|pinterest|linkedin|reddit|whatsapp|telegram|google\+?|messenger|flipboard|pocket|instapaper|copy link|x|e-mail|mail|link|save|more|tumblr)(?:[\s,|·•/]+(?:print|email|comment|share|facebook|twitter|pinterest|linkedin|reddit|whatsapp|telegram|google\+?|messenger|flipboard|pocket|instapaper|copy link|x|e-mail|mail|link|save|more|tumblr))*$",
    r"^(?:a post shared by|view this post on|ein beitrag geteilt von|sieh dir diesen beitrag|une publication partagée par|una publicación compartida (?:de|por)|un post condiviso da) .{1,120}$",
    r"^(?:weiterlesen|lire la suite|seguir leyendo|continua a leggere)\b.{0,12}$",
    r"^we use cookies\b",
    r"^powered by \S+(?: \S+){0,3}$",
    r"^by (?:signing up|subscribing|clicking|submitting|continuing|registering)\b",
    r"^(?:your|my) (?:email|e-mail)(?: address)?\b.{0,80}$",
    r"^(?:thank you|thanks) for (?:subscribing|signing up|reading|visiting)\b.{0,60}$",
    r"^[\d\s.,:;|/·•–—*#_=+~<>()\[\]-]*$",
];

/// Patterns over a whole block in lower case that is furniture only before the first or after the last sentence.
const AT_THE_EDGES: &[&str] = &[
    r"^(?:written |posted |published |edited |reporting |story |text |words |photos? )*by:? .{2,100}$",
    r"^(?:von|par|por|door|di|av|af) [\p{L}.\s-]{3,60}$",
    r"^(?:first |last |originally )?(?:published|posted|updated|modified|created|added|issued|date|time|on)\b:? .{0,90}$",
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? .{0,40}\d{2,4}.{0,30}$",
    r"^(?:updated )?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}.{0,50}$",
    r"^\d{1,2}[ ./-](?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|\d{1,2})[a-z]*\.?[ ,./-]*\d{2,4}.{0,50}$",
    r"^\d{1,2}:\d{2}.{0,40}$",
    r"^\d+ (?:minutes?|hours?|days?|weeks?|months?|years?) ago.{0,20}$",
    r"^\d+ ?min(?:ute)?s?\.? (?:read|to read).{0,20}$",
    r"^(?:contact|reach|email|e-mail|write to) (?:the (?:author|reporter|writer|editor)|me|us|him|her|them|\w+ \w+) (?:at|on|via)\b.{0,150}$",
    r"^(?:reporting|editing|writing|additional reporting|compiled) by\b.{0,200}$",
    r"^(?:about the author|author|correction|source|sources|via|image|photo|video)s?:?.{0,60}$",
    r"^(?:have|got) (?:a|any) (?:tip|story|question|news tip|comment|feedback)s?\b.{0,200}$",
    r"^(?:do you have|let us know|tell us|what do you think|join the (?:conversation|discussion)|leave a (?:comment|reply))\b.{0,200}$",
    r"^this (?:article|story|post|piece)(?: was| is| has been)? (?:originally |first )?(?:appeared|published|syndicated|republished|produced|tagged|filed)\b.{0,200}$",
    r"^.{0,40}\bfirst published .{0,60}$",
    r"^.{0,30}\bthis (?:article|story|post|report) (?:was|has been) (?:last )?(?:updated|corrected|amended|modified)\b.{0,200}$",
    r"^(?:updates?|corrections?|clarifications?)(?: at .{1,30})?:?$",
    r"^[\w.+-]+@[\w.-]+\.\w+$",
    r"^(?:twitter|@)[:\s]?@?\w{2,30}$",
    r"^(?:associated press|the associated press|reuters|afp|ap|bloomberg|dpa|staff (?:writer|reporter)|\w+ news)$",
];

/// Patterns over a short line in lower case after which nothing of the article comes any more.
const ENDS: &[&str] = &[
    r"^about the authors?:?$",
    r"^(?:further|recommended|suggested|related) reading:?$",
    r"^(?:related|recommended|similar|more|other|latest|popular) (?:articles|stories|posts|news|content|coverage)(?: (?:from|on|about) .{1,40})?:?$",
    r"^(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|more like this|more from .{1,40}|what to read next):?$",
    r"^(?:\d+ )?(?:comments|responses|replies|thoughts on .{1,100})(?: \(\d+\))?:?$",
    r"^(?:leave a (?:comment|reply)|join the (?:conversation|discussion)|post a comment|share your thoughts)\b.{0,40}$",
];

static END: LazyLock<RegexSet> = LazyLock::new(|| set(ENDS));
static FURNITURE: LazyLock<RegexSet> = LazyLock::new(|| set(ANYWHERE));
static EDGE: LazyLock<RegexSet> = LazyLock::new(|| set(AT_THE_EDGES));
static SENTENCE_END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"[.!?…。]["”’')\]»]*$"#).expect("a pattern of ours"));

/// Compiles patterns. Word boundaries are those of ASCII: with others the fast engine gives up at the first letter beyond it.
fn set(patterns: &[&str]) -> RegexSet {
    let patterns = patterns.iter().map(|pattern| pattern.replace(r"\b", r"(?-u:\b)"));
    RegexSetBuilder::new(patterns).dfa_size_limit(DFA_SIZE).build().expect("the patterns of this file are right")
}

/// Tells whether a block is furniture wherever in the text it stands.
pub(super) fn is_furniture(blocks: &Blocks, block: &Block) -> bool {
    block.letters <= LONGEST && FURNITURE.is_match(&blocks.text(block).to_lowercase())
}

/// Tells whether a block says that the article has ended before it.
pub(super) fn is_end(blocks: &Blocks, block: &Block) -> bool {
    block.letters <= LONGEST_END && END.is_match(&blocks.text(block).to_lowercase())
}

/// Tells whether a block is furniture where it stands before the first or after the last sentence of the text.
pub(super) fn is_edge_furniture(blocks: &Blocks, block: &Block) -> bool {
    block.letters <= LONGEST && EDGE.is_match(&blocks.text(block).to_lowercase())
}

/// Tells whether a text says that it is furniture, at least at the edges of an article.
pub(super) fn says_furniture(text: &str) -> bool {
    let text = text.to_lowercase();
    FURNITURE.is_match(&text) || EDGE.is_match(&text)
}

/// Tells whether a block is mostly a link that stands alone: a pointer to another article.
pub(super) fn is_pointer(blocks: &Blocks, block: &Block) -> bool {
    let most = match block.kind {
        Kind::Heading | Kind::Row => 0.9,
        Kind::Item => 0.75,
        _ => 0.8,
    };
    block.letters <= LONGEST && block.link_share() > most && !(block.own() > 0 && ends_as_sentence(blocks.text(block)))
}

/// Tells whether a text ends as a sentence does.
pub(super) fn ends_as_sentence(text: &str) -> bool {
    SENTENCE_END.is_match(text)
}
