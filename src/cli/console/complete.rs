//! Names that Tab completes.

use crate::address::{Mode, ResourceAddr};
use crate::config::Config;
use crate::kind;
use crate::lang::functions;

/// All that can be named, and what is known of its inside.
pub struct Names<'a> {
    config: &'a Config,
    /// Sorted.
    whole: Vec<String>,
}

const FIXED: &[&str] =
    &["infra.env", "path.cwd", "path.module", "path.root", "stack.name", "terraform.workspace", "type("];

impl<'a> Names<'a> {
    pub fn of(config: &'a Config) -> Self {
        let mut whole: Vec<String> = FIXED.iter().map(|it| (*it).to_owned()).collect();
        whole.extend(functions::all().map(|it| format!("{}(", it.name)));
        whole.extend(config.variables.keys().map(|it| format!("var.{it}")));
        whole.extend(config.locals.keys().map(|it| format!("local.{it}")));
        whole.extend(config.modules.keys().map(|it| format!("module.{it}")));
        whole.extend(config.resources.keys().map(ToString::to_string));
        whole.sort();
        Names { config, whole }
    }

    /// What the word at the end of a line may become: where it begins, and the whole words.
    pub fn complete(&self, line: &str) -> (usize, Vec<String>) {
        let is_part = |it: char| it.is_alphanumeric() || "_-.[]\"".contains(it);
        let start = line
            .rfind(|it| !is_part(it))
            .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        // A bracket or quotation mark that opens is no part of the word behind it.
        let word = line[start..].trim_start_matches(['[', '"']);
        let start = line.len() - word.len();
        if word.is_empty() {
            return (start, Vec::new());
        }
        let mut out: Vec<String> = self.whole.iter().filter(|it| it.starts_with(word)).cloned().collect();
        if let Some((of, part)) = word.rsplit_once('.') {
            let inner = self.inside(of).into_iter().filter(|it| it.starts_with(part));
            out.extend(inner.map(|it| format!("{of}.{it}")));
        }
        out.sort();
        out.dedup();
        (start, out)
    }

    /// The attributes of a resource, the outputs of a module.
    fn inside(&self, of: &str) -> Vec<String> {
        let named = of.split('[').next().unwrap_or(of);
        if let Some(call) = named.strip_prefix("module.").and_then(|it| self.config.modules.get(it)) {
            return call.config.outputs.keys().cloned().collect();
        }
        let addr = match named.split('.').collect::<Vec<_>>()[..] {
            ["data", kind, name] => ResourceAddr::data(kind, name),
            [kind, name] => ResourceAddr::managed(kind, name),
            _ => return Vec::new(),
        };
        if !self.config.resources.contains_key(&addr) {
            return Vec::new();
        }
        let schema = match addr.mode {
            Mode::Managed => kind::resource(&addr.kind).map(|it| it.schema()),
            Mode::Data => kind::data(&addr.kind).map(|it| it.schema()),
        };
        let Some(block) = schema.map(|it| &it.block) else { return Vec::new() };
        block.attributes.keys().chain(block.blocks.keys()).map(ToString::to_string).collect()
    }
}

/// What all of them begin with.
pub fn common(all: &[String]) -> String {
    let Some(first) = all.first() else { return String::new() };
    let mut end = first.len();
    for it in all {
        let same = first.char_indices().zip(it.chars()).find(|((_, a), b)| a != b);
        end = end.min(same.map_or(first.len().min(it.len()), |it| it.0.0));
    }
    first[..end].to_owned()
}
