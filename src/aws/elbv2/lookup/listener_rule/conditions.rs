//! Which requests a rule is for.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::shape::seen;
use crate::resource::{Computed, Set};

/// One condition: one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// By the host.
    pub host_header: Option<Values>,
    /// By a header.
    pub http_header: Option<Header>,
    /// By the method.
    pub http_request_method: Option<Values>,
    /// By the path.
    pub path_pattern: Option<Values>,
    /// By what stands behind the `?`.
    pub query_string: Option<Query>,
    /// By the client's address.
    pub source_ip: Option<Values>,
}

/// One of several values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// One of these.
    pub values: Computed<Set<String>>,
}

/// A header, and what it may say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The header's name.
    pub http_header_name: Computed<Option<String>>,
    /// One of these.
    pub values: Computed<Set<String>>,
}

/// What stands behind the `?`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// One of these.
    #[serde(default)]
    pub values: Set<Pair>,
}

/// A parameter of the query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Its name; any where there is none.
    pub key: Computed<Option<String>>,
    /// What it says.
    pub value: Computed<Option<String>>,
}

impl Condition {
    pub fn seen(it: sdk::RuleCondition) -> Self {
        let list = |it: Option<Vec<String>>| Computed(Set(it.unwrap_or_default()));
        let values = |it: Option<Vec<String>>| Values { values: list(it) };
        let header = |it: sdk::HttpHeaderConditionConfig| Header {
            http_header_name: seen(it.http_header_name),
            values: list(it.values),
        };
        let pair = |it: sdk::QueryStringKeyValuePair| Pair { key: seen(it.key), value: seen(it.value) };
        let query = |it: sdk::QueryStringConditionConfig| Query {
            values: it.values.unwrap_or_default().into_iter().map(pair).collect(),
        };
        Condition {
            host_header: it.host_header_config.map(|it| values(it.values)),
            http_header: it.http_header_config.map(header),
            http_request_method: it.http_request_method_config.map(|it| values(it.values)),
            path_pattern: it.path_pattern_config.map(|it| values(it.values)),
            query_string: it.query_string_config.map(query),
            source_ip: it.source_ip_config.map(|it| values(it.values)),
        }
    }
}
