//! Keys and messages in; the state and the effects that follow.

use breachline::library::{Library, Question};
use breachline::model::article::Article;
use breachline::model::incident::IncidentId;
use breachline::store::kept::Version;
use breachline::tui::keymap::{self, Keymap};
use breachline::tui::keys::{BINDINGS, Key, Place};
use breachline::tui::lanes::Whose;
use breachline::tui::msg::{Effect, Msg};
use breachline::tui::state::{CHUNK, CHUNKS_KEPT, Focus, State};
use breachline::tui::{help, update, worker};

use super::shelf::{Shelf, day, days, many, shelf};
use super::stage::{LOOK, Stage, read_keys};

fn open() -> Stage<Shelf> {
    Stage::open(shelf(), (80, 24), "")
}

#[test]
fn keys_move_the_cursor() {
    let newest = "city-of-elmsworth-2026-11";
    let cases = [
        ("", newest),
        ("j", "northgate-credit-union-2026-11"),
        ("Down Down Up", "northgate-credit-union-2026-11"),
        ("k", newest),
        ("G", "mailhouse-2011-03"),
        ("End Home", newest),
        ("G g", newest),
        ("n", "brightwater-utilities-2026-11"),
        ("n n N", "brightwater-utilities-2026-11"),
        ("n j N", "brightwater-utilities-2026-11"),
        ("n N", newest),
        ("Ctrl-d Ctrl-u", newest),
        ("Ctrl-d", "harrow-vale-hospital-2026-11"),
        ("Space b b", newest),
        ("PgDn PgUp PgUp", newest),
    ];
    for (keys, expected) in cases {
        let mut stage = open();
        stage.press(keys);
        assert_eq!(stage.selected(), expected, "after {keys:?}");
    }
}

#[test]
fn the_cursor_is_always_on_the_screen() {
    for size in [(60, 15), (80, 24), (120, 40), (200, 50)] {
        let mut stage = Stage::open(shelf(), size, "");
        for key in
            read_keys("j j j j j j j j j j j j j j j j j j j j j j j j j j j j k k k G n N g Ctrl-d Ctrl-d Ctrl-d Ctrl-u b")
        {
            stage.take(Msg::Key(key));
            let mark = stage.screen().lines().filter(|line| line.contains('▌')).count();
            assert_eq!(mark, 1, "after {key} at {size:?}:\n{}", stage.screen());
        }
    }
}

#[test]
fn searching_filters_with_every_letter() {
    let mut stage = open();
    stage.press("/");
    let mut totals = Vec::new();
    for c in "night".chars() {
        stage.take(Msg::Key(Key::Char(c)));
        totals.push(stage.state.list.total);
    }
    assert_eq!(totals.last(), Some(&3));
    assert!(totals.is_sorted_by(|a, b| a >= b), "{totals:?}");
    stage.press("Backspace Backspace Backspace Backspace Backspace");
    assert_eq!(stage.state.list.total, 29);
}

#[test]
fn the_cursor_stays_on_its_incident_while_the_search_changes() {
    let mut stage = open();
    stage.press("/ \"grand\" Enter");
    assert_eq!(stage.selected(), "grand-meridian-hotels-2025-09");
    stage.press("Esc");
    assert_eq!(stage.state.list.total, 29);
    assert_eq!(stage.selected(), "grand-meridian-hotels-2025-09");
    assert!(stage.line("Grand Meridian").starts_with('▌'));
    stage.press("/ \"elms\"");
    assert_eq!(stage.selected(), "city-of-elmsworth-2026-11", "not found any more: the first row");
}

#[test]
fn escape_brings_back_the_search_before() {
    let mut stage = open();
    stage.press("/ \"night\" Enter / \"x\" Esc");
    assert_eq!((stage.state.search.input.value(), stage.state.list.total), ("night", 3));
    stage.press("Esc");
    assert_eq!((stage.state.search.input.value(), stage.state.list.total), ("", 29));
}

#[test]
fn earlier_searches_come_back() {
    let mut stage = open();
    stage.press("/ \"night\" Enter / Ctrl-u \"kind:theft\" Enter / Ctrl-u Up");
    assert_eq!(stage.state.search.input.value(), "kind:theft");
    stage.press("Up");
    assert_eq!(stage.state.search.input.value(), "night");
    stage.press("Up");
    assert_eq!(stage.state.search.input.value(), "night");
    stage.press("Down Down");
    assert_eq!(stage.state.search.input.value(), "");
}

