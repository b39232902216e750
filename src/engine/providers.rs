//! Provider configurations: evaluated, connected on first use, one [`Aws`] for each.

use std::collections::BTreeMap;
use std::rc::Rc;

use tokio::sync::OnceCell;

use crate::address::ResourceAddr;
use crate::aws::Aws;
use crate::aws::connect::Settings;
use crate::config::{self, Config};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Env, Value};
use crate::plan::diff::is_nothing;

use super::tags::TagRules;

/// How state files name the default configuration of the AWS provider.
pub const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

/// All provider configurations of a stack.
pub struct Providers<'a> {
    config: &'a Config,
    all: BTreeMap<Option<String>, OnceCell<Rc<Provider>>>,
}

/// One configuration, connected.
pub struct Provider {
    pub aws: Aws,
    pub tags: TagRules,
}

impl<'a> Providers<'a> {
    pub fn new(config: &'a Config) -> Self {
        let declared = config.providers.keys().cloned();
        let all = declared.chain([None]).map(|it| (it, OnceCell::new())).collect();
        Providers { config, all }
    }

    /// The configuration with this alias, connected with settings evaluated in `env`.
    pub async fn get(&self, alias: &Option<String>, env: &dyn Env) -> Result<Rc<Provider>, Diagnostics> {
        let Some(cell) = self.all.get(alias) else {
            let name = alias.as_deref().unwrap_or_default();
            let one = Diagnostic::error(format!("there is no provider configuration `aws.{name}`"));
            let help = format!(
                "objects in the state belong to it: keep [[provider.aws]] with alias = \"{name}\" until they are gone"
            );
            return Err(one.help(help).into());
        };
        cell.get_or_try_init(|| self.connect(alias, env)).await.cloned()
    }

    async fn connect(&self, alias: &Option<String>, env: &dyn Env) -> Result<Rc<Provider>, Diagnostics> {
        let declared = self.config.providers.get(alias);
        let settings = match declared {
            Some(it) => config::settings::evaluate(&it.settings, env)?,
            None => Value::object::<&str>([]),
        };
        let place = declared.map(|it| &it.place);
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

/// The configuration a resource asks for.
pub fn alias_of(config: &Config, addr: &ResourceAddr) -> Option<String> {
    config.resources.get(addr).and_then(|it| it.provider.as_ref()).map(|it| it.0.clone())
}

/// How the state names a configuration.
pub fn state_name(alias: &Option<String>) -> String {
    alias.as_ref().map_or(AWS.to_owned(), |it| format!("{AWS}.{it}"))
}

/// The alias in a state's name of a configuration; an error for another provider's.
pub fn alias_in(name: &str) -> Result<Option<String>, String> {
    match name.strip_prefix(AWS) {
        Some("") => Ok(None),
        Some(rest) if rest.starts_with('.') => Ok(Some(rest[1..].to_owned())),
        _ => Err(format!("{name} is not the AWS provider: infra cannot manage what belongs to it")),
    }
}
