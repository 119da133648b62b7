//! Breaches as Have I Been Pwned lists them (`breaches.json` of its API, version 3).

use serde::Deserialize;
use url::Url;

use super::Entry;
use crate::base::day::{Day, DayRange};
use crate::base::entity;
use crate::base::fold::fold;
use crate::model::report::{DataKind, Figure, Kind, Qualifier, Speaker, Unit, Victim};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Breach {
    name: String,
    title: String,
    #[serde(default)]
    domain: String,
    breach_date: Day,
    added_date: String,
    pwn_count: u64,
    #[serde(default)]
    description: String,
    #[serde(default)]
    data_classes: Vec<String>,
    #[serde(default = "yes")]
    is_verified: bool,
    #[serde(default)]
    is_fabricated: bool,
    #[serde(default)]
    is_spam_list: bool,
    #[serde(default)]
    is_malware: bool,
    #[serde(default)]
    is_stealer_log: bool,
}

fn yes() -> bool {
    true
}

/// Returns the address of a breach: that of its page.
pub fn url(bytes: &[u8]) -> Result<Url, String> {
    let breach: Breach = parsed(bytes)?;
    let mut url = Url::parse("https://haveibeenpwned.com/Breach/").map_err(|error| error.to_string())?;
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().push(&breach.name);
    }
    Ok(url)
}

fn parsed(bytes: &[u8]) -> Result<Breach, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("is no breach of Have I Been Pwned: {error}"))
}

/// Reads a breach. Collections that befell no one body (lists for spam, logs of malware) and what was made up are none.
pub(super) fn entry(bytes: &[u8]) -> Result<Entry, String> {
    let breach = parsed(bytes)?;
    if breach.is_fabricated || breach.is_spam_list || breach.is_malware || breach.is_stealer_log {
        return Err("is no breach of one body: a list for spam, logs of malware, or made up".to_owned());
    }
    let added = breach.added_date.get(..10).and_then(|day| day.parse().ok()).ok_or("does not say when it was added")?;
    let mut data: Vec<DataKind> = breach.data_classes.iter().map(|class| data_kind(class)).collect();
    data.sort_unstable();
    data.dedup();
    let mut aliases: Vec<String> = [&breach.domain, &breach.name].into_iter().filter(|name| !name.is_empty()).cloned().collect();
    aliases.retain(|alias| fold(alias) != fold(&breach.title));
    aliases.dedup();
    Ok(Entry {
        title: breach.title.clone(),
        published: added,
        text: plain(&breach.description),
        victim: Victim { name: breach.title, aliases, named: true },
        kind: Kind::Breach,
        attackers: Vec::new(),
        records: vec![Figure {
            value: breach.pwn_count,
            max: None,
            unit: Unit::People,
            qualifier: Qualifier::Exact,
            by: Speaker::Untold,
        }],
        data,
        occurred: Some(DayRange::day(breach.breach_date)),
        disclosed: None,
        disputed: !breach.is_verified,
        rule: "register.hibp".to_owned(),
    })
}

/// Returns a description without its few tags.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    entity::decode(&text).into_owned()
}

/// The register's words for kinds of data, in the order in which they are looked for: those that others hold come first.
const CLASSES: &[(&str, DataKind)] = &[
    ("email addresses", DataKind::Emails),
    ("email messages", DataKind::Messages),
    ("ip addresses", DataKind::IpAddresses),
    ("physical addresses", DataKind::Addresses),
    ("mac addresses", DataKind::Other),
    ("bank account", DataKind::BankAccounts),
    ("credit card", DataKind::PaymentCards),
    ("payment", DataKind::Financial),
    ("partial credit", DataKind::PaymentCards),
    ("password", DataKind::Passwords),
    ("auth token", DataKind::Credentials),
    ("security question", DataKind::Credentials),
    ("pins", DataKind::Credentials),
    ("encrypted keys", DataKind::Credentials),
    ("username", DataKind::Usernames),
    ("phone number", DataKind::Phones),
    ("dates of birth", DataKind::BirthDates),
    ("year of birth", DataKind::BirthDates),
    ("social security", DataKind::NationalIds),
    ("government issued", DataKind::NationalIds),
    ("passport", DataKind::NationalIds),
    ("driver", DataKind::NationalIds),
    ("biometric", DataKind::Biometrics),
    ("health", DataKind::Health),
    ("medical", DataKind::Health),
    ("photo", DataKind::Photos),
    ("avatar", DataKind::Photos),
    ("profile image", DataKind::Photos),
    ("message", DataKind::Messages),
    ("chat", DataKind::Messages),
    ("geographic", DataKind::Location),
    ("location", DataKind::Location),
    ("employ", DataKind::Employment),
    ("job", DataKind::Employment),
    ("occupation", DataKind::Employment),
    ("education", DataKind::Education),
    ("school", DataKind::Education),
    ("income", DataKind::Financial),
    ("financial", DataKind::Financial),
    ("account balance", DataKind::Financial),
    ("source code", DataKind::SourceCode),
    ("document", DataKind::Documents),
    ("names", DataKind::Names),
];

fn data_kind(class: &str) -> DataKind {
    let class = class.to_lowercase();
    CLASSES.iter().find(|(word, _)| class.contains(word)).map_or(DataKind::Other, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREACH: &str = r#"{"Name":"Corran","Title":"Corran Point","Domain":"corran.example","BreachDate":"2015-03-01",
        "AddedDate":"2015-04-02T10:11:12Z","ModifiedDate":"2015-04-02T10:11:12Z","PwnCount":9870,
        "Description":"In March, <a href=\"https://x.example\">Corran Point</a> lost its &quot;list&quot;.",
        "DataClasses":["Email addresses","Passwords","Names","Usernames","Favourite colours"],"IsVerified":true,"IsSensitive":false}"#;

    #[test]
    fn a_breach_is_read_whole() {
        let entry = entry(BREACH.as_bytes()).unwrap();
        assert_eq!(entry.victim.aliases, ["corran.example", "Corran"]);
        assert_eq!(entry.text, "In March, Corran Point lost its \"list\".");
        assert_eq!(
            (entry.published.to_string(), entry.occurred.unwrap().to_string()),
            ("2015-04-02".into(), "2015-03-01".into())
        );
        let expected = [DataKind::Names, DataKind::Emails, DataKind::Usernames, DataKind::Passwords, DataKind::Other];
        assert_eq!(entry.data, expected);
        assert_eq!(url(BREACH.as_bytes()).unwrap().as_str(), "https://haveibeenpwned.com/Breach/Corran");
        let (text, report) = entry.told();
        assert!(
            report.evidence.iter().all(|evidence| evidence.span.slice(&text) == evidence.quote && !evidence.quote.is_empty())
        );
    }

    #[test]
    fn collections_and_fabrications_are_no_breach() {
        for flag in ["IsFabricated", "IsSpamList", "IsMalware", "IsStealerLog"] {
            let breach = BREACH.replace("\"IsSensitive\":false", &format!("\"{flag}\":true"));
            assert!(entry(breach.as_bytes()).is_err(), "{flag}");
        }
        assert!(entry(b"{}").is_err());
    }
}
