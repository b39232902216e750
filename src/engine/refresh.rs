//! Reads everything that a state holds, in batches: each resource type of each provider
//! configuration on its own, all at once, in no order.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use serde_json::Value as Json;

use crate::address::Addr;
use crate::aws::{self, TagApi};
use crate::config::{Config, ProviderAddr};
use crate::diag::{Diagnostic, Diagnostics};
use crate::event::Thing;
use crate::kind::{self, Found, Kind};
use crate::lang::Value;
use crate::plan::scope::Scope;
use crate::plan::{diff, reconcile};
use crate::resource::reads::With;
use crate::resource::{Status, Tags};
use crate::schema::{conform, region};
use crate::state::{Object, State};

use super::absent;
use super::held;
use super::providers::{Provider, Providers};

/// What is told of an object that is about to be read.
pub fn thing((addr, _, object): (Addr, Option<&str>, &Object)) -> Thing {
    Thing { addr, id: object.attributes.text("id") }
}

/// How many batches are read at the same time.
const AT_ONCE: usize = 256;

/// The batches of one resource type and provider configuration.
struct Batch<'s> {
    kind: &'static dyn Kind,
    provider: Rc<Provider>,
    objects: Vec<Held<'s>>,
}

/// One object of the state.
struct Held<'s> {
    addr: Addr,
    deposed: Option<String>,
    object: &'s Object,
    key: String,
}

/// What was found of one object.
struct Seen {
    addr: Addr,
    deposed: Option<String>,
    now: Now,
}

enum Now {
    /// As the state has it.
    Same,
    Changed(Value),
    /// AWS has no such thing any more.
    Gone,
}

/// The state as AWS has it now. What is gone is gone from it; what means the same keeps its spelling.
pub async fn refresh(
    state: &State,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
    only: impl Fn(&Addr) -> bool,
) -> Result<State, Diagnostics> {
    let mut errors = Diagnostics::default();
    let batches = batches(state, providers, scope, only, &mut errors).await;
    let connected: Vec<_> = batches.iter().map(|it| it.provider.clone()).collect();
    let tagged = tagged(&batches);
    let config = providers.config();
    let mut fresh = state.clone();
    let reads = async {
        let reads = stream::iter(batches).map(|it| async move { read(&it, config).await });
        let mut reads = reads.buffer_unordered(AT_ONCE);
        while let Some(result) = reads.next().await {
            for seen in errors.take(result).into_iter().flatten() {
                put(&mut fresh, seen);
            }
        }
    };
    // Whoever needs the tags waits for this answer, and asks again (and tells why not) where it failed.
    let tags = join_all(tagged.iter().map(|(provider, arns)| aws::tags::known(&provider.aws, arns)));
    futures::join!(tags, reads);
    connected.iter().for_each(|it| it.aws.forget());
    errors.check(fresh)
}

