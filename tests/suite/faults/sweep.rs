//! The kill sweep: stacks that together use every resource type, killed at each of their calls that change
//! something and at each write of a file, while creating, updating, replacing and destroying. One plain
//! repetition has to end with exactly what an undisturbed run gives.
//!
//! `tests/data/sweep/STACK/` holds the stacks (and `STACK/update/` what its files are from then on), `tests/data/sweep/types.toml` says how a new type comes in.
//!
//! | variable | what |
//! |---|---|
//! | (none) | a few points of each stack, the same each time |
//! | `INFRA_SEED=17`, `INFRA_SEED=now` | others, others each time |
//! | `INFRA_SWEEP_LIVES=20` | so many points of each stack instead of a few; the table is written anew |
//! | `INFRA_SWEEP=all` | every point; the table in `docs/reliability.md` is written anew |
//! | `INFRA_SWEEP=march` | one after the other, each in the run that the last kill has left; that table is written anew |
//! | `INFRA_SWEEP=march/network` | the same through one stack |
//! | `INFRA_SWEEP=network` | every point of one stack |
//! | `INFRA_SWEEP=network/s3/after/17` | the life that a failure names |
//! | `INFRA_SWEEP_JOBS=…` | so many at once |

mod life;
mod march;
pub mod picture;
pub mod script;
mod table;
mod types;
mod watch;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::folder::{folders, project};
use crate::support::rng::{Rng, seed};
use life::{At, Case, Store};
use script::Script;
use table::Table;

/// Lives of each stack where only a few points are tried.
const FEW: usize = 2;

/// Lives of each stack, where that is asked for.
fn asked_lives() -> Option<usize> {
    std::env::var("INFRA_SWEEP_LIVES").ok().and_then(|it| it.parse().ok())
}

/// What is to be tried.
enum Scope {
    Few(u64),
    All,
    /// Each point in turn, in one life: [`march`]. Through all stacks, or one.
    March(Option<String>),
    Some(String),
}

impl Scope {
    fn asked() -> Scope {
        match std::env::var("INFRA_SWEEP").ok().filter(|it| !it.is_empty()) {
            Some(it) if it == "all" => Scope::All,
            Some(it) if it == "march" => Scope::March(None),
            Some(it) if it.starts_with("march/") => Scope::March(Some(it["march/".len()..].to_owned())),
            Some(it) => Scope::Some(it),
            None => Scope::Few(seed()),
        }
    }

    fn has(&self, stack: &str) -> bool {
        match self {
            Scope::Some(it) => it.split('/').next() == Some(stack),
            _ => true,
        }
    }
}

#[test]
fn killed_anywhere_nothing_is_lost_and_nothing_doubled() {
    let scope = Scope::asked();
    if matches!(scope, Scope::March(_)) {
        return;
    }
    let scripts = learnt(|it| scope.has(it));
    if !matches!(scope, Scope::Some(_)) {
        types::all_are_moved(&scripts);
    }
    let table = lived(&chosen(&scope, &scripts), Case::live);
    match (scope, asked_lives()) {
        (Scope::All, _) => table.write("sweep", "Every point of every stack."),
        (Scope::Few(seed), Some(lives)) => {
            let what =
                format!("{lives} lives of each stack, chosen by chance (seed {seed}); each has four kills.");
            table.write("sweep", &what);
        }
        _ => {}
    }
}

/// The smallest stack, or all where that is asked for.
#[test]
fn killed_again_and_again_it_arrives() {
    let one = match Scope::asked() {
        Scope::March(one) => one,
        Scope::Few(_) => Some("small".to_owned()),
        _ => return,
    };
    let scripts = learnt(|it| one.as_deref().is_none_or(|one| one == it));
    let table = lived(&scripts.iter().flat_map(march::all).collect::<Vec<_>>(), Case::march);
    if one.is_none() {
        table.write("march", "Every stack, its state in a file, killed at one call after another.");
    }
}

/// The stacks, lived undisturbed.
fn learnt(wanted: impl Fn(&str) -> bool) -> Vec<Script> {
    let names: Vec<String> = folders(&project().join("tests/data/sweep"));
    let names: Vec<String> = names.into_iter().filter(|it| wanted(it)).collect();
    assert!(!names.is_empty(), "no such stack");
    let scripts: Vec<Script> =
        at_once(names.len(), |at| Script::learn(&names[at])).into_iter().flatten().collect();
    assert_eq!(scripts.len(), names.len(), "a stack does not even live undisturbed");
    scripts
}

/// Lives all of them; what was killed.
fn lived<'a>(cases: &[Case<'a>], live: impl Fn(&Case<'a>, &Mutex<Table>) -> String + Sync) -> Table {
    let table = Mutex::new(Table::default());
    let fine = at_once(cases.len(), |at| {
        let why = live(&cases[at], &table);
        // At once: a sweep may take hours.
        if !why.is_empty() {
            eprintln!("{why}\n");
        }
        why.is_empty()
    });
    let failed = fine.iter().filter(|it| **it != Some(true)).count();
    assert_eq!(failed, 0, "{failed} of {} lives failed", cases.len());
    let table = table.into_inner().unwrap();
    eprintln!("{}", table.markdown());
    table
}

fn chosen<'a>(scope: &Scope, scripts: &'a [Script]) -> Vec<Case<'a>> {
    let every = || scripts.iter().flat_map(Case::all).collect::<Vec<_>>();
    match scope {
        Scope::All | Scope::March(_) => every(),
        Scope::Some(it) => every().into_iter().filter(|case| within(it, &case.name())).collect(),
        Scope::Few(seed) => {
            eprintln!("chosen with INFRA_SEED={seed}");
            let mut rng = Rng::new(*seed);
            let few = |script| {
                let mut all = Case::all(script);
                let mut taken = Vec::new();
                // Once at a call with the state in S3, once anywhere with the state in a file.
                for store in [Store::S3, Store::File].into_iter().cycle().take(asked_lives().unwrap_or(FEW)) {
                    let fits: Vec<usize> = (0..all.len()).filter(|it| all[*it].store == store).collect();
                    if !fits.is_empty() {
                        taken.push(all.swap_remove(fits[rng.below(fits.len())]));
                    }
                }
                taken
            };
            scripts.iter().flat_map(few).collect()
        }
    }
}

/// Whether a case is the one that is asked for, or one of those.
fn within(asked: &str, name: &str) -> bool {
    name.strip_prefix(asked).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// Does many things, several at once; what panics gives nothing.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<Option<T>> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let jobs = std::env::var("INFRA_SWEEP_JOBS").ok().and_then(|it| it.parse().ok()).unwrap_or(3 * cores);
    let next = AtomicUsize::new(0);
    let out = Mutex::new((0..count).map(|_| None).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(count) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return;
                    }
                    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(at)));
                    out.lock().unwrap()[at] = done.ok();
                }
            });
        }
    });
    out.into_inner().unwrap()
}

#[test]
fn one_asks_for_a_stack_or_for_a_life() {
    assert!(within("network", "network/s3/after/17"));
    assert!(within("network/s3/after/1", "network/s3/after/1"));
    assert!(!within("network/s3/after/1", "network/s3/after/17"));
    assert!(matches!(At::parse("write"), Some(At::Write)));
}
