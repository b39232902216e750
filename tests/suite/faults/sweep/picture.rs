//! What an account and a state look like, with everything that is left to chance taken away: ids stand
//! as the address of what they are of.

use std::collections::{BTreeMap, BTreeSet};

use infra::aws::Aws;
use infra::aws::connect::Settings;
use infra::kind;
use infra::sandbox;
use infra::schema::{conform, region};
use serde_json::Value as Json;

use super::script::instead;
use crate::faults::stage::Stage;

/// Where the stacks make things.
const REGIONS: [&str; 2] = ["eu-west-1", "eu-central-1"];

/// Attributes that count how often something was written, or when.
/// (The emulator counts an attachment that is repeated twice.)
const COUNTERS: [(&str, &str); 2] =
    [("aws_ssm_parameter", "version"), ("aws_iam_policy", "attachment_count")];

/// The tag of a create, which nothing may carry in the end.
const MARK: &str = "infra:token";

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// How many of each kind, in each region, beside what an empty account holds.
    kinds: BTreeMap<String, usize>,
    /// The state's objects, by address and path inside.
    state: BTreeMap<String, String>,
    /// Files that the stack has made.
    files: usize,
    /// What is wrong whatever one compares with.
    wrong: Vec<String>,
}

impl Picture {
    /// After a phase, with what an undisturbed apply does not look at again refreshed: one thing may show
    /// what another one has done to it.
    pub fn after(stage: &Stage, phase: usize) -> Picture {
        if let Some(words) = instead(phase, &["apply", "--refresh-only", "--auto-approve"]) {
            stage.must(&words, 0);
        }
        Picture::of(stage)
    }

    fn of(stage: &Stage) -> Picture {
        let mut out = Picture::default();
        let state = stage.state();
        let text = state.to_string();
        for region in REGIONS {
            let before = stage.before(region);
            let (all, marked) = held(stage, region);
            // The emulator keeps the interface of a NAT gateway that is gone.
            let ours = |it: &&String| !it.starts_with("network-interface ") && !it.ends_with(&stage.bucket());
            for it in all.difference(&before).filter(ours) {
                let kind = it.split(' ').next().unwrap_or_default();
                *out.kinds.entry(format!("{region} {kind}")).or_default() += 1;
            }
            let there = |id: &String| all.iter().any(|it| it.split(' ').nth(1) == Some(id));
            out.wrong.extend(marked.into_iter().filter(there).map(|it| format!("{it} still carries {MARK}")));
        }
        if text.contains(MARK) {
            out.wrong.push(format!("{MARK} is in the state"));
        }
        out.look_at(&state, &stage.account.id);
        out.look_at_aws(stage, &state);
        let made = stage.folder.path().join("made");
        out.files = std::fs::read_dir(made).map_or(0, Iterator::count);
        out
    }

    /// The things themselves, in every detail: a refresh takes some of it from the state.
    fn look_at_aws(&mut self, stage: &Stage, state: &Json) {
        let names = names(state, &stage.account.id);
        for region in REGIONS {
            connected(stage, region, async |aws| {
                for (addr, object) in objects(state) {
                    let attributes = &object["attributes"];
                    let name = addr.split([' ', '.']).find(|it| it.starts_with("aws_")).unwrap_or_default();
                    let Some(kind) = kind::resource(name) else { continue };
                    if region::of(name, attributes).unwrap_or(REGIONS[0]) != region {
                        continue;
                    }
                    let key = kind.key(&conform::known(attributes, &kind.schema().block)).unwrap();
                    // What a refresh leaves as it is depends on when a thing was read in full.
                    let rough =
                        kind.read(&aws.exactly(false), std::slice::from_ref(&key)).await.unwrap().pop();
                    for name in rough.into_iter().flat_map(|it| it.unread) {
                        self.forget(&format!("{addr}.attributes.{name}"));
                    }
                    match kind.read(&aws.exactly(true), &[key]).await.unwrap().pop() {
                        Some(it) => self.flatten(&format!("at AWS {addr}"), &renamed(&it.attributes, &names)),
                        None => self.wrong.push(format!("{addr} does not exist")),
                    }
                }
            });
        }
    }

    /// Leaves a value of the state out, and all that is inside of it.
    fn forget(&mut self, path: &str) {
        let inside =
            |it: &str| it.strip_prefix(path).is_some_and(|it| it.is_empty() || it.starts_with(['.', '[']));
        self.state.retain(|it, _| !inside(it));
    }

    fn look_at(&mut self, state: &Json, account: &str) {
        let objects = objects(state);
        let names = names(state, account);
        for (addr, object) in &objects {
            for (flag, text) in [("status", "tainted"), ("deposed", "deposed")] {
                if !object[flag].is_null() {
                    self.wrong.push(format!("{addr} is {text}"));
                }
            }
            self.flatten(addr, &renamed(object, &names));
        }
    }

    fn flatten(&mut self, path: &str, value: &Json) {
        match value {
            Json::Object(all) => {
                all.iter().for_each(|(name, it)| self.flatten(&format!("{path}.{name}"), it))
            }
            Json::Array(all) => {
                // Sets have no order, and ids that gave them one are renamed.
                let mut all: Vec<&Json> = all.iter().collect();
                all.sort_by_key(|it| it.to_string());
                all.iter().enumerate().for_each(|(at, it)| self.flatten(&format!("{path}[{at}]"), it));
            }
            // Nothing is nothing, whichever way it is said.
            Json::Null => {}
            Json::String(text) if text.is_empty() => {}
            other => drop(self.state.insert(path.to_owned(), other.to_string())),
        }
    }