#[test]
fn tab_completes_fields_and_kinds() {
    for (typed, expected) in [
        ("vic", "victim:"),
        ("a", "a"),
        ("at", "attacker:"),
        ("kind:ran", "kind:ransomware "),
        ("kind:de", "kind:defacement "),
        ("night be", "night before:"),
        ("zzz", "zzz"),
        ("", ""),
    ] {
        let mut stage = open();
        stage.press(&format!("/ \"{typed}\" Tab"));
        assert_eq!(stage.state.search.input.value(), expected, "{typed:?}");
    }
}

#[test]
fn a_wrong_search_says_what_is_wrong_under_the_words_and_keeps_the_rows() {
    let mut stage = open();
    stage.press("/ \"night\"");
    stage.take(Msg::Paste(" recrds:5".to_owned()));
    let screen = stage.screen();
    let lines: Vec<&str> = screen.lines().collect();
    let typed = lines.iter().position(|line| line.contains("night recrds:5")).unwrap();
    assert_eq!(lines[typed].find("recrds"), lines[typed + 1].find('↑'));
    assert!(lines[typed + 1].contains("there is no field recrds; did you mean victim:?"));
    assert_eq!(stage.state.list.total, 3, "what was found before stays");
    stage.press("Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace");
    assert!(stage.state.search.fault.is_none());
}

#[test]
fn pasted_text_is_one_safe_line() {
    let mut stage = open();
    stage.take(Msg::Paste("night".to_owned()));
    assert_eq!(stage.state.search.input.value(), "", "only the search line takes text");
    stage.press("/");
    stage.take(Msg::Paste("ni\x1b[31mg\u{202e}ht\nledger".to_owned()));
    assert_eq!(stage.state.search.input.value(), "ni[31mght ledger");
}

#[test]
fn stale_answers_are_dropped() {
    let library = shelf();
    let mut state = State::new((80, 24), LOOK, "2026-11-23T05:20:00Z".parse().unwrap(), "");
    let first = update::begin(&mut state);
    for key in read_keys("/ \"n\"") {
        update::update(&mut state, Msg::Key(key));
    }
    let second = update::update(&mut state, Msg::Key(Key::Char('i')));
    let answers = |effects: Vec<Effect>| effects.into_iter().filter_map(|effect| worker::answer(&library, effect));
    let late: Vec<Msg> = answers(first).filter(|msg| matches!(msg, Msg::Found(..))).collect();
    for msg in answers(second) {
        update::update(&mut state, msg);
    }
    let total = state.list.total;
    assert!(total < 29);
    for msg in late {
        assert_eq!(update::update(&mut state, msg), [], "nothing is drawn for a stale answer");
    }
    assert_eq!(state.list.total, total);
}

#[test]
fn a_key_that_means_nothing_draws_nothing() {
    let mut stage = open();
    let before = stage.done.len();
    stage.press("& Left Backspace");
    assert_eq!(stage.done.len(), before);
}

#[test]
fn opening_leads_from_list_to_incident_to_article_and_back() {
    let mut stage = open();
    stage.press("/ \"sword\" Enter Enter");
    assert_eq!(stage.state.focus, Focus::Detail);
    stage.press("j j Enter");
    assert_eq!(stage.state.focus, Focus::Article);
    assert!(stage.screen().contains("Games maker says 1.3 million users hit by cyber attack"));
    let line = stage.line("1,290,755 customers");
    let margin = line.split_whitespace().next().unwrap();
    assert!(margin.contains('R'), "the margin says that the figure is here: {line}");
    stage.press("q");
    assert_eq!(stage.state.focus, Focus::Detail);
    stage.press("q");
    assert_eq!(stage.state.focus, Focus::List);
    stage.press("q");
    assert!(stage.done.contains(&Effect::Quit));
}

#[test]
fn an_article_opens_at_the_words_that_were_selected() {
    let mut stage = Stage::open(shelf(), (60, 15), "");
    stage.press("/ \"sword\" Enter Enter");
    let item = |stage: &Stage<Shelf>| stage.state.detail.sheet.items[stage.state.detail.item].clone();
    while item(&stage).field != Some(breachline::model::report::Field::Attackers) {
        stage.press("j");
    }
    let span = item(&stage).span.unwrap();
    stage.press("Enter");
    let reading = stage.state.article.as_ref().unwrap();
    assert_eq!(reading.text.marks[reading.mark.unwrap()].span, span);
    assert!(stage.screen().contains("The Laughing Gulls"), "{}", stage.screen());
}

