//! Whose word a figure is: by who says so in its sentence, the victim or authorities, or the attackers.
//!
//! This is no parse. A verb of saying counts where the figure stands in what is said, a doubted or denied figure is nobody's word, and
//! where it is not plain who speaks, nobody's word is told.

mod words;

use std::ops::Range;

use crate::model::report::Speaker;
use crate::rules::mention;

use super::super::figures::Count;
use super::super::links::Links;
use super::super::reports::Reading;
use super::super::units::Line;
use words::{AUTHORITIES, BREAKS, CLAIMS, DOUBTS, FILINGS, MARKS, NOT, OUTSIDERS, PAPERS, SAYS, VERBAL, VOICES};

/// How many units before or behind a figure the verb of saying may stand.
const REACH: usize = 30;

/// How many units a speaker behind the figure may take: ", a spokesperson for the company's owner said".
const LONGEST: usize = 9;

/// Says whose word a count is, as one of a victim, by its number.
pub fn of(count: &Count, victim: usize, links: &Links<'_, '_>, reading: &Reading<'_, '_>) -> Speaker {
    let line = &reading.lines[count.sentence];
    let unit = line.pieces.iter().position(|piece| piece.tokens.contains(&count.tokens.start));
    let hearing = Hearing { sentence: count.sentence, line, victim, links, reading };
    unit.map_or(Speaker::Untold, |unit| hearing.speaker(unit))
}

/// One sentence, listened to on behalf of one victim.
struct Hearing<'h, 'r, 't> {
    sentence: usize,
    line: &'h Line,
    victim: usize,
    links: &'h Links<'r, 't>,
    reading: &'h Reading<'r, 't>,
}

