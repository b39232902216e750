//! Where the tests of faults play: an account, a proxy, a folder, and a state in S3.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::support::fault::Faults;
use crate::support::infra::{Output, Running};
use crate::support::{Account, Folder, Infra, Proxy};

pub const KEY: &str = "stack.tfstate";

pub struct Stage {
    pub account: Account,
    pub proxy: Proxy,
    pub folder: Folder,
    /// What the account holds without the stack.
    before: BTreeSet<String>,
    s3: bool,
    /// A lock lasts some seconds only without a heartbeat.
    short_lease: bool,
}

impl Stage {
    /// With the state in a file.
    pub fn new(stack: &str) -> Stage {
        Stage::with(stack, false)
    }

    /// With the state in S3 and the lock in DynamoDB.
    pub fn in_s3(stack: &str) -> Stage {
        Stage::with(stack, true)
    }

    /// With the stack of a folder.
    pub fn of_folder(path: &std::path::Path, s3: bool) -> Stage {
        let account = Account::new();
        let folder = Folder::copy_of(path);
        if s3 {
            folder.write("backend.stack.toml", backend(&account));
        }
        // A machine that is busy with other tests may take longer between two beats.
        let short_lease = std::env::var_os("INFRA_SWEEP").is_some_and(|it| !it.is_empty());
        Stage { short_lease, ..Stage::at(account, folder, s3) }
    }

    fn with(stack: &str, s3: bool) -> Stage {
        let account = Account::new();
        let text = if s3 { format!("{}\n{stack}", backend(&account)) } else { stack.to_owned() };
        let folder = Folder::with_stack(&text.replace("ACCOUNT", &account.id));
        Stage::at(account, folder, s3)
    }

    fn at(account: Account, folder: Folder, s3: bool) -> Stage {
        let stage =
            Stage { account, proxy: Proxy::new(), folder, before: BTreeSet::new(), s3, short_lease: false };
        if s3 {
            stage.make_backend();
        }
        Stage { before: stage.account.inventory(), ..stage }
    }

