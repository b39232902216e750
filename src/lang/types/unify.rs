//! Which type a value takes when converted, and the type that several have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ObjectField, Type};
use crate::lang::convert::ConvertError;

type Fields = BTreeMap<Arc<str>, ObjectField>;

/// Which conversions count: those that always succeed, or also those that depend on the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convertible {
    Always,
    Perhaps,
}

/// The type that a value of type `from` has once converted to the constraint `to`.
pub fn settle(from: &Type, to: &Type, how: Convertible) -> Result<Type, ConvertError> {
    let of = |a: &Type, b: &Type| settle(a, b, how);
    let perhaps = how == Convertible::Perhaps;
    match (from, to) {
        (_, Type::Any) => Ok(from.required()),
        (Type::Any, _) if perhaps => Ok(to.required()),
        (Type::Bool, Type::Bool)
        | (Type::Number, Type::Number)
        | (Type::String | Type::Number | Type::Bool, Type::String) => Ok(to.clone()),
        (Type::String, Type::Number | Type::Bool) if perhaps => Ok(to.clone()),
        (Type::List(a) | Type::Set(a), Type::List(b)) => Ok(Type::list(of(a, b)?)),
        (Type::Set(a), Type::Set(b)) => Ok(Type::set(of(a, b)?)),
        (Type::List(a), Type::Set(b)) if perhaps => Ok(Type::set(of(a, b)?)),
        (Type::Map(a), Type::Map(b)) => Ok(Type::map(of(a, b)?)),
        (Type::Tuple(all), Type::List(b)) => Ok(Type::list(element(all, b, "list", how)?)),
        (Type::Tuple(all), Type::Set(b)) => Ok(Type::set(element(all, b, "set", how)?)),
        (Type::Object(fields), Type::Map(b)) => Ok(Type::map(field_element(fields, b, how)?)),
        (Type::Map(a), Type::Object(fields)) if perhaps => from_map(a, fields, how),
        (Type::Object(have), Type::Object(want)) => object(have, want, how),
        (Type::Tuple(have), Type::Tuple(want)) => tuple(have, want, how),
        _ => Err(ConvertError::required(from, to)),
    }
}

fn element(all: &[Type], to: &Type, what: &str, how: Convertible) -> Result<Type, ConvertError> {
    let one = |(index, it): (usize, &Type)| settle(it, to, how).map_err(|e| e.inside(index.to_string()));
    let all = all.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
    common(to, &all, what)
}

fn field_element(fields: &Fields, to: &Type, how: Convertible) -> Result<Type, ConvertError> {
    let one = |(name, it): (&Arc<str>, &ObjectField)| {
        settle(&it.ty, to, how).map_err(|e| e.inside(name.to_string()))
    };
    let all = fields.iter().map(one).collect::<Result<Vec<_>, _>>()?;
    common(to, &all, "map")
}

/// The one type of a collection's elements, converted to `to` each.
pub(in crate::lang) fn common(to: &Type, all: &[Type], what: &str) -> Result<Type, ConvertError> {
    if !to.has_any() || all.is_empty() {
        return Ok(to.required());
    }
    one_type(all).ok_or_else(|| ConvertError::new(format!("all {what} elements must have the same type")))
}

/// The type that elements of one collection take; it is open only where theirs all are.
pub(in crate::lang) fn one_type(all: &[Type]) -> Option<Type> {
    unify(all).filter(|it| *it != Type::Any || all.iter().all(|it| *it == Type::Any))
}

fn from_map(of: &Type, fields: &Fields, how: Convertible) -> Result<Type, ConvertError> {
    let one = |(name, it): (&Arc<str>, &ObjectField)| match settle(of, &it.ty, how) {
        Ok(ty) => Ok((name.clone(), ty)),
        Err(error) => Err(error.inside(name.to_string())),
    };
    Ok(Type::object(fields.iter().map(one).collect::<Result<Vec<_>, _>>()?))
}

fn object(have: &Fields, want: &Fields, how: Convertible) -> Result<Type, ConvertError> {
    let missing: Vec<&str> =
        want.iter().filter(|it| !it.1.optional && !have.contains_key(it.0)).map(|it| &**it.0).collect();
    if !missing.is_empty() {
        return Err(ConvertError::missing(&missing));
    }
    let one = |(name, it): (&Arc<str>, &ObjectField)| match have.get(name) {
        None => Ok((name.clone(), it.ty.required())),
        Some(own) => {
            let ty = settle(&own.ty, &it.ty, how).map_err(|e| e.inside(name.to_string()))?;
            Ok((name.clone(), ty))
        }
    };
    Ok(Type::object(want.iter().map(one).collect::<Result<Vec<_>, _>>()?))
}

fn tuple(have: &[Type], want: &[Type], how: Convertible) -> Result<Type, ConvertError> {
    if have.len() != want.len() {
        return Err(ConvertError::new(format!("a tuple of {} elements is required", want.len())));
    }
    let one = |(index, (a, b)): (usize, (&Type, &Type))| {
        settle(a, b, how).map_err(|it| it.inside(index.to_string()))
    };
    let all = have.iter().zip(want).enumerate().map(one).collect::<Result<Vec<_>, _>>()?;
    Ok(Type::Tuple(Arc::new(all)))
}

