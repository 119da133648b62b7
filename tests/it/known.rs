//! The tables of known names: sorted, each name in one entry, each weak name with phrases that hold.

use std::collections::HashMap;

use breachline::base::fold::fold;
use breachline::extract::names::NameSort;
use breachline::extract::{self, Document};
use breachline::model::report::Victim;
use breachline::rules::{Aliases, Countries, Rules};

/// Returns the names that are read as attackers in a phrase.
fn attackers(phrase: &str) -> Vec<String> {
    let text = format!("It was {phrase}.");
    let document = Document { title: "", text: &text, published: "2023-05-01".parse().expect("a day") };
    extract::with_reading(&document, Rules::builtin(), |reading| {
        let entities = reading.found.entities.all.iter();
        entities.filter(|entity| entity.sort == NameSort::Attacker).flat_map(|entity| entity.names.clone()).collect()
    })
}

fn assert_sorted<'n>(table: &str, names: impl Iterator<Item = &'n str>) {
    let names: Vec<&str> = names.collect();
    for pair in names.windows(2) {
        let (first, second) = ((fold(pair[0]), pair[0]), (fold(pair[1]), pair[1]));
        assert!(first <= second, "{table}: {:?} stands before {:?}", pair[0], pair[1]);
    }
}

fn assert_one_owner<'n>(table: &str, names: impl Iterator<Item = (&'n str, &'n str)>) {
    let mut owners: HashMap<String, &str> = HashMap::new();
    for (owner, name) in names {
        let known = owners.entry(fold(name)).or_insert(owner);
        assert_eq!(*known, owner, "{table}: {name:?} is of two entries");
    }
}

#[test]
fn attackers_are_sorted_and_share_no_name() {
    let all = &Rules::builtin().known.attackers;
    assert!(all.len() >= 500);
    assert_sorted("attackers.toml", all.iter().map(|attacker| attacker.name.as_str()));
    let names = all.iter().flat_map(|attacker| {
        let further = attacker.aliases.iter().chain(&attacker.weak_aliases);
        std::iter::once(&attacker.name).chain(further).map(|name| (attacker.name.as_str(), name.as_str()))
    });
    assert_one_owner("attackers.toml", names);
}

#[test]
fn attackers_have_a_known_kind() {
    for attacker in &Rules::builtin().known.attackers {
        let kinds = ["state", "ransomware", "extortion", "hacktivist", "crime", "person"];
        assert!(kinds.contains(&attacker.kind.as_str()), "{}: {}", attacker.name, attacker.kind);
    }
}

#[test]
fn weak_attackers_bring_a_phrase_for_each_weak_name() {
    for attacker in &Rules::builtin().known.attackers {
        let own = attacker.weak.then_some(&attacker.name);
        for name in own.into_iter().chain(&attacker.weak_aliases) {
            assert!(attacker.yes.iter().any(|phrase| phrase.contains(name.as_str())), "{name:?} has no `yes`");
        }
        assert!(own.is_none() && attacker.weak_aliases.is_empty() || !attacker.no.is_empty(), "{:?} has no `no`", attacker.name);
    }
}

#[test]
fn attackers_are_read_where_they_are_meant_and_only_there() {
    let mut wrong = Vec::new();
    for attacker in &Rules::builtin().known.attackers {
        wrong.extend(
            attacker.yes.iter().filter(|phrase| attackers(phrase).is_empty()).map(|phrase| format!("no group in {phrase:?}")),
        );
        wrong.extend(
            attacker.no.iter().filter(|phrase| !attackers(phrase).is_empty()).map(|phrase| format!("a group in {phrase:?}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bodies_are_sorted_and_share_no_name() {
    let all = &Rules::builtin().known.bodies;
    assert!(all.len() >= 600);
    assert_sorted("bodies.toml", all.iter().map(|body| body.name.as_str()));
    let names = all.iter().flat_map(|body| {
        let further = body.aliases.iter().chain(&body.weak_aliases).chain(&body.owns);
        std::iter::once(&body.name).chain(further).map(|name| (body.name.as_str(), name.as_str()))
    });
    assert_one_owner("bodies.toml", names);
}

#[test]
fn roles_are_sorted_and_a_name_plays_one() {
    let table: toml::Table = toml::from_str(include_str!("../../src/rules/roles.toml")).expect("roles.toml is read");
    let lists: Vec<(&String, Vec<&str>)> = table
        .iter()
        .map(|(role, names)| {
            (role, names.as_array().expect("a list").iter().map(|name| name.as_str().expect("a name")).collect())
        })
        .collect();
    for (role, names) in &lists {
        assert_sorted(role, names.iter().copied());
    }
    let names_of_bodies = lists.iter().filter(|(role, _)| !matches!(role.as_str(), "person_titles" | "given_names"));
    let names = names_of_bodies.flat_map(|(role, names)| names.iter().map(move |name| (role.as_str(), *name)));
    assert_one_owner("roles.toml", names);
}

#[test]
fn countries_are_sorted_and_each_body_is_known_and_at_home_in_one() {
    let countries = Countries::builtin();
    assert_sorted("countries.toml", countries.all().map(|country| country.name.as_str()));
    let bodies = &Rules::builtin().known.bodies;
    assert!(countries.bodies().count() > 1000);
    let known: Vec<String> = bodies.iter().map(|body| fold(&body.name)).collect();
    let unknown: Vec<&str> = countries.bodies().filter(|body| !known.contains(&(*body).to_owned())).collect();
    assert!(unknown.is_empty(), "no bodies of bodies.toml: {unknown:?}");
}

#[test]
fn the_country_of_a_victim_is_read_from_its_names_and_never_guessed() {
    let at_home = |name: &str| {
        let (name, aliases) = name.split_once(" | ").map_or((name, vec![]), |(name, alias)| (name, vec![alias.to_owned()]));
        Countries::builtin().of(&Victim { name: name.to_owned(), aliases, named: true }).map(|country| country.code.as_str())
    };
    for (name, expected) in [
        ("Sega", "JP"),
        ("Bank of America", "US"),
        ("Société Générale", "FR"),
        ("University of California", "US"),
        ("Ministry of Finance of Ukraine", "UA"),
        ("Norwegian Parliament", "NO"),
        ("Riviera Beach, FL", "US"),
        ("US Marshals", "US"),
        ("the U.K. Electoral Roll", "GB"),
        ("larkhaven.co.uk", "GB"),
        ("shop.example.de", "DE"),
        ("larkhaven.gov", "US"),
        ("New South Wales Health", "AU"),
        ("City of Glasgow", "GB"),
        ("Hôpital X | Paris hospital in France", "FR"),
    ] {
        assert_eq!(at_home(name), Some(expected), "{name}");
    }
    // Nothing told, more than one told, or what may mean something else.
    for name in [
        "Larkhaven Clinic",
        "Bank of France and Germany",
        "Georgia Clinic",
        "Jersey Mike",
        "larkhaven.io",
        "Contact us",
        "New England Clinic",
        "Michael Jordan",
        "e.g. a shop",
        "",
    ] {
        assert_eq!(at_home(name), None, "{name}");
    }
}

#[test]
fn attackers_have_every_name_that_is_known_of_them() {
    let names = |name| Aliases::builtin().of(name).collect::<Vec<_>>();
    assert!(names("apt29").contains(&"Cozy Bear") && names("COZY BEAR").contains(&"APT29"), "{:?}", names("apt29"));
    assert!(names("LulzSec").contains(&"Lulz Security"), "{:?}", names("LulzSec"));
    assert!(names("a former employee").is_empty());
}
