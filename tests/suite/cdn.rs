//! CloudFront's types and what is put into buckets: what the case folders cannot show.

use aws_sdk_cloudfront::types::DistributionConfig;
use aws_sdk_s3::types::{ObjectLockLegalHold, ObjectLockLegalHoldStatus};

use crate::support::infra::Output;
use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};

const PROVIDER: &str = "[provider.aws]\nregion = \"eu-west-1\"\n";

/// A distribution that says as little as possible, and more of it at its end.
fn distribution(more: &str) -> String {
    format!(
        r#"
        {PROVIDER}
        [aws_cloudfront_distribution.it]
        enabled = true
        origin = {{ origin_id = "it", domain_name = "it.s3.eu-west-1.amazonaws.com" }}
        restrictions = {{ geo_restriction = {{ restriction_type = "none" }} }}
        {more}
        "#
    )
}

const BEHAVIOR: &str = r#"default_cache_behavior = { target_origin_id = "it", viewer_protocol_policy = "allow-all", allowed_methods = ["GET", "HEAD"], cached_methods = ["GET", "HEAD"], cache_policy_id = "658327ea-f89d-4fab-a63d-7e88639e58f6" }"#;
const DEFAULT: &str = "viewer_certificate = { cloudfront_default_certificate = true }";

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(text) }
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> Output {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url()).must(words, code)
    }
    fn id(&self) -> String {
        let state: serde_json::Value = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        state["resources"][0]["instances"][0]["attributes"]["id"].as_str().unwrap().to_owned()
    }
    /// The configuration of the distribution, at AWS, and its version.
    fn config(&self, id: &str) -> Option<(DistributionConfig, String)> {
        self.account.with(async |aws| {
            let found = aws.cloudfront().get_distribution_config().id(id).send().await.ok()?;
            Some((found.distribution_config?, found.e_tag?))
        })
    }
}

#[track_caller]
fn refuses(text: &str, all: &[&str]) {
    let folder = Folder::with_stack(text);
    let told = Infra::offline(folder.path(), &Proxy::to_nowhere()).must(&["validate"], 1).stderr;
    for it in all {
        assert!(told.contains(it), "`{it}` is not in\n{told}");
    }
}

#[test]
fn what_cloudfront_would_refuse_is_told_before() {
    let arn = "arn:aws:acm:eu-west-1:123456789012:certificate/8e7f6a5b-1111-2222-3333-444455556666";
    let certificate = format!(
        "viewer_certificate = {{ acm_certificate_arn = \"{arn}\", ssl_support_method = \"sni-only\" }}"
    );
    refuses(
        &distribution(&format!("{BEHAVIOR}\n{certificate}")),
        &["CloudFront takes certificates of us-east-1 only", "is one of eu-west-1", "an alias"],
    );
    let certificate =
        certificate.replace("eu-west-1", "us-east-1").replace(", ssl_support_method = \"sni-only\"", "");
    refuses(
        &distribution(&format!("{BEHAVIOR}\n{certificate}")),
        &["`acm_certificate_arn` needs `ssl_support_method` beside it"],
    );
    refuses(
        &distribution(&format!("{BEHAVIOR}\n{DEFAULT}\naliases = [\"www.example.com\"]")),
        &["CloudFront's own certificate does not cover `www.example.com`"],
    );
    let elsewhere = BEHAVIOR.replace("target_origin_id = \"it\"", "target_origin_id = \"that\"");
    refuses(
        &distribution(&format!("{elsewhere}\n{DEFAULT}")),
        &["there is no origin or group `that`: there is `it`"],
    );
    let silent = BEHAVIOR.replace(", cache_policy_id = \"658327ea-f89d-4fab-a63d-7e88639e58f6\"", "");
    refuses(&distribution(&format!("{silent}\n{DEFAULT}")), &["say `cache_policy_id`"]);
}

#[test]
fn a_version_that_is_out_of_date_is_asked_for_again() {
    let stack = Stack::new(&distribution(&format!("{BEHAVIOR}\n{DEFAULT}")));
    stack.run(&["apply", "--auto-approve"], 0);
    let id = stack.id();
    let again = distribution(&format!("{BEHAVIOR}\n{DEFAULT}\ncomment = \"again\""));
    stack.folder.write("stack.toml", &again);
    stack.run(&["plan", "--out", "it.plan"], 0);
    // Somebody changes it after the plan.
    let (mut config, version) = stack.config(&id).unwrap();
    config.default_root_object = Some("theirs.html".to_owned());
    stack.account.with(async |aws| {
        let call = aws.cloudfront().update_distribution().id(&id).if_match(version);
        call.distribution_config(config).send().await.unwrap();
    });
    stack.run(&["apply", "it.plan"], 0);
    assert_eq!(stack.config(&id).unwrap().0.comment, "again");
    stack.run(&["destroy", "--auto-approve"], 0);
    assert!(stack.config(&id).is_none());
}

#[test]
fn one_that_is_to_be_kept_is_turned_off_and_left() {
    let stack = Stack::new(&distribution(&format!("{BEHAVIOR}\n{DEFAULT}\nretain_on_delete = true")));
    stack.run(&["apply", "--auto-approve"], 0);
    let id = stack.id();
    stack.proxy.take();
    stack.run(&["destroy", "--auto-approve"], 0);
    let calls = counts(&stack.proxy.take());
    assert_eq!(calls.get("cloudfront:DeleteDistribution"), None, "{calls:?}");
    assert!(!stack.config(&id).unwrap().0.enabled);
}

