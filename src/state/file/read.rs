//! From the file's bytes to the model; what does not fit is named with its path in the document.

use serde_json::{Map, Value as Json};
use std::sync::Arc;

use super::VERSION;
use crate::address::{self, Key, Mode, ModulePath, ResourceAddr, Target};
use crate::lang::Type;
use crate::state::{Attributes, Error, Object, Output, Resource, State};

type Fields = Map<String, Json>;

/// What is wrong, and where in the document.
struct Wrong {
    why: String,
    help: Option<String>,
}

type Checked<T> = Result<T, Wrong>;

impl Wrong {
    fn at(path: &str, why: impl std::fmt::Display) -> Self {
        Wrong { why: format!("`{path}` {why}"), help: None }
    }
}

/// Reads a state; `origin` says where the bytes come from, for the error.
pub fn parse(bytes: &[u8], origin: &str) -> Result<State, Error> {
    document(bytes).map_err(|it| Error::Unreadable { origin: origin.to_owned(), why: it.why, help: it.help })
}

fn document(bytes: &[u8]) -> Checked<State> {
    let plain = |why: String| Wrong { why, help: None };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(plain("it is empty".to_owned()));
    }
    let json: Json = serde_json::from_slice(bytes).map_err(|it| plain(format!("not JSON: {it}")))?;
    let Json::Object(mut top) = json else { return Err(plain("not an object".to_owned())) };
    check_version(top.get("version"))?;
    let mut state = State {
        terraform_version: text(&mut top, "", "terraform_version")?.unwrap_or_default(),
        serial: whole(&mut top, "", "serial")?.unwrap_or_default(),
        lineage: text(&mut top, "", "lineage")?.unwrap_or_default(),
        outputs: Default::default(),
        resources: Default::default(),
        check_results: top.remove("check_results").unwrap_or_default(),
    };
    for (name, it) in fields(top.remove("outputs"), "outputs")? {
        let path = format!("outputs.{name}");
        state.outputs.insert(name, output(it, &path)?);
    }
    for (at, it) in items(top.remove("resources"), "resources")?.into_iter().enumerate() {
        let path = format!("resources[{at}]");
        let (addr, it) = resource(it, &path)?;
        if state.resources.contains_key(&addr) {
            return Err(Wrong::at(&path, format!("holds {addr}, which stands there twice")));
        }
        state.resources.insert(addr, it.into());
    }
    Ok(state)
}

fn check_version(version: Option<&Json>) -> Checked<()> {
    let Some(version) = version else {
        return Err(Wrong { why: "it says no `version`".to_owned(), help: None });
    };
    let help = match version.as_u64() {
        Some(VERSION) => return Ok(()),
        Some(0..VERSION) => {
            "run `terraform apply -refresh-only` with terraform 0.13 or later once: it rewrites the state as \
             version 4"
        }
        _ => "a newer tool has written it: use a newer infra, or the tool that wrote it",
    };
    let why = format!("it is of format version {version}, and only version {VERSION} is understood");
    Err(Wrong { why, help: Some(help.to_owned()) })
}

fn output(json: Json, path: &str) -> Checked<Output> {
    let mut it = object(json, path)?;
    let ty = it.remove("type").unwrap_or_default();
    let ty = Type::from_json(&ty).ok_or_else(|| Wrong::at(path, format!("has an unknown type: {ty}")))?;
    let sensitive = flag(&mut it, path, "sensitive")?;
    Ok(Output { value: it.remove("value").unwrap_or_default(), ty, sensitive })
}

fn resource(json: Json, path: &str) -> Checked<(ResourceAddr, Resource)> {
    let mut it = object(json, path)?;
    let mode = match text(&mut it, path, "mode")?.as_deref() {
        Some("managed") => Mode::Managed,
        Some("data") => Mode::Data,
        other => return Err(Wrong::at(path, format!("has mode {}", other.unwrap_or("(none)")))),
    };
    let module = match text(&mut it, path, "module")? {
        Some(text) => {
            module_path(&text).map_err(|why| Wrong::at(path, format!("has a bad module: {why}")))?
        }
        None => ModulePath::new(),
    };
    let (kind, name) = (needed(&mut it, path, "type")?, needed(&mut it, path, "name")?);
    let addr = ResourceAddr { module, mode, kind: kind.into(), name: name.into() };
    let mut out = Resource { provider: needed(&mut it, path, "provider")?, ..Resource::default() };
    for (at, it) in items(it.remove("instances"), path)?.into_iter().enumerate() {
        add_instance(&mut out, object(it, path)?, &format!("{path}.instances[{at}]"))?;
    }
    Ok((addr, out))
}

fn module_path(text: &str) -> Result<ModulePath, String> {
    match address::parse(text)? {
        Target::Module(path) => Ok(path),
        _ => Err(format!("`{text}` is no module")),
    }
}

