//! What a resource type is: one struct, one trait, one file.
//!
//! The struct's fields are the attributes, exactly as the Terraform provider names them and as the
//! state holds them; their types say what a change means; their doc comments are the manual. The
//! schema, the documentation, the diff, update or replace, waiting, retries, tags, batching, import
//! and drift follow from the struct and are written once, in the engine.
//!
//! How a field's type reads as a Terraform schema:
//!
//! | field | schema |
//! |---|---|
//! | `String`, `i64`, `f64`, `bool`, [`Json`], `Set<String>`, `Vec<String>` | required |
//! | the same with `#[serde(default)]` or `#[serde(default = "path")]` | optional, with that default |
//! | `Option<T>` | optional, null where absent |
//! | `Option<`[`Any`]`>` | optional, of any type |
//! | [`Chosen<Option<T>>`] | optional and computed |
//! | [`Computed<T>`] | computed |
//! | [`Usual<…>`] around a block | where the stack has none, one that says nothing of note stays |
//! | [`Fixed<…>`] around or inside any of these | a change replaces |
//! | [`Local<…>`] | kept in the state only: AWS neither holds nor returns it |
//! | [`Secret<…>`] | sensitive |
//! | [`WriteOnly<…>`] | sent and never kept: not in the plan, not in the state |
//! | `Vec<Struct>`, [`Set<Struct>`], [`One<Struct>`] | nested block: list, set, list of at most one |
//! | `Option<Struct>` | nested block, single |
//! | those with `#[schemars(extend("x-attribute" = true))]`, or inside `Computed` | an attribute of objects |
//! | `#[schemars(length(min = 1, max = 2))]` on a block | its least and greatest number |
//! | `#[schemars(extend("enum" = ["A", "B"]))]`, `range(min = …, max = …)`, `regex(pattern = …)` | checked at plan time |

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::aws::{Aws, Error, Result, TagApi};
use crate::plan::adjust::Adjust;
pub use blockers::*;
pub use marks::*;
pub use passing::*;
pub use reads::{Cost, Reads};

pub mod blockers;
pub mod marks;
pub mod passing;
pub mod reads;
pub mod times;

