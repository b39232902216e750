//! Values: known, null or unknown, each with its type, and the marks that travel with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::number::Number;
use super::types::{ObjectField, Type};

mod equal;
mod refine;
mod set;

pub use refine::{Bound, Range};

pub type Map = BTreeMap<Arc<str>, Value>;

/// A value and its marks. Cheap to clone: what is large is shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    pub kind: Kind,
    pub marks: Marks,
}

/// What a value is. Collections carry their element type, so that an empty one has a type too.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Boxed, as what is known should be small.
    Unknown(Box<Unknown>),
    Null(Type),
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    List(Type, Arc<Vec<Value>>),
    /// Distinct, in Terraform's order of sets.
    Set(Type, Arc<Vec<Value>>),
    Map(Type, Arc<Map>),
    Tuple(Arc<Vec<Value>>),
    Object(Arc<Map>),
}

/// There are a hundred thousand of them where there are five thousand resources.
const _: () = assert!(size_of::<Value>() <= 40);

/// A value that will be known once something has been applied, and what is sure about it already.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    pub ty: Type,
    pub not_null: bool,
    /// Holds wherever the value turns out not to be null.
    pub range: Range,
}

/// Marks travel through every operation to its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Marks {
    /// Never printed.
    pub sensitive: bool,
    /// Never kept in a plan or a state.
    pub ephemeral: bool,
}

impl std::ops::BitOr for Marks {
    type Output = Marks;
    fn bitor(self, other: Marks) -> Marks {
        Marks { sensitive: self.sensitive | other.sensitive, ephemeral: self.ephemeral | other.ephemeral }
    }
}

impl From<Unknown> for Kind {
    fn from(it: Unknown) -> Self {
        Kind::Unknown(Box::new(it))
    }
}
impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Value { kind, marks: Marks::default() }
    }
}
impl From<bool> for Value {
    fn from(it: bool) -> Self {
        Kind::Bool(it).into()
    }
}
impl From<i64> for Value {
    fn from(it: i64) -> Self {
        Kind::Number(it.into()).into()
    }
}
impl From<Number> for Value {
    fn from(it: Number) -> Self {
        Kind::Number(it).into()
    }
}
impl From<&str> for Value {
    fn from(it: &str) -> Self {
        Kind::String(normal(it)).into()
    }
}
impl From<String> for Value {
    fn from(it: String) -> Self {
        Kind::String(normal(&it)).into()
    }
}

/// The text in Unicode's composed form (NFC): so are all texts of the language, and so they compare.
pub(in crate::lang) fn normal(text: &str) -> Arc<str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text.into();
    }
    text.nfc().collect::<String>().into()
}

impl Value {
    pub fn null(ty: Type) -> Self {
        Kind::Null(ty).into()
    }
    pub fn unknown(ty: Type) -> Self {
        Kind::from(Unknown { ty, not_null: false, range: Range::Open }).into()
    }
    /// Not known yet, but surely not null.
    pub fn unknown_not_null(ty: Type) -> Self {
        Kind::from(Unknown { ty, not_null: true, range: Range::Open }).into()
    }
    pub fn tuple(items: Vec<Value>) -> Self {
        Kind::Tuple(Arc::new(items)).into()
    }
    pub fn object<K: Into<Arc<str>>>(fields: impl IntoIterator<Item = (K, Value)>) -> Self {
        Kind::Object(Arc::new(fields.into_iter().map(|(k, v)| (k.into(), v)).collect())).into()
    }
    pub fn list(of: Type, items: Vec<Value>) -> Self {
        Kind::List(of, Arc::new(items)).into()
    }
    pub fn map<K: Into<Arc<str>>>(of: Type, items: impl IntoIterator<Item = (K, Value)>) -> Self {
        Kind::Map(of, Arc::new(items.into_iter().map(|(k, v)| (k.into(), v)).collect())).into()
    }

    pub fn marked(mut self, marks: Marks) -> Self {
        self.marks = self.marks | marks;
        self
    }
    pub fn sensitive(self) -> Self {
        self.marked(Marks { sensitive: true, ephemeral: false })
    }

    /// Without its own marks.
    pub fn unmarked(mut self) -> Self {
        self.marks = Marks::default();
        self
    }
    /// Without marks, its own and those of all that it holds.
    pub fn unmarked_deep(self) -> Self {
        if self.deep_marks() == Marks::default() {
            return self;
        }
        let each = |all: &[Value]| Arc::new(all.iter().cloned().map(Value::unmarked_deep).collect());
        let every =
            |all: &Map| Arc::new(all.iter().map(|(k, v)| (k.clone(), v.clone().unmarked_deep())).collect());
        match &self.kind {
            Kind::List(of, all) => Kind::List(of.clone(), each(all)).into(),
            Kind::Set(of, all) => Kind::Set(of.clone(), each(all)).into(),
            Kind::Tuple(all) => Kind::Tuple(each(all)).into(),
            Kind::Map(of, all) => Kind::Map(of.clone(), every(all)).into(),
            Kind::Object(all) => Kind::Object(every(all)).into(),
            _ => self.unmarked(),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }
    /// Known, and so is all that it holds.
    pub fn wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Unknown(_) => false,
            _ => self.children().all(|it| it.wholly_known()),
        }
    }
    /// Marks of the value and of all that it holds.
    pub fn deep_marks(&self) -> Marks {
        self.children().fold(self.marks, |marks, it| marks | it.deep_marks())
    }
    /// What a collection or structure holds, in its order.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Value> + '_> {
        match &self.kind {
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => Box::new(it.iter()),
            Kind::Map(_, it) | Kind::Object(it) => Box::new(it.values()),
            _ => Box::new(std::iter::empty()),
        }
    }
    /// The attribute or key of an object or map.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match &self.kind {
            Kind::Object(it) | Kind::Map(_, it) => it.get(name),
            _ => None,
        }
    }
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(it) => Some(it),
            _ => None,
        }
    }
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(it) => Some(*it),
            _ => None,
        }
    }
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(it) => Some(it),
            _ => None,
        }
    }
    pub fn as_items(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => Some(it),
            _ => None,
        }
    }
    pub fn as_fields(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Object(it) | Kind::Map(_, it) => Some(it),
            _ => None,
        }
    }

    pub fn ty(&self) -> Type {
        match &self.kind {
            Kind::Unknown(it) => it.ty.clone(),
            Kind::Null(ty) => ty.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(of, _) => Type::list(of.clone()),
            Kind::Set(of, _) => Type::set(of.clone()),
            Kind::Map(of, _) => Type::map(of.clone()),
            Kind::Tuple(all) => Type::Tuple(Arc::new(all.iter().map(Value::ty).collect())),
            Kind::Object(all) => {
                let field = |it: &Value| ObjectField { ty: it.ty(), optional: false, default: None };
                Type::Object(Arc::new(all.iter().map(|(k, v)| (k.clone(), field(v))).collect()))
            }
        }
    }
}