fn add_instance(resource: &mut Resource, mut it: Fields, path: &str) -> Checked<()> {
    let key = instance_key(it.remove("index_key"), path)?;
    let deposed = text(&mut it, path, "deposed")?.filter(|it| !it.is_empty());
    let twice = Wrong::at(path, "holds an object that stands there twice");
    let one = resource.instances.entry(key).or_default();
    let before = match deposed {
        Some(key) => one.deposed.insert(key, Arc::new(instance(it, path)?)),
        None => one.current.replace(Arc::new(instance(it, path)?)),
    };
    before.map_or(Ok(()), |_| Err(twice))
}

fn instance_key(json: Option<Json>, path: &str) -> Checked<Key> {
    match json {
        None | Some(Json::Null) => Ok(Key::None),
        Some(Json::String(it)) => Ok(Key::Name(it.into())),
        Some(Json::Number(it)) if it.is_u64() => Ok(Key::Index(it.as_u64().unwrap_or_default())),
        Some(other) => {
            Err(Wrong::at(&format!("{path}.index_key"), format!("is {other}: neither index nor text")))
        }
    }
}

fn instance(mut it: Fields, path: &str) -> Checked<Object> {
    let tainted = match text(&mut it, path, "status")?.as_deref() {
        None | Some("") => false,
        Some("tainted") => true,
        Some(other) => return Err(Wrong::at(path, format!("has the unknown status `{other}`"))),
    };
    Ok(Object {
        schema_version: whole(&mut it, path, "schema_version")?.unwrap_or_default(),
        attributes: attributes(&mut it, path)?,
        sensitive_attributes: items(it.remove("sensitive_attributes"), path)?,
        private: text(&mut it, path, "private")?,
        dependencies: dependencies(it.remove("dependencies"), path)?,
        create_before_destroy: flag(&mut it, path, "create_before_destroy")?,
        prevent_destroy: flag(&mut it, path, "prevent_destroy")?,
        tainted,
        rest: it.into_iter().collect(),
    })
}

fn attributes(it: &mut Fields, path: &str) -> Checked<Attributes> {
    let path = format!("{path}.attributes");
    match it.remove("attributes") {
        Some(found @ Json::Object(_)) => Ok(found.into()),
        None if it.contains_key("attributes_flat") => Err(Wrong {
            why: format!("`{path}_flat` is the form of Terraform 0.11"),
            help: Some("run `terraform apply -refresh-only` once: it rewrites the object".to_owned()),
        }),
        Some(_) => Err(Wrong::at(&path, "is not an object")),
        None => Err(Wrong::at(&path, "is missing")),
    }
}

fn dependencies(json: Option<Json>, path: &str) -> Checked<Vec<ResourceAddr>> {
    let path = format!("{path}.dependencies");
    let each = items(json, &path)?.into_iter().enumerate().map(|(at, it)| {
        let path = format!("{path}[{at}]");
        let text = it.as_str().ok_or_else(|| Wrong::at(&path, "is not text"))?;
        match address::parse(text) {
            Ok(Target::Resource(it)) => Ok(it),
            Ok(Target::Instance(it)) => Ok(it.resource),
            Ok(Target::Module(_)) => Err(Wrong::at(&path, "is a module, not a resource")),
            Err(why) => Err(Wrong::at(&path, format!("is no address: {why}"))),
        }
    });
    each.collect()
}

fn object(json: Json, path: &str) -> Checked<Fields> {
    match json {
        Json::Object(it) => Ok(it),
        _ => Err(Wrong::at(path, "is not an object")),
    }
}

fn fields(json: Option<Json>, path: &str) -> Checked<Fields> {
    match json {
        None | Some(Json::Null) => Ok(Fields::new()),
        Some(it) => object(it, path),
    }
}

fn items(json: Option<Json>, path: &str) -> Checked<Vec<Json>> {
    match json {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(it)) => Ok(it),
        Some(_) => Err(Wrong::at(path, "is, or holds, something that should be a list")),
    }
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn text(it: &mut Fields, path: &str, name: &str) -> Checked<Option<String>> {
    match it.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(it)) => Ok(Some(it)),
        Some(_) => Err(Wrong::at(&inside(path, name), "is not text")),
    }
}

fn needed(it: &mut Fields, path: &str, name: &str) -> Checked<String> {
    text(it, path, name)?.ok_or_else(|| Wrong::at(&inside(path, name), "is missing"))
}

fn whole(it: &mut Fields, path: &str, name: &str) -> Checked<Option<u64>> {
    match it.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(found) => {
            let number = found.as_u64();
            number.map(Some).ok_or_else(|| Wrong::at(&inside(path, name), "is not a whole number"))
        }
    }
}

fn flag(it: &mut Fields, path: &str, name: &str) -> Checked<bool> {
    match it.remove(name) {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(it)) => Ok(it),
        Some(_) => Err(Wrong::at(&inside(path, name), "is neither true nor false")),
    }
}