/// One kind of thing AWS holds, and how to see, make, change and remove it.
///
/// Implementations only translate: no retries, no waiting, no diffing, and neither the address nor
/// the operation in an error.
#[allow(async_fn_in_trait, reason = "the engine drives all futures on one thread")]
pub trait Resource: Sized + Serialize + DeserializeOwned + JsonSchema + 'static {
    /// The Terraform type name.
    const TYPE: &'static str;
    /// The version of the attributes' shape, as the Terraform provider counts it.
    const SCHEMA_VERSION: u64 = 0;
    /// Ids that one is imported by, an example of each form that the Terraform provider documents.
    /// What stands in them before [`EXAMPLE_ID`] an id must begin with.
    const IMPORT: &'static [&'static str];
    /// What a resource block that is generated for an import leaves out: what another attribute says as
    /// well, and what the Terraform provider calls outdated. `rule.prefix` is one inside of blocks.
    const UNWRITTEN: &'static [&'static str] = &[];
    /// The calls that set, remove and read this type's tags.
    const TAGS: TagApi;
    /// The most that one `read` may be asked for.
    const BATCH: usize = 100;
    /// What a refresh of many costs at the least, without the tags that [`TagApi`] reads. A refresh must not
    /// cost more: `tests/suite/reads.rs` counts.
    const READS: Reads;
    /// How long to wait until it is ready, and for refusals that pass, where the stack sets no
    /// `timeouts`.
    const PATIENCE: Duration = Duration::from_secs(600);
    /// How long to wait until it is gone, where the stack sets no `timeouts`.
    const DELETE_PATIENCE: Duration = Self::PATIENCE;
    /// The usual time to create one: the schedule of an apply starts with the longest path.
    const CREATE_SECONDS: u32 = 1;
    /// The batched read may lag behind AWS: what differs from the state is read again with
    /// [`Aws::exact`] before it is called drift.
    const MAY_LAG: bool = false;
    /// Whether a create carries [`crate::aws::tags::MARK`] for as long as the apply lasts: neither the API nor a
    /// name of its own tells two attempts from two things, so `find` looks for that tag.
    const MARKED: bool = false;
    /// Whether creating it once more changes nothing and makes no second one, such as a bucket's policy: `find` has
    /// nothing to look for.
    const IDEMPOTENT: bool = false;
    /// What `find` goes by beside the attributes that cannot change: the journal keeps these, too.
    const SOUGHT_BY: &'static [&'static str] = &[];
    /// The [`Local`] attributes whose change alone calls for an update: AWS is told of them, and does not tell them.
    const SENT: &'static [&'static str] = &[];
    /// Whether one that was removed is absent from `read` in time. Some things only go back to what
    /// AWS gives everybody: then there is nothing to wait for.
    const VANISHES: bool = true;
    /// The refusals that pass with time, so that the call is worth repeating within the patience:
    /// something else not there yet, or still in use. Tables that the types of a service share, and the
    /// type's own.
    const PASSING: &'static [&'static [Passing]] = &[];
    /// Whether the Terraform provider builds this type on its newer framework. Its plans tell null from
    /// empty; those of the older SDK say that what is taken away becomes empty, and hold no set with an
    /// item that is not known yet.
    const FRAMEWORK: bool = false;
    /// What finds one at AWS: mostly its id; a few parts where AWS has no single id.
    type Key: Clone + Eq + Hash + Serialize + DeserializeOwned + 'static;

    /// The key of one that the state holds.
    fn key(&self) -> Self::Key;
    /// Whether two keys are of the same thing: one may also say what of it is to be read.
    fn is_same(one: &Self::Key, other: &Self::Key) -> bool {
        one == other
    }
    /// The key in an import id, in the form the Terraform provider documents.
    fn import(id: &str) -> Result<Self::Key>;

    /// Describes many in as few calls as the API allows. What is absent from the answer does not
    /// exist. Refresh, waiting, drift and import all use this.
    async fn read(aws: &Aws, keys: &[Self::Key]) -> Result<Vec<Live<Self>>>;
    /// Makes a new one, without waiting for it. The engine then reads, and updates what still differs.
    async fn create(&self, aws: &Aws, new: &New) -> Result<Self::Key>;
    /// Changes one in place; nothing [`Fixed`] differs from `was`. Tags are not its business
    /// where [`TagApi`] names a service.
    async fn update(&self, aws: &Aws, was: &Self) -> Result<()>;
    /// Removes one, without waiting for it to be gone.
    async fn delete(&self, aws: &Aws) -> Result<()>;

    /// Finds one that an interrupted `create` with this token may have left, where the API itself
    /// does not make a repeated create harmless. `Ok(None)`: there is none, so creating is safe.
    async fn find(&self, _aws: &Aws, _new: &New) -> Result<Option<Self::Key>> {
        Err(Error::Unsearchable)
    }
    /// What was seen, written the way `kept` (the state, or what was just applied) writes it, where
    /// both mean the same and the types of the fields cannot tell.
    #[allow(clippy::wrong_self_convention, reason = "what was seen is used up")]
    fn as_kept(self, _kept: &Self) -> Self {
        self
    }
    /// Whether an apply waits for the end of this, where that is for the stack to say: a service may be
    /// rolled out while the apply goes on. `word` is [`Status::Pending`]'s or [`Status::Failed`]'s.
    fn awaits(&self, _word: &str) -> bool {
        true
    }
    /// Whether a new one needs an update although AWS shows it as it is to be: something that AWS never shows,
    /// such as a password, and that the call which made it does not take. [`Aws::completes`] tells the update
    /// that it is this one.
    fn unfinished(&self) -> bool {
        false
    }
    /// What its status means for an apply of it: [`Resource::awaits`], and what that cannot say. `was` is
    /// what it was before a change, nothing after a create.
    fn judged(&self, _was: Option<&Self>, status: Status) -> Status {
        match &status {
            Status::Pending(word) | Status::Failed(word) if !self.awaits(word) => Status::Ready,
            _ => status,
        }
    }
    /// How long to wait, where an attribute of its own says so and `timeouts` do not.
    fn patience(&self, _op: Op) -> Option<Duration> {
        None
    }
    /// Stays at AWS when it is removed from the stack.
    fn is_left(&self) -> bool {
        false
    }
    /// Is still at AWS after its `delete`, because the stack says so.
    fn stays(&self) -> bool {
        false
    }
    /// The key after it has been changed to `will` in place.
    fn key_after(&self, _will: &Self) -> Self::Key {
        self.key()
    }
    /// What the provider decides about the plan that field types cannot say (its `CustomizeDiff`).
    fn adjust(_plan: &mut Adjust) {}
    /// What stands in the way of `op`, which AWS has refused: asked only then, and for people only. A few
    /// calls at most, none of which changes anything.
    async fn blockers(&self, _aws: &Aws, _op: Op, _error: &Error) -> Result<Blockers> {
        Ok(Blockers::default())
    }
}

