//! What reading costs: no type asks more of AWS than it says in its `READS`, no command asks the same
//! twice, and what needs no AWS costs in proportion to the number of resources.

mod linear;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use infra::aws::{Aws, RESOURCES};
use infra::kind::{self, Kind};
use infra::resource::reads::With;
use infra::schema::conform;
use serde_json::Value as Json;

use crate::support::proxy::{Call, counts};
use crate::support::{Account, Folder, Infra, Proxy};

const STACK: &str = include_str!("../data/reads/stack.toml");

type Counts = BTreeMap<String, usize>;

/// An account that holds the stack, and its state.
struct Made {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Made {
    fn new() -> Made {
        let made = Made { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(STACK) };
        made.infra().must(&["apply", "--auto-approve"], 0);
        made
    }

    fn infra(&self) -> Infra {
        Infra::new(self.folder.path(), &self.account, &self.proxy.url())
    }

    /// The attributes of all objects of a type.
    fn objects(&self, kind: &str) -> Vec<Json> {
        let state: Json = serde_json::from_str(&self.folder.read("terraform.tfstate")).unwrap();
        let all = state["resources"].as_array().unwrap().iter();
        let mine = all.filter(|it| it["type"] == kind && it["mode"] == "managed");
        mine.flat_map(|it| it["instances"].as_array().unwrap()).map(|it| it["attributes"].clone()).collect()
    }

    /// Does something with clients that reach AWS through the proxy; gives the calls.
    fn calls_of(&self, ask: impl AsyncFnOnce(Aws)) -> Counts {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        self.proxy.take();
        runtime.block_on(async {
            ask(Aws::connect(&self.account.settings(&self.proxy.url())).await.unwrap()).await
        });
        counts(&self.proxy.take())
    }

    /// The calls of reading these, and how many of them were found.
    fn read(&self, kind: &dyn Kind, objects: &[Json]) -> (Counts, usize) {
        let block = &kind.schema().block;
        let keys: Vec<String> =
            objects.iter().map(|it| kind.key(&conform::known(it, block)).unwrap()).collect();
        let mut found = 0;
        let calls = self.calls_of(async |aws| {
            found = kind.read(&aws.exactly(false), &keys).await.unwrap().len();
        });
        (calls, found)
    }
}

/// What the type says that reading so many costs.
fn said(kind: &dyn Kind, many: usize) -> Counts {
    let mut out = Counts::new();
    for (call, times) in kind.reads().for_many(many) {
        *out.entry(call.to_owned()).or_default() += times;
    }
    out
}

#[test]
fn no_type_costs_more_than_it_says() {
    let made = Made::new();
    let mut wrong = Vec::new();
    for kind in RESOURCES {
        let objects = made.objects(kind.name());
        if objects.len() != 3 {
            wrong.push(format!("{}: tests/data/reads/stack.toml has none, or not three", kind.name()));
            continue;
        }
        for many in [1, 3] {
            let (calls, found) = made.read(*kind, &objects[..many]);
            let said = said(*kind, many);
            if (found, &calls) != (many, &said) {
                wrong.push(format!("{} × {many}: {found} found, {calls:?}, it says {said:?}", kind.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What all types together say of three each.
fn all_said() -> Counts {
    let (mut out, mut pooled, mut same) = (Counts::new(), BTreeMap::new(), Counts::new());
    for cost in RESOURCES.iter().flat_map(|it| it.reads().calls) {
        match cost.with {
            With::None => *out.entry(cost.call.to_owned()).or_default() += cost.times(3),
            With::Pooled => pooled.entry(cost.call).or_insert((0_usize, cost.per)).0 += 3,
            With::Same => {
                let most = same.entry(cost.call.to_owned()).or_default();
                *most = cost.times(3).max(*most);
            }
        }
    }
    out.extend(pooled.into_iter().map(|(call, (many, per))| (call.to_owned(), many.div_ceil(per))));
    out.extend(same);
    out.retain(|_, it| *it > 0);
    // What few things of one type would be asked one by one, an answer about many tells.
    out.insert("iam:GetAccountAuthorizationDetails".to_owned(), 2);
    out.retain(|it, _| !["iam:GetRolePolicy", "iam:ListAttachedRolePolicies"].contains(&it.as_str()));
    // The ARNs of all types without tags of their own, of IAM at home.
    out.insert("tagging:GetResources".to_owned(), 2);
    // The data source in the stack.
    out.insert("sts:GetCallerIdentity".to_owned(), 1);
    out
}

/// Requests that came more than once, and nothing else in between.
fn repeated(calls: &[Call]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let text = |it: &Call| format!("{} {} {}", it.name(), it.operation.region, it.operation.parameters);
    calls
        .iter()
        .filter(|it| !it.operation.mutates())
        .map(text)
        .filter(|it| !seen.insert(it.clone()))
        .collect()
}

#[test]
fn a_plan_costs_what_its_types_say_and_asks_nothing_twice() {
    let made = Made::new();
    made.proxy.take();
    made.infra().must(&["plan", "--detailed-exitcode"], 0);
    let calls = made.proxy.take();
    assert_eq!(repeated(&calls), BTreeSet::new());
    let mut asked = counts(&calls);
    // The emulator's tagging API does not know everything: what it does not tell is asked of the service.
    asked.retain(|it, _| !it.contains("ListTags"));
    assert_eq!(asked, all_said());
    // What is destroyed is read once before, and then only while it goes.
    made.infra().must(&["destroy", "--auto-approve"], 0);
    let calls = made.proxy.take();
    let first = calls.iter().position(|it| it.operation.mutates()).unwrap_or_default();
    assert_eq!(repeated(&calls[..first]), BTreeSet::new());
}

#[test]
fn data_sources_that_ask_the_same_share_an_answer() {
    let mut stack = "[stack]\nname = \"same\"\n[provider.aws]\nregion = \"eu-west-1\"\n".to_owned();
    for at in 0..5 {
        stack += &format!("[data.aws_availability_zones.z{at}]\nstate = \"available\"\n");
        stack += &format!("[data.aws_caller_identity.c{at}]\n[data.aws_region.r{at}]\n");
        stack += &format!("[module.m{at}]\nsource = \"./inner\"\n");
    }
    stack += "[data.aws_availability_zones.all]\nall_availability_zones = true\n";
    let folder = Folder::with_stack(&stack);
    folder.write("inner/stack.toml", "[data.aws_availability_zones.up]\nstate = \"available\"\n");
    let (account, proxy) = (Account::new(), Proxy::new());
    Infra::new(folder.path(), &account, &proxy.url()).must(&["plan"], 0);
    let asked: Vec<_> = counts(&proxy.take()).into_iter().collect();
    let wanted = [("ec2:DescribeAvailabilityZones", 2), ("sts:GetCallerIdentity", 1)];
    assert_eq!(asked, wanted.map(|(name, times)| (name.to_owned(), times)));
}

#[test]
fn every_data_source_says_what_it_costs() {
    for it in infra::aws::DATA_SOURCES {
        assert_eq!(it.reads().calls.is_empty(), it.pure() || it.name() == "aws_region", "{}", it.name());
    }
    assert!(kind::resource("aws_vpc").is_some_and(|it| !it.reads().calls.is_empty()));
}
