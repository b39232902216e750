//! CloudFront's operations, which have no name in the request.

/// By method, path and query; `None` for those that nobody here asks for.
pub fn name(method: &str, path: &str, query: &str) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').skip(1).collect();
    let has = |it: &str| query.split('&').any(|one| one.split('=').next() == Some(it));
    let (kind, rest) = parts.split_first()?;
    let rest = if *kind == "origin-access-identity" { rest.get(1..)? } else { rest };
    let (one, many) = match *kind {
        "cache-policy" => ("CachePolicy", "CachePolicies"),
        "continuous-deployment-policy" => ("ContinuousDeploymentPolicy", "ContinuousDeploymentPolicies"),
        "distribution" => ("Distribution", "Distributions"),
        "function" => ("Function", "Functions"),
        "origin-access-control" => ("OriginAccessControl", "OriginAccessControls"),
        "origin-access-identity" => ("CloudFrontOriginAccessIdentity", "CloudFrontOriginAccessIdentities"),
        "origin-request-policy" => ("OriginRequestPolicy", "OriginRequestPolicies"),
        "response-headers-policy" => ("ResponseHeadersPolicy", "ResponseHeadersPolicies"),
        "tagging" => {
            let name = match (method, query.contains("Operation=Untag")) {
                ("GET", _) => "ListTagsForResource",
                (_, true) => "UntagResource",
                (_, false) => "TagResource",
            };
            return Some(name.to_owned());
        }
        _ => return None,
    };
    Some(match (method, rest) {
        ("GET", []) => format!("List{many}"),
        ("POST", []) if has("WithTags") => format!("Create{one}WithTags"),
        ("POST", []) => format!("Create{one}"),
        ("GET", [_, "describe"]) => format!("Describe{one}"),
        ("GET", [_, "config"]) => format!("Get{one}Config"),
        ("GET", [_]) => format!("Get{one}"),
        ("PUT", [_, ..]) => format!("Update{one}"),
        ("POST", [_, "publish"]) => format!("Publish{one}"),
        ("DELETE", [_]) => format!("Delete{one}"),
        _ => return None,
    })
}

#[test]
fn operations_go_by_their_names() {
    for (method, target, expected) in [
        ("POST", "/2020-05-31/distribution?WithTags", "CreateDistributionWithTags"),
        ("PUT", "/2020-05-31/distribution/E1/config", "UpdateDistribution"),
        ("GET", "/2020-05-31/function/it/describe?Stage=LIVE", "DescribeFunction"),
        ("GET", "/2020-05-31/function/it?Stage=LIVE", "GetFunction"),
        ("POST", "/2020-05-31/function/it/publish", "PublishFunction"),
        ("GET", "/2020-05-31/cache-policy?Type=custom", "ListCachePolicies"),
        (
            "DELETE",
            "/2020-05-31/origin-access-identity/cloudfront/E1",
            "DeleteCloudFrontOriginAccessIdentity",
        ),
        ("GET", "/2020-05-31/origin-access-identity/cloudfront", "ListCloudFrontOriginAccessIdentities"),
        ("POST", "/2020-05-31/tagging?Operation=Untag&Resource=it", "UntagResource"),
    ] {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        assert_eq!(name(method, path, query).as_deref(), Some(expected), "{method} {target}");
    }
}
