use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aws::{Aws, Error, Result};
use crate::resource::*;
use hashed::{Hashed, checksum, in_order};
use model::{Condition as ModelCondition, Document, Names, Principal, Statement as ModelStatement};

mod hashed;
mod model;
mod parse;
mod write;

/// A policy document out of its statements, alone or put together from several documents.
///
/// ```toml
/// [data.aws_iam_policy_document.trust]
/// [[data.aws_iam_policy_document.trust.statement]]
/// actions = ["sts:AssumeRole"]
/// principals = [{ type = "Service", identifiers = ["ecs-tasks.amazonaws.com"] }]
/// ```
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// What is allowed or denied.
    #[serde(default)]
    pub statement: Vec<Statement>,
    /// Documents to begin with. No two of them may have a statement of one `sid`; those of this
    /// document replace theirs.
    pub source_policy_documents: Option<Vec<Json>>,
    /// Documents to end with: their statements replace those of the same `sid`.
    pub override_policy_documents: Option<Vec<Json>>,
    /// Version of the policy language.
    #[serde(default = "latest")]
    #[schemars(extend("enum" = ["2008-10-17", "2012-10-17"]))]
    pub version: String,
    /// A name for the document.
    pub policy_id: Option<String>,
    /// Not used any more: say `source_policy_documents`.
    #[schemars(length(max = 0))]
    pub source_json: Option<String>,
    /// Not used any more: say `override_policy_documents`.
    #[schemars(length(max = 0))]
    pub override_json: Option<String>,
    /// A checksum of `json`.
    pub id: Computed<String>,
    /// The document, to be read by people.
    pub json: Computed<String>,
    /// The document without blanks: policies have a greatest length.
    pub minified_json: Computed<String>,
}

/// One rule. `&{…}` in it stands for a variable of the policy language, `${…}`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its name, unique in the document.
    pub sid: Option<String>,
    /// `Allow` or `Deny`.
    #[serde(default = "allow")]
    #[schemars(extend("enum" = ["Allow", "Deny"]))]
    pub effect: String,
    /// Operations such as `s3:GetObject`.
    pub actions: Option<Set<String>>,
    /// All operations but these.
    pub not_actions: Option<Set<String>>,
    /// ARNs of what the operations touch.
    pub resources: Option<Set<String>>,
    /// Everything but these.
    pub not_resources: Option<Set<String>>,
    /// Whom the statement is about, in a policy of a resource or role.
    #[serde(default)]
    pub principals: Set<Principals>,
    /// Everyone but these.
    #[serde(default)]
    pub not_principals: Set<Principals>,
    /// When the statement holds.
    #[serde(default)]
    pub condition: Set<Condition>,
}

/// Accounts, services, users…
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principals {
    /// `AWS`, `Service`, `Federated`, `CanonicalUser` or `*`.
    #[serde(rename = "type")]
    pub kind: String,
    /// ARNs, account ids, names of services, or `*`.
    pub identifiers: Set<String>,
}

/// A test that a request must pass.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Such as `StringEquals`.
    pub test: String,
    /// What is tested, such as `aws:SourceArn`.
    pub variable: String,
    /// Of these, one has to match.
    pub values: Vec<String>,
}

fn latest() -> String {
    "2012-10-17".into()
}

fn allow() -> String {
    "Allow".into()
}

impl DataSource for PolicyDocument {
    const TYPE: &'static str = "aws_iam_policy_document";
    const READS: Reads = Reads::NOTHING;
    const PURE: bool = true;

    async fn read(mut self, _aws: &Aws) -> Result<Self> {
        let json = self.document()?.to_json();
        self.json = Computed(write::indented(&json));
        self.minified_json = Computed(write::compact(&json));
        self.id = Computed(checksum(&self.json).to_string());
        Ok(self)
    }
}

impl PolicyDocument {
    /// This document between the others.
    fn document(&self) -> Result<Document> {
        let mut merged = Document::default();
        let mut sids = BTreeSet::new();
        for (index, source) in given("source_policy_documents", &self.source_policy_documents) {
            let source = parse::document(source).map_err(|it| at(&index, it))?;
            for sid in source.statements.iter().map(|it| &it.sid).filter(|it| !it.is_empty()) {
                if !sids.insert(sid.clone()) {
                    return Err(Error::Invalid(format!(
                        "{index}: an earlier one has a statement `{sid}` too"
                    )));
                }
            }
            merged.merge(source);
        }
        merged.merge(self.own()?);
        for (index, document) in given("override_policy_documents", &self.override_policy_documents) {
            merged.merge(parse::document(document).map_err(|it| at(&index, it))?);
        }
        Ok(merged)
    }

