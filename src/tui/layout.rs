//! Where everything stands on a screen of a given size. Pure: both `update` (how far is a page?) and `view` ask here.

use ratatui::layout::Rect;

use crate::tui::state::{Focus, State};

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (60, 15);

/// The fewest columns of a screen on which counts stand beside the list; on a narrower one they take its place.
const BESIDE_COUNTS: u16 = 90;

/// The smallest screen on which counts are shown without being asked for.
const WITH_COUNTS: (u16, u16) = (180, 36);

/// The fewest lines of a screen on which an article stands below its incident, not in its place.
const WITH_ARTICLE: u16 = 70;

/// The most columns of the pane of an incident or article: longer lines are hard to read.
const WIDEST_SIDE: u16 = 112;

/// The columns that a list beside other panes should have, so that all of its own have room, and those left to the incident then.
const LIST_AND_SIDE: (u16, u16) = (88, 80);

/// The columns of the help that a line of it takes; a wide screen has several beside each other.
const HELP_WIDE: u16 = 96;

/// How list and incident share the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// One at a time.
    Single,
    /// The list above, the incident below.
    Stacked,
    /// The list left, the incident right.
    Beside,
}

/// The parts of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// What this is, how much there is, how the last ingest went.
    pub header: Rect,
    /// The picture of the years.
    pub picture: Option<Rect>,
    /// The search line.
    pub search: Rect,
    /// What is wrong with the search: over the line below it, so that nothing moves while one types.
    pub fault: Option<Rect>,
    /// The counts.
    pub facets: Option<Rect>,
    /// The swim lanes, in place of list and incident.
    pub lanes: Option<Rect>,
    /// The names of the list's columns.
    pub columns: Option<Rect>,
    /// The list's rows.
    pub list: Option<Rect>,
    /// The line between list and incident.
    pub rule: Option<Rect>,
    /// The incident.
    pub side: Option<Rect>,
    /// The article, in place of the incident or below it.
    pub article: Option<Rect>,
    /// The line between incident and article.
    pub article_rule: Option<Rect>,
    /// Keys and notices.
    pub footer: Rect,
}

/// Tells whether counts are shown: as was asked for, else where there is room for them beside list and incident.
pub fn counts_shown(state: &State) -> bool {
    state.facets.shown.unwrap_or(state.size.0 >= WITH_COUNTS.0 && state.size.1 >= WITH_COUNTS.1)
}

/// Returns how list and incident share a screen of that size.
pub fn arrangement(size: (u16, u16)) -> Arrangement {
    match size {
        (150.., 20..) => Arrangement::Beside,
        (_, 36..) => Arrangement::Stacked,
        _ => Arrangement::Single,
    }
}

/// Returns how many lines the picture of the years has: none, one (a line of small bars), or several with an axis.
fn picture_lines(state: &State) -> u16 {
    let fits = match state.size.1 {
        80.. => 12,
        45.. => 7,
        34.. => 5,
        20.. => 1,
        _ => 0,
    };
    match state.picture.shown {
        Some(false) => 0,
        Some(true) => fits.max(5).min(state.size.1.saturating_sub(12)),
        None => fits,
    }
}

/// Returns the parts of the screen; None where it is too small to draw.
pub fn areas(state: &State) -> Option<Areas> {
    let (width, height) = state.size;
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let mut areas = Areas::default();
    let mut y = 0;
    let mut take = |lines: u16| {
        let rect = Rect::new(0, y, width, lines);
        y += lines;
        rect
    };
    areas.header = take(1);
    let picture = if state.picture.extent.is_none() { 0 } else { picture_lines(state) };
    areas.picture = (picture > 0).then(|| take(picture));
    areas.search = take(1);
    areas.fault = state.search.fault.is_some().then(|| Rect::new(0, areas.search.y + 1, width, 2));
    areas.footer = Rect::new(0, height - 1, width, 1);
    main(state, Rect::new(0, y, width, height - 1 - y), &mut areas);
    if state.article.is_some() {
        make_room_for_article(state.size, &mut areas);
    }
    Some(areas)
}

