//! The small providers, built in: random values, files, archives, clocks, keys and certificates. What
//! they make lives in the state alone, or on this machine.
//!
//! One type is one struct and one small trait, [`Made`] or [`Looked`], in one file. [`Face`] or [`Look`] gives it the
//! face that the engine knows ([`Kind`], [`Data`]): there the key of a thing is all its attributes, as
//! JSON text, so that a create can hand them over and a read starts from them. Such keys hold secrets
//! and are never printed or logged.

pub mod archive;
pub mod external;
mod face;
pub mod http;
pub mod local;
pub mod null;
pub mod random;
pub mod settings;
pub mod template;
pub mod terraform;
pub mod time;
pub mod tls;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

pub use crate::aws::{Error, Result};
use crate::diag::Diagnostics;
use crate::kind::{Data, Kind};
use crate::lang::Value;
use crate::lang::value::Map;
use crate::plan::adjust::Adjust;
pub use face::{Face, Look};

/// One kind of thing that needs no AWS, and how to make, see, change and remove it.
#[allow(async_fn_in_trait, reason = "the engine drives all futures on one thread")]
pub trait Made: Sized + Serialize + DeserializeOwned + JsonSchema + 'static {
    /// The Terraform type name.
    const TYPE: &'static str;
    /// The version of the attributes' shape, as the Terraform provider counts it.
    const SCHEMA_VERSION: u64 = 0;
    /// Ids that one is imported by, an example of each form that the Terraform provider documents; none
    /// where it cannot be imported.
    const IMPORT: &'static [&'static str] = &[];
    /// The usual time to create one.
    const CREATE_SECONDS: u32 = 1;
    /// Whether only the state knows what a create has made, so that it has to be stored before anything
    /// is made from it. Not where a repeated create makes the same thing in the same place.
    const REMEMBERED: bool = true;

    /// Makes one, and gives it with what only the making decides. A repeated create does no harm.
    async fn create(self) -> Result<Self>;
    /// As it is now; `None` where it is gone, so that a plan makes a new one. Not asked of what was
    /// made or changed just now.
    async fn read(self) -> Result<Option<Self>> {
        Ok(Some(self))
    }
    /// What a change in place makes of it: the wanted attributes, and those that follow from them.
    fn change(self, _was: &Self) -> Result<Self> {
        Ok(self)
    }
    /// Removes it.
    async fn delete(self) -> Result<()> {
        Ok(())
    }
    /// The one with an import id, in the form the Terraform provider documents.
    fn import(_id: &str) -> Result<Self> {
        Err(Error::Invalid(format!("`{}` cannot be imported: it is made anew instead", Self::TYPE)))
    }
    /// What the provider decides about the plan that field types cannot say.
    fn adjust(_plan: &mut Adjust) {}
}

/// Something to look up that needs no AWS: the same struct takes the arguments and holds the answer.
#[allow(async_fn_in_trait, reason = "the engine drives all futures on one thread")]
pub trait Looked: Sized + Serialize + DeserializeOwned + JsonSchema + 'static {
    const TYPE: &'static str;
    const SCHEMA_VERSION: u64 = 0;

    async fn read(self) -> Result<Self>;
}

/// Texts by name; a state may hold null ones.
pub type Texts = BTreeMap<String, Option<String>>;

/// Bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// What was found wrong elsewhere, as one error.
fn told(errors: &Diagnostics) -> Error {
    let each = errors.0.iter().map(|it| match (&it.detail, &it.help) {
        (_, Some(help)) => format!("{} ({help})", it.summary),
        (Some(detail), None) => format!("{}: {detail}", it.summary),
        _ => it.summary.clone(),
    });
    Error::Invalid(each.collect::<Vec<_>>().join("; "))
}

/// A change of a map of texts replaces, unless all that comes to it is null.
fn replaced_by_values(plan: &mut Adjust, name: &str) {
    let Some(was) = plan.was.as_ref().and_then(|it| it.get(name)) else { return };
    let Some(will) = plan.will(name) else { return };
    let none = Map::new();
    let (old, new) = (was.as_fields().unwrap_or(&none), will.as_fields().unwrap_or(&none));
    let same = |a: &Value, b: &Value| a.clone().unmarked() == b.clone().unmarked();
    let comes = new.iter().any(|(key, it)| match old.get(key) {
        Some(before) => !same(before, it),
        None => !it.is_null(),
    });
    let differs = will.is_unknown() || comes || old.keys().any(|it| !new.contains_key(it));
    if differs {
        plan.require_replace(name);
    }
}

/// The providers besides `aws`, and what their configuration takes.
pub const PROVIDERS: &[(&str, &[&str])] = &[
    ("archive", &[]),
    ("external", &[]),
    ("http", &[]),
    ("local", &[]),
    ("null", &[]),
    ("random", &[]),
    ("template", &[]),
    ("terraform", &[]),
    ("time", &[]),
    ("tls", &["proxy"]),
];

/// What the configuration of a provider takes; `None` where it is not one of these.
pub fn arguments(provider: &str) -> Option<&'static [&'static str]> {
    PROVIDERS.iter().find(|it| it.0 == provider).map(|it| it.1)
}

macro_rules! all {
    ($face:ident: $($it:ty,)*) => {
        &[$({
            static IT: $face<$it> = $face::new();
            &IT
        },)*]
    };
}

/// Their resource types, sorted by name.
pub static RESOURCES: &[&dyn Kind] = all![Face:
    archive::file::File,
    local::file::File,
    local::file::SensitiveFile,
    null::Resource,
    random::bytes::Bytes,
    random::id::Id,
    random::integer::Integer,
    random::password::Password,
    random::pet::Pet,
    random::shuffle::Shuffle,
    random::string::Text,
    random::uuid::Uuid,
    terraform::data::Data,
    time::offset::Offset,
    time::rotating::Rotating,
    time::sleep::Sleep,
    time::statik::Static,
    tls::cert_request::CertRequest,
    tls::locally_signed_cert::LocallySignedCert,
    tls::private_key::Key,
    tls::self_signed_cert::SelfSignedCert,
];

/// Their data sources, sorted by name.
pub static DATA_SOURCES: &[&dyn Data] = all![Look:
    archive::file::File,
    external::External,
    http::Http,
    local::data::File,
    local::data::SensitiveFile,
    null::DataSource,
    template::File,
    terraform::remote_state::RemoteState,
    tls::certificate::Certificates,
    tls::public_key::PublicKey,
];
