//! Real plans for tests: Terraform's plan JSON and provider schemas, as our model has them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

use crate::address::{Mode, ResourceAddr, parse_instance};
use crate::lang::value::Map;
use crate::lang::{Kind, Type, Value};
use crate::plan::{Action, Change, OutputChange, Plan, PlanMode, Reason};
use crate::report::json::typed;
use crate::schema::{Attribute, Block, Form, NestedBlock, Nesting, Schema};
use crate::state::State;

/// The plan with that name in `tests/data/plans`.
pub fn plan(json: &str) -> Plan {
    let json: Json = serde_json::from_str(json).unwrap();
    let changes = |key: &str| json[key].as_array().into_iter().flatten().map(change).collect::<Vec<_>>();
    Plan {
        mode: PlanMode::Normal,
        stack: "shop".into(),
        env: "default".into(),
        variables: BTreeMap::new(),
        state: state(),
        changes: changes("resource_changes"),
        drift: changes("resource_drift"),
        more_drift: Vec::new(),
        relevant: Vec::new(),
        outputs: fields(&json["output_changes"]).map(|(k, v)| (k.clone(), output(v))).collect(),
        checks: Default::default(),
        timestamp: String::new(),
        targets: Vec::new(),
        excludes: Vec::new(),
        left_out: Vec::new(),
    }
}

pub fn state() -> State {
    State {
        terraform_version: "1.11.4".into(),
        serial: 1,
        lineage: "l".into(),
        outputs: BTreeMap::new(),
        resources: BTreeMap::new(),
        check_results: Json::Null,
    }
}

