use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_elasticloadbalancingv2::types::Certificate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ELB, each, there};
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// A further certificate of a listener, for the names that its own one does not have.
///
/// ```toml
/// [aws_lb_listener_certificate.shop]
/// listener_arn = "${aws_lb_listener.https.arn}"
/// certificate_arn = "${aws_acm_certificate.shop.arn}"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListenerCertificate {
    /// The listener.
    #[schemars(regex(pattern = "^arn:"))]
    pub listener_arn: Fixed<String>,
    /// The certificate.
    #[schemars(regex(pattern = "^arn:"))]
    pub certificate_arn: Fixed<String>,
    /// Both ARNs, joined by `_`.
    pub id: Computed<String>,
}

/// Which certificate of which listener.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    listener: String,
    certificate: String,
}

/// The most certificates of one page.
const PAGE: i32 = 400;

impl Resource for ListenerCertificate {
    const TYPE: &'static str = "aws_lb_listener_certificate";
    const IMPORT: &'static [&'static str] = &[
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/8e4497da625e2d8a/9ab28ade35828f96_arn:aws:acm:eu-west-1:123456789012:certificate/e7e4ad5a-4b9e-4c2b-9b5b-6a1f0b7cb1fe",
    ];
    const TAGS: TagApi = TagApi::None;
    const IDEMPOTENT: bool = true;
    const READS: Reads = Reads::of(
        &[Cost::each("elasticloadbalancing:DescribeListenerCertificates")],
        "a call tells all certificates of one listener",
    );
    const PATIENCE: Duration = Duration::from_secs(120);
    const PASSING: &'static [&'static [Passing]] = &[ELB];
    type Key = Place;

    fn key(&self) -> Place {
        Place { listener: self.listener_arn.0.clone(), certificate: self.certificate_arn.0.clone() }
    }

    fn import(id: &str) -> Result<Place> {
        match id.split_once('_') {
            Some((listener, certificate))
                if listener.starts_with("arn:") && certificate.starts_with("arn:") =>
            {
                Ok(Place { listener: listener.to_owned(), certificate: certificate.to_owned() })
            }
            _ => Err(Error::Invalid(
                "it is the listener's ARN and the certificate's, joined by `_`".to_owned(),
            )),
        }
    }

    async fn read(aws: &Aws, places: &[Place]) -> Result<Vec<Live<Self>>> {
        let listeners: BTreeSet<&String> = places.iter().map(|it| &it.listener).collect();
        let arns: Vec<String> = listeners.into_iter().cloned().collect();
        let found: HashMap<String, Vec<Certificate>> =
            each(&arns, async |arn| certificates(aws, arn).await).await?;
        let is = |it: &Certificate, place: &Place| {
            it.is_default() != Some(true) && it.certificate_arn() == Some(&place.certificate)
        };
        let is_there =
            |place: &&Place| found.get(&place.listener).is_some_and(|all| all.iter().any(|it| is(it, place)));
        Ok(places.iter().filter(is_there).map(live).collect())
    }

    async fn create(&self, aws: &Aws, _new: &New) -> Result<Place> {
        let place = self.key();
        let call = aws.elbv2().add_listener_certificates().listener_arn(&place.listener);
        call.certificates(place.certificate()).send().await?;
        Ok(place)
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let place = self.key();
        let call = aws.elbv2().remove_listener_certificates().listener_arn(&place.listener);
        match there(call.certificates(place.certificate()).send().await.map_err(Error::from)) {
            // It has become the listener's own meanwhile: no further one is left.
            Err(it) if it.message().contains("Default certificate cannot be removed") => Ok(()),
            answer => answer.map(drop),
        }
    }

    // One that is added twice is there once.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Place>> {
        Ok(None)
    }
}

impl Place {
    fn certificate(&self) -> Certificate {
        Certificate::builder().certificate_arn(&self.certificate).build()
    }
}

/// All certificates of a listener.
async fn certificates(aws: &Aws, listener: &str) -> Result<Vec<Certificate>> {
    let call = aws.elbv2().describe_listener_certificates().listener_arn(listener).page_size(PAGE);
    Ok(call.into_paginator().items().send().try_collect().await?)
}

fn live(place: &Place) -> Live<ListenerCertificate> {
    Live {
        key: place.clone(),
        status: Status::Ready,
        tags: None,
        unread: &[],
        attributes: ListenerCertificate {
            id: Computed(format!("{}_{}", place.listener, place.certificate)),
            listener_arn: Fixed(place.listener.clone()),
            certificate_arn: Fixed(place.certificate.clone()),
        },
    }
}
