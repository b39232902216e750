//! Templates in files and in values.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::{resolved, text};
use super::{Answer, Call, Fail, Function, Returns, Ty, any, string};
use crate::diag::{Diagnostic, SourceFile};
use crate::lang::eval;
use crate::lang::expr::{Env, Found, Offsets, parse_template_text};
use crate::lang::types::Type;
use crate::lang::value::Map;

pub(super) const ALL: &[Function] = &[
    Function::new(
        "templatefile",
        &[string("path"), any("vars")],
        Returns::By(|_| Type::Any),
        "The text of a file, as a template that sees the given variables.",
        &[(r#"templatefile("files/lone.tftpl", { value = "x" })"#, r#""x""#)],
        |it| {
            let file = SourceFile { path: resolved(it, 0)?, text: text(it)? };
            rendered(it, file)
        },
    ),
    Function::new(
        "templatestring",
        &[any("template"), any("vars")],
        Returns::Is(Ty::String),
        "A text that something else holds, as a template that sees the given variables; the first \
         argument names that thing, such as `local.greeting`.",
        &[(r#"templatestring(local.greeting, { name = "you" })"#, r#""Hello, you!""#)],
        |it| {
            let file = SourceFile { path: PathBuf::from("template"), text: it.text(0)?.to_owned() };
            let value = rendered(it, file)?;
            match value.convert(&Type::String) {
                Ok(it) if !it.is_null() => Ok(it),
                _ => Err(format!("the template gives {}, not a string", value.ty().a()).into()),
            }
        },
    ),
];

fn rendered(it: &Call, file: SourceFile) -> Answer {
    let all = variables(it)?;
    let depth = it.env.template_depth() + 1;
    if depth > 1 {
        return Err("a template cannot use another template".into());
    }
    let file = Arc::new(file);
    let offsets = Offsets::verbatim(&file, 0..file.text.len());
    let template = parse_template_text(&file.text, &offsets).map_err(Fail::Inside)?;
    let env = Variables { all, outer: it.env, depth };
    let value = eval::whole_template(&template, &offsets, &env).map_err(Fail::Inside)?;
    if value.is_null() {
        return Err("the template gives null".into());
    }
    Ok(value)
}

fn variables<'a>(it: &'a Call) -> Result<&'a Map, Fail> {
    let refuse = || Fail::Arg(1, format!("it must be a map or object, not {}", it.args[1].ty().a()));
    let all = it.value(1)?.as_fields().ok_or_else(refuse)?;
    match all.keys().find(|it| hcl_edit::Ident::try_new(it.as_ref()).is_err()) {
        Some(name) => Err(Fail::Arg(1, format!("{name:?} cannot be the name of a variable"))),
        None => Ok(all),
    }
}

/// What a template can see.
struct Variables<'a> {
    all: &'a Map,
    outer: &'a dyn Env,
    depth: usize,
}

impl Env for Variables<'_> {
    fn resolve(&self, path: &[&str]) -> Found {
        let name = path.first().copied().unwrap_or_default();
        if let Some(found) = self.all.get(name) {
            return Found::Value(found.clone(), 1);
        }
        let help = crate::diag::did_you_mean(name, self.all.keys().map(|it| &**it))
            .unwrap_or_else(|| format!("add it to the variables: {{ {name} = … }}"));
        Found::Missing(Box::new(
            Diagnostic::error(format!("the template has no variable `{name}`")).help(help),
        ))
    }
    fn base_dir(&self) -> &Path {
        self.outer.base_dir()
    }
    fn now(&self) -> Option<String> {
        self.outer.now()
    }
    fn plan_time(&self) -> Option<String> {
        self.outer.plan_time()
    }
    fn template_depth(&self) -> usize {
        self.depth
    }
}