impl Hearing<'_, '_, '_> {
    fn speaker(&self, unit: usize) -> Speaker {
        match self.before(unit) {
            Said::By(speaker) => speaker,
            Said::Doubted => Speaker::Untold,
            Said::Nothing => {
                let told = self.behind(unit).or_else(|| self.according_to()).or_else(|| self.filed());
                told.unwrap_or_default()
            }
        }
    }

    /// Looks for who says it before the figure: "the company said that …", "the group claims to have stolen …".
    fn before(&self, unit: usize) -> Said {
        for at in (unit.saturating_sub(REACH)..unit).rev() {
            let word = self.word(at);
            if self.is_crook(at) && at > 0 && matches!(self.word(at - 1), "," | "and") {
                return Said::Nothing; // "…, and hackers took": another clause, of the author's
            }
            if self.line.units[at].kinds != 0 {
                continue;
            }
            if DOUBTS.binary_search(&word).is_ok() {
                return Said::Doubted;
            }
            if BREAKS.contains(&word) {
                return Said::Nothing;
            }
            let claims = CLAIMS.binary_search(&word).is_ok();
            if claims && self.is_noun(at) {
                let attackers = (at.saturating_sub(3)..unit).any(|at| self.is_crook(at));
                return if attackers { Said::By(Speaker::Attacker) } else { Said::Doubted };
            }
            if claims || SAYS.binary_search(&word).is_ok() {
                return self.said(at, claims);
            }
        }
        Said::Nothing
    }

    /// Says whose word it is that a verb of saying introduces.
    fn said(&self, verb: usize, claims: bool) -> Said {
        let next = self.word(verb + 1);
        if matches!(next, "responsibility" | "credit") {
            return Said::Nothing;
        }
        let not = |at: usize| NOT.contains(&self.word(at));
        if (verb.saturating_sub(4)..verb).any(not) || matches!(next, "whether" | "how" | "if") {
            return Said::Doubted;
        }
        if !self.is_active(verb) {
            return Said::Nothing;
        }
        match self.subject(verb) {
            Some(speaker) => Said::By(speaker),
            None if claims && next == "to" => Said::By(Speaker::Attacker),
            None => Said::Nothing,
        }
    }

    /// Looks for who says it behind the figure: "…, the company said on Monday", "…, said the company".
    fn behind(&self, unit: usize) -> Option<Speaker> {
        (unit + 1..self.line.units.len().min(unit + REACH)).find_map(|verb| {
            let word = self.word(verb);
            let says = SAYS.binary_search(&word).is_ok() || CLAIMS.binary_search(&word).is_ok();
            if self.line.units[verb].kinds != 0 || !says || !self.is_active(verb) {
                return None;
            }
            let aside = (unit..verb).rev().take(LONGEST + 1).find(|at| self.is_mark(*at)).filter(|at| *at > unit)?;
            let who = if aside + 1 == verb { verb + 1..self.end(verb + 1) } else { aside + 1..verb };
            let ends = aside + 1 == verb || self.ends_saying(verb + 1 + usize::from(matches!(word, "told" | "tells")));
            self.who(who).filter(|_| ends)
        })
    }

    /// Looks for "according to …", on either side.
    fn according_to(&self) -> Option<Speaker> {
        let at = (1..self.line.units.len()).find(|&at| self.word(at - 1) == "according" && self.word(at) == "to")?;
        self.who(at + 1..self.end(at + 1))
    }

    /// Looks for "in a filing with …" and the like.
    fn filed(&self) -> Option<Speaker> {
        let leads = |at: usize| matches!(self.word(at), "in" | "per" | "via" | "through" | "on");
        let filed = |at: usize| FILINGS.contains(&self.word(at)) && (at.saturating_sub(5)..at).any(leads);
        let attackers = (0..self.line.units.len()).any(|at| self.is_crook(at));
        (!attackers && (0..self.line.units.len()).any(filed)).then_some(Speaker::Official)
    }

    /// Says whose word it is that the speaker named in some units gives; None where that is not plain.
    fn who(&self, units: Range<usize>) -> Option<Speaker> {
        if units.clone().any(|at| self.is_crook(at)) {
            return Some(Speaker::Attacker);
        }
        let one_of = |words: &[&str]| self.words(units.clone()).any(|word| words.binary_search(&word).is_ok());
        let me = units.clone().any(|at| self.is_victim(at));
        let others = self.names_other(units.clone());
        if one_of(&OUTSIDERS) {
            return None;
        }
        let general =
            self.words(units.clone()).zip(self.words(units.clone()).skip(1)).any(|pair| pair == ("attorney", "general"));
        let official = me || general || one_of(&AUTHORITIES) || one_of(&PAPERS) || one_of(&VOICES) && !others;
        (official || units.clone().any(|at| matches!(self.word(at), "it" | "we")) && self.goes_on(units.start))
            .then_some(Speaker::Official)
    }

    /// Tells whether some units name another body than the victim.
    fn names_other(&self, mut units: Range<usize>) -> bool {
        units.any(|at| self.line.units[at].kinds & mention::TARGET != 0 && !self.is_victim(at))
    }

    /// Tells whether "it" is the victim: that is spoken of right before, and no attacker is.
    fn goes_on(&self, unit: usize) -> bool {
        let here = 0..unit;
        let line = self.sentence.checked_sub(1).map(|before| (before, &self.reading.lines[before]));
        let crook = |line: &Line, at: usize| line.units[at].kinds & (mention::ATTACKER | mention::CROOK) != 0;
        let before = |tells: &dyn Fn(usize, &Line, usize) -> bool| {
            line.is_some_and(|(sentence, line)| (0..line.units.len()).any(|at| tells(sentence, line, at)))
        };
        let victim =
            here.clone().any(|at| self.is_victim(at)) || before(&|sentence, _, at| self.links.is_of(self.victim, sentence, at));
        victim && !here.clone().any(|at| self.is_crook(at)) && !before(&|_, line, at| crook(line, at))
    }

    /// Says who speaks by a verb: who stands before it in its clause, past an aside, else whom the aside tells of.
    fn subject(&self, verb: usize) -> Option<Speaker> {
        let start = |end: usize| (0..end).rev().find(|at| self.is_mark(*at) || self.is_break(*at)).map_or(0, |at| at + 1);
        // "The agency (HQ) said": what stands in brackets is passed over.
        let bracket = (verb > 0 && self.word(verb - 1) == ")").then(|| (0..verb).rev().find(|at| self.word(*at) == "("));
        let verb = bracket.flatten().unwrap_or(verb);
        if verb == 0 || self.word(verb - 1) != "," {
            return self.who(start(verb)..verb);
        }
        let aside = start(verb - 1)..verb - 1;
        let before = aside.start.saturating_sub(1);
        let main = start(before)..before;
        let told = self.who(main.clone());
        // "Ann Smith, a spokesperson": of a person alone the aside tells whose word it is.
        told.or_else(|| self.who(aside).filter(|speaker| *speaker == Speaker::Official && !self.names_other(main)))
    }

    /// Returns where a phrase ends that begins at a unit.
    fn end(&self, from: usize) -> usize {
        let most = self.line.units.len().min(from + LONGEST);
        (from..most).find(|at| self.is_mark(*at) || self.is_break(*at)).unwrap_or(most)
    }

    /// Tells whether a verb says of its subject that it speaks: no passive, no "to say", no "could say".
    fn is_active(&self, verb: usize) -> bool {
        let class = &self.reading.rules.class;
        let before = |at: usize| self.word(at);
        let ing = self.word(verb).ends_with("ing");
        let helped = (verb.saturating_sub(2)..verb).any(|at| {
            self.line.units[at].kinds == 0 && self.line.units[at].classes & class.be != 0 && !ing
                || matches!(before(at), "could" | "might" | "may" | "should" | "must" | "would")
        });
        !helped && (verb == 0 || before(verb - 1) != "to")
    }

    /// Tells whether "claim" or "claims" is a noun here: "denied claims by …", "the group's claim that …".
    fn is_noun(&self, at: usize) -> bool {
        if !matches!(self.word(at), "claim" | "claims") {
            return false;
        }
        let verbal = at > 0 && (self.line.units[at - 1].kinds != 0 || VERBAL.contains(&self.word(at - 1)));
        matches!(self.word(at + 1), "by" | "from" | "of" | "made") || !verbal
    }

    /// Tells whether nothing more is said behind a verb of saying than when and where.
    fn ends_saying(&self, at: usize) -> bool {
        let Some(unit) = self.line.units.get(at) else { return true };
        unit.kinds & mention::DAYS != 0
            || self.is_mark(at)
            || matches!(self.word(at), "." | "on" | "in" | "at" | "to" | "late" | "earlier" | "this" | "last")
    }

    fn is_victim(&self, at: usize) -> bool {
        self.links.is_of(self.victim, self.sentence, at)
    }

    fn is_crook(&self, at: usize) -> bool {
        self.line.units[at].kinds & (mention::ATTACKER | mention::CROOK) != 0
    }

    fn is_mark(&self, at: usize) -> bool {
        self.line.units[at].kinds == 0 && MARKS.contains(&self.word(at))
    }

    fn is_break(&self, at: usize) -> bool {
        self.line.units[at].kinds == 0 && (BREAKS.contains(&self.word(at)) || matches!(self.word(at), "that" | "and"))
    }

    /// Returns the first word of a unit, in small letters; nothing behind the end.
    fn word(&self, at: usize) -> &str {
        if at < self.line.units.len() { self.reading.word(self.line, at) } else { "" }
    }

    /// Returns all words of some units, in small letters.
    fn words(&self, units: Range<usize>) -> impl Iterator<Item = &str> {
        let text = &self.reading.found.text;
        self.line.pieces[units].iter().flat_map(|piece| piece.tokens.clone()).map(|token| text.small(token))
    }
}

/// What the words before a figure say of whose it is.
enum Said {
    /// It is the word of somebody.
    By(Speaker),
    /// Somebody denies it, or it is told as what others say.
    Doubted,
    /// Nobody is said to say it.
    Nothing,
}
