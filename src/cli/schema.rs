mod file;

use std::process::ExitCode;

use serde_json::Value as Json;

use super::Outcome;
use crate::config::{ProviderAddr, ProviderName};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::kind;
use crate::report::Screen;
use crate::schema::json_schema::{self, PROVIDERS, Provider, Types};

pub use file::provide;

/// Print the JSON Schema of stack files, for editors.
///
/// With it, editors complete and check stack files. `infra init` writes it below .infra, where the first line of stack.toml names it (docs/editors.md).
#[derive(clap::Args)]
pub struct Command {
    /// A resource type, or a data source as data.TYPE; without it, all of a stack file.
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
    /// In the format of `terraform providers schema -json`.
    #[arg(long, conflicts_with = "kind")]
    terraform: bool,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    if command.terraform {
        return providers(screen);
    }
    let schema = match &command.kind {
        None => stack_file(),
        Some(name) => of_type(name)?,
    };
    screen.raw_line(&format!("{schema:#}"));
    Ok(ExitCode::SUCCESS)
}

/// Prints the schemas as Terraform does.
pub fn providers(screen: &Screen) -> Outcome {
    screen.raw_line(&provider_schemas().to_string());
    Ok(ExitCode::SUCCESS)
}

/// A type and its schema.
pub type Named = (&'static str, &'static crate::schema::Schema);

/// Every resource type.
pub fn resources() -> Vec<Named> {
    kind::resource_names().filter_map(|it| Some((it, kind::resource(it)?.schema()))).collect()
}

/// Every data source.
pub fn data_sources() -> Vec<Named> {
    kind::data_names().filter_map(|it| Some((it, kind::data(it)?.schema()))).collect()
}

/// The schema of a stack file with all types.
pub fn stack_file() -> Json {
    json_schema::stack_file(&Types { resources: resources(), data_sources: data_sources() })
}

fn of_type(name: &str) -> Result<Json, Diagnostics> {
    let found = match name.strip_prefix("data.") {
        Some(name) => kind::data(name).map(|it| json_schema::one_data_source(name, it.schema())),
        None => kind::resource(name).map(|it| json_schema::one_resource(name, it.schema())),
    };
    Ok(found.ok_or_else(|| unknown_type(name))?)
}

/// There is no such type; a data source of that name there may be.
pub fn unknown_type(name: &str) -> Diagnostic {
    let error = Diagnostic::error(format!("there is no type `{name}`"));
    if kind::data(name).is_some() {
        return error.help(format!("there is a data source of that name: `data.{name}`"));
    }
    let bare = name.strip_prefix("data.").unwrap_or(name);
    if bare != name && kind::resource(bare).is_some() {
        return error.help(format!("there is a resource type of that name: `{bare}`"));
    }
    let near = match bare != name {
        true => did_you_mean(bare, kind::data_names()).map(|it| it.replacen('`', "`data.", 1)),
        false => did_you_mean(bare, kind::resource_names()),
    };
    error.help(near.unwrap_or_else(|| "`infra docs --list` shows all types".to_owned()))
}

fn provider_schemas() -> Json {
    let (resources, data_sources) = (resources(), data_sources());
    let of = |all: &[Named], name: &str| -> Vec<Named> {
        all.iter().copied().filter(|it| it.0.split('_').next() == Some(name)).collect()
    };
    let one = |name: &&'static str| Provider {
        name,
        source: source(name),
        resources: of(&resources, name),
        data_sources: of(&data_sources, name),
    };
    let names: Vec<&str> = PROVIDERS.iter().map(|it| it.0).collect();
    json_schema::provider_schemas(&names.iter().map(one).collect::<Vec<_>>())
}

/// As the state names it: `registry.terraform.io/hashicorp/aws`.
fn source(name: &str) -> String {
    let name = ProviderName { kind: name.into(), alias: None };
    let text = ProviderAddr { module: Vec::new(), name }.state_name();
    text.split('"').nth(1).unwrap_or(&text).to_owned()
}
