//! One resource of a plan: its heading and its body.

use super::heading;
use crate::address::Mode;
use crate::lang::{Type, Value};
use crate::plan::{Action, Change};
use crate::report::diff::{Diff, Pair, block};
use crate::report::draw::{Look, draw};
use crate::report::paint::{quoted, symbol};
use crate::schema::{Attribute, Block, Form, Schema};

/// What will happen to it.
pub fn text(change: &Change, schema: Option<&Schema>) -> String {
    let body = draw(&diff(change, schema), 0, Look::default());
    format!("{}\n{} {} {body}", heading::planned(change), symbol(change.action), title(change))
}

/// What has happened to it outside.
pub fn drift(change: &Change, schema: Option<&Schema>) -> String {
    let action = if change.action == Action::Delete { Action::Delete } else { Action::Update };
    let body = draw(&diff(change, schema), 0, Look::default());
    format!("{}\n{} {} {body}", heading::happened(change), symbol(action), title(change))
}

/// `resource "aws_vpc" "main"`.
fn title(change: &Change) -> String {
    let resource = &change.addr.resource;
    let word = if resource.mode == Mode::Data { "data" } else { "resource" };
    format!("{word} {} {}", quoted(&resource.kind), quoted(&resource.name))
}

/// The difference of the whole object.
pub fn diff(change: &Change, schema: Option<&Schema>) -> Diff {
    let pair = Pair::new(Some(&change.before), Some(&change.after)).replaced_by(&change.replace_paths);
    match schema {
        Some(schema) => block(&pair, &schema.block),
        None => block(&pair, &guessed([&change.before, &change.after])),
    }
}

/// A body for a type that we do not know: every field is an attribute of any type.
pub fn guessed<'a>(values: impl IntoIterator<Item = &'a Value>) -> Block {
    let fields = values.into_iter().filter_map(Value::as_fields);
    let attribute = || Attribute {
        ty: Type::Any,
        doc: String::new(),
        required: false,
        optional: true,
        computed: true,
        sensitive: false,
        fixed: false,
        local: false,
        default: None,
        form: Form::Plain,
        checks: Vec::new(),
        of: None,
    };
    let names = fields.flat_map(|it| it.keys()).map(|it| (it.to_string(), attribute()));
    Block { attributes: names.collect(), ..Block::default() }
}