#[test]
fn n_goes_round_the_evidence_of_an_article() {
    let mut stage = Stage::open(shelf(), (60, 15), "");
    stage.press("/ \"sword\" Enter Enter Enter");
    let count = stage.state.article.as_ref().unwrap().text.marks.len();
    assert_eq!(count, 8);
    let mut seen = Vec::new();
    for _ in 0..count {
        seen.push(stage.state.article.as_ref().unwrap().mark.unwrap());
        stage.press("n");
    }
    let again = stage.state.article.as_ref().unwrap().mark.unwrap();
    assert_eq!(again, seen[0]);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count);
    stage.press("N");
    assert_ne!(stage.state.article.as_ref().unwrap().mark.unwrap(), again);
}

#[test]
fn evidence_that_moved_is_found_again_and_lost_evidence_is_told() {
    let mut library = shelf();
    let opened = library.articles.iter_mut().find(|opened| opened.article.id.0 == 1).unwrap();
    opened.article.text = format!("An update was made.\n{}", opened.article.text.replace("on Sunday", "at the weekend"));
    opened.article.paragraphs = breachline::model::article::paragraphs(&opened.article.text);
    let mut stage = Stage::open(library, (80, 24), "");
    stage.press("/ \"sword\" Enter Enter j j Enter");
    let reading = stage.state.article.as_ref().unwrap();
    let text = &reading.opened.as_ref().unwrap().article.text;
    assert_eq!(reading.text.marks[reading.mark.unwrap()].span.slice(text), "Sword & Shield Games");
    assert_eq!((reading.text.marks.len(), reading.text.lost), (7, 1));
    assert!(stage.screen().contains("another version of the text"));
}

#[test]
fn what_changed_in_an_article_is_shown_in_place_of_it() {
    let mut library = shelf();
    let opened = library.articles.iter_mut().find(|opened| opened.article.id.0 == 3).unwrap();
    let version = |day: &str, text: String| {
        let article = Article { text, ..opened.article.clone() };
        Version { arrived_at: format!("2026-11-{day}T02:00:00Z").parse().unwrap(), article }
    };
    let now = opened.article.text.clone();
    let before = now.replace("410,000", "40,000").replace("\nTreatment goes on with pen and paper.", "");
    opened.versions = vec![version("22", before), version("23", now)];
    let mut stage = Stage::open(library, (80, 24), "");
    stage.press("/ \"harrow\" Enter Enter Enter");
    assert!(stage.line("2 versions").contains("d shows what changed"));
    stage.press("d");
    let screen = stage.screen();
    for words in [
        "from 2026-11-22 02:00 UTC to 2026-11-23 02:00 UTC",
        "[40,000]",
        "[410,000]",
        "+ Treatment goes on with pen and paper.",
        "d shows the text",
    ] {
        assert!(screen.contains(words), "{words}:\n{screen}");
    }
    assert!(!screen.contains("- Treatment"));
    stage.press("n n N G g");
    stage.take(Msg::Resize(60, 15));
    assert!(stage.screen().contains("from 2026-11-22"));
    stage.press("q");
    assert!(stage.state.focus == Focus::Article && stage.screen().contains("d shows what changed"), "back to the text");
    stage.press("q");
    assert_eq!(stage.state.focus, Focus::Detail);
    let mut same = open();
    same.press("Enter Enter d");
    assert!(same.line(" Article ").contains("nothing has changed"));
}

#[test]
fn links_open_for_the_web_only() {
    let mut stage = open();
    stage.press("o");
    let first = stage.done.iter().find_map(|effect| match effect {
        Effect::OpenLink(url) => Some(url.clone()),
        _ => None,
    });
    assert_eq!(first.as_deref(), Some("https://news.example/200/city-of-elmsworth-2026-11"));
    for url in ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "", "-rf", "//x"] {
        let mut library = shelf();
        for incident in &mut library.incidents {
            incident.reports.iter_mut().for_each(|filed| filed.url = url.to_owned());
        }
        let mut stage = Stage::open(library, (80, 24), "");
        stage.press("o");
        assert!(!stage.done.iter().any(|effect| matches!(effect, Effect::OpenLink(_))), "{url}");
        assert!(stage.state.notice.as_ref().is_some_and(|notice| notice.bad));
        stage.press("Enter G o");
        assert!(!stage.done.iter().any(|effect| matches!(effect, Effect::OpenLink(_))), "{url}");
    }
}

