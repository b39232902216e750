use std::time::Duration;

use aws_sdk_cloudfront::primitives::Blob;
use aws_sdk_cloudfront::types::{
    FunctionConfig, FunctionStage, FunctionSummary, KeyValueStoreAssociation, KeyValueStoreAssociations,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CLOUDFRONT, at_version, blockers, each, quantity, there};
use crate::aws::shape::built;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::resource::*;

/// JavaScript that CloudFront runs on requests and answers of viewers.
///
/// It is written to the stage `DEVELOPMENT`, and from there published to the stage `LIVE`, which is what
/// distributions run.
///
/// ```toml
/// [aws_cloudfront_function.index]
/// name = "index"
/// runtime = "cloudfront-js-2.0"
/// code = '''
/// function handler(event) {
///   const request = event.request;
///   if (request.uri.endsWith('/')) request.uri += 'index.html';
///   return request;
/// }
/// '''
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Unique in the account.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"^[a-zA-Z0-9-_]+$"))]
    pub name: Fixed<String>,
    /// The JavaScript; of up to 10 KB.
    pub code: String,
    /// `cloudfront-js-2.0` or `cloudfront-js-1.0`.
    #[schemars(extend("enum" = ["cloudfront-js-1.0", "cloudfront-js-2.0"]))]
    pub runtime: String,
    /// What it is for.
    pub comment: Option<String>,
    /// ARNs of the key-value stores that it may read; one at most.
    #[schemars(inner(regex(pattern = "^arn:")))]
    pub key_value_store_associations: Option<Set<String>>,
    /// Publish what is written: distributions run it.
    #[serde(default = "yes")]
    pub publish: bool,
    /// The function's name.
    pub id: Computed<String>,
    /// The function's ARN.
    pub arn: Computed<String>,
    /// The version of the stage `DEVELOPMENT`.
    pub etag: Computed<String>,
    /// The version of the stage `LIVE`; nothing where it was never published.
    pub live_stage_etag: Computed<String>,
    /// Such as `UNPUBLISHED`, `UNASSOCIATED` or `DEPLOYED`.
    pub status: Computed<String>,
}

fn yes() -> bool {
    true
}

/// AWS's word for a function whose newest code is not what distributions run.
const UNPUBLISHED: &str = "UNPUBLISHED";

impl Resource for Function {
    const TYPE: &'static str = "aws_cloudfront_function";
    const IMPORT: &'static [&'static str] = &["index"];
    const TAGS: TagApi = TagApi::None;
    const READS: Reads = Reads::of(
        &[
            Cost::each("cloudfront:DescribeFunction").to(1),
            Cost::each("cloudfront:DescribeFunction").to(1),
            Cost::each("cloudfront:GetFunction"),
            Cost::page("cloudfront:ListFunctions", 100).from(2),
        ],
        "a page has 100 functions without their code; the version of the stage `LIVE` is asked for where \
         one is looked at by itself",
    );
    const PATIENCE: Duration = Duration::from_secs(300);
    const DELETE_PATIENCE: Duration = Duration::from_secs(900);
    const CREATE_SECONDS: u32 = 5;
    const PASSING: &'static [&'static [Passing]] = &[CLOUDFRONT, &[Passing::in_use("FunctionInUse")]];
    const MAY_LAG: bool = true; // the version of the stage `LIVE`
    type Key = String;

    fn key(&self) -> String {
        self.name.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        if aws.exact() || names.len() < 2 {
            return each(names, |name| async move { one(aws, &name).await }).await;
        }
        let all: Vec<_> = listed(aws).await?.into_iter().filter(|it| names.contains(&it.name)).collect();
        let with_code = |it: FunctionSummary| async move {
            let found = code(aws, &it.name, FunctionStage::Development).await?;
            let Some((code, version)) = found else { return Ok(None) };
            Ok(Some(live(it, code, version, None)))
        };
        each(&all, with_code).await
    }

    // What is read after this is not published yet: publishing is the update's.
    async fn create(&self, aws: &Aws, _new: &New) -> Result<String> {
        let call = aws.cloudfront().create_function().name(&**self.name);
        call.function_code(self.code()).function_config(self.config()?).send().await?;
        Ok(self.key())
    }

    async fn update(&self, aws: &Aws, was: &Self) -> Result<()> {
        let name = &was.key();
        let newest = async || version(aws, name).await;
        let mut etag = was.etag.0.clone();
        if self.content() != was.content() {
            let (code, config) = (self.code(), self.config()?);
            let send = async |version: String| {
                let call = aws.cloudfront().update_function().name(name).if_match(version);
                let call = call.function_code(code.clone()).function_config(config.clone());
                Ok(call.send().await?.e_tag.unwrap_or_default())
            };
            etag = at_version(&etag, &newest, send).await?;
        }
        if self.publish {
            let send = async |version: String| {
                aws.cloudfront().publish_function().name(name).if_match(version).send().await?;
                Ok(())
            };
            at_version(&etag, &newest, send).await?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        let name = &self.key();
        let send = async |version: String| {
            aws.cloudfront().delete_function().name(name).if_match(version).send().await?;
            Ok(())
        };
        at_version(&self.etag, async || version(aws, name).await, send).await
    }

    // CreateFunction takes no token, but a name stands once in an account.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let made = described(aws, &self.key(), FunctionStage::Development).await?;
        let made = made.and_then(|it| it.0.function_metadata).and_then(|it| it.created_time);
        Ok(new.may_have_made(made.map(|it| it.secs())).then(|| self.key()))
    }

    /// AWS does not know what `publish` says; but where it says yes, and the newest code is not published,
    /// it has yet to be done.
    fn as_kept(mut self, kept: &Self) -> Self {
        self.publish = kept.publish && *self.status != UNPUBLISHED;
        self
    }

    async fn blockers(&self, aws: &Aws, op: Op, error: &Error) -> Result<Blockers> {
        Ok(match is_in_use::<Self>(op, error) {
            true => blockers::of(aws, |it| blockers::function(it, &self.arn)).await,
            false => Blockers::default(),
        })
    }
}

