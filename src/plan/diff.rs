//! What one instance will be: configuration, prior state and what AWS decides, put together with
//! Terraform's rules (its `objchange.ProposedNew`, and the plugin SDK's diff of computed attributes).

use std::sync::Arc;

use crate::lang::value::Map;
use crate::lang::{Kind, Type, Value};
use crate::schema::{Attribute, Block, Form, NestedBlock, Nesting, digest, region};

use super::reconcile::same;

/// The planned object. `prior` is null for a create; where neither it nor the configuration says
/// anything, defaults fill in and what AWS decides is unknown.
pub fn propose(block: &Block, prior: &Value, config: &Value) -> Value {
    let empty = Map::new();
    let priors = prior.as_fields().unwrap_or(&empty);
    let Some(configs) = config.as_fields() else { return config.clone() };
    let mut out = Map::new();
    for (name, it) in &block.attributes {
        let null = Value::null(it.ty.clone());
        let given = configs.get(name.as_str()).unwrap_or(&null);
        out.insert(block.name(name), attribute(it, priors.get(name.as_str()), given));
    }
    for (name, it) in &block.blocks {
        let null = Value::null(it.ty());
        let given = configs.get(name.as_str()).unwrap_or(&null);
        out.insert(block.name(name), nested(it, priors.get(name.as_str()), given));
    }
    Value::object(out)
}

fn attribute(it: &Attribute, prior: Option<&Value>, given: &Value) -> Value {
    if it.computed && !it.optional {
        return prior.cloned().unwrap_or_else(|| unknown(it));
    }
    if it.form == Form::Exact {
        return exactly(it, prior, given);
    }
    if !given.is_null() {
        return match prior {
            // Two spellings of one meaning: no change.
            Some(prior) if same(it.form, prior, given) => marked_as(prior, given),
            // A switch that AWS says nothing of is off. (A number is not zero for being absent.)
            Some(prior) if prior.is_null() && given.as_bool() == Some(false) => {
                prior.clone().marked(given.marks)
            }
            // Nor can the provider's SDK tell no list or map from an empty one.
            Some(prior) if prior.is_null() && is_empty(given) => prior.clone().marked(given.marks),
            _ if it.form == Form::Digest => digested(given),
            _ if it.form == Form::Lower => lowered(given),
            _ => given.clone(),
        };
    }
    if it.computed {
        return prior.filter(|it| !it.is_null()).cloned().unwrap_or_else(|| match prior {
            Some(null) => null.clone(),
            None => unknown(it),
        });
    }
    let absent = it.default.clone().unwrap_or_else(|| given.clone());
    match prior {
        // An empty string, a zero and an absence are one to the provider, and AWS gives any of them.
        Some(prior) if same(it.form, prior, &absent) || is_nothing(prior) && is_nothing(&absent) => {
            prior.clone()
        }
        _ => absent,
    }
}

/// Of a text that calls take from the configuration, a plan holds the digest.
fn digested(given: &Value) -> Value {
    match given.as_str().filter(|it| !it.is_empty()) {
        Some(text) => Value::from(digest::of(text).as_str()).marked(given.marks),
        None => given.clone(),
    }
}

/// The provider keeps some texts in small letters, whatever the stack writes.
fn lowered(given: &Value) -> Value {
    match given.as_str() {
        Some(text) => Value::from(text.to_lowercase().as_str()).marked(given.marks),
        None => given.clone(),
    }
}

/// The rules for what tells null from empty.
fn exactly(it: &Attribute, prior: Option<&Value>, given: &Value) -> Value {
    if !given.is_null() || !it.computed && it.default.is_none() {
        return given.clone();
    }
    match (&it.default, prior) {
        (Some(default), _) => default.clone(),
        (None, Some(prior)) => prior.clone(),
        (None, None) => unknown(it),
    }
}

fn unknown(it: &Attribute) -> Value {
    let value = Value::unknown(it.ty.clone());
    if it.sensitive { value.sensitive() } else { value }
}

