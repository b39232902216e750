//! `container_definitions`: JSON text, which the provider brings into a form of its own and compares
//! without regard to what AWS adds.

use serde_json::{Map, Value as Json, json};

use crate::lang::json::escaped;
use shape::{CONTAINER, Shape};

mod shape;
#[cfg(test)]
mod tests;
pub mod wire;

type Fields = Map<String, Json>;

/// Containers as the API takes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Containers(Vec<Fields>);

/// What fits of a document, or what does not.
type Fit<T> = Result<T, String>;

/// So many letters may differ in a name that is misspelt.
const SLIPS: usize = 2;

/// Lists whose order means nothing.
const UNORDERED: [&str; 2] = ["environment", "secrets"];

impl Containers {
    /// The containers in a text; what is wrong with it, where it holds none.
    pub fn parse(text: &str) -> Fit<Containers> {
        let json: Json = serde_json::from_str(text).map_err(|it| format!("it is no JSON: {it}"))?;
        let Json::Array(all) = &json else {
            return Err("it has to be a list: write `${jsonencode([{ name = …, image = … }])}`".to_owned());
        };
        all.iter().enumerate().map(|(at, it)| container(it, at)).collect::<Fit<_>>().map(Containers)
    }

    /// Out of an answer, which is as the API makes it.
    pub fn seen(json: &Json) -> Containers {
        let all = json.as_array().map(Vec::as_slice).unwrap_or_default();
        Containers(all.iter().filter_map(|it| container(it, 0).ok()).collect())
    }

    pub fn json(&self) -> Json {
        Json::Array(self.0.iter().cloned().map(Json::Object).collect())
    }

    /// The text that a state holds: what may come in any order is sorted.
    pub fn text(&self) -> String {
        let mut it = self.clone();
        it.sort();
        it.json().to_string()
    }

    /// The text that a plan shows.
    pub fn planned(&self) -> String {
        escaped(&self.text())
    }

    /// Whether AWS makes the same of both. With `awsvpc` networking a port of the host is that of the
    /// container.
    pub fn same(&self, other: &Containers, awsvpc: bool) -> bool {
        self.reduced(awsvpc) == other.reduced(awsvpc)
    }

    fn sort(&mut self) {
        let name = |it: Option<&Json>| it.and_then(Json::as_str).unwrap_or_default().to_owned();
        self.0.sort_by_key(|it| name(it.get("name")));
        for container in &mut self.0 {
            for list in UNORDERED {
                if let Some(Json::Array(all)) = container.get_mut(list) {
                    all.sort_by_key(|it| name(it.get("name")));
                }
            }
        }
    }

    fn reduced(&self, awsvpc: bool) -> Vec<Fields> {
        let mut it = self.clone();
        it.sort();
        it.0.iter_mut().for_each(|it| settle(it, awsvpc));
        it.0
    }
}

fn container(json: &Json, at: usize) -> Fit<Fields> {
    let at = format!("[{at}]");
    let said = fit(&CONTAINER, json, &at)?;
    let Some(Json::Object(mut it)) = said.filter(|it| !is_empty(it)) else {
        return Err(format!("`{at}` says nothing of a container"));
    };
    // None is what AWS takes for no share of its own.
    it.retain(|name, value| name != "cpu" || *value != json!(0));
    let known = ["enabled", "disabled"];
    match it.get("versionConsistency").and_then(Json::as_str) {
        Some(word) if !known.contains(&word) => {
            Err(format!("`{at}.versionConsistency` is `enabled` or `disabled`, not `{word}`"))
        }
        _ => Ok(it),
    }
}

/// A value in the shape it has to have; `None` where it is null.
fn fit(shape: &Shape, json: &Json, at: &str) -> Fit<Option<Json>> {
    let fits = match (shape, json) {
        (_, Json::Null) => return Ok(None),
        (Shape::Text, Json::String(_)) | (Shape::Flag, Json::Bool(_)) => json.clone(),
        (Shape::Number, Json::Number(it)) if it.as_i64().is_some() => json.clone(),
        (Shape::Many(of), Json::Array(all)) => list(of, all, at)?,
        (Shape::Texts, Json::Object(all)) => texts(all, at)?,
        (Shape::Object(fields), Json::Object(all)) => object(fields, all, at)?,
        _ => return Err(misfit(shape, json, at)),
    };
    Ok(Some(fits))
}