/// The ARNs of everything whose tags come from the service that knows those of all: they are asked for
/// together, of all types at once, while the types are read.
fn tagged(batches: &[Batch<'_>]) -> Vec<(Rc<Provider>, Vec<String>)> {
    let mut all: Vec<(Rc<Provider>, Vec<String>)> = Vec::new();
    for batch in batches.iter().filter(|it| it.kind.tag_api().shared()) {
        let arn = |it: &Held<'_>| it.object.attributes.text("arn");
        let arns = batch.objects.iter().filter_map(arn);
        match all.iter_mut().find(|it| Rc::ptr_eq(&it.0, &batch.provider)) {
            Some(it) => it.1.extend(arns),
            None => all.push((batch.provider.clone(), arns.collect())),
        }
    }
    all
}

fn put(state: &mut State, seen: Seen) {
    let object = match seen.now {
        // It stays to the letter, whoever wrote it.
        Now::Same => return,
        Now::Gone => None,
        Now::Changed(it) => changed(state, &seen.addr, seen.deposed.as_deref(), &it),
    };
    let Some(resource) = state.resources.get(&seen.addr.resource) else { return };
    let provider = resource.provider.clone();
    match seen.deposed {
        None => state.set(&seen.addr, &provider, object),
        Some(key) => state.set_deposed(&seen.addr, &key, object),
    }
}

/// The object in the state with other attributes.
fn changed(state: &State, addr: &Addr, deposed: Option<&str>, now: &Value) -> Option<Object> {
    let kind = kind::resource(&addr.resource.kind)?;
    let instance = state.resources.get(&addr.resource)?.instances.get(&addr.key)?;
    let held = match deposed {
        None => instance.current.as_ref()?,
        Some(key) => instance.deposed.get(key)?,
    };
    let block = &kind.schema().block;
    let mut attributes = region::attributes(kind.name(), now, block);
    conform::extra::keep(&held.attributes.json(), &mut attributes, block);
    Some(Object {
        attributes: attributes.into(),
        schema_version: kind.schema().version,
        ..Object::clone(held)
    })
}

async fn batches<'s>(
    state: &'s State,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
    only: impl Fn(&Addr) -> bool,
    errors: &mut Diagnostics,
) -> Vec<Batch<'s>> {
    let mut groups: BTreeMap<(ProviderAddr, Option<String>, &'static str), Vec<Held<'s>>> = BTreeMap::new();
    let held = |addr: &Addr| held::is_held(state, &addr.resource);
    for (addr, deposed, object) in state.managed().filter(|it| only(&it.0) && !held(&it.0)) {
        let provider = state.resources.get(&addr.resource).map(|it| it.provider.as_str()).unwrap_or_default();
        let alias = match ProviderAddr::from_state(provider) {
            Ok(it) => it,
            Err(text) => {
                errors.push(Diagnostic::error(text).about(&addr));
                continue;
            }
        };
        let Some(kind) = kind::resource(&addr.resource.kind) else { continue };
        let attributes = object.attributes.json();
        match kind.key(&conform::known(&attributes, &kind.schema().block)) {
            Ok(key) => {
                let region = region::of(kind.name(), &attributes).map(str::to_owned);
                let held = Held { addr, deposed: deposed.map(str::to_owned), object, key };
                groups.entry((alias, region, kind.name())).or_default().push(held);
            }
            Err(error) => errors
                .push(Diagnostic::error(format!("the state of {addr} cannot be read: {error}")).about(&addr)),
        }
    }
    let mut out = Vec::new();
    for ((alias, region, name), mut objects) in groups {
        let (Some(provider), Some(kind)) =
            (errors.take(providers.at(&alias, region.as_deref(), scope).await), kind::resource(name))
        else {
            continue;
        };
        while !objects.is_empty() {
            let rest = objects.split_off(objects.len().min(kind.batch().max(1)));
            out.push(Batch { kind, provider: provider.clone(), objects });
            objects = rest;
        }
    }
    // Those that share answers have to ask at the same moment.
    let shares = |it: &Batch<'_>| it.kind.reads().calls.iter().any(|it| it.with != With::None);
    out.sort_by_key(|it| !shares(it));
    out
}

