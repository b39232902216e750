//! Where a distribution gets its answers from.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::behavior::stated;
use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen, sent};
use crate::resource::{One, Set};

/// Where answers come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Its name within the distribution.
    #[schemars(length(min = 1))]
    pub origin_id: String,
    /// Its domain name, such as a bucket's `bucket_regional_domain_name`.
    #[schemars(length(min = 1))]
    pub domain_name: String,
    /// What is put before the paths that are asked for, such as `/production`.
    #[serde(default)]
    pub origin_path: String,
    /// Id of the origin access control by which requests are signed.
    #[schemars(length(min = 1))]
    pub origin_access_control_id: Option<String>,
    /// How often it is tried to connect.
    #[serde(default = "three")]
    #[schemars(range(min = 1, max = 3))]
    pub connection_attempts: i64,
    /// Seconds that each try may take.
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 10))]
    pub connection_timeout: i64,
    /// Headers that are put into requests.
    #[serde(default)]
    pub custom_header: Set<CustomHeader>,
    /// How to reach one that is no bucket.
    #[serde(default)]
    pub custom_origin_config: One<CustomOrigin>,
    /// A region whose cache all others ask before they ask the origin.
    #[serde(default)]
    pub origin_shield: One<Shield>,
    /// How to reach a bucket by an origin access identity.
    #[serde(default)]
    pub s3_origin_config: One<S3Origin>,
    /// How to reach one within a VPC.
    #[serde(default)]
    pub vpc_origin_config: One<VpcOrigin>,
}

/// A header that is put into requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomHeader {
    /// The header's name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// How to reach an origin that is no bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomOrigin {
    /// The port of plain HTTP.
    pub http_port: i64,
    /// The port of HTTPS.
    pub https_port: i64,
    /// `http-only`, `https-only`, or `match-viewer` for what the viewer uses.
    #[schemars(extend("enum" = ["http-only", "https-only", "match-viewer"]))]
    pub origin_protocol_policy: String,
    /// Versions of TLS that may be used: `TLSv1.2`, `TLSv1.1`, `TLSv1` or `SSLv3`.
    #[schemars(inner(regex(pattern = r"^(SSLv3|TLSv1|TLSv1\.1|TLSv1\.2)$")))]
    pub origin_ssl_protocols: Set<String>,
    /// Seconds that a connection is kept open.
    #[serde(default = "five")]
    #[schemars(range(min = 1))]
    pub origin_keepalive_timeout: i64,
    /// Seconds that an answer may take.
    #[serde(default = "thirty")]
    #[schemars(range(min = 1, max = 180))]
    pub origin_read_timeout: i64,
}

/// A region whose cache all others ask before they ask the origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shield {
    /// Whether they do.
    pub enabled: bool,
    /// The region: the one nearest to the origin.
    #[schemars(regex(pattern = r"^([a-z]{2}-[a-z-]+-\d)?$"))]
    pub origin_shield_region: Option<String>,
}

/// How to reach a bucket by an origin access identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct S3Origin {
    /// The identity's `cloudfront_access_identity_path`.
    pub origin_access_identity: String,
}

/// How to reach an origin within a VPC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VpcOrigin {
    /// Id of the VPC origin.
    pub vpc_origin_id: String,
    /// Seconds that a connection is kept open.
    #[serde(default = "five")]
    #[schemars(range(min = 1))]
    pub origin_keepalive_timeout: i64,
    /// Seconds that an answer may take.
    #[serde(default = "thirty")]
    #[schemars(range(min = 1))]
    pub origin_read_timeout: i64,
}

/// Two origins, the second of which is asked where the first one fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginGroup {
    /// Its name within the distribution.
    #[schemars(length(min = 1))]
    pub origin_id: String,
    /// What counts as a failure.
    #[serde(default)]
    #[schemars(length(min = 1, max = 1))]
    pub failover_criteria: One<Failover>,
    /// The two, in their order.
    #[serde(default)]
    #[schemars(length(min = 2, max = 2))]
    pub member: Vec<Member>,
}