/// The type that values of all these types convert to; `None` where there is none.
///
/// Where the type of one is not known yet, so is what all of them become, unless the others are
/// primitive.
pub fn unify(types: &[Type]) -> Option<Type> {
    let (first, rest) = types.split_first()?;
    if rest.iter().all(|it| it == first) {
        return Some(first.clone());
    }
    let count = |of: fn(&Type) -> bool| types.iter().filter(|it| of(it)).count();
    let open = count(|it| *it == Type::Any);
    let maps = count(|it| matches!(it, Type::Map(_)));
    let objects = count(|it| matches!(it, Type::Object(_)));
    let lists = count(|it| matches!(it, Type::List(_)));
    let sets = count(|it| matches!(it, Type::Set(_)));
    let tuples = count(|it| matches!(it, Type::Tuple(_)));
    let all = |some: usize| some > 0 && some + open == types.len();
    if [maps, lists, sets, objects, tuples].into_iter().any(all) && open > 0 {
        return Some(Type::Any);
    }
    if all(maps) {
        return unify(&members(types)).map(Type::map);
    } else if all(lists) {
        return unify(&members(types)).map(Type::list);
    } else if all(sets) {
        return unify(&members(types)).map(Type::set);
    } else if all(objects) {
        return unify_objects(types);
    } else if all(tuples) {
        return unify_tuples(types);
    } else if maps > 0 && all(maps + objects) {
        if let Some(found @ Type::Map(_)) = unify_as(types, |it| matches!(it, Type::Object(_)), Type::map) {
            return Some(found);
        }
    } else if lists > 0 && all(lists + tuples) {
        if let Some(found @ Type::List(_)) = unify_as(types, |it| matches!(it, Type::Tuple(_)), Type::list) {
            return Some(found);
        }
    } else if objects > 0 && tuples > 0 {
        return None;
    }
    preferred(types)
}

/// Takes the structures among the types for the collection they all could be.
fn unify_as(types: &[Type], structure: fn(&Type) -> bool, collection: fn(Type) -> Type) -> Option<Type> {
    let structures: Vec<Type> = types.iter().filter(|it| structure(it)).cloned().collect();
    let members = members(&structures);
    if members.is_empty() {
        // Nothing in them says what they hold.
        return unify(&types.iter().filter(|it| !structure(it)).cloned().collect::<Vec<_>>());
    }
    let common = collection(unify(&members)?);
    let one = |it: &Type| if structure(it) { common.clone() } else { it.clone() };
    unify(&types.iter().map(one).collect::<Vec<_>>())
}

/// The element types of collections and structures.
fn members(types: &[Type]) -> Vec<Type> {
    let of = |it: &Type| match it {
        Type::Tuple(all) => all.to_vec(),
        Type::Object(fields) => fields.values().map(|it| it.ty.clone()).collect(),
        _ => it.element().cloned().into_iter().collect(),
    };
    types.iter().flat_map(of).collect()
}

/// The one among them that all the others convert to.
fn preferred(types: &[Type]) -> Option<Type> {
    let rank = |it: &Type| match it {
        Type::String | Type::List(_) => 0,
        Type::Number | Type::Set(_) => 1,
        Type::Any => 3,
        _ => 2,
    };
    let mut order: Vec<&Type> = types.iter().collect();
    order.sort_by_key(|it| rank(it));
    let fits = |want: &&Type| types.iter().all(|it| settle(it, want, Convertible::Perhaps).is_ok());
    order.into_iter().find(fits).cloned()
}

fn unify_objects(types: &[Type]) -> Option<Type> {
    let all: Vec<&Fields> = types
        .iter()
        .filter_map(|it| match it {
            Type::Object(fields) => Some(&**fields),
            _ => None,
        })
        .collect();
    let first = all.first()?;
    if !all.iter().all(|it| it.keys().eq(first.keys())) {
        return unify(&members(types)).map(Type::map);
    }
    let one = |name: &Arc<str>| {
        let types: Vec<Type> = all.iter().map(|it| it[name].ty.clone()).collect();
        Some((name.clone(), unify(&types)?))
    };
    Some(Type::object(first.keys().map(one).collect::<Option<Vec<_>>>()?))
}

fn unify_tuples(types: &[Type]) -> Option<Type> {
    let all: Vec<&[Type]> = types
        .iter()
        .filter_map(|it| match it {
            Type::Tuple(all) => Some(all.as_slice()),
            _ => None,
        })
        .collect();
    let length = all.first()?.len();
    if all.iter().any(|it| it.len() != length) {
        return unify(&members(types)).map(Type::list);
    }
    let one = |index: usize| unify(&all.iter().map(|it| it[index].clone()).collect::<Vec<_>>());
    Some(Type::Tuple(Arc::new((0..length).map(one).collect::<Option<Vec<_>>>()?)))
}
