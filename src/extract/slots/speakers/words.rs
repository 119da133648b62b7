//! Words by which a text tells who says something, all in small letters.

/// Verbs of telling, and of finding out and letting those know whom it befell; sorted.
pub const SAYS: [&str; 62] = [
    "acknowledged",
    "acknowledges",
    "admits",
    "admitted",
    "alerted",
    "alerting",
    "announced",
    "announces",
    "believed",
    "believes",
    "conceded",
    "concluded",
    "confirmed",
    "confirming",
    "confirms",
    "determined",
    "disclosed",
    "discloses",
    "disclosing",
    "estimated",
    "estimates",
    "found",
    "identified",
    "indicate",
    "indicated",
    "indicates",
    "informed",
    "informing",
    "informs",
    "learned",
    "list",
    "listed",
    "lists",
    "notified",
    "notifies",
    "notifying",
    "posted",
    "puts",
    "reported",
    "reporting",
    "reports",
    "revealed",
    "revealing",
    "reveals",
    "said",
    "saying",
    "says",
    "show",
    "showed",
    "shows",
    "stated",
    "states",
    "tell",
    "telling",
    "tells",
    "told",
    "tweeted",
    "verified",
    "warned",
    "warns",
    "writes",
    "wrote",
];

/// Verbs by which attackers speak of what they took; sorted.
pub const CLAIMS: [&str; 21] = [
    "advertise",
    "advertised",
    "advertises",
    "advertising",
    "alleged",
    "alleges",
    "boast",
    "boasted",
    "boasts",
    "bragged",
    "claim",
    "claimed",
    "claiming",
    "claims",
    "offer",
    "offered",
    "offering",
    "offers",
    "sell",
    "selling",
    "sells",
];

/// Words that make of what follows what is denied, or merely said; sorted.
pub const DOUBTS: [&str; 20] = [
    "allegation",
    "allegations",
    "allegedly",
    "denied",
    "denies",
    "deny",
    "denying",
    "dismissed",
    "disputed",
    "disputes",
    "disputing",
    "purported",
    "refuted",
    "rejected",
    "reportedly",
    "rumor",
    "rumors",
    "rumour",
    "rumours",
    "unconfirmed",
];

/// Words that begin another clause, of which a verb before them says nothing.
pub const BREAKS: [&str; 16] = [
    "after",
    "although",
    "as",
    "because",
    "before",
    "but",
    "despite",
    "following",
    "if",
    "since",
    "though",
    "when",
    "whether",
    "while",
    ";",
    ":",
];

/// Marks around an aside.
pub const MARKS: [&str; 9] = [",", "“", "”", "\"", "(", ")", "-", "–", "—"];

/// Words that turn a verb of saying round.
pub const NOT: [&str; 10] = ["not", "n't", "n’t", "never", "declined", "refused", "yet", "without", "unable", "nor"];

/// Words right before "claim" and "claims" that make a verb of it.
pub const VERBAL: [&str; 10] = ["also", "they", "it", "he", "she", "who", "which", "now", "further", "have"];

/// Who speaks for a state; sorted.
pub const AUTHORITIES: [&str; 30] = [
    "authorities",
    "cisa",
    "cnil",
    "commission",
    "commissioner",
    "court",
    "department",
    "europol",
    "fbi",
    "government",
    "governor",
    "hhs",
    "ico",
    "indictment",
    "interpol",
    "mayor",
    "minister",
    "ministry",
    "officials",
    "police",
    "prosecutor",
    "prosecutors",
    "regulator",
    "regulators",
    "sec",
    "secretary",
    "senator",
    "sheriff",
    "superintendent",
    "watchdog",
];

/// What is filed or sent by duty; sorted.
pub const PAPERS: [&str; 13] = [
    "8-k",
    "disclosure",
    "filing",
    "filings",
    "letter",
    "letters",
    "notice",
    "notices",
    "notification",
    "notifications",
    "portal",
    "press",
    "statement",
];

/// What is filed by duty, whoever is named beside it.
pub const FILINGS: [&str; 4] = ["8-k", "filing", "filings", "notification"];

/// Who speaks for whom he is employed by; sorted.
pub const VOICES: [&str; 8] =
    ["ceo", "chief", "executive", "president", "representative", "spokesman", "spokesperson", "spokeswoman"];

/// Who speaks of others' incidents; sorted.
pub const OUTSIDERS: [&str; 21] = [
    "analyst",
    "analysts",
    "expert",
    "experts",
    "journalist",
    "journalists",
    "media",
    "newspaper",
    "people",
    "person",
    "pwned",
    "reporter",
    "reporters",
    "researcher",
    "researchers",
    "someone",
    "source",
    "sources",
    "specialists",
    "user",
    "users",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_are_searched_are_sorted() {
        for list in [&SAYS[..], &CLAIMS, &DOUBTS, &AUTHORITIES, &PAPERS, &VOICES, &OUTSIDERS] {
            assert!(list.is_sorted());
        }
    }
}
