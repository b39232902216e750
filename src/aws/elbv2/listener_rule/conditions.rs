//! Which requests a rule is for.

use aws_sdk_elasticloadbalancingv2::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::stated;
use crate::aws::{Error, Result};
use crate::lang::Value;
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::{Cidr, One, Set};

/// One condition: exactly one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// By the host.
    #[serde(default)]
    pub host_header: One<Values>,
    /// By a header.
    #[serde(default)]
    pub http_header: One<Header>,
    /// By the method.
    #[serde(default)]
    pub http_request_method: One<Methods>,
    /// By the path.
    #[serde(default)]
    pub path_pattern: One<Values>,
    /// By what stands behind the `?`.
    #[serde(default)]
    pub query_string: Set<Pair>,
    /// By the client's address.
    #[serde(default)]
    pub source_ip: One<Ranges>,
}

/// One of several patterns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// One of these; `*` stands for anything, `?` for one character.
    #[schemars(inner(length(min = 1, max = 128)))]
    pub values: Set<String>,
}

/// A header, and what it may say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The header's name.
    #[schemars(regex(pattern = r"^[0-9A-Za-z_!#$%&'*+,.^`|~-]{1,40}$"))]
    pub http_header_name: String,
    /// One of these; `*` stands for anything, `?` for one character.
    #[schemars(inner(length(min = 1, max = 128)))]
    pub values: Set<String>,
}

/// Methods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Methods {
    /// One of these, such as `GET`.
    #[schemars(inner(regex(pattern = "^[A-Za-z_-]{1,40}$")))]
    pub values: Set<String>,
}

/// A parameter of the query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Its name; any where none is given.
    pub key: Option<String>,
    /// What it says; `*` stands for anything, `?` for one character.
    pub value: String,
}

/// Ranges of addresses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ranges {
    /// One of these, such as `192.0.2.0/24`.
    pub values: Set<Cidr>,
}

/// Attribute, and AWS's name of it.
const SORTS: [(&str, &str); 6] = [
    ("host_header", "host-header"),
    ("http_header", "http-header"),
    ("http_request_method", "http-request-method"),
    ("path_pattern", "path-pattern"),
    ("query_string", "query-string"),
    ("source_ip", "source-ip"),
];

/// Each condition has to say one thing.
pub fn check(plan: &mut Adjust) {
    let Some(all) = plan.config("condition").and_then(Value::as_items) else { return };
    let names = || SORTS.map(|it| format!("`{}`", it.0)).join(", ");
    let wrong = all.iter().filter_map(|it| {
        let said = |name: &&str| it.get(name).is_some_and(|it| !is_nothing(it));
        let said: Vec<&str> = SORTS.iter().map(|it| it.0).filter(said).collect();
        match said[..] {
            [] if !it.wholly_known() => None,
            [] => Some(format!("a condition says nothing: give it one of {}", names())),
            [_] => None,
            [one, other, ..] => Some(format!(
                "a condition has both `{one}` and `{other}`: write two conditions, which both have to hold"
            )),
        }
    });
    let wrong: Vec<String> = wrong.collect();
    wrong.into_iter().for_each(|it| plan.error("condition", it));
}

impl Condition {
    pub fn sent(&self) -> Result<sdk::RuleCondition> {
        let list = |it: &Set<String>| Some(it.0.clone());
        let out = sdk::RuleCondition::builder();
        let (field, out) = if let Some(it) = self.host_header.as_ref() {
            let config = sdk::HostHeaderConditionConfig::builder().set_values(list(&it.values));
            ("host-header", out.host_header_config(config.build()))
        } else if let Some(it) = self.http_header.as_ref() {
            let config = sdk::HttpHeaderConditionConfig::builder().http_header_name(&it.http_header_name);
            ("http-header", out.http_header_config(config.set_values(list(&it.values)).build()))
        } else if let Some(it) = self.http_request_method.as_ref() {
            let config = sdk::HttpRequestMethodConditionConfig::builder().set_values(list(&it.values));
            ("http-request-method", out.http_request_method_config(config.build()))
        } else if let Some(it) = self.path_pattern.as_ref() {
            let config = sdk::PathPatternConditionConfig::builder().set_values(list(&it.values));
            ("path-pattern", out.path_pattern_config(config.build()))
        } else if let Some(it) = self.source_ip.as_ref() {
            let values = it.values.iter().map(|it| it.0.clone()).collect();
            let config = sdk::SourceIpConditionConfig::builder().set_values(Some(values));
            ("source-ip", out.source_ip_config(config.build()))
        } else if !self.query_string.is_empty() {
            let pairs = self.query_string.iter().map(Pair::sent).collect();
            let config = sdk::QueryStringConditionConfig::builder().set_values(Some(pairs));
            ("query-string", out.query_string_config(config.build()))
        } else {
            return Err(Error::Invalid("a condition of the rule says nothing".to_owned()));
        };
        Ok(out.field(field).build())
    }

    pub fn seen(it: sdk::RuleCondition) -> Self {
        let list = |it: Option<Vec<String>>| Set(it.unwrap_or_default());
        let values = |it: Option<Vec<String>>| Values { values: list(it) };
        let pair =
            |it: sdk::QueryStringKeyValuePair| Pair { key: it.key, value: it.value.unwrap_or_default() };
        let header = |it: sdk::HttpHeaderConditionConfig| Header {
            http_header_name: it.http_header_name.unwrap_or_default(),
            values: list(it.values),
        };
        let ranges = |it: sdk::SourceIpConditionConfig| Ranges {
            values: it.values.unwrap_or_default().into_iter().map(Cidr).collect(),
        };
        let pairs = it.query_string_config.and_then(|it| it.values).unwrap_or_default();
        Condition {
            host_header: One(it.host_header_config.map(|it| values(it.values))),
            http_header: One(it.http_header_config.map(header)),
            http_request_method: One(it
                .http_request_method_config
                .map(|it| Methods { values: list(it.values) })),
            path_pattern: One(it.path_pattern_config.map(|it| values(it.values))),
            query_string: pairs.into_iter().map(pair).collect(),
            source_ip: One(it.source_ip_config.map(ranges)),
        }
    }
}

impl Pair {
    fn sent(&self) -> sdk::QueryStringKeyValuePair {
        let key = stated(&self.key).map(str::to_owned);
        sdk::QueryStringKeyValuePair::builder().set_key(key).value(&self.value).build()
    }
}
