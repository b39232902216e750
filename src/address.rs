//! Addresses: `module.a["x"].aws_vpc.main[0]`, written and read exactly as Terraform does. Pure.

use std::fmt;
use std::sync::Arc;

use crate::lang::{Kind, Value};

/// Which of a resource's (or module's) instances.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Key {
    #[default]
    None,
    /// `[0]`, from `count`.
    Index(u64),
    /// `["a"]`, from `for_each`.
    Name(Arc<str>),
}

/// The modules on the way down from the root, outermost first.
pub type ModulePath = Vec<(Arc<str>, Key)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// First, as Terraform sorts.
    Data,
    Managed,
}

/// A resource or data source, all instances of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourceAddr {
    pub module: ModulePath,
    pub mode: Mode,
    pub kind: Arc<str>,
    pub name: Arc<str>,
}

/// One instance of a resource or data source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr {
    pub resource: ResourceAddr,
    pub key: Key,
}

/// As Terraform sorts: what is nearer to the root first.
impl Ord for ResourceAddr {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.module.len().cmp(&other.module.len()))
            .then_with(|| self.module.cmp(&other.module))
            .then_with(|| self.mode.cmp(&other.mode))
            .then_with(|| self.kind.cmp(&other.kind))
            .then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for ResourceAddr {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl ResourceAddr {
    pub fn managed(kind: &str, name: &str) -> Self {
        ResourceAddr { module: Vec::new(), mode: Mode::Managed, kind: kind.into(), name: name.into() }
    }
    pub fn data(kind: &str, name: &str) -> Self {
        ResourceAddr { mode: Mode::Data, ..Self::managed(kind, name) }
    }
    /// In this module.
    pub fn within(mut self, module: &ModulePath) -> Self {
        self.module.clone_from(module);
        self
    }
    /// Without the keys of modules: as the configuration knows it.
    pub fn as_written(&self) -> ResourceAddr {
        if self.module.iter().all(|it| it.1 == Key::None) {
            return self.clone();
        }
        let module = as_written(&self.module);
        ResourceAddr { module, ..self.clone() }
    }
    pub fn instance(&self, key: Key) -> Addr {
        Addr { resource: self.clone(), key }
    }
}

/// A module's path without keys: as the configuration knows it.
pub fn as_written(path: &[(Arc<str>, Key)]) -> ModulePath {
    path.iter().map(|it| (it.0.clone(), Key::None)).collect()
}

impl Key {
    /// As `each.key` or `count.index` has it.
    pub fn value(&self) -> Option<Value> {
        match self {
            Key::None => None,
            Key::Index(it) => Some(Kind::Number((*it as i64).into()).into()),
            Key::Name(it) => Some(it.as_ref().into()),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::None => Ok(()),
            Key::Index(it) => write!(f, "[{it}]"),
            Key::Name(it) => write!(f, "[{}]", quoted(it)),
        }
    }
}

/// As HCL quotes a string, so that an address can be pasted back.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(it) = rest.next() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                out.push(it);
                out.push(it);
            }
            it if it.is_control() => out.push_str(&format!("\\u{:04x}", it as u32)),
            it => out.push(it),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for ResourceAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, key) in &self.module {
            write!(f, "module.{name}{key}.")?;
        }
        if self.mode == Mode::Data {
            f.write_str("data.")?;
        }
        write!(f, "{}.{}", self.kind, self.name)
    }
}

impl fmt::Display for Addr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.resource, self.key)
    }
}

/// What `--target` names: a module, a resource with all its instances, or one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Module(ModulePath),
    Resource(ResourceAddr),
    Instance(Addr),
}

impl Target {
    pub fn covers(&self, addr: &Addr) -> bool {
        match self {
            Target::Module(path) => holds(path, &addr.resource.module),
            Target::Resource(it) => addr.resource == *it,
            Target::Instance(it) => addr == it,
        }
    }
}

/// Whether a module's path leads to another, or through it: one whose last step has no key stands for
/// all instances of that module, one without any key for all instances on the way too.
pub fn holds(path: &[(Arc<str>, Key)], other: &[(Arc<str>, Key)]) -> bool {
    let open = path.iter().all(|it| it.1 == Key::None);
    let same = |at: usize, (name, key): &(Arc<str>, Key)| {
        let free = *key == Key::None && (open || at + 1 == path.len());
        other.get(at).is_some_and(|it| it.0 == *name && (free || it.1 == *key))
    };
    path.iter().enumerate().all(|(at, step)| same(at, step))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Module(path) => {
                let steps: Vec<String> =
                    path.iter().map(|(name, key)| format!("module.{name}{key}")).collect();
                f.write_str(&steps.join("."))
            }
            Target::Resource(it) => write!(f, "{it}"),
            Target::Instance(it) => write!(f, "{it}"),
        }
    }
}

