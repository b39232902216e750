//! The small providers through a stack's whole life, without any AWS: create, nothing to do, change,
//! what is gone comes back, destroy.

use serde_json::Value as Json;

use crate::support::{Folder, Infra, Proxy};

const STACK: &str = r#"
[provider.random]

[variable.round]
type = "number"
default = 1

[random_id.id]
byte_length = 4
prefix = "app-"
[random_string.text]
length = 12
min_numeric = 3
special = false
[random_password.secret]
length = 20
[random_pet.pet]
[random_integer.number]
min = 5
max = 5
keepers = { round = "${var.round}" }
[random_shuffle.order]
input = ["a", "b", "c"]
result_count = 5
[random_uuid.uuid]
[random_bytes.bytes]
length = 8

[null_resource.hook]
triggers = { id = "${random_id.id.hex}" }
[terraform_data.kept]
input = '${{ round = var.round, list = [random_pet.pet.id, null] }}'
[terraform_data.replaced]
triggers_replace = ["${var.round}"]

[time_static.then]
rfc3339 = "2024-02-29T12:00:00Z"
[time_offset.later]
base_rfc3339 = "2024-01-31T00:00:00Z"
offset_months = "${var.round}"
[time_rotating.turn]
rotation_days = 30
[time_sleep.wait]
create_duration = "100ms"

[tls_private_key.ca]
algorithm = "ECDSA"
ecdsa_curve = "P256"
[tls_self_signed_cert.ca]
private_key_pem = "${tls_private_key.ca.private_key_pem}"
validity_period_hours = 48
allowed_uses = ["cert_signing"]
is_ca_certificate = true
subject = { common_name = "our authority", organization = "Acme" }
[tls_private_key.site]
algorithm = "ED25519"
[tls_cert_request.site]
private_key_pem = "${tls_private_key.site.private_key_pem}"
dns_names = ["example.com"]
subject = { common_name = "example.com" }
[tls_locally_signed_cert.site]
cert_request_pem = "${tls_cert_request.site.cert_request_pem}"
ca_private_key_pem = "${tls_private_key.ca.private_key_pem}"
ca_cert_pem = "${tls_self_signed_cert.ca.cert_pem}"
validity_period_hours = 24
allowed_uses = ["digital_signature", "server_auth"]
[data.tls_certificate.site]
content = "${tls_locally_signed_cert.site.cert_pem}"

[local_file.note]
filename = "out/deep/note.txt"
content = "hello ${random_pet.pet.id}"
[local_sensitive_file.key]
filename = "out/key.txt"
content = "${random_password.secret.result}"
file_permission = "0600"
[data.local_file.note]
filename = "${local_file.note.filename}"
depends_on = ["local_file.note"]
[data.archive_file.code]
type = "zip"
output_path = "out/code.zip"
source = [{ filename = "a.txt", content = "a" }, { filename = "b/c.txt", content = "c" }]
[data.template_file.greeting]
template = "hello $${name}"
vars = { name = "world" }
[data.external.echo]
program = ["cat"]
query = { round = "${var.round}" }
[data.null_data_source.values]
inputs = { a = "b" }

[output.note]
value = "${data.local_file.note.content}"
[output.greeting]
value = "${data.template_file.greeting.rendered}"
[output.echo]
value = "${data.external.echo.result.round}"
[output.issuer]
value = "${data.tls_certificate.site.certificates[0].issuer}"
[output.kept]
value = "${terraform_data.kept.output}"
[output.later]
value = "${time_offset.later.rfc3339}"
[output.zip]
value = "${data.archive_file.code.output_size > 0}"
"#;

struct Stack {
    folder: Folder,
    nowhere: Proxy,
}

impl Stack {
    fn new(text: &str) -> Stack {
        Stack { folder: Folder::with_stack(text), nowhere: Proxy::new() }
    }
    #[track_caller]
    fn run(&self, words: &[&str], code: i32) -> String {
        let output = Infra::offline(self.folder.path(), &self.nowhere).must(words, code);
        format!("{}{}", output.stdout, output.stderr)
    }
    fn state(&self) -> Json {
        serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap()
    }
    fn attributes(&self, kind: &str, name: &str) -> Json {
        let state = self.state();
        let all = state["resources"].as_array().unwrap();
        let found = all.iter().find(|it| it["type"] == kind && it["name"] == name && it["mode"] == "managed");
        found.unwrap_or_else(|| panic!("{kind}.{name}"))["instances"][0]["attributes"].clone()
    }
}

