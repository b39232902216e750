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

use super::tags::TagRules;

/// All provider configurations of a stack.
pub struct Providers<'a> {
    config: &'a Config,
    all: RefCell<BTreeMap<ProviderAddr, Rc<OnceCell<Rc<Provider>>>>>,
}

/// One configuration, connected.
pub struct Provider {
    pub aws: Aws,
    pub tags: TagRules,
}

impl<'a> Providers<'a> {
    pub fn new(config: &'a Config) -> Self {
        Providers { config, all: RefCell::default() }
    }

    /// The configuration at this address, connected with settings evaluated in `env`: its module's scope.
    pub async fn get(&self, addr: &ProviderAddr, env: &dyn Env) -> Result<Rc<Provider>, Diagnostics> {
        let declared = self.config.module(&addr.module).and_then(|it| it.providers.get(&addr.name));
        if declared.is_none() && addr.name.alias.is_some() {
            let one = Diagnostic::error(format!("there is no provider configuration `{addr}`"));
            let help = "objects in the state belong to it: keep it declared until they are gone";
            return Err(one.help(help).into());
        }
        let cell = self.all.borrow_mut().entry(addr.clone()).or_default().clone();
        cell.get_or_try_init(|| self.connect(&addr.name.kind, declared, env)).await.cloned()
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