    /// What both say; what they say of the same differently is by chance.
    pub fn common(mut self, other: Picture) -> Picture {
        assert_eq!(self.kinds, other.kinds, "two undisturbed lives differ");
        assert_eq!(self.files, other.files, "two undisturbed lives differ");
        assert_eq!((&self.wrong, &other.wrong), (&Vec::new(), &Vec::new()), "an undisturbed life");
        assert!(self.state.keys().eq(other.state.keys()), "two undisturbed lives differ");
        for (path, value) in &mut self.state {
            if other.state[path] != *value || by_chance(path, value) {
                CHANCE.clone_into(value);
            }
        }
        self
    }

    /// What this one has otherwise.
    pub fn differences(&self, expected: &Picture) -> Result<(), String> {
        let mut out = self.wrong.clone();
        let kinds: BTreeSet<&String> = self.kinds.keys().chain(expected.kinds.keys()).collect();
        for kind in kinds {
            let (is, should) = (self.kinds.get(kind), expected.kinds.get(kind));
            if is != should {
                let count = |it: Option<&usize>| it.copied().unwrap_or_default();
                out.push(format!("{kind}: {} instead of {}", count(is), count(should)));
            }
        }
        if self.files != expected.files {
            out.push(format!("{} files instead of {}", self.files, expected.files));
        }
        for (path, should) in &expected.state {
            match self.state.get(path) {
                None => out.push(format!("the state lacks {path}: {should}")),
                Some(is) if should != CHANCE && is != should => {
                    out.push(format!("in the state {path} is {is} instead of {should}"));
                }
                Some(_) => {}
            }
        }
        let more = self.state.iter().filter(|it| !expected.state.contains_key(it.0));
        out.extend(more.map(|(path, is)| format!("the state has {path}: {is}")));
        if out.is_empty() { Ok(()) } else { Err(out.join("\n")) }
    }
}

const CHANCE: &str = "(by chance)";

/// What may be alike in two lives and different in the next.
fn by_chance(path: &str, value: &str) -> bool {
    let kind = |name: &str| path.split([' ', '.', '[']).any(|it| it.starts_with(name));
    let time = kind("time_") && value.parse::<f64>().is_ok() || value.contains("T") && value.ends_with("Z\"");
    let counter = COUNTERS.iter().any(|(name, field)| kind(name) && path.ends_with(field));
    time || counter || kind("random_") || kind("archive_")
}

/// Every object of a state, by its address.
fn objects(state: &Json) -> Vec<(String, Json)> {
    let mut out = Vec::new();
    for resource in state["resources"].as_array().into_iter().flatten() {
        let word = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
        for object in resource["instances"].as_array().into_iter().flatten() {
            let addr = format!(
                "{} {}.{}[{}]",
                word("module"),
                word("type"),
                word("name"),
                object["index_key"].as_str().map_or_else(|| object["index_key"].to_string(), str::to_owned)
            );
            out.push((addr, object.clone()));
        }
    }
    out
}

/// What stands for which object, the longest first.
fn names(state: &Json, account: &str) -> Vec<(String, String)> {
    let mut names = vec![(account.to_owned(), "ACCOUNT".to_owned())];
    for (addr, object) in objects(state) {
        let id = object["attributes"]["id"].as_str().unwrap_or_default();
        let time = id.ends_with('Z') && id.contains(':') && id.starts_with(|it: char| it.is_ascii_digit());
        if id.len() >= 8 && !id.bytes().all(|it| it.is_ascii_digit()) && !time {
            names.push((id.to_owned(), format!("<{addr}>")));
        }
    }
    names.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
    names
}

fn renamed(value: &Json, names: &[(String, String)]) -> Json {
    match value {
        Json::String(text) => {
            let put = |text: String, it: &(String, String)| text.replace(&it.0, &it.1);
            Json::String(names.iter().fold(text.clone(), put))
        }
        Json::Array(all) => all.iter().map(|it| renamed(it, names)).collect(),
        Json::Object(all) => all.iter().map(|(name, it)| (name.clone(), renamed(it, names))).collect(),
        other => other.clone(),
    }
}

/// Everything in a region of the account, and the ids of what carries the tag of a create.
pub fn held(stage: &Stage, region: &str) -> (BTreeSet<String>, Vec<String>) {
    connected(stage, region, async |aws| {
        let all = sandbox::inventory(&aws).await.unwrap();
        let key = aws_sdk_ec2::types::Filter::builder().name("key").values(MARK).build();
        let found = aws.ec2().describe_tags().filters(key).send().await.unwrap();
        let marked = found.tags.unwrap_or_default().into_iter().filter_map(|it| it.resource_id);
        let mut marked: Vec<String> = marked.collect();
        marked.extend(marked_of_load_balancing(&aws, &all).await);
        (all, marked)
    })
}

async fn marked_of_load_balancing(aws: &Aws, all: &BTreeSet<String>) -> Vec<String> {
    let sorts = ["target-group", "listener", "listener-rule"];
    let ids = all.iter().filter_map(|it| it.split_once(' ')).filter(|it| sorts.contains(&it.0));
    let ids: Vec<String> = ids.map(|it| it.1.to_owned()).collect();
    let mut out = Vec::new();
    for some in ids.chunks(20) {
        let told = aws.elbv2().describe_tags().set_resource_arns(Some(some.to_vec())).send().await.unwrap();
        let all = told.tag_descriptions.unwrap_or_default().into_iter();
        let marked = all.filter(|it| it.tags().iter().any(|it| it.key() == Some(MARK)));
        out.extend(marked.filter_map(|it| it.resource_arn));
    }
    out
}

fn connected<T>(stage: &Stage, region: &str, ask: impl AsyncFnOnce(Aws) -> T) -> T {
    let settings = stage.account.settings(&crate::support::moto().url());
    let settings = Settings { region: Some(region.to_owned()), ..settings };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { ask(Aws::connect(&settings).await.unwrap()).await })
}
