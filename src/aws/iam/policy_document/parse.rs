//! Reads another policy document, as forgiving as the Terraform provider, and as strict.

use serde_json::{Map, Value as Json};

use super::model::{Condition, Document, Names, Principal, Statement};

type Result<T> = std::result::Result<T, String>;

pub(super) fn document(text: &str) -> Result<Document> {
    let json = serde_json::from_str::<Json>(text).map_err(|it| format!("not JSON: {it}"))?;
    let fields = match &json {
        Json::Null => return Ok(Document::default()),
        Json::Object(fields) => fields,
        _ => return Err("a policy document is an object".into()),
    };
    let statements = match field(fields, "Statement") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(all)) => all.iter().map(statement).collect::<Result<_>>()?,
        Some(_) => return Err("`Statement` has to be a list".into()),
    };
    Ok(Document { version: string(fields, "Version")?, id: string(fields, "Id")?, statements })
}

/// By its name, or one that differs in case only.
fn field<'a>(of: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    let spelt = || of.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1);
    of.get(name).or_else(spelt)
}

fn string(of: &Map<String, Json>, name: &str) -> Result<String> {
    match field(of, name) {
        None | Some(Json::Null) => Ok(String::new()),
        Some(Json::String(it)) => Ok(it.clone()),
        Some(_) => Err(format!("`{name}` has to be a string")),
    }
}

fn statement(json: &Json) -> Result<Statement> {
    let of = json.as_object().ok_or("each `Statement` has to be an object")?;
    Ok(Statement {
        sid: string(of, "Sid")?,
        effect: string(of, "Effect")?,
        actions: anything(of, "Action")?,
        not_actions: anything(of, "NotAction")?,
        resources: anything(of, "Resource")?,
        not_resources: anything(of, "NotResource")?,
        principals: field(of, "Principal").map_or(Ok(Vec::new()), principals)?,
        not_principals: field(of, "NotPrincipal").map_or(Ok(Vec::new()), principals)?,
        conditions: field(of, "Condition").map_or(Ok(Vec::new()), conditions)?,
    })
}

fn anything(of: &Map<String, Json>, name: &str) -> Result<Option<Json>> {
    field(of, name).filter(|it| !it.is_null()).map(sorted).transpose()
}

/// With the keys of objects in order.
fn sorted(json: &Json) -> Result<Json> {
    Ok(match json {
        Json::Array(all) => Json::Array(all.iter().map(sorted).collect::<Result<_>>()?),
        Json::Object(all) => {
            let mut all =
                all.iter().map(|(k, it)| Ok((k.clone(), sorted(it)?))).collect::<Result<Vec<_>>>()?;
            all.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(all.into_iter().collect())
        }
        Json::Number(it) if !it.as_f64().is_some_and(f64::is_finite) => {
            return Err(format!("the number {it} is too large"));
        }
        other => other.clone(),
    })
}

fn principals(json: &Json) -> Result<Vec<Principal>> {
    let one = |(kind, names): (&String, &Json)| {
        let names = match names {
            Json::String(it) => Names::One(it.clone()),
            Json::Array(all) => Names::Many(strings(all).ok_or_else(|| not_names(kind))?),
            _ => return Err(not_names(kind)),
        };
        Ok(Principal { kind: kind.clone(), names })
    };
    match json {
        Json::String(_) => Ok(vec![Principal { kind: "*".into(), names: Names::Many(vec!["*".into()]) }]),
        Json::Object(all) => all.iter().map(one).collect(),
        _ => Err("principals have to be \"*\" or an object".into()),
    }
}

fn not_names(kind: &str) -> String {
    format!("principals of kind `{kind}` have to be a string or a list of strings")
}

fn strings(all: &[Json]) -> Option<Vec<String>> {
    all.iter().map(|it| it.as_str().map(str::to_owned)).collect()
}

/// Values that are neither text nor true or false are passed over, as the provider does.
fn conditions(json: &Json) -> Result<Vec<Condition>> {
    let problem = "`Condition` has to be an object of tests, each an object of variables";
    let mut out = Vec::new();
    let tests = if json.is_null() { return Ok(out) } else { json.as_object().ok_or(problem)? };
    for (test, variables) in tests.iter().filter(|it| !it.1.is_null()) {
        for (variable, values) in variables.as_object().ok_or(problem)? {
            let values = match values {
                Json::String(it) => vec![it.clone()],
                Json::Bool(it) => vec![it.to_string()],
                Json::Array(all) => {
                    strings(all).ok_or_else(|| format!("values of `{variable}` have to be strings"))?
                }
                _ => continue,
            };
            out.push(Condition { test: test.clone(), variable: variable.clone(), values });
        }
    }
    Ok(out)
}
