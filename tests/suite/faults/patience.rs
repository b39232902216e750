//! What is not there yet, what is still in the way: refusals that pass are waited out, others end an
//! operation at once, and what stands in the way is named.

use std::time::{Duration, Instant};

use aws_sdk_ec2::types::Filter;

use super::stage::{NAMED, NETWORK, Stage};
use crate::support::fault::{Fate, Faults, Rule};
use crate::support::infra::Output;

fn rules(rules: Vec<Rule>) -> Faults {
    Faults { rules, ..Faults::default() }
}

/// Everything of both.
fn everything() -> String {
    format!("{NETWORK}{}", NAMED.split("eu-west-1\"").nth(1).unwrap())
}

macro_rules! refused {
    ($times:expr, $name:literal, $status:literal, $code:literal, $message:literal) => {
        Rule { on: |it| it.name == $name, fate: Fate::Refused($status, $code, $message), times: $times }
    };
}

impl Stage {
    /// Runs a command under these rules, with nothing waited for longer than this.
    fn hurried(&self, faults: Vec<Rule>, patience: &str, words: &[&str]) -> Output {
        self.proxy.set(rules(faults));
        self.infra().env("INFRA_PATIENCE", patience).run(words)
    }

    fn asked(&self, name: &str) -> usize {
        self.proxy.calls().iter().filter(|it| it.operation.name == name).count()
    }

    fn only_id(&self, kind: &str) -> String {
        let made = self.made();
        let ids: Vec<&str> =
            made.iter().filter_map(|it| it.strip_prefix(kind)?.trim().split(' ').next()).collect();
        assert_eq!(ids.len(), 1, "{kind}: {made:?}");
        ids[0].to_owned()
    }
}

#[track_caller]
fn says(output: &Output, texts: &[&str]) {
    // Lines of a note are folded as the terminal is wide.
    let flat = output.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in texts {
        assert!(flat.contains(text), "no `{text}` in\n{}", output.stderr);
    }
}

