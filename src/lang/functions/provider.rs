//! Functions that come with a provider: of Terraform's own, and of AWS.

use std::sync::Arc;

use hcl_edit::expr::FuncCall;
use hcl_edit::structure::{Body, Structure};
use hcl_edit::visit::Visit;

use super::{Answer, Call, Fail, Function, Returns, Ty, any, string};
use crate::diag::{Diagnostic, Diagnostics, SourceFile};
use crate::lang::eval;
use crate::lang::expr::{Env, Found, Offsets};
use crate::lang::types::Type;
use crate::lang::value::Value;

mod layout;

const STRING: Returns = Returns::Is(Ty::String);

pub(super) const ALL: &[Function] = &[
    Function::new(
        "provider::aws::arn_build",
        &[string("partition"), string("service"), string("region"), string("account_id"), string("resource")],
        STRING,
        "The ARN of some parts.",
        &[(
            r#"provider::aws::arn_build("aws", "iam", "", "123456789012", "role/app")"#,
            r#""arn:aws:iam::123456789012:role/app""#,
        )],
        |it| {
            let parts: Result<Vec<&str>, Fail> = (0..5).map(|at| it.text(at)).collect();
            Ok(format!("arn:{}", parts?.join(":")).into())
        },
    ),
    Function::new(
        "provider::aws::arn_parse",
        &[string("arn")],
        Returns::By(|_| Type::object(ARN_PARTS.map(|it| (it, Type::String)))),
        "The parts of an ARN: partition, service, region, account_id and resource.",
        &[(r#"provider::aws::arn_parse("arn:aws:s3:::logs/x").resource"#, r#""logs/x""#)],
        |it| {
            let parts = arn(it)?;
            Ok(Value::object(ARN_PARTS.into_iter().zip(parts.map(Value::from))))
        },
    ),
    Function::new(
        "provider::aws::trim_iam_role_path",
        &[string("arn")],
        STRING,
        "The ARN of an IAM role without the path before its name.",
        &[(
            r#"provider::aws::trim_iam_role_path("arn:aws:iam::123456789012:role/team/app")"#,
            r#""arn:aws:iam::123456789012:role/app""#,
        )],
        trim_role_path,
    ),
    Function::new(
        "provider::terraform::decode_tfvars",
        &[string("src")],
        Returns::By(|_| Type::Any),
        "An object with the values of a text in the form of a .tfvars file.",
        &[(r#"provider::terraform::decode_tfvars("zones = 1 + 1").zones"#, "2")],
        decode_tfvars,
    ),
    Function::new(
        "provider::terraform::encode_expr",
        &[any("expr").wholly()],
        STRING,
        "A value as an expression of the language.",
        &[(r#"provider::terraform::encode_expr(["a", { b = 1 }]) == "[\"a\", {\n  b = 1\n}]""#, "true")],
        |it| Ok(layout::expression(it.value(0)?).into()),
    ),
    Function::new(
        "provider::terraform::encode_tfvars",
        &[any("value").wholly()],
        STRING,
        "An object or map in the form of a .tfvars file.",
        &[(
            r#"provider::terraform::encode_tfvars({ a = 1, long = "x" }) == "a    = 1\nlong = \"x\"\n""#,
            "true",
        )],
        encode_tfvars,
    ),
];

const ARN_PARTS: [&str; 5] = ["partition", "service", "region", "account_id", "resource"];

fn arn<'a>(it: &'a Call) -> Result<[&'a str; 5], Fail> {
    let text = it.text(0)?;
    let refuse = || Fail::Arg(0, format!("{text:?} is no ARN such as \"arn:aws:s3:::bucket\""));
    let parts: Vec<&str> = text.strip_prefix("arn:").ok_or_else(refuse)?.splitn(5, ':').collect();
    parts.try_into().map_err(|_| refuse())
}

fn trim_role_path(it: &Call) -> Answer {
    let [partition, service, region, account, resource] = arn(it)?;
    let refuse = |why: &str| Fail::Arg(0, format!("it must be the ARN of an IAM role: {why}"));
    if service != "iam" {
        return Err(refuse(&format!("its service is {service:?}")));
    }
    if !region.is_empty() {
        return Err(refuse(&format!("IAM has no region, but it says {region:?}")));
    }
    let path = resource.strip_prefix("role/");
    let path = path.ok_or_else(|| refuse(&format!("{resource:?} does not start with \"role/\"")))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(format!("arn:{partition}:{service}:{region}:{account}:role/{name}").into())
}

fn encode_tfvars(it: &Call) -> Answer {
    let value = it.value(0)?;
    let refuse = || Fail::Arg(0, format!("it must be an object or map, not {}", value.ty().a()));
    let all = value.as_fields().ok_or_else(refuse)?;
    match all.keys().find(|it| !layout::is_name(it)) {
        Some(name) => Err(Fail::Arg(0, format!("{name:?} cannot be the name of a variable"))),
        None => Ok(layout::variables(all).into()),
    }
}

fn decode_tfvars(it: &Call) -> Answer {
    let file = Arc::new(SourceFile { path: "tfvars".into(), text: it.text(0)?.to_owned() });
    let offsets = Offsets::verbatim(&file, 0..file.text.len());
    let body = crate::lang::expr::parse_body(&file.text).map_err(|error| {
        let at = error.location();
        Fail::Arg(0, format!("line {}, column {}: {}", at.line(), at.column(), error.message()))
    })?;
    let mut errors = Diagnostics::default();
    let fields = values(&body, &offsets, &mut errors);
    errors.check(Value::object(fields)).map_err(Fail::Inside)
}

fn values(body: &Body, offsets: &Offsets, errors: &mut Diagnostics) -> Vec<(String, Value)> {
    let mut out: Vec<(String, Value)> = Vec::new();
    for it in body.iter() {
        let Structure::Attribute(it) = it else {
            errors.push(Diagnostic::error("a tfvars text holds values only, no blocks"));
            continue;
        };
        let name = it.key.as_str();
        if out.iter().any(|it| it.0 == name) {
            errors.push(Diagnostic::error(format!("`{name}` is set twice in the tfvars text")));
        }
        let mut calls = Calls::default();
        calls.visit_expr(&it.value);
        if let Some(function) = calls.0 {
            errors.push(Diagnostic::error(format!("a tfvars text cannot call `{function}`")));
            continue;
        }
        let value = errors.take(eval::expression(&it.value, offsets, &Nothing));
        out.extend(value.map(|it| (name.to_owned(), it)));
    }
    out
}

/// The first function that is called.
#[derive(Default)]
struct Calls(Option<String>);

impl Visit for Calls {
    fn visit_func_call(&mut self, it: &FuncCall) {
        self.0.get_or_insert_with(|| it.name.name.as_str().to_owned());
    }
}

/// A scope without names.
struct Nothing;

impl Env for Nothing {
    fn resolve(&self, path: &[&str]) -> Found {
        let why = format!("a tfvars text cannot refer to `{}`", path.join("."));
        Found::Missing(Box::new(Diagnostic::error(why)))
    }
}
