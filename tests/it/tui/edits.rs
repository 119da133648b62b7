//! Editing from the timeline: which key or command asks for what, for which incidents, and what is said of it.

use breachline::export::Format;
use breachline::library::{EditRequest, Trouble, WatchRequest};
use breachline::model::config::SavedQuery;
use breachline::model::incident::IncidentId;
use breachline::model::watch::Channel;
use breachline::tui::command::{self, COMMANDS, Command};
use breachline::tui::keys::Place;
use breachline::tui::msg::{Effect, Msg};
use breachline::tui::state::State;
use breachline::tui::update;

use super::shelf::{Shelf, shelf};
use super::stage::{LOOK, Stage, read_keys};

fn open() -> Stage<Shelf> {
    Stage::open(shelf(), (80, 24), "")
}

/// Returns what was asked for last: the incidents and the request.
fn last(stage: &Stage<Shelf>) -> Option<(Vec<String>, EditRequest)> {
    let edits = stage.library.edits.lock().unwrap();
    edits.last().map(|(ids, request)| (ids.iter().map(|id| id.0.clone()).collect(), request.clone()))
}

const NEWEST: &str = "city-of-elmsworth-2026-11";
const SECOND: &str = "northgate-credit-union-2026-11";

#[test]
fn each_key_asks_for_its_edit_of_the_selected_incident() {
    let text = str::to_owned;
    let cases = [
        ("s", EditRequest::Star),
        ("x", EditRequest::Hide),
        ("t \"for later\" Enter", EditRequest::Tag(text("for later"))),
        ("a \"ask them\" Enter", EditRequest::Note(text("ask them"))),
        ("e \"kind=ddos\" Enter", EditRequest::Set(text("kind=ddos"))),
        ("M \"other-2011\" Enter", EditRequest::Merge(vec![text("other-2011")])),
        ("S \"12 17\" Enter", EditRequest::Split(vec![text("12"), text("17")])),
        (": \"unhide\" Enter", EditRequest::Unhide),
        ("Enter s", EditRequest::Star),
        ("Enter u", EditRequest::Undo),
    ];
    for (keys, request) in cases {
        let mut stage = open();
        stage.press(keys);
        assert_eq!(last(&stage), Some((vec![NEWEST.to_owned()], request)), "after {keys}");
        assert!(stage.screen().contains("  done to 1 "), "{}", stage.screen());
    }
    let mut stage = open();
    stage.press("u");
    assert_eq!(last(&stage), Some((Vec::new(), EditRequest::Undo)), "in the list: what was done last, whatever it was done to");
}

#[test]
fn what_is_starred_or_hidden_is_shown_so_and_the_key_takes_it_back() {
    let mut stage = open();
    stage.library.incidents[0].edited.starred = true;
    stage.library.incidents[1].edited.hidden = true;
    stage.take(Msg::Changed);
    assert!(stage.line("City of Elmsworth").starts_with("▌★"), "{}", stage.screen());
    assert!(stage.line("Northgate").starts_with(" x"));
    stage.press("s");
    assert_eq!(last(&stage).unwrap().1, EditRequest::Unstar);
    stage.press("j x");
    assert_eq!(last(&stage).unwrap().1, EditRequest::Unhide);
}

#[test]
fn picked_incidents_are_edited_at_once() {
    let mut stage = open();
    stage.press("v v");
    assert!(stage.line("City of Elmsworth").starts_with(" +"));
    assert!(stage.line("breachline").contains("29 incidents, 2 picked"));
    stage.press("G t \"seen\" Enter");
    assert_eq!(last(&stage), Some((vec![NEWEST.to_owned(), SECOND.to_owned()], EditRequest::Tag("seen".to_owned()))));
    stage.press("g v s");
    assert_eq!(last(&stage).unwrap().0, [SECOND], "picked once more is picked no more");
    stage.press("Esc s");
    assert_eq!(last(&stage).unwrap().0, [stage.selected()]);
    stage.press("g v j j V s");
    assert_eq!(last(&stage).unwrap().0.len(), 4, "all from the one picked last");
}

#[test]
fn merging_names_what_is_picked_and_needs_to_be_confirmed() {
    let mut stage = open();
    stage.press("v v k M");
    assert_eq!(stage.state.command.input.value(), format!("merge {NEWEST} "), "the selected one is what they are merged with");
    assert_eq!(last(&stage), None);
    stage.press("Enter");
    assert_eq!(last(&stage), Some((vec![SECOND.to_owned()], EditRequest::Merge(vec![NEWEST.to_owned()]))));
    assert!(stage.state.editing.picked.is_empty());
}