#[test]
fn what_passes_is_waited_out() {
    let stage = Stage::new(&everything());
    let making = vec![
        refused!(2, "CreateSubnet", 400, "InvalidVpcID.NotFound", "The vpc does not exist"),
        refused!(1, "CreateSecurityGroup", 400, "InvalidVpcID.NotFound", "The vpc does not exist"),
        refused!(1, "AttachInternetGateway", 400, "InvalidInternetGatewayID.NotFound", "It does not exist"),
        refused!(1, "CreateRoute", 400, "Gateway.NotAttached", "not attached to the network"),
        refused!(1, "AuthorizeSecurityGroupIngress", 400, "InvalidGroup.NotFound", "It does not exist"),
        refused!(1, "CreateRole", 400, "MalformedPolicyDocument", "Invalid principal in policy: \"AWS\""),
        refused!(1, "PutRolePolicy", 404, "NoSuchEntity", "The role with name it cannot be found."),
        refused!(1, "CreateTable", 400, "LimitExceededException", "Only 500 tables … simultaneously"),
        refused!(1, "CreateBucket", 409, "OperationAborted", "A conflicting operation is in progress."),
        refused!(1, "CreateQueue", 400, "AWS.SimpleQueueService.QueueDeletedRecently", "Wait 60 seconds"),
    ];
    let output = stage.run(rules(making), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(stage.asked("CreateSubnet") == 3, "it was not asked again");
    stage.settle();
    let removing = vec![
        refused!(2, "DeleteVpc", 400, "DependencyViolation", "The vpc has dependencies"),
        refused!(1, "DeleteSubnet", 400, "DependencyViolation", "The subnet has dependencies"),
        refused!(1, "DeleteSecurityGroup", 400, "DependencyViolation", "it has a dependent object"),
        refused!(1, "DetachInternetGateway", 400, "DependencyViolation", "mapped public address(es)"),
        refused!(1, "ReleaseAddress", 400, "InvalidIPAddress.InUse", "Address is in use."),
        refused!(1, "DeleteRole", 409, "DeleteConflict", "Cannot delete entity, detach all policies first."),
        refused!(1, "DeleteTable", 400, "ResourceInUseException", "Table is being updated: items"),
        refused!(1, "DeleteBucket", 409, "OperationAborted", "A conflicting operation is in progress."),
    ];
    let output = stage.run(rules(removing), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_eq!(stage.made(), Default::default(), "left after the destroy");
}

#[test]
fn what_does_not_pass_ends_at_once() {
    let stage = Stage::new(&everything());
    let always = usize::MAX;
    let refusals = vec![
        refused!(always, "CreateSubnet", 400, "InvalidSubnet.Conflict", "The CIDR conflicts with another"),
        refused!(always, "CreateRole", 400, "MalformedPolicyDocument", "Syntax errors in policy."),
        refused!(always, "CreateTable", 400, "ResourceInUseException", "Table already exists: items"),
        refused!(always, "CreateBucket", 409, "BucketAlreadyExists", "The name is not available."),
        refused!(always, "CreateQueue", 400, "InvalidAttributeValue", "Invalid value for VisibilityTimeout."),
    ];
    let began = Instant::now();
    let output = stage.run(rules(refusals), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(began.elapsed() < Duration::from_secs(60), "took {:?}", began.elapsed());
    for name in ["CreateSubnet", "CreateRole", "CreateTable", "CreateBucket", "CreateQueue"] {
        assert_eq!(stage.asked(name), 1, "{name} was repeated");
    }
    says(&output, &["InvalidSubnet.Conflict", "Syntax errors in policy", "BucketAlreadyExists"]);
    stage.settle();
    stage.destroy();
}

const GROUP: &str = r#"
[stack]
name = "group"

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
timeouts = { delete = "2s" }
"#;

/// An interface of somebody's in the group, and its id.
fn interface(stage: &Stage, description: &str) -> String {
    let subnet = stage.only_id("subnet");
    stage.account.with(async |aws| {
        let of = Filter::builder().name("group-name").values("web").build();
        let found = aws.ec2().describe_security_groups().filters(of).send().await.unwrap();
        let group = found.security_groups()[0].group_id().unwrap().to_owned();
        let call = aws.ec2().create_network_interface().subnet_id(subnet).groups(group);
        let made = call.description(description).send().await.unwrap();
        made.network_interface.unwrap().network_interface_id.unwrap()
    })
}

fn in_use(times: usize) -> Rule {
    refused!(times, "DeleteSecurityGroup", 400, "DependencyViolation", "it has a dependent object")
}

#[test]
fn who_uses_a_group_is_named() {
    let stage = Stage::new(GROUP);
    stage.settle();
    let interface = interface(&stage, "ELB app/shop/50dc6c495c0c9188");
    let output = stage.run(rules(vec![in_use(usize::MAX)]), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    says(
        &output,
        &[
            "it has a dependent object (DependencyViolation",
            "in the way:",
            &format!("network interface {interface}"),
            "load balancer app/shop/50dc6c495c0c9188",
            "refused again and again for",
            "aws_security_group.web",
            "`timeouts` sets a longer time",
        ],
    );
    // What could not be looked up leaves the refusal as it is.
    let blind =
        vec![in_use(usize::MAX), Rule::always(Fate::Denied, |it| it.name == "DescribeNetworkInterfaces")];
    let output = stage.run(rules(blind), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    says(
        &output,
        &[
            "it has a dependent object (DependencyViolation",
            "network interfaces could not be looked up: You are not authorized",
        ],
    );
    stage.account.with(async |aws| {
        aws.ec2().delete_network_interface().network_interface_id(interface).send().await.unwrap();
    });
    stage.destroy();
}

#[test]
fn what_lambda_left_behind_is_removed() {
    // Found and removed within it, on a slow machine too.
    let stage = Stage::new(&GROUP.replace("2s", "60s"));
    stage.settle();
    let lambda = "AWS Lambda VPC ENI-fn-30bb1fd5-e726-4d80-9ff2-52fd62cd548c";
    let theirs = interface(&stage, lambda);
    let output = stage.run(rules(vec![in_use(1)]), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_eq!(stage.asked("DeleteNetworkInterface"), 1, "{theirs} was left");
    assert_eq!(stage.made(), Default::default());
}

#[test]
fn what_is_in_a_vpc_is_named() {
    let stage = Stage::new(
        "[stack]\nname = \"vpc\"\n[provider.aws]\nregion = \"eu-west-1\"\n[aws_vpc.main]\ncidr_block = \"10.0.0.0/16\"\n",
    );
    stage.settle();
    let vpc = stage.only_id("vpc");
    let subnet = stage.account.with(async |aws| {
        let made = aws.ec2().create_subnet().vpc_id(vpc).cidr_block("10.0.1.0/24").send().await.unwrap();
        made.subnet.unwrap().subnet_id.unwrap()
    });
    // The emulator itself refuses.
    let output = stage.hurried(Vec::new(), "2s", &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    says(&output, &["DependencyViolation", "in the way:", &format!("- subnet {subnet}")]);
    stage.account.with(async |aws| aws.ec2().delete_subnet().subnet_id(subnet).send().await.unwrap());
    stage.destroy();
}

const ROLE: &str = r#"
[stack]
name = "role"

[provider.aws]
region = "eu-west-1"

[aws_iam_role.it]
name = "it"
assume_role_policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}'

[aws_iam_policy.read]
name = "read"
policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
"#;

#[test]
fn what_a_role_holds_is_named_with_its_address() {
    let stage = Stage::new(ROLE);
    stage.settle();
    let arn = format!("arn:aws:iam::{}:policy/read", stage.account.id);
    stage.account.with(async |aws| {
        aws.iam().attach_role_policy().role_name("it").policy_arn(&arn).send().await.unwrap();
        let call = aws.iam().put_role_policy().role_name("it").policy_name("by-hand");
        let policy =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        call.policy_document(policy).send().await.unwrap();
    });
    // Unknown to the state: what it knows of, a destroy takes away.
    let kept = refused!(usize::MAX, "DeletePolicy", 409, "DeleteConflict", "Cannot delete a policy attached");
    let output = stage.hurried(vec![kept], "2s", &["destroy", "--auto-approve", "--refresh=false"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    says(
        &output,
        &[
            "DeleteConflict",
            "- inline policy by-hand",
            &format!("- attached policy {arn} (`aws_iam_policy.read` of this stack)"),
            "force_detach_policies",
            // The policy's own refusal: who has it.
            "- attached to role it",
        ],
    );
    stage.account.with(async |aws| {
        aws.iam().detach_role_policy().role_name("it").policy_arn(&arn).send().await.unwrap();
        aws.iam().delete_role_policy().role_name("it").policy_name("by-hand").send().await.unwrap();
    });
    stage.destroy();
}

const STORES: &str = r#"
[stack]
name = "stores"

[provider.aws]
region = "eu-west-1"

[aws_s3_bucket.it]
bucket = "full-ACCOUNT"

[aws_ecr_repository.it]
name = "full"

[aws_dynamodb_table.it]
name = "guarded"
billing_mode = "PAY_PER_REQUEST"
hash_key = "id"
attribute = [{ name = "id", type = "S" }]
deletion_protection_enabled = true
"#;

const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[]}"#;

#[test]
fn what_is_not_empty_or_guarded_is_told_at_once() {
    let stage = Stage::new(STORES);
    stage.settle();
    let bucket = format!("full-{}", stage.account.id);
    stage.account.with(async |aws| {
        let body = aws_sdk_s3::primitives::ByteStream::from_static(b"x");
        aws.s3().put_object().bucket(&bucket).key("report.csv").body(body).send().await.unwrap();
        let call = aws.ecr().put_image().repository_name("full").image_manifest(MANIFEST);
        call.image_tag("v1").send().await.unwrap();
    });
    let output = stage.run(Faults::default(), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    for name in ["DeleteBucket", "DeleteRepository", "DeleteTable"] {
        assert_eq!(stage.asked(name), 1, "{name} was repeated");
    }
    says(
        &output,
        &[
            "BucketNotEmpty",
            "- 1 object: `report.csv`",
            "`force_destroy = true`",
            "RepositoryNotEmptyException",
            "- 1 image: tag `v1`",
            "`force_delete = true`",
            "`deletion_protection_enabled = false`",
        ],
    );
}

#[test]
fn what_a_list_misses_once_is_not_made_again() {
    let stage = Stage::new(GROUP);
    stage.settle();
    let missed = |on| Rule { on, fate: Fate::Unseen, times: 1 };
    let faults = rules(vec![
        missed(|it| it.name == "DescribeSubnets"),
        missed(|it| it.name == "DescribeSecurityGroups"),
    ]);
    let output = stage.run(faults, &["plan", "--detailed-exitcode"]);
    assert_eq!(output.code, Some(0), "{}{}", output.stdout, output.stderr);
    stage.destroy();
}

#[test]
fn what_is_there_is_not_taken_for_gone() {
    let stage = Stage::new(GROUP);
    stage.settle();
    let unknown =
        vec![refused!(1, "DeleteSubnet", 400, "InvalidSubnetID.NotFound", "The subnet ID does not exist")];
    let output = stage.run(rules(unknown), &["destroy", "--auto-approve"]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert_eq!(stage.made(), Default::default(), "left after the destroy");
}

/// Groups that name each other, through rules of their own.
const RING: &str = r#"
[stack]
name = "ring"

[provider.aws]
region = "eu-west-1"

[aws_vpc.main]
cidr_block = "10.0.0.0/16"

[aws_security_group.a]
name = "a"
vpc_id = "${aws_vpc.main.id}"

[aws_security_group.b]
name = "b"
vpc_id = "${aws_vpc.main.id}"

[aws_vpc_security_group_ingress_rule.a]
security_group_id = "${aws_security_group.a.id}"
referenced_security_group_id = "${aws_security_group.b.id}"
ip_protocol = "-1"

[aws_vpc_security_group_ingress_rule.b]
security_group_id = "${aws_security_group.b.id}"
referenced_security_group_id = "${aws_security_group.a.id}"
ip_protocol = "-1"
"#;

#[test]
fn groups_that_name_each_other_go_rules_first() {
    let stage = Stage::new(RING);
    stage.settle();
    stage.proxy.take();
    stage.destroy();
    let names: Vec<String> = stage.proxy.calls().into_iter().map(|it| it.operation.name).collect();
    let last_rule = names.iter().rposition(|it| it == "RevokeSecurityGroupIngress").unwrap();
    let first_group = names.iter().position(|it| it == "DeleteSecurityGroup").unwrap();
    assert!(last_rule < first_group, "{names:?}");
}

#[test]
fn what_nobody_has_made_is_not_waited_for_long() {
    let stage = Stage::new(
        "[stack]\nname = \"x\"\n[provider.aws]\nregion = \"eu-west-1\"\n[aws_subnet.it]\n\
         vpc_id = \"vpc-0a1b2c3d4e5f67890\"\ncidr_block = \"10.0.1.0/24\"\n",
    );
    let began = Instant::now();
    let output = stage.run(Faults::default(), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    // 20 s, and what a busy machine adds; with something new among what it needs it would be 120.
    assert!(began.elapsed() < Duration::from_secs(80), "took {:?}", began.elapsed());
    says(&output, &["InvalidVpcID.NotFound", "refused again and again for"]);
    assert!(output.stdout.contains("elapsed, waiting: InvalidVpcID.NotFound]"), "{}", output.stdout);
}

#[test]
fn a_name_that_a_deleted_secret_keeps_for_days_is_told_at_once() {
    let stage = Stage::new(
        "[stack]\nname = \"x\"\n[provider.aws]\nregion = \"eu-west-1\"\n[aws_secretsmanager_secret.it]\n\
         name = \"shop\"\n",
    );
    stage.account.with(async |aws| {
        aws.secrets().create_secret().name("shop").secret_string("x").send().await.unwrap();
        aws.secrets().delete_secret().secret_id("shop").recovery_window_in_days(7).send().await.unwrap();
    });
    // In AWS's words; the emulator has others.
    let taken = refused!(
        usize::MAX,
        "CreateSecret",
        400,
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion."
    );
    let output = stage.run(rules(vec![taken]), &["apply", "--auto-approve"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert_eq!(stage.asked("CreateSecret"), 1, "it was repeated");
    says(&output, &["scheduled for deletion, and will be for days", "restore-secret --secret-id shop"]);
}

#[test]
fn an_interrupt_ends_the_waiting() {
    let stage = Stage::new(GROUP);
    stage.settle();
    let began = Instant::now();
    let held = refused!(usize::MAX, "DeleteVpc", 400, "DependencyViolation", "it has dependencies");
    let running = stage.spawn(rules(vec![held]), &["destroy", "--auto-approve"]);
    stage.proxy.wait_for("ec2:DeleteVpc");
    running.signal("INT");
    let output = running.finish();
    // The VPC's own patience is 300 s.
    assert!(began.elapsed() < Duration::from_secs(120), "took {:?}", began.elapsed());
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    says(&output, &["it has dependencies (DependencyViolation"]);
    stage.destroy();
}
