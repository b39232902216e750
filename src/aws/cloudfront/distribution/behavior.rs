//! How a distribution answers requests: the default behaviour, and those for certain paths.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::forwarded::{DefaultForwarded, Forwarded};
use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen};
use crate::resource::{Chosen, One, Set};

/// A function that runs on requests or answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunctionAssociation {
    /// When it runs: `viewer-request` or `viewer-response`.
    #[schemars(extend("enum" = ["origin-request", "origin-response", "viewer-request", "viewer-response"]))]
    pub event_type: String,
    /// ARN of the function.
    #[schemars(regex(pattern = "^arn:"))]
    pub function_arn: String,
}

/// A Lambda function that runs on requests or answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LambdaAssociation {
    /// When it runs: `viewer-request`, `origin-request`, `origin-response` or `viewer-response`.
    #[schemars(extend("enum" = ["origin-request", "origin-response", "viewer-request", "viewer-response"]))]
    pub event_type: String,
    /// ARN of the function with its version, in us-east-1.
    #[schemars(regex(pattern = "^arn:"))]
    pub lambda_arn: String,
    /// Give it the request's body too.
    #[serde(default)]
    pub include_body: bool,
}

/// Whether gRPC is let through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grpc {
    /// Let it through; it needs HTTP/2 and all methods.
    pub enabled: Chosen<Option<bool>>,
}

