//! One victim that is told of again and again: how long its reports take to be merged, all at once and when one more joins them.

use std::time::{Duration, Instant};

use breachline::base::day::{Day, DayRange};
use breachline::model::report::{Figure, Kind, Qualifier, Report, Salience, Speaker, Unit, Victim};
use breachline::store::kept::{Access, Kept};

use crate::dice::Dice;
use crate::{article, merge_all, report_of, save, shown};

/// How often the victim is hit.
#[derive(Clone, Copy)]
enum Shape {
    /// Once; all reports tell of that within two months.
    Once,
    /// Anew for every five reports, over fifteen years.
    Often,
    /// As often, and half of the reports are mentions that say neither when nor how many.
    Vaguely,
}

/// Measures crowds of so many reports.
pub fn measure(sizes: &[usize]) {
    println!("{:>10} {:>20}   {:>12} {:>12} {:>12}", "reports", "of one victim, hit", "merged", "incidents", "one more");
    for &count in sizes {
        for (name, shape) in [("once", Shape::Once), ("often", Shape::Often), ("often, told vaguely", Shape::Vaguely)] {
            let (all, incidents, one) = of(count, shape);
            println!("{count:>10} {name:>20}   {:>12} {incidents:>12} {:>12}", shown(all), shown(one));
        }
    }
}

fn of(count: usize, shape: Shape) -> (Duration, u64, Duration) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut kept = Kept::open(dir.path(), Access::Write).expect("the store");
    let mut dice = Dice(5);
    let mut one = |number: usize, n: usize| {
        let (published, report) = told(n, count, shape, &mut dice);
        article(number, published, report)
    };
    save(&mut kept, (0..count).map(|n| one(n + 1, n)).collect());
    let began = Instant::now();
    merge_all(&mut kept);
    let all = began.elapsed();
    save(&mut kept, vec![one(count + 1, count / 2)]);
    let began = Instant::now();
    merge_all(&mut kept);
    (all, kept.counts().expect("the counts").incidents, began.elapsed())
}

fn told(n: usize, count: usize, shape: Shape, dice: &mut Dice) -> (Day, Report) {
    let event = match shape {
        Shape::Once => 0,
        Shape::Often | Shape::Vaguely => n / 5,
    };
    let first = Day::new(2011, 1, 1).expect("a day");
    let day = first.plus((event * 5 * 5_500 / count.max(1)) as i64);
    let victim = Victim { name: "Corran Bank".to_owned(), aliases: vec![], named: true };
    let people = 1_000 + (event as u64).wrapping_mul(7_919) % 3_000_000;
    let figure = Figure { value: people, max: None, unit: Unit::People, qualifier: Qualifier::Exact, by: Speaker::Untold };
    let mut report = report_of(victim, Kind::ALL[event % 4]);
    let vague = matches!(shape, Shape::Vaguely) && dice.below(2) == 0;
    if vague {
        report.salience = Salience::Mention;
    } else {
        report.records = if dice.below(2) == 0 { vec![figure] } else { vec![] };
        report.occurred = (dice.below(2) == 0).then(|| DayRange::day(day));
    }
    (day.plus(3 + dice.below(60) as i64), report)
}
