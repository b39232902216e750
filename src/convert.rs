//! From `.tf` files to stack files: text in, text out. What means the same is written as a stack
//! file says it; comments stay with what they belong to.

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::format::{hcl, toml};

mod block;
mod dynamic;
mod read;
mod reference;
mod table;
mod text;
mod top;
mod value;

use block::{Converter, Of, Stays};
use read::{Above, Node, Source};
use table::Table;
use top::File;

/// A stack file that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Below the stack's folder: `stack.toml`, `network.stack.toml`, `env/default.toml`.
    pub name: String,
    pub text: String,
}

/// Converts the `.tf` files of a folder, and the values (`terraform.tfvars`, `*.auto.tfvars`, from
/// weak to strong) that are read with them. Beside the files, warnings of what was left out, and
/// errors of what cannot be converted. Which blocks stay what they are where a stack writes none, `stays` says.
pub fn folder(
    files: &[Arc<SourceFile>],
    values: &[Arc<SourceFile>],
    stays: Stays<'_>,
) -> (Vec<Made>, Diagnostics) {
    let mut errors = Diagnostics::default();
    let files: Vec<Arc<SourceFile>> = files.iter().map(plain).collect();
    let converted: Vec<String> = files.iter().map(|it| one(it, stays, &mut errors)).collect();
    let first = first_of(&files);
    let mut out = Vec::new();
    for (at, (file, text)) in files.iter().zip(converted).enumerate() {
        let name = file_name(file);
        let stem = name.strip_suffix(".tf").unwrap_or(&name);
        match at == first {
            true if text.is_empty() => out.push(Made { name: "stack.toml".into(), text: "[stack]\n".into() }),
            true => out.push(Made { name: "stack.toml".into(), text }),
            false if text.is_empty() => {}
            false => out.push(Made { name: format!("{stem}.stack.toml"), text }),
        }
    }
    out.sort_by_key(|it| it.name != "stack.toml");
    out.extend(env(values, &mut errors));
    (out, errors)
}

/// The sources of the modules that a file calls.
pub fn sources(text: &str) -> Vec<String> {
    let file = Arc::new(SourceFile { path: "main.tf".into(), text: text.to_owned() });
    let tokens = hcl::lexer::code(&file.text);
    let body = read::body(&tokens);
    let modules = body.items.iter().filter_map(|it| match &it.node {
        Node::Block(it) if it.kind.text == "module" => Some(&it.body),
        _ => None,
    });
    let source = |node: &Node| match node {
        Node::Argument { name, value } if name.text == "source" => {
            value::text_of(value, Source { file: &file })
        }
        _ => None,
    };
    modules.flat_map(|it| it.items.iter().filter_map(|it| source(&it.node))).collect()
}

/// With the line ends that TOML's strings have.
fn plain(file: &Arc<SourceFile>) -> Arc<SourceFile> {
    if !file.text.contains('\r') && !file.text.starts_with('\u{feff}') {
        return file.clone();
    }
    let text = file.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Arc::new(SourceFile { path: file.path.clone(), text })
}

fn file_name(file: &SourceFile) -> String {
    file.path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Which file becomes `stack.toml`.
fn first_of(files: &[Arc<SourceFile>]) -> usize {
    let named = |name: &str| files.iter().position(|it| file_name(it) == name);
    let found = ["main.tf", "stack.tf"].into_iter().find_map(named);
    found.or_else(|| files.iter().position(|it| it.text.contains("resource "))).unwrap_or(0)
}

/// One file; empty where nothing is left of it.
fn one(file: &Arc<SourceFile>, stays: Stays<'_>, errors: &mut Diagnostics) -> String {
    if let Err(found) = hcl::check(file) {
        errors.extend(found);
        return String::new();
    }
    let tokens = hcl::lexer::code(&file.text);
    let body = read::body(&tokens);
    let is_provider = |node: &Node, name: &str| {
        matches!(node, Node::Block(it)
            if it.kind.text == "provider" && it.labels.first().is_some_and(|it| it.text == name))
    };
    let items = body.items.iter();
    let names: Vec<&str> = items
        .filter_map(|it| match &it.node {
            Node::Block(it) if it.kind.text == "provider" => it.labels.first().map(|it| it.text),
            _ => None,
        })
        .collect();
    let counts: Vec<(&str, usize)> = names
        .iter()
        .map(|name| (*name, body.items.iter().filter(|it| is_provider(&it.node, name)).count()))
        .collect();
    let several = |name: &str| counts.iter().any(|it| it.0 == name && it.1 > 1);
    let mut converter =
        Converter { source: Source { file }, errors: Diagnostics::default(), stays, kind: None };
    let mut out = File { tail: body.tail, ..File::default() };
    for item in body.items {
        converter.top(item, &several, &mut out);
    }
    errors.extend(converter.errors);
    toml::file(&out.text())
}

/// What `terraform.tfvars` and its like say, as the values of the environment without a name.
fn env(values: &[Arc<SourceFile>], errors: &mut Diagnostics) -> Option<Made> {
    let mut all = Table::default();
    for file in values {
        let file = plain(file);
        if let Err(found) = hcl::check(&file) {
            errors.extend(found);
            continue;
        }
        let tokens = hcl::lexer::code(&file.text);
        let (source, stays): (_, Stays) = (Source { file: &file }, &|_, _| false);
        let mut converter = Converter { source, errors: Diagnostics::default(), stays, kind: None };
        let mut table = Table::default();
        converter.fill(&mut table, read::body(&tokens), Of::Other);
        errors.extend(converter.errors);
        overlay(&mut all, table);
    }
    let mut text = String::new();
    all.write(&[], &mut text);
    let text = toml::file(&text);
    if text.is_empty() {
        return None;
    }
    if let Some(file) = values.first() {
        let note =
            Diagnostic::warning(format!("the values of {} hold in env `default` only", file_name(file)));
        let help = "for other environments, write env/NAME.toml, or give the file with `--var-file`";
        errors.push(Diagnostic { place: Some(Place::new(file, 0..0)), ..note.help(help) });
    }
    Some(Made { name: "env/default.toml".into(), text })
}

/// A value that is given again counts instead of the first one.
fn overlay(all: &mut Table, over: Table) {
    use table::Line;
    let keys = over.lines.iter().filter_map(|it| match it {
        Line::Pair(it) => Some(it.key.clone()),
        Line::Above(_) => None,
    });
    let keys: Vec<String> =
        keys.chain(over.tables.iter().filter_map(|it| it.path.first().cloned())).collect();
    all.lines.retain(|it| !matches!(it, Line::Pair(it) if keys.contains(&it.key)));
    all.tables.retain(|it| it.path.first().is_none_or(|it| !keys.contains(it)));
    all.lines.push(Line::Above(Above::Blank));
    all.lines.extend(over.lines);
    all.tables.extend(over.tables);
    all.tail.extend(over.tail);
}

#[cfg(test)]
mod tests;
