//! The same connection in another thread: what belongs to a runtime is made anew there.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;

use super::{Settings, http, throttle, trace};
use crate::aws::{Aws, Clients, Inner, Result};

/// A connection on its way to another thread. Credentials are shared: nobody is asked for them twice.
pub struct Aside {
    config: SdkConfig,
    region: String,
    path_style: bool,
    endpoints: BTreeMap<String, String>,
    tracer: trace::Tracer,
    proxy: Option<String>,
}

impl Aws {
    /// Made with these settings.
    pub fn aside(&self, settings: &Settings) -> Aside {
        Aside {
            config: self.inner.config.clone(),
            region: self.inner.region.clone(),
            path_style: self.inner.path_style,
            endpoints: self.inner.endpoints.clone(),
            tracer: self.inner.tracer.clone(),
            proxy: settings.proxy.clone(),
        }
    }
}

impl Aside {
    /// For calls that are of no use later than that, and that whoever makes them makes again. They are few,
    /// and this thread's: they are not held back with the others.
    pub fn connect(self, within: Duration) -> Result<Aws> {
        throttle::hurry();
        let timeouts = TimeoutConfig::builder().connect_timeout(within / 2).operation_attempt_timeout(within);
        let retries = RetryConfig::standard().with_max_attempts(2).with_initial_backoff(within / 10);
        let config = self.config.into_builder().http_client(http::client(self.proxy.as_deref())?);
        let config = config.timeout_config(timeouts.build()).retry_config(retries).build();
        let inner = Inner {
            config,
            region: self.region,
            path_style: self.path_style,
            endpoints: self.endpoints,
            tracer: self.tracer,
            clients: Clients::default(),
            s3: std::cell::OnceCell::new(),
            account: Rc::default(),
            memo: RefCell::new(HashMap::new()),
        };
        Ok(Aws { inner: Rc::new(inner), exact: true, completes: false, default_tags: Rc::default() })
    }
}
