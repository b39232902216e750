//! From a YAML document to a value.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

use super::scalar::resolve;
use crate::lang::types::Type;
use crate::lang::value::Value;

/// What nests deeper is no configuration.
const DEEPEST: usize = 500;
/// Aliases may repeat this many values in all: a small document must not become an endless one.
const MOST_REPEATED: usize = 1_000_000;

type Fields = BTreeMap<Arc<str>, Value>;

pub(super) fn document(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(version) = text.strip_prefix("%YAML ").and_then(|it| it.lines().next())
        && version.trim() != "1.1"
    {
        return Err(format!("line 1: version {version} is not supported, only 1.1"));
    }
    if let Some(it) = text.chars().find(|it| it.is_control() && !"\n\r\t\u{85}".contains(*it)) {
        return Err(format!("it holds the control character {it:?}"));
    }
    if text.lines().find(|it| !it.trim().is_empty()).is_some_and(|it| it.starts_with('\t')) {
        return Err("a tab cannot indent".to_owned());
    }
    let mut it =
        Decoder { parser: Parser::new_from_str(text), anchors: HashMap::new(), repeated: 0, depth: 0 };
    it.next()?;
    match it.next()? {
        Event::DocumentStart(_) => {}
        _ => return Err("it is empty".to_owned()),
    }
    let first = it.next()?;
    let value = it.value(first)?;
    it.next()?;
    match it.next()? {
        Event::StreamEnd => Ok(value),
        _ => Err(it.at("only a single document is allowed")),
    }
}

struct Decoder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// What has an anchor, once it is complete.
    anchors: HashMap<usize, (Value, usize)>,
    repeated: usize,
    depth: usize,
}

impl<'a> Decoder<'a> {
    fn next(&mut self) -> Result<Event<'a>, String> {
        match self.parser.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(why)) => Err(format!("line {}: {}", why.marker().line(), why.info())),
            None => Err("it ends too early".to_owned()),
        }
    }

    /// An error where the parser stands.
    fn at(&mut self, why: impl std::fmt::Display) -> String {
        match self.parser.peek() {
            Some(Ok((_, span))) => format!("line {}: {why}", span.start.line()),
            _ => why.to_string(),
        }
    }

    fn value(&mut self, event: Event<'a>) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.at(format!("it nests deeper than {DEEPEST} levels")));
        }
        let before = self.repeated;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => (self.scalar(&text, style, tag)?, anchor),
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag, "seq")?;
                (self.sequence()?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag, "map")?;
                (self.mapping()?, anchor)
            }
            Event::Alias(id) => (self.alias(id)?, 0),
            _ => return Err(self.at("a value is missing")),
        };
        if anchor > 0 {
            let size = 1 + size(&value) + self.repeated - before;
            self.anchors.insert(anchor, (value.clone(), size));
        }
        self.depth -= 1;
        Ok(value)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<Cow<'_, Tag>>) -> Result<Value, String> {
        let tag = self.tag(tag)?;
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        resolve(&tag, text, quoted).map_err(|why| self.at(why))
    }

    /// The name of a tag of YAML itself; empty where there is none.
    fn tag(&mut self, tag: Option<Cow<'_, Tag>>) -> Result<String, String> {
        let Some(tag) = tag else { return Ok(String::new()) };
        let full = format!("{}{}", tag.handle, tag.suffix);
        match full.strip_prefix("tag:yaml.org,2002:") {
            Some(name) => Ok(name.to_owned()),
            None => Err(self.at(format!("the tag `{full}` is not supported"))),
        }
    }

    fn check_tag(&mut self, tag: Option<Cow<'_, Tag>>, expected: &str) -> Result<(), String> {
        let tag = self.tag(tag)?;
        if tag.is_empty() || tag == expected {
            return Ok(());
        }
        Err(self.at(format!("a {expected} cannot be read as `!!{tag}`")))
    }

    fn sequence(&mut self) -> Result<Value, String> {
        let mut all = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::tuple(all)),
                event => all.push(self.value(event)?),
            }
        }
    }

    fn mapping(&mut self) -> Result<Value, String> {
        let mut all = Fields::new();
        loop {
            match self.next()? {
                Event::MappingEnd => return Ok(Value::object(all)),
                Event::Scalar(text, style, _, tag) if is_merge(&text, style, tag.as_deref()) => {
                    let event = self.next()?;
                    let value = self.value(event)?;
                    self.merge(&mut all, &value)?;
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let key = self.scalar(&text, style, tag)?;
                    let name = key.convert(&Type::String).ok().and_then(|it| it.as_str().map(Arc::from));
                    let name = name.ok_or_else(|| self.at("a key must not be null"))?;
                    // Terraform keeps no anchors of keys: an alias to one is an error later.
                    self.anchors.remove(&anchor);
                    let event = self.next()?;
                    let value = self.value(event)?;
                    all.insert(name, value);
                }
                _ => return Err(self.at("only texts can be keys of a mapping")),
            }
        }
    }

    /// `<<: *defaults`, or a list of such.
    fn merge(&mut self, all: &mut Fields, value: &Value) -> Result<(), String> {
        let one = std::slice::from_ref(value);
        for it in value.as_items().unwrap_or(one) {
            let Some(fields) = it.as_fields() else {
                let what = it.ty().a();
                return Err(self.at(format!("`<<` takes in mappings only, not {what}")));
            };
            all.extend(fields.iter().map(|(key, it)| (key.clone(), it.clone())));
        }
        Ok(())
    }

    fn alias(&mut self, id: usize) -> Result<Value, String> {
        let Some((value, size)) = self.anchors.get(&id).cloned() else {
            return Err(self.at("an alias refers to what it is part of, or to a key"));
        };
        self.repeated += size;
        if self.repeated > MOST_REPEATED {
            return Err(self.at(format!("its aliases repeat more than {MOST_REPEATED} values")));
        }
        Ok(value)
    }
}

fn is_merge(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    match tag {
        None => text == "<<" && style == ScalarStyle::Plain,
        Some(tag) => format!("{}{}", tag.handle, tag.suffix) == "tag:yaml.org,2002:merge",
    }
}

/// How many values there are in it, as far as that is cheap to say: what aliases repeat counts apart.
fn size(value: &Value) -> usize {
    value.children().count()
}
