//! `[for …]` and `{for …}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use hcl_edit::expr::{Expression as E, ForExpr};

use super::{Outcome, Scope};
use crate::diag::Diagnostics;
use crate::lang::limits;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Map, Marks, Value};

/// What a `for` has gathered so far.
#[derive(Default)]
struct Gathered {
    items: Vec<Value>,
    fields: Map,
    groups: BTreeMap<Arc<str>, Vec<Value>>,
    marks: Marks,
    unknown: bool,
}

/// What the condition is called.
const IF: &str = "`if` of this `for`";

impl Gathered {
    fn value(self, it: &ForExpr) -> Value {
        let value = if self.unknown {
            Value::unknown_not_null(Type::Any)
        } else if it.key_expr.is_none() {
            Value::tuple(self.items)
        } else if it.grouping {
            Value::object(self.groups.into_iter().map(|(key, all)| (key, Value::tuple(all))))
        } else {
            Value::object(self.fields)
        };
        value.marked(self.marks)
    }
}

impl Scope<'_> {
    pub(super) fn for_expr(&self, it: &ForExpr) -> Outcome {
        let collection = self.expr(&it.intro.collection_expr)?;
        let pairs = self.pairs(&collection, &it.intro.collection_expr)?;
        let mut out = Gathered { marks: collection.marks, ..Gathered::default() };
        let mut errors = Diagnostics::default();
        let names = [it.intro.key_var.as_ref(), Some(&it.intro.value_var)];
        let names = names.map(|it| it.map(|it| it.as_str()));
        let Some(pairs) = pairs.filter(|it| !it.is_empty()) else {
            out.unknown = collection.is_unknown();
            let any = || Value::unknown(Type::Any);
            self.bind(names, [any(), any()], |scope| scope.no_round(it, &mut out))?;
            return Ok(out.value(it));
        };
        for (key, value) in pairs {
            let round = self.bind(names, [key, value], |scope| scope.round(it, &mut out));
            if errors.take(round).is_none() && errors.0.len() >= 5 {
                // More of the same would teach nothing.
                break;
            }
        }
        errors.check(())?;
        Ok(out.value(it))
    }

    /// Without an item to try it on, a condition that can never be one is wrong still.
    fn no_round(&self, it: &ForExpr, out: &mut Gathered) -> Result<(), Diagnostics> {
        let Some(cond) = &it.cond else { return Ok(()) };
        let value = self.expr(&cond.expr)?;
        if out.unknown {
            out.marks = out.marks | value.marks;
        }
        self.condition(&value, &cond.expr, IF).map(drop)
    }

    /// One item of the collection.
    fn round(&self, it: &ForExpr, out: &mut Gathered) -> Result<(), Diagnostics> {
        limits::round().map_err(|why| self.too_much(&it.intro, why))?;
        if let Some(cond) = &it.cond {
            let value = self.expr(&cond.expr)?;
            out.marks = out.marks | value.marks;
            match self.condition(&value, &cond.expr, IF)? {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => {
                    out.unknown = true;
                    return Ok(());
                }
            }
        }
        let Some(key_expr) = &it.key_expr else {
            out.items.push(self.expr(&it.value_expr)?);
            return Ok(());
        };
        let key = self.expr(key_expr)?;
        out.marks = out.marks | key.marks;
        let name = self.key_text(&key, key_expr)?;
        let value = self.expr(&it.value_expr)?;
        match name {
            None => out.unknown = true,
            Some(name) if it.grouping => out.groups.entry(name).or_default().push(value),
            Some(name) if out.fields.contains_key(&name) => return Err(self.twice(key_expr, &name, &key)),
            Some(name) => drop(out.fields.insert(name, value)),
        }
        Ok(())
    }

    fn twice(&self, expr: &E, name: &str, key: &Value) -> Diagnostics {
        let name = if key.marks.sensitive { String::new() } else { format!(" {name:?}") };
        let error = self.at(expr).error(format!("two items of this `for` have the same key{name}"));
        error.help("write `...` after the value to gather all the values of a key in a list").into()
    }

    /// Keys and values of a collection; `None` while it is unknown.
    pub(super) fn pairs(&self, it: &Value, expr: &E) -> Result<Option<Vec<(Value, Value)>>, Diagnostics> {
        let refuse = |summary: String, help: &str| Err(self.at(expr).error(summary).help(help).into());
        match &it.kind {
            Kind::Unknown(unknown) if !unknown.ty.is_primitive() => Ok(None),
            Kind::Null(_) => refuse("`for` cannot go through null".to_owned(), "use coalesce(…, [])"),
            Kind::List(_, all) | Kind::Tuple(all) => {
                let key = |it: usize| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
                Ok(Some(all.iter().enumerate().map(|(at, it)| (key(at), it.clone())).collect()))
            }
            Kind::Set(_, all) => Ok(Some(all.iter().map(|it| (it.clone(), it.clone())).collect())),
            Kind::Map(_, all) | Kind::Object(all) => {
                Ok(Some(all.iter().map(|(key, it)| (Value::from(&**key), it.clone())).collect()))
            }
            _ => {
                let summary = format!("`for` needs a list, set, map or object, not {}", it.ty().a());
                refuse(summary, "to go through a single value, put it in brackets: [value]")
            }
        }
    }
}
