//! What a resource block has to say so that it asks for an object as it is.

use crate::address::ResourceAddr;
use crate::config::{self, Body, Lifecycle, Repeat};
use crate::diag::Place;
use crate::engine::planner::instance::planned;
use crate::engine::providers::Terms;
use crate::kind::Kind;
use crate::lang::value::Map;
use crate::lang::{Type, Value};
use crate::plan::diff::{self, is_nothing};
use crate::schema::{Attribute, Block, NestedBlock, Nesting, region};

/// The configuration of an object: what AWS chose or what says nothing is left out, as long as the
/// plan of it changes nothing. Where a secret would stand, there is a sensitive null.
pub fn choose(kind: &dyn Kind, terms: &Terms, addr: &ResourceAddr, prior: &Value, place: &Place) -> Value {
    let block = &kind.schema().block;
    let trial = Trial { kind, terms, prior, resource: blank(addr, place) };
    let mut config = chosen(block, prior, kind.unwritten(), true);
    if !region::is_added(kind.name()) {
        // It says where it is in an attribute of its own, and that follows from the provider.
        config = with(&config, region::NAME, Value::null(Type::String));
    }
    config = trial.without_conflicts(config);
    for name in trial.changing(&config) {
        let whole = prior.get(&name).cloned().and_then(|it| whole(block, &name, it));
        let fuller = whole.map(|it| with(&config, &name, it));
        if let Some(fuller) = fuller.filter(|it| trial.errors(it) == 0) {
            config = fuller;
        }
    }
    config
}

/// A resource of that address that says nothing of its own.
fn blank(addr: &ResourceAddr, place: &Place) -> config::Resource {
    config::Resource {
        addr: addr.clone(),
        repeat: Repeat::Once,
        depends_on: Vec::new(),
        provider: None,
        lifecycle: Lifecycle::default(),
        provisioners: Vec::new(),
        body: Body::default(),
        place: place.clone(),
    }
}

/// Plans that are made only to see what would come of them.
struct Trial<'a> {
    kind: &'a dyn Kind,
    terms: &'a Terms,
    prior: &'a Value,
    resource: config::Resource,
}

impl Trial<'_> {
    fn errors(&self, config: &Value) -> usize {
        let plan = planned(self.kind, self.prior, config, &self.terms.tags, &self.resource);
        plan.map_or_else(|errors| errors.0.len(), |_| 0)
    }

    /// Attributes that cannot stand beside each other: the first of them stays.
    fn without_conflicts(&self, mut config: Value) -> Value {
        let mut left = self.errors(&config);
        let names: Vec<String> =
            config.as_fields().into_iter().flatten().map(|it| it.0.to_string()).collect();
        for name in names.iter().rev().filter(|it| config_has(self.kind, it)) {
            if left == 0 {
                break;
            }
            let Some(value) = config.get(name).filter(|it| !is_nothing(it)) else { continue };
            let less = with(&config, name, Value::null(value.ty()));
            let now = self.errors(&less);
            if now < left {
                (config, left) = (less, now);
            }
        }
        config
    }

    /// The attributes and blocks that the plan would change.
    fn changing(&self, config: &Value) -> Vec<String> {
        let plan = planned(self.kind, self.prior, config, &self.terms.tags, &self.resource);
        let Ok(plan) = plan else { return Vec::new() };
        let fields = plan.value.as_fields().into_iter().flatten();
        let same = |name: &str, it: &Value| self.prior.get(name).is_some_and(|was| diff::equal(was, it));
        fields.filter(|(name, it)| !same(name, it)).map(|(name, _)| name.to_string()).collect()
    }
}

/// Whether a name is one that may be left out.
fn config_has(kind: &dyn Kind, name: &str) -> bool {
    kind.schema().block.attributes.get(name).is_none_or(|it| !it.required)
}

fn with(object: &Value, name: &str, value: Value) -> Value {
    let Some(fields) = object.as_fields().filter(|it| it.contains_key(name)) else { return object.clone() };
    let mut fields = fields.clone();
    fields.insert(name.into(), value);
    Value::object(fields)
}

