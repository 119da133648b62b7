//! News that reads like news, made from the demo's stories: what a story begins with stands as it was written, about somebody else and
//! with other figures; what follows are sentences of all stories with words of them strewn in, so that no two texts are copies.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use breachline::base::day::Day;

use crate::dice::{Dice, capital, word};

/// Paragraphs that stand as they were written.
const LEAD: usize = 3;
/// The length of a text, in bytes.
const LENGTH: usize = 4_600;
/// One word in so many is another one, behind the lead.
const STREWN: usize = 4;

/// What stories are made of.
pub struct Press {
    /// Title and paragraphs of each story.
    stories: Vec<(String, Vec<String>)>,
    sentences: Vec<String>,
    /// Words in small letters, as often as they stand in the stories.
    words: Vec<String>,
    common: HashSet<String>,
}

impl Press {
    /// Reads the demo's stories.
    pub fn of_demo() -> Press {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/articles");
        let mut paths: Vec<_> =
            fs::read_dir(folder).expect("the demo's stories").map(|entry| entry.expect("a file").path()).collect();
        paths.sort();
        let stories: Vec<_> = paths.iter().filter_map(|path| story(&fs::read_to_string(path).expect("a story"))).collect();
        let paragraphs = || stories.iter().flat_map(|(_, paragraphs)| paragraphs);
        let sentences = paragraphs().flat_map(|text| text.split_inclusive(". ")).map(|text| text.trim().to_owned()).collect();
        let is_small = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        let words: Vec<String> = paragraphs().flat_map(|text| text.split(' ')).filter(is_small).map(str::to_owned).collect();
        let common = words.iter().cloned().collect();
        Press { stories, sentences, words, common }
    }

    /// Writes a story of a day: its title and its paragraphs.
    pub fn story(&self, day: Day, dice: &mut Dice) -> (String, Vec<String>) {
        let (title, written) = &self.stories[dice.below(self.stories.len())];
        let mut names = HashMap::new();
        let mut told = |text: &str, strewn: bool, dice: &mut Dice| {
            let words: Vec<String> = text.split(' ').map(|word| self.other(word, strewn, day, &mut names, dice)).collect();
            words.join(" ")
        };
        let title = told(title, false, dice);
        let mut paragraphs: Vec<String> = written.iter().take(LEAD).map(|text| told(text, false, dice)).collect();
        while paragraphs.iter().map(String::len).sum::<usize>() < LENGTH {
            let sentences: Vec<String> =
                (0..3).map(|_| told(&self.sentences[dice.below(self.sentences.len())], true, dice)).collect();
            paragraphs.push(sentences.join(" "));
        }
        (title, paragraphs)
    }

    /// Another word in the place of one: names are other names, the same throughout a story, figures others of the same length.
    fn other(&self, word: &str, strewn: bool, day: Day, names: &mut HashMap<String, String>, dice: &mut Dice) -> String {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let bare = bare.strip_suffix("'s").unwrap_or(bare);
        if bare.starts_with(|c: char| c.is_ascii_digit()) {
            let is_year = bare.len() == 4 && (bare.starts_with("20") || bare.starts_with("19"));
            let figure = if is_year { day.year().to_string() } else { figure(bare, dice) };
            return word.replacen(bare, &figure, 1);
        }
        let is_name = bare.len() > 2 && bare.starts_with(char::is_uppercase) && !bare.contains('.');
        if is_name && !is_calendar(bare) && !self.common.contains(&bare.to_lowercase()) {
            let name = names.entry(bare.to_owned()).or_insert_with(|| capital(&word_of(dice)));
            return word.replacen(bare, name, 1);
        }
        if strewn && bare == word && self.common.contains(word) && dice.below(STREWN) == 0 {
            return self.words[dice.below(self.words.len())].clone();
        }
        word.to_owned()
    }
}

/// A made-up name: few are in the news often, most once.
fn word_of(dice: &mut Dice) -> String {
    word((60_000.0 * dice.unit().powi(3)) as usize * 7)
}

/// A figure with other digits; its first is no nought.
fn figure(text: &str, dice: &mut Dice) -> String {
    let mut first = true;
    let digit = |c: char| {
        if !c.is_ascii_digit() || c == '0' {
            return c;
        }
        let least = usize::from(std::mem::replace(&mut first, false));
        char::from(b'0' + (least + dice.below(9)) as u8)
    };
    text.chars().map(digit).collect()
}

fn is_calendar(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Jan",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
    ];
    WORDS.contains(&word)
}

/// Reads a story of the demo: a head of `key: value`, an empty line, paragraphs with empty lines between.
fn story(text: &str) -> Option<(String, Vec<String>)> {
    let (head, body) = text.split_once("\n\n")?;
    let title = head.lines().find_map(|line| line.strip_prefix("title: "))?;
    let paragraphs: Vec<String> = body.split("\n\n").map(|text| text.trim().replace('\n', " ")).collect();
    Some((title.to_owned(), paragraphs.into_iter().filter(|text| !text.is_empty()).collect()))
}
