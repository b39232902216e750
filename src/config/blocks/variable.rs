//! `[variable.NAME]`.

use super::rule;
use crate::config::load::Loader;
use crate::config::offsets;
use crate::config::scope::{self, Scope};
use crate::config::table::{Entry, Table, wrong};
use crate::config::{Rule, Variable};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::{Expr, Node, Ref, Type, Value, types};

const KNOWN: &[&str] =
    &["default", "description", "ephemeral", "nullable", "sensitive", "type", "validation"];
/// Terraform keeps these for the settings of a module call.
const TAKEN: &[&str] =
    &["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

pub(super) fn read(it: Entry, loader: &mut Loader) {
    let place = it.header();
    let what = format!("variable.{}", it.name);
    if let Some(first) = loader.config.variables.get(&*it.name).map(|it| it.place.clone()) {
        return loader.twice(what, &first, &place);
    }
    let errors = &mut loader.errors;
    if TAKEN.contains(&&*it.name) {
        let error = Diagnostic::error(format!("a variable cannot be named `{}`", it.name)).at(&it.place);
        errors.0.push(error.detail("The name means something else where a module is called."));
    }
    let Some(mut table) = Table::of(it.value, &*what, errors) else { return };
    let ty = declared_type(&mut table, errors);
    let nullable = table.flag("nullable", errors).unwrap_or(true);
    let default = table.take("default").map(|it| it.value);
    let default = default.and_then(|it| default_value(&it, &ty, nullable, &what, errors));
    let variable = Variable {
        name: it.name.to_string(),
        literal: ty.as_ref().is_none_or(is_primitive),
        ty: ty.unwrap_or(Type::Any),
        default,
        nullable,
        sensitive: table.flag("sensitive", errors).unwrap_or_default(),
        ephemeral: table.flag("ephemeral", errors).unwrap_or_default(),
        description: table.text("description", errors).map(|it| it.0.to_string()),
        validations: rule::read(table.take("validation"), &what, errors),
        place,
    };
    variable.validations.iter().for_each(|it| about_it(it, &variable.name, errors));
    table.finish(KNOWN, errors);
    loader.config.variables.insert(variable.name.clone(), variable);
}

/// A rule that does not look at the variable checks nothing of it.
fn about_it(rule: &Rule, name: &str, errors: &mut Diagnostics) {
    let own = |it: &Ref| it.path.len() > 1 && it.path[0] == "var" && it.path[1] == name;
    let refs = rule.condition.refs();
    // One that looks at nothing at all is an error of its own.
    if !refs.is_empty() && !refs.iter().any(own) {
        let error =
            Diagnostic::error(format!("this rule of `variable.{name}` does not look at `var.{name}`"));
        let help = "a rule about something else stands in a `precondition` or a `check`";
        errors.0.push(error.at(&rule.condition.place).help(help));
    }
}

fn is_primitive(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Number | Type::Bool)
}

fn declared_type(table: &mut Table, errors: &mut Diagnostics) -> Option<Type> {
    let it = table.take("type")?;
    let found = match &it.value.node {
        Node::Hcl(expr, offsets) => types::parse(expr, offsets),
        Node::Constant(value) if value.as_str().is_some() => {
            let text = value.as_str().unwrap_or_default();
            let place = &it.value.place;
            let offsets = offsets::of_string(&place.file, place.span.clone(), text);
            types::parse_type(text, &offsets)
        }
        _ => Err(wrong(&it, &table.what, "a type, such as \"list(string)\"").into()),
    };
    // A type in error is `any` from here on: one error is enough.
    Some(errors.take(found).unwrap_or(Type::Any))
}

fn default_value(
    expr: &Expr,
    ty: &Option<Type>,
    nullable: bool,
    what: &str,
    errors: &mut Diagnostics,
) -> Option<Value> {
    let value = errors.take(expr.eval(&Scope::nothing("the default of a variable")))?;
    if !value.wholly_known() {
        errors.0.push(Diagnostic::error(format!("the default of `{what}` is not known")).at(&expr.place));
        return None;
    }
    if value.is_null() && !nullable {
        let error = Diagnostic::error(format!("the default of `{what}` is null, which `nullable` forbids"));
        errors.0.push(error.at(&expr.place));
        return None;
    }
    let ty = ty.clone().unwrap_or(Type::Any);
    let converted = scope::convert(&value, &ty, expr, &format!("the default of `{what}`"));
    errors.take(converted)
}