/// What is worth saying of an object of this block.
fn chosen(block: &Block, prior: &Value, unwritten: &[&str], outermost: bool) -> Value {
    let mut out = Map::new();
    for (name, it) in &block.attributes {
        let null = Value::null(it.ty.clone());
        let hidden = outermost && matches!(name.as_str(), "id" | "tags_all") || unwritten.contains(&&**name);
        let value = match prior.get(name).filter(|_| !hidden && (it.required || it.optional)) {
            Some(value) if it.sensitive && !value.is_null() => null.sensitive(),
            Some(value) if worth(it, value) && !named_otherwise(name, prior) => {
                objects(it, value, &inside(unwritten, name))
            }
            _ => null,
        };
        out.insert(name.as_str().into(), value);
    }
    for (name, it) in &block.blocks {
        let hidden = unwritten.contains(&&**name);
        let value = match prior.get(name).filter(|_| !hidden) {
            Some(value) => nested(it, value, &inside(unwritten, name)),
            None => nothing(it),
        };
        out.insert(name.as_str().into(), value);
    }
    Value::object(out)
}

/// Paths below one name.
fn inside<'a>(paths: &[&'a str], name: &str) -> Vec<&'a str> {
    paths.iter().filter_map(|it| it.strip_prefix(name)?.strip_prefix('.')).collect()
}

fn worth(it: &Attribute, value: &Value) -> bool {
    let usual = it.default.as_ref().is_some_and(|default| diff::equal(default, value));
    !value.is_null() && (it.required || !is_nothing(value) && !usual)
}

/// Whether a `name_prefix` stands beside the whole `name`.
fn named_otherwise(name: &str, prior: &Value) -> bool {
    let whole = name.strip_suffix("_prefix").and_then(|it| prior.get(it));
    whole.is_some_and(|it| !is_nothing(it))
}

/// The objects of an attribute, with what is worth saying of each.
fn objects(it: &Attribute, value: &Value, unwritten: &[&str]) -> Value {
    let Some(of) = &it.of else { return value.clone() };
    each(value, &|item| chosen(of, item, unwritten, false))
}

fn nested(it: &NestedBlock, value: &Value, unwritten: &[&str]) -> Value {
    let items = value.as_items().unwrap_or_default();
    if it.nesting != Nesting::Single && diff::usual(it, items) {
        return nothing(it);
    }
    let out = each(value, &|item| chosen(&it.block, item, unwritten, false));
    // Left out, it stays as AWS has it.
    if it.computed && says_nothing(&out) { nothing(it) } else { out }
}

/// Whether there is nothing in any of the blocks that is worth saying.
fn says_nothing(value: &Value) -> bool {
    use crate::lang::Kind as Is;
    match &value.kind {
        Is::Object(fields) => fields.values().all(says_nothing),
        Is::List(_, items) => items.iter().all(says_nothing),
        Is::Set(_, items) => items.iter().all(says_nothing),
        _ => is_nothing(value) && !value.marks.sensitive,
    }
}

fn nothing(it: &NestedBlock) -> Value {
    match it.nesting {
        Nesting::Single => Value::null(it.block.ty()),
        Nesting::List => Value::list(it.block.ty(), Vec::new()),
        Nesting::Set => Value::set(it.block.ty(), Vec::new()),
    }
}

/// A collection of objects, or one object, with each of them changed.
fn each(value: &Value, change: &dyn Fn(&Value) -> Value) -> Value {
    use crate::lang::Kind as Is;
    let all = |items: &[Value]| items.iter().map(change).collect::<Vec<_>>();
    match &value.kind {
        Is::Object(_) => change(value),
        Is::List(of, items) => Value::list(of.clone(), all(items)),
        Is::Set(of, items) => Value::set(of.clone(), all(items)),
        Is::Map(of, fields) => {
            Value::map(of.clone(), fields.iter().map(|(key, it)| (key.clone(), change(it))))
        }
        _ => value.clone(),
    }
}

/// All that a stack may say of an attribute or block, where less is not enough.
fn whole(block: &Block, name: &str, value: Value) -> Option<Value> {
    if let Some(it) = block.attributes.get(name) {
        return ((it.required || it.optional) && !it.sensitive).then_some(value);
    }
    let nested = block.blocks.get(name)?;
    Some(each(&value, &|item| writable(&nested.block, item)))
}

fn writable(block: &Block, item: &Value) -> Value {
    let Some(fields) = item.as_fields() else { return item.clone() };
    let kept = fields.iter().map(|(name, value)| {
        let value = match (block.attributes.get(&**name), block.blocks.get(&**name)) {
            (Some(it), _) if !it.required && !it.optional || it.sensitive => Value::null(it.ty.clone()),
            (_, Some(it)) => each(value, &|item| writable(&it.block, item)),
            _ => value.clone(),
        };
        (name.clone(), value)
    });
    Value::object(kept.collect::<Map>())
}
