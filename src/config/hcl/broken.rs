//! Blocks that cannot be read: what they would declare is known by its name, so that no reference to
//! it is a second error.

use std::ops::Range;

use super::split::is_header;
use crate::address::Key;
use crate::config::load::Loader;
use crate::config::{Config, ModuleCall, Output, Variable};
use crate::diag::{Place, SourceFile};
use crate::lang::{Expr, Type, Value};

/// Notes what a part of a file would have declared.
pub(super) fn note(file: &std::sync::Arc<SourceFile>, span: Range<usize>, loader: &mut Loader) {
    let place = Place::new(file, span.start..span.start);
    let config = &mut loader.config;
    let lines = || file.text[span.clone()].lines();
    let Some(header) = lines().find(|it| is_header(it)) else { return };
    let kind: String = header.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
    let labels: Vec<&str> = header.split('"').skip(1).step_by(2).collect();
    match (kind.as_str(), &labels[..]) {
        ("resource", [kind, ..]) => drop(config.refused.insert((*kind).to_owned())),
        ("data", [kind, ..]) => drop(config.refused.insert(format!("data.{kind}"))),
        ("variable", [name, ..]) => {
            config.variables.entry((*name).to_owned()).or_insert_with(|| variable(name, &place));
        }
        ("output", [name, ..]) => {
            config.outputs.entry((*name).to_owned()).or_insert_with(|| output(&place));
        }
        ("module", [name, ..]) => {
            let call = module(name, config, &place);
            config.modules.entry((*name).to_owned()).or_insert(call);
        }
        ("locals", _) => {
            let names = lines().filter_map(|it| it.split_once(['=', ':'])).map(|it| it.0.trim());
            for name in names.filter(|it| crate::address::is_name(it)) {
                config.locals.entry(name.to_owned()).or_insert_with(|| unknown(&place));
            }
        }
        _ => {}
    }
}

fn unknown(place: &Place) -> Expr {
    Expr::constant(Value::unknown(Type::Any), place)
}

fn variable(name: &str, place: &Place) -> Variable {
    Variable {
        name: name.to_owned(),
        ty: Type::Any,
        literal: true,
        default: Some(Value::unknown(Type::Any)),
        nullable: true,
        sensitive: false,
        ephemeral: false,
        description: None,
        validations: Vec::new(),
        place: place.clone(),
    }
}

fn output(place: &Place) -> Output {
    Output {
        value: unknown(place),
        sensitive: false,
        ephemeral: false,
        description: None,
        depends_on: Vec::new(),
        preconditions: Vec::new(),
        place: place.clone(),
    }
}

/// A call of which nothing is read.
fn module(name: &str, caller: &Config, place: &Place) -> ModuleCall {
    let mut config = Config { dir: caller.dir.clone(), cwd: caller.cwd.clone(), ..Config::default() };
    config.path = caller.path.iter().cloned().chain([(name.into(), Key::None)]).collect();
    ModuleCall {
        name: name.to_owned(),
        source: String::new(),
        version: None,
        inputs: Default::default(),
        repeat: Default::default(),
        depends_on: Vec::new(),
        providers: Default::default(),
        config: Box::new(config),
        found: false,
        place: place.clone(),
    }
}
