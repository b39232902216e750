//! Provider configurations: evaluated, connected on first use, one [`Aws`] for each.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use tokio::sync::OnceCell;

use crate::aws::Aws;
use crate::aws::connect::Settings;
use crate::config::{self, Config, ProviderAddr};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Value};
use crate::plan::diff::is_nothing;
use crate::plan::scope::Scope;

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
        self.find(addr, None, scope).await
    }

    /// The same in another region, where one is named that is not its own.
    pub async fn at(
        &self,
        addr: &ProviderAddr,
        region: Option<&str>,
        scope: &Scope<'_>,
    ) -> Result<Rc<Provider>, Diagnostics> {
        let home = self.get(addr, scope).await?;
        match region.filter(|it| *it != home.aws.region()) {
            None => Ok(home),
            Some(away) => self.find(addr, Some(away), scope).await,
        }
    }

    async fn find(
        &self,
        addr: &ProviderAddr,
        region: Option<&str>,
        scope: &Scope<'_>,
    ) -> Result<Rc<Provider>, Diagnostics> {
        let declared = self.config.module(&addr.module).and_then(|it| it.providers.get(&addr.name));
        if declared.is_none() && addr.name.alias.is_some() {
            let one = Diagnostic::error(format!("there is no provider configuration `{addr}`"));
            let help = "objects in the state belong to it: keep it declared until they are gone";
            return Err(one.help(help).into());
        }
        let cell =
            self.all.borrow_mut().entry((addr.clone(), region.map(str::to_owned))).or_default().clone();
        let env = scope.module(&addr.module);
        cell.get_or_try_init(|| self.connect(&addr.name.kind, declared, region, &env)).await.cloned()
    }

    async fn connect(
        &self,
        kind: &str,
        declared: Option<&config::Provider>,
        region: Option<&str>,
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
        let mut parsed = Settings::provider(&settings, declared.map(|it| &it.settings), place)?;
        parsed.region = region.map(str::to_owned).or(parsed.region);
        let aws = Aws::connect(&parsed).await.map_err(|it| fail(it.to_string()))?;
        guard(&aws, &settings).await.map_err(&fail)?;
        Ok(Rc::new(Provider { aws, tags: TagRules::parse(&settings) }))
    }
}

/// `allowed_account_ids` and `forbidden_account_ids`, before anything else is asked.
async fn guard(aws: &Aws, settings: &Value) -> Result<(), String> {
    let ids = |name: &str| -> Vec<String> {
        let given = settings.get(name).filter(|it| !is_nothing(it));
        given.into_iter().flat_map(Value::children).filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (allowed, forbidden) = (ids("allowed_account_ids"), ids("forbidden_account_ids"));
    if allowed.is_empty() && forbidden.is_empty() {
        return Ok(());
    }
    let own = &aws.account().await.map_err(|it| it.to_string())?.id;
    if forbidden.contains(own) || !allowed.is_empty() && !allowed.contains(own) {
        return Err(format!(
            "these credentials are for account {own}, which this configuration does not allow"
        ));
    }
    Ok(())
}