/// What counts as a failure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failover {
    /// Status codes of answers, such as `502`.
    pub status_codes: Set<i64>,
}

/// An origin of a group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Its `origin_id`.
    pub origin_id: String,
}

fn three() -> i64 {
    3
}
fn five() -> i64 {
    5
}
fn ten() -> i64 {
    10
}
fn thirty() -> i64 {
    30
}

impl Origin {
    pub(super) fn sent(&self) -> Result<sdk::Origin> {
        // One of the three has to be there: the last one may say nothing.
        let plain = self.custom_origin_config.is_none() && self.vpc_origin_config.is_none();
        let identity = self.s3_origin_config.as_ref().map(|it| it.origin_access_identity.as_str());
        let identity = identity.or(plain.then_some(""));
        let it = sdk::Origin::builder()
            .id(&self.origin_id)
            .domain_name(&self.domain_name)
            .origin_path(&self.origin_path)
            .origin_access_control_id(self.origin_access_control_id.as_deref().unwrap_or_default())
            .set_connection_attempts(sent(&self.connection_attempts))
            .set_connection_timeout(sent(&self.connection_timeout))
            .custom_headers(headers(&self.custom_header)?)
            .set_custom_origin_config(self.custom_origin_config.as_ref().map(CustomOrigin::sent).transpose()?)
            .set_origin_shield(self.origin_shield.as_ref().map(Shield::sent).transpose()?)
            .set_s3_origin_config(
                identity.map(|it| sdk::S3OriginConfig::builder().origin_access_identity(it).build()),
            )
            .set_vpc_origin_config(self.vpc_origin_config.as_ref().map(VpcOrigin::sent).transpose()?);
        built(it.build())
    }

    /// A shield that is off, and an identity that is none, are to AWS as if they were not said.
    pub(super) fn as_kept(&mut self, kept: &Origin) {
        let shield = kept.origin_shield.as_ref().filter(|it| !it.enabled);
        if let (None, Some(it)) = (self.origin_shield.as_ref(), shield) {
            self.origin_shield = One(Some(it.clone()));
        }
        let identity = kept.s3_origin_config.as_ref().filter(|it| it.origin_access_identity.is_empty());
        if let (None, Some(it)) = (self.s3_origin_config.as_ref(), identity) {
            self.s3_origin_config = One(Some(it.clone()));
        }
    }
}

fn headers(all: &[CustomHeader]) -> Result<sdk::CustomHeaders> {
    let each = all.iter().map(|it| {
        built(sdk::OriginCustomHeader::builder().header_name(&it.name).header_value(&it.value).build())
    });
    let each = each.collect::<Result<Vec<_>>>()?;
    built(sdk::CustomHeaders::builder().quantity(quantity(&each)).set_items(Some(each)).build())
}

impl CustomOrigin {
    fn sent(&self) -> Result<sdk::CustomOriginConfig> {
        let protocols = self.origin_ssl_protocols.iter().map(|it| it.as_str().into()).collect();
        let versions = sdk::OriginSslProtocols::builder().quantity(quantity(&self.origin_ssl_protocols));
        let it = sdk::CustomOriginConfig::builder()
            .set_http_port(sent(&self.http_port))
            .set_https_port(sent(&self.https_port))
            .origin_protocol_policy(self.origin_protocol_policy.as_str().into())
            .origin_ssl_protocols(built(versions.set_items(Some(protocols)).build())?)
            .set_origin_keepalive_timeout(sent(&self.origin_keepalive_timeout))
            .set_origin_read_timeout(sent(&self.origin_read_timeout));
        built(it.build())
    }
}

impl Shield {
    fn sent(&self) -> Result<sdk::OriginShield> {
        let it = sdk::OriginShield::builder().enabled(self.enabled);
        built(it.set_origin_shield_region(stated(&self.origin_shield_region)).build())
    }
}

impl VpcOrigin {
    fn sent(&self) -> Result<sdk::VpcOriginConfig> {
        let it = sdk::VpcOriginConfig::builder()
            .vpc_origin_id(&self.vpc_origin_id)
            .set_origin_keepalive_timeout(sent(&self.origin_keepalive_timeout))
            .set_origin_read_timeout(sent(&self.origin_read_timeout));
        built(it.build())
    }
}

