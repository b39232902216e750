//! What of a request goes to the origin, and tells cached answers apart.

use aws_sdk_cloudfront::types as sdk;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::Result;
use crate::aws::cloudfront::quantity;
use crate::aws::shape::{built, seen};
use crate::resource::{One, Set};

macro_rules! blocks {
    ($($(#[$doc:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$note])* pub $field: $ty,)*
        }
    )*};
}

blocks! {
    /// What of a request goes to the origin, and tells cached answers apart.
    Parameters {
        /// Ask for and keep answers that are packed with Brotli.
        enable_accept_encoding_brotli: Option<bool>,
        /// Ask for and keep answers that are packed with gzip.
        enable_accept_encoding_gzip: Option<bool>,
        /// Which cookies.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        cookies_config: One<Cookies>,
        /// Which headers.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        headers_config: One<Headers>,
        /// Which parts of the query.
        #[serde(default)]
        #[schemars(length(min = 1, max = 1))]
        query_strings_config: One<QueryStrings>,
    }
    /// Which cookies.
    Cookies {
        /// `none`, `whitelist`, `allExcept` or `all`.
        #[schemars(extend("enum" = ["none", "whitelist", "allExcept", "all"]))]
        cookie_behavior: String,
        /// Those that are named.
        #[serde(default)]
        cookies: One<Names>,
    }
    /// Which headers.
    Headers {
        /// `none` or `whitelist`.
        #[schemars(extend("enum" = ["none", "whitelist"]))]
        header_behavior: Option<String>,
        /// Those that are named.
        #[serde(default)]
        headers: One<Names>,
    }
    /// Which parts of the query.
    QueryStrings {
        /// `none`, `whitelist`, `allExcept` or `all`.
        #[schemars(extend("enum" = ["none", "whitelist", "allExcept", "all"]))]
        query_string_behavior: String,
        /// Those that are named.
        #[serde(default)]
        query_strings: One<Names>,
    }
    /// Names.
    Names {
        /// The names.
        items: Option<Set<String>>,
    }
}

/// The names, where there are any.
pub(in crate::aws::cloudfront) fn named(it: &One<Names>) -> Option<Vec<String>> {
    let names = it.as_ref()?.items.as_ref()?;
    (!names.is_empty()).then(|| names.0.clone())
}

pub(in crate::aws::cloudfront) fn names(items: Option<Vec<String>>) -> One<Names> {
    let items = items.filter(|it| !it.is_empty());
    One(items.map(|it| Names { items: Some(Set(it)) }))
}

impl Parameters {
    pub(super) fn sent(&self) -> Result<sdk::ParametersInCacheKeyAndForwardedToOrigin> {
        let it = sdk::ParametersInCacheKeyAndForwardedToOrigin::builder()
            .enable_accept_encoding_brotli(self.enable_accept_encoding_brotli.unwrap_or_default())
            .enable_accept_encoding_gzip(self.enable_accept_encoding_gzip.unwrap_or_default())
            .set_cookies_config(self.cookies_config.as_ref().map(Cookies::sent).transpose()?)
            .set_headers_config(self.headers_config.as_ref().map(Headers::sent).transpose()?)
            .set_query_strings_config(
                self.query_strings_config.as_ref().map(QueryStrings::sent).transpose()?,
            );
        built(it.build())
    }
}

impl From<sdk::ParametersInCacheKeyAndForwardedToOrigin> for Parameters {
    fn from(it: sdk::ParametersInCacheKeyAndForwardedToOrigin) -> Self {
        let cookies = |it: sdk::CachePolicyCookiesConfig| Cookies {
            cookie_behavior: seen(Some(it.cookie_behavior)),
            cookies: names(it.cookies.and_then(|it| it.items)),
        };
        let headers = |it: sdk::CachePolicyHeadersConfig| Headers {
            header_behavior: seen(Some(it.header_behavior)),
            headers: names(it.headers.and_then(|it| it.items)),
        };
        let queries = |it: sdk::CachePolicyQueryStringsConfig| QueryStrings {
            query_string_behavior: seen(Some(it.query_string_behavior)),
            query_strings: names(it.query_strings.and_then(|it| it.items)),
        };
        Parameters {
            enable_accept_encoding_brotli: it.enable_accept_encoding_brotli,
            enable_accept_encoding_gzip: Some(it.enable_accept_encoding_gzip),
            cookies_config: One(it.cookies_config.map(cookies)),
            headers_config: One(it.headers_config.map(headers)),
            query_strings_config: One(it.query_strings_config.map(queries)),
        }
    }
}

impl Cookies {
    fn sent(&self) -> Result<sdk::CachePolicyCookiesConfig> {
        let names = named(&self.cookies)
            .map(|it| built(sdk::CookieNames::builder().quantity(quantity(&it)).set_items(Some(it)).build()));
        let it = sdk::CachePolicyCookiesConfig::builder().set_cookies(names.transpose()?);
        built(it.cookie_behavior(self.cookie_behavior.as_str().into()).build())
    }
}

impl Headers {
    fn sent(&self) -> Result<sdk::CachePolicyHeadersConfig> {
        let names = named(&self.headers)
            .map(|it| built(sdk::Headers::builder().quantity(quantity(&it)).set_items(Some(it)).build()));
        let it = sdk::CachePolicyHeadersConfig::builder().set_headers(names.transpose()?);
        let behavior = self.header_behavior.as_deref().filter(|it| !it.is_empty()).unwrap_or("none");
        built(it.header_behavior(behavior.into()).build())
    }
}

impl QueryStrings {
    fn sent(&self) -> Result<sdk::CachePolicyQueryStringsConfig> {
        let names = named(&self.query_strings).map(|it| {
            built(sdk::QueryStringNames::builder().quantity(quantity(&it)).set_items(Some(it)).build())
        });
        let it = sdk::CachePolicyQueryStringsConfig::builder().set_query_strings(names.transpose()?);
        built(it.query_string_behavior(self.query_string_behavior.as_str().into()).build())
    }
}