#[test]
fn what_comes_in_while_one_looks_leaves_the_selection_alone() {
    let mut stage = open();
    stage.press("j j j j j j");
    let (selected, screen_line) = (stage.selected().to_owned(), stage.line("▌"));
    let mut newer = stage.library.incidents[0].clone();
    newer.id = IncidentId("newcomer-2026-11".to_owned());
    newer.victim.name = "Newcomer".to_owned();
    stage.library.incidents.push(newer);
    stage.library.sort();
    stage.take(Msg::Changed);
    assert_eq!(stage.state.list.total, 30);
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.line("▌"), screen_line);
    assert!(stage.line("Timeline").contains("1 incident came in"));
    stage.press("g");
    assert!(stage.screen().contains("Newcomer"));
}

#[test]
fn an_incident_that_goes_leaves_the_cursor_near_its_day() {
    let mut stage = open();
    stage.press("/ \"grand\" Enter Esc");
    stage.library.incidents.retain(|incident| incident.id.0 != "grand-meridian-hotels-2025-09");
    stage.take(Msg::Changed);
    assert_eq!(stage.selected(), "osprey-logistics-2024-02");
}

#[test]
fn an_incident_that_changed_is_shown_anew() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    assert!(!stage.screen().contains("Elmsworth Town Hall"));
    stage.library.incidents[0].victim.aliases = vec!["Elmsworth Town Hall".to_owned()];
    stage.take(Msg::Changed);
    assert!(stage.screen().contains("Elmsworth Town Hall"), "{}", stage.screen());
}

#[test]
fn an_incident_that_cannot_be_loaded_is_asked_for_once() {
    let mut stage = Stage::open(shelf(), (200, 50), "");
    let gone = stage.library.incidents[3].id.clone();
    stage.press("j j");
    let row = stage.library.incidents.remove(3);
    stage.press("j");
    assert_eq!(stage.selected(), gone.0);
    assert!(stage.screen().contains("is no longer there"));
    let asked = stage.state.asked;
    stage.press("? Esc");
    assert_eq!(stage.state.asked, asked);
    stage.library.incidents.insert(3, row);
    stage.take(Msg::Changed);
    assert!(!stage.screen().contains("is no longer there"));
}

#[test]
fn zooming_is_the_time_filter() {
    let mut stage = open();
    stage.press("/ \"console\" Enter Esc");
    assert_eq!(stage.selected(), "console-network-2011-04");
    stage.press("z");
    let window = stage.state.picture.window.unwrap();
    assert!(window.contains(day("2011-04-17")) && window.days() < 365 * 6, "{window}");
    assert!(stage.state.list.total < 29);
    assert_eq!(stage.selected(), "console-network-2011-04");
    stage.press("z z z z");
    let near = stage.state.picture.window.unwrap();
    assert!(near.days() < 60, "{near}");
    stage.press("]");
    assert!(stage.state.picture.window.unwrap().earliest > near.earliest);
    stage.press("[ Z Z Z Z Z");
    assert_eq!((stage.state.picture.window, stage.state.list.total), (None, 29));
    assert_eq!(stage.selected(), "console-network-2011-04");
    stage.press("z Esc");
    assert_eq!(stage.state.picture.window, None, "Esc clears the zoom where nothing is searched");
}

#[test]
fn counts_filter_by_writing_into_the_search() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.press("f Enter");
    assert_eq!((stage.state.search.input.value(), stage.state.focus), ("kind:breach", Focus::Facets));
    let found = stage.state.list.total;
    assert!(found < 29);
    assert!(stage.line("● breach").contains(&found.to_string()));
    stage.press("Enter");
    assert_eq!((stage.state.search.input.value(), stage.state.list.total), ("", 29));
    stage.press("q f f");
    assert_eq!(stage.state.facets.shown, Some(false));
}

#[test]
fn lanes_show_who_was_active_when_and_lead_to_the_incidents() {
    let mut stage = Stage::open(shelf(), (120, 40), "");
    stage.press("w");
    assert_eq!((stage.state.focus, stage.state.lanes.shown), (Focus::Lanes, Some(Whose::Attackers)));
    let last = stage.state.lanes.lanes.iter().map(|lane| lane.days.last().unwrap().day);
    assert!(last.clone().is_sorted_by(|a, b| a >= b), "those that were active last come first");
    let name = stage.state.lanes.lanes[1].name.clone();
    stage.press("j Enter");
    assert_eq!(stage.state.focus, Focus::List);
    assert_eq!(stage.state.search.input.value(), format!("attacker:\"{name}\""));
    stage.press("Esc / \"kind:ddos\" Enter w");
    let names: Vec<&str> = stage.state.lanes.lanes.iter().map(|lane| lane.name.as_str()).collect();
    assert_eq!(names, ["a pro-harbour collective"], "the lanes follow the search");
    stage.press("w");
    assert_eq!(stage.state.lanes.shown, Some(Whose::Victims));
    stage.press("z");
    assert!(stage.state.picture.window.is_some(), "the zoom is that of the list");
    stage.press("w");
    assert_eq!((stage.state.focus, stage.state.lanes.shown), (Focus::List, None));
}

