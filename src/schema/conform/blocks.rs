//! From a body to an object of a block's type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::spot::Spot;
use super::{checks, collect, none_of};
use crate::config::Body;
use crate::diag::{Diagnostic, Diagnostics, Place, did_you_mean};
use crate::lang::{Env, Expr, Kind, Node, Type, Value};
use crate::schema::{Attribute, Block, NestedBlock, Nesting};

pub(super) struct Conform<'a> {
    subject: &'a str,
    env: &'a dyn Env,
    errors: Diagnostics,
}

/// A setting or a field of an object, on its way to an attribute or a nested block.
struct Field<'a> {
    name: Arc<str>,
    key: Place,
    value: Value,
    spot: Spot<'a>,
}

impl<'a> Conform<'a> {
    pub fn new(subject: &'a str, env: &'a dyn Env) -> Self {
        Conform { subject, env, errors: Diagnostics::default() }
    }

    pub fn whole(mut self, body: &Body, block: &Block, header: Option<&Place>) -> Result<Value, Diagnostics> {
        let mut fields = Vec::new();
        for it in &body.0 {
            let value = self.evaluate(&it.value);
            let spot = Spot::of(&it.name, &it.value);
            fields.push(Field { name: it.name.clone(), key: it.place.clone(), value, spot });
        }
        let value = self.object(fields, block, self.subject, header.cloned());
        self.errors.check(value)
    }

    /// The value of an expression; a part of it that is in error is unknown, so that the rest can be
    /// checked all the same.
    fn evaluate(&mut self, expr: &Expr) -> Value {
        match &expr.node {
            Node::Array(all) => Value::tuple(all.iter().map(|it| self.evaluate(it)).collect()),
            Node::Object(all) => Value::object(all.iter().map(|it| (it.0.clone(), self.evaluate(&it.2)))),
            _ => match expr.eval(self.env) {
                Ok(value) => value,
                Err(found) => {
                    let about = |it: Diagnostic| Diagnostic { address: Some(self.subject.to_owned()), ..it };
                    self.errors.extend(found.into_iter().map(about));
                    Value::unknown(Type::Any)
                }
            },
        }
    }

    fn fail(&mut self, error: Diagnostic) {
        self.errors.push(error.about(self.subject));
    }

    fn object(&mut self, fields: Vec<Field>, block: &Block, what: &str, header: Option<Place>) -> Value {
        let mut out = BTreeMap::new();
        for it in fields {
            let value = if let Some(attribute) = block.attributes.get(&*it.name) {
                self.attribute(&it, attribute)
            } else if let Some(nested) = block.blocks.get(&*it.name) {
                self.nested(it.value, nested, &it.spot)
            } else {
                self.unknown_name(&it, block);
                continue;
            };
            out.insert(it.name, value);
        }
        self.missing(&out, block, what, header);
        for (name, it) in &block.attributes {
            out.entry(block.name(name)).or_insert_with(|| Value::null(it.ty.clone()));
        }
        for (name, it) in &block.blocks {
            out.entry(block.name(name)).or_insert_with(|| none_of(it));
        }
        Value::object(out)
    }

    /// One error for all that a block lacks.
    fn missing(
        &mut self,
        found: &BTreeMap<Arc<str>, Value>,
        block: &Block,
        what: &str,
        header: Option<Place>,
    ) {
        let attributes = block.attributes.iter().filter(|it| it.1.required).map(|it| it.0);
        let blocks = block.blocks.iter().filter(|it| it.1.min > 0).map(|it| it.0);
        let names = attributes.chain(blocks).filter(|it| !found.contains_key(it.as_str()));
        let names: Vec<_> = names.map(|it| format!("`{it}`")).collect();
        let Some((last, rest)) = names.split_last() else { return };
        let all = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
        let mut error = Diagnostic::error(format!("`{what}` lacks {all}"));
        error.label = Some(if rest.is_empty() { "it is required" } else { "they are required" }.to_owned());
        error.place = header;
        self.fail(error);
    }

    fn unknown_name(&mut self, it: &Field, block: &Block) {
        // A comment of Terraform's JSON.
        if &*it.name == "//" {
            return;
        }
        let error = Diagnostic::error(format!("there is no attribute `{}`", it.spot)).at(&it.key);
        if &*it.name == "dynamic" {
            let help = "give the block an expression: ingress = '${[for p in var.ports : { … }]}'";
            return self.fail(error.help(help));
        }
        let names = block.names().filter(|it| block.attributes.get(*it).is_none_or(|it| !set_by_aws(it)));
        self.fail(error.maybe_help(did_you_mean(&it.name, names)));
    }

    fn attribute(&mut self, it: &Field, attribute: &Attribute) -> Value {
        let ty = &attribute.ty;
        if set_by_aws(attribute) {
            if !it.value.is_null() {
                let by = if self.subject.contains("aws_") { "AWS" } else { "the provider" };
                let error = Diagnostic::error(format!("`{}` is set by {by}", it.spot)).at(&it.key);
                self.fail(error.help("remove it"));
            }
            return Value::null(ty.clone());
        }
        let value = match &attribute.of {
            Some(of) => self.objects(it.value.clone(), ty, of, &it.spot),
            None => it.value.clone(),
        };
        let value = match value.convert(ty) {
            Ok(value) => value,
            Err(error) => {
                let spot = it.spot.inside(&error.path);
                let summary = format!("`{spot}` is not {}: {}", article(ty, &error.path), error.message);
                self.fail(Diagnostic::error(summary).at(&spot.place()));
                return Value::unknown(ty.clone());
            }
        };
        if value.is_null() && attribute.required {
            let error = Diagnostic::error(format!("`{}` is required, and null here", it.spot));
            self.fail(error.at(&it.spot.place()));
        }
        for error in checks::check(&value, attribute, &it.spot) {
            self.fail(error);
        }
        if attribute.sensitive { value.sensitive() } else { value }
    }

