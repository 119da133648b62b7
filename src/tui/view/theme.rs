//! Tones as styles: the terminal's own 16 colours on its own background, or none at all. Nothing is said by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::model::report::{Attribution, Field, Kind};
use crate::tui::lines::Tone;
use crate::tui::state::Look;

/// How tones look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    colour: bool,
    /// Whether only ASCII may be drawn.
    pub ascii: bool,
}

impl Theme {
    /// Makes the theme for what a terminal can show.
    pub fn new(look: Look) -> Theme {
        Theme { colour: look.colour, ascii: look.ascii }
    }

    /// Returns the style of a tone.
    pub fn style(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
            Tone::Dim => self.dim(),
            Tone::Quote => Style::new().add_modifier(Modifier::ITALIC),
            Tone::Link => self.fg(Color::Blue).add_modifier(Modifier::UNDERLINED),
            Tone::Warn => self.warn(),
            Tone::Hit => self.hit(),
            Tone::Kind(kind) => self.kind(kind).add_modifier(Modifier::BOLD),
            Tone::Field(field) => self.field(field),
            Tone::Here(field) => self.field(field).add_modifier(Modifier::REVERSED),
        }
    }

    /// Returns the style of what the eye may pass over.
    pub fn dim(&self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Returns the style of something wrong.
    pub fn warn(&self) -> Style {
        self.fg(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of bad news that need not be seen first.
    pub fn bad(&self) -> Style {
        self.fg(Color::Yellow)
    }

    /// Returns the style of the name of a field or a heading.
    pub fn heading(&self) -> Style {
        self.fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of a kind's word.
    pub fn kind(&self, kind: Kind) -> Style {
        match kind {
            Kind::Ransomware | Kind::Sabotage => self.fg(Color::Red),
            Kind::Breach | Kind::Theft => self.fg(Color::Yellow),
            Kind::Exposure => self.fg(Color::Cyan),
            Kind::Ddos | Kind::Defacement => self.fg(Color::Magenta),
            Kind::Phishing | Kind::Intrusion => self.fg(Color::Green),
            Kind::Other => Style::new(),
        }
    }

    /// Returns the style of a bar of the picture.
    pub fn bar(&self) -> Style {
        self.fg(Color::Cyan)
    }

    /// Returns the style of words that the search found.
    pub fn hit(&self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED | Modifier::BOLD)
    }

    /// Returns the style of an attacker's name.
    pub fn attribution(&self, attribution: Attribution) -> Style {
        match attribution {
            Attribution::Confirmed => Style::new().add_modifier(Modifier::BOLD),
            Attribution::Claimed | Attribution::Suspected => Style::new(),
            Attribution::Denied => self.dim(),
        }
    }

    fn field(&self, field: Field) -> Style {
        let colour = match field {
            Field::Victim => Color::Cyan,
            Field::Kind => Color::Yellow,
            Field::Attackers | Field::Disputed => Color::Red,
            Field::Records => Color::Green,
            Field::Data => Color::Blue,
            Field::Occurred | Field::Disclosed => Color::Magenta,
        };
        self.fg(colour).add_modifier(Modifier::UNDERLINED)
    }

    fn fg(&self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }
}
