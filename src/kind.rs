//! The registry: every resource type and data source behind one dynamic face, so that the engine
//! handles them alike. Attributes cross it as JSON objects in the state's form.

use std::sync::OnceLock;
use std::time::Duration;

use futures::future::{FutureExt, LocalBoxFuture};
use serde_json::Value as Json;

use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
pub use crate::resource::Op;
use crate::resource::{self, Blockers, DataSource, New, Passing, Reads, Resource, Status, Tags};
use crate::schema::{self, Schema};

/// A resource type. `attributes` are JSON objects shaped by [`Kind::schema`].
pub trait Kind: Sync {
    fn name(&self) -> &'static str;
    fn schema(&self) -> &Schema;
    fn tag_api(&self) -> TagApi;
    fn batch(&self) -> usize;
    /// [`Resource::READS`]
    fn reads(&self) -> Reads {
        Reads::NOTHING
    }
    fn patience(&self, op: Op) -> Duration;
    fn create_seconds(&self) -> u32;
    fn may_lag(&self) -> bool;
    /// [`Resource::SOUGHT_BY`]
    fn sought_by(&self) -> &'static [&'static str] {
        &[]
    }
    /// [`Resource::SENT`]
    fn sent(&self) -> &'static [&'static str] {
        &[]
    }
    /// [`Resource::MARKED`]
    fn marked(&self) -> bool {
        false
    }
    /// [`Resource::IDEMPOTENT`].
    fn is_idempotent(&self) -> bool {
        false
    }
    /// Whether only the state knows what a create has made: there is nowhere to look for it.
    fn is_remembered(&self) -> bool {
        false
    }
    /// Whether a removed one is absent from `read` in time.
    fn vanishes(&self) -> bool;
    /// Whether plans tell null from empty: [`Resource::FRAMEWORK`].
    fn framework(&self) -> bool;
    /// The key, as JSON text: equal keys have equal texts.
    fn key(&self, attributes: &Json) -> Result<String>;
    /// [`Resource::is_same`], of keys.
    fn is_same(&self, one: &str, other: &str) -> bool {
        one == other
    }
    /// The key in an import id.
    fn import(&self, id: &str) -> Result<String>;
    /// An example of each form that an import id may have; none where it cannot be imported:
    /// [`Resource::IMPORT`].
    fn import_forms(&self) -> &'static [&'static str];
    /// What a generated resource block leaves out: [`Resource::UNWRITTEN`].
    fn unwritten(&self) -> &'static [&'static str] {
        &[]
    }
    /// The key after a change in place.
    fn key_after(&self, was: &Json, _will: &Json) -> Result<String> {
        self.key(was)
    }
    /// All attributes, where the key holds them.
    fn attributes_of(&self, _key: &str) -> Option<Json> {
        None
    }
    fn read<'a>(&'a self, aws: &'a Aws, keys: &'a [String]) -> LocalBoxFuture<'a, Result<Vec<Found>>>;
    fn create<'a>(
        &'a self,
        aws: &'a Aws,
        wanted: &'a Json,
        new: &'a New,
    ) -> LocalBoxFuture<'a, Result<String>>;
    fn update<'a>(&'a self, aws: &'a Aws, wanted: &'a Json, was: &'a Json) -> LocalBoxFuture<'a, Result<()>>;
    fn delete<'a>(&'a self, aws: &'a Aws, was: &'a Json) -> LocalBoxFuture<'a, Result<()>>;
    fn find<'a>(
        &'a self,
        aws: &'a Aws,
        wanted: &'a Json,
        new: &'a New,
    ) -> LocalBoxFuture<'a, Result<Option<String>>>;
    /// What was read, written as `kept` writes it where both mean the same.
    fn as_kept(&self, found: &Json, kept: &Json) -> Result<Json>;
    /// [`Resource::judged`]
    fn judged(&self, _wanted: &Json, _was: Option<&Json>, status: Status) -> Result<Status> {
        Ok(status)
    }
    /// Whether a new one needs an update in any case: [`Resource::unfinished`].
    fn unfinished(&self, _wanted: &Json) -> Result<bool> {
        Ok(false)
    }
    /// [`Resource::patience`]
    fn own_patience(&self, _attributes: &Json, _op: Op) -> Result<Option<Duration>> {
        Ok(None)
    }
    /// Whether a delete leaves it at AWS.
    fn is_left(&self, was: &Json) -> Result<bool>;
    /// Whether it is still at AWS after its delete: [`Resource::stays`].
    fn stays(&self, _was: &Json) -> Result<bool> {
        Ok(false)
    }
    fn adjust(&self, plan: &mut Adjust);
    /// The refusals that pass with time: [`Resource::PASSING`].
    fn passing(&self) -> &'static [&'static [Passing]] {
        &[]
    }
    /// The rule by which this one passes, if any.
    fn passes(&self, op: Op, error: &Error) -> Option<&'static Passing> {
        resource::passing::passing(self.passing(), op, error)
    }
    /// What stands in the way of an operation that AWS has refused: [`Resource::blockers`].
    fn blockers<'a>(
        &'a self,
        _aws: &'a Aws,
        _op: Op,
        _attributes: &'a Json,
        _error: &'a Error,
    ) -> LocalBoxFuture<'a, Result<Blockers>> {
        async { Ok(Blockers::default()) }.boxed_local()
    }
}

