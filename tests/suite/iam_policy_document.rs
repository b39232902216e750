//! `aws_iam_policy_document` writes what Terraform's AWS provider 5.100.0 writes, byte for byte:
//! `tests/data/iam-policy-documents.json` holds its answers.

use infra::aws::Aws;
use infra::aws::connect::Settings;
use infra::kind;
use serde_json::{Value as Json, json};

/// It is computed here: nothing listens there.
async fn nowhere() -> Aws {
    let settings = Settings {
        region: Some("eu-west-1".into()),
        access_key: Some("test".into()),
        secret_key: Some("test".into()),
        endpoint: Some("http://127.0.0.1:1".into()),
        max_attempts: Some(1),
        ..Settings::default()
    };
    Aws::connect(&settings).await.unwrap()
}

fn read(arguments: &Json) -> Result<Json, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let data = kind::data("aws_iam_policy_document").unwrap();
        data.read(&nowhere().await, arguments).await.map_err(|it| it.to_string())
    })
}

#[test]
fn documents_are_the_providers() {
    let recorded = include_str!("../data/iam-policy-documents.json");
    let recorded = serde_json::from_str::<Vec<Json>>(recorded).unwrap();
    assert!(recorded.len() >= 25);
    for it in recorded {
        let ours = read(&it["arguments"]).unwrap_or_else(|error| panic!("{}: {error}", it["case"]));
        for part in ["json", "minified_json", "id"] {
            let (ours, theirs) = (ours[part].as_str().unwrap(), it[part].as_str().unwrap());
            assert_eq!(ours, theirs, "{}: {part}", it["case"]);
        }
    }
}

#[test]
fn what_the_provider_refuses_is_refused() {
    let source = |text: &str| json!({ "source_policy_documents": [text] });
    let twice = r#"{"Statement":[{"Sid":"a"}]}"#;
    let cases = [
        (source("nonsense"), "source_policy_documents[0]: not JSON"),
        (source("[]"), "a policy document is an object"),
        (source(r#"{"Statement":{"Effect":"Allow"}}"#), "`Statement` has to be a list"),
        (source(r#"{"Version":2012,"Statement":[]}"#), "`Version` has to be a string"),
        (source(r#"{"Statement":[{"Principal":null}]}"#), "principals have to be"),
        (source(r#"{"Statement":[{"Principal":{"AWS":5}}]}"#), "kind `AWS`"),
        (source(r#"{"Statement":[{"Condition":{"A":{"b":[1]}}}]}"#), "values of `b`"),
        (source(r#"{"Statement":[{"Action":1e400}]}"#), "too large"),
        (json!({ "source_policy_documents": [twice, twice] }), "source_policy_documents[1]: an earlier one"),
        (json!({ "statement": [{ "sid": "a" }, { "sid": "a" }] }), "two statements have the sid `a`"),
        (
            json!({ "version": "2008-10-17", "statement": [{ "resources": ["&{aws:x}"] }] }),
            "`&{aws:x}`: policies of version 2008-10-17 have no variables",
        ),
    ];
    for (arguments, problem) in cases {
        let error = read(&arguments).expect_err(problem);
        assert!(error.contains(problem), "{error} should say {problem}");
    }
}

#[test]
fn what_was_asked_stands_in_the_answer() {
    let answer = read(&json!({ "statement": [{ "actions": ["b", "a"] }], "policy_id": null })).unwrap();
    assert_eq!(answer["version"], "2012-10-17");
    assert_eq!(answer["statement"][0]["effect"], "Allow");
    assert_eq!(answer["statement"][0]["actions"], json!(["b", "a"]));
    assert_eq!(answer["policy_id"], Json::Null);
}
