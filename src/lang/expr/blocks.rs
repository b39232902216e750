//! Nested blocks of one type, some of them made by `dynamic`.

use std::sync::Arc;

use super::{Expr, Ref};
use crate::diag::Place;

/// One block, or as many as a `dynamic` makes.
#[derive(Debug, Clone)]
pub enum Part {
    /// A block as written: an object.
    Static(Expr),
    Dynamic(Box<Dynamic>),
}

/// `dynamic "ingress" { … }`: a block for each element of a collection.
#[derive(Debug, Clone)]
pub struct Dynamic {
    pub for_each: Expr,
    /// The name of the element in `content`, which has `key` and `value`.
    pub iterator: Arc<str>,
    /// The block: an object that may name the iterator.
    pub content: Expr,
    pub place: Place,
}

impl Part {
    pub fn place(&self) -> &Place {
        match self {
            Part::Static(it) => &it.place,
            Part::Dynamic(it) => &it.place,
        }
    }

    /// The block, if it is written as one.
    pub fn into_static(self) -> Option<Expr> {
        match self {
            Part::Static(it) => Some(it),
            Part::Dynamic(_) => None,
        }
    }

    /// The references in it; the iterator is none.
    pub(super) fn refs(&self) -> Vec<Ref> {
        match self {
            Part::Static(it) => it.refs(),
            Part::Dynamic(it) => {
                let inside = it.content.refs().into_iter();
                let free =
                    inside.filter(|found| found.path.first().is_none_or(|name| **name != *it.iterator));
                it.for_each.refs().into_iter().chain(free).collect()
            }
        }
    }
}

/// Where the block with this number is written, as far as that is known without evaluating.
pub(super) fn nth(parts: &[Part], at: usize) -> Option<&Expr> {
    match parts.get(at) {
        Some(Part::Static(it)) if parts[..at].iter().all(|it| matches!(it, Part::Static(_))) => Some(it),
        _ => match parts {
            [Part::Dynamic(only)] => Some(&only.content),
            _ => None,
        },
    }
}