    /// The value of an attribute of objects: what an object does not mention is null, as in a block.
    fn objects(&mut self, value: Value, ty: &Type, of: &Block, spot: &Spot) -> Value {
        let marks = value.marks;
        let out = match (&value.kind, ty) {
            (Kind::Object(_) | Kind::Map(..), Type::List(_) | Type::Set(_)) => {
                Value::tuple(vec![self.one(&value, of, spot)])
            }
            (Kind::Object(_) | Kind::Map(..), Type::Object(_)) => self.one(&value, of, spot),
            (Kind::Object(all) | Kind::Map(_, all), Type::Map(_)) => {
                let each =
                    |(name, it): (&Arc<str>, &Value)| (name.clone(), self.one(it, of, &spot.child(name)));
                Value::object(all.iter().map(each).collect::<Vec<_>>())
            }
            (Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all), Type::List(_) | Type::Set(_)) => {
                let each = |(index, it): (usize, &Value)| self.one(it, of, &spot.child(index));
                Value::tuple(all.iter().enumerate().map(each).collect())
            }
            _ => return value,
        };
        out.marked(marks)
    }

    /// One object of a block's type; what is no object is left to the conversion to complain about.
    fn one(&mut self, value: &Value, block: &Block, spot: &Spot) -> Value {
        let Some(all) = value.as_fields() else { return value.clone() };
        let field = |(name, it): (&Arc<str>, &Value)| {
            let spot = spot.child(name);
            // Marks of the whole stay with its parts.
            Field { name: name.clone(), key: spot.key(), value: it.clone().marked(value.marks), spot }
        };
        let fields = all.iter().map(field).collect();
        self.object(fields, block, &spot.to_string(), Some(spot.place()))
    }

    fn nested(&mut self, value: Value, nested: &NestedBlock, spot: &Spot) -> Value {
        let marks = value.marks;
        let items = match &value.kind {
            Kind::Unknown(it) if it.ty.is_primitive() => return self.no_block(nested, spot),
            Kind::Unknown(_) => return Value::unknown(nested.ty()).marked(marks),
            Kind::Null(_) => Vec::new(),
            Kind::Object(_) | Kind::Map(..) => vec![self.item(&value, nested, spot)],
            Kind::List(_, all) | Kind::Set(_, all) | Kind::Tuple(all) => {
                let each = |(index, it): (usize, &Value)| self.item(it, nested, &spot.child(index));
                all.iter().enumerate().map(each).collect()
            }
            _ => return self.no_block(nested, spot),
        };
        self.count(items.len(), nested, spot);
        collect(nested, items).marked(marks)
    }

    fn item(&mut self, value: &Value, nested: &NestedBlock, spot: &Spot) -> Value {
        match &value.kind {
            Kind::Unknown(it) if !it.ty.is_primitive() => {
                Value::unknown(nested.block.ty()).marked(value.marks)
            }
            Kind::Object(_) | Kind::Map(..) => self.one(value, &nested.block, spot),
            _ => self.no_block(nested, spot),
        }
    }

    fn no_block(&mut self, nested: &NestedBlock, spot: &Spot) -> Value {
        let one = most(nested) == Some(1);
        let toml = spot.place().file.path.extension().is_some_and(|it| it == "toml");
        let wanted = match (toml, one) {
            (true, true) => "a table",
            (true, false) => "a table, or an array of tables",
            (false, true) => "a block, or an object",
            (false, false) => "blocks, or a list of objects",
        };
        let error = Diagnostic::error(format!("`{spot}` must be {wanted}")).at(&spot.place());
        self.fail(error);
        Value::unknown(nested.block.ty())
    }

    fn count(&mut self, found: usize, nested: &NestedBlock, spot: &Spot) {
        let found = found as u64;
        if let Some(most) = most(nested).filter(|it| found > *it) {
            let place = spot.child(most).place();
            self.fail(Diagnostic::error(format!("`{spot}` stands {found} times, {most} at most")).at(&place));
        }
        if found < nested.min {
            let least = nested.min;
            let error = format!("`{spot}` stands {found} times, {least} at least");
            self.fail(Diagnostic::error(error).at(&spot.place()));
        }
    }
}

fn most(nested: &NestedBlock) -> Option<u64> {
    if nested.nesting == Nesting::Single { Some(1) } else { nested.max }
}

fn set_by_aws(it: &Attribute) -> bool {
    it.computed && !it.optional && !it.required
}

/// What the part of a value at this path should have been.
fn article(ty: &Type, path: &[String]) -> String {
    let inner = path.iter().try_fold(ty, |ty, step| match ty {
        Type::List(of) | Type::Set(of) | Type::Map(of) => Some(&**of),
        Type::Object(fields) => fields.get(step.as_str()).map(|it| &it.ty),
        Type::Tuple(all) => all.get(step.parse::<usize>().ok()?),
        _ => None,
    });
    inner.unwrap_or(ty).a()
}
