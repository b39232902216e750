//! Every type there is, taken up by the ids that its page documents.

use std::collections::{BTreeMap, BTreeSet};

use infra::aws::RESOURCES;
use serde_json::Value as Json;

use super::{PROVIDER, Stack, has, is_secret, text};
use crate::support::expect::{normal, same_as};
use crate::support::folder::project;
use crate::support::{Folder, Infra, Proxy};

/// One of each type of the registry that AWS knows, and a few that differ.
pub const EACH: &str = include_str!("../../data/imports/each.toml");

/// The ids that an object is imported by, the first of them without anything more.
pub fn ids(kind: &str, it: &Json, account: &str) -> Vec<String> {
    let id = |name: &str| text(&it[name]).to_owned();
    let both = |a: &str, between: &str, b: &str| vec![format!("{}{between}{}", id(a), id(b))];
    let of_bucket = || vec![id("bucket"), format!("{},{account}", id("bucket"))];
    match kind {
        "aws_route" if !id("destination_ipv6_cidr_block").is_empty() => {
            both("route_table_id", "_", "destination_ipv6_cidr_block")
        }
        "aws_route" => both("route_table_id", "_", "destination_cidr_block"),
        "aws_route_table_association" if !id("gateway_id").is_empty() => {
            both("gateway_id", "/", "route_table_id")
        }
        "aws_route_table_association" => both("subnet_id", "/", "route_table_id"),
        "aws_iam_role_policy" => both("role", ":", "name"),
        "aws_iam_role_policy_attachment" => both("role", "/", "policy_arn"),
        "aws_iam_user_policy_attachment" => both("user", "/", "policy_arn"),
        "aws_default_route_table" => vec![id("vpc_id")],
        "aws_volume_attachment" => vec![[id("device_name"), id("volume_id"), id("instance_id")].join(":")],
        "aws_cloudwatch_log_metric_filter" | "aws_cloudwatch_log_stream" => {
            both("log_group_name", ":", "name")
        }
        "aws_route53_zone_association" => vec![id("id"), format!("{}:{}", id("zone_id"), id("vpc_id"))],
        "aws_autoscaling_schedule" => both("autoscaling_group_name", "/", "scheduled_action_name"),
        "aws_autoscaling_policy" => both("autoscaling_group_name", "/", "name"),
        "aws_security_group_rule" => {
            let port = |name: &str| it[name].to_string();
            let sources =
                it["cidr_blocks"].as_array().into_iter().flatten().map(|it| format!("_{}", text(it)));
            let (group, way, protocol) = (id("security_group_id"), id("type"), id("protocol"));
            let (from, to) = (port("from_port"), port("to_port"));
            vec![format!("{group}_{way}_{protocol}_{from}_{to}{}", sources.collect::<String>())]
        }
        "aws_iam_policy" | "aws_secretsmanager_secret" => vec![id("arn")],
        "aws_db_instance" => vec![id("identifier")],
        "aws_eks_pod_identity_association" => both("cluster_name", ",", "association_id"),
        "aws_ecs_capacity_provider" | "aws_ecs_cluster" => vec![id("name"), id("arn")],
        "aws_ecs_service" => {
            let cluster = id("cluster");
            vec![format!("{}/{}", cluster.rsplit('/').next().unwrap_or_default(), id("name"))]
        }
        "aws_ecs_task_definition" => vec![id("arn")],
        "aws_appautoscaling_target" => {
            vec![[id("service_namespace"), id("resource_id"), id("scalable_dimension")].join("/")]
        }
        "aws_appautoscaling_policy" => {
            vec![[id("service_namespace"), id("resource_id"), id("scalable_dimension"), id("name")].join("/")]
        }
        "aws_service_discovery_private_dns_namespace" => both("id", ":", "vpc"),
        "aws_sqs_queue" => vec![id("url")],
        "aws_sqs_queue_policy" => vec![id("queue_url")],
        "aws_s3_bucket_acl" => {
            let with = |more: &str| format!("{},{more}", id("bucket"));
            vec![with("private"), id("bucket"), with(account), with(&format!("{account},private"))]
        }
        "aws_s3_bucket_object" | "aws_s3_object" => {
            let path = format!("{}/{}", id("bucket"), id("key"));
            vec![path.clone(), format!("s3://{path}")]
        }
        "aws_s3_bucket_cors_configuration"
        | "aws_s3_bucket_lifecycle_configuration"
        | "aws_s3_bucket_logging"
        | "aws_s3_bucket_server_side_encryption_configuration"
        | "aws_s3_bucket_versioning"
        | "aws_s3_bucket_website_configuration" => of_bucket(),
        _ => vec![id("id")],
    }
}