impl Function {
    fn stores(&self) -> Vec<String> {
        let mut all = self.key_value_store_associations.as_ref().map(|it| it.0.clone()).unwrap_or_default();
        all.sort();
        all
    }

    /// What UpdateFunction writes.
    fn content(&self) -> (&str, &str, &str, Vec<String>) {
        (&self.code, &self.runtime, self.comment.as_deref().unwrap_or_default(), self.stores())
    }

    fn code(&self) -> Blob {
        Blob::new(self.code.as_bytes())
    }

    fn config(&self) -> Result<FunctionConfig> {
        let stores = self.stores();
        let each = stores
            .iter()
            .map(|it| built(KeyValueStoreAssociation::builder().key_value_store_arn(it).build()));
        let each = each.collect::<Result<Vec<_>>>()?;
        let associations = match each.is_empty() {
            true => None,
            false => {
                let all = KeyValueStoreAssociations::builder().quantity(quantity(&each));
                Some(built(all.set_items(Some(each)).build())?)
            }
        };
        let config = FunctionConfig::builder()
            .comment(self.comment.as_deref().unwrap_or_default())
            .runtime(self.runtime.as_str().into())
            .set_key_value_store_associations(associations);
        built(config.build())
    }
}

/// `published` is the version of the stage `LIVE`: `None` where it was not asked for.
fn live(it: FunctionSummary, code: String, etag: String, published: Option<String>) -> Live<Function> {
    let config = it.function_config;
    let stores = config.as_ref().and_then(|it| it.key_value_store_associations.as_ref());
    let stores = stores.map(|it| it.items().iter().map(|it| it.key_value_store_arn.clone()).collect());
    Live {
        key: it.name.clone(),
        status: Status::Ready,
        tags: None,
        unread: if published.is_some() { &[] } else { &["live_stage_etag"] },
        attributes: Function {
            code,
            runtime: config.as_ref().map(|it| it.runtime.as_str().to_owned()).unwrap_or_default(),
            comment: config.map(|it| it.comment),
            key_value_store_associations: stores.filter(|it: &Set<String>| !it.is_empty()),
            publish: it.status.as_deref() != Some(UNPUBLISHED),
            id: Computed(it.name.clone()),
            name: Fixed(it.name),
            arn: Computed(it.function_metadata.map(|it| it.function_arn).unwrap_or_default()),
            etag: Computed(etag),
            live_stage_etag: Computed(published.unwrap_or_default()),
            status: Computed(it.status.unwrap_or_default()),
        },
    }
}

async fn one(aws: &Aws, name: &str) -> Result<Option<Live<Function>>> {
    let (written, published, code) = futures::try_join!(
        described(aws, name, FunctionStage::Development),
        described(aws, name, FunctionStage::Live),
        code(aws, name, FunctionStage::Development),
    )?;
    let published = published.map(|it| it.1).unwrap_or_default();
    Ok(written.zip(code).map(|((it, _), (code, etag))| live(it, code, etag, Some(published))))
}

/// What a stage says of it, and its version there.
pub(super) async fn described(
    aws: &Aws,
    name: &str,
    stage: FunctionStage,
) -> Result<Option<(FunctionSummary, String)>> {
    let answer = aws.cloudfront().describe_function().name(name).stage(stage).send().await;
    let found = there(answer.map_err(Error::from))?;
    Ok(found.and_then(|it| Some((it.function_summary?, it.e_tag.unwrap_or_default()))))
}

/// The code of a stage, and its version there.
pub(super) async fn code(aws: &Aws, name: &str, stage: FunctionStage) -> Result<Option<(String, String)>> {
    let call = aws.cloudfront().get_function().name(name).stage(stage);
    let found = there(call.send().await.map_err(Error::from))?;
    Ok(found.map(|it| {
        let code = it.function_code.unwrap_or_default().into_inner();
        (String::from_utf8_lossy(&code).into_owned(), it.e_tag.unwrap_or_default())
    }))
}

async fn version(aws: &Aws, name: &str) -> Result<Option<String>> {
    let call = aws.cloudfront().describe_function().name(name).stage(FunctionStage::Development);
    Ok(call.send().await?.e_tag)
}

async fn listed(aws: &Aws) -> Result<Vec<FunctionSummary>> {
    let (mut out, mut next) = (Vec::new(), None);
    loop {
        let call = aws.cloudfront().list_functions().stage(FunctionStage::Development);
        let page = call.set_marker(next).send().await?.function_list;
        let Some(page) = page else { return Ok(out) };
        out.extend(page.items.unwrap_or_default());
        next = page.next_marker.filter(|it| !it.is_empty());
        if next.is_none() {
            return Ok(out);
        }
    }
}
