//! What generated blocks mean to Terraform itself.

use std::path::PathBuf;

use super::types::{EACH, ids};
use super::{Stack, has, is_secret};
use crate::support::{Folder, Infra};
use crate::terraform;

/// A folder of provider plugins for Terraform that has the AWS provider: `INFRA_TERRAFORM_PLUGINS`, or one
/// of the usual places.
fn plugins() -> Option<PathBuf> {
    if !terraform::there() {
        return None;
    }
    let named = std::env::var_os("INFRA_TERRAFORM_PLUGINS").map(PathBuf::from);
    let usual = ["/usr/share/terraform", "/usr/local/share/terraform", "/opt"];
    let inside =
        usual.iter().filter_map(|it| std::fs::read_dir(it).ok()).flatten().flatten().map(|it| it.path());
    let has = |it: &PathBuf| it.join("registry.terraform.io/hashicorp/aws").is_dir();
    let found = named.into_iter().chain(inside).find(has);
    if found.is_none() {
        eprintln!("no AWS provider for terraform on this machine: not compared");
    }
    found
}

/// Real Terraform reads what we wrote for imports the same way: nothing would change.
#[test]
fn terraform_plans_generated_resources_without_changes() {
    let Some(plugins) = plugins() else { return };
    let first = Stack::new(EACH);
    first.run(&["apply", "--auto-approve"], 0);
    let folder = Folder::new();
    folder.write("main.tf", TERRAFORM);
    let objects = first.objects();
    let mut imports = String::new();
    let mut count = 0;
    // Terraform notes in the state what it does not find out about a secret.
    // It also wants a provider's address with the scheme, and keeps it without; and it takes what it does not find
    // out about a cluster's add-ons for a reason to make another cluster, an imported key for another one, and
    // notes what it does not find out about a group. To a target group it adds the switches that AWS does not tell.
    let others = [
        "aws_alb_target_group",
        "aws_autoscaling_group",
        // Its switches that only a change heeds are added.
        "aws_cloudfront_function",
        // The same; and that somebody else keeps the password, which we write.
        "aws_db_instance",
        "aws_elasticache_replication_group",
        "aws_rds_cluster",
        // The same; and what an imported one runs has no ARN for Terraform until it is applied.
        "aws_ecs_service",
        "aws_eks_cluster",
        "aws_iam_openid_connect_provider",
        "aws_key_pair",
        "aws_lb_target_group",
        // Its access list, which an import does not find out, is added.
        "aws_s3_bucket_object",
        "aws_secretsmanager_secret",
        "aws_sns_topic_subscription",
    ];
    let same = |kind: &str| !is_secret(kind) && !others.contains(&kind);
    for (addr, (kind, it)) in objects.iter().filter(|it| same(&it.1.0)) {
        let id = &ids(kind, it, &first.account.id)[0];
        imports += &format!("import {{\n  to = {addr}\n  id = \"{id}\"\n}}\n");
        count += 1;
    }
    folder.write("imports.tf", imports);
    let url = first.proxy.url();
    Infra::new(folder.path(), &first.account, &url)
        .must(&["plan", "--generate-config-out", "generated.tf"], 0);
    let run = |words: &[&str]| {
        let mut command = terraform::command(folder.path(), words);
        command.env("AWS_ENDPOINT_URL", &url).envs(first.account.environment(&url));
        let out = command.output().unwrap();
        let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
        assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
        text(&out.stdout)
    };
    run(&["init", "-input=false", &format!("-plugin-dir={}", plugins.display())]);
    let plan = run(&["plan", "-input=false"]);
    has(&plan, &[&format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy.")]);
    first.run(&["destroy", "--auto-approve"], 0);
}

const TERRAFORM: &str = r#"
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true
}
"#;
