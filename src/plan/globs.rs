//! What `--target` and `--exclude` name: addresses, and patterns of them. Pure.
//!
//! A pattern is written as an address is; in its names and its quoted keys `*`, `?` and `{a,b}` stand
//! for others, in its keys `[abc]` too. `module.**` is any way down, also none. What has no key stands
//! for all instances.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

use crate::address::{Addr, Key, Mode, ModulePath, ResourceAddr, Target};

mod parse;
#[cfg(test)]
mod tests;

/// An address or a pattern of addresses.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    /// The modules on the way down.
    way: Vec<Step>,
    /// None: all that is in the module.
    of: Option<Named>,
}

#[derive(Debug, Clone)]
enum Step {
    /// `module.**`: any modules, and none.
    Deep,
    Module(Box<(Word, Keyed)>),
}

#[derive(Debug, Clone)]
struct Named {
    mode: Mode,
    kind: Word,
    name: Word,
    key: Keyed,
}

#[derive(Debug, Clone)]
enum Word {
    Is(String),
    Like(GlobMatcher),
}

#[derive(Debug, Clone)]
enum Keyed {
    /// All instances, or the only one.
    Any,
    Is(Key),
    /// A text key that is this, or like this.
    Like(String, GlobMatcher),
}

impl Pattern {
    /// Whether an instance is meant.
    pub fn covers(&self, addr: &Addr) -> bool {
        self.holds(&addr.resource, Keyed::fits) && self.of.as_ref().is_none_or(|it| it.key.fits(&addr.key))
    }

    /// Whether any instance of a resource may be meant; an address without keys stands for any.
    pub fn names(&self, addr: &ResourceAddr) -> bool {
        let open = addr.module.iter().all(|it| it.1 == Key::None);
        self.holds(addr, if open { |_, _| true } else { Keyed::fits })
    }

    /// Whether all instances of a resource are meant; an address without keys stands for all.
    pub fn covers_all(&self, addr: &ResourceAddr) -> bool {
        let open = addr.module.iter().all(|it| it.1 == Key::None);
        let fits: fn(&Keyed, &Key) -> bool =
            if open { |it, _| matches!(it, Keyed::Any) } else { Keyed::fits };
        self.holds(addr, fits) && self.of.as_ref().is_none_or(|it| matches!(it.key, Keyed::Any))
    }

    /// Whether a module as a whole may be meant, by its path without keys.
    pub fn covers_module(&self, module: &ModulePath) -> bool {
        self.of.is_none() && starts(&self.way, module, |_, _| true)
    }

    /// Whether something in a module may be meant, by its path without keys.
    pub fn enters(&self, module: &ModulePath) -> bool {
        let mut prefixes = (0..=self.way.len()).map(|it| &self.way[..it]);
        let through = prefixes.any(|it| whole(it, module, |_, _| true));
        through || self.covers_module(module)
    }

    /// Whether it speaks of single instances.
    pub fn is_keyed(&self) -> bool {
        let free = |it: &Keyed| matches!(it, Keyed::Any);
        let step = |it: &Step| matches!(it, Step::Module(one) if !free(&one.1));
        self.way.iter().any(step) || self.of.as_ref().is_some_and(|it| !free(&it.key))
    }

    /// The type that it asks for, where it is one.
    pub fn kind(&self) -> Option<&str> {
        match &self.of.as_ref()?.kind {
            Word::Is(it) => Some(it),
            Word::Like(_) => None,
        }
    }

    fn holds(&self, addr: &ResourceAddr, fits: fn(&Keyed, &Key) -> bool) -> bool {
        match &self.of {
            None => starts(&self.way, &addr.module, fits),
            Some(it) => {
                it.mode == addr.mode
                    && it.kind.fits(&addr.kind)
                    && it.name.fits(&addr.name)
                    && whole(&self.way, &addr.module, fits)
            }
        }
    }
}

type Path = [(std::sync::Arc<str>, Key)];

/// Whether these steps lead to a module.
fn whole(way: &[Step], path: &Path, fits: fn(&Keyed, &Key) -> bool) -> bool {
    match (way.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Step::Deep, rest)), _) => (0..=path.len()).any(|it| whole(rest, &path[it..], fits)),
        (Some((Step::Module(one), rest)), Some(((name, key), below))) => {
            one.0.fits(name) && fits(&one.1, key) && whole(rest, below, fits)
        }
        _ => false,
    }
}

/// Whether these steps lead to a module or to one around it.
fn starts(way: &[Step], path: &Path, fits: fn(&Keyed, &Key) -> bool) -> bool {
    (1..=path.len()).any(|it| whole(way, &path[..it], fits))
}

impl Word {
    fn fits(&self, text: &str) -> bool {
        match self {
            Word::Is(it) => it == text,
            Word::Like(it) => it.is_match(text),
        }
    }
}

impl Keyed {
    fn fits(&self, key: &Key) -> bool {
        match (self, key) {
            (Keyed::Any, _) => true,
            (Keyed::Is(it), key) => it == key,
            (Keyed::Like(text, glob), Key::Name(name)) => text == &**name || glob.is_match(&**name),
            (Keyed::Like(..), _) => false,
        }
    }
}

/// A matcher where the text asks for one: nothing in it is a path.
fn glob(text: &str, signs: &[char]) -> Option<Result<GlobMatcher, String>> {
    if !text.contains(signs) {
        return None;
    }
    let built = GlobBuilder::new(text).literal_separator(false).backslash_escape(true).build();
    Some(built.map(|it| it.compile_matcher()).map_err(|it| it.kind().to_string()))
}

impl From<&Target> for Pattern {
    fn from(target: &Target) -> Pattern {
        let keyed = |it: &Key| if *it == Key::None { Keyed::Any } else { Keyed::Is(it.clone()) };
        let steps = |path: &ModulePath| {
            let step = |(name, key): &(std::sync::Arc<str>, Key)| {
                Step::Module(Box::new((Word::Is(name.to_string()), keyed(key))))
            };
            path.iter().map(step).collect::<Vec<_>>()
        };
        let named = |it: &ResourceAddr, key: &Key| Named {
            mode: it.mode,
            kind: Word::Is(it.kind.to_string()),
            name: Word::Is(it.name.to_string()),
            key: keyed(key),
        };
        let (way, of) = match target {
            Target::Module(path) => (steps(path), None),
            Target::Resource(it) => (steps(&it.module), Some(named(it, &Key::None))),
            Target::Instance(it) => (steps(&it.resource.module), Some(named(&it.resource, &it.key))),
        };
        Pattern { text: target.to_string(), way, of }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
