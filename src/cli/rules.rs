//! `breachline rules`: the rules by which sentences tell who was hit, and whether each reads its examples.

use super::console::{Console, Style};
use super::failure::{Exit, Failure};
use super::input;
use crate::base::safe;
use crate::extract::examples;
use crate::rules::{Rule, Rules};

/// Show the rules by which it is read who was hit, or run their examples
///
/// `explain` names the rule behind each victim. Rules propose; whether a name was hit is weighed from all that speaks for and against
/// it. A file of rules of your own, in the layout of src/rules/events.toml, can be tried with --file before the program is built with it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  breachline rules list passive                 the rules whose names hold \"passive\", with their examples
  breachline rules check                        run every example of every rule
  breachline rules check --file events.toml     the same for a file that was changed")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print rules with their patterns and examples
    List(Which),
    /// Run the examples: each `yes` must give its victim, each `no` nothing
    ///
    /// Ends with 4 where one is misread.
    Check(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Only the rules whose names hold this
    name: Option<String>,
    /// The rules of this file instead of those that are built in
    #[arg(long, value_name = "FILE|-")]
    file: Option<String>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Exit, Failure> {
    let (Command::List(which) | Command::Check(which)) = &args.command;
    let own = which.own_rules()?;
    let rules = own.as_ref().unwrap_or_else(|| Rules::builtin());
    let chosen: Vec<usize> = (0..rules.events.len()).filter(|&number| which.holds(&rules.events[number])).collect();
    if chosen.is_empty() {
        let name = which.name.as_deref().unwrap_or_default();
        return Err(Failure::nothing(format!("no rule is called \"{}\"", safe::line(name, 80)))
            .hint("breachline rules list prints all of them"));
    }
    match args.command {
        Command::List(_) => chosen.iter().try_for_each(|&number| list(&rules.events[number], console)).map(|()| Exit::Well),
        Command::Check(_) => check(&chosen, rules, console),
    }
}

impl Which {
    fn own_rules(&self) -> Result<Option<Rules>, Failure> {
        let Some(file) = &self.file else { return Ok(None) };
        let bytes = input::bytes(file)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| Failure::new(format!("{file} is no text")).because(&error))?;
        let unread = |why: String| Failure::new(format!("{file} cannot be read: {}", safe::line(&why, 400)));
        Rules::with_events(text).map(Some).map_err(unread)
    }

    fn holds(&self, rule: &Rule) -> bool {
        self.name.as_ref().is_none_or(|name| rule.id.0.contains(name.as_str()))
    }
}

fn list(rule: &Rule, console: &mut Console) -> Result<(), Failure> {
    console.say(console.paint(Style::Bold, &safe::line(&rule.id.0, 80)))?;
    for (what, lines) in [("when", &rule.sources), ("yes", &rule.yes), ("no", &rule.no)] {
        for line in lines {
            console.say(format!("  {} {}", console.paint(Style::Dim, &format!("{what:<4}")), safe::line(line, 1000)))?;
        }
    }
    Ok(())
}

fn check(chosen: &[usize], rules: &Rules, console: &mut Console) -> Result<Exit, Failure> {
    let misread: Vec<examples::Misread> = chosen.iter().flat_map(|&number| examples::misread(number, rules)).collect();
    for one in &misread {
        console.say(safe::line(&one.to_string(), 1000))?;
    }
    let all: usize = chosen.iter().map(|&number| rules.events[number].yes.len() + rules.events[number].no.len()).sum();
    let told = format!("{} rules, {all} examples", chosen.len());
    if misread.is_empty() {
        console.say(format!("{told}: each is read as it should be"))?;
        return Ok(Exit::Well);
    }
    Err(Failure::new(format!("{told}: {} misread", misread.len()))
        .hint("breachline rules list NAME prints the patterns of a rule"))
}
