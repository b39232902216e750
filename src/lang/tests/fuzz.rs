//! Texts that nobody would write, made of texts that somebody did: whatever they hold, the language
//! answers or says what is wrong with them, soon and without falling over.
//!
//! `INFRA_FUZZ_SECONDS` says for how long (one second where it does not), `INFRA_FUZZ_SEED` where to
//! start; both are told where a text does harm.

use std::time::{Duration, Instant};

use super::recorded::scope;
use super::*;
use crate::lang::types::parse_type;

/// Longer than this nothing may take, however slow the machine.
const LONGEST: Duration = Duration::from_secs(60);

/// What texts are changed with.
const WORDS: &[&str] = &[
    "\"",
    "${",
    "%{",
    "~}",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    ",",
    ".",
    "...",
    "=",
    "=>",
    ":",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    " for x in ",
    " if ",
    "%{ if true }",
    "%{ else }",
    "%{ endif }",
    "%{ endfor }",
    "null",
    "true",
    "\n",
    "\r\n",
    "\t",
    "<<EOT\n",
    "<<-EOT\n",
    "\nEOT\n",
    "$${",
    "%%{",
    "[*]",
    ".*",
    ".0",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "\\u00",
    "\\U0001F600",
    "e\u{301}",
    "\u{feff}",
    "\0",
    "1e999",
    "-1",
    "99999999999999999999",
    "1.5e-7",
    "range(1024)",
    "local.any",
    "local.text",
    "sensitive(1)",
    "\u{1F468}\u{200d}",
    "optional(",
    "object({",
    "\"\"\"",
    "'''",
    "[[",
    "]]",
    "''",
];

/// Numbers in no order anyone could see.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // Marsaglia's xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap_or(0)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A place between two characters.
    fn cut(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// A text made of others.
    pub(crate) fn text(&mut self, corpus: &[&str]) -> String {
        let mut text = self.of(corpus).to_owned();
        for _ in 0..=self.below(4) {
            let (a, b) = (self.cut(&text), self.cut(&text));
            let (a, b) = (a.min(b), a.max(b));
            match self.below(7) {
                0 => text.replace_range(a..b, ""),
                1 => text.insert_str(a, self.of(WORDS)),
                2 => text.replace_range(a..b, self.of(WORDS)),
                3 => {
                    let other = self.of(corpus);
                    let (c, d) = (self.cut(other), self.cut(other));
                    text.replace_range(a..b, &other[c.min(d)..c.max(d)]);
                }
                4 => text.insert_str(b, &text[a..b].repeat(self.below(4))),
                5 => text.insert_str(a, &self.of(WORDS).repeat(self.below(200))),
                _ => text.replace_range(a..b, self.of(corpus)),
            }
            text.truncate(self.cut_at(&text, 20_000));
        }
        text
    }

    fn cut_at(&self, text: &str, most: usize) -> usize {
        let mut at = text.len().min(most);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// Tells which text it was where one does harm.
struct Under<'a>(&'a str, u64);

impl Drop for Under<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("INFRA_FUZZ_SEED={}, and the text was:\n{}", self.1, self.0);
        }
    }
}

/// Feeds texts to `target` for as long as the environment says.
pub(crate) fn fuzz(corpus: &[&str], target: impl Fn(&str)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let started = Instant::now();
    let length = Duration::from_secs(number("INFRA_FUZZ_SECONDS").unwrap_or(1));
    let clock = || std::time::UNIX_EPOCH.elapsed().map_or(1, |it| it.as_secs());
    let seed = number("INFRA_FUZZ_SEED").unwrap_or_else(clock);
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    while started.elapsed() < length {
        let text = chance.text(corpus);
        let under = Under(&text, seed);
        let before = Instant::now();
        target(&text);
        assert!(before.elapsed() < LONGEST, "this took {:?}", before.elapsed());
        drop(under);
    }
}

/// What reads files, or takes its time on purpose, is left out.
fn harmless(text: &str) -> bool {
    !["file", "bcrypt"].iter().any(|it| text.contains(it))
}

#[test]
fn no_expression_does_harm() {
    let tables: Vec<String> = super::recorded::recorded().into_iter().map(|it| it.1).collect();
    let lines = include_str!("console/lines/expr_lines.txt");
    let one_line = tables.iter().flat_map(|it| it.lines()).filter_map(|it| it.strip_prefix("> "));
    let several = lines.split(">>>\n").filter_map(|it| it.split("\n---\n").next());
    let corpus: Vec<&str> = one_line.chain(several).filter(|it| harmless(it)).collect();
    let names = scope();
    fuzz(&corpus, |text| {
        if !harmless(text) {
            return;
        }
        let (_, offsets, place) = source(text);
        let _ = parse_type(text, &offsets);
        for it in [Expr::hcl(text, offsets.clone(), place.clone()), Expr::template(text, offsets, place)] {
            let Ok(it) = it else { continue };
            it.refs();
            match it.eval(&names) {
                Ok(value) => drop((render::hcl(&value), value.to_json(), value.ty())),
                Err(errors) => assert!(errors.0.iter().all(|it| it.place.is_some())),
            }
        }
    });
}
