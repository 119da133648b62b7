//! What one article says of one event. The fields, their words and their order are those of the batch layout.

use serde::{Deserialize, Serialize};

use crate::base::day::DayRange;
use crate::base::span::Span;
use crate::model::mention::RuleId;

/// What one article says of one event that befell one victim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Who was hit.
    pub victim: Victim,
    /// What happened.
    pub kind: Kind,
    /// Other kinds that a fair reader might choose.
    pub also_kinds: Vec<Kind>,
    /// Who is held responsible.
    pub attackers: Vec<Attacker>,
    /// How much was affected, the best figure first.
    pub records: Vec<Figure>,
    /// Which kinds of data were taken or exposed, sorted.
    pub data: Vec<DataKind>,
    /// When it happened; None where the text does not say.
    pub occurred: Option<DayRange>,
    /// When it became known to the public; None where the text does not say.
    pub disclosed: Option<DayRange>,
    /// Whether the victim or others dispute that it happened.
    pub disputed: bool,
    /// Whether the article is about it or names it in passing.
    pub salience: Salience,
    /// How sure the reading is that this incident is in the article, 0 to 1.
    pub confidence: f32,
    /// The words that each value was read from.
    pub evidence: Vec<Evidence>,
}

/// Who was hit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Victim {
    /// The shortest full name that identifies it, or a description where `named` is false.
    pub name: String,
    /// Every other name of the same body.
    pub aliases: Vec<String>,
    /// False for a group or an unnamed body.
    pub named: bool,
}

/// What happened. The words are those of the batch layout; [`Kind::ALL`] is their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Data accessed or stolen.
    Breach,
    /// Data left open, lost or sent by mistake.
    Exposure,
    /// Encryption or extortion for ransom.
    Ransomware,
    /// A service knocked over.
    Ddos,
    /// A site or account altered, hijacked or used to post.
    Defacement,
    /// People tricked into giving something away.
    Phishing,
    /// Money or cryptocurrency stolen.
    Theft,
    /// Systems entered; loss of data not stated.
    Intrusion,
    /// Destruction: wipers, control systems.
    Sabotage,
    /// Any other incident.
    Other,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Kind; 10] = [
        Kind::Breach,
        Kind::Exposure,
        Kind::Ransomware,
        Kind::Ddos,
        Kind::Defacement,
        Kind::Phishing,
        Kind::Theft,
        Kind::Intrusion,
        Kind::Sabotage,
        Kind::Other,
    ];

    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Breach => "breach",
            Kind::Exposure => "exposure",
            Kind::Ransomware => "ransomware",
            Kind::Ddos => "ddos",
            Kind::Defacement => "defacement",
            Kind::Phishing => "phishing",
            Kind::Theft => "theft",
            Kind::Intrusion => "intrusion",
            Kind::Sabotage => "sabotage",
            Kind::Other => "other",
        }
    }

    /// Returns the kind of that word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A group, person, state or operator held responsible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attacker {
    /// The name, or the description that narrows it down.
    pub name: String,
    /// Other names of the same.
    pub aliases: Vec<String>,
    /// Who says so, and how firmly.
    pub attribution: Attribution,
}

/// How firmly somebody is held responsible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attribution {
    /// The attacker says so.
    Claimed,
    /// The victim, police, a court or researchers state it as fact.
    Confirmed,
    /// Somebody suspects it.
    Suspected,
    /// The attacker denies it and nobody asserts otherwise.
    Denied,
}

impl Attribution {
    /// Every attribution, the firmest word of the attacker first.
    pub const ALL: [Attribution; 4] = [Attribution::Claimed, Attribution::Confirmed, Attribution::Suspected, Attribution::Denied];

    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Attribution::Claimed => "claimed",
            Attribution::Confirmed => "confirmed",
            Attribution::Suspected => "suspected",
            Attribution::Denied => "denied",
        }
    }
}

/// A count of what was affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// The number, or the lower end of a range.
    pub value: u64,
    /// The upper end of a range; None where one number is given.
    pub max: Option<u64>,
    /// What is counted.
    pub unit: Unit,
    /// How the number is meant.
    pub qualifier: Qualifier,
    /// Whose word it is; left out where nobody's is told.
    #[serde(default, skip_serializing_if = "Speaker::is_untold")]
    pub by: Speaker,
}

impl Figure {
    /// Tells whether two are one number meant alike, whoever gives it.
    pub fn is_same(&self, other: &Figure) -> bool {
        Figure { by: Speaker::Untold, ..*self } == Figure { by: Speaker::Untold, ..*other }
    }
}

/// Whose word a figure is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// That of the victim, a regulator, the police or a court; also of a filing or a notice.
    Official,
    /// That of the attackers: they claim it.
    Attacker,
    /// The text gives it without saying whose word it is.
    #[default]
    Untold,
}

