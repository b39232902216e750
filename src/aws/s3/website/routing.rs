//! Requests to a bucket's site that go elsewhere: as blocks, and as the JSON document of the same meaning.

use aws_sdk_s3::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::s3::bucket::routing;
use crate::aws::{Error, Result};
use crate::mirror;
use crate::resource::{Json, One};

/// Requests that go elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Which requests; all where this says nothing.
    #[serde(default)]
    pub condition: One<Condition>,
    /// Where they go.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub redirect: One<Redirect>,
}

/// Which requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Those that would be answered with this status code, such as `404`.
    pub http_error_code_returned_equals: Option<String>,
    /// Those for keys that begin with this.
    pub key_prefix_equals: Option<String>,
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redirect {
    /// The other site's name.
    pub host_name: Option<String>,
    /// The status code of the answer, such as `301`.
    pub http_redirect_code: Option<String>,
    /// `http` or `https`.
    #[schemars(extend("enum" = ["http", "https"]))]
    pub protocol: Option<String>,
    /// What stands instead of `key_prefix_equals`.
    pub replace_key_prefix_with: Option<String>,
    /// What stands instead of the whole key.
    pub replace_key_with: Option<String>,
}

mirror!(Condition = sdk::Condition { http_error_code_returned_equals, key_prefix_equals });
mirror!(
    Redirect =
        sdk::Redirect { host_name, http_redirect_code, protocol, replace_key_prefix_with, replace_key_with }
);

/// Without what says nothing: S3 refuses an empty protocol or code.
fn stated(it: &Option<String>) -> Option<String> {
    it.clone().filter(|it| !it.is_empty())
}

impl RoutingRule {
    pub(super) fn sent(&self) -> sdk::RoutingRule {
        let condition = self.condition.as_ref().map(|it| {
            sdk::Condition::from(&Condition {
                http_error_code_returned_equals: stated(&it.http_error_code_returned_equals),
                key_prefix_equals: stated(&it.key_prefix_equals),
            })
        });
        let redirect = self.redirect.as_ref().map(|it| {
            sdk::Redirect::from(&Redirect {
                host_name: stated(&it.host_name),
                http_redirect_code: stated(&it.http_redirect_code),
                protocol: stated(&it.protocol),
                replace_key_prefix_with: stated(&it.replace_key_prefix_with),
                replace_key_with: stated(&it.replace_key_with),
            })
        });
        sdk::RoutingRule::builder().set_condition(condition).set_redirect(redirect).build()
    }
}

impl From<sdk::RoutingRule> for RoutingRule {
    fn from(it: sdk::RoutingRule) -> Self {
        RoutingRule {
            condition: One(it.condition.map(Condition::from)),
            redirect: One(it.redirect.map(Redirect::from)),
        }
    }
}

/// The rules as the document; `None` where there are none.
pub(super) fn document(rules: &[sdk::RoutingRule]) -> Option<Json> {
    let all = rules.iter().cloned().map(routing);
    (!rules.is_empty()).then(|| Json(serde_json::Value::from_iter(all).to_string()))
}

/// The rules that the document says.
pub(super) fn parse(document: &Json) -> Result<Vec<sdk::RoutingRule>> {
    let wrong = |why: &str| Error::Invalid(format!("`routing_rules`: {why}"));
    let all: serde_json::Value = serde_json::from_str(document).map_err(|it| wrong(&it.to_string()))?;
    let all = all.as_array().ok_or_else(|| wrong("not a list of rules"))?;
    let rule = |it: &serde_json::Value| {
        let part = |part: &str, name: &str| {
            let found = it.get(part).and_then(|it| it.get(name)).and_then(serde_json::Value::as_str);
            found.filter(|it| !it.is_empty()).map(str::to_owned)
        };
        let redirect = Redirect {
            host_name: part("Redirect", "HostName"),
            http_redirect_code: part("Redirect", "HttpRedirectCode"),
            protocol: part("Redirect", "Protocol"),
            replace_key_prefix_with: part("Redirect", "ReplaceKeyPrefixWith"),
            replace_key_with: part("Redirect", "ReplaceKeyWith"),
        };
        let condition = Condition {
            http_error_code_returned_equals: part("Condition", "HttpErrorCodeReturnedEquals"),
            key_prefix_equals: part("Condition", "KeyPrefixEquals"),
        };
        sdk::RoutingRule::builder()
            .set_condition(it.get("Condition").map(|_| (&condition).into()))
            .redirect((&redirect).into())
            .build()
    };
    Ok(all.iter().map(rule).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_says_what_the_blocks_say() {
        let text = r#"[{"Condition":{"KeyPrefixEquals":"old/"},"Redirect":{"HttpRedirectCode":"302","ReplaceKeyPrefixWith":"new/"}}]"#;
        let rules = parse(&Json::from(text)).expect("rules");
        let said: serde_json::Value = serde_json::from_str(text).expect("json");
        let back: serde_json::Value = serde_json::from_str(&document(&rules).expect("some")).expect("json");
        assert_eq!(back, said);
        let block = RoutingRule::from(rules[0].clone());
        assert_eq!(block.condition.as_ref().and_then(|it| it.key_prefix_equals.as_deref()), Some("old/"));
        assert_eq!(block.sent(), rules[0]);
        assert!(parse(&Json::from("{}")).is_err());
        assert_eq!(document(&[]), None);
    }
}
