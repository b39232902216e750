//! Provider configurations: evaluated, connected on first use, one [`Aws`] for each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures::future::join_all;
use tokio::sync::OnceCell;

use crate::address::ResourceAddr;
use crate::aws::Aws;
use crate::aws::connect::Settings;
use crate::config::{self, Config, ProviderAddr};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Value};
use crate::plan::scope::Scope;
use crate::state::State;

use super::tags::TagRules;

/// A configuration, and the region where that is not its own.
type Place = (ProviderAddr, Option<String>);

/// All provider configurations of a stack.
pub struct Providers<'a> {
    config: &'a Config,
    all: RefCell<BTreeMap<Place, Rc<OnceCell<Rc<Provider>>>>>,
}

/// One configuration, connected.
pub struct Provider {
    pub aws: Aws,
    pub tags: TagRules,
}

/// What planning needs to know of a configuration.
#[derive(Clone, Default)]
pub struct Terms {
    pub tags: TagRules,
    /// Where it is, once it is connected.
    pub region: Option<String>,
}

impl Provider {
    pub fn terms(&self) -> Terms {
        Terms { tags: self.tags.clone(), region: Some(self.aws.region().to_owned()) }
    }
}

impl<'a> Providers<'a> {
    pub fn new(config: &'a Config) -> Self {
        Providers { config, all: RefCell::default() }
    }

    /// The configuration at this address, connected on first use.
    pub async fn get(&self, addr: &ProviderAddr, scope: &Scope<'_>) -> Result<Rc<Provider>, Diagnostics> {
        self.find(addr, scope).await
    }

    /// The same in another region, where one is named that is not its own.
    pub async fn at(
        &self,
        addr: &ProviderAddr,
        region: Option<&str>,
        scope: &Scope<'_>,
    ) -> Result<Rc<Provider>, Diagnostics> {
        let home = self.get(addr, scope).await?;
        let Some(away) = region.filter(|it| *it != home.aws.region()) else { return Ok(home) };
        let place = (addr.clone(), Some(away.to_owned()));
        let cell = self.all.borrow_mut().entry(place).or_default().clone();
        let provider = || async {
            Ok::<_, Diagnostics>(Rc::new(Provider { aws: home.aws.in_region(away), tags: home.tags.clone() }))
        };
        cell.get_or_try_init(provider).await.cloned()
    }

    /// The stack that has them.
    pub fn config(&self) -> &'a Config {
        self.config
    }

    /// Drops answers that reads have shared so far: what is read from here on is read anew.
    pub fn forget(&self) {
        let all = self.all.borrow();
        all.values().filter_map(|it| it.get()).for_each(|it| it.aws.forget());
    }

    /// Connects the configurations that name accounts, all at once, so that each looks at its account
    /// before anything is read of any. Those that need a value that only a data source tells are looked
    /// at when they are first used.
    pub async fn guard(
        &self,
        scope: &Scope<'_>,
        state: &State,
        used: impl Fn(&ResourceAddr) -> bool,
    ) -> Result<(), Diagnostics> {
        let guarded = self.used(state, used).into_iter().filter(|it| self.names_accounts(it, scope));
        let guarded: Vec<ProviderAddr> = guarded.collect();
        let mut errors = Diagnostics::default();
        for result in join_all(guarded.iter().map(|it| self.get(it, scope))).await {
            errors.take(result);
        }
        errors.check(())
    }

    /// The configurations of the resources in the stack and in its state.
    fn used(&self, state: &State, used: impl Fn(&ResourceAddr) -> bool) -> BTreeSet<ProviderAddr> {
        let written = self.config.every().filter(|it| used(&it.addr)).map(|it| self.config.provider_of(it));
        let held = state.resources.iter().filter(|it| used(it.0));
        // One that cannot be read is told when its objects are.
        let held = held.filter_map(|it| ProviderAddr::from_state(&it.1.provider).ok());
        written.chain(held).collect()
    }

    fn names_accounts(&self, addr: &ProviderAddr, scope: &Scope<'_>) -> bool {
        let declared = self.config.module(&addr.module).and_then(|it| it.providers.get(&addr.name));
        let Some(it) = declared.filter(|_| addr.name.kind.as_ref() == "aws") else { return false };
        let named = ["allowed_account_ids", "forbidden_account_ids"]
            .iter()
            .any(|name| it.settings.get(name).is_some());
        named
            && config::settings::evaluate(&it.settings, &scope.module(&addr.module))
                .is_ok_and(|it| it.wholly_known())
    }

    async fn find(&self, addr: &ProviderAddr, scope: &Scope<'_>) -> Result<Rc<Provider>, Diagnostics> {
        let declared = self.config.module(&addr.module).and_then(|it| it.providers.get(&addr.name));
        if declared.is_none() && addr.name.alias.is_some() {
            let one = Diagnostic::error(format!("there is no provider configuration `{addr}`"));
            let help = "objects in the state belong to it: keep it declared until they are gone";
            return Err(one.help(help).into());
        }
        let cell = self.all.borrow_mut().entry((addr.clone(), None)).or_default().clone();
        let env = scope.module(&addr.module);
        cell.get_or_try_init(|| self.connect(&addr.name.kind, declared, &env)).await.cloned()
    }

    async fn connect(
        &self,
        kind: &str,
        declared: Option<&config::Provider>,
        env: &dyn Env,
    ) -> Result<Rc<Provider>, Diagnostics> {
        let settings = match declared {
            Some(it) => config::settings::evaluate(&it.settings, env)?,
            None => Value::object::<&str>([]),
        };
        let place = declared.map(|it| &it.place);
        if kind != "aws" {
            crate::providers::settings::check(kind, &settings, declared.map(|it| &it.settings), place)?;
            return Ok(Rc::new(Provider { aws: Aws::none(), tags: TagRules::default() }));
        }
        let fail = |text: String| {
            let one = Diagnostic::error(text);
            Diagnostics::from(match place {
                Some(place) => one.at(place).label("this provider configuration"),
                None => one,
            })
        };
        if !settings.wholly_known() {
            return Err(fail("a provider setting depends on a value that is known only after apply".into()));
        }
        let parsed = Settings::provider(&settings, declared.map(|it| &it.settings), place)?;
        let aws = Aws::connect(&parsed).await.map_err(|it| fail(it.to_string()))?;
        // One that is no Unicode is nobody's tag.
        let environment = std::env::vars_os();
        let environment =
            environment.filter_map(|(name, value)| name.into_string().ok().zip(value.into_string().ok()));
        let tags = TagRules::parse(&settings, environment);
        Ok(Rc::new(Provider { aws: aws.labelling(tags.default.clone()), tags }))
    }
}
