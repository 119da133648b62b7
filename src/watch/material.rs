//! Whether something is worth telling again: only what a person would act on.

use crate::model::report::{Attacker, Attribution, Figure, Unit};
use crate::model::watch::{Known, Why};

/// Returns why an incident is told, given what was known when it was told last; nothing where it is not worth it.
pub fn why(told: Option<&Known>, now: &Known, grows: f64) -> Vec<Why> {
    let Some(told) = told else { return vec![Why::New] };
    let mut why = Vec::new();
    why.extend(grew(told.records.as_ref(), now.records.as_ref(), grows).then_some(Why::CountGrew));
    why.extend(names_somebody_else(&told.attackers, &now.attackers).then_some(Why::AttackerNamed));
    why.extend(is_confirmed(told, now).then_some(Why::Confirmed));
    why
}

/// A figure became known, or grew by the factor. Figures of another sort are not compared: nobody knows whether it is more.
fn grew(told: Option<&Figure>, now: Option<&Figure>, grows: f64) -> bool {
    let most = |figure: &Figure| figure.max.unwrap_or(figure.value) as f64;
    match (told, now) {
        (None, Some(_)) => true,
        (Some(told), Some(now)) => sort(told.unit) == sort(now.unit) && most(now) >= most(told) * grows && most(now) > most(told),
        (_, None) => false,
    }
}

/// People, records and cards are told one for the other by the news.
fn sort(unit: Unit) -> Unit {
    match unit {
        Unit::People | Unit::Records | Unit::Cards => Unit::People,
        unit => unit,
    }
}

fn names_somebody_else(told: &[Attacker], now: &[Attacker]) -> bool {
    let held = |attackers: &[Attacker], name: &str| {
        attackers.iter().any(|attacker| {
            let names = std::iter::once(&attacker.name).chain(&attacker.aliases);
            attacker.attribution != Attribution::Denied && names.into_iter().any(|known| known.eq_ignore_ascii_case(name))
        })
    };
    let is_new = |attacker: &Attacker| {
        let mut names = std::iter::once(&attacker.name).chain(&attacker.aliases);
        attacker.attribution != Attribution::Denied && !names.any(|name| held(told, name))
    };
    now.iter().any(is_new)
}

fn is_confirmed(told: &Known, now: &Known) -> bool {
    let confirmed =
        |known: &Known| known.attackers.iter().filter(|attacker| attacker.attribution == Attribution::Confirmed).count();
    (told.disputed && !now.disputed) || confirmed(now) > confirmed(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::{Qualifier, Speaker};

    fn known(count: Option<(u64, Unit)>, attackers: &[(&str, Attribution)], disputed: bool) -> Known {
        let records =
            count.map(|(value, unit)| Figure { value, max: None, unit, qualifier: Qualifier::Exact, by: Speaker::Untold });
        let attacker = |(name, attribution): &(&str, Attribution)| Attacker {
            name: (*name).to_owned(),
            aliases: vec![format!("{name} gang")],
            attribution: *attribution,
        };
        Known { records, attackers: attackers.iter().map(attacker).collect(), disputed }
    }

    #[test]
    fn only_a_material_change_is_told_again() {
        use Attribution::{Claimed, Confirmed, Denied};
        use Unit::{Bytes, People, Records};
        let plain = known(None, &[], false);
        let thousand = known(Some((1000, People)), &[("Play", Claimed)], true);
        let again = |told: &Known, now: &Known| why(Some(told), now, 2.0);
        assert_eq!(why(None, &plain, 2.0), [Why::New]);
        assert_eq!(again(&plain, &plain), []);
        assert_eq!(again(&plain, &thousand), [Why::CountGrew, Why::AttackerNamed]);
        let with = |value, unit| known(Some((value, unit)), &[("Play", Claimed)], true);
        assert_eq!(again(&thousand, &with(1999, People)), []);
        assert_eq!(again(&thousand, &with(2000, Records)), [Why::CountGrew]);
        assert_eq!(again(&thousand, &with(9_000_000, Bytes)), [], "a volume is no count");
        assert_eq!(again(&thousand, &with(10, People)), []);
        assert_eq!(why(Some(&thousand), &with(1000, People), 1.0), [], "what has not grown has not grown by any factor");
        assert_eq!(again(&thousand, &known(Some((1000, People)), &[("play GANG", Claimed)], true)), [], "by another name");
        assert_eq!(again(&plain, &known(None, &[("Play", Denied)], false)), []);
        assert_eq!(again(&thousand, &known(Some((1000, People)), &[("Play", Confirmed)], true)), [Why::Confirmed]);
        assert_eq!(again(&thousand, &known(Some((1000, People)), &[("Play", Claimed)], false)), [Why::Confirmed]);
        assert_eq!(again(&thousand, &plain), [Why::Confirmed], "less is known, but it is disputed no longer");
    }
}
