//! From the model to the file's bytes: Terraform's order of fields, its two spaces, and the escapes
//! of Go's JSON encoder.

use std::io;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use super::VERSION;
use crate::address::{Key, Mode, ModulePath, ResourceAddr};
use crate::state::attributes::Sorted;
use crate::state::{Object, Output, Resource, State, TERRAFORM_VERSION};

/// The file's content, with the newline at its end.
pub fn to_bytes(state: &State) -> Vec<u8> {
    let mut out = Vec::with_capacity(likely_size(state));
    let mut writer = serde_json::Serializer::with_formatter(&mut out, Go(PrettyFormatter::new()));
    // All keys are text and the target is memory: neither can fail.
    if let Err(error) = Document::of(state).serialize(&mut writer) {
        unreachable!("a state is always JSON: {error}");
    }
    out.push(b'\n');
    out
}

/// About how many bytes it will be, rather too many: a text of many megabytes that grows step by step leaves as much
/// memory behind again, and what is not written to costs nothing.
fn likely_size(state: &State) -> usize {
    let instances = state.resources.values().flat_map(|it| it.instances.values());
    let objects = instances.flat_map(|it| it.current.iter().chain(it.deposed.values()));
    4096 + objects.map(|it| 1024 + 2 * it.attributes.size()).sum::<usize>()
}

#[derive(Serialize)]
struct Document<'a> {
    version: u64,
    terraform_version: &'a str,
    serial: u64,
    lineage: &'a str,
    outputs: std::collections::BTreeMap<&'a str, OutputEntry<'a>>,
    resources: Vec<ResourceEntry<'a>>,
    check_results: &'a Json,
}

#[derive(Serialize)]
struct OutputEntry<'a> {
    value: Sorted<'a>,
    r#type: Json,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sensitive: bool,
}

#[derive(Serialize)]
struct ResourceEntry<'a> {
    #[serde(skip_serializing_if = "String::is_empty")]
    module: String,
    mode: &'static str,
    r#type: &'a str,
    name: &'a str,
    provider: &'a str,
    instances: Vec<InstanceEntry<'a>>,
}

struct InstanceEntry<'a> {
    key: &'a Key,
    deposed: &'a str,
    object: &'a Object,
}

impl<'a> Document<'a> {
    fn of(state: &'a State) -> Self {
        let mut resources: Vec<_> = state.resources.iter().map(|it| ResourceEntry::of(it.0, it.1)).collect();
        // Terraform sorts by the texts, and "data" comes before "managed".
        resources.sort_by(|a, b| {
            (&a.module, a.mode, a.r#type, a.name).cmp(&(&b.module, b.mode, b.r#type, b.name))
        });
        Document {
            version: VERSION,
            terraform_version: TERRAFORM_VERSION,
            serial: state.serial,
            lineage: &state.lineage,
            outputs: state.outputs.iter().map(|(name, it)| (name.as_str(), OutputEntry::of(it))).collect(),
            resources,
            check_results: &state.check_results,
        }
    }
}

impl<'a> OutputEntry<'a> {
    fn of(output: &'a Output) -> Self {
        OutputEntry { value: Sorted(&output.value), r#type: output.ty.to_json(), sensitive: output.sensitive }
    }
}

impl<'a> ResourceEntry<'a> {
    fn of(addr: &'a ResourceAddr, resource: &'a Resource) -> Self {
        let instances = resource.instances.iter().flat_map(|(key, it)| {
            let current = it.current.iter().map(move |object| InstanceEntry { key, deposed: "", object });
            let deposed = it.deposed.iter();
            current.chain(deposed.map(move |(deposed, object)| InstanceEntry { key, deposed, object }))
        });
        ResourceEntry {
            module: module_text(&addr.module),
            mode: match addr.mode {
                Mode::Managed => "managed",
                Mode::Data => "data",
            },
            r#type: &addr.kind,
            name: &addr.name,
            provider: &resource.provider,
            instances: instances.collect(),
        }
    }
}

fn module_text(path: &ModulePath) -> String {
    path.iter().map(|(name, key)| format!("module.{name}{key}")).collect::<Vec<_>>().join(".")
}

/// Where Terraform 1.12 and later have an object's identity; all else that we do not know goes last.
const IDENTITY: [&str; 2] = ["identity_schema_version", "identity"];

impl Serialize for InstanceEntry<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let it = self.object;
        let mut map = to.serialize_map(None)?;
        match self.key {
            Key::None => {}
            Key::Index(key) => map.serialize_entry("index_key", key)?,
            Key::Name(key) => map.serialize_entry("index_key", key.as_ref())?,
        }
        if it.tainted {
            map.serialize_entry("status", "tainted")?;
        }
        if !self.deposed.is_empty() {
            map.serialize_entry("deposed", self.deposed)?;
        }
        map.serialize_entry("schema_version", &it.schema_version)?;
        map.serialize_entry("attributes", &it.attributes.json())?;
        map.serialize_entry("sensitive_attributes", &it.sensitive_attributes)?;
        for name in IDENTITY {
            if let Some(found) = it.rest.get(name) {
                map.serialize_entry(name, found)?;
            }
        }
        if let Some(private) = it.private.as_ref().filter(|it| !it.is_empty()) {
            map.serialize_entry("private", private)?;
        }
        if !it.dependencies.is_empty() {
            let texts: Vec<_> = it.dependencies.iter().map(ResourceAddr::to_string).collect();
            map.serialize_entry("dependencies", &texts)?;
        }
        if it.create_before_destroy {
            map.serialize_entry("create_before_destroy", &true)?;
        }
        if it.prevent_destroy {
            map.serialize_entry("prevent_destroy", &true)?;
        }
        for (name, found) in it.rest.iter().filter(|it| !IDENTITY.contains(&it.0.as_str())) {
            map.serialize_entry(name, found)?;
        }
        map.end()
    }
}

/// Go's encoder escapes what HTML or JavaScript would trip over.
struct Go<'a>(PrettyFormatter<'a>);

const HARMFUL: [char; 5] = ['<', '>', '&', '\u{2028}', '\u{2029}'];

impl Formatter for Go<'_> {
    fn begin_array<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }
    fn end_array<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }
    fn end_array_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }
    fn begin_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }
    fn end_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }
    fn end_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, to: &mut W, text: &str) -> io::Result<()> {
        for part in text.split_inclusive(HARMFUL) {
            let last = part.chars().next_back().filter(|it| HARMFUL.contains(it));
            to.write_all(&part.as_bytes()[..part.len() - last.map_or(0, char::len_utf8)])?;
            if let Some(it) = last {
                write!(to, "\\u{:04x}", u32::from(it))?;
            }
        }
        Ok(())
    }
    fn write_char_escape<W: ?Sized + io::Write>(&mut self, to: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(byte) => write!(to, "\\u{byte:04x}"),
            CharEscape::Quote => to.write_all(b"\\\""),
            CharEscape::ReverseSolidus => to.write_all(b"\\\\"),
            CharEscape::Solidus => to.write_all(b"/"),
            CharEscape::Backspace => to.write_all(b"\\b"),
            CharEscape::FormFeed => to.write_all(b"\\f"),
            CharEscape::LineFeed => to.write_all(b"\\n"),
            CharEscape::CarriageReturn => to.write_all(b"\\r"),
            CharEscape::Tab => to.write_all(b"\\t"),
        }
    }
}
