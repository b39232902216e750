use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{self as sdk, ResourceType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EC2, arn, described, tagged, tags};
use crate::aws::shape::seen;
use crate::aws::{Aws, Error, Result, TagApi};
use crate::lang::Value;
use crate::plan::adjust::Adjust;
use crate::resource::*;

/// A public key that instances let in by SSH.
///
/// ```toml
/// [aws_key_pair.admin]
/// key_name = "admin"
/// public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGh3fAFpIjPzkGSgpkqIkqZdTUSG4nkDq3GyyDlkYI3t admin@example.com"
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPair {
    /// The key in OpenSSH's form. A comment behind it may change without a new key pair.
    pub public_key: Fixed<String>,
    /// Unique in the account and region; else one is made up.
    #[schemars(length(max = 255))]
    pub key_name: Chosen<Fixed<Option<String>>>,
    /// Make up a unique name that starts with this.
    #[schemars(length(max = 229))]
    pub key_name_prefix: Chosen<Fixed<Option<String>>>,
    /// Labels of this resource.
    pub tags: Option<Tags>,
    /// All labels, the provider's default ones included.
    pub tags_all: Chosen<Tags>,
    /// The name.
    pub id: Computed<String>,
    /// The key pair's ARN.
    pub arn: Computed<String>,
    /// MD5 of a key of RSA, SHA-256 of one of ED25519.
    pub fingerprint: Computed<Option<String>>,
    /// Such as `key-0a1b2c`.
    pub key_pair_id: Computed<String>,
    /// `rsa` or `ed25519`.
    pub key_type: Computed<Option<String>>,
}

impl Resource for KeyPair {
    const TYPE: &'static str = "aws_key_pair";
    const SCHEMA_VERSION: u64 = 1;
    const IMPORT: &'static [&'static str] = &["admin"];
    const TAGS: TagApi = TagApi::KeyPair;
    const READS: Reads = Reads::of(&[Cost::page("ec2:DescribeKeyPairs", 1000)], "a call takes 1,000 names");
    const BATCH: usize = super::IDS;
    const PASSING: &'static [&'static [Passing]] = &[EC2];
    type Key = String;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn import(id: &str) -> Result<String> {
        Ok(id.to_owned())
    }

    async fn read(aws: &Aws, names: &[String]) -> Result<Vec<Live<Self>>> {
        let pairs = described(aws, "key-name", names, async |names, filters| {
            let call = aws.ec2().describe_key_pairs().include_public_key(true);
            let answer = call.set_key_names(names).set_filters(filters).send().await?;
            Ok(answer.key_pairs.unwrap_or_default())
        });
        let pairs = pairs.await?;
        // The ARN names the account, which the answer leaves out and the state knows.
        let exact = aws.exact() && !pairs.is_empty();
        let account = if exact { Some(aws.account().await?.id.as_str()) } else { None };
        Ok(pairs.into_iter().map(|it| live(aws, account, it)).collect())
    }

    async fn create(&self, aws: &Aws, new: &New) -> Result<String> {
        let call = aws.ec2().import_key_pair().key_name(self.named(new));
        let call = call.public_key_material(Blob::new(self.public_key.as_bytes()));
        let answer = call.set_tag_specifications(tagged(ResourceType::KeyPair, &new.tags)).send().await?;
        answer.key_name.ok_or(Error::Incomplete("the key pair's name"))
    }

    async fn update(&self, _aws: &Aws, _was: &Self) -> Result<()> {
        Ok(()) // only the tags can change
    }

    async fn delete(&self, aws: &Aws) -> Result<()> {
        aws.ec2().delete_key_pair().key_name(self.key()).send().await?;
        Ok(())
    }

    // ImportKeyPair takes no client token, but a name stands once in an account and region.
    async fn find(&self, aws: &Aws, new: &New) -> Result<Option<String>> {
        let name = self.named(new);
        let call = aws.ec2().describe_key_pairs().filters(super::among("key-name", &[name]));
        let found = call.send().await?.key_pairs.unwrap_or_default().into_iter();
        let ours = |it: &sdk::KeyPairInfo| new.may_have_made(it.create_time.map(|it| it.secs()));
        Ok(found.filter(ours).find_map(|it| it.key_name))
    }

    fn as_kept(mut self, kept: &Self) -> Self {
        if same_key(&self.public_key, &kept.public_key) {
            self.public_key = kept.public_key.clone();
        }
        self
    }

    fn adjust(plan: &mut Adjust) {
        plan.at_most_one(&["key_name", "key_name_prefix"]);
        let Some(key) = plan.will("public_key").and_then(Value::as_str).map(str::to_owned) else { return };
        let was = plan.was.as_ref().and_then(|it| it.get("public_key")).cloned();
        match was.filter(|it| it.as_str().is_some_and(|it| same_key(it, &key))) {
            Some(was) => plan.set("public_key", was),
            None if key.trim() != key => plan.set("public_key", key.trim().into()),
            None => {}
        }
    }
}

impl KeyPair {
    fn named(&self, new: &New) -> String {
        new.name(self.key_name.as_deref(), self.key_name_prefix.as_deref())
    }
}

/// Whether these are the same key, whatever is written behind it.
fn same_key(a: &str, b: &str) -> bool {
    fn parts(it: &str) -> Option<(&str, &str)> {
        let mut words = it.split_whitespace();
        Some((words.next()?, words.next()?))
    }
    a == b || parts(a).is_some_and(|it| Some(it) == parts(b))
}

fn live(aws: &Aws, account: Option<&str>, it: sdk::KeyPairInfo) -> Live<KeyPair> {
    let name: String = seen(it.key_name);
    Live {
        key: name.clone(),
        status: Status::Ready,
        tags: Some(tags(it.tags)),
        unread: if account.is_some() { &[] } else { &["arn"] },
        attributes: KeyPair {
            public_key: Fixed(it.public_key.unwrap_or_default().trim().to_owned()),
            key_name_prefix: Chosen(Fixed(name_prefix(&name).filter(|it| !it.is_empty()))),
            key_name: Chosen(Fixed(Some(name.clone()))),
            tags: None,
            tags_all: Chosen::default(),
            arn: arn(aws, account, &format!("key-pair/{name}")).into(),
            id: name.into(),
            fingerprint: seen(it.key_fingerprint),
            key_pair_id: seen(it.key_pair_id),
            key_type: seen(it.key_type),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_whatever_its_comment() {
        assert!(same_key("ssh-rsa AAAA me@here", "ssh-rsa AAAA"));
        assert!(same_key("ssh-rsa AAAA\n", " ssh-rsa  AAAA you"));
        assert!(!same_key("ssh-rsa AAAA", "ssh-rsa BBBB"));
        assert!(!same_key("x", "y"));
    }
}
