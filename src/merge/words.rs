//! Words that tell little or much about a name: legal forms, kinds of bodies, groups of people, places.
//!
//! All are folded (`base::fold`) and sorted, so that they are found by halving.

/// Tells whether a sorted table has the word.
pub(super) fn has(table: &[&str], word: &str) -> bool {
    table.binary_search(&word).is_ok()
}

/// Returns the place that a folded word or phrase stands for: "brazilian" and "brazil" are one.
pub(super) fn place(phrase: &str) -> Option<&'static str> {
    PLACES.binary_search_by_key(&phrase, |(form, _)| form).ok().map(|at| PLACES[at].1)
}

/// Legal forms and the like at the end of a name, which people leave out at will.
#[rustfmt::skip]
pub(super) const LEGAL: &[&str] = &[
    "ab", "ag", "as", "asa", "bhd", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "holding", "holdings", "inc",
    "incorporated", "jsc", "kg", "kgaa", "kk", "lda", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "ooo", "oy",
    "oyj", "pbc", "pjsc", "plc", "pte", "pty", "pvt", "sa", "sae", "sarl", "sas", "se", "spa", "srl",
];

/// Words without weight inside a name.
#[rustfmt::skip]
pub(super) const SMALL: &[&str] = &[
    "a", "an", "and", "at", "de", "del", "di", "for", "in", "la", "le", "of", "on", "some", "the", "to", "und", "unidentified",
    "unnamed", "y",
];

/// What a body is rather than what it is called, at the end of a name: "Caesars" and "Caesars Entertainment" may be one.
#[rustfmt::skip]
pub(super) const TRADES: &[&str] = &[
    "airline", "airlines", "airways", "app", "bank", "banking", "blue", "bluecross", "blueshield", "casino", "casinos",
    "center", "centre", "clinic", "clinics", "college", "communications", "computer", "cross", "energy", "enterprises",
    "entertainment", "exchange", "express", "finance", "financial", "foods", "games", "health", "healthcare", "hospital",
    "hospitals", "hotel", "hotels", "industries", "insurance", "interactive", "international", "laboratories", "labs", "life",
    "lines", "logistics", "markets", "media", "medical", "mobile", "motor", "motors", "network", "networks", "online", "pharma",
    "pharmaceuticals", "pipeline", "pipelines", "properties", "publishing", "resort", "resorts", "restaurants", "retail",
    "school", "schools", "security", "service", "services", "shield", "software", "solutions", "stores", "studios",
    "supermarkets", "system", "systems", "tech", "technologies", "technology", "telecom", "trust", "university", "vpn",
    "website", "worldwide",
];

/// Words that stand for many of a kind: "MongoDB servers" are no body, but the same group as "MongoDB databases".
#[rustfmt::skip]
pub(super) const GROUPS: &[&str] = &[
    "account", "accounts", "administrators", "clients", "consumers", "customers", "databases", "devices", "employees",
    "environments", "holders", "installations", "instances", "members", "owners", "patients", "players", "servers", "sites",
    "subscribers", "systems", "tenants", "users", "websites",
];

