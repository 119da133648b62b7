//! The language of an article: what the page says, confirmed or overruled by its text.

use whatlang::Lang;

use super::tag::Tag;
use super::tree::{Name, Tree};

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 800;

/// Letters below which a text tells no language for certain.
const LEAST: usize = 120;

/// The languages that can be told by their text, with their ISO 639-1 codes.
#[rustfmt::skip]
const CODES: &[(Lang, &str)] = &[
    (Lang::Epo, "eo"), (Lang::Eng, "en"), (Lang::Rus, "ru"), (Lang::Cmn, "zh"), (Lang::Spa, "es"), (Lang::Por, "pt"),
    (Lang::Ita, "it"), (Lang::Ben, "bn"), (Lang::Fra, "fr"), (Lang::Deu, "de"), (Lang::Ukr, "uk"), (Lang::Kat, "ka"),
    (Lang::Ara, "ar"), (Lang::Hin, "hi"), (Lang::Jpn, "ja"), (Lang::Heb, "he"), (Lang::Yid, "yi"), (Lang::Pol, "pl"),
    (Lang::Amh, "am"), (Lang::Jav, "jv"), (Lang::Kor, "ko"), (Lang::Nob, "no"), (Lang::Dan, "da"), (Lang::Swe, "sv"),
    (Lang::Fin, "fi"), (Lang::Tur, "tr"), (Lang::Nld, "nl"), (Lang::Hun, "hu"), (Lang::Ces, "cs"), (Lang::Ell, "el"),
    (Lang::Bul, "bg"), (Lang::Bel, "be"), (Lang::Mar, "mr"), (Lang::Kan, "kn"), (Lang::Ron, "ro"), (Lang::Slv, "sl"),
    (Lang::Hrv, "hr"), (Lang::Srp, "sr"), (Lang::Mkd, "mk"), (Lang::Lit, "lt"), (Lang::Lav, "lv"), (Lang::Est, "et"),
    (Lang::Tam, "ta"), (Lang::Vie, "vi"), (Lang::Urd, "ur"), (Lang::Tha, "th"), (Lang::Guj, "gu"), (Lang::Uzb, "uz"),
    (Lang::Pan, "pa"), (Lang::Aze, "az"), (Lang::Ind, "id"), (Lang::Tel, "te"), (Lang::Pes, "fa"), (Lang::Mal, "ml"),
    (Lang::Ori, "or"), (Lang::Mya, "my"), (Lang::Nep, "ne"), (Lang::Sin, "si"), (Lang::Khm, "km"), (Lang::Tuk, "tk"),
    (Lang::Aka, "ak"), (Lang::Zul, "zu"), (Lang::Sna, "sn"), (Lang::Afr, "af"), (Lang::Lat, "la"), (Lang::Slk, "sk"),
    (Lang::Cat, "ca"), (Lang::Tgl, "tl"), (Lang::Hye, "hy"),
];

/// Returns the ISO 639-1 code of an article's language, "und" if neither page nor text tells.
pub(super) fn of(tree: &Tree<'_>, text: &str) -> String {
    decide(said(tree), text)
}

/// Returns the ISO 639-1 code of a text's language, "und" if it does not tell.
pub fn of_text(text: &str) -> String {
    decide(None, text)
}

/// The commonest words of English.
const ENGLISH: &[&str] =
    &["a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "said", "that", "the", "to", "was", "with"];

/// The share of those among the words of a text from which on it is English.
const ENOUGH_ENGLISH: f32 = 0.2;

/// Tells whether a text is English beyond doubt, which most are: much cheaper than comparing it with every language.
fn is_plainly_english(text: &str) -> bool {
    let words = text.split_ascii_whitespace().take(150);
    let (mut all, mut common, mut articles) = (0, 0, 0);
    for word in words {
        all += 1;
        common += usize::from(ENGLISH.contains(&word));
        articles += usize::from(word == "the");
    }
    all >= 40 && articles >= 3 && common as f32 >= ENOUGH_ENGLISH * all as f32
}

/// Returns the code of a text's language, given what is said of it.
fn decide(said: Option<String>, text: &str) -> String {
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = &text[..end];
    if is_plainly_english(part) {
        return "en".to_owned();
    }
    let found = whatlang::detect(part).filter(|info| info.is_reliable() && part.len() >= LEAST);
    let found = found.and_then(|info| CODES.iter().find(|(lang, _)| *lang == info.lang()));
    match (found, said) {
        (Some((_, code)), _) => (*code).to_owned(),
        (None, Some(said)) => said,
        (None, None) => "und".to_owned(),
    }
}

/// Returns the language that the page's root element names.
fn said(tree: &Tree<'_>) -> Option<String> {
    let named = tree.all(Tag::Html).skip(1).chain(tree.all(Tag::Body)).find_map(|id| tree.raw(id, Name::Lang))?;
    let code = named.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    let code = match code.as_str() {
        "nb" | "nn" => "no".to_owned(),
        _ => code,
    };
    (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(code)
}
