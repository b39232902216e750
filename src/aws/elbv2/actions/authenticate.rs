//! Letting only known users go on.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::stated;
use crate::aws::shape::{Seen, Sent, seen, sent};
use crate::resource::{Chosen, Secret, Tags};

/// Let only users of a Cognito user pool go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>, N: Deserialize<'de>"))]
pub struct Cognito<T, N> {
    /// The user pool.
    #[schemars(regex(pattern = "^arn:"))]
    pub user_pool_arn: String,
    /// The pool's client.
    pub user_pool_client_id: String,
    /// The pool's domain, or the beginning of it.
    pub user_pool_domain: String,
    /// Further parameters of the redirect, ten at most.
    pub authentication_request_extra_params: Option<Tags>,
    /// What happens to those that nobody knows: `authenticate`, `allow` or `deny`.
    #[schemars(extend("enum" = ["deny", "allow", "authenticate"], "format" = "caseless"))]
    pub on_unauthenticated_request: Chosen<Option<String>>,
    /// What is asked about the user.
    #[schemars(extend("default" = "openid"))]
    pub scope: T,
    /// The cookie that holds the session.
    #[schemars(extend("default" = "AWSELBAuthSessionCookie"))]
    pub session_cookie_name: T,
    /// Seconds for which a session lasts at most.
    #[schemars(extend("default" = 604800))]
    pub session_timeout: N,
}

/// Let only users of an OpenID provider go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>, N: Deserialize<'de>"))]
pub struct Oidc<T, N> {
    /// The provider.
    pub issuer: String,
    /// Where users log in.
    pub authorization_endpoint: String,
    /// Where tokens are given.
    pub token_endpoint: String,
    /// Where it is told who a user is.
    pub user_info_endpoint: String,
    /// The provider's name of the client.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret<String>,
    /// Further parameters of the redirect, ten at most.
    pub authentication_request_extra_params: Option<Tags>,
    /// What happens to those that nobody knows: `authenticate`, `allow` or `deny`.
    #[schemars(extend("enum" = ["deny", "allow", "authenticate"], "format" = "caseless"))]
    pub on_unauthenticated_request: Chosen<Option<String>>,
    /// What is asked about the user.
    #[schemars(extend("default" = "openid"))]
    pub scope: T,
    /// The cookie that holds the session.
    #[schemars(extend("default" = "AWSELBAuthSessionCookie"))]
    pub session_cookie_name: T,
    /// Seconds for which a session lasts at most.
    #[schemars(extend("default" = 604800))]
    pub session_timeout: N,
}

fn parameters(it: &Option<Tags>) -> Option<HashMap<String, String>> {
    let it = it.as_ref().filter(|it| !it.is_empty())?;
    Some(it.iter().map(|(k, v)| (k.clone(), v.clone())).collect())
}

fn parameters_seen(it: Option<HashMap<String, String>>) -> Option<Tags> {
    it.filter(|it| !it.is_empty()).map(|it| it.into_iter().collect())
}

fn text<T: Sent<String>>(it: &T) -> Option<String> {
    sent(it).filter(|it: &String| !it.is_empty())
}

fn seconds<N: Sent<i64>>(it: &N) -> Option<i64> {
    sent(it).filter(|it: &i64| *it != 0)
}

impl<T: Sent<String> + Seen<String>, N: Sent<i64> + Seen<i64>> Cognito<T, N> {
    pub fn sent(&self) -> sdk::AuthenticateCognitoActionConfig {
        sdk::AuthenticateCognitoActionConfig::builder()
            .user_pool_arn(&self.user_pool_arn)
            .user_pool_client_id(&self.user_pool_client_id)
            .user_pool_domain(&self.user_pool_domain)
            .set_authentication_request_extra_params(parameters(&self.authentication_request_extra_params))
            .set_on_unauthenticated_request(stated(&self.on_unauthenticated_request).map(Into::into))
            .set_scope(text(&self.scope))
            .set_session_cookie_name(text(&self.session_cookie_name))
            .set_session_timeout(seconds(&self.session_timeout))
            .build()
    }

    pub fn seen(it: sdk::AuthenticateCognitoActionConfig) -> Self {
        Cognito {
            user_pool_arn: seen(it.user_pool_arn),
            user_pool_client_id: seen(it.user_pool_client_id),
            user_pool_domain: seen(it.user_pool_domain),
            authentication_request_extra_params: parameters_seen(it.authentication_request_extra_params),
            on_unauthenticated_request: seen(it.on_unauthenticated_request),
            scope: seen(it.scope),
            session_cookie_name: seen(it.session_cookie_name),
            session_timeout: seen(it.session_timeout),
        }
    }
}

impl<T: Sent<String> + Seen<String>, N: Sent<i64> + Seen<i64>> Oidc<T, N> {
    pub fn sent(&self) -> sdk::AuthenticateOidcActionConfig {
        sdk::AuthenticateOidcActionConfig::builder()
            .issuer(&self.issuer)
            .authorization_endpoint(&self.authorization_endpoint)
            .token_endpoint(&self.token_endpoint)
            .user_info_endpoint(&self.user_info_endpoint)
            .client_id(&self.client_id)
            .client_secret(&self.client_secret.0)
            .set_authentication_request_extra_params(parameters(&self.authentication_request_extra_params))
            .set_on_unauthenticated_request(stated(&self.on_unauthenticated_request).map(Into::into))
            .set_scope(text(&self.scope))
            .set_session_cookie_name(text(&self.session_cookie_name))
            .set_session_timeout(seconds(&self.session_timeout))
            .build()
    }

    /// AWS never tells the secret.
    pub fn seen(it: sdk::AuthenticateOidcActionConfig) -> Self {
        Oidc {
            issuer: seen(it.issuer),
            authorization_endpoint: seen(it.authorization_endpoint),
            token_endpoint: seen(it.token_endpoint),
            user_info_endpoint: seen(it.user_info_endpoint),
            client_id: seen(it.client_id),
            client_secret: Secret(String::new()),
            authentication_request_extra_params: parameters_seen(it.authentication_request_extra_params),
            on_unauthenticated_request: seen(it.on_unauthenticated_request),
            scope: seen(it.scope),
            session_cookie_name: seen(it.session_cookie_name),
            session_timeout: seen(it.session_timeout),
        }
    }
}
