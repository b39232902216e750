//! What a listener does with a request: the actions of listeners and rules.
//!
//! Both have the same blocks. What a listener leaves to AWS, a rule has defaults for: the types of those
//! attributes are parameters (`T` of texts, `N` of numbers).

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated;
use crate::aws::shape::{Seen, Sent, seen, sent};
use crate::resource::*;

mod authenticate;
mod forward;
mod kept;
pub mod planned;

pub use authenticate::{Cognito, Oidc};
pub use forward::Forward;

/// An action of a listener.
pub type OfListener = Action<Chosen<Option<String>>, Chosen<Option<i64>>>;
/// An action of a rule.
pub type OfRule = Action<Option<String>, Option<i64>>;

/// One thing to do with a request: `type` names it, and the block of that name says how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>, N: Deserialize<'de>"))]
pub struct Action<T, N> {
    /// `forward`, `redirect`, `fixed-response`, `authenticate-cognito` or `authenticate-oidc`.
    #[schemars(extend("enum" = ["forward", "authenticate-oidc", "authenticate-cognito", "redirect", "fixed-response"], "format" = "caseless"))]
    pub r#type: String,
    /// Its place among the actions, from 1.
    #[schemars(range(min = 1, max = 50000))]
    pub order: Chosen<Option<i64>>,
    /// For `forward`: the target group, where there is but one.
    #[schemars(regex(pattern = "^(arn:|$)"))]
    pub target_group_arn: Option<String>,
    /// For `forward`: several target groups.
    #[serde(default)]
    pub forward: One<Forward>,
    /// For `redirect`: where to.
    #[serde(default)]
    pub redirect: One<Redirect>,
    /// For `fixed-response`: the answer.
    #[serde(default)]
    pub fixed_response: One<FixedResponse>,
    /// For `authenticate-cognito`: who may go on.
    #[serde(default)]
    pub authenticate_cognito: One<Cognito<T, N>>,
    /// For `authenticate-oidc`: who may go on.
    #[serde(default)]
    pub authenticate_oidc: One<Oidc<T, N>>,
}

/// Send the client elsewhere. What is not said stays as the client asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// `HTTP_301` for good, `HTTP_302` for now.
    #[schemars(extend("enum" = ["HTTP_301", "HTTP_302"]))]
    pub status_code: String,
    /// `HTTP` or `HTTPS`.
    #[schemars(extend("enum" = ["#{protocol}", "HTTP", "HTTPS"], "default" = "#{protocol}"))]
    pub protocol: Option<String>,
    /// The host.
    #[schemars(length(min = 1, max = 128), extend("default" = "#{host}"))]
    pub host: Option<String>,
    /// The port.
    #[schemars(extend("default" = "#{port}"))]
    pub port: Option<String>,
    /// The path, from `/` on.
    #[schemars(length(min = 1, max = 128), extend("default" = "/#{path}"))]
    pub path: Option<String>,
    /// What stands behind the `?`.
    #[schemars(length(min = 0, max = 128), extend("default" = "#{query}"))]
    pub query: Option<String>,
}
crate::mirror!(Redirect = sdk::RedirectActionConfig { status_code, protocol, host, port, path, query });

/// Answer without asking anybody.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedResponse {
    /// What the body is.
    #[schemars(extend("enum" = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"]))]
    pub content_type: String,
    /// The body.
    #[schemars(length(max = 1024))]
    pub message_body: Option<String>,
    /// The status, of 200 to 599 but for redirects.
    #[schemars(regex(pattern = r"^[245]\d\d$"))]
    pub status_code: Chosen<Option<String>>,
}
crate::mirror!(FixedResponse = sdk::FixedResponseActionConfig { content_type, message_body, status_code });

impl<T: Sent<String> + Seen<String>, N: Sent<i64> + Seen<i64>> Action<T, N> {
    /// As AWS takes it: where no order is said, its place is it. Only the block of its type counts.
    fn sent(&self, place: i32) -> sdk::Action {
        let kind = self.r#type.to_lowercase();
        let order = sent(&self.order).filter(|it: &i32| *it != 0);
        let action = sdk::Action::builder().r#type(kind.as_str().into()).order(order.unwrap_or(place));
        let action = match kind.as_str() {
            "forward" => action
                .set_target_group_arn(stated(&self.target_group_arn).map(str::to_owned))
                .set_forward_config(self.forward.as_ref().map(Forward::sent)),
            "redirect" => action.set_redirect_config(self.redirect.as_ref().map(Into::into)),
            "fixed-response" => {
                action.set_fixed_response_config(self.fixed_response.as_ref().map(Into::into))
            }
            "authenticate-cognito" => {
                action.set_authenticate_cognito_config(self.authenticate_cognito.as_ref().map(Cognito::sent))
            }
            "authenticate-oidc" => {
                action.set_authenticate_oidc_config(self.authenticate_oidc.as_ref().map(Oidc::sent))
            }
            _ => action,
        };
        action.build()
    }

    fn seen(it: sdk::Action) -> Self {
        Action {
            r#type: seen(it.r#type),
            order: seen(it.order),
            target_group_arn: it.target_group_arn,
            forward: One(it.forward_config.map(Forward::seen)),
            redirect: One(it.redirect_config.map(Redirect::from)),
            fixed_response: One(it.fixed_response_config.map(FixedResponse::from)),
            authenticate_cognito: One(it.authenticate_cognito_config.map(Cognito::seen)),
            authenticate_oidc: One(it.authenticate_oidc_config.map(Oidc::seen)),
        }
    }
}

/// All of them, as AWS takes them.
pub fn all_sent<T: Sent<String> + Seen<String>, N: Sent<i64> + Seen<i64>>(
    all: &[Action<T, N>],
) -> Vec<sdk::Action> {
    all.iter().zip(1..).map(|(it, place)| it.sent(place)).collect()
}

/// All of them in their order, as AWS tells them.
pub fn all_seen<T: Sent<String> + Seen<String>, N: Sent<i64> + Seen<i64>>(
    all: Option<Vec<sdk::Action>>,
) -> Vec<Action<T, N>> {
    let mut all = all.unwrap_or_default();
    all.sort_by_key(|it| it.order.unwrap_or_default());
    all.into_iter().map(Action::seen).collect()
}

pub use kept::kept;