/// Null, or what the provider's SDK cannot tell from it.
pub fn is_nothing(value: &Value) -> bool {
    match &value.kind {
        Kind::Null(_) => true,
        Kind::Bool(it) => !it,
        Kind::String(it) => it.is_empty(),
        Kind::Number(it) => it.is_zero(),
        Kind::Unknown(_) => false,
        _ => value.children().next().is_none(),
    }
}

/// A collection without anything in it.
fn is_empty(value: &Value) -> bool {
    let plain = matches!(
        value.kind,
        Kind::Bool(_) | Kind::String(_) | Kind::Number(_) | Kind::Null(_) | Kind::Unknown(_)
    );
    !plain && value.children().next().is_none()
}

fn nested(it: &NestedBlock, prior: Option<&Value>, given: &Value) -> Value {
    if given.is_unknown() {
        return given.clone();
    }
    match it.nesting {
        Nesting::Single if given.is_null() => given.clone(),
        Nesting::Single => propose(&it.block, prior.unwrap_or(&Value::null(Type::Any)), given),
        Nesting::List | Nesting::Set => {
            let items = given.as_items().unwrap_or_default();
            if items.is_empty() && it.computed {
                return prior.cloned().unwrap_or_else(|| Value::unknown(it.ty()));
            }
            let priors = prior.and_then(Value::as_items).unwrap_or_default();
            if items.is_empty() && usual(it, priors) {
                return prior.cloned().unwrap_or_else(|| given.clone());
            }
            let out = match it.nesting {
                Nesting::List => by_place(it, priors, items),
                _ => by_likeness(it, priors, items),
            };
            match it.nesting {
                Nesting::List => Value::list(it.block.ty(), out),
                _ => Value::set(it.block.ty(), out),
            }
        }
    }
}

/// Whether these blocks are what AWS shows where nobody asked for any: a stack that says nothing of
/// what is in them changes nothing.
pub fn usual(it: &NestedBlock, items: &[Value]) -> bool {
    let nothing = Value::object(Map::new());
    it.usual && items.iter().all(|item| equal(&propose(&it.block, item, &nothing), item))
}

fn by_place(it: &NestedBlock, priors: &[Value], items: &[Value]) -> Vec<Value> {
    let null = Value::null(Type::Any);
    let each = items.iter().enumerate();
    each.map(|(at, item)| propose(&it.block, priors.get(at).unwrap_or(&null), item)).collect()
}

/// An item of a set takes its computed parts from the prior item that it equals otherwise.
fn by_likeness(it: &NestedBlock, priors: &[Value], items: &[Value]) -> Vec<Value> {
    let null = Value::null(Type::Any);
    let each = items.iter().map(|item| {
        let like = priors.iter().find(|prior| propose(&it.block, prior, item) == **prior);
        let like = like.or_else(|| known_as(it, priors, item));
        propose(&it.block, like.unwrap_or(&null), item)
    });
    each.collect()
}

/// The item that is the same one, where something tells items apart.
fn known_as<'a>(it: &NestedBlock, among: &'a [Value], item: &Value) -> Option<&'a Value> {
    let name = it.known_by.as_deref()?;
    let wanted = item.get(name).filter(|it| !it.is_null() && !it.is_unknown())?;
    among.iter().find(|it| it.get(name).is_some_and(|it| equal(it, wanted)))
}

/// Paths of what changes and cannot change in place.
pub fn replacing(block: &Block, was: &Value, will: &Value) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    fixed(block, was, will, &mut Vec::new(), false, &mut out);
    out
}

fn fixed(
    block: &Block,
    was: &Value,
    will: &Value,
    at: &mut Vec<String>,
    all: bool,
    out: &mut Vec<Vec<String>>,
) {
    for (name, it) in &block.attributes {
        // What the state alone keeps is a reason only where the type says so, or where a thing is.
        let counts = it.fixed || !it.local || at.is_empty() && name == region::NAME;
        if (all || it.fixed)
            && counts
            && changed(was.get(name), will.get(name))
            && (it.optional || it.required)
        {
            out.push(at.iter().cloned().chain([name.clone()]).collect());
        }
    }
    for (name, it) in &block.blocks {
        let (was, will) = (was.get(name), will.get(name));
        if it.local && !it.fixed || !changed(was, will) {
            continue;
        }
        at.push(name.clone());
        inner(it, was, will, at, all || it.fixed, out);
        at.pop();
    }
}

