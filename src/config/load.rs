//! From the files of a stack's folder to its configuration.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blocks::module;
use super::hcl::files::{Files, is_ignored};
use super::kinds::{Kinds, Names, Registry};
use super::modules::source::Source;
use super::modules::{Missing, Wanted};
use super::table::Table;
use super::{Config, ProviderName, Setting, blocks, hcl, modules, source, syntax, toml};
use crate::address::Key;
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};

/// Reads the stack in a folder: `stack.toml`, any `*.stack.toml` beside it, `env/*.toml`; or `.tf` files.
pub fn load(dir: &Path) -> Result<Config, Diagnostics> {
    load_with(dir, &Registry)
}

/// As [`load`], with these resource types and data sources instead of the registry's.
pub fn load_with(dir: &Path, kinds: &dyn Kinds) -> Result<Config, Diagnostics> {
    let (config, errors) = read_with(dir, kinds);
    errors.check(config)
}

/// As [`load`], but gives what could be read beside what is wrong, so that more can be found wrong.
pub fn read(dir: &Path) -> (Config, Diagnostics) {
    read_with(dir, &Registry)
}

/// As [`read`], with one more file that lies elsewhere.
pub fn read_and(dir: &Path, more: Arc<SourceFile>) -> (Config, Diagnostics) {
    let mut loader = Loader::new(dir, &Registry);
    loader.more = Some(more);
    loader.config.cwd = std::env::current_dir().unwrap_or_default();
    let (config, mut errors) = read_into(loader, dir);
    blocks::removed::check(&config, &mut errors);
    (config, errors)
}

fn read_with(dir: &Path, kinds: &dyn Kinds) -> (Config, Diagnostics) {
    let mut loader = Loader::new(dir, kinds);
    loader.config.cwd = std::env::current_dir().unwrap_or_default();
    let (config, mut errors) = read_into(loader, dir);
    blocks::removed::check(&config, &mut errors);
    (config, errors)
}

/// Reads a folder, and the modules that it calls.
fn read_into(mut loader: Loader<'_>, dir: &Path) -> (Config, Diagnostics) {
    match names(dir).and_then(|names| front_end(dir, &names)) {
        Ok(FrontEnd::Toml(files, envs)) => {
            for path in &files {
                loader.read(path, Loader::stack_file);
            }
            if let Some(more) = loader.more.take() {
                loader.stack_file(&more);
            }
            for (name, path) in envs {
                loader.read(&path, |loader, file| loader.env_file(&name, file));
            }
        }
        Ok(FrontEnd::Hcl(files)) => {
            loader.terraform(dir, &files);
            loader.guards(dir);
        }
        Err(errors) => return (loader.config, errors),
    }
    loader.finish()
}

/// What a folder is written in, and its files.
enum FrontEnd {
    /// The stack files; the environments that have a file, and the files.
    Toml(Vec<PathBuf>, Vec<(String, PathBuf)>),
    Hcl(Files),
}

fn front_end(dir: &Path, names: &[String]) -> Result<FrontEnd, Diagnostics> {
    let files = Files::of(names);
    let toml = names.iter().any(|it| it == "stack.toml");
    if toml && files.is_stack() {
        let shown = shown(dir);
        let tf = files.primary.iter().chain(&files.overrides).next().map(String::as_str).unwrap_or_default();
        let error = Diagnostic::error(format!("{shown} has both stack.toml and .tf files, such as {tf}"));
        let help = "a stack is written in one of them: move the others to a folder of their own";
        return Err(error.help(help).into());
    }
    if !toml && files.is_stack() {
        return Ok(FrontEnd::Hcl(files));
    }
    Ok(FrontEnd::Toml(stack_files(dir, names)?, env_files(dir)?))
}

/// Whether a folder holds a stack or a module, by the names in it.
fn is_stack(names: &[String]) -> bool {
    names.iter().any(|it| it == "stack.toml") || Files::of(names).is_stack()
}

/// The state of a load: what is read so far, and all that is wrong with it.
pub(super) struct Loader<'a> {
    kinds: &'a dyn Kinds,
    /// The folders of the modules around this one, outermost first.
    around: Vec<PathBuf>,
    /// Where the called modules are, in the order of the calls.
    pub sources: Vec<module::Source>,
    pub config: Config,
    pub errors: Diagnostics,
    pub resources: Names<'a>,
    pub data: Names<'a>,
    /// Where each local value's name stands.
    pub locals: BTreeMap<String, Place>,
    /// Where `stack.toml` starts, until a table is found.
    empty: Option<Option<Place>>,
    /// A file from elsewhere that counts as one of the stack's.
    more: Option<Arc<SourceFile>>,
}

