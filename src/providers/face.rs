//! The face of a small provider's type towards the engine.

use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

use futures::future::{FutureExt, LocalBoxFuture};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{Error, Looked, Made, Result};
use crate::aws::{Aws, TagApi};
use crate::kind::{Data, Found, Kind};
use crate::plan::adjust::Adjust;
use crate::resource::{New, Op, Status};
use crate::schema::{self, Block, Form, Schema};

/// A type's face: its schema is derived on first use.
pub struct Face<T> {
    schema: OnceLock<Schema>,
    of: PhantomData<fn() -> T>,
}

impl<T> Face<T> {
    pub const fn new() -> Self {
        Face { schema: OnceLock::new(), of: PhantomData }
    }
}

impl<T> Default for Face<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// These providers' plans tell null from empty.
fn exact(mut block: Block) -> Block {
    for it in block.attributes.values_mut().filter(|it| it.form == Form::Plain) {
        it.form = Form::Exact;
    }
    for it in block.blocks.values_mut() {
        it.block = exact(std::mem::take(&mut it.block));
    }
    block
}

fn schema_of<T: schemars::JsonSchema>(version: u64) -> Schema {
    let schema = schema::derive::<T>(version);
    Schema { version, block: exact(schema.block) }
}

/// From JSON in the state's form: what is null is absent, but for what stands inside of values.
fn typed<T: DeserializeOwned>(attributes: &Json, block: &Block) -> Result<T> {
    // The parser's own sentence could show a secret.
    serde_json::from_value(present(attributes, block)).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Data => "a value does not fit its attribute",
            _ => "they cannot be read",
        };
        Error::Shape(what.to_owned())
    })
}

fn present(json: &Json, block: &Block) -> Json {
    let Json::Object(all) = json else { return json.clone() };
    let kept = all.iter().filter(|it| !it.1.is_null()).map(|(name, it)| {
        let inner = block.blocks.get(name).map(|it| &it.block);
        let inner = inner.or_else(|| block.attributes.get(name).and_then(|it| it.of.as_deref()));
        let value = match (inner, it) {
            (Some(inner), Json::Array(all)) => Json::Array(all.iter().map(|it| present(it, inner)).collect()),
            (Some(inner), Json::Object(_)) => present(it, inner),
            _ => it.clone(),
        };
        (name.clone(), value)
    });
    Json::Object(kept.collect())
}

fn json<T: Serialize>(it: &T) -> Result<Json> {
    serde_json::to_value(it).map_err(|it| Error::Shape(it.to_string()))
}

/// The key of a thing: what it is.
fn key<T: Serialize>(it: &T) -> Result<String> {
    Ok(json(it)?.to_string())
}

fn parsed(key: &str) -> Result<Json> {
    serde_json::from_str(key).map_err(|_| Error::Shape("a key that is no JSON".to_owned()))
}

impl<T: Made> Face<T> {
    fn block(&self) -> &Block {
        &Kind::schema(self).block
    }
    fn typed(&self, attributes: &Json) -> Result<T> {
        typed(attributes, self.block())
    }

    async fn look(&self, key: &str, exact: bool) -> Result<Option<Found>> {
        let attributes = parsed(key)?;
        // What is asked about exactly was made or changed just now.
        let now =
            if exact { Some(self.typed(&attributes)?) } else { self.typed(&attributes)?.read().await? };
        let Some(now) = now else { return Ok(None) };
        Ok(Some(Found {
            key: key.to_owned(),
            attributes: json(&now)?,
            tags: None,
            status: Status::Ready,
            unread: Vec::new(),
        }))
    }
}