/// The two kinds of behaviours differ in their path, and in what AWS may choose.
macro_rules! behaviors {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident {
        forwarded: $forwarded:ty,
        trusted: $trusted:ty,
        $($(#[$own_doc:meta])* $own:ident: String)?
    })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$own_doc])* pub $own: String,)?
            /// The `origin_id` of the origin or group that answers.
            pub target_origin_id: String,
            /// What of plain HTTP: `allow-all`, `https-only` or `redirect-to-https`.
            #[schemars(extend("enum" = ["allow-all", "https-only", "redirect-to-https"]))]
            pub viewer_protocol_policy: String,
            /// Methods that are passed on: `GET` and `HEAD`, these and `OPTIONS`, or all seven.
            pub allowed_methods: Set<String>,
            /// Methods whose answers are kept: `GET` and `HEAD`, or these and `OPTIONS`.
            pub cached_methods: Set<String>,
            /// Id of the cache policy. Without one, `forwarded_values` and the times here say it.
            pub cache_policy_id: Option<String>,
            /// Id of the policy that says what else goes to the origin.
            pub origin_request_policy_id: Option<String>,
            /// Id of the policy that says which headers are put into answers.
            pub response_headers_policy_id: Option<String>,
            /// Id of the configuration of fields that are encrypted.
            pub field_level_encryption_id: Option<String>,
            /// ARN of the configuration of real-time logs.
            #[schemars(regex(pattern = "^(arn:.+)?$"))]
            pub realtime_log_config_arn: Option<String>,
            /// Pack answers for viewers that can unpack them.
            #[serde(default)]
            pub compress: bool,
            /// Media are in Microsoft's Smooth Streaming form.
            pub smooth_streaming: Option<bool>,
            /// The least seconds that an answer is kept; without a cache policy.
            #[serde(default)]
            pub min_ttl: i64,
            /// How many seconds an answer is kept that does not say it itself; without a cache policy.
            pub default_ttl: Chosen<Option<i64>>,
            /// The most seconds that an answer is kept; without a cache policy.
            pub max_ttl: Chosen<Option<i64>>,
            /// Ids of key groups whose signatures viewers need.
            pub trusted_key_groups: $trusted,
            /// Accounts whose signatures viewers need. Better use `trusted_key_groups`.
            pub trusted_signers: $trusted,
            /// What goes to the origin, and tells cached answers apart. Better use a cache policy.
            #[serde(default)]
            pub forwarded_values: One<$forwarded>,
            /// Functions of CloudFront that run.
            #[serde(default)]
            #[schemars(length(max = 2))]
            pub function_association: Set<FunctionAssociation>,
            /// Lambda functions that run.
            #[serde(default)]
            #[schemars(length(max = 4))]
            pub lambda_function_association: Set<LambdaAssociation>,
            /// Whether gRPC is let through.
            #[serde(default)]
            pub grpc_config: Chosen<One<Grpc>>,
        }

        impl $name {
            // CloudFront would rather have policies; times and values of one's own are taken all the same.
            #[allow(deprecated, reason = "the provider's attributes of those names")]
            pub(super) fn sent(&self) -> Result<sdk::$sdk> {
                let text = |it: &Option<String>| it.clone().unwrap_or_default();
                let forwarded = self.forwarded_values.as_ref().map(|it| it.sent()).transpose()?;
                // A cache policy has times of its own.
                let own = self.cache_policy_id.as_deref().unwrap_or_default().is_empty();
                let time = |it: Option<i64>| own.then(|| it.unwrap_or_default());
                let it = sdk::$sdk::builder()
                    $(.path_pattern(&self.$own))?
                    .target_origin_id(&self.target_origin_id)
                    .viewer_protocol_policy(self.viewer_protocol_policy.as_str().into())
                    .allowed_methods(methods(&self.allowed_methods, &self.cached_methods)?)
                    .cache_policy_id(text(&self.cache_policy_id))
                    .origin_request_policy_id(text(&self.origin_request_policy_id))
                    .response_headers_policy_id(text(&self.response_headers_policy_id))
                    .field_level_encryption_id(text(&self.field_level_encryption_id))
                    .set_realtime_log_config_arn(stated(&self.realtime_log_config_arn))
                    .compress(self.compress)
                    .smooth_streaming(self.smooth_streaming.unwrap_or_default())
                    .set_min_ttl(time(Some(self.min_ttl)))
                    .set_default_ttl(time(self.default_ttl.0))
                    .set_max_ttl(time(self.max_ttl.0))
                    .trusted_key_groups(key_groups(self.trusted_key_groups.as_deref().unwrap_or_default())?)
                    .trusted_signers(signers(self.trusted_signers.as_deref().unwrap_or_default())?)
                    .set_forwarded_values(forwarded)
                    .function_associations(functions(&self.function_association)?)
                    .lambda_function_associations(lambdas(&self.lambda_function_association)?)
                    .set_grpc_config(grpc(&self.grpc_config)?);
                built(it.build())
            }
        }

        impl From<sdk::$sdk> for $name {
            #[allow(deprecated, reason = "the provider's attributes of those names")]
            fn from(it: sdk::$sdk) -> Self {
                let listed = |it: Option<Vec<String>>| it.filter(|it| !it.is_empty());
                let methods = it.allowed_methods;
                let cached = methods.as_ref().and_then(|it| it.cached_methods.clone()).map(|it| it.items);
                $name {
                    $($own: it.path_pattern,)?
                    target_origin_id: it.target_origin_id,
                    viewer_protocol_policy: seen(Some(it.viewer_protocol_policy)),
                    allowed_methods: names(methods.map(|it| it.items)),
                    cached_methods: names(cached),
                    cache_policy_id: it.cache_policy_id,
                    origin_request_policy_id: it.origin_request_policy_id,
                    response_headers_policy_id: it.response_headers_policy_id,
                    field_level_encryption_id: it.field_level_encryption_id,
                    realtime_log_config_arn: it.realtime_log_config_arn,
                    compress: it.compress.unwrap_or_default(),
                    smooth_streaming: it.smooth_streaming,
                    min_ttl: it.min_ttl.unwrap_or_default(),
                    default_ttl: Chosen(it.default_ttl),
                    max_ttl: Chosen(it.max_ttl),
                    trusted_key_groups: listed(it.trusted_key_groups.and_then(|it| it.items)).into(),
                    trusted_signers: listed(it.trusted_signers.and_then(|it| it.items)).into(),
                    forwarded_values: One(it.forwarded_values.map(Into::into)),
                    function_association: ran(it.function_associations),
                    lambda_function_association: ran_by_lambda(it.lambda_function_associations),
                    grpc_config: Chosen(One(it.grpc_config.map(|it| Grpc { enabled: Chosen(Some(it.enabled)) }))),
                }
            }
        }
    )*};
}

