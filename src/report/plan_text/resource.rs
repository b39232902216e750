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
    if change.action == Action::Forget {
        return forgotten(change, schema);
    }
    // Of what is taken up, everything is worth knowing.
    let look = if change.importing.is_some() { Look::default().wholly() } else { Look::default() };
    let body = draw(&diff(change, schema), 0, look);
    format!("{}\n{} {} {body}", heading::planned(change), symbol(change.action), title(change))
}

/// What stays at AWS and goes from the state.
fn forgotten(change: &Change, schema: Option<&Schema>) -> String {
    let same = Change { after: change.before.clone(), ..change.clone() };
    let body = draw(&diff(&same, schema), 0, Look::default());
    format!("{}\n . {} {body}", heading::planned(change), title(change))
}

/// What has happened to it outside.
pub fn drift(change: &Change, schema: Option<&Schema>) -> String {
    let action = match change.action {
        Action::Delete | Action::NoOp => change.action,
        _ => Action::Update,
    };
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
        write_only: false,
        default: None,
        form: Form::Plain,
        checks: Vec::new(),
        of: None,
    };
    let names = fields.flat_map(|it| it.keys()).map(|it| (it.to_string(), attribute()));
    Block { attributes: names.collect(), ..Block::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse_instance;
    use crate::report::oracle;
    use crate::report::paint::stripped;

    /// Blocks in a list, as Terraform shows them for this change.
    #[test]
    fn blocks_of_a_list_go_by_their_place() {
        let project = |names: &[&str]| {
            let variable = |name: &&str| {
                let fields = [("name", *name), ("type", "PLAINTEXT"), ("value", "v")];
                Value::object(fields.map(|(k, v)| (k, v.into())))
            };
            let variables = Value::list(Type::Any, names.iter().map(variable).collect());
            let environment = Value::object([("environment_variable", variables), ("image", "x".into())]);
            let environment = Value::list(Type::Any, vec![environment]);
            Value::object([("environment", environment), ("name", "proj".into())])
        };
        let change = Change {
            addr: parse_instance("aws_codebuild_project.p").unwrap(),
            importing: None,
            deposed: None,
            provider: String::new(),
            action: Action::Update,
            reason: None,
            before: project(&["A", "B"]),
            after: project(&["X", "B", "C"]),
            replace_paths: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
            moved_from: None,
        };
        assert_eq!(
            stripped(&text(&change, oracle::schema(&change.addr.resource))),
            r#"  # aws_codebuild_project.p will be updated in-place
  ~ resource "aws_codebuild_project" "p" {
        name = "proj"

      ~ environment {
            # (1 unchanged attribute hidden)

          ~ environment_variable {
              ~ name  = "A" -> "X"
                # (2 unchanged attributes hidden)
            }
          + environment_variable {
              + name  = "C"
              + type  = "PLAINTEXT"
              + value = "v"
            }

            # (1 unchanged block hidden)
        }
    }"#
        );
    }
}
