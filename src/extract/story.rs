//! Whether an article tells of incidents at all, whoever was hit: its words, as features of the model `story`.
//!
//! A story of a patch, a law or a study names bodies and attacks as well; that it is none of an incident is told by all its words
//! together sooner than by those around a name.

use crate::base::token::Shape;

use super::Document;
use super::text::Text;
use super::weigh::{Features, odds};
use crate::rules::Rules;

/// The name of the model.
pub const MODEL: &str = "story";

/// The sentences below the title that open an article.
const OPENING: usize = 3;

/// Returns the logarithm of the odds that an article tells of an incident, bounded; 0 for a description without a title, as registers of
/// breaches give them.
pub fn read(document: &Document<'_>, text: &Text<'_>, rules: &Rules) -> f32 {
    let model = rules.weights.of(MODEL).filter(|_| !document.title.is_empty());
    model.map_or(0.0, |model| odds(features(text, rules, false).chance(Some(model))))
}

/// Lists the words of an article: of its title, of the sentences that open it, and all.
pub fn features<'r>(text: &Text<'_>, rules: &'r Rules, named: bool) -> Features<'r> {
    let mut features = Features::new(&rules.weights, named);
    features.add(&["always"], 1.0);
    let lead = text.sentences.iter().position(|sentence| !sentence.in_title).unwrap_or(0);
    for (number, sentence) in text.sentences.iter().enumerate() {
        for at in sentence.tokens.clone().filter(|&at| is_word(text.tokens[at].shape)) {
            let word = text.small(at);
            if sentence.in_title {
                features.add(&["title", word], 1.0);
                continue;
            }
            if number < lead + OPENING {
                features.add(&["opening", word], 1.0);
            }
            features.add(&["text", word], 1.0);
        }
    }
    features
}

fn is_word(shape: Shape) -> bool {
    matches!(shape, Shape::Lower | Shape::Capital | Shape::Upper | Shape::Mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_by_where_they_stand() {
        let text = Text::read("Bank hacked", "Thieves came. They went. All 3 left.\nThe end.", Rules::builtin());
        let named = features(&text, Rules::builtin(), true).into_named();
        let has = |name: &str| named.iter().any(|(known, _)| known == name);
        assert!(["title:hacked", "opening:thieves", "text:thieves", "opening:left", "text:end"].into_iter().all(has));
        assert!(!["text:hacked", "opening:end", "text:3", "text:."].into_iter().any(has), "{named:?}");
    }
}