impl From<sdk::Origin> for Origin {
    fn from(it: sdk::Origin) -> Self {
        let headers = it.custom_headers.and_then(|it| it.items).unwrap_or_default().into_iter();
        let shield = it
            .origin_shield
            .filter(|it| it.enabled)
            .map(|it| Shield { enabled: it.enabled, origin_shield_region: it.origin_shield_region });
        let identity = it.s3_origin_config.filter(|it| !it.origin_access_identity.is_empty());
        let within = it.vpc_origin_config.map(|it| VpcOrigin {
            vpc_origin_id: it.vpc_origin_id,
            origin_keepalive_timeout: seen(it.origin_keepalive_timeout),
            origin_read_timeout: seen(it.origin_read_timeout),
        });
        Origin {
            origin_id: it.id,
            domain_name: it.domain_name,
            origin_path: seen(it.origin_path),
            origin_access_control_id: it.origin_access_control_id,
            connection_attempts: it.connection_attempts.map_or_else(three, i64::from),
            connection_timeout: it.connection_timeout.map_or_else(ten, i64::from),
            custom_header: headers
                .map(|it| CustomHeader { name: it.header_name, value: it.header_value })
                .collect(),
            custom_origin_config: One(it.custom_origin_config.map(CustomOrigin::from)),
            origin_shield: One(shield),
            s3_origin_config: One(
                identity.map(|it| S3Origin { origin_access_identity: it.origin_access_identity })
            ),
            vpc_origin_config: One(within),
        }
    }
}

impl From<sdk::CustomOriginConfig> for CustomOrigin {
    fn from(it: sdk::CustomOriginConfig) -> Self {
        let versions = it.origin_ssl_protocols.map(|it| it.items).unwrap_or_default();
        CustomOrigin {
            http_port: it.http_port.into(),
            https_port: it.https_port.into(),
            origin_protocol_policy: seen(Some(it.origin_protocol_policy)),
            origin_ssl_protocols: versions.iter().map(|it| it.as_str().to_owned()).collect(),
            origin_keepalive_timeout: it.origin_keepalive_timeout.map_or_else(five, i64::from),
            origin_read_timeout: it.origin_read_timeout.map_or_else(thirty, i64::from),
        }
    }
}

impl OriginGroup {
    pub(super) fn sent(&self) -> Result<sdk::OriginGroup> {
        let codes = self.failover_criteria.as_ref().map(|it| it.status_codes.0.clone()).unwrap_or_default();
        let codes: Vec<i32> = codes.iter().filter_map(sent).collect();
        let codes = sdk::StatusCodes::builder().quantity(quantity(&codes)).set_items(Some(codes));
        let criteria = sdk::OriginGroupFailoverCriteria::builder().status_codes(built(codes.build())?);
        let each = self.member.iter();
        let each = each.map(|it| built(sdk::OriginGroupMember::builder().origin_id(&it.origin_id).build()));
        let each = each.collect::<Result<Vec<_>>>()?;
        let members = sdk::OriginGroupMembers::builder().quantity(quantity(&each)).set_items(Some(each));
        let it = sdk::OriginGroup::builder()
            .id(&self.origin_id)
            .failover_criteria(criteria.build())
            .members(built(members.build())?);
        built(it.build())
    }
}

impl From<sdk::OriginGroup> for OriginGroup {
    fn from(it: sdk::OriginGroup) -> Self {
        let codes = it.failover_criteria.and_then(|it| it.status_codes).map(|it| it.items);
        let codes = codes.map(|it| it.into_iter().map(i64::from).collect());
        let members = it.members.map(|it| it.items).unwrap_or_default().into_iter();
        OriginGroup {
            origin_id: it.id,
            failover_criteria: One(codes.map(|status_codes| Failover { status_codes })),
            member: members.map(|it| Member { origin_id: it.origin_id }).collect(),
        }
    }
}
