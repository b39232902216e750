//! Terraform's JSON syntax: the same blocks, as objects; expressions as templates in strings.

use std::sync::Arc;

use super::block::{Block, KINDS, labels_of, no_kind};
use super::dynamic;
use crate::config::json::{Json, Kind, parse};
use crate::config::{Setting, offsets};
use crate::diag::{Diagnostic, Diagnostics, Place, SourceFile};
use crate::lang::expr::Part;
use crate::lang::{Expr, Node, Number, Value};

/// A property of this name says something to people only.
const COMMENT: &str = "//";

/// The blocks of a `.tf.json` file.
pub(super) fn file(file: &Arc<SourceFile>, errors: &mut Diagnostics) -> Vec<Block> {
    let Some(root) = errors.take(parse(file)) else { return Vec::new() };
    let mut reader = Reader { errors };
    let mut out = Vec::new();
    for (name, place, value) in reader.properties(root, "the file") {
        match labels_of(&name) {
            Some(labels) => reader.kind(&name, &place, labels.len(), value, &mut out),
            None => {
                let all: Vec<_> = KINDS.iter().map(|it| format!("`{}`", it.0)).collect();
                let error = no_kind(&name, &place);
                let help = error.help.clone().unwrap_or_else(|| format!("there are {}", all.join(", ")));
                reader.errors.push(error.help(help));
            }
        }
    }
    out
}

/// The values in a `.tfvars.json` file: texts are texts there, whatever they hold.
pub(in crate::config) fn values(file: &Arc<SourceFile>) -> Result<Vec<Setting>, Diagnostics> {
    let root = parse(file)?;
    let place = root.place.clone();
    let Kind::Object(all) = root.kind else {
        return Err(Diagnostic::error("the values must stand in an object: { … }").at(&place).into());
    };
    let mut errors = Diagnostics::default();
    let mut reader = Reader { errors: &mut errors };
    let all = reader.once(all);
    let one = |(name, place, value)| Setting { name, place, value: reader.expr(value, Texts::Literal) };
    let all = all.into_iter().map(one).collect();
    errors.check(all)
}

/// The whole of a text as one expression.
pub(in crate::config) fn tree(file: &Arc<SourceFile>) -> Result<Expr, Diagnostics> {
    let root = parse(file)?;
    let mut errors = Diagnostics::default();
    let tree = Reader { errors: &mut errors }.expr(root, Texts::Templates);
    errors.check(tree)
}

type Property = (Arc<str>, Place, Json);

/// What strings are.
#[derive(Clone, Copy, PartialEq)]
enum Texts {
    Templates,
    Literal,
}

