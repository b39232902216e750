//! Type constraints as text: `object({ a = string, b = optional(number, 1) })`.

use std::collections::BTreeMap;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey};

use super::{ObjectField, Type};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::eval;
use crate::lang::expr::{Env, Found, Offsets, parse_expression};

const NAMES: [&str; 9] = ["string", "number", "bool", "any", "list", "set", "map", "object", "tuple"];

/// Reads a type constraint from its text.
pub fn parse_type(text: &str, offsets: &Offsets) -> Result<Type, Diagnostics> {
    let (expr, offsets) = parse_expression(text, offsets)?;
    parse(&expr, &offsets)
}

/// Reads a type constraint from an expression.
pub fn parse(expr: &Expression, offsets: &Offsets) -> Result<Type, Diagnostics> {
    match expr {
        Expression::Parenthesis(inner) => parse(inner.inner(), offsets),
        Expression::Variable(name) => keyword(name.as_str(), expr, offsets),
        Expression::FuncCall(call) => constructor(call, expr, offsets),
        _ => Err(wrong(expr, offsets, "this is not a type").into()),
    }
}

fn wrong(expr: &Expression, offsets: &Offsets, summary: impl Into<String>) -> Diagnostic {
    Diagnostic::error(summary)
        .at(&offsets.place(expr.span().unwrap_or_default()))
        .help("types are string, number, bool, any, list(…), set(…), map(…), object({ … }) and tuple([…])")
}

fn keyword(name: &str, expr: &Expression, offsets: &Offsets) -> Result<Type, Diagnostics> {
    Ok(match name {
        "string" => Type::String,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "any" => Type::Any,
        // As old Terraform had them.
        "list" => Type::list(Type::Any),
        "map" => Type::map(Type::Any),
        "set" | "object" | "tuple" => {
            let example = match name {
                "set" => "set(string)",
                "object" => "object({ name = string })",
                _ => "tuple([string, number])",
            };
            let summary = format!("the type `{name}` needs to say what it holds");
            return Err(wrong(expr, offsets, summary).help(format!("for instance {example}")).into());
        }
        _ => {
            let summary = format!("there is no type `{name}`");
            return Err(wrong(expr, offsets, summary).maybe_help(did_you_mean(name, NAMES)).into());
        }
    })
}

fn constructor(call: &FuncCall, expr: &Expression, offsets: &Offsets) -> Result<Type, Diagnostics> {
    let name = call.name.name.as_str();
    if !matches!(name, "list" | "set" | "map" | "object" | "tuple") {
        let summary = match name {
            "optional" => "`optional(…)` may stand for an attribute of an object type only".to_owned(),
            _ => format!("there is no type `{name}(…)`"),
        };
        return Err(wrong(expr, offsets, summary).maybe_help(did_you_mean(name, NAMES)).into());
    }
    let Some(of) = call.args.get(0).filter(|_| call.args.len() == 1) else {
        let summary = format!("the type `{name}(…)` takes one argument, not {}", call.args.len());
        return Err(wrong(expr, offsets, summary).into());
    };
    match name {
        "list" => Ok(Type::list(parse(of, offsets)?)),
        "set" => Ok(Type::set(parse(of, offsets)?)),
        "map" => Ok(Type::map(parse(of, offsets)?)),
        "object" => object(of, offsets),
        _ => tuple(of, offsets),
    }
}

fn tuple(of: &Expression, offsets: &Offsets) -> Result<Type, Diagnostics> {
    let Expression::Array(all) = of else {
        let help = "for instance tuple([string, number])";
        return Err(wrong(of, offsets, "`tuple` takes a list of types").help(help).into());
    };
    let mut errors = Diagnostics::default();
    let types: Vec<Type> = all.iter().filter_map(|it| errors.take(parse(it, offsets))).collect();
    errors.check(Type::Tuple(Arc::new(types)))
}

fn object(of: &Expression, offsets: &Offsets) -> Result<Type, Diagnostics> {
    let Expression::Object(all) = of else {
        let help = "for instance object({ name = string })";
        return Err(wrong(of, offsets, "`object` takes the attributes in braces").help(help).into());
    };
    let mut errors = Diagnostics::default();
    let mut fields = BTreeMap::new();
    for (key, value) in all.iter() {
        let name: Arc<str> = match key {
            ObjectKey::Ident(name) => name.as_str().into(),
            ObjectKey::Expression(Expression::String(name)) => name.as_str().into(),
            ObjectKey::Expression(other) => {
                errors.push(wrong(other, offsets, "an attribute of an object type needs a plain name"));
                continue;
            }
        };
        if let Some(field) = errors.take(field(value.expr(), offsets)) {
            fields.insert(name, field);
        }
    }
    errors.check(Type::Object(Arc::new(fields)))
}

fn field(expr: &Expression, offsets: &Offsets) -> Result<ObjectField, Diagnostics> {
    let call = match expr {
        Expression::FuncCall(call) if call.name.name.as_str() == "optional" => call,
        _ => return Ok(ObjectField { ty: parse(expr, offsets)?, optional: false, default: None }),
    };
    let Some(of) = call.args.get(0).filter(|_| call.args.len() <= 2) else {
        let summary = format!("`optional(…)` takes a type and perhaps a default, not {}", call.args.len());
        return Err(wrong(expr, offsets, summary).into());
    };
    let ty = parse(of, offsets)?;
    let default = call.args.get(1).map(|it| default(it, &ty, offsets)).transpose()?;
    Ok(ObjectField { ty, optional: true, default })
}

fn default(expr: &Expression, ty: &Type, offsets: &Offsets) -> Result<crate::lang::Value, Diagnostics> {
    let value = eval::expression(expr, offsets, &Nothing)?;
    value.convert(ty).map_err(|why| {
        let summary = format!("this default is not {}: {why}", ty.a());
        Diagnostic::error(summary).at(&offsets.place(expr.span().unwrap_or_default())).into()
    })
}

/// A default can refer to nothing.
struct Nothing;
impl Env for Nothing {
    fn resolve(&self, path: &[&str]) -> Found {
        let name = path.join(".");
        let summary = format!("the default of an attribute cannot refer to `{name}`");
        Found::Missing(Box::new(Diagnostic::error(summary).help("write a constant")))
    }
}