/// Words that many bodies share. A name made of these alone says little: "Ministry of Justice", "Memorial Hospital".
#[rustfmt::skip]
pub(super) const COMMON: &[&str] = &[
    "academy", "account", "accounts", "administration", "affairs", "agencies", "agency", "agriculture", "air", "airline",
    "airlines", "airport", "airways", "army", "assembly", "association", "attorney", "authority", "bank", "banks", "baptist",
    "board", "bodies", "body", "branch", "bureau", "business", "businesses", "care", "carrier", "center", "central", "centre",
    "childrens", "church", "cities", "citizens", "city", "clearinghouse", "clinic", "college", "commission", "committee",
    "communications", "community", "companies", "company", "computers", "congress", "contractor", "contractors", "corporation",
    "council", "countries", "country", "county", "court", "credit", "customer", "customers", "cyber", "databases", "defence",
    "defense", "department", "departments", "devices", "district", "division", "doctors", "education", "election", "electric",
    "embassy", "emergency", "employees", "employment", "energy", "engineering", "enterprises", "entities", "entity",
    "environment", "exchange", "executive", "facility", "federal", "finance", "financial", "firm", "firms", "first", "force",
    "forces", "foreign", "foundation", "fund", "gas", "general", "global", "government", "governments", "group", "groups",
    "guard", "health", "healthcare", "high", "home", "homeland", "hospital", "hospitals", "hotel", "hotels", "house", "housing",
    "individuals", "industrial", "industries", "industry", "information", "infrastructure", "institute", "institution",
    "institutions", "insurance", "insurer", "interior", "internal", "international", "internet", "investment", "justice",
    "labor", "labour", "law", "library", "local", "major", "management", "manufacturer", "media", "medical", "members",
    "memorial", "mercy", "methodist", "metropolitan", "military", "ministry", "mobile", "multinational", "municipal",
    "municipality", "national", "navy", "network", "networks", "news", "office", "officials", "oil", "online", "operator",
    "operators", "organisation", "organisations", "organization", "organizations", "parliament", "party", "patients", "people",
    "personnel", "phone", "police", "port", "power", "practice", "presbyterian", "presidency", "prison", "private", "provider",
    "providers", "public", "railway", "regional", "research", "reserve", "residents", "resort", "restaurant", "retailer",
    "revenue", "royal", "school", "schools", "science", "secretary", "sector", "security", "senate", "server", "servers",
    "service", "services", "sheriff", "sheriffs", "shop", "site", "sites", "social", "society", "software", "solutions",
    "state", "states", "station", "store", "students", "subscribers", "supplier", "surgery", "system", "systems", "tax",
    "taxpayers", "technologies", "technology", "telecom", "telecommunications", "telephone", "television", "town", "trade",
    "transit", "transport", "transportation", "treasury", "trust", "universities", "university", "user", "users", "utilities",
    "utility", "vendor", "veterans", "victim", "victims", "village", "water", "web", "webmail", "website", "websites",
    "workers",
];

/// Words of public bodies, of which a place has one each: "Italy's foreign ministry", "Italian Ministry of Foreign Affairs".
#[rustfmt::skip]
pub(super) const PUBLIC: &[&str] = &[
    "administration", "agency", "army", "assembly", "authority", "commission", "congress", "defence", "defense", "department",
    "embassy", "government", "healthcare", "military", "ministry", "navy", "parliament", "police", "senate", "service",
    "treasury",
];