#[test]
fn several_that_are_picked_are_merged_with_each_other_alone() {
    let mut stage = open();
    stage.press("v v");
    let third = stage.selected().to_owned();
    let mut both = [NEWEST.to_owned(), SECOND.to_owned()];
    both.sort();
    let [one, other] = both;
    for keys in ["M Enter", ": \"merge\" Enter"] {
        assert_eq!(stage.state.editing.picked.len(), 2);
        stage.press(keys);
        assert_eq!(last(&stage), Some((vec![one.clone()], EditRequest::Merge(vec![other.clone()]))), "not {third}");
        stage.press("g v v");
    }
    stage.press("g M Enter");
    assert_eq!(
        last(&stage),
        Some((vec![NEWEST.to_owned()], EditRequest::Merge(vec![SECOND.to_owned()]))),
        "the selected one is picked"
    );
    stage.press(": \"merge\" Enter");
    assert_eq!(stage.state.command.fault.as_deref(), Some("merge what? pick incidents with v, or write merge ID ..."));
}

#[test]
fn in_the_opened_incident_the_selected_field_and_report_are_filled_in() {
    let mut stage = open();
    stage.press("/ \"sword\" Enter Enter e");
    assert_eq!(stage.state.command.input.value(), "set victim=Sword & Shield Games");
    stage.press("Esc j j e");
    assert_eq!(stage.state.command.input.value(), "set records=1,290,755 people");
    stage.press("Esc j e");
    assert_eq!(stage.state.command.input.value(), "set attacker=not The Laughing Gulls (denied)");
    stage.press("Esc G S");
    assert_eq!(stage.state.command.input.value(), "split 2");
    assert!(stage.screen().contains("Harbour Wire  report 2"), "the number of the report is shown: {}", stage.screen());
}

#[test]
fn what_is_refused_is_put_back_with_the_reason() {
    let mut stage = open();
    stage.library.trouble =
        Some(Trouble::Refused { what: "\"many\" is no figure".to_owned(), hint: Some("write 1,290,755".to_owned()) });
    stage.press("e \"records=many\" Enter");
    assert_eq!((stage.state.place(), stage.state.command.input.value()), (Place::Command, "set records=many"));
    assert!(stage.screen().contains("\"many\" is no figure; write 1,290,755"), "{}", stage.screen());
    stage.library.trouble = None;
    stage.press("Backspace Backspace Backspace Backspace \"5\" Enter");
    assert_eq!(last(&stage).unwrap().1, EditRequest::Set("records=5".to_owned()));
    stage.library.trouble = Some(Trouble::Refused { what: "it is starred already".to_owned(), hint: None });
    stage.press("s");
    assert!(stage.line(" Timeline ").contains("star: it is starred already"), "a key has nothing to be put back");
}

#[test]
fn while_another_process_writes_an_edit_waits_and_is_not_left_behind_unsaid() {
    let mut stage = open();
    stage.library.trouble = Some(Trouble::Busy("another breachline (process 7) is writing".to_owned()));
    stage.press("s");
    assert!(stage.line(" Timeline ").contains("star waits: another breachline (process 7) is writing"));
    assert!(stage.line("breachline").contains("1 not kept yet"), "{}", stage.screen());
    stage.press("q");
    assert!(!stage.done.contains(&Effect::Quit));
    assert!(stage.line(" Timeline ").contains("1 edit is not kept yet"));
    let n = stage.state.editing.pending[0].n;
    stage.take(Msg::Edited(n, Ok("starred".to_owned())));
    assert!(!stage.line("breachline").contains("not kept yet"));
    stage.press("q");
    assert!(stage.done.contains(&Effect::Quit));
    let mut stage = open();
    stage.library.trouble = Some(Trouble::Busy("busy".to_owned()));
    stage.press("s q q");
    assert!(stage.done.contains(&Effect::Quit), "asked twice, it leaves");
    assert_eq!(stage.state.editing.pending[0].incidents, [IncidentId(NEWEST.to_owned())], "and can say what was not kept");
}

#[test]
fn an_edit_is_never_dropped_for_a_newer_one() {
    let mut state = State::new((80, 24), LOOK, "2026-11-23T05:20:00Z".parse().unwrap(), "");
    let mut stage = open();
    std::mem::swap(&mut stage.state, &mut state);
    let mut asked = Vec::new();
    for key in read_keys("s j s u") {
        asked.extend(update::update(&mut state, Msg::Key(key)).into_iter().filter(|effect| matches!(effect, Effect::Edit(..))));
    }
    assert_eq!(asked.len(), 3);
    assert_eq!(state.editing.pending.len(), 3);
}