impl Speaker {
    /// Returns whose word it is that bears this word; None if there is nobody of it.
    pub fn from_word(word: &str) -> Option<Speaker> {
        [Speaker::Official, Speaker::Attacker, Speaker::Untold].into_iter().find(|speaker| speaker.word() == word)
    }

    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Speaker::Official => "official",
            Speaker::Attacker => "attacker",
            Speaker::Untold => "untold",
        }
    }

    /// Tells whether nobody's word is told.
    pub fn is_untold(&self) -> bool {
        *self == Speaker::Untold
    }

    /// Returns whose word a number is that is given twice: an official one's if it ever is, and else the attackers', since who repeats
    /// as fact what they claimed has still learned it from them.
    pub fn or(self, other: Speaker) -> Speaker {
        match (self, other) {
            (Speaker::Official, _) | (_, Speaker::Official) => Speaker::Official,
            (Speaker::Attacker, _) | (_, Speaker::Attacker) => Speaker::Attacker,
            (Speaker::Untold, Speaker::Untold) => Speaker::Untold,
        }
    }
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Customers, users, patients, accounts, e-mail addresses of people.
    People,
    /// Records.
    Records,
    /// Payment cards.
    Cards,
    /// Files.
    Files,
    /// Bytes.
    Bytes,
    /// Computers, servers, sites.
    Systems,
}

impl Unit {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Unit::People => "people",
            Unit::Records => "records",
            Unit::Cards => "cards",
            Unit::Files => "files",
            Unit::Bytes => "bytes",
            Unit::Systems => "systems",
        }
    }

    /// Tells whether it counts what belongs to persons: themselves, records and cards of theirs.
    pub fn counts_persons(self) -> bool {
        matches!(self, Unit::People | Unit::Records | Unit::Cards)
    }
}

/// How a number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// A bare figure.
    Exact,
    /// "nearly", "around".
    About,
    /// "more than".
    AtLeast,
    /// "up to".
    AtMost,
}

impl Qualifier {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Qualifier::Exact => "exact",
            Qualifier::About => "about",
            Qualifier::AtLeast => "at_least",
            Qualifier::AtMost => "at_most",
        }
    }
}

/// A kind of data taken or exposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each word says what it is")]
pub enum DataKind {
    Names,
    Emails,
    Phones,
    Addresses,
    BirthDates,
    Usernames,
    Passwords,
    PaymentCards,
    BankAccounts,
    NationalIds,
    Health,
    Biometrics,
    Photos,
    Messages,
    Location,
    IpAddresses,
    Employment,
    Education,
    Financial,
    SourceCode,
    Documents,
    Credentials,
    Other,
}

impl DataKind {
    /// Every kind of data, in the order of the guidelines.
    pub const ALL: [DataKind; 23] = [
        DataKind::Names,
        DataKind::Emails,
        DataKind::Phones,
        DataKind::Addresses,
        DataKind::BirthDates,
        DataKind::Usernames,
        DataKind::Passwords,
        DataKind::PaymentCards,
        DataKind::BankAccounts,
        DataKind::NationalIds,
        DataKind::Health,
        DataKind::Biometrics,
        DataKind::Photos,
        DataKind::Messages,
        DataKind::Location,
        DataKind::IpAddresses,
        DataKind::Employment,
        DataKind::Education,
        DataKind::Financial,
        DataKind::SourceCode,
        DataKind::Documents,
        DataKind::Credentials,
        DataKind::Other,
    ];

    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            DataKind::Names => "names",
            DataKind::Emails => "emails",
            DataKind::Phones => "phones",
            DataKind::Addresses => "addresses",
            DataKind::BirthDates => "birth_dates",
            DataKind::Usernames => "usernames",
            DataKind::Passwords => "passwords",
            DataKind::PaymentCards => "payment_cards",
            DataKind::BankAccounts => "bank_accounts",
            DataKind::NationalIds => "national_ids",
            DataKind::Health => "health",
            DataKind::Biometrics => "biometrics",
            DataKind::Photos => "photos",
            DataKind::Messages => "messages",
            DataKind::Location => "location",
            DataKind::IpAddresses => "ip_addresses",
            DataKind::Employment => "employment",
            DataKind::Education => "education",
            DataKind::Financial => "financial",
            DataKind::SourceCode => "source_code",
            DataKind::Documents => "documents",
            DataKind::Credentials => "credentials",
            DataKind::Other => "other",
        }
    }

    /// Returns the kind of data of that word.
    pub fn from_word(word: &str) -> Option<DataKind> {
        DataKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Whether an article is about an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Salience {
    /// It is what the article is about.
    Main,
    /// It is named in passing.
    Mention,
}

/// The words that a value was read from, and the rule that read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The value it stands for.
    pub field: Field,
    /// The words, exactly as the text has them.
    pub quote: String,
    /// Where they stand in the article's text.
    #[serde(flatten)]
    pub span: Span,
    /// The rule that read them.
    pub rule: RuleId,
    /// How sure the reading of this field is, 0 to 1.
    pub confidence: f32,
}

/// A field of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the fields of Report")]
pub enum Field {
    Victim,
    Kind,
    Attackers,
    Records,
    Data,
    Occurred,
    Disclosed,
    Disputed,
}

impl Field {
    /// Returns the word that documents and outputs use.
    pub fn word(self) -> &'static str {
        match self {
            Field::Victim => "victim",
            Field::Kind => "kind",
            Field::Attackers => "attackers",
            Field::Records => "records",
            Field::Data => "data",
            Field::Occurred => "occurred",
            Field::Disclosed => "disclosed",
            Field::Disputed => "disputed",
        }
    }
}