fn list(of: &Shape, all: &[Json], at: &str) -> Fit<Json> {
    let each = all.iter().enumerate().map(|(place, it)| fit(of, it, &format!("{at}[{place}]")));
    let each = each.collect::<Fit<Vec<_>>>()?.into_iter().flatten();
    // Blocks that say nothing are left out, as lists with gaps are written by templates.
    Ok(Json::Array(each.filter(|it| !it.as_object().is_some_and(Map::is_empty)).collect()))
}

fn texts(all: &Fields, at: &str) -> Fit<Json> {
    let each = all.iter().map(|(name, it)| {
        let text = fit(&Shape::Text, it, &format!("{at}.{name}"))?;
        Ok((name.clone(), text.unwrap_or_else(|| json!(""))))
    });
    let mut all = each.collect::<Fit<Vec<_>>>()?;
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Json::Object(all.into_iter().collect()))
}

/// The fields that the API knows, in its order; letters' case does not matter, and other fields are left
/// out, as the provider leaves them.
fn object(fields: &[(&str, Shape)], all: &Fields, at: &str) -> Fit<Json> {
    let known = || fields.iter().map(|it| it.0);
    for name in all.keys().filter(|name| !known().any(|it| it.eq_ignore_ascii_case(name))) {
        if let Some(meant) = known().find(|it| strsim::osa_distance(it, name) <= SLIPS) {
            return Err(format!("`{at}.{name}` is not known: did you mean `{meant}`?"));
        }
    }
    let mut out = Map::new();
    for (name, shape) in fields {
        let value =
            all.get(*name).or_else(|| all.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1));
        let value = value.map_or(Ok(None), |it| fit(shape, it, &format!("{at}.{name}")))?;
        out.extend(value.map(|it| ((*name).to_owned(), it)));
    }
    Ok(Json::Object(out))
}

fn misfit(shape: &Shape, json: &Json, at: &str) -> String {
    let bare = json.as_str().unwrap_or_default();
    match shape {
        Shape::Text if json.is_number() || json.is_boolean() => {
            format!("`{at}` has to be text: write `\"{json}\"` instead of `{json}`")
        }
        Shape::Number if bare.parse::<i64>().is_ok() => {
            format!("`{at}` has to be a number: write `{bare}` instead of `\"{bare}\"`")
        }
        Shape::Flag if ["true", "false"].contains(&bare) => {
            format!("`{at}` has to be true or false: write `{bare}` instead of `\"{bare}\"`")
        }
        Shape::Text => format!("`{at}` has to be text"),
        Shape::Number => format!("`{at}` has to be a whole number"),
        Shape::Flag => format!("`{at}` has to be true or false"),
        Shape::Many(_) => format!("`{at}` has to be a list"),
        Shape::Texts => format!("`{at}` has to be a map of texts"),
        Shape::Object(_) => format!("`{at}` has to be an object"),
    }
}

fn is_empty(it: &Json) -> bool {
    it.as_array().is_some_and(Vec::is_empty) || it.as_object().is_some_and(Map::is_empty)
}

/// Fills in what AWS takes where nothing is said, and leaves out what says nothing.
fn settle(container: &mut Fields, awsvpc: bool) {
    container.entry("essential").or_insert(json!(true));
    if let Some(Json::Object(check)) = container.get_mut("healthCheck") {
        for (name, usual) in [("interval", 30), ("retries", 3), ("timeout", 5)] {
            check.entry(name).or_insert(json!(usual));
        }
    }
    let ports = container.get_mut("portMappings").and_then(Json::as_array_mut).into_iter().flatten();
    ports.filter_map(Json::as_object_mut).for_each(|it| settle_port(it, awsvpc));
    container.values_mut().for_each(drop_empty);
    container.retain(|_, it| !is_empty(it));
}

fn settle_port(port: &mut Fields, awsvpc: bool) {
    port.retain(|name, it| match name.as_str() {
        "protocol" => *it != json!("tcp"),
        "hostPort" => *it != json!(0),
        _ => true,
    });
    if let (true, Some(own)) = (awsvpc, port.get("containerPort").cloned()) {
        port.entry("hostPort").or_insert(own);
    }
    port.sort_keys();
}

fn drop_empty(json: &mut Json) {
    match json {
        Json::Object(all) => {
            all.values_mut().for_each(drop_empty);
            all.retain(|_, it| !is_empty(it));
        }
        Json::Array(all) => all.iter_mut().for_each(drop_empty),
        _ => {}
    }
}
