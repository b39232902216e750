//! The provider `template`, which has had its day: `templatefile` does the same.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Error, Looked, Result, Texts, hex, told};
use crate::diag::{Diagnostic, Place, SourceFile, did_you_mean};
use crate::lang::expr::Offsets;
use crate::lang::{Env, Expr, Found, Type, Value};
use crate::resource::Computed;

/// A text with values put in.
///
/// ```toml
/// [data.template_file.greeting]
/// template = "hello $${name}"
/// vars = { name = "world" }
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The text, with `${…}` where values go.
    pub template: Option<String>,
    /// Removed: use `template = "${file(…)}"`.
    pub filename: Option<String>,
    /// The values, by name.
    pub vars: Option<Texts>,
    /// The text with the values.
    pub rendered: Computed<String>,
    /// The SHA-256 hash of the text with the values, in hexadecimal digits.
    pub id: Computed<String>,
}

impl Looked for File {
    const TYPE: &'static str = "template_file";

    async fn read(self) -> Result<Self> {
        if self.filename.is_some() {
            let text = "`filename` was removed from `template_file`: write template = \"${file(…)}\"";
            return Err(Error::Invalid(text.to_owned()));
        }
        let rendered = render(self.template.as_deref().unwrap_or_default(), self.vars.as_ref())?;
        let id = hex(&<sha2::Sha256 as sha2::Digest>::digest(&rendered)).into();
        Ok(File { rendered: rendered.into(), id, ..self })
    }
}

/// What a template sees: its own variables, and nothing else.
struct Vars(BTreeMap<String, Value>);

impl Env for Vars {
    fn resolve(&self, path: &[&str]) -> Found {
        let name = path.first().copied().unwrap_or_default();
        if let Some(it) = self.0.get(name) {
            return Found::Value(it.clone(), 1);
        }
        let error = Diagnostic::error(format!("the template has no variable `{name}`"));
        let help = did_you_mean(name, self.0.keys().map(String::as_str));
        Found::Missing(Box::new(error.help(help.unwrap_or_else(|| format!("add `{name}` to `vars`")))))
    }
    fn base_dir(&self) -> &Path {
        Path::new(".")
    }
}

fn render(template: &str, vars: Option<&Texts>) -> Result<String> {
    let file = Arc::new(SourceFile { path: "template".into(), text: template.to_owned() });
    let place = Place::new(&file, 0..template.len());
    let expr = Expr::template(template, Offsets::verbatim(&file, 0..template.len()), place);
    let values = vars.into_iter().flatten().filter_map(|(k, it)| Some((k.clone(), it.as_deref()?.into())));
    let env = Vars(values.collect());
    let value = expr.and_then(|it| it.eval(&env)).map_err(|it| told(&it))?;
    let text = value.convert(&Type::String).map_err(|it| Error::Invalid(it.message))?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_see_their_variables_only() {
        let vars = Texts::from([("name".to_owned(), Some("world".to_owned()))]);
        let text = "hello ${upper(name)}%{ if name == \"x\" }!%{ endif }";
        assert_eq!(render(text, Some(&vars)).expect("rendered"), "hello WORLD");
        assert_eq!(render("${name}", Some(&vars)).expect("rendered"), "world");
        assert_eq!(render("", None).expect("rendered"), "");
        let error = render("${nam}", Some(&vars)).expect_err("no such variable").to_string();
        assert!(error.contains("`nam`"), "{error}");
        assert!(render("${var.x}", None).is_err());
    }
}
