use super::*;
use crate::address::{Target, parse, parse_instance};
use crate::diag::Diagnostics;
use crate::state::{Object, State};

const PROVIDER: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

fn state(addresses: &[&str]) -> State {
    let mut state = State::new();
    for text in addresses {
        let attributes = serde_json::json!({ "id": text });
        state.set(&addr(text), PROVIDER, Some(Object { attributes: attributes.into(), ..Object::default() }));
    }
    state
}

fn addr(text: &str) -> Addr {
    parse_instance(text).unwrap()
}

fn target(text: &str) -> Target {
    parse(text).unwrap()
}

/// Each instance, and the id of the object that it was.
fn held(state: &State) -> Vec<String> {
    let all = state.resources.iter().flat_map(|(resource, it)| {
        it.instances.iter().map(|(key, it)| {
            let id = it.current.as_ref().map_or("-".to_owned(), |it| it.attributes.text("id").unwrap());
            format!("{} = {id}", resource.instance(key.clone()))
        })
    });
    all.collect()
}

fn moved(addresses: &[&str], from: &str, to: &str) -> Result<Vec<String>, String> {
    let mut state = state(addresses);
    let steps = mv(&mut state, None, &target(from), &target(to)).map_err(told)?;
    assert!(!steps.is_empty());
    Ok(held(&state))
}

fn told(errors: Diagnostics) -> String {
    let text = |it: &Diagnostic| {
        format!(
            "{} {} {}",
            it.summary,
            it.detail.as_deref().unwrap_or_default(),
            it.help.as_deref().unwrap_or_default()
        )
    };
    errors.0.iter().map(text).collect()
}

#[test]
fn an_instance_gets_and_loses_its_key() {
    assert_eq!(moved(&["a.b"], "a.b", "a.c"), Ok(vec!["a.c = a.b".into()]));
    assert_eq!(moved(&["a.b"], "a.b", "a.b[0]"), Ok(vec!["a.b[0] = a.b".into()]));
    assert_eq!(moved(&["a.b[0]"], "a.b[0]", "a.b"), Ok(vec!["a.b = a.b[0]".into()]));
    assert_eq!(
        moved(&["a.b"], "a.b", "module.m[\"x\"].a.c[\"k\"]"),
        Ok(vec!["module.m[\"x\"].a.c[\"k\"] = a.b".into()])
    );
    // Of a resource with and without keys the one without is meant.
    assert_eq!(
        moved(&["a.b", "a.b[0]"], "a.b", "a.c"),
        Ok(vec!["a.b[0] = a.b[0]".into(), "a.c = a.b".into()])
    );
}

#[test]
fn a_resource_moves_with_all_its_instances() {
    let all = moved(&["a.b[0]", "a.b[1]"], "a.b", "module.m.a.c");
    assert_eq!(all, Ok(vec!["module.m.a.c[0] = a.b[0]".into(), "module.m.a.c[1] = a.b[1]".into()]));
    assert!(moved(&["a.b[0]"], "a.b", "a.c[0]").unwrap_err().contains("without a key"));
    assert!(moved(&["a.b[0]"], "a.b", "module.m").unwrap_err().contains("without a key"));
}

#[test]
fn a_module_moves_with_the_modules_in_it() {
    let all =
        moved(&["module.m.a.b", "module.m.module.n[0].a.b", "a.b"], "module.m", "module.o[\"x\"].module.p");
    let wanted = ["a.b = a.b", "module.o[\"x\"].module.p.a.b = module.m.a.b"];
    let inner = "module.o[\"x\"].module.p.module.n[0].a.b = module.m.module.n[0].a.b";
    assert_eq!(all, Ok(wanted.into_iter().chain([inner]).map(str::to_owned).collect()));
    let keyed = moved(&["module.m[0].a.b", "module.m[1].a.b"], "module.m", "module.n").unwrap_err();
    assert!(keyed.contains("`module.m[0]`, `module.m[1]`"), "{keyed}");
    assert!(moved(&["module.m.a.b"], "module.m", "a.b").unwrap_err().contains("that of a module"));
}

#[test]
fn what_is_taken_or_of_another_type_is_refused() {
    let taken = |from: &str, to: &str| {
        let all = ["a.b", "a.c", "a.k[0]", "a.l[0]", "module.m.a.b", "module.n.a.b", "data.a.b"];
        moved(&all, from, to).unwrap_err()
    };
    for (from, to) in [
        ("a.b", "a.c"),
        ("a.b", "a.b"),
        ("a.k", "a.l"),
        ("a.k", "a.b"),
        ("module.m", "module.n"),
        ("a.b", "a.l[0]"),
    ] {
        let text = taken(from, to);
        assert!(text.contains("the state holds something there"), "{from} {to}: {text}");
    }
    assert!(taken("a.b", "z.b").contains("cannot change the type"));
    assert!(taken("a.b", "data.a.c").contains("a data source a data source"));
    assert!(taken("a.bb", "a.x").contains("did you mean `a.b`?"));
    assert!(taken("a.k[7]", "a.x").contains("holds nothing at `a.k[7]`"));
}

