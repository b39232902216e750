use serde_json::json;

use super::*;

fn containers(json: Json) -> Containers {
    Containers::parse(&json.to_string()).unwrap()
}

fn wrong(json: Json) -> String {
    Containers::parse(&json.to_string()).unwrap_err()
}

#[test]
fn what_aws_adds_is_no_difference() {
    let said = containers(json!([{
        "name": "web", "image": "nginx",
        "portMappings": [{ "containerPort": 80 }],
        "healthCheck": { "command": ["CMD", "true"] },
        "environment": [{ "name": "B", "value": "2" }, { "name": "A", "value": "1" }],
    }]));
    let answered = Containers::seen(&json!([{
        "name": "web", "image": "nginx", "cpu": 0, "essential": true,
        "portMappings": [{ "containerPort": 80, "hostPort": 80, "protocol": "tcp" }],
        "healthCheck": { "command": ["CMD", "true"], "interval": 30, "retries": 3, "timeout": 5 },
        "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }],
        "mountPoints": [], "volumesFrom": [], "systemControls": [],
    }]));
    assert!(said.same(&answered, true));
    assert!(!said.same(&answered, false), "on a bridge, AWS chooses a port of the host");
    assert!(!said.same(&containers(json!([{ "name": "web", "image": "nginx:2" }])), true));
}

#[test]
fn containers_come_in_any_order() {
    let (a, b) = (json!({ "name": "a", "image": "x" }), json!({ "name": "b", "image": "x" }));
    assert!(containers(json!([a, b])).same(&containers(json!([b, a])), false));
}

#[test]
fn the_text_is_the_providers() {
    let it = containers(json!([{
        "Name": "web", "image": "nginx", "cpu": 0, "nonsense": [1], "links": null,
        "environment": [{ "value": "a&b", "name": "B" }, {}, { "name": "A", "value": "1" }],
    }]));
    let text = r#"[{"environment":[{"name":"A","value":"1"},{"name":"B","value":"a\u0026b"}],"image":"nginx","name":"web"}]"#;
    assert_eq!(it.planned(), text);
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    let said = |field: &str, value: Json| wrong(json!([{ "name": "web", field: value }]));
    assert_eq!(
        said("environment", json!([{ "name": "PORT", "value": 8080 }])),
        "`[0].environment[0].value` has to be text: write `\"8080\"` instead of `8080`"
    );
    assert_eq!(
        said("memory", json!("512")),
        "`[0].memory` has to be a number: write `512` instead of `\"512\"`"
    );
    assert_eq!(
        said("essential", json!("true")),
        "`[0].essential` has to be true or false: write `true` instead of `\"true\"`"
    );
    assert_eq!(said("memory", json!(0.5)), "`[0].memory` has to be a whole number");
    assert_eq!(said("command", json!("run")), "`[0].command` has to be a list");
    assert_eq!(said("enviroment", json!([])), "`[0].enviroment` is not known: did you mean `environment`?");
    assert_eq!(wrong(json!([{}])), "`[0]` says nothing of a container");
    assert!(wrong(json!({ "name": "web" })).starts_with("it has to be a list"));
    assert!(Containers::parse("[").unwrap_err().starts_with("it is no JSON"));
}
