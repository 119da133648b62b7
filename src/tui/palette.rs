//! Which colour means what: the themes that come with the timeline, and the colours that the configuration gives.

use ratatui::style::Color;

use crate::model::report::{Field, Kind};

/// Something that has a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Days, headings, marks.
    Heading,
    /// The bars of the small picture.
    Bar,
    /// Something wrong.
    Warning,
    /// Bad news that need not be seen first.
    Failure,
    /// An address.
    Link,
    /// Words that an article has no more.
    Gone,
    /// Words that were added to an article.
    Added,
    /// A kind of incident.
    Kind(Kind),
    /// The words from which a field was read.
    Evidence(Field),
}

const FIELDS: [Field; 8] = [
    Field::Victim,
    Field::Kind,
    Field::Attackers,
    Field::Records,
    Field::Data,
    Field::Occurred,
    Field::Disclosed,
    Field::Disputed,
];

const FEW: [Role; 7] = [Role::Heading, Role::Bar, Role::Warning, Role::Failure, Role::Link, Role::Gone, Role::Added];

impl Role {
    /// Returns every role, in the order in which they are told.
    pub fn all() -> Vec<Role> {
        let kinds = Kind::ALL.into_iter().map(Role::Kind);
        FEW.into_iter().chain(kinds).chain(FIELDS.into_iter().map(Role::Evidence)).collect()
    }

    /// Returns its word in the configuration.
    pub fn word(self) -> String {
        match self {
            Role::Heading => "heading".to_owned(),
            Role::Bar => "bar".to_owned(),
            Role::Warning => "warning".to_owned(),
            Role::Failure => "failure".to_owned(),
            Role::Link => "link".to_owned(),
            Role::Gone => "gone".to_owned(),
            Role::Added => "added".to_owned(),
            Role::Kind(kind) => kind.word().to_owned(),
            Role::Evidence(field) => format!("evidence-{}", field.word()),
        }
    }
}

/// Whether the terminal's background is thought to be dark, light, or of no matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// Colours that are read well on black.
    #[default]
    Dark,
    /// Colours that are read well on white: no yellow, cyan or light green.
    Light,
    /// None but that of warnings.
    Plain,
}

impl Base {
    const ALL: [(&'static str, Base); 3] = [("dark", Base::Dark), ("light", Base::Light), ("plain", Base::Plain)];

    /// Returns one of the terminal's own 16 colours.
    fn colour(self, role: Role) -> Color {
        match (self, role) {
            (_, Role::Warning | Role::Gone) => Color::Red,
            (Base::Plain, _) => Color::Reset,
            (Base::Dark, Role::Heading | Role::Bar) => Color::Cyan,
            (Base::Light, Role::Heading | Role::Bar | Role::Link) => Color::Blue,
            (Base::Dark, Role::Failure) => Color::Yellow,
            (Base::Light, Role::Failure) => Color::Magenta,
            (_, Role::Link) => Color::Blue,
            (_, Role::Added) => Color::Green,
            (base, Role::Kind(kind)) => base.kind(kind),
            (base, Role::Evidence(field)) => base.evidence(field),
        }
    }

    fn kind(self, kind: Kind) -> Color {
        match (self, kind) {
            (_, Kind::Ransomware | Kind::Sabotage) => Color::Red,
            (Base::Light, Kind::Breach | Kind::Theft) => Color::Blue,
            (_, Kind::Breach | Kind::Theft) => Color::Yellow,
            (Base::Light, Kind::Exposure) => Color::DarkGray,
            (_, Kind::Exposure) => Color::Cyan,
            (_, Kind::Ddos | Kind::Defacement) => Color::Magenta,
            (_, Kind::Phishing | Kind::Intrusion) => Color::Green,
            (_, Kind::Other) => Color::Reset,
        }
    }

    fn evidence(self, field: Field) -> Color {
        match (self, field) {
            (Base::Light, Field::Victim) => Color::Blue,
            (_, Field::Victim) => Color::Cyan,
            (Base::Light, Field::Kind) => Color::DarkGray,
            (_, Field::Kind) => Color::Yellow,
            (_, Field::Attackers | Field::Disputed) => Color::Red,
            (_, Field::Records) => Color::Green,
            (_, Field::Data) => Color::Blue,
            (_, Field::Occurred | Field::Disclosed) => Color::Magenta,
        }
    }
}

/// The colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    base: Base,
    /// The colours that were given to some roles.
    given: Vec<(Role, Color)>,
}

/// Why a colour cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourFault {
    /// Which of the settings is wrong.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: String,
}

impl Palette {
    /// Makes the palette of some settings: `base`, and colours of roles by their words. The error holds every mistake.
    pub fn with(settings: &[(&str, &str)]) -> Result<Palette, Vec<ColourFault>> {
        let mut palette = Palette::default();
        let mut faults = Vec::new();
        for (at, (word, value)) in settings.iter().enumerate() {
            if let Err((what, hint)) = palette.set(word, value) {
                faults.push(ColourFault { at, what, hint });
            }
        }
        if faults.is_empty() { Ok(palette) } else { Err(faults) }
    }

    fn set(&mut self, word: &str, value: &str) -> Result<(), (String, String)> {
        if word == "base" {
            let bases = Base::ALL.map(|(word, _)| word).join(", ");
            let base = Base::ALL.into_iter().find(|(word, _)| *word == value);
            self.base =
                base.map(|(_, base)| base).ok_or((format!("there is no theme \"{value}\""), format!("one of {bases}")))?;
            return Ok(());
        }
        let roles = Role::all();
        let role = roles.iter().find(|role| role.word() == word).ok_or_else(|| {
            let words: Vec<String> = roles.iter().map(|role| role.word()).collect();
            (format!("\"{word}\" has no colour"), format!("one of base {}", words.join(" ")))
        })?;
        let colour = value.parse::<Color>().map_err(|_| {
            let hint = "one of black red green yellow blue magenta cyan gray darkgray lightred ... white, \"reset\" for none, or #rrggbb";
            (format!("\"{value}\" is no colour"), hint.to_owned())
        })?;
        self.given.push((*role, colour));
        Ok(())
    }

    /// Returns the colour of something; the terminal's own foreground where it has none.
    pub fn colour(&self, role: Role) -> Color {
        let given = self.given.iter().rfind(|(other, _)| *other == role).map(|(_, colour)| *colour);
        given.unwrap_or_else(|| self.base.colour(role))
    }
}