/// Gives the article the place of the incident; on a high screen, that below it.
fn make_room_for_article(size: (u16, u16), areas: &mut Areas) {
    let Some(side) = areas.side else { return };
    if size.1 < WITH_ARTICLE || arrangement(size) != Arrangement::Beside {
        (areas.side, areas.article) = (None, Some(side));
        return;
    }
    let height = side.height * 2 / 5;
    areas.side = Some(Rect { height, ..side });
    areas.article_rule = Some(Rect { y: side.y + height, height: 1, ..side });
    areas.article = Some(Rect { y: side.y + height + 1, height: side.height - height - 1, ..side });
}

fn main(state: &State, mut rest: Rect, areas: &mut Areas) {
    let arrangement = arrangement(state.size);
    if counts_shown(state) && (arrangement == Arrangement::Beside || state.focus == Focus::Facets) {
        let wide = match state.size.0 {
            240.. => 32,
            BESIDE_COUNTS.. => 28,
            // What is left beside them would show nothing of use.
            _ => {
                areas.facets = Some(rest);
                return;
            }
        };
        areas.facets = Some(Rect { width: wide, ..rest });
        rest = Rect { x: rest.x + wide, width: rest.width - wide, ..rest };
    }
    if state.lanes.shown.is_some() {
        areas.lanes = Some(rest);
        return;
    }
    let list = match (arrangement, state.focus) {
        (Arrangement::Single, Focus::Detail | Focus::Article) | (Arrangement::Stacked, Focus::Article) => {
            areas.side = Some(rest);
            return;
        }
        (Arrangement::Single, _) => rest,
        (Arrangement::Stacked, _) => {
            let height = rest.height / 2;
            areas.rule = Some(Rect { y: rest.y + height, height: 1, ..rest });
            areas.side = Some(Rect { y: rest.y + height + 1, height: rest.height - height - 1, ..rest });
            Rect { height, ..rest }
        }
        (Arrangement::Beside, _) => {
            let full = LIST_AND_SIDE.0.min(rest.width.saturating_sub(LIST_AND_SIDE.1));
            let width = (rest.width * 9 / 20).max(full).max(rest.width.saturating_sub(WIDEST_SIDE + 1));
            areas.rule = Some(Rect { x: rest.x + width, width: 1, ..rest });
            areas.side = Some(Rect { x: rest.x + width + 1, width: rest.width - width - 1, ..rest });
            Rect { width, ..rest }
        }
    };
    let columns = u16::from(state.size.1 >= 20);
    areas.columns = (columns > 0).then_some(Rect { height: columns, ..list });
    areas.list = Some(Rect { y: list.y + columns, height: list.height - columns, ..list });
}

/// How the help shares out the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// How many columns of text it has.
    pub columns: usize,
    /// How many lines of text each of them has.
    pub lines: usize,
    /// How many columns of the screen a line of text has.
    pub width: usize,
}

/// Returns how the help shares out the screen.
pub fn help(state: &State) -> Help {
    let (width, height) = state.size;
    let columns = usize::from(width / HELP_WIDE).max(1);
    Help {
        columns,
        lines: height.saturating_sub(2).into(),
        width: (usize::from(width).saturating_sub(2) / columns).saturating_sub(1),
    }
}

/// Returns how many swim lanes have room; 0 where none are shown.
pub fn lanes(state: &State) -> usize {
    areas(state).and_then(|areas| areas.lanes).map_or(0, |area| usize::from(area.height.saturating_sub(1)))
}

/// Returns how many lines the list has; 0 where it is not shown.
pub fn list_lines(state: &State) -> usize {
    areas(state).and_then(|areas| areas.list).map_or(0, |list| list.height.into())
}

/// Returns the columns and lines for the text of an incident; None where none is shown.
///
/// Two columns on the left are for the mark of what is selected, one on the right stays free.
pub fn side_text(state: &State) -> Option<(usize, usize)> {
    areas(state)?.side.map(text_of)
}

fn text_of(pane: Rect) -> (usize, usize) {
    (usize::from(pane.width.saturating_sub(3)), usize::from(pane.height))
}

/// Returns the columns for an article's text, and the lines below its head; None where none is shown.
pub fn article_text(state: &State) -> Option<(usize, usize)> {
    let (width, lines) = areas(state)?.article.map(text_of)?;
    Some((width, lines.saturating_sub(ARTICLE_HEAD)))
}

/// The lines above an article's text: title, where it is from, which letter means which field, a blank one.
pub const ARTICLE_HEAD: usize = 4;
