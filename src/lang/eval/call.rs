//! Calls of functions.

use hcl_edit::expr::{Expression as E, FuncCall};

use super::{At, Outcome, Scope};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::lang::functions::{self, Call, Fail, Function, Known, Param};
use crate::lang::types::Type;
use crate::lang::value::{Marks, Value};

impl Scope<'_> {
    pub(super) fn call(&self, it: &FuncCall) -> Outcome {
        let name = full_name(it);
        let name = name.strip_prefix("core::").unwrap_or(&name);
        match name {
            "try" => return self.try_each(it),
            "can" => return self.can(it),
            _ => {}
        }
        let Some(function) = functions::find(name) else { return Err(self.no_function(it, name).into()) };
        if name == "templatestring" {
            self.check_template(it)?;
        }
        let (args, spans) = match self.arguments(it)? {
            Some(it) => it,
            None => return Ok(Value::unknown(Type::Any)),
        };
        self.check_count(it, function, args.len())?;
        self.apply(function, args, &spans, self.at(it))
    }

    fn no_function(&self, it: &FuncCall, name: &str) -> Diagnostic {
        let at = self.at(&it.name.name);
        let names = functions::all().map(|it| it.name).chain(["try", "can"]);
        at.error(format!("there is no function `{name}`")).maybe_help(did_you_mean(name, names))
    }

    /// The template of `templatestring` stands elsewhere: one in place would be a template already.
    fn check_template(&self, it: &FuncCall) -> Result<(), Diagnostics> {
        match it.args.get(0) {
            Some(E::Traversal(path)) if matches!(path.expr, E::Variable(_)) => Ok(()),
            None => Ok(()),
            Some(other) => {
                let error = self.at(other).error("the template must be named, not written in place");
                Err(error.help("put it into a local value, and refer to that: local.NAME").into())
            }
        }
    }

    /// The arguments and where each stands; `None` where their number is not known yet.
    #[allow(clippy::type_complexity, reason = "values and their places, nothing more")]
    fn arguments(&self, it: &FuncCall) -> Result<Option<(Vec<Value>, Vec<At<'_>>)>, Diagnostics> {
        let mut errors = Diagnostics::default();
        let mut out = Vec::new();
        let last = it.args.len().saturating_sub(1);
        for (index, arg) in it.args.iter().enumerate() {
            let Some(value) = errors.take(self.expr(arg)) else { continue };
            if index < last || !it.args.expand_final() {
                out.push((value, self.at(arg)));
                continue;
            }
            match self.expanded(&value, arg) {
                Ok(Some(all)) => out.extend(all.into_iter().map(|it| (it, self.at(arg)))),
                Ok(None) => return errors.check(None),
                Err(it) => errors.extend(it),
            }
        }
        errors.check(())?;
        Ok(Some(out.into_iter().unzip()))
    }

    /// What `...` makes of the last argument.
    fn expanded(&self, value: &Value, arg: &E) -> Result<Option<Vec<Value>>, Diagnostics> {
        if value.is_unknown() {
            return Ok(None);
        }
        match value.as_items() {
            Some(all) => Ok(Some(all.iter().map(|it| it.clone().marked(value.marks)).collect())),
            None => {
                let what = if value.is_null() { "null".to_owned() } else { value.ty().a() };
                Err(self.at(arg).error(format!("`...` needs a list, a tuple or a set, not {what}")).into())
            }
        }
    }

    fn check_count(&self, it: &FuncCall, function: &Function, given: usize) -> Result<(), Diagnostics> {
        let least = function.params.len();
        if given >= least && (given == least || function.rest.is_some()) {
            return Ok(());
        }
        let at_least = if function.rest.is_some() { "at least " } else { "" };
        let plural = if least == 1 { "" } else { "s" };
        let summary = format!("`{}` takes {at_least}{least} argument{plural}, not {given}", function.name);
        Err(self.at(it).error(summary).help(function.usage()).into())
    }

    /// Checks the arguments as every function wants, then runs it.
    fn apply(&self, function: &Function, args: Vec<Value>, spans: &[At], whole: At) -> Outcome {
        let mut errors = Diagnostics::default();
        let mut marks = Marks::default();
        let mut known = true;
        let mut ready = Vec::with_capacity(args.len());
        for (index, arg) in args.into_iter().enumerate() {
            let Some(param) = function.param(index) else { continue };
            let prepared = prepare(param, arg, &mut marks, &mut known);
            match prepared {
                Ok(arg) => ready.push(arg),
                Err(why) => errors.push(wrong_argument(function, param, &why, &spans[index])),
            }
        }
        errors.check(())?;
        let value = if known {
            let call = Call { args: ready, env: self.env };
            (function.run)(&call).map_err(|it| failed(function, it, spans, &whole))?
        } else {
            function.unknown(&ready).map_err(|it| failed(function, it, spans, &whole))?
        };
        Ok(value.marked(marks))
    }

    /// The first argument that evaluates.
    fn try_each(&self, it: &FuncCall) -> Outcome {
        let mut failures = Vec::new();
        for arg in it.args.iter() {
            match self.expr(arg) {
                // What is not known yet may still fail, and then another argument counts.
                Ok(value) if !value.wholly_known() => return Ok(Value::unknown(Type::Any)),
                Ok(value) => return Ok(value),
                Err(it) => failures.extend(it.0.into_iter().map(|it| it.summary)),
            }
        }
        if failures.is_empty() {
            return Err(self.at(it).error("`try` takes at least one argument").into());
        }
        let error = self.at(it).error("none of the arguments of `try` has a value");
        Err(error
            .detail(failures.join("\n"))
            .help("add a last argument that always has one, such as null")
            .into())
    }

    fn can(&self, it: &FuncCall) -> Outcome {
        let Some(arg) = it.args.get(0).filter(|_| it.args.len() == 1) else {
            return Err(self.at(it).error("`can` takes 1 argument").into());
        };
        Ok(match self.expr(arg) {
            Ok(value) if !value.wholly_known() => Value::unknown_not_null(Type::Bool),
            result => result.is_ok().into(),
        })
    }
}

