//! Taking up what exists: an object read at AWS by its import id. `import` blocks, the command and
//! generated resource blocks share it.

mod choose;

use std::collections::{BTreeMap, HashMap};

use crate::address::{Addr, Mode};
use crate::config::{Config, ProviderAddr};
use crate::diag::{Diagnostic, Diagnostics, Place};
use crate::kind::{self, Kind};
use crate::lang::Value;
use crate::plan::scope::Scope;
use crate::plan::sensitive;
use crate::resource::Status;
use crate::schema::region;
use crate::state::{Object, State};

use super::apply;
use super::providers::{Provider, Providers};
use super::refresh;

pub use choose::choose;

/// One instance to import.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub addr: Addr,
    /// As given; it may end in the region: `vpc-0a1b2c@eu-west-1`.
    pub id: String,
    /// Where that stands, unless the command line says it.
    pub place: Option<Place>,
}

impl Wanted {
    fn error(&self, text: String) -> Diagnostic {
        Diagnostic { place: self.place.clone(), ..Diagnostic::error(text).about(&self.addr) }
    }

    /// The id without a region, and the region.
    fn parts(&self, kind: &dyn Kind) -> (&str, Option<&str>) {
        region::of_id(kind.name(), &self.id).map_or((&self.id, None), |(id, region)| (id, Some(region)))
    }

    /// The key of the object, or what an id of this type looks like.
    pub fn key(&self, kind: &dyn Kind) -> Result<String, Diagnostic> {
        let name = kind.name();
        let forms = kind.import_forms();
        if forms.is_empty() {
            let one = self.error(format!("`{name}` cannot be imported"));
            return Err(one.help("what it stands for is made anew: leave it to an apply"));
        }
        kind.import(self.parts(kind).0).map_err(|error| {
            let one = self.error(format!("`{}` is no id to import `{name}` by: {error}", self.id));
            let forms: Vec<String> = forms.iter().map(|it| format!("`{it}`")).collect();
            one.help(format!("such an id looks like {}", forms.join(", or ")))
        })
    }
}

/// What expressions see of a stack that nothing is planned for: its resources as the state has them.
pub fn scope<'a>(
    config: &'a Config,
    variables: &'a BTreeMap<String, Value>,
    env: &'a str,
    stored: &State,
) -> Scope<'a> {
    let scope = Scope::new(config, variables, env);
    for (addr, held) in stored.resources.iter().filter(|it| config.resource(it.0).is_some()) {
        let block = match addr.mode {
            Mode::Managed => kind::resource(&addr.kind).map(|it| &it.schema().block),
            Mode::Data => kind::data(&addr.kind).map(|it| &it.schema().block),
        };
        let Some(block) = block else { continue };
        scope.begin(addr);
        for (key, instance) in &held.instances {
            if let Some(object) = &instance.current {
                scope.set(addr, key, sensitive::of(object, block));
            }
        }
    }
    scope
}

/// Reads what is wanted of one type and provider configuration. All that is not there is told at once.
pub async fn take(
    kind: &dyn Kind,
    name: &ProviderAddr,
    wanted: Vec<Wanted>,
    providers: &Providers<'_>,
    scope: &Scope<'_>,
) -> Result<Vec<(Wanted, Object)>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut groups: BTreeMap<Option<String>, Vec<Wanted>> = BTreeMap::new();
    for it in wanted {
        let region = it.parts(kind).1.map(str::to_owned);
        groups.entry(region).or_default().push(it);
    }
    let mut out = Vec::new();
    for (region, wanted) in groups {
        let provider = providers.at(name, region.as_deref(), scope).await;
        let Some(provider) = errors.take(provider) else { continue };
        let found = errors.take(read(kind, &provider, &wanted).await).unwrap_or_default();
        for (it, mut object) in wanted.into_iter().zip(found) {
            let mut attributes = object.attributes.json();
            region::note(kind.name(), &mut attributes, region.as_deref());
            object.attributes = attributes.into();
            out.push((it, object));
        }
    }
    errors.check(out)
}

/// The objects at AWS, in the order of what is wanted; one that is not there is an error.
async fn read(kind: &dyn Kind, provider: &Provider, wanted: &[Wanted]) -> Result<Vec<Object>, Diagnostics> {
    let mut errors = Diagnostics::default();
    let mut keys = Vec::new();
    for it in wanted {
        keys.extend(errors.take(it.key(kind).map_err(Into::into)));
    }
    errors.check(())?;
    let mut found = HashMap::new();
    for some in keys.chunks(kind.batch().max(1)) {
        found.extend(refresh::ask(kind, &provider.aws.exactly(true), some).await?);
    }
    refresh::fill_tags_exactly(kind, provider, &mut found).await?;
    provider.aws.forget();
    let mut out = Vec::new();
    for (it, key) in wanted.iter().zip(&keys) {
        match found.get(key) {
            Some(seen) if !matches!(seen.status, Status::Failed(_)) => {
                let live = refresh::live(kind, provider, &Value::object::<&str>([]), seen);
                let live = apply::as_provider(kind, live);
                let version = kind.schema().version;
                out.push(Object {
                    schema_version: version,
                    attributes: live.to_json().into(),
                    ..Object::default()
                });
            }
            _ => {
                let text = format!("there is no {} `{}`: it cannot be imported", kind.name(), it.id);
                let help = "check the id, and the region and account of its provider configuration";
                errors.push(it.error(text).help(help));
            }
        }
    }
    errors.check(out)
}
