//! The plan of one instance of a resource.

use crate::address::Addr;
use crate::config::{Ignore, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::engine::checks::Of;
use crate::engine::providers::Terms;
use crate::engine::tags::TagRules;
use crate::kind::Kind;
use crate::lang::{Env, Kind as Is, Type, Value};
use crate::plan::adjust::Adjust;
use crate::plan::scope::Within;
use crate::plan::{Action, Change, Reason, diff, reconcile, sdk, sensitive};
use crate::schema::{Attribute, Block, Form, conform, region, write_only};
use crate::state::Object;

use super::{Planner, protection};

/// What the configuration alone says, in the schema's shape.
pub fn body(resource: &Resource, block: &Block, within: &dyn Env) -> Result<Value, Diagnostics> {
    let value = conform::body_at(&resource.body, block, within, &resource.addr.to_string(), &resource.place)?;
    lasting(resource, block, value)
}

/// An object is kept in the state: nothing ephemeral can be in it but what is written only.
fn lasting(resource: &Resource, block: &Block, value: Value) -> Result<Value, Diagnostics> {
    let kept = |name: &str| block.attributes.get(name).is_none_or(|it| !it.write_only);
    let fields = value.as_fields().into_iter().flatten().filter(|it| kept(it.0));
    let all = fields.filter(|it| it.1.deep_marks().ephemeral).map(|(name, _)| {
        let place = resource.body.get(name).map_or(&resource.place, |it| &it.value.place);
        Diagnostic::error(format!("`{name}` is kept in the state, and this value is ephemeral"))
            .at(place)
            .about(&resource.addr)
            .help("give it a value that may be kept: mark it as sensitive where it is a secret")
    });
    let errors = Diagnostics(all.collect());
    errors.check(value)
}

/// The planned object and why it needs a new one, where it does.
pub struct Planned {
    pub value: Value,
    pub replace: Vec<Vec<String>>,
}

/// Puts together configuration, prior object (null for none), the provider's tags and the type's own rules.
pub fn planned(
    kind: &dyn Kind,
    prior: &Value,
    config: &Value,
    rules: &TagRules,
    resource: &Resource,
) -> Result<Planned, Diagnostics> {
    let block = &kind.schema().block;
    let mut value = diff::propose(block, prior, &write_only::without(block, config));
    if block.attributes.contains_key("tags_all")
        && let Some(fields) = value.as_fields()
    {
        let all = rules.all(fields.get("tags").unwrap_or(&Value::null(Type::Any)));
        let same = prior
            .get("tags_all")
            .filter(|it| diff::equal(it, &all) || diff::is_nothing(it) && diff::is_nothing(&all));
        // Without any tag, the SDK leaves them to AWS.
        let unsaid = prior.is_null() && !kind.framework() && diff::is_nothing(&all);
        let all = if unsaid { Value::unknown(all.ty()) } else { same.cloned().unwrap_or(all) };
        let mut fields = fields.clone();
        fields.insert("tags_all".into(), all);
        value = Value::object(fields);
    }
    if !kind.framework() {
        value = sdk::planned(block, prior, value);
    }
    let was = (!prior.is_null()).then(|| prior.clone());
    let mut adjust =
        Adjust { was, will: value, config: config.clone(), replace: Vec::new(), errors: Vec::new() };
    kind.adjust(&mut adjust);
    // The type may have spelt out what the prior object says in other words.
    for (name, it) in &block.attributes {
        let pair = prior.get(name).zip(adjust.will.get(name)).filter(|(was, will)| !diff::equal(was, will));
        if let Some((was, _)) = pair.filter(|(was, will)| reconcile::same(it.form, was, will)) {
            let was = was.clone();
            adjust.set(name, was);
        }
    }
    if !kind.framework() {
        adjust.will = sdk::without_times_alone(prior, adjust.will);
    }
    let errors = adjust.errors.iter().map(|(name, sentence)| {
        let place = resource.body.get(name).map_or(&resource.place, |it| &it.value.place);
        Diagnostic::error(sentence.clone()).at(place).about(&resource.addr)
    });
    let errors = Diagnostics(errors.collect());
    let mut replace = if prior.is_null() { Vec::new() } else { diff::replacing(block, prior, &adjust.will) };
    replace.extend(adjust.replace.iter().map(|it| it.split('.').map(str::to_owned).collect()));
    errors.check(Planned { value: adjust.will, replace })
}

impl Planner<'_> {
    pub(super) fn plan_instance(
        &self,
        resource: &Resource,
        kind: &dyn Kind,
        addr: Addr,
        within: &Within<'_>,
        terms: &Terms,
    ) -> Result<Change, Diagnostics> {
        let (rules, home) = (&terms.tags, terms.region.as_deref());
        let block = &kind.schema().block;
        self.checks.conditions(Of::resource(&addr), &resource.lifecycle.preconditions, within)?;
        let object = self.state.object(&addr);
        let prior =
            object.map_or(Value::null(block.ty()), |it| conform::from_state(&it.attributes.json(), block));
        let prior = region::settled(kind.name(), prior, home);
        let config = region::settled(kind.name(), body(resource, block, within)?, home);
        let kept = ignored(&resource.lifecycle.ignore_changes, &config, &prior, block);
        let first = planned(kind, &prior, &kept, rules, resource)?;
        let (reason, paths) = self.reason(resource, &addr, object, first.replace, within)?;
        let action = match object {
            None => Action::Create,
            Some(_) if reason.is_some() => self.replacement(resource),
            Some(it) if diff::equal(&prior, &first.value) && !sensitive::differ(it, &first.value, block) => {
                Action::NoOp
            }
            Some(_) => Action::Update,
        };
        let after = match reason {
            // A new one has nothing that could be ignored: it is made as the stack says.
            Some(_) => planned(kind, &Value::null(block.ty()), &config, rules, resource)?.value,
            None => first.value,
        };
        protection::of_change(resource, &addr, action)?;
        let before = match action {
            Action::Update if !kind.framework() => sdk::prior(block, prior, &after),
            _ => prior,
        };
        let before = sensitive::at(before, object.map_or(&[], |it| &it.sensitive_attributes));
        // Most of a stack stays as it is: it is kept once.
        let after = if action == Action::NoOp && before == after { before.clone() } else { after };
        let change = Change {
            provider: self.request.config.provider_of(resource).state_name(),
            moved_from: self.moved.get(&addr).cloned(),
            importing: self.imported.get(&addr).map(|it| it.id.clone()),
            deposed: None,
            action,
            reason,
            before,
            after,
            replace_paths: paths,
            dependencies: self.request.graph.dependencies(&resource.addr).cloned().collect(),
            create_before_destroy: self.forced.contains(&resource.addr),
            addr,
        };
        self.after_checks(resource, &change, within)?;
        Ok(change)
    }

    /// Postconditions, as far as what they look at is known already.
    fn after_checks(
        &self,
        resource: &Resource,
        change: &Change,
        within: &Within<'_>,
    ) -> Result<(), Diagnostics> {
        let own = within.again().with(change.after.clone());
        self.checks.conditions(Of::resource(&change.addr), &resource.lifecycle.postconditions, &own)
    }

    fn replacement(&self, resource: &Resource) -> Action {
        if self.forced.contains(&resource.addr) { Action::CreateThenDelete } else { Action::Replace }
    }

    fn reason(
        &self,
        resource: &Resource,
        addr: &Addr,
        object: Option<&Object>,
        paths: Vec<Vec<String>>,
        within: &Within<'_>,
    ) -> Result<(Option<Reason>, Vec<Vec<String>>), Diagnostics> {
        let Some(object) = object else { return Ok((None, Vec::new())) };
        let reason = if self.triggered(resource, within)? {
            Some(Reason::ReplaceByTriggers)
        } else if object.tainted {
            Some(Reason::ReplaceBecauseTainted)
        } else if self.request.replace.contains(addr) {
            Some(Reason::ReplaceByRequest)
        } else if !paths.is_empty() {
            Some(Reason::ReplaceBecauseCannotUpdate)
        } else {
            None
        };
        Ok((reason, paths))
    }
}