fn inner(
    it: &NestedBlock,
    was: Option<&Value>,
    will: Option<&Value>,
    at: &mut Vec<String>,
    all: bool,
    out: &mut Vec<Vec<String>>,
) {
    let items = |it: Option<&Value>| it.and_then(Value::as_items).unwrap_or_default().to_vec();
    let before = out.len();
    match it.nesting {
        Nesting::List if items(was).len() == items(will).len() => {
            for (place, (was, will)) in items(was).iter().zip(&items(will)).enumerate() {
                at.push(place.to_string());
                fixed(&it.block, was, will, at, all, out);
                at.pop();
            }
        }
        // Each is still the same one: what changes in it may do so in place.
        Nesting::Set if items(was).len() == items(will).len() && paired(it, &items(was), &items(will)) => {
            for was in &items(was) {
                let will = items(will);
                fixed(&it.block, was, known_as(it, &will, was).unwrap_or(was), at, all, out);
            }
        }
        Nesting::Single => {
            let null = Value::null(Type::Any);
            fixed(&it.block, was.unwrap_or(&null), will.unwrap_or(&null), at, all, out);
        }
        // A block that comes or goes: what cannot change in it says so, where there is any such thing.
        Nesting::List if forcing(&it.block).next().is_some() => {
            let (was, will) = (items(was).len(), items(will).len());
            for place in was.min(will)..was.max(will) {
                let at =
                    |name: &String| at.iter().cloned().chain([place.to_string(), name.clone()]).collect();
                out.extend(forcing(&it.block).map(at));
            }
        }
        _ if all || it.block.attributes.values().any(|it| it.fixed) => out.push(at.clone()),
        _ => {}
    }
    if all && out.len() == before {
        out.push(at.clone());
    }
}

/// Whether each of these items is also among those.
fn paired(it: &NestedBlock, these: &[Value], those: &[Value]) -> bool {
    these.iter().all(|one| known_as(it, those, one).is_some())
}

/// Attributes that only a new resource can change and that AWS does not choose.
fn forcing(block: &Block) -> impl Iterator<Item = &String> {
    block.attributes.iter().filter(|(_, it)| it.fixed && !it.computed).map(|(name, _)| name)
}

fn changed(was: Option<&Value>, will: Option<&Value>) -> bool {
    match (was, will) {
        (Some(was), Some(will)) => !equal(was, will),
        (None, None) => false,
        (None, Some(it)) | (Some(it), None) => !is_nothing(it),
    }
}

/// A value with the marks of another one that means the same, wherever in it they are.
fn marked_as(value: &Value, of: &Value) -> Value {
    let items = |all: &[Value], of: &Value| -> std::sync::Arc<Vec<Value>> {
        let others = of.as_items().filter(|it| it.len() == all.len()).unwrap_or_default();
        let one = |(i, it): (usize, &Value)| others.get(i).map_or_else(|| it.clone(), |of| marked_as(it, of));
        std::sync::Arc::new(all.iter().enumerate().map(one).collect())
    };
    let fields = |all: &crate::lang::value::Map| {
        let one = |(name, it): (&std::sync::Arc<str>, &Value)| {
            (name.clone(), of.get(name).map_or_else(|| it.clone(), |of| marked_as(it, of)))
        };
        std::sync::Arc::new(all.iter().map(one).collect::<crate::lang::value::Map>())
    };
    let kind = match &value.kind {
        _ if !of.deep_marks().sensitive => return value.clone().marked(of.marks),
        Kind::List(ty, all) => Kind::List(ty.clone(), items(all, of)),
        Kind::Tuple(all) => Kind::Tuple(items(all, of)),
        Kind::Map(ty, all) => Kind::Map(ty.clone(), fields(all)),
        Kind::Object(all) => Kind::Object(fields(all)),
        // Items of a set cannot be told apart: the whole set is sensitive.
        Kind::Set(..) => return value.clone().marked(of.deep_marks()),
        _ => value.kind.clone(),
    };
    Value { kind, marks: value.marks }.marked(of.marks)
}

