use serde_json::json;

use super::*;
use crate::address::{Key, ResourceAddr};
use crate::state::Object;

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

fn state(id: Option<&str>) -> State {
    let mut state = State::new();
    let object = id.map(|it| Object { attributes: json!({ "id": it }).into(), ..Object::default() });
    state.set(&addr(), AWS, object);
    state
}

fn addr() -> Addr {
    ResourceAddr::managed("aws_vpc", "main").instance(Key::None)
}

fn entry() -> Entry {
    Entry {
        token: "t".into(),
        replaces: None,
        replaces_key: None,
        tainted: false,
        since: 1,
        provider: AWS.into(),
        wanted: json!({ "cidr_block": "10.0.0.0/16" }).into(),
        named: true,
    }
}

fn is_open(replaces: Option<&str>, held: Option<&str>) -> bool {
    let entry = Entry { replaces: replaces.map(str::to_owned), ..entry() };
    let creates = BTreeMap::from([(addr().to_string(), entry)]);
    let journal = Journal { creates, ..Journal::default() };
    journal.open(&state(held)).at(&addr()).is_some()
}

#[test]
fn a_create_is_open_until_the_state_holds_what_it_made() {
    assert!(is_open(None, None));
    assert!(!is_open(None, Some("vpc-new")));
    assert!(is_open(Some("vpc-old"), Some("vpc-old")), "the old one is still there");
    assert!(is_open(Some("vpc-old"), None), "the old one is deleted, or set aside");
    assert!(!is_open(Some("vpc-old"), Some("vpc-new")));
}

#[test]
fn a_create_that_was_cut_off_is_gone_on_with() {
    let unfinished = |replaces: Option<&str>, tainted: bool, id: &str| {
        let entry = Entry { replaces: replaces.map(str::to_owned), tainted, ..entry() };
        let object = Object { attributes: json!({ "id": id }).into(), tainted: true, ..Object::default() };
        entry.is_unfinished(&addr(), &object)
    };
    assert!(unfinished(None, false, "new"));
    assert!(unfinished(Some("old"), true, "new"));
    assert!(unfinished(Some("name"), false, "name"), "the old one was whole");
    assert!(!unfinished(Some("name"), true, "name"), "it may be the old one");
}

#[test]
fn beside_an_encrypted_state_only_the_place_is_told() {
    let wanted = json!({ "cidr_block": "10.0.0.0/16", "region": "eu-west-1" }).into();
    let creates = BTreeMap::from([(addr().to_string(), Entry { wanted, ..entry() })]);
    let sealed = Journal { creates, ..Journal::default() }.sealed();
    let entry = sealed.at(&addr()).expect("kept");
    assert_eq!(entry.wanted.json(), json!({ "region": "eu-west-1" }));
    assert!(!entry.named && !entry.token.is_empty());
}

#[test]
fn what_is_written_is_read() {
    let entry = Entry { replaces: Some("vpc-old".into()), tainted: true, ..entry() };
    let creates = BTreeMap::from([(addr().to_string(), entry)]);
    let journal = Journal { lineage: "l".into(), serial: 3, creates };
    assert_eq!(journal.to_bytes().and_then(|it| Journal::read(&it)), Ok(journal));
    assert!(Journal::read(b"{").unwrap_err().contains("cannot be read"));
}

/// A change of something of that type, from and to what a state would hold; nothing for none.
fn change(kind: &str, action: Action, before: Json, after: Json) -> Change {
    let block = &kind::resource(kind).expect("a type").schema().block;
    Change {
        addr: ResourceAddr::managed(kind, "it").instance(Key::None),
        moved_from: None,
        importing: None,
        deposed: None,
        provider: AWS.to_owned(),
        action,
        reason: None,
        before: conform::from_state(&before, block),
        after: conform::from_state(&after, block),
        replace_paths: Vec::new(),
        dependencies: Vec::new(),
        create_before_destroy: false,
    }
}

