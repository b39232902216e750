//! Attributes that are sent and never kept.

use crate::support::proxy::counts;
use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = r#"
    [provider.aws]
    region = "eu-west-1"
    [variable.password]
    ephemeral = true
    [variable.generation]
    type = "number"
    default = 1
    [aws_ssm_parameter.password]
    name = "/it/password"
    type = "SecureString"
    value_wo = "${var.password}-s"
    value_wo_version = "${var.generation}"
    [aws_secretsmanager_secret.it]
    name = "it"
    recovery_window_in_days = 0
    [aws_secretsmanager_secret_version.it]
    secret_id = "${aws_secretsmanager_secret.it.id}"
    secret_string_wo = "${var.password}-m"
    secret_string_wo_version = "${var.generation}"
    [output.length]
    value = "${aws_ssm_parameter.password.value_wo == null ? 1 : 2}"
    sensitive = true
"#;

/// What AWS holds: the parameter's value and the secret's.
fn held(account: &Account) -> (String, String) {
    account.with(async |aws| {
        let parameter = aws.ssm().get_parameter().name("/it/password").with_decryption(true).send().await;
        let value = parameter.unwrap().parameter.unwrap().value.unwrap();
        let secret = aws.secrets().get_secret_value().secret_id("it").send().await.unwrap();
        (value, secret.secret_string.unwrap())
    })
}

#[test]
fn they_reach_aws_and_nothing_else() {
    let (account, proxy) = (Account::new(), Proxy::new());
    let folder = Folder::with_stack(STACK);
    let infra = || Infra::new(folder.path(), &account, &proxy.url());
    let secret = "hunter2hunter2";
    let password = format!("password={secret}");
    let planned = infra().must(&["plan", "--out", "it.plan", "--var", &password], 0);
    assert!(planned.stdout.contains("+ value_wo         = (write-only attribute)"), "{}", planned.stdout);
    infra().must(&["apply", "it.plan", "--var", &password], 0);
    assert_eq!(held(&account), (format!("{secret}-s"), format!("{secret}-m")));
    for file in ["it.plan", "terraform.tfstate"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(secret), "{file}");
    }
    assert!(folder.read("terraform.tfstate").contains("\"value_wo\": null"));
    assert_eq!(infra().must(&["output", "--raw", "length"], 0).stdout, "1");

    // Another value alone is not seen; another version sends it.
    infra().must(&["plan", "--detailed-exitcode", "--var", "password=other"], 0);
    proxy.take();
    infra().must(&["apply", "--auto-approve", "--var", "password=other", "--var", "generation=2"], 0);
    assert_eq!(held(&account), ("other-s".to_owned(), "other-m".to_owned()));
    let calls = counts(&proxy.take());
    assert_eq!(calls.get("ssm:PutParameter"), Some(&1), "{calls:?}");
    assert_eq!(calls.get("secretsmanager:PutSecretValue"), Some(&1), "{calls:?}");
    infra().must(&["plan", "--detailed-exitcode", "--var", "password=x", "--var", "generation=2"], 0);
    infra().must(&["destroy", "--auto-approve", "--var", "password=x"], 0);
}

#[test]
fn what_is_kept_cannot_be_ephemeral() {
    let folder =
        Folder::with_stack(&STACK.replace("value_wo = ", "value = ").replace("value_wo_version", "#"));
    let refused = Infra::offline(folder.path(), &Proxy::to_nowhere()).must(&["validate"], 1);
    assert!(
        refused.stderr.contains("`value` is kept in the state, and this value is ephemeral"),
        "{refused:?}"
    );
    let folder = Folder::with_stack(&STACK.replace("value_wo_version", "#").replace("${var.password}", "x"));
    let refused = Infra::offline(folder.path(), &Proxy::to_nowhere()).must(&["validate"], 1);
    assert!(refused.stderr.contains("`value_wo` needs `value_wo_version` beside it"), "{refused:?}");
}
