//! Partial configuration of the backend: settings that stand in no file of the stack, because they
//! differ from place to place, and are given to the command.

use std::path::Path;
use std::sync::Arc;

use super::initialised;
use super::settings::{self, BACKEND_LOCAL, BACKEND_S3};
use super::{Backend, Body, Config, Setting, inputs};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::lang::Expr;
use crate::lang::expr::Offsets;

/// Lays `--backend-config` over the backend's own settings: each is `KEY=VALUE`, or a file of them.
pub fn backend(config: &mut Config, given: &[String]) -> Diagnostics {
    let mut errors = Diagnostics::default();
    if config.backend.is_none() {
        config.backend = local(given);
    }
    let Some(backend) = config.backend.as_mut() else {
        if !given.is_empty() {
            let error = Diagnostic::error("`--backend-config` is given, and the stack has no backend");
            errors.push(
                error.help("add one: `[backend.s3]`, or `terraform { backend \"s3\" {} }` in a .tf file"),
            );
        }
        return errors;
    };
    let mut over = Vec::new();
    for text in given {
        let found = match text.split_once('=') {
            Some((name, value)) => one(name.trim(), value.trim()).map(|it| vec![it]),
            None => inputs::file(Path::new(text)),
        };
        over.extend(errors.take(found).unwrap_or_default());
    }
    let over = Body(over);
    let known = if backend.kind == "s3" { BACKEND_S3 } else { BACKEND_LOCAL };
    settings::check_names(&over, known, &format!("backend.{}", backend.kind), &mut errors);
    for it in over.0 {
        backend.settings.0.retain(|old| old.name != it.name);
        backend.settings.0.push(it);
    }
    // What is still missing may have been said to Terraform.
    let noted = initialised::settings(config, known);
    if let Some(it) = config.backend.as_mut() {
        it.settings.0.extend(noted);
    }
    errors
}

/// Without a backend in the stack the state is a file: where that is may be said all the same.
fn local(given: &[String]) -> Option<Backend> {
    let names = |it: &String| it.split_once('=').is_some_and(|it| BACKEND_LOCAL.contains(&it.0.trim()));
    if given.is_empty() || !given.iter().all(names) {
        return None;
    }
    let file = Arc::new(SourceFile { path: "--backend-config".into(), text: given.join("\n") });
    let place = Place::new(&file, 0..file.text.len());
    Some(Backend { kind: "local".to_owned(), settings: Body::default(), place })
}

/// A text as it is, a list or an object as an expression.
fn one(name: &str, text: &str) -> Result<Setting, Diagnostics> {
    let file =
        Arc::new(SourceFile { path: format!("--backend-config {name}").into(), text: text.to_owned() });
    let place = Place::new(&file, 0..text.len());
    let value = match text.starts_with(['[', '{']) {
        true => Expr::hcl(text, Offsets::verbatim(&file, 0..text.len()), place.clone())?,
        false => Expr::constant(text, &place),
    };
    Ok(Setting { name: name.into(), place, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{good, told};

    #[test]
    fn what_is_given_wins() {
        let dir = tempfile::tempdir().unwrap_or_else(|it| panic!("{it}"));
        let path = dir.path().join("dev.tfvars");
        std::fs::write(&path, "region = \"eu-west-3\"\nkey = \"a\"\n").unwrap_or_else(|it| panic!("{it}"));
        let mut config = good("[backend.s3]\nbucket = \"a\"\nregion = \"x\"\n");
        let given =
            [path.display().to_string(), "key=b=c".to_owned(), "assume_role={ role_arn = \"r\" }".to_owned()];
        assert_eq!(told(&backend(&mut config, &given)), [""; 0]);
        let body = config.backend.map(|it| it.settings).unwrap_or_default();
        let value = settings::evaluate(&body, &crate::config::scope::Scope::nothing("a test"));
        let value = value.unwrap_or_else(|it| panic!("{:?}", told(&it)));
        let wanted = r#"{"assume_role":{"role_arn":"r"},"bucket":"a","key":"b=c","region":"eu-west-3"}"#;
        assert_eq!(value.to_json().to_string(), wanted);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let of = |text: &str, given: &str| told(&backend(&mut good(text), &[given.to_owned()]));
        assert!(of("[stack]\n", "a=b")[0].contains("the stack has no backend"));
        assert_eq!(of("[stack]\n", "path=b.tfstate"), [""; 0]);
        assert!(
            of("[backend.s3]\n", "buckt=b")[0]
                .contains("`backend.s3` takes no `buckt` (did you mean `bucket`?)")
        );
        assert!(of("[backend.s3]\n", "nowhere.tfvars")[0].contains("cannot read nowhere.tfvars"));
    }
}
