//! The attributes that the planned changes were computed from: Terraform's `relevant_attributes`.
//!
//! From each resource and output that changes, back through all that it names: variables to what the
//! caller passes, locals and outputs to their values, resources to the arguments that are named.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::address::{Key, ModulePath, ResourceAddr};
use crate::config::mentions::{self, Mention, Subject, written};
use crate::config::{Config, Repeat, Resource, Setting};
use crate::kind;
use crate::lang::Expr;
use crate::lang::Node;
use crate::lang::expr::{Part, Step};
use crate::plan::scope::Scope;
use crate::plan::{Action, Change, OutputChange, PlanMode, Relevant};
use crate::schema::{Block, Nesting};

use super::Request;

/// Something that is named, and the module in which it is.
#[derive(Clone)]
struct Found {
    module: ModulePath,
    /// The resource whose `each` or `count` it is.
    of: Option<ResourceAddr>,
    mention: Mention,
}

impl Found {
    fn key(&self) -> (ModulePath, Option<String>, String) {
        let text = format!("{}{}", self.mention.subject, written(&self.mention.rest));
        (self.module.clone(), self.of.as_ref().map(ToString::to_string), text)
    }
}

/// What the changes of a plan go back to, sorted.
pub(super) fn attributes(
    request: &Request<'_>,
    changes: &[Change],
    outputs: &BTreeMap<String, OutputChange>,
    given: Vec<(ModulePath, &String)>,
) -> Vec<Relevant> {
    let config = request.config;
    let analysis = Analysis { config };
    let changing = changes.iter().filter(|it| it.action != Action::NoOp).map(|it| &it.addr.resource);
    let mut changing: BTreeSet<&ResourceAddr> = changing.collect();
    if request.mode == PlanMode::Destroy && request.targets.is_empty() && request.excludes.is_empty() {
        // Data sources go too, though nobody is told.
        changing.extend(config.every().filter(|it| it.is_data()).map(|it| &it.addr));
    }
    let mut open: Vec<Found> = changing.into_iter().flat_map(|it| analysis.resource(it, &[])).collect();
    for (name, _) in outputs.iter().filter(|it| it.1.action != Action::NoOp) {
        let output = config.outputs.get(name);
        open.extend(output.into_iter().flat_map(|it| named(&it.value, &Vec::new(), None)));
    }
    open.extend(given.into_iter().flat_map(|(module, name)| analysis.outputs(&module, Some(name))));
    let (mut seen, mut out) = (BTreeSet::new(), Vec::new());
    while let Some(found) = open.pop() {
        if seen.insert(found.key()) {
            out.extend(relevant(&found));
            open.extend(analysis.behind(&found));
        }
    }
    out.sort_by_cached_key(|it| (it.resource.clone(), json!(it.attribute).to_string()));
    out.dedup();
    out
}

/// What the modules that are looked at give to their callers: each is new in every plan, as long as it
/// is anything at all.
pub(super) fn given<'a>(
    request: &Request<'a>,
    scope: &Scope<'_>,
    enters: impl Fn(&ModulePath) -> bool,
) -> Vec<(ModulePath, &'a String)> {
    let mut out = Vec::new();
    if request.mode == PlanMode::Destroy {
        return out;
    }
    let inner = request.config.all().into_iter().filter(|it| !it.path.is_empty() && enters(&it.path));
    for config in inner {
        for path in scope.instances_of(&config.path) {
            for name in config.outputs.keys() {
                let nothing = scope.module(&path).output(name).is_ok_and(|it| it.is_null());
                out.extend((!nothing).then(|| (path.clone(), name)));
            }
        }
    }
    out
}

fn relevant(found: &Found) -> Option<Relevant> {
    let (addr, key) = found.mention.subject.resource()?;
    let resource = addr.within(&found.module).instance(key).to_string();
    let step = |it: &Step| match it {
        Step::Name(it) | Step::Key(it) => json!(it),
        Step::Index(it) => json!(it),
    };
    Some(Relevant { resource, attribute: found.mention.rest.iter().map(step).collect() })
}

/// What an expression in this module names.
fn named(expr: &Expr, module: &ModulePath, of: Option<&ResourceAddr>) -> Vec<Found> {
    let one = |mention: Mention| {
        let own = matches!(mention.subject, Subject::Own(_));
        Found { module: module.clone(), of: of.filter(|_| own).cloned(), mention }
    };
    mentions::of(expr).into_iter().map(one).collect()
}

struct Analysis<'a> {
    config: &'a Config,
}