#[test]
fn what_depended_on_the_moved_says_so_no_more() {
    let mut state = state(&["a.b", "a.c", "a.d"]);
    for (of, on) in [("a.c", "a.b"), ("a.d", "a.c")] {
        let mut object = state.object(&addr(of)).cloned().unwrap();
        object.dependencies = vec![addr(on).resource];
        state.set(&addr(of), PROVIDER, Some(object));
    }
    mv(&mut state, None, &target("a.b"), &target("a.b[0]")).unwrap();
    assert!(state.object(&addr("a.c")).unwrap().dependencies.is_empty());
    assert_eq!(state.object(&addr("a.d")).unwrap().dependencies.len(), 1);
}

#[test]
fn things_move_into_another_state() {
    let (mut one, mut other) = (state(&["a.b", "module.m.a.b"]), state(&["a.z"]));
    mv(&mut one, Some(&mut other), &target("a.b"), &target("a.b")).unwrap();
    mv(&mut one, Some(&mut other), &target("module.m"), &target("module.m")).unwrap();
    assert!(mv(&mut one, Some(&mut other), &target("a.b"), &target("a.c")).is_err());
    assert!(one.resources.is_empty());
    assert_eq!(held(&other), ["a.b = a.b", "a.z = a.z", "module.m.a.b = module.m.a.b"]);
    assert_eq!(other.resources[&addr("a.b").resource].provider, PROVIDER);
}

#[test]
fn addresses_cover_what_they_cover_for_terraform() {
    let state =
        state(&["a.b[0]", "a.b[1]", "module.m[\"x\"].a.b", "module.m[\"x\"].module.n.a.b", "module.mm.a.b"]);
    let count = |text: &str| covered(&state, &target(text)).len();
    assert_eq!(count("a.b"), 2);
    assert_eq!(count("a.b[1]"), 1);
    assert_eq!(count("module.m"), 2);
    assert_eq!(count("module.m[\"x\"]"), 2);
    assert_eq!(count("module.m[\"y\"]"), 0);
    assert_eq!(count("module.m[\"x\"].module.n"), 1);
    assert_eq!(count("module.m.module.n"), 0);
    assert_eq!(count("module.m.a.b"), 0);
}

#[test]
fn providers_are_replaced_with_their_aliases() {
    let mut state = state(&["a.b", "a.c"]);
    state.resources.get_mut(&addr("a.c").resource).unwrap().provider = format!("module.m.{PROVIDER}.west");
    let (from, to) = (parse_provider("aws").unwrap(), parse_provider("registry.acme.org/Acme/aws").unwrap());
    assert_eq!(replace_provider(&mut state, &from, &to).len(), 2);
    assert_eq!(replace_provider(&mut state, &from, &to).len(), 0);
    assert_eq!(
        state.resources[&addr("a.c").resource].provider,
        "module.m.provider[\"registry.acme.org/acme/aws\"].west"
    );
    assert_eq!(parse_provider("terraform").unwrap(), "registry.terraform.io/hashicorp/terraform");
    assert_eq!(parse_provider("acme/x").unwrap(), "registry.terraform.io/acme/x");
    for text in ["", "a b", "a/b/c/d", "-a", "acme//x", "host/acme/x"] {
        assert!(parse_provider(text).is_err(), "{text}");
    }
}

#[test]
fn objects_are_tainted_and_untainted() {
    let mut state = state(&["a.b", "a.c[0]", "data.a.b"]);
    assert_eq!(taint(&mut state, &addr("a.b")), Ok(true));
    assert!(state.object(&addr("a.b")).unwrap().tainted);
    assert_eq!(taint(&mut state, &addr("a.b")), Ok(false));
    assert_eq!(untaint(&mut state, &addr("a.b")), Ok(()));
    assert!(untaint(&mut state, &addr("a.b")).unwrap_err().summary.contains("is not tainted"));
    assert!(taint(&mut state, &addr("data.a.b")).is_err());
    let unkeyed = taint(&mut state, &addr("a.c")).unwrap_err();
    assert!(unkeyed.help.unwrap().contains("`a.c[0]`"));
    let object = state.object(&addr("a.b")).cloned();
    state.set_deposed(&addr("a.b"), "00000000", object);
    state.set(&addr("a.b"), PROVIDER, None);
    assert!(taint(&mut state, &addr("a.b")).unwrap_err().summary.contains("middle of a replacement"));
}
