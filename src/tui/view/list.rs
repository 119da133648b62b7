//! The timeline: days as headings, incidents as rows of columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::model::incident::{DatedBy, Row};
use crate::model::report::{Figure, Qualifier, Unit};
use crate::tui::layout::Areas;
use crate::tui::lines::{cut, fit, fit_right, needles, shown};
use crate::tui::state::{Focus, State};
use crate::tui::view::theme::Theme;
use crate::tui::view::{over, text_at};
use crate::tui::words;

/// How wide each column is; 0 where it is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    victim: usize,
    kind: usize,
    people: usize,
    bar: usize,
    attacker: usize,
    reports: usize,
    sources: usize,
    days: usize,
    gap: usize,
}

impl Columns {
    /// Shares out `width` columns. Where the list is not grouped by day, each row shows its days.
    fn new(width: usize, by_day: bool) -> Columns {
        let bar = match width {
            ..72 => 0,
            72..86 => 6,
            86..110 => 8,
            _ => 12,
        };
        let mut columns = Columns {
            victim: 0,
            kind: 10,
            people: if width < 76 { 9 } else { 12 },
            bar,
            attacker: 0,
            // Where one of the two has room, it is the one that says how well it is confirmed.
            reports: match width {
                ..84 => 0,
                84..110 => 3,
                _ => 7,
            },
            sources: if width < 110 { 3 } else { 7 },
            days: match (by_day, width) {
                (true, _) => 0,
                (false, ..110) => 10,
                (false, _) => 22,
            },
            gap: if width < 72 { 1 } else { 2 },
        };
        let rest = width.saturating_sub(5 + columns.used());
        columns.victim = (rest * 11 / 20).min(48);
        columns.attacker = (rest - columns.victim).min(40);
        columns
    }

    fn used(&self) -> usize {
        let all = [self.days, self.kind, self.people, self.attacker, self.reports, self.sources];
        let gaps = all.iter().filter(|width| **width > 0).count() + 1;
        all.iter().sum::<usize>() + if self.bar > 0 { self.bar + 1 } else { 0 } + gaps * self.gap
    }
}

pub(super) fn draw(state: &State, theme: &Theme, areas: &Areas, buffer: &mut Buffer) {
    let Some(area) = areas.list else { return };
    if state.list.total == 0 {
        empty(state, theme, area, buffer);
        return;
    }
    let columns = Columns::new(area.width.into(), state.list.by_day);
    if let Some(at) = areas.columns {
        head(&columns, theme, at, buffer);
    }
    let mut y = area.y;
    let mut offset = state.list.top;
    while y < area.bottom() && offset < state.list.total {
        let at = Rect { y, height: 1, ..area };
        if state.list.headed(offset, state.list.top) && y + 1 < area.bottom() {
            day(state, offset, theme, at, buffer);
            y += 1;
        } else if state.list.headed(offset, state.list.top) {
            return; // A heading alone on the last line would say nothing.
        }
        if y < area.bottom() {
            let at = Rect { y, height: 1, ..area };
            row(state, offset, &columns, theme, at, buffer);
            y += 1;
        }
        offset += 1;
    }
}

fn empty(state: &State, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let list = &state.list;
    let (first, second) = match (&list.fault, list.n) {
        (Some(fault), _) => (fault.clone(), "the timeline cannot be read".to_owned()),
        (None, 0) => ("reading".to_owned(), String::new()),
        (None, _) if !list.question.text.is_empty() => {
            ("nothing matches this search".to_owned(), "Esc clears it; Backspace takes back the last letter".to_owned())
        }
        (None, _) if list.question.window.is_some() => ("nothing happened in these days".to_owned(), "Z zooms out".to_owned()),
        (None, _) => ("no incidents yet".to_owned(), "run: breachline ingest".to_owned()),
    };
    let style = if list.fault.is_some() { theme.warn() } else { Style::new().add_modifier(Modifier::BOLD) };
    let y = area.y + (area.height / 3).min(area.height.saturating_sub(2));
    let at = Rect { x: area.x + 2, y, width: area.width.saturating_sub(3), height: 1.min(area.height) };
    text_at(buffer, at, &cut(&first, at.width.into(), ""), style);
    let lines = list.why.iter().map(|reason| shown(reason)).chain([second]);
    for (y, line) in (y + 1..area.bottom()).zip(lines) {
        text_at(buffer, Rect { y, ..at }, &cut(&line, at.width.into(), ""), theme.dim());
    }
}