struct Reader<'a> {
    errors: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The properties of an object, or of several in an array; without the comments.
    fn properties(&mut self, it: Json, what: &str) -> Vec<Property> {
        match it.kind {
            Kind::Object(all) => all.into_iter().filter(|it| &*it.0 != COMMENT).collect(),
            Kind::Array(all) => all.into_iter().flat_map(|it| self.properties(it, what)).collect(),
            _ => {
                let error = Diagnostic::error(format!("{what} must be an object: {{ … }}"));
                self.errors.push(error.at(&it.place));
                Vec::new()
            }
        }
    }

    fn kind(&mut self, kind: &Arc<str>, place: &Place, labels: usize, value: Json, out: &mut Vec<Block>) {
        let block = Block {
            kind: kind.clone(),
            kind_place: place.clone(),
            labels: Vec::new(),
            body: Vec::new(),
            place: place.clone(),
        };
        self.labelled(block, labels, value, out);
    }

    /// Goes down through the names to the bodies.
    fn labelled(&mut self, block: Block, left: usize, value: Json, out: &mut Vec<Block>) {
        if left == 0 {
            return self.bodies(block, value, out);
        }
        let what = format!("`{}`", block.title());
        for (name, place, value) in self.properties(value, &what) {
            let mut inner = block.clone();
            inner.labels.push((name, place.clone()));
            inner.place = place;
            self.labelled(inner, left - 1, value, out);
        }
    }

    /// An object is a block; an array of them, several.
    fn bodies(&mut self, block: Block, value: Json, out: &mut Vec<Block>) {
        match value.kind {
            Kind::Array(all) => all.into_iter().for_each(|it| self.bodies(block.clone(), it, out)),
            Kind::Null => {}
            Kind::Object(all) => {
                let body = self.body(all, &block.kind);
                out.push(Block { body, ..block });
            }
            _ => {
                let error = Diagnostic::error(format!("`{}` must be an object: {{ … }}", block.title()));
                self.errors.push(error.at(&value.place));
            }
        }
    }

    /// Every name once.
    fn once(&mut self, all: Vec<Property>) -> Vec<Property> {
        let mut out: Vec<Property> = Vec::with_capacity(all.len());
        let mut seen = std::collections::HashSet::new();
        for it in all {
            if seen.insert(it.0.clone()) {
                out.push(it);
            } else {
                let error = Diagnostic::error(format!("`{}` stands twice in this object", it.0));
                self.errors.push(error.at(&it.1).label("the second one"));
            }
        }
        out
    }

    fn body(&mut self, all: Vec<Property>, kind: &str) -> Vec<Setting> {
        let all: Vec<_> = all.into_iter().filter(|it| &*it.0 != COMMENT).collect();
        let mut out = Vec::new();
        let mut dynamic = Vec::new();
        for (name, place, value) in self.once(all) {
            match &*name {
                "dynamic" => dynamic.push(value),
                // One block, for which an array may stand.
                "lifecycle" | "connection" | "required_providers" => {
                    out.push(Setting { name, place, value: self.single(value) });
                }
                // Evaluated where nothing can be referred to: no templates there.
                "default" | "description" if kind == "variable" => {
                    out.push(Setting { name, place, value: self.expr(value, Texts::Literal) });
                }
                _ => out.push(Setting { name, place, value: self.expr(value, Texts::Templates) }),
            }
        }
        dynamic.into_iter().for_each(|it| self.dynamic(it, &mut out));
        out
    }

    fn single(&mut self, value: Json) -> Expr {
        let place = value.place.clone();
        let what = "this block";
        let all = self.properties(value, what);
        let fields = self.body(all, "").into_iter().map(|it| (it.name, it.place, it.value)).collect();
        Expr { node: Node::Object(fields), place }
    }

    /// `"dynamic": { "ingress": { … } }`: one block or several of each type.
    fn dynamic(&mut self, value: Json, out: &mut Vec<Setting>) {
        for (name, place, value) in self.properties(value, "`dynamic`") {
            let bodies = match value.kind {
                Kind::Array(all) => all,
                _ => vec![value],
            };
            for it in bodies {
                let all = self.properties(it, "a `dynamic` block");
                let body = self.body(all, "");
                let labels = vec![(name.clone(), place.clone())];
                let Some((name, at, part)) = dynamic::read(labels, body, place.clone(), self.errors) else {
                    continue;
                };
                add(name, at, part, out);
            }
        }
    }

    fn expr(&mut self, it: Json, texts: Texts) -> Expr {
        let place = it.place;
        let node = match it.kind {
            Kind::Null => Node::Constant(Value::null(crate::lang::Type::Any)),
            Kind::Bool(it) => Node::Constant(it.into()),
            // The parser has made sure that it is one.
            Kind::Number(text) => {
                Node::Constant(text.parse::<Number>().map_or_else(|_| text.into(), Value::from))
            }
            Kind::String(text) if texts == Texts::Literal => Node::Constant(text.into()),
            Kind::String(text) => return self.template(&text, place),
            Kind::Array(all) => Node::Array(all.into_iter().map(|it| self.expr(it, texts)).collect()),
            Kind::Object(all) => return self.object(all, texts, place),
        };
        Expr { node, place }
    }

    fn template(&mut self, text: &str, place: Place) -> Expr {
        let offsets = offsets::of_string(&place.file, place.span.clone(), text);
        let read = Expr::template(text, offsets, place.clone());
        self.errors.take(read).unwrap_or_else(|| Expr::constant(text, &place))
    }

    /// An object of an expression, or a nested block: which one, only the resource type knows.
    fn object(&mut self, all: Vec<Property>, texts: Texts, place: Place) -> Expr {
        let all = self.once(all);
        let mut fields = Vec::with_capacity(all.len());
        let mut dynamic = Vec::new();
        for (name, place, value) in all {
            match &*name == "dynamic" && is_dynamic(&value) {
                true => dynamic.push(value),
                false => fields.push(Setting { name, place, value: self.expr(value, texts) }),
            }
        }
        dynamic.into_iter().for_each(|it| self.dynamic(it, &mut fields));
        let fields = fields.into_iter().map(|it| (it.name, it.place, it.value)).collect();
        Expr { node: Node::Object(fields), place }
    }
}

/// Adds a `dynamic` to the blocks of its type that are there already.
fn add(name: Arc<str>, place: Place, part: Part, out: &mut Vec<Setting>) {
    let Some(at) = out.iter().position(|it| it.name == name) else {
        let value = Expr { place: part.place().clone(), node: Node::Blocks(vec![part]) };
        return out.push(Setting { name, place, value });
    };
    let first = out.remove(at);
    let around = first.value.place.clone();
    let mut parts = match first.value.node {
        Node::Blocks(parts) => parts,
        Node::Array(all) => all.into_iter().map(Part::Static).collect(),
        _ => vec![Part::Static(first.value)],
    };
    parts.push(part);
    out.insert(at, Setting { value: Expr { node: Node::Blocks(parts), place: around }, ..first });
}

/// Whether a property `dynamic` makes blocks: it may be the key of a map too.
fn is_dynamic(it: &Json) -> bool {
    let has = |all: &[Property], name: &str| all.iter().any(|it| &*it.0 == name);
    let body = |it: &Json| match &it.kind {
        Kind::Object(all) => has(all, "for_each") && has(all, "content"),
        Kind::Array(all) => {
            all.first().is_some_and(|it| matches!(&it.kind, Kind::Object(all) if has(all, "for_each")))
        }
        _ => false,
    };
    match &it.kind {
        Kind::Object(all) => !all.is_empty() && all.iter().all(|it| body(&it.2)),
        Kind::Array(all) => all.first().is_some_and(is_dynamic),
        _ => false,
    }
}