/// One thing that a batched read found.
#[derive(Debug, Clone)]
pub struct Found {
    pub key: String,
    pub attributes: Json,
    pub tags: Option<Tags>,
    pub status: Status,
    /// Attributes that this answer says nothing about: the state's value stays.
    pub unread: Vec<String>,
}

/// A data source.
pub trait Data: Sync {
    fn name(&self) -> &'static str;
    fn schema(&self) -> &Schema;
    fn pure(&self) -> bool;
    /// Whether all who ask with the same arguments may have one answer in a plan.
    fn shared(&self) -> bool {
        false
    }
    /// [`DataSource::READS`]
    fn reads(&self) -> Reads {
        Reads::NOTHING
    }
    /// [`DataSource::POOLED`]
    fn pooled(&self) -> bool {
        false
    }
    /// [`DataSource::UNSET`]
    fn unset(&self) -> &'static [&'static str] {
        &[]
    }
    /// Takes the arguments, gives arguments and answer.
    fn read<'a>(&'a self, aws: &'a Aws, arguments: &'a Json) -> LocalBoxFuture<'a, Result<Json>>;
}

/// A type's face: its schema is derived on first use.
pub struct Erased<T> {
    schema: OnceLock<Schema>,
    /// Another name of the same type.
    alias: Option<&'static str>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T> Erased<T> {
    pub const fn new() -> Self {
        Erased { schema: OnceLock::new(), alias: None, of: std::marker::PhantomData }
    }

    /// The same type under another name: `aws_alb` is `aws_lb`.
    pub const fn named(alias: &'static str) -> Self {
        Erased { schema: OnceLock::new(), alias: Some(alias), of: std::marker::PhantomData }
    }

    /// Under another name the examples show that one.
    fn renamed(&self, mut schema: Schema, name: &str) -> Schema {
        if let Some(alias) = self.alias {
            for (start, end) in [("[", "."), ("[data.", "."), ("[[", ".")] {
                let table = |it: &str| format!("{start}{it}{end}");
                schema.block.doc = schema.block.doc.replace(&table(name), &table(alias));
            }
        }
        schema
    }
}

impl<T> Default for Erased<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The type's own attributes, out of an object's.
fn typed<R: Resource>(attributes: &Json) -> Result<R> {
    own(R::TYPE, attributes)
}

fn own<T: serde::de::DeserializeOwned>(kind: &str, attributes: &Json) -> Result<T> {
    let attributes = schema::region::without(kind, without_nulls(attributes));
    serde_json::from_value(attributes).map_err(|it| Error::Shape(it.to_string()))
}

