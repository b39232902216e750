//! Which AWS operation a request is, and what it asks for.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use super::http::Request;

mod cloudfront;
mod route53;

/// What a request asks of AWS.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub service: String,
    pub region: String,
    pub access_key: String,
    /// AWS's name of it, such as `DescribeVpcs`.
    pub name: String,
    /// Its parameters: an object of the form's fields, the JSON sent, or path, query and body.
    pub parameters: Json,
    pub protocol: Protocol,
}

/// How a service wants to be spoken to, and answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Ec2,
    Query,
    Json,
    RestXml,
    RestJson,
    /// RPC v2 with CBOR.
    Cbor,
}

/// Beginnings of the names of operations that change nothing.
const READS: &[&str] = &["Describe", "Get", "List", "Head", "BatchGet", "Query", "Scan", "Search", "Lookup"];

impl Operation {
    pub fn of(request: &Request) -> Operation {
        let (access_key, region, service) = scope(request);
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let kind = request.headers.get("content-type").unwrap_or_default();
        let body = String::from_utf8_lossy(&request.body);
        let (name, parameters) = if let Some(target) = request.headers.get("x-amz-target") {
            let name = target.rsplit('.').next().unwrap_or(target).to_owned();
            (name, serde_json::from_str(&body).unwrap_or(Json::Null))
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let mut fields = form(&body);
            let name = fields.remove("Action").and_then(|it| it.as_str().map(str::to_owned));
            fields.remove("Version");
            (name.unwrap_or_default(), Json::Object(fields))
        } else if let Some(name) = rpc(path) {
            (name.to_owned(), json!({ "body": body }))
        } else {
            let name = match service.as_str() {
                "s3" => s3(&request.method, path, query),
                "cloudfront" => cloudfront::name(&request.method, path, query),
                "eks" => eks(&request.method, path),
                "route53" => route53::name(&request.method, path),
                _ => None,
            };
            let name = name.unwrap_or_else(|| format!("{} {path}", request.method));
            (name, json!({ "path": path, "query": query, "body": body }))
        };
        let protocol = match service.as_str() {
            "ec2" => Protocol::Ec2,
            "s3" | "route53" | "cloudfront" => Protocol::RestXml,
            _ if request.headers.get("x-amz-target").is_some() => Protocol::Json,
            _ if kind.starts_with("application/x-www-form-urlencoded") => Protocol::Query,
            _ if rpc(path).is_some() => Protocol::Cbor,
            _ => Protocol::RestJson,
        };
        Operation { service, region, access_key, name, parameters, protocol }
    }

    /// One value of its parameters, where it is a text.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Json::as_str)
    }

    /// The bucket and the key of a request to S3.
    pub fn object(&self) -> (&str, &str) {
        let path = self.parameter("path").unwrap_or_default().trim_start_matches('/');
        path.split_once('/').unwrap_or((path, ""))
    }

    /// The same for each attempt at one call, in whatever order it lists what it asks for: the letters of it all,
    /// sorted.
    pub fn identity(&self) -> String {
        let all = format!("{} {} {} {}", self.service, self.region, self.name, self.parameters);
        let mut all: Vec<char> = all.chars().collect();
        all.sort_unstable();
        all.into_iter().collect()
    }

    /// The same where the client's token is another one each time.
    pub fn letters(&self) -> String {
        let mut plain = self.clone();
        if let Some(body) = self.parameter("body").and_then(|it| serde_json::from_str(it).ok()) {
            plain.parameters["body"] = body;
        }
        without_tokens(&mut plain.parameters);
        plain.identity()
    }

    /// May change something at AWS.
    pub fn mutates(&self) -> bool {
        match self.name.split_once(' ') {
            Some((method, _)) => method != "GET" && method != "HEAD",
            None => !READS.iter().any(|it| self.name.starts_with(it)),
        }
    }
}

