use std::time::Duration;

use aws_sdk_s3::operation::get_bucket_website::GetBucketWebsiteOutput;
use aws_sdk_s3::types::{self as sdk, WebsiteConfiguration};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bucket::regions;
use super::{Place, S3, each, there};
use crate::aws::shape::{built, seen};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::{Adjust, is_nothing};
use crate::resource::*;

mod routing;

pub use routing::{Condition, Redirect, RoutingRule};

/// A site that S3 makes of a bucket's objects.
///
/// ```toml
/// [aws_s3_bucket_website_configuration.files]
/// bucket = "${aws_s3_bucket.files.id}"
/// index_document = { suffix = "index.html" }
/// error_document = { key = "404.html" }
/// routing_rule = [{ condition = { key_prefix_equals = "old/" }, redirect = { replace_key_prefix_with = "new/" } }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketWebsite {
    /// The bucket.
    #[schemars(length(min = 1, max = 63))]
    pub bucket: Fixed<String>,
    /// The account that the bucket must belong to.
    #[schemars(regex(pattern = r"^(\d{12})?$"))]
    pub expected_bucket_owner: Fixed<Option<String>>,
    /// What is answered where a folder is asked for.
    #[serde(default)]
    pub index_document: One<Index>,
    /// What is answered where something goes wrong.
    #[serde(default)]
    pub error_document: One<ErrorDocument>,
    /// Another site, to which all requests go.
    #[serde(default)]
    pub redirect_all_requests_to: One<RedirectAll>,
    /// Requests that go elsewhere. The first that fits is followed.
    #[serde(default)]
    pub routing_rule: Chosen<Vec<RoutingRule>>,
    /// The same as a JSON document, as S3 writes it.
    pub routing_rules: Chosen<Option<Json>>,
    /// The bucket's name; `name,account` where `expected_bucket_owner` is given.
    pub id: Computed<String>,
    /// The domain of its region's sites, such as `s3-website-eu-west-1.amazonaws.com`.
    pub website_domain: Computed<String>,
    /// Where the site is.
    pub website_endpoint: Computed<String>,
}

/// What is answered where a folder is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Name of the object in each folder, such as `index.html`.
    pub suffix: String,
}

/// What is answered where something goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorDocument {
    /// Key of the object, such as `404.html`.
    pub key: String,
}

/// Another site, to which all requests go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedirectAll {
    /// Its name.
    pub host_name: String,
    /// `http` or `https`; what the request uses where this says nothing.
    #[schemars(extend("enum" = ["http", "https"]))]
    pub protocol: Option<String>,
}

impl Resource for BucketWebsite {
    const TYPE: &'static str = "aws_s3_bucket_website_configuration";
    const IMPORT: &'static [&'static str] = &["acme-data", "acme-data,123456789012"];
    const UNWRITTEN: &'static [&'static str] = &["routing_rules"];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads =
        Reads::of(&[Cost::each("s3:GetBucketWebsite")], "S3 tells one part of one bucket a call");
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[S3];
    type Key = Place;

    fn key(&self) -> Place {
        Place::new(&self.bucket, self.expected_bucket_owner.as_deref())
    }

    fn import(id: &str) -> Result<Place> {
        Ok(Place::parse(id))
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        each(places, |place| async move {
            let call = aws.s3().get_bucket_website().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await;
            Ok(there(answer.map_err(Error::from))?.map(|it| live(aws, place, it)))
        })
        .await
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        self.put(aws, self.routing_rules.as_ref()).await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        // The two say the same: the one that has changed is meant, and the other one is not known yet.
        let meant = self.routing_rules != was.routing_rules || self.routing_rule == was.routing_rule;
        self.put(aws, self.routing_rules.as_ref().filter(|_| meant)).await
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let call = aws.s3().delete_bucket_website().bucket(&**self.bucket);
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }

    fn adjust(plan: &mut Adjust) {
        let said = |it: &Adjust, name: &str| it.config(name).is_some_and(|it| !is_nothing(it));
        for other in ["error_document", "index_document", "routing_rule", "routing_rules"] {
            if said(plan, "redirect_all_requests_to") && said(plan, other) {
                let sentence = format!("`{other}` cannot stand beside `redirect_all_requests_to`");
                plan.error(other, sentence);
            }
        }
        if said(plan, "routing_rule") && said(plan, "routing_rules") {
            plan.error("routing_rules", "`routing_rule` and `routing_rules` exclude each other");
        }
        // What changes in one changes in the other.
        for (name, other) in [("routing_rule", "routing_rules"), ("routing_rules", "routing_rule")] {
            if plan.change(name).is_some() && !said(plan, other) {
                plan.set_unknown(other);
                break;
            }
        }
    }

    // Put twice is put once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl BucketWebsite {
    async fn put(&self, aws: &Aws, document: Option<&Json>) -> Result<()> {
        let index = self.index_document.as_ref();
        let index = index.map(|it| built(sdk::IndexDocument::builder().suffix(&it.suffix).build()));
        let error = self.error_document.as_ref();
        let error = error.map(|it| built(sdk::ErrorDocument::builder().key(&it.key).build()));
        let redirect = self.redirect_all_requests_to.as_ref().map(|it| {
            let protocol = it.protocol.as_deref().filter(|it| !it.is_empty()).map(Into::into);
            let all = sdk::RedirectAllRequestsTo::builder().host_name(&it.host_name);
            built(all.set_protocol(protocol).build())
        });
        let rules = match document.filter(|it| !it.is_empty()) {
            Some(it) => routing::parse(it)?,
            None => self.routing_rule.iter().map(RoutingRule::sent).collect(),
        };
        let config = WebsiteConfiguration::builder()
            .set_index_document(index.transpose()?)
            .set_error_document(error.transpose()?)
            .set_redirect_all_requests_to(redirect.transpose()?)
            .set_routing_rules((!rules.is_empty()).then_some(rules));
        let call = aws.s3().put_bucket_website().bucket(&**self.bucket);
        let call = call.website_configuration(config.build());
        call.set_expected_bucket_owner(self.key().owner).send().await?;
        Ok(())
    }
}

fn live(aws: &Aws, place: Place, it: GetBucketWebsiteOutput) -> Live<BucketWebsite> {
    let domain = regions::website_domain(aws.region(), aws.dns_suffix());
    let rules = it.routing_rules.unwrap_or_default();
    let redirect = it
        .redirect_all_requests_to
        .map(|it| RedirectAll { host_name: it.host_name, protocol: seen(it.protocol) });
    Live {
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: BucketWebsite {
            bucket: Fixed(place.bucket.clone()),
            expected_bucket_owner: Fixed(place.owner.clone()),
            index_document: One(it.index_document.map(|it| Index { suffix: it.suffix })),
            error_document: One(it.error_document.map(|it| ErrorDocument { key: it.key })),
            redirect_all_requests_to: One(redirect),
            routing_rules: Chosen(routing::document(&rules)),
            routing_rule: Chosen(rules.into_iter().map(RoutingRule::from).collect()),
            id: Computed(place.id()),
            website_endpoint: Computed(format!("{}.{domain}", place.bucket)),
            website_domain: Computed(domain),
        },
        key: place,
    }
}