    fn make_backend(&self) {
        use aws_sdk_dynamodb::types::{
            AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        };
        let (bucket, table) = (self.bucket(), self.table());
        self.account.with(async |aws| {
            use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
            let place =
                CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuWest1);
            let made = aws.s3().create_bucket().bucket(bucket).create_bucket_configuration(place.build());
            made.send().await.unwrap();
            let key =
                KeySchemaElement::builder().attribute_name("LockID").key_type(KeyType::Hash).build().unwrap();
            let column = AttributeDefinition::builder().attribute_name("LockID");
            let column = column.attribute_type(ScalarAttributeType::S).build().unwrap();
            let made = aws.dynamodb().create_table().table_name(table).key_schema(key);
            let made = made.attribute_definitions(column).billing_mode(BillingMode::PayPerRequest);
            made.send().await.unwrap();
        });
    }

    pub fn bucket(&self) -> String {
        format!("state-{}", self.account.id)
    }

    pub fn table(&self) -> String {
        format!("locks-{}", self.account.id)
    }

    pub fn infra(&self) -> Infra {
        let infra = Infra::new(self.folder.path(), &self.account, &self.proxy.url());
        if self.short_lease { infra.env("INFRA_LOCK_LEASE", "5s") } else { infra }
    }

    /// Takes the lock of a dead process away, where it would last longer than a test.
    pub fn bury(&self) {
        if !self.short_lease {
            self.break_lock();
        }
    }

    /// Runs a command under faults.
    pub fn run(&self, faults: Faults, words: &[&str]) -> Output {
        self.proxy.set(faults);
        self.infra().run(words)
    }

    pub fn spawn(&self, faults: Faults, words: &[&str]) -> Running {
        self.proxy.set(faults);
        let running = self.infra().spawn(words);
        self.proxy.victim(running.pid());
        running
    }

    /// Runs a command without faults, and insists on success.
    #[track_caller]
    pub fn must(&self, words: &[&str], code: i32) -> Output {
        self.proxy.set(Faults::default());
        self.infra().must(words, code)
    }

    /// Applies without faults, and insists that nothing is left to do then.
    #[track_caller]
    pub fn settle(&self) -> Output {
        let output = self.must(&["apply", "--auto-approve"], 0);
        self.must(&["plan", "--detailed-exitcode"], 0);
        assert_eq!(self.journal(), None, "a journal is left");
        output
    }

    /// What another region held before, and this one.
    pub fn before(&self, region: &str) -> BTreeSet<String> {
        if region == ::infra::sandbox::REGION { self.before.clone() } else { BTreeSet::new() }
    }

    /// What the stack has made.
    pub fn made(&self) -> BTreeSet<String> {
        let all = self.account.inventory();
        // The emulator keeps the interface of a NAT gateway that is gone.
        let ours = all.difference(&self.before).filter(|it| !it.starts_with("network-interface "));
        ours.cloned().collect()
    }

    /// How many of each kind the stack has made.
    pub fn kinds(&self) -> std::collections::BTreeMap<String, usize> {
        let mut out = std::collections::BTreeMap::new();
        for it in self.made() {
            *out.entry(it.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
        }
        out
    }

    /// How many things carry the tag of their create: the emulator remembers those of what is gone, too.
    pub fn marks(&self) -> usize {
        let key = aws_sdk_ec2::types::Filter::builder().name("key").values("infra:token").build();
        let found =
            self.account.with(async |aws| aws.ec2().describe_tags().filters(key).send().await.unwrap());
        let made = self.made();
        let there = |id: &str| made.iter().any(|it| it.split(' ').nth(1) == Some(id));
        found.tags.unwrap_or_default().iter().filter(|it| it.resource_id().is_some_and(there)).count()
    }

    /// Destroys, and insists that nothing is left.
    #[track_caller]
    pub fn destroy(&self) {
        self.must(&["destroy", "--auto-approve"], 0);
        let left = self.made();
        assert!(left.is_empty(), "destroyed, and the account still holds {left:#?}");
        assert_eq!(self.journal(), None, "a journal is left");
    }

    fn object(&self, key: &str) -> Option<Vec<u8>> {
        self.account.with(async |aws| {
            let answer = aws.s3().get_object().bucket(self.bucket()).key(key).send().await.ok()?;
            Some(answer.body.collect().await.unwrap().to_vec())
        })
    }

    pub fn journal(&self) -> Option<String> {
        let bytes = if self.s3 {
            self.object(&format!("{KEY}.journal"))
        } else {
            std::fs::read(self.folder.path().join("terraform.tfstate.journal")).ok()
        };
        bytes.map(|it| String::from_utf8(it).unwrap())
    }

    pub fn state(&self) -> Json {
        let bytes = if self.s3 {
            self.object(KEY)
        } else {
            std::fs::read(self.folder.path().join("terraform.tfstate")).ok()
        };
        bytes.map_or(Json::Null, |it| serde_json::from_slice(&it).unwrap())
    }

    pub fn serial(&self) -> u64 {
        self.state()["serial"].as_u64().unwrap_or_default()
    }

    pub fn put_state(&self, bytes: Vec<u8>) {
        self.account.with(async |aws| {
            aws.s3().put_object().bucket(self.bucket()).key(KEY).body(bytes.into()).send().await.unwrap();
        });
    }

    /// The lock's item, as whoever breaks a dead lock would remove it. Whether there was one.
    pub fn break_lock(&self) -> bool {
        if !self.s3 {
            return false;
        }
        use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
        let item = AttributeValue::S(format!("{}/{KEY}", self.bucket()));
        self.account.with(async |aws| {
            let call = aws.dynamodb().delete_item().table_name(self.table()).key("LockID", item.clone());
            call.return_values(ReturnValue::AllOld).send().await.unwrap().attributes.is_some()
        })
    }
}

fn backend(account: &Account) -> String {
    format!(
        "[backend.s3]\nbucket = \"state-{id}\"\nkey = \"{KEY}\"\nregion = \"eu-west-1\"\ndynamodb_table = \"locks-{id}\"\n",
        id = account.id
    )
}

/// Things with a natural key, and one that leans on another.
pub const NAMED: &str = r#"
[stack]
name = "named"

[provider.aws]
region = "eu-west-1"

[aws_iam_role.it]
name = "it"
assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'

[aws_iam_role_policy.it]
name = "it"
role = "${aws_iam_role.it.id}"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}'

[aws_dynamodb_table.it]
name = "items"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{ name = "id", type = "S" }]

[aws_s3_bucket.it]
bucket = "it-ACCOUNT"
tags = { Name = "it" }

[aws_sqs_queue.it]
name = "it"
"#;

/// Things that have nothing but an id, and some that lean on them.
pub const NETWORK: &str = r#"
[stack]
name = "network"

[provider.aws]
region = "eu-west-1"

[aws_vpc.main]
cidr_block = "10.0.0.0/16"

[aws_subnet.one]
vpc_id = "${aws_vpc.main.id}"
cidr_block = "10.0.1.0/24"

[aws_security_group.web]
name = "web"
vpc_id = "${aws_vpc.main.id}"
ingress = [{ protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"] }]
egress = [{ protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"] }]

[aws_internet_gateway.it]
vpc_id = "${aws_vpc.main.id}"

[aws_route_table.it]
vpc_id = "${aws_vpc.main.id}"
route = [{ cidr_block = "0.0.0.0/0", gateway_id = "${aws_internet_gateway.it.id}" }]

[aws_eip.it]
domain = "vpc"
tags = { Name = "it" }
"#;
