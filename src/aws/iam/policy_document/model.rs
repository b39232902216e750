//! A policy document as the Terraform provider holds it between reading and writing.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

#[derive(Default)]
pub(super) struct Document {
    pub version: String,
    pub id: String,
    pub statements: Vec<Statement>,
}

/// Of another document, actions and resources may be anything.
#[derive(Default)]
pub(super) struct Statement {
    pub sid: String,
    pub effect: String,
    pub actions: Option<Json>,
    pub not_actions: Option<Json>,
    pub resources: Option<Json>,
    pub not_resources: Option<Json>,
    pub principals: Vec<Principal>,
    pub not_principals: Vec<Principal>,
    pub conditions: Vec<Condition>,
}

/// A list of one stays a list.
#[derive(Clone)]
pub(super) enum Names {
    One(String),
    Many(Vec<String>),
}

pub(super) struct Principal {
    pub kind: String,
    pub names: Names,
}

pub(super) struct Condition {
    pub test: String,
    pub variable: String,
    pub values: Vec<String>,
}

impl Document {
    /// The other's statements replace ours of the same sid, in their places.
    pub fn merge(&mut self, other: Document) {
        if !other.id.is_empty() {
            self.id = other.id;
        }
        if other.version > self.version {
            self.version = other.version;
        }
        for it in other.statements {
            let same = |ours: &&mut Statement| !it.sid.is_empty() && ours.sid == it.sid;
            match self.statements.iter_mut().find(same) {
                Some(ours) => *ours = it,
                None => self.statements.push(it),
            }
        }
    }

    pub fn to_json(&self) -> Json {
        let statements = self.statements.iter().map(Statement::to_json).collect::<Vec<_>>();
        let statements = (!statements.is_empty()).then_some(Json::Array(statements));
        object([("Version", text(&self.version)), ("Id", text(&self.id)), ("Statement", statements)])
    }
}

impl Statement {
    fn to_json(&self) -> Json {
        object([
            ("Sid", text(&self.sid)),
            ("Effect", text(&self.effect)),
            ("Action", self.actions.clone()),
            ("NotAction", self.not_actions.clone()),
            ("Resource", self.resources.clone()),
            ("NotResource", self.not_resources.clone()),
            ("Principal", principals(&self.principals)),
            ("NotPrincipal", principals(&self.not_principals)),
            ("Condition", conditions(&self.conditions)),
        ])
    }
}

fn text(it: &str) -> Option<Json> {
    (!it.is_empty()).then(|| it.into())
}

/// What is there, in the order given.
fn object<const N: usize>(fields: [(&str, Option<Json>); N]) -> Json {
    let there = fields.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?)));
    Json::Object(there.collect())
}

impl Names {
    pub fn to_json(&self) -> Json {
        match self {
            Names::One(it) => it.as_str().into(),
            Names::Many(all) => all.clone().into(),
        }
    }

    fn is_everyone(&self) -> bool {
        match self {
            Names::One(it) => it == "*",
            Names::Many(all) => matches!(&all[..], [it] if it == "*"),
        }
    }

    /// Puts the other's behind ours.
    fn add(self, other: Names) -> Names {
        let mut all = self.into_vec();
        all.extend(other.into_vec());
        Names::Many(all)
    }

    fn into_vec(self) -> Vec<String> {
        match self {
            Names::One(it) => vec![it],
            Names::Many(all) => all,
        }
    }
}

fn principals(all: &[Principal]) -> Option<Json> {
    if let [it] = all
        && it.kind == "*"
        && it.names.is_everyone()
    {
        return Some("*".into());
    }
    let mut kinds = BTreeMap::<&str, Names>::new();
    for it in all {
        let mut names = it.names.clone();
        if let Names::Many(many) = &mut names {
            many.sort_by(|a, b| b.cmp(a));
        }
        let names = match kinds.remove(it.kind.as_str()) {
            Some(had) => had.add(names),
            None => names,
        };
        kinds.insert(&it.kind, names);
    }
    let kinds = kinds.into_iter().map(|(kind, it)| (kind.to_owned(), it.to_json()));
    (!all.is_empty()).then(|| Json::Object(kinds.collect()))
}

fn conditions(all: &[Condition]) -> Option<Json> {
    let mut tests = BTreeMap::<&str, BTreeMap<&str, Vec<String>>>::new();
    for it in all {
        let values = tests.entry(&it.test).or_default().entry(&it.variable).or_default();
        values.extend(it.values.iter().cloned());
    }
    let value = |values: Vec<String>| match <[String; 1]>::try_from(values) {
        Ok([one]) => one.into(),
        Err(all) => all.into(),
    };
    let tests = tests.into_iter().map(|(test, variables)| {
        let variables = variables.into_iter().map(|(name, it)| (name.to_owned(), value(it)));
        (test.to_owned(), Json::Object(variables.collect::<Map<_, _>>()))
    });
    (!all.is_empty()).then(|| Json::Object(tests.collect()))
}
