//! A picture: how many incidents each month, and each incident on the lane of its kind, the larger the more it affected.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::describe::{headline, line, size};
use super::html::escaped;
use super::{About, Exporter};
use crate::base::day::{Day, DayRange};
use crate::model::incident::Incident;
use crate::model::report::Kind;
use crate::model::words::{self, counted, grouped};

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 56.0;
const BARS: f64 = 150.0;
const LANE: f64 = 40.0;
/// Between the bars and the first lane: the years stand there.
const GAP: f64 = 34.0;

const STYLE: &str = include_str!("picture.css");

pub(super) struct Picture {
    about: About,
    dots: Vec<Dot>,
}

struct Dot {
    day: Day,
    kind: Kind,
    affected: u64,
    label: String,
}

impl Picture {
    pub(super) fn new(about: About) -> Picture {
        Picture { about, dots: Vec::new() }
    }
}

impl Exporter for Picture {
    fn incident(&mut self, incident: &Incident, _out: &mut dyn Write) -> io::Result<()> {
        let (days, _) = incident.dated();
        let label = format!("{} {}", words::days(days), headline(incident));
        self.dots.push(Dot { day: days.earliest, kind: incident.kind, affected: size(incident), label });
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.draw().as_bytes())
    }
}

/// Where days lie from left to right.
struct Scale {
    from: Day,
    days: f64,
}

impl Scale {
    /// Whole months around all dots, a year at least.
    fn of(dots: &[Dot]) -> Option<Scale> {
        let first = dots.iter().map(|dot| dot.day).min()?;
        let last = dots.iter().map(|dot| dot.day).max()?;
        let from = month(first);
        let to = month(last.max(from.plus(330))).plus(31);
        Some(Scale { from, days: to.days_since(from) as f64 })
    }

    fn x(&self, day: Day) -> f64 {
        LEFT + day.days_since(self.from) as f64 / self.days * (WIDTH - LEFT - RIGHT)
    }
}

fn month(day: Day) -> Day {
    DayRange::month(day.year(), day.month()).map_or(day, |month| month.earliest)
}

impl Picture {
    fn draw(&self) -> String {
        let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| self.dots.iter().any(|dot| dot.kind == *kind)).collect();
        let height = TOP + BARS + GAP + LANE * kinds.len() as f64 + 24.0;
        let count = counted(self.dots.len() as u64, "incident", "incidents");
        let query = line(&self.about.query);
        let title = if query.is_empty() { count.clone() } else { format!("{count}: {query}") };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n\
             <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"30\">{title}</text>\n",
            title = escaped(&title)
        );
        if let Some(scale) = Scale::of(&self.dots) {
            years(&mut svg, &scale, height);
            self.bars(&mut svg, &scale);
            self.lanes(&mut svg, &scale, &kinds);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn bars(&self, svg: &mut String, scale: &Scale) {
        let mut months: BTreeMap<Day, BTreeMap<Kind, u64>> = BTreeMap::new();
        for dot in &self.dots {
            *months.entry(month(dot.day)).or_default().entry(dot.kind).or_default() += 1;
        }
        let most = months.values().map(|kinds| kinds.values().sum::<u64>()).max().unwrap_or(1).max(1);
        let step = BARS / most as f64;
        let _ = writeln!(
            svg,
            "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 10.0,
            TOP + 4.0,
            grouped(most)
        );
        for (first, kinds) in &months {
            let (x, next) = (scale.x(*first), scale.x(month(first.plus(31))));
            let width = (next - x - 0.5).max(0.8);
            let total: u64 = kinds.values().sum();
            let name = format!("{:04}-{:02}", first.year(), first.month());
            let _ = write!(svg, "<g><title>{name}: {}</title>", counted(total, "incident", "incidents"));
            let mut y = TOP + BARS;
            for (kind, count) in kinds {
                let tall = *count as f64 * step;
                y -= tall;
                let _ = write!(
                    svg,
                    "<rect class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{tall:.1}\"/>",
                    kind.word()
                );
            }
            svg.push_str("</g>\n");
        }
    }

    fn lanes(&self, svg: &mut String, scale: &Scale, kinds: &[Kind]) {
        for (n, kind) in kinds.iter().enumerate() {
            let y = TOP + BARS + GAP + LANE * (n as f64 + 0.5);
            let _ = writeln!(svg, "<line class=\"lane\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>", WIDTH - RIGHT);
            let (x, down) = (LEFT - 14.0, y + 4.0);
            let _ = writeln!(svg, "<text class=\"name\" x=\"{x}\" y=\"{down}\" text-anchor=\"end\">{}</text>", kind.word());
            for dot in self.dots.iter().filter(|dot| dot.kind == *kind) {
                let _ = writeln!(
                    svg,
                    "<circle class=\"{}\" cx=\"{:.1}\" cy=\"{y}\" r=\"{:.1}\"><title>{}</title></circle>",
                    kind.word(),
                    scale.x(dot.day),
                    radius(dot.affected),
                    escaped(&dot.label)
                );
            }
        }
    }
}

/// Returns the size of a dot: a point where no figure is known, growing with the number of digits.
fn radius(affected: u64) -> f64 {
    3.0 + affected.checked_ilog10().map_or(0.0, |digits| f64::from(digits.min(10)) * 1.2)
}

/// Draws a line for each year and writes as many of their numbers as have room.
fn years(svg: &mut String, scale: &Scale, height: f64) {
    const ROOM: f64 = 44.0;
    let last = scale.from.plus(scale.days as i64).year();
    let mut free = LEFT;
    for year in scale.from.year()..=last {
        let Some(first) = Day::new(year, 1, 1).map(|day| day.max(scale.from)) else { continue };
        let x = scale.x(first);
        if x >= free && x <= WIDTH - RIGHT {
            let _ = writeln!(svg, "<line class=\"year\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{}\"/>", height - 24.0);
            let _ = writeln!(svg, "<text class=\"axis\" x=\"{:.1}\" y=\"{}\">{year}</text>", x + 3.0, TOP + BARS + 18.0);
            free = x + ROOM;
        }
    }
}