fn head(columns: &Columns, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    let mut pen = Pen { at, x: 4, buffer };
    if columns.days > 0 {
        pen.write(&fit("day", columns.days, ""), theme.dim(), columns.gap);
    }
    pen.write(&fit("victim", columns.victim, ""), theme.dim(), columns.gap);
    pen.write(&fit("what", columns.kind, ""), theme.dim(), columns.gap);
    let bar = if columns.bar > 0 { columns.bar + 1 } else { 0 };
    pen.write(&fit_right("affected", columns.people, ""), theme.dim(), columns.gap + bar);
    pen.write(&fit("attacker", columns.attacker, ""), theme.dim(), columns.gap);
    let (reports, sources) = if columns.sources > 6 { ("reports", "sources") } else { ("rep", "src") };
    if columns.reports > 0 {
        pen.write(&fit_right(reports, columns.reports, ""), theme.dim(), columns.gap);
    }
    pen.write(&fit_right(sources, columns.sources, ""), theme.dim(), 0);
}

fn day(state: &State, offset: usize, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    let Some(row) = state.list.row(offset) else { return };
    let days = words::days(row.days);
    let mut pen = Pen { at, x: 1, buffer };
    pen.write(&days, theme.heading(), 2);
    pen.write(&words::days_note(row.days, state.today()), theme.dim(), 1);
}

fn row(state: &State, offset: usize, columns: &Columns, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    let selected = offset == state.list.at;
    let mark = if theme.ascii { "..." } else { "…" };
    let Some(row) = state.list.row(offset) else {
        text_at(buffer, Rect { x: at.x + 2, width: at.width - 2, ..at }, mark, theme.dim());
        select(state, selected, theme, at, buffer);
        return;
    };
    let mut pen = Pen { at, x: 2, buffer };
    let before = if row.dated_by == DatedBy::Occurred { " " } else { words::sign(Qualifier::AtMost, theme.ascii) };
    pen.write(before, theme.dim(), 1);
    if columns.days > 0 {
        let days = if columns.days > 10 { words::days(row.days) } else { words::days_in_brief(row.days) };
        pen.write(&fit(&days, columns.days, mark), theme.heading(), columns.gap);
    }
    let needles = needles(&state.list.question.text);
    let from = pen.x;
    victim(row, columns, theme, mark, &mut pen);
    pen.underline(from, &needles, theme);
    pen.write(&fit(row.kind.word(), columns.kind, ""), theme.kind(row.kind), columns.gap);
    figure(row, columns, theme, &mut pen);
    let from = pen.x;
    attacker(row, columns, theme, mark, &mut pen);
    pen.underline(from, &needles, theme);
    let many = |count: u32| if count > 1 { Style::new() } else { theme.dim() };
    if columns.reports > 0 {
        pen.write(&fit_right(&words::short(row.reports.into()), columns.reports, ""), many(row.reports), columns.gap);
    }
    pen.write(&fit_right(&words::short(row.sources.into()), columns.sources, ""), many(row.sources), 0);
    sign(state, row, theme, at, buffer);
    select(state, selected, theme, at, buffer);
}

/// Draws, before the name, whether it is picked, else whether it is starred, hidden or new.
fn sign(state: &State, row: &Row, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    let glyph = match (state.editing.picked.contains(&row.id), row.starred, row.hidden) {
        (true, ..) => "+",
        (false, true, _) => words::star(theme.ascii),
        (false, false, true) => "x",
        (false, false, false) if state.news.ids.contains(&row.id) => words::new(theme.ascii),
        (false, false, false) => return,
    };
    text_at(buffer, Rect { x: at.x + 1, width: 1, ..at }, glyph, theme.heading());
}

fn victim(row: &Row, columns: &Columns, theme: &Theme, mark: &str, pen: &mut Pen) {
    let note = if row.disputed { " disputed" } else { "" };
    let room = columns.victim.saturating_sub(note.len());
    let name = cut(&row.victim, room, mark);
    let pad = columns.victim.saturating_sub(crate::tui::lines::columns(&name) + note.len());
    pen.write(&name, Style::new().add_modifier(Modifier::BOLD), 0);
    pen.write(note, theme.warn(), pad + columns.gap);
}