fn without_tokens(it: &mut Json) {
    match it {
        Json::Object(all) => {
            all.retain(|name, _| !["Token", "UpdaterRequestId"].iter().any(|it| name.ends_with(it)));
            all.values_mut().for_each(without_tokens);
        }
        Json::Array(all) => all.iter_mut().for_each(without_tokens),
        _ => {}
    }
}

/// From the signature: `Credential=KEY/20260101/eu-west-1/ec2/aws4_request`.
fn scope(request: &Request) -> (String, String, String) {
    let text = request.headers.get("authorization").unwrap_or_default();
    let credential = text.split("Credential=").nth(1).unwrap_or_default();
    let parts: Vec<&str> = credential.split([',', ' ']).next().unwrap_or_default().split('/').collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or("-").to_owned();
    (part(0), part(2), part(3))
}

/// `DescribeAlarms` of `/service/GraniteServiceVersion20100801/operation/DescribeAlarms`.
fn rpc(path: &str) -> Option<&str> {
    path.strip_prefix("/service/")?.split_once("/operation/").map(|it| it.1)
}

fn form(text: &str) -> Map<String, Json> {
    let decode = |it: &str| percent_decode_str(&it.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|it| !it.is_empty());
    pairs
        .map(|it| it.split_once('=').unwrap_or((it, "")))
        .map(|(k, v)| (decode(k), decode(v).into()))
        .collect()
}