fn fields(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn change(json: &Json) -> Change {
    let addr = parse_instance(json["address"].as_str().unwrap()).unwrap();
    let ty = schema(&addr.resource).map_or(Type::Any, |it| it.block.ty());
    let it = &json["change"];
    let paths = it["replace_paths"].as_array().into_iter().flatten();
    let text = |it: &Json| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    Change {
        addr,
        moved_from: json["previous_address"].as_str().and_then(|it| crate::address::parse_instance(it).ok()),
        importing: it["importing"]["id"].as_str().map(str::to_owned),
        deposed: json["deposed"].as_str().map(str::to_owned),
        provider: r#"provider["registry.terraform.io/hashicorp/aws"]"#.into(),
        action: action(&it["actions"]),
        reason: json["action_reason"].as_str().and_then(reason),
        before: marked(typed(&it["before"], &ty), &it["before_sensitive"], &Json::Null, &ty),
        after: marked(typed(&it["after"], &ty), &it["after_sensitive"], &it["after_unknown"], &ty),
        replace_paths: paths.map(|it| it.as_array().unwrap().iter().map(text).collect()).collect(),
        dependencies: Vec::new(),
        create_before_destroy: false,
    }
}

fn output(it: &Json) -> OutputChange {
    let sensitive = [&it["before_sensitive"], &it["after_sensitive"]].into_iter().any(|it| *it == true);
    OutputChange {
        action: action(&it["actions"]),
        before: typed(&it["before"], &Type::Any),
        after: marked(typed(&it["after"], &Type::Any), &Json::Null, &it["after_unknown"], &Type::Any),
        sensitive,
    }
}

fn action(json: &Json) -> Action {
    match json.to_string().as_str() {
        r#"["no-op"]"# => Action::NoOp,
        r#"["create"]"# => Action::Create,
        r#"["read"]"# => Action::Read,
        r#"["update"]"# => Action::Update,
        r#"["delete","create"]"# => Action::Replace,
        r#"["create","delete"]"# => Action::CreateThenDelete,
        r#"["delete"]"# => Action::Delete,
        r#"["forget"]"# => Action::Forget,
        other => panic!("{other}"),
    }
}

fn reason(word: &str) -> Option<Reason> {
    crate::report::words::REASONS.iter().find(|it| it.1 == word).map(|it| it.0)
}

/// The value with Terraform's maps of what is sensitive and unknown laid over it.
fn marked(value: Value, sensitive: &Json, unknown: &Json, ty: &Type) -> Value {
    if *unknown == true {
        return Value::unknown(ty.clone());
    }
    let secret = *sensitive == true;
    let items = |all: &[Value], ty: &Type| {
        let one = |(i, it): (usize, &Value)| marked(it.clone(), &sensitive[i], &unknown[i], ty);
        all.iter().enumerate().map(one).collect::<Vec<_>>().into()
    };
    let kind = match value.kind {
        Kind::List(ty, all) => Kind::List(ty.clone(), items(&all, &ty)),
        Kind::Set(ty, all) => Kind::Set(ty.clone(), items(&all, &ty)),
        Kind::Tuple(all) => Kind::Tuple(items(&all, &Type::Any)),
        Kind::Map(of, all) => Kind::Map(of, entries(&all, sensitive, unknown, ty)),
        Kind::Object(all) => Kind::Object(entries(&all, sensitive, unknown, ty)),
        other => other,
    };
    let value = Value::from(kind);
    if secret { value.sensitive() } else { value }
}

fn entries(all: &Map, sensitive: &Json, unknown: &Json, ty: &Type) -> Arc<Map> {
    let of = |name: &str| match ty {
        Type::Map(it) => (**it).clone(),
        Type::Object(fields) => fields.get(name).map_or(Type::Any, |it| it.ty.clone()),
        _ => Type::Any,
    };
    let mut all = all.clone();
    for (name, _) in fields(unknown).filter(|it| *it.1 == true) {
        all.insert(name.as_str().into(), Value::null(of(name)));
    }
    let one = |(k, v): (Arc<str>, Value)| {
        let value = marked(v, &sensitive[&*k], &unknown[&*k], &of(&k));
        (k, value)
    };
    Arc::new(all.into_iter().map(one).collect())
}

static SCHEMAS: LazyLock<BTreeMap<(Mode, String), Schema>> = LazyLock::new(|| {
    let json: Json = serde_json::from_str(include_str!("../../tests/data/aws-schema.json")).unwrap();
    let all = |mode: Mode, key: &str| {
        fields(&json[key]).map(|(k, v)| ((mode, k.clone()), of(v))).collect::<Vec<_>>()
    };
    let resources = all(Mode::Managed, "resource_schemas");
    resources.into_iter().chain(all(Mode::Data, "data_source_schemas")).collect()
});

/// The provider's schema of that type.
pub fn schema(addr: &ResourceAddr) -> Option<&'static Schema> {
    SCHEMAS.get(&(addr.mode, addr.kind.to_string()))
}

fn of(json: &Json) -> Schema {
    Schema { version: json["version"].as_u64().unwrap_or(0), block: block(&json["block"]) }
}

fn block(json: &Json) -> Block {
    Block {
        doc: String::new(),
        attributes: fields(&json["attributes"]).map(|(k, v)| (k.clone(), attribute(v))).collect(),
        blocks: fields(&json["block_types"]).map(|(k, v)| (k.clone(), nested(v))).collect(),
        derived: Default::default(),
    }
}

fn attribute(json: &Json) -> Attribute {
    let flag = |key: &str| json[key] == true;
    Attribute {
        ty: Type::from_json(&json["type"]).unwrap_or(Type::Any),
        doc: String::new(),
        required: flag("required"),
        optional: flag("optional"),
        computed: flag("computed"),
        sensitive: flag("sensitive"),
        fixed: false,
        local: false,
        write_only: false,
        default: None,
        form: Form::Plain,
        checks: Vec::new(),
        of: None,
    }
}

fn nested(json: &Json) -> NestedBlock {
    NestedBlock {
        nesting: match json["nesting_mode"].as_str() {
            Some("set") => Nesting::Set,
            Some("list") => Nesting::List,
            _ => Nesting::Single,
        },
        min: 0,
        max: None,
        computed: false,
        usual: false,
        fixed: false,
        local: false,
        known_by: None,
        doc: String::new(),
        block: block(&json["block"]),
    }
}