/// Equal but for marks.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => false,
        (Kind::Null(_), Kind::Null(_)) => true,
        (Kind::Object(a), Kind::Object(b)) | (Kind::Map(_, a), Kind::Map(_, b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|it| equal(v, it)))
        }
        (
            Kind::List(_, a) | Kind::Set(_, a) | Kind::Tuple(a),
            Kind::List(_, b) | Kind::Set(_, b) | Kind::Tuple(b),
        ) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (a, b) => a == b,
    }
}

/// The configuration with what `ignore_changes` names taken from the prior state instead.
pub fn ignoring(config: &Value, prior: &Value, paths: &[Vec<String>]) -> Value {
    paths.iter().fold(config.clone(), |config, path| graft(&config, prior, path))
}

fn graft(to: &Value, from: &Value, path: &[String]) -> Value {
    let Some((first, rest)) = path.split_first() else { return from.clone() };
    let marks = to.marks;
    let value = match &to.kind {
        Kind::Object(fields) | Kind::Map(_, fields) => {
            let mut fields = fields.as_ref().clone();
            graft_field(&mut fields, from, first, rest);
            match &to.kind {
                Kind::Map(of, _) => Kind::Map(of.clone(), Arc::new(fields)).into(),
                _ => Value::object(fields),
            }
        }
        // A map that one side lacks: a key of it can still be kept.
        Kind::Null(Type::Map(of)) => {
            let mut fields = Map::new();
            graft_field(&mut fields, from, first, rest);
            if fields.is_empty() { to.clone() } else { Value::map(of.as_ref().clone(), fields) }
        }
        Kind::List(of, items) => {
            let index = first.parse::<usize>().ok();
            let pair = index.and_then(|at| Some((at, items.get(at)?, from.as_items()?.get(at)?)));
            let Some((at, to_item, from_item)) = pair else { return to.clone() };
            let mut items = items.as_ref().clone();
            items[at] = graft(to_item, from_item, rest);
            Value::list(of.clone(), items)
        }
        _ => to.clone(),
    };
    value.marked(marks)
}