/// What is null is absent: serde's defaults then say what absence means.
fn without_nulls(json: &Json) -> Json {
    match json {
        Json::Object(all) => {
            let kept = all.iter().filter(|it| !it.1.is_null());
            Json::Object(kept.map(|(k, v)| (k.clone(), without_nulls(v))).collect())
        }
        Json::Array(all) => Json::Array(all.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

fn key_text<K: serde::Serialize>(key: &K) -> Result<String> {
    serde_json::to_string(key).map_err(|it| Error::Shape(it.to_string()))
}

fn key_of<K: serde::de::DeserializeOwned>(text: &str) -> Result<K> {
    serde_json::from_str(text).map_err(|it| Error::Shape(it.to_string()))
}

impl<R: Resource> Kind for Erased<R> {
    fn name(&self) -> &'static str {
        self.alias.unwrap_or(R::TYPE)
    }
    fn schema(&self) -> &Schema {
        let schema = || schema::of::<R>(R::TYPE, R::SCHEMA_VERSION);
        self.schema.get_or_init(|| self.renamed(schema(), R::TYPE))
    }
    fn tag_api(&self) -> TagApi {
        R::TAGS
    }
    fn batch(&self) -> usize {
        R::BATCH
    }
    fn reads(&self) -> Reads {
        R::READS
    }
    fn patience(&self, op: Op) -> Duration {
        if op == Op::Delete { R::DELETE_PATIENCE } else { R::PATIENCE }
    }
    fn create_seconds(&self) -> u32 {
        R::CREATE_SECONDS
    }
    fn may_lag(&self) -> bool {
        R::MAY_LAG
    }
    fn sought_by(&self) -> &'static [&'static str] {
        R::SOUGHT_BY
    }
    fn sent(&self) -> &'static [&'static str] {
        R::SENT
    }
    fn marked(&self) -> bool {
        R::MARKED
    }
    fn is_idempotent(&self) -> bool {
        R::IDEMPOTENT
    }
    fn vanishes(&self) -> bool {
        R::VANISHES
    }
    fn framework(&self) -> bool {
        R::FRAMEWORK
    }
    fn key(&self, attributes: &Json) -> Result<String> {
        key_text(&typed::<R>(attributes)?.key())
    }
    fn is_same(&self, one: &str, other: &str) -> bool {
        match (serde_json::from_str(one), serde_json::from_str(other)) {
            (Ok(one), Ok(other)) => R::is_same(&one, &other),
            _ => one == other,
        }
    }
    fn import(&self, id: &str) -> Result<String> {
        if !resource::is_of_form(R::IMPORT, id) {
            return Err(Error::Invalid("it does not look like one".to_owned()));
        }
        key_text(&R::import(id)?)
    }
    fn import_forms(&self) -> &'static [&'static str] {
        R::IMPORT
    }
    fn unwritten(&self) -> &'static [&'static str] {
        R::UNWRITTEN
    }
    fn read<'a>(&'a self, aws: &'a Aws, keys: &'a [String]) -> LocalBoxFuture<'a, Result<Vec<Found>>> {
        async move {
            let keys = keys.iter().map(|it| key_of(it)).collect::<Result<Vec<R::Key>>>()?;
            let live = R::read(aws, &keys).await?;
            let found = live.into_iter().map(|it| {
                let attributes =
                    serde_json::to_value(&it.attributes).map_err(|it| Error::Shape(it.to_string()))?;
                let unread = it.unread.iter().map(|it| (*it).to_owned()).collect();
                Ok(Found { key: key_text(&it.key)?, attributes, tags: it.tags, status: it.status, unread })
            });
            found.collect()
        }
        .boxed_local()
    }
    fn create<'a>(
        &'a self,
        aws: &'a Aws,
        wanted: &'a Json,
        new: &'a New,
    ) -> LocalBoxFuture<'a, Result<String>> {
        async move { key_text(&typed::<R>(wanted)?.create(aws, new).await?) }.boxed_local()
    }
    fn update<'a>(&'a self, aws: &'a Aws, wanted: &'a Json, was: &'a Json) -> LocalBoxFuture<'a, Result<()>> {
        async move { typed::<R>(wanted)?.update(aws, &typed::<R>(was)?).await }.boxed_local()
    }
    fn delete<'a>(&'a self, aws: &'a Aws, was: &'a Json) -> LocalBoxFuture<'a, Result<()>> {
        async move { typed::<R>(was)?.delete(aws).await }.boxed_local()
    }
    fn find<'a>(
        &'a self,
        aws: &'a Aws,
        wanted: &'a Json,
        new: &'a New,
    ) -> LocalBoxFuture<'a, Result<Option<String>>> {
        async move { typed::<R>(wanted)?.find(aws, new).await?.map(|it| key_text(&it)).transpose() }
            .boxed_local()
    }
    fn as_kept(&self, found: &Json, kept: &Json) -> Result<Json> {
        let it = typed::<R>(found)?.as_kept(&typed::<R>(kept)?);
        serde_json::to_value(&it).map_err(|it| Error::Shape(it.to_string()))
    }
    fn judged(&self, wanted: &Json, was: Option<&Json>, status: Status) -> Result<Status> {
        let was = was.map(typed::<R>).transpose()?;
        Ok(typed::<R>(wanted)?.judged(was.as_ref(), status))
    }
    fn unfinished(&self, wanted: &Json) -> Result<bool> {
        Ok(typed::<R>(wanted)?.unfinished())
    }
    fn own_patience(&self, attributes: &Json, op: Op) -> Result<Option<Duration>> {
        Ok(typed::<R>(attributes)?.patience(op))
    }
    fn is_left(&self, was: &Json) -> Result<bool> {
        Ok(typed::<R>(was)?.is_left())
    }
    fn stays(&self, was: &Json) -> Result<bool> {
        Ok(typed::<R>(was)?.stays())
    }
    fn key_after(&self, was: &Json, will: &Json) -> Result<String> {
        key_text(&typed::<R>(was)?.key_after(&typed::<R>(will)?))
    }
    fn adjust(&self, plan: &mut Adjust) {
        R::adjust(plan);
    }
    fn passing(&self) -> &'static [&'static [Passing]] {
        R::PASSING
    }
    fn blockers<'a>(
        &'a self,
        aws: &'a Aws,
        op: Op,
        attributes: &'a Json,
        error: &'a Error,
    ) -> LocalBoxFuture<'a, Result<Blockers>> {
        async move { typed::<R>(attributes)?.blockers(aws, op, error).await }.boxed_local()
    }
}