impl<T: Made> Kind for Face<T> {
    fn name(&self) -> &'static str {
        T::TYPE
    }
    fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| schema_of::<T>(T::SCHEMA_VERSION))
    }
    fn tag_api(&self) -> TagApi {
        TagApi::None
    }
    fn batch(&self) -> usize {
        100
    }
    fn patience(&self, _: Op) -> Duration {
        Duration::from_secs(60)
    }
    fn create_seconds(&self) -> u32 {
        T::CREATE_SECONDS
    }
    fn may_lag(&self) -> bool {
        false
    }
    fn is_remembered(&self) -> bool {
        T::REMEMBERED
    }
    fn vanishes(&self) -> bool {
        false
    }
    fn framework(&self) -> bool {
        true
    }
    fn key(&self, attributes: &Json) -> Result<String> {
        key(&self.typed(attributes)?)
    }
    fn import(&self, id: &str) -> Result<String> {
        key(&T::import(id)?)
    }
    fn import_forms(&self) -> &'static [&'static str] {
        T::IMPORT
    }
    fn key_after(&self, was: &Json, will: &Json) -> Result<String> {
        key(&self.typed(will)?.change(&self.typed(was)?)?)
    }
    fn attributes_of(&self, key: &str) -> Option<Json> {
        parsed(key).ok()
    }
    fn read<'a>(&'a self, aws: &'a Aws, keys: &'a [String]) -> LocalBoxFuture<'a, Result<Vec<Found>>> {
        async move {
            let mut out = Vec::new();
            for key in keys {
                out.extend(self.look(key, aws.exact()).await?);
            }
            Ok(out)
        }
        .boxed_local()
    }
    fn create<'a>(&'a self, _: &'a Aws, wanted: &'a Json, _: &'a New) -> LocalBoxFuture<'a, Result<String>> {
        async move { key(&self.typed(wanted)?.create().await?) }.boxed_local()
    }
    // The engine reads with `key_after`: what a change makes of it is computed there.
    fn update<'a>(&'a self, _: &'a Aws, _: &'a Json, _: &'a Json) -> LocalBoxFuture<'a, Result<()>> {
        async { Ok(()) }.boxed_local()
    }
    fn delete<'a>(&'a self, _: &'a Aws, was: &'a Json) -> LocalBoxFuture<'a, Result<()>> {
        async move { self.typed(was)?.delete().await }.boxed_local()
    }
    fn find<'a>(&'a self, _: &'a Aws, _: &'a Json, _: &'a New) -> LocalBoxFuture<'a, Result<Option<String>>> {
        async { Ok(None) }.boxed_local()
    }
    fn as_kept(&self, found: &Json, _: &Json) -> Result<Json> {
        Ok(found.clone())
    }
    fn is_left(&self, _: &Json) -> Result<bool> {
        Ok(false)
    }
    fn adjust(&self, plan: &mut Adjust) {
        T::adjust(plan);
    }
}

/// A data source's face.
pub struct Look<T>(Face<T>);

impl<T> Look<T> {
    pub const fn new() -> Self {
        Look(Face::new())
    }
}

impl<T> Default for Look<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Looked> Data for Look<T> {
    fn name(&self) -> &'static str {
        T::TYPE
    }
    fn schema(&self) -> &Schema {
        self.0.schema.get_or_init(|| schema_of::<T>(T::SCHEMA_VERSION))
    }
    fn pure(&self) -> bool {
        false
    }
    fn read<'a>(&'a self, _: &'a Aws, arguments: &'a Json) -> LocalBoxFuture<'a, Result<Json>> {
        async move {
            let it: T = typed(arguments, &self.schema().block)?;
            json(&it.read().await?)
        }
        .boxed_local()
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::Type;

    #[test]
    fn nulls_inside_of_values_stay() {
        let kind = crate::kind::resource("terraform_data").expect("registered");
        let block = &kind.schema().block;
        assert_eq!(block.attributes["input"].ty, Type::Any);
        let wanted = r#"{"id":"x","input":{"value":{"a":null},"type":["map","string"]},"output":null}"#;
        let key = kind.key(&serde_json::from_str(wanted).expect("json")).expect("key");
        assert!(key.contains(r#""value":{"a":null}"#), "{key}");
    }
}
