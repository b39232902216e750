//! What is sure about a value that is not known yet: how its text starts, between which numbers it
//! lies, how many elements it has.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::{Kind, Unknown, Value, normal};
use crate::lang::number::Number;
use crate::lang::types::Type;

/// What an unknown value is sure to be where it is not null.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Range {
    /// Nothing is sure.
    #[default]
    Open,
    /// A text that starts so.
    Prefix(Arc<str>),
    /// A number between these.
    Numbers { least: Option<Box<Bound>>, most: Option<Box<Bound>> },
    /// A collection with so many elements.
    Length { least: usize, most: usize },
}

/// An end of a range of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub at: Number,
    /// The number itself is in the range.
    pub inclusive: bool,
}

impl Bound {
    pub fn inclusive(at: Number) -> Self {
        Bound { at, inclusive: true }
    }
}

/// A longer start of a text is not worth remembering.
const LONGEST_PREFIX: usize = 128;

impl Value {
    /// A text that is not null and starts so. What follows may combine with the last character: then
    /// that is not counted.
    pub fn unknown_text(prefix: &str) -> Value {
        let prefix = safe_prefix(prefix);
        let range = if prefix.is_empty() { Range::Open } else { Range::Prefix(normal(prefix)) };
        Kind::from(Unknown { ty: Type::String, not_null: true, range }).into()
    }

    /// A number that is not null and lies between both; known where they meet.
    pub fn unknown_number(least: Option<Bound>, most: Option<Bound>) -> Value {
        numbers(true, least, most)
    }

    /// A collection of type `ty`, not null, with so many elements; known as far as that says.
    pub fn unknown_collection(ty: Type, least: usize, most: usize) -> Value {
        collection(ty, true, least, most)
    }

    /// With null ruled out. The value is known where that leaves only one.
    pub fn refined_not_null(self) -> Value {
        let Kind::Unknown(it) = self.kind else { return self };
        let value = match it.range {
            Range::Numbers { least, most } => numbers(true, least.map(|it| *it), most.map(|it| *it)),
            Range::Length { least, most } => collection(it.ty, true, least, most),
            range => Kind::from(Unknown { ty: it.ty, not_null: true, range }).into(),
        };
        value.marked(self.marks)
    }

    /// How a text is sure to start; all of it where it is known.
    pub fn known_prefix(&self) -> &str {
        match &self.kind {
            Kind::String(it) => it,
            Kind::Unknown(unknown) => match &unknown.range {
                Range::Prefix(it) => it,
                _ => "",
            },
            _ => "",
        }
    }

    /// Between which numbers a number lies.
    pub fn number_bounds(&self) -> (Option<Bound>, Option<Bound>) {
        match &self.kind {
            Kind::Number(it) => (Some(Bound::inclusive(it.clone())), Some(Bound::inclusive(it.clone()))),
            Kind::Unknown(unknown) => match &unknown.range {
                Range::Numbers { least, most } => (least.as_deref().cloned(), most.as_deref().cloned()),
                _ => (None, None),
            },
            _ => (None, None),
        }
    }

    /// The fewest and the most elements of a collection.
    pub fn length_bounds(&self) -> (usize, usize) {
        match &self.kind {
            // What is unknown in a set may turn out equal to another of its elements.
            Kind::Set(_, all) if all.len() > 1 && !self.wholly_known() => (1, all.len()),
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => (all.len(), all.len()),
            Kind::Map(_, all) | Kind::Object(all) => (all.len(), all.len()),
            Kind::Unknown(it) => match (&it.ty, &it.range) {
                (Type::Tuple(all), _) => (all.len(), all.len()),
                (Type::Object(all), _) => (all.len(), all.len()),
                (_, Range::Length { least, most }) => (*least, *most),
                _ => (0, usize::MAX),
            },
            _ => (0, usize::MAX),
        }
    }
}

fn numbers(not_null: bool, least: Option<Bound>, most: Option<Bound>) -> Value {
    if let (true, Some(low), Some(high)) = (not_null, &least, &most)
        && low.inclusive
        && high.inclusive
        && low.at == high.at
    {
        return low.at.clone().into();
    }
    let range = match (&least, &most) {
        (None, None) => Range::Open,
        _ => Range::Numbers { least: least.map(Box::new), most: most.map(Box::new) },
    };
    Kind::from(Unknown { ty: Type::Number, not_null, range }).into()
}

/// A list this long and longer stays unknown as a whole, though its length is known.
const LONGEST_LIST: usize = 10_000;

fn collection(ty: Type, not_null: bool, least: usize, most: usize) -> Value {
    if not_null && least == most {
        let elements = |of: &Type| vec![Value::unknown(of.clone()); least];
        match &ty {
            Type::List(of) if least <= LONGEST_LIST => return Value::list((**of).clone(), elements(of)),
            Type::Set(of) if least <= 1 => return Value::set((**of).clone(), elements(of)),
            Type::Map(of) if least == 0 => return Value::map((**of).clone(), [] as [(&str, Value); 0]),
            _ => {}
        }
    }
    let open = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
    let range = match (least, most) {
        (0, usize::MAX) => Range::Open,
        _ if open => Range::Length { least, most },
        _ => Range::Open,
    };
    Kind::from(Unknown { ty, not_null, range }).into()
}

impl Unknown {
    /// Surely something else than this value, which is known and not null.
    pub(super) fn excludes(&self, known: &Value) -> bool {
        match (&self.range, &known.kind) {
            (Range::Prefix(prefix), Kind::String(text)) => !text.starts_with(&**prefix),
            (Range::Numbers { least, most }, Kind::Number(it)) => {
                let below = |end: &Bound| it < &end.at || !end.inclusive && *it == end.at;
                let above = |end: &Bound| it > &end.at || !end.inclusive && *it == end.at;
                least.as_deref().is_some_and(below) || most.as_deref().is_some_and(above)
            }
            (Range::Length { least, most }, Kind::List(..) | Kind::Set(..) | Kind::Map(..)) => {
                let (fewest, longest) = known.length_bounds();
                longest < *least || fewest > *most
            }
            _ => false,
        }
    }

    /// The same knowledge of a value converted to `ty`.
    pub(in crate::lang) fn converted(&self, ty: Type) -> Value {
        let (least, most) = Value::from(Kind::from(self.clone())).length_bounds();
        let sized = matches!(self.ty, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_))
            || matches!((&self.ty, &ty), (Type::Object(_), Type::Map(_)));
        match &ty {
            // Elements may turn out equal, but never vanish.
            Type::Set(_) if sized => {
                collection(ty, self.not_null, least.min(1), if most == 0 { 0 } else { most })
            }
            Type::List(_) | Type::Map(_) if sized => collection(ty, self.not_null, least, most),
            _ => {
                let range = if ty == self.ty { self.range.clone() } else { Range::Open };
                Kind::from(Unknown { ty, not_null: self.not_null, range }).into()
            }
        }
    }
}

/// The start of a text up to a character that nothing can combine with any more.
fn safe_prefix(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_PREFIX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let Some((last, cluster)) = text.grapheme_indices(true).next_back() else { return "" };
    const SEPARATORS: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
    if SEPARATORS.contains(cluster) { text } else { &text[..last] }
}