fn graft_field(fields: &mut Map, from: &Value, name: &str, rest: &[String]) {
    match (fields.get(name), from.get(name)) {
        (Some(to), Some(from)) => {
            let value = graft(to, from, rest);
            fields.insert(name.into(), value);
        }
        (None, Some(from)) if rest.is_empty() => drop(fields.insert(name.into(), from.clone())),
        (Some(_), None) if rest.is_empty() => drop(fields.remove(name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_that_means_nothing_is_no_change_to_an_absence() {
        let block = &crate::kind::resource("aws_security_group").expect("registered").schema().block;
        let state = |json: &str| {
            crate::schema::conform::from_state(&serde_json::from_str(json).expect("json"), block)
        };
        let (was, config) = (state(r#"{"revoke_rules_on_delete":null}"#), state("{}"));
        for config in [&config, &state(r#"{"revoke_rules_on_delete":false}"#)] {
            let planned = propose(block, &was, config);
            assert!(planned.get("revoke_rules_on_delete").is_some_and(Value::is_null));
        }
        let fresh = propose(block, &Value::null(Type::Any), &config);
        assert_eq!(fresh.get("revoke_rules_on_delete").and_then(Value::as_bool), Some(false));
    }

    #[test]
    fn what_the_provider_keeps_in_small_letters_is_planned_so() {
        let block =
            &crate::kind::resource("aws_elasticache_replication_group").expect("registered").schema().block;
        let state = |json: &str| {
            crate::schema::conform::from_state(&serde_json::from_str(json).expect("json"), block)
        };
        let name = |it: &Value| it.get("replication_group_id").map(Value::to_json);
        let config = state(r#"{"replication_group_id":"Sessions"}"#);
        let fresh = propose(block, &Value::null(Type::Any), &config);
        assert_eq!(name(&fresh), Some(serde_json::json!("sessions")));
        let as_it_was = propose(block, &config, &state(r#"{"replication_group_id":"sessions"}"#));
        assert_eq!(name(&as_it_was), name(&config));
    }

    #[test]
    fn what_aws_never_tells_replaces_where_the_provider_says_so() {
        let replaced = |kind: &str, was: &str, will: &str| {
            let block = &crate::kind::resource(kind).expect("registered").schema().block;
            let state = |json: &str| {
                crate::schema::conform::from_state(&serde_json::from_str(json).expect("json"), block)
            };
            replacing(block, &state(was), &state(will)).len()
        };
        let add_ons = ("bootstrap_self_managed_addons", "aws_eks_cluster");
        let json = |value: bool| format!(r#"{{"{}":{value}}}"#, add_ons.0);
        assert_eq!(replaced(add_ons.1, &json(true), &json(false)), 1);
        assert_eq!(replaced(add_ons.1, &json(true), &json(true)), 0);
        assert_eq!(replaced("aws_vpc", "{}", r#"{"ipv4_netmask_length":24}"#), 1);
        let force = r#"{"force_update_version":true}"#;
        assert_eq!(replaced("aws_eks_cluster", "{}", force), 0);
    }

    #[test]
    fn a_disk_is_known_by_its_device() {
        let block = &crate::kind::resource("aws_instance").expect("registered").schema().block;
        let state = |disks: serde_json::Value| {
            let json =
                serde_json::json!({ "ami": "ami-1", "instance_type": "t3.micro", "ebs_block_device": disks });
            crate::schema::conform::from_state(&json, block)
        };
        let was = state(serde_json::json!([
            { "device_name": "/dev/sdf", "delete_on_termination": true, "volume_size": 10, "volume_id": "vol-1",
              "tags": { "a": "1" } },
            { "device_name": "/dev/sdg", "delete_on_termination": true, "volume_size": 10, "volume_id": "vol-2" },
        ]));
        let disk = |name: &str, size: u32, tag: &str| {
            serde_json::json!({
                "device_name": name, "delete_on_termination": true, "volume_size": size, "tags": { "a": tag }
            })
        };
        let replaces = |disks: serde_json::Value| {
            let planned = propose(block, &was, &state(disks));
            (replacing(block, &was, &planned), planned.get("ebs_block_device").map(Value::to_json))
        };
        let (paths, planned) =
            replaces(serde_json::json!([disk("/dev/sdf", 10, "2"), disk("/dev/sdg", 10, "1")]));
        assert_eq!(paths, Vec::<Vec<String>>::new());
        assert!(planned.is_some_and(|it| it.to_string().contains("vol-1")));
        assert!(
            !replaces(serde_json::json!([disk("/dev/sdf", 20, "1"), disk("/dev/sdg", 10, "1")])).0.is_empty()
        );
        assert!(!replaces(serde_json::json!([disk("/dev/sdf", 10, "1")])).0.is_empty());
        assert!(
            !replaces(serde_json::json!([disk("/dev/sdf", 10, "1"), disk("/dev/sdh", 10, "1")])).0.is_empty()
        );
    }

    #[test]
    fn a_block_that_aws_always_shows_stays_while_it_says_nothing() {
        let block = &crate::kind::resource("aws_ecr_repository").expect("registered").schema().block;
        let state = |json: &str| {
            crate::schema::conform::from_state(&serde_json::from_str(json).expect("json"), block)
        };
        let scanning = |it: &Value| it.get("image_scanning_configuration").map(Value::to_json);
        let config = state(r#"{"name":"it"}"#);
        let quiet = state(r#"{"name":"it","image_scanning_configuration":[{"scan_on_push":false}]}"#);
        assert_eq!(scanning(&propose(block, &quiet, &config)), scanning(&quiet));
        let loud = state(r#"{"name":"it","image_scanning_configuration":[{"scan_on_push":true}]}"#);
        assert_eq!(scanning(&propose(block, &loud, &config)), Some(serde_json::json!([])));
        let none = propose(block, &Value::null(Type::Any), &config);
        assert_eq!(scanning(&none), Some(serde_json::json!([])));
    }
}
