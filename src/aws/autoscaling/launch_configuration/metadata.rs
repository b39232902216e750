//! What an instance of a launch configuration can learn about itself.

use aws_sdk_autoscaling::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::blocks::{Asked, asked, shows};
use crate::resource::*;

/// What an instance can learn about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// `enabled` or `disabled`.
    #[schemars(extend("enum" = ["enabled", "disabled"]))]
    pub http_endpoint: Chosen<Fixed<Option<String>>>,
    /// Whether only sessions are answered (IMDSv2): `required` or `optional`.
    #[schemars(extend("enum" = ["optional", "required"]))]
    pub http_tokens: Chosen<Fixed<Option<String>>>,
    /// How many hops an answer may take; containers need 2.
    #[schemars(range(min = 1, max = 64))]
    pub http_put_response_hop_limit: Chosen<Fixed<Option<i64>>>,
}

// The rest is refused where it is off.
impl Asked<sdk::InstanceMetadataOptions> for Metadata {
    fn asked(&self) -> Option<sdk::InstanceMetadataOptions> {
        let nothing = sdk::InstanceMetadataOptions::builder();
        let it = nothing.clone().set_http_endpoint(asked(&self.http_endpoint));
        let it = match self.http_endpoint.as_deref() {
            Some("disabled") => it,
            _ => it
                .set_http_tokens(asked(&self.http_tokens))
                .set_http_put_response_hop_limit(asked(&self.http_put_response_hop_limit)),
        };
        Some(it).filter(|it| *it != nothing).map(|it| it.build())
    }
}
shows!(Metadata => sdk::InstanceMetadataOptions { http_endpoint, http_tokens, http_put_response_hop_limit });

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(endpoint: Option<&str>, tokens: Option<&str>) -> Option<(Option<String>, Option<String>)> {
        let text = |it: Option<&str>| Chosen(Fixed(it.map(str::to_owned)));
        let (http_endpoint, http_tokens) = (text(endpoint), text(tokens));
        let it = Metadata { http_endpoint, http_tokens, ..Metadata::default() };
        let it: sdk::InstanceMetadataOptions = it.asked()?;
        let word = |it: Option<&str>| it.map(str::to_owned);
        Some((
            word(it.http_endpoint.as_ref().map(|it| it.as_str())),
            word(it.http_tokens.as_ref().map(|it| it.as_str())),
        ))
    }

    #[test]
    fn what_is_off_says_nothing_more() {
        let words = |endpoint: &str, tokens: &str| {
            let word = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
            Some((word(endpoint), word(tokens)))
        };
        assert_eq!(sent(Some("enabled"), Some("required")), words("enabled", "required"));
        assert_eq!(sent(Some("disabled"), Some("required")), words("disabled", ""));
        assert_eq!(sent(None, Some("required")), words("", "required"));
        assert_eq!(sent(None, None), None);
    }
}
