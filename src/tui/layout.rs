//! Where everything stands on a screen of a given size. Pure: both `update` (how far is a page?) and `view` ask here.

use ratatui::layout::Rect;

use crate::tui::state::{Focus, State};

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (60, 15);

/// The fewest columns of a screen on which counts stand beside the list; on a narrower one they take its place.
const BESIDE_COUNTS: u16 = 90;

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
    /// The incident or the article.
    pub side: Option<Rect>,
    /// Keys and notices.
    pub footer: Rect,
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
    Some(areas)
}

fn main(state: &State, mut rest: Rect, areas: &mut Areas) {
    let arrangement = arrangement(state.size);
    if state.facets.shown && (arrangement == Arrangement::Beside || state.focus == Focus::Facets) {
        let wide = match state.size.0 {
            180.. => 32,
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
            let width = rest.width * 9 / 20;
            areas.rule = Some(Rect { x: rest.x + width, width: 1, ..rest });
            areas.side = Some(Rect { x: rest.x + width + 1, width: rest.width - width - 1, ..rest });
            Rect { width, ..rest }
        }
    };
    let columns = u16::from(state.size.1 >= 20);
    areas.columns = (columns > 0).then_some(Rect { height: columns, ..list });
    areas.list = Some(Rect { y: list.y + columns, height: list.height - columns, ..list });
}

/// Returns how many columns of text the help has, and the lines of each.
pub fn help(state: &State) -> (usize, usize) {
    let (width, height) = state.size;
    (usize::from(width / HELP_WIDE).max(1), usize::from(height.saturating_sub(2)))
}

/// Returns how many swim lanes have room; 0 where none are shown.
pub fn lanes(state: &State) -> usize {
    areas(state).and_then(|areas| areas.lanes).map_or(0, |area| usize::from(area.height.saturating_sub(1)))
}

/// Returns how many lines the list has; 0 where it is not shown.
pub fn list_lines(state: &State) -> usize {
    areas(state).and_then(|areas| areas.list).map_or(0, |list| list.height.into())
}

/// Returns the columns and lines for the text of an incident or article; None where neither is shown.
///
/// Two columns on the left are for the mark of what is selected, one on the right stays free.
pub fn side_text(state: &State) -> Option<(usize, usize)> {
    let side = areas(state)?.side?;
    Some((usize::from(side.width.saturating_sub(3)), usize::from(side.height)))
}

/// Returns how many lines of an article's text are shown below its head.
pub fn article_lines(state: &State) -> usize {
    side_text(state).map_or(0, |(_, lines)| lines.saturating_sub(ARTICLE_HEAD))
}

/// The lines above an article's text: title, where it is from, which letter means which field, a blank one.
pub const ARTICLE_HEAD: usize = 4;