#[test]
fn the_clipboard_gets_the_incident_as_text() {
    let mut stage = open();
    stage.press("/ \"sword\" Enter y");
    let Some(Effect::Copy(text)) = stage.done.iter().rev().find(|effect| matches!(effect, Effect::Copy(_))) else {
        panic!("nothing was copied: {:?}", stage.done)
    };
    for words in ["Sword & Shield Games", "1,290,755 people", "https://news.example/1/", "The Laughing Gulls", "denied"] {
        assert!(text.contains(words), "{words} is not in:\n{text}");
    }
}

#[test]
fn an_incident_is_copied_as_markdown_and_json_as_well() {
    let mut stage = open();
    stage.library.incidents[0].victim.name = "Elms*worth [city]".to_owned();
    stage.take(Msg::Changed);
    let mut copied = |keys: &str| {
        stage.press(keys);
        match stage.done.pop() {
            Some(Effect::Draw) => match stage.done.pop() {
                Some(Effect::Copy(text)) => text,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    };
    let markdown = copied(": \"copy markdown\" Enter");
    assert!(markdown.starts_with("## Elms\\*worth \\[city\\]\n\n- when: 2026-11-23, "), "{markdown}");
    assert!(markdown.contains("- by: Night Ledger (claimed)\n"));
    assert!(markdown.contains("(<https://news.example/200/city-of-elmsworth-2026-11>)"));
    let json: serde_json::Value = serde_json::from_str(&copied(": \"copy json\" Enter")).unwrap();
    assert_eq!(json["id"], "city-of-elmsworth-2026-11");
    assert!(copied(": \"copy\" Enter").contains("on the timeline at 2026-11-23"));
}

#[test]
fn a_million_rows_are_held_a_few_at_a_time() {
    let mut stage = Stage::open(many(20_000), (80, 24), "");
    stage.press("G");
    assert_eq!((stage.selected(), stage.state.list.total), ("victim-0019999", 20_000));
    assert!(stage.line("▌").contains("Victim 19999"));
    stage.press("g");
    for _ in 0..400 {
        stage.press("Space");
    }
    assert!(stage.state.list.chunks.len() <= CHUNKS_KEPT);
    let held: usize = stage.state.list.chunks.values().map(Vec::len).sum();
    assert!(held <= CHUNK * CHUNKS_KEPT);
    assert!(!stage.screen().contains("  …\n"), "every row on the screen is loaded");
}

#[test]
fn a_screen_without_room_for_rows_loads_those_at_the_cursor_alone() {
    let mut stage = Stage::open(many(20_000), (20, 3), "");
    stage.press("G");
    assert!(stage.state.list.chunks.len() <= 4, "{} chunks", stage.state.list.chunks.len());
    stage.take(Msg::Resize(80, 24));
    assert_eq!(stage.selected(), "victim-0019999");
    assert!(stage.line("▌").contains("Victim 19999"));
    stage.press("g");
    assert!(stage.line("▌").contains("Victim 0 "), "{}", stage.screen());
}

#[test]
fn rows_that_are_not_there_yet_are_drawn_as_such() {
    let library = many(20_000);
    let mut stage = Stage::open(library, (80, 24), "");
    let effects = update::update(&mut stage.state, Msg::Key(Key::Char('G')));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Rows(_, _, page) if page.offset > 19_000)), "{effects:?}");
    assert!(stage.state.list.cursor.is_none());
    assert!(stage.screen().contains('…'));
    let answers: Vec<Msg> = effects.into_iter().filter_map(|effect| worker::answer(&stage.library, effect)).collect();
    for msg in answers {
        stage.take(msg);
    }
    assert_eq!(stage.selected(), "victim-0019999");
}

