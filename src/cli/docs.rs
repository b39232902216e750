use std::process::ExitCode;
use std::time::Duration;

use super::Outcome;
use super::schema::{data_sources, resources, unknown_type};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::kind::{self, Op};
use crate::lang::functions;
use crate::report::Screen;
use crate::report::docs::{self, Facts, Line, Page};

/// Read the manual: resource types, data sources, functions.
///
/// A page tells what a thing is, how it is written, and all that it takes and gives. In a terminal it
/// comes through $PAGER.
#[derive(clap::Args)]
pub struct Command {
    /// A resource type, a data source as data.TYPE, a function, or an argument as TYPE.NAME.
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Everything there is a page for.
    #[arg(long, conflicts_with_all = ["name", "search"])]
    list: bool,
    /// Everything that speaks of these words.
    #[arg(long, value_name = "WORDS", conflicts_with = "name")]
    search: Option<String>,
    /// As text, or in Markdown for a web page.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
}

pub fn run(command: &Command, screen: &Screen) -> Outcome {
    match (&command.name, &command.search) {
        (Some(name), _) => page(&found(name)?, command.format, screen),
        (None, Some(words)) => {
            let lines = docs::matches(&resources(), &data_sources(), words);
            if lines.is_empty() {
                let error = Diagnostic::error(format!("nothing in the manual speaks of `{words}`"));
                return Err(error.help("try a part of the word, or `infra docs --list`").into());
            }
            list(&lines, command.format, screen);
        }
        (None, None) => list(&docs::index(&resources(), &data_sources()), command.format, screen),
    }
    Ok(ExitCode::SUCCESS)
}

fn page(page: &Page, format: Format, screen: &Screen) {
    match format {
        Format::Text => screen.page(&docs::page_text(page, screen.reading_columns())),
        Format::Markdown => screen.raw_text(&docs::page_markdown(page)),
    }
}

fn list(lines: &[Line], format: Format, screen: &Screen) {
    match format {
        Format::Text => screen.page(&docs::list_text(lines, screen.list_columns())),
        Format::Markdown => screen.raw_text(&docs::list_markdown(lines)),
    }
}

/// The page of that name, or of what the name's first part names.
fn found(name: &str) -> Result<Page, Diagnostics> {
    if let Some(it) = whole(name) {
        return Ok(it);
    }
    let steps: Vec<&str> = name.split('.').collect();
    let ends = if steps.first() == Some(&"data") { 2 } else { 1 };
    let (kind, path) = steps.split_at(ends.min(steps.len()));
    let kind = kind.join(".");
    let Some(page) = whole(&kind) else { return Err(unknown(&kind).into()) };
    page.about(path).ok_or_else(|| {
        let error = Diagnostic::error(format!("`{}` has no `{}`", page.title, path.join(".")));
        let near = path.first().and_then(|it| did_you_mean(it, page.names()));
        error.help(near.unwrap_or_else(|| format!("`infra docs {}` shows all it has", page.title))).into()
    })
}

fn whole(name: &str) -> Option<Page> {
    let function = functions::find(name.strip_prefix("core::").unwrap_or(name)).map(docs::of_function);
    let form = || {
        let named = |it: &&functions::Form| it.usage.split('(').next() == Some(name);
        functions::FORMS.iter().find(named).map(|it| docs::of_form(name, it))
    };
    // Where there is a data source alone, nobody means anything else.
    let bare = name.strip_prefix("data.");
    let of_kind = || match bare {
        Some(name) => data(name),
        None => resource(name).or_else(|| data(name)),
    };
    of_kind().or(function).or_else(form)
}

fn resource(name: &str) -> Option<Page> {
    let it = kind::resource(name)?;
    let patience = |op: Op| it.patience(op);
    let facts = Facts {
        name: name.to_owned(),
        data: false,
        imports: it.import_forms().iter().map(|it| (*it).to_owned()).collect(),
        patience: vec![
            ("create", patience(Op::Create)),
            ("update", patience(Op::Update)),
            ("delete", patience(Op::Delete)),
        ],
        twin: kind::data(name).is_some(),
    };
    Some(docs::of_type(&facts, it.schema()))
}

fn data(name: &str) -> Option<Page> {
    let twin = kind::resource(name).is_some();
    let patience: Vec<(&'static str, Duration)> = Vec::new();
    let facts = Facts { name: name.to_owned(), data: true, twin, patience, ..Facts::default() };
    Some(docs::of_type(&facts, kind::data(name)?.schema()))
}

fn unknown(name: &str) -> Diagnostic {
    let looks_like_type = name.contains('_') && functions::all().all(|it| !it.name.contains(name));
    if looks_like_type || name.starts_with("data.") {
        return unknown_type(name);
    }
    let forms = functions::FORMS.iter().filter_map(|it| it.usage.split('(').next());
    let near = did_you_mean(name, functions::all().map(|it| it.name).chain(forms));
    let error = Diagnostic::error(format!("the manual has no page `{name}`"));
    error.help(near.unwrap_or_else(|| format!("look for it: infra docs --search {name}")))
}