/// Places and their adjectives, folded: countries, parts of the United Kingdom, states of the United States.
#[rustfmt::skip]
const PLACES: &[(&str, &str)] = &[
    ("afghan", "afghanistan"), ("afghanistan", "afghanistan"), ("alabama", "alabama"), ("alaska", "alaska"),
    ("albania", "albania"), ("albanian", "albania"), ("algeria", "algeria"), ("algerian", "algeria"), ("america", "us"),
    ("american", "us"), ("argentina", "argentina"), ("argentine", "argentina"), ("argentinian", "argentina"),
    ("arizona", "arizona"), ("arkansas", "arkansas"), ("armenia", "armenia"), ("armenian", "armenia"),
    ("australia", "australia"), ("australian", "australia"), ("austria", "austria"), ("austrian", "austria"),
    ("azerbaijan", "azerbaijan"), ("azerbaijani", "azerbaijan"), ("bahrain", "bahrain"), ("bangladesh", "bangladesh"),
    ("bangladeshi", "bangladesh"), ("belarus", "belarus"), ("belarusian", "belarus"), ("belgian", "belgium"),
    ("belgium", "belgium"), ("bolivia", "bolivia"), ("bolivian", "bolivia"), ("brazil", "brazil"), ("brazilian", "brazil"),
    ("britain", "uk"), ("british", "uk"), ("bulgaria", "bulgaria"), ("bulgarian", "bulgaria"), ("california", "california"),
    ("cambodia", "cambodia"), ("cambodian", "cambodia"), ("canada", "canada"), ("canadian", "canada"), ("chile", "chile"),
    ("chilean", "chile"), ("china", "china"), ("chinese", "china"), ("colombia", "colombia"), ("colombian", "colombia"),
    ("colorado", "colorado"), ("connecticut", "connecticut"), ("costa rica", "costa rica"), ("costa rican", "costa rica"),
    ("croatia", "croatia"), ("croatian", "croatia"), ("cuba", "cuba"), ("cuban", "cuba"), ("cyprus", "cyprus"),
    ("czech", "czechia"), ("czech republic", "czechia"), ("czechia", "czechia"), ("danish", "denmark"),
    ("delaware", "delaware"), ("denmark", "denmark"), ("dutch", "netherlands"), ("ecuador", "ecuador"),
    ("ecuadorian", "ecuador"), ("egypt", "egypt"), ("egyptian", "egypt"), ("england", "england"), ("english", "england"),
    ("estonia", "estonia"), ("estonian", "estonia"), ("ethiopia", "ethiopia"), ("ethiopian", "ethiopia"), ("eu", "eu"),
    ("european union", "eu"), ("finland", "finland"), ("finnish", "finland"), ("florida", "florida"), ("france", "france"),
    ("french", "france"), ("georgia", "georgia"), ("georgian", "georgia"), ("german", "germany"), ("germany", "germany"),
    ("ghana", "ghana"), ("ghanaian", "ghana"), ("great britain", "uk"), ("greece", "greece"), ("greek", "greece"),
    ("hawaii", "hawaii"), ("hong kong", "hong kong"), ("hungarian", "hungary"), ("hungary", "hungary"), ("iceland", "iceland"),
    ("icelandic", "iceland"), ("idaho", "idaho"), ("illinois", "illinois"), ("india", "india"), ("indian", "india"),
    ("indiana", "indiana"), ("indonesia", "indonesia"), ("indonesian", "indonesia"), ("iowa", "iowa"), ("iran", "iran"),
    ("iranian", "iran"), ("iraq", "iraq"), ("iraqi", "iraq"), ("ireland", "ireland"), ("irish", "ireland"),
    ("israel", "israel"), ("israeli", "israel"), ("italian", "italy"), ("italy", "italy"), ("jamaica", "jamaica"),
    ("jamaican", "jamaica"), ("japan", "japan"), ("japanese", "japan"), ("jordan", "jordan"), ("jordanian", "jordan"),
    ("kansas", "kansas"), ("kazakh", "kazakhstan"), ("kazakhstan", "kazakhstan"), ("kentucky", "kentucky"), ("kenya", "kenya"),
    ("kenyan", "kenya"), ("kosovo", "kosovo"), ("kuwait", "kuwait"), ("kuwaiti", "kuwait"), ("kyrgyz", "kyrgyzstan"),
    ("kyrgyzstan", "kyrgyzstan"), ("latvia", "latvia"), ("latvian", "latvia"), ("lebanese", "lebanon"), ("lebanon", "lebanon"),
    ("libya", "libya"), ("libyan", "libya"), ("lithuania", "lithuania"), ("lithuanian", "lithuania"),
    ("louisiana", "louisiana"), ("luxembourg", "luxembourg"), ("macedonia", "north macedonia"), ("maine", "maine"),
    ("malaysia", "malaysia"), ("malaysian", "malaysia"), ("malta", "malta"), ("maltese", "malta"), ("maryland", "maryland"),
    ("massachusetts", "massachusetts"), ("mexican", "mexico"), ("mexico", "mexico"), ("michigan", "michigan"),
    ("minnesota", "minnesota"), ("mississippi", "mississippi"), ("missouri", "missouri"), ("moldova", "moldova"),
    ("moldovan", "moldova"), ("mongolia", "mongolia"), ("mongolian", "mongolia"), ("montana", "montana"),
    ("montenegro", "montenegro"), ("moroccan", "morocco"), ("morocco", "morocco"), ("myanmar", "myanmar"),
    ("nebraska", "nebraska"), ("nepal", "nepal"), ("nepalese", "nepal"), ("netherlands", "netherlands"), ("nevada", "nevada"),
    ("new hampshire", "new hampshire"), ("new jersey", "new jersey"), ("new mexico", "new mexico"), ("new york", "new york"),
    ("new zealand", "new zealand"), ("nigeria", "nigeria"), ("nigerian", "nigeria"), ("north carolina", "north carolina"),
    ("north dakota", "north dakota"), ("north korea", "north korea"), ("north korean", "north korea"),
    ("north macedonia", "north macedonia"), ("northern ireland", "northern ireland"), ("norway", "norway"),
    ("norwegian", "norway"), ("ohio", "ohio"), ("oklahoma", "oklahoma"), ("oman", "oman"), ("oregon", "oregon"),
    ("pakistan", "pakistan"), ("pakistani", "pakistan"), ("palestinian", "palestine"), ("panama", "panama"),
    ("paraguay", "paraguay"), ("pennsylvania", "pennsylvania"), ("peru", "peru"), ("peruvian", "peru"),
    ("philippine", "philippines"), ("philippines", "philippines"), ("poland", "poland"), ("polish", "poland"),
    ("portugal", "portugal"), ("portuguese", "portugal"), ("puerto rico", "puerto rico"), ("qatar", "qatar"),
    ("qatari", "qatar"), ("rhode island", "rhode island"), ("romania", "romania"), ("romanian", "romania"),
    ("russia", "russia"), ("russian", "russia"), ("saudi", "saudi arabia"), ("saudi arabia", "saudi arabia"),
    ("saudi arabian", "saudi arabia"), ("scotland", "scotland"), ("scottish", "scotland"), ("serbia", "serbia"),
    ("serbian", "serbia"), ("singapore", "singapore"), ("singaporean", "singapore"), ("slovak", "slovakia"),
    ("slovakia", "slovakia"), ("slovenia", "slovenia"), ("slovenian", "slovenia"), ("south africa", "south africa"),
    ("south african", "south africa"), ("south carolina", "south carolina"), ("south dakota", "south dakota"),
    ("south korea", "south korea"), ("south korean", "south korea"), ("spain", "spain"), ("spanish", "spain"),
    ("sri lanka", "sri lanka"), ("sri lankan", "sri lanka"), ("sudan", "sudan"), ("sweden", "sweden"), ("swedish", "sweden"),
    ("swiss", "switzerland"), ("switzerland", "switzerland"), ("syria", "syria"), ("syrian", "syria"), ("taiwan", "taiwan"),
    ("taiwanese", "taiwan"), ("tajikistan", "tajikistan"), ("tennessee", "tennessee"), ("texas", "texas"), ("thai", "thailand"),
    ("thailand", "thailand"), ("tunisia", "tunisia"), ("tunisian", "tunisia"), ("turkey", "turkey"), ("turkish", "turkey"),
    ("uae", "uae"), ("uganda", "uganda"), ("ugandan", "uganda"), ("uk", "uk"), ("ukraine", "ukraine"), ("ukrainian", "ukraine"),
    ("united arab emirates", "uae"), ("united kingdom", "uk"), ("united states", "us"), ("uruguay", "uruguay"), ("us", "us"),
    ("usa", "us"), ("utah", "utah"), ("uzbek", "uzbekistan"), ("uzbekistan", "uzbekistan"), ("venezuela", "venezuela"),
    ("venezuelan", "venezuela"), ("vermont", "vermont"), ("vietnam", "vietnam"), ("vietnamese", "vietnam"),
    ("virginia", "virginia"), ("wales", "wales"), ("washington", "washington"), ("welsh", "wales"),
    ("west virginia", "west virginia"), ("wisconsin", "wisconsin"), ("wyoming", "wyoming"), ("zambia", "zambia"),
    ("zimbabwe", "zimbabwe"),
];

