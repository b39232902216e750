//! Everything at once: a fifth of all calls throttled, a twentieth answered with a failure, a twentieth
//! without an answer, new things not to be seen for a while. Every command comes through, and leaves
//! exactly what it would have left in calm.
//!
//! The stacks are the sweep's: together they use every resource type. Each run of the tests has a storm in
//! one phase of one of them (`INFRA_SEED=now`: another each time); `INFRA_SWEEP=all` has many in every phase
//! of each, `INFRA_STORM=network/7` has one of those again.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::stage::Stage;
use super::sweep::script::{PHASES, enter, folder, words};
use super::sweep::{at_once, picture};
use crate::support::fault::{Fate, Faults};
use crate::support::folder::{folders, project};
use crate::support::infra::Output;
use crate::support::proxy::Call;
use crate::support::rng::seed;
use crate::support::shy::Shy;

/// Of each stack, where all is asked for.
const SEEDS: u64 = 10;
/// Stacks that are tried otherwise.
const FEW: usize = 1;

fn weather(seed: u64) -> Faults {
    let shy = Some(Shy { looks: 2, time: Duration::from_secs(5) });
    Faults {
        seed,
        throttled: 0.2,
        varied: true,
        broken: 0.05,
        lost_replies: 0.04,
        cut_bodies: 0.01,
        shy,
        ..Faults::default()
    }
}

/// One life under one weather.
struct Life {
    stack: String,
    name: String,
    s3: bool,
    /// What goes wrong in each phase.
    weather: Box<dyn Fn(usize) -> Faults + Sync + Send>,
    /// How many calls there may be for each that was answered.
    factor: f64,
}

impl Life {
    fn stormy(stack: &str, seed: u64) -> Life {
        Life {
            stack: stack.to_owned(),
            name: format!("INFRA_STORM={stack}/{seed}"),
            s3: seed.is_multiple_of(2),
            weather: Box::new(move |phase| weather(seed * 10 + phase as u64)),
            factor: 2.0,
        }
    }

    /// With fair weather in all phases but one.
    fn showery(stack: &str, seed: u64) -> Life {
        let bad = seed as usize % PHASES.len();
        let weather = move |phase: usize| match phase % PHASES.len() == bad {
            true => weather(seed * 10 + phase as u64),
            false => Faults::default(),
        };
        Life { weather: Box::new(weather), ..Life::stormy(stack, seed) }
    }

    fn first(stack: &str, fate: Fate, s3: bool) -> Life {
        Life {
            stack: stack.to_owned(),
            name: format!("{stack}, every first {fate:?}"),
            s3,
            weather: Box::new(move |_| Faults { first: Some(fate), ..Faults::default() }),
            factor: 2.0,
        }
    }

    /// What went wrong; nothing where all went well. The lines that tell of throttling.
    fn live(&self) -> Result<Vec<String>, String> {
        let began = Instant::now();
        let stage = Stage::of_folder(&folder(&self.stack), self.s3);
        let before = REGIONS.map(|it| held(&stage, it));
        let mut told = Vec::new();
        for (phase, name) in PHASES.iter().enumerate() {
            enter(&stage, &self.stack, phase);
            let fail = |why: String| Err(format!("{}: {name}: {why}", self.name));
            stage.proxy.take();
            let output = stage.run((self.weather)(phase), &words(phase));
            let calls = stage.proxy.take();
            if output.code != Some(0) {
                return fail(format!("failed\n{}", both(&output)));
            }
            if let Err(why) = self.bounded(&calls) {
                return fail(why);
            }
            told.extend(
                output.stdout.lines().filter(|it| it.starts_with("AWS throttled")).map(str::to_owned),
            );
            if let Some(it) = stage.journal() {
                return fail(format!("a journal is left: {it}"));
            }
            if phase + 1 < PHASES.len() {
                let mut words = words(phase);
                (words[0], words[1]) = ("plan", "--detailed-exitcode");
                // What is there for some time hides no more.
                let output = stage.run(Faults { shy: None, ..(self.weather)(phase + 4) }, &words);
                if output.code != Some(0) {
                    return fail(format!("the next plan is not empty\n{}", both(&output)));
                }
            }
        }
        for (region, before) in REGIONS.iter().zip(before) {
            let all = held(&stage, region);
            let left: Vec<&String> = all.difference(&before).collect();
            if !left.is_empty() {
                return Err(format!("{}: destroyed, and {region} still holds {left:#?}", self.name));
            }
        }
        eprintln!("{} took {:.0?}", self.name, began.elapsed());
        Ok(told)
    }

    /// Whether what was refused or lost did not multiply: so many calls more, and none for ever.
    fn bounded(&self, calls: &[Call]) -> Result<(), String> {
        let good = calls.iter().filter(|it| matches!(it.fate, Fate::Answered)).count();
        if calls.len() as f64 > self.factor * good as f64 + 20.0 {
            return Err(format!("{} calls for {good} that were answered", calls.len()));
        }
        Ok(())
    }
}