#[test]
fn commands_are_read_by_their_beginnings_and_told_what_is_missing() {
    assert_eq!(command::parse("q"), Ok(Command::Quit));
    assert_eq!(command::parse(" untag  a b "), Ok(Command::Edit(EditRequest::Untag("a b".to_owned()))));
    let merge = EditRequest::Merge(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(command::parse("me a, b"), Ok(Command::Edit(merge)));
    let cases = [
        ("s", "\"s\" may be set or split or star or sort or search or saved"),
        ("note", "note what? write note TEXT"),
        ("star 5", "nothing follows star"),
        ("sort size", "there is no order \"size\"; one of date, records, relevance, updated"),
    ];
    for (line, fault) in cases {
        assert_eq!(command::parse(line), Err(fault.to_owned()));
    }
    assert!(command::parse("fly").unwrap_err().starts_with("there is no command \"fly\"; one of set, merge, split"));
    for entry in COMMANDS {
        assert!(!matches!(command::parse(&format!("{} x", entry.word)), Err(fault) if fault.contains("no command")));
    }
}

#[test]
fn the_command_line_completes_recalls_and_sorts() {
    let mut stage = open();
    stage.press(": \"so\" Tab \"rec\" Tab Enter");
    assert_eq!(stage.state.search.input.value(), "sort:records");
    stage.press(": \"sort date\" Enter");
    assert_eq!(stage.state.search.input.value(), "sort:date", "an order takes the place of another");
    stage.press(": Up Up Down");
    assert_eq!(stage.state.command.input.value(), "sort date");
    stage.press("Ctrl-u \"set ki\" Tab \"ran\" Tab");
    assert_eq!(stage.state.command.input.value(), "set kind=ransomware");
    stage.press("Esc : \"search night\" Enter");
    assert_eq!(stage.state.list.question.text, "night");
    stage.press(": \"q\" Enter");
    assert!(stage.done.contains(&Effect::Quit));
}

#[test]
fn what_is_picked_or_found_is_exported_by_a_command() {
    let asked = |keys: &str| {
        let mut stage = open();
        stage.press(keys);
        let asked = stage.library.exports.lock().unwrap().pop();
        (asked, stage)
    };
    let (found, _) = asked("/ \"night\" Enter z : \"export stix ~/night.json\" Enter");
    let found = found.unwrap();
    assert_eq!((found.format, found.file.as_deref()), (Format::Stix, Some("~/night.json")));
    assert!(found.picked.is_empty() && found.question.text == "night" && found.question.window.is_some());
    let (picked, _) = asked("v v : \"exp\" Tab \"cs\" Tab Enter");
    let picked = picked.unwrap();
    assert_eq!((picked.format, picked.file, picked.picked.len()), (Format::Csv, None, 2));
    let (none, mut stage) = asked(": \"export docx\" Enter");
    assert_eq!(none, None);
    assert!(stage.screen().contains("there is no format \"docx\"; one of jsonl, csv, stix"), "{}", stage.screen());
    stage.press("Esc");
    stage.take(Msg::Done(Ok("3 incidents in night.json".to_owned())));
    assert!(stage.line(" Timeline ").contains("3 incidents in night.json"));
    stage.take(Msg::Done(Err(Trouble::Refused { what: "night.json is there already".to_owned(), hint: None })));
    assert!(stage.line(" Timeline ").contains("is there already"));
}

#[test]
fn the_present_search_is_watched_by_a_command() {
    let cases = [
        ("watch night ledger", Ok(("night ledger", None))),
        ("watch n mail=ann@x.example, bob@x.example", Ok(("n", Some((Channel::Mail, "ann@x.example, bob@x.example"))))),
        ("watch n webhook=https://x.example/a?b=c", Ok(("n", Some((Channel::Webhook, "https://x.example/a?b=c"))))),
        ("watch n command=/bin/notify a=b", Ok(("n", Some((Channel::Command, "/bin/notify a=b"))))),
        ("watch n pager=5", Err("there is no channel \"pager=5\"")),
        ("watch n atom=", Err("atom of what?")),
        ("watch", Err("watch what?")),
    ];
    for (line, expected) in cases {
        match (command::parse(line), expected) {
            (Ok(Command::Watch(request)), Ok((name, channel))) => {
                let channel = channel.map(|(channel, to): (Channel, &str)| (channel, to.to_owned()));
                assert_eq!(request, WatchRequest { name: name.to_owned(), channel }, "{line}");
            }
            (Err(fault), Err(expected)) => assert!(fault.starts_with(expected), "{line}: {fault}"),
            (read, _) => panic!("{line}: {read:?}"),
        }
    }
    let mut stage = open();
    stage.press("/ \"night\" Enter : \"watch nights\" Enter");
    let asked = WatchRequest { name: "nights".to_owned(), channel: None };
    assert_eq!(*stage.library.watches.lock().unwrap(), [("night".to_owned(), asked)]);
}

#[test]
fn saved_queries_are_searched_for_by_their_names() {
    let mut stage = open();
    stage.press(": \"saved\" Enter");
    assert!(stage.screen().contains("gives no query a name"));
    stage.state.search.saved = vec![SavedQuery { name: "gulls".to_owned(), query: "gulls".to_owned(), line: 1 }];
    stage.press(": \"saved @gu\" Tab Enter");
    assert_eq!(stage.state.search.input.value(), "@gulls");
    stage.press(": \"saved owls\" Enter");
    assert_eq!(stage.state.command.fault.as_deref(), Some("there is no saved query \"owls\"; there are @gulls"));
}
