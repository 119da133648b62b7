//! Completing in the search line: fields and fixed values from the language, names from what is known.

use breachline::tui::msg::{Effect, Msg};
use breachline::tui::update;

use super::shelf::{Shelf, shelf};
use super::stage::Stage;

fn completed(typed: &str) -> Stage<Shelf> {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.press(&format!("/ \"{typed}\" Tab"));
    stage
}

fn told(stage: &Stage<Shelf>) -> &str {
    stage.state.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn several_possibilities_are_told() {
    let stage = completed("kind:d");
    assert_eq!((stage.state.search.input.value(), told(&stage)), ("kind:d", "ddos  defacement"));
    let stage = completed("di");
    assert!(told(&stage).is_empty(), "the only one is put in");
    assert!(told(&completed("")).contains("victim:"), "all fields where nothing is typed");
    assert_eq!(told(&completed("zzz")), "nothing begins with zzz");
}

#[test]
fn names_are_completed_from_what_is_known() {
    let stage = completed("attacker:copper");
    assert_eq!(stage.state.search.input.value(), "attacker:\"Copper Fox\" ");
    let stage = completed("kind:ransomware -attacker:copper");
    assert_eq!(stage.state.search.input.value(), "kind:ransomware -attacker:\"Copper Fox\" ");
    let stage = completed("attacker:");
    assert!(told(&stage).contains("Copper Fox  "), "{}", told(&stage));
}

#[test]
fn names_that_come_late_change_nothing() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.press("/ \"attacker:copper\"");
    let effects = update::update(&mut stage.state, Msg::Key("Tab".parse().unwrap()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Names(..))));
    stage.press("\" x\"");
    stage.carry_out(effects);
    assert_eq!(stage.state.search.input.value(), "attacker:copper x");
}
