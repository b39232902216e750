//! The table of a sweep: at which calls of which types it killed.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::life::At;
use super::script::PHASES;
use super::types;
use crate::support::folder::project;

const PAGE: &str = "docs/reliability.md";

/// How often it was killed, by type or other owner of the call, then phase: before, after.
#[derive(Debug, Default)]
pub struct Table {
    counts: BTreeMap<String, BTreeMap<&'static str, [usize; 2]>>,
    owners: BTreeMap<String, String>,
}

impl Table {
    pub fn note(&mut self, call: &str, phase: &'static str, at: At) {
        if self.owners.is_empty() {
            for (name, it) in types::all() {
                self.owners.extend(it.calls.into_iter().map(|call| (call, name.clone())));
            }
        }
        let owner =
            self.owners.get(call).cloned().unwrap_or_else(|| format!("{call}, in no line of types.toml"));
        let counts = self.counts.entry(owner).or_default().entry(phase).or_default();
        counts[usize::from(at != At::Before)] += 1;
    }

    pub fn markdown(&self) -> String {
        let mut out = format!("| killed at calls of | {} |\n", PHASES.join(" | "));
        let _ = writeln!(out, "|---|{}", "---|".repeat(PHASES.len()));
        let mut all = [0; 2];
        for (owner, counts) in &self.counts {
            let cell = |phase: &&str| match counts.get(phase) {
                None => String::new(),
                Some([0, after]) => format!("{after}"),
                Some([before, after]) => format!("{before} + {after}"),
            };
            for [before, after] in counts.values() {
                all = [all[0] + before, all[1] + after];
            }
            let name = if owner.contains(' ') { owner.clone() } else { format!("`{owner}`") };
            let cells: Vec<String> = PHASES.iter().map(cell).collect();
            let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
        }
        let [before, after] = all;
        let _ = writeln!(
            out,
            "\n{} kills, {before} before a call acted and {after} after it: all recovered.",
            before + after
        );
        out
    }

    /// Between the marks of the page, with what was tried. `which` is `sweep` or `march`.
    pub fn write(&self, which: &str, tried: &str) {
        let (start, end) = (format!("<!-- {which}: begin -->"), format!("<!-- {which}: end -->"));
        let path = project().join(PAGE);
        let page = std::fs::read_to_string(&path).unwrap();
        let (head, rest) = page.split_once(&start).expect("the page has a place for the table");
        let (_, tail) = rest.split_once(&end).expect("the page has an end of the table");
        let page = format!("{head}{start}\n\n{tried}\n\n{}\n{end}{tail}", self.markdown());
        std::fs::write(&path, page).unwrap();
    }
}