    fn own(&self) -> Result<Document> {
        let mut sids = BTreeSet::new();
        for sid in self.statement.iter().filter_map(|it| it.sid.as_deref()).filter(|it| !it.is_empty()) {
            if !sids.insert(sid) {
                return Err(Error::Invalid(format!("two statements have the sid `{sid}`")));
            }
        }
        let variables = Variables { supported: self.version != "2008-10-17" };
        let statements = self.statement.iter().map(|it| it.model(&variables));
        Ok(Document {
            version: self.version.clone(),
            id: self.policy_id.clone().unwrap_or_default(),
            statements: statements.collect::<Result<_>>()?,
        })
    }
}

fn at(place: &str, problem: String) -> Error {
    Error::Invalid(format!("{place}: {problem}"))
}

/// Each document that says something, and what to call it.
fn given<'a>(name: &'static str, all: &'a Option<Vec<Json>>) -> impl Iterator<Item = (String, &'a str)> {
    let all = all.iter().flatten().enumerate().filter(|it| !it.1.is_empty());
    all.map(move |(at, it)| (format!("{name}[{at}]"), it.as_str()))
}

impl Statement {
    fn model(&self, variables: &Variables) -> Result<ModelStatement> {
        Ok(ModelStatement {
            sid: self.sid.clone().unwrap_or_default(),
            effect: self.effect.clone(),
            actions: names(&self.actions).map(|it| it.to_json()),
            not_actions: names(&self.not_actions).map(|it| it.to_json()),
            resources: variables.replaced(names(&self.resources))?.map(|it| it.to_json()),
            not_resources: variables.replaced(names(&self.not_resources))?.map(|it| it.to_json()),
            principals: principals(&self.principals, variables)?,
            not_principals: principals(&self.not_principals, variables)?,
            conditions: conditions(&self.condition, variables)?,
        })
    }
}

/// One as it is, several in descending order.
fn names(set: &Option<Set<String>>) -> Option<Names> {
    let mut all = set.iter().flat_map(|it| it.iter().cloned()).collect::<Vec<_>>();
    all.sort_by(|a, b| b.cmp(a));
    all.dedup();
    match all.len() {
        0 => None,
        1 => all.pop().map(Names::One),
        _ => Some(Names::Many(all)),
    }
}

fn principals(set: &Set<Principals>, variables: &Variables) -> Result<Vec<Principal>> {
    let model = |it: &Principals| {
        let all = names(&Some(it.identifiers.clone())).unwrap_or(Names::Many(Vec::new()));
        let names = variables.replaced(Some(all))?.unwrap_or(Names::Many(Vec::new()));
        Ok(Principal { kind: it.kind.clone(), names })
    };
    in_order(set).into_iter().map(model).collect()
}

fn conditions(set: &Set<Condition>, variables: &Variables) -> Result<Vec<ModelCondition>> {
    let model = |it: &Condition| {
        let values = it.values.iter().map(|it| variables.replace(it)).collect::<Result<_>>()?;
        Ok(ModelCondition { test: it.test.clone(), variable: it.variable.clone(), values })
    };
    in_order(set).into_iter().map(model).collect()
}

/// `&{…}` is how a template writes `${…}`.
struct Variables {
    /// The document's version knows variables.
    supported: bool,
}

impl Variables {
    fn replace(&self, text: &str) -> Result<String> {
        if !self.supported && text.contains("&{") {
            let problem = format!("`{text}`: policies of version 2008-10-17 have no variables");
            return Err(Error::Invalid(problem));
        }
        Ok(text.replace("&{", "${"))
    }

    fn replaced(&self, names: Option<Names>) -> Result<Option<Names>> {
        Ok(match names {
            None => None,
            Some(Names::One(it)) => Some(Names::One(self.replace(&it)?)),
            Some(Names::Many(all)) => {
                Some(Names::Many(all.iter().map(|it| self.replace(it)).collect::<Result<_>>()?))
            }
        })
    }
}

impl Hashed for Principals {
    fn hashed(&self) -> String {
        let all = in_order(&self.identifiers);
        let all = all.iter().map(|it| format!("{it};")).collect::<String>();
        format!("identifiers:{{{all}}};type:{};", self.kind)
    }
}

impl Hashed for Condition {
    fn hashed(&self) -> String {
        let all = self.values.iter().map(|it| format!("{it};")).collect::<String>();
        format!("test:{};values:({all});variable:{};", self.test, self.variable)
    }
}
