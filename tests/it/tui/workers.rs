//! The threads that answer: which question goes first, what waits for what, and what a panic becomes.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use breachline::library::{DayCount, Found, LastRun, Library, Opened, Page, Question, Trouble};
use breachline::model::article::ArticleId;
use breachline::model::incident::{Incident, IncidentId};
use breachline::tui::msg::{Effect, Msg};
use breachline::tui::state::CHUNK;
use breachline::tui::worker::{self, Heard, Workers};

use super::stage::Stage;

#[test]
fn the_newest_question_goes_first_and_older_ones_are_dropped() {
    let find = |n| Effect::Find(n, Question::default(), None);
    let rows = |offset| Effect::Rows(1, Question::default(), Page { offset, limit: CHUNK });
    let mut queue = [find(1), rows(0), Effect::Days(2, Question::default()), find(3), rows(128), rows(0)].into();
    worker::in_order(&mut queue);
    let left: Vec<Effect> = queue.into();
    assert_eq!(left, [find(3), rows(128), rows(0), Effect::Days(2, Question::default())]);
}

/// A library that finds or fails; its counts take until it is told to go on.
struct Odd {
    torn: bool,
    go_on: Mutex<Receiver<()>>,
}

impl Library for Odd {
    fn find(&self, _: &Question, _: Page) -> Result<Found, Trouble> {
        assert!(!self.torn, "the index is torn");
        Ok(Found { total: 0, rows: Vec::new(), by_day: true, why: Vec::new() })
    }

    fn days(&self, _: &Question) -> Result<Option<Vec<DayCount>>, Trouble> {
        let _ = self.go_on.lock().unwrap().recv();
        Ok(None)
    }

    fn incident(&self, _: &IncidentId) -> Result<Option<Incident>, Trouble> {
        Ok(None)
    }

    fn article(&self, _: ArticleId) -> Result<Option<Opened>, Trouble> {
        Ok(None)
    }

    fn last_run(&self) -> Result<Option<LastRun>, Trouble> {
        Ok(None)
    }
}

#[test]
fn a_search_does_not_wait_for_the_counts_of_the_one_before() {
    let (go_on, waits) = mpsc::channel();
    let (answers, told) = mpsc::channel();
    let library = Arc::new(Odd { torn: false, go_on: waits.into() });
    let workers = Workers::start(library, answers, Arc::new(|_| Ok(())), Arc::new(|| jiff::Timestamp::UNIX_EPOCH));
    let next = || told.recv_timeout(Duration::from_secs(20));
    workers.carry_out(Effect::Days(1, Question::default()));
    workers.carry_out(Effect::Find(2, Question::default(), None));
    assert!(matches!(next(), Ok(Msg::Found(2, Ok(_)))));
    go_on.send(()).unwrap();
    assert!(matches!(next(), Ok(Msg::Days(1, Ok(None)))));
}

#[test]
fn it_is_told_once_that_nobody_answers_and_once_that_somebody_does() {
    let mut heard = Heard { stamp: Some(3), away: false };
    let gone = || Err(Trouble::Store("no connection".to_owned()));
    let told: Vec<&str> = [Ok(3), Ok(4), gone(), gone(), Ok(4), Ok(4), gone(), Ok(5)]
        .into_iter()
        .map(|stamp| match heard.next(stamp) {
            Some(Msg::Changed) => "changed",
            Some(Msg::Away(_)) => "away",
            Some(Msg::Back) => "back",
            _ => "",
        })
        .collect();
    assert_eq!(told, ["", "changed", "away", "", "back", "", "away", "back"]);
}

#[test]
fn a_library_that_panics_is_answered_for() {
    let (_, waits) = mpsc::channel();
    let stage = Stage::open(Odd { torn: true, go_on: waits.into() }, (80, 24), "");
    assert!(stage.screen().contains("the index is torn"), "{}", stage.screen());
}
