//! The settings of a block, in the order in which they are written.

use serde_json::Value as Json;

use crate::lang::{Kind, Value};
use crate::schema::{Block, Form, NestedBlock, Nesting};

/// The settings of a block or object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body(pub Vec<(String, Node)>);

impl Body {
    /// How many values are left out because they are secrets.
    pub fn secrets(&self) -> usize {
        let of = |node: &Node| match node {
            Node::Secret => 1,
            Node::Block(it) => it.secrets(),
            Node::Blocks(all) | Node::Objects { all, .. } => all.iter().map(Body::secrets).sum(),
            Node::Value(_) | Node::Json(_) => 0,
        };
        self.0.iter().map(|it| of(&it.1)).sum()
    }
}

/// What a setting is.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Value(Value),
    /// A text that holds JSON.
    Json(Json),
    /// It has a value that is not to be written down.
    Secret,
    /// One nested block.
    Block(Body),
    /// Any number of nested blocks.
    Blocks(Vec<Body>),
    /// An attribute whose value is a list of objects; `as_blocks` where HCL may write it as blocks.
    Objects {
        all: Vec<Body>,
        as_blocks: bool,
    },
}

/// The settings of a configuration in the block's shape: what is null is not written; a sensitive null
/// stands for a secret. `framework`: of a type whose attributes never pass for blocks.
pub fn of(block: &Block, config: &Value, framework: bool) -> Body {
    let mut out = Vec::new();
    for (name, it) in &block.attributes {
        let Some(value) = config.get(name) else { continue };
        let node = match &it.of {
            _ if value.is_null() && value.marks.sensitive => Node::Secret,
            _ if value.is_null() => continue,
            Some(of) if value.as_items().is_some() => {
                let all = value.as_items().unwrap_or_default();
                let all: Vec<Body> = all.iter().map(|it| self::of(of, it, framework)).collect();
                let as_blocks = !framework && !all.is_empty();
                Node::Objects { all, as_blocks }
            }
            _ if it.form == Form::Json => json(value),
            _ => Node::Value(value.clone()),
        };
        out.push((name.clone(), node));
    }
    for (name, it) in &block.blocks {
        out.extend(nested(it, config.get(name), framework).map(|node| (name.clone(), node)));
    }
    Body(out)
}

fn nested(it: &NestedBlock, value: Option<&Value>, framework: bool) -> Option<Node> {
    let value = value.filter(|it| !it.is_null())?;
    if it.nesting == Nesting::Single {
        return Some(Node::Block(of(&it.block, value, framework)));
    }
    let mut all: Vec<Body> =
        value.as_items().unwrap_or_default().iter().map(|item| of(&it.block, item, framework)).collect();
    match all.len() {
        0 => None,
        1 => all.pop().map(Node::Block),
        _ => Some(Node::Blocks(all)),
    }
}

/// A document as such; what is none stays text.
fn json(value: &Value) -> Node {
    let Kind::String(text) = &value.kind else { return Node::Value(value.clone()) };
    match serde_json::from_str(text) {
        Ok(it @ (Json::Object(_) | Json::Array(_))) => Node::Json(it),
        _ => Node::Value(value.clone()),
    }
}

/// A text as a template that gives it: nothing in it is computed.
pub(super) fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}