async fn read(batch: &Batch<'_>, config: &Config) -> Result<Vec<Seen>, Diagnostics> {
    let aws = batch.provider.aws.exactly(false);
    let keys: Vec<String> = batch.objects.iter().map(|it| it.key.clone()).collect();
    let mut found = staying(ask(batch.kind, &aws, &keys).await?);
    let held: HashMap<&str, &Held<'_>> = batch.objects.iter().map(|it| (it.key.as_str(), it)).collect();
    let tags = |key: &str| held.get(key).and_then(|it| it.object.attributes.get("tags_all"));
    fill_tags(batch.kind, &batch.provider, &mut found, tags).await?;
    let mut now: Vec<Now> = batch.objects.iter().map(|it| compared(batch, it, &found)).collect();
    let doubtful =
        batch.objects.iter().zip(&now).filter(|(held, it)| doubts(batch, config, held, it, &found));
    let doubtful: Vec<String> = doubtful.map(|it| it.0.key.clone()).collect();
    if !doubtful.is_empty() {
        let exact = confirm(batch, &doubtful).await?;
        let doubtful: HashSet<String> = doubtful.into_iter().collect();
        for (held, now) in batch.objects.iter().zip(&mut now).filter(|it| doubtful.contains(&it.0.key)) {
            *now = compared(batch, held, &exact);
        }
    }
    let gone = batch.objects.iter().zip(&now).filter(|it| matches!(it.1, Now::Gone));
    let late = absent::again(batch.kind, &batch.provider, gone.map(|it| it.0.key.clone()).collect()).await?;
    for (held, now) in batch.objects.iter().zip(&mut now).filter(|it| late.contains_key(&it.0.key)) {
        *now = compared(batch, held, &late);
    }
    let seen =
        |(held, now): (&Held<'_>, Now)| Seen { addr: held.addr.clone(), deposed: held.deposed.clone(), now };
    Ok(batch.objects.iter().zip(now).map(seen).collect())
}

/// What an answer says of an object of the state.
fn compared(batch: &Batch<'_>, held: &Held<'_>, found: &HashMap<String, Found>) -> Now {
    let Some(found) = found.get(&held.key) else { return Now::Gone };
    let ours = conform::from_state(&held.object.attributes.json(), &batch.kind.schema().block);
    let live = live(batch.kind, &batch.provider, &ours, found);
    if live == ours { Now::Same } else { Now::Changed(live) }
}

/// Whether the service itself has to be asked: where the answer may lag behind and says something else
/// than the state, and where it is silent about an ARN that the state, of an older provider, lacks.
fn doubts(
    batch: &Batch<'_>,
    config: &Config,
    held: &Held<'_>,
    now: &Now,
    found: &HashMap<String, Found>,
) -> bool {
    let silent = found.get(&held.key).is_some_and(|it| it.unread.iter().any(|it| it == "arn"));
    let lacking = || held.object.attributes.text("arn").is_none_or(|it| it.is_empty());
    let differs = || match now {
        Now::Same => false,
        // Where things vanish, the service itself has been asked about it already.
        Now::Gone => !batch.kind.vanishes(),
        Now::Changed(it) => differs(batch, config, held, it),
    };
    silent && lacking() || batch.kind.may_lag() && differs()
}

/// Whether an answer differs from the state in what a plan may come to change. What only AWS sets, and the
/// stack does not, changes with other resources (how often a policy is attached), and calls for nothing.
fn differs(batch: &Batch<'_>, config: &Config, held: &Held<'_>, live: &Value) -> bool {
    let block = &batch.kind.schema().block;
    let ours = conform::from_state(&held.object.attributes.json(), block);
    let resource = config.resource(&held.addr.resource);
    let written = |name: &str| resource.is_some_and(|it| it.body.get(name).is_some());
    let follows = |name: &str| {
        let computed = block.attributes.get(name).map(|it| it.computed);
        computed.or_else(|| block.blocks.get(name).map(|it| it.computed)).unwrap_or_default()
    };
    let fields = live
        .as_fields()
        .into_iter()
        .flatten()
        .filter(|(name, it)| ours.get(name).is_none_or(|ours| !diff::equal(it, ours)));
    fields.map(|it| &**it.0).any(|name| name == "tags_all" || written(name) || !follows(name))
}

/// Asks the service itself about each of these.
async fn confirm(batch: &Batch<'_>, keys: &[String]) -> Result<HashMap<String, Found>, Diagnostics> {
    tracing::debug!(kind = batch.kind.name(), ?keys, "differs from the state: asked again");
    let mut exact = ask(batch.kind, &batch.provider.aws.exactly(true), keys).await?;
    fill_tags_exactly(batch.kind, &batch.provider, &mut exact).await?;
    Ok(exact)
}

/// Without what is on its way out: for a plan it is gone.
pub fn staying(mut found: HashMap<String, Found>) -> HashMap<String, Found> {
    found.retain(|_, it| !matches!(it.status, Status::Leaving(_)));
    found
}

/// What was found, by key.
pub async fn ask(
    kind: &dyn Kind,
    aws: &aws::Aws,
    keys: &[String],
) -> Result<HashMap<String, Found>, Diagnostics> {
    let found = kind.read(aws, keys).await;
    let found = found.map_err(|it| Diagnostic::error(format!("reading {} failed: {it}", kind.name())))?;
    Ok(found.into_iter().map(|it| (it.key.clone(), it)).collect())
}

/// An object as AWS has it, in our spelling.
pub fn live(kind: &dyn Kind, provider: &Provider, ours: &Value, found: &Found) -> Value {
    let block = &kind.schema().block;
    let kept = kind.as_kept(&found.attributes, &conform::to_state(ours, block));
    let mut attributes = kept.unwrap_or_else(|_| found.attributes.clone());
    if let (Some(tags), Some(fields)) = (&found.tags, attributes.as_object_mut())
        && block.attributes.contains_key("tags_all")
    {
        let said =
            |name: &str| ours.get(name).cloned().unwrap_or_else(|| Value::null(crate::lang::Type::Any));
        let (own, all) = provider.tags.split(tags, &said("tags"), &said("tags_all"));
        fields.insert("tags".into(), own.to_json());
        fields.insert("tags_all".into(), all.to_json());
    }
    reconcile::reconcile(block, ours, &conform::from_state(&attributes, block), &found.unread)
}

/// Reads the tags that the answers do not carry, for all of them together; where the shared source
/// differs from what `known` says, the service itself.
async fn fill_tags(
    kind: &dyn Kind,
    provider: &Provider,
    found: &mut HashMap<String, Found>,
    known: impl Fn(&str) -> Option<Json>,
) -> Result<(), Diagnostics> {
    if kind.tag_api() == TagApi::None {
        return Ok(());
    }
    let keys: Vec<String> = found.values().filter(|it| it.tags.is_none()).map(|it| it.key.clone()).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let first = tags_of(kind, &provider.aws.exactly(false), found, &keys).await?;
    let differs = |key: &str, tags: &Option<Tags>| {
        let held: Option<Tags> = known(key).and_then(|it| serde_json::from_value(it).ok());
        held.unwrap_or_default() != tags.clone().unwrap_or_default()
    };
    let doubtful: Vec<String> =
        keys.iter().zip(&first).filter(|(k, it)| differs(k, it)).map(|it| it.0.clone()).collect();
    let exact = match doubtful.is_empty() {
        true => Vec::new(),
        false => tags_of(kind, &provider.aws.exactly(true), found, &doubtful).await?,
    };
    for (key, tags) in keys.into_iter().zip(first).chain(doubtful.into_iter().zip(exact)) {
        if let Some(it) = found.get_mut(&key) {
            it.tags = Some(tags.unwrap_or_default());
        }
    }
    Ok(())
}

async fn tags_of(
    kind: &dyn Kind,
    aws: &aws::Aws,
    found: &HashMap<String, Found>,
    keys: &[String],
) -> Result<Vec<Option<Tags>>, Diagnostics> {
    let attributes: Vec<&Json> =
        keys.iter().filter_map(|it| found.get(it)).map(|it| &it.attributes).collect();
    let tags = aws::tags::read(aws, kind.tag_api(), &attributes).await;
    Ok(tags.map_err(|it| Diagnostic::error(format!("reading the tags of {} failed: {it}", kind.name())))?)
}

/// Reads the tags that the answers do not carry from the service itself.
pub async fn fill_tags_exactly(
    kind: &dyn Kind,
    provider: &Provider,
    found: &mut HashMap<String, Found>,
) -> Result<(), Diagnostics> {
    let keys: Vec<String> = found.values().filter(|it| it.tags.is_none()).map(|it| it.key.clone()).collect();
    if kind.tag_api() == TagApi::None || keys.is_empty() {
        return Ok(());
    }
    let tags = tags_of(kind, &provider.aws.exactly(true), found, &keys).await?;
    for (key, tags) in keys.into_iter().zip(tags) {
        if let Some(it) = found.get_mut(&key) {
            it.tags = Some(tags.unwrap_or_default());
        }
    }
    Ok(())
}
