use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::ec2::filters::{Filter, Search, only};
use crate::aws::ec2::launch_template::options::said;
use crate::aws::ec2::{tags, text};
use crate::aws::shape::seen;
use crate::aws::{Aws, Result};
use crate::resource::*;

/// What the Terraform provider says where AWS tells no moment.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A key that is there already and that instances let in by SSH.
///
/// ```toml
/// [data.aws_key_pair.admin]
/// key_name = "admin"
/// include_public_key = true
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPair {
    /// Its name.
    pub key_name: Option<String>,
    /// Such as `key-0a1b2c`.
    pub key_pair_id: Option<String>,
    /// Whether to ask for the public key.
    #[serde(default)]
    pub include_public_key: bool,
    /// All of its labels. A `filter` such as `tag:Name` searches by one.
    pub tags: Chosen<Tags>,
    /// Only those that these find.
    #[serde(default)]
    pub filter: Set<Filter>,
    pub timeouts: Option<TimeoutsRead>,
    /// Such as `key-0a1b2c`.
    pub id: Computed<String>,
    /// The key pair's ARN.
    pub arn: Computed<String>,
    /// When it was made or imported.
    pub create_time: Computed<String>,
    /// MD5 or SHA-1 of a key of RSA, SHA-256 of one of ED25519.
    pub fingerprint: Computed<Option<String>>,
    /// `rsa` or `ed25519`.
    pub key_type: Computed<Option<String>>,
    /// The key in OpenSSH's form, where it was asked for.
    pub public_key: Computed<Option<String>>,
}

impl DataSource for KeyPair {
    const TYPE: &'static str = "aws_key_pair";
    const READS: Reads = Reads::of(
        &[Cost::each("ec2:DescribeKeyPairs"), Cost::once("sts:GetCallerIdentity")],
        "a call finds one by its arguments, and does not say whose account the ARN names",
    );

    async fn read(self, aws: &Aws) -> Result<Self> {
        let one = |it: &Option<String>| text(it).map(|it| vec![it.to_owned()]);
        let call = aws
            .ec2()
            .describe_key_pairs()
            .set_key_names(one(&self.key_name))
            .set_key_pair_ids(one(&self.key_pair_id))
            .set_include_public_key(self.include_public_key.then_some(true))
            .set_filters(Search::new(&self.filter, &Tags::new()).filters());
        let it = only("key pair", call.send().await?.key_pairs.unwrap_or_default())?;
        let (id, name): (String, String) = (seen(it.key_pair_id), seen(it.key_name));
        let created = it.create_time.as_ref().and_then(said);
        Ok(KeyPair {
            tags: Chosen(tags(it.tags)),
            arn: aws.arn("ec2", &format!("key-pair/{name}")).await?.into(),
            create_time: created.unwrap_or_else(|| NEVER.to_owned()).into(),
            fingerprint: seen(it.key_fingerprint),
            key_type: seen(it.key_type),
            public_key: seen(it.public_key),
            key_name: Some(name),
            key_pair_id: Some(id.clone()),
            id: id.into(),
            ..self
        })
    }
}
