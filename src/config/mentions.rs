//! What the expressions of a module refer to, in the terms of its configuration: Terraform's
//! referenceable addresses, and what is taken of them.

use std::fmt;

use crate::address::{Key, Mode, ResourceAddr};
use crate::lang::Expr;
use crate::lang::expr::Step;

/// What may be referred to inside a module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Variable(String),
    Local(String),
    /// A resource or data source of the module, or one instance of it.
    Resource {
        mode: Mode,
        kind: String,
        name: String,
        key: Key,
    },
    /// A called module, or one instance of it.
    Module {
        name: String,
        key: Key,
    },
    /// What a called module gives.
    Output {
        module: String,
        key: Key,
        output: String,
    },
    /// `each.key`, `count.index`: something of the resource or call itself.
    Own(String),
    /// `path.module`, `terraform.workspace`, `self`.
    Other(String),
}

/// A subject, and the steps that follow it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mention {
    pub subject: Subject,
    pub rest: Vec<Step>,
}

/// Everything that an expression refers to, in the order of the text; as often as it does.
pub fn of(expr: &Expr) -> Vec<Mention> {
    expr.traversals().iter().filter_map(|it| mention(it)).collect()
}

/// What a reference is about; `None` where it is none, such as a lone `module`.
pub fn mention(steps: &[Step]) -> Option<Mention> {
    let name = |at: usize| match steps.get(at) {
        Some(Step::Name(it)) => Some(it.clone()),
        _ => None,
    };
    let first = name(0)?;
    let done = |subject, used: usize| Some(Mention { subject, rest: steps[used..].to_vec() });
    match first.as_str() {
        "var" => done(Subject::Variable(name(1)?), 2),
        "local" => done(Subject::Local(name(1)?), 2),
        "each" | "count" => done(Subject::Own(format!("{first}.{}", name(1)?)), 2),
        "path" | "terraform" | "infra" | "stack" => done(Subject::Other(format!("{first}.{}", name(1)?)), 2),
        "self" => done(Subject::Other(first), 1),
        "module" => {
            let module = name(1)?;
            let (key, used) = key(steps, 2);
            match name(used) {
                Some(output) => done(Subject::Output { module, key, output }, used + 1),
                None => done(Subject::Module { name: module, key }, used),
            }
        }
        "data" => resource(steps, 1, Mode::Data),
        "resource" => resource(steps, 1, Mode::Managed),
        _ => resource(steps, 0, Mode::Managed),
    }
}

fn resource(steps: &[Step], from: usize, mode: Mode) -> Option<Mention> {
    let [Step::Name(kind), Step::Name(name), ..] = steps.get(from..)? else { return None };
    let (key, used) = key(steps, from + 2);
    let subject = Subject::Resource { mode, kind: kind.clone(), name: name.clone(), key };
    Some(Mention { subject, rest: steps[used..].to_vec() })
}

/// The key at this step, if one stands there, and the step after it.
fn key(steps: &[Step], at: usize) -> (Key, usize) {
    match steps.get(at) {
        Some(Step::Index(it)) => (Key::Index(*it), at + 1),
        Some(Step::Key(it)) => (Key::Name(it.as_str().into()), at + 1),
        _ => (Key::None, at),
    }
}

impl Subject {
    /// The same without the key of an instance, or without what is taken of a module: what Terraform
    /// names besides.
    pub fn wider(&self) -> Option<Subject> {
        match self {
            Subject::Resource { mode, kind, name, key } if *key != Key::None => {
                let (kind, name) = (kind.clone(), name.clone());
                Some(Subject::Resource { mode: *mode, kind, name, key: Key::None })
            }
            Subject::Module { name, key } if *key != Key::None => {
                Some(Subject::Module { name: name.clone(), key: Key::None })
            }
            Subject::Output { module, key, .. } => {
                Some(Subject::Module { name: module.clone(), key: key.clone() })
            }
            _ => None,
        }
    }

    /// The resource's address within its module.
    pub fn resource(&self) -> Option<(ResourceAddr, Key)> {
        let Subject::Resource { mode, kind, name, key } = self else { return None };
        let addr = match mode {
            Mode::Data => ResourceAddr::data(kind, name),
            Mode::Managed => ResourceAddr::managed(kind, name),
        };
        Some((addr, key.clone()))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Variable(name) => write!(f, "var.{name}"),
            Subject::Local(name) => write!(f, "local.{name}"),
            Subject::Resource { mode: Mode::Data, kind, name, key } => write!(f, "data.{kind}.{name}{key}"),
            Subject::Resource { kind, name, key, .. } => write!(f, "{kind}.{name}{key}"),
            Subject::Module { name, key } => write!(f, "module.{name}{key}"),
            Subject::Output { module, key, output } => write!(f, "module.{module}{key}.{output}"),
            Subject::Own(text) | Subject::Other(text) => f.write_str(text),
        }
    }
}

/// Steps as they are written after something: `.a[0]["b"]`.
pub fn written(steps: &[Step]) -> String {
    let one = |it: &Step| match it {
        Step::Name(it) => format!(".{it}"),
        Step::Index(it) => Key::Index(*it).to_string(),
        Step::Key(it) => Key::Name(it.as_str().into()).to_string(),
    };
    steps.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Place, SourceFile};
    use crate::lang::expr::Offsets;

    fn mentions(text: &str) -> Vec<String> {
        let file = Arc::new(SourceFile { path: "main.tf".into(), text: text.into() });
        let offsets = Offsets::verbatim(&file, 0..text.len());
        let expr = Expr::hcl(text, offsets, Place::new(&file, 0..text.len())).unwrap();
        of(&expr).iter().map(|it| format!("{}|{}", it.subject, written(&it.rest))).collect()
    }

    #[test]
    fn subjects_are_terraforms() {
        let text = r#"[a_b.c[0].d["e"].f, module.m["k"].out.x, module.m, data.a_b.c[var.i].y, each.value.z,
            a_b.c[*].d, [for x in local.l : x.y], path.module, self.id, a_b.c.0.d, module.m[0]]"#;
        assert_eq!(
            mentions(text),
            [
                "a_b.c[0]|.d[\"e\"].f",
                "module.m[\"k\"].out|.x",
                "module.m|",
                "data.a_b.c|",
                "var.i|",
                "each.value|.z",
                "a_b.c|",
                "local.l|",
                "path.module|",
                "self|.id",
                "a_b.c[0]|.d",
                "module.m[0]|",
            ]
        );
    }
}