/// Ends of a host name before which stands the name of its owner.
#[rustfmt::skip]
pub(super) const HOST_ENDS: &[&str] = &[
    "ac", "ai", "app", "at", "au", "be", "biz", "br", "ca", "ch", "cn", "co", "com", "cz", "de", "dk", "edu", "es", "eu", "fi",
    "fm", "fr", "gg", "gov", "gr", "hk", "hu", "ie", "il", "in", "info", "int", "io", "ir", "it", "jp", "kr", "ly", "me", "mil",
    "mx", "my", "ne", "net", "nl", "no", "nz", "online", "or", "org", "pk", "pl", "pt", "ro", "ru", "se", "sg", "shop", "site",
    "tr", "tv", "tw", "ua", "uk", "us", "vn", "za",
];

/// Words that say of an attacker what it is, not who.
#[rustfmt::skip]
pub(super) const ATTACKER_WORDS: &[&str] = &[
    "actor", "actors", "affiliate", "affiliates", "attackers", "collective", "crew", "criminals", "cyber", "cybercrime",
    "extortion", "gang", "group", "groups", "hacker", "hackers", "hacking", "hacktivist", "hacktivists", "operation",
    "operators", "ransomware", "team", "the", "threat",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_without_doubles() {
        for table in [LEGAL, SMALL, TRADES, GROUPS, COMMON, PUBLIC, HOST_ENDS, ATTACKER_WORDS] {
            assert!(table.is_sorted_by(|a, b| a < b), "{table:?}");
        }
        assert!(PLACES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn tables_are_folded() {
        for word in [LEGAL, SMALL, TRADES, GROUPS, COMMON, PUBLIC, HOST_ENDS, ATTACKER_WORDS].concat() {
            assert_eq!(word, crate::base::fold::fold(word));
        }
    }
}