behaviors! {
    /// How it answers requests for which no other behaviour is meant.
    DefaultBehavior: DefaultCacheBehavior {
        forwarded: DefaultForwarded,
        trusted: Chosen<Option<Vec<String>>>,
    }
    /// How it answers requests for certain paths.
    Behavior: CacheBehavior {
        forwarded: Forwarded,
        trusted: Option<Vec<String>>,
        /// The paths, such as `images/*.jpg`.
        path_pattern: String
    }
}

/// What is said, where that is anything.
pub(super) fn stated(it: &Option<String>) -> Option<String> {
    it.clone().filter(|it| !it.is_empty())
}

fn names<A: AsRef<str>>(answer: Option<Vec<A>>) -> Set<String> {
    answer.unwrap_or_default().iter().map(|it| it.as_ref().to_owned()).collect()
}

fn methods(allowed: &[String], cached: &[String]) -> Result<sdk::AllowedMethods> {
    let each = |all: &[String]| Some(all.iter().map(|it| it.as_str().into()).collect());
    let cached = sdk::CachedMethods::builder().quantity(quantity(cached)).set_items(each(cached));
    let allowed = sdk::AllowedMethods::builder().quantity(quantity(allowed)).set_items(each(allowed));
    built(allowed.cached_methods(built(cached.build())?).build())
}

fn key_groups(ids: &[String]) -> Result<sdk::TrustedKeyGroups> {
    let it = sdk::TrustedKeyGroups::builder().enabled(!ids.is_empty()).quantity(quantity(ids));
    built(it.set_items((!ids.is_empty()).then(|| ids.to_vec())).build())
}

fn signers(accounts: &[String]) -> Result<sdk::TrustedSigners> {
    let it = sdk::TrustedSigners::builder().enabled(!accounts.is_empty()).quantity(quantity(accounts));
    built(it.set_items((!accounts.is_empty()).then(|| accounts.to_vec())).build())
}

fn functions(all: &[FunctionAssociation]) -> Result<sdk::FunctionAssociations> {
    let each = all.iter().map(|it| {
        let one = sdk::FunctionAssociation::builder().function_arn(&it.function_arn);
        built(one.event_type(it.event_type.as_str().into()).build())
    });
    let each = each.collect::<Result<Vec<_>>>()?;
    built(sdk::FunctionAssociations::builder().quantity(quantity(&each)).set_items(Some(each)).build())
}

fn lambdas(all: &[LambdaAssociation]) -> Result<sdk::LambdaFunctionAssociations> {
    let each = all.iter().map(|it| {
        let one = sdk::LambdaFunctionAssociation::builder().lambda_function_arn(&it.lambda_arn);
        built(one.event_type(it.event_type.as_str().into()).include_body(it.include_body).build())
    });
    let each = each.collect::<Result<Vec<_>>>()?;
    built(sdk::LambdaFunctionAssociations::builder().quantity(quantity(&each)).set_items(Some(each)).build())
}

fn grpc(it: &One<Grpc>) -> Result<Option<sdk::GrpcConfig>> {
    let enabled = it.as_ref().map(|it| it.enabled.unwrap_or_default());
    enabled.map(|it| built(sdk::GrpcConfig::builder().enabled(it).build())).transpose()
}

fn ran(answer: Option<sdk::FunctionAssociations>) -> Set<FunctionAssociation> {
    let each = answer.and_then(|it| it.items).unwrap_or_default().into_iter();
    let ours = |it: sdk::FunctionAssociation| FunctionAssociation {
        event_type: seen(Some(it.event_type)),
        function_arn: it.function_arn,
    };
    each.map(ours).collect()
}

fn ran_by_lambda(answer: Option<sdk::LambdaFunctionAssociations>) -> Set<LambdaAssociation> {
    let each = answer.and_then(|it| it.items).unwrap_or_default().into_iter();
    let ours = |it: sdk::LambdaFunctionAssociation| LambdaAssociation {
        event_type: seen(Some(it.event_type)),
        lambda_arn: it.lambda_function_arn,
        include_body: it.include_body.unwrap_or_default(),
    };
    each.map(ours).collect()
}