/// Reads an address. The error says what is wrong with the text.
pub fn parse(text: &str) -> Result<Target, String> {
    let mut rest = text.trim();
    let mut module = Vec::new();
    let fail = |why: &str| format!("`{text}` is not an address: {why}");
    while let Some(after) = rest.strip_prefix("module.") {
        let (name, key, tail) = step(after).map_err(|it| fail(&it))?;
        module.push((name.into(), key));
        match tail.strip_prefix('.') {
            Some(tail) => rest = tail,
            None if tail.is_empty() => return Ok(Target::Module(module)),
            None => return Err(fail("expected `.` after the module")),
        }
    }
    let (mode, rest) = match rest.strip_prefix("data.") {
        Some(rest) => (Mode::Data, rest),
        None => (Mode::Managed, rest),
    };
    let (kind, rest) =
        rest.split_once('.').ok_or_else(|| fail("expected TYPE.NAME, such as aws_vpc.main"))?;
    let (name, key, tail) = step(rest).map_err(|it| fail(&it))?;
    if !is_name(kind) {
        return Err(fail("the type may hold letters, digits, `_` and `-` only"));
    }
    if !tail.is_empty() {
        return Err(fail("something is left over after the name"));
    }
    let resource = ResourceAddr { module, mode, kind: kind.into(), name: name.into() };
    let whole = key == Key::None;
    Ok(if whole { Target::Resource(resource) } else { Target::Instance(Addr { resource, key }) })
}

/// Reads the address of one instance: `aws_vpc.main` is the one without a key.
pub fn parse_instance(text: &str) -> Result<Addr, String> {
    match parse(text)? {
        Target::Instance(it) => Ok(it),
        Target::Resource(it) => Ok(it.instance(Key::None)),
        Target::Module(_) => Err(format!("`{text}` is a module, not a resource")),
    }
}

pub fn is_name(text: &str) -> bool {
    let mut all = text.chars();
    all.next().is_some_and(|it| it.is_alphabetic() || it == '_')
        && all.all(|it| it.is_alphanumeric() || it == '_' || it == '-')
}

/// A name, its optional `[key]`, and what follows.
fn step(text: &str) -> Result<(&str, Key, &str), String> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !is_name(name) {
        return Err(format!("`{name}` is not a name"));
    }
    let Some(inside) = rest.strip_prefix('[') else { return Ok((name, Key::None, rest)) };
    if inside.starts_with('"') {
        let (key, rest) = unquote(inside)?;
        let rest = rest.strip_prefix(']').ok_or("expected `]` after the key")?;
        return Ok((name, Key::Name(key.into()), rest));
    }
    let (digits, rest) = inside.split_once(']').ok_or("expected `]` after the index")?;
    let index = digits.parse().map_err(|_| format!("`{digits}` is neither a number nor a quoted string"))?;
    Ok((name, Key::Index(index), rest))
}

/// A text in quotation marks, and what follows it.
pub fn unquote(text: &str) -> Result<(String, &str), String> {
    let mut out = String::new();
    let mut rest = text[1..].char_indices().peekable();
    while let Some((at, it)) = rest.next() {
        match it {
            '"' => return Ok((out, &text[at + 2..])),
            '\\' => match rest.next().map(|it| it.1) {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('u') => {
                    let hex: String = rest.by_ref().take(4).map(|it| it.1).collect();
                    let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                    out.push(code.ok_or("a bad \\u escape in the key")?);
                }
                Some(it) => out.push(it),
                None => break,
            },
            '$' | '%' if text[at + 2..].starts_with(it) && text[at + 3..].starts_with('{') => {
                out.push(it);
                rest.next();
            }
            it => out.push(it),
        }
    }
    Err("the key's quotation mark is never closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_survive_a_round_trip() {
        for text in [
            "aws_vpc.main",
            "aws_vpc.main[0]",
            r#"aws_vpc.main["a.b"]"#,
            r#"module.a["x"].module.b[2].data.aws_ami.it["q\"\\ $${x}"]"#,
        ] {
            assert_eq!(parse_instance(text).map(|it| it.to_string()), Ok(text.to_owned()));
        }
        assert!(matches!(parse("module.net"), Ok(Target::Module(_))));
    }

    #[test]
    fn a_module_stands_for_its_instances() {
        let covers = |target: &str, addr: &str| {
            let (target, addr) = (parse(target), parse_instance(addr));
            target.is_ok_and(|it| addr.is_ok_and(|addr| it.covers(&addr)))
        };
        let addr = r#"module.a["x"].module.b[1].aws_vpc.c"#;
        for target in [
            "module.a",
            r#"module.a["x"]"#,
            r#"module.a["x"].module.b"#,
            "module.a.module.b",
            r#"module.a["x"].module.b[1]"#,
        ] {
            assert!(covers(target, addr), "{target}");
        }
        for target in [r#"module.a["y"]"#, r#"module.a["x"].module.b[0]"#, "module.b", "module.a.module.c"] {
            assert!(!covers(target, addr), "{target}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "aws_vpc",
            "aws_vpc.",
            "aws_vpc.a.b",
            "aws_vpc.a[",
            "aws_vpc.a[x]",
            r#"aws_vpc.a["x]"#,
            "1.2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
