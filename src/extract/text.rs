//! A text becomes sentences and tokens: spans into it, and what the rules know of each word.

use std::ops::Range;

use crate::base::span::Span;
use crate::base::token::{self, Shape};
use crate::rules::Rules;
use crate::rules::lexicon::Word;

/// The most tokens that one sentence may have; a longer one is cut, so that work per sentence is bounded.
const LONGEST_SENTENCE: usize = 160;

/// A text cut into tokens and sentences. The title, where there is one, comes first.
#[derive(Debug)]
pub struct Text<'t> {
    /// All tokens, in order.
    pub tokens: Vec<Token<'t>>,
    /// All sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Title and body in small letters, and how long the title is in bytes and tokens.
    small: String,
    title: (usize, usize),
}

/// A word, number or mark.
#[derive(Clone, Copy, Debug)]
pub struct Token<'t> {
    /// Its characters.
    pub raw: &'t str,
    /// Where it stands, in the title or in the body.
    pub span: Span,
    /// What the rules know of it.
    pub word: &'t Word,
    /// How it is written.
    pub shape: Shape,
}

impl Token<'_> {
    /// Tells whether it is written as names are.
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Mixed)
    }
}

/// A sentence, headline or list entry.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The paragraph that it is in, from 0; the title is none of them.
    pub paragraph: usize,
    /// Whether it is the title's.
    pub in_title: bool,
    /// Whether nearly every long word is written large, so that capitals say nothing.
    pub title_case: bool,
}

impl<'t> Text<'t> {
    /// Cuts a title and a body.
    pub fn read(title: &'t str, body: &'t str, rules: &'t Rules) -> Text<'t> {
        let mut small = String::with_capacity(title.len() + body.len());
        token::push_small(title, &mut small);
        token::push_small(body, &mut small);
        let mut text = Text { tokens: Vec::with_capacity(body.len() / 5), sentences: Vec::new(), small, title: (title.len(), 0) };
        let mut scanner = Scanner { rules, folded: String::new() };
        scanner.lines(title, true, &mut text);
        text.title.1 = text.tokens.len();
        scanner.lines(body, false, &mut text);
        text
    }

    /// Returns a token in small letters, by its number.
    pub fn small(&self, at: usize) -> &str {
        let (length, tokens) = self.title;
        let offset = if at < tokens { 0 } else { length };
        let span = self.tokens[at].span;
        &self.small[offset + span.start..offset + span.end]
    }

    /// Returns the tokens of a sentence.
    pub fn of(&self, sentence: &Sentence) -> &[Token<'t>] {
        &self.tokens[sentence.tokens.clone()]
    }
}

struct Scanner<'t> {
    rules: &'t Rules,
    folded: String,
}

impl<'t> Scanner<'t> {
    fn lines(&mut self, source: &'t str, in_title: bool, text: &mut Text<'t>) {
        let shift = if in_title { 0 } else { text.title.0 };
        let mut start = 0;
        let mut paragraph = 0;
        for line in source.split('\n') {
            let from = text.tokens.len();
            let small = &text.small[shift + start..shift + start + line.len()];
            self.tokens(line, small, start, &mut text.tokens);
            self.sentences(text, from, paragraph, in_title);
            paragraph += usize::from(text.tokens.len() > from);
            start += line.len() + 1;
        }
    }

    /// Adds the tokens of a line that begins at byte `offset`; `small` is the line in small letters.
    fn tokens(&mut self, line: &'t str, small: &str, offset: usize, tokens: &mut Vec<Token<'t>>) {
        token::tokens(line, |raw, span, shape| {
            let of_plural = matches!(raw, "'" | "’") && line[..span.start].ends_with('s');
            let word = if of_plural { self.rules.lexicon.look_up("'s") } else { self.look_up(raw, span.slice(small)) };
            if let Some(length) = relating_prefix(raw).filter(|_| word.id == 0) {
                for (part, shape) in [(0..length, Shape::Lower), (length + 1..raw.len(), token::shape(&raw[length + 1..]))] {
                    let span = Span::new(span.start + part.start, span.start + part.end);
                    let word = self.look_up(&raw[part.clone()], span.slice(small));
                    tokens.push(Token { raw: &raw[part], span: Span::new(offset + span.start, offset + span.end), word, shape });
                }
                return;
            }
            tokens.push(Token { raw, span: Span::new(offset + span.start, offset + span.end), word, shape });
        });
    }

