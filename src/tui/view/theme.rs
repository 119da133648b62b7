//! Tones as styles: the colours of the palette on the terminal's own background, or none at all. Nothing is said by colour alone.

use std::sync::Arc;

use ratatui::style::{Color, Modifier, Style};

use crate::model::report::{Attribution, Field, Kind};
use crate::tui::lines::Tone;
use crate::tui::palette::{Palette, Role};
use crate::tui::state::Look;

/// How tones look.
#[derive(Clone, Debug)]
pub struct Theme {
    palette: Option<Arc<Palette>>,
    /// Whether only ASCII may be drawn.
    pub ascii: bool,
}

impl Theme {
    /// Makes the theme for what a terminal can show.
    pub fn new(look: Look, palette: &Arc<Palette>) -> Theme {
        Theme { palette: look.colour.then(|| palette.clone()), ascii: look.ascii }
    }

    /// Returns the style of a tone.
    pub fn style(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
            Tone::Dim => self.dim(),
            Tone::Quote => Style::new().add_modifier(Modifier::ITALIC),
            Tone::Link => self.fg(Role::Link).add_modifier(Modifier::UNDERLINED),
            Tone::Warn => self.warn(),
            Tone::Hit => self.hit(),
            Tone::Gone => self.fg(Role::Gone).add_modifier(Modifier::CROSSED_OUT),
            Tone::Added => self.fg(Role::Added).add_modifier(Modifier::BOLD),
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
        self.fg(Role::Warning).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of bad news that need not be seen first.
    pub fn bad(&self) -> Style {
        self.fg(Role::Failure)
    }

    /// Returns the style of the name of a field or a heading.
    pub fn heading(&self) -> Style {
        self.fg(Role::Heading).add_modifier(Modifier::BOLD)
    }

    /// Returns the style of a kind's word.
    pub fn kind(&self, kind: Kind) -> Style {
        self.fg(Role::Kind(kind))
    }

    /// Returns the style of a bar of the picture.
    pub fn bar(&self) -> Style {
        self.fg(Role::Bar)
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
        self.fg(Role::Evidence(field)).add_modifier(Modifier::UNDERLINED)
    }

    fn fg(&self, role: Role) -> Style {
        match self.palette.as_ref().map(|palette| palette.colour(role)) {
            None | Some(Color::Reset) => Style::new(),
            Some(colour) => Style::new().fg(colour),
        }
    }
}
