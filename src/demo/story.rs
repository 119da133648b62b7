//! One story: a text file with a small header, as it stands in `articles/`.

use crate::base::day::Day;
use crate::demo::sites::{SITES, Site};

/// A story, before any markup.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The name of its file: the day and a few words, `2013-12-19-target-cards`.
    pub slug: &'static str,
    /// The headline.
    pub title: &'static str,
    /// The site that carries it.
    pub site: &'static Site,
    /// The day of publication.
    pub day: Day,
    /// Who wrote it.
    pub author: &'static str,
    /// What stands under its picture; None where it has none.
    pub caption: Option<&'static str>,
    /// The text, in order.
    pub blocks: Vec<Block>,
}

/// One piece of a story's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(&'static str),
    /// A heading within the text.
    Heading(&'static str),
    /// One entry of a list.
    Entry(&'static str),
}

impl Block {
    /// Returns the words, whatever they are.
    pub fn text(self) -> &'static str {
        match self {
            Block::Paragraph(text) | Block::Heading(text) | Block::Entry(text) => text,
        }
    }

    fn parse(line: &'static str) -> Block {
        if let Some(text) = line.strip_prefix("## ") {
            Block::Heading(text)
        } else if let Some(text) = line.strip_prefix("- ") {
            Block::Entry(text)
        } else {
            Block::Paragraph(line)
        }
    }
}

impl Story {
    /// Reads a story: `key: value` lines, an empty line, then one line for each paragraph, `## ` heading and `- ` entry.
    ///
    /// The keys are title, site, date, author and, where there is a picture, caption. The error is a sentence for whoever
    /// writes stories.
    pub fn parse(slug: &'static str, file: &'static str) -> Result<Story, String> {
        let (header, body) = file.split_once("\n\n").ok_or_else(|| format!("{slug}: no empty line after the header"))?;
        let field = |key: &str| header.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        let need = |key: &str| field(key).ok_or_else(|| format!("{slug}: no {key} in the header"));
        let key = need("site")?;
        let site = SITES.iter().find(|site| site.key == key).ok_or_else(|| format!("{slug}: there is no site {key}"))?;
        let day: Day = need("date")?.parse().map_err(|_| format!("{slug}: the date is not YYYY-MM-DD"))?;
        if !slug.starts_with(&day.to_string()) {
            return Err(format!("{slug}: the file's name does not begin with its date, {day}"));
        }
        let blocks = body.lines().map(str::trim).filter(|line| !line.is_empty()).map(Block::parse).collect();
        Ok(Story { slug, title: need("title")?, site, day, author: need("author")?, caption: field("caption"), blocks })
    }

    /// Returns the words of the slug without its day: `target-cards`.
    pub fn words(&self) -> &'static str {
        self.slug.get(11..).unwrap_or(self.slug)
    }

    /// Returns the first paragraph.
    pub fn teaser(&self) -> &'static str {
        self.blocks.iter().find_map(|block| if let Block::Paragraph(text) = block { Some(*text) } else { None }).unwrap_or("")
    }

    /// Returns where it stands on its site, from the root.
    pub fn path(&self) -> String {
        let day = self.day.to_string();
        (self.site.path)
            .replace("{words}", self.words())
            .replace("{number}", &day.replace('-', ""))
            .replace("{date}", &day.replace('-', "/"))
    }

    /// Returns the publication as a moment, written by `form` (strftime). All stories come out at half past nine, UTC.
    pub fn when(&self, form: &str) -> String {
        let morning = self.day.start().as_second() + (9 * 60 + 30) * 60;
        jiff::Timestamp::from_second(morning).map(|moment| moment.strftime(form).to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_read_and_its_faults_are_named() {
        let good = "title: Ships\nsite: wire\ndate: 2020-02-03\nauthor: A. Body\n\nOne.\n\n## Two\n\n- three\n";
        let story = Story::parse("2020-02-03-ships-sail", good).unwrap();
        assert_eq!(story.words(), "ships-sail");
        assert_eq!(story.blocks, [Block::Paragraph("One."), Block::Heading("Two"), Block::Entry("three")]);
        assert_eq!(story.when("%a, %d %b %Y %H:%M"), "Mon, 03 Feb 2020 09:30");
        for (slug, file, fault) in [
            ("2020-02-03-a", "title: A", "no empty line"),
            ("2020-02-03-a", "title: A\nsite: nowhere\ndate: 2020-02-03\nauthor: B\n\nC", "no site nowhere"),
            ("2020-02-04-a", "title: A\nsite: wire\ndate: 2020-02-03\nauthor: B\n\nC", "does not begin with its date"),
            ("2020-02-03-a", "site: wire\ndate: 2020-02-03\nauthor: B\n\nC", "no title"),
        ] {
            let told = Story::parse(slug, file).unwrap_err();
            assert!(told.contains(fault), "{told}");
        }
    }
}