fn record(set: &str, weight: u32) -> Json {
    let weighted = json!([{ "weight": weight }]);
    json!({
        "zone_id": "Z1", "name": "www.example.com", "type": "A", "ttl": 60, "records": ["192.0.2.1"],
        "set_identifier": set, "weighted_routing_policy": weighted, "id": "Z1_www.example.com_A_a",
    })
}

#[test]
fn an_update_that_leaves_another_thing_is_a_create_to_the_journal() {
    let update = |before, after| change("aws_route53_record", Action::Update, before, after);
    assert!(renames_one(&update(record("a", 1), record("b", 1))));
    assert!(!renames_one(&update(record("a", 1), record("a", 2))));
    let vpc = |dns: bool| json!({ "id": "vpc-1", "cidr_block": "10.0.0.0/16", "enable_dns_support": dns });
    assert!(!renames_one(&change("aws_vpc", Action::Update, vpc(true), vpc(false))));
}

#[test]
fn what_a_type_is_found_by_is_told_beside_what_never_changes() {
    let told = identity(&change("aws_route53_record", Action::Create, Json::Null, record("a", 1)));
    let told = told.expect("something");
    assert_eq!(told["name"], "www.example.com");
    assert_eq!(told["set_identifier"], "a");
    assert_eq!(told["weighted_routing_policy"], json!([{ "weight": 1 }]));
    let policy = json!({ "name": "quick", "min_ttl": 1 });
    let told = identity(&change("aws_cloudfront_cache_policy", Action::Create, Json::Null, policy));
    assert_eq!(told, Some(json!({ "name": "quick" })));
}

#[test]
fn nothing_secret_is_told() {
    let mut it = change("aws_vpc", Action::Create, Json::Null, json!({ "cidr_block": "10.0.0.0/16" }));
    let fields = it.after.as_fields().expect("an object").clone();
    let secret = fields.into_iter().map(|(name, value)| match &*name {
        "cidr_block" => (name, value.sensitive()),
        _ => (name, value),
    });
    it.after = crate::lang::Value::object(secret);
    assert_eq!(identity(&it).and_then(|it| it.get("cidr_block").cloned()), None);
}

#[test]
fn what_an_apply_left_half_made_is_taken_over_into_the_next_journal() {
    let entry = entry();
    let earlier = Journal { creates: [(addr().to_string(), entry.clone())].into(), ..Journal::default() };
    let here = BTreeSet::from([addr().to_string()]);
    assert_eq!(Journal::default().with(&earlier, &here).at(&addr()), Some(&entry));
    assert_eq!(Journal::default().with(&earlier, &BTreeSet::new()).at(&addr()), None);
    let own = Journal {
        creates: [(addr().to_string(), Entry { token: "own".into(), ..entry })].into(),
        ..Journal::default()
    };
    assert_eq!(own.with(&earlier, &here).at(&addr()).map(|it| &*it.token), Some("own"));
}

#[test]
fn what_has_the_old_ones_id_elsewhere_is_the_new_one() {
    let object = |bucket: &str| Object {
        attributes: json!({ "id": "a.txt", "bucket": bucket, "key": "a.txt" }).into(),
        ..Object::default()
    };
    let at = ResourceAddr::managed("aws_s3_object", "it").instance(Key::None);
    let held = |bucket: &str| {
        let mut state = State::new();
        state.set(&at, AWS, Some(object(bucket)));
        state
    };
    let wanted = json!({ "bucket": "new", "key": "a.txt", "id": "a.txt" });
    let entry = Entry::of(&change("aws_s3_object", Action::Replace, Json::Null, wanted), &held("old"));
    let journal = Journal { creates: [(at.to_string(), entry)].into(), ..Journal::default() };
    assert!(journal.clone().open(&held("old")).at(&at).is_some());
    assert!(journal.open(&held("new")).at(&at).is_none());
}
