//! The sandbox, and the support that stands on it.

use std::time::Duration;

use infra::aws::Error;

use crate::support::fault::{Fate, Faults};
use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy, moto};

#[test]
fn each_account_holds_its_own() {
    let (one, other) = (Account::new(), Account::new());
    let before = other.inventory();
    let id = one.with(async |aws| {
        let made = aws.ec2().create_vpc().cidr_block("10.9.0.0/16").send().await.unwrap();
        assert_eq!(aws.account().await.unwrap().id, one.id);
        made.vpc.unwrap().vpc_id.unwrap()
    });
    assert!(one.inventory().contains(&format!("vpc {id}")));
    assert_eq!(other.inventory(), before);
}

#[test]
fn the_proxy_logs_what_is_asked() {
    let (account, proxy) = (Account::new(), Proxy::new());
    ask(&account, &proxy, async |aws| {
        aws.sqs().create_queue().queue_name("logged").send().await.unwrap();
        aws.ec2().describe_vpcs().vpc_ids("vpc-1").send().await.unwrap_err();
        aws.s3().create_bucket().bucket(format!("logged-{}", account.id)).send().await.unwrap_err();
    });
    let calls = proxy.take();
    let names: Vec<String> = counts(&calls).into_keys().collect();
    assert_eq!(names, ["ec2:DescribeVpcs", "s3:CreateBucket", "sqs:CreateQueue"]);
    assert_eq!(calls[0].operation.parameters["QueueName"], "logged");
    assert_eq!(calls[1].operation.parameters["VpcId.1"], "vpc-1");
    assert_eq!(calls[1].operation.region, "eu-west-1");
    assert!(calls[0].operation.mutates() && !calls[1].operation.mutates());
    assert_eq!((calls[0].status, calls[0].fate), (Some(200), Fate::Answered));
}

#[test]
fn throttling_and_outages_have_each_services_form() {
    let (account, proxy) = (Account::new(), Proxy::new());
    proxy.set(Faults { throttled: 1.0, ..Faults::default() });
    let throttled = codes(&account, &proxy);
    assert_eq!(
        throttled,
        ["RequestLimitExceeded", "Throttling", "ThrottlingException", "RequestThrottled", "SlowDown"]
    );
    proxy.set(Faults { broken: 1.0, ..Faults::default() });
    let broken = codes(&account, &proxy);
    assert_eq!(
        broken,
        ["Unavailable", "InternalFailure", "InternalServerError", "InternalFailure", "InternalError"]
    );
}

/// The error codes that one call each to EC2, IAM, DynamoDB, SQS and S3 gives.
fn codes(account: &Account, proxy: &Proxy) -> Vec<String> {
    ask(account, proxy, async |aws| {
        let errors: [Error; 5] = [
            aws.ec2().describe_vpcs().send().await.unwrap_err().into(),
            aws.iam().list_roles().send().await.unwrap_err().into(),
            aws.dynamodb().list_tables().send().await.unwrap_err().into(),
            aws.sqs().list_queues().send().await.unwrap_err().into(),
            aws.s3().list_buckets().send().await.unwrap_err().into(),
        ];
        // A service's own fault leaves open whether it acted: the code is in the words then.
        let said = |it: &Error| {
            it.to_string().rsplit('(').next().map(|it| it.split([',', ')']).next().map(str::to_owned))
        };
        errors
            .iter()
            .map(|it| it.code().map(str::to_owned).or(said(it).flatten()).unwrap_or_default())
            .collect()
    })
}

#[test]
fn a_lost_reply_leaves_what_was_made() {
    let (account, proxy) = (Account::new(), Proxy::new());
    for (faults, made) in [
        (Faults { lost_requests: 1.0, ..Faults::default() }, false),
        (Faults { lost_replies: 1.0, latency: Duration::from_millis(5), ..Faults::default() }, true),
    ] {
        proxy.set(faults);
        let error = ask(&account, &proxy, async |aws| {
            Error::from(aws.sqs().create_queue().queue_name("lost").send().await.unwrap_err())
        });
        assert!(matches!(error, Error::Unreached(_)), "{error}");
        assert_eq!(account.inventory().iter().any(|it| it.starts_with("queue ")), made);
    }
}

/// Runs something with clients of this account through the proxy, without retries.
fn ask<T>(account: &Account, proxy: &Proxy, what: impl AsyncFnOnce(infra::aws::Aws) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let settings =
            infra::aws::connect::Settings { max_attempts: Some(1), ..account.settings(&proxy.url()) };
        what(infra::aws::Aws::connect(&settings).await.unwrap()).await
    })
}