impl<'a> Loader<'a> {
    pub fn new(dir: &Path, kinds: &'a dyn Kinds) -> Self {
        Loader {
            kinds,
            around: Vec::new(),
            sources: Vec::new(),
            config: Config { dir: dir.to_owned(), ..Config::default() },
            errors: Diagnostics::default(),
            resources: Names::resources(kinds),
            data: Names::data(kinds),
            locals: BTreeMap::new(),
            empty: Some(None),
            more: None,
        }
    }

    fn read(&mut self, path: &Path, then: impl FnOnce(&mut Self, &Arc<SourceFile>)) {
        match source::read(path) {
            Ok(file) => then(self, &file),
            Err(found) => {
                self.empty = None;
                self.errors.0.extend(found);
            }
        }
    }

    /// Takes up a folder of `.tf` files; a file that cannot be read hides none of the others.
    fn terraform(&mut self, dir: &Path, files: &Files) {
        let mut read = |names: &[String]| -> Vec<Arc<SourceFile>> {
            names.iter().filter_map(|it| self.errors.take(source::read(&dir.join(it)))).collect()
        };
        let (mut primary, overrides) = (read(&files.primary), read(&files.overrides));
        primary.extend(self.more.take());
        if self.config.path.is_empty() {
            self.config.value_files = Some(files.values.iter().map(|it| dir.join(it)).collect());
        }
        self.terraform_files(&primary, &overrides);
    }

    /// Takes up the files of a folder of `.tf` files: those that declare, and those that override.
    pub fn terraform_files(&mut self, primary: &[Arc<SourceFile>], overrides: &[Arc<SourceFile>]) {
        // A folder that declares nothing is nothing unusual to Terraform.
        self.empty = None;
        self.config.syntax = super::Syntax::Hcl;
        hcl::read(primary, overrides, self);
    }

    /// The provider that a name of this module's stands for.
    pub fn provider_kind(&self, name: &ProviderName) -> ProviderName {
        self.config.known_as(name)
    }

    /// Takes up one file of the stack.
    pub fn stack_file(&mut self, file: &Arc<SourceFile>) {
        let Some(settings) = self.parse(file) else {
            self.empty = None;
            return;
        };
        match &mut self.empty {
            Some(first) if settings.is_empty() => {
                first.get_or_insert_with(|| Place::new(file, 0..0));
            }
            _ => self.empty = None,
        }
        settings.into_iter().for_each(|it| blocks::read(it, self));
    }

    /// Takes up `env/NAME.toml`.
    pub fn env_file(&mut self, name: &str, file: &Arc<SourceFile>) {
        if let Some(settings) = self.parse(file) {
            blocks::env::file(name, settings, self);
        }
    }

    /// Takes up what `env/NAME.toml` says beside `.tf` files.
    fn guards(&mut self, dir: &Path) {
        if !self.config.path.is_empty() {
            return;
        }
        for (name, path) in self.errors.take(env_files(dir)).unwrap_or_default() {
            self.read(&path, |loader, file| {
                if let Some(settings) = loader.parse(file) {
                    blocks::env::guard_file(&name, settings, loader);
                }
            });
        }
    }

    fn parse(&mut self, file: &Arc<SourceFile>) -> Option<Vec<Setting>> {
        let root = self.errors.take(toml::parse(file))?;
        let what = file.path.display().to_string();
        Table::of(root, what, &mut self.errors).map(|it| it.body().0)
    }

    /// The same thing declared a second time.
    pub fn twice(&mut self, what: impl std::fmt::Display, first: &Place, second: &Place) {
        let error = Diagnostic::error(format!("`{what}` is declared twice")).at(second);
        let error = error.label("the second one").detail(format!("The first one: {}", syntax::spot(first)));
        self.errors.0.push(error);
    }

    /// What can only be told once everything is read.
    pub fn finish(mut self) -> (Config, Diagnostics) {
        if let Some(place) = &self.empty {
            let mut error = Diagnostic::error("the stack is empty").help(
                "add a resource, such as `[aws_vpc.main]`; or `[stack]` where it is meant to hold nothing",
            );
            error.place = place.clone();
            self.errors.0.push(error);
        }
        if self.config.path.is_empty() {
            blocks::env::check_names(&self.config, &mut self.errors);
        }
        for source in std::mem::take(&mut self.sources) {
            self.called(&source);
        }
        if self.config.path.is_empty() {
            self.errors.extend(blocks::missing::told(&self.config));
        }
        (self.config, self.errors)
    }