/// S3's operations that have no name in the request: sub-resource → what follows the verb.
const BUCKET_PARTS: &[(&str, &str)] = &[
    ("accelerate", "BucketAccelerateConfiguration"),
    ("acl", "BucketAcl"),
    ("cors", "BucketCors"),
    ("encryption", "BucketEncryption"),
    ("lifecycle", "BucketLifecycleConfiguration"),
    ("location", "BucketLocation"),
    ("logging", "BucketLogging"),
    ("notification", "BucketNotificationConfiguration"),
    ("object-lock", "ObjectLockConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("replication", "BucketReplication"),
    ("requestPayment", "BucketRequestPayment"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
    ("website", "BucketWebsite"),
];

const OBJECT_PARTS: &[(&str, &str)] =
    &[("acl", "Acl"), ("legal-hold", "LegalHold"), ("retention", "Retention"), ("tagging", "Tagging")];

fn s3(method: &str, path: &str, query: &str) -> Option<String> {
    let keys: Vec<&str> = query
        .split('&')
        .map(|it| it.split('=').next().unwrap_or_default())
        .filter(|it| !it.is_empty())
        .collect();
    let named = query.split('&').find_map(|it| it.strip_prefix("x-id="));
    if let Some(name) = named {
        return Some(name.to_owned());
    }
    let (bucket, key) =
        path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    let verb = match method {
        "GET" => "Get",
        "PUT" => "Put",
        "DELETE" => "Delete",
        "HEAD" => "Head",
        "POST" if keys.contains(&"delete") => return Some("DeleteObjects".to_owned()),
        _ => return None,
    };
    if bucket.is_empty() {
        return (method == "GET").then(|| "ListBuckets".to_owned());
    }
    if !key.is_empty() {
        let part = OBJECT_PARTS.iter().find(|it| keys.contains(&it.0)).map_or("", |it| it.1);
        return Some(format!("{verb}Object{part}"));
    }
    if let Some(part) = BUCKET_PARTS.iter().find(|it| keys.contains(&it.0)) {
        // Removing these two goes by a shorter name.
        let name = if method == "DELETE" { part.1.replace("Configuration", "") } else { part.1.to_owned() };
        return Some(format!("{verb}{name}"));
    }
    Some(match method {
        "GET" if keys.contains(&"versions") => "ListObjectVersions".to_owned(),
        "GET" => "ListObjectsV2".to_owned(),
        "PUT" => "CreateBucket".to_owned(),
        _ => format!("{verb}Bucket"),
    })
}

/// What stands below a cluster: the part of the path, the name of one, and of all of them.
const CLUSTER_PARTS: &[(&str, &str, &str)] = &[
    ("access-entries", "AccessEntry", "AccessEntries"),
    ("addons", "Addon", "Addons"),
    ("fargate-profiles", "FargateProfile", "FargateProfiles"),
    ("node-groups", "Nodegroup", "Nodegroups"),
    ("pod-identity-associations", "PodIdentityAssociation", "PodIdentityAssociations"),
];

/// EKS's operations, which have names in its documentation only.
fn eks(method: &str, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let part = |name: &str| CLUSTER_PARTS.iter().find(|it| it.0 == name);
    Some(match (method, &parts[..]) {
        ("GET", ["tags", ..]) => "ListTagsForResource".to_owned(),
        ("POST", ["tags", ..]) => "TagResource".to_owned(),
        ("DELETE", ["tags", ..]) => "UntagResource".to_owned(),
        ("GET", ["clusters"]) => "ListClusters".to_owned(),
        ("POST", ["clusters"]) => "CreateCluster".to_owned(),
        ("GET", ["clusters", _]) => "DescribeCluster".to_owned(),
        ("DELETE", ["clusters", _]) => "DeleteCluster".to_owned(),
        ("POST", ["clusters", _, "updates"]) => "UpdateClusterVersion".to_owned(),
        ("POST", ["clusters", _, "update-config"]) => "UpdateClusterConfig".to_owned(),
        ("POST", ["clusters", _, "encryption-config", "associate"]) => "AssociateEncryptionConfig".to_owned(),
        ("GET", ["clusters", _, "updates", _]) => "DescribeUpdate".to_owned(),
        ("POST", ["clusters", _, "node-groups", _, "update-version"]) => "UpdateNodegroupVersion".to_owned(),
        ("POST", ["clusters", _, "node-groups", _, "update-config"]) => "UpdateNodegroupConfig".to_owned(),
        ("POST", ["clusters", _, "addons", _, "update"]) => "UpdateAddon".to_owned(),
        ("GET", ["clusters", _, "access-entries", _, "access-policies"]) => {
            "ListAssociatedAccessPolicies".to_owned()
        }
        ("POST", ["clusters", _, "access-entries", _, "access-policies"]) => {
            "AssociateAccessPolicy".to_owned()
        }
        ("DELETE", ["clusters", _, "access-entries", _, "access-policies", _]) => {
            "DisassociateAccessPolicy".to_owned()
        }
        ("GET", ["clusters", _, name]) => format!("List{}", part(name)?.2),
        ("POST", ["clusters", _, name]) => format!("Create{}", part(name)?.1),
        ("GET", ["clusters", _, name, _]) => format!("Describe{}", part(name)?.1),
        ("POST", ["clusters", _, name, _]) => format!("Update{}", part(name)?.1),
        ("DELETE", ["clusters", _, name, _]) => format!("Delete{}", part(name)?.1),
        _ => return None,
    })
}

#[test]
fn operations_go_by_their_names() {
    for (method, target, name) in [
        ("GET", "/b?versioning=", "GetBucketVersioning"),
        ("PUT", "/b", "CreateBucket"),
        ("PUT", "/b/k?x-id=PutObject", "PutObject"),
        ("DELETE", "/b?lifecycle", "DeleteBucketLifecycle"),
        ("HEAD", "/b", "HeadBucket"),
        ("GET", "/", "ListBuckets"),
    ] {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        assert_eq!(s3(method, path, query).as_deref(), Some(name), "{method} {target}");
    }
    for (method, path, name) in [
        ("GET", "/clusters/shop", "DescribeCluster"),
        ("GET", "/clusters/shop/node-groups", "ListNodegroups"),
        ("POST", "/clusters/shop/addons", "CreateAddon"),
        ("DELETE", "/clusters/shop/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fdev", "DeleteAccessEntry"),
        ("DELETE", "/tags/arn%3Aaws%3Aeks", "UntagResource"),
    ] {
        assert_eq!(eks(method, path).as_deref(), Some(name), "{method} {path}");
    }
    let fields = form("Action=DescribeVpcs&Filter.1.Value.1=a%20b+c");
    assert_eq!(fields["Filter.1.Value.1"], "a b c");
}
