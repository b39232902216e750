//! What of a request goes to the origin and tells cached answers apart, where no policy says it.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen};
use crate::resource::{Chosen, One, Set};

/// The default behaviour leaves the cookies' names to AWS, the others do not.
macro_rules! forwarded {
    ($($(#[$doc:meta])* $name:ident, $cookies:ident: $names:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Whether the query does.
            pub query_string: bool,
            /// Only these parts of the query tell answers apart.
            pub query_string_cache_keys: Chosen<Option<Vec<String>>>,
            /// Which headers do; `*` for all.
            pub headers: Chosen<Option<Set<String>>>,
            /// Which cookies do.
            #[serde(default)]
            #[schemars(length(min = 1, max = 1))]
            pub cookies: One<$cookies>,
        }

        /// Which cookies go to the origin.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $cookies {
            /// `none`, `whitelist` or `all`.
            #[schemars(extend("enum" = ["none", "whitelist", "all"]))]
            pub forward: String,
            /// Those of a `whitelist`.
            pub whitelisted_names: $names,
        }

        impl $name {
            pub(super) fn sent(&self) -> Result<sdk::ForwardedValues> {
                let cookies = self.cookies.as_ref().map(|it| {
                    let names = it.whitelisted_names.as_ref().map(|it| it.0.clone()).unwrap_or_default();
                    cookies(&it.forward, names)
                });
                let headers = self.headers.as_ref().map(|it| it.0.clone()).unwrap_or_default();
                let keys = self.query_string_cache_keys.0.clone().unwrap_or_default();
                let headers = sdk::Headers::builder().quantity(quantity(&headers)).set_items(Some(headers));
                let keys = sdk::QueryStringCacheKeys::builder().quantity(quantity(&keys)).set_items(Some(keys));
                let it = sdk::ForwardedValues::builder()
                    .query_string(self.query_string)
                    .set_cookies(cookies.transpose()?)
                    .headers(built(headers.build())?)
                    .query_string_cache_keys(built(keys.build())?);
                built(it.build())
            }
        }

        impl From<sdk::ForwardedValues> for $name {
            fn from(it: sdk::ForwardedValues) -> Self {
                let cookies = it.cookies.map(|it| $cookies {
                    forward: seen(Some(it.forward)),
                    whitelisted_names: listed(it.whitelisted_names.and_then(|it| it.items)).map(Set).into(),
                });
                $name {
                    query_string: it.query_string,
                    query_string_cache_keys: Chosen(Some(keys(it.query_string_cache_keys))),
                    headers: Chosen(Some(headers(it.headers))),
                    cookies: One(cookies),
                }
            }
        }
    )*};
}

forwarded! {
    /// What of a request goes to the origin, and tells cached answers apart.
    DefaultForwarded, DefaultCookies: Chosen<Option<Set<String>>>;
    /// What of a request goes to the origin, and tells cached answers apart.
    Forwarded, Cookies: Option<Set<String>>;
}

// What AWS chooses is none rather than nothing.
fn keys(answer: Option<sdk::QueryStringCacheKeys>) -> Vec<String> {
    answer.and_then(|it| it.items).unwrap_or_default()
}

fn headers(answer: Option<sdk::Headers>) -> Set<String> {
    Set(answer.and_then(|it| it.items).unwrap_or_default())
}

fn listed(answer: Option<Vec<String>>) -> Option<Vec<String>> {
    answer.filter(|it| !it.is_empty())
}

fn cookies(forward: &str, names: Vec<String>) -> Result<sdk::CookiePreference> {
    let names = sdk::CookieNames::builder().quantity(quantity(&names)).set_items(Some(names));
    let it = sdk::CookiePreference::builder().forward(forward.into());
    built(it.whitelisted_names(built(names.build())?).build())
}