#[test]
fn an_incident_is_found_by_halving() {
    let library = many(5_000);
    let question = Question::default();
    for n in [0, 1, 7, 8, 2_500, 4_999] {
        let incident = &library.incidents[n];
        let place = library.place(&question, &incident.id, incident.dated().0).unwrap();
        assert_eq!((place.offset, place.exact), (n, true));
    }
    let nobody = IncidentId("nobody".to_owned());
    let place = library.place(&question, &nobody, days("2026-11-20")).unwrap();
    assert_eq!((place.offset, place.exact), (24, false), "the first row of that day");
    let place = library.place(&question, &nobody, days("1990-01-01")).unwrap();
    assert_eq!((place.offset, place.exact), (4_999, false));
    let nothing = Question { text: "zzz".to_owned(), ..Question::default() };
    assert_eq!(library.place(&nothing, &nobody, days("2026-11-20")).unwrap().offset, 0);
}

#[test]
fn no_key_means_two_things_at_one_place() {
    for place in Place::ALL {
        let mut keys: Vec<Key> =
            BINDINGS.iter().filter(|binding| binding.places.contains(&place)).flat_map(|b| b.keys).copied().collect();
        let all = keys.len();
        keys.sort_by_key(|key| key.to_string());
        keys.dedup();
        assert_eq!(keys.len(), all, "{place:?}");
    }
}

#[test]
fn every_key_is_in_the_help() {
    let text: Vec<String> = help::lines(&Keymap::default(), LOOK, 200)
        .iter()
        .map(|line| line.iter().map(|piece| piece.text.as_str()).collect::<String>())
        .collect();
    for binding in BINDINGS {
        assert!(!binding.help.is_empty() && !binding.keys.is_empty() && !binding.places.is_empty());
        let told = |line: &String| line.ends_with(binding.help) && line.contains(&binding.keys[0].to_string());
        assert!(text.iter().any(told), "{}", binding.help);
    }
}

#[test]
fn the_footer_names_keys_of_the_place() {
    let mut stage = open();
    assert!(stage.line("Timeline").contains("/ search"));
    stage.press("Enter");
    assert!(stage.line("Incident").contains("Enter read"));
    stage.press("Enter");
    assert!(stage.line("Article").contains("n next evidence"));
}

#[test]
fn asked_to_stop_or_to_step_aside_it_does() {
    let mut stage = open();
    stage.take(Msg::Pause);
    stage.take(Msg::Resumed);
    stage.take(Msg::Stop);
    let done: Vec<&Effect> = stage.done.iter().filter(|effect| **effect != Effect::Draw).collect();
    assert_eq!(done, [&Effect::Suspend, &Effect::Wipe, &Effect::Quit]);
}

#[test]
fn every_key_can_be_given_to_another_action() {
    let given = |action, keys: &[&str]| (action, keys.iter().map(|key| (*key).to_owned()).collect::<Vec<String>>());
    let changes = [given("star", &["*", "Ctrl-s"]), given("incident.undo", &["U"]), given("hide", &[]), given("quit", &["x"])];
    let mut stage = open();
    stage.state.keys = Keymap::with(&changes).unwrap().into();
    stage.press("s");
    assert!(stage.library.edits.lock().unwrap().is_empty());
    stage.press("* Ctrl-s u Enter u U");
    assert_eq!(stage.library.edits.lock().unwrap().len(), 4, "u is still undo in the list, and U in the incident");
    assert!(stage.line(" Incident ").contains("* star") || stage.state.notice.is_some());
    stage.press("q ?");
    stage.take(Msg::Resize(100, 150));
    assert!(stage.screen().contains("  x  ") && !stage.screen().contains("hide it, or show it again"));
    stage.press("Esc x");
    assert!(stage.done.contains(&Effect::Quit));

    let faults = |changes: &[(&str, Vec<String>)]| Keymap::with(changes).unwrap_err();
    let told = faults(&[given("starr", &["*"]), given("star", &["Hyper-s"]), given("list.star", &["s"])]);
    assert_eq!(told.iter().map(|fault| fault.at).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(told[0].hint, "did you mean \"star\"?");
    assert_eq!(told[1].what, "\"Hyper-s\" is no key");
    let clash = faults(&[given("star", &["x"])]);
    assert_eq!(clash[0].what, "x would mean both star and hide at timeline");
    let names: std::collections::BTreeSet<String> = BINDINGS.iter().map(|binding| keymap::name(binding.action)).collect();
    assert!(names.iter().all(|name| Keymap::with(&[(name.as_str(), Vec::new())]).is_ok()));
    assert!(names.contains("half-down") && names.contains("star"));
}