#[test]
fn a_stack_without_aws_lives_its_whole_life() {
    let stack = Stack::new(STACK);
    stack.run(&["validate"], 0);
    assert!(!stack.folder.path().join("out").exists(), "validate writes nothing");
    let said = stack.run(&["apply", "--auto-approve"], 0);
    assert!(said.contains("25 added, 0 changed, 0 destroyed"), "{said}");
    for line in
        ["greeting = \"hello world\"", "echo = \"1\"", "issuer = \"CN=our authority,O=Acme\"", "zip = true"]
    {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let password = stack.attributes("random_password", "secret");
    let secret = password["result"].as_str().unwrap();
    assert!(secret.len() == 20 && !said.contains(secret));
    assert!(password["bcrypt_hash"].as_str().unwrap().starts_with("$2a$10$"));
    assert_eq!(stack.folder.read("out/key.txt"), secret);
    stack.run(&["plan", "--detailed-exitcode"], 0);

    let said = stack.run(&["apply", "--auto-approve", "--var", "round=2"], 0);
    assert!(said.contains("2 added, 2 changed, 2 destroyed"), "{said}");
    assert!(said.contains("later = \"2024-03-31T00:00:00Z\"") && said.contains("echo = \"2\""), "{said}");
    let kept = stack.attributes("terraform_data", "kept");
    assert_eq!(kept["output"], kept["input"]);
    assert_eq!(kept["output"]["type"][0], "object");
    stack.run(&["plan", "--detailed-exitcode", "--var", "round=2"], 0);

    std::fs::remove_file(stack.folder.path().join("out/deep/note.txt")).unwrap();
    let said = stack.run(&["plan", "--detailed-exitcode", "--var", "round=2"], 2);
    assert!(said.contains("local_file.note will be created"), "{said}");

    stack.run(&["destroy", "--auto-approve", "--var", "round=2"], 0);
    assert!(!stack.folder.path().join("out/key.txt").exists());
    let left =
        stack.state()["resources"].as_array().unwrap().iter().filter(|it| it["mode"] == "managed").count();
    assert_eq!(left, 0);
}

#[test]
fn outputs_of_another_stack_are_read() {
    let network = Stack::new(
        "[output.cidr]\nvalue = \"10.0.0.0/16\"\n[output.names]\nvalue = '${toset([\"b\", \"a\"])}'\n",
    );
    network.run(&["apply", "--auto-approve"], 0);
    let path = network.folder.path().join("terraform.tfstate");
    let stack = format!(
        "[data.terraform_remote_state.network]\nbackend = \"local\"\nconfig = {{ path = {path:?} }}\n\
         defaults = {{ cidr = \"none\", more = 1 }}\n[output.all]\nvalue = \"${{data.terraform_remote_state.network.outputs}}\"\n"
    );
    let stack = Stack::new(&stack);
    let said = stack.run(&["apply", "--auto-approve"], 0);
    assert!(said.contains("\"cidr\" = \"10.0.0.0/16\"") && said.contains("\"more\" = 1"), "{said}");
    assert!(said.contains("toset(["), "{said}");
    stack.run(&["plan", "--detailed-exitcode"], 0);
}

#[test]
fn mistakes_are_told_before_anything_is_made() {
    let stack = Stack::new(
        "[provider.random]\nregion = \"x\"\n[random_password.a]\nlength = 3\nmin_upper = 4\n[random_id.b]\nbyte_length = 4\nhex = \"x\"\n\
         [local_file.c]\nfilename = \"x\"\n[time_sleep.d]\ncreate_duration = \"soon\"\n[tls_private_key.e]\nalgorithm = \"ECDSA\"\n",
    );
    let said = stack.run(&["plan"], 1);
    for text in ["takes no `region`", "`hex` is set by the provider"] {
        assert!(said.contains(text), "{text}\n{said}");
    }
    stack.folder.write(
        "stack.toml",
        stack.folder.read("stack.toml").replace("region = \"x\"\n", "").replace("hex = \"x\"\n", ""),
    );
    let said = stack.run(&["plan"], 1);
    for text in ["at least 4 are asked for", "say one of `content`", "it must match", "ecdsa_curve"] {
        assert!(said.contains(text), "{text}\n{said}");
    }
}
