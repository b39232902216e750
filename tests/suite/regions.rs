//! One stack in several regions and accounts: provider configurations by alias, and `region`.

use serde_json::Value as Json;

use crate::support::infra::Output;
use crate::support::{Account, Folder, Infra, Proxy};

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(text) }
    }
    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        self.infra().must(words, code)
    }
    #[track_caller]
    fn arns(&self) -> Json {
        serde_json::from_str(&self.run(&["output", "--json", "arns"], 0).stdout).unwrap()
    }
    /// The attributes of a resource's only instance, as the state has them.
    #[track_caller]
    fn attributes(&self, name: &str) -> Json {
        let state: Json = serde_json::from_str(&self.run(&["state", "pull"], 0).stdout).unwrap();
        let all = state["resources"].as_array().unwrap();
        let one = all.iter().find(|it| it["name"] == name).unwrap();
        one["instances"][0]["attributes"].clone()
    }
}

#[track_caller]
fn has(text: &str, all: &[&str]) {
    for it in all {
        assert!(text.contains(it), "`{it}` is not in\n{text}");
    }
}

#[test]
fn a_stack_spans_regions_and_accounts() {
    let (other, third) = (Account::new().id, Account::new().id);
    let stack = Stack::new(&format!(
        r#"
        [[provider.aws]]
        region = "eu-west-1"
        default_tags.tags = {{ from = "home" }}
        [[provider.aws]]
        alias = "west"
        region = "us-west-2"
        [[provider.aws]]
        alias = "other"
        region = "eu-west-1"
        allowed_account_ids = ["{other}"]
        assume_role = {{ role_arn = "arn:aws:iam::{other}:role/deploy" }}
        [[provider.aws]]
        alias = "chain"
        region = "eu-west-1"
        forbidden_account_ids = ["{other}"]
        assume_role = [{{ role_arn = "arn:aws:iam::{other}:role/first" }}, {{ role_arn = "arn:aws:iam::{third}:role/second" }}]
        [aws_sqs_queue.home]
        name = "q"
        [aws_sqs_queue.west]
        provider = "aws.west"
        name = "q"
        [aws_sqs_queue.other]
        provider = "aws.other"
        name = "q"
        [aws_sqs_queue.chain]
        provider = "aws.chain"
        region = "ap-northeast-1"
        name = "q"
        [aws_vpc.home]
        cidr_block = "10.0.0.0/16"
        [aws_vpc.west]
        provider = "aws.west"
        cidr_block = "10.1.0.0/16"
        [output.arns]
        value = {{ home = "${{aws_sqs_queue.home.arn}}", west = "${{aws_sqs_queue.west.arn}}", other = "${{aws_sqs_queue.other.arn}}", chain = "${{aws_sqs_queue.chain.arn}}" }}
        "#
    ));
    stack.run(&["apply", "--auto-approve"], 0);
    let (arns, own) = (stack.arns(), &stack.account.id);
    assert_eq!(arns["home"], format!("arn:aws:sqs:eu-west-1:{own}:q"));
    assert_eq!(arns["west"], format!("arn:aws:sqs:us-west-2:{own}:q"));
    assert_eq!(arns["other"], format!("arn:aws:sqs:eu-west-1:{other}:q"));
    assert_eq!(arns["chain"], format!("arn:aws:sqs:ap-northeast-1:{third}:q"));
    assert_eq!(stack.attributes("home")["tags_all"]["from"], "home");
    assert!(stack.attributes("west")["tags_all"].as_object().is_none_or(|it| it.is_empty()));
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // Whoever is not allowed is not asked anything.
    let text = stack.folder.read("stack.toml").replace("forbidden_account_ids", "allowed_account_ids");
    let fine = stack.folder.read("stack.toml");
    stack.folder.write("stack.toml", text);
    has(&stack.run(&["plan"], 1).stderr, &[&format!("account {third}"), "`allowed_account_ids` allows"]);
    stack.folder.write("stack.toml", fine);
    stack.run(&["destroy", "--auto-approve"], 0);
}