    fn look_up(&mut self, raw: &str, small: &str) -> &'t Word {
        if raw.is_ascii() {
            return self.rules.lexicon.look_up(small);
        }
        token::fold_token(raw, &mut self.folded);
        self.rules.lexicon.look_up(&self.folded)
    }

    /// Cuts the tokens from `from` on into sentences.
    fn sentences(&mut self, text: &mut Text<'_>, from: usize, paragraph: usize, in_title: bool) {
        let mut start = from;
        let mut at = from;
        while at < text.tokens.len() {
            at += 1;
            let cut = at - start >= LONGEST_SENTENCE;
            if !cut && !self.ends(&text.tokens[from..], at - 1 - from) {
                continue;
            }
            while at < text.tokens.len() && matches!(text.tokens[at].raw, "\"" | "”" | "’" | ")") {
                at += 1;
            }
            self.push(text, start..at, paragraph, in_title);
            start = at;
        }
        if start < text.tokens.len() {
            let end = text.tokens.len();
            self.push(text, start..end, paragraph, in_title);
        }
    }

    fn push(&self, text: &mut Text<'_>, tokens: Range<usize>, paragraph: usize, in_title: bool) {
        let title_case = is_title_case(&text.tokens[tokens.clone()]);
        text.sentences.push(Sentence { tokens, paragraph, in_title, title_case });
    }

    /// Tells whether a sentence ends with this token of a line.
    fn ends(&self, line: &[Token<'_>], at: usize) -> bool {
        let next = line.get(at + 1);
        match line[at].raw {
            "!" | "?" | "…" => next.is_none_or(|next| next.is_capital() || next.shape != Shape::Lower),
            "." => {
                let abbreviated = at > 0 && line[at - 1].word.classes & self.rules.class.abbreviation != 0;
                let initial = at > 0 && line[at - 1].raw.len() == 1 && line[at - 1].shape == Shape::Capital;
                let goes_on = next.is_some_and(|next| next.raw == "." || next.shape == Shape::Lower);
                !abbreviated && !initial && !goes_on || next.is_none()
            }
            // "U.S." and "Inc." may end a sentence: they do if a word that is no name follows it written large.
            raw if raw.ends_with('.') => {
                next.is_some_and(|next| next.shape == Shape::Capital && next.word.classes & self.rules.class.english != 0)
            }
            _ => false,
        }
    }
}

/// Returns the length of a prefix that says how somebody stands to the name behind its hyphen: "ex-Sega", "pro-Ukrainian".
fn relating_prefix(raw: &str) -> Option<usize> {
    const PREFIXES: [&str; 8] = ["anti", "ex", "mid", "non", "post", "pre", "pro", "then"];
    let (prefix, name) = raw.split_once('-')?;
    let relates = PREFIXES.iter().any(|known| prefix.eq_ignore_ascii_case(known));
    (relates && name.starts_with(char::is_uppercase)).then_some(prefix.len())
}

/// Tells whether at least four fifths of the words of four letters and more begin with a capital; a short sentence has none.
fn is_title_case(tokens: &[Token<'_>]) -> bool {
    let long =
        tokens.iter().filter(|token| token.raw.len() >= 4 && matches!(token.shape, Shape::Lower | Shape::Capital | Shape::Upper));
    let (mut large, mut all) = (0, 0);
    for token in long {
        all += 1;
        large += usize::from(token.shape != Shape::Lower);
    }
    all >= 4 && large * 5 >= all * 4
}
