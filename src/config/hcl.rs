//! Terraform's own files, `.tf` and `.tf.json`: the second front end. Both syntaxes give the blocks
//! of `block`, override files are laid over them by `merge`, and what comes out is read into the
//! model by the same code that reads stack files.

use std::path::Path;
use std::sync::Arc;

use super::load::Loader;
use super::{Setting, blocks};
use crate::diag::{Diagnostic, SourceFile};
use crate::lang::{Expr, Node};

mod block;
mod broken;
mod dynamic;
mod expr;
pub(super) mod files;
mod json;
mod merge;
mod native;
mod parse;
mod split;
mod syntax;

pub(super) use json::tree as json_tree;
pub(super) use json::values as json_values;
pub(super) use parse::{settings, values};

use block::Block;

/// Takes up all the files of a folder: those that stand for themselves, and those that override.
pub(super) fn read(primary: &[Arc<SourceFile>], overrides: &[Arc<SourceFile>], loader: &mut Loader) {
    let mut all = Vec::new();
    for file in primary {
        all.extend(blocks_of(file, loader));
    }
    for file in overrides {
        let over = blocks_of(file, loader);
        merge::lay(over, &mut all, &mut loader.errors);
    }
    // What a provider is called here must be known before anything names one.
    let (first, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| &*it.kind == "terraform");
    first.into_iter().chain(others).for_each(|it| one(it, loader));
}

/// The blocks of a file that are such as there are.
fn blocks_of(file: &Arc<SourceFile>, loader: &mut Loader) -> Vec<Block> {
    let all = match is_json(&file.path) {
        true => json::file(file, &mut loader.errors),
        false => parse::file(file, loader),
    };
    all.into_iter().filter(|it| it.check(&mut loader.errors)).collect()
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "json")
}

fn one(it: Block, loader: &mut Loader) {
    match &*it.kind {
        "resource" => blocks::resource::managed(it.setting(None), loader),
        "terraform" => blocks::terraform::read(it.body, loader),
        "ephemeral" => {
            let error = Diagnostic::error("ephemeral resources are not supported yet").at(&it.place);
            loader.errors.push(error);
        }
        "locals" | "moved" | "import" | "removed" => {
            let fields = it.body.into_iter().map(|it| (it.name, it.place, it.value)).collect();
            let value = Expr { node: Node::Object(fields), place: it.place };
            blocks::read(Setting { name: it.kind, place: it.kind_place, value }, loader);
        }
        _ => {
            let kind = it.kind.clone();
            blocks::read(it.setting(Some(&kind)), loader);
        }
    }
}
