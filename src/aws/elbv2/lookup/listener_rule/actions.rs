//! What a rule does with a request.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::resource::{Computed, Set, Tags};

/// One thing that is done with a request: `type` names it, and the block of that name says how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// `forward`, `redirect`, `fixed-response`, `authenticate-cognito` or `authenticate-oidc`.
    pub r#type: Computed<String>,
    /// Its place among the actions, from 1.
    pub order: Computed<Option<i64>>,
    /// The target groups that are handed requests, be it only one.
    pub forward: Option<Forward>,
    /// Where clients are sent.
    pub redirect: Option<Redirect>,
    /// The answer that is given without asking anybody.
    pub fixed_response: Option<FixedResponse>,
    /// The user pool that has to know who goes on.
    pub authenticate_cognito: Option<Cognito>,
    /// The OpenID provider that has to know who goes on.
    pub authenticate_oidc: Option<Oidc>,
}

/// Target groups that are handed requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    /// The target groups.
    #[serde(default)]
    pub target_group: Set<Weighted>,
    /// Whether requests of one client go to one target group.
    pub stickiness: Option<Sticky>,
}

/// One of the target groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weighted {
    /// Its ARN.
    pub arn: Computed<Option<String>>,
    /// Its share, beside the weights of the others.
    pub weight: Computed<Option<i64>>,
}

/// Whether requests of one client go to one target group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sticky {
    /// For so many seconds.
    pub duration: Computed<Option<i64>>,
    /// Whether it is done.
    pub enabled: Computed<Option<bool>>,
}

/// Where clients are sent. What stands in `#{…}` stays as the client asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// `HTTP_301` for good, `HTTP_302` for now.
    pub status_code: Computed<String>,
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: Computed<Option<String>>,
    /// The host.
    pub host: Computed<Option<String>>,
    /// The port.
    pub port: Computed<Option<String>>,
    /// The path, from `/` on.
    pub path: Computed<Option<String>>,
    /// What stands behind the `?`.
    pub query: Computed<Option<String>>,
}

/// An answer that is given without asking anybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedResponse {
    /// What the body is, such as `text/plain`.
    pub content_type: Computed<Option<String>>,
    /// The body.
    pub message_body: Computed<Option<String>>,
    /// The status.
    pub status_code: Computed<Option<String>>,
}

/// A user pool that has to know who goes on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cognito {
    /// The user pool.
    pub user_pool_arn: Computed<Option<String>>,
    /// The pool's client.
    pub user_pool_client_id: Computed<Option<String>>,
    /// The pool's domain, or the beginning of it.
    pub user_pool_domain: Computed<Option<String>>,
    /// Further parameters of the redirect.
    pub authentication_request_extra_params: Computed<Option<Tags>>,
    /// What happens to those that nobody knows: `authenticate`, `allow` or `deny`.
    pub on_unauthenticated_request: Computed<String>,
    /// What is asked about the user.
    pub scope: Computed<Option<String>>,
    /// The cookie that holds the session.
    pub session_cookie_name: Computed<Option<String>>,
    /// Seconds for which a session lasts at most.
    pub session_timeout: Computed<Option<i64>>,
}

/// An OpenID provider that has to know who goes on. The client's secret is not told.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The provider.
    pub issuer: Computed<Option<String>>,
    /// Where users log in.
    pub authorization_endpoint: Computed<Option<String>>,
    /// Where tokens are given.
    pub token_endpoint: Computed<Option<String>>,
    /// Where it is told who a user is.
    pub user_info_endpoint: Computed<Option<String>>,
    /// The provider's name of the client.
    pub client_id: Computed<Option<String>>,
    /// Further parameters of the redirect.
    pub authentication_request_extra_params: Computed<Option<Tags>>,
    /// What happens to those that nobody knows: `authenticate`, `allow` or `deny`.
    pub on_unauthenticated_request: Computed<String>,
    /// What is asked about the user.
    pub scope: Computed<Option<String>>,
    /// The cookie that holds the session.
    pub session_cookie_name: Computed<Option<String>>,
    /// Seconds for which a session lasts at most.
    pub session_timeout: Computed<Option<i64>>,
}

impl Action {
    pub fn seen(it: sdk::Action) -> Self {
        Action {
            r#type: seen(it.r#type),
            order: seen(it.order),
            forward: it.forward_config.map(Forward::seen),
            redirect: it.redirect_config.map(Redirect::seen),
            fixed_response: it.fixed_response_config.map(FixedResponse::seen),
            authenticate_cognito: it.authenticate_cognito_config.map(Cognito::seen),
            authenticate_oidc: it.authenticate_oidc_config.map(Oidc::seen),
        }
    }
}

impl Forward {
    fn seen(it: sdk::ForwardActionConfig) -> Self {
        let group =
            |it: sdk::TargetGroupTuple| Weighted { arn: seen(it.target_group_arn), weight: seen(it.weight) };
        let sticky = |it: sdk::TargetGroupStickinessConfig| Sticky {
            duration: seen(it.duration_seconds),
            enabled: seen(it.enabled),
        };
        Forward {
            target_group: it.target_groups.unwrap_or_default().into_iter().map(group).collect(),
            stickiness: it.target_group_stickiness_config.map(sticky),
        }
    }
}

impl Redirect {
    fn seen(it: sdk::RedirectActionConfig) -> Self {
        Redirect {
            status_code: seen(it.status_code),
            protocol: seen(it.protocol),
            host: seen(it.host),
            port: seen(it.port),
            path: seen(it.path),
            query: seen(it.query),
        }
    }
}

impl FixedResponse {
    fn seen(it: sdk::FixedResponseActionConfig) -> Self {
        FixedResponse {
            content_type: seen(it.content_type),
            message_body: seen(it.message_body),
            status_code: seen(it.status_code),
        }
    }
}

impl Cognito {
    fn seen(it: sdk::AuthenticateCognitoActionConfig) -> Self {
        Cognito {
            user_pool_arn: seen(it.user_pool_arn),
            user_pool_client_id: seen(it.user_pool_client_id),
            user_pool_domain: seen(it.user_pool_domain),
            authentication_request_extra_params: parameters(it.authentication_request_extra_params),
            on_unauthenticated_request: seen(it.on_unauthenticated_request),
            scope: seen(it.scope),
            session_cookie_name: seen(it.session_cookie_name),
            session_timeout: seen(it.session_timeout),
        }
    }
}

impl Oidc {
    fn seen(it: sdk::AuthenticateOidcActionConfig) -> Self {
        Oidc {
            issuer: seen(it.issuer),
            authorization_endpoint: seen(it.authorization_endpoint),
            token_endpoint: seen(it.token_endpoint),
            user_info_endpoint: seen(it.user_info_endpoint),
            client_id: seen(it.client_id),
            authentication_request_extra_params: parameters(it.authentication_request_extra_params),
            on_unauthenticated_request: seen(it.on_unauthenticated_request),
            scope: seen(it.scope),
            session_cookie_name: seen(it.session_cookie_name),
            session_timeout: seen(it.session_timeout),
        }
    }
}

fn parameters(it: Option<HashMap<String, String>>) -> Computed<Option<Tags>> {
    it.map(|it| it.into_iter().collect::<Tags>()).into()
}
