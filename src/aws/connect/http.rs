//! The connections: one pool for all clients of the process.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use tokio::runtime::{Handle, Id};

use crate::aws::{Error, Result};

/// A connection belongs to the runtime that opened it.
type Owner = (Option<Id>, Option<String>);

thread_local! {
    static CLIENTS: RefCell<HashMap<Owner, SharedHttpClient>> = RefCell::default();
}

/// The client of this runtime, made on first use; `proxy` replaces that of the environment.
pub(super) fn client(proxy: Option<&str>) -> Result<SharedHttpClient> {
    let owner = (Handle::try_current().ok().map(|it| it.id()), proxy.map(str::to_owned));
    if let Some(found) = CLIENTS.with_borrow(|it| it.get(&owner).cloned()) {
        return Ok(found);
    }
    let proxy = match proxy {
        Some(url) => ProxyConfig::all(url)
            .map_err(|it| Error::Invalid(format!("the proxy `{url}` is no address: {it}")))?,
        None => ProxyConfig::from_env(),
    };
    let client = pooled(proxy);
    CLIENTS.with_borrow_mut(|it| it.insert(owner, client.clone()));
    Ok(client)
}

/// The SDK asks for a connector for each call: the same timeouts get the same one, with its pool.
fn pooled(proxy: ProxyConfig) -> SharedHttpClient {
    let made = Arc::new(Mutex::new(HashMap::new()));
    http_client_fn(move |settings, components| {
        let key = (settings.connect_timeout(), settings.read_timeout());
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        let one = made.entry(key).or_insert_with(|| connector(&proxy, settings, components));
        SharedHttpConnector::clone(one)
    })
}

fn connector(
    proxy: &ProxyConfig,
    settings: &HttpConnectorSettings,
    components: &RuntimeComponents,
) -> SharedHttpConnector {
    let mut builder = Connector::builder()
        .connector_settings(settings.clone())
        .pool_idle_timeout(Duration::from_secs(20)) // below the 60 s after which AWS closes
        .proxy_config(proxy.clone())
        .tls_provider(Provider::Rustls(CryptoMode::Ring));
    builder.set_sleep_impl(components.sleep_impl());
    SharedHttpConnector::new(builder.build())
}
