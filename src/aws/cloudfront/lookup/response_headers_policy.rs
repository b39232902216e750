use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named::{Named, id_of};
use crate::aws::cloudfront::{arn, there};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

mod cors;
mod others;
mod security;

pub use cors::*;
pub use others::*;
pub use security::*;

/// Which headers CloudFront adds to answers and takes out of them: a policy that is there already, one of
/// AWS's own or of the account's.
///
/// ```toml
/// [data.aws_cloudfront_response_headers_policy.security]
/// name = "Managed-SecurityHeadersPolicy"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseHeadersPolicy {
    /// Its id; or say `name`.
    pub id: Chosen<Option<String>>,
    /// Its name; those of AWS's own begin with `Managed-`.
    pub name: Chosen<Option<String>>,
    /// The policy's ARN.
    pub arn: Computed<String>,
    /// What it is for.
    pub comment: Computed<Option<String>>,
    /// What pages of other sites may do with the answers.
    pub cors_config: Computed<Vec<Cors>>,
    /// Other headers that are added.
    pub custom_headers_config: Computed<Vec<Added>>,
    /// Its version.
    pub etag: Computed<String>,
    /// Headers that are taken out.
    pub remove_headers_config: Computed<Vec<Removed>>,
    /// Headers that tell browsers to be careful.
    pub security_headers_config: Computed<Vec<Security>>,
    /// Tells browsers how long CloudFront took for what.
    pub server_timing_headers_config: Computed<Vec<Timing>>,
}

impl DataSource for ResponseHeadersPolicy {
    const TYPE: &'static str = "aws_cloudfront_response_headers_policy";
    const READS: Reads = Reads::of(
        &[
            Cost::page("cloudfront:ListResponseHeadersPolicies", 100),
            Cost::each("cloudfront:GetResponseHeadersPolicy"),
        ],
        "the list finds its id by its name; only the answer about one has its version",
    );
    const POOLED: bool = true;

    async fn read(self, aws: &Aws) -> Result<Self> {
        let all = aws.shared("response headers policies of CloudFront", listed(aws));
        let id = id_of("response headers policy", &self.id, &self.name, all).await?;
        let aws = &aws.exactly(true);
        let answer = aws.cloudfront().get_response_headers_policy().id(&id).send().await;
        let missing = || Error::Invalid(format!("there is no response headers policy `{id}`"));
        let answer = there(answer.map_err(Error::from))?.ok_or_else(missing)?;
        let config = answer.response_headers_policy.and_then(|it| it.response_headers_policy_config);
        let config = config.ok_or(Error::Incomplete("the policy"))?;
        Ok(ResponseHeadersPolicy {
            arn: arn(aws, &format!("response-headers-policy/{id}")).await?.into(),
            id: Chosen(Some(id)),
            name: Chosen(Some(config.name)),
            comment: config.comment.into(),
            cors_config: Computed(of(config.cors_config)),
            custom_headers_config: Computed(of(config.custom_headers_config)),
            etag: seen(answer.e_tag),
            remove_headers_config: Computed(of(config.remove_headers_config)),
            security_headers_config: Computed(of(config.security_headers_config)),
            server_timing_headers_config: Computed(of(config.server_timing_headers_config)),
        })
    }
}

/// A part as attributes hold it: in a list of one, or of none where there is none.
fn of<A, T: From<A>>(part: Option<A>) -> Vec<T> {
    part.map(T::from).into_iter().collect()
}

/// The account's, and AWS's own.
async fn listed(aws: &Aws) -> Result<Vec<Named>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_response_headers_policies().set_marker(next);
        let Some(page) = call.send().await?.response_headers_policy_list else { return Ok(out) };
        let each = page.items.unwrap_or_default().into_iter().filter_map(|it| it.response_headers_policy);
        out.extend(each.filter_map(|it| Some((it.response_headers_policy_config?.name, it.id))));
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