#[test]
fn every_type_of_aws_by_its_documented_id() {
    let first = Stack::new(EACH);
    first.run(&["apply", "--auto-approve"], 0);
    let objects = first.objects();
    let there: BTreeSet<&str> = objects.values().map(|it| it.0.as_str()).collect();
    let imported = RESOURCES.iter().filter(|it| !it.import_forms().is_empty()).map(|it| it.name());
    let missing: Vec<_> = imported.filter(|it| !there.contains(it)).collect();
    assert!(missing.is_empty(), "tests/data/imports/each.toml lacks {missing:?}");

    let account = &first.account.id;
    let mut words = vec!["import".to_owned()];
    for (addr, (kind, it)) in &objects {
        words.extend([addr.clone(), ids(kind, it, account)[0].clone()]);
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let second = first.beside(EACH);
    let told = second.run(&words, 0).stdout;
    has(&told, &["aws_vpc.main: Importing from ID \"vpc-", "Import complete! "]);
    assert_eq!(
        second.held(),
        first.held().into_iter().filter(|it| !it.starts_with("data.")).collect::<Vec<_>>()
    );
    assert_eq!(second.state()["serial"], 1);
    second.run(&["plan", "--detailed-exitcode"], 0);

    // The other forms that are documented.
    for (addr, (kind, it)) in &objects {
        for id in ids(kind, it, account).iter().skip(1) {
            let third = first.beside(EACH);
            third.run(&["import", addr, id], 0);
            assert_eq!(third.held(), std::slice::from_ref(addr), "{id}");
        }
    }
    generated(&first, &objects);
    first.run(&["destroy", "--auto-approve"], 0);
}

/// Resources that are written for imports ask for what is there: in both languages, for us and for Terraform.
fn generated(first: &Stack, objects: &BTreeMap<String, (String, Json)>) {
    let (mut toml, mut hcl) =
        (PROVIDER.to_owned(), "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n".to_owned());
    let mut count = 0;
    for (addr, (kind, it)) in objects.iter().filter(|it| !is_secret(&it.1.0)) {
        let id = &ids(kind, it, &first.account.id)[0];
        toml += &format!("[[import]]\nto = \"{addr}\"\nid = \"{id}\"\n");
        hcl += &format!("import {{\n  to = {addr}\n  id = \"{id}\"\n}}\n");
        count += 1;
    }
    let summary = format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy.");
    let wrote = format!("Wrote {count} resources to generated");

    let stack = first.beside(&toml);
    let plan =
        stack.run(&["plan", "--generate-config-out", "generated.stack.toml", "--out", "plan"], 0).stdout;
    has(&plan, &[&wrote, &summary]);
    same_as(
        &project().join("tests/data/imports/generated.stack.toml"),
        &normal(&stack.folder.read("generated.stack.toml")),
    );
    has(
        &stack.run(&["plan", "--generate-config-out", "generated.stack.toml"], 1).stderr,
        &["exists already"],
    );
    has(&stack.run(&["fmt", "--check", "generated.stack.toml"], 0).stdout, &[]);
    let done = stack.run(&["apply", "plan"], 0).stdout;
    has(
        &done,
        &[
            "aws_vpc.main: Importing... [id=vpc-",
            "aws_vpc.main: Import complete [id=vpc-",
            " imported, 0 added",
        ],
    );
    stack.run(&["plan", "--detailed-exitcode"], 0);

    let stack = first.beside("");
    std::fs::remove_file(stack.folder.path().join("stack.toml")).unwrap();
    stack.folder.write("main.tf", &hcl);
    let plan = stack.run(&["plan", "--generate-config-out", "generated.tf"], 0).stdout;
    has(&plan, &[&wrote, &summary]);
    same_as(&project().join("tests/data/imports/generated.tf"), &normal(&stack.folder.read("generated.tf")));
}

/// Types of the small providers: what a stack says, and the id of one that fits it.
const SMALL: &[(&str, &str, &str)] = &[
    ("random_bytes", "length = 4", "AQIDBA=="),
    ("random_id", "byte_length = 3", "AP_-"),
    ("random_id", "byte_length = 3\nprefix = \"p-\"", "p-,AP_-"),
    ("random_integer", "min = 1\nmax = 50000", "15390,1,50000"),
    ("random_integer", "min = 1\nmax = 50000\nseed = \"s\"", "15390,1,50000,s"),
    ("random_password", "length = 14", "securepassword"),
    ("random_string", "length = 4", "test"),
    ("random_uuid", "", "aabbccdd-eeff-0011-2233-445566778899"),
    ("terraform_data", "", "1d7b5b0e-0d4d-4f4e-8f3c-2a9c5b7e6d10"),
    (
        "time_offset",
        "base_rfc3339 = \"2020-02-12T06:36:13Z\"\noffset_days = 7",
        "2020-02-12T06:36:13Z,,,7,,,",
    ),
    ("time_rotating", "rotation_days = 30000", "2020-02-12T06:36:13Z,,,30000,,"),
    ("time_sleep", "create_duration = \"30s\"", "30s,"),
    ("time_static", "rfc3339 = \"2020-02-12T06:36:13Z\"", "2020-02-12T06:36:13Z"),
];

#[test]
fn every_small_type_by_its_documented_id() {
    let mut text = String::new();
    let mut words = vec!["import".to_owned()];
    for (at, (kind, body, id)) in SMALL.iter().enumerate() {
        text += &format!("[{kind}.n{at}]\n{body}\n");
        words.extend([format!("{kind}.n{at}"), (*id).to_owned()]);
    }
    let tested: BTreeSet<&str> = SMALL.iter().map(|it| it.0).collect();
    for kind in infra::providers::RESOURCES {
        assert_eq!(tested.contains(kind.name()), !kind.import_forms().is_empty(), "{}", kind.name());
    }
    let (folder, nowhere) = (Folder::with_stack(&text), Proxy::new());
    let infra = || Infra::offline(folder.path(), &nowhere);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    infra().must(&words, 0);
    let plan = infra().must(&["plan"], 0).stdout;
    has(&plan, &["No changes."]);
    let error = infra().must(&["import", "tls_private_key.k", "x"], 1).stderr;
    has(&error, &["`tls_private_key` cannot be imported"]);
}