pub fn ignored(ignore: &Ignore, config: &Value, prior: &Value, block: &Block) -> Value {
    if prior.is_null() {
        return config.clone();
    }
    match ignore {
        Ignore::Nothing => config.clone(),
        Ignore::Paths(paths) => {
            let paths: Vec<Vec<String>> = paths.iter().map(|it| it.0.clone()).collect();
            diff::ignoring(config, prior, &paths)
        }
        Ignore::All => {
            let writable = block.attributes.iter().filter(|(name, it)| {
                (it.optional || it.required) && !stays(it, config.get(name), prior.get(name))
            });
            let writable = writable.map(|it| it.0);
            let paths: Vec<Vec<String>> =
                writable.chain(block.blocks.keys()).map(|it| vec![it.clone()]).collect();
            diff::ignoring(config, prior, &paths)
        }
    }
}

/// Whether it stays as it is for being left out. Written into the configuration, it would stand beside what
/// excludes it, such as a name's prefix that AWS tells beside the name.
fn stays(it: &Attribute, given: Option<&Value>, prior: Option<&Value>) -> bool {
    let nothing = || it.default.is_none() && it.form != Form::Exact && prior.is_none_or(diff::is_nothing);
    given.is_none_or(Value::is_null) && (it.computed || nothing())
}

/// Whether anything in it is not known yet.
pub fn has_unknown(value: &Value) -> bool {
    matches!(value.kind, Is::Unknown(_)) || value.children().any(has_unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ignored_as_a_whole_is_not_said_by_the_stack() {
        let block = &crate::kind::resource("aws_db_instance").expect("registered").schema().block;
        let state = |json: &str| conform::from_state(&serde_json::from_str(json).expect("json"), block);
        let was = r#"{"identifier":"a","identifier_prefix":"","manage_master_user_password":false,"ca_cert_identifier":"x","max_allocated_storage":30,"port":1}"#;
        let config = ignored(&Ignore::All, &state(r#"{"identifier":"b"}"#), &state(was), block);
        let said = |name: &str| config.get(name).map(Value::to_json);
        assert_eq!(said("identifier"), Some(serde_json::json!("a")));
        assert_eq!(said("max_allocated_storage"), Some(serde_json::json!(30)));
        for name in ["identifier_prefix", "manage_master_user_password", "ca_cert_identifier"] {
            assert_eq!(said(name), Some(serde_json::Value::Null), "{name}");
        }
    }
}