impl Analysis<'_> {
    /// What stands behind something that is named.
    fn behind(&self, found: &Found) -> Vec<Found> {
        let module = &found.module;
        let inner = |name: &str, key: &Key| {
            let step = (name.into(), key.clone());
            module.iter().cloned().chain([step]).collect::<ModulePath>()
        };
        match &found.mention.subject {
            Subject::Variable(name) => self.passed(module, name),
            Subject::Local(name) => {
                let local = self.config.module(module).and_then(|it| it.locals.get(name));
                local.map(|it| named(it, module, None)).unwrap_or_default()
            }
            Subject::Output { module: call, key, output } => self.outputs(&inner(call, key), Some(output)),
            Subject::Module { name, key } => self.outputs(&inner(name, key), None),
            Subject::Own(_) => found.of.as_ref().map(|it| self.repetition(it)).unwrap_or_default(),
            Subject::Resource { .. } => {
                let addr = found.mention.subject.resource().map(|it| it.0.within(module));
                addr.map(|it| self.resource(&it, &found.mention.rest)).unwrap_or_default()
            }
            Subject::Other(_) => Vec::new(),
        }
    }

    /// What a caller passes for a variable; those of the stack come from outside.
    fn passed(&self, module: &ModulePath, name: &str) -> Vec<Found> {
        let Some(((call, _), caller)) = module.split_last() else { return Vec::new() };
        let call = self.config.module(caller).and_then(|it| it.modules.get(&**call));
        let given = call.and_then(|it| it.inputs.get(name));
        given.map(|it| named(&it.value, &caller.to_vec(), None)).unwrap_or_default()
    }

    /// One output of a module, or all.
    fn outputs(&self, module: &ModulePath, only: Option<&String>) -> Vec<Found> {
        let Some(config) = self.config.module(module) else { return Vec::new() };
        let all = config.outputs.iter().filter(|it| only.is_none_or(|only| it.0 == only));
        all.flat_map(|it| named(&it.1.value, module, None)).collect()
    }

    fn repetition(&self, addr: &ResourceAddr) -> Vec<Found> {
        match self.config.resource(addr).map(|it| &it.repeat) {
            Some(Repeat::Count(it) | Repeat::ForEach(it)) => named(it, &addr.module, None),
            _ => Vec::new(),
        }
    }

    /// What the arguments of a resource name, of which these steps are taken.
    fn resource(&self, addr: &ResourceAddr, steps: &[Step]) -> Vec<Found> {
        let Some(it) = self.config.resource(addr) else { return Vec::new() };
        let Some(block) = block_of(it) else { return Vec::new() };
        let all: Vec<&Setting> = it.body.0.iter().collect();
        let exprs = arguments(all.iter().map(|it| (&*it.name, &it.value)).collect(), block, steps);
        exprs.into_iter().flat_map(|it| named(it, &addr.module, Some(addr))).collect()
    }
}

fn block_of(it: &Resource) -> Option<&'static Block> {
    match it.is_data() {
        true => kind::data(&it.addr.kind).map(|it| &it.schema().block),
        false => kind::resource(&it.addr.kind).map(|it| &it.schema().block),
    }
}

/// The expressions behind what is taken of a body. As Terraform has it, the whole list of a resource's
/// blocks stands for all of its body, and one of them for nothing.
fn arguments<'e>(body: Vec<(&str, &'e Expr)>, block: &Block, steps: &[Step]) -> Vec<&'e Expr> {
    let known = |name: &str| block.attributes.contains_key(name) || block.blocks.contains_key(name);
    let all = || body.iter().filter(|it| known(it.0)).map(|it| it.1).collect();
    let name = match steps.first() {
        None => return all(),
        Some(Step::Name(it) | Step::Key(it)) => it,
        Some(Step::Index(_)) => return Vec::new(),
    };
    let here = body.iter().find(|it| it.0 == name).map(|it| it.1);
    match block.blocks.get(name) {
        None if block.attributes.contains_key(name) => here.into_iter().collect(),
        None => Vec::new(),
        Some(nested) if nested.nesting == Nesting::Single => {
            here.map(|it| inside(it, &nested.block, &steps[1..])).unwrap_or_default()
        }
        Some(_) => arguments(body, block, &steps[1..]),
    }
}

fn inside<'e>(expr: &'e Expr, block: &Block, steps: &[Step]) -> Vec<&'e Expr> {
    match &expr.node {
        Node::Object(all) => arguments(all.iter().map(|it| (&*it.0, &it.2)).collect(), block, steps),
        Node::Blocks(all) => all
            .iter()
            .flat_map(|it| match it {
                Part::Static(it) => inside(it, block, steps),
                Part::Dynamic(it) => {
                    let mut out = vec![&it.for_each];
                    out.extend(inside(&it.content, block, steps));
                    out
                }
            })
            .collect(),
        _ => vec![expr],
    }
}