const REGIONS: &str = r#"
[provider.aws]
region = "eu-west-1"
[aws_sqs_queue.each]
for_each = "${toset([\"us-east-1\", \"eu-west-1\"])}"
name = "q"
region = "${each.key}"
[aws_vpc.away]
cidr_block = "10.0.0.0/16"
region = "AWAY"
[aws_subnet.away]
vpc_id = "${aws_vpc.away.id}"
cidr_block = "10.0.0.0/24"
region = "AWAY"
[aws_s3_bucket.away]
bucket = "regions-away-ACCOUNT"
region = "AWAY"
[aws_sqs_queue.home]
name = "home"
[data.aws_availability_zones.there]
region = "eu-central-1"
[output.arns]
value = ["${aws_sqs_queue.each[\"us-east-1\"].arn}", "${aws_sqs_queue.each[\"eu-west-1\"].arn}", "${aws_subnet.away.availability_zone}", "${aws_s3_bucket.away.region}", "${data.aws_availability_zones.there.names[0]}"]
"#;

#[test]
fn any_resource_may_name_its_region() {
    let stack = Stack::new("");
    let own = stack.account.id.clone();
    let text = |away: &str| REGIONS.replace("AWAY", away).replace("ACCOUNT", &own);
    stack.folder.write("stack.toml", text("us-west-2"));
    let plan = stack.run(&["plan"], 0).stdout;
    has(&plan, &["region", "\"us-west-2\"", "6 to add"]);
    stack.run(&["apply", "--auto-approve"], 0);
    let arns = stack.arns();
    assert_eq!(arns[0], format!("arn:aws:sqs:us-east-1:{own}:q"));
    assert_eq!(arns[1], format!("arn:aws:sqs:eu-west-1:{own}:q"));
    assert!(arns[2].as_str().unwrap().starts_with("us-west-2"), "{arns}");
    assert_eq!(arns[3], "us-west-2");
    assert!(arns[4].as_str().unwrap().starts_with("eu-central-1"), "{arns}");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    // Where none is asked for, the state is as without it.
    assert_eq!(stack.attributes("home").get("region"), None);
    assert_eq!(stack.attributes("away")["region"], "us-west-2");
    // Naming the region where it is anyway is no change; another one is a replacement.
    let named = text("us-west-2").replace("name = \"home\"", "name = \"home\"\nregion = \"eu-west-1\"");
    stack.folder.write("stack.toml", named);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.folder.write("stack.toml", text("eu-central-1"));
    let plan = stack.run(&["plan"], 0).stdout;
    has(
        &plan,
        &["aws_vpc.away must be replaced", "# forces replacement", "3 to add, 0 to change, 3 to destroy"],
    );
    stack.run(&["apply", "--auto-approve"], 0);
    assert!(stack.arns()[2].as_str().unwrap().starts_with("eu-central-1"));
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn an_import_names_its_region() {
    let vpc = "[aws_vpc.away]\ncidr_block = \"10.0.0.0/16\"\nregion = \"us-east-1\"\n";
    let stack = Stack::new(&format!("[provider.aws]\nregion = \"eu-west-1\"\n{vpc}"));
    stack.run(&["apply", "--auto-approve"], 0);
    let id = stack.attributes("away")["id"].as_str().unwrap().to_owned();
    let import = format!("[[import]]\nto = \"aws_vpc.away\"\nid = \"{id}@us-east-1\"\n");
    stack.folder.write("import.stack.toml", import);
    std::fs::remove_file(stack.folder.path().join("terraform.tfstate")).unwrap();
    has(&stack.run(&["plan"], 0).stdout, &["1 to import, 0 to add, 0 to change, 0 to destroy"]);
    stack.run(&["apply", "--auto-approve"], 0);
    assert_eq!(stack.attributes("away")["region"], "us-east-1");
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_region_is_only_where_there_are_regions() {
    let stack = Stack::new(
        "[provider.aws]\nregion = \"eu-west-1\"\n[aws_iam_role.r]\nname = \"r\"\nassume_role_policy = \"{}\"\nregion = \"us-east-1\"\n\
         [aws_vpc.v]\ncidr_block = \"10.0.0.0/16\"\nregion = \"Frankfurt\"\n",
    );
    has(&stack.run(&["validate"], 1).stderr, &["region", "aws_iam_role", "Frankfurt"]);
}