#[test]
fn the_emulator_keeps_descriptions_of_every_kind_of_rule() {
    use aws_sdk_ec2::types::{
        IpPermission, SecurityGroupRuleRequest, SecurityGroupRuleUpdate, UserIdGroupPair,
    };
    let account = Account::new();
    account.with(async |aws| {
        let ec2 = aws.ec2();
        let vpc = ec2.create_vpc().cidr_block("10.9.0.0/16").send().await.unwrap().vpc.unwrap();
        let group = ec2.create_security_group().group_name("a").description("a").vpc_id(vpc.vpc_id.unwrap());
        let group = group.send().await.unwrap().group_id.unwrap();
        let pair = UserIdGroupPair::builder().group_id(&group).description("of itself").build();
        let rule = IpPermission::builder().ip_protocol("-1").user_id_group_pairs(pair).build();
        let made = ec2.authorize_security_group_ingress().group_id(&group).ip_permissions(rule).send();
        let made = made.await.unwrap().security_group_rules.unwrap().pop().unwrap();
        assert_eq!(made.description.as_deref(), Some("of itself"));
        let id = made.security_group_rule_id.unwrap();
        let wanted =
            SecurityGroupRuleRequest::builder().ip_protocol("-1").referenced_group_id(&group).build();
        let update =
            SecurityGroupRuleUpdate::builder().security_group_rule_id(&id).security_group_rule(wanted);
        let modify = ec2.modify_security_group_rules().group_id(&group).security_group_rules(update.build());
        modify.send().await.unwrap();
        let answer = ec2.describe_security_group_rules().security_group_rule_ids(&id).send().await.unwrap();
        let rule = answer.security_group_rules.unwrap().pop().unwrap();
        assert_eq!(rule.description, None);
        assert_eq!(rule.referenced_group_info.and_then(|it| it.group_id), Some(group));
    });
}

#[test]
fn the_emulator_changes_only_the_attributes_of_a_queue_that_are_named() {
    use aws_sdk_sqs::types::QueueAttributeName as Name;
    Account::new().with(async |aws| {
        let queue = aws.sqs().create_queue().queue_name("kept").send().await.unwrap().queue_url.unwrap();
        let open = r#"{"redrivePermission":"allowAll"}"#;
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*"}]}"#;
        for (name, value) in
            [(Name::Policy, policy), (Name::RedriveAllowPolicy, open), (Name::VisibilityTimeout, "7")]
        {
            aws.sqs().set_queue_attributes().queue_url(&queue).attributes(name, value).send().await.unwrap();
        }
        let ask = aws.sqs().get_queue_attributes().queue_url(&queue).attribute_names(Name::All);
        let attributes = ask.send().await.unwrap().attributes.unwrap();
        assert_eq!(attributes[&Name::VisibilityTimeout], "7");
        assert!(attributes.contains_key(&Name::Policy));
        assert_eq!(attributes[&Name::RedriveAllowPolicy], open);
    });
}

#[test]
fn one_goes_up_by_name_and_down_again() {
    moto(); // installed, so that the commands below only use it
    let proxy = Proxy::to_nowhere();
    let folder = Folder::new();
    let name = format!("test-{}", std::process::id());
    let named = ["--name", name.as_str()];
    let sandbox = |word: &str, code: i32| {
        let infra = cache().map_or_else(
            || Infra::offline(folder.path(), &proxy),
            |(variable, value)| Infra::offline(folder.path(), &proxy).env(variable, &value),
        );
        infra.must(&["sandbox", word, named[0], named[1]], code).stdout
    };
    assert!(sandbox("status", 1).contains("is not up"));
    assert!(sandbox("up", 0).contains("is up at http://127.0.0.1:"));
    assert!(sandbox("status", 0).contains("is up at"));
    assert!(sandbox("env", 0).contains("export AWS_ENDPOINT_URL=http://127.0.0.1:"));
    assert!(sandbox("down", 0).contains("is down"));
    assert!(sandbox("status", 1).contains("is not up"));
    assert!(sandbox("down", 0).contains("is not up"));
}

/// Where this process has its emulator installed: the commands of a test shall find it there.
fn cache() -> Option<(&'static str, String)> {
    let set = |name| std::env::var(name).ok().filter(|it| !it.is_empty());
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(format!("{}/.cache", set("HOME")?)));
    Some(("XDG_CACHE_HOME", cache?))
}
