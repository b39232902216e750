//! Terraform's JSON syntax.

use super::hcl::{good_tfs, read_tf};
use super::*;

fn wrong_json(text: &str) -> Vec<String> {
    let (_, errors) = read_tf(&[("a.tf.json", text)]);
    told(&errors).iter().map(|it| it.trim_start_matches("a.tf.json:").to_owned()).collect()
}

#[test]
fn strings_are_templates_with_places() {
    let text = r#"{"locals": {"a": "\u00e9${local.b}", "c": "$${no}", "d": "\ud83d\ude00%{if true}${local.e}%{endif}"}}"#;
    let config = good_tfs(&[("a.tf.json", text)]);
    let refs = |name: &str| {
        config.locals[name].refs().into_iter().map(|it| source(&it.place).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((refs("a"), refs("d")), (vec!["local.b".to_owned()], vec!["local.e".to_owned()]));
    assert!(matches!(&config.locals["c"].node, Node::Constant(it) if it.as_str() == Some("${no}")));
}

#[test]
fn defaults_are_no_templates() {
    let config = good_tfs(&[("a.tf.json", r#"{"variable": {"x": {"default": "${y}"}, "z": [{}]}}"#)]);
    assert_eq!(config.variables["x"].default, Some("${y}".into()));
}

#[test]
fn meta_arguments_are_texts() {
    let config = good_tfs(&[(
        "a.tf.json",
        r#"{"provider": {"aws": [{"region": "a"}, {"alias": "b"}]},
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "configuration_aliases": ["aws.c"]}}},
            "resource": {"aws_vpc": {"a": {"provider": "aws.b", "depends_on": ["aws_vpc.c"],
              "lifecycle": {"ignore_changes": ["tags[\"x\"]"], "replace_triggered_by": ["aws_vpc.c.id"]}}}}}"#,
    )]);
    let a = &config.resources[&ResourceAddr::managed("aws_vpc", "a")];
    assert_eq!(a.provider.as_ref().map(|it| it.0.to_string()).as_deref(), Some("aws.b"));
    assert_eq!(a.depends_on[0].path, ["aws_vpc", "c"]);
    assert!(matches!(&a.lifecycle.ignore_changes, Ignore::Paths(all) if all[0].0 == ["tags", "x"]));
    assert_eq!(config.required_providers["aws"].aliases.len(), 1);
}

#[test]
fn what_is_wrong_is_told_where_it_is() {
    for (text, wanted) in [
        ("", "1:1: not valid JSON: the file ends where a value is expected"),
        ("[1]", "1:2: the file must be an object: { … }"),
        ("{\"a\": 1,}", "1:9: not valid JSON: a name is expected after a comma"),
        (
            "{'a': 1}",
            "1:2: not valid JSON: a name in quotation marks is expected here (texts and names stand in plain double quotation marks: \"…\")",
        ),
        (
            "{\n// c\n}",
            "2:1: not valid JSON: a name in quotation marks is expected here (JSON has no comments: write a property named \"//\")",
        ),
        ("{\"a\": tru}", "1:7: not valid JSON: a value is expected here"),
        ("{\"a\": \"b\n\"}", "1:7: not valid JSON: this text is not closed"),
        ("{\"a\": \"\\d\"}", "1:8: not valid JSON: there is no such escape (write `\\\\` for a backslash)"),
        ("{\"a\": 01}", "1:7: not valid JSON: this is no number"),
        ("{} x", "1:4: not valid JSON: there is more here after the end of the value"),
        ("{\"resources\": {}}", "1:2: there is no block `resources` (did you mean `resource`?)"),
        ("{\"locals\": {\"a\": \"${\"}}", "1:19: this expression is not valid"),
        ("{\"locals\": {\"a\": 1, \"a\": 2}}", "1:21: `a` stands twice in this object"),
        ("{\"resource\": {\"aws_vpc\": 1}}", "1:26: `aws_vpc` must be an object: { … }"),
    ] {
        let found = wrong_json(text);
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{text}: {found:?}");
    }
    let deep = format!("{{\"locals\": {{\"a\": {}1{}}}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(wrong_json(&deep)[0].contains("nested too deeply"), "{:?}", wrong_json(&deep));
}
