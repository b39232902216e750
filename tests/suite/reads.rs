//! What reading costs: no type asks more of AWS than it says in its `READS`, no command asks the same
//! twice, and what needs no AWS costs in proportion to the number of resources.

mod linear;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::operation::create_internet_gateway::CreateInternetGatewayOutput;
use futures::future::try_join_all;
use infra::aws::{Aws, RESOURCES};
use infra::kind::{self, Kind};
use infra::resource::reads::With;
use infra::schema::conform;
use serde_json::Value as Json;

use crate::support::folder::project;
use crate::support::proxy::{Call, counts};
use crate::support::{Account, Folder, Infra, Proxy};

/// `stack.toml`, which comes first, and the files of families of types after it.
fn stack() -> String {
    let folder = project().join("tests/data/reads");
    let files = std::fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path());
    let (first, rest): (Vec<_>, Vec<_>) = files.partition(|it| it.ends_with("stack.toml"));
    let rest = rest.into_iter().collect::<BTreeSet<_>>();
    first.into_iter().chain(rest).map(|it| std::fs::read_to_string(it).unwrap() + "\n").collect()
}

type Counts = BTreeMap<String, usize>;

/// An account that holds the stack, and its state.
struct Made {
    account: Account,
    proxy: Proxy,
    folder: Folder,
}

impl Made {
    fn new() -> Made {
        let made = Made::nothing();
        made.infra().must(&["apply", "--auto-approve"], 0);
        made
    }

    fn nothing() -> Made {
        Made { account: Account::new(), proxy: Proxy::new(), folder: Folder::with_stack(&stack()) }
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
        self.read_keys(kind, &keys)
    }