fn figure(row: &Row, columns: &Columns, theme: &Theme, pen: &mut Pen) {
    let text = row.records.map(|figure| words::figure(&figure, columns.people, theme.ascii)).unwrap_or_default();
    let large = row.records.is_some_and(|figure| figure.unit != Unit::Bytes && figure.value >= 1_000_000);
    let style = if large { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() };
    pen.write(&fit_right(&text, columns.people, ""), style, if columns.bar > 0 { 1 } else { columns.gap });
    if columns.bar > 0 {
        let bar = row.records.map(|figure| bar(&figure, columns.bar, theme.ascii)).unwrap_or_default();
        pen.write(&fit(&bar, columns.bar, ""), theme.kind(row.kind), columns.gap);
    }
}

/// Returns a bar that grows by the same length with every power of ten, full at ten thousand million. Bytes have none.
fn bar(figure: &Figure, width: usize, ascii: bool) -> String {
    if figure.unit == Unit::Bytes || figure.value == 0 {
        return String::new();
    }
    let halves = (((figure.value as f64).log10() / 10.0 * width as f64 * 2.0) as usize).clamp(1, width * 2);
    let (whole, half) = (halves / 2, halves % 2);
    match ascii {
        true => "=".repeat(halves.div_ceil(2)),
        false => format!("{}{}", "━".repeat(whole), if half > 0 { "╸" } else { "" }),
    }
}

fn attacker(row: &Row, columns: &Columns, theme: &Theme, mark: &str, pen: &mut Pen) {
    let Some(attacker) = row.attackers.first() else {
        pen.write(&fit("", columns.attacker, ""), theme.dim(), columns.gap);
        return;
    };
    let more = match row.attackers.len() {
        1 => String::new(),
        many => format!(" +{}", many - 1),
    };
    let sign = words::attribution_sign(attacker.attribution, theme.ascii);
    let name = cut(&attacker.name, columns.attacker.saturating_sub(2 + more.len()), mark);
    let text = fit(&format!("{sign} {name}{more}"), columns.attacker, "");
    pen.write(&text, theme.attribution(attacker.attribution), columns.gap);
}

/// Shows that a row is selected: reversed where keys go to the list, else by a bar at its start.
fn select(state: &State, selected: bool, theme: &Theme, at: Rect, buffer: &mut Buffer) {
    if !selected {
        return;
    }
    if state.focus == Focus::List {
        let plain = Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM);
        over(buffer, at, plain.add_modifier(Modifier::REVERSED));
    }
    let glyph = if theme.ascii { ">" } else { "▌" };
    let style = if state.focus == Focus::List { Style::new() } else { theme.heading() };
    text_at(buffer, Rect { width: 1, ..at }, glyph, style);
}

/// Writes along one line.
struct Pen<'a> {
    at: Rect,
    x: u16,
    buffer: &'a mut Buffer,
}

impl Pen<'_> {
    /// Writes text, then leaves `gap` columns free.
    fn write(&mut self, text: &str, style: Style, gap: usize) {
        if self.x < self.at.width {
            let rest = Rect { x: self.at.x + self.x, width: self.at.width - self.x, ..self.at };
            self.x += text_at(self.buffer, rest, text, style);
        }
        self.x = self.x.saturating_add(gap as u16);
    }

    /// Marks the needles in what was written from column `from` on.
    fn underline(&mut self, from: u16, needles: &[String], theme: &Theme) {
        let end = self.x.min(self.at.width);
        let cells: Vec<String> =
            (from.min(end)..end).map(|x| self.buffer[(self.at.x + x, self.at.y)].symbol().to_lowercase()).collect();
        for needle in needles {
            for start in 0..cells.len() {
                let mut rest = needle.as_str();
                let found = cells[start..].iter().take_while(|cell| match rest.strip_prefix(cell.as_str()) {
                    Some(after) if !rest.is_empty() => {
                        rest = after;
                        true
                    }
                    _ => false,
                });
                let length = found.count() as u16;
                if rest.is_empty() {
                    let at = Rect { x: self.at.x + from + start as u16, width: length, ..self.at };
                    over(self.buffer, at, theme.hit());
                }
            }
        }
    }
}
