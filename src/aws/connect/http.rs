//! The connections: one pool for all clients of the process.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::runtime::{Handle, Id};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{retry, throttle};
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
    // For answers that begin and do not end.
    let longest = settings.read_timeout().unwrap_or(SILENCE).mul_f64(1.5);
    SharedHttpConnector::new(Paced { inner: SharedHttpConnector::new(builder.build()), longest })
}

/// How long an answer may take to begin, where nothing says otherwise.
pub(super) const SILENCE: Duration = Duration::from_secs(60);

/// How many calls are under way at a time, in the whole process. Each holds a connection, which stays open for the
/// next one: they are fewer than the files that a process may have open (256, where macOS starts it).
const AT_ONCE: usize = 100;

static FREE: Semaphore = Semaphore::const_new(AT_ONCE);

/// Sends calls at the pace that their service takes, and reads answers to their end: one that is cut off
/// is no answer. Tells with each answer, and each failure, which attempt at its call it was.
#[derive(Debug)]
struct Paced {
    inner: SharedHttpConnector,
    /// For a whole answer.
    longest: Duration,
}

impl HttpConnector for Paced {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, longest) = (self.inner.clone(), self.longest);
        HttpConnectorFuture::new(async move {
            let attempt = attempt_of(&request);
            let place = throttle::Place::of(&request);
            if let Some(it) = &place {
                it.pass().await;
            }
            // Who is in a hurry waits for nobody.
            let _place = if throttle::is_in_a_hurry() { None } else { FREE.acquire().await.ok() };
            let answer = async { whole(inner.call(request).await?).await };
            let late = |it| Err(ConnectorError::timeout(Box::new(it)));
            match timeout(longest, answer).await.unwrap_or_else(late) {
                Ok(mut response) => {
                    response.headers_mut().insert(ATTEMPT, attempt.to_string());
                    if let Some(place) = place {
                        let wordless = place.is_wordless(response.status().as_u16());
                        let refused = wordless || retry::is_refused_as_too_fast(&response);
                        place.answered(refused);
                        if refused {
                            response.add_extension(place);
                        }
                    }
                    Ok(response)
                }
                Err(failure) => Err(numbered(failure, attempt)),
            }
        })
    }
}

async fn whole(mut response: HttpResponse) -> std::result::Result<HttpResponse, ConnectorError> {
    let body = ByteStream::new(response.take_body()).collect().await;
    let body = body.map_err(|it| ConnectorError::io(Box::new(it)))?;
    *response.body_mut() = SdkBody::from(body.into_bytes());
    Ok(response)
}

const ATTEMPT: &str = "x-infra-attempt";

/// Which attempt this is, not counting those that AWS refused as too fast: those say nothing of failures. The SDK
/// counts all in a header: `amz-sdk-request: ttl=…; attempt=3; max=25`.
fn attempt_of(request: &HttpRequest) -> u32 {
    let text = request.headers().get("amz-sdk-request").unwrap_or_default();
    let number = text.split(';').find_map(|it| it.trim().strip_prefix("attempt="));
    let number: u32 = number.and_then(|it| it.parse().ok()).unwrap_or(1);
    let refused = request.extension::<throttle::Call>().map_or(0, |it| it.refused);
    number.saturating_sub(refused).max(1)
}

/// Which attempt at its call this is the answer to, from 1; as [`attempt_of`] counts.
pub(super) fn answered_attempt(response: &HttpResponse) -> u32 {
    response.headers().get(ATTEMPT).and_then(|it| it.parse().ok()).unwrap_or(1)
}

/// A failure to get an answer, with the number of the attempt.
#[derive(Debug)]
pub(super) struct Failure {
    pub attempt: u32,
    source: BoxError,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

fn numbered(failure: ConnectorError, attempt: u32) -> ConnectorError {
    let (io, timeout, user) = (failure.is_io(), failure.is_timeout(), failure.is_user());
    let (kind, connection) = (failure.as_other(), failure.connection_metadata().cloned());
    let source: BoxError = Box::new(Failure { attempt, source: failure.into_source() });
    let again = match () {
        () if timeout => ConnectorError::timeout(source),
        () if io => ConnectorError::io(source),
        () if user => ConnectorError::user(source),
        () => ConnectorError::other(source, kind),
    };
    match connection {
        Some(it) => again.with_connection(it),
        None => again,
    }
}
