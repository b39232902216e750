//! Sending a request: redirections are followed, what passes is tried again.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use super::Http;
use crate::providers::{Error, Result};

/// As many as the provider follows.
const REDIRECTIONS: usize = 10;

pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// Sends until an answer comes that is no error of the server, as often as `retry` allows.
pub async fn patiently(it: &Http) -> Result<Answer> {
    let connector = connector(it)?;
    let milliseconds = |it: Option<i64>, or: u64| {
        Duration::from_millis(it.and_then(|it| u64::try_from(it).ok()).unwrap_or(or))
    };
    let retry = it.retry.as_ref();
    let most = retry.and_then(|it| it.attempts).unwrap_or_default();
    let mut delay = milliseconds(retry.and_then(|it| it.min_delay_ms), 1000);
    let longest = milliseconds(retry.and_then(|it| it.max_delay_ms), 30_000);
    let mut attempt = 1;
    loop {
        let why = match once(it, &connector).await {
            Ok(answer) if answer.status == 429 || answer.status >= 500 && answer.status != 501 => {
                format!("status {}", answer.status)
            }
            Ok(answer) => return Ok(answer),
            Err(Error::Unreached(text)) => text,
            Err(error) => return Err(error),
        };
        if attempt > most {
            let times = if attempt == 1 { "one attempt".to_owned() } else { format!("{attempt} attempts") };
            return Err(Error::Invalid(format!("no good answer from {} after {times}: {why}", it.url)));
        }
        tokio::time::sleep(delay.min(longest)).await;
        delay = delay.saturating_mul(2);
        attempt += 1;
    }
}

fn connector(it: &Http) -> Result<Connector> {
    let mut builder = Connector::builder()
        .proxy_config(ProxyConfig::from_env())
        .tls_provider(Provider::Rustls(CryptoMode::Ring));
    if let Some(pem) = &it.ca_cert_pem {
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(Error::Invalid("`ca_cert_pem` holds no certificate in PEM".to_owned()));
        }
        let trusted = TrustStore::empty().with_pem_certificate(pem.as_bytes());
        let context = TlsContext::builder().with_trust_store(trusted).build();
        let context = context.map_err(|it| Error::Invalid(format!("`ca_cert_pem` cannot be used: {it}")))?;
        builder = builder.tls_context(context);
    }
    Ok(builder.build())
}

async fn once(it: &Http, connector: &Connector) -> Result<Answer> {
    let timeout = it.request_timeout_ms.and_then(|it| u64::try_from(it).ok()).map(Duration::from_millis);
    match timeout {
        None => follow(it, connector).await,
        Some(time) => tokio::time::timeout(time, follow(it, connector))
            .await
            .unwrap_or_else(|_| Err(Error::Unreached(format!("no answer within {} ms", time.as_millis())))),
    }
}

async fn follow(it: &Http, connector: &Connector) -> Result<Answer> {
    let (mut url, mut method) = (it.url.clone(), it.method.clone().unwrap_or_else(|| "GET".to_owned()));
    let mut body = it.request_body.as_deref();
    let mut foreign = false;
    for _ in 0..=REDIRECTIONS {
        let request = request(it, &url, &method, body, foreign)?;
        let sent = connector.call(request).await;
        let mut response = sent.map_err(|it| Error::Unreached(chain(&it)))?;
        let Some(next) = next(&response) else { return answer(&mut response).await };
        let status = response.status().as_u16();
        let to = resolved(&url, &next);
        foreign |= host(&to) != host(&url);
        if status < 307 {
            body = None;
            method = if method == "HEAD" { method } else { "GET".to_owned() };
        }
        url = to;
    }
    Err(Error::Invalid(format!("{} redirects more than {REDIRECTIONS} times", it.url)))
}

fn request(it: &Http, url: &str, method: &str, body: Option<&str>, foreign: bool) -> Result<HttpRequest> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(Error::Invalid(format!("`{url}` is no address of http or https")));
    }
    let mut out = HttpRequest::new(body.map_or_else(SdkBody::empty, SdkBody::from));
    let wrong = |it: &dyn std::fmt::Display| Error::Invalid(format!("no request can be made of it: {it}"));
    out.set_uri(url).map_err(|it| wrong(&it))?;
    out.set_method(method).map_err(|it| wrong(&it))?;
    let headers = out.headers_mut();
    headers.try_insert("user-agent", "infra").map_err(|it| wrong(&it))?;
    if let Some(body) = body {
        headers.try_insert("content-length", body.len().to_string()).map_err(|it| wrong(&it))?;
    }
    for (name, value) in it.request_headers.iter().flatten() {
        let name = name.to_lowercase();
        let private = ["authorization", "cookie", "host"].contains(&name.as_str());
        if let Some(value) = value.as_ref().filter(|_| !(foreign && private)) {
            headers.try_insert(name, value.clone()).map_err(|it| wrong(&it))?;
        }
    }
    Ok(out)
}

/// Where a redirection leads.
fn next(response: &HttpResponse) -> Option<String> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    response.headers().get("location").filter(|_| redirects).map(str::to_owned)
}

/// Scheme and host, and what follows them.
fn parts(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |it| it + 3);
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |it| start + it);
    url.split_at(end)
}

fn host(url: &str) -> &str {
    parts(url).0
}

/// An address as seen from another one.
fn resolved(from: &str, to: &str) -> String {
    let (base, path) = parts(from);
    match to {
        it if it.contains("://") => it.to_owned(),
        it if it.starts_with("//") => format!("{}:{it}", from.split("://").next().unwrap_or("https")),
        it if it.starts_with('/') => format!("{base}{it}"),
        it => {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
            format!("{base}{folder}{it}")
        }
    }
}

async fn answer(response: &mut HttpResponse) -> Result<Answer> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in response.headers().iter() {
        let all = headers.entry(canonical(name)).or_default();
        *all = if all.is_empty() { value.to_owned() } else { format!("{all}, {value}") };
    }
    let body = std::mem::replace(response.body_mut(), SdkBody::empty());
    let body = ByteStream::new(body).collect().await;
    let body = body.map_err(|it| Error::Unreached(chain(&it)))?.into_bytes().to_vec();
    Ok(Answer { status: response.status().as_u16(), headers, body })
}

/// A header's name as the provider writes it: `Content-Type`.
fn canonical(name: &str) -> String {
    let word = |it: &str| {
        let mut letters = it.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters.map(|it| it.to_ascii_lowercase())).collect::<String>()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

/// An error and its causes.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |it| it.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirections_are_resolved() {
        let to = |it: &str| resolved("https://a.example/b/c?d=/e", it);
        assert_eq!(to("x"), "https://a.example/b/x");
        assert_eq!(to("/x"), "https://a.example/x");
        assert_eq!(to("//b.example/x"), "https://b.example/x");
        assert_eq!(to("http://c.example"), "http://c.example");
        assert_eq!(resolved("https://a.example", "x"), "https://a.example/x");
        assert_eq!(canonical("x-amz-REQUEST-id"), "X-Amz-Request-Id");
    }
}