    /// Reads a module that is called here.
    fn called(&mut self, source: &module::Source) {
        let Some(mut call) = self.config.modules.remove(&source.call) else { return };
        match self.inner(source) {
            Ok((config, errors)) => {
                call.found = true;
                if let Ok(Source::Remote(_)) = Source::parse(&source.source) {
                    let version = source.version.as_ref().map(|it| it.0.clone());
                    self.config.remote.push((Wanted { source: source.source.clone(), version }, true));
                }
                let theirs = std::mem::take(&mut call.providers).into_iter();
                call.providers = theirs.map(|(name, ours)| (config.known_as(&name), ours)).collect();
                call.config = Box::new(config);
                self.errors.extend(errors);
                module::check_inputs(&call, &mut self.errors);
                blocks::passed::check(&call, &mut self.errors);
                module::check_repeat(&call, &mut self.errors);
            }
            Err(Missing::Wrong(why)) => {
                let error = Diagnostic::error(format!("the module `{}` cannot be read: {why}", call.name));
                self.errors.push(error.at(&source.place));
            }
            Err(Missing::Wanted(wanted)) => {
                self.config.remote.push((wanted, false));
                let error = Diagnostic::error(format!("the module `{}` is not here yet", call.name));
                self.errors.push(error.at(&source.place).help("fetch it: `infra init`"));
            }
        }
        self.config.modules.insert(source.call.clone(), call);
    }

    fn inner(&self, source: &module::Source) -> Result<(Config, Diagnostics), Missing> {
        let root = self.around.first().unwrap_or(&self.config.dir);
        let version = source.version.as_ref().map(|it| it.0.as_str());
        let dir = modules::locate(root, &self.config.dir, &source.source, version)?;
        let mut around = self.around.clone();
        around.push(self.config.dir.clone());
        if around.iter().any(|it| same_folder(it, &dir)) {
            return Err(Missing::Wrong("it would call itself for ever".to_owned()));
        }
        let names = names(&dir).map_err(|it| Missing::Wrong(it.to_string()))?;
        if !is_stack(&names) {
            return Err(Missing::Wrong(format!("{} has neither a stack.toml nor .tf files", dir.display())));
        }
        let mut inner = Loader::new(&dir, self.kinds);
        inner.around = around;
        inner.config.path.clone_from(&self.config.path);
        inner.config.path.push((source.call.as_str().into(), Key::None));
        inner.config.cwd.clone_from(&self.config.cwd);
        Ok(read_into(inner, &dir))
    }
}

fn same_folder(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// `stack.toml` first, then the others by name.
fn stack_files(dir: &Path, names: &[String]) -> Result<Vec<PathBuf>, Diagnostics> {
    if !names.iter().any(|it| it == "stack.toml") {
        return Err(no_stack(dir, names).into());
    }
    let others = names.iter().filter(|it| it.ends_with(".stack.toml"));
    Ok(std::iter::once(dir.join("stack.toml")).chain(others.map(|it| dir.join(it))).collect())
}

fn shown(dir: &Path) -> String {
    if dir == Path::new(".") { "this folder".to_owned() } else { dir.display().to_string() }
}

fn no_stack(dir: &Path, names: &[String]) -> Diagnostic {
    let error =
        Diagnostic::error(format!("{} is no stack: it has neither a stack.toml nor .tf files", shown(dir)));
    let part = names.iter().find(|it| it.ends_with(".stack.toml"));
    if let Some(part) = part {
        return error.help(format!("rename {part} to stack.toml, or add a stack.toml beside it"));
    }
    error.help("make a stack.toml here, or go to the folder that has one")
}

/// The names in a folder, sorted; hidden ones, which editors leave behind, are left out.
fn names(dir: &Path) -> Result<Vec<String>, Diagnostics> {
    let fail = |it: std::io::Error| {
        let why = match it.kind() {
            std::io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            std::io::ErrorKind::NotADirectory => "it is a file, not a folder".to_owned(),
            std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => it.to_string(),
        };
        Diagnostics::from(Diagnostic::error(format!("cannot read {}: {why}", dir.display())))
    };
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(fail)? {
        let name = entry.map_err(fail)?.file_name().to_string_lossy().into_owned();
        if !is_ignored(&name) {
            out.push(name);
        }
    }
    out.sort();
    Ok(out)
}

/// The environments that have a file, and the files.
fn env_files(dir: &Path) -> Result<Vec<(String, PathBuf)>, Diagnostics> {
    let dir = dir.join("env");
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let names = names(&dir)?;
    let named = names.iter().filter_map(|it| Some((it.strip_suffix(".toml")?.to_owned(), dir.join(it))));
    Ok(named.collect())
}