fn full_name(it: &FuncCall) -> String {
    let parts = it.name.namespace.iter().chain([&it.name.name]);
    parts.map(|it| it.as_str()).collect::<Vec<_>>().join("::")
}

/// An argument as the function wants it; or why it cannot be.
fn prepare(param: &Param, arg: Value, marks: &mut Marks, known: &mut bool) -> Result<Value, String> {
    let ty = param.ty.get();
    let mut arg = arg.convert(&ty).map_err(|it| it.to_string())?;
    if arg.is_null() && !param.nullable {
        return Err("it must not be null".to_owned());
    }
    if !param.marked {
        *marks = *marks | arg.deep_marks();
        arg = arg.unmarked_deep();
    }
    *known &= match param.known {
        Known::Perhaps => true,
        Known::Itself => !arg.is_unknown(),
        Known::Wholly => arg.wholly_known(),
    };
    if param.known != Known::Perhaps && arg.is_unknown() {
        *marks = *marks | arg.marks;
    }
    Ok(arg)
}

fn wrong_argument(function: &Function, param: &Param, why: &str, at: &At) -> Diagnostic {
    let summary = format!("the argument `{}` of `{}` is wrong: {why}", param.name, function.name);
    at.error(summary).help(function.usage())
}

fn failed(function: &Function, fail: Fail, spans: &[At], whole: &At) -> Diagnostics {
    match fail {
        Fail::Arg(index, why) => match (function.param(index), spans.get(index)) {
            (Some(param), Some(at)) => wrong_argument(function, param, &why, at).into(),
            _ => whole.error(format!("`{}` failed: {why}", function.name)).into(),
        },
        Fail::Whole(why) => whole.error(format!("`{}` failed: {why}", function.name)).into(),
        Fail::Inside(mut all) => {
            for it in &mut all.0 {
                it.place.get_or_insert_with(|| whole.0.place(whole.1.clone()));
            }
            all
        }
    }
}