impl<D: DataSource> Data for Erased<D> {
    fn name(&self) -> &'static str {
        self.alias.unwrap_or(D::TYPE)
    }
    fn schema(&self) -> &Schema {
        let schema = || schema::of::<D>(D::TYPE, D::SCHEMA_VERSION);
        self.schema.get_or_init(|| self.renamed(schema(), D::TYPE))
    }
    fn pure(&self) -> bool {
        D::PURE
    }
    fn shared(&self) -> bool {
        true
    }
    fn reads(&self) -> Reads {
        D::READS
    }
    fn pooled(&self) -> bool {
        D::POOLED
    }
    fn unset(&self) -> &'static [&'static str] {
        D::UNSET
    }
    fn read<'a>(&'a self, aws: &'a Aws, arguments: &'a Json) -> LocalBoxFuture<'a, Result<Json>> {
        async move {
            let answer = own::<D>(D::TYPE, arguments)?.read(aws).await?;
            serde_json::to_value(&answer).map_err(|it| Error::Shape(it.to_string()))
        }
        .boxed_local()
    }
}

/// The names of all resource types.
pub fn resource_names() -> impl Iterator<Item = &'static str> {
    crate::aws::RESOURCES.iter().chain(crate::providers::RESOURCES).map(|it| it.name())
}

/// The names of all data sources.
pub fn data_names() -> impl Iterator<Item = &'static str> {
    crate::aws::DATA_SOURCES.iter().chain(crate::providers::DATA_SOURCES).map(|it| it.name())
}

/// The resource type of that name.
pub fn resource(name: &str) -> Option<&'static dyn Kind> {
    let among = |all: &'static [&'static dyn Kind]| {
        all.binary_search_by(|it| it.name().cmp(name)).ok().map(|it| all[it])
    };
    among(crate::aws::RESOURCES).or_else(|| among(crate::providers::RESOURCES))
}

/// The data source of that name.
pub fn data(name: &str) -> Option<&'static dyn Data> {
    let among = |all: &'static [&'static dyn Data]| {
        all.binary_search_by(|it| it.name().cmp(name)).ok().map(|it| all[it])
    };
    among(crate::aws::DATA_SOURCES).or_else(|| among(crate::providers::DATA_SOURCES))
}

/// The names of the providers besides `aws`.
pub fn provider_names() -> impl Iterator<Item = &'static str> + Clone {
    crate::providers::PROVIDERS.iter().map(|it| it.0)
}

/// What the configuration of a provider other than `aws` takes; `None` where there is no such one.
pub fn provider_arguments(name: &str) -> Option<&'static [&'static str]> {
    crate::providers::arguments(name)
}
