//! Records go together where they can, and none of them holds up or spoils another.

use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};
use infra::aws::Aws;

use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};

struct Stack {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Stack {
    fn new(text: &str) -> Stack {
        let text = format!("[provider.aws]\nregion = \"eu-west-1\"\n{text}");
        Stack { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(&text) }
    }

    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }

    /// How often this was called since the last question.
    fn called(&self, name: &str) -> usize {
        counts(&self.proxy.take()).get(name).copied().unwrap_or_default()
    }

    /// The id of the only zone.
    fn zone(&self) -> String {
        self.account.with(async |aws| {
            let zones = aws.route53().list_hosted_zones().send().await.unwrap().hosted_zones;
            zones[0].id.trim_start_matches("/hostedzone/").to_owned()
        })
    }
}

async fn put(aws: &Aws, zone: &str, name: &str) {
    let value = ResourceRecord::builder().value("192.0.2.99").build().unwrap();
    let set = ResourceRecordSet::builder().name(name).r#type(RrType::A).ttl(5).resource_records(value);
    let change = Change::builder().action(ChangeAction::Create).resource_record_set(set.build().unwrap());
    let batch = ChangeBatch::builder().changes(change.build().unwrap()).build().unwrap();
    aws.route53()
        .change_resource_record_sets()
        .hosted_zone_id(zone)
        .change_batch(batch)
        .send()
        .await
        .unwrap();
}

const MANY: &str = r#"
[variable.many]
type = "number"
[aws_route53_zone.it]
name = "example.com"
[aws_route53_record.it]
for_each = "${toset([for it in range(var.many) : format(\"n%03d\", it)])}"
zone_id = "${aws_route53_zone.it.zone_id}"
name = "${each.key}"
type = "A"
ttl = 60
records = ["192.0.2.1"]
"#;

#[test]
fn records_of_one_moment_go_in_one_call() {
    let it = Stack::new(MANY);
    it.infra().must(&["apply", "--auto-approve", "--var", "many=0"], 0);
    it.proxy.take();
    it.infra().must(&["apply", "--auto-approve", "--var", "many=40"], 0);
    let calls = counts(&it.proxy.take());
    let often = |name: &str| calls.get(name).copied().unwrap_or_default();
    // How many are of one moment depends on how busy the machine is.
    assert!(often("route53:ChangeResourceRecordSets") <= 10, "{calls:?}");
    assert_eq!(often("route53:GetHostedZone"), 2, "one for the zone, one for its name: {calls:?}");
    // What went together is waited for together.
    assert!(often("route53:GetChange") <= 40, "{calls:?}");
    it.infra().must(&["plan", "--detailed-exitcode", "--var", "many=40"], 0);
    assert_eq!(it.called("route53:ListResourceRecordSets"), 1);
    it.infra().must(&["destroy", "--auto-approve", "--var", "many=40"], 0);
    assert!(it.called("route53:ChangeResourceRecordSets") <= 10);
}

#[test]
fn records_beyond_the_first_page_of_a_zone_are_found() {
    let it = Stack::new(MANY);
    it.infra().must(&["apply", "--auto-approve", "--var", "many=310", "--parallelism", "400"], 0);
    it.proxy.take();
    it.infra().must(&["plan", "--detailed-exitcode", "--var", "many=310"], 0);
    assert_eq!(it.called("route53:ListResourceRecordSets"), 2);
    it.infra().must(&["destroy", "--auto-approve", "--var", "many=310", "--parallelism", "400"], 0);
}

#[test]
fn a_record_that_is_refused_spoils_no_other() {
    let it = Stack::new(MANY);
    it.infra().must(&["apply", "--auto-approve", "--var", "many=0"], 0);
    let zone = it.zone();
    it.account.with(async |aws| put(&aws, &zone, "n003.example.com").await);
    let told = it.infra().must(&["apply", "--auto-approve", "--var", "many=6"], 1);
    assert!(told.stderr.contains("n003.example.com.', type='A'] but it already exists"), "{}", told.stderr);
    assert_eq!(told.stderr.matches("already exists").count(), 1, "{}", told.stderr);
    let held = it.infra().must(&["state", "list"], 0).stdout;
    assert_eq!(held.lines().count(), 1 + 5, "{held}");
}

#[test]
fn a_zone_that_is_not_empty_names_its_records() {
    let it = Stack::new("[aws_route53_zone.it]\nname = \"example.com\"\n");
    it.infra().must(&["apply", "--auto-approve"], 0);
    let zone = it.zone();
    it.account.with(async |aws| put(&aws, &zone, "stray.example.com").await);
    let told = it.infra().must(&["destroy", "--auto-approve"], 1).stderr;
    for text in ["record stray.example.com A", "force_destroy = true"] {
        assert!(told.contains(text), "`{text}` is not in\n{told}");
    }
    it.folder.write("stack.toml", it.folder.read("stack.toml") + "force_destroy = true\n");
    it.infra().must(&["apply", "--auto-approve"], 0);
    it.infra().must(&["destroy", "--auto-approve"], 0);
}

#[test]
fn a_validation_names_the_records_that_it_lacks() {
    let it = Stack::new(
        r#"
        [aws_acm_certificate.it]
        domain_name = "www.example.com"
        validation_method = "DNS"
        [aws_acm_certificate_validation.it]
        certificate_arn = "${aws_acm_certificate.it.arn}"
        validation_record_fqdns = ["elsewhere.example.com"]
        "#,
    );
    let told = it.infra().must(&["apply", "--auto-approve"], 1).stderr;
    assert!(told.contains("`validation_record_fqdns` lacks the record `_"), "{told}");
    assert!(told.contains(".www.example.com` for www.example.com"), "{told}");
}

const CERTIFICATE: &str = r#"
[variable.domain]
type = "string"
[aws_route53_zone.it]
name = "example.com"
[aws_acm_certificate.it]
domain_name = "${var.domain}.example.com"
validation_method = "DNS"
[aws_route53_record.proof]
for_each = "${{ for it in aws_acm_certificate.it.domain_validation_options : it.domain_name => it }}"
zone_id = "${aws_route53_zone.it.zone_id}"
name = "${each.value.resource_record_name}"
type = "${each.value.resource_record_type}"
records = "${[each.value.resource_record_value]}"
ttl = 60
allow_overwrite = true
[aws_acm_certificate_validation.it]
certificate_arn = "${aws_acm_certificate.it.arn}"
validation_record_fqdns = "${[for it in aws_route53_record.proof : it.fqdn]}"
"#;

/// The old record goes before the old certificate, that before the new one, and that before the new record: the
/// validation, which is of both, holds up none of them.
#[test]
fn a_certificate_may_be_replaced_by_one_of_another_name() {
    let stack = Stack::new(CERTIFICATE);
    for domain in ["shop", "store"] {
        stack.infra().must(&["apply", "--auto-approve", "--var", &format!("domain={domain}")], 0);
    }
    stack.infra().must(&["plan", "--detailed-exitcode", "--var", "domain=store"], 0);
    let objects: Vec<String> =
        stack.infra().must(&["state", "list"], 0).stdout.lines().map(str::to_owned).collect();
    assert!(objects.iter().any(|it| it == "aws_route53_record.proof[\"store.example.com\"]"), "{objects:#?}");
    stack.infra().must(&["destroy", "--auto-approve", "--var", "domain=store"], 0);
}