    fn read_keys(&self, kind: &dyn Kind, keys: &[String]) -> (Counts, usize) {
        let mut found = 0;
        let calls = self.calls_of(async |aws| {
            found = kind.read(&aws.exactly(false), keys).await.unwrap().len();
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
fn no_type_and_no_plan_costs_more_than_is_said() {
    let made = Made::new();
    each_type(&made);
    a_plan(&made);
}

fn each_type(made: &Made) {
    let mut wrong = Vec::new();
    for kind in RESOURCES {
        let objects = made.objects(kind.name());
        if objects.len() != 3 {
            wrong.push(format!("{}: tests/data/reads has none, or not three", kind.name()));
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

/// Reads so many of a type by their names; the calls are as many as it says.
#[track_caller]
fn as_said(made: &Made, kind: &str, names: &[String]) {
    let kind = kind::resource(kind).unwrap();
    let keys: Vec<String> = names.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
    let wanted = (said(kind, names.len()), names.len());
    assert_eq!(made.read_keys(kind, &keys), wanted, "{} × {}", kind.name(), names.len());
}

#[test]
fn more_than_a_page_costs_what_the_type_says() {
    let made = Made::nothing();
    let name = |it: usize| format!("it-{it}");
    let named = |many: usize| (0..many).map(name).collect::<Vec<_>>();
    made.account.with(async |aws| {
        let put = |it| aws.ssm().put_parameter().name(name(it)).r#type("String".into()).value("x").send();
        try_join_all((0..51).map(put)).await.unwrap();
        let create = |it| aws.ecr().create_repository().repository_name(name(it)).send();
        try_join_all((0..101).map(create)).await.unwrap();
    });
    let kind = kind::resource("aws_ssm_parameter").unwrap();
    let keys: Vec<String> = named(51).iter().map(|it| serde_json::to_string(it).unwrap()).collect();
    let (mut calls, found) = made.read_keys(kind, &keys);
    // The emulator has 10 parameters a page, whatever it is asked for.
    assert_eq!((calls.insert("ssm:DescribeParameters".to_owned(), 2), found), (Some(6), 51));
    assert_eq!(calls, said(kind, 51));
    as_said(&made, "aws_ecr_repository", &named(101));
    let secrets = made.account.with(async |aws| {
        let create = |it| aws.secrets().create_secret().name(name(it)).secret_string("x").send();
        let all = try_join_all((0..21).map(create)).await.unwrap();
        all.into_iter().map(|it| (it.arn.unwrap(), it.version_id.unwrap())).collect::<Vec<_>>()
    });
    as_said(&made, "aws_secretsmanager_secret", &secrets.iter().map(|it| it.0.clone()).collect::<Vec<_>>());
    let kind = kind::resource("aws_secretsmanager_secret_version").unwrap();
    let version = |it: &(String, String)| kind.import(&format!("{}|{}", it.0, it.1)).unwrap();
    let keys: Vec<String> = secrets.iter().map(version).collect();
    assert_eq!(made.read_keys(kind, &keys), (said(kind, 21), 21));
}

#[test]
fn one_that_is_gone_costs_little_where_ids_are_asked_for() {
    let made = Made::nothing();
    let mut ids = made.account.with(async |aws| {
        let all = try_join_all((0..201).map(|_| aws.ec2().create_internet_gateway().send())).await.unwrap();
        let id = |it: CreateInternetGatewayOutput| it.internet_gateway?.internet_gateway_id;
        all.into_iter().filter_map(id).collect::<Vec<_>>()
    });
    as_said(&made, "aws_internet_gateway", &ids);
    ids.insert(7, "igw-00000000000000000".to_owned());
    let kind = kind::resource("aws_internet_gateway").unwrap();
    let keys: Vec<String> = ids.iter().map(|it| serde_json::to_string(it).unwrap()).collect();
    // The ids are refused; filters take 200 values.
    let calls = [("ec2:DescribeInternetGateways".to_owned(), 3)].into();
    assert_eq!(made.read_keys(kind, &keys), (calls, 201));
}

/// What all types together say of three each.
fn all_said() -> Counts {
    let (mut out, mut same) = (Counts::new(), Counts::new());
    let mut pooled: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
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
    out.insert("iam:GetAccountAuthorizationDetails".to_owned(), 3);
    let spared = [
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:GetUser",
        "iam:GetUserPolicy",
        "iam:ListAttachedUserPolicies",
    ];
    out.retain(|it, _| !spared.contains(&it.as_str()));
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

/// It costs what its types say, and asks nothing twice.
fn a_plan(made: &Made) {
    made.proxy.take();
    made.infra().must(&["plan", "--detailed-exitcode"], 0);
    let calls = made.proxy.take();
    assert_eq!(repeated(&calls), BTreeSet::new());
    let mut asked = counts(&calls);
    // The emulator's tagging API does not know everything: what it does not tell is asked of the service.
    asked.retain(|it, _| !it.contains("ListTags"));
    assert_eq!(asked, all_said());
    // What is destroyed is read once before anything goes.
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
    // Others find what they look for in one list.
    for name in ["CachingDisabled", "CachingOptimized"] {
        stack += &format!("[data.aws_cloudfront_cache_policy.{name}]\nname = \"Managed-{name}\"\n");
    }
    let folder = Folder::with_stack(&stack);
    folder.write("inner/stack.toml", "[data.aws_availability_zones.up]\nstate = \"available\"\n");
    let (account, proxy) = (Account::new(), Proxy::new());
    Infra::new(folder.path(), &account, &proxy.url()).must(&["plan"], 0);
    let asked: Vec<_> = counts(&proxy.take()).into_iter().collect();
    let wanted = [
        ("cloudfront:GetCachePolicy", 2),
        ("cloudfront:ListCachePolicies", 1),
        ("ec2:DescribeAvailabilityZones", 2),
        ("sts:GetCallerIdentity", 1),
    ];
    assert_eq!(asked, wanted.map(|(name, times)| (name.to_owned(), times)));
}

/// Data sources that are looked up in what we know, or made of it.
const SAID_BY_NOBODY: [&str; 6] = [
    "aws_default_tags",
    "aws_eks_cluster_auth",
    "aws_elb_service_account",
    "aws_partition",
    "aws_region",
    "aws_service_principal",
];

#[test]
fn every_data_source_says_what_it_costs() {
    for it in infra::aws::DATA_SOURCES {
        assert_eq!(
            it.reads().calls.is_empty(),
            it.pure() || SAID_BY_NOBODY.contains(&it.name()),
            "{}",
            it.name()
        );
    }
    assert!(kind::resource("aws_vpc").is_some_and(|it| !it.reads().calls.is_empty()));
}
