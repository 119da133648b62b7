//! The counts by which the timeline can be narrowed, as lines: every field has its share of the screen and says how much it leaves out.

use std::collections::BTreeSet;

use crate::library::Facet;

/// The fewest values of a field that are listed before it says how many more there are.
const FEWEST: usize = 3;

/// The counts.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Whether they are shown; None where the size of the screen decides.
    pub shown: Option<bool>,
    /// Whether they are to be asked for as soon as they are shown: what is found has changed.
    pub due: bool,
    /// The number of the question that is under way.
    pub pending: Option<u64>,
    /// The counts.
    pub facets: Vec<Facet>,
    /// The fields of which all values are listed, whatever their share.
    pub opened: BTreeSet<String>,
    /// The counts as lines, laid out for `height` lines of screen.
    pub lines: Vec<CountLine>,
    /// The lines of screen that they were laid out for; 0 where they are to be laid out anew.
    pub height: usize,
    /// Which of the lines that can be selected is.
    pub item: usize,
    /// The first line on the screen.
    pub scroll: usize,
}

/// A line of the counts. Fields and values are told by where they stand in [`Facets::facets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountLine {
    /// The name of a field.
    Field(usize),
    /// A value of it.
    Value(usize, usize),
    /// How many values of it are not listed.
    More(usize, usize),
    /// Nothing, between two fields.
    Blank,
}

impl CountLine {
    fn can_be_selected(self) -> bool {
        matches!(self, CountLine::Value(..) | CountLine::More(..))
    }
}

impl Facets {
    /// Makes the lines anew, so that all fields have room in `height` lines of screen if each lists at least three values.
    pub fn lay_out(&mut self, height: usize) {
        let longest = self.facets.iter().map(|facet| facet.values.len()).max().unwrap_or(0);
        let fits = |most: &usize| self.lines_of(*most).len() <= height;
        let most = (FEWEST..=longest).rev().find(fits).unwrap_or(FEWEST);
        (self.lines, self.height) = (self.lines_of(most), height);
    }

    fn lines_of(&self, most: usize) -> Vec<CountLine> {
        let mut lines = Vec::new();
        for (i, facet) in self.facets.iter().enumerate() {
            if i > 0 {
                lines.push(CountLine::Blank);
            }
            lines.push(CountLine::Field(i));
            // A line that says "1 more" has room for the one as well.
            let all = self.opened.contains(&facet.field) || facet.values.len() <= most + 1;
            let listed = if all { facet.values.len() } else { most };
            lines.extend((0..listed).map(|value| CountLine::Value(i, value)));
            if facet.distinct > listed {
                lines.push(CountLine::More(i, facet.distinct - listed));
            }
        }
        lines
    }

    fn items(&self) -> impl Iterator<Item = (usize, CountLine)> {
        self.lines.iter().copied().enumerate().filter(|(_, line)| line.can_be_selected())
    }

    /// Returns the number of lines that can be selected.
    pub fn len(&self) -> usize {
        self.items().count()
    }

    /// Tells whether nothing can be selected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the selected line.
    pub fn selected(&self) -> Option<CountLine> {
        self.items().nth(self.item).map(|(_, line)| line)
    }

    /// Returns the field and the value of the selected line, if it is a value.
    pub fn value(&self) -> Option<(&str, &str)> {
        let Some(CountLine::Value(field, value)) = self.selected() else { return None };
        let facet = self.facets.get(field)?;
        facet.values.get(value).map(|(value, _)| (facet.field.as_str(), value.as_str()))
    }

    /// Returns the number of the line on which an item stands.
    pub fn line_of(&self, item: usize) -> usize {
        self.items().nth(item).map_or(0, |(line, _)| line)
    }

    /// Returns the item that stands on a line; None for one that cannot be selected.
    pub fn item_at(&self, line: usize) -> Option<usize> {
        self.items().position(|(at, _)| at == line)
    }
}