/// Where the stacks make things.
const REGIONS: [&str; 2] = ["eu-west-1", "eu-central-1"];

/// What a region holds: what is there in the end and was not at first was made twice, or forgotten.
fn held(stage: &Stage, region: &str) -> BTreeSet<String> {
    let (all, _) = picture::held(stage, region);
    // The emulator keeps the interface of a NAT gateway that is gone.
    all.into_iter().filter(|it| !it.starts_with("network-interface ")).collect()
}

fn both(output: &Output) -> String {
    format!("--- stdout\n{}\n--- stderr\n{}", output.stdout, output.stderr)
}

fn stacks() -> Vec<String> {
    folders(&project().join("tests/data/sweep"))
}

fn all_asked() -> bool {
    std::env::var("INFRA_SWEEP").is_ok_and(|it| it == "all")
}

/// Lives them all, several at once; gives the lines about throttling.
fn live(lives: &[Life]) -> Vec<String> {
    lives.iter().for_each(|it| eprintln!("{}", it.name));
    let ends = at_once(lives.len(), |at| lives[at].live());
    let failed: Vec<&String> = ends.iter().flatten().filter_map(|it| it.as_ref().err()).collect();
    failed.iter().for_each(|it| eprintln!("{it}\n"));
    let panicked = ends.iter().filter(|it| it.is_none()).count();
    assert!(failed.is_empty() && panicked == 0, "{} of {} fail", failed.len() + panicked, lives.len());
    ends.into_iter().flatten().flatten().flatten().collect()
}

#[test]
fn every_command_comes_through_a_storm() {
    let asked = std::env::var("INFRA_STORM").unwrap_or_default();
    let now = seed() % 1_000_000;
    let lives: Vec<Life> = match asked.split_once('/') {
        Some((stack, seed)) => vec![Life::stormy(stack, seed.parse().unwrap())],
        None if all_asked() => {
            let seeds =
                |stack: &String| (now..now + SEEDS).map(|it| Life::stormy(stack, it)).collect::<Vec<_>>();
            stacks().iter().flat_map(seeds).collect()
        }
        None => {
            let (all, at) = (stacks(), now as usize);
            let chosen = (at..at + FEW).map(|it| &all[it % all.len()]);
            chosen.zip(now..).map(|(stack, seed)| Life::showery(stack, seed)).collect()
        }
    };
    let told = live(&lives);
    assert!(!told.is_empty() || !all_asked(), "nobody was told of any throttling");
    eprintln!("{}", told.join("\n"));
}

#[test]
fn every_first_answer_may_get_lost() {
    let fates = [Fate::LostReply, Fate::BrokenAfter, Fate::CutBody];
    let all = stacks();
    let lives: Vec<Life> = match all_asked() {
        true => {
            let each = |stack: &String| {
                fates.map(|it| [Life::first(stack, it, true), Life::first(stack, it, false)])
            };
            all.iter().flat_map(each).flatten().collect()
        }
        false => {
            let first = (seed() % 1_000_000) as usize;
            (first..first + FEW)
                .map(|it| Life::first(&all[it % all.len()], fates[it % fates.len()], it % 2 == 0))
                .collect()
        }
    };
    live(&lives);
}

/// As EC2 does it: so many changes at once, and so many a second more.
#[test]
fn an_apply_finds_the_pace_that_ec2_takes() {
    let stack = r#"
[stack]
name = "wide"
[provider.aws]
region = "eu-west-1"
[aws_vpc.it]
cidr_block = "10.0.0.0/16"
[aws_subnet.it]
count = 120
vpc_id = "${aws_vpc.it.id}"
cidr_block = "${cidrsubnet(aws_vpc.it.cidr_block, 8, count.index)}"
"#;
    let stage = Stage::new(stack);
    let faults = Faults { bucket: Some((20.0, 20.0)), ..Faults::default() };
    let output = stage.run(faults, &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", both(&output));
    let calls = stage.proxy.calls();
    let changes = |fate| calls.iter().filter(|it| it.operation.mutates() && it.fate == fate).count();
    let (taken, refused) = (changes(Fate::Answered), changes(Fate::Throttled));
    eprintln!("{taken} taken, {refused} refused");
    assert!(refused > 0 && refused <= taken, "{taken} taken, {refused} refused");
    assert!(output.stdout.contains("AWS throttled EC2 in eu-west-1: "), "{}", output.stdout);
    stage.settle();
    // Nobody refuses anything now: nothing is told, and nothing held back.
    let calm = stage.must(&["destroy", "--auto-approve"], 0);
    assert!(!calm.stdout.contains("throttled"), "{}", calm.stdout);
}