/// The digits that stand in [`Resource::IMPORT`] for those of an id that AWS has made.
pub const EXAMPLE_ID: &str = "0a1b2c3d4e5f67890";

/// Whether an id has one of these forms, as far as one can see from how it begins.
pub fn is_of_form(forms: &[&str], id: &str) -> bool {
    let begins = |form: &&str| match form.split_once(EXAMPLE_ID) {
        Some((start, _)) => id.len() > start.len() && id.starts_with(start),
        None => !id.is_empty(),
    };
    !id.contains(char::is_whitespace) && forms.iter().any(begins)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Create,
    Update,
    Delete,
}

/// One as AWS reports it.
pub struct Live<R: Resource> {
    pub key: R::Key,
    pub attributes: R,
    /// Its tags, all of them; `None` where this answer does not carry tags: then the engine reads
    /// them for the whole batch. `tags` and `tags_all` of `attributes` are left empty either way.
    pub tags: Option<Tags>,
    pub status: Status,
    /// Attributes that this answer says nothing about: the engine keeps the state's value.
    pub unread: &'static [&'static str],
}

/// Whether others may use it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Ready,
    /// Being made, changed or removed; AWS's word for it.
    Pending(String),
    /// On its way out, while nothing can be done with it any more: gone for a plan, not yet gone for whoever
    /// waits for its removal.
    Leaving(String),
    /// It will never be ready; why.
    Failed(String),
}

/// What a create needs besides the attributes.
pub struct New {
    /// The same on every attempt at this create, so that two attempts make one thing. 32
    /// characters from `0-9a-f`.
    pub token: String,
    /// Seconds since 1970 before the first attempt: what AWS says is older was made by somebody else.
    pub since: i64,
    /// The resource's tags over the provider's default tags.
    pub tags: Tags,
}

impl New {
    /// Whether something that goes by the name of what is to be made, and that AWS has made at this
    /// moment, can come from an attempt at this create.
    pub fn may_have_made(&self, created: Option<i64>) -> bool {
        created.is_some_and(|it| it >= self.since)
    }

    /// The name to give: `name`, or a unique one that starts with `prefix` (`terraform-` where
    /// there is none), as the Terraform provider makes names; the same on every attempt.
    pub fn name(&self, name: Option<&str>, prefix: Option<&str>) -> String {
        let given = |it: &Option<&str>| it.is_some_and(|it| !it.is_empty());
        match (name, prefix) {
            (name, _) if given(&name) => name.unwrap_or_default().to_owned(),
            (_, prefix) => {
                let prefix = if given(&prefix) { prefix.unwrap_or_default() } else { "terraform-" };
                format!("{prefix}{}", &self.token[..self.token.len().min(26)])
            }
        }
    }
}

/// What stands before the generated part of such a name; `None` where there is none.
pub fn name_prefix(name: &str) -> Option<String> {
    let (prefix, generated) = name.split_at_checked(name.len().checked_sub(26)?)?;
    generated.bytes().all(|it| it.is_ascii_hexdigit()).then(|| prefix.to_owned())
}

pub type Tags = BTreeMap<String, String>;

/// Something AWS or the provider knows, read while planning and never changed.
///
/// The same struct takes the arguments and holds the answer.
#[allow(async_fn_in_trait, reason = "the engine drives all futures on one thread")]
pub trait DataSource: Sized + Serialize + DeserializeOwned + JsonSchema + 'static {
    const TYPE: &'static str;
    const SCHEMA_VERSION: u64 = 0;
    /// Needs no call to AWS, so that `validate` may already compute it.
    const PURE: bool = false;
    /// What reading one costs: calls for each that differs in its arguments.
    const READS: Reads;
    /// Whether those that a plan reads at the same moment share calls: they are read as a refresh reads, with
    /// [`Aws::exact`] not set.
    const POOLED: bool = false;
    /// Computed attributes that the provider sets only for some things: where the answer has none they are null,
    /// and not empty as all others.
    const UNSET: &'static [&'static str] = &[];

    async fn read(self, aws: &Aws) -> Result<Self>;
}

/// Items of `wanted` that `was` lacks, and of `was` that `wanted` lacks.
pub fn added_removed<T: Ord + Clone>(wanted: &BTreeSet<T>, was: &BTreeSet<T>) -> (Vec<T>, Vec<T>) {
    (wanted.difference(was).cloned().collect(), was.difference(wanted).cloned().collect())
}
