use aws_sdk_cloudfront::types::FunctionStage;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::cloudfront::function;
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result};
use crate::resource::*;

/// A function of CloudFront's that is there already, as it is in one of its two stages.
///
/// ```toml
/// [data.aws_cloudfront_function.index]
/// name = "index"
/// stage = "LIVE"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// `DEVELOPMENT`: what was written last; `LIVE`: what was published last, and distributions run.
    #[schemars(extend("enum" = ["DEVELOPMENT", "LIVE"]))]
    pub stage: String,
    /// Its name.
    pub id: Computed<String>,
    /// The function's ARN.
    pub arn: Computed<String>,
    /// The JavaScript.
    pub code: Computed<String>,
    /// What it is for.
    pub comment: Computed<String>,
    /// Its version in the stage.
    pub etag: Computed<String>,
    /// ARNs of the key-value stores that it may read.
    pub key_value_store_associations: Computed<Set<String>>,
    /// When it was changed in the stage.
    pub last_modified_time: Computed<String>,
    /// `cloudfront-js-2.0` or `cloudfront-js-1.0`.
    pub runtime: Computed<String>,
    /// Such as `UNPUBLISHED`, `UNASSOCIATED` or `DEPLOYED`.
    pub status: Computed<Option<String>>,
}

impl DataSource for Function {
    const TYPE: &'static str = "aws_cloudfront_function";
    const READS: Reads = Reads::of(
        &[Cost::each("cloudfront:DescribeFunction"), Cost::each("cloudfront:GetFunction")],
        "a call tells about one function in one stage, and another has its code",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let stage = || FunctionStage::from(self.stage.as_str());
        let (told, code) = futures::try_join!(
            function::described(aws, &self.name, stage()),
            function::code(aws, &self.name, stage()),
        )?;
        let missing = || {
            let (name, stage) = (&self.name, &self.stage);
            Error::Invalid(format!("there is no function `{name}` in the stage `{stage}`: look at both"))
        };
        let ((it, etag), (code, _)) = told.zip(code).ok_or_else(missing)?;
        let config = it.function_config.ok_or(Error::Incomplete("the function's settings"))?;
        let stage = it.function_metadata.ok_or(Error::Incomplete("the function's ARN"))?;
        let stores = config.key_value_store_associations.and_then(|it| it.items).unwrap_or_default();
        Ok(Function {
            id: it.name.into(),
            arn: stage.function_arn.into(),
            code: code.into(),
            comment: config.comment.into(),
            etag: etag.into(),
            key_value_store_associations: Computed(
                stores.into_iter().map(|it| it.key_value_store_arn).collect(),
            ),
            last_modified_time: to_the_second(&stage.last_modified_time).into(),
            runtime: seen(Some(config.runtime)),
            status: it.status.into(),
            ..self
        })
    }
}

fn to_the_second(time: &DateTime) -> String {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime).unwrap_or_default()
}