#[test]
fn what_uses_a_policy_is_named() {
    let text = distribution(&format!("{BEHAVIOR}\n{DEFAULT}"));
    let (head, rest) = text.split_once("[aws_cloudfront_distribution.it]").unwrap();
    let policy = r#"
        [aws_cloudfront_cache_policy.it]
        name = "it"
        parameters_in_cache_key_and_forwarded_to_origin = { cookies_config = { cookie_behavior = "none" }, headers_config = { header_behavior = "none" }, query_strings_config = { query_string_behavior = "none" } }
    "#;
    let stack = Stack::new(&format!("{head}{policy}"));
    stack.run(&["apply", "--auto-approve"], 0);
    // Somebody else's distribution goes by it.
    let rest = rest.replace("658327ea-f89d-4fab-a63d-7e88639e58f6", &stack.id());
    let other = Folder::with_stack(&format!("{head}[aws_cloudfront_distribution.it]{rest}"));
    let infra = || Infra::new(other.path(), &stack.account, &stack.proxy.url());
    infra().must(&["apply", "--auto-approve"], 0);
    let infra_here = Infra::new(stack.folder.path(), &stack.account, &stack.proxy.url());
    let told = infra_here.env("INFRA_PATIENCE", "1s").must(&["destroy", "--auto-approve"], 1).stderr;
    assert!(told.contains("CachePolicyInUse") && told.contains("its default behaviour"), "{told}");
    infra().must(&["destroy", "--auto-approve"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

#[test]
fn an_object_goes_with_its_versions_even_where_they_are_held() {
    let stack = Stack::new(&format!(
        r#"
        {PROVIDER}
        [data.aws_caller_identity.me]
        [aws_s3_bucket.it]
        bucket = "held-${{data.aws_caller_identity.me.account_id}}"
        object_lock_enabled = true
        [aws_s3_object.it]
        bucket = "${{aws_s3_bucket.it.id}}"
        key = "it"
        content = "it"
        force_destroy = true
        object_lock_legal_hold_status = "ON"
        "#
    ));
    stack.run(&["apply", "--auto-approve"], 0);
    let bucket = format!("held-{}", stack.account.id);
    stack.account.with(async |aws| {
        let on = ObjectLockLegalHold::builder().status(ObjectLockLegalHoldStatus::On).build();
        aws.s3()
            .put_object()
            .bucket(&bucket)
            .key("it")
            .body("more".as_bytes().to_vec().into())
            .send()
            .await
            .unwrap();
        aws.s3().put_object_legal_hold().bucket(&bucket).key("it").legal_hold(on).send().await.unwrap();
        aws.s3()
            .put_object()
            .bucket(&bucket)
            .key("it2")
            .body("other".as_bytes().to_vec().into())
            .send()
            .await
            .unwrap();
    });
    stack.run(&["destroy", "--target", "aws_s3_object.it", "--auto-approve"], 0);
    let left = stack.account.with(async |aws| {
        let page = aws.s3().list_object_versions().bucket(&bucket).send().await.unwrap();
        page.versions.unwrap_or_default().into_iter().filter_map(|it| it.key).collect::<Vec<_>>()
    });
    // What begins with its name is another one.
    assert_eq!(left, ["it2"]);
}

#[test]
fn what_is_in_an_object_already_is_not_written_again() {
    let text = |content: &str| {
        format!(
            "{PROVIDER}[data.aws_caller_identity.me]\n[aws_s3_bucket.it]\nbucket = \"there-${{data.aws_caller_identity.me.account_id}}\"\nforce_destroy = true\n[aws_s3_object.it]\nbucket = \"${{aws_s3_bucket.it.id}}\"\nkey = \"it\"\ncontent = \"{content}\"\ncontent_type = \"text/plain\"\n"
        )
    };
    let stack = Stack::new(&text("it"));
    stack.run(&["apply", "--auto-approve"], 0);
    let bucket = format!("there-{}", stack.account.id);
    stack.run(&["state", "rm", "aws_s3_object.it"], 0);
    stack.run(&["import", "aws_s3_object.it", &format!("s3://{bucket}/it")], 0);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.folder.write("stack.toml", text("other"));
    let plan = stack.run(&["plan", "--detailed-exitcode"], 2).stdout;
    assert!(plan.contains("content") && plan.contains("etag"), "{plan}");
    stack.run(&["apply", "--auto-approve"], 0);
    stack.run(&["plan", "--detailed-exitcode"], 0);
    stack.run(&["destroy", "--auto-approve"], 0);
}

/// S3 tells of an access list what it grants, and not by which name it was asked for: the name alone is a change.
#[test]
fn a_ready_made_access_list_is_sent_when_it_changes() {
    let stack =
        |acl: &str| format!("{PROVIDER}[aws_s3_bucket.it]\nbucket = \"lists-NUMBER\"\nacl = \"{acl}\"\n");
    let it = Stack::new("");
    let write = |acl: &str| it.folder.write("stack.toml", stack(acl).replace("NUMBER", &it.account.id));
    write("private");
    it.run(&["apply", "--auto-approve"], 0);
    write("public-read");
    it.proxy.take();
    it.run(&["apply", "--auto-approve"], 0);
    let calls = counts(&it.proxy.take());
    assert_eq!(calls.get("s3:PutBucketAcl"), Some(&1), "{calls:#?}");
    it.run(&["plan", "--detailed-exitcode"], 0);
    it.run(&["destroy", "--auto-approve"], 0);
}
